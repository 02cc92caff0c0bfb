//! A chance on one axis: the visitor's bet, trials with a bracket as long as what they leave open, and the exact value as
//! a dotted tick through all rows (style §8). The bet comes first: the exact value shows when trials have begun.

use super::{Case, Rect, deed};
use crate::{
    ink::{
        sheet::{Ink, Shape},
        text::{Align, Style},
    },
    sim::model::{Odds, Trials},
    slides::{
        Area, Axis, Touch,
        page::Desk,
        scene_slide::label,
        still::units,
        words::{CAPTION, CONTROL, LEAST, NAME, fill, grouped},
    },
};

/// The width and height of all of it.
pub const WIDE: f32 = 944.0;
pub const HIGH: f32 = 598.0;
/// The share of the width that is the axis', and what lies before it.
const AXIS: f32 = 504.0 / 944.0;
/// Between rows, and from the top to the axis and the first row.
const PITCH: f32 = 138.0;
const TOP: [f32; 2] = [64.0, 150.0];
/// The bet's disc and circle, and the height of a bracket.
const BET: [f32; 2] = [24.0, 33.0];
const BRACKET: f32 = 36.0;
/// Units that stand for a row's trials, and how many stand in a row.
const UNITS: u64 = 100;
const UNITS_ROW: u32 = 25;

/// The end of the axis: the next of 25, 50 and 100 per cent.
fn end_of(odds: &Odds) -> f64 {
    let most = odds.trials.iter().filter(|t| t.of > 0).map(|t| t.won as f64 / t.of as f64);
    let most = most.chain([odds.exact, odds.bet.unwrap_or(0.0)]).fold(0.0, f64::max);
    [0.25, 0.5].into_iter().find(|end| most <= *end).unwrap_or(1.0)
}

/// A share in per cent, with as many digits after the point.
fn percent(desk: &Desk, share: f64, digits: usize) -> String {
    let number = format!("{:.digits$}", share * 100.0);
    fill(desk.control("share").as_str(), |name| (name == "n").then(|| number.clone()))
}

/// Draws all of it.
pub fn draw(desk: &mut Desk, case: Case, [x, y, wide, high]: Rect) {
    let blank = Odds { open: true, ..Odds::default() };
    let odds = case.panel.odds.as_ref().unwrap_or(&blank);
    let scale = (high / HIGH).min(1.0);
    let (long, end) = (wide * AXIS - 24.0, end_of(odds));
    let left = x + 24.0;
    let place = |share: f64| left + ((share / end).clamp(0.0, 1.0) as f32) * long;
    let (top, bottom) = (y + TOP[0] * scale, y + (TOP[1] + PITCH * 3.0 - 56.0) * scale);
    let row = |n: usize| y + (TOP[1] + PITCH * n as f32) * scale;
    // The grid: fifths of the axis, with the share below each.
    let thin = desk.look().stroke(2.0);
    for fifth in 0..=5 {
        let share = end * f64::from(fifth) / 5.0;
        let ink = if fifth == 0 { Ink::Line } else { Ink::Link };
        desk.over().shape(Shape::line(ink, [place(share), top], [place(share), bottom], thin));
        let text = percent(desk, share, 0);
        desk.line("axis", &text, &LEAST.align(Align::Centre), f32::INFINITY, [place(share), bottom + 12.0]);
    }
    let words = [left + long + 40.0, x + wide];
    bet(desk, case, odds, [left, long, row(0)], &place, words, end);
    let begun = !odds.open && case.panel.odds.is_some();
    for (n, trials) in odds.trials.iter().take(2).enumerate() {
        trials_row(desk, case, trials, row(n + 1), (&place, scale), words);
    }
    if begun {
        let at = place(odds.exact);
        let stroke = desk.look().stroke(5.0);
        desk.over().shape(Shape::line(Ink::Ink, [at, top - 16.0], [at, bottom], stroke).dotted(stroke * 2.6));
        let digits = usize::from(odds.exact > 0.0 && odds.exact < 0.995);
        let exact = percent(desk, odds.exact, digits);
        let said = words_of(desk, case, "odds_exact", |key| (key == "exact").then(|| exact.clone()));
        let width = desk.type_.width(&said, &NAME);
        let left = (at - width * 0.5).clamp(x, (x + wide - width).max(x));
        desk.line("figure odds_exact", &said, &NAME, wide, [left, y - 6.0]);
    }
}

/// A label with its places filled in.
fn words_of(desk: &Desk, case: Case, key: &str, value: impl Fn(&str) -> Option<String>) -> String {
    fill(&label(desk, case.scene, 0, key).unwrap_or_default(), value)
}

