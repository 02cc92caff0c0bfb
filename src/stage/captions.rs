//! The words that belong to marks on the stage: a held peer's number and card, words beside marked peers, signs inside
//! packets. The page's own words know nothing of where peers stand.

use super::{
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
        model::CardValue,
        vocabulary::{Life, PeerId, PeerKind},
    },
    slides::words::{CAPTION, CONTROL, NAME, NUMBER, SMALLEST, grouped},
};

/// The card of a held peer (style §4): its width, padding and corner.
const CARD: [f32; 3] = [400.0, 32.0, 20.0];

/// How far from its ring the card stands.
const CARD_GAP: f32 = 44.0;

/// The height of a row of a card.
const ROW: f32 = 44.0;

/// The page's margin, for cards.
const MARGIN: f32 = 48.0;

/// Where the card of a peer lies: beside its ring, on the side where the page has room. Nothing if it has nothing to say.
#[must_use]
pub fn card(stage: &Stage, key: SceneKey, (network, peer): (usize, PeerId), portrait: bool) -> Option<[f32; 4]> {
    let rows = stage.model(key, network)?.card(peer).len();
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
    for (i, row) in model.card(peer).iter().enumerate() {
        let top = y + padding + NAME.line + 8.0 + i as f32 * ROW;
        type_.line(&word(row.key), &CAPTION, [x + padding, top]).draw(&mut sheet);
        let value = match &row.value {
            CardValue::Count(n) => grouped(*n),
            CardValue::Of(n, of) => format!("{} / {}", grouped(*n), grouped(*of)),
            CardValue::Rate(rate) => format!("{} B/s", grouped(*rate as u64)),
            CardValue::Word(key) => word(key),
            CardValue::Peer(peer) => grouped(u64::from(peer.0)),
        };
        type_.line(&value, &CONTROL.align(Align::Right), [x + wide - padding, top]).draw(&mut sheet);
    }
    sheet
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
