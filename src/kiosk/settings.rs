//! The settings of a place: one file for the technician, `--config FILE`. `assets/settings.ron` holds every key with its
//! default and says what it means.
//!
//! A setting is taken or refused by itself: one that is wrong is named with its place, and what holds without the file is
//! taken instead. The wall opens with whatever is right.
//!
//! ```
//! use peerscape::{deck::place::Source, kiosk::settings::Settings};
//!
//! let mut settings = Settings::default();
//! let file = Source::new("hall.ron", "(idle: 90, look: \"nigth\", text: 120)");
//! let wrong = settings.take(&file.into());
//! assert_eq!((settings.idle, settings.text, settings.look), (90, 120, 0));
//! assert_eq!(wrong.len(), 1);
//! assert!(wrong[0].render().starts_with("hall.ron:1:18: "));
//! ```

use super::{
    hours::{Hours, Span, minutes},
    idle::{LEAST_SECONDS, MOST_SECONDS},
    pin::PinHash,
};
use crate::{
    deck::{
        assets::{Assets, read_file},
        outline::{Holds, Node, unclosed},
        place::{self, Finding, Placed, Source, Spot},
    },
    ink::look,
    slides::ease::{LARGEST, Low, REACH},
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    cmp::Ordering,
    collections::BTreeMap,
    ops::{Range, RangeInclusive},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The most that the picture may wander, in pixels.
pub const MOST_SHIFT: u32 = 16;

/// How the exhibit runs at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The deck; the one built in, if none.
    pub deck: Option<PathBuf>,
    /// A folder whose files stand in for those built in.
    pub assets: Option<PathBuf>,
    /// The language of words.
    pub language: String,
    /// The look to begin with, a number of [`look::NAMES`].
    pub look: usize,
    /// The size of what is read, in percent.
    pub text: u32,
    /// Whether motion is reduced.
    pub reduced_motion: bool,
    /// The measures of the picture.
    pub screen: Option<Screen>,
    /// Whether all that must be touched stands in reach of somebody who sits.
    pub controls_low: bool,
    /// The height above the floor that is still in reach, in millimetres.
    pub reach: f32,
    /// The name of the screen, where there are several.
    pub monitor: Option<String>,
    /// By how many degrees, clockwise, the picture is turned on the screen: 0, 90, 180 or 270.
    pub rotation: u32,
    /// How many cores mining may take; all but one, if nobody says.
    pub mining_cores: Option<u32>,
    /// The idle time in seconds.
    pub idle: u32,
    /// Whether the wall plays by itself while nobody is there.
    pub attract: bool,
    /// When the wall is lit, and how brightly.
    pub hours: Hours,
    /// How far the picture wanders, in pixels.
    pub pixel_shift: u32,
    /// The hash of the PIN that opens the staff panel.
    pub staff_pin: Option<PinHash>,
    /// The log of visits.
    pub visits: Option<PathBuf>,
    /// After how many days a visit is forgotten.
    pub visits_days: u32,
    /// The socket of `peerscape status`.
    pub status: Option<PathBuf>,
    /// The folder that paths begin in: the file's own.
    pub folder: PathBuf,
}

/// The measures of a picture, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// How high it is.
    pub height: f32,
    /// How high its lower edge hangs above the floor.
    pub lower_edge: f32,
}

/// A key of a map, in the order of its text.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key(Placed<String>);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.value.cmp(&other.0.value)
    }
}

/// A value of the file.
struct Value<'a> {
    source: &'a Arc<Source>,
    at: Range<usize>,
}

