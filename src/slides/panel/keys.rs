//! Words that a visitor writes, and the keys on the wall to write them with (style §8).

use super::{Case, deed};
use crate::{
    ink::{
        sheet::{Form, Ink, Shape, Vec2},
        text::{Align, Face, Style},
    },
    sim::model::Writing,
    slides::{
        Area, Entered, Touch,
        controls::{HEIGHT, arrow},
        page::Desk,
        words::{CAPTION, CONTROL},
    },
};

/// A round key, and from key to key.
const R: f32 = 36.0;
const PITCH: f32 = 88.0;
/// The width of all keys: ten of them.
pub const WIDE: f32 = PITCH * 9.0 + R * 2.0;
/// A wide key, and the longest.
const PILL: f32 = 116.0;
/// Where the words stand, and where the keys begin.
const TEXT: f32 = 38.0;
const KEYS: f32 = 150.0;
/// The height of all of it: the words, and five rows of keys where those are in reach.
pub fn high(desk: &Desk) -> f32 {
    if in_reach(desk) { KEYS + PITCH * 4.0 + HEIGHT } else { KEYS }
}

/// Keys on a wide wall need more of it than can be in reach where only a part is; upright, who sets them knows.
fn in_reach(desk: &Desk) -> bool {
    desk.portrait() || desk.view.ease.low.is_none()
}

/// Letters on keys.
const LETTER: Style = Style::new(Face::Regular, 32.0, 44.0);
/// What is written, as large as it fits.
const WRITTEN: [Style; 4] = [
    Style::new(Face::Regular, 64.0, 84.0),
    Style::new(Face::Regular, 52.0, 84.0),
    Style::new(Face::Regular, 42.0, 84.0),
    Style::new(Face::Regular, 34.0, 84.0),
];

/// Draws what is written and the keys under it.
pub fn draw(desk: &mut Desk, case: Case, [x, y]: Vec2) {
    desk.line("control writing", &desk.control("writing"), &CAPTION, WIDE, [x, y]);
    written(desk, case.panel.writing.as_ref().unwrap_or(&Writing::default()), [x, y + TEXT]);
    if !in_reach(desk) {
        return;
    }
    let upper = desk.view.scene.is_some_and(|scene| scene.capitals);
    let mut row = y + KEYS + R;
    for (n, key) in ["keys_1", "keys_2", "keys_3", "keys_4"].into_iter().enumerate() {
        let signs: Vec<char> = desk.control(key).chars().collect();
        // The last row of letters stands between two wide keys.
        let wide = PITCH * signs.len().saturating_sub(1) as f32;
        let first = x + (WIDE - wide) * 0.5;
        for (i, sign) in signs.iter().enumerate() {
            let sign = if upper { sign.to_uppercase().next().unwrap_or(*sign) } else { *sign };
            letter(desk, case, sign, [first + PITCH * i as f32, row]);
        }
        if n == 3 {
            let words = desk.control(if upper { "key_small" } else { "key_capitals" });
            pill(desk, &words, Touch::Capitals, [x, row - HEIGHT * 0.5], PILL);
            erase(desk, case, [x + WIDE - PILL, row - HEIGHT * 0.5]);
        }
        row += PITCH;
    }
    last_row(desk, case, x, row);
}

/// The row of the caret's keys, the space, and two signs.
fn last_row(desk: &mut Desk, case: Case, x: f32, row: f32) {
    let caret = case.panel.writing.as_ref().map_or(0, |w| w.caret) as u32;
    let signs = case.panel.writing.as_ref().map_or(0, |w| w.text.chars().count()) as u32;
    for (i, (to, points, name)) in
        [(caret.saturating_sub(1), -1.0, "key_before"), ((caret + 1).min(signs), 1.0, "key_after")]
            .into_iter()
            .enumerate()
    {
        let centre = [x + R + PITCH * i as f32, row];
        ring(desk, centre);
        let [cx, cy] = centre;
        let mut shape = Shape::new(Form::Triangle, Ink::Ink, [cx + 11.0 * points, cy], [cx - 8.0 * points, cy - 13.0]);
        shape.p = [cx - 8.0 * points, cy + 13.0];
        desk.over().shape(shape);
        if let Some(deed) = deed(case, "caret") {
            let does = Touch::Set { deed: deed.key, value: Entered::Whole(to) };
            let name = desk.control(name);
            desk.hit(Area::Circle(centre, R), does, name, true);
        }
    }
    let from = x + PITCH * 2.0;
    let words = desk.control("key_space");
    if let Some(deed) = deed(case, "type") {
        let does = Touch::Set { deed: deed.key, value: Entered::Sign(' ') };
        pill(desk, &words, does, [from, row - HEIGHT * 0.5], WIDE - PITCH * 4.0);
    }
    for (i, sign) in ['.', '?'].into_iter().enumerate() {
        letter(desk, case, sign, [x + WIDE - R - PITCH * (1 - i) as f32, row]);
    }
}

