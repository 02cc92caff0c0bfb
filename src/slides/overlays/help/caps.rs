//! Keys as they look on a keyboard: printed, never to be touched.

use super::super::kit::{Desk, OUTLINE, Way};
use crate::{
    ink::{
        sheet::{Ink, Shape, Vec2},
        text::{Face, Style},
    },
    input::keys::{Key, KeyCombo, Named},
};

/// What stands on a key, and smaller where keys are many.
pub(super) const CAPS: [(Style, f32); 2] =
    [(Style::new(Face::Regular, 26.0, 34.0), 17.0), (Style::new(Face::Regular, 24.0, 32.0), 12.0)];
/// How high a key is, and no key is narrower.
pub(super) const CAP: f32 = 52.0;
/// Between two keys.
pub(super) const CAP_GAP: f32 = 10.0;

/// Keys shared out over as many lines as they need.
pub(super) fn lines_of(desk: &mut Desk, keys: &[KeyCombo], set: (Style, f32), room: f32) -> Vec<Vec<KeyCombo>> {
    let mut lines: Vec<Vec<KeyCombo>> = Vec::new();
    for combo in keys {
        match lines.last_mut() {
            Some(line) => {
                line.push(combo.clone());
                if caps_width(desk, line, set) > room {
                    line.pop();
                    lines.push(vec![combo.clone()]);
                }
            }
            None => lines.push(vec![combo.clone()]),
        }
    }
    lines
}

/// What is printed on a key: words, and an arrow if it is one.
fn printed(desk: &Desk, combo: &KeyCombo) -> (String, Option<Way>) {
    let mut words = Vec::new();
    let mods = [(combo.mods.ctrl, "key_control"), (combo.mods.shift, "key_shift"), (combo.mods.alt, "key_alt")];
    words.extend(mods.iter().filter(|(on, _)| *on).map(|(_, key)| desk.word(key)));
    let mut way = None;
    match &combo.key {
        Key::Character(written) => words.push(written.to_uppercase()),
        Key::Named(named) => match named {
            Named::ArrowLeft => way = Some(Way::Left),
            Named::ArrowRight => way = Some(Way::Right),
            Named::ArrowUp => way = Some(Way::Up),
            Named::ArrowDown => way = Some(Way::Down),
            Named::Space => words.push(desk.word("key_space")),
            Named::Enter => words.push(desk.word("key_enter")),
            Named::Tab => words.push(desk.word("key_tab")),
            Named::Escape => words.push(desk.word("key_escape")),
            Named::Backspace => words.push(desk.word("key_backspace")),
            Named::Delete => words.push(desk.word("key_delete")),
            Named::Insert => words.push(desk.word("key_insert")),
            Named::Home => words.push(desk.word("key_home")),
            Named::End => words.push(desk.word("key_end")),
            Named::PageUp => words.push(desk.word("key_page_up")),
            Named::PageDown => words.push(desk.word("key_page_down")),
            // F1 to F12 are called so everywhere.
            other => words.push(other.name().to_owned()),
        },
    }
    (words.join(" "), way)
}

/// Half of an arrow on a key, and the room that it takes beside words.
const ARROW: f32 = 11.0;

/// How wide a key is.
fn cap_width(desk: &mut Desk, combo: &KeyCombo, (style, padding): (Style, f32)) -> f32 {
    let (words, way) = printed(desk, combo);
    let words_width = if words.is_empty() { 0.0 } else { desk.type_.width(&words, &style) };
    let arrow = match way {
        Some(_) if words.is_empty() => ARROW * 2.0,
        Some(_) => ARROW * 2.0 + 8.0,
        None => 0.0,
    };
    (words_width + arrow + padding * 2.0).max(CAP).ceil()
}

/// How wide some keys are beside each other.
pub(super) fn caps_width(desk: &mut Desk, keys: &[KeyCombo], set: (Style, f32)) -> f32 {
    let wide: f32 = keys.iter().map(|combo| cap_width(desk, combo, set)).sum();
    wide + CAP_GAP * keys.len().saturating_sub(1) as f32
}

/// Draws keys beside each other, centred on a height; returns how wide they are together. They are printed, never to be
/// touched.
pub(super) fn caps(desk: &mut Desk, keys: &[KeyCombo], set: (Style, f32), [left, middle]: Vec2) -> f32 {
    let look = desk.look();
    let mut x = left;
    for combo in keys {
        let wide = cap_width(desk, combo, set);
        let min = [x, middle - CAP * 0.5];
        desk.sheet.shape(Shape::frame(Ink::Line, min, [wide, CAP], look.corner(12.0), look.stroke(OUTLINE)));
        let (words, way) = printed(desk, combo);
        let words_width = if words.is_empty() { 0.0 } else { desk.type_.width(&words, &set.0) };
        let arrow = if way.is_some() { ARROW * 2.0 } else { 0.0 };
        let gap = if way.is_some() && !words.is_empty() { 8.0 } else { 0.0 };
        let begin = x + (wide - words_width - gap - arrow) * 0.5;
        if !words.is_empty() {
            desk.line(&words, &set.0, begin, middle);
        }
        if let Some(way) = way {
            let centre = [begin + words_width + gap + ARROW, middle];
            way.draw(centre, ARROW, Ink::Ink, look.stroke(3.5), &mut desk.sheet);
        }
        x += wide + CAP_GAP;
    }
    if keys.is_empty() { 0.0 } else { x - CAP_GAP - left }
}
