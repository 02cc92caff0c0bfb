//! Rows that the shaders read: one a peer, link, packet or block, made from the vocabulary and a place.
//!
//! A row holds all that its mark needs, so that a frame in which nothing changed uploads nothing: what grows, fades or
//! flies does so in the shader, from moments that the row holds. There are two clocks. *Scene time* is the models' time
//! in seconds at the scene's own speed: it stands while the scene is paused, and packets fly by it. *Wall time* counts
//! the steps of the wall: answers to a touch and what grows go by it, paused or not.

use super::placement::SQUARE_HALF;
use crate::{
    ink::sheet::{Ink, Vec2},
    sim::vocabulary::{
        Bits, Block, BlockState, Camp, Conduct, Life, LinkState, PacketEnd, PacketForm, Peer, PeerKind, Ring, Tint,
    },
};
use bytemuck::{Pod, Zeroable};

/// A moment so long ago that whatever began then is over.
pub const LONG_AGO: f32 = -1.0e6;

/// The most segments that a ring has.
pub const MOST_SEGMENTS: u32 = 24;

/// The fewest segments that a ring of ranges has.
const LEAST_SEGMENTS: u32 = 16;

/// The least radius of a packet (style §4).
const LEAST_PACKET: f32 = 7.0;

/// The radius of a held peer.
pub const HELD_R: f32 = 122.0;

/// Peers smaller than this are dots: rows of a buffer, and no entities.
pub const DOT_R: f32 = 8.0;

/// How long a segment takes to grow, and whatever glows to fade, in seconds of the wall; the shader knows them too.
pub const GROWTH_SECONDS: f32 = 0.3;

/// How long lines take to retract.
pub const RETRACT_SECONDS: f32 = 0.22;

/// How long a living disc takes to fade to its dotted edge.
pub const FREEZE_SECONDS: f32 = 0.4;

/// How long the cross of a lost packet shows.
pub const CROSS_SECONDS: f32 = 0.3;

/// The ink of a tint.
#[must_use]
pub fn ink_of(tint: Tint) -> Ink {
    match tint {
        Tint::Data => Ink::Data,
        Tint::Leaf => Ink::Leaf,
        Tint::Sky => Ink::Sky,
        Tint::Lilac => Ink::Lilac,
        Tint::Bad => Ink::Bad,
        Tint::Plain => Ink::Ink2,
    }
}

/// The tint of a piece on a ring of four quarters.
#[must_use]
pub fn tint_of_piece(piece: u32, pieces: u32) -> Tint {
    match u64::from(piece) * 4 / u64::from(pieces.max(1)) {
        0 => Tint::Data,
        1 => Tint::Leaf,
        2 => Tint::Sky,
        _ => Tint::Lilac,
    }
}

/// The radius of a packet beside peers of radius `r`.
#[must_use]
pub fn packet_r(r: f32) -> f32 {
    (0.24 * r).max(LEAST_PACKET)
}

/// How many segments the ring of so many pieces has: one a piece, or for more than 24 pieces the most that give ranges
/// of one size, else 24.
#[must_use]
pub fn segments(pieces: u32) -> u32 {
    if pieces <= MOST_SEGMENTS {
        return pieces;
    }
    (LEAST_SEGMENTS..=MOST_SEGMENTS).rev().find(|s| pieces.is_multiple_of(*s)).unwrap_or(MOST_SEGMENTS)
}

/// The segment that a piece belongs to.
#[must_use]
pub fn segment_of(piece: u32, pieces: u32) -> u32 {
    (u64::from(piece) * u64::from(segments(pieces)) / u64::from(pieces.max(1))) as u32
}

/// The pieces of a segment.
#[must_use]
pub fn pieces_of(segment: u32, pieces: u32) -> std::ops::Range<u32> {
    let count = u64::from(segments(pieces).max(1));
    let first = |s: u64| (s * u64::from(pieces)).div_ceil(count) as u32;
    first(u64::from(segment))..first(u64::from(segment) + 1)
}

/// How full a segment is, in 255ths: 0 only if nothing of it is held, 255 only if all is.
#[must_use]
pub fn fill_of(held: &Bits, segment: u32) -> u8 {
    let range = pieces_of(segment, held.len());
    let (all, have) = (range.len() as u32, count_in(held, range));
    match have {
        0 => 0,
        have if have == all => 255,
        have => (have * 255 / all).clamp(1, 254) as u8,
    }
}

