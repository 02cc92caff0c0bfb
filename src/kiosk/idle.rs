//! Idle: notices that nobody is there any more, asks, resets, and plays the loop until a finger comes.
//!
//! All fingers and keys pass through here before anything else hears them. The touch that answers the question or begins a
//! visit is swallowed whole, from its going down to its lift, and with it whatever else of the same hand lands just then.
//! Nothing reads a clock; [`Idle::next_wake`] says until when the wall may sleep.
//!
//! What counts as use: a touch going down, moving or lifting anywhere, a scene included, and a key. What does not, so that
//! a fault of the glass can't keep the loop away for ever: a finger resting motionless beyond ten seconds, and touches at a
//! spot that was touched a dozen times within four pixels and not let alone for minutes. Such ghosts still act on a
//! slide, but they answer no question and begin no visit.
//!
//! On [`Event::Ask`] and [`Event::Reset`] let go of all fingers (`Fingers::cancel_all`), so that nothing begun before goes
//! on after.
//!
//! ```
//! use peerscape::kiosk::idle::{Event, Idle, Settings, Start, Verdict};
//!
//! let settings = Settings::of_seconds(60).expect("long enough");
//! let mut idle = Idle::new(settings, vec![20 * 60, 20 * 60], Start::Exhibit, 0);
//! assert_eq!(idle.key(30), Verdict::Pass);
//! assert_eq!(idle.next_wake(), Some(30 + 3600));
//! assert_eq!(idle.tick(3630), [Event::Ask]);
//! assert_eq!(idle.seconds_left(3630), Some(20));
//! // Twenty seconds later the wall is its own again.
//! assert_eq!(idle.tick(4830).last(), Some(&Event::EnterAttract(0)));
//! assert_eq!(idle.tick(6030), [Event::NextStop(1)]);
//! // The first key enters where the loop stands, and does nothing else.
//! assert_eq!(idle.key(6100), Verdict::Swallow);
//! assert_eq!(idle.tick(6100), [Event::EnterHere(1)]);
//! ```

use crate::{
    ink::sheet::Vec2,
    input::{
        STEPS_PER_SECOND,
        fingers::{FingerEvent, FingerId, MOUSE, Phase as Touch, TREMBLE, apart},
        gestures::SLOP,
        steps_of_ms,
    },
};
use thiserror::Error;

/// How long the question stands: a unit of its ring is a second.
pub const QUESTION_SECONDS: u64 = 20;

/// The idle time in seconds, unless told otherwise.
pub const DEFAULT_SECONDS: u64 = 60;

/// With less nobody could read a headline.
pub const LEAST_SECONDS: u64 = 3;

/// A day; with more nobody would ever see the loop.
pub const MOST_SECONDS: u64 = 86_400;

/// While *more* is open, someone may be reading: the idle time is so many times as long.
const MORE_FACTOR: u64 = 2;

/// A finger that rests motionless counts as use for so long.
const REST: u64 = steps_of_ms(10_000);

/// A hand has five fingers, and they do not land in one step: what lands this soon after the waking touch belongs to it.
const SAME_HAND: u64 = steps_of_ms(300);

/// A visitor's finger scatters by more than four pixels; a dozen touches in one spot are the glass.
const GHOST_TOUCHES: u32 = 12;

/// A spot that is left alone for so long is forgotten; with a long idle time it takes longer, see [`Idle::memory`].
const GHOST_MEMORY: u64 = steps_of_ms(300_000);

/// More spots than this are a busy day, not faults of the glass.
const MOST_SPOTS: usize = 64;

/// How long is idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Steps without use until the question comes.
    pub idle: u64,
}

/// The idle time makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an idle time of {0} s is not possible: give {LEAST_SECONDS} to {MOST_SECONDS} seconds")]
pub struct IdleError(pub u64);

impl Settings {
    /// An idle time in seconds.
    ///
    /// # Errors
    /// That it is shorter than a glance or longer than a day.
    pub fn of_seconds(seconds: u64) -> Result<Self, IdleError> {
        if (LEAST_SECONDS..=MOST_SECONDS).contains(&seconds) {
            Ok(Self { idle: seconds * STEPS_PER_SECOND })
        } else {
            Err(IdleError(seconds))
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { idle: DEFAULT_SECONDS * STEPS_PER_SECOND }
    }
}

/// How the exhibit begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// By itself: the loop plays. With an empty loop it waits on the first slide.
    Attract,
    /// At a slide that somebody asked for.
    Exhibit,
}

