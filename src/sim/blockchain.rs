//! A chain of blocks that nobody keeps alone: nodes find blocks by trying, pass them on, and follow the chain with the most
//! work.
//!
//! The rules are Bitcoin's (Nakamoto 2008; its `pow.cpp` and `net_processing.cpp`), the network is SimBlock's (2019) if its
//! tables are asked for. Headers, proofs of work, Merkle trees and targets are the real ones; in the network a block is
//! found by chance instead of by trying, at the rate that its target and the hash power give. How blocks travel stands in
//! [`network`], when they are found in [`mining`].

mod chain;
pub mod header;
mod known;
mod light;
mod links;
pub mod merkle;
mod mining;
mod network;
pub mod number;
mod pool;
mod records;
mod regions;
pub mod target;
mod watching;

use self::{chain::Rule, links::Outbound, mining::Power, network::Network};
use super::{
    kernel::{
        mathematics::{exp, micros, seconds},
        topology,
    },
    model::{
        CardRow, CardValue, Deed, DeedSpec, Expected, Eyes, Figure, FigureSpec, Model, Panel, Range, Refusal,
        SettingError, SettingSpec, Settings, System, Target, TargetKind, Tray, Unit, Value, ValueKind, Waiting,
    },
    vocabulary::{Happening, LinkId, Micros, PeerId, SECOND, Standing, Word},
};

/// The most links that all nodes together open; they then take some 300 MB while they are drawn.
const MOST_LINKS: u64 = 10_000_000;
/// The most nodes × blocks of a run: if every block travelled at once, who has which would take two gigabytes.
const MOST_SPREAD: u64 = 500_000_000;
/// The longest run in seconds, 30,000 years; beyond it microseconds no longer fit.
const LONGEST: f64 = 1e12;
/// By how much visitors may change the hash power, up or down.
const MOST_POWER: f64 = 16.0;
/// For so many heights it is worth saying that a fork has closed.
const NEWS: usize = 4;
/// Ten minutes.
const TEN_MINUTES: Micros = 600 * SECOND;

/// How long messages are under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Latency {
    /// All alike.
    Each(Micros),
    /// By chance, as SimBlock's table of regions has it.
    Regions,
}

/// The settings of a run, in the units that it counts in.
#[derive(Clone, Debug, PartialEq)]
struct Config {
    /// Full nodes.
    nodes: u32,
    /// Light nodes, besides.
    light: u32,
    outbound: Outbound,
    /// Seconds.
    interval: f64,
    block_bytes: u64,
    blocks: u32,
    /// Bytes a second of every line; nothing for SimBlock's table.
    bandwidth: Option<u64>,
    latency: Latency,
    power: Power,
    /// Whether blocks may be relayed as compact blocks.
    compact: bool,
    compact_share: f64,
    churn_share: f64,
    fail_steady: f64,
    fail_churn: f64,
    window: u32,
    /// The height from which hash power is `change_to` times what it was; 0 if it never changes.
    change_at: u32,
    change_to: f64,
    /// Payments a second.
    tx_rate: f64,
    /// Records that fit in a block.
    block_room: usize,
    /// Records that each block has besides, without having come to it one by one.
    block_records: u32,
}

