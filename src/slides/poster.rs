//! The front page: a headline as large as a poster's, one line under it, one control, and a still.

use super::{
    StageFrame,
    chrome::chrome,
    controls::{Control, row},
    page::Desk,
    still,
    text_slide::next,
    words::{KICKER, POSTER, POSTER_LONG},
};
use crate::ink::text::{Align, Face, Style};

/// Where things stand.
struct Places {
    left: f32,
    width: f32,
    /// The width of the line under the headline.
    under: f32,
    top: f32,
    control: f32,
    stage: StageFrame,
}

const LANDSCAPE: Places = Places {
    left: 96.0,
    width: 960.0,
    under: 810.0,
    top: 320.0,
    control: 834.0,
    stage: StageFrame { network: 0, centre: [1416.0, 480.0], radius: 416.0, height: None },
};

const PORTRAIT: Places = Places {
    left: 64.0,
    width: 952.0,
    under: 860.0,
    top: 350.0,
    control: 846.0,
    stage: StageFrame { network: 0, centre: [540.0, 1300.0], radius: 384.0, height: None },
};

/// As many lines a headline has, in the largest size in which they suffice; a longer one has more of the smallest.
const TWO: usize = 2;
const THREE: usize = 3;

/// A line under the headline where it is longer.
const SMALLER: Style = Style { size: 36.0, line: 48.0, face: Face::Regular, ..KICKER };

/// Composes the front page.
pub fn compose(desk: &mut Desk) {
    let places = if desk.portrait() { PORTRAIT } else { LANDSCAPE };
    let words = desk.words();
    let first = desk.at().topic == 0 && desk.at().slide == 0;
    chrome(desk, first);
    let at = [places.left, places.top];
    let headline = if desk.type_.fit(&words.headline, &POSTER, places.width, TWO, at).1 {
        desk.fit("headline", &words.headline, &POSTER, places.width, TWO, at)
    } else {
        desk.fit("headline", &words.headline, &POSTER_LONG, places.width, THREE, at)
    };
    let step = desk.at().step.min(words.steps.len().saturating_sub(1));
    if let Some(text) = words.steps.get(step) {
        let top = places.top + headline.height + 28.0;
        let room = places.control - 24.0 - top;
        let lines = |s: &Style| (room / s.line).floor().max(1.0) as usize;
        let at = [places.left, top];
        let sizes = desk.view.ease.sizes(&[KICKER, SMALLER]);
        let fits = |s: &Style| desk.type_.fit(text, &[*s], places.under, lines(s), at).1;
        let style = sizes.iter().copied().find(fits).unwrap_or(SMALLER);
        desk.fit(&format!("step {}", step + 1), text, &[style], places.under, lines(&style), at);
    }
    let begin = if first && step == 0 { "begin" } else { "next" };
    let mut control = next(desk);
    control.words = desk.control(begin);
    control.what = format!("control {begin}");
    let mut groups: Vec<Vec<Control>> = vec![vec![control.filled()]];
    groups.extend(super::text_slide::more(desk).map(|c| vec![c]));
    let control = desk.view.ease.lowered(places.control);
    row(desk, &groups, places.width, [places.left, control], Align::Left);
    still::compose(desk, places.stage);
}
