//! What can be wrong in words: missing ones, words of nothing, too many of them, signs that no face has.

use super::{CONTROLS, Checker, FALLS_BACK, HEADLINE_WORDS, ICONS, LABEL_WORDS, RULE_WORDS, scenes::systems};
use crate::{
    deck::{
        place::{Placed, Source, Spot, one_of},
        state::Position,
        structure::{Instrument, Layout, Panel, Setting, Slide, StillMark, Topic},
        words::{ModelWords, SlideWords},
    },
    ink::text::Face,
    sim::{
        model::System,
        registry::{SYSTEMS, find},
    },
};
use std::{ops::Range, sync::Arc};

impl Checker<'_> {
    /// A key of a slide's own words that something in the structure names.
    pub(super) fn slide_key(&mut self, at: Position, key: &str, place: &Range<usize>) {
        let Some(topic) = self.deck.topic(at.topic) else { return };
        let slide = self.deck.slide(at);
        // Where the slide has no words at all, that is said once.
        let Some(own) = self.tongue.slide(topic, slide) else {
            return;
        };
        let has = |words: &SlideWords| words.words.contains_key(key);
        if has(own) || self.english.as_ref().and_then(|e| e.slide(topic, slide)).is_some_and(|w| has(w)) {
            return;
        }
        let asked = keys(slide);
        let orphans: Vec<&str> = own.words.keys().map(String::as_str).filter(|k| !asked.contains(k)).collect();
        let way = ["topics", &topic.slug, "slides", &slide.slug, "words"];
        let (there, right) = self.misplaced(key, &orphans, &way, "…");
        let spots = vec![self.spot(place), there];
        self.find("missing-words", spots, format!("The slide's words have no `{key}`."), right);
    }

    /// The deck's words, in the language shown and against English.
    pub(super) fn words(&mut self) {
        let deck = self.deck;
        for (t, topic) in deck.structure.topics.iter().enumerate() {
            self.topic_title(topic, self.tongue.topic(topic).map(|w| &w.title));
            for (s, slide) in topic.slides.iter().enumerate() {
                let at = Position { topic: t, slide: s, step: 0 };
                match self.tongue.slide(topic, slide) {
                    Some(words) => self.slide_texts(at, topic, slide, words),
                    // A topic without any words is said once.
                    None if self.tongue.topic(topic).is_some() => self.missing_slide(topic, slide),
                    None => {}
                }
            }
        }
        self.words_of_nothing();
        self.lacking();
        let (source, controls) = (Arc::clone(&deck.words_source), &deck.words.controls);
        for (key, word) in controls {
            if !deck.house.controls.contains_key(key) {
                let spots = vec![self.key_spot(&word.at), self.house_spot(&["controls"])];
                let known: Vec<&str> = deck.house.controls.keys().map(String::as_str).collect();
                self.find("words-of-nothing", spots, format!("No control is called `{key}`."), one_of(key, &known));
            }
            let known = deck.house.controls.get(key).map(|w| placeholders(w)).unwrap_or_default();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.text(&source, word, &known);
        }
        for (model, words) in &deck.words.models {
            self.model_texts(&source, model, words, true);
        }
    }

    /// A topic's words: there, or only in English, or nowhere.
    fn topic_title(&mut self, topic: &Topic, title: Option<&Placed<String>>) {
        let source = Arc::clone(self.tongue.source);
        if let Some(title) = title {
            self.text(&source, title, &[]);
            if title.trim().is_empty() {
                let spot = Spot::new(&source, title.at.clone());
                self.find("missing-words", vec![spot], "This topic has an empty title.".into(), "its name");
            }
            return;
        }
        let slug = &topic.slug.value;
        if let Some(english) = self.english.as_ref().filter(|e| e.topic(topic).is_some()) {
            let spots = vec![self.tongue.place(&["topics", slug]), english.place(&["topics", slug])];
            let message = format!("The topic `{slug}` is missing in this language and shown in English.");
            self.find(FALLS_BACK, spots, message, format!("`\"{slug}\": (title: …, slides: {{…}})`"));
        } else {
            let slugs: Vec<&str> = self.deck.structure.topics.iter().map(|t| t.slug.as_str()).collect();
            let deck = self.deck;
            let known = deck.words.topics.keys().map(String::as_str);
            let orphans: Vec<&str> = known.filter(|k| !slugs.contains(k)).collect();
            let (there, right) = self.misplaced(slug, &orphans, &["topics"], "(title: …, slides: {…})");
            let spots = vec![self.spot(&topic.slug.at), there];
            self.find("missing-words", spots, format!("The topic `{slug}` has no words."), right);
        }
    }

    fn missing_slide(&mut self, topic: &Topic, slide: &Slide) {
        let (t, s) = (topic.slug.as_str(), slide.slug.as_str());
        let way = ["topics", t, "slides", s];
        if let Some(english) = self.english.as_ref().filter(|e| e.slide(topic, slide).is_some()) {
            let spots = vec![self.tongue.place(&way), english.place(&way)];
            let message = format!("The slide `{t}/{s}` is missing in this language and shown in English.");
            self.find(FALLS_BACK, spots, message, format!("`\"{s}\": (headline: …, steps: […])`"));
        } else {
            let slugs: Vec<&str> = topic.slides.iter().map(|s| s.slug.as_str()).collect();
            let deck = self.deck;
            let known = deck.words.topics.get(t).into_iter().flat_map(|w| w.slides.keys().map(String::as_str));
            let orphans: Vec<&str> = known.filter(|k| !slugs.contains(k)).collect();
            let (there, right) = self.misplaced(s, &orphans, &way[..3], "(headline: …, steps: […])");
            let spots = vec![self.spot(&slide.slug.at), there];
            self.find("missing-words", spots, format!("The slide `{t}/{s}` has no words."), right);
        }
    }

    /// The words of one slide.
    fn slide_texts(&mut self, at: Position, topic: &Topic, slide: &Slide, words: &SlideWords) {
        let source = Arc::clone(self.tongue.source);
        let models = slide.scene.as_ref().map(systems).unwrap_or_default();
        let quotes = quotable(&models);
        let text = |this: &mut Self, word: &Placed<String>| this.text(&source, word, &quotes);
        let own = |at: &Range<usize>| Spot::new(&source, at.clone());
        if words.headline.trim().is_empty() {
            self.find("missing-words", vec![own(&words.headline.at)], "This headline is empty.".into(), "a headline");
        }
        let headlines = std::iter::once(&words.headline).chain(words.states.values()).chain(&words.attract);
        for headline in headlines {
            text(self, headline);
            self.at_most(&source, headline, HEADLINE_WORDS, "headline-too-long", "headline");
        }
        if words.steps.is_empty() && slide.layout != Layout::Sources {
            let node = self.tongue.outline.find(&["topics", &topic.slug, "slides", &slide.slug, "steps"]);
            let place = node.map_or_else(|| words.headline.at.clone(), |found| found.value.at.clone());
            self.find("no-steps", vec![own(&place)], "This slide has no label.".into(), "at least one step");
        }
        for (i, step) in words.steps.iter().enumerate() {
            text(self, step);
            if step.trim().is_empty() {
                self.find("no-steps", vec![own(&step.at)], "This label is empty.".into(), "some words");
            }
            if slide.scene.is_some() && i == 0 {
                self.at_most(&source, step, RULE_WORDS, "rule-too-long", "rule of a scene");
            } else {
                self.at_most(&source, step, LABEL_WORDS, "label-too-long", "label");
            }
        }
        for word in words.kicker.iter().chain(words.words.values()) {
            text(self, word);
        }
        if let Some(more) = &words.more {
            self.glyphs(&source, &more.title);
            for paragraph in &more.text {
                self.glyphs(&source, paragraph);
            }
        }
        for notes in words.notes.iter().chain(&words.step_notes) {
            self.glyphs(&source, notes);
        }
        if let Some(more) = words.step_notes.get(words.steps.len()) {
            let message = format!("These notes are for step {}, and there is no such step.", words.steps.len() + 1);
            self.find("too-many-notes", vec![own(&more.at)], message, "at most as many as steps");
        }
        // What an unknown model may say is unknown.
        let known = slide
            .scene
            .as_ref()
            .is_none_or(|s| !s.networks.is_empty() && s.networks.iter().all(|n| find(&n.model).is_some()));
        for (state, word) in &words.states {
            if known && !models.iter().any(|m| m.states.contains(&state.as_str())) {
                let spots = vec![self.key_spot(&word.at), self.spot(&slide.slug.at)];
                let known: Vec<&str> = models.iter().flat_map(|m| m.states.iter().copied()).collect();
                let message = format!("No scene of this slide ever says the state `{state}`.");
                self.find("unknown-state", spots, message, one_of(state, &known));
            }
        }
        if slide.scene.is_none() {
            self.unused(at, slide, words);
        }
    }

    /// Words that no mark of a still asks for: most often a key that is misspelt on one side.
    fn unused(&mut self, at: Position, slide: &Slide, words: &SlideWords) {
        let asked = keys(slide);
        for (key, word) in &words.words {
            let spot = self.key_spot(&word.at);
            if !asked.contains(&key.as_str()) && !self.explained.contains(&spot) {
                let spots = vec![spot, self.spot(&self.deck.slide(at).slug.at)];
                let message = format!("Nothing on this slide shows the words `{key}`.");
                self.find("words-of-nothing", spots, message, one_of(key, &asked));
            }
        }
    }

    /// Words of topics and slides that the structure has not.
    fn words_of_nothing(&mut self) {
        let deck = self.deck;
        let structure = self.structure.find(&["topics"]).map_or(0..0, |found| found.place());
        let slugs: Vec<&str> = deck.structure.topics.iter().map(|t| t.slug.as_str()).collect();
        for (slug, words) in &deck.words.topics {
            let Some(topic) = deck.structure.topics.iter().find(|t| t.slug.value == *slug) else {
                let spots = vec![self.key_spot(&words.at), self.spot(&structure)];
                if !self.explained.contains(&spots[0]) {
                    let message = format!("The deck has no topic `{slug}`.");
                    self.find("words-of-nothing", spots, message, one_of(slug, &slugs));
                }
                continue;
            };
            let slides: Vec<&str> = topic.slides.iter().map(|s| s.slug.as_str()).collect();
            for (slide, words) in &words.slides {
                let spot = self.key_spot(&words.at);
                if !slides.contains(&slide.as_str()) && !self.explained.contains(&spot) {
                    let spots = vec![spot, self.spot(&topic.slug.at)];
                    let message = format!("The topic `{slug}` has no slide `{slide}`.");
                    self.find("words-of-nothing", spots, message, one_of(slide, &slides));
                }
            }
        }
    }

    /// What the language lacks of what English has, slide by slide.
    fn lacking(&mut self) {
        let Some(english) = self.english.clone() else { return };
        for (t, topic) in &english.words.topics {
            let Some(own_topic) = self.tongue.words.topics.get(t) else {
                continue;
            };
            for (s, slide) in &topic.slides {
                let Some(own) = own_topic.slides.get(s) else { continue };
                let mut lacks: Vec<(String, Range<usize>)> = Vec::new();
                for (section, theirs, ours) in
                    [("words", &slide.words, &own.words), ("states", &slide.states, &own.states)]
                {
                    let missing = theirs.iter().filter(|(key, _)| !ours.contains_key(*key));
                    lacks.extend(missing.map(|(key, word)| (format!("`{key}` of its {section}"), word.at.clone())));
                }
                if let (Some(more), None) = (&slide.more, &own.more) {
                    lacks.push(("its `more`".into(), more.title.at.clone()));
                }
                if let Some(step) = slide.steps.get(own.steps.len()) {
                    lacks.push((format!("step {}", own.steps.len() + 1), step.at.clone()));
                }
                for (what, at) in lacks {
                    let here = self.tongue.place(&["topics", t, "slides", s]);
                    let there = Spot::new(english.source, at);
                    let message = format!("The slide `{t}/{s}` lacks {what} in this language.");
                    self.find(FALLS_BACK, vec![here, there], message, "the same in this language");
                }
            }
        }
        if let Some(house) = &self.deck.house_fallback {
            let own = &self.deck.house;
            let missing: Vec<String> =
                house.controls.keys().filter(|key| !own.controls.contains_key(*key)).cloned().collect();
            for key in missing {
                let spot = self.house_spot(&["controls"]);
                let message = format!("The control `{key}` has no words in this language and speaks English.");
                self.find(FALLS_BACK, vec![spot], message, format!("`\"{key}\": …`"));
            }
        }
    }

    /// The words that the exhibit brings: every control and every model has all of its own.
    pub(super) fn house(&mut self) {
        let deck = self.deck;
        let source = Arc::clone(&deck.house_source);
        let english = deck.house_fallback.as_deref();
        for (key, quotes) in CONTROLS {
            match deck.house.controls.get(*key) {
                Some(word) => self.text(&source, word, quotes),
                None if english.is_some_and(|e| e.controls.contains_key(*key)) => {}
                None => {
                    let spot = self.house_spot(&["controls"]);
                    let message = format!("The control `{key}` has no words.");
                    self.find("missing-words", vec![spot], message, format!("`\"{key}\": …`"));
                }
            }
        }
        for (key, word) in &deck.house.controls {
            if !CONTROLS.iter().any(|(k, _)| k == key) {
                let spot = self.house_spot(&["controls", key]);
                let known: Vec<&str> = CONTROLS.iter().map(|(k, _)| *k).collect();
                self.find(
                    "words-of-nothing",
                    vec![spot],
                    format!("No control is called `{key}`."),
                    one_of(key, &known),
                );
                self.glyphs(&source, word);
            }
        }
        for key in ICONS {
            if !deck.icons.has(key) {
                let spot = Spot::new(&deck.icons.source, 0..1.min(deck.icons.source.text.len()));
                let message = format!("The pictogram `{key}` of a control is missing.");
                self.find("unknown-icon", vec![spot], message, format!("`\"{key}\": […]`"));
            }
        }
        for system in SYSTEMS {
            self.model_complete(system);
        }
        for (model, words) in &deck.house.models {
            self.model_texts(&source, model, words, false);
        }
    }

    /// Every key that a model may say has words, the deck's or the house's.
    fn model_complete(&mut self, system: &System) {
        let deck = self.deck;
        let name = system.name;
        let settings = (system.settings)();
        let keys = (system.states.iter().map(|k| ("states", *k)))
            .chain(system.deeds.iter().map(|d| ("deeds", d.key)))
            .chain(system.figures.iter().map(|f| ("figures", f.key)))
            .chain(settings.iter().map(|s| ("settings", s.key)))
            .chain(system.words.iter().copied());
        let used = deck.structure.topics.iter().flat_map(|t| &t.slides).filter_map(|s| s.scene.as_ref());
        let user = used.flat_map(|s| &s.networks).find(|n| n.model.value == name).map(|n| n.model.at.clone());
        for (section, key) in keys {
            if deck.model_word(name, section, key).is_none() {
                let mut spots = vec![self.house_spot(&["models", name, section])];
                spots.extend(user.as_ref().map(|at| self.spot(at)));
                let message = format!("The model `{name}` has no words for `{key}` of its {section}.");
                self.find("missing-words", spots, message, format!("`{section}: {{\"{key}\": …}}` under `{name}`"));
            }
        }
        if deck.model_words(name).all(|w| w.about.is_none()) {
            let spot = self.house_spot(&["models", name]);
            let message = format!("Nothing says what `{name}` models.");
            self.find("missing-words", vec![spot], message, "`about: …`, one sentence");
        }
        // What stands beside a number on the wall.
        for (t, topic) in deck.structure.topics.iter().enumerate() {
            for (s, slide) in topic.slides.iter().enumerate() {
                let Some(scene) = slide.scene.as_ref().filter(|s| s.networks.iter().any(|n| n.model.value == name))
                else {
                    continue;
                };
                let at = Position { topic: t, slide: s, step: 0 };
                let ticks = scene.readouts.iter().filter_map(|r| r.tick.as_ref());
                let figures = scene.readouts.iter().map(|r| &r.figure).chain(ticks);
                for figure in figures.chain(scene.columns.iter().map(|c| &c.figure)) {
                    let known = system.figures.iter().any(|f| f.key == figure.value);
                    let said = deck.slide_word(at, figure).or_else(|| deck.model_word(name, "labels", figure));
                    if known && said.is_none() {
                        let spots = vec![self.spot(&figure.at), self.house_spot(&["models", name, "labels"])];
                        let message = format!("Nothing says what `{}` counts.", figure.value);
                        let right = format!("`labels: {{\"{}\": …}}` under `{name}`", figure.value);
                        self.find("missing-words", spots, message, right);
                    }
                }
            }
        }
    }

    /// The words about one model in one file: known keys, placeholders and signs.
    fn model_texts(&mut self, source: &Arc<Source>, model: &str, words: &ModelWords, own: bool) {
        let models = SYSTEMS.iter().map(|s| s.name).collect::<Vec<_>>();
        let place = |this: &Self, way: &[&str]| {
            if own { this.tongue.place(way) } else { this.house_spot(way) }
        };
        let Some(system) = find(model) else {
            let spot = place(self, &["models", model]);
            let message = format!("There is no model called `{model}`.");
            self.find("unknown-model", vec![spot], message, one_of(model, &models));
            return;
        };
        if let Some(about) = &words.about {
            self.text(source, about, &[]);
        }
        let settings = (system.settings)();
        let quotes = quotable(&[system]);
        for section in ModelWords::SECTIONS {
            let Some(texts) = words.section(section) else { continue };
            let known: Option<Vec<&str>> = match section {
                "states" => Some(system.states.to_vec()),
                "deeds" => Some(system.deeds.iter().map(|d| d.key).collect()),
                "figures" => Some(system.figures.iter().map(|f| f.key).collect()),
                "settings" => Some(settings.iter().map(|s| s.key).collect()),
                // Labels stand beside whatever a page shows: figures, states, networks.
                "labels" => None,
                _ => Some(system.words.iter().filter(|(s, _)| *s == section).map(|(_, k)| *k).collect()),
            };
            for (key, word) in texts {
                self.text(source, word, &quotes);
                if section == "states" {
                    self.at_most(source, word, HEADLINE_WORDS, "headline-too-long", "headline");
                }
                if let Some(known) = known.as_ref().filter(|known| !known.contains(&key.as_str())) {
                    let spot = place(self, &["models", model, section, key]);
                    let message = format!("`{model}` says nothing called `{key}` among its {section}.");
                    self.find("words-of-nothing", vec![spot], message, one_of(key, known));
                }
            }
        }
    }

    /// The key before a value in the deck's words.
    fn key_spot(&self, at: &Range<usize>) -> Spot {
        let place = self.tongue.outline.key_of(at.start).unwrap_or_else(|| at.clone());
        Spot::new(self.tongue.source, place)
    }

    /// Signs that no face has, and placeholders that nothing fills in.
    fn text(&mut self, source: &Arc<Source>, word: &Placed<String>, quotes: &[&str]) {
        self.glyphs(source, word);
        for name in placeholders(word) {
            if !quotes.contains(&name.as_str()) {
                let at = within(source, &word.at, &format!("{{{name}}}"));
                let spot = Spot::new(source, at);
                let message = format!("Nothing fills in `{{{name}}}` here.");
                let right = if quotes.is_empty() { "words without `{…}`".into() } else { one_of(&name, quotes) };
                self.find("unknown-placeholder", vec![spot], message, right);
            }
        }
    }

    fn glyphs(&mut self, source: &Arc<Source>, word: &Placed<String>) {
        let faces = [Face::Regular, Face::Bold];
        let missing = word.chars().find(|c| !c.is_whitespace() && !faces.iter().all(|f| self.type_.covers(*f, *c)));
        if let Some(sign) = missing {
            let at = within(source, &word.at, &sign.to_string());
            let message = format!("No face of the exhibit has the sign `{sign}` (U+{:04X}).", u32::from(sign));
            let right = "other signs; pictures stand in `assets/icons.ron`";
            self.find("no-such-sign", vec![Spot::new(source, at)], message, right);
        }
    }

    fn at_most(&mut self, source: &Arc<Source>, word: &Placed<String>, most: usize, rule: &'static str, what: &str) {
        let count = word.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
        if count > most {
            let spot = Spot::new(source, word.at.clone());
            self.find(rule, vec![spot], format!("This {what} has {count} words."), format!("at most {most} words"));
        }
    }
}

