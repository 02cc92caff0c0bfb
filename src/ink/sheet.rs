//! What anything on the wall is made of before a screen is known: shapes and glyphs in reference pixels.
//!
//! A [`Sheet`] is a list in painter's order. `slides/` and `stage/` fill sheets; `ink/gpu` draws them with the shaders;
//! `check` only looks at their boxes. One reference pixel is a pixel at 1920×1080 (1080×1920 in portrait).

use super::text::Run;
use bytemuck::{Pod, Zeroable};

/// A token of the palette (style §1); its index in the palette that the shaders read is [`Ink::index`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ink {
    /// The wall behind everything.
    Ground,
    /// A living network's disc; a sealed block.
    Field,
    /// An inspection card, a chosen cell.
    Raised,
    /// A unit not yet filled.
    Empty,
    /// Outlines of controls, links in use.
    Line,
    /// Idle links, tracks of rings.
    Link,
    /// Headlines, labels, cores.
    #[default]
    Ink,
    /// Rules, captions, navigation.
    Ink2,
    /// What is shared.
    Data,
    /// Pieces of the second quarter.
    Leaf,
    /// Pieces of the third quarter; camp B.
    Sky,
    /// Pieces of the fourth quarter.
    Lilac,
    /// Stopped, broken, false.
    Bad,
    /// Literal colours of the five looks' grounds and dots, for the bands in the corner: 13 to 22.
    Look(u8),
}

impl Ink {
    /// Its index in the palette.
    #[must_use]
    pub fn index(self) -> u32 {
        match self {
            Self::Ground => 0,
            Self::Field => 1,
            Self::Raised => 2,
            Self::Empty => 3,
            Self::Line => 4,
            Self::Link => 5,
            Self::Ink => 6,
            Self::Ink2 => 7,
            Self::Data => 8,
            Self::Leaf => 9,
            Self::Sky => 10,
            Self::Lilac => 11,
            Self::Bad => 12,
            Self::Look(n) => 13 + u32::from(n),
        }
    }
}

/// A point or extent in reference pixels.
pub type Vec2 = [f32; 2];

/// The forms that `shaders/shape.wgsl` knows, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Form {
    /// Rounded box: `a` centre, `b` half size, `p[0]` corner radius.
    Box = 0,
    /// Line from `a` to `b`, round ends.
    Segment = 1,
    /// Arc around `a`: `b[0]` radius, `p[0]` from, `p[1]` sweep, in radians clockwise from twelve o'clock; `stroke` wide.
    Arc = 2,
    /// Star of eight points: `a` centre, `b[0]` outer, `b[1]` inner radius.
    Star = 3,
    /// Triangle: `a`, `b`, (`p[0]`, `p[1]`), filled or outlined.
    Triangle = 4,
    /// Diamond: `a` centre, `b[0]` half diagonal.
    Diamond = 5,
}

/// A shape: 64 bytes, as the GPU reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Shape {
    /// First point; see [`Form`].
    pub a: Vec2,
    /// Second point or extent; see [`Form`].
    pub b: Vec2,
    /// Further numbers; see [`Form`].
    pub p: [f32; 2],
    /// Width of the outline, or 0 for a filled shape. Lines and arcs always have one.
    pub stroke: f32,
    /// Period of a dashed outline, 0 for none; a dot pattern has `dash_on` 0.
    pub dash: f32,
    /// Length of a dash within the period.
    pub dash_on: f32,
    /// How much of it shows, 0 to 1; for fades, never for meaning.
    pub alpha: f32,
    /// The form's number.
    pub form: u32,
    /// The ink's index.
    pub ink: u32,
    /// Room to 64 bytes; the second number may hold a rotation in radians (box, star, triangle, diamond).
    pub turn: f32,
    #[doc(hidden)]
    pub spare: [f32; 3],
}

impl Shape {
    /// A shape of a form and ink, filled.
    #[must_use]
    pub fn new(form: Form, ink: Ink, a: Vec2, b: Vec2) -> Self {
        Self { a, b, alpha: 1.0, form: form as u32, ink: ink.index(), ..Self::default() }
    }

    /// A filled disc.
    #[must_use]
    pub fn disc(ink: Ink, centre: Vec2, r: f32) -> Self {
        Self { p: [r, 0.0], ..Self::new(Form::Box, ink, centre, [r, r]) }
    }

    /// A circle's outline, centred on its radius.
    #[must_use]
    pub fn circle(ink: Ink, centre: Vec2, r: f32, stroke: f32) -> Self {
        let half = r + stroke * 0.5;
        Self { p: [half, 0.0], stroke, ..Self::new(Form::Box, ink, centre, [half, half]) }
    }

    /// A filled box from its left and top.
    #[must_use]
    pub fn rect(ink: Ink, min: Vec2, size: Vec2, radius: f32) -> Self {
        let half = [size[0] * 0.5, size[1] * 0.5];
        Self { p: [radius, 0.0], ..Self::new(Form::Box, ink, [min[0] + half[0], min[1] + half[1]], half) }
    }

