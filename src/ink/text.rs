//! Words laid out: the one engine (parley) that both `check` and the wall use. No GPU is needed.

use super::sheet::{Ink, Sheet, Vec2};
use parley::{
    FontContext, FontFamily, FontFeatures, FontStyle, FontWeight, Layout, LayoutContext, LineBreakContext, LineHeight,
    PositionedLayoutItem, StyleProperty,
    fontique::{Blob, CharmapIndex, Collection, CollectionOptions, FontInfoOverride},
};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

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

/// Where lines of text stand beside the point they are laid at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Align {
    /// Lines begin at it.
    #[default]
    Left,
    /// Lines have it in their middle.
    Centre,
    /// Lines end at it.
    Right,
}

/// How text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The face.
    pub face: Face,
    /// Pixels per em.
    pub size: f32,
    /// From one line to the next, in pixels.
    pub line: f32,
    /// The colour.
    pub ink: Ink,
    /// Where lines stand beside the point.
    pub align: Align,
    /// Lines are made about equally long, as headlines want; else only a last line of one short word is avoided.
    pub balance: bool,
    /// Text between two `_` is a title of a work and set in Italic.
    pub titles: bool,
}

impl Style {
    /// Text of a face, size and line height in the first ink, from the left.
    #[must_use]
    pub const fn new(face: Face, size: f32, line: f32) -> Self {
        Self { face, size, line, ink: Ink::Ink, align: Align::Left, balance: false, titles: false }
    }

    /// The same in another ink.
    #[must_use]
    pub const fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    /// The same, standing otherwise beside its point.
    #[must_use]
    pub const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The same with lines about equally long.
    #[must_use]
    pub const fn balanced(self) -> Self {
        Self { balance: true, ..self }
    }

    /// The same with titles of works, between two `_`, in Italic.
    #[must_use]
    pub const fn with_titles(self) -> Self {
        Self { titles: true, ..self }
    }
}

/// Text that has its lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Laid {
    /// The glyphs, line by line; no run reaches over a line's end.
    pub runs: Vec<Run>,
    /// Of each run, its line, from 0.
    pub run_lines: Vec<usize>,
    /// The longest line, in pixels.
    pub width: f32,
    /// All lines, in pixels.
    pub height: f32,
    /// How many lines there are.
    pub lines: usize,
    /// From one line to the next, in pixels.
    pub line: f32,
    /// Of each line, the byte of the text after its last.
    pub line_ends: Vec<usize>,
    /// Whether a word is wider than the box.
    pub overflow: bool,
}

impl Laid {
    /// Draws the text.
    pub fn draw(self, sheet: &mut Sheet) {
        for run in self.runs {
            sheet.text(run);
        }
    }

    /// Draws some of its lines, moved up so that the first of them stands where the first of all would.
    pub fn draw_lines(&self, lines: std::ops::Range<usize>, sheet: &mut Sheet) {
        let up = lines.start as f32 * self.line;
        for (run, line) in self.runs.iter().zip(&self.run_lines) {
            if lines.contains(line) {
                sheet.text(run.moved(0.0, -up));
            }
        }
    }

    fn moved(&self, x: f32, y: f32) -> Self {
        Self { runs: self.runs.iter().map(|r| r.moved(x, y)).collect(), ..self.clone() }
    }
}

impl Run {
    /// The same glyphs elsewhere.
    #[must_use]
    pub fn moved(&self, x: f32, y: f32) -> Self {
        let glyphs = self.glyphs.iter().map(|g| Glyph { id: g.id, at: [g.at[0] + x, g.at[1] + y] }).collect();
        Self { glyphs, ..self.clone() }
    }
}

/// What a laid text is found again by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    text: String,
    face: Face,
    ink: Ink,
    align: Align,
    balance: bool,
    titles: bool,
    numbers: [u32; 4],
    caps: bool,
    lang: Option<[u8; 2]>,
}

/// Families are registered under these names, so that a face is found by nothing else.
const FAMILIES: [&str; 4] = ["regular", "bold", "italic", "mono"];

/// So many texts are kept that were wanted lately: some dozen slides' worth. As many were before those, and are kept until
/// the latest are too many; so what is kept is soon as much as it ever gets, and what is on the wall is never thrown away.
const KEPT: usize = 1024;

/// A line may be wider than its box by this much before it counts: less than a pixel on any wall.
const HAIR: f32 = 0.25;

/// A line that ends with so much of its width free is ragged, if parting the next word would fill it.
const RAGGED: f32 = 0.26;

