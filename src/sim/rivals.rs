//! Two chains that rival for one place, as a watcher is shown them: the public one, found by all others together, and the
//! hidden one of who withholds its blocks. The models that use it keep the score; this keeps who found which block on top
//! of which.

use super::{
    kernel::{
        chance::{Chance, Purpose},
        world::World,
    },
    vocabulary::{
        Bits, Block, BlockId, BlockState, Camp, Conduct, Happening, Link, LinkId, LinkState, Peer, PeerId, PeerKind,
        Ring, Standing,
    },
};

/// Draws that only tell fingerprints apart: nothing is hashed here.
const PRINTS: Purpose = Purpose(100);
/// How many of the latest blocks a watcher is shown when it comes.
const SHOWN: usize = 64;

/// Who finds a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All others together, in public.
    Public = 0,
    /// The one that hides its blocks.
    Hidden = 1,
}

/// The tips of the two chains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tip {
    id: Option<BlockId>,
    height: u32,
}

/// Two chains from a common block on. Which block stands on which is kept for a watcher alone: who comes late sees both
/// chains begin with the next block.
#[derive(Clone, Debug, Default)]
pub struct Rivals {
    /// How many blocks each side has ever found.
    found: [u32; 2],
    /// Where the next blocks go; nowhere while nobody watches.
    tips: [Tip; 2],
    /// The latest blocks; none while nobody watches.
    latest: Vec<Block>,
}

impl Rivals {
    /// One side finds the next block on its tip.
    pub fn find<E>(&mut self, world: &mut World<E>, side: Side) {
        self.count(side);
        if world.is_watched() {
            self.tell(world, side);
        }
    }

    /// One side finds the next block: the half of [`Self::find`] that every run needs.
    pub fn count(&mut self, side: Side) {
        let found = &mut self.found[side as usize];
        *found = found.wrapping_add(1);
    }

    /// Tells of the block that a side found last: the half for a watcher, apart from the way of a run without one.
    #[cold]
    #[inline(never)]
    pub fn tell<E>(&mut self, world: &mut World<E>, side: Side) {
        let id = BlockId { finder: PeerId(side as u32), count: self.found[side as usize].wrapping_sub(1) };
        let tip = &mut self.tips[side as usize];
        let Tip { id: before, height } =
            std::mem::replace(tip, Tip { id: Some(id), height: tip.height.wrapping_add(1) });
        let camp = if side == Side::Public { Camp::A } else { Camp::B };
        let fingerprint = fingerprint(world.chance(), id);
        let block = Block { id, before, height, camp, fingerprint, state: BlockState::Sealed };
        if self.latest.len() == SHOWN {
            self.latest.remove(0);
        }
        self.latest.push(block.clone());
        world.tell(|| Happening::Block(Box::new(block)));
    }

    /// Both go on from the tip of one side: its chain is the chain now.
    pub fn settle(&mut self, winner: Side) {
        self.tips = [self.tips[winner as usize]; 2];
    }

    /// How many blocks a side has found so far.
    #[must_use]
    pub fn found(&self, side: Side) -> u32 {
        self.found[side as usize]
    }

    /// What stands: the two, the link between them, and the latest blocks since somebody watches.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let peer = |side: Side, mark| Peer {
            mark: Some(mark),
            conduct: if side == Side::Hidden { Conduct::Bad } else { Conduct::Fair },
            camp: if side == Side::Hidden { Camp::B } else { Camp::A },
            ring: Ring::None,
            ..Peer::new(PeerId(side as u32), PeerKind::Peer, Bits::none(0))
        };
        let link = Link { id: LinkId::between(PeerId(0), PeerId(1)), state: LinkState::Idle, directed: false };
        Standing {
            peers: vec![peer(Side::Public, "public"), peer(Side::Hidden, "hidden")],
            links: vec![link],
            blocks: self.latest.clone(),
            ..Standing::default()
        }
    }
}

/// The side that a peer stands for.
#[must_use]
pub fn side_of(peer: PeerId) -> Option<Side> {
    match peer.0 {
        0 => Some(Side::Public),
        1 => Some(Side::Hidden),
        _ => None,
    }
}

/// 256 bits that belong to a block.
fn fingerprint(chance: Chance, id: BlockId) -> [u8; 32] {
    let mut draws = chance.draws_from(PRINTS, id.finder.0, u64::from(id.count) * 2);
    let mut bits = [0; 32];
    for bytes in bits.chunks_exact_mut(4) {
        bytes.copy_from_slice(&draws.word().to_be_bytes());
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_builds_on_its_own_tip_and_both_on_the_winners() {
        let mut world: World<()> = World::new(1, 2);
        world.watch();
        let mut rivals = Rivals::default();
        for side in [Side::Public, Side::Hidden, Side::Hidden] {
            rivals.find(&mut world, side);
        }
        rivals.settle(Side::Hidden);
        rivals.find(&mut world, Side::Public);
        let told: Vec<_> = rivals.standing().blocks.iter().map(|b| (b.id.finder.0, b.height, b.before)).collect();
        let id = |finder, count| Some(BlockId { finder: PeerId(finder), count });
        assert_eq!(told, [(0, 0, None), (1, 0, None), (1, 1, id(1, 0)), (0, 2, id(1, 1))]);
        assert_eq!((rivals.found(Side::Public), rivals.found(Side::Hidden)), (2, 2));
    }
}
