//! How fast the models run at scale, each beside the yardstick of all limits: the hold model on the standard heap at
//! 100,000 pending events, in the same run. Times here are noisy, ratios less so.

use peerscape::sim::{
    kernel::{
        chance::{Chance, Purpose},
        queue::Key,
    },
    model::{Model, Settings},
    registry,
};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    hint::black_box,
    time::{Duration, Instant},
};

/// How often each is timed; the best counts, because noise only ever adds.
const TRIES: u64 = 5;
/// Pending events of the yardstick, and how often one is taken and put in again.
const PENDING: u32 = 100_000;
const HOLDS: u32 = 1_000_000;

fn build(model: &str, set: &[(&str, &str)], seed: u64) -> Box<dyn Model> {
    let system = registry::find(model).expect("the model is registered");
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in set {
        settings.set(&specs, key, value).expect("the setting is right");
    }
    (system.build)(&settings, seed).expect("the settings fit each other")
}

/// Seconds for taking the earliest event and putting in a later one, once.
fn yardstick() -> f64 {
    let mut draws = Chance::new(1).draws(Purpose(1), 0);
    let delays: Vec<u64> = (0..1 << 16).map(|_| u64::from(draws.word() >> 12)).collect();
    let after = |count: u32| delays[count as usize % delays.len()];
    let key = |count| Key { at: after(count), to: count, from: count, count };
    let mut heap: BinaryHeap<Reverse<(Key, u32)>> = (0..PENDING).map(|c| Reverse((key(c), c))).collect();
    let mut count = PENDING;
    let mut hold = |times: u32| {
        for _ in 0..times {
            if let Some(Reverse((key, event))) = heap.pop() {
                count = count.wrapping_add(1);
                heap.push(Reverse((Key { at: key.at + after(count), count, ..key }, black_box(event))));
            }
        }
    };
    hold(2 * PENDING);
    let time = || {
        let began = Instant::now();
        hold(HOLDS);
        began.elapsed().as_secs_f64() / f64::from(HOLDS)
    };
    std::iter::repeat_with(time).take(TRIES as usize).fold(f64::INFINITY, f64::min)
}

fn main() {
    // `cargo test --benches` only wants to see that it starts.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let only = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let hold = yardstick();
    println!("yardstick: {:.0} ns a hold on the standard heap, {PENDING} pending", hold * 1e9);
    for (name, goal, model, set) in [
        (
            "average, 100,000 nodes, 30 cycles",
            Some(0.7),
            "gossip",
            &[("mode", "average"), ("nodes", "100000"), ("cycles", "30")][..],
        ),
        ("push to a million nodes", Some(5.0), "gossip", &[("nodes", "1000000")]),
        ("bittorrent, 300 peers, 100 MB in blocks", Some(2.4), "bittorrent", &[("peers", "300"), ("pieces", "382")]),
        ("blockchain, 6,000 nodes, 8 outbound, 100 blocks", Some(0.8), "blockchain", &[("nodes", "6000")]),
        (
            "blockchain, 6,000 nodes, SimBlock's table, 100 blocks",
            None,
            "blockchain",
            &[("nodes", "6000"), ("outbound", "table")],
        ),
        (
            "blockchain, 100,000 nodes, 5 blocks",
            None,
            "blockchain",
            &[("nodes", "100000"), ("outbound", "8"), ("blocks", "5")],
        ),
        ("push-pull, 100,000 nodes", None, "gossip", &[("nodes", "100000"), ("mode", "push-pull")]),
        ("200,000 races at q = .1, z = 6", None, "double-spend", &[]),
        ("200,000 races at q = .45, z = 6", None, "double-spend", &[("q", "0.45")]),
        ("a million blocks of selfish mining", None, "selfish-mining", &[]),
    ] {
        if !name.contains(&only) {
            continue;
        }
        let mut best = Duration::MAX;
        let mut events = 0;
        for seed in 1..=TRIES {
            let mut model = build(model, set, seed);
            let began = Instant::now();
            model.advance(u64::MAX);
            best = best.min(began.elapsed());
            assert!(model.finished(), "a run that does nothing is no bench");
            events = model.events();
        }
        let seconds = best.as_secs_f64();
        let each = seconds / events as f64;
        let goal = goal.map_or_else(String::new, |goal| format!(", goal {goal} s"));
        println!(
            "{name}: {seconds:.3} s{goal}, {events} events of {:.0} ns, {:.2} holds each",
            each * 1e9,
            each / hold
        );
    }
}
