//! Journeys: the real exhibit on a virtual touchscreen, moved by a robot finger and by keys, watched by its own log and
//! by the picture on the glass.
//!
//! Each journey starts a screen of its own, so that none inherits what another did. They run one after another: two
//! walls on one software rasteriser would measure each other.

#![cfg(all(feature = "exhibit", target_os = "linux"))]

mod curator;
mod drills;
mod exhibit;
mod eyes;
mod finger;
mod journey;
mod keys;
mod panels;
mod patience;
mod picture;
mod podium;
mod presenter;
mod scenes;
mod screen;
mod seated;
mod soak;
mod staff;
mod technician;
mod visitor;
