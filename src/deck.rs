//! What a deck is: topics, slides, steps, scenes and words; how it is read, checked and walked through.

pub mod action;
pub mod assets;
pub mod check;
pub mod cursor;
pub mod enlarge;
pub mod ledger;
pub mod load;
pub mod outline;
pub mod parts;
pub mod place;
pub mod state;
pub mod structure;
pub mod words;

use self::{
    cursor::{Shape, SlideShape},
    place::Source,
    state::Position,
    structure::{Layout, Slide, Structure, Topic},
    words::{HouseWords, ModelWords, SlideWords, TopicWords, Words},
};
use crate::sim::model::nearest;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

/// A deck as it was read: structure, words, and the files that they came from.
#[derive(Clone, Debug)]
pub struct Deck {
    /// Topics, slides, scenes, attract list.
    pub structure: Structure,
    /// The file of the structure.
    pub structure_source: Arc<Source>,
    /// The deck's words in the language shown.
    pub words: Words,
    /// The file of the words; the same as the structure's in a deck of one file.
    pub words_source: Arc<Source>,
    /// The deck's words in English, where another language lacks some.
    pub fallback: Option<Box<Words>>,
    /// The file of the deck's words in English.
    pub fallback_source: Option<Arc<Source>>,
    /// The file of the deck's ledger of facts, if it keeps one. Only `check` reads it.
    pub facts_source: Option<Arc<Source>>,
    /// The words that the exhibit brings.
    pub house: HouseWords,
    /// The file of the exhibit's own words.
    pub house_source: Arc<Source>,
    /// The exhibit's own words in English, where another language lacks some.
    pub house_fallback: Option<Box<HouseWords>>,
    /// The pictograms.
    pub icons: crate::ink::icons::Icons,
    /// The language shown, as its file of words is called: `en`.
    pub lang: String,
    /// A hash of all that was read, to tell decks apart.
    pub hash: u64,
    /// The deck's folder or file and the folder of assets, to be watched for changes: empty for the built-in deck.
    /// Editors save by renaming, so a watcher of a file watches the folder that it lies in.
    pub watch: Vec<PathBuf>,
}

/// The slide shown for a place that the deck hasn't, so that a wall never ends for that.
static NO_SLIDE: LazyLock<Slide> =
    LazyLock::new(|| Slide { slug: place::Placed::default(), layout: Layout::Sources, scene: None, still: None });

/// The words of a slide that has none.
static NO_WORDS: LazyLock<SlideWords> = LazyLock::new(SlideWords::default);

impl Deck {
    /// The language shown by its code of two letters (ISO 639-1), if it has one.
    #[must_use]
    pub fn language(&self) -> Option<[u8; 2]> {
        self.lang.as_bytes().get(..2)?.try_into().ok()
    }

