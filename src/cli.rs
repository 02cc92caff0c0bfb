//! The command line: picks a mode and hands over to its room.

pub mod check;
#[cfg(feature = "exhibit")]
pub mod doctor;
pub mod ease;
#[cfg(feature = "exhibit")]
pub mod exhibit;
#[cfg(feature = "exhibit")]
pub mod export;
pub mod pin;
#[cfg(feature = "exhibit")]
pub mod present;
pub mod reading;
#[cfg(feature = "exhibit")]
pub mod replay;
#[cfg(feature = "exhibit")]
pub mod shot;
pub mod sim;
#[cfg(feature = "exhibit")]
pub mod source;
pub mod status;
pub mod visits;

use clap::{
    CommandFactory, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::process::ExitCode;

/// Exit code for a call that can't be understood.
pub const USAGE: u8 = 2;

/// Exit code where there is no display to show the exhibit on.
pub const NO_DISPLAY: u8 = 3;

/// Exit code where there is nothing to draw with.
pub const NO_ADAPTER: u8 = 4;

/// A museum exhibit of peer-to-peer networks that visitors can touch, break and see heal.
///
/// Without a command it fills the screen and plays by itself until it is touched.
#[derive(Parser, Debug)]
#[command(name = "peerscape", version, max_term_width = 100, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[cfg(feature = "exhibit")]
    #[command(flatten)]
    exhibit: exhibit::ExhibitArgs,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Validates decks: structure, words, scenes, and whether every word fits.
    ///
    /// Exit code 0: clean; 1: findings; 2: the call itself is wrong.
    Check(check::CheckArgs),
    /// Runs a model without a screen and prints its figures.
    Sim(sim::SimArgs),
    /// Tells how the wall of this machine is: frames, memory, screens, warnings, visits; or saves its picture.
    Status(status::StatusArgs),
    /// Tells how many visitors came, what they saw for how long, and where they left, from the log of visits.
    Visits(visits::VisitsArgs),
    /// Makes the hash of a staff PIN, for the file of settings; asks for the PIN, and prints the hash.
    Pin(pin::PinArgs),
    /// Renders slides to PNG files, without a window or display server.
    #[cfg(feature = "exhibit")]
    Shot(shot::ShotArgs),
    /// Presents a deck: the audience's picture on one monitor, notes and pace on the other.
    #[cfg(feature = "exhibit")]
    Present(present::PresentArgs),
    /// Plays a wall that was recorded with `--record`, and prints a hash of how it stands at the end.
    #[cfg(feature = "exhibit")]
    Replay(replay::ReplayArgs),
    /// Writes a deck as PDF or as pictures, with the presenter's notes if asked.
    #[cfg(feature = "exhibit")]
    Export(export::ExportArgs),
    /// Tells what this machine has and lacks for the exhibit, with the remedy for each lack.
    #[cfg(feature = "exhibit")]
    Doctor(doctor::DoctorArgs),
}

/// Runs the command that the process was called with.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    match cli.command {
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Sim(args)) => sim::run(&args),
        Some(Command::Visits(args)) => visits::run(&args),
        Some(Command::Status(args)) => status::run(&args),
        Some(Command::Pin(args)) => pin::run(&args),
        #[cfg(feature = "exhibit")]
        Some(Command::Shot(args)) => shot::run(&args),
        #[cfg(feature = "exhibit")]
        Some(Command::Present(args)) => present::run(&args),
        #[cfg(feature = "exhibit")]
        Some(Command::Replay(args)) => replay::run(&args),
        #[cfg(feature = "exhibit")]
        Some(Command::Export(args)) => export::run(&args),
        #[cfg(feature = "exhibit")]
        Some(Command::Doctor(args)) => doctor::run(&args),
        #[cfg(feature = "exhibit")]
        None => exhibit::run(&cli.exhibit),
        #[cfg(not(feature = "exhibit"))]
        None => usage("this build has no exhibit; there is `peerscape sim` and `peerscape check`"),
    }
}

/// Says what is wrong with the call; help and version are no mistakes. Where starts are counted, it may open all the same.
fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    ) {
        // Nothing is to be done about a terminal that is gone.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let call: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let code = usage(&what_is_wrong(error, &call));
    #[cfg(feature = "exhibit")]
    if let Some(code) = exhibit::despite(&call) {
        return code;
    }
    code
}

/// One line: what is wrong with a call, and what would be right.
fn what_is_wrong(error: &clap::Error, call: &[String]) -> String {
    if let Some(message) = what_there_is(error, call) {
        return message;
    }
    let text = error.render().to_string();
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .map(|line| line.trim_start_matches("error: ").trim_start_matches("tip: "))
        .collect();
    lines.join("; ")
}

