//! The rules: who gives what to whom.
//!
//! *Client-server*: the server sends chunk by chunk to all in turn.
//!
//! *Peer-to-peer*: whoever has room on its line offers to a neighbour that lacks something it holds, the neediest of those
//! it looks at; the neighbour asks for the rarest chunk that it lacks and was promised by nobody, and gets it. Nobody
//! promises a chunk twice, so every packet is of use. The server puts each chunk out once before it repeats any. Who holds
//! a chunk whole tells its neighbours. Every one of these words takes the network's latency; where that is nothing, word is
//! taken at once.

use super::{
    Config, Mode,
    network::{Flight, Knows, Network, Node, SERVER, Set},
};
use crate::sim::{
    kernel::{
        bits::{has, set},
        chance::Purpose,
        line::Turns,
        world::World,
    },
    vocabulary::{
        Happening, Life, Link, LinkId, LinkState, Micros, Packet, PacketEnd, PacketForm, PacketId, Peer, PeerId,
        PeerKind, PieceId, Ring, StoppedBy, Tint,
    },
};
use std::collections::{BTreeMap, VecDeque};

/// Draws that choose whom to look at first, and among equally rare chunks.
const CHOICE: Purpose = Purpose(3);
/// How many neighbours a computer looks at, where it knows all, before it goes through them one by one. With 2 the
/// neediest are found late; more than 8 gain nothing.
const LOOKS: u32 = 6;
/// In how many queues a computer waits for room at a time. One would do; a few make it less likely to wait for the last.
const WAITS: usize = 8;
/// How many refusals a computer takes before it waits a while instead of asking everybody; only where asking takes time.
const PATIENCE: usize = 8;
/// The most offers and promises that a line keeps open to bridge the latency.
const DEEPEST: u64 = 4_096;

/// Who is told of what nobody in the network decided. At equal times the last receiver comes last: what a setting does at
/// a moment finds that moment's arrivals in, just as a visitor's deed does.
const OUTSIDE: u32 = u32::MAX;

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A packet's last byte comes to the receiver's door.
    Arrives { packet: u32 },
    /// A packet's last byte has left; only where that is another moment than its arrival.
    Sent { packet: u32 },
    /// The receiver's own line has taken a chunk in.
    Taken { chunk: u32, from: u32 },
    /// Word comes to the neighbours that one holds a chunk.
    Known { chunk: u32 },
    /// "I have room on my line", maybe for one chunk only.
    Offer { chunk: Option<u32> },
    /// "Then send me this."
    Ask { chunk: u32 },
    /// "I need nothing that you have", or "I have no room now".
    Decline { chunk: Option<u32>, full: bool },
    /// "I have room again."
    Room,
    /// Word comes to the neighbours that one is gone.
    Gone,
    /// Word comes to the neighbours that one is there.
    Back,
    /// Word comes to the neighbours that one lacks what it had been promised.
    Lacks,
    /// Time to ask those again who declined.
    Retry,
    /// The server's appointed end.
    StopServer,
}

/// What a computer must remember because word takes time; there is none of it where word takes none.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    /// What was asked of it and waits for its line.
    asked: VecDeque<(u32, u32)>,
    /// To whom it offered and got no answer yet, and how many chunks it held when it did.
    offered: Vec<(u32, u32)>,
    /// Who declined since it last had something new.
    declined: Vec<u32>,
    /// Whether it has set itself a time to ask those again.
    retries: bool,
}

/// A run: the network and what moves it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The settings.
    pub config: Config,
    /// What stands.
    pub network: Network,
    /// Time, events, luck, gate and watcher.
    pub world: World<Event>,
    ahead: Vec<Ahead>,
    /// Chunks that the server has not put out yet, in order.
    fresh: VecDeque<u32>,
    /// Whom the server serves, in turn; client-server only.
    turns: Turns<u32>,
    /// Of each chunk how many running peers hold it.
    holders: Vec<u32>,
    /// How many chunks no running peer holds.
    pub missing: u32,
    /// When every chunk was first held by some running peer.
    pub all_out_at: Option<Micros>,
    /// Who stopped a computer that is stopped.
    pub stopped_by: BTreeMap<u32, StoppedBy>,
    /// Bytes that came in from the server.
    pub server_bytes: u64,
    /// Bytes that came in from peers.
    pub peer_bytes: u64,
    /// Packets on their way.
    pub flying: u64,
    /// Whether the server's line is slowed.
    pub slowed: bool,
    /// Whether anybody ever touched the run.
    pub touched: bool,
    /// How many packets each link carries, for a watcher.
    in_use: BTreeMap<LinkId, u32>,
}

