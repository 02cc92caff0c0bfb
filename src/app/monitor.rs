//! The wall's screen: the one that the settings name, where there are several, as soon as it is plugged in; what is known of
//! screens; and what becomes of a wall that has none.

use super::clock::{Clock, STEPS_PER_SECOND};
use crate::cli::NO_DISPLAY;
use bevy::{
    ecs::system::NonSendMarker,
    prelude::*,
    window::{Monitor, MonitorSelection, OnMonitor, PrimaryWindow, WindowMode},
    winit::{WINIT_WINDOWS, WinitMonitors},
};
use winit::raw_window_handle::{HasDisplayHandle as _, RawDisplayHandle};

/// So long a screen may take that is being switched on with the machine.
const PATIENCE: u64 = 5 * STEPS_PER_SECOND;

/// The name of the wall's screen.
#[derive(Resource, Debug)]
pub struct Wanted(pub String);

/// A screen that is switched off takes no window with it: in Bevy 0.19 windows would be despawned with the monitor that they
/// are on (bevyengine/bevy#24867). They forget at once which one that is; only Bevy asked.
pub fn outlive(link: On<Insert, OnMonitor>, mut commands: Commands) {
    commands.entity(link.entity).try_remove::<OnMonitor>();
}

/// What a screen is called and how large it is. A Wayland compositor tells of a screen first and of its name and size a
/// moment later, and Bevy asks once, perhaps in between.
pub fn know(mut monitors: Query<(Entity, &mut Monitor)>, handles: Res<WinitMonitors>, mut blind: Local<bool>) {
    if *blind != monitors.is_empty() {
        *blind = !*blind;
        if *blind {
            warn!("no screen is switched on: nothing is drawn until one is");
        } else {
            info!("a screen is switched on");
        }
    }
    for (entity, mut monitor) in &mut monitors {
        let Some(handle) = handles.find_entity(entity) else { continue };
        let (name, size, at) = (handle.name(), handle.size(), handle.position());
        let position = IVec2::new(at.x, at.y);
        let known = (&monitor.name, monitor.physical_width, monitor.physical_height, monitor.physical_position);
        if known != (&name, size.width, size.height, position) {
            monitor.name = name;
            (monitor.physical_width, monitor.physical_height) = (size.width, size.height);
            monitor.physical_position = position;
            monitor.scale_factor = handle.scale_factor();
            monitor.refresh_rate_millihertz = handle.refresh_rate_millihertz();
        }
    }
}

/// Puts the wall on its screen.
pub fn follow(
    wanted: Option<Res<Wanted>>,
    monitors: Query<(Entity, &Monitor), Changed<Monitor>>,
    all: Query<&Monitor>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
) {
    let Some(wanted) = wanted else { return };
    let names: Option<Vec<_>> = all.iter().map(|monitor| monitor.name.as_deref()).collect();
    if let Some(names) = names.filter(|names| !monitors.is_empty() && !names.contains(&wanted.0.as_str())) {
        warn!("there is no monitor `{}`; there is {}", wanted.0, names.join(", "));
    }
    for (entity, monitor) in &monitors {
        let is_it = monitor.name.as_ref() == Some(&wanted.0);
        info!(
            "monitor {}{}",
            monitor.name.as_deref().unwrap_or("without a name"),
            if is_it { ", the wall's" } else { "" }
        );
        if is_it {
            for mut window in &mut windows {
                window.mode = WindowMode::BorderlessFullscreen(MonitorSelection::Entity(entity));
            }
        }
    }
}

/// Ends a wall that no screen was there for when it began, to be started anew: on X11 its window would stay as small as it was
/// made. On Wayland the compositor finds it a screen that is switched on later, and until then it rests.
pub fn need_one(
    windows: Query<(Entity, &Window), With<PrimaryWindow>>,
    clock: Res<Clock>,
    mut exit: MessageWriter<AppExit>,
    mut done: Local<bool>,
    _main_thread: NonSendMarker,
) {
    if *done || clock.step < PATIENCE {
        return;
    }
    *done = true;
    for (entity, _) in windows.iter().filter(|(_, window)| window.mode != WindowMode::Windowed) {
        let without = WINIT_WINDOWS.with_borrow(|windows| {
            windows.get_window(entity).is_some_and(|window| {
                let x11 =
                    matches!(window.display_handle().map(|display| display.as_raw()), Ok(RawDisplayHandle::Xlib(_)));
                x11 && window.available_monitors().all(|monitor| monitor.size().width == 0)
            })
        });
        if without {
            error!("no screen is switched on: it ends, to be started anew");
            exit.write(AppExit::from_code(NO_DISPLAY));
        }
    }
}