/// What must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Show "Still there?".
    Ask,
    /// So many seconds are left: draw the ring anew.
    Count(u64),
    /// Somebody is: the question goes, and all is as it was.
    Answered,
    /// Nobody is: position, look, scenes and open panels go back to the beginning.
    Reset,
    /// The loop begins, at this stop.
    EnterAttract(usize),
    /// The loop goes on, to this stop.
    NextStop(usize),
    /// Somebody came: the visit begins on the slide of this stop.
    EnterHere(usize),
}

/// Whether what came may be heard by the rest of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Pass,
    /// It may not: it woke the wall or answered the question, and that was all it did.
    Swallow,
}

/// What the wall does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is somebody's, or waits on the first slide.
    Exhibit,
    /// It asks.
    StillThere {
        /// Since this step.
        since: u64,
    },
    /// It plays by itself.
    Attract {
        /// Which stop of the loop.
        stop: usize,
        /// Since this step.
        since: u64,
    },
}

#[derive(Clone, Debug)]
struct Finger {
    finger: FingerId,
    from: Vec2,
    anchor: Vec2,
    /// When it last really moved.
    moved: u64,
    /// Whether it is somebody's, and not a ghost.
    counts: bool,
    verdict: Verdict,
}

#[derive(Clone, Debug)]
struct Spot {
    at: Vec2,
    touches: u32,
    last: u64,
}

/// Watches over the wall.
#[derive(Clone, Debug)]
pub struct Idle {
    settings: Settings,
    /// How many steps each stop of the loop plays.
    stops: Vec<u64>,
    phase: Phase,
    /// The last use; none when there is nothing to reset.
    used: Option<u64>,
    more: bool,
    /// Seconds of the question that are over.
    told: u64,
    woken: Option<u64>,
    fingers: Vec<Finger>,
    spots: Vec<Spot>,
    out: Vec<Event>,
}

impl Idle {
    /// Begins to watch. `stops` are the lengths of the loop's stops in steps.
    #[must_use]
    pub fn new(settings: Settings, stops: Vec<u64>, start: Start, step: u64) -> Self {
        let mut idle = Self {
            settings,
            stops: Vec::new(),
            phase: Phase::Exhibit,
            used: None,
            more: false,
            told: 0,
            woken: None,
            fingers: Vec::new(),
            spots: Vec::new(),
            out: Vec::new(),
        };
        idle.set_stops(stops, step);
        match start {
            Start::Attract => idle.attract(step),
            Start::Exhibit => idle.used = Some(step),
        }
        idle
    }

    /// What the wall does now.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How many seconds are left to answer, while it asks.
    #[must_use]
    pub fn seconds_left(&self, step: u64) -> Option<u64> {
        let Phase::StillThere { since } = self.phase else {
            return None;
        };
        Some(QUESTION_SECONDS.saturating_sub(step.saturating_sub(since) / STEPS_PER_SECOND))
    }

    /// The deck was read anew: its loop is another one. A loop that plays goes on where it stands, if there is such a stop.
    pub fn set_stops(&mut self, stops: Vec<u64>, step: u64) {
        self.stops = stops.into_iter().map(|s| s.max(STEPS_PER_SECOND)).collect();
        if let Phase::Attract { stop, .. } = self.phase
            && stop >= self.stops.len()
        {
            self.attract(step);
        }
    }

    /// All begins again, as after a start: nobody touches, and the loop plays.
    pub fn begin_again(&mut self, step: u64) {
        self.fingers.clear();
        self.woken = None;
        self.told = 0;
        self.out.clear();
        self.attract(step);
    }

    /// When somebody last used the wall; nothing while nobody is there.
    #[must_use]
    pub fn used(&self) -> Option<u64> {
        self.used
    }

    /// *More* was opened or closed.
    pub fn set_more(&mut self, open: bool) {
        self.more = open;
    }

