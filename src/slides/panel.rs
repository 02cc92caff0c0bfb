//! A scene whose model has a panel: instruments in three columns and a row at the foot, in the place of networks
//! (style §8). Which instruments stand where, the deck says; what they show, the model's panel.

mod branches;
mod keys;
mod lights;
mod odds;
mod slider;
mod tray;

use super::{
    StageFrame,
    controls::row,
    page::Desk,
    scene_slide::{
        CONTROLS, HEAD, HEAD_BESIDE_MORE, HEAD_PORTRAIT, figure, figures_in, label, report, said, split, time_controls,
    },
    still,
    words::{CAPTION, CAPTION_SMALL, LEAST, NUMBER, NUMBER_SMALL, quantity},
};
use crate::{
    deck::structure::{self, Instrument, Scene},
    ink::text::{Align, Style},
    sim::{
        model::{DeedSpec, Panel},
        registry,
    },
    stage::chain,
};

/// Between two instruments, and between two columns.
const GAP: [f32; 2] = [24.0, 72.0];
/// A column without an instrument that has a width of its own is at least so wide.
const NARROW: f32 = 330.0;
/// Where the columns begin under a short headline.
const TOP: f32 = 252.0;
/// Above the controls.
const ABOVE: f32 = 12.0;
/// A slider at the foot of a screen of which only the lower part is in reach.
const CLOSE: f32 = 118.0;
/// Where the track of such a slider can be touched, above controls in one row, and how far those can give way downwards.
const CLOSEST: f32 = 784.0;
const GIVES: f32 = 28.0;
/// The disc of a network beside other instruments, across.
const NETWORK: f32 = 640.0;
/// The least that lights, blocks and odds shrink to.
const LEAST_HIGH: f32 = 260.0;
/// A figure in a column so wide has its words beside it.
const BESIDE: f32 = 500.0;

/// Left, top, width, height.
type Rect = [f32; 4];

/// What is composed: the scene, and the panel of its first model as it stands.
#[derive(Clone, Copy)]
struct Case<'a> {
    scene: &'a Scene,
    panel: &'a Panel,
    /// Whether words may be as large as the page wants them.
    large: bool,
    /// Whether numbers are set smaller.
    small: bool,
}

/// Composes the page under, beside and above its headline.
pub fn compose(desk: &mut Desk, scene: &Scene, plan: &structure::Panel, more_open: bool) {
    let blank = Panel::default();
    let panel = report(desk, 0).map_or(&blank, |report| &report.panel);
    let case = Case { scene, panel, large: true, small: false };
    match (desk.portrait(), more_open) {
        (true, _) => upright(desk, case, plan, more_open),
        (false, true) => beside_more(desk, case, plan),
        (false, false) => lying(desk, case, plan),
    }
}

/// Whether an instrument is something to look at, larger than a number or a line.
fn is_large(instrument: &Instrument) -> bool {
    matches!(
        instrument,
        Instrument::Network
            | Instrument::Tray
            | Instrument::Lights
            | Instrument::Blocks
            | Instrument::Branches
            | Instrument::Odds
    )
}

/// Whether an instrument is operated, and nothing else.
fn is_operated(instrument: &Instrument) -> bool {
    matches!(instrument, Instrument::Keys | Instrument::Slider { .. })
}

/// The instruments of a list, as the deck has them.
fn all(list: &[crate::deck::place::Placed<Instrument>]) -> Vec<&Instrument> {
    list.iter().map(|placed| &placed.value).collect()
}

