//! The visitor's journey: by finger alone.

use crate::{
    exhibit::Place,
    eyes::{self, chrome, control},
    finger::Spot,
    journey::{FULL_HD, Journey, colour},
    patience::PATIENCE,
    picture::Region,
};
use peerscape::{
    deck::action::Action,
    ink::{look, sheet::Ink},
};
use std::{thread, time::Duration};

/// The servers of the two networks side by side: one place in the middle of each disc.
const SERVERS: [Spot; 2] = [[560.0, 548.0], [1360.0, 548.0]];

/// A peer of the left network: thirty stand around the server, one of them straight to its right.
const PEER: Spot = [795.0, 548.0];

/// A disc's radius with its dotted edge.
const DISC: f32 = 290.0;

/// A look stands for 350 ms before the next may come, so that nothing flashes; a touch that comes sooner is none.
pub const LOOK_RESTS: Duration = Duration::from_millis(450);

/// Where a scene's headline stands.
const HEADLINE: Region = Region(96.0, 58.0, 1728.0, 92.0);

/// The margins: nothing to touch stands there, so that a swipe is a swipe on every slide.
const RIGHT_MARGIN: f32 = 1880.0;
const ABOVE: f32 = 190.0;

/// What must not happen beside the one thing that a touch does.
const DEEDS: [&str; 5] = ["deed", "overlay", "look", "reset", "slide"];

