//! A slide with a live scene: a headline that follows the scene's state, the rule, one to three networks with their
//! names, clocks, numbers and states, the units that compare them, and the controls of time.

use super::{
    StageFrame, Touch,
    chrome::chrome,
    controls::{Control, row},
    page::Desk,
    still::units,
    text_slide::{more, next},
    words::{
        CAPTION, CAPTION_SMALL, CLOCK, CLOCK_SMALL, HEADLINE, HEADLINE_PORTRAIT, LEAST, NAME, NUMBER, NUMBER_SMALL,
        RULE, RULE_SMALL, STATE, Said, fill, quantity,
    },
};
use crate::{
    deck::{
        action::Action,
        structure::{Network, Readout, Scene},
    },
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Face, Style},
    },
    slides::NetworkReport,
};

/// The rule where a long step takes its place: smaller, and never so low that it reaches the stage.
const RULE_LEAST: Style = Style {
    size: 28.0,
    line: 36.0,
    face: Face::Regular,
    ..RULE
};
/// Top of the headline and of the rule.
const TOPS: [f32; 2] = [58.0, 150.0];
/// Where the controls of a scene stand.
const CONTROLS: f32 = 868.0;
/// The time bar of a network is so much longer than the latest tick.
const PAST_TICK: f32 = 1.12;
/// Its track, the way passed, and its tick: width and half height.
const BAR: [f32; 4] = [4.0, 8.0, 3.0, 12.0];
/// The side of a state's sign, and from it to the words.
const SIGN: [f32; 2] = [26.0, 40.0];

/// Where the words of one network stand, and how much of them there is room for.
#[derive(Clone, Copy, Debug)]
struct Corner {
    /// The point that all lines share.
    x: f32,
    /// Where the name begins.
    top: f32,
    align: Align,
    /// How wide the words may be, and their state's.
    width: f32,
    /// How long the time bar is.
    bar: f32,
    /// Where the state's words begin; right after the rest if nothing is said.
    state: Option<f32>,
    state_width: f32,
    /// Where all words must have ended.
    end: f32,
    name: Style,
    clock: Style,
    number: Style,
    hint: bool,
    /// Units of a column stand here, in rows of ten.
    units: bool,
}

/// Composes the slide. Beside the opened *more* all of it stands in the left half.
pub fn compose(desk: &mut Desk, scene: &Scene, more_open: bool) {
    chrome(desk, false);
    let count = scene.networks.len().min(3);
    match (desk.portrait(), more_open, count) {
        (true, ..) => upright(desk, scene, more_open),
        (false, true, _) => beside_more(desk, scene),
        (false, false, 1) => one(desk, scene),
        (false, false, 3) => three(desk, scene),
        (false, false, _) => two(desk, scene),
    }
}

/// The headline: of the scene's most telling state that has words, else the one at rest.
fn headline(desk: &Desk, scene: &Scene) -> (String, String) {
    let deck = desk.view.deck;
    let states = desk.view.scene.map_or(&[][..], |report| &report.states);
    for state in states {
        let own = deck.slide_state(desk.at(), state);
        let of_model = || {
            scene
                .networks
                .iter()
                .find_map(|n| deck.model_word(&n.model, "states", state))
        };
        if let Some(words) = own.or_else(of_model) {
            return (format!("state {state}"), figures_in(desk, scene, None, words));
        }
    }
    ("headline".to_owned(), desk.words().headline.to_string())
}

/// The present step: at first the rule, later the steps that take its place.
fn rule(desk: &Desk, scene: &Scene) -> Option<(String, String)> {
    let steps = &desk.words().steps;
    let step = desk.at().step.min(steps.len().saturating_sub(1));
    let words = steps.get(step)?;
    Some((format!("step {}", step + 1), figures_in(desk, scene, None, words)))
}

/// What the report says of a network.
fn report<'a>(desk: &Desk<'a>, network: usize) -> Option<&'a NetworkReport> {
    desk.view.scene.and_then(|s| s.networks.get(network))
}

