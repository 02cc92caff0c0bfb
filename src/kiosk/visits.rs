//! The log of visits: when somebody was there, what they saw for how long, and what they touched. Nothing in it tells who:
//! no picture, no sound, no place on the glass.
//!
//! A visit begins with the touch that ends the loop, or the first after the wall was reset, and ends with the last before
//! nobody was there any more. Each entry is written at once, by a thread of its own, into an `SQLite` database with a
//! write-ahead log (WAL): a process that is killed loses nothing, and a disk that is full, slow or gone keeps neither the
//! wall nor what comes later waiting. What could not be written is counted, and forgotten.
//!
//! Days are days of the wall clock at the exhibit's place. Nothing is deleted unless somebody came on several days of the
//! last month: a clock that jumps a year ahead, and the visits that it dates then, must not empty the log.

use super::hours::zone;
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, OpenFlags, params};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

/// Entries that may wait for a slow disk; more are dropped.
const WAITING: usize = 256;
/// How long the disk is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often old visits are deleted.
const CLEANING: Duration = Duration::from_secs(24 * 3_600);
/// Seconds of a day, but for two days of the year.
const DAY: i64 = 24 * 3_600;
/// Days with visits, and within how many days they lie, without which the clock is not believed and nothing is deleted.
const BELIEVED: (i64, i64) = (5, 30);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS visits (
        id INTEGER PRIMARY KEY,
        began INTEGER NOT NULL,          -- seconds since 1970
        ended INTEGER,                   -- the same; nothing while it lasts, or if the exhibit ended first
        left_from TEXT,                  -- the slide that was on the wall at the end
        interrupted TEXT                 -- the slide of the loop that played at the beginning
    );
    CREATE TABLE IF NOT EXISTS entries (
        visit INTEGER NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,             -- seconds since 1970
        slide TEXT NOT NULL,             -- topic/slide
        kind TEXT NOT NULL,              -- seen, touched, broken or healed
        milliseconds INTEGER NOT NULL    -- how long it was seen; 0 for what takes no time
    );
    CREATE INDEX IF NOT EXISTS began ON visits (began);
    CREATE INDEX IF NOT EXISTS visit ON entries (visit);
";

/// Why a log can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct VisitsError(String);

impl From<rusqlite::Error> for VisitsError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a visitor did on a slide, beside seeing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// Anything to its scene.
    Touched,
    /// Something that another deed undoes.
    Broken,
    /// Undid it.
    Healed,
}

impl Did {
    fn name(self) -> &'static str {
        match self {
            Self::Touched => "touched",
            Self::Broken => "broken",
            Self::Healed => "healed",
        }
    }
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Somebody came.
    Began {
        /// The slide of the loop that they interrupted, if it played.
        interrupted: Option<String>,
    },
    /// A slide was on the wall.
    Seen {
        /// Topic and slide.
        slide: String,
        /// For so long.
        milliseconds: u64,
    },
    /// Something was done on a slide.
    Done {
        /// Topic and slide.
        slide: String,
        /// What.
        did: Did,
    },
    /// Nobody is there any more.
    Ended {
        /// The slide that was on the wall.
        slide: String,
        /// How long ago the last touch was, in seconds.
        since: u64,
    },
}

/// What is known of the log without asking the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Visits begun on the latest day, and which day that is.
    pub today: (Option<Date>, u64),
    /// Why the last entry was not written, if it was not.
    pub trouble: Option<String>,
    /// Entries that were not written.
    pub lost: u64,
}

impl Known {
    /// Visits begun on a day, which is today: none yet, if the latest was another's.
    #[must_use]
    pub fn on(&self, day: Date) -> u64 {
        if self.today.0 == Some(day) { self.today.1 } else { 0 }
    }
}

/// The day at the exhibit's place, by the wall clock.
#[must_use]
pub fn today() -> Date {
    zone().to_datetime(Timestamp::now()).date()
}

/// The log, for who writes into it.
#[derive(Debug)]
pub struct Visits {
    send: SyncSender<Entry>,
    known: Arc<Mutex<Known>>,
}

