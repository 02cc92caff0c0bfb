//! Attract: what plays at a stop of the loop while nobody is there.
//!
//! The scene plays itself: it rests, a ghost of a finger does the first deed, its consequences spread, the finger undoes it
//! and all heals; then the headline gives the answer. The script is drawn up for twenty seconds and stretches with the
//! stop. It is a pure function of how many steps the stop has played.
//!
//! ```
//! use peerscape::kiosk::attract::{Deed, Part, cue, deeds};
//!
//! let length = 20 * 60;
//! assert_eq!(cue(0, length).part, Part::Rest);
//! assert_eq!(cue(4 * 60, length).part, Part::Spread);
//! // A frame that began before the deed and ends after it does it, once.
//! assert_eq!(deeds(239, 241, length).collect::<Vec<_>>(), [Deed::First]);
//! assert_eq!(deeds(241, 243, length).count(), 0);
//! ```

use crate::input::STEPS_PER_SECOND;

/// The length that the script is drawn up for, in milliseconds.
const SCRIPT: u64 = 20_000;

/// The first deed is done at this moment of the script.
const FIRST_DEED: u64 = 4_000;

/// Its inverse is done at this moment.
const INVERSE: u64 = 14_000;

/// The headline gives the answer from this moment.
const ANSWER: u64 = 17_000;

/// So long before a deed the ghost finger comes into view.
const APPROACH: u64 = 800;

/// So long it stays on the glass.
const PRESS: u64 = 400;

/// So long it takes to go.
const LEAVE: u64 = 400;

/// The dot of "touch to begin" breathes between these radii (style §5), in reference pixels.
const BREATH: [f32; 2] = [28.0, 34.0];

/// A breath, in steps: 2.4 s.
const BREATH_STEPS: u64 = 2_400 * STEPS_PER_SECOND / 1_000;

/// A part of the script, which says what the headline says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The scene runs by itself: the stop's own headline.
    Rest,
    /// What was done spreads: the headline follows the state.
    Spread,
    /// It was undone: the headline follows the state.
    Healing,
    /// The answer.
    Answer,
}

/// What the ghost finger does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The first deed of the scene.
    First,
    /// Its inverse.
    Inverse,
}

/// The ghost of a finger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GhostFinger {
    /// What it is about to do, does, or did: where that is done, there it is.
    pub deed: Deed,
    /// How near it is, from 0, out of view, to 1, on the glass.
    pub near: f32,
    /// Whether it touches.
    pub pressed: bool,
    /// How many steps ago it touched first: the circle of a touch spreads from there.
    pub since_press: Option<u64>,
}

/// What is seen at a moment of a stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttractCue {
    /// The part of the script.
    pub part: Part,
    /// The ghost finger, while it is in view.
    pub finger: Option<GhostFinger>,
}

/// A moment of the script in steps, for a stop of this length.
fn moment(ms: u64, length: u64) -> u64 {
    ms * length / SCRIPT
}

/// When a deed is done, in steps into a stop of this length.
#[must_use]
pub fn deed_at(deed: Deed, length: u64) -> u64 {
    let ms = match deed {
        Deed::First => FIRST_DEED,
        Deed::Inverse => INVERSE,
    };
    moment(ms, length)
}

/// What is seen so many steps into a stop of this length.
#[must_use]
pub fn cue(into: u64, length: u64) -> AttractCue {
    let at = |ms| moment(ms, length);
    let part = match into {
        _ if into < at(FIRST_DEED) => Part::Rest,
        _ if into < at(INVERSE) => Part::Spread,
        _ if into < at(ANSWER) => Part::Healing,
        _ => Part::Answer,
    };
    AttractCue { part, finger: [Deed::First, Deed::Inverse].into_iter().find_map(|deed| ghost(deed, into, length)) }
}

