//! `peerscape replay`: a wall that was recorded, once more.

use super::{complain, exhibit::load, usage};
use crate::{
    app::{
        clock::STEPS_PER_SECOND,
        exhibit::{Exhibit, Options, leave_on_panic, off_screen, off_screen_picture, open},
        tape::{self, Player},
    },
    input::tape::{Head, Tape},
};
use clap::Args;
use std::{fs::File, path::PathBuf, process::ExitCode};

/// A picture is drawn this often where nobody looks, so that drawing is tried as well: every ten seconds of the tape.
const DRAWN: u64 = 10 * STEPS_PER_SECOND;

/// Which tape, and how.
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// The tape, as `--record` wrote it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// As fast as may be, without a window
    #[arg(long)]
    fast: bool,
    /// Only so far, in seconds since the start
    #[arg(long, value_name = "SECONDS")]
    until: Option<u32>,
    /// Save the last picture as PNG
    #[arg(long, value_name = "FILE", requires = "fast")]
    picture: Option<PathBuf>,
    /// The deck, if it is elsewhere now
    #[arg(long, value_name = "PATH")]
    deck: Option<PathBuf>,
}

/// Plays it, and prints a hash of how the wall stands at its end.
#[must_use]
pub fn run(args: &ReplayArgs) -> ExitCode {
    let read = File::open(&args.file).map_err(Into::into).and_then(Tape::read);
    let tape = match read {
        Ok(tape) => tape,
        Err(error) => return usage(&format!("{} can't be played: {error}", args.file.display())),
    };
    let mut settings = tape::settings(&tape.head);
    settings.deck = args.deck.clone().or(settings.deck);
    let (deck, assets, looks) = match load(settings.deck.as_ref(), settings.assets.as_ref(), &settings.language) {
        Ok(all) => all,
        Err(code) => return code,
    };
    let deck = deck.enlarged(settings.text);
    let (version, hash) = (env!("CARGO_PKG_VERSION"), tape::deck_hash(&deck));
    let Head { version: then, deck_hash, .. } = &tape.head;
    if then != version || *deck_hash != hash {
        complain(&format!(
            "peerscape: {} was recorded by version {then} with the deck {deck_hash}; this is version {version} with the \
             deck {hash}, where it would be another run",
            args.file.display()
        ));
        return ExitCode::from(1);
    }
    let until = args.until.map_or(u64::MAX, |seconds| u64::from(seconds) * STEPS_PER_SECOND);
    let (at, seed, begin_in_attract) = (tape::place(&tape.head, &deck), tape.head.seed, tape.head.begin_in_attract);
    let player = Player::new(tape, until, args.fast);
    let size = player.size().unwrap_or([1920, 1080]);
    let options = Options {
        at,
        settings,
        seed,
        begin_in_attract,
        windowed: Some(size),
        play: Some(player),
        ..Options::of(deck, assets, looks)
    };
    if args.fast { fast(args, options, size) } else { open(options) }
}

fn fast(args: &ReplayArgs, options: Options, size: [u32; 2]) -> ExitCode {
    leave_on_panic();
    let mut app = match off_screen(options, size) {
        Ok(app) => app,
        Err(findings) => {
            findings.iter().for_each(|finding| complain(&finding.render()));
            return ExitCode::from(1);
        }
    };
    // The first frame is drawn: what is made at the start reaches the renderer now or never.
    let mut drawn = 0;
    app.update();
    while !app.world().resource::<Player>().done {
        let step = app.world().resource::<crate::app::clock::Clock>().step;
        if step >= drawn + DRAWN {
            drawn = step;
            app.world_mut().resource_mut::<Exhibit>().moving = true;
            app.update();
        } else {
            // The world alone: what nobody looks at need not be drawn.
            app.main_mut().update();
        }
    }
    if let Some(file) = &args.picture
        && let Err(error) = off_screen_picture(&mut app, size).and_then(|picture| picture.save(file))
    {
        complain(&format!("peerscape: {error}"));
        return ExitCode::from(1);
    }
    tape::report(app.world());
    ExitCode::SUCCESS
}
