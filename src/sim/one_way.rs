//! A text and its fingerprint: SHA-256 (FIPS 180-4). Change one sign, and about half of the 256 bits are others, as if a coin
//! had been tossed for each (the strict avalanche criterion of Webster and Tavares, 1985). Backward there is no way but to try
//! texts: of so many guesses the best agrees in about as many bits, from the first on, as their number has.

use super::{
    kernel::{
        chance::{Draws, Purpose},
        mathematics::sqrt,
        world::World,
    },
    model::{
        Deed, DeedSpec, Expected, Figure, FigureSpec, Lights, Model, Panel, Range, Refusal, SettingSpec, Settings,
        System, Target, TargetKind, Unit, Value, ValueKind, Writing,
    },
    vocabulary::{Happening, Micros, Standing, Word},
};
use sha2::{Digest as _, Sha256};

/// Draws that say which sign changes, and to what.
const CHANGES: Purpose = Purpose(1);
/// Draws that are guesses.
const GUESSES: Purpose = Purpose(2);
/// How many guesses a deed makes: some milliseconds' worth.
const AT_ONCE: u64 = 20_000;
/// The most signs of a text.
const MOST: usize = 32;
/// The most changes that a run makes by itself.
const MOST_CHANGES: u64 = 1_000_000;
/// From one change that a run makes by itself to the next.
const PACE: Micros = 1_000;
/// A text so long is hardly ever the same again after some changes.
const LONG: usize = 6;
/// Bits of a fingerprint.
const BITS: f64 = 256.0;

