//! What is told of a run to who watches: nodes and which branch they follow, words and blocks on their way, and the blocks
//! with their real fingerprints.
//!
//! Blocks are found by chance and not by trying, so a fingerprint here is the true double SHA-256 of a true header, over the
//! root of the block's records and the fingerprint before it; only the zeros that trying would have brought are missing.

use super::{
    chain::GENESIS,
    header::{Hash, Header, double_sha256, printed},
    merkle,
    network::{Event, Network},
};
use crate::sim::{
    kernel::{chance::Purpose, queue::Key},
    vocabulary::{
        Block, BlockId, BlockState, Camp, Happening, Life, Link, LinkId, LinkState, Micros, Packet, PacketEnd,
        PacketForm, PacketId, Peer, PeerId, PeerKind, Ring, SECOND, Standing, StoppedBy, Tint,
    },
};
use std::collections::BTreeMap;

/// When Bitcoin's first block was made, in seconds since 1970; runs begin then.
const FIRST_TIME: u32 = 1_231_006_505;
/// The version that headers claim.
const VERSION: u32 = 0x2000_0000;
/// Draws of the nonces that headers claim.
const NONCE: Purpose = Purpose(5);
/// Bitcoin's first block, the one that every chain here begins with.
pub const FIRST: Header = Header {
    version: 1,
    before: [0; 32],
    merkle_root: [
        0x3b, 0xa3, 0xed, 0xfd, 0x7a, 0x7b, 0x12, 0xb2, 0x7a, 0xc7, 0x2c, 0x3e, 0x67, 0x76, 0x8f, 0x61, 0x7f, 0xc8,
        0x1b, 0xc3, 0x88, 0x8a, 0x51, 0x32, 0x3a, 0x9f, 0xb8, 0xaa, 0x4b, 0x1e, 0x5e, 0x4a,
    ],
    time: FIRST_TIME,
    bits: super::target::EASIEST,
    nonce: 2_083_236_893,
};

/// The branches that running nodes follow beyond the last block that all of them share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fork {
    /// The last block that all share.
    pub root: u32,
    /// The first blocks of the branches, in the order in which they were found. A fork is open if there are several.
    pub branches: Vec<u32>,
}

impl Fork {
    /// Whether nodes disagree, and not only lag behind.
    pub fn is_open(&self) -> bool {
        self.branches.len() > 1
    }
}

/// What a watcher has been told.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Of each block its hash.
    prints: Vec<Hash>,
    /// Of each node which branch it was said to follow.
    camps: Vec<Camp>,
    /// Of each block the same.
    block_camps: Vec<Camp>,
    /// Of each block that running nodes stand at, how many do.
    tips: BTreeMap<u32, u32>,
    /// The fork as it was told.
    fork: Fork,
    /// The best block that a running node stood at then.
    best: u32,
    /// Packets that wait for their sender's line, by when they set out.
    later: BTreeMap<(Micros, PacketId), Packet>,
}

impl Network {
    /// The blocks that running nodes stand at, and how many at each.
    fn tips(&self) -> BTreeMap<u32, u32> {
        let mut tips = BTreeMap::new();
        for (node, id) in self.nodes.iter().zip(0..) {
            if self.world.gate.runs(id) {
                *tips.entry(node.tip).or_insert(0) += 1;
            }
        }
        tips
    }

    /// The branches that running nodes follow now.
    pub fn fork(&self) -> Fork {
        self.fork_of(&self.tips())
    }

    fn fork_of(&self, tips: &BTreeMap<u32, u32>) -> Fork {
        let Some(root) = tips.keys().copied().reduce(|a, b| self.chain.fork_of(a, b)) else { return Fork::default() };
        let mut branches: Vec<u32> = tips.keys().filter_map(|tip| self.branch(*tip, root)).collect();
        branches.sort_unstable();
        branches.dedup();
        Fork { root, branches }
    }

    /// The best of the blocks that running nodes stand at.
    fn best_of(&self, tips: &BTreeMap<u32, u32>) -> u32 {
        tips.keys().copied().reduce(|a, b| if self.chain.is_better(b, a) { b } else { a }).unwrap_or(GENESIS)
    }

    /// The first block after another on the way to a third; nothing if that isn't beyond it.
    fn branch(&self, mut to: u32, root: u32) -> Option<u32> {
        while to > root {
            let before = self.chain.get(to).before;
            if before == root {
                return Some(to);
            }
            to = before;
        }
        None
    }