/// An option or command that is like none there is: then what there is. (Where one is alike, clap names it.)
fn what_there_is(error: &clap::Error, call: &[String]) -> Option<String> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let root = Cli::command();
    match error.kind() {
        ErrorKind::UnknownArgument if error.get(ContextKind::SuggestedArg).is_none() => {
            let wrong = said(ContextKind::InvalidArg)?;
            let command = call.iter().find_map(|word| root.find_subcommand(word)).unwrap_or(&root);
            let longs: Vec<String> =
                command.get_arguments().filter_map(|a| Some(format!("--{}", a.get_long()?))).collect();
            Some(format!("unexpected argument '{wrong}'; there is {}", longs.join(", ")))
        }
        ErrorKind::InvalidSubcommand if error.get(ContextKind::SuggestedSubcommand).is_none() => {
            let wrong = said(ContextKind::InvalidSubcommand)?;
            let names: Vec<&str> = root.get_subcommands().map(clap::Command::get_name).collect();
            Some(format!("there is no command '{wrong}'; there is {}", names.join(", ")))
        }
        ErrorKind::MissingRequiredArgument => {
            let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else { return None };
            Some(format!("{} is missing", missing.join(", ")))
        }
        _ => None,
    }
}

/// A folder of assets that exists.
///
/// # Errors
/// What would be right.
fn folder(text: &str) -> Result<std::path::PathBuf, String> {
    let path = std::path::PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err("there is no such folder".to_owned()) }
}

/// A seed.
///
/// # Errors
/// What would be right.
#[cfg(feature = "exhibit")]
fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a seed is a whole number from 0 to 18446744073709551615".to_owned())
}

/// One line to standard error, and the exit code of a call that can't be understood.
#[expect(clippy::print_stderr, reason = "this is the command line")]
pub fn usage(message: &str) -> ExitCode {
    eprintln!("peerscape: {message} (`peerscape --help` tells all)");
    ExitCode::from(USAGE)
}

/// A text to standard error.
#[expect(clippy::print_stderr, reason = "this is the command line")]
pub fn complain(text: &str) {
    eprintln!("{text}");
}

/// "1280x800" as width and height.
///
/// # Errors
/// What would be right.
#[cfg(feature = "exhibit")]
fn size(text: &str) -> Result<[u32; 2], String> {
    let wrong = || "a size is written WIDTHxHEIGHT, from 320x240 to 7680x7680: 1920x1080".to_owned();
    let (w, h) = text.split_once(['x', 'X', '×']).ok_or_else(wrong)?;
    let side = |s: &str| s.trim().parse().ok().filter(|n| (240..=7680).contains(n)).ok_or_else(wrong);
    Ok([side(w)?, side(h)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about a call, if it is not understood and like nothing there is.
    fn said(call: &[&str]) -> Option<String> {
        let error = Cli::try_parse_from(["peerscape"].iter().chain(call)).expect_err("refused");
        let call: Vec<String> = call.iter().map(|word| (*word).to_owned()).collect();
        what_there_is(&error, &call)
    }

    #[test]
    fn what_is_like_nothing_there_is_told_what_there_is() {
        assert_eq!(
            said(&["check", "--bogus"]).as_deref(),
            Some("unexpected argument '--bogus'; there is --length, --json, --assets, --config")
        );
        let sim = said(&["sim", "distribution", "mode=x"]).expect("sim takes but one word");
        assert!(sim.contains("--set") && !sim.contains("--json, --assets"), "{sim}");
        let command = said(&["zzzzz"]).expect("no command");
        assert!(command.starts_with("there is no command 'zzzzz'; there is check, sim"), "{command}");
        assert_eq!(said(&["check", "--jsn"]), None, "clap names the one that is alike");
    }

    #[cfg(feature = "exhibit")]
    #[test]
    fn options_of_the_exhibit_are_not_lost_before_a_command() {
        let refused = Cli::try_parse_from(["peerscape", "--deck", "x", "check"]).expect_err("refused").to_string();
        assert!(refused.contains("--deck") && refused.contains("check"), "{refused}");
        let call = ["peerscape", "--seed", "x"];
        assert!(Cli::try_parse_from(call).expect_err("refused").to_string().contains("a whole number from 0"));
        let call = ["peerscape", "--assets", "/nowhere-at-all"];
        assert!(Cli::try_parse_from(call).expect_err("refused").to_string().contains("no such folder"));
    }
}
