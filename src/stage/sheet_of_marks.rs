//! The sheet of marks: every mark that the stage draws, in every state, in any look. It is the stage's own visual test,
//! made for whoever works on it, so its words are plain English like those of `--help`.

use super::{
    rows::{BLOCK, BlockRow, LONG_AGO, LinkEnd, LinkRow, PacketRow, PeerRow, Way, square_reach},
    still::{Drawing, fingerprint},
};
use crate::{
    ink::{
        look::Look,
        sheet::{Ink, Shape, Sheet, Vec2},
        text::{Align, Face, Style, Typesetter},
    },
    sim::vocabulary::{
        Bits, Block, BlockId, BlockState, Camp, Conduct, Life, LinkState, PacketEnd, PacketForm, Peer, PeerId,
        PeerKind, Ring, StoppedBy, Tint,
    },
    slides::words::{CAPTION, LEAST, NUMBER, SMALLEST},
};

/// The pieces on the sheet's rings.
const PIECES: u32 = 20;

/// Where one mark stands, so that a test can look at it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What the sheet calls it.
    pub name: String,
    /// What it is a state of.
    pub group: &'static str,
    /// Its middle.
    pub at: Vec2,
    /// Half of its width and height; no words stand in it.
    pub half: Vec2,
}

/// The sheet as it is drawn.
#[derive(Debug, Default)]
pub struct Marks {
    /// What lies under the marks.
    pub under: Sheet,
    /// The marks.
    pub drawing: Drawing,
    /// The words.
    pub over: Sheet,
    /// Where each mark stands.
    pub cells: Vec<Cell>,
}

/// A sheet under the pen.
struct Pen<'a> {
    marks: Marks,
    look: &'a Look,
    type_: &'a mut Typesetter,
}

impl Pen<'_> {
    fn word(&mut self, text: &str, style: Style, at: Vec2) {
        self.type_.line(text, &style, at).draw(&mut self.marks.over);
    }

    fn heading(&mut self, text: &str, at: Vec2) {
        self.word(text, Style::new(Face::Bold, 30.0, 40.0).ink(Ink::Ink2), at);
    }

    fn named(&mut self, name: &str, about: &str, at: Vec2) {
        self.word(name, Style::new(Face::Bold, 26.0, 34.0).align(Align::Centre), at);
        self.word(about, LEAST.align(Align::Centre), [at[0], at[1] + 33.0]);
    }

    fn cell(&mut self, group: &'static str, name: &str, at: Vec2, half: Vec2) {
        self.marks.cells.push(Cell { name: name.to_owned(), group, at, half });
    }

    fn peer(&mut self, peer: &Peer, at: Vec2, r: f32) -> PeerRow {
        let reach = if peer.kind == PeerKind::Server { square_reach(r) } else { r };
        PeerRow::new(peer, at, reach, Ink::Ground).with_packets(r)
    }
}

/// A peer that holds some pieces of twenty.
fn peer(held: &[u32], ring: Ring) -> Peer {
    let mut pieces = Bits::none(PIECES);
    for piece in held {
        pieces.insert(*piece);
    }
    let mut peer = Peer::new(PeerId(0), PeerKind::Peer, pieces);
    peer.ring = ring;
    peer
}

fn all() -> Vec<u32> {
    (0..PIECES).collect()
}

fn server() -> Peer {
    Peer::new(PeerId(0), PeerKind::Server, Bits::none(0))
}

const STOPPED: Life = Life::Stopped(StoppedBy::Visitor);

/// Draws the sheet.
#[must_use]
pub fn draw(look: &Look, type_: &mut Typesetter) -> Marks {
    type_.caps = look.caps;
    type_.percent = 100;
    let mut pen = Pen { marks: Marks::default(), look, type_ };
    pen.word("The vocabulary", Style::new(Face::Bold, 56.0, 68.0), [96.0, 36.0]);
    peers(&mut pen);
    pieces(&mut pen);
    links(&mut pen);
    packets(&mut pen);
    numbers(&mut pen);
    blocks(&mut pen);
    states(&mut pen);
    pen.marks
}