impl Value<'_> {
    fn read<T: DeserializeOwned>(&self) -> Result<T, Finding> {
        place::read_part(self.source, self.at.clone())
    }

    /// What is wrong with this value, or with a part of it.
    fn wrong(&self, at: Range<usize>, message: String, expected: String) -> Finding {
        let at = if at.is_empty() { self.at.clone() } else { at };
        Finding { spots: vec![Spot::new(self.source, at)], rule: "wrong-setting", message, expected }
    }

    /// A whole number within bounds.
    fn whole(&self, range: RangeInclusive<u32>) -> Result<u32, Finding> {
        let number: Placed<f64> = self.read()?;
        let (low, high) = (f64::from(*range.start()), f64::from(*range.end()));
        if number.fract() == 0.0 && (low..=high).contains(&number.value) {
            return Ok(number.value as u32);
        }
        let message = format!("{} can't be set here.", number.value);
        Err(self.wrong(number.at, message, format!("a whole number from {low} to {high}")))
    }

    /// A length within bounds.
    fn millimetres(&self, mm: f32) -> Result<f32, Finding> {
        if (1.0..=10_000.0).contains(&mm) {
            return Ok(mm);
        }
        Err(self.wrong(0..0, format!("{mm} mm can't be."), "a length from 1 to 10000 mm".into()))
    }
}

/// How the value of a key is taken.
type Take = fn(&mut Settings, &Value) -> Result<(), Finding>;

/// Every key, in the order of the file that explains them.
const KEYS: &[(&str, Take)] = &[
    ("deck", |settings, value| settings.path(value).map(|path| settings.deck = path)),
    ("assets", |settings, value| settings.path(value).map(|path| settings.assets = path)),
    ("language", |settings, value| value.read().map(|language| settings.language = language)),
    ("look", |settings, value| {
        let name: Placed<String> = value.read()?;
        let number = look::NAMES.iter().position(|known| *known == name.value).ok_or_else(|| {
            let message = format!("There is no look called `{}`.", name.value);
            value.wrong(name.at.clone(), message, place::one_of(&name, &look::NAMES))
        })?;
        settings.look = number;
        Ok(())
    }),
    ("text", |settings, value| value.whole(100..=LARGEST).map(|text| settings.text = text)),
    ("reduced_motion", |settings, value| value.read().map(|reduced| settings.reduced_motion = reduced)),
    ("screen", |settings, value| {
        let screen: Option<Screen> = value.read()?;
        if let Some(screen) = screen {
            value.millimetres(screen.height)?;
            value.millimetres(screen.lower_edge)?;
        }
        settings.screen = screen;
        Ok(())
    }),
    ("controls_low", |settings, value| value.read().map(|low| settings.controls_low = low)),
    ("reach", |settings, value| {
        settings.reach = value.millimetres(value.read()?)?;
        Ok(())
    }),
    ("monitor", |settings, value| value.read().map(|monitor| settings.monitor = monitor)),
    ("rotation", |settings, value| {
        let degrees = value.whole(0..=270)?;
        if degrees % 90 != 0 {
            let message = format!("{degrees} degrees can't be set here.");
            return Err(value.wrong(0..0, message, "0, 90, 180 or 270".into()));
        }
        settings.rotation = degrees;
        Ok(())
    }),
    ("mining_cores", |settings, value| {
        let said: Option<f64> = value.read()?;
        settings.mining_cores = said.map(|_| value.whole(0..=256)).transpose()?;
        Ok(())
    }),
    ("idle", |settings, value| {
        value.whole(LEAST_SECONDS as u32..=MOST_SECONDS as u32).map(|idle| settings.idle = idle)
    }),
    ("attract", |settings, value| value.read().map(|attract| settings.attract = attract)),
    ("opening", |settings, value| {
        let days: BTreeMap<Key, Vec<Placed<String>>> = value.read()?;
        let right = "a map of days and spans: `{\"tuesday\": [\"09:00-17:00\"]}`";
        let mut hours = settings.hours.without_spans();
        for (Key(day), spans) in days {
            let wrong = |at: &Range<usize>, message| value.wrong(at.clone(), message, right.into());
            let spans = spans.iter().map(|span| Span::parse(span).map_err(|message| wrong(&span.at, message)));
            let spans = spans.collect::<Result<_, _>>()?;
            hours.set(&day, spans).map_err(|message| wrong(&day.at, message))?;
        }
        settings.hours = hours;
        Ok(())
    }),
    ("brightness", |settings, value| {
        let times: BTreeMap<Key, Placed<f64>> = value.read()?;
        let right = "a map of times and percents from 5 to 100: `{\"08:00\": 100, \"20:00\": 60}`";
        let mut hours = settings.hours.without_brightness();
        for (Key(time), percent) in times {
            let wrong = |at: &Range<usize>, message| value.wrong(at.clone(), message, right.into());
            let from = minutes(&time).map_err(|message| wrong(&time.at, message))?;
            if !(5.0..=100.0).contains(&percent.value) {
                return Err(wrong(&percent.at, format!("{} percent can't be set.", percent.value)));
            }
            hours.set_brightness(from, percent.value as u8);
        }
        settings.hours = hours;
        Ok(())
    }),
    ("pixel_shift", |settings, value| value.whole(0..=MOST_SHIFT).map(|shift| settings.pixel_shift = shift)),
    ("staff_pin", |settings, value| {
        let hash: Option<Placed<String>> = value.read()?;
        let parsed = |hash: Placed<String>| {
            PinHash::parse(&hash).map_err(|error| {
                value.wrong(hash.at.clone(), format!("{error}."), "what `peerscape pin` prints".into())
            })
        };
        settings.staff_pin = hash.map(parsed).transpose()?;
        Ok(())
    }),
    ("visits", |settings, value| settings.path(value).map(|path| settings.visits = path)),
    ("visits_days", |settings, value| value.whole(1..=3_650).map(|days| settings.visits_days = days)),
    ("status", |settings, value| settings.path(value).map(|path| settings.status = path)),
];