    /// Takes what a finger did, and says whether anybody else may hear of it.
    pub fn finger(&mut self, event: &FingerEvent) -> Verdict {
        self.advance(event.step);
        let Some(i) = self.fingers.iter().position(|f| f.finger == event.finger) else {
            return if event.phase == Touch::Down { self.down(event) } else { Verdict::Pass };
        };
        let finger = &mut self.fingers[i];
        let verdict = finger.verdict;
        match event.phase {
            Touch::Down => {}
            Touch::Move => {
                let moved = apart(finger.anchor, event.at) > TREMBLE;
                if moved {
                    finger.anchor = event.at;
                    finger.moved = event.step;
                    finger.counts |= apart(finger.from, event.at) > SLOP;
                }
                if moved && finger.counts {
                    self.use_at(event.step);
                }
            }
            Touch::Up | Touch::Cancel => {
                let finger = self.fingers.remove(i);
                if finger.counts {
                    let last = if event.phase == Touch::Up { event.step } else { event.step.min(finger.moved + REST) };
                    self.use_at(last);
                }
            }
        }
        verdict
    }

    fn down(&mut self, event: &FingerEvent) -> Verdict {
        let counts = event.device == MOUSE || !self.haunted(event.at, event.step);
        let same_hand = self.woken.is_some_and(|woken| event.step < woken + SAME_HAND);
        let verdict = match self.phase {
            Phase::Exhibit if same_hand => Verdict::Swallow,
            Phase::Exhibit => Verdict::Pass,
            Phase::StillThere { .. } | Phase::Attract { .. } => Verdict::Swallow,
        };
        if counts {
            self.come(event.step);
        }
        self.fingers.push(Finger {
            finger: event.finger,
            from: event.at,
            anchor: event.at,
            moved: event.step,
            counts,
            verdict,
        });
        verdict
    }

    /// A key went down, repeats and keys that only change others (Shift and its like) excepted. Says whether it may act.
    pub fn key(&mut self, step: u64) -> Verdict {
        self.advance(step);
        let verdict = if self.phase == Phase::Exhibit { Verdict::Pass } else { Verdict::Swallow };
        self.come(step);
        verdict
    }

    /// Somebody is there.
    fn come(&mut self, step: u64) {
        match self.phase {
            Phase::Exhibit => {}
            Phase::StillThere { .. } => {
                self.out.push(Event::Answered);
                self.woken = Some(step);
            }
            Phase::Attract { stop, .. } => {
                self.out.push(Event::EnterHere(stop));
                self.woken = Some(step);
            }
        }
        self.phase = Phase::Exhibit;
        self.use_at(step);
    }

    /// The exhibit was in use until this step. What a finger from before does while nobody is there is no use.
    fn use_at(&mut self, step: u64) {
        if self.phase == Phase::Exhibit {
            self.used = self.used.max(Some(step));
        }
    }

    /// How long a spot is remembered: always longer than it takes the wall to fall idle and ask, even with *more* open.
    /// A ghost too slow to be remembered is too slow to keep the loop away.
    fn memory(&self) -> u64 {
        GHOST_MEMORY.max(2 * (self.settings.idle * MORE_FACTOR + QUESTION_SECONDS * STEPS_PER_SECOND))
    }

    /// Whether a spot was touched too often to be somebody's finger.
    fn haunted(&mut self, at: Vec2, step: u64) -> bool {
        let memory = self.memory();
        self.spots.retain(|s| s.last + memory > step);
        let nearest = self.spots.iter_mut().filter(|s| apart(s.at, at) <= TREMBLE);
        if let Some(spot) = nearest.min_by(|a, b| apart(a.at, at).total_cmp(&apart(b.at, at))) {
            spot.last = step;
            spot.touches = spot.touches.saturating_add(1);
            return spot.touches > GHOST_TOUCHES;
        }
        if self.spots.len() >= MOST_SPOTS {
            // The least touched goes; among those the oldest.
            let least = self.spots.iter().enumerate().min_by_key(|(_, s)| (s.touches, s.last)).map(|(i, _)| i);
            self.spots.remove(least.unwrap_or(0));
        }
        self.spots.push(Spot { at, touches: 1, last: step });
        false
    }

    /// Lets time pass, and says what must be done, in order; what fingers and keys brought about is among it.
    pub fn tick(&mut self, step: u64) -> Vec<Event> {
        self.advance(step);
        std::mem::take(&mut self.out)
    }

