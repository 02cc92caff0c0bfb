//! What papers and textbooks say, and what the models must give: one file a system, each test with its source, its regime
//! and its tolerance.

mod bittorrent;
mod blockchain;
mod distribution;
mod double_spend;
mod golden;
mod gossip;
mod kernel;
mod panels;
mod removal;
mod selfish_mining;

use peerscape::sim::{
    model::{Deed, Model, Settings, Target},
    registry,
    vocabulary::PeerId,
};

/// A run of a model with some of its settings.
fn build(model: &str, set: &[(&str, &str)], seed: u64) -> Box<dyn Model> {
    let system = registry::find(model).expect("the model is registered");
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in set {
        settings.set(&specs, key, value).expect("the setting is right");
    }
    (system.build)(&settings, seed).expect("the settings fit each other")
}

/// Runs to the end.
fn finish(model: &mut dyn Model) {
    while let Some(at) = model.next_event() {
        model.advance(at + 60_000_000);
    }
    assert!(model.finished());
}

/// A figure's value.
fn figure(model: &dyn Model, key: &str) -> Option<f64> {
    model.figures().into_iter().find(|f| f.key == key).expect("the figure is declared").value
}

/// A deed done to one peer.
fn on(key: &'static str, peer: u32) -> Deed {
    Deed { key, target: Target::Peer(PeerId(peer)), value: None }
}

/// A deed done to nobody in particular.
fn plain(key: &'static str) -> Deed {
    Deed { key, target: Target::None, value: None }
}
