//! What lies over a slide, or takes its place: *more*, the overview, the help, "Still there?", the attract loop's words,
//! the panel of a deck's mistakes, and the two marks that answer focus and finger.

pub mod attract;
pub mod deck_error;
pub mod faults;
pub mod focus;
pub mod help;
mod kit;
pub mod more;
pub mod overview;
pub mod still_there;
pub mod touch;
#[cfg(test)]
mod trial;
