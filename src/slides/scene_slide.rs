//! A slide with a live scene: a headline that follows the scene's state, the rule, one to three networks with their
//! names, clocks, numbers and states, the units that compare them, and the controls of time.

use super::{
    StageFrame, Touch,
    chrome::chrome,
    controls::{Control, GAP, row, row_fits},
    page::Desk,
    panel,
    still::units,
    text_slide::{more, next},
    words::{
        CAPTION, CAPTION_SMALL, CLOCK, CLOCK_SMALL, HEADLINE, HEADLINE_LONG, HEADLINE_PORTRAIT, HEADLINE_PORTRAIT_LONG,
        LEAST, NAME, NUMBER, NUMBER_SMALL, RULES, STATE, Said, fill, quantity,
    },
};
use crate::{
    deck::{
        Deck,
        action::Action,
        structure::{Readout, Scene},
    },
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Face, Laid, Style},
    },
    sim::{
        model::{TargetKind, Unit},
        registry,
    },
    slides::{NetworkReport, SceneReport},
};

/// Where the controls of a scene stand.
pub(super) const CONTROLS: f32 = 868.0;
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
    /// How wide the words may be, a readout's value, and the state's words.
    width: f32,
    value_width: f32,
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
    /// Its state's first words.
    sign: Style,
    hint: bool,
    /// Units of a column stand here, in rows of ten.
    units: bool,
}

/// Composes the slide. Beside the opened *more* all of it stands in the left half.
pub fn compose(desk: &mut Desk, scene: &Scene, more_open: bool) {
    chrome(desk, false);
    if let Some(plan) = &scene.panel {
        return panel::compose(desk, scene, plan, more_open);
    }
    let count = scene.networks.len().min(3);
    match (desk.portrait(), more_open, desk.view.ease.low) {
        (true, ..) => upright(desk, scene, more_open),
        (false, true, _) => beside_more(desk, scene),
        (false, false, Some(line)) => low(desk, scene, line),
        (false, false, None) => match count {
            1 => one(desk, scene),
            3 => three(desk, scene),
            _ => two(desk, scene),
        },
    }
}

/// The headline: of the scene's most telling state that has words, else the one at rest.
fn headline(desk: &Desk, scene: &Scene) -> (String, String) {
    let deck = desk.view.deck;
    let states = desk.view.scene.map_or(&[][..], |report| &report.states);
    for state in states {
        let own = deck.slide_state(desk.at(), state);
        let of_model = || scene.networks.iter().find_map(|n| deck.model_word(&n.model, "states", state));
        if let Some(words) = own.or_else(of_model) {
            return (format!("state {state}"), figures_in(desk, scene, None, words));
        }
    }
    ("headline".to_owned(), desk.words().headline.to_string())
}

/// What the report says of a network.
pub(super) fn report<'a>(desk: &Desk<'a>, network: usize) -> Option<&'a NetworkReport> {
    desk.view.scene.and_then(|s| s.networks.get(network))
}

/// A figure of a network, if the report has it.
pub(super) fn figure(desk: &Desk, network: usize, key: &str) -> Option<f64> {
    figure_of(report(desk, network)?, key)
}

fn figure_of(report: &NetworkReport, key: &str) -> Option<f64> {
    match key {
        "clock" => return Some(report.seconds),
        "differing" => return Some(report.differing as f64),
        _ => {}
    }
    report.figures.iter().find(|(k, _)| *k == key).and_then(|(_, value)| *value)
}

/// How a figure is said: as the model declares it.
pub(super) fn said(model: &str, key: &str) -> Said {
    if key == "clock" {
        return Said::Time;
    }
    let unit = registry::find(model).and_then(|s| s.figures.iter().find(|f| f.key == key)).map(|f| f.unit);
    match unit {
        Some(Unit::Seconds) => Said::Time,
        Some(Unit::Bytes) => Said::Bytes,
        Some(Unit::BytesPerSecond) => Said::Rate,
        Some(Unit::Share) => Said::Share,
        Some(Unit::Count | Unit::PerSecond | Unit::Choice) | None => Said::Count,
    }
}

/// Puts figures into a sentence: of one network, or of the first that has them. What no run has yet is a dash.
pub(super) fn figures_in(desk: &Desk, scene: &Scene, network: Option<usize>, text: &str) -> String {
    quoting(desk.view.deck, scene, desk.view.scene, network, text)
}

/// A sentence about a scene with the figures that its report has, of one network or of the first that has them. What no run
/// has yet is a dash.
#[must_use]
pub fn quoting(deck: &Deck, scene: &Scene, report: Option<&SceneReport>, network: Option<usize>, text: &str) -> String {
    fill(text, |key| {
        if key == "of" {
            return scene.columns.as_ref().map(|c| c.of.to_string());
        }
        let all = 0..scene.networks.len();
        let range = network.map_or(all, |n| n..n + 1);
        let value = |n: usize| figure_of(report?.networks.get(n)?, key);
        range.clone().find_map(|n| Some(quantity(deck, said(&scene.networks[n].model, key), value(n)?))).or_else(|| {
            let declared = range.clone().any(|n| {
                registry::find(&scene.networks[n].model).is_some_and(|s| s.figures.iter().any(|f| f.key == key))
            });
            declared.then(|| "–".to_owned())
        })
    })
}

