//! A swarm: peers that download one file, cut into pieces, from each other.
//!
//! The rules are those of BEP 3 (Cohen 2008) and, where that is silent, of Cohen's client and of his paper *Incentives
//! Build Robustness in BitTorrent* (2003); what was asked for and will not come is rejected as in BEP 6, whose set of
//! pieces for choked newcomers ([`fast`]) may be switched on. They stand in
//! [`choke`] (who is given anything), [`pick`] (what is asked for), [`transfer`] (how blocks travel), [`verify`] (what is
//! believed), [`connection`] and [`tracker`] (who knows whom).

pub mod bound;
mod choke;
mod config;
mod connection;
pub mod fast;
mod peer;
mod pick;
mod rate;
mod show;
mod swarm;
mod tally;
mod tracker;
mod transfer;
mod verify;

use self::{
    config::{Choking, Config, MOST_PEERS, Picker},
    swarm::Swarm,
};
use super::{
    kernel::{mathematics::seconds, measure::Measure},
    model::{
        CardRow, Deed, DeedSpec, Expected, Eyes, Figure, FigureSpec, Model, Refusal, System, Target, TargetKind, Unit,
    },
    vocabulary::{Conduct, Happening, Micros, PeerId, Standing, StoppedBy, Word},
};

/// How many newcomers the deed `add` brings.
const NEWCOMERS: u32 = 20;
/// By how much the deed `slow` divides the rate of a line.
const SLOWER: u64 = 8;

const fn figure(key: &'static str, unit: Unit, source: &'static str) -> FigureSpec {
    FigureSpec { key, unit, source }
}

const FIGURES: &[FigureSpec] = &[
    figure("makespan_s", Unit::Seconds, "Kurose & Ross, ch. 2; Cohen 2003"),
    figure("mean_download_s", Unit::Seconds, "Qiu & Srikant 2004"),
    figure("contributor_mean_s", Unit::Seconds, "definition"),
    figure("free_rider_mean_s", Unit::Seconds, "definition"),
    figure("free_rider_progress", Unit::Share, "definition"),
    figure("completed", Unit::Count, "definition"),
    figure("peers", Unit::Count, "definition"),
    figure("downloaders", Unit::Count, "definition"),
    figure("uplink_use", Unit::Share, "Bharambe, Herley & Padmanabhan 2006"),
    figure("uplinks_busy", Unit::Share, "definition"),
    figure("duplicate_blocks", Unit::Count, "definition"),
    figure("bad_pieces_rejected", Unit::Count, "definition"),
    figure("bans", Unit::Count, "definition"),
    figure("innocents_banned", Unit::Count, "definition"),
    figure("rarest_copies", Unit::Count, "definition"),
    figure("piece_spread", Unit::Share, "Legout, Urvoy-Keller & Michiardi 2006"),
    figure("pieces_lost", Unit::Count, "definition"),
    figure("all_out_s", Unit::Seconds, "definition"),
    figure("bytes_sent", Unit::Bytes, "definition"),
    figure("bytes_received", Unit::Bytes, "definition"),
    figure("bound_s", Unit::Seconds, "Kurose & Ross, ch. 2"),
    figure("fluid_s", Unit::Seconds, "Qiu & Srikant 2004"),
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("stop", TargetKind::Peer, Some("start"), Some("seed_left")),
    DeedSpec::plain("start", TargetKind::Peer, Some("stop"), None),
    DeedSpec::plain("add", TargetKind::None, None, None),
    DeedSpec::plain("take_only", TargetKind::Peer, Some("share"), Some("free_rider_slow")),
    DeedSpec::plain("poison", TargetKind::Peer, Some("share"), Some("poison_caught")),
    DeedSpec::plain("share", TargetKind::Peer, Some("take_only"), None),
    DeedSpec::plain("slow", TargetKind::Peer, Some("quicken"), None),
    DeedSpec::plain("quicken", TargetKind::Peer, Some("slow"), None),
    DeedSpec::plain("any_piece", TargetKind::None, Some("rarest_first"), None),
    DeedSpec::plain("rarest_first", TargetKind::None, Some("any_piece"), None),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "bittorrent",
    settings: config::settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["piece_lost", "seed_left", "all_done", "poison_caught", "free_rider_slow", "one_copy_out"],
    words: &[
        ("refusals", "no_such_peer"),
        ("refusals", "already_stopped"),
        ("refusals", "not_stopped"),
        ("refusals", "already_so"),
        ("refusals", "not_the_seed"),
        ("refusals", "too_many"),
        ("refusals", "not_here"),
        ("card", "holds"),
        ("card", "gives"),
        ("card", "takes"),
        ("card", "partners"),
        ("card", "stranger"),
        ("card", "fastest"),
        ("marks", "seed"),
        ("marks", "free_rider"),
        ("marks", "liar"),
    ],
    build: |settings, seed| {
        Ok(Box::new(Bittorrent { swarm: Swarm::new(Config::from(settings)?, seed), touched: false }))
    },
};

