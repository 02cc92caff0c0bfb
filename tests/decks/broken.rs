//! Broken decks, each with the exact place of its mistake.
//!
//! Every deck is the right one below with one edit. `§` in the new text marks the place that must be named, `¶` a second
//! place where two files disagree; both marks are taken out before the deck is read.

use crate::{Folder, assert_clean, findings};
use peerscape::deck::{
    Deck,
    check::check,
    place::{Finding, render_all},
};
use std::fmt::Write as _;

pub const DECK: &str = r#"(
    topics: [
        (
            slug: "one",
            icon: "welcome",
            slides: [
                // A picture.
                (slug: "picture", still: (
                    marks: [
                        peer(name: "a", at: (216, 416), of: 12, holds: [0, 1]),
                        peer(name: "b", at: (616, 416)),
                        link(from: "a", to: "b"),
                        packet(from: "a", to: "b", along: 0.5),
                        word(at: (416, 500), key: "below", style: name),
                        icon(at: (416, 200), key: "help", side: 88),
                        units(at: (100, 100), filled: 3, of: 10),
                        block(name: "x", at: (200, 300), scale: 0.2),
                        block(name: "y", at: (400, 300), scale: 0.2, before: "x"),
                    ],
                )),
                (slug: "live", scene: (
                    networks: [
                        (name: "left", model: "distribution", set: {"mode": "client-server", "peers": 5, "chunks": 40}),
                    ],
                    speed: 150,
                    deed: "stop",
                    pills: [(deed: "add")],
                    readouts: [(figure: "clock", tick: "bound_s")],
                    columns: (figure: "copies", of: 5),
                )),
            ],
        ),
        (slug: "end", icon: "sources", slides: [(slug: "thanks", layout: sources)]),
    ],
    attract: [(slide: "one/live", seconds: 10)],
)
"#;

const WORDS: &str = r#"(
    language: "English",
    topics: {
        "one": (
            title: "One",
            slides: {
                "picture": (
                    headline: "Two peers",
                    steps: ["A link joins them."],
                    words: {"below": "a and b"},
                ),
                "live": (
                    headline: "One gives",
                    states: {"all_done": "All have it."},
                    steps: ["A server gives to all."],
                    words: {"left": "From one"},
                ),
            },
        ),
        "end": (
            title: "Sources",
            slides: {"thanks": (headline: "Thanks", steps: ["To all."])},
        ),
    },
)
"#;

/// A mistake: what it is called, the rule, and the edits of `deck.ron` (D) or `words/en.ron` (W): what stands there, and
/// what takes its place.
struct Case(&'static str, &'static str, &'static [(File, &'static str, &'static str)]);

#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    D,
    W,
}
use File::{D, W};

