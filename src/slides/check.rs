//! Composes every slide of a deck at every step, look, size and state, and tells what does not fit.

use super::{
    Area, Fault, Hit, NetworkReport, Page, SceneReport, Touch, View, compose, ease::Ease, overlays, still::overlap,
    text_slide,
};
use crate::{
    deck::{
        Deck,
        state::{DeckState, Overlay, Position},
        structure::Scene,
    },
    ink::{look::Look, sheet::Canvas, text::Typesetter},
    sim::{
        model::{Panel, Settings, Unit},
        registry,
        vocabulary::Word,
    },
};

/// The walls that every page must fit: 1080p, 4K, a small laptop, and upright.
pub const SIZES: [[u32; 2]; 4] = [[1920, 1080], [3840, 2160], [1280, 800], [1080, 1920]];
/// Targets are at least so wide and high, in pixels of a wall of 1080 lines.
pub const TARGET: f32 = 64.0;
/// Nothing stands nearer to the edge of the wall.
const EDGE: f32 = 8.0;

/// How pages are tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// How long words are taken to be, in percent of what they are: more leaves room for other languages.
    pub length_percent: u32,
    /// The size of text, and how high controls may stand.
    pub ease: Ease,
}

impl Default for Trial {
    fn default() -> Self {
        Self { length_percent: 100, ease: Ease::default() }
    }
}

/// What does not fit, of every slide at every step, in every look and size, with every headline of a state.
///
/// A page depends on a look only by its capitals and on a size only by how it stands, so that pages which must come out
/// the same are composed once.
#[must_use]
pub fn layout(deck: &Deck) -> Vec<(Position, Fault)> {
    layout_for(deck, Trial::default())
}

/// The same for longer words, larger text, or a screen that hangs high. The deck is [`Deck::enlarged`] for its text.
#[must_use]
pub fn layout_for(deck: &Deck, trial: Trial) -> Vec<(Position, Fault)> {
    layout_of(deck, trial, &|_| true)
}

/// The same of some slides alone, with what lies over them. The overview and the help are always tried.
#[must_use]
pub fn layout_of(deck: &Deck, trial: Trial, which: &dyn Fn(Position) -> bool) -> Vec<(Position, Fault)> {
    let Ok(looks) = Look::embedded() else { return Vec::new() };
    let mut type_ = Typesetter::new();
    let mut faults: Vec<(Position, Fault)> = Vec::new();
    each_page(deck, &looks, trial, which, &mut type_, |at, canvas, page| {
        let clashes = clashes(page, canvas, deck.slide(at).scene.is_some());
        let found = page.faults.iter().cloned().chain(clashes).chain(out_of_reach(&page.hits, trial.ease));
        for fault in found {
            let again = |(p, f): &(Position, Fault)| {
                (p.topic, p.slide, &f.what, f.rule) == (at.topic, at.slide, &fault.what, fault.rule)
            };
            if !faults.iter().any(again) {
                faults.push((at, fault));
            }
        }
    });
    faults.extend(overlays::faults::of(deck, trial, which, &mut type_));
    faults
}

