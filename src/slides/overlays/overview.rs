//! All topics at once, five by five, each at the same place whatever stands beside it (style §6, pictures 08 and 25).

use super::{
    super::{Area, Page, Touch, View},
    kit::{CONTROL_HEIGHT, Desk, OUTLINE, RULE, Sign, Way, bold, centred},
};
use crate::{
    deck::{action::Action, state::Position},
    ink::{
        sheet::{Ink, Item, Shape},
        text::{Face, Style, Typesetter},
    },
};

/// As many topics as the overview has places.
pub const PLACES: usize = 25;
/// As many stand in a row.
const ROW: usize = 5;
/// The word for what is alive.
const LIVE: Style = Style::new(Face::Regular, 24.0, 36.0).ink(Ink::Data);
/// Strokes of pictograms at the size that they are given in.
const PICTOGRAM_STROKE: f32 = 4.5;

/// Where everything stands.
struct Geometry {
    left: f32,
    title_top: f32,
    rule_top: f32,
    words_width: f32,
    rule_lines: usize,
    grid: [f32; 2],
    cell: [f32; 2],
    /// What of a cell is raised and touched: left, top, width, height within it.
    inner: [f32; 4],
    /// The middle of Look, Help and Close.
    foot: f32,
    /// The middle of the first of the arrows that choose a topic.
    choose: [f32; 2],
    right: f32,
}

impl Geometry {
    const LANDSCAPE: Self = Self {
        left: 96.0,
        title_top: 81.0,
        rule_top: 241.0,
        words_width: 1728.0,
        rule_lines: 2,
        grid: [80.0, 360.0],
        cell: [352.0, 118.0],
        inner: [0.0, 1.0, 344.0, 116.0],
        foot: 1020.0,
        choose: [700.0, 1020.0],
        right: 1824.0,
    };

    const PORTRAIT: Self = Self {
        left: 64.0,
        title_top: 160.0,
        rule_top: 356.0,
        words_width: 952.0,
        rule_lines: 4,
        grid: [64.0, 640.0],
        cell: [190.0, 226.0],
        inner: [1.0, 2.0, 186.0, 220.0],
        foot: 1850.0,
        choose: [320.0, 1742.0],
        right: 1016.0,
    };
}

/// The page of all topics.
#[must_use]
pub fn compose(view: &View, type_: &mut Typesetter) -> Page {
    let mut desk = Desk::new(view, type_);
    let portrait = desk.portrait();
    let geometry = match (portrait, view.ease.low) {
        (false, _) => Geometry::LANDSCAPE,
        (true, None) => Geometry::PORTRAIT,
        // The row of arrows takes the place of the last row, and all above moves up.
        (true, Some(_)) => Geometry { grid: [64.0, 540.0], ..Geometry::PORTRAIT },
    };
    let topics = &view.deck.structure.topics;
    let is_live = |topic: usize| topics[topic].slides.iter().any(|slide| slide.scene.is_some());
    let live = (0..topics.len()).filter(|t| is_live(*t)).count();

    desk.corner();
    let title = desk.word("overview_title");
    let poster = if portrait {
        [bold(150.0, 159.0), bold(128.0, 136.0), bold(108.0, 114.0)]
    } else {
        [bold(122.0, 134.0), bold(104.0, 114.0), bold(92.0, 101.0)]
    };
    desk.words("control overview_title", &title, &poster, geometry.words_width, 1, [geometry.left, geometry.title_top]);
    let sentence = sentence(&desk, topics.len(), live);
    let rule =
        if portrait { [Style { size: 36.0, line: 48.0, ..RULE }, RULE].map(Style::balanced) } else { [RULE, RULE] };
    let width = if portrait { 640.0_f32.max(geometry.words_width * 0.7) } else { geometry.words_width };
    desk.words(
        "control overview_live",
        &sentence,
        &rule,
        width,
        geometry.rule_lines,
        [geometry.left, geometry.rule_top],
    );

    // A cell can't grow, and its name is the deck's own: another language's is checked as it is.
    let percent = std::mem::replace(&mut desk.type_.percent, 100);
    for topic in 0..topics.len().min(PLACES) {
        let cell = [
            geometry.grid[0] + (topic % ROW) as f32 * geometry.cell[0],
            geometry.grid[1] + (topic / ROW) as f32 * geometry.cell[1],
        ];
        cell_of(&mut desk, topic, is_live(topic), cell, geometry.inner);
    }
    desk.type_.percent = percent;
    if topics.len() > PLACES {
        let message = format!("There are {} topics.", topics.len());
        desk.fault("overview", message, &format!("{PLACES} topics at most: the overview has no more places"));
    }

    if view.ease.low.is_some() {
        choose(&mut desk, &geometry);
    }
    let look = desk.word("look");
    let next = desk.quiet("look", &look, geometry.left, geometry.foot, Action::Look);
    let help = desk.word("help");
    desk.quiet("help", &help, next + 30.0, geometry.foot, Action::Help);
    close(&mut desk, geometry.right, geometry.foot, Action::Overview);
    desk.into_page()
}

