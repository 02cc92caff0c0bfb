//! Every system that the exhibit can run, one line each.

use super::{
    bittorrent, blockchain, chain, distribution, double_spend, gossip, mining,
    model::{System, nearest},
    one_way, removal, selfish_mining,
};

/// All systems, in the order in which `sim --list` prints them.
pub static SYSTEMS: &[&System] = &[
    &distribution::SYSTEM,
    &removal::SYSTEM,
    &bittorrent::SYSTEM,
    &gossip::SYSTEM,
    &blockchain::SYSTEM,
    &double_spend::SYSTEM,
    &selfish_mining::SYSTEM,
    &one_way::SYSTEM,
    &chain::SYSTEM,
    &mining::SYSTEM,
];

/// The system of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static System> {
    SYSTEMS.iter().find(|s| s.name == name).copied()
}

/// What to say to somebody who wrote a name that no system has.
#[must_use]
pub fn suggest(wrong: &str) -> String {
    let known: Vec<&str> = SYSTEMS.iter().map(|s| s.name).collect();
    format!("no model `{wrong}`; {}", nearest(wrong, &known))
}