/// Three columns, a row at the foot, controls below. Where only the lower part of the screen is in reach, what is
/// operated stands at the foot, and of keys only what is written is left: their deeds have pills.
fn lying(desk: &mut Desk, case: Case, plan: &structure::Panel) {
    HEAD.set(desk, case.scene);
    let top = TOP.max(HEAD.lowest(desk, case.scene) + 12.0);
    let mut columns = [all(&plan.left), all(&plan.middle), all(&plan.right)];
    let mut foot = all(&plan.foot);
    let low = desk.view.ease.low;
    let bet = bet_slider();
    if low.is_some() {
        for column in &mut columns {
            foot.extend(column.iter().filter(|i| matches!(i, Instrument::Slider { .. })));
            if column.iter().any(|i| matches!(i, Instrument::Odds)) {
                foot.push(&bet);
            }
            column.retain(|i| !matches!(i, Instrument::Slider { .. }));
        }
    }
    // A slider above them stands under the line as well, if they give way as far as they can.
    let down = low.filter(|_| !foot.is_empty()).map_or(0.0, |line| (line - CLOSEST).clamp(0.0, GIVES));
    let controls = bottom_row(desk, case.scene, 96.0, down);
    let foot_end = controls - ABOVE;
    let foot_high = foot.iter().map(|i| height(desk, case, i, 700.0)).fold(0.0, f32::max);
    let foot_high = if low.is_some() { foot_high.min(CLOSE) } else { foot_high };
    let mut end = foot_end;
    if !foot.is_empty() {
        let each = (1728.0 - GAP[1] * (foot.len() - 1) as f32) / foot.len() as f32;
        for (n, instrument) in foot.iter().enumerate() {
            let x = 96.0 + (each + GAP[1]) * n as f32;
            draw(desk, case, instrument, [x, foot_end - foot_high, each, foot_high]);
        }
        end = foot_end - foot_high - GAP[0];
    }
    columns_of(desk, case, &columns, [96.0, top, 1728.0, end - top]);
}

/// The slider that takes the place of the axis of odds where that is out of reach.
fn bet_slider() -> Instrument {
    Instrument::Slider { deed: "bet".into(), tick: 5, range: Some((0, 100)), marks: Vec::new() }
}

/// Sets the controls in as few rows as they fit in, at most three; tells where they begin.
fn bottom_row(desk: &mut Desk, scene: &Scene, left: f32, down: f32) -> f32 {
    let width = desk.size()[0] - left * 2.0;
    let (alone, lowest, apart) = if desk.portrait() { (1590.0, 1598.0, 88.0) } else { (CONTROLS, CONTROLS, 84.0) };
    let (alone, lowest) = (alone + down, lowest + down);
    let rows = |count: usize| (0..count).rev().map(|up| (width, lowest - apart * up as f32)).collect::<Vec<_>>();
    let ways = [vec![(width, alone)], rows(2), rows(3)];
    let found = ways.iter().find_map(|rows| Some((rows, split(desk, scene, rows)?)));
    let (rows, groups) = found.unwrap_or_else(|| (&ways[2], super::scene_slide::rows_of(desk, scene, 3).remove(0)));
    for (groups, (width, top)) in groups.iter().zip(rows) {
        row(desk, groups, *width, [left, *top], Align::Left);
    }
    rows[0].1
}

/// How wide an instrument is by itself; nothing: as wide as its column.
fn natural(instrument: &Instrument) -> Option<f32> {
    match instrument {
        Instrument::Keys => Some(keys::WIDE),
        Instrument::Network => Some(NETWORK),
        Instrument::Lights => Some(lights::SIDE),
        Instrument::Odds => Some(odds::WIDE),
        Instrument::Blocks => Some(1728.0),
        Instrument::Tray
        | Instrument::Branches
        | Instrument::Slider { .. }
        | Instrument::Figure(_)
        | Instrument::Words(_) => None,
    }
}

/// Columns that are not empty share a box: those with an instrument of a width take that, the others what is left.
fn columns_of(desk: &mut Desk, case: Case, columns: &[Vec<&Instrument>], [left, top, wide, high]: Rect) {
    let columns: Vec<&Vec<&Instrument>> = columns.iter().filter(|c| !c.is_empty()).collect();
    let own = |c: &Vec<&Instrument>| c.iter().filter_map(|i| natural(i)).fold(0.0, f32::max);
    let gaps = GAP[1] * columns.len().saturating_sub(1) as f32;
    let fixed: f32 = columns.iter().map(|c| own(c)).sum();
    let open = columns.iter().filter(|c| own(c) == 0.0).count();
    let each = ((wide - gaps - fixed) / open.max(1) as f32).max(NARROW);
    let mut x = left;
    for column in columns {
        let width = if own(column) == 0.0 { each } else { own(column).min(wide) };
        // A column alone, or the last of fixed ones, ends at the margin.
        let at = if open == 0 && x > left { left + wide - width } else { x };
        stack(desk, case, column, [at, top, width, high]);
        x += width + GAP[1];
    }
}