/// A figure of a network, if the report has it.
fn figure(desk: &Desk, network: usize, key: &str) -> Option<f64> {
    let report = report(desk, network)?;
    if key == "clock" {
        return Some(report.seconds);
    }
    report
        .figures
        .iter()
        .find(|(k, _)| *k == key)
        .and_then(|(_, value)| *value)
}

/// How a figure is said: as the model declares it.
fn said(model: &str, key: &str) -> Said {
    use crate::sim::{model::Unit, registry};
    if key == "clock" {
        return Said::Time;
    }
    let unit = registry::find(model)
        .and_then(|s| s.figures.iter().find(|f| f.key == key))
        .map(|f| f.unit);
    match unit {
        Some(Unit::Seconds) => Said::Time,
        Some(Unit::Bytes) => Said::Bytes,
        Some(Unit::BytesPerSecond) => Said::Rate,
        Some(Unit::Share) => Said::Share,
        Some(Unit::Count | Unit::Choice) | None => Said::Count,
    }
}

/// Puts figures into a sentence: of one network, or of the first that has them. What no run has yet is a dash.
fn figures_in(desk: &Desk, scene: &Scene, network: Option<usize>, text: &str) -> String {
    let deck = desk.view.deck;
    fill(text, |key| {
        if key == "of" {
            return scene.columns.as_ref().map(|c| c.of.to_string());
        }
        let all = 0..scene.networks.len();
        let range = network.map_or(all, |n| n..n + 1);
        range
            .clone()
            .find_map(|n| {
                Some(quantity(
                    deck,
                    said(&scene.networks[n].model, key),
                    figure(desk, n, key)?,
                ))
            })
            .or_else(|| {
                let declared = range.clone().any(|n| {
                    crate::sim::registry::find(&scene.networks[n].model)
                        .is_some_and(|s| s.figures.iter().any(|f| f.key == key))
                });
                declared.then(|| "–".to_owned())
            })
    })
}

/// A label of a network: the slide's own word, else the model's, each first with the network's name before the key.
fn label(desk: &Desk, scene: &Scene, network: usize, key: &str) -> Option<String> {
    let (deck, at, net) = (desk.view.deck, desk.at(), scene.networks.get(network)?);
    let own = format!("{}_{key}", net.name.as_str());
    let words = deck
        .slide_word(at, &own)
        .or_else(|| deck.slide_word(at, key))
        .or_else(|| deck.model_word(&net.model, "labels", &own))
        .or_else(|| deck.model_word(&net.model, "labels", key))?;
    Some(figures_in(desk, scene, Some(network), words))
}

/// Headline and rule of a wide slide; tells where the rule ends.
fn head(desk: &mut Desk, scene: &Scene) -> f32 {
    let (what, text) = headline(desk, scene);
    desk.fit(&what, &text, &HEADLINE, 1728.0, 1, [96.0, TOPS[0]]);
    let Some((what, text)) = rule(desk, scene) else {
        return TOPS[1];
    };
    let at = [96.0, TOPS[1]];
    let fits = |desk: &mut Desk, style: &Style, lines| desk.type_.fit(&text, &[*style], 1728.0, lines, at).1;
    let (style, lines) = if fits(desk, &RULE, 2) {
        (RULE, 2)
    } else if fits(desk, &RULE_SMALL, 2) {
        (RULE_SMALL, 2)
    } else {
        (RULE_LEAST, 3)
    };
    at[1] + desk.fit(&what, &text, &[style], 1728.0, lines, at).height
}

/// Makes a network's frame known to the stage.
fn frame(desk: &mut Desk, network: usize, centre: Vec2, radius: f32) {
    desk.page.stages.push(StageFrame {
        network,
        centre,
        radius,
    });
}

