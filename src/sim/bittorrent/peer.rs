//! What stands: peers, whom each is connected to and what it knows of them, and the pieces it is about to have.

use super::{config::Config, rate::Rate};
use crate::sim::{
    kernel::{
        bits::{fill, has},
        line::{Inlet, Outlet},
    },
    vocabulary::{Conduct, Micros, StoppedBy},
};
use std::collections::VecDeque;

/// Of a piece in progress: that no connection in particular is to bring it.
pub const ANYBODY: u16 = u16::MAX;

/// How many connections more a peer makes room for at a time, once it has as many as it may.
const GROWTH: usize = 4;
/// How many it makes room for at once: room that grows leaves holes behind it, and most peers soon have all their neighbours.
const FIRST: usize = 64;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Asked for, not answered.
    Opening,
    /// Open.
    Open,
    /// Over; words that were under way may still come.
    Closed,
}

/// One end of a connection. A connection starts choked and not interested on both sides (BEP 3).
#[derive(Clone, Debug)]
pub struct Conn {
    /// Who is at the other end.
    pub peer: u32,
    /// Which of its connections this is at the other end.
    pub their: u16,
    /// How far it is.
    pub phase: Phase,
    /// Since when it has been so.
    pub since: Micros,
    /// When it was opened.
    pub opened: Micros,
    /// Whether this end sends nothing to the other.
    pub am_choking: bool,
    /// Whether this end wants something that the other has.
    pub am_interested: bool,
    /// Whether the other end sends nothing.
    pub peer_choking: bool,
    /// Whether the other end wants something.
    pub peer_interested: bool,
    /// Whether this end let the other ask for what is its to ask for while it is choked.
    pub allows: bool,
    /// Whether the other end let this one.
    pub allowed: bool,
    /// Whether it has a place in the turns of the line.
    pub in_turn: bool,
    /// Pieces that the other end has and this one lacks.
    pub wanted: u32,
    /// Pieces that the other end is known to have.
    pub has: u32,
    /// When the other end last sent a block.
    pub last_block: Option<Micros>,
    /// What comes in.
    pub down: Rate,
    /// What goes out.
    pub up: Rate,
    /// How many blocks this end has asked for and not got.
    pub mine: u16,
}

impl Conn {
    /// A connection that is asked for, or open at once.
    #[must_use]
    pub fn new(peer: u32, their: u16, phase: Phase, now: Micros) -> Self {
        Self {
            peer,
            their,
            phase,
            since: now,
            opened: now,
            am_choking: true,
            am_interested: false,
            peer_choking: true,
            peer_interested: false,
            allows: false,
            allowed: false,
            in_turn: false,
            wanted: 0,
            has: 0,
            last_block: None,
            down: Rate::from(now),
            up: Rate::from(now),
            mine: 0,
        }
    }

    /// Whether it is open.
    #[must_use]
    pub fn open(&self) -> bool {
        self.phase == Phase::Open
    }
}

/// A block on its way out of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// To whom.
    pub peer: u32,
    /// Over which of the sender's connections.
    pub slot: u16,
    /// What.
    pub block: u32,
    /// The packet's number.
    pub packet: u32,
}

/// A block of a piece that failed its hash: who sent it, and whether it was false (which is seen once the piece is there
/// from one peer alone, and the two can be compared).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which block.
    pub block: u32,
    /// Who sent it, and what.
    pub got: Got,
}

/// What stands in a block's place: nothing, requests, or the block with its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Got(u32);

impl Got {
    const THERE: u32 = 1 << 31;
    const FALSE: u32 = 1 << 30;

    /// Nothing, asked for so many times.
    #[must_use]
    pub fn asked(times: u32) -> Self {
        Self(times)
    }

    /// A block that a peer sent.
    #[must_use]
    pub fn from(peer: u32, bad: bool) -> Self {
        Self(Self::THERE | if bad { Self::FALSE } else { 0 } | peer)
    }

    /// Whether the block is there.
    #[must_use]
    pub fn there(self) -> bool {
        self.0 & Self::THERE != 0
    }

    /// How often it is asked for.
    #[must_use]
    pub fn times(self) -> u32 {
        if self.there() { 0 } else { self.0 }
    }

