//! "Still there?": what is asked before everything begins again for the next visitor (style §8, picture 16).
//!
//! It lies over the slide, which whoever draws it dims to 11 % first. Any touch answers, wherever it is.

use super::{
    super::{Area, Page, Touch, View},
    kit::{Desk, RULE, Ring, bold, centred},
};
use crate::ink::{
    sheet::{Ink, Shape, Vec2},
    text::{Face, Laid, Style, Typesetter},
};

/// How long the question stands, in seconds: the ring has a segment for each.
pub const SECONDS: u32 = 20;

/// What a touch does, under the question.
const ANSWER: [Style; 2] =
    [Style::new(Face::Regular, 44.0, 57.0).balanced(), Style::new(Face::Regular, 38.0, 50.0).balanced()];
/// The question.
const QUESTION: [Style; 3] = [bold(150.0, 159.0), bold(128.0, 136.0), bold(108.0, 114.0)];
/// The number in the ring.
const NUMBER: Style = centred(bold(150.0, 160.0));
/// The word under the number.
const UNIT: Style = centred(Style::new(Face::Regular, 36.0, 44.0).ink(Ink::Ink2));
/// The ring's outer radius.
const R: f32 = 330.0;

/// The question, `seconds_left` before the reset.
#[must_use]
pub fn compose(view: &View, type_: &mut Typesetter, seconds_left: u32) -> Page {
    let mut desk = Desk::new(view, type_);
    let (left, width, narrow, centre): (f32, f32, f32, Vec2) =
        if desk.portrait() { (64.0, 952.0, 952.0, [540.0, 1290.0]) } else { (96.0, 880.0, 620.0, [1372.0, 540.0]) };
    let texts = ["still_title", "still_touch", "still_otherwise"].map(|key| desk.word(key));

    let question = lay(&mut desk, "control still_title", &texts[0], &QUESTION, (width, 2), [left, 346.0]);
    let top = 346.0 + question.height + 43.0;
    let answer = lay(&mut desk, "control still_touch", &texts[1], &ANSWER, (narrow, 4), [left, top]);
    let top = top + answer.height + 23.0;
    lay(&mut desk, "control still_otherwise", &texts[2], &[RULE.balanced()], (narrow, 4), [left, top]);

    let ring = Ring { centre, r: R, thick: 0.3 * R, segments: SECONDS, gap: 0.06 };
    desk.sheet.shape(Shape::disc(Ink::Ground, centre, R + 10.0));
    let kept = seconds_left.min(SECONDS);
    let stroke = desk.look().stroke(2.5);
    for segment in 0..SECONDS {
        // The first second lost is the segment at twelve o'clock, then clockwise.
        if segment < SECONDS - kept {
            ring.outlined(segment, Ink::Line, stroke, &mut desk.sheet);
        } else {
            ring.filled(segment, Ink::Data, &mut desk.sheet);
        }
    }
    let unit = desk.word(if seconds_left == 1 { "still_second" } else { "still_seconds" });
    let room = (R - ring.thick) * 2.0 - 60.0;
    desk.words("still number", &seconds_left.to_string(), &[NUMBER], room, 1, [centre[0], centre[1] - 112.0]);
    desk.words("control still_seconds", &unit, &[UNIT], room, 1, [centre[0], centre[1] + 54.0]);

    let [w, h] = view.canvas.reference();
    desk.hit(Area::Rect([0.0, 0.0, w, h], 0.0), Touch::Nothing, &texts[1], true);
    desk.into_page()
}

/// Words that clear their own ground: what lies below is dimmed, not gone.
fn lay(desk: &mut Desk, what: &str, text: &str, styles: &[Style], (width, lines): (f32, usize), at: Vec2) -> Laid {
    /// Beyond the letters on either side.
    const MARGIN: f32 = 12.0;
    let laid = desk.type_.fit(text, styles, width, lines, at).0;
    let plate = [laid.width.min(width) + MARGIN * 2.0, laid.height];
    desk.sheet.shape(Shape::rect(Ink::Ground, [at[0] - MARGIN, at[1]], plate, 0.0));
    desk.words(what, text, styles, width, lines, at)
}

#[cfg(test)]
mod tests {
    use super::{
        super::trial::{Trial, deck},
        *,
    };
    use crate::ink::sheet::{Form, Item};

    /// How many segments are solid.
    fn kept(page: &Page) -> usize {
        let solid = |item: &&Item| matches!(item, Item::Shape(s) if s.form == Form::Arc as u32 && s.ink == Ink::Data.index() && s.stroke > 50.0);
        page.under.items.iter().filter(solid).count()
    }

    #[test]
    fn the_question_is_whole_everywhere_and_any_touch_answers() {
        let mut trial = Trial::new(deck(1, 1, 0));
        for left in [20, 13, 1, 0] {
            for page in trial.everywhere(|view, type_| compose(view, type_, left)) {
                assert_eq!(kept(&page), left as usize);
                assert_eq!(page.hits.len(), 1);
            }
        }
    }

    #[test]
    fn the_first_second_lost_is_the_segment_at_twelve() {
        let mut trial = Trial::new(deck(1, 1, 0));
        let mut first = |left| {
            let page = trial.at([1920, 1080], 0, |view, type_| compose(view, type_, left));
            page.under.items.iter().find_map(|item| match item {
                Item::Shape(s) if s.form == Form::Arc as u32 && s.ink == Ink::Data.index() => Some(s.p[0]),
                _ => None,
            })
        };
        assert!(first(20).unwrap() < 0.1, "all are there from twelve o'clock on");
        assert!(first(19).unwrap() > 0.3, "the first is gone");
        assert_eq!(first(0), None);
    }
}