const CASES: &[Case] = &[
    // The file can't be read.
    Case("an empty file", "syntax", &[(D, DECK, "§")]),
    Case(
        "a missing comma",
        "syntax",
        &[
            (D, "icon: \"welcome\",", "icon: \"welcome\"\n            "),
            (D, "slides: [\n                // A", "§slides: [\n                // A"),
        ],
    ),
    Case(
        "an unclosed list",
        "syntax",
        &[
            (D, "topics: [\n        (\n            slug", "topics: §[\n        (\n            slug"),
            (D, "    ],\n    attract", "    attract"),
        ],
    ),
    Case("a bracket of another kind", "syntax", &[(D, "holds: [0, 1])", "holds: §[0, 1)")]),
    Case("a text without its end", "syntax", &[(W, "\"Two peers\"", "§\"Two peers")]),
    Case("a backslash that means nothing", "syntax", &[(W, "\"a and b\"", "\"a §\\& b\"")]),
    Case("something after the end", "syntax", &[(D, "seconds: 10)],\n)\n", "seconds: 10)],\n)\n§()\n")]),
    Case("a comment without its end", "syntax", &[(W, "    language:", "    §/* language:")]),
    // Names and kinds of values.
    Case("an unknown field of a slide", "unknown-field", &[(D, "scene: (", "§scen: (")]),
    Case(
        "an unknown field deep in a scene",
        "unknown-field",
        &[(D, "(figure: \"clock\", tick", "(figure: \"clock\", §tic")],
    ),
    Case("an unknown field of words", "unknown-field", &[(W, "headline: \"One gives\"", "§heading: \"One gives\"")]),
    Case("an unknown field of a mark", "unknown-field", &[(D, "along: 0.5", "§allong: 0.5")]),
    Case(
        "words in the structure of a folder",
        "unknown-field",
        &[(D, "    attract: [", "    §words: (language: \"E\", topics: {}),\n    attract: [")],
    ),
    Case("a missing field", "missing-field", &[(D, "        (\n            slug: \"one\",\n", "        §(\n")]),
    Case("a missing field of words", "missing-field", &[(W, "\"thanks\": (headline: \"Thanks\", ", "\"thanks\": §(")]),
    Case("an unknown mark", "unknown-word", &[(D, "packet(from", "§paket(from")]),
    Case("an unknown layout", "unknown-word", &[(D, "layout: sources", "layout: §source")]),
    Case("an unknown placement", "unknown-word", &[(D, "\"chunks\": 40}", "\"chunks\": 40}, placement: §circel")]),
    Case("a number for a text", "wrong-kind", &[(W, "title: \"One\"", "title: §1")]),
    Case("a text for a list", "wrong-kind", &[(W, "steps: [\"To all.\"]", "steps: §\"To all.\"")]),
    Case("a text for a number", "wrong-kind", &[(D, "speed: 150", "speed: §\"fast\"")]),
    Case("a number below nothing", "wrong-kind", &[(D, "\"copies\", of: 5", "\"copies\", of: §-5")]),
    Case("a list for a setting", "wrong-kind", &[(D, "\"peers\": 5", "\"peers\": §[5]")]),
    Case(
        "a key twice",
        "duplicate-key",
        &[(W, "words: {\"left\": \"From one\"}", "words: {¶\"left\": \"From one\", §\"left\": \"Again\"}")],
    ),
    Case("a field twice", "duplicate-key", &[(D, "speed: 150", "¶speed: 150,\n                    §speed: 1")]),
    Case(
        "a slide's words twice",
        "duplicate-key",
        &[
            (W, "\"picture\": (", "¶\"picture\": ("),
            (
                W,
                "                \"live\": (",
                "                §\"picture\": (headline: \"\", steps: []),\n                \"live\": (",
            ),
        ],
    ),
    // Names that are taken or can't be.
    Case(
        "a topic's slug twice",
        "duplicate-slug",
        &[(
            D,
            "        (slug: \"end\"",
            "        (slug: ¶\"end\", icon: \"sources\", slides: [(slug: \"thanks\", layout: sources)]),\n        (slug: §\"end\"",
        )],
    ),
    Case(
        "a slide's slug twice",
        "duplicate-slug",
        &[(
            D,
            "[(slug: \"thanks\", layout: sources)]",
            "[(slug: ¶\"thanks\", layout: sources), (slug: §\"thanks\", layout: sources)]",
        )],
    ),
    Case(
        "a slug with a blank",
        "bad-slug",
        &[(D, "(slug: \"end\"", "(slug: §\"the end\""), (W, "\"end\": (", "\"the end\": (")],
    ),
    Case(
        "a peer's name twice",
        "duplicate-name",
        &[
            (D, "peer(name: \"a\"", "¶peer(name: \"a\""),
            (
                D,
                "peer(name: \"b\", at: (616, 416)),",
                "peer(name: \"b\", at: (616, 416)),\n                        peer(name: §\"a\", at: (1, 1)),",
            ),
        ],
    ),
    // Nothing there.
    Case(
        "no topics",
        "empty-deck",
        &[(D, DECK, "(\n    topics: §[],\n)"), (W, WORDS, "(language: \"English\", topics: {})")],
    ),
    Case(
        "a topic without slides",
        "empty-topic",
        &[
            (
                D,
                "(slug: \"end\", icon: \"sources\", slides: [(slug: \"thanks\", layout: sources)])",
                "(slug: §\"end\", icon: \"sources\", slides: [])",
            ),
            (W, "slides: {\"thanks\": (headline: \"Thanks\", steps: [\"To all.\"])}", "slides: {}"),
        ],
    ),
    Case(
        "a slide with nothing to look at",
        "nothing-to-see",
        &[(D, "slug: \"thanks\", layout: sources", "slug: §\"thanks\"")],
    ),
    Case("a slide without labels", "no-steps", &[(W, "steps: [\"A link joins them.\"]", "steps: §[]")]),
    Case(
        "notes for a step that is not there",
        "too-many-notes",
        &[(
            W,
            "steps: [\"A link joins them.\"]",
            "steps: [\"A link joins them.\"], step_notes: [\"Ask.\", §\"Wait.\"]",
        )],
    ),
    // Words against structure.
    Case(
        "a topic without words",
        "missing-words",
        &[(D, "(slug: \"end\"", "(slug: §\"eend\""), (W, "\"end\": (", "¶\"end\": (")],
    ),
    Case(
        "a topic without words like its own",
        "missing-words",
        &[
            (
                D,
                "        (slug: \"end\"",
                "        (slug: §\"quite-another\", icon: \"help\", slides: [(slug: \"s\", layout: sources)]),\n        (slug: \"end\"",
            ),
            (W, "    topics: {", "    ¶topics: {"),
        ],
    ),
    Case(
        "a slide without words",
        "missing-words",
        &[(D, "(slug: \"picture\"", "(slug: §\"pictures\""), (W, "\"picture\": (", "¶\"picture\": (")],
    ),
    Case(
        "a key of a mark without words",
        "missing-words",
        &[(D, "key: \"below\"", "key: §\"belaw\""), (W, "words: {\"below\"", "words: {¶\"below\"")],
    ),
    Case(
        "a network without a name",
        "missing-words",
        &[(D, "name: \"left\"", "name: §\"lefd\""), (W, "words: {\"left\"", "words: {¶\"left\"")],
    ),
    Case("an empty headline", "missing-words", &[(W, "headline: \"Thanks\"", "headline: §\" \"")]),
    Case(
        "words of no topic",
        "words-of-nothing",
        &[
            (W, "        \"end\": (", "        §\"ende\": (title: \"\", slides: {}),\n        \"end\": ("),
            (D, "    topics: [", "    ¶topics: ["),
        ],
    ),
    Case(
        "words of no slide",
        "words-of-nothing",
        &[
            (W, "slides: {\"thanks\"", "slides: {§\"thank\": (headline: \"T\", steps: [\"T\"]), \"thanks\""),
            (D, "slug: \"end\"", "slug: ¶\"end\""),
        ],
    ),
    Case(
        "words that no mark shows",
        "words-of-nothing",
        &[
            (W, "{\"below\": \"a and b\"", "{\"below\": \"a and b\", §\"beside\": \"c\""),
            (D, "slug: \"picture\"", "slug: ¶\"picture\""),
        ],
    ),
    Case(
        "words of no control",
        "words-of-nothing",
        &[(W, "    language: \"English\",", "    language: \"English\",\n    controls: {§\"nexxt\": \"On\"},")],
    ),
    Case(
        "words of no deed",
        "words-of-nothing",
        &[(
            W,
            "    language: \"English\",",
            "    language: \"English\",\n    models: {\"distribution\": (deeds: {§\"fly\": \"Fly\"})},",
        )],
    ),
    Case(
        "words of no model",
        "unknown-model",
        &[(W, "    language: \"English\",", "    language: \"English\",\n    models: {§\"distributoin\": ()},")],
    ),
    Case(
        "a headline for no state",
        "unknown-state",
        &[(W, "{\"all_done\"", "{§\"al_done\""), (D, "slug: \"live\"", "slug: ¶\"live\"")],
    ),
    Case("a placeholder that nothing fills in", "unknown-placeholder", &[(W, "\"From one\"", "\"From §{ones}\"")]),
    Case("a placeholder on a still", "unknown-placeholder", &[(W, "\"a and b\"", "\"a and §{copies}\"")]),
    Case("a sign that no face has", "no-such-sign", &[(W, "\"To all.\"", "\"To all §✓.\"")]),
    // What nothing draws yet.
    Case(
        "a trail",
        "not-drawn-yet",
        &[(D, "link(from: \"a\", to: \"b\")", "link(from: \"a\", to: \"b\", trail: §true)")],
    ),
    Case("a second rate of time", "not-drawn-yet", &[(D, "speed: 150,", "speed: 150, idle_speed: §9000,")]),
    // Panels.
    Case("an unknown instrument", "unknown-word", &[(D, "speed: 150,", "panel: (left: [§dial]), speed: 150,")]),
    Case(
        "keys for a model that takes no words",
        "unknown-deed",
        &[(D, "speed: 150,", "panel: (left: [§keys]), speed: 150,")],
    ),
    Case(
        "a slider for a deed that takes no number",
        "out-of-range",
        &[(D, "speed: 150,", "panel: (left: [§slider(deed: \"stop\", tick: 1)]), speed: 150,")],
    ),
    Case(
        "a slider for an unknown deed",
        "unknown-deed",
        &[(D, "speed: 150,", "panel: (left: [§slider(deed: \"warp\", tick: 1)]), speed: 150,")],
    ),
    Case(
        "an unknown figure on a panel",
        "unknown-figure",
        &[(D, "speed: 150,", "panel: (left: [§figure(\"beauty\")]), speed: 150,")],
    ),
    Case(
        "words of a panel that nobody wrote",
        "missing-words",
        &[(D, "speed: 150,", "panel: (left: [§words(\"nowhere\")]), speed: 150,")],
    ),
    Case(
        "a pill's words that nobody wrote",
        "missing-words",
        &[(D, "(deed: \"add\")", "(deed: \"add\", words: §\"nowhere\")")],
    ),
    Case("a tick across columns", "not-drawn-yet", &[(D, "of: 5)", "of: 5, tick: §\"bound_s\")")]),
    Case("a strip", "not-drawn-yet", &[(D, "of: 5)", "of: 5, strip: §true)")]),
    Case("a layer too many", "out-of-range", &[(D, "along: 0.5", "along: 0.5, layers: §4")]),
    // Too many words.
    Case(
        "a long headline",
        "headline-too-long",
        &[(W, "\"Thanks\"", "§\"one two three four five six seven eight nine ten eleven twelve thirteen\"")],
    ),
    Case(
        "a long headline of a state",
        "headline-too-long",
        &[(W, "\"All have it.\"", "§\"one two three four five six seven eight nine ten eleven twelve thirteen\"")],
    ),
    Case(
        "a long rule",
        "rule-too-long",
        &[(W, "\"A server gives to all.\"", "§\"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21\"")],
    ),
    Case(
        "a long label",
        "label-too-long",
        &[(
            W,
            "\"A link joins them.\"",
            "\"Fine.\", §\"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51\"",
        )],
    ),
    // Scenes.
    Case("an unknown model", "unknown-model", &[(D, "model: \"distribution\"", "model: §\"distributoin\"")]),
    Case("an unknown setting", "unknown-setting", &[(D, "\"peers\": 5", "§\"peer\": 5")]),
    Case("an unknown word of a setting", "setting-out-of-range", &[(D, "\"client-server\"", "§\"client-sever\"")]),
    Case("a setting out of range", "setting-out-of-range", &[(D, "\"peers\": 5", "\"peers\": §0")]),
    Case("a setting with a fraction", "setting-out-of-range", &[(D, "\"peers\": 5", "\"peers\": §5.5")]),
    Case("an unknown deed", "unknown-deed", &[(D, "deed: \"stop\"", "deed: §\"stopp\"")]),
    Case("an unknown deed of a pill", "unknown-deed", &[(D, "(deed: \"add\")", "(deed: §\"ad\")")]),
    Case(
        "a value that a deed does not take",
        "out-of-range",
        &[(D, "(deed: \"add\")", "(deed: \"add\", value: §\"7\")")],
    ),
    Case("an unknown figure", "unknown-figure", &[(D, "figure: \"copies\"", "figure: §\"copys\"")]),
    Case("an unknown tick", "unknown-figure", &[(D, "tick: \"bound_s\"", "tick: §\"bound\"")]),
    Case(
        "no networks",
        "out-of-range",
        &[
            (D, "slug: \"live\"", "slug: §\"live\""),
            (
                D,
                "                        (name: \"left\", model: \"distribution\", set: {\"mode\": \"client-server\", \"peers\": 5, \"chunks\": 40}),\n",
                "",
            ),
        ],
    ),
    Case("time that stands still", "out-of-range", &[(D, "speed: 150", "speed: §0")]),
    // Stills.
    Case("a link from nobody", "unknown-peer", &[(D, "link(from: \"a\"", "link(from: §\"c\"")]),
    Case("a link to itself", "unknown-peer", &[(D, "link(from: \"a\", to: \"b\")", "link(from: \"a\", to: §\"a\")")]),
    Case(
        "a packet to nobody",
        "unknown-peer",
        &[(D, "packet(from: \"a\", to: \"b\"", "packet(from: \"a\", to: §\"bb\"")],
    ),
    Case("a block after none", "unknown-block", &[(D, "before: \"x\"", "before: §\"z\"")]),
    Case("a packet past its end", "out-of-range", &[(D, "along: 0.5", "along: §1.5")]),
    Case("a mark off the canvas", "out-of-range", &[(D, "at: (616, 416)", "at: §(916, 416)")]),
    Case("a piece that is not", "out-of-range", &[(D, "holds: [0, 1]", "holds: §[0, 12]")]),
    Case("more units than there are", "out-of-range", &[(D, "filled: 3", "filled: §11")]),
    Case("a pictogram of no size", "out-of-range", &[(D, "side: 88", "side: §0")]),
    Case("an unknown pictogram", "unknown-icon", &[(D, "key: \"help\"", "key: §\"halp\"")]),
    Case("an unknown pictogram of a topic", "unknown-icon", &[(D, "icon: \"sources\"", "icon: §\"sauces\"")]),
    // What plays while nobody is there.
    Case("an unknown slide plays", "unknown-slide", &[(D, "slide: \"one/live\"", "slide: §\"one/alive\"")]),
    Case(
        "a slide without a scene plays",
        "nothing-plays",
        &[(D, "slide: \"one/live\"", "slide: §\"end/thanks\""), (D, "slug: \"thanks\"", "slug: ¶\"thanks\"")],
    ),
    Case("a stop of no time", "out-of-range", &[(D, "seconds: 10", "seconds: §0")]),
];