impl Default for Settings {
    /// What `assets/settings.ron` says, which is part of the binary.
    fn default() -> Self {
        let mut settings = Self {
            deck: None,
            assets: None,
            language: String::new(),
            look: 0,
            text: 100,
            reduced_motion: false,
            screen: None,
            controls_low: false,
            reach: REACH,
            monitor: None,
            rotation: 0,
            mining_cores: None,
            idle: 60,
            attract: true,
            hours: Hours::default(),
            pixel_shift: 0,
            staff_pin: None,
            visits: None,
            visits_days: 400,
            status: None,
            folder: PathBuf::new(),
        };
        let source = Assets::default().source("settings.ron").unwrap_or_default();
        let wrong = settings.take(&source);
        debug_assert!(wrong.is_empty(), "{}", place::render_all(&wrong));
        settings
    }
}

impl Settings {
    /// The settings of a file; with each that is wrong, and the default in its place.
    #[must_use]
    pub fn load(path: &Path) -> (Self, Vec<Finding>) {
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let mut settings = Self { folder, ..Self::default() };
        match read_file(path) {
            Ok(text) => {
                let findings = settings.take(&Arc::new(Source::new(path.display().to_string(), text)));
                (settings, findings)
            }
            Err(finding) => (settings, vec![finding]),
        }
    }

    /// Takes what a file sets. What is wrong comes back, and is left as it was.
    pub fn take(&mut self, source: &Arc<Source>) -> Vec<Finding> {
        let outline = Node::of(&source.text);
        let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        let mut findings = place::twice(source);
        findings.extend(self.broken(source, &outline));
        let mut taken: Vec<&str> = Vec::new();
        for entry in outline.entries() {
            if taken.contains(&entry.key.as_str()) {
                // It stands twice, which is said.
                continue;
            }
            let found = KEYS.iter().find(|(key, _)| *key == entry.key).map_or_else(
                || {
                    Err(Finding {
                        spots: vec![Spot::new(source, entry.at.clone())],
                        rule: "unknown-field",
                        message: format!("There is no setting called `{}`.", entry.key),
                        expected: place::one_of(&entry.key, &known),
                    })
                },
                |(_, take)| take(self, &Value { source, at: entry.value.at.clone() }),
            );
            findings.extend(found.err());
            taken.push(&entry.key);
        }
        if self.controls_low
            && let Err(message) = self.low()
        {
            let at = outline.find(&["controls_low"]).map_or(0..0, |found| found.value.at.clone());
            let expected =
                "the measures of the screen, of which enough is in reach: `screen: (height: 680, lower_edge: \
                            1000)`"
                    .into();
            let spots = vec![Spot::new(source, at)];
            findings.push(Finding { spots, rule: "wrong-setting", message, expected });
            self.controls_low = false;
        }
        findings
    }

