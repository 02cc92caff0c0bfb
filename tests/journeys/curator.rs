//! A curator's afternoon: a deck is copied, broken, mended, and shown as soon as it is saved.

use crate::{
    eyes,
    journey::{FULL_HD, Journey, checkout, colour},
    keys::Key,
    picture::Region,
    screen::scratch,
};
use peerscape::ink::sheet::Ink;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// A saved deck is on the wall within this time.
const SOON: Duration = Duration::from_secs(1);

/// Where the panel that names a mistake lies.
const PANEL: Region = Region(90.0, 262.0, 1740.0, 704.0);

/// A copy of the exhibit's deck; gone with the journey.
struct Copy(PathBuf);

impl Copy {
    fn of_the_deck() -> Self {
        let folder = scratch("deck");
        copy(&checkout("decks/peer-to-peer"), &folder);
        Self(folder)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("the temporary folder has a plain name")
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("the copy can be read")
    }

    /// Saves as many editors do: a new file takes the old one's place.
    fn save(&self, name: &str, text: &str) {
        let (new, old) = (self.0.join(format!("{name}~")), self.0.join(name));
        fs::write(&new, text).expect("the copy can be written");
        fs::rename(new, old).expect("the copy can be written");
    }

    /// Saves as other editors do: into the same file.
    fn overwrite(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("the copy can be written");
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the temporary folder can be written");
    for entry in fs::read_dir(from).expect("the deck is there").map(|entry| entry.expect("the deck can be read")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the deck can be copied");
        }
    }
}

/// Line and column, from 1, of a place in a text.
fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// Breaks the structure, then the words, and mends them: the last good deck stays, a panel points at the place, and what
/// is saved is on the wall within a second, at the slide edited.
#[test]
fn a_deck_is_broken_and_mended_while_it_shows() {
    let copy = Copy::of_the_deck();
    let j = Journey::begin("curator", FULL_HD, &["--deck", copy.path(), "--at", "welcome", "--idle", "600"]);
    let keys = j.keys();
    let deck = eyes::deck();
    let bad = colour("night", Ink::Bad);
    let panel = |p: &crate::picture::Picture| p.ink(bad, PANEL) > 0.001;
    let whole = j.see_still(Region::ALL);
    assert!(!panel(&whole), "nothing is wrong yet");

    // A word that no layout has.
    let structure = copy.read("topics/welcome.ron");
    let layout = structure.find("layout: poster").expect("the first slide is a poster");
    let broken = structure.replacen("layout: poster", "layout: postre", 1);
    let (line, column) = line_column(&broken, layout + "layout: ".len());
    let mark = j.wall.mark();
    copy.save("topics/welcome.ron", &broken);
    let refused = j.wall.hear(mark, "deck refused");
    assert!(
        refused.contains(&format!("topics/welcome.ron:{line}:{column}")),
        "{refused}, not line {line} column {column}"
    );
    j.see("the panel", panel);

    // The slide behind it is still in use.
    j.moves("→ behind the panel", || keys.press(Key::Right));
    j.moves("← behind the panel", || keys.press(Key::Left));

    // Mended, it goes by itself.
    let mark = j.wall.mark();
    copy.save("topics/welcome.ron", &structure);
    j.wall.hear(mark, "deck loaded");
    j.see("the slide without the panel", |p| p.changed(&whole, Region::ALL) < 1e-9);

    // Words that never end.
    let words = copy.read("words/en/welcome.ron");
    let mark = j.wall.mark();
    copy.overwrite("words/en/welcome.ron", &format!("{words}\n(((("));
    let refused = j.wall.hear(mark, "deck refused");
    assert!(refused.contains("welcome.ron:"), "{refused}");
    j.see("the panel", panel);

    // A new headline is on the wall within a second, at the slide it belongs to.
    let headline = deck.slide_words(deck.walk().next().expect("a first slide")).headline.value.clone();
    assert!(words.contains(&format!("\"{headline}\"")), "the first headline stands in the words");
    let at_headline = Region(96.0, 320.0, 960.0, 320.0);
    let mark = j.wall.mark();
    copy.overwrite("words/en/welcome.ron", &words);
    j.wall.hear(mark, "deck loaded");
    j.see("the slide without the panel", |p| p.changed(&whole, Region::ALL) < 1e-9);
    let mut fastest = Duration::MAX;
    for new in ["Mended.", "Mended once more.", "Mended for good."] {
        let edited = words.replacen(&format!("\"{headline}\""), &format!("\"{new}\""), 1);
        let before = j.see_still(Region::ALL);
        let (mark, saved) = (j.wall.mark(), Instant::now());
        copy.overwrite("words/en/welcome.ron", &edited);
        let after = j.see_change("the new headline", &before, at_headline, 0.02);
        let took = saved.elapsed();
        assert!(!panel(&after), "the new headline, and not a panel over it");
        println!("a saved deck was seen after {} ms, reading the picture included", took.as_millis());
        j.wall.hear(mark, "deck loaded");
        fastest = fastest.min(took);
    }
    // The best of three: what the exhibit needs, and not what else the machine was doing.
    if !cfg!(debug_assertions) {
        assert!(fastest <= SOON, "it took {fastest:?} from saving to seeing");
    }
    let place = j.wall.place().expect("the journey moved");
    assert_eq!(place.topic, deck.structure.topics[0].slug.value, "at the slide where it was edited");
    j.see("no panel", |p| !panel(p));
}

