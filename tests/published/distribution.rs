//! `distribution` against Kurose and Ross, *Computer Networking*, chapter 2 (closed forms), and Mundinger, Weber and Weiss,
//! *Optimal scheduling of peer-to-peer file dissemination* (2008).

use crate::{build, figure, finish, on, plain};
use peerscape::sim::{model::Model, vocabulary::SECOND};

const FILE: f64 = 3.6e9;
const PEER_UP: f64 = 1e6;

fn run(set: &[(&str, &str)]) -> Box<dyn Model> {
    let mut model = build("distribution", set, 1);
    finish(&mut *model);
    model
}

fn makespan(set: &[(&str, &str)]) -> f64 {
    figure(&*run(set), "makespan_s").expect("everybody gets the file")
}

/// The figure case: a peer's line sends the file in an hour, the server's is ten times as fast, and lines in are as fast as
/// the server's. Hours for 5 to 35 peers as the textbook's figure has them.
#[test]
fn the_figure_case_takes_the_hours_that_the_textbook_draws() {
    for (peers, server_hours, peer_hours) in
        [("5", 0.5, 1.0 / 3.0), ("10", 1.0, 0.5), ("20", 2.0, 2.0 / 3.0), ("30", 3.0, 0.75), ("35", 3.5, 7.0 / 9.0)]
    {
        let n: f64 = peers.parse().unwrap();
        let from_server = makespan(&[("mode", "client-server"), ("peers", peers)]);
        assert!((from_server / 3600.0 - server_hours).abs() < 0.005, "{peers} from a server: {from_server} s");
        let among_peers = makespan(&[("peers", peers)]);
        let slack = n.log2() / 2000.0 * FILE / PEER_UP;
        let bound = peer_hours * 3600.0;
        assert!(among_peers >= bound * 0.999_999, "{peers} peers beat the bound: {among_peers} s");
        assert!(among_peers <= 1.05 * bound + slack, "{peers} peers: {among_peers} s, bound {bound} s");
    }
}

/// As the crowd grows, the bound comes near the hour of one peer's line and stays there.
#[test]
fn a_thousand_peers_keep_to_the_bound() {
    for peers in [100_u32, 300, 1000] {
        let n = f64::from(peers);
        let bound = n * FILE / (1e7 + n * PEER_UP);
        let got = makespan(&[("peers", &peers.to_string())]);
        let limit = 1.05 * bound + n.log2() / 2000.0 * FILE / PEER_UP;
        assert!((bound..=limit).contains(&got), "{peers} peers: {got} s, bound {bound} s, limit {limit} s");
    }
}

/// The other two terms of the bound, and neighbours that are few: the server's line, the slowest line in, six neighbours.
#[test]
fn the_bound_holds_where_other_lines_are_the_narrow_ones() {
    for set in [
        &[("server_up", "1000000")][..],
        &[("server_up", "200000")],
        &[("server_up", "100000000"), ("peer_down", "100000000")],
        &[("peer_down", "1000000")],
        &[("peer_down", "300000")],
        &[("degree", "6")],
        &[("degree", "4")],
        &[("degree", "6"), ("chunks", "40"), ("server_lanes", "10")],
        &[("chunks", "7")],
        &[("chunks", "1")],
    ] {
        for peers in ["5", "30", "100"] {
            let mut all = vec![("peers", peers)];
            all.extend(set);
            let model = run(&all);
            let (got, bound) = (figure(&*model, "makespan_s").unwrap(), figure(&*model, "bound_s").unwrap());
            let makespan = model.figures().into_iter().find(|f| f.key == "makespan_s").unwrap();
            let expected = makespan.expected.expect("an untouched run has an expectation");
            let limit = expected.value * (1.0 + expected.tolerance);
            assert!(got >= bound * 0.999_999 && got <= limit, "{all:?}: {got} s, bound {bound} s, limit {limit} s");
        }
    }
}

