//! Ink: what is drawn before a screen is known ([`sheet`], [`text`], [`look`], [`icons`]), and how the GPU draws it.

#[cfg(feature = "exhibit")]
pub mod atlas;
#[cfg(feature = "exhibit")]
pub mod gpu;
pub mod icons;
#[cfg(feature = "exhibit")]
pub mod layer;
pub mod look;
pub mod sheet;
pub mod text;
pub mod turn;
