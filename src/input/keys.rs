//! Keys: what they are called, and what pressing or holding one means.
//!
//! Keys are logical: what is printed on the cap, wherever the cap sits. A key acts when it goes down, unless the same key
//! held down is bound too: then it acts at its lift, or at 500 ms as held.
//!
//! ```
//! use peerscape::{deck::{action::Action, assets::Assets}, input::{bindings::{Bindings, Mode}, keys::*}};
//!
//! let bindings = Bindings::of_assets(&Assets::default()).expect("the bindings in the binary are right");
//! let mut keys = Keys::default();
//! let mut enter = |phase, step| {
//!     let combo = KeyCombo::parse("Enter").expect("a key");
//!     keys.feed(&bindings, Mode::stack(true, false), KeyEvent { combo, phase, repeat: false, step })
//! };
//! assert_eq!(enter(KeyPhase::Down, 0), [], "it may become a hold");
//! assert_eq!(enter(KeyPhase::Up, 9), [Pressed::Act(Action::Activate)]);
//! ```

use super::{
    bindings::{Bindings, Mode},
    gestures::HOLD,
};
use crate::deck::action::Action;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! named {
    ($($name:ident: $doc:literal,)*) => {
        /// A key that is no character, by the name that the W3C gives it (and winit, and Bevy's logical keys).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Named {
            $(#[doc = $doc] $name,)*
        }

        impl Named {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What bindings call it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

named! {
    ArrowLeft: "An arrow.",
    ArrowRight: "An arrow.",
    ArrowUp: "An arrow.",
    ArrowDown: "An arrow.",
    Space: "The long one.",
    Enter: "Also that of the number pad.",
    Tab: "Moves the focus.",
    Escape: "Leads out.",
    Backspace: "Leads back.",
    Delete: "Removes.",
    Insert: "Inserts.",
    Home: "To the first.",
    End: "To the last.",
    PageUp: "Clickers send it.",
    PageDown: "Clickers send it.",
    F1: "Help, by custom.",
    F2: "A function key.",
    F3: "A function key.",
    F4: "A function key.",
    F5: "Clickers send it to start a show.",
    F6: "A function key.",
    F7: "A function key.",
    F8: "A function key.",
    F9: "A function key.",
    F10: "A function key.",
    F11: "A function key.",
    F12: "A function key.",
}

/// A key, by what it means on this keyboard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Key {
    /// What it writes; letters are small ones.
    Character(String),
    /// What it is called.
    Named(Named),
}

impl Key {
    /// The key that writes this; a space is [`Named::Space`], a capital letter is its small one.
    #[must_use]
    pub fn character(written: &str) -> Self {
        if written == " " { Self::Named(Named::Space) } else { Self::Character(written.to_lowercase()) }
    }

    /// The key of this name, as bindings write it: `ArrowRight`, `n`, `?`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut characters = name.chars();
        match (characters.next(), characters.next()) {
            (Some(c), None) if !c.is_control() => Some(Self::character(name)),
            _ => Named::ALL.iter().find(|n| n.name() == name).map(|n| Self::Named(*n)),
        }
    }

    /// Whether Shift is part of what it writes, and not a meaning of its own: `?` is Shift and `/` on many keyboards.
    fn has_own_shift(&self) -> bool {
        match self {
            Self::Character(written) => !written.chars().all(char::is_alphabetic),
            Self::Named(_) => false,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(written) => f.write_str(&written.to_uppercase()),
            Self::Named(named) => f.write_str(named.name()),
        }
    }
}

/// Keys that are held while another is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mods {
    /// Either Shift.
    pub shift: bool,
    /// Alt, but not `AltGr`, which only writes other characters.
    pub alt: bool,
    /// Either Ctrl.
    pub ctrl: bool,
}

/// A key with what is held beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyCombo {
    /// The key.
    pub key: Key,
    /// What is held beside it.
    pub mods: Mods,
    /// Whether the key itself is held down for half a second.
    pub held: bool,
}

impl KeyCombo {
    /// A key with what is held beside it.
    #[must_use]
    pub fn new(key: Key, mods: Mods) -> Self {
        let shift = mods.shift && !key.has_own_shift();
        Self { key, mods: Mods { shift, ..mods }, held: false }
    }

    /// The same, held down.
    #[must_use]
    pub fn held(self) -> Self {
        Self { held: true, ..self }
    }

    /// Reads what bindings write: `Shift+Space`, `Hold+Enter`, `+`.
    ///
    /// # Errors
    /// The part that is no key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut mods, mut held, mut rest) = (Mods::default(), false, text);
        loop {
            let Some((before, after)) = rest.split_once('+').filter(|(b, a)| !b.is_empty() && !a.is_empty()) else {
                let key = Key::parse(rest).ok_or_else(|| rest.to_owned())?;
                return Ok(Self { held, ..Self::new(key, mods) });
            };
            let flag = match before {
                "Shift" => &mut mods.shift,
                "Alt" => &mut mods.alt,
                "Ctrl" => &mut mods.ctrl,
                "Hold" => &mut held,
                other => return Err(other.to_owned()),
            };
            *flag = true;
            rest = after;
        }
    }
}

impl fmt::Display for KeyCombo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before =
            [(self.held, "Hold"), (self.mods.ctrl, "Ctrl"), (self.mods.shift, "Shift"), (self.mods.alt, "Alt")];
        for (_, name) in before.iter().filter(|(on, _)| *on) {
            write!(f, "{name}+")?;
        }
        self.key.fmt(f)
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPhase {
    /// It goes down.
    Down,
    /// It comes up.
    Up,
}

