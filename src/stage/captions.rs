//! The words that belong to marks on the stage: a held peer's number and card, words beside marked peers, signs inside
//! packets. The page's own words know nothing of where peers stand.

use super::{
    chain,
    live::Live,
    rows::HELD_R,
    still::Letter,
    wall::{SceneKey, Stage},
};
use crate::{
    deck::{Deck, structure::Scene},
    ink::{
        look::{Fill, Look},
        sheet::{Ink, Shape, Sheet},
        text::{Align, Face, Style, Typesetter},
    },
    sim::{
        model::{CardValue, Page},
        vocabulary::{Block, BlockState, Life, PeerId, PeerKind},
    },
    slides::words::{CAPTION, CONTROL, NAME, NUMBER, SMALLEST, grouped},
};

/// The card of a held peer (style §4): its width, padding and corner.
const CARD: [f32; 3] = [400.0, 32.0, 20.0];

/// How far from its ring the card stands.
const CARD_GAP: f32 = 44.0;

/// The height of a row of a card.
const ROW: f32 = 44.0;

/// Hashes side by side on a card.
const PRINTS: usize = 11;

/// The page's margin, for cards.
const MARGIN: f32 = 48.0;

/// Where the card of a peer lies: beside its ring, on the side where the page has room. Nothing if it has nothing to say.
#[must_use]
pub fn card(stage: &Stage, key: SceneKey, (network, peer): (usize, PeerId), portrait: bool) -> Option<[f32; 4]> {
    let rows: usize = stage.model(key, network)?.card(peer).iter().map(|row| rows_of(&row.value)).sum();
    let at = stage.touchable(key).into_iter().find(|t| (t.network, t.peer) == (network, peer))?.at;
    if rows == 0 {
        return None;
    }
    let (wide, high) = (CARD[0], CARD[1] * 2.0 + NAME.line + 8.0 + rows as f32 * ROW);
    let (page, top, bottom) = if portrait { (1080.0, 420.0, 1640.0) } else { (1920.0, 220.0, 868.0) };
    let (right, left) = (at[0] + HELD_R + CARD_GAP, at[0] - HELD_R - CARD_GAP - wide);
    let x = if right + wide <= page - MARGIN || left < MARGIN { right } else { left };
    let y = (at[1] - high * 0.5).min(bottom - high).max(top);
    Some([x.min(page - MARGIN - wide), y, wide, high])
}

/// A number that changes whenever [`words`] may: a page that has set them for this number need not set them again.
#[must_use]
pub fn version(stage: &Stage, key: SceneKey) -> u64 {
    stage.networks(key).iter().map(Live::version).sum()
}

