//! How fast something flows, as a client measures it: bytes over the last while (Cohen's client: 20 s at most).

use crate::sim::vocabulary::{Micros, SECOND};

/// The longest stretch that a rate looks back over.
const STRETCH: Micros = 20 * SECOND;

/// A measured rate in bytes a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    since: Micros,
    last: Micros,
    rate: f64,
}

impl Rate {
    /// A rate that is measured from a moment on.
    #[must_use]
    pub fn from(now: Micros) -> Self {
        Self { since: now, last: now, rate: 0.0 }
    }

    /// Bytes that flowed just now.
    pub fn add(&mut self, now: Micros, bytes: u64) {
        self.roll(now, bytes);
    }

    /// The rate now.
    #[must_use]
    pub fn at(&self, now: Micros) -> f64 {
        let mut copy = *self;
        copy.roll(now, 0);
        copy.rate
    }

    fn roll(&mut self, now: Micros, bytes: u64) {
        let flowed = self.rate * (self.last - self.since) as f64 + bytes as f64 * SECOND as f64;
        // A second at least, or a first block would make an endless rate.
        self.rate = flowed / (now - self.since).max(SECOND) as f64;
        self.last = now;
        self.since = self.since.max(now.saturating_sub(STRETCH));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_flow_has_its_rate_and_silence_wears_it_off() {
        let mut rate = Rate::from(0);
        for second in 1..100 {
            rate.add(second * SECOND, 1_000);
        }
        assert!((rate.at(99 * SECOND) - 1_000.0).abs() < 60.0, "{}", rate.at(99 * SECOND));
        assert!(rate.at(119 * SECOND) < 520.0, "{}", rate.at(119 * SECOND));
        assert!(rate.at(119 * SECOND) > 0.0);
    }
}
