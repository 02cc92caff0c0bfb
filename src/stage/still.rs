//! A deck's stills: marks at given places, drawn by the same rows as a live network, without time.

use super::{
    placement::SQUARE_HALF,
    rows::{BlockRow, LinkEnd, LinkRow, PacketRow, PeerRow, Way, line_reach, packet_r},
};
use crate::{
    deck::structure::{Still, StillMark},
    ink::sheet::{Ink, Shape, Vec2},
    sim::vocabulary::{
        Bits, Block, BlockId, BlockState, Camp, Life, PacketForm, Peer, PeerId, PeerKind, Ring, StoppedBy, Tint,
    },
    slides::{
        StageFrame,
        still::{peer_radius, place, scale},
    },
};
use std::collections::BTreeMap;

/// Marks of one kind that are drawn together; later runs lie on top.
#[derive(Clone, Debug, PartialEq)]
pub enum Run {
    /// Plain shapes.
    Shapes(Vec<Shape>),
    /// Links.
    Links(Vec<LinkRow>),
    /// Packets.
    Packets(Vec<PacketRow>),
    /// Peers.
    Peers(Vec<PeerRow>),
    /// Blocks.
    Blocks(Vec<BlockRow>),
}

/// Signs inside a packet, for the page to set.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// One or two signs.
    pub text: String,
    /// The middle of the packet.
    pub at: Vec2,
    /// The packet's radius.
    pub r: f32,
    /// Whether the packet is hollow: then the signs take the ink of words, else that of the ground.
    pub hollow: bool,
}

/// A still as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The marks, in painter's order.
    pub runs: Vec<Run>,
    /// Signs inside packets, on top of all.
    pub letters: Vec<Letter>,
}

impl Drawing {
    /// Adds a plain shape on top.
    pub fn shape(&mut self, shape: Shape) {
        match self.runs.last_mut() {
            Some(Run::Shapes(rows)) => rows.push(shape),
            _ => self.runs.push(Run::Shapes(vec![shape])),
        }
    }

    /// Adds a link on top.
    pub fn link(&mut self, link: LinkRow) {
        match self.runs.last_mut() {
            Some(Run::Links(rows)) => rows.push(link),
            _ => self.runs.push(Run::Links(vec![link])),
        }
    }

    /// Adds a packet on top.
    pub fn packet(&mut self, packet: PacketRow) {
        match self.runs.last_mut() {
            Some(Run::Packets(rows)) => rows.push(packet),
            _ => self.runs.push(Run::Packets(vec![packet])),
        }
    }

    /// Adds a peer on top.
    pub fn peer(&mut self, peer: PeerRow) {
        match self.runs.last_mut() {
            Some(Run::Peers(rows)) => rows.push(peer),
            _ => self.runs.push(Run::Peers(vec![peer])),
        }
    }

    /// Adds a block on top.
    pub fn block(&mut self, block: BlockRow) {
        match self.runs.last_mut() {
            Some(Run::Blocks(rows)) => rows.push(block),
            _ => self.runs.push(Run::Blocks(vec![block])),
        }
    }
}

/// Where a still's named marks stand.
#[derive(Default)]
struct Ends {
    peers: BTreeMap<String, LinkEnd>,
    /// The same, as far as lines keep away.
    lines: BTreeMap<String, LinkEnd>,
    blocks: BTreeMap<String, Vec2>,
}

