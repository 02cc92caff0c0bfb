//! What every overlay is put together from: words, pills, arrows, pictograms and rings, each with its hit and its fault.

use super::super::{Area, Fault, Hit, Page, TextBox, Touch, View};
use crate::{
    deck::action::Action,
    ink::{
        look::{Fill, Look},
        sheet::{Form, Ink, Shape, Sheet, Vec2},
        text::{Align, Face, Laid, Style, Typesetter},
    },
};
use std::f32::consts::TAU;

/// A control in words (style §2).
pub(super) const CONTROL: Style = Style::new(Face::Regular, 28.0, 36.0);
/// Navigation: words beside a small sign (style §6).
pub(super) const QUIET: Style = Style::new(Face::Regular, 26.0, 34.0).ink(Ink::Ink2);
/// The one sentence under a headline.
pub(super) const RULE: Style = Style::new(Face::Regular, 34.0, 46.0).ink(Ink::Ink2);
/// Names of groups and networks.
pub(super) const NAME: Style = Style::new(Face::Bold, 36.0, 44.0);

/// How high a control is, and the least that a finger is offered anywhere.
pub(super) const CONTROL_HEIGHT: f32 = 72.0;
/// Nothing that can be touched is narrower or lower than this.
pub(super) const LEAST_TARGET: f32 = 64.0;
/// Radius of the round controls.
pub(super) const ROUND: f32 = 36.0;
/// Outline of controls.
pub(super) const OUTLINE: f32 = 2.0;
/// Stroke of the signs on controls, at the size they have there.
const SIGN_STROKE: f32 = 3.5;
/// A sign's box on a control.
const SIGN: f32 = 38.0;
/// From a pill's left to the middle of its sign, and to its words (style §4).
const PILL_SIGN: f32 = 44.0;
const PILL_WORDS: f32 = 76.0;
/// Free room behind a pill's words.
const PILL_END: f32 = 32.0;
/// How much of the circle shows around an arrow that leads nowhere at present.
const DIMMED: f32 = 0.4;

/// A style scaled from the sizes that stand in style §2: size and line height.
pub(super) const fn bold(size: f32, line: f32) -> Style {
    Style::new(Face::Bold, size, line)
}

/// Sets the type as the view asks for it: capitals where the look has them, and the size of text.
pub(super) fn set(view: &View, type_: &mut Typesetter) {
    type_.caps = view.look.caps;
    type_.percent = view.length_percent;
    type_.lang = view.deck.language();
}

/// A page, or part of one, while it is being put together.
pub(super) struct Desk<'a> {
    pub view: &'a View<'a>,
    pub type_: &'a mut Typesetter,
    pub sheet: Sheet,
    pub hits: Vec<Hit>,
    pub texts: Vec<TextBox>,
    pub faults: Vec<Fault>,
}

impl<'a> Desk<'a> {
    pub fn new(view: &'a View<'a>, type_: &'a mut Typesetter) -> Self {
        set(view, type_);
        Self { view, type_, sheet: Sheet::default(), hits: Vec::new(), texts: Vec::new(), faults: Vec::new() }
    }

