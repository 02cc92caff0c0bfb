//! How blocks travel: announced (`inv`), asked for (`getdata`), sent, and passed on.
//!
//! The flow of messages is SimBlock's. A node that adopts a block announces it to all its neighbours. Who lacks it asks the
//! first that announces it. A node sends one block at a time, in the order in which it was asked, as fast as the narrower
//! end of the way allows; the receiver takes 2 ms more to check it. Between two nodes that both relay compact blocks, 18 kB
//! go instead of the block; where that fails at the receiver, it asks for the missing part of the block, and waits for its
//! turn again. Words without a block take only their latency.
//!
//! With SimBlock's table of latencies, time is also taken as SimBlock takes it: a sender's line is busy until its block has
//! come and is checked, and words take 10 ms more. With a latency given in seconds, a line is free again once the block's
//! last byte has left.
//!
//! Where SimBlock simplifies, Bitcoin's rules hold. A node adopts a block only if it has all blocks before it, and asks for
//! those that it lacks along with it, the oldest first. It asks for a block whose chain has at least as much work as its own
//! (`net_processing.cpp`), keeps what it saw first among equals, and announces only what it adopts. When a line is cut in the
//! middle of a message, its receiver asks its other neighbours anew.
//!
//! Records travel like blocks, as [`super::records`] has it, and headers to light nodes as [`super::light`] has it.
//!
//! An announcement to a node that has the block, fetches it, or will have heard of it before, can change nothing where it
//! comes, because what is known stays known: it is counted and not carried.

use super::{
    Config, Latency,
    chain::{Chain, GENESIS},
    known::Known,
    light::Light,
    links::Links,
    mining::Mining,
    pool::Pool,
    records::RECORD_BYTES,
    regions::{self, REGIONS, Way},
    watching::Watched,
};
use crate::sim::{
    kernel::{
        chance::{Chance, Purpose},
        mathematics::micros,
        queue::Key,
        world::World,
    },
    vocabulary::Micros,
};
use std::collections::BTreeSet;

/// Draws that shape the network: who stands where, who is linked to whom, who relays compact blocks, who comes and goes.
const SHAPE: Purpose = Purpose(2);
/// Draws that say whether a compact block fails, and how much is missing then.
const FAILS: u32 = 3;
const MISSING: u32 = 4;
/// Draws of the latency of a message: one of these for each kind, and the block's count above it.
const LATENCY: u32 = 16;
/// What a node does with a block before it passes it on (SimBlock).
const CHECKING: Micros = 2_000;
/// A compact block's size, if the block itself isn't smaller (SimBlock).
const COMPACT_BYTES: u64 = 18_000;
/// The size of a word: 24 bytes of header, a count, and one entry of 36 bytes (Bitcoin's protocol).
pub const WORD_BYTES: u64 = 61;
/// Shares of all nodes at which a block's spread is timed.
pub const SPREADS: [f64; 3] = [0.5, 0.9, 0.99];

/// What may happen. Each but the first two is about the block or the record of that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A node finds a block, if it is still its moment.
    Find,
    /// Somebody pays somebody.
    Pay,
    /// A node announces a block to another.
    Inv(u32),
    /// A node announces its last block to who has lost touch.
    Tip(u32),
    /// A node asks for a block.
    GetData(u32),
    /// A node asks for what a compact block lacked.
    GetTxn(u32),
    /// A compact block comes.
    Compact(u32),
    /// A block comes, or what was missing of it.
    Whole(u32),
    /// A node announces a record to another.
    OfRecord(u32),
    /// A node asks for a record.
    AskRecord(u32),
    /// A record comes.
    Record(u32),
    /// A full node announces a block to a light one by its header.
    Header(u32),
    /// A light node asks for the headers that lead to a block.
    GetHeaders(u32),
    /// Headers come, the last of them that of this block.
    Headers(u32),
    /// A light node asks for the way from one of a block's records to its root.
    AskPath(u32),
    /// The way comes.
    Path(u32),
}

