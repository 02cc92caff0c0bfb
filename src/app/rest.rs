//! When nothing moves, or no screen is there to show it, nothing is drawn: the camera sleeps, and the window wakes only for a
//! touch, a timer or a saved deck.

use super::{
    clock::Clock,
    exhibit::Exhibit,
    hands::Hands,
    health::Health,
    lamp::Lamp,
    paint::Painted,
    present::{Apart, Audience, Presenting},
    watch::Watch,
};
use crate::ink::{gpu::FramesPresented, layer::Layer};
use bevy::{
    prelude::*,
    render::renderer::RenderAdapterInfo,
    window::Monitor,
    winit::{UpdateMode, WinitSettings},
};
use std::time::{Duration, Instant};

/// After the last change so many more frames are drawn: a window system may still hold an older one.
const AFTERGLOW: u8 = 2;

/// Nothing sleeps longer than this, so that a wall that forgot what it waits for is late and not dead.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// A frame of a software adapter.
const FRAME: Duration = Duration::from_micros(1_000_000 / super::clock::STEPS_PER_SECOND);

/// How long to sleep now, if something is due so much later: a power of two in milliseconds that does not go beyond it, or
/// as long as may be. Another length than the frame before makes the window's loop come round at once, so that to sleep for
/// exactly what is left is never to sleep at all.
fn nap(left: Duration) -> Duration {
    if left >= LONGEST_SLEEP {
        return LONGEST_SLEEP;
    }
    let milliseconds = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(1 << milliseconds.max(1).ilog2())
}

/// Lets the camera and the window sleep.
pub fn rest(
    mut exhibit: ResMut<Exhibit>,
    changed: Query<(), Or<(Changed<Painted>, Changed<Layer>)>>,
    removed: RemovedComponents<Layer>,
    hands: Res<Hands>,
    clock: Res<Clock>,
    wall: Res<crate::ink::gpu::Wall>,
    watch: Res<Watch>,
    lamp: Res<Lamp>,
    health: Res<Health>,
    mut cameras: Query<(&mut Camera, Has<Audience>), Without<Apart>>,
    screens: Query<(), With<Monitor>>,
    presenting: Option<Res<Presenting>>,
    mut winit: Option<ResMut<WinitSettings>>,
    adapter: Option<Res<RenderAdapterInfo>>,
    mut afterglow: Local<u8>,
) {
    let dirty = !changed.is_empty() || !removed.is_empty() || wall.is_changed();
    let moving = std::mem::take(&mut exhibit.moving);
    // A Wayland compositor without a screen takes a frame or two and then never says that it is ready for the next.
    let unseen = winit.is_some() && screens.is_empty();
    *afterglow = if dirty || moving || unseen { AFTERGLOW } else { afterglow.saturating_sub(1) };
    let draw = *afterglow > 0 && !unseen;
    let frozen = presenting.as_ref().is_some_and(|presenting| presenting.podium.frozen);
    for (mut camera, is_audience) in &mut cameras {
        // A picture that no camera draws stays as it is.
        let draw = draw && !(frozen && is_audience);
        if camera.is_active != draw {
            camera.is_active = draw;
        }
    }
    let Some(winit) = &mut winit else { return };
    let mode = if draw {
        // A real adapter waits for the screen; a software one would draw as fast as it can, and so would a presenter's.
        let paced = presenting.is_none() && adapter.is_some_and(|a| format!("{:?}", a.device_type) != "Cpu");
        if paced { UpdateMode::Continuous } else { UpdateMode::reactive(FRAME) }
    } else {
        // In the dark nobody is heard and nothing runs.
        let lit = [hands.next_wake(), exhibit.next_wake()].into_iter().flatten().filter(|_| !exhibit.dark);
        let step = lit.chain([lamp.next_wake()]).min();
        let timer = step.map(|step| clock.until(step, Instant::now()));
        let sleep = [timer, watch.next_wake(), Some(health.longest_sleep())].into_iter().flatten().min();
        UpdateMode::reactive_low_power(nap(sleep.unwrap_or(LONGEST_SLEEP)))
    };
    winit.focused_mode = mode;
    winit.unfocused_mode = mode;
}

/// Says how long the first slide took, and, if asked, once a second how many frames were presented.
pub fn report_frames(
    frames: Res<FramesPresented>,
    clock: Res<Clock>,
    mut first: Local<bool>,
    mut last: Local<u64>,
    mut each_second: Local<Option<bool>>,
) {
    if !*first && frames.get() > 0 {
        *first = true;
        info!("first frame after {} ms", clock.millis());
    }
    let each_second = *each_second.get_or_insert_with(|| std::env::var_os("PEERSCAPE_LOG_FRAMES").is_some());
    let second = clock.step / super::clock::STEPS_PER_SECOND;
    if each_second && second != *last {
        *last = second;
        info!("frames presented {}", frames.get());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn naps_are_few_of_few_lengths_and_end_when_something_is_due() {
        for due in [1_u64, 17, 690, 999, 1_000, 5_500] {
            let due = Duration::from_millis(due);
            let (mut slept, mut lengths) = (Duration::ZERO, Vec::new());
            while slept < due {
                lengths.push(nap(due - slept));
                slept += nap(due - slept);
            }
            assert_eq!(slept, due, "it is late");
            assert!(lengths.len() <= 15, "{due:?} took {} naps", lengths.len());
        }
        assert_eq!(nap(Duration::ZERO), Duration::from_millis(1), "never none at all");
    }
}