/// Line and column of a mark, from 1.
fn place(text: &str, mark: char) -> Option<(usize, usize)> {
    let other = if mark == '§' { '¶' } else { '§' };
    let before = text.split_once(mark)?.0.replace(other, "");
    Some((before.matches('\n').count() + 1, before.rsplit('\n').next()?.chars().count() + 1))
}

/// The two files after a case's edits, with their marks.
fn edited(case: &Case) -> [String; 2] {
    let mut files = [DECK.to_owned(), WORDS.to_owned()];
    for (file, from, to) in case.2 {
        let text = &mut files[usize::from(*file == W)];
        assert_eq!(text.matches(from).count(), 1, "{}: the edit must fit one place: {from}", case.0);
        *text = text.replace(from, to);
    }
    files
}

const NAMES: [&str; 2] = ["deck.ron", "words/en.ron"];

fn found(case: &Case) -> Vec<Finding> {
    let clean = edited(case).map(|text| text.replace(['§', '¶'], ""));
    let folder = Folder::with(&[(NAMES[0], &clean[0]), (NAMES[1], &clean[1])]);
    findings(folder.path(), "en")
}

#[test]
fn the_right_deck_is_clean() {
    let folder = Folder::with(&[(NAMES[0], DECK), (NAMES[1], WORDS)]);
    assert_clean(&findings(folder.path(), "en"), "the deck that the broken ones are made of");
}

