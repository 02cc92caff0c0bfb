//! The queue of events. Its order is total: time, then receiver, sender, and the sender's own count.
//!
//! A few events stand in a heap. Many stand in [`rungs`], as in a ladder queue (Tang, Goh and Thng 2005): buckets of equal
//! spans of time, of which only the earliest is ever sorted, so that adding and taking cost the same however many are
//! pending. What the sorted bucket can't take, because it comes after the sorting, goes into the heap; the next event is
//! the earlier of both.
//!
//! The classic hold model (take the earliest event, put in a later one), in nanoseconds a hold beside the standard heap of
//! the same keys and events in the same run, by a program of its own around this very file (best of three, one virtual
//! core of an AMD EPYC); `cargo bench --bench sim -- hold` measures it anew:
//!
//! | delays | 1,000 pending | 100,000 | 1,000,000 |
//! |---|---|---|---|
//! | uniform | 53 to 65: × 1.2 | 84 to 268: × 3.2 | 229 to 882: × 3.9 |
//! | exponential | 63 to 92: × 1.5 | 67 to 301: × 4.5 | 199 to 982: × 4.9 |
//! | one in ten ten minutes off | 49 to 73: × 1.5 | 80 to 326: × 4.1 | 214 to 1,201: × 5.6 |
//! | all after the same time | 59 to 91: × 1.5 | 95 to 420: × 4.4 | 165 to 1,286: × 7.8 |
//!
//! The room left in chunks costs at most twice the memory of what is pending; a queue that was always small has none.

mod rungs;

use self::rungs::Rungs;
use crate::sim::vocabulary::Micros;
use std::{cmp::Ordering, collections::BinaryHeap};

/// Where an event stands in the one order that all events of a run have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// When it is due.
    pub at: Micros,
    /// Who receives it.
    pub to: u32,
    /// Who sent it; the receiver itself for a timer.
    pub from: u32,
    /// How many events the sender had sent before.
    pub count: u32,
}

impl Key {
    /// Whether this one comes after another. Times nearly always tell; saying so first makes all heaps and sorting faster.
    fn is_after(&self, other: &Self) -> bool {
        if self.at == other.at { self.places() > other.places() } else { self.at > other.at }
    }

    fn places(&self) -> (u64, u32) {
        (u64::from(self.to) << 32 | u64::from(self.from), self.count)
    }

    /// Where in the order it stands, but for sender and count: what buckets tell apart, so that a round's messages, all due
    /// at one moment, are still spread out.
    fn position(&self) -> Position {
        Position::from(self.at) << 32 | Position::from(self.to)
    }
}

/// A moment, and a receiver at that moment.
type Position = u128;

#[derive(Clone, Debug)]
struct Entry<E> {
    key: Key,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<E> Eq for Entry<E> {}

/// Turned round, because the standard heap has its greatest on top, and a row its cheapest end last.
impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    fn lt(&self, other: &Self) -> bool {
        self.key.is_after(&other.key)
    }

    fn le(&self, other: &Self) -> bool {
        !other.key.is_after(&self.key)
    }

    fn gt(&self, other: &Self) -> bool {
        other.key.is_after(&self.key)
    }

    fn ge(&self, other: &Self) -> bool {
        !self.key.is_after(&other.key)
    }
}

impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

/// With more events than this in the heap, buckets are cheaper.
const CROWD: usize = 512;
/// With fewer than this in all, the heap is.
const FEW: usize = 128;
/// A bucket of so many is sorted; one of more is split into buckets of its own, if anything tells its events apart.
const SORTED: usize = 128;

/// Events to come, the earliest first.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    /// The events of the earliest bucket, the earliest last.
    near: Vec<Entry<E>>,
    /// Events up to `horizon` that came after that bucket was sorted; all events while there are few.
    late: BinaryHeap<Entry<E>>,
    /// All up to this position stand in `near` or `late`, all others in buckets.
    horizon: Position,
    /// At how many late events it is worth looking whether buckets are cheaper.
    crowd: usize,
    rungs: Rungs<E>,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self {
            near: Vec::new(),
            late: BinaryHeap::new(),
            horizon: Position::MAX,
            crowd: CROWD,
            rungs: Rungs::default(),
        }
    }
}

impl<E> Queue<E> {
    /// Adds an event.
    pub fn push(&mut self, key: Key, event: E) {
        let entry = Entry { key, event };
        if key.position() > self.horizon {
            return self.rungs.add(entry);
        }
        self.late.push(entry);
        if self.late.len() > self.crowd {
            self.spread();
        }
    }