/// Instruments one below the other. Lights and blocks take the room that is left, up to their size.
fn stack(desk: &mut Desk, case: Case, column: &[&Instrument], [x, top, wide, high]: Rect) {
    let gaps = GAP[0] * column.len().saturating_sub(1) as f32;
    let shrinks = |i: &Instrument| is_large(i) && !matches!(i, Instrument::Branches);
    let mut case = case;
    let mut heights: Vec<f32> = column.iter().map(|i| height(desk, case, i, wide)).collect();
    let over = |heights: &[f32]| (heights.iter().sum::<f32>() + gaps - high).max(0.0);
    // Larger words give way before anything is set closer than it should be.
    if over(&heights) > 0.0 && !column.iter().any(|i| shrinks(i)) {
        case.large = false;
        heights = column.iter().map(|i| height(desk, case, i, wide)).collect();
    }
    if over(&heights) > GAP[0] - 8.0 && !column.iter().any(|i| shrinks(i)) {
        case.small = true;
        heights = column.iter().map(|i| height(desk, case, i, wide)).collect();
    }
    let mut over = over(&heights);
    for (instrument, high) in column.iter().zip(&mut heights) {
        if shrinks(instrument) {
            let less = (*high - over).max(LEAST_HIGH.min(*high));
            over -= *high - less;
            *high = less;
        }
    }
    // A column that is still too long is set closer.
    let gap = GAP[0] - (over / column.len().saturating_sub(1).max(1) as f32).clamp(0.0, GAP[0] - 6.0);
    let mut y = top;
    for (instrument, high) in column.iter().zip(heights) {
        draw(desk, case, instrument, [x, y, wide, high]);
        y += high + gap;
    }
    let y = y - gap + GAP[0];
    if y - GAP[0] > top + high + 1.0 {
        let message = format!("the instruments of a column end at {:.0} px", y - GAP[0]);
        desk.fault("panel", "too-long", message, format!("instruments that end above {:.0} px", top + high));
    }
}

/// How high an instrument is that is so wide.
fn height(desk: &mut Desk, case: Case, instrument: &Instrument, wide: f32) -> f32 {
    match instrument {
        Instrument::Keys => keys::high(desk),
        Instrument::Lights => lights::SIDE.min(wide),
        Instrument::Network => wide,
        Instrument::Tray => {
            let room = case.panel.tray.as_ref().map_or(1, |tray| tray.room);
            tray::high(room, wide)
        }
        Instrument::Blocks => chain::height(wide),
        Instrument::Branches => branches::HIGH,
        Instrument::Odds => odds::HIGH,
        Instrument::Slider { marks, .. } => slider::high(!marks.is_empty()),
        Instrument::Figure(key) => {
            let number = number_style(desk, case);
            if wide >= BESIDE {
                return number.line + 8.0;
            }
            let words = label(desk, case.scene, 0, key).unwrap_or_default();
            number.line + words_high(desk, case, &words, wide) + 8.0
        }
        Instrument::Words(key) => {
            let text = figures_in(desk, case.scene, None, &still::word(desk, key));
            words_high(desk, case, &text, wide)
        }
    }
}

fn number_style(desk: &Desk, case: Case) -> Style {
    if desk.portrait() || case.small { NUMBER_SMALL } else { NUMBER }
}

/// How large words of a panel are set, and how high they are then.
fn words_style(desk: &mut Desk, case: Case, text: &str, wide: f32) -> Style {
    const USUAL: [Style; 3] = [CAPTION, CAPTION_SMALL, LEAST];
    let sizes = if case.large { desk.view.ease.sizes(&USUAL) } else { USUAL.to_vec() };
    let fits = |s: &&Style| desk.type_.fit(text, &[**s], wide, if s.size > CAPTION.size { 4 } else { 6 }, [0.0; 2]).1;
    sizes.iter().find(fits).copied().unwrap_or(LEAST)
}

fn words_high(desk: &mut Desk, case: Case, text: &str, wide: f32) -> f32 {
    if text.is_empty() {
        return 0.0;
    }
    let style = words_style(desk, case, text, wide);
    desk.type_.lay(text, &style, wide, [0.0; 2]).height
}