/// Wakes the wall, reads, swipes, looks around, stops the server, goes; and the wall is as it was found.
#[test]
fn a_visitor_wakes_the_wall_stops_the_server_and_walks_away() {
    let idle = 12;
    let j = Journey::begin("visitor", FULL_HD, &["--idle", &idle.to_string()]);
    let deck = eyes::deck();
    let topics: Vec<&str> = deck.structure.topics.iter().map(|topic| topic.slug.as_str()).collect();

    // It plays by itself, on the whole screen.
    j.wall.hear(j.wall.beginning(), "attract stop");
    let window = j.screen.active_window().expect("the wall has a window");
    assert_eq!(j.screen.place_of(window), [0, 0, 1920, 1080], "the wall fills the screen");
    let ground = colour("night", Ink::Ground);
    let attract = j.see("a picture on the night's ground", |p| p.ink(ground, Region::ALL) > 0.3);
    assert!(attract.blankness(Region::ALL) < 0.95, "attract shows more than its ground");
    j.see_change("attract moves by itself", &attract, Region::ALL, 0.0005);

    // The first touch wakes it and does nothing else, though it falls where a control will stand.
    let mark = j.wall.mark();
    j.nothing("the touch that wakes the wall", &DEEDS[..4], || j.finger.tap(chrome::HELP));
    j.wall.hear(mark, "wake");
    let awake = j.wall.place().expect("waking names the place");
    assert_eq!(j.wall.told(mark, "slide").len(), 1, "it enters one place\n{}", j.wall.tail(mark));
    assert!(deck.find_slide(&format!("{}/{}", awake.topic, awake.slide)).is_some(), "{awake:?} is in the deck");

    // All topics, and from there to the first.
    let before = j.look_at();
    let mark = j.wall.mark();
    j.finger.tap(chrome::OVERVIEW);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "overview open");
    j.see_change("the overview", &before, Region::ALL, 0.05);
    let first_cell = [96.0 + 176.0, 360.0 + 59.0];
    let place = j.moves("the first cell of the overview", || j.finger.tap(first_cell));
    assert_eq!(place.topic, topics[0], "the first cell is the first topic");

    // The slide follows the finger before it settles.
    j.see_still(Region::ALL);
    let rest = j.look_at();
    let mark = j.wall.mark();
    j.finger.down(0, [RIGHT_MARGIN, ABOVE]);
    j.finger.slide(0, [RIGHT_MARGIN - 500.0, ABOVE], 0.2);
    j.see_change("the slide under the finger", &rest, Region::ALL, 0.03);
    assert!(j.wall.told(mark, "slide").is_empty(), "a finger still on the glass has decided nothing");
    j.finger.slide(0, [RIGHT_MARGIN - 1000.0, ABOVE], 0.2);
    j.finger.up(0);
    j.wall.hear_where(mark, "slide", PATIENCE, |rest| Place::read(rest).topic == topics[1]);
    j.see_change("another topic", &rest, HEADLINE, 0.01);

    // Swiping sideways goes through the topics, each another picture; past the last there is nothing.
    for topic in &topics[2..] {
        let before = j.look_at();
        let place = j.moves("a swipe to the left", || swipe_left(&j));
        assert_eq!(place.topic, *topic, "topics lie side by side");
        j.see_change(topic, &before, Region::ALL, 0.02);
    }
    j.nothing("a swipe past the last topic", &["slide"], || swipe_left(&j));
    let live = "side-by-side";
    while j.wall.place().is_some_and(|place| place.topic != live) {
        j.moves("a swipe to the right", || j.finger.swipe([400.0, ABOVE], [1300.0, ABOVE]));
    }

    // Up goes deeper, down comes back; so do the arrows.
    let top = j.wall.place().expect("a place");
    let deeper = j.moves("a swipe up", || j.finger.swipe([RIGHT_MARGIN, 900.0], [RIGHT_MARGIN, 380.0]));
    assert_eq!((&deeper.topic, deeper.slide == top.slide), (&top.topic, false), "deeper in the same topic");
    assert_eq!(j.moves("a swipe down", || j.finger.swipe([RIGHT_MARGIN, 380.0], [RIGHT_MARGIN, 900.0])), top);
    assert_eq!(j.moves("the arrow down", || j.finger.tap(chrome::DEEPER)), deeper);
    assert_eq!(j.moves("the arrow up", || j.finger.tap(chrome::BACK)), top);
    let at = deck.find_slide(&format!("{}/{}", top.topic, top.slide)).expect("the slide is in the deck");

    // *More* opens from its control; the scene runs on beside it.
    let mark = j.wall.mark();
    let raised = colour("night", Ink::Raised);
    let sheet = Region(1010.0, 68.0, 804.0, 864.0);
    j.finger.tap(control(&deck, at, Action::More));
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "more open");
    let more = j.see("the sheet of more", |p| p.ink(raised, sheet) > 0.6);
    j.see_change("the scene beside more", &more, Region(96.0, 262.0, 840.0, 454.0), 0.0005);
    j.finger.tap([1158.0, 903.0]);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "more closed");
    j.see("the scene without the sheet", |p| p.ink(raised, sheet) < 0.1);

    // The corner changes the look, and so does its control, through all five.
    for (i, name) in look::NAMES.iter().enumerate().cycle().skip(1).take(look::NAMES.len()) {
        thread::sleep(LOOK_RESTS);
        let mark = j.wall.mark();
        j.finger.tap(if i == 1 { chrome::CORNER } else { chrome::LOOK });
        j.wall.hear_where(mark, "look", PATIENCE, |rest| rest == *name);
        let ground = colour(name, Ink::Ground);
        j.see(&format!("the look {name}"), |p| p.ink(ground, Region::ALL) > 0.3);
    }

    // The server is stopped in both networks, at once and in words; and started again.
    j.moves("the arrow down", || j.finger.tap(chrome::DEEPER));
    j.moves("the arrow up", || j.finger.tap(chrome::BACK));
    j.see_still(HEADLINE);
    let bad = colour("night", Ink::Bad);
    let stopped = |p: &crate::picture::Picture| SERVERS.iter().all(|s| p.ink(bad, Region::about(*s, 75.0)) > 0.01);
    let running = j.see("both servers running", |p| {
        SERVERS.iter().all(|s| p.ink(colour("night", Ink::Data), Region::about(*s, 40.0)) > 0.5)
    });
    let mark = j.wall.mark();
    j.finger.tap(SERVERS[0]);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest == "stop network=0 peer=0");
    let state = j.wall.hear(mark, "state");
    assert!(["server_stopped", "stopped_early"].contains(&state.as_str()), "the headline says \"{state}\"");
    j.see("both servers crossed", stopped);
    j.see_change("another headline", &running, HEADLINE, 0.01);
    j.see_still(Region::about(SERVERS[0], DISC));
    let mark = j.wall.mark();
    j.finger.tap(SERVERS[1]);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest == "start network=1 peer=0");
    j.see("both servers running again", |p| !stopped(p));

    // Who walks away is asked, and then the wall is as it was found.
    let data = colour("night", Ink::Data);
    let ring = Region::about([1372.0, 540.0], 340.0);
    let mark = j.wall.mark();
    j.wall.hear_within(mark, "still there", Duration::from_secs(idle) + PATIENCE);
    let asked = j.see("the question's ring", |p| p.ink(data, ring) > 0.15);
    assert!(asked.luminance(HEADLINE) < running.luminance(HEADLINE) / 2.0, "the slide behind the question is dimmed");
    let whole = asked.ink(data, ring);
    j.see("the ring losing its pieces", |p| p.ink(data, ring) < whole * 0.8);
    j.wall.hear_within(mark, "reset", Duration::from_secs(20) + PATIENCE);
    j.wall.hear(mark, "attract stop");
    j.see("the visitor's place in the empty ring", |p| p.ink(data, Region::about([190.0, 866.0], 30.0)) > 0.4);
}

/// Once every chunk is out among the peers, the server's stop no longer matters: the one network stands, the other
/// carries on.
#[test]
fn the_peers_carry_on_without_the_server() {
    let j = Journey::begin("carry-on", FULL_HD, &["--at", "side-by-side/live", "--idle", "600"]);
    // Stopping too soon is refused nothing, and undone; by and by every chunk is out.
    let mut headline = String::new();
    for _ in 0..20 {
        thread::sleep(Duration::from_secs(1));
        let mark = j.wall.mark();
        j.finger.tap(SERVERS[0]);
        headline = j.wall.hear_where(mark, "state", PATIENCE, |_| true);
        if headline != "stopped_early" {
            break;
        }
        let mark = j.wall.mark();
        j.finger.tap(SERVERS[0]);
        j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest.starts_with("start"));
    }
    assert_eq!(headline, "server_stopped", "at some moment of the run the peers can do without the server");
    let (client_server, peer_to_peer) = (Region::about(SERVERS[0], DISC), Region::about(SERVERS[1], DISC));
    let field = colour("night", Ink::Field);
    j.see("the ground gone from under the network that stands", |p| p.ink(field, client_server) < 0.05);
    let stopped = j.see_still(client_server);
    let later = j.see_change("the peers carrying on", &stopped, peer_to_peer, 0.001);
    let moved = later.changed(&stopped, client_server);
    assert!(moved < 1e-9, "without its server the other network stands still, but {moved:.5} of it changed");
}

