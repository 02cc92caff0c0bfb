//! What a model owes the rest of the house: one trait that the wall, the `sim` command, tests and benches all use.

use super::vocabulary::{BlockId, Happening, LinkId, Micros, PacketId, PeerId, PieceId, Standing, Word, ZoneId};
use std::{borrow::Cow, fmt};

/// The unit of a setting or figure; said after the number in tables, and in words on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A bare count.
    Count,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Bytes a second.
    BytesPerSecond,
    /// So many a second.
    PerSecond,
    /// A share from 0 to 1.
    Share,
    /// One of some words.
    Choice,
}

impl Unit {
    /// The unit's short sign: "s", "B", "B/s", "1/s", "share" or nothing.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Count | Self::Choice => "",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::BytesPerSecond => "B/s",
            Self::PerSecond => "1/s",
            Self::Share => "share",
        }
    }
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// A number with a fraction.
    Real(f64),
    /// One of the words that the setting allows.
    Choice(&'static str),
    /// Words, by a curator or a visitor.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(n) => write!(f, "{n}"),
            Self::Real(x) => write!(f, "{x}"),
            Self::Choice(word) => f.write_str(word),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// A whole number, both ends included.
    Whole(u64, u64),
    /// A number, both ends included.
    Real(f64, f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number, both ends included, or one of these words.
    WholeOr(u64, u64, &'static [&'static str]),
    /// A number, both ends included, or one of these words.
    RealOr(f64, f64, &'static [&'static str]),
    /// Words of at most so many signs; a deck may name a word of its slide instead.
    Text(usize),
}

impl Range {
    /// The words that it may be, besides numbers.
    fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Whole(..) | Self::Real(..) | Self::Text(_) => &[],
            Self::OneOf(words) | Self::WholeOr(_, _, words) | Self::RealOr(_, _, words) => words,
        }
    }

    /// The value that a text stands for, if it is in range.
    fn read(&self, text: &str) -> Option<Value> {
        if let Some(word) = self.words().iter().find(|word| **word == text) {
            return Some(Value::Choice(word));
        }
        let plain = text.replace('_', "");
        match *self {
            Self::Whole(low, high) | Self::WholeOr(low, high, _) => {
                plain.parse().ok().filter(|n| (low..=high).contains(n)).map(Value::Whole)
            }
            Self::Real(low, high) | Self::RealOr(low, high, _) => {
                plain.parse().ok().filter(|x| (low..=high).contains(x)).map(Value::Real)
            }
            Self::OneOf(_) => None,
            Self::Text(most) => (text.chars().count() <= most).then(|| Value::Text(text.to_owned())),
        }
    }
}

/// What would be right: "a whole number from 1 to 8, or `table`".
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(low, high) | Self::WholeOr(low, high, _) => write!(f, "a whole number from {low} to {high}")?,
            Self::Real(low, high) | Self::RealOr(low, high, _) => write!(f, "a number from {low} to {high}")?,
            Self::OneOf(words) => return write!(f, "one of {}", words.join(", ")),
            Self::Text(most) => return write!(f, "words of at most {most} signs"),
        }
        self.words().iter().try_for_each(|word| write!(f, ", or `{word}`"))
    }
}

/// A setting as a model declares it.
#[derive(Clone, Debug)]
pub struct SettingSpec {
    /// The key, in the words of the field: `peers`, `server_up`.
    pub key: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What it may be.
    pub range: Range,
    /// What it is if nobody sets it.
    pub default: Value,
}

/// A figure as a model declares it. What it means stands in the words, under `figures`.
#[derive(Clone, Copy, Debug)]
pub struct FigureSpec {
    /// The name: `makespan_s`.
    pub key: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Where its definition or its published value comes from.
    pub source: &'static str,
}

/// What a figure should be for the present settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The published or closed-form value.
    pub value: f64,
    /// How far off is still right, as a share of the value.
    pub tolerance: f64,
    /// Where the value comes from.
    pub source: &'static str,
}

/// A figure as it stands now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Its name, as in [`FigureSpec`].
    pub key: &'static str,
    /// Its value; nothing where this run has none (not finished, not applicable).
    pub value: Option<f64>,
    /// What it should be, where a result exists.
    pub expected: Option<Expected>,
}

/// What a deed is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nothing in particular.
    None,
    /// A peer.
    Peer(PeerId),
    /// A link.
    Link(LinkId),
    /// Two peers, in order.
    Pair(PeerId, PeerId),
    /// Several peers.
    Peers(Vec<PeerId>),
    /// Several links: all that a finger's stroke crossed.
    Links(Vec<LinkId>),
    /// A packet.
    Packet(PacketId),
    /// A block.
    Block(BlockId),
    /// A zone.
    Zone(ZoneId),
}

