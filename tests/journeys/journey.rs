//! What every journey has: a screen, fingers, keys and the exhibit, and a picture and log left behind when it fails.

use crate::{
    exhibit::{Exhibit, Line, Place, command},
    finger::Finger,
    keys::Keys,
    patience::{PATIENCE, ask_until},
    picture::{Picture, Region, Rgb},
    screen::Screen,
};
use peerscape::ink::{look::Look, sheet::Ink};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// The screen of most journeys: the size that everything is designed at.
pub const FULL_HD: [u16; 2] = [1920, 1080];

/// How long a wall is watched to say that nothing happens there.
const QUIET: Duration = Duration::from_millis(700);
/// A window that has had its size for so long keeps it.
const SETTLED: Duration = Duration::from_millis(150);

/// One journey at a time: two walls on one software rasteriser would measure each other.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // A journey that failed has left nothing behind.
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder of this checkout.
pub fn checkout(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// A look's colour, from the file that the wall reads it from.
pub fn colour(look: &str, ink: Ink) -> Rgb {
    let read = |path: &str| fs::read_to_string(checkout("assets").join(path)).ok();
    let looks = Look::all(read).unwrap_or_else(|error| panic!("{error}"));
    let found = looks.iter().find(|l| l.name == look).unwrap_or_else(|| panic!("there is no look `{look}`"));
    found.colours.tokens()[ink.index() as usize].0
}

/// A journey: who fails leaves a picture and the log behind.
pub struct Journey {
    name: &'static str,
    /// The exhibit.
    pub wall: Exhibit,
    /// Robot fingers.
    pub finger: Finger,
    /// The screen. Last, because the exhibit must go before its screen does.
    pub screen: Screen,
    _alone: MutexGuard<'static, ()>,
}

impl Journey {
    /// Starts the exhibit on a new screen and waits for its first frame and the keyboard.
    pub fn begin(name: &'static str, size: [u16; 2], options: &[&str]) -> Self {
        Self::begin_where(name, size, options, &[])
    }

    /// The same in an environment that says this, too.
    pub fn begin_where(name: &'static str, size: [u16; 2], options: &[&str], environment: &[(&str, &str)]) -> Self {
        let alone = alone();
        Self::begin_on(name, alone, Screen::start(size), options, environment)
    }

    /// The same on a screen that is there.
    pub fn begin_on(
        name: &'static str,
        alone: MutexGuard<'static, ()>,
        screen: Screen,
        options: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let finger = Finger::reach(&screen);
        let mut command = command(options);
        command.env("DISPLAY", &screen.display).envs(environment.iter().copied());
        let wall = Exhibit::spawn(command);
        let this = Self { name, wall, finger, screen, _alone: alone };
        this.wall.first_frame();
        assert!(ask_until(PATIENCE, || this.screen.active_window()).is_some(), "the wall has no window");
        if !options.iter().any(|option| ["present", "--windowed"].contains(option)) {
            // The window manager may make it small for a moment before it fills the screen: a finger would miss it.
            let [width, height] = this.screen.size;
            let full = format!("{width}x{height}");
            let settled = |line: &Line| line.says == format!("window {full}") && line.at.elapsed() > SETTLED;
            let sizes =
                || this.wall.since(this.wall.beginning()).into_iter().filter(|line| line.says.starts_with("window "));
            let fills = ask_until(PATIENCE, || sizes().next_back().filter(settled));
            assert!(fills.is_some(), "it never filled the screen:\n{}", this.wall.tail(this.wall.beginning()));
        }
        this
    }

    /// The keyboard.
    pub fn keys(&self) -> Keys<'_> {
        Keys::new(&self.screen)
    }

    /// What is on the glass.
    pub fn look_at(&self) -> Picture {
        self.screen.picture()
    }

    /// Waits until the picture is as described.
    ///
    /// # Panics
    /// If it is not in time, with the description.
    pub fn see(&self, what: &str, is_so: impl Fn(&Picture) -> bool) -> Picture {
        self.see_within(what, PATIENCE, is_so)
    }

    /// The same, for what a run takes longer for.
    pub fn see_within(&self, what: &str, within: Duration, is_so: impl Fn(&Picture) -> bool) -> Picture {
        let seen = ask_until(within, || Some(self.look_at()).filter(|picture| is_so(picture)));
        seen.unwrap_or_else(|| panic!("never seen on the wall: {what}\n{}", self.wall.tail(self.wall.beginning())))
    }

    /// Waits until a part of the picture differs from what it was by at least this share.
    pub fn see_change(&self, what: &str, before: &Picture, region: Region, share: f64) -> Picture {
        self.see(what, |now| now.changed(before, region) >= share)
    }

    /// Waits until the picture stands still in a region: three looks in a row, 120 ms apart, without a difference.
    pub fn see_still(&self, region: Region) -> Picture {
        let mut last = self.look_at();
        let mut same = 0;
        let end = Instant::now() + PATIENCE;
        while same < 3 {
            thread::sleep(Duration::from_millis(120));
            let now = self.look_at();
            same = if now.changed(&last, region) > 0.0 { 0 } else { same + 1 };
            last = now;
            assert!(Instant::now() < end, "{region:?} of the picture never stood still");
        }
        last
    }

    /// Does something, and waits until the wall is at another place than before.
    pub fn moves(&self, what: &str, act: impl FnOnce()) -> Place {
        let (before, mark) = (self.wall.place(), self.wall.mark());
        act();
        let moved = ask_until(PATIENCE, || self.wall.place().filter(|now| Some(now) != before.as_ref()));
        moved.unwrap_or_else(|| panic!("{what} led nowhere from {before:?}:\n{}", self.wall.tail(mark)))
    }

    /// Does something, and sees for a while that the wall says nothing of these kinds.
    pub fn nothing(&self, what: &str, kinds: &[&str], act: impl FnOnce()) {
        let mark = self.wall.mark();
        act();
        thread::sleep(QUIET);
        for kind in kinds {
            let told = self.wall.told(mark, kind);
            assert!(told.is_empty(), "{what} must not say \"{kind} {}\"\n{}", told[0], self.wall.tail(mark));
        }
    }
}

impl Drop for Journey {
    fn drop(&mut self) {
        if !thread::panicking() {
            let faults: Vec<_> = self.wall.since(self.wall.beginning()).into_iter().filter(Line::is_fault).collect();
            assert!(faults.is_empty(), "the journey went through, but the wall complained:\n{faults:#?}");
            return;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journeys");
        let (picture, log) = (folder.join(format!("{}.png", self.name)), folder.join(format!("{}.log", self.name)));
        // A second panic while one unwinds would end the whole test run, so the picture is taken on a thread of its own.
        let screen = &self.screen;
        let saved = thread::scope(|scope| {
            scope.spawn(|| screen.picture().save(&picture)).join().is_ok_and(|saved| saved.is_ok())
        });
        let logged = fs::create_dir_all(&folder).and_then(|()| fs::write(&log, self.wall.tail(self.wall.beginning())));
        if saved {
            eprintln!("what the wall showed when the journey failed: {}", picture.display());
        }
        if logged.is_ok() {
            eprintln!("what it had said: {}", log.display());
        }
    }
}