    fn advance(&mut self, step: u64) {
        while let Some(due) = self.due().filter(|due| *due <= step) {
            match self.phase {
                Phase::Exhibit => {
                    self.out.push(Event::Ask);
                    self.told = 0;
                    self.phase = Phase::StillThere { since: due };
                }
                Phase::StillThere { .. } => {
                    self.told += 1;
                    if self.told < QUESTION_SECONDS {
                        self.out.push(Event::Count(QUESTION_SECONDS - self.told));
                    } else {
                        self.out.push(Event::Reset);
                        self.attract(due);
                    }
                }
                Phase::Attract { stop, .. } => {
                    let stop = (stop + 1) % self.stops.len().max(1);
                    self.out.push(Event::NextStop(stop));
                    // After a long standstill whole rounds that nobody saw are left out.
                    let round: u64 = self.stops.iter().sum();
                    let since = due + (step - due).checked_div(round).unwrap_or(0) * round;
                    self.phase = Phase::Attract { stop, since };
                }
            }
        }
    }

    /// The loop begins; an empty one leaves the wall on its first slide, with nothing to reset.
    fn attract(&mut self, step: u64) {
        self.used = None;
        self.more = false;
        self.phase = if self.stops.is_empty() {
            Phase::Exhibit
        } else {
            self.out.push(Event::EnterAttract(0));
            Phase::Attract { stop: 0, since: step }
        };
    }

    /// The step at which something must happen by itself.
    fn due(&self) -> Option<u64> {
        match self.phase {
            Phase::Exhibit => {
                let resting = self.fingers.iter().filter(|f| f.counts).map(|f| f.moved + REST).max();
                let limit = if self.more { self.settings.idle * MORE_FACTOR } else { self.settings.idle };
                self.used.map(|used| resting.map_or(used, |r| r.max(used)) + limit)
            }
            Phase::StillThere { since } => Some(since + (self.told + 1) * STEPS_PER_SECOND),
            Phase::Attract { stop, since } => self.stops.get(stop).map(|length| since + length),
        }
    }

    /// Until when the wall may sleep, if nobody comes: the step at which [`Idle::tick`] will have something to say.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        self.due()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::fingers::{Fingers, Raw};
    use proptest::prelude::*;

    const LOOP: [u64; 2] = [1200, 600];

    /// A wall with its finger table, as the application wires them.
    struct Wall {
        fingers: Fingers,
        idle: Idle,
        events: Vec<(u64, Event)>,
        heard: Vec<(u64, Touch)>,
    }

    impl Wall {
        fn new(start: Start, stops: &[u64]) -> Self {
            let idle = Idle::new(Settings::default(), stops.to_vec(), start, 0);
            Self { fingers: Fingers::default(), idle, events: Vec::new(), heard: Vec::new() }
        }

        fn take(&mut self, fingers: Vec<FingerEvent>, step: u64) {
            for event in fingers {
                if self.idle.finger(&event) == Verdict::Pass {
                    self.heard.push((event.step, event.phase));
                }
            }
            for event in self.idle.tick(step) {
                self.events.push((step, event));
                if matches!(event, Event::Ask | Event::Reset) {
                    let gone = self.fingers.cancel_all(step);
                    self.take(gone, step);
                }
            }
        }

        /// Sleeps until something happens, as the application does.
        fn until(&mut self, step: u64) {
            let wake = |w: &Self| w.idle.next_wake().into_iter().chain(w.fingers.next_wake()).min();
            while let Some(now) = wake(self).filter(|w| *w <= step) {
                let gone = self.fingers.tick(now);
                self.take(gone, now);
            }
            self.take(Vec::new(), step);
        }

        fn raw(&mut self, id: u64, phase: Touch, at: Vec2, step: u64) {
            self.until(step);
            let events = self.fingers.feed(Raw { device: 1, id, phase, at, step });
            self.take(events, step);
        }

        fn tap(&mut self, at: Vec2, step: u64) {
            self.raw(0, Touch::Down, at, step);
            self.raw(0, Touch::Up, at, step + 5);
        }

        fn told(&self) -> Vec<(u64, Event)> {
            self.events.iter().copied().filter(|(_, e)| !matches!(e, Event::Count(_))).collect()
        }
    }

    const HERE: Vec2 = [900.0, 600.0];

