//! The run: who comes and goes, what is said, and which rule answers it.
//!
//! Every word between two peers takes the network's latency, and so does a word with the tracker. A peer acts on what it
//! was told, never on what is so by now elsewhere: until a message that a touch led to reaches a peer, nothing there
//! changes.

use super::{
    config::{Config, ROUND, STALLED},
    peer::{Node, Shelf},
    tally::Tally,
    tracker::Tracker,
    transfer::Parcel,
};
use crate::sim::{
    kernel::{chance::Purpose, mathematics::micros, measure::Measure, world::World},
    vocabulary::{Conduct, Happening, LinkId, Micros, StoppedBy},
};
use std::collections::BTreeMap;

/// Draws that say when a peer's first round of choking is.
const PHASE: Purpose = Purpose(1);
/// Draws that say when the next peer comes.
const ARRIVAL: Purpose = Purpose(2);
/// Draws that say how long a peer stays once it is done.
const STAY: Purpose = Purpose(3);
/// Draws of the tracker: whom it names to whom.
pub const TOLD_BY_TRACKER: Purpose = Purpose(4);
/// Draws among pieces.
pub const PICK: Purpose = Purpose(5);
/// Draws of a place in the order of unchoking.
pub const ORDER: Purpose = Purpose(6);

/// Who is told of what no peer decided: the next arrival.
const OUTSIDE: u32 = u32::MAX;

/// What may happen. `slot` is always one of the receiver's connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The next peer comes.
    Arrival,
    /// A peer's word reaches the tracker: it is there, or asks for more.
    Announced,
    /// A peer's word reaches the tracker: it is gone.
    Retired,
    /// The tracker answers.
    Answered,
    /// The tracker's answer reaches a peer.
    Told,
    /// "Let us connect"; the answer goes to the asker's connection `their`.
    Connect { their: u16 },
    /// "I take no more."
    Refused { slot: u16 },
    /// "Good. I hold this" (BEP 3 handshake and bitfield).
    Accepted { slot: u16, their: u16, row: u32 },
    /// "I hold that."
    Bitfield { slot: u16, row: u32 },
    /// The neighbours hear that one holds a piece.
    Have { piece: u32 },
    /// "You have something that I want", or nothing any more.
    Interested { slot: u16, yes: bool },
    /// "I send you no more, but for what is on my line" (BEP 6: what is not sent is rejected).
    Choke { slot: u16, but: Option<u32> },
    /// "Ask."
    Unchoke { slot: u16 },
    /// "Ask for what is yours to ask for, though I choke you" (BEP 6, Allowed Fast; the pieces follow from the asker).
    AllowedFast { slot: u16 },
    /// "Send me this block."
    Request { slot: u16, block: u32 },
    /// "I do not send you this block" (BEP 6): you are no newcomer any more.
    Reject { slot: u16, block: u32 },
    /// "I have it from somebody else."
    Cancel { slot: u16, block: u32 },
    /// A block's last byte has left.
    Sent { life: u16 },
    /// A block comes to the door; its first byte came `took` microseconds ago.
    Block { slot: u16, block: u32, packet: u32, took: u32, bad: bool },
    /// The receiver's own line has taken a block in.
    Taken { slot: u16, block: u32, bad: bool },
    /// The connection is over.
    Close { slot: u16 },
    /// Time to decide whom to choke.
    Round { life: u16 },
    /// A peer that is done has stayed long enough.
    Leave { life: u16 },
}

/// In place of a set of pieces: nothing is held. Where a crowd comes at once, all say so at once (BEP 3 lets them skip it).
const NOTHING: u32 = u32::MAX;

/// Sets of pieces that are on their way from one peer to another.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    words: Vec<u64>,
    free: Vec<u32>,
}

impl Rows {
    fn put(&mut self, row: &[u64]) -> u32 {
        let at = self.free.pop().unwrap_or_else(|| {
            self.words.resize(self.words.len() + row.len(), 0);
            (self.words.len() / row.len()) as u32 - 1
        });
        self.words[at as usize * row.len()..][..row.len()].copy_from_slice(row);
        at
    }

    /// A set that has come; its room is free from now on.
    pub fn take(&mut self, at: u32, size: usize) -> &[u64] {
        if at == NOTHING {
            return &[];
        }
        self.free.push(at);
        &self.words[at as usize * size..][..size]
    }
}

/// A run.
#[derive(Clone, Debug)]
pub struct Swarm {
    /// The settings.
    pub config: Config,
    /// Time, events, luck and watcher.
    pub world: World<Event>,
    /// The peers: seeds first, then those who come, in order.
    pub nodes: Vec<Node>,
    /// Pieces in progress.
    pub shelf: Shelf,
    /// Sets of pieces under way.
    pub rows: Rows,
    /// The tracker.
    pub tracker: Tracker,
    /// What is counted.
    pub tally: Tally,
    /// How many are still to come.
    pub coming: u32,
    /// Blocks on their way over each link, for a watcher.
    pub in_use: BTreeMap<LinkId, u32>,
    /// Room for the blocks that were asked for over one connection.
    pub asked: Vec<u64>,
    /// Room for the order in which neighbours are preferred.
    pub ranking: Vec<(f64, u16)>,
}

