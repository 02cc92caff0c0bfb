//! One file for many peers, handed out by a server alone or passed on among the peers.
//!
//! The case of Kurose and Ross, *Computer Networking*, chapter 2: what takes 3 hours for 30 peers from a server ten times
//! as fast as a peer takes three quarters of an hour where the peers pass on what they have, and hardly longer for
//! thousands. The rules stand in [`exchange`], the closed forms in [`bound`].

pub mod bound;
mod exchange;
mod network;

use self::{
    exchange::Run,
    network::{Knows, SERVER, Set},
};
use super::{
    kernel::{
        bits::has,
        mathematics::{micros, seconds},
        measure::History,
        topology,
    },
    model::{
        CardRow, CardValue, Deed, DeedSpec, Expected, Eyes, Figure, FigureSpec, Model, Range, Refusal, SettingError,
        SettingSpec, Settings, System, Target, TargetKind, Unit, Value,
    },
    vocabulary::{Happening, Micros, PeerId, PieceId, Standing, StoppedBy, Word},
};

/// How many newcomers the deed `add` brings.
const NEWCOMERS: u32 = 10;
/// By how much the deed `slow` divides the rate of the server's line: plainly slower than before, still faster than a peer.
const SLOWER: u64 = 4;
/// The most peers of a run.
const MOST_PEERS: u64 = 1_000_000;
/// The most peers × chunks of a run; what they hold then takes a gigabyte.
const MOST_CHUNKS: u64 = 4_000_000_000;
/// How many moments of the copies' growth are kept, and how many of them fall within the shortest time that any scheme
/// could need: enough for a curve as wide as a network.
const HISTORY: usize = 120;
const MOMENTS: f64 = 60.0;
/// The longest run in seconds, 30,000 years; beyond it microseconds no longer fit.
const LONGEST: f64 = 1e12;

/// Who gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The server alone.
    ClientServer,
    /// Whoever has something.
    PeerToPeer,
}

/// The settings of a run, in the units that it counts in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Who gives.
    pub mode: Mode,
    /// How many want the file at the start.
    pub peers: u32,
    /// The size of the file.
    pub file_bytes: u64,
    /// What the server's line sends, bytes a second.
    pub server_up: u64,
    /// What a peer's line sends, bytes a second.
    pub peer_up: u64,
    /// What a peer's line takes in, bytes a second.
    pub peer_down: u64,
    /// Into how many chunks the file is cut.
    pub chunks: u32,
    /// How many neighbours a peer has; 0 means all others.
    pub degree: u32,
    /// Whether neighbours stand at the same steps round a circle, instead of being drawn.
    pub chords: bool,
    /// How long every word and packet is under way, besides its sending.
    pub latency: Micros,
    /// How many transfers share the server's line at a time.
    pub server_lanes: u16,
    /// When the server stops; 0 means never.
    pub stop_server_at: Micros,
    /// How many chunks may be under way to a peer at a time.
    pub window: u64,
}

