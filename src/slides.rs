//! Words on the wall: a page composed from (deck, position, look, target), the same for `check`, `shot` and the wall.
//!
//! Composing knows no screen and no Bevy. A [`Page`] says what is drawn, what can be touched and where the stage may
//! put its networks.

pub mod check;
pub mod chrome;
pub mod controls;
pub mod ease;
pub mod overlays;
pub mod page;
pub mod panel;
pub mod poster;
pub mod scene_slide;
pub mod sources;
pub mod still;
pub mod text_slide;
pub mod words;

use self::{ease::Ease, page::Desk};
use crate::{
    deck::{
        Deck,
        action::Action,
        state::{DeckState, Overlay, Position},
        structure::Layout,
    },
    ink::{
        look::Look,
        sheet::{Canvas, Sheet, Vec2},
        text::Typesetter,
    },
    sim::{
        model::Panel,
        vocabulary::{BlockId, PeerId, Word},
    },
};

/// A part of the page that answers a touch, and that the focus can reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Where it is.
    pub area: Area,
    /// What a touch does.
    pub does: Touch,
    /// What it is called, in words: for staff, tests and later for speech.
    pub name: String,
    /// Whether it can be acted on now; a way that leads nowhere stays, dimmed.
    pub enabled: bool,
}

/// An area of the page, in reference pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Area {
    /// Left, top, width, height, corner radius of what is drawn.
    Rect([f32; 4], f32),
    /// Centre and radius.
    Circle(Vec2, f32),
}

impl Area {
    /// Whether a point lies in it.
    #[must_use]
    pub fn contains(&self, p: Vec2) -> bool {
        match *self {
            Self::Rect([x, y, w, h], _) => p[0] >= x && p[0] <= x + w && p[1] >= y && p[1] <= y + h,
            Self::Circle(c, r) => (p[0] - c[0]).hypot(p[1] - c[1]) <= r,
        }
    }
}

/// What a touch means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// An intent.
    Action(Action),
    /// Straight to a place.
    Goto(Position),
    /// A deed of the scene, by its place in the scene's list of pills.
    Pill(usize),
    /// What a touch on the scene's server means: where it stands out of reach.
    Server,
    /// Chooses another peer, or another place of what lies over the slide: so many further on.
    Choose(i8),
    /// Does what a touch on the chosen one means.
    Chosen,
    /// A peer of a network of the scene (the stage adds these).
    Peer {
        /// Which network.
        network: usize,
        /// Which peer.
        peer: PeerId,
    },
    /// A block of a network of the scene (the stage adds these).
    Block {
        /// Which network.
        network: usize,
        /// Which block.
        block: BlockId,
    },
    /// A deed of the scene's first network, done with a value.
    Set {
        /// Which deed.
        deed: Word,
        /// With what.
        value: Entered,
    },
    /// The same with the value that a place on an axis stands for.
    Slide(Axis),
    /// Turns the keys on the wall from small letters to capitals and back.
    Capitals,
    /// The next place on the panel of a deck's mistakes.
    NextFinding,
    /// Folds that panel away.
    HideFindings,
    /// Takes the touch and does nothing.
    Nothing,
}

/// What is entered by a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered {
    /// Nothing but the deed.
    None,
    /// A whole number.
    Whole(u32),
    /// A share, in hundredths.
    Percent(u32),
    /// A sign.
    Sign(char),
}

/// An axis on the page whose places stand for values of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Which deed.
    pub deed: Word,
    /// Whether its numbers are hundredths of a share.
    pub share: bool,
    /// The first value and the last.
    pub low: u32,
    /// The last value.
    pub high: u32,
    /// From one value that can be entered to the next.
    pub tick: u32,
    /// Where the first value stands, in reference pixels from the left.
    pub from: i32,
    /// Where the last one stands.
    pub to: i32,
    /// The present value.
    pub now: u32,
}

impl Axis {
    /// The value nearest to a place, at a tick or an end.
    #[must_use]
    pub fn value(&self, x: f32) -> u32 {
        let long = (self.to - self.from).max(1) as f32;
        let along = ((x - self.from as f32) / long).clamp(0.0, 1.0) * (self.high - self.low) as f32;
        let ticks = (along / self.tick as f32).round() as u32;
        let (tick, end) = ((self.low + ticks * self.tick).min(self.high), self.high);
        // The last stretch may be shorter than a tick.
        let off = |value: u32| (value as f32 - self.low as f32 - along).abs();
        if off(end) < off(tick) { end } else { tick }
    }

    /// What a touch means that enters a value.
    #[must_use]
    pub fn entering(&self, value: u32) -> Touch {
        let value = if self.share { Entered::Percent(value) } else { Entered::Whole(value) };
        Touch::Set { deed: self.deed, value }
    }

    /// What a touch at a place means.
    #[must_use]
    pub fn touched(&self, x: f32) -> Touch {
        self.entering(self.value(x))
    }

    /// One tick on, and from the end to the beginning: what a key means, which has no place.
    #[must_use]
    pub fn next(&self) -> Touch {
        self.entering(if self.now >= self.high { self.low } else { (self.now + self.tick).min(self.high) })
    }
}