/// Draws a still in a frame: its canvas is the square around the frame's disc. The page draws the ground, the words and
/// all plain shapes of it.
#[must_use]
pub fn draw(still: &Still, frame: &StageFrame) -> Drawing {
    let (scale, usual) = (scale(frame), peer_radius(still));
    let mut ends = Ends::default();
    for mark in &still.marks {
        match &mark.value {
            StillMark::Peer { name, at, r, server, stopped, camp, .. } => {
                let reach = r.unwrap_or(usual) * scale * if *server { SQUARE_HALF } else { 1.0 };
                let end = LinkEnd { at: place(frame, *at), reach, stopped: *stopped, camp: *camp };
                let kind = if *server { PeerKind::Server } else { PeerKind::Peer };
                ends.lines.insert(name.clone(), LinkEnd { reach: line_reach(kind, reach), ..end });
                ends.peers.insert(name.clone(), end);
            }
            StillMark::Block { name, at, .. } => {
                ends.blocks.insert(name.clone(), place(frame, *at));
            }
            _ => {}
        }
    }
    let mut drawing = Drawing::default();
    let surface = if still.disc { Ink::Field } else { Ink::Ground };
    for mark in &still.marks {
        if let StillMark::Link { from, to, state, directed, .. } = &mark.value
            && let (Some(from), Some(to)) = (ends.lines.get(from), ends.lines.get(to))
        {
            drawing.link(LinkRow::new(*state, *directed, *from, *to, 0.0));
        }
    }
    for mark in &still.marks {
        draw_mark(&mark.value, &ends, scale, surface, &mut drawing);
    }
    drawing
}

fn draw_mark(mark: &StillMark, ends: &Ends, scale: f32, surface: Ink, drawing: &mut Drawing) {
    match mark {
        StillMark::Peer { name, you, .. } => {
            if let Some(end) = ends.peers.get(name) {
                drawing.peer(PeerRow::new(&peer_of(mark), end.at, end.reach, surface).you(*you));
            }
        }
        StillMark::Packet { from, to, along, form, tint, letter, layers, scale: size } => {
            let (Some(from), Some(to)) = (ends.peers.get(from), ends.peers.get(to)) else {
                return;
            };
            let way = Way { from: from.at, to: to.at, from_reach: from.reach, to_reach: to.reach, bend: 0.0 };
            // A letter needs room (style §4).
            let r = if letter.is_empty() { packet_r(from.reach.min(to.reach)) } else { 27.0 * scale } * size;
            let row = PacketRow::standing(&way, *along, r, *form, *tint, *layers);
            drawing.packet(row.on_ground(surface == Ink::Ground).lettered(!letter.is_empty()));
            if !letter.is_empty() {
                // A question is hollow, and so is a false piece.
                let hollow = *form == PacketForm::Question || *tint == Tint::Bad;
                let text = letter.clone();
                drawing.letters.push(Letter { text, at: way_at(&way, *along), r, hollow });
            }
        }
        StillMark::Block { name, state, before, scale: size, .. } => {
            let Some(at) = ends.blocks.get(name) else { return };
            let before = before.as_ref().and_then(|b| ends.blocks.get(b)).copied();
            drawing.block(BlockRow::new(&block_of(name, *state), *at, size * scale, before));
        }
        // Links lie below all; words and plain shapes are the page's.
        _ => {}
    }
}

/// Where a packet's head is at a share of its way; the shader counts the same.
#[must_use]
pub fn way_at(way: &Way, along: f32) -> Vec2 {
    let (dx, dy) = (way.to[0] - way.from[0], way.to[1] - way.from[1]);
    let far = dx.hypot(dy).max(0.001);
    let (first, last) = ((way.from_reach / far).min(0.5), 1.0 - (way.to_reach / far).min(0.5));
    let s = first + (last - first) * along;
    [way.from[0] + dx * s, way.from[1] + dy * s]
}

/// The peer that a mark describes.
fn peer_of(mark: &StillMark) -> Peer {
    let StillMark::Peer { server, holds, of, plain, conduct, stopped, cut_off, seed, camp, .. } = mark else {
        return Peer::new(PeerId(0), PeerKind::Peer, Bits::none(0));
    };
    let mut pieces = Bits::none(*of);
    for piece in holds.iter().filter(|piece| *piece < of) {
        pieces.insert(*piece);
    }
    let kind = if *server { PeerKind::Server } else { PeerKind::Peer };
    let mut peer = Peer::new(PeerId(0), kind, pieces);
    peer.ring = match (of, plain) {
        (0, _) => Ring::None,
        (_, true) => Ring::Plain,
        (_, false) => Ring::Pieces,
    };
    peer.conduct = *conduct;
    peer.camp = *camp;
    peer.mark = seed.then_some("seed");
    peer.life = match (stopped, cut_off) {
        (true, _) => Life::Stopped(StoppedBy::Visitor),
        (false, true) => Life::CutOff,
        (false, false) => Life::Running,
    };
    peer
}

