//! *More*: the depth for who stays, a sheet beside the scene, which runs on (style §8, picture 15).

use super::{
    super::{Area, Page, TextBox, Touch, View, ease::Ease},
    kit::{CONTROL, CONTROL_HEIGHT, Desk, OUTLINE, ROUND, Sign, Way, bold, ending, set},
};
use crate::{
    deck::action::Action,
    ink::{
        sheet::{Ink, Item, Shape, Sheet},
        text::{Align, Face, Laid, Style, Typesetter},
    },
};
use std::ops::Range;

/// Its words.
const TEXT: Style = Style::new(Face::Regular, 34.0, 48.0).with_titles();
/// Its title, and the smaller size that a longer one steps down to.
const TITLE: [Style; 2] = [bold(48.0, 58.0), bold(42.0, 52.0)];
/// Between two paragraphs.
const GAP: f32 = 24.0;
/// As many lines as a title may have.
const TITLE_LINES: usize = 2;
/// A paragraph is not torn so that fewer lines than this stand alone on a page.
const TOGETHER: usize = 2;
/// The thumb is never shorter than this, however many pages there are.
const LEAST_THUMB: f32 = 48.0;

/// Where the sheet and its parts stand.
#[derive(Clone, Copy, Debug)]
struct Geometry {
    /// Left, top, width, height.
    sheet: [f32; 4],
    /// From the sheet's edges to its words.
    padding: f32,
    /// How wide the words are.
    width: f32,
    /// Of a title of one line, from its top to the words' top.
    below_title: f32,
    /// Where the words end.
    bottom: f32,
    /// The line above the foot.
    foot: f32,
    /// The middle of the track.
    track: f32,
}

impl Geometry {
    const LANDSCAPE: Self = Self {
        sheet: [1000.0, 58.0, 824.0, 884.0],
        padding: 56.0,
        width: 660.0,
        below_title: 88.0,
        bottom: 794.0,
        foot: 818.0,
        track: 1780.0,
    };

    /// The sheet takes the place of the lower stage; the scene runs on in the upper one.
    const PORTRAIT: Self = Self {
        sheet: [64.0, 1022.0, 952.0, 540.0],
        padding: 56.0,
        width: 788.0,
        below_title: 75.0,
        bottom: 1418.0,
        foot: 1438.0,
        track: 972.0,
    };

    /// The sheet reaches down as far as its controls must.
    fn of(portrait: bool, ease: Ease) -> Self {
        let usual = if portrait { Self::PORTRAIT } else { Self::LANDSCAPE };
        let controls = usual.middle() - CONTROL_HEIGHT * 0.5;
        let down = ease.lowered(controls) - controls;
        let [x, y, width, height] = usual.sheet;
        Self { sheet: [x, y, width, height + down], bottom: usual.bottom + down, foot: usual.foot + down, ..usual }
    }

    /// The middle of the foot.
    fn middle(&self) -> f32 {
        (self.foot + self.sheet[1] + self.sheet[3]) * 0.5
    }

    fn left(&self) -> f32 {
        self.sheet[0] + self.padding
    }

    fn right(&self) -> f32 {
        self.sheet[0] + self.sheet[2] - self.padding
    }

    fn title_top(&self) -> f32 {
        self.sheet[1] + 44.0
    }
}

/// Some lines of a paragraph on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// Which paragraph.
    paragraph: usize,
    /// Which of its lines.
    lines: Range<usize>,
    /// How many lines stand above it on its page, and how many gaps.
    above: (usize, usize),
}

/// Shares paragraphs of so many lines out over pages. A page ends on a whole line, begins with no gap, and where it can
/// leaves no line of a paragraph alone.
fn paginate(paragraphs: &[usize], line: f32, gap: f32, room: f32) -> Vec<Vec<Part>> {
    let mut pages = vec![Vec::new()];
    let mut above = (0_usize, 0_usize);
    for (paragraph, &lines) in paragraphs.iter().enumerate() {
        let mut next = 0;
        while next < lines {
            let empty = above == (0, 0);
            let gaps = above.1 + usize::from(!empty && next == 0);
            let free = room - above.0 as f32 * line - gaps as f32 * gap;
            // A hair more, so that a room of exactly so many lines holds them.
            let fit = ((free + 0.01) / line).floor().max(0.0) as usize;
            let left = lines - next;
            let mut take = fit.min(left);
            if take < left {
                if left - take < TOGETHER && take > TOGETHER {
                    take = left - TOGETHER;
                }
                if take < TOGETHER && next == 0 {
                    take = 0;
                }
            }
            if take == 0 && !empty {
                pages.push(Vec::new());
                above = (0, 0);
                continue;
            }
            // A room lower than a line holds one all the same: nothing is ever left out.
            let take = take.max(1);
            let part = Part { paragraph, lines: next..next + take, above: (above.0, gaps) };
            if let Some(page) = pages.last_mut() {
                page.push(part);
            }
            above = (above.0 + take, gaps);
            next += take;
            if next < lines {
                pages.push(Vec::new());
                above = (0, 0);
            }
        }
    }
    pages
}

