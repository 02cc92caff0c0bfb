//! The settings of a swarm, in the units that it counts in, and what they may be together.

use crate::sim::{
    kernel::mathematics::micros,
    model::{Range, SettingError, SettingSpec, Settings, Unit, Value},
    vocabulary::{Micros, SECOND},
};

/// The bytes of a request (BEP 3: 2^14; clients refuse more).
pub const BLOCK: u64 = 16 * 1024;
/// How often a peer decides whom to choke (BEP 3).
pub const ROUND: Micros = 10 * SECOND;
/// Every how many rounds the optimistic unchoke moves on (BEP 3: 30 s).
pub const OPTIMISTIC: u32 = 3;
/// How many interested peers are unchoked, the optimistic one among them (BEP 3).
pub const SLOTS: usize = 4;
/// Who sent nothing for so long counts as snubbing, and gets no slot of reciprocation (Cohen's client: 30 s).
pub const SNUB: Micros = 30 * SECOND;
/// How many pieces are taken at random before the rarest come first (Cohen's client: `rarest_first_cutoff`).
pub const RANDOM_FIRST: u32 = 4;
/// How many peers the tracker names at most (Cohen's client asks for 50).
pub const TOLD: usize = 50;
/// After how many rounds a peer that has few neighbours asks the tracker again (Cohen's client: 300 s).
pub const REANNOUNCE: u32 = 30;
/// How many requests are under way to one peer at least (Cohen's client: 5).
const BACKLOG: u64 = 5;
/// How many at most (libtorrent's `max_out_request_queue`).
const MOST_BACKLOG: u64 = 500;
/// After so long without a request under way anywhere nothing will change by itself any more: everybody has had its
/// turn with every neighbour, and has asked the tracker again.
pub const STALLED: Micros = 2 * REANNOUNCE as u64 * ROUND;
/// The most choke rounds of one peer in a run, and of all together; beyond, a run would never end.
const MOST_ROUNDS: f64 = 1e7;
const MOST_ROUNDS_OF_ALL: f64 = 1e10;
/// The most memory that a run may take, in bytes.
const MOST_BYTES: u64 = 12_000_000_000;
/// The most peers of a run, with those that visitors add.
pub const MOST_PEERS: u64 = 1_000_000;

/// Which piece a peer takes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picker {
    /// The piece that the fewest neighbours hold; at random among equals, and at the very start.
    Rarest,
    /// Any piece.
    Random,
    /// The first that is missing.
    Sequential,
}

/// Who is given anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choking {
    /// Who gives most, and one other in turn.
    TitForTat,
    /// Everybody alike.
    None,
}

/// The settings of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// How many come to download.
    pub peers: u32,
    /// How many hold all from the start, and stay.
    pub seeds: u32,
    /// Into how many pieces the file is cut.
    pub pieces: u32,
    /// Bytes of a piece.
    pub piece_bytes: u64,
    /// Requests that make up a piece; the last may be shorter.
    pub blocks: u32,
    /// What a peer's line sends, bytes a second.
    pub up: u64,
    /// What a seed's line sends, bytes a second.
    pub seed_up: u64,
    /// What a peer's line takes in, bytes a second.
    pub down: u64,
    /// How long every message is under way.
    pub latency: Micros,
    /// The most neighbours of a peer.
    pub neighbours: u32,
    /// Which piece is next.
    pub picker: Picker,
    /// Who is given anything.
    pub choking: Choking,
    /// Which share of the peers takes without giving.
    pub free_riders: f64,
    /// Which share of the peers sends what is false.
    pub corrupt: f64,
    /// How many bytes the first seed sends before it leaves; 0: it stays.
    pub leave_after: u64,
    /// New peers a second; nothing if all come at once.
    pub arrivals: Option<f64>,
    /// How long a peer stays once it is done, on average, in seconds; nothing if it stays for ever.
    pub seed_time: Option<f64>,
    /// Whether the file has bytes, and SHA-1 tells whether they are right.
    pub real: bool,
    /// How many pieces a choked newcomer may ask for (BEP 6).
    pub fast_set: u32,
    /// How many requests are under way to one peer.
    pub backlog: usize,
}

