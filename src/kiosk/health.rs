//! Health: what the wall tells who keeps it running. systemd hears that the wall is up and that it still answers; a socket
//! of this machine answers `peerscape status`.
//!
//! The watchdog is told only what is true: that the main loop has come round, and, if something was due to move, that
//! frames have reached the screen since it was last told. A wall that stands still, or is dark out of hours, is healthy.
//!
//! ```
//! use peerscape::kiosk::health::Pulse;
//! use std::time::Duration;
//!
//! let seconds = Duration::from_secs;
//! let mut pulse = Pulse::new(Some(seconds(20)));
//! assert!(pulse.beat(seconds(0), 0, true).is_empty(), "nothing is on the screen yet");
//! assert_eq!(pulse.beat(seconds(1), 1, true), vec!["READY=1", "WATCHDOG=1"]);
//! assert!(pulse.beat(seconds(7), 1, true).is_empty(), "something is due, and no frame has come");
//! assert_eq!(pulse.beat(seconds(9), 2, true), vec!["WATCHDOG=1"]);
//! assert_eq!(pulse.beat(seconds(15), 2, false), vec!["WATCHDOG=1"], "nothing is due");
//! ```

use serde::{Deserialize, Serialize};
use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

/// The socket's name in the folder of a user's sockets.
const SOCKET: &str = "peerscape.status";
/// Where the service of `kiosk.service` has its folder.
const SERVICE: &str = "/run/peerscape";
/// A question is a word; longer ones are none.
const LONGEST: u64 = 64;
/// How long either side waits for the other.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many of the latest warnings are kept.
pub const WARNINGS: usize = 10;

/// What staff is told of a wall that runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// Seconds since the process began.
    pub uptime_s: u64,
    /// What the wall does: `visit`, `asks`, `attract`, `waits` or `dark`.
    pub state: String,
    /// The slide that it shows: topic and slug.
    pub slide: String,
    /// Frames that reached the screen.
    pub frames_presented: u64,
    /// Sixtieths of a second without a frame while something moved, beyond what the screen takes for one.
    pub frames_dropped: u64,
    /// Memory that is resident, in bytes.
    pub memory_bytes: u64,
    /// What draws.
    pub adapter: String,
    /// The screens: name and size.
    pub displays: Vec<String>,
    /// The touchscreens by their names.
    pub touchscreens: Vec<String>,
    /// Where the deck was read from.
    pub deck: String,
    /// A hash of all that was read for it.
    pub deck_hash: String,
    /// The last ten warnings and errors, oldest first.
    pub warnings: Vec<String>,
    /// Visits of today, if a log is kept.
    pub visits_today: Option<u64>,
    /// Entries of that log that could not be written, and why the last could not.
    pub visits_lost: u64,
    /// Why the last entry of that log could not be written.
    pub visits_trouble: Option<String>,
    /// How long ago the main loop came round last, in milliseconds: more than a few seconds is a stall.
    pub answered_ms: u64,
}

impl Status {
    /// Everything but the warnings for a person: names and values.
    #[must_use]
    pub fn rows(&self) -> [(&'static str, String); 11] {
        let list = |items: &[String]| if items.is_empty() { "none".into() } else { items.join(", ") };
        let (hours, minutes) = (self.uptime_s / 3_600, self.uptime_s / 60 % 60);
        let visits = match (&self.visits_today, &self.visits_trouble) {
            (None, None) => "no log is kept".into(),
            (today, None) => today.unwrap_or_default().to_string(),
            (_, Some(trouble)) => format!("{} entries could not be written: {trouble}", self.visits_lost),
        };
        [
            ("version", self.version.clone()),
            ("up", format!("{hours} h {minutes:02} min")),
            ("shows", format!("{} ({})", self.slide, self.state)),
            ("answered", format!("{} ms ago", self.answered_ms)),
            ("frames", format!("{} presented, {} dropped", self.frames_presented, self.frames_dropped)),
            ("memory", format!("{} MB", self.memory_bytes / 1_000_000)),
            ("adapter", self.adapter.clone()),
            ("displays", list(&self.displays)),
            ("touchscreens", list(&self.touchscreens)),
            ("deck", format!("{} ({})", self.deck, self.deck_hash)),
            ("visits today", visits),
        ]
    }
}

/// What is told to systemd, and when.
#[derive(Debug)]
pub struct Pulse {
    /// A quarter of the time within which a sign of life is wanted, if one is.
    interval: Option<Duration>,
    ready: bool,
    /// When the last sign was given, and how many frames there were then.
    told: (Duration, u64),
    /// Whether something was due to move since.
    due: bool,
}

impl Pulse {
    /// A pulse for a watchdog that waits so long, if there is one.
    #[must_use]
    pub fn new(watchdog: Option<Duration>) -> Self {
        Self { interval: watchdog.map(|within| within / 4), ready: false, told: (Duration::ZERO, 0), due: false }
    }

