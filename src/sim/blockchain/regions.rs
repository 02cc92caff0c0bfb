//! Where nodes stand and what their lines are like: the tables of SimBlock (Aoki, Otsuki, Kaneko, Banno, Shudo: *SimBlock:
//! a blockchain network simulator*, INFOCOM workshops 2019), with its figures of 2019.

use crate::sim::{
    kernel::{
        chance::Draws,
        mathematics::{exp, ln, micros},
    },
    vocabulary::Micros,
};

/// North America, Europe, South America, Asia and Pacific, Japan, Australia.
pub const REGIONS: usize = 6;
/// The share of nodes that stand in each region.
const SHARES: [f64; REGIONS] = [0.3316, 0.4998, 0.0090, 0.1177, 0.0224, 0.0195];
/// The mean latency from region to region, in milliseconds.
const LATENCY_MS: [[u32; REGIONS]; REGIONS] = [
    [32, 124, 184, 198, 151, 189],
    [124, 11, 227, 237, 252, 294],
    [184, 227, 88, 325, 301, 322],
    [198, 237, 325, 85, 58, 198],
    [151, 252, 301, 58, 12, 126],
    [189, 294, 322, 198, 126, 16],
];
/// What a line of each region takes in, and what it sends, in bits a second.
const DOWN: [u64; REGIONS] = [52_000_000, 40_000_000, 18_000_000, 22_800_000, 22_800_000, 29_900_000];
const UP: [u64; REGIONS] = [19_200_000, 20_700_000, 5_800_000, 15_700_000, 10_200_000, 11_300_000];
/// By how much the least latency is below the mean, in milliseconds.
const BELOW_MEAN_MS: f64 = 5.0;
/// A Pareto distribution's shape, for each millisecond of its mean.
const SHAPE: f64 = 0.2;
/// What a message without a block takes besides.
pub const HANDLING: Micros = 10_000;
/// Of 1, 2, … 20 links that a node opens, the share of nodes that open at most so many (Miller et al.: *Discovering
/// Bitcoin's public topology and influential nodes*, 2015).
const DEGREES: [f64; 20] =
    [0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.97, 0.98, 0.99, 0.995, 1.0];
/// What part of a block a steady node must fetch where a compact block fails.
const MISSING_STEADY: f64 = 0.01;
/// The same for nodes that come and go: of a node's luck, from 0 to 1, the part of the block. A polygon through SimBlock's
/// list of 946 values, which follows Imtiaz et al.: *Churn in the Bitcoin network* (2019); its mean is 0.087.
const MISSING_CHURN: [(f64, f64); 13] = [
    (0.0, 0.01),
    (0.576, 0.01),
    (0.646, 0.02),
    (0.715, 0.04),
    (0.755, 0.06),
    (0.785, 0.08),
    (0.807, 0.1),
    (0.847, 0.15),
    (0.873, 0.2),
    (0.893, 0.25),
    (0.916, 0.32),
    (0.949, 0.48),
    (1.0, 0.96),
];

/// How long a message is under way between two regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// The least that it takes, in seconds.
    pub least: f64,
    /// One over the distribution's shape.
    pub spread: f64,
}

/// The way between two regions: Pareto-distributed, so that most are little slower than the fastest and a few much.
#[must_use]
pub fn way(from: usize, to: usize) -> Way {
    let mean = f64::from(LATENCY_MS[from][to]);
    Way { least: (mean - BELOW_MEAN_MS) / 1e3, spread: 1.0 / (SHAPE * mean) }
}

impl Way {
    /// A latency for a stroke of luck from 0 up to, but without, 1.
    #[must_use]
    pub fn latency(&self, luck: f64) -> Micros {
        micros(self.least * exp(-ln(1.0 - luck) * self.spread))
    }
}

/// What goes from a line of one region to a line of another, in bytes a second: the narrower of the two ends. SimBlock's
/// tables also name 6 Mb/s between regions, but its rule never reads them, and with them its own results don't come out.
#[must_use]
pub fn rate(from: usize, to: usize) -> u64 {
    UP[from].min(DOWN[to]) / 8
}

/// In which region each of some nodes stands: as many in each as its share says, in an order of chance.
#[must_use]
pub fn places(nodes: u32, draws: &mut Draws) -> Vec<u8> {
    let mut sum = 0.0;
    dealt(
        nodes,
        SHARES
            .map(|share| {
                sum += share;
                sum
            })
            .as_slice(),
        draws,
    )
}