/// What is to be read, laid out.
struct Plan {
    geometry: Geometry,
    line: f32,
    title: (Laid, bool),
    top: f32,
    paragraphs: Vec<Laid>,
    pages: Vec<Vec<Part>>,
}

impl Plan {
    fn new(view: &View, type_: &mut Typesetter) -> Option<Self> {
        set(view, type_);
        let more = view.deck.slide_words(view.state.at).more.as_ref()?;
        let geometry = Geometry::of(view.canvas.portrait(), view.ease);
        let text = view.ease.style(TEXT);
        let (left, title_top) = (geometry.left(), geometry.title_top());
        let title = type_.fit(&more.title, &TITLE, geometry.right() - left, TITLE_LINES, [left, title_top]);
        let further = title.0.height - title.0.line;
        let top = title_top + geometry.below_title + further;
        let paragraphs: Vec<Laid> =
            more.text.iter().map(|p| type_.lay(p, &text, geometry.width, [left, top])).collect();
        let lines: Vec<usize> = paragraphs.iter().map(|p| p.lines).collect();
        let pages = paginate(&lines, text.line, GAP, geometry.bottom - top);
        Some(Self { geometry, line: text.line, title, top, paragraphs, pages })
    }
}

/// How many pages there are, at least 1, so that the page shown can be kept among them.
#[must_use]
pub fn pages(view: &View, type_: &mut Typesetter) -> usize {
    Plan::new(view, type_).map_or(1, |plan| plan.pages.len())
}

/// Lays the sheet over a page; returns where its words stand. Where the slide has no *more*, nothing is added.
pub fn compose(view: &View, type_: &mut Typesetter, page: &mut Page) -> Vec<TextBox> {
    let Some(plan) = Plan::new(view, type_) else { return Vec::new() };
    let mut desk = Desk::new(view, type_);
    let Plan { geometry, line, title, top, paragraphs, pages } = plan;
    let (shown, last) = (view.state.page.min(pages.len() - 1), pages.len() - 1);

    // The sheet takes what touches it, so that nothing below answers.
    let name = view.deck.slide_words(view.state.at).more.as_ref().map_or("", |m| m.title.as_str());
    desk.surface(geometry.sheet, 20.0);
    let radius = desk.look().corner(20.0);
    desk.hit(Area::Rect(geometry.sheet, radius), Touch::Nothing, name, false);
    if !title.1 {
        let message = format!("The title \"{name}\" needs {} lines.", title.0.lines);
        desk.fault("more", message, "a title that fits into two lines");
    }
    desk.note(name, &title.0, Align::Left, [geometry.left(), geometry.title_top()]);
    title.0.draw(&mut desk.sheet);

    for (number, paragraph) in paragraphs.iter().enumerate().filter(|(_, p)| p.overflow) {
        let message =
            format!("A word of paragraph {} is wider than the sheet's {} pixels.", number + 1, geometry.width);
        desk.fault(
            &format!("more {}", number + 1),
            message,
            &format!("shorter words than {:.0} pixels", paragraph.width),
        );
    }
    for part in &pages[shown] {
        let down = part.above.0 as f32 * line + part.above.1 as f32 * GAP;
        let (paragraph, count) = (&paragraphs[part.paragraph], part.lines.len() as f32);
        desk.texts.push(TextBox {
            what: format!("more {}", part.paragraph + 1),
            rect: [geometry.left(), top + down, paragraph.width, count * line],
        });
        let mut lines = Sheet::default();
        paragraph.draw_lines(part.lines.clone(), &mut lines);
        for item in lines.items {
            if let Item::Text(run) = item {
                desk.sheet.text(run.moved(0.0, down));
            }
        }
    }

    if last > 0 {
        let (track, thumb) = ([top + 10.0, geometry.bottom - 14.0], desk.look().stroke(8.0));
        let whole = track[1] - track[0];
        let length = (whole / pages.len() as f32).max(LEAST_THUMB);
        let from = track[0] + (whole - length) * shown as f32 / last as f32;
        let x = geometry.track;
        let stroke = desk.look().stroke(OUTLINE);
        desk.sheet.shape(Shape::line(Ink::Link, [x, track[0]], [x, track[1]], stroke));
        // Round ends reach beyond a line's points by half its width.
        let ends = [from + thumb * 0.5, from + length - thumb * 0.5];
        desk.sheet.shape(Shape::line(Ink::Ink, [x, ends[0]], [x, ends[1]], thumb));
    }

    foot(&mut desk, &geometry, shown, last);
    desk.onto(page)
}

