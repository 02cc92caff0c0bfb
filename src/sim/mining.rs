//! Proof of work, really worked: double SHA-256 of headers of 80 bytes, one number after another, and how many lights of the
//! best fingerprint so far stay dark.
//!
//! With `rate` a number, a run makes so many hashes a second of its own time and is the same wherever it runs. With
//! `rate=machine` it makes as many as the machine can, on all cores but one and at the lowest priority (see [`crew`]): the
//! one run here that no seed decides, because the speed of the machine is what it shows. Its time is real time: whoever asks
//! it to get ahead of the clock waits.

pub mod crew;

use self::crew::{Crew, Tally};
use super::{
    blockchain::{
        header::{LANES, printed},
        target,
    },
    kernel::{chance::Chance, mathematics::sqrt, world::World},
    model::{
        Deed, DeedSpec, Expected, Figure, FigureSpec, Lights, Model, Panel, Range, Refusal, SettingSpec, Settings,
        System, Target, TargetKind, Unit, Value, ValueKind,
    },
    vocabulary::{Happening, Micros, SECOND, Standing, Word},
};
use std::{collections::VecDeque, sync::Arc};

/// How often hashes are counted.
const TICK: Micros = SECOND / 10;
/// Counts a watcher is told of, of so many: no more than three a second.
const TOLD: u64 = 4;
/// The rate is taken over so many counts.
const RECENT: usize = 20;
/// The most lights that may have to stay dark.
const MOST_DARK: u64 = 80;
/// The target of the first block, 3 January 2009, and of block 840,000, 20 April 2024 (both as their headers have them).
const BITS_2009: u32 = target::EASIEST;
const BITS_2024: u32 = 0x1703_4219;

fn settings() -> Vec<SettingSpec> {
    vec![
        SettingSpec { key: "dark", unit: Unit::Count, range: Range::Whole(1, MOST_DARK), default: Value::Whole(20) },
        SettingSpec {
            key: "rate",
            unit: Unit::PerSecond,
            range: Range::WholeOr(1, 1_000_000_000_000, &["machine"]),
            default: Value::Whole(1_000_000),
        },
        SettingSpec { key: "seconds", unit: Unit::Seconds, range: Range::Real(0.0, 1e6), default: Value::Real(10.0) },
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "rate", unit: Unit::PerSecond, source: "definition" },
    FigureSpec { key: "tries", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "best", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "found", unit: Unit::Count, source: "binomial, 2^-dark a try" },
    FigureSpec { key: "too_many", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "expected_s", unit: Unit::Seconds, source: "2^dark / rate" },
    FigureSpec { key: "expected_2009_s", unit: Unit::Seconds, source: "Bitcoin, block 0" },
    FigureSpec { key: "expected_2024_s", unit: Unit::Seconds, source: "Bitcoin, block 840,000" },
    FigureSpec { key: "dark_2009", unit: Unit::Count, source: "Bitcoin, block 0" },
    FigureSpec { key: "dark_2024", unit: Unit::Count, source: "Bitcoin, block 840,000" },
    FigureSpec { key: "cores_used", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "cores", unit: Unit::Count, source: "definition" },
];

const DEEDS: &[DeedSpec] = &[DeedSpec {
    key: "dark",
    target: TargetKind::None,
    value: ValueKind::Whole(1, MOST_DARK),
    inverse: None,
    leads_to: None,
}];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "mining",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["found", "mining"],
    words: &[("refusals", "no_value"), ("refusals", "not_here")],
    build: |settings, seed| Ok(Box::new(Mining::new(settings, seed))),
};

/// Hashes are counted, and made if the run makes its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count;

/// Who hashes.
#[derive(Clone, Debug)]
enum Hands {
    /// The run itself, so many a second.
    Own { rate: f64, owed: f64, work: Box<crew::Work> },
    /// The machine's cores.
    Machine(Arc<Crew>),
}

/// One run of the model.
#[derive(Clone, Debug)]
struct Mining {
    world: World<Count>,
    hands: Hands,
    dark: u64,
    tally: Tally,
    /// What had been found already when the number of dark lights was last chosen.
    before: u64,
    ends: Micros,
    counts: u64,
    /// The latest counts: when, and how many tries.
    recent: VecDeque<(Micros, u64)>,
}

/// How many tries a target takes on average.
fn tries_for(bits: u32) -> f64 {
    target::expand(bits).map_or(f64::INFINITY, |target| target::work(target).to_f64())
}

