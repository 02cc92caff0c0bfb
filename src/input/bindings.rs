//! Bindings: which keys and gestures mean which [`Action`], in which mode. They stand in `assets/bindings.ron`.
//!
//! ```
//! use peerscape::{deck::{action::Action, assets::Assets}, input::{bindings::{Bindings, Mode}, gestures::SwipeDirection, keys::KeyCombo}};
//!
//! let bindings = Bindings::of_assets(&Assets::default()).expect("the bindings in the binary are right");
//! let enter = KeyCombo::parse("Enter").expect("a key");
//! let (focus, overlay) = (true, false);
//! assert_eq!(bindings.action(Mode::stack(false, false), &enter), Some(Action::Next));
//! assert_eq!(bindings.action(Mode::stack(focus, overlay), &enter), Some(Action::Activate));
//! assert_eq!(bindings.gesture(Mode::stack(false, false), SwipeDirection::Left), Some(Action::NextTopic));
//! ```

use super::{
    gestures::SwipeDirection,
    keys::{KeyCombo, Named},
};
use crate::deck::{
    action::Action,
    assets::Assets,
    place::{self, Finding, Placed, Source, Spot},
};
use serde::Deserialize;
use std::{collections::BTreeMap, fmt, sync::Arc};

/// What keys and gestures are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A visitor before a slide.
    Exhibit,
    /// A focus shows.
    Focus,
    /// Something lies over the slide.
    Overlay,
    /// A presenter.
    Present,
}

impl Mode {
    /// The modes that hold, the upper first. The focus lies above what it shows on; an overlay holds alone, because the
    /// moves below it would turn pages that nobody sees.
    #[must_use]
    pub fn stack(focus: bool, overlay: bool) -> &'static [Self] {
        match (focus, overlay) {
            (false, false) => &[Self::Exhibit],
            (true, false) => &[Self::Focus, Self::Exhibit],
            (false, true) => &[Self::Overlay],
            (true, true) => &[Self::Focus, Self::Overlay],
        }
    }

    /// The same before a presenter, whose own keys hold under an overlay too; while the wall is covered, theirs alone.
    #[must_use]
    pub fn presenting(focus: bool, overlay: bool, covered: bool) -> &'static [Self] {
        match (focus, overlay) {
            _ if covered => &[Self::Present],
            (false, false) => &[Self::Present],
            (true, false) => &[Self::Focus, Self::Present],
            (false, true) => &[Self::Overlay, Self::Present],
            (true, true) => &[Self::Focus, Self::Overlay, Self::Present],
        }
    }

    /// Its name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exhibit => "exhibit",
            Self::Focus => "focus",
            Self::Overlay => "overlay",
            Self::Present => "present",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    exhibit: Vec<Row>,
    focus: Vec<Row>,
    overlay: Vec<Row>,
    #[serde(default)]
    present: Vec<Row>,
}

/// A row of a mode.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    action: Placed<Action>,
    #[serde(default)]
    keys: Vec<Placed<String>>,
    #[serde(default)]
    gestures: Vec<Placed<SwipeDirection>>,
}

/// What does an action in a mode: a row of the help page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The action.
    pub action: Action,
    /// The keys that do it, in the file's order; a page may leave out those with Alt and say so in a line.
    pub keys: Vec<KeyCombo>,
    /// The gestures that do it.
    pub gestures: Vec<SwipeDirection>,
}

/// What keys and gestures mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    keys: BTreeMap<(Mode, KeyCombo), Action>,
    gestures: BTreeMap<(Mode, SwipeDirection), Action>,
    rows: BTreeMap<Mode, Vec<Bound>>,
}

impl Bindings {
    /// Reads the bindings among the assets.
    ///
    /// # Errors
    /// What is wrong in them, at its places.
    pub fn of_assets(assets: &Assets) -> Result<Self, Vec<Finding>> {
        Self::load(&assets.source("bindings.ron")?)
    }

    /// Reads bindings.
    ///
    /// # Errors
    /// What is wrong in them, at its places: what can't be read; a key, gesture or action that does not exist; a key or
    /// gesture bound twice in one mode, with both places.
    pub fn load(source: &Arc<Source>) -> Result<Self, Vec<Finding>> {
        let file: File = place::read(source)?;
        let mut bindings = Self::default();
        let mut findings = Vec::new();
        let modes = [
            (Mode::Exhibit, file.exhibit),
            (Mode::Focus, file.focus),
            (Mode::Overlay, file.overlay),
            (Mode::Present, file.present),
        ];
        for (mode, rows) in modes {
            bindings.add(source, mode, rows, &mut findings);
        }
        if findings.is_empty() { Ok(bindings) } else { Err(findings) }
    }