impl Swarm {
    /// A run at its start.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        let size = config.blocks;
        let at_once = if config.arrivals.is_some() { 0 } else { config.peers };
        let mut swarm = Self {
            world: World::new(seed, (config.seeds + at_once) as usize),
            nodes: Vec::with_capacity((config.seeds + config.peers) as usize),
            shelf: Shelf::new(size),
            rows: Rows::default(),
            tracker: Tracker::default(),
            tally: Tally::new(&config, seed),
            coming: config.peers - at_once,
            in_use: BTreeMap::new(),
            asked: Vec::new(),
            ranking: Vec::new(),
            config,
        };
        for _ in 0..swarm.config.seeds {
            swarm.join(Conduct::Fair, true);
        }
        for nth in 0..at_once {
            swarm.join(swarm.conduct(nth), false);
        }
        swarm.expect_next();
        swarm
    }

    /// How the nth peer that comes behaves: free riders and liars are spread evenly among all.
    fn conduct(&self, nth: u32) -> Conduct {
        let before = |n: u32, share: f64| (f64::from(n) * share + 1e-9).floor();
        let (free, bad) = (self.config.free_riders, self.config.corrupt);
        if before(nth + 1, free) > before(nth, free) {
            return Conduct::FreeRider;
        }
        let others = nth - before(nth, free) as u32;
        let share = (bad / (1.0 - free)).min(1.0);
        if before(others + 1, share) > before(others, share) { Conduct::Bad } else { Conduct::Fair }
    }

    /// A newcomer; tells its number.
    pub fn join(&mut self, conduct: Conduct, full: bool) -> u32 {
        let who = self.nodes.len() as u32;
        self.nodes.push(Node::new(&self.config, conduct, full, self.world.now()));
        self.choose_fast(who);
        self.enter(who);
        who
    }

    /// A peer begins to take part, with what it holds.
    pub fn enter(&mut self, who: u32) {
        let latency = self.config.latency;
        let life = self.nodes[who as usize].life;
        self.tally.enters(&self.nodes[who as usize], self.world.now());
        self.tell_peer(who);
        self.world.timer(who, latency, Event::Announced);
        self.nodes[who as usize].ticks = true;
        let mut draws = self.world.draws(PHASE, who, u64::from(life));
        let first = micros(draws.unit() * (ROUND as f64 / 1e6));
        self.world.timer(who, first, Event::Round { life });
        if let (Some(mean), true, false) =
            (self.config.seed_time, self.nodes[who as usize].done(), self.nodes[who as usize].origin)
        {
            self.stay(who, mean);
        }
    }

    fn stay(&mut self, who: u32, mean: f64) {
        let life = self.nodes[who as usize].life;
        let stays = self.world.draws(STAY, who, u64::from(life)).exponential(mean);
        self.world.timer(who, micros(stays), Event::Leave { life });
    }

    fn expect_next(&mut self) {
        if let (Some(rate), true) = (self.config.arrivals, self.coming > 0) {
            let mut draws = self.world.draws(ARRIVAL, OUTSIDE, u64::from(self.config.peers - self.coming));
            let gap = micros(draws.exponential(1.0 / rate));
            self.world.send(0, OUTSIDE, gap, Event::Arrival);
        }
    }

    /// Whether nothing but a deed can change anything any more: all have come and are done, or nobody can get anything.
    /// Nobody sets a timer then, and the run ends with what is under way.
    fn over(&self) -> bool {
        self.coming == 0 && (self.tally.lacking == 0 || self.stalled())
    }

    fn stalled(&self) -> bool {
        let quiet = self.world.now().saturating_sub(self.tally.last_change);
        self.tally.asked == 0 && quiet > STALLED + 10 * self.config.latency
    }

    /// Runs every event up to and including `until`.
    pub fn advance(&mut self, until: Micros) {
        while let Some((key, event)) = self.world.next(until) {
            self.happens(key.from, key.to, event);
        }
    }

    fn happens(&mut self, from: u32, who: u32, event: Event) {
        let alive = |swarm: &Self, life: u16| {
            let node = &swarm.nodes[who as usize];
            node.runs() && node.life == life
        };
        match event {
            Event::Arrival => {
                let nth = self.config.peers - self.coming;
                self.coming -= 1;
                self.tally.changed(self.world.now());
                self.join(self.conduct(nth), false);
                self.expect_next();
            }
            Event::Announced => self.announced(who),
            Event::Answered => self.answered(who),
            Event::Retired => {
                self.tracker.forget(who);
                // All that it had said has come; memory is for those who are there.
                let node = &mut self.nodes[who as usize];
                if !node.runs() {
                    (node.conns, node.views) = Default::default();
                    (node.turns, node.told) = Default::default();
                }
            }
            Event::Told => self.told(who),
            Event::Connect { their } => self.asked_to_connect(who, from, their),
            Event::Refused { slot } => self.refused(who, from, slot),
            Event::Accepted { slot, their, row } => self.accepted(who, from, slot, their, row),
            Event::Bitfield { slot, row } => self.bitfield(who, from, slot, row),
            Event::Have { piece } => self.have(who, piece),
            Event::Interested { slot, yes } => self.interested(who, from, slot, yes),
            Event::Choke { slot, but } => self.choked(who, from, slot, but),
            Event::Unchoke { slot } => self.unchoked(who, from, slot),
            Event::AllowedFast { slot } => self.allowed(who, from, slot),
            Event::Request { slot, block } => self.requested(who, from, slot, block),
            Event::Reject { slot, block } => self.rejected(who, from, slot, block),
            Event::Cancel { slot, block } => self.cancelled(who, from, slot, block),
            Event::Sent { life } => {
                if alive(self, life) {
                    self.sent(who);
                }
            }
            Event::Block { slot, block, packet, took, bad } => {
                self.at_the_door(who, from, Parcel { slot, block, packet, took, bad });
            }
            Event::Taken { slot, block, bad } => self.taken(who, from, slot, block, bad),
            Event::Close { slot } => {
                if self.is_to(who, slot, from) {
                    self.close(who, slot, false);
                }
            }
            Event::Round { life } => {
                if alive(self, life) {
                    self.round(who);
                    if self.over() {
                        self.nodes[who as usize].ticks = false;
                    } else {
                        self.world.timer(who, ROUND, event);
                    }
                }
            }
            Event::Leave { life } => {
                if alive(self, life) {
                    self.leave(who, StoppedBy::Model);
                }
            }
        }
    }

    /// Says something to another; it takes the network's latency.
    pub fn say(&mut self, from: u32, to: u32, event: Event) {
        self.world.send(from, to, self.config.latency, event);
    }

    /// Sends what one holds; tells the row that it travels in.
    pub fn pack(&mut self, who: u32) -> u32 {
        let node = &self.nodes[who as usize];
        if node.held == 0 { NOTHING } else { self.rows.put(&node.holds) }
    }

    /// A peer leaves: its connections close, what its line was sending is lost, and the tracker hears of it.
    pub fn leave(&mut self, who: u32, by: StoppedBy) {
        let now = self.world.now();
        // Nobody is to be unchoked in the place of those who go first.
        self.nodes[who as usize].order.clear();
        for slot in 0..self.nodes[who as usize].conns.len() as u16 {
            self.close(who, slot, true);
        }
        let node = &mut self.nodes[who as usize];
        node.stopped = Some(by);
        node.life = node.life.wrapping_add(1);
        if node.sending.is_some() {
            node.up.give_up();
        }
        node.turns.clear();
        let sending = node.sending.take();
        self.tally.leaves(&self.nodes[who as usize], now);
        if let Some(sending) = sending {
            self.tell_lost(who, sending);
        }
        self.tell_peer(who);
        self.world.timer(who, self.config.latency, Event::Retired);
    }

    /// One that was stopped takes part again, with what it holds.
    pub fn start(&mut self, who: u32) {
        self.nodes[who as usize].stopped = None;
        self.enter(who);
    }

    /// After a deed a run that was over goes on: everybody has its rounds again.
    pub fn go_on(&mut self) {
        let now = self.world.now();
        self.tally.changed(now);
        for who in 0..self.nodes.len() as u32 {
            let node = &mut self.nodes[who as usize];
            if node.runs() && !std::mem::replace(&mut node.ticks, true) {
                let life = node.life;
                self.world.timer(who, ROUND, Event::Round { life });
            }
        }
    }

    /// One holds all: it needs nobody who holds all, and stays a while.
    pub fn complete(&mut self, who: u32) {
        let now = self.world.now();
        self.nodes[who as usize].done_at = Some(now);
        self.tally.done(&self.nodes[who as usize], now);
        if self.tally.progress.is_none() && self.tally.half_done() {
            self.tally.progress = progress(&self.nodes);
        }
        for slot in 0..self.nodes[who as usize].conns.len() as u16 {
            self.close_if_both_done(who, slot);
        }
        match self.config.seed_time {
            Some(mean) if mean <= 0.0 => self.leave(who, StoppedBy::Model),
            Some(mean) => self.stay(who, mean),
            None => {}
        }
    }

    /// Tells a watcher how a peer is now.
    pub fn tell_peer(&mut self, who: u32) {
        if self.world.is_watched() {
            let peer = self.peer(who);
            self.world.tell(|| Happening::Peer(Box::new(peer)));
        }
    }
}

/// How much a free rider holds, on average, over what a contributor does.
fn progress(nodes: &[Node]) -> Option<f64> {
    let mean = |conduct: Conduct| {
        let held = nodes.iter().filter(|n| !n.origin && n.conduct == conduct);
        held.map(|n| f64::from(n.blocks)).collect::<Measure>().mean()
    };
    Some(mean(Conduct::FreeRider)? / mean(Conduct::Fair)?)
}
