//! The panel that says what is wrong in a deck that was just saved, while the last good one stays (style §8, picture 18).

use super::{
    super::{Area, Page, Touch, View},
    kit::{CONTROL, CONTROL_HEIGHT, Desk, Sign, bold, ending},
};
use crate::{
    deck::place::{ExcerptLine, Finding, Spot},
    ink::{
        sheet::{Ink, Shape, Sheet, Vec2},
        text::{Face, Style, Typesetter},
    },
    kiosk::starts::AS_BUILT,
};

/// Title, and the smaller size that a longer one steps down to.
const TITLE: [Style; 2] = [bold(48.0, 58.0), bold(42.0, 52.0)];
/// Where the mistake is.
const PLACE: Style = Style::new(Face::Regular, 34.0, 46.0);
/// Lines of the file.
const CODE: Style = Style::new(Face::Mono, 28.0, 46.0);
/// What is wrong, and what would be right.
const SAYS: Style = Style::new(Face::Regular, 34.0, 48.0);
/// From the panel's words' left edge to where the numbers of lines end, and to where the lines begin.
const NUMBERS: f32 = 84.0;
const LINES: f32 = 120.0;
/// From the panel's edge to its words.
const PADDING: f32 = 56.0;
/// Above the title, between the parts, and below the controls.
const ABOVE: f32 = 38.0;
const PARTS: [f32; 4] = [16.0, 30.0, 36.0, 34.0];
const BELOW: f32 = 33.0;
/// What is wrong and what would be right are never told at more length than this together: a panel has an end.
const MOST_LINES: usize = 6;
/// As many characters as are kept after a value that stands far to the right, where there are so many.
const AFTER: usize = 6;
/// What a tab is shown as.
const TAB: &str = "    ";

/// As many places as there are to be shown: of each finding each place, in order.
#[must_use]
pub fn places(findings: &[Finding]) -> usize {
    findings.iter().map(|finding| finding.spots.len()).sum()
}

/// The panel for one place of the findings, counted from 0 over all of them. Without findings the page is empty.
#[must_use]
pub fn compose(view: &View, type_: &mut Typesetter, findings: &[Finding], which: usize) -> Page {
    let all: Vec<(&Finding, &Spot)> = findings.iter().flat_map(|f| f.spots.iter().map(move |s| (f, s))).collect();
    let Some(&(finding, spot)) = all.get(which.min(all.len().saturating_sub(1))) else {
        return Page::default();
    };
    let which = which.min(all.len() - 1);

    let mut desk = Desk::new(view, type_);
    // The panel's left and right edge, and its foot: above the chrome, which stays in use.
    let [left, right, foot] = if desk.portrait() { [64.0, 1016.0, 1680.0] } else { [96.0, 1824.0, 960.0] };
    let inside = [left + PADDING, right - PADDING];
    let width = inside[1] - inside[0];

    // The panel grows upwards with what it has to say, so it is laid out before it has a place.
    let started = finding.rule == AS_BUILT;
    let title = if started {
        desk.word("error_as_built")
    } else if findings.len() == 1 {
        desk.word("error_title")
    } else {
        desk.word_with("error_title_many", &[("count", &findings.len().to_string())])
    };
    let title_height = desk.type_.fit(&title, &TITLE, width - 48.0, 3, [0.0, 0.0]).0.height;
    let excerpt = excerpt(spot, columns(&mut desk, width));
    let code_height = excerpt.len() as f32 * CODE.line;
    let said = said(&desk, finding);
    let wrapped: Vec<Rich> = said.iter().map(|(text, strong)| Rich::new(desk.type_, text, *strong, width)).collect();
    let lines: usize = wrapped.iter().map(|r| r.lines.len()).sum();
    let said_height = lines.min(MOST_LINES) as f32 * SAYS.line;
    let height = ABOVE
        + title_height
        + PARTS[0]
        + PLACE.line
        + PARTS[1]
        + code_height
        + PARTS[2]
        + said_height
        + PARTS[3]
        + CONTROL_HEIGHT
        + BELOW;
    let top = foot - height;
    panel(&mut desk, [left, top, right - left, height]);

    let mut y = top + ABOVE;
    desk.cross([inside[0] + 14.0, y + TITLE[0].line * 0.5], 11.0, Ink::Bad);
    desk.words("control error_title", &title, &TITLE, width - 48.0, 3, [inside[0] + 48.0, y]);
    y += title_height + PARTS[0];
    place(&mut desk, spot, inside, y, (which, all.len()));
    y += PLACE.line + PARTS[1];
    code(&mut desk, &excerpt, inside, y);
    y += code_height + PARTS[2];
    let mut left_over = MOST_LINES;
    for rich in &wrapped {
        let lines = rich.lines.len().min(left_over);
        rich.draw(desk.type_, lines, [inside[0], y], &mut desk.sheet);
        y += lines as f32 * SAYS.line;
        left_over -= lines;
    }
    y += PARTS[3];
    let save = if started { "error_as_built_save" } else { "error_save" };
    controls(&mut desk, inside, y, all.len(), save);
    desk.into_page()
}

