//! Monitors that are plugged in and out on X11. Xlib drops the events of an extension that nobody has asked it about; winit
//! waits for those of `RandR`, but asks for them past Xlib. So libXrandr is loaded and asked about the same connection, once.

use bevy::{ecs::system::NonSendMarker, prelude::*, window::PrimaryWindow, winit::WINIT_WINDOWS};
use std::ptr::from_mut;
use winit::raw_window_handle::{HasDisplayHandle as _, RawDisplayHandle};
use x11_dl::xrandr::Xrandr_2_2_0;

/// Has Xlib hand on what `RandR` tells; on Wayland there is nothing to do.
pub fn hear(windows: Query<Entity, With<PrimaryWindow>>, mut done: Local<bool>, _main_thread: NonSendMarker) {
    let Some(window) = windows.iter().next().filter(|_| !*done) else { return };
    WINIT_WINDOWS.with_borrow(|windows| {
        let Some(handle) = windows.get_window(window).and_then(|window| window.display_handle().ok()) else { return };
        *done = true;
        let RawDisplayHandle::Xlib(xlib) = handle.as_raw() else { return };
        let Some(display) = xlib.display else { return };
        match Xrandr_2_2_0::open() {
            Ok(xrandr) => {
                // It hooks itself into the connection, and so must stay as long as that does.
                let xrandr = Box::leak(Box::new(xrandr));
                let (mut event, mut error) = (0, 0);
                #[expect(unsafe_code, reason = "Xlib is C")]
                // SAFETY: winit's connection is open as long as its window, which is borrowed here, on the thread that
                // reads it; both numbers outlive the call.
                unsafe {
                    (xrandr.XRRQueryExtension)(display.as_ptr().cast(), from_mut(&mut event), from_mut(&mut error));
                }
            }
            Err(error) => info!("a monitor that is plugged in later is not noticed: {error}"),
        }
    });
}
