//! A still's words, panels, arrows, strokes, groups, pictograms and units. Its peers, links, packets and blocks are
//! drawn by the stage, from the same [`Still`], in the same frame.

use super::{
    Area, StageFrame,
    controls::arrow,
    page::Desk,
    words::{CAPTION, LABEL, NAME, NUMBER, RULE, SMALLEST},
};
use crate::{
    deck::structure::{Spot2, Still, StillMark, WordAlign, WordStyle},
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Style},
    },
    sim::vocabulary::Tint,
    stage::placement::SQUARE_HALF,
};

/// The side of the canvas that a still's places are given on.
pub const CANVAS: f32 = 832.0;

/// What a pixel of the canvas is on the page.
#[must_use]
pub fn scale(frame: &StageFrame) -> f32 {
    frame.radius * 2.0 / CANVAS
}

/// Where a place on the canvas lies on the page.
#[must_use]
pub fn place(frame: &StageFrame, at: Spot2) -> Vec2 {
    let s = scale(frame);
    [frame.centre[0] + (at.0 - CANVAS * 0.5) * s, frame.centre[1] + (at.1 - CANVAS * 0.5) * s]
}

/// The radius, on the canvas, of a still's peers that say none: by how many there are (style §4).
#[must_use]
pub fn peer_radius(still: &Still) -> f32 {
    let peers = still.marks.iter().filter(|m| matches!(m.value, StillMark::Peer { .. })).count();
    match peers {
        0..=8 => 62.0,
        9..=30 => 35.0,
        _ => 27.0,
    }
}

/// The ink of a tint, for things that have no form of their own to say it.
#[must_use]
pub fn tint(tint: Tint) -> Ink {
    match tint {
        Tint::Data => Ink::Data,
        Tint::Leaf => Ink::Leaf,
        Tint::Sky => Ink::Sky,
        Tint::Lilac => Ink::Lilac,
        Tint::Bad => Ink::Bad,
        Tint::Plain => Ink::Ink2,
    }
}

/// A word of the slide by its key; the key itself where there is none, which `check` has said.
pub fn word(desk: &Desk, key: &str) -> String {
    desk.view.deck.slide_word(desk.at(), key).unwrap_or(key).to_owned()
}

/// Composes the slide's still, if it has one, in a frame that the stage gets too.
pub fn compose(desk: &mut Desk, frame: StageFrame) {
    let Some(still) = desk.slide().still.as_ref() else {
        return;
    };
    if still.disc {
        let area = Area::Circle(frame.centre, frame.radius);
        Desk::surface(desk.view.look, Ink::Field, area, &mut desk.page.under);
    }
    desk.page.stages.push(frame);
    still_words(desk, still, &frame);
}

/// Draws what of a still is not the stage's: words, panels, arrows, strokes, groups, pictograms, units.
pub fn still_words(desk: &mut Desk, still: &Still, frame: &StageFrame) {
    let labels = Labels::of(still);
    let sets: Vec<Option<WordSet>> =
        still.marks.iter().map(|mark| WordSet::of(desk, still, frame, &mark.value)).collect();
    let growing = growing(desk, still, frame, &sets);
    for (nth, mark) in still.marks.iter().enumerate() {
        match &mark.value {
            StillMark::Word { .. } => {
                if let Some(set) = &sets[nth] {
                    set.set(desk, growing[nth]);
                }
            }
            StillMark::Panel { at, size, filled } => panel(desk, frame, *at, *size, *filled),
            StillMark::Arrow { from, to } => {
                let stroke = desk.look().stroke(5.5 * scale(frame));
                let head = 20.0 * scale(frame);
                arrow(place(frame, *from), place(frame, *to), head, stroke, Ink::Ink, 1.0, desk.over());
            }
            StillMark::Stroke { from, to, dotted, width } => {
                let wide = width.unwrap_or(2.5) * scale(frame);
                let ink = if width.is_some_and(|w| w >= TEXT_STROKE) { Ink::Ink2 } else { Ink::Line };
                let stroke = desk.look().stroke(wide).max(2.0);
                let line = Shape::line(ink, place(frame, *from), place(frame, *to), stroke);
                desk.over().shape(if *dotted { line.dotted(stroke * 3.0) } else { line });
            }
            StillMark::Group { at, r, dotted, width } => {
                let stroke = desk.look().stroke(width.map_or(2.5, |wide| wide * scale(frame)));
                let ink = if width.is_some_and(|w| w >= TEXT_STROKE) { Ink::Ink2 } else { Ink::Line };
                let circle = Shape::circle(ink, place(frame, *at), r * scale(frame), stroke);
                let circle = if *dotted { circle.dotted(14.0) } else { circle };
                desk.page.under.shape(circle);
            }
            StillMark::Icon { at, key, side, tint: t } => {
                desk.icon(key, place(frame, *at), side * scale(frame), tint(*t));
            }
            StillMark::Units { at, filled, of, row, side } => {
                let side = side.unwrap_or(22.0) * scale(frame);
                units(desk, place(frame, *at), *filled, *of, row.unwrap_or(10), [side, side]);
            }
            StillMark::Peer { at, label: Some(label), sub, stopped, .. } => {
                labels.set(desk, frame, nth, *at, label, sub.as_deref(), *stopped);
            }
            StillMark::Peer { .. } | StillMark::Link { .. } | StillMark::Packet { .. } | StillMark::Block { .. } => {}
        }
    }
}