    /// The watchdog that this process was started under, by `WATCHDOG_USEC`. `WATCHDOG_PID` names the main process of the
    /// unit, which is the compositor: that unit takes signs from any of its processes.
    #[must_use]
    pub fn watchdog() -> Option<Duration> {
        let microseconds: u64 = env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
        (microseconds > 0).then(|| Duration::from_micros(microseconds))
    }

    /// How long the main loop may sleep.
    #[must_use]
    pub fn longest_sleep(&self) -> Duration {
        self.interval.unwrap_or(Duration::MAX)
    }

    /// The main loop has come round at a moment of the monotonic clock, after so many frames; something is due to move, or
    /// nothing is. What comes back is to be told, word for word (`sd_notify(3)`).
    pub fn beat(&mut self, now: Duration, frames: u64, due: bool) -> Vec<&'static str> {
        self.due |= due;
        if !self.ready {
            if frames == 0 {
                return Vec::new();
            }
            self.ready = true;
            (self.told, self.due) = ((now, frames), false);
            let watched = self.interval.map(|_| "WATCHDOG=1");
            return ["READY=1"].into_iter().chain(watched).collect();
        }
        let (at, then) = self.told;
        let is_time = self.interval.is_some_and(|interval| now.saturating_sub(at) >= interval);
        if !is_time || (self.due && frames == then) {
            return Vec::new();
        }
        (self.told, self.due) = ((now, frames), false);
        vec!["WATCHDOG=1"]
    }

    /// The main loop has come round, and no screen is switched on that a first frame could be on. A start that takes too long
    /// would be ended and tried anew, all night long: what comes back asks to go on waiting.
    pub fn wait(&mut self, now: Duration) -> Option<&'static str> {
        let due = !self.ready && now.saturating_sub(self.told.0) >= WAITS.0;
        due.then(|| {
            self.told.0 = now;
            WAITS.1
        })
    }
}

/// How often systemd is asked for patience, and for how much of it.
const WAITS: (Duration, &str) = (Duration::from_secs(15), "EXTEND_TIMEOUT_USEC=60000000");

/// So many frames that were drawn and never seen, and over so long, are no hiccup.
const BLIND: (u32, Duration) = (60, Duration::from_secs(4));

/// Whether what is drawn reaches the screen. A surface that is lost for good is an error at every frame, and nothing more.
///
/// ```
/// use peerscape::kiosk::health::Sight;
/// use std::time::Duration;
///
/// let mut sight = Sight::default();
/// let frame = |n: u64| Duration::from_millis(n * 16);
/// assert!((0..1000).all(|n| !sight.is_lost(frame(n), n, true)), "each is seen");
/// assert!((1000..1249).all(|n| !sight.is_lost(frame(n), 999, true)), "four seconds may be anything");
/// assert!(sight.is_lost(frame(1249), 999, true));
/// ```
#[derive(Debug, Default)]
pub struct Sight {
    /// How many frames the screen had, when one was drawn first that it did not get, and how many such there are.
    unseen: (u64, Option<Duration>, u32),
}

impl Sight {
    /// The main loop has come round at a moment of the monotonic clock, after so many frames, and has drawn or not; whether
    /// nobody has seen anything new for too long.
    pub fn is_lost(&mut self, now: Duration, frames: u64, drew: bool) -> bool {
        let (seen, since, count) = &mut self.unseen;
        if *seen != frames {
            (*seen, *since, *count) = (frames, None, 0);
        }
        if !drew {
            return false;
        }
        *count += 1;
        let since = *since.get_or_insert(now);
        *count > BLIND.0 && now.saturating_sub(since) >= BLIND.1
    }
}

/// Where the socket of a wall is, unless its settings say otherwise; nothing where there is no folder for it.
#[must_use]
pub fn socket() -> Option<PathBuf> {
    env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty()).map(|folder| Path::new(&folder).join(SOCKET))
}

/// Where a wall may be asked: the socket of this user, and that of the service.
#[must_use]
pub fn sockets() -> Vec<PathBuf> {
    socket().into_iter().chain([Path::new(SERVICE).join(SOCKET)]).collect()
}

/// Who answers a question: `status` or `picture`.
pub trait Answers: Send + Sync + 'static {
    /// The figures as they stand.
    fn status(&self) -> Status;
    /// The picture on the wall as PNG; nothing if none came in time.
    fn picture(&self) -> Option<Vec<u8>>;
}

/// Answers at a socket, on a thread of its own, as long as the process lives.
///
/// # Errors
/// The socket can't be made: another wall answers there, or the folder takes none.
pub fn listen(path: &Path, who: Arc<dyn Answers>) -> io::Result<()> {
    if UnixStream::connect(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another exhibit answers there"));
    }
    // What a process that was killed left behind.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    thread::Builder::new().name("status".into()).spawn(move || {
        for asker in listener.incoming() {
            match asker {
                // Whoever asks and goes away, or asks nonsense, is nobody's trouble.
                Ok(asker) => _ = answer(&asker, &*who),
                Err(_) => thread::sleep(Duration::from_secs(1)),
            }
        }
    })?;
    Ok(())
}

