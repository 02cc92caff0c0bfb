//! The staff's panel: five taps on the top right corner, a PIN, and there is what the wall has to tell and what may be done
//! about it. It closes itself a minute after it was last touched.
//!
//! Its words are English and stand here: they are for technicians, beside a log that is English too.

use super::{
    clock::{Clock, STEPS_PER_SECOND},
    exhibit::Exhibit,
    hands::Hands,
    health::Health,
    lamp::Lamp,
    tape::Heard,
    upright::UprightPlugin,
    watch::Watch,
};
use crate::{
    ink::{gpu::Wall, text::Face},
    input::tape::Said,
    kiosk::{
        health::Status,
        knock::Knock,
        pin::{DIGITS, Lock, PinHash},
        settings::Settings,
    },
};
use bevy::{
    camera::CameraOutputMode,
    input::{ButtonState, mouse::MouseButtonInput, touch::TouchPhase},
    prelude::*,
    render::render_resource::BlendState,
    window::PrimaryWindow,
};
use bevy_egui::{
    EguiContexts, EguiGlobalSettings, EguiPlugin, EguiPrimaryContextPass, PrimaryEguiContext,
    egui::{self, Align2, Color32, FontData, FontDefinitions, FontFamily, Pos2, RichText, Stroke, Ui},
};
use std::{
    env,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

/// It closes when nobody has touched it for so long: a minute.
const PATIENCE: u64 = 60 * STEPS_PER_SECOND;
/// Sizes at the reference canvas: type, and what is touched.
const TYPE: f32 = 24.0;
const BUTTON: [f32; 2] = [220.0, 72.0];
const KEY: f32 = 110.0;
/// Where the targets of the calibration stand, as shares of the picture.
const TARGETS: [[f32; 2]; 5] = [[0.1, 0.1], [0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.9, 0.9]];
/// What the test pictures are.
const PICTURES: [&str; 7] = ["white", "black", "red", "green", "blue", "a grid of single pixels", "steps of grey"];

/// What the panel shows.
#[derive(Clone, Debug, PartialEq)]
enum Page {
    /// Keys for the PIN, and what has been typed.
    Pad(String),
    /// What the wall tells, and what may be done.
    Desk,
    /// Targets to touch, and how far off each touch was, in pixels.
    Targets(Vec<f32>),
    /// A test picture.
    Picture(usize),
}

/// The panel while it is open.
#[derive(Clone, Debug)]
struct Open {
    page: Page,
    camera: Entity,
    /// When it was last touched.
    touched: u64,
}

/// Who may open the panel, and whether it is.
#[derive(Resource)]
pub struct Staff {
    pin: PinHash,
    /// How high the picture is, in millimetres, if anybody knows.
    height: Option<f32>,
    knock: Knock,
    lock: Lock,
    open: Option<Open>,
}

impl Staff {
    /// A panel that this PIN opens.
    #[must_use]
    pub fn new(pin: PinHash, settings: &Settings) -> Self {
        let height = settings.screen.map(|screen| screen.height);
        Self { pin, height, knock: Knock::default(), lock: Lock::default(), open: None }
    }

    /// Whether the panel lies over the wall: then nobody else hears fingers and keys.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

/// What lies over the wall for staff.
pub struct StaffPlugin;

impl Plugin for StaffPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((EguiPlugin::default(), UprightPlugin))
            .insert_resource(EguiGlobalSettings {
                auto_create_primary_context: false,
                enable_cursor_icon_updates: false,
                ..EguiGlobalSettings::default()
            })
            .add_systems(EguiPrimaryContextPass, draw.run_if(is_open));
    }
}

/// Whether the panel is open.
#[must_use]
pub fn is_open(staff: Option<Res<Staff>>) -> bool {
    staff.is_some_and(|staff| staff.is_open())
}

