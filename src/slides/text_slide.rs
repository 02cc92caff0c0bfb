//! A slide of words with a still: kicker, headline, the present step's label, and the controls that lead on.

use super::{
    StageFrame,
    chrome::chrome,
    controls::{Control, row},
    page::Desk,
    still,
    words::{
        CAPTION, CAPTION_SMALL, HEADLINE_PORTRAIT, HEADLINE_PORTRAIT_LONG, HEADLINE_TEXT, HEADLINE_TEXT_LONG, KICKER,
        LABEL, fill, grouped,
    },
};
use crate::{
    deck::{Deck, action::Action, state::Position, structure::Layout},
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Style},
    },
};

/// Where things stand.
struct Places {
    left: f32,
    /// The width of the headline and of the label.
    widths: [f32; 2],
    /// Where the words begin, with a kicker and without.
    tops: [f32; 2],
    /// From the headline to the label.
    gap: f32,
    /// Where the label should have ended; what stands below it flows down as far as to the limit.
    end: f32,
    limit: f32,
    /// The middle of the dots, one a step, and their left or right end.
    dots: (Vec2, Align),
    controls: f32,
    stage: StageFrame,
    /// Where a line under the picture begins.
    caption: f32,
}

const LANDSCAPE: Places = Places {
    left: 96.0,
    widths: [800.0, 790.0],
    tops: [92.0, 122.0],
    gap: 40.0,
    end: 774.0,
    limit: 818.0,
    dots: ([110.0, 800.0], Align::Left),
    controls: 850.0,
    stage: StageFrame { network: 0, centre: [1372.0, 480.0], radius: 416.0, height: None },
    caption: 915.0,
};

const PORTRAIT: Places = Places {
    left: 64.0,
    widths: [952.0, 952.0],
    tops: [84.0, 84.0],
    gap: 32.0,
    end: 760.0,
    limit: 764.0,
    dots: ([1016.0, 1636.0], Align::Right),
    controls: 1600.0,
    stage: StageFrame { network: 0, centre: [540.0, 1156.0], radius: 384.0, height: None },
    caption: 1546.0,
};

/// Between the kicker and the headline.
const UNDER_KICKER: f32 = 9.0;
/// A label has so many lines at its usual size; a longer one is smaller and may fill its place.
const LABEL_LINES: usize = 5;
/// A headline has so many lines; a longer one is smaller and has one more.
const HEADLINE_LINES: usize = 3;
/// From one step's dot to the next.
const STEP_PITCH: f32 = 56.0;
/// More steps are counted in words alone.
const MOST_STEPS: usize = 8;

/// Composes the slide. While *more* is open its sheet covers the still, which is therefore left out.
pub fn compose(desk: &mut Desk, more_open: bool) {
    let places = if desk.portrait() { PORTRAIT } else { LANDSCAPE };
    let words = desk.words();
    chrome(desk, false);
    let mut top = places.tops[usize::from(words.kicker.is_none())];
    if let Some(kicker) = &words.kicker {
        let styles = desk.view.ease.sizes(&[KICKER, Style { size: 36.0, line: 57.0, ..KICKER }]);
        top += desk.fit("kicker", kicker, &styles, places.widths[0], 1, [places.left, top]).line + UNDER_KICKER;
    }
    let at = [places.left, top];
    let (sizes, long) = if desk.portrait() {
        (&HEADLINE_PORTRAIT[..], HEADLINE_PORTRAIT_LONG[1])
    } else {
        (&HEADLINE_TEXT[..], HEADLINE_TEXT_LONG)
    };
    let fits = desk.type_.fit(&words.headline, sizes, places.widths[0], HEADLINE_LINES, at).1;
    let headline = if fits {
        desk.fit("headline", &words.headline, sizes, places.widths[0], HEADLINE_LINES, at)
    } else {
        desk.fit("headline", &words.headline, &[long], places.widths[0], HEADLINE_LINES + 1, at)
    };
    top += headline.height + places.gap;

    let steps = words.steps.len();
    let step = desk.at().step.min(steps.saturating_sub(1));
    let at = [places.left, top];
    // The longest step decides where the controls stand, so that *next* stays under the finger.
    let mut bottom = top;
    for (n, text) in words.steps.iter().enumerate() {
        let (style, lines) = label(desk, text, places.widths[1], at, places.limit);
        let laid = desk.type_.lay(text, &style, places.widths[1], at);
        bottom = bottom.max(top + laid.height);
        if n == step {
            desk.fit(&format!("step {}", n + 1), text, &[style], places.widths[1], lines, at);
        }
    }
    let down = if desk.portrait() { 0.0 } else { (bottom - places.end).max(0.0) };
    if more_open {
        return;
    }
    if steps > 1 {
        let ([x, y], align) = places.dots;
        step_dots(desk, step, steps, [x, y + down], align);
    }
    let mut groups = vec![vec![next(desk).filled()]];
    groups.extend(more(desk).map(|c| vec![c]));
    let room = if desk.portrait() { places.dots.0[0] - 400.0 - places.left } else { places.widths[0] };
    let controls = desk.view.ease.lowered(places.controls + down);
    row(desk, &groups, room, [places.left, controls], Align::Left);
    still::compose(desk, places.stage);
    if let Some(caption) = desk.slide().still.as_ref().and_then(|s| s.caption.as_ref()) {
        let text = still::word(desk, caption);
        let styles = desk.view.ease.sizes(&[CAPTION.align(Align::Centre), CAPTION_SMALL.align(Align::Centre)]);
        let what = format!("word {}", caption.as_str());
        desk.fit(&what, &text, &styles, 832.0, 1, [places.stage.centre[0], places.caption]);
    }
}

