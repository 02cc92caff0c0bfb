//! `peerscape sim --list`: every model with its settings and figures, in words.

use crate::{
    deck::{load::house_words, words::ModelWords},
    sim::{
        model::{Range, SettingSpec, System, Unit, Value},
        registry,
    },
};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;

/// The list as text or JSON: of all models, or of the one that is named.
///
/// # Errors
/// One line, if no model has the name.
pub fn list(only: Option<&str>, as_json: bool) -> Result<String, String> {
    let systems: Vec<&System> = match only {
        None => registry::SYSTEMS.to_vec(),
        Some(name) => vec![registry::find(name).ok_or_else(|| registry::suggest(name))?],
    };
    let house = house_words().map(|(words, _)| words).unwrap_or_default();
    let nothing = ModelWords::default();
    let told = systems.into_iter().map(|s| (s, house.models.get(s.name).unwrap_or(&nothing)));
    if as_json {
        let all: Vec<Json> = told.map(|(system, words)| as_object(system, words)).collect();
        return Ok(format!("{:#}\n", Json::Array(all)));
    }
    let mut text = String::new();
    for (i, (system, words)) in told.enumerate() {
        if i > 0 {
            text.push('\n');
        }
        as_text(&mut text, system, words);
    }
    Ok(text)
}

/// A unit's name where a number stands alone.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Choice => "choice",
        other => other.sign(),
    }
}

/// A value as JSON has it.
pub fn value(value: &Value) -> Json {
    match value {
        Value::Whole(n) => json!(n),
        Value::Real(x) => json!(x),
        Value::Choice(word) => json!(word),
        Value::Text(text) => json!(text),
    }
}

fn said(texts: &crate::deck::words::Texts, key: &str) -> String {
    texts.get(key).map(|text| text.value.clone()).unwrap_or_default()
}

fn about(words: &ModelWords) -> String {
    words.about.as_ref().map(|about| about.value.clone()).unwrap_or_default()
}

fn as_object(system: &System, words: &ModelWords) -> Json {
    let range = |range: &Range| match range {
        Range::Whole(low, high) => json!({"min": low, "max": high}),
        Range::Real(low, high) => json!({"min": low, "max": high}),
        Range::OneOf(words) => json!({"one_of": words}),
        Range::WholeOr(low, high, words) => json!({"min": low, "max": high, "or": words}),
        Range::RealOr(low, high, words) => json!({"min": low, "max": high, "or": words}),
        Range::Text(most) => json!({"signs": most}),
    };
    let settings: Vec<Json> = (system.settings)()
        .iter()
        .map(|s| {
            let (default, meaning) = (value(&s.default), said(&words.settings, s.key));
            json!({"key": s.key, "unit": unit(s.unit), "default": default, "range": range(&s.range), "meaning": meaning})
        })
        .collect();
    let figures: Vec<Json> = system
        .figures
        .iter()
        .map(|f| {
            json!({"name": f.key, "unit": unit(f.unit), "meaning": said(&words.figures, f.key), "source": f.source})
        })
        .collect();
    let mut object = Map::new();
    object.insert("model".into(), json!(system.name));
    object.insert("about".into(), json!(about(words)));
    object.insert("settings".into(), Json::Array(settings));
    object.insert("figures".into(), Json::Array(figures));
    Json::Object(object)
}

fn as_text(text: &mut String, system: &System, words: &ModelWords) {
    let range = |spec: &SettingSpec| match spec.range {
        Range::Whole(low, high) => format!("{low} to {high}"),
        Range::Real(low, high) => format!("{low} to {high}"),
        Range::OneOf(words) => words.join(", "),
        Range::WholeOr(low, high, words) => format!("{low} to {high}, {}", words.join(", ")),
        Range::RealOr(low, high, words) => format!("{low} to {high}, {}", words.join(", ")),
        Range::Text(most) => format!("{most} signs at most"),
    };
    // Writing to a string can't fail.
    let _ = writeln!(text, "{}\n  {}\n\n  settings", system.name, about(words));
    let rows: Vec<[String; 5]> = (system.settings)()
        .iter()
        .map(|s| [s.key.into(), unit(s.unit).into(), s.default.to_string(), range(s), said(&words.settings, s.key)])
        .collect();
    columns(text, ["key", "unit", "default", "range", "meaning"], &rows);
    let _ = writeln!(text, "\n  figures");
    let rows: Vec<[String; 4]> = system
        .figures
        .iter()
        .map(|f| [f.key.into(), unit(f.unit).into(), said(&words.figures, f.key), f.source.into()])
        .collect();
    columns(text, ["name", "unit", "meaning", "source"], &rows);
}

/// Rows set in columns as wide as their widest entry, two blanks apart.
pub fn columns<const N: usize>(text: &mut String, heads: [&str; N], rows: &[[String; N]]) {
    let width =
        |i: usize| rows.iter().map(|r| r[i].chars().count()).chain([heads[i].chars().count()]).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let heads: [String; N] = heads.map(str::to_owned);
    for row in std::iter::once(&heads).chain(rows) {
        let mut line = String::from("    ");
        for (entry, width) in row.iter().zip(widths) {
            let _ = write!(line, "{entry:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_every_model_is_explained() {
        let all: Json = serde_json::from_str(&list(None, true).unwrap()).unwrap();
        let models = all.as_array().unwrap();
        assert_eq!(models.len(), registry::SYSTEMS.len());
        for model in models {
            assert!(!model["about"].as_str().unwrap().is_empty(), "{} says nothing about itself", model["model"]);
            for (row, key) in [("settings", "key"), ("figures", "name")] {
                for entry in model[row].as_array().unwrap() {
                    let meaning = entry["meaning"].as_str().unwrap();
                    assert!(!meaning.is_empty(), "{}: nothing says what `{}` means", model["model"], entry[key]);
                }
            }
        }
    }

    #[test]
    fn a_misspelt_model_is_named() {
        assert!(list(Some("distribtion"), false).unwrap_err().contains("`distribution`"));
    }
}
