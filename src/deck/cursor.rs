//! The cursor: from where we are and an intent to where we are next. Pure, so that it can be tested as a table.
//!
//! The walk through a deck goes over the steps of a slide, then over the slides of a topic downwards, then to the first
//! slide of the next topic. Topics lie side by side: moving between them lands on the slide last seen there. There is
//! no way round from the last slide to the first.

use super::{
    action::Action,
    state::{DeckState, Overlay, Position},
};

/// What the cursor must know of a deck: how many steps each slide has, and whether it has *more*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Of each topic the slides.
    topics: Vec<Vec<SlideShape>>,
    /// How many pages the overlay on top has, as laid out; without it the page is not bounded.
    pages: Option<usize>,
}

/// What the cursor must know of a slide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlideShape {
    /// How many steps it has, at least one.
    pub steps: usize,
    /// Whether it has *more*.
    pub more: bool,
}

impl Shape {
    /// The shape of a deck: of each topic the slides.
    #[must_use]
    pub fn new(topics: Vec<Vec<SlideShape>>) -> Self {
        Self { topics, pages: None }
    }

    /// The same, when what lies on top has this many pages.
    #[must_use]
    pub fn with_pages(self, pages: usize) -> Self {
        Self { pages: Some(pages), ..self }
    }

    /// How many topics there are.
    #[must_use]
    pub fn topics(&self) -> usize {
        self.topics.len()
    }

    /// How many slides a topic has.
    #[must_use]
    pub fn slides(&self, topic: usize) -> usize {
        self.topics.get(topic).map_or(0, Vec::len)
    }

    /// How many steps a slide has: at least one.
    #[must_use]
    pub fn steps(&self, topic: usize, slide: usize) -> usize {
        self.slide(topic, slide).map_or(1, |s| s.steps.max(1))
    }

    fn slide(&self, topic: usize, slide: usize) -> Option<&SlideShape> {
        self.topics.get(topic)?.get(slide)
    }

    /// The slide after another in the walk.
    fn after(&self, at: Position) -> Option<(usize, usize)> {
        if at.slide + 1 < self.slides(at.topic) {
            return Some((at.topic, at.slide + 1));
        }
        (at.topic + 1..self.topics()).find(|t| self.slides(*t) > 0).map(|t| (t, 0))
    }

    /// The slide before another in the walk.
    fn before(&self, at: Position) -> Option<(usize, usize)> {
        if at.slide > 0 {
            return Some((at.topic, at.slide - 1));
        }
        (0..at.topic.min(self.topics())).rev().find(|t| self.slides(*t) > 0).map(|t| (t, self.slides(t) - 1))
    }
}

/// From which side a slide is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// Onwards or by a jump: a slide never seen begins with its first step.
    Onwards,
    /// Backwards: a slide never seen stands complete.
    Backwards,
}

/// The state after an action. Actions that are not the cursor's (looks, focus, time) change nothing.
#[must_use]
pub fn apply(shape: &Shape, state: &DeckState, action: Action) -> DeckState {
    let mut next = state.clone();
    let at = state.at;
    match action {
        Action::Next if at.step + 1 < shape.steps(at.topic, at.slide) => step(&mut next, at.step + 1),
        Action::Next | Action::NextSlide => enter(shape, &mut next, shape.after(at), Entry::Onwards),
        Action::Previous if at.step > 0 => step(&mut next, at.step - 1),
        Action::Previous | Action::PreviousSlide => enter(shape, &mut next, shape.before(at), Entry::Backwards),
        Action::Deeper => {
            let below = (at.slide + 1 < shape.slides(at.topic)).then_some((at.topic, at.slide + 1));
            enter(shape, &mut next, below, Entry::Onwards);
        }
        Action::Back => enter(shape, &mut next, at.slide.checked_sub(1).map(|s| (at.topic, s)), Entry::Backwards),
        Action::NextTopic => {
            let topic = (at.topic + 1..shape.topics()).find(|t| shape.slides(*t) > 0);
            enter(shape, &mut next, topic.map(|t| (t, last_seen(shape, state, t))), Entry::Onwards);
        }
        Action::PreviousTopic => {
            let topic = (0..at.topic).rev().find(|t| shape.slides(*t) > 0);
            enter(shape, &mut next, topic.map(|t| (t, last_seen(shape, state, t))), Entry::Backwards);
        }
        Action::First => {
            let first = (0..shape.topics()).find(|t| shape.slides(*t) > 0).map(|t| (t, 0));
            enter(shape, &mut next, first, Entry::Onwards);
        }
        Action::Last => {
            let last = (0..shape.topics()).rev().find(|t| shape.slides(*t) > 0).map(|t| (t, shape.slides(t) - 1));
            enter(shape, &mut next, last, Entry::Onwards);
        }
        Action::Overview => toggle(&mut next, Overlay::Overview),
        Action::Help => toggle(&mut next, Overlay::Help),
        Action::More => {
            // A slide without *more* has nothing to open; what is open can always be closed.
            if state.overlays.contains(&Overlay::More) || shape.slide(at.topic, at.slide).is_some_and(|s| s.more) {
                toggle(&mut next, Overlay::More);
            }
        }
        Action::Escape => {
            if next.overlays.pop().is_none() {
                next.overlays.push(Overlay::Overview);
            }
            next.page = 0;
        }
        Action::PageDown if !state.overlays.is_empty() => {
            next.page = (state.page + 1).min(shape.pages.map_or(usize::MAX, |n| n.saturating_sub(1)));
        }
        Action::PageUp if !state.overlays.is_empty() => {
            // A page that is no longer there, after a change of looks or size, counts as the last.
            next.page = state.page.min(shape.pages.map_or(usize::MAX, |n| n.saturating_sub(1))).saturating_sub(1);
        }
        Action::PageDown
        | Action::PageUp
        | Action::Look
        | Action::FocusNext
        | Action::FocusPrevious
        | Action::Activate
        | Action::Hold
        | Action::Pause
        | Action::Slow
        | Action::Fast
        | Action::Again
        | Action::Black
        | Action::White
        | Action::Freeze
        | Action::Spotlight
        | Action::Zoom
        | Action::Jump
        | Action::Bookmark
        | Action::ToBookmark
        | Action::HistoryBack
        | Action::HistoryForward
        | Action::LargerNotes
        | Action::SmallerNotes
        | Action::Quit => {}
    }
    next
}

