//! Blocks on their way: a line sends one block after the other, in turn among those who asked; the receiver's line takes
//! them in.

use super::{
    peer::{Got, Sending},
    swarm::{Event, Swarm},
};
use crate::sim::{
    kernel::bits::has,
    vocabulary::{Conduct, StoppedBy},
};

/// A block at the door.
#[derive(Clone, Copy, Debug)]
pub struct Parcel {
    /// The receiver's connection that it came over.
    pub slot: u16,
    /// Which block.
    pub block: u32,
    /// The packet's number.
    pub packet: u32,
    /// How many microseconds ago its first byte came.
    pub took: u32,
    /// Whether it is false.
    pub bad: bool,
}

impl Swarm {
    pub(super) fn requested(&mut self, who: u32, from: u32, slot: u16, block: u32) {
        if !self.is_to(who, slot, from) {
            return;
        }
        let node = &self.nodes[who as usize];
        let piece = block / self.config.blocks;
        let holds = node.holds(piece);
        // Who is choked has been told so; the word crossed this one. Who was allowed to ask all the same is told what is not
        // served.
        let conn = &node.conns[usize::from(slot)];
        let (choked, allows, their) = (conn.am_choking, conn.allows, conn.their);
        if !holds || (choked && !self.serves_fast(who, slot, piece)) {
            if allows {
                self.say(who, from, Event::Reject { slot: their, block });
            }
            return;
        }
        let node = &mut self.nodes[who as usize];
        let conn = &mut node.conns[usize::from(slot)];
        node.asked.push((slot, block));
        if !std::mem::replace(&mut conn.in_turn, true) {
            node.turns.push_back(slot);
        }
        self.serve(who);
    }

    pub(super) fn cancelled(&mut self, who: u32, from: u32, slot: u16, block: u32) {
        if self.is_to(who, slot, from) {
            self.nodes[who as usize].asked.retain(|asked| *asked != (slot, block));
        }
    }

    /// Sends the next block, if the line is free and somebody asked for one.
    pub(super) fn serve(&mut self, who: u32) {
        let node = &mut self.nodes[who as usize];
        if node.sending.is_some() {
            return;
        }
        while let Some(slot) = node.turns.pop_front() {
            let conn = &mut node.conns[usize::from(slot)];
            let Some(at) = node.asked.iter().position(|(over, _)| *over == slot) else {
                conn.in_turn = false;
                continue;
            };
            let (_, block) = node.asked.remove(at);
            // It stands last for its next turn.
            node.turns.push_back(slot);
            let sending = Sending { peer: conn.peer, slot, block, packet: node.packets };
            let Some(takes) = node.up.send(self.config.block_bytes(block)) else { return };
            node.packets += 1;
            node.sending = Some(sending);
            let life = node.life;
            self.world.timer(who, takes, Event::Sent { life });
            self.tally.busy += 1;
            self.tell_departs(who, sending, takes);
            return;
        }
    }

    /// A block's last byte has left.
    pub(super) fn sent(&mut self, who: u32) {
        let now = self.world.now();
        let node = &mut self.nodes[who as usize];
        let Some(sending) = node.sending.take() else { return };
        node.up.free();
        self.tally.busy -= 1;
        let bytes = self.config.block_bytes(sending.block);
        let conn = &mut node.conns[usize::from(sending.slot)];
        if conn.peer == sending.peer && conn.open() {
            conn.up.add(now, bytes);
            let their = conn.their;
            node.given += bytes;
            let bad = node.conduct == Conduct::Bad;
            let (rate, origin) = (node.up.rate(), node.origin);
            self.tally.sent(bytes);
            let took = u32::try_from(bytes.saturating_mul(1_000_000) / rate).unwrap_or(u32::MAX);
            self.say(
                who,
                sending.peer,
                Event::Block { slot: their, block: sending.block, packet: sending.packet, took, bad },
            );
            let limit = self.config.leave_after;
            if limit > 0 && who == 0 && origin && self.nodes[0].given >= limit {
                self.leave(who, StoppedBy::Model);
                return;
            }
        } else {
            self.tell_lost(who, sending);
        }
        self.serve(who);
    }