impl Config {
    fn from(settings: &Settings) -> Result<Self, SettingError> {
        let mut config = Self {
            mode: if settings.choice("mode") == "client-server" { Mode::ClientServer } else { Mode::PeerToPeer },
            peers: settings.whole("peers") as u32,
            file_bytes: settings.whole("file_bytes"),
            server_up: settings.whole("server_up"),
            peer_up: settings.whole("peer_up"),
            peer_down: settings.whole("peer_down"),
            chunks: settings.whole("chunks") as u32,
            degree: settings.whole("degree") as u32,
            chords: settings.choice("topology") == "chords",
            latency: micros(settings.real("latency")),
            server_lanes: settings.whole("server_lanes") as u16,
            stop_server_at: micros(settings.real("stop_server_at")),
            window: 0,
        };
        let wrong =
            |key: &str, message: String, expected: String| Err(SettingError { key: key.into(), message, expected });
        if u64::from(config.chunks) > config.file_bytes {
            let most = config.file_bytes;
            return wrong(
                "chunks",
                format!("`chunks` can't be {}: a file of {most} bytes has at most {most}", config.chunks),
                format!("at most {most}"),
            );
        }
        if u64::from(config.chunks) * u64::from(config.peers) > MOST_CHUNKS {
            let most = MOST_CHUNKS / u64::from(config.peers);
            return wrong(
                "chunks",
                format!("`chunks` can't be {} for {} peers: at most {most}", config.chunks, config.peers),
                format!("at most {most}"),
            );
        }
        if config.mode == Mode::PeerToPeer && config.degree == 1 && config.peers > 2 {
            let expected = "0 (all others) or at least 2".to_owned();
            return wrong(
                "degree",
                format!("`degree` can't be 1: pairs reach nobody else; it is {expected}"),
                expected,
            );
        }
        let slowest = config.server_up.min(config.peer_up).min(config.peer_down);
        if bound::bound_seconds(&config, config.peers) > LONGEST || config.file_bytes as f64 / slowest as f64 > LONGEST
        {
            let message =
                format!("`file_bytes` can't be {} with these lines: it would take 30,000 years", config.file_bytes);
            return wrong("file_bytes", message, "a smaller file, or faster lines".into());
        }
        config.window = config.window();
        Ok(config)
    }

    /// About the bytes of a chunk.
    fn chunk_bytes(&self) -> u64 {
        self.file_bytes.div_ceil(u64::from(self.chunks))
    }

    /// Whether everybody knows everybody.
    fn knows_all(&self) -> bool {
        self.mode == Mode::ClientServer || self.degree == 0 || self.degree + 1 >= self.peers
    }

    /// How many chunks must be under way to a peer so that its own line never waits: what the line takes in while one
    /// promise is kept, on the slowest lane and after all that waits before it, and one more.
    fn window(&self) -> u64 {
        let chunk = self.chunk_bytes() as f64;
        let lane = (self.server_up as f64 / f64::from(self.server_lanes)).min(self.peer_up as f64);
        let latency = self.latency as f64 / 1e6;
        let block = chunk / lane;
        let waits = if self.latency == 0 { block } else { 2.0 * block + 4.0 * latency };
        1 + (waits * self.peer_down as f64 / chunk).ceil() as u64
    }
}

