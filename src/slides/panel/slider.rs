//! A slider: a deed's number on a track with ticks (style §8). A tap anywhere on it, or a finger drawn along it, moves
//! the knob to the nearest tick.

use super::{Case, Rect, deed};
use crate::{
    ink::{
        sheet::{Ink, Shape},
        text::{Align, Style},
    },
    sim::model::ValueKind,
    slides::{
        Area, Axis, Touch,
        page::Desk,
        scene_slide::{figures_in, label},
        still::word,
        words::{CAPTION_SMALL, CONTROL, LEAST, NAME, Said, quantity},
    },
};

/// Track, way passed, ticks: their width; a tick's half height; the knob's radius; the target's height (style §8).
const TRACK: [f32; 3] = [4.0, 8.0, 3.0];
const TICK: f32 = 14.0;
const KNOB: f32 = 24.0;
const TARGET: f32 = 72.0;
/// The row of name and value, the row of marks, and the row of numbers below.
const NAMES: f32 = 46.0;
const MARKS: f32 = 38.0;
const NUMBERS: f32 = 32.0;

/// How high a slider is, with marks above its track or without.
pub fn high(marks: bool) -> f32 {
    NAMES + if marks { MARKS } else { 0.0 } + TARGET + NUMBERS
}

/// Draws a slider; where it is not as high as it should be, its numbers are left out.
pub fn draw(
    desk: &mut Desk,
    case: Case,
    [x, y, wide, room]: Rect,
    (key, tick, range): (&str, u32, Option<(u32, u32)>),
    marks: &[(f32, String)],
) {
    let Some(spec) = deed(case, key) else { return };
    let (low, high_, share) = match spec.value {
        ValueKind::Whole(low, high) => (low as u32, high.min(u64::from(u32::MAX)) as u32, false),
        ValueKind::Share(low, high) => ((low * 100.0).round() as u32, (high * 100.0).round() as u32, true),
        ValueKind::None | ValueKind::Text(_) => return,
    };
    let (low, end) = range.map_or((low, high_), |(from, to)| (from.max(low), to.min(high_)));
    let tick = tick.max(1);
    let stands = case.panel.values.iter().find(|(deed, _)| *deed == spec.key).map_or(f64::from(low), |(_, v)| *v);
    let now = if share { stands * 100.0 } else { stands };
    let say = |desk: &Desk, value: f64| {
        let (said, value) = if share { (Said::Share, value / 100.0) } else { (Said::Count, value) };
        quantity(desk.view.deck, said, value)
    };
    let compact = room + 1.0 < high(!marks.is_empty());
    // Name and value.
    let name = label(desk, case.scene, 0, key)
        .or_else(|| Some(desk.view.deck.model_word(&case.scene.networks[0].model, "deeds", key)?.to_owned()));
    let value = say(desk, now);
    let bold = NAME.align(Align::Right);
    let laid = desk.line(&format!("slider {key}"), &value, &bold, wide, [x + wide, y]);
    let name_style =
        [CONTROL, Style { size: 26.0, line: 36.0, ..CONTROL }, Style { size: 24.0, line: 36.0, ..CONTROL }];
    let name = name.unwrap_or_default();
    desk.fit(&format!("deed {key}"), &name, &name_style, wide - laid.width - 20.0, 1, [x, y + 6.0]);
    // The track.
    let has_marks = !marks.is_empty() && !compact;
    let middle = y + NAMES + if has_marks { MARKS } else { 0.0 } + TARGET * 0.5;
    let (left, long) = (x + KNOB, wide - KNOB * 2.0);
    let span = f64::from(end.saturating_sub(low).max(1));
    let place = |value: f64| left + (((value - f64::from(low)) / span).clamp(0.0, 1.0) as f32) * long;
    let [track, passed, thin] = TRACK.map(|stroke| desk.look().stroke(stroke));
    desk.over().shape(Shape::line(Ink::Line, [left, middle], [left + long, middle], track));
    desk.over().shape(Shape::line(Ink::Ink, [left, middle], [place(now), middle], passed));
    let ticks: Vec<u32> = (low..=end).step_by(tick as usize).collect();
    let pitch = long / (ticks.len().saturating_sub(1).max(1)) as f32;
    for value in &ticks {
        let at = place(f64::from(*value));
        desk.over().shape(Shape::line(Ink::Line, [at, middle - TICK], [at, middle + TICK], thin));
    }
    let knob = place(now);
    desk.over().shape(Shape::disc(Ink::Ink, [knob, middle], KNOB));
    // Numbers: at every tick where there is room for them, else at the ends.
    if !compact {
        let every = pitch >= 84.0;
        for (i, value) in ticks.iter().enumerate() {
            let ends = i == 0 || i + 1 == ticks.len();
            if every || ends {
                let text = say(desk, f64::from(*value));
                let here = (f64::from(*value) - now).abs() < 0.5;
                let style = if here { Style { face: NAME.face, ink: Ink::Ink, ..LEAST } } else { LEAST };
                let at = [place(f64::from(*value)), middle + TARGET * 0.5];
                desk.line(&format!("tick {value}"), &text, &style.align(Align::Centre), f32::INFINITY, at);
            }
        }
    }
    if has_marks {
        set_marks(desk, case, marks, [x, wide, middle], &place);
    }
    let axis = Axis {
        deed: spec.key,
        share,
        low,
        high: end,
        tick,
        from: left.round() as i32,
        to: (left + long).round() as i32,
        now: now.round().max(0.0) as u32,
    };
    let area = Area::Rect([x, middle - TARGET * 0.5, wide, TARGET], 0.0);
    desk.hit(area, Touch::Slide(axis), name, true);
}

/// Words at places on the track, above it; each has a stroke down to it.
fn set_marks(
    desk: &mut Desk,
    case: Case,
    marks: &[(f32, String)],
    [x, wide, middle]: [f32; 3],
    place: &dyn Fn(f64) -> f32,
) {
    let stroke = desk.look().stroke(2.0);
    for (value, key) in marks {
        let text = figures_in(desk, case.scene, None, &word(desk, key));
        let at = place(f64::from(*value));
        let style = CAPTION_SMALL;
        let width = desk.type_.width(&text, &style);
        let left = (at - width * 0.5).clamp(x, (x + wide - width).max(x));
        let top = middle - TARGET * 0.5 - 4.0 - style.line;
        desk.line(&format!("word {key}"), &text, &style, wide, [left, top]);
        desk.over().shape(Shape::line(Ink::Ink2, [at, middle - TARGET * 0.5], [at, middle - TICK], stroke));
    }
}
