//! The run in the vocabulary that every model speaks, for a watcher.

use super::{connection::link, peer::Sending, swarm::Swarm};
use crate::sim::{
    kernel::bits::each,
    model::{CardRow, CardValue, Eyes},
    vocabulary::{
        Bits, Conduct, Happening, Life, Link, LinkState, Micros, Packet, PacketEnd, PacketForm, PacketId, Peer, PeerId,
        PeerKind, PieceId, Ring, Standing, Tint,
    },
};
use std::collections::BTreeSet;

impl Swarm {
    /// All that stands now; from then on what happens is noted.
    pub fn watch(&mut self) -> Standing {
        self.world.watch();
        self.in_use.clear();
        let mut packets = Vec::new();
        for who in 0..self.nodes.len() as u32 {
            if let Some(sending) = self.nodes[who as usize].sending {
                *self.in_use.entry(link(who, sending.peer)).or_insert(0) += 1;
                let left = self.config.block_bytes(sending.block) * 1_000_000 / self.nodes[who as usize].up.rate();
                packets.push(self.packet(who, sending, left));
            }
        }
        let mut links = BTreeSet::new();
        for (who, node) in self.nodes.iter().enumerate() {
            links.extend(node.conns.iter().filter(|c| c.open()).map(|c| link(who as u32, c.peer)));
        }
        let state = |id| if self.in_use.contains_key(id) { LinkState::InUse } else { LinkState::Idle };
        Standing {
            now: self.world.now(),
            pieces: self.config.pieces,
            peers: (0..self.nodes.len() as u32).map(|who| self.peer(who)).collect(),
            links: links.iter().map(|id| Link { id: *id, state: state(id), directed: false }).collect(),
            packets,
            ..Standing::default()
        }
    }

    /// One peer, as the wall shows it.
    #[must_use]
    pub fn peer(&self, who: u32) -> Peer {
        let node = &self.nodes[who as usize];
        let mut pieces = Bits::none(self.config.pieces);
        for piece in each(node.holds.iter().copied()) {
            pieces.insert(piece);
        }
        Peer {
            mark: match node.conduct {
                Conduct::FreeRider => Some("free_rider"),
                Conduct::Bad => Some("liar"),
                Conduct::Fair => node.origin.then_some("seed"),
            },
            conduct: node.conduct,
            life: node.stopped.map_or(Life::Running, Life::Stopped),
            ring: Ring::Pieces,
            ..Peer::new(PeerId(who), PeerKind::Peer, pieces)
        }
    }

    fn packet(&self, who: u32, sending: Sending, takes: Micros) -> Packet {
        let now = self.world.now();
        let piece = sending.block / self.config.blocks;
        let bad = self.nodes[who as usize].conduct == Conduct::Bad;
        Packet {
            id: PacketId { sender: PeerId(who), count: sending.packet },
            from: PeerId(who),
            to: PeerId(sending.peer),
            departs: now,
            arrives: now + takes + self.config.latency,
            form: PacketForm::Content,
            tint: if bad { Tint::Bad } else { quarter(piece, self.config.pieces) },
            piece: Some(PieceId(piece)),
            letter: [0; 2],
            layers: 0,
        }
    }

    /// A block sets out.
    pub(super) fn tell_departs(&mut self, who: u32, sending: Sending, takes: Micros) {
        if !self.world.is_watched() {
            return;
        }
        let packet = self.packet(who, sending, takes);
        self.world.tell(|| Happening::Departs(packet));
        self.carry(who, sending.peer, true);
    }

    /// A block came to its end.
    pub(super) fn tell_arrived(&mut self, from: u32, who: u32) {
        if self.world.is_watched() {
            self.carry(from, who, false);
        }
    }

    /// A block came to one who is not there any more.
    pub(super) fn tell_turned_away(&mut self, from: u32, who: u32, packet: u32) {
        let at = self.world.now();
        let id = PacketId { sender: PeerId(from), count: packet };
        self.world.tell(|| Happening::Ends { id, at, end: PacketEnd::TurnedAway });
        self.tell_arrived(from, who);
    }

    /// A block was still on its sender's line when that, or the connection, came to its end.
    pub(super) fn tell_lost(&mut self, who: u32, sending: Sending) {
        let at = self.world.now();
        let id = PacketId { sender: PeerId(who), count: sending.packet };
        self.world.tell(|| Happening::Ends { id, at, end: PacketEnd::Lost });
        self.tell_arrived(who, sending.peer);
    }

