//! The podium: what the presenter has done to the audience's picture, and where they have been. It moves nothing itself:
//! what it wants of the deck it says.
//!
//! ```
//! use peerscape::{deck::{action::Action, state::Position}, presenter::podium::{Cover, Heard, Podium}};
//!
//! let (mut podium, here) = (Podium::default(), Position::default());
//! assert_eq!(podium.hear(Action::Black, here), Heard::Done);
//! assert_eq!(podium.cover, Some(Cover::Black));
//! // While it is black, only the key that ends it acts.
//! assert_eq!(podium.hear(Action::Next, here), Heard::Nothing);
//! assert_eq!(podium.hear(Action::Black, here), Heard::Done);
//! assert_eq!(podium.hear(Action::Next, here), Heard::Pass);
//! ```

use crate::deck::{action::Action, state::Position};

/// What covers the audience's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Nothing to see: look at the speaker.
    Black,
    /// A white wall.
    White,
}

/// The smallest and largest type of notes, and a step between them, in points.
const NOTES: [f32; 2] = [16.0, 64.0];
const NOTES_STEP: f32 = 4.0;
/// The wall is drawn larger by at most so much.
const CLOSEST: f32 = 4.0;
/// Less is not at all: two fingers never come back to quite where they were.
const NOT_LARGER: f32 = 1.05;
/// How many places are remembered.
const REMEMBERED: usize = 200;

/// What becomes of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is the deck's, or the scene's.
    Pass,
    /// It was the podium's.
    Done,
    /// It leads to a place.
    Go(Position),
    /// The presenter leaves.
    Quit,
    /// It does nothing now.
    Nothing,
}

/// What the presenter has done.
#[derive(Clone, Debug, PartialEq)]
pub struct Podium {
    /// What covers the audience's picture.
    pub cover: Option<Cover>,
    /// Whether the audience keeps its picture while the presenter looks ahead.
    pub frozen: bool,
    /// Whether a spotlight follows the pointer.
    pub spotlight: bool,
    /// How much larger the wall is drawn, and around which of its places, in reference pixels.
    pub zoom: Option<(f32, [f32; 2])>,
    /// The size of notes, in points.
    pub notes: f32,
    /// What was typed of a number or title to jump to.
    pub jump: Option<String>,
    /// Whether it asks if the presenter really leaves.
    pub leaves: bool,
    bookmark: Option<Position>,
    back: Vec<Position>,
    forward: Vec<Position>,
    /// The place shown last.
    here: Option<Position>,
}

impl Default for Podium {
    fn default() -> Self {
        Self {
            cover: None,
            frozen: false,
            spotlight: false,
            zoom: None,
            notes: 28.0,
            jump: None,
            leaves: false,
            bookmark: None,
            back: Vec::new(),
            forward: Vec::new(),
            here: None,
        }
    }
}

impl Podium {
    /// Hears an intent at a place of the deck.
    pub fn hear(&mut self, action: Action, here: Position) -> Heard {
        if let Some(cover) = self.cover {
            let ends = matches!((cover, action), (Cover::Black, Action::Black) | (Cover::White, Action::White));
            if ends {
                self.cover = None;
            }
            return if ends { Heard::Done } else { Heard::Nothing };
        }
        if self.leaves {
            self.leaves = false;
            return if action == Action::Quit { Heard::Quit } else { Heard::Done };
        }
        match action {
            Action::Black => self.cover = Some(Cover::Black),
            Action::White => self.cover = Some(Cover::White),
            Action::Freeze => self.frozen = !self.frozen,
            Action::Spotlight => self.spotlight = !self.spotlight,
            Action::Jump => self.jump = Some(String::new()),
            Action::Bookmark => self.bookmark = Some(here),
            Action::ToBookmark => return self.bookmark.map_or(Heard::Nothing, Heard::Go),
            Action::HistoryBack => {
                let Some(to) = self.back.pop() else { return Heard::Nothing };
                self.forward.push(here);
                self.here = Some(to);
                return Heard::Go(to);
            }
            Action::HistoryForward => {
                let Some(to) = self.forward.pop() else { return Heard::Nothing };
                self.back.push(here);
                self.here = Some(to);
                return Heard::Go(to);
            }
            Action::LargerNotes => self.notes = (self.notes + NOTES_STEP).min(NOTES[1]),
            Action::SmallerNotes => self.notes = (self.notes - NOTES_STEP).max(NOTES[0]),
            // Where to, the pointer knows.
            Action::Zoom => {}
            Action::Quit => self.leaves = true,
            _ => return Heard::Pass,
        }
        Heard::Done
    }

    /// Draws the wall larger or smaller than now by a factor; around a place, until it is as large as it was.
    pub fn pinch(&mut self, factor: f32, at: [f32; 2]) {
        let (now, around) = self.zoom.unwrap_or((1.0, at));
        let zoom = (now * factor).min(CLOSEST);
        // Spreading begins from nothing: what is hardly larger yet must be allowed to grow.
        let ends = zoom < 1.0 || (factor < 1.0 && zoom < NOT_LARGER);
        self.zoom = (!ends).then_some((zoom, around));
    }

    /// Remembers slides that were left, so that there is a way back to them.
    pub fn remember(&mut self, now: Position) {
        let slide = |at: Position| (at.topic, at.slide);
        match self.here {
            Some(before) if slide(before) != slide(now) => {
                self.back.push(before);
                if self.back.len() > REMEMBERED {
                    self.back.remove(0);
                }
                self.forward.clear();
            }
            _ => {}
        }
        self.here = Some(now);
    }

