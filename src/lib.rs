//! Peerscape: a museum exhibit of peer-to-peer networks that visitors can touch, break and see heal.
//!
//! The truth lives in [`sim`], which knows no screen. [`deck`] holds the words and where we are among them, [`slides`]
//! sets the words on a page, [`stage`] puts any model on the wall, [`ink`] draws, [`input`] turns fingers and keys into
//! intents, [`kiosk`] keeps the exhibit running by itself, and
//! [`presenter`] is who stands before it.

#[cfg(feature = "exhibit")]
pub mod app;
pub mod cli;
pub mod deck;
#[cfg(test)]
mod fuzz;
pub mod ink;
pub mod input;
pub mod kiosk;
pub mod presenter;
pub mod sim;
pub mod slides;
pub mod stage;