impl Run {
    /// A run at its start.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        let computers = config.peers as usize + 1;
        let mut run = Self {
            network: Network::new(&config, seed),
            world: World::new(seed, computers),
            ahead: if config.latency > 0 { vec![Ahead::default(); computers] } else { Vec::new() },
            fresh: (0..config.chunks).collect(),
            turns: Turns::default(),
            holders: vec![0; config.chunks as usize],
            missing: config.chunks,
            all_out_at: None,
            stopped_by: BTreeMap::new(),
            server_bytes: 0,
            peer_bytes: 0,
            flying: 0,
            slowed: false,
            touched: false,
            in_use: BTreeMap::new(),
            config,
        };
        if run.config.mode == Mode::ClientServer {
            for peer in 1..computers as u32 {
                run.turns.join(peer);
            }
        }
        if run.config.stop_server_at > 0 {
            run.world.send(SERVER, OUTSIDE, run.config.stop_server_at, Event::StopServer);
        }
        run.give(SERVER, None);
        run
    }

    /// Runs every event up to and including `until`.
    pub fn advance(&mut self, until: Micros) {
        while let Some((key, event)) = self.world.next(until) {
            let (from, to) = (key.from, key.to);
            match event {
                Event::Arrives { packet } => self.arrives(from, to, packet),
                Event::Sent { packet } => self.sent(to, packet),
                Event::Taken { chunk, from } => self.taken(to, chunk, from),
                Event::Known { chunk } => self.known(to, chunk),
                Event::Offer { chunk } => self.offered(to, from, chunk),
                Event::Ask { chunk } => self.asked(to, from, chunk),
                Event::Decline { chunk, full } => self.declined(to, from, chunk, full),
                Event::Room => self.room_again(to, from),
                Event::Gone => self.gone(to),
                Event::Back => self.back(to),
                Event::Lacks => self.lacks_again(to),
                Event::Retry => self.retry(to),
                Event::StopServer => {
                    self.stop(SERVER, StoppedBy::Model);
                }
            }
        }
    }

    /// Whether one takes part.
    #[must_use]
    pub fn runs(&self, who: u32) -> bool {
        self.world.gate.runs(who)
    }

    /// The bytes of a chunk; chunks differ by one byte at most.
    #[must_use]
    pub fn bytes(&self, chunk: u32) -> u64 {
        let (file, chunks) = (u128::from(self.config.file_bytes), u128::from(self.config.chunks));
        let edge = |i: u32| file * u128::from(i) / chunks;
        (edge(chunk + 1) - edge(chunk)) as u64
    }

    fn node(&mut self, who: u32) -> &mut Node {
        &mut self.network.nodes[who as usize]
    }

    fn choice(&mut self, who: u32, end: u32) -> u32 {
        let mut draws = self.world.draws(CHOICE, who, self.network.nodes[who as usize].draws);
        let chosen = draws.below(end);
        self.node(who).draws = draws.count();
        chosen
    }

    // --- giving -----------------------------------------------------------------------------------------------------

    /// Uses a computer's free line as far as somebody can be given to. `news` is the one chunk that it did not have when
    /// it last found nobody.
    fn give(&mut self, who: u32, news: Option<u32>) {
        if !self.runs(who) {
            return;
        }
        if self.config.mode == Mode::ClientServer {
            if who == SERVER {
                self.serve();
            }
            return;
        }
        if who != SERVER && self.network.nodes[who as usize].held == 0 {
            return;
        }
        while self.open(who) < self.depth(who) {
            if !self.offer_somebody(who, news) {
                self.node(who).idle = true;
                return;
            }
        }
        self.node(who).idle = false;
    }

    /// What a line is busy with or has promised to be.
    fn open(&self, who: u32) -> u64 {
        let node = &self.network.nodes[who as usize];
        let busy = u64::from(node.up.lanes() - node.up.free_lanes());
        let ahead = self.ahead.get(who as usize).map_or(0, |a| a.asked.len() + a.offered.len());
        busy + ahead as u64
    }

    /// How much a line should be busy with, so that it never waits for an answer.
    fn depth(&self, who: u32) -> u64 {
        let up = &self.network.nodes[who as usize].up;
        let lanes = u64::from(up.lanes());
        if self.config.latency == 0 {
            return lanes;
        }
        let answer = 2.0 * self.config.latency as f64 / 1e6;
        let ahead = (answer / up.block_seconds(self.config.chunk_bytes())).ceil() as u64;
        lanes * (1 + ahead.min(DEEPEST))
    }

    /// Whether a receiver's own line could take more than what is under way to it already: enough for the time that a
    /// promise takes to be kept, and one chunk to begin with.
    fn has_room(&self, who: u32) -> bool {
        let node = &self.network.nodes[who as usize];
        (node.promised.len() as u64 + u64::from(node.taking)) < self.config.window
    }

    /// Whether `who` believes that it holds something for `other`.
    fn may_need(&self, who: u32, other: u32, news: Option<u32>) -> bool {
        let network = &self.network;
        if self.config.latency == 0 {
            // It takes no time to ask.
            let wanted = network.row(Set::Wanted, other);
            if let Some(chunk) = news {
                return has(wanted, chunk);
            }
            let holds = network.row(Set::Holds, who);
            return holds.iter().zip(wanted).any(|(h, w)| h & w != 0);
        }
        let declined = &self.ahead[who as usize].declined;
        if declined.len() >= PATIENCE || declined.contains(&other) {
            return false;
        }
        let known = network.row(Set::Known, other);
        if let Some(chunk) = news {
            return !has(known, chunk);
        }
        let holds = network.row(Set::Holds, who);
        holds.iter().zip(known).any(|(h, k)| h & !k != 0)
    }

    /// How much one is believed to have, or to be about to get.
    fn wealth(&self, who: u32, other: u32) -> u64 {
        if self.config.latency == 0 {
            let node = &self.network.nodes[other as usize];
            return u64::from(node.held) + node.promised.len() as u64 + u64::from(node.taking);
        }
        let offered = self.ahead[who as usize].offered.iter().filter(|o| o.0 == other).count();
        u64::from(self.network.known_held[other as usize]) + offered as u64
    }

    /// Finds a neighbour that lacks something and makes it an offer; false if there is none.
    fn offer_somebody(&mut self, who: u32, news: Option<u32>) -> bool {
        // The server's first round: the next chunk that is not out.
        let fresh = if who == SERVER { self.fresh.front().copied() } else { None };
        let only = fresh.or(news);
        let count = match &self.network.knows {
            Knows::All { lacking, .. } => lacking.len() as u32,
            Knows::Some { rows, .. } => rows[who as usize].len() as u32,
        };
        // Who waits here is called by nobody, for nobody wants anything.
        if count == 0 || (self.config.latency == 0 && !self.network.anybody_wants(who, only)) {
            if let Some(chunk) = fresh.filter(|chunk| count > 0 && !self.wanted_anywhere(*chunk)) {
                return self.skip_fresh(who, chunk);
            }
            return false;
        }
        let offset = self.choice(who, count);
        let (best, full) = self.look_round(who, only, count, offset);
        let Some(other) = best else {
            if self.config.latency == 0 {
                for other in full {
                    let waiting = &mut self.node(other).waiting;
                    if !waiting.contains(&who) {
                        waiting.push_back(who);
                    }
                }
            }
            // Nobody is there that lacks this chunk: it is out, whoever brought it.
            return match fresh.filter(|chunk| !self.wanted_anywhere(*chunk)) {
                Some(chunk) => self.skip_fresh(who, chunk),
                None => false,
            };
        };
        self.offer(who, other, fresh);
        true
    }

    fn skip_fresh(&mut self, who: u32, chunk: u32) -> bool {
        debug_assert_eq!(self.fresh.front(), Some(&chunk));
        self.fresh.pop_front();
        self.offer_somebody(who, None)
    }

    fn wanted_anywhere(&self, chunk: u32) -> bool {
        (1..self.network.nodes.len() as u32).any(|p| !has(self.network.row(Set::Holds, p), chunk))
    }

    /// The neediest of the neighbours looked at, and some that could do with more but have no room.
    fn look_round(&self, who: u32, only: Option<u32>, count: u32, offset: u32) -> (Option<u32>, Vec<u32>) {
        let at = |i: u32| {
            let i = (offset + i) % count;
            match &self.network.knows {
                Knows::All { lacking, .. } => lacking[i as usize],
                Knows::Some { rows, .. } => rows[who as usize][i as usize],
            }
        };
        let instant = self.config.latency == 0;
        let mut full = Vec::new();
        let mut best: Option<(u64, u32)> = None;
        for i in 0..count {
            if i >= LOOKS && best.is_some() && matches!(self.network.knows, Knows::All { .. }) {
                break;
            }
            let other = at(i);
            if other == who || other == SERVER || self.network.away[other as usize] {
                continue;
            }
            if instant && !self.has_room(other) {
                if full.len() < WAITS && self.may_need(who, other, only) {
                    full.push(other);
                }
                // The first of them that has room again will call; there is no need to go on.
                if full.len() == WAITS && best.is_none() && i > LOOKS * WAITS as u32 {
                    break;
                }
                continue;
            }
            let wealth = self.wealth(who, other);
            if best.is_none_or(|(least, _)| wealth < least) && self.may_need(who, other, only) {
                best = Some((wealth, other));
            }
        }
        (best.map(|(_, other)| other), full)
    }

    /// Makes an offer. `fresh` is the chunk that the server wants to put out first.
    fn offer(&mut self, who: u32, other: u32, fresh: Option<u32>) {
        if fresh.is_some() {
            self.fresh.pop_front();
        }
        if self.config.latency == 0 {
            match fresh.or_else(|| self.rarest(other, who)) {
                Some(chunk) => {
                    self.promise(other, who, chunk);
                    self.depart(who, other, chunk);
                }
                None => debug_assert!(false, "{who} offered {other} nothing"),
            }
        } else {
            let held = self.network.nodes[who as usize].held;
            self.ahead[who as usize].offered.push((other, held));
            // After the word of what it holds, which may have left at the same moment.
            self.world.send(who, other, self.config.latency + 1, Event::Offer { chunk: fresh });
        }
    }

    /// The rarest chunk that `who` lacks and `from` is known to hold, as far as `who` knows; by chance among equals.
    fn rarest(&mut self, who: u32, from: u32) -> Option<u32> {
        let start = self.choice(who, self.config.chunks);
        let network = &self.network;
        let (known, wanted) = (network.row(Set::Known, from), network.row(Set::Wanted, who));
        let words = network.words;
        let (first, bit) = (start as usize / 64, start % 64);
        // A peer that gives a chunk holds it, so nothing it gives is rarer than 1.
        let floor = u32::from(from != SERVER);
        let mut best: Option<(u32, u32)> = None;
        for i in 0..=words {
            let at = (first + i) % words;
            let mut row = known[at] & wanted[at];
            if i == 0 {
                row &= !0 << bit;
            } else if i == words {
                row &= !(!0 << bit);
            }
            while row != 0 {
                let chunk = at as u32 * 64 + row.trailing_zeros();
                row &= row - 1;
                let copies = network.copies(who, chunk);
                if best.is_none_or(|(least, _)| copies < least) {
                    if copies <= floor {
                        return Some(chunk);
                    }
                    best = Some((copies, chunk));
                }
            }
        }
        best.map(|(_, chunk)| chunk)
    }

    fn promise(&mut self, who: u32, from: u32, chunk: u32) {
        self.network.want(who, chunk, false);
        self.node(who).promised.push((from, chunk));
    }

    /// Client-server: a chunk to each in turn, as long as a lane is free.
    fn serve(&mut self) {
        while self.network.nodes[0].up.free_lanes() > 0 {
            let network = &self.network;
            let more = |peer: &u32| network.row(Set::Wanted, *peer).iter().map(|w| w.count_ones()).sum::<u32>() > 1;
            let Some(peer) = self.turns.take(more) else { return };
            let wanted = self.network.row(Set::Wanted, peer);
            let Some(at) = wanted.iter().position(|w| *w != 0) else {
                continue;
            };
            let chunk = at as u32 * 64 + wanted[at].trailing_zeros();
            self.promise(peer, SERVER, chunk);
            self.depart(SERVER, peer, chunk);
        }
    }

    /// A packet's first byte leaves.
    fn depart(&mut self, from: u32, to: u32, chunk: u32) {
        let bytes = self.bytes(chunk);
        let Some(busy) = self.node(from).up.send(bytes) else {
            debug_assert!(false, "{from} has no free lane");
            return;
        };
        let now = self.world.now();
        let latency = self.config.latency;
        let node = self.node(from);
        let packet = node.packets;
        node.packets += 1;
        let flight =
            Flight { packet, to, chunk, departs: now, arrives: now + busy + latency, sent: false, dead: false };
        node.out.push_back(flight);
        self.flying += 1;
        if latency > 0 {
            self.world.timer(from, busy, Event::Sent { packet });
        }
        self.world.send(from, to, busy + latency, Event::Arrives { packet });
        self.world.tell(|| Happening::Departs(as_packet(from, &flight)));
        self.use_link(from, to, 1);
    }

    // --- taking -----------------------------------------------------------------------------------------------------

    fn find_flight(&self, from: u32, packet: u32) -> Option<usize> {
        self.network.nodes[from as usize].out.iter().position(|f| f.packet == packet)
    }

    fn sent(&mut self, who: u32, packet: u32) {
        let Some(at) = self.find_flight(who, packet) else {
            return;
        };
        let node = self.node(who);
        node.out[at].sent = true;
        node.up.free();
        if node.out[at].dead {
            node.out.remove(at);
        }
        self.send_asked(who);
        self.give(who, None);
    }

    /// Sends what was asked and waits for the line.
    fn send_asked(&mut self, who: u32) {
        while self.network.nodes[who as usize].up.free_lanes() > 0 {
            let Some((to, chunk)) = self.ahead.get_mut(who as usize).and_then(|a| a.asked.pop_front()) else {
                return;
            };
            self.depart(who, to, chunk);
        }
    }

    fn arrives(&mut self, from: u32, to: u32, packet: u32) {
        // Who stopped meanwhile has taken its packets off the line.
        let Some(at) = self.find_flight(from, packet) else {
            return;
        };
        let Some(flight) = self.network.nodes[from as usize].out.remove(at) else {
            return;
        };
        if !flight.sent {
            self.node(from).up.free();
        }
        if !flight.dead {
            if self.runs(to) {
                self.flying -= 1;
                self.use_link(from, to, -1);
                self.come_in(from, to, &flight);
            } else {
                // It left before word of the stop had come.
                self.lose(from, &flight);
                self.unpromise(to, from, flight.chunk);
                self.want_again(to, flight.chunk);
            }
        }
        if !flight.sent {
            self.give(from, None);
        }
    }

    fn come_in(&mut self, from: u32, to: u32, flight: &Flight) {
        let (now, bytes) = (self.world.now(), self.bytes(flight.chunk));
        let latency = self.config.latency;
        self.unpromise(to, from, flight.chunk);
        let node = self.node(to);
        let all_in = node.down.take(flight.departs + latency, now, bytes);
        node.taking += 1;
        if all_in <= now {
            self.taken(to, flight.chunk, from);
        } else {
            self.world.timer(to, all_in - now, Event::Taken { chunk: flight.chunk, from });
        }
    }

    fn want_again(&mut self, who: u32, chunk: u32) {
        if !has(self.network.row(Set::Holds, who), chunk) {
            self.network.want(who, chunk, true);
        }
    }

    fn unpromise(&mut self, who: u32, from: u32, chunk: u32) {
        let promised = &mut self.node(who).promised;
        if let Some(at) = promised.iter().position(|p| *p == (from, chunk)) {
            promised.swap_remove(at);
        }
    }

    /// A chunk is whole.
    fn taken(&mut self, who: u32, chunk: u32, from: u32) {
        self.node(who).taking -= 1;
        if !self.runs(who) {
            // It came in while its taker was stopped: thrown away, and wanted again.
            self.want_again(who, chunk);
            return;
        }
        if has(self.network.row(Set::Holds, who), chunk) {
            return;
        }
        let now = self.world.now();
        let bytes = self.bytes(chunk);
        set(self.network.row_mut(Set::Holds, who), chunk, true);
        self.network.want(who, chunk, false);
        if from == SERVER {
            self.server_bytes += bytes;
        } else {
            self.peer_bytes += bytes;
        }
        self.node(from).given += 1;
        let chunks = self.config.chunks;
        let node = self.node(who);
        node.held += 1;
        if node.held == chunks {
            node.done_at = Some(now);
        }
        self.hold(chunk, true);
        self.world.tell(|| Happening::Holds { peer: PeerId(who), piece: PieceId(chunk), at: now });
        if self.config.mode == Mode::ClientServer {
            return;
        }
        if self.config.latency == 0 {
            self.known(who, chunk);
        } else {
            self.ahead[who as usize].declined.clear();
            self.world.send(who, who, self.config.latency, Event::Known { chunk });
        }
        self.call_waiting(who);
        if self.network.nodes[who as usize].idle {
            self.give(who, Some(chunk));
        }
    }

    /// Counts who of the running peers holds a chunk.
    fn hold(&mut self, chunk: u32, more: bool) {
        let count = &mut self.holders[chunk as usize];
        if more {
            *count += 1;
            self.missing -= u32::from(*count == 1);
        } else {
            *count -= 1;
            self.missing += u32::from(*count == 0);
        }
        if self.missing == 0 && self.all_out_at.is_none() {
            self.all_out_at = Some(self.world.now());
        }
    }

    /// Word has come that one holds a chunk.
    fn known(&mut self, who: u32, chunk: u32) {
        let done = if self.config.latency == 0 {
            self.network.nodes[who as usize].held == self.config.chunks
        } else {
            set(self.network.row_mut(Set::Known, who), chunk, true);
            self.network.known_held[who as usize] += 1;
            self.network.known_held[who as usize] == self.config.chunks
        };
        if !self.network.away[who as usize] {
            self.network.count_copy(who, chunk, true);
        }
        if done {
            self.network.lacks(who, false);
        }
    }

    /// Whoever waited for room here is told, one a free place; all of them, if nothing is under way that would end and let
    /// the others be told.
    fn call_waiting(&mut self, who: u32) {
        if self.config.latency == 0 {
            while self.has_room(who) {
                let Some(other) = self.node(who).waiting.pop_front() else {
                    return;
                };
                self.room_again(other, who);
            }
            return;
        }
        let node = self.node(who);
        let under_way = node.promised.len() as u64 + u64::from(node.taking);
        let waiting = node.waiting.len() as u64;
        let places = if under_way == 0 { waiting } else { self.config.window.saturating_sub(under_way).min(waiting) };
        for _ in 0..places {
            if let Some(other) = self.node(who).waiting.pop_front() {
                self.world.send(who, other, self.config.latency, Event::Room);
            }
        }
    }

    /// One that had no room has some again.
    fn room_again(&mut self, who: u32, other: u32) {
        if let Some(ahead) = self.ahead.get_mut(who as usize) {
            ahead.declined.retain(|d| *d != other);
        }
        let fresh = if who == SERVER { self.fresh.front().copied() } else { None };
        let willing = self.runs(who)
            && !self.network.away[other as usize]
            && self.network.nodes[who as usize].idle
            && self.open(who) < self.depth(who)
            && self.may_need(who, other, fresh);
        if willing {
            self.offer(who, other, fresh);
            let full = self.open(who) >= self.depth(who);
            self.node(who).idle = !full;
        }
    }

    // --- word that takes time ---------------------------------------------------------------------------------------

    fn offered(&mut self, who: u32, from: u32, only: Option<u32>) {
        // An offer that left just before its sender stopped comes after the word of that.
        if !self.runs(who) || self.network.away[from as usize] {
            return;
        }
        let latency = self.config.latency;
        if !self.has_room(who) {
            let waiting = &mut self.node(who).waiting;
            if !waiting.contains(&from) {
                waiting.push_back(from);
            }
            self.world.send(who, from, latency, Event::Decline { chunk: only, full: true });
            return;
        }
        let chosen = match only {
            Some(chunk) => has(self.network.row(Set::Wanted, who), chunk).then_some(chunk),
            None => self.rarest(who, from),
        };
        if let Some(chunk) = chosen {
            self.promise(who, from, chunk);
            self.world.send(who, from, latency, Event::Ask { chunk });
        } else {
            self.world.send(who, from, latency, Event::Decline { chunk: only, full: false });
        }
    }

    /// An answer has come; tells how many chunks there were to offer when it was asked for.
    fn answered(&mut self, who: u32, by: u32) -> Option<u32> {
        let offered = &mut self.ahead[who as usize].offered;
        let at = offered.iter().position(|o| o.0 == by)?;
        Some(offered.remove(at).1)
    }

    fn asked(&mut self, who: u32, by: u32, chunk: u32) {
        if !self.runs(who) {
            return;
        }
        self.answered(who, by);
        self.ahead[who as usize].asked.push_back((by, chunk));
        self.send_asked(who);
    }

    fn declined(&mut self, who: u32, by: u32, chunk: Option<u32>, full: bool) {
        if !self.runs(who) {
            return;
        }
        let held = self.answered(who, by);
        let block = (self.network.nodes[who as usize].up.block_seconds(self.config.chunk_bytes()) * 1e6) as Micros;
        let pause = block.max(2 * self.config.latency);
        if let Some(chunk) = chunk
            && full
        {
            self.fresh.push_front(chunk);
        }
        // Who has or was promised the server's fresh chunk may well need another; and who declined before it could know of
        // the newest chunk may well need that.
        let for_good = chunk.is_none() && held == Some(self.network.nodes[who as usize].held);
        let declined = &mut self.ahead[who as usize].declined;
        if (full || for_good) && !declined.contains(&by) {
            declined.push(by);
        }
        let ahead = &mut self.ahead[who as usize];
        if ahead.declined.len() >= PATIENCE && !ahead.retries {
            ahead.retries = true;
            self.world.timer(who, pause, Event::Retry);
        }
        self.give(who, None);
    }

    /// Asks those again who declined a while ago: what they had been promised then they may have by now, or never got.
    fn retry(&mut self, who: u32) {
        let ahead = &mut self.ahead[who as usize];
        ahead.retries = false;
        ahead.declined.clear();
        self.give(who, None);
    }

    // --- coming and going -------------------------------------------------------------------------------------------

    /// Stops a computer; false if it had stopped already.
    pub fn stop(&mut self, who: u32, by: StoppedBy) -> bool {
        if !self.world.gate.stop(who, true) {
            return false;
        }
        self.stopped_by.insert(who, by);
        // What it had on its way is lost.
        for flight in std::mem::take(&mut self.node(who).out) {
            if !flight.sent {
                self.node(who).up.give_up();
            }
            if !flight.dead {
                self.lose(who, &flight);
            }
        }
        if let Some(ahead) = self.ahead.get_mut(who as usize) {
            *ahead = Ahead { retries: ahead.retries, ..Ahead::default() };
        }
        // What was on its way to it is lost too; its senders don't know yet.
        for from in 0..self.network.nodes.len() as u32 {
            for at in 0..self.network.nodes[from as usize].out.len() {
                let flight = self.network.nodes[from as usize].out[at];
                if flight.to == who && !flight.dead {
                    self.network.nodes[from as usize].out[at].dead = true;
                    self.lose(from, &flight);
                }
            }
        }
        for (_, chunk) in std::mem::take(&mut self.node(who).promised) {
            self.network.want(who, chunk, true);
        }
        self.node(who).waiting.clear();
        if who != SERVER {
            self.count_holdings(who, false);
        }
        self.tell_peer(who);
        self.tell_clients(who);
        if self.config.latency == 0 {
            self.gone(who);
        } else {
            self.world.timer(who, self.config.latency, Event::Gone);
        }
        true
    }

    /// A packet's way ends here and now.
    fn lose(&mut self, from: u32, flight: &Flight) {
        let at = self.world.now();
        self.flying -= 1;
        // Where word takes time, the server finds it among the rarest after its first round.
        let at_once = self.config.latency == 0 && self.config.mode == Mode::PeerToPeer;
        if from == SERVER && at_once && self.holders[flight.chunk as usize] == 0 {
            self.fresh.push_front(flight.chunk);
        }
        let id = PacketId { sender: PeerId(from), count: flight.packet };
        self.world.tell(|| Happening::Ends { id, at, end: PacketEnd::Lost });
        self.use_link(from, flight.to, -1);
    }

    fn count_holdings(&mut self, who: u32, more: bool) {
        for chunk in 0..self.config.chunks {
            if has(self.network.row(Set::Holds, who), chunk) {
                self.hold(chunk, more);
            }
        }
    }

    fn count_known(&mut self, who: u32, more: bool) {
        for chunk in 0..self.config.chunks {
            if who != SERVER && has(self.network.row(Set::Known, who), chunk) {
                self.network.count_copy(who, chunk, more);
            }
        }
    }

    /// Word has come that one is gone.
    fn gone(&mut self, who: u32) {
        if self.network.away[who as usize] {
            return;
        }
        self.network.away[who as usize] = true;
        self.count_known(who, false);
        self.network.lacks(who, false);
        self.turns.retain(|p| *p != who);
        let friends = self.network.neighbours(who);
        for friend in &friends {
            let friend = *friend;
            // What was being sent to it is given up.
            let node = self.node(friend);
            let mut freed = 0;
            node.out.retain(|f| {
                let given_up = f.to == who && f.dead;
                freed += u16::from(given_up && !f.sent);
                !given_up
            });
            for _ in 0..freed {
                node.up.give_up();
            }
            // What it had promised is wanted again.
            let broken: Vec<u32> = node.promised.iter().filter(|(by, _)| *by == who).map(|(_, c)| *c).collect();
            node.promised.retain(|(by, _)| *by != who);
            for chunk in &broken {
                self.network.want(friend, *chunk, true);
            }
            if let Some(ahead) = self.ahead.get_mut(friend as usize) {
                ahead.offered.retain(|o| o.0 != who);
                ahead.asked.retain(|(by, _)| *by != who);
                self.send_asked(friend);
            }
            if !broken.is_empty() && self.runs(friend) {
                self.call_waiting(friend);
                if self.config.latency == 0 {
                    self.lacks_again(friend);
                } else {
                    self.world.timer(friend, self.config.latency, Event::Lacks);
                }
            }
        }
        for friend in friends {
            self.give(friend, None);
        }
    }

    /// Word has come that one lacks what it had been promised.
    fn lacks_again(&mut self, who: u32) {
        for friend in self.network.neighbours(who) {
            if let Some(ahead) = self.ahead.get_mut(friend as usize) {
                ahead.declined.retain(|d| *d != who);
            }
            if self.network.nodes[friend as usize].idle {
                self.give(friend, None);
            }
        }
    }

    /// Lets a computer run again; false if it does.
    pub fn start(&mut self, who: u32) -> bool {
        if !self.world.gate.stop(who, false) {
            return false;
        }
        self.stopped_by.remove(&who);
        if who != SERVER {
            self.count_holdings(who, true);
        }
        self.tell_peer(who);
        self.tell_clients(who);
        self.arrive(who);
        true
    }

    /// The clients of a server that stops or starts are cut off, or no longer.
    fn tell_clients(&mut self, who: u32) {
        if who == SERVER && self.config.mode == Mode::ClientServer {
            for client in 1..self.network.nodes.len() as u32 {
                self.tell_peer(client);
            }
        }
    }

    /// One comes, or comes back, and says so.
    fn arrive(&mut self, who: u32) {
        if self.config.latency == 0 {
            self.back(who);
        } else {
            self.world.timer(who, self.config.latency, Event::Back);
        }
        if self.config.mode == Mode::PeerToPeer || who == SERVER {
            self.give(who, None);
        }
    }

    /// Word has come that one is there.
    fn back(&mut self, who: u32) {
        if !self.runs(who) || !self.network.away[who as usize] {
            return;
        }
        self.network.away[who as usize] = false;
        self.count_known(who, true);
        let lacking = self.network.nodes[who as usize].held < self.config.chunks;
        if lacking {
            self.network.lacks(who, true);
            if self.config.mode == Mode::ClientServer {
                self.turns.join(who);
            }
        }
        if self.config.mode == Mode::ClientServer && who == SERVER {
            self.turns = Turns::default();
            for peer in 1..self.network.nodes.len() as u32 {
                if !self.network.away[peer as usize] && self.network.nodes[peer as usize].held < self.config.chunks {
                    self.turns.join(peer);
                }
            }
        }
        self.lacks_again(who);
        self.give(SERVER, None);
        self.give(who, None);
    }

    /// So many newcomers.
    pub fn add(&mut self, count: u32) {
        for _ in 0..count {
            let chance = self.world.chance();
            let newcomer = self.network.join(&self.config, chance);
            if self.config.latency > 0 {
                self.ahead.push(Ahead::default());
            }
            self.tell_peer(newcomer);
            if self.world.is_watched() {
                for link in self.links_of(newcomer) {
                    self.world.tell(|| Happening::Link(link));
                }
            }
            self.arrive(newcomer);
        }
    }

    /// Slows the server's line, or gives it its full speed back. What is on its way comes as foreseen.
    pub fn slow(&mut self, slowed: bool) {
        self.slowed = slowed;
        let rate = self.config.server_up / if slowed { super::SLOWER } else { 1 };
        self.node(SERVER).up.set_rate(rate);
    }

    // --- telling ----------------------------------------------------------------------------------------------------

    /// Begins to watch.
    pub fn watch(&mut self) {
        self.in_use.clear();
        for from in 0..self.network.nodes.len() as u32 {
            for flight in &self.network.nodes[from as usize].out {
                if !flight.dead {
                    *self.in_use.entry(LinkId::between(PeerId(from), PeerId(flight.to))).or_insert(0) += 1;
                }
            }
        }
        self.world.watch();
    }

    fn use_link(&mut self, from: u32, to: u32, change: i32) {
        if self.world.is_watched() {
            self.tell_use(from, to, change);
        }
    }

    /// Tells whether a link is in use, apart from the way that a run without a watcher takes.
    #[cold]
    #[inline(never)]
    fn tell_use(&mut self, from: u32, to: u32, change: i32) {
        let id = LinkId::between(PeerId(from), PeerId(to));
        let count = self.in_use.entry(id).or_insert(0);
        let before = *count;
        *count = count.saturating_add_signed(change);
        let after = *count;
        if (before == 0) != (after == 0) {
            let link = self.link(id);
            self.world.tell(|| Happening::Link(link));
        }
    }

    fn link(&self, id: LinkId) -> Link {
        let used = self.in_use.get(&id).is_some_and(|n| *n > 0);
        Link { id, state: if used { LinkState::InUse } else { LinkState::Idle }, directed: false }
    }

    fn links_of(&self, who: u32) -> Vec<Link> {
        let others = match self.config.mode {
            Mode::PeerToPeer => self.network.neighbours(who),
            Mode::ClientServer if who == SERVER => (1..self.network.nodes.len() as u32).collect(),
            Mode::ClientServer => vec![SERVER],
        };
        others.into_iter().map(|other| self.link(LinkId::between(PeerId(who), PeerId(other)))).collect()
    }

    /// All links, in order.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let all = (0..self.network.nodes.len() as u32)
            .flat_map(|who| self.links_of(who).into_iter().filter(move |link| link.id.from == PeerId(who)));
        let mut links: Vec<Link> = all.collect();
        links.sort_by_key(|l| l.id);
        links
    }

    /// All packets on their way.
    #[must_use]
    pub fn packets(&self) -> Vec<Packet> {
        let nodes = self.network.nodes.iter().enumerate();
        nodes
            .flat_map(|(from, node)| node.out.iter().filter(|f| !f.dead).map(move |f| as_packet(from as u32, f)))
            .collect()
    }

    /// One computer as it stands.
    #[must_use]
    pub fn peer(&self, who: u32) -> Peer {
        let (kind, ring) = if who == SERVER { (PeerKind::Server, Ring::None) } else { (PeerKind::Peer, Ring::Plain) };
        let mut pieces = crate::sim::vocabulary::Bits::none(self.config.chunks);
        for chunk in 0..self.config.chunks {
            if has(self.network.row(Set::Holds, who), chunk) {
                pieces.insert(chunk);
            }
        }
        // Who has nobody but the server is alone without it.
        let alone = self.config.mode == Mode::ClientServer && !self.runs(SERVER);
        let life = match self.stopped_by.get(&who) {
            Some(by) => Life::Stopped(*by),
            None if alone => Life::CutOff,
            None => Life::Running,
        };
        Peer { ring, life, ..Peer::new(PeerId(who), kind, pieces) }
    }

    fn tell_peer(&mut self, who: u32) {
        if self.world.is_watched() {
            let peer = self.peer(who);
            self.world.tell(|| Happening::Peer(Box::new(peer)));
        }
    }
}

fn as_packet(from: u32, flight: &Flight) -> Packet {
    Packet {
        id: PacketId { sender: PeerId(from), count: flight.packet },
        from: PeerId(from),
        to: PeerId(flight.to),
        departs: flight.departs,
        arrives: flight.arrives,
        form: PacketForm::Content,
        tint: Tint::Data,
        piece: Some(PieceId(flight.chunk)),
        letter: [0; 2],
        layers: 0,
    }
}
