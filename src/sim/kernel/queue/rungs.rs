//! Buckets of equal spans of time, on rungs: a bucket that holds too many is split into a rung of its own.
//!
//! A rung covers a span of time with equal buckets, and what is beyond their last, up to the rung's end, with one bucket
//! for the rest. The first rung ends at the end of time. Buckets are rows of small chunks in one store, so that filling and
//! emptying them allocates nothing once the store has grown to what is pending.

use super::{Entry, Position};
use std::collections::BinaryHeap;

/// Entries of a chunk.
const CHUNK: usize = 8;
/// Entries that a bucket should hold on average.
const FILL: usize = 8;
/// No chunk.
const NONE: u32 = u32::MAX;

/// A row of chunks, of which the first alone may have room.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    first: u32,
    len: u32,
}

const EMPTY: Bucket = Bucket { first: NONE, len: 0 };

/// Buckets that cover a span of time.
#[derive(Clone, Debug, Default)]
struct Rung {
    start: Position,
    /// The last moment that it covers.
    end: Position,
    /// A bucket covers 2^shift positions.
    shift: u32,
    /// The next bucket to be taken; all before it are empty.
    next: usize,
    /// The last one is for the rest.
    buckets: Vec<Bucket>,
}

impl Rung {
    fn place(&self, at: Position) -> usize {
        let place = (at - self.start) >> self.shift;
        (place as usize).min(self.buckets.len() - 1)
    }

    /// The last moment that a bucket covers.
    fn end_of(&self, place: usize) -> Position {
        if place + 1 == self.buckets.len() {
            return self.end;
        }
        // Positions have 96 bits, so that this can't run over.
        (self.start + ((place as Position + 1) << self.shift) - 1).min(self.end)
    }
}

/// All rungs, the finest and earliest last.
#[derive(Clone, Debug)]
pub(super) struct Rungs<E> {
    rungs: Vec<Rung>,
    /// Rungs that are done with, kept for their room.
    spare: Vec<Rung>,
    /// Of each chunk its entries, side by side.
    slots: Vec<Option<Entry<E>>>,
    /// Of each chunk the one after it in its row; the free ones stand in a row too.
    after: Vec<u32>,
    free: u32,
    len: usize,
}

impl<E> Default for Rungs<E> {
    fn default() -> Self {
        Self { rungs: Vec::new(), spare: Vec::new(), slots: Vec::new(), after: Vec::new(), free: NONE, len: 0 }
    }
}