/// Where the stage may put a network, in reference pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageFrame {
    /// Which network of the scene.
    pub network: usize,
    /// The disc's centre.
    pub centre: Vec2,
    /// The disc's radius: the ground of a living network. Of a box, half its width.
    pub radius: f32,
    /// How high the box is for a chain that stands alone; nothing where the frame is a disc.
    pub height: Option<f32>,
}

/// What the live scene says to the page: one report a network, and how its time runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneReport {
    /// The networks, left to right.
    pub networks: Vec<NetworkReport>,
    /// The named states of the scene as a whole, the most telling first.
    pub states: Vec<Word>,
    /// Whether time stands still.
    pub paused: bool,
    /// Time runs slower (-1), as the deck says (0), or faster (1).
    pub pace: i8,
    /// What a finger or a held key shows: network and peer.
    pub held: Option<(usize, PeerId)>,
    /// The deed that a touch on the chosen peer would do, if one is chosen and it would do any.
    pub chosen: Option<Word>,
    /// Of each pill the deed that it would do, the deck's or, while that can't be done, what undoes it; and whether it may.
    pub pills: Vec<(Word, bool)>,
    /// Whether the keys on the wall write capitals.
    pub capitals: bool,
}

/// What one network says to the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkReport {
    /// Its named states, the most telling first.
    pub states: Vec<Word>,
    /// The moment of its run, in seconds.
    pub seconds: f64,
    /// Its figures by key.
    pub figures: Vec<(&'static str, Option<f64>)>,
    /// Whether its server (or whatever gives it life) is stopped.
    pub stopped: bool,
    /// The deed that a touch on its server would do, if it has one and it would do any.
    pub server: Option<Word>,
    /// Whether nothing more will happen in it.
    pub finished: bool,
    /// The last refusal, as a key into the model's words, while it is fresh.
    pub refusal: Option<Word>,
    /// How many peers stand otherwise than in the same run untouched, where the scene compares the two.
    pub differing: usize,
    /// What stands on its panel.
    pub panel: Panel,
}

/// Everything that a page is composed from.
pub struct View<'a> {
    /// The deck.
    pub deck: &'a Deck,
    /// Where we are, and what lies over it.
    pub state: &'a DeckState,
    /// The look.
    pub look: &'a Look,
    /// The picture's size.
    pub canvas: Canvas,
    /// The live scene's report; a scene that has not begun reports its resting state.
    pub scene: Option<&'a SceneReport>,
    /// Every look, for the bands in the corner, and which one this is.
    pub looks: &'a [Look],
    /// How long words are taken to be, in percent of what they are: 100 on the wall; 135 in `check`, which leaves room
    /// for other languages.
    pub length_percent: u32,
    /// What makes it easier for those who need it.
    pub ease: Ease,
}

/// Something on a page that does not fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which words: "headline", "step 2", "more", "control next".
    pub what: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub expected: String,
    /// The rule's key.
    pub rule: &'static str,
}

/// A composed page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What lies under the stage's networks.
    pub under: Sheet,
    /// What lies over them.
    pub over: Sheet,
    /// What can be touched, the top one last.
    pub hits: Vec<Hit>,
    /// Where the stage may put its networks, or its still.
    pub stages: Vec<StageFrame>,
    /// Boxes of text, so that it can be seen whether they keep clear of each other.
    pub texts: Vec<TextBox>,
    /// What does not fit.
    pub faults: Vec<Fault>,
}

/// Where some words of a page stand.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBox {
    /// Which words.
    pub what: String,
    /// Left, top, width, height.
    pub rect: [f32; 4],
}

/// Composes the page of a slide: everything but what its networks draw and what lies over the slide.
///
/// While *more* is open the slide makes room for it. The overview and the help take no notice of the slide.
#[must_use]
pub fn compose(view: &View, type_: &mut Typesetter) -> Page {
    let mut desk = Desk::new(view, type_);
    desk.grid();
    let more_open = view.state.overlays.contains(&Overlay::More);
    let slide = desk.slide();
    match (&slide.scene, slide.layout) {
        (Some(scene), Layout::Text | Layout::Poster) => scene_slide::compose(&mut desk, scene, more_open),
        (None, Layout::Poster) => poster::compose(&mut desk),
        (None, Layout::Text) => text_slide::compose(&mut desk, more_open),
        (_, Layout::Sources) => sources::compose(&mut desk),
    }
    desk.page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_an_axis_is_its_nearest_tick() {
        let axis = Axis { deed: "dark", share: false, low: 16, high: 78, tick: 8, from: 100, to: 720, now: 40 };
        for (x, value) in
            [(0.0, 16), (100.0, 16), (139.0, 16), (141.0, 24), (340.0, 40), (700.0, 78), (690.0, 72), (999.0, 78)]
        {
            assert_eq!(axis.value(x), value, "at {x}");
        }
        assert_eq!(axis.next(), Touch::Set { deed: "dark", value: Entered::Whole(48) });
        assert_eq!(Axis { now: 78, ..axis }.next(), Touch::Set { deed: "dark", value: Entered::Whole(16) });
        let share = Axis { share: true, low: 0, high: 60, tick: 5, ..axis };
        assert_eq!(share.touched(410.0), Touch::Set { deed: "dark", value: Entered::Percent(30) });
    }
}