/// What kind of thing a deed is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// Nothing in particular.
    None,
    /// The server, where there is one.
    Server,
    /// Any peer.
    Peer,
    /// Any link.
    Link,
    /// Two peers, in order.
    Pair,
    /// Several peers.
    Peers,
    /// Several links.
    Links,
    /// A packet.
    Packet,
    /// A block.
    Block,
    /// A zone.
    Zone,
}

/// What a deed's value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueKind {
    /// The deed takes none.
    None,
    /// A whole number, both ends included.
    Whole(u64, u64),
    /// A share, both ends included.
    Share(f64, f64),
    /// A text of at most so many signs.
    Text(usize),
}

/// A deed as a model declares it: what a visitor may do.
#[derive(Clone, Copy, Debug)]
pub struct DeedSpec {
    /// The key: `stop`, `start`, `cut`.
    pub key: &'static str,
    /// What it is done to.
    pub target: TargetKind,
    /// What else it takes.
    pub value: ValueKind,
    /// The deed that undoes it.
    pub inverse: Option<&'static str>,
    /// The named state it should lead to.
    pub leads_to: Option<Word>,
}

impl DeedSpec {
    /// A deed that takes no value.
    #[must_use]
    pub const fn plain(
        key: &'static str,
        target: TargetKind,
        inverse: Option<&'static str>,
        leads_to: Option<Word>,
    ) -> Self {
        Self { key, target, value: ValueKind::None, inverse, leads_to }
    }
}

/// A deed done.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// Its key.
    pub key: &'static str,
    /// What it is done to.
    pub target: Target,
    /// Its value, if it takes one.
    pub value: Option<Value>,
}

/// Why a deed can't be done now: a key into the model's words, under `refusals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused: {0}")]
pub struct Refusal(pub Word);

/// What one peer knows of the rest; the stage draws what is missing hollow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Eyes {
    /// Peers it knows.
    pub peers: Vec<PeerId>,
    /// Links it knows.
    pub links: Vec<LinkId>,
    /// Pieces it knows somebody else to hold.
    pub pieces: Vec<(PeerId, PieceId)>,
}

/// A row of the card that a held peer shows: a key into the words under `card`, and a number or word.
#[derive(Clone, Debug, PartialEq)]
pub struct CardRow {
    /// The row's key.
    pub key: Word,
    /// What stands there.
    pub value: CardValue,
    /// The peer that the row is about: a table names it before the key.
    pub about: Option<PeerId>,
    /// What is left of the entry's life, from 0 to 1.
    pub life: Option<f32>,
    /// How it turned out.
    pub sign: Option<Sign>,
}

impl CardRow {
    /// A row of a key and a value.
    #[must_use]
    pub fn new(key: Word, value: CardValue) -> Self {
        Self { key, value, about: None, life: None, sign: None }
    }

    /// Whether it needs a table's columns.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.about.is_some() || self.life.is_some() || self.sign.is_some() || matches!(self.value, CardValue::Peer(_))
    }
}

/// How an entry of a table turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It holds.
    Good,
    /// It is false.
    Bad,
    /// Nobody knows yet.
    Open,
}

/// What stands in a row of a card.
#[derive(Clone, Debug, PartialEq)]
pub enum CardValue {
    /// A number of things.
    Count(u64),
    /// So many of so many.
    Of(u64, u64),
    /// Bytes a second.
    Rate(f64),
    /// A word of the model.
    Word(Word),
    /// A peer: the next on the way, the keeper.
    Peer(PeerId),
    /// The first 16 bits of each of some hashes, drawn as four rows of four lights.
    Prints(Vec<[u8; 2]>),
}

/// What stands on a model's panel: what it shows and takes besides networks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Words that a visitor may write.
    pub writing: Option<Writing>,
    /// A fingerprint in large lights.
    pub lights: Option<Lights>,
    /// Where each deed that takes a number stands: a slider's knob.
    pub values: Vec<(&'static str, f64)>,
    /// A chance, a bet on it and trials of it.
    pub odds: Option<Odds>,
    /// The two branches of a chain that race.
    pub branches: Option<Branches>,
    /// What is written in blocks, in order of height.
    pub pages: Vec<Page>,
    /// What waits, and what was taken last.
    pub tray: Option<Tray>,
}

/// Things that wait in order and are taken several at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tray {
    /// Those that wait, the first first.
    pub waiting: Vec<Waiting>,
    /// The numbers of those that were taken last.
    pub written: Vec<u64>,
    /// How many are taken at a time.
    pub room: usize,
}

