//! The five looks: every colour, stroke and corner is a token in `assets/looks/*.ron`, none in code.

use super::sheet::Ink;
use serde::Deserialize;

/// The looks in the order in which a tap goes through them.
pub const NAMES: [&str; 5] = ["night", "paper", "blueprint", "terminal", "contrast"];

/// How many colours the shaders' palette has: thirteen tokens, ground and dot of five looks, and one to spare.
pub const PALETTE: usize = 24;

/// A colour of a file, "#0E212B", as it was written: each channel from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(pub [u8; 3]);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no colour; one is written \"#0E212B\"");
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii()).ok_or_else(wrong)?;
        let mut channels = [0; 3];
        for (i, channel) in channels.iter_mut().enumerate() {
            *channel = u8::from_str_radix(&digits[i * 2..i * 2 + 2], 16).map_err(|_error| wrong())?;
        }
        Ok(Self(channels))
    }
}

impl Colour {
    /// Red, green, blue and full alpha, decoded from sRGB, as a shader wants it that writes to an sRGB target.
    #[must_use]
    pub fn linear(self) -> [f32; 4] {
        let [r, g, b] = self.0.map(|c| {
            let c = f32::from(c) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        [r, g, b, 1.0]
    }

    /// How bright it is: the relative luminance of WCAG 2.
    #[must_use]
    pub fn luminance(self) -> f32 {
        let [r, g, b, _] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The contrast of two colours, from 1 to 21, as WCAG 2 counts it.
    #[must_use]
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// The colours of a look: one for each token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// The wall behind everything.
    pub ground: Colour,
    /// A living network's disc; a sealed block.
    pub field: Colour,
    /// An inspection card, a chosen cell.
    pub raised: Colour,
    /// A unit not yet filled.
    pub empty: Colour,
    /// Outlines of controls, links in use.
    pub line: Colour,
    /// Idle links, tracks of rings.
    pub link: Colour,
    /// Headlines, labels, cores.
    pub ink: Colour,
    /// Rules, captions, navigation.
    pub ink2: Colour,
    /// What is shared.
    pub data: Colour,
    /// Pieces of the second quarter.
    pub leaf: Colour,
    /// Pieces of the third quarter.
    pub sky: Colour,
    /// Pieces of the fourth quarter.
    pub lilac: Colour,
    /// Stopped, broken, false.
    pub bad: Colour,
}

impl Colours {
    /// The thirteen tokens in the order of [`Ink::index`].
    #[must_use]
    pub fn tokens(&self) -> [Colour; 13] {
        [
            self.ground,
            self.field,
            self.raised,
            self.empty,
            self.line,
            self.link,
            self.ink,
            self.ink2,
            self.data,
            self.leaf,
            self.sky,
            self.lilac,
            self.bad,
        ]
    }
}

/// What tells a living network's disc, a sheet or a block from the wall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Its surface has a colour of its own.
    #[default]
    Solid,
    /// It is outlined, because its surface hardly differs.
    Outline,
}

/// Lines behind everything, as on drawing paper.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// From one line to the next.
    pub pitch: f32,
    /// A line's width.
    pub width: f32,
    /// Every so many lines one is wider.
    pub every: u32,
    /// The width of those.
    pub wide: f32,
}

/// A look as its file says it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LookFile {
    colours: Colours,
    stroke: f32,
    radius: f32,
    #[serde(default)]
    fill: Fill,
    #[serde(default)]
    edge: f32,
    #[serde(default)]
    caps: bool,
    #[serde(default)]
    grid: Option<Grid>,
    #[serde(default)]
    hollow_units: bool,
    #[serde(default = "LookFile::text_contrast")]
    contrast: f32,
}

impl LookFile {
    /// What WCAG 2 asks of text at level AA.
    fn text_contrast() -> f32 {
        4.5
    }
}

/// A look: the tokens that everything on the wall is drawn with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Its name, as `--look` takes it.
    pub name: String,
    /// Which of the looks it is, from 0.
    pub index: usize,
    /// Its colours.
    pub colours: Colours,
    /// All strokes are so many times as wide as designed.
    pub stroke: f32,
    /// All corners are so many times as round as designed; 0 is square. Circles stay circles.
    pub radius: f32,
    /// How surfaces are told from the wall.
    pub fill: Fill,
    /// How wide the outline of a surface is, where it has one. Already as drawn: [`Look::stroke`] does not apply.
    pub edge: f32,
    /// Whether Bold text is set in capitals.
    pub caps: bool,
    /// Lines behind everything.
    pub grid: Option<Grid>,
    /// Whether units not yet filled are outlined.
    pub hollow_units: bool,
    /// The least contrast that its text pairs must have.
    pub contrast: f32,
    /// Ground and dot of all looks, for the bands in the corner.
    bands: [[Colour; 5]; 2],
}

/// A look's file that can't be read: where, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("looks/{name}.ron:{line}:{column}: {message}")]
pub struct LookError {
    /// Which look.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl Look {
    /// All looks, in order, from the text of their files: `read("looks/night.ron")`.
    ///
    /// # Errors
    /// The first file that is missing or doesn't parse.
    pub fn all<T: AsRef<str>>(read: impl Fn(&str) -> Option<T>) -> Result<Vec<Self>, LookError> {
        let mut looks = Vec::with_capacity(NAMES.len());
        for (index, name) in NAMES.into_iter().enumerate() {
            let wrong = |line, column, message| LookError { name: name.to_owned(), line, column, message };
            let text = read(&format!("looks/{name}.ron"))
                .ok_or_else(|| wrong(1, 1, "there is no such file among the assets".to_owned()))?;
            let file: LookFile = ron::Options::default()
                .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
                .from_str(text.as_ref())
                .map_err(|e| wrong(e.span.start.line, e.span.start.col, e.code.to_string()))?;
            looks.push(Self {
                name: name.to_owned(),
                index,
                colours: file.colours,
                stroke: file.stroke,
                radius: file.radius,
                fill: file.fill,
                edge: file.edge,
                caps: file.caps,
                grid: file.grid,
                hollow_units: file.hollow_units,
                contrast: file.contrast,
                bands: Default::default(),
            });
        }
        let mut bands: [[Colour; 5]; 2] = Default::default();
        for (index, look) in looks.iter().enumerate().take(NAMES.len()) {
            bands[0][index] = look.colours.ground;
            bands[1][index] = look.colours.data;
        }
        for look in &mut looks {
            look.bands = bands;
        }
        Ok(looks)
    }

