//! Tells systemd and `peerscape status` how the wall is.

use super::{
    clock::{Clock, STEPS_PER_SECOND},
    devices::Devices,
    exhibit::Exhibit,
    log,
    present::{Apart, Presenting},
    visits::Log,
};
use crate::{
    ink::gpu::FramesPresented,
    kiosk::{
        health::{self, Answers, Pulse, Sight, Status},
        idle::Phase,
        visits,
    },
};
use bevy::{
    image::Image,
    prelude::*,
    render::{
        renderer::RenderAdapterInfo,
        view::screenshot::{Screenshot, ScreenshotCaptured},
    },
    window::{Monitor, PrimaryMonitor, PrimaryWindow, WindowMode},
    winit::{EventLoopProxyWrapper, WinitUserEvent},
};
use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Sender, SyncSender, channel, sync_channel},
    },
    time::{Duration, Instant},
};
use winit::event_loop::EventLoopProxy;

/// The figures are brought up to date this often.
const FRESH: Duration = Duration::from_secs(1);
/// Lines that were held back are counted in the log this often.
const HELD: Duration = Duration::from_secs(10);
/// Words that may wait for systemd.
const WAITING: usize = 16;
/// How long a picture is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the thread at the socket and the main loop share.
#[derive(Default)]
struct Shared {
    status: Mutex<(Status, Option<Instant>)>,
    /// Who waits for a picture.
    asked: Mutex<Vec<Sender<Vec<u8>>>>,
    window: Mutex<Option<EventLoopProxy<WinitUserEvent>>>,
}

/// The shared part, as the socket's thread sees it.
struct Desk(Arc<Shared>);

impl Answers for Desk {
    fn status(&self) -> Status {
        let (status, answered) = &*lock(&self.0.status);
        let answered_ms = answered.map_or(0, |at| u64::try_from(at.elapsed().as_millis()).unwrap_or(u64::MAX));
        Status { answered_ms, ..status.clone() }
    }

    fn picture(&self) -> Option<Vec<u8>> {
        let (send, receive) = channel();
        lock(&self.0.asked).push(send);
        if let Some(window) = &*lock(&self.0.window) {
            // A loop that is over needs no waking.
            let _over = window.send_event(WinitUserEvent::WakeUp);
        }
        receive.recv_timeout(PATIENCE).ok()
    }
}

/// How the wall is, and who is to know.
#[derive(Resource)]
pub struct Health {
    shared: Arc<Shared>,
    pulse: Pulse,
    sight: Sight,
    fresh: Option<Instant>,
    /// When the log was asked last whether it held lines back.
    held: Option<Instant>,
    dropped: u64,
    /// The step of the frame before, if it was drawn.
    drew: Option<u64>,
    /// What systemd was told last of what the wall does.
    told: String,
    systemd: Option<SyncSender<String>>,
}

impl Health {
    /// Begins to tell, and to answer at a socket if there is a place for one.
    #[must_use]
    pub fn new(socket: Option<&Path>, window: Option<&EventLoopProxyWrapper>) -> Self {
        let shared = Arc::new(Shared::default());
        *lock(&shared.window) = window.map(|window| (**window).clone());
        let place = socket.map(Path::to_owned).or_else(health::socket);
        if let Some(place) = place.filter(|_| window.is_some())
            && let Err(error) = health::listen(&place, Arc::new(Desk(Arc::clone(&shared))))
        {
            warn!("`peerscape status` can't be answered at {}: {error}", place.display());
        }
        Self {
            shared,
            pulse: Pulse::new(Pulse::watchdog()),
            sight: Sight::default(),
            fresh: None,
            held: None,
            dropped: 0,
            drew: None,
            told: String::new(),
            systemd: herald(),
        }
    }

    /// Says something to systemd, if it listens. What it doesn't take in time is lost: the wall waits for nobody.
    fn notify(&self, words: &str) {
        if let Some(systemd) = &self.systemd {
            let _busy = systemd.try_send(words.to_owned());
        }
    }

    /// The figures as they were last brought up to date.
    #[must_use]
    pub fn status(&self) -> Status {
        Desk(Arc::clone(&self.shared)).status()
    }

    /// How long the main loop may sleep.
    #[must_use]
    pub fn longest_sleep(&self) -> Duration {
        self.pulse.longest_sleep()
    }
}

/// Who carries words to systemd, on a thread of its own: a socket that is full would hold up who writes.
fn herald() -> Option<SyncSender<String>> {
    std::env::var_os("NOTIFY_SOCKET")?;
    let (send, receive) = sync_channel::<String>(WAITING);
    let carry = move || {
        for words in receive {
            if let Err(error) = sd_notify::notify(&[sd_notify::NotifyState::Custom(&words)]) {
                warn!("systemd can't be told: {error}");
            }
        }
    };
    let spawned = std::thread::Builder::new().name("systemd".into()).spawn(carry);
    spawned.map(|_runs| send).ok()
}

