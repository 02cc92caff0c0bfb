//! What a peer asks for: blocks of pieces that it has begun, then the next piece, then, at the very end, whatever is
//! still under way from somebody else (endgame).

use super::{
    config::{Picker, RANDOM_FIRST},
    peer::{ANYBODY, Got},
    swarm::{Event, PICK, Swarm},
};
use crate::sim::kernel::bits::{each, has, set};

/// Pieces that may be asked for over a connection; all, if there is no list of them.
#[derive(Clone, Copy)]
struct Allowance<'a>(Option<&'a [u64]>);

impl Allowance<'_> {
    /// Of 64 pieces those that may be asked for.
    fn word(self, nth: usize) -> u64 {
        self.0.map_or(u64::MAX, |list| list.get(nth).copied().unwrap_or(0))
    }

    fn has(self, piece: u32) -> bool {
        self.word(piece as usize / 64) >> (piece % 64) & 1 == 1
    }
}

impl Swarm {
    pub(super) fn unchoked(&mut self, who: u32, from: u32, slot: u16) {
        if self.is_to(who, slot, from) {
            self.nodes[who as usize].conns[usize::from(slot)].peer_choking = false;
            self.refill(who, slot);
        }
    }

    /// What was asked for will not come, but for the block that is on the other's line.
    pub(super) fn choked(&mut self, who: u32, from: u32, slot: u16, but: Option<u32>) {
        if self.is_to(who, slot, from) {
            self.nodes[who as usize].conns[usize::from(slot)].peer_choking = true;
            self.lose(who, slot, but);
        }
    }

    /// Asks over one connection until as much is under way as its line needs.
    pub(super) fn refill(&mut self, who: u32, slot: u16) {
        loop {
            let node = &self.nodes[who as usize];
            let conn = &node.conns[usize::from(slot)];
            let may_ask = !conn.peer_choking || conn.allowed;
            if !conn.open() || !may_ask || !conn.am_interested || usize::from(conn.mine) >= self.config.backlog {
                return;
            }
            let (peer, their) = (conn.peer, conn.their);
            let Some(block) = self.pick(who, slot) else { return };
            let node = &mut self.nodes[who as usize];
            node.conns[usize::from(slot)].mine += 1;
            node.mine.push((slot, block));
            self.tally.asked += 1;
            self.say(who, peer, Event::Request { slot: their, block });
        }
    }

    /// Asks over every connection that has room.
    pub(super) fn refill_all(&mut self, who: u32) {
        for slot in 0..self.nodes[who as usize].conns.len() as u16 {
            self.refill(who, slot);
        }
    }

