//! The sheet of marks: every mark that the stage draws, in every state.