/// One run of the model.
#[derive(Clone, Debug)]
pub struct Bittorrent {
    swarm: Swarm,
    touched: bool,
}

/// A deed that may be done.
enum Act {
    Stop(u32),
    Start(u32),
    Add,
    Conduct(u32, Conduct),
    Slow(u32, bool),
    Pick(Picker),
}

impl Bittorrent {
    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        let already = |so: bool, act: Act| if so { Err(Refusal("already_so")) } else { Ok(act) };
        match (deed.key, &deed.target) {
            ("add", Target::None) => {
                let many = self.swarm.nodes.len() as u64 + u64::from(NEWCOMERS) > MOST_PEERS;
                if many { Err(Refusal("too_many")) } else { Ok(Act::Add) }
            }
            ("any_piece", Target::None) => {
                already(self.swarm.config.picker == Picker::Random, Act::Pick(Picker::Random))
            }
            ("rarest_first", Target::None) => {
                already(self.swarm.config.picker == Picker::Rarest, Act::Pick(Picker::Rarest))
            }
            (key, Target::Peer(PeerId(who))) => {
                let node = self.swarm.nodes.get(*who as usize).ok_or(Refusal("no_such_peer"))?;
                match key {
                    "stop" if node.runs() => Ok(Act::Stop(*who)),
                    "stop" => Err(Refusal("already_stopped")),
                    "start" if node.runs() => Err(Refusal("not_stopped")),
                    "start" => Ok(Act::Start(*who)),
                    // What the seed has is the file; without it there would be nothing to share.
                    "take_only" | "poison" if node.origin => Err(Refusal("not_the_seed")),
                    "take_only" => already(node.conduct == Conduct::FreeRider, Act::Conduct(*who, Conduct::FreeRider)),
                    "poison" => already(node.conduct == Conduct::Bad, Act::Conduct(*who, Conduct::Bad)),
                    "share" => already(node.conduct == Conduct::Fair, Act::Conduct(*who, Conduct::Fair)),
                    "slow" | "quicken" => already(node.slowed == (key == "slow"), Act::Slow(*who, key == "slow")),
                    _ => Err(Refusal("not_here")),
                }
            }
            _ => Err(Refusal("not_here")),
        }
    }

    /// The mean time from coming to being done, of those whom a condition picks.
    fn mean_time(&self, of: impl Fn(usize, Conduct) -> bool) -> Option<f64> {
        let nodes = self.swarm.nodes.iter().enumerate();
        let times = nodes.filter(|(who, n)| !n.origin && !n.was_bad && of(*who, n.conduct));
        times.filter_map(|(_, n)| n.done_at.map(|at| seconds(at - n.joined))).collect::<Measure>().mean()
    }

    /// Whether a peer counts for the mean time: in a stream of arrivals the first quarter finds the swarm still filling,
    /// the last quarter finds it emptying.
    fn counts(&self, who: usize) -> bool {
        let config = &self.swarm.config;
        if config.arrivals.is_none() {
            return true;
        }
        let nth = who as u64 - u64::from(config.seeds).min(who as u64);
        let all = u64::from(config.peers);
        (all / 4..all - all / 4).contains(&nth)
    }

    fn makespan(&self) -> Option<f64> {
        let all_done = self.swarm.coming == 0 && self.swarm.tally.lacking == 0;
        let last = self.swarm.nodes.iter().filter(|n| !n.origin && !n.was_bad).filter_map(|n| n.done_at).max();
        last.filter(|_| all_done).map(seconds)
    }

    /// Whether every running peer and seed together hold all, though no seed is there any more.
    fn seeds_gone(&self) -> bool {
        let mut origins = self.swarm.nodes.iter().filter(|n| n.origin).peekable();
        origins.peek().is_some() && origins.all(|n| !n.runs())
    }
}

