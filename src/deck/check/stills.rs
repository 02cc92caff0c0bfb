//! What can be wrong in a still: names, keys, numbers, and marks that nothing draws yet.

use super::{Checker, drawn};
use crate::{
    deck::{
        outline::Node,
        place::one_of,
        state::Position,
        structure::{Still, StillMark},
    },
    sim::vocabulary::{Camp, Part},
};
use std::ops::Range;

/// The side of a still's canvas.
const CANVAS: f32 = 832.0;

/// The most layers around a packet: more rings would not be told apart.
const MOST_LAYERS: u8 = 3;

impl Checker<'_> {
    pub(super) fn still(&mut self, at: Position, still: &Still) {
        let peers = names(still, |mark| if let StillMark::Peer { name, .. } = mark { Some(name) } else { None });
        let blocks = names(still, |mark| if let StillMark::Block { name, .. } = mark { Some(name) } else { None });
        if still.marks.is_empty() {
            let at = self.deck.slide(at).slug.at.clone();
            let spot = self.spot(&at);
            self.find("nothing-to-see", vec![spot], "This still has no marks.".into(), "at least one mark");
        }
        if let Some(caption) = &still.caption {
            self.slide_key(at, &caption.value, &caption.at);
        }
        for (i, mark) in still.marks.iter().enumerate() {
            let node = self.structure.starting_at(mark.at.start).cloned().unwrap_or_default();
            let place = |field: &str| node.entry(field).map_or_else(|| mark.at.clone(), |e| e.value.at.clone());
            let earlier = &still.marks[..i];
            match &mark.value {
                StillMark::Peer { name, at: spot, r, holds, of, camp, label, sub, .. } => {
                    if let Some(first) =
                        earlier.iter().find(|m| matches!(&m.value, StillMark::Peer { name: n, .. } if n == name))
                    {
                        self.twice(name, &place("name"), &first.at);
                    }
                    self.on_canvas(*spot, &place("at"));
                    self.positive(*r, &place("r"));
                    if let Some(piece) = holds.iter().find(|p| *p >= of) {
                        let spot = self.spot(&place("holds"));
                        let message = format!("There is no piece {piece}: this peer has {of} pieces, counted from 0.");
                        let right = format!("`of: {}`, or only pieces below {of}", piece + 1);
                        self.find("out-of-range", vec![spot], message, right);
                    }
                    if *camp != Camp::Neither {
                        self.not_drawn(Part::Camp, &place("camp"));
                    }
                    for (field, key) in [("label", label), ("sub", sub)] {
                        if let Some(key) = key {
                            self.slide_key(at, key, &place(field));
                        }
                    }
                }
                StillMark::Link { from, to, directed, trail, .. } => {
                    self.ends(from, to, &peers, &node, &mark.at);
                    if *directed {
                        self.not_drawn(Part::Directed, &place("directed"));
                    }
                    if *trail {
                        self.not_drawn(Part::Trail, &place("trail"));
                    }
                }
                StillMark::Packet { from, to, along, form, letter, layers, scale, .. } => {
                    self.ends(from, to, &peers, &node, &mark.at);
                    if !(0.0..=1.0).contains(along) {
                        let spot = self.spot(&place("along"));
                        let message = format!("A packet can't be {along} of its way along.");
                        self.find("out-of-range", vec![spot], message, "0 (where it leaves) to 1 (where it arrives)");
                    }
                    if letter.chars().count() > 2 {
                        let spot = self.spot(&place("letter"));
                        let message = format!("`{letter}` does not fit into a packet.");
                        self.find("out-of-range", vec![spot], message, "one or two signs");
                    }
                    if *layers > MOST_LAYERS {
                        let spot = self.spot(&place("layers"));
                        let message = format!("A packet can't have {layers} layers.");
                        self.find("out-of-range", vec![spot], message, format!("0 to {MOST_LAYERS}"));
                    }
                    if let Some(part) = drawn::of_form(*form) {
                        self.not_drawn(part, &place("form"));
                    }
                    self.positive(Some(*scale), &place("scale"));
                }
                StillMark::Block { name, at: spot, before, scale, .. } => {
                    if let Some(first) =
                        earlier.iter().find(|m| matches!(&m.value, StillMark::Block { name: n, .. } if n == name))
                    {
                        self.twice(name, &place("name"), &first.at);
                    }
                    self.on_canvas(*spot, &place("at"));
                    self.positive(Some(*scale), &place("scale"));
                    if let Some(before) = before.as_ref().filter(|b| !blocks.contains(&b.as_str()) || *b == name) {
                        let spot = self.spot(&place("before"));
                        let others: Vec<&str> = blocks.iter().copied().filter(|b| b != name).collect();
                        let message = format!("This still has no other block called `{before}`.");
                        self.find("unknown-block", vec![spot], message, one_of(before, &others));
                    }
                }
                StillMark::Units { at: spot, filled, of, row, side } => {
                    self.on_canvas(*spot, &place("at"));
                    self.positive(*side, &place("side"));
                    if filled > of {
                        let spot = self.spot(&place("filled"));
                        let message = format!("{filled} of {of} units can't be filled.");
                        self.find("out-of-range", vec![spot], message, format!("0 to {of}"));
                    }
                    if *row == Some(0) {
                        let spot = self.spot(&place("row"));
                        self.find("out-of-range", vec![spot], "A row of no units.".into(), "at least 1");
                    }
                }
                StillMark::Word { at: spot, key, width, .. } => {
                    self.on_canvas(*spot, &place("at"));
                    self.slide_key(at, key, &place("key"));
                    self.positive(*width, &place("width"));
                }
                StillMark::Icon { at: spot, key, side, .. } => {
                    self.on_canvas(*spot, &place("at"));
                    self.icon(key, &place("key"));
                    self.positive(Some(*side), &place("side"));
                }
                StillMark::Panel { at: spot, size, .. } => {
                    self.on_canvas(*spot, &place("at"));
                    self.positive(Some(size.0.min(size.1)), &place("size"));
                }
                StillMark::Arrow { from, to } => {
                    self.on_canvas(*from, &place("from"));
                    self.on_canvas(*to, &place("to"));
                }
                StillMark::Stroke { from, to, width, .. } => {
                    self.on_canvas(*from, &place("from"));
                    self.on_canvas(*to, &place("to"));
                    self.positive(*width, &place("width"));
                }
                StillMark::Group { at: spot, r, .. } => {
                    self.on_canvas(*spot, &place("at"));
                    self.positive(Some(*r), &place("r"));
                }
            }
        }
    }

    /// Both ends of a link or packet are peers of this still, and not the same.
    fn ends(&mut self, from: &str, to: &str, peers: &[&str], node: &Node, mark: &Range<usize>) {
        for (field, name) in [("from", from), ("to", to)] {
            let at = node.entry(field).map_or_else(|| mark.clone(), |e| e.value.at.clone());
            if !peers.contains(&name) {
                let spot = self.spot(&at);
                let message = format!("This still has no peer called `{name}`.");
                self.find("unknown-peer", vec![spot], message, one_of(name, peers));
            } else if field == "to" && from == to {
                let spot = self.spot(&at);
                let message = format!("This leads from `{from}` to itself.");
                self.find("unknown-peer", vec![spot], message, "another peer");
            }
        }
    }

    fn twice(&mut self, name: &str, at: &Range<usize>, first: &Range<usize>) {
        let spots = vec![self.spot(at), self.spot(first)];
        let message = format!("There is already a `{name}` in this still.");
        self.find("duplicate-name", spots, message, "a name of its own");
    }

    fn on_canvas(&mut self, (x, y): (f32, f32), at: &Range<usize>) {
        let fits = 0.0..=CANVAS;
        if !fits.contains(&x) || !fits.contains(&y) {
            let spot = self.spot(at);
            let message = format!("({x}, {y}) lies outside the still.");
            self.find("out-of-range", vec![spot], message, format!("both from 0 to {CANVAS}"));
        }
    }

    fn positive(&mut self, value: Option<f32>, at: &Range<usize>) {
        if let Some(value) = value.filter(|v| v.is_nan() || *v <= 0.0) {
            let spot = self.spot(at);
            self.find("out-of-range", vec![spot], format!("{value} is no size."), "more than 0");
        }
    }

    pub(super) fn not_drawn(&mut self, part: Part, at: &Range<usize>) {
        if !drawn::drawn(part) {
            let spot = self.spot(at);
            let message = format!("Nothing draws {} yet.", drawn::name(part));
            self.find("not-drawn-yet", vec![spot], message, "the same without it, until the stage can draw it");
        }
    }
}

/// The names that a still gives to its marks of one kind.
fn names<'a>(still: &'a Still, name: impl Fn(&'a StillMark) -> Option<&'a String>) -> Vec<&'a str> {
    still.marks.iter().filter_map(|mark| name(&mark.value)).map(String::as_str).collect()
}
