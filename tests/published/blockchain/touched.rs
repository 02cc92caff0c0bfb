//! A chain that a visitor touches, and what a watcher sees of it.

use super::{blocks::genesis, quick_with, value};
use crate::{build, finish, on, plain};
use peerscape::sim::{
    blockchain::header::printed,
    model::Model,
    vocabulary::{BlockId, Camp, Happening, Life, LinkState, PacketForm, PeerId, SECOND},
};
use std::collections::{BTreeMap, BTreeSet};

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
    let set = quick_with(&[("blocks", "1000"), ("retarget_window", "100")]);
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
