//! Who finds the next block, and when.
//!
//! Trying hashes has no memory, so the time until a node finds a block is exponential, whatever it tries on. Every node has
//! its own clock, wound up with a draw of its own; what others do never changes its luck. When its target or its hash power
//! changes, what is left of its time stretches or shrinks. One clock for all with a lot drawn for the finder would be as
//! fair and a little cheaper, but a touch on one node would reshuffle the luck of all.

use crate::sim::{
    kernel::{
        chance::{Chance, Purpose},
        mathematics::micros,
    },
    vocabulary::Micros,
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Draws that say how long a node tries.
const LUCK: Purpose = Purpose(1);

/// How hash power is spread over the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// All have the same.
    Equal,
    /// The second has half of what the first has, the third a third.
    Zipf,
}

/// The clocks of all nodes.
#[derive(Clone, Debug)]
pub struct Mining {
    /// Of each node its share of the hash power at the start.
    shares: Vec<f64>,
    /// Of each node when it finds its next block; the end of time if it doesn't try.
    finds: Vec<Micros>,
    /// Of each node that doesn't try, what was left of its time.
    left: Vec<Micros>,
    /// Of each node how often it was wound up.
    wound: Vec<u32>,
    /// Clocks by time. One that no longer says what `finds` says is passed over.
    order: BinaryHeap<Reverse<(Micros, u32)>>,
    /// How many times the hash power of the start there is.
    power: f64,
    /// How long all nodes together need for a block at the first target, in seconds.
    interval: f64,
}

impl Mining {
    /// Clocks for so many nodes, wound up for the first target.
    #[must_use]
    pub fn new(nodes: u32, power: Power, interval: f64, chance: Chance) -> Self {
        let weight = |node: u32| match power {
            Power::Equal => 1.0,
            Power::Zipf => 1.0 / f64::from(node + 1),
        };
        let sum: f64 = (0..nodes).map(weight).sum();
        let mut mining = Self {
            shares: (0..nodes).map(|node| weight(node) / sum).collect(),
            finds: vec![Micros::MAX; nodes as usize],
            left: vec![0; nodes as usize],
            wound: vec![0; nodes as usize],
            order: BinaryHeap::with_capacity(nodes as usize + 1),
            power: 1.0,
            interval,
        };
        for node in 0..nodes {
            mining.wind_up(node, 0, 1.0, chance);
        }
        mining
    }

    /// A node's share of the hash power at the start.
    #[must_use]
    pub fn share(&self, node: u32) -> f64 {
        self.shares[node as usize]
    }

    /// How many times the hash power of the start there is.
    #[must_use]
    pub fn power(&self) -> f64 {
        self.power
    }

    /// Winds up a node's clock; `pace` says how many times longer a block takes than at the first target.
    pub fn wind_up(&mut self, node: u32, now: Micros, pace: f64, chance: Chance) {
        let wound = &mut self.wound[node as usize];
        let draw = chance.draws_from(LUCK, node, u64::from(*wound)).exponential(1.0);
        *wound = wound.wrapping_add(1);
        let wait = draw * self.interval * pace / (self.shares[node as usize] * self.power);
        self.set(node, now.saturating_add(micros(wait)));
    }

    fn set(&mut self, node: u32, at: Micros) {
        self.finds[node as usize] = at;
        if at < Micros::MAX {
            self.order.push(Reverse((at, node)));
        }
    }

    /// A node's target is `times` as hard to meet as the one before.
    pub fn stretch(&mut self, node: u32, now: Micros, times: f64) {
        let at = self.finds[node as usize];
        if at < Micros::MAX {
            self.set(node, now.saturating_add(stretched(at.saturating_sub(now), times)));
        } else {
            self.left[node as usize] = stretched(self.left[node as usize], times);
        }
    }

    /// All nodes try `times` as fast as before.
    pub fn quicken(&mut self, now: Micros, times: f64) {
        self.power *= times;
        for node in 0..self.finds.len() as u32 {
            self.stretch(node, now, 1.0 / times);
        }
    }

    /// A node tries no more; what is left of its time is kept.
    pub fn stop(&mut self, node: u32, now: Micros) {
        let at = std::mem::replace(&mut self.finds[node as usize], Micros::MAX);
        if at < Micros::MAX {
            self.left[node as usize] = at.saturating_sub(now);
        }
    }

    /// A node tries again.
    pub fn start(&mut self, node: u32, now: Micros) {
        if self.finds[node as usize] == Micros::MAX {
            self.set(node, now.saturating_add(self.left[node as usize]));
        }
    }

    /// Who finds the next block, and when.
    pub fn next(&mut self) -> Option<(Micros, u32)> {
        while let Some(Reverse((at, node))) = self.order.peek().copied() {
            if self.finds[node as usize] == at {
                return Some((at, node));
            }
            self.order.pop();
        }
        None
    }

    /// Whether it is a node's moment.
    #[must_use]
    pub fn is_due(&self, node: u32, now: Micros) -> bool {
        self.finds[node as usize] == now
    }
}

fn stretched(time: Micros, times: f64) -> Micros {
    libm::round(time as f64 * times) as Micros
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each node's finds, until so many are found.
    fn finds(mining: &mut Mining, chance: Chance, count: u32, skip: Option<u32>) -> Vec<(Micros, u32)> {
        let mut row = Vec::new();
        while row.len() < count as usize {
            let (at, node) = mining.next().unwrap();
            mining.wind_up(node, at, 1.0, chance);
            if Some(node) != skip {
                row.push((at, node));
            }
        }
        row
    }

    #[test]
    fn luck_is_nobodys_but_ones_own() {
        let chance = Chance::new(8);
        let mut one = Mining::new(5, Power::Equal, 600.0, chance);
        let mut other = one.clone();
        other.stop(3, 0);
        assert_eq!(finds(&mut one, chance, 500, Some(3)), finds(&mut other, chance, 500, None));
    }

    #[test]
    fn who_has_twice_the_share_finds_twice_as_often() {
        let chance = Chance::new(9);
        let mut mining = Mining::new(3, Power::Zipf, 600.0, chance);
        let row = finds(&mut mining, chance, 30_000, None);
        for node in 0..3 {
            let share = row.iter().filter(|(_, finder)| *finder == node).count() as f64 / 30_000.0;
            let expected = 6.0 / 11.0 / f64::from(node + 1);
            assert!((share - expected).abs() < 3.0 * (expected * (1.0 - expected) / 30_000.0).sqrt(), "{share}");
        }
        let mean = row[29_999].0 as f64 / 30_000.0 / 1e6;
        assert!((mean - 600.0).abs() < 3.0 * 600.0 / 30_000.0_f64.sqrt(), "{mean} s");
    }

    #[test]
    fn time_left_stretches_and_is_kept() {
        let chance = Chance::new(1);
        let mut mining = Mining::new(1, Power::Equal, 600.0, chance);
        let (at, _) = mining.next().unwrap();
        mining.stretch(0, at / 2, 2.0);
        let (later, _) = mining.next().unwrap();
        assert!(later.abs_diff(at / 2 + (at - at / 2) * 2) <= 1);
        mining.stop(0, at);
        assert_eq!(mining.next(), None);
        mining.quicken(2 * at, 2.0);
        mining.start(0, 3 * at);
        assert!(mining.next().unwrap().0.abs_diff(3 * at + (later - at) / 2) <= 1);
    }
}
