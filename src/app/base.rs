//! Bevy, with no more of it than the wall needs.

use super::log;
use bevy::{
    core_pipeline::CorePipelinePlugin,
    log::LogPlugin,
    prelude::*,
    render::{
        RenderPlugin,
        pipelined_rendering::PipelinedRenderingPlugin,
        settings::{Backends, RenderCreation, WgpuSettings},
    },
    sprite::SpritePlugin,
    sprite_render::SpriteRenderPlugin,
    window::{CursorOptions, ExitCondition, PresentMode, WindowMode, WindowResolution},
    winit::WinitPlugin,
};
use std::env;

/// How the picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The whole screen, without border or cursor; nothing closes it.
    Full,
    /// A window of this size, which may be closed.
    Window([u32; 2]),
    /// No window: pictures only.
    None,
}

/// What the log says unless `RUST_LOG` says otherwise: our own lines, and what others warn of. The last four warn of
/// nothing: a title bar's colour and a screen that is named a moment later, on Wayland; a feature that is not used; a clock
/// that hears nothing from a renderer that is not asked to draw.
const LOG: &str = "warn,peerscape=info,wgpu_hal=error,wgpu_core=warn,naga=warn,bevy_render::view::window=error,\
                   sctk_adwaita=off,bevy_winit::winit_windows=error,bevy_egui::render=error,bevy_time=error";

/// Whether windows will be Wayland's, as winit chooses.
#[must_use]
pub fn on_wayland() -> bool {
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// An application with a renderer, and a window if there is to be one.
pub fn app(screen: Screen) -> App {
    let window = |mode, size: [u32; 2]| Window {
        title: "Peerscape".into(),
        name: Some("peerscape".into()),
        mode,
        // A compositor that draws no title bars would be left a strip for ours.
        decorations: matches!(mode, WindowMode::Windowed),
        resolution: WindowResolution::new(size[0], size[1]).with_scale_factor_override(1.0),
        present_mode: PresentMode::AutoVsync,
        ..Window::default()
    };
    let (primary_window, exit_condition, close) = match screen {
        Screen::Full => (
            Some(window(WindowMode::BorderlessFullscreen(MonitorSelection::Current), [1920, 1080])),
            ExitCondition::DontExit,
            false,
        ),
        Screen::Window(size) => (Some(window(WindowMode::Windowed, size)), ExitCondition::OnAllClosed, true),
        Screen::None => (None, ExitCondition::DontExit, false),
    };
    let mut plugins = DefaultPlugins
        .build()
        .set(LogPlugin {
            filter: LOG.into(),
            custom_layer: log::keeper,
            fmt_layer: log::journal,
            ..LogPlugin::default()
        })
        .set(WindowPlugin {
            primary_window,
            primary_cursor_options: Some(CursorOptions { visible: close, ..CursorOptions::default() }),
            exit_condition,
            close_when_requested: close,
        })
        .set(RenderPlugin {
            // A pipeline that comes late is a part of the picture that comes late.
            synchronous_pipeline_compilation: true,
            render_creation: RenderCreation::Automatic(Box::new(WgpuSettings {
                backends: Some(Backends::VULKAN),
                ..WgpuSettings::default()
            })),
            ..RenderPlugin::default()
        })
        // One frame of delay less between a touch and its answer.
        .disable::<PipelinedRenderingPlugin>()
        .disable::<SpritePlugin>()
        .disable::<SpriteRenderPlugin>();
    if screen == Screen::None {
        plugins = plugins.disable::<WinitPlugin>();
    }
    let mut app = App::new();
    app.add_plugins(plugins);
    debug_assert!(app.is_plugin_added::<CorePipelinePlugin>(), "it drives the cameras");
    app
}