/// How many pieces of a range are held, word by word.
fn count_in(held: &Bits, range: std::ops::Range<u32>) -> u32 {
    let words = held.words();
    let mut count = 0;
    let mut at = range.start;
    while at < range.end {
        let (word, bit) = (at as usize / 64, at % 64);
        let take = (64 - bit).min(range.end - at);
        let mask = if take == 64 { u64::MAX } else { (1 << take) - 1 };
        count += (words[word] >> bit & mask).count_ones();
        at += take;
    }
    count
}

/// What a peer's row says beside its radius and ring; `shaders/peer.wgsl` reads the same bits.
mod peer_bits {
    pub const SERVER: u32 = 1;
    pub const DISC: u32 = 2;
    pub const LIFE: u32 = 2;
    pub const CONDUCT: u32 = 4;
    pub const CAMP: u32 = 6;
    pub const RING: u32 = 8;
    pub const DONE: u32 = 1 << 10;
    pub const MARKED: u32 = 1 << 11;
    pub const HELD: u32 = 1 << 12;
    pub const FOCUSED: u32 = 1 << 13;
    pub const DIFFERS: u32 = 1 << 14;
    pub const UNKNOWN: u32 = 1 << 15;
    pub const HIDDEN: u32 = 1 << 16;
    pub const YOU: u32 = 1 << 17;
    pub const FROZEN: u32 = 1 << 18;
    pub const BREATHES: u32 = 1 << 19;
}

/// No segment grows.
const NO_GROWTH: u32 = u32::MAX;

/// A peer, or the ground of a network: 80 bytes, as `shaders/peer.wgsl` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PeerRow {
    /// Its centre.
    pub at: Vec2,
    /// Its radius; half the side of a square.
    pub r: f32,
    flags: u32,
    fills: [u32; 6],
    /// How many segments its ring has, and the ink of the surface it clears.
    look: u32,
    /// The segment that grows, and how full it was before.
    grow: u32,
    grow_at: f32,
    /// The share it holds of the whole.
    share: f32,
    /// The radius that it grows or shrinks from, and since when.
    r_from: f32,
    r_at: f32,
    /// When it last stopped, started, froze or thawed.
    changed_at: f32,
    /// The radius of the packets that bring its pieces: a halo has its size.
    packet_r: f32,
    /// Where it comes from if it moves, and between which moments of scene time; it stands still if the two are one.
    from: Vec2,
    departs: f32,
    arrives: f32,
}

