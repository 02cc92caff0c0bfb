//! What is counted in a run, as it happens.

use super::{config::Config, peer::Node, verify::Content};
use crate::sim::{
    kernel::bits::each,
    vocabulary::{Conduct, Micros, SECOND},
};

/// A moment in the growth of a swarm: what all lines had sent, and what they could have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Mark {
    sent: u64,
    room: u128,
}

/// The counts of a run.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The file.
    pub content: Content,
    /// Running peers that lack something, liars left out.
    pub lacking: u32,
    /// When the last block came in, or somebody came or went.
    pub last_change: Micros,
    /// Requests that wait for an answer.
    pub asked: u64,
    /// Lines that are sending.
    pub busy: u32,
    /// Lines of running peers that give.
    pub lines: u32,
    /// Pieces that failed their hash.
    pub rejected: u64,
    /// How often somebody shut somebody out.
    pub bans: u64,
    /// How often that hit one who never lied.
    pub innocents: u32,
    /// Blocks that came in and were of no use.
    pub duplicates: u64,
    /// Bytes that lines have sent.
    pub sent: u64,
    /// Bytes that came in.
    pub received: u64,
    /// Of each piece how many running peers and seeds hold it.
    pub copies: Vec<u32>,
    /// Of each piece how many running peers hold it, the first seeds left out.
    pub peer_copies: Vec<u32>,
    /// How many pieces no running peer and no seed holds.
    pub lost: u32,
    /// How many pieces no running peer holds.
    pub not_out: u32,
    /// When the running peers first held every piece among them.
    pub out_at: Option<Micros>,
    /// Contributors that came and that are done.
    contributors: u32,
    contributors_done: u32,
    /// What free riders held over what contributors held, when half of these were done.
    pub progress: Option<f64>,
    /// What all lines could have sent so far, in millionths of a byte.
    room: u128,
    room_at: Micros,
    rates: u64,
    all: u64,
    quarter: Option<Mark>,
    three: Option<Mark>,
}

impl Tally {
    /// The counts of a run that is about to begin.
    #[must_use]
    pub fn new(config: &Config, seed: u64) -> Self {
        Self {
            content: Content::new(config, seed),
            lacking: 0,
            last_change: 0,
            asked: 0,
            busy: 0,
            lines: 0,
            rejected: 0,
            bans: 0,
            innocents: 0,
            duplicates: 0,
            sent: 0,
            received: 0,
            copies: vec![0; config.pieces as usize],
            peer_copies: vec![0; config.pieces as usize],
            lost: config.pieces,
            not_out: config.pieces,
            out_at: None,
            contributors: 0,
            contributors_done: 0,
            progress: None,
            room: 0,
            room_at: 0,
            rates: 0,
            all: config.file_bytes().saturating_mul(u64::from(config.peers)),
            quarter: None,
            three: None,
        }
    }

    /// Something changed: nobody may call the run stalled for a while.
    pub fn changed(&mut self, now: Micros) {
        self.last_change = now;
    }

    /// A block came in of which nobody has any use.
    pub fn duplicate(&mut self) {
        self.duplicates += 1;
    }

    /// A peer takes part.
    pub fn enters(&mut self, node: &Node, now: Micros) {
        self.changed(now);
        self.lacking += u32::from(lacks(node));
        self.contributors += u32::from(node.conduct == Conduct::Fair && !node.done());
        for piece in each(node.holds.iter().copied()) {
            self.count(piece, node.origin, true);
        }
        if node.gives() {
            self.line(node.up.rate(), true, now);
        }
    }

    /// A peer no longer takes part.
    pub fn leaves(&mut self, node: &Node, now: Micros) {
        self.changed(now);
        self.lacking -= u32::from(lacks(node));
        self.contributors -= u32::from(node.conduct == Conduct::Fair && !node.done());
        for piece in each(node.holds.iter().copied()) {
            self.count(piece, node.origin, false);
        }
        if node.gives() {
            self.line(node.up.rate(), false, now);
        }
    }

