//! `peerscape pin`: the hash of a staff PIN.

use super::{complain, usage};
use crate::kiosk::pin::PinHash;
use clap::Args;
use std::{io, process::ExitCode};

/// Nothing to choose: a PIN on the command line would stay in the shell's history.
#[derive(Args, Debug)]
pub struct PinArgs {}

/// Reads a PIN from standard input and prints its hash.
#[must_use]
pub fn run(_args: &PinArgs) -> ExitCode {
    if io::IsTerminal::is_terminal(&io::stdin()) {
        complain("The PIN, 4 to 12 digits:");
    }
    let mut line = String::new();
    if let Err(error) = io::stdin().read_line(&mut line) {
        return usage(&format!("the PIN can't be read: {error}"));
    }
    match PinHash::of(line.trim()) {
        Ok(hash) => {
            println!("{}", hash.as_str());
            ExitCode::SUCCESS
        }
        Err(error) => usage(&error.to_string()),
    }
}
