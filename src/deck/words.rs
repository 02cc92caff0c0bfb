//! A deck's words in one language, and the words of models and controls that the exhibit brings.

use super::place::Placed;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Text under a key.
pub type Texts = BTreeMap<String, Placed<String>>;

/// A deck's words in one language, as `words/<lang>.ron` holds them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The language's own name: "English".
    pub language: Placed<String>,
    /// Under each topic's slug its words.
    pub topics: BTreeMap<String, Placed<TopicWords>>,
    /// Words of models that this deck says differently, under the model's name.
    #[serde(default)]
    pub models: BTreeMap<String, ModelWords>,
    /// Words of controls that this deck says differently.
    #[serde(default)]
    pub controls: Texts,
}

/// A topic's words.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicWords {
    /// Its name, in chrome and overview.
    pub title: Placed<String>,
    /// Under each slide's slug its words.
    pub slides: BTreeMap<String, Placed<SlideWords>>,
}

/// A slide's words, in three depths.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlideWords {
    /// A short line above the headline: a year, a name.
    #[serde(default)]
    pub kicker: Option<Placed<String>>,
    /// The headline at rest, at most 12 words.
    pub headline: Placed<String>,
    /// The headline while a named state of the scene holds. Overrides the model's own.
    #[serde(default)]
    pub states: Texts,
    /// Labels, each taking the place of the one before, at most 50 words each. On a scene slide the first is the rule,
    /// at most 20.
    pub steps: Vec<Placed<String>>,
    /// The depth for who stays.
    #[serde(default)]
    pub more: Option<More>,
    /// What a presenter should ask and show.
    #[serde(default)]
    pub notes: Option<Placed<String>>,
    /// The same for each step, in their order; there may be fewer than steps, and one may be empty.
    #[serde(default)]
    pub step_notes: Vec<Placed<String>>,
    /// Words of the slide's still or scene, by key.
    #[serde(default)]
    pub words: Texts,
    /// The headline, and the words under "touch to begin", while this slide's scene plays itself.
    #[serde(default)]
    pub attract: Option<Placed<String>>,
}

impl SlideWords {
    /// What a presenter should say at a step, then what at the slide as a whole; without a step, at all of them.
    #[must_use]
    pub fn notes_at(&self, step: Option<usize>) -> Vec<&str> {
        let own = self.step_notes.iter().enumerate().filter(|(i, _)| step.is_none_or(|step| step == *i));
        let own = own.map(|(_, notes)| notes.value.as_str()).filter(|notes| !notes.is_empty());
        own.chain(self.notes.as_ref().map(|notes| notes.value.as_str())).collect()
    }
}

/// The third depth.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct More {
    /// Its title.
    pub title: Placed<String>,
    /// Its paragraphs.
    pub text: Vec<Placed<String>>,
}

/// A model's words. Every key that the model may say must be here, or `check` says so.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelWords {
    /// One sentence that says what it models; `sim --list` prints it.
    #[serde(default)]
    pub about: Option<Placed<String>>,
    /// Named states, as headlines.
    #[serde(default)]
    pub states: Texts,
    /// Deeds, as said on a pill.
    #[serde(default)]
    pub deeds: Texts,
    /// Refusals, as one line.
    #[serde(default)]
    pub refusals: Texts,
    /// What stands beside a figure: "of 30 copies". May quote figures.
    #[serde(default)]
    pub labels: Texts,
    /// What each figure means; `sim --list` prints it.
    #[serde(default)]
    pub figures: Texts,
    /// What each setting means; `sim --list` prints it.
    #[serde(default)]
    pub settings: Texts,
    /// Rows of a held peer's card, and words that stand in them.
    #[serde(default)]
    pub card: Texts,
    /// Words beside marked peers.
    #[serde(default)]
    pub marks: Texts,
}

impl ModelWords {
    /// The names of the sections, as they stand in a file of words.
    pub const SECTIONS: [&'static str; 8] =
        ["states", "deeds", "refusals", "labels", "figures", "settings", "card", "marks"];

    /// A section by its name.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&Texts> {
        match name {
            "states" => Some(&self.states),
            "deeds" => Some(&self.deeds),
            "refusals" => Some(&self.refusals),
            "labels" => Some(&self.labels),
            "figures" => Some(&self.figures),
            "settings" => Some(&self.settings),
            "card" => Some(&self.card),
            "marks" => Some(&self.marks),
            _ => None,
        }
    }
}

/// The words that the exhibit brings, as `assets/words/<lang>.ron` holds them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseWords {
    /// The language's own name.
    pub language: Placed<String>,
    /// Words of the controls, overlays and messages.
    pub controls: Texts,
    /// Words of the models, by name.
    pub models: BTreeMap<String, ModelWords>,
}
