//! Connections: how they open and close, and what two ends tell each other of what they hold.

use super::{
    peer::{Conn, Phase, see},
    swarm::{Event, ORDER, Swarm},
};
use crate::sim::{
    kernel::bits::{each, has, set, shared},
    vocabulary::{Happening, Link, LinkId, LinkState, PeerId},
};

impl Swarm {
    /// Whether a word that came over a connection is from who is at its other end.
    pub(super) fn is_to(&self, who: u32, slot: u16, from: u32) -> bool {
        let conn = self.nodes[who as usize].conns.get(usize::from(slot));
        conn.is_some_and(|c| c.peer == from && c.open())
    }

    pub(super) fn asked_to_connect(&mut self, who: u32, from: u32, their: u16) {
        let now = self.world.now();
        let node = &self.nodes[who as usize];
        let before = node.to(from);
        // Where both asked at once, the connection that the lower number asked for counts.
        let crossed = before.is_some_and(|slot| node.conns[usize::from(slot)].phase == Phase::Opening) && from < who;
        let full = node.friends >= self.config.neighbours && !crossed;
        if !node.runs() || full || node.banned.contains(&from) || (before.is_some() && !crossed) {
            self.say(who, from, Event::Refused { slot: their });
            return;
        }
        if let Some(slot) = before {
            self.close(who, slot, false);
        }
        let conn = Conn::new(from, their, Phase::Open, now);
        let slot = self.nodes[who as usize].place(conn, 2 * self.config.latency, self.config.neighbours);
        let row = self.pack(who);
        self.say(who, from, Event::Accepted { slot: their, their: slot, row });
        self.made(who, slot);
    }

    pub(super) fn refused(&mut self, who: u32, from: u32, slot: u16) {
        let conn = &self.nodes[who as usize].conns.get(usize::from(slot));
        if conn.is_some_and(|c| c.peer == from && c.phase == Phase::Opening) {
            self.close(who, slot, false);
        }
    }

    pub(super) fn accepted(&mut self, who: u32, from: u32, slot: u16, their: u16, row: u32) {
        let now = self.world.now();
        let conn = self.nodes[who as usize].conns.get_mut(usize::from(slot));
        let Some(conn) = conn.filter(|c| c.peer == from && c.phase == Phase::Opening) else {
            // It gave up meanwhile.
            self.rows.take(row, self.config.words());
            self.say(who, from, Event::Close { slot: their });
            return;
        };
        (conn.their, conn.phase, conn.since, conn.opened) = (their, Phase::Open, now, now);
        let mine = self.pack(who);
        self.say(who, from, Event::Bitfield { slot: their, row: mine });
        self.made(who, slot);
        let link = Link { id: link(who, from), state: LinkState::Idle, directed: false };
        self.world.tell(|| Happening::Link(link));
        self.bitfield(who, from, slot, row);
    }

    /// A connection takes its place in the order of unchoking: newcomers are three times as likely to be first (BEP 3).
    fn made(&mut self, who: u32, slot: u16) {
        let node = &mut self.nodes[who as usize];
        let mut draws = self.world.draws(ORDER, who, node.drawn.order);
        let place = draws.below(node.order.len() as u32 + 3).saturating_sub(2);
        node.drawn.order = draws.count();
        node.order.insert(place as usize, slot);
        self.rechoke(who);
    }

    pub(super) fn bitfield(&mut self, who: u32, from: u32, slot: u16, row: u32) {
        let words = self.config.words();
        let told = self.rows.take(row, words);
        let node = &mut self.nodes[who as usize];
        let Some(conn) = node.conns.get_mut(usize::from(slot)).filter(|c| c.peer == from && c.open()) else { return };
        let view = &mut node.views[usize::from(slot) * words..][..words];
        for piece in each(view.iter().zip(told).map(|(known, told)| told & !known)) {
            see(&mut node.seen, &mut node.rare, &node.open, piece, true);
            conn.has += 1;
        }
        for (known, told) in view.iter_mut().zip(told) {
            *known |= told;
        }
        conn.wanted = conn.has - shared(view, &node.holds);
        self.care(who, slot);
        self.allow_fast(who, slot);
        self.close_if_both_done(who, slot);
    }