/// Shorter words are never parted.
const LEAST_PARTED: usize = 8;

/// Boxes so many times as wide as the type is large hold prose; in narrower ones only a word that is too wide is parted.
const PROSE: f32 = 12.0;

/// A last line shorter than this share of the width is avoided where the number of lines stays the same.
const WIDOW: f32 = 0.18;

/// Lays out text with the bundled faces only. Building one reads the faces; build few.
pub struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<Face>,
    charmaps: Vec<(Face, CharmapIndex)>,
    kept: BTreeMap<Key, Laid>,
    kept_before: BTreeMap<Key, Laid>,
    /// Whether the look sets Bold in capitals.
    pub caps: bool,
    /// The language by whose rules long words are parted; none are without one.
    pub lang: Option<[u8; 2]>,
    /// Boxes are filled as if words were so many percent of what they are, to leave room for other languages.
    pub percent: u32,
}

impl std::fmt::Debug for Typesetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typesetter").field("kept", &self.kept.len()).field("caps", &self.caps).finish_non_exhaustive()
    }
}

impl Default for Typesetter {
    fn default() -> Self {
        Self::new()
    }
}

impl Typesetter {
    /// An engine with the bundled faces.
    #[must_use]
    pub fn new() -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut charmaps = Vec::new();
        for (face, name) in Face::ALL.into_iter().zip(FAMILIES) {
            let over = FontInfoOverride {
                family_name: Some(name),
                style: Some(FontStyle::Normal),
                weight: Some(FontWeight::NORMAL),
                ..FontInfoOverride::default()
            };
            let registered = collection.register_fonts(Blob::new(Arc::new(face.bytes())), Some(over));
            charmaps.extend(registered.iter().flat_map(|(_, fonts)| fonts).map(|font| (face, font.charmap_index())));
        }
        Self {
            fonts: FontContext { collection, ..FontContext::default() },
            layouts: LayoutContext::new(),
            charmaps,
            kept: BTreeMap::new(),
            kept_before: BTreeMap::new(),
            caps: false,
            lang: None,
            percent: 100,
        }
    }

    /// Whether a face has a glyph for a character.
    #[must_use]
    pub fn covers(&self, face: Face, c: char) -> bool {
        c.is_control()
            || self
                .charmaps
                .iter()
                .filter(|(f, _)| *f == face)
                .filter_map(|(_, index)| index.charmap(face.bytes()))
                .any(|map| map.map(c).is_some_and(|glyph| glyph != 0))
    }

    /// Lays text into a box of a width. `at` is the first line's top, and as [`Align`] says its left end, middle or
    /// right end.
    pub fn lay(&mut self, text: &str, style: &Style, width: f32, at: Vec2) -> Laid {
        let key = Key {
            text: text.to_owned(),
            face: style.face,
            ink: style.ink,
            align: style.align,
            balance: style.balance,
            titles: style.titles,
            numbers: [style.size.to_bits(), style.line.to_bits(), width.to_bits(), self.percent],
            caps: self.caps,
            lang: self.lang,
        };
        if let Some(laid) = self.kept.get(&key) {
            return laid.moved(at[0], at[1]);
        }
        let laid = self.kept_before.remove(&key).unwrap_or_else(|| self.lay_new(text, style, width));
        if self.kept.len() >= KEPT {
            self.kept_before = std::mem::take(&mut self.kept);
        }
        let moved = laid.moved(at[0], at[1]);
        self.kept.insert(key, laid);
        moved
    }

    /// Lays one line, as long as it is.
    pub fn line(&mut self, text: &str, style: &Style, at: Vec2) -> Laid {
        self.lay(text, style, f32::INFINITY, at)
    }

    /// How wide a text is in one line.
    pub fn width(&mut self, text: &str, style: &Style) -> f32 {
        self.line(text, style, [0.0, 0.0]).width
    }

    /// Lays text in the first of some styles in which it fits; in the last of them, if it fits in none.
    pub fn fit(&mut self, text: &str, sizes: &[Style], width: f32, max_lines: usize, at: Vec2) -> (Laid, bool) {
        let mut last = Laid::default();
        for style in sizes {
            last = self.lay(text, style, width, at);
            if !last.overflow && last.lines <= max_lines {
                return (last, true);
            }
        }
        (last, false)
    }

    fn lay_new(&mut self, text: &str, style: &Style, width: f32) -> Laid {
        let text = if self.caps && style.face == Face::Bold { capitals(text) } else { text.to_owned() };
        let text = bind_numbers(&text);
        let (text, italics) = if style.titles { without_marks(&text) } else { (text, Vec::new()) };
        let stretch = self.percent.max(1) as f32 / 100.0;
        let width = width / stretch;
        let mut layout = self.built(&text, &italics, style);
        break_well(&mut layout, width, style.balance);
        let parted = self.parted(&text, &italics, style, width, &layout);
        placed(parted.as_ref().unwrap_or(&layout), style, width, stretch)
    }

    /// The same with long words parted where a line would else end far too soon, or a word be wider than its box.
    fn parted(
        &mut self,
        text: &str,
        italics: &[Range<usize>],
        style: &Style,
        width: f32,
        layout: &Layout<Face>,
    ) -> Option<Layout<Face>> {
        let lang = hypher::Lang::from_iso(self.lang?)?;
        // Headlines and names are never parted.
        if style.balance || style.face == Face::Bold || !width.is_finite() {
            return None;
        }
        let (mut text, mut italics) = (text.to_owned(), italics.to_vec());
        let mut best: Option<Layout<Face>> = None;
        let mut hyphens: Vec<usize> = Vec::new();
        loop {
            let now = best.as_ref().unwrap_or(layout);
            let Some(hyphen) = self.hyphen(&text, style, width, now, lang, hyphens.last().copied()) else {
                return best;
            };
            text.insert(hyphen, '-');
            for italic in &mut italics {
                let moved = |byte: usize, edge: bool| byte + usize::from(byte > hyphen || edge && byte == hyphen);
                *italic = moved(italic.start, true)..moved(italic.end, false);
            }
            hyphens.push(hyphen);
            let mut next = self.built(&text, &italics, style);
            next.break_all_lines(Some(width));
            // A hyphen that is not at a line's end would be read.
            let ends: Vec<usize> = next.lines().map(|line| line.text_range().end).collect();
            if !hyphens.iter().all(|at| ends.contains(&(at + 1))) {
                return best;
            }
            best = Some(next);
        }
    }

    /// Where the next hyphen helps, after the last one.
    fn hyphen(
        &mut self,
        text: &str,
        style: &Style,
        width: f32,
        layout: &Layout<Face>,
        lang: hypher::Lang,
        after: Option<usize>,
    ) -> Option<usize> {
        let prose = width > style.size * PROSE;
        let stretch = self.percent.max(1) as f32 / 100.0;
        let lines: Vec<(Range<usize>, f32)> = layout.lines().map(|line| (line.text_range(), visible(&line))).collect();
        for (n, (range, long)) in lines.iter().enumerate() {
            if after.is_some_and(|last| range.end <= last + 1) {
                continue;
            }
            // A word that is wider than its box has a line to itself; one that would fill a short line stands on the next.
            let (word, free) = if *long > width + HAIR {
                (range.clone(), width)
            } else if prose && width - long > width * RAGGED && n + 1 < lines.len() {
                let space = (self.width("a a", style) - self.width("aa", style)) / stretch;
                (lines[n + 1].0.clone(), width - long - space)
            } else {
                continue;
            };
            let from = word.start + (text[word.clone()].len() - text[word.clone()].trim_start().len());
            let letters = text[from..].find(|c: char| !c.is_alphabetic()).unwrap_or(text.len() - from);
            let whole = &text[from..from + letters];
            // A name reads best whole; in German every noun has a capital.
            let name = lang == hypher::Lang::English && whole.starts_with(char::is_uppercase);
            if whole.chars().count() < LEAST_PARTED || (name && *long <= width + HAIR) {
                continue;
            }
            let mut place = None;
            let mut at = from;
            let syllables: Vec<String> = hypher::hyphenate_bounded(whole, lang, 3, 3).map(ToOwned::to_owned).collect();
            for syllable in syllables.iter().take(syllables.len().saturating_sub(1)) {
                at += syllable.len();
                let wide = self.width(&format!("{}-", &text[from..at]), style) / stretch;
                if wide <= free {
                    place = Some(at);
                }
            }
            if place.is_some() {
                return place;
            }
        }
        None
    }

    /// Text in its faces, not yet in lines.
    fn built(&mut self, text: &str, italics: &[Range<usize>], style: &Style) -> Layout<Face> {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        if style.balance {
            builder.set_line_break_override(Some(&whole_words));
        }
        builder.push_default(StyleProperty::FontFamily(family(style.face)));
        builder.push_default(StyleProperty::Brush(style.face));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.line)));
        builder.push_default(StyleProperty::FontFeatures(FontFeatures::from("\"tnum\" on")));
        for range in italics {
            builder.push(StyleProperty::FontFamily(family(Face::Italic)), range.clone());
            builder.push(StyleProperty::Brush(Face::Italic), range.clone());
        }
        builder.build(text)
    }
}

