//! The real binary, its log read as it comes.

use crate::{
    patience::{PATIENCE, ask_until},
    screen::{Screen, end_group},
};
use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Read},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Where Vulkan drivers say what they are, on Debian and elsewhere.
const DRIVERS: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Line {
    /// When it was read.
    pub at: Instant,
    /// The whole line, without colours.
    pub text: String,
    /// What it says: after time, level and module.
    pub says: String,
}

impl Line {
    /// Whether it tells of a fault of the exhibit's. That it refuses a broken deck is none.
    pub fn is_fault(&self) -> bool {
        self.text.contains(" ERROR ") && !self.says.starts_with("deck refused")
    }
}

/// A place in the log: what comes after it is what a journey waits for.
#[derive(Clone, Copy, Debug)]
pub struct Mark(usize);

/// The exhibit while it runs; ended with the journey.
pub struct Exhibit {
    child: Child,
    log: Arc<Mutex<Vec<Line>>>,
    readers: Vec<JoinHandle<()>>,
    started: Instant,
}

impl Exhibit {
    /// Starts the exhibit on a screen.
    pub fn start(screen: &Screen, options: &[&str]) -> Self {
        let mut command = command(options);
        command.env("DISPLAY", &screen.display);
        Self::spawn(command)
    }

    /// Starts a command of the exhibit's.
    pub fn spawn(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let started = Instant::now();
        let mut child = command.spawn().expect("the exhibit's binary can be started");
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|output| read(output, &log)));
        readers.extend(child.stderr.take().map(|output| read(output, &log)));
        Self { child, log, readers, started }
    }

    /// The end of the log as it stands.
    pub fn mark(&self) -> Mark {
        Mark(self.lines().len())
    }

    /// The beginning of the log.
    pub fn beginning(&self) -> Mark {
        Mark(0)
    }

    /// The lines since a mark.
    pub fn since(&self, mark: Mark) -> Vec<Line> {
        self.lines()[mark.0..].to_vec()
    }

    /// What the lines since a mark that begin with a word say after it.
    pub fn told(&self, mark: Mark, word: &str) -> Vec<String> {
        self.since(mark).iter().filter_map(|line| after(&line.says, word)).collect()
    }

    /// Waits for a line that begins with these words; gives what it says after them.
    ///
    /// # Panics
    /// If there is none in time, with the end of the log.
    pub fn hear(&self, mark: Mark, words: &str) -> String {
        self.hear_within(mark, words, PATIENCE)
    }

    /// Waits for a line for a time that the journey sets.
    ///
    /// # Panics
    /// If there is none in time, with the end of the log.
    pub fn hear_within(&self, mark: Mark, words: &str, within: Duration) -> String {
        self.hear_where(mark, words, within, |_| true)
    }

    /// Waits for a line that begins with these words and goes on as wanted.
    ///
    /// # Panics
    /// If there is none in time, with the end of the log.
    pub fn hear_where(&self, mark: Mark, words: &str, within: Duration, wanted: impl Fn(&str) -> bool) -> String {
        let heard = ask_until(within, || self.told(mark, words).into_iter().find(|rest| wanted(rest)));
        heard.unwrap_or_else(|| {
            panic!("the log did not say \"{words} …\" as it should within {within:?}; it ended:\n{}", self.tail(mark))
        })
    }

    /// Waits until the first frame is drawn; gives the milliseconds since the process began, as the log states them.
    pub fn first_frame(&self) -> f64 {
        let rest = self.hear_within(self.beginning(), "first frame after", Duration::from_secs(60));
        let number = rest.split_whitespace().next().unwrap_or_default();
        number.parse().unwrap_or_else(|_error| panic!("\"first frame after {rest}\" has no number"))
    }

    /// The count of frames presented so far, waited for until it is told next.
    pub fn frames(&self) -> u64 {
        let rest = self.hear(self.mark(), "frames presented");
        rest.trim().parse().unwrap_or_else(|_error| panic!("\"frames presented {rest}\" has no number"))
    }

    /// The place that the log named last; nothing before the first move.
    pub fn place(&self) -> Option<Place> {
        self.told(self.beginning(), "slide").last().map(|rest| Place::read(rest))
    }

    /// Waits until the process ends.
    ///
    /// # Panics
    /// If it does not in time.
    pub fn ended(&mut self) -> ExitStatus {
        let ended = ask_until(PATIENCE, || self.child.try_wait().expect("the process can be asked"));
        let ended = ended.unwrap_or_else(|| panic!("the process did not end:\n{}", self.tail(self.beginning())));
        // What it said last is still in the pipes.
        for reader in self.readers.drain(..) {
            let _read = reader.join();
        }
        ended
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A file of the kernel's about the process.
    pub fn proc(&self, name: &str) -> String {
        let path = format!("/proc/{}/{name}", self.id());
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Kibibytes of memory, by their name in `smaps_rollup`: `Rss`, `Pss`, `Anonymous`.
    pub fn memory(&self, name: &str) -> u64 {
        let rollup = self.proc("smaps_rollup");
        let line = rollup.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.unwrap_or_else(|| panic!("smaps_rollup has no {name}:\n{rollup}"))
    }

    /// Processor time used so far, in the kernel's ticks of 10 ms.
    pub fn ticks(&self) -> u64 {
        let stat = self.proc("stat");
        // The name in brackets may hold anything; after it stand the state and then numbers, of which the twelfth and
        // thirteenth are the ticks in user and system mode.
        let numbers = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        numbers.skip(11).take(2).map(|number| number.parse::<u64>().expect("a number of ticks")).sum()
    }

    /// The log as text, with the time of each line since the start.
    pub fn tail(&self, mark: Mark) -> String {
        let mut tail = String::new();
        for line in self.since(mark) {
            let seconds = line.at.duration_since(self.started).as_secs_f32();
            let _written = writeln!(tail, "  {seconds:7.3} {}", line.text);
        }
        tail
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<Line>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Exhibit {
    fn drop(&mut self) {
        end_group(self.child.id());
        let _ended = self.child.wait();
    }
}

/// Where the exhibit says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The topic's slug.
    pub topic: String,
    /// The slide's slug.
    pub slide: String,
    /// The step's number.
    pub step: u32,
}

impl Place {
    /// From what the log says after `slide`.
    pub fn read(rest: &str) -> Self {
        let parts = || {
            let (path, step) = rest.split_once(" step ")?;
            let (topic, slide) = path.split_once('/')?;
            Some(Self { topic: topic.into(), slide: slide.into(), step: step.trim().parse().ok()? })
        };
        parts().unwrap_or_else(|| panic!("\"slide {rest}\" is not \"slide topic/slide step N\""))
    }
}

/// The exhibit's command, on the software rasteriser, with a count of frames in its log, and with no display yet: the
/// same on every machine, whatever its owner has set. `PEERSCAPE_BINARY` names another one than cargo has just built, so
/// that what is shipped can walk the same journeys.
pub fn command(options: &[&str]) -> Command {
    let binary = std::env::var_os("PEERSCAPE_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_peerscape").into());
    let mut command = Command::new(binary);
    for inherited in [
        "WAYLAND_DISPLAY",
        "WAYLAND_SOCKET",
        "DISPLAY",
        "RUST_LOG",
        "NO_COLOR",
        "WGPU_BACKEND",
        "XDG_RUNTIME_DIR",
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
    ] {
        command.env_remove(inherited);
    }
    let driver = software_driver();
    command.env("VK_DRIVER_FILES", &driver).env("VK_ICD_FILENAMES", &driver);
    command.env("PEERSCAPE_LOG_FRAMES", "1");
    command.args(options);
    command
}

/// The file by which Vulkan finds Mesa's software rasteriser.
fn software_driver() -> PathBuf {
    let is_software = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("lvp_icd") && Path::new(name).extension().is_some_and(|extension| extension == "json")
    };
    let files = DRIVERS.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let mut found: Vec<PathBuf> = files.map(|entry| entry.path()).filter(is_software).collect();
    // A machine with two architectures has two; its own comes first.
    found.sort_by_key(|path| !path.to_string_lossy().contains(std::env::consts::ARCH));
    let missing = || panic!("there is no software rasteriser for Vulkan here. {}", crate::screen::remedy());
    found.into_iter().next().unwrap_or_else(missing)
}

