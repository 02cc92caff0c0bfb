//! `peerscape replay`: a wall that was recorded, once more.

use super::{complain, reading::load, usage};
use crate::{
    app::{
        clock::{Clock, STEPS_PER_SECOND},
        exhibit::{Exhibit, Options, leave_on_panic, off_screen, off_screen_picture, open},
        soak::Soak,
        tape::{self, Pace, Player},
    },
    input::tape::{Head, Tape},
    kiosk::idle::Phase,
    sim::mining::crew,
};
use bevy::{
    app::{App, First, Last, PostUpdate, PreUpdate, Update},
    ecs::schedule::{ScheduleLabel as _, SingleThreadedExecutor},
};
use clap::Args;
use std::{
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// A picture is drawn this often where nobody looks, so that drawing is tried as well: every ten seconds of the tape.
const DRAWN: u64 = 10 * STEPS_PER_SECOND;
/// Hashes a second of a scene that mines as fast as the machine can, when it is to be the same once more.
const MINED: u64 = 10_000;
/// A wall that is soaked is drawn this often, and its picture read back: once a minute of the tape.
const READ_BACK: u64 = 60 * STEPS_PER_SECOND;

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
    /// Again and again for this many minutes, to see whether memory grows and whether attract still moves
    #[arg(long, value_name = "MINUTES", requires = "fast", conflicts_with = "picture")]
    soak: Option<f64>,
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
    let pace = match (args.soak, args.fast) {
        (Some(_), _) => Pace::Again,
        (None, true) => Pace::Fast,
        (None, false) => Pace::Real,
    };
    // A run that asks the machine how fast it is would be another each time.
    crew::hold(MINED);
    let player = Player::new(tape, until, pace);
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
    hurry(&mut app);
    // The first frame is drawn: what is made at the start reaches the renderer now or never.
    app.update();
    if let Some(minutes) = args.soak {
        return soak(&mut app, size, Duration::from_secs_f64(60.0 * minutes.clamp(0.0, 1e6)));
    }
    let mut drawn = 0;
    while !app.world().resource::<Player>().done {
        let step = app.world().resource::<Clock>().step;
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

/// Frames follow each other at once: systems that are handed from thread to thread would take longer than they run.
fn hurry(app: &mut App) {
    for schedule in [First.intern(), PreUpdate.intern(), Update.intern(), PostUpdate.intern(), Last.intern()] {
        app.edit_schedule(schedule, |schedule| _ = schedule.set_executor(SingleThreadedExecutor::new()));
    }
}

/// Plays a tape over and over, and tells what became of memory and picture.
fn soak(app: &mut App, size: [u32; 2], minutes: Duration) -> ExitCode {
    let (mut soak, mut read_back, mut told) = (Soak::begin(), 0, 0);
    while soak.lasted() < minutes && !app.world().resource::<Player>().done {
        app.main_mut().update();
        let step = app.world().resource::<Clock>().step;
        let attract = matches!(app.world().resource::<Exhibit>().kiosk.idle.phase(), Phase::Attract { .. });
        soak.frame(step, app.world().resource::<Player>().rounds, attract);
        // Every minute, so that growth can be told from where it comes: more of what there is, or more room for as much.
        let minute = soak.lasted().as_secs() / 60;
        if minute != told {
            told = minute;
            let world = app.world();
            let (entities, archetypes) = (world.entities().count_spawned(), world.archetypes().len());
            println!("{minute} min: {}, {entities} entities, {archetypes} archetypes", soak.now());
        }
        if step >= read_back + READ_BACK {
            read_back = step;
            let picture = match off_screen_picture(app, size) {
                Ok(picture) => picture,
                Err(error) => {
                    complain(&format!("peerscape: {error}"));
                    return ExitCode::from(1);
                }
            };
            let mut hash = DefaultHasher::new();
            picture.pixels.hash(&mut hash);
            soak.picture(hash.finish(), attract);
        }
    }
    println!("{soak}");
    tape::report(app.world());
    match soak.fault() {
        None => ExitCode::SUCCESS,
        Some(fault) => {
            complain(&format!("peerscape: {fault}"));
            ExitCode::from(1)
        }
    }
}