    /// Takes the earliest event if it is due by `until`.
    pub fn pop_until(&mut self, until: Micros) -> Option<(Key, E)> {
        let late = self.late.peek();
        let from_near = self.near.last().is_some_and(|near| late.is_none_or(|late| near > late));
        let first = if from_near { self.near.last() } else { late };
        if first?.key.at > until {
            return None;
        }
        let entry = if from_near { self.near.pop() } else { self.late.pop() };
        if self.is_empty() && self.horizon != Position::MAX {
            self.refill();
        }
        entry.map(|entry| (entry.key, entry.event))
    }

    /// When the earliest event is due.
    #[must_use]
    pub fn next(&self) -> Option<Micros> {
        let (near, late) = (self.near.last().map(|e| e.key.at), self.late.peek().map(|e| e.key.at));
        match (near, late) {
            (Some(near), Some(late)) => Some(near.min(late)),
            (near, late) => near.or(late),
        }
    }

    /// All events to come, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &E)> {
        let all = self.near.iter().chain(&self.late).chain(self.rungs.iter());
        all.map(|entry| (entry.key, &entry.event))
    }

    /// How many events are to come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.near.len() + self.late.len() + self.rungs.len()
    }

    /// Whether nothing is to come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.near.is_empty() && self.late.is_empty()
    }

    /// Puts all that stands before the horizon into buckets, if anything tells it apart.
    #[cold]
    fn spread(&mut self) {
        let positions = self.near.iter().chain(&self.late).map(|e| e.key.position());
        let span = positions.fold(None, |span: Option<(Position, Position)>, at| {
            Some(span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))))
        });
        match span {
            Some((first, last)) if first < last => {
                let count = self.near.len() + self.late.len();
                self.rungs.open(first, last, self.horizon, count);
                for entry in self.near.drain(..).chain(self.late.drain()) {
                    self.rungs.add(entry);
                }
                self.crowd = CROWD;
                self.refill();
            }
            // All to one receiver at one moment: a heap is all there is, and is looked at again when it has doubled.
            _ => self.crowd = self.late.len() * 2,
        }
    }

    /// Takes the next bucket in; called when nothing stands before the horizon.
    #[cold]
    fn refill(&mut self) {
        if self.rungs.len() > FEW {
            self.horizon = self.rungs.take_next(&mut self.near, SORTED);
            self.near.sort_unstable();
        } else {
            self.rungs.take_all(&mut self.late);
            self.horizon = Position::MAX;
            self.crowd = CROWD;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn events_come_in_one_total_order_whatever_the_order_of_pushing(
            events in prop::collection::vec((0_u64..20, 0_u32..4, 0_u32..4), 0..200),
            turn in 0_usize..200,
        ) {
            let keys: Vec<Key> = events
                .iter()
                .enumerate()
                .map(|(i, (at, to, from))| Key { at: *at, to: *to, from: *from, count: i as u32 })
                .collect();
            let mut expected = keys.clone();
            expected.sort();
            for reverse in [false, true] {
                let mut pushed = keys.clone();
                if !pushed.is_empty() {
                    let n = pushed.len();
                    pushed.rotate_left(turn % n);
                }
                if reverse {
                    pushed.reverse();
                }
                let mut queue = Queue::default();
                for key in pushed {
                    queue.push(key, key.count);
                }
                let mut got = Vec::new();
                while let Some((key, count)) = queue.pop_until(Micros::MAX) {
                    prop_assert_eq!(key.count, count);
                    got.push(key);
                }
                prop_assert_eq!(&got, &expected);
            }
        }
    }

    /// How long after the present moment an event is due.
    #[derive(Clone, Copy, Debug)]
    enum Delay {
        Uniform(u64),
        /// Mostly soon, now and then much later.
        Bimodal(u64, u64),
        /// Mostly the same moment.
        Same(u64),
        /// Over many sizes, up to the end of time.
        Scales,
    }

    fn delays() -> impl Strategy<Value = Delay> {
        prop_oneof![
            (0_u64..5_000_000).prop_map(Delay::Uniform),
            (0_u64..3_000, 0_u64..1_000_000_000_000).prop_map(|(soon, late)| Delay::Bimodal(soon, late)),
            (0_u64..3).prop_map(Delay::Same),
            Just(Delay::Scales),
        ]
    }

    /// Pushes and takes in turn, beside a sorted set: waxing to thousands, waning to nothing, and so on.
    fn beside_a_set(delays: &[Delay], seed: u64) -> Result<(), TestCaseError> {
        let chance = crate::sim::kernel::chance::Chance::new(seed);
        let mut draws = chance.draws(crate::sim::kernel::chance::Purpose(1), 0);
        let (mut queue, mut set) = (Queue::default(), BTreeSet::new());
        let (mut now, mut count) = (0_u64, 0_u32);
        for (i, delay) in delays.iter().enumerate() {
            let waxing = i % 2 == 0;
            for step in 0..draws.below(6_000) {
                if draws.below(10) < if waxing { 7 } else { 2 } {
                    let delay = match *delay {
                        Delay::Uniform(most) => draws.long() % (most + 1),
                        Delay::Bimodal(soon, _) if draws.below(10) > 0 => draws.long() % (soon + 1),
                        Delay::Bimodal(_, late) => draws.long() % (late + 1),
                        Delay::Same(delay) => delay * u64::from(draws.below(50) == 0),
                        Delay::Scales => draws.long() >> draws.below(64),
                    };
                    let (to, from) = (draws.below(3), draws.below(3));
                    let key = Key { at: now.saturating_add(delay), to, from, count };
                    queue.push(key, count);
                    set.insert(key);
                    count += 1;
                } else if step % 3 == 0 {
                    // Not due: nothing comes, and nothing is lost.
                    if let Some(first) = set.first().filter(|key| key.at > now) {
                        prop_assert_eq!(queue.pop_until(first.at - 1), None);
                    }
                } else {
                    let expected = set.pop_first();
                    prop_assert_eq!(queue.next(), expected.map(|key| key.at));
                    let got = queue.pop_until(Micros::MAX);
                    prop_assert_eq!(got.map(|(key, _)| key), expected);
                    prop_assert_eq!(got.map(|(_, event)| event), expected.map(|key| key.count));
                    now = expected.map_or(now, |key| key.at);
                }
                prop_assert_eq!((queue.len(), queue.is_empty()), (set.len(), set.is_empty()));
            }
            let mut pending: Vec<Key> = queue.iter().map(|(key, _)| key).collect();
            pending.sort();
            prop_assert!(pending.iter().eq(&set), "{} are pending, {} should be", pending.len(), set.len());
            // A copy goes on alike.
            let mut copy = queue.clone();
            for expected in set.iter().take(100) {
                prop_assert_eq!(copy.pop_until(Micros::MAX).map(|(key, _)| key), Some(*expected));
            }
            // Time does not end, for the next delay.
            if now > Micros::MAX / 2 {
                (queue, set, now) = (Queue::default(), BTreeSet::new(), 0);
            }
        }
        while let Some(expected) = set.pop_first() {
            prop_assert_eq!(queue.pop_until(Micros::MAX).map(|(key, _)| key), Some(expected));
        }
        prop_assert!(queue.is_empty() && queue.next().is_none());
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

        #[test]
        fn many_events_come_in_order_whatever_their_times(delays in prop::collection::vec(delays(), 1..8), seed: u64) {
            beside_a_set(&delays, seed)?;
        }
    }

    #[test]
    fn a_crowd_at_one_moment_and_a_timer_at_the_end_of_time_come_in_order() {
        for others in [10_u32, 300, 5_000, 100_000] {
            let mut queue = Queue::default();
            queue.push(Key { at: Micros::MAX, to: 0, from: 0, count: 0 }, 0);
            for to in (0..others).rev() {
                queue.push(Key { at: 7, to, from: 0, count: 0 }, to);
                queue.push(Key { at: 1_000 + u64::from(to), to, from: 0, count: 0 }, to);
            }
            for to in 0..others {
                assert_eq!(queue.pop_until(7).map(|(key, event)| (key.to, event)), Some((to, to)));
            }
            for to in 0..others {
                assert_eq!(queue.pop_until(u64::MAX - 1).map(|(key, _)| key.at), Some(1_000 + u64::from(to)));
            }
            assert_eq!((queue.pop_until(u64::MAX - 1), queue.next(), queue.len()), (None, Some(u64::MAX), 1));
            queue.push(Key { at: u64::MAX, to: 1, from: 0, count: 0 }, 1);
            assert_eq!(queue.pop_until(u64::MAX).map(|(_, event)| event), Some(0));
            assert_eq!(queue.pop_until(u64::MAX).map(|(_, event)| event), Some(1));
        }
    }

    #[test]
    fn what_is_not_due_stays() {
        let mut queue = Queue::default();
        queue.push(Key { at: 5, to: 0, from: 0, count: 0 }, 'a');
        assert!(queue.pop_until(4).is_none());
        assert_eq!(queue.next(), Some(5));
        assert_eq!(queue.pop_until(5).map(|(_, e)| e), Some('a'));
        assert!(queue.is_empty());
    }

    #[test]
    fn a_small_queue_is_small() {
        let mut queue = Queue::default();
        for count in 0..100 {
            queue.push(Key { at: u64::from(count) * 77, to: 0, from: 0, count }, count);
        }
        assert!(queue.rungs.is_unused() && queue.near.capacity() == 0, "a few events need a heap and nothing else");
    }
}
