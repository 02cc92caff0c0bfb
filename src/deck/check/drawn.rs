//! What of the vocabulary the stage draws by now.

use crate::sim::{
    model::Model,
    vocabulary::{Camp, PacketForm, Part, Ring},
};

/// Whether the stage draws a part of the vocabulary. What it does not draw yet is refused, never silently left out.
#[must_use]
pub fn drawn(part: Part) -> bool {
    match part {
        Part::Rank
        | Part::RingOfLife
        | Part::Tray
        | Part::Layers
        | Part::Zone
        | Part::HollowPacket
        | Part::Directed
        | Part::Camp => false,
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

/// The parts that a run shows when it begins and that nothing draws yet.
pub(super) fn not_drawn(model: &mut dyn Model) -> Vec<Part> {
    let standing = model.watch();
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
        if !drawn(part) && !once.contains(&part) {
            once.push(part);
        }
    }
    once
}
