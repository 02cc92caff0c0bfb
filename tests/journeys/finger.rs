//! The robot finger: real multi-touch through the X server's `inputtest` driver.
//!
//! The wire is the one of `xf86-input-inputtest` 1.1: little-endian `length: u32, kind: u32`, then the message. A message
//! of touch holds the finger, its phase (X's event numbers) and 64 valuators, each twice (plain and unaccelerated).

use crate::{
    patience::{PATIENCE, ask_until},
    screen::Screen,
};
use peerscape::ink::sheet::Canvas;
use std::{
    cell::Cell,
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    thread,
    time::Duration,
};

/// A place in reference pixels: on a canvas of 1920 × 1080, upright 1080 × 1920, whatever the screen's size.
pub type Spot = [f32; 2];

/// Kinds of messages, to the driver and back.
const CLIENT_VERSION: u32 = 0;
const WAIT_FOR_SYNC: u32 = 1;
const TOUCH: u32 = 6;

/// X's events of touch.
const BEGIN: u32 = 18;
const UPDATE: u32 = 19;
const END: u32 = 20;

/// What the driver calls the right and lower edge.
const EDGE: f64 = 65_535.0;

/// How many valuators a message carries, of which the first two are the place.
const VALUATORS: usize = 64;

/// How long a tap rests on the glass: long enough to be seen by a frame or two, far below a hold.
const TAP: Duration = Duration::from_millis(60);

/// How long a hold rests on the glass: the wall answers at 500 ms.
const HOLD: Duration = Duration::from_millis(750);

/// How many times a second a sliding finger tells its place, as a touchscreen would.
const TELLS_A_SECOND: f32 = 60.0;

/// Ten robot fingers on one screen. The server takes one connection in its life, so a journey keeps its `Finger`.
pub struct Finger {
    wire: UnixStream,
    canvas: Canvas,
    places: Cell<[Spot; 10]>,
    highest: Cell<f32>,
}

impl Finger {
    /// Reaches for the screen.
    ///
    /// # Panics
    /// If the touchscreen does not answer.
    pub fn reach(screen: &Screen) -> Self {
        let wire = ask_until(PATIENCE, || UnixStream::connect(&screen.touchscreen).ok());
        let wire = wire.expect("the touchscreen takes its one connection");
        wire.set_read_timeout(Some(PATIENCE)).expect("a socket can have a deadline");
        let canvas = Canvas { size: screen.size.map(u32::from) };
        let this = Self { wire, canvas, places: Cell::new([[0.0; 2]; 10]), highest: Cell::new(f32::MAX) };
        let mut version = Vec::new();
        version.extend(1_u16.to_le_bytes());
        version.extend(1_u16.to_le_bytes());
        this.send(CLIENT_VERSION, &version);
        this.receive();
        this
    }

    /// Puts a finger (0 to 9) on the glass.
    pub fn down(&self, finger: usize, at: Spot) {
        self.touch(finger, BEGIN, at);
    }

    /// Slides a finger that is on the glass.
    pub fn glide(&self, finger: usize, to: Spot) {
        self.touch(finger, UPDATE, to);
    }

    /// Lifts a finger.
    pub fn up(&self, finger: usize) {
        self.touch(finger, END, self.places.get()[finger]);
    }

    /// Touches and lifts.
    pub fn tap(&self, at: Spot) {
        self.down(0, at);
        thread::sleep(TAP);
        self.up(0);
    }

    /// Touches twice within a frame, as fast as a machine.
    pub fn double_tap(&self, at: Spot) {
        for _ in 0..2 {
            self.down(0, at);
            self.up(0);
        }
    }

    /// Touches and rests long enough for the wall to answer, and stays on the glass until [`Finger::up`].
    pub fn hold(&self, at: Spot) {
        self.down(0, at);
        thread::sleep(HOLD);
    }

    /// Slides a finger that is on the glass to a place, in so many seconds.
    pub fn slide(&self, finger: usize, to: Spot, seconds: f32) {
        let from = self.places.get()[finger];
        let tells = (seconds * TELLS_A_SECOND).ceil().max(2.0);
        for i in 1..=tells as u32 {
            thread::sleep(Duration::from_secs_f32(seconds / tells));
            let share = i as f32 / tells;
            self.glide(finger, [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
        }
    }

    /// One finger from one place to another, and off, as a visitor swipes.
    pub fn swipe(&self, from: Spot, to: Spot) {
        self.down(0, from);
        self.slide(0, to, 0.25);
        self.up(0);
    }

    fn touch(&self, finger: usize, phase: u32, at: Spot) {
        let mut message = Vec::with_capacity(24 + VALUATORS * 16);
        message.extend(u32::try_from(finger).expect("a finger").to_le_bytes());
        message.extend(phase.to_le_bytes());
        message.extend(0_u32.to_le_bytes());
        // Which valuators are set, a bit each: the first two.
        message.extend([0b11, 0, 0, 0, 0, 0, 0, 0]);
        message.extend([0; 4]);
        let (scale, origin) = (self.canvas.scale(), self.canvas.origin());
        for valuator in 0..2 * VALUATORS {
            let value = match valuator {
                0 | 1 => {
                    f64::from(origin[valuator] + at[valuator] * scale) / f64::from(self.canvas.size[valuator]) * EDGE
                }
                _ => 0.0,
            };
            message.extend(value.to_le_bytes());
        }
        self.send(TOUCH, &message);
        // The answer comes when the server has handled the touch, so that what a journey does next comes after it.
        self.send(WAIT_FOR_SYNC, &[]);
        self.receive();
        let mut places = self.places.get();
        places[finger] = at;
        self.places.set(places);
        self.highest.set(self.highest.get().min(at[1]));
    }

    /// The highest place on the glass that any finger has touched.
    pub fn highest(&self) -> f32 {
        self.highest.get()
    }

    fn send(&self, kind: u32, body: &[u8]) {
        let mut message = Vec::with_capacity(8 + body.len());
        message.extend(u32::try_from(8 + body.len()).expect("a short message").to_le_bytes());
        message.extend(kind.to_le_bytes());
        message.extend(body);
        (&self.wire).write_all(&message).expect("the touchscreen is there");
    }

    fn receive(&self) {
        let mut head = [0; 8];
        (&self.wire).read_exact(&mut head).expect("the touchscreen answers");
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let mut body = vec![0; length.saturating_sub(8)];
        (&self.wire).read_exact(&mut body).expect("the touchscreen's answer is whole");
    }
}