    /// Word comes to the neighbours that one holds a piece: to all whom it was connected to when it said so.
    pub(super) fn have(&mut self, who: u32, piece: u32) {
        let said = self.world.now() - self.config.latency;
        for slot in 0..self.nodes[who as usize].conns.len() {
            let conn = &self.nodes[who as usize].conns[slot];
            let was_open = conn.phase != Phase::Opening && conn.opened <= said;
            if was_open && (conn.open() || conn.since >= said) {
                self.hear(conn.peer, conn.their, who, piece);
            }
        }
    }

    fn hear(&mut self, who: u32, slot: u16, from: u32, piece: u32) {
        let node = &mut self.nodes[who as usize];
        let heard = node.conns.get(usize::from(slot)).is_some_and(|c| c.peer == from && c.phase != Phase::Closed);
        if !heard || has(node.view(slot), piece) {
            return;
        }
        set(node.view_mut(slot), piece, true);
        see(&mut node.seen, &mut node.rare, &node.open, piece, true);
        let lacks = !node.holds(piece);
        let conn = &mut node.conns[usize::from(slot)];
        conn.has += 1;
        conn.wanted += u32::from(lacks);
        if conn.open() && lacks {
            self.care(who, slot);
            self.refill(who, slot);
        }
        self.close_if_both_done(who, slot);
    }

    /// Says whether one wants something of another, if that has changed.
    pub(super) fn care(&mut self, who: u32, slot: u16) {
        let conn = &mut self.nodes[who as usize].conns[usize::from(slot)];
        let yes = conn.wanted > 0;
        if conn.open() && conn.am_interested != yes {
            conn.am_interested = yes;
            let (peer, their) = (conn.peer, conn.their);
            self.say(who, peer, Event::Interested { slot: their, yes });
        }
    }

    /// Two who hold all have nothing to tell each other.
    pub(super) fn close_if_both_done(&mut self, who: u32, slot: u16) {
        let node = &self.nodes[who as usize];
        if node.done()
            && node.conns[usize::from(slot)].open()
            && node.conns[usize::from(slot)].has == self.config.pieces
        {
            self.close(who, slot, true);
        }
    }

    /// Closes one end of a connection, and tells the other.
    pub(super) fn close(&mut self, who: u32, slot: u16, tell: bool) {
        let now = self.world.now();
        let node = &mut self.nodes[who as usize];
        let conn = &mut node.conns[usize::from(slot)];
        if conn.phase == Phase::Closed {
            return;
        }
        let was_open = conn.open();
        let (peer, their, was_unchoked) = (conn.peer, conn.their, !conn.am_choking);
        // Over one that never opened nothing can be under way: its place is free at once.
        (conn.phase, conn.since, conn.in_turn) = (Phase::Closed, if was_open { now } else { 0 }, false);
        node.asked.retain(|(over, _)| *over != slot);
        node.friends -= 1;
        let words = node.holds.len();
        let view = &mut node.views[usize::from(slot) * words..][..words];
        for piece in each(view.iter().copied()) {
            see(&mut node.seen, &mut node.rare, &node.open, piece, false);
        }
        view.fill(0);
        node.turns.retain(|other| *other != slot);
        node.order.retain(|other| *other != slot);
        if !was_open {
            return;
        }
        if tell {
            self.say(who, peer, Event::Close { slot: their });
        }
        self.tell_gone(who, peer);
        self.lose(who, slot, None);
        if was_unchoked {
            self.rechoke(who);
        }
    }

    /// A link is no more once both ends have closed it.
    fn tell_gone(&mut self, who: u32, peer: u32) {
        if self.nodes[peer as usize].to(who).is_none() {
            self.world.tell(|| Happening::LinkGone(link(who, peer)));
        }
    }
}

/// The link between two peers.
#[must_use]
pub fn link(a: u32, b: u32) -> LinkId {
    LinkId::between(PeerId(a), PeerId(b))
}