/// A deck with a mistake that leaves something to show opens all the same, and is proofread behind its first slide.
#[test]
fn a_deck_with_a_mistake_opens_and_says_so() {
    let copy = Copy::of_the_deck();
    let words = copy.read("words/en/welcome.ron");
    let headline = {
        let deck = eyes::deck();
        deck.slide_words(deck.walk().next().expect("a first slide")).headline.value.clone()
    };
    let long = "Nobody should ever have to read a headline that goes on and on for more than twelve words";
    copy.save("words/en/welcome.ron", &words.replacen(&format!("\"{headline}\""), &format!("\"{long}\""), 1));
    let j = Journey::begin("mistake", FULL_HD, &["--deck", copy.path(), "--at", "welcome", "--idle", "600"]);
    let refused = j.wall.hear(j.wall.beginning(), "deck refused");
    assert!(refused.contains("words/en/welcome.ron:"), "{refused}");
    let bad = colour("night", Ink::Bad);
    j.see("the panel", |p| p.ink(bad, PANEL) > 0.001);
    let mark = j.wall.mark();
    copy.save("words/en/welcome.ron", &words);
    j.wall.hear(mark, "deck loaded");
    j.see("no panel", |p| p.ink(bad, PANEL) < 0.001);
}

/// A deck that is broken from the beginning never opens a wall that shows nothing.
#[test]
fn a_deck_that_does_not_parse_does_not_open() {
    let _alone = crate::journey::alone();
    let copy = Copy::of_the_deck();
    copy.save("deck.ron", "(topics: [");
    let mut command = crate::exhibit::command(&["--deck", copy.path()]);
    command.env("DISPLAY", ":0");
    let mut wall = crate::exhibit::Exhibit::spawn(command);
    let ended = wall.ended();
    assert_eq!(ended.code(), Some(1), "findings: {}", wall.tail(wall.beginning()));
    assert!(wall.tail(wall.beginning()).contains("deck.ron:1:"), "with the place: {}", wall.tail(wall.beginning()));
}

/// Named by the settings of the place, it keeps no wall dark: what is built in is shown and the panel says what is wrong,
/// until the deck can be read.
#[test]
fn a_deck_of_the_settings_that_does_not_parse_is_shown_once_it_does() {
    let copy = Copy::of_the_deck();
    let whole = copy.read("deck.ron");
    copy.save("deck.ron", "(topics: [");
    let config = copy.0.join("hall.ron");
    fs::write(&config, format!("(deck: \"{}\")", copy.path())).expect("the copy can be written");
    let config = config.to_str().expect("the temporary folder has a plain name");
    let j = Journey::begin("named", FULL_HD, &["--config", config, "--at", "welcome", "--idle", "600"]);
    let refused = j.wall.hear(j.wall.beginning(), "deck refused");
    assert!(refused.contains("deck.ron:1:"), "{refused}");
    let bad = colour("night", Ink::Bad);
    j.see("the panel", |p| p.ink(bad, PANEL) > 0.001);
    let mark = j.wall.mark();
    copy.save("deck.ron", &whole);
    j.wall.hear(mark, "deck loaded");
    j.see("no panel", |p| p.ink(bad, PANEL) < 0.001);
}
