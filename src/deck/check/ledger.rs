//! What can be wrong in the ledger of facts: paragraphs that nobody answers for, and facts that their slide doesn't say.

use super::Checker;
use crate::deck::{
    ledger::{Fact, Ledger, Treated, says},
    place::{Placed, Source, Spot, one_of, read},
    state::Position,
    words::SlideWords,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

/// As many numbers are named in one finding.
const NAMED: usize = 8;

impl Checker<'_> {
    /// The ledger, where the deck has one. It speaks of the words in English.
    pub(super) fn ledger(&mut self) {
        let Some(source) = self.deck.facts_source.as_ref().filter(|_| self.english.is_none()) else {
            return;
        };
        let source = Arc::clone(source);
        match read::<Ledger>(&source) {
            Ok(ledger) => self.ledger_of(&source, &ledger),
            Err(findings) => self.findings.extend(findings),
        }
    }

    fn ledger_of(&mut self, source: &Arc<Source>, ledger: &Ledger) {
        let mut answered: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for fact in &ledger.facts {
            for (name, paragraphs) in &fact.from {
                self.paragraphs(source, ledger, name, &paragraphs.at, paragraphs);
                answered.entry(name).or_default().extend(&paragraphs.value);
            }
            self.fact(source, fact);
        }
        for none in &ledger.without {
            let (name, paragraphs) = (none.source.as_str(), &none.paragraphs);
            self.paragraphs(source, ledger, name, &none.source.at, paragraphs);
            if none.reason.trim().is_empty() {
                let spot = Spot::new(source, none.reason.at.clone());
                let message = "Nothing says why these paragraphs hold no fact.".into();
                self.find("no-reason", vec![spot], message, "the reason, in a few words");
            }
            let known = answered.entry(name).or_default();
            let both: Vec<u32> = paragraphs.iter().copied().filter(|n| known.contains(n)).collect();
            known.extend(&paragraphs.value);
            if !both.is_empty() {
                let spot = Spot::new(source, paragraphs.at.clone());
                let message = format!("Of `{name}`, {} stand above already.", numbers(&both));
                self.find(
                    "fact-and-none",
                    vec![spot],
                    message,
                    "each number in facts, or once among those that hold none",
                );
            }
        }
        for (name, of) in &ledger.sources {
            let known = answered.get(name.as_str());
            let open: Vec<u32> = (1..=of.paragraphs).filter(|n| known.is_none_or(|known| !known.contains(n))).collect();
            if !open.is_empty() {
                let spot = Spot::new(source, of.at.clone());
                let message = format!("Nothing answers for {} of `{name}`.", numbers(&open));
                let right = "each number in a fact's `from`, or in `without` with a reason";
                self.find("paragraph-unanswered", vec![spot], message, right);
            }
        }
    }

    /// Paragraphs that a fact or the list of those without names.
    fn paragraphs(
        &mut self,
        source: &Arc<Source>,
        ledger: &Ledger,
        name: &str,
        at: &Range<usize>,
        all: &Placed<Vec<u32>>,
    ) {
        let Some(of) = ledger.sources.get(name) else {
            let known: Vec<&str> = ledger.sources.keys().map(String::as_str).collect();
            let message = format!("There is no source called `{name}`.");
            self.find("unknown-source", vec![Spot::new(source, at.clone())], message, one_of(name, &known));
            return;
        };
        let wrong: Vec<u32> = all.iter().copied().filter(|n| !(1..=of.paragraphs).contains(n)).collect();
        if !wrong.is_empty() || all.is_empty() {
            let spots = vec![Spot::new(source, all.at.clone()), Spot::new(source, of.at.clone())];
            let message = match wrong.as_slice() {
                [] => "No paragraph is named here.".to_owned(),
                wrong => format!("`{name}` has no {}.", numbers(wrong)),
            };
            self.find("no-such-paragraph", spots, message, format!("numbers from 1 to {}", of.paragraphs));
        }
    }

    /// A fact: its slide is there, and says it.
    fn fact(&mut self, source: &Arc<Source>, fact: &Placed<Fact>) {
        let spot = |at: &Range<usize>| Spot::new(source, at.clone());
        let told = matches!(fact.treated.value, Treated::Told | Treated::Dated);
        if !told && fact.note.as_ref().is_none_or(|note| note.trim().is_empty()) {
            let message = "Nothing says what was put right, or who disagrees.".into();
            self.find("no-note", vec![spot(&fact.treated.at)], message, "`note: …`");
        }
        if fact.shown.is_empty() {
            let message = "This fact names nothing that its slide shows.".into();
            self.find("nothing-shown", vec![spot(&fact.at)], message, "a year, figure or name: `shown: [\"1969\"]`");
        }
        let Some(at) = self.deck.find_slide(&fact.slide) else {
            let ways: Vec<String> = self.deck.walk().map(|at| self.deck.way(at)).collect();
            let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
            let message = format!("There is no slide `{}`.", fact.slide.value);
            self.find("unknown-slide", vec![spot(&fact.slide.at)], message, one_of(&fact.slide, &ways));
            return;
        };
        let words = self.deck.slide_words(at);
        for shown in &fact.shown {
            if !texts(words).any(|text| says(text, shown)) {
                let spots = vec![spot(&shown.at), self.words_spot(at)];
                let message = format!("The words of `{}` don't say `{}`.", fact.slide.value, shown.value);
                self.find("not-shown", spots, message, "words that the slide says, letter by letter");
            }
        }
    }

    /// Where the words of a slide begin.
    fn words_spot(&self, at: Position) -> Spot {
        let topic = self.deck.topic(at.topic).map_or("", |topic| topic.slug.as_str());
        self.tongue.place(&["topics", topic, "slides", self.deck.slide(at).slug.as_str()])
    }
}

/// Everything that a slide says to its visitors.
fn texts(words: &SlideWords) -> impl Iterator<Item = &str> {
    let more = words.more.iter().flat_map(|more| std::iter::once(&more.title).chain(&more.text));
    let first = words.kicker.iter().chain(std::iter::once(&words.headline)).chain(&words.attract);
    let texts = first.chain(&words.steps).chain(more).chain(words.words.values()).chain(words.states.values());
    texts.map(|text| text.as_str())
}

/// "paragraph 3", "paragraphs 3, 4 and 7", "paragraphs 1, 2, … (40 in all)".
fn numbers(all: &[u32]) -> String {
    let named: Vec<String> = all.iter().take(NAMED).map(u32::to_string).collect();
    match (all.len(), named.as_slice()) {
        (0 | 1, one) => format!("paragraph {}", one.concat()),
        (n, named) if n > NAMED => format!("paragraphs {}, … ({n} in all)", named.join(", ")),
        (_, [first @ .., last]) => format!("paragraphs {} and {last}", first.join(", ")),
        (_, []) => String::new(),
    }
}
