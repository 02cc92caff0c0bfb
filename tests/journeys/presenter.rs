//! The same house by keyboard alone: what a presenter's clicker and a visitor without a touchscreen use.

use crate::{
    exhibit::Place,
    eyes,
    journey::{FULL_HD, Journey, colour},
    keys::Key,
    patience::PATIENCE,
    picture::Region,
    visitor::LOOK_RESTS,
};
use peerscape::{
    deck::action::Action,
    ink::{look, sheet::Ink},
};
use std::{thread, time::Duration};

/// The left network's server.
const SERVER: [f32; 2] = [560.0, 548.0];

/// How often Tab may be pressed before everything that can be touched has had the focus: two networks of thirty peers
/// and a server, controls and chrome.
const MANY: usize = 120;

/// How long after a key the ring is drawn, on a busy machine too.
const RING_IS_DRAWN: Duration = Duration::from_millis(200);

/// Wakes, walks, reads, changes the look, stops the server; and nothing ends the wall.
#[test]
fn the_whole_journey_by_keyboard_alone() {
    let j = Journey::begin("keyboard", FULL_HD, &["--idle", "600"]);
    let keys = j.keys();
    let deck = eyes::deck();
    let topics: Vec<&str> = deck.structure.topics.iter().map(|topic| topic.slug.as_str()).collect();
    let way = |place: &Place| format!("{}/{}", place.topic, place.slide);

    // The first key wakes it and does nothing else.
    j.wall.hear(j.wall.beginning(), "attract stop");
    let attract = j.look_at();
    let mark = j.wall.mark();
    j.nothing("the key that wakes the wall", &["deed", "overlay", "look", "reset"], || keys.press(Key::Sign('t')));
    j.wall.hear(mark, "wake");
    j.see_change("the slide behind attract", &attract, Region::ALL, 0.05);

    // End and Home, and every topic between them.
    let last = j.moves("End", || keys.press(Key::End));
    let first = j.moves("Home", || keys.press(Key::Home));
    let walk: Vec<String> = deck.walk().map(|at| deck.way(at)).collect();
    assert_eq!(Some(&way(&first)), walk.first());
    assert_eq!(Some(&way(&last)), walk.last());
    for topic in &topics[1..] {
        let before = j.see_still(Region(96.0, 58.0, 800.0, 100.0));
        assert_eq!(j.moves("→", || keys.press(Key::Right)).topic, *topic);
        j.see_change(topic, &before, Region::ALL, 0.02);
    }
    j.nothing("→ past the last topic", &["slide"], || keys.press(Key::Right));
    for topic in topics[..topics.len() - 1].iter().rev() {
        assert_eq!(j.moves("←", || keys.press(Key::Left)).topic, *topic);
    }

    // Every slide of every topic: down to the end of each, and on to the next.
    for pair in walk.windows(2) {
        let topic = |way: &str| way.split('/').next().map(str::to_owned);
        let key = if topic(&pair[0]) == topic(&pair[1]) { Key::Down } else { Key::Right };
        let mut at = way(&j.moves(&pair[1], || keys.press(key)));
        // The last topic was seen at its end before, and is found as it was left.
        while key == Key::Right && at != pair[1] {
            at = way(&j.moves("↑", || keys.press(Key::Up)));
        }
        assert_eq!(at, pair[1], "after {}", pair[0]);
    }
    assert_eq!(Some(&way(&j.moves("Home", || keys.press(Key::Home)))), walk.first());

    // Down and up in a topic; back on the way, the topic stands at the slide last seen.
    let below = j.moves("↓", || keys.press(Key::Down));
    assert_eq!(way(&below), deck.way(position(0, 1)));
    j.moves("→", || keys.press(Key::Right));
    assert_eq!(j.moves("←", || keys.press(Key::Left)), below, "a topic is found as it was left");
    assert_eq!(way(&j.moves("↑", || keys.press(Key::Up))), deck.way(position(0, 0)));

    // Space walks through everything: steps, then slides, then topics; Shift+Space and P walk back.
    let mut walked = Vec::new();
    for _ in 0..6 {
        walked.push(j.moves("Space", || keys.press(Key::Space)));
    }
    let steps = |place: &Place| {
        let at = deck.find_slide(&way(place)).expect("a slide of the deck");
        u32::try_from(deck.steps(at.topic, at.slide)).expect("few steps")
    };
    for pair in walked.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        let expected = if from.step < steps(from) {
            (way(from), from.step + 1)
        } else {
            let here = walk.iter().position(|w| *w == way(from)).expect("a slide of the walk");
            (walk[here + 1].clone(), 1)
        };
        assert_eq!((way(to), to.step), expected, "after {from:?}");
    }
    let here = j.wall.place().expect("a place");
    let back = j.moves("Shift+Space", || keys.press_with(&[Key::Shift], Key::Space));
    assert!(walk.iter().position(|w| *w == way(&back)) <= walk.iter().position(|w| *w == way(&here)), "backwards");
    let skipped = j.moves("Alt+N", || keys.press_with(&[Key::Alt], Key::Sign('n')));
    let expected = walk.iter().position(|w| *w == way(&back)).and_then(|i| walk.get(i + 1)).expect("a next slide");
    assert_eq!(&way(&skipped), expected, "Alt skips the steps");
    for back in [Key::Sign('p'), Key::Backspace, Key::PageUp] {
        j.moves("a key that walks back", || keys.press(back));
    }
    for on in [Key::Sign('n'), Key::PageDown] {
        j.moves("a key that walks on", || keys.press(on));
    }

    // Overlays open and close by their own keys and by Esc; Esc with nothing open opens the overview.
    for (key, name) in [(Key::Sign('o'), "overview"), (Key::Sign('?'), "help"), (Key::F1, "help")] {
        opens_and_closes(&j, key, name, key);
        opens_and_closes(&j, key, name, Key::Escape);
    }
    opens_and_closes(&j, Key::Escape, "overview", Key::Escape);

    // T goes through the looks.
    for name in look::NAMES.iter().cycle().skip(1).take(look::NAMES.len()) {
        thread::sleep(LOOK_RESTS);
        let mark = j.wall.mark();
        keys.press(Key::Sign('t'));
        j.wall.hear_where(mark, "look", PATIENCE, |rest| rest == *name);
        let ground = colour(name, Ink::Ground);
        j.see(&format!("the look {name}"), |p| p.ink(ground, Region::ALL) > 0.3);
    }

    // F5 does nothing, and nothing quits: not a clicker, not Alt+F4, not the window manager.
    let all = ["slide", "overlay", "look", "deed", "reset"];
    j.nothing("F5", &all, || keys.press(Key::F5));
    j.nothing("Alt+F4", &all, || keys.press_with(&[Key::Alt], Key::F4));
    j.nothing("a request to close the window", &all, || j.screen.ask_to_close());
    assert!(j.screen.active_window().is_some(), "the wall still has its window");
    j.moves("a key after all that", || keys.press(Key::End));

    // Tab shows a focus; Esc ends it and does nothing else; without a focus Enter is the next step.
    j.moves("Home", || keys.press(Key::Home));
    let before = j.see_still(Region::ALL);
    keys.press(Key::Tab);
    j.see_change("the focus", &before, Region::ALL, 0.0002);
    j.nothing("Esc on a focus", &["overlay", "slide"], || keys.press(Key::Escape));
    j.see("the slide without the focus", |p| p.changed(&before, Region::ALL) < 1e-9);
    j.moves("Enter without a focus", || keys.press(Key::Enter));
}