impl Visits {
    /// A log in a file that is made if need be; visits older than so many days are deleted from it.
    #[must_use]
    pub fn keep(path: &Path, days: u32) -> Self {
        let (send, receive) = sync_channel(WAITING);
        let known = Arc::new(Mutex::new(Known::default()));
        let mut writer =
            Writer { path: path.to_owned(), days, log: None, visit: None, owed: None, known: Arc::clone(&known) };
        let thread = thread::Builder::new().name("visits".into()).spawn(move || writer.work(&receive));
        if let Err(error) = thread {
            lock(&known).trouble = Some(error.to_string());
        }
        Self { send, known }
    }

    /// Writes an entry, some time soon, and waits for nothing.
    pub fn note(&self, entry: Entry) {
        if self.send.try_send(entry).is_err() {
            lock(&self.known).lost += 1;
        }
    }

    /// What is known of it.
    #[must_use]
    pub fn known(&self) -> Known {
        lock(&self.known).clone()
    }
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who holds the file.
struct Writer {
    path: PathBuf,
    days: u32,
    log: Option<Connection>,
    /// The visit that lasts.
    visit: Option<i64>,
    /// One that lasts and could not be written yet: when it began, and what it interrupted.
    owed: Option<(i64, Option<String>)>,
    known: Arc<Mutex<Known>>,
}

impl Writer {
    fn work(&mut self, entries: &Receiver<Entry>) {
        let mut cleaned: Option<Instant> = None;
        loop {
            if cleaned.is_none_or(|at| at.elapsed() >= CLEANING) {
                cleaned = Some(Instant::now());
                let result = self.clean(Timestamp::now().as_second()).and_then(|()| self.count(Timestamp::now()));
                self.tell(result, 0);
            }
            match entries.recv_timeout(CLEANING) {
                Ok(entry) => {
                    let result = self.write(&entry, Timestamp::now());
                    self.tell(result, 1);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn tell(&mut self, result: Result<(), rusqlite::Error>, entries: u64) {
        let mut known = lock(&self.known);
        match result {
            Ok(()) => known.trouble = None,
            Err(error) => {
                known.trouble = Some(error.to_string());
                known.lost += entries;
                // Opened anew for the next entry: the file may have been moved, or the disk be another.
                self.log = None;
            }
        }
    }

    fn log(&mut self) -> Result<&mut Connection, rusqlite::Error> {
        // A file that was deleted would be written on unseen.
        if self.log.is_none() || !self.path.exists() {
            let log = Connection::open(&self.path)?;
            log.busy_timeout(PATIENCE)?;
            log.pragma_update(None, "journal_mode", "WAL")?;
            log.pragma_update(None, "synchronous", "NORMAL")?;
            log.pragma_update(None, "foreign_keys", true)?;
            log.execute_batch(SCHEMA)?;
            self.log = Some(log);
        }
        self.log.as_mut().ok_or(rusqlite::Error::InvalidQuery)
    }

    fn write(&mut self, entry: &Entry, now: Timestamp) -> Result<(), rusqlite::Error> {
        let second = now.as_second();
        match entry {
            Entry::Began { interrupted } => {
                self.visit = None;
                self.owed = Some((second, interrupted.clone()));
                self.begin()?;
                self.count(now)
            }
            Entry::Seen { slide, milliseconds } => self.add(second, slide, "seen", *milliseconds),
            Entry::Done { slide, did } => self.add(second, slide, did.name(), 0),
            Entry::Ended { slide, since } => {
                let begun = self.begin();
                self.owed = None;
                begun?;
                let Some(visit) = self.visit.take() else { return Ok(()) };
                let ended = second - i64::try_from(*since).unwrap_or(0);
                let set = "UPDATE visits SET ended = max(began, ?1), left_from = ?2 WHERE id = ?3";
                self.log()?.execute(set, params![ended, slide, visit]).map(|_| ())
            }
        }
    }

    /// Writes that a visit began, if that is still to be written.
    fn begin(&mut self) -> Result<(), rusqlite::Error> {
        let Some((second, interrupted)) = self.owed.clone() else { return Ok(()) };
        let log = self.log()?;
        log.execute("INSERT INTO visits (began, interrupted) VALUES (?1, ?2)", params![second, interrupted])?;
        self.visit = Some(log.last_insert_rowid());
        self.owed = None;
        Ok(())
    }

    fn add(&mut self, second: i64, slide: &str, kind: &str, milliseconds: u64) -> Result<(), rusqlite::Error> {
        self.begin()?;
        let Some(visit) = self.visit else { return Ok(()) };
        let insert = "INSERT INTO entries (visit, at, slide, kind, milliseconds) VALUES (?1, ?2, ?3, ?4, ?5)";
        let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
        self.log()?.execute(insert, params![visit, second, slide, kind, milliseconds]).map(|_| ())
    }

    /// Deletes what is older than it may get.
    fn clean(&mut self, now: i64) -> Result<(), rusqlite::Error> {
        let days = i64::from(self.days);
        let log = self.log()?;
        let (least, within) = BELIEVED;
        let lately = "SELECT count(DISTINCT began / ?1) FROM visits WHERE began > ?2 AND began <= ?3";
        let busy: i64 = log.query_row(lately, params![DAY, now - within * DAY, now], |row| row.get(0))?;
        if busy < least {
            return Ok(());
        }
        let before = now - days * DAY;
        log.execute("DELETE FROM visits WHERE began < ?1", params![before]).map(|_| ())
    }

    /// Counts today's visits.
    fn count(&mut self, now: Timestamp) -> Result<(), rusqlite::Error> {
        let zone = zone();
        let today = zone.to_datetime(now).date();
        let midnight = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, Timestamp::as_second);
        // A day of the change to winter time has 25 hours.
        let until = today.tomorrow().map_or(i64::MAX, midnight);
        let count = "SELECT count(*) FROM visits WHERE began >= ?1 AND began < ?2";
        let visits: i64 = self.log()?.query_row(count, params![midnight(today), until], |row| row.get(0))?;
        lock(&self.known).today = (Some(today), visits.unsigned_abs());
        Ok(())
    }
}

/// What visitors did with a slide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slide {
    /// How often it was on the wall for a visitor.
    pub seen: u64,
    /// How long at the median, in milliseconds.
    pub dwell: u64,
    /// How often its scene was touched, broken and healed.
    pub did: [u64; 3],
    /// How many visits ended there.
    pub left_from: u64,
    /// How often its stop of the loop was interrupted.
    pub interrupted: u64,
}

/// What a log says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Visits of each day.
    pub days: BTreeMap<Date, u64>,
    /// How long a visit lasted at the median, in seconds; of those of which the end is known.
    pub length: Option<u64>,
    /// Each slide by its topic and slug.
    pub slides: BTreeMap<String, Slide>,
}

impl Report {
    /// Reads a log, from a day on.
    ///
    /// # Errors
    /// There is no such file, or it is no log.
    pub fn of(path: &Path, since: Option<Date>) -> Result<Self, VisitsError> {
        if !path.is_file() {
            return Err(VisitsError("there is no such file".into()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let log = Connection::open_with_flags(path, flags)?;
        log.busy_timeout(PATIENCE)?;
        let zone = zone();
        let from =
            since.and_then(|day| zone.to_timestamp(day.at(0, 0, 0, 0)).ok()).map_or(i64::MIN, Timestamp::as_second);
        let (mut report, mut lengths) = (Self::default(), Vec::new());
        let mut rows = log.prepare("SELECT began, ended, left_from, interrupted FROM visits WHERE began >= ?1")?;
        let mut rows = rows.query(params![from])?;
        while let Some(row) = rows.next()? {
            let (began, ended): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
            let (left_from, interrupted): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            let day = Timestamp::from_second(began).map_or(Date::ZERO, |began| zone.to_datetime(began).date());
            *report.days.entry(day).or_default() += 1;
            lengths.extend(ended.map(|ended| (ended - began).max(0).unsigned_abs()));
            if let Some(slide) = left_from {
                report.slides.entry(slide).or_default().left_from += 1;
            }
            if let Some(slide) = interrupted {
                report.slides.entry(slide).or_default().interrupted += 1;
            }
        }
        report.length = median(lengths);
        let mut dwells: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let select = "SELECT slide, kind, milliseconds FROM entries JOIN visits ON id = visit WHERE began >= ?1";
        let mut rows = log.prepare(select)?;
        let mut rows = rows.query(params![from])?;
        while let Some(row) = rows.next()? {
            let (slide, kind, milliseconds): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let what = report.slides.entry(slide.clone()).or_default();
            match [Did::Touched, Did::Broken, Did::Healed].into_iter().position(|did| did.name() == kind) {
                Some(did) => what.did[did] += 1,
                None => {
                    what.seen += 1;
                    dwells.entry(slide).or_default().push(milliseconds.max(0).unsigned_abs());
                }
            }
        }
        for (slide, dwells) in dwells {
            report.slides.entry(slide).or_default().dwell = median(dwells).unwrap_or(0);
        }
        Ok(report)
    }
}

/// The middle one of some numbers, the lower of two.
fn median(mut numbers: Vec<u64>) -> Option<u64> {
    numbers.sort_unstable();
    numbers.get(numbers.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A file that is gone at the end of a test.
    struct File(PathBuf);

    impl File {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("peerscape-visits-{name}-{}", std::process::id()));
            let file = Self(path);
            file.remove();
            file
        }

        fn remove(&self) {
            for end in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(format!("{}{end}", self.0.display()));
            }
        }

        fn writer(&self, days: u32) -> Writer {
            Writer { path: self.0.clone(), days, log: None, visit: None, owed: None, known: Arc::default() }
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            self.remove();
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn seen(slide: &str, milliseconds: u64) -> Entry {
        Entry::Seen { slide: slide.into(), milliseconds }
    }

    const NOON: i64 = 1_795_780_800; // 27 November 2026, 12:00 in London

    #[test]
    fn a_visit_is_told_from_its_first_touch_to_its_last() {
        let file = File::new("visit");
        let mut writer = file.writer(400);
        let entries = [
            (0, Entry::Began { interrupted: Some("bittorrent/live".into()) }),
            (9, Entry::Done { slide: "bittorrent/live".into(), did: Did::Touched }),
            (9, Entry::Done { slide: "bittorrent/live".into(), did: Did::Broken }),
            (30, seen("bittorrent/live", 30_000)),
            (50, seen("history/arpanet", 20_000)),
            (150, seen("bittorrent/live", 10_000)),
            (150, Entry::Ended { slide: "bittorrent/live".into(), since: 80 }),
            (200, seen("nobody/there", 5)),
            (300, Entry::Began { interrupted: None }),
            (301, seen("history/arpanet", 1_000)),
        ];
        for (second, entry) in entries {
            writer.write(&entry, at(NOON + second)).expect("written");
        }
        assert_eq!(writer.known.lock().expect("free").today.1, 2);
        let report = Report::of(&file.0, None).expect("read");
        assert_eq!(report.days.values().sum::<u64>(), 2);
        assert_eq!(report.length, Some(70), "until the last touch; the other never ended");
        let live = &report.slides["bittorrent/live"];
        assert_eq!((live.seen, live.dwell, live.did), (2, 10_000, [1, 1, 0]));
        assert_eq!((live.left_from, live.interrupted), (1, 1));
        assert_eq!(report.slides["history/arpanet"].seen, 2);
        assert!(!report.slides.contains_key("nobody/there"), "what is seen by nobody is not noted");
        let tomorrow = Date::constant(2026, 11, 29);
        assert_eq!(Report::of(&file.0, Some(tomorrow)).expect("read"), Report::default());
    }

    #[test]
    fn old_visits_are_deleted_and_a_clock_that_jumps_deletes_none() {
        let file = File::new("old");
        let mut writer = file.writer(30);
        for day in [0, 10, 20] {
            writer.write(&Entry::Began { interrupted: None }, at(NOON + day * DAY)).expect("written");
            writer.write(&seen("a/b", 1), at(NOON + day * DAY)).expect("written");
        }
        let days = |file: &File| Report::of(&file.0, None).expect("read").days.len();
        let ahead = NOON + 3_650 * DAY;
        for jumped in [i64::from(i32::MIN), 0, ahead] {
            writer.clean(jumped).expect("cleaned");
        }
        assert_eq!(days(&file), 3, "neither 1970 nor a day ten years ahead deletes anything");
        for later in 0..3 {
            writer.write(&Entry::Began { interrupted: None }, at(ahead + later * DAY)).expect("written");
        }
        writer.clean(ahead + 3 * DAY).expect("cleaned");
        assert_eq!(days(&file), 6, "nor do visits that are dated so");
        for day in 40..45 {
            writer.write(&Entry::Began { interrupted: None }, at(NOON + day * DAY)).expect("written");
        }
        writer.clean(NOON + 45 * DAY).expect("cleaned");
        assert_eq!(days(&file), 9, "the first two are gone");
        assert_eq!(Report::of(&file.0, None).expect("read").slides["a/b"].seen, 1, "with all that belongs to them");
    }

    #[test]
    fn a_day_without_visits_yet_has_none_and_a_long_one_counts_to_its_end() {
        let known = Known { today: (Some(Date::constant(2026, 11, 27)), 12), ..Known::default() };
        assert_eq!(known.on(Date::constant(2026, 11, 27)), 12);
        assert_eq!(known.on(Date::constant(2026, 11, 28)), 0, "yesterday's are no visits of today");
    }

    #[test]
    fn a_disk_that_takes_nothing_stops_nobody_and_is_said() {
        let visits = Visits::keep(Path::new("/proc/nowhere/visits"), 30);
        for _ in 0..3 * WAITING {
            visits.note(Entry::Began { interrupted: None });
        }
        let patience = Instant::now();
        while visits.known().lost < 3 * WAITING as u64 {
            assert!(patience.elapsed() < Duration::from_secs(10), "{:?}", visits.known());
            thread::sleep(Duration::from_millis(5));
        }
        assert!(visits.known().trouble.is_some());
        assert!(Report::of(Path::new("/proc/nowhere/visits"), None).is_err());
    }

    /// The file that the next test has this one write into, as a process of its own.
    const WRITE_INTO: &str = "PEERSCAPE_TEST_WRITE_INTO";
    /// The file that the one after has this one fill.
    const FILL: &str = "PEERSCAPE_TEST_FILL";

    /// Does nothing unless a test has started it: then it writes, and says how much it has written, until it is killed.
    #[test]
    fn writes_until_it_is_killed() {
        let Ok(path) = std::env::var(WRITE_INTO) else { return };
        let mut writer =
            Writer { path: path.into(), days: 400, log: None, visit: None, owed: None, known: Arc::default() };
        for number in 1_u64.. {
            let entry = if number % 5 == 1 { Entry::Began { interrupted: None } } else { seen("a/b", number) };
            writer.write(&entry, at(NOON)).expect("written");
            println!("written {number}");
        }
    }

    #[test]
    fn what_was_written_outlives_two_hundred_kills() {
        use std::{
            io::{BufRead as _, BufReader},
            process::{Command, Stdio},
        };
        let file = File::new("killed");
        let mut written = 0;
        for round in 0..200_u64 {
            let mut child = Command::new(std::env::current_exe().expect("this test"))
                .args(["--exact", "kiosk::visits::tests::writes_until_it_is_killed", "--nocapture"])
                .env(WRITE_INTO, &file.0)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            let out = BufReader::new(child.stdout.take().expect("a pipe"));
            // Killed after another number of entries each time: in the middle of the next one.
            let mut lines = out.lines().map_while(Result::ok).filter(|line| line.starts_with("written "));
            let told = lines.by_ref().take(1 + (round * 7 % 13) as usize).count() as u64;
            child.kill().expect("it is killed");
            let more = lines.count() as u64;
            let _gone = child.wait();
            written += told + more;
        }
        let log = Connection::open(&file.0).expect("it opens");
        let whole: String = log.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
        assert_eq!(whole, "ok");
        let count = |table: &str| -> u64 {
            let rows: i64 =
                log.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("counted");
            rows.unsigned_abs()
        };
        let found = count("visits") + count("entries");
        assert!((written..=written + 200).contains(&found), "{found} entries are there, and {written} were told");
    }

    /// Does nothing unless a test has started it, with a limit on how large its files may get: then it writes until the
    /// disk takes no more, and once more when there is room again.
    #[test]
    fn writes_until_the_disk_is_full() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Ok(path) = std::env::var(FILL) else { return };
        let mut writer =
            Writer { path: path.into(), days: 400, log: None, visit: None, owed: None, known: Arc::default() };
        let mut write = |number: u64| {
            let entry = if number % 5 == 1 { Entry::Began { interrupted: None } } else { seen("a/b", number) };
            let result = writer.write(&entry, at(NOON));
            let well = result.is_ok();
            writer.tell(result, 1);
            well
        };
        // A log ahead of the database that can't grow is taken into it, and begun anew: for a while there is room again.
        let (mut fits, mut refused) = (0, 0);
        for number in 1..100_000 {
            let well = write(number);
            fits += u32::from(well);
            refused = if well { 0 } else { refused + 1 };
            if refused == 20 {
                break;
            }
        }
        let Rlimit { maximum, .. } = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: maximum, maximum }).expect("the limit was a soft one");
        let after = (1..=10).filter(|number| write(*number)).count();
        println!("wrote {fits} {refused} {after} {}", lock(&writer.known).lost);
    }

