//! The wall's clock: a step is a sixtieth of a second of the monotonic clock, numbered from the start of the process.
//!
//! Model, gestures, idle time and transitions read only the step number. A still wall ticks nothing: when it wakes, the
//! number has moved on, and nobody has missed anything.

use super::tape::Player;
use bevy::prelude::*;
use std::time::{Duration, Instant};

/// Steps in a second.
pub const STEPS_PER_SECOND: u64 = 60;

/// A wall that was asleep or busy does not run after every step it missed: a scene that did would stall the wall again.
const MOST_AT_ONCE: u64 = 6;

/// The present step.
#[derive(Resource, Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    /// The step that this frame shows.
    pub step: u64,
    /// How many steps have passed since the frame before, as far as anything moves by them.
    pub passed: u64,
}

impl Clock {
    /// A clock that began with the process.
    #[must_use]
    pub fn started(start: Instant) -> Self {
        Self { start, step: 0, passed: 0 }
    }

    /// The step at a moment.
    #[must_use]
    pub fn step_at(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.start);
        u64::try_from(since.as_micros() * u128::from(STEPS_PER_SECOND) / 1_000_000).unwrap_or(u64::MAX)
    }

    /// How long it is from a moment until a step begins.
    #[must_use]
    pub fn until(&self, step: u64, moment: Instant) -> Duration {
        let due = self.start + Duration::from_micros(step.saturating_mul(1_000_000).div_ceil(STEPS_PER_SECOND));
        due.saturating_duration_since(moment)
    }

    /// Milliseconds since the process began.
    #[must_use]
    pub fn millis(&self) -> u128 {
        self.start.elapsed().as_millis()
    }
}

/// Moves the clock to now, or to where a tape has it.
pub fn tick(mut clock: ResMut<Clock>, player: Option<ResMut<Player>>) {
    let now = clock.step_at(Instant::now());
    let now = player.map_or(now, |mut player| player.next(now));
    clock.passed = now.saturating_sub(clock.step).min(MOST_AT_ONCE);
    clock.step = now;
}
