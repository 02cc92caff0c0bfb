//! The command as whoever types it meets it.

use serde_json::Value;
use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

/// What a call said.
pub struct Told {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Calls the binary, with no display in reach.
pub fn peerscape(args: &[&str]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerscape"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "RUST_LOG"] {
        command.env_remove(name);
    }
    let output = command.args(args).output().expect("the binary is built");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it speaks UTF-8");
    Told {
        code: output.status.code().expect("nothing killed it"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A call that can't be understood: exit code 2 and one line, which is returned.
pub fn refused(args: &[&str]) -> String {
    let told = peerscape(args);
    assert_eq!(told.code, 2, "{args:?}: {}{}", told.stdout, told.stderr);
    assert_eq!(told.stdout, "", "{args:?}: a complaint goes to standard error");
    assert_eq!(told.stderr.lines().count(), 1, "{args:?}: {}", told.stderr);
    told.stderr
}

/// A folder that goes when the test ends.
pub struct Room(PathBuf);

impl Room {
    /// A new empty folder.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("peerscape-render-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }

    /// A place in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // A folder that stays behind harms no test.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn help_names_every_option() {
    for (call, options) in [
        (
            &["--help"][..],
            &["--windowed", "--deck", "--at", "--look", "--idle", "--reduced-motion", "--seed", "--assets", "--lang"][..],
        ),
        (&["--help"], &["check", "sim", "shot", "doctor"]),
        (&["shot", "--help"], &["--size", "--look", "--at", "--steps", "--after", "--over", "--sheet", "--seed"]),
        (&["check", "--help"], &["--json", "--assets"]),
        (&["sim", "--help"], &["--list"]),
        (&["doctor", "--help"], &["--deck"]),
    ] {
        let told = peerscape(call);
        assert_eq!(told.code, 0, "{call:?}");
        for option in options {
            let about = told.stdout.split(option).nth(1).unwrap_or_else(|| panic!("{call:?} says nothing of {option}"));
            assert!(about.trim_start().len() > 10, "{call:?} does not say what {option} does");
        }
    }
}

#[test]
fn a_wrong_word_is_answered_with_the_right_one() {
    for (args, told) in [
        (&["--loook", "night"][..], "--look"),
        (&["--look", "nigth"], "night"),
        (&["--at", "welcom"], "welcome"),
        (&["--windowed", "wide"], "1920x1080"),
        (&["--idle", "never"], "never"),
        (&["chekc"], "check"),
        (&["sim", "distributoin"], "distribution"),
        (&["check", "no/such/deck"], "no/such/deck"),
    ] {
        let line = refused(args);
        assert!(line.contains(told), "{args:?}: \"{line}\" does not say \"{told}\"");
    }
}

#[test]
fn check_finds_nothing_in_our_own_deck() {
    let told = peerscape(&["check"]);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    let told = peerscape(&["check", "--json"]);
    assert_eq!(told.code, 0);
    assert_eq!(serde_json::from_str::<Value>(&told.stdout).expect("it is JSON"), Value::Array(Vec::new()));
}

#[test]
fn check_tells_programs_where_a_deck_is_broken() {
    const BROKEN: &str = r#"(
    topics: [(slug: "hello", icon: "welcome", slides: [
        (slug: "two", stil: (marks: [])),
    ])],
    words: (language: "English", topics: {}),
)
"#;
    let room = Room::new();
    let path = room.path("broken.ron");
    fs::write(&path, BROKEN).expect("the temporary folder can be written");
    let path = path.to_str().expect("a plain name");
    let told = peerscape(&["check", path]);
    assert_eq!(told.code, 1, "{}{}", told.stdout, told.stderr);
    assert!(told.stdout.contains("broken.ron:3:"), "{}", told.stdout);
    let told = peerscape(&["check", "--json", path]);
    assert_eq!(told.code, 1);
    let found: Vec<Value> = serde_json::from_str(&told.stdout).expect("it is a list in JSON");
    assert!(!found.is_empty());
    for finding in &found {
        let keys: Vec<&str> = finding.as_object().expect("an object each").keys().map(String::as_str).collect();
        assert_eq!(keys, ["file", "line", "column", "rule", "message", "expected"]);
    }
    let first = &found[0];
    assert!(first["file"].as_str().is_some_and(|file| file.ends_with("broken.ron")), "{first}");
    assert_eq!((&first["line"], &first["column"]), (&Value::from(3), &Value::from(23)), "{first}");
}

#[test]
fn the_list_has_both_models() {
    let told = peerscape(&["sim", "--list"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    for model in ["distribution", "removal"] {
        assert!(told.stdout.lines().any(|line| line.starts_with(model)), "{model}:\n{}", told.stdout);
    }
}

/// The deck that the next test writes down: one slide of two steps, with notes.
const TALK: &str = r#"(
    topics: [(slug: "hello", icon: "welcome", slides: [
        (slug: "two", still: (marks: [peer(name: "a", at: (216, 416)), peer(name: "b", at: (616, 416)), link(from: "a", to: "b")])),
        (slug: "one", still: (marks: [peer(name: "a", at: (416, 416))])),
    ])],
    words: (language: "English", topics: {"hello": (title: "Hello", slides: {
        "two": (headline: "Two peers, one link", steps: ["Each gives.", "Each takes."], notes: "Ask who gives."),
        "one": (headline: "One peer", steps: ["It waits."]),
    })}),
)"#;

#[test]
fn export_writes_a_page_or_picture_a_slide_or_step() {
    let room = Room::new();
    let [deck, pdf, folder] = ["talk.ron", "talk.pdf", "pictures"].map(|name| room.path(name));
    fs::write(&deck, TALK).expect("written");
    let [deck, pdf, folder] = [&deck, &pdf, &folder].map(|path| path.to_str().expect("a plain name"));
    let export = |more: &[&str]| {
        let told = peerscape(&[&["export", deck, "--size", "640x360"], more].concat());
        assert_eq!(told.code, 0, "{more:?}: {}{}", told.stdout, told.stderr);
    };
    let pictures = || {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("the folder was made")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
            .collect();
        names.sort();
        names
    };
    export(&["--png", folder]);
    assert_eq!(pictures().len(), 2, "{:?}", pictures());
    export(&["--png", folder, "--steps"]);
    assert_eq!(pictures().len(), 5, "three steps beside them: {:?}", pictures());

    // A page a slide, a page a step, and sheets with notes: each as many as it should have.
    for (more, pages) in [(&[][..], 2), (&["--steps"][..], 3), (&["--steps", "--notes"], 3)] {
        export(&[&["--pdf", pdf], more].concat());
        let bytes = fs::read(pdf).expect("it was written");
        assert!(bytes.starts_with(b"%PDF-"), "{more:?}");
        assert_eq!(pages_of(&bytes), (pages, pages), "{more:?}");
    }
    assert!(refused(&["export", "--notes", "--png", folder]).contains("--notes"));
}

/// How many pages a PDF has, and how many labels name the way to their slide.
fn pages_of(pdf: &[u8]) -> (usize, usize) {
    let text = String::from_utf8_lossy(pdf);
    (text.matches("/Type/Page/").count(), text.matches("/Type/PageLabel/P(hello/").count())
}
