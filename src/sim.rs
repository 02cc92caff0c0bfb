//! The models: every system that the exhibit explains, as plain deterministic Rust that knows no screen.

pub mod kernel;
pub mod model;
pub mod vocabulary;