/// Where topics stand out of reach: arrows that choose one, and a control that goes there.
fn choose(desk: &mut Desk, geometry: &Geometry) {
    let ways = [
        (Way::Left, -1, "choose_left"),
        (Way::Right, 1, "choose_right"),
        (Way::Up, -(ROW as i8), "choose_up"),
        (Way::Down, ROW as i8, "choose_down"),
    ];
    let [mut x, y] = geometry.choose;
    for (way, by, key) in ways {
        let name = desk.word(key);
        desk.round(way, [x, y], Touch::Choose(by), &name, true);
        x += 88.0;
    }
    let word = desk.word("go_there");
    desk.pill(Sign::Icon("play"), &word, [x - 20.0, y - CONTROL_HEIGHT * 0.5], 0.0, Touch::Chosen);
}

/// The control that closes an overlay, right of everything. Returns its left edge.
pub(super) fn close(desk: &mut Desk, right: f32, middle: f32, action: Action) -> f32 {
    /// As in the pictures.
    const WIDTH: f32 = 220.0;
    let word = desk.word("close");
    let width = desk.pill_width(&word, WIDTH);
    desk.pill(Sign::Cross, &word, [right - width, middle - CONTROL_HEIGHT * 0.5], WIDTH, Touch::Action(action));
    right - width
}

/// How many topics there are, and how many of them live, in words.
fn sentence(desk: &Desk, topics: usize, live: usize) -> String {
    let numbers = desk.word("numbers");
    let number = |n: usize| numbers.split_whitespace().nth(n).map_or_else(|| n.to_string(), str::to_owned);
    let first = match topics {
        1 => desk.word("overview_topics_one"),
        n => desk.word_with("overview_topics", &[("topics", &number(n))]),
    };
    let second = match live {
        0 => desk.word("overview_live_none"),
        1 => desk.word("overview_live_one"),
        n => desk.word_with("overview_live", &[("live", &number(n))]),
    };
    format!("{first} {second}")
}

/// How a cell is set.
#[derive(Clone, Copy, Debug)]
struct Set {
    /// How the name is set.
    style: Style,
    /// As many lines as there may be, "Live" among them.
    lines: usize,
    /// Where they begin, from the cell's top; none stands them in its middle.
    top: Option<f32>,
    /// Where the pictogram's middle is, from the cell's top, and how large it is.
    icon: f32,
    side: f32,
}

/// How cells are set, the roomiest first, after those for larger text. A name of many lines takes smaller and closer ones; upright, where it stands
/// under its pictogram, that gives way in the end.
const fn sets(portrait: bool) -> [Set; 6] {
    const fn beside(size: f32, line: f32, lines: usize) -> Set {
        Set { style: bold(size, line), lines, top: None, icon: 59.0, side: 88.0 }
    }
    const fn under(size: f32, line: f32, lines: usize, top: f32, icon: f32, side: f32) -> Set {
        Set { style: centred(bold(size, line)), lines, top: Some(top), icon, side }
    }
    if portrait {
        [
            under(32.0, 36.0, 2, 122.0, 68.0, 96.8),
            under(28.0, 33.0, 2, 124.0, 68.0, 96.8),
            under(24.0, 30.0, 3, 126.0, 68.0, 96.8),
            under(24.0, 26.0, 4, 118.0, 68.0, 96.8),
            under(24.0, 27.0, 5, 86.0, 46.0, 70.0),
            under(24.0, 23.5, 6, 80.0, 43.0, 66.0),
        ]
    } else {
        [
            beside(36.0, 44.0, 2),
            beside(32.0, 38.0, 2),
            beside(27.0, 36.0, 3),
            beside(24.0, 32.0, 3),
            beside(24.0, 29.0, 4),
            beside(24.0, 23.5, 5),
        ]
    }
}

