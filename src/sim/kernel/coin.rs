//! A coin that falls as it should to the last bit of its chance, and costs a byte of luck a throw.

use super::chance::Draws;

/// A coin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coin {
    /// The chance of heads, in 2^-64.
    chance: u64,
}

impl Coin {
    /// A coin that shows heads with a chance from 0 to 1; of 1 the last 2^-64 is missing.
    #[must_use]
    pub fn new(chance: f64) -> Self {
        // Casting holds at the ends, and what is no number becomes 0.
        Self { chance: (chance * 18_446_744_073_709_551_616.0) as u64 }
    }
}

/// Throws one after the other. The coin may change in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throws {
    draws: Draws,
    bytes: u32,
    left: u8,
}

impl Throws {
    /// Throws that use this luck.
    #[must_use]
    pub fn new(draws: Draws) -> Self {
        Self { draws, bytes: 0, left: 0 }
    }

    fn byte(&mut self) -> u8 {
        if self.left == 0 {
            self.bytes = self.draws.word();
            self.left = 4;
        }
        let byte = self.bytes as u8;
        self.bytes >>= 8;
        self.left -= 1;
        byte
    }

    /// How many of sixteen throws show heads: the same chances as throwing one by one, for a quarter of the time.
    pub fn heads_of_sixteen(&mut self, coin: Coin) -> u32 {
        let mut bytes = [0_u8; 16];
        for word in bytes.chunks_exact_mut(4) {
            word.copy_from_slice(&self.draws.word().to_le_bytes());
        }
        let wanted = (coin.chance >> 56) as u8;
        let heads: u32 = bytes.iter().map(|byte| u32::from(*byte < wanted)).sum();
        let equal: u32 = bytes.iter().map(|byte| u32::from(*byte == wanted)).sum();
        // Those that a first byte did not decide are decided by the rest.
        let rest = Coin { chance: coin.chance << 8 };
        (0..equal).fold(heads, |heads, _| heads + u32::from(self.heads(rest)))
    }

    /// Throws once: a number drawn byte by byte is compared with the coin's chance, only as far as it must be.
    pub fn heads(&mut self, coin: Coin) -> bool {
        for wanted in coin.chance.to_be_bytes() {
            let byte = self.byte();
            if byte != wanted {
                return byte < wanted;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::chance::{Chance, Purpose};
    use super::*;

    #[test]
    fn a_coin_falls_as_often_as_it_should() {
        // Chances whose first byte alone would be off, by up to a 256th.
        for (i, chance) in [0.1, 0.5, 0.333, 0.998, 0.003].into_iter().enumerate() {
            let mut throws = Throws::new(Chance::new(3).draws(Purpose(1), i as u32));
            let coin = Coin::new(chance);
            let heads = (0..1_000_000).filter(|_| throws.heads(coin)).count() as f64 / 1e6;
            let slack = 4.0 * (chance * (1.0 - chance) / 1e6).sqrt();
            assert!((heads - chance).abs() < slack, "{chance}: {heads}");
            let heads = (0..62_500).map(|_| throws.heads_of_sixteen(coin)).sum::<u32>();
            assert!((f64::from(heads) / 1e6 - chance).abs() < slack, "{chance}: {heads} in sixteens");
        }
    }

    #[test]
    fn sure_things_are_sure() {
        let mut throws = Throws::new(Chance::new(4).draws(Purpose(1), 0));
        for _ in 0..100_000 {
            assert!(!throws.heads(Coin::new(0.0)) && throws.heads(Coin::new(1.0)));
            assert!(
                !throws.heads(Coin::new(f64::NAN)) && !throws.heads(Coin::new(-1.0)) && throws.heads(Coin::new(2.0))
            );
        }
    }

    #[test]
    fn throws_have_no_memory() {
        let (coin, mut throws) = (Coin::new(0.3), Throws::new(Chance::new(5).draws(Purpose(1), 0)));
        let (mut after, mut both, mut before) = (0_u32, 0_u32, false);
        for _ in 0..1_000_000 {
            let now = throws.heads(coin);
            after += u32::from(before);
            both += u32::from(before && now);
            before = now;
        }
        let share = f64::from(both) / f64::from(after);
        assert!((share - 0.3).abs() < 4.0 * (0.21 / f64::from(after)).sqrt(), "{share} after heads");
    }
}