/// Equal lines, as Mundinger, Weber and Weiss have them: nothing can be faster than M + ⌊log₂ N⌋ rounds of one chunk, where
/// the server is one more of N + 1 equal senders.
#[test]
fn equal_lines_take_at_least_the_optimal_number_of_rounds() {
    for (peers, chunks) in [(3_u32, 50_u32), (15, 100), (63, 100), (1000, 1)] {
        let (n, m) = (peers.to_string(), chunks.to_string());
        let got = makespan(&[("peers", &n), ("chunks", &m), ("server_up", "1000000")]);
        let round = FILE / PEER_UP / f64::from(chunks);
        let optimal = (f64::from(chunks) + f64::from(peers + 1).log2().floor() - 1.0) * round;
        assert!(got >= optimal * 0.999_99, "{peers} peers, {chunks} chunks: {got} s beat the optimum {optimal} s");
        let limit = 1.05 * FILE / PEER_UP + f64::from(peers).log2() * round + round;
        assert!(got <= limit, "{peers} peers, {chunks} chunks: {got} s, limit {limit} s");
    }
}

/// Chunk by chunk to all in turn: in client-server everybody is done at nearly the same moment.
#[test]
fn a_server_serves_all_in_turn() {
    let model = run(&[("mode", "client-server")]);
    let (makespan, mean) = (figure(&*model, "makespan_s").unwrap(), figure(&*model, "mean_s").unwrap());
    assert!((makespan - 10_800.0).abs() < 1.0 && mean > 0.999 * makespan, "{makespan} s, mean {mean} s");
    assert_eq!(figure(&*model, "server_bytes"), Some(30.0 * FILE));
    assert_eq!(figure(&*model, "peer_bytes"), Some(0.0));
    // A slow line in queues at its own end.
    let slow = makespan_of_slow_receivers();
    assert!((36_000.0..36_100.0).contains(&slow), "{slow} s");
}

fn makespan_of_slow_receivers() -> f64 {
    makespan(&[("mode", "client-server"), ("peer_down", "100000")])
}

/// Among peers the server puts each chunk out once before it repeats any: the file is out after its line's time for one.
#[test]
fn the_server_puts_each_chunk_out_once_first() {
    assert_eq!(figure(&*run(&[]), "all_out_s"), Some(360.0));
    assert_eq!(figure(&*run(&[("degree", "6"), ("peers", "100")]), "all_out_s"), Some(360.0));
}

fn stopped_at(seconds: f64, set: &[(&str, &str)]) -> Box<dyn Model> {
    let mut model = build("distribution", set, 1);
    model.advance((seconds * SECOND as f64) as u64);
    model.act(&on("stop", 0)).expect("the server runs");
    model
}

/// The run survives the server's stop once some running peer holds every chunk, and not before.
#[test]
fn peers_carry_on_once_every_chunk_is_out_and_not_before() {
    for set in [&[][..], &[("degree", "6"), ("chunks", "40"), ("server_lanes", "10")], &[("latency", "2")]] {
        let out = figure(&*run(set), "all_out_s").unwrap();
        let mut early = stopped_at(out - 0.001, set);
        assert_eq!(early.states(), ["stopped_early"], "{set:?}");
        finish(&mut *early);
        assert_eq!((early.states(), figure(&*early, "done")), (vec!["stopped_early"], Some(0.0)), "{set:?}");
        assert_eq!(figure(&*early, "makespan_s"), None);
        // The last chunk is held by one peer alone.
        let mut late = stopped_at(out, set);
        assert_eq!(late.states(), ["server_stopped"], "{set:?}");
        finish(&mut *late);
        assert_eq!(late.states(), ["server_stopped", "all_done"], "{set:?}");
        assert_eq!(figure(&*late, "done"), Some(30.0), "{set:?}");
        // Without the server it takes longer, never forever.
        assert!(figure(&*late, "makespan_s") > figure(&*run(set), "makespan_s"), "{set:?}");
    }
    let mut alone = stopped_at(600.0, &[("mode", "client-server")]);
    finish(&mut *alone);
    assert_eq!(alone.states(), ["stopped_early"], "a server's clients never carry on");
}

