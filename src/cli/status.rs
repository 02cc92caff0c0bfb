//! `peerscape status`: how the wall of this machine is.

use super::{complain, usage};
use crate::kiosk::{
    health::{Status, ask, sockets},
    settings::Settings,
};
use clap::Args;
use std::{fmt::Write as _, fs, path::PathBuf, process::ExitCode};

/// Which wall, and what of it.
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// The socket of the wall; else that of this user or of the service is asked
    #[arg(long, value_name = "FILE")]
    socket: Option<PathBuf>,
    /// The file of settings that names the socket
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
    /// Save the picture that is on the wall now, as PNG, instead
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// Asks and prints.
#[must_use]
pub fn run(args: &StatusArgs) -> ExitCode {
    let named = || Settings::load(args.config.as_deref()?).0.status;
    let places = args.socket.clone().or_else(named).map_or_else(sockets, |place| vec![place]);
    let question = if args.picture.is_some() { "picture" } else { "status" };
    let answer = places.iter().find_map(|place| ask(place, question).ok());
    let Some(answer) = answer else {
        let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        complain(&format!("peerscape: no exhibit answers at {}", places.join(" or ")));
        return ExitCode::from(1);
    };
    if let Some(file) = &args.picture {
        if answer.is_empty() {
            complain("peerscape: the wall sent no picture in time");
            return ExitCode::from(1);
        }
        return match fs::write(file, answer) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => usage(&format!("can't write {}: {error}", file.display())),
        };
    }
    let status: Status = match serde_json::from_slice(&answer) {
        Ok(status) => status,
        Err(error) => {
            complain(&format!("peerscape: the wall answers something else: {error}"));
            return ExitCode::from(1);
        }
    };
    match serde_json::to_string_pretty(&status) {
        Ok(json) if args.json => println!("{json}"),
        _ => print!("{}", table(&status)),
    }
    ExitCode::SUCCESS
}

/// The figures for a person.
fn table(status: &Status) -> String {
    let mut out = String::new();
    let list = |items: &[String]| if items.is_empty() { "none".into() } else { items.join(", ") };
    let (hours, minutes) = (status.uptime_s / 3_600, status.uptime_s / 60 % 60);
    let visits = match (&status.visits_today, &status.visits_trouble) {
        (None, None) => "no log is kept".into(),
        (today, None) => today.unwrap_or_default().to_string(),
        (_, Some(trouble)) => format!("{} entries could not be written: {trouble}", status.visits_lost),
    };
    let rows = [
        ("version", status.version.clone()),
        ("up", format!("{hours} h {minutes:02} min")),
        ("shows", format!("{} ({})", status.slide, status.state)),
        ("answered", format!("{} ms ago", status.answered_ms)),
        ("frames", format!("{} presented, {} dropped", status.frames_presented, status.frames_dropped)),
        ("memory", format!("{} MB", status.memory_bytes / 1_000_000)),
        ("adapter", status.adapter.clone()),
        ("displays", list(&status.displays)),
        ("touchscreens", list(&status.touchscreens)),
        ("deck", format!("{} ({})", status.deck, status.deck_hash)),
        ("visits today", visits),
    ];
    for (name, value) in rows {
        // Writing into a string can't fail.
        let _ = writeln!(out, "{name:<13} {value}");
    }
    for warning in &status.warnings {
        let _ = writeln!(out, "warned        {warning}");
    }
    out
}