/// A name broken between its words, so that "peer-to-peer" stays whole as long as it is no wider than the cell.
fn by_words(type_: &mut Typesetter, name: &str, style: &Style, width: f32) -> String {
    if !name.contains('-') {
        return name.to_owned();
    }
    let mut text = String::new();
    let mut line = String::new();
    for word in name.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if !line.is_empty() && type_.width(&longer, style) > width {
            text += &line;
            text.push('\n');
            line = word.to_owned();
        } else {
            line = longer;
        }
    }
    text + &line
}

/// The roomiest setting in which a name fits its cell, and the name with its lines.
fn set_of(desk: &mut Desk, name: &str, width: f32, live: bool) -> (Set, String) {
    // The first two are for larger text.
    let first = if desk.view.ease.text > 100 { 0 } else { 2 };
    let sets = sets(desk.portrait());
    let mut last = (sets[first], name.to_owned());
    for set in sets.into_iter().skip(first) {
        let text = by_words(desk.type_, name, &set.style, width);
        last = (set, text);
        if desk.type_.fit(&last.1, &[set.style], width, set.lines - usize::from(live), [0.0, 0.0]).1 {
            break;
        }
    }
    last
}

/// A topic's place: pictogram, name, whether it is live. The topic that we are in is raised.
fn cell_of(desk: &mut Desk, topic: usize, live: bool, [x, y]: [f32; 2], inner: [f32; 4]) {
    let (deck, look) = (desk.view.deck, desk.look());
    let area = [x + inner[0], y + inner[1], inner[2], inner[3]];
    let radius = look.corner(20.0);
    if desk.view.state.at.topic == topic {
        let (min, size) = ([area[0], area[1]], [area[2], area[3]]);
        desk.sheet.shape(Shape::rect(Ink::Raised, min, size, radius));
        desk.sheet.shape(Shape::frame(Ink::Ink, min, size, radius, look.stroke(OUTLINE)));
    }
    let (icon, name) = (deck.structure.topics[topic].icon.as_str(), deck.topic_title(topic));
    let what = format!("title {}", topic + 1);
    let word = desk.word("live");
    let (width, most) = if desk.portrait() { (170.0, 184.0) } else { (212.0, 214.0) };
    let wide = |type_: &mut Typesetter, width| type_.lay(name, &bold(24.0, 30.0), width, [0.0; 2]).overflow;
    // A long word takes all of the cell; in capitals it may need more than that, and does without them.
    let width = if wide(desk.type_, width) { most } else { width };
    if wide(desk.type_, width) {
        desk.type_.caps = false;
    }
    let (set, text) = set_of(desk, name, width, live);
    let lines = set.lines - usize::from(live);
    let height = desk.type_.fit(&text, &[set.style], width, lines, [0.0, 0.0]).0.height;
    let whole = height + if live { set.style.line } else { 0.0 };
    let centre = if desk.portrait() { x + 95.0 } else { x + 64.0 };
    let stroke = PICTOGRAM_STROKE * set.side / 88.0;
    let before = desk.sheet.items.len();
    desk.icon(icon, [centre, y + set.icon], set.side, Ink::Ink, stroke);
    if !live {
        // What would be alive in a pictogram is not yet, where its topic has no scene.
        for item in &mut desk.sheet.items[before..] {
            if let Item::Shape(shape) = item
                && shape.ink == Ink::Data.index()
            {
                shape.ink = Ink::Ink.index();
            }
        }
    }
    let left = if desk.portrait() { centre } else { x + 128.0 };
    let top = y + set.top.unwrap_or(59.0 - whole * 0.5);
    desk.words(&what, &text, &[set.style], width, lines, [left, top]);
    desk.type_.caps = look.caps;
    if live {
        let style = Style { line: set.style.line, align: set.style.align, ..LIVE };
        desk.words("control live", &word, &[style], width, 1, [left, top + height]);
    }
    // As the arrows do: to the slide last seen there, as it was left.
    let state = desk.view.state;
    let slide = state.last.get(&topic).copied().unwrap_or(0);
    let position = Position { topic, slide, step: state.seen.get(&(topic, slide)).copied().unwrap_or(0) };
    desk.hit(Area::Rect(area, radius), Touch::Goto(position), name, true);
}

