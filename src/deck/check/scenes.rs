//! What can be wrong in a live scene: models, settings, deeds, figures, and parts that nothing draws yet.

use super::{Checker, drawn};
use crate::{
    deck::{
        place::{Placed, one_of},
        state::Position,
        structure::{Instrument, Network, Panel, Pill, Scene},
    },
    sim::{
        model::{DeedSpec, Range, Settings, System, ValueKind},
        registry::{SYSTEMS, find},
        vocabulary::Part,
    },
};

/// The figure that every run has: its clock.
const CLOCK: &str = "clock";
/// The figure of a scene that compares its run with the same one untouched: how many peers stand otherwise.
const DIFFERING: &str = "differing";
/// The most networks side by side: more would be too small for a finger.
const NETWORKS: usize = 3;

impl Checker<'_> {
    pub(super) fn scene(&mut self, at: Position, scene: &Scene) {
        let slug = self.deck.slide(at).slug.at.clone();
        if !(1..=NETWORKS).contains(&scene.networks.len()) {
            let spot = self.spot(&slug);
            let message = format!("A scene can't have {} networks.", scene.networks.len());
            self.find("out-of-range", vec![spot], message, format!("1 to {NETWORKS}"));
        }
        if !(scene.speed.is_finite() && scene.speed.value > 0.0) {
            let spot = self.spot(&scene.speed.at);
            let message = format!("Time can't run {} times as fast.", scene.speed.value);
            self.find("out-of-range", vec![spot], message, "more than 0; 1 is real time");
        }
        if let Some(speed) = &scene.idle_speed {
            self.not_drawn(Part::TwoRates, &speed.at);
        }
        let mut systems: Vec<&'static System> = Vec::new();
        let mut complete = true;
        for network in &scene.networks {
            self.slide_key(at, &network.name.value, &network.name.at);
            let on_panel = scene.panel.as_ref().is_some_and(|panel| !panel.has_network());
            match self.network(network, on_panel) {
                Some(system) if !systems.iter().any(|s| s.name == system.name) => systems.push(system),
                Some(_) => {}
                None => complete = false,
            }
        }
        // What an unknown model can do is unknown: only that it is unknown is said.
        if !complete || systems.is_empty() {
            return;
        }
        if let Some(deed) = &scene.deed {
            self.deed(deed, &systems);
        }
        if let Some(panel) = &scene.panel {
            self.panel(at, panel, systems[0]);
        }
        for pill in &scene.pills {
            if let Some(words) = &pill.words {
                self.slide_key(at, words, &words.at);
            }
            if let Some(spec) = self.deed(&pill.deed, &systems) {
                self.value(pill, spec);
            }
        }
        for readout in &scene.readouts {
            let compares = scene.differs.as_ref().is_some_and(|differs| differs.value);
            if readout.figure.value != CLOCK && !(compares && readout.figure.value == DIFFERING) {
                self.figure(&readout.figure, &systems);
            }
            if let Some(tick) = &readout.tick {
                self.figure(tick, &systems);
            }
        }
        if let Some(columns) = &scene.columns {
            self.figure(&columns.figure, &systems);
            if let Some(tick) = &columns.tick {
                self.figure(tick, &systems);
                self.not_drawn(Part::Tick, &tick.at);
            }
            if let Some(strip) = columns.strip.as_ref().filter(|strip| strip.value) {
                self.not_drawn(Part::Strip, &strip.at);
            }
            if columns.of.value == 0 {
                let spot = self.spot(&columns.of.at);
                self.find("out-of-range", vec![spot], "A column of no units.".into(), "at least 1");
            }
        }
    }

    /// Checks a network's model and settings; the model, if there is one.
    fn network(&mut self, network: &Network, on_panel: bool) -> Option<&'static System> {
        let Some(system) = find(&network.model) else {
            let spot = self.spot(&network.model.at);
            let names: Vec<&str> = SYSTEMS.iter().map(|s| s.name).collect();
            let message = format!("There is no model called `{}`.", network.model.value);
            self.find("unknown-model", vec![spot], message, one_of(&network.model, &names));
            return None;
        };
        let specs = (system.settings)();
        let mut settings = Settings::defaults(&specs);
        let before = self.findings.len();
        for (key, value) in &network.set {
            let Err(error) = settings.set(&specs, key, &value.to_string()) else {
                continue;
            };
            if let Some(spec) = specs.iter().find(|s| s.key == key) {
                let spot = self.spot(&value.at);
                let text = value.to_string();
                let right = match spec.range {
                    Range::OneOf(words) => one_of(&text, words),
                    _ => error.expected,
                };
                let message = format!("`{key}` of `{}` can't be `{text}`.", system.name);
                self.find("setting-out-of-range", vec![spot], message, right);
            } else {
                // The key stands before its value: the map's entry has its place.
                let at = self.structure.key_of(value.at.start).unwrap_or_else(|| value.at.clone());
                let spot = self.spot(&at);
                let known: Vec<&str> = specs.iter().map(|s| s.key).collect();
                let message = format!("`{}` has no setting called `{key}`.", system.name);
                self.find("unknown-setting", vec![spot], message, one_of(key, &known));
            }
        }
        if self.findings.len() > before {
            return Some(system);
        }
        match (system.build)(&settings, 0) {
            // A panel shows what the model says of it, and nothing else.
            Ok(_) if on_panel => {}
            Ok(mut model) => {
                for part in drawn::not_drawn(&mut *model) {
                    self.not_drawn(part, &network.model.at);
                }
            }
            Err(error) => {
                let at = network.set.get(&error.key).map_or(&network.model.at, |value| &value.at);
                let spot = self.spot(at);
                self.find("setting-out-of-range", vec![spot], sentence(&error.message), error.expected);
            }
        }
        Some(system)
    }

    /// The instruments of a panel: their words, and the figures and deeds of the first model.
    fn panel(&mut self, at: Position, panel: &Panel, system: &'static System) {
        for placed in panel.instruments() {
            let asked = |key: &str| Placed { value: key.to_owned(), at: placed.at.clone() };
            match &placed.value {
                Instrument::Words(key) => self.slide_key(at, key, &placed.at),
                Instrument::Figure(key) => self.figure(&asked(key), &[system]),
                Instrument::Keys => {
                    // One that lacks is said; the others lack with it.
                    let lacks = |deed: &&str| !system.deeds.iter().any(|spec| spec.key == *deed);
                    if let Some(deed) = ["type", "erase", "caret"].into_iter().find(lacks) {
                        self.deed(&asked(deed), &[system]);
                    }
                }
                Instrument::Odds => {
                    self.deed(&asked("bet"), &[system]);
                }
                Instrument::Slider { deed, tick, marks, .. } => {
                    let spec = self.deed(&asked(deed), &[system]);
                    let moves = |spec: &DeedSpec| matches!(spec.value, ValueKind::Whole(..) | ValueKind::Share(..));
                    if spec.is_some_and(|spec| !moves(spec)) {
                        let spot = self.spot(&placed.at);
                        let message = format!("`{deed}` takes no number.");
                        self.find("out-of-range", vec![spot], message, "a deed that takes a number");
                    }
                    if *tick == 0 {
                        let spot = self.spot(&placed.at);
                        self.find("out-of-range", vec![spot], "Ticks that are 0 apart.".into(), "at least 1");
                    }
                    for (_, key) in marks {
                        self.slide_key(at, key, &placed.at);
                    }
                }
                Instrument::Network
                | Instrument::Tray
                | Instrument::Lights
                | Instrument::Blocks
                | Instrument::Branches => {}
            }
        }
    }

    /// A deed that one of the scene's models knows.
    fn deed(&mut self, deed: &Placed<String>, systems: &[&'static System]) -> Option<&'static DeedSpec> {
        let specs = || systems.iter().flat_map(|s| s.deeds);
        let found = specs().find(|d| d.key == deed.value);
        if found.is_none() {
            let spot = self.spot(&deed.at);
            let known: Vec<&str> = specs().map(|d| d.key).collect();
            let message = format!("No model of this scene knows a deed called `{}`.", deed.value);
            self.find("unknown-deed", vec![spot], message, one_of(deed, &known));
        }
        found
    }

    /// The value that a pill does its deed with.
    fn value(&mut self, pill: &Pill, spec: &DeedSpec) {
        let given = pill.value.as_ref();
        let text = given.map(|v| v.value.as_str());
        let number = text.and_then(|t| t.parse::<f64>().ok());
        let (fits, right) = match spec.value {
            ValueKind::None => (given.is_none(), "no value".to_owned()),
            ValueKind::Whole(low, high) => {
                let whole = text.and_then(|t| t.parse::<u64>().ok());
                (whole.is_some_and(|n| (low..=high).contains(&n)), format!("a whole number from {low} to {high}"))
            }
            ValueKind::Share(low, high) => {
                (number.is_some_and(|x| (low..=high).contains(&x)), format!("a share from {low} to {high}"))
            }
            ValueKind::Text(most) => {
                (text.is_some_and(|t| t.chars().count() <= most), format!("a text of at most {most} signs"))
            }
        };
        if !fits {
            let spot = self.spot(&given.map_or(&pill.deed.at, |v| &v.at).clone());
            let message = match text {
                Some(text) => format!("`{}` can't be done with `{text}`.", spec.key),
                None => format!("`{}` needs a value.", spec.key),
            };
            self.find("out-of-range", vec![spot], message, right);
        }
    }

    /// A figure that all of the scene's models have.
    fn figure(&mut self, figure: &Placed<String>, systems: &[&'static System]) {
        let lacks = systems.iter().find(|s| !s.figures.iter().any(|f| f.key == figure.value));
        if let Some(system) = lacks {
            let spot = self.spot(&figure.at);
            let known: Vec<&str> = system.figures.iter().map(|f| f.key).collect();
            let message = format!("`{}` has no figure called `{}`.", system.name, figure.value);
            self.find("unknown-figure", vec![spot], message, one_of(figure, &known));
        }
    }
}

/// The systems of a scene, each once, as far as they are known.
pub(super) fn systems(scene: &Scene) -> Vec<&'static System> {
    let mut systems: Vec<&'static System> = Vec::new();
    for system in scene.networks.iter().filter_map(|n| find(&n.model)) {
        if !systems.iter().any(|s| s.name == system.name) {
            systems.push(system);
        }
    }
    systems
}

/// A message with a capital at its head, unless it begins with a sign.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
