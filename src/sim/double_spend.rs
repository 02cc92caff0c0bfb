//! A payment is spent twice: the race between a public chain and a secret one that leaves the payment out.
//!
//! The race is run block by block. Each next block is the attacker's with chance `q`, its share of all hash power, else the
//! others'. It starts level, at the moment of the payment; the shop hands over its goods once `z` blocks confirm it; the
//! attack succeeds if the secret chain is then level with the public one, or ever after (Nakamoto 2008, section 11, with
//! the exact chances of Rosenfeld 2014 and of Grunspan and Pérez-Marco 2018 in [`odds`]). Who is level shows its chain and
//! wins with the next block, as one that was a block ahead from the start would at once.
//!
//! A race is given up at a deficit from which there is less than one chance in 10⁹ to draw level. One that is still open
//! after a million blocks, 19 years of ten minutes each, is left open: that is neither a success nor given up, and only
//! happens near one half.

pub mod odds;

use super::{
    kernel::{
        chance::Purpose,
        coin::{Coin, Throws},
        mathematics::sqrt,
        world::World,
    },
    model::{
        Branches, CardRow, CardValue, Deed, DeedSpec, Expected, Figure, FigureSpec, Model, Odds, Panel, Range, Refusal,
        SettingSpec, Settings, System, Target, TargetKind, Trials, Unit, Value, ValueKind,
    },
    rivals::{Rivals, Side, side_of},
    vocabulary::{Happening, Micros, Owner, PeerId, SECOND, Standing, Tint, Units, Word},
};

/// Draws that say whose a block is; each race has its own.
const BLOCKS: Purpose = Purpose(1);
/// A chance to draw level that is not waited for.
const NEGLIGIBLE: f64 = 1e-9;
/// After how many blocks a race is left open.
const HORIZON: u64 = 1_000_000;
/// The most confirmations.
const MOST_CONFIRMATIONS: u64 = 1_000;
/// The most races of a run, and of a deed.
const MOST_TRIALS: u64 = 1_000_000;
const MOST_RACES: u64 = 10_000;
/// Blocks that are drawn at once where none of them can decide a race.
const SIXTEEN: u64 = 16;
/// How long a block of a race takes that is shown: long enough to be followed.
const BLOCK: Micros = SECOND / 2;
/// How long all races take together that are not shown one by one.
const ALL: Micros = 4 * SECOND;
/// Races that fill the first row of a panel; more fill the second.
const FEW: u64 = 100;
/// About how many units stand for all races.
const UNITS: u64 = 100;

/// How a race came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// The secret chain drew level after the confirmations.
    Overtaken,
    /// It was too far behind.
    GivenUp,
    /// Neither, for a million blocks.
    Open,
}

/// Races that were begun together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Batch {
    overtaken: u64,
    races: u64,
    planned: u64,
}

/// What is raced for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stake {
    q: f64,
    z: u32,
    coin: Coin,
    hopeless: u64,
    exact: f64,
    nakamoto: f64,
}

impl Stake {
    fn new(q: f64, z: u32) -> Self {
        Self {
            q,
            z,
            coin: Coin::new(q),
            hopeless: odds::hopeless(q, NEGLIGIBLE).unwrap_or(u64::MAX),
            exact: odds::exact(q, z),
            nakamoto: odds::nakamoto(q, z),
        }
    }
}

/// A race as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Race {
    public: u64,
    secret: u64,
}

impl Race {
    /// A side finds the next block. Adding is cheaper than choosing whom to add to, which nobody can foresee.
    fn block(&mut self, secret: bool) {
        self.secret += u64::from(secret);
        self.public += u64::from(!secret);
    }

    /// Whether so many more blocks can't decide it, whoever finds them.
    fn is_open_for(&self, blocks: u64, stake: &Stake) -> bool {
        self.secret + blocks < self.public.max(u64::from(stake.z))
            && self.public.saturating_sub(self.secret) + blocks < stake.hopeless
            && self.public + self.secret + blocks < HORIZON
    }

    /// Whether it is decided. Who has as many blocks as confirmations are asked for, before there are so many, will be
    /// level when they are there: nothing that comes after can change that.
    fn outcome(&self, stake: &Stake) -> Option<Outcome> {
        if self.secret >= self.public.max(u64::from(stake.z)) {
            Some(Outcome::Overtaken)
        } else if self.public.saturating_sub(self.secret) >= stake.hopeless {
            Some(Outcome::GivenUp)
        } else if self.public + self.secret >= HORIZON {
            Some(Outcome::Open)
        } else {
            None
        }
    }
}

/// How the races so far came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Score {
    overtaken: u64,
    given_up: u64,
    open: u64,
    blocks: u64,
}

