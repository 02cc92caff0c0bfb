//! The exhibit as a Bevy application.

pub mod base;
pub mod paint;
pub mod studio;
