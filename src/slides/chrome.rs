//! What stands on every page (style §6): the ways to other slides, where we are, look, help, and the corner.

use super::{
    Area, Touch,
    controls::{Points, round},
    page::Desk,
    words::{CAPTION, CAPTION_SMALL, LEAST, fill, grouped},
};
use crate::{
    deck::action::Action,
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Align, Face, Style},
    },
};
use std::f32::consts::FRAC_PI_2;

/// The middle of the chrome's row, and where it begins and ends.
const Y: f32 = 1020.0;
/// How high its targets are.
const HIGH: f32 = 72.0;
/// Rows in portrait: arrows and title; the rest.
const PORTRAIT_ROWS: [f32; 2] = [1742.0, 1850.0];
/// Radius of the arrows.
const ARROW: [f32; 2] = [36.0, 40.0];
/// The title's style, and smaller where it is longer.
const TITLES: [Style; 2] = [Style::new(Face::Bold, 28.0, 36.0), Style::new(Face::Bold, 26.0, 36.0)];
/// The smallest title, on two lines.
const TITLE_TWO: Style = Style::new(Face::Bold, 24.0, 28.0);
/// A topic with more slides is counted in words alone.
const MOST_DOTS: usize = 12;
/// From one dot to the next.
const DOT_PITCH: f32 = 16.0;
/// Quarter arcs of the corner, and the side of its target.
const CORNER: ([f32; 3], f32) = ([22.0, 34.0, 46.0], 120.0);
/// How wide a look's band is in the corner of the front page.
const BAND: f32 = 64.0;
/// The box of words beside the corner's leader on the front page.
const CORNER_WORDS: f32 = 720.0;

/// Draws the chrome. `bands` shows the looks in the corner, as the front page does.
pub fn chrome(desk: &mut Desk, bands: bool) {
    if bands {
        look_bands(desk);
    } else {
        corner(desk);
    }
    if desk.portrait() {
        upright(desk);
    } else {
        row(desk);
    }
}

/// What can be reached from here, and what it is called.
struct Ways {
    left: bool,
    right: Option<String>,
    up: bool,
    below: usize,
    slide: usize,
    slides: usize,
    title: String,
}

fn ways(desk: &Desk) -> Ways {
    let (deck, at) = (desk.view.deck, desk.at());
    let slides = deck.slides(at.topic).max(1);
    Ways {
        left: at.topic > 0,
        right: (at.topic + 1 < deck.len()).then(|| deck.topic_title(at.topic + 1).to_owned()),
        up: at.slide > 0,
        below: slides.saturating_sub(at.slide + 1),
        slide: at.slide,
        slides,
        title: deck.topic_title(at.topic).to_owned(),
    }
}

fn row(desk: &mut Desk) {
    let ways = ways(desk);
    let r = ARROW[0];
    let arrow = |desk: &mut Desk, x, points, action, key, enabled| {
        let name = desk.control(key);
        round(desk, [x, Y], r, points, action, name, enabled);
    };
    arrow(desk, 100.0, Points::Left, Action::PreviousTopic, "previous_topic", ways.left);
    quiet(desk, "topics", "topics", Action::Overview, [195.0, 224.0], [160.0, 392.0], Y);
    quiet(desk, "look", "look", Action::Look, [430.0, 458.0], [400.0, 546.0], Y);
    quiet(desk, "help", "help", Action::Help, [580.0, 608.0], [550.0, 700.0], Y);
    arrow(desk, 762.0, Points::Up, Action::Back, "back", ways.up);
    where_we_are(desk, &ways, 960.0, Y, "place");
    arrow(desk, 1158.0, Points::Down, Action::Deeper, "deeper", ways.below > 0);
    if ways.below > 0 {
        let below = grouped(ways.below as u64);
        let text = fill(&desk.control("below"), |k| (k == "n").then(|| below.clone()));
        let sizes = desk.view.ease.sizes(&[CAPTION_SMALL]);
        desk.middle("control below", &text, &sizes, 150.0, [1210.0, Y]);
    }
    if let Some(title) = &ways.right {
        let two = Style { line: 30.0, ..LEAST.align(Align::Right) };
        title_beside(desk, title, &two, 1768.0, 392.0, Y);
    }
    arrow(desk, 1820.0, Points::Right, Action::NextTopic, "following_topic", ways.right.is_some());
}