/// Close, the page's number, and the arrows.
fn foot(desk: &mut Desk, geometry: &Geometry, shown: usize, last: usize) {
    let (left, right) = (geometry.left(), geometry.right());
    let stroke = desk.look().stroke(OUTLINE);
    desk.sheet.shape(Shape::line(Ink::Line, [left, geometry.foot], [right, geometry.foot], stroke));
    let middle = geometry.middle();
    let close = desk.word("close");
    let corner = [left, middle - CONTROL_HEIGHT * 0.5];
    let close_width = desk.pill(Sign::Cross, &close, corner, 206.0, Touch::Action(Action::More));
    if last == 0 {
        return;
    }
    let (down, up) = (right - ROUND, right - ROUND * 3.0 - 16.0);
    let numbers = [(shown + 1).to_string(), (last + 1).to_string()];
    let of = desk.word_with("page", &[("n", &numbers[0]), ("of", &numbers[1])]);
    let style = ending(CONTROL.ink(Ink::Ink2));
    let end = up - ROUND - 34.0;
    let width = desk.line(&of, &style, end, middle);
    if end - width < left + close_width + 16.0 {
        let message = format!("\"{of}\" doesn't fit between Close and the arrows.");
        desk.fault("control page", message, "shorter words");
    }
    let words = [desk.word("page_up"), desk.word("page_down")];
    desk.arrow(Way::Up, [up, middle], Action::PageUp, &words[0], shown > 0);
    desk.arrow(Way::Down, [down, middle], Action::PageDown, &words[1], shown < last);
}

#[cfg(test)]
mod tests {
    use super::super::trial::{Trial, deck};
    use super::*;

    /// The lines of each page, as (paragraph, line).
    fn read(pages: &[Vec<Part>]) -> Vec<(usize, usize)> {
        pages.iter().flatten().flat_map(|p| p.lines.clone().map(|l| (p.paragraph, l))).collect()
    }

    #[test]
    fn every_line_stands_on_exactly_one_page_in_order() {
        for room in [10.0, 48.0, 100.0, 240.0, 260.0, 604.0, 5000.0] {
            let paragraphs = [5, 4, 2, 1, 30, 3, 13];
            let pages = paginate(&paragraphs, 48.0, 24.0, room);
            let expected: Vec<_> =
                paragraphs.iter().enumerate().flat_map(|(p, n)| (0..*n).map(move |l| (p, l))).collect();
            assert_eq!(read(&pages), expected, "room {room}");
        }
    }

    #[test]
    fn no_page_is_fuller_than_its_room() {
        for room in [100.0, 240.0, 260.0, 604.0] {
            for page in paginate(&[5, 4, 2, 1, 30, 3, 13], 48.0, 24.0, room) {
                let last = page.last().unwrap();
                let used = (last.above.0 + last.lines.len()) as f32 * 48.0 + last.above.1 as f32 * 24.0;
                assert!(used <= room + 0.1, "{used} of {room}");
                assert_eq!(page[0].above, (0, 0), "a page begins at its top");
            }
        }
    }

    #[test]
    fn the_picture_shows_five_four_and_two_lines() {
        // Picture 15: 604 pixels take 5 + 4 + 2 lines and two gaps; the third paragraph's other lines follow.
        let pages = paginate(&[5, 4, 5], 48.0, 24.0, 604.0);
        assert_eq!(pages[0].iter().map(|p| p.lines.len()).collect::<Vec<_>>(), [5, 4, 2]);
        assert_eq!(pages[1][0], Part { paragraph: 2, lines: 2..5, above: (0, 0) });
    }

    #[test]
    fn a_line_is_not_left_alone() {
        // Twelve lines fit; the second paragraph would begin with its first line at the foot.
        let pages = paginate(&[11, 4], 48.0, 24.0, 604.0);
        assert_eq!(pages[0].len(), 1, "{pages:?}");
        // Thirteen lines would leave the last one to the next page.
        let pages = paginate(&[13], 48.0, 24.0, 604.0);
        assert_eq!(pages.iter().map(|p| p[0].lines.clone()).collect::<Vec<_>>(), [0..11, 11..13]);
    }

    #[test]
    fn the_sheet_is_whole_at_every_size_and_page() {
        let mut trial = Trial::new(deck(1, 1, 7));
        let mut count = 0;
        trial.at([1080, 1920], 0, |view, type_| {
            count = pages(view, type_);
            Page::default()
        });
        assert!(count > 4, "seven paragraphs of five lines: {count}");
        for shown in 0..count + 2 {
            trial.state.page = shown;
            for page in trial.everywhere(|view, type_| {
                let mut page = Page::default();
                compose(view, type_, &mut page);
                page
            }) {
                assert_eq!(page.under, Sheet::default(), "it lies over the scene");
                let enabled = |action| page.hits.iter().find(|h| h.does == Touch::Action(action)).map(|h| h.enabled);
                assert_eq!(enabled(Action::More), Some(true), "Close");
                assert_eq!(enabled(Action::PageUp), Some(shown > 0));
                if shown >= count {
                    assert_eq!(enabled(Action::PageDown), Some(false));
                }
            }
        }
    }

    #[test]
    fn a_slide_without_more_gets_no_sheet() {
        let mut trial = Trial::new(deck(1, 1, 0));
        trial.deck.words.topics.values_mut().next().unwrap().value.slides.clear();
        let page = trial.at([1920, 1080], 0, |view, type_| {
            let mut page = Page::default();
            compose(view, type_, &mut page);
            assert_eq!(pages(view, type_), 1);
            page
        });
        assert_eq!(page, Page::default());
    }
}