/// A stroke so wide stands for a line of text on a drawn slide and takes the ink of text.
const TEXT_STROKE: f32 = 5.0;

fn in_filled_panel(mark: &StillMark, at: Spot2) -> bool {
    let StillMark::Panel { at: (x, y), size: (w, h), filled: true } = *mark else {
        return false;
    };
    (x..=x + w).contains(&at.0) && (y..=y + h).contains(&at.1)
}

/// Where a word begins that stands to the right of a place, at about its height.
fn beside(mark: &StillMark, at: Spot2) -> Option<f32> {
    let StillMark::Word { at: (x, y), align: WordAlign::Left, .. } = *mark else {
        return None;
    };
    (x > at.0 && (y - at.1).abs() < BESIDE).then_some(x)
}

/// Words whose tops are no further apart stand beside each other.
const BESIDE: f32 = 40.0;

fn panel(desk: &mut Desk, frame: &StageFrame, at: Spot2, size: Spot2, filled: bool) {
    let (min, s) = (place(frame, at), scale(frame));
    let size = [size.0 * s, size.1 * s];
    let (radius, stroke) = (desk.look().corner(12.0), desk.look().stroke(2.5));
    desk.over().shape(if filled {
        Shape::rect(Ink::Data, min, size, radius)
    } else {
        Shape::frame(Ink::Line, min, size, radius, stroke)
    });
}

/// A style of words at a still's scale, never below the smallest that is allowed.
fn scaled(style: Style, frame: &StageFrame) -> Style {
    let size = (style.size * scale(frame)).clamp(SMALLEST.min(style.size), style.size);
    Style { size, line: style.line * size / style.size, ..style }
}

/// Words of a still, ready to be set.
struct WordSet<'a> {
    key: &'a str,
    text: String,
    /// As designed; larger and smaller sizes follow from it.
    style: Style,
    point: Vec2,
    room: f32,
    lines: usize,
}

impl<'a> WordSet<'a> {
    /// The words of a mark, if it is one.
    fn of(desk: &Desk, still: &Still, frame: &StageFrame, mark: &'a StillMark) -> Option<Self> {
        let StillMark::Word { at, key, style, align, width } = mark else { return None };
        let style = scaled(
            match style {
                WordStyle::Caption => CAPTION,
                WordStyle::Name => NAME,
                WordStyle::Rule => RULE,
                WordStyle::Number => NUMBER,
                WordStyle::Label => LABEL[0],
            },
            frame,
        );
        let align = match align {
            WordAlign::Left => Align::Left,
            WordAlign::Centre => Align::Centre,
            WordAlign::Right => Align::Right,
        };
        let style = style.align(align);
        let filled = still.marks.iter().any(|m| in_filled_panel(&m.value, *at));
        let style = if filled { style.ink(Ink::Ground) } else { style };
        let point = place(frame, *at);
        // Words without a width of their own may reach to the page's margin, or to what stands beside them.
        let neighbour = still.marks.iter().filter_map(|m| beside(&m.value, *at)).fold(f32::INFINITY, f32::min);
        let margin = if desk.portrait() { 64.0 } else { 96.0 };
        let (left, right) = (point[0] - margin, desk.size()[0] - margin - point[0]);
        let room = width.map_or_else(
            || match align {
                Align::Left => right.min((neighbour - at.0) * scale(frame) - 16.0),
                Align::Centre => left.min(right) * 2.0,
                Align::Right => left,
            },
            |w| w * scale(frame),
        );
        let lines = if width.is_some() { super::page::MANY } else { 1 };
        Some(Self { key, text: word(desk, key), style, point, room, lines })
    }

