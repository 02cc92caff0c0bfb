//! `peerscape check`: what is wrong in decks, each at its place, with what would be right.

use super::reading::read;
use crate::{
    deck::{
        Deck,
        check::{check, check_for},
        load::{Assets, languages},
        place::{Finding, Spot, json_all, render_all},
    },
    ink::look::Look,
    input::bindings::Bindings,
    kiosk::settings::Settings,
    slides::{
        check::Trial,
        ease::{Ease, LARGEST},
    },
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// A deck has findings.
const FOUND: u8 = 1;

/// Every page is tried once more in the largest text.
const LARGE: Ease = Ease { text: LARGEST, low: None };

/// And once as a seated visitor has it before a screen of 55 inches whose lower edge hangs at 1 m.
const SEATED: Ease = Ease { text: 100, low: Some(731.0) };

/// Checks decks: words, scenes, stills, and whether every label fits its page in every look and size.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct CheckArgs {
    /// Folders with `deck.ron` and `words/`, or single files with their words; the built-in deck if none is named
    #[arg(value_name = "DECK")]
    pub decks: Vec<PathBuf>,

    /// Try every page with words so many percent as long as well, to leave room for other languages
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u32).range(100..=200))]
    pub length: u32,

    /// Print the findings as one JSON list: file, line, column, rule, message, expected
    #[arg(long)]
    pub json: bool,

    /// A folder whose files take the place of the built-in assets (looks, bindings, pictograms, words)
    #[arg(long, value_name = "DIR", value_parser = super::folder)]
    pub assets: Option<PathBuf>,

    /// A file of settings, as the exhibit takes it: checked with the decks that are named, or alone
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Checks the decks that are named and prints what it finds: exit status 0 if that is nothing, 1 if something, 2 if a
/// deck does not exist.
#[must_use]
pub fn run(args: &CheckArgs) -> ExitCode {
    for path in &args.decks {
        if !path.exists() {
            return super::usage(&format!("there is no `{}`: a deck is a folder or one file", path.display()));
        }
    }
    let assets = args.assets.as_deref();
    let mut findings = of_assets(&Assets::new(assets));
    let mut clean = Vec::new();
    if let Some(config) = &args.config {
        let (settings, mut wrong) = Settings::load(config);
        if let Err(unread) = read(settings.deck.as_ref(), settings.assets.as_ref(), &settings.language) {
            wrong.extend(unread.findings(config));
        }
        if wrong.is_empty() {
            clean.push(format!("{}: nothing to say against the settings", config.display()));
        }
        add(&mut findings, wrong);
    }
    let built_in: &[Option<&Path>] = if args.config.is_some() { &[] } else { &[None] };
    let named: Vec<Option<&Path>> = args.decks.iter().map(|d| Some(d.as_path())).collect();
    for path in if named.is_empty() { built_in } else { named.as_slice() } {
        let before = findings.len();
        let mut slides = 0;
        let tongues = languages(*path);
        for lang in &tongues {
            match Deck::load(*path, assets, lang) {
                Ok(deck) => {
                    slides = deck.walk().count();
                    add(&mut findings, check(&deck));
                    for ease in [LARGE, SEATED] {
                        add(&mut findings, check_for(&deck, Trial { ease, ..Trial::default() }));
                    }
                    if args.length > 100 {
                        let trial = Trial { length_percent: args.length, ..Trial::default() };
                        add(&mut findings, check_for(&deck, trial));
                    }
                }
                Err(more) => add(&mut findings, more),
            }
        }
        if findings.len() == before {
            let name = path.map_or_else(|| "the built-in deck".into(), |p| p.display().to_string());
            clean.push(format!("{name}: nothing to say against {slides} slides ({})", tongues.join(", ")));
        }
    }
    if args.json {
        println!("{:#}", json_all(&findings));
    } else {
        print!("{}", render_all(&findings));
        for line in clean {
            println!("{line}");
        }
        match findings.len() {
            0 => {}
            1 => println!("1 finding"),
            n => println!("{n} findings"),
        }
    }
    if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) }
}

/// What is wrong in looks and bindings; pictograms and words are read with each deck.
#[must_use]
pub fn of_assets(assets: &Assets) -> Vec<Finding> {
    let mut findings = Bindings::of_assets(assets).err().unwrap_or_default();
    if let Err(error) = Look::all(|name| assets.text(name).map(|(_, text)| text)) {
        match assets.source(&format!("looks/{}.ron", error.name)) {
            Ok(source) => findings.push(Finding {
                spots: vec![Spot::at_line_column(&source, error.line, error.column)],
                rule: "syntax",
                message: error.message,
                expected: "a look as the built-in ones are written".into(),
            }),
            Err(more) => findings.extend(more),
        }
    }
    findings
}

/// Adds findings, each once: languages and decks share files.
fn add(findings: &mut Vec<Finding>, more: Vec<Finding>) {
    for finding in more {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}