/// The next topic's name: one line, or two smaller ones.
fn title_beside(desk: &mut Desk, title: &str, two: &Style, right: f32, width: f32, y: f32) {
    let one = desk.view.ease.sizes(&[CAPTION_SMALL.align(Align::Right)]);
    if desk.type_.fit(title, &one, width, 1, [right, y]).1 {
        desk.middle("next topic", title, &one, width, [right, y]);
    } else {
        let lines = desk.type_.lay(title, two, width, [0.0, 0.0]).lines.min(2);
        desk.fit("next topic", title, &[*two], width, 2, [right, y - two.line * lines as f32 * 0.5]);
    }
}

fn upright(desk: &mut Desk) {
    let ways = ways(desk);
    let [y, low] = PORTRAIT_ROWS;
    let r = ARROW[1];
    let arrow = |desk: &mut Desk, x, points, action, key, enabled| {
        let name = desk.control(key);
        round(desk, [x, y], r, points, action, name, enabled);
    };
    arrow(desk, 104.0, Points::Left, Action::PreviousTopic, "previous_topic", ways.left);
    arrow(desk, 290.0, Points::Up, Action::Back, "back", ways.up);
    where_we_are(desk, &ways, 540.0, y, if ways.below > 0 { "place_below" } else { "place" });
    arrow(desk, 790.0, Points::Down, Action::Deeper, "deeper", ways.below > 0);
    arrow(desk, 976.0, Points::Right, Action::NextTopic, "following_topic", ways.right.is_some());
    quiet(desk, "topics", "topics", Action::Overview, [84.0, 112.0], [64.0, 290.0], low);
    quiet(desk, "look", "look", Action::Look, [330.0, 358.0], [306.0, 450.0], low);
    quiet(desk, "help", "help", Action::Help, [490.0, 518.0], [466.0, 612.0], low);
    if let Some(title) = &ways.right {
        let title = fill(&desk.control("next_topic"), |k| (k == "title").then(|| title.clone()));
        let two = Style { line: 32.0, ..LEAST.align(Align::Right) };
        title_beside(desk, &title, &two, 1016.0, 390.0, low);
    }
}

/// A sign and a word without an outline: always there, never loud.
fn quiet(desk: &mut Desk, key: &'static str, icon: &str, action: Action, x: [f32; 2], ends: [f32; 2], y: f32) {
    let text = desk.control(key);
    desk.icon(icon, [x[0], y], 40.0, Ink::Ink2);
    let sizes = desk.view.ease.sizes(&[CAPTION_SMALL, LEAST]);
    desk.middle(&format!("control {key}"), &text, &sizes, ends[1] - x[1], [x[1], y]);
    desk.hit(Area::Rect([ends[0], y - HIGH * 0.5, ends[1] - ends[0], HIGH], 0.0), Touch::Action(action), text, true);
}