impl Event {
    /// The block that it is about, and which kind of message it is.
    fn about(self) -> Option<(u32, u32)> {
        match self {
            Self::Find | Self::Pay | Self::OfRecord(_) | Self::AskRecord(_) | Self::Record(_) => None,
            Self::Header(block) => Some((block, 9)),
            Self::GetHeaders(block) => Some((block, 10)),
            Self::Headers(block) => Some((block, 11)),
            Self::AskPath(block) => Some((block, 12)),
            Self::Path(block) => Some((block, 13)),
            Self::Inv(block) => Some((block, 0)),
            Self::Tip(block) => Some((block, 1)),
            Self::GetData(block) => Some((block, 2)),
            Self::GetTxn(block) => Some((block, 3)),
            Self::Compact(block) => Some((block, 4)),
            Self::Whole(block) => Some((block, 5)),
        }
    }

    /// The block that it is about, if it goes from a full node to another.
    pub fn block(self) -> Option<u32> {
        self.about().filter(|_| !self.is_light()).map(|(block, _)| block)
    }

    /// Whether it goes between a full node and a light one.
    pub fn is_light(self) -> bool {
        matches!(self, Self::Header(_) | Self::GetHeaders(_) | Self::Headers(_) | Self::AskPath(_) | Self::Path(_))
    }

    /// The record that it is about, and which kind of message it is.
    fn about_record(self) -> Option<(u32, u32)> {
        match self {
            Self::OfRecord(record) => Some((record, 6)),
            Self::AskRecord(record) => Some((record, 7)),
            Self::Record(record) => Some((record, 8)),
            _ => None,
        }
    }

    /// The record that it is about.
    pub fn record(self) -> Option<u32> {
        self.about_record().map(|(record, _)| record)
    }

    /// Whether it goes from one node to another.
    pub fn travels(self) -> bool {
        !matches!(self, Self::Find | Self::Pay)
    }

    /// Whether it carries a block.
    pub fn carries(self) -> bool {
        matches!(self, Self::Compact(_) | Self::Whole(_))
    }
}

/// A node.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The last block of the chain that it follows.
    pub tip: u32,
    /// The greatest height that it has followed, and since when.
    reached: u32,
    since: Micros,
    /// Whether it relays compact blocks.
    compact: bool,
    /// Whether it comes and goes.
    churns: bool,
    /// When its line is free again.
    free_at: Micros,
}

/// What a run measures while it goes on.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// Of each block found, when it had come to each of [`SPREADS`]; the end of time where it has not.
    pub spreads: Vec<[Micros; 3]>,
    /// For how long nodes followed a chain that was lower than the highest, weighted by their hash power, in microseconds.
    pub behind: f64,
    /// The most blocks that a node gave up for another branch.
    pub deepest: u32,
    /// Bytes that nodes sent, and of them those that came and those that never will.
    pub sent: u64,
    /// See `sent`.
    pub received: u64,
    /// See `sent`.
    pub lost: u64,
}

/// One run, without what is shown of it.
#[derive(Clone, Debug)]
pub struct Network {
    pub config: Config,
    pub world: World<Event>,
    pub links: Links,
    pub light: Light,
    /// Of each node where it stands.
    regions: Vec<u8>,
    /// Full nodes; those that come after them in number are light.
    pub nodes: Vec<Node>,
    pub chain: Chain,
    pub known: Known,
    pub mining: Mining,
    pub measures: Measures,
    /// Of each node how many blocks it has found.
    pub found_by: Vec<u32>,
    /// The records that wait, and those in blocks.
    pub pool: Pool,
    /// How many payments were thought of.
    pub payments: u64,
    /// Whether all miners rest.
    pub miners_rest: bool,
    /// What is shown, if somebody watches.
    pub watched: Option<Box<Watched>>,
    /// From region to region the way of a message, and the least that an announcement takes.
    ways: [(Way, Micros); REGIONS * REGIONS],
    /// How many nodes [`SPREADS`] are.
    marks: [u32; 3],
    /// Blocks that came before the one before them: who has them, what is missing, and they.
    waiting: BTreeSet<(u32, u32, u32)>,
    /// When the next find is due that is queued.
    find_at: Micros,
    /// Whether nothing stands between nodes.
    open: bool,
    /// Messages on their way that will never come, by sender and count.
    lost: BTreeSet<(u32, u32)>,
    /// How many messages are on their way.
    under_way: u32,
    /// A row of blocks to ask for, and one of neighbours and when they will hear; kept for their room.
    asked: Vec<u32>,
    arrivals: Vec<(u32, Option<Micros>)>,
}

