//! What does not fit an overlay: every one that a deck's words, or the house's, stand in.

use super::{
    super::{
        Fault, View,
        check::{Trial, out_of_reach},
    },
    attract, help, more, overview, still_there,
};
use crate::{
    deck::{
        Deck,
        assets::Assets,
        state::{DeckState, Position},
    },
    ink::{look::Look, sheet::Canvas, text::Typesetter},
    input::bindings::{Bindings, Mode},
    slides::Page,
};

/// Lying and upright; every other size is one of these, scaled.
const SIZES: [[u32; 2]; 2] = [[1920, 1080], [1080, 1920]];

/// Composes the overview, help, "Still there?", every *more* and every stop of the attract loop, and tells what does not
/// fit or stands out of reach. A fault stands once for each slide, or at the deck's first.
#[must_use]
pub fn of(
    deck: &Deck,
    trial: Trial,
    which: &dyn Fn(Position) -> bool,
    type_: &mut Typesetter,
) -> Vec<(Position, Fault)> {
    let mut found = Vec::new();
    let Ok(looks) = Look::embedded() else { return found };
    let bindings = Bindings::of_assets(&Assets::default()).unwrap_or_default();
    let stops: Vec<Position> = deck.structure.attract.iter().filter_map(|stop| deck.find_slide(&stop.slide)).collect();
    for size in SIZES {
        for (i, look) in looks.iter().enumerate() {
            // Of a look only its capitals change what fits.
            if looks[..i].iter().any(|before| before.caps == look.caps) {
                continue;
            }
            let mut compose = |at: Position, page: &mut dyn FnMut(&View, &mut Typesetter) -> Page| {
                let state = DeckState { at, ..DeckState::default() };
                let canvas = Canvas { size };
                let Trial { length_percent, ease } = trial;
                let view = View { deck, state: &state, look, canvas, scene: None, looks: &looks, length_percent, ease };
                let page = page(&view, type_);
                for fault in page.faults.into_iter().chain(out_of_reach(&page.hits, ease)) {
                    let again = |(p, f): &(Position, Fault)| (p, &f.what, f.rule) == (&at, &fault.what, fault.rule);
                    if !found.iter().any(again) {
                        found.push((at, fault));
                    }
                }
            };
            let first = Position::default();
            compose(first, &mut |view, type_| overview::compose(view, type_));
            compose(first, &mut |view, type_| help::compose_for(view, type_, &bindings, Mode::Exhibit, true));
            compose(first, &mut |view, type_| still_there::compose(view, type_, still_there::SECONDS));
            for at in deck.walk().filter(|at| which(*at)) {
                compose(at, &mut |view, type_| {
                    let mut page = Page::default();
                    more::compose(view, type_, &mut page);
                    page
                });
            }
            for (stop, at) in stops.iter().enumerate().filter(|(_, at)| which(**at)) {
                for headline in headlines(deck, *at) {
                    compose(*at, &mut |view, type_| attract::compose(view, type_, headline, stop, 0.0, true));
                }
            }
        }
    }
    found
}

/// Every headline that may stand over a slide's scene while it plays itself.
fn headlines(deck: &Deck, at: Position) -> Vec<&str> {
    let words = deck.slide_words(at);
    let own = words.attract.as_ref().unwrap_or(&words.headline);
    let mut all = vec![own.as_str()];
    all.extend(words.states.values().map(|state| state.as_str()));
    for network in deck.slide(at).scene.iter().flat_map(|scene| &scene.networks) {
        let states = deck.model_words(&network.model).flat_map(|model| model.states.values());
        all.extend(states.map(|state| state.as_str()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{super::trial, *};

    #[test]
    fn nothing_of_the_exhibits_own_deck_is_too_long() {
        let deck = Deck::load(None, None, "en").unwrap();
        for percent in [100, 135] {
            assert_eq!(
                of(&deck, Trial { length_percent: percent, ..Trial::default() }, &|_| true, &mut Typesetter::new()),
                [],
                "{percent} %"
            );
        }
    }

    #[test]
    fn what_is_too_long_is_told_at_its_slide() {
        let mut deck = trial::deck(3, 1, 2);
        let words = deck.words.topics.get_mut("t1").unwrap().value.slides.get_mut("s").unwrap();
        let more = words.value.more.as_mut().unwrap();
        more.title.value = "A title that goes on and on ".repeat(6);
        more.text[1].value = "x".repeat(200);
        let found = of(&deck, Trial::default(), &|_| true, &mut Typesetter::new());
        let told: Vec<_> = found.iter().map(|(at, fault)| (at.topic, fault.what.as_str())).collect();
        assert_eq!(told, [(1, "more"), (1, "more 2")]);
    }
}
