//! A pool of miners that hides its blocks, and so earns more than its share.
//!
//! Eyal and Sirer, *Majority is not enough: Bitcoin mining is vulnerable* (2013), their state machine block by block. Each
//! next block is the pool's with chance `alpha`. The pool hides what it finds. When the others find a block: if the pool has
//! none, theirs counts; if it has one, it shows it, and the two race; if it has two, it shows both and theirs is lost; if it
//! has more, it shows one for theirs. In a race the pool's next block settles it for the pool; the others' next block is
//! found on the pool's block by a share `gamma` of them, and on their own by the rest.

use super::{
    kernel::{
        chance::Purpose,
        coin::{Coin, Throws},
        mathematics::sqrt,
        world::World,
    },
    model::{
        CardRow, CardValue, Deed, DeedSpec, Expected, Figure, FigureSpec, Model, Range, Refusal, SettingError,
        SettingSpec, Settings, System, Target, TargetKind, Unit, Value, ValueKind,
    },
    rivals::{Rivals, Side, side_of},
    vocabulary::{Happening, Micros, Owner, PeerId, SECOND, Standing, Tint, Units, Word},
};

/// Draws that say whose a block is.
const BLOCKS: Purpose = Purpose(1);
/// Draws that say on which of two racing blocks the others find theirs.
const RACES: Purpose = Purpose(2);
/// How long a block takes: long enough to be followed.
const BLOCK: Micros = SECOND / 2;
/// The most blocks of a run.
const MOST_BLOCKS: u64 = 1_000_000_000;
/// How many blocks must count before a share of them is called more than fair.
const ENOUGH: u64 = 100;
/// About how many units stand for all blocks that count.
const UNITS: u64 = 100;

fn settings() -> Vec<SettingSpec> {
    let share = |key, default| SettingSpec {
        key,
        unit: Unit::Share,
        range: Range::Real(0.0, 1.0),
        default: Value::Real(default),
    };
    vec![
        share("alpha", 0.35),
        share("gamma", 0.0),
        SettingSpec {
            key: "blocks",
            unit: Unit::Count,
            range: Range::Whole(1, MOST_BLOCKS),
            default: Value::Whole(1_000_000),
        },
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "revenue_share", unit: Unit::Share, source: "Eyal & Sirer 2013" },
    FigureSpec { key: "stale_share", unit: Unit::Share, source: "Eyal & Sirer 2013" },
    FigureSpec { key: "threshold", unit: Unit::Share, source: "Eyal & Sirer 2013" },
    FigureSpec { key: "lead_max", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "mined", unit: Unit::Count, source: "definition" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("hide", TargetKind::None, Some("show"), Some("selfish")),
    DeedSpec::plain("show", TargetKind::None, Some("hide"), None),
    DeedSpec {
        key: "share",
        target: TargetKind::None,
        value: ValueKind::Share(0.0, 1.0),
        inverse: None,
        leads_to: None,
    },
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "selfish-mining",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["selfish", "racing"],
    words: &[
        ("refusals", "hides_already"),
        ("refusals", "hides_nothing"),
        ("refusals", "no_value"),
        ("refusals", "not_here"),
        ("card", "found"),
        ("card", "counts"),
        ("marks", "public"),
        ("marks", "hidden"),
    ],
    build: |settings, seed| -> Result<Box<dyn Model>, SettingError> {
        Ok(Box::new(SelfishMining::new(settings, seed)))
    },
};

/// The revenue of the pool over that of all, in the long run (Eyal and Sirer, their equation 8); all from one half on.
#[must_use]
pub fn revenue(alpha: f64, gamma: f64) -> f64 {
    if alpha >= 0.5 {
        return 1.0;
    }
    let a = alpha;
    let gain = a * (1.0 - a) * (1.0 - a) * (4.0 * a + gamma * (1.0 - 2.0 * a)) - a * a * a;
    gain / (1.0 - a * (1.0 + (2.0 - a) * a))
}

/// The share of all blocks that is lost while a pool hides its own, in the long run, from the chances that Eyal and Sirer
/// give of their states (equations 2 to 5): the others' block, whenever the pool is ahead by two or more, and one of two
/// after each race. From one half on the pool is ahead for ever, and all that the others find is lost.
#[must_use]
pub fn lost(alpha: f64) -> f64 {
    if alpha >= 0.5 {
        return 1.0 - alpha;
    }
    let a = alpha;
    let level = (1.0 - 2.0 * a) / (2.0 * a * a * a - 4.0 * a * a + 1.0);
    let (race, one) = ((1.0 - a) * a * level, a * level);
    let ahead = 1.0 - level - race - one;
    (1.0 - a) * ahead + race
}

/// The share of hash power from which hiding pays.
#[must_use]
pub fn threshold(gamma: f64) -> f64 {
    (1.0 - gamma) / (3.0 - 2.0 * gamma)
}

/// What the pool has that the others don't know, or whether two blocks race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// So many hidden blocks more than the public chain.
    Lead(u64),
    /// Two blocks of one height, both public.
    Race,
}