    fn add(&mut self, source: &Arc<Source>, mode: Mode, rows: Vec<Row>, findings: &mut Vec<Finding>) {
        let mut key_spots = BTreeMap::new();
        let mut gesture_spots = BTreeMap::new();
        for row in rows {
            let action = row.action.value;
            let mut bound = Bound { action, keys: Vec::new(), gestures: Vec::new() };
            for name in row.keys {
                let spot = Spot::new(source, name.at.clone());
                match KeyCombo::parse(&name) {
                    Err(part) => findings.push(unknown_key(spot, &name, &part)),
                    Ok(combo) => match key_spots.get(&combo) {
                        Some(first) => findings.push(twice(spot, first, mode, "key", &combo.to_string())),
                        None => {
                            key_spots.insert(combo.clone(), spot);
                            self.keys.insert((mode, combo.clone()), action);
                            bound.keys.push(combo);
                        }
                    },
                }
            }
            for gesture in row.gestures {
                let spot = Spot::new(source, gesture.at.clone());
                match gesture_spots.get(&gesture.value) {
                    Some(first) => findings.push(twice(spot, first, mode, "gesture", gesture.name())),
                    None => {
                        gesture_spots.insert(gesture.value, spot);
                        self.gestures.insert((mode, gesture.value), action);
                        bound.gestures.push(gesture.value);
                    }
                }
            }
            // An action may stand in several rows; the help page prints one.
            let rows = self.rows.entry(mode).or_default();
            match rows.iter_mut().find(|b| b.action == action) {
                Some(before) => {
                    before.keys.append(&mut bound.keys);
                    before.gestures.append(&mut bound.gestures);
                }
                None => rows.push(bound),
            }
        }
    }

    /// What a key means in these modes, the upper first; see [`Mode::stack`].
    #[must_use]
    pub fn action(&self, modes: &[Mode], combo: &KeyCombo) -> Option<Action> {
        let under = modes.contains(&Mode::Overlay);
        modes.iter().find_map(|mode| {
            let action = self.keys.get(&(*mode, combo.clone())).copied();
            action.filter(|action| !(under && *mode == Mode::Present) || action.is_presenters())
        })
    }

    /// What a gesture means in these modes, the upper first.
    #[must_use]
    pub fn gesture(&self, modes: &[Mode], gesture: SwipeDirection) -> Option<Action> {
        let turns = |mode: &&Mode| !(**mode == Mode::Present && modes.contains(&Mode::Overlay));
        modes.iter().filter(turns).find_map(|mode| self.gestures.get(&(*mode, gesture)).copied())
    }

    /// What a mode binds, in the file's order, for the help page.
    #[must_use]
    pub fn listing(&self, mode: Mode) -> &[Bound] {
        self.rows.get(&mode).map_or(&[], Vec::as_slice)
    }
}

fn twice(second: Spot, first: &Spot, mode: Mode, what: &str, name: &str) -> Finding {
    Finding {
        spots: vec![second, first.clone()],
        rule: "bound-twice",
        message: format!("The {what} `{name}` is bound twice in `{mode}`."),
        expected: "one of the two".into(),
    }
}

