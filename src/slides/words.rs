//! Sizes of type (style §2), numbers as people say them, and figures put into sentences.

use crate::{
    deck::Deck,
    ink::{
        sheet::Ink,
        text::{Face, Style},
    },
};

/// Bold type of a size, its line a factor of it, with lines about equally long.
const fn headline(size: f32, line: f32) -> Style {
    Style::new(Face::Bold, size, size * line).balanced()
}

/// The front page's headline.
pub const POSTER: [Style; 3] = [headline(150.0, 1.06), headline(128.0, 1.06), headline(108.0, 1.06)];
/// The front page's headline that is longer than two lines of those.
pub const POSTER_LONG: [Style; 3] = [headline(108.0, 1.06), headline(92.0, 1.06), headline(80.0, 1.06)];
/// A scene's headline, and beside *more*.
pub const HEADLINE: [Style; 3] = [headline(72.0, 1.12), headline(64.0, 1.12), headline(56.0, 1.12)];
/// A text slide's headline.
pub const HEADLINE_TEXT: [Style; 3] = [headline(92.0, 1.1), headline(80.0, 1.1), headline(68.0, 1.1)];
/// A text slide's headline that is longer than three lines of those.
pub const HEADLINE_TEXT_LONG: Style = headline(60.0, 1.1);
/// A scene's headline that is longer than one line.
pub const HEADLINE_LONG: [Style; 2] = [headline(56.0, 1.12), headline(48.0, 1.12)];
/// A headline in portrait that is longer than two lines.
pub const HEADLINE_PORTRAIT_LONG: [Style; 2] = [headline(64.0, 1.1), headline(56.0, 1.1)];
/// A headline in portrait.
pub const HEADLINE_PORTRAIT: [Style; 3] = [headline(88.0, 1.1), headline(76.0, 1.1), headline(64.0, 1.1)];
/// A readout.
pub const NUMBER: Style = Style::new(Face::Bold, 68.0, 68.0);
/// A readout where there are several.
pub const NUMBER_SMALL: Style = Style::new(Face::Bold, 48.0, 58.0);
/// A running clock.
pub const CLOCK: Style = Style::new(Face::Regular, 56.0, 67.0);
/// A running clock where there is less room.
pub const CLOCK_SMALL: Style = Style::new(Face::Regular, 48.0, 58.0);
/// A line above a headline, or under a poster's.
pub const KICKER: Style = Style::new(Face::Regular, 44.0, 57.0).ink(Ink::Ink2);
/// A step's label, and smaller for a longer one.
pub const LABEL: [Style; 2] =
    [Style::new(Face::Regular, 38.0, 54.0).with_titles(), Style::new(Face::Regular, 34.0, 48.0).with_titles()];
/// The one sentence under a scene's headline.
pub const RULE: Style = Style::new(Face::Regular, 34.0, 46.0).ink(Ink::Ink2).with_titles();
/// The same where it is longer.
pub const RULE_SMALL: Style = Style::new(Face::Regular, 30.0, 40.0).ink(Ink::Ink2).with_titles();
/// A rule from as designed to as small as a step may get that takes its place.
pub const RULES: [Style; 5] = [
    RULE,
    RULE_SMALL,
    Style { size: 28.0, line: 36.0, ..RULE },
    Style { size: 26.0, line: 34.0, ..RULE },
    Style { size: 24.0, line: 31.0, ..RULE },
];
/// Networks, hosts.
pub const NAME: Style = Style::new(Face::Bold, 36.0, 44.0);
/// A network's state.
pub const STATE: Style = Style::new(Face::Bold, 30.0, 40.0);
/// Words of a control.
pub const CONTROL: Style = Style::new(Face::Regular, 28.0, 36.0);
/// Words of the one filled control.
pub const CONTROL_FILLED: Style = Style::new(Face::Bold, 28.0, 36.0).ink(Ink::Ground);
/// What stands beside things, in the first ink.
pub const PLAIN: Style = Style::new(Face::Regular, 28.0, 36.0).with_titles();
/// What stands beside things.
pub const CAPTION: Style = Style::new(Face::Regular, 28.0, 36.0).ink(Ink::Ink2);
/// The same, smaller.
pub const CAPTION_SMALL: Style = Style::new(Face::Regular, 26.0, 34.0).ink(Ink::Ink2);
/// The smallest there is.
pub const LEAST: Style = Style::new(Face::Regular, 24.0, 32.0).ink(Ink::Ink2);

/// No text is smaller, at 1080 lines.
pub const SMALLEST: f32 = 24.0;

/// Puts values into the places that a text leaves for them: `{hops}`. What is unknown stays as it is written.
#[must_use]
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let known = after.split_once('}').and_then(|(key, after)| Some((value(key)?, after)));
        if let Some((value, after)) = known {
            out.push_str(&value);
            rest = after;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The places that a text leaves for values.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|after| Some(after.split_once('}')?.0))
}

