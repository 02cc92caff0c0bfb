//! The presenter: what a second window knows that the audience does not see. Notes, pace, what the audience's picture is
//! covered or held by, and the ways back.

pub mod pace;
pub mod podium;