    pub fn look(&self) -> &'a Look {
        self.view.look
    }

    pub fn portrait(&self) -> bool {
        self.view.canvas.portrait()
    }

    /// The word of a control.
    pub fn word(&self, key: &str) -> String {
        self.view.deck.control(key).to_owned()
    }

    /// The word of a control with its places filled in.
    pub fn word_with(&self, key: &str, places: &[(&str, &str)]) -> String {
        places.iter().fold(self.word(key), |text, (place, with)| text.replace(&format!("{{{place}}}"), with))
    }

    /// As a page of its own: nothing of a stage lies between its marks.
    pub fn into_page(self) -> Page {
        Page { under: self.sheet, hits: self.hits, texts: self.texts, faults: self.faults, ..Page::default() }
    }

    /// On top of a page that is there already; returns where its words stand.
    pub fn onto(self, page: &mut Page) -> Vec<TextBox> {
        page.over.append(self.sheet);
        page.hits.extend(self.hits);
        page.faults.extend(self.faults);
        self.texts
    }

    pub fn fault(&mut self, what: &str, message: String, expected: &str) {
        self.faults.push(Fault { what: what.to_owned(), message, expected: expected.to_owned(), rule: "overflow" });
    }

    /// Words in a box: the first of the styles that fits takes them. What fits in none is drawn in the last, and told.
    pub fn words(&mut self, what: &str, text: &str, styles: &[Style], width: f32, lines: usize, at: Vec2) -> Laid {
        let (laid, fits) = self.type_.fit(text, styles, width, lines, at);
        if !fits {
            let message = format!("\"{text}\" needs {} lines of {width} pixels.", laid.lines);
            self.fault(what, message, &format!("words that fit into {lines} lines"));
        }
        self.note(what, &laid, styles.last().map_or(Align::Left, |s| s.align), at);
        laid.clone().draw(&mut self.sheet);
        laid
    }

    /// Notes the box of words that are laid at a place.
    pub fn note(&mut self, what: &str, laid: &Laid, align: Align, [x, y]: Vec2) {
        let left = match align {
            Align::Left => x,
            Align::Centre => x - laid.width * 0.5,
            Align::Right => x - laid.width,
        };
        if laid.width > 0.0 {
            self.texts.push(TextBox { what: what.to_owned(), rect: [left, y, laid.width, laid.height] });
        }
    }

    /// One line, centred on a height.
    pub fn line(&mut self, text: &str, style: &Style, x: f32, middle: f32) -> f32 {
        let laid = self.type_.line(text, style, [x, middle - style.line * 0.5]);
        let width = laid.width;
        self.note(text, &laid, style.align, [x, middle - style.line * 0.5]);
        laid.draw(&mut self.sheet);
        width
    }

    /// A pictogram around a place; those on controls are drawn with a stroke of their own.
    pub fn icon(&mut self, key: &str, centre: Vec2, side: f32, ink: Ink, stroke: f32) {
        let stroke = self.look().stroke(stroke);
        self.view.deck.icons.draw(key, centre, side, ink, stroke, &mut self.sheet);
    }

    /// Two crossed strokes, `half` to each side of a place.
    pub fn cross(&mut self, [x, y]: Vec2, half: f32, ink: Ink) {
        let stroke = self.look().stroke(4.0);
        for side in [-half, half] {
            self.sheet.shape(Shape::line(ink, [x - half, y - side], [x + half, y + side], stroke));
        }
    }

    /// Something that can be touched. Its name is what it is called in words.
    pub fn hit(&mut self, area: Area, does: Touch, name: &str, enabled: bool) {
        let [w, h] = match area {
            Area::Rect([_, _, w, h], _) => [w, h],
            Area::Circle(_, r) => [r * 2.0, r * 2.0],
        };
        if w.min(h) < LEAST_TARGET {
            let message = format!("the target is {w:.0} by {h:.0} pixels.");
            self.fault(name, message, &format!("{LEAST_TARGET} pixels each way"));
        }
        self.hits.push(Hit { area, does, name: name.to_owned(), enabled });
    }

    /// A surface that lies over what is below: raised, or outlined where the look tells surfaces by their outline.
    pub fn surface(&mut self, [x, y, w, h]: [f32; 4], radius: f32) {
        let look = self.look();
        let radius = look.corner(radius);
        self.sheet.shape(Shape::rect(Ink::Raised, [x, y], [w, h], radius));
        if look.fill == Fill::Outline {
            self.sheet.shape(Shape::frame(Ink::Line, [x, y], [w, h], radius, look.edge));
        }
    }

    /// How wide a pill is: its sign, its words, and no less than asked.
    pub fn pill_width(&mut self, word: &str, least: f32) -> f32 {
        least.max(PILL_WORDS + self.type_.width(word, &CONTROL) + PILL_END).ceil()
    }

    /// A control: outline, sign, words. Returns its width.
    pub fn pill(&mut self, sign: Sign, word: &str, [x, y]: Vec2, least: f32, does: Touch) -> f32 {
        let (width, look) = (self.pill_width(word, least), self.look());
        let (radius, middle) = (look.corner(ROUND), y + CONTROL_HEIGHT * 0.5);
        let frame = Shape::frame(Ink::Line, [x, y], [width, CONTROL_HEIGHT], radius, look.stroke(OUTLINE));
        self.sheet.shape(frame);
        match sign {
            Sign::Cross => self.cross([x + PILL_SIGN, middle], 10.0, Ink::Ink),
            Sign::Icon(key) => self.icon(key, [x + PILL_SIGN, middle], SIGN, Ink::Ink, SIGN_STROKE),
        }
        self.line(word, &CONTROL, x + PILL_WORDS, middle);
        self.hit(Area::Rect([x, y, width, CONTROL_HEIGHT], radius), does, word, true);
        width
    }

    /// A round control with an arrow. Where it leads nowhere it stays, dimmed.
    pub fn arrow(&mut self, way: Way, centre: Vec2, action: Action, name: &str, enabled: bool) {
        self.round(way, centre, Touch::Action(action), name, enabled);
    }

    /// The same for anything that a touch may do.
    pub fn round(&mut self, way: Way, centre: Vec2, does: Touch, name: &str, enabled: bool) {
        let circle = Shape::circle(Ink::Line, centre, ROUND - OUTLINE * 0.5, self.look().stroke(OUTLINE));
        self.sheet.shape(if enabled { circle } else { circle.faded(DIMMED) });
        way.draw(
            centre,
            12.0,
            if enabled { Ink::Ink } else { Ink::Line },
            self.look().stroke(SIGN_STROKE),
            &mut self.sheet,
        );
        self.hit(Area::Circle(centre, ROUND), does, name, enabled);
    }

    /// Words beside a small sign, as in the chrome. Returns where the target ends.
    pub fn quiet(&mut self, icon: &str, word: &str, x: f32, middle: f32, action: Action) -> f32 {
        const SIDE: f32 = 38.0;
        self.icon(icon, [x + 16.0, middle], SIDE, Ink::Ink2, SIGN_STROKE);
        let width = self.line(word, &QUIET, x + 44.0, middle);
        let (left, right) = (x - 16.0, x + 44.0 + width + 16.0);
        let area = Area::Rect([left, middle - CONTROL_HEIGHT * 0.5, right - left, CONTROL_HEIGHT], 0.0);
        self.hit(area, Touch::Action(action), word, true);
        right
    }

    /// The quarter arcs in the top left corner: a tap there changes the look.
    pub fn corner(&mut self) {
        for r in [22.0, 34.0, 46.0] {
            let stroke = self.look().stroke(OUTLINE);
            self.sheet.shape(Shape::arc(Ink::Line, [0.0, 0.0], r, TAU * 0.25, TAU * 0.25, stroke));
        }
        let name = self.word("look");
        self.hit(Area::Rect([0.0, 0.0, 120.0, 120.0], 0.0), Touch::Action(Action::Look), &name, true);
    }
}

