//! The scenes of the great subjects, by finger: each is broken, and does what its rule says.

use crate::{
    eyes,
    finger::Spot,
    journey::{FULL_HD, Journey, colour},
    patience::PATIENCE,
    picture::Region,
};
use peerscape::{
    deck::state::DeckState,
    ink::sheet::Ink,
    slides::{Touch, ease::Ease},
};
use std::time::Duration;

/// The middle of the only disc of a scene, where the seed stands, and the disc's radius.
const MIDDLE: Spot = [780.0, 556.0];
const DISC: f32 = 292.0;

/// How long a visitor may have to wait for something that depends on the run.
const LONG: Duration = Duration::from_secs(90);

/// One copy is out: the seed may go, and the swarm is whole. Every peer that this makes a difference to gets a circle, and
/// in the end all have the file.
#[test]
fn a_swarm_finishes_without_its_seed() {
    let j = Journey::begin("swarm", FULL_HD, &["--at", "bittorrent/swarm", "--idle", "600"]);
    j.wall.hear_where(j.wall.beginning(), "state", LONG, |state| state == "one_copy_out");
    let (bad, seed) = (colour("night", Ink::Bad), Region::about(MIDDLE, 40.0));
    let before = j.look_at();
    let mark = j.wall.mark();
    j.finger.tap(MIDDLE);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest == "stop network=0 peer=0");
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "seed_left");
    j.see("the seed crossed", |p| p.ink(bad, seed) > 0.02);
    let number = Region(1384.0, 580.0, 300.0, 70.0);
    j.see_change("how many are changed by the touch", &before, number, 0.005);
    j.wall.hear_where(mark, "state", LONG, |state| state == "all_done");
    // It comes back, and finds nothing to do.
    let mark = j.wall.mark();
    j.finger.tap(MIDDLE);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest == "start network=0 peer=0");
    j.see("the seed whole again", |p| p.ink(bad, seed) < 0.005);
}

/// A second block at the right moment opens a fork, which closes; a network that was cut in two has two histories, and
/// gives one up when it is joined again.
#[test]
fn a_fork_opens_and_closes_and_a_cut_network_gives_a_history_up() {
    let j = Journey::begin("fork", FULL_HD, &["--at", "blockchain/fork", "--idle", "600"]);
    let deck = eyes::deck();
    let at = deck.position_of("blockchain/fork").expect("the slide");
    let pill = |index| {
        eyes::place(&deck, &DeckState { at, ..DeckState::default() }, None, Ease::default(), Touch::Pill(index))
    };
    // The pill that cuts joins again what it has cut.
    let (rival, part) = (pill(0), pill(1));
    let sky = colour("night", Ink::Sky);
    let disc = Region::about(MIDDLE, DISC);
    let mark = j.wall.mark();
    j.finger.tap(part);
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "cut");
    // Both halves write on until each has blocks of its own.
    j.see_within("two histories", LONG, |p| p.ink(sky, disc) > 0.01);
    let mark = j.wall.mark();
    j.finger.tap(part);
    j.wall.hear_where(mark, "state", LONG, |state| state == "healed");
    j.see_within("one history", LONG, |p| p.ink(sky, disc) < 0.01);
    // While a block spreads, another can be found.
    let mark = j.wall.mark();
    let forked = (0..60).any(|_| {
        j.finger.tap(rival);
        std::thread::sleep(Duration::from_millis(900));
        j.wall.told(mark, "state").iter().any(|state| state == "forked")
    });
    assert!(forked, "no fork opened: {}", j.wall.tail(mark));
    j.wall.hear_where(mark, "state", LONG, |state| state == "resolved");
}

/// A finger drawn from edge to edge cuts what it crosses, line by line as it goes, and turns no page; joined again, one side
/// gives its history up. Beside the disc the same stroke turns the page.
#[test]
fn a_finger_cuts_the_network_in_two() {
    let j = Journey::begin("stroke", FULL_HD, &["--at", "blockchain/fork", "--idle", "600"]);
    let deck = eyes::deck();
    let at = deck.position_of("blockchain/fork").expect("the slide");
    let part = eyes::place(&deck, &DeckState { at, ..DeckState::default() }, None, Ease::default(), Touch::Pill(1));
    let (bad, disc) = (colour("night", Ink::Bad), Region::about(MIDDLE, DISC));
    let nodes = colour("night", Ink::Ink);
    j.see("nodes, and no line cut", |p| p.ink(nodes, disc) > 0.02 && p.ink(bad, disc) < 0.001);
    let place = j.wall.place();
    let mark = j.wall.mark();
    // Down between the two nodes at the top, half of the way, and there it waits.
    j.finger.down(0, [MIDDLE[0], MIDDLE[1] - 271.0]);
    j.finger.slide(0, MIDDLE, 0.5);
    let half = j.see("some lines cut while the finger is down", |p| p.ink(bad, disc) > 0.002);
    j.finger.slide(0, [MIDDLE[0], MIDDLE[1] + 280.0], 0.5);
    j.finger.up(0);
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "cut");
    let cuts = j.wall.told(mark, "deed");
    assert!(cuts.len() > 3 && cuts.iter().all(|deed| deed.starts_with("cut links=")), "{cuts:?}");
    j.see("more lines cut", |p| p.ink(bad, disc) > half.ink(bad, disc));
    assert_eq!(j.wall.place(), place, "no page was turned");
    let mark = j.wall.mark();
    j.finger.tap(part);
    j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "heal");
    j.see("no line cut any more", |p| p.ink(bad, disc) < 0.001);
    // Beside the disc it turns the page; so it does inside where nothing would join again what it cut.
    let mark = j.wall.mark();
    j.moves("the page turned by a stroke beside the disc", || {
        j.finger.swipe([MIDDLE[0] - 500.0, MIDDLE[1] + 100.0], [MIDDLE[0] - 500.0, MIDDLE[1] - 250.0]);
    });
    assert!(j.wall.told(mark, "deed").is_empty(), "and nothing cut");
    drop(j);
    let j = Journey::begin("no-stroke", FULL_HD, &["--at", "currencies/pace", "--idle", "600"]);
    let mark = j.wall.mark();
    j.moves("the page turned by a stroke across the disc", || {
        j.finger.swipe([MIDDLE[0], MIDDLE[1] + 150.0], [MIDDLE[0], MIDDLE[1] - 150.0]);
    });
    assert!(!j.wall.told(mark, "deed").iter().any(|deed| deed.starts_with("cut")), "what nothing heals is not cut");
}

