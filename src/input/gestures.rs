//! Gestures: what each finger means. Every finger has a recogniser of its own, so two hands never make a swipe.
//!
//! A tap is a lift within 500 ms and 24 px of where the finger went down; a hold begins at 500 ms; past 24 px it is a drag
//! and can be neither any more. Who a drag belongs to is decided when the finger goes down ([`Owner`]), by whoever knows
//! what lies there; only one finger at a time drags the slide, or what lies over it.
//!
//! ```
//! use peerscape::input::{fingers::{Fingers, Phase, Raw}, gestures::{Gestures, Kind, Owner}};
//!
//! let (mut fingers, mut gestures) = (Fingers::default(), Gestures::default());
//! let mut kinds = Vec::new();
//! for (phase, step) in [(Phase::Down, 100), (Phase::Up, 112)] {
//!     for event in fingers.feed(Raw { device: 1, id: 0, phase, at: [960.0, 540.0], step }) {
//!         for gesture in gestures.feed(&event) {
//!             if gesture.kind == Kind::Down {
//!                 gestures.own(gesture.finger, Owner::Scene);
//!             }
//!             kinds.push((gesture.kind, gesture.owner));
//!         }
//!     }
//! }
//! assert_eq!(kinds, [(Kind::Down, Owner::Nobody), (Kind::Tap, Owner::Scene)]);
//! ```

use super::{
    STEPS_PER_SECOND,
    fingers::{FingerEvent, FingerId, Phase, apart},
    steps_of_ms,
};
use crate::ink::sheet::Vec2;
use serde::Deserialize;

/// A lift within this is a tap, a finger still down then holds.
pub const HOLD: u64 = steps_of_ms(500);

/// A finger that strays further from where it began drags.
pub const SLOP: f32 = 24.0;

/// How far back a finger's speed is measured: long enough to even out a jerk, short enough to notice that it stopped.
const SPEED_WINDOW: u64 = steps_of_ms(100);

/// A drag this far along the page turns it, whatever the speed.
pub const TURN_SHARE: f32 = 0.2;

/// A flick this fast turns the page, whatever the distance, in reference pixels a second.
pub const FLICK: f32 = 600.0;

/// Moving back this fast at the end takes a turn back, however far the page had come.
pub const TAKE_BACK: f32 = 300.0;

/// Along which way a finger moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Left and right: topics.
    Horizontal,
    /// Up and down: depth.
    Vertical,
}

impl Axis {
    /// The part of a vector that lies along it.
    #[must_use]
    pub fn of(self, v: Vec2) -> f32 {
        match self {
            Self::Horizontal => v[0],
            Self::Vertical => v[1],
        }
    }

    /// A vector of this length along it.
    #[must_use]
    pub fn vector(self, along: f32) -> Vec2 {
        match self {
            Self::Horizontal => [along, 0.0],
            Self::Vertical => [0.0, along],
        }
    }
}

/// Where a finger swipes to. Bindings name these `swipe_left`, `swipe_right`, `swipe_up`, `swipe_down`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum SwipeDirection {
    /// To the left: the page leaves to the left.
    #[serde(rename = "swipe_left")]
    Left,
    /// To the right.
    #[serde(rename = "swipe_right")]
    Right,
    /// Up.
    #[serde(rename = "swipe_up")]
    Up,
    /// Down.
    #[serde(rename = "swipe_down")]
    Down,
}

impl SwipeDirection {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// The direction of a way along an axis; none for no way at all.
    #[must_use]
    pub fn along(axis: Axis, offset: f32) -> Option<Self> {
        match axis {
            _ if offset == 0.0 || offset.is_nan() => None,
            Axis::Horizontal => Some(if offset < 0.0 { Self::Left } else { Self::Right }),
            Axis::Vertical => Some(if offset < 0.0 { Self::Up } else { Self::Down }),
        }
    }

    /// Along which axis it leads, and with which sign.
    #[must_use]
    pub fn axis(self) -> (Axis, f32) {
        match self {
            Self::Left => (Axis::Horizontal, -1.0),
            Self::Right => (Axis::Horizontal, 1.0),
            Self::Up => (Axis::Vertical, -1.0),
            Self::Down => (Axis::Vertical, 1.0),
        }
    }