/// A broken block's form: ground, dashed.
fn panel(desk: &mut Desk, [x, y, w, h]: [f32; 4]) {
    let look = desk.look();
    let radius = look.corner(20.0);
    desk.sheet.shape(Shape::rect(Ink::Ground, [x, y], [w, h], radius));
    desk.sheet.shape(Shape::frame(Ink::Bad, [x, y], [w, h], radius, look.stroke(3.0)).dashed(14.0, 10.0));
    // What lies below answers no touch.
    let name = desk.word("error_title");
    desk.hit(Area::Rect([x, y, w, h], radius), Touch::Nothing, &name, false);
}

/// File, line and column in words, and which place of how many this is.
fn place(desk: &mut Desk, spot: &Spot, [left, right]: [f32; 2], y: f32, (which, of): (usize, usize)) {
    let (line, column) = spot.line_column();
    let middle = y + PLACE.line * 0.5;
    let mut end = right;
    if of > 1 {
        let numbers = [(which + 1).to_string(), of.to_string()];
        let text = desk.word_with("page", &[("n", &numbers[0]), ("of", &numbers[1])]);
        end -= desk.line(&text, &ending(PLACE.ink(Ink::Ink2)), right, middle) + 40.0;
    }
    let numbers = [line.to_string(), column.to_string()];
    // Of a file as a whole there is no line to name.
    let words = if spot.source.text.is_empty() {
        String::new()
    } else {
        desk.word_with("error_place", &[("line", &numbers[0]), ("column", &numbers[1])])
    };
    let room = end - left - desk.type_.width(&words, &PLACE) - 10.0;
    let mut name: &str = &spot.source.name;
    let mut short = name.to_owned();
    // Of a long path the end tells most.
    while desk.type_.width(&short, &PLACE) > room && name.chars().count() > 8 {
        name = name.char_indices().nth(2).map_or("", |(at, _)| &name[at..]);
        short = format!("…{name}");
    }
    let width = desk.line(&short, &PLACE.ink(Ink::Ink2), left, middle);
    desk.line(&words, &PLACE, left + width + 10.0, middle);
}

/// How many characters a line of the excerpt has room for.
fn columns(desk: &mut Desk, width: f32) -> usize {
    ((width - LINES - 16.0) / letter(desk.type_)).floor().max(8.0) as usize
}

/// How wide a character of the monospaced face is. A file's text is the same in every language, so it keeps no room for
/// longer ones.
fn letter(type_: &mut Typesetter) -> f32 {
    let percent = std::mem::replace(&mut type_.percent, 100);
    let width = type_.width("0000000000", &CODE) / 10.0;
    type_.percent = percent;
    width
}

/// The lines around the place, cut to so many characters: tabs are widened, what all lines are indented by goes, and a
/// line that is too long begins where the value in question can be seen.
fn excerpt(spot: &Spot, columns: usize) -> Vec<ExcerptLine> {
    let mut lines = spot.excerpt();
    for line in &mut lines {
        let mut text = String::new();
        let (mut from, mut to) = (None, None);
        for (i, c) in line.text.chars().enumerate() {
            if let Some(marked) = &line.marked {
                let at = text.chars().count();
                from = from.or((i == marked.start).then_some(at));
                to = to.or((i == marked.end).then_some(at));
            }
            if c == '\t' { text.push_str(TAB) } else { text.push(c) }
        }
        let len = text.chars().count();
        if line.marked.is_some() {
            let from = from.unwrap_or(len);
            line.marked = Some(from..to.unwrap_or(len).max(from + 1));
        }
        line.text = text;
    }
    let indent = lines
        .iter()
        .filter(|l| !l.text.trim().is_empty())
        .map(|l| l.text.chars().take_while(|c| *c == ' ').count())
        .min()
        .unwrap_or(0);
    for line in &mut lines {
        cut(line, indent.min(line.marked.as_ref().map_or(indent, |m| m.start)), columns);
    }
    lines
}