#[test]
fn every_mistake_is_found_at_its_place() {
    let mut wrong = String::new();
    for case in CASES {
        let files = edited(case);
        // The expected places, the first one first: file:line:column.
        let spots: Vec<String> = ['§', '¶']
            .iter()
            .filter_map(|mark| {
                NAMES.iter().zip(&files).find_map(|(name, text)| {
                    let (line, column) = place(text, *mark)?;
                    Some(format!("{name}:{line}:{column}"))
                })
            })
            .collect();
        let found = found(case);
        let fits = |f: &Finding| {
            let places: Vec<String> = f.spots.iter().map(ToString::to_string).collect();
            // A second place that the case does not mark may be there (the house's words), but not be forgotten.
            f.rule == case.1
                && places.len() >= spots.len()
                && spots.iter().zip(&places).all(|(right, place)| place.ends_with(right.as_str()))
                && !f.message.is_empty()
                && !f.expected.is_empty()
        };
        if found.len() != 1 || !found.iter().any(fits) {
            let _ = writeln!(wrong, "== {}: not {} at {spots:?} alone, but\n{}", case.0, case.1, render_all(&found));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn there_are_enough_of_them() {
    assert!(CASES.len() >= 50, "{}", CASES.len());
    let mut names: Vec<_> = CASES.iter().map(|c| c.0).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CASES.len(), "every mistake has a name of its own");
}

#[test]
fn a_missing_file_is_named() {
    let no_words = Folder::with(&[("deck.ron", DECK)]);
    let found = findings(no_words.path(), "en");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule, "missing-file");
    assert!(found[0].spots[0].to_string().ends_with("words/en.ron:1:1"), "{}", found[0].spots[0]);
    let no_deck = Folder::with(&[("words/en.ron", WORDS)]);
    assert!(findings(no_deck.path(), "en")[0].spots[0].source.name.ends_with("deck.ron"));
}

#[test]
fn a_file_that_is_no_text_is_said_at_the_first_wrong_byte() {
    let folder = Folder::with(&[("deck.ron", DECK)]);
    let path = folder.path().join("words/en.ron");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, b"(\n    language: \"\xff\",\n)").unwrap();
    let found = findings(folder.path(), "en");
    assert_eq!((found[0].rule, found[0].spots[0].line_column()), ("not-text", (2, 16)));
}

