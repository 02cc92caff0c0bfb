//! Measures of rows of numbers: mean, sample deviation, least, greatest; and a short history of one number.

use super::mathematics::sqrt;
use crate::sim::vocabulary::Micros;
use std::collections::VecDeque;

/// Mean, spread and extremes of a row, taken in one pass (Welford 1962).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    count: u64,
    mean: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Default for Measure {
    fn default() -> Self {
        Self { count: 0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Measure {
    /// Adds a number.
    pub fn add(&mut self, x: f64) {
        self.count += 1;
        let off = x - self.mean;
        self.mean += off / self.count as f64;
        self.squares += off * (x - self.mean);
        self.min = self.min.min(x);
        self.max = self.max.max(x);
    }

    /// How many numbers there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; nothing of an empty row.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sample's standard deviation; 0 of a single number, nothing of an empty row.
    #[must_use]
    pub fn sd(&self) -> Option<f64> {
        match self.count {
            0 => None,
            1 => Some(0.0),
            n => Some(sqrt(self.squares / (n - 1) as f64)),
        }
    }

    /// The least.
    #[must_use]
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min)
    }

    /// The greatest.
    #[must_use]
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max)
    }
}

impl Extend<f64> for Measure {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, row: I) {
        for x in row {
            self.add(x);
        }
    }
}

impl FromIterator<f64> for Measure {
    fn from_iter<I: IntoIterator<Item = f64>>(row: I) -> Self {
        let mut measure = Self::default();
        measure.extend(row);
        measure
    }
}

/// The last few values of a number, with their moments.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    room: usize,
    row: VecDeque<(Micros, f64)>,
}

impl History {
    /// An empty history that keeps the last `room` values.
    #[must_use]
    pub fn new(room: usize) -> Self {
        Self { room: room.max(1), row: VecDeque::with_capacity(room.max(1)) }
    }

    /// Notes a value; the oldest makes room.
    pub fn note(&mut self, at: Micros, value: f64) {
        if self.row.len() == self.room {
            self.row.pop_front();
        }
        self.row.push_back((at, value));
    }

    /// The values kept, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Micros, f64)> + '_ {
        self.row.iter().copied()
    }

    /// The mean of the values kept.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.row.iter().map(|(_, x)| *x).collect::<Measure>().mean()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.row.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_has_the_measures_that_a_textbook_gives_it() {
        let row: Measure = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().collect();
        assert_eq!((row.mean(), row.min(), row.max()), (Some(5.0), Some(2.0), Some(9.0)));
        assert!((row.sd().unwrap() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        let one: Measure = [3.0].into_iter().collect();
        assert_eq!(one.sd(), Some(0.0));
        assert_eq!((Measure::default().mean(), Measure::default().sd(), Measure::default().max()), (None, None, None));
    }

    #[test]
    fn a_history_forgets_its_oldest() {
        let mut history = History::new(2);
        for i in 0..4 {
            history.note(i, i as f64);
        }
        assert_eq!(history.iter().collect::<Vec<_>>(), [(2, 2.0), (3, 3.0)]);
        assert_eq!(history.mean(), Some(2.5));
    }

    proptest! {
        #[test]
        fn one_pass_agrees_with_two(row in prop::collection::vec(-1e6_f64..1e6, 2..100)) {
            let measure: Measure = row.iter().copied().collect();
            let mean = row.iter().sum::<f64>() / row.len() as f64;
            let sd = (row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (row.len() - 1) as f64).sqrt();
            prop_assert!((measure.mean().unwrap() - mean).abs() < 1e-6);
            prop_assert!((measure.sd().unwrap() - sd).abs() < 1e-5);
        }
    }
}
