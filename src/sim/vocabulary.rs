//! The one vocabulary that every model speaks: peers, links, packets, pieces, blocks, and the units that count them.
//!
//! A model never says how anything is drawn, and never says a sentence: it says what stands ([`Standing`]) and what
//! happens ([`Happening`]). Words are keys ([`Word`]) that `assets/words/` and a deck's own words turn into language.
//! The types hold all that forty systems need, so that no record has to change when the next system comes; what the
//! stage does not draw yet, `check` refuses by name ([`Part`]).

use serde::{Deserialize, Serialize};

/// A moment or a span of model time, in microseconds from the start of the run.
pub type Micros = u64;

/// Microseconds in a second.
pub const SECOND: Micros = 1_000_000;

/// A key into the words of a model, never a sentence.
pub type Word = &'static str;

/// A peer, by its place in the run: stable, never reused, the same in a copy of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PeerId(pub u32);

/// A piece of the thing that is shared. On every ring a piece has the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PieceId(pub u32);

/// A link between two peers; `nth` tells parallel links apart. Undirected links have `from < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkId {
    /// The peer at its first end.
    pub from: PeerId,
    /// The peer at its other end.
    pub to: PeerId,
    /// Which of several links between the two.
    pub nth: u32,
}

impl LinkId {
    /// The undirected link between two peers, whichever is named first.
    #[must_use]
    pub fn between(a: PeerId, b: PeerId) -> Self {
        let (from, to) = if a <= b { (a, b) } else { (b, a) };
        Self { from, to, nth: 0 }
    }
}

/// A packet, by who sent it and how many that peer had sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PacketId {
    /// The peer that sent it.
    pub sender: PeerId,
    /// How many packets that peer had sent before.
    pub count: u32,
}

/// A block of a chain, by who found it and how many that peer had found before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlockId {
    /// The peer that found it.
    pub finder: PeerId,
    /// How many blocks that peer had found before.
    pub count: u32,
}

/// A group of peers that share something: a country, a firm, a house behind one wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ZoneId(pub u16);

/// Which colour of the palette a thing takes. Form always says the same, so that no meaning hangs on colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tint {
    /// What is shared; pieces of the first quarter; camp A.
    #[default]
    Data,
    /// Pieces of the second quarter.
    Leaf,
    /// Pieces of the third quarter; camp B.
    Sky,
    /// Pieces of the fourth quarter.
    Lilac,
    /// False, broken, stopped.
    Bad,
    /// Neutral: questions, control, votes.
    Plain,
}

/// A peer's shape: servers are square, everybody else is round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerKind {
    /// A circle: gives and takes.
    #[default]
    Peer,
    /// A square: only gives, or stands in the middle.
    Server,
}

/// How a peer behaves; drawn as its core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conduct {
    /// Follows the protocol.
    #[default]
    Fair,
    /// Takes and never gives.
    FreeRider,
    /// Sends what is false.
    Bad,
}

/// Whether a peer takes part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// Takes part.
    #[default]
    Running,
    /// Does nothing any more; says by whom.
    Stopped(StoppedBy),
    /// Alive, but nobody reaches it.
    CutOff,
}

/// Who stopped a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoppedBy {
    /// A visitor's finger.
    Visitor,
    /// The model's own rules.
    Model,
    /// Something it needed stopped.
    Need,
}

/// Which version of the truth a peer or block holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Camp {
    /// There is only one version, or none yet.
    #[default]
    Neither,
    /// The first version.
    A,
    /// The second version.
    B,
}

/// What a peer's ring shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ring {
    /// No ring: nothing is held.
    None,
    /// The pieces held, in four inks and profiles.
    #[default]
    Pieces,
    /// The pieces held, all in one ink, where which piece does not matter.
    Plain,
    /// What is left of a life, segments going out clockwise.
    Life,
}

/// A place that a model prescribes, in a unit square (x right, y down), or as a key on a ring from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Left, top: 0, 0; right, bottom: 1, 1.
    At(f32, f32),
    /// A share of the way round the ring, clockwise from twelve o'clock.
    Key(f64),
}

/// A set of pieces, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// An empty set with room for `len` pieces.
    #[must_use]
    pub fn none(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(64) as usize], len }
    }

    /// The set of all `len` pieces.
    #[must_use]
    pub fn all(len: u32) -> Self {
        let mut bits = Self::none(len);
        for i in 0..len {
            bits.insert(i);
        }
        bits
    }

    /// Adds a piece; tells whether it was new.
    pub fn insert(&mut self, piece: u32) -> bool {
        debug_assert!(piece < self.len, "piece {piece} of {}", self.len);
        let (word, bit) = (piece as usize / 64, 1 << (piece % 64));
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }

    /// Takes a piece out.
    pub fn remove(&mut self, piece: u32) {
        self.words[piece as usize / 64] &= !(1 << (piece % 64));
    }

    /// Tells whether a piece is in the set.
    #[must_use]
    pub fn contains(&self, piece: u32) -> bool {
        self.words[piece as usize / 64] >> (piece % 64) & 1 == 1
    }

    /// How many pieces are in the set.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.words.iter().map(|w| w.count_ones()).sum()
    }

    /// How many pieces there are in all.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether there are no pieces at all to be held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether every piece is held.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.count() == self.len
    }

    /// The words of 64 bits, least significant bit first.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

