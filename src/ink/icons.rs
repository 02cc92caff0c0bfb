//! Pictograms as strokes: `assets/icons.ron` holds them, keyed by name, drawn in a box of 88 by 88.
//!
//! A pictogram is never a character of a face (the bundled ones lack most signs), so that it keeps its form at every
//! size and in every look. Its strokes are drawn in order, later ones on top:
//!
//! ```ron
//! {
//!     "play": [triangle(points: ((30, 22), (66, 44), (30, 66)), filled: true)],
//!     "chain": [line(points: [(14, 44), (74, 44)], live: true), box(at: (4, 34), size: (20, 20), filled: true)],
//! }
//! ```

use super::sheet::{Form, Ink, Shape, Sheet, Vec2};
use crate::deck::{
    load::Assets,
    place::{Finding, Source, read},
};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

/// The side of the box that pictograms are given in.
pub const BOX: f32 = 88.0;

/// The width of a stroke in that box (style §6).
pub const STROKE: f32 = 4.5;

/// A place in the box of 88 by 88: (0, 0) is left and top.
pub type Spot = (f32, f32);

/// One stroke of a pictogram. `live` strokes take the ink of what is shared; `width` is the stroke's width in the box,
/// where it is not the usual 4.5; `dotted` breaks the stroke into round dots.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Stroke {
    /// A line through points, with round ends and corners.
    Line {
        /// The points, at least two.
        points: Vec<Spot>,
        /// Whether the last point is joined to the first.
        #[serde(default)]
        closed: bool,
        /// Whether it is dotted.
        #[serde(default)]
        dotted: bool,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
        /// Its width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A circle's outline.
    Circle {
        /// Its centre.
        at: Spot,
        /// Its radius, to the middle of the stroke.
        r: f32,
        /// Whether it is dotted.
        #[serde(default)]
        dotted: bool,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
        /// Its width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A part of a circle, clockwise. With `width` up to twice its radius it is a sector or half a disc.
    Arc {
        /// Its centre.
        at: Spot,
        /// Its radius, to the middle of the stroke.
        r: f32,
        /// Where it begins, in degrees clockwise from twelve o'clock.
        from: f32,
        /// How far it goes, in degrees clockwise.
        sweep: f32,
        /// Whether it is dotted.
        #[serde(default)]
        dotted: bool,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
        /// Its width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A filled disc.
    Dot {
        /// Its centre.
        at: Spot,
        /// Its radius.
        r: f32,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
    },
    /// A box, outlined inside its edge, or filled.
    Box {
        /// Left and top.
        at: Spot,
        /// Width and height.
        size: Spot,
        /// The corners' radius.
        #[serde(default)]
        radius: f32,
        /// Whether it is filled.
        #[serde(default)]
        filled: bool,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
        /// The outline's width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A triangle, outlined or filled.
    Triangle {
        /// Its corners.
        points: (Spot, Spot, Spot),
        /// Whether it is filled.
        #[serde(default)]
        filled: bool,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
        /// The outline's width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A filled star of eight points.
    Star {
        /// Its centre.
        at: Spot,
        /// The radius of its points.
        r: f32,
        /// The radius between its points.
        inner: f32,
        /// Whether it takes the ink of what is shared.
        #[serde(default)]
        live: bool,
    },
}

/// All pictograms, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Icons {
    icons: BTreeMap<String, Vec<Stroke>>,
    /// The file that they came from.
    pub source: Arc<Source>,
}

impl Icons {
    /// Reads `icons.ron`.
    ///
    /// # Errors
    /// What is wrong in the file, with its place; or that it is not there.
    pub fn load(assets: &Assets) -> Result<Self, Vec<Finding>> {
        let source = assets.source("icons.ron")?;
        let icons = read::<BTreeMap<String, Vec<Stroke>>>(&source)?;
        Ok(Self { icons, source })
    }

    /// Whether there is a pictogram of this name.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.icons.contains_key(key)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.icons.keys().map(String::as_str)
    }

    /// The strokes of a pictogram.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[Stroke]> {
        self.icons.get(key).map(Vec::as_slice)
    }

    /// Draws a pictogram around `centre`, its box `side` wide. `stroke` is the width of its usual strokes on the page;
    /// strokes with a width of their own scale with the box. A name that is unknown draws nothing: `check` has said so.
    pub fn draw(&self, key: &str, centre: Vec2, side: f32, ink: Ink, stroke: f32, sheet: &mut Sheet) {
        let scale = side / BOX;
        let place = |(x, y): Spot| [centre[0] + (x - BOX * 0.5) * scale, centre[1] + (y - BOX * 0.5) * scale];
        let wide = |width: Option<f32>| width.map_or(stroke, |w| w * scale);
        let tint = |live: bool| if live { Ink::Data } else { ink };
        for mark in self.get(key).unwrap_or_default() {
            match *mark {
                Stroke::Line { ref points, closed, dotted, live, width } => {
                    let w = wide(width);
                    let last = if closed { points.first() } else { None };
                    let ends = points.iter().skip(1).chain(last);
                    for (a, b) in points.iter().zip(ends) {
                        sheet.shape(dots(Shape::line(tint(live), place(*a), place(*b), w), dotted, w));
                    }
                }
                Stroke::Circle { at, r, dotted, live, width } => {
                    let w = wide(width);
                    sheet.shape(dots(Shape::circle(tint(live), place(at), r * scale, w), dotted, w));
                }
                Stroke::Arc { at, r, from, sweep, dotted, live, width } => {
                    let w = wide(width);
                    let (from, sweep) = (from.to_radians(), sweep.to_radians());
                    sheet.shape(dots(Shape::arc(tint(live), place(at), r * scale, from, sweep, w), dotted, w));
                }
                Stroke::Dot { at, r, live } => sheet.shape(Shape::disc(tint(live), place(at), r * scale)),
                Stroke::Box { at, size, radius, filled, live, width } => {
                    let (min, size, radius) = (place(at), [size.0 * scale, size.1 * scale], radius * scale);
                    sheet.shape(if filled {
                        Shape::rect(tint(live), min, size, radius)
                    } else {
                        Shape::frame(tint(live), min, size, radius, wide(width))
                    });
                }
                Stroke::Triangle { points: (a, b, c), filled, live, width } => sheet.shape(Shape {
                    p: place(c),
                    stroke: if filled { 0.0 } else { wide(width) },
                    ..Shape::new(Form::Triangle, tint(live), place(a), place(b))
                }),
                Stroke::Star { at, r, inner, live } => {
                    let size = [r * scale, inner * scale];
                    sheet.shape(Shape::new(Form::Star, tint(live), place(at), size));
                }
            }
        }
    }
}

/// Breaks an outline into round dots, a little over two strokes apart.
fn dots(shape: Shape, dotted: bool, width: f32) -> Shape {
    if dotted { shape.dotted(width * 2.2) } else { shape }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::sheet::Item;

    fn icons(text: &str) -> Icons {
        let source = Arc::new(Source::new("icons.ron", text));
        let icons = read(&source).unwrap_or_else(|findings| panic!("{}", findings[0].render()));
        Icons { icons, source }
    }

    fn drawn(icons: &Icons, key: &str, centre: Vec2, side: f32) -> Vec<Shape> {
        let mut sheet = Sheet::default();
        icons.draw(key, centre, side, Ink::Ink, 3.0, &mut sheet);
        let shape = |item: &Item| match item {
            Item::Shape(shape) => *shape,
            Item::Text(run) => panic!("a pictogram has no words: {run:?}"),
        };
        sheet.items.iter().map(shape).collect()
    }

    #[test]
    fn strokes_scale_with_the_box_around_its_centre() {
        let icons = icons(r#"{"a": [line(points: [(0, 0), (88, 88)]), dot(at: (44, 44), r: 22, live: true)]}"#);
        let [line, dot] = drawn(&icons, "a", [100.0, 50.0], 44.0)[..] else { panic!("two strokes") };
        assert_eq!((line.a, line.b), ([78.0, 28.0], [122.0, 72.0]));
        assert_eq!((line.stroke, line.ink), (3.0, Ink::Ink.index()), "a usual stroke is as wide as the page says");
        assert_eq!((dot.a, dot.b, dot.ink), ([100.0, 50.0], [11.0, 11.0], Ink::Data.index()));
    }

    #[test]
    fn a_width_of_its_own_scales_too_and_closed_lines_close() {
        let icons =
            icons(r#"{"a": [line(points: [(0, 0), (88, 0), (88, 88)], closed: true, width: 8, dotted: true)]}"#);
        let lines = drawn(&icons, "a", [0.0, 0.0], 44.0);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|l| l.stroke == 4.0 && l.dash > 0.0 && l.dash_on == 0.0));
        assert_eq!(lines[2].b, lines[0].a);
    }

    #[test]
    fn an_unknown_name_draws_nothing() {
        assert!(drawn(&icons("{}"), "a", [0.0, 0.0], 88.0).is_empty());
    }

    #[test]
    fn the_bundled_pictograms_stay_in_their_box() {
        let icons = Icons::load(&Assets::default()).unwrap_or_else(|findings| panic!("{}", findings[0].render()));
        assert!(icons.names().count() > 10);
        for name in icons.names() {
            let shapes = drawn(&icons, name, [44.0, 44.0], BOX);
            assert!(!shapes.is_empty(), "{name} is empty");
            for shape in shapes {
                for x in [shape.a, shape.b].as_flattened() {
                    assert!((-1.0..=BOX + 1.0).contains(x), "{name} leaves its box: {shape:?}");
                }
            }
        }
    }
}