/// Listens for the knock, and closes what nobody touches.
pub fn listen(
    staff: Option<ResMut<Staff>>,
    mut touches: MessageReader<TouchInput>,
    mut clicks: MessageReader<MouseButtonInput>,
    windows: Query<&Window, With<PrimaryWindow>>,
    clock: Res<Clock>,
    wall: Res<Wall>,
    mut exhibit: ResMut<Exhibit>,
    mut hands: ResMut<Hands>,
    mut heard: ResMut<Heard>,
    mut commands: Commands,
) {
    let Some(mut staff) = staff else { return };
    let size = wall.canvas.size.map(|side| side as f32);
    let pointer = windows.iter().find_map(Window::physical_cursor_position);
    let fingers = touches.read().filter(|touch| touch.phase == TouchPhase::Started).map(|touch| touch.position);
    let mouse = clicks.read().filter(|click| click.button == MouseButton::Left && click.state == ButtonState::Pressed);
    let downs: Vec<Vec2> = fingers.chain(mouse.filter_map(|_| pointer)).collect();
    if let Some(open) = &mut staff.open {
        if !downs.is_empty() {
            open.touched = clock.step;
        }
        if clock.step >= open.touched + PATIENCE {
            commands.entity(open.camera).despawn();
            staff.open = None;
            info!("staff panel closed");
        }
        exhibit.moving = true;
        return;
    }
    for at in downs {
        // The corner is the picture's, however it hangs.
        let at = wall.turn.to_picture(at.to_array(), size);
        if staff.knock.tap(at, size, clock.step) {
            // Its own camera, over the wall's: nothing of it exists while it is closed.
            let camera = Camera {
                order: 10,
                clear_color: ClearColorConfig::Custom(Color::NONE),
                output_mode: CameraOutputMode::Write {
                    blend_state: Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    clear_color: ClearColorConfig::None,
                },
                ..Camera::default()
            };
            let camera = commands.spawn((Camera2d, camera, Msaa::Off, PrimaryEguiContext)).id();
            staff.open = Some(Open { page: Page::Pad(String::new()), camera, touched: clock.step });
            hands.let_go(&mut exhibit.kiosk.idle, clock.step);
            heard.0.push(Said::LetGo);
            exhibit.moving = true;
            info!("staff knocked");
        }
    }
}

/// What was chosen on the panel.
#[derive(Clone, Debug, PartialEq)]
enum Chosen {
    Digit(char),
    Erase,
    Enter,
    Reload,
    Light(bool),
    Restart,
    Leave,
    Go(Page),
    Close,
}

/// What was chosen in this frame.
#[derive(Resource, Default)]
pub struct Choice(Option<Chosen>);

/// Draws the panel.
fn draw(
    mut contexts: EguiContexts,
    mut staff: ResMut<Staff>,
    mut commands: Commands,
    health: Res<Health>,
    exhibit: Res<Exhibit>,
    wall: Res<Wall>,
    clock: Res<Clock>,
    mut dressed: Local<Option<Entity>>,
) -> Result {
    let per_pixel = staff.height.map(|height| height / wall.canvas.size[1] as f32);
    let left = staff.lock.left(clock.step / STEPS_PER_SECOND);
    let Some(open) = &mut staff.open else { return Ok(()) };
    let context = contexts.ctx_mut()?;
    if *dressed != Some(open.camera) {
        *dressed = Some(open.camera);
        dress(context);
        // The faces are there from the next frame on.
        return Ok(());
    }
    let (scale, size) = (wall.canvas.scale(), wall.canvas.size.map(|side| side as f32));
    let mut chosen = None;
    match &mut open.page {
        Page::Targets(off) => targets(context, off, size, per_pixel, scale, &mut chosen),
        Page::Picture(number) => picture(context, *number, size, scale, &mut chosen),
        page => {
            let window = egui::Window::new("staff").title_bar(false).resizable(false).collapsible(false).fade_in(false);
            let frame = egui::Frame::new()
                .fill(Color32::from_rgb(18, 20, 24))
                .stroke(Stroke::new(2.0 * scale, Color32::WHITE))
                .corner_radius(12.0 * scale)
                .inner_margin(28.0 * scale);
            window.frame(frame).anchor(Align2::CENTER_BOTTOM, [0.0, -32.0 * scale]).show(context, |ui| match page {
                Page::Pad(typed) => pad(ui, typed, left, scale, &mut chosen),
                _ => desk(ui, &health.status(), exhibit.dark, scale, &mut chosen),
            });
        }
    }
    commands.insert_resource(Choice(chosen));
    Ok(())
}

