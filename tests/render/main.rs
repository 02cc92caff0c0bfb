//! Pictures: what the shaders really draw, read back from the renderer and measured.
//!
//! All of it needs an adapter, a software one will do, and neither a window nor a display server.

#![cfg(feature = "exhibit")]

mod command;
mod picture;
mod pipelines;
mod scenes;
mod shot;
mod slides;
mod studio;
mod uploads;
mod vocabulary;
