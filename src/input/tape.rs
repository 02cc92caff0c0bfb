//! A tape: all that came in while the wall ran, frame by frame, so that it can be run again exactly so.
//!
//! What is written is raw: what devices said, and the step of every frame. Everything that moves reads the step, so the
//! same frames with the same fingers are the same run, picture by picture. What the wall took it to mean is written too,
//! but only to be compared.
//!
//! The file is text: a line for the wall as it was, then a line a frame, a JSON list of at most three parts: how many steps
//! later than the frame before, what came in, what it meant. A line that was torn when the process was killed ends the tape.
//!
//! ```
//! use peerscape::input::tape::{Frame, Head, Recorder, Said, Tape};
//!
//! let mut file = Vec::new();
//! let mut recorder = Recorder::new(&mut file, &Head { seed: 5, ..Head::default() }).expect("written");
//! let frames = [
//!     Frame { step: 3, ..Frame::default() },
//!     Frame { step: 4, said: vec![Said::Lost], meant: vec!["Release".into()] },
//! ];
//! for frame in &frames {
//!     recorder.frame(frame).expect("written");
//! }
//! drop(recorder);
//! let tape = Tape::read(file.as_slice()).expect("read");
//! assert_eq!((tape.head.seed, tape.frames), (5, frames.to_vec()));
//! ```

use super::{fingers::Raw, keys::KeyEvent};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    path::PathBuf,
};

/// The version of the format.
const FORMAT: u32 = 1;
/// No line is longer; a longer one is rubbish.
const LONGEST: usize = 1 << 20;

/// The wall as it was when the tape began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    /// The version of the format.
    pub tape: u32,
    /// The version of the program.
    pub version: String,
    /// The hash of all that was read for the deck, as 16 hexadecimal digits.
    pub deck_hash: String,
    /// Where the deck was read from; nothing for the one built in.
    pub deck: Option<PathBuf>,
    /// The folder that lay over the assets.
    pub assets: Option<PathBuf>,
    /// The language of words.
    pub language: String,
    /// The seed of all chance.
    pub seed: u64,
    /// Where it began: topic, slide and step, counted from 0.
    pub at: [usize; 3],
    /// Whether it began by playing to nobody.
    pub begin_in_attract: bool,
    /// Whether it plays by itself at all.
    pub attract: bool,
    /// The look's number.
    pub look: usize,
    /// The size of text in percent.
    pub text: u32,
    /// The idle time in seconds.
    pub idle: u32,
    /// Whether motion was reduced.
    pub reduced_motion: bool,
    /// How far the picture wandered.
    pub pixel_shift: u32,
    /// Reach, height and lower edge of a screen with low controls, in millimetres.
    pub low: Option<[f32; 3]>,
}

/// What came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A touchscreen, or the mouse.
    Finger(Raw),
    /// A device is gone, or the mouse has left.
    Gone(u64),
    /// A key.
    Key(KeyEvent),
    /// The keyboard is somebody else's now.
    Lost,
    /// The picture has this size now.
    Size([u32; 2]),
    /// The wall is this bright now, in percent: by the hours, or because staff wished so. At 0 it is dark, and nothing runs.
    Light(u8),
    /// Staff's panel has opened, and all fingers were let go.
    LetGo,
}

/// A frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Its step.
    pub step: u64,
    /// What came in, in order.
    pub said: Vec<Said>,
    /// What it meant, in the program's own words.
    pub meant: Vec<String>,
}

impl Frame {
    /// The same, so many steps later: what came in carries its moment as well.
    #[must_use]
    pub fn later(&self, steps: u64) -> Self {
        let mut later = self.clone();
        later.step += steps;
        for said in &mut later.said {
            match said {
                Said::Finger(raw) => raw.step += steps,
                Said::Key(event) => event.step += steps,
                Said::Gone(_) | Said::Lost | Said::Size(_) | Said::Light(_) | Said::LetGo => {}
            }
        }
        later
    }
}

/// Writes a tape.
#[derive(Debug)]
pub struct Recorder<W: Write> {
    out: W,
    step: u64,
}

impl<W: Write> Recorder<W> {
    /// Begins a tape.
    ///
    /// # Errors
    /// It can't be written.
    pub fn new(mut out: W, head: &Head) -> io::Result<Self> {
        serde_json::to_writer(&mut out, &Head { tape: FORMAT, ..head.clone() })?;
        out.write_all(b"\n")?;
        Ok(Self { out, step: 0 })
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// It can't be written.
    pub fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        let later = frame.step.saturating_sub(self.step);
        self.step = frame.step;
        match (frame.said.is_empty(), frame.meant.is_empty()) {
            (true, true) => writeln!(self.out, "[{later}]"),
            _ => {
                serde_json::to_writer(&mut self.out, &(later, &frame.said, &frame.meant))?;
                self.out.write_all(b"\n")
            }
        }
    }

    /// Sends all that waits on its way to the disk.
    ///
    /// # Errors
    /// It can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A tape that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// The wall as it was.
    pub head: Head,
    /// Its frames.
    pub frames: Vec<Frame>,
}