/// Takes an indent off a line, and what is too long for so many columns.
fn cut(line: &mut ExcerptLine, indent: usize, columns: usize) {
    let letters: Vec<char> = line.text.chars().skip(indent).collect();
    let marked = line.marked.clone().map(|m| m.start - indent..m.end - indent);
    let mut from = 0;
    if let Some(marked) = &marked
        && marked.end + 1 > columns
    {
        // As little is taken away before the value as lets it be seen whole, with something after it.
        from = (marked.end + AFTER)
            .min(letters.len().max(marked.end))
            .saturating_sub(columns)
            .min(marked.start.saturating_sub(1));
    }
    let to = letters.len().min(from + columns);
    let mut shown: Vec<char> = letters.get(from..to).unwrap_or_default().to_vec();
    if from > 0
        && let Some(first) = shown.first_mut()
        && marked.as_ref().is_none_or(|m| m.start > from)
    {
        *first = '…';
    }
    if to < letters.len()
        && let Some(last) = shown.last_mut()
    {
        *last = '…';
    }
    line.text = shown.into_iter().collect();
    line.marked =
        marked.map(|m| m.start - from..(m.end - from).clamp(m.start - from + 1, columns.max(m.start - from + 1)));
}

/// Draws the excerpt: numbers, text, the line in question on a strip, and the value in it underlined.
fn code(desk: &mut Desk, lines: &[ExcerptLine], [left, right]: [f32; 2], top: f32) {
    let (look, wide) = (desk.look(), letter(desk.type_));
    let x = left + LINES;
    for (i, line) in lines.iter().enumerate() {
        let y = top + i as f32 * CODE.line;
        let hot = line.marked.is_some();
        if hot {
            let size = [right - left, CODE.line];
            desk.sheet.shape(Shape::rect(Ink::Raised, [left, y], size, look.corner(10.0)));
        }
        let ink = if hot { Ink::Ink } else { Ink::Ink2 };
        let number = ending(CODE.ink(ink));
        letters(desk, &line.number.to_string(), &number, [left + NUMBERS, y], hot);
        let Some(marked) = &line.marked else {
            letters(desk, &line.text, &CODE.ink(ink), [x, y], false);
            continue;
        };
        let part =
            |from: usize, to: usize| line.text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
        let (before, value) = (part(0, marked.start), part(marked.start, marked.end));
        let after = part(marked.end, line.text.chars().count());
        let at = |column: usize| [x + column as f32 * wide, y];
        letters(desk, &before, &CODE, at(0), false);
        letters(desk, &value, &CODE.ink(Ink::Bad), at(marked.start), true);
        letters(desk, &after, &CODE, at(marked.end), false);
        let stroke = look.stroke(4.0);
        let under = y + CODE.line - 3.0 - stroke * 0.5;
        let min = [at(marked.start)[0], under];
        desk.sheet.shape(Shape::rect(Ink::Bad, min, [marked.len() as f32 * wide, stroke], 0.0));
    }
}

/// Characters of the monospaced face, each in its column. It comes in one weight: bold is struck twice.
fn letters(desk: &mut Desk, text: &str, style: &Style, at: Vec2, bold: bool) {
    // A sign that no bundled face has still takes its place.
    let text: String = text.chars().map(|c| if desk.type_.covers(Face::Mono, c) { c } else { '?' }).collect();
    let percent = std::mem::replace(&mut desk.type_.percent, 100);
    let laid = desk.type_.line(&text, style, at);
    desk.type_.percent = percent;
    if bold {
        for run in &laid.runs {
            desk.sheet.text(run.moved(0.9, 0.0));
        }
    }
    laid.draw(&mut desk.sheet);
}

/// What is wrong and what would be right, each with the ink of what it quotes.
fn said(desk: &Desk, finding: &Finding) -> Vec<(String, Ink)> {
    let mut said = vec![(finding.message.clone(), Ink::Bad)];
    if !finding.expected.is_empty() {
        let expected = finding.expected.trim_end_matches('.');
        said.push((desk.word_with("error_right", &[("expected", expected)]), Ink::Ink));
    }
    said
}

