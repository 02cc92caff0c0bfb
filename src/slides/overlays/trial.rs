//! Decks, views and checks that the overlays' tests share.

use super::super::{Area, Hit, Page, Touch, View, ease::Ease};
use crate::{
    deck::{
        Deck,
        state::{DeckState, Position},
    },
    ink::{
        look::Look,
        sheet::{Canvas, Item, Sheet},
        text::Typesetter,
    },
};

/// The pictures' sizes that every overlay is tried at.
pub const SIZES: [[u32; 2]; 4] = [[1920, 1080], [3840, 2160], [1280, 800], [1080, 1920]];

/// The English words that the overlays ask for. Tests must not depend on what a curator changes.
const CONTROLS: &str = include_str!("trial_words.ron");

/// A deck of so many topics; every `live`th of them has a scene. Its first slide has a *more* of so many paragraphs.
pub fn deck(topics: usize, live: usize, paragraphs: usize) -> Deck {
    // The longest names of the exhibit's own twenty-five topics among them.
    const NAMES: [&str; 5] =
        ["Welcome", "What is a peer-to-peer network?", "Side by side", "Opportunities", "Keeping and finding together"];
    let (mut structure, mut words) = (String::new(), String::new());
    for topic in 0..topics {
        let scene = if live > 0 && topic % live == 0 {
            "scene: (networks: [(name: \"a\", model: \"distribution\"), (name: \"b\", model: \"distribution\")])"
        } else {
            "still: (marks: [])"
        };
        structure += &format!("(slug: \"t{topic}\", icon: \"welcome\", slides: [(slug: \"s\", {scene})]),\n");
        let paragraph = "\"Imagine that every peer fetched the pieces in order. Soon all would hold the same beginning \
                         and lack the same end. They would queue at the seed, as if it were a server.\",";
        let more = format!("more: (title: \"Why ask for the rarest?\", text: [{}])", paragraph.repeat(paragraphs));
        let name = NAMES[topic % NAMES.len()];
        words += &format!(
            "\"t{topic}\": (title: \"{name}\", slides: {{\"s\": (headline: \"H\", steps: [\"S\"], {more})}}),\n"
        );
    }
    let text = format!(
        "(topics: [{structure}], words: (language: \"English\", topics: {{{words}}}, controls: {{{CONTROLS}}}))"
    );
    Deck::from_text("trial.ron", &text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// Everything that a view borrows.
pub struct Trial {
    pub deck: Deck,
    pub state: DeckState,
    pub looks: Vec<Look>,
    pub type_: Typesetter,
    pub percent: u32,
    pub ease: Ease,
}

impl Trial {
    pub fn new(deck: Deck) -> Self {
        let state = DeckState { at: Position::default(), ..DeckState::default() };
        Self {
            deck,
            state,
            looks: Look::embedded().unwrap(),
            type_: Typesetter::new(),
            percent: 100,
            ease: Ease::default(),
        }
    }

    /// Composes with every look at a size, and checks what holds of every page.
    pub fn everywhere(&mut self, mut compose: impl FnMut(&View, &mut Typesetter) -> Page) -> Vec<Page> {
        let mut pages = Vec::new();
        for size in SIZES {
            for look in 0..self.looks.len() {
                let what = format!("{} at {size:?}", self.looks[look].name);
                // Room for other languages.
                self.percent = 135;
                let page = self.at(size, look, &mut compose);
                assert_eq!(page.faults, [], "{what} in a longer language");
                self.percent = 100;
                let page = self.at(size, look, &mut compose);
                assert_eq!(page.faults, [], "{what}");
                holds(&page, Canvas { size }, &what);
                pages.push(page);
            }
        }
        pages
    }

    /// Composes with one look at one size.
    pub fn at(&mut self, size: [u32; 2], look: usize, compose: impl FnOnce(&View, &mut Typesetter) -> Page) -> Page {
        let view = View {
            deck: &self.deck,
            state: &self.state,
            look: &self.looks[look],
            canvas: Canvas { size },
            scene: None,
            looks: &self.looks,
            length_percent: self.percent,
            ease: self.ease,
        };
        compose(&view, &mut self.type_)
    }
}

/// What holds of every page: text of 24 pixels at least that stays on the wall, targets of 64 at least that no other
/// target overlaps, and every one of them named.
pub fn holds(page: &Page, canvas: Canvas, what: &str) {
    let [w, h] = canvas.reference();
    for run in runs(&page.under).chain(runs(&page.over)) {
        assert!(run.size >= 24.0, "{what}: text of {} pixels", run.size);
        for glyph in &run.glyphs {
            let [x, y] = glyph.at;
            assert!(x >= 0.0 && x <= w && y >= 0.0 && y <= h, "{what}: a letter at {x}, {y}");
        }
    }
    let targets: Vec<&Hit> = page.hits.iter().filter(|hit| hit.does != Touch::Nothing).collect();
    for (i, hit) in targets.iter().enumerate() {
        let [x, y, width, height] = bounds(&hit.area);
        assert!(width >= 64.0 && height >= 64.0, "{what}: {hit:?}");
        assert!(x >= 0.0 && y >= 0.0 && x + width <= w && y + height <= h, "{what}: off the wall: {hit:?}");
        assert!(!hit.name.is_empty(), "{what}: {hit:?}");
        for other in &targets[i + 1..] {
            let [x2, y2, width2, height2] = bounds(&other.area);
            let apart = x + width <= x2 || x2 + width2 <= x || y + height <= y2 || y2 + height2 <= y;
            assert!(apart, "{what}: {hit:?} overlaps {other:?}");
        }
    }
}

/// All runs of text of a sheet.
pub fn runs(sheet: &Sheet) -> impl Iterator<Item = &crate::ink::text::Run> {
    sheet.items.iter().filter_map(|item| match item {
        Item::Text(run) => Some(run),
        Item::Shape(_) => None,
    })
}

/// Left, top, width and height of an area.
pub fn bounds(area: &Area) -> [f32; 4] {
    match *area {
        Area::Rect(rect, _) => rect,
        Area::Circle([x, y], r) => [x - r, y - r, r * 2.0, r * 2.0],
    }
}