fn one(desk: &mut Desk, scene: &Scene) {
    head(desk, scene);
    frame(desk, 0, [756.0, 556.0], 292.0);
    let corner = Corner {
        x: 96.0,
        top: 255.0,
        align: Align::Left,
        width: 300.0,
        bar: 200.0,
        state: Some(780.0),
        state_width: 300.0,
        end: 980.0,
        name: NAME,
        clock: CLOCK,
        number: NUMBER,
        hint: true,
        units: false,
    };
    network(desk, scene, 0, &corner, Words::NameAndState);
    let right = Corner {
        x: 1384.0,
        width: 440.0,
        bar: 400.0,
        units: true,
        state: None,
        end: 850.0,
        ..corner
    };
    network(desk, scene, 0, &right, Words::Readouts);
    controls(desk, scene, 1250.0, [960.0, CONTROLS], Align::Centre);
}

fn two(desk: &mut Desk, scene: &Scene) {
    head(desk, scene);
    let (y, radius) = (548.0, 284.0);
    frame(desk, 0, [560.0, y], radius);
    frame(desk, 1, [1360.0, y], radius);
    let left = Corner {
        x: 96.0,
        top: 255.0,
        align: Align::Left,
        width: 252.0,
        bar: 190.0,
        state: Some(786.0),
        state_width: 268.0,
        end: 976.0,
        name: NAME,
        clock: CLOCK,
        number: NUMBER_SMALL,
        hint: true,
        units: false,
    };
    let right = Corner {
        x: 1824.0,
        align: Align::Right,
        ..left
    };
    network(desk, scene, 0, &left, Words::All);
    network(desk, scene, 1, &right, Words::All);
    columns(desk, scene);
    controls(desk, scene, 1176.0, [960.0, CONTROLS], Align::Centre);
}

fn three(desk: &mut Desk, scene: &Scene) {
    head(desk, scene);
    for n in 0..3 {
        let x = 384.0 + 576.0 * n as f32;
        frame(desk, n, [x, 456.0], 196.0);
        let corner = Corner {
            x,
            top: 662.0,
            align: Align::Centre,
            width: 552.0,
            bar: 260.0,
            state: None,
            state_width: 552.0,
            end: CONTROLS - 8.0,
            name: Style {
                size: 32.0,
                line: 40.0,
                ..NAME
            },
            clock: Style {
                size: 44.0,
                line: 50.0,
                ..CLOCK
            },
            number: Style {
                size: 44.0,
                line: 50.0,
                ..NUMBER
            },
            hint: false,
            units: true,
        };
        network(desk, scene, n, &corner, Words::All);
    }
    controls(desk, scene, 1728.0, [960.0, CONTROLS], Align::Centre);
}

/// The left half beside the opened *more*: the same scene, smaller; only time can be steered.
fn beside_more(desk: &mut Desk, scene: &Scene) {
    const WIDTH: f32 = 840.0;
    let (what, text) = headline(desk, scene);
    let at = [96.0, TOPS[0]];
    let bottom = if desk.type_.fit(&text, &HEADLINE, WIDTH, 1, at).1 {
        desk.fit(&what, &text, &HEADLINE, WIDTH, 1, at);
        TOPS[1] - 4.0
    } else {
        at[1] + desk.fit(&what, &text, &HEADLINE[2..], WIDTH, 2, at).height + 4.0
    };
    let mut top = bottom;
    if let Some((what, text)) = rule(desk, scene) {
        let fits = |desk: &mut Desk, style: &Style, lines| desk.type_.fit(&text, &[*style], WIDTH, lines, at).1;
        let (style, lines) = if fits(desk, &RULE, 2) {
            (RULE, 2)
        } else if fits(desk, &RULE_SMALL, 3) {
            (RULE_SMALL, 3)
        } else {
            (RULE_LEAST, 5)
        };
        top += desk.fit(&what, &text, &[style], WIDTH, lines, [96.0, top]).height;
    }
    let stage = [(top + 16.0).max(262.0), 716.0];
    let count = scene.networks.len().clamp(1, 3);
    let column = WIDTH / count as f32;
    let radius = ((stage[1] - stage[0]) * 0.5).min(column * 0.5 - 8.0);
    for n in 0..count {
        let x = 96.0 + column * (n as f32 + 0.5);
        frame(desk, n, [x, (stage[0] + stage[1]) * 0.5], radius);
        let left = 96.0 + column * n as f32;
        let Some(net) = scene.networks.get(n) else { continue };
        if let Some(readout) = scene.readouts.first() {
            value(
                desk,
                scene,
                n,
                readout,
                &[CLOCK_SMALL, NUMBER_SMALL],
                column - 16.0,
                ([left, 742.0], Align::Left),
            );
        }
        let name = super::still::word(desk, &net.name);
        let what = format!("name {}", net.name.as_str());
        desk.fit(&what, &name, &[CAPTION, LEAST], column - 16.0, 2, [left, 798.0]);
    }
    let time = time_controls(desk);
    row(desk, &[time], WIDTH, [96.0, CONTROLS], Align::Left);
}

