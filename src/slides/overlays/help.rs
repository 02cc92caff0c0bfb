//! Keys and gestures, printed from what is really bound (style §8, picture 17).

mod caps;
mod pictures;
mod rows;

use self::{
    caps::{CAP, CAP_GAP, CAPS, caps, caps_width, lines_of},
    pictures::{PICTURE, picture},
    rows::{Group, Listing, Row, groups},
};
use super::{
    super::{Page, View},
    kit::{CONTROL, CONTROL_HEIGHT, Desk, NAME, QUIET, RULE, bold},
    overview,
};
use crate::{
    deck::action::Action,
    ink::{
        sheet::Ink,
        text::{Face, Style, Typesetter},
    },
    input::bindings::{Bindings, Mode},
};

/// From a row's left to its words.
const WORDS: f32 = 124.0;
/// What a row says; longer words step down, then wrap.
const SAYS: [Style; 2] = [CONTROL, Style::new(Face::Regular, 26.0, 32.0)];

/// A column of the page: its left and right edge, where its keys begin, and the least height of a row.
#[derive(Clone, Copy, Debug)]
struct Column {
    left: f32,
    right: f32,
    keys: f32,
    pitch: f32,
}

/// The page for a visitor before a wall that has a keyboard.
#[must_use]
pub fn compose(view: &View, type_: &mut Typesetter, bindings: &Bindings) -> Page {
    compose_for(view, type_, bindings, Mode::Exhibit, true)
}

/// The page, printed from what a mode binds. Without a keyboard the keys go and the words stay.
#[must_use]
pub fn compose_for(view: &View, type_: &mut Typesetter, bindings: &Bindings, mode: Mode, keyboard: bool) -> Page {
    let mut desk = Desk::new(view, type_);
    let portrait = desk.portrait();
    desk.corner();
    let texts = ["help_title", "help_rule"].map(|key| desk.word(key));
    let mut groups = groups(bindings, mode);
    if !keyboard {
        groups.iter_mut().flat_map(|g| &mut g.rows).for_each(|row| row.keys.clear());
    }
    let skips = keyboard && Listing::of(bindings, mode).alt_skips();

    let (foot, left, right) = if portrait { (1850.0, 64.0, 1016.0) } else { (1020.0, 96.0, 1824.0) };
    let mut lowest: f32 = 0.0;
    if portrait {
        let sizes = [bold(88.0, 97.0), bold(76.0, 84.0), bold(64.0, 70.0)].map(Style::balanced);
        let title = desk.words("control help_title", &texts[0], &sizes, right - left, 2, [left, 88.0]);
        let rules = [Style { size: 36.0, line: 48.0, ..RULE }, RULE].map(Style::balanced);
        let at = [left, 88.0 + title.height + 16.0];
        let rule = desk.words("control help_rule", &texts[1], &rules, right - left, 3, at);
        let column = Column { left, right, keys: 400.0, pitch: 72.0 };
        let mut y = at[1] + rule.height + 36.0;
        for group in &groups {
            y = group_of(&mut desk, group, &column, y);
            if group.name == "help_move" && skips {
                y = note(&mut desk, &column, y);
            }
            y += 18.0;
        }
        lowest = lowest.max(y - 18.0);
    } else {
        let sizes = [bold(72.0, 81.0), bold(64.0, 72.0), bold(56.0, 63.0)];
        desk.words("control help_title", &texts[0], &sizes, right - left, 1, [left, 58.0]);
        desk.words("control help_rule", &texts[1], &[RULE], right - left, 1, [left, 150.0]);
        let column = Column { left, right: 1016.0, keys: 324.0, pitch: 82.0 };
        let mut y = group_of(&mut desk, &groups[0], &column, 233.0);
        if skips {
            y = note(&mut desk, &column, y);
        }
        lowest = lowest.max(y);
        let column = Column { left: 1040.0, right, keys: 440.0, pitch: 82.0 };
        let mut y = 233.0;
        for group in &groups[1..] {
            y = group_of(&mut desk, group, &column, y) + 22.0;
        }
        lowest = lowest.max(y - 22.0);
    }
    let bottom = foot - CONTROL_HEIGHT * 0.5;
    if lowest > bottom {
        let message = format!("The rows end {:.0} pixels too low.", lowest - bottom);
        desk.fault("help", message, "fewer keys in the bindings, or shorter words for what they do");
    }

    let [topics, look] = ["topics", "look"].map(|key| desk.word(key));
    let next = desk.quiet("topics", &topics, left, foot, Action::Overview);
    desk.quiet("look", &look, next + 30.0, foot, Action::Look);
    let edge = overview::close(&mut desk, right, foot, Action::Help);
    if keyboard {
        let keys = Listing::of(bindings, Mode::Overlay).keys(&[Action::Escape]);
        let wide = caps_width(&mut desk, &keys, CAPS[0]);
        caps(&mut desk, &keys, CAPS[0], [edge - 16.0 - wide, foot]);
    }
    desk.into_page()
}