/// The glyphs of text that is in lines.
fn placed(layout: &Layout<Face>, style: &Style, width: f32, stretch: f32) -> Laid {
    let mut laid =
        Laid { line: style.line, lines: layout.len(), height: style.line * layout.len() as f32, ..Laid::default() };
    for (number, line) in layout.lines().enumerate() {
        let long = visible(&line);
        laid.width = laid.width.max(long);
        laid.overflow |= long > width + HAIR;
        laid.line_ends.push(line.text_range().end);
        let shift = match style.align {
            Align::Left => 0.0,
            Align::Centre => -long * 0.5,
            Align::Right => -long,
        };
        // Lines stand at equal distances whatever faces are in them.
        let down = number as f32 * style.line - line.metrics().block_min_coord;
        for item in line.items() {
            let PositionedLayoutItem::GlyphRun(run) = item else {
                continue;
            };
            let glyphs: Vec<Glyph> = run
                .positioned_glyphs()
                .filter_map(|g| Some(Glyph { id: u16::try_from(g.id).ok()?, at: [g.x + shift, g.y + down] }))
                .collect();
            if !glyphs.is_empty() {
                let face = run.style().brush;
                laid.runs.push(Run { face, size: style.size, ink: style.ink, alpha: 1.0, glyphs });
                laid.run_lines.push(number);
            }
        }
    }
    laid.width *= stretch;
    laid
}

