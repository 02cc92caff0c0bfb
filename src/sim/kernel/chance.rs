//! Chance that nobody shares: a draw depends on the seed, its purpose, who draws, and how often that one drew before.
//!
//! The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: *Parallel random numbers: as easy as 1, 2, 3*, SC 2011): a
//! keyed bijection of a counter. It has no state that one peer could advance for another.

use super::mathematics::ln;

/// The two multipliers of Philox4x32, from the paper.
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
/// The two Weyl constants that bump the key each round, from the paper.
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
/// Rounds; the paper's recommended number.
const ROUNDS: u32 = 10;

/// Philox4x32-10: 128 bits of chance for a counter and a key.
#[must_use]
pub fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..ROUNDS {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let a = u64::from(MULTIPLIERS[0]) * u64::from(counter[0]);
        let b = u64::from(MULTIPLIERS[1]) * u64::from(counter[2]);
        counter = [(b >> 32) as u32 ^ counter[1] ^ key[0], b as u32, (a >> 32) as u32 ^ counter[3] ^ key[1], a as u32];
    }
    counter
}

/// What a draw is for. Draws of different purposes never touch each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purpose(pub u32);

/// The luck of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    /// The luck that belongs to a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The draws of `who` for `purpose`, from the first on.
    #[must_use]
    pub fn draws(&self, purpose: Purpose, who: u32) -> Draws {
        self.draws_from(purpose, who, 0)
    }

    /// The draws of `who` for `purpose` after `count` blocks of draws are used up; what a peer that keeps only its count
    /// calls.
    #[must_use]
    pub fn draws_from(&self, purpose: Purpose, who: u32, count: u64) -> Draws {
        Draws { chance: *self, purpose, who, count, block: [0; 4], left: 0 }
    }
}

/// A row of draws of one peer for one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draws {
    chance: Chance,
    purpose: Purpose,
    who: u32,
    count: u64,
    block: [u32; 4],
    left: u8,
}

impl Draws {
    /// How many blocks of four words were used so far; feeds [`Chance::draws_from`].
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// 32 bits of chance.
    pub fn word(&mut self) -> u32 {
        if self.left == 0 {
            let seed = self.chance.seed;
            let counter = [self.count as u32, (self.count >> 32) as u32, self.who, self.purpose.0];
            self.block = philox4x32(counter, [seed as u32, (seed >> 32) as u32]);
            self.count += 1;
            self.left = 4;
        }
        self.left -= 1;
        self.block[3 - usize::from(self.left)]
    }

    /// 64 bits of chance.
    pub fn long(&mut self) -> u64 {
        u64::from(self.word()) | u64::from(self.word()) << 32
    }

    /// A whole number below `end`, each as likely as any other (Lemire 2019). Zero if `end` is zero.
    pub fn below(&mut self, end: u32) -> u32 {
        if end == 0 {
            return 0;
        }
        loop {
            let wide = u64::from(self.word()) * u64::from(end);
            // The lowest (2^32 mod end) values of the lower half would be hit once too often.
            if wide as u32 >= end.wrapping_neg() % end {
                return (wide >> 32) as u32;
            }
        }
    }

    /// A number from 0 up to, but without, 1; 53 bits of it are chance.
    pub fn unit(&mut self) -> f64 {
        (self.long() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// True with probability `p`.
    pub fn happens(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A waiting time with the given mean, without memory.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * ln(1.0 - self.unit())
    }

    /// Puts a row into an order, each order as likely as any other (Fisher and Yates).
    pub fn shuffle<T>(&mut self, row: &mut [T]) {
        for i in (1..row.len()).rev() {
            let j = self.below(i as u32 + 1) as usize;
            row.swap(i, j);
        }
    }

    /// One of a row, each as likely as any other; nothing of an empty row.
    pub fn pick<'a, T>(&mut self, row: &'a [T]) -> Option<&'a T> {
        row.get(self.below(row.len() as u32) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The known answers that Salmon et al. publish with Random123 (`kat_vectors`, philox4x32 at 10 rounds).
    #[test]
    fn philox_gives_its_published_answers() {
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox4x32([!0; 4], [!0; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let digits_of_pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        let key = [0xa409_3822, 0x299f_31d0];
        assert_eq!(philox4x32(digits_of_pi, key), [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn ranges_are_even() {
        let mut draws = Chance::new(7).draws(Purpose(1), 3);
        let mut seen = [0_u32; 6];
        for _ in 0..60_000 {
            seen[draws.below(6) as usize] += 1;
        }
        // Chi square with 5 degrees of freedom exceeds 20.5 once in a thousand.
        let chi: f64 = seen.iter().map(|n| (f64::from(*n) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 20.5, "{seen:?} gives {chi}");
        assert_eq!(draws.below(0), 0);
        assert_eq!(draws.below(1), 0);
    }

    #[test]
    fn every_order_of_three_comes_up_alike() {
        let mut draws = Chance::new(11).draws(Purpose(2), 0);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..60_000 {
            let mut row = [0, 1, 2];
            draws.shuffle(&mut row);
            *seen.entry(row).or_insert(0_u32) += 1;
        }
        assert_eq!(seen.len(), 6);
        let chi: f64 = seen.values().map(|n| (f64::from(*n) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 20.5, "{seen:?} gives {chi}");
    }

    #[test]
    fn waiting_times_have_their_mean_and_no_memory() {
        let mut draws = Chance::new(5).draws(Purpose(3), 9);
        let times: Vec<f64> = (0..100_000).map(|_| draws.exponential(600.0)).collect();
        let mean = times.iter().sum::<f64>() / 1e5;
        assert!((mean - 600.0).abs() < 3.0 * 600.0 / 1e5_f64.sqrt(), "mean {mean}");
        let beyond = times.iter().filter(|t| **t > 600.0).count() as f64 / 1e5;
        assert!((beyond - (-1.0_f64).exp()).abs() < 0.005, "share beyond the mean {beyond}");
    }

    proptest! {
        #[test]
        fn one_draws_without_touching_another(seed: u64, who in 0_u32..1000, other in 0_u32..1000, n in 0_usize..50) {
            prop_assume!(who != other);
            let chance = Chance::new(seed);
            let mut alone = chance.draws(Purpose(1), who);
            let expected: Vec<u32> = (0..20).map(|_| alone.word()).collect();
            let (mut mine, mut theirs) = (chance.draws(Purpose(1), who), chance.draws(Purpose(1), other));
            let mut got = Vec::new();
            for i in 0..20 {
                for _ in 0..(n * i) % 7 {
                    theirs.word();
                }
                got.push(mine.word());
            }
            prop_assert_eq!(got, expected);
        }

        #[test]
        fn a_count_is_enough_to_go_on(seed: u64, blocks in 0_u64..50) {
            let chance = Chance::new(seed);
            let mut whole = chance.draws(Purpose(4), 1);
            for _ in 0..blocks * 4 {
                whole.word();
            }
            let mut resumed = chance.draws_from(Purpose(4), 1, whole.count());
            prop_assert_eq!(whole.word(), resumed.word());
        }
    }
}