impl PeerRow {
    /// A row that draws nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self { flags: peer_bits::HIDDEN, ..Self::empty([0.0; 2], 0.0) }
    }

    fn empty(at: Vec2, r: f32) -> Self {
        Self {
            at,
            r,
            flags: 0,
            fills: [0; 6],
            look: 0,
            grow: NO_GROWTH,
            grow_at: LONG_AGO,
            share: 0.0,
            r_from: r,
            r_at: LONG_AGO,
            changed_at: LONG_AGO,
            packet_r: packet_r(r),
            from: at,
            departs: 0.0,
            arrives: 0.0,
        }
    }

    /// The ground of a network: filled while it lives, a dotted edge while it is frozen.
    #[must_use]
    pub fn ground(centre: Vec2, radius: f32, frozen: bool, changed_at: f32) -> Self {
        let flags = peer_bits::DISC | if frozen { peer_bits::FROZEN } else { 0 };
        Self { flags, changed_at, ..Self::empty(centre, radius) }
    }

    /// A peer that reaches `reach` from its centre (a circle's radius, half a square's side) on a surface.
    #[must_use]
    pub fn new(peer: &Peer, at: Vec2, reach: f32, surface: Ink) -> Self {
        let kind = match peer.kind {
            PeerKind::Peer => 0,
            PeerKind::Server => peer_bits::SERVER,
        };
        let life: u32 = match peer.life {
            Life::Running => 0,
            Life::Stopped(_) => 1,
            Life::CutOff => 2,
        };
        let conduct: u32 = match peer.conduct {
            Conduct::Fair => 0,
            Conduct::FreeRider => 1,
            Conduct::Bad => 2,
        };
        let camp: u32 = match peer.camp {
            Camp::Neither => 0,
            Camp::A => 1,
            Camp::B => 2,
        };
        let ring: u32 = match peer.ring {
            Ring::None => 0,
            Ring::Pieces => 1,
            Ring::Plain => 2,
            Ring::Life => 3,
        };
        let done = !peer.pieces.is_empty() && peer.pieces.is_full() && peer.ring != Ring::Life;
        let flags = kind
            | life << peer_bits::LIFE
            | conduct << peer_bits::CONDUCT
            | camp << peer_bits::CAMP
            | ring << peer_bits::RING
            | if done { peer_bits::DONE } else { 0 }
            | if peer.mark.is_some() { peer_bits::MARKED } else { 0 };
        let count = segments(peer.pieces.len());
        let mut fills = [0; 6];
        for segment in 0..count {
            fills[segment as usize / 4] |= u32::from(fill_of(&peer.pieces, segment)) << (segment % 4 * 8);
        }
        let share = if peer.pieces.is_empty() { 0.0 } else { peer.pieces.count() as f32 / peer.pieces.len() as f32 };
        Self { flags, fills, look: count | surface.index() << 8, share, ..Self::empty(at, reach) }
    }

    /// Says that a piece has just come, so that its segment grows to what it is now.
    #[must_use]
    pub fn growing(self, piece: u32, pieces: u32, before: u8, now: f32) -> Self {
        let tint = ink_of(tint_of_piece(piece, pieces)).index();
        Self { grow: segment_of(piece, pieces) | u32::from(before) << 8 | tint << 16, grow_at: now, ..self }
    }

    /// Keeps what still grows, fades or swells in the row that stood here before.
    #[must_use]
    pub fn moving_like(self, before: &Self) -> Self {
        Self {
            grow: before.grow,
            grow_at: before.grow_at,
            r_from: before.r_from,
            r_at: before.r_at,
            changed_at: before.changed_at,
            ..self
        }
    }

    /// How full a segment is drawn once grown, in 255ths.
    #[must_use]
    pub fn fill(&self, segment: u32) -> u8 {
        (self.fills[segment as usize / 4] >> (segment % 4 * 8)) as u8
    }

    /// The row at a size that it grows or shrinks to from another, beginning now.
    #[must_use]
    pub fn sized(self, from: f32, to: f32, now: f32) -> Self {
        Self { r: to, r_from: from, r_at: now, ..self }
    }

    /// The row at a size, without beginning to grow; what has begun goes on.
    #[must_use]
    pub fn with_size(self, r: f32) -> Self {
        let r_from = if self.r_at <= LONG_AGO { r } else { self.r_from };
        Self { r, r_from, ..self }
    }

    /// The row with the size of packets that bring its pieces.
    #[must_use]
    pub fn with_packets(self, r: f32) -> Self {
        Self { packet_r: packet_r(r), ..self }
    }

    /// The peer that a visitor holds: a circle around it, and room for a number inside.
    #[must_use]
    pub fn held(self, held: bool) -> Self {
        self.with(peer_bits::HELD, held)
    }

    /// The peer that has the focus.
    #[must_use]
    pub fn focused(self, focused: bool) -> Self {
        self.with(peer_bits::FOCUSED, focused)
    }

    /// A peer that is not as it would be without the visitor's touch.
    #[must_use]
    pub fn differing(self, differs: bool) -> Self {
        self.with(peer_bits::DIFFERS, differs)
    }

    /// A peer that the held one does not know: drawn hollow.
    #[must_use]
    pub fn unknown(self, unknown: bool) -> Self {
        self.with(peer_bits::UNKNOWN, unknown)
    }

    /// A peer that is not drawn, because a held one or its card lies there.
    #[must_use]
    pub fn covered(self, covered: bool) -> Self {
        self.with(peer_bits::HIDDEN, covered)
    }

    /// The visitor's own place.
    #[must_use]
    pub fn you(self, you: bool) -> Self {
        self.with(peer_bits::YOU, you)
    }

    /// A core that breathes, where an attract page invites.
    #[must_use]
    pub fn breathing(self, breathes: bool) -> Self {
        self.with(peer_bits::BREATHES, breathes)
    }

    /// Says when it last stopped, started, froze or thawed.
    #[must_use]
    pub fn changed(self, at: f32) -> Self {
        Self { changed_at: at, ..self }
    }

    /// Moves its moments back by as much as the wall's epoch moved on.
    pub fn rebase(&mut self, by: f32) {
        self.grow_at -= by;
        self.r_at -= by;
        self.changed_at -= by;
    }

    fn with(self, bit: u32, on: bool) -> Self {
        Self { flags: if on { self.flags | bit } else { self.flags & !bit }, ..self }
    }
}

