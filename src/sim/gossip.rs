//! Gossip: each computer calls others at random, and still everybody hears, or all come to agree.
//!
//! In `push`, `pull` and `push-pull` one rumour goes round until all know it (Pittel 1987; Karp and others 2000); in
//! `rumour` who tells it loses interest after `k` calls in vain (Demers and others 1987); in `average` each has a number
//! of its own, and pairs that meet both take the mean of theirs (Jelasity, Montresor and Babaoglu 2005). The rules stand in
//! [`spread`] and [`average`].

mod average;
mod spread;

use self::{average::Average, spread::Spread};
use super::{
    kernel::{
        chance::{Chance, Draws, Purpose},
        mathematics::{exp, ln, log2, sqrt},
        measure::History,
        world::World,
    },
    model::{
        CardRow, CardValue, Deed, DeedSpec, Expected, Figure, FigureSpec, Model, Range, Refusal, SettingError,
        SettingSpec, Settings, System, Target, TargetKind, Unit, Value,
    },
    vocabulary::{
        Happening, Life, Micros, Packet, PacketEnd, PacketForm, PacketId, Peer, PeerId, SECOND, Standing, StoppedBy,
        Tint, Word,
    },
};
use std::collections::BTreeMap;

/// How long a message is under way: long enough to be seen, and twice of it fits into a round of one second.
const HOP: Micros = 450_000;
/// How long a synchronous round takes.
const ROUND: Micros = SECOND;
/// Draws that say whom a computer calls.
const CALLS: Purpose = Purpose(1);
/// How many blocks of draws a computer may use in a round; more than the most calls need.
const ROUND_DRAWS: u64 = 1 << 24;
/// The most computers of a run.
const MOST_NODES: u64 = 5_000_000;
/// The most messages of a round; under way together they take a gigabyte.
const MOST_CALLS: u64 = 10_000_000;
/// The receiver of what nobody in the network decided. At equal times it comes last, when all of a round's messages are in.
const OUTSIDE: u32 = u32::MAX;
/// How many rounds of the history are kept.
const HISTORY: usize = 120;

/// How computers gossip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Who knows calls and tells.
    Push,
    /// Who doesn't know calls and asks.
    Pull,
    /// All call, and each call carries the rumour whichever way it may go.
    PushPull,
    /// Who knows and still cares calls and tells; who is told it in vain too often stops.
    Rumour,
    /// Pairs take the mean of their numbers.
    Average,
}

#[derive(Clone, Debug)]
struct Config {
    mode: Mode,
    nodes: u32,
    fanout: u32,
    k: u8,
    cycles: u32,
}

impl Config {
    fn from(settings: &Settings) -> Result<Self, SettingError> {
        let config = Self {
            mode: match settings.choice("mode") {
                "pull" => Mode::Pull,
                "push-pull" => Mode::PushPull,
                "rumour" => Mode::Rumour,
                "average" => Mode::Average,
                _ => Mode::Push,
            },
            nodes: settings.whole("nodes") as u32,
            fanout: settings.whole("fanout") as u32,
            k: settings.whole("k") as u8,
            cycles: settings.whole("cycles") as u32,
        };
        let most = u64::from(config.nodes - 1).min(MOST_CALLS / u64::from(config.nodes));
        if u64::from(config.fanout) > most {
            return Err(SettingError {
                key: "fanout".into(),
                message: format!("`fanout` can't be {} for {} nodes: at most {most}", config.fanout, config.nodes),
                expected: format!("at most {most}"),
            });
        }
        Ok(config)
    }
}

