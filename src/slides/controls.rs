//! Controls: pills with a sign and a word, the round arrows, and the row that steers a scene's time.

use super::{
    Area, Touch,
    page::Desk,
    words::{CONTROL, CONTROL_FILLED},
};
use crate::{
    deck::action::Action,
    ink::{
        sheet::{Ink, Shape, Sheet, Vec2},
        text::{Align, Style},
    },
};

/// How high a control is.
pub const HEIGHT: f32 = 72.0;
/// Between controls.
pub const GAP: f32 = 16.0;
/// The side of a control's sign, and what share it may take of the room before the words.
const SIGN: (f32, f32) = (36.0, 1.4);
/// How much of a way that leads nowhere shows.
pub const DIMMED: f32 = 0.5;

/// Where an arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Points {
    fn unit(self) -> Vec2 {
        match self {
            Self::Left => [-1.0, 0.0],
            Self::Right => [1.0, 0.0],
            Self::Up => [0.0, -1.0],
            Self::Down => [0.0, 1.0],
        }
    }
}

/// An arrow from tail to tip with a head of a given size.
pub fn arrow(from: Vec2, to: Vec2, head: f32, stroke: f32, ink: Ink, alpha: f32, sheet: &mut Sheet) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let long = dx.hypot(dy).max(f32::EPSILON);
    let (ux, uy) = (dx / long, dy / long);
    let barb = |side: f32| [to[0] - (ux + uy * side) * head, to[1] - (uy - ux * side) * head];
    for end in [from, barb(1.0), barb(-1.0)] {
        sheet.shape(Shape::line(ink, end, to, stroke).faded(alpha));
    }
}

/// A round control with an arrow.
pub fn round(desk: &mut Desk, centre: Vec2, r: f32, points: Points, action: Action, name: String, enabled: bool) {
    let (edge, stroke) = (desk.look().stroke(2.0), desk.look().stroke(3.0));
    let alpha = if enabled { 1.0 } else { DIMMED };
    let ink = if enabled { Ink::Ink } else { Ink::Line };
    let [ux, uy] = points.unit();
    let half = r * 0.36;
    let (from, to) = ([centre[0] - ux * half, centre[1] - uy * half], [centre[0] + ux * half, centre[1] + uy * half]);
    desk.over().shape(Shape::circle(Ink::Line, centre, r - edge * 0.5, edge).faded(alpha));
    arrow(from, to, half * 0.85, stroke, ink, alpha, desk.over());
    desk.hit(Area::Circle(centre, r), Touch::Action(action), name, enabled);
}

/// One control of a row.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its sign.
    pub icon: String,
    /// Its words.
    pub words: String,
    /// Other words that it may show in their place, so that it keeps its width.
    pub instead: Option<String>,
    /// What they are called in a finding.
    pub what: String,
    /// What it does.
    pub does: Touch,
    /// Whether it is the one that is filled.
    pub filled: bool,
    /// Whether it stands chosen: its words are Bold and underlined.
    pub chosen: bool,
    /// Whether it can be used.
    pub enabled: bool,
}

impl Control {
    /// A control that does an action, its words under a key of the controls.
    pub fn new(desk: &Desk, key: &str, icon: &str, action: Action) -> Self {
        Self {
            icon: icon.to_owned(),
            words: desk.control(key),
            instead: None,
            what: format!("control {key}"),
            does: Touch::Action(action),
            filled: false,
            chosen: false,
            enabled: true,
        }
    }

    /// The same, filled: at most one a screen.
    #[must_use]
    pub fn filled(self) -> Self {
        Self { filled: true, ..self }
    }

    /// The same, chosen or not.
    #[must_use]
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }

    /// The same, usable or not.
    #[must_use]
    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// The same, as wide as other words too.
    #[must_use]
    pub fn or(self, instead: String) -> Self {
        Self { instead: Some(instead), ..self }
    }

    /// How wide its words may get: whether chosen or not, and whichever they are.
    fn words_wide(&self, desk: &mut Desk, size: f32) -> f32 {
        let bold = matches!(self.does, Touch::Action(Action::Slow | Action::Fast));
        let mut wide = 0.0_f32;
        for words in std::iter::once(&self.words).chain(&self.instead) {
            for chosen in [false, bold] {
                let style = Self { chosen, ..self.clone() }.style(size);
                wide = wide.max(desk.type_.width(words, &style));
            }
        }
        wide
    }

    fn style(&self, size: f32) -> Style {
        let style = if self.filled {
            CONTROL_FILLED
        } else if self.chosen {
            Style { face: CONTROL_FILLED.face, ..CONTROL }
        } else {
            CONTROL
        };
        Style { size, line: style.line * size / style.size, ..style }
    }
}

/// How closely a row is set: size of words, where the sign's middle and the words stand, and what follows the words.
#[derive(Clone, Copy, Debug)]
struct Measure {
    size: f32,
    sign: f32,
    words: f32,
    after: f32,
    gap: f32,
}

/// For larger text, where there is room.
const LARGER: [Measure; 2] = [
    Measure { size: 37.0, sign: 48.0, words: 84.0, after: 42.0, gap: GAP },
    Measure { size: 33.0, sign: 44.0, words: 76.0, after: 30.0, gap: GAP },
];

