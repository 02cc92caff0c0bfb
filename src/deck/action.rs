//! What a visitor, presenter or timer means, once, whatever it came from.

use serde::Deserialize;

/// An intent. Bindings name these in snake case: `next_topic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The next topic, at the slide last seen there.
    NextTopic,
    /// The topic before.
    PreviousTopic,
    /// One slide down.
    Deeper,
    /// One slide up.
    Back,
    /// The next step, else one slide down, else the next topic.
    Next,
    /// The step before on this slide, else the slide before in the walk.
    Previous,
    /// Like `next`, without steps.
    NextSlide,
    /// Like `previous`, without steps.
    PreviousSlide,
    /// The first slide of the deck.
    First,
    /// The last slide of the deck.
    Last,
    /// Opens or closes the overview.
    Overview,
    /// Opens or closes the help.
    Help,
    /// Opens or closes *more*.
    More,
    /// A page down in what is open.
    PageDown,
    /// A page up in what is open.
    PageUp,
    /// Closes the top overlay, else ends the focus, else opens the overview.
    Escape,
    /// The next look.
    Look,
    /// Moves the focus on.
    FocusNext,
    /// Moves the focus back.
    FocusPrevious,
    /// Acts on what has the focus.
    Activate,
    /// Shows what the focused thing holds.
    Hold,
    /// Pauses or resumes the live scene.
    Pause,
    /// Slows the live scene.
    Slow,
    /// Speeds the live scene up.
    Fast,
    /// Starts the live scene again from the same seed.
    Again,
    /// Covers the audience's picture with black, or uncovers it.
    Black,
    /// The same with white.
    White,
    /// Keeps the audience's picture as it is while the presenter looks ahead, or lets it follow again.
    Freeze,
    /// A spotlight follows the pointer, or no longer does.
    Spotlight,
    /// Draws the wall larger around the pointer, or no longer.
    Zoom,
    /// Asks for a number or title to go to.
    Jump,
    /// Remembers this place.
    Bookmark,
    /// Goes to the place that was remembered.
    ToBookmark,
    /// Back to the slide before, in the order in which they were shown.
    HistoryBack,
    /// Forward again.
    HistoryForward,
    /// Notes in larger type.
    LargerNotes,
    /// Notes in smaller type.
    SmallerNotes,
    /// Leaves the presentation, if it is asked for twice.
    Quit,
}

impl Action {
    /// Whether it is a presenter's own, for the audience's picture or their own window: it turns no page, so that it holds
    /// whatever lies over the slide.
    #[must_use]
    pub fn is_presenters(self) -> bool {
        matches!(
            self,
            Self::Black
                | Self::White
                | Self::Freeze
                | Self::Spotlight
                | Self::Zoom
                | Self::Jump
                | Self::Bookmark
                | Self::ToBookmark
                | Self::HistoryBack
                | Self::HistoryForward
                | Self::LargerNotes
                | Self::SmallerNotes
                | Self::Quit
        )
    }
}