    fn camp(&self, block: u32, fork: &Fork) -> Camp {
        match self.branch(block, fork.root) {
            Some(branch) if fork.is_open() && branch == fork.branches[0] => Camp::A,
            Some(_) if fork.is_open() => Camp::B,
            _ => Camp::Neither,
        }
    }

    /// Begins to tell what happens; what stands now comes back.
    pub fn watch(&mut self) -> Standing {
        self.world.watch();
        let mut prints = vec![FIRST.hash()];
        for number in 1..=self.chain.mined() {
            prints.push(self.header(number, &prints).hash());
        }
        let tips = self.tips();
        let fork = self.fork_of(&tips);
        let camps = (0..self.total()).map(|node| self.camp(self.tip(node), &fork)).collect();
        let best = self.best_of(&tips);
        let block_camps = self.block_camps(&fork, best);
        let mut packets = self.on_their_way();
        let now = self.world.now();
        let later = packets.iter().filter(|p| p.departs > now).map(|p| ((p.departs, p.id), *p)).collect();
        packets.retain(|packet| packet.departs <= now);
        self.watched = Some(Box::new(Watched { prints, camps, block_camps, tips, fork, best, later }));
        Standing {
            now,
            peers: (0..self.total()).map(|node| self.peer(node)).collect(),
            links: self.all_links().map(|(a, b)| self.link(a, b)).collect(),
            packets,
            blocks: self.blocks(),
            ..Standing::default()
        }
    }

    /// Blocks in order of height.
    fn blocks(&self) -> Vec<Block> {
        let mut row: Vec<Block> = (0..=self.chain.mined()).filter_map(|block| self.block(block)).collect();
        row.sort_by_key(|block| (block.height, block.id));
        row
    }

    /// Of each block its camp. Branches that were given up stay the second's after a fork has closed.
    fn block_camps(&self, fork: &Fork, best: u32) -> Vec<Camp> {
        let count = self.chain.mined() as usize + 1;
        let mut on_best = vec![false; count];
        let mut number = best;
        on_best[number as usize] = true;
        while number != GENESIS {
            number = self.chain.get(number).before;
            on_best[number as usize] = true;
        }
        let mut camps = vec![Camp::Neither; count];
        // A block comes after the one before it.
        for number in 1..count {
            let before = self.chain.get(number as u32).before;
            camps[number] = if fork.is_open() && before == fork.root && number as u32 == fork.branches[0] {
                Camp::A
            } else if fork.is_open() && before == fork.root && fork.branches.contains(&(number as u32)) {
                Camp::B
            } else if fork.is_open() && before != fork.root && camps[before as usize] == Camp::A {
                Camp::A
            } else if on_best[number] && !(fork.is_open() && camps[before as usize] == Camp::B) {
                Camp::Neither
            } else {
                Camp::B
            };
        }
        camps
    }

    fn on_their_way(&self) -> Vec<Packet> {
        let mut row: Vec<Packet> = self
            .world
            .pending()
            .filter(|(key, event)| event.travels() && !self.is_lost(key))
            .map(|(key, event)| {
                let departs = self.departure(*event, key.from, key.to, key.at);
                self.packet(*event, key.from, key.to, key.count, departs, key.at)
            })
            .collect();
        row.sort_unstable_by_key(|packet| (packet.departs, packet.id));
        row
    }

    fn packet(&self, event: Event, from: u32, to: u32, count: u32, departs: Micros, arrives: Micros) -> Packet {
        let camp = event.block().filter(|_| event.carries()).map(|block| self.shown_camp(block));
        let (form, tint) = match (event, camp) {
            (Event::Record(record), _) if self.pool.is_false(record) => (PacketForm::Content, Tint::Bad),
            (Event::Record(_), _) => (PacketForm::Content, Tint::Leaf),
            (Event::Path(_), _) if self.is_made_up(to) => (PacketForm::Content, Tint::Bad),
            (Event::Path(_), _) => (PacketForm::Content, Tint::Data),
            (_, None) => (PacketForm::Question, Tint::Plain),
            (_, Some(Camp::B)) => (PacketForm::BlockB, Tint::Sky),
            (_, Some(_)) => (PacketForm::BlockA, Tint::Data),
        };
        let (from, to) = (PeerId(from), PeerId(to));
        let id = PacketId { sender: from, count };
        Packet { id, from, to, departs, arrives, form, tint, piece: None, letter: [0; 2], layers: 0 }
    }