impl Config {
    fn from(settings: &Settings) -> Result<Self, SettingError> {
        let whole = |key| match settings.get(key) {
            Value::Whole(n) => Some(*n),
            _ => None,
        };
        let latency = match settings.get("latency") {
            Value::Real(latency) => Latency::Each(micros(*latency)),
            _ => Latency::Regions,
        };
        let total = settings.whole("nodes") as u32;
        // Somebody must find the blocks.
        let light = (libm::round(f64::from(total) * settings.real("light")) as u32).min(total - 1);
        let config = Self {
            nodes: total - light,
            light,
            outbound: whole("outbound").map_or(Outbound::Table, |links| Outbound::Each(links as u32)),
            interval: settings.real("block_interval_s"),
            block_bytes: settings.whole("block_bytes"),
            blocks: settings.whole("blocks") as u32,
            bandwidth: whole("bandwidth"),
            latency,
            power: if settings.choice("hash_power") == "zipf" { Power::Zipf } else { Power::Equal },
            compact: settings.choice("relay") == "compact",
            compact_share: settings.real("compact_share"),
            churn_share: settings.real("churn_share"),
            fail_steady: settings.real("compact_fail_steady"),
            fail_churn: settings.real("compact_fail_churn"),
            window: settings.whole("retarget_window") as u32,
            change_at: settings.whole("hash_change_at") as u32,
            change_to: settings.real("hash_change_to"),
            tx_rate: settings.real("tx_rate"),
            block_room: settings.whole("block_room") as usize,
            block_records: settings.whole("block_records") as u32,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), SettingError> {
        let wrong = |key: &str, message: String, expected: String| SettingError { key: key.into(), message, expected };
        let nodes = u64::from(self.nodes + self.light);
        let most_blocks = MOST_SPREAD / nodes;
        if u64::from(self.blocks) > most_blocks {
            let message = format!("`blocks` can be at most {most_blocks} with {nodes} nodes");
            return Err(wrong("blocks", message, format!("at most {most_blocks}")));
        }
        let each = match self.outbound {
            Outbound::Each(links) => u64::from(links),
            Outbound::Table => 8,
        };
        let most_links = MOST_LINKS / nodes;
        if each.min(nodes) > most_links {
            let message = format!("`outbound` can be at most {most_links} with {nodes} nodes");
            return Err(wrong("outbound", message, format!("at most {most_links}")));
        }
        if self.window == 1 {
            let message = "`retarget_window` can't be 1: a single block has no interval to measure".to_owned();
            return Err(wrong("retarget_window", message, "0, or at least 2".to_owned()));
        }
        let records = self.tx_rate * self.interval * f64::from(self.blocks);
        let most_records = records::MOST_STANDS as f64 / nodes as f64;
        if records > most_records {
            let most = self.tx_rate * most_records / records;
            let message = format!("`tx_rate` can be at most {most} with {nodes} nodes and so many blocks");
            return Err(wrong("tx_rate", message, format!("at most {most}")));
        }
        // Hash power may fall, and by visitors' hands once more.
        let slowest = self.interval * f64::from(self.blocks) * MOST_POWER / self.change_to.min(1.0);
        if slowest > LONGEST {
            let message =
                "the run would last longer than 30,000 years: fewer `blocks`, or a shorter interval".to_owned();
            return Err(wrong("block_interval_s", message, format!("at most {}", self.interval * LONGEST / slowest)));
        }
        Ok(())
    }

    fn rule(&self) -> Rule {
        Rule { window: self.window, wanted: micros(self.interval * f64::from(self.window)) }
    }
}

fn settings() -> Vec<SettingSpec> {
    let spec = |key, unit, range, default| SettingSpec { key, unit, range, default };
    let count = |key, low, high, default| spec(key, Unit::Count, Range::Whole(low, high), Value::Whole(default));
    let share = |key, default| spec(key, Unit::Share, Range::Real(0.0, 1.0), Value::Real(default));
    let choice = |key, words, default| spec(key, Unit::Choice, Range::OneOf(words), Value::Choice(default));
    vec![
        count("nodes", 1, 1_000_000, 300),
        spec("outbound", Unit::Count, Range::WholeOr(1, 1_000, &["table"]), Value::Whole(8)),
        spec("block_interval_s", Unit::Seconds, Range::Real(0.001, 1e9), Value::Real(600.0)),
        spec("block_bytes", Unit::Bytes, Range::Whole(1, 10_000_000_000), Value::Whole(535_000)),
        count("blocks", 1, 2_000_000, 100),
        spec(
            "bandwidth",
            Unit::BytesPerSecond,
            Range::WholeOr(1, 1_000_000_000_000, &["regions"]),
            Value::Choice("regions"),
        ),
        spec("latency", Unit::Seconds, Range::RealOr(0.0, 3_600.0, &["regions"]), Value::Choice("regions")),
        choice("hash_power", &["equal", "zipf"], "equal"),
        choice("relay", &["inv", "compact"], "compact"),
        share("compact_share", 0.964),
        share("churn_share", 0.976),
        share("compact_fail_steady", 0.13),
        share("compact_fail_churn", 0.27),
        count("retarget_window", 0, 100_000, 0),
        count("hash_change_at", 0, 2_000_000, 0),
        spec("hash_change_to", Unit::Share, Range::Real(0.001, 1_000.0), Value::Real(1.0)),
        spec("tx_rate", Unit::PerSecond, Range::Real(0.0, 1_000_000.0), Value::Real(0.0)),
        count("block_room", 1, 1_000_000, 2_500),
        share("light", 0.0),
        count("block_records", 0, 100_000, 0),
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "propagation_p50_s", unit: Unit::Seconds, source: "SimBlock 2019" },
    FigureSpec { key: "propagation_p90_s", unit: Unit::Seconds, source: "SimBlock 2019" },
    FigureSpec { key: "propagation_p99_s", unit: Unit::Seconds, source: "SimBlock 2019" },
    FigureSpec { key: "stale_share", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "stale_predicted", unit: Unit::Share, source: "x / (1 + x), x = delay / interval" },
    FigureSpec { key: "fork_height_share", unit: Unit::Share, source: "1 - exp(-x), x = delay / interval" },
    FigureSpec { key: "interval_mean_s", unit: Unit::Seconds, source: "Nakamoto 2008" },
    FigureSpec { key: "interval_window_s", unit: Unit::Seconds, source: "Bitcoin, pow.cpp" },
    FigureSpec { key: "interval_over_10min", unit: Unit::Share, source: "exp(-600 s / interval)" },
    FigureSpec { key: "reorg_depth_max", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "delay_s", unit: Unit::Seconds, source: "definition" },
    FigureSpec { key: "records_waiting", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "records_written", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "records_refused", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "wait_mean_s", unit: Unit::Seconds, source: "Bailey 1954; Kasahara & Kawahara 2019" },
    FigureSpec { key: "proof_hashes", unit: Unit::Count, source: "Merkle 1979; BIP 37" },
    FigureSpec { key: "proofs_refused", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "headers_bytes", unit: Unit::Bytes, source: "Nakamoto 2008, section 7" },
    FigureSpec { key: "blocks_bytes", unit: Unit::Bytes, source: "definition" },
    FigureSpec { key: "light_bytes", unit: Unit::Bytes, source: "definition" },
    FigureSpec { key: "height", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "bytes_sent", unit: Unit::Bytes, source: "definition" },
    FigureSpec { key: "bytes_received", unit: Unit::Bytes, source: "definition" },
    FigureSpec { key: "bytes_lost", unit: Unit::Bytes, source: "definition" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("rival", TargetKind::None, None, Some("forked")),
    // A touch on a light node asks, as one on a full node finds a block.
    DeedSpec::plain("ask", TargetKind::Peer, None, Some("light")),
    DeedSpec::plain("deceive", TargetKind::Peer, None, Some("unproven")),
    DeedSpec::plain("mine", TargetKind::Peer, None, None),
    DeedSpec::plain("part", TargetKind::None, Some("heal"), Some("cut")),
    DeedSpec::plain("cut", TargetKind::Links, Some("heal"), None),
    DeedSpec::plain("heal", TargetKind::None, None, Some("healed")),
    DeedSpec::plain("stop", TargetKind::Peer, Some("start"), None),
    DeedSpec::plain("start", TargetKind::Peer, Some("stop"), None),
    DeedSpec::plain("double_miners", TargetKind::None, Some("halve_miners"), Some("doubled")),
    DeedSpec::plain("halve_miners", TargetKind::None, Some("double_miners"), Some("halved")),
    DeedSpec {
        key: "pay",
        target: TargetKind::None,
        value: ValueKind::Whole(1, pool::MOST_FEE as u64),
        inverse: None,
        leads_to: Some("packed"),
    },
    DeedSpec::plain("lie", TargetKind::None, None, Some("refused")),
    DeedSpec::plain("rest", TargetKind::None, Some("work"), Some("unsealed")),
    DeedSpec::plain("work", TargetKind::None, Some("rest"), None),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "blockchain",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &[
        "cut",
        "unproven",
        "light",
        "refused",
        "unsealed",
        "forked",
        "healed",
        "doubled",
        "halved",
        "retargeted",
        "packed",
        "resolved",
    ],
    words: &[
        ("refusals", "no_such_peer"),
        ("refusals", "no_such_link"),
        ("refusals", "already_stopped"),
        ("refusals", "not_stopped"),
        ("refusals", "all_found"),
        ("refusals", "nothing_spreads"),
        ("refusals", "already_cut"),
        ("refusals", "nothing_cut"),
        ("refusals", "too_many_miners"),
        ("refusals", "too_few_miners"),
        ("refusals", "nothing_to_spend"),
        ("refusals", "miners_rest"),
        ("refusals", "miners_work"),
        ("refusals", "not_light"),
        ("refusals", "is_light"),
        ("refusals", "no_block_yet"),
        ("refusals", "nobody_answers"),
        ("refusals", "not_here"),
        ("marks", "light"),
        ("card", "keeps"),
        ("card", "block"),
        ("card", "payment"),
        ("card", "path"),
        ("card", "leads_to"),
        ("card", "root"),
        ("card", "height"),
        ("card", "found"),
        ("card", "neighbours"),
        ("card", "waiting"),
    ],
    build: |settings, seed| Ok(Box::new(Blockchain::new(Config::from(settings)?, seed))),
};

/// One run of the model.
#[derive(Clone, Debug)]
struct Blockchain {
    network: Network,
    /// Whether the network was ever cut in parts.
    was_cut: bool,
}

/// A deed that may be done.
enum Act {
    Mine(u32),
    Cut(Vec<(u32, u32)>),
    Heal,
    Stop(u32),
    Start(u32),
    Power(f64),
    Pay { payer: u32, fee: u32 },
    Lie(u32),
    Ask { light: u32, made_up: bool },
    Rest(bool),
}

impl Blockchain {
    fn new(config: Config, seed: u64) -> Self {
        Self { network: Network::new(config, seed), was_cut: false }
    }

    fn runs(&self, node: u32) -> bool {
        self.network.world.gate.runs(node)
    }

    /// Links that join the first half of the nodes to the second.
    fn across(&self) -> Vec<(u32, u32)> {
        let light = &self.network.light;
        let crossing = |(a, b): &(u32, u32)| {
            light.is_in_first_half(*a) != light.is_in_first_half(*b) && !self.network.world.gate.is_cut(*a, *b)
        };
        self.network.all_links().filter(crossing).collect()
    }

    /// Whether running nodes fall into parts that don't reach each other.
    fn is_cut(&self) -> bool {
        let gate = &self.network.world.gate;
        if gate.cuts().next().is_none() {
            return false;
        }
        let links = &self.network.links;
        let row = |a: u32| links.of(a).iter().copied().filter(move |b| gate.may_pass(a, *b)).collect();
        let rows: Vec<Vec<u32>> = (0..links.nodes()).map(row).collect();
        let mut parts = topology::components(&rows, |node| gate.runs(node)).into_iter().flatten();
        let first = parts.next();
        parts.any(|part| Some(part) != first)
    }

    /// How many times faster blocks are found than they should be.
    fn speed(&self) -> f64 {
        self.network.mining.power() / self.network.chain.get(self.network.chain.best()).pace
    }

    /// A running node that has not yet heard of the newest block while it spreads.
    fn unaware(&self) -> Option<u32> {
        let network = &self.network;
        let best = network.chain.best();
        let has_it = |node: &u32| network.nodes[*node as usize].tip == best;
        let running = || (0..network.config.nodes).filter(|node| self.runs(*node));
        running()
            .rev()
            .find(|node| network.chain.is_better(best, network.nodes[*node as usize].tip))
            .filter(|_| running().any(|node| has_it(&node)))
    }

    fn links_of(&self, ids: &[LinkId]) -> Result<Vec<(u32, u32)>, Refusal> {
        let network = &self.network;
        let known = |id: &LinkId| {
            let (a, b) = (id.from.0.min(id.to.0), id.from.0.max(id.to.0));
            (b < network.total() && network.neighbours(a).any(|other| other == b)).then_some((a, b))
        };
        let row: Option<Vec<(u32, u32)>> = ids.iter().map(known).collect();
        let mut row = row.filter(|row| !row.is_empty()).ok_or(Refusal("no_such_link"))?;
        row.retain(|(a, b)| !network.world.gate.is_cut(*a, *b));
        row.sort_unstable();
        row.dedup();
        if row.is_empty() { Err(Refusal("already_cut")) } else { Ok(row) }
    }

    /// What a deed would do, or why it can't be done.
    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        let network = &self.network;
        match (deed.key, &deed.target) {
            ("mine" | "stop" | "start", Target::Peer(PeerId(node))) => {
                if *node >= network.total() {
                    return Err(Refusal("no_such_peer"));
                }
                if network.light.get(*node).is_some() {
                    return Err(Refusal("is_light"));
                }
                match (deed.key, self.runs(*node)) {
                    ("stop", true) => Ok(Act::Stop(*node)),
                    ("start", false) => Ok(Act::Start(*node)),
                    ("mine", true) if network.all_found() => Err(Refusal("all_found")),
                    ("mine", true) => Ok(Act::Mine(*node)),
                    ("start", true) => Err(Refusal("not_stopped")),
                    _ => Err(Refusal("already_stopped")),
                }
            }
            ("rival", Target::None) if network.all_found() => Err(Refusal("all_found")),
            ("rival", Target::None) => self.unaware().map(Act::Mine).ok_or(Refusal("nothing_spreads")),
            ("part", Target::None) => {
                let across = self.across();
                if across.is_empty() { Err(Refusal("already_cut")) } else { Ok(Act::Cut(across)) }
            }
            ("cut", Target::Links(ids)) => self.links_of(ids).map(Act::Cut),
            ("cut", Target::Link(id)) => self.links_of(&[*id]).map(Act::Cut),
            ("heal", Target::None) if network.world.gate.cuts().next().is_none() => Err(Refusal("nothing_cut")),
            ("heal", Target::None) => Ok(Act::Heal),
            ("double_miners", Target::None)
                if network.mining.power() * 2.0 > MOST_POWER.max(network.config.change_to) =>
            {
                Err(Refusal("too_many_miners"))
            }
            ("double_miners", Target::None) => Ok(Act::Power(2.0)),
            ("halve_miners", Target::None)
                if network.mining.power() / 2.0 < network.config.change_to.min(1.0) / MOST_POWER =>
            {
                Err(Refusal("too_few_miners"))
            }
            ("halve_miners", Target::None) => Ok(Act::Power(0.5)),
            ("pay", Target::None) => {
                let fee = match deed.value {
                    Some(Value::Whole(fee)) => fee.clamp(1, pool::MOST_FEE.into()) as u32,
                    _ => 1,
                };
                let payer = (0..network.config.nodes).find(|node| self.runs(*node) && network.pool.can_pay(*node));
                payer.map(|payer| Act::Pay { payer, fee }).ok_or(Refusal("nothing_to_spend"))
            }
            ("lie", Target::None) if network.config.nodes < 2 => Err(Refusal("not_here")),
            ("lie", Target::None) => network.shown_node().map(Act::Lie).ok_or(Refusal("not_here")),
            ("ask" | "deceive", Target::Peer(PeerId(node))) => {
                if network.light.get(*node).is_none() {
                    let known = *node < network.config.nodes;
                    return Err(Refusal(if known { "not_light" } else { "no_such_peer" }));
                }
                if network.tip(*node) == chain::GENESIS {
                    return Err(Refusal("no_block_yet"));
                }
                let act = Act::Ask { light: *node, made_up: deed.key == "deceive" };
                if network.has_witness(*node) { Ok(act) } else { Err(Refusal("nobody_answers")) }
            }
            ("rest", Target::None) if network.miners_rest => Err(Refusal("miners_rest")),
            ("rest", Target::None) => Ok(Act::Rest(true)),
            ("work", Target::None) if !network.miners_rest => Err(Refusal("miners_work")),
            ("work", Target::None) => Ok(Act::Rest(false)),
            _ => {
                debug_assert!(DEEDS.iter().any(|spec| spec.key == deed.key), "no deed `{}`", deed.key);
                Err(Refusal("not_here"))
            }
        }
    }

    /// Of each of the three shares of nodes, the median over blocks of the time until so many had it, in seconds.
    fn spreads(&self) -> [Option<f64>; 3] {
        std::array::from_fn(|i| {
            let times = self.network.measures.spreads.iter().map(|times| times[i]);
            median(times.filter(|time| *time < Micros::MAX).collect())
        })
    }

    /// How long nodes follow a lower chain once there is a higher one, for each height, weighted by hash power, in seconds.
    /// Where blocks are rarer than they are slow this is the time that a block takes to get round. Where they are not, a
    /// node may fall behind by several blocks at once; that time is counted once.
    fn delay(&self) -> Option<f64> {
        let (heights, _) = self.network.chain.heights();
        (heights > 0).then(|| self.network.measures.behind / 1e6 / f64::from(heights))
    }

    /// How many records wait at the node that is shown.
    fn waiting(&self) -> Option<usize> {
        self.network.shown_node().map(|node| self.network.pool.count(node))
    }

    /// Whether a false record was told and turned away in the time that a block takes.
    fn was_refused(&self) -> bool {
        let interval = micros(self.network.config.interval);
        self.network.pool.lie.is_some_and(|lie| lie.refusals > 0 && self.now() - lie.at < interval)
    }

    /// Whether the last light node that was answered, in the time that a block takes, found the answer right, or wrong.
    fn was_answered(&self, right: bool) -> bool {
        let interval = micros(self.network.config.interval);
        let verdicts = self.network.light.iter().filter_map(|(_, light)| light.verdict.as_ref());
        let last = verdicts.max_by_key(|verdict| verdict.at);
        last.is_some_and(|verdict| verdict.holds() == right && self.now() - verdict.at < interval)
    }

    /// Whether the last block is full and others had to wait.
    fn is_packed(&self) -> bool {
        let pool = &self.network.pool;
        let last = pool.records_of(self.network.chain.best()).len();
        last == pool.room() && self.waiting().is_some_and(|waiting| waiting > 0)
    }

    /// How long records should wait on average, if blocks come at the rate of their interval: a queue that is served in
    /// batches, with exponential times between arrivals and between batches (Bailey 1954). How many wait is then geometric;
    /// its ratio is the root below 1 of μ r^(b+1) - (λ+μ) r + λ, and by Little's law they wait so many over λ. Nothing where
    /// more are made than fit, or none.
    fn wait_in_theory(&self) -> Option<f64> {
        let config = &self.network.config;
        let (made, found, room) = (config.tx_rate, 1.0 / config.interval, config.block_room as f64);
        if made <= 0.0 || made >= found * room {
            return None;
        }
        let too_low = |r: f64| found * libm::pow(r, room + 1.0) - (made + found) * r + made > 0.0;
        let (mut low, mut high) = (0.0, 1.0 - 1e-12);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if too_low(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low / (1.0 - low) / made)
    }

    /// What waits at the node that is shown, and what would go into its next block.
    fn tray(&self) -> Option<Tray> {
        let (pool, node) = (&self.network.pool, self.network.shown_node()?);
        if pool.made() == 0 {
            return None;
        }
        let next = pool.best(node);
        let fee = |record: u32| pool.record(record).fee.into();
        let waits = |record: u32| Waiting { number: fee(record), next: next.contains(&record) };
        let last = pool.records_of(self.network.nodes[node as usize].tip);
        Some(Tray {
            waiting: pool.waiting(node).map(waits).collect(),
            written: last.iter().map(|record| fee(*record)).collect(),
            room: pool.room(),
        })
    }

    /// That delay over the mean time from one find to the next.
    fn x(&self) -> Option<f64> {
        let chain = &self.network.chain;
        let last = seconds(chain.get(chain.mined()).found);
        self.delay().filter(|_| last > 0.0).map(|delay| delay * f64::from(chain.mined()) / last)
    }
}

/// The middle one of some times, in seconds; of an even number the mean of the two in the middle.
fn median(mut times: Vec<Micros>) -> Option<f64> {
    let half = times.len() / 2;
    if times.is_empty() {
        return None;
    }
    let even = times.len().is_multiple_of(2);
    let (below, middle, _) = times.select_nth_unstable(half);
    let other = if even { below.iter().max().copied() } else { Some(*middle) };
    Some(f64::midpoint(seconds(*middle), seconds(other.unwrap_or(*middle))))
}

/// The first bits of a hash, in the order in which it is printed.
fn leading(hash: &header::Hash) -> [u8; 2] {
    let [first, second, ..] = header::printed(hash);
    [first, second]
}

impl Model for Blockchain {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.network.world.now()
    }

