//! Transitions: where two pages stand while one follows a finger or gives way to the other.
//!
//! A dragged page follows its finger one to one, its neighbour beside it; let go, both settle in 320 ms, fast at first. A
//! key or control settles the same way from rest. With reduced motion nothing slides: the pages fade over in 150 ms.
//!
//! ```
//! use peerscape::input::{gestures::{Axis, Settle, SwipeDirection, settle}, transition::Transition};
//!
//! let size = [1920.0, 1080.0];
//! let dragged = Transition::follow(Axis::Horizontal, -700.0, true);
//! let poses = dragged.poses(size, false, 100);
//! assert_eq!((poses.old.offset, poses.new.map(|p| p.offset)), ([-700.0, 0.0], Some([1220.0, 0.0])));
//!
//! assert_eq!(settle(Axis::Horizontal, -700.0, 0.0, 1920.0), Settle::Onward(SwipeDirection::Left));
//! let settling = dragged.release(Settle::Onward(SwipeDirection::Left), 100);
//! assert_eq!(settling.poses(size, false, 119).new.map(|p| p.offset), Some([0.0, 0.0]));
//! assert!(settling.finished(false, 119));
//! ```

use super::{
    gestures::{Axis, Settle, SwipeDirection},
    steps_of_ms,
};
use crate::ink::sheet::Vec2;

/// A page settles in this time (style §5).
pub const SETTLE: u64 = steps_of_ms(320);

/// With reduced motion pages fade over in this time.
pub const FADE: u64 = steps_of_ms(150);

/// Where there is no page to turn to, a dragged one gives way by this share only, and the finger feels the end.
const RESISTANCE: f32 = 0.3;

/// Fast at first, slow at the end, from 0 to 1.
#[must_use]
pub fn out_cubic(t: f32) -> f32 {
    let rest = 1.0 - t.clamp(0.0, 1.0);
    1.0 - rest * rest * rest
}

/// How far a span has come at a step, from 0 to 1.
#[must_use]
pub fn progress(since: u64, span: u64, step: u64) -> f32 {
    (step.saturating_sub(since) as f32 / span.max(1) as f32).min(1.0)
}

/// Where a page stands, and how much of it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// How far from its place, in reference pixels.
    pub offset: Vec2,
    /// How much of it shows, 0 to 1.
    pub alpha: f32,
}

impl Pose {
    /// In its place, and wholly seen.
    pub const AT_REST: Self = Self { offset: [0.0, 0.0], alpha: 1.0 };
}

/// Where two pages stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poses {
    /// The page that was there before.
    pub old: Pose,
    /// The page that comes; none where there is none to come.
    pub new: Option<Pose>,
}

/// What two pages are doing. A drag knows its neighbour by the drag's side: [`Transition::toward`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transition {
    /// One follows a finger.
    Follows {
        /// Along which axis.
        axis: Axis,
        /// How far the finger is from where it began, along it.
        offset: f32,
        /// Whether there is a page on that side.
        open: bool,
    },
    /// Both settle.
    Settles {
        /// Along which axis.
        axis: Axis,
        /// How far the old page was from its place when they began to.
        from: f32,
        /// To where the old page goes: -1, 0 or 1 pages from its place.
        to: f32,
        /// On which side of the old page the new one stands: -1 for left or above, 1 for right or below, 0 for none.
        side: f32,
        /// Since this step.
        since: u64,
    },
}

impl Transition {
    /// A page follows a finger; `open` says whether there is a page to turn to on that side.
    #[must_use]
    pub fn follow(axis: Axis, offset: f32, open: bool) -> Self {
        Self::Follows { axis, offset, open }
    }

    /// A page gives way to the next one without a finger, as if swiped this way.
    #[must_use]
    pub fn turn(direction: SwipeDirection, step: u64) -> Self {
        let (axis, sign) = direction.axis();
        Self::Settles { axis, from: 0.0, to: sign, side: -sign, since: step }
    }

    /// The finger let go; where there is no page to turn to, the old one goes back whatever was decided.
    #[must_use]
    pub fn release(self, settle: Settle, step: u64) -> Self {
        let Self::Follows { axis, offset, open } = self else {
            return self;
        };
        let side = if open { -offset.signum() } else { 0.0 };
        let to = match settle {
            Settle::Onward(direction) if open => direction.axis().1,
            Settle::Onward(_) | Settle::Back => 0.0,
        };
        Self::Settles { axis, from: shown(offset, open), to, side, since: step }
    }

    /// The way in which the page is going or dragged; the other page is the one that a swipe this way leads to.
    #[must_use]
    pub fn toward(&self) -> Option<SwipeDirection> {
        match *self {
            Self::Follows { axis, offset, .. } => SwipeDirection::along(axis, offset),
            Self::Settles { axis, side, .. } => SwipeDirection::along(axis, -side),
        }
    }