    /// The box of the words in a style, and whether they fit in it.
    fn rect(&self, desk: &mut Desk, style: Style) -> ([f32; 4], bool) {
        let (laid, fits) = desk.type_.fit(&self.text, &[style], self.room, self.lines, self.point);
        let left = match style.align {
            Align::Left => self.point[0],
            Align::Centre => self.point[0] - laid.width * 0.5,
            Align::Right => self.point[0] - laid.width,
        };
        ([left, self.point[1], laid.width, laid.height], fits)
    }

    /// Sets the words, as designed or in a larger style, smaller where there is too little room.
    fn set(&self, desk: &mut Desk, larger: Option<(Style, f32)>) {
        let style = self.style;
        let smaller = Style { size: (style.size * 0.86).max(SMALLEST), line: style.line * 0.88, ..style };
        let least = Style { size: SMALLEST, line: style.line.min(32.0), ..style };
        let (larger, shift) = larger.unzip();
        let styles: Vec<Style> = larger.into_iter().chain([style, smaller, least]).collect();
        let point = [self.point[0], self.point[1] + shift.unwrap_or(0.0)];
        desk.fit(&format!("word {}", self.key), &self.text, &styles, self.room, self.lines, point);
    }
}

/// Which words of a still grow with the size of text: all of a style, or none, as long as they touch nothing that they
/// don't touch as designed.
fn growing(desk: &mut Desk, still: &Still, frame: &StageFrame, sets: &[Option<WordSet>]) -> Vec<Option<(Style, f32)>> {
    let ease = desk.view.ease;
    if ease.text <= 100 {
        return vec![None; sets.len()];
    }
    let boxes: Vec<Option<([f32; 4], Style, [f32; 4])>> = sets
        .iter()
        .map(|set| {
            let set = set.as_ref()?;
            let style = ease.style(set.style);
            let (large, fits) = set.rect(desk, style);
            (fits && style != set.style).then(|| (large, style, set.rect(desk, set.style).0))
        })
        .collect();
    // Words that stand above a mark grow upwards, away from it.
    let raised = |large: [f32; 4], usual: [f32; 4]| [large[0], large[1] - (large[3] - usual[3]), large[2], large[3]];
    let others: Vec<[f32; 4]> = sets.iter().flatten().map(|set| set.rect(desk, set.style).0).collect();
    let things = Obstacles::of(still, frame, desk.size());
    let mut grown: Vec<Option<(Style, f32)>> = Vec::new();
    let mut taken: Vec<[f32; 4]> = Vec::new();
    for each in &boxes {
        let style = each.and_then(|(large, style, usual)| {
            let alone = |large: [f32; 4]| {
                others.iter().filter(|other| **other != usual).all(|other| !overlap(large, *other))
                    && taken.iter().all(|other| !overlap(large, *other))
                    && things.touched(large) <= things.touched(usual)
            };
            let place = [large, raised(large, usual)].into_iter().find(|place| alone(*place))?;
            taken.push(place);
            Some((style, place[1] - large[1]))
        });
        grown.push(style);
    }
    // All of a size or none, and none unless all larger ones do: a caption never passes its name.
    let whole = |set: &WordSet| {
        let others = sets.iter().zip(&grown).filter_map(|(other, style)| Some((other.as_ref()?, style)));
        let mut before = others.filter(|(other, _)| other.style.size >= set.style.size);
        before.all(|(other, style)| style.is_some() || ease.style(other.style) == other.style)
    };
    sets.iter().zip(&grown).map(|(set, style)| style.filter(|_| set.as_ref().is_some_and(whole))).collect()
}

/// What words of a still must keep clear of.
struct Obstacles {
    discs: Vec<(Vec2, f32)>,
    boxes: Vec<[f32; 4]>,
    panels: Vec<[f32; 4]>,
    lines: Vec<(Vec2, Vec2)>,
    page: Vec2,
}