/// The visitor's place on the axis; it moves only before the first trial.
fn bet(
    desk: &mut Desk,
    case: Case,
    odds: &Odds,
    [left, long, y]: [f32; 3],
    place: &dyn Fn(f64) -> f32,
    [words, end]: [f32; 2],
    most: f64,
) {
    let stroke = desk.look().stroke(3.0);
    let open = odds.open;
    let at = [place(odds.bet.unwrap_or(most * 0.5)), y];
    if odds.bet.is_some() {
        desk.over().shape(Shape::disc(Ink::Data, at, BET[0]));
        desk.over().shape(Shape::circle(Ink::Data, at, BET[1], stroke));
    } else if open {
        desk.over().shape(Shape::circle(Ink::Data, at, BET[1], stroke).dotted(10.0));
    }
    let share = odds.bet.map_or_else(|| "–".to_owned(), |bet| percent(desk, bet, 0));
    let keys = match (odds.bet.is_some(), open) {
        (false, true) => ["odds_no_bet", "odds_no_bet_hint"],
        (_, true) => ["odds_bet", "odds_bet_hint"],
        (_, false) => ["odds_bet", "odds_bet_stands"],
    };
    let text = words_of(desk, case, keys[0], |key| (key == "bet").then(|| share.clone()));
    let hint = words_of(desk, case, keys[1], |_| None);
    two_lines(desk, [words, end, y - 40.0], (keys[0], &text), (keys[1], &hint));
    // Where only the lower part is in reach, a slider stands there for it.
    let reached = desk.view.ease.low.is_none();
    if let Some(spec) = deed(case, "bet").filter(|_| open && reached) {
        let axis = Axis {
            deed: spec.key,
            share: true,
            low: 0,
            high: (most * 100.0).round() as u32,
            tick: 1,
            from: left.round() as i32,
            to: (left + long).round() as i32,
            now: (odds.bet.unwrap_or(most * 0.5) * 100.0).round() as u32,
        };
        desk.hit(Area::Rect([left - 24.0, y - 36.0, long + 48.0, 76.0], 0.0), Touch::Slide(axis), text, true);
    }
}

/// Two lines of words at the right: what, and what of it.
fn two_lines(desk: &mut Desk, [x, end, y]: [f32; 3], name: (&str, &str), hint: (&str, &str)) {
    let bold = [NAME, Style { size: 30.0, ..NAME }, Style { size: 26.0, ..NAME }];
    desk.fit(&format!("figure {}", name.0), name.1, &bold, end - x, 1, [x, y]);
    let small = [CAPTION, Style { size: 26.0, ..CAPTION }, LEAST];
    desk.fit(&format!("figure {}", hint.0), hint.1, &small, end - x, 2, [x, y + NAME.line]);
}

/// A row of trials: the bracket with its notch, the words, and the trials counted as units.
fn trials_row(
    desk: &mut Desk,
    case: Case,
    trials: &Trials,
    y: f32,
    (place, scale): (&dyn Fn(f64) -> f32, f32),
    [words, end]: [f32; 2],
) {
    if trials.of == 0 {
        return;
    }
    let (low, high) = trials.between;
    let (from, to) = (place(low), place(high));
    let radius = desk.look().corner(BRACKET * 0.5).min((to - from) * 0.5);
    desk.over().shape(Shape::rect(Ink::Sky, [from, y - BRACKET * 0.5], [(to - from).max(6.0), BRACKET], radius));
    let won = place(trials.won as f64 / trials.of as f64);
    desk.over().shape(Shape::line(Ink::Ground, [won, y - 15.0], [won, y + 15.0], 5.0));
    let (count, of) = (grouped(trials.won), grouped(trials.of));
    let text = words_of(desk, case, "odds_trials", |key| match key {
        "won" => Some(count.clone()),
        "tried" => Some(of.clone()),
        _ => None,
    });
    // So many digits as the bracket is sure of.
    let digits = usize::from(high - low < 0.05);
    let (low, high) = (percent(desk, low, digits), percent(desk, high, digits));
    let hint = words_of(desk, case, "odds_between", |key| match key {
        "low" => Some(low.clone()),
        "high" => Some(high.clone()),
        _ => None,
    });
    two_lines(desk, [words, end, y - 62.0], ("odds_trials", &text), ("odds_between", &hint));
    if scale < 0.95 {
        // Rows so close have no room for them.
        return;
    }
    let of = trials.planned.max(trials.of);
    let each = of.div_ceil(UNITS).max(1);
    let side = ((end - words) / (UNITS_ROW as f32 * 1.3)).min(11.0);
    let (filled, made) = ((trials.won / each) as u32, of.div_ceil(each) as u32);
    let top = y - 62.0 + NAME.line + CONTROL.line + 6.0;
    units(desk, [words, top], filled, made, UNITS_ROW, [side, side]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_share_beyond_all_that_stands_on_it() {
        let odds = |exact, bet, won| Odds {
            exact,
            bet,
            open: false,
            trials: vec![Trials { won, of: 100, planned: 100, between: (0.0, 1.0) }],
        };
        assert_eq!(end_of(&odds(0.15, None, 13)), 0.25);
        assert_eq!(end_of(&odds(0.15, Some(0.4), 13)), 0.5);
        assert_eq!(end_of(&odds(0.15, Some(0.2), 60)), 1.0);
        assert_eq!(end_of(&odds(1.0, None, 100)), 1.0);
    }
}