/// A peer as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    /// Who it is.
    pub id: PeerId,
    /// Its shape.
    pub kind: PeerKind,
    /// 0, 1 or 2: drawn ×1, ×1.4, ×2.
    pub rank: u8,
    /// A word beside it and a circle around it ("seed", "you").
    #[serde(skip)]
    pub mark: Option<Word>,
    /// How it behaves.
    pub conduct: Conduct,
    /// Whether it takes part.
    pub life: Life,
    /// Which version it holds.
    pub camp: Camp,
    /// What its ring shows.
    pub ring: Ring,
    /// What it holds; for [`Ring::Life`] the segments left.
    pub pieces: Bits,
    /// A word beside it, without a circle: its rank's name, a town.
    #[serde(skip)]
    pub label: Option<Word>,
    /// The groups it belongs to; the first says in which lane it stands.
    pub zones: Vec<ZoneId>,
    /// Where it must stand, if the model says so.
    pub place: Option<Place>,
    /// Units that wait in its tray, in order.
    pub tray: Vec<Unit>,
}

impl Peer {
    /// A running, fair peer that holds `pieces`.
    #[must_use]
    pub fn new(id: PeerId, kind: PeerKind, pieces: Bits) -> Self {
        Self {
            id,
            kind,
            rank: 0,
            mark: None,
            conduct: Conduct::Fair,
            life: Life::Running,
            camp: Camp::Neither,
            ring: Ring::Plain,
            pieces,
            label: None,
            zones: Vec::new(),
            place: None,
            tray: Vec::new(),
        }
    }
}

/// A thing that is counted: a coin, a task, an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its colour.
    pub tint: Tint,
    /// Its number, if it has one.
    pub number: Option<u32>,
}

/// Whose a count of units is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// One peer's.
    Peer(PeerId),
    /// The whole network's.
    Network,
    /// The scene's: of all its networks together.
    Scene,
}

/// Units of one kind that somebody owns, in no order; those that wait in order stand in a tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// Whose they are.
    pub owner: Owner,
    /// Their colour.
    pub tint: Tint,
    /// How many there are.
    pub count: u64,
    /// How many one drawn unit stands for; it is said where it is not 1.
    pub each: u64,
}

/// A column of a strip: what came in one interval. The newest column stands rightmost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The strip's key: its words, and which strip it is.
    #[serde(skip)]
    pub strip: Word,
    /// Which interval, counted from the start of the run.
    pub interval: u32,
    /// The units of the interval, from the ground up.
    pub units: Vec<Unit>,
}

/// The way of one journey, drawn strong until the same traveller's next; its links are its hops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// Whose journey it is. A new trail of the same peer takes the place of the one before.
    pub of: PeerId,
    /// The links gone along so far, in order.
    pub links: Vec<LinkId>,
}

/// What a small fingerprint lies on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintSpot {
    /// Beside a peer.
    Peer(PeerId),
    /// On a packet, with which it goes.
    Packet(PacketId),
    /// At a place: a key on the rim.
    Place(Place),
}

/// A small fingerprint: four by four of the leading bits of a name, a key or a piece.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Print {
    /// What it lies on.
    pub spot: PrintSpot,
    /// All its bits, most significant byte first.
    pub bits: [u8; 32],
}

/// Whether a link carries something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// One end knows the other's address; nothing is connected. Drawn as dots.
    Known,
    /// Connected, nothing under way.
    #[default]
    Idle,
    /// Carries something.
    InUse,
    /// Cut.
    Cut,
}

/// A link as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Which one.
    pub id: LinkId,
    /// What it does.
    pub state: LinkState,
    /// Whether it leads one way only; drawn with a disc at its head.
    pub directed: bool,
}

/// What a packet is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PacketForm {
    /// Content: a filled drop.
    #[default]
    Content,
    /// A question, a control message, a vote: a hollow drop.
    Question,
    /// A block of camp A: a square.
    BlockA,
    /// A block of camp B: a diamond.
    BlockB,
}

/// How a packet's way ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PacketEnd {
    /// It arrives.
    #[default]
    Arrives,
    /// It comes to the door and is turned away.
    TurnedAway,
    /// It is lost on its way.
    Lost,
}

/// A packet on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Which one.
    pub id: PacketId,
    /// Where it goes (it comes from its sender, or from who passes it on).
    pub from: PeerId,
    /// Where it goes.
    pub to: PeerId,
    /// When it leaves.
    pub departs: Micros,
    /// When it will arrive, if nothing ends it.
    pub arrives: Micros,
    /// What it is.
    pub form: PacketForm,
    /// Its colour.
    pub tint: Tint,
    /// The piece it carries.
    pub piece: Option<PieceId>,
    /// One or two signs inside it.
    pub letter: [u8; 2],
    /// Layers of wrapping, 0 to 3.
    pub layers: u8,
}

