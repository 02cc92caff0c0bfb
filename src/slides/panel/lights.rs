//! A fingerprint in 256 large lights, sixteen by sixteen: lit, dark, those that flipped ringed, and a fence around those
//! that must stay dark.

use crate::{
    ink::sheet::{Ink, Shape, Vec2},
    sim::model::Lights,
    slides::page::Desk,
};

/// How many stand in a row, and how many rows.
const ROW: usize = 16;
/// From light to light as designed (style §8), and what lies outside the first and last.
const PITCH: f32 = 37.0;
const RIM: f32 = 15.0;
/// The side of all of them as designed.
pub const SIDE: f32 = PITCH * (ROW - 1) as f32 + RIM * 2.0;

/// Whether the light of a place is on in a set of bits, the most significant first.
fn on(bits: &[u8; 32], place: usize) -> bool {
    bits[place / 8] >> (7 - place % 8) & 1 == 1
}

/// Draws them in a square of a side.
pub fn draw(desk: &mut Desk, lights: Lights, [left, top]: Vec2, side: f32) {
    let scale = side / SIDE;
    let (pitch, first) = (PITCH * scale, RIM * scale);
    let [lit, dark, alarm, ring] = [(10.0 * scale).max(7.0), 3.0 * scale, (12.0 * scale).max(8.4), 14.5 * scale];
    let stroke = desk.look().stroke(2.0);
    let fence = desk.look().stroke(3.0);
    let fenced = usize::from(lights.dark).min(ROW * ROW);
    let at = |place: usize| [left + first + (place % ROW) as f32 * pitch, top + first + (place / ROW) as f32 * pitch];
    for place in 0..ROW * ROW {
        let centre = at(place);
        let shape = match (on(&lights.bits, place), place < fenced) {
            (true, true) => Shape::disc(Ink::Bad, centre, alarm),
            (true, false) => Shape::disc(Ink::Data, centre, lit),
            (false, _) => Shape::disc(Ink::Line, centre, dark.max(2.0)),
        };
        desk.over().shape(shape);
        if on(&lights.flipped, place) {
            desk.over().shape(Shape::circle(Ink::Ink, centre, ring, stroke));
        }
    }
    let corners = fence_of(fenced);
    let point = |[column, row]: [f32; 2]| [left + first + (column - 0.5) * pitch, top + first + (row - 0.5) * pitch];
    for (i, corner) in corners.iter().enumerate() {
        let next = corners[(i + 1) % corners.len()];
        desk.over().shape(Shape::line(Ink::Ink, point(*corner), point(next), fence));
    }
}

/// The corners of a fence around the first lights, in lights.
fn fence_of(fenced: usize) -> Vec<[f32; 2]> {
    let (rows, rest) = ((fenced / ROW) as f32, (fenced % ROW) as f32);
    let wide = ROW as f32;
    match (fenced / ROW, fenced % ROW) {
        (0, 0) => Vec::new(),
        (0, _) => vec![[0.0, 0.0], [rest, 0.0], [rest, 1.0], [0.0, 1.0]],
        (_, 0) => vec![[0.0, 0.0], [wide, 0.0], [wide, rows], [0.0, rows]],
        _ => vec![[0.0, 0.0], [wide, 0.0], [wide, rows], [rest, rows], [rest, rows + 1.0], [0.0, rows + 1.0]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_goes_around_as_many_lights_as_it_should() {
        for fenced in 0..=256 {
            let corners = fence_of(fenced);
            let twice: f32 = (0..corners.len())
                .map(|i| {
                    let ([ax, ay], [bx, by]) = (corners[i], corners[(i + 1) % corners.len()]);
                    ax * by - bx * ay
                })
                .sum();
            assert_eq!(twice.abs() as usize, fenced * 2);
        }
    }

    #[test]
    fn the_first_light_is_the_most_significant_bit() {
        let mut bits = [0; 32];
        bits[0] = 0x80;
        bits[31] = 0x01;
        assert_eq!((0..256).filter(|place| on(&bits, *place)).collect::<Vec<_>>(), [0, 255]);
    }
}