    /// Where what was typed leads: a slide's number in the walk from 1, `topic.slide`, or the first whose way or title has
    /// these letters. `slides` are all of the walk: place, way, title.
    #[must_use]
    pub fn jump_to(&self, slides: &[(Position, String, String)]) -> Option<Position> {
        let typed = self.jump.as_ref()?.trim().to_lowercase();
        if typed.is_empty() {
            return None;
        }
        let number = |text: &str| text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some((topic, slide)) = typed.split_once('.') {
            let (topic, slide) = (number(topic)?, number(slide)?);
            return slides.iter().map(|(at, ..)| *at).find(|at| (at.topic, at.slide) == (topic, slide));
        }
        if let Some(number) = number(&typed) {
            return slides.get(number).map(|(at, ..)| *at);
        }
        let has = |text: &str| text.to_lowercase().contains(&typed);
        slides.iter().find(|(_, way, title)| has(title) || has(way)).map(|(at, ..)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(topic: usize, slide: usize) -> Position {
        Position { topic, slide, step: 0 }
    }

    #[test]
    fn while_the_wall_is_covered_nothing_but_its_own_key_acts() {
        for (key, other, cover) in
            [(Action::Black, Action::White, Cover::Black), (Action::White, Action::Black, Cover::White)]
        {
            let mut podium = Podium::default();
            podium.hear(key, at(0, 0));
            for action in [other, Action::Next, Action::Freeze, Action::Quit, Action::Escape, Action::Pause] {
                assert_eq!(podium.hear(action, at(0, 0)), Heard::Nothing);
            }
            assert_eq!(podium.cover, Some(cover));
            podium.hear(key, at(0, 0));
            assert_eq!(podium, Podium::default());
        }
    }

    #[test]
    fn history_leads_back_and_forward_and_a_new_way_forgets_the_old_one() {
        let mut podium = Podium::default();
        for place in [at(0, 0), at(0, 1), Position { step: 1, ..at(0, 1) }, at(3, 0)] {
            podium.remember(place);
        }
        assert_eq!(podium.hear(Action::HistoryBack, at(3, 0)), Heard::Go(Position { step: 1, ..at(0, 1) }));
        podium.remember(Position { step: 1, ..at(0, 1) });
        assert_eq!(podium.hear(Action::HistoryBack, at(0, 1)), Heard::Go(at(0, 0)));
        podium.remember(at(0, 0));
        assert_eq!(podium.hear(Action::HistoryBack, at(0, 0)), Heard::Nothing);
        assert_eq!(podium.hear(Action::HistoryForward, at(0, 0)), Heard::Go(at(0, 1)));
        podium.remember(at(0, 1));
        podium.remember(at(5, 0));
        assert_eq!(podium.hear(Action::HistoryForward, at(5, 0)), Heard::Nothing);
    }

    #[test]
    fn leaving_is_asked_and_any_other_key_stays() {
        let mut podium = Podium::default();
        assert_eq!(podium.hear(Action::Quit, at(0, 0)), Heard::Done);
        assert_eq!(podium.hear(Action::Next, at(0, 0)), Heard::Done, "it answers the question, and moves nothing");
        assert!(!podium.leaves);
        podium.hear(Action::Quit, at(0, 0));
        assert_eq!(podium.hear(Action::Quit, at(0, 0)), Heard::Quit);
    }

    #[test]
    fn two_fingers_draw_the_wall_larger_and_as_it_was() {
        let mut podium = Podium::default();
        (0..4).for_each(|_| podium.pinch(1.01, [100.0, 200.0]));
        let (zoom, around) = podium.zoom.expect("a little larger");
        assert!((1.03..1.05).contains(&zoom) && around == [100.0, 200.0]);
        podium.pinch(9.0, [700.0, 200.0]);
        assert_eq!(podium.zoom, Some((4.0, [100.0, 200.0])), "no larger, and where it began");
        (0..40).for_each(|_| podium.pinch(0.9, [700.0, 200.0]));
        assert_eq!(podium.zoom, None);
    }

    #[test]
    fn jumps_by_number_topic_and_slide_or_letters() {
        let slides: Vec<_> = [(0, 0, "welcome/start"), (0, 1, "welcome/move"), (1, 0, "history/arpanet")]
            .map(|(topic, slide, way)| (at(topic, slide), way.to_owned(), format!("Title of {way}")))
            .to_vec();
        let to = |typed: &str| Podium { jump: Some(typed.into()), ..Podium::default() }.jump_to(&slides);
        assert_eq!(to("2"), Some(at(0, 1)));
        assert_eq!(to("2.1"), Some(at(1, 0)));
        assert_eq!(to("ARPA"), Some(at(1, 0)));
        assert_eq!([to("0"), to("9"), to("2.2"), to("x.1"), to(""), to("nowhere")], [None; 6]);
    }

    #[test]
    fn bookmarks_and_sizes_keep_their_bounds() {
        let mut podium = Podium::default();
        assert_eq!(podium.hear(Action::ToBookmark, at(0, 0)), Heard::Nothing);
        podium.hear(Action::Bookmark, at(2, 3));
        assert_eq!(podium.hear(Action::ToBookmark, at(0, 0)), Heard::Go(at(2, 3)));
        (0..100).for_each(|_| _ = podium.hear(Action::LargerNotes, at(0, 0)));
        assert_eq!(podium.notes, 64.0);
        (0..100).for_each(|_| _ = podium.hear(Action::SmallerNotes, at(0, 0)));
        assert_eq!(podium.notes, 16.0);
    }
}