/// The topic's title, below it one dot a slide and "3 of 10".
fn where_we_are(desk: &mut Desk, ways: &Ways, x: f32, y: f32, key: &str) {
    // The arrows beside it stand 324 px apart.
    let width = 300.0;
    // It can't grow, and is the deck's own: another language's is checked as it is.
    let percent = std::mem::replace(&mut desk.type_.percent, 100);
    let centred = desk.view.ease.sizes(&TITLES.map(|s| s.align(Align::Centre)));
    if desk.type_.fit(&ways.title, &centred, width, 1, [x, y]).1 {
        desk.middle("title", &ways.title, &centred, width, [x, y - 20.0]);
    } else {
        let (whole, at) = (TITLE_TWO.align(Align::Centre).balanced(), [x, y - 56.0]);
        let parted = TITLE_TWO.align(Align::Centre);
        let style = if desk.type_.fit(&ways.title, &[whole], width, 2, at).1 { whole } else { parted };
        desk.fit("title", &ways.title, &[style], width, 2, at);
    }
    desk.type_.percent = percent;
    let (n, of) = (grouped(ways.slide as u64 + 1), grouped(ways.slides as u64));
    let below = grouped(ways.below as u64);
    let text = fill(&desk.control(key), |k| match k {
        "n" => Some(n.clone()),
        "of" => Some(of.clone()),
        "below" => Some(below.clone()),
        _ => None,
    });
    let style = LEAST;
    let words = desk.type_.width(&text, &style);
    let mut dots = if ways.slides <= MOST_DOTS { (ways.slides - 1) as f32 * DOT_PITCH + 24.0 } else { 0.0 };
    if words + dots > width {
        dots = 0.0;
    }
    let (left, middle) = (x - (words + dots) * 0.5, y + 19.0);
    if dots > 0.0 {
        for slide in 0..ways.slides {
            let centre: Vec2 = [left + 4.0 + slide as f32 * DOT_PITCH, middle];
            let (ink, r) = if slide == ways.slide { (Ink::Ink, 6.0) } else { (Ink::Line, 3.5) };
            desk.over().shape(Shape::disc(ink, centre, r));
        }
    }
    desk.line("control place", &text, &style, width, [left + dots, middle - style.line * 0.5]);
}

/// Three quarter arcs: another look.
fn corner(desk: &mut Desk) {
    let stroke = desk.look().stroke(2.5);
    for r in CORNER.0 {
        desk.over().shape(Shape::arc(Ink::Line, [0.0, 0.0], r, FRAC_PI_2, FRAC_PI_2, stroke));
    }
    let name = desk.control("look");
    desk.hit(Area::Rect([0.0, 0.0, CORNER.1, CORNER.1], 0.0), Touch::Action(Action::Look), name, true);
}

/// Five bands, each a look, the first one outermost; the present one's dot is filled.
fn look_bands(desk: &mut Desk) {
    let looks = desk.view.looks.len().clamp(1, 5);
    let present = desk.look().index;
    let edge = desk.look().stroke(2.0);
    for look in 0..looks {
        let outer = BAND * (looks - look) as f32;
        let middle = outer - BAND * 0.5;
        let ground = Ink::Look(look as u8);
        let dot = Ink::Look(5 + look as u8);
        let sheet = desk.over();
        sheet.shape(Shape::arc(ground, [0.0, 0.0], middle, FRAC_PI_2, FRAC_PI_2, BAND));
        sheet.shape(Shape::arc(Ink::Line, [0.0, 0.0], outer, FRAC_PI_2, FRAC_PI_2, edge));
        let at = [middle * std::f32::consts::FRAC_1_SQRT_2; 2];
        if look == present {
            sheet.shape(Shape::disc(dot, at, 12.0));
        } else {
            sheet.shape(Shape::circle(dot, at, 9.5, 3.0));
        }
    }
    let r = BAND * looks as f32;
    let name = desk.control("look");
    desk.hit(Area::Circle([0.0, 0.0], r), Touch::Action(Action::Look), name, true);

    let (from, y, text) = (r + 24.0, 63.0, desk.control("corner"));
    let (line, dot) = (desk.look().stroke(2.5), 5.0);
    desk.over().shape(Shape::disc(Ink::Ink2, [from, y], dot));
    desk.over().shape(Shape::line(Ink::Ink2, [from, y], [from + 60.0, y], line));
    let room = (desk.size()[0] - 64.0 - from - 80.0).min(CORNER_WORDS);
    let styles = [CAPTION.ink(Ink::Ink2), CAPTION_SMALL];
    desk.fit("control corner", &text, &styles, room, 2, [from + 80.0, y - CAPTION.line * 0.5]);
}