/// Why a tape can't be read.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// The disk.
    #[error("it can't be read: {0}")]
    Disk(#[from] io::Error),
    /// The first line is none of ours.
    #[error("its first line tells of no wall: {0}")]
    Head(String),
    /// Written by a program that does it otherwise.
    #[error("it is of format {0}, and this program plays format {FORMAT}")]
    Format(u32),
    /// A line in the middle makes no sense.
    #[error("line {0} is no frame: {1}")]
    Line(usize, String),
}

/// A line of a frame.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Whole(u64, Vec<Said>, Vec<String>),
    Still([u64; 1]),
}

impl Tape {
    /// Reads a tape.
    ///
    /// # Errors
    /// It is none, or is damaged before its last line.
    pub fn read(from: impl Read) -> Result<Self, TapeError> {
        let mut lines = Lines { from: BufReader::new(from) };
        let first = lines.next_line()?.ok_or_else(|| TapeError::Head("the file is empty".into()))?;
        if !first.starts_with(b"{") {
            return Err(TapeError::Head("it begins with no `{`".into()));
        }
        let head: Head = serde_json::from_slice(&first).map_err(|error| TapeError::Head(error.to_string()))?;
        if head.tape != FORMAT {
            return Err(TapeError::Format(head.tape));
        }
        let (mut frames, mut step) = (Vec::new(), 0_u64);
        let mut wrong: Option<TapeError> = None;
        for number in 2.. {
            let Some(line) = lines.next_line()? else { break };
            // Only the last line may be torn.
            if let Some(wrong) = wrong.take() {
                return Err(wrong);
            }
            match serde_json::from_slice(&line) {
                Ok(line) => {
                    let (later, said, meant) = match line {
                        Line::Whole(later, said, meant) => (later, said, meant),
                        Line::Still([later]) => (later, Vec::new(), Vec::new()),
                    };
                    step = step.saturating_add(later);
                    frames.push(Frame { step, said, meant });
                }
                Err(error) => wrong = Some(TapeError::Line(number, error.to_string())),
            }
        }
        Ok(Self { head, frames })
    }
}

/// Lines that are no longer than makes sense.
struct Lines<R> {
    from: R,
}

impl<R: BufRead> Lines<R> {
    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let length = (&mut self.from).take(LONGEST as u64).read_until(b'\n', &mut line)?;
        Ok((length > 0).then_some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{
        fingers::Phase,
        keys::{KeyCombo, KeyPhase},
    };
    use proptest::prelude::*;

    fn tape() -> Vec<u8> {
        let mut file = Vec::new();
        let mut recorder = Recorder::new(&mut file, &Head { seed: 7, ..Head::default() }).expect("written");
        let raw = Raw { device: 1, id: 9, phase: Phase::Down, at: [0.1, 1_079.3], step: 70 };
        let combo = KeyCombo::parse("Shift+PageDown").expect("a key");
        let key = KeyEvent { combo, phase: KeyPhase::Down, repeat: false, step: 80 };
        for (step, said) in
            [(70, vec![Said::Finger(raw)]), (71, vec![]), (80, vec![Said::Key(key), Said::Size([1, 2])])]
        {
            recorder.frame(&Frame { step, said, meant: Vec::new() }).expect("written");
        }
        recorder.flush().expect("written");
        file
    }

    #[test]
    fn a_tape_that_was_cut_anywhere_plays_up_to_there() {
        let whole = Tape::read(tape().as_slice()).expect("read");
        assert_eq!(whole.frames.iter().map(|frame| frame.step).collect::<Vec<_>>(), [70, 71, 80]);
        let first = tape().iter().position(|byte| *byte == b'\n').expect("a line");
        for length in first..tape().len() {
            let cut = Tape::read(&tape()[..length]).expect("a torn line ends the tape");
            assert!(whole.frames.starts_with(&cut.frames), "{length}");
        }
        assert!(Tape::read(&tape()[..first / 2]).is_err());
    }

    #[test]
    fn what_is_no_tape_is_said_with_its_line() {
        let mut text = String::from_utf8(tape()).expect("text");
        text.insert_str(text.find("[70").expect("the first frame"), "rubbish\n");
        assert!(Tape::read(text.as_bytes()).expect_err("refused").to_string().starts_with("line 2 is no frame"));
        let other = String::from_utf8(tape()).expect("text").replace("\"tape\":1", "\"tape\":2");
        assert!(Tape::read(other.as_bytes()).expect_err("refused").to_string().contains("format 2"));
        for text in ["", "\n", "rubbish", "[1]\n", "{}"] {
            assert!(Tape::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(crate::fuzz::cases(4_000))]
        /// A damaged tape is refused or played; it never panics, and no step runs backwards.
        #[test]
        fn no_damage_breaks_the_reader(at in 0_usize..2_000, len in 0_usize..20, put in proptest::collection::vec(any::<u8>(), 0..12)) {
            let mut bytes = tape();
            let begin = at % bytes.len();
            let end = (begin + len).min(bytes.len());
            bytes.splice(begin..end, put);
            if let Ok(tape) = crate::fuzz::bounded(|| Tape::read(bytes.as_slice())) {
                prop_assert!(tape.frames.is_sorted_by_key(|frame| frame.step));
            }
        }
    }
}