impl<E> Rungs<E> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was ever put into buckets.
    #[cfg(test)]
    pub(super) fn is_unused(&self) -> bool {
        self.slots.capacity() == 0 && self.rungs.capacity() == 0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<E>> {
        self.slots.iter().flatten()
    }

    /// Adds an entry that is due after all that was taken; some rung covers it.
    pub(super) fn add(&mut self, entry: Entry<E>) {
        let at = entry.key.position();
        // The finest rung that reaches so far. It has not gone past that moment, or the queue would hold it itself.
        let mut r = self.rungs.len() - 1;
        while self.rungs[r].end < at {
            r -= 1;
        }
        self.put(r, entry);
        self.len += 1;
    }

    fn put(&mut self, r: usize, entry: Entry<E>) {
        let rung = &mut self.rungs[r];
        let place = rung.place(entry.key.position());
        debug_assert!(place >= rung.next, "its bucket was taken");
        let bucket = &mut rung.buckets[place];
        let used = bucket.len as usize % CHUNK;
        if used == 0 {
            let chunk = match self.free {
                NONE => {
                    self.slots.resize_with(self.slots.len() + CHUNK, || None);
                    self.after.push(NONE);
                    self.after.len() as u32 - 1
                }
                chunk => {
                    self.free = self.after[chunk as usize];
                    chunk
                }
            };
            self.after[chunk as usize] = bucket.first;
            bucket.first = chunk;
        }
        self.slots[bucket.first as usize * CHUNK + used] = Some(entry);
        bucket.len += 1;
    }

    /// A new finest rung for so many entries that are due from `first` to `last`; it reaches to `end`.
    pub(super) fn open(&mut self, first: Position, last: Position, end: Position, count: usize) {
        let mut rung = self.spare.pop().unwrap_or_default();
        let most = (count / FILL).next_power_of_two().max(2) as Position;
        let span = last - first;
        let shift = (0..96).find(|shift| span >> shift < most).unwrap_or(0);
        let buckets = (span >> shift) as usize + 2;
        rung.buckets.clear();
        rung.buckets.resize(buckets, EMPTY);
        (rung.start, rung.end, rung.shift, rung.next) = (first, end, shift, 0);
        self.rungs.push(rung);
    }

    /// Moves the entries of the earliest bucket that has any to the end of a row, and tells the last moment that it covers.
    /// A bucket of more than `most` is split before, unless all its entries are due at one moment.
    pub(super) fn take_next(&mut self, into: &mut Vec<Entry<E>>, most: usize) -> Position {
        loop {
            let Some(rung) = self.rungs.last_mut() else { return Position::MAX };
            while rung.next < rung.buckets.len() && rung.buckets[rung.next].len == 0 {
                rung.next += 1;
            }
            let place = rung.next;
            if place == rung.buckets.len() {
                self.spare.extend(self.rungs.pop());
                continue;
            }
            let (bucket, end) = (rung.buckets[place], rung.end_of(place));
            rung.buckets[place] = EMPTY;
            rung.next += 1;
            let is_rest = rung.next == rung.buckets.len();
            let (first, last) = self.span(bucket);
            if bucket.len as usize <= most || first == last {
                self.empty(bucket, |rungs, entry| {
                    into.push(entry);
                    rungs.len -= 1;
                });
                return if is_rest { self.end_of_rest(end, last) } else { end };
            }
            if is_rest {
                self.spare.extend(self.rungs.pop());
            }
            self.open(first, last, end, bucket.len as usize);
            let r = self.rungs.len() - 1;
            self.empty(bucket, |rungs, entry| rungs.put(r, entry));
        }
    }

    /// The rest of a rung is few and may reach to the end of time: only what is due by its last entry is taken for sorted,
    /// and the rung goes on after that.
    fn end_of_rest(&mut self, end: Position, last: Position) -> Position {
        if last == end {
            self.spare.extend(self.rungs.pop());
            return end;
        }
        if let Some(rung) = self.rungs.last_mut() {
            (rung.start, rung.next, rung.shift) = (last + 1, 0, 0);
            rung.buckets.clear();
            rung.buckets.push(EMPTY);
        }
        last
    }

    /// Moves all entries into a heap.
    pub(super) fn take_all(&mut self, into: &mut BinaryHeap<Entry<E>>) {
        while let Some(rung) = self.rungs.pop() {
            for bucket in &rung.buckets[rung.next..] {
                self.empty(*bucket, |_, entry| into.push(entry));
            }
            self.spare.push(rung);
        }
        self.len = 0;
    }

    fn span(&self, bucket: Bucket) -> (Position, Position) {
        let (mut first, mut last) = (Position::MAX, 0);
        let mut chunk = bucket.first;
        while chunk != NONE {
            let slots = &self.slots[chunk as usize * CHUNK..][..CHUNK];
            for at in slots.iter().flatten().map(|entry| entry.key.position()) {
                (first, last) = (first.min(at), last.max(at));
            }
            chunk = self.after[chunk as usize];
        }
        (first, last)
    }

    /// Hands over the entries of a bucket one by one; a chunk is free as soon as its entries are out.
    fn empty(&mut self, bucket: Bucket, mut each: impl FnMut(&mut Self, Entry<E>)) {
        let mut chunk = bucket.first;
        let mut used = match bucket.len as usize % CHUNK {
            0 => CHUNK,
            used => used,
        };
        while chunk != NONE {
            let after = self.after[chunk as usize];
            for i in 0..used {
                if let Some(entry) = self.slots[chunk as usize * CHUNK + i].take() {
                    each(self, entry);
                }
            }
            self.after[chunk as usize] = self.free;
            self.free = chunk;
            used = CHUNK;
            chunk = after;
        }
    }
}