    #[test]
    fn a_visit_ends_by_itself() {
        let mut wall = Wall::new(Start::Attract, &LOOP);
        wall.tap(HERE, 1500);
        wall.tap(HERE, 2000);
        wall.until(9000);
        assert_eq!(
            wall.told(),
            [
                (1200, Event::EnterAttract(0)),
                (1200, Event::NextStop(1)),
                (1500, Event::EnterHere(1)),
                (2005 + 3600, Event::Ask),
                (2005 + 4800, Event::Reset),
                (2005 + 4800, Event::EnterAttract(0)),
                (2005 + 6000, Event::NextStop(1)),
                (2005 + 6600, Event::NextStop(0)),
            ]
        );
        assert_eq!(wall.heard, [(2000, Touch::Down), (2005, Touch::Up)], "the waking touch was swallowed whole");
        let counts: Vec<_> = wall.events.iter().filter(|(_, e)| matches!(e, Event::Count(_))).collect();
        assert_eq!(counts.len(), 19);
        assert_eq!(counts[0], &(2005 + 3660, Event::Count(19)));
        assert_eq!(counts[18], &(2005 + 3600 + 1140, Event::Count(1)));
    }

    #[test]
    fn any_touch_answers_and_does_nothing_else() {
        for after in [0, 1, 59, 600, 1199] {
            let mut wall = Wall::new(Start::Exhibit, &LOOP);
            wall.until(3600 + after);
            assert_eq!(wall.idle.seconds_left(3600 + after), Some(20 - after / 60));
            wall.tap(HERE, 3600 + after);
            assert_eq!(wall.told(), [(3600, Event::Ask), (3600 + after, Event::Answered)]);
            assert_eq!(wall.heard, []);
            assert_eq!(wall.idle.next_wake(), Some(3600 + after + 5 + 3600), "the time runs anew");
        }
    }

    #[test]
    fn a_whole_hand_wakes_once() {
        let mut wall = Wall::new(Start::Attract, &LOOP);
        for finger in 0..5 {
            wall.raw(finger, Touch::Down, [300.0 + finger as f32 * 80.0, 500.0], 100 + finger * 2);
        }
        for finger in 0..5 {
            wall.raw(finger, Touch::Up, [300.0 + finger as f32 * 80.0, 500.0], 130);
        }
        assert_eq!(wall.heard, [], "nothing of that hand acts");
        wall.tap(HERE, 140);
        assert_eq!(wall.heard.len(), 2, "the next touch does");
        assert_eq!(wall.told(), [(100, Event::EnterAttract(0)), (100, Event::EnterHere(0))]);
    }

    #[test]
    fn keys_wake_and_answer_too() {
        let mut idle = Idle::new(Settings::default(), LOOP.to_vec(), Start::Attract, 0);
        assert_eq!((idle.key(10), idle.key(12)), (Verdict::Swallow, Verdict::Pass));
        assert_eq!(idle.tick(12), [Event::EnterAttract(0), Event::EnterHere(0)]);
        assert_eq!(idle.key(12 + 3600), Verdict::Swallow);
        assert_eq!(idle.tick(12 + 3600), [Event::Ask, Event::Answered]);
    }

    #[test]
    fn readers_of_more_have_twice_the_time() {
        let mut idle = Idle::new(Settings::default(), LOOP.to_vec(), Start::Exhibit, 0);
        idle.set_more(true);
        assert_eq!(idle.next_wake(), Some(7200));
        assert_eq!(idle.tick(7200), [Event::Ask]);
        idle.tick(8400);
        idle.key(8500);
        assert_eq!(idle.next_wake(), Some(8500 + 3600), "the reset closed it");
    }

    #[test]
    fn touching_inside_a_scene_is_use() {
        let mut wall = Wall::new(Start::Exhibit, &LOOP);
        wall.raw(0, Touch::Down, HERE, 100);
        for move_ in 0..20 {
            wall.raw(0, Touch::Move, [910.0 + move_ as f32 * 10.0, 600.0], 200 + move_ * 500);
        }
        wall.raw(0, Touch::Up, [1100.0, 600.0], 10_000);
        assert_eq!(wall.told(), [], "a slow drag goes on");
        wall.until(13_600);
        assert_eq!(wall.told(), [(13_600, Event::Ask)]);
    }