/// From as designed to as close as it can be read.
const MEASURES: [Measure; 6] = [
    Measure { size: 28.0, sign: 44.0, words: 76.0, after: 40.0, gap: GAP },
    Measure { size: 28.0, sign: 40.0, words: 68.0, after: 28.0, gap: GAP },
    Measure { size: 28.0, sign: 34.0, words: 58.0, after: 20.0, gap: GAP },
    Measure { size: 26.0, sign: 32.0, words: 54.0, after: 16.0, gap: 12.0 },
    Measure { size: 24.0, sign: 28.0, words: 48.0, after: 12.0, gap: 12.0 },
    Measure { size: 24.0, sign: 26.0, words: 44.0, after: 10.0, gap: 8.0 },
];

/// The widths of a row's controls, how closely they are set, and how wide all of it is: as designed, or as close as it
/// must be to be no wider than `width`.
fn measured(desk: &mut Desk, groups: &[Vec<Control>], width: f32) -> (Measure, Vec<Vec<f32>>, f32) {
    let ease = desk.view.ease;
    let mut set = |measure: Measure| {
        let wide: Vec<Vec<f32>> = groups
            .iter()
            .map(|group| {
                group.iter().map(|c| measure.words + c.words_wide(desk, measure.size) + measure.after).collect()
            })
            .collect();
        let total = wide.iter().flatten().sum::<f32>() + measure.gap * groups.len().saturating_sub(1) as f32;
        (measure, wide, total)
    };
    let larger = if ease.text > 100 { &LARGER[..] } else { &[] };
    let mut chosen = (MEASURES[0], Vec::new(), f32::INFINITY);
    for measure in larger.iter().chain(&MEASURES) {
        chosen = set(*measure);
        if chosen.2 <= width {
            break;
        }
    }
    chosen
}

/// Whether a row can be set in a width, however its controls may change.
pub fn row_fits(desk: &mut Desk, groups: &[Vec<Control>], width: f32) -> bool {
    measured(desk, groups, width).2 <= width
}

/// A row of pills. Controls in one group share a pill, parted by lines.
///
/// Returns its width. The row is set as designed, or closer where it would be wider than `width`; it stands at `at` (its
/// top, and as `align` says its left end, middle or right end).
pub fn row(desk: &mut Desk, groups: &[Vec<Control>], width: f32, at: Vec2, align: Align) -> f32 {
    let (measure, wide, total) = measured(desk, groups, width);
    if total > width {
        let what = groups.iter().flatten().max_by_key(|c| c.words.chars().count());
        let what = what.map_or_else(String::new, |c| c.what.clone());
        let message = format!("the row of controls is {total:.0} px wide at its closest");
        desk.fault(&what, "too-long", message, format!("words short enough for {width:.0} px"));
    }
    let mut x = match align {
        Align::Left => at[0],
        Align::Centre => at[0] - total * 0.5,
        Align::Right => at[0] - total,
    };
    for (group, widths) in groups.iter().zip(&wide) {
        pill(desk, group, widths, measure, [x, at[1]]);
        x += widths.iter().sum::<f32>() + measure.gap;
    }
    total
}

/// The pill of a group.
fn pill(desk: &mut Desk, group: &[Control], widths: &[f32], measure: Measure, at: Vec2) {
    let look = desk.look();
    let (edge, radius) = (look.stroke(2.0), look.corner(HEIGHT * 0.5));
    let total: f32 = widths.iter().sum();
    let filled = group.iter().any(|c| c.filled);
    let all_off = group.iter().all(|c| !c.enabled);
    let alpha = if all_off { DIMMED } else { 1.0 };
    // One that leads nowhere is filled no more: its words would be lost in a faint surface.
    let filled = filled && !all_off;
    desk.over().shape(if filled {
        Shape::rect(Ink::Ink, at, [total, HEIGHT], radius)
    } else {
        Shape::frame(Ink::Line, at, [total, HEIGHT], radius, edge).faded(alpha)
    });
    let middle = at[1] + HEIGHT * 0.5;
    let mut x = at[0];
    for (i, (control, width)) in group.iter().zip(widths).enumerate() {
        if i > 0 {
            let (top, bottom) = ([x, middle - 20.0], [x, middle + 20.0]);
            desk.over().shape(Shape::line(Ink::Line, top, bottom, edge));
        }
        let style = control.style(measure.size);
        let style = if control.enabled { style } else { style.ink(Ink::Line) };
        let sign = if filled { Ink::Ground } else { style.ink };
        let side = SIGN.0.min((measure.words - measure.sign) * SIGN.1);
        desk.icon(&control.icon, [x + measure.sign, middle], side, sign);
        let top = middle - style.line * 0.5;
        let laid = desk.line(&control.what, &control.words, &style, f32::INFINITY, [x + measure.words, top]);
        if control.chosen {
            let (left, y) = (x + measure.words, middle + style.size * 0.5 + 3.0);
            let stroke = desk.look().stroke(3.0);
            desk.over().shape(Shape::line(style.ink, [left, y], [left + laid.width, y], stroke));
        }
        let area = Area::Rect([x, at[1], *width, HEIGHT], radius);
        desk.hit(area, control.does, control.words.clone(), control.enabled);
        x += width;
    }
}
