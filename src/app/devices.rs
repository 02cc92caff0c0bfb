//! Touchscreens and pointers that are pulled out and plugged in again. The window's loop tells of neither; the kernel does.

use super::hands::Hands;
use crate::cli::doctor;
use bevy::{
    ecs::system::NonSendMarker,
    prelude::*,
    window::{CursorOptions, PrimaryWindow},
    winit::WINIT_WINDOWS,
};
use std::{
    env, fs,
    path::PathBuf,
    time::{Duration, Instant},
};

/// The kernel is asked this often.
const ASKED: Duration = Duration::from_secs(1);

/// What is plugged in.
#[derive(Resource, Debug)]
pub struct Devices {
    /// The names of the touchscreens.
    pub touchscreens: Vec<String>,
    /// All that the kernel says of its devices.
    told: String,
    place: PathBuf,
    asked: Option<Instant>,
}

impl Default for Devices {
    /// The kernel's, or, so that a test can pull one out, those of the file that `PEERSCAPE_DEVICES` names.
    fn default() -> Self {
        let place = env::var_os("PEERSCAPE_DEVICES").map_or_else(|| doctor::INPUT_DEVICES.into(), PathBuf::from);
        Self { touchscreens: Vec::new(), told: String::new(), place, asked: None }
    }
}

/// Looks what is plugged in. A touchscreen that is gone takes its fingers with it, and whatever is new may not bring an
/// arrow back onto the glass.
pub fn follow(
    mut devices: ResMut<Devices>,
    mut hands: ResMut<Hands>,
    windows: Query<(Entity, &CursorOptions), With<PrimaryWindow>>,
    _main_thread: NonSendMarker,
) {
    let now = Instant::now();
    if devices.asked.is_some_and(|at| now.duration_since(at) < ASKED) {
        return;
    }
    let first = devices.asked.replace(now).is_none();
    // Where the kernel tells nothing, nothing changes.
    let told = fs::read_to_string(&devices.place).unwrap_or_default();
    if told == devices.told {
        return;
    }
    let touchscreens = doctor::touchscreens(&told);
    if !first {
        for gone in devices.touchscreens.iter().filter(|name| !touchscreens.contains(name)) {
            warn!("touchscreen gone: {gone}");
            hands.pulled_out = true;
        }
        for back in touchscreens.iter().filter(|name| !devices.touchscreens.contains(name)) {
            info!("touchscreen plugged in: {back}");
        }
        for (window, _) in windows.iter().filter(|(_, cursor)| !cursor.visible) {
            hide_again(window);
        }
    }
    devices.touchscreens = touchscreens;
    devices.told = told;
}

/// Hides a window's arrow once more: that it is hidden already is what the window believes, and not what it knows.
fn hide_again(window: Entity) {
    WINIT_WINDOWS.with_borrow(|windows| {
        if let Some(window) = windows.get_window(window) {
            window.set_cursor_visible(true);
            window.set_cursor_visible(false);
        }
    });
}