    /// Its name in bindings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "swipe_left",
            Self::Right => "swipe_right",
            Self::Up => "swipe_up",
            Self::Down => "swipe_down",
        }
    }
}

/// Whose touch it is. Decided when the finger goes down, and kept until it lifts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Not decided yet, or nobody's: a drag moves nothing.
    #[default]
    Nobody,
    /// The slide: a drag turns the page.
    Slide,
    /// A control: a tap acts, a drag moves nothing.
    Control,
    /// Something in a scene: a tap or hold is a deed, a drag is the scene's.
    Scene,
    /// What lies over the slide: a drag scrolls it.
    Overlay,
}

impl Owner {
    /// Whether only one finger at a time may drag it.
    fn one_at_a_time(self) -> bool {
        matches!(self, Self::Slide | Self::Overlay)
    }
}

/// What a finger does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// It touched; answer it in this frame.
    Down,
    /// It lifted soon and near: act.
    Tap,
    /// It rests: show what it holds.
    HoldBegan,
    /// It rests no more.
    HoldEnded,
    /// It began to move.
    DragBegan {
        /// Along which axis, mostly; fixed for this drag.
        axis: Axis,
    },
    /// It moved on.
    DragMoved {
        /// Where it was before, where it went down at first: no stretch of its way is left out.
        was: Vec2,
        /// How far it is from where it went down.
        offset: Vec2,
        /// How fast it is, in reference pixels a second.
        velocity: Vec2,
    },
    /// It lifted out of a drag.
    DragEnded {
        /// Along which axis the drag was.
        axis: Axis,
        /// How far it is from where it went down.
        offset: Vec2,
        /// How fast it was, in reference pixels a second.
        velocity: Vec2,
    },
    /// What it was about to do is not done; a drag goes back to where it was.
    Cancelled,
}

/// A gesture of one finger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gesture {
    /// The finger.
    pub finger: FingerId,
    /// Whose it is.
    pub owner: Owner,
    /// What it does.
    pub kind: Kind,
    /// Where it is.
    pub at: Vec2,
    /// Where it went down.
    pub from: Vec2,
    /// When.
    pub step: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Pressed,
    Holding,
    Dragging(Axis),
    /// Means nothing any more, until it lifts.
    Spent,
}

#[derive(Clone, Debug)]
struct Recogniser {
    finger: FingerId,
    owner: Owner,
    from: Vec2,
    at: Vec2,
    since: u64,
    state: State,
    /// Where it was, of late; the oldest may lie before the window, so that a rare report is not mistaken for a jump.
    trace: Vec<(u64, Vec2)>,
}

impl Recogniser {
    fn gesture(&self, kind: Kind, step: u64) -> Gesture {
        Gesture { finger: self.finger, owner: self.owner, kind, at: self.at, from: self.from, step }
    }

    fn offset(&self) -> Vec2 {
        [self.at[0] - self.from[0], self.at[1] - self.from[1]]
    }

    fn remember(&mut self, at: Vec2, step: u64) {
        self.at = at;
        self.trace.push((step, at));
        self.forget(step);
    }

    fn forget(&mut self, step: u64) {
        let inside = self.trace.iter().take_while(|(s, _)| s + SPEED_WINDOW < step).count();
        self.trace.drain(..inside.saturating_sub(1));
    }

    fn velocity(&mut self, step: u64) -> Vec2 {
        self.forget(step);
        let &(then, was) = self.trace.first().unwrap_or(&(step, self.at));
        let steps = step.saturating_sub(then).max(1) as f32;
        let rate = STEPS_PER_SECOND as f32 / steps;
        [(self.at[0] - was[0]) * rate, (self.at[1] - was[1]) * rate]
    }

    /// The step at which it holds if nothing happens.
    fn holds_at(&self) -> Option<u64> {
        (self.state == State::Pressed).then_some(self.since + HOLD)
    }
}

/// The recognisers of all fingers.
#[derive(Clone, Debug, Default)]
pub struct Gestures {
    fingers: Vec<Recogniser>,
}