    fn advance(&mut self, until: Micros) {
        self.network.advance(until);
    }

    fn next_event(&self) -> Option<Micros> {
        self.network.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        if self.network.travels() { Some(self.now()) } else { self.network.world.next_at() }
    }

    fn finished(&self) -> bool {
        self.network.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.network.watch()
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.network.world.take_happenings(into);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        DEEDS
    }

    fn may(&self, deed: &Deed) -> Result<(), Refusal> {
        self.check(deed).map(|_act| ())
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        let act = self.check(deed)?;
        // What a joined network gave up is news until something else is done to it.
        self.was_cut &= self.is_cut() || matches!(act, Act::Cut(_) | Act::Heal);
        let network = &mut self.network;
        match act {
            Act::Mine(node) => {
                network.mine(node);
                network.await_find();
            }
            Act::Cut(links) => {
                network.cut(&links);
                self.was_cut |= self.is_cut();
            }
            Act::Heal => {
                let links: Vec<(u32, u32)> = network.world.gate.cuts().map(|id| (id.from.0, id.to.0)).collect();
                network.heal(&links);
            }
            Act::Stop(node) => network.stop(node),
            Act::Start(node) => network.start(node),
            Act::Power(times) => {
                network.mining.quicken(network.world.now(), times);
                network.await_find();
            }
            Act::Pay { payer, fee } => {
                let payee = (payer + 1) % network.config.nodes;
                network.pay(payer, payee, fee);
            }
            Act::Lie(liar) => network.lie(liar),
            Act::Ask { light, made_up } => network.ask_for_path(light, made_up),
            Act::Rest(rests) => network.rest(rests),
        }
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let mut states = Vec::new();
        let (cut, forked) = (self.is_cut(), self.network.fork().is_open());
        let speed = self.speed();
        let power = self.network.mining.power();
        let mut add = |holds: bool, state| {
            if holds {
                states.push(state);
            }
        };
        add(cut, "cut");
        add(self.was_answered(false), "unproven");
        add(self.was_answered(true), "light");
        add(self.was_refused(), "refused");
        add(self.network.miners_rest, "unsealed");
        // What a visitor did comes before what happens by itself.
        add(power > 1.0 && speed > 1.5, "doubled");
        add(power < 1.0 && speed < 0.75, "halved");
        add(forked, "forked");
        add(self.was_cut && !cut && !forked, "healed");
        add(power.to_bits() != 1.0_f64.to_bits() && (0.8..1.25).contains(&speed), "retargeted");
        add(self.is_packed(), "packed");
        add(!self.was_cut && !forked && self.network.chain.forked_of_late(NEWS), "resolved");
        states
    }