impl Obstacles {
    fn of(still: &Still, frame: &StageFrame, page: Vec2) -> Self {
        let (s, usual) = (scale(frame), peer_radius(still));
        let around = |at: Spot2, half: Vec2| {
            let c = place(frame, at);
            [c[0] - half[0] * s, c[1] - half[1] * s, half[0] * 2.0 * s, half[1] * 2.0 * s]
        };
        let mut all =
            Self { discs: Vec::new(), boxes: Vec::new(), panels: Vec::new(), lines: Labels::of(still).lines, page };
        for (a, b) in &mut all.lines {
            (*a, *b) = (place(frame, (a[0], a[1])), place(frame, (b[0], b[1])));
        }
        for mark in &still.marks {
            match &mark.value {
                StillMark::Peer { at, r, server: true, .. } => {
                    all.boxes.push(around(*at, [r.unwrap_or(usual) * SQUARE_HALF + 8.0; 2]));
                }
                StillMark::Peer { at, r, .. } => all.discs.push((place(frame, *at), (r.unwrap_or(usual) + 8.0) * s)),
                StillMark::Icon { at, side, .. } => all.boxes.push(around(*at, [side * 0.5; 2])),
                StillMark::Block { at, scale, .. } => all.boxes.push(around(*at, [142.0 * scale, 258.0 * scale])),
                StillMark::Units { at, of, row, side, .. } => {
                    let (side, row) = (side.unwrap_or(22.0) * s, row.unwrap_or(10).max(1));
                    let [x, y] = place(frame, *at);
                    let (wide, high) = (row.min(*of) as f32, of.div_ceil(row) as f32);
                    all.boxes.push([x, y, wide * side * 1.3, high * side * 1.3]);
                }
                StillMark::Panel { at, size, .. } => {
                    let [x, y] = place(frame, *at);
                    all.panels.push([x, y, size.0 * s, size.1 * s]);
                }
                StillMark::Arrow { from, to } | StillMark::Stroke { from, to, .. } => {
                    all.lines.push((place(frame, *from), place(frame, *to)));
                }
                StillMark::Link { .. }
                | StillMark::Packet { .. }
                | StillMark::Word { .. }
                | StillMark::Group { .. } => {}
            }
        }
        all
    }

    /// How many things a box touches, and edges of panels and of the page.
    fn touched(&self, rect: [f32; 4]) -> usize {
        let [x, y, w, h] = rect;
        let inside = |p: &[f32; 4]| x >= p[0] && y >= p[1] && x + w <= p[0] + p[2] && y + h <= p[1] + p[3];
        let off = x < 64.0 || y < 16.0 || x + w > self.page[0] - 64.0 || y + h > self.page[1] - 16.0;
        let near = |(c, r): &&(Vec2, f32)| (c[0] - c[0].clamp(x, x + w)).hypot(c[1] - c[1].clamp(y, y + h)) < *r;
        self.discs.iter().filter(near).count()
            + self.boxes.iter().filter(|b| overlap(**b, rect)).count()
            + self.panels.iter().filter(|p| overlap(**p, rect) && !inside(p)).count()
            + self.lines.iter().filter(|(a, b)| crosses(*a, *b, rect)).count()
            + usize::from(off)
    }
}

/// Whether a line runs through a box.
fn crosses(a: Vec2, b: Vec2, [x, y, w, h]: [f32; 4]) -> bool {
    // Points along the line, closer together than a line of text is high.
    const STEPS: u32 = 40;
    (0..=STEPS).any(|i| {
        let t = i as f32 / STEPS as f32;
        let p = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
        p[0] > x && p[0] < x + w && p[1] > y && p[1] < y + h
    })
}

/// Counted things, in rows: the gap is 30 % of a unit.
pub fn units(desk: &mut Desk, at: Vec2, filled: u32, of: u32, row: u32, size: Vec2) {
    let look = desk.look();
    let (radius, hollow, edge) = (look.corner(size[0].min(size[1]) * 0.26), look.hollow_units, look.stroke(1.25));
    let gap = size[0].min(size[1]) * 0.3;
    for n in 0..of {
        let (column, line) = ((n % row.max(1)) as f32, (n / row.max(1)) as f32);
        let min = [at[0] + column * (size[0] + gap), at[1] + line * (size[1] + gap)];
        let shape = match (n < filled, hollow) {
            (true, _) => Shape::rect(Ink::Data, min, size, radius),
            (false, true) => Shape::frame(Ink::Empty, min, size, radius, edge),
            (false, false) => Shape::rect(Ink::Empty, min, size, radius),
        };
        desk.over().shape(shape);
    }
}

/// What a peer's label must keep clear of.
struct Labels {
    discs: Vec<(usize, Vec2, f32)>,
    lines: Vec<(Vec2, Vec2)>,
}

/// How much room a label leaves to its peer, on the canvas.
const LABEL_GAP: f32 = 14.0;

