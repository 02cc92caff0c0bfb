//! What answers a finger: a circle in the frame in which it goes down (style §5), and the way of one that cuts.

use crate::ink::{
    look::Look,
    sheet::{Ink, Shape, Sheet, Vec2},
};

/// How long the circle is seen, in milliseconds.
pub const LASTS_MS: f32 = 160.0;

/// Its radius as it appears: wider than a fingertip on a wall of 55 inches, so that it shows around the finger.
const RADIUS: f32 = 36.0;

/// How far it spreads.
const SPREAD: f32 = 18.0;

/// How wide it is drawn.
const STROKE: f32 = 4.0;

/// How wide the way of a finger that cuts begins.
const TRAIL: f32 = 12.0;

/// The circle around a finger that went down `age_ms` ago: at first at full tone, then wider and fainter (out-cubic),
/// and nothing once its time is over.
#[must_use]
pub fn ring(look: &Look, at: Vec2, age_ms: f32) -> Sheet {
    let mut sheet = Sheet::default();
    let t = age_ms.max(0.0) / LASTS_MS;
    if t < 1.0 {
        let left = (1.0 - t).powi(3);
        let circle = Shape::circle(Ink::Ink, at, RADIUS + SPREAD * (1.0 - left), look.stroke(STROKE));
        sheet.shape(circle.faded(left));
    }
    sheet
}

/// A stretch of the way of a finger that cuts, when so much of its time is over: it thins and fades behind the finger.
#[must_use]
pub fn trail(look: &Look, (from, to): (Vec2, Vec2), age: f32) -> Sheet {
    let left = 1.0 - age.clamp(0.0, 1.0);
    let mut sheet = Sheet::default();
    sheet.shape(Shape::line(Ink::Bad, from, to, look.stroke(TRAIL * left.max(0.25))).faded(left));
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::sheet::Item;

    fn circle(age_ms: f32) -> Option<Shape> {
        let looks = Look::embedded().unwrap();
        match ring(&looks[0], [100.0, 200.0], age_ms).items.first() {
            Some(Item::Shape(shape)) => Some(*shape),
            _ => None,
        }
    }

    #[test]
    fn it_begins_at_full_tone_and_is_gone_in_time() {
        let (first, later) = (circle(0.0).unwrap(), circle(80.0).unwrap());
        assert_eq!((first.alpha, first.a), (1.0, [100.0, 200.0]));
        assert!(later.alpha < first.alpha && later.b[0] > first.b[0]);
        assert!(circle(159.0).unwrap().b[0] - first.b[0] <= SPREAD);
        assert!(circle(160.0).is_none());
    }
}
