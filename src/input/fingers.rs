//! The finger table: what a touchscreen says, turned into fingers that can be trusted.
//!
//! Touch devices use their ids again, lift and touch within one frame, lose a finger without a word when the plug is
//! pulled (Wayland), and let the first finger move the mouse as well (X11). Here every touch gets a number of its own that
//! never comes back, every finger that went down goes up or is cancelled exactly once, and the mouse is silent while and
//! shortly after a finger speaks.
//!
//! ```
//! use peerscape::input::fingers::{Fingers, Phase, Raw};
//!
//! let mut fingers = Fingers::default();
//! let raw = |phase, step| Raw { device: 1, id: 0, phase, at: [400.0, 300.0], step };
//! let first = fingers.feed(raw(Phase::Down, 10));
//! fingers.feed(raw(Phase::Up, 10));
//! let second = fingers.feed(raw(Phase::Down, 10));
//! // The same raw id within one frame, and still two touches.
//! assert_ne!(first[0].finger, second[0].finger);
//! // The device never says that it lifted: it is let go after ten seconds.
//! assert_eq!(fingers.next_wake(), Some(610));
//! assert_eq!(fingers.tick(610)[0].phase, Phase::Cancel);
//! ```

use super::steps_of_ms;
use crate::ink::sheet::Vec2;
use serde::{Deserialize, Serialize};

/// A finger: one touch from down to up. Never reused, so that whatever remembers one can't mistake it for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FingerId(pub u32);

/// What a finger does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It touches.
    Down,
    /// It moves, or says again where it is.
    Move,
    /// It lifts.
    Up,
    /// It is gone without having lifted: whatever it was about to do is not done.
    Cancel,
}

/// What a device said, in reference pixels. Written down with its step, it replays exactly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raw {
    /// Which device; [`MOUSE`] for the mouse.
    pub device: u64,
    /// The device's own number of the touch; used again by the device.
    pub id: u64,
    /// What it says.
    pub phase: Phase,
    /// Where.
    pub at: Vec2,
    /// When.
    pub step: u64,
}

/// What a finger did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FingerEvent {
    /// Which finger.
    pub finger: FingerId,
    /// What it did.
    pub phase: Phase,
    /// Where it is, or was last.
    pub at: Vec2,
    /// When.
    pub step: u64,
    /// Its device.
    pub device: u64,
}

/// The mouse is a finger of a device of its own.
pub const MOUSE: u64 = u64::MAX;
/// The number of every touchscreen: a window does not tell them apart.
pub const TOUCH: u64 = 0;

/// A finger that does not move is let go after this: ten seconds, longer than anybody waits for a touch to do something.
pub const PATIENCE: u64 = steps_of_ms(10_000);

/// A finger that shows what something holds may rest for half a minute: long enough to read a card twice.
pub const HOLD_PATIENCE: u64 = steps_of_ms(30_000);

/// For so long after a touch the mouse is not believed: X11 moves it with the first finger, some drivers press it too.
pub const MOUSE_SILENCE: u64 = steps_of_ms(500);

/// A mouse button that went down this shortly before a touch, and this near, was the touch's shadow.
const SHADOW_STEPS: u64 = 2;
const SHADOW_REACH: f32 = 16.0;

/// Less than this is trembling, not moving: a stuck point on glass wanders by a pixel or two.
pub const TREMBLE: f32 = 4.0;

/// More touches than twenty-odd visitors have fingers are a fault of the glass; the oldest is let go.
pub const MOST_FINGERS: usize = 64;

/// A finger that is down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finger {
    /// Its number.
    pub finger: FingerId,
    /// Its device.
    pub device: u64,
    /// Where it went down.
    pub from: Vec2,
    /// Where it is.
    pub at: Vec2,
    /// When it went down.
    pub since: u64,
    id: u64,
    /// Where it last really moved to, and when.
    anchor: Vec2,
    moved: u64,
    patience: u64,
}

impl Finger {
    fn event(&self, phase: Phase, step: u64) -> FingerEvent {
        FingerEvent { finger: self.finger, phase, at: self.at, step, device: self.device }
    }

