//! The desk on which a page is composed: what every layout writes, draws and makes touchable with.

use super::{Area, Fault, Hit, Page, TextBox, Touch, View};
use crate::{
    deck::{state::Position, structure::Slide, words::SlideWords},
    ink::{
        look::{Fill, Look},
        sheet::{Ink, Shape, Sheet, Vec2},
        text::{Align, Laid, Style, Typesetter},
    },
};

/// How many lines the longest text that is shown may have before the page stops looking for more.
pub const MANY: usize = 1000;

/// How a limit on text is broken: said in the page's faults.
const TOO_LONG: &str = "too-long";

/// A page under the pen.
pub struct Desk<'a> {
    /// What it is composed from.
    pub view: &'a View<'a>,
    /// Who sets the type.
    pub type_: &'a mut Typesetter,
    /// What is there already.
    pub page: Page,
}

impl<'a> Desk<'a> {
    /// An empty page.
    pub fn new(view: &'a View<'a>, type_: &'a mut Typesetter) -> Self {
        type_.caps = view.look.caps;
        type_.percent = view.length_percent;
        type_.lang = view.deck.language();
        Self { view, type_, page: Page::default() }
    }

    /// Where we are.
    pub fn at(&self) -> Position {
        self.view.state.at
    }

    /// The present slide.
    pub fn slide(&self) -> &'a Slide {
        self.view.deck.slide(self.at())
    }

    /// Its words.
    pub fn words(&self) -> &'a SlideWords {
        self.view.deck.slide_words(self.at())
    }

    /// A word of the controls.
    pub fn control(&self, key: &str) -> String {
        self.view.deck.control(key).to_owned()
    }

    /// The look.
    pub fn look(&self) -> &'a Look {
        self.view.look
    }

    /// Whether the page stands upright.
    pub fn portrait(&self) -> bool {
        self.view.canvas.portrait()
    }

    /// Width and height of the page.
    pub fn size(&self) -> Vec2 {
        self.view.canvas.reference()
    }

    /// What is drawn over the stage.
    pub fn over(&mut self) -> &mut Sheet {
        &mut self.page.over
    }

    /// A pictogram, its usual stroke in proportion to its side.
    pub fn icon(&mut self, key: &str, centre: Vec2, side: f32, ink: Ink) {
        let stroke = self.look().stroke(side / crate::ink::icons::BOX * crate::ink::icons::STROKE);
        self.view.deck.icons.draw(key, centre, side, ink, stroke, &mut self.page.over);
    }

    /// Sets text in a box, and says so if a word is wider than it.
    pub fn text(&mut self, what: &str, text: &str, style: &Style, width: f32, at: Vec2) -> Laid {
        self.fit(what, text, &[*style], width, MANY, at)
    }

    /// Sets one line that must not be wider than its box.
    pub fn line(&mut self, what: &str, text: &str, style: &Style, width: f32, at: Vec2) -> Laid {
        self.fit(what, text, &[*style], width, 1, at)
    }

    /// Sets text in the first size in which it has at most so many lines, and says so if it has more in the last.
    pub fn fit(&mut self, what: &str, text: &str, sizes: &[Style], width: f32, lines: usize, at: Vec2) -> Laid {
        let (laid, fits) = self.type_.fit(text, sizes, width, lines, at);
        if !fits {
            let message = if laid.overflow {
                format!("a word of \"{}\" is wider than its place", short(text))
            } else {
                format!("\"{}\" takes {} lines at the smallest size", short(text), laid.lines)
            };
            let expected = if laid.overflow {
                format!("words that fit into {width:.0} px")
            } else {
                format!("at most {lines} lines of {width:.0} px")
            };
            self.fault(what, TOO_LONG, message, expected);
        }
        let align = sizes.last().map_or(Align::Left, |s| s.align);
        self.put(what, laid.clone(), align, at);
        laid
    }

    /// Sets one line in the first size in which it fits, its middle at a height.
    pub fn middle(&mut self, what: &str, text: &str, sizes: &[Style], width: f32, [x, y]: Vec2) -> Laid {
        let line = self.type_.fit(text, sizes, width, 1, [x, y]).0.line;
        self.fit(what, text, sizes, width, 1, [x, y - line * 0.5])
    }

    /// Draws text that is laid already, and notes its box.
    pub fn put(&mut self, what: &str, laid: Laid, align: Align, at: Vec2) {
        let left = match align {
            Align::Left => at[0],
            Align::Centre => at[0] - laid.width * 0.5,
            Align::Right => at[0] - laid.width,
        };
        if laid.width > 0.0 {
            let rect = [left, at[1], laid.width, laid.height];
            self.page.texts.push(TextBox { what: what.to_owned(), rect });
        }
        laid.draw(&mut self.page.over);
    }

    /// Notes something that does not fit.
    pub fn fault(&mut self, what: &str, rule: &'static str, message: String, expected: String) {
        let fault = Fault { what: what.to_owned(), message, expected, rule };
        if !self.page.faults.contains(&fault) {
            self.page.faults.push(fault);
        }
    }

    /// Makes an area touchable.
    pub fn hit(&mut self, area: Area, does: Touch, name: impl Into<String>, enabled: bool) {
        self.page.hits.push(Hit { area, does, name: name.into(), enabled });
    }

    /// A surface: filled, or outlined in looks whose surfaces hardly differ from the wall.
    pub fn surface(look: &Look, ink: Ink, area: Area, sheet: &mut Sheet) {
        let outline = matches!(look.fill, Fill::Outline).then_some(look.edge);
        match area {
            Area::Circle(centre, r) => {
                sheet.shape(Shape::disc(ink, centre, r));
                if let Some(edge) = outline {
                    sheet.shape(Shape::circle(Ink::Line, centre, r - edge * 0.5, edge));
                }
            }
            Area::Rect([x, y, w, h], radius) => {
                let radius = look.corner(radius);
                sheet.shape(Shape::rect(ink, [x, y], [w, h], radius));
                if let Some(edge) = outline {
                    sheet.shape(Shape::frame(Ink::Line, [x, y], [w, h], radius, edge));
                }
            }
        }
    }

    /// The lines of drawing paper, where the look has them.
    pub fn grid(&mut self) {
        let (Some(grid), [w, h]) = (self.look().grid, self.size()) else {
            return;
        };
        // A wall that is not 16 to 9 shows some paper beside the page.
        let over = [w * 0.5, h * 0.5];
        for (axis, end) in [w, h].into_iter().enumerate() {
            let across = [h, w][axis];
            let first = (-over[axis] / grid.pitch).ceil() as i32;
            let last = ((end + over[axis]) / grid.pitch).floor() as i32;
            for n in first..=last {
                let wide = if n.rem_euclid(grid.every as i32) == 0 { grid.wide } else { grid.width };
                let place = n as f32 * grid.pitch;
                let (a, b) = (-over[1 - axis], across + over[1 - axis]);
                let (from, to) = if axis == 0 { ([place, a], [place, b]) } else { ([a, place], [b, place]) };
                self.page.under.shape(Shape::line(Ink::Raised, from, to, wide));
            }
        }
    }
}

/// The beginning of a text, to be known again by in a message.
pub fn short(text: &str) -> String {
    const LONG: usize = 48;
    if text.chars().count() <= LONG {
        return text.to_owned();
    }
    text.chars().take(LONG).chain(std::iter::once('…')).collect()
}