impl Config {
    /// Reads the settings of a run.
    ///
    /// # Errors
    /// Settings that are right one by one and not together.
    pub fn from(settings: &Settings) -> Result<Self, SettingError> {
        let piece_bytes = settings.whole("piece_bytes");
        let up = settings.whole("up");
        let latency = micros(settings.real("latency"));
        let pieces = settings.whole("pieces") as u32;
        let file = u64::from(pieces) * piece_bytes;
        let config = Self {
            peers: settings.whole("peers") as u32,
            seeds: settings.whole("seeds") as u32,
            pieces,
            piece_bytes,
            blocks: piece_bytes.div_ceil(BLOCK) as u32,
            up,
            seed_up: match settings.get("seed_up") {
                Value::Whole(rate) => *rate,
                _ => up,
            },
            down: settings.whole("down"),
            latency,
            neighbours: settings.whole("neighbours") as u32,
            picker: match settings.choice("picker") {
                "random" => Picker::Random,
                "sequential" => Picker::Sequential,
                _ => Picker::Rarest,
            },
            choking: if settings.choice("choking") == "none" { Choking::None } else { Choking::TitForTat },
            free_riders: settings.real("free_riders"),
            corrupt: settings.real("corrupt"),
            leave_after: (settings.real("leave_after") * file as f64).ceil() as u64,
            arrivals: (settings.choice("arrivals") == "poisson").then(|| settings.real("arrival_rate")),
            seed_time: match settings.get("seed_time") {
                Value::Real(seconds) => Some(*seconds),
                _ => None,
            },
            real: settings.choice("content") == "real",
            fast_set: settings.whole("fast_set") as u32,
            backlog: (BACKLOG + (2 * latency * up).div_ceil(BLOCK * SECOND)).min(MOST_BACKLOG) as usize,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), SettingError> {
        let wrong =
            |key: &str, message: String, expected: String| Err(SettingError { key: key.into(), message, expected });
        if u64::from(self.pieces) * u64::from(self.blocks) > u64::from(u32::MAX / 2) {
            let most = u64::from(u32::MAX / 2) / u64::from(self.blocks);
            let message =
                format!("`pieces` can't be {} of {} bytes each: at most {most}", self.pieces, self.piece_bytes);
            return wrong("pieces", message, format!("at most {most}"));
        }
        if self.free_riders + self.corrupt > 1.0 {
            let expected = format!("at most {}", 1.0 - self.free_riders);
            let message = format!(
                "`corrupt` can't be {} where {} of the peers are free riders: it is {expected}",
                self.corrupt, self.free_riders
            );
            return wrong("corrupt", message, expected);
        }
        let most = MOST_BYTES / self.peer_bytes();
        if u64::from(self.peers) + u64::from(self.seeds) > most {
            let message = format!(
                "`peers` can't be {} with {} pieces and {} neighbours: at most {most}",
                self.peers, self.pieces, self.neighbours
            );
            return wrong("peers", message, format!("at most {most}"));
        }
        let rounds = self.file_bytes() as f64 / self.up.min(self.down) as f64 * (SECOND as f64 / ROUND as f64);
        let coming = self.arrivals.map_or(0.0, |rate| f64::from(self.peers) / rate * (SECOND as f64 / ROUND as f64));
        if rounds > MOST_ROUNDS || (rounds + coming) * f64::from(self.peers) > MOST_ROUNDS_OF_ALL {
            let message = format!(
                "`up` can't be {} for a file of {} bytes: the run would take {} days",
                self.up,
                self.file_bytes(),
                ((rounds + coming) * 10.0 / 86_400.0).ceil()
            );
            return wrong("up", message, "a faster line, a smaller file or fewer peers".into());
        }
        Ok(())
    }

    /// About the bytes of memory that a peer with all its neighbours takes.
    fn peer_bytes(&self) -> u64 {
        let words = u64::from(self.pieces.div_ceil(64));
        500 + u64::from(self.neighbours.min(self.peers + self.seeds)) * (200 + 8 * words) + u64::from(self.pieces) * 4
    }

    /// The size of the file.
    #[must_use]
    pub fn file_bytes(&self) -> u64 {
        u64::from(self.pieces) * self.piece_bytes
    }

    /// Requests that make up the file.
    #[must_use]
    pub fn all_blocks(&self) -> u32 {
        self.pieces * self.blocks
    }

    /// The bytes of a block; a piece's last may be shorter than the others.
    #[must_use]
    pub fn block_bytes(&self, block: u32) -> u64 {
        if block % self.blocks + 1 == self.blocks {
            self.piece_bytes - u64::from(self.blocks - 1) * BLOCK
        } else {
            BLOCK
        }
    }

    /// Words of 64 bits that a set of pieces takes.
    #[must_use]
    pub fn words(&self) -> usize {
        self.pieces.div_ceil(64) as usize
    }

    /// How many connections a peer opens by itself (Cohen's client: half of what it takes in).
    #[must_use]
    pub fn opens(&self) -> u32 {
        self.neighbours.div_ceil(2)
    }

    /// Below how many neighbours a peer asks the tracker again (Cohen's client: a quarter of what it takes in).
    #[must_use]
    pub fn few(&self) -> u32 {
        self.neighbours.div_ceil(4)
    }
}

/// What may be set.
#[must_use]
pub fn settings() -> Vec<SettingSpec> {
    let spec = |key, unit, range, default| SettingSpec { key, unit, range, default };
    let whole = |key, unit, low, high, default| spec(key, unit, Range::Whole(low, high), Value::Whole(default));
    let choice = |key, words, default| spec(key, Unit::Choice, Range::OneOf(words), Value::Choice(default));
    let share = |key| spec(key, Unit::Share, Range::Real(0.0, 1.0), Value::Real(0.0));
    vec![
        whole("peers", Unit::Count, 1, MOST_PEERS, 100),
        whole("seeds", Unit::Count, 0, 10_000, 2),
        whole("pieces", Unit::Count, 1, 1_000_000, 400),
        whole("piece_bytes", Unit::Bytes, 1, 1 << 26, 1 << 18),
        whole("up", Unit::BytesPerSecond, 1, 1_000_000_000_000, 100_000),
        spec("seed_up", Unit::BytesPerSecond, Range::WholeOr(1, 1_000_000_000_000, &["up"]), Value::Choice("up")),
        whole("down", Unit::BytesPerSecond, 1, 1_000_000_000_000, 1_000_000),
        spec("latency", Unit::Seconds, Range::Real(0.0, 60.0), Value::Real(0.05)),
        whole("neighbours", Unit::Count, 1, 1_000, 40),
        choice("picker", &["rarest", "random", "sequential"], "rarest"),
        choice("choking", &["tit-for-tat", "none"], "tit-for-tat"),
        share("free_riders"),
        share("corrupt"),
        spec("leave_after", Unit::Count, Range::Real(0.0, 1e6), Value::Real(0.0)),
        choice("arrivals", &["flash", "poisson"], "flash"),
        spec("arrival_rate", Unit::PerSecond, Range::Real(1e-6, 1e6), Value::Real(0.1)),
        spec("seed_time", Unit::Seconds, Range::RealOr(0.0, 1e9, &["forever"]), Value::Choice("forever")),
        choice("content", &["flags", "real"], "flags"),
        whole("fast_set", Unit::Count, 0, 1_000, 0),
    ]
}