/// A name and its rows, from `top` down; returns where they end.
fn group_of(desk: &mut Desk, group: &Group, column: &Column, top: f32) -> f32 {
    /// From a group's top to its rows.
    const HEAD: f32 = 60.0;
    let name = desk.word(group.name);
    let width = column.right - column.left;
    desk.words(&format!("control {}", group.name), &name, &[NAME], width, 1, [column.left, top + 7.0]);
    group.rows.iter().fold(top + HEAD, |y, row| y + row_of(desk, row, column, y))
}

/// A row, from `top` down; returns how high it is.
fn row_of(desk: &mut Desk, row: &Row, column: &Column, top: f32) -> f32 {
    let word = desk.word(row.word);
    let what = format!("control {}", row.word);
    let end = if row.keys.is_empty() { column.right } else { column.left + column.keys };
    let width = end - column.left - WORDS - 12.0;
    let laid = desk.type_.fit(&word, &SAYS, width, 2, [0.0, 0.0]).0;

    let held = row.keys.iter().any(|combo| combo.held);
    let held = if held { desk.word("help_held") } else { String::new() };
    let held_width = if held.is_empty() { 0.0 } else { desk.type_.width(&held, &QUIET) + 12.0 };
    let room = column.right - column.left - column.keys - held_width;
    // Keys step down once, then go on in a second line.
    let mut set = CAPS[0];
    if caps_width(desk, &row.keys, set) > room {
        set = CAPS[1];
    }
    let lines = lines_of(desk, &row.keys, set, room);

    let high = (lines.len() as f32 * (CAP + CAP_GAP) + 12.0).max(laid.height + 6.0).max(column.pitch);
    let middle = top + high * 0.5;
    picture(desk, row.picture, [column.left + PICTURE * 0.5, middle]);
    let at = [column.left + WORDS, middle - laid.height * 0.5];
    desk.words(&what, &word, &SAYS, width, 2, at);
    let mut y = middle - (lines.len() as f32 - 1.0) * (CAP + CAP_GAP) * 0.5;
    for line in &lines {
        let x = column.left + column.keys;
        let wide = caps(desk, line, set, [x, y]);
        if wide > room + 0.5 {
            let message = format!("A key is {wide:.0} pixels wide and has {room:.0}.");
            desk.fault(&what, message, "a shorter name for the key");
        }
        if !held.is_empty() {
            desk.line(&held, &QUIET, x + wide + 12.0, y);
        }
        y += CAP + CAP_GAP;
    }
    high
}

/// The line that says what Alt does; returns where it ends.
fn note(desk: &mut Desk, column: &Column, top: f32) -> f32 {
    let text = desk.word("key_alt");
    let text = desk.word_with("help_alt", &[("key", &text)]);
    let style = CONTROL.ink(Ink::Ink2);
    let laid =
        desk.words("control help_alt", &text, &[style], column.right - column.left, 2, [column.left, top + 20.0]);
    top + 20.0 + laid.height
}

#[cfg(test)]
mod tests {
    use super::{super::kit::Way, pictures::Picture};
    use super::{
        super::{
            super::Touch,
            trial::{Trial, deck},
        },
        *,
    };
    use crate::{deck::place::Source, input::gestures::SwipeDirection};
    use std::sync::Arc;

