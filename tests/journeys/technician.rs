//! What whoever keeps the wall running needs: it starts fast, rests when nothing moves, is small, and never freezes.

use crate::{
    exhibit::{Exhibit, command},
    eyes::chrome,
    journey::{FULL_HD, Journey, alone},
    picture::Region,
    screen::{Screen, scratch},
};
use peerscape::cli::{NO_ADAPTER, NO_DISPLAY};
use std::{
    fs, thread,
    time::{Duration, Instant},
};

/// A slide of words and a still: nothing moves there by itself.
const STILL: &str = "welcome/looks";

/// The goal of size that holds on the virtual screen.
const RESIDENT_KIB: u64 = 250 * 1000 * 1000 / 1024;

/// How much longer the whole deck may take to its first frame than a deck of one slide: what the deck adds is the
/// exhibit's, all else the machine's.
const MOST_OF_ONE_SLIDE: f64 = 1.5;

/// How long the wall is watched at rest, and how much of a core it may take of it, in ticks of 10 ms: 1 %.
const AT_REST: Duration = Duration::from_secs(10);
const TICKS_AT_REST: u64 = 10;

/// The least deck there is.
pub const ONE_SLIDE: &str = r#"(
    topics: [(slug: "welcome", icon: "welcome", slides: [
        (slug: "start", still: (marks: [peer(name: "a", at: (416, 416))])),
    ])],
    words: (language: "English", topics: {
        "welcome": (title: "Welcome", slides: {"start": (headline: "One slide", steps: ["A peer."])}),
    }),
)
"#;

/// A still slide draws nothing, takes next to nothing, is small, and answers a touch at once.
#[test]
fn a_still_wall_rests_and_wakes_at_a_touch() {
    let j = Journey::begin("rest", FULL_HD, &["--at", STILL, "--idle", "600"]);
    j.see_still(Region::ALL);
    // The last change may be a frame or two from being presented.
    thread::sleep(Duration::from_secs(2));

    let (ticks, frames) = (j.wall.ticks(), j.wall.frames());
    let mark = j.wall.mark();
    thread::sleep(AT_REST);
    let (used, told) = (j.wall.ticks() - ticks, j.wall.told(mark, "frames presented"));
    assert!(told.len() >= 5, "the count is told every second\n{}", j.wall.tail(mark));
    for count in &told {
        assert_eq!(count.parse(), Ok(frames), "a still wall presents nothing\n{}", j.wall.tail(mark));
    }
    let share = used as f64 / AT_REST.as_secs_f64();
    println!("at rest: {share:.1} % of a core");
    assert!(used <= TICKS_AT_REST, "a still wall took {used} ticks of 10 ms in {AT_REST:?}");

    let [resident, proportional, anonymous] = ["Rss", "Pss", "Anonymous"].map(|name| j.wall.memory(name));
    println!("memory at rest: {resident} KiB resident, {proportional} KiB proportional, {anonymous} KiB anonymous");
    if !cfg!(debug_assertions) {
        assert!(resident < RESIDENT_KIB, "{resident} KiB are resident");
    }

    // A finger going down is answered, although nothing was drawn for seconds.
    let before = j.look_at();
    let spot = [1880.0, 640.0];
    let began = Instant::now();
    j.finger.down(0, spot);
    j.see_change("the circle under the finger", &before, Region::about(spot, 40.0), 0.01);
    println!(
        "a touch on the resting wall was seen after {} ms, reading the picture included",
        began.elapsed().as_millis()
    );
    j.finger.up(0);
    assert!(j.wall.frames() > frames, "the touch moved the count of frames");
    // And then it rests again.
    thread::sleep(Duration::from_secs(2));
    assert_eq!(j.wall.frames(), j.wall.frames(), "the wall rests again");
}

/// From the start of the process to the first slide on the screen: the whole deck hardly longer than one slide.
#[test]
fn the_first_slide_comes_at_once() {
    let _alone = alone();
    let screen = Screen::start(FULL_HD);
    let folder = scratch("one-slide");
    let one = folder.join("one.ron");
    fs::write(&one, ONE_SLIDE).expect("the temporary folder can be written");
    let one = one.to_str().expect("the temporary folder has a plain name");
    let mut fastest = [f64::INFINITY; 2];
    // In turn, and the best of each: what the exhibit needs, and not what else the machine was doing.
    for _ in 0..4 {
        for (deck, fastest) in [&["--at", "welcome"][..], &["--deck", one]].into_iter().zip(&mut fastest) {
            let wall = Exhibit::start(&screen, &[deck, &["--idle", "600"]].concat());
            *fastest = wall.first_frame().min(*fastest);
        }
    }
    let [whole, least] = fastest;
    println!("first frame after {whole} ms; {:.2} of what a deck of one slide takes", whole / least);
    let _gone = fs::remove_dir_all(&folder);
    if !cfg!(debug_assertions) {
        assert!(whole <= least * MOST_OF_ONE_SLIDE, "the first frame took {whole} ms, {least} ms with one slide");
    }
}