/// The outline of a round key.
fn ring(desk: &mut Desk, centre: Vec2) {
    let edge = desk.look().stroke(2.0);
    desk.over().shape(Shape::circle(Ink::Line, centre, R - edge * 0.5, edge));
}

fn letter(desk: &mut Desk, case: Case, sign: char, centre: Vec2) {
    ring(desk, centre);
    let text = sign.to_string();
    let top = [centre[0], centre[1] - LETTER.line * 0.5];
    let caps = std::mem::replace(&mut desk.type_.caps, false);
    desk.type_.line(&text, &LETTER.align(Align::Centre), top).draw(&mut desk.page.over);
    desk.type_.caps = caps;
    if let Some(deed) = deed(case, "type") {
        let does = Touch::Set { deed: deed.key, value: Entered::Sign(sign) };
        desk.hit(Area::Circle(centre, R), does, text, true);
    }
}

/// A wide key.
fn pill(desk: &mut Desk, words: &str, does: Touch, at: Vec2, wide: f32) {
    let (edge, radius) = (desk.look().stroke(2.0), desk.look().corner(HEIGHT * 0.5));
    desk.over().shape(Shape::frame(Ink::Line, at, [wide, HEIGHT], radius, edge));
    let caps = std::mem::replace(&mut desk.type_.caps, false);
    let style = [CONTROL.align(Align::Centre), Style { size: 24.0, ..CONTROL }.align(Align::Centre)];
    let middle = [at[0] + wide * 0.5, at[1] + HEIGHT * 0.5];
    desk.middle("control key", words, &style, wide - 24.0, middle);
    desk.type_.caps = caps;
    desk.hit(Area::Rect([at[0], at[1], wide, HEIGHT], radius), does, words, true);
}

/// The key that takes the sign before the caret away.
fn erase(desk: &mut Desk, case: Case, at: Vec2) {
    let (edge, radius) = (desk.look().stroke(2.0), desk.look().corner(HEIGHT * 0.5));
    let stroke = desk.look().stroke(3.0);
    desk.over().shape(Shape::frame(Ink::Line, at, [PILL, HEIGHT], radius, edge));
    let (from, to) = ([at[0] + 76.0, at[1] + HEIGHT * 0.5], [at[0] + 42.0, at[1] + HEIGHT * 0.5]);
    arrow(from, to, 14.0, stroke, Ink::Ink, 1.0, desk.over());
    if let Some(deed) = deed(case, "erase") {
        let name = desk.control("key_erase");
        let does = Touch::Set { deed: deed.key, value: Entered::None };
        desk.hit(Area::Rect([at[0], at[1], PILL, HEIGHT], radius), does, name, true);
    }
}

/// What is written, with the caret, the sign that was changed last underlined.
fn written(desk: &mut Desk, writing: &Writing, [x, y]: Vec2) {
    // A name in capitals would not be what is hashed.
    let caps = std::mem::replace(&mut desk.type_.caps, false);
    let percent = std::mem::replace(&mut desk.type_.percent, 100);
    let signs: Vec<char> = writing.text.chars().collect();
    let part = |from: usize, to: usize| signs[from.min(signs.len())..to.min(signs.len())].iter().collect::<String>();
    let style = WRITTEN.into_iter().find(|s| desk.type_.width(&writing.text, s) <= WIDE - 12.0).unwrap_or(WRITTEN[3]);
    let bold = Style { face: Face::Bold, ..style };
    let changed = writing.changed.filter(|c| *c < signs.len());
    let parts = match changed {
        Some(c) => [(part(0, c), style), (part(c, c + 1), bold), (part(c + 1, signs.len()), style)],
        None => [(writing.text.clone(), style), (String::new(), style), (String::new(), style)],
    };
    // Where a sign begins: a space at a part's end counts too.
    let wide = |desk: &mut Desk, text: &str, style: &Style| {
        let mark = "|";
        desk.type_.width(&format!("{text}{mark}"), style) - desk.type_.width(mark, style)
    };
    let mut left = x;
    let mut passed = 0;
    let mut caret = x;
    for (i, (text, style)) in parts.iter().enumerate() {
        let count = text.chars().count();
        if writing.caret >= passed && writing.caret <= passed + count {
            let before: String = text.chars().take(writing.caret - passed).collect();
            caret = left + wide(desk, &before, style);
        }
        if count > 0 {
            desk.type_.line(text, style, [left, y]).draw(&mut desk.page.over);
        }
        let width = wide(desk, text, style);
        if i == 1 && changed.is_some() {
            let stroke = desk.look().stroke(4.0);
            let under = y + style.line * 0.5 + style.size * 0.46;
            desk.over().shape(Shape::line(Ink::Ink, [left + 2.0, under], [left + width - 2.0, under], stroke));
        }
        left += width;
        passed += count;
    }
    let middle = y + style.line * 0.5;
    let caret_x = caret + 2.0;
    let stroke = desk.look().stroke(4.0);
    let half = style.size * 0.5;
    desk.over().shape(Shape::line(Ink::Ink, [caret_x, middle - half], [caret_x, middle + half], stroke));
    (desk.type_.caps, desk.type_.percent) = (caps, percent);
}