fn family(face: Face) -> FontFamily<'static> {
    FontFamily::named(FAMILIES[face as usize])
}

/// A line's length without the spaces that hang at its end.
fn visible(line: &parley::Line<'_, Face>) -> f32 {
    line.metrics().advance - line.metrics().hanging_advance
}

/// Breaks into lines greedily, then narrows the box for as long as the number of lines stays the same and the lines get
/// better: about equal, or without a last line of one short word.
fn break_well(layout: &mut Layout<Face>, width: f32, balance: bool) {
    layout.break_all_lines(Some(width));
    let lines = layout.len();
    if lines < 2 || !width.is_finite() {
        return;
    }
    let too_wide = |layout: &Layout<Face>, width: f32| layout.lines().any(|l| visible(&l) > width + HAIR);
    if too_wide(layout, width) {
        return;
    }
    if balance {
        // Nine halvings of the width are finer than a letter.
        let (mut low, mut high) = (width / lines as f32, width);
        for _ in 0..9 {
            let middle = (low + high) * 0.5;
            layout.break_all_lines(Some(middle));
            if layout.len() > lines || too_wide(layout, middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        layout.break_all_lines(Some(high));
        return;
    }
    let widow = |layout: &Layout<Face>| layout.lines().last().is_some_and(|l| visible(&l) < width * WIDOW);
    if widow(layout) {
        for percent in [97.0, 94.0, 91.0, 88.0] {
            let narrower = width * percent / 100.0;
            layout.break_all_lines(Some(narrower));
            if layout.len() == lines && !too_wide(layout, narrower) && !widow(layout) {
                return;
            }
        }
        layout.break_all_lines(Some(width));
    }
}

/// Takes the marks around titles out, and says which bytes stood between them. A lone mark stays as it is.
fn without_marks(text: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut out, mut italics) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('_') {
        out.push_str(before);
        let Some((title, after)) = after.split_once('_') else {
            out.push('_');
            rest = after;
            continue;
        };
        italics.push(out.len()..out.len() + title.len());
        out.push_str(title);
        rest = after;
    }
    out.push_str(rest);
    (out, italics)
}

/// Capitals, but never in a number: neither in one with a unit's letters at it, nor in hex.
fn capitals(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| if word.contains(|c: char| c.is_ascii_digit()) { word.to_owned() } else { word.to_uppercase() })
        .collect()
}

/// Keeps a number and its unit on one line.
fn bind_numbers(text: &str) -> String {
    const UNITS: [&str; 14] = ["km", "m", "s", "h", "min", "ms", "kB", "MB", "GB", "TB", "bits", "bytes", "%", "px"];
    let mut out = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        out.push_str(word);
        let number = word.chars().next_back().is_some_and(|c| c.is_ascii_digit());
        match words.peek() {
            Some(next) if number && UNITS.contains(&next.trim_end_matches(['.', ',', ';', ':', ')', '?', '!'])) => {
                out.push('\u{a0}');
            }
            Some(_) => out.push(' '),
            None => {}
        }
    }
    out
}

