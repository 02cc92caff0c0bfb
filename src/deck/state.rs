//! Where we are in a deck, and what lies over it.

use std::collections::BTreeMap;

/// A place in a deck, all counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Which topic.
    pub topic: usize,
    /// Which slide of it.
    pub slide: usize,
    /// Which step of it: the label shown.
    pub step: usize,
}

/// What lies over the slide. The cursor only opens and closes it; `slides/` lays it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Overlay {
    /// *More*: the depth for who stays. The scene runs on beside it.
    More,
    /// All topics.
    Overview,
    /// Keys and gestures that are really bound.
    Help,
}

/// Where we are. Changed only by the cursor (`deck::cursor`) and by the kiosk's reset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeckState {
    /// The present place.
    pub at: Position,
    /// Of each slide seen, (topic, slide), the step that it was left at: *previous* takes a step back here too, so that
    /// coming back shows the slide as it was left.
    pub seen: BTreeMap<(usize, usize), usize>,
    /// Of each topic entered, the slide last seen.
    pub last: BTreeMap<usize, usize>,
    /// What lies over the slide, the top one last.
    pub overlays: Vec<Overlay>,
    /// The page shown of *more* or of an overlay that has several.
    pub page: usize,
}
