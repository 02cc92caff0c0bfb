//! What a museum does to a wall: the graphics card goes, the screen goes and comes back, the touchscreen is pulled out
//! while it is pressed, two taps come at once, and the plug is pulled while a deck is being read.

use crate::{
    exhibit::{Exhibit, command},
    finger::Finger,
    journey::{FULL_HD, Journey, alone},
    patience::{PATIENCE, ask_until},
    picture::Region,
    screen::{Screen, scratch},
    staff::{staff, status, text},
    technician::ONE_SLIDE,
};
use std::{
    env, fs, thread,
    time::{Duration, Instant},
};

/// A slide with a server to stop.
const LIVE: &str = "side-by-side/live";
/// It stands in the middle of the left network.
const SERVER: [f32; 2] = [560.0, 548.0];
/// The kernel's words for a touchscreen.
const TOUCHSCREEN: &str =
    "N: Name=\"A Wall's Glass\"\nB: PROP=2\nB: EV=b\nB: KEY=400 0 0 0 0 0\nB: ABS=260800000000003\n\n";

/// A card that is lost ends the process in a way that systemd takes for a fault, and starts it anew.
#[test]
fn a_lost_graphics_card_ends_the_process_for_systemd_to_start_anew() {
    let (_alone, screen) = (alone(), Screen::start(FULL_HD));
    let mut lost = command(&["--at", LIVE]);
    lost.env("DISPLAY", &screen.display).env("PEERSCAPE_LOSE_AT", "240");
    let begun = Instant::now();
    let mut wall = Exhibit::spawn(lost);
    wall.first_frame();
    let ended = wall.ended();
    // Four seconds until it is lost, and ten to notice.
    assert!(begun.elapsed() < Duration::from_secs(14), "it took {:?}", begun.elapsed());
    assert!(!ended.success(), "systemd starts anew what fails: {ended}");
    assert!(wall.tail(wall.beginning()).contains("no longer reaches the screen"), "and the log says why");
}

/// So does a screen that is gone with its server.
#[test]
fn a_screen_whose_server_is_gone_ends_the_process() {
    let (_alone, mut screen) = (alone(), Screen::start(FULL_HD));
    let mut wall = Exhibit::start(&screen, &["--at", LIVE]);
    wall.first_frame();
    screen.end();
    let ended = wall.ended();
    assert!(!ended.success(), "systemd starts anew what fails: {ended}");
}

/// A screen that is switched off and on shows the same picture; while none is on, a wall ends until there is one.
#[test]
fn a_screen_may_be_switched_off_and_on_and_come_late() {
    let j = Journey::begin("dark", FULL_HD, &["--at", "welcome/looks"]);
    let before = j.see_still(Region::ALL);
    j.screen.light(false);
    thread::sleep(Duration::from_secs(2));
    j.screen.light(true);
    j.see("the same picture", |p| p.changed(&before, Region::ALL) < 0.001);
    j.moves("a swipe", || j.finger.swipe([1880.0, 300.0], [1300.0, 300.0]));
    drop(j);

    let (_alone, screen) = (alone(), Screen::start(FULL_HD));
    screen.light(false);
    let mut wall = Exhibit::start(&screen, &["--at", "welcome/looks"]);
    let ended = wall.ended();
    assert!(!ended.success(), "without a screen it ends, for systemd to start anew: {ended}");
    screen.light(true);
    let wall = Exhibit::start(&screen, &["--at", "welcome/looks"]);
    wall.first_frame();
    let seen = ask_until(PATIENCE, || (screen.picture().changed(&before, Region::ALL) < 0.001).then_some(()));
    assert!(seen.is_some(), "the picture:\n{}", wall.tail(wall.beginning()));
}