fn settings() -> Vec<SettingSpec> {
    let whole = |key, low, high, default| SettingSpec {
        key,
        unit: Unit::Count,
        range: Range::Whole(low, high),
        default: Value::Whole(default),
    };
    vec![
        SettingSpec {
            key: "mode",
            unit: Unit::Choice,
            range: Range::OneOf(&["push", "pull", "push-pull", "average", "rumour"]),
            default: Value::Choice("push"),
        },
        whole("nodes", 2, MOST_NODES, 1_000),
        whole("fanout", 1, MOST_CALLS, 1),
        whole("k", 1, 100, 1),
        whole("cycles", 1, 1_000_000, 30),
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "rounds", unit: Unit::Count, source: "Pittel 1987; Karp et al. 2000" },
    FigureSpec { key: "known", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "variance_ratio", unit: Unit::Share, source: "Jelasity, Montresor & Babaoglu 2005" },
    FigureSpec { key: "variance_left", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "mean", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "residue", unit: Unit::Share, source: "Demers et al. 1987" },
    FigureSpec { key: "traffic", unit: Unit::Count, source: "Demers et al. 1987" },
    FigureSpec { key: "delay_mean", unit: Unit::Count, source: "Demers et al. 1987" },
    FigureSpec { key: "delay_last", unit: Unit::Count, source: "Demers et al. 1987" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("tell", TargetKind::Peer, None, None),
    DeedSpec::plain("stop", TargetKind::Peer, Some("start"), None),
    DeedSpec::plain("start", TargetKind::Peer, Some("stop"), None),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "gossip",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["all_know", "died_out", "forgotten", "agreed"],
    words: &[
        ("refusals", "no_such_peer"),
        ("refusals", "already_stopped"),
        ("refusals", "not_stopped"),
        ("refusals", "is_stopped"),
        ("refusals", "knows_already"),
        ("refusals", "not_here"),
        ("card", "heard"),
        ("card", "in_vain"),
        ("card", "number"),
    ],
    build: |settings, seed| Ok(Box::new(Gossip::new(Config::from(settings)?, seed))),
};

/// What may happen. A message's sender and receiver stand in its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The next round or cycle begins.
    Round,
    /// A call; whether it carries the rumour.
    Call { tells: bool },
    /// The rumour comes back to who asked.
    Told,
    /// Whether a call that told the rumour was of use, comes back to who told it.
    Feedback { useful: bool },
    /// The caller's number comes to the called.
    Offer { number: i64 },
    /// The called one's number before the exchange comes back.
    Answer { number: i64 },
}

/// What all modes share: time, luck, who takes part.
#[derive(Clone, Debug)]
struct Net {
    world: World<Event>,
    nodes: u32,
    /// Of each computer that was ever stopped, when that was last.
    stops: BTreeMap<u32, Micros>,
    /// How many take part.
    running: u32,
    /// Whether no round is set, though the run is not over: nothing could happen in it.
    idle: bool,
}

impl Net {
    fn runs(&self, who: u32) -> bool {
        self.world.gate.runs(who)
    }

    /// Whether what has come to a computer still finds it there: it runs, and did all the while.
    fn is_there(&self, who: u32, arrives: Micros) -> bool {
        self.stops.is_empty()
            || (self.runs(who) && self.stops.get(&who).is_none_or(|stopped| arrives.saturating_sub(HOP) > *stopped))
    }

    fn send(&mut self, from: u32, to: u32, event: Event) {
        let count = self.world.send(from, to, HOP, event);
        if self.world.is_watched() {
            self.tell_departs(from, to, count, event);
        }
    }

    /// Tells of a call, apart from the way that a run without a watcher takes.
    #[cold]
    #[inline(never)]
    fn tell_departs(&mut self, from: u32, to: u32, count: u32, event: Event) {
        let arrives = self.world.now() + HOP;
        self.world.tell(|| Happening::Departs(packet(from, to, count, arrives, event)));
    }

    /// Sets the next round.
    fn set_round(&mut self, delay: Micros) {
        self.idle = false;
        self.world.send(0, OUTSIDE, delay, Event::Round);
    }
}

/// A message as a packet.
fn packet(from: u32, to: u32, count: u32, arrives: Micros, event: Event) -> Packet {
    let content =
        matches!(event, Event::Call { tells: true } | Event::Told | Event::Offer { .. } | Event::Answer { .. });
    Packet {
        id: PacketId { sender: PeerId(from), count },
        from: PeerId(from),
        to: PeerId(to),
        departs: arrives.saturating_sub(HOP),
        arrives,
        form: if content { PacketForm::Content } else { PacketForm::Question },
        tint: if content { Tint::Data } else { Tint::Plain },
        piece: None,
        letter: [0; 2],
        layers: 0,
    }
}