/// A key went down or came up. Written down with its step, it replays exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEvent {
    /// The key, with what is held beside it at that moment.
    pub combo: KeyCombo,
    /// What it did.
    pub phase: KeyPhase,
    /// Whether the keyboard only says again that it is still down.
    pub repeat: bool,
    /// When.
    pub step: u64,
}

/// What came of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// An intent.
    Act(Action),
    /// The key whose holding meant this came up.
    Released(Action),
}

/// A key that is down and may be held, or is.
#[derive(Clone, Debug)]
struct Waiting {
    combo: KeyCombo,
    since: u64,
    plain: Option<Action>,
    held: Action,
    holds: bool,
}

/// The keys that are down and may mean something yet.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    waiting: Vec<Waiting>,
}

impl Keys {
    /// Takes what a key did. A key that the keyboard repeats does nothing more: nobody races through the exhibit by
    /// leaning on it.
    pub fn feed(&mut self, bindings: &Bindings, modes: &[Mode], event: KeyEvent) -> Vec<Pressed> {
        let mut out = self.tick(event.step);
        if event.repeat {
            return out;
        }
        // A key that goes down again had come up unheard, as when another window took the keyboard.
        let before = self.waiting.iter().position(|w| w.combo.key == event.combo.key).map(|i| self.waiting.remove(i));
        if let Some(before) = before {
            if before.holds {
                out.push(Pressed::Released(before.held));
            } else if event.phase == KeyPhase::Up {
                out.extend(before.plain.map(Pressed::Act));
            }
        }
        if event.phase == KeyPhase::Down {
            let plain = bindings.action(modes, &event.combo);
            match bindings.action(modes, &event.combo.clone().held()) {
                Some(held) => {
                    self.waiting.push(Waiting { combo: event.combo, since: event.step, plain, held, holds: false });
                }
                None => out.extend(plain.map(Pressed::Act)),
            }
        }
        out
    }

    /// Says which keys began to be held up to this step.
    pub fn tick(&mut self, step: u64) -> Vec<Pressed> {
        let due = self.waiting.iter_mut().filter(|w| !w.holds && w.since + HOLD <= step);
        due.map(|w| {
            w.holds = true;
            Pressed::Act(w.held)
        })
        .collect()
    }

    /// Another window took the keyboard, or the page is another one: keys that were down mean nothing more.
    pub fn forget(&mut self) -> Vec<Pressed> {
        self.waiting.drain(..).filter(|w| w.holds).map(|w| Pressed::Released(w.held)).collect()
    }

    /// The step at which a key will begin to be held.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        self.waiting.iter().filter(|w| !w.holds).map(|w| w.since + HOLD).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deck::place::Source;
    use std::sync::Arc;

    #[test]
    fn names_read_and_print_the_same() {
        for name in
            ["Shift+Space", "Alt+ArrowRight", "Hold+Enter", "F1", "Ctrl+Q", "?", "+", "Ctrl++", "-", "Shift+Alt+Space"]
        {
            assert_eq!(KeyCombo::parse(name).map(|c| c.to_string()), Ok(name.to_owned()));
        }
        assert_eq!(KeyCombo::parse("n"), KeyCombo::parse("N"), "a letter is a key, whatever Caps Lock says");
        assert_ne!(KeyCombo::parse("Shift+n"), KeyCombo::parse("n"));
        assert_eq!(KeyCombo::parse("Shift+?"), KeyCombo::parse("?"), "Shift is part of what it writes");
        for (wrong, part) in [("Arrow", "Arrow"), ("Strg+n", "Strg"), ("", ""), ("Shift+", "Shift+"), ("nn", "nn")] {
            assert_eq!(KeyCombo::parse(wrong), Err(part.to_owned()));
        }
        assert_eq!(Key::character(" "), Key::Named(Named::Space));
    }

    #[test]
    fn a_key_acts_once() {
        let text = r#"(exhibit: [(action: next, keys: ["Enter"])],
            focus: [(action: activate, keys: ["Enter"]), (action: hold, keys: ["Hold+Enter"])], overlay: [])"#;
        let source = Arc::new(Source::new("keys", text));
        let bindings = Bindings::load(&source).expect("they are right");
        use KeyPhase::{Down, Up};
        use Pressed::{Act, Released};
        type Row<'a> = (&'a str, bool, &'a [(KeyPhase, bool, u64)], &'a [Pressed]);
        let table: &[Row] = &[
            ("outside the focus it acts at once", false, &[(Down, false, 0), (Up, false, 90)], &[Act(Action::Next)]),
            ("a tap of the key", true, &[(Down, false, 0), (Up, false, 29)], &[Act(Action::Activate)]),
            (
                "held",
                true,
                &[(Down, false, 0), (Down, true, 20), (Down, true, 40), (Up, false, 90)],
                &[Act(Action::Hold), Released(Action::Hold)],
            ),
            (
                "the lift went unheard, then a new press",
                true,
                &[(Down, false, 0), (Down, false, 10), (Up, false, 12)],
                &[Act(Action::Activate)],
            ),
            (
                "repeats do nothing",
                false,
                &[(Down, false, 0), (Down, true, 30), (Down, true, 33)],
                &[Act(Action::Next)],
            ),
        ];
        for (story, focus, pressed, expected) in table {
            let mut keys = Keys::default();
            let mut out = Vec::new();
            for &(phase, repeat, step) in *pressed {
                let combo = KeyCombo::parse("Enter").expect("a key");
                out.extend(keys.feed(&bindings, Mode::stack(*focus, false), KeyEvent { combo, phase, repeat, step }));
            }
            assert_eq!(out, *expected, "{story}");
        }
    }
}