/// *More* by its key, with pages; the scene's server by Tab and Enter.
#[test]
fn a_scene_is_used_by_keyboard_alone() {
    let j = Journey::begin("keyboard-scene", FULL_HD, &["--at", "side-by-side/live", "--idle", "600"]);
    let keys = j.keys();
    opens_and_closes(&j, Key::Sign('m'), "more", Key::Sign('m'));
    opens_and_closes(&j, Key::Sign('m'), "more", Key::Escape);
    let deck = eyes::deck();
    let at = deck.find_slide("side-by-side/live").expect("the slide is in the deck");
    let [x, y] = eyes::control(&deck, at, Action::More);
    assert!(x > 1000.0 && y > 800.0, "the control of more stands right of the time controls, at {x} {y}");

    // Tab goes over everything touchable; where it rings the server, Enter stops it.
    let ink = colour("night", Ink::Ink);
    let around = Region::about(SERVER, 85.0);
    let ringed = || {
        thread::sleep(RING_IS_DRAWN);
        j.look_at().ink(ink, around) > 0.02
    };
    let came_by = (0..MANY).any(|_| {
        keys.press(Key::Tab);
        ringed()
    });
    assert!(came_by, "Tab comes by the server");
    // On a busy machine the ring was seen late, and stands further on: Shift+Tab goes back.
    let there = ringed()
        || (0..3).any(|_| {
            keys.press_with(&[Key::Shift], Key::Tab);
            ringed()
        });
    assert!(there, "the focus stays where Tab has brought it");

    // Held down, Enter shows what has the focus and stops nothing.
    j.nothing("Enter held down", &["deed", "slide"], || {
        keys.down(Key::Enter);
        thread::sleep(Duration::from_millis(750));
        keys.up(Key::Enter);
    });
    let before = j.look_at();
    let mark = j.wall.mark();
    keys.press(Key::Enter);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest == "stop network=0 peer=0");
    j.wall.hear(mark, "state");
    j.see_change("another headline", &before, Region(96.0, 58.0, 1728.0, 92.0), 0.01);
    assert!(j.wall.told(mark, "slide").is_empty(), "Enter on a focus is not the next step\n{}", j.wall.tail(mark));
}