/// A tap on the light node has a payment proved, its card shows the fingerprints on the way, and a made-up payment is found
/// out.
#[test]
fn a_light_node_has_a_payment_proved() {
    let j = Journey::begin("light", FULL_HD, &["--at", "blockchain/light", "--idle", "600"]);
    let deceive = eyes::find(&eyes::deck(), "blockchain/light", |does| does == Touch::Pill(1)).0;
    let (light, data) = ([708.0, 343.0], colour("night", Ink::Data));
    let card = Region(840.0, 220.0, 400.0, 640.0);
    // Before the first block there is nothing to ask about; from then on each tap asks.
    let mark = j.wall.mark();
    let proved = (0..80).any(|_| {
        j.finger.tap(light);
        std::thread::sleep(Duration::from_millis(900));
        j.wall.told(mark, "state").iter().any(|state| state == "light")
    });
    assert!(proved, "nothing was proved: {}", j.wall.tail(mark));
    let asked = j.wall.told(mark, "deed");
    assert!(asked.iter().all(|deed| deed == "ask network=0 peer=9"), "{asked:?}");
    let raised = colour("night", Ink::Raised);
    j.see("no card yet", |p| p.ink(raised, card) < 0.01 && p.ink(data, card) < 0.001);
    j.finger.hold(light);
    // How many of a fingerprint's 16 fields are lit is chance: of eleven fingerprints, never next to none.
    j.see("a card with the fingerprints on the way", |p| p.ink(raised, card) > 0.3 && p.ink(data, card) > 0.002);
    j.finger.up(0);
    let mark = j.wall.mark();
    j.finger.tap(deceive);
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "unproven");
}

/// Records wait, the best paid go in first; a false one is turned away, and without miners they pile up.
#[test]
fn the_best_paid_go_in_and_a_false_one_is_turned_away() {
    let j = Journey::begin("pool", FULL_HD, &["--at", "blockchain/verifiers", "--idle", "600"]);
    let pill = |index| eyes::find(&eyes::deck(), "blockchain/verifiers", |does| does == Touch::Pill(index)).0;
    let (next, waits) = (Region(808.0, 430.0, 1016.0, 100.0), Region(808.0, 590.0, 1016.0, 180.0));
    let (data, nodes) = (colour("night", Ink::Data), colour("night", Ink::Ink));
    let before = j.see("the nodes", |p| p.ink(nodes, Region(96.0, 250.0, 640.0, 600.0)) > 0.02);
    let mark = j.wall.mark();
    j.finger.tap(pill(0));
    j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "pay");
    j.see("a record that goes next", |p| p.ink(data, next) > before.ink(data, next) + 0.005);
    let mark = j.wall.mark();
    j.finger.tap(pill(2));
    j.wall.hear_where(mark, "state", LONG, |state| state == "refused");
    // Nobody seals: more wait than a block has room for.
    let mark = j.wall.mark();
    j.finger.tap(pill(3));
    j.wall.hear_where(mark, "state", LONG, |state| state == "unsealed");
    for _ in 0..8 {
        j.finger.tap(pill(1));
    }
    j.see_within("records that have to wait", LONG, |p| p.ink(data, waits) > 0.002);
    let mark = j.wall.mark();
    j.finger.tap(pill(3));
    j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "work");
    j.wall.hear_where(mark, "state", LONG, |state| state == "packed");
}

/// Twice the miners: blocks come too fast until the target follows; half of them: too slowly.
#[test]
fn the_target_follows_the_miners() {
    let j = Journey::begin("pace", FULL_HD, &["--at", "currencies/pace", "--idle", "600"]);
    let pill = |index| eyes::find(&eyes::deck(), "currencies/pace", |does| does == Touch::Pill(index)).0;
    let mark = j.wall.mark();
    for _ in 0..2 {
        j.finger.tap(pill(0));
    }
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "doubled");
    j.wall.hear_where(mark, "state", LONG, |state| state == "retargeted");
    let mark = j.wall.mark();
    for _ in 0..4 {
        j.finger.tap(pill(1));
    }
    j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "halve_miners");
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "halved");
}