/// A block that looks like one: its fingerprint comes from its name, with a dark first row if it is sealed.
fn block_of(name: &str, state: BlockState) -> Block {
    let id = BlockId { finder: PeerId(0), count: 0 };
    Block { id, before: None, height: 0, camp: Camp::Neither, fingerprint: fingerprint(name, state), state }
}

/// A fingerprint for a drawing: bits that a name always gives, not a hash of anything that could be checked.
#[must_use]
pub fn fingerprint(name: &str, state: BlockState) -> [u8; 32] {
    let mut bits = 0xcbf2_9ce4_8422_2325_u64;
    let mut next = |byte: u8| {
        bits = (bits ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        (bits >> 40) as u8 ^ (bits >> 24) as u8
    };
    for byte in name.bytes() {
        next(byte);
    }
    let mut fingerprint = [0; 32];
    for (i, byte) in fingerprint.iter_mut().enumerate() {
        let value = next(i as u8);
        *byte = if i < 2 && state == BlockState::Sealed { 0 } else { value };
    }
    fingerprint
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        deck::place::Placed,
        sim::vocabulary::{Conduct, LinkState},
    };

    fn placed(mark: StillMark) -> Placed<StillMark> {
        Placed { value: mark, at: 0..0 }
    }

    fn peer(name: &str, x: f32) -> StillMark {
        StillMark::Peer {
            name: name.into(),
            at: (x, 416.0),
            r: Some(50.0),
            server: false,
            holds: vec![0, 3],
            of: 4,
            plain: false,
            conduct: Conduct::Fair,
            stopped: false,
            cut_off: false,
            seed: false,
            you: false,
            camp: Camp::Neither,
            label: Some("left".into()),
            sub: None,
        }
    }

    #[test]
    fn links_lie_below_peers_and_words_above_all() {
        let link =
            StillMark::Link { from: "a".into(), to: "b".into(), state: LinkState::Idle, directed: false, trail: false };
        let packet = StillMark::Packet {
            from: "a".into(),
            to: "b".into(),
            along: 0.5,
            form: PacketForm::Content,
            tint: Tint::Data,
            letter: "L".into(),
            layers: 0,
            scale: 1.0,
        };
        let marks = vec![placed(peer("a", 116.0)), placed(peer("b", 716.0)), placed(link), placed(packet)];
        let still = Still { disc: true, caption: None, marks };
        let frame = StageFrame { network: 0, centre: [1372.0, 480.0], radius: 208.0, height: None };
        let drawing = draw(&still, &frame);
        let kinds: Vec<&str> = drawing
            .runs
            .iter()
            .map(|run| match run {
                Run::Shapes(_) => "shapes",
                Run::Links(_) => "links",
                Run::Packets(_) => "packets",
                Run::Peers(_) => "peers",
                Run::Blocks(_) => "blocks",
            })
            .collect();
        assert_eq!(kinds, ["links", "peers", "packets"]);
        let Run::Peers(peers) = &drawing.runs[1] else { panic!("peers stand there") };
        assert_eq!((peers[0].at, peers[0].r), ([1222.0, 480.0], 25.0), "half the size in half the frame");
        assert_eq!((drawing.letters[0].text.as_str(), drawing.letters[0].r), ("L", 13.5));
        assert_eq!(drawing.letters[0].at, frame.centre, "half way between two of one size");
    }

    #[test]
    fn a_sealed_block_has_a_dark_first_row_and_two_names_differ() {
        assert_eq!(fingerprint("a", BlockState::Sealed)[..2], [0, 0]);
        assert_ne!(fingerprint("a", BlockState::Broken)[..2], [0, 0]);
        assert_ne!(fingerprint("a", BlockState::Sealed), fingerprint("b", BlockState::Sealed));
    }
}
