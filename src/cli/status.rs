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
    for (name, value) in status.rows() {
        // Writing into a string can't fail.
        let _ = writeln!(out, "{name:<13} {value}");
    }
    for warning in &status.warnings {
        let _ = writeln!(out, "warned        {warning}");
    }
    out
}
