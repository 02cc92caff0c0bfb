//! The presenter's journey before an audience: two monitors, keys, a clicker of two buttons, and the mouse.

use crate::{
    journey::{FULL_HD, Journey, alone, colour},
    keys::Key,
    patience::PATIENCE,
    picture::{Picture, Region},
    screen::Screen,
};
use peerscape::ink::sheet::Ink;
use std::{thread, time::Duration};

/// A slide with a server to stop, and two steps.
const LIVE: &str = "side-by-side/live";
/// The audience's picture, on the second monitor, and the presenter's window on the first. Regions count from where a canvas
/// lies in the middle of both.
const AUDIENCE: Region = Region(960.0, 0.0, 1920.0, 1080.0);
const PRESENTER: Region = Region(-960.0, 0.0, 1920.0, 1080.0);
/// Where the presenter's window shows the audience's picture, and where in that picture the left server stands.
const MIRROR: Region = Region(-948.0, 12.0, 1090.0, 610.0);
const SERVER: [i16; 2] = [333, 326];
/// The server of the right network, beside the presenter's window.
const SERVER_BESIDE: [f32; 2] = [1360.0, 548.0];
/// A look at the wall after a key: the slide has turned.
const TURNED: Duration = Duration::from_millis(700);

fn begin(name: &'static str) -> Journey {
    let alone = alone();
    let mut screen = Screen::start(FULL_HD);
    screen.plug_second();
    let j = Journey::begin_on(name, alone, screen, &["present", "--at", LIVE, "--minutes", "10"], &[]);
    j.wall.hear(j.wall.beginning(), "monitors 2");
    let ground = colour("night", Ink::Ground);
    j.see("the audience's picture on its monitor", |p| p.ink(ground, AUDIENCE) > 0.3);
    j.see("the presenter's window on the other, with the wall in it", |p| {
        p.blankness(MIRROR) < 0.9 && p.blankness(PRESENTER) < 0.95
    });
    j
}

/// Walks, covers, freezes, jumps, comes back, touches through the mirror, and leaves after it was asked.
#[test]
fn a_presenter_speaks_before_an_audience() {
    let mut j = begin("podium");
    let press = |j: &Journey, key: Key| j.keys().press(key);

    let step = j.moves("Page Down", || press(&j, Key::PageDown));
    assert_eq!((step.topic.as_str(), step.step), ("side-by-side", 2));

    // Black and white: only the audience sees them, and only the key that ends them acts.
    for (key, cover) in [(Key::Sign('b'), [0; 3]), (Key::Sign('w'), [255; 3])] {
        let mark = j.wall.mark();
        press(&j, key);
        j.wall.hear(mark, "podium");
        j.see("a covered wall", |p| p.ink(cover, AUDIENCE) == 1.0 && p.ink(cover, MIRROR) < 0.5);
        j.nothing("other keys on a covered wall", &["slide", "overlay", "deed"], || {
            for other in [Key::PageDown, Key::Escape, Key::Sign('o'), Key::Enter, Key::Right] {
                press(&j, other);
            }
            j.screen.click(SERVER);
        });
        press(&j, key);
        j.see("the wall again", |p| p.ink(cover, AUDIENCE) < 0.5);
    }

    // With an overlay open, hers alone: it is covered and uncovered, and no page turns beneath.
    let mark = j.wall.mark();
    press(&j, Key::Sign('o'));
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "overview open");
    j.nothing("a move beneath an overlay", &["slide"], || press(&j, Key::Home));
    for black in [true, false] {
        press(&j, Key::Sign('b'));
        j.see("a black wall over the overview, and none", |p| (p.ink([0; 3], AUDIENCE) == 1.0) == black);
    }
    press(&j, Key::Escape);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "overview closed");

    // Frozen, the audience keeps its picture while the presenter looks ahead.
    j.moves("the next topic", || press(&j, Key::Right));
    thread::sleep(TURNED);
    press(&j, Key::Sign('f'));
    thread::sleep(TURNED);
    let before = j.look_at();
    j.moves("two topics on", || press(&j, Key::Right));
    j.see_change("the presenter's own picture", &before, MIRROR, 0.02);
    thread::sleep(TURNED);
    assert_eq!(j.look_at().changed(&before, AUDIENCE), 0.0, "the audience's picture is frozen");
    press(&j, Key::Sign('f'));
    j.see_change("the audience follows again", &before, AUDIENCE, 0.02);

    // Twice as large around the pointer, and a spotlight; the same keys undo both.
    thread::sleep(TURNED);
    let plain = j.see_still(AUDIENCE);
    for key in [Key::Sign('z'), Key::Sign('s')] {
        press(&j, key);
        j.see_change("a larger or darker wall", &plain, AUDIENCE, 0.02);
        press(&j, key);
        j.see("the wall as it was", |p| p.changed(&plain, AUDIENCE) < 0.001);
    }

    // The wheel with Ctrl on the presenter's own picture, as far as it is turned.
    j.keys().down(Key::Control);
    j.screen.wheel(SERVER, 6);
    j.see_change("a larger wall", &plain, AUDIENCE, 0.02);
    j.screen.wheel(SERVER, -9);
    j.keys().up(Key::Control);
    j.see("the wall as it was", |p| p.changed(&plain, AUDIENCE) < 0.001);

    // A bookmark, a jump by title, back by bookmark and by history.
    press(&j, Key::Sign('m'));
    let marked = j.wall.place().expect("somewhere");
    press(&j, Key::Sign('g'));
    let jumped = j.moves("a jump", || {
        "1.2".chars().for_each(|sign| press(&j, Key::Sign(sign)));
        press(&j, Key::Enter);
    });
    assert_eq!((jumped.topic.as_str(), jumped.slide.as_str()), ("welcome", "move"));
    let back = j.moves("the bookmark", || j.keys().press_with(&[Key::Shift], Key::Sign('m')));
    assert_eq!(back.topic, marked.topic);
    let again = j.moves("history", || press(&j, Key::Sign('[')));
    assert_eq!(again.topic, "welcome");
    assert_eq!(j.moves("and forward", || press(&j, Key::Sign(']'))).topic, marked.topic);

    // A scene stays live: the mouse in the presenter's own picture is a finger on the wall.
    j.moves("the live slide", || {
        press(&j, Key::Sign('g'));
        "3".chars().chain(".1".chars()).for_each(|sign| press(&j, Key::Sign(sign)));
        press(&j, Key::Enter);
    });
    thread::sleep(TURNED);
    let mark = j.wall.mark();
    j.screen.click(SERVER);
    j.wall.hear_where(mark, "deed", PATIENCE, |rest| rest.starts_with("stop"));

    // Leaving is asked; any other key stays.
    j.keys().press_with(&[Key::Control], Key::Sign('q'));
    press(&j, Key::PageDown);
    thread::sleep(TURNED);
    j.keys().press_with(&[Key::Control], Key::Sign('q'));
    thread::sleep(TURNED);
    j.keys().press_with(&[Key::Control], Key::Sign('q'));
    assert!(j.wall.ended().success(), "the presentation is over");
}