/// Straight to a place: the slide as it was left, unless a later step than the first is asked for. What lies over the
/// slide goes, also if we are there already.
#[must_use]
pub fn goto(shape: &Shape, state: &DeckState, to: Position) -> DeckState {
    let mut next = state.clone();
    if shape.slide(to.topic, to.slide).is_none() {
        return next;
    }
    enter(shape, &mut next, Some((to.topic, to.slide)), Entry::Onwards);
    if to.step > 0 {
        step(&mut next, to.step.min(shape.steps(to.topic, to.slide) - 1));
    }
    cover_none(&mut next);
    next
}

/// The state in which an exhibit begins.
#[must_use]
pub fn begin(shape: &Shape, at: Position) -> DeckState {
    goto(shape, &DeckState::default(), at)
}

/// The state in a deck that has changed under it: at the nearest place that still is.
#[must_use]
pub fn settle(shape: &Shape, state: &DeckState) -> DeckState {
    let mut next = state.clone();
    next.seen.retain(|(topic, slide), _| shape.slide(*topic, *slide).is_some());
    for ((topic, slide), step) in &mut next.seen {
        *step = (*step).min(shape.steps(*topic, *slide) - 1);
    }
    next.last.retain(|topic, slide| shape.slide(*topic, *slide).is_some());
    let topic = state.at.topic.min(shape.topics().saturating_sub(1));
    let slide = if topic == state.at.topic { state.at.slide } else { usize::MAX };
    let slide = slide.min(shape.slides(topic).saturating_sub(1));
    let step = if (topic, slide) == (state.at.topic, state.at.slide) { state.at.step } else { 0 };
    next.at = Position { topic, slide, step: step.min(shape.steps(topic, slide) - 1) };
    if shape.slide(topic, slide).is_none_or(|s| !s.more) {
        next.overlays.retain(|o| *o != Overlay::More);
    }
    remember(&mut next);
    next
}

/// Whether an action would change anything: a way that leads nowhere is shown dimmed.
#[must_use]
pub fn leads(shape: &Shape, state: &DeckState, action: Action) -> bool {
    apply(shape, state, action) != *state
}

/// Shows another step of the present slide.
fn step(state: &mut DeckState, step: usize) {
    state.at.step = step;
    remember(state);
    // *More* belongs to the slide and stays; what hides the slide goes, or the step would not be seen.
    let open = state.overlays.len();
    state.overlays.retain(|o| *o == Overlay::More);
    if state.overlays.len() != open {
        state.page = 0;
    }
}

/// Enters a slide, if there is one; else nothing changes.
fn enter(shape: &Shape, state: &mut DeckState, to: Option<(usize, usize)>, entry: Entry) {
    let Some((topic, slide)) = to else { return };
    if (topic, slide) == (state.at.topic, state.at.slide) {
        // Already there: it stays as it is.
        remember(state);
        return;
    }
    remember(state);
    let last = shape.steps(topic, slide) - 1;
    let step = match state.seen.get(&(topic, slide)) {
        Some(left) => (*left).min(last),
        None if entry == Entry::Backwards => last,
        None => 0,
    };
    state.at = Position { topic, slide, step };
    remember(state);
    cover_none(state);
}

/// Notes how the present slide is left, and that it is the one last seen of its topic.
fn remember(state: &mut DeckState) {
    state.seen.insert((state.at.topic, state.at.slide), state.at.step);
    state.last.insert(state.at.topic, state.at.slide);
}

/// The slide of a topic last seen, else its first.
fn last_seen(shape: &Shape, state: &DeckState, topic: usize) -> usize {
    state.last.get(&topic).copied().filter(|s| *s < shape.slides(topic)).unwrap_or(0)
}

/// Closes everything that lies over the slide.
fn cover_none(state: &mut DeckState) {
    state.overlays.clear();
    state.page = 0;
}

/// Opens or closes an overlay. Overview and help cover the whole slide, so one takes the other's place; *more* lies
/// below both.
fn toggle(state: &mut DeckState, overlay: Overlay) {
    if state.overlays.contains(&overlay) {
        state.overlays.retain(|o| *o != overlay);
    } else {
        state.overlays.retain(|o| *o == Overlay::More);
        state.overlays.push(overlay);
    }
    state.page = 0;
}

#[cfg(test)]
#[path = "cursor/tests.rs"]
mod tests;
