//! Two branches of a chain that race: the public one above, the secret one below, what it still has to catch up dotted
//! (style §8).

use super::{Case, Rect};
use crate::{
    ink::{
        sheet::{Form, Ink, Shape, Vec2},
        text::{Align, Style},
    },
    slides::{
        page::Desk,
        scene_slide::label,
        words::{CAPTION, LEAST, NAME, grouped},
    },
};

/// The height of all of it.
pub const HIGH: f32 = 204.0;
/// A square, and the gap after it; from one branch to the other.
const SIDE: f32 = 60.0;
const GAP: f32 = 18.0;
const APART: f32 = 124.0;
/// The words beside a branch have at least so much room.
const NAME_WIDE: f32 = 190.0;
/// Smaller squares are not told apart.
const LEAST_SIDE: f32 = 16.0;

/// Draws both.
pub fn draw(desk: &mut Desk, case: Case, [x, y, wide, _]: Rect) {
    // A name stands a little higher than its branch.
    let y = y + 8.0;
    let branches = case.panel.branches.unwrap_or_default();
    let model = case.scene.networks[0].model.as_str();
    let wanted = branches.wanted.max(branches.public).max(1);
    let longest = wanted.max(branches.secret);
    let start = x + SIDE + 66.0;
    let names = ["public", "hidden"].map(|mark| desk.view.deck.model_word(model, "marks", mark).unwrap_or(mark));
    let bold = Style { size: 30.0, line: 36.0, ..NAME };
    let least = Style { size: 24.0, ..bold };
    let widest = names.map(|name| desk.type_.width(name, &least)).into_iter().fold(NAME_WIDE, f32::max);
    let room = (x + wide - widest - 8.0 - start).max(LEAST_SIDE);
    // So many squares stand in the room; a longer branch shows its last ones, and its number says how many there are.
    let side = (room / longest as f32 / (1.0 + GAP / SIDE)).clamp(LEAST_SIDE, SIDE);
    let pitch = side * (1.0 + GAP / SIDE);
    let most = ((room / pitch).floor() as u64).max(1);
    let middle = y + SIDE * 0.5 + APART * 0.5;
    // The payment's block.
    let radius = desk.look().corner(14.0);
    desk.over().shape(Shape::rect(Ink::Raised, [x, middle - SIDE * 0.5], [SIDE, SIDE], radius));
    let edge = desk.look().stroke(2.0);
    desk.over().shape(Shape::frame(Ink::Line, [x, middle - SIDE * 0.5], [SIDE, SIDE], radius, edge));
    if let Some(word) = label(desk, case.scene, 0, "payment") {
        let at = [x + SIDE * 0.5, middle];
        desk.middle("figure payment", &word, &[LEAST.ink(Ink::Ink).align(Align::Centre)], SIDE - 2.0, at);
    }
    let rows = [(branches.public, Ink::Ink2, "public", false), (branches.secret, Ink::Bad, "hidden", true)];
    for (n, (count, ink, mark, secret)) in rows.into_iter().enumerate() {
        let level = y + SIDE * 0.5 + APART * n as f32;
        curve(desk, [x + SIDE, middle], [start, level], ink);
        let shown = count.min(most);
        for i in 0..shown {
            let centre = [start + pitch * i as f32 + side * 0.5, level];
            if i > 0 {
                let stroke = desk.look().stroke(4.0);
                let from = [centre[0] - pitch + side * 0.5, level];
                desk.over().shape(Shape::line(ink, from, [centre[0] - side * 0.5, level], stroke));
            }
            square(desk, centre, side, ink, secret);
        }
        let to_come = wanted.saturating_sub(count).min(most - shown);
        for i in shown..shown + to_come {
            let min = [start + pitch * i as f32, level - side * 0.5];
            let corner = desk.look().corner(side * 0.23);
            let stroke = desk.look().stroke(2.5);
            desk.over().shape(Shape::frame(Ink::Line, min, [side, side], corner, stroke).dotted(10.0));
        }
        let end = start + pitch * (shown + to_come) as f32 + 6.0;
        let name = desk.view.deck.model_word(model, "marks", mark).unwrap_or(mark).to_owned();
        let bold = Style { size: 30.0, line: 36.0, ink: if secret { Ink::Bad } else { Ink::Ink }, ..NAME };
        let style = [bold, Style { size: 26.0, ..bold }, Style { size: 24.0, ..bold }];
        desk.fit(&format!("mark {mark}"), &name, &style, x + wide - end, 1, [end, level - 36.0]);
        desk.line(&format!("count {mark}"), &grouped(count), &CAPTION, x + wide - end, [end, level]);
    }
}

/// A block with its camp's sign: a square hole for the one that all see, a diamond for the other.
fn square(desk: &mut Desk, centre: Vec2, side: f32, ink: Ink, secret: bool) {
    let corner = desk.look().corner(side * 0.23);
    let min = [centre[0] - side * 0.5, centre[1] - side * 0.5];
    desk.over().shape(Shape::rect(ink, min, [side, side], corner));
    let hole = side * 0.21;
    desk.over().shape(if secret {
        Shape::new(Form::Diamond, Ink::Ground, centre, [hole * 1.35, 0.0])
    } else {
        Shape::rect(Ink::Ground, [centre[0] - hole, centre[1] - hole], [hole * 2.0, hole * 2.0], 3.0)
    });
}

/// The line from the payment to a branch: an S, made of short strokes.
fn curve(desk: &mut Desk, from: Vec2, to: Vec2, ink: Ink) {
    const PARTS: usize = 12;
    let stroke = desk.look().stroke(5.0);
    let at = |i: usize| {
        let t = i as f32 / PARTS as f32;
        let s = t * t * (3.0 - 2.0 * t);
        [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * s]
    };
    for i in 0..PARTS {
        desk.over().shape(Shape::line(ink, at(i), at(i + 1), stroke));
    }
}