    /// What may be asked for over a connection: all, or what a choked newcomer is allowed.
    fn allowance(&self, who: u32, slot: u16) -> Allowance<'_> {
        let node = &self.nodes[who as usize];
        Allowance(node.conns[usize::from(slot)].peer_choking.then_some(&node.fast))
    }

    /// The next block to ask for over a connection; it is noted as asked for.
    fn pick(&mut self, who: u32, slot: u16) -> Option<u32> {
        if self.nodes[who as usize].unasked == 0 {
            return self.pick_again(who, slot);
        }
        let part = self.part_for(who, slot)?;
        let row = self.shelf.row(part);
        let next = self.shelf.part(part).next as usize;
        let nth = next + row[next..].iter().position(|got| *got == Got::asked(0))?;
        self.shelf.row_mut(part)[nth] = Got::asked(1);
        let part = self.shelf.part_mut(part);
        (part.free, part.next) = (part.free - 1, nth as u32 + 1);
        self.nodes[who as usize].unasked -= 1;
        Some(part.piece * self.config.blocks + nth as u32)
    }

    /// The piece to ask for over a connection, among those that the other end holds. Pieces once begun come before new
    /// ones, but a new one that is strictly rarer comes before them (Cohen's client): else the only peer that holds a piece
    /// would spend its line on what everybody has.
    fn part_for(&mut self, who: u32, slot: u16) -> Option<u32> {
        let node = &self.nodes[who as usize];
        let rarest = self.config.picker == Picker::Rarest && node.held >= RANDOM_FIRST;
        let (view, allowance) = (node.view(slot), self.allowance(who, slot));
        let mut begun: Option<(u16, u32)> = None;
        for (piece, at) in node.parts.iter().copied() {
            let seen = if rarest { node.seen[piece as usize] } else { 0 };
            let there = has(view, piece) && allowance.has(piece);
            if !there || begun.is_some_and(|(fewest, _)| seen >= fewest) {
                continue;
            }
            let part = self.shelf.part(at);
            // One that failed its hash belongs to the first that can send it.
            if part.free > 0 && (!part.again || part.only == ANYBODY || part.only == slot) {
                begun = Some((seen, at));
            }
        }
        let below = begun.map_or(u16::MAX, |(seen, _)| seen);
        if let Some(at) = self.begin(who, slot, rarest, below) {
            return Some(at);
        }
        let (_, at) = begun?;
        let part = self.shelf.part_mut(at);
        if part.again {
            part.only = slot;
        }
        Some(at)
    }

    /// Begins a piece that fewer neighbours hold than `below` says.
    fn begin(&mut self, who: u32, slot: u16, rarest: bool, below: u16) -> Option<u32> {
        let node = &self.nodes[who as usize];
        // Mostly there is none at all that anybody holds: then there is no need to look at what this one neighbour does.
        if rarest && node.rare.iter().take(usize::from(below)).skip(1).all(|count| *count == 0) {
            return None;
        }
        if below == 0 {
            return None;
        }
        let allowance = self.allowance(who, slot);
        let all = || node.view(slot).iter().zip(&node.open).enumerate();
        let both = || all().map(|(word, (theirs, open))| theirs & open & allowance.word(word));
        let mut draws = self.world.draws(PICK, who, node.drawn.pick);
        let piece = if rarest {
            let (mut fewest, mut count) = (below, 0);
            for piece in each(both()) {
                let seen = node.seen[piece as usize];
                if seen < fewest {
                    (fewest, count) = (seen, 0);
                }
                count += u32::from(seen == fewest && seen < below);
            }
            if count == 0 {
                return None;
            }
            let nth = draws.below(count) as usize;
            each(both()).filter(|piece| node.seen[*piece as usize] == fewest).nth(nth)?
        } else if self.config.picker == Picker::Sequential {
            each(both()).next()?
        } else {
            let count = both().map(u64::count_ones).sum();
            if count == 0 {
                return None;
            }
            each(both()).nth(draws.below(count) as usize)?
        };
        let node = &mut self.nodes[who as usize];
        node.drawn.pick = draws.count();
        set(&mut node.open, piece, false);
        node.rare[usize::from(node.seen[piece as usize])] -= 1;
        let at = self.shelf.begin(piece);
        node.parts.push((piece, at));
        Some(at)
    }

    /// Everything is asked of somebody: what is still missing is asked of others too, least asked for first.
    fn pick_again(&mut self, who: u32, slot: u16) -> Option<u32> {
        let mut asked = std::mem::take(&mut self.asked);
        asked.resize(self.config.all_blocks().div_ceil(64) as usize, 0);
        let node = &self.nodes[who as usize];
        let (view, allowance) = (node.view(slot), self.allowance(who, slot));
        let over = || node.mine.iter().filter(|(over, _)| *over == slot).map(|(_, block)| *block);
        over().for_each(|block| set(&mut asked, block, true));
        let mut best: Option<(u32, u32, usize)> = None;
        'all: for (_, at) in &node.parts {
            let part = self.shelf.part(*at);
            let there = has(view, part.piece) && allowance.has(part.piece);
            if part.again || !there {
                continue;
            }
            for (nth, got) in self.shelf.row(*at).iter().enumerate() {
                let block = part.piece * self.config.blocks + nth as u32;
                if !got.there() && best.is_none_or(|(times, ..)| got.times() < times) && !has(&asked, block) {
                    best = Some((got.times(), *at, nth));
                    if got.times() == 1 {
                        break 'all;
                    }
                }
            }
        }
        over().for_each(|block| set(&mut asked, block, false));
        self.asked = asked;
        let (times, at, nth) = best?;
        self.shelf.row_mut(at)[nth] = Got::asked(times + 1);
        Some(self.shelf.part(at).piece * self.config.blocks + nth as u32)
    }

    /// What was asked for over a connection will not come, but for one block: others may be asked.
    pub(super) fn lose(&mut self, who: u32, slot: u16, but: Option<u32>) {
        let mut mine = std::mem::take(&mut self.nodes[who as usize].mine);
        let all = mine.len();
        mine.retain(|(over, block)| {
            let kept = *over != slot || Some(*block) == but;
            if !kept {
                self.unask(who, *block);
            }
            kept
        });
        let lost = all - mine.len();
        self.tally.asked -= lost as u64;
        let node = &mut self.nodes[who as usize];
        node.mine = mine;
        node.conns[usize::from(slot)].mine -= lost as u16;
        self.tally.changed(self.world.now());
        let abandoned = self.abandon(who, slot);
        if lost > 0 || abandoned {
            self.refill_all(who);
        }
    }

    /// One fewer is asked for a block.
    pub(super) fn unask(&mut self, who: u32, block: u32) {
        let (piece, nth) = (block / self.config.blocks, (block % self.config.blocks) as usize);
        let Some(at) = self.nodes[who as usize].part_of(piece) else { return };
        let got = self.shelf.row(at)[nth];
        if got.there() || got.times() == 0 {
            return;
        }
        self.shelf.row_mut(at)[nth] = Got::asked(got.times() - 1);
        if got.times() == 1 {
            let part = self.shelf.part_mut(at);
            (part.free, part.next) = (part.free + 1, part.next.min(nth as u32));
            self.nodes[who as usize].unasked += 1;
        }
    }

    /// A piece that one peer alone was to send will not come from it: another may, from the first block on.
    pub(super) fn abandon(&mut self, who: u32, slot: u16) -> bool {
        let mut any = false;
        for place in 0..self.nodes[who as usize].parts.len() {
            let (_, at) = self.nodes[who as usize].parts[place];
            if self.shelf.part(at).again && self.shelf.part(at).only == slot {
                self.empty(who, at);
                any = true;
            }
        }
        any
    }

    /// Throws away what is there of a piece in progress. It is to come from one peer alone.
    pub(super) fn empty(&mut self, who: u32, at: u32) {
        let blocks = self.config.blocks;
        let piece = self.shelf.part(at).piece;
        let part = self.shelf.part_mut(at);
        let (free, got) = (part.free, part.got);
        *part = super::peer::Partial { piece, free: blocks, got: 0, next: 0, again: true, only: ANYBODY };
        self.shelf.row_mut(at).fill(Got::asked(0));
        let node = &mut self.nodes[who as usize];
        node.unasked += blocks - free;
        node.blocks -= got;
        // What is still asked for of it would be of no use.
        let (conns, before) = (&mut node.conns, node.mine.len());
        node.mine.retain(|(slot, block)| {
            let of_it = block / blocks == piece;
            conns[usize::from(*slot)].mine -= u16::from(of_it);
            !of_it
        });
        self.tally.asked -= (before - node.mine.len()) as u64;
    }
}
