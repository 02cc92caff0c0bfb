//! The visitor's journey once more, by somebody who sits: nothing above a line is touched, and nothing is missed.

use crate::{
    eyes::{self, chrome, place},
    journey::{FULL_HD, Journey, colour},
    patience::PATIENCE,
    picture::Region,
    visitor::LOOK_RESTS,
};
use peerscape::{
    deck::{
        action::Action,
        state::{DeckState, Overlay, Position},
    },
    ink::{look, sheet::Ink},
    slides::{NetworkReport, SceneReport, Touch, ease::Ease},
};
use std::{thread, time::Duration};

/// 55 inches, the lower edge at 1 m: picture 26.
const LOW: [&str; 5] = ["--controls-low", "--screen-height", "680.4", "--lower-edge", "1000"];

/// Where 1,220 mm above the floor lies on it.
const LINE: f32 = 731.0;

const EASE: Ease = Ease { text: 100, low: Some(LINE) };

/// Where the stage ends: what stands above may be looked at.
const STAGE: Region = Region(96.0, 240.0, 1728.0, 480.0);

#[test]
fn a_seated_visitor_reaches_everything() {
    let idle = 12;
    let options: Vec<&str> = ["--idle", "12"].into_iter().chain(LOW).collect();
    let j = Journey::begin("seated", FULL_HD, &options);
    let deck = eyes::deck();
    let topics: Vec<&str> = deck.structure.topics.iter().map(|topic| topic.slug.as_str()).collect();
    let at = deck.find_slide("side-by-side/live").expect("the slide is in the deck");

    // A touch below the line wakes the wall, and does nothing else.
    j.wall.hear(j.wall.beginning(), "attract stop");
    let mark = j.wall.mark();
    j.nothing("the touch that wakes the wall", &["deed", "overlay", "look", "reset"], || j.finger.tap(chrome::HELP));
    j.wall.hear(mark, "wake");

    // A topic far up in the overview is chosen by arrows below it: the first, and from there two to the right.
    let overview = |from: Position| DeckState { at: from, overlays: vec![Overlay::Overview], ..DeckState::default() };
    let here = j.wall.place().and_then(|p| deck.find_slide(&format!("{}/{}", p.topic, p.slide))).expect("a slide");
    let mark = j.wall.mark();
    j.finger.tap(chrome::OVERVIEW);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "overview open");
    let wanted = (here.topic + 7) % topics.len();
    let choose = |by| place(&deck, &overview(here), None, EASE, Touch::Choose(by));
    let raised = colour("night", Ink::Raised);
    j.see("the topic we are in, raised", |p| p.ink(raised, Region::ALL) > 0.01);
    j.finger.tap(choose(5));
    j.finger.tap(choose(1));
    j.finger.tap(choose(1));
    let go = place(&deck, &overview(here), None, EASE, Touch::Chosen);
    assert_eq!(j.moves("Go there", || j.finger.tap(go)).topic, topics[wanted], "five on and two more");

    // A swipe below the line turns topics; the arrows do, too, and lead deeper and back.
    while j.wall.place().is_some_and(|place| place.topic != "side-by-side") {
        j.moves("the arrow to the left", || j.finger.tap(chrome::PREVIOUS_TOPIC));
    }
    j.moves("a swipe below the line", || j.finger.swipe([1880.0, 800.0], [980.0, 800.0]));
    let back = j.moves("a swipe back", || j.finger.swipe([40.0, 800.0], [940.0, 800.0]));
    assert_eq!(back.topic, "side-by-side");
    let deeper = j.moves("the arrow down", || j.finger.tap(chrome::DEEPER));
    assert_eq!(j.moves("the arrow up", || j.finger.tap(chrome::BACK)).slide, back.slide);
    assert_ne!(deeper.slide, back.slide);

    // *More* opens, turns its page and closes.
    let rest = DeckState { at, ..DeckState::default() };
    let running = report(Some("stop"), None, false);
    let mark = j.wall.mark();
    j.finger.tap(place(&deck, &rest, Some(&running), EASE, Touch::Action(Action::More)));
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "more open");
    let more = DeckState { overlays: vec![Overlay::More], ..rest.clone() };
    let sheet = Region(1010.0, 160.0, 760.0, 620.0);
    let first = j.see("the sheet of more", |p| p.ink(raised, sheet) > 0.6);
    j.finger.tap(place(&deck, &more, Some(&running), EASE, Touch::Action(Action::PageDown)));
    j.see_change("its second page", &first, sheet, 0.01);
    j.finger.tap(place(&deck, &more, Some(&running), EASE, Touch::Action(Action::More)));
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "more closed");

    // The look, through all five.
    for name in look::NAMES.iter().cycle().skip(1).take(look::NAMES.len()) {
        thread::sleep(LOOK_RESTS);
        let mark = j.wall.mark();
        j.finger.tap(chrome::LOOK);
        j.wall.hear_where(mark, "look", PATIENCE, |rest| rest == *name);
    }

    // The servers stop and start by their control.
    let pill = |report: &SceneReport, touch| place(&deck, &rest, Some(report), EASE, touch);
    let mark = j.wall.mark();
    j.finger.tap(pill(&running, Touch::Server));
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest.starts_with("stop network=0 peer=0"));
    let bad = colour("night", Ink::Bad);
    j.see("both servers crossed", |p| p.ink(bad, STAGE) > 0.002);
    let stopped = report(Some("start"), None, true);
    let mark = j.wall.mark();
    j.finger.tap(pill(&stopped, Touch::Server));
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest.starts_with("start network=0 peer=0"));

    // A peer is chosen, and another; the last is stopped and started again.
    j.finger.tap(pill(&running, Touch::Choose(1)));
    j.finger.tap(pill(&report(Some("stop"), Some("stop"), false), Touch::Choose(1)));
    thread::sleep(Duration::from_millis(300));
    let mark = j.wall.mark();
    j.finger.tap(pill(&report(Some("stop"), Some("stop"), false), Touch::Chosen));
    let peer = j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest.starts_with("stop network=0 peer="));
    assert_ne!(peer, "stop network=0 peer=0", "a peer, not the server");
    j.see("a peer crossed", |p| p.ink(bad, STAGE) > 0.0005);
    let mark = j.wall.mark();
    j.finger.tap(pill(&report(Some("stop"), Some("start"), false), Touch::Chosen));
    let again = j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest.starts_with("start"));
    assert_eq!(again.trim_start_matches("start"), peer.trim_start_matches("stop"), "the same peer");

    // Who goes is asked, and the wall is as it was found.
    let mark = j.wall.mark();
    j.wall.hear_within(mark, "still there", Duration::from_secs(idle) + PATIENCE);
    j.nothing("the touch that answers", &["deed", "slide", "overlay"], || j.finger.tap([960.0, 860.0]));
    j.wall.hear_within(mark, "answered", PATIENCE);
    assert!(j.finger.highest() >= LINE, "a finger touched {} px, above the line", j.finger.highest());
}

/// What two networks say while a server and a chosen peer would do these deeds.
fn report(server: Option<&'static str>, chosen: Option<&'static str>, stopped: bool) -> SceneReport {
    let network = NetworkReport { states: vec!["running"], server, stopped, ..NetworkReport::default() };
    SceneReport { networks: vec![network.clone(), network], states: vec!["running"], chosen, ..SceneReport::default() }
}