/// A touchscreen that is pulled out lets go of what it held; plugged in again, the next tap does what a tap does.
#[test]
fn a_touchscreen_is_pulled_out_while_it_is_pressed() {
    let folder = scratch("pulled");
    let [devices, socket] = ["devices", "status"].map(|name| folder.join(name));
    fs::write(&devices, TOUCHSCREEN).expect("written");
    let config = folder.join("hall.ron");
    fs::write(&config, r#"(status: "status", idle: 600)"#).expect("written");
    let environment = [("PEERSCAPE_DEVICES", text(&devices))];
    let j = Journey::begin_where("pulled", FULL_HD, &["--config", text(&config), "--at", LIVE], &environment);
    let told = || status(text(&socket));
    assert!(ask_until(PATIENCE, || (told().touchscreens == ["A Wall's Glass"]).then_some(())).is_some());

    let before = j.look_at();
    j.finger.hold(SERVER);
    let card = j.see_change("what the server holds", &before, Region::ALL, 0.01);
    let mark = j.wall.mark();
    fs::write(&devices, "").expect("written");
    j.wall.hear(mark, "touchscreen gone: A Wall's Glass");
    j.see_change("what was held is let go", &card, Region::ALL, 0.01);
    let now = ask_until(PATIENCE, || Some(told()).filter(|now| now.touchscreens.is_empty())).expect("status says so");
    assert!(now.warnings.iter().any(|warning| warning.contains("touchscreen gone")), "{now:?}");
    let mark = j.wall.mark();
    fs::write(&devices, TOUCHSCREEN).expect("written");
    j.wall.hear(mark, "touchscreen plugged in: A Wall's Glass");
    j.nothing("a finger that lifts late", &["deed", "slide"], || j.finger.up(0));
    let mark = j.wall.mark();
    j.finger.tap(SERVER);
    j.wall.hear(mark, "deed stop");
    let _gone = fs::remove_dir_all(&folder);
}

/// Two taps on one thing within a frame are two taps: the second undoes what the first did, or does nothing, and the wall
/// hears the third.
#[test]
fn two_taps_within_a_frame() {
    let j = Journey::begin("double", FULL_HD, &["--at", LIVE, "--idle", "600"]);
    let mark = j.wall.mark();
    j.finger.double_tap(SERVER);
    j.wall.hear(mark, "deed stop");
    thread::sleep(Duration::from_secs(1));
    let deeds = j.wall.told(mark, "deed").len();
    assert!((1..=2).contains(&deeds), "two taps did {deeds} things: {}", j.wall.tail(mark));
    j.moves("a swipe", || j.finger.swipe([1880.0, 300.0], [1300.0, 300.0]));
}

/// The plug is pulled while decks are read, again and again: five times, or as often as `PEERSCAPE_KILLS` says.
#[test]
fn the_plug_is_pulled_while_a_deck_is_read() {
    let kills: u32 = env::var("PEERSCAPE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(5);
    let folder = scratch("plug");
    let [deck, config, visits] = ["deck.ron", "hall.ron", "visits.db"].map(|name| folder.join(name));
    fs::write(&config, r#"(deck: "deck.ron", visits: "visits.db", attract: false)"#).expect("written");
    let config = text(&config);
    let ours = ONE_SLIDE;
    let (_alone, screen) = (alone(), Screen::start([1280, 720]));
    let finger = Finger::reach(&screen);
    for kill in 0..kills {
        fs::write(&deck, ours).expect("written");
        let wall = Exhibit::start(&screen, &["--config", config]);
        wall.first_frame();
        finger.tap([600.0, 500.0]);
        // Saved so often that one is always being read.
        for n in 0..=u64::from(kill % 7) {
            fs::write(&deck, format!("{ours}// {n}\n")).expect("written");
            thread::sleep(Duration::from_millis(37 + 11 * n));
        }
        drop(wall);
        assert!(
            fs::read_to_string(&deck).expect("the deck is there").starts_with(ours),
            "nobody but the curator writes"
        );
        let (said, well) = staff(&["visits", text(&visits)]);
        assert!(well, "the log is whole after {kill} kills: {said}");
    }
    let _gone = fs::remove_dir_all(&folder);
}