/// What a link's row says beside its ends; `shaders/link.wgsl` reads the same bits.
mod link_bits {
    pub const DIRECTED: u32 = 1 << 3;
    pub const CAMP: u32 = 4;
    pub const GIVES: u32 = 1 << 6;
    pub const HIDDEN: u32 = 1 << 7;
    pub const FROM_STOPPED: u32 = 1 << 8;
    pub const TO_STOPPED: u32 = 1 << 9;
    pub const EXTENDING: u32 = 1 << 10;
    pub const UNKNOWN: u32 = 1 << 11;
}

/// A link: 48 bytes, as `shaders/link.wgsl` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct LinkRow {
    /// The centre of the peer at its first end.
    pub a: Vec2,
    /// The centre of the peer at its other end.
    pub b: Vec2,
    /// How far from the first centre it begins.
    ra: f32,
    /// How far from the other centre it ends.
    rb: f32,
    /// How far it bows to the right of its way.
    bend: f32,
    flags: u32,
    /// When its ends last stopped or started.
    changed_at: f32,
    /// How high the torn ends of a cut are.
    torn: f32,
    /// Where its ends come from if their peers move, and between which moments of scene time.
    a_from: Vec2,
    b_from: Vec2,
    departs: f32,
    arrives: f32,
}

/// The end of a link at a peer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkEnd {
    /// The peer's centre.
    pub at: Vec2,
    /// How far the peer reaches.
    pub reach: f32,
    /// Whether the peer is stopped.
    pub stopped: bool,
    /// The version it holds.
    pub camp: Camp,
}

impl LinkRow {
    /// A row that draws nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self {
            a: [0.0; 2],
            b: [0.0; 2],
            ra: 0.0,
            rb: 0.0,
            bend: 0.0,
            flags: link_bits::HIDDEN,
            changed_at: LONG_AGO,
            torn: 0.0,
            a_from: [0.0; 2],
            b_from: [0.0; 2],
            departs: 0.0,
            arrives: 0.0,
        }
    }

    /// A link between two peers.
    #[must_use]
    pub fn new(state: LinkState, directed: bool, from: LinkEnd, to: LinkEnd, bend: f32) -> Self {
        let state: u32 = match state {
            LinkState::Known => 0,
            LinkState::Idle => 1,
            LinkState::InUse => 2,
            LinkState::Cut => 3,
        };
        let camp: u32 = match (from.camp, to.camp) {
            (Camp::A, Camp::A) => 1,
            (Camp::B, Camp::B) => 2,
            _ => 0,
        };
        let flags = state
            | camp << link_bits::CAMP
            | if directed { link_bits::DIRECTED } else { 0 }
            | if from.stopped { link_bits::FROM_STOPPED } else { 0 }
            | if to.stopped { link_bits::TO_STOPPED } else { 0 };
        // Peers clear a disc of R + 7; lines end 4 px before it.
        let margin = 7.0 + 4.0;
        let far = (to.at[0] - from.at[0]).hypot(to.at[1] - from.at[1]);
        let seen = far - from.reach - to.reach - 2.0 * margin;
        Self {
            a: from.at,
            b: to.at,
            ra: from.reach + margin,
            rb: to.reach + margin,
            bend,
            flags,
            changed_at: LONG_AGO,
            // A short link is torn less, or nothing would be left of it.
            torn: (from.reach.max(to.reach) * 1.2).clamp(16.0, 52.0).min((seen * 0.45).max(12.0)),
            a_from: from.at,
            b_from: to.at,
            departs: 0.0,
            arrives: 0.0,
        }
    }

    /// The link with its bare length: it touches what it leads to. For stills without peers at the ends.
    #[must_use]
    pub fn bare(self) -> Self {
        Self { ra: 0.0, rb: 0.0, ..self }
    }

    /// Says when an end stopped, or that one started again: lines then come back.
    #[must_use]
    pub fn changed(self, at: f32, extending: bool) -> Self {
        Self { changed_at: at, ..self.with(link_bits::EXTENDING, extending) }
    }

    /// A link by which the held peer gives.
    #[must_use]
    pub fn giving(self, gives: bool) -> Self {
        self.with(link_bits::GIVES, gives)
    }

    /// A link that is not drawn, because one of its ends is not.
    #[must_use]
    pub fn covered(self, covered: bool) -> Self {
        self.with(link_bits::HIDDEN, covered)
    }

    /// A link that the held peer does not know.
    #[must_use]
    pub fn unknown(self, unknown: bool) -> Self {
        self.with(link_bits::UNKNOWN, unknown)
    }

    /// Moves its moments back by as much as the wall's epoch moved on.
    pub fn rebase(&mut self, by: f32) {
        self.changed_at -= by;
    }

    fn with(self, bit: u32, on: bool) -> Self {
        Self { flags: if on { self.flags | bit } else { self.flags & !bit }, ..self }
    }
}