/// While slides turn, frames follow each other as fast as the rasteriser lets them.
#[test]
fn turning_slides_draw_many_frames() {
    let j = Journey::begin("turning", FULL_HD, &["--at", "welcome", "--idle", "600"]);
    let (frames, began) = (j.wall.frames(), Instant::now());
    for spot in [chrome::NEXT_TOPIC, chrome::PREVIOUS_TOPIC].iter().cycle().take(8) {
        j.moves("an arrow", || j.finger.tap(*spot));
        thread::sleep(Duration::from_millis(300));
    }
    let (drawn, seconds) = (j.wall.frames() - frames, began.elapsed().as_secs_f64());
    println!("8 turns of 320 ms drew {drawn} frames in {seconds:.1} s");
    // A turn that showed its end alone would draw a frame or two.
    assert!(drawn >= 8 * 5, "8 turns drew {drawn} frames");
}

/// A panic is logged with its place and ends the process, so that a service starts it again.
#[test]
fn a_panic_ends_the_process_and_says_where() {
    let _alone = alone();
    let screen = Screen::start(FULL_HD);
    let mut command = command(&["--at", "welcome", "--idle", "600"]);
    command.env("DISPLAY", &screen.display).env("PEERSCAPE_PANIC_AT", "90");
    let mut wall = Exhibit::spawn(command);
    let ended = wall.ended();
    assert!(!ended.success(), "a panic is no success: {ended}");
    let log = wall.tail(wall.beginning());
    let place = log.lines().find(|line| line.contains("panic") && line.contains("src/") && line.contains(".rs:"));
    assert!(place.is_some(), "the log names the place of the panic:\n{log}");
}

/// Without a display, with one that does not answer, and without an adapter: each a code of its own, and what to do.
#[test]
fn what_is_missing_is_said_with_its_remedy() {
    let _alone = alone();
    let mut wall = Exhibit::spawn(command(&[]));
    assert_eq!(wall.ended().code(), Some(i32::from(NO_DISPLAY)), "{}", wall.tail(wall.beginning()));
    let log = wall.tail(wall.beginning());
    assert!(log.contains("DISPLAY") && log.contains("peerscape doctor"), "what is missing, and the remedy:\n{log}");

    // No server has so high a number: Xorg counts from 0.
    let mut gone = command(&[]);
    gone.env("DISPLAY", ":4711");
    let mut wall = Exhibit::spawn(gone);
    assert_eq!(wall.ended().code(), Some(i32::from(NO_DISPLAY)), "{}", wall.tail(wall.beginning()));
    assert!(wall.tail(wall.beginning()).contains(":4711"), "which display:\n{}", wall.tail(wall.beginning()));

    let screen = Screen::start(FULL_HD);
    let mut blind = command(&[]);
    blind.env("DISPLAY", &screen.display);
    blind.env("VK_DRIVER_FILES", "/nowhere.json").env("VK_ICD_FILENAMES", "/nowhere.json");
    let mut wall = Exhibit::spawn(blind);
    assert_eq!(wall.ended().code(), Some(i32::from(NO_ADAPTER)), "{}", wall.tail(wall.beginning()));
    let log = wall.tail(wall.beginning());
    assert!(log.contains("mesa-vulkan-drivers"), "what is missing, and the remedy:\n{log}");
}

/// A window of `--windowed` has the size asked for, and may be closed.
#[test]
fn a_window_may_be_closed() {
    let mut j = Journey::begin("window", FULL_HD, &["--windowed", "1280x800", "--at", "welcome"]);
    let window = j.screen.active_window().expect("the wall has a window");
    let [_, _, width, height] = j.screen.place_of(window);
    assert_eq!([width, height], [1280, 800]);
    j.screen.ask_to_close();
    let ended = j.wall.ended();
    assert!(ended.success(), "closing the window is no failure: {ended}");
}

/// `doctor` finds the rasteriser and the screen that the journeys run on, and says what one is.
#[test]
fn doctor_finds_what_is_here() {
    let _alone = alone();
    let screen = Screen::start([1280, 800]);
    let mut ask = command(&["doctor"]);
    ask.env("DISPLAY", &screen.display);
    let mut doctor = Exhibit::spawn(ask);
    let code = doctor.ended().code();
    let said = doctor.since(doctor.beginning());
    let line = |name: &str| {
        let found = said.iter().find(|line| line.text.split_whitespace().nth(1) == Some(name));
        found.map_or_else(|| panic!("doctor says nothing of {name}:\n{}", doctor.tail(doctor.beginning())), |l| &l.text)
    };
    assert!(line("adapter").starts_with("has") && line("adapter").contains("software"), "{}", line("adapter"));
    assert!(line("display").starts_with("has") && line("display").contains(&screen.display), "{}", line("display"));
    assert!(line("fonts").starts_with("has") && line("deck").starts_with("has"), "what the binary brings");
    // Whether this machine has a touchscreen of its own decides the rest.
    let touch = line("touch").starts_with("has");
    assert_eq!(code, Some(i32::from(!touch)), "1 where something lacks");
}
