//! `peerscape present`: the exhibit before an audience, and a window beside it for who speaks.

use super::{exhibit::look_name, source::SourceArgs, usage};
use crate::{
    app::{
        exhibit::{Options, open},
        present::Wanted,
    },
    kiosk::settings::Settings,
};
use clap::Args;
use std::process::ExitCode;

/// What is presented, to whom, and how long.
#[derive(Args, Debug)]
pub struct PresentArgs {
    /// The deck, its words and its chance.
    #[command(flatten)]
    source: SourceArgs,
    /// How long the talk may take, in minutes.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: u32,
    /// The audience's monitor by its name, as `peerscape status` prints it; else the one that is not the first.
    #[arg(long, value_name = "MONITOR")]
    audience: Option<String>,
    /// Where to begin: numbers from 1, or slugs: `3`, `3/1`, `side-by-side/live/2`.
    #[arg(long, value_name = "TOPIC[/SLIDE[/STEP]]")]
    at: Option<String>,
    /// The look to begin with: night, paper, blueprint, terminal or contrast.
    #[arg(long, value_name = "NAME", value_parser = look_name)]
    look: Option<usize>,
}

/// Presents until the presenter leaves.
#[must_use]
pub fn run(args: &PresentArgs) -> ExitCode {
    let (deck, assets, looks) = match args.source.load() {
        Ok(all) => all,
        Err(code) => return code,
    };
    let at = match args.at.as_deref().map(|at| deck.position_of(at)).transpose() {
        Ok(at) => at.unwrap_or_default(),
        Err(message) => return usage(&message),
    };
    let usual = Settings::default();
    let settings = Settings {
        deck: args.source.deck.clone(),
        assets: args.source.assets.clone(),
        language: args.source.lang.clone(),
        look: args.look.unwrap_or(usual.look),
        // Nobody walks away from a talk.
        idle: crate::kiosk::idle::MOST_SECONDS as u32,
        attract: false,
        pixel_shift: 0,
        ..usual
    };
    let present = Some(Wanted { minutes: args.minutes, audience: args.audience.clone() });
    open(Options { at, settings, seed: args.source.seed, present, ..Options::of(deck, assets, looks) })
}