    /// Which branch a block is shown to be of.
    fn shown_camp(&self, block: u32) -> Camp {
        let told = self.watched.as_ref().and_then(|watched| watched.block_camps.get(block as usize)).copied();
        told.unwrap_or(Camp::Neither)
    }

    /// A node as it stands.
    fn peer(&self, node: u32) -> Peer {
        let mut peer = Peer::new(PeerId(node), PeerKind::Peer, crate::sim::vocabulary::Bits::none(0));
        peer.ring = Ring::None;
        if !self.world.gate.runs(node) {
            peer.life = Life::Stopped(StoppedBy::Visitor);
        }
        peer.mark = self.light.get(node).map(|_| "light");
        peer.camp = self.watched.as_ref().map_or(Camp::Neither, |watched| watched.camps[node as usize]);
        peer
    }

    fn link(&self, a: u32, b: u32) -> Link {
        let id = LinkId::between(PeerId(a), PeerId(b));
        let state = if self.world.gate.is_cut(a, b) { LinkState::Cut } else { LinkState::Idle };
        Link { id, state, directed: false }
    }

    /// The name of a block.
    fn block_id(&self, number: u32) -> BlockId {
        let block = self.chain.get(number);
        let finder = if number == GENESIS { u32::MAX } else { block.finder };
        BlockId { finder: PeerId(finder), count: block.nth }
    }

    /// A block as it stands, with its fingerprint; nothing if nobody watches.
    fn block(&self, number: u32) -> Option<Block> {
        let watched = self.watched.as_ref()?;
        let block = self.chain.get(number);
        Some(Block {
            id: self.block_id(number),
            before: (number != GENESIS).then(|| self.block_id(block.before)),
            height: block.height,
            camp: watched.block_camps[number as usize],
            fingerprint: printed(&watched.prints[number as usize]),
            state: BlockState::Sealed,
        })
    }

    /// The hashes of a block's records: of the reward, which says who found it, of those that came to it as records, and of
    /// those that are only said to be in it.
    pub fn leaves(&self, number: u32) -> Vec<Hash> {
        let block = self.chain.get(number);
        let reward = [block.finder, block.nth, block.height].map(u32::to_le_bytes).concat();
        let records = self.pool.records_of(number).iter().map(|record| self.pool.hash(*record));
        let others = (0..self.config.block_records).map(|i| {
            let other = [block.finder, block.nth, block.height, i].map(u32::to_le_bytes).concat();
            double_sha256(&other)
        });
        let others = others.take(if number == GENESIS { 0 } else { usize::MAX });
        [double_sha256(&reward)].into_iter().chain(records).chain(others).collect()
    }

    /// How many records a block has.
    pub fn leaf_count(&self, number: u32) -> u32 {
        let others = if number == GENESIS { 0 } else { self.config.block_records };
        1 + self.pool.records_of(number).len() as u32 + others
    }

    /// A block's header, over the hashes of those before it.
    fn header(&self, number: u32, prints: &[Hash]) -> Header {
        let block = self.chain.get(number);
        let leaves = self.leaves(number);
        let seconds = (block.found / SECOND) as u32;
        Header {
            version: VERSION,
            before: prints[block.before as usize],
            merkle_root: merkle::root(&leaves),
            time: FIRST_TIME.wrapping_add(seconds),
            bits: block.bits,
            nonce: self.world.draws(NONCE, block.finder, u64::from(block.nth)).word(),
        }
    }

    // --- telling ----------------------------------------------------------------------------------------------------

    /// A block was found.
    pub fn tell_block(&mut self, number: u32) {
        let Some(mut watched) = self.watched.take() else { return };
        watched.prints.push(self.header(number, &watched.prints).hash());
        // A rival of a block that is out already is shown as one from the start.
        let camp = match self.camp(number, &watched.fork) {
            Camp::Neither if self.chain.get(number).before != watched.best => Camp::B,
            camp => camp,
        };
        watched.block_camps.push(camp);
        self.watched = Some(watched);
        if let Some(block) = self.block(number) {
            self.world.tell(|| Happening::Block(Box::new(block)));
        }
    }

    /// A message sets out, now or as soon as its sender's line is free.
    pub fn tell_message(&mut self, event: Event, from: u32, to: u32, count: u32, departs: Micros, arrives: Micros) {
        if self.watched.is_none() {
            return;
        }
        let packet = self.packet(event, from, to, count, departs, arrives);
        if departs <= self.world.now() {
            self.world.tell(|| Happening::Departs(packet));
        } else if let Some(watched) = &mut self.watched {
            watched.later.insert((departs, packet.id), packet);
        }
    }