/// Draws an instrument in its place.
fn draw(desk: &mut Desk, case: Case, instrument: &Instrument, rect: Rect) {
    let [x, y, wide, high] = rect;
    match instrument {
        Instrument::Keys => keys::draw(desk, case, [x, y]),
        Instrument::Lights => lights::draw(desk, case.panel.lights.unwrap_or_default(), [x, y], wide.min(high)),
        Instrument::Blocks => {
            let centre = [x + wide * 0.5, y + high * 0.5];
            desk.page.stages.push(StageFrame { network: 0, centre, radius: wide * 0.5, height: Some(high) });
        }
        Instrument::Network => {
            let centre = [x + wide * 0.5, y + high * 0.5];
            desk.page.stages.push(StageFrame { network: 0, centre, radius: wide.min(high) * 0.5, height: None });
        }
        Instrument::Tray => tray::draw(desk, case, rect),
        Instrument::Branches => branches::draw(desk, case, rect),
        Instrument::Odds => odds::draw(desk, case, rect),
        Instrument::Slider { deed, tick, range, marks } => slider::draw(desk, case, rect, (deed, *tick, *range), marks),
        Instrument::Figure(key) => number(desk, case, key, rect),
        Instrument::Words(key) => {
            let text = figures_in(desk, case.scene, None, &still::word(desk, key));
            let style = words_style(desk, case, &text, wide);
            desk.text(&format!("word {key}"), &text, &style, wide, [x, y]);
        }
    }
}

/// A figure, large, and what it is below it.
fn number(desk: &mut Desk, case: Case, key: &str, [x, y, wide, _]: Rect) {
    let model = case.scene.networks.first().map_or("", |n| n.model.as_str());
    let value = figure(desk, 0, key);
    let text = value.map_or_else(|| "–".to_owned(), |v| quantity(desk.view.deck, said(model, key), v));
    let style = number_style(desk, case);
    let sizes = [1.0, 0.85, 0.7, 0.6].map(|by| Style { size: style.size * by, ..style });
    let laid = desk.fit(&format!("readout {key}"), &text, &sizes, wide, 1, [x, y]);
    if let Some(words) = label(desk, case.scene, 0, key) {
        if wide >= BESIDE {
            // Its words beside it, so that they don't move when the number grows.
            let left = x + laid.width.max(desk.type_.width("000", &style)) + 24.0;
            let styles = [CAPTION, CAPTION_SMALL, LEAST];
            let middle = y + style.line * 0.5;
            let height = desk.type_.fit(&words, &styles, x + wide - left, 2, [left, y]).0.height;
            desk.fit(&format!("figure {key}"), &words, &styles, x + wide - left, 2, [left, middle - height * 0.5]);
            return;
        }
        let style = words_style(desk, case, &words, wide);
        desk.text(&format!("figure {key}"), &words, &style, wide, [x, y + sizes[0].line]);
    }
}

/// The left half beside the opened *more*: what there is to look at, and the first numbers; keys and sliders are put away.
fn beside_more(desk: &mut Desk, case: Case, plan: &structure::Panel) {
    let head = HEAD_BESIDE_MORE;
    head.set(desk, case.scene);
    let top = (head.lowest(desk, case.scene) + 12.0).max(262.0);
    let instruments: Vec<&Instrument> = plan.instruments().map(|placed| &placed.value).collect();
    if let Some(large) = instruments.iter().find(|i| is_large(i) && !matches!(i, Instrument::Odds)) {
        let room = [head.width, 716.0 - top];
        let high = match large {
            Instrument::Branches => branches::HIGH.min(room[1]),
            _ => room[1],
        };
        draw(desk, case, large, [96.0, top, room[0], high]);
    }
    let figures: Vec<&&Instrument> =
        instruments.iter().filter(|i| matches!(i, Instrument::Figure(_))).take(2).collect();
    let each = head.width / figures.len().max(1) as f32;
    for (n, instrument) in figures.iter().enumerate() {
        let Instrument::Figure(key) = instrument else { continue };
        let model = case.scene.networks.first().map_or("", |n| n.model.as_str());
        let text =
            figure(desk, 0, key).map_or_else(|| "–".to_owned(), |v| quantity(desk.view.deck, said(model, key), v));
        let x = 96.0 + each * n as f32;
        let sizes = [1.0, 0.8, 0.65].map(|by| Style { size: NUMBER_SMALL.size * by, ..NUMBER_SMALL });
        desk.fit(&format!("readout {key}"), &text, &sizes, each - 16.0, 1, [x, 736.0]);
        if let Some(words) = label(desk, case.scene, 0, key) {
            desk.fit(&format!("figure {key}"), &words, &[CAPTION, LEAST], each - 16.0, 2, [x, 796.0]);
        }
    }
    let time = time_controls(desk, case.scene);
    let top = desk.view.ease.lowered(CONTROLS);
    row(desk, &[time], head.width, [96.0, top], Align::Left);
}