/// One of the others, each as likely as any other.
fn one_other(draws: &mut Draws, who: u32, nodes: u32) -> u32 {
    let drawn = draws.below(nodes - 1);
    drawn + u32::from(drawn >= who)
}

/// Draws several different others.
#[derive(Clone, Debug, Default)]
struct Partners {
    /// 0, 1, 2 … between two draws; a draw shuffles its front and puts it back.
    row: Vec<u32>,
    swaps: Vec<u32>,
}

impl Partners {
    fn new(nodes: u32, fanout: u32) -> Self {
        if fanout == 1 {
            return Self::default();
        }
        Self { row: (0..nodes - 1).collect(), swaps: Vec::with_capacity(fanout as usize) }
    }

    /// Calls `each` with so many different others, every set as likely as any other.
    fn draw(&mut self, draws: &mut Draws, who: u32, fanout: u32, nodes: u32, mut each: impl FnMut(u32)) {
        if fanout == 1 {
            return each(one_other(draws, who, nodes));
        }
        for i in 0..fanout {
            let j = i + draws.below(nodes - 1 - i);
            self.row.swap(i as usize, j as usize);
            self.swaps.push(j);
            let drawn = self.row[i as usize];
            each(drawn + u32::from(drawn >= who));
        }
        while let Some(j) = self.swaps.pop() {
            self.row.swap(self.swaps.len(), j as usize);
        }
    }
}

/// The draws of a computer for one round.
fn round_draws(chance: Chance, who: u32, round: u32) -> Draws {
    chance.draws_from(CALLS, who, u64::from(round) * ROUND_DRAWS)
}

/// What goes round.
#[derive(Clone, Debug)]
enum Part {
    Spread(Spread),
    Average(Average),
}

/// One run of the model.
#[derive(Clone, Debug)]
struct Gossip {
    config: Config,
    net: Net,
    part: Part,
    /// Whether anybody ever touched the run.
    touched: bool,
    /// The share who know, or the share of the variance left, after each round; while somebody watches.
    history: Option<History>,
}

impl Gossip {
    fn new(config: Config, seed: u64) -> Self {
        let world = World::new(seed, config.nodes as usize);
        let mut net = Net { world, nodes: config.nodes, stops: BTreeMap::new(), running: config.nodes, idle: false };
        let part = match config.mode {
            Mode::Average => Part::Average(Average::new(&config, seed)),
            _ => Part::Spread(Spread::new(&config)),
        };
        net.set_round(0);
        Self { config, net, part, touched: false, history: None }
    }

    fn note(&mut self) {
        let value = match &self.part {
            Part::Spread(spread) => spread.known_share(),
            Part::Average(average) => average.variance_left(),
        };
        let now = self.net.world.now();
        if let Some(history) = &mut self.history {
            history.note(now, value);
        }
    }

    fn peer(&self, who: u32) -> Peer {
        let peer = match &self.part {
            Part::Spread(spread) => spread.peer(who),
            Part::Average(average) => average.peer(who),
        };
        let life = if self.net.runs(who) { Life::Running } else { Life::Stopped(StoppedBy::Visitor) };
        Peer { life, ..peer }
    }

    fn tell_peer(&mut self, who: u32) {
        if self.net.world.is_watched() {
            let peer = self.peer(who);
            self.net.world.tell(|| Happening::Peer(Box::new(peer)));
        }
    }