/// The faces of the exhibit, and colours of the strongest contrast.
pub fn dress(context: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert("face".into(), Arc::new(FontData::from_static(Face::Regular.bytes())));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["face".into()]);
    }
    context.set_fonts(fonts);
    context.set_visuals(egui::Visuals::dark());
    context.options_mut(|options| options.zoom_with_keyboard = false);
}

fn words(text: impl Into<String>, scale: f32) -> RichText {
    RichText::new(text).size(TYPE * scale).color(Color32::WHITE)
}

/// A button that a finger hits.
fn button(ui: &mut Ui, text: &str, size: [f32; 2], scale: f32) -> bool {
    let face = egui::Button::new(words(text, scale)).corner_radius(8.0 * scale).fill(Color32::from_rgb(52, 58, 68));
    ui.add_sized(size.map(|side| side * scale), face).clicked()
}

fn pad(ui: &mut Ui, typed: &str, left: u64, scale: f32, chosen: &mut Option<Chosen>) {
    ui.spacing_mut().item_spacing = egui::Vec2::splat(12.0 * scale);
    let shown = match left {
        0 if typed.is_empty() => "PIN".to_owned(),
        0 => "•".repeat(typed.len()),
        left => format!("Locked for {left} s"),
    };
    ui.label(words(shown, scale));
    for row in ["123", "456", "789"] {
        ui.horizontal(|ui| {
            for digit in row.chars() {
                if button(ui, &digit.to_string(), [KEY; 2], scale) {
                    *chosen = Some(Chosen::Digit(digit));
                }
            }
        });
    }
    ui.horizontal(|ui| {
        for (text, does) in [("Erase", Chosen::Erase), ("0", Chosen::Digit('0')), ("Enter", Chosen::Enter)] {
            if button(ui, text, [KEY; 2], scale) {
                *chosen = Some(does);
            }
        }
    });
    if button(ui, "Close", [KEY * 3.0 + 24.0, 64.0], scale) {
        *chosen = Some(Chosen::Close);
    }
}

fn desk(ui: &mut Ui, status: &Status, dark: bool, scale: f32, chosen: &mut Option<Chosen>) {
    ui.spacing_mut().item_spacing = egui::vec2(16.0 * scale, 10.0 * scale);
    egui::Grid::new("figures").num_columns(2).spacing([32.0 * scale, 6.0 * scale]).show(ui, |ui| {
        for (name, value) in status.rows() {
            ui.label(words(name, scale).color(Color32::from_gray(190)));
            ui.label(words(value, scale));
            ui.end_row();
        }
    });
    for warning in &status.warnings {
        let short: String = warning.chars().take(110).collect();
        ui.label(words(short, scale * 0.8).color(Color32::from_rgb(255, 200, 120)));
    }
    let light = if dark { "Open now" } else { "Close now" };
    let rows = [
        [
            ("Reload deck", Chosen::Reload),
            (light, Chosen::Light(dark)),
            ("Touch test", Chosen::Go(Page::Targets(Vec::new()))),
            ("Test pictures", Chosen::Go(Page::Picture(0))),
        ],
        [("Restart", Chosen::Restart), ("Leave", Chosen::Leave), ("Close panel", Chosen::Close), ("", Chosen::Close)],
    ];
    for row in rows {
        ui.horizontal(|ui| {
            for (text, does) in row.into_iter().filter(|(text, _)| !text.is_empty()) {
                if button(ui, text, BUTTON, scale) {
                    *chosen = Some(does);
                }
            }
        });
    }
}

