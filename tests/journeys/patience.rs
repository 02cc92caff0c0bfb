//! Waiting for a condition, with an end to it.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long anything on the wall may take before a journey gives it up. Far longer than a visitor would wait: a busy
/// machine must not fail a journey, only a wall that does nothing must.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// How often a condition is looked at again: below a frame of the wall, above what would keep a core busy.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Asks until there is an answer; nothing when there was none within the time.
pub fn ask_until<T>(within: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + within;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= end {
            return None;
        }
        thread::sleep(LOOK_AGAIN);
    }
}
