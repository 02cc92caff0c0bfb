//! Keys and gestures, printed from what is really bound (style §8, picture 17).

use super::{
    super::{Page, View},
    kit::{CONTROL, CONTROL_HEIGHT, Desk, NAME, OUTLINE, QUIET, RULE, Way, bold, triangle},
    overview,
};
use crate::{
    deck::action::Action,
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Face, Style, Typesetter},
    },
    input::{
        bindings::{Bindings, Bound, Mode},
        gestures::SwipeDirection,
        keys::{Key, KeyCombo, Mods, Named},
    },
};
use std::f32::consts::TAU;

/// How wide a row's picture is.
const PICTURE: f32 = 92.0;
/// From a row's left to its words.
const WORDS: f32 = 124.0;
/// What a row says; longer words step down, then wrap.
const SAYS: [Style; 2] = [CONTROL, Style::new(Face::Regular, 26.0, 32.0)];
/// What stands on a key, and smaller where keys are many.
const CAPS: [(Style, f32); 2] =
    [(Style::new(Face::Regular, 26.0, 34.0), 17.0), (Style::new(Face::Regular, 24.0, 32.0), 12.0)];
/// How high a key is, and no key is narrower.
const CAP: f32 = 52.0;
/// Between two keys.
const CAP_GAP: f32 = 10.0;
/// Strokes of pictures.
const STROKE: f32 = 3.0;

/// What is drawn before a row's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Picture {
    /// A finger and its way.
    Swipe(SwipeDirection),
    /// The round control that does the same.
    Arrow(Way),
    /// The pill that goes on, or back.
    Step(Way),
    /// Two pages.
    Ends,
    /// A page with its words.
    Leaf,
    /// A finger that taps.
    Tap,
    /// A finger that stays.
    Hold,
    /// One of several.
    Pick,
    /// A pictogram.
    Icon(&'static str),
}

/// A row: a picture, words, keys.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    picture: Picture,
    word: &'static str,
    keys: Vec<KeyCombo>,
}

/// A group of rows under a name.
struct Group {
    name: &'static str,
    rows: Vec<Row>,
}

/// What is bound in a mode, to be asked by action.
struct Listing<'a> {
    rows: &'a [Bound],
}

impl<'a> Listing<'a> {
    fn of(bindings: &'a Bindings, mode: Mode) -> Self {
        Self { rows: bindings.listing(mode) }
    }

    fn row(&self, action: Action) -> Option<&'a Bound> {
        self.rows.iter().find(|bound| bound.action == action)
    }

    fn gesture(&self, action: Action) -> Option<SwipeDirection> {
        self.row(action).and_then(|bound| bound.gestures.first().copied())
    }

    fn does(&self, action: Action, combo: &KeyCombo) -> bool {
        self.row(action).is_some_and(|bound| bound.keys.contains(combo))
    }

    /// The keys of some actions. One with Alt is left out where the same without Alt does the same, or the same with
    /// steps: a line of its own says so.
    fn keys(&self, actions: &[Action]) -> Vec<KeyCombo> {
        let mut keys = Vec::new();
        for bound in actions.iter().filter_map(|action| self.row(*action)) {
            let stepwise = match bound.action {
                Action::NextSlide => Action::Next,
                Action::PreviousSlide => Action::Previous,
                same => same,
            };
            for combo in &bound.keys {
                if without_alt(combo).is_none_or(|plain| !self.does(stepwise, &plain)) {
                    keys.push(combo.clone());
                }
            }
        }
        keys
    }

    /// Whether Alt makes a move skip steps.
    fn alt_skips(&self) -> bool {
        [(Action::NextSlide, Action::Next), (Action::PreviousSlide, Action::Previous)].iter().any(|(slide, step)| {
            let keys = self.row(*slide).map_or(&[][..], |bound| &bound.keys);
            keys.iter().filter_map(without_alt).any(|plain| self.does(*step, &plain))
        })
    }
}

/// The same key without Alt, if it is one with Alt.
fn without_alt(combo: &KeyCombo) -> Option<KeyCombo> {
    let mods = Mods { alt: false, ..combo.mods };
    combo.mods.alt.then(|| KeyCombo { mods, ..combo.clone() })
}

