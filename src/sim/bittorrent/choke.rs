//! Whom a peer sends anything: choking and unchoking (BEP 3, and Cohen, *Incentives Build Robustness in BitTorrent*, 2003).

use super::{
    config::{Choking, OPTIMISTIC, REANNOUNCE, SLOTS, SNUB},
    swarm::{Event, Swarm},
};

impl Swarm {
    /// A round: every third one the optimistic unchoke moves on to the next interested peer that is choked.
    pub(super) fn round(&mut self, who: u32) {
        let node = &mut self.nodes[who as usize];
        node.rounds = node.rounds.wrapping_add(1);
        if node.rounds.is_multiple_of(OPTIMISTIC) {
            let next = node.order.iter().position(|slot| {
                let conn = &node.conns[usize::from(*slot)];
                conn.am_choking && conn.peer_interested
            });
            if let Some(next) = next {
                node.order.rotate_left(next);
            }
        }
        self.rechoke(who);
        // Who has few neighbours asks the tracker for more.
        let node = &self.nodes[who as usize];
        if node.rounds.is_multiple_of(REANNOUNCE) && node.friends < self.config.few() {
            self.world.timer(who, self.config.latency, Event::Announced);
        }
    }

    pub(super) fn interested(&mut self, who: u32, from: u32, slot: u16, yes: bool) {
        if !self.is_to(who, slot, from) {
            return;
        }
        let conn = &mut self.nodes[who as usize].conns[usize::from(slot)];
        conn.peer_interested = yes;
        // Who was unchoked without being interested may now displace somebody, or leave a slot to somebody else.
        if !conn.am_choking {
            self.rechoke(who);
        }
    }

    /// Decides whom to choke. Three slots go to the interested peers that gave most of late (a seed: that take fastest),
    /// the fourth to whoever comes first in the order that rotates. Peers before it in the order that are not interested
    /// are unchoked too, so that they may ask at once when they are; so is everybody while slots are free.
    pub(super) fn rechoke(&mut self, who: u32) {
        let now = self.world.now();
        let node = &self.nodes[who as usize];
        let gives = node.gives() && node.runs();
        let all = self.config.choking == Choking::None;
        let mut ranking = std::mem::take(&mut self.ranking);
        ranking.clear();
        if gives && !all {
            for slot in &node.order {
                let conn = &node.conns[usize::from(*slot)];
                let snubs = conn.last_block.is_none_or(|at| now - at > SNUB);
                if conn.peer_interested && (node.done() || !snubs) {
                    let rate = if node.done() { conn.up.at(now) } else { conn.down.at(now) };
                    ranking.push((rate, *slot));
                }
            }
            // The sort is stable: of equals, who comes first in the order.
            ranking.sort_by(|a, b| b.0.total_cmp(&a.0));
            ranking.truncate(SLOTS - 1);
        }
        let (mut taken, mut optimistic) = (ranking.len(), false);
        for place in 0..self.nodes[who as usize].order.len() {
            let slot = self.nodes[who as usize].order[place];
            let interested = self.nodes[who as usize].conns[usize::from(slot)].peer_interested;
            let preferred = ranking.iter().any(|(_, best)| *best == slot);
            let unchoke = gives && (all || preferred || taken < SLOTS || !optimistic);
            if unchoke && !preferred && interested {
                taken += 1;
                optimistic = true;
            }
            self.set_choke(who, slot, !unchoke);
        }
        self.ranking = ranking;
    }

    fn set_choke(&mut self, who: u32, slot: u16, choke: bool) {
        let node = &mut self.nodes[who as usize];
        let sending = node.sending.filter(|s| s.slot == slot).map(|s| s.block);
        let conn = &mut node.conns[usize::from(slot)];
        if conn.am_choking == choke {
            return;
        }
        conn.am_choking = choke;
        let (peer, their) = (conn.peer, conn.their);
        if choke {
            node.asked.retain(|(over, _)| *over != slot);
            self.say(who, peer, Event::Choke { slot: their, but: sending });
        } else {
            self.say(who, peer, Event::Unchoke { slot: their });
        }
    }

    /// Whether a peer is unchoked because it gave most of late, and not because it is its turn.
    pub(super) fn reciprocates(&self, who: u32, slot: u16) -> bool {
        let now = self.world.now();
        let node = &self.nodes[who as usize];
        let rate = |slot: u16| {
            let conn = &node.conns[usize::from(slot)];
            let gives = conn.peer_interested && conn.last_block.is_some_and(|at| now - at <= SNUB);
            gives.then(|| conn.down.at(now))
        };
        let Some(mine) = rate(slot) else { return false };
        node.order.iter().filter(|other| rate(**other).is_some_and(|theirs| theirs > mine)).count() < SLOTS - 1
    }
}