/// A label of a network: the slide's own word, else the model's, each first with the network's name before the key.
pub(super) fn label(desk: &Desk, scene: &Scene, network: usize, key: &str) -> Option<String> {
    let (deck, at, net) = (desk.view.deck, desk.at(), scene.networks.get(network)?);
    let own = format!("{}_{key}", net.name.as_str());
    let words = deck
        .slide_word(at, &own)
        .or_else(|| deck.slide_word(at, key))
        .or_else(|| deck.model_word(&net.model, "labels", &own))
        .or_else(|| deck.model_word(&net.model, "labels", key))?;
    Some(figures_in(desk, scene, Some(network), words))
}

/// Where headline and rule stand.
pub(super) struct Head {
    left: f32,
    pub(super) width: f32,
    top: f32,
    /// The sizes of a headline as long as it should be, and of a longer one, each with its lines.
    tiers: [(&'static [Style], usize); 2],
    /// The rule begins there, or so far below a longer headline.
    rule: f32,
    gap: f32,
    /// Where it should have ended.
    end: f32,
}

pub(super) const HEAD: Head = Head {
    left: 96.0,
    width: 1728.0,
    top: 58.0,
    tiers: [(&HEADLINE, 1), (&HEADLINE_LONG, 2)],
    rule: 150.0,
    gap: 4.0,
    end: 252.0,
};

pub(super) const HEAD_BESIDE_MORE: Head =
    Head { width: 840.0, tiers: [(&HEADLINE, 1), (&HEADLINE_LONG, 3)], rule: 146.0, end: 330.0, ..HEAD };

pub(super) const HEAD_PORTRAIT: Head = Head {
    left: 64.0,
    width: 952.0,
    top: 84.0,
    tiers: [(&HEADLINE_PORTRAIT, 2), (&HEADLINE_PORTRAIT_LONG, 3)],
    rule: 200.0,
    gap: 20.0,
    end: 436.0,
};

impl Head {
    /// How a headline is set: in the first tier, with the fewest lines, in which it fits.
    fn headline(&self, desk: &mut Desk, text: &str) -> (&'static [Style], usize) {
        let at = [self.left, self.top];
        let [(sizes, lines), (long, most)] = self.tiers;
        if desk.type_.fit(text, sizes, self.width, lines, at).1 {
            return (sizes, lines);
        }
        let fewest = (lines + 1..=most).find(|n| desk.type_.fit(text, long, self.width, *n, at).1);
        (long, fewest.unwrap_or(most))
    }

    /// Where the rule begins under a headline.
    fn rule_top(&self, headline: &Laid) -> f32 {
        self.rule.max(self.top + headline.height + self.gap)
    }

    /// How a rule is set that begins there: as large as its place allows.
    fn rule(&self, desk: &mut Desk, text: &str, top: f32) -> (Style, usize) {
        let lines = |s: &Style| ((self.end - top) / s.line).floor().max(1.0) as usize;
        let fits = |desk: &mut Desk, s: &Style| desk.type_.fit(text, &[*s], self.width, lines(s), [self.left, top]).1;
        let sizes = desk.view.ease.sizes(&RULES);
        let style = sizes.into_iter().find(|s| fits(desk, s)).unwrap_or(RULES[RULES.len() - 1]);
        (style, lines(&style))
    }

    /// Sets headline and rule.
    pub(super) fn set(&self, desk: &mut Desk, scene: &Scene) {
        let (what, text) = headline(desk, scene);
        let (sizes, lines) = self.headline(desk, &text);
        let laid = desk.fit(&what, &text, sizes, self.width, lines, [self.left, self.top]);
        let top = self.rule_top(&laid);
        let step = desk.at().step.min(desk.words().steps.len().saturating_sub(1));
        // Why a deed on a panel was refused stands where everybody looks.
        let why = report(desk, 0).filter(|_| scene.panel.is_some()).and_then(|report| report.refusal);
        let refusal = why.and_then(|why| desk.view.deck.model_word(&scene.networks[0].model, "refusals", why));
        if let Some(words) = refusal.or(desk.words().steps.get(step).map(|step| step.value.as_str())) {
            let text = figures_in(desk, scene, None, words);
            let (style, lines) = self.rule(desk, &text, top);
            desk.fit(&format!("step {}", step + 1), &text, &[style], self.width, lines, [self.left, top]);
        }
    }

    /// Where the lowest of all headlines and steps ends, so that nothing below moves when a state or step changes.
    pub(super) fn lowest(&self, desk: &mut Desk, scene: &Scene) -> f32 {
        let mut lowest = self.top;
        for text in headlines(desk, scene) {
            let (sizes, lines) = self.headline(desk, &text);
            let laid = desk.type_.fit(&text, sizes, self.width, lines, [self.left, self.top]).0;
            let top = self.rule_top(&laid);
            lowest = lowest.max(top);
            for words in &desk.words().steps {
                let (style, _) = self.rule(desk, words, top);
                lowest = lowest.max(top + desk.type_.lay(words, &style, self.width, [0.0, 0.0]).height);
            }
        }
        lowest
    }
}

/// Every headline that the scene may show.
fn headlines(desk: &Desk, scene: &Scene) -> Vec<String> {
    let deck = desk.view.deck;
    let mut all = vec![desk.words().headline.to_string()];
    for network in &scene.networks {
        for state in registry::find(&network.model).map_or(&[][..], |s| s.states) {
            let own = deck.slide_state(desk.at(), state);
            let words = own.or_else(|| deck.model_word(&network.model, "states", state));
            all.extend(words.map(|w| figures_in(desk, scene, None, w)));
        }
    }
    all
}

/// Makes a network's frame known to the stage.
fn frame(desk: &mut Desk, network: usize, centre: Vec2, radius: f32) {
    desk.page.stages.push(StageFrame { network, centre, radius, height: None });
}

/// The words of a network whose disc stands beside them, from the left.
const BESIDE: Corner = Corner {
    x: 96.0,
    top: 255.0,
    align: Align::Left,
    width: 240.0,
    value_width: 226.0,
    bar: 190.0,
    state: Some(786.0),
    state_width: 268.0,
    end: 978.0,
    name: NAME,
    clock: CLOCK,
    number: NUMBER_SMALL,
    sign: STATE,
    hint: true,
    units: false,
};

/// How a scene is arranged: its discs, its words, and its rows of controls.
#[derive(Clone, Debug)]
struct Plan {
    discs: Vec<(Vec2, f32)>,
    corners: Vec<(usize, Corner, Words)>,
    /// Of each row of controls, from the top: how wide it may be, and its top.
    rows: Vec<(f32, f32)>,
}

/// The first of some plans in which the scene's words and controls fit, whatever state it is in.
fn arrange(desk: &mut Desk, scene: &Scene, plans: &[Plan]) {
    let fitting = plans.iter().find(|plan| {
        let rows = split(desk, scene, &plan.rows).is_some();
        rows && plan.corners.iter().all(|(n, corner, words)| states_fit(desk, scene, *n, corner, *words))
    });
    let Some(plan) = fitting.or(plans.last()) else { return };
    for (n, (centre, radius)) in plan.discs.iter().enumerate() {
        frame(desk, n, *centre, *radius);
    }
    for (n, corner, words) in &plan.corners {
        network(desk, scene, *n, corner, *words);
    }
    let groups = split(desk, scene, &plan.rows);
    let groups = groups.unwrap_or_else(|| rows_of(desk, scene, plan.rows.len()).pop().unwrap_or_default());
    for (groups, (width, top)) in groups.iter().zip(&plan.rows) {
        row(desk, groups, *width, [desk.size()[0] * 0.5, *top], Align::Centre);
    }
}

/// One network: its disc in the middle, its numbers on the right.
fn one(desk: &mut Desk, scene: &Scene) {
    HEAD.set(desk, scene);
    let left = Corner { width: 300.0, ..BESIDE };
    let right = Corner {
        x: 1384.0,
        width: 440.0,
        value_width: 440.0,
        bar: 400.0,
        units: true,
        end: 850.0,
        number: NUMBER,
        ..BESIDE
    };
    let corners = |left| vec![(0, left, Words::NameAndState), (0, right, Words::Readouts)];
    let plans = [
        Plan { discs: vec![([780.0, 556.0], 292.0)], corners: corners(left), rows: vec![(1176.0, CONTROLS)] },
        Plan {
            discs: vec![([780.0, 556.0], 292.0)],
            corners: corners(Corner { state: Some(742.0), end: CONTROLS - 6.0, ..left }),
            rows: vec![(1728.0, CONTROLS)],
        },
        Plan {
            discs: vec![([780.0, 512.0], 248.0)],
            corners: corners(left),
            rows: vec![(1176.0, CONTROLS - 88.0), (1176.0, CONTROLS)],
        },
    ];
    arrange(desk, scene, &plans);
}

/// Two networks side by side, and the columns that compare them between.
fn two(desk: &mut Desk, scene: &Scene) {
    HEAD.set(desk, scene);
    let both = |left: Corner| {
        let right = Corner { x: 1824.0, align: Align::Right, ..left };
        vec![(0, left, Words::All), (1, right, Words::All)]
    };
    let discs = |y, r| vec![([560.0, y], r), ([1360.0, y], r)];
    let raised = Corner {
        state: Some(742.0),
        state_width: 256.0,
        end: CONTROLS - 6.0,
        sign: Style { size: 28.0, line: 38.0, ..STATE },
        ..BESIDE
    };
    let plans = [
        // As drawn; the words below the discs' sides stand beside the controls.
        Plan { discs: discs(548.0, 284.0), corners: both(BESIDE), rows: vec![(1160.0, CONTROLS)] },
        // More controls than that: those words stand above them.
        Plan { discs: discs(548.0, 284.0), corners: both(raised), rows: vec![(1728.0, CONTROLS)] },
        // Still more, or longer ones: two rows, and smaller discs.
        Plan {
            discs: discs(510.0, 246.0),
            corners: both(Corner { state: Some(730.0), state_width: 280.0, width: 252.0, ..BESIDE }),
            rows: vec![(1120.0, CONTROLS - 88.0), (1120.0, CONTROLS)],
        },
    ];
    arrange(desk, scene, &plans);
    let [_, radius] = desk.page.stages.first().map_or([0.0; 2], |s| [s.centre[1], s.radius]);
    columns(desk, scene, if radius > 260.0 { [363.0, 790.0] } else { [351.0, 716.0] });
}

/// Three networks abreast, their words below them, which end there.
fn abreast(centre: f32, radius: f32, end: f32, words: Words, rows: Vec<(f32, f32)>) -> Plan {
    let places = [384.0, 960.0, 1536.0];
    let corner = |x| Corner {
        x,
        top: centre + radius + 12.0,
        align: Align::Centre,
        width: 552.0,
        value_width: 552.0,
        bar: 260.0,
        state: None,
        state_width: 552.0,
        end,
        name: Style { size: 32.0, line: 40.0, ..NAME },
        clock: Style { size: 44.0, line: 50.0, ..CLOCK },
        number: Style { size: 44.0, line: 50.0, ..NUMBER },
        sign: Style { size: 28.0, line: 38.0, ..STATE },
        hint: false,
        units: words == Words::All,
    };
    Plan {
        discs: places.iter().map(|x| ([*x, centre], radius)).collect(),
        corners: places.iter().enumerate().map(|(n, x)| (n, corner(*x), words)).collect(),
        rows,
    }
}

/// Three networks, their words below them.
fn three(desk: &mut Desk, scene: &Scene) {
    HEAD.set(desk, scene);
    let plan = |centre: f32, radius: f32, rows: Vec<(f32, f32)>| {
        let end = rows.first().map_or(CONTROLS, |r| r.1) - 6.0;
        abreast(centre, radius, end, Words::All, rows)
    };
    let one = vec![(1728.0, CONTROLS)];
    let two = vec![(1728.0, CONTROLS - 84.0), (1728.0, CONTROLS)];
    let plans = [
        plan(456.0, 196.0, one.clone()),
        plan(440.0, 176.0, one.clone()),
        plan(424.0, 160.0, one),
        plan(404.0, 144.0, two.clone()),
        plan(382.0, 122.0, two),
    ];
    arrange(desk, scene, &plans);
}

/// Everything that is touched stands under a line, and the networks end above it (style §8, picture 26).
fn low(desk: &mut Desk, scene: &Scene, line: f32) {
    /// Deeds and time each have a row of their own if so much of the page lies under the line.
    const TWO_ROWS: f32 = 320.0;
    HEAD.set(desk, scene);
    let row = |top| (1728.0, top);
    // One row where there is too little room for two, as long as all fits in it; else two that stand closely.
    let ways = if desk.size()[1] - line >= TWO_ROWS {
        vec![vec![row(766.0), row(866.0)]]
    } else {
        vec![vec![row(CONTROLS)], vec![row(line + 8.0), row(line + 88.0)]]
    };
    let plans: Vec<Plan> = ways.into_iter().flat_map(|rows| low_plans(scene, line, rows)).collect();
    arrange(desk, scene, &plans);
    let frame = desk.page.stages.first().copied();
    if let Some(frame) = frame.filter(|_| scene.networks.len() == 2) {
        let half = (frame.centre[1] - LOW_TOP).max(frame.radius);
        columns(desk, scene, [LOW_TOP + 67.0, frame.centre[1] + half - 48.0]);
    }
}

/// Where networks begin that stand above a line.
const LOW_TOP: f32 = 258.0;

/// The ways in which a scene stands above a line, its controls in these rows.
fn low_plans(scene: &Scene, line: f32, rows: Vec<(f32, f32)>) -> Vec<Plan> {
    /// A line so high leaves no room for networks above it: they end where the controls begin.
    const TOO_HIGH: f32 = 560.0;
    /// Larger ones would touch the words beside them.
    const LARGEST: f32 = 226.0;
    let above = rows[0].1 - 24.0;
    let end = if line < TOO_HIGH { above } else { above.min(line - 24.0) };
    let radius = ((end - LOW_TOP) * 0.5).min(LARGEST);
    let centre = (LOW_TOP + end) * 0.5;
    let left = Corner {
        top: LOW_TOP,
        state: Some(end - 140.0),
        end,
        sign: Style { size: 28.0, line: 38.0, ..STATE },
        state_width: 256.0,
        ..BESIDE
    };
    match scene.networks.len() {
        1 => {
            let left = Corner { width: 300.0, ..left };
            let right = Corner { x: 1384.0, width: 440.0, value_width: 440.0, bar: 400.0, units: true, ..left };
            let corners = vec![(0, left, Words::NameAndState), (0, right, Words::Readouts)];
            vec![Plan { discs: vec![([780.0, centre], radius)], corners, rows }]
        }
        3 => [(150.0, Words::All), (132.0, Words::All), (118.0, Words::All), (150.0, Words::Short)]
            .into_iter()
            .map(|(radius, words)| abreast(LOW_TOP + radius, radius, end, words, rows.clone()))
            .collect(),
        _ => {
            let right = Corner { x: 1824.0, align: Align::Right, ..left };
            let corners = vec![(0, left, Words::All), (1, right, Words::All)];
            let discs = vec![([560.0, centre], radius), ([1360.0, centre], radius)];
            vec![Plan { discs, corners, rows }]
        }
    }
}

/// The left half beside the opened *more*: the same scene, smaller; only time can be steered.
fn beside_more(desk: &mut Desk, scene: &Scene) {
    let head = HEAD_BESIDE_MORE;
    head.set(desk, scene);
    let stage = [(head.lowest(desk, scene) + 12.0).max(262.0), 716.0];
    let count = scene.networks.len().clamp(1, 3);
    let column = head.width / count as f32;
    let radius = ((stage[1] - stage[0]) * 0.5).min(column * 0.5 - 8.0);
    for (n, net) in scene.networks.iter().enumerate().take(count) {
        let left = 96.0 + column * n as f32;
        frame(desk, n, [left + column * 0.5, (stage[0] + stage[1]) * 0.5], radius);
        if let Some(readout) = scene.readouts.first() {
            let at = ([left, 736.0], Align::Left);
            value(desk, scene, n, readout, &[CLOCK_SMALL, NUMBER_SMALL], column - 16.0, at);
        }
        let name = super::still::word(desk, &net.name);
        let what = format!("name {}", net.name.as_str());
        desk.fit(&what, &name, &[CAPTION, LEAST], column - 16.0, 2, [left, 796.0]);
    }
    let time = time_controls(desk, scene);
    let top = desk.view.ease.lowered(CONTROLS);
    row(desk, &[time], head.width, [96.0, top], Align::Left);
}

/// Networks one above the other, their words to the right.
fn upright(desk: &mut Desk, scene: &Scene, more_open: bool) {
    let head = HEAD_PORTRAIT;
    head.set(desk, scene);
    let count = scene.networks.len().clamp(1, 3);
    let begin = 440.0_f32.max(head.lowest(desk, scene) + 8.0);
    let plan = |end: f32, rows: Vec<(f32, f32)>| {
        let gap = if count == 2 && !more_open { 42.0 } else { 24.0 };
        let each = (end - begin - gap * (count - 1) as f32) / count as f32;
        let radius = (each * 0.5).min(270.0);
        let roomy = each > 460.0;
        let x = if roomy { 668.0 } else { 76.0 + radius * 2.0 + 40.0 };
        let mut plan = Plan { discs: Vec::new(), corners: Vec::new(), rows };
        for n in 0..count {
            let y = begin + (each + gap) * n as f32 + each * 0.5;
            plan.discs.push(([76.0 + radius, y], radius));
            let corner = Corner {
                x,
                top: if roomy { y - 236.0_f32.min(each * 0.5) } else { y - each * 0.5 },
                align: Align::Left,
                width: 1016.0 - x,
                value_width: 1016.0 - x,
                bar: 340.0,
                state: None,
                state_width: 1016.0 - x,
                end: y + each * 0.5 + gap * 0.5,
                name: if roomy { NAME } else { Style { size: 32.0, line: 40.0, ..NAME } },
                clock: if roomy { CLOCK } else { CLOCK_SMALL },
                number: NUMBER_SMALL,
                sign: STATE,
                hint: each > 300.0,
                units: each > 300.0,
            };
            plan.corners.push((n, corner, if each > 230.0 { Words::All } else { Words::Short }));
        }
        plan
    };
    let (low, high) = ((head.width, 1598.0), (head.width, 1510.0));
    if more_open {
        // All networks share the upper stage; the sheet covers the rest.
        arrange(desk, scene, &[plan(980.0, Vec::new())]);
    } else {
        let plans = [
            plan(1562.0, vec![(head.width, 1590.0)]),
            plan(1490.0, vec![high, low]),
            plan(1402.0, vec![(head.width, 1422.0), high, low]),
        ];
        // All rows stand under the line, where there is one.
        let line = desk.view.ease.low.unwrap_or(0.0);
        let under = plans.iter().filter(|plan| plan.rows.iter().all(|row| row.1 >= line)).count();
        arrange(desk, scene, &plans[..under.max(1)]);
    }
}

/// Which of a network's words are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    All,
    AllButState,
    /// The name and the first readout's value.
    Short,
    NameAndState,
    Readouts,
}

/// The words of one network, from its name down to its state; tells where all but the state end.
fn network(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, words: Words) -> f32 {
    let Some(net) = scene.networks.get(n) else {
        return corner.top;
    };
    let mut y = corner.top;
    if words != Words::Readouts {
        let name = super::still::word(desk, &net.name);
        let style = corner.name.align(corner.align);
        let smaller = Style { size: 28.0, line: 36.0, ..style };
        let what = format!("name {}", net.name.as_str());
        y += desk.fit(&what, &name, &[style, smaller], corner.width, 2, [corner.x, y]).height + 7.0;
    }
    if let (Words::Short, Some(readout)) = (words, scene.readouts.first()) {
        let styles = [corner.clock, corner.number];
        y = value(desk, scene, n, readout, &styles, corner.width, ([corner.x, y], corner.align));
    } else if words != Words::NameAndState {
        y = readouts(desk, scene, n, corner, y);
        if corner.units {
            y = unit_rows(desk, scene, n, corner, y);
        }
    }
    if matches!(words, Words::All | Words::NameAndState) {
        state(desk, scene, n, corner, corner.state.unwrap_or(y));
    }
    y
}

/// The readouts, one below the other, or side by side under a disc; tells where they end.
fn readouts(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, top: f32) -> f32 {
    let count = scene.readouts.len();
    let abreast = count > 1 && (corner.align == Align::Centre || corner.end - top < 400.0 && corner.width > 400.0);
    let each = (corner.width - GAP * (count.max(1) - 1) as f32) / count.max(1) as f32;
    let mut y = top;
    for (i, readout) in scene.readouts.iter().enumerate() {
        let mut at = *corner;
        let begin = if abreast {
            let aside = (each + GAP) * i as f32;
            at.x = match corner.align {
                Align::Left => corner.x + aside,
                Align::Centre => corner.x - corner.width * 0.5 + each * 0.5 + aside,
                Align::Right => corner.x - aside,
            };
            at.width = each;
            top
        } else {
            y
        };
        let styles = [at.clock, at.number];
        let width = at.width.min(corner.value_width);
        let below = value(desk, scene, n, readout, &styles, width, ([at.x, begin], at.align));
        y = y.max(beside(desk, scene, n, readout, &at, below));
    }
    y
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
    let sizes = [1.0, 0.8, 0.6, 0.52].map(|by| Style { size: style.size * by, ..style });
    desk.fit(&format!("readout {key}"), &text, &sizes, width, 1, at);
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
        return y + desk.fit(&format!("figure {key}"), &words, &styles, corner.width, 3, [corner.x, y]).height + 8.0;
    };
    let ticks: Vec<f64> = (0..scene.networks.len()).filter_map(|n| figure(desk, n, tick)).collect();
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
    // The ends of the passed way are round.
    let (left, bar) = (left + BAR[1] * 0.5, corner.bar - BAR[1]);
    let middle = y + 14.0;
    let place = |t: f64| left + (t / full).clamp(0.0, 1.0) as f32 * bar;
    let [track, passed, wide, half] = BAR;
    let (track, passed, wide) = (desk.look().stroke(track), desk.look().stroke(passed), desk.look().stroke(wide));
    let ink = if frozen { Ink::Ink2 } else { Ink::Ink };
    let sheet = desk.over();
    sheet.shape(Shape::line(Ink::Link, [left, middle], [left + bar, middle], track));
    if now > 0.0 {
        sheet.shape(Shape::line(ink, [left, middle], [place(now), middle], passed));
    }
    let x = place(at);
    sheet.shape(Shape::line(Ink::Ground, [x, middle - half], [x, middle + half], wide + 6.0));
    sheet.shape(Shape::line(Ink::Ink, [x, middle - half], [x, middle + half], wide));
    let below = middle + half + 4.0;
    let Some(words) = label(desk, scene, n, tick) else {
        return below;
    };
    let width = if corner.align == Align::Centre { corner.width } else { corner.bar };
    below + desk.fit(&format!("figure {}", tick.as_str()), &words, &styles, width, 2, [corner.x, below]).height + 4.0
}