#[test]
fn mistakes_in_both_files_are_said_together() {
    let deck = DECK.replace("icon: \"welcome\"", "ikon: \"welcome\"");
    let words = WORDS.replace("title: \"One\"", "titel: \"One\"");
    let folder = Folder::with(&[(NAMES[0], &deck), (NAMES[1], &words)]);
    let rules: Vec<_> = findings(folder.path(), "en").iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["unknown-field", "unknown-field"]);
}

#[test]
fn a_finding_shows_the_lines_around_it() {
    let deck = DECK.replace("\"client-server\"", "\"client-sever\"");
    let folder = Folder::with(&[(NAMES[0], &deck), (NAMES[1], WORDS)]);
    let found = findings(folder.path(), "en");
    let text = found[0].render().replace(&format!("{}/", folder.path().display()), "");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("deck.ron:23:77: ") && lines[0].ends_with(" [setting-out-of-range]"), "{text}");
    assert!(lines[1].starts_with("    21 |") && lines[2].starts_with("    22 |") && lines[3].starts_with("    23 |"));
    assert_eq!(lines[4].trim_start_matches([' ', '|']), "^".repeat("\"client-sever\"".len()), "{text}");
    assert_eq!(lines[4].find('^'), lines[3].find("\"client-sever\""), "{text}");
    assert!(lines[5].starts_with("    24 |") && lines[6].starts_with("    25 |"));
    assert!(lines[7].contains("client-server") && lines[7].contains("peer-to-peer"), "{text}");
    let json = found[0].json();
    assert_eq!(json["line"], 23);
    assert_eq!(json["column"], 77);
    assert_eq!(json["rule"], "setting-out-of-range");
    let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["file", "line", "column", "rule", "message", "expected"]);
}