impl Gestures {
    /// Takes what a finger did, and says what it means. Whatever was due before that step comes first.
    pub fn feed(&mut self, event: &FingerEvent) -> Vec<Gesture> {
        let mut out = self.tick(event.step);
        let Some(i) = self.fingers.iter().position(|f| f.finger == event.finger) else {
            if event.phase == Phase::Down {
                let recogniser = Recogniser {
                    finger: event.finger,
                    owner: Owner::Nobody,
                    from: event.at,
                    at: event.at,
                    since: event.step,
                    state: State::Pressed,
                    trace: vec![(event.step, event.at)],
                };
                out.push(recogniser.gesture(Kind::Down, event.step));
                self.fingers.push(recogniser);
            }
            return out;
        };
        match event.phase {
            // A finger goes down once; the table sees to it.
            Phase::Down => {}
            Phase::Move => self.moved(i, event, &mut out),
            Phase::Up => {
                if event.at != self.fingers[i].at {
                    self.moved(i, event, &mut out);
                }
                let mut finger = self.fingers.remove(i);
                let kind = match finger.state {
                    State::Pressed => Some(Kind::Tap),
                    State::Holding => Some(Kind::HoldEnded),
                    State::Dragging(axis) => {
                        let velocity = finger.velocity(event.step);
                        Some(Kind::DragEnded { axis, offset: finger.offset(), velocity })
                    }
                    State::Spent => None,
                };
                out.extend(kind.map(|kind| finger.gesture(kind, event.step)));
            }
            Phase::Cancel => {
                let finger = self.fingers.remove(i);
                if finger.state == State::Holding {
                    out.push(finger.gesture(Kind::HoldEnded, event.step));
                }
                if finger.state != State::Spent {
                    out.push(finger.gesture(Kind::Cancelled, event.step));
                }
            }
        }
        out
    }

    fn moved(&mut self, i: usize, event: &FingerEvent, out: &mut Vec<Gesture>) {
        let step = event.step;
        let was = match self.fingers[i].state {
            State::Dragging(_) => self.fingers[i].at,
            _ => self.fingers[i].from,
        };
        self.fingers[i].remember(event.at, step);
        let finger = &self.fingers[i];
        if matches!(finger.state, State::Pressed | State::Holding) && apart(finger.from, finger.at) > SLOP {
            if finger.state == State::Holding {
                out.push(finger.gesture(Kind::HoldEnded, step));
            }
            let owner = finger.owner;
            let taken = owner.one_at_a_time() && self.drags(owner);
            let finger = &mut self.fingers[i];
            if taken {
                finger.state = State::Spent;
                out.push(finger.gesture(Kind::Cancelled, step));
            } else {
                let [dx, dy] = finger.offset();
                let axis = if dx.abs() >= dy.abs() { Axis::Horizontal } else { Axis::Vertical };
                finger.state = State::Dragging(axis);
                out.push(finger.gesture(Kind::DragBegan { axis }, step));
            }
        }
        let finger = &mut self.fingers[i];
        if let State::Dragging(_) = finger.state {
            let velocity = finger.velocity(step);
            out.push(finger.gesture(Kind::DragMoved { was, offset: finger.offset(), velocity }, step));
        }
    }

    /// Says which fingers began to hold up to this step.
    pub fn tick(&mut self, step: u64) -> Vec<Gesture> {
        let mut out = Vec::new();
        for finger in &mut self.fingers {
            if let Some(at) = finger.holds_at()
                && at <= step
            {
                finger.state = State::Holding;
                out.push(finger.gesture(Kind::HoldBegan, at));
            }
        }
        out.sort_by_key(|g| (g.step, g.finger));
        out
    }

    /// Says whose finger it is. Call it at [`Kind::Down`]; a finger that nobody owns moves nothing.
    pub fn own(&mut self, finger: FingerId, owner: Owner) {
        if let Some(f) = self.fingers.iter_mut().find(|f| f.finger == finger) {
            f.owner = owner;
        }
    }

    /// Whose finger it is.
    #[must_use]
    pub fn owner(&self, finger: FingerId) -> Owner {
        self.fingers.iter().find(|f| f.finger == finger).map_or(Owner::Nobody, |f| f.owner)
    }