    fn deadline(&self) -> u64 {
        self.moved + self.patience
    }
}

/// The fingers that are down.
#[derive(Clone, Debug, Default)]
pub struct Fingers {
    next: u32,
    down: Vec<Finger>,
    /// When a finger on glass was last heard of.
    last_touch: Option<u64>,
}

impl Fingers {
    /// Takes what a device said. Fingers whose time ran out before that step are let go first.
    ///
    /// Where touch and mouse are heard in the same frame, feed the touch first.
    pub fn feed(&mut self, raw: Raw) -> Vec<FingerEvent> {
        let mut events = self.tick(raw.step);
        let here = raw.at.iter().all(|x| x.is_finite());
        let known = self.down.iter().position(|f| f.device == raw.device && f.id == raw.id);
        if raw.device == MOUSE {
            if known.is_none() && !self.mouse_speaks(raw.step) {
                return events;
            }
        } else {
            self.last_touch = Some(raw.step);
        }
        match raw.phase {
            Phase::Down => {
                // The device forgot to say that the touch before it ended.
                if let Some(i) = known {
                    events.push(self.down.remove(i).event(Phase::Cancel, raw.step));
                }
                if !here {
                    return events;
                }
                if raw.device != MOUSE {
                    events.extend(self.drop_shadow(raw));
                }
                if self.down.len() >= MOST_FINGERS {
                    events.push(self.down.remove(0).event(Phase::Cancel, raw.step));
                }
                let finger = Finger {
                    finger: FingerId(self.next),
                    device: raw.device,
                    from: raw.at,
                    at: raw.at,
                    since: raw.step,
                    id: raw.id,
                    anchor: raw.at,
                    moved: raw.step,
                    patience: PATIENCE,
                };
                self.next = self.next.wrapping_add(1);
                self.down.push(finger);
                events.push(finger.event(Phase::Down, raw.step));
            }
            Phase::Move => {
                if let Some(i) = known
                    && here
                {
                    let finger = &mut self.down[i];
                    finger.at = raw.at;
                    if apart(finger.anchor, raw.at) > TREMBLE {
                        finger.anchor = raw.at;
                        finger.moved = raw.step;
                    }
                    events.push(finger.event(Phase::Move, raw.step));
                }
            }
            Phase::Up | Phase::Cancel => {
                if let Some(i) = known {
                    let mut finger = self.down.remove(i);
                    if here && raw.phase == Phase::Up {
                        finger.at = raw.at;
                    }
                    events.push(finger.event(raw.phase, raw.step));
                }
            }
        }
        events
    }

    /// Lets go of fingers that have not moved for too long. What the device says of them later is not heard, until it
    /// says that they touch anew.
    pub fn tick(&mut self, step: u64) -> Vec<FingerEvent> {
        let mut gone: Vec<_> = self.down.extract_if(.., |f| f.deadline() <= step).collect();
        gone.sort_by_key(|f| (f.deadline(), f.finger));
        gone.iter().map(|f| f.event(Phase::Cancel, f.deadline())).collect()
    }

    /// The finger shows what something holds, and may rest longer.
    pub fn holds(&mut self, finger: FingerId) {
        if let Some(f) = self.down.iter_mut().find(|f| f.finger == finger) {
            f.patience = HOLD_PATIENCE;
        }
    }

    /// A device is gone: so are its fingers.
    pub fn device_gone(&mut self, device: u64, step: u64) -> Vec<FingerEvent> {
        self.cancel(step, |f| f.device == device)
    }

    /// Lets go of all fingers: the page under them is another one now, or there is no touch device any more.
    pub fn cancel_all(&mut self, step: u64) -> Vec<FingerEvent> {
        self.cancel(step, |_| true)
    }

    fn cancel(&mut self, step: u64, which: impl Fn(&Finger) -> bool) -> Vec<FingerEvent> {
        self.down.extract_if(.., |f| which(f)).map(|f| f.event(Phase::Cancel, step)).collect()
    }

    fn drop_shadow(&mut self, touch: Raw) -> Vec<FingerEvent> {
        self.cancel(touch.step, |f| {
            f.device == MOUSE && f.since + SHADOW_STEPS >= touch.step && apart(f.from, touch.at) <= SHADOW_REACH
        })
    }