impl Score {
    fn add(&mut self, race: Race, outcome: Outcome) {
        match outcome {
            Outcome::Overtaken => self.overtaken += 1,
            Outcome::GivenUp => self.given_up += 1,
            Outcome::Open => self.open += 1,
        }
        self.blocks += race.public + race.secret;
    }

    fn races(&self) -> u64 {
        self.overtaken + self.given_up + self.open
    }
}

fn settings() -> Vec<SettingSpec> {
    let whole = |key, high, default| SettingSpec {
        key,
        unit: Unit::Count,
        range: Range::Whole(0, high),
        default: Value::Whole(default),
    };
    vec![
        SettingSpec { key: "q", unit: Unit::Share, range: Range::Real(0.0, 1.0), default: Value::Real(0.1) },
        whole("z", MOST_CONFIRMATIONS, 6),
        whole("trials", MOST_TRIALS, 200_000),
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "success", unit: Unit::Share, source: "Rosenfeld 2014; Grunspan & Pérez-Marco 2018" },
    FigureSpec { key: "success_low", unit: Unit::Share, source: "Wilson 1927" },
    FigureSpec { key: "success_high", unit: Unit::Share, source: "Wilson 1927" },
    FigureSpec { key: "success_sd", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "success_exact", unit: Unit::Share, source: "Rosenfeld 2014; Grunspan & Pérez-Marco 2018" },
    FigureSpec { key: "nakamoto", unit: Unit::Share, source: "Nakamoto 2008, section 11" },
    FigureSpec { key: "races", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "open", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "blocks_mean", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "bet", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "share", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "confirmations", unit: Unit::Count, source: "definition" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec {
        key: "share",
        target: TargetKind::None,
        value: ValueKind::Share(0.0, 1.0),
        inverse: None,
        leads_to: None,
    },
    DeedSpec {
        key: "race",
        target: TargetKind::None,
        value: ValueKind::Whole(1, MOST_RACES),
        inverse: None,
        leads_to: Some("overtaken"),
    },
    DeedSpec {
        key: "confirmations",
        target: TargetKind::None,
        value: ValueKind::Whole(0, MOST_CONFIRMATIONS),
        inverse: None,
        leads_to: None,
    },
    DeedSpec {
        key: "bet",
        target: TargetKind::None,
        value: ValueKind::Share(0.0, 1.0),
        inverse: None,
        leads_to: Some("bet"),
    },
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "double-spend",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["overtaken", "given_up", "majority", "raced", "bet"],
    words: &[
        ("refusals", "racing"),
        ("refusals", "too_late"),
        ("refusals", "no_value"),
        ("refusals", "not_here"),
        ("card", "found"),
        ("marks", "public"),
        ("marks", "hidden"),
    ],
    build: |settings, seed| Ok(Box::new(DoubleSpend::new(settings, seed))),
};

/// What may happen. What belongs to another stake than the present one comes to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The next race, from its first block to its last.
    Race { stake: u32 },
    /// The next block of the race that is shown.
    Block { stake: u32 },
}

/// One run of the model.
#[derive(Clone, Debug)]
struct DoubleSpend {
    world: World<Event>,
    stake: Stake,
    /// How many stakes there were before.
    stakes: u32,
    score: Score,
    /// How many races were begun in this run; each has the luck of its number.
    begun: u32,
    /// How many races are still to run, and how long after each other.
    left: u64,
    pace: Micros,
    /// Whether those are many.
    many: bool,
    /// For how many races units are drawn.
    planned: u64,
    /// The race that is shown.
    shown: Option<(Race, Throws)>,
    /// How the last race that was shown came out, and how it stood at its end.
    last: Option<Outcome>,
    stood: Race,
    /// The latest races begun together, a few and many.
    batches: [Option<Batch>; 2],
    bet: Option<f64>,
    rivals: Rivals,
}

impl DoubleSpend {
    fn new(settings: &Settings, seed: u64) -> Self {
        let trials = settings.whole("trials");
        let mut run = Self {
            world: World::new(seed, 2),
            stake: Stake::new(settings.real("q"), settings.whole("z") as u32),
            stakes: 0,
            score: Score::default(),
            begun: 0,
            left: 0,
            pace: 0,
            many: false,
            planned: 0,
            shown: None,
            last: None,
            stood: Race::default(),
            batches: [None; 2],
            bet: None,
            rivals: Rivals::default(),
        };
        if trials > 0 {
            run.begin(trials);
        }
        run
    }

    /// Begins so many races that are not shown one by one.
    fn begin(&mut self, races: u64) {
        self.left = races;
        self.batches[usize::from(races > FEW)] = Some(Batch { planned: races, ..Batch::default() });
        self.many = races > FEW;
        self.planned = self.score.races() + races;
        self.pace = (ALL / races).max(1);
        self.world.timer(0, self.pace, Event::Race { stake: self.stakes });
    }