fn upright(desk: &mut Desk, scene: &Scene, more_open: bool) {
    const WIDTH: f32 = 952.0;
    let (what, text) = headline(desk, scene);
    let at = [64.0, 84.0];
    let mut top = at[1] + desk.fit(&what, &text, &HEADLINE_PORTRAIT, WIDTH, 2, at).height + 20.0;
    if let Some((what, text)) = rule(desk, scene) {
        // The stage begins at 440.
        let room = |s: &Style| ((436.0 - top) / s.line).floor().max(1.0) as usize;
        let at = [64.0, top];
        let styles = [RULE, RULE_SMALL, RULE_LEAST];
        let fitting = styles
            .iter()
            .find(|s| desk.type_.fit(&text, &[**s], WIDTH, room(s), at).1);
        let style = fitting.copied().unwrap_or(LEAST);
        top += desk.fit(&what, &text, &[style], WIDTH, room(&style), at).height;
    }
    let count = scene.networks.len().clamp(1, 3);
    // Beside the opened *more* all networks share the upper stage.
    let (begin, end) = (440.0_f32.max(top + 8.0), if more_open { 980.0 } else { 1562.0 });
    let gap = if count == 2 && !more_open { 42.0 } else { 24.0 };
    let each = (end - begin - gap * (count - 1) as f32) / count as f32;
    let radius = (each * 0.5).min(270.0);
    for n in 0..count {
        let y = begin + (each + gap) * n as f32 + each * 0.5;
        frame(desk, n, [76.0 + radius, y], radius);
        let roomy = each > 500.0;
        let x = if roomy { 668.0 } else { 76.0 + radius * 2.0 + 48.0 };
        let corner = Corner {
            x,
            top: if roomy { y - 236.0 } else { y - each * 0.5 },
            align: Align::Left,
            width: 1016.0 - x,
            bar: 340.0,
            state: None,
            state_width: 1016.0 - x,
            end: y + each * 0.5 + gap * 0.5,
            name: if roomy {
                NAME
            } else {
                Style {
                    size: 32.0,
                    line: 40.0,
                    ..NAME
                }
            },
            clock: if roomy { CLOCK } else { CLOCK_SMALL },
            number: NUMBER_SMALL,
            hint: each > 300.0,
            units: each > 300.0,
        };
        network(desk, scene, n, &corner, Words::All);
    }
    if !more_open {
        controls(desk, scene, WIDTH, [540.0, 1590.0], Align::Centre);
    }
}

/// Which of a network's words are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    All,
    NameAndState,
    Readouts,
}

/// The words of one network, from its name down to its state.
fn network(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, words: Words) {
    let Some(net) = scene.networks.get(n) else { return };
    let mut y = corner.top;
    if words != Words::Readouts {
        let name = super::still::word(desk, &net.name);
        let style = corner.name.align(corner.align);
        let smaller = Style {
            size: 28.0,
            line: 36.0,
            ..style
        };
        let what = format!("name {}", net.name.as_str());
        y += desk
            .fit(&what, &name, &[style, smaller], corner.width, 2, [corner.x, y])
            .height
            + 7.0;
    }
    if words != Words::NameAndState {
        for readout in &scene.readouts {
            let (styles, at) = ([corner.clock, corner.number], ([corner.x, y], corner.align));
            y = value(desk, scene, n, readout, &styles, corner.width, at);
            y = beside(desk, scene, n, readout, corner, y);
        }
        if corner.units {
            y = unit_rows(desk, scene, n, corner, y);
        }
    }
    if words != Words::Readouts {
        state(desk, scene, n, corner, corner.state.unwrap_or(y));
    }
}