    /// Whether the mouse is to be believed: no finger is on the glass, nor was one lately. The pointer hides otherwise.
    #[must_use]
    pub fn mouse_speaks(&self, step: u64) -> bool {
        self.last_touch.is_none_or(|last| step >= last + MOUSE_SILENCE) && self.down.iter().all(|f| f.device == MOUSE)
    }

    /// The fingers that are down, in the order in which they came.
    #[must_use]
    pub fn down(&self) -> &[Finger] {
        &self.down
    }

    /// The step at which a finger will be let go if nothing is heard of it.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        self.down.iter().map(Finger::deadline).min()
    }
}

/// How far two points lie apart.
#[must_use]
pub fn apart(a: Vec2, b: Vec2) -> f32 {
    libm::hypotf(a[0] - b[0], a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use Phase::{Cancel, Down, Move, Up};

    /// A device's story: (device, raw id, phase, x, y, step), and what must come of it: (finger, phase, step).
    type Said = (u64, u64, Phase, f32, f32, u64);
    type Heard = (u32, Phase, u64);

    fn hear(said: &[Said]) -> (Fingers, Vec<Heard>) {
        let mut fingers = Fingers::default();
        let mut heard = Vec::new();
        for &(device, id, phase, x, y, step) in said {
            let raw = Raw { device, id, phase, at: [x, y], step };
            heard.extend(fingers.feed(raw).into_iter().map(|e| (e.finger.0, e.phase, e.step)));
        }
        (fingers, heard)
    }

    #[test]
    fn tells_touches_apart() {
        let table: &[(&str, &[Said], &[Heard])] = &[
            ("a tap", &[(1, 0, Down, 5., 5., 1), (1, 0, Up, 5., 5., 4)], &[(0, Down, 1), (0, Up, 4)]),
            (
                "lifted and put down again in one frame, with the same id",
                &[(1, 0, Down, 5., 5., 1), (1, 0, Up, 5., 5., 9), (1, 0, Down, 6., 5., 9), (1, 0, Up, 6., 5., 12)],
                &[(0, Down, 1), (0, Up, 9), (1, Down, 9), (1, Up, 12)],
            ),
            (
                "Wayland: the screen goes away without a word, comes back and uses the id again",
                &[(1, 0, Down, 5., 5., 1), (1, 0, Move, 9., 5., 5), (1, 0, Down, 90., 5., 80), (1, 0, Up, 90., 5., 84)],
                &[(0, Down, 1), (0, Move, 5), (0, Cancel, 80), (1, Down, 80), (1, Up, 84)],
            ),
            (
                "Wayland: slots used again across fingers",
                &[
                    (1, 0, Down, 5., 5., 1),
                    (1, 1, Down, 500., 5., 2),
                    (1, 0, Up, 5., 5., 3),
                    (1, 0, Down, 900., 5., 4),
                    (1, 1, Up, 500., 5., 5),
                    (1, 0, Up, 900., 5., 6),
                ],
                &[(0, Down, 1), (1, Down, 2), (0, Up, 3), (2, Down, 4), (1, Up, 5), (2, Up, 6)],
            ),
            (
                "two devices with the same id",
                &[(1, 0, Down, 5., 5., 1), (2, 0, Down, 900., 5., 1), (1, 0, Up, 5., 5., 2), (2, 0, Up, 900., 5., 3)],
                &[(0, Down, 1), (1, Down, 1), (0, Up, 2), (1, Up, 3)],
            ),
            ("lifts and moves of nobody", &[(1, 0, Move, 5., 5., 1), (1, 0, Up, 5., 5., 2)], &[]),
            (
                "a place that is no place",
                &[(1, 0, Down, f32::NAN, 5., 1), (1, 1, Down, 3., 3., 2), (1, 1, Up, f32::INFINITY, 0., 3)],
                &[(0, Down, 2), (0, Up, 3)],
            ),
            (
                "X11: the first finger moves and presses the mouse too",
                &[
                    (1, 0, Down, 5., 5., 1),
                    (MOUSE, 0, Down, 5., 5., 1),
                    (MOUSE, 0, Move, 6., 5., 3),
                    (1, 0, Up, 5., 5., 20),
                    (MOUSE, 0, Up, 5., 5., 20),
                    (MOUSE, 0, Down, 5., 5., 49),
                    (MOUSE, 0, Down, 5., 5., 50),
                ],
                &[(0, Down, 1), (0, Up, 20), (1, Down, 50)],
            ),
            (
                "the mouse is not heard while a finger rests",
                &[
                    (1, 0, Down, 5., 5., 1),
                    (MOUSE, 0, Down, 700., 5., 200),
                    (MOUSE, 0, Up, 700., 5., 210),
                    (1, 0, Up, 5., 5., 300),
                ],
                &[(0, Down, 1), (0, Up, 300)],
            ),
            (
                "the mouse's shadow is heard before its finger",
                &[
                    (MOUSE, 0, Down, 5., 5., 8),
                    (1, 0, Down, 6., 5., 9),
                    (1, 0, Up, 6., 5., 12),
                    (MOUSE, 0, Up, 6., 5., 12),
                ],
                &[(0, Down, 8), (0, Cancel, 9), (1, Down, 9), (1, Up, 12)],
            ),
            (
                "a real mouse elsewhere is no shadow",
                &[(MOUSE, 0, Down, 500., 5., 8), (1, 0, Down, 6., 5., 9), (MOUSE, 0, Up, 500., 5., 12)],
                &[(0, Down, 8), (1, Down, 9), (0, Up, 12)],
            ),
            (
                "stuck for thirty seconds, trembling, then heard of again",
                &[
                    (1, 0, Down, 5., 5., 0),
                    (1, 0, Move, 6., 5., 300),
                    (1, 0, Move, 4., 5., 599),
                    (1, 0, Move, 5., 6., 1200),
                    (1, 0, Up, 5., 5., 1800),
                    (1, 0, Down, 5., 5., 1801),
                ],
                &[(0, Down, 0), (0, Move, 300), (0, Move, 599), (0, Cancel, 600), (1, Down, 1801)],
            ),
            (
                "moving slowly is not being stuck",
                &[
                    (1, 0, Down, 5., 5., 0),
                    (1, 0, Move, 15., 5., 500),
                    (1, 0, Move, 25., 5., 1000),
                    (1, 0, Up, 25., 5., 1500),
                ],
                &[(0, Down, 0), (0, Move, 500), (0, Move, 1000), (0, Up, 1500)],
            ),
        ];
        for (story, said, expected) in table {
            assert_eq!(hear(said).1, *expected, "{story}");
        }
    }

    #[test]
    fn a_finger_that_holds_may_rest_longer_but_not_for_ever() {
        let (mut fingers, _) = hear(&[(1, 0, Down, 5., 5., 0)]);
        fingers.holds(FingerId(0));
        assert_eq!(fingers.tick(1799), []);
        assert_eq!(fingers.next_wake(), Some(1800));
        assert_eq!(fingers.tick(5000).len(), 1);
        assert_eq!(fingers.next_wake(), None);
    }

    #[test]
    fn a_device_takes_its_fingers_with_it() {
        let (mut fingers, _) = hear(&[(1, 0, Down, 5., 5., 0), (2, 0, Down, 5., 5., 0), (1, 7, Down, 5., 5., 0)]);
        let gone: Vec<_> = fingers.device_gone(1, 3).iter().map(|e| (e.finger.0, e.phase)).collect();
        assert_eq!(gone, [(0, Cancel), (2, Cancel)]);
        assert_eq!(fingers.cancel_all(4).len(), 1);
        assert!(fingers.down().is_empty());
    }

    #[test]
    fn a_glass_gone_mad_fills_no_memory() {
        let said: Vec<Said> = (0..1000).map(|id| (1, id, Down, 5., 5., 0)).collect();
        let (fingers, heard) = hear(&said);
        assert_eq!(fingers.down().len(), MOST_FINGERS);
        assert_eq!(heard.iter().filter(|h| h.1 == Cancel).count(), 1000 - MOST_FINGERS);
    }
}
