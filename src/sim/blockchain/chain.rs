//! The blocks: a tree, of which each node follows the branch with the most work. Blocks are known by the order in which they
//! were found; the first is the one that everybody begins with.

use super::{
    number::Number,
    target::{expand, retarget, work},
};
use crate::sim::{kernel::mathematics::seconds, vocabulary::Micros};

/// The block that everybody begins with.
pub const GENESIS: u32 = 0;
/// The target at the start, the one of Bitcoin's block 840,000: far from the easiest one, so that a loss of hash power can
/// show.
pub const FIRST_BITS: u32 = 0x1703_4219;

/// A block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The one before it.
    pub before: u32,
    /// How many stand before it.
    pub height: u32,
    /// Who found it.
    pub finder: u32,
    /// How many that node had found before.
    pub nth: u32,
    /// When it was found.
    pub found: Micros,
    /// Its target.
    pub bits: u32,
    /// The target of those after it.
    pub next_bits: u32,
    /// How many times longer than at the start a block after it takes, at the same hash power.
    pub pace: f64,
    /// The work of the chain that ends with it.
    work: Number,
}

/// When targets change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Blocks from one change to the next; 0 means never.
    pub window: u32,
    /// How long so many should take.
    pub wanted: Micros,
}

/// All blocks of a run.
#[derive(Clone, Debug)]
pub struct Chain {
    blocks: Vec<Block>,
    rule: Rule,
    /// The last block of the best chain.
    best: u32,
    /// Of each height, when its first block was found and how many it has.
    heights: Vec<(Micros, u32)>,
    forked: u32,
}