/// A readout's value, large; tells where it ends.
fn value(
    desk: &mut Desk,
    scene: &Scene,
    n: usize,
    readout: &Readout,
    styles: &[Style; 2],
    width: f32,
    (at, align): (Vec2, Align),
) -> f32 {
    let key = readout.figure.as_str();
    let clock = key == "clock";
    let value = figure(desk, n, key).or(clock.then_some(0.0));
    let said = said(&scene.networks[n].model, key);
    let text = value.map_or_else(|| "–".to_owned(), |v| quantity(desk.view.deck, said, v));
    let frozen = report(desk, n).is_some_and(|r| r.finished);
    let style = if clock { styles[0] } else { styles[1] };
    let style = if frozen && clock { style.ink(Ink::Ink2) } else { style };
    let style = style.align(align);
    let smaller = Style {
        size: style.size * 0.8,
        ..style
    };
    desk.fit(&format!("readout {key}"), &text, &[style, smaller], width, 1, at);
    at[1] + style.line
}

/// What stands under a readout: the time bar with its tick, and words.
fn beside(desk: &mut Desk, scene: &Scene, n: usize, readout: &Readout, corner: &Corner, y: f32) -> f32 {
    let key = readout.figure.as_str();
    let styles = [CAPTION_SMALL.align(corner.align), LEAST.align(corner.align)];
    let Some(tick) = &readout.tick else {
        let Some(words) = label(desk, scene, n, key).filter(|_| key != "clock") else {
            return y;
        };
        return y
            + desk
                .fit(&format!("figure {key}"), &words, &styles, corner.width, 2, [corner.x, y])
                .height
            + 8.0;
    };
    let ticks: Vec<f64> = (0..scene.networks.len())
        .filter_map(|n| figure(desk, n, tick))
        .collect();
    let longest = ticks.iter().copied().fold(0.0, f64::max);
    let Some(at) = figure(desk, n, tick).filter(|t| *t > 0.0 && longest > 0.0) else {
        return y;
    };
    let now = figure(desk, n, key).unwrap_or(0.0);
    let full = longest * f64::from(PAST_TICK);
    let frozen = report(desk, n).is_some_and(|r| r.finished);
    let left = match corner.align {
        Align::Left => corner.x,
        Align::Centre => corner.x - corner.bar * 0.5,
        Align::Right => corner.x - corner.bar,
    };
    let middle = y + 14.0;
    let place = |t: f64| left + (t / full).clamp(0.0, 1.0) as f32 * corner.bar;
    let [track, passed, wide, half] = BAR;
    let (track, passed, wide) = (
        desk.look().stroke(track),
        desk.look().stroke(passed),
        desk.look().stroke(wide),
    );
    let ink = if frozen { Ink::Ink2 } else { Ink::Ink };
    let sheet = desk.over();
    sheet.shape(Shape::line(
        Ink::Link,
        [left, middle],
        [left + corner.bar, middle],
        track,
    ));
    if now > 0.0 {
        sheet.shape(Shape::line(ink, [left, middle], [place(now), middle], passed));
    }
    let x = place(at);
    sheet.shape(Shape::line(
        Ink::Ground,
        [x, middle - half],
        [x, middle + half],
        wide + 6.0,
    ));
    sheet.shape(Shape::line(Ink::Ink, [x, middle - half], [x, middle + half], wide));
    let below = middle + half + 4.0;
    let Some(words) = label(desk, scene, n, tick) else {
        return below;
    };
    let width = if corner.align == Align::Centre {
        corner.width
    } else {
        corner.bar.max(corner.width - 40.0)
    };
    below
        + desk
            .fit(
                &format!("figure {}", tick.as_str()),
                &words,
                &styles,
                width,
                2,
                [corner.x, below],
            )
            .height
        + 4.0
}

