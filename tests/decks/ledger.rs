//! The ledger of facts: one that is right, and one mistake for each of its rules, at its exact place.

use crate::{Folder, assert_clean};
use peerscape::{
    cli::check::{CheckArgs, run},
    deck::{
        Deck,
        check::{check, faults},
        place::{Finding, render_all},
    },
};

const DECK: &str = r#"(
    topics: [(slug: "one", icon: "welcome", slides: [(slug: "only", still: (marks: [peer(name: "a", at: (416, 416))]))])],
)"#;

const WORDS: &str = r#"(
    language: "English",
    topics: {"one": (title: "One", slides: {"only": (
        headline: "Four hosts in 1969",
        steps: ["They stood in California and Utah."],
        more: (title: "Who began it?", text: ["An office of the Pentagon, ARPA."]),
    )})},
)"#;

const FACTS: &str = r#"(
    sources: {
        "article": (about: "An article of 2021.", paragraphs: 3),
        "slides": (about: "Slides of the same year.", paragraphs: 2),
    },
    facts: [
        (fact: "Four hosts began it.", from: {"article": [2], "slides": [1]}, slide: "one/only", treated: dated, shown: ["1969"]),
        (
            fact: "It was not the army's.",
            from: {"article": [3]},
            slide: "one/only",
            treated: corrected,
            shown: ["arpa", "Utah"],
            note: "The article says: the army's.",
        ),
    ],
    without: [
        (source: "article", paragraphs: [1], reason: "A title."),
        (source: "slides", paragraphs: [2], reason: "Says paragraph 1 again."),
    ],
)
"#;

/// A rule, and an edit of the ledger that breaks it. `§` marks the place that must be named.
const CASES: &[(&str, &str, &str)] = &[
    ("unknown-source", r#"{"article": [3]}"#, r#"{"artikel": §[3]}"#),
    ("unknown-source", r#"(source: "slides""#, r#"(source: §"slide""#),
    ("no-such-paragraph", r#"{"article": [3]}"#, r#"{"article": §[3, 4]}"#),
    ("no-such-paragraph", r#"{"article": [3]}"#, r#"{"article": §[3, 0]}"#),
    (
        "paragraph-unanswered",
        r#""article": (about: "An article of 2021.", paragraphs: 3)"#,
        r#""article": §(about: "An article of 2021.", paragraphs: 4)"#,
    ),
    ("paragraph-unanswered", r#"{"article": [2], "slides": [1]}"#, r#"{"slides": [1]}"#),
    ("fact-and-none", "paragraphs: [1]", "paragraphs: §[1, 2]"),
    ("no-reason", r#""A title.""#, r#"§" ""#),
    ("no-note", "            note: \"The article says: the army's.\",\n", ""),
    ("nothing-shown", r#"shown: ["1969"]"#, "shown: []"),
    ("unknown-slide", r#"slide: "one/only", treated"#, r#"slide: §"one/olny", treated"#),
    ("not-shown", r#"["1969"]"#, r#"[§"1966"]"#),
    ("not-shown", r#""arpa""#, r#"§"arp""#),
    ("missing-field", r#", treated: dated"#, ""),
    ("unknown-word", "treated: dated", "treated: §undated"),
];

fn folder(facts: &str) -> Folder {
    Folder::with(&[("deck.ron", DECK), ("words/en.ron", WORDS), ("facts.ron", facts)])
}

fn load(folder: &Folder) -> Deck {
    Deck::load(Some(folder.path()), None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)))
}

fn found(facts: &str) -> Vec<Finding> {
    check(&load(&folder(facts)))
}

#[test]
fn a_ledger_that_is_right_is_clean() {
    assert_clean(&found(FACTS), "the ledger");
}

#[test]
fn every_mistake_is_found_at_its_place_and_by_no_other_rule() {
    for (rule, from, to) in CASES {
        assert_eq!(FACTS.matches(from).count(), 1, "{from}");
        let marked = FACTS.replacen(from, to, 1);
        let broken = marked.replace('§', "");
        let mut found = found(&broken);
        // A fact that names the wrong paragraph leaves the right one unanswered.
        found.retain(|f| f.rule == *rule || f.rule != "paragraph-unanswered");
        assert_eq!(found.len(), 1, "{rule}: {from} → {to}\n{}", render_all(&found));
        assert_eq!(found[0].rule, *rule, "{}", render_all(&found));
        let spot = &found[0].spots[0];
        assert!(spot.source.name.ends_with("facts.ron"), "{spot}");
        if let Some(at) = marked.find('§') {
            assert_eq!(spot.at.start, at, "{rule}\n{}", render_all(&found));
        }
        assert!(!found[0].message.is_empty() && !found[0].expected.is_empty());
    }
}

#[test]
fn a_mistake_in_the_ledger_fails_the_command_and_not_the_wall() {
    let folder = folder(&FACTS.replace("1969", "1966"));
    let deck = load(&folder);
    assert_eq!(check(&deck).len(), 1);
    assert_clean(&faults(&deck), "what is shown");
    let failed = run(&CheckArgs { decks: vec![folder.path().to_owned()], ..CheckArgs::default() });
    assert_eq!(format!("{failed:?}"), format!("{:?}", std::process::ExitCode::from(1)));
}

#[test]
fn the_built_in_ledger_counts_every_paragraph_of_four_sources() {
    let deck = Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)));
    let source = deck.facts_source.as_ref().expect("the built-in deck keeps a ledger");
    let ledger: peerscape::deck::ledger::Ledger = peerscape::deck::place::read(source).unwrap();
    let paragraphs: Vec<u32> = ledger.sources.values().map(|s| s.value.paragraphs).collect();
    assert_eq!(paragraphs.len(), 4);
    assert_eq!(paragraphs.iter().sum::<u32>(), 133 + 460 + 38 + 100);
    assert!(ledger.facts.len() >= 300, "{} facts are few", ledger.facts.len());
}