    fn throws(&mut self) -> Throws {
        let draws = self.world.draws(BLOCKS, self.begun, 0);
        self.begun = self.begun.wrapping_add(1);
        Throws::new(draws)
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Race { stake } if stake == self.stakes => self.race(),
            Event::Block { stake } if stake == self.stakes => self.next_block(),
            Event::Race { .. } | Event::Block { .. } => {}
        }
    }

    /// Runs a race from its first block to its last.
    fn race(&mut self) {
        let (mut race, mut throws, stake) = (Race::default(), self.throws(), self.stake);
        let outcome = loop {
            if let Some(outcome) = race.outcome(&stake) {
                break outcome;
            }
            if race.is_open_for(SIXTEEN, &stake) {
                let secret = u64::from(throws.heads_of_sixteen(stake.coin));
                race.secret += secret;
                race.public += SIXTEEN - secret;
            } else {
                race.block(throws.heads(stake.coin));
            }
        };
        if let Some(batch) = &mut self.batches[usize::from(self.many)] {
            batch.races += 1;
            batch.overtaken += u64::from(outcome == Outcome::Overtaken);
        }
        self.ends(race, outcome);
        self.left -= 1;
        if self.left > 0 {
            self.world.timer(0, self.pace, Event::Race { stake: self.stakes });
        }
    }

    /// The next block of the race that is shown.
    fn next_block(&mut self) {
        let Some((mut race, mut throws)) = self.shown.take() else { return };
        if race.outcome(&self.stake).is_none() {
            let secret = throws.heads(self.stake.coin);
            race.block(secret);
            self.rivals.find(&mut self.world, if secret { Side::Hidden } else { Side::Public });
        }
        let Some(outcome) = race.outcome(&self.stake) else {
            self.shown = Some((race, throws));
            self.world.tell(|| Happening::Panel);
            self.world.timer(0, BLOCK, Event::Block { stake: self.stakes });
            return;
        };
        (self.last, self.stood) = (Some(outcome), race);
        self.rivals.settle(if outcome == Outcome::Overtaken { Side::Hidden } else { Side::Public });
        self.ends(race, outcome);
    }

    fn ends(&mut self, race: Race, outcome: Outcome) {
        self.score.add(race, outcome);
        if self.world.is_watched() {
            self.tell();
        }
    }

    /// Tells how many races went how, apart from the way that a run without a watcher takes.
    #[cold]
    #[inline(never)]
    fn tell(&mut self) {
        for units in self.units() {
            self.world.tell(|| Happening::Units(units));
        }
        self.world.tell(|| Happening::Panel);
    }

    /// Races won by the secret chain, and all others.
    fn units(&self) -> [Units; 2] {
        let each = self.planned.max(self.score.races()).div_ceil(UNITS).max(1);
        let of = |tint, count| Units { owner: Owner::Network, tint, count, each };
        [of(Tint::Sky, self.score.overtaken), of(Tint::Data, self.score.given_up + self.score.open)]
    }

    /// Another share or number of confirmations: the races so far count no more.
    fn set_stake(&mut self, q: f64, z: u32) {
        self.stake = Stake::new(q, z);
        self.stakes += 1;
        self.score = Score::default();
        (self.left, self.planned, self.shown, self.last, self.bet) = (0, 0, None, None, None);
        (self.stood, self.batches) = (Race::default(), [None; 2]);
        self.world.tell(|| Happening::Panel);
        self.rivals.settle(Side::Public);
        for units in self.units() {
            self.world.tell(|| Happening::Units(units));
        }
    }

    /// Whether any race of this stake has begun.
    fn is_begun(&self) -> bool {
        self.score.races() > 0 || self.racing()
    }

    fn racing(&self) -> bool {
        self.left > 0 || self.shown.is_some()
    }

    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        if deed.target != Target::None {
            return Err(Refusal("not_here"));
        }
        let share = |value: &Option<Value>| match value {
            Some(Value::Real(x)) if (0.0..=1.0).contains(x) => Ok(*x),
            _ => Err(Refusal("no_value")),
        };
        let whole = |value: &Option<Value>, low, high| match value {
            Some(Value::Whole(n)) if (low..=high).contains(n) => Ok(*n),
            _ => Err(Refusal("no_value")),
        };
        match deed.key {
            "share" => Ok(Act::Stake(share(&deed.value)?, self.stake.z)),
            "confirmations" => Ok(Act::Stake(self.stake.q, whole(&deed.value, 0, MOST_CONFIRMATIONS)? as u32)),
            // Who has seen races knows too much to bet.
            "bet" => {
                let share = share(&deed.value)?;
                if self.is_begun() { Err(Refusal("too_late")) } else { Ok(Act::Bet(share)) }
            }
            "race" if self.racing() => Err(Refusal("racing")),
            // One race, where nobody says how many.
            "race" if deed.value.is_none() => Ok(Act::Race(1)),
            "race" => Ok(Act::Race(whole(&deed.value, 1, MOST_RACES)?)),
            _ => Err(Refusal("not_here")),
        }
    }
}

