//! The ledger of facts: which fact of which source stands on which slide, and how it was treated.
//!
//! An exhibit that grew out of texts owes each of their paragraphs an answer. `facts.ron`, beside `deck.ron`, counts the
//! paragraphs of every source; each number stands in a fact, or among those that hold none, with the reason. It is no part
//! of what is shown: the wall never reads it, `check` does.

use super::place::Placed;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The ledger, as `facts.ron` holds it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The sources, under the names that facts call them by.
    pub sources: BTreeMap<String, Placed<LedgerSource>>,
    /// The facts.
    pub facts: Vec<Placed<Fact>>,
    /// Paragraphs that hold none.
    #[serde(default)]
    pub without: Vec<Without>,
}

/// A source.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerSource {
    /// What it is, and of when.
    pub about: String,
    /// How many paragraphs it has: lines with something on them, counted from 1.
    pub paragraphs: u32,
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The fact, in our words.
    pub fact: String,
    /// In which paragraphs of which sources it stands.
    pub from: BTreeMap<String, Placed<Vec<u32>>>,
    /// The slide that tells it, "topic/slide".
    pub slide: Placed<String>,
    /// How it was treated.
    pub treated: Placed<Treated>,
    /// Its years, figures or names: each occurs in the words of the slide.
    pub shown: Vec<Placed<String>>,
    /// What was put right, or who disagrees with whom.
    #[serde(default)]
    pub note: Option<String>,
}

/// How a fact was treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treated {
    /// Told as the source has it, in our words.
    Told,
    /// Told with the date for which it holds.
    Dated,
    /// Sources disagree: both stand, with their origin.
    Both,
    /// Wrong or outdated: put right, with the source's version in *more*.
    Corrected,
}

/// Paragraphs of a source that hold no fact.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// The source.
    pub source: Placed<String>,
    /// Its paragraphs.
    pub paragraphs: Placed<Vec<u32>>,
    /// Why they hold none.
    pub reason: Placed<String>,
}

/// Whether a text has some words in it, whole ones, in capitals or not. Spaces of every kind are one, and what only helps
/// to set a text (soft hyphens, the marks around titles) is not seen.
#[must_use]
pub fn says(text: &str, words: &str) -> bool {
    let (text, words) = (plain(text), plain(words));
    let whole = |at: usize| {
        let (before, after) = (text[..at].chars().next_back(), text[at + words.len()..].chars().next());
        let inside = |next: Option<char>, edge: Option<char>| {
            next.is_some_and(char::is_alphanumeric) && edge.is_some_and(char::is_alphanumeric)
        };
        !inside(before, words.chars().next()) && !inside(after, words.chars().next_back())
    };
    !words.is_empty() && text.match_indices(&words).any(|(at, _)| whole(at))
}

fn plain(text: &str) -> String {
    let seen = text.chars().filter(|c| !matches!(c, '\u{ad}' | '_'));
    let spaced: String = seen.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn words_are_found_whole_however_they_are_set() {
        assert!(says("By 2001\u{a0}it was _Peer-to-Peer_.", "2001 IT"));
        assert!(says("2.24 % downstream", "2.24\u{202f}%"));
        assert!(says("pro\u{ad}to\u{ad}col", "protocol"));
        assert!(says("(1999)", "1999"));
        assert!(!says("In 19990", "1999"), "a part of a number is none");
        assert!(!says("Napsterised", "Napster"));
        assert!(!says("anything", ""), "nothing is never shown");
    }
}
