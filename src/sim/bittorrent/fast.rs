//! Pieces that a newcomer may ask for though it is choked (BEP 6, *Allowed Fast*), so that it has something to give.
//!
//! Which pieces these are follows from the newcomer's address and the info-hash alone: whoever it connects to names the same
//! ones, and calling on many peers brings it no more. Of the rest of BEP 6, *Reject* is in the choking and the answering;
//! *Have All* and *Have None* say in fewer bytes what a bitfield says, and words cost a line nothing here, so bitfields say
//! it; *Suggest* is advice that a peer may leave, and nobody gives it. The published results that this model is held to are
//! older than this rule, so `fast_set` is 0 where nobody sets it.

use super::swarm::{Event, Swarm};
use crate::sim::kernel::{
    bits::{has, set},
    chance::{Chance, Purpose},
};
use sha1::{Digest, Sha1};

/// Draws that are the torrent's info-hash.
const INFO_HASH: Purpose = Purpose(8);
/// Peers' addresses begin here. Of an address only the first 24 bits count, so each peer has a network of its own.
const FIRST_ADDRESS: u32 = 0x0100_0000;

/// The pieces of a torrent that a peer of an IPv4 address is allowed to ask for while it is choked, in the order in which
/// BEP 6 finds them: `count` of them, or all there are.
#[must_use]
pub fn allowed_fast(address: u32, info_hash: &[u8; 20], pieces: u32, count: u32) -> Vec<u32> {
    let wanted = count.min(pieces) as usize;
    let mut allowed = Vec::with_capacity(wanted);
    let mut digest: [u8; 20] = {
        let mut sha = Sha1::new();
        sha.update((address & 0xffff_ff00).to_be_bytes());
        sha.update(info_hash);
        sha.finalize().into()
    };
    while allowed.len() < wanted {
        for word in digest.as_chunks::<4>().0 {
            let piece = u32::from_be_bytes(*word) % pieces;
            if allowed.len() < wanted && !allowed.contains(&piece) {
                allowed.push(piece);
            }
        }
        digest = Sha1::digest(digest).into();
    }
    allowed
}

/// The info-hash of a run's torrent.
fn info_hash(chance: Chance) -> [u8; 20] {
    let mut hash = [0; 20];
    let mut draws = chance.draws(INFO_HASH, 0);
    for word in hash.as_chunks_mut::<4>().0 {
        *word = draws.word().to_be_bytes();
    }
    hash
}

impl Swarm {
    /// What a newcomer may ask for while it is choked.
    pub(super) fn choose_fast(&mut self, who: u32) {
        let count = self.config.fast_set;
        if count == 0 || self.nodes[who as usize].done() {
            return;
        }
        let address = FIRST_ADDRESS.wrapping_add(who << 8);
        let mut row = vec![0; self.config.words()];
        for piece in allowed_fast(address, &info_hash(self.world.chance()), self.config.pieces, count) {
            set(&mut row, piece, true);
        }
        self.nodes[who as usize].fast = row;
    }

    /// Tells a newcomer that it may ask, if it is one: it holds fewer pieces than it may ask for.
    pub(super) fn allow_fast(&mut self, who: u32, slot: u16) {
        let few = self.config.fast_set;
        let node = &mut self.nodes[who as usize];
        let gives = node.gives();
        let conn = &mut node.conns[usize::from(slot)];
        if gives && conn.open() && conn.has < few && !conn.allows {
            conn.allows = true;
            let (peer, their) = (conn.peer, conn.their);
            self.say(who, peer, Event::AllowedFast { slot: their });
        }
    }

    /// One may ask another though that chokes it.
    pub(super) fn allowed(&mut self, who: u32, from: u32, slot: u16) {
        if self.is_to(who, slot, from) {
            self.nodes[who as usize].conns[usize::from(slot)].allowed = true;
            self.refill(who, slot);
        }
    }

