//! What of the vocabulary the stage draws by now.

use crate::sim::{
    model::{CardRow, Model},
    vocabulary::{Camp, Happening, Packet, PacketForm, Part, Peer, Ring},
};

/// How many moments of a run `check` looks at: what a model sends, it sends soon.
const MOMENTS: usize = 64;

/// Whether the stage draws a part of the vocabulary. What it does not draw yet is refused, never silently left out.
#[must_use]
pub fn drawn(part: Part) -> bool {
    match part {
        Part::Rank
        | Part::RingOfLife
        | Part::Layers
        | Part::HollowPacket
        | Part::Directed
        | Part::Camp
        | Part::Differs => true,
        Part::Tray
        | Part::Zone
        | Part::Letter
        | Part::Units
        | Part::Strip
        | Part::Trail
        | Part::Print
        | Part::Moving
        | Part::Table
        | Part::Tick
        | Part::TwoRates => false,
    }
}

/// A part in words.
pub(super) fn name(part: Part) -> &'static str {
    match part {
        Part::Rank => "a peer of higher rank",
        Part::RingOfLife => "a ring of life",
        Part::Tray => "a tray of waiting units",
        Part::Layers => "layers around a packet",
        Part::Zone => "a zone",
        Part::HollowPacket => "a hollow packet",
        Part::Directed => "a link that leads one way",
        Part::Camp => "the camps of a fork",
        Part::Letter => "a sign inside a packet that flies",
        Part::Units => "units that somebody owns",
        Part::Strip => "a strip of columns",
        Part::Trail => "the trail of a journey",
        Part::Print => "a small fingerprint",
        Part::Moving => "a peer that moves",
        Part::Table => "a card with a table",
        Part::Tick => "a tick across columns",
        Part::Differs => "what differs from the untouched run",
        Part::TwoRates => "a second rate of time",
    }
}

/// The part that a packet's form needs, besides what every packet has.
pub(super) fn of_form(form: PacketForm) -> Option<Part> {
    match form {
        PacketForm::Content => None,
        PacketForm::Question => Some(Part::HollowPacket),
        PacketForm::BlockA | PacketForm::BlockB => Some(Part::Camp),
    }
}

/// The parts that a run needs in its first moments and that nothing draws yet, each once.
pub(super) fn not_drawn(model: &mut dyn Model) -> Vec<Part> {
    let mut needed = parts_of(model);
    needed.retain(|part| !drawn(*part));
    needed
}

/// The parts of the vocabulary that a run needs in its first moments, each once: of what stands, what its peers' cards
/// say, and what happens.
fn parts_of(model: &mut dyn Model) -> Vec<Part> {
    let standing = model.watch();
    let mut parts = Vec::new();
    for peer in &standing.peers {
        of_peer(peer, &mut parts);
        parts.extend(model.card(peer.id).iter().any(CardRow::is_table).then_some(Part::Table));
    }
    parts.extend(standing.links.iter().any(|l| l.directed).then_some(Part::Directed));
    for packet in &standing.packets {
        of_packet(packet, &mut parts);
    }
    parts.extend((!standing.zones.is_empty()).then_some(Part::Zone));
    parts.extend((!standing.units.is_empty()).then_some(Part::Units));
    parts.extend((!standing.columns.is_empty()).then_some(Part::Strip));
    parts.extend((!standing.trails.is_empty()).then_some(Part::Trail));
    parts.extend((!standing.prints.is_empty()).then_some(Part::Print));
    let mut happenings = Vec::new();
    for _ in 0..MOMENTS {
        let Some(next) = model.next_event() else { break };
        model.advance(next);
    }
    model.take_happenings(&mut happenings);
    for happening in &happenings {
        of_happening(happening, &mut parts);
    }
    let mut once: Vec<Part> = Vec::new();
    for part in parts {
        if !once.contains(&part) {
            once.push(part);
        }
    }
    once
}