/// The groups of rows, as they are printed. `mode` is what holds while nothing lies over the slide.
fn groups(bindings: &Bindings, mode: Mode) -> Vec<Group> {
    use Action as A;
    let (listing, focus) = (Listing::of(bindings, mode), Listing::of(bindings, Mode::Focus));
    let moves = |action, word, way| Row {
        picture: listing.gesture(action).map_or(Picture::Arrow(way), Picture::Swipe),
        word,
        keys: listing.keys(&[action]),
    };
    let row = |picture, word, actions: &[A]| Row { picture, word, keys: listing.keys(actions) };
    // These have no place of their own in the group unless a key is bound to them.
    let further = |rows: &mut Vec<Row>, row: Row| {
        if !row.keys.is_empty() {
            rows.push(row);
        }
    };

    let mut going = vec![
        moves(A::NextTopic, "help_next_topic", Way::Right),
        moves(A::PreviousTopic, "help_previous_topic", Way::Left),
        moves(A::Deeper, "help_deeper", Way::Down),
        moves(A::Back, "help_back", Way::Up),
        row(Picture::Step(Way::Right), "help_next", &[A::Next]),
        row(Picture::Step(Way::Left), "help_previous", &[A::Previous]),
    ];
    further(&mut going, row(Picture::Step(Way::Right), "help_next_slide", &[A::NextSlide]));
    further(&mut going, row(Picture::Step(Way::Left), "help_previous_slide", &[A::PreviousSlide]));
    further(&mut going, row(Picture::Ends, "help_ends", &[A::First, A::Last]));
    further(&mut going, row(Picture::Leaf, "help_pages", &[A::PageDown, A::PageUp]));

    let focused = |action| {
        let own = listing.keys(&[action]);
        if own.is_empty() { focus.keys(&[action]) } else { own }
    };
    let mut living = vec![
        Row { picture: Picture::Tap, word: "help_activate", keys: focused(A::Activate) },
        Row { picture: Picture::Hold, word: "help_hold", keys: focused(A::Hold) },
    ];
    further(&mut living, row(Picture::Pick, "help_focus", &[A::FocusNext, A::FocusPrevious]));
    further(&mut living, row(Picture::Icon("pause"), "help_time", &[A::Pause, A::Slow, A::Fast, A::Again]));

    let mut anywhere = vec![row(Picture::Icon("topics"), "help_overview", &[A::Overview])];
    further(&mut anywhere, row(Picture::Leaf, "help_more", &[A::More]));
    anywhere.push(row(Picture::Icon("look"), "help_look", &[A::Look]));
    anywhere.push(row(Picture::Icon("help"), "help_this", &[A::Help]));
    vec![
        Group { name: "help_move", rows: going },
        Group { name: "help_live", rows: living },
        Group { name: "help_anywhere", rows: anywhere },
    ]
}

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
    let laid = desk.words("control help_alt", &text, &[style], column.right - column.left, 2, [column.left, top + 20.0]);
    top + 20.0 + laid.height
}

/// Keys shared out over as many lines as they need.
fn lines_of(desk: &mut Desk, keys: &[KeyCombo], set: (Style, f32), room: f32) -> Vec<Vec<KeyCombo>> {
    let mut lines: Vec<Vec<KeyCombo>> = Vec::new();
    for combo in keys {
        match lines.last_mut() {
            Some(line) => {
                line.push(combo.clone());
                if caps_width(desk, line, set) > room {
                    line.pop();
                    lines.push(vec![combo.clone()]);
                }
            }
            None => lines.push(vec![combo.clone()]),
        }
    }
    lines
}