/// Units in rows of ten with their number and words, where networks stand one above the other.
fn unit_rows(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, y: f32) -> f32 {
    let Some(columns) = &scene.columns else { return y };
    let of = columns.of.value;
    let value = figure(desk, n, &columns.figure).unwrap_or(0.0).max(0.0);
    let centred = corner.align == Align::Centre;
    let (row, side) = if centred {
        (of.max(1), (480.0 / of.max(1) as f32 / 1.3).min(16.0))
    } else {
        (10, 27.0)
    };
    let wide = row.min(of) as f32 * side * 1.3 - side * 0.3;
    let left = if centred { corner.x - wide * 0.5 } else { corner.x };
    let top = y + 8.0;
    units(desk, [left, top], (value + 1e-9).floor() as u32, of, row, [side, side]);
    let rows = of.div_ceil(row) as f32;
    let below = top + rows * side * 1.3 + 4.0;
    if centred {
        return below;
    }
    let number = quantity(desk.view.deck, Said::Count, value);
    let bold = Style::new(Face::Bold, 34.0, 46.0);
    let laid = desk.line("readout column", &number, &bold, corner.width, [corner.x, below]);
    if let Some(words) = label(desk, scene, n, &columns.figure) {
        let what = format!("figure {}", columns.figure.as_str());
        let style = Style { line: 46.0, ..CAPTION };
        desk.fit(
            &what,
            &words,
            &[style, LEAST],
            corner.width - laid.width - 12.0,
            1,
            [corner.x + laid.width + 12.0, below],
        );
    }
    below + 46.0 + 8.0
}

/// A network's state in words: by whom it stopped, or that it goes on, and what can be done.
fn state(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, y: f32) {
    let Some(report) = report(desk, n) else { return };
    let found = report.states.iter().find_map(|s| Some((*s, label(desk, scene, n, s)?)));
    let Some((key, text)) = found else { return };
    let bad = report.stopped && report.finished;
    let style = STATE.align(corner.align).ink(if bad { Ink::Bad } else { Ink::Ink });
    let smaller = Style {
        size: 26.0,
        line: 34.0,
        ..style
    };
    let room = corner.state_width - if bad { SIGN[1] } else { 0.0 };
    let shift = match (bad, corner.align) {
        (true, Align::Left) => SIGN[1],
        (true, Align::Centre) => SIGN[1] * 0.5,
        _ => 0.0,
    };
    let what = format!("figure {key}");
    let laid = desk.fit(&what, &text, &[style, smaller], room, 2, [corner.x + shift, y]);
    if bad {
        let x = match corner.align {
            Align::Left => corner.x + SIGN[0] * 0.5,
            Align::Centre => corner.x - laid.width * 0.5 - SIGN[1] * 0.5 + SIGN[0] * 0.5,
            Align::Right => corner.x - laid.width - SIGN[1] + SIGN[0] * 0.5,
        };
        desk.icon("cross", [x, y + laid.line * 0.5 + 1.0], SIGN[0], Ink::Bad);
    }
    let mut end = y + laid.height;
    if corner.hint {
        let model = scene.networks[n].model.as_str();
        let refusal = report
            .refusal
            .and_then(|r| Some((r, desk.view.deck.model_word(model, "refusals", r)?)));
        let hint = match refusal {
            Some((r, words)) => Some((format!("refusal {r}"), figures_in(desk, scene, Some(n), words))),
            None => label(desk, scene, n, &format!("{key}_hint")).map(|w| (format!("figure {key}_hint"), w)),
        };
        if let Some((what, words)) = hint {
            let styles = [
                CAPTION.align(corner.align),
                CAPTION_SMALL.align(corner.align),
                LEAST.align(corner.align),
            ];
            let room = |s: &Style| ((corner.end - end) / s.line).floor().max(1.0) as usize;
            let width = corner.state_width;
            let at = [corner.x, end];
            let pick = (0..2).find(|i| desk.type_.fit(&words, &styles[*i..=*i], width, room(&styles[*i]), at).1);
            let style = styles[pick.unwrap_or(2)];
            end += desk.fit(&what, &words, &[style], width, room(&style), at).height;
        }
    }
    if end > corner.end + 1.0 {
        let message = format!("the words of a network end at {end:.0} px");
        desk.fault(
            &what,
            "too-long",
            message,
            format!("words that end above {:.0} px", corner.end),
        );
    }
}