/// How many links each of some nodes opens.
#[must_use]
pub fn degrees(nodes: u32, draws: &mut Draws) -> Vec<u8> {
    let mut row = dealt(nodes, &DEGREES, draws);
    row.iter_mut().for_each(|degree| *degree += 1);
    row
}

/// Which of some nodes have something that a share of all has: exactly so many, in an order of chance.
#[must_use]
pub fn having(nodes: u32, share: f64, draws: &mut Draws) -> Vec<bool> {
    dealt(nodes, &[share, 1.0], draws).into_iter().map(|kind| kind == 0).collect()
}

/// Kinds dealt out so that of all nodes the share `up_to[i]` has kind i or a lower one.
fn dealt(nodes: u32, up_to: &[f64], draws: &mut Draws) -> Vec<u8> {
    let mut row = Vec::with_capacity(nodes as usize);
    let last = up_to.len() - 1;
    for (kind, share) in up_to.iter().enumerate() {
        let end = if kind == last { nodes } else { libm::round(share * f64::from(nodes)).min(f64::from(nodes)) as u32 };
        row.resize((end as usize).max(row.len()), kind as u8);
    }
    draws.shuffle(&mut row);
    row
}

/// What part of a block is missing where a compact block fails, for a stroke of luck from 0 up to, but without, 1.
#[must_use]
pub fn missing(churns: bool, luck: f64) -> f64 {
    if !churns {
        return MISSING_STEADY;
    }
    let pair = MISSING_CHURN.windows(2).find(|pair| luck < pair[1].0);
    pair.map_or(MISSING_CHURN[12].1, |pair| {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        y + (to_y - y) * (luck - x) / (to_x - x)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::kernel::chance::{Chance, Purpose};

    #[test]
    fn latencies_have_the_mean_that_the_table_says() {
        let mut draws = Chance::new(3).draws(Purpose(1), 0);
        // The fifth has a standard deviation of 1.6 times its mean less the least; the others are narrow.
        for (from, to, mean, tolerance) in
            [(0, 1, 124.0, 0.1), (3, 2, 325.0, 0.1), (0, 0, 32.0, 0.1), (4, 4, 12.0, 0.3)]
        {
            let n = 100_000;
            let sum: Micros = (0..n).map(|_| way(from, to).latency(draws.unit())).sum();
            let got = sum as f64 / f64::from(n) / 1e3;
            assert!((got - mean).abs() < tolerance, "from {from} to {to}: {got} ms");
        }
        assert_eq!(way(1, 1).latency(0.0), 6_000, "never below the mean by more than 5 ms");
    }

    #[test]
    fn the_narrower_end_of_a_way_counts() {
        assert_eq!(rate(0, 0), 2_400_000);
        assert_eq!(rate(2, 1), 725_000, "the line out");
        assert_eq!(rate(1, 2), 2_250_000, "the line in");
    }

    #[test]
    fn shares_are_dealt_out_exactly() {
        let mut draws = Chance::new(4).draws(Purpose(2), 0);
        let row = places(10_000, &mut draws);
        let counts: Vec<usize> = (0..6).map(|r| row.iter().filter(|x| **x == r).count()).collect();
        assert_eq!(counts, [3316, 4998, 90, 1177, 224, 195]);
        let row = degrees(1_000, &mut draws);
        let mean = row.iter().map(|d| f64::from(*d)).sum::<f64>() / 1e3;
        // One for each share that is not yet reached.
        assert!((mean - DEGREES.iter().map(|up_to| 1.0 - up_to).sum::<f64>() - 1.0).abs() < 0.01, "{mean} links");
        assert_eq!(having(1_000, 0.964, &mut draws).iter().filter(|has| **has).count(), 964);
        assert_eq!(having(3, 1.0, &mut draws), [true; 3]);
        assert_eq!(having(3, 0.0, &mut draws), [false; 3]);
        assert_eq!(places(1, &mut draws).len(), 1);
    }

    #[test]
    fn what_is_missing_has_the_mean_of_the_list() {
        let n = 100_000;
        let mean = (0..n).map(|i| missing(true, f64::from(i) / f64::from(n))).sum::<f64>() / f64::from(n);
        assert!((mean - 0.087).abs() < 0.002, "{mean}");
    }
}