/// A span of time as a clock on the wall says it: "45 s", "30 min", "2 h 05 min"; never in finer parts than a visitor
/// can follow.
#[must_use]
pub fn time(deck: &Deck, seconds: f64) -> String {
    const DAY: f64 = 86_400.0;
    const YEAR: f64 = 365.25 * DAY;
    // Beyond two days an hour more or less is nothing to say.
    let long = match seconds {
        s if s >= YEAR * 2.0 => Some(("time_years", s / YEAR)),
        s if s >= DAY * 2.0 => Some(("time_days", s / DAY)),
        _ => None,
    };
    if let Some((key, n)) = long {
        let n = count(deck, n.floor());
        return fill(deck.control(key), |name| (name == "n").then(|| n.clone())).replace(' ', "\u{a0}");
    }
    let whole = seconds.max(0.0).floor() as u64;
    let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60);
    let (key, m) = match (h, m) {
        (0, 0) => ("time_seconds", String::new()),
        (0, m) => ("time_minutes", m.to_string()),
        (_, m) => ("time_hours", format!("{m:02}")),
    };
    let said = fill(deck.control(key), |name| match name {
        "h" => Some(grouped(h)),
        "m" => Some(m.clone()),
        "s" => Some(s.to_string()),
        _ => None,
    });
    // A time never breaks over two lines.
    said.replace(' ', "\u{a0}")
}

/// A whole number with a thin space between thousands, from five digits on.
#[must_use]
pub fn grouped(n: u64) -> String {
    /// Narrow, and no line breaks there.
    const THIN: char = '\u{202f}';
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(digit);
    }
    out
}

/// How a figure is said, by its key: times end in `_s`, bytes in `_bytes`, shares are declared by the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A bare count; fractions are cut off, so that nothing is said to be whole before it is.
    Count,
    /// A span of time.
    Time,
    /// Bytes.
    Bytes,
    /// Bytes a second.
    Rate,
    /// A share from 0 to 1, in percent.
    Share,
}

/// A count in words: from a million on by its first digits and a word.
fn count(deck: &Deck, value: f64) -> String {
    let value = (value + 1e-9).max(0.0).floor();
    let words = [(1e15, "quadrillions"), (1e12, "trillions"), (1e9, "billions"), (1e6, "millions")];
    match words.into_iter().find(|(by, _)| value >= *by) {
        // Cut, not rounded: nothing is said to be reached before it is.
        Some((by, key)) => {
            let n = value / by;
            let n = if n < 100.0 { format!("{:.1}", (n * 10.0).floor() / 10.0) } else { grouped(n as u64) };
            fill(deck.control(key), |name| (name == "n").then(|| n.clone())).replace(' ', "\u{a0}")
        }
        None => grouped(value as u64),
    }
}

/// A figure's value in words.
#[must_use]
pub fn quantity(deck: &Deck, said: Said, value: f64) -> String {
    let unit = |key: &str, n: f64, by: f64| {
        let n = n / by;
        let n = if n < 10.0 { format!("{n:.1}") } else { grouped(n.round() as u64) };
        fill(deck.control(key), |name| (name == "n").then(|| n.clone()))
    };
    match said {
        Said::Count => count(deck, value),
        Said::Time => time(deck, value),
        Said::Share => {
            let percent = grouped((value.clamp(0.0, 1.0) * 100.0).round() as u64);
            fill(deck.control("share"), |name| (name == "n").then(|| percent.clone()))
        }
        Said::Bytes if value >= 1e9 => unit("bytes_gb", value, 1e9),
        Said::Bytes if value >= 1e6 => unit("bytes_mb", value, 1e6),
        Said::Bytes => unit("bytes_kb", value, 1e3),
        Said::Rate if value >= 1e6 => unit("rate_mb", value, 1e6),
        Said::Rate => unit("rate_kb", value, 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::text::Typesetter;

    #[test]
    fn fills_what_it_knows_and_leaves_the_rest() {
        let value = |key: &str| (key == "hops").then(|| "7".to_owned());
        assert_eq!(fill("Found in {hops} steps among {peers}.", value), "Found in 7 steps among {peers}.");
        assert_eq!(fill("a { b", value), "a { b");
        assert_eq!(placeholders("of {of} at {x}").collect::<Vec<_>>(), ["of", "x"]);
    }

    #[test]
    fn groups_thousands_with_a_sign_that_the_faces_have() {
        assert_eq!(grouped(2086), "2086");
        assert_eq!(grouped(1_000_000), "1\u{202f}000\u{202f}000");
        let type_ = Typesetter::new();
        assert!(Face::ALL[..2].iter().all(|f| type_.covers(*f, '\u{202f}') || type_.covers(*f, '\u{2009}')));
        assert!(type_.covers(Face::Bold, '\u{202f}'));
    }
}