impl Mining {
    fn new(settings: &Settings, seed: u64) -> Self {
        let rate = match settings.get("rate") {
            Value::Whole(rate) => Some(*rate),
            _ => crew::steady(),
        };
        let hands = rate.map_or_else(
            || Hands::Machine(Arc::new(Crew::hire())),
            |rate| {
                let work = Box::new(crew::Work::of_seed(Chance::new(seed)));
                Hands::Own { rate: rate as f64, owed: 0.0, work }
            },
        );
        let seconds = settings.real("seconds");
        let mut run = Self {
            world: World::new(seed, 1),
            hands,
            dark: settings.whole("dark"),
            tally: Tally::default(),
            before: 0,
            ends: if seconds > 0.0 { (seconds * SECOND as f64) as Micros } else { Micros::MAX },
            counts: 0,
            recent: VecDeque::from([(0, 0)]),
        };
        if run.ends > 0 {
            run.world.timer(0, TICK.min(run.ends), Count);
        }
        run
    }

    /// Makes what is due, or looks at what the cores have made.
    fn count(&mut self) {
        let (now, best) = (self.world.now(), self.tally.best);
        match &mut self.hands {
            Hands::Own { rate, owed, work } => {
                let since = self.recent.back().map_or(0, |(at, _)| now - at);
                *owed += *rate * since as f64 / SECOND as f64;
                while *owed >= 1.0 {
                    let many = (*owed).min(LANES as f64) as usize;
                    self.tally.take(work.hash_next(), many);
                    *owed -= many as f64;
                }
            }
            Hands::Machine(crew) => self.tally = crew.tally(now),
        }
        self.recent.push_back((now, self.tally.tries));
        if self.recent.len() > RECENT + 1 {
            self.recent.pop_front();
        }
        self.counts += 1;
        if self.counts.is_multiple_of(TOLD) || self.tally.best != best {
            self.world.tell(|| Happening::Panel);
        }
        if now < self.ends {
            self.world.timer(0, TICK.min(self.ends - now), Count);
        }
    }

    fn rate(&self) -> Option<f64> {
        let ((from, before), (to, after)) = (self.recent.front()?, self.recent.back()?);
        (to > from && after > before).then(|| (after - before) as f64 * SECOND as f64 / (to - from) as f64)
    }

    fn found(&self) -> u64 {
        self.tally.at_least(self.dark) - self.before
    }

    fn cores(&self) -> (usize, usize) {
        match &self.hands {
            Hands::Own { .. } => (1, 1),
            Hands::Machine(crew) => (crew.hands(), crew::cores()),
        }
    }

    /// The best fingerprint so far, as it is printed; all lights lit where there is none.
    fn best(&self) -> [u8; 32] {
        self.tally.best.map_or([0xff; 32], |(_, hash)| printed(&hash))
    }
}