    /// A peer behaves otherwise from now on.
    pub fn conduct(&mut self, node: &Node, before: Conduct, now: Micros) {
        if !node.runs() {
            return;
        }
        let (was, is) = (Node::would_give(before), node.gives());
        if was != is {
            self.line(node.up.rate(), is, now);
        }
        let step = |count: &mut u32, was: bool, is: bool| *count = *count + u32::from(is) - u32::from(was);
        let (was, is) = (before == Conduct::Fair, node.conduct == Conduct::Fair);
        if !node.origin {
            step(&mut self.contributors, was, is);
            if node.done() {
                step(&mut self.contributors_done, was, is);
            }
        }
        if !node.done() {
            step(&mut self.lacking, before != Conduct::Bad, node.conduct != Conduct::Bad);
        }
        self.changed(now);
    }

    /// A peer holds a piece more.
    pub fn holds(&mut self, node: &Node, piece: u32, now: Micros) {
        self.changed(now);
        self.count(piece, node.origin, true);
        if self.not_out == 0 {
            self.out_at.get_or_insert(now);
        }
    }

    /// A peer holds all.
    pub fn done(&mut self, node: &Node, now: Micros) {
        self.changed(now);
        self.lacking -= u32::from(node.conduct != Conduct::Bad);
        self.contributors_done += u32::from(node.conduct == Conduct::Fair);
    }

    /// Whether half of the contributors are done.
    #[must_use]
    pub fn half_done(&self) -> bool {
        self.contributors > 0 && 2 * self.contributors_done >= self.contributors
    }

    fn count(&mut self, piece: u32, origin: bool, more: bool) {
        let step = |row: &mut [u32], none: &mut u32| {
            let count = &mut row[piece as usize];
            if more {
                *none -= u32::from(*count == 0);
                *count += 1;
            } else {
                *count -= 1;
                *none += u32::from(*count == 0);
            }
        };
        step(&mut self.copies, &mut self.lost);
        if !origin {
            step(&mut self.peer_copies, &mut self.not_out);
        }
    }

    /// A line that gives came or went.
    fn line(&mut self, rate: u64, more: bool, now: Micros) {
        self.roll(now);
        if more {
            self.lines += 1;
            self.rates += rate;
        } else {
            self.lines -= 1;
            self.rates -= rate;
        }
    }

    /// A line's rate changes.
    pub fn rate(&mut self, node: &Node, before: u64, now: Micros) {
        self.roll(now);
        if node.runs() && node.gives() {
            self.rates = self.rates - before + node.up.rate();
        }
    }

    fn roll(&mut self, now: Micros) {
        self.room += u128::from(now - self.room_at) * u128::from(self.rates);
        self.room_at = now;
    }

    /// A line has sent a block.
    pub fn sent(&mut self, bytes: u64) {
        self.sent += bytes;
    }

    /// A block has come in.
    pub fn received(&mut self, bytes: u64, now: Micros) {
        self.changed(now);
        self.received += bytes;
        // The middle of the run: from a quarter of all that is to be sent to three quarters.
        let part = u128::from(self.received) * 4;
        if self.quarter.is_none() && part >= u128::from(self.all) {
            self.roll(now);
            self.quarter = Some(Mark { sent: self.sent, room: self.room });
        }
        if self.three.is_none() && part >= 3 * u128::from(self.all) {
            self.roll(now);
            self.three = Some(Mark { sent: self.sent, room: self.room });
        }
    }

    /// Which share of what the lines could send they did, in the middle of the run.
    #[must_use]
    pub fn uplink_use(&self) -> Option<f64> {
        let (from, to) = (self.quarter?, self.three?);
        let room = (to.room - from.room) as f64 / SECOND as f64;
        (room > 0.0).then(|| (to.sent - from.sent) as f64 / room)
    }

    /// Copies of the rarest piece, and copies of a piece on average.
    #[must_use]
    pub fn spread(&self) -> (u32, f64) {
        let least = self.copies.iter().copied().min().unwrap_or(0);
        (least, self.copies.iter().map(|n| f64::from(*n)).sum::<f64>() / self.copies.len() as f64)
    }
}

/// Whether a peer is one for whom the run goes on.
fn lacks(node: &Node) -> bool {
    !node.done() && node.conduct != Conduct::Bad
}