    /// A link carries one block more, or one fewer.
    fn carry(&mut self, a: u32, b: u32, more: bool) {
        let id = link(a, b);
        let count = self.in_use.entry(id).or_insert(0);
        let before = *count;
        *count = if more { before + 1 } else { before.saturating_sub(1) };
        let after = *count;
        if after == 0 {
            self.in_use.remove(&id);
        }
        let there = self.nodes[a as usize].to(b).is_some() || self.nodes[b as usize].to(a).is_some();
        if there && (before == 0) != (after == 0) {
            let state = if after > 0 { LinkState::InUse } else { LinkState::Idle };
            self.world.tell(|| Happening::Link(Link { id, state, directed: false }));
        }
    }

    /// What one peer knows of the rest.
    #[must_use]
    pub fn eyes(&self, who: u32) -> Option<Eyes> {
        let node = self.nodes.get(who as usize)?;
        let mut eyes = Eyes::default();
        for (slot, conn) in node.conns.iter().enumerate().filter(|(_, c)| c.open()) {
            eyes.peers.push(PeerId(conn.peer));
            eyes.links.push(link(who, conn.peer));
            let view = node.view(slot as u16).iter().copied();
            eyes.pieces.extend(each(view).map(|piece| (PeerId(conn.peer), PieceId(piece))));
        }
        eyes.peers.sort_unstable();
        eyes.links.sort_unstable();
        eyes.pieces.sort_unstable();
        Some(eyes)
    }

    /// A held peer's card: its pieces and rates, and whom it unchokes and why.
    #[must_use]
    pub fn card(&self, who: u32) -> Vec<CardRow> {
        let Some(node) = self.nodes.get(who as usize) else { return Vec::new() };
        let now = self.world.now();
        let open = || node.conns.iter().filter(|c| c.open());
        let mut rows = vec![
            CardRow::new("holds", CardValue::Of(u64::from(node.held), u64::from(self.config.pieces))),
            CardRow::new("gives", CardValue::Rate(open().map(|c| c.up.at(now)).sum())),
            CardRow::new("takes", CardValue::Rate(open().map(|c| c.down.at(now)).sum())),
        ];
        let served = |slot: &&u16| {
            let conn = &node.conns[usize::from(**slot)];
            !conn.am_choking && conn.peer_interested
        };
        let all = node.order.iter().filter(served).count() as u64;
        if node.done() {
            rows.push(CardRow::new("fastest", CardValue::Count(all)));
        } else {
            let gave = node.order.iter().filter(served).filter(|slot| self.reciprocates(who, **slot)).count() as u64;
            rows.push(CardRow::new("partners", CardValue::Count(gave)));
            rows.push(CardRow::new("stranger", CardValue::Count(all - gave)));
        }
        rows
    }
}

impl Swarm {
    /// All that a peer holds, knows, has drawn and is about to do, as one number (FNV-1a, 64 bits).
    #[must_use]
    pub fn digest(&self, who: u32) -> u64 {
        let Some(node) = self.nodes.get(who as usize) else { return 0 };
        let mut hash = Digest::default();
        hash.add(node.conduct as u64 | u64::from(node.runs()) << 8 | u64::from(node.slowed) << 9);
        hash.add(node.up.rate());
        hash.add(u64::from(node.rounds) << 32 | u64::from(node.blocks));
        for drawn in [node.drawn.pick, node.drawn.order, node.drawn.told, node.given, node.taken] {
            hash.add(drawn);
        }
        node.holds.iter().chain(&node.open).for_each(|word| hash.add(*word));
        node.order.iter().for_each(|slot| hash.add(u64::from(*slot)));
        if let Some(sending) = node.sending {
            hash.add(u64::from(sending.peer) << 32 | u64::from(sending.block));
        }
        for conn in &node.conns {
            let flags = [conn.am_choking, conn.am_interested, conn.peer_choking, conn.peer_interested];
            let flags = flags.iter().fold(conn.phase as u64, |all, flag| all << 1 | u64::from(*flag));
            hash.add(u64::from(conn.peer) << 32 | flags << 16 | u64::from(conn.their));
            hash.add(u64::from(conn.has) << 32 | u64::from(conn.wanted));
        }
        node.mine
            .iter()
            .chain(&node.asked)
            .for_each(|(slot, block)| hash.add(u64::from(*slot) << 32 | u64::from(*block)));
        hash.0
    }
}

/// A running FNV-1a hash of words (Fowler, Noll and Vo; RFC 9923).
struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    fn add(&mut self, word: u64) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// The quarter of the file that a piece belongs to, as rings and packets show it.
fn quarter(piece: u32, pieces: u32) -> Tint {
    match u64::from(piece) * 4 / u64::from(pieces) {
        0 => Tint::Data,
        1 => Tint::Leaf,
        2 => Tint::Sky,
        _ => Tint::Lilac,
    }
}
