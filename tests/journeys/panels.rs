//! The panels by finger: a fingerprint, a forged chain, the wall that mines, and a bet on a race.

use crate::{
    eyes,
    finger::Spot,
    journey::{FULL_HD, Journey, colour},
    patience::PATIENCE,
    picture::Region,
};
use peerscape::{
    ink::sheet::Ink,
    slides::{Entered, Touch},
};
use std::time::Duration;

/// How long a visitor may have to wait for something that depends on luck.
const LONG: Duration = Duration::from_secs(90);

/// Where a pill of a slide stands.
fn pill(way: &str, index: usize) -> Spot {
    eyes::find(&eyes::deck(), way, |does| does == Touch::Pill(index)).0
}

/// Where a key on the wall stands that does a deed with a value.
fn key(deed: &str, value: Entered) -> Spot {
    let wanted = |does| matches!(does, Touch::Set { deed: d, value: v } if d == deed && v == value);
    eyes::find(&eyes::deck(), "blockchain/fingerprint", wanted).0
}

/// Where a slider's or an axis' value stands.
fn on_axis(way: &str, deed: &str, value: u32) -> Spot {
    let (spot, does) = eyes::find(&eyes::deck(), way, |does| matches!(does, Touch::Slide(axis) if axis.deed == deed));
    let Touch::Slide(axis) = does else { panic!("an axis") };
    let along = (value - axis.low) as f32 / (axis.high - axis.low) as f32;
    [axis.from as f32 + along * (axis.to - axis.from) as f32, spot[1]]
}

/// One letter more or less, and about half of the lights are others: those with a ring around them. Keys on the wall write,
/// erase and move the caret, and no keyboard is needed.
#[test]
fn a_letter_flips_half_of_the_lights() {
    let j = Journey::begin("one-way", FULL_HD, &["--at", "blockchain/fingerprint", "--idle", "600"]);
    let lights = Region(1240.0, 252.0, 584.0, 500.0);
    let text = Region(96.0, 286.0, 880.0, 90.0);
    let ring = colour("night", Ink::Ink);
    let rings = |j: &Journey| j.look_at().ink(ring, lights);
    assert!(rings(&j) < 0.004, "nothing has flipped yet");
    let before = j.look_at();
    let mark = j.wall.mark();
    j.finger.tap(pill("blockchain/fingerprint", 0));
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "changed");
    j.see("about half of the lights ringed", |p| (0.01..0.2).contains(&p.ink(ring, lights)));
    j.see_change("the text", &before, text, 0.001);
    // Back, out, in: what was typed stands there, and the lights are others each time.
    for (what, place) in [
        ("erased", key("erase", Entered::None)),
        ("typed", key("type", Entered::Sign('7'))),
        ("a space typed", key("type", Entered::Sign(' '))),
    ] {
        let before = j.look_at();
        let mark = j.wall.mark();
        j.finger.tap(place);
        j.wall.hear_where(mark, "deed", PATIENCE, |_| true);
        j.see_change(what, &before, lights, 0.01);
    }
    // Backward there is no way: thousands of guesses have a few lights right, and the lights stand.
    let before = j.look_at();
    let mark = j.wall.mark();
    j.finger.tap(pill("blockchain/fingerprint", 1));
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "reversed");
    let after = j.see_change("the headline", &before, Region(96.0, 50.0, 1500.0, 90.0), 0.01);
    assert!(after.changed(&before, lights) < 0.001, "no light flips for it");
    // Capitals change the keys, and nothing of the text.
    let (before, letters) = (j.look_at(), Region(96.0, 480.0, 880.0, 200.0));
    let capitals = eyes::find(&eyes::deck(), "blockchain/fingerprint", |does| does == Touch::Capitals).0;
    j.finger.tap(capitals);
    let after = j.see_change("the letters on the keys", &before, letters, 0.001);
    assert!(after.changed(&before, lights) < 0.001, "no light flips for it");
}