/// What a packet's row says beside its way; `shaders/packet.wgsl` reads the same bits.
mod packet_bits {
    pub const END: u32 = 2;
    pub const INK: u32 = 4;
    pub const LAYERS: u32 = 8;
    pub const STILL: u32 = 1 << 10;
    pub const HIDDEN: u32 = 1 << 11;
    pub const ON_GROUND: u32 = 1 << 12;
    pub const LETTERED: u32 = 1 << 13;
}

/// A packet: 64 bytes, as `shaders/packet.wgsl` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PacketRow {
    from: Vec2,
    to: Vec2,
    departs: f32,
    arrives: f32,
    /// When its way ends, by scene time.
    ends: f32,
    /// When it was seen to end otherwise than by arriving, by wall time.
    gone_at: f32,
    flags: u32,
    r: f32,
    bend: f32,
    /// How far from the centres it departs and arrives.
    trim: Vec2,
    spare: [f32; 3],
}

/// The way of a packet: the same as its link's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// The centre of who sends it.
    pub from: Vec2,
    /// The centre of who receives it.
    pub to: Vec2,
    /// How far the sender reaches.
    pub from_reach: f32,
    /// How far the receiver reaches.
    pub to_reach: f32,
    /// How far its link bows to the right of this way.
    pub bend: f32,
}

impl PacketRow {
    /// A row that draws nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self { flags: packet_bits::HIDDEN, ..Self::zeroed() }
    }

    /// A packet on its way, from one moment of scene time to another.
    #[must_use]
    pub fn flying(way: &Way, departs: f32, arrives: f32, r: f32, form: PacketForm, tint: Tint, layers: u8) -> Self {
        let form: u32 = match form {
            PacketForm::Content => 0,
            PacketForm::Question => 1,
            PacketForm::BlockA => 2,
            PacketForm::BlockB => 3,
        };
        let flags = form | ink_of(tint).index() << packet_bits::INK | u32::from(layers.min(3)) << packet_bits::LAYERS;
        Self {
            from: way.from,
            to: way.to,
            departs,
            arrives,
            ends: arrives,
            gone_at: LONG_AGO,
            flags,
            r,
            bend: way.bend,
            trim: [way.from_reach, way.to_reach],
            spare: [0.0; 3],
        }
    }

    /// A packet that stands at a share of its way.
    #[must_use]
    pub fn standing(way: &Way, along: f32, r: f32, form: PacketForm, tint: Tint, layers: u8) -> Self {
        let row = Self::flying(way, along, 1.0, r, form, tint, layers);
        Self { flags: row.flags | packet_bits::STILL, ..row }
    }

    /// Says that signs stand in it: a false one has its outline then, and no cross.
    #[must_use]
    pub fn lettered(self, signs: bool) -> Self {
        let bit = packet_bits::LETTERED;
        Self { flags: if signs { self.flags | bit } else { self.flags & !bit }, ..self }
    }

    /// Says that it stands on the bare ground, not on a network's: what is hollow shows that.
    #[must_use]
    pub fn on_ground(self, bare: bool) -> Self {
        let bit = packet_bits::ON_GROUND;
        Self { flags: if bare { self.flags | bit } else { self.flags & !bit }, ..self }
    }

    /// Says that its way ends otherwise than foreseen, and when the wall saw it.
    #[must_use]
    pub fn ended(self, end: PacketEnd, ends: f32, seen: f32) -> Self {
        let bits: u32 = match end {
            PacketEnd::Arrives => 0,
            PacketEnd::TurnedAway => 1,
            PacketEnd::Lost => 2,
        };
        Self { flags: self.flags & !(3 << packet_bits::END) | bits << packet_bits::END, ends, gone_at: seen, ..self }
    }

    /// The same packet on another way: its peers moved, because the stage did.
    #[must_use]
    pub fn on(self, way: &Way, r: f32) -> Self {
        Self { from: way.from, to: way.to, bend: way.bend, trim: [way.from_reach, way.to_reach], r, ..self }
    }

    /// Moves its moments back by as much as the epochs of scene time and wall time moved on.
    pub fn rebase(&mut self, scene: f32, wall: f32) {
        self.departs -= scene;
        self.arrives -= scene;
        self.ends -= scene;
        self.gone_at -= wall;
    }
}