/// Upright: what there is to look at with its numbers on the right, words, and what is operated nearest to the hand.
fn upright(desk: &mut Desk, case: Case, plan: &structure::Panel, more_open: bool) {
    let head = HEAD_PORTRAIT;
    head.set(desk, case.scene);
    let top = 440.0_f32.max(head.lowest(desk, case.scene) + 12.0);
    let instruments: Vec<&Instrument> = plan.instruments().map(|placed| &placed.value).collect();
    let shown: Vec<&Instrument> = instruments.iter().filter(|i| is_large(i)).copied().collect();
    let beside: Vec<&Instrument> = instruments.iter().filter(|i| !is_large(i) && !is_operated(i)).copied().collect();
    let line = desk.view.ease.low.unwrap_or(0.0);
    let bet = bet_slider();
    let mut operated: Vec<&Instrument> = instruments.iter().filter(|i| is_operated(i) && !more_open).copied().collect();
    if desk.view.ease.low.is_some() && !more_open && shown.iter().any(|i| matches!(i, Instrument::Odds)) {
        operated.push(&bet);
    }
    let end = if more_open { 980.0 } else { bottom_row(desk, case.scene, 64.0, 0.0) - ABOVE };
    let low: f32 = operated.iter().map(|i| height(desk, case, i, 952.0) + GAP[0]).sum();
    // Keys that would stand out of reach are left out: their deeds have pills.
    let (operated, low) = if end - low < line {
        let sliders: Vec<&Instrument> =
            operated.into_iter().filter(|i| matches!(i, Instrument::Slider { .. })).collect();
        let high = sliders.iter().map(|i| height(desk, case, i, 952.0) + GAP[0]).sum();
        (sliders, high)
    } else {
        (operated, low)
    };
    // Beside the sheet there is room for a few numbers and no words.
    let mut beside = beside;
    if more_open {
        beside.retain(|i| matches!(i, Instrument::Figure(_)));
        beside.truncate(2);
    }
    let room = [64.0, top, 952.0, end - low - top];
    if shown.iter().any(|i| matches!(i, Instrument::Lights)) {
        let side = (room[3]).min(lights::SIDE);
        let wide = 952.0 - side - 36.0;
        stack(desk, case, &shown, [64.0, top, side, side.max(room[3].min(side))]);
        stack(desk, case, &beside, [64.0 + side + 36.0, top, wide, room[3]]);
    } else {
        let mut column = shown;
        if more_open {
            column.truncate(1);
        } else {
            column.extend(beside);
        }
        stack(desk, case, &column, room);
    }
    let mut y = end - low + GAP[0];
    for instrument in operated {
        let high = height(desk, case, instrument, 952.0);
        draw(desk, case, instrument, [64.0, y, 952.0, high]);
        y += high + GAP[0];
    }
}

/// The first thing that there is to look at, alone in a box: what the loop shows that plays while nobody is there.
pub fn picture(desk: &mut Desk, scene: &Scene, plan: &structure::Panel, [x, y, wide, high]: Rect) {
    let blank = Panel::default();
    let panel = report(desk, 0).map_or(&blank, |report| &report.panel);
    let case = Case { scene, panel, large: true, small: false };
    let Some(large) = plan.instruments().map(|placed| &placed.value).find(|i| is_large(i)) else { return };
    let own = height(desk, case, large, wide).min(high);
    draw(desk, case, large, [x, y + (high - own) * 0.5, wide, own]);
}

/// A deed of the first model, as it declares it.
fn deed(case: Case, key: &str) -> Option<&'static DeedSpec> {
    let model = case.scene.networks.first()?;
    registry::find(&model.model)?.deeds.iter().find(|deed| deed.key == key)
}
