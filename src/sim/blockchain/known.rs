//! Who has which block. A block that travels has a row with a place for every node; once nothing of it is under way, the row
//! shrinks to a bit a node, and to nothing if everybody has it.

use crate::sim::vocabulary::Micros;

/// What a place of a row says; anything between is when an announcement comes, counted from the row's start.
const HAS: u32 = 0;
const FETCHES: u32 = 1;
const NOTHING: u32 = u32::MAX;

/// What is known of one block.
#[derive(Clone, Debug, Default)]
struct Spread {
    /// How many nodes have it.
    count: u32,
    /// How much of it is under way.
    travels: u32,
    /// Its row, if it has one.
    row: Option<u32>,
    /// Of each node whether it has it; empty where it has a row, or where all have it.
    bits: Vec<u64>,
}

/// Of every node what a block is to it.
#[derive(Clone, Debug, Default)]
pub struct Row {
    base: Micros,
    places: Vec<u32>,
}

/// Who has which block, fetches it, or will hear of it.
#[derive(Clone, Debug)]
pub struct Known {
    nodes: u32,
    blocks: Vec<Spread>,
    rows: Vec<Row>,
    free: Vec<u32>,
}

impl Known {
    /// Of so many nodes, who all have the first block.
    #[must_use]
    pub fn new(nodes: u32) -> Self {
        let first = Spread { count: nodes, ..Spread::default() };
        Self { nodes, blocks: vec![first], rows: Vec::new(), free: Vec::new() }
    }

    /// A block that nobody has yet.
    pub fn add(&mut self, now: Micros) {
        let row = self.take_row(now);
        self.blocks.push(Spread { row: Some(row), ..Spread::default() });
    }

    fn take_row(&mut self, now: Micros) -> u32 {
        let row = self.free.pop().unwrap_or_else(|| {
            self.rows.push(Row::default());
            self.rows.len() as u32 - 1
        });
        let nodes = self.nodes as usize;
        let Row { base, places } = &mut self.rows[row as usize];
        *base = now;
        places.clear();
        places.resize(nodes, NOTHING);
        row
    }

    fn place(&self, block: u32, node: u32) -> u32 {
        let spread = &self.blocks[block as usize];
        match spread.row {
            Some(row) => self.rows[row as usize].places[node as usize],
            None if spread.count == self.nodes || bit(&spread.bits, node) => HAS,
            None => NOTHING,
        }
    }

    /// Whether a node has a block and all before it.
    #[must_use]
    pub fn has(&self, block: u32, node: u32) -> bool {
        self.place(block, node) == HAS
    }

    /// Whether a node has a block or is about to get it.
    #[must_use]
    pub fn has_or_fetches(&self, block: u32, node: u32) -> bool {
        self.place(block, node) <= FETCHES
    }

    /// A node fetches a block, or no longer does.
    pub fn fetches(&mut self, block: u32, node: u32, now: Micros, does: bool) {
        let place = &mut self.open(block, now).places[node as usize];
        if *place != HAS {
            *place = if does { FETCHES } else { NOTHING };
        }
    }

    /// A node has a block; tells how many have it now, if it is new.
    pub fn gets(&mut self, block: u32, node: u32, now: Micros) -> Option<u32> {
        if self.has(block, node) {
            return None;
        }
        self.open(block, now).places[node as usize] = HAS;
        let spread = &mut self.blocks[block as usize];
        spread.count += 1;
        Some(spread.count)
    }