/// Something that waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// What it offers.
    pub number: u64,
    /// Whether it would be taken next.
    pub next: bool,
}

/// Words under a visitor's hands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// The words as they stand.
    pub text: String,
    /// How many signs they may have.
    pub most: usize,
    /// Before which sign the next one will stand, counted in signs.
    pub caret: usize,
    /// Which sign was changed last, counted in signs, if it still stands.
    pub changed: Option<usize>,
}

/// The 256 bits of a fingerprint, as lights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lights {
    /// The bits, most significant byte first; a set bit is lit.
    pub bits: [u8; 32],
    /// Those that changed with the last deed.
    pub flipped: [u8; 32],
    /// How many of the first must stay dark; 0: it does not matter.
    pub dark: u16,
}

/// A chance, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Odds {
    /// The exact chance.
    pub exact: f64,
    /// What the visitor bet.
    pub bet: Option<f64>,
    /// Whether a bet may still be made.
    pub open: bool,
    /// Trials, the first row first; a row may still be running.
    pub trials: Vec<Trials>,
}

/// Trials of a chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trials {
    /// How many came true.
    pub won: u64,
    /// How many were made.
    pub of: u64,
    /// How many there will be.
    pub planned: u64,
    /// Between these the chance lies, with 95 in 100.
    pub between: (f64, f64),
}

/// Two branches of a chain that race, in blocks since they parted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Branches {
    /// The one that all see.
    pub public: u64,
    /// The one that is kept secret.
    pub secret: u64,
    /// How long the public one is when the payment counts.
    pub wanted: u64,
}

/// What is written in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Which block.
    pub block: BlockId,
    /// Its words.
    pub text: String,
    /// Which word was changed, counted in words.
    pub changed: Option<usize>,
    /// The fingerprint of the block before, as this one has it.
    pub before: [u8; 32],
    /// Whether that names a block that is sealed.
    pub fits: bool,
    /// How many numbers were tried for its seal.
    pub tries: u64,
}

/// A model: one system's rules on the kernel, run to a time, touched by deeds, watched or not.
///
/// `Clone` (through [`Model::copy`]) is a bookmark in time: the copy runs on exactly as the original would.
pub trait Model: Send + Sync {
    /// A copy that runs on by itself.
    fn copy(&self) -> Box<dyn Model>;

    /// The present moment of the run.
    fn now(&self) -> Micros;

    /// Runs every event up to and including `until`; afterwards [`Model::now`] is `until`.
    fn advance(&mut self, until: Micros);

    /// When the next event is due; nothing when the run is over.
    fn next_event(&self) -> Option<Micros>;

    /// When something next travels (now, if something does), so that the wall may run empty stretches faster.
    fn next_travel(&self) -> Option<Micros>;

    /// Whether the run has reached its end and nothing but a deed can change it.
    fn finished(&self) -> bool;

    /// Begins to watch: tells what stands now; from then on [`Model::take_happenings`] tells what happens.
    fn watch(&mut self) -> Standing;

    /// What happened since it was last asked, in order of time. Empty for a run that nobody watches.
    fn take_happenings(&mut self, into: &mut Vec<Happening>);

    /// What may be done to this model, in the order in which a scene should offer it.
    fn deeds(&self) -> &'static [DeedSpec];

    /// Whether a deed may be done now.
    ///
    /// # Errors
    /// Why not, as a key into the model's words.
    fn may(&self, deed: &Deed) -> Result<(), Refusal>;

    /// Does a deed at the present moment.
    ///
    /// # Errors
    /// Why not, as a key into the model's words; then nothing has changed.
    fn act(&mut self, deed: &Deed) -> Result<(), Refusal>;

    /// The named states that hold now, the most telling first. They may end again.
    fn states(&self) -> Vec<Word>;

    /// The figures as they stand.
    fn figures(&self) -> Vec<Figure>;

    /// The short history of a figure since somebody watches, oldest first; empty where the model keeps none.
    fn history(&self, _figure: &str) -> Vec<(Micros, f64)> {
        Vec::new()
    }

    /// What one peer knows of the rest; nothing where the model does not say.
    fn eyes(&self, _peer: PeerId) -> Option<Eyes> {
        None
    }

    /// What a held peer's card says.
    fn card(&self, _peer: PeerId) -> Vec<CardRow> {
        Vec::new()
    }

    /// A number that stands for all that a peer holds, knows, has drawn and is about to do. Two runs in which it is equal
    /// stand alike there, so that a run can be compared with the same one untouched.
    fn digest(&self, _peer: PeerId) -> u64 {
        0
    }

    /// What stands on its panel; most models have none.
    fn panel(&self) -> Panel {
        Panel::default()
    }