/// A word is forged in the second block: every later seal fails. They are made again one by one, by real hashing, and
/// meanwhile the others are ahead.
#[test]
fn a_forged_chain_breaks_and_is_sealed_again_too_late() {
    let j = Journey::begin("chain", FULL_HD, &["--at", "blockchain/chain", "--idle", "600"]);
    let bad = colour("night", Ink::Bad);
    let block = |n: usize| Region(112.0 + 337.0 * n as f32, 330.0, 250.0, 420.0);
    j.see("no seal broken", |p| p.ink(bad, Region(96.0, 250.0, 1728.0, 600.0)) < 0.0005);
    let mark = j.wall.mark();
    let Region(x, y, wide, high) = block(1);
    j.finger.tap([x + wide * 0.5, y + high * 0.5]);
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "broken");
    let seen = j.see("the second to the fifth broken", |p| (1..5).all(|n| p.ink(bad, block(n)) > 0.003));
    assert!(seen.ink(bad, block(0)) < 0.001, "the first stands");
    let remine = pill("blockchain/chain", 1);
    for n in 1..5 {
        let mark = j.wall.mark();
        j.finger.tap(remine);
        j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "remine");
        let state = if n == 4 { "outrun" } else { "remined" };
        j.wall.hear_where(mark, "state", LONG, |s| s == state);
        // The forged word stays what it is; the seal is whole.
        j.see("sealed again", |p| p.ink(bad, block(n)) < if n == 1 { 0.02 } else { 0.001 });
    }
}

/// The wall mines for real; with few lights that must stay dark it soon finds one, and when the slide is left it stops.
#[test]
fn the_wall_mines_and_stops_when_it_is_left() {
    let j = Journey::begin("mining", FULL_HD, &["--at", "blockchain/work", "--idle", "600"]);
    j.wall.hear_where(j.wall.beginning(), "state", LONG, |state| state == "mining");
    let mark = j.wall.mark();
    j.finger.tap(on_axis("blockchain/work", "dark", 16));
    j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "dark");
    j.wall.hear_where(mark, "state", LONG, |state| state == "found");
    // A finger along the track takes the knob with it.
    let mark = j.wall.mark();
    let (from, to) = (on_axis("blockchain/work", "dark", 16), on_axis("blockchain/work", "dark", 72));
    j.finger.down(0, from);
    j.finger.slide(0, to, 0.6);
    j.finger.up(0);
    j.wall.hear_where(mark, "state", LONG, |state| state == "mining");
    assert!(j.wall.told(mark, "deed").len() > 3, "the value follows the finger");
    // Left for a slide that stands still, the cores rest.
    for _ in 0..2 {
        j.moves("a slide back", || j.finger.tap(eyes::chrome::BACK));
    }
    j.see_still(Region(0.0, 0.0, 1920.0, 1080.0));
    let before = j.wall.ticks();
    std::thread::sleep(Duration::from_secs(2));
    let used = j.wall.ticks() - before;
    assert!(used < 60, "{used} ticks of a hundredth of a second in two seconds: something still works");
}

/// A bet, a hundred races, ten thousand: the brackets stand about the exact chance, and the bet moves no more.
#[test]
fn a_bet_is_made_before_the_races() {
    let j = Journey::begin("race", FULL_HD, &["--at", "currencies/race", "--idle", "600"]);
    let (data, sky) = (colour("night", Ink::Data), colour("night", Ink::Sky));
    let mark = j.wall.mark();
    j.finger.tap(on_axis("currencies/race", "bet", 5));
    j.wall.hear_where(mark, "state", PATIENCE, |state| state == "bet");
    let bet = on_axis("currencies/race", "bet", 5);
    j.see("the bet stands", |p| p.ink(data, Region::about(bet, 40.0)) > 0.1);
    let rows = [Region(880.0, 500.0, 520.0, 60.0), Region(880.0, 636.0, 520.0, 60.0)];
    for (row, index) in rows.into_iter().zip([1, 2]) {
        let mark = j.wall.mark();
        j.finger.tap(pill("currencies/race", index));
        j.wall.hear_where(mark, "deed", PATIENCE, |deed| deed == "race");
        j.see_within("a bracket", LONG, |p| p.ink(sky, row) > 0.005);
        // While races are run, no more can be begun.
        j.see_still(Region(0.0, 0.0, 1920.0, 960.0));
    }
    // Longer with a hundred than with ten thousand.
    let done = j.see_within("a long bracket and a short one", LONG, |p| {
        p.ink(sky, rows[1]) > 0.005 && p.ink(sky, rows[1]) * 3.0 < p.ink(sky, rows[0])
    });
    let mark = j.wall.mark();
    j.finger.tap(on_axis("currencies/race", "bet", 20));
    j.see("the bet where it was", |p| p.ink(data, Region::about(bet, 40.0)) > 0.1);
    assert!(j.wall.told(mark, "deed").iter().all(|deed| deed != "bet"), "no bet after the races");
    drop(done);
}