/// Reads a pipe of the child to its end.
fn read(output: impl Read + Send + 'static, log: &Arc<Mutex<Vec<Line>>>) -> JoinHandle<()> {
    let log = Arc::clone(log);
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let text = plain(&String::from_utf8_lossy(&line));
            let says = message(&text).to_owned();
            let line = Line { at: Instant::now(), text, says };
            log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    })
}

/// A line without the terminal's colours.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        if sign == '\u{1b}' {
            // ESC [ … letter
            let _colour = signs.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(sign);
        }
    }
    text.trim_end().to_owned()
}

/// What a line of the log says, after its time, level and module; the whole line where it has none.
fn message(line: &str) -> &str {
    for level in ["INFO", "WARN", "ERROR", "DEBUG"] {
        if let Some((_, rest)) = line.split_once(&format!(" {level} "))
            && let Some((_, says)) = rest.split_once(": ")
        {
            return says.trim();
        }
    }
    line.trim()
}

/// What stands after these words at the beginning of a line; the words end where a word ends.
fn after(says: &str, words: &str) -> Option<String> {
    let rest = says.strip_prefix(words)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_without_time_level_and_colours() {
        let line = plain(
            "\u{1b}[2m2026-11-23T02:10:11Z\u{1b}[0m \u{1b}[32m INFO\u{1b}[0m \u{1b}[2mpeerscape::app\u{1b}[0m: look paper",
        );
        assert_eq!(message(&line), "look paper");
        assert_eq!(after(message(&line), "look").as_deref(), Some("paper"));
        assert_eq!(after("looking on", "look"), None, "a word ends where it ends");
        assert_eq!(message("peerscape: there is no display"), "peerscape: there is no display");
    }

    #[test]
    fn a_place_is_read() {
        let place = Place::read("side-by-side/live step 2");
        assert_eq!(place, Place { topic: "side-by-side".into(), slide: "live".into(), step: 2 });
    }
}