    /// How many events have run, for benches.
    fn events(&self) -> u64;
}

/// A system that the exhibit can run: one line of the registry.
pub struct System {
    /// The model's name: `distribution`.
    pub name: &'static str,
    /// Its settings.
    pub settings: fn() -> Vec<SettingSpec>,
    /// Its figures.
    pub figures: &'static [FigureSpec],
    /// Its deeds.
    pub deeds: &'static [DeedSpec],
    /// Its named states.
    pub states: &'static [Word],
    /// Keys of the words that its refusals, cards and marks use, for `check`.
    pub words: &'static [(&'static str, Word)],
    /// Builds a run from settings and a seed.
    ///
    /// # Errors
    /// A setting out of its range given the others.
    pub build: fn(&Settings, u64) -> Result<Box<dyn Model>, SettingError>,
}

/// The settings of one run: every key of a model with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    values: Vec<(&'static str, Value)>,
}

/// A setting that can't be: one line that says what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SettingError {
    /// The key in question, as it was written.
    pub key: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// What would be right, alone.
    pub expected: String,
}

impl Settings {
    /// Every setting of a model at its default.
    #[must_use]
    pub fn defaults(specs: &[SettingSpec]) -> Self {
        Self { values: specs.iter().map(|s| (s.key, s.default.clone())).collect() }
    }

    /// Sets one key from its text.
    ///
    /// # Errors
    /// A key that the model hasn't (names the nearest), or a value out of range or of another kind (names the range).
    pub fn set(&mut self, specs: &[SettingSpec], key: &str, text: &str) -> Result<(), SettingError> {
        let Some(spec) = specs.iter().find(|s| s.key == key) else {
            let known: Vec<&str> = specs.iter().map(|s| s.key).collect();
            return Err(SettingError {
                key: key.into(),
                message: format!("no setting `{key}`; {}", nearest(key, &known)),
                expected: known.join(", "),
            });
        };
        let Some(value) = spec.range.read(text) else {
            let expected = spec.range.to_string();
            let near = match spec.range {
                Range::OneOf(words) => format!("; {}", nearest(text, words)),
                _ => String::new(),
            };
            let message = format!("`{key}` can't be `{text}`: it is {expected}{near}");
            return Err(SettingError { key: key.into(), message, expected });
        };
        for (k, v) in &mut self.values {
            if *k == spec.key {
                *v = value;
                break;
            }
        }
        Ok(())
    }

    /// The value of a key.
    ///
    /// # Panics
    /// If the model never declared the key: a mistake in the model, found by its first test.
    #[must_use]
    pub fn get(&self, key: &str) -> &Value {
        &self.values.iter().find(|(k, _)| *k == key).unwrap_or_else(|| panic!("setting `{key}` is not declared")).1
    }

    /// The value of a key that is a whole number.
    #[must_use]
    pub fn whole(&self, key: &str) -> u64 {
        match self.get(key) {
            Value::Whole(n) => *n,
            other => panic!("setting `{key}` is {other:?}, not a whole number"),
        }
    }

    /// The value of a key that is a number with a fraction.
    #[must_use]
    pub fn real(&self, key: &str) -> f64 {
        match self.get(key) {
            Value::Real(x) => *x,
            other => panic!("setting `{key}` is {other:?}, not a number"),
        }
    }

    /// The value of a key that is one of some words.
    #[must_use]
    pub fn choice(&self, key: &str) -> &'static str {
        match self.get(key) {
            Value::Choice(word) => word,
            other => panic!("setting `{key}` is {other:?}, not a word"),
        }
    }

    /// The value of a key that is words.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.get(key) {
            Value::Text(text) => text,
            other => panic!("setting `{key}` is {other:?}, not words"),
        }
    }

    /// All keys and values, in the order in which the model declares them.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(k, v)| (*k, v))
    }
}

/// "did you mean `peers`?", or the list of what there is and what comes nearest.
#[must_use]
pub fn nearest(wrong: &str, known: &[&str]) -> Cow<'static, str> {
    let begun = known.iter().find(|k| wrong.chars().count() > 1 && k.starts_with(wrong));
    if let Some(k) = begun {
        return format!("did you mean `{k}`?").into();
    }
    let best = known.iter().map(|k| (strsim::damerau_levenshtein(wrong, k), *k)).min();
    match best {
        Some((distance, k)) if distance <= k.len().max(wrong.len()) / 2 => format!("did you mean `{k}`?").into(),
        Some((_, k)) if known.len() > 1 => format!("there is {}; the nearest is `{k}`", known.join(", ")).into(),
        _ => format!("there is {}", known.join(", ")).into(),
    }
}