/// What is printed on a key: words, and an arrow if it is one.
fn printed(desk: &Desk, combo: &KeyCombo) -> (String, Option<Way>) {
    let mut words = Vec::new();
    let mods = [(combo.mods.ctrl, "key_control"), (combo.mods.shift, "key_shift"), (combo.mods.alt, "key_alt")];
    words.extend(mods.iter().filter(|(on, _)| *on).map(|(_, key)| desk.word(key)));
    let mut way = None;
    match &combo.key {
        Key::Character(written) => words.push(written.to_uppercase()),
        Key::Named(named) => match named {
            Named::ArrowLeft => way = Some(Way::Left),
            Named::ArrowRight => way = Some(Way::Right),
            Named::ArrowUp => way = Some(Way::Up),
            Named::ArrowDown => way = Some(Way::Down),
            Named::Space => words.push(desk.word("key_space")),
            Named::Enter => words.push(desk.word("key_enter")),
            Named::Tab => words.push(desk.word("key_tab")),
            Named::Escape => words.push(desk.word("key_escape")),
            Named::Backspace => words.push(desk.word("key_backspace")),
            Named::Delete => words.push(desk.word("key_delete")),
            Named::Insert => words.push(desk.word("key_insert")),
            Named::Home => words.push(desk.word("key_home")),
            Named::End => words.push(desk.word("key_end")),
            Named::PageUp => words.push(desk.word("key_page_up")),
            Named::PageDown => words.push(desk.word("key_page_down")),
            // F1 to F12 are called so everywhere.
            other => words.push(other.name().to_owned()),
        },
    }
    (words.join(" "), way)
}

/// Half of an arrow on a key, and the room that it takes beside words.
const ARROW: f32 = 11.0;

/// How wide a key is.
fn cap_width(desk: &mut Desk, combo: &KeyCombo, (style, padding): (Style, f32)) -> f32 {
    let (words, way) = printed(desk, combo);
    let words_width = if words.is_empty() { 0.0 } else { desk.type_.width(&words, &style) };
    let arrow = match way {
        Some(_) if words.is_empty() => ARROW * 2.0,
        Some(_) => ARROW * 2.0 + 8.0,
        None => 0.0,
    };
    (words_width + arrow + padding * 2.0).max(CAP).ceil()
}

/// How wide some keys are beside each other.
fn caps_width(desk: &mut Desk, keys: &[KeyCombo], set: (Style, f32)) -> f32 {
    let wide: f32 = keys.iter().map(|combo| cap_width(desk, combo, set)).sum();
    wide + CAP_GAP * keys.len().saturating_sub(1) as f32
}

/// Draws keys beside each other, centred on a height; returns how wide they are together. They are printed, never to be
/// touched.
fn caps(desk: &mut Desk, keys: &[KeyCombo], set: (Style, f32), [left, middle]: Vec2) -> f32 {
    let look = desk.look();
    let mut x = left;
    for combo in keys {
        let wide = cap_width(desk, combo, set);
        let min = [x, middle - CAP * 0.5];
        desk.sheet.shape(Shape::frame(Ink::Line, min, [wide, CAP], look.corner(12.0), look.stroke(OUTLINE)));
        let (words, way) = printed(desk, combo);
        let words_width = if words.is_empty() { 0.0 } else { desk.type_.width(&words, &set.0) };
        let arrow = if way.is_some() { ARROW * 2.0 } else { 0.0 };
        let gap = if way.is_some() && !words.is_empty() { 8.0 } else { 0.0 };
        let begin = x + (wide - words_width - gap - arrow) * 0.5;
        if !words.is_empty() {
            desk.line(&words, &set.0, begin, middle);
        }
        if let Some(way) = way {
            let centre = [begin + words_width + gap + ARROW, middle];
            way.draw(centre, ARROW, Ink::Ink, look.stroke(3.5), &mut desk.sheet);
        }
        x += wide + CAP_GAP;
    }
    if keys.is_empty() { 0.0 } else { x - CAP_GAP - left }
}