/// What a block's row says; `shaders/block.wgsl` reads the same bits.
mod block_bits {
    pub const CAMP: u32 = 2;
    pub const JOINED: u32 = 1 << 4;
    pub const TORN: u32 = 1 << 5;
    pub const HIDDEN: u32 = 1 << 6;
    pub const SMALL: u32 = 1 << 7;
}

/// Width and height of a block, in reference pixels.
pub const BLOCK: Vec2 = [284.0, 516.0];
/// The side of a small block.
pub const SMALL_BLOCK: f32 = 88.0;

/// The height of a block's joint below its centre.
pub const JOINT_Y: f32 = 192.0;

/// A block and the joint to the one before it: 80 bytes, as `shaders/block.wgsl` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct BlockRow {
    /// Its centre.
    pub at: Vec2,
    scale: f32,
    flags: u32,
    fingerprint: [u32; 8],
    /// Where the joint leaves the block before it.
    joint: Vec2,
    /// When it broke or was sealed, by wall time.
    changed_at: f32,
    /// How far it sinks.
    sink: f32,
    spare: [f32; 4],
}

impl BlockRow {
    /// A row that draws nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self { flags: block_bits::HIDDEN, ..Self::zeroed() }
    }

    /// A block at a place and size; `before` is the centre of the block that it is joined to, and whether that holds.
    #[must_use]
    pub fn new(block: &Block, at: Vec2, scale: f32, before: Option<Vec2>) -> Self {
        let state: u32 = match block.state {
            BlockState::Sealed => 0,
            BlockState::Changed => 1,
            BlockState::Broken => 2,
        };
        let camp: u32 = match block.camp {
            Camp::Neither => 0,
            Camp::A => 1,
            Camp::B => 2,
        };
        // What comes before a changed block still fits; a broken one no longer fits what comes before it.
        let torn = block.state == BlockState::Broken;
        let flags = state
            | camp << block_bits::CAMP
            | if before.is_some() { block_bits::JOINED } else { 0 }
            | if torn { block_bits::TORN } else { 0 };
        let mut fingerprint = [0; 8];
        for (word, bytes) in fingerprint.iter_mut().zip(block.fingerprint.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        let joint = before.map_or([0.0; 2], |b| [b[0] + BLOCK[0] * 0.5 * scale, b[1] + JOINT_Y * scale]);
        Self { at, scale, flags, fingerprint, joint, changed_at: LONG_AGO, sink: 0.0, spare: [0.0; 4] }
    }

    /// The block as a square of 88 with its camp's sign: one of a chain under a fork. `before` is as in [`Self::new`].
    #[must_use]
    pub fn small(self, before: Option<Vec2>) -> Self {
        let joint = before.map_or([0.0; 2], |b| [b[0] + SMALL_BLOCK * 0.5 * self.scale, b[1]]);
        Self { flags: self.flags | block_bits::SMALL, joint, ..self }
    }

    /// Says when it broke, and how far it sinks.
    #[must_use]
    pub fn sinking(self, by: f32, at: f32) -> Self {
        Self { sink: by, changed_at: at, ..self }
    }

    /// Moves its moments back by as much as the wall's epoch moved on.
    pub fn rebase(&mut self, by: f32) {
        self.changed_at -= by;
    }
}

/// How far from its centre a peer keeps lines away: a square as far as its corners.
#[must_use]
pub fn line_reach(kind: PeerKind, reach: f32) -> f32 {
    match kind {
        PeerKind::Peer => reach,
        PeerKind::Server => reach * std::f32::consts::SQRT_2,
    }
}