#[test]
fn what_does_not_fit_is_said_at_its_words() {
    let long = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstellenbeamter";
    let edits: [(&str, String, &str, usize); 3] = [
        ("\"Two peers\"", format!("\"{long}\""), "too-long", 8),
        ("\"A link joins them.\"", format!("\"{}\"", "lengthiness ".repeat(48).trim()), "too-long", 9),
        ("\"Sources\"", format!("\"{}\"", "Many sources ".repeat(9).trim()), "too-long", 21),
    ];
    for (from, to, rule, line) in edits {
        let words = WORDS.replacen(from, &to, 1);
        assert_ne!(words, WORDS);
        let folder = Folder::with(&[(NAMES[0], DECK), (NAMES[1], &words)]);
        let deck = Deck::load(Some(folder.path()), None, "en").expect("the deck can be read");
        let column = words.lines().nth(line - 1).and_then(|l| l.find(&to)).map(|byte| byte + 1);
        let found = check(&deck);
        let place =
            |f: &Finding| f.spots[0].source.name.ends_with("words/en.ron") && f.spots[0].line_column().0 == line;
        let at: Vec<_> = found.iter().filter(|f| f.rule == rule && place(f)).collect();
        assert!(!at.is_empty(), "{from}:\n{}", render_all(&found));
        assert!(at.iter().all(|f| Some(f.spots[0].line_column().1) == column), "{}", render_all(&found));
    }
}
