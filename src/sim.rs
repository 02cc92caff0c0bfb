//! The models: every system that the exhibit explains, as plain deterministic Rust that knows no screen.

pub mod bittorrent;
pub mod blockchain;
pub mod chain;
pub mod distribution;
pub mod double_spend;
pub mod gossip;
pub mod kernel;
pub mod mining;
pub mod model;
pub mod one_way;
pub mod registry;
pub mod removal;
pub mod rivals;
pub mod selfish_mining;
pub mod vocabulary;