/// The peers that every visitor meets.
fn peers(pen: &mut Pen) {
    pen.heading("Peers", [96.0, 116.0]);
    let some = [1, 2, 3, 6, 7, 8, 10, 11, 13, 16, 18];
    let seed = Peer { mark: Some("seed"), ..peer(&all(), Ring::Pieces) };
    let rider = Peer { conduct: Conduct::FreeRider, ..peer(&[3, 5, 10, 14], Ring::Pieces) };
    let bad = Peer { conduct: Conduct::Bad, ..peer(&some, Ring::Pieces) };
    let stopped = Peer { life: STOPPED, ..peer(&some, Ring::Pieces) };
    let row = [
        (peer(&[], Ring::Pieces), 59.0, "Peer", "holds nothing"),
        (peer(&some, Ring::Pieces), 59.0, "Peer", "holds 11 of 20"),
        (peer(&all(), Ring::Pieces), 59.0, "Done", "has every piece"),
        (seed, 46.0, "Seed", "began with it all"),
        (rider, 59.0, "Free rider", "takes, never gives"),
        (bad, 59.0, "Bad", "sends false pieces"),
        (stopped, 59.0, "Stopped", "touch to start"),
        (server(), 59.0, "Server", "holds it all"),
    ];
    for (i, (peer, r, name, about)) in row.into_iter().enumerate() {
        let x = 196.0 + 218.0 * i as f32;
        let mark = pen.peer(&peer, [x, 230.0], r);
        pen.marks.drawing.peer(mark);
        pen.named(name, about, [x, 300.0]);
        pen.cell("peers", about, [x, 230.0], [66.0; 2]);
    }
}

/// One large ring, and how its four quarters tell themselves apart without ink.
fn pieces(pen: &mut Pen) {
    pen.heading("Pieces", [96.0, 384.0]);
    let ring = Peer { conduct: Conduct::Fair, ..peer(&all(), Ring::Pieces) };
    let mark = pen.peer(&ring, [200.0, 544.0], 84.0).held(true);
    pen.marks.drawing.peer(mark);
    let rows = [
        (Ink::Data, "1 to 5", "solid", [[0.0, 1.0], [0.0, 0.0]]),
        (Ink::Leaf, "6 to 10", "two rails", [[0.0, 0.34], [0.66, 1.0]]),
        (Ink::Sky, "11 to 15", "outer part", [[0.0, 0.6], [0.0, 0.0]]),
        (Ink::Lilac, "16 to 20", "split", [[0.0, 1.0], [0.0, 0.0]]),
    ];
    for (i, (ink, which, how, bars)) in rows.into_iter().enumerate() {
        let y = 454.0 + 50.0 * i as f32;
        for [from, to] in bars.into_iter().filter(|[from, to]| to > from) {
            let cut = if ink == Ink::Lilac { vec![[344.0, 25.0], [379.0, 25.0]] } else { vec![[344.0, 60.0]] };
            for [x, wide] in cut {
                pen.marks.under.shape(Shape::rect(ink, [x, y + 26.0 * from], [wide, 26.0 * (to - from)], 0.0));
            }
        }
        pen.cell("pieces", how, [374.0, y + 13.0], [34.0, 15.0]);
        pen.word(which, Style::new(Face::Bold, SMALLEST, 32.0), [424.0, y - 4.0]);
        pen.word(how, LEAST, [548.0, y - 4.0]);
    }
}

/// Every state of a link.
fn links(pen: &mut Pen) {
    pen.heading("Links", [760.0, 384.0]);
    let end = |x: f32, y: f32| LinkEnd { at: [x, y], reach: 30.0, stopped: false, camp: Camp::Neither };
    let rows: [(&str, LinkState, bool, bool); 7] = [
        ("idle", LinkState::Idle, false, false),
        ("in use", LinkState::InUse, false, false),
        ("gives to", LinkState::InUse, false, true),
        ("known, a try", LinkState::Known, false, true),
        ("one way", LinkState::Idle, true, false),
        ("cut", LinkState::Cut, false, false),
        ("server stopped", LinkState::Idle, false, false),
    ];
    for (i, (name, state, directed, gives)) in rows.into_iter().enumerate() {
        let y = 448.0 + 42.0 * i as f32;
        let (from, to) = (end(760.0, y), end(900.0, y));
        let from = LinkEnd { stopped: name == "server stopped", ..from };
        let link = LinkRow::new(state, directed, from, to, 0.0).giving(gives).bare();
        pen.marks.drawing.link(link);
        pen.word(name, LEAST.ink(Ink::Ink), [928.0, y - 16.0]);
        pen.cell("links", name, [830.0, y], [84.0, 20.0]);
    }
    for (i, camp) in [Camp::A, Camp::B].into_iter().enumerate() {
        let y = 448.0 + 42.0 * i as f32;
        let of = |x: f32| LinkEnd { camp, ..end(x, y) };
        pen.marks.drawing.link(LinkRow::new(LinkState::Idle, false, of(1090.0), of(1180.0), 0.0).bare());
        pen.cell("camps", &format!("link in {camp:?}"), [1135.0, y], [50.0, 20.0]);
    }
    let bow = LinkRow::new(LinkState::Idle, false, end(1090.0, 532.0), end(1180.0, 532.0), 24.0).bare();
    pen.marks.drawing.link(bow);
}

