//! Decks that are right: the built-in one, the README's, one with two languages.

use crate::{Folder, assert_clean, findings};
use peerscape::{
    cli::check::{CheckArgs, run},
    deck::{
        Deck,
        check::{check, faults},
        load::house_words,
        place::render_all,
        state::Position,
    },
};
use std::{fs, path::Path};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn built_in() -> Deck {
    Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)))
}

#[test]
fn the_built_in_deck_is_clean() {
    assert_clean(&check(&built_in()), "the built-in deck");
}

#[test]
fn the_deck_of_the_readme_works() {
    let readme = fs::read_to_string(root().join("decks/README.md")).unwrap();
    let deck = readme.split("```ron\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(deck.lines().count() <= 11, "ten lines, not {}", deck.lines().count());
    let folder = Folder::with(&[("hello.ron", deck)]);
    let path = folder.path().join("hello.ron");
    let loaded = Deck::load(Some(&path), None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)));
    assert_clean(&check(&loaded), "the README's deck");
    assert_eq!(loaded.watch, [path], "the file itself is watched");
}

#[test]
fn every_rule_is_in_the_readme() {
    let readme = fs::read_to_string(root().join("decks/README.md")).unwrap();
    let mut rules = Vec::new();
    for file in [
        "place.rs",
        "assets.rs",
        "load.rs",
        "parts.rs",
        "check.rs",
        "check/ledger.rs",
        "check/texts.rs",
        "check/scenes.rs",
        "check/stills.rs",
        "../slides/check.rs",
    ] {
        let text = fs::read_to_string(root().join("src/deck").join(file)).unwrap();
        // A rule is the one kind of text in small letters with a hyphen and nothing else.
        for part in text.split('"').skip(1).step_by(2) {
            let rule = part.contains('-') && part.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if rule && part.len() > 3 && !["peer-to-peer"].contains(&part) {
                rules.push(part.to_owned());
            }
        }
    }
    assert!(rules.len() > 30, "the rules are no longer found: {rules:?}");
    let missing: Vec<_> = rules.iter().filter(|rule| !readme.contains(&format!("`{rule}`"))).collect();
    assert!(missing.is_empty(), "not in decks/README.md: {missing:?}");
}

#[test]
fn a_deck_is_the_same_from_the_binary_and_from_its_folder() {
    let folder = Deck::load(Some(&root().join("decks/peer-to-peer")), None, "en").unwrap();
    let built_in = built_in();
    assert_eq!(folder.structure, built_in.structure);
    assert_eq!(folder.words, built_in.words);
    assert_eq!(folder.hash, built_in.hash);
    assert!(built_in.watch.is_empty() && folder.watch.len() == 1);
}

/// The built-in deck as a folder, with some edits: a file, what stands there, and what takes its place.
fn edited(edits: &[(&str, &str, &str)]) -> Deck {
    fn files(folder: &Path, name: &str, all: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("the deck is there").map(|entry| entry.expect("the deck can be read"))
        {
            let name = format!("{name}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                files(&entry.path(), &format!("{name}/"), all);
            } else {
                all.push((name, fs::read_to_string(entry.path()).expect("a file of the deck can be read")));
            }
        }
    }
    let mut all = Vec::new();
    files(&root().join("decks/peer-to-peer"), "", &mut all);
    for (file, from, to) in edits {
        let (_, text) = all.iter_mut().find(|(name, _)| name == file).unwrap_or_else(|| panic!("no file {file}"));
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = Folder::with(&all);
    Deck::load(Some(folder.path()), None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)))
}

#[test]
fn the_hash_tells_decks_apart() {
    assert_eq!(edited(&[]).hash, built_in().hash);
    assert_ne!(edited(&[("words/en/welcome.ron", "Welcome", "Welcome!")]).hash, built_in().hash);
}

