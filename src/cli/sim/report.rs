//! What the runs gave, as a table or as JSON.

use super::{
    list::{columns, unit, value},
    runs::Outcome,
};
use crate::sim::{
    kernel::measure::Measure,
    model::{Settings, System, Unit},
};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;

fn rate(outcome: &Outcome) -> f64 {
    outcome.events as f64 / outcome.wall.as_secs_f64().max(1e-9)
}

/// The report as JSON. A figure that no run has is null throughout.
pub fn json(system: &System, settings: &Settings, seed: u64, outcome: &Outcome) -> String {
    let settings: Map<String, Json> = settings.iter().map(|(key, v)| (key.to_owned(), value(v))).collect();
    let figures: Map<String, Json> = system
        .figures
        .iter()
        .zip(&outcome.figures)
        .map(|(spec, m)| {
            let entry = json!({
                "unit": unit(spec.unit), "mean": m.mean(), "sd": m.sd(), "min": m.min(), "max": m.max(),
            });
            (spec.key.to_owned(), entry)
        })
        .collect();
    let report = json!({
        "model": system.name,
        "seed": seed,
        "runs": outcome.finished,
        "settings": settings,
        "figures": figures,
        "events": outcome.events,
        "wall_seconds": outcome.wall.as_secs_f64(),
        "events_per_second": rate(outcome),
        "peak_memory_bytes": outcome.peak_memory,
    });
    format!("{report:#}\n")
}

/// The report as a table.
pub fn table(system: &System, settings: &Settings, seed: u64, outcome: &Outcome) -> String {
    let mut text = String::new();
    let set: Vec<String> = settings.iter().map(|(key, v)| format!("{key}={v}")).collect();
    let runs = match (outcome.finished, outcome.asked) {
        (1, 1) => "1 run".to_owned(),
        (finished, asked) if finished == asked => format!("{asked} runs"),
        (finished, asked) => format!("{finished} of {asked} runs"),
    };
    // Writing to a string can't fail.
    let _ = writeln!(text, "{}, {runs} from seed {seed}\n    {}\n", system.name, set.join(" "));
    let row = |key: &str, sign: Unit, m: &Measure| {
        let number = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), readable);
        [key.to_owned(), unit(sign).to_owned(), number(m.mean()), number(m.sd()), number(m.min()), number(m.max())]
    };
    let rows: Vec<[String; 6]> =
        system.figures.iter().zip(&outcome.figures).map(|(spec, m)| row(spec.key, spec.unit, m)).collect();
    columns(&mut text, ["figure", "unit", "mean", "sd", "min", "max"], &rows);
    let memory = outcome.peak_memory.map_or_else(String::new, |b| format!(", at most {:.0} MB", b as f64 / 1e6));
    let _ = writeln!(
        text,
        "\n    {} events in {:.3} s, {} a second{memory}",
        outcome.events,
        outcome.wall.as_secs_f64(),
        readable(rate(outcome).round()),
    );
    text
}

/// A number as a person reads it: whole if it is whole, else with six digits that count.
fn readable(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() < 1e15 {
        return format!("{x:.0}");
    }
    let digits = 5 - (libm::floor(libm::log10(x.abs())) as i32).clamp(-6, 5);
    format!("{x:.*}", digits.max(0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::registry;
    use std::time::Duration;

    fn outcome() -> (&'static System, Settings, Outcome) {
        let system = registry::find("distribution").unwrap();
        let settings = Settings::defaults(&(system.settings)());
        let mut figures = vec![Measure::default(); system.figures.len()];
        figures[0].extend([2.0, 4.0]);
        let wall = Duration::from_secs(2);
        let outcome =
            Outcome { finished: 2, asked: 3, figures, events: 100, wall, peak_memory: Some(1), interrupted: true };
        (system, settings, outcome)
    }

    #[test]
    fn json_has_exactly_the_promised_keys_in_order() {
        let (system, settings, outcome) = outcome();
        let report: Json = serde_json::from_str(&json(system, &settings, 7, &outcome)).unwrap();
        let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        let promised = [
            "model",
            "seed",
            "runs",
            "settings",
            "figures",
            "events",
            "wall_seconds",
            "events_per_second",
            "peak_memory_bytes",
        ];
        assert_eq!(keys, promised);
        let figure = report["figures"]["makespan_s"].as_object().unwrap();
        assert_eq!(figure.keys().collect::<Vec<_>>(), ["unit", "mean", "sd", "min", "max"]);
        assert_eq!(report["figures"]["makespan_s"]["mean"], 3.0);
        assert_eq!(report["figures"]["mean_s"]["mean"], Json::Null);
        assert_eq!(report["settings"].as_object().unwrap().len(), settings.iter().count());
        assert_eq!(report["settings"]["mode"], "peer-to-peer");
        assert_eq!(report["settings"]["peers"], 30);
    }

    #[test]
    fn a_table_says_what_was_cut_short_and_what_is_missing() {
        let (system, settings, outcome) = outcome();
        let text = table(system, &settings, 7, &outcome);
        assert!(text.contains("2 of 3 runs from seed 7"), "{text}");
        assert!(text.lines().any(|l| l.trim_start().starts_with("mean_s") && l.contains('-')), "{text}");
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(readable(10_800.0), "10800");
        assert_eq!(readable(2_702.883_333), "2702.88");
        assert_eq!(readable(0.123_456_789), "0.123457");
    }
}