/// The reach of a square that takes the place of a peer of radius `r`.
#[must_use]
pub fn square_reach(r: f32) -> f32 {
    r * SQUARE_HALF
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::vocabulary::{BlockId, PeerId};

    #[test]
    fn rows_have_the_sizes_that_the_shaders_read() {
        assert_eq!(size_of::<PeerRow>(), 88);
        assert_eq!(size_of::<LinkRow>(), 64);
        assert_eq!(size_of::<PacketRow>(), 64);
        assert_eq!(size_of::<BlockRow>(), 80);
    }

    #[test]
    fn a_ring_has_a_segment_a_piece_and_at_most_24() {
        assert_eq!((segments(0), segments(3), segments(20), segments(24)), (0, 3, 20, 24));
        assert_eq!(segments(40), 20, "ranges of two");
        assert_eq!(segments(2000), 20, "ranges of a hundred");
        assert_eq!(segments(48), 24);
        assert_eq!(segments(29), 24, "uneven ranges, where nothing divides");
    }

    #[test]
    fn every_piece_belongs_to_the_one_segment_whose_range_holds_it() {
        for pieces in [1, 3, 20, 24, 25, 29, 40, 97, 1000] {
            let count = segments(pieces);
            let mut next = 0;
            for segment in 0..count {
                let range = pieces_of(segment, pieces);
                assert_eq!(range.start, next, "{pieces} pieces, segment {segment}");
                assert!(!range.is_empty());
                for piece in range.clone() {
                    assert_eq!(segment_of(piece, pieces), segment, "piece {piece} of {pieces}");
                }
                next = range.end;
            }
            assert_eq!(next, pieces);
        }
    }

    #[test]
    fn a_segment_is_full_only_with_all_of_its_pieces() {
        let mut held = Bits::none(2000);
        assert_eq!(fill_of(&held, 3), 0);
        held.insert(300);
        assert_eq!(fill_of(&held, 3), 2);
        assert_eq!((fill_of(&held, 2), fill_of(&held, 4)), (0, 0));
        for piece in 301..399 {
            held.insert(piece);
        }
        assert_eq!(fill_of(&held, 3), 252);
        held.insert(399);
        assert_eq!(fill_of(&held, 3), 255);
        let mut one_of_two = Bits::none(40);
        one_of_two.insert(39);
        assert_eq!(fill_of(&one_of_two, 19), 127);
    }

    #[test]
    fn a_row_holds_its_ring() {
        let mut pieces = Bits::none(20);
        for piece in [0, 1, 7, 19] {
            pieces.insert(piece);
        }
        let peer = Peer::new(PeerId(1), PeerKind::Peer, pieces);
        let row = PeerRow::new(&peer, [1.0, 2.0], 30.0, Ink::Field);
        let full: Vec<u32> = (0..20).filter(|s| row.fill(*s) == 255).collect();
        assert_eq!(full, [0, 1, 7, 19]);
        assert_eq!(row.look, 20 | 1 << 8);
        assert_eq!(row.flags & peer_bits::DONE, 0);
        let done = PeerRow::new(&Peer::new(PeerId(1), PeerKind::Peer, Bits::all(20)), [0.0; 2], 30.0, Ink::Field);
        assert_ne!(done.flags & peer_bits::DONE, 0);
        assert_eq!(done.share, 1.0);
    }

    #[test]
    fn a_piece_has_the_tint_of_its_quarter() {
        let tints: Vec<Tint> = [0, 4, 5, 9, 10, 14, 15, 19].iter().map(|p| tint_of_piece(*p, 20)).collect();
        use Tint::{Data, Leaf, Lilac, Sky};
        assert_eq!(tints, [Data, Data, Leaf, Leaf, Sky, Sky, Lilac, Lilac]);
    }

    #[test]
    fn a_fingerprint_keeps_the_order_of_its_bits() {
        let mut fingerprint = [0; 32];
        fingerprint[0] = 0x80;
        fingerprint[31] = 1;
        let id = BlockId { finder: PeerId(0), count: 0 };
        let block = Block { id, before: None, height: 1, camp: Camp::Neither, fingerprint, state: BlockState::Sealed };
        let row = BlockRow::new(&block, [0.0; 2], 1.0, None);
        assert_eq!((row.fingerprint[0], row.fingerprint[7]), (0x8000_0000, 1));
    }
}