/// Sets the words of a scene's marks: beside marked peers, and of what is held.
#[must_use]
pub fn words(
    stage: &Stage,
    key: SceneKey,
    (deck, scene): (&Deck, &Scene),
    look: &Look,
    portrait: bool,
    type_: &mut Typesetter,
) -> Sheet {
    type_.caps = look.caps;
    let mut sheet = Sheet::default();
    for live in stage.networks(key) {
        let pages = live.model().panel().pages;
        for (block, at, scale) in live.chain_spots() {
            if let Some(page) = pages.iter().find(|page| page.block == block.id).filter(|_| scale >= chain::READABLE) {
                written(deck, (block, page), at, scale, look, type_, &mut sheet);
            }
        }
    }
    let model_of = |network: usize| scene.networks.get(network).map_or("", |n| n.model.as_str());
    let Some((network, peer)) = stage.held(key) else {
        for there in stage.touchable(key) {
            let live = stage.networks(key).get(there.network);
            let mark = live.and_then(|live| live.peer(there.peer)).and_then(|peer| peer.mark.or(peer.label));
            if let Some(word) = mark.and_then(|mark| deck.model_word(model_of(there.network), "marks", mark)) {
                let style = Style { face: Face::Bold, ink: Ink::Ink, ..CAPTION };
                let at = [there.at[0], there.at[1] + there.reach + 20.0];
                type_.line(word, &style.align(Align::Centre), at).draw(&mut sheet);
            }
        }
        return sheet;
    };
    let there = stage.touchable(key).into_iter().find(|t| (t.network, t.peer) == (network, peer));
    let stood = stage.networks(key).get(network).and_then(|live| live.peer(peer));
    let (Some(there), Some(stood)) = (there, stood) else {
        return sheet;
    };
    if stood.kind == PeerKind::Peer && !stood.pieces.is_empty() && !matches!(stood.life, Life::Stopped(_)) {
        let number = grouped(u64::from(stood.pieces.count()));
        let of = format!("/ {}", grouped(u64::from(stood.pieces.len())));
        let [x, y] = there.at;
        type_.line(&number, &NUMBER.align(Align::Centre), [x, y - 58.0]).draw(&mut sheet);
        type_.line(&of, &CAPTION.align(Align::Centre), [x, y + 12.0]).draw(&mut sheet);
    }
    let (Some(model), Some([x, y, wide, high])) =
        (stage.model(key, network), card(stage, key, (network, peer), portrait))
    else {
        return sheet;
    };
    let (padding, radius) = (CARD[1], look.corner(CARD[2]));
    let reach = there.reach + 14.0;
    let (from, to) = if x > there.at[0] { (there.at[0] + reach, x) } else { (there.at[0] - reach, x + wide) };
    let level = there.at[1].clamp(y + radius, y + high - radius);
    sheet.shape(Shape::line(Ink::Ink, [from, there.at[1]], [to, level], look.stroke(3.0)));
    sheet.shape(Shape::rect(Ink::Raised, [x, y], [wide, high], radius));
    if look.fill == Fill::Outline {
        sheet.shape(Shape::frame(Ink::Line, [x, y], [wide, high], radius, look.stroke(2.0)));
    }
    let word = |key: &str| deck.model_word(model_of(network), "card", key).unwrap_or(key).to_owned();
    let title = match stood.kind {
        PeerKind::Server => "server",
        PeerKind::Peer => "peer",
    };
    let title = match deck.model_word(model_of(network), "card", title) {
        Some(word) => word.to_owned(),
        None => grouped(u64::from(peer.0)),
    };
    type_.lay(&title, &NAME, wide - padding * 2.0, [x + padding, y + padding]).draw(&mut sheet);
    let mut below = y + padding + NAME.line + 8.0;
    for row in &model.card(peer) {
        let top = below;
        below += rows_of(&row.value) as f32 * ROW;
        type_.line(&word(row.key), &CAPTION, [x + padding, top]).draw(&mut sheet);
        let value = match &row.value {
            CardValue::Count(n) => grouped(*n),
            CardValue::Of(n, of) => format!("{} / {}", grouped(*n), grouped(*of)),
            CardValue::Rate(rate) => format!("{} B/s", grouped(*rate as u64)),
            CardValue::Word(key) => word(key),
            CardValue::Peer(peer) => grouped(u64::from(peer.0)),
            CardValue::Prints(prints) => {
                prints_of(prints, [x + padding, top, wide - padding * 2.0], type_, &mut sheet);
                continue;
            }
        };
        type_.line(&value, &CONTROL.align(Align::Right), [x + wide - padding, top]).draw(&mut sheet);
    }
    sheet
}

/// How many rows of a card a value takes: several hashes stand under their word.
fn rows_of(value: &CardValue) -> usize {
    match value {
        CardValue::Prints(prints) if prints.len() != 1 => 1 + prints.len().div_ceil(PRINTS),
        _ => 1,
    }
}

/// Sets hashes on a card, each as its first 16 bits: one at the right with its digits, several counted and then side by side.
fn prints_of(prints: &[[u8; 2]], [left, top, wide]: [f32; 3], type_: &mut Typesetter, sheet: &mut Sheet) {
    if let [print] = prints {
        let side = ROW - 8.0;
        small_print(*print, [left + wide - side, top], side, sheet);
        let digits = CONTROL.align(Align::Right);
        type_.line(&hexadecimal(print), &digits, [left + wide - side - 14.0, top]).draw(sheet);
        return;
    }
    type_.line(&grouped(prints.len() as u64), &CONTROL.align(Align::Right), [left + wide, top]).draw(sheet);
    let pitch = wide / PRINTS as f32;
    for (i, print) in prints.iter().enumerate() {
        let at = [left + (i % PRINTS) as f32 * pitch, top + ROW * (1 + i / PRINTS) as f32 + 4.0];
        small_print(*print, at, pitch * 0.72, sheet);
    }
}

/// The first 16 bits of a hash, four by four: a lit one is full, a dark one a dot.
fn small_print(print: [u8; 2], [x, y]: [f32; 2], side: f32, sheet: &mut Sheet) {
    let bits = u16::from_be_bytes(print);
    let (pitch, cell) = (side / 4.0, side * 0.2);
    for i in 0_u16..16 {
        let at = [x + f32::from(i % 4) * pitch, y + f32::from(i / 4) * pitch];
        let shape = if bits >> (15 - i) & 1 == 1 {
            Shape::rect(Ink::Data, at, [cell, cell], 0.0)
        } else {
            let thin = cell * 0.5;
            Shape::rect(Ink::Line, [at[0] + thin * 0.5, at[1] + thin * 0.5], [thin, thin], 0.0)
        };
        sheet.shape(shape);
    }
}