fn settings() -> Vec<SettingSpec> {
    let whole = |key, unit, low, high, default| SettingSpec {
        key,
        unit,
        range: Range::Whole(low, high),
        default: Value::Whole(default),
    };
    let real =
        |key, high| SettingSpec { key, unit: Unit::Seconds, range: Range::Real(0.0, high), default: Value::Real(0.0) };
    // A file that a peer's line sends in an hour, and a server ten times as fast: the figure of Kurose and Ross.
    let rate = |key, default| whole(key, Unit::BytesPerSecond, 1, 1_000_000_000_000, default);
    vec![
        SettingSpec {
            key: "mode",
            unit: Unit::Choice,
            range: Range::OneOf(&["client-server", "peer-to-peer"]),
            default: Value::Choice("peer-to-peer"),
        },
        whole("peers", Unit::Count, 1, MOST_PEERS, 30),
        whole("file_bytes", Unit::Bytes, 1, 1_000_000_000_000_000, 3_600_000_000),
        rate("server_up", 10_000_000),
        rate("peer_up", 1_000_000),
        rate("peer_down", 10_000_000),
        whole("chunks", Unit::Count, 1, 1_000_000, 2_000),
        whole("degree", Unit::Count, 0, MOST_PEERS, 0),
        SettingSpec {
            key: "topology",
            unit: Unit::Choice,
            range: Range::OneOf(&["regular", "chords"]),
            default: Value::Choice("regular"),
        },
        real("latency", 3_600.0),
        whole("server_lanes", Unit::Count, 1, 10_000, 1),
        real("stop_server_at", LONGEST),
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "makespan_s", unit: Unit::Seconds, source: "Kurose & Ross, ch. 2" },
    FigureSpec { key: "mean_s", unit: Unit::Seconds, source: "definition" },
    FigureSpec { key: "bound_s", unit: Unit::Seconds, source: "Kurose & Ross, ch. 2" },
    FigureSpec { key: "all_out_s", unit: Unit::Seconds, source: "definition" },
    FigureSpec { key: "copies", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "peers", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "done", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "server_bytes", unit: Unit::Bytes, source: "definition" },
    FigureSpec { key: "peer_bytes", unit: Unit::Bytes, source: "definition" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("stop", TargetKind::Server, Some("start"), Some("server_stopped")),
    DeedSpec::plain("start", TargetKind::Server, Some("stop"), None),
    DeedSpec::plain("stop", TargetKind::Peer, Some("start"), None),
    DeedSpec::plain("start", TargetKind::Peer, Some("stop"), None),
    DeedSpec::plain("add", TargetKind::None, None, None),
    DeedSpec::plain("slow", TargetKind::None, Some("quicken"), None),
    DeedSpec::plain("quicken", TargetKind::None, Some("slow"), None),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "distribution",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["server_stopped", "stopped_early", "all_done"],
    words: &[
        ("refusals", "no_such_peer"),
        ("refusals", "already_stopped"),
        ("refusals", "not_stopped"),
        ("refusals", "already_slow"),
        ("refusals", "not_slow"),
        ("refusals", "too_many"),
        ("refusals", "not_here"),
        ("card", "holds"),
        ("card", "given"),
        ("card", "taken"),
        ("card", "sending"),
    ],
    build: |settings, seed| Ok(Box::new(Distribution::new(Config::from(settings)?, seed))),
};

/// One run of the model.
#[derive(Clone, Debug)]
pub struct Distribution {
    run: Run,
    watched: Option<Watched>,
}

/// What a watcher of a run has noted for it.
#[derive(Clone, Debug)]
struct Watched {
    copies: History,
    /// When the next value is noted, and how long after it the next.
    next: Micros,
    every: Micros,
    /// How many events had run when a value was last noted.
    events: u64,
}

impl Distribution {
    /// A run at its start.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        Self { run: Run::new(config, seed), watched: None }
    }

    /// Whole files' worth of bytes that the peers hold together.
    fn copies(&self) -> f64 {
        (self.run.server_bytes + self.run.peer_bytes) as f64 / self.run.config.file_bytes as f64
    }

    fn computers(&self) -> u32 {
        self.run.network.nodes.len() as u32
    }

    fn running_peers(&self) -> impl Iterator<Item = u32> + '_ {
        (1..self.computers()).filter(|peer| self.run.runs(*peer))
    }

    fn held(&self, peer: u32) -> u32 {
        self.run.network.nodes[peer as usize].held
    }

    fn all_done(&self) -> bool {
        let mut running = self.running_peers().peekable();
        running.peek().is_some() && running.all(|peer| self.held(peer) == self.run.config.chunks)
    }

    /// Whether the running peers can finish by themselves: together they hold every chunk, and so does every part that
    /// they may have fallen into.
    fn peers_can_finish(&self) -> bool {
        if self.run.missing > 0 {
            return false;
        }
        let Knows::Some { rows, .. } = &self.run.network.knows else {
            return true;
        };
        let parts = topology::components(rows, |who| who != SERVER && self.run.runs(who));
        let mut unions: std::collections::BTreeMap<u32, Vec<u64>> = std::collections::BTreeMap::new();
        for (who, part) in parts.iter().enumerate() {
            if let Some(part) = part {
                let union = unions.entry(*part).or_insert_with(|| vec![0; self.run.network.words]);
                for (all, mine) in union.iter_mut().zip(self.run.network.row(Set::Holds, who as u32)) {
                    *all |= mine;
                }
            }
        }
        let chunks = self.run.config.chunks;
        unions.values().all(|union| union.iter().map(|w| w.count_ones()).sum::<u32>() == chunks)
    }

    /// What a deed would be done to, or why it can't be.
    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        let spec_fits = DEEDS.iter().any(|spec| spec.key == deed.key);
        match (deed.key, &deed.target) {
            ("stop" | "start", Target::Peer(PeerId(who))) => {
                if *who >= self.computers() {
                    return Err(Refusal("no_such_peer"));
                }
                match (deed.key, self.run.runs(*who)) {
                    ("stop", true) => Ok(Act::Stop(*who)),
                    ("start", false) => Ok(Act::Start(*who)),
                    ("stop", false) => Err(Refusal("already_stopped")),
                    _ => Err(Refusal("not_stopped")),
                }
            }
            ("add", Target::None) => {
                let after = u64::from(self.computers() - 1 + NEWCOMERS);
                if after > MOST_PEERS || after * u64::from(self.run.config.chunks) > MOST_CHUNKS {
                    return Err(Refusal("too_many"));
                }
                Ok(Act::Add)
            }
            ("slow", Target::None | Target::Peer(PeerId(SERVER))) if self.run.slowed => Err(Refusal("already_slow")),
            ("slow", Target::None | Target::Peer(PeerId(SERVER))) => Ok(Act::Slow(true)),
            ("quicken", Target::None | Target::Peer(PeerId(SERVER))) if self.run.slowed => Ok(Act::Slow(false)),
            ("quicken", Target::None | Target::Peer(PeerId(SERVER))) => Err(Refusal("not_slow")),
            _ => {
                debug_assert!(spec_fits, "no deed `{}`", deed.key);
                Err(Refusal("not_here"))
            }
        }
    }
}

