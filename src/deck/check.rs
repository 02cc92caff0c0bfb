//! What is wrong in a deck that can be read: each finding at its place, with what would be right.

mod controls;
mod drawn;
mod ledger;
mod scenes;
mod stills;
mod texts;

pub use self::{
    controls::{CONTROLS, ICONS},
    drawn::drawn,
};
use super::{
    Deck,
    outline::Node,
    place::{Finding, Placed, Source, Spot, nearest_of, one_of},
    state::Position,
    structure::{Layout, Slide, Topic},
    words::{SlideWords, TopicWords, Words},
};
use crate::{
    ink::text::Typesetter,
    slides::{self, check::Trial},
};
use std::{ops::Range, sync::Arc};

/// The most words of a headline: what a passer-by reads.
pub const HEADLINE_WORDS: usize = 12;
/// The most words of a label: what a visitor reads.
pub const LABEL_WORDS: usize = 50;
/// The most words of a scene's rule line.
pub const RULE_WORDS: usize = 20;
/// The rule of words that a language lacks: they show in English.
pub const FALLS_BACK: &str = "falls-back";
/// The longest stop of the loop that plays while nobody is there, in seconds: an hour.
const LONGEST_STOP: u32 = 3_600;

/// Everything that is wrong in a deck: words, scenes, stills, and whatever does not fit on a page.
#[must_use]
pub fn check(deck: &Deck) -> Vec<Finding> {
    let mut checker = Checker::new(deck);
    checker.shown();
    checker.ledger();
    checker.layout(Trial::default())
}

/// What of a deck does not fit when its words are longer, its text is larger, or a screen hangs high. What the words say is
/// not looked at again.
#[must_use]
pub fn check_for(deck: &Deck, trial: Trial) -> Vec<Finding> {
    let deck = deck.clone().enlarged(trial.ease.text);
    Checker::new(&deck).layout(trial)
}

/// What stands in the way of showing a deck: all that [`check`] finds, but words that are there in English only, and the
/// ledger. Those words show as they are, and a translation can be watched while it grows; the ledger is not shown.
#[must_use]
pub fn faults(deck: &Deck) -> Vec<Finding> {
    faults_where(deck, &|_| true)
}

/// The same of a deck that was saved again: only what is not as it was before is laid out, so that a save shows at once
/// however large the deck is.
#[must_use]
pub fn faults_since(deck: &Deck, before: &Deck) -> Vec<Finding> {
    if deck.common() != before.common() {
        return faults(deck);
    }
    faults_where(deck, &|at| {
        before
            .find_slide(&deck.way(at))
            .is_none_or(|was| deck.slide(at) != before.slide(was) || deck.slide_words(at) != before.slide_words(was))
    })
}

fn faults_where(deck: &Deck, which: &dyn Fn(Position) -> bool) -> Vec<Finding> {
    let mut checker = Checker::new(deck);
    checker.shown();
    let mut findings = checker.layout_of(Trial::default(), which);
    findings.retain(|finding| finding.rule != FALLS_BACK);
    findings
}

/// What is wrong in what a deck shows, without laying its pages out: quick enough for every save.
#[must_use]
pub fn check_values(deck: &Deck) -> Vec<Finding> {
    let mut checker = Checker::new(deck);
    checker.shown();
    checker.findings
}

/// Words in one language, their file, and its outline.
#[derive(Clone)]
struct Tongue<'a> {
    words: &'a Words,
    source: &'a Arc<Source>,
    outline: Node,
}

impl<'a> Tongue<'a> {
    /// Where a way of keys leads to in the file, as far as it does.
    fn place(&self, way: &[&str]) -> Spot {
        let at = (0..=way.len()).rev().find_map(|n| {
            if n == 0 { Some(start(&self.outline)) } else { Some(self.outline.find(&way[..n])?.place()) }
        });
        Spot::new(self.source, at.unwrap_or(0..0))
    }