    /// Tells which packets have set out by now.
    pub fn tell_departures(&mut self, now: Micros) {
        let Some(watched) = &mut self.watched else { return };
        while let Some(first) = watched.later.first_entry() {
            if first.key().0 > now {
                break;
            }
            let packet = first.remove();
            self.world.tell(|| Happening::Departs(packet));
        }
    }

    /// A message will never come.
    pub fn tell_lost(&mut self, event: Event, key: &Key) {
        if self.watched.is_none() {
            return;
        }
        let departs = self.departure(event, key.from, key.to, key.at);
        let id = PacketId { sender: PeerId(key.from), count: key.count };
        let at = self.world.now();
        if let Some(watched) = &mut self.watched
            && watched.later.remove(&(departs, id)).is_none()
        {
            self.world.tell(|| Happening::Ends { id, at, end: PacketEnd::Lost });
        }
    }

    /// A record is turned away where it came, as the packet of a count.
    pub fn tell_turned_away(&mut self, from: u32, count: u32) {
        let at = self.world.now();
        let id = PacketId { sender: PeerId(from), count };
        self.world.tell(|| Happening::Ends { id, at, end: PacketEnd::TurnedAway });
    }

    /// A node changed.
    pub fn tell_peer(&mut self, node: u32) {
        if self.watched.is_none() {
            return;
        }
        let peer = self.peer(node);
        self.world.tell(|| Happening::Peer(Box::new(peer)));
        // Only nodes that run have a say in which branches there are.
        let tips = self.tips();
        if let Some(watched) = &mut self.watched {
            watched.tips = tips;
        }
        self.tell_camps(None);
    }

    /// A light node follows another block.
    pub fn tell_camp(&mut self, node: u32) {
        self.tell_camps(Some(node));
    }

    /// A light node's card is another.
    pub fn tell_light(&mut self, node: u32) {
        if self.watched.is_some() {
            let peer = self.peer(node);
            self.world.tell(|| Happening::Peer(Box::new(peer)));
        }
    }

    /// A link changed.
    pub fn tell_link(&mut self, a: u32, b: u32) {
        let link = self.link(a, b);
        self.world.tell(|| Happening::Link(link));
    }

    /// A node followed another block before.
    pub fn tell_adopted(&mut self, node: u32, before: u32) {
        let Some(watched) = &mut self.watched else { return };
        if let Some(count) = watched.tips.get_mut(&before) {
            *count -= 1;
            if *count == 0 {
                watched.tips.remove(&before);
            }
        }
        *watched.tips.entry(self.nodes[node as usize].tip).or_insert(0) += 1;
        self.tell_camps(Some(node));
    }

    /// Tells whose camp is another now: one node's, or, where the fork is another, everybody's.
    fn tell_camps(&mut self, changed: Option<u32>) {
        let Some(mut watched) = self.watched.take() else { return };
        let fork = self.fork_of(&watched.tips);
        // Where no fork is or was open, nobody has a camp, whatever the last shared block.
        let best = self.best_of(&watched.tips);
        let goes_on = best == watched.best || self.chain.get(best).before == watched.best;
        let same = goes_on && (fork == watched.fork || (!fork.is_open() && !watched.fork.is_open()));
        let nodes = match changed {
            Some(node) if same => node..node + 1,
            _ => 0..self.total(),
        };
        (watched.fork, watched.best) = (fork, best);
        let mut told = Vec::new();
        for node in nodes {
            let camp = self.camp(self.tip(node), &watched.fork);
            if std::mem::replace(&mut watched.camps[node as usize], camp) != camp {
                told.push(node);
            }
        }
        let mut blocks = Vec::new();
        if !same {
            let camps = self.block_camps(&watched.fork, best);
            let changed = (0..).zip(camps.iter().zip(&watched.block_camps)).filter(|(_, (now, before))| now != before);
            blocks.extend(changed.map(|(number, _)| number));
            watched.block_camps = camps;
        }
        self.watched = Some(watched);
        for node in told {
            let peer = self.peer(node);
            self.world.tell(|| Happening::Peer(Box::new(peer)));
        }
        for number in blocks {
            if let Some(block) = self.block(number) {
                self.world.tell(|| Happening::Block(Box::new(block)));
            }
        }
    }
}