impl Chain {
    /// The chain that everybody begins with.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        let first = Block {
            before: GENESIS,
            height: 0,
            finder: 0,
            nth: 0,
            found: 0,
            bits: FIRST_BITS,
            next_bits: FIRST_BITS,
            pace: 1.0,
            work: Number::ZERO,
        };
        Self { blocks: vec![first], rule, best: GENESIS, heights: vec![(0, 1)], forked: 0 }
    }

    /// Adds a block that a node found after another; tells its number.
    pub fn add(&mut self, before: u32, finder: u32, nth: u32, now: Micros) -> u32 {
        let last = self.blocks[before as usize];
        let number = self.blocks.len() as u32;
        let bits = last.next_bits;
        let target = expand(bits).unwrap_or_default();
        let mut block = Block {
            before,
            height: last.height + 1,
            finder,
            nth,
            found: now,
            bits,
            next_bits: bits,
            pace: last.pace,
            work: last.work.plus(work(target)),
        };
        if self.rule.window > 0 && (block.height + 1).is_multiple_of(self.rule.window) {
            block.next_bits = self.next_bits(&block);
            let first = expand(FIRST_BITS).unwrap_or_default().to_f64();
            block.pace = first / expand(block.next_bits).unwrap_or_default().to_f64();
        }
        self.note_height(&block);
        if block.work > self.blocks[self.best as usize].work {
            self.best = number;
        }
        self.blocks.push(block);
        number
    }

    /// The target after the last block of a window. Times are counted in microseconds where headers have whole seconds, so
    /// that short intervals retarget too.
    fn next_bits(&self, last: &Block) -> u32 {
        let mut first = *last;
        for _ in 1..self.rule.window {
            first = self.blocks[first.before as usize];
        }
        retarget(last.bits, last.found - first.found, self.rule.wanted)
    }

    fn note_height(&mut self, block: &Block) {
        match self.heights.get_mut(block.height as usize) {
            Some((_, count)) => {
                self.forked += u32::from(*count == 1);
                *count += 1;
            }
            None => self.heights.push((block.found, 1)),
        }
    }

    /// A block.
    #[must_use]
    pub fn get(&self, number: u32) -> &Block {
        &self.blocks[number as usize]
    }

    /// The last block of the best chain: the most work, and of equals the one found first.
    #[must_use]
    pub fn best(&self) -> u32 {
        self.best
    }

    /// Whether a block's chain has more work than another's.
    #[must_use]
    pub fn is_better(&self, one: u32, other: u32) -> bool {
        self.get(one).work > self.get(other).work
    }

    /// How many blocks were found.
    #[must_use]
    pub fn mined(&self) -> u32 {
        self.blocks.len() as u32 - 1
    }

    /// When the first block of a height was found.
    #[must_use]
    pub fn first_at(&self, height: u32) -> Micros {
        self.heights[height as usize].0
    }

    /// The last block that two chains share.
    #[must_use]
    pub fn fork_of(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            // A block stands after the one before it, in number and height.
            if one > other {
                one = self.get(one).before;
            } else {
                other = self.get(other).before;
            }
        }
        one
    }

    /// The blocks of the best chain, the last one first, without the one that everybody begins with.
    pub fn best_chain(&self) -> impl Iterator<Item = &Block> {
        let after_first = |number: u32| (number != GENESIS).then_some(number);
        std::iter::successors(after_first(self.best), move |n| after_first(self.get(*n).before)).map(|n| self.get(n))
    }

    /// How many heights have a block, without the first; and how many of them several.
    #[must_use]
    pub fn heights(&self) -> (u32, u32) {
        (self.heights.len() as u32 - 1, self.forked)
    }

    /// Whether one of the last so many heights has several blocks.
    #[must_use]
    pub fn forked_of_late(&self, heights: usize) -> bool {
        self.heights.iter().rev().take(heights).any(|(_, count)| *count > 1)
    }

    /// Of all blocks found, the share that is not on the best chain.
    #[must_use]
    pub fn stale_share(&self) -> Option<f64> {
        let mined = f64::from(self.mined());
        (mined > 0.0).then(|| (mined - f64::from(self.get(self.best).height)) / mined)
    }

    /// The mean time from one block of the best chain to the next, in seconds.
    #[must_use]
    pub fn interval(&self) -> Option<f64> {
        let best = self.get(self.best);
        (best.height > 0).then(|| seconds(best.found) / f64::from(best.height))
    }

    /// The mean over the best chain's last `count` intervals, in seconds; nothing of a shorter chain.
    #[must_use]
    pub fn last_intervals(&self, count: u32) -> Option<f64> {
        let best = self.get(self.best);
        if count == 0 || best.height < count {
            return None;
        }
        let mut first = best;
        for _ in 0..count {
            first = self.get(first.before);
        }
        Some(seconds(best.found - first.found) / f64::from(count))
    }

    /// Of the best chain's intervals, the share that is longer than a time.
    #[must_use]
    pub fn longer_than(&self, time: Micros) -> Option<f64> {
        let height = self.get(self.best).height;
        let longer = self.best_chain().filter(|block| block.found - self.get(block.before).found > time).count();
        (height > 0).then(|| longer as f64 / f64::from(height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Micros = 60_000_000;

    #[test]
    fn a_fork_is_counted_once_and_ends_where_it_began() {
        let mut chain = Chain::new(Rule { window: 0, wanted: 0 });
        let a = chain.add(GENESIS, 1, 0, MINUTE);
        let b = chain.add(GENESIS, 2, 0, 2 * MINUTE);
        let c = chain.add(GENESIS, 3, 0, 3 * MINUTE);
        assert_eq!((chain.best(), chain.heights()), (a, (1, 1)), "the first found of equals");
        assert!(!chain.is_better(b, a) && !chain.is_better(a, b));
        let d = chain.add(b, 2, 1, 14 * MINUTE);
        assert_eq!((chain.best(), chain.heights()), (d, (2, 1)));
        assert_eq!((chain.fork_of(a, d), chain.fork_of(d, b), chain.fork_of(c, c)), (GENESIS, b, c));
        assert_eq!(chain.stale_share(), Some(0.5));
        assert_eq!(chain.interval(), Some(420.0));
        assert_eq!(chain.longer_than(10 * MINUTE), Some(0.5));
        assert_eq!(chain.best_chain().map(|block| block.finder).collect::<Vec<_>>(), [2, 2]);
    }

    /// Bitcoin's off-by-one: a window's own intervals are one fewer than its blocks.
    #[test]
    fn a_window_is_measured_from_its_first_block_to_its_last() {
        let rule = Rule { window: 4, wanted: 40 * MINUTE };
        let mut chain = Chain::new(rule);
        let mut last = GENESIS;
        for i in 1..=3 {
            last = chain.add(last, 0, i, u64::from(i) * 20 * MINUTE);
        }
        // Heights 0 to 3: three intervals of 20 minutes against 40 in all.
        assert_eq!(chain.get(last).bits, FIRST_BITS);
        assert_eq!(chain.get(last).next_bits, retarget(FIRST_BITS, 60, 40));
        assert!((chain.get(last).pace - 1.0 / 1.5).abs() < 1e-4);
        let next = chain.add(last, 0, 4, 80 * MINUTE);
        assert_eq!(chain.get(next).bits, chain.get(last).next_bits);
        assert!(chain.get(next).work < chain.get(last).work.plus(chain.get(1).work), "an easier block is less work");
        // The same number of blocks, but less work.
        assert_eq!(chain.last_intervals(4), Some(1200.0));
        assert_eq!(chain.last_intervals(5), None);
    }
}