    #[test]
    fn a_full_disk_is_said_and_what_comes_once_there_is_room_is_written() {
        let file = File::new("full");
        // A write beyond the limit fails as on a full disk, if nobody is killed for it; only a shell can see to that.
        let start = "trap '' XFSZ; ulimit -S -f 128; exec \"$@\"";
        let name = "kiosk::visits::tests::writes_until_the_disk_is_full";
        let child = std::process::Command::new("sh")
            .args(["-c", start, "sh"])
            .arg(std::env::current_exe().expect("this test"))
            .args(["--exact", name, "--nocapture"])
            .env(FILL, &file.0)
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        let told = said.lines().find_map(|line| line.split("wrote ").nth(1)).unwrap_or_else(|| panic!("{said}"));
        let told: Vec<u64> = told.split_whitespace().map(|number| number.parse().expect("a number")).collect();
        let [fits, refused, after, lost] = told[..] else { panic!("{told:?}") };
        assert!(fits > 100 && refused == 20 && lost >= refused, "it was never full: {told:?}");
        assert_eq!(after, 10, "then there was room");
        let log = Connection::open(&file.0).expect("it opens");
        let whole: String = log.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
        assert_eq!(whole, "ok");
    }

    #[test]
    fn a_log_that_was_replaced_by_rubbish_or_deleted_is_begun_anew_or_left() {
        let file = File::new("rubbish");
        let mut writer = file.writer(30);
        writer.write(&Entry::Began { interrupted: None }, at(NOON)).expect("written");
        file.remove();
        writer.write(&Entry::Began { interrupted: None }, at(NOON)).expect("a deleted file is made anew");
        assert_eq!(Report::of(&file.0, None).expect("read").days.len(), 1);
        drop(writer);
        file.remove();
        fs::write(&file.0, "rubbish, and more of it than a header is long: ".repeat(9)).expect("written");
        let mut writer = file.writer(30);
        assert!(writer.write(&Entry::Began { interrupted: None }, at(NOON)).is_err());
        assert!(Report::of(&file.0, None).is_err());
        assert!(fs::read_to_string(&file.0).expect("read").starts_with("rubbish"), "what is not ours is left alone");
    }
}
