//! A slide of words with a still: kicker, headline, the present step's label, and the controls that lead on.

use super::{
    StageFrame,
    chrome::chrome,
    controls::{Control, row},
    page::Desk,
    still,
    words::{CAPTION, CAPTION_SMALL, HEADLINE_PORTRAIT, HEADLINE_TEXT, KICKER, LABEL, fill, grouped},
};
use crate::{
    deck::action::Action,
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
    /// Where the label must have ended.
    end: f32,
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
    dots: ([110.0, 800.0], Align::Left),
    controls: 850.0,
    stage: StageFrame {
        network: 0,
        centre: [1372.0, 480.0],
        radius: 416.0,
    },
    caption: 915.0,
};

const PORTRAIT: Places = Places {
    left: 64.0,
    widths: [952.0, 952.0],
    tops: [84.0, 84.0],
    gap: 32.0,
    end: 760.0,
    dots: ([1016.0, 1636.0], Align::Right),
    controls: 1600.0,
    stage: StageFrame {
        network: 0,
        centre: [540.0, 1150.0],
        radius: 366.0,
    },
    caption: 1528.0,
};

/// Between the kicker and the headline.
const UNDER_KICKER: f32 = 9.0;
/// A label has so many lines at its usual size; a longer one is smaller and may fill its place.
const LABEL_LINES: usize = 5;
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
        let styles = [
            KICKER,
            Style {
                size: 36.0,
                line: 57.0,
                ..KICKER
            },
        ];
        desk.fit("kicker", kicker, &styles, places.widths[0], 1, [places.left, top]);
        top += KICKER.line + UNDER_KICKER;
    }
    let sizes = if desk.portrait() {
        HEADLINE_PORTRAIT
    } else {
        HEADLINE_TEXT
    };
    let headline = desk.fit(
        "headline",
        &words.headline,
        &sizes,
        places.widths[0],
        3,
        [places.left, top],
    );
    top += headline.height + places.gap;

    let steps = words.steps.len();
    let step = desk.at().step.min(steps.saturating_sub(1));
    if let Some(text) = words.steps.get(step) {
        label(
            desk,
            &format!("step {}", step + 1),
            text,
            places.widths[1],
            [places.left, top],
            places.end,
        );
    }
    if more_open {
        return;
    }
    if steps > 1 {
        step_dots(desk, step, steps, places.dots.0, places.dots.1);
    }
    let mut groups = vec![vec![next(desk).filled()]];
    groups.extend(more(desk).map(|c| vec![c]));
    let room = if desk.portrait() {
        places.dots.0[0] - 400.0 - places.left
    } else {
        places.widths[0]
    };
    row(desk, &groups, room, [places.left, places.controls], Align::Left);
    still::compose(desk, places.stage);
    if let Some(caption) = desk.slide().still.as_ref().and_then(|s| s.caption.as_ref()) {
        let text = still::word(desk, caption);
        let styles = [CAPTION.align(Align::Centre), CAPTION_SMALL.align(Align::Centre)];
        let what = format!("word {}", caption.as_str());
        desk.fit(
            &what,
            &text,
            &styles,
            832.0,
            1,
            [places.stage.centre[0], places.caption],
        );
    }
}

/// A label: five lines as designed, or smaller and as many as its place has.
fn label(desk: &mut Desk, what: &str, text: &str, width: f32, at: Vec2, end: f32) {
    let room = |s: &Style| ((end - at[1]) / s.line).floor().max(1.0) as usize;
    let [large, small] = LABEL;
    if desk
        .type_
        .fit(text, &[large], width, room(&large).min(LABEL_LINES), at)
        .1
    {
        desk.fit(what, text, &[large], width, LABEL_LINES, at);
    } else {
        desk.fit(what, text, &[small], width, room(&small), at);
    }
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
    let pitch = if align == Align::Right {
        STEP_PITCH * 0.72
    } else {
        STEP_PITCH
    };
    let words = desk.type_.width(&text, &CAPTION);
    let x = if align == Align::Right {
        at[0] - words - pitch * shown as f32
    } else {
        at[0]
    };
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
    desk.line(
        "control step",
        &text,
        &CAPTION,
        200.0,
        [left, at[1] - CAPTION.line * 0.5],
    );
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
    desk.words()
        .more
        .as_ref()
        .map(|_| Control::new(desk, "more", "plus", Action::More))
}
