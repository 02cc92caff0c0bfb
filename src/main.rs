//! The `peerscape` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    peerscape::cli::run()
}