/// The columns that compare two networks, between them.
fn columns(desk: &mut Desk, scene: &Scene) {
    let Some(columns) = &scene.columns else { return };
    let (top, bottom, wide) = (363.0, 790.0, 60.0);
    let of = columns.of.max(1);
    let unit = (bottom - top) / (of as f32 * 1.3 - 0.3);
    let gap = unit * 0.3;
    let (radius, hollow, edge) = (
        desk.look().corner(unit * 0.34),
        desk.look().hollow_units,
        desk.look().stroke(1.25),
    );
    for (n, x) in [(0, 890.0), (1, 970.0)] {
        let value = figure(desk, n, &columns.figure).unwrap_or(0.0).max(0.0);
        let filled = (value + 1e-9).floor() as u32;
        for i in 0..of {
            let y = bottom - unit - i as f32 * (unit + gap);
            let (min, size) = ([x, y], [wide, unit]);
            desk.over().shape(match (i < filled, hollow) {
                (true, _) => Shape::rect(Ink::Data, min, size, radius),
                (false, true) => Shape::frame(Ink::Empty, min, size, radius, edge),
                (false, false) => Shape::rect(Ink::Empty, min, size, radius),
            });
        }
        let number = quantity(desk.view.deck, Said::Count, value);
        let style = NUMBER_SMALL.align(Align::Centre);
        let smaller = Style { size: 34.0, ..style };
        desk.fit(
            "readout column",
            &number,
            &[style, smaller],
            76.0,
            1,
            [x + wide * 0.5, 296.0],
        );
    }
    if let Some(words) = label(desk, scene, 0, &columns.figure) {
        let what = format!("figure {}", columns.figure.as_str());
        let style = CAPTION.align(Align::Centre);
        let styles = [style, LEAST.align(Align::Centre)];
        // The discs leave this much between them where the words stand.
        desk.fit(&what, &words, &styles, 330.0, 1, [960.0, 802.0]);
    }
}

/// Pause or go on, slow, fast, again.
fn time_controls(desk: &Desk) -> Vec<Control> {
    let scene = desk.view.scene;
    let (paused, pace) = (scene.is_some_and(|s| s.paused), scene.map_or(0, |s| s.pace));
    let first = if paused {
        Control::new(desk, "resume", "play", Action::Pause)
    } else {
        Control::new(desk, "pause", "pause", Action::Pause)
    };
    vec![
        first,
        Control::new(desk, "slow", "slow", Action::Slow).chosen(pace < 0),
        Control::new(desk, "fast", "fast", Action::Fast).chosen(pace > 0),
        Control::new(desk, "again", "again", Action::Again),
    ]
}

/// Time, and right of it the scene's deeds, *next* and *more*.
fn controls(desk: &mut Desk, scene: &Scene, width: f32, at: Vec2, align: Align) {
    let mut groups = vec![time_controls(desk)];
    for (i, pill) in scene.pills.iter().enumerate() {
        groups.push(vec![deed(desk, &scene.networks, pill.deed.as_str(), i)]);
    }
    groups.push(vec![next(desk)]);
    groups.extend(more(desk).map(|c| vec![c]));
    row(desk, &groups, width, at, align);
}

/// A pill that does a deed of the first model that has it.
fn deed(desk: &Desk, networks: &[Network], key: &str, pill: usize) -> Control {
    let deck = desk.view.deck;
    let words = networks
        .iter()
        .find_map(|n| deck.model_word(&n.model, "deeds", key))
        .unwrap_or(key);
    let icon = if deck.icons.has(key) { key } else { "plus" };
    Control {
        icon: icon.to_owned(),
        words: words.to_owned(),
        what: format!("deed {key}"),
        does: Touch::Pill(pill),
        filled: false,
        chosen: false,
        enabled: true,
    }
}