    /// A block comes to the door of a peer; its own line takes it in.
    pub(super) fn at_the_door(&mut self, who: u32, from: u32, parcel: Parcel) {
        let Parcel { slot, block, packet, took, bad } = parcel;
        let now = self.world.now();
        let node = &mut self.nodes[who as usize];
        if !node.runs() {
            self.tell_turned_away(from, who, packet);
            return;
        }
        let first = now.saturating_sub(u64::from(took));
        let done = node.down.take(first, now, self.config.block_bytes(block));
        if done <= now {
            self.taken(who, from, slot, block, bad);
        } else {
            self.world.send(from, who, done - now, Event::Taken { slot, block, bad });
        }
    }

    /// A block is in.
    pub(super) fn taken(&mut self, who: u32, from: u32, slot: u16, block: u32, bad: bool) {
        let now = self.world.now();
        self.tell_arrived(from, who);
        if !self.nodes[who as usize].runs() {
            return;
        }
        let bytes = self.config.block_bytes(block);
        let node = &mut self.nodes[who as usize];
        node.taken += bytes;
        self.tally.received(bytes, now);
        if !self.is_to(who, slot, from) {
            self.tally.duplicate();
            return;
        }
        let conn = &mut self.nodes[who as usize].conns[usize::from(slot)];
        conn.last_block = Some(now);
        conn.down.add(now, bytes);
        let mine = self.nodes[who as usize].got(slot, block);
        self.tally.asked -= u64::from(mine);
        self.keep(who, slot, block, bad, mine);
        self.refill(who, slot);
    }

    /// Puts a block in its place, if that is empty; calls off whoever else was asked for it.
    fn keep(&mut self, who: u32, slot: u16, block: u32, bad: bool, mine: bool) {
        let (piece, nth) = (block / self.config.blocks, (block % self.config.blocks) as usize);
        let from = self.nodes[who as usize].conns[usize::from(slot)].peer;
        let Some(at) = self.nodes[who as usize].part_of(piece) else {
            self.tally.duplicate();
            return;
        };
        let (got, part) = (self.shelf.row(at)[nth], *self.shelf.part(at));
        if got.there() || (part.again && part.only != slot) {
            self.tally.duplicate();
            return;
        }
        let others = got.times() - u32::from(mine && got.times() > 0);
        self.shelf.row_mut(at)[nth] = Got::from(from, bad);
        let part = self.shelf.part_mut(at);
        part.got += 1;
        let whole = part.got == self.config.blocks;
        let node = &mut self.nodes[who as usize];
        if got.times() == 0 {
            part.free -= 1;
            node.unasked -= 1;
        }
        node.blocks += 1;
        if others > 0 {
            self.call_off(who, block);
        }
        if whole {
            self.verify(who, at);
        }
    }

    /// Tells everybody else who was asked for a block that it has come.
    fn call_off(&mut self, who: u32, block: u32) {
        for slot in 0..self.nodes[who as usize].conns.len() as u16 {
            let node = &mut self.nodes[who as usize];
            if !node.got(slot, block) {
                continue;
            }
            self.tally.asked -= 1;
            let (peer, their) = (node.conns[usize::from(slot)].peer, node.conns[usize::from(slot)].their);
            self.say(who, peer, Event::Cancel { slot: their, block });
            self.refill(who, slot);
        }
    }

    /// One holds a piece from now on: its neighbours hear of it, and those who have nothing else to offer are told.
    pub(super) fn hold(&mut self, who: u32, piece: u32) {
        for slot in 0..self.nodes[who as usize].conns.len() as u16 {
            let node = &mut self.nodes[who as usize];
            if has(node.view(slot), piece) {
                node.conns[usize::from(slot)].wanted -= 1;
                self.care(who, slot);
            }
        }
        self.world.timer(who, self.config.latency, Event::Have { piece });
    }
}
