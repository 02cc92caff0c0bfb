//! Whatever is done to a deck's text, reading it tells what is wrong or gives a deck that can be checked: it never panics,
//! and it is done at once.

use crate::{bounds, broken::DECK};
use peerscape::deck::{Deck, check::check};
use proptest::prelude::*;

proptest! {
    #![proptest_config(bounds::cases(400))]
    #[test]
    fn no_edit_breaks_the_reader(
        edits in proptest::collection::vec((0_usize..8_000, 0_usize..30, "[ -~äé\n]{0,10}"), 1..3),
        moved in proptest::option::of((0_usize..8_000, 0_usize..200, 0_usize..8_000)),
    ) {
        let text = DECK.replace(['§', '¶'], "");
        let bound = |text: &str, at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let mut text = text;
        for (at, len, put) in edits {
            let begin = bound(&text, at % text.len().max(1));
            let end = bound(&text, begin + len).max(begin);
            text.replace_range(begin..end, &put);
        }
        if let Some((from, len, to)) = moved {
            // A piece of itself at another place: brackets and keys that nearly fit.
            let begin = bound(&text, from % text.len().max(1));
            let end = bound(&text, begin + len).max(begin);
            let piece = text[begin..end].to_owned();
            let to = bound(&text, to % text.len().max(1));
            text.insert_str(to, &piece);
        }
        match bounds::bounded(|| Deck::from_text("deck.ron", &text)) {
            Ok(deck) => bounds::bounded(|| drop(check(&deck))),
            Err(findings) => prop_assert!(!findings.is_empty() && findings.iter().all(|f| !f.render().is_empty())),
        }
    }
}
