//! The outline around what has the focus (style §8): seen on any ground, because it clears its own.

use super::super::Area;
use crate::ink::{
    look::Look,
    sheet::{Ink, Shape, Sheet},
};

/// From the outline of what has the focus to the inner edge of the ring.
pub const GAP: f32 = 6.0;

/// How wide the ring is.
const STROKE: f32 = 4.0;

/// How much ground it clears on either side.
const CLEAR: f32 = 4.0;

/// The ring around a control, a cell or a peer.
#[must_use]
pub fn ring(look: &Look, area: &Area) -> Sheet {
    let mut sheet = Sheet::default();
    let stroke = look.stroke(STROKE);
    match *area {
        Area::Circle(centre, r) => {
            let middle = r + GAP + stroke * 0.5;
            sheet.shape(Shape::circle(Ink::Ground, centre, middle, stroke + CLEAR * 2.0));
            sheet.shape(Shape::circle(Ink::Ink, centre, middle, stroke));
        }
        Area::Rect([x, y, w, h], radius) => {
            let round = |out: f32| if radius > 0.0 { radius + out } else { 0.0 };
            let mut frame = |ink, out: f32, stroke| {
                let size = [w + out * 2.0, h + out * 2.0];
                sheet.shape(Shape::frame(ink, [x - out, y - out], size, round(out), stroke));
            };
            frame(Ink::Ground, GAP + stroke + CLEAR, stroke + CLEAR * 2.0);
            frame(Ink::Ink, GAP + stroke, stroke);
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::sheet::Item;

    fn shapes(area: &Area) -> Vec<Shape> {
        let looks = Look::embedded().unwrap();
        ring(&looks[0], area)
            .items
            .into_iter()
            .filter_map(|i| match i {
                Item::Shape(shape) => Some(shape),
                Item::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn it_stands_six_pixels_outside_and_clears_its_ground() {
        let [clear, mark] = shapes(&Area::Circle([500.0, 500.0], 36.0))[..] else { panic!("two circles") };
        assert_eq!(mark.b[0], 36.0 + GAP + 4.0, "the outer edge");
        assert_eq!((clear.ink, mark.ink), (Ink::Ground.index(), Ink::Ink.index()));
        assert!(clear.b[0] > mark.b[0] && clear.stroke > mark.stroke);
        let [clear, mark] = shapes(&Area::Rect([100.0, 200.0, 206.0, 72.0], 36.0))[..] else { panic!("two frames") };
        assert_eq!((mark.b, mark.p[0]), ([103.0 + 10.0, 36.0 + 10.0], 46.0));
        assert!(clear.b[0] > mark.b[0]);
    }

    #[test]
    fn square_corners_stay_square() {
        let marks = shapes(&Area::Rect([100.0, 200.0, 206.0, 72.0], 0.0));
        assert!(marks.iter().all(|s| s.p[0] == 0.0));
    }
}