impl Model for Mining {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.world.now()
    }

    fn advance(&mut self, until: Micros) {
        while let Some((_, Count)) = self.world.next(until) {
            self.count();
        }
        if let Hands::Machine(crew) = &self.hands {
            crew.renew();
        }
    }

    fn next_event(&self) -> Option<Micros> {
        self.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        self.world.next_at()
    }

    fn finished(&self) -> bool {
        self.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.world.watch();
        Standing { now: self.now(), ..Standing::default() }
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.world.take_happenings(into);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        DEEDS
    }

    fn may(&self, deed: &Deed) -> Result<(), Refusal> {
        match (deed.key, &deed.target, &deed.value) {
            ("dark", Target::None, Some(Value::Whole(dark))) if (1..=MOST_DARK).contains(dark) => Ok(()),
            ("dark", Target::None, _) => Err(Refusal("no_value")),
            _ => Err(Refusal("not_here")),
        }
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        self.may(deed)?;
        if let Some(Value::Whole(dark)) = deed.value {
            self.dark = dark;
            self.before = self.tally.at_least(dark);
            self.world.tell(|| Happening::Panel);
        }
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let found = (self.found() > 0).then_some("found");
        let mining = (self.tally.tries > 0).then_some("mining");
        found.into_iter().chain(mining).collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let plain = |key, value: f64| Figure { key, value: Some(value), expected: None };
        let rate = self.rate();
        let wait = |key, tries: f64| Figure { key, value: rate.map(|rate| tries / rate), expected: None };
        let wanted = libm::exp2(self.dark as f64);
        // Only where nothing was chosen anew does what was found belong to all tries.
        let chance = self.tally.tries as f64 / wanted;
        let expected = (self.before == 0 && chance >= 1.0).then(|| Expected {
            value: chance,
            tolerance: 4.0 / sqrt(chance),
            source: "binomial, 2^-dark a try",
        });
        let best = self.best();
        let lit = (0..self.dark as usize).filter(|i| best[i / 8] >> (7 - i % 8) & 1 == 1).count();
        let zeros = self.tally.best.map(|(zeros, _)| f64::from(zeros));
        let (used, cores) = self.cores();
        vec![
            Figure { key: "rate", value: rate, expected: None },
            plain("tries", self.tally.tries as f64),
            Figure { key: "best", value: zeros, expected: None },
            Figure { key: "found", value: Some(self.found() as f64), expected },
            plain("too_many", lit as f64),
            wait("expected_s", wanted),
            wait("expected_2009_s", tries_for(BITS_2009)),
            wait("expected_2024_s", tries_for(BITS_2024)),
            plain("dark_2009", libm::log2(tries_for(BITS_2009))),
            plain("dark_2024", libm::log2(tries_for(BITS_2024))),
            plain("cores_used", used as f64),
            plain("cores", cores as f64),
        ]
    }

    fn panel(&self) -> Panel {
        let lights = Lights { bits: self.best(), flipped: [0; 32], dark: self.dark as u16 };
        Panel { lights: Some(lights), values: vec![("dark", self.dark as f64)], ..Panel::default() }
    }

    fn events(&self) -> u64 {
        self.world.events()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(set: &[(&str, &str)], seed: u64) -> Mining {
        let specs = settings();
        let mut settings = Settings::defaults(&specs);
        for (key, value) in set {
            settings.set(&specs, key, value).unwrap();
        }
        Mining::new(&settings, seed)
    }

    fn figure(run: &Mining, key: &str) -> f64 {
        run.figures().into_iter().find(|f| f.key == key).unwrap().value.unwrap()
    }

    #[test]
    fn a_run_of_its_own_hands_is_the_same_however_time_is_cut() {
        let set = [("rate", "12345"), ("seconds", "3")];
        let (mut whole, mut cut) = (run(&set, 4), run(&set, 4));
        whole.advance(10 * SECOND);
        for i in 1..=500 {
            cut.advance(i * SECOND / 50);
        }
        assert_eq!(whole.tally, cut.tally);
        assert_eq!(whole.tally.tries, 37_035, "what is due of a tenth of a second is carried over");
        assert!(whole.finished());
        assert_ne!(run(&set, 5).hands_first(), whole.hands_first(), "another seed, other headers");
    }

    impl Mining {
        fn hands_first(&self) -> [u8; 32] {
            match &self.hands {
                Hands::Own { work, .. } => work.clone().hash_next()[0],
                Hands::Machine(_) => [0; 32],
            }
        }
    }

    #[test]
    fn dark_lights_are_as_rare_as_they_should_be() {
        let mut run = run(&[("rate", "1048576"), ("seconds", "1"), ("dark", "1")], 9);
        run.advance(SECOND);
        for dark in [1, 4, 8, 12] {
            let wanted = libm::exp2(20.0 - f64::from(dark));
            let got = run.tally.at_least(u64::from(dark as u32)) as f64;
            assert!((got - wanted).abs() < 3.0 * wanted.sqrt(), "{got} of {wanted} with {dark} dark lights");
        }
        let best = run.tally.best.unwrap();
        assert_eq!(
            u32::from(best.0),
            printed(&best.1).iter().take_while(|b| **b == 0).count() as u32 * 8
                + printed(&best.1).iter().find(|b| **b != 0).unwrap().leading_zeros()
        );
    }

    #[test]
    fn what_was_found_is_counted_from_the_last_choice_on() {
        let mut run = run(&[("rate", "100000"), ("seconds", "4"), ("dark", "8")], 2);
        run.advance(2 * SECOND);
        assert!(figure(&run, "found") > 400.0 && run.states() == ["found", "mining"]);
        let deed = |dark| Deed { key: "dark", target: Target::None, value: Some(Value::Whole(dark)) };
        run.act(&deed(40)).unwrap();
        assert_eq!((figure(&run, "found"), run.states()), (0.0, vec!["mining"]));
        run.act(&deed(4)).unwrap();
        assert_eq!(figure(&run, "found"), 0.0, "what was found under another choice was not looked for");
        assert_eq!(run.act(&deed(81)), Err(Refusal("no_value")));
    }

    #[test]
    fn the_dates_ask_for_what_their_headers_say() {
        let run = run(&[], 1);
        // Difficulty 1 and difficulty 86,388,558,925,171.02 (block 840,000), times 2^32 and a little.
        assert!((figure(&run, "dark_2009") - 32.0).abs() < 1e-4);
        let difficulty = tries_for(BITS_2024) / tries_for(BITS_2009);
        assert!((difficulty / 86_388_558_925_171.02 - 1.0).abs() < 1e-9, "{difficulty}");
    }
}
