//! `peerscape` without a command: the exhibit.

use super::{complain, usage};
use crate::{
    app::exhibit::{Options, open},
    deck::{Deck, assets::Assets, load::languages, place::Finding},
    ink::look::{self, Look},
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// How the exhibit opens.
#[derive(Args, Debug, Clone)]
pub struct ExhibitArgs {
    /// A window of this size instead of the whole screen; it may be closed.
    #[arg(long, value_name = "WxH", value_parser = super::size)]
    pub windowed: Option<[u32; 2]>,
    /// A deck to show instead of the one built in: a folder, or one file. It reloads when saved.
    #[arg(long, value_name = "PATH")]
    pub deck: Option<PathBuf>,
    /// A folder whose files stand in for those built in (looks, words, pictograms, bindings), file by file.
    #[arg(long, value_name = "DIR", value_parser = super::folder)]
    pub assets: Option<PathBuf>,
    /// Where to begin: numbers from 1, or slugs: `3`, `3/1`, `side-by-side/live/2`.
    #[arg(long, value_name = "TOPIC[/SLIDE[/STEP]]")]
    pub at: Option<String>,
    /// The look to begin with: night, paper, blueprint, terminal or contrast.
    #[arg(long, value_name = "NAME", value_parser = look_name)]
    pub look: Option<usize>,
    /// The language of words.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: String,
    /// After so many seconds without a touch the exhibit asks whether anybody is there.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(3..=86_400))]
    pub idle: u32,
    /// Nothing moves that need not: packets fade in and out, slides cross-fade.
    #[arg(long)]
    pub reduced_motion: bool,
    /// The seed of all chance in the scenes: the same seed, the same run.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = super::seed)]
    pub seed: u64,
}

/// A look's number by its name.
///
/// # Errors
/// The nearest look, and all there are.
pub fn look_name(text: &str) -> Result<usize, String> {
    look::NAMES.iter().position(|name| *name == text).ok_or_else(|| {
        let nearest = crate::sim::model::nearest(text, &look::NAMES);
        if nearest.starts_with("there is") {
            nearest.into_owned()
        } else {
            format!("there is {}; {nearest}", look::NAMES.join(", "))
        }
    })
}

/// Reads a deck, or says on standard error what is wrong with it.
pub(super) fn load(
    deck: Option<&PathBuf>,
    assets: Option<&PathBuf>,
    lang: &str,
) -> Result<(Deck, Assets, Vec<Look>), ExitCode> {
    let overlay = Assets::new(assets.map(PathBuf::as_path));
    let tongues = languages(deck.map(PathBuf::as_path));
    // A deck of one file has but its own language, whatever that is called.
    let told = deck.is_some_and(|deck| !deck.is_dir()) || overlay.text(&format!("words/{lang}.ron")).is_some();
    if !told && !tongues.iter().any(|tongue| tongue == lang) {
        return Err(usage(&format!("there are no words in `{lang}`; there is {}", tongues.join(", "))));
    }
    let refuse = |findings: &[Finding]| {
        for finding in findings {
            complain(&finding.render());
        }
        ExitCode::from(1)
    };
    let deck = Deck::load(deck.map(PathBuf::as_path), assets.map(PathBuf::as_path), lang).map_err(|f| refuse(&f))?;
    let looks = Look::all(|name| overlay.text(name).map(|(_, text)| text)).map_err(|e| {
        complain(&e.to_string());
        ExitCode::from(1)
    })?;
    Ok((deck, overlay, looks))
}

/// Opens the exhibit and stays until it is over.
#[must_use]
pub fn run(args: &ExhibitArgs) -> ExitCode {
    let (deck, assets, looks) = match load(args.deck.as_ref(), args.assets.as_ref(), &args.lang) {
        Ok(all) => all,
        Err(code) => return code,
    };
    let at = match args.at.as_deref().map(|at| deck.position_of(at)).transpose() {
        Ok(at) => at.unwrap_or_default(),
        Err(message) => return usage(&message),
    };
    open(Options {
        deck,
        assets,
        looks,
        at,
        look: args.look.unwrap_or(0),
        deck_path: args.deck.clone(),
        lang: args.lang.clone(),
        idle: args.idle,
        windowed: args.windowed,
        reduced: args.reduced_motion,
        seed: args.seed,
        begin_in_attract: args.at.is_none(),
    })
}