    /// Whether it is another block than the right one.
    #[must_use]
    pub fn bad(self) -> bool {
        self.0 & Self::FALSE != 0
    }

    /// Who sent it.
    #[must_use]
    pub fn sender(self) -> u32 {
        self.0 & !(Self::THERE | Self::FALSE)
    }
}

/// A piece in progress.
#[derive(Clone, Copy, Debug)]
pub struct Partial {
    /// Which piece.
    pub piece: u32,
    /// Blocks that nobody has been asked for.
    pub free: u32,
    /// Blocks that are there.
    pub got: u32,
    /// The first block that may be free.
    pub next: u32,
    /// Whether the piece failed its hash before, so that one peer alone must send it.
    pub again: bool,
    /// Who that is, by connection.
    pub only: u16,
}

/// All pieces in progress, and their blocks, in one array.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    parts: Vec<Partial>,
    blocks: Vec<Got>,
    free: Vec<u32>,
    size: u32,
}

impl Shelf {
    /// An empty shelf for pieces of so many blocks.
    #[must_use]
    pub fn new(size: u32) -> Self {
        Self { size, ..Self::default() }
    }

    /// Makes room for a piece.
    pub fn begin(&mut self, piece: u32) -> u32 {
        let part = Partial { piece, free: self.size, got: 0, next: 0, again: false, only: ANYBODY };
        if let Some(at) = self.free.pop() {
            self.parts[at as usize] = part;
            self.row_mut(at).fill(Got::asked(0));
            return at;
        }
        self.parts.push(part);
        self.blocks.resize(self.parts.len() * self.size as usize, Got::asked(0));
        self.parts.len() as u32 - 1
    }

    /// The piece is done with.
    pub fn end(&mut self, at: u32) {
        self.free.push(at);
    }

    /// A piece in progress.
    #[must_use]
    pub fn part(&self, at: u32) -> &Partial {
        &self.parts[at as usize]
    }

    /// A piece in progress, to change.
    pub fn part_mut(&mut self, at: u32) -> &mut Partial {
        &mut self.parts[at as usize]
    }

    /// Its blocks.
    #[must_use]
    pub fn row(&self, at: u32) -> &[Got] {
        &self.blocks[at as usize * self.size as usize..][..self.size as usize]
    }

    /// Its blocks, to change.
    pub fn row_mut(&mut self, at: u32) -> &mut [Got] {
        &mut self.blocks[at as usize * self.size as usize..][..self.size as usize]
    }
}

/// How often one has drawn, by purpose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawn {
    /// For pieces.
    pub pick: u64,
    /// For places in the order of unchoking.
    pub order: u64,
    /// For peers that the tracker names.
    pub told: u64,
}

/// A neighbour more holds a piece, or one fewer: `seen`, `rare` and `open` of a [`Node`].
pub fn see(seen: &mut [u16], rare: &mut Vec<u32>, open: &[u64], piece: u32, more: bool) {
    let count = &mut seen[piece as usize];
    let before = usize::from(*count);
    *count = if more { *count + 1 } else { *count - 1 };
    let after = usize::from(*count);
    if has(open, piece) {
        if rare.len() <= after {
            rare.resize(after + 1, 0);
        }
        rare[before] -= 1;
        rare[after] += 1;
    }
}

