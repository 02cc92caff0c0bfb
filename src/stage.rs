//! The stage: any model's peers, links, packets, pieces and blocks on the wall.
//!
//! Nothing here knows a system by name. [`placement`] says where peers stand, [`rows`] turns the vocabulary into rows
//! that the shaders read, [`picking`] finds what a finger meant, [`still`] draws a deck's pictures with the same rows,
//! and [`states`] says what a scene of several networks reports. With a screen, `wall` keeps the entities and runs the
//! models; what it changes is uploaded, and nothing else.

#[cfg(feature = "exhibit")]
pub mod captions;
pub mod chain;
#[cfg(feature = "exhibit")]
pub mod live;
#[cfg(feature = "exhibit")]
pub mod packets;
pub mod picking;
pub mod placement;
pub mod rows;
pub mod sheet_of_marks;
pub mod states;
pub mod still;
#[cfg(feature = "exhibit")]
pub mod wall;