/// How a label is set: five lines as designed, or smaller and as many as its place has.
fn label(desk: &mut Desk, text: &str, width: f32, at: Vec2, end: f32) -> (Style, usize) {
    let room = |s: &Style| ((end - at[1]) / s.line).floor().max(1.0) as usize;
    let [.., small] = LABEL;
    let roomy = |s: &&Style| s.size > small.size;
    let fits = |s: &Style| desk.type_.fit(text, &[*s], width, room(s).min(LABEL_LINES), at).1;
    let large = desk.view.ease.sizes(&LABEL).iter().filter(roomy).copied().find(fits);
    large.map_or((small, room(&small)), |s| (s, room(&s).min(LABEL_LINES)))
}

/// One dot a step: seen, present, to come; and "2 of 3".
fn step_dots(desk: &mut Desk, step: usize, steps: usize, at: Vec2, align: Align) {
    let (n, of) = (grouped(step as u64 + 1), grouped(steps as u64));
    let text = fill(&desk.control("step"), |k| match k {
        "n" => Some(n.clone()),
        "of" => Some(of.clone()),
        _ => None,
    });
    let shown = if steps <= MOST_STEPS { steps } else { 0 };
    let pitch = if align == Align::Right { STEP_PITCH * 0.72 } else { STEP_PITCH };
    let words = desk.type_.width(&text, &CAPTION);
    let x = if align == Align::Right { at[0] - words - pitch * shown as f32 } else { at[0] };
    for i in 0..shown {
        let centre = [x + i as f32 * pitch, at[1]];
        let shape = match i.cmp(&step) {
            std::cmp::Ordering::Less => Shape::disc(Ink::Ink2, centre, 10.0),
            std::cmp::Ordering::Equal => Shape::disc(Ink::Ink, centre, 14.0),
            std::cmp::Ordering::Greater => Shape::circle(Ink::Ink2, centre, 8.5, 3.0),
        };
        desk.over().shape(shape);
    }
    let left = x + shown as f32 * pitch - if align == Align::Left && shown == 0 { 14.0 } else { 0.0 };
    desk.line("control step", &text, &CAPTION, 200.0, [left, at[1] - CAPTION.line * 0.5]);
}

/// The control that leads on: the next step, slide or topic; not at the very end.
pub fn next(desk: &Desk) -> Control {
    let (deck, at) = (desk.view.deck, desk.at());
    let end = at.topic + 1 >= deck.len()
        && at.slide + 1 >= deck.slides(at.topic)
        && at.step + 1 >= deck.steps(at.topic, at.slide);
    Control::new(desk, "next", "play", Action::Next).enabled(!end)
}

/// The control that opens *more*, where the slide has one.
pub fn more(desk: &Desk) -> Option<Control> {
    has_more(desk.view.deck, desk.at()).then(|| Control::new(desk, "more", "plus", Action::More))
}

/// Whether *more* can be opened on a slide. A page of sources prints it itself.
#[must_use]
pub fn has_more(deck: &Deck, at: Position) -> bool {
    deck.slide_words(at).more.is_some() && deck.slide(at).layout != Layout::Sources
}
