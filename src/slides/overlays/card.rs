//! The card of a held peer (style §4): what it holds and does, beside it, with a line that says whose card it is.

use super::{
    super::{Page, View},
    kit::{Desk, bold, set},
};
use crate::{
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Face, Style, Typesetter},
    },
    sim::model::{CardRow, CardValue},
};

/// The radius that a held peer grows to, and of the circle around it.
const HELD: f32 = 136.0;
/// From that circle to the card.
const GAP: f32 = 40.0;
/// The card's width, padding and corner.
const WIDTH: f32 = 400.0;
const PADDING: f32 = 32.0;
const RADIUS: f32 = 20.0;
/// A row: a name and a number on one line.
const ROW: f32 = 48.0;
/// Words and numbers of a row.
const NAME: Style = Style::new(Face::Regular, 28.0, 36.0).ink(Ink::Ink2);
const VALUE: Style = Style::new(Face::Bold, 28.0, 36.0).align(Align::Right);
/// What the peer holds, inside it.
const INSIDE: Style = bold(68.0, 68.0).align(Align::Centre);

/// A held peer: whose card it is, and where it stands.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// The model, whose words the rows are said in.
    pub model: &'a str,
    /// The rows.
    pub rows: &'a [CardRow],
    /// The peer's centre.
    pub at: Vec2,
}

/// Lays the card beside the peer, on the side that has room. Returns where it lies.
pub fn compose(view: &View, type_: &mut Typesetter, held: &Held, page: &mut Page) -> [f32; 4] {
    set(view, type_);
    let mut desk = Desk::new(view, type_);
    let [width, height] = view.canvas.reference();
    let high = PADDING * 2.0 + ROW * held.rows.len() as f32;
    let right = held.at[0] + HELD + GAP;
    let left = held.at[0] - HELD - GAP - WIDTH;
    let fits_right = right + WIDTH <= width - 24.0;
    let x = if fits_right { right } else { left.max(24.0) };
    let y = (held.at[1] - high * 0.5).clamp(160.0, (height - high - 130.0).max(160.0));
    let rect = [x, y, WIDTH, high];
    let stroke = desk.look().stroke(2.0);
    let edge = if fits_right { x } else { x + WIDTH };
    let rim = if fits_right { held.at[0] + HELD } else { held.at[0] - HELD };
    desk.sheet.shape(Shape::line(Ink::Line, [rim, held.at[1]], [edge, held.at[1].clamp(y, y + high)], stroke));
    desk.surface(rect, RADIUS);
    for (i, row) in held.rows.iter().enumerate() {
        let middle = y + PADDING + ROW * (i as f32 + 0.5);
        let name = view.deck.model_word(held.model, "card", row.key).unwrap_or(row.key).to_owned();
        let value = match &row.value {
            CardValue::Count(n) => n.to_string(),
            CardValue::Of(n, of) => view
                .deck
                .control("card_of")
                .replace("{n}", &n.to_string())
                .replace("{of}", &of.to_string()),
            CardValue::Rate(rate) => format!("{rate:.0} B/s"),
            CardValue::Word(word) => view.deck.model_word(held.model, "card", word).unwrap_or(word).to_owned(),
        };
        let top = middle - NAME.line * 0.5;
        let number = desk.type_.line(&value, &VALUE, [x + WIDTH - PADDING, top]);
        let room = WIDTH - PADDING * 2.0 - number.width - 16.0;
        number.draw(&mut desk.sheet);
        desk.words(&format!("card {}", row.key), &name, &[NAME], room, 1, [x + PADDING, top]);
    }
    // What it holds stands in its middle, where its core was.
    if let Some(CardValue::Of(n, _) | CardValue::Count(n)) = held.rows.first().map(|row| &row.value) {
        let at = [held.at[0], held.at[1] - INSIDE.line * 0.5];
        desk.type_.line(&n.to_string(), &INSIDE, at).draw(&mut desk.sheet);
    }
    desk.onto(page);
    rect
}
