//! Pace: whether a talk keeps to its time, in words.
//!
//! Every step counts alike. A talk is on time while it is less than a minute, or a twentieth of all its time, off.
//!
//! ```
//! use peerscape::presenter::pace::{Pace, pace};
//!
//! // Half of 20 minutes, and half of 100 steps.
//! assert_eq!(pace(600, 1_200, 50, 100), Pace::OnTime);
//! assert_eq!(pace(600, 1_200, 70, 100), Pace::Ahead(240));
//! assert_eq!(pace(600, 1_200, 20, 100).words(), "6 min behind");
//! ```

/// The least that counts as off, in seconds.
const LEAST: u64 = 60;

/// How a talk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As planned.
    OnTime,
    /// So many seconds further than planned.
    Ahead(u64),
    /// So many seconds less far.
    Behind(u64),
    /// Its time is over, by so many seconds.
    Over(u64),
}

impl Pace {
    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        let minutes = |seconds: u64| match seconds.div_ceil(30) {
            halves if halves % 2 == 1 && halves < 10 => format!("{}½ min", halves / 2).replace("0½", "½"),
            halves => format!("{} min", halves / 2),
        };
        match self {
            Self::OnTime => "on time".into(),
            Self::Ahead(seconds) => format!("{} ahead", minutes(seconds)),
            Self::Behind(seconds) => format!("{} behind", minutes(seconds)),
            Self::Over(seconds) => format!("{} over", minutes(seconds)),
        }
    }
}

/// The pace after so many seconds of a planned time, when so many of all steps have been shown.
#[must_use]
pub fn pace(elapsed: u64, planned: u64, shown: usize, steps: usize) -> Pace {
    if elapsed > planned {
        return Pace::Over(elapsed - planned);
    }
    let due = planned * shown as u64 / (steps as u64).max(1);
    let slack = LEAST.max(planned / 20);
    match due.abs_diff(elapsed) {
        off if off < slack => Pace::OnTime,
        off if due > elapsed => Pace::Ahead(off),
        off => Pace::Behind(off),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_half_minutes_while_they_are_few() {
        let words = [30, 60, 90, 100, 300, 330, 3_600].map(|seconds| Pace::Behind(seconds).words());
        let said = ["½ min behind", "1 min behind", "1½ min behind", "2 min behind", "5 min behind", "5 min behind"];
        assert_eq!(words[..6], said);
        assert_eq!(words[6], "60 min behind");
        assert_eq!(Pace::Over(61).words(), "1½ min over");
    }

    #[test]
    fn a_talk_is_on_time_within_a_minute_and_never_behind_before_it_begins() {
        assert_eq!(pace(0, 1_200, 0, 10), Pace::OnTime);
        assert_eq!(pace(59, 1_200, 0, 10), Pace::OnTime);
        assert_eq!(pace(60, 1_200, 0, 10), Pace::Behind(60));
        assert_eq!(pace(1_201, 1_200, 10, 10), Pace::Over(1));
        assert_eq!(pace(10, 0, 0, 0), Pace::Over(10), "no time was planned");
    }
}