/// One peer.
#[derive(Clone, Debug)]
pub struct Node {
    /// How it behaves.
    pub conduct: Conduct,
    /// Whether it ever sent what is false.
    pub was_bad: bool,
    /// When it came.
    pub joined: Micros,
    /// When it held all.
    pub done_at: Option<Micros>,
    /// Whether it held all from the start.
    pub origin: bool,
    /// Who stopped it, if it is gone.
    pub stopped: Option<StoppedBy>,
    /// Whether its line is slowed.
    pub slowed: bool,
    /// What it can send.
    pub up: Outlet,
    /// What it can take in.
    pub down: Inlet,
    /// What it holds.
    pub holds: Vec<u64>,
    /// What it neither holds nor has in progress.
    pub open: Vec<u64>,
    /// What it may ask for while it is choked; empty where there is no such set.
    pub fast: Vec<u64>,
    /// How many pieces it holds.
    pub held: u32,
    /// Of each piece how many neighbours hold it.
    pub seen: Vec<u16>,
    /// How many pieces that it has not begun are held by none of its neighbours, by one, by two, and so on.
    pub rare: Vec<u32>,
    /// Its connections.
    pub conns: Vec<Conn>,
    /// What the other end of each is known to hold, a row each.
    pub views: Vec<u64>,
    /// How many are open or opening.
    pub friends: u32,
    /// Its open connections, in the order in which the optimistic unchoke goes.
    pub order: Vec<u16>,
    /// Rounds of choking so far.
    pub rounds: u32,
    /// Pieces in progress, and the place of each on the shelf.
    pub parts: Vec<(u32, u32)>,
    /// Blocks that are missing and asked of nobody.
    pub unasked: u32,
    /// Blocks that it holds, those of pieces in progress too.
    pub blocks: u32,
    /// Blocks that it has asked for: over which connection, and which. There are a few for each connection that is not
    /// choked, and those are few: one row for all takes far less than one for each.
    pub mine: Vec<(u16, u32)>,
    /// Blocks that it was asked for, in order: over which connection, and which.
    pub asked: Vec<(u16, u32)>,
    /// Connections with something to send, in turn.
    pub turns: VecDeque<u16>,
    /// What its line is sending.
    pub sending: Option<Sending>,
    /// Packets it has sent.
    pub packets: u32,
    /// Whom the tracker named last; under way to it.
    pub told: Vec<u32>,
    /// Whom it has shut out.
    pub banned: Vec<u32>,
    /// What it remembers of pieces that failed.
    pub evidence: Vec<Evidence>,
    /// How often it has drawn.
    pub drawn: Drawn,
    /// Bytes of blocks that others got from it.
    pub given: u64,
    /// Bytes of blocks that came to it.
    pub taken: u64,
    /// Whether its next round of choking is set.
    pub ticks: bool,
    /// Goes up with each life: what an earlier one set is not this one's.
    pub life: u16,
}

impl Node {
    /// A newcomer, with all pieces or none.
    #[must_use]
    pub fn new(config: &Config, conduct: Conduct, full: bool, now: Micros) -> Self {
        let mut holds = vec![0; config.words()];
        let mut open = holds.clone();
        fill(if full { &mut holds } else { &mut open }, config.pieces);
        Self {
            conduct,
            was_bad: conduct == Conduct::Bad,
            joined: now,
            done_at: full.then_some(now),
            origin: full,
            stopped: None,
            slowed: false,
            up: Outlet::new(if full { config.seed_up } else { config.up }, 1),
            down: Inlet::new(config.down),
            holds,
            open,
            fast: Vec::new(),
            held: if full { config.pieces } else { 0 },
            seen: vec![0; config.pieces as usize],
            rare: vec![if full { 0 } else { config.pieces }],
            conns: Vec::new(),
            views: Vec::new(),
            friends: 0,
            order: Vec::new(),
            rounds: 0,
            parts: Vec::new(),
            unasked: if full { 0 } else { config.all_blocks() },
            blocks: if full { config.all_blocks() } else { 0 },
            mine: Vec::new(),
            asked: Vec::new(),
            turns: VecDeque::new(),
            sending: None,
            packets: 0,
            told: Vec::new(),
            banned: Vec::new(),
            evidence: Vec::new(),
            drawn: Drawn::default(),
            given: 0,
            taken: 0,
            ticks: false,
            life: 0,
        }
    }

