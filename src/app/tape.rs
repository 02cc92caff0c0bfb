//! Records what comes in, frame by frame, and plays it back: the same frames, the same fingers, the same wall.

use super::{
    clock::Clock,
    exhibit::{Exhibit, Options},
    hands::{Hands, KeyStrokes, Meant, Touches},
    lamp::Lamp,
    scene::Scenes,
    show::Boards,
};
use crate::{
    deck::{Deck, state::Position},
    ink::{gpu::Wall, sheet::Canvas},
    input::tape::{Frame, Head, Recorder, Said, Tape},
    kiosk::settings::{Screen, Settings},
};
use bevy::prelude::*;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs::File,
    io::{self, BufWriter},
    path::Path,
    time::{Duration, Instant},
};

/// How bright a wall is that nobody dims, in percent.
pub const FULL: u8 = 100;

/// What is lost at most when the process is killed.
const FLUSHED: Duration = Duration::from_secs(1);

/// Everything that came in during a frame, in order.
#[derive(Resource, Default)]
pub struct Heard(pub Vec<Said>);

/// A tape that is being written.
#[derive(Resource)]
pub struct Recording {
    recorder: Recorder<BufWriter<File>>,
    flushed: Instant,
    size: [u32; 2],
    light: u8,
}

impl Recording {
    /// Begins a tape of a wall that opens so.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn begin(path: &Path, options: &Options) -> io::Result<Self> {
        let recorder = Recorder::new(BufWriter::new(File::create(path)?), &head(options))?;
        Ok(Self { recorder, flushed: Instant::now(), size: [0; 2], light: FULL })
    }
}

/// The wall as it opens, for a tape.
fn head(options: &Options) -> Head {
    let settings = &options.settings;
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let low = settings.screen.filter(|_| settings.controls_low);
    Head {
        version: env!("CARGO_PKG_VERSION").into(),
        deck_hash: deck_hash(&options.deck),
        deck: settings.deck.as_deref().map(absolute),
        assets: options.assets.overlay().map(absolute),
        language: settings.language.clone(),
        seed: options.seed,
        at: [options.at.topic, options.at.slide, options.at.step],
        begin_in_attract: options.begin_in_attract,
        attract: settings.attract,
        look: settings.look,
        text: settings.text,
        idle: settings.idle,
        reduced_motion: settings.reduced_motion,
        pixel_shift: settings.pixel_shift,
        low: low.map(|screen| [settings.reach, screen.height, screen.lower_edge]),
        ..Head::default()
    }
}

/// The settings of a wall that was recorded; what was not, as where visits are logged, is left out.
#[must_use]
pub fn settings(head: &Head) -> Settings {
    let usual = Settings::default();
    Settings {
        deck: head.deck.clone(),
        assets: head.assets.clone(),
        language: head.language.clone(),
        look: head.look.min(crate::ink::look::NAMES.len() - 1),
        text: head.text.clamp(100, crate::slides::ease::LARGEST),
        reduced_motion: head.reduced_motion,
        controls_low: head.low.is_some(),
        screen: head.low.map(|[_, height, lower_edge]| Screen { height, lower_edge }),
        reach: head.low.map_or(usual.reach, |[reach, ..]| reach),
        idle: head.idle,
        attract: head.attract,
        pixel_shift: head.pixel_shift.min(crate::kiosk::settings::MOST_SHIFT),
        ..usual
    }
}

/// Where a wall that was recorded began, if its deck has such a place.
#[must_use]
pub fn place(head: &Head, deck: &Deck) -> Position {
    let [topic, slide, step] = head.at;
    let there = topic < deck.len() && slide < deck.slides(topic) && step < deck.steps(topic, slide);
    if there { Position { topic, slide, step } } else { Position::default() }
}

/// A deck's hash as tapes and staff are told it.
#[must_use]
pub fn deck_hash(deck: &Deck) -> String {
    format!("{:016x}", deck.hash)
}