impl Model for Bittorrent {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.swarm.world.now()
    }

    fn advance(&mut self, until: Micros) {
        self.swarm.advance(until);
    }

    fn next_event(&self) -> Option<Micros> {
        self.swarm.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        if self.swarm.tally.busy > 0 { Some(self.now()) } else { self.next_event() }
    }

    fn finished(&self) -> bool {
        self.swarm.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.swarm.watch()
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.swarm.world.take_happenings(into);
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
        let swarm = &mut self.swarm;
        match act {
            Act::Stop(who) => swarm.leave(who, StoppedBy::Visitor),
            Act::Start(who) => swarm.start(who),
            Act::Add => {
                for _ in 0..NEWCOMERS {
                    swarm.join(Conduct::Fair, false);
                }
            }
            Act::Conduct(who, conduct) => swarm.set_conduct(who, conduct),
            Act::Slow(who, slowed) => swarm.set_slow(who, slowed, SLOWER),
            Act::Pick(picker) => swarm.config.picker = picker,
        }
        swarm.go_on();
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let tally = &self.swarm.tally;
        let done = self.swarm.coming == 0 && tally.lacking == 0;
        let mut states = Vec::new();
        if done {
            states.push("all_done");
        } else if self.seeds_gone() {
            states.push(if tally.lost > 0 { "piece_lost" } else { "seed_left" });
        }
        if tally.bans > 0 {
            states.push("poison_caught");
        }
        if tally.progress.is_some_and(|p| p <= 0.5) {
            states.push("free_rider_slow");
        }
        if tally.not_out == 0 {
            states.push("one_copy_out");
        }
        states
    }

    fn figures(&self) -> Vec<Figure> {
        let (swarm, tally, config) = (&self.swarm, &self.swarm.tally, &self.swarm.config);
        let plain = |key, value| Figure { key, value, expected: None };
        let count = |key, value: f64| plain(key, Some(value));
        let completed = swarm.nodes.iter().filter(|n| !n.origin && !n.was_bad && n.done()).count();
        let present = swarm.nodes.iter().filter(|n| n.runs());
        let downloaders = present.clone().filter(|n| !n.done()).count();
        let bound = bound::bound_seconds(config);
        let fluid = bound::fluid_seconds(config);
        let (rarest, mean) = tally.spread();
        let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
        let makespan = (!self.touched && self.is_bounded()).then_some(bound).flatten();
        let fluid_holds = fluid.filter(|_| !self.touched && self.is_upload_limited());
        vec![
            Figure {
                key: "makespan_s",
                value: self.makespan(),
                // A quarter above the bound at most, none below it.
                expected: makespan.map(|b| Expected {
                    value: 1.125 * b,
                    tolerance: 1.0 / 9.0,
                    source: "Kurose & Ross, ch. 2",
                }),
            },
            Figure {
                key: "mean_download_s",
                value: self.mean_time(|who, _| self.counts(who)),
                expected: fluid_holds.map(|value| Expected { value, tolerance: 0.1, source: "Qiu & Srikant 2004" }),
            },
            plain("contributor_mean_s", self.mean_time(|who, conduct| conduct == Conduct::Fair && self.counts(who))),
            plain(
                "free_rider_mean_s",
                self.mean_time(|who, conduct| conduct == Conduct::FreeRider && self.counts(who)),
            ),
            plain("free_rider_progress", tally.progress),
            count("completed", completed as f64),
            count("peers", present.count() as f64),
            count("downloaders", downloaders as f64),
            plain("uplink_use", tally.uplink_use()),
            plain("uplinks_busy", share(f64::from(tally.busy), f64::from(tally.lines))),
            count("duplicate_blocks", tally.duplicates as f64),
            count("bad_pieces_rejected", tally.rejected as f64),
            count("bans", tally.bans as f64),
            count("innocents_banned", f64::from(tally.innocents)),
            count("rarest_copies", f64::from(rarest)),
            plain("piece_spread", share(f64::from(rarest), mean)),
            count("pieces_lost", f64::from(tally.lost)),
            plain("all_out_s", tally.out_at.map(seconds)),
            count("bytes_sent", tally.sent as f64),
            count("bytes_received", tally.received as f64),
            plain("bound_s", bound),
            plain("fluid_s", fluid),
        ]
    }

    fn eyes(&self, peer: PeerId) -> Option<Eyes> {
        self.swarm.eyes(peer.0)
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        self.swarm.card(peer.0)
    }

    fn digest(&self, peer: PeerId) -> u64 {
        self.swarm.digest(peer.0)
    }

    fn events(&self) -> u64 {
        self.swarm.world.events()
    }
}

impl Bittorrent {
    /// Whether the run is one of those that come near the bound: rarest first and tit for tat among many fair peers that
    /// stay, with lines slow enough that rounds of ten seconds do not count.
    fn is_bounded(&self) -> bool {
        let config = &self.swarm.config;
        config.picker == Picker::Rarest
            && config.choking == Choking::TitForTat
            && config.arrivals.is_none()
            && config.seed_time.is_none()
            && config.free_riders + config.corrupt == 0.0
            && config.leave_after == 0
            && config.seeds > 0
            && config.peers >= 50
            && config.pieces >= 200
            && config.neighbours >= 20
            && config.file_bytes() >= 1_000 * config.up.min(config.seed_up)
            && config.down >= 4 * config.up
    }

    /// Whether the run is one that the fluid model speaks of: a stream of fair peers whose uplinks are the bottleneck.
    fn is_upload_limited(&self) -> bool {
        let config = &self.swarm.config;
        let (Some(fluid), Some(rate), Some(stays)) = (bound::fluid_seconds(config), config.arrivals, config.seed_time)
        else {
            return false;
        };
        let alone = config.file_bytes() as f64 / config.up as f64;
        let fastest = config.file_bytes() as f64 / config.down as f64;
        config.picker == Picker::Rarest
            && config.free_riders + config.corrupt == 0.0
            && fluid >= 1.3 * fastest
            && (0.25..=0.5).contains(&(stays / alone))
            && rate * fluid >= 50.0
    }
}