/// What is written in a block (style §4): its state and number, its words, and what seals it.
fn written(
    deck: &Deck,
    (block, page): (&Block, &Page),
    [x, y]: [f32; 2],
    scale: f32,
    look: &Look,
    type_: &mut Typesetter,
    sheet: &mut Sheet,
) {
    let (left, right) = (x - 114.0 * scale, x + 114.0 * scale);
    let sized = |size: f32, line: f32| Style::new(Face::Regular, (size * scale).max(SMALLEST), line * scale);
    let top = |offset: f32, style: &Style| y + offset * scale - style.line * 0.5;
    let (key, sign, ink) = match block.state {
        BlockState::Sealed => ("block_sealed", "tick", Ink::Ink),
        BlockState::Changed => ("block_changed", "cross", Ink::Bad),
        BlockState::Broken => ("block_broken", "cross", Ink::Bad),
    };
    deck.icons.draw(sign, [left + 15.0 * scale, y - 214.0 * scale], 34.0 * scale, ink, look.stroke(4.0 * scale), sheet);
    let state = Style { face: Face::Bold, ink, ..sized(29.0, 38.0) };
    type_.line(deck.control(key), &state, [left + 42.0 * scale, top(-214.0, &state)]).draw(sheet);
    let number = Style { ink: Ink::Ink2, align: Align::Right, ..sized(29.0, 38.0) };
    type_.line(&grouped(u64::from(block.height) + 1), &number, [right, top(-214.0, &number)]).draw(sheet);
    words_of(page, [left, y - 180.0 * scale], (right - left, scale), look, type_, sheet);
    let small = sized(26.0, 36.0);
    let bad = if page.fits { Ink::Ink } else { Ink::Bad };
    let before = hexadecimal(&page.before[..4]);
    for (key, value, offset, ink) in
        [("block_before", before, 191.0, bad), ("block_tries", grouped(page.tries), 227.0, Ink::Ink)]
    {
        let name = Style { ink: Ink::Ink2, ..small };
        let value_style =
            Style { ink, face: if ink == Ink::Bad { Face::Bold } else { Face::Regular }, align: Align::Right, ..small };
        let laid = type_.line(deck.control(key), &name, [left, top(offset, &name)]);
        laid.draw(sheet);
        type_.line(&value, &value_style, [right, top(offset, &value_style)]).draw(sheet);
    }
}

/// The first bytes of a fingerprint, in two groups.
fn hexadecimal(bytes: &[u8]) -> String {
    let group = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (first, second) = bytes.split_at(bytes.len() / 2);
    format!("{}\u{202f}{}", group(first), group(second))
}

/// The words of a block in at most two lines, the changed one bold and underlined.
fn words_of(
    page: &Page,
    [left, top]: [f32; 2],
    (width, scale): (f32, f32),
    look: &Look,
    type_: &mut Typesetter,
    sheet: &mut Sheet,
) {
    const SIZES: [(f32, f32, usize); 4] = [(34.0, 43.0, 2), (30.0, 40.0, 2), (26.0, 29.0, 3), (24.0, 28.0, 3)];
    // What is hashed is not set in capitals.
    let caps = std::mem::replace(&mut type_.caps, false);
    let words: Vec<&str> = page.text.split_whitespace().collect();
    for (n, (size, line, most)) in SIZES.into_iter().enumerate() {
        let style = Style::new(Face::Regular, (size * scale).max(SMALLEST), line * scale);
        let changed = Style { face: Face::Bold, ink: Ink::Bad, ..style };
        let space = type_.width("n n", &style) - type_.width("nn", &style);
        let mut places: Vec<(f32, usize)> = Vec::new();
        let (mut x, mut row) = (0.0, 0);
        for (i, word) in words.iter().enumerate() {
            let wide = type_.width(word, if page.changed == Some(i) { &changed } else { &style });
            if x > 0.0 && x + wide > width {
                (x, row) = (0.0, row + 1);
            }
            places.push((x, row));
            x += wide + space;
        }
        if row >= most && n + 1 < SIZES.len() {
            continue;
        }
        for (i, (word, (x, row))) in words.iter().zip(places).enumerate() {
            let is_changed = page.changed == Some(i);
            let style = if is_changed { &changed } else { &style };
            let at = [left + x, top + row as f32 * style.line];
            type_.line(word, style, at).draw(sheet);
            if is_changed {
                let wide = type_.width(word, style);
                let under = at[1] + style.line * 0.5 + style.size * 0.48;
                sheet.shape(Shape::line(Ink::Bad, [at[0], under], [at[0] + wide, under], look.stroke(4.0 * scale)));
            }
        }
        break;
    }
    type_.caps = caps;
}

/// Sets the signs inside packets.
#[must_use]
pub fn letters(letters: &[Letter], type_: &mut Typesetter) -> Sheet {
    let mut sheet = Sheet::default();
    for letter in letters {
        let size = (letter.r * 1.25).max(SMALLEST);
        let ink = if letter.hollow { Ink::Ink } else { Ink::Ground };
        let style = Style { size, line: size * 1.2, ink, ..NAME };
        let at = [letter.at[0], letter.at[1] - size * 0.6];
        type_.line(&letter.text, &style.align(Align::Centre), at).draw(&mut sheet);
    }
    sheet
}