    /// As `assets/bindings.ron` has it today; tests must not depend on what a technician changes.
    const BINDINGS: &str = r#"(
        exhibit: [
            (action: next_topic, keys: ["ArrowRight", "Alt+ArrowRight"], gestures: [swipe_left]),
            (action: previous_topic, keys: ["ArrowLeft", "Alt+ArrowLeft"], gestures: [swipe_right]),
            (action: deeper, keys: ["ArrowDown", "Alt+ArrowDown"], gestures: [swipe_up]),
            (action: back, keys: ["ArrowUp", "Alt+ArrowUp"], gestures: [swipe_down]),
            (action: next, keys: ["Space", "Enter", "n", "PageDown"]),
            (action: previous, keys: ["Shift+Space", "Backspace", "p", "PageUp"]),
            (action: next_slide, keys: ["Alt+Space", "Alt+Enter", "Alt+n", "Alt+PageDown"]),
            (action: previous_slide, keys: ["Shift+Alt+Space", "Alt+Backspace", "Alt+p", "Alt+PageUp"]),
            (action: first, keys: ["Home", "Alt+Home"]),
            (action: last, keys: ["End", "Alt+End"]),
            (action: focus_next, keys: ["Tab"]),
            (action: focus_previous, keys: ["Shift+Tab"]),
            (action: more, keys: ["m"]),
            (action: overview, keys: ["o"]),
            (action: look, keys: ["t"]),
            (action: help, keys: ["?", "F1"]),
            (action: escape, keys: ["Escape"]),
        ],
        focus: [
            (action: activate, keys: ["Enter"]),
            (action: hold, keys: ["Hold+Enter"]),
        ],
        overlay: [
            (action: escape, keys: ["Escape"]),
        ],
    )"#;

    fn bindings(text: &str) -> Bindings {
        Bindings::load(&Arc::new(Source::new("bindings.ron", text))).unwrap()
    }

    fn names(row: &Row) -> Vec<String> {
        row.keys.iter().map(ToString::to_string).collect()
    }

    fn find<'a>(groups: &'a [Group], word: &str) -> Option<&'a Row> {
        groups.iter().flat_map(|g| &g.rows).find(|r| r.word == word)
    }

    #[test]
    fn rows_say_what_is_bound() {
        let groups = groups(&bindings(BINDINGS), Mode::Exhibit);
        let keys = |word| names(find(&groups, word).unwrap());
        assert_eq!(keys("help_next_topic"), ["ArrowRight"], "Alt adds nothing where there are no steps to skip");
        assert_eq!(keys("help_next"), ["Space", "Enter", "N", "PageDown"]);
        assert_eq!(keys("help_ends"), ["Home", "End"]);
        assert_eq!(keys("help_hold"), ["Hold+Enter"]);
        assert_eq!(keys("help_focus"), ["Tab", "Shift+Tab"]);
        assert_eq!(find(&groups, "help_next_topic").unwrap().picture, Picture::Swipe(SwipeDirection::Left));
        assert!(find(&groups, "help_next_slide").is_none(), "the line about Alt says it");
        assert!(find(&groups, "help_time").is_none(), "no key is bound to time");
    }

    #[test]
    fn another_binding_prints_another_page() {
        let changed = BINDINGS
            .replace("\"ArrowRight\", \"Alt+ArrowRight\"], gestures: [swipe_left]", "\"x\"]")
            .replace("\"Alt+Space\", \"Alt+Enter\"", "\"s\", \"Alt+Enter\"")
            .replace("(action: more, keys: [\"m\"]),", "(action: pause, keys: [\"k\"]),");
        let groups = groups(&bindings(&changed), Mode::Exhibit);
        let row = find(&groups, "help_next_topic").unwrap();
        assert_eq!((row.picture, names(row)), (Picture::Arrow(Way::Right), vec!["X".to_owned()]));
        assert_eq!(names(find(&groups, "help_next_slide").unwrap()), ["S"], "no key of Next with Alt");
        assert_eq!(names(find(&groups, "help_time").unwrap()), ["K"]);
        assert!(find(&groups, "help_more").is_none());
    }

    #[test]
    fn the_page_is_whole_at_every_size() {
        let bindings = bindings(BINDINGS);
        let mut trial = Trial::new(deck(4, 2, 0));
        let with = trial.everywhere(|view, type_| compose(view, type_, &bindings));
        let without = trial.everywhere(|view, type_| compose_for(view, type_, &bindings, Mode::Exhibit, false));
        for (with, without) in with.iter().zip(&without) {
            assert_eq!(with.hits.len(), 4, "corner, all topics, look, close: keys are printed, not touched");
            assert!(with.under.items.len() > without.under.items.len() + 20, "the keys go");
            assert!(with.hits.iter().any(|h| h.does == Touch::Action(Action::Help)));
        }
    }

    #[test]
    fn too_many_keys_are_told() {
        let many: Vec<String> = (0..60).map(|i| format!("\"Ctrl+{}\"", char::from(b'A' + i % 26))).take(24).collect();
        let bindings = bindings(&BINDINGS.replace("\"m\"", &many.join(",")));
        let page = Trial::new(deck(4, 2, 0)).at([1920, 1080], 0, |view, type_| compose(view, type_, &bindings));
        assert!(page.faults.iter().any(|f| f.what == "help"), "{:?}", page.faults);
    }
}
