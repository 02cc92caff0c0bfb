//! What is said on standard error: each line once, a line that repeats only so often, and for journald its urgency.

use crate::kiosk::health::WARNINGS;
use bevy::{
    log::{
        BoxedFmtLayer, BoxedLayer, Level,
        tracing::{Event, Metadata, Subscriber, callsite::Identifier, field},
        tracing_subscriber::{Layer, layer::Context},
    },
    prelude::*,
};
use std::{
    collections::{HashMap, VecDeque},
    env,
    fmt::{Debug, Write as _},
    fs,
    io::{self, Write as _},
    mem,
    os::unix::fs::MetadataExt as _,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// The latest warnings and errors, oldest first.
static WARNED: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());
/// What each place of the program has said.
static SAID: Mutex<Option<HashMap<Identifier, Talk>>> = Mutex::new(None);

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The latest warnings and errors, oldest first.
#[must_use]
pub fn warnings() -> Vec<String> {
    lock(&WARNED).iter().cloned().collect()
}

/// How much one place of the program may say: so many lines at once, and so many seconds until it may say one more.
#[derive(Clone, Copy, Debug)]
struct Limit {
    at_once: f64,
    seconds: f64,
}

impl Limit {
    /// What goes wrong at every frame would fill a disk; what visitors do can't come faster than their fingers.
    fn of(level: Level) -> Self {
        if level <= Level::WARN {
            Self { at_once: 20.0, seconds: 10.0 }
        } else {
            Self { at_once: 400.0, seconds: 0.05 }
        }
    }
}

/// How much one place of the program has said: a token bucket.
#[derive(Debug)]
struct Talk {
    tokens: f64,
    since: Instant,
    /// Lines held back since the last one that was let through.
    held: u64,
}

impl Talk {
    fn new(limit: Limit, now: Instant) -> Self {
        Self { tokens: limit.at_once, since: now, held: 0 }
    }

    /// Whether it may say one more line.
    fn may(&mut self, limit: Limit, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.since).as_secs_f64();
        self.since = now;
        self.tokens = (self.tokens + passed / limit.seconds).min(limit.at_once);
        let may = self.tokens >= 1.0;
        if may {
            self.tokens -= 1.0;
        } else {
            self.held += 1;
        }
        may
    }
}

/// Keeps the latest warnings, and holds back what repeats.
struct Keeper;

/// What an event says, its other fields after it as `key=value`.
#[derive(Default)]
struct Says(String, String);

impl field::Visit for Says {
    fn record_debug(&mut self, field: &field::Field, value: &dyn Debug) {
        // Writing into a string can't fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{value:?}"),
            // What `log` adds of its own is in the metadata as well.
            name if name.starts_with("log.") => Ok(()),
            name => write!(self.1, " {name}={value:?}"),
        };
    }
}

impl Says {
    fn of(event: &Event<'_>) -> String {
        let mut says = Self::default();
        event.record(&mut says);
        says.0 + &says.1
    }
}

impl<S: Subscriber> Layer<S> for Keeper {
    fn event_enabled(&self, event: &Event<'_>, _context: Context<'_, S>) -> bool {
        let (metadata, now) = (event.metadata(), Instant::now());
        let limit = Limit::of(*metadata.level());
        let mut said = lock(&SAID);
        let talks = said.get_or_insert_default();
        talks.entry(metadata.callsite()).or_insert_with(|| Talk::new(limit, now)).may(limit, now)
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let level = *event.metadata().level();
        if level > Level::WARN {
            return;
        }
        let mut warned = lock(&WARNED);
        if warned.len() == WARNINGS {
            warned.pop_front();
        }
        warned.push_back(format!("{level} {}", Says::of(event)));
    }
}

/// The layer that keeps warnings and holds back what repeats.
#[must_use]
pub fn keeper(_app: &mut App) -> Option<BoxedLayer> {
    Some(Box::new(Keeper))
}

/// Says how many lines were held back since it was asked last.
pub fn tell_held() {
    let held: u64 = lock(&SAID).iter_mut().flat_map(HashMap::values_mut).map(|talk| mem::take(&mut talk.held)).sum();
    if held > 0 {
        warn!("{held} lines that repeat were held back");
    }
}

/// Writes for journald: each line begins with its urgency, as sd-daemon(3) has it; time and process are journald's.
struct Journal;

/// A line's urgency as a number of syslog's.
fn urgency(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

/// A line for journald; one in several lines is several.
fn journal_line(metadata: &Metadata<'_>, says: &str) -> String {
    let (urgency, target) = (urgency(*metadata.level()), metadata.target());
    says.lines().fold(String::new(), |mut text, line| {
        // Writing into a string can't fail.
        let _ = writeln!(text, "<{urgency}>{target}: {line}");
        text
    })
}

impl<S: Subscriber> Layer<S> for Journal {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        // A log that can't be written stops nothing.
        let _ = io::stderr().lock().write_all(journal_line(event.metadata(), &Says::of(event)).as_bytes());
    }
}

/// The layer that writes for journald, if that is who reads: elsewhere a person does, and Bevy's own layer is for them.
#[must_use]
pub fn journal(_app: &mut App) -> Option<BoxedFmtLayer> {
    // systemd says which stream is journald's: anything else has been put in its place since.
    let stream = env::var("JOURNAL_STREAM").ok()?;
    let here = fs::metadata("/proc/self/fd/2").ok()?;
    (stream == format!("{}:{}", here.dev(), here.ino())).then(|| Box::new(Journal) as BoxedFmtLayer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_repeats_at_every_frame_is_held_back_and_counted() {
        let (limit, start) = (Limit::of(Level::WARN), Instant::now());
        let mut talk = Talk::new(limit, start);
        let frame = |n: u64| start + Duration::from_millis(n * 1000 / 60);
        let passed = (0..3600).filter(|n| talk.may(limit, frame(*n))).count();
        assert!((25..=26).contains(&passed), "20 at once and 5 or 6 more in a minute: {passed}");
        assert_eq!(talk.held, 3600 - passed as u64);
        assert!(talk.may(limit, start + Duration::from_mins(10)), "after a while it may again");
    }

    #[test]
    fn what_a_visitor_does_is_all_told() {
        let (limit, start) = (Limit::of(Level::INFO), Instant::now());
        let mut talk = Talk::new(limit, start);
        assert!((0..600).all(|n| talk.may(limit, start + Duration::from_millis(n * 100))), "ten things a second");
    }
}
