//! What each model does, as one number: a run of its own settings, watched, with every deed tried on the way. A change of a
//! rule shows here even where no figure moves, so that it is never made unawares.

use crate::build;
use peerscape::sim::{
    model::{Deed, DeedSpec, Model, Refusal, Target, TargetKind, Value, ValueKind},
    registry::SYSTEMS,
    vocabulary::{Happening, PeerId, Standing},
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

/// Where the numbers stand: a line a model, its name and its number.
const FILE: &str = "tests/published/golden.txt";
/// Set to anything, it makes the test write the numbers anew.
const ACCEPT: &str = "PEERSCAPE_GOLDEN";
/// The runs' seed.
const SEED: u64 = 1;
/// Steps of a run; a step ends with the next event.
const STEPS: usize = 2_400;
/// Steps between two deeds.
const BETWEEN: usize = 100;

/// Settings besides the defaults: a run small enough to be done with in a second, in which much happens.
const SETTINGS: &[(&str, &[(&str, &str)])] = &[
    ("distribution", &[("peers", "12"), ("chunks", "40"), ("degree", "4")]),
    ("removal", &[("peers", "40"), ("topology", "exponential"), ("questions", "600")]),
    ("bittorrent", &[("peers", "12"), ("pieces", "24"), ("corrupt", "0.1"), ("free_riders", "0.2")]),
    ("gossip", &[("nodes", "60")]),
    ("blockchain", &[("nodes", "24"), ("outbound", "4"), ("blocks", "60"), ("tx_rate", "0.5"), ("light", "0.25")]),
    ("double-spend", &[("trials", "400")]),
    ("selfish-mining", &[("blocks", "400")]),
    ("one-way", &[("changes", "200")]),
];

#[test]
fn every_model_does_what_it_did() {
    let found: BTreeMap<&str, String> = SYSTEMS.iter().map(|system| (system.name, run(system.name))).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if env::var_os(ACCEPT).is_some() {
        let mut text = String::new();
        for (name, number) in &found {
            writeln!(text, "{name} {number}").expect("a text takes text");
        }
        fs::write(&path, text).expect("the numbers are written");
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    let golden: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once(' ')).collect();
    let differs = |name: &&&str| golden.get(**name).copied() != found.get(**name).map(String::as_str);
    let other: Vec<&str> = found.keys().filter(differs).copied().collect();
    assert!(
        other.is_empty() && golden.len() == found.len(),
        "{} no longer do what {FILE} says ({} of it, {} run). If a rule was meant to change, write the numbers anew and \
         say in the change which rule it was:\n  {ACCEPT}=1 cargo test --release --test published golden",
        other.join(", "),
        golden.len(),
        found.len(),
    );
}

/// A number for all that a watched run told, and for what stands at its end.
fn run(name: &str) -> String {
    let set = SETTINGS.iter().find(|(model, _)| *model == name).map_or(&[][..], |(_, set)| set);
    let mut model = build(name, set, SEED);
    let mut hash = Sha256::new();
    let mut tell = |text: String| hash.update(text);
    let standing = model.watch();
    let deeds = deeds(&*model, &standing);
    tell(format!("{standing:?}"));
    let mut next_deeds = deeds.iter().cycle();
    let mut happenings: Vec<Happening> = Vec::new();
    for step in 0..STEPS {
        if step % BETWEEN == BETWEEN - 1
            && let Some(deed) = next_deeds.next()
        {
            tell(format!("{deed:?} {:?}", model.act(deed)));
        }
        // A run that stands still until it is touched waits a second.
        let at = model.next_event().unwrap_or_else(|| model.now() + 1_000_000);
        model.advance(at);
        model.take_happenings(&mut happenings);
        tell(format!("{happenings:?}"));
        happenings.clear();
    }
    for peer in &standing.peers {
        tell(format!("{} {:?}", model.digest(peer.id), model.card(peer.id)));
    }
    // Logarithms and powers may differ in their last digits from one library to the next.
    for figure in model.figures() {
        tell(format!("{} {:.9e}", figure.key, figure.value.unwrap_or(-1.0)));
    }
    tell(format!("{:?} {} {:?}", model.states(), model.events(), model.now()));
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes text");
        text
    })
}

/// Each deed of a model, done to the second of those that it can be done to.
fn deeds(model: &dyn Model, standing: &Standing) -> Vec<Deed> {
    let deed = |spec: &DeedSpec| {
        let target = match spec.target {
            TargetKind::None => Target::None,
            TargetKind::Server => Target::Peer(PeerId(0)),
            TargetKind::Peer => {
                let to = |id| Deed { key: spec.key, target: Target::Peer(id), value: None };
                let second = PeerId(1);
                // Light nodes come last.
                let only_light = model.may(&to(second)) == Err(Refusal("not_light"));
                let last = standing.peers.last().map(|peer| peer.id).filter(|_| only_light);
                Target::Peer(last.unwrap_or(second))
            }
            TargetKind::Block => Target::Block(standing.blocks.get(1).expect("a second block").id),
            TargetKind::Link => Target::Link(standing.links.first().expect("a link").id),
            TargetKind::Links => Target::Links(standing.links.iter().take(2).map(|link| link.id).collect()),
            other => panic!("no run here tries a deed done to {other:?}"),
        };
        let value = match spec.value {
            ValueKind::None => None,
            ValueKind::Whole(_, high) => Some(Value::Whole(high.min(6))),
            ValueKind::Share(low, high) => Some(Value::Real(low.midpoint(high))),
            ValueKind::Text(most) => Some(Value::Text("x".repeat(most.min(1)))),
        };
        Deed { key: spec.key, target, value }
    };
    model.deeds().iter().map(deed).collect()
}