    /// A block that one asked for while it was choked will not come, nor would another.
    pub(super) fn rejected(&mut self, who: u32, from: u32, slot: u16, block: u32) {
        if !self.is_to(who, slot, from) {
            return;
        }
        let node = &mut self.nodes[who as usize];
        let mine = node.got(slot, block);
        let conn = &mut node.conns[usize::from(slot)];
        let ends = conn.peer_choking && std::mem::replace(&mut conn.allowed, false);
        if mine {
            self.tally.asked -= 1;
            self.unask(who, block);
        }
        // A piece that this one alone was to send may come from another.
        if ends {
            self.abandon(who, slot);
        }
        if mine || ends {
            self.refill_all(who);
        }
    }

    /// Whether a choked peer's request is served: for a piece that it was allowed, as long as it is a newcomer.
    pub(super) fn serves_fast(&self, who: u32, slot: u16, piece: u32) -> bool {
        let conn = &self.nodes[who as usize].conns[usize::from(slot)];
        let asker = &self.nodes[conn.peer as usize];
        conn.allows && conn.has < self.config.fast_set && has(&asker.fast, piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{
        bittorrent::config::{Config, settings},
        kernel::bits::each,
        model::Settings,
        vocabulary::SECOND,
    };

    /// The two examples of BEP 6: 80.4.4.200, an info-hash of twenty bytes `aa`, 1,313 pieces.
    #[test]
    fn the_set_of_the_standards_example() {
        let of = |count| allowed_fast(u32::from_be_bytes([80, 4, 4, 200]), &[0xaa; 20], 1_313, count);
        assert_eq!(of(7), [1059, 431, 808, 1217, 287, 376, 1188]);
        assert_eq!(of(9), [1059, 431, 808, 1217, 287, 376, 1188, 353, 508]);
        // Only the network counts.
        let neighbour = allowed_fast(u32::from_be_bytes([80, 4, 4, 7]), &[0xaa; 20], 1_313, 7);
        assert_eq!(neighbour, of(7));
    }

    #[test]
    fn a_small_torrent_is_allowed_whole() {
        let mut all = allowed_fast(7 << 8, &[3; 20], 4, 10);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3]);
    }

    /// A seed with four slots, and twelve who only take, after so many seconds; and those who had nothing when all had told
    /// that they want something, and whom it has choked since.
    fn swarm(fast_set: &str, seconds: u64) -> (Swarm, Vec<usize>) {
        let specs = settings();
        let mut settings = Settings::defaults(&specs);
        let set = [
            ("peers", "12"),
            ("seeds", "1"),
            ("pieces", "60"),
            ("piece_bytes", "16384"),
            ("seed_up", "200000"),
            ("free_riders", "1"),
            ("fast_set", fast_set),
        ];
        for (key, value) in set {
            settings.set(&specs, key, value).unwrap();
        }
        let mut swarm = Swarm::new(Config::from(&settings).unwrap(), 3);
        swarm.advance(SECOND / 2);
        let mut choked: Vec<usize> = (1..13).filter(|who| swarm.nodes[*who].blocks == 0).collect();
        for step in 50..=seconds * 100 {
            swarm.advance(step * SECOND / 100);
            let unchoked = swarm.nodes[0].conns.iter().filter(|conn| conn.open() && !conn.am_choking);
            unchoked.for_each(|conn| choked.retain(|who| *who != conn.peer as usize));
        }
        (swarm, choked)
    }

    #[test]
    fn who_is_choked_gets_what_it_is_allowed_and_nothing_else() {
        let (swarm, choked) = swarm("5", 8);
        assert!(choked.len() >= 5, "few have a slot: {choked:?}");
        for who in choked {
            let node = &swarm.nodes[who];
            assert!(node.held > 0, "{who} got nothing");
            assert!(each(node.holds.iter().copied()).all(|piece| has(&node.fast, piece)), "{who} got what is not its");
        }
    }

    #[test]
    fn without_the_rule_who_is_choked_gets_nothing() {
        let (swarm, choked) = swarm("0", 8);
        assert!(choked.len() >= 5 && choked.iter().all(|who| swarm.nodes[*who].held == 0));
    }

    /// All twelve get the file in the end, and who was fed while choked waits for its turn like all others from then on.
    #[test]
    fn everybody_is_done_in_the_end() {
        let (mut swarm, _) = swarm("5", 20);
        while let Some(at) = swarm.world.next_at() {
            swarm.advance(at + SECOND);
        }
        assert!(swarm.nodes.iter().all(super::super::peer::Node::done));
    }
}