/// Writes down what came in during this frame.
pub fn record(
    recording: Option<ResMut<Recording>>,
    mut heard: ResMut<Heard>,
    mut meant: MessageReader<Meant>,
    exhibit: Res<Exhibit>,
    lamp: Res<Lamp>,
    clock: Res<Clock>,
    mut commands: Commands,
) {
    let mut said = std::mem::take(&mut heard.0);
    let Some(mut recording) = recording else { return };
    if recording.light != lamp.light {
        recording.light = lamp.light;
        said.insert(0, Said::Light(lamp.light));
    }
    if recording.size != exhibit.canvas.size {
        recording.size = exhibit.canvas.size;
        said.insert(0, Said::Size(exhibit.canvas.size));
    }
    let meant = meant.read().map(|meant| format!("{meant:?}")).collect();
    let mut written = recording.recorder.frame(&Frame { step: clock.step, said, meant });
    if recording.flushed.elapsed() >= FLUSHED {
        recording.flushed = Instant::now();
        written = written.and_then(|()| recording.recorder.flush());
    }
    if let Err(error) = written {
        warn!("the tape can't be written on: {error}");
        commands.remove_resource::<Recording>();
    }
}

/// A tape that is being played.
#[derive(Resource)]
pub struct Player {
    frames: Vec<Frame>,
    /// Which frame comes next.
    next: usize,
    /// Over how many steps the tape has run before.
    offset: u64,
    /// The frame that is played now.
    now: Frame,
    /// How it is played.
    pace: Pace,
    /// What was meant otherwise than on the tape, and how often.
    pub differs: (u64, Option<String>),
    /// How often the tape has been played to its end.
    pub rounds: u64,
    /// Whether all frames have been played.
    pub done: bool,
}

/// How a tape is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As it was recorded.
    Real,
    /// As fast as may be.
    Fast,
    /// As fast as may be, again and again: the wall goes on from where the tape's end left it.
    Again,
}

impl Player {
    /// Plays a tape up to a step.
    #[must_use]
    pub fn new(tape: Tape, until: u64, pace: Pace) -> Self {
        let frames: Vec<_> = tape.frames.into_iter().take_while(|frame| frame.step <= until).collect();
        let (now, differs) = (Frame::default(), (0, None));
        Self { frames, next: 0, offset: 0, now, pace, differs, rounds: 0, done: false }
    }

    /// How bright the wall becomes in the frame that is played now, if it does.
    #[must_use]
    pub fn light(&self) -> Option<u8> {
        self.now.said.iter().rev().find_map(|said| if let Said::Light(percent) = said { Some(*percent) } else { None })
    }

    /// The size that the picture had at the end.
    #[must_use]
    pub fn size(&self) -> Option<[u32; 2]> {
        let last_first = self.frames.iter().rev().flat_map(|frame| frame.said.iter().rev());
        let mut sizes = last_first.filter_map(|said| if let Said::Size(size) = said { Some(*size) } else { None });
        sizes.next()
    }

    /// The step of the next frame, if its time has come by a clock that shows this step.
    pub fn next(&mut self, clock: u64) -> u64 {
        if self.next == self.frames.len() {
            self.rounds += 1;
            self.done = self.pace != Pace::Again || self.frames.is_empty();
            if !self.done {
                (self.next, self.offset) = (0, self.now.step);
            }
        }
        let begins = self.next == 0;
        let stay = Frame { step: self.now.step, ..Frame::default() };
        self.now = match self.frames.get(self.next) {
            Some(frame) if self.pace != Pace::Real || frame.step <= clock => {
                self.next += 1;
                frame.later(self.offset)
            }
            _ => stay,
        };
        if begins && self.next == 1 {
            // As bright as every tape begins, wherever the round before ended.
            self.now.said.insert(0, Said::Light(FULL));
        }
        self.now.step
    }
}