/// What instruments of a panel say that is not the model's alone to say.
const PANEL_WORDS: [&str; 12] = [
    "payment",
    "odds_exact",
    "odds_bet",
    "odds_bet_hint",
    "odds_bet_stands",
    "odds_no_bet",
    "odds_no_bet_hint",
    "odds_trials",
    "odds_between",
    "tray_taken",
    "tray_next",
    "tray_waits",
];
/// What those quote: a bet, the exact value, and how trials came out.
const PANEL_FIGURES: [&str; 6] = ["exact", "bet", "won", "tried", "low", "high"];

/// The keys of a slide's words that its still or scene asks for.
fn keys(slide: &Slide) -> Vec<&str> {
    let mut asked: Vec<&str> = Vec::new();
    if let Some(scene) = &slide.scene {
        asked.extend(scene.networks.iter().map(|n| n.name.as_str()));
        asked.extend(scene.pills.iter().filter_map(|p| p.words.as_ref()).map(|key| key.as_str()));
        // A setting that is words may be one of the slide's.
        let settings = scene.networks.iter().flat_map(|n| n.set.values());
        asked.extend(settings.filter_map(|value| match &value.value {
            Setting::Word(word) => Some(word.as_str()),
            _ => None,
        }));
        asked.extend(scene.panel.iter().flat_map(Panel::instruments).flat_map(|placed| match &placed.value {
            Instrument::Words(key) | Instrument::Figure(key) => vec![key.as_str()],
            Instrument::Slider { deed, marks, .. } => {
                marks.iter().map(|(_, key)| key.as_str()).chain([deed.as_str()]).collect()
            }
            _ => Vec::new(),
        }));
        if scene.panel.is_some() {
            asked.extend(PANEL_WORDS);
        }
    }
    if let Some(still) = &slide.still {
        asked.extend(still.caption.iter().map(|c| c.as_str()));
        for mark in &still.marks {
            match &mark.value {
                StillMark::Word { key, .. } => asked.push(key),
                StillMark::Peer { label, sub, .. } => asked.extend(label.iter().chain(sub).map(String::as_str)),
                _ => {}
            }
        }
    }
    asked
}

/// What words about these models may quote in braces: their figures, and the number of units in a column.
fn quotable(models: &[&'static System]) -> Vec<&'static str> {
    if models.is_empty() {
        return Vec::new();
    }
    models.iter().flat_map(|m| m.figures.iter().map(|f| f.key)).chain(["of"]).chain(PANEL_FIGURES).collect()
}

/// The names in braces of a text: `{hops}`.
fn placeholders(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else {
            continue;
        };
        if !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            names.push(name.to_owned());
        }
    }
    names
}

/// Where something stands within a text of the file, else the whole text.
fn within(source: &Source, at: &Range<usize>, what: &str) -> Range<usize> {
    let found = source.text.get(at.clone()).and_then(|text| text.find(what));
    found.map_or_else(|| at.clone(), |i| at.start + i..at.start + i + what.len())
}
