//! Fingers, controls and pages, drawn small before what they do.

use super::{
    super::kit::{Desk, Way, triangle},
    caps::CAP,
};
use crate::{
    ink::sheet::{Ink, Shape, Sheet, Vec2},
    input::gestures::SwipeDirection,
};
use std::f32::consts::TAU;

/// How wide a row's picture is.
pub(super) const PICTURE: f32 = 92.0;
/// Half of an arrow in a round control.
const ARROW: f32 = 11.0;
/// Strokes of pictures.
const STROKE: f32 = 3.0;

/// What is drawn before a row's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// A finger and its way.
    Swipe(SwipeDirection),
    /// The round control that does the same.
    Arrow(Way),
    /// The pill that goes on, or back.
    Step(Way),
    /// Two pages.
    Ends,
    /// A page with its words.
    Leaf,
    /// A finger that taps.
    Tap,
    /// A finger that stays.
    Hold,
    /// One of several.
    Pick,
    /// A pictogram.
    Icon(&'static str),
}

/// Draws a row's picture around a place.
pub(super) fn picture(desk: &mut Desk, picture: Picture, centre: Vec2) {
    let (look, [x, y]) = (desk.look(), centre);
    let stroke = look.stroke(STROKE);
    let sheet = &mut desk.sheet;
    let finger = |sheet: &mut Sheet, at: Vec2, r: f32| {
        sheet.shape(Shape::circle(Ink::Ink, at, r, stroke));
        sheet.shape(Shape::disc(Ink::Ink, at, 10.0));
    };
    match picture {
        Picture::Swipe(direction) => swipe(sheet, direction, centre, stroke),
        Picture::Arrow(way) => {
            sheet.shape(Shape::circle(Ink::Ink, centre, 26.0, stroke));
            way.draw(centre, ARROW, Ink::Ink, stroke, sheet);
        }
        Picture::Step(way) => {
            let (size, radius) = ([PICTURE + 2.0, CAP], look.corner(CAP * 0.5));
            sheet.shape(Shape::frame(Ink::Ink, [x - size[0] * 0.5, y - CAP * 0.5], size, radius, stroke));
            let [dx, _] = way.vector();
            sheet.shape(triangle(Ink::Ink, [x - 9.0 * dx, y - 13.0], [x + 15.0 * dx, y], [x - 9.0 * dx, y + 13.0]));
        }
        Picture::Ends => {
            for side in [-1.0, 1.0] {
                let x = x + side * 26.0;
                let min = [x - 21.0, y - CAP * 0.5];
                sheet.shape(Shape::frame(Ink::Ink, min, [42.0, CAP], look.corner(10.0), stroke));
                sheet.shape(Shape::disc(Ink::Ink, [x, y], 6.0));
            }
        }
        Picture::Leaf => {
            let min = [x - 21.0, y - CAP * 0.5];
            sheet.shape(Shape::frame(Ink::Ink, min, [42.0, CAP], look.corner(10.0), stroke));
            for (down, long) in [(-11.0, 10.0), (0.0, 10.0), (11.0, 3.0)] {
                sheet.shape(Shape::line(Ink::Ink, [x - 10.0, y + down], [x + long, y + down], stroke));
            }
        }
        Picture::Tap => {
            finger(sheet, centre, 21.0);
            for from in [-0.125, 0.375] {
                sheet.shape(Shape::arc(Ink::Ink, centre, 31.0, from * TAU, 0.25 * TAU, stroke));
            }
        }
        Picture::Hold => {
            finger(sheet, centre, 21.0);
            sheet.shape(Shape::circle(Ink::Ink, centre, 31.0, stroke));
        }
        Picture::Pick => {
            finger(sheet, centre, 21.0);
            for side in [-34.0, 34.0] {
                sheet.shape(Shape::disc(Ink::Ink, [x + side, y], 9.0));
            }
        }
        Picture::Icon(key) => desk.icon(key, centre, 50.0, Ink::Ink, STROKE),
    }
}

/// A finger and its way: a disc in a circle, and a drop's tail where it came from.
fn swipe(sheet: &mut Sheet, direction: SwipeDirection, [x, y]: Vec2, stroke: f32) {
    let way = match direction {
        SwipeDirection::Left => Way::Left,
        SwipeDirection::Right => Way::Right,
        SwipeDirection::Up => Way::Up,
        SwipeDirection::Down => Way::Down,
    };
    let [dx, dy] = way.vector();
    // How far from the middle the finger is, how long its tail, and the circle around it: an upright one is smaller.
    let (ahead, tail, r) = if dy == 0.0 { (24.0, 72.0, 21.0) } else { (10.0, 38.0, 18.0) };
    let disc: f32 = 10.0;
    let at = [x + dx * ahead, y + dy * ahead];
    let behind = |far: f32, across: f32| [at[0] - dx * far - dy * across, at[1] - dy * far + dx * across];
    sheet.shape(Shape::circle(Ink::Ink, at, r, stroke));
    // Where the tail crosses the circle, it clears its ground.
    let clear = disc * (1.0 - r / tail) * 2.0 + 9.0;
    sheet.shape(Shape::line(Ink::Ground, behind(r - 4.0, 0.0), behind(r + 4.0, 0.0), clear));
    sheet.shape(triangle(Ink::Ink, behind(0.0, disc), behind(tail, 0.0), behind(0.0, -disc)));
    sheet.shape(Shape::disc(Ink::Ink, at, disc));
}