fn controls(desk: &mut Desk, [left, right]: [f32; 2], y: f32, of: usize, save: &str) {
    let mut x = left;
    if of > 1 {
        let next = desk.word("error_next");
        x += desk.pill(Sign::Icon("play"), &next, [x, y], 228.0, Touch::NextFinding) + 16.0;
    }
    let hide = desk.word("error_hide");
    x += desk.pill(Sign::Cross, &hide, [x, y], 198.0, Touch::HideFindings) + 40.0;
    let save = desk.word(save);
    let mut style = ending(CONTROL.ink(Ink::Ink2));
    let mut lines = 2;
    if !desk.type_.fit(&save, &[style], right - x, lines, [right, y]).1 {
        (style, lines) = (Style { size: 24.0, line: 28.0, ..style }, 4);
    }
    let (laid, fits) = desk.type_.fit(&save, &[style], right - x, lines, [right, y]);
    if !fits {
        desk.fault("control error_save", format!("\"{save}\" doesn't fit beside Hide."), "shorter words");
    }
    for run in &laid.runs {
        desk.sheet.text(run.moved(0.0, (CONTROL_HEIGHT - laid.height) * 0.5));
    }
}

/// Text of which the parts between backticks are strong.
struct Rich {
    strong: Ink,
    /// Of each line its pieces: where it begins, whether it is strong, its letters.
    lines: Vec<Vec<(f32, bool, String)>>,
}

impl Rich {
    fn style(&self, strong: bool) -> Style {
        if strong { bold(SAYS.size, SAYS.line).ink(self.strong) } else { SAYS }
    }

    /// Wraps into a width, between words, and within a word that is wider.
    fn new(type_: &mut Typesetter, text: &str, strong: Ink, width: f32) -> Self {
        let mut rich = Self { strong, lines: vec![Vec::new()] };
        let (plain, bold) = (rich.style(false), rich.style(true));
        let space = type_.width("a a", &plain) - type_.width("aa", &plain);
        let mut x = 0.0;
        for word in words(text) {
            let measured: Vec<(f32, bool, String)> = word
                .into_iter()
                .map(|(strong, piece)| (type_.width(&piece, if strong { &bold } else { &plain }), strong, piece))
                .collect();
            let long: f32 = measured.iter().map(|m| m.0).sum();
            if x > 0.0 && x + space + long > width {
                rich.lines.push(Vec::new());
                x = 0.0;
            } else if x > 0.0 {
                x += space;
            }
            for (long, strong, piece) in measured {
                let style = if strong { bold } else { plain };
                for (long, piece) in torn(type_, piece, long, &style, width) {
                    if x > 0.0 && x + long > width {
                        rich.lines.push(Vec::new());
                        x = 0.0;
                    }
                    if let Some(line) = rich.lines.last_mut() {
                        line.push((x, strong, piece));
                    }
                    x += long;
                }
            }
        }
        rich
    }

    fn draw(&self, type_: &mut Typesetter, lines: usize, [x, y]: Vec2, sheet: &mut Sheet) {
        for (number, line) in self.lines.iter().take(lines).enumerate() {
            for (from, strong, piece) in line {
                let at = [x + from, y + number as f32 * SAYS.line];
                type_.line(piece, &self.style(*strong), at).draw(sheet);
            }
        }
    }
}

/// A piece that is wider than a line in parts that are not.
fn torn(type_: &mut Typesetter, piece: String, long: f32, style: &Style, width: f32) -> Vec<(f32, String)> {
    if long <= width {
        return vec![(long, piece)];
    }
    let letters: Vec<char> = piece.chars().collect();
    let each = ((letters.len() as f32 * width / long * 0.9) as usize).max(1);
    letters
        .chunks(each)
        .map(|chunk| {
            let part: String = chunk.iter().collect();
            (type_.width(&part, style), part)
        })
        .collect()
}

