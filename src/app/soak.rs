//! Whether a wall that runs for long stays as it was: does its memory grow, does it still move when nobody is there?
//!
//! A tape is played again and again, as fast as may be. Memory is what the kernel says is resident, once a second; its
//! slope is the least-squares line over the second half of the run, when caches are as full as they get. A picture is
//! read back now and then: while the wall plays to nobody, one that stays the same for [`STANDS`] pictures stands still.

use super::{clock::STEPS_PER_SECOND, health};
use std::{
    fmt,
    time::{Duration, Instant},
};

/// Memory is asked for this often.
const ASKED: Duration = Duration::from_secs(1);
/// So many pictures that are the same, a minute of the wall's time apart, are more than any slide of attract lasts.
pub const STANDS: u32 = 4;
/// A shorter run says nothing of a slope: memory comes in lumps.
pub const TELLING: Duration = Duration::from_mins(20);
/// The most that memory may grow, in bytes an hour.
pub const MOST_GROWTH: f64 = 1e6;

/// What was seen so far.
#[derive(Debug)]
pub struct Soak {
    began: Instant,
    asked: Option<Instant>,
    /// Seconds since the beginning, and resident bytes.
    memory: Vec<(f64, f64)>,
    /// Pictures read back, those of attract among them, and those that differ from the one before.
    pictures: [u64; 3],
    last: Option<u64>,
    same: u32,
    longest: u32,
    rounds: u64,
    steps: u64,
    /// Whether it played to nobody in the frame before, and how often somebody came.
    attract: bool,
    visits: u64,
}

impl Soak {
    /// Begins now.
    #[must_use]
    pub fn begin() -> Self {
        let (memory, last) = (Vec::new(), None);
        let ([same, longest], [rounds, steps, visits]) = ([0; 2], [0; 3]);
        let (began, asked, pictures, attract) = (Instant::now(), None, [0; 3], false);
        Self { began, asked, memory, pictures, last, same, longest, rounds, steps, attract, visits }
    }

    /// How long it has gone on.
    #[must_use]
    pub fn lasted(&self) -> Duration {
        self.began.elapsed()
    }

    /// A frame was played: the wall stands at this step of this round, and plays to nobody or does not.
    pub fn frame(&mut self, step: u64, rounds: u64, attract: bool) {
        (self.steps, self.rounds) = (step, rounds);
        self.visits += u64::from(std::mem::replace(&mut self.attract, attract) && !attract);
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASKED)
            && let Some(bytes) = health::resident()
        {
            self.asked = Some(Instant::now());
            self.memory.push((self.began.elapsed().as_secs_f64(), bytes as f64));
        }
    }

    /// A picture was read back: the hash of its pixels, and whether the wall plays to nobody.
    pub fn picture(&mut self, hash: u64, attract: bool) {
        let differs = self.last.replace(hash) != Some(hash);
        self.pictures[0] += 1;
        self.pictures[1] += u64::from(attract);
        self.pictures[2] += u64::from(differs);
        self.same = if attract && !differs { self.same + 1 } else { 0 };
        self.longest = self.longest.max(self.same);
    }

    /// By how much memory grows, in bytes an hour of this run; nothing before there is anything to tell by.
    #[must_use]
    pub fn growth(&self) -> Option<f64> {
        slope(&self.memory[self.memory.len() / 2..]).map(|a_second| a_second * 3600.0)
    }

    /// The latest figures, in a few words.
    #[must_use]
    pub fn now(&self) -> String {
        let bytes = self.memory.last().map_or(0.0, |(_, bytes)| *bytes);
        let hours = self.steps as f64 / STEPS_PER_SECOND as f64 / 3600.0;
        format!("{hours:.2} h of the wall's time, round {}, visit {}, {:.3} MB", self.rounds, self.visits, bytes / 1e6)
    }

    /// What is wrong, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        if self.longest >= STANDS {
            return Some(format!(
                "{} pictures one after another were the same while it played to nobody",
                self.longest
            ));
        }
        let growth = self.growth().filter(|growth| *growth > MOST_GROWTH && self.lasted() >= TELLING)?;
        Some(format!("memory grows by {:.2} MB an hour", growth / 1e6))
    }
}

impl fmt::Display for Soak {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lasted, lived) = (self.lasted().as_secs_f64(), self.steps as f64 / STEPS_PER_SECOND as f64);
        writeln!(
            out,
            "soaked for {:.1} min, {:.1} h of the wall's time, {:.0} times as fast, {} rounds, {} visits",
            lasted / 60.0,
            lived / 3600.0,
            lived / lasted.max(1e-9),
            self.rounds,
            self.visits
        )?;
        let [all, attract, differ] = self.pictures;
        writeln!(out, "pictures {all}, {attract} of them in attract, {differ} not as the one before")?;
        let bytes = || self.memory.iter().map(|(_, bytes)| *bytes);
        let (first, last) = (bytes().next().unwrap_or(0.0), bytes().next_back().unwrap_or(0.0));
        let most = bytes().fold(0.0, f64::max);
        write!(
            out,
            "memory {:.1} MB at first, {:.1} MB at last, {:.1} MB at most",
            first / 1e6,
            last / 1e6,
            most / 1e6
        )?;
        if let Some(growth) = self.growth() {
            let lived = growth * lasted / lived.max(1.0);
            write!(out, "; {:.3} MB an hour, {:.4} MB an hour of the wall's", growth / 1e6, lived / 1e6)?;
        }
        Ok(())
    }
}

/// The slope of the least-squares line through these points.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    let together: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    (points.len() > 2 && spread > 0.0).then(|| together / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope() {
        let points: Vec<_> = (0..10).map(|x| (f64::from(x), 5.0 + 3.0 * f64::from(x))).collect();
        assert!((slope(&points).expect("enough points") - 3.0).abs() < 1e-9);
        assert_eq!(slope(&points[..2]), None, "two points tell nothing of noise");
    }

    #[test]
    fn who_wakes_the_wall_is_a_visit() {
        let mut soak = Soak::begin();
        let attract = [false, true, true, false, false, true, false];
        attract.into_iter().zip(1..).for_each(|(attract, step)| soak.frame(step, 0, attract));
        assert_eq!(soak.visits, 2);
    }

    #[test]
    fn attract_that_stands_still_is_a_fault_and_a_slide_that_is_read_is_none() {
        let mut soak = Soak::begin();
        for hash in [1, 2, 2, 2, 2, 2] {
            soak.picture(hash, false);
        }
        assert_eq!(soak.fault(), None, "somebody reads");
        for hash in [3, 3, 3, 3, 4] {
            soak.picture(hash, true);
        }
        assert_eq!(soak.fault(), None, "three times the same");
        (0..5).for_each(|_| soak.picture(4, true));
        assert!(soak.fault().is_some());
    }
}
