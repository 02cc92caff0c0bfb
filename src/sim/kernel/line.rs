//! Lines: what a peer can send and take in.
//!
//! Bandwidth is shared at block boundaries. An [`Outlet`] serves whole blocks, in turn among its active transfers
//! ([`Turns`]), over equal lanes. When a block's last byte leaves is fixed when its first one does, so nothing changes at a
//! distance without a message. A receiver that is busy queues what comes in at its own end ([`Inlet`]).

use crate::sim::vocabulary::Micros;
use std::collections::VecDeque;

/// How long `amount` (in millionths of a byte) takes at `rate` bytes a second, rounded up, and what the rounding gave away.
fn duration(amount: u128, rate: u64) -> (Micros, u64) {
    // Nearly all amounts fit into 64 bits, where dividing is ten times cheaper.
    if let Ok(amount) = u64::try_from(amount) {
        let micros = amount.div_ceil(rate);
        return (micros, (u128::from(micros) * u128::from(rate) - u128::from(amount)) as u64);
    }
    let micros = amount.div_ceil(u128::from(rate));
    let spare = micros * u128::from(rate) - amount;
    (u64::try_from(micros).unwrap_or(u64::MAX), spare as u64)
}

/// The sending end of a line: so many bytes a second, shared by equal lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    rate: u64,
    lanes: u16,
    busy: u16,
    /// Millionths of a byte that rounding up to whole microseconds gave away, owed to the next block of a lane.
    spare: u64,
}

impl Outlet {
    /// A line of `rate` bytes a second (at least 1) over `lanes` equal lanes (at least 1).
    #[must_use]
    pub fn new(rate: u64, lanes: u16) -> Self {
        Self { rate: rate.max(1), lanes: lanes.max(1), busy: 0, spare: 0 }
    }

    /// Begins to send a block: takes a lane and tells how long that lane will be busy. Nothing if all lanes are.
    pub fn send(&mut self, bytes: u64) -> Option<Micros> {
        if self.busy == self.lanes {
            return None;
        }
        self.busy += 1;
        let amount = u128::from(bytes) * 1_000_000 * u128::from(self.lanes);
        // What is owed is less than a microsecond of the line; a block that is shorter than that keeps the debt.
        let owed = amount.min(u128::from(self.spare));
        let (micros, spare) = duration(amount - owed, self.rate);
        self.spare = self.spare - owed as u64 + spare;
        Some(micros)
    }

    /// A lane is free again: its block was sent.
    pub fn free(&mut self) {
        debug_assert!(self.busy > 0, "no lane was busy");
        self.busy = self.busy.saturating_sub(1);
    }

    /// A lane is free again before its block was sent; nothing is owed for it.
    pub fn give_up(&mut self) {
        self.free();
        self.spare = 0;
    }

    /// Changes the rate of blocks that are yet to be sent.
    pub fn set_rate(&mut self, rate: u64) {
        self.rate = rate.max(1);
        self.spare = 0;
    }

    /// Bytes a second over all lanes.
    #[must_use]
    pub fn rate(&self) -> u64 {
        self.rate
    }

    /// How many lanes there are.
    #[must_use]
    pub fn lanes(&self) -> u16 {
        self.lanes
    }

    /// How many lanes are free.
    #[must_use]
    pub fn free_lanes(&self) -> u16 {
        self.lanes - self.busy
    }

    /// About how many seconds one block takes on a lane.
    #[must_use]
    pub fn block_seconds(&self, bytes: u64) -> f64 {
        bytes as f64 * f64::from(self.lanes) / self.rate as f64
    }
}

/// The receiving end of a line: takes one block after the other, as fast as it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inlet {
    rate: u64,
    free_at: Micros,
    spare: u64,
}

impl Inlet {
    /// A line that takes `rate` bytes a second (at least 1).
    #[must_use]
    pub fn new(rate: u64) -> Self {
        Self { rate: rate.max(1), free_at: 0, spare: 0 }
    }

    /// Takes in a block whose first byte comes to the door at `first` and whose last at `last`; tells when all of it is in.
    /// It passes while it still comes, so that a line faster than the sender's adds nothing.
    pub fn take(&mut self, first: Micros, last: Micros, bytes: u64) -> Micros {
        let starts = first.max(self.free_at);
        let amount = u128::from(bytes) * 1_000_000;
        // Only a line that never paused in between may use up what rounding gave away.
        let owed = if starts == self.free_at { amount.min(u128::from(self.spare)) } else { 0 };
        let (micros, spare) = duration(amount - owed, self.rate);
        self.spare = if starts == self.free_at { self.spare - owed as u64 + spare } else { spare };
        self.free_at = starts.saturating_add(micros);
        self.free_at.max(last)
    }