    /// What is wrong with the file as a whole.
    fn broken(&self, source: &Arc<Source>, outline: &Node) -> Option<Finding> {
        let finding = |at: Range<usize>, message: &str, expected: &str| Finding {
            spots: vec![Spot::new(source, at)],
            rule: "syntax",
            message: message.into(),
            expected: expected.into(),
        };
        if let Some(open) = unclosed(&source.text) {
            return Some(finding(open..open + 1, "This bracket is never closed.", "its other half"));
        }
        let empty = source.text[outline.at.clone()].trim() == "()";
        if !empty && !matches!(outline.holds, Holds::Keyed(_)) {
            let message = "Here stand no settings.";
            return Some(finding(outline.at.clone(), message, "keys and values in brackets: `(idle: 90)`"));
        }
        // Whatever else the reader can't make sense of, it says itself.
        place::read::<ron::Value>(source)
            .err()
            .and_then(|found| found.into_iter().next())
            .filter(|f| f.rule == "syntax")
    }

    /// A path, from the folder of the file.
    fn path(&self, value: &Value) -> Result<Option<PathBuf>, Finding> {
        let path: Option<PathBuf> = value.read()?;
        Ok(path.map(|path| self.folder.join(path)))
    }

    /// The screen of which only the lower part is in reach, if controls are to stand low.
    ///
    /// # Errors
    /// Its measures are missing, or too little of it is in reach.
    pub fn low(&self) -> Result<Option<Low>, String> {
        match (self.controls_low, self.screen) {
            (false, _) => Ok(None),
            (true, None) => Err("Nobody has said how high the screen is and hangs.".into()),
            (true, Some(Screen { height, lower_edge })) => Low::new(self.reach, height, lower_edge).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn take(text: &str) -> (Settings, Vec<Finding>) {
        let mut settings = Settings::default();
        let found = settings.take(&Arc::new(Source::new("hall.ron", text)));
        (settings, found)
    }

    #[test]
    fn the_built_in_file_holds_every_key_once_and_nothing_wrong() {
        let source = Assets::default().source("settings.ron").expect("built in");
        let keys: Vec<String> = Node::of(&source.text).entries().iter().map(|entry| entry.key.clone()).collect();
        assert_eq!(keys, KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>());
        let mut settings = Settings::default();
        assert_eq!(settings.take(&source), []);
        assert_eq!(settings, Settings::default());
        assert_eq!((settings.idle, settings.language.as_str(), settings.pixel_shift), (60, "en", 2));
    }

    #[test]
    fn every_key_can_be_set() {
        let text = r#"(
            deck: "my-deck", assets: "/srv/assets", language: "de", look: "paper", text: 135, reduced_motion: true,
            screen: (height: 680, lower_edge: 1000), controls_low: true, reach: 1200, monitor: "HDMI-A-1",
            rotation: 270, mining_cores: 2, idle: 90, attract: false,
            opening: {"monday": ["09:00-12:00", "13:00-17:00"]}, brightness: {"20:00": 40}, pixel_shift: 0,
            staff_pin: "HASH", visits: "visits.db", visits_days: 30, status: "/run/x",
        )"#;
        let pin = PinHash::of("2468").expect("hashed");
        let (settings, found) = take(&text.replace("HASH", pin.as_str()));
        assert_eq!(found, []);
        let mut hours = Hours::default();
        let spans = ["09:00-12:00", "13:00-17:00"].map(|span| Span::parse(span).expect("a span"));
        hours.set("monday", spans.to_vec()).expect("a day");
        hours.set_brightness(20 * 60, 40);
        let screen = Some(Screen { height: 680.0, lower_edge: 1000.0 });
        let set = Settings {
            deck: Some("my-deck".into()),
            assets: Some("/srv/assets".into()),
            language: "de".into(),
            look: 1,
            text: 135,
            reduced_motion: true,
            screen,
            controls_low: true,
            reach: 1200.0,
            monitor: Some("HDMI-A-1".into()),
            rotation: 270,
            mining_cores: Some(2),
            idle: 90,
            attract: false,
            hours,
            pixel_shift: 0,
            staff_pin: Some(pin),
            visits: Some("visits.db".into()),
            visits_days: 30,
            status: Some("/run/x".into()),
            folder: PathBuf::new(),
        };
        assert_eq!(settings, set);
    }

    #[test]
    fn what_is_wrong_is_named_at_its_place_and_the_rest_is_taken() {
        for (text, place, expected) in [
            ("(idel: 90, text: 120)", "1:2", "`idle`"),
            ("(idle: 2, text: 120)", "1:8", "a whole number from 3 to 86400"),
            ("(idle: \"x\", text: 120)", "1:8", "a number"),
            ("(mining_cores: 2.5, text: 120)", "1:16", "a whole number from 0 to 256"),
            ("(rotation: 45, text: 120)", "1:12", "0, 90, 180 or 270"),
            ("(look: \"nihgt\", text: 120)", "1:8", "`night`"),
            ("(opening: {\"mon\": []}, text: 120)", "1:12", "a map of days and spans"),
            ("(opening: {\"monday\": [\"9-17\"]}, text: 120)", "1:23", "a map of days and spans"),
            ("(brightness: {\"8:00\": 0}, text: 120)", "1:23", "percents from 5 to 100"),
            ("(screen: (height: 0, lower_edge: 1), text: 120)", "1:10", "a length from 1 to 10000 mm"),
            ("(controls_low: true, text: 120)", "1:16", "the measures of the screen"),
            ("(staff_pin: \"1234\", text: 120)", "1:13", "what `peerscape pin` prints"),
            ("(attract: maybe, text: 120)", "1:11", "`true` or `false`"),
            ("(idle: 70, idle: 80, text: 120)", "1:12", "one of the two"),
        ] {
            let (settings, found) = take(text);
            assert_eq!(found.len(), 1, "{text}: {}", place::render_all(&found));
            assert_eq!(found[0].spots[0].to_string(), format!("hall.ron:{place}"), "{text}");
            assert!(found[0].expected.contains(expected), "{text}: {}", found[0].expected);
            assert_eq!(settings.text, 120, "{text}");
            let idle = if text.contains("70") { 70 } else { 60 };
            assert_eq!((settings.idle, settings.look, settings.controls_low), (idle, 0, false), "{text}");
        }
    }

    #[test]
    fn a_file_that_is_broken_as_a_whole_is_said_once_and_leaves_the_defaults() {
        for text in ["", "rubbish", "[1, 2]", "(idle: 90", "\"x\"", "(\n\n", "(idle 90)"] {
            let (settings, found) = take(text);
            assert!(!found.is_empty(), "{text} is nothing to say against");
            assert_eq!(settings.look, 0, "{text}");
        }
        assert_eq!(take("()").1, []);
        let (settings, found) = Settings::load(Path::new("/nowhere/at/all.ron"));
        assert_eq!((found[0].rule, settings.idle), ("missing-file", 60));
    }

    #[test]
    fn paths_begin_in_the_folder_of_the_file() {
        let folder = std::env::temp_dir().join(format!("peerscape-settings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("hall.ron");
        std::fs::write(&file, "(deck: \"my-deck\", visits: \"/srv/visits\")").unwrap();
        let (settings, found) = Settings::load(&file);
        assert_eq!((found, settings.deck), (vec![], Some(folder.join("my-deck"))));
        assert_eq!(settings.visits, Some("/srv/visits".into()));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    proptest! {
        #![proptest_config(crate::fuzz::cases(2_000))]
        /// Whatever a technician leaves there, the exhibit opens.
        #[test]
        fn no_text_breaks_the_settings(cut in 0_usize..9_000, len in 0_usize..40, put in "[ -~äé\n]{0,12}") {
            let mut text = Assets::default().source("settings.ron").expect("built in").text.clone();
            let bound = |text: &str, mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
            let begin = bound(&text, cut % (text.len() + 1));
            let end = bound(&text, (begin + len).min(text.len())).max(begin);
            text.replace_range(begin..end, &put);
            let (settings, _) = crate::fuzz::bounded(|| take(&text));
            prop_assert!((3..=86_400).contains(&settings.idle) && (100..=135).contains(&settings.text));
            prop_assert!(settings.low().is_ok());
        }
    }
}
