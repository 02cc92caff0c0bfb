//! What is shown, read from where it is named: a deck, the files that it is shown with, and the looks among them.

#[cfg(feature = "exhibit")]
use super::{complain, usage};
use crate::{
    deck::{Deck, assets::Assets, load::languages, place::Finding},
    ink::look::Look,
};
use std::path::{Path, PathBuf};
#[cfg(feature = "exhibit")]
use std::process::ExitCode;

/// Why nothing can be shown.
#[derive(Debug)]
pub enum Unread {
    /// There are no words in that language.
    Language(String),
    /// What is wrong with the deck, or with the assets.
    Findings(Vec<Finding>),
}

impl Unread {
    /// Says so on standard error.
    #[cfg(feature = "exhibit")]
    #[must_use]
    pub fn complain(self) -> ExitCode {
        match self {
            Self::Language(message) => usage(&message),
            Self::Findings(findings) => {
                findings.iter().for_each(|finding| complain(&finding.render()));
                ExitCode::from(1)
            }
        }
    }

    /// The same for staff, of a file of settings.
    #[must_use]
    pub fn findings(self, config: &Path) -> Vec<Finding> {
        match self {
            Self::Findings(findings) => findings,
            Self::Language(message) => {
                let name = config.display().to_string();
                let expected = "one of those languages".into();
                vec![Finding::of_file(&name, "wrong-setting", format!("For `language`: {message}."), expected)]
            }
        }
    }
}

/// What is shown: a deck, the files that it is shown with, and the looks among them.
pub type Shown = (Deck, Assets, Vec<Look>);

/// Reads a deck, or says on standard error what is wrong with it.
///
/// # Errors
/// Something is, and it has been said: the code to exit with.
#[cfg(feature = "exhibit")]
pub fn load(deck: Option<&PathBuf>, assets: Option<&PathBuf>, lang: &str) -> Result<Shown, ExitCode> {
    read(deck, assets, lang).map_err(Unread::complain)
}

/// Reads a deck and what it is shown with.
///
/// # Errors
/// What is wrong with it.
pub fn read(deck: Option<&PathBuf>, assets: Option<&PathBuf>, lang: &str) -> Result<Shown, Unread> {
    let overlay = Assets::new(assets.map(PathBuf::as_path));
    let tongues = languages(deck.map(PathBuf::as_path));
    // A deck of one file has but its own language, whatever that is called.
    let told = deck.is_some_and(|deck| !deck.is_dir()) || overlay.text(&format!("words/{lang}.ron")).is_some();
    if !told && !tongues.iter().any(|tongue| tongue == lang) {
        return Err(Unread::Language(format!("there are no words in `{lang}`; there is {}", tongues.join(", "))));
    }
    let assets = assets.map(PathBuf::as_path);
    let deck = match deck {
        Some(deck) => Deck::load(Some(deck), assets, lang),
        None => Deck::built_in(assets, lang),
    };
    let deck = deck.map_err(Unread::Findings)?;
    let looks = Look::all(|name| overlay.text(name).map(|(_, text)| text)).map_err(|error| {
        let expected = "a look that can be read, as those built in".into();
        Unread::Findings(vec![Finding::of_file(&error.name, "look", error.to_string(), expected)])
    })?;
    Ok((deck, overlay, looks))
}