/// Units in rows of ten with their number and words, where networks stand one above the other.
fn unit_rows(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, y: f32) -> f32 {
    let Some(columns) = &scene.columns else { return y };
    let of = columns.of.value;
    let value = figure(desk, n, &columns.figure).unwrap_or(0.0).max(0.0);
    let centred = corner.align == Align::Centre;
    let (row, side) = if centred { (of.max(1), (480.0 / of.max(1) as f32 / 1.3).min(16.0)) } else { (10, 27.0) };
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

/// Whether the words of every state of a network end where they must.
fn states_fit(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, words: Words) -> bool {
    let Some(net) = scene.networks.get(n).filter(|_| matches!(words, Words::All | Words::NameAndState)) else {
        return true;
    };
    let top = corner.state.unwrap_or_else(|| {
        // Nothing is drawn to find out: the page is put back as it was.
        let page = desk.page.clone();
        let only = if words == Words::All { Words::AllButState } else { Words::Readouts };
        let end = network(desk, scene, n, corner, only);
        desk.page = page;
        end
    });
    let states = registry::find(&net.model).map_or(&[][..], |s| s.states);
    std::iter::once(&"running").chain(states).all(|state| {
        [false, true].into_iter().all(|bad| {
            let end = state_words(desk, scene, n, corner, top, (state, bad)).map_or(top, |words| words.end);
            end <= corner.end
        })
    })
}

/// A network's state in words, ready to be set.
struct StateWords {
    sign: (String, String, Style),
    hint: Option<(String, String, Style)>,
    hint_top: f32,
    end: f32,
}

/// The words of a state, each as large as its place allows.
fn state_words(
    desk: &mut Desk,
    scene: &Scene,
    n: usize,
    corner: &Corner,
    top: f32,
    (key, bad): (&str, bool),
) -> Option<StateWords> {
    let text = label(desk, scene, n, key)?;
    let style = corner.sign.align(corner.align).ink(if bad { Ink::Bad } else { Ink::Ink });
    let sizes =
        [(style.size, style.line), (26.0, 34.0), (24.0, 32.0)].map(|(size, line)| Style { size, line, ..style });
    let room = corner.state_width - if bad { SIGN[1] } else { 0.0 };
    // On one line if it can be, else on two of the middle size.
    let one = sizes.iter().find(|s| desk.type_.fit(&text, &[**s], room, 1, [0.0; 2]).1);
    let style = one.copied().unwrap_or(sizes[1]);
    let height = desk.type_.lay(&text, &style, room, [0.0; 2]).height;
    let hint_top = top + height;
    let mut words = StateWords { sign: (format!("figure {key}"), text, style), hint: None, hint_top, end: hint_top };
    if !corner.hint {
        return Some(words);
    }
    let model = scene.networks[n].model.as_str();
    let refusal = report(desk, n).and_then(|r| r.refusal);
    let refusal = refusal.and_then(|r| Some((r, desk.view.deck.model_word(model, "refusals", r)?)));
    let (what, text) = match refusal {
        Some((r, words)) => (format!("refusal {r}"), figures_in(desk, scene, Some(n), words)),
        None => match label(desk, scene, n, &format!("{key}_hint")) {
            Some(hint) => (format!("figure {key}_hint"), hint),
            None => return Some(words),
        },
    };
    let sizes = [CAPTION, CAPTION_SMALL, LEAST].map(|s| s.align(corner.align));
    let lines = |s: &Style| ((corner.end - hint_top) / s.line).floor().max(0.0) as usize;
    let fitting = sizes.iter().find(|s| desk.type_.fit(&text, &[**s], corner.state_width, lines(s), [0.0; 2]).1);
    let style = fitting.copied().unwrap_or(sizes[2]);
    words.end += desk.type_.lay(&text, &style, corner.state_width, [0.0; 2]).height;
    words.hint = Some((what, text, style));
    Some(words)
}

/// A network's state in words: by whom it stopped, or that it goes on, and what can be done.
fn state(desk: &mut Desk, scene: &Scene, n: usize, corner: &Corner, y: f32) {
    let Some(report) = report(desk, n) else { return };
    let bad = report.stopped && report.finished;
    let found = report.states.iter().find_map(|s| state_words(desk, scene, n, corner, y, (s, bad)));
    let found = found.or_else(|| state_words(desk, scene, n, corner, y, ("running", bad)));
    let Some(words) = found else { return };
    let (what, text, style) = &words.sign;
    let room = corner.state_width - if bad { SIGN[1] } else { 0.0 };
    let shift = match (bad, corner.align) {
        (true, Align::Left) => SIGN[1],
        (true, Align::Centre) => SIGN[1] * 0.5,
        _ => 0.0,
    };
    let laid = desk.text(what, text, style, room, [corner.x + shift, y]);
    if bad {
        let x = match corner.align {
            Align::Left => corner.x + SIGN[0] * 0.5,
            Align::Centre => corner.x - laid.width * 0.5 - SIGN[1] * 0.5 + SIGN[0] * 0.5,
            Align::Right => corner.x - laid.width - SIGN[1] + SIGN[0] * 0.5,
        };
        desk.icon("cross", [x, y + laid.line * 0.5 + 1.0], SIGN[0], Ink::Bad);
    }
    if let Some((what, text, style)) = &words.hint {
        desk.text(what, text, style, corner.state_width, [corner.x, words.hint_top]);
    }
    if words.end > corner.end + 1.0 {
        let message = format!("the words of a network end at {:.0} px", words.end);
        desk.fault(what, "too-long", message, format!("words that end above {:.0} px", corner.end));
    }
}

/// The columns that compare two networks, between them.
fn columns(desk: &mut Desk, scene: &Scene, [top, bottom]: [f32; 2]) {
    let Some(columns) = &scene.columns else { return };
    let wide = 60.0;
    let of = columns.of.max(1);
    let unit = (bottom - top) / (of as f32 * 1.3 - 0.3);
    let gap = unit * 0.3;
    let (radius, hollow, edge) = (desk.look().corner(unit * 0.34), desk.look().hollow_units, desk.look().stroke(1.25));
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
        desk.fit("readout column", &number, &[style, smaller], 76.0, 1, [x + wide * 0.5, top - 67.0]);
    }
    if let Some(words) = label(desk, scene, 0, &columns.figure) {
        let what = format!("figure {}", columns.figure.as_str());
        let style = CAPTION.align(Align::Centre);
        let styles = [style, LEAST.align(Align::Centre)];
        // The discs leave this much between them where the words stand.
        desk.fit(&what, &words, &styles, 330.0, 1, [960.0, bottom + 12.0]);
    }
}