    /// Whether it takes part.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.stopped.is_none()
    }

    /// Whether it holds all.
    #[must_use]
    pub fn done(&self) -> bool {
        self.done_at.is_some()
    }

    /// What its line sends at full speed, bytes a second.
    #[must_use]
    pub fn full_rate(&self, config: &Config) -> u64 {
        if self.origin { config.seed_up } else { config.up }
    }

    /// Whether it would give if asked.
    #[must_use]
    pub fn gives(&self) -> bool {
        Self::would_give(self.conduct)
    }

    /// Whether one that behaves so gives if asked.
    #[must_use]
    pub fn would_give(conduct: Conduct) -> bool {
        conduct != Conduct::FreeRider
    }

    /// What the other end of a connection is known to hold.
    #[must_use]
    pub fn view(&self, slot: u16) -> &[u64] {
        let words = self.holds.len();
        &self.views[usize::from(slot) * words..][..words]
    }

    /// The same, to change.
    pub fn view_mut(&mut self, slot: u16) -> &mut [u64] {
        let words = self.holds.len();
        &mut self.views[usize::from(slot) * words..][..words]
    }

    /// The connection to a peer that is open or opening.
    #[must_use]
    pub fn to(&self, peer: u32) -> Option<u16> {
        self.conns.iter().position(|c| c.peer == peer && c.phase != Phase::Closed).map(|at| at as u16)
    }

    /// A connection's place: one that is over for so long that nothing of it can be under way, or a new one. A peer will have
    /// `most` of them at most, but for those that linger.
    pub fn place(&mut self, conn: Conn, lingers: Micros, most: u32) -> u16 {
        let now = conn.since;
        self.friends += 1;
        let over = |c: &Conn| c.phase == Phase::Closed && c.since.saturating_add(lingers) < now;
        if let Some(at) = self.conns.iter().position(over) {
            self.conns[at] = conn;
            return at as u16;
        }
        // Few come after the first, and there are as many rows as peers: doubling would waste most of the memory.
        if self.conns.len() == self.conns.capacity() {
            let room = if self.conns.is_empty() { FIRST.min(most as usize) } else { GROWTH };
            self.conns.reserve_exact(room);
            self.views.reserve_exact(room * self.holds.len());
        }
        self.conns.push(conn);
        self.views.resize(self.conns.len() * self.holds.len(), 0);
        self.conns.len() as u16 - 1
    }

    /// Forgets a block that it had asked for over a connection; tells whether it had.
    pub fn got(&mut self, slot: u16, block: u32) -> bool {
        let Some(at) = self.mine.iter().position(|asked| *asked == (slot, block)) else { return false };
        self.mine.swap_remove(at);
        self.conns[usize::from(slot)].mine -= 1;
        true
    }

    /// Where a piece in progress lies on the shelf.
    #[must_use]
    pub fn part_of(&self, piece: u32) -> Option<u32> {
        self.parts.iter().find(|(other, _)| *other == piece).map(|(_, at)| *at)
    }

    /// Whether it holds a piece.
    #[must_use]
    pub fn holds(&self, piece: u32) -> bool {
        has(&self.holds, piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{
        bittorrent::{config::settings, swarm::Swarm},
        model::Settings,
        vocabulary::SECOND,
    };
    use std::mem::size_of;

    /// The bytes that a row takes, what it keeps room for included.
    fn row<T>(row: &Vec<T>) -> usize {
        row.capacity() * size_of::<T>()
    }

    /// The bytes of a peer with all that it knows.
    fn bytes(node: &Node) -> usize {
        let sets = [&node.holds, &node.open, &node.fast, &node.views].map(row).iter().sum::<usize>();
        let numbers = [&node.rare, &node.told, &node.banned].map(row).iter().sum::<usize>();
        let asked = [&node.mine, &node.asked].map(row).iter().sum::<usize>();
        let turns = node.turns.capacity() * size_of::<u16>();
        let others = row(&node.seen) + row(&node.conns) + row(&node.order) + row(&node.parts) + row(&node.evidence);
        size_of::<Node>() + sets + numbers + asked + turns + others
    }

    /// 1,000 pieces and 40 connections: at most 16 KiB a peer, in the middle of a flash crowd.
    #[test]
    fn a_peer_with_forty_connections_is_small() {
        let specs = settings();
        let mut settings = Settings::defaults(&specs);
        for (key, value) in [("peers", "200"), ("pieces", "1000"), ("piece_bytes", "16384")] {
            settings.set(&specs, key, value).unwrap();
        }
        let mut swarm = Swarm::new(Config::from(&settings).unwrap(), 1);
        for seconds in [1, 40, 120] {
            swarm.advance(seconds * SECOND);
            let friends = swarm.nodes.iter().map(|node| f64::from(node.friends)).sum::<f64>() / 202.0;
            assert!((30.0..=40.0).contains(&friends), "{friends} connections each after {seconds} s");
            let most = swarm.nodes.iter().map(bytes).max().unwrap();
            let mean = swarm.nodes.iter().map(bytes).sum::<usize>() / swarm.nodes.len();
            assert!(most <= 16 * 1024, "{most} bytes at most, {mean} on average, after {seconds} s");
        }
    }
}