fn settings() -> Vec<SettingSpec> {
    vec![
        SettingSpec {
            key: "text",
            unit: Unit::Choice,
            range: Range::Text(MOST),
            // The first of the standard's own examples.
            default: Value::Text("abc".into()),
        },
        SettingSpec {
            key: "changes",
            unit: Unit::Count,
            range: Range::Whole(0, MOST_CHANGES),
            default: Value::Whole(0),
        },
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "flips", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "flips_mean", unit: Unit::Count, source: "Webster & Tavares 1985" },
    FigureSpec { key: "flips_sd", unit: Unit::Count, source: "binomial, 256 bits, one half" },
    FigureSpec { key: "changes", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "guesses", unit: Unit::Count, source: "definition" },
    FigureSpec { key: "closest", unit: Unit::Count, source: "largest of as many geometric numbers" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("change", TargetKind::None, None, Some("changed")),
    DeedSpec {
        key: "type",
        target: TargetKind::None,
        value: ValueKind::Text(1),
        inverse: Some("erase"),
        leads_to: Some("changed"),
    },
    DeedSpec::plain("erase", TargetKind::None, None, Some("changed")),
    DeedSpec {
        key: "caret",
        target: TargetKind::None,
        value: ValueKind::Whole(0, MOST as u64),
        inverse: None,
        leads_to: None,
    },
    DeedSpec::plain("guess", TargetKind::None, None, Some("reversed")),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "one-way",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["guessed", "reversed", "changed"],
    words: &[
        ("refusals", "full"),
        ("refusals", "empty"),
        ("refusals", "known"),
        ("refusals", "nothing_before"),
        ("refusals", "no_value"),
        ("refusals", "not_here"),
    ],
    build: |settings, seed| Ok(Box::new(OneWay::new(settings, seed))),
};

/// The next change that the run makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change;

/// One run of the model.
#[derive(Clone, Debug)]
struct OneWay {
    world: World<Change>,
    text: Vec<char>,
    caret: usize,
    changed: Option<usize>,
    print: [u8; 32],
    /// Which bits the last deed turned, once one has changed the text.
    flipped: Option<[u8; 32]>,
    /// Changes of one sign so far: how many, and the sum of their flips and of the squares of those.
    changes: u64,
    sums: [u64; 2],
    /// How many changes are still to be made.
    left: u64,
    /// Guesses at the text since it was written: how many, how many bits the best has right, from the first on, and whether
    /// one was it.
    guesses: u64,
    closest: u32,
    found: bool,
}

/// A deed that may be done.
enum Act {
    Change,
    Type(char),
    Erase,
    Caret(usize),
    Guess,
}

fn print_of(text: &[char]) -> [u8; 32] {
    Sha256::digest(text.iter().collect::<String>()).into()
}

fn ones(bits: &[u8; 32]) -> u32 {
    bits.iter().map(|byte| byte.count_ones()).sum()
}

/// Signs of the same kind: the first of them, and how many there are.
fn kind(sign: char) -> (u8, u32) {
    match sign {
        '0'..='9' => (b'0', 10),
        'A'..='Z' => (b'A', 26),
        _ => (b'a', 26),
    }
}

/// How many bits two fingerprints have in common, from the first on.
fn in_common(one: &[u8; 32], other: &[u8; 32]) -> u32 {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let next = one.get(same).zip(other.get(same)).map_or(0, |(a, b)| (a ^ b).leading_zeros());
    same as u32 * 8 + next
}

/// Another sign of the same kind: a digit for a digit, a small letter for a small letter, a capital for a capital, and a
/// small letter for anything else.
fn another(sign: char, draws: &mut Draws) -> char {
    let (first, count) = kind(sign);
    let sign = u32::from(sign).wrapping_sub(first.into());
    let here = (sign < count).then_some(sign);
    // One fewer to choose from, if it is one of them: the drawn one stands for the one after it from there on.
    let drawn = draws.below(count - u32::from(here.is_some()));
    let drawn = drawn + u32::from(here.is_some_and(|here| drawn >= here));
    char::from(first + drawn as u8)
}

impl OneWay {
    fn new(settings: &Settings, seed: u64) -> Self {
        let text: Vec<char> = settings.text("text").chars().collect();
        let mut run = Self {
            world: World::new(seed, 1),
            caret: text.len(),
            changed: None,
            print: print_of(&text),
            text,
            flipped: None,
            changes: 0,
            sums: [0; 2],
            left: settings.whole("changes"),
            guesses: 0,
            closest: 0,
            found: false,
        };
        if run.left > 0 && !run.text.is_empty() {
            run.world.timer(0, PACE, Change);
        }
        run
    }

    /// Takes the text's fingerprint anew and notes what turned.
    fn written(&mut self) {
        let before = std::mem::replace(&mut self.print, print_of(&self.text));
        let mut flipped = [0; 32];
        for (flip, (old, new)) in flipped.iter_mut().zip(before.iter().zip(self.print)) {
            *flip = old ^ new;
        }
        self.flipped = Some(flipped);
        (self.guesses, self.closest, self.found) = (0, 0, false);
        self.world.tell(|| Happening::Panel);
    }

    /// Guesses at the text, by its fingerprint alone: texts with signs of the same kinds in the same places.
    fn guess(&mut self) {
        let mut text = self.text.clone();
        for _ in 0..AT_ONCE {
            let mut draws = self.world.draws(GUESSES, 0, self.guesses);
            for sign in text.iter_mut().filter(|sign| sign.is_ascii_alphanumeric()) {
                let (first, count) = kind(*sign);
                *sign = char::from(first + draws.below(count) as u8);
            }
            self.guesses += 1;
            self.closest = self.closest.max(in_common(&print_of(&text), &self.print));
            if self.closest == 256 {
                self.found = true;
                break;
            }
        }
        self.world.tell(|| Happening::Panel);
    }

    /// Changes one sign to another of its kind; spaces only where there is nothing else.
    fn change(&mut self) {
        let mut draws = self.world.draws(CHANGES, 0, self.changes);
        let signs: Vec<usize> = (0..self.text.len()).filter(|i| !self.text[*i].is_whitespace()).collect();
        let place = match draws.pick(&signs) {
            Some(place) => *place,
            None => draws.below(self.text.len() as u32) as usize,
        };
        self.text[place] = another(self.text[place], &mut draws);
        (self.changed, self.caret) = (Some(place), place + 1);
        self.written();
        self.changes += 1;
        let flips = u64::from(self.flips().unwrap_or(0));
        self.sums = [self.sums[0] + flips, self.sums[1] + flips * flips];
    }

    fn flips(&self) -> Option<u32> {
        self.flipped.as_ref().map(ones)
    }

    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        if deed.target != Target::None {
            return Err(Refusal("not_here"));
        }
        match (deed.key, &deed.value) {
            ("change" | "guess", _) if self.text.is_empty() => Err(Refusal("empty")),
            ("guess", _) if self.found => Err(Refusal("known")),
            ("guess", _) => Ok(Act::Guess),
            ("change", _) => Ok(Act::Change),
            ("type", _) if self.text.len() >= MOST => Err(Refusal("full")),
            ("type", Some(Value::Text(text))) => {
                let mut signs = text.chars();
                match (signs.next(), signs.next()) {
                    (Some(sign), None) if !sign.is_control() => Ok(Act::Type(sign)),
                    _ => Err(Refusal("no_value")),
                }
            }
            ("erase", _) if self.caret == 0 => Err(Refusal("nothing_before")),
            ("erase", _) => Ok(Act::Erase),
            ("caret", Some(Value::Whole(to))) if *to <= self.text.len() as u64 => Ok(Act::Caret(*to as usize)),
            ("type" | "caret", _) => Err(Refusal("no_value")),
            _ => Err(Refusal("not_here")),
        }
    }
}