/// Keeps hyphenated words whole, as headlines want them.
fn whole_words(pair: LineBreakContext) -> Option<bool> {
    let inside = pair.before == '-' && pair.before_before.is_some_and(char::is_alphanumeric);
    (inside && pair.after.is_alphanumeric()).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: Style = Style::new(Face::Regular, 38.0, 54.0);

    #[test]
    fn breaks_at_the_width() {
        let mut type_ = Typesetter::new();
        let text = "On 29 October, a student in Los Angeles typed LOGIN to reach a computer 560 km away.";
        let laid = type_.lay(text, &LABEL, 790.0, [96.0, 500.0]);
        assert_eq!(laid.lines, 3, "{laid:?}");
        assert!(laid.width <= 790.0 && laid.width > 600.0);
        assert!(!laid.overflow);
        assert_eq!(*laid.line_ends.last().unwrap(), text.len() + 1, "a bound space is one byte longer");
        let first = laid.runs[0].glyphs[0].at;
        assert!(first[0] >= 96.0 && first[1] > 500.0 && first[1] < 554.0, "{first:?}");
    }

    #[test]
    fn a_word_wider_than_its_box_overflows() {
        let mut type_ = Typesetter::new();
        assert!(type_.lay("Donaudampfschiff", &LABEL, 100.0, [0.0, 0.0]).overflow);
        assert!(!type_.lay("Donaudampfschiff", &LABEL, 600.0, [0.0, 0.0]).overflow);
    }

    #[test]
    fn digits_are_tabular_in_every_face() {
        let mut type_ = Typesetter::new();
        for face in Face::ALL {
            let style = Style::new(face, 56.0, 67.0);
            let widths: Vec<f32> = ["1111", "0000", "7777"].iter().map(|t| type_.width(t, &style)).collect();
            assert!(widths.iter().all(|w| (w - widths[0]).abs() < 0.01), "{face:?} {widths:?}");
        }
    }

    #[test]
    fn alignment_moves_the_lines_about_their_point() {
        let mut type_ = Typesetter::new();
        let left = type_.line("Still sharing", &LABEL, [100.0, 0.0]);
        let right = type_.line("Still sharing", &LABEL.align(Align::Right), [100.0, 0.0]);
        let centre = type_.line("Still sharing", &LABEL.align(Align::Centre), [100.0, 0.0]);
        let x = |l: &Laid| l.runs[0].glyphs[0].at[0];
        assert!((x(&left) - x(&right) - left.width).abs() < 0.01);
        assert!((x(&left) - x(&centre) - left.width * 0.5).abs() < 0.01);
    }

    #[test]
    fn fits_the_largest_that_does() {
        let mut type_ = Typesetter::new();
        let sizes = [72.0, 64.0, 56.0].map(|s| Style::new(Face::Bold, s, s * 1.12));
        let (short, fits) = type_.fit("Who gives out the file?", &sizes, 1728.0, 1, [0.0, 0.0]);
        assert!(fits && short.runs[0].size == 72.0);
        let long = "Too soon. Some chunks had not left the server, so nobody can finish";
        let (laid, fits) = type_.fit(long, &sizes, 1728.0, 1, [0.0, 0.0]);
        assert!(!fits || laid.runs[0].size < 72.0, "{}", laid.width);
        assert!(!type_.fit(&"word ".repeat(60), &sizes, 1728.0, 1, [0.0, 0.0]).1);
    }

    #[test]
    fn room_for_longer_languages_narrows_the_box() {
        let mut type_ = Typesetter::new();
        let text = "A server gives out every copy itself. Peers pass on the pieces they already have.";
        let now = type_.lay(text, &LABEL, 900.0, [0.0, 0.0]).lines;
        type_.percent = 135;
        assert!(type_.lay(text, &LABEL, 900.0, [0.0, 0.0]).lines > now);
        let wide = type_.width("Next", &LABEL);
        type_.percent = 100;
        assert!((wide / type_.width("Next", &LABEL) - 1.35).abs() < 0.001);
    }

    #[test]
    fn capitals_leave_numbers_alone() {
        assert_eq!(capitals("Block 3af9 is sealed"), "BLOCK 3af9 IS SEALED");
        let mut type_ = Typesetter::new();
        let bold = Style::new(Face::Bold, 36.0, 44.0);
        let small = type_.width("sealed", &bold);
        type_.caps = true;
        assert!(type_.width("sealed", &bold) > small);
        assert_eq!(type_.width("sealed", &LABEL), Typesetter::new().width("sealed", &LABEL));
    }

    #[test]
    fn titles_are_italic_and_lone_marks_stay() {
        let (text, italics) = without_marks("See _Peer-to-Peer_ and x_1.");
        assert_eq!(text, "See Peer-to-Peer and x_1.");
        assert_eq!(&text[italics[0].clone()], "Peer-to-Peer");
        let laid = Typesetter::new().lay("See _This_.", &LABEL.with_titles(), 790.0, [0.0, 0.0]);
        assert!(laid.runs.iter().any(|r| r.face == Face::Italic));
    }

    #[test]
    fn can_be_shared_among_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&Typesetter::new());
    }

    #[test]
    fn knows_what_the_faces_lack() {
        let type_ = Typesetter::new();
        assert!(type_.covers(Face::Regular, 'ä') && type_.covers(Face::Bold, '–') && type_.covers(Face::Mono, '{'));
        assert!(
            !type_.covers(Face::Regular, '✓') && !type_.covers(Face::Bold, '▶') && !type_.covers(Face::Regular, '中')
        );
    }

    #[test]
    fn headlines_keep_hyphenated_words_whole() {
        let mut type_ = Typesetter::new();
        let style = Style::new(Face::Bold, 24.0, 28.0).balanced();
        let laid = type_.lay("What is a peer-to-peer network?", &style, 320.0, [0.0, 0.0]);
        assert_eq!((laid.lines, laid.line_ends[0]), (2, "What is a peer-to-peer ".len()));
        let label = Style::new(Face::Regular, 24.0, 28.0);
        assert_eq!(type_.lay("peer-to-peer", &label, 90.0, [0.0, 0.0]).lines, 2, "labels may end a line there");
        assert!(type_.lay("peer-to-peer", &style, 90.0, [0.0, 0.0]).overflow);
    }

    #[test]
    fn balanced_lines_are_about_equal() {
        let mut type_ = Typesetter::new();
        let style = Style::new(Face::Bold, 72.0, 80.0).balanced();
        let laid = type_.lay("The server stops. The peers carry on.", &style, 952.0, [0.0, 0.0]);
        assert_eq!(laid.lines, 2);
        assert_eq!(laid.line_ends[0], "The server stops. ".len());
    }

    fn lines(type_: &mut Typesetter, text: &str, style: &Style, width: f32) -> Laid {
        type_.lay(text, style, width, [0.0, 0.0])
    }

    #[test]
    fn a_word_wider_than_its_box_is_parted_between_syllables() {
        let mut type_ = Typesetter::new();
        let style = Style::new(Face::Regular, 38.0, 54.0);
        let wide = type_.width("Donaudampfschifffahrt", &style);
        assert!(lines(&mut type_, "Donaudampfschifffahrt", &style, wide * 0.7).overflow, "no language, no hyphen");
        type_.lang = Some(*b"de");
        let laid = lines(&mut type_, "Donaudampfschifffahrt", &style, wide * 0.7);
        assert_eq!((laid.overflow, laid.lines), (false, 2));
        assert!(laid.width <= wide * 0.7);
    }

    #[test]
    fn a_ragged_line_is_filled_and_a_full_one_left_alone() {
        let mut type_ = Typesetter::new();
        type_.lang = Some(*b"en");
        let style = Style::new(Face::Regular, 38.0, 54.0);
        let text = "Everybody likes a decentralisation";
        let first = type_.width("Everybody likes a ", &style);
        let long = type_.width("decentralisation", &style);
        let width = first + long * 0.9;
        let glyphs = |laid: &Laid| laid.runs.iter().map(|run| run.glyphs.len()).sum::<usize>();
        let parted = lines(&mut type_, text, &style, width);
        assert_eq!(parted.lines, 2);
        type_.lang = None;
        let plain = lines(&mut type_, text, &style, width);
        assert_eq!(glyphs(&parted), glyphs(&plain) + 1, "one hyphen, no space lost");
        type_.lang = Some(*b"en");
        let headline = style.balanced();
        assert_eq!(glyphs(&lines(&mut type_, text, &headline, width)), glyphs(&plain), "headlines are never parted");
    }
}