    /// Where both pages stand at a step. `size` is the page's width and height in reference pixels.
    ///
    /// When a transition is finished, the page that it led to stands in its place, and the other one is out of sight.
    #[must_use]
    pub fn poses(&self, size: Vec2, reduced_motion: bool, step: u64) -> Poses {
        match *self {
            // A drag moves nothing then; the lift decides, and the pages fade over.
            Self::Follows { .. } if reduced_motion => Poses { old: Pose::AT_REST, new: None },
            Self::Follows { axis, offset, open } => {
                let along = shown(offset, open);
                let beside = along - offset.signum() * axis.of(size);
                let at = |along| Pose { offset: axis.vector(along), alpha: 1.0 };
                Poses { old: at(along), new: (open && offset != 0.0).then(|| at(beside)) }
            }
            Self::Settles { to, since, .. } if reduced_motion => {
                let new = progress(since, FADE, step);
                let fade = |alpha| Pose { alpha, ..Pose::AT_REST };
                if to == 0.0 {
                    Poses { old: Pose::AT_REST, new: None }
                } else {
                    Poses { old: fade(1.0 - new), new: Some(fade(new)) }
                }
            }
            Self::Settles { axis, from, to, side, since } => {
                let extent = axis.of(size);
                let share = out_cubic(progress(since, SETTLE, step));
                let along = from + (to * extent - from) * share;
                let at = |along| Pose { offset: axis.vector(along), alpha: 1.0 };
                Poses { old: at(along), new: (side != 0.0).then(|| at(along + side * extent)) }
            }
        }
    }

    /// Whether it is over at a step. A page that follows a finger is never over by itself.
    #[must_use]
    pub fn finished(&self, reduced_motion: bool, step: u64) -> bool {
        match *self {
            Self::Follows { .. } => false,
            Self::Settles { to, since, .. } => {
                let span = match (reduced_motion, to == 0.0) {
                    (true, true) => 0,
                    (true, false) => FADE,
                    (false, _) => SETTLE,
                };
                step >= since + span
            }
        }
    }
}

/// How far a page shows that it was dragged.
fn shown(offset: f32, open: bool) -> f32 {
    if open { offset } else { offset * RESISTANCE }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Vec2 = [1920.0, 1080.0];

    #[test]
    fn follows_the_finger_one_to_one() {
        for (axis, offset, old, new) in [
            (Axis::Horizontal, -300.0, [-300.0, 0.0], [1620.0, 0.0]),
            (Axis::Horizontal, 300.0, [300.0, 0.0], [-1620.0, 0.0]),
            (Axis::Vertical, -300.0, [0.0, -300.0], [0.0, 780.0]),
            (Axis::Vertical, 300.0, [0.0, 300.0], [0.0, -780.0]),
        ] {
            let poses = Transition::follow(axis, offset, true).poses(SIZE, false, 7);
            assert_eq!((poses.old.offset, poses.new.map(|p| p.offset)), (old, Some(new)));
        }
        let end = Transition::follow(Axis::Horizontal, 300.0, false).poses(SIZE, false, 7);
        assert_eq!((end.old.offset, end.new), ([90.0, 0.0], None), "no page there: it gives way a little");
        let still = Transition::follow(Axis::Horizontal, 300.0, true).poses(SIZE, true, 7);
        assert_eq!((still.old, still.new), (Pose::AT_REST, None), "reduced motion");
    }

    #[test]
    fn settles_in_time_without_a_jump() {
        let onward = Settle::Onward(SwipeDirection::Left);
        let table = [
            ("onward", Transition::follow(Axis::Horizontal, -500.0, true).release(onward, 50), -500.0, -1920.0),
            ("back", Transition::follow(Axis::Horizontal, -500.0, true).release(Settle::Back, 50), -500.0, 0.0),
            ("nowhere to go", Transition::follow(Axis::Horizontal, -500.0, false).release(onward, 50), -150.0, 0.0),
            ("by a key", Transition::turn(SwipeDirection::Left, 50), 0.0, -1920.0),
        ];
        for (story, transition, from, to) in table {
            let along = |step| transition.poses(SIZE, false, step).old.offset[0];
            assert_eq!((along(50), along(69)), (from, to), "{story}");
            assert_eq!((along(0), along(9999)), (from, to), "{story}: before and after");
            let steps: Vec<f32> = (50..69).map(|s| (along(s + 1) - along(s)).abs()).collect();
            assert!(steps.windows(2).all(|w| w[0] > w[1]), "{story}: ever slower: {steps:?}");
            assert!(!transition.finished(false, 68) && transition.finished(false, 69), "{story}");
            if let Some(new) = transition.poses(SIZE, false, 60).new {
                assert_eq!(new.offset[0] - along(60), 1920.0, "{story}: side by side all the way");
            }
        }
    }

    #[test]
    fn fades_over_with_reduced_motion() {
        let turn = Transition::turn(SwipeDirection::Up, 50);
        let mut last = -1.0;
        for step in 50..=59 {
            let poses = turn.poses(SIZE, true, step);
            let new = poses.new.expect("it comes");
            assert_eq!((poses.old.offset, new.offset), ([0.0, 0.0], [0.0, 0.0]), "nothing slides");
            assert!((poses.old.alpha + new.alpha - 1.0).abs() < 1e-6);
            assert!(new.alpha > last);
            last = new.alpha;
        }
        assert_eq!(last, 1.0);
        assert!(!turn.finished(true, 58) && turn.finished(true, 59));
        let back = Transition::follow(Axis::Vertical, 40.0, true).release(Settle::Back, 50);
        assert!(back.finished(true, 50), "what did not move has nowhere to go back from");
    }

    #[test]
    fn knows_which_page_comes() {
        let dragged = Transition::follow(Axis::Vertical, -40.0, true);
        assert_eq!(dragged.toward(), Some(SwipeDirection::Up));
        assert_eq!(dragged.release(Settle::Back, 0).toward(), Some(SwipeDirection::Up), "still beside it, going back");
        for direction in SwipeDirection::ALL {
            assert_eq!(Transition::turn(direction, 0).toward(), Some(direction));
        }
    }
}
