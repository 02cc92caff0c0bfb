//! `peerscape visits`: what the log of visits says.

use super::{complain, usage};
use crate::kiosk::{
    settings::Settings,
    visits::{Report, Slide},
};
use clap::Args;
use jiff::civil::Date;
use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

/// How many of the most and the least seen slides are printed.
const TOP: usize = 10;

/// Which log, and how it is printed.
#[derive(Args, Debug)]
pub struct VisitsArgs {
    /// The log: the file that the setting `visits` names
    #[arg(value_name = "FILE", required_unless_present = "config")]
    file: Option<PathBuf>,
    /// The file of settings that names the log
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only visits of this day and later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: Option<Date>,
    /// Print everything as comma-separated values: table, name, measure, value
    #[arg(long)]
    csv: bool,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a day is written 2026-11-27".to_owned())
}

/// Prints what a log says.
#[must_use]
pub fn run(args: &VisitsArgs) -> ExitCode {
    let named = || Settings::load(args.config.as_deref()?).0.visits;
    let Some(file) = args.file.clone().or_else(named) else {
        return usage("the settings name no log of visits: `visits: \"/var/lib/peerscape/visits.db\"`");
    };
    match Report::of(&file, args.since) {
        Ok(report) => {
            print!("{}", if args.csv { csv(&report) } else { table(&report) });
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&format!("peerscape: the log {} can't be read: {error}", file.display()));
            ExitCode::from(1)
        }
    }
}

/// The report for a person.
fn table(report: &Report) -> String {
    let mut out = String::new();
    // Writing into a string can't fail.
    let mut line = |text: String| _ = writeln!(out, "{text}");
    let all: u64 = report.days.values().sum();
    line(format!("{all} visits on {} days", report.days.len()));
    for (day, visits) in &report.days {
        line(format!("  {day}  {visits:>6}"));
    }
    if let Some(length) = report.length {
        line(format!("half of them lasted longer than {}", span(length * 1_000)));
    }
    let mut seen: Vec<(&String, &Slide)> = report.slides.iter().filter(|(_, slide)| slide.seen > 0).collect();
    seen.sort_by_key(|(_, slide)| std::cmp::Reverse(slide.seen));
    let mut list = |title: &str, slides: &[(&String, &Slide)]| {
        line(format!(
            "\n{title:<36} {:>6} {:>8} {:>8} {:>7} {:>7} {:>6}",
            "seen", "median", "touched", "broken", "healed", "left"
        ));
        for (name, slide) in slides {
            let [touched, broken, healed] = slide.did;
            let (seen, dwell, left) = (slide.seen, span(slide.dwell), slide.left_from);
            line(format!("  {name:<34} {seen:>6} {dwell:>8} {touched:>8} {broken:>7} {healed:>7} {left:>6}"));
        }
    };
    list("the most seen", &seen[..seen.len().min(TOP)]);
    if seen.len() > TOP {
        let least: Vec<_> = seen.iter().rev().take(TOP.min(seen.len() - TOP)).copied().collect();
        list("the least seen", &least);
    }
    let mut count = |title: &str, of: fn(&Slide) -> u64| {
        let mut rows: Vec<(&String, u64)> = report.slides.iter().map(|(name, slide)| (name, of(slide))).collect();
        rows.retain(|(_, count)| *count > 0);
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        line(format!("\n{title}"));
        for (name, count) in rows.into_iter().take(TOP) {
            line(format!("  {name:<34} {count:>6}"));
        }
    };
    count("where they leave", |slide| slide.left_from);
    count("which stop of the loop they touch", |slide| slide.interrupted);
    out
}

/// Milliseconds as a person says them.
fn span(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

/// The report for a spreadsheet.
fn csv(report: &Report) -> String {
    let mut out = String::from("table,name,measure,value\n");
    let mut row =
        |table: &str, name: &str, measure: &str, value: u64| _ = writeln!(out, "{table},{name},{measure},{value}");
    for (day, visits) in &report.days {
        row("day", &day.to_string(), "visits", *visits);
    }
    if let Some(length) = report.length {
        row("visit", "all", "median_seconds", length);
    }
    for (name, slide) in &report.slides {
        // A deck of one's own may name its slides as it likes (RFC 4180).
        let name =
            if name.contains([',', '"', '\n']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.clone() };
        let measures = [
            ("seen", slide.seen),
            ("median_milliseconds", slide.dwell),
            ("touched", slide.did[0]),
            ("broken", slide.did[1]),
            ("healed", slide.did[2]),
            ("left", slide.left_from),
            ("interrupted", slide.interrupted),
        ];
        for (measure, value) in measures {
            row("slide", &name, measure, value);
        }
    }
    out
}