    /// To whom an announcement of a block would be news.
    #[must_use]
    pub fn news(&self, block: u32) -> News<'_> {
        let spread = &self.blocks[block as usize];
        match spread.row {
            Some(row) => News::Travels(&self.rows[row as usize]),
            None if spread.count == self.nodes => News::Old,
            None => News::Rests(&spread.bits),
        }
    }

    /// An announcement is on its way that nothing comes before.
    pub fn will_hear(&mut self, block: u32, node: u32, now: Micros, at: Micros) {
        let row = self.open(block, now);
        let offset = offset(row.base, at);
        let place = &mut row.places[node as usize];
        // What comes too late to be counted is not noted: the next announcement is then sent for nothing.
        if let (Some(offset), true) = (offset, *place > FETCHES) {
            *place = offset;
        }
    }

    /// Something of a block sets out.
    pub fn departs(&mut self, block: u32) {
        self.blocks[block as usize].travels += 1;
    }

    /// Something of a block has come, or never will.
    pub fn ends(&mut self, block: u32) {
        let nodes = self.nodes;
        let spread = &mut self.blocks[block as usize];
        spread.travels -= 1;
        if spread.travels > 0 {
            return;
        }
        let Some(row) = spread.row.take() else { return };
        if spread.count < nodes {
            spread.bits = vec![0; nodes.div_ceil(64) as usize];
            for (node, _) in self.rows[row as usize].places.iter().enumerate().filter(|(_, place)| **place == HAS) {
                spread.bits[node / 64] |= 1 << (node % 64);
            }
        }
        self.free.push(row);
    }

    /// A block's row, which is made anew if it has none.
    fn open(&mut self, block: u32, now: Micros) -> &mut Row {
        let row = match self.blocks[block as usize].row {
            Some(row) => row,
            None => self.reopen(block, now),
        };
        &mut self.rows[row as usize]
    }

    fn reopen(&mut self, block: u32, now: Micros) -> u32 {
        let row = self.take_row(now);
        let spread = &mut self.blocks[block as usize];
        let bits = std::mem::take(&mut spread.bits);
        for (node, place) in self.rows[row as usize].places.iter_mut().enumerate() {
            if spread.count == self.nodes || bit(&bits, node as u32) {
                *place = HAS;
            }
        }
        spread.row = Some(row);
        row
    }
}

/// To whom an announcement would be news.
pub enum News<'a> {
    Travels(&'a Row),
    Rests(&'a [u64]),
    Old,
}

impl News<'_> {
    /// Whether an announcement that can't come before `earliest` would tell a node nothing: it has the block, fetches it, or
    /// will have heard of it by then.
    #[must_use]
    pub fn is_stale(&self, node: u32, earliest: Micros) -> bool {
        match self {
            Self::Travels(row) => row.places[node as usize] <= offset(row.base, earliest).unwrap_or(FETCHES),
            Self::Rests(bits) => bit(bits, node),
            Self::Old => true,
        }
    }
}

fn bit(bits: &[u64], node: u32) -> bool {
    bits.get(node as usize / 64).is_some_and(|word| word >> (node % 64) & 1 == 1)
}

/// A moment as a row counts it; nothing if it is too far away.
fn offset(base: Micros, at: Micros) -> Option<u32> {
    u32::try_from(at.saturating_sub(base)).ok()?.checked_add(FETCHES + 1).filter(|offset| *offset != NOTHING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shrinks_and_comes_back() {
        let mut known = Known::new(70);
        known.add(100);
        known.departs(1);
        assert_eq!((known.gets(1, 3, 100), known.gets(1, 69, 200), known.gets(1, 69, 201)), (Some(1), Some(2), None));
        known.will_hear(1, 5, 200, 300);
        assert!(!known.news(1).is_stale(5, 299) && known.news(1).is_stale(5, 300) && known.news(1).is_stale(3, 0));
        known.fetches(1, 6, 200, true);
        assert!(known.has_or_fetches(1, 6) && !known.has(1, 6) && known.news(1).is_stale(6, 0));
        known.ends(1);
        assert_eq!((known.has(1, 3), known.has(1, 5), known.has(1, 69)), (true, false, true));
        assert!(!known.news(1).is_stale(5, 1_000) && known.news(1).is_stale(3, 1_000));
        // The same row, cleared, serves the next block; the first one gets another when it travels again.
        known.add(1_000);
        assert!(!known.has(2, 3));
        known.departs(1);
        for node in 0..70 {
            known.gets(1, node, 2_000);
        }
        known.ends(1);
        assert!((0..70).all(|node| known.has(1, node)));
        assert_eq!(known.rows.len(), 2);
        assert!(known.blocks[1].bits.is_empty());
    }

    #[test]
    fn what_is_too_far_away_is_never_called_stale() {
        let mut known = Known::new(2);
        known.add(0);
        known.will_hear(1, 1, 0, Micros::MAX);
        assert!(!known.news(1).is_stale(1, Micros::MAX));
    }
}