/// Draws a row's picture around a place.
fn picture(desk: &mut Desk, picture: Picture, centre: Vec2) {
    let (look, [x, y]) = (desk.look(), centre);
    let stroke = look.stroke(STROKE);
    let sheet = &mut desk.sheet;
    let finger = |sheet: &mut crate::ink::sheet::Sheet, at: Vec2, r: f32| {
        sheet.shape(Shape::circle(Ink::Ink, at, r, stroke));
        sheet.shape(Shape::disc(Ink::Ink, at, 10.0));
    };
    match picture {
        Picture::Swipe(direction) => swipe(sheet, direction, centre, stroke),
        Picture::Arrow(way) => {
            sheet.shape(Shape::circle(Ink::Ink, centre, 26.0, stroke));
            way.draw(centre, ARROW, Ink::Ink, stroke, sheet);
        }
        Picture::Step(way) => {
            let (size, radius) = ([PICTURE + 2.0, CAP], look.corner(CAP * 0.5));
            sheet.shape(Shape::frame(Ink::Ink, [x - size[0] * 0.5, y - CAP * 0.5], size, radius, stroke));
            let [dx, _] = way.vector();
            sheet.shape(triangle(Ink::Ink, [x - 9.0 * dx, y - 13.0], [x + 15.0 * dx, y], [x - 9.0 * dx, y + 13.0]));
        }
        Picture::Ends => {
            for side in [-1.0, 1.0] {
                let x = x + side * 26.0;
                let min = [x - 21.0, y - CAP * 0.5];
                sheet.shape(Shape::frame(Ink::Ink, min, [42.0, CAP], look.corner(10.0), stroke));
                sheet.shape(Shape::disc(Ink::Ink, [x, y], 6.0));
            }
        }
        Picture::Leaf => {
            let min = [x - 21.0, y - CAP * 0.5];
            sheet.shape(Shape::frame(Ink::Ink, min, [42.0, CAP], look.corner(10.0), stroke));
            for (down, long) in [(-11.0, 10.0), (0.0, 10.0), (11.0, 3.0)] {
                sheet.shape(Shape::line(Ink::Ink, [x - 10.0, y + down], [x + long, y + down], stroke));
            }
        }
        Picture::Tap => {
            finger(sheet, centre, 21.0);
            for from in [-0.125, 0.375] {
                sheet.shape(Shape::arc(Ink::Ink, centre, 31.0, from * TAU, 0.25 * TAU, stroke));
            }
        }
        Picture::Hold => {
            finger(sheet, centre, 21.0);
            sheet.shape(Shape::circle(Ink::Ink, centre, 31.0, stroke));
        }
        Picture::Pick => {
            finger(sheet, centre, 21.0);
            for side in [-34.0, 34.0] {
                sheet.shape(Shape::disc(Ink::Ink, [x + side, y], 9.0));
            }
        }
        Picture::Icon(key) => desk.icon(key, centre, 50.0, Ink::Ink, STROKE),
    }
}

/// A finger and its way: a disc in a circle, and a drop's tail where it came from.
fn swipe(sheet: &mut crate::ink::sheet::Sheet, direction: SwipeDirection, [x, y]: Vec2, stroke: f32) {
    let way = match direction {
        SwipeDirection::Left => Way::Left,
        SwipeDirection::Right => Way::Right,
        SwipeDirection::Up => Way::Up,
        SwipeDirection::Down => Way::Down,
    };
    let [dx, dy] = way.vector();
    // How far from the middle the finger is, how long its tail, and the circle around it: an upright one is smaller.
    let (ahead, tail, r) = if dy == 0.0 { (24.0, 72.0, 21.0) } else { (10.0, 38.0, 18.0) };
    let disc: f32 = 10.0;
    let at = [x + dx * ahead, y + dy * ahead];
    let behind = |far: f32, across: f32| [at[0] - dx * far - dy * across, at[1] - dy * far + dx * across];
    sheet.shape(Shape::circle(Ink::Ink, at, r, stroke));
    // Where the tail crosses the circle, it clears its ground.
    let clear = disc * (1.0 - r / tail) * 2.0 + 9.0;
    sheet.shape(Shape::line(Ink::Ground, behind(r - 4.0, 0.0), behind(r + 4.0, 0.0), clear));
    sheet.shape(triangle(Ink::Ink, behind(0.0, disc), behind(tail, 0.0), behind(0.0, -disc)));
    sheet.shape(Shape::disc(Ink::Ink, at, disc));
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            super::Touch,
            trial::{Trial, deck},
        },
        *,
    };
    use crate::deck::place::Source;
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
        Bindings::load(&Arc::new(Source { name: "bindings.ron".into(), text: text.into() })).unwrap()
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
        let page = Trial::new(deck(4, 2, 0))
            .at([1920, 1080], 0, |view, type_| compose(view, type_, &bindings));
        assert!(page.faults.iter().any(|f| f.what == "help"), "{:?}", page.faults);
    }
}
