//! Words laid out: the one engine (parley) that both `check` and the wall use. No GPU is needed.

use super::sheet::{Ink, Vec2};

/// A bundled face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// Noto Sans Regular.
    #[default]
    Regular,
    /// Noto Sans Bold.
    Bold,
    /// Noto Sans Italic.
    Italic,
    /// Hack, for excerpts of files.
    Mono,
}

impl Face {
    /// Every bundled face.
    pub const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Italic, Self::Mono];

    /// The face's file.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => notosans::REGULAR_TTF,
            Self::Bold => notosans::BOLD_TTF,
            Self::Italic => notosans::ITALIC_TTF,
            Self::Mono => epaint_default_fonts::HACK_REGULAR,
        }
    }
}

/// A glyph with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Its number in the face.
    pub id: u16,
    /// Where its origin stands, in reference pixels (the baseline).
    pub at: Vec2,
}

/// Glyphs of one face, size and ink.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The face.
    pub face: Face,
    /// Pixels per em.
    pub size: f32,
    /// The colour.
    pub ink: Ink,
    /// How much of it shows, 0 to 1; for fades, never for meaning.
    pub alpha: f32,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}