/// What a block does to the two chains, in one byte: a run that nobody watches hardly feels it.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The pool adds to its own chain.
    Hidden,
    /// And that chain is everybody's.
    HiddenCounts,
    /// The others add to theirs.
    Public,
    /// And that chain is everybody's.
    PublicCounts,
    /// The others build on the pool's block, which wins its race.
    OnThePools,
    /// The others add to theirs, and the pool's chain is everybody's.
    PublicIsLost,
}

/// The next block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NextBlock;

/// One run of the model.
#[derive(Clone, Debug)]
struct SelfishMining {
    world: World<NextBlock>,
    alpha: f64,
    gamma: f64,
    blocks: u64,
    pool_finds: Coin,
    on_the_pools: Coin,
    finders: Throws,
    sides: Throws,
    hides: bool,
    state: State,
    mined: u64,
    /// Blocks that count for good: the pool's and the others'.
    pool: u64,
    others: u64,
    stale: u64,
    lead_max: u64,
    rivals: Rivals,
    /// How many blocks were told to count, the pool's and the others'.
    told: (u64, u64),
}

impl SelfishMining {
    fn new(settings: &Settings, seed: u64) -> Self {
        let mut world = World::new(seed, 2);
        let (alpha, gamma) = (settings.real("alpha"), settings.real("gamma"));
        world.timer(0, BLOCK, NextBlock);
        Self {
            alpha,
            gamma,
            blocks: settings.whole("blocks"),
            pool_finds: Coin::new(alpha),
            on_the_pools: Coin::new(gamma),
            finders: Throws::new(world.draws(BLOCKS, 0, 0)),
            sides: Throws::new(world.draws(RACES, 0, 0)),
            world,
            hides: true,
            state: State::Lead(0),
            mined: 0,
            pool: 0,
            others: 0,
            stale: 0,
            lead_max: 0,
            rivals: Rivals::default(),
            told: (0, 0),
        }
    }

    fn next_block(&mut self) {
        self.mined += 1;
        let turn = if self.finders.heads(self.pool_finds) { self.pool_finds_one() } else { self.others_find_one() };
        // Asked once a block, because a block is little more than its draw and its timer.
        if self.world.is_watched() {
            self.tell(turn);
        }
        if self.mined < self.blocks {
            self.world.timer(0, BLOCK, NextBlock);
        } else {
            self.show_all();
            self.tell_change();
        }
    }

    /// Tells of a block, and how many count; apart from the way that a run without a
    /// watcher takes.
    #[cold]
    #[inline(never)]
    fn tell(&mut self, turn: Turn) {
        let (before, finder, after) = match turn {
            Turn::Hidden => (None, Side::Hidden, None),
            Turn::HiddenCounts => (None, Side::Hidden, Some(Side::Hidden)),
            Turn::Public => (None, Side::Public, None),
            Turn::PublicCounts => (None, Side::Public, Some(Side::Public)),
            Turn::OnThePools => (Some(Side::Hidden), Side::Public, Some(Side::Public)),
            Turn::PublicIsLost => (None, Side::Public, Some(Side::Hidden)),
        };
        if let Some(side) = before {
            self.rivals.settle(side);
        }
        self.rivals.tell(&mut self.world, finder);
        if let Some(side) = after {
            self.rivals.settle(side);
        }
        // The last one has the pool show all.
        if self.mined < self.blocks {
            self.tell_change();
        }
    }

    /// Tells how many blocks count, if it was told otherwise.
    fn tell_change(&mut self) {
        if self.told != (self.pool, self.others) {
            self.tell_units();
        }
    }

    fn tell_units(&mut self) {
        self.told = (self.pool, self.others);
        for units in self.units() {
            self.world.tell(|| Happening::Units(units));
        }
    }

    fn pool_finds_one(&mut self) -> Turn {
        self.rivals.count(Side::Hidden);
        match self.state {
            State::Race => self.count(2, 0, 1, Turn::HiddenCounts),
            State::Lead(_) if !self.hides => self.count(1, 0, 0, Turn::HiddenCounts),
            State::Lead(lead) => {
                self.state = State::Lead(lead + 1);
                self.lead_max = self.lead_max.max(lead + 1);
                Turn::Hidden
            }
        }
    }

    fn others_find_one(&mut self) -> Turn {
        self.rivals.count(Side::Public);
        match self.state {
            // On the pool's block, which so counts, and their first one is lost.
            State::Race if self.sides.heads(self.on_the_pools) => self.count(1, 1, 1, Turn::OnThePools),
            State::Race => self.count(0, 2, 1, Turn::PublicCounts),
            State::Lead(0) => self.count(0, 1, 0, Turn::PublicCounts),
            State::Lead(1) => {
                self.state = State::Race;
                Turn::Public
            }
            State::Lead(2) => self.count(2, 0, 1, Turn::PublicIsLost),
            State::Lead(lead) => {
                self.state = State::Lead(lead - 1);
                self.pool += 1;
                self.stale += 1;
                Turn::Public
            }
        }
    }