    /// Whether one of somebody's fingers drags.
    #[must_use]
    pub fn drags(&self, owner: Owner) -> bool {
        self.fingers.iter().any(|f| f.owner == owner && matches!(f.state, State::Dragging(_)))
    }

    /// The page under the fingers is another one: what they were about to do is not done.
    pub fn cancel_all(&mut self, step: u64) -> Vec<Gesture> {
        let mut out = Vec::new();
        for finger in &mut self.fingers {
            if finger.state == State::Holding {
                out.push(finger.gesture(Kind::HoldEnded, step));
            }
            if finger.state != State::Spent {
                out.push(finger.gesture(Kind::Cancelled, step));
            }
            finger.state = State::Spent;
        }
        out
    }

    /// The step at which a finger will begin to hold.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        self.fingers.iter().filter_map(Recogniser::holds_at).min()
    }
}

/// What becomes of a page that was dragged and let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// It goes back to where it was.
    Back,
    /// It turns, the way it was dragged.
    Onward(SwipeDirection),
}

/// Decides by distance or speed whether a dragged page turns.
///
/// `offset` and `velocity` are the drag's, along its axis; `extent` is the page's width or height.
#[must_use]
pub fn settle(axis: Axis, offset: f32, velocity: f32, extent: f32) -> Settle {
    let Some(direction) = SwipeDirection::along(axis, offset) else {
        return Settle::Back;
    };
    let forward = velocity * offset.signum();
    let far = offset.abs() >= extent * TURN_SHARE;
    if forward >= FLICK || (far && forward > -TAKE_BACK) { Settle::Onward(direction) } else { Settle::Back }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::fingers::{Fingers, Raw};
    use proptest::prelude::*;

    /// What is fed: (raw id, phase, x, y, step). All fingers are the slide's unless told otherwise.
    type Said = (u64, Phase, f32, f32, u64);
    use Phase::{Cancel, Down, Move, Up};

    fn play(said: &[Said], until: u64, every_step: bool, owner: Owner) -> Vec<Gesture> {
        let (mut fingers, mut gestures) = (Fingers::default(), Gestures::default());
        let (mut out, mut now) = (Vec::new(), 0);
        for &(id, phase, x, y, step) in said {
            while every_step && now < step {
                let gone = fingers.tick(now);
                out.extend(gone.iter().flat_map(|e| gestures.feed(e)));
                out.extend(gestures.tick(now));
                now += 1;
            }
            for event in fingers.feed(Raw { device: 1, id, phase, at: [x, y], step }) {
                out.extend(gestures.feed(&event));
                if event.phase == Down {
                    gestures.own(event.finger, owner);
                }
            }
        }
        for event in fingers.tick(until) {
            out.extend(gestures.feed(&event));
        }
        out.extend(gestures.tick(until));
        out
    }

    fn name(g: &Gesture) -> String {
        let kind = match g.kind {
            Kind::Down => "down",
            Kind::Tap => "tap",
            Kind::HoldBegan => "hold",
            Kind::HoldEnded => "unhold",
            Kind::DragBegan { axis: Axis::Horizontal } => "drag-h",
            Kind::DragBegan { axis: Axis::Vertical } => "drag-v",
            Kind::DragMoved { .. } => "moved",
            Kind::DragEnded { .. } => "dropped",
            Kind::Cancelled => "cancelled",
        };
        format!("{}:{kind}@{}", g.finger.0, g.step)
    }

    #[test]
    fn a_finger_that_drags_leaves_nothing_of_its_way_out() {
        let said: &[Said] = &[
            (0, Down, 9., 9., 0),
            (0, Move, 20., 9., 1),
            (0, Move, 60., 9., 2),
            (0, Move, 90., 40., 3),
            (0, Up, 90., 50., 4),
        ];
        let ways: Vec<(Vec2, Vec2)> = play(said, 9, false, Owner::Scene)
            .iter()
            .filter_map(|g| if let Kind::DragMoved { was, .. } = g.kind { Some((was, g.at)) } else { None })
            .collect();
        assert_eq!(ways, [([9., 9.], [60., 9.]), ([60., 9.], [90., 40.]), ([90., 40.], [90., 50.])]);
    }

    #[test]
    fn each_finger_means_what_it_does() {
        let table: &[(&str, &[Said], &str)] = &[
            ("a tap", &[(0, Down, 9., 9., 0), (0, Up, 9., 9., 12)], "0:down@0 0:tap@12"),
            ("within one frame", &[(0, Down, 9., 9., 3), (0, Up, 9., 9., 3)], "0:down@3 0:tap@3"),
            ("the latest tap", &[(0, Down, 9., 9., 0), (0, Up, 9., 9., 29)], "0:down@0 0:tap@29"),
            ("too late", &[(0, Down, 9., 9., 0), (0, Up, 9., 9., 30)], "0:down@0 0:hold@30 0:unhold@30"),
            ("the furthest tap", &[(0, Down, 9., 9., 0), (0, Up, 33., 9., 9)], "0:down@0 0:tap@9"),
            ("too far", &[(0, Down, 9., 9., 0), (0, Up, 34., 9., 9)], "0:down@0 0:drag-h@9 0:moved@9 0:dropped@9"),
            (
                "strays and comes back: no tap any more",
                &[(0, Down, 9., 9., 0), (0, Move, 9., 60., 4), (0, Move, 9., 9., 8), (0, Up, 9., 9., 9)],
                "0:down@0 0:drag-v@4 0:moved@4 0:moved@8 0:dropped@9",
            ),
            (
                "holds, then lifts",
                &[(0, Down, 9., 9., 0), (0, Move, 12., 9., 40), (0, Up, 9., 9., 90)],
                "0:down@0 0:hold@30 0:unhold@90",
            ),
            (
                "holds, then slides off: the hold ends, a drag begins",
                &[(0, Down, 9., 9., 0), (0, Move, 99., 9., 40), (0, Up, 99., 9., 90)],
                "0:down@0 0:hold@30 0:unhold@40 0:drag-h@40 0:moved@40 0:dropped@90",
            ),
            ("cancelled", &[(0, Down, 9., 9., 0), (0, Cancel, 9., 9., 4)], "0:down@0 0:cancelled@4"),
            (
                "cancelled while it holds",
                &[(0, Down, 9., 9., 0), (0, Cancel, 9., 9., 44)],
                "0:down@0 0:hold@30 0:unhold@44 0:cancelled@44",
            ),
            (
                "never lifts: held, let go after ten seconds, its late lift means nothing",
                &[(0, Down, 9., 9., 0), (0, Up, 9., 9., 1800)],
                "0:down@0 0:hold@30 0:unhold@600 0:cancelled@600",
            ),
            (
                "a double tap inside one frame with the id used again",
                &[(0, Down, 9., 9., 0), (0, Up, 9., 9., 5), (0, Down, 9., 9., 5), (0, Up, 9., 9., 5)],
                "0:down@0 0:tap@5 1:down@5 1:tap@5",
            ),
            (
                "Wayland: gone without a word, its id used again far away: no phantom swipe",
                &[(0, Down, 100., 500., 0), (0, Down, 1800., 500., 9), (0, Up, 1800., 500., 14)],
                "0:down@0 0:cancelled@9 1:down@9 1:tap@14",
            ),
            (
                "two hands, left lifts as right lands: two taps, no swipe",
                &[(0, Down, 1500., 500., 0), (1, Down, 300., 500., 4), (0, Up, 1500., 500., 8), (1, Up, 300., 500., 9)],
                "0:down@0 1:down@4 0:tap@8 1:tap@9",
            ),
            (
                "two hands drag: the first has the slide, the second moves nothing",
                &[
                    (0, Down, 500., 500., 0),
                    (1, Down, 900., 500., 0),
                    (0, Move, 450., 500., 4),
                    (1, Move, 950., 500., 4),
                    (1, Move, 999., 500., 5),
                    (1, Up, 999., 500., 6),
                    (0, Up, 450., 500., 9),
                ],
                "0:down@0 1:down@0 0:drag-h@4 0:moved@4 1:cancelled@4 0:dropped@9",
            ),
        ];
        for (story, said, expected) in table {
            for every_step in [false, true] {
                let got: Vec<_> = play(said, 4000, every_step, Owner::Slide).iter().map(name).collect();
                assert_eq!(got.join(" "), *expected, "{story}, asked every step: {every_step}");
            }
        }
    }

    #[test]
    fn many_may_drag_in_a_scene_at_once() {
        let said =
            [(0, Down, 500., 500., 0), (1, Down, 900., 500., 0), (0, Move, 450., 500., 4), (1, Move, 950., 500., 4)];
        let began = |g: &&Gesture| matches!(g.kind, Kind::DragBegan { .. });
        assert_eq!(play(&said, 5, false, Owner::Scene).iter().filter(began).count(), 2);
        assert_eq!(play(&said, 5, false, Owner::Slide).iter().filter(began).count(), 1);
    }

    #[test]
    fn speed_is_that_of_the_last_moment() {
        let speed = |said: &[Said]| match play(said, 4000, false, Owner::Slide).last().map(|g| g.kind) {
            Some(Kind::DragEnded { velocity, .. }) => velocity[0],
            other => panic!("not the end of a drag: {other:?}"),
        };
        let steady: Vec<Said> = std::iter::once((0, Down, 0., 0., 0))
            .chain((1..=30).map(|s| (0, Move, s as f32 * 10., 0., s)))
            .chain([(0, Up, 300., 0., 30)])
            .collect();
        assert!((speed(&steady) - 600.0).abs() < 1.0, "ten pixels a step are 600 a second");
        let mut rested = steady.clone();
        rested[31].4 = 60;
        assert_eq!(speed(&rested), 0.0, "it stood still for half a second before it lifted");
        let sudden = [(0, Down, 0., 0., 5), (0, Move, 50., 0., 5), (0, Up, 100., 0., 5)];
        assert_eq!(speed(&sudden), 6000.0, "a swipe within one frame took one step");
    }

    #[test]
    fn a_page_turns_by_distance_or_speed() {
        use SwipeDirection::{Left, Right, Up};
        let wide = Axis::Horizontal;
        let table = [
            ("hardly moved", wide, -30.0, 0.0, Settle::Back),
            ("far, and stood still", wide, -400.0, 0.0, Settle::Onward(Left)),
            ("not far enough", wide, -380.0, 0.0, Settle::Back),
            ("a flick", wide, 30.0, 700.0, Settle::Onward(Right)),
            ("a flick the other way", wide, 30.0, -700.0, Settle::Back),
            ("far, but taken back", wide, -900.0, 500.0, Settle::Back),
            ("far, trembling back", wide, -900.0, 100.0, Settle::Onward(Left)),
            ("upwards", Axis::Vertical, -400.0, 0.0, Settle::Onward(Up)),
            ("not at all", wide, 0.0, 9000.0, Settle::Back),
            ("nonsense", wide, f32::NAN, f32::NAN, Settle::Back),
        ];
        for (story, axis, offset, velocity, expected) in table {
            assert_eq!(settle(axis, offset, velocity, 1920.0), expected, "{story}");
        }
    }

    proptest! {
        /// What fingers mean depends on what they did and when, never on how often anybody asked.
        #[test]
        fn asking_changes_nothing(moves in proptest::collection::vec((0u64..3, 0u8..4, 0f32..200.0, 0u64..40), 1..40)) {
            let mut step = 0;
            let said: Vec<Said> = moves.into_iter().map(|(id, phase, x, later)| {
                step += later;
                (id, [Down, Move, Up, Cancel][usize::from(phase)], x, 5.0, step)
            }).collect();
            let often = play(&said, step + 1000, true, Owner::Slide);
            prop_assert_eq!(&play(&said, step + 1000, false, Owner::Slide), &often);
            // Every finger that went down comes to an end, once.
            let downs = often.iter().filter(|g| g.kind == Kind::Down).count();
            let taps = often.iter().filter(|g| g.kind == Kind::Tap).count();
            prop_assert!(taps <= downs);
            let (began, ended) = often.iter().fold((0, 0), |(b, e), g| match g.kind {
                Kind::HoldBegan => (b + 1, e),
                Kind::HoldEnded => (b, e + 1),
                _ => (b, e),
            });
            prop_assert_eq!(began, ended);
        }
    }
}