/// The words of a text, each in pieces that are strong or not. What is quoted keeps its spaces as words of its own.
fn words(text: &str) -> Vec<Vec<(bool, String)>> {
    let mut words = vec![Vec::new()];
    for (i, part) in text.split('`').enumerate() {
        let strong = i % 2 == 1;
        for (j, piece) in part.split(char::is_whitespace).enumerate() {
            if j > 0 {
                words.push(Vec::new());
            }
            if !piece.is_empty()
                && let Some(word) = words.last_mut()
            {
                word.push((strong, piece.to_owned()));
            }
        }
    }
    words.retain(|word: &Vec<_>| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{
        super::trial::{Trial, deck},
        *,
    };
    use crate::deck::place::Source;
    use std::sync::Arc;

    fn spot(text: &str, value: &str) -> Spot {
        let source = Arc::new(Source::new("deck.ron", text));
        let from = text.find(value).unwrap();
        Spot::new(&source, from..from + value.len())
    }

    /// The marked characters of the marked line.
    fn marked(lines: &[ExcerptLine]) -> String {
        let line = lines.iter().find(|l| l.marked.is_some()).unwrap();
        let marked = line.marked.clone().unwrap();
        line.text.chars().skip(marked.start).take(marked.len()).collect()
    }

    #[test]
    fn five_lines_lose_what_all_are_indented_by() {
        let text = "(\n    a: 1,\n    b: 2,\n\n      mode: \"client-sever\",\n    d: 4,\n    e: 5,\n)";
        let lines = excerpt(&spot(text, "\"client-sever\""), 80);
        let numbers: Vec<usize> = lines.iter().map(|l| l.number).collect();
        assert_eq!(numbers, [3, 4, 5, 6, 7]);
        assert_eq!(lines[0].text, "b: 2,");
        assert_eq!(lines[2].text, "  mode: \"client-sever\",");
        assert_eq!(marked(&lines), "\"client-sever\"");
    }

    #[test]
    fn a_long_line_shows_the_value_and_stays_in_its_columns() {
        let text = format!("x: \"{}\", mode: \"client-sever\", y: \"{}\"", "é".repeat(200), "z".repeat(200));
        for columns in [20, 42, 87] {
            let lines = excerpt(&spot(&text, "\"client-sever\""), columns);
            assert_eq!(marked(&lines), "\"client-sever\"", "{columns}");
            assert!(lines[0].text.chars().count() <= columns);
            assert!(lines[0].text.starts_with('…') && lines[0].text.ends_with('…'), "{}", lines[0].text);
        }
        // A value longer than the line fills it from where it begins.
        let lines = excerpt(&spot(&text, &"z".repeat(200)), 42);
        assert_eq!(marked(&lines).chars().take(5).collect::<String>(), "zzzzz");
        assert!(lines[0].marked.clone().unwrap().end <= 42);
    }

    #[test]
    fn tabs_and_ends_of_files_have_a_place() {
        let lines = excerpt(&spot("(\n\tpeers: 30,\n)", "30"), 80);
        assert_eq!(marked(&lines), "30");
        let source = Arc::new(Source::new("deck.ron", "(a: 1"));
        let lines = excerpt(&Spot::new(&source, 5..5), 80);
        assert_eq!(lines[0].marked, Some(5..6), "after the last letter");
    }

    #[test]
    fn quotes_are_strong_and_signs_stay_at_them() {
        let words = words("There is no mode called `client-sever`.");
        assert_eq!(words.len(), 6);
        assert_eq!(words[5], [(true, "client-sever".to_owned()), (false, ".".to_owned())]);
    }

    #[test]
    fn rich_text_wraps_and_tears_nothing_that_fits() {
        let mut type_ = Typesetter::new();
        let text = format!("Short words and `{}` at the end.", "x".repeat(300));
        let rich = Rich::new(&mut type_, &text, Ink::Bad, 600.0);
        assert!(rich.lines.len() > 3);
        for line in &rich.lines {
            let (x, strong, piece) = line.last().unwrap();
            assert!(x + type_.width(piece, &rich.style(*strong)) <= 600.5);
        }
        let all: String = rich.lines.iter().flatten().map(|p| p.2.as_str()).collect();
        assert_eq!(all, text.replace([' ', '`'], ""));
    }

    #[test]
    fn the_panel_is_whole_everywhere_and_counts_every_place() {
        let text = "(\n    slug: \"server-stops\",\n    scene: (mode: \"client-sever\", peers: 30),\n)";
        let message = "There is no mode called `client-sever`, and this says so at great length. ".repeat(6);
        let findings = [
            Finding {
                spots: vec![spot(text, "\"client-sever\""), spot("(a: 1)", "1")],
                rule: "unknown-word",
                message: message.clone(),
                expected: "`client-server` or `peer-to-peer`".into(),
            },
            Finding { spots: vec![spot("(b: 2)", "2")], rule: "syntax", message, expected: String::new() },
        ];
        assert_eq!(places(&findings), 3);
        let mut trial = Trial::new(deck(1, 1, 0));
        for which in 0..4 {
            for page in trial.everywhere(|view, type_| compose(view, type_, &findings, which)) {
                let deeds: Vec<Touch> = page.hits.iter().map(|h| h.does).collect();
                assert_eq!(deeds, [Touch::Nothing, Touch::NextFinding, Touch::HideFindings]);
            }
        }
        let one = trial.at([1920, 1080], 0, |view, type_| compose(view, type_, &findings[1..], 0));
        assert!(one.hits.iter().all(|h| h.does != Touch::NextFinding), "there is no other one");
        assert_eq!(trial.at([1920, 1080], 0, |view, type_| compose(view, type_, &[], 0)), Page::default());
    }
}