/// Lets the hands feel what is on the tape, in place of what the window says.
pub fn play(
    mut player: ResMut<Player>,
    mut hands: ResMut<Hands>,
    mut fingers: ResMut<Touches>,
    mut keys: ResMut<KeyStrokes>,
    mut exhibit: ResMut<Exhibit>,
    mut wall: ResMut<Wall>,
    mut meant: MessageWriter<Meant>,
    clock: Res<Clock>,
) {
    fingers.0.clear();
    keys.0.clear();
    for said in std::mem::take(&mut player.now.said) {
        match said {
            Said::Finger(raw) => fingers.0.extend(hands.feel(raw)),
            Said::Gone(device) => fingers.0.extend(hands.device_gone(device, clock.step)),
            Said::Key(event) => keys.0.push(event),
            Said::Lost => {
                if hands.keyboard_lost() {
                    meant.write(Meant::Release);
                }
            }
            Said::Size(size) => {
                wall.canvas = Canvas { size };
                exhibit.take_canvas(wall.canvas);
            }
            // The lamp has seen to it.
            Said::Light(_) => {}
            Said::LetGo => hands.let_go(&mut exhibit.kiosk.idle, clock.step),
        }
    }
    fingers.0.extend(hands.time(clock.step));
}

/// Compares what was meant with what the tape says was.
pub fn compare(mut player: ResMut<Player>, mut meant: MessageReader<Meant>, clock: Res<Clock>) {
    let now: Vec<String> = meant.read().map(|meant| format!("{meant:?}")).collect();
    let then = std::mem::take(&mut player.now.meant);
    // Another round begins where the first one ended: what it means is its own.
    if now != then && player.rounds == 0 {
        let (count, first) = &mut player.differs;
        *count += 1;
        first.get_or_insert_with(|| format!("at step {}: {now:?}, on the tape {then:?}", clock.step));
    }
}

/// A hash of where the wall stands: place, look, what it does by itself, and all that the networks before it say of
/// themselves.
#[must_use]
pub fn state_hash(world: &World) -> String {
    let (exhibit, boards, scenes) =
        (world.resource::<Exhibit>(), world.resource::<Boards>(), world.resource::<Scenes>());
    let step = world.resource::<Clock>().step;
    let mut text = format!("{step} {:?} {} {:?}", exhibit.state, exhibit.look, exhibit.kiosk.idle.phase());
    // Writing into a string can't fail.
    let _ = write!(text, " {:016x} {:?}", exhibit.deck.hash, exhibit.asking);
    for model in boards.front.as_ref().and_then(|board| board.scene).into_iter().flat_map(|scene| scenes.models(scene))
    {
        let _ = write!(text, " {} {} {:?}", model.now(), model.events(), model.states());
        for figure in model.figures() {
            let _ = write!(text, " {} {:?}", figure.key, figure.value);
        }
    }
    Sha256::digest(text).iter().take(8).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

/// At the end of a tape a wall with a window says how it stands, and ends.
pub fn end(world: &mut World) {
    if world.resource::<Player>().done {
        info!("tape over");
        report(world);
        world.write_message(AppExit::Success);
    }
}

/// Says how the wall stands, and what went otherwise than on the tape.
pub fn report(world: &World) {
    let player = world.resource::<Player>();
    let step = world.resource::<Clock>().step;
    println!("state {} at {:.1} s", state_hash(world), step as f64 / super::clock::STEPS_PER_SECOND as f64);
    if let (count @ 1.., Some(first)) = &player.differs {
        println!("{count} frames meant something else than on the tape, the first {first}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::fingers::{Phase, Raw};

    #[test]
    fn another_round_is_the_same_later_and_begins_as_bright() {
        let raw = |step| Said::Finger(Raw { device: 1, id: 9, phase: Phase::Down, at: [3.0, 4.0], step });
        let frame = |step, said| Frame { step, said, meant: Vec::new() };
        let frames = vec![frame(5, vec![]), frame(70, vec![raw(70)]), frame(100, vec![Said::Light(0)])];
        let mut player = Player::new(Tape { head: Head::default(), frames }, u64::MAX, Pace::Again);
        let mut seen = Vec::new();
        for _ in 0..6 {
            let step = player.next(0);
            seen.push((step, player.now.said.clone(), player.light()));
        }
        let first = [(5, vec![Said::Light(FULL)], Some(FULL)), (70, vec![raw(70)], None)];
        assert_eq!(seen[..2], first);
        assert_eq!(seen[2], (100, vec![Said::Light(0)], Some(0)));
        // What fingers did carries its moment, and is no older than the frame.
        assert_eq!(seen[3..5], [(105, vec![Said::Light(FULL)], Some(FULL)), (170, vec![raw(170)], None)]);
    }
}
