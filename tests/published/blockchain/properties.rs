//! What holds whatever the settings and whatever a visitor does.

use super::{run, value};
use crate::{build, finish, on, plain};
use peerscape::sim::{
    model::{Deed, Model, Settings, Target},
    registry,
    vocabulary::{BlockId, Happening, PacketId, PeerId, SECOND},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a visitor does at some moment, in milliseconds.
#[derive(Clone, Debug)]
struct Touch {
    at: u64,
    what: usize,
    peer: u32,
}

/// Touches in order: some follow at once, while what the one before set going is still on its way.
fn touches() -> impl Strategy<Value = Vec<Touch>> {
    let gap = prop_oneof![0_u64..1_500, 0_u64..400_000];
    prop::collection::vec((gap, 0_usize..11, 0_u32..30), 0..14).prop_map(|row| {
        let mut at = 0;
        let touch = |(gap, what, peer)| {
            at += gap;
            Touch { at, what, peer }
        };
        row.into_iter().map(touch).collect()
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
            if touch.at * 1_000 > model.now() {
                model.advance(touch.at * 1_000);
            }
            look(model);
            let links: Vec<_> = model.eyes(PeerId(touch.peer)).map(|eyes| eyes.links).unwrap_or_default();
            let deed = match touch.what {
                0 => plain("rival"),
                1 | 10 => on("mine", touch.peer),
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
        prop_assert_eq!(bytes("bytes_sent"), bytes("bytes_received") + bytes("bytes_lost"), "{:?}", model.states());
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

/// Settings that make no sense are refused, or run to their end.
#[test]
fn nonsense_is_refused_or_ends() {
    let system = registry::find("blockchain").unwrap();
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
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
        ("tx_rate", "-1"),
        ("tx_rate", "NaN"),
        ("block_room", "0"),
    ] {
        assert!(settings.set(&specs, key, bad).is_err(), "{key} = {bad}");
    }
    for (key, bad) in
        [("nodes", "1000000"), ("retarget_window", "1"), ("block_interval_s", "1000000000"), ("tx_rate", "1000000")]
    {
        let mut settings = Settings::defaults(&specs);
        settings.set(&specs, key, bad).unwrap();
        settings.set(&specs, "blocks", "2000").unwrap();
        assert!((system.build)(&settings, 1).is_err(), "{key} = {bad}");
    }
    for set in [
        &[("nodes", "2"), ("bandwidth", "1"), ("block_bytes", "10000000000"), ("latency", "3600")][..],
        &[("nodes", "30"), ("block_interval_s", "0.001"), ("blocks", "3000"), ("bandwidth", "1")],
        &[("nodes", "50"), ("block_interval_s", "0.001"), ("blocks", "2000"), ("hash_power", "zipf")],
        &[("nodes", "1"), ("tx_rate", "3000"), ("block_interval_s", "1"), ("blocks", "100"), ("block_room", "1")],
        &[("nodes", "2"), ("tx_rate", "500"), ("block_interval_s", "1"), ("blocks", "100"), ("latency", "20")],
        &[("nodes", "20"), ("tx_rate", "2"), ("block_interval_s", "2"), ("blocks", "100"), ("latency", "3600")],
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