/// Two buttons walk everything; the others pause and resume, close what lies over the slide, and never quit.
#[test]
fn a_clicker_walks_pauses_and_never_quits() {
    let j = begin("clicker");
    let keys = j.keys();
    let before = j.wall.place();
    let walked: Vec<_> = (0..4).map(|_| j.moves("Page Down", || keys.press(Key::PageDown))).collect();
    for place in walked.iter().rev().skip(1) {
        assert_eq!(&j.moves("Page Up", || keys.press(Key::PageUp)), place);
    }
    j.moves("Page Up", || keys.press(Key::PageUp));
    assert!(before.is_none_or(|before| Some(before) == j.wall.place()));

    // Held, it skips what is left of the topic.
    keys.down(Key::PageDown);
    let skipped = j.wall.hear_where(j.wall.mark(), "slide", PATIENCE, |rest| !rest.starts_with("side-by-side"));
    keys.up(Key::PageDown);
    assert!(skipped.starts_with("history"), "{skipped}");
    j.moves("back to the scene", || keys.press(Key::Left));

    // F5 and Escape, in turn, from one button: a scene stands and runs.
    thread::sleep(TURNED);
    keys.press(Key::F5);
    thread::sleep(TURNED);
    j.see_still(AUDIENCE);
    let stands = j.look_at();
    keys.press(Key::Escape);
    j.see_change("the scene runs again", &stands, AUDIENCE, 0.0002);

    keys.press(Key::Sign('o'));
    thread::sleep(TURNED);
    let mark = j.wall.mark();
    keys.press(Key::Escape);
    j.wall.hear_where(mark, "overlay", PATIENCE, |rest| rest == "overview closed");

    for round in 0..60 {
        for key in [Key::F5, Key::Escape, Key::PageDown, Key::PageUp] {
            keys.press(if round % 7 == 3 { Key::PageDown } else { key });
        }
    }
    let mark = j.wall.mark();
    keys.press(Key::Home);
    j.wall.hear_where(mark, "slide", PATIENCE, |rest| rest.starts_with("welcome"));
}

/// On one monitor the presenter's window lies before the audience's picture, also after that was touched.
#[test]
fn on_one_monitor_the_presenter_s_window_stays_before_the_picture() {
    let j = Journey::begin("podium-one", FULL_HD, &["present", "--at", LIVE]);
    let before = |p: &Picture| p.ink([16, 18, 22], Region(0.0, 0.0, 1280.0, 800.0)) > 0.1;
    j.see("the presenter's window before the picture", before);
    let mark = j.wall.mark();
    j.finger.tap(SERVER_BESIDE);
    j.wall.hear(mark, "deed stop");
    thread::sleep(TURNED);
    j.see("the presenter's window, still", before);
}

/// A monitor that is plugged in while she speaks takes the audience's picture; pulled out, it comes back behind her window.
#[test]
fn a_monitor_comes_and_goes_while_she_speaks() {
    let mut j = Journey::begin("podium-hotplug", FULL_HD, &["present", "--at", LIVE]);
    j.wall.hear(j.wall.beginning(), "monitors 1");
    let ground = colour("night", Ink::Ground);
    for _ in 0..2 {
        let mark = j.wall.mark();
        j.screen.plug_second();
        j.wall.hear(mark, "monitors 2");
        j.see("the audience's picture on the new monitor", |p| p.ink(ground, AUDIENCE) > 0.3);
        j.see("her window alone on the other", |p| p.ink([16, 18, 22], Region(160.0, 400.0, 790.0, 670.0)) > 0.5);
        let mark = j.wall.mark();
        j.screen.pull_second();
        j.wall.hear(mark, "monitors 1");
        j.see("her window before the picture", |p| p.ink([16, 18, 22], Region(0.0, 0.0, 1280.0, 800.0)) > 0.1);
        // Whichever has the keyboard, the deck moves.
        j.moves("Page Down", || j.keys().press(Key::PageDown));
    }
}
