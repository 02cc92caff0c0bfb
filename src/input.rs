//! Input: fingers, mouse and keys become intents, once.
//!
//! Nothing here knows a window or a clock. Raw events carry the step (1/60 s) at which they came, so a session that was
//! written down plays back exactly; and what comes out depends on the events and their steps alone, never on how often
//! somebody asked. The way through:
//!
//! ```text
//! Raw ──▶ fingers ──▶ kiosk::idle (may swallow) ──▶ gestures ──▶ picking, bindings ──▶ Action
//! key ──▶ keys ────▶ kiosk::idle (may swallow) ──▶ bindings ────────────────────────▶ Action
//! ```

pub mod bindings;
pub mod fingers;
pub mod focus;
pub mod gestures;
pub mod keys;
pub mod picking;
pub mod tape;
pub mod transition;

/// Steps in a second: the wall's own time is counted in these and nothing else.
pub const STEPS_PER_SECOND: u64 = 60;

/// How many steps a span takes, to the nearest whole one.
///
/// ```
/// assert_eq!(peerscape::input::steps_of_ms(500), 30);
/// assert_eq!(peerscape::input::steps_of_ms(320), 19);
/// ```
#[must_use]
pub const fn steps_of_ms(ms: u64) -> u64 {
    (ms * STEPS_PER_SECOND + 500) / 1000
}