/// The layer that covers the whole picture, and where a finger went down on it in this frame.
fn whole(context: &egui::Context) -> (egui::Painter, Option<Pos2>) {
    let painter = context.layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::new("whole")));
    let down = context.input(|input| input.pointer.any_pressed().then(|| input.pointer.interact_pos()).flatten());
    (painter, down)
}

fn targets(
    context: &egui::Context,
    off: &mut Vec<f32>,
    size: [f32; 2],
    per_pixel: Option<f32>,
    scale: f32,
    chosen: &mut Option<Chosen>,
) {
    let (painter, down) = whole(context);
    painter.rect_filled(egui::Rect::EVERYTHING, 0.0, Color32::BLACK);
    let place = |[x, y]: [f32; 2]| Pos2::new(x * size[0], y * size[1]);
    let font = egui::FontId::proportional(TYPE * 1.3 * scale);
    let say = |at: Pos2, text: String| {
        painter.text(at, Align2::CENTER_CENTER, text, font.clone(), Color32::WHITE);
    };
    let measure = |pixels: f32| match per_pixel {
        Some(mm) => format!("{:.1} mm", pixels * mm),
        None => format!("{pixels:.0} px"),
    };
    let most = |off: &[f32]| measure(off.iter().copied().fold(0.0, f32::max));
    match (TARGETS.get(off.len()), down) {
        (Some(target), Some(at)) => {
            off.push(at.distance(place(*target)));
            if off.len() == TARGETS.len() {
                info!("staff: touches were at most {} off", most(off));
            }
        }
        (None, Some(_)) => *chosen = Some(Chosen::Go(Page::Desk)),
        _ => {}
    }
    for (target, off) in TARGETS.iter().zip(off.iter()) {
        say(place(*target), measure(*off));
    }
    if let Some(target) = TARGETS.get(off.len()) {
        let (at, pen) = (place(*target), Stroke::new(3.0 * scale, Color32::WHITE));
        painter.circle_stroke(at, 30.0 * scale, pen);
        for [dx, dy] in [[1.0, 0.0], [0.0, 1.0]] {
            let arm = egui::vec2(dx, dy) * 50.0 * scale;
            painter.line_segment([at - arm, at + arm], pen);
        }
        say(Pos2::new(size[0] * 0.5, size[1] * 0.3), "Touch the middle of each cross".into());
    } else {
        let said = format!("At most {} off. Touch to go back.", most(off));
        say(Pos2::new(size[0] * 0.5, size[1] * 0.3), said);
    }
}

fn picture(context: &egui::Context, number: usize, size: [f32; 2], scale: f32, chosen: &mut Option<Chosen>) {
    let (painter, down) = whole(context);
    let fill = |colour| painter.rect_filled(egui::Rect::EVERYTHING, 0.0, colour);
    let whole = egui::Rect::from_min_size(Pos2::ZERO, egui::vec2(size[0], size[1]));
    _ = match number {
        0 => fill(Color32::WHITE),
        1 => fill(Color32::BLACK),
        2 => fill(Color32::from_rgb(255, 0, 0)),
        3 => fill(Color32::from_rgb(0, 255, 0)),
        4 => fill(Color32::from_rgb(0, 0, 255)),
        5 => {
            let back = fill(Color32::BLACK);
            let pen = Stroke::new(1.0, Color32::WHITE);
            // Through the middle of pixels, so that each line is one pixel wide and quite white.
            for x in (0..size[0] as u32).step_by(20) {
                painter.vline(x as f32 + 0.5, whole.y_range(), pen);
            }
            for y in (0..size[1] as u32).step_by(20) {
                painter.hline(whole.x_range(), y as f32 + 0.5, pen);
            }
            back
        }
        _ => {
            let back = fill(Color32::BLACK);
            for step in 0..16_u8 {
                let left = Pos2::new(size[0] * f32::from(step) / 16.0, 0.0);
                let area = egui::Rect::from_min_size(left, egui::vec2(size[0] / 16.0, size[1]));
                painter.rect_filled(area, 0.0, Color32::from_gray(step * 17));
            }
            back
        }
    };
    let about =
        format!("{} of {}: {}. Touch to go on.", number + 1, PICTURES.len(), PICTURES[number.min(PICTURES.len() - 1)]);
    let font = egui::FontId::proportional(TYPE * scale);
    let at = Pos2::new(size[0] * 0.5, size[1] * 0.96);
    let text = painter.layout_no_wrap(about, font, Color32::WHITE);
    let area = Align2::CENTER_CENTER.anchor_size(at, text.size());
    painter.rect_filled(area.expand(10.0 * scale), 6.0 * scale, Color32::BLACK);
    painter.galley(area.min, text, Color32::WHITE);
    if down.is_some() {
        let next = number + 1;
        *chosen = Some(Chosen::Go(if next < PICTURES.len() { Page::Picture(next) } else { Page::Desk }));
    }
}

