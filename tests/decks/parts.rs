//! A deck whose topics have files of their own: read as one, and every mistake said in the file that it stands in.

use crate::{Folder, assert_clean};
use peerscape::deck::{
    Deck,
    check::check,
    place::{Finding, render_all},
};

const DECK: &str = r#"#![enable(implicit_some)]
(
    topics: [
        "one",
        (slug: "two", icon: "welcome", slides: [(slug: "b", still: (marks: [peer(name: "p", at: (416, 416))]))]),
    ],
)
"#;

const ONE: &str = r#"#![enable(implicit_some)]
// The first topic.
(
    slug: "one",
    icon: "welcome",
    slides: [
        (slug: "a", still: (marks: [peer(name: "p", at: (416, 416))])),
    ],
)
"#;

const WORDS: &str = r#"(
    language: "English",
    topics: {
        "two": (title: "Two", slides: {"b": (headline: "B", steps: ["The second."])}),
    },
)
"#;

const WORDS_OF_ONE: &str = r#"(
    title: "One",
    slides: {
        "a": (headline: "A", steps: ["The first."]),
    },
)
"#;

fn found(edit: (&str, &str, &str)) -> Vec<Finding> {
    let mut files =
        [("deck.ron", DECK), ("topics/one.ron", ONE), ("words/en.ron", WORDS), ("words/en/one.ron", WORDS_OF_ONE)]
            .map(|(name, text)| (name, text.to_owned()));
    let (name, from, to) = edit;
    for (file, text) in &mut files {
        if *file == name {
            assert!(text.contains(from), "{from}");
            *text = text.replacen(from, to, 1);
        }
    }
    let kept: Vec<(&str, &str)> =
        files.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (*name, text.as_str())).collect();
    let folder = Folder::with(&kept);
    match Deck::load(Some(folder.path()), None, "en") {
        Ok(deck) => check(&deck),
        Err(findings) => findings,
    }
}

#[test]
fn files_of_topics_are_read_where_the_deck_names_them() {
    assert_clean(&found(("", "", "")), "a deck of several files");
    let folder = Folder::with(&[
        ("deck.ron", DECK),
        ("topics/one.ron", ONE),
        ("words/en.ron", WORDS),
        ("words/en/one.ron", WORDS_OF_ONE),
    ]);
    let deck = Deck::load(Some(folder.path()), None, "en").unwrap_or_else(|f| panic!("{}", render_all(&f)));
    let titles: Vec<&str> = (0..deck.len()).map(|topic| deck.topic_title(topic)).collect();
    assert_eq!(titles, ["One", "Two"]);
}

#[test]
fn a_mistake_is_said_in_the_file_it_stands_in() {
    for (edit, rule, place) in [
        (("topics/one.ron", "icon: \"welcome\"", "icon: \"welcom\""), "unknown-icon", "topics/one.ron:5:11"),
        (("topics/one.ron", "icon:", "ikon:"), "unknown-field", "topics/one.ron:5:5"),
        (("topics/one.ron", "        (slug", "        ((slug"), "syntax", "topics/one.ron:7:9"),
        (("words/en/one.ron", "headline", "hedline"), "unknown-field", "words/en/one.ron:4:15"),
        (("words/en/one.ron", "title: \"One\"", "title: \" \""), "missing-words", "words/en/one.ron:2:12"),
        (("deck.ron", "icon: \"welcome\"", "icon: \"welcom\""), "unknown-icon", "deck.ron:5:29"),
        (("words/en.ron", "\"B\"", "\"{b}\""), "unknown-placeholder", "words/en.ron:4:57"),
        (("deck.ron", "\"one\"", "\"uno\""), "missing-file", "deck.ron:4:9"),
        (("words/en/one.ron", WORDS_OF_ONE, ""), "missing-words", "topics/one.ron:4:11"),
    ] {
        let found = found(edit);
        let told = render_all(&found);
        assert!(
            found.iter().any(|f| f.rule == rule && f.spots[0].to_string().ends_with(place)),
            "{rule} {place}\n{told}"
        );
    }
}