fn of_peer(peer: &Peer, parts: &mut Vec<Part>) {
    parts.extend((peer.rank > 0).then_some(Part::Rank));
    parts.extend((peer.ring == Ring::Life).then_some(Part::RingOfLife));
    parts.extend((!peer.tray.is_empty()).then_some(Part::Tray));
    parts.extend((peer.camp != Camp::Neither).then_some(Part::Camp));
}

fn of_packet(packet: &Packet, parts: &mut Vec<Part>) {
    parts.extend(of_form(packet.form));
    parts.extend((packet.layers > 0).then_some(Part::Layers));
    parts.extend((packet.letter != [0; 2]).then_some(Part::Letter));
}

fn of_happening(happening: &Happening, parts: &mut Vec<Part>) {
    match happening {
        Happening::Departs(packet) => of_packet(packet, parts),
        Happening::Peer(peer) => of_peer(peer, parts),
        Happening::Link(link) => parts.extend(link.directed.then_some(Part::Directed)),
        Happening::Zone(_) => parts.push(Part::Zone),
        Happening::Moves { .. } => parts.push(Part::Moving),
        Happening::Units(_) => parts.push(Part::Units),
        Happening::Column(_) => parts.push(Part::Strip),
        Happening::Trail(_) => parts.push(Part::Trail),
        Happening::Print(_) | Happening::PrintGone(_) => parts.push(Part::Print),
        Happening::Ends { .. }
        | Happening::Holds { .. }
        | Happening::PeerGone(_)
        | Happening::LinkGone(_)
        | Happening::Block(_)
        | Happening::Panel => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{
        model::{CardValue, Deed, DeedSpec, Figure, Refusal, Sign},
        vocabulary::{
            Bits, Column, Link, LinkId, LinkState, Micros, Owner, PacketId, PeerId, PeerKind, Place, Print, PrintSpot,
            Standing, Tint, Trail, Unit, Units, Word, Zone, ZoneArea, ZoneId, ZoneState,
        },
    };

    /// A model that only tells what it was given: what stands, then one happening a microsecond.
    #[derive(Clone, Default)]
    struct Told {
        now: Micros,
        standing: Standing,
        happens: Vec<Happening>,
        told: usize,
        card: Vec<CardRow>,
    }

    impl Model for Told {
        fn copy(&self) -> Box<dyn Model> {
            Box::new(self.clone())
        }
        fn now(&self) -> Micros {
            self.now
        }
        fn advance(&mut self, until: Micros) {
            self.now = until;
        }
        fn next_event(&self) -> Option<Micros> {
            (self.now < self.happens.len() as Micros).then_some(self.now + 1)
        }
        fn next_travel(&self) -> Option<Micros> {
            self.next_event()
        }
        fn finished(&self) -> bool {
            self.next_event().is_none()
        }
        fn watch(&mut self) -> Standing {
            self.standing.clone()
        }
        fn take_happenings(&mut self, into: &mut Vec<Happening>) {
            into.extend(self.happens[self.told..self.now as usize].iter().cloned());
            self.told = self.now as usize;
        }
        fn deeds(&self) -> &'static [DeedSpec] {
            &[]
        }
        fn may(&self, _deed: &Deed) -> Result<(), Refusal> {
            Err(Refusal("never"))
        }
        fn act(&mut self, _deed: &Deed) -> Result<(), Refusal> {
            Err(Refusal("never"))
        }
        fn states(&self) -> Vec<Word> {
            Vec::new()
        }
        fn figures(&self) -> Vec<Figure> {
            Vec::new()
        }
        fn card(&self, _peer: PeerId) -> Vec<CardRow> {
            self.card.clone()
        }
        fn events(&self) -> u64 {
            self.now
        }
    }

    fn peer() -> Peer {
        Peer::new(PeerId(0), PeerKind::Peer, Bits::none(4))
    }

    fn link(directed: bool) -> Link {
        Link { id: LinkId::between(PeerId(0), PeerId(1)), state: LinkState::Idle, directed }
    }

    fn packet(form: PacketForm, letter: [u8; 2], layers: u8) -> Packet {
        Packet {
            id: PacketId { sender: PeerId(0), count: 0 },
            from: PeerId(0),
            to: PeerId(1),
            departs: 0,
            arrives: 1,
            form,
            tint: Tint::Plain,
            piece: None,
            letter,
            layers,
        }
    }

    /// One of everything, as it stands and as it happens.
    fn all() -> (Standing, Vec<Happening>) {
        let mut life = peer();
        (life.rank, life.ring, life.camp) = (1, Ring::Life, Camp::A);
        life.tray = vec![Unit { tint: Tint::Data, number: None }];
        let zone = Zone { id: ZoneId(0), name: "house", state: ZoneState::Open, area: ZoneArea::Members, gate: None };
        let packet = packet(PacketForm::Question, *b"L\0", 2);
        let units = Units { owner: Owner::Network, tint: Tint::Data, count: 3, each: 1 };
        let column = Column { strip: "spam", interval: 0, units: Vec::new() };
        let trail = Trail { of: PeerId(0), links: Vec::new() };
        let print = Print { spot: PrintSpot::Place(Place::Key(0.25)), bits: [7; 32] };
        let happens = vec![
            Happening::Peer(Box::new(life.clone())),
            Happening::Link(link(true)),
            Happening::Departs(packet),
            Happening::Zone(zone.clone()),
            Happening::Units(units),
            Happening::Column(column.clone()),
            Happening::Trail(trail.clone()),
            Happening::Print(print),
        ];
        let standing = Standing {
            peers: vec![life.clone(), life],
            links: vec![link(true)],
            packets: vec![packet],
            zones: vec![zone],
            units: vec![units],
            columns: vec![column],
            trails: vec![trail],
            prints: vec![print],
            ..Standing::default()
        };
        (standing, happens)
    }

    const ALL: [Part; 13] = [
        Part::Rank,
        Part::RingOfLife,
        Part::Tray,
        Part::Camp,
        Part::Directed,
        Part::HollowPacket,
        Part::Layers,
        Part::Letter,
        Part::Zone,
        Part::Units,
        Part::Strip,
        Part::Trail,
        Part::Print,
    ];

    #[test]
    fn what_stands_and_happens_plainly_needs_nothing_more() {
        let standing = Standing { peers: vec![peer()], links: vec![link(false)], ..Standing::default() };
        let happens = vec![
            Happening::Departs(packet(PacketForm::Content, [0; 2], 0)),
            Happening::Link(link(false)),
            Happening::Peer(Box::new(peer())),
        ];
        let card = vec![CardRow::new("holds", CardValue::Count(3))];
        assert_eq!(parts_of(&mut Told { standing, happens, card, ..Told::default() }), []);
    }

    #[test]
    fn every_part_is_seen_where_it_stands_and_where_it_only_happens() {
        let (standing, happens) = all();
        let stands = || Told { standing: standing.clone(), ..Told::default() };
        assert_eq!(parts_of(&mut stands()), ALL, "each part once");
        assert_eq!(parts_of(&mut Told { happens, ..Told::default() }), ALL);
        assert_eq!(not_drawn(&mut stands()), ALL.into_iter().filter(|p| !drawn(*p)).collect::<Vec<_>>());
    }

    #[test]
    fn a_peer_that_moves_and_a_card_that_is_a_table_are_seen() {
        let moves = Happening::Moves { peer: PeerId(0), to: Place::At(0.5, 0.5), departs: 0, arrives: 1 };
        assert_eq!(parts_of(&mut Told { happens: vec![moves], ..Told::default() }), [Part::Moving]);
        let row = CardRow { sign: Some(Sign::Bad), ..CardRow::new("next", CardValue::Count(3)) };
        let standing = Standing { peers: vec![peer()], ..Standing::default() };
        assert_eq!(parts_of(&mut Told { standing, card: vec![row], ..Told::default() }), [Part::Table]);
    }
}
