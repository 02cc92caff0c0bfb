//! A visitor's eyes: where on the wall a control stands.
//!
//! The page is composed as the wall composes it, and the control is looked for by what it does. Places that the exhibit's
//! design fixes for good (the chrome at the bottom, the corner) are not looked up but stated, in [`chrome`].

use crate::finger::Spot;
use peerscape::{
    deck::{
        Deck,
        action::Action,
        assets::Assets,
        state::{DeckState, Overlay, Position},
    },
    ink::{look::Look, sheet::Canvas, text::Typesetter},
    slides::{self, Area, Hit, SceneReport, Touch, View, ease::Ease, overlays},
};

/// Where chrome stands on every slide of a wide screen.
pub mod chrome {
    use crate::finger::Spot;

    /// The topic before.
    pub const PREVIOUS_TOPIC: Spot = [100.0, 1020.0];
    /// All topics.
    pub const OVERVIEW: Spot = [276.0, 1020.0];
    /// Another look.
    pub const LOOK: Spot = [473.0, 1020.0];
    /// Help.
    pub const HELP: Spot = [625.0, 1020.0];
    /// One slide up.
    pub const BACK: Spot = [762.0, 1020.0];
    /// One slide down.
    pub const DEEPER: Spot = [1158.0, 1020.0];
    /// The next topic.
    pub const NEXT_TOPIC: Spot = [1820.0, 1020.0];
    /// The corner that changes the look.
    pub const CORNER: Spot = [30.0, 30.0];
}

/// The exhibit's own deck, as the binary has it.
pub fn deck() -> Deck {
    Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("the deck does not load: {findings:?}"))
}

/// The middle of a control on a slide of a wide screen.
///
/// # Panics
/// If the slide has none that does this.
pub fn control(deck: &Deck, at: Position, action: Action) -> Spot {
    place(deck, &DeckState { at, ..DeckState::default() }, None, Ease::default(), Touch::Action(action))
}

/// The middle of what does what is wanted on a slide as it stands at rest, and what it does.
///
/// # Panics
/// If the slide has nothing like it.
pub fn find(deck: &Deck, way: &str, wanted: impl Fn(Touch) -> bool) -> (Spot, Touch) {
    let at = deck.find_slide(way).unwrap_or_else(|| panic!("the deck has {way}"));
    let (mut spot, state) = (None, DeckState { at, ..DeckState::default() });
    on_page(deck, &state, None, Ease::default(), |hit| {
        if wanted(hit.does) && hit.enabled {
            spot = Some((middle(hit.area), hit.does));
        }
    });
    spot.unwrap_or_else(|| panic!("{way} has nothing like it"))
}

/// The middle of what does this on a page of a wide screen: of what lies over the slide, if anything does.
///
/// # Panics
/// If the page has nothing that does this.
pub fn place(deck: &Deck, state: &DeckState, scene: Option<&SceneReport>, ease: Ease, does: Touch) -> Spot {
    let mut spot = None;
    on_page(deck, state, scene, ease, |hit| {
        if hit.does == does && hit.enabled {
            spot = Some(middle(hit.area));
        }
    });
    spot.unwrap_or_else(|| panic!("{} has nothing that does {does:?}", deck.way(state.at)))
}

fn middle(area: Area) -> Spot {
    match area {
        Area::Rect([x, y, width, height], _) => [x + width / 2.0, y + height / 2.0],
        Area::Circle(centre, _) => centre,
    }
}

/// Looks at everything that can be touched on a page, the lowest first.
fn on_page(deck: &Deck, state: &DeckState, scene: Option<&SceneReport>, ease: Ease, look: impl FnMut(&Hit)) {
    let assets = Assets::new(None);
    let looks = Look::all(|name| assets.text(name).map(|(_, text)| text)).expect("the looks can be read");
    let view = View {
        deck,
        state,
        look: &looks[0],
        canvas: Canvas { size: [1920, 1080] },
        scene,
        looks: &looks,
        length_percent: 100,
        ease,
    };
    let mut type_ = Typesetter::new();
    let page = match state.overlays.last() {
        Some(Overlay::Overview) => overlays::overview::compose(&view, &mut type_),
        Some(Overlay::More) => {
            let mut page = slides::compose(&view, &mut type_);
            overlays::more::compose(&view, &mut type_, &mut page);
            page
        }
        _ => slides::compose(&view, &mut type_),
    };
    page.hits.iter().for_each(look);
}