    fn figures(&self) -> Vec<Figure> {
        let network = &self.network;
        let chain = &network.chain;
        let [p50, p90, p99] = self.spreads();
        let x = self.x();
        let predicted = x.map(|x| x / (1.0 + x));
        let plain = |key, value| Figure { key, value, expected: None };
        let against = |key, value, expected: Option<f64>, source| Figure {
            key,
            value,
            expected: expected.filter(|_| value.is_some()).map(|value| Expected { value, tolerance: 0.1, source }),
        };
        let (heights, forked) = chain.heights();
        let forks = (heights > 0).then(|| f64::from(forked) / f64::from(heights));
        let interval = chain.interval();
        let retargets = network.config.window > 0;
        // Bitcoin holds one interval fewer than a window's blocks against the time for all of them.
        let steady = f64::from(network.config.window) / f64::from(network.config.window.saturating_sub(2));
        let wanted = (retargets && network.config.window > 2).then_some(network.config.interval * steady);
        let over = interval.map(|interval| exp(-seconds(TEN_MINUTES) / interval));
        let height = u64::from(chain.get(chain.best()).height);
        let headers = light::HEADER_BYTES * (height + 1);
        let (hashes, should) = network.light.proof.unzip();
        let has_light = network.config.light > 0;
        let received: u64 = network.light.iter().map(|(_, light)| light.received).sum();
        vec![
            plain("propagation_p50_s", p50),
            plain("propagation_p90_s", p90),
            plain("propagation_p99_s", p99),
            against("stale_share", chain.stale_share(), predicted, "x / (1 + x)"),
            plain("stale_predicted", predicted),
            against("fork_height_share", forks, x.map(|x| 1.0 - exp(-x)), "1 - exp(-x)"),
            against("interval_mean_s", interval, wanted, "Bitcoin, pow.cpp"),
            plain("interval_window_s", chain.last_intervals(network.config.window)),
            against("interval_over_10min", chain.longer_than(TEN_MINUTES), over, "exp(-600 s / interval)"),
            plain("reorg_depth_max", Some(f64::from(network.measures.deepest))),
            plain("delay_s", self.delay()),
            plain("records_waiting", self.waiting().map(|waiting| waiting as f64)),
            plain("records_written", Some(network.pool.total(chain.best()) as f64)),
            plain("records_refused", Some(network.pool.refusals as f64)),
            against("wait_mean_s", network.pool.mean_wait(), self.wait_in_theory(), "Bailey 1954"),
            against("proof_hashes", hashes.map(f64::from), should.map(f64::from), "Merkle 1979; BIP 37"),
            plain("proofs_refused", has_light.then_some(network.light.refused as f64)),
            plain("headers_bytes", Some(headers as f64)),
            plain("blocks_bytes", Some((network.config.block_bytes * height) as f64)),
            plain("light_bytes", has_light.then(|| received as f64 / f64::from(network.config.light))),
            plain("height", Some(height as f64)),
            plain("bytes_sent", Some(network.measures.sent as f64)),
            plain("bytes_received", Some(network.measures.received as f64)),
            plain("bytes_lost", Some(network.measures.lost as f64)),
        ]
    }

