//! `blockchain` against Bitcoin's own blocks and tests (`chainparams.cpp`, `pow_tests.cpp`), Nakamoto's paper (2008),
//! SimBlock (Aoki et al. 2019), and the law of forks for a fixed delay.

use crate::{build, figure, finish, on, plain};
use peerscape::sim::{
    blockchain::{
        header::{Hash, Header, Miner, double_sha256, fits, printed},
        merkle, target,
    },
    model::{Deed, Model, Target},
    vocabulary::{BlockId, Camp, Happening, Life, LinkState, PacketForm, PacketId, PeerId, SECOND},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

// --- real blocks ------------------------------------------------------------------------------------------------------

/// A hash as it is printed, turned round.
fn hash(text: &str) -> Hash {
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().rev().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap();
    }
    bytes
}

fn text(hash: &Hash) -> String {
    printed(hash).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn genesis() -> Header {
    Header {
        version: 1,
        before: [0; 32],
        merkle_root: hash("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
        time: 1_231_006_505,
        bits: 0x1d00_ffff,
        nonce: 2_083_236_893,
    }
}

/// Bitcoin's first block, of 3 January 2009: its bytes, its hash, and that the hash fits the target (`chainparams.cpp`).
#[test]
fn the_first_block_has_its_bytes_and_its_hash() {
    let bytes: String = genesis().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = format!(
        "01000000{}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
        "00".repeat(32),
    );
    assert_eq!(bytes, expected);
    let expected = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
    assert_eq!(text(&genesis().hash()), expected);
    assert_eq!(text(&Miner::new(&genesis()).hash(2_083_236_893)), expected);
    assert!(genesis().is_sealed());
    // Any other nonce nearby breaks the seal.
    for off in 1..1_000 {
        assert!(!Header { nonce: genesis().nonce + off, ..genesis() }.is_sealed());
    }
    assert!(!fits(&[0xff; 32], 0x1d00_ffff) && fits(&[0; 32], 0x1d00_ffff) && !fits(&[0; 32], 0));
}

/// Bitcoin's block 100,000: the root over its four transactions, and its hash over that root.
#[test]
fn block_100_000_has_its_root_and_its_hash() {
    let records = [
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    ]
    .map(hash);
    let root = merkle::root(&records);
    assert_eq!(text(&root), "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766");
    for (i, record) in (0..).zip(&records) {
        assert!(merkle::prove(&records, i).unwrap().holds(record, &root));
    }
    let header = Header {
        version: 1,
        before: hash("000000000002d01c1fccc21636b607dfd930d31d01c3a62104612a1719011250"),
        merkle_root: root,
        time: 1_293_623_863,
        bits: 0x1b04_864c,
        nonce: 274_148_111,
    };
    assert_eq!(text(&header.hash()), "000000000003ba27aa200b1cecaad478d2b00432346c3f1f3986da1afd33e506");
    assert!(header.is_sealed());
}

/// Where a level is odd, its last hash is paired with itself: three records, each the double hash of one byte.
#[test]
fn three_records_have_the_root_of_four_with_the_last_one_twice() {
    let leaves = [0_u8, 1, 2].map(|byte| double_sha256(&[byte]));
    let root = merkle::root(&leaves);
    let hex: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.starts_with("e129dfe0") && hex.ends_with("c1d0"), "{hex}");
    assert_eq!(merkle::root(&[leaves[0], leaves[1], leaves[2], leaves[2]]), root);
}

/// Nakamoto §8: a proof of one record grows with the logarithm of their number; eleven hashes for two thousand.
#[test]
fn proofs_have_the_size_that_the_logarithm_says() {
    for (records, bytes) in [(1_u32, 0), (2, 32), (3, 64), (16, 128), (512, 288), (2_000, 352), (4_000, 384)] {
        let leaves: Vec<Hash> = (0..records).map(|i| double_sha256(&i.to_le_bytes())).collect();
        let root = merkle::root(&leaves);
        for index in [0, records / 2, records - 1] {
            let proof = merkle::prove(&leaves, index).unwrap();
            assert_eq!(proof.bytes(), bytes, "{records} records");
            assert!(proof.holds(&leaves[index as usize], &root));
        }
    }
}

/// The changes of target that Bitcoin's `pow_tests.cpp` prints, and the work of a block of difficulty 1 (`pow.cpp`).
#[test]
fn targets_change_as_bitcoin_prints_it() {
    for (bits, first, last, new) in [
        (0x1d00_ffff, 1_261_130_161, 1_262_152_739, 0x1d00_d86a),
        (0x1d00_ffff, 1_231_006_505, 1_233_061_996, 0x1d00_ffff),
        (0x1c05_a3f4, 1_279_008_237, 1_279_297_671, 0x1c01_68fd),
    ] {
        assert_eq!(target::retarget(bits, last - first, target::WINDOW_SECONDS), new, "{bits:08x}");
    }
    let easiest = target::expand(target::EASIEST).unwrap();
    assert_eq!(target::work(easiest).low(), 4_295_032_833);
    assert_eq!(target::compact(easiest), target::EASIEST);
    assert_eq!(target::retarget(0x1c05_a3f4, u64::MAX, target::WINDOW_SECONDS), target::compact(easiest_times_four()));
}

/// `1c05a3f4` made four times easier, by hand.
fn easiest_times_four() -> peerscape::sim::blockchain::number::Number {
    target::expand(0x1c05_a3f4).unwrap().shl(2)
}

// --- finding ----------------------------------------------------------------------------------------------------------

fn run(set: &[(&str, &str)], seed: u64) -> Box<dyn Model> {
    let mut model = build("blockchain", set, seed);
    finish(&mut *model);
    model
}

fn value(model: &dyn Model, key: &str) -> f64 {
    figure(model, key).unwrap_or_else(|| panic!("no {key}"))
}

/// A small network in which blocks are as good as at once with everybody.
const QUICK: [(&str, &str); 4] =
    [("nodes", "4"), ("latency", "0"), ("bandwidth", "1000000000"), ("block_bytes", "1000")];

fn quick(more: &[(&'static str, &'static str)], seed: u64) -> Box<dyn Model> {
    run(&[&QUICK[..], more].concat(), seed)
}

/// Nakamoto §11 takes finds as a Poisson process: gaps are exponential, P(> 10 min) = e^-1 = .368 at a mean of 10 minutes,
/// and e^-2, e^-1/2 at others; 24,000 blocks, 3 sigma = .0094.
#[test]
fn gaps_between_blocks_are_exponential() {
    for (interval, share) in [("600", 0.3679), ("300", 0.1353), ("1200", 0.6065)] {
        for power in ["equal", "zipf"] {
            let model = quick(&[("blocks", "24000"), ("block_interval_s", interval), ("hash_power", power)], 5);
            let got = value(&*model, "interval_over_10min");
            assert!((got - share).abs() < 0.0095, "{interval} s, {power}: {got}");
            let (mean, wanted) = (value(&*model, "interval_mean_s"), interval.parse::<f64>().unwrap());
            assert!((mean / wanted - 1.0).abs() < 3.0 / 24_000_f64.sqrt(), "{mean} s");
        }
    }
}

/// 2015 intervals are held against 2016 times ten minutes, so that the mean settles at 600 × 2016/2014 = 600.60 s: 310
/// windows, ± 0.3 s. What one window is off the next one makes good, but for its square: of n windows of w blocks a standard
/// error of √3 / (w √n) is left, 0.03 s here. So at other windows, at 3 sigma.
#[test]
fn retargeting_settles_at_the_window_over_two_less() {
    for (window, blocks, interval) in [("2016", "624960", "600"), ("100", "60000", "60"), ("500", "150000", "1")] {
        let model = quick(&[("retarget_window", window), ("blocks", blocks), ("block_interval_s", interval)], 3);
        let (w, t): (f64, f64) = (window.parse().unwrap(), interval.parse().unwrap());
        let (got, wanted) = (value(&*model, "interval_mean_s"), t * w / (w - 2.0));
        let sigma = 3.0_f64.sqrt() / w / (blocks.parse::<f64>().unwrap() / w).sqrt();
        assert!((got - wanted).abs() < (3.0 * sigma).max(0.0005) * wanted, "window {window}: {got} s, {wanted} s");
    }
}

/// The mean of the last window's intervals over several seeds.
fn last_window(more: &[(&'static str, &'static str)]) -> f64 {
    let seeds = 24;
    (0..seeds).map(|seed| value(&*quick(more, seed), "interval_window_s")).sum::<f64>() / seeds as f64
}

/// Hash power halves with a window's first block: that window takes twice as long, the next one is right again. Each
/// window's mean has a standard deviation of 3.2 %, the mean of 24 of them 0.65 %: 2 % is 3 sigma.
#[test]
fn after_a_loss_at_a_boundary_one_window_is_slow() {
    let change = [("retarget_window", "2016"), ("hash_change_at", "4032"), ("hash_change_to", "0.5")];
    for (blocks, seconds) in [("4031", 600.6), ("6047", 1_201.2), ("8063", 600.6)] {
        let got = last_window(&[&change[..], &[("blocks", blocks)]].concat());
        assert!((got / seconds - 1.0).abs() < 0.02, "until block {blocks}: {got} s, not {seconds} s");
    }
}

/// Hash power halves in the middle of a window: that one takes half again as long, the next 4/3 of the time, and only the
/// second one after it is right.
#[test]
fn after_a_loss_in_the_middle_two_windows_are_slow() {
    let change = [("retarget_window", "2016"), ("hash_change_at", "5040"), ("hash_change_to", "0.5")];
    for (blocks, seconds) in [("6047", 900.9), ("8063", 800.8), ("10079", 600.6)] {
        let got = last_window(&[&change[..], &[("blocks", blocks)]].concat());
        assert!((got / seconds - 1.0).abs() < 0.02, "until block {blocks}: {got} s, not {seconds} s");
    }
}

/// A target changes four times at most in a window (`pow.cpp`): at a thousandth of the power the second window still takes
/// 250 times too long.
#[test]
fn a_target_changes_four_times_at_most() {
    let change = [("retarget_window", "100"), ("hash_change_at", "100"), ("hash_change_to", "0.001")];
    for (blocks, times) in [("199", 1_000.0), ("299", 250.0), ("399", 62.5)] {
        let got = last_window(&[&change[..], &[("blocks", blocks)]].concat()) / 600.0;
        assert!((got / times - 1.0).abs() < 0.1, "until block {blocks}: {got} times as long, not {times}");
    }
}

// --- forks ------------------------------------------------------------------------------------------------------------

/// Everybody is linked to everybody, and a block is with all after a fixed delay: three latencies and 2 ms.
fn fixed_delay(x: f64, power: &'static str, blocks: &str, nodes: u32, seed: u64) -> Box<dyn Model> {
    let weights: Vec<f64> = (1..=nodes).map(|i| if power == "zipf" { 1.0 / f64::from(i) } else { 1.0 }).collect();
    let sum: f64 = weights.iter().sum();
    // A node's own delay is 0: two finds in a row by the same node never fork.
    let own: f64 = weights.iter().map(|w| (w / sum) * (w / sum)).sum();
    let delay = (3.0 * 2.0 + 0.002) * (1.0 - own);
    let (nodes, interval) = (nodes.to_string(), (delay / x).to_string());
    let set = [
        ("nodes", nodes.as_str()),
        ("outbound", "1000"),
        ("latency", "2"),
        ("bandwidth", "1000000000000"),
        ("block_bytes", "1"),
        ("relay", "inv"),
        ("blocks", blocks),
        ("hash_power", power),
        ("block_interval_s", &interval),
    ];
    run(&set, seed)
}

/// Stale blocks over blocks found are x/(1+x), and 1 - e^-x of all heights fork, where x is the delay over the interval;
/// here the delay follows from the settings. The law takes a node that is behind for behind by one block: with few nodes or
/// great shares of one node it errs at large x, so that 100 nodes and 10 % stand here. At least 1,000 stale blocks each.
#[test]
fn forks_follow_the_law_of_a_fixed_delay() {
    for (x, blocks) in [(0.05, "40000"), (0.25, "20000"), (1.0, "20000")] {
        for power in ["equal", "zipf"] {
            let model = fixed_delay(x, power, blocks, 100, 7);
            let stale = value(&*model, "stale_share");
            assert!(stale * blocks.parse::<f64>().unwrap() > 1_000.0);
            let law = x / (1.0 + x);
            assert!((stale / law - 1.0).abs() < 0.1, "x = {x}, {power}: {stale} are stale, the law says {law}");
            let predicted = value(&*model, "stale_predicted");
            assert!((predicted / stale - 1.0).abs() < 0.1, "x = {x}, {power}: {stale}, predicted {predicted}");
            let (forks, law) = (value(&*model, "fork_height_share"), 1.0 - (-x).exp());
            assert!((forks / law - 1.0).abs() < 0.1, "x = {x}, {power}: {forks} of heights fork, the law says {law}");
        }
    }
}

/// The same with SimBlock's network, where the delay is measured: within 10 % over at least 1,000 stale blocks.
#[test]
fn forks_follow_the_law_of_the_measured_delay() {
    for (interval, blocks) in [("25", "32000"), ("5", "8000"), ("1.2", "4000")] {
        for power in ["equal", "zipf"] {
            let set = [("nodes", "100"), ("block_interval_s", interval), ("blocks", blocks), ("hash_power", power)];
            let model = run(&set, 2);
            let (stale, predicted) = (value(&*model, "stale_share"), value(&*model, "stale_predicted"));
            assert!(stale * blocks.parse::<f64>().unwrap() > 1_000.0, "too few: {stale}");
            assert!((stale / predicted - 1.0).abs() < 0.1, "{interval} s, {power}: {stale}, predicted {predicted}");
        }
    }
}

/// Nobody who is alone can fork, and two who hear of each other at once hardly do.
#[test]
fn alone_nobody_forks() {
    let model = run(&[("nodes", "1"), ("blocks", "1000"), ("block_interval_s", "0.001")], 1);
    assert_eq!((value(&*model, "stale_share"), value(&*model, "delay_s")), (0.0, 0.0));
    assert_eq!((value(&*model, "height"), value(&*model, "propagation_p99_s")), (1_000.0, 0.0));
}

// --- the network ------------------------------------------------------------------------------------------------------

/// SimBlock with its default tables, 6,000 nodes, 100 blocks of 535 kB: propagation p50 1.03 s, p90 2.11 s, p99 3.40 s. Half
/// of the nodes stand in Europe, so that the median over 100 blocks falls between those found there and elsewhere and swings
/// by a tenth from seed to seed: the mean of eight is held within 15 %.
#[test]
fn blocks_spread_as_in_simblock() {
    let set = [("nodes", "6000"), ("outbound", "table"), ("blocks", "100")];
    let runs: Vec<Box<dyn Model>> = (0..8).map(|seed| run(&set, seed)).collect();
    for (key, seconds) in [("propagation_p50_s", 1.03), ("propagation_p90_s", 2.11), ("propagation_p99_s", 3.40)] {
        let mean = runs.iter().map(|model| value(&**model, key)).sum::<f64>() / 8.0;
        assert!((mean / seconds - 1.0).abs() < 0.15, "{key}: {mean} s, in SimBlock {seconds} s");
    }
}

/// Two nodes: a block takes an announcement, a question and its own way, each a latency, its bytes over the line, and 2 ms.
#[test]
fn a_block_takes_three_latencies_and_its_bytes() {
    let set = [("nodes", "2"), ("latency", "0.5"), ("bandwidth", "1000"), ("block_bytes", "3000"), ("relay", "inv")];
    let model = run(&set, 1);
    assert_eq!(value(&*model, "propagation_p99_s"), 1.5 + 3.0 + 0.002);
    // A compact block that never fails goes instead, then one that always does and leaves a hundredth to be fetched.
    let set = |fails| {
        [
            ("nodes", "2"),
            ("latency", "0.5"),
            ("bandwidth", "1000"),
            ("block_bytes", "100000"),
            ("compact_share", "1"),
            ("churn_share", "0"),
            ("compact_fail_steady", fails),
        ]
    };
    assert_eq!(value(&*run(&set("0"), 1), "propagation_p99_s"), 1.5 + 18.0 + 0.002);
    let failed = value(&*run(&set("1"), 1), "propagation_p99_s");
    assert!((failed - (1.5 + 18.0 + 0.002 + 1.0 + 1.0 + 0.002)).abs() < 1e-9, "{failed} s");
}

/// A line sends one block at a time: of 40 neighbours of the only finder, the last waits for 39 others.
#[test]
fn a_line_sends_one_block_at_a_time() {
    let set = [
        ("nodes", "41"),
        ("outbound", "40"),
        ("latency", "0.001"),
        ("bandwidth", "1000"),
        ("block_bytes", "1000"),
        ("relay", "inv"),
        ("blocks", "20"),
    ];
    let spread = value(&*run(&set, 1), "propagation_p99_s");
    // Who has it passes it on in vain: all asked the finder at once.
    assert!((spread - 40.0).abs() < 0.1, "{spread} s");
}

// --- touching it ------------------------------------------------------------------------------------------------------

const WALL: [(&str, &str); 3] = [("nodes", "40"), ("outbound", "3"), ("blocks", "2000")];

/// Runs until blocks are found and nothing travels.
fn settle(model: &mut dyn Model, height: f64) {
    while value(model, "height") < height {
        let at = model.next_event().expect("blocks are still to be found");
        model.advance(at);
    }
    model.advance(model.now() + 60 * SECOND);
}

/// Two blocks found at once are both followed until the next one decides.
#[test]
fn a_second_block_at_the_right_moment_forks_the_chain_and_the_next_closes_it() {
    let mut model = build("blockchain", &WALL, 1);
    assert!(model.act(&plain("rival")).is_err(), "nothing spreads yet");
    model.act(&on("mine", 0)).unwrap();
    model.act(&plain("rival")).unwrap();
    assert_eq!(model.states(), ["forked"]);
    assert!(model.act(&on("mine", 40)).is_err());
    model.advance(model.now() + 20 * SECOND);
    if value(&*model, "height") < 2.0 {
        assert_eq!(model.states(), ["forked"], "both halves keep what they saw first");
    }
    settle(&mut *model, 3.0);
    while model.states().contains(&"forked") {
        let at = model.next_event().unwrap();
        model.advance(at);
    }
    assert_eq!(model.states(), ["resolved"]);
    assert_eq!(value(&*model, "reorg_depth_max"), 1.0);
}

/// A cut of all links leaves two chains; joined again, all follow the one with more work.
#[test]
fn a_cut_network_writes_two_histories_and_drops_the_lighter() {
    let mut model = build("blockchain", &WALL, 4);
    settle(&mut *model, 3.0);
    model.act(&plain("part")).unwrap();
    assert_eq!(model.states()[0], "cut");
    assert!(model.act(&plain("part")).is_err());
    let before = value(&*model, "height");
    model.advance(model.now() + 20 * 600 * SECOND);
    assert!(model.states().starts_with(&["cut", "forked"]), "{:?}", model.states());
    let grown = value(&*model, "height") - before;
    assert!((3.0..18.0).contains(&grown), "half the miners found {grown} of 20");
    model.act(&plain("heal")).unwrap();
    assert!(model.act(&plain("heal")).is_err());
    model.advance(model.now() + 120 * SECOND);
    if model.states()[0] == "forked" {
        // Both halves were equally long.
        let height = value(&*model, "height");
        settle(&mut *model, height + 2.0);
    }
    assert_eq!(model.states()[0], "healed");
    assert!(value(&*model, "reorg_depth_max") >= 3.0);
    let cards: BTreeSet<String> = (0..40).map(|node| format!("{:?}", model.card(PeerId(node))[0].value)).collect();
    assert_eq!(cards.len(), 1, "all follow one chain: {cards:?}");
}

/// Twice the miners find blocks twice as fast until the target changes.
#[test]
fn twice_the_miners_are_too_fast_for_one_window() {
    let set = [&QUICK[..], &[("blocks", "1000"), ("retarget_window", "100")]].concat();
    let mut model = build("blockchain", &set, 2);
    settle(&mut *model, 200.0);
    model.act(&plain("double_miners")).unwrap();
    assert_eq!(model.states(), ["doubled"]);
    let (at, height) = (model.now(), value(&*model, "height"));
    settle(&mut *model, 300.0);
    let mean = (model.now() - at) as f64 / 1e6 / (value(&*model, "height") - height);
    assert!((mean / 300.0 - 1.0).abs() < 0.3, "{mean} s");
    assert_eq!(model.states(), ["retargeted"]);
    for _ in 0..3 {
        model.act(&plain("double_miners")).unwrap();
    }
    assert!(model.act(&plain("double_miners")).is_err());
}

/// A stopped node finds and hears nothing; when it runs again it catches up.
#[test]
fn a_stopped_node_catches_up() {
    let mut model = build("blockchain", &WALL, 6);
    model.act(&on("stop", 7)).unwrap();
    assert!(model.act(&on("stop", 7)).is_err() && model.act(&on("mine", 7)).is_err());
    settle(&mut *model, 10.0);
    let row = |model: &dyn Model| format!("{:?}", model.card(PeerId(7))[0].value);
    assert_eq!(row(&*model), "Count(0)");
    model.act(&on("start", 7)).unwrap();
    assert!(model.act(&on("start", 7)).is_err());
    let after = model.now() + 60 * SECOND;
    model.advance(after);
    assert_ne!(row(&*model), "Count(0)");
    assert!(model.states().iter().all(|state| *state != "cut"));
}

// --- properties -------------------------------------------------------------------------------------------------------

/// What a visitor does at some moment.
#[derive(Clone, Debug)]
struct Touch {
    at: u64,
    what: usize,
    peer: u32,
}

fn touches() -> impl Strategy<Value = Vec<Touch>> {
    let touch = (0_u64..3_000, 0_usize..10, 0_u32..30).prop_map(|(at, what, peer)| Touch { at, what, peer });
    prop::collection::vec(touch, 0..12).prop_map(|mut row| {
        row.sort_by_key(|touch| touch.at);
        row
    })
}

#[derive(Clone, Debug)]
struct Case {
    set: Vec<(&'static str, String)>,
    seed: u64,
    touches: Vec<Touch>,
}

fn cases() -> impl Strategy<Value = Case> {
    let numbers = (1_u32..30, 1_u32..12, 0.5_f64..200.0, 0.0_f64..3.0, prop::sample::select(vec![0_u32, 2, 5, 20]));
    let words = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (numbers, words, any::<u64>(), touches()).prop_map(
        |((nodes, outbound, interval, latency, window), (table, regions, zipf, compact, slow), seed, touches)| {
            let word = |yes: bool, one: &str, other: &str| if yes { one.to_owned() } else { other.to_owned() };
            let set = vec![
                ("nodes", nodes.to_string()),
                ("outbound", word(table, "table", &outbound.to_string())),
                ("block_interval_s", interval.to_string()),
                ("latency", word(regions, "regions", &latency.to_string())),
                ("bandwidth", word(slow, "40000", "regions")),
                ("hash_power", word(zipf, "zipf", "equal")),
                ("relay", word(compact, "compact", "inv")),
                ("retarget_window", window.to_string()),
                ("block_bytes", "100000".to_owned()),
                ("blocks", "60".to_owned()),
            ];
            Case { set, seed, touches }
        },
    )
}

impl Case {
    fn build(&self) -> Box<dyn Model> {
        let set: Vec<(&str, &str)> = self.set.iter().map(|(key, value)| (*key, value.as_str())).collect();
        build("blockchain", &set, self.seed)
    }

    /// Touches the model as the case says, and runs it to its end; `look` is called after every step.
    fn play(&self, model: &mut dyn Model, mut look: impl FnMut(&mut dyn Model)) {
        for touch in &self.touches {
            if touch.at * SECOND > model.now() {
                model.advance(touch.at * SECOND);
            }
            look(model);
            let links: Vec<_> = model.eyes(PeerId(touch.peer)).map(|eyes| eyes.links).unwrap_or_default();
            let deed = match touch.what {
                0 => plain("rival"),
                1 => on("mine", touch.peer),
                2 => plain("part"),
                3 | 4 => plain("heal"),
                5 => on("stop", touch.peer),
                6 => on("start", touch.peer),
                7 => plain("double_miners"),
                8 => plain("halve_miners"),
                _ => Deed { key: "cut", target: Target::Links(links), value: None },
            };
            let may = model.may(&deed);
            assert_eq!(model.act(&deed), may);
            look(model);
        }
        while let Some(at) = model.next_event() {
            model.advance(at);
            look(model);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Bytes sent are bytes received and bytes lost, and untouched nothing is lost.
    #[test]
    fn no_byte_comes_from_nowhere(case in cases()) {
        let mut model = case.build();
        case.play(&mut *model, |_| {});
        let bytes = |key| value(&*model, key);
        prop_assert_eq!(bytes("bytes_sent"), bytes("bytes_received") + bytes("bytes_lost"));
        if case.touches.is_empty() {
            prop_assert_eq!(bytes("bytes_lost"), 0.0);
        }
    }

    /// When all is healed, everybody ends at one height and one chain, or at several of equal work.
    #[test]
    fn all_end_at_the_same_height(case in cases()) {
        let mut model = case.build();
        case.play(&mut *model, |_| {});
        let _ = model.act(&plain("heal"));
        for peer in 0..30 {
            let _ = model.act(&on("start", peer));
        }
        finish(&mut *model);
        if case.set[7].1 == "0" {
            let height = format!("Count({})", value(&*model, "height"));
            for peer in 0..case.set[0].1.parse().unwrap() {
                prop_assert_eq!(format!("{:?}", model.card(PeerId(peer))[0].value), height.clone(), "node {}", peer);
            }
        }
    }

    /// A copy, a watched run, one in small steps: all give the same figures and events.
    #[test]
    fn a_copy_runs_on_alike_and_neither_watcher_nor_steps_change_anything(case in cases(), at in 0_u64..2_000) {
        let mut plain = case.build();
        let mut stepped = case.build();
        plain.advance(at * SECOND);
        let (mut copy, mut watched) = (plain.copy(), plain.copy());
        watched.watch();
        case.play(&mut *plain, |_| {});
        case.play(&mut *copy, |_| {});
        let mut told = Vec::new();
        case.play(&mut *watched, |model| model.take_happenings(&mut told));
        for other in [&copy, &watched] {
            prop_assert_eq!(plain.figures(), other.figures());
            prop_assert_eq!((plain.events(), plain.states(), plain.now()), (other.events(), other.states(), other.now()));
        }
        let mut nothing = Vec::new();
        plain.take_happenings(&mut nothing);
        prop_assert!(nothing.is_empty());
        if case.touches.is_empty() {
            while stepped.next_event().is_some() {
                let now = stepped.now();
                stepped.advance(now + 700_000);
            }
            prop_assert_eq!(plain.figures(), stepped.figures());
        }
    }

    /// What a watcher was told adds up to what a second one sees who comes later.
    #[test]
    fn a_second_watcher_is_told_what_the_first_has_seen(case in cases()) {
        let mut model = case.build();
        let first = model.watch();
        let mut peers: BTreeMap<PeerId, _> = first.peers.into_iter().map(|peer| (peer.id, peer)).collect();
        let mut links: BTreeMap<_, _> = first.links.into_iter().map(|link| (link.id, link)).collect();
        let mut blocks: BTreeMap<BlockId, _> = first.blocks.into_iter().map(|block| (block.id, block)).collect();
        let mut packets: BTreeMap<PacketId, _> = first.packets.into_iter().map(|packet| (packet.id, packet)).collect();
        let mut steps = 0;
        let mut wrong = None;
        case.play(&mut *model, |model| {
            let mut told = Vec::new();
            model.take_happenings(&mut told);
            for what in told {
                match what {
                    Happening::Peer(peer) => { peers.insert(peer.id, *peer); }
                    Happening::Link(link) => { links.insert(link.id, link); }
                    Happening::Block(block) => { blocks.insert(block.id, *block); }
                    Happening::Departs(packet) => { packets.insert(packet.id, packet); }
                    Happening::Ends { id, .. } => { packets.remove(&id); }
                    other => wrong = Some(format!("{other:?}")),
                }
            }
            steps += 1;
            if steps % 50 == 0 && wrong.is_none() {
                let now = model.copy().watch();
                packets.retain(|_, packet| packet.arrives > now.now);
                let same = now.peers == peers.values().cloned().collect::<Vec<_>>()
                    && now.links == links.values().copied().collect::<Vec<_>>();
                let seen: BTreeMap<BlockId, _> = now.blocks.iter().map(|block| (block.id, block.clone())).collect();
                let flying: BTreeSet<PacketId> =
                    now.packets.iter().filter(|packet| packet.arrives > now.now).map(|packet| packet.id).collect();
                if !same || seen != blocks || flying != packets.keys().copied().collect() {
                    wrong = Some(format!("at {}: peers and links {same}, blocks {}", now.now, seen == blocks));
                }
            }
        });
        prop_assert_eq!(wrong, None);
    }
}

/// On the wall: nodes in camps while a fork is open, hollow words, blocks as squares and diamonds, true fingerprints.
#[test]
fn a_watcher_sees_camps_words_blocks_and_true_fingerprints() {
    let mut model = build("blockchain", &WALL, 1);
    let standing = model.watch();
    assert_eq!((standing.peers.len(), standing.blocks.len()), (40, 1));
    assert_eq!(standing.blocks[0].fingerprint, printed(&genesis().hash()));
    model.act(&on("mine", 0)).unwrap();
    model.act(&plain("rival")).unwrap();
    model.advance(30 * SECOND);
    let mut told = Vec::new();
    model.take_happenings(&mut told);
    let mut forms = BTreeSet::new();
    let (mut camps, mut blocks) = (BTreeMap::new(), BTreeMap::new());
    for what in &told {
        match what {
            Happening::Departs(packet) => {
                assert!(packet.arrives > packet.departs);
                forms.insert(format!("{:?}", packet.form));
            }
            Happening::Peer(peer) => {
                camps.insert(peer.id, peer.camp);
            }
            Happening::Block(block) => {
                blocks.insert(block.id, (**block).clone());
            }
            _ => {}
        }
    }
    let first = |node| BlockId { finder: PeerId(node), count: 0 };
    let expected: BTreeSet<String> =
        [PacketForm::Question, PacketForm::BlockA, PacketForm::BlockB].map(|form| format!("{form:?}")).into();
    assert_eq!(forms, expected);
    let count = |camp| camps.values().filter(|c| **c == camp).count();
    assert!(count(Camp::A) > 0 && count(Camp::B) > 0 && count(Camp::A) + count(Camp::B) >= 40, "{camps:?}");
    assert_eq!(blocks.len(), 2);
    assert!(blocks.values().all(|block| block.height == 1 && block.before == Some(standing.blocks[0].id)));
    assert_ne!(blocks[&first(0)].camp, blocks[&first(39)].camp);
    // Cut links and stopped nodes are told too.
    model.act(&plain("part")).unwrap();
    model.act(&on("stop", 3)).unwrap();
    let mut told = Vec::new();
    model.take_happenings(&mut told);
    assert!(told.iter().any(|what| matches!(what, Happening::Link(link) if link.state == LinkState::Cut)));
    assert!(told.iter().any(|what| matches!(what, Happening::Peer(peer) if matches!(peer.life, Life::Stopped(_)))));
}

/// Until something of a touch has come to a node, nothing of it is changed: a stopped node that nobody is linked to but one
/// leaves the luck of all others alone.
#[test]
fn a_touch_leaves_the_luck_of_others_alone() {
    let set = [("nodes", "30"), ("outbound", "4"), ("blocks", "40")];
    let mut plain = build("blockchain", &set, 9);
    let mut touched = plain.copy();
    touched.act(&on("stop", 11)).unwrap();
    // Until the first block of the stopped node, both runs find the same blocks at the same moments.
    plain.watch();
    touched.watch();
    let found = |model: &mut dyn Model| {
        finish(model);
        let mut told = Vec::new();
        model.take_happenings(&mut told);
        let blocks = told.into_iter().filter_map(|what| match what {
            Happening::Block(block) => Some((block.id, block.height)),
            _ => None,
        });
        blocks.collect::<BTreeMap<_, _>>()
    };
    let (one, other) = (found(&mut *plain), found(&mut *touched));
    let of_the_stopped = one.iter().filter(|(id, _)| id.finder == PeerId(11)).map(|(_, height)| *height).min();
    let until = of_the_stopped.unwrap_or(u32::MAX);
    let early = |row: &BTreeMap<BlockId, u32>| -> Vec<_> {
        row.iter().filter(|(_, h)| **h < until).map(|(id, h)| (*id, *h)).collect()
    };
    assert!(until > 3, "the stopped node would have found the first blocks");
    assert_eq!(early(&one), early(&other));
}

/// Settings that make no sense are refused, or run to their end.
#[test]
fn nonsense_is_refused_or_ends() {
    let system = peerscape::sim::registry::find("blockchain").unwrap();
    let specs = (system.settings)();
    let mut settings = peerscape::sim::model::Settings::defaults(&specs);
    for (key, bad) in [
        ("nodes", "0"),
        ("outbound", "0"),
        ("outbound", "tables"),
        ("block_interval_s", "NaN"),
        ("block_interval_s", "0"),
        ("block_interval_s", "inf"),
        ("bandwidth", "0"),
        ("latency", "-1"),
        ("latency", "inf"),
        ("compact_share", "1.1"),
        ("hash_change_to", "0"),
        ("blocks", "0"),
        ("blocks", "99999999999999999999"),
    ] {
        assert!(settings.set(&specs, key, bad).is_err(), "{key} = {bad}");
    }
    for (key, bad) in [("nodes", "1000000"), ("retarget_window", "1"), ("block_interval_s", "1000000000")] {
        let mut settings = peerscape::sim::model::Settings::defaults(&specs);
        settings.set(&specs, key, bad).unwrap();
        settings.set(&specs, "blocks", "2000").unwrap();
        assert!((system.build)(&settings, 1).is_err(), "{key} = {bad}");
    }
    for set in [
        &[("nodes", "2"), ("bandwidth", "1"), ("block_bytes", "10000000000"), ("latency", "3600")][..],
        &[("nodes", "30"), ("block_interval_s", "0.001"), ("blocks", "3000"), ("bandwidth", "1")],
        &[("nodes", "50"), ("block_interval_s", "0.001"), ("blocks", "2000"), ("hash_power", "zipf")],
        &[
            ("nodes", "3"),
            ("retarget_window", "2"),
            ("blocks", "5000"),
            ("hash_change_at", "1"),
            ("hash_change_to", "1000"),
        ],
        &[
            ("nodes", "3"),
            ("retarget_window", "3"),
            ("blocks", "5000"),
            ("hash_change_at", "9"),
            ("hash_change_to", "0.001"),
        ],
    ] {
        let model = run(set, 1);
        assert!(value(&*model, "height") >= 1.0, "{set:?}");
        assert!(model.figures().iter().all(|figure| figure.value.is_none_or(f64::is_finite)));
    }
}

#[test]
fn threads_change_nothing() {
    let one = |seed| run(&[("nodes", "100"), ("blocks", "50"), ("block_interval_s", "5")], seed).figures();
    let alone: Vec<_> = (0..8).map(one).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|seed| scope.spawn(move || one(seed))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
    assert_ne!(alone[0], alone[1]);
}