    /// The looks as they are embedded, for tests and for a start without assets.
    ///
    /// # Errors
    /// None of the embedded files is wrong; a test holds that.
    pub fn embedded() -> Result<Vec<Self>, LookError> {
        Self::all(|path| match path {
            "looks/night.ron" => Some(include_str!("../../assets/looks/night.ron")),
            "looks/paper.ron" => Some(include_str!("../../assets/looks/paper.ron")),
            "looks/blueprint.ron" => Some(include_str!("../../assets/looks/blueprint.ron")),
            "looks/terminal.ron" => Some(include_str!("../../assets/looks/terminal.ron")),
            "looks/contrast.ron" => Some(include_str!("../../assets/looks/contrast.ron")),
            _ => None,
        })
    }

    /// The palette that the shaders read, linear, by [`Ink::index`].
    #[must_use]
    pub fn palette(&self) -> [[f32; 4]; PALETTE] {
        let mut palette = [[0.0, 0.0, 0.0, 1.0]; PALETTE];
        let bands = self.bands.iter().flatten().copied();
        for (entry, colour) in palette.iter_mut().zip(self.colours.tokens().into_iter().chain(bands)) {
            *entry = colour.linear();
        }
        palette
    }

    /// The colour of an ink.
    #[must_use]
    pub fn colour(&self, ink: Ink) -> Colour {
        let index = ink.index() as usize;
        let tokens = self.colours.tokens();
        tokens.get(index).copied().unwrap_or_else(|| {
            let band = index - tokens.len();
            self.bands.iter().flatten().nth(band).copied().unwrap_or_default()
        })
    }

    /// A stroke's width in this look.
    #[must_use]
    pub fn stroke(&self, designed: f32) -> f32 {
        designed * self.stroke
    }

    /// A corner's radius in this look.
    #[must_use]
    pub fn corner(&self, designed: f32) -> f32 {
        designed * self.radius
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks that tell a state must stand out by this much (WCAG 2, 1.4.11).
    const MARK: f32 = 3.0;

    fn looks() -> Vec<Look> {
        Look::embedded().unwrap()
    }

    #[test]
    fn text_can_be_read_in_every_look() {
        for look in looks() {
            for surface in [Ink::Ground, Ink::Field, Ink::Raised] {
                for text in [Ink::Ink, Ink::Ink2, Ink::Data, Ink::Bad] {
                    let got = look.colour(text).contrast(look.colour(surface));
                    assert!(got >= look.contrast, "{}: {text:?} on {surface:?} is {got:.2}", look.name);
                }
            }
            for surface in [Ink::Ink, Ink::Data] {
                let got = look.colour(Ink::Ground).contrast(look.colour(surface));
                assert!(got >= look.contrast, "{}: ground on {surface:?} is {got:.2}", look.name);
            }
        }
        assert!(looks().iter().all(|l| l.contrast >= 4.5) && looks()[4].contrast >= 7.0);
    }

    #[test]
    fn marks_that_tell_a_state_stand_out() {
        for look in looks() {
            for surface in [Ink::Ground, Ink::Field, Ink::Raised] {
                // Idle links and unfilled units are exempt: they tell nothing alone.
                for mark in [Ink::Line, Ink::Ink, Ink::Data, Ink::Leaf, Ink::Sky, Ink::Lilac, Ink::Bad] {
                    let got = look.colour(mark).contrast(look.colour(surface));
                    assert!(got >= MARK, "{}: {mark:?} on {surface:?} is {got:.2}", look.name);
                }
            }
        }
    }

    #[test]
    fn the_palette_has_every_ink() {
        let looks = looks();
        let palette = looks[1].palette();
        assert_eq!(palette[Ink::Data.index() as usize], looks[1].colours.data.linear());
        for k in 0..5_u8 {
            let other = &looks[usize::from(k)];
            assert_eq!(palette[Ink::Look(k).index() as usize], other.colours.ground.linear());
            assert_eq!(palette[Ink::Look(5 + k).index() as usize], other.colours.data.linear());
            assert_eq!(looks[1].colour(Ink::Look(5 + k)), other.colours.data);
        }
        let white = Colour([255; 3]).linear();
        assert!(white.iter().all(|c| (c - 1.0).abs() < 1e-6));
    }

    #[test]
    fn a_wrong_file_is_named_with_its_place() {
        let broken =
            |path: &str| Some(if path == "looks/paper.ron" { "(\n  colours: (ground: \"#12345\"),\n)" } else { NIGHT });
        const NIGHT: &str = include_str!("../../assets/looks/night.ron");
        let error = Look::all(broken).unwrap_err();
        assert_eq!((error.name.as_str(), error.line), ("paper", 2));
        assert!(error.message.contains("#12345"), "{error}");
        assert!(Look::all(|_: &str| None::<String>).unwrap_err().to_string().starts_with("looks/night.ron:1:1"));
    }
}