/// A deed that may be done.
enum Act {
    Stop(u32),
    Start(u32),
    Add,
    Slow(bool),
}

impl Model for Distribution {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.run.world.now()
    }

    fn advance(&mut self, until: Micros) {
        while let Some(at) = self.watched.as_ref().map(|w| w.next).filter(|at| *at <= until) {
            self.run.advance(at);
            let (copies, events) = (self.copies(), self.run.world.events());
            let then = self.run.world.next_at().unwrap_or(Micros::MAX).min(until.saturating_add(1));
            if let Some(watched) = &mut self.watched {
                // Nothing is noted of a stretch in which nothing happens.
                if events > watched.events {
                    watched.copies.note(at, copies);
                    watched.events = events;
                }
                let steps = (then - at).div_ceil(watched.every).max(1);
                watched.next = at.saturating_add(steps.saturating_mul(watched.every));
            }
        }
        self.run.advance(until);
    }

    fn next_event(&self) -> Option<Micros> {
        self.run.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        if self.run.flying > 0 { Some(self.now()) } else { self.run.world.next_at() }
    }

    fn finished(&self) -> bool {
        self.run.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.run.watch();
        let bound = bound::bound_seconds(&self.run.config, self.computers() - 1);
        let every = micros(bound / MOMENTS).max(1);
        self.watched =
            Some(Watched { copies: History::new(HISTORY), next: self.now(), every, events: self.run.world.events() });
        Standing {
            now: self.now(),
            pieces: self.run.config.chunks,
            peers: (0..self.computers()).map(|who| self.run.peer(who)).collect(),
            links: self.run.links(),
            packets: self.run.packets(),
            ..Standing::default()
        }
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.run.world.take_happenings(into);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        DEEDS
    }

    fn may(&self, deed: &Deed) -> Result<(), Refusal> {
        self.check(deed).map(|_act| ())
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        let act = self.check(deed)?;
        self.run.touched = true;
        match act {
            Act::Stop(who) => {
                self.run.stop(who, StoppedBy::Visitor);
            }
            Act::Start(who) => {
                self.run.start(who);
            }
            Act::Add => self.run.add(NEWCOMERS),
            Act::Slow(slowed) => self.run.slow(slowed),
        }
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let done = self.all_done();
        let mut states = Vec::new();
        if !self.run.runs(SERVER) {
            let carry_on = self.run.config.mode == Mode::PeerToPeer
                && self.running_peers().next().is_some()
                && self.peers_can_finish();
            if carry_on {
                states.push("server_stopped");
            } else if !done {
                states.push("stopped_early");
            }
        }
        if done {
            states.push("all_done");
        }
        states
    }

    fn figures(&self) -> Vec<Figure> {
        let config = &self.run.config;
        let nodes = &self.run.network.nodes;
        let running = self.running_peers().count() as u32;
        let times: Option<Vec<Micros>> = self.running_peers().map(|peer| nodes[peer as usize].done_at).collect();
        let times = times.filter(|times| !times.is_empty());
        let makespan = times.as_ref().and_then(|times| times.iter().max()).map(|t| seconds(*t));
        let mean = times.as_ref().map(|times| times.iter().map(|t| seconds(*t)).sum::<f64>() / times.len() as f64);
        let bound = bound::bound_seconds(config, running);
        let plain = !self.run.touched && config.latency == 0 && config.stop_server_at == 0;
        let expected = |above: f64| {
            let source = "Kurose & Ross, ch. 2";
            (plain && bound > 0.0).then(|| Expected { value: bound, tolerance: above / bound - 1.0, source })
        };
        let limit = bound::limit_seconds(config, running);
        let done = (1..self.computers()).filter(|peer| self.held(*peer) == config.chunks).count();
        let plainly = |key, value: f64| Figure { key, value: Some(value), expected: None };
        vec![
            Figure { key: "makespan_s", value: makespan, expected: expected(limit) },
            Figure {
                key: "mean_s",
                value: mean,
                expected: if config.mode == Mode::ClientServer { expected(1.05 * bound) } else { None },
            },
            plainly("bound_s", bound),
            Figure { key: "all_out_s", value: self.run.all_out_at.map(seconds), expected: None },
            plainly("copies", self.copies()),
            plainly("peers", f64::from(self.computers() - 1)),
            plainly("done", done as f64),
            plainly("server_bytes", self.run.server_bytes as f64),
            plainly("peer_bytes", self.run.peer_bytes as f64),
        ]
    }

    fn history(&self, figure: &str) -> Vec<(Micros, f64)> {
        let watched = self.watched.as_ref().filter(|_| figure == "copies");
        watched.map_or_else(Vec::new, |w| w.copies.iter().collect())
    }

    fn eyes(&self, peer: PeerId) -> Option<Eyes> {
        if peer.0 >= self.computers() {
            return None;
        }
        let links: Vec<_> =
            self.run.links().into_iter().map(|l| l.id).filter(|id| id.from == peer || id.to == peer).collect();
        let peers: Vec<PeerId> = links.iter().map(|id| if id.from == peer { id.to } else { id.from }).collect();
        let pieces = peers
            .iter()
            .filter(|_| self.run.config.mode == Mode::PeerToPeer)
            .flat_map(|other| {
                let row = self.run.network.row(Set::Known, other.0);
                (0..self.run.config.chunks).filter(|chunk| has(row, *chunk)).map(|chunk| (*other, PieceId(chunk)))
            })
            .collect();
        Some(Eyes { peers, links, pieces })
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        let Some(node) = self.run.network.nodes.get(peer.0 as usize) else {
            return Vec::new();
        };
        let sending = node.out.iter().filter(|f| !f.dead).count() as u64;
        let mut rows = vec![CardRow::new("holds", CardValue::Of(node.held.into(), self.run.config.chunks.into()))];
        if peer.0 != SERVER {
            rows.push(CardRow::new("taken", CardValue::Count(node.held.into())));
        }
        rows.push(CardRow::new("given", CardValue::Count(node.given.into())));
        rows.push(CardRow::new("sending", CardValue::Count(sending)));
        rows
    }

    fn events(&self) -> u64 {
        self.run.world.events()
    }
}