/// The main loop has come round.
pub fn beat(
    mut health: ResMut<Health>,
    mut exhibit: ResMut<Exhibit>,
    clock: Res<Clock>,
    frames: Res<FramesPresented>,
    cameras: Query<&Camera, Without<Apart>>,
    monitors: Query<(&Monitor, Has<PrimaryMonitor>)>,
    adapter: Option<Res<RenderAdapterInfo>>,
    visits: Option<Res<Log>>,
    devices: Res<Devices>,
    presenting: Option<Res<Presenting>>,
    windows: Query<&Window, With<PrimaryWindow>>,
    mut commands: Commands,
) {
    let health = &mut *health;
    let draws = cameras.iter().any(|camera| camera.is_active);
    if let Some(before) = health.drew.filter(|_| draws) {
        let rates = monitors.iter().filter_map(|(monitor, _)| monitor.refresh_rate_millihertz);
        health.dropped += clock.step.saturating_sub(before + steps_a_frame(rates.min()));
    }
    // What comes before the first one is the start, not a frame that is late.
    health.drew = (draws && frames.get() > 0).then_some(clock.step);
    let up = Duration::from_millis(u64::try_from(clock.millis()).unwrap_or(u64::MAX));
    let mut signs = health.pulse.beat(up, frames.get(), draws);
    if monitors.is_empty() {
        signs.extend(health.pulse.wait(up));
    }
    signs.into_iter().for_each(|words| health.notify(words));
    // A window may be put away, and a presenter's audience keep an old picture; a wall that fills its screen does neither.
    let fills = presenting.is_none() && windows.iter().any(|window| window.mode != WindowMode::Windowed);
    if health.sight.is_lost(up, frames.get(), draws && fills) {
        error!("what is drawn no longer reaches the screen: it ends, to be started anew");
        commands.write_message(AppExit::error());
    }
    for asker in lock(&health.shared.asked).drain(..) {
        // A wall at rest draws one frame more for it.
        exhibit.moving = true;
        commands.spawn(Screenshot::primary_window()).observe(move |taken: On<ScreenshotCaptured>| {
            if let Some(png) = png(&taken.image) {
                // Whoever asked may have gone.
                let _gone = asker.send(png);
            }
        });
    }
    let now = Instant::now();
    lock(&health.shared.status).1 = Some(now);
    if health.fresh.is_some_and(|at| now.duration_since(at) < FRESH) {
        return;
    }
    health.fresh = Some(now);
    if health.held.is_none_or(|at| now.duration_since(at) >= HELD) {
        health.held = Some(now);
        log::tell_held();
    }
    let state = match exhibit.kiosk.idle.phase() {
        _ if exhibit.dark => "dark",
        Phase::Attract { .. } => "attract",
        Phase::StillThere { .. } => "asks",
        Phase::Exhibit if exhibit.kiosk.idle.used().is_some() => "visit",
        Phase::Exhibit => "waits",
    };
    let known = visits.map(|visits| visits.0.known());
    let status = Status {
        version: env!("CARGO_PKG_VERSION").into(),
        uptime_s: up.as_secs(),
        state: state.into(),
        slide: exhibit.deck.way(exhibit.state.at),
        frames_presented: frames.get(),
        frames_dropped: health.dropped,
        memory_bytes: resident().unwrap_or(0),
        adapter: adapter.map_or_else(String::new, |adapter| adapter.name.clone()),
        displays: displays(monitors.iter()),
        touchscreens: devices.touchscreens.clone(),
        deck: exhibit.deck_path.as_ref().map_or_else(|| "built in".into(), |path| path.display().to_string()),
        deck_hash: format!("{:016x}", exhibit.deck.hash),
        warnings: log::warnings(),
        visits_today: known.as_ref().map(|known| known.on(visits::today())),
        visits_lost: known.as_ref().map_or(0, |known| known.lost),
        visits_trouble: known.and_then(|known| known.trouble),
        answered_ms: 0,
    };
    let blind = monitors.is_empty();
    let told = match blind {
        true => "STATUS=no screen is switched on".into(),
        false => format!("STATUS={} ({})", status.slide, status.state),
    };
    if (blind || frames.get() > 0) && health.told != told {
        health.notify(&told);
        health.told = told;
    }
    lock(&health.shared.status).0 = status;
}

/// How many steps a frame may take on a screen of so many pictures a thousand seconds: one, or more on a slow one.
fn steps_a_frame(millihertz: Option<u32>) -> u64 {
    // 59.94 a second are as good as 60.
    let step = STEPS_PER_SECOND * 980;
    millihertz.map_or(1, |rate| step.div_ceil(u64::from(rate.max(1_000)))).max(1)
}

fn displays<'a>(monitors: impl Iterator<Item = (&'a Monitor, bool)>) -> Vec<String> {
    let name = |(monitor, primary): (&Monitor, bool)| {
        let (w, h) = (monitor.physical_width, monitor.physical_height);
        let called = monitor.name.as_deref().unwrap_or("without a name");
        format!("{called} {w}x{h}{}", if primary { ", primary" } else { "" })
    };
    monitors.map(name).collect()
}

/// Resident memory of this process, in bytes.
pub(super) fn resident() -> Option<u64> {
    let pages: u64 = fs::read_to_string("/proc/self/statm").ok()?.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

/// A picture of the screen as PNG.
fn png(image: &Image) -> Option<Vec<u8>> {
    let rgb = image.clone().try_into_dynamic().ok()?.to_rgb8();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, rgb.width(), rgb.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(rgb.as_raw()).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_screen_drops_nothing_by_being_slow() {
        let rates =
            [None, Some(144_000), Some(60_000), Some(59_940), Some(50_000), Some(30_000), Some(24_000), Some(0)];
        assert_eq!(rates.map(steps_a_frame), [1, 1, 1, 1, 2, 2, 3, 59]);
    }
}