/// Pause or go on, slow, fast, again; of a panel only what it has use for.
pub(super) fn time_controls(desk: &Desk, of: &Scene) -> Vec<Control> {
    let scene = desk.view.scene;
    let (paused, pace) = (scene.is_some_and(|s| s.paused), scene.map_or(0, |s| s.pace));
    let first = if paused {
        Control::new(desk, "resume", "play", Action::Pause).or(desk.control("pause"))
    } else {
        Control::new(desk, "pause", "pause", Action::Pause).or(desk.control("resume"))
    };
    let again = Control::new(desk, "again", "again", Action::Again);
    match &of.panel {
        Some(plan) => plan.pause.then_some(first).into_iter().chain([again]).collect(),
        None => vec![
            first,
            Control::new(desk, "slow", "slow", Action::Slow).chosen(pace < 0),
            Control::new(desk, "fast", "fast", Action::Fast).chosen(pace > 0),
            again,
        ],
    }
}

/// The ways in which a scene's controls make so many rows, the best last.
///
/// Time, and right of it *next* and *more*; the deeds between them, or in a row above, or above with *next* and *more*.
pub(super) fn rows_of(desk: &Desk, scene: &Scene, rows: usize) -> Vec<Vec<Vec<Vec<Control>>>> {
    let time = vec![time_controls(desk, scene)];
    let on = || -> Vec<Vec<Control>> { std::iter::once(vec![next(desk)]).chain(more(desk).map(|c| vec![c])).collect() };
    let deeds = deeds(desk, scene);
    match rows {
        0 => vec![Vec::new()],
        1 => vec![vec![[time, deeds, on()].concat()]],
        2 => vec![vec![[deeds.clone(), on()].concat(), time.clone()], vec![deeds, [time, on()].concat()]],
        _ => {
            let (first, rest) = deeds.split_at(deeds.len().div_ceil(2));
            let (first, rest) = (first.to_vec(), rest.to_vec());
            let low = [time.clone(), on()].concat();
            vec![vec![first.clone(), [rest.clone(), on()].concat(), time], vec![first, rest, low]]
        }
    }
}