impl Network {
    /// A network at its start: all follow the first block, and try for the next.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        let count = config.nodes;
        let chance = Chance::new(seed);
        let mut shape = chance.draws(SHAPE, 0);
        let mut regions = regions::places(count, &mut shape);
        regions.extend(Light::places(config.light, chance));
        let links = Links::new(count, config.outbound, &mut shape);
        let compact = regions::having(count, config.compact_share, &mut shape);
        let churns = regions::having(count, config.churn_share, &mut shape);
        let node = |i: usize| Node {
            tip: GENESIS,
            reached: 0,
            since: 0,
            compact: config.compact && compact[i],
            churns: churns[i],
            free_at: 0,
        };
        let mut network = Self {
            // One more sends the finds, so that nobody's own count depends on who finds what.
            world: World::new(seed, (count + config.light) as usize + 1),
            links,
            light: Light::new(count, config.light, config.outbound, chance),
            regions,
            nodes: (0..count as usize).map(node).collect(),
            chain: Chain::new(config.rule()),
            known: Known::new(count),
            mining: Mining::new(count, config.power, config.interval, chance),
            measures: Measures::default(),
            found_by: vec![0; count as usize],
            pool: Pool::new(count, config.block_room),
            payments: 0,
            miners_rest: false,
            watched: None,
            ways: std::array::from_fn(|i| {
                let way = regions::way(i / REGIONS, i % REGIONS);
                (way, micros(way.least).saturating_add(regions::HANDLING))
            }),
            marks: SPREADS.map(|share| libm::ceil(share * f64::from(count)) as u32),
            waiting: BTreeSet::new(),
            find_at: Micros::MAX,
            open: true,
            lost: BTreeSet::new(),
            under_way: 0,
            asked: Vec::new(),
            arrivals: Vec::new(),
            config,
        };
        network.change_power_at(1);
        network.await_find();
        network.await_payment();
        network
    }

    /// Whether all blocks of the run are found.
    #[must_use]
    pub fn all_found(&self) -> bool {
        self.chain.mined() >= self.config.blocks
    }

    /// Whether anything of a block is under way.
    #[must_use]
    pub fn travels(&self) -> bool {
        self.under_way > 0
    }

    /// Runs all that is due.
    pub fn advance(&mut self, until: Micros) {
        while let Some((key, event)) = self.world.next(until) {
            if self.watched.is_some() {
                self.tell_departures(key.at);
            }
            let (from, to) = (key.from, key.to);
            self.under_way -= u32::from(event.travels());
            if !self.lost.is_empty() && self.lost.remove(&(from, key.count)) {
                if let Some(block) = event.block() {
                    self.known.ends(block);
                }
                continue;
            }
            match event {
                Event::Find => self.finds(to),
                Event::Pay => self.pays(),
                Event::OfRecord(record) => self.hears_of_record(to, from, record),
                Event::AskRecord(record) => self.is_asked_for_record(to, from, record),
                Event::Record(record) => self.takes_record(to, from, record, key.count),
                Event::Inv(block) | Event::Tip(block) => self.hears(to, from, block),
                Event::GetData(block) => self.is_asked(to, from, block),
                Event::GetTxn(block) => self.is_asked_again(to, from, block),
                Event::Compact(block) => self.takes_compact(to, from, block),
                Event::Whole(block) => {
                    self.measures.received += self.bytes(event, from, to);
                    self.takes(to, from, block);
                }
                _ => self.light_message(event, from, to, key.count),
            }
            if let Some(block) = event.block() {
                self.known.ends(block);
            }
        }
        if self.watched.is_some() {
            self.tell_departures(until);
        }
    }

    // --- finding ----------------------------------------------------------------------------------------------------

    /// Queues the next find, if none is queued that comes before it.
    pub fn await_find(&mut self) {
        if self.all_found() {
            return;
        }
        if let Some((at, node)) = self.mining.next()
            && at < self.find_at
        {
            self.find_at = at;
            self.world.send(self.total(), node, at.saturating_sub(self.world.now()), Event::Find);
        }
    }

    fn finds(&mut self, node: u32) {
        let now = self.world.now();
        if now == self.find_at {
            self.find_at = Micros::MAX;
        }
        if !self.all_found() && self.mining.is_due(node, now) {
            self.mine(node);
            let pace = self.chain.get(self.nodes[node as usize].tip).pace;
            self.mining.wind_up(node, now, pace, self.world.chance());
        }
        self.await_find();
    }

    /// A node has found a block on top of the chain that it follows.
    pub fn mine(&mut self, node: u32) {
        let now = self.world.now();
        let nth = self.found_by[node as usize];
        self.found_by[node as usize] += 1;
        let before = self.nodes[node as usize].tip;
        let block = self.chain.add(before, node, nth, now);
        self.pool.fill(node, block, before, now);
        self.measures.spreads.push([Micros::MAX; 3]);
        self.known.add(now);
        self.known.departs(block);
        self.tell_block(block);
        self.change_power_at(self.chain.get(block).height + 1);
        self.gets(node, block);
        self.known.ends(block);
    }

    /// When blocks of a height are first looked for, hash power may change.
    fn change_power_at(&mut self, height: u32) {
        if height == self.config.change_at && self.chain.heights().0 < height {
            self.mining.quicken(self.world.now(), self.config.change_to);
            self.config.change_at = 0;
        }
    }

    // --- messages ---------------------------------------------------------------------------------------------------

    /// How long a message is under way, besides its sending.
    fn latency(&self, event: Event, from: u32, to: u32) -> Micros {
        match (self.config.latency, event.about()) {
            (Latency::Regions, Some((number, kind))) => {
                let block = self.chain.get(number);
                // Its luck is that of sender, receiver, block and kind, whatever else is sent: a touch elsewhere leaves it
                // alone.
                let purpose = Purpose(LATENCY + kind + (block.nth << 8));
                let count = u64::from(to) | u64::from(block.finder) << 32;
                let luck = self.world.chance().draws_from(purpose, from, count).unit();
                let way = self.way(from, to).0.latency(luck);
                if event.carries() { way } else { way.saturating_add(regions::HANDLING) }
            }
            (Latency::Regions, None) => event.about_record().map_or(0, |(record, kind)| {
                let count = u64::from(to) | u64::from(record) << 32;
                let luck = self.world.chance().draws_from(Purpose(LATENCY + kind), from, count).unit();
                self.way(from, to).0.latency(luck).saturating_add(regions::HANDLING)
            }),
            (Latency::Each(latency), _) => latency,
        }
    }

    fn way(&self, from: u32, to: u32) -> &(Way, Micros) {
        &self.ways[self.region(from) * REGIONS + self.region(to)]
    }

    /// What a node follows and whether it runs, as one number that is the same in a run whose other blocks differ: a block
    /// is named by who found it.
    #[must_use]
    pub fn digest(&self, node: u32) -> u64 {
        if node >= self.total() {
            return 0;
        }
        let tip = self.chain.get(self.tip(node));
        let free_at = self.nodes.get(node as usize).map_or(0, |there| there.free_at);
        let name = u64::from(tip.finder) << 32 | u64::from(tip.nth);
        name.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ free_at << 1 ^ u64::from(self.world.gate.runs(node))
    }

    fn region(&self, node: u32) -> usize {
        usize::from(self.regions[node as usize])
    }

    /// The least that an announcement takes.
    fn least_latency(&self, from: u32, to: u32) -> Micros {
        match self.config.latency {
            Latency::Regions => self.way(from, to).1,
            Latency::Each(latency) => latency,
        }
    }

    /// How many bytes a message has.
    pub fn bytes(&self, event: Event, from: u32, to: u32) -> u64 {
        match event {
            Event::Find | Event::Pay => 0,
            Event::Inv(_)
            | Event::Tip(_)
            | Event::GetData(_)
            | Event::GetTxn(_)
            | Event::OfRecord(_)
            | Event::AskRecord(_) => WORD_BYTES,
            Event::Record(_) => RECORD_BYTES,
            Event::Compact(_) => COMPACT_BYTES.min(self.config.block_bytes),
            Event::Header(_) | Event::GetHeaders(_) | Event::Headers(_) | Event::AskPath(_) | Event::Path(_) => {
                self.light_bytes(event, from, to)
            }
            Event::Whole(_) if !self.speaks_compact(from, to) => self.config.block_bytes,
            Event::Whole(block) => {
                let luck = self.luck_of(MISSING, to, block);
                let part = regions::missing(self.nodes[to as usize].churns, luck);
                libm::ceil(part * self.config.block_bytes as f64) as u64
            }
        }
    }

    /// How long it takes to send a message with a block.
    fn sending(&self, event: Event, from: u32, to: u32) -> Micros {
        let rate = self.config.bandwidth.unwrap_or_else(|| regions::rate(self.region(from), self.region(to)));
        let bytes = self.bytes(event, from, to);
        bytes.saturating_mul(1_000_000).div_ceil(rate)
    }

    /// Whether both ends relay compact blocks.
    fn speaks_compact(&self, from: u32, to: u32) -> bool {
        self.nodes[from as usize].compact && self.nodes[to as usize].compact
    }

    /// A node's luck with a block.
    fn luck_of(&self, what: u32, node: u32, number: u32) -> f64 {
        let block = self.chain.get(number);
        let count = u64::from(block.nth) << 32 | u64::from(block.finder);
        self.world.chance().draws_from(Purpose(what), node, count).unit()
    }

    /// When a message that will come at a time sets out.
    pub fn departure(&self, event: Event, from: u32, to: u32, arrives: Micros) -> Micros {
        let sending = if event.carries() { self.sending(event, from, to).saturating_add(CHECKING) } else { 0 };
        arrives.saturating_sub(self.latency(event, from, to)).saturating_sub(sending)
    }

    /// Sends a message that sets out at a time and comes at another.
    fn send(&mut self, event: Event, from: u32, to: u32, departs: Micros, arrives: Micros) {
        self.measures.sent += self.bytes(event, from, to);
        if let Some(block) = event.block() {
            self.known.departs(block);
        }
        self.under_way += 1;
        let count = self.world.send(from, to, arrives - self.world.now(), event);
        self.tell_message(event, from, to, count, departs, arrives);
    }

    /// Sends a message without a block.
    pub fn say(&mut self, event: Event, from: u32, to: u32) {
        let now = self.world.now();
        let arrives = now.saturating_add(self.latency(event, from, to));
        self.send(event, from, to, now, arrives);
    }

    /// Sends a message with a block as soon as the line is free.
    fn upload(&mut self, event: Event, from: u32, to: u32) {
        let departs = self.nodes[from as usize].free_at.max(self.world.now());
        let sent = departs.saturating_add(self.sending(event, from, to));
        let arrives = sent.saturating_add(self.latency(event, from, to)).saturating_add(CHECKING);
        let waits = self.config.latency == Latency::Regions;
        self.nodes[from as usize].free_at = if waits { arrives } else { sent };
        self.send(event, from, to, departs, arrives);
    }

    // --- what a node does ---------------------------------------------------------------------------------------------

    /// A node announces the block that it has adopted.
    fn announce(&mut self, node: u32, block: u32) {
        let (now, event) = (self.world.now(), Event::Inv(block));
        let mut arrivals = std::mem::take(&mut self.arrivals);
        arrivals.clear();
        let news = self.known.news(block);
        for other in self.links.of(node) {
            if !self.open && !self.world.gate.may_pass(node, *other) {
                continue;
            }
            let mut arrives = None;
            if !news.is_stale(*other, now.saturating_add(self.least_latency(node, *other))) {
                let at = now.saturating_add(self.latency(event, node, *other));
                arrives = Some(at).filter(|at| !news.is_stale(*other, *at));
            }
            arrivals.push((*other, arrives));
        }
        for (other, arrives) in &arrivals {
            if let Some(at) = arrives {
                self.known.will_hear(block, *other, now, *at);
                self.send(event, node, *other, now, *at);
            } else {
                self.world.send_in_vain(node);
                self.measures.sent += WORD_BYTES;
                self.measures.received += WORD_BYTES;
            }
        }
        self.arrivals = arrivals;
        self.announce_header(node, block);
    }

    /// A node hears of a block.
    fn hears(&mut self, node: u32, from: u32, block: u32) {
        self.measures.received += WORD_BYTES;
        let tip = self.nodes[node as usize].tip;
        if !self.chain.is_better(tip, block) {
            self.asks(node, from, block);
        }
    }

    /// A node asks for a block and all before it that it neither has nor fetches. What it fetches already it fetches with all
    /// that is before it.
    fn asks(&mut self, node: u32, from: u32, block: u32) {
        if self.known.has_or_fetches(block, node) {
            return;
        }
        let mut asked = std::mem::take(&mut self.asked);
        asked.clear();
        let mut missing = block;
        while !self.known.has_or_fetches(missing, node) {
            asked.push(missing);
            missing = self.chain.get(missing).before;
        }
        for missing in asked.iter().rev() {
            self.say(Event::GetData(*missing), node, from);
            self.known.fetches(*missing, node, self.world.now(), true);
        }
        self.asked = asked;
    }

    /// A node is asked for a block.
    fn is_asked(&mut self, node: u32, from: u32, block: u32) {
        self.measures.received += WORD_BYTES;
        let event = if self.speaks_compact(node, from) { Event::Compact(block) } else { Event::Whole(block) };
        self.upload(event, node, from);
    }

    /// A node is asked for what a compact block lacked.
    fn is_asked_again(&mut self, node: u32, from: u32, block: u32) {
        self.measures.received += WORD_BYTES;
        self.upload(Event::Whole(block), node, from);
    }

    /// A compact block comes to a node.
    fn takes_compact(&mut self, node: u32, from: u32, block: u32) {
        self.measures.received += self.bytes(Event::Compact(block), from, node);
        let churns = self.nodes[node as usize].churns;
        let rate = if churns { self.config.fail_churn } else { self.config.fail_steady };
        if self.luck_of(FAILS, node, block) < rate {
            self.say(Event::GetTxn(block), node, from);
        } else {
            self.takes(node, from, block);
        }
    }

    /// A block has come to a node; it waits there if it lacks the one before it.
    fn takes(&mut self, node: u32, from: u32, block: u32) {
        let before = self.chain.get(block).before;
        if !self.known.has(before, node) {
            if self.waiting.insert((node, before, block)) {
                self.known.departs(block);
            }
            // It was asked for along with those before it; if those were lost on their way, they are asked for again.
            self.asks(node, from, before);
            return;
        }
        self.gets(node, block);
        if self.waiting.is_empty() {
            return;
        }
        let mut has = vec![block];
        while let Some(last) = has.pop() {
            while let Some(next) = self.waiting.range((node, last, 0)..=(node, last, u32::MAX)).next().copied() {
                self.waiting.remove(&next);
                self.gets(node, next.2);
                self.known.ends(next.2);
                has.push(next.2);
            }
        }
    }

    /// A node has a block and all before it.
    fn gets(&mut self, node: u32, block: u32) {
        let now = self.world.now();
        let Some(count) = self.known.gets(block, node, now) else { return };
        let took = now - self.chain.get(block).found;
        for (time, mark) in self.measures.spreads[block as usize - 1].iter_mut().zip(self.marks) {
            if count == mark {
                *time = took;
            }
        }
        if self.chain.is_better(block, self.nodes[node as usize].tip) {
            self.adopts(node, block);
        }
    }

    /// A node follows another chain, or the same one further.
    fn adopts(&mut self, node: u32, block: u32) {
        let now = self.world.now();
        let tip = std::mem::replace(&mut self.nodes[node as usize].tip, block);
        let (last, next) = (*self.chain.get(tip), *self.chain.get(block));
        if next.before != tip {
            let given_up = last.height - self.chain.get(self.chain.fork_of(tip, block)).height;
            self.measures.deepest = self.measures.deepest.max(given_up);
        }
        let Node { reached, since, .. } = &mut self.nodes[node as usize];
        if next.height > *reached {
            let behind = now - self.chain.first_at(*reached + 1).max(*since);
            self.measures.behind += behind as f64 * self.mining.share(node);
            (*reached, *since) = (next.height, now);
        }
        if next.pace.to_bits() != last.pace.to_bits() {
            self.mining.stretch(node, now, next.pace / last.pace);
            self.await_find();
        }
        let given_up = self.pool.follow(node, &self.chain, tip, block);
        self.tell_pool(node);
        self.tell_adopted(node, tip);
        self.announce(node, block);
        for record in given_up {
            self.offer(node, record, node);
        }
    }

    // --- what a visitor does ------------------------------------------------------------------------------------------

    /// Whether a message on its way will never come.
    pub fn is_lost(&self, key: &Key) -> bool {
        self.lost.contains(&(key.from, key.count))
    }

    /// Stops a node: it tries no more, and says and hears nothing.
    pub fn stop(&mut self, node: u32) {
        self.world.gate.stop(node, true);
        if self.light.get(node).is_none() {
            self.mining.stop(node, self.world.now());
        }
        self.close(|from, to| from == node || to == node);
        self.tell_peer(node);
    }

    /// Lets a node run again: it and its neighbours tell each other where they are.
    pub fn start(&mut self, node: u32) {
        self.world.gate.stop(node, false);
        if !self.miners_rest && self.light.get(node).is_none() {
            self.mining.start(node, self.world.now());
        }
        self.tell_peer(node);
        for other in self.neighbours(node).collect::<Vec<u32>>() {
            self.greet(node, other);
        }
        self.await_find();
    }

    /// Cuts links.
    pub fn cut(&mut self, links: &[(u32, u32)]) {
        for (a, b) in links {
            self.world.gate.cut(*a, *b, true);
            self.tell_link(*a, *b);
        }
        let cut: BTreeSet<(u32, u32)> = links.iter().copied().collect();
        self.close(|from, to| cut.contains(&(from.min(to), from.max(to))));
    }

    /// Heals links: their ends tell each other where they are.
    pub fn heal(&mut self, links: &[(u32, u32)]) {
        for (a, b) in links {
            self.world.gate.cut(*a, *b, false);
            self.tell_link(*a, *b);
        }
        for (a, b) in links {
            self.greet(*a, *b);
        }
    }

    /// Two nodes that may reach each other again tell each other their last blocks.
    fn greet(&mut self, a: u32, b: u32) {
        let (full, light) = (a.min(b), a.max(b));
        if self.light.get(light).is_some() {
            self.tell_header(full, light);
            return;
        }
        for (from, to) in [(a, b), (b, a)] {
            self.tell_tip(from, to);
            self.tell_waiting(from, to);
        }
    }

    fn tell_tip(&mut self, from: u32, to: u32) {
        let tip = self.nodes[from as usize].tip;
        if self.world.gate.may_pass(from, to) && !self.known.has_or_fetches(tip, to) {
            self.say(Event::Tip(tip), from, to);
        }
    }

    /// What is on its way where nothing may pass any more is lost, and who waited for it asks its other neighbours.
    fn close(&mut self, closed: impl Fn(u32, u32) -> bool) {
        self.open = false;
        let now = self.world.now();
        let mut hit: Vec<_> = self
            .world
            .pending()
            .filter(|(key, event)| event.travels() && closed(key.from, key.to))
            .map(|(key, event)| (key, *event))
            .filter(|(key, _)| !self.is_lost(key))
            .collect();
        hit.sort_unstable_by_key(|(key, _)| *key);
        let (mut bereft, mut missed, mut light) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (key, event) in hit {
            self.lost.insert((key.from, key.count));
            self.measures.lost += self.bytes(event, key.from, key.to);
            self.tell_lost(event, &key);
            if let Some(record) = event.record() {
                missed.insert((if matches!(event, Event::AskRecord(_)) { key.from } else { key.to }, record));
            }
            if event.is_light() {
                light.push((key.from.max(key.to), event));
            }
            let Some(block) = event.block() else { continue };
            // Who asked waits in vain, as does who would have heard.
            let asks = matches!(event, Event::GetData(_) | Event::GetTxn(_));
            let waits = if asks { key.from } else { key.to };
            let only_heard = matches!(event, Event::Inv(_) | Event::Tip(_));
            if !(only_heard && self.known.has_or_fetches(block, waits)) {
                self.known.fetches(block, waits, now, false);
            }
            bereft.insert(waits);
        }
        for node in bereft {
            // What waits for what was lost is asked for with it.
            while let Some(next) = self.waiting.range((node, 0, 0)..=(node, u32::MAX, u32::MAX)).next().copied() {
                self.waiting.remove(&next);
                self.known.fetches(next.2, node, now, false);
                self.known.ends(next.2);
            }
            for other in self.links.of(node).to_vec() {
                self.tell_tip(other, node);
            }
        }
        for (node, record) in missed {
            self.misses_record(node, record);
        }
        for (node, event) in light {
            self.light_misses(event, node);
        }
    }
}

#[cfg(test)]
impl Network {
    /// A network with some settings, the others as they are by default.
    pub fn with(set: &[(&str, &str)], seed: u64) -> Self {
        let specs = super::settings();
        let mut settings = crate::sim::model::Settings::defaults(&specs);
        for (key, value) in set {
            settings.set(&specs, key, value).unwrap();
        }
        Self::new(Config::from(&settings).unwrap(), seed)
    }
}
