//! What the help page says: rows made from what a mode binds.

use super::{super::kit::Way, pictures::Picture};
use crate::{
    deck::action::Action,
    input::{
        bindings::{Bindings, Bound, Mode},
        gestures::SwipeDirection,
        keys::{KeyCombo, Mods},
    },
};

/// A row: a picture, words, keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub picture: Picture,
    pub word: &'static str,
    pub keys: Vec<KeyCombo>,
}

/// A group of rows under a name.
pub(super) struct Group {
    pub name: &'static str,
    pub rows: Vec<Row>,
}

/// What is bound in a mode, to be asked by action.
pub(super) struct Listing<'a> {
    rows: &'a [Bound],
}

impl<'a> Listing<'a> {
    pub fn of(bindings: &'a Bindings, mode: Mode) -> Self {
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
    pub fn keys(&self, actions: &[Action]) -> Vec<KeyCombo> {
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
    pub fn alt_skips(&self) -> bool {
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
pub(super) fn groups(bindings: &Bindings, mode: Mode) -> Vec<Group> {
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
