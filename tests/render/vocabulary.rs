//! The sheet of marks: every mark is drawn in every look, and its state can be told without ink.

use crate::{
    picture::{keep, other_than, prevailing, region},
    studio::{FULL, alone, gallery, looks},
};
use peerscape::{
    ink::{look::Colour, text::Typesetter},
    stage::sheet_of_marks::{self, Cell},
};

/// The least share of a cell that a mark covers: an idle link 2 px wide in a cell 40 px high.
const DRAWN: f64 = 0.015;

/// The least share of two cells by which two states must differ, where only shape can tell them.
const TOLD: f64 = 0.01;

/// The same for a dot of 12 px: less than 3 pixels of it are no difference.
const TOLD_DOTS: f64 = 0.04;

fn cells(look: usize) -> Vec<Cell> {
    sheet_of_marks::draw(&looks()[look], &mut Typesetter::new()).cells
}

fn cut(cell: &Cell) -> [f32; 4] {
    let ([x, y], [w, h]) = (cell.at, cell.half);
    [x - w, y - h, 2.0 * w, 2.0 * h]
}

#[test]
fn every_mark_is_drawn_in_every_look() {
    let _one = alone();
    let mut gallery = gallery(0, FULL, 1);
    let mut sheets = Vec::new();
    for look in looks() {
        gallery.take_look(look.index);
        let sheet = gallery.vocabulary().expect("the picture is taken");
        let mut missing = Vec::new();
        for cell in cells(look.index) {
            let drawn = other_than(&region(&sheet, cut(&cell)), look.colours.ground);
            if drawn < DRAWN {
                missing.push(format!("{} \"{}\" covers {:.2} %", cell.group, cell.name, drawn * 100.0));
            }
        }
        if !missing.is_empty() {
            let path = keep(&sheet, &format!("vocabulary-{}", look.name));
            panic!("{}: {}; see {}", look.name, missing.join(", "), path.display());
        }
        let all = region(&sheet, [0.0, 0.0, 1920.0, 1080.0]);
        assert_eq!(prevailing(&all), look.colours.ground, "{}: the ground has its colour", look.name);
        assert!(sheets.iter().all(|other| *other != sheet), "{} is a look of its own", look.name);
        sheets.push(sheet);
    }
}

#[test]
fn states_are_told_apart_by_shape_alone() {
    let _one = alone();
    let looks = looks();
    let look = &looks[crate::studio::look("terminal")];
    let one = look.colours;
    assert!([one.data, one.leaf, one.sky, one.lilac, one.bad].iter().all(|c| *c == one.ink), "this look has one ink");
    let mut gallery = gallery(look.index, FULL, 1);
    let sheet = gallery.vocabulary().expect("the picture is taken");
    let cells = cells(look.index);
    assert!(cells.iter().filter(|c| c.group == "states" || c.group == "peers").count() >= 20);
    let mut alike = Vec::new();
    for (i, a) in cells.iter().enumerate() {
        for b in cells[i + 1..].iter().filter(|b| b.group == a.group && b.half == a.half) {
            let (left, right) = (region(&sheet, cut(a)), region(&sheet, cut(b)));
            let count = |x: &[Colour], y: &[Colour]| {
                let differ = x.iter().zip(y).filter(|(x, y)| shape(**x, one.ground) != shape(**y, one.ground)).count();
                differ as f64 / x.len() as f64
            };
            let told = count(&left, &right);
            let enough = if a.group == "dots" { TOLD_DOTS } else { TOLD };
            if told < enough {
                alike.push(format!("{}: \"{}\" and \"{}\": {:.2} %", a.group, a.name, b.name, told * 100.0));
            }
        }
    }
    if !alike.is_empty() {
        panic!("{}; see {}", alike.join("\n"), keep(&sheet, "vocabulary-shapes").display());
    }
}

/// Whether a pixel is drawn at all: in one ink, tones tell nothing.
fn shape(colour: Colour, ground: Colour) -> bool {
    /// What tells a state must stand out by this much (WCAG 2, 1.4.11).
    const MARK: f32 = 3.0;
    colour.contrast(ground) >= MARK
}