    fn packets(&self) -> Vec<Packet> {
        let there = |to: u32, at: Micros| to != OUTSIDE && self.net.is_there(to, at);
        let mut row: Vec<Packet> = self
            .net
            .world
            .pending()
            .filter(|(key, _)| there(key.to, key.at))
            .map(|(key, event)| packet(key.from, key.to, key.count, key.at, *event))
            .collect();
        row.sort_unstable_by_key(|p| (p.departs, p.id));
        row
    }

    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        let Target::Peer(PeerId(who)) = deed.target else {
            return Err(Refusal("not_here"));
        };
        if who >= self.config.nodes {
            return Err(Refusal("no_such_peer"));
        }
        match (deed.key, self.net.runs(who)) {
            ("stop", true) => Ok(Act::Stop(who)),
            ("stop", false) => Err(Refusal("already_stopped")),
            ("start", false) => Ok(Act::Start(who)),
            ("start", true) => Err(Refusal("not_stopped")),
            ("tell", false) => Err(Refusal("is_stopped")),
            ("tell", true) => match &self.part {
                Part::Spread(spread) if spread.cares(who) => Err(Refusal("knows_already")),
                Part::Spread(_) => Ok(Act::Tell(who)),
                Part::Average(_) => Err(Refusal("not_here")),
            },
            _ => Err(Refusal("not_here")),
        }
    }

    fn stop(&mut self, who: u32) {
        let now = self.net.world.now();
        if self.net.world.is_watched() {
            // What was on its way to it ends here.
            for packet in self.packets().into_iter().filter(|p| p.to == PeerId(who)) {
                self.net.world.tell(|| Happening::Ends { id: packet.id, at: now, end: PacketEnd::Lost });
            }
        }
        self.net.world.gate.stop(who, true);
        self.net.stops.insert(who, now);
        self.net.running -= 1;
    }

    /// Sees anew how things stand after a touch, and goes on if there is a reason to.
    fn look_round(&mut self) {
        let goes_on = match &mut self.part {
            Part::Spread(spread) => {
                spread.count_missing(&self.net);
                spread.goes_on(&self.net)
            }
            Part::Average(average) => average.goes_on(&self.net),
        };
        if self.net.idle && goes_on {
            self.net.set_round(0);
        }
    }

    fn expected_rounds(&self) -> Option<Expected> {
        let n = f64::from(self.config.nodes);
        if self.touched || self.config.fanout != 1 || self.config.nodes < 100 {
            return None;
        }
        let near = |value: f64, slack: f64, source| Some(Expected { value, tolerance: slack / value, source });
        match self.config.mode {
            Mode::Push => near(log2(n) + ln(n) + 1.2, 6.0, "Pittel 1987"),
            Mode::PushPull => near(ln(n) / ln(3.0) + ln(ln(n)) + 1.0, 4.0, "Karp et al. 2000"),
            Mode::Pull | Mode::Rumour | Mode::Average => None,
        }
    }

    fn spread_figures(&self, spread: &Spread) -> Vec<Figure> {
        let plain = |key, value| Figure { key, value, expected: None };
        let mut figures = vec![
            Figure { key: "rounds", value: spread.rounds(&self.net), expected: self.expected_rounds() },
            plain("known", Some(spread.known_share())),
        ];
        let over = self.net.world.next_at().is_none();
        if self.config.mode == Mode::Rumour && over {
            let n = f64::from(self.config.nodes);
            let (residue, traffic) = (1.0 - spread.known_share(), spread.traffic());
            // Who is missed by m n calls at random: e^-m of all. It is known as well as so many chances let it be.
            let missed = exp(-traffic);
            let slack = 4.0 * sqrt(missed / n) + 0.03 * missed + 1.0 / n;
            let expected = (!self.touched && self.config.nodes >= 100).then(|| Expected {
                value: missed,
                tolerance: slack / missed,
                source: "Demers et al. 1987: s = e^-m",
            });
            figures.push(Figure { key: "residue", value: Some(residue), expected });
        }
        let (mean, last) = spread.delays();
        figures.push(plain("traffic", over.then(|| spread.traffic())));
        figures.push(plain("delay_mean", over.then_some(mean).flatten()));
        figures.push(plain("delay_last", over.then_some(last).flatten()));
        figures
    }

    fn average_figures(&self, average: &Average) -> Vec<Figure> {
        let n = f64::from(self.config.nodes);
        let value = average.variance_ratio();
        // An exchange halves what two numbers are off the mean, and a number is in one that its owner begins and in as many
        // as chance will have, one on average, that others do: E(2^-(1 + Poisson(1))) = 1/(2√e).
        let law = exp(-ln(2.0) - 0.5);
        let slack = 6.0 / sqrt(n * average.measured().max(1) as f64) + 3.0 / n;
        let expected = (!self.touched && self.config.nodes >= 100 && self.config.fanout == 1).then_some(Expected {
            value: law,
            tolerance: slack,
            source: "Jelasity, Montresor & Babaoglu 2005",
        });
        let plain = |key, value| Figure { key, value, expected: None };
        vec![
            Figure { key: "variance_ratio", value, expected },
            plain("variance_left", Some(average.variance_left())),
            plain("mean", Some(average.mean(&self.net))),
        ]
    }
}

