//! How staff knocks: five taps on the top right corner within three seconds. Visitors have nothing to touch there.
//!
//! ```
//! use peerscape::kiosk::knock::Knock;
//!
//! let (mut knock, size, corner) = (Knock::default(), [1920.0, 1080.0], [1900.0, 30.0]);
//! assert!((0..4).all(|tap| !knock.tap(corner, size, tap * 30)));
//! assert!(knock.tap(corner, size, 120));
//! ```

use crate::input::{STEPS_PER_SECOND, steps_of_ms};

/// How many taps.
const TAPS: usize = 5;
/// Within how many steps.
const WITHIN: u64 = 3 * STEPS_PER_SECOND;
/// Two contacts closer in time than this are one finger that trembles, or two of one hand.
const APART: u64 = steps_of_ms(60);
/// The corner's side, as a share of the picture's shorter side.
const CORNER: f32 = 0.12;

/// Taps on the corner, the latest last.
#[derive(Clone, Debug, Default)]
pub struct Knock {
    taps: Vec<u64>,
}

impl Knock {
    /// A finger went down at a place of a picture of this size, at a step. Tells whether that was the knock.
    pub fn tap(&mut self, at: [f32; 2], size: [f32; 2], step: u64) -> bool {
        let side = CORNER * size[0].min(size[1]);
        if at[0] < size[0] - side || at[1] > side {
            // Whoever touches elsewhere in between is no member of staff.
            self.taps.clear();
            return false;
        }
        if self.taps.last().is_some_and(|last| step < last + APART) {
            return false;
        }
        self.taps.retain(|tap| tap + WITHIN > step);
        self.taps.push(step);
        let knocked = self.taps.len() >= TAPS;
        if knocked {
            self.taps.clear();
        }
        knocked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [f32; 2] = [1080.0, 1920.0];
    const CORNER: [f32; 2] = [1070.0, 10.0];

    fn knocks(taps: &[([f32; 2], u64)]) -> bool {
        let mut knock = Knock::default();
        taps.iter().any(|(at, step)| knock.tap(*at, SIZE, *step))
    }

    #[test]
    fn five_taps_in_three_seconds_and_nothing_else() {
        let even = |apart: u64| (0..5).map(|tap| (CORNER, tap * apart)).collect::<Vec<_>>();
        assert!(knocks(&even(20)) && knocks(&even(44)));
        assert!(!knocks(&even(45)), "the first is three seconds old");
        assert!(!knocks(&even(3)), "one finger that trembles");
        let mut elsewhere = even(20);
        elsewhere.insert(3, ([500.0, 900.0], 50));
        assert!(!knocks(&elsewhere));
        assert!(
            !knocks(&even(20).iter().map(|(_, step)| ([10.0, 10.0], *step)).collect::<Vec<_>>()),
            "the other corner"
        );
    }
}