    /// Blocks count, others are lost, and the pool hides nothing any more.
    fn count(&mut self, pool: u64, others: u64, stale: u64, turn: Turn) -> Turn {
        self.pool += pool;
        self.others += others;
        self.stale += stale;
        self.state = State::Lead(0);
        turn
    }

    /// The pool shows what it hides, which is more than the others have. Blocks that race stay undecided.
    fn show_all(&mut self) {
        if let State::Lead(lead @ 1..) = self.state {
            self.count(lead, 0, 0, Turn::HiddenCounts);
            self.rivals.settle(Side::Hidden);
        }
    }

    fn revenue_share(&self) -> Option<f64> {
        let all = self.pool + self.others;
        (all > 0).then(|| self.pool as f64 / all as f64)
    }

    /// A share that the paper gives, as exactly as the blocks found so far allow. Blocks count in runs, the longer the nearer
    /// alpha is to one half, so that they say less than as many draws would.
    fn expected(&self, law: f64) -> Option<Expected> {
        let run = 1.0 / (1.0 - 2.0 * self.alpha.min(0.499));
        let draws = self.mined as f64 / run;
        let slack = 6.0 * sqrt(law * (1.0 - law) / draws) + 4.0 * run / draws;
        (self.mined >= ENOUGH && law > 0.0).then(|| Expected {
            value: law,
            tolerance: slack / law,
            source: "Eyal & Sirer 2013",
        })
    }

    fn units(&self) -> [Units; 2] {
        let each = (self.pool + self.others).div_ceil(UNITS).max(1);
        let of = |tint, count| Units { owner: Owner::Network, tint, count, each };
        [of(Tint::Sky, self.pool), of(Tint::Data, self.others)]
    }

    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        if deed.target != Target::None {
            return Err(Refusal("not_here"));
        }
        match (deed.key, &deed.value) {
            ("hide", _) if self.hides => Err(Refusal("hides_already")),
            ("hide", _) => Ok(Act::Hide(true)),
            ("show", _) if !self.hides => Err(Refusal("hides_nothing")),
            ("show", _) => Ok(Act::Hide(false)),
            ("share", Some(Value::Real(x))) if (0.0..=1.0).contains(x) => Ok(Act::Share(*x)),
            ("share", _) => Err(Refusal("no_value")),
            _ => Err(Refusal("not_here")),
        }
    }
}

/// A deed that may be done.
enum Act {
    Hide(bool),
    Share(f64),
}

impl Model for SelfishMining {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.world.now()
    }

    fn advance(&mut self, until: Micros) {
        while let Some((_, NextBlock)) = self.world.next(until) {
            self.next_block();
        }
    }

    fn next_event(&self) -> Option<Micros> {
        self.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        // Every block is to be seen: no stretch is empty.
        self.world.next_at().map(|_| self.now())
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
            Act::Hide(hides) => self.hides = hides,
            Act::Share(alpha) => {
                self.alpha = alpha;
                self.pool_finds = Coin::new(alpha);
            }
        }
        // The pool shows all, and what was earned under another rule says nothing about this one.
        self.show_all();
        (self.pool, self.others, self.stale, self.mined, self.lead_max) = (0, 0, 0, 0, 0);
        if self.state == State::Race {
            self.state = State::Lead(0);
            self.rivals.settle(Side::Public);
        }
        if self.world.next_at().is_none() {
            self.world.timer(0, BLOCK, NextBlock);
        }
        self.tell_units();
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let more = self.pool + self.others >= ENOUGH && self.revenue_share().is_some_and(|share| share > self.alpha);
        let racing = self.state == State::Race && !self.finished();
        let selfish = (self.hides && more).then_some("selfish");
        selfish.into_iter().chain(racing.then_some("racing")).collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let value = self.revenue_share();
        let law = if self.hides { revenue(self.alpha, self.gamma) } else { self.alpha };
        let lost = if self.hides { lost(self.alpha) } else { 0.0 };
        let settled = self.pool + self.others + self.stale;
        let plain = |key, value| Figure { key, value, expected: None };
        vec![
            Figure { key: "revenue_share", value, expected: self.expected(law) },
            Figure {
                key: "stale_share",
                value: (settled > 0).then(|| self.stale as f64 / settled as f64),
                expected: self.expected(lost),
            },
            plain("threshold", Some(threshold(self.gamma))),
            plain("lead_max", Some(self.lead_max as f64)),
            plain("mined", Some(self.mined as f64)),
        ]
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        let Some(side) = side_of(peer) else { return Vec::new() };
        let counts = if side == Side::Hidden { self.pool } else { self.others };
        vec![
            CardRow::new("found", CardValue::Count(self.rivals.found(side).into())),
            CardRow::new("counts", CardValue::Count(counts)),
        ]
    }

    fn events(&self) -> u64 {
        self.world.events()
    }
}
