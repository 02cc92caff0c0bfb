//! Many runs side by side. Their figures depend on their seeds alone, never on which core had which run.

use crate::sim::{
    kernel::measure::Measure,
    model::{Model, Settings, System},
    vocabulary::{Micros, SECOND},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    io::IsTerminal as _,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How long nothing is shown: who gets an answer at once needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long after Ctrl-C the runs under way may take to notice. One that is in the middle of a million events at a time
/// is left alone; what is finished is printed without it.
const GRACE: Duration = Duration::from_millis(500);
/// How long a run goes on before it looks whether it should stop; short enough for a hand at Ctrl-C.
const STRETCH: Duration = Duration::from_millis(20);
/// The longest stretch of model time between two such looks: a hundred days.
const LONGEST_STRETCH: Micros = 8_640_000 * SECOND;

/// What came of the runs.
#[derive(Debug)]
pub struct Outcome {
    /// How many runs finished.
    pub finished: u32,
    /// How many were asked for.
    pub asked: u32,
    /// Of each figure of the model, in its order, the measures over the runs that have it.
    pub figures: Vec<Measure>,
    /// Events over all finished runs.
    pub events: u64,
    /// How long it took.
    pub wall: Duration,
    /// The most memory that the process ever held, where the platform tells.
    pub peak_memory: Option<u64>,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
}

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Runs a model with so many seeds. If Ctrl-C comes and a run doesn't notice, `give_up` gets what is finished, and must
/// end the process.
///
/// # Errors
/// One line, if the settings don't fit each other.
pub fn run(
    system: &'static System,
    settings: &Settings,
    seed: u64,
    runs: u32,
    give_up: impl Fn(&Outcome) + Send + 'static,
) -> Result<Outcome, String> {
    let desk = Arc::new(Desk { system, asked: runs, began: Instant::now(), done: Mutex::default() });
    let waiting = Arc::clone(&desk);
    // Only the first call in a process can take Ctrl-C; a second one (in tests) keeps the first one's handler.
    let _ = ctrlc::set_handler(move || {
        STOP.store(true, Ordering::Relaxed);
        std::thread::sleep(GRACE);
        give_up(&waiting.outcome());
    });
    let bar = ProgressBar::with_draw_target(Some(u64::from(runs)), ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} runs, {msg}, {elapsed}") {
        bar.set_style(style);
    }
    let terminal = std::io::stderr().is_terminal();
    let watch = Watch { began: desk.began, terminal, shown: AtomicBool::new(false), events: AtomicU64::new(0), bar };
    let all: Result<(), String> = (0..runs).into_par_iter().try_for_each(|k| {
        if STOP.load(Ordering::Relaxed) {
            return Ok(());
        }
        let model = (system.build)(settings, seed.wrapping_add(u64::from(k))).map_err(|e| e.message)?;
        if let Some(run) = to_its_end(system, model, &watch) {
            desk.done().insert(k, run);
        }
        Ok(())
    });
    watch.bar.finish_and_clear();
    all?;
    Ok(desk.outcome())
}

/// Where finished runs are laid down.
struct Desk {
    system: &'static System,
    asked: u32,
    began: Instant,
    done: Mutex<BTreeMap<u32, Run>>,
}

impl Desk {
    fn done(&self) -> MutexGuard<'_, BTreeMap<u32, Run>> {
        // A run that panicked has laid nothing down; the others stand.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outcome(&self) -> Outcome {
        let done = self.done();
        let mut figures = vec![Measure::default(); self.system.figures.len()];
        let mut events = 0;
        // In order of seeds, so that sums come out the same whatever the threads did.
        for run in done.values() {
            events += run.events;
            for (measure, value) in figures.iter_mut().zip(&run.figures) {
                measure.extend(*value);
            }
        }
        let finished = done.len() as u32;
        Outcome {
            finished,
            asked: self.asked,
            figures,
            events,
            wall: self.began.elapsed(),
            peak_memory: peak_memory(),
            interrupted: finished < self.asked,
        }
    }
}

struct Run {
    figures: Vec<Option<f64>>,
    events: u64,
}

/// Shows how far it has come, to who sits at a terminal and waits.
struct Watch {
    began: Instant,
    terminal: bool,
    shown: AtomicBool,
    events: AtomicU64,
    bar: ProgressBar,
}

impl Watch {
    fn note(&self, events: u64) {
        let all = self.events.fetch_add(events, Ordering::Relaxed) + events;
        if !self.terminal || self.began.elapsed() < PATIENCE {
            return;
        }
        if !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_message(format!("{:.1} million events", all as f64 / 1e6));
    }
}

/// Runs one model to its end; nothing if Ctrl-C came first.
fn to_its_end(system: &System, mut model: Box<dyn Model>, watch: &Watch) -> Option<Run> {
    let mut stretch = SECOND;
    while let Some(at) = model.next_event() {
        if STOP.load(Ordering::Relaxed) {
            return None;
        }
        let (began, before) = (Instant::now(), model.events());
        model.advance(at.saturating_add(stretch));
        // How far a stretch reaches changes nothing in the run, only how often it looks up.
        let took = began.elapsed();
        stretch = if took < STRETCH { (stretch * 2).min(LONGEST_STRETCH) } else { (stretch / 2).max(1) };
        watch.note(model.events() - before);
    }
    watch.bar.inc(1);
    let figures = model.figures();
    let value = |key| figures.iter().find(|f| f.key == key).and_then(|f| f.value);
    Some(Run { figures: system.figures.iter().map(|spec| value(spec.key)).collect(), events: model.events() })
}

/// The greatest resident set of this process so far, in bytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::registry;

    #[test]
    fn figures_are_the_same_whatever_the_threads() {
        let system = registry::find("distribution").unwrap();
        let specs = (system.settings)();
        let mut settings = Settings::defaults(&specs);
        for (key, value) in [("peers", "12"), ("chunks", "30"), ("degree", "4")] {
            settings.set(&specs, key, value).unwrap();
        }
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(system, &settings, 5, 24, |_| ())).unwrap()
        };
        let (one, four) = (with(1), with(4));
        assert_eq!(one.figures, four.figures);
        assert_eq!((one.finished, one.events), (24, four.events));
        let makespan = &one.figures[0];
        assert!(makespan.sd().unwrap() > 0.0, "seeds make no difference: {makespan:?}");
        let later = run(system, &settings, 6, 1, |_| ()).unwrap();
        let second = run(system, &settings, 5, 2, |_| ()).unwrap();
        assert_ne!(later.figures[0], one.figures[0]);
        assert!(second.figures[0].max() >= later.figures[0].max(), "run 1 of seed 5 is run 0 of seed 6");
    }
}
