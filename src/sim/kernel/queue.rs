//! The queue of events. Its order is total: time, then receiver, sender, and the sender's own count.

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

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    /// Turned round, because the standard heap has its greatest on top.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

/// Events to come, the earliest first.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    heap: BinaryHeap<Entry<E>>,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new() }
    }
}

impl<E> Queue<E> {
    /// Adds an event.
    pub fn push(&mut self, key: Key, event: E) {
        self.heap.push(Entry { key, event });
    }

    /// Takes the earliest event if it is due by `until`.
    pub fn pop_until(&mut self, until: Micros) -> Option<(Key, E)> {
        if self.next()? > until {
            return None;
        }
        self.heap.pop().map(|entry| (entry.key, entry.event))
    }

    /// When the earliest event is due.
    #[must_use]
    pub fn next(&self) -> Option<Micros> {
        self.heap.peek().map(|entry| entry.key.at)
    }

    /// All events to come, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &E)> {
        self.heap.iter().map(|entry| (entry.key, &entry.event))
    }

    /// How many events are to come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is to come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn what_is_not_due_stays() {
        let mut queue = Queue::default();
        queue.push(Key { at: 5, to: 0, from: 0, count: 0 }, 'a');
        assert!(queue.pop_until(4).is_none());
        assert_eq!(queue.next(), Some(5));
        assert_eq!(queue.pop_until(5).map(|(_, e)| e), Some('a'));
        assert!(queue.is_empty());
    }
}
