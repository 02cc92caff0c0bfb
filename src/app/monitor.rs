//! The screen that the settings name, where there are several: the wall goes there as soon as it is plugged in.

use bevy::{
    prelude::*,
    window::{Monitor, MonitorSelection, PrimaryWindow, WindowMode},
};

/// The name of the wall's screen.
#[derive(Resource, Debug)]
pub struct Wanted(pub String);

/// Puts the wall on its screen.
pub fn follow(
    wanted: Option<Res<Wanted>>,
    monitors: Query<(Entity, &Monitor), Added<Monitor>>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
) {
    let Some(wanted) = wanted else { return };
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
