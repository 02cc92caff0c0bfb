//! A slide of words alone: references and thanks, in two columns, on as many pages as they need.

use super::{
    chrome::chrome,
    controls::{Control, Points, round, row},
    page::Desk,
    text_slide::next,
    words::{CAPTION, HEADLINE, HEADLINE_PORTRAIT, PLAIN, RULE, RULE_SMALL, fill, grouped},
};
use crate::{
    deck::action::Action,
    ink::{
        sheet::Vec2,
        text::{Align, Laid},
    },
};

/// Between two columns.
const GUTTER: f32 = 64.0;
/// Between two paragraphs.
const BETWEEN: f32 = 16.0;

/// Where things stand.
struct Places {
    left: f32,
    width: f32,
    columns: usize,
    headline: f32,
    top: f32,
    bottom: f32,
    controls: f32,
}

const LANDSCAPE: Places =
    Places { left: 96.0, width: 1728.0, columns: 2, headline: 58.0, top: 236.0, bottom: 836.0, controls: 866.0 };
const PORTRAIT: Places =
    Places { left: 64.0, width: 952.0, columns: 1, headline: 84.0, top: 380.0, bottom: 1556.0, controls: 1590.0 };

/// Some lines of a paragraph, and where they stand.
struct Part {
    paragraph: usize,
    lines: std::ops::Range<usize>,
    at: Vec2,
    page: usize,
}

/// Composes the slide, at the page that the state names.
pub fn compose(desk: &mut Desk) {
    let portrait = desk.portrait();
    let places = if portrait { PORTRAIT } else { LANDSCAPE };
    let words = desk.words();
    chrome(desk, false);
    let (sizes, lines) = if portrait { (HEADLINE_PORTRAIT, 3) } else { (HEADLINE, 1) };
    let headline = desk.fit("headline", &words.headline, &sizes, places.width, lines, [places.left, places.headline]);
    let mut rule_bottom = places.headline + headline.height;
    let step = desk.at().step.min(words.steps.len().saturating_sub(1));
    if let Some(text) = words.steps.get(step) {
        let at = [places.left, rule_bottom + 12.0];
        let what = format!("step {}", step + 1);
        let sizes = desk.view.ease.sizes(&[RULE, RULE_SMALL]);
        rule_bottom = at[1] + desk.fit(&what, text, &sizes, places.width, 3, at).height;
    }
    let top = places.top.max(rule_bottom + 32.0);
    let paragraphs: Vec<&str> = words.more.iter().flat_map(|m| &m.text).map(|p| p.as_str()).collect();
    let column = (places.width - GUTTER * (places.columns - 1) as f32) / places.columns as f32;
    let plain = desk.view.ease.style(PLAIN);
    let laid: Vec<Laid> = paragraphs.iter().map(|p| desk.type_.lay(p, &plain, column, [0.0, 0.0])).collect();
    let (parts, pages) =
        flow(&laid, top, places.bottom, places.columns, |c| places.left + c as f32 * (column + GUTTER));
    for (number, (text, laid)) in paragraphs.iter().zip(&laid).enumerate() {
        if laid.overflow {
            let message = format!("a word of \"{}\" is wider than its column", super::page::short(text));
            desk.fault(
                &format!("more {}", number + 1),
                "too-long",
                message,
                format!("words that fit into {column:.0} px"),
            );
        }
    }
    let page = desk.view.state.page.min(pages - 1);
    for part in parts.iter().filter(|p| p.page == page) {
        // Laid where its first line stands; the text is in the engine's keep, so this costs no second layout.
        let whole = desk.type_.lay(paragraphs[part.paragraph], &plain, column, part.at);
        let rect = [part.at[0], part.at[1], whole.width, part.lines.len() as f32 * whole.line];
        let what = format!("more {}", part.paragraph + 1);
        desk.page.texts.push(super::TextBox { what, rect });
        whole.draw_lines(part.lines.clone(), desk.over());
    }
    let groups: Vec<Vec<Control>> = vec![vec![next(desk).filled()]];
    let controls = desk.view.ease.lowered(places.controls);
    row(desk, &groups, 400.0, [places.left, controls], Align::Left);
    if pages > 1 {
        let (y, right) = (controls + 36.0, places.left + places.width - 36.0);
        let (up, down) = (desk.control("page_up"), desk.control("page_down"));
        round(desk, [right - 88.0, y], 36.0, Points::Up, Action::PageUp, up, page > 0);
        round(desk, [right, y], 36.0, Points::Down, Action::PageDown, down, page + 1 < pages);
        let (n, of) = (grouped(page as u64 + 1), grouped(pages as u64));
        let text = fill(&desk.control("page"), |k| match k {
            "n" => Some(n.clone()),
            "of" => Some(of.clone()),
            _ => None,
        });
        let style = CAPTION.align(Align::Right);
        desk.line("control page", &text, &style, 240.0, [right - 88.0 - 60.0, y - style.line * 0.5]);
    }
}

/// Fills columns and pages with paragraphs; a page ends on a whole line, and never after a paragraph's first.
fn flow(laid: &[Laid], top: f32, bottom: f32, columns: usize, left: impl Fn(usize) -> f32) -> (Vec<Part>, usize) {
    let (mut parts, mut y, mut column, mut page) = (Vec::new(), top, 0, 0);
    for (paragraph, text) in laid.iter().enumerate() {
        let mut from = 0;
        while from < text.lines {
            let room = ((bottom - y) / text.line).floor().max(0.0) as usize;
            let rest = text.lines - from;
            let mut take = room.min(rest);
            if take < rest && (take < 2 || rest - take < 2) {
                take = if take == rest { take } else { take.min(rest.saturating_sub(2)) };
                if take < 2 {
                    take = 0;
                }
            }
            if take == 0 && y > top {
                (y, column) = (top, column + 1);
                if column == columns {
                    (column, page) = (0, page + 1);
                }
                continue;
            }
            let take = take.max(1);
            parts.push(Part { paragraph, lines: from..from + take, at: [left(column), y], page });
            from += take;
            y += take as f32 * text.line;
        }
        y += BETWEEN;
    }
    (parts, page + 1)
}