fn ghost(deed: Deed, into: u64, length: u64) -> Option<GhostFinger> {
    let press = deed_at(deed, length);
    let ms = |ms: u64| moment(ms, length).max(1);
    let (comes, lifts) = (press.saturating_sub(ms(APPROACH)), press + ms(PRESS));
    let gone = lifts + ms(LEAVE);
    if into < comes || into >= gone {
        return None;
    }
    let share = |from: u64, to: u64| (into - from) as f32 / (to - from).max(1) as f32;
    let near = match into {
        _ if into < press => share(comes, press),
        _ if into < lifts => 1.0,
        _ => 1.0 - share(lifts, gone),
    };
    Some(GhostFinger { deed, near, pressed: (press..lifts).contains(&into), since_press: into.checked_sub(press) })
}

/// The deeds that are done after one moment of a stop and up to another, so that a frame that skips steps skips no deed.
pub fn deeds(after: u64, until: u64, length: u64) -> impl Iterator<Item = Deed> {
    [Deed::First, Deed::Inverse].into_iter().filter(move |deed| {
        let at = deed_at(*deed, length);
        after < at && at <= until
    })
}

/// The radius of the breathing dot at a step; without motion it stands in the middle of a breath.
#[must_use]
pub fn breath(step: u64, reduced_motion: bool) -> f32 {
    let [least, most] = BREATH;
    let phase = (step % BREATH_STEPS) as f32 / BREATH_STEPS as f32;
    let share = if reduced_motion { 0.5 } else { 0.5 - 0.5 * libm::cosf(phase * std::f32::consts::TAU) };
    least + (most - least) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_script() {
        let at = |seconds: f32| cue((seconds * 60.0) as u64, 1200);
        let table = [
            (0.0, Part::Rest, None, false),
            (3.1, Part::Rest, None, false),
            (3.3, Part::Rest, Some(Deed::First), false),
            (4.0, Part::Spread, Some(Deed::First), true),
            (4.3, Part::Spread, Some(Deed::First), true),
            (4.5, Part::Spread, Some(Deed::First), false),
            (4.9, Part::Spread, None, false),
            (13.9, Part::Spread, Some(Deed::Inverse), false),
            (14.0, Part::Healing, Some(Deed::Inverse), true),
            (16.9, Part::Healing, None, false),
            (17.0, Part::Answer, None, false),
            (19.9, Part::Answer, None, false),
        ];
        for (seconds, part, deed, pressed) in table {
            let cue = at(seconds);
            let finger = cue.finger;
            assert_eq!(cue.part, part, "at {seconds} s");
            assert_eq!(finger.map(|f| f.deed), deed, "at {seconds} s");
            assert_eq!(finger.is_some_and(|f| f.pressed), pressed, "at {seconds} s");
        }
    }

    #[test]
    fn every_deed_is_done_once_whatever_steps_are_skipped() {
        for length in [60, 600, 1200, 3600] {
            for stride in [1, 7, 61, 900, 5000] {
                let mut done = Vec::new();
                let mut now = 0;
                while now < length {
                    done.extend(deeds(now, now + stride, length));
                    now += stride;
                }
                assert_eq!(done, [Deed::First, Deed::Inverse], "every {stride} of {length}");
            }
        }
    }

    #[test]
    fn the_ghost_touches_where_and_when_the_deed_is_done() {
        for length in [60, 600, 1200, 3600] {
            for deed in [Deed::First, Deed::Inverse] {
                let at = deed_at(deed, length);
                let finger = cue(at, length).finger.expect("it is on the glass");
                assert_eq!((finger.deed, finger.near, finger.since_press), (deed, 1.0, Some(0)));
                assert!(finger.pressed);
                assert!(!cue(at - 1, length).finger.is_some_and(|f| f.pressed), "not before");
            }
            let near: Vec<f32> = (0..length).filter_map(|s| cue(s, length).finger).map(|f| f.near).collect();
            assert!(near.iter().all(|n| (0.0..=1.0).contains(n)));
        }
    }

    #[test]
    fn the_dot_breathes_between_its_bounds() {
        assert_eq!((breath(0, false), breath(72, false), breath(144, false)), (28.0, 34.0, 28.0));
        assert!((0..500).all(|s| (28.0..=34.0).contains(&breath(s, false))));
        assert!((0..500).all(|s| breath(s, true) == 31.0));
    }
}