    fn eyes(&self, peer: PeerId) -> Option<Eyes> {
        if peer.0 >= self.network.total() {
            return None;
        }
        let peers: Vec<PeerId> = self.network.neighbours(peer.0).map(PeerId).collect();
        let links = peers.iter().map(|other| LinkId::between(peer, *other)).collect();
        Some(Eyes { peers, links, pieces: Vec::new() })
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        let network = &self.network;
        if peer.0 >= network.total() {
            return Vec::new();
        }
        let all = network.neighbours(peer.0).count() as u64;
        let reached = network.neighbours(peer.0).filter(|other| network.world.gate.may_pass(peer.0, *other)).count();
        let height = u64::from(network.chain.get(network.tip(peer.0)).height);
        let headers = light::HEADER_BYTES * (height + 1);
        let mut rows = vec![CardRow::new("height", CardValue::Count(height))];
        let neighbours = CardRow::new("neighbours", CardValue::Of(reached as u64, all));
        if let Some(light) = network.light.get(peer.0) {
            rows.extend([CardRow::new("keeps", CardValue::Count(headers)), neighbours]);
            if let Some(verdict) = &light.verdict {
                let block = network.chain.get(verdict.block).height;
                rows.extend([
                    CardRow::new("block", CardValue::Count(block.into())),
                    CardRow::new("payment", CardValue::Of(u64::from(verdict.index) + 1, verdict.of.into())),
                    CardRow::new("path", CardValue::Prints(verdict.path.iter().map(leading).collect())),
                    CardRow::new("leads_to", CardValue::Prints(vec![leading(&verdict.leads_to)])),
                    CardRow::new("root", CardValue::Prints(vec![leading(&verdict.root)])),
                ]);
            }
            return rows;
        }
        rows.extend([CardRow::new("found", CardValue::Count(network.found_by[peer.0 as usize].into())), neighbours]);
        if network.config.light > 0 {
            let keeps = headers.saturating_add(network.config.block_bytes.saturating_mul(height));
            rows.push(CardRow::new("keeps", CardValue::Count(keeps)));
        }
        if network.pool.made() > 0 {
            rows.push(CardRow::new("waiting", CardValue::Count(network.pool.count(peer.0) as u64)));
        }
        rows
    }

    fn digest(&self, peer: PeerId) -> u64 {
        self.network.digest(peer.0)
    }

    fn panel(&self) -> Panel {
        Panel { tray: self.tray(), ..Panel::default() }
    }

    fn events(&self) -> u64 {
        self.network.world.events()
    }
}