#[test]
fn the_wall_s_own_deck_is_the_same_without_places() {
    let (placed, placeless) = (built_in(), Deck::built_in(None, "en").unwrap());
    assert_eq!((&placed.structure, &placed.words), (&placeless.structure, &placeless.words));
    assert_eq!(placed.hash, placeless.hash);
}

const STRUCTURE: &str = r#"(
    topics: [
        (slug: "one", icon: "welcome", slides: [
            (slug: "first", still: (marks: [peer(name: "a", at: (416, 416)), word(at: (416, 500), key: "a")])),
            (slug: "second", still: (marks: [peer(name: "a", at: (416, 416))])),
        ]),
        (slug: "two", icon: "welcome", slides: [(slug: "first", layout: sources)]),
    ],
)"#;

const ENGLISH: &str = r#"(
    language: "English",
    topics: {
        "one": (title: "One", slides: {
            "first": (headline: "First", steps: ["Step one.", "Step two."], words: {"a": "A peer"}),
            "second": (headline: "Second", steps: ["Only step."], more: (title: "More", text: ["Much more."])),
        }),
        "two": (title: "Two", slides: {"first": (headline: "Sources", steps: [])}),
    },
    controls: {"next": "Onwards"},
)"#;

const GERMAN: &str = r#"(
    language: "Deutsch",
    topics: {
        "one": (title: "Eins", slides: {
            "first": (headline: "Erstens", steps: ["Schritt eins.", "Schritt zwei."], words: {"a": "Ein Peer"}),
        }),
    },
)"#;

#[test]
fn the_slide_that_was_edited_is_found() {
    const WORDS: &str = "words/en/side-by-side.ron";
    let before = built_in();
    let here = before.find_slide("welcome/looks").unwrap();
    // A longer comment moves all that follows, and changes nothing.
    let moved = edited(&[("deck.ron", "topics: [", "/* moved */ topics: [")]);
    assert_ne!(moved.hash, before.hash);
    assert_eq!(moved.edited_since(&before, here), None);
    let headline = (WORDS, "Who gives out the file?", "Who gives the file away?");
    assert_eq!(edited(&[headline]).edited_since(&before, here), before.find_slide("side-by-side/live"));
    let slower = edited(&[("topics/side-by-side.ron", "speed: 150", "speed: 140")]);
    assert_eq!(slower.edited_since(&before, here), before.find_slide("side-by-side/live"));
    // The slide that is looked at comes first, if it is among them.
    let both = edited(&[headline, ("words/en/welcome.ron", "One wall,", "A wall,")]);
    assert_eq!(both.edited_since(&before, here), Some(here));
}

#[test]
fn a_save_is_checked_where_it_changed() {
    let before = built_in();
    let long = "much too long a headline ".repeat(20);
    let broken = edited(&[("words/en/side-by-side.ron", "Who gives out the file?", &long)]);
    let found = peerscape::deck::check::faults_since(&broken, &before);
    assert!(found.iter().any(|f| f.rule == "too-long"), "{}", render_all(&found));
    assert_eq!(found, faults(&broken), "and nothing else is wrong anywhere");
    assert_clean(&peerscape::deck::check::faults_since(&before, &before), "what nobody changed");
    let named = edited(&[("words/en/welcome.ron", "title: \"Welcome\"", "title: \"Good morning\"")]);
    assert_clean(&peerscape::deck::check::faults_since(&named, &before), "a topic of another name");
}

fn two_languages() -> Folder {
    Folder::with(&[("deck.ron", STRUCTURE), ("words/en.ron", ENGLISH), ("words/de.ron", GERMAN)])
}