impl Labels {
    fn of(still: &Still) -> Self {
        let usual = peer_radius(still);
        let mut named: Vec<(&str, Vec2)> = Vec::new();
        let mut discs = Vec::new();
        for (nth, mark) in still.marks.iter().enumerate() {
            if let StillMark::Peer { name, at, r, .. } = &mark.value {
                let at = [at.0, at.1];
                named.push((name, at));
                discs.push((nth, at, r.unwrap_or(usual)));
            }
        }
        let find = |name: &str| named.iter().find(|(n, _)| *n == name).map(|(_, at)| *at);
        let lines = still
            .marks
            .iter()
            .filter_map(|mark| match &mark.value {
                StillMark::Link { from, to, .. } => Some((find(from)?, find(to)?)),
                _ => None,
            })
            .collect();
        Self { discs, lines }
    }

    /// Sets a peer's label where it covers least: below, above, to the right or to the left.
    fn set(
        &self,
        desk: &mut Desk,
        frame: &StageFrame,
        nth: usize,
        at: Spot2,
        key: &str,
        sub: Option<&str>,
        stop: bool,
    ) {
        let r = self.discs.iter().find(|d| d.0 == nth).map_or(0.0, |d| d.2);
        let s = scale(frame);
        let (name, small) = (scaled(NAME, frame), scaled(CAPTION, frame));
        let small = if stop { small.ink(Ink::Bad) } else { small };
        let text = word(desk, key);
        let under = sub.map(|sub| word(desk, sub));
        let wide = desk.type_.width(&text, &name);
        let wide_under = under.as_ref().map_or(0.0, |u| desk.type_.width(u, &small));
        let (w, h) = (wide.max(wide_under), name.line + if under.is_some() { small.line } else { 0.0 });
        let c = place(frame, at);
        let gap = (r + LABEL_GAP) * s;
        let candidates = [
            (Align::Centre, [c[0], c[1] + gap]),
            (Align::Centre, [c[0], c[1] - gap - h]),
            (Align::Left, [c[0] + gap, c[1] - h * 0.5]),
            (Align::Right, [c[0] - gap, c[1] - h * 0.5]),
        ];
        let rect = |(align, p): (Align, Vec2)| match align {
            Align::Left => [p[0], p[1], w, h],
            Align::Centre => [p[0] - w * 0.5, p[1], w, h],
            Align::Right => [p[0] - w, p[1], w, h],
        };
        let mut best = (u32::MAX, candidates[0]);
        for candidate in candidates {
            let cost = self.cost(desk, frame, nth, rect(candidate));
            if cost < best.0 {
                best = (cost, candidate);
            }
        }
        let (align, point) = best.1;
        desk.line(&format!("word {key}"), &text, &name.align(align), f32::INFINITY, point);
        if let (Some(text), Some(sub)) = (under, sub) {
            let below = [point[0], point[1] + name.line];
            desk.line(&format!("word {sub}"), &text, &small.align(align), f32::INFINITY, below);
        }
    }

    /// How much a box would cover: peers and words weigh more than lines.
    fn cost(&self, desk: &Desk, frame: &StageFrame, own: usize, rect: [f32; 4]) -> u32 {
        let [x, y, w, h] = rect;
        let mut cost = 0;
        for (nth, at, r) in &self.discs {
            let c = place(frame, (at[0], at[1]));
            let (dx, dy) = (c[0] - c[0].clamp(x, x + w), c[1] - c[1].clamp(y, y + h));
            if *nth != own && dx.hypot(dy) < r * scale(frame) {
                cost += 8;
            }
        }
        for (a, b) in &self.lines {
            let (a, b) = (place(frame, (a[0], a[1])), place(frame, (b[0], b[1])));
            cost += u32::from(crosses(a, b, rect));
        }
        let taken = desk.page.texts.iter().filter(|t| overlap(t.rect, rect)).count();
        let [page_w, page_h] = desk.size();
        let outside = x < 64.0 || y < 8.0 || x + w > page_w - 64.0 || y + h > page_h - 8.0;
        cost + taken as u32 * 8 + u32::from(outside) * 32
    }
}

/// Whether two boxes share more than a hair.
#[must_use]
pub fn overlap(a: [f32; 4], b: [f32; 4]) -> bool {
    const HAIR: f32 = 1.0;
    a[0] + HAIR < b[0] + b[2] && b[0] + HAIR < a[0] + a[2] && a[1] + HAIR < b[1] + b[3] && b[1] + HAIR < a[1] + a[3]
}