    #[test]
    fn a_finger_that_never_lifts_blocks_nothing() {
        let mut wall = Wall::new(Start::Attract, &LOOP);
        wall.raw(0, Touch::Down, HERE, 0);
        for step in 1..20_000 {
            let tremble = (step % 3) as f32;
            wall.raw(0, Touch::Move, [900.0 + tremble, 600.0], step);
        }
        let told = wall.told();
        assert_eq!(told[..2], [(0, Event::EnterAttract(0)), (0, Event::EnterHere(0))]);
        assert_eq!(told[2], (600 + 3600, Event::Ask), "ten seconds, then the idle time");
        assert_eq!(told[4], (600 + 4800, Event::EnterAttract(0)));
        assert!(told[5..].iter().all(|(_, e)| matches!(e, Event::NextStop(_))), "and nothing wakes it: {told:?}");
    }

    #[test]
    fn a_haunted_spot_blocks_nothing_however_fast_it_is() {
        for period in [7, 30, 60, 540, 1500, 2700, 3900, 5000] {
            let mut wall = Wall::new(Start::Attract, &LOOP);
            let hours = 60 * 60 * 60 * 3;
            for n in 0..hours / period {
                let jitter = [(n % 3) as f32 - 1.0, (n % 2) as f32];
                wall.tap([900.0 + jitter[0], 600.0 + jitter[1]], n * period);
            }
            let (last_waked, _) =
                *wall.told().iter().rfind(|(_, e)| matches!(e, Event::EnterHere(_))).expect("at first");
            assert!(last_waked <= period * u64::from(GHOST_TOUCHES), "one every {period}: woken at {last_waked}");
            assert!(matches!(wall.idle.phase(), Phase::Attract { .. }), "one every {period}: the loop plays");
            // A visitor beside the ghost is heard all the same.
            let now = hours + 100;
            wall.until(now);
            wall.tap([1200.0, 800.0], now);
            assert!(matches!(wall.told().last(), Some((_, Event::EnterHere(_)))));
            wall.heard.clear();
            wall.tap([1200.0, 700.0], now + 60);
            assert_eq!(wall.heard.len(), 2);
        }
    }

    #[test]
    fn a_finger_that_holds_counts_for_ten_seconds_of_its_thirty() {
        let mut wall = Wall::new(Start::Exhibit, &LOOP);
        wall.raw(0, Touch::Down, HERE, 0);
        wall.fingers.holds(wall.fingers.down()[0].finger);
        wall.until(5000);
        assert_eq!(wall.heard, [(0, Touch::Down), (1800, Touch::Cancel)]);
        assert_eq!(wall.told(), [(600 + 3600, Event::Ask)]);
    }

    #[test]
    fn a_finger_on_a_haunted_spot_is_somebodys_once_it_drags() {
        for (to, asks) in [(910.0, 3600), (930.0, 4000 + 3600)] {
            let mut wall = Wall::new(Start::Exhibit, &LOOP);
            wall.idle.spots.push(Spot { at: HERE, touches: GHOST_TOUCHES, last: 0 });
            wall.raw(0, Touch::Down, HERE, 3500);
            wall.raw(0, Touch::Move, [to, 600.0], 3599);
            wall.raw(0, Touch::Up, [to, 600.0], 4000);
            wall.until(8000);
            assert_eq!(wall.told().first(), Some(&(asks, Event::Ask)), "dragged to {to}");
        }
    }

    #[test]
    fn a_patient_wall_remembers_ghosts_for_longer() {
        let mut wall = Wall::new(Start::Exhibit, &LOOP);
        wall.idle.settings = Settings::of_seconds(600).expect("long enough");
        for n in 0..200 {
            wall.tap(HERE, n * 35_000);
        }
        assert!(matches!(wall.idle.phase(), Phase::Attract { .. }), "one touch in ten minutes is a ghost too");
    }

    #[test]
    fn a_visitor_who_taps_one_control_for_long_is_no_ghost() {
        let mut wall = Wall::new(Start::Exhibit, &LOOP);
        for n in 0..200u64 {
            // A finger on the same round control: it scatters over some twenty pixels.
            let at = [1820.0 + (n * 7 % 23) as f32 - 11.0, 1020.0 + (n * 11 % 19) as f32 - 9.0];
            wall.tap(at, n * 120);
        }
        assert_eq!(wall.told(), []);
    }

    #[test]
    fn a_mouse_clicks_the_same_pixel_as_often_as_it_likes() {
        let mut idle = Idle::new(Settings::default(), LOOP.to_vec(), Start::Exhibit, 0);
        for n in 0..100u32 {
            let step = u64::from(n) * 300;
            for phase in [Touch::Down, Touch::Up] {
                let event = FingerEvent { finger: FingerId(n), phase, at: HERE, step, device: MOUSE };
                assert_eq!(idle.finger(&event), Verdict::Pass);
            }
        }
        assert_eq!(idle.tick(99 * 300), []);
    }