/// An overlay opens by a key, is seen, and closes by a key.
fn opens_and_closes(j: &Journey, open: Key, name: &str, close: Key) {
    // A scene goes on beneath; its words stand.
    let words = Region(96.0, 58.0, 1728.0, 138.0);
    let before = j.see_still(words);
    let mark = j.wall.mark();
    j.keys().press(open);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == format!("{name} open"));
    j.see_change(name, &before, words, 0.02);
    j.keys().press(close);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == format!("{name} closed"));
    j.see("the slide as it was", |p| p.changed(&before, words) < 1e-9);
}

fn position(topic: usize, slide: usize) -> peerscape::deck::state::Position {
    peerscape::deck::state::Position { topic, slide, step: 0 }
}

/// Every key with every modifier, and a clicker's four keys five hundred times: nothing ends the wall, and it still answers.
#[test]
fn no_key_ends_the_wall() {
    let j = Journey::begin("every-key", FULL_HD, &["--at", "side-by-side/live", "--idle", "600"]);
    let keys = j.keys();
    for round in 0..8 {
        let held = [(1, Key::Shift), (2, Key::Control), (4, Key::Alt)];
        let held: Vec<Key> = held.into_iter().filter(|(bit, _)| round & bit != 0).map(|(_, key)| key).collect();
        keys.press_every(&held);
    }
    for held in [&[Key::Super][..], &[Key::AltGr], &[Key::Shift, Key::AltGr], &[Key::Control, Key::Super]] {
        keys.press_every(held);
    }
    for _ in 0..500 {
        [Key::F5, Key::Escape, Key::PageDown, Key::PageUp].into_iter().for_each(|key| keys.press_quickly(key));
    }
    // Whatever was opened last lies over the slide; Escape closes it, or opens the overview of a plain slide.
    let mark = j.wall.mark();
    keys.press(Key::Escape);
    j.wall.hear(mark, "overlay");
    j.see("a picture", |p| p.blankness(Region::ALL) < 0.97);
}
