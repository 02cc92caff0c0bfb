//! Five blocks of a chain, one of which is forged: real headers, real hashing, and a target that a wall can meet.
//!
//! A header of 80 bytes carries the hash of the header before it and the Merkle root of what is written in the block; it is
//! sealed if its own double SHA-256 doesn't exceed its target (protocol of Nakamoto 2008; see [`super::blockchain::header`]).
//! A forger who changes words hashes that block anew and rewrites *before* in every later one, each of which then has
//! another hash too: every later seal fails. With `rewrites=none` only the next block fails to fit. Seals are made again one
//! by one, by trying numbers. Meanwhile all others, on the chain as it was, go on finding blocks.

use super::{
    blockchain::{
        header::{Header, LANES, Miner, double_sha256, fits, printed},
        merkle,
        number::Number,
        target,
    },
    kernel::{
        chance::Purpose,
        mathematics::{micros, sqrt},
        world::World,
    },
    model::{
        Deed, DeedSpec, Expected, Figure, FigureSpec, Model, Page, Panel, Range, Refusal, SettingSpec, Settings,
        System, Target, TargetKind, Unit, Value,
    },
    vocabulary::{Block, BlockId, BlockState, Camp, Happening, Micros, PeerId, SECOND, Standing, Word},
};

/// How many blocks there are.
const BLOCKS: usize = 5;
/// Draws that say how long the others take for a block.
const OTHERS: Purpose = Purpose(1);
/// The most signs in a block.
const MOST: usize = 60;
/// Tries are made in one go for so long.
const TICK: Micros = 100_000;
/// No more than three new fingerprints a second are shown of a block that is mined.
const SHOWN: u64 = 4;
/// The genesis block's time; each later one is ten minutes on.
const FIRST_TIME: u32 = 1_231_006_505;
/// The words of a run that nobody gave any: as they stand, and forged.
const WORDS: [[(&str, &str); 2]; BLOCKS] = [
    [("text_1", "Ada lends Ben a tent"), ("forged_1", "Ada sells Ben a tent")],
    [("text_2", "Ben pays Cem 5 coins"), ("forged_2", "Ben pays Cem 500 coins")],
    [("text_3", "Cem sells Dia a map"), ("forged_3", "Cem sells Dia a farm")],
    [("text_4", "Dia gives Eli a ticket"), ("forged_4", "Dia sold Eli a ticket")],
    [("text_5", "Eli thanks Ada"), ("forged_5", "Eli sues Ada")],
];

fn settings() -> Vec<SettingSpec> {
    let whole = |key, low, high, default| SettingSpec {
        key,
        unit: Unit::Count,
        range: Range::Whole(low, high),
        default: Value::Whole(default),
    };
    let mut specs = vec![
        whole("bits", 0, 24, 16),
        SettingSpec {
            key: "tries_per_second",
            unit: Unit::PerSecond,
            range: Range::Whole(1, 1_000_000_000),
            default: Value::Whole(20_000),
        },
        SettingSpec { key: "others_s", unit: Unit::Seconds, range: Range::Real(0.1, 1e6), default: Value::Real(4.0) },
        SettingSpec {
            key: "rewrites",
            unit: Unit::Choice,
            range: Range::OneOf(&["all", "none"]),
            default: Value::Choice("all"),
        },
        whole("forge", 0, BLOCKS as u64, 0),
    ];
    specs.extend(WORDS.iter().flatten().map(|(key, words)| SettingSpec {
        key,
        unit: Unit::Choice,
        range: Range::Text(MOST),
        default: Value::Text((*words).into()),
    }));
    specs
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "broken", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "remined", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "tries", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "tries_total", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "tries_mean", unit: Unit::Count, source: "2^256 / (target + 1); Bitcoin, chain.cpp" },
    FigureSpec { key: "ahead", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "next", unit: Unit::Count, source: "definition" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("change", TargetKind::Block, Some("change"), Some("broken")),
    DeedSpec::plain("remine", TargetKind::None, None, Some("remined")),
    DeedSpec::plain("undo", TargetKind::None, None, None),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "chain",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["outrun", "remining", "remined", "broken"],
    words: &[
        ("refusals", "sealed_already"),
        ("refusals", "busy"),
        ("refusals", "nothing_changed"),
        ("refusals", "not_here"),
    ],
    build: |settings, seed| Ok(Box::new(Chain::new(settings, seed))),
};

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// More numbers are tried; of another attempt than the present one it comes to nothing.
    Try { attempt: u32 },
    /// The others find a block; of another forgery than the present one it comes to nothing.
    Others { forgery: u32 },
}