    #[test]
    fn an_empty_loop_leaves_the_wall_in_peace() {
        let mut wall = Wall::new(Start::Attract, &[]);
        wall.until(100_000);
        assert_eq!((wall.told(), wall.idle.next_wake()), (vec![], None));
        wall.tap(HERE, 100_000);
        assert_eq!(wall.heard.len(), 2, "there is nothing to wake, so the first touch acts");
        wall.until(200_000);
        assert_eq!(wall.told(), [(103_605, Event::Ask), (104_805, Event::Reset)]);
        assert_eq!(wall.idle.next_wake(), None);
    }

    #[test]
    fn a_new_deck_may_have_another_loop() {
        let mut idle = Idle::new(Settings::default(), LOOP.to_vec(), Start::Attract, 0);
        idle.tick(1300);
        idle.set_stops(vec![60], 1310);
        assert_eq!(idle.tick(1311), [Event::EnterAttract(0)]);
        idle.set_stops(Vec::new(), 1320);
        assert_eq!((idle.phase(), idle.next_wake()), (Phase::Exhibit, None));
    }

    #[test]
    fn a_standstill_of_hours_is_passed_at_once() {
        let mut idle = Idle::new(Settings::default(), LOOP.to_vec(), Start::Attract, 0);
        let told = idle.tick(1_000_000_000);
        assert!(told.len() < 6, "{told:?}");
        assert!(idle.next_wake().is_some_and(|w| w > 1_000_000_000 && w <= 1_000_001_200));
    }

    #[test]
    fn takes_only_idle_times_that_make_sense() {
        for wrong in [0, 2, 86_401] {
            let told = Settings::of_seconds(wrong).expect_err("refused").to_string();
            assert!(told.contains("3 to 86400"), "{told}");
        }
        assert_eq!(Settings::of_seconds(60), Ok(Settings::default()));
    }

    #[test]
    fn a_thousand_visitors_walk_off_and_the_loop_returns_a_thousand_times() {
        let mut wall = Wall::new(Start::Attract, &LOOP);
        let mut now = 50;
        for n in 0..1000u64 {
            let at = [100.0 + (n * 37 % 1700) as f32, 100.0 + (n * 53 % 900) as f32];
            wall.tap(at, now);
            wall.tap([at[0], at[1] + 40.0], now + 100);
            now += 6000 + n % 700;
        }
        wall.until(now);
        let count = |which: fn(&Event) -> bool| wall.events.iter().filter(|(_, e)| which(e)).count();
        assert_eq!(count(|e| matches!(e, Event::EnterHere(_))), 1000);
        assert_eq!(count(|e| matches!(e, Event::EnterAttract(_))), 1001);
        assert_eq!(wall.heard.len(), 2000, "each waking touch did one thing, each second touch acted");
    }

    proptest! {
        /// What happens depends on fingers, keys and steps, never on how often anybody asked.
        #[test]
        fn asking_changes_nothing(came in proptest::collection::vec((0u8..4, 0u64..2500, 0f32..60.0), 1..30)) {
            let run = |often: bool| {
                let mut idle = Idle::new(Settings::of_seconds(10).expect("long enough"), LOOP.to_vec(), Start::Attract, 0);
                let (mut events, mut verdicts, mut now, mut down) = (Vec::new(), Vec::new(), 0, 0);
                for &(what, later, x) in &came {
                    for step in now..now + later {
                        if often {
                            events.extend(idle.tick(step));
                        }
                    }
                    now += later;
                    let phase = [Touch::Down, Touch::Move, Touch::Up, Touch::Down][usize::from(what)];
                    down += u32::from(phase == Touch::Down);
                    let event = FingerEvent { finger: FingerId(down), phase, at: [x, 0.0], step: now, device: 1 };
                    verdicts.push(if what == 3 { idle.key(now) } else { idle.finger(&event) });
                }
                // Rounds of the loop that nobody saw are left out.
                events.extend(idle.tick(now));
                events.retain(|e| !matches!(e, Event::NextStop(_)));
                (events, verdicts, idle.phase(), idle.next_wake())
            };
            prop_assert_eq!(run(true), run(false));
        }
    }
}
