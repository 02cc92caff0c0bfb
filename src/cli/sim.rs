//! `peerscape sim`: the models without a screen.

mod list;
mod report;
mod runs;

use super::usage;
use crate::sim::{
    model::{Settings, System},
    registry,
};
use std::{io::Write as _, process::ExitCode};

/// Exit code of a command that Ctrl-C ended, as shells have it.
const INTERRUPTED: u8 = 130;

/// What is to be run.
#[derive(clap::Args, Debug, Clone)]
pub struct SimArgs {
    /// The model to run; `--list` names them all.
    #[arg(value_name = "MODEL")]
    pub model: Option<String>,
    /// Prints every model with its settings and figures.
    #[arg(long)]
    pub list: bool,
    /// Sets one setting; may be given again. `--list` tells each key's unit: a number of it, nothing behind it.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The seed of the first run; run k (from 0) has this seed + k.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many runs, side by side on all cores.
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub runs: u32,
    /// Prints JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
#[must_use]
pub fn run(args: &SimArgs) -> ExitCode {
    if args.list {
        return match list::list(args.model.as_deref(), args.json) {
            Ok(text) => print(&text),
            Err(line) => usage(&line),
        };
    }
    let (system, settings) = match understand(args) {
        Ok(understood) => understood,
        Err(line) => return usage(&line),
    };
    let (json, seed, set) = (args.json, args.seed, settings.clone());
    let report = move |outcome: &runs::Outcome| {
        if json { report::json(system, &set, seed, outcome) } else { report::table(system, &set, seed, outcome) }
    };
    let late = report.clone();
    let give_up = move |outcome: &runs::Outcome| {
        let _ = print(&late(outcome));
        std::process::exit(i32::from(INTERRUPTED));
    };
    match runs::run(system, &settings, args.seed, args.runs, give_up) {
        Ok(outcome) => {
            let printed = print(&report(&outcome));
            if outcome.interrupted { ExitCode::from(INTERRUPTED) } else { printed }
        }
        Err(line) => usage(&line),
    }
}

/// The model and its settings, or the line that says what would be right.
fn understand(args: &SimArgs) -> Result<(&'static System, Settings), String> {
    let Some(name) = args.model.as_deref() else {
        let known: Vec<&str> = registry::SYSTEMS.iter().map(|s| s.name).collect();
        return Err(format!("which model? there is {}", known.join(", ")));
    };
    let system = registry::find(name).ok_or_else(|| registry::suggest(name))?;
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for pair in &args.set {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(format!("`--set {pair}` lacks its value: write `--set {pair}=VALUE`"));
        };
        settings.set(&specs, key.trim(), value.trim()).map_err(|e| e.message)?;
    }
    // Settings that are right one by one may not be together.
    (system.build)(&settings, args.seed).map_err(|e| e.message)?;
    Ok((system, settings))
}

/// Prints to standard output. Nothing is to be done about a reader that has gone.
fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(model: &str, set: &[&str]) -> SimArgs {
        let set = set.iter().map(|s| (*s).to_owned()).collect();
        SimArgs { model: Some(model.into()), list: false, set, seed: 1, runs: 1, json: false }
    }

    fn refusal(model: &str, set: &[&str]) -> String {
        let Err(line) = understand(&args(model, set)) else { panic!("{model} {set:?} was understood") };
        assert_eq!(line.lines().count(), 1, "one line: {line}");
        line
    }

    #[test]
    fn what_is_misspelt_or_out_of_range_is_answered_with_what_would_be_right() {
        assert_eq!(refusal("distributoin", &[]), "no model `distributoin`; did you mean `distribution`?");
        assert_eq!(refusal("distribution", &["pers=3"]), "no setting `pers`; did you mean `peers`?");
        assert!(refusal("distribution", &["peers=0"]).contains("from 1 to 1000000"));
        assert!(refusal("distribution", &["peers=-1"]).contains("a whole number"));
        assert!(
            refusal("distribution", &["peers"]).contains("KEY=VALUE")
                || refusal("distribution", &["peers"]).contains("peers=VALUE")
        );
        assert!(refusal("distribution", &["latency=NaN"]).contains("a number from 0"));
        assert!(refusal("distribution", &["latency=inf"]).contains("a number from 0"));
        assert!(refusal("distribution", &["mode=p2p"]).contains("client-server, peer-to-peer"));
        assert!(refusal("distribution", &["mode=peer-to-per"]).contains("did you mean `peer-to-peer`?"));
        assert!(refusal("distribution", &["file_bytes=10", "chunks=11"]).contains("at most 10"));
        assert!(refusal("distribution", &["degree=1"]).contains("at least 2"));
        assert!(refusal("distribution", &["file_bytes=1000000000000000", "peer_up=1"]).contains("30,000 years"));
        assert!(refusal("distribution", &["peers=1000000", "chunks=1000000"]).contains("at most 4000"));
    }

    #[test]
    fn the_last_of_several_settings_of_one_key_counts() {
        let (_, settings) = understand(&args("distribution", &["peers=3", "peers = 1_000"])).unwrap();
        assert_eq!(settings.whole("peers"), 1000);
    }
}
