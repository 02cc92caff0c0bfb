//! What waits in order, each with its number: those taken last, those that go next, and the rest below (storyboard, part A).
//! When some are taken, each group moves up by one.

use super::{Case, Rect};
use crate::{
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Style},
    },
    sim::model::Tray,
    slides::{
        page::Desk,
        scene_slide::label,
        words::{CAPTION, CAPTION_SMALL, LEAST, NAME, grouped},
    },
};

/// A square where there is room, the least it shrinks to, and the gap after it.
const SIDE: f32 = 84.0;
const LEAST_SIDE: f32 = 60.0;
const GAP: f32 = 12.0;
/// In a narrower tray squares shrink, so that so many stand in a row.
const IN_A_ROW: f32 = 8.0;
/// The words above a group, and the gap below it.
const HEAD: f32 = 40.0;
const BELOW: f32 = 22.0;
/// So many rows of those that have to wait have room where there is any.
const ROWS: usize = 2;

/// The height of all of it: two rows for what was taken and what goes next, and rows for the rest.
pub fn high(room: usize, wide: f32) -> f32 {
    let rows = room.max(1).div_ceil(across(wide)).min(2) * 2 + ROWS;
    3.0 * HEAD + 2.0 * BELOW + rows as f32 * (side(wide) + GAP)
}

fn side(wide: f32) -> f32 {
    ((wide + GAP) / IN_A_ROW - GAP).clamp(LEAST_SIDE, SIDE)
}

/// How many squares stand beside each other.
fn across(wide: f32) -> usize {
    (((wide + GAP) / (side(wide) + GAP)).floor() as usize).max(1)
}

/// How a square is drawn, besides its number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Square {
    /// It is in a block.
    Taken,
    /// It goes next.
    Next,
    /// It waits.
    Waits,
    /// Nothing is there yet.
    Free,
}

/// Draws all three groups; of those that wait as many as there is room for.
pub fn draw(desk: &mut Desk, case: Case, [x, y, wide, high]: Rect) {
    let blank = Tray::default();
    let tray = case.panel.tray.as_ref().unwrap_or(&blank);
    let across = across(wide);
    let slots = tray.room.clamp(1, across * 2);
    let end = y + high;
    let filled = |numbers: Vec<u64>, square: Square| {
        let mut row: Vec<(Option<u64>, Square)> = numbers.into_iter().map(|n| (Some(n), square)).collect();
        row.truncate(slots);
        row.resize(slots, (None, Square::Free));
        row
    };
    let of = |next: bool| tray.waiting.iter().filter(move |w| w.next == next).map(|w| w.number).collect::<Vec<u64>>();
    let groups =
        [("tray_taken", filled(tray.written.clone(), Square::Taken)), ("tray_next", filled(of(true), Square::Next))];
    let mut top = y;
    for (key, row) in groups {
        top = group(desk, case, (key, None), &row, [x, top, wide]) + BELOW;
    }
    let waits = of(false);
    let rows = (((end - top - HEAD + GAP) / (side(wide) + GAP)).floor().max(0.0)) as usize;
    let shown: Vec<(Option<u64>, Square)> =
        waits.iter().take(rows * across).map(|n| (Some(*n), Square::Waits)).collect();
    let hidden = waits.len() - shown.len();
    group(desk, case, ("tray_waits", (hidden > 0).then_some(waits.len())), &shown, [x, top, wide]);
}

/// Draws a group under its words; tells where it ends.
fn group(
    desk: &mut Desk,
    case: Case,
    (key, count): (&str, Option<usize>),
    row: &[(Option<u64>, Square)],
    [x, y, wide]: [f32; 3],
) -> f32 {
    if let Some(words) = label(desk, case.scene, 0, key) {
        let words = count.map_or_else(|| words.clone(), |count| format!("{words} · {}", grouped(count as u64)));
        desk.fit(&format!("figure {key}"), &words, &[CAPTION, CAPTION_SMALL, LEAST], wide, 1, [x, y]);
    }
    let (across, side) = (across(wide), side(wide));
    let top = y + HEAD;
    for (n, (number, square)) in row.iter().enumerate() {
        let at = [x + (n % across) as f32 * (side + GAP), top + (n / across) as f32 * (side + GAP)];
        draw_square(desk, *square, at, side);
        if let Some(number) = number {
            let ink = if matches!(square, Square::Waits) { Ink::Ink } else { Ink::Ground };
            let style = Style { size: side * 0.4, line: side * 0.5, ..NAME };
            let middle = [at[0] + side * 0.5, at[1] + side * 0.5];
            let styles = [style.ink(ink).align(Align::Centre)];
            desk.middle(&format!("{key} {n}"), &number.to_string(), &styles, side - 6.0, middle);
        }
    }
    top + row.len().div_ceil(across) as f32 * (side + GAP) - GAP
}

/// What is in a block is calm, what goes next is bright, what waits is an outline, and a free place is dotted.
fn draw_square(desk: &mut Desk, square: Square, at: Vec2, side: f32) {
    let corner = desk.look().corner(side * 0.22);
    let size = [side, side];
    let stroke = desk.look().stroke(2.5);
    desk.over().shape(match square {
        Square::Taken => Shape::rect(Ink::Ink2, at, size, corner),
        Square::Next => Shape::rect(Ink::Data, at, size, corner),
        Square::Waits => Shape::frame(Ink::Data, at, size, corner, stroke),
        Square::Free => Shape::frame(Ink::Line, at, size, corner, stroke).dotted(10.0),
    });
}
