//! What must hold of every run, whatever its settings: no line carries more than its rate, no byte comes from nowhere, a
//! copy runs on alike, and neither threads nor watchers change anything.

use crate::{build, figure, finish, on, plain};
use peerscape::sim::{
    model::Model,
    vocabulary::{Happening, Micros, Packet, PacketId, PeerId, SECOND},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
struct Case {
    set: Vec<(&'static str, String)>,
    seed: u64,
    /// What a visitor does, and after how many seconds each.
    touches: Vec<(u64, u8, u32)>,
}

impl Case {
    fn get(&self, key: &str) -> u64 {
        self.set.iter().find(|(k, _)| *k == key).and_then(|(_, v)| v.parse().ok()).expect("a number")
    }

    fn build(&self) -> Box<dyn Model> {
        let set: Vec<(&str, &str)> = self.set.iter().map(|(k, v)| (*k, v.as_str())).collect();
        build("distribution", &set, self.seed)
    }

    /// Touches as the visitor does; what makes no sense is refused, which is fine.
    fn play(&self, model: &mut dyn Model, mut after_each: impl FnMut(&mut dyn Model)) {
        for (wait, what, who) in &self.touches {
            model.advance(model.now() + wait * SECOND);
            let who = who % (self.get("peers") as u32 + 1);
            let deed = match what {
                0..=3 => on("stop", who),
                4..=6 => on("start", who),
                7 => plain("add"),
                8 => plain("slow"),
                _ => plain("quicken"),
            };
            let allowed = model.may(&deed);
            assert_eq!(model.act(&deed), allowed, "what may be done is done, and nothing else");
            after_each(model);
        }
        finish(model);
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let mode = prop_oneof![Just("client-server"), Just("peer-to-peer")];
    let degree = prop_oneof![Just(0_u64), 2..6_u64];
    let latency = prop_oneof![Just("0"), Just("0.5"), Just("7")];
    let lines = (1_000..100_000_u64, 500..20_000_u64, 500..100_000_u64, 1..12_u64);
    let touches = prop::collection::vec((0_u64..200, 0_u8..10, 0_u32..30), 0..8);
    ((mode, 1..14_u64, 1..60_u64, 1_000..2_000_000_u64), degree, latency, lines, any::<u64>(), touches).prop_map(
        |((mode, peers, chunks, file), degree, latency, (server_up, peer_up, peer_down, lanes), seed, touches)| {
            let number = |n: u64| n.to_string();
            let set = vec![
                ("mode", mode.to_owned()),
                ("peers", number(peers)),
                ("chunks", number(chunks)),
                ("file_bytes", number(file)),
                ("degree", number(degree)),
                ("latency", latency.to_owned()),
                ("server_up", number(server_up)),
                ("peer_up", number(peer_up)),
                ("peer_down", number(peer_down)),
                ("server_lanes", number(lanes)),
            ];
            Case { set, seed, touches }
        },
    )
}

fn bytes_of(case: &Case, packet: &Packet) -> u64 {
    let (file, chunks) = (u128::from(case.get("file_bytes")), u128::from(case.get("chunks")));
    let chunk = u128::from(packet.piece.expect("a packet carries a piece").0);
    (file * (chunk + 1) / chunks - file * chunk / chunks) as u64
}

/// No stretch of time carries more over a sending line than its rate allows, besides the blocks that only end in it.
fn check_lines(case: &Case, packets: &[Packet], ends: &BTreeMap<PacketId, Micros>, latency: Micros) {
    let mut by_sender: BTreeMap<PeerId, Vec<(Micros, Micros, u64)>> = BTreeMap::new();
    for packet in packets {
        let sent = packet.arrives - latency;
        if ends.get(&packet.id).is_none_or(|at| *at >= sent) {
            by_sender.entry(packet.from).or_default().push((packet.departs, sent, bytes_of(case, packet)));
        }
    }
    for (sender, mut blocks) in by_sender {
        let (rate, lanes) = match sender {
            PeerId(0) => (case.get("server_up"), case.get("server_lanes")),
            _ => (case.get("peer_up"), 1),
        };
        blocks.sort_unstable();
        for (departs, sent, bytes) in &blocks {
            let at_once = blocks.iter().filter(|(d, s, _)| d < sent && departs < s).count() as u64;
            if blocks.iter().all(|(d, s, _)| d < s) && lanes == 1 {
                assert!(at_once <= 1, "{sender:?} has one lane and sends {at_once} at a time");
            }
            // A lane's block takes its time, but for the microsecond that another's rounding gave away.
            let least = u128::from(*bytes) * 1_000_000 * u128::from(lanes) / u128::from(rate);
            assert!(u128::from(sent - departs) + 1 >= least, "{sender:?} sends {bytes} bytes in {} µs", sent - departs);
        }
        if let (Some(first), Some(last)) = (blocks.first(), blocks.iter().map(|b| b.1).max()) {
            let total: u128 = blocks.iter().map(|b| u128::from(b.2)).sum();
            // A block that was ended early is not in the sum, but may have left what its rounding gave away: less than 1 µs.
            assert!(
                total * 1_000_000 <= u128::from(last - first.0 + 1) * u128::from(rate),
                "{sender:?} sends {total} bytes in {} µs at {rate} B/s",
                last - first.0
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn lines_keep_to_their_rate_and_no_byte_comes_from_nowhere(case in cases()) {
        // Slowing the server's line would need its own account of rates.
        let case = Case { touches: case.touches.iter().copied().filter(|t| t.1 < 8).collect(), ..case };
        let mut model = case.build();
        let standing = model.watch();
        let mut told = Vec::new();
        case.play(&mut *model, |_| {});
        model.take_happenings(&mut told);
        let mut packets: Vec<Packet> = standing.packets;
        let mut ends = BTreeMap::new();
        let mut holds = BTreeSet::new();
        let mut now = 0;
        for what in &told {
            let at = match what {
                Happening::Departs(packet) => {
                    packets.push(*packet);
                    packet.departs
                }
                Happening::Ends { id, at, .. } => {
                    prop_assert!(ends.insert(*id, *at).is_none(), "{id:?} ends twice");
                    *at
                }
                Happening::Holds { peer, piece, at } => {
                    prop_assert!(holds.insert((*peer, *piece)), "{peer:?} gets {piece:?} twice");
                    let came = packets.iter().any(|p| {
                        p.to == *peer && p.piece == Some(*piece) && p.arrives <= *at && !ends.contains_key(&p.id)
                    });
                    prop_assert!(came, "{peer:?} holds {piece:?} that never came");
                    *at
                }
                _ => now,
            };
            prop_assert!(at >= now, "happenings go back in time");
            now = at;
        }
        // Who gives a chunk has it whole.
        for packet in &packets {
            let held = told.iter().any(|h| matches!(h, Happening::Holds { peer, piece, at }
                if *peer == packet.from && Some(*piece) == packet.piece && *at <= packet.departs));
            prop_assert!(packet.from == PeerId(0) || held, "{packet:?} was given before it was held");
        }
        let latency = (case.set.iter().find(|(k, _)| *k == "latency").unwrap().1.parse::<f64>().unwrap() * 1e6) as u64;
        check_lines(&case, &packets, &ends, latency);
        let got: u64 = holds
            .iter()
            .map(|(peer, piece)| {
                let packet = packets.iter().find(|p| p.to == *peer && p.piece == Some(*piece)).unwrap();
                bytes_of(&case, packet)
            })
            .sum();
        let said = figure(&*model, "server_bytes").unwrap() + figure(&*model, "peer_bytes").unwrap();
        prop_assert_eq!(got as f64, said);
    }

    #[test]
    fn once_all_run_again_everybody_gets_the_file(case in cases()) {
        let mut model = case.build();
        case.play(&mut *model, |_| {});
        for who in 0..figure(&*model, "peers").unwrap() as u32 + 1 {
            if model.may(&on("start", who)).is_ok() {
                model.act(&on("start", who)).unwrap();
            }
        }
        finish(&mut *model);
        prop_assert_eq!(model.states(), ["all_done"]);
        prop_assert_eq!(figure(&*model, "copies"), figure(&*model, "peers"));
    }

    #[test]
    fn a_copy_runs_on_alike_and_neither_watcher_nor_steps_change_anything(case in cases(), at in 0_u64..600) {
        let mut plain = case.build();
        plain.advance(at * SECOND);
        let mut copy = plain.copy();
        let mut watched = plain.copy();
        watched.watch();
        case.play(&mut *plain, |_| {});
        case.play(&mut *copy, |_| {});
        let mut told = Vec::new();
        case.play(&mut *watched, |model| model.take_happenings(&mut told));
        prop_assert_eq!(plain.figures(), copy.figures());
        prop_assert_eq!(plain.events(), copy.events());
        prop_assert_eq!(plain.figures(), watched.figures());
        prop_assert_eq!(plain.events(), watched.events());
        prop_assert_eq!(plain.states(), watched.states());
        let mut nothing = Vec::new();
        plain.take_happenings(&mut nothing);
        prop_assert!(nothing.is_empty(), "nobody watched");
        // In small steps, as a wall runs it.
        if case.touches.is_empty() && at > 0 {
            let mut stepped = case.build();
            while stepped.next_event().is_some() {
                let now = stepped.now();
                stepped.advance(now + 2_500_000);
            }
            prop_assert_eq!(stepped.figures(), plain.figures());
        }
    }

    #[test]
    fn a_second_watcher_is_told_what_the_first_has_seen(case in cases(), at in 1_u64..300) {
        let mut early = case.build();
        let mut standing = early.watch();
        early.advance(at * SECOND);
        let mut late = early.copy();
        let mut told = Vec::new();
        early.take_happenings(&mut told);
        for what in told {
            match what {
                Happening::Holds { peer, piece, .. } => {
                    standing.peers[peer.0 as usize].pieces.insert(piece.0);
                }
                Happening::Link(link) => {
                    let place = standing.links.binary_search_by_key(&link.id, |l| l.id).expect("the link stood before");
                    standing.links[place] = link;
                }
                Happening::Departs(packet) => standing.packets.push(packet),
                other => prop_assert!(false, "{other:?} without a touch"),
            }
        }
        let now = late.watch();
        let on_their_way: BTreeSet<PacketId> =
            standing.packets.iter().filter(|p| p.arrives > now.now).map(|p| p.id).collect();
        prop_assert_eq!(&now.peers, &standing.peers);
        prop_assert_eq!(&now.links, &standing.links);
        prop_assert_eq!(now.packets.iter().map(|p| p.id).collect::<BTreeSet<_>>(), on_their_way);
    }
}

#[test]
fn threads_change_nothing() {
    let run = |seed| {
        let mut model = build("distribution", &[("peers", "20"), ("chunks", "50"), ("degree", "4")], seed);
        finish(&mut *model);
        model.figures()
    };
    let alone: Vec<_> = (0..8).map(run).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|seed| scope.spawn(move || run(seed))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
    assert_ne!(alone[0], alone[1], "another seed is another run");
}