    fn topic(&self, topic: &Topic) -> Option<&'a Placed<TopicWords>> {
        self.words.topics.get(topic.slug.as_str())
    }

    fn slide(&self, topic: &Topic, slide: &Slide) -> Option<&'a Placed<SlideWords>> {
        self.topic(topic)?.slides.get(slide.slug.as_str())
    }
}

/// The first sign of a value: its name or bracket.
fn start(node: &Node) -> Range<usize> {
    node.at.start..(node.at.start + 1).min(node.at.end)
}

/// A check under way.
struct Checker<'a> {
    deck: &'a Deck,
    /// The outline of the structure.
    structure: Node,
    /// The language shown.
    tongue: Tongue<'a>,
    /// English, where another language is shown.
    english: Option<Tongue<'a>>,
    /// The outline of the house's words.
    house: Node,
    /// Which characters there are.
    type_: Typesetter,
    /// Keys of words that belong to nothing only because of a slip that is said elsewhere.
    explained: Vec<Spot>,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn new(deck: &'a Deck) -> Self {
        let structure = Node::of(&deck.structure_source.text);
        let outline = if Arc::ptr_eq(&deck.structure_source, &deck.words_source) {
            structure.find(&["words"]).map_or_else(Node::default, |found| found.value.clone())
        } else {
            Node::of(&deck.words_source.text)
        };
        let english = deck.fallback.as_deref().zip(deck.fallback_source.as_ref()).map(|(words, source)| Tongue {
            words,
            source,
            outline: Node::of(&source.text),
        });
        Self {
            deck,
            structure,
            tongue: Tongue { words: &deck.words, source: &deck.words_source, outline },
            english,
            house: Node::of(&deck.house_source.text),
            type_: Typesetter::new(),
            explained: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// A place in the structure.
    fn spot(&self, at: &Range<usize>) -> Spot {
        Spot::new(&self.deck.structure_source, at.clone())
    }

    /// A place in the file of the house's words.
    fn house_spot(&self, way: &[&str]) -> Spot {
        let at = (1..=way.len()).rev().find_map(|n| Some(self.house.find(&way[..n])?.place()));
        Spot::new(&self.deck.house_source, at.unwrap_or_else(|| start(&self.house)))
    }

    fn find(&mut self, rule: &'static str, spots: Vec<Spot>, message: String, expected: impl Into<String>) {
        self.findings.push(Finding { spots, rule, message, expected: expected.into() });
    }

    /// Where words should stand that are missing: at words that belong to nothing else and have nearly that key, or
    /// where their way leads. And what would be right.
    fn misplaced(&mut self, key: &str, orphans: &[&str], way: &[&str], shape: &str) -> (Spot, String) {
        let mut place = way.to_vec();
        place.push(nearest_of(key, orphans).unwrap_or(key));
        let spot = self.tongue.place(&place);
        match nearest_of(key, orphans) {
            Some(near) => {
                self.explained.push(spot.clone());
                (spot, format!("the same name in both places: `{near}` or `{key}`"))
            }
            None => (spot, format!("`\"{key}\": {shape}`")),
        }
    }

    /// All that is shown, but for how it is laid out.
    fn shown(&mut self) {
        self.structure();
        self.words();
        self.house();
    }

    /// Topics, slides, what there is to look at, and what plays while nobody is there.
    fn structure(&mut self) {
        let deck = self.deck;
        let topics = &deck.structure.topics;
        if topics.is_empty() {
            let at = self.structure.find(&["topics"]).map_or_else(|| 0..0, |found| found.value.at.clone());
            let spot = self.spot(&at);
            self.find("empty-deck", vec![spot], "This deck has no topic.".into(), "at least one topic with a slide");
        }
        self.slugs("topic", &topics.iter().map(|t| &t.slug).collect::<Vec<_>>());
        for (t, topic) in topics.iter().enumerate() {
            self.icon(&topic.icon.value, &topic.icon.at);
            if topic.slides.is_empty() {
                let spot = self.spot(&topic.slug.at);
                let message = format!("The topic `{}` has no slide.", topic.slug.value);
                self.find("empty-topic", vec![spot], message, "at least one slide");
            }
            self.slugs("slide", &topic.slides.iter().map(|s| &s.slug).collect::<Vec<_>>());
            for (s, slide) in topic.slides.iter().enumerate() {
                let at = Position { topic: t, slide: s, step: 0 };
                if slide.scene.is_none() && slide.still.is_none() && slide.layout != Layout::Sources {
                    let spot = self.spot(&slide.slug.at);
                    let message = format!("The slide `{}` has nothing to look at.", slide.slug.value);
                    let right = "a live `scene`, or a `still` of marks (only `layout: sources` needs neither)";
                    self.find("nothing-to-see", vec![spot], message, right);
                }
                if let Some(scene) = &slide.scene {
                    self.scene(at, scene);
                }
                if let Some(still) = &slide.still {
                    self.still(at, still);
                }
            }
        }
        self.attract();
    }

    /// Slugs name slides in `--at`, in words and in names of pictures.
    fn slugs(&mut self, what: &str, slugs: &[&Placed<String>]) {
        for (i, slug) in slugs.iter().enumerate() {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if slug.is_empty() || !slug.chars().all(fits) || slug.chars().all(|c| c.is_ascii_digit()) {
                let spot = self.spot(&slug.at);
                let message = format!("`{}` can't be the slug of a {what}.", slug.value);
                self.find("bad-slug", vec![spot], message, "small letters a to z, digits and `-`, with a letter in it");
            }
            if let Some(first) = slugs[..i].iter().find(|s| s.value == slug.value) {
                let spots = vec![self.spot(&slug.at), self.spot(&first.at)];
                let message = format!("There is already a {what} `{}` here.", slug.value);
                self.find("duplicate-slug", spots, message, "a slug of its own");
            }
        }
    }

    fn icon(&mut self, key: &str, at: &Range<usize>) {
        if !self.deck.icons.has(key) {
            let spot = self.spot(at);
            let names: Vec<&str> = self.deck.icons.names().collect();
            let message = format!("There is no pictogram called `{key}`.");
            let right = one_of(key, &names);
            self.find("unknown-icon", vec![spot], message, right);
        }
    }

    fn attract(&mut self) {
        let deck = self.deck;
        for stop in &deck.structure.attract {
            let spot = self.spot(&stop.slide.at);
            match deck.find_slide(&stop.slide) {
                None => {
                    let ways: Vec<String> = deck.walk().map(|at| deck.way(at)).collect();
                    let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
                    let message = format!("There is no slide `{}`.", stop.slide.value);
                    self.find("unknown-slide", vec![spot], message, one_of(&stop.slide, &ways));
                }
                Some(at) if deck.slide(at).scene.is_none() && deck.slide(at).still.is_none() => {
                    let spots = vec![spot, self.spot(&deck.slide(at).slug.at)];
                    let message = format!("`{}` has nothing to look at while nobody is there.", stop.slide.value);
                    self.find("nothing-plays", spots, message, "a slide with a `scene` or a `still`");
                }
                Some(_) => {}
            }
            if !(1..=LONGEST_STOP).contains(&stop.seconds.value) {
                let spot = self.spot(&stop.seconds.at);
                let message = format!("A stop can't take {} seconds.", stop.seconds.value);
                self.find("out-of-range", vec![spot], message, format!("1 to {LONGEST_STOP} seconds"));
            }
        }
    }

    /// What does not fit on its page, at the words in question.
    fn layout(self, trial: Trial) -> Vec<Finding> {
        self.layout_of(trial, &|_| true)
    }

    /// The same of some slides.
    fn layout_of(mut self, trial: Trial, which: &dyn Fn(Position) -> bool) -> Vec<Finding> {
        for (at, fault) in slides::check::layout_of(self.deck, trial, which) {
            let spot = self.place_of(at, &fault.what);
            let way = self.deck.way(at);
            let message = format!("{way}, {}: {}", fault.what, fault.message);
            let finding = Finding { spots: vec![spot], rule: fault.rule, message, expected: fault.expected };
            // The same words overflow in many looks and sizes; one place is said once.
            let again = |f: &Finding| f.rule == finding.rule && f.spots == finding.spots;
            if !self.findings.iter().any(again) {
                self.findings.push(finding);
            }
        }
        self.findings
    }

    /// Where the words stand that a page calls `what`: "headline", "step 2", "more", "control next", "word key".
    fn place_of(&self, at: Position, what: &str) -> Spot {
        let (topic, slide) = match self.deck.topic(at.topic) {
            Some(topic) => (topic, self.deck.slide(at)),
            None => return self.tongue.place(&["topics"]),
        };
        let tongue = match &self.english {
            Some(english) if self.tongue.slide(topic, slide).is_none() => english,
            _ => &self.tongue,
        };
        let value = |at: &Range<usize>| Spot::new(tongue.source, at.clone());
        // "more, paragraph 2" names a part of what it begins with.
        let (kind, key) = what.split_once(", paragraph ").or_else(|| what.split_once(' ')).unwrap_or((what, ""));
        let control = |key: &str| match tongue.words.controls.get(key) {
            Some(word) => value(&word.at),
            None => self.house_spot(&["controls", key]),
        };
        let words = tongue.slide(topic, slide);
        let found = match kind {
            "control" => Some(control(key)),
            // The overview names every topic: by its number, from 1.
            "title" => {
                let named = key.parse::<usize>().ok().and_then(|n| self.deck.topic(n.checked_sub(1)?));
                tongue.topic(named.unwrap_or(topic)).map(|t| value(&t.title.at))
            }
            "next" => self.deck.topic(at.topic + 1).and_then(|t| Some(value(&tongue.topic(t)?.title.at))),
            "headline" => words.map(|w| value(&w.headline.at)),
            "kicker" => words.and_then(|w| Some(value(&w.kicker.as_ref()?.at))),
            "attract" => words.and_then(|w| Some(value(&w.attract.as_ref()?.at))),
            "step" | "label" | "rule" => {
                let n = key.parse::<usize>().map_or(0, |n| n.saturating_sub(1));
                words.and_then(|w| Some(value(&w.steps.get(n)?.at)))
            }
            "more" => words.and_then(|w| w.more.as_ref()).map(|more| {
                let paragraph = key.parse::<usize>().ok().and_then(|n| more.text.get(n.checked_sub(1)?));
                value(paragraph.map_or_else(|| &more.title.at, |p| &p.at))
            }),
            "state" => words
                .and_then(|w| Some(value(&w.states.get(key)?.at)))
                .or_else(|| self.model_spot(slide, "states", key)),
            "word" | "caption" | "name" => words.and_then(|w| Some(value(&w.words.get(key)?.at))),
            "deed" | "pill" => self.model_spot(slide, "deeds", key),
            "refusal" => self.model_spot(slide, "refusals", key),
            "readout" | "column" | "figure" => {
                // Words of one network alone stand under its name and the key.
                let networks = slide.scene.iter().flat_map(|s| &s.networks);
                let mut keys: Vec<String> = networks.map(|n| format!("{}_{key}", n.name.as_str())).collect();
                keys.push(key.to_owned());
                let own = keys.iter().find_map(|key| words?.words.get(key)).map(|word| value(&word.at));
                own.or_else(|| keys.iter().find_map(|key| self.model_spot(slide, "labels", key)))
            }
            _ => None,
        };
        found.unwrap_or_else(|| tongue.place(&["topics", &topic.slug, "slides", &slide.slug]))
    }

    /// Where a word of the slide's model stands: in the deck's words, else in the house's.
    fn model_spot(&self, slide: &Slide, section: &str, key: &str) -> Option<Spot> {
        slide.scene.as_ref()?.networks.iter().find_map(|network| {
            let model = network.model.as_str();
            let own = self.deck.words.models.get(model).and_then(|m| m.section(section)?.get(key));
            if let Some(word) = own {
                return Some(Spot::new(&self.deck.words_source, word.at.clone()));
            }
            let word = self.deck.house.models.get(model).and_then(|m| m.section(section)?.get(key))?;
            Some(Spot::new(&self.deck.house_source, word.at.clone()))
        })
    }
}
