//! What a deck is: topics, slides, steps, scenes and words; how it is read, checked and walked through.

pub mod action;
pub mod check;
pub mod cursor;
pub mod load;
pub mod place;
pub mod state;
pub mod structure;
pub mod words;

use self::{place::{Placed, Source, Spot}, structure::{Slide, Structure, Topic}, words::{HouseWords, ModelWords, SlideWords, TopicWords, Words}};
use std::sync::Arc;

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
    /// The words that the exhibit brings.
    pub house: HouseWords,
    /// The file of the exhibit's own words.
    pub house_source: Arc<Source>,
    /// The pictograms.
    pub icons: crate::ink::icons::Icons,
    /// A hash of all that was read, to tell decks apart.
    pub hash: u64,
}
