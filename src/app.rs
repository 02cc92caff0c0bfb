//! The exhibit as a Bevy application: rooms put together, clock and power, nothing of its own to tell.

pub mod act;
pub mod base;
pub mod clock;
pub mod devices;
pub mod exhibit;
pub mod gallery;
pub mod handout;
pub mod hands;
pub mod health;
pub mod lamp;
pub mod log;
pub mod monitor;
pub mod paint;
pub mod present;
pub mod proof;
pub mod rest;
pub mod scene;
pub mod show;
pub mod soak;
pub mod staff;
pub mod studio;
pub mod tape;
pub mod tend;
pub mod touches;
pub mod visits;
pub mod watch;