impl Model for OneWay {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.world.now()
    }

    fn advance(&mut self, until: Micros) {
        while let Some((_, Change)) = self.world.next(until) {
            if self.left > 0 && !self.text.is_empty() {
                self.left -= 1;
                self.change();
                if self.left > 0 {
                    self.world.timer(0, PACE, Change);
                }
            }
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
        self.check(deed).map(|_act| ())
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        match self.check(deed)? {
            Act::Change => self.change(),
            Act::Type(sign) => {
                self.text.insert(self.caret, sign);
                (self.changed, self.caret) = (Some(self.caret), self.caret + 1);
                self.written();
            }
            Act::Erase => {
                self.caret -= 1;
                self.text.remove(self.caret);
                self.changed = None;
                self.written();
            }
            Act::Guess => self.guess(),
            Act::Caret(to) => {
                self.caret = to;
                self.world.tell(|| Happening::Panel);
            }
        }
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        let guessed = self.found.then_some("guessed");
        let reversed = (self.guesses > 0 && !self.found).then_some("reversed");
        let changed = self.flipped.map(|_| "changed");
        [guessed, reversed, changed].into_iter().flatten().collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let n = self.changes as f64;
        let mean = (self.changes > 0).then(|| self.sums[0] as f64 / n);
        let spread = mean.filter(|_| self.changes > 1).map(|mean| {
            let squares = self.sums[1] as f64 - mean * mean * n;
            sqrt((squares / (n - 1.0)).max(0.0))
        });
        let (wanted, sd) = (BITS * 0.5, sqrt(BITS) * 0.5);
        let expected = |value: f64, slack: f64, source| Expected { value, tolerance: slack / value, source };
        // Of a short text the same few changes come again and again.
        let new = self.text.len() >= LONG;
        let mean_expected =
            mean.filter(|_| new).map(|_| expected(wanted, 4.0 * sd / sqrt(n), "Webster & Tavares 1985"));
        // The deviation of a deviation: about its value over the root of twice the number.
        let sd_expected = spread
            .filter(|_| new)
            .map(|_| expected(sd, 4.0 * sd / sqrt(2.0 * (n - 1.0)), "binomial, 256 bits, one half"));
        vec![
            Figure { key: "flips", value: self.flips().map(f64::from), expected: None },
            Figure { key: "flips_mean", value: mean, expected: mean_expected },
            Figure { key: "flips_sd", value: spread, expected: sd_expected },
            Figure { key: "changes", value: Some(n), expected: None },
            Figure { key: "guesses", value: Some(self.guesses as f64), expected: None },
            Figure { key: "closest", value: (self.guesses > 0).then(|| f64::from(self.closest)), expected: None },
        ]
    }

    fn panel(&self) -> Panel {
        let writing = Writing {
            text: self.text.iter().collect(),
            most: MOST,
            caret: self.caret,
            changed: self.changed.filter(|place| *place < self.text.len()),
        };
        let lights = Lights { bits: self.print, flipped: self.flipped.unwrap_or_default(), dark: 0 };
        Panel { writing: Some(writing), lights: Some(lights), ..Panel::default() }
    }

    fn events(&self) -> u64 {
        self.world.events()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::model::Settings;

    fn run(text: &str) -> OneWay {
        let specs = settings();
        let mut settings = Settings::defaults(&specs);
        settings.set(&specs, "text", text).unwrap();
        OneWay::new(&settings, 3)
    }

    fn deed(key: &'static str, value: Option<Value>) -> Deed {
        Deed { key, target: Target::None, value }
    }

    fn typed(sign: &str) -> Deed {
        deed("type", Some(Value::Text(sign.into())))
    }

    #[test]
    fn what_is_typed_is_hashed_and_taking_it_back_gives_the_same_lights() {
        let mut run = run("pays 5");
        let before = run.print;
        run.act(&typed("0")).unwrap();
        assert_eq!((run.panel().writing.unwrap().text.as_str(), run.caret, run.changed), ("pays 50", 7, Some(6)));
        assert_ne!(run.print, before);
        run.act(&deed("erase", None)).unwrap();
        assert_eq!((run.print, run.caret, run.changed), (before, 6, None));
        run.act(&deed("caret", Some(Value::Whole(0)))).unwrap();
        assert_eq!(run.act(&deed("erase", None)), Err(Refusal("nothing_before")));
        assert_eq!(run.act(&deed("caret", Some(Value::Whole(7)))), Err(Refusal("no_value")), "beyond the end");
        run.act(&typed("ß")).unwrap();
        assert_eq!(run.panel().writing.unwrap().text, "ßpays 5");
    }

    #[test]
    fn a_change_is_of_one_sign_and_to_its_kind() {
        let mut run = run("Ab 3");
        for _ in 0..500 {
            let before = run.text.clone();
            run.act(&deed("change", None)).unwrap();
            let other: Vec<usize> = (0..4).filter(|i| run.text[*i] != before[*i]).collect();
            assert_eq!(other, [run.changed.unwrap()]);
            assert!(run.text[0].is_ascii_uppercase() && run.text[1].is_ascii_lowercase());
            assert!(run.text[2] == ' ' && run.text[3].is_ascii_digit());
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let mut empty = run("");
        assert_eq!(empty.act(&deed("change", None)), Err(Refusal("empty")));
        for value in ["", "ab", "\n"] {
            assert_eq!(empty.act(&typed(value)), Err(Refusal("no_value")));
        }
        for _ in 0..MOST {
            empty.act(&typed("x")).unwrap();
        }
        assert_eq!(empty.act(&typed("x")), Err(Refusal("full")));
    }

    /// Of n guesses the best has about log2 n bits right from the first on: 14.3 for 20,000, and hardly ever 10 more.
    #[test]
    fn guesses_lead_nowhere_with_a_long_text() {
        let mut run = run("Ben pays Cem 5 coins");
        let print = run.print;
        for times in 1..=20 {
            run.act(&deed("guess", None)).unwrap();
            assert_eq!(run.guesses, times * AT_ONCE);
        }
        assert_eq!((run.print, run.states()), (print, vec!["reversed"]));
        let wanted = 400_000_f64.log2();
        assert!((f64::from(run.closest) - wanted).abs() < 8.0, "{} bits, not {wanted}", run.closest);
        run.act(&typed("!")).unwrap();
        assert_eq!((run.guesses, run.states()), (0, vec!["changed"]));
    }

    #[test]
    fn a_short_text_is_found() {
        let mut run = run("7x");
        run.act(&deed("guess", None)).unwrap();
        assert!(run.found && run.guesses < AT_ONCE, "one of 260");
        assert_eq!(run.states(), ["guessed"]);
        assert_eq!(run.act(&deed("guess", None)), Err(Refusal("known")));
    }

    #[test]
    fn bits_in_common_are_counted_from_the_first() {
        let mut other = [0xff; 32];
        assert_eq!(in_common(&[0xff; 32], &other), 256);
        other[2] = 0b1110_1111;
        assert_eq!(in_common(&[0xff; 32], &other), 19);
        other[0] = 0;
        assert_eq!(in_common(&[0xff; 32], &other), 0);
    }
}
