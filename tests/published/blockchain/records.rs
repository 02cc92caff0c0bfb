//! Records that wait for blocks, against the theory of queues that are served in batches (Bailey 1954; for Bitcoin Kasahara &
//! Kawahara 2019): records come as a Poisson process, blocks too, and each block takes as many as it has room for.

use super::value;
use crate::{build, figure, finish};
use peerscape::sim::model::Model;

/// How long records wait on average, from the chances of how many wait: those of the chain in which a record comes at rate
/// `made` and a block takes up to `room` of them at rate `found`, followed until they stand still.
fn wait(made: f64, found: f64, room: usize) -> f64 {
    const STATES: usize = 1_200;
    let mut chances = vec![0.0; STATES];
    chances[0] = 1.0;
    for _ in 0..60_000 {
        let mut next = vec![0.0; STATES];
        for (waiting, chance) in chances.iter().enumerate() {
            next[(waiting + 1).min(STATES - 1)] += chance * made / (made + found);
            next[waiting.saturating_sub(room)] += chance * found / (made + found);
        }
        chances = next;
    }
    let mean: f64 = chances.iter().enumerate().map(|(waiting, chance)| waiting as f64 * chance).sum();
    // Little's law.
    mean / made
}

fn run(nodes: &str, made: f64, room: usize, blocks: &str, seed: u64) -> Box<dyn Model> {
    let (made, room) = (made.to_string(), room.to_string());
    let set = [
        ("nodes", nodes),
        ("latency", "0"),
        ("bandwidth", "1000000000000"),
        ("block_bytes", "1000"),
        ("block_interval_s", "10"),
        ("tx_rate", made.as_str()),
        ("block_room", room.as_str()),
        ("blocks", blocks),
    ];
    let mut model = build("blockchain", &set, seed);
    finish(&mut *model);
    model
}

/// Means of 40 runs of 4,000 blocks each, at a third, two thirds and five sixths of the room; 3 sigma of the runs' own spread.
#[test]
fn records_wait_as_long_as_a_queue_served_in_batches() {
    for (made, room) in [(0.2, 6), (0.4, 6), (0.5, 6), (0.06, 1)] {
        let expected = wait(made, 0.1, room);
        let row: Vec<f64> = (0..40).map(|seed| value(&*run("1", made, room, "4000", seed), "wait_mean_s")).collect();
        let mean = row.iter().sum::<f64>() / 40.0;
        let sd = (row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 39.0).sqrt();
        let off = (mean - expected).abs();
        assert!(
            off < 3.0 * sd / 40.0_f64.sqrt() && off < 0.05 * expected,
            "{made}/s, {room}: {mean} s, not {expected} s"
        );
        let model = run("1", made, room, "10", 0);
        let said = model.figures().into_iter().find(|f| f.key == "wait_mean_s").and_then(|f| f.expected);
        assert!((said.expect("the model says so too").value / expected - 1.0).abs() < 1e-3, "its own formula");
    }
}

/// With room for all, a record waits for the next block: its mean interval, however many there are.
#[test]
fn where_there_is_room_for_all_a_record_waits_one_interval() {
    let model = run("3", 2.0, 1_000_000, "8000", 4);
    let mean = value(&*model, "wait_mean_s");
    assert!((mean - 10.0).abs() < 3.0 * 10.0 / 8_000_f64.sqrt(), "{mean} s");
}

/// A run without records has no figures of them.
#[test]
fn nothing_is_made_where_nobody_pays() {
    let model = run("4", 0.0, 5, "50", 1);
    assert_eq!(figure(&*model, "wait_mean_s"), None);
    assert_eq!(value(&*model, "records_written"), 0.0);
    assert_eq!(value(&*model, "records_refused"), 0.0);
}