/// A deed that may be done.
enum Act {
    Stake(f64, u32),
    Bet(f64),
    Race(u64),
}

impl Model for DoubleSpend {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.world.now()
    }

    fn advance(&mut self, until: Micros) {
        while let Some((_, event)) = self.world.next(until) {
            self.happens(event);
        }
    }

    fn next_event(&self) -> Option<Micros> {
        self.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        // A race is followed block by block: no stretch of it is empty.
        if self.racing() { Some(self.now()) } else { self.world.next_at() }
    }

    fn finished(&self) -> bool {
        self.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.world.watch();
        Standing { now: self.now(), units: self.units().to_vec(), ..self.rivals.standing() }
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.world.take_happenings(into);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        DEEDS
    }

    fn may(&self, deed: &Deed) -> Result<(), Refusal> {
        self.check(deed).map(|_act| ())
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        match self.check(deed)? {
            Act::Stake(q, z) => self.set_stake(q, z),
            Act::Bet(share) => {
                self.bet = Some(share);
                self.world.tell(|| Happening::Panel);
            }
            Act::Race(1) => {
                self.last = None;
                self.planned = self.score.races() + 1;
                self.shown = Some((Race::default(), self.throws()));
                self.world.timer(0, BLOCK, Event::Block { stake: self.stakes });
            }
            Act::Race(races) => {
                self.last = None;
                self.begin(races);
            }
        }
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let last = match self.last {
            Some(Outcome::Overtaken) => Some("overtaken"),
            Some(Outcome::GivenUp) => Some("given_up"),
            Some(Outcome::Open) | None => None,
        };
        let raced = self.batches.iter().flatten().any(|batch| batch.races > 0).then_some("raced");
        let bet = self.bet.map(|_| "bet");
        let majority = (self.stake.q >= 0.5).then_some("majority");
        last.into_iter().chain(majority).chain(raced).chain(bet).collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let (score, stake) = (&self.score, &self.stake);
        let (races, exact) = (score.races(), stake.exact);
        let share = |count: u64| (races > 0).then(|| count as f64 / races as f64);
        let sd = |chance: f64| sqrt(chance * (1.0 - chance) / races as f64);
        let success = share(score.overtaken);
        let bounds = odds::wilson(score.overtaken, races);
        // Four deviations, one race more or less, and what is still open.
        let slack = 4.0 * sd(exact) + (1.0 + score.open as f64) / races.max(1) as f64;
        let expected = (races > 0 && exact > 1e-300).then(|| Expected {
            value: exact,
            tolerance: slack / exact,
            source: "Rosenfeld 2014; Grunspan & Pérez-Marco 2018",
        });
        let plain = |key, value| Figure { key, value, expected: None };
        vec![
            Figure { key: "success", value: success, expected },
            plain("success_low", bounds.map(|b| b.0)),
            plain("success_high", bounds.map(|b| b.1)),
            plain("success_sd", success.map(sd)),
            plain("success_exact", Some(exact)),
            plain("nakamoto", Some(stake.nakamoto)),
            plain("races", Some(races as f64)),
            plain("open", share(score.open)),
            plain("blocks_mean", share(score.blocks)),
            plain("bet", self.bet),
            plain("share", Some(stake.q)),
            plain("confirmations", Some(f64::from(stake.z))),
        ]
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        let found = side_of(peer).map(|side| CardRow::new("found", CardValue::Count(self.rivals.found(side).into())));
        found.into_iter().collect()
    }

    fn panel(&self) -> Panel {
        let trials = self.batches.iter().flatten().map(|batch| Trials {
            won: batch.overtaken,
            of: batch.races,
            planned: batch.planned,
            between: odds::wilson(batch.overtaken, batch.races).unwrap_or((0.0, 1.0)),
        });
        let race = self.shown.as_ref().map_or(self.stood, |(race, _)| *race);
        Panel {
            values: [
                ("share", Some(self.stake.q)),
                ("confirmations", Some(f64::from(self.stake.z))),
                ("bet", self.bet),
            ]
            .into_iter()
            .filter_map(|(deed, value)| Some((deed, value?)))
            .collect(),
            odds: Some(Odds {
                exact: self.stake.exact,
                bet: self.bet,
                open: !self.is_begun(),
                trials: trials.collect(),
            }),
            branches: Some(Branches { public: race.public, secret: race.secret, wanted: u64::from(self.stake.z) }),
            ..Panel::default()
        }
    }

    fn events(&self) -> u64 {
        self.world.events()
    }
}