/// A block as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sheet {
    /// Its words as they stood, and forged.
    words: [String; 2],
    forged: bool,
    header: Header,
    /// The header's hash, as it is hashed.
    hash: [u8; 32],
    tries: u64,
}

impl Sheet {
    fn text(&self) -> &str {
        &self.words[usize::from(self.forged)]
    }

    /// Takes the hash anew, of what is written now and this block before it.
    fn hash_anew(&mut self, before: [u8; 32]) {
        self.header.before = before;
        self.header.merkle_root = merkle::root(&[double_sha256(self.text().as_bytes())]);
        self.hash = self.header.hash();
    }

    /// Which word differs from the same block unforged.
    fn changed(&self) -> Option<usize> {
        let [honest, forged] = &self.words;
        let (mut honest, mut forged) = (honest.split_whitespace(), forged.split_whitespace());
        let differs = (0..).find_map(|i| match (honest.next(), forged.next()) {
            (None, None) => Some(None),
            (a, b) if a != b => Some(Some(i)),
            _ => None,
        });
        differs.flatten().filter(|_| self.forged)
    }
}

/// Numbers being tried for a block's seal.
#[derive(Clone, Debug)]
struct Attempt {
    block: usize,
    miner: Miner,
    next: u64,
    /// How many tries are due and not made yet.
    owed: f64,
    ticks: u64,
}

/// One run of the model.
#[derive(Clone, Debug)]
struct Chain {
    world: World<Event>,
    sheets: Vec<Sheet>,
    honest: Vec<Sheet>,
    tries_per_second: f64,
    others: f64,
    rewrites: bool,
    /// The run makes every seal again by itself.
    alone: bool,
    attempt: Option<Attempt>,
    attempts: u32,
    /// How often something was forged while nothing else was.
    forgeries: u32,
    /// Blocks that the others have found since.
    found: u64,
    remined: u64,
    tries_total: u64,
}

/// A deed that may be done.
enum Act {
    Change(usize),
    Remine(usize),
    Undo,
}

impl Chain {
    fn new(settings: &Settings, seed: u64) -> Self {
        let bits = target::compact(Number::MAX >> settings.whole("bits") as u32);
        let mut sheets: Vec<Sheet> = Vec::with_capacity(BLOCKS);
        for (i, keys) in WORDS.iter().enumerate() {
            let words = keys.map(|(key, _)| settings.text(key).to_owned());
            let header = Header { version: 1, time: FIRST_TIME + 600 * i as u32, bits, ..Header::default() };
            let mut sheet = Sheet { words, forged: false, header, hash: [0; 32], tries: 0 };
            sheet.hash_anew(sheets.last().map_or([0; 32], |before| before.hash));
            let mut attempt = Attempt::at(i, &sheet.header);
            while !attempt.goes_on(&mut sheet, u64::MAX) {}
            sheets.push(sheet);
        }
        let mut run = Self {
            world: World::new(seed, 1),
            honest: sheets.clone(),
            sheets,
            tries_per_second: settings.whole("tries_per_second") as f64,
            others: settings.real("others_s"),
            rewrites: settings.choice("rewrites") == "all",
            alone: settings.whole("forge") > 0,
            attempt: None,
            attempts: 0,
            forgeries: 0,
            found: 0,
            remined: 0,
            tries_total: 0,
        };
        if let Some(block) = (settings.whole("forge") as usize).checked_sub(1) {
            run.change(block);
            run.go_on_alone();
        }
        run
    }

    /// Whether a block's seal holds, on the block before it as that is now.
    fn holds(&self, i: usize) -> bool {
        let sheet = &self.sheets[i];
        fits(&sheet.hash, sheet.header.bits) && sheet.header.before == self.before(i)
    }

    /// The hash of the block before.
    fn before(&self, i: usize) -> [u8; 32] {
        i.checked_sub(1).map_or([0; 32], |before| self.sheets[before].hash)
    }

    /// The first block whose seal fails.
    fn failing(&self) -> Option<usize> {
        (0..BLOCKS).find(|i| !self.holds(*i))
    }

    /// Whether something stands otherwise than it was.
    fn is_forged(&self) -> bool {
        self.sheets.iter().zip(&self.honest).any(|(sheet, honest)| sheet.hash != honest.hash)
    }