/// Every form of a packet, and a way that ended early.
fn packets(pen: &mut Pen) {
    pen.heading("Packets", [1240.0, 384.0]);
    let rows = [
        ("piece", PacketForm::Content, Tint::Data, 0, PacketEnd::Arrives),
        ("question", PacketForm::Question, Tint::Plain, 0, PacketEnd::Arrives),
        ("block A", PacketForm::BlockA, Tint::Data, 0, PacketEnd::Arrives),
        ("block B", PacketForm::BlockB, Tint::Sky, 0, PacketEnd::Arrives),
        ("in layers", PacketForm::Content, Tint::Leaf, 3, PacketEnd::Arrives),
        ("lost", PacketForm::Content, Tint::Lilac, 0, PacketEnd::Lost),
    ];
    for (i, (name, form, tint, layers, end)) in rows.into_iter().enumerate() {
        let y = 448.0 + 48.0 * i as f32;
        let way = Way { from: [1240.0, y], to: [1330.0, y], from_reach: 0.0, to_reach: 0.0, bend: 0.0 };
        let r = if layers > 0 { 9.0 } else { 13.0 };
        let row = PacketRow::standing(&way, 0.9, r, form, tint, layers);
        let row = if end == PacketEnd::Arrives { row } else { row.ended(end, 0.0, LONG_AGO) };
        pen.marks.drawing.packet(row);
        pen.word(name, LEAST.ink(Ink::Ink), [1366.0, y - 16.0]);
        pen.cell("packets", name, [1292.0, y], [62.0, 22.0]);
    }
}

/// Quantities are counted: units in rows of ten.
fn numbers(pen: &mut Pen) {
    pen.heading("Numbers", [1560.0, 384.0]);
    pen.word("26", NUMBER, [1560.0, 434.0]);
    pen.word("of 30 copies", CAPTION, [1560.0, 508.0]);
    let (side, radius) = (20.0, pen.look.corner(5.0));
    for i in 0..30 {
        let min = [1560.0 + (i % 10) as f32 * 26.0, 560.0 + (i / 10) as f32 * 26.0];
        let shape = match (i < 26, pen.look.hollow_units) {
            (true, _) => Shape::rect(Ink::Data, min, [side, side], radius),
            (false, true) => Shape::frame(Ink::Empty, min, [side, side], radius, pen.look.stroke(1.25)),
            (false, false) => Shape::rect(Ink::Empty, min, [side, side], radius),
        };
        pen.marks.under.shape(shape);
    }
    for (i, camp) in [Camp::Neither, Camp::A, Camp::B].into_iter().enumerate() {
        let small =
            BlockRow::new(&block("fork", BlockState::Sealed, camp), [1588.0 + 80.0 * i as f32, 680.0], 0.6, None);
        pen.marks.drawing.block(small.small(None));
        pen.cell("small blocks", &format!("{camp:?}"), [1588.0 + 80.0 * i as f32, 680.0], [36.0; 2]);
    }
}

fn block(name: &str, state: BlockState, camp: Camp) -> Block {
    let id = BlockId { finder: PeerId(0), count: 0 };
    Block { id, before: None, height: 0, camp, fingerprint: fingerprint(name, state), state }
}

/// A chain that was changed in its middle.
fn blocks(pen: &mut Pen) {
    pen.heading("Blocks", [96.0, 728.0]);
    let scale = 0.46;
    let at = |i: usize| [96.0 + BLOCK[0] * 0.5 * scale + i as f32 * 240.0, 906.0 + [0.0, 0.0, 18.0][i]];
    let names = [("Sealed", BlockState::Sealed), ("Changed", BlockState::Changed), ("Broken", BlockState::Broken)];
    for (i, (name, state)) in names.into_iter().enumerate() {
        let before = i.checked_sub(1).map(at);
        pen.marks.drawing.block(BlockRow::new(&block(name, state, Camp::Neither), at(i), scale, before));
        let ink = if state == BlockState::Sealed { Ink::Ink } else { Ink::Bad };
        let style = Style::new(Face::Bold, SMALLEST, 32.0).ink(ink).align(Align::Centre);
        pen.word(name, style, [at(i)[0], at(i)[1] - BLOCK[1] * 0.5 * scale + 8.0]);
        pen.cell("blocks", name, [at(i)[0], at(i)[1] + 20.0], [BLOCK[0] * 0.5 * scale, BLOCK[1] * 0.4 * scale]);
    }
}