/// Shows every page of some slides of a deck that can differ.
pub fn each_page(
    deck: &Deck,
    looks: &[Look],
    trial: Trial,
    which: &dyn Fn(Position) -> bool,
    type_: &mut Typesetter,
    mut see: impl FnMut(Position, Canvas, &Page),
) {
    let Trial { length_percent, ease } = trial;
    let mut done: Vec<([f32; 2], bool)> = Vec::new();
    for size in SIZES {
        let canvas = Canvas { size };
        for look in looks {
            if done.contains(&(canvas.reference(), look.caps)) {
                continue;
            }
            done.push((canvas.reference(), look.caps));
            for first in deck.walk().filter(|at| which(*at)) {
                let reports = deck.slide(first).scene.as_ref().map_or_else(Vec::new, reports);
                let with_more = text_slide::has_more(deck, first);
                for step in 0..deck.steps(first.topic, first.slide) {
                    let at = Position { step, ..first };
                    for open in [false, true] {
                        if open && !with_more {
                            continue;
                        }
                        let overlays = if open { vec![Overlay::More] } else { Vec::new() };
                        let state = DeckState { at, overlays, ..DeckState::default() };
                        for scene in std::iter::once(None).chain(reports.iter().map(Some)) {
                            let view = View { deck, state: &state, look, canvas, scene, looks, length_percent, ease };
                            let mut page = compose(&view, type_);
                            see(at, canvas, &page);
                            if open {
                                overlays::more::compose(&view, type_, &mut page);
                                see(at, canvas, &page);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a scene may say: each of its states, stopped and going on, with numbers as long as they get.
fn reports(scene: &Scene) -> Vec<SceneReport> {
    let mut states: Vec<Word> = vec!["running"];
    for network in &scene.networks {
        for state in registry::find(&network.model).map_or(&[][..], |s| s.states) {
            if !states.contains(state) {
                states.push(state);
            }
        }
    }
    let mut reports = Vec::new();
    for state in states {
        for still in [false, true] {
            let networks = scene.networks.iter().map(|n| longest(n.model.as_str(), scene, state, still)).collect();
            let chosen = Some(if still { "start" } else { "stop" });
            reports.push(SceneReport {
                networks,
                states: vec![state],
                pills: Vec::new(),
                capitals: still,
                paused: still,
                pace: -1,
                held: None,
                chosen,
            });
        }
    }
    reports
}

/// The longest numbers that a visitor waits for: half a day of model time, ninety-nine of what is counted.
fn longest(model: &str, scene: &Scene, state: Word, still: bool) -> NetworkReport {
    let of = scene.columns.as_ref().map_or(99.0, |c| f64::from(c.of.value));
    let figures = registry::find(model).map_or(&[][..], |s| s.figures);
    let value = |unit: Unit| match unit {
        Unit::Seconds => 10.0 * 3600.0 + 59.0 * 60.0,
        Unit::Bytes | Unit::BytesPerSecond => 99.0e9,
        Unit::Share => 1.0,
        Unit::Count | Unit::PerSecond | Unit::Choice => of,
    };
    NetworkReport {
        states: vec![state],
        differing: of as usize,
        seconds: value(Unit::Seconds),
        figures: figures.iter().map(|f| (f.key, Some(value(f.unit)))).collect(),
        stopped: still,
        finished: still,
        server: Some(if still { "start" } else { "stop" }),
        refusal: None,
        panel: panel(scene, model),
    }
}

/// A panel as it stands when its scene begins.
fn panel(scene: &Scene, model: &str) -> Panel {
    let found = scene.networks.iter().find(|n| n.model.value == model).zip(registry::find(model));
    let Some((network, system)) = found.filter(|_| scene.panel.is_some()) else { return Panel::default() };
    let specs = (system.settings)();
    let mut settings = Settings::defaults(&specs);
    for (key, value) in &network.set {
        // What can't be set is found where settings are checked.
        let _ignored = settings.set(&specs, key, &value.value.to_string());
    }
    (system.build)(&settings, 0).map(|model| model.panel()).unwrap_or_default()
}

/// Left, top, width and height of an area.
#[must_use]
pub fn bounds(area: &Area) -> [f32; 4] {
    match *area {
        Area::Rect(rect, _) => rect,
        Area::Circle([x, y], r) => [x - r, y - r, r * 2.0, r * 2.0],
    }
}

/// What must be touched and stands above the line of what is in reach, with nothing below that does the same.
pub fn out_of_reach(hits: &[Hit], ease: Ease) -> Vec<Fault> {
    let Some(line) = ease.low else { return Vec::new() };
    let reached = |hit: &Hit| {
        let [_, y, _, h] = bounds(&hit.area);
        y >= line || y + h >= line + TARGET
    };
    let below: Vec<Touch> = hits.iter().filter(|h| reached(h)).map(|h| h.does).collect();
    let chosen = below.contains(&Touch::Chosen);
    let twin = |does: Touch| match does {
        Touch::Nothing => true,
        // What is chosen by controls below may stand anywhere.
        Touch::Goto(_) | Touch::Peer { .. } => chosen,
        does => below.contains(&does),
    };
    hits.iter()
        .filter(|hit| !reached(hit) && !twin(hit.does))
        .map(|hit| {
            let message =
                format!("\"{}\" stands at {:.0} px and nothing below does the same", hit.name, bounds(&hit.area)[1]);
            Fault {
                what: hit.name.clone(),
                message,
                expected: format!("a place below {line:.0} px"),
                rule: "out-of-reach",
            }
        })
        .collect()
}

/// What of a page stands in the way of something else: words over words, controls over controls, words half on a
/// control, words on a live network, anything off the wall; and targets too small for a finger.
fn clashes(page: &Page, canvas: Canvas, live: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut find = |what: &str, rule, message: String, expected: &str| {
        faults.push(Fault { what: what.to_owned(), message, expected: expected.to_owned(), rule });
    };
    let [w, h] = canvas.reference();
    for (i, text) in page.texts.iter().enumerate() {
        let [x, y, width, height] = text.rect;
        if x < EDGE || y < EDGE || x + width > w - EDGE || y + height > h - EDGE {
            let message = format!("stands off the wall, at {x:.0}, {y:.0}, {width:.0} wide");
            find(&text.what, "off-the-wall", message, "fewer words, or another place");
        }
        for other in &page.texts[i + 1..] {
            if overlap(letters(text.rect), letters(other.rect)) {
                let message = format!("lies over `{}`", other.what);
                find(&text.what, "words-overlap", message, "fewer words, or another place");
            }
        }
        for hit in page.hits.iter().filter(|h| !in_corner(h)) {
            let area = bounds(&hit.area);
            if overlap(letters(text.rect), area) && (hit.does == Touch::Nothing || !inside(text.rect, area)) {
                let message = format!("lies half on the control \"{}\"", hit.name);
                find(&text.what, "words-overlap", message, "fewer words, or another place");
            }
        }
        // What stands in a box is words and blocks, set together.
        let stages = page.stages.iter().filter(|stage| live && stage.height.is_none());
        for stage in stages {
            let [cx, cy] = stage.centre;
            let (dx, dy) = (cx - cx.clamp(x, x + width), cy - cy.clamp(y, y + height));
            // The least of a descender may touch the rim.
            if dx.hypot(dy) < stage.radius - 6.0 {
                let message = format!("lies {:.0} px inside a live network", stage.radius - dx.hypot(dy));
                find(&text.what, "words-overlap", message, "fewer words, so that they end before the network");
            }
        }
    }
    let targets: Vec<&Hit> = page.hits.iter().filter(|h| h.does != Touch::Nothing).collect();
    for (i, hit) in targets.iter().enumerate() {
        let area = bounds(&hit.area);
        if area[2] < TARGET || area[3] < TARGET {
            let message = format!("\"{}\" is {:.0} by {:.0} px large", hit.name, area[2], area[3]);
            find(&hit.name, "small-target", message, "64 by 64 px at least");
        }
        for other in targets[i + 1..].iter().filter(|o| meet(hit, o)) {
            let message = format!("the control \"{}\" lies over \"{}\"", hit.name, other.name);
            find(&hit.name, "controls-overlap", message, "shorter words");
        }
    }
    faults
}

/// The part of a text's box that its letters fill: lines have air above and below.
fn letters([x, y, w, h]: [f32; 4]) -> [f32; 4] {
    /// As much of a line as its air, above and below together, is at least.
    const AIR: f32 = 6.0;
    [x, y + AIR * 0.5, w, h - AIR]
}

/// Whether a target is the corner's, which begins where headlines do and lets them pass.
fn in_corner(hit: &Hit) -> bool {
    let [x, y, ..] = bounds(&hit.area);
    x <= 0.0 && y <= 0.0
}

fn inside(a: [f32; 4], b: [f32; 4]) -> bool {
    a[0] >= b[0] - 1.0 && a[1] >= b[1] - 1.0 && a[0] + a[2] <= b[0] + b[2] + 1.0 && a[1] + a[3] <= b[1] + b[3] + 1.0
}

fn meet(a: &Hit, b: &Hit) -> bool {
    overlap(bounds(&a.area), bounds(&b.area))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        deck::action::Action,
        ink::{sheet::Item, text::Run},
        slides::words::SMALLEST,
    };

    fn deck() -> Deck {
        match Deck::load(None, None, "en") {
            Ok(deck) => deck,
            Err(findings) => panic!("{findings:?}"),
        }
    }

    fn runs(page: &Page) -> impl Iterator<Item = &Run> {
        page.under.items.iter().chain(&page.over.items).filter_map(|item| match item {
            Item::Text(run) => Some(run),
            Item::Shape(_) => None,
        })
    }

    #[test]
    fn every_page_of_the_deck_fits() {
        let faults = layout(&deck());
        let told: Vec<String> = faults.iter().map(|(at, f)| format!("{at:?} {f:?}")).collect();
        assert!(faults.is_empty(), "{}", told.join("\n"));
    }

    #[test]
    fn every_page_bears_larger_text_on_more_steps() {
        let ease = Ease { text: 135, low: None };
        let faults = layout_for(&deck().enlarged(135), Trial { ease, ..Trial::default() });
        let told: Vec<String> = faults.iter().map(|(at, f)| format!("{at:?} {f:?}")).collect();
        assert!(faults.is_empty(), "{}", told.join("\n"));
    }

    #[test]
    fn every_page_can_be_used_from_below_a_line() {
        for line in [0.0, 400.0, 731.0, 808.0] {
            let ease = Ease { text: 100, low: Some(line) };
            let faults = layout_for(&deck(), Trial { ease, ..Trial::default() });
            let told: Vec<String> = faults.iter().map(|(at, f)| format!("{at:?} {f:?}")).collect();
            assert!(faults.is_empty(), "{line}: {}", told.join("\n"));
        }
    }

    #[test]
    fn every_page_bears_longer_words() {
        let faults = layout_for(&deck(), Trial { length_percent: 135, ..Trial::default() });
        let told: Vec<String> = faults.iter().map(|(at, f)| format!("{at:?} {f:?}")).collect();
        assert!(faults.is_empty(), "{}", told.join("\n"));
    }

    #[test]
    fn a_size_changes_a_page_only_by_how_it_stands() {
        let (deck, looks, mut type_) = (deck(), Look::embedded().unwrap(), Typesetter::new());
        let state = DeckState::default();
        let mut page = |size| {
            let canvas = Canvas { size };
            let view = View {
                deck: &deck,
                state: &state,
                look: &looks[0],
                canvas,
                scene: None,
                looks: &looks,
                length_percent: 100,
                ease: Ease::default(),
            };
            compose(&view, &mut type_)
        };
        assert_eq!(page(SIZES[0]), page(SIZES[1]));
        assert_eq!(page(SIZES[0]), page(SIZES[2]));
        assert_ne!(page(SIZES[0]), page(SIZES[3]));
    }

    #[test]
    fn the_ways_stand_on_every_page_low_and_large_enough() {
        let (deck, looks, mut type_) = (deck(), Look::embedded().unwrap(), Typesetter::new());
        each_page(&deck, &looks, Trial::default(), &|_| true, &mut type_, |at, canvas, page| {
            for action in [
                Action::PreviousTopic,
                Action::NextTopic,
                Action::Back,
                Action::Deeper,
                Action::Overview,
                Action::Look,
                Action::Help,
            ] {
                let hits = page.hits.iter().filter(|h| h.does == Touch::Action(action));
                let low = |h: &&Hit| bounds(&h.area)[1] >= canvas.reference()[1] / 3.0;
                assert_eq!(hits.clone().filter(low).count(), 1, "{at:?} {action:?}");
            }
            for hit in page.hits.iter().filter(|h| h.does != Touch::Nothing) {
                let [x, y, w, h] = bounds(&hit.area);
                assert!(w >= TARGET && h >= TARGET, "{at:?} {hit:?}");
                let corner = x <= 0.0 && y <= 0.0;
                assert!(corner || y >= canvas.reference()[1] / 3.0, "{at:?} {hit:?}");
                assert!(!hit.name.is_empty());
            }
            let enabled = |action| page.hits.iter().filter(|h| h.does == Touch::Action(action)).all(|h| h.enabled);
            assert_eq!(enabled(Action::Back), at.slide > 0);
            assert_eq!(enabled(Action::Deeper), at.slide + 1 < deck.slides(at.topic));
            assert_eq!(enabled(Action::PreviousTopic), at.topic > 0);
            assert_eq!(enabled(Action::NextTopic), at.topic + 1 < deck.len());
        });
    }

    #[test]
    fn no_text_is_too_small_or_lacks_a_glyph() {
        let (deck, looks, mut type_) = (deck(), Look::embedded().unwrap(), Typesetter::new());
        each_page(&deck, &looks, Trial::default(), &|_| true, &mut type_, |at, _, page| {
            for run in runs(page) {
                assert!(run.size >= SMALLEST, "{at:?} {run:?}");
                assert!(run.glyphs.iter().all(|g| g.id != 0), "{at:?} {run:?}");
            }
        });
    }

    #[test]
    fn words_that_cannot_fit_are_told() {
        let text = r#"#![enable(implicit_some)]
            (topics: [(slug: "a", icon: "play", slides: [(slug: "b", still: (marks: []))])],
             words: (language: "English", topics: {"a": (title: "A", slides: {"b": (
                headline: "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle",
                steps: ["STEP"])})}))"#
            .replace("STEP", &"forty words and then some more of them ".repeat(14));
        let deck = Deck::from_text("test.ron", &text).unwrap();
        let faults = layout(&deck);
        let rules: Vec<(&str, &str)> = faults.iter().map(|(_, f)| (f.what.as_str(), f.rule)).collect();
        assert!(rules.contains(&("headline", "too-long")), "{rules:?}");
        assert!(rules.contains(&("step 1", "too-long")), "{rules:?}");
    }
}
