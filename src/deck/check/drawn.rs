//! What of the vocabulary the stage draws by now.

use crate::sim::vocabulary::{Camp, PacketForm, Part, Ring, Standing};

/// Whether the stage draws a part of the vocabulary. What it does not draw yet is refused, never silently left out.
#[must_use]
pub fn drawn(part: Part) -> bool {
    match part {
        Part::Rank | Part::RingOfLife | Part::Layers | Part::HollowPacket | Part::Directed | Part::Camp => true,
        Part::Tray | Part::Zone => false,
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

/// The parts that stand when a run begins and that nothing draws yet.
pub(super) fn not_drawn(standing: &Standing) -> Vec<Part> {
    let mut parts = parts_of(standing);
    parts.retain(|part| !drawn(*part));
    parts
}

/// The parts of the vocabulary that something standing needs, each once.
fn parts_of(standing: &Standing) -> Vec<Part> {
    let mut parts = Vec::new();
    for peer in &standing.peers {
        parts.extend((peer.rank > 0).then_some(Part::Rank));
        parts.extend((peer.ring == Ring::Life).then_some(Part::RingOfLife));
        parts.extend((!peer.tray.is_empty()).then_some(Part::Tray));
        parts.extend((peer.camp != Camp::Neither).then_some(Part::Camp));
    }
    parts.extend(standing.links.iter().any(|l| l.directed).then_some(Part::Directed));
    parts.extend((!standing.zones.is_empty()).then_some(Part::Zone));
    for packet in &standing.packets {
        parts.extend(of_form(packet.form));
        parts.extend((packet.layers > 0).then_some(Part::Layers));
    }
    let mut once: Vec<Part> = Vec::new();
    for part in parts {
        if !once.contains(&part) {
            once.push(part);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::vocabulary::{
        Bits, Link, LinkId, LinkState, Packet, PacketId, Peer, PeerId, PeerKind, Tint, Unit, Zone, ZoneId, ZoneState,
    };

    fn peer() -> Peer {
        Peer::new(PeerId(0), PeerKind::Peer, Bits::none(4))
    }

    #[test]
    fn what_stands_plainly_needs_nothing_more() {
        let link = Link { id: LinkId::between(PeerId(0), PeerId(1)), state: LinkState::Idle, directed: false };
        let standing = Standing { peers: vec![peer()], links: vec![link], ..Standing::default() };
        assert_eq!(parts_of(&standing), []);
    }

    #[test]
    fn every_part_is_seen_where_it_stands() {
        let mut life = peer();
        (life.rank, life.ring, life.camp) = (1, Ring::Life, Camp::A);
        life.tray = vec![Unit { tint: Tint::Data, number: None }];
        let link = Link { id: LinkId::between(PeerId(0), PeerId(1)), state: LinkState::Idle, directed: true };
        let zone = Zone { id: ZoneId(0), name: "house", state: ZoneState::Open, gate: false };
        let packet = Packet {
            id: PacketId { sender: PeerId(0), count: 0 },
            from: PeerId(0),
            to: PeerId(1),
            departs: 0,
            arrives: 1,
            form: PacketForm::Question,
            tint: Tint::Plain,
            piece: None,
            letter: [0; 2],
            layers: 2,
        };
        let standing = Standing {
            peers: vec![life.clone(), life],
            links: vec![link],
            packets: vec![packet],
            zones: vec![zone],
            ..Standing::default()
        };
        let parts = parts_of(&standing);
        let all = [
            Part::Rank,
            Part::RingOfLife,
            Part::Tray,
            Part::Camp,
            Part::Directed,
            Part::Zone,
            Part::HollowPacket,
            Part::Layers,
        ];
        assert_eq!(parts, all, "each part once");
        assert_eq!(not_drawn(&standing), all.into_iter().filter(|p| !drawn(*p)).collect::<Vec<_>>());
    }
}