/// A block's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockState {
    /// Its fingerprint fits.
    #[default]
    Sealed,
    /// Its words were changed.
    Changed,
    /// One before it was changed.
    Broken,
}

/// A block as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Which one.
    pub id: BlockId,
    /// The block before it.
    pub before: Option<BlockId>,
    /// How many stand before it.
    pub height: u32,
    /// The version it belongs to.
    pub camp: Camp,
    /// Its fingerprint, 256 bits, most significant byte first.
    pub fingerprint: [u8; 32],
    /// Whether it holds.
    pub state: BlockState,
}

/// A zone's edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneState {
    /// Anyone may pass.
    #[default]
    Open,
    /// A wall: only what the gate lets through.
    Closed,
    /// Out of service.
    Dark,
}

/// The ground that a zone covers. Zones may overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneArea {
    /// Whatever its members need.
    #[default]
    Members,
    /// A disc: its centre in the unit square, and its radius.
    Disc(f32, f32, f32),
    /// A box in the unit square: left, top, width, height.
    Box(f32, f32, f32, f32),
    /// An arc of the ring, from one key clockwise to another.
    Arc(f64, f64),
}

/// The gate on a zone's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// It lets through what its rules allow.
    Open,
    /// It lets nothing through.
    Shut,
}

/// A group of peers as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Which one.
    pub id: ZoneId,
    /// Its name.
    #[serde(skip)]
    pub name: Word,
    /// Its edge.
    pub state: ZoneState,
    /// The ground it covers.
    pub area: ZoneArea,
    /// The gate on its edge, if it has one.
    pub gate: Option<Gate>,
}

/// All that stands, told once when a watcher comes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// When this was so.
    pub now: Micros,
    /// How many pieces the thing shared has.
    pub pieces: u32,
    /// Peers in order of id.
    pub peers: Vec<Peer>,
    /// Links in order of id.
    pub links: Vec<Link>,
    /// Packets on their way.
    pub packets: Vec<Packet>,
    /// Blocks in order of height.
    pub blocks: Vec<Block>,
    /// Zones in order of id.
    pub zones: Vec<Zone>,
    /// Units in order of owner.
    pub units: Vec<Units>,
    /// Columns of strips, the oldest first.
    pub columns: Vec<Column>,
    /// Trails in order of traveller.
    pub trails: Vec<Trail>,
    /// Small fingerprints.
    pub prints: Vec<Print>,
}

/// One thing that happened, told to a watcher in order of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// A packet leaves; it will arrive unless it ends early.
    Departs(Packet),
    /// A packet's way ends otherwise than foreseen, at the given moment.
    Ends {
        /// Which packet.
        id: PacketId,
        /// When.
        at: Micros,
        /// How.
        end: PacketEnd,
    },
    /// A peer now holds a piece.
    Holds {
        /// Who.
        peer: PeerId,
        /// What.
        piece: PieceId,
        /// When.
        at: Micros,
    },
    /// A peer came, or changed otherwise; its new state, whole.
    Peer(Box<Peer>),
    /// A peer is no more.
    PeerGone(PeerId),
    /// A link came or changed.
    Link(Link),
    /// A link is no more.
    LinkGone(LinkId),
    /// A block was found or changed.
    Block(Box<Block>),
    /// A zone came or changed.
    Zone(Zone),
    /// A peer sets out for another place, and will be there unless it sets out anew.
    Moves {
        /// Who.
        peer: PeerId,
        /// Where to.
        to: Place,
        /// When it sets out.
        departs: Micros,
        /// When it is there.
        arrives: Micros,
    },
    /// Somebody's units of one colour are now so many.
    Units(Units),
    /// A column of a strip came or grew.
    Column(Column),
    /// A journey began, or went one link further.
    Trail(Trail),
    /// A small fingerprint came or changed.
    Print(Print),
    /// A small fingerprint is no more.
    PrintGone(PrintSpot),
    /// Something on the model's panel is not as it was; it is looked at, not told.
    Panel,
}

/// Parts of the vocabulary that `check` may have to refuse because nothing draws them yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A peer of rank 1 or 2.
    Rank,
    /// A ring of life.
    RingOfLife,
    /// Units waiting in a tray.
    Tray,
    /// Layers around a packet.
    Layers,
    /// Zones and gates.
    Zone,
    /// A hollow packet.
    HollowPacket,
    /// A directed link.
    Directed,
    /// Camps of a fork.
    Camp,
    /// Signs inside a packet that flies.
    Letter,
    /// Units that a peer, network or scene owns.
    Units,
    /// A strip of columns.
    Strip,
    /// The trail of a journey.
    Trail,
    /// A small fingerprint.
    Print,
    /// A peer that moves.
    Moving,
    /// A card's rows as a table: a peer, a life or a sign beside a value.
    Table,
    /// A value marked on a column.
    Tick,
    /// Circles around what differs from the run that nobody touched.
    Differs,
    /// A second, faster rate while nothing travels.
    TwoRates,
}