fn unknown_key(spot: Spot, name: &str, part: &str) -> Finding {
    let is_key = name.ends_with(part);
    let known: Vec<&str> =
        if is_key { Named::ALL.iter().map(|n| n.name()).collect() } else { vec!["Shift", "Alt", "Ctrl", "Hold"] };
    let what = if is_key { "key" } else { "key to hold beside another" };
    let characters = if is_key { ", or one character" } else { "" };
    Finding {
        spots: vec![spot],
        rule: "unknown-key",
        message: format!("There is no {what} called `{part}`."),
        expected: place::one_of(part, &known) + characters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn load(text: &str) -> Result<Bindings, Vec<Finding>> {
        Bindings::load(&Arc::new(Source::new("bindings.ron", text)))
    }

    fn built_in() -> Bindings {
        Bindings::of_assets(&Assets::default()).expect("the bindings in the binary are right")
    }

    fn of(bindings: &Bindings, modes: &[Mode], key: &str) -> Option<Action> {
        bindings.action(modes, &KeyCombo::parse(key).expect(key))
    }

    #[test]
    fn binds_what_the_exhibit_promises() {
        use Action as A;
        let bindings = built_in();
        let table: &[(&[Mode], &str, Option<Action>)] = &[
            (Mode::stack(false, false), "ArrowRight", Some(A::NextTopic)),
            (Mode::stack(false, false), "ArrowLeft", Some(A::PreviousTopic)),
            (Mode::stack(false, false), "ArrowDown", Some(A::Deeper)),
            (Mode::stack(false, false), "ArrowUp", Some(A::Back)),
            (Mode::stack(false, false), "Space", Some(A::Next)),
            (Mode::stack(false, false), "Enter", Some(A::Next)),
            (Mode::stack(false, false), "N", Some(A::Next)),
            (Mode::stack(false, false), "PageDown", Some(A::Next)),
            (Mode::stack(false, false), "Shift+Space", Some(A::Previous)),
            (Mode::stack(false, false), "Backspace", Some(A::Previous)),
            (Mode::stack(false, false), "P", Some(A::Previous)),
            (Mode::stack(false, false), "PageUp", Some(A::Previous)),
            (Mode::stack(false, false), "Home", Some(A::First)),
            (Mode::stack(false, false), "End", Some(A::Last)),
            (Mode::stack(false, false), "Alt+Space", Some(A::NextSlide)),
            (Mode::stack(false, false), "Alt+Shift+Space", Some(A::PreviousSlide)),
            (Mode::stack(false, false), "Alt+ArrowRight", Some(A::NextTopic)),
            (Mode::stack(false, false), "Tab", Some(A::FocusNext)),
            (Mode::stack(false, false), "Shift+Tab", Some(A::FocusPrevious)),
            (Mode::stack(false, false), "Escape", Some(A::Escape)),
            (Mode::stack(false, false), "O", Some(A::Overview)),
            (Mode::stack(false, false), "T", Some(A::Look)),
            (Mode::stack(false, false), "?", Some(A::Help)),
            (Mode::stack(false, false), "F1", Some(A::Help)),
            (Mode::stack(false, false), "M", Some(A::More)),
            (Mode::stack(false, false), "Hold+Enter", None),
            (Mode::stack(true, false), "Enter", Some(A::Activate)),
            (Mode::stack(true, false), "Hold+Enter", Some(A::Hold)),
            (Mode::stack(true, false), "ArrowRight", Some(A::NextTopic)),
            (Mode::stack(true, false), "Escape", Some(A::Escape)),
            (Mode::stack(true, true), "Enter", Some(A::Activate)),
            (Mode::stack(true, true), "ArrowDown", Some(A::PageDown)),
            (Mode::stack(false, true), "PageDown", Some(A::PageDown)),
            (Mode::stack(false, true), "ArrowUp", Some(A::PageUp)),
            (Mode::stack(false, true), "Escape", Some(A::Escape)),
            (Mode::stack(false, true), "Home", None),
        ];
        for (modes, key, expected) in table {
            assert_eq!(of(&bindings, modes, key), *expected, "{key} in {modes:?}");
        }
        for (gesture, expected) in [
            (SwipeDirection::Left, A::NextTopic),
            (SwipeDirection::Right, A::PreviousTopic),
            (SwipeDirection::Up, A::Deeper),
            (SwipeDirection::Down, A::Back),
        ] {
            assert_eq!(bindings.gesture(Mode::stack(false, false), gesture), Some(expected));
        }
    }

    #[test]
    fn a_presenter_s_own_keys_hold_under_an_overlay_and_turn_no_page_there() {
        use Action as A;
        let bindings = built_in();
        let under = Mode::presenting(false, true, false);
        let table = [
            ("b", Some(A::Black)),
            ("w", Some(A::White)),
            ("f", Some(A::Freeze)),
            ("g", Some(A::Jump)),
            ("+", Some(A::LargerNotes)),
            ("Ctrl+q", Some(A::Quit)),
            ("Escape", Some(A::Escape)),
            ("PageDown", Some(A::PageDown)),
            ("m", Some(A::More)),
            ("Home", None),
            ("Hold+PageDown", None),
            ("F5", None),
        ];
        for (key, expected) in table {
            assert_eq!(of(&bindings, under, key), expected, "{key}");
        }
        assert_eq!(bindings.gesture(under, SwipeDirection::Left), Some(A::PageDown));
        assert_eq!(of(&bindings, Mode::presenting(false, false, false), "Home"), Some(A::First));
    }

    #[test]
    fn what_a_clicker_sends_to_start_a_show_does_nothing() {
        let bindings = built_in();
        for modes in [Mode::stack(false, false), Mode::stack(true, false), Mode::stack(false, true)] {
            for key in ["F5", "Shift+F5", "Alt+F4", "Ctrl+q", "Ctrl+w", "Alt+F5"] {
                assert_eq!(of(&bindings, modes, key), None, "{key} in {modes:?}");
            }
        }
    }

    #[test]
    fn the_help_page_prints_all_that_is_bound() {
        let bindings = built_in();
        for mode in [Mode::Exhibit, Mode::Focus, Mode::Overlay] {
            let rows = bindings.listing(mode);
            let printed: usize = rows.iter().map(|r| r.keys.len()).sum();
            assert_eq!(printed, bindings.keys.keys().filter(|(m, _)| *m == mode).count());
            let actions: BTreeSet<_> = rows.iter().map(|r| r.action).collect();
            assert_eq!(actions.len(), rows.len(), "one row an action");
        }
        let first = &bindings.listing(Mode::Exhibit)[0];
        assert_eq!((first.action, first.gestures.as_slice()), (Action::NextTopic, &[SwipeDirection::Left][..]));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        // Wrong bindings; the rule; each place as line:column; a part of what would be right.
        let table: &[(&str, &str, &[(usize, usize)], &str)] = &[
            (
                "(exhibit: [\n  (action: next, keys: [\"Space\", \"n\"]),\n  (action: back, keys: [\"N\"]),\n], focus: [], overlay: [])",
                "bound-twice",
                &[(3, 25), (2, 34)],
                "one of the two",
            ),
            (
                "(exhibit: [\n  (action: next, keys: [\"Shift+?\", \"?\"]),\n], focus: [], overlay: [])",
                "bound-twice",
                &[(2, 36), (2, 25)],
                "one of the two",
            ),
            (
                "(exhibit: [\n  (action: next, gestures: [swipe_up]),\n  (action: back, gestures: [swipe_up]),\n], focus: [], overlay: [])",
                "bound-twice",
                &[(3, 29), (2, 29)],
                "one of the two",
            ),
            (
                "(exhibit: [], focus: [\n  (action: next_topc, keys: [\"Space\"]),\n], overlay: [])",
                "unknown-word",
                &[(2, 12)],
                "`next_topic`",
            ),
            (
                "(exhibit: [], focus: [\n  (action: next, keys: [\"Alt+ArowRight\"]),\n], overlay: [])",
                "unknown-key",
                &[(2, 25)],
                "`ArrowRight`",
            ),
            (
                "(exhibit: [], focus: [\n  (action: next, keys: [\"Strg+n\"]),\n], overlay: [])",
                "unknown-key",
                &[(2, 25)],
                "`Ctrl`",
            ),
            (
                "(exhibit: [], focus: [\n  (action: next, gestures: [swipe_lefft]),\n], overlay: [])",
                "unknown-word",
                &[(2, 29)],
                "`swipe_left`",
            ),
            (
                "(exhibit: [], focus: [\n  (action: next, key: [\"n\"]),\n], overlay: [])",
                "unknown-field",
                &[(2, 18)],
                "`keys`",
            ),
            ("(exhibit: [], focus: [],\n overlays: [])", "unknown-field", &[(2, 2)], "`overlay`"),
        ];
        for (text, rule, places, expected) in table {
            let findings = load(text).expect_err(text);
            let got: Vec<_> = findings[0].spots.iter().map(Spot::line_column).collect();
            assert_eq!((findings[0].rule, got.as_slice()), (*rule, *places), "{text}: {findings:?}");
            assert!(findings[0].expected.contains(expected), "{text}: {}", findings[0].expected);
            assert_eq!(findings.len(), 1, "{text}");
        }
        assert!(
            load("(exhibit: [(action: next, keys: [\"n\"])], focus: [(action: back, keys: [\"n\"])], overlay: [])")
                .is_ok()
        );
        let many = load("(exhibit: [(action: next, keys: [\"a\", \"a\", \"Foo\"])], focus: [], overlay: [])");
        assert_eq!(many.expect_err("two faults").len(), 2, "all faults are told at once");
    }
}