fn answer(asker: &UnixStream, who: &dyn Answers) -> io::Result<()> {
    asker.set_read_timeout(Some(Duration::from_secs(2)))?;
    asker.set_write_timeout(Some(PATIENCE))?;
    let mut question = String::new();
    BufReader::new(asker).take(LONGEST).read_line(&mut question)?;
    let answer = match question.trim() {
        "status" => serde_json::to_vec(&who.status())?,
        "picture" => who.picture().unwrap_or_default(),
        _ => Vec::new(),
    };
    (&*asker).write_all(&answer)
}

/// Asks a wall. An empty answer says that it has none.
///
/// # Errors
/// Nobody listens there, or does not answer in time.
pub fn ask(path: &Path, question: &str) -> io::Result<Vec<u8>> {
    let mut wall = UnixStream::connect(path)?;
    wall.set_read_timeout(Some(PATIENCE))?;
    wall.write_all(format!("{question}\n").as_bytes())?;
    let mut answer = Vec::new();
    wall.read_to_end(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{fs, time::Instant};

    struct Wall;

    impl Answers for Wall {
        fn status(&self) -> Status {
            Status { slide: "history/arpanet".into(), frames_presented: 7, ..Status::default() }
        }
        fn picture(&self) -> Option<Vec<u8>> {
            None
        }
    }

    fn listening(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("peerscape-{name}-{}", std::process::id()));
        fs::write(&path, "left behind").expect("the temporary folder can be written");
        listen(&path, Arc::new(Wall)).expect("it listens");
        path
    }

    #[test]
    fn a_wall_without_a_watchdog_says_only_that_it_is_up() {
        let mut pulse = Pulse::new(None);
        assert!(pulse.beat(Duration::ZERO, 0, true).is_empty());
        assert_eq!(pulse.beat(Duration::from_secs(1), 3, true), ["READY=1"]);
        assert!((2..100).all(|second| pulse.beat(Duration::from_secs(second), 3, true).is_empty()));
    }

    #[test]
    fn a_start_without_a_screen_asks_for_patience_until_it_has_one() {
        let mut pulse = Pulse::new(Some(Duration::from_secs(30)));
        let asked: Vec<_> = (0..100).filter(|second| pulse.wait(Duration::from_secs(*second)).is_some()).collect();
        assert_eq!(asked, [15, 30, 45, 60, 75, 90], "each time before a minute is over");
        assert_eq!(pulse.beat(Duration::from_secs(100), 1, true), ["READY=1", "WATCHDOG=1"]);
        assert!((101..200).all(|second| pulse.wait(Duration::from_secs(second)).is_none()), "it is up");
    }

    #[test]
    fn a_wall_that_should_move_and_does_not_is_silent_until_it_does() {
        let mut pulse = Pulse::new(Some(Duration::from_secs(40)));
        assert_eq!(pulse.beat(Duration::ZERO, 1, true).len(), 2);
        let signs = |pulse: &mut Pulse, seconds: std::ops::Range<u64>, frames: u64, due: bool| -> usize {
            seconds.map(|second| pulse.beat(Duration::from_secs(second), frames, due).len()).sum()
        };
        assert_eq!(signs(&mut pulse, 1..100, 1, false), 9, "a still wall is healthy");
        // It was due once, and is forgotten by nobody.
        assert_eq!(signs(&mut pulse, 100..101, 1, true), 0);
        assert_eq!(signs(&mut pulse, 101..200, 1, false), 0);
        assert_eq!(signs(&mut pulse, 200..201, 2, false), 1);
    }

    #[test]
    fn answers_what_it_is_asked_and_takes_the_place_of_a_socket_left_behind() {
        let path = listening("status");
        let told: Status = serde_json::from_slice(&ask(&path, "status").expect("answered")).expect("a status");
        assert_eq!((told.slide.as_str(), told.frames_presented), ("history/arpanet", 7));
        assert!(ask(&path, "picture").expect("answered").is_empty());
        assert!(ask(&path, "the way to the station").expect("answered").is_empty());
        assert_eq!(listen(&path, Arc::new(Wall)).expect_err("taken").kind(), io::ErrorKind::AddrInUse);
        fs::remove_file(&path).expect("it is there");
        assert!(ask(&path, "status").is_err());
    }

    proptest! {
        #![proptest_config(crate::fuzz::cases(300))]
        /// Whatever comes in at the socket, the next question is answered, and soon.
        #[test]
        fn nonsense_at_the_socket_stops_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200), begun in any::<bool>()) {
            static PATH: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
            let path = PATH.get_or_init(|| listening("nonsense"));
            let mut wall = UnixStream::connect(path).expect("it listens");
            let _gone = wall.write_all(&bytes);
            if begun {
                let _gone = wall.write_all(b"\n");
            }
            drop(wall);
            let began = Instant::now();
            prop_assert!(!ask(path, "status").expect("answered").is_empty());
            prop_assert!(began.elapsed() < Duration::from_secs(3));
        }
    }
}