#[test]
fn a_language_falls_back_to_english_and_check_says_so() {
    let folder = two_languages();
    assert_clean(&findings(folder.path(), "en"), "English");
    let deck = Deck::load(Some(folder.path()), None, "de").unwrap();
    let at = |topic, slide| Position { topic, slide, step: 0 };
    assert_eq!(deck.topic_title(0), "Eins");
    assert_eq!(deck.topic_title(1), "Two");
    assert_eq!(deck.slide_words(at(0, 0)).headline.as_str(), "Erstens");
    assert_eq!(deck.slide_words(at(0, 1)).headline.as_str(), "Second", "the slide is missing in German");
    assert_eq!(deck.slide_word(at(0, 0), "a"), Some("Ein Peer"));
    assert_eq!((deck.steps(0, 0), deck.steps(1, 0), deck.steps(9, 9)), (2, 1, 1));
    let said: Vec<_> = findings(folder.path(), "de")
        .iter()
        .filter(|f| f.spots[0].source.name.ends_with("words/de.ron"))
        .map(|f| (f.rule, f.spots[0].line_column(), f.spots[1].line_column()))
        .collect();
    // The slide that is missing, at its topic's slides; the topic that is missing, at the topics.
    assert_eq!(said, [("falls-back", (4, 32), (6, 13)), ("falls-back", (3, 5), (8, 9))]);
    // What is there in English only is no reason not to show the deck.
    assert_clean(&faults(&deck), "half a translation on the wall");
}

#[test]
fn words_come_from_the_deck_then_from_the_house() {
    let folder = two_languages();
    let deck = Deck::load(Some(folder.path()), None, "en").unwrap();
    let (house, _) = house_words().unwrap_or_else(|findings| panic!("{}", render_all(&findings)));
    assert_eq!(deck.control("next"), "Onwards");
    assert_eq!(deck.control("help"), house.controls["help"].as_str());
    assert_eq!(deck.control("no_such_key"), "no_such_key");
    let own =
        ENGLISH.replace("controls: {", "models: {\"distribution\": (states: {\"all_done\": \"Done.\"})}, controls: {");
    let folder = Folder::with(&[("deck.ron", STRUCTURE), ("words/en.ron", &own)]);
    let deck = Deck::load(Some(folder.path()), None, "en").unwrap();
    assert_eq!(deck.model_word("distribution", "states", "all_done"), Some("Done."));
    let deed = house.models["distribution"].deeds["stop"].as_str();
    assert_eq!(deck.model_word("distribution", "deeds", "stop"), Some(deed));
    assert_eq!(deck.model_word("distribution", "deeds", "fly"), None);
    assert_eq!(deck.model_word("nothing", "deeds", "stop"), None);
}

#[test]
fn places_are_named_by_number_or_slug() {
    let folder = two_languages();
    let deck = Deck::load(Some(folder.path()), None, "en").unwrap();
    let place = |text: &str| deck.position_of(text).map(|at| (at.topic, at.slide, at.step));
    assert_eq!(place("one"), Ok((0, 0, 0)));
    assert_eq!(place("2"), Ok((1, 0, 0)));
    assert_eq!(place("1/second"), Ok((0, 1, 0)));
    assert_eq!(place("one/1/2"), Ok((0, 0, 1)));
    let wrong = |text: &str| place(text).unwrap_err();
    assert_eq!(wrong("on"), "there is no topic `on`; did you mean `one`?");
    assert_eq!(wrong("3"), "there is no topic 3: there are 2");
    assert_eq!(wrong("0"), "there is no topic 0: there are 2");
    assert_eq!(wrong("one/secnd"), "there is no slide `secnd`; did you mean `second`?");
    assert_eq!(wrong("one/first/3"), "there is no step `3` of one/first: it is a number from 1 to 2");
    assert_eq!(wrong("one/first/1/1"), "`one/first/1/1` has too many parts: a place is TOPIC[/SLIDE[/STEP]]");
    assert_eq!(deck.find_slide("one/second").map(|at| (at.topic, at.slide)), Some((0, 1)));
    assert_eq!(deck.find_slide("one/third"), None);
    assert_eq!(deck.way(Position { topic: 0, slide: 1, step: 0 }), "one/second");
}