    /// Bytes a second.
    #[must_use]
    pub fn rate(&self) -> u64 {
        self.rate
    }
}

/// Transfers that share a line, served a block each in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns<T> {
    row: VecDeque<T>,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self { row: VecDeque::new() }
    }
}

impl<T> Turns<T> {
    /// Adds a transfer; its first turn comes after all others'.
    pub fn join(&mut self, transfer: T) {
        self.row.push_back(transfer);
    }

    /// The transfer whose turn it is. `stays` says whether it wants another; it then stands last.
    pub fn take(&mut self, stays: impl FnOnce(&T) -> bool) -> Option<T>
    where
        T: Clone,
    {
        let transfer = self.row.pop_front()?;
        if stays(&transfer) {
            self.row.push_back(transfer.clone());
        }
        Some(transfer)
    }

    /// Keeps only some transfers.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.row.retain(keep);
    }

    /// How many transfers share the line.
    #[must_use]
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether no transfer is active.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_of_one_lane_sends_a_file_in_its_time() {
        // 1,000 blocks of 7 bytes at 3 bytes a second: 2,333.333… s, though no block takes whole microseconds.
        let mut line = Outlet::new(3, 1);
        let mut now = 0;
        for _ in 0..1000 {
            now += line.send(7).unwrap();
            assert_eq!(line.send(7), None, "the only lane is busy");
            line.free();
        }
        assert_eq!(now, 2_333_333_334);
    }

    #[test]
    fn lanes_are_equal() {
        let mut line = Outlet::new(1_000_000, 4);
        assert_eq!([line.send(100), line.send(100), line.send(100), line.send(100)], [Some(400); 4]);
        assert_eq!((line.send(100), line.free_lanes()), (None, 0));
    }

    #[test]
    fn transfers_are_served_in_turn() {
        let mut turns = Turns::default();
        for (name, blocks) in [('a', 2), ('b', 1), ('c', 3)] {
            turns.join((name, std::rc::Rc::new(std::cell::Cell::new(blocks))));
        }
        let mut served = String::new();
        while let Some((name, left)) = turns.take(|(_, left)| left.get() > 1) {
            left.set(left.get() - 1);
            served.push(name);
        }
        assert_eq!(served, "abcacc");
    }

    #[test]
    fn a_fast_receiver_adds_nothing_and_a_busy_one_queues() {
        let mut fast = Inlet::new(10_000_000);
        assert_eq!(fast.take(100, 200, 100), 200);
        let mut slow = Inlet::new(1_000_000);
        assert_eq!(slow.take(0, 100, 100), 100);
        assert_eq!(slow.take(0, 100, 100), 200, "the second came at once and waited at the receiver's own end");
    }

    proptest! {
        #[test]
        fn an_outlet_never_sends_more_than_its_rate(
            rate in 1_u64..5_000_000, lanes in 1_u16..5, blocks in prop::collection::vec(0_u64..10_000, 1..100),
        ) {
            let mut line = Outlet::new(rate, lanes);
            // Each lane sends its next block as soon as it is free.
            let mut lane_free = vec![0_u64; usize::from(lanes)];
            let mut sent = 0_u128;
            for bytes in blocks {
                let (i, at) = lane_free.iter().copied().enumerate().min_by_key(|(_, at)| *at).unwrap();
                if line.free_lanes() == 0 {
                    line.free();
                }
                lane_free[i] = at + line.send(bytes).unwrap();
                sent += u128::from(bytes);
                let last = u128::from(*lane_free.iter().max().unwrap());
                prop_assert!(sent * 1_000_000 <= last * u128::from(rate), "{sent} bytes by {last} µs at {rate} B/s");
            }
        }

        #[test]
        fn an_inlet_never_takes_more_than_its_rate(
            rate in 1_u64..5_000_000, blocks in prop::collection::vec((0_u64..1_000, 0_u64..1_000, 0_u64..10_000), 1..100),
        ) {
            let mut line = Inlet::new(rate);
            let (mut first, mut taken, mut busy_from, mut before) = (0, 0_u128, 0, 0);
            for (gap, way, bytes) in blocks {
                first += gap;
                if first > before {
                    (taken, busy_from) = (0, first);
                }
                let done = line.take(first, first + way, bytes);
                before = line.free_at;
                taken += u128::from(bytes);
                prop_assert!(done >= first + way, "no block is in before its last byte");
                prop_assert!(taken * 1_000_000 <= u128::from(before - busy_from) * u128::from(rate));
            }
        }
    }
}