/// Does what was chosen in the frame before: a panel may not go while it is drawn.
pub fn finish(
    choice: Option<ResMut<Choice>>,
    staff: Option<ResMut<Staff>>,
    mut lamp: ResMut<Lamp>,
    watch: Res<Watch>,
    clock: Res<Clock>,
    mut exit: MessageWriter<AppExit>,
    mut commands: Commands,
) {
    let (Some(chosen), Some(mut staff)) = (choice.and_then(|mut choice| choice.0.take()), staff) else { return };
    let Staff { pin, lock, open, .. } = &mut *staff;
    let Some(panel) = open else { return };
    match (chosen, &mut panel.page) {
        (Chosen::Digit(digit), Page::Pad(typed)) if typed.len() < *DIGITS.end() => typed.push(digit),
        (Chosen::Erase, Page::Pad(typed)) => _ = typed.pop(),
        (Chosen::Enter, Page::Pad(typed)) => {
            let right = lock.try_pin(pin, typed, clock.step / STEPS_PER_SECOND);
            typed.clear();
            if right {
                info!("staff panel open");
                panel.page = Page::Desk;
            } else {
                warn!("staff: a wrong PIN");
            }
        }
        // Whatever else there is, it is there only for who gave the PIN.
        (Chosen::Reload, Page::Desk) => {
            info!("staff: the deck is read anew");
            watch.ask();
        }
        (Chosen::Light(lit), Page::Desk) => lamp.order(lit),
        (Chosen::Restart, Page::Desk) => {
            info!("staff: restart");
            restart();
        }
        (Chosen::Leave, Page::Desk) => {
            info!("staff: leave");
            exit.write(AppExit::Success);
        }
        (Chosen::Go(page), Page::Desk | Page::Targets(_) | Page::Picture(_)) => panel.page = page,
        (Chosen::Close, _) => {
            commands.entity(panel.camera).despawn();
            *open = None;
            info!("staff panel closed");
        }
        _ => {}
    }
}

/// Where a binary stands, or the one that was put in its place while it ran: the kernel calls it deleted then.
fn installed(me: &Path) -> PathBuf {
    let name = me.to_string_lossy();
    name.strip_suffix(" (deleted)").map_or_else(|| me.to_owned(), PathBuf::from)
}

/// Starts the same call anew in this process's place, so that it works with a service and without one.
fn restart() {
    let failed = env::current_exe().map(|me| Command::new(installed(&me)).args(env::args_os().skip(1)).exec());
    error!("the exhibit can't be started anew: {failed:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_that_was_replaced_is_started_where_the_new_one_stands() {
        assert_eq!(installed(Path::new("/usr/bin/peerscape")), Path::new("/usr/bin/peerscape"));
        assert_eq!(installed(Path::new("/usr/bin/peerscape (deleted)")), Path::new("/usr/bin/peerscape"));
    }
}