/// Where an arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
    Left,
    Right,
}

impl Way {
    /// The direction, right and down being positive.
    pub fn vector(self) -> Vec2 {
        match self {
            Self::Up => [0.0, -1.0],
            Self::Down => [0.0, 1.0],
            Self::Left => [-1.0, 0.0],
            Self::Right => [1.0, 0.0],
        }
    }

    /// An arrow around a place, from `-half` to `half` along its way.
    pub fn draw(self, [x, y]: Vec2, half: f32, ink: Ink, stroke: f32, sheet: &mut Sheet) {
        let [dx, dy] = self.vector();
        // Along the way, then across it.
        let at =
            |along: f32, across: f32| [x + (dx * along - dy * across) * half, y + (dy * along + dx * across) * half];
        sheet.shape(Shape::line(ink, at(-1.0, 0.0), at(1.0, 0.0), stroke));
        for side in [-1.0, 1.0] {
            sheet.shape(Shape::line(ink, at(1.0, 0.0), at(0.08, 0.92 * side), stroke));
        }
    }
}

/// What stands before a pill's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Closes something.
    Cross,
    /// A pictogram by its key.
    Icon(&'static str),
}

/// A ring's segments, clockwise from twelve o'clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ring {
    pub centre: Vec2,
    /// Its outer radius.
    pub r: f32,
    /// From outside to inside.
    pub thick: f32,
    pub segments: u32,
    /// Between two segments, in radians.
    pub gap: f32,
}

impl Ring {
    /// Where a segment begins and how far it goes.
    fn span(&self, segment: u32) -> (f32, f32) {
        let pitch = TAU / self.segments as f32;
        (pitch * segment as f32 + self.gap * 0.5, pitch - self.gap)
    }

    /// A segment that is held: solid.
    pub fn filled(&self, segment: u32, ink: Ink, sheet: &mut Sheet) {
        let (from, sweep) = self.span(segment);
        sheet.shape(Shape::arc(ink, self.centre, self.r - self.thick * 0.5, from, sweep, self.thick));
    }

    /// A segment that is missing: its outline.
    pub fn outlined(&self, segment: u32, ink: Ink, stroke: f32, sheet: &mut Sheet) {
        let (from, sweep) = self.span(segment);
        let (outer, inner) = (self.r - stroke * 0.5, self.r - self.thick + stroke * 0.5);
        sheet.shape(Shape::arc(ink, self.centre, outer, from, sweep, stroke));
        sheet.shape(Shape::arc(ink, self.centre, inner, from, sweep, stroke));
        for angle in [from, from + sweep] {
            sheet.shape(Shape::line(ink, self.at(angle, outer), self.at(angle, inner), stroke));
        }
    }

    /// A place at an angle, clockwise from twelve o'clock, and a distance from the middle.
    fn at(&self, angle: f32, r: f32) -> Vec2 {
        [self.centre[0] + r * libm::sinf(angle), self.centre[1] - r * libm::cosf(angle)]
    }
}

/// A filled triangle.
pub(super) fn triangle(ink: Ink, a: Vec2, b: Vec2, c: Vec2) -> Shape {
    Shape { p: c, ..Shape::new(Form::Triangle, ink, a, b) }
}

/// A style centred under its point.
pub(super) const fn centred(style: Style) -> Style {
    style.align(Align::Centre)
}

/// A style that ends at its point.
pub(super) const fn ending(style: Style) -> Style {
    style.align(Align::Right)
}