/// What else can be said of a peer, and of the ground that it stands on.
fn states(pen: &mut Pen) {
    pen.heading("States", [840.0, 728.0]);
    let some = [0, 1, 2, 3, 4, 5, 6, 9, 12, 13];
    let r = 32.0;
    let cut_off = Peer { life: Life::CutOff, ..peer(&some, Ring::Plain) };
    let camp = |camp| Peer { camp, ..peer(&[], Ring::None) };
    let plain = peer(&some, Ring::Plain);
    let stopped_server = Peer { life: STOPPED, ..server() };
    type Change = fn(PeerRow) -> PeerRow;
    let same: Change = |row| row;
    let rows: [(Peer, f32, &str, Change); 13] = [
        (cut_off, r, "cut off", same),
        (plain.clone(), r, "unknown", |row| row.unknown(true)),
        (plain.clone(), 22.0, "differs", |row| row.differing(true)),
        (plain.clone(), r, "focus", |row| row.focused(true)),
        (plain.clone(), r, "held", |row| row.held(true)),
        (peer(&[], Ring::Plain), r, "you", |row| row.you(true)),
        (camp(Camp::A), 26.0, "has A", same),
        (camp(Camp::B), 26.0, "has B", same),
        (camp(Camp::Neither), r, "plain", same),
        (peer(&some, Ring::Life), r, "life", same),
        (plain.clone(), 21.0, "small", same),
        (plain.clone(), 14.0, "smaller", same),
        (stopped_server, 40.0, "stopped", same),
    ];
    let place = |i: usize| [884.0 + 122.0 * (i % 8) as f32, 826.0 + 134.0 * (i / 8) as f32];
    for (i, (peer, r, name, change)) in rows.into_iter().enumerate() {
        let mark = change(pen.peer(&peer, place(i), r));
        pen.marks.drawing.peer(mark);
        pen.word(name, LEAST.align(Align::Centre), [place(i)[0], place(i)[1] + 50.0]);
        pen.cell("states", name, place(i), [58.0, 54.0]);
    }
    let dots = [peer(&[], Ring::Plain), plain.clone(), peer(&all(), Ring::Plain), Peer { life: STOPPED, ..plain }];
    for (i, dot) in dots.iter().enumerate() {
        let mark = pen.peer(dot, [place(13)[0] - 30.0 + 20.0 * i as f32, place(13)[1]], 6.0);
        pen.marks.drawing.peer(mark);
        let name = ["empty", "some", "all", "stopped"][i];
        pen.cell("dots", name, [place(13)[0] - 30.0 + 20.0 * i as f32, place(13)[1]], [10.0; 2]);
    }
    pen.word("dots", LEAST.align(Align::Centre), [place(13)[0], place(13)[1] + 50.0]);
    for (i, frozen, name) in [(14, false, "alive"), (15, true, "frozen")] {
        pen.marks.drawing.peer(PeerRow::ground(place(i), 40.0, frozen, LONG_AGO));
        pen.cell("grounds", name, place(i), [48.0; 2]);
        pen.word(name, LEAST.align(Align::Centre), [place(i)[0], place(i)[1] + 50.0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::still::Run;

    #[test]
    fn the_sheet_has_every_kind_of_mark() {
        let looks = Look::embedded().unwrap();
        let mut type_ = Typesetter::new();
        let mut pen = Pen { marks: Marks::default(), look: &looks[0], type_: &mut type_ };
        peers(&mut pen);
        links(&mut pen);
        packets(&mut pen);
        blocks(&mut pen);
        states(&mut pen);
        let count = |wanted: fn(&Run) -> usize| pen.marks.drawing.runs.iter().map(wanted).sum::<usize>();
        assert_eq!(count(|r| if let Run::Links(rows) = r { rows.len() } else { 0 }), 10);
        assert_eq!(count(|r| if let Run::Packets(rows) = r { rows.len() } else { 0 }), 6);
        assert_eq!(count(|r| if let Run::Blocks(rows) = r { rows.len() } else { 0 }), 3);
        assert_eq!(count(|r| if let Run::Peers(rows) = r { rows.len() } else { 0 }), 8 + 13 + 4 + 2);
    }
}