    /// How many topics there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.structure.topics.len()
    }

    /// Whether there is no topic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.structure.topics.is_empty()
    }

    /// A topic, counted from 0.
    #[must_use]
    pub fn topic(&self, topic: usize) -> Option<&Topic> {
        self.structure.topics.get(topic)
    }

    /// How many slides a topic has.
    #[must_use]
    pub fn slides(&self, topic: usize) -> usize {
        self.topic(topic).map_or(0, |t| t.slides.len())
    }

    /// The slide at a place; an empty one where the deck has none.
    #[must_use]
    pub fn slide(&self, at: Position) -> &Slide {
        self.topic(at.topic).and_then(|t| t.slides.get(at.slide)).unwrap_or(&NO_SLIDE)
    }

    /// Every slide of the deck in the order of the walk, at its first step.
    pub fn walk(&self) -> impl Iterator<Item = Position> {
        (0..self.len()).flat_map(|topic| (0..self.slides(topic)).map(move |slide| Position { topic, slide, step: 0 }))
    }

    /// The words of the slide at a place: in the language shown, else in English, else none.
    #[must_use]
    pub fn slide_words(&self, at: Position) -> &SlideWords {
        let (Some(topic), slide) = (self.topic(at.topic), self.slide(at)) else {
            return &NO_WORDS;
        };
        let words = words_of(&self.words, topic, slide);
        words.or_else(|| words_of(self.fallback.as_deref()?, topic, slide)).unwrap_or(&NO_WORDS)
    }

    /// A word of the slide's still or scene: in the language shown, else in English.
    #[must_use]
    pub fn slide_word(&self, at: Position, key: &str) -> Option<&str> {
        let (topic, slide) = (self.topic(at.topic)?, self.slide(at));
        [Some(&self.words), self.fallback.as_deref()]
            .into_iter()
            .flatten()
            .find_map(|words| words_of(words, topic, slide)?.words.get(key))
            .map(|word| word.as_str())
    }

    /// The headline of a slide while a named state of its scene holds, if the slide says one itself.
    #[must_use]
    pub fn slide_state(&self, at: Position, state: &str) -> Option<&str> {
        let (topic, slide) = (self.topic(at.topic)?, self.slide(at));
        [Some(&self.words), self.fallback.as_deref()]
            .into_iter()
            .flatten()
            .find_map(|words| words_of(words, topic, slide)?.states.get(state))
            .map(|word| word.as_str())
    }

    /// How many steps a slide has: at least one.
    #[must_use]
    pub fn steps(&self, topic: usize, slide: usize) -> usize {
        self.slide_words(Position { topic, slide, step: 0 }).steps.len().max(1)
    }

    /// A topic's name: in the language shown, else in English, else its slug.
    #[must_use]
    pub fn topic_title(&self, topic: usize) -> &str {
        let Some(slug) = self.topic(topic).map(|t| t.slug.as_str()) else {
            return "";
        };
        let title = |words: &'_ TopicWords| !words.title.is_empty();
        self.words
            .topics
            .get(slug)
            .filter(|t| title(t))
            .or_else(|| self.fallback.as_ref()?.topics.get(slug))
            .map_or(slug, |t| t.title.as_str())
    }

    /// A word of the controls: the deck's, else the house's, else the same in English, else the key itself.
    #[must_use]
    pub fn control<'a>(&'a self, key: &'a str) -> &'a str {
        [
            Some(&self.words.controls),
            Some(&self.house.controls),
            self.fallback.as_deref().map(|w| &w.controls),
            self.house_fallback.as_deref().map(|w| &w.controls),
        ]
        .into_iter()
        .flatten()
        .find_map(|words| words.get(key))
        .map_or(key, |word| word.as_str())
    }

    /// A word of a model: the deck's, else the house's, else the same in English. `section` is a field of
    /// [`ModelWords`]: `states`, `deeds`, `refusals`, `labels`, `figures`, `settings`, `card`, `marks`.
    #[must_use]
    pub fn model_word(&self, model: &str, section: &str, key: &str) -> Option<&str> {
        self.model_words(model).find_map(|words| words.section(section)?.get(key)).map(|word| word.as_str())
    }

    /// All words about a model, those that hold first.
    pub(crate) fn model_words(&self, model: &str) -> impl Iterator<Item = &ModelWords> {
        [
            Some(&self.words.models),
            Some(&self.house.models),
            self.fallback.as_deref().map(|w| &w.models),
            self.house_fallback.as_deref().map(|w| &w.models),
        ]
        .into_iter()
        .flatten()
        .filter_map(move |models: &BTreeMap<String, ModelWords>| models.get(model))
    }

    /// The topic and slide of "topic/slide", by their slugs.
    #[must_use]
    pub fn find_slide(&self, way: &str) -> Option<Position> {
        let (topic, slide) = way.split_once('/')?;
        let topic_at = self.structure.topics.iter().position(|t| t.slug.as_str() == topic)?;
        let slide_at = self.structure.topics[topic_at].slides.iter().position(|s| s.slug.as_str() == slide)?;
        Some(Position { topic: topic_at, slide: slide_at, step: 0 })
    }

    /// The first slide that is not as it was in an earlier reading: what a curator has just edited. Nothing if no slide
    /// is another; the slide at `here` comes first if it is among them.
    #[must_use]
    pub fn edited_since(&self, before: &Self, here: Position) -> Option<Position> {
        let edited = |at: &Position| {
            before.find_slide(&self.way(*at)).is_none_or(|was| {
                self.slide(*at) != before.slide(was) || self.slide_words(*at) != before.slide_words(was)
            })
        };
        Some(here).filter(edited).or_else(|| self.walk().find(edited))
    }

    /// What more than one slide shows: names of topics, and words of controls and models.
    pub(crate) fn common(&self) -> impl PartialEq + '_ {
        let topics: Vec<(&str, &str, usize)> = (self.structure.topics.iter().enumerate())
            .map(|(n, topic)| (topic.slug.as_str(), self.topic_title(n), topic.slides.len()))
            .collect();
        (topics, &self.words.controls, &self.words.models, &self.house, &self.icons.source.text)
    }

    /// The way "topic/slide" to a place.
    #[must_use]
    pub fn way(&self, at: Position) -> String {
        let topic = self.topic(at.topic).map_or("", |t| t.slug.as_str());
        format!("{topic}/{}", self.slide(at).slug.as_str())
    }

    /// The place that `TOPIC[/SLIDE[/STEP]]` names, each by its number from 1 or its slug.
    ///
    /// # Errors
    /// One line: what there is not, and what there is.
    pub fn position_of(&self, text: &str) -> Result<Position, String> {
        let mut parts = text.split('/');
        let slugs: Vec<&str> = self.structure.topics.iter().map(|t| t.slug.as_str()).collect();
        let topic = place_in("topic", parts.next().unwrap_or_default(), &slugs)?;
        let slides = self.topic(topic).map(|t| t.slides.as_slice()).unwrap_or_default();
        let slugs: Vec<&str> = slides.iter().map(|s| s.slug.as_str()).collect();
        let slide = parts.next().map_or(Ok(0), |part| place_in("slide", part, &slugs))?;
        let steps = self.steps(topic, slide);
        let step = match parts.next() {
            None => 0,
            Some(part) => match part.parse::<usize>() {
                Ok(n) if (1..=steps).contains(&n) => n - 1,
                _ => {
                    let at = self.way(Position { topic, slide, step: 0 });
                    return Err(format!("there is no step `{part}` of {at}: it is a number from 1 to {steps}"));
                }
            },
        };
        if parts.next().is_some() {
            return Err(format!("`{text}` has too many parts: a place is TOPIC[/SLIDE[/STEP]]"));
        }
        Ok(Position { topic, slide, step })
    }

    /// What the cursor must know of the deck.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let slide = |topic, slide| {
            let at = Position { topic, slide, step: 0 };
            SlideShape { steps: self.steps(topic, slide), more: self.slide_words(at).more.is_some() }
        };
        Shape::new((0..self.len()).map(|t| (0..self.slides(t)).map(|s| slide(t, s)).collect()).collect())
    }
}

/// The words of a slide in one language.
fn words_of<'a>(words: &'a Words, topic: &Topic, slide: &Slide) -> Option<&'a SlideWords> {
    words.topics.get(topic.slug.as_str())?.slides.get(slide.slug.as_str()).map(|words| &words.value)
}

/// The place of a part of `--at`: a slug, or a number from 1.
fn place_in(what: &str, part: &str, slugs: &[&str]) -> Result<usize, String> {
    if let Some(i) = slugs.iter().position(|s| *s == part) {
        return Ok(i);
    }
    match part.parse::<usize>() {
        Ok(n) if (1..=slugs.len()).contains(&n) => Ok(n - 1),
        Ok(_) => Err(format!("there is no {what} {part}: there are {}", slugs.len())),
        Err(_) => Err(format!("there is no {what} `{part}`; {}", nearest(part, slugs))),
    }
}