/// A deed that may be done.
enum Act {
    Tell(u32),
    Stop(u32),
    Start(u32),
}

impl Model for Gossip {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.net.world.now()
    }

    fn advance(&mut self, until: Micros) {
        while let Some((key, event)) = self.net.world.next(until) {
            match &mut self.part {
                Part::Spread(spread) => spread.happens(&mut self.net, key, event),
                Part::Average(average) => average.happens(&mut self.net, key, event),
            }
            if event == Event::Round && self.history.is_some() {
                self.note();
            }
        }
    }

    fn next_event(&self) -> Option<Micros> {
        self.net.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        let travels = self.net.world.pending().any(|(key, _)| key.to != OUTSIDE);
        if travels { Some(self.now()) } else { self.net.world.next_at() }
    }

    fn finished(&self) -> bool {
        self.net.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.net.world.watch();
        self.history = Some(History::new(HISTORY));
        self.note();
        let pieces = match &self.part {
            Part::Spread(_) => 1,
            Part::Average(_) => average::SEGMENTS,
        };
        Standing {
            now: self.now(),
            pieces,
            peers: (0..self.config.nodes).map(|who| self.peer(who)).collect(),
            packets: self.packets(),
            ..Standing::default()
        }
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.net.world.take_happenings(into);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        DEEDS
    }

    fn may(&self, deed: &Deed) -> Result<(), Refusal> {
        self.check(deed).map(|_act| ())
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        let act = self.check(deed)?;
        self.touched = true;
        let who = match act {
            Act::Tell(who) => {
                if let Part::Spread(spread) = &mut self.part {
                    spread.hears_anew(&mut self.net, who);
                }
                who
            }
            Act::Stop(who) => {
                self.stop(who);
                who
            }
            Act::Start(who) => {
                self.net.world.gate.stop(who, false);
                self.net.running += 1;
                who
            }
        };
        self.tell_peer(who);
        self.look_round();
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        match &self.part {
            Part::Spread(spread) => spread.states(&self.net),
            Part::Average(average) => average.states(),
        }
    }

    fn figures(&self) -> Vec<Figure> {
        let mine = match &self.part {
            Part::Spread(spread) => self.spread_figures(spread),
            Part::Average(average) => self.average_figures(average),
        };
        let find = |key| mine.iter().find(|f| f.key == key).copied();
        FIGURES.iter().map(|s| find(s.key).unwrap_or(Figure { key: s.key, value: None, expected: None })).collect()
    }

    fn history(&self, figure: &str) -> Vec<(Micros, f64)> {
        let kept = match self.part {
            Part::Spread(_) => "known",
            Part::Average(_) => "variance_left",
        };
        self.history.as_ref().filter(|_| figure == kept).map_or_else(Vec::new, |h| h.iter().collect())
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        if peer.0 >= self.config.nodes {
            return Vec::new();
        }
        match &self.part {
            Part::Spread(spread) => spread.card(peer.0),
            Part::Average(average) => vec![CardRow::new("number", CardValue::Of(average.percent(peer.0), 100))],
        }
    }

    fn events(&self) -> u64 {
        self.net.world.events()
    }
}