/// The controls in rows that fit, if they do; the lower row has the time.
pub(super) fn split(desk: &mut Desk, scene: &Scene, rows: &[(f32, f32)]) -> Option<Vec<Vec<Vec<Control>>>> {
    let mut ways = rows_of(desk, scene, rows.len());
    while let Some(way) = ways.pop() {
        if way.iter().zip(rows).all(|(groups, (width, _))| row_fits(desk, groups, *width)) {
            return Some(way);
        }
    }
    None
}

/// The deeds that have pills: those of the deck; and where controls stand low, what a touch on the server or a peer does.
fn deeds(desk: &Desk, scene: &Scene) -> Vec<Vec<Control>> {
    let pills = scene.pills.iter().enumerate();
    // Of those that may stand out the last does that can be done.
    let told = |i: usize| desk.view.scene.and_then(|scene| scene.pills.get(i)).copied();
    let may = |i: usize| scene.panel.is_none() || told(i).is_none_or(|(_, may)| may);
    let stands_out = scene.pills.iter().enumerate().filter(|(i, p)| p.first && may(*i)).map(|(i, _)| i).next_back();
    let pills = pills.map(|(i, p)| {
        // A pill whose deed is done undoes it; it is as wide as either.
        let done = told(i).map_or(p.deed.as_str(), |(key, _)| key);
        let mut control = deed(desk, scene, done, Touch::Pill(i));
        let inverse = inverse(scene, &p.deed);
        if let Some(other) = [Some(p.deed.as_str()), inverse].into_iter().flatten().find(|key| *key != done) {
            control.instead = Some(deed(desk, scene, other, Touch::Pill(i)).words);
        }
        if let Some(key) = &p.words {
            control.words = figures_in(desk, scene, None, &super::still::word(desk, key));
        }
        let control = control.enabled(may(i));
        vec![if stands_out == Some(i) { control.filled() } else { control }]
    });
    if desk.view.ease.low.is_none() || scene.panel.is_some() {
        return pills.collect();
    }
    let server = (0..scene.networks.len()).find_map(|n| Some((n, report(desk, n)?.server?)));
    let server = server.map(|(n, key)| {
        let stopped = report(desk, n).is_some_and(|r| r.stopped);
        let control = deed(desk, scene, key, Touch::Server);
        vec![if stopped { control.filled() } else { control }]
    });
    let chosen = desk.view.scene.and_then(|s| s.chosen);
    let this = |key: &str| {
        let own = format!("this_{key}");
        let words = desk.control(&own);
        if words == own { desk.control("this_touch") } else { words }
    };
    let another = Control { does: Touch::Choose(1), ..Control::new(desk, "another_peer", "right", Action::FocusNext) };
    let act = Control {
        icon: if chosen == Some("start") { "play" } else { "cross" }.to_owned(),
        words: this(chosen.unwrap_or("stop")),
        instead: Some(this(if chosen == Some("start") { "stop" } else { "start" })),
        does: Touch::Chosen,
        what: format!("control this_{}", chosen.unwrap_or("stop")),
        filled: false,
        chosen: false,
        enabled: chosen.is_some(),
    };
    server.into_iter().chain(pills).chain([vec![another], vec![act]]).collect()
}

/// What undoes a deed that is done to nobody in particular.
fn inverse(scene: &Scene, key: &str) -> Option<&'static str> {
    let mut specs = scene.networks.iter().filter_map(|n| registry::find(&n.model)).flat_map(|system| system.deeds);
    specs.find(|spec| spec.key == key && spec.target == TargetKind::None)?.inverse
}

/// A pill that does a deed of the first model that has it.
fn deed(desk: &Desk, scene: &Scene, key: &str, does: Touch) -> Control {
    let deck = desk.view.deck;
    let words = scene.networks.iter().find_map(|n| deck.model_word(&n.model, "deeds", key)).unwrap_or(key);
    // A number that there is none of yet is left out.
    let words = figures_in(desk, scene, None, words).trim_end_matches(['–', ' ']).to_owned();
    let icon = if deck.icons.has(key) { key } else { "plus" };
    Control {
        icon: icon.to_owned(),
        words,
        instead: None,
        what: format!("deed {key}"),
        does,
        filled: false,
        chosen: false,
        enabled: true,
    }
}