/// A watched run keeps a short history of its copies, the same however its time is cut; an unwatched one keeps none.
#[test]
fn copies_have_a_history() {
    let mut unwatched = build("distribution", &[], 1);
    finish(&mut *unwatched);
    assert_eq!(unwatched.history("copies"), []);
    let watched = |step: u64| {
        let mut model = build("distribution", &[], 1);
        model.watch();
        while model.now() < 3_600_000_000 {
            model.advance((model.now() + step).min(3_600_000_000));
        }
        assert_eq!(figure(&*model, "makespan_s"), figure(&*unwatched, "makespan_s"), "watching changes nothing");
        model.history("copies")
    };
    let history = watched(1_000_000);
    assert!((50..=120).contains(&history.len()), "{} values", history.len());
    assert!(history.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1), "time runs on, and copies only grow");
    assert_eq!(history, watched(777_777_777));
}

/// The same by the setting, without a hand.
#[test]
fn the_server_can_be_told_when_to_stop() {
    let early = run(&[("stop_server_at", "359.9")]);
    assert_eq!((early.states(), figure(&*early, "done")), (vec!["stopped_early"], Some(0.0)));
    let early = run(&[("stop_server_at", "359.999999")]);
    assert_eq!(early.states(), ["stopped_early"], "not before every chunk is out");
    for moment in ["360", "360.1"] {
        let late = run(&[("stop_server_at", moment)]);
        assert_eq!(figure(&*late, "done"), Some(30.0), "stopped at {moment}");
    }
}

/// Whatever is stopped and started again, a run comes to its end, with every byte accounted for.
#[test]
fn a_run_heals_when_what_was_stopped_starts_again() {
    for mode in ["client-server", "peer-to-peer"] {
        for latency in ["0", "3"] {
            for degree in ["0", "6"] {
                let set = [("mode", mode), ("latency", latency), ("degree", degree), ("chunks", "60"), ("peers", "12")];
                let mut model = build("distribution", &set, 4);
                for round in 0..6_u64 {
                    let peer = (round * 5 % 12 + 1) as u32;
                    model.advance(model.now() + 37 * SECOND);
                    model.act(&on("stop", 0)).unwrap();
                    model.act(&on("stop", peer)).unwrap();
                    model.advance(model.now() + 11 * SECOND);
                    model.act(&on("start", peer)).unwrap();
                    model.advance(model.now() + round * SECOND);
                    model.act(&on("start", 0)).unwrap();
                }
                model.act(&plain("add")).unwrap();
                model.act(&plain("slow")).unwrap();
                finish(&mut *model);
                assert_eq!(model.states(), ["all_done"], "{set:?}");
                assert_eq!(figure(&*model, "done"), Some(22.0), "{set:?}");
                assert_eq!(figure(&*model, "copies"), Some(22.0), "{set:?}");
            }
        }
    }
}

/// Every word takes the latency, and lines are kept busy all the same: at 100 ms the run is hardly longer, and no packet
/// is sent in vain.
#[test]
fn latency_costs_little_where_it_is_short_beside_a_chunk() {
    for degree in ["0", "8"] {
        let model = run(&[("latency", "0.1"), ("degree", degree)]);
        let got = figure(&*model, "makespan_s").unwrap();
        assert!((2700.0..2843.0).contains(&got), "degree {degree}: {got} s");
        assert_eq!(figure(&*model, "copies"), Some(30.0));
    }
}

/// Deeds that make no sense are refused with a word, and change nothing.
#[test]
fn deeds_that_make_no_sense_are_refused() {
    let mut model = build("distribution", &[("peers", "5")], 1);
    let refused = |model: &mut dyn Model, deed| model.act(&deed).unwrap_err().0;
    assert_eq!(refused(&mut *model, on("start", 0)), "not_stopped");
    assert_eq!(refused(&mut *model, on("stop", 6)), "no_such_peer");
    assert_eq!(refused(&mut *model, plain("quicken")), "not_slow");
    model.act(&on("stop", 3)).unwrap();
    assert_eq!(refused(&mut *model, on("stop", 3)), "already_stopped");
    model.act(&plain("slow")).unwrap();
    assert_eq!(refused(&mut *model, plain("slow")), "already_slow");
}