#[test]
fn the_command_says_by_its_exit_status_what_it_found() {
    let status = |decks: &[&Path]| {
        let decks = decks.iter().map(|d| d.to_path_buf()).collect();
        format!("{:?}", run(&CheckArgs { decks, json: true, ..CheckArgs::default() }))
    };
    let code = |n: u8| format!("{:?}", std::process::ExitCode::from(n));
    let good = Folder::with(&[("deck.ron", STRUCTURE), ("words/en.ron", ENGLISH)]);
    let bad = Folder::with(&[("deck.ron", &STRUCTURE.replace("marks", "marcs")), ("words/en.ron", ENGLISH)]);
    assert_eq!(status(&[good.path()]), code(0));
    assert_eq!(status(&[bad.path()]), code(1));
    assert_eq!(status(&[good.path(), bad.path()]), code(1), "one bad deck among good ones");
    assert_eq!(status(&[Path::new("no/such/deck")]), code(2));
    assert_eq!(status(&[two_languages().path()]), code(1), "every language is checked");
}

/// Slides whose still stands in for a model that is not built yet.
const AWAIT_A_SCENE: [&str; 31] = [
    "history/which-way",
    "history/both-parts",
    "history/usenet",
    "history/dns",
    "history/spam",
    "history/nat",
    "kinds/three-ways",
    "kinds/ask-the-right-one",
    "before-bittorrent/napster",
    "before-bittorrent/gnutella",
    "before-bittorrent/kazaa",
    "before-bittorrent/edonkey",
    "bittorrent/newcomer",
    "blockchain/stake",
    "currencies/keys",
    "contracts/gas",
    "contracts/tokens",
    "money/escrow",
    "money/lending",
    "money/abroad",
    "hidden-paths/who-knows",
    "computing/strangers-sum",
    "close/near",
    "close/houses",
    "close/song",
    "finding/strangers",
    "tourism/last-bus",
    "tourism/book",
    "attacks/trust",
    "future/three-clouds",
    "future/mesh",
];

#[test]
fn a_scene_can_take_the_place_of_a_still_without_a_word_rewritten() {
    let mut deck = built_in();
    let live = deck.find_slide("side-by-side/live").expect("a slide with a scene");
    let mut scene = deck.slide(live).scene.clone().expect("a scene");
    scene.networks.truncate(1);
    scene.columns = None;
    let mut places = Vec::new();
    for way in AWAIT_A_SCENE {
        let at = deck.find_slide(way).unwrap_or_else(|| panic!("there is no slide {way}"));
        let slide = &mut deck.structure.topics[at.topic].slides[at.slide];
        assert!(slide.still.take().is_some(), "{way} has a still");
        slide.scene = Some(scene.clone());
        places.push(at);
    }
    let faults = peerscape::slides::check::layout(&deck);
    let of_words = |what: &str| ["headline", "step", "kicker", "more"].iter().any(|w| what.starts_with(w));
    let told: Vec<String> = faults
        .iter()
        .filter(|(at, fault)| places.contains(&Position { step: 0, ..*at }) && of_words(&fault.what))
        .map(|(at, fault)| format!("{} {fault:?}", deck.way(*at)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    for at in places {
        let rule = deck.slide_words(at).steps[0].split_whitespace().count();
        assert!(rule <= peerscape::deck::check::RULE_WORDS, "{}: a rule of {rule} words", deck.way(at));
    }
}

#[test]
fn every_topic_is_a_walk_of_four_to_twelve_slides_with_notes() {
    let deck = built_in();
    assert_eq!(deck.len(), 25);
    for (topic, of) in deck.structure.topics.iter().enumerate() {
        let slides = deck.slides(topic);
        assert!((4..=12).contains(&slides), "{}: {slides} slides", of.slug.value);
        let opening = deck.slide_words(Position { topic, slide: 0, step: 0 });
        assert!(!opening.headline.is_empty());
    }
    for at in deck.walk() {
        let words = deck.slide_words(at);
        assert!(
            words.notes.as_ref().is_some_and(|n| n.split_whitespace().count() > 5),
            "{} has no notes",
            deck.way(at)
        );
    }
}