    /// Changes a block's words, or changes them back.
    fn change(&mut self, block: usize) {
        let was_forged = self.is_forged();
        let sheet = &mut self.sheets[block];
        sheet.forged = !sheet.forged;
        self.rewrite_from(block);
        match (was_forged, self.is_forged()) {
            (false, true) => {
                self.forgeries += 1;
                (self.found, self.remined) = (0, 0);
                self.others_try();
            }
            (_, false) => self.nothing_forged(),
            _ => {}
        }
        self.tell(block);
    }

    fn nothing_forged(&mut self) {
        self.forgeries += 1;
        (self.found, self.remined) = (0, 0);
    }

    /// Takes a block's hash anew and, as a forger would, those of all later ones.
    fn rewrite_from(&mut self, block: usize) {
        for i in block..BLOCKS {
            if i > block && !self.rewrites {
                break;
            }
            // Without rewriting, a block keeps the `before` that it had.
            let before = if self.rewrites { self.before(i) } else { self.sheets[i].header.before };
            self.sheets[i].hash_anew(before);
        }
    }

    /// The others wind up for their next block.
    fn others_try(&mut self) {
        let wait = self.world.draws(OTHERS, self.forgeries, self.found).exponential(self.others);
        self.world.timer(0, micros(wait).max(1), Event::Others { forgery: self.forgeries });
    }

    fn remine(&mut self, block: usize) {
        // Whoever seals a block again writes into it what it stands on.
        let before = self.before(block);
        self.sheets[block].hash_anew(before);
        self.attempts += 1;
        self.attempt = Some(Attempt::at(block, &self.sheets[block].header));
        self.sheets[block].tries = 0;
        self.world.timer(0, TICK, Event::Try { attempt: self.attempts });
        self.world.tell(|| Happening::Panel);
    }

    /// A run that nobody steers seals what fails, one after the other.
    fn go_on_alone(&mut self) {
        if self.alone
            && let Some(block) = self.failing()
        {
            self.remine(block);
        }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Try { attempt } if attempt == self.attempts => self.try_on(),
            Event::Others { forgery } if forgery == self.forgeries && self.is_forged() => {
                // A run that nobody steers ends when its work is done.
                if !(self.alone && self.failing().is_none()) {
                    self.found += 1;
                    self.others_try();
                    self.world.tell(|| Happening::Panel);
                }
            }
            Event::Try { .. } | Event::Others { .. } => {}
        }
    }

    /// Tries as many numbers as are due.
    fn try_on(&mut self) {
        let Some(mut attempt) = self.attempt.take() else { return };
        attempt.owed += self.tries_per_second * TICK as f64 / SECOND as f64;
        attempt.ticks += 1;
        let block = attempt.block;
        let before = self.sheets[block].tries;
        let quota = attempt.owed.max(0.0) as u64;
        let sealed = attempt.goes_on(&mut self.sheets[block], quota);
        let made = self.sheets[block].tries - before;
        attempt.owed -= made as f64;
        self.tries_total += made;
        if sealed {
            self.remined += 1;
            if self.rewrites && block + 1 < BLOCKS {
                self.rewrite_from(block + 1);
            }
            self.tell(block);
            self.go_on_alone();
            return;
        }
        if attempt.ticks.is_multiple_of(SHOWN) {
            let told = self.block(block);
            self.world.tell(|| Happening::Block(Box::new(told)));
        }
        self.world.tell(|| Happening::Panel);
        self.attempt = Some(attempt);
        self.world.timer(0, TICK, Event::Try { attempt: self.attempts });
    }

    /// Tells a watcher of a block and all after it.
    fn tell(&mut self, from: usize) {
        for i in from..BLOCKS {
            let block = self.block(i);
            self.world.tell(|| Happening::Block(Box::new(block)));
        }
        self.world.tell(|| Happening::Panel);
    }

    /// A block as it stands.
    fn block(&self, i: usize) -> Block {
        let id = |i: usize| BlockId { finder: PeerId(0), count: i as u32 };
        let state = match (self.holds(i), self.sheets[i].forged) {
            (true, _) => BlockState::Sealed,
            (false, true) => BlockState::Changed,
            (false, false) => BlockState::Broken,
        };
        Block {
            id: id(i),
            before: i.checked_sub(1).map(id),
            height: i as u32,
            camp: Camp::Neither,
            fingerprint: printed(&self.sheets[i].hash),
            state,
        }
    }

    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        let place = |id: &BlockId| {
            let known = id.finder == PeerId(0) && (id.count as usize) < BLOCKS;
            if known { Ok(id.count as usize) } else { Err(Refusal("not_here")) }
        };
        let first = || self.failing().ok_or(Refusal("sealed_already"));
        match (deed.key, &deed.target) {
            ("change", Target::Block(id)) => {
                let block = place(id)?;
                if self.attempt.is_some() { Err(Refusal("busy")) } else { Ok(Act::Change(block)) }
            }
            ("remine", Target::None | Target::Block(_)) if self.attempt.is_some() => Err(Refusal("busy")),
            ("remine", Target::None) => first().map(Act::Remine),
            ("remine", Target::Block(id)) => {
                let (block, first) = (place(id)?, first()?);
                if block == first { Ok(Act::Remine(block)) } else { Err(Refusal("not_here")) }
            }
            ("undo", Target::None) if self.is_forged() || self.sheets != self.honest => Ok(Act::Undo),
            ("undo", Target::None) => Err(Refusal("nothing_changed")),
            _ => Err(Refusal("not_here")),
        }
    }
}