    /// A box's outline, drawn inside its edge.
    #[must_use]
    pub fn frame(ink: Ink, min: Vec2, size: Vec2, radius: f32, stroke: f32) -> Self {
        Self { stroke, ..Self::rect(ink, min, size, radius) }
    }

    /// A line with round ends.
    #[must_use]
    pub fn line(ink: Ink, a: Vec2, b: Vec2, stroke: f32) -> Self {
        Self { stroke, ..Self::new(Form::Segment, ink, a, b) }
    }

    /// An arc, clockwise from twelve o'clock, in radians, centred on its radius.
    #[must_use]
    pub fn arc(ink: Ink, centre: Vec2, r: f32, from: f32, sweep: f32, stroke: f32) -> Self {
        Self { p: [from, sweep], stroke, ..Self::new(Form::Arc, ink, centre, [r, 0.0]) }
    }

    /// Whether it is a box, disc or line, neither dashed nor turned: most are, and those have a cheaper shader.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        (self.form == Form::Box as u32 || self.form == Form::Segment as u32) && self.dash == 0.0 && self.turn == 0.0
    }

    /// The same shape with a dashed outline.
    #[must_use]
    pub fn dashed(self, on: f32, off: f32) -> Self {
        Self { dash: on + off, dash_on: on, ..self }
    }

    /// The same shape with a dotted outline: round dots at a pitch.
    #[must_use]
    pub fn dotted(self, pitch: f32) -> Self {
        Self { dash: pitch, dash_on: 0.0, ..self }
    }

    /// The same shape turned about its centre, in radians clockwise.
    #[must_use]
    pub fn turned(self, turn: f32) -> Self {
        Self { turn, ..self }
    }

    /// The same shape, faded.
    #[must_use]
    pub fn faded(self, alpha: f32) -> Self {
        Self { alpha: self.alpha * alpha, ..self }
    }
}

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A shape.
    Shape(Shape),
    /// A run of glyphs.
    Text(Run),
}

/// Things drawn, in painter's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The things.
    pub items: Vec<Item>,
}

impl Sheet {
    /// Adds a shape on top.
    pub fn shape(&mut self, shape: Shape) {
        self.items.push(Item::Shape(shape));
    }

    /// Adds glyphs on top.
    pub fn text(&mut self, run: Run) {
        self.items.push(Item::Text(run));
    }

    /// Adds another sheet on top.
    pub fn append(&mut self, mut other: Self) {
        self.items.append(&mut other.items);
    }
}

/// The picture's size, and how reference pixels lie in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Width and height in physical pixels.
    pub size: [u32; 2],
}

impl Canvas {
    /// Whether it is taller than wide: laid out for 1080×1920 instead of 1920×1080.
    #[must_use]
    pub fn portrait(self) -> bool {
        self.size[1] > self.size[0]
    }

    /// Width and height in reference pixels that every page is composed in.
    #[must_use]
    pub fn reference(self) -> Vec2 {
        if self.portrait() { [1080.0, 1920.0] } else { [1920.0, 1080.0] }
    }

    /// Physical pixels a reference pixel.
    #[must_use]
    pub fn scale(self) -> f32 {
        let [w, h] = self.reference();
        (self.size[0] as f32 / w).min(self.size[1] as f32 / h)
    }

    /// Where the reference canvas begins, in physical pixels: it stands in the middle.
    #[must_use]
    pub fn origin(self) -> Vec2 {
        let ([w, h], s) = (self.reference(), self.scale());
        [(self.size[0] as f32 - w * s) * 0.5, (self.size[1] as f32 - h * s) * 0.5]
    }

    /// From physical to reference pixels.
    #[must_use]
    pub fn to_reference(self, physical: Vec2) -> Vec2 {
        let ([x, y], s) = (self.origin(), self.scale());
        [(physical[0] - x) / s, (physical[1] - y) / s]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_canvas_finds_its_way_back(
            size in [240_u32..7680, 240_u32..7680],
            point in [-500.0_f32..2500.0, -500.0_f32..2500.0],
        ) {
            let canvas = Canvas { size };
            let ([x, y], s) = (canvas.origin(), canvas.scale());
            let back = canvas.to_reference([point[0] * s + x, point[1] * s + y]);
            for axis in 0..2 {
                prop_assert!((back[axis] - point[axis]).abs() < 0.02, "{:?} became {:?}", point, back);
            }
        }

        #[test]
        fn a_canvas_stands_whole_in_the_middle(size in [240_u32..7680, 240_u32..7680]) {
            let canvas = Canvas { size };
            let ([w, h], [x, y], s) = (canvas.reference(), canvas.origin(), canvas.scale());
            prop_assert_eq!(canvas.portrait(), h > w);
            for (start, long, end) in [(x, w, size[0] as f32), (y, h, size[1] as f32)] {
                prop_assert!(start > -0.01, "it begins at {}", start);
                prop_assert!((start * 2.0 + long * s - end).abs() < 0.01, "both sides have as much beside it");
            }
            prop_assert!(x.min(y) < 0.01, "it is as large as it may be");
        }
    }
}
