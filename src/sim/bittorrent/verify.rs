//! Whether a piece is what the torrent says it is, and who is shut out if it is not.
//!
//! A piece that fails its hash is fetched again, all of it from one peer. When it fits then, its blocks are compared with
//! those of the failed tries, and only who sent differing ones is banned. A piece that came from one peer alone and fails
//! needs no comparison.

use super::{
    config::Config,
    peer::{Evidence, Got},
    swarm::Swarm,
};
use crate::sim::{
    kernel::{
        bits::set,
        chance::{Chance, Purpose},
    },
    vocabulary::{Conduct, Happening, PeerId, PieceId},
};
use sha1::{Digest, Sha1};

/// Draws that are the file's bytes.
const CONTENT: Purpose = Purpose(7);

/// The file: its pieces' hashes, where it has bytes.
#[derive(Clone, Debug, Default)]
pub struct Content {
    seed: u64,
    hashes: Vec<[u8; 20]>,
}

impl Content {
    /// The file of a run; empty if its blocks only carry whether they are right.
    #[must_use]
    pub fn new(config: &Config, seed: u64) -> Self {
        let mut content = Self { seed, hashes: Vec::new() };
        if config.real {
            let right = |piece: u32| content.hash(config, piece, |_nth| Got::from(0, false));
            content.hashes = (0..config.pieces).map(right).collect();
        }
        content
    }

    /// The SHA-1 of a piece made of blocks as they were sent.
    fn hash(&self, config: &Config, piece: u32, sent: impl Fn(u32) -> Got) -> [u8; 20] {
        let mut sha = Sha1::new();
        for nth in 0..config.blocks {
            self.bytes(config, piece * config.blocks + nth, sent(nth), |bytes| sha.update(bytes));
        }
        sha.finalize().into()
    }

    /// The bytes of a block as a peer sent it: each liar has its own way of getting them wrong.
    fn bytes(&self, config: &Config, block: u32, sent: Got, mut with: impl FnMut(&[u8])) {
        let mut draws = Chance::new(self.seed).draws(CONTENT, block);
        let mut left = config.block_bytes(block) as usize;
        // Odd, so that even the only byte of a block is another.
        let mut twist = if sent.bad() { sent.sender() << 1 | 1 } else { 0 };
        while left > 0 {
            let word = (draws.word() ^ twist).to_le_bytes();
            with(&word[..left.min(4)]);
            left -= left.min(4);
            twist = 0;
        }
    }
}

impl Swarm {
    /// A piece is whole: holds it if its hash is right, and fetches it again if not.
    pub(super) fn verify(&mut self, who: u32, at: u32) {
        let piece = self.shelf.part(at).piece;
        let row = self.shelf.row(at);
        let right = if self.config.real {
            let content = &self.tally.content;
            content.hash(&self.config, piece, |nth| row[nth as usize]) == content.hashes[piece as usize]
        } else {
            row.iter().all(|got| !got.bad())
        };
        if right { self.fits(who, at, piece) } else { self.fails(who, at, piece) }
    }

    fn fits(&mut self, who: u32, at: u32, piece: u32) {
        let now = self.world.now();
        if self.shelf.part(at).again {
            self.compare(who, at, piece);
        }
        let node = &mut self.nodes[who as usize];
        node.parts.retain(|(_, other)| *other != at);
        self.shelf.end(at);
        set(&mut node.holds, piece, true);
        node.held += 1;
        let full = node.held == self.config.pieces;
        self.tally.holds(&self.nodes[who as usize], piece, now);
        self.world.tell(|| Happening::Holds { peer: PeerId(who), piece: PieceId(piece), at: now });
        self.hold(who, piece);
        if full {
            self.complete(who);
        }
    }

    fn fails(&mut self, who: u32, at: u32, piece: u32) {
        self.tally.rejected += 1;
        let first = self.shelf.row(at)[0].sender();
        let alone = self.shelf.row(at).iter().all(|got| got.sender() == first);
        let node = &mut self.nodes[who as usize];
        if !alone {
            let row = self.shelf.row(at).iter().enumerate();
            let blocks = self.config.blocks;
            node.evidence.extend(row.map(|(nth, got)| Evidence { block: piece * blocks + nth as u32, got: *got }));
        }
        self.empty(who, at);
        if alone {
            self.ban(who, first);
        }
        self.refill_all(who);
    }

    /// The piece is there, from one peer alone: who sent other blocks before is a liar.
    fn compare(&mut self, who: u32, at: u32, piece: u32) {
        let blocks = self.config.blocks;
        let of_piece = |e: &Evidence| e.block / blocks == piece;
        let evidence = std::mem::take(&mut self.nodes[who as usize].evidence);
        for e in evidence.iter().filter(|e| of_piece(e)) {
            if self.differ(e.block, e.got, self.shelf.row(at)[(e.block % blocks) as usize]) {
                self.ban(who, e.got.sender());
            }
        }
        // A ban may close the connection of another piece that failed, but never adds evidence.
        self.nodes[who as usize].evidence = evidence;
        self.nodes[who as usize].evidence.retain(|e| !of_piece(e));
    }

    /// Whether two blocks in the same place are different.
    fn differ(&self, block: u32, one: Got, other: Got) -> bool {
        if !self.config.real {
            return one.bad() != other.bad();
        }
        let bytes = |got| {
            let mut all = Vec::new();
            self.tally.content.bytes(&self.config, block, got, |bytes| all.extend_from_slice(bytes));
            all
        };
        bytes(one) != bytes(other)
    }

    fn ban(&mut self, who: u32, liar: u32) {
        let node = &mut self.nodes[who as usize];
        if node.banned.contains(&liar) {
            return;
        }
        node.banned.push(liar);
        let slot = node.to(liar);
        self.tally.bans += 1;
        self.tally.innocents += u32::from(!self.nodes[liar as usize].was_bad);
        if let Some(slot) = slot {
            self.close(who, slot, true);
        }
    }

    /// Makes a peer a liar, a free rider or fair.
    pub fn set_conduct(&mut self, who: u32, conduct: Conduct) {
        let node = &mut self.nodes[who as usize];
        let before = std::mem::replace(&mut node.conduct, conduct);
        node.was_bad |= conduct == Conduct::Bad;
        self.tally.conduct(&self.nodes[who as usize], before, self.world.now());
        self.rechoke(who);
        self.tell_peer(who);
    }

    /// Slows a peer's line, or makes it as fast as before; what is on it keeps its pace.
    pub fn set_slow(&mut self, who: u32, slowed: bool, by: u64) {
        let node = &mut self.nodes[who as usize];
        let before = node.up.rate();
        node.slowed = slowed;
        let full = node.full_rate(&self.config);
        node.up.set_rate(if slowed { (full / by).max(1) } else { full });
        self.tally.rate(&self.nodes[who as usize], before, self.world.now());
    }
}