impl Attempt {
    fn at(block: usize, header: &Header) -> Self {
        Self { block, miner: Miner::new(header), next: 0, owed: 0.0, ticks: 0 }
    }

    /// Tries at least so many numbers more, a few at a time, and stops at the first that seals the block. Whether one did;
    /// the block has the last number tried.
    fn goes_on(&mut self, sheet: &mut Sheet, quota: u64) -> bool {
        let mut made = 0;
        while made < quota {
            let first = self.next as u32;
            for (hash, nonce) in self.miner.hashes(first).into_iter().zip(0..) {
                made += 1;
                sheet.tries += 1;
                (sheet.header.nonce, sheet.hash) = (first.wrapping_add(nonce), hash);
                if fits(&hash, sheet.header.bits) {
                    return true;
                }
            }
            self.next += LANES as u64;
            // All numbers of a header are used up: its time moves on, as miners let it.
            if self.next > u64::from(u32::MAX) {
                sheet.header.time = sheet.header.time.wrapping_add(1);
                (self.miner, self.next) = (Miner::new(&sheet.header), 0);
            }
        }
        false
    }
}

impl Model for Chain {
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
        if self.attempt.is_some() { Some(self.now()) } else { self.world.next_at() }
    }

    fn finished(&self) -> bool {
        self.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.world.watch();
        let blocks = (0..BLOCKS).map(|i| self.block(i)).collect();
        Standing { now: self.now(), blocks, ..Standing::default() }
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
            Act::Change(block) => self.change(block),
            Act::Remine(block) => {
                self.remine(block);
                self.tell(block);
            }
            Act::Undo => {
                self.sheets.clone_from(&self.honest);
                // What is under way comes to nothing.
                self.attempts += 1;
                self.attempt = None;
                self.nothing_forged();
                self.tell(0);
            }
        }
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let failing = self.failing().is_some();
        let state = match (self.attempt.is_some(), failing, self.remined > 0) {
            (true, ..) => Some("remining"),
            (_, true, true) => Some("remined"),
            (_, true, false) => Some("broken"),
            (_, false, _) => self.is_forged().then_some("outrun"),
        };
        state.into_iter().collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let plain = |key, value: f64| Figure { key, value: Some(value), expected: None };
        let broken = (0..BLOCKS).filter(|i| !self.holds(*i)).count();
        let tries = self.attempt.as_ref().map(|a| self.sheets[a.block].tries);
        let mean = (self.remined > 0 && self.attempt.is_none()).then(|| self.tries_total as f64 / self.remined as f64);
        let wanted = target::expand(self.sheets[0].header.bits).map_or(1.0, |t| target::work(t).to_f64());
        // Tries until the first success have a deviation as large as their mean.
        let expected = mean.map(|_| Expected {
            value: wanted,
            tolerance: 4.0 / sqrt(self.remined as f64),
            source: "2^256 / (target + 1); Bitcoin, chain.cpp",
        });
        vec![
            plain("broken", broken as f64),
            plain("remined", self.remined as f64),
            Figure { key: "tries", value: tries.map(|n| n as f64), expected: None },
            plain("tries_total", self.tries_total as f64),
            Figure { key: "tries_mean", value: mean, expected },
            plain("ahead", self.found as f64),
            Figure { key: "next", value: self.failing().map(|i| i as f64 + 1.0), expected: None },
        ]
    }

    fn panel(&self) -> Panel {
        let page = |i: usize| {
            let sheet = &self.sheets[i];
            let on_sealed = i == 0 || fits(&self.sheets[i - 1].hash, sheet.header.bits);
            Page {
                block: BlockId { finder: PeerId(0), count: i as u32 },
                text: sheet.text().to_owned(),
                changed: sheet.changed(),
                before: printed(&sheet.header.before),
                fits: on_sealed && sheet.header.before == self.before(i),
                tries: sheet.tries,
            }
        };
        Panel { pages: (0..BLOCKS).map(page).collect(), ..Panel::default() }
    }

    fn events(&self) -> u64 {
        self.world.events()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(set: &[(&str, &str)], seed: u64) -> Chain {
        let specs = settings();
        let mut settings = Settings::defaults(&specs);
        for (key, value) in [&[("bits", "10"), ("tries_per_second", "100000")], set].concat() {
            settings.set(&specs, key, value).unwrap();
        }
        Chain::new(&settings, seed)
    }

    fn deed(key: &'static str, block: Option<u32>) -> Deed {
        let target = block.map_or(Target::None, |count| Target::Block(BlockId { finder: PeerId(0), count }));
        Deed { key, target, value: None }
    }

    fn states(run: &mut Chain) -> Vec<BlockState> {
        run.watch().blocks.iter().map(|b| b.state).collect()
    }

    #[test]
    fn a_forgers_change_breaks_every_later_seal_and_without_rewriting_only_the_next() {
        use BlockState::{Broken, Changed, Sealed};
        let mut all = run(&[], 1);
        assert_eq!(states(&mut all), [Sealed; 5]);
        all.act(&deed("change", Some(1))).unwrap();
        assert_eq!(states(&mut all), [Sealed, Changed, Broken, Broken, Broken]);
        assert_eq!(all.states(), ["broken"]);
        let pages = all.panel().pages;
        assert_eq!(pages.iter().map(|p| p.fits).collect::<Vec<_>>(), [true, true, false, false, false]);
        assert_eq!((pages[1].text.as_str(), pages[1].changed), ("Ben pays Cem 500 coins", Some(3)));

        let mut none = run(&[("rewrites", "none")], 1);
        none.act(&deed("change", Some(1))).unwrap();
        assert_eq!(states(&mut none), [Sealed, Changed, Broken, Sealed, Sealed]);
    }

    #[test]
    fn seals_are_made_again_one_by_one_while_the_others_go_on() {
        let mut run = run(&[("others_s", "0.1")], 2);
        run.act(&deed("change", Some(2))).unwrap();
        assert_eq!(run.act(&deed("remine", Some(3))), Err(Refusal("not_here")), "the first that fails comes first");
        for block in 2..5 {
            run.act(&deed("remine", None)).unwrap();
            assert_eq!(run.states(), ["remining"]);
            assert_eq!(run.act(&deed("change", Some(0))), Err(Refusal("busy")));
            while run.attempt.is_some() {
                run.advance(run.now() + TICK);
            }
            assert!(run.holds(block), "sealed again");
            assert_eq!(run.failing(), (block < 4).then_some(block + 1));
        }
        assert_eq!(run.states(), ["outrun"]);
        assert_eq!(run.act(&deed("remine", None)), Err(Refusal("sealed_already")));
        assert!(run.found > 0, "the others found blocks meanwhile");
        run.act(&deed("undo", None)).unwrap();
        assert_eq!((&run.sheets, run.states().len()), (&run.honest, 0), "as it was, bit for bit");
        assert_eq!(run.act(&deed("undo", None)), Err(Refusal("nothing_changed")));
    }

    #[test]
    fn what_is_changed_back_holds_again() {
        let mut run = run(&[], 3);
        run.act(&deed("change", Some(0))).unwrap();
        run.act(&deed("change", Some(0))).unwrap();
        assert_eq!(run.failing(), None);
        run.advance(SECOND * 3600);
        assert!(run.found == 0 && run.finished(), "nobody is ahead of nothing");
    }

    #[test]
    fn it_runs_the_same_however_time_is_cut() {
        let (mut whole, mut cut) = (run(&[("forge", "1")], 5), run(&[("forge", "1")], 5));
        whole.advance(SECOND * 10);
        for i in 1..=1000 {
            cut.advance(i * SECOND / 100);
        }
        assert_eq!((whole.sheets, whole.tries_total, whole.found), (cut.sheets, cut.tries_total, cut.found));
    }
}
