//! A day on the wall, recorded with real fingers, and lived through again and again: does memory grow, does it stand still?
//!
//! The short form is a minute of visits and a few seconds of soaking. By night:
//! `PEERSCAPE_DAY=480 PEERSCAPE_SOAK=60 cargo test --release --test journeys -- --nocapture a_recorded_day`
//! records for 480 minutes and soaks for 60.

use crate::{
    exhibit::command,
    finger::Spot,
    journey::{FULL_HD, Journey},
    keys::Key,
    screen::scratch,
};
use std::{
    env, fs, thread,
    time::{Duration, Instant},
};

/// Minutes that the environment sets, or these.
fn minutes(name: &str, usual: f64) -> f64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// Chance of a visitor's: `SplitMix64`.
struct Whim(u64);

impl Whim {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn spot(&mut self) -> Spot {
        [self.below(1920) as f32, self.below(1080) as f32]
    }

    fn pause(&mut self, from: u64, to: u64) {
        thread::sleep(Duration::from_millis(from + self.below(to - from)));
    }
}

/// Something that a visitor does, sensible or not.
fn does(whim: &mut Whim, j: &Journey) {
    let [a, b] = [whim.spot(), whim.spot()];
    match whim.below(12) {
        0..=4 => j.finger.tap(a),
        5 => j.finger.swipe([1880.0, 300.0], [1300.0, 300.0]),
        6 => j.finger.swipe([960.0, 900.0], [960.0, 400.0]),
        7 => {
            j.finger.hold(a);
            j.finger.up(0);
        }
        8 => {
            // Two fingers, one of which slides.
            j.finger.down(0, a);
            j.finger.down(1, b);
            j.finger.slide(1, whim.spot(), 0.4);
            j.finger.up(0);
            j.finger.up(1);
        }
        9 => {
            j.finger.down(0, a);
            j.finger.slide(0, b, 0.6);
            j.finger.up(0);
        }
        10 => j.keys().press([Key::PageDown, Key::Right, Key::Down, Key::Tab][whim.below(4) as usize]),
        _ => j.keys().press([Key::Enter, Key::Home, Key::Sign('t'), Key::Sign('c')][whim.below(4) as usize]),
    }
}

/// Visitors come and go as long as the day lasts; then the day is lived again and again.
#[test]
fn a_recorded_day_soaks_the_wall() {
    let folder = scratch("soak");
    let tape = folder.join("day.tape");
    let text = tape.to_str().expect("the temporary folder has a plain name");
    let mut whim = Whim(7);
    let day = Duration::from_secs_f64(60.0 * minutes("PEERSCAPE_DAY", 1.0));
    let begun = Instant::now();
    let j = Journey::begin("soak", FULL_HD, &["--idle", "10", "--record", text]);
    let mut visits = 0_u32;
    while begun.elapsed() < day {
        for _ in 0..4 + whim.below(16) {
            does(&mut whim, &j);
            whim.pause(300, 2_500);
        }
        visits += 1;
        // It asks after ten seconds, for fifteen, and then plays to nobody for a while.
        whim.pause(45_000, 65_000);
    }
    // What it wrote last is on the disk within a second.
    thread::sleep(Duration::from_millis(1_500));
    drop(j);
    let length = fs::metadata(&tape).expect("it was recorded").len();
    println!(
        "{visits} visits in {:.1} min, {:.1} MB of tape",
        begun.elapsed().as_secs_f64() / 60.0,
        length as f64 / 1e6
    );

    let soak = minutes("PEERSCAPE_SOAK", 0.4).to_string();
    let mut replay = command(&["replay", text, "--fast", "--soak", &soak]);
    // What the wall says of each visit is a hundred times as much here.
    let out =
        replay.env("RUST_LOG", "peerscape=warn").env_remove("PEERSCAPE_LOG_FRAMES").output().expect("the binary runs");
    let said = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    println!("{said}");
    assert!(out.status.success(), "{said}");
    assert!(!said.contains(" ERROR "), "{said}");
    let number_before = |words: &str| -> f64 {
        let before = said.split(words).next().unwrap_or_default();
        before.split_whitespace().next_back().and_then(|number| number.parse().ok()).unwrap_or(0.0)
    };
    // Each round is the day as it was, with its visitors; one who came soon after another may have been with them.
    let (rounds, came) = (number_before(" rounds"), number_before(" visits\npictures"));
    assert!(rounds >= 1.0 && came >= 0.5 * rounds * f64::from(visits), "{rounds} rounds of {visits} visits:\n{said}");
    let speed = number_before(" times as fast");
    assert!(speed > 1.0, "{said}");
    // The run fails where attract stands still; that says something only if there was attract.
    assert!(number_before(" of them in attract") >= 3.0, "nobody left the wall to itself:\n{said}");
    let (first, last) = (number_before(" MB at first"), number_before(" MB at last"));
    assert!(first > 0.0 && last < 2.0 * first, "memory doubles within seconds:\n{said}");
    if env::var_os("PEERSCAPE_KEEP").is_none() {
        let _gone = fs::remove_dir_all(&folder);
    }
}