#[cfg(test)]
mod tests {
    use super::super::trial::{Trial, bounds, deck};
    use super::*;

    fn cells(page: &Page) -> Vec<[f32; 4]> {
        page.hits.iter().filter(|h| matches!(h.does, Touch::Goto(_))).map(|h| bounds(&h.area)).collect()
    }

    #[test]
    fn every_topic_has_a_cell_that_leads_to_it() {
        for topics in [1, 4, 25] {
            let mut trial = Trial::new(deck(topics, 3, 0));
            for page in trial.everywhere(compose) {
                let ways: Vec<usize> = page
                    .hits
                    .iter()
                    .filter_map(|hit| if let Touch::Goto(to) = hit.does { Some(to.topic) } else { None })
                    .collect();
                assert_eq!(ways, (0..topics).collect::<Vec<_>>());
                for action in [Action::Look, Action::Help, Action::Overview] {
                    assert!(page.hits.iter().any(|h| h.does == Touch::Action(action)), "{action:?}");
                }
                assert!(
                    page.hits.iter().filter(|h| matches!(h.does, Touch::Goto(_))).all(|h| bounds(&h.area)[1] >= 360.0)
                );
            }
        }
    }

    #[test]
    fn a_topic_stands_at_the_same_place_however_many_there_are() {
        let all = [1, 4, 25].map(|topics| cells(&Trial::new(deck(topics, 0, 0)).at([1920, 1080], 0, compose)));
        assert_eq!(all[0][..], all[2][..1]);
        assert_eq!(all[1][..], all[2][..4]);
        // Picture 08: the third cell of the first row.
        assert_eq!(all[2][2][0].round(), 784.0);
    }

    #[test]
    fn the_sentence_counts() {
        let sentence = |topics, live| {
            let mut trial = Trial::new(deck(topics, live, 0));
            let mut text = String::new();
            trial.at([1920, 1080], 0, |view, type_| {
                let live = view.deck.structure.topics.iter().filter(|t| t.slides[0].scene.is_some()).count();
                text = super::sentence(&Desk::new(view, type_), topics, live);
                Page::default()
            });
            text
        };
        assert_eq!(sentence(1, 0), "One topic. None of them is live.");
        assert_eq!(sentence(4, 4), "Four topics. One is live: touch it, stop it, break it.");
        assert_eq!(sentence(25, 7), "Twenty-five topics. Four are live: touch them, stop them, break them.");
    }

    #[test]
    fn more_topics_than_places_are_told() {
        let page = Trial::new(deck(26, 0, 0)).at([1920, 1080], 0, compose);
        assert_eq!(page.faults.iter().filter(|f| f.what == "overview").count(), 1);
    }

    #[test]
    fn a_topic_opens_where_it_was_left() {
        let mut trial = Trial::new(deck(4, 0, 0));
        trial.state.last.insert(2, 0);
        trial.state.seen.insert((2, 0), 3);
        let page = trial.at([1920, 1080], 0, compose);
        let to = |topic| Touch::Goto(Position { topic, slide: 0, step: if topic == 2 { 3 } else { 0 } });
        assert!((0..4).all(|topic| page.hits.iter().any(|h| h.does == to(topic))), "{:?}", page.hits);
    }
}