/// "Still there?" takes the touch that answers it, wherever it falls, and everything stays as it was left.
#[test]
fn a_touch_answers_the_question_and_does_nothing_else() {
    let j = Journey::begin("answer", FULL_HD, &["--at", "side-by-side/live", "--idle", "3"]);
    let mark = j.wall.mark();
    j.wall.hear(mark, "still there");
    let data = colour("night", Ink::Data);
    // The ring clears its own ground, so its inner edge shows nothing of the scene.
    let ring = Region(1110.0, 470.0, 40.0, 140.0);
    j.see("the question's ring", |p| p.ink(data, ring) > 0.4);
    j.nothing("the touch that answers", &DEEDS, || j.finger.tap(SERVERS[0]));
    j.see("the wall without the question", |p| p.ink(data, ring) < 0.2);
}

/// Two hands are two hands: one that rests takes nothing from the other, and neither swipes for both.
#[test]
fn each_finger_is_its_own() {
    let j = Journey::begin("two-hands", FULL_HD, &["--at", "side-by-side/live", "--idle", "600"]);
    // One rests while the other acts.
    j.finger.down(3, [RIGHT_MARGIN, 700.0]);
    let mark = j.wall.mark();
    j.finger.tap(SERVERS[0]);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest == "stop network=0 peer=0");
    j.finger.up(3);

    // A tap left and a tap right at once are no swipe.
    j.nothing("two taps far apart", &["slide"], || {
        j.finger.down(1, [RIGHT_MARGIN, ABOVE]);
        j.finger.down(2, [500.0, ABOVE]);
        j.finger.up(1);
        j.finger.up(2);
    });

    // Sliding off cancels; and what begins on a thing of the scene is no swipe either.
    j.nothing("a finger that slides off the server", &["deed", "slide"], || {
        j.finger.down(0, SERVERS[0]);
        j.finger.slide(0, [SERVERS[0][0] + 500.0, SERVERS[0][1]], 0.2);
        j.finger.up(0);
    });

    // A finger going down is answered at once, where it is.
    let spot = [RIGHT_MARGIN - 20.0, 640.0];
    let before = j.see_still(Region::about(spot, 40.0));
    j.finger.down(0, spot);
    j.see_change("the circle under the finger", &before, Region::about(spot, 40.0), 0.01);
    j.finger.up(0);
}

/// A scene stands still while it is paused; a finger that rests on a peer is shown what the peer holds, until it lifts.
#[test]
fn a_resting_finger_is_shown_what_a_peer_holds() {
    let j = Journey::begin("hold", FULL_HD, &["--at", "side-by-side/live", "--idle", "600"]);
    let deck = eyes::deck();
    let at = deck.find_slide("side-by-side/live").expect("the slide is in the deck");
    j.finger.tap(control(&deck, at, Action::Pause));
    let stage = Region(0.0, 200.0, 1920.0, 660.0);
    let paused = j.see_still(stage);
    j.nothing("a finger that rests", &["deed", "slide"], || j.finger.hold(PEER));
    j.see_change("what the peer holds", &paused, Region::about(PEER, 110.0), 0.1);
    j.nothing("a finger that lifts after a hold", &["deed", "slide"], || j.finger.up(0));
    j.see("the scene as it was", |p| p.changed(&paused, stage) < 1e-9);
    j.finger.tap(control(&deck, at, Action::Pause));
    j.see_change("the scene running on", &paused, stage, 0.0005);
}

/// A screen on its end is a page of its own, with the same places for the same fingers.
#[test]
fn an_upright_screen_is_used_too() {
    let j = Journey::begin("upright", [1080, 1920], &["--at", "side-by-side/live", "--idle", "600"]);
    let deck = eyes::deck();
    let ground = colour("night", Ink::Ground);
    let all = Region(0.0, 0.0, 1080.0, 1920.0);
    let shown = j.see("a page on the night's ground", |p| p.ink(ground, all) > 0.3);
    assert!(shown.blankness(all) < 0.98, "there is more than ground");
    // The arrows stand above the other chrome.
    let next = j.moves("the arrow to the right", || j.finger.tap([976.0, 1742.0]));
    let here = deck.structure.topics.iter().position(|topic| topic.slug.as_str() == "side-by-side").expect("the topic");
    assert_eq!(next.topic, deck.structure.topics[here + 1].slug.value);
}

fn swipe_left(j: &Journey) {
    j.finger.swipe([RIGHT_MARGIN, ABOVE], [RIGHT_MARGIN - 900.0, ABOVE]);
}
