//! The presenter's window: the audience's picture and the next step as they are, notes, pace, and a button for every key.
//!
//! The audience's picture is the exhibit itself, on its own window. What is seen here of it is drawn once more, onto an
//! image; the next step is a board of its own, above all others in order, which only its own camera sees.

use super::{
    base::on_wayland,
    clock::{Clock, STEPS_PER_SECOND},
    exhibit::{Exhibit, rooms},
    hands::{self, KeyStrokes, Meant},
    scene::Scenes,
    show::{self, Board, Boards},
    staff::dress,
    studio,
};
use crate::{
    deck::{action::Action, cursor, place::nearest_of, state::Position},
    ink::{
        gpu::{self, AHEAD_CAMERA, AHEAD_LAYERS, Wall},
        layer::Layer,
        sheet::{Ink, Shape, Sheet},
    },
    input::{
        bindings::Mode,
        fingers::{Phase, Raw},
        keys::{Key, KeyEvent, KeyPhase, Named},
    },
    presenter::{
        pace::{Pace, pace},
        podium::{Cover, Heard, Podium},
    },
    slides::Touch,
};
use bevy::{
    camera::RenderTarget,
    prelude::*,
    window::{
        Monitor, MonitorSelection, PresentMode, PrimaryMonitor, PrimaryWindow, WindowFocused, WindowLevel, WindowMode,
        WindowRef, WindowResolution,
    },
};
use bevy_egui::{
    EguiContexts, EguiGlobalSettings, EguiPlugin, EguiPrimaryContextPass, EguiTextureHandle, PrimaryEguiContext,
    egui::{self, Color32, RichText, Sense, Ui},
};
use std::collections::BTreeSet;

/// The presenter's mouse on the picture of the wall: a device of its own.
const POINTER: u64 = u64::MAX - 1;
/// The size of the presenter's window where there is one monitor.
const SIZE: [u32; 2] = [1280, 800];
/// The radius of a spotlight, in reference pixels, and how far its dark reaches.
const SPOT: [f32; 2] = [190.0, 2_600.0];

/// So wide a topic's title may be; there are as many columns of them as have room.
const TITLE: f32 = 255.0;

/// How much larger the key for it draws the wall.
const ZOOM: f32 = 2.0;
/// A board that stands still is drawn for so many frames.
const FRESH: u8 = 4;

/// How a presentation is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How long it may take, in minutes.
    pub minutes: u32,
    /// The name of the audience's monitor, if it matters.
    pub audience: Option<String>,
}

/// A presentation under way.
#[derive(Resource)]
pub struct Presenting {
    /// What the presenter has done.
    pub podium: Podium,
    wanted: Wanted,
    window: Entity,
    curtain: Entity,
    mirror: Entity,
    ahead: Entity,
    images: [Handle<Image>; 2],
    size: [u32; 2],
    board: Option<Board>,
    /// For how many more frames it is drawn: it stands still.
    fresh: u8,
    /// The place that the board shows, and the look it does so in.
    shows: Option<(Position, usize)>,
    /// When the first move was made.
    began: Option<u64>,
    seen: BTreeSet<Position>,
    /// What the mouse did on the picture of the wall.
    pub touches: Vec<Raw>,
    pressed: bool,
    spot: Option<Entity>,
    /// Where the pointer was last, in reference pixels.
    pub pointer: [f32; 2],
}

/// A camera that the wall does not put to sleep.
#[derive(Component)]
pub struct Apart;

/// The camera of the audience's window.
#[derive(Component)]
pub struct Audience;

/// A window for the presenter.
pub struct PresentPlugin(pub Wanted);

impl Plugin for PresentPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(EguiPlugin::default())
            .insert_resource(EguiGlobalSettings { auto_create_primary_context: false, ..EguiGlobalSettings::default() })
            .add_systems(EguiPrimaryContextPass, draw);
        let world = app.world_mut();
        if on_wayland() {
            // Full screen is asked for once it is known how many there are: taken back at once, it would stay.
            for mut window in world.query_filtered::<&mut Window, With<PrimaryWindow>>().iter_mut(world) {
                window.mode = WindowMode::Windowed;
            }
        }
        let window = world
            .spawn(Window {
                title: "Peerscape: presenter".into(),
                name: Some("peerscape-presenter".into()),
                resolution: WindowResolution::new(SIZE[0], SIZE[1]).with_scale_factor_override(1.0),
                // Two windows that each wait for their screen would wait twice.
                present_mode: PresentMode::AutoNoVsync,
                ..Window::default()
            })
            .id();
        let own = RenderTarget::Window(WindowRef::Entity(window));
        world.spawn((Camera2d, Msaa::Off, own, PrimaryEguiContext, Apart));
        // In front of all, over the audience's picture, and only while there is something to cover.
        let curtain = Camera { order: 20, is_active: false, ..Camera::default() };
        let curtain = world.spawn((Camera2d, curtain, Msaa::Off, Apart)).id();
        let presenting = Presenting {
            podium: Podium::default(),
            wanted: self.0.clone(),
            window,
            curtain,
            mirror: Entity::PLACEHOLDER,
            ahead: Entity::PLACEHOLDER,
            images: <[Handle<Image>; 2]>::default(),
            size: [0; 2],
            board: None,
            fresh: 0,
            shows: None,
            began: None,
            seen: BTreeSet::new(),
            touches: Vec::new(),
            pressed: false,
            spot: None,
            pointer: [960.0, 540.0],
        };
        world.insert_resource(presenting);
    }
}

/// Two windows on two monitors, both without borders; on one monitor, a window before the audience's picture, or beside it.
pub fn place_windows(
    presenting: Option<Res<Presenting>>,
    monitors: Query<(Entity, &Monitor, Has<PrimaryMonitor>)>,
    mut windows: Query<(Entity, &mut Window, Has<PrimaryWindow>)>,
    mut told: Local<Vec<(Entity, Option<String>)>>,
) {
    let Some(presenting) = presenting else { return };
    let mut now: Vec<_> = monitors.iter().map(|(monitor, known, _)| (monitor, known.name.clone())).collect();
    now.sort_unstable();
    if *told == now || now.is_empty() {
        return;
    }
    let all: Vec<Entity> = now.iter().map(|(monitor, _)| *monitor).collect();
    let name = |monitor: Entity| now.iter().find(|known| known.0 == monitor).and_then(|known| known.1.clone());
    let primary = all.iter().copied().find(|monitor| monitors.get(*monitor).is_ok_and(|(.., primary)| primary));
    let named = presenting.wanted.audience.as_ref().and_then(|wanted| {
        let found = all.iter().copied().find(|monitor| name(*monitor).as_ref() == Some(wanted));
        if found.is_none() {
            let names: Vec<String> = all.iter().filter_map(|monitor| name(*monitor)).collect();
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let near = nearest_of(wanted, &known).unwrap_or(known.first().copied().unwrap_or_default());
            warn!("there is no monitor `{wanted}`; there is {}, perhaps `{near}`", known.join(", "));
        }
        found
    });
    // The presenter stays with the keyboard, at the first monitor.
    let own = primary.or_else(|| all.first().copied());
    let other = all.iter().copied().find(|monitor| Some(*monitor) != own);
    let audience = named.or(other).or(own);
    let presenter =
        all.iter().copied().find(|monitor| Some(*monitor) != audience && (named.is_some() || Some(*monitor) == own));
    let wayland = on_wayland();
    for (entity, mut window, first) in &mut windows {
        let monitor = if first { audience } else { presenter.filter(|_| entity == presenting.window) };
        window.mode = match monitor {
            Some(monitor) => WindowMode::BorderlessFullscreen(MonitorSelection::Entity(monitor)),
            None => WindowMode::Windowed,
        };
        if first && wayland {
            // A window that is hidden would wait for its screen for ever, and both with it.
            window.present_mode = PresentMode::AutoNoVsync;
            if presenter.is_none() {
                // Nothing lies before a full screen there.
                window.mode = WindowMode::Windowed;
                window.set_maximized(true);
            }
        }
        if !first && monitor.is_none() {
            // On one monitor it lies before the audience's picture, and has the keyboard.
            window.window_level = WindowLevel::AlwaysOnTop;
            window.focused = true;
        }
    }
    info!("monitors {}", all.len());
    *told = now;
}

/// On one monitor the presenter's window keeps the keyboard, for whichever has it lies before the other. A touch of the
/// audience's picture is heard all the same.
pub fn stay_before(
    presenting: Option<Res<Presenting>>,
    monitors: Query<(), With<Monitor>>,
    mut focused: MessageReader<WindowFocused>,
    mut windows: Query<&mut Window, Without<PrimaryWindow>>,
    mut lost: Local<bool>,
) {
    let Some(presenting) = presenting else { return };
    // A frame later: within the one in which it is lost, to have it back is no change.
    if std::mem::take(&mut *lost)
        && let Ok(mut window) = windows.get_mut(presenting.window)
    {
        window.focused = true;
    }
    let elsewhere = focused.read().filter(|focus| focus.focused && focus.window != presenting.window).count() > 0;
    *lost = elsewhere && monitors.iter().len() == 1;
}

/// Keys of a number or title that is being typed, before anybody else hears them.
pub fn type_jump(
    presenting: Option<ResMut<Presenting>>,
    mut strokes: ResMut<KeyStrokes>,
    mut exhibit: ResMut<Exhibit>,
    boards: Res<Boards>,
    mut meant: MessageWriter<Meant>,
    mut later: Local<Vec<KeyEvent>>,
) {
    let Some(mut presenting) = presenting else { return };
    let podium = &mut presenting.podium;
    let modes = hands::modes(&exhibit, &boards);
    // In order: what is typed right after the key that asks for it may come in the same frame.
    let came = std::mem::take(&mut *later).into_iter().chain(std::mem::take(&mut strokes.0)).collect::<Vec<_>>();
    let mut passed = false;
    for (i, stroke) in came.iter().cloned().enumerate() {
        let down = stroke.phase == KeyPhase::Down;
        let Some(typed) = &mut podium.jump else {
            let asks = down && podium.cover.is_none() && !podium.leaves;
            if asks && exhibit.bindings.action(modes, &stroke.combo) == Some(Action::Jump) {
                if passed {
                    // What was pressed before it is still to be heard: it comes a frame later.
                    later.extend_from_slice(&came[i..]);
                    exhibit.moving = true;
                    return;
                }
                podium.jump = Some(String::new());
                info!("podium Jump");
            } else {
                passed |= down;
                strokes.0.push(stroke);
            }
            continue;
        };
        match (&stroke.combo.key, down) {
            // A key that was down already comes up as it would.
            (_, false) => strokes.0.push(stroke),
            (Key::Character(written), _) => typed.push_str(written),
            (Key::Named(Named::Space), _) => typed.push(' '),
            (Key::Named(Named::Backspace), _) => _ = typed.pop(),
            (Key::Named(Named::Enter), _) => {
                let words = |at| exhibit.deck.slide_words(at).headline.value.clone();
                let slides: Vec<_> = exhibit.deck.walk().map(|at| (at, exhibit.deck.way(at), words(at))).collect();
                if let Some(to) = podium.jump_to(&slides) {
                    meant.write(Meant::Touch(Touch::Goto(to)));
                }
                podium.jump = None;
            }
            (Key::Named(Named::Escape), _) => podium.jump = None,
            (Key::Named(_), _) => {}
        }
    }
}

/// What the podium makes of an intent; whether it is still the deck's.
pub fn hear(world: &mut World, exhibit: &mut Exhibit, action: Action, step: u64) -> bool {
    let Some(mut presenting) = world.get_resource_mut::<Presenting>() else { return true };
    presenting.began.get_or_insert(step);
    exhibit.moving = true;
    if action == Action::Zoom && presenting.podium.cover.is_none() {
        let at = presenting.pointer;
        presenting.podium.zoom = presenting.podium.zoom.is_none().then_some((ZOOM, at));
    }
    match presenting.podium.hear(action, exhibit.state.at) {
        Heard::Pass => return true,
        Heard::Go(to) => {
            exhibit.state.overlays.clear();
            exhibit.state = cursor::goto(&exhibit.shape, &exhibit.state, to);
        }
        Heard::Quit => _ = world.write_message(AppExit::Success),
        Heard::Done | Heard::Nothing => {}
    }
    info!("podium {action:?}");
    false
}

/// Brings images, covers and the board of the next step up to date.
pub fn prepare(world: &mut World) {
    if !world.contains_resource::<Presenting>() {
        return;
    }
    rooms(world, |world, exhibit, _boards, stage, _clock| {
        world.resource_scope(|world, mut presenting: Mut<Presenting>| {
            images(world, exhibit, &mut presenting);
            next_board(world, exhibit, stage, &mut presenting);
            let at = exhibit.state.at;
            presenting.podium.remember(at);
            exhibit.presents = Some(presenting.podium.cover.is_some());
            presenting.seen.insert(at);
            cover(world, &presenting);
            zoom(world, &presenting);
            spotlight(world, &mut presenting);
        });
    });
}

/// Images as large as the wall, and the cameras that draw onto them.
fn images(world: &mut World, exhibit: &Exhibit, presenting: &mut Presenting) {
    if presenting.size == exhibit.canvas.size {
        return;
    }
    presenting.size = exhibit.canvas.size;
    presenting.shows = None;
    presenting.images = [(); 2].map(|()| studio::image(world, exhibit.canvas.size));
    let [mirror, ahead] = presenting.images.clone();
    for (camera, image, order) in
        [(&mut presenting.mirror, mirror, AHEAD_CAMERA - 1), (&mut presenting.ahead, ahead, AHEAD_CAMERA)]
    {
        let target = RenderTarget::from(image);
        if *camera == Entity::PLACEHOLDER {
            *camera = world.spawn(gpu::camera(target)).id();
            if order == AHEAD_CAMERA {
                world.entity_mut(*camera).insert(Apart);
            }
        } else {
            world.entity_mut(*camera).insert(target);
        }
        if let Some(mut camera) = world.get_mut::<Camera>(*camera) {
            camera.order = order;
        }
    }
}

/// The next step, as the audience will see it; none after the last.
fn next_board(world: &mut World, exhibit: &mut Exhibit, stage: &mut Scenes, presenting: &mut Presenting) {
    let next = cursor::apply(&exhibit.shape, &exhibit.state, Action::Next);
    let wanted = (next.at, exhibit.look);
    let fades = exhibit.fading.is_some();
    presenting.fresh = if fades { FRESH } else { presenting.fresh.saturating_sub(1) };
    if presenting.shows == Some(wanted) {
        let draws = presenting.fresh > 0;
        exhibit.moving |= draws;
        if let Some(mut camera) = world.get_mut::<Camera>(presenting.ahead)
            && camera.is_active != draws
        {
            camera.is_active = draws;
        }
        return;
    }
    presenting.shows = Some(wanted);
    presenting.fresh = FRESH;
    if let Some(old) = presenting.board.take() {
        show::take_down(world, stage, old);
    }
    presenting.board = Some(show::put_up_at(world, exhibit, stage, &next, [0.0; 2], AHEAD_LAYERS));
    exhibit.moving = true;
}

/// Covers the audience's picture, or uncovers it.
fn cover(world: &mut World, presenting: &Presenting) {
    let Some(mut camera) = world.get_mut::<Camera>(presenting.curtain) else { return };
    let colour = match presenting.podium.cover {
        Some(Cover::Black) => Some(Color::BLACK),
        Some(Cover::White) => Some(Color::WHITE),
        None => None,
    };
    if camera.is_active != colour.is_some() {
        camera.is_active = colour.is_some();
    }
    if let Some(colour) = colour {
        camera.clear_color = ClearColorConfig::Custom(colour);
    }
}

/// Draws the wall larger, around where the pointer was when that was asked for.
fn zoom(world: &mut World, presenting: &Presenting) {
    let zoom = presenting.podium.zoom.unwrap_or((1.0, [0.0; 2]));
    let mut wall = world.resource_mut::<Wall>();
    if wall.zoom != zoom {
        wall.zoom = zoom;
    }
}

/// A hole in the dark that follows the pointer.
fn spotlight(world: &mut World, presenting: &mut Presenting) {
    if !presenting.podium.spotlight {
        if let Some(spot) = presenting.spot.take() {
            world.despawn(spot);
        }
        return;
    }
    let [x, y] = presenting.pointer;
    let [inner, outer] = SPOT;
    let mut sheet = Sheet::default();
    let dark = Shape::circle(Ink::Ground, [x, y], (inner + outer) * 0.5, outer - inner);
    sheet.shape(Shape { alpha: 0.72, ..dark });
    let layer = Layer { order: show::order::TOUCH, alpha: 1.0, ..Layer::default() };
    let spot = *presenting.spot.get_or_insert_with(|| world.spawn(layer).id());
    world.entity_mut(spot).insert(super::paint::Painted::new(sheet));
}

/// A size of type in the window.
fn type_of(text: impl Into<String>, size: f32) -> RichText {
    RichText::new(text).size(size)
}

/// Draws the presenter's window.
fn draw(
    mut contexts: EguiContexts,
    mut presenting: ResMut<Presenting>,
    mut exhibit: ResMut<Exhibit>,
    clock: Res<Clock>,
    wall: Res<Wall>,
    mut meant: MessageWriter<Meant>,
    mut dressed: Local<bool>,
) -> Result {
    let pictures = presenting.images.clone().map(|image| contexts.add_image(EguiTextureHandle::Weak(image.id())));
    let context = contexts.ctx_mut()?.clone();
    if !std::mem::replace(&mut *dressed, true) {
        dress(&context);
        return Ok(());
    }
    let ratio = wall.canvas.size[1] as f32 / wall.canvas.size[0].max(1) as f32;
    let screen = context.content_rect();
    context.layer_painter(egui::LayerId::background()).rect_filled(screen, 0.0, Color32::from_rgb(16, 18, 22));
    let mut ui = Ui::new(context, egui::Id::new("presenter"), egui::UiBuilder::new().max_rect(screen.shrink(12.0)));
    let ui = &mut ui;
    let wide = (screen.width() * 0.58).min((screen.height() - 260.0).max(200.0) / ratio);
    let at = exhibit.state.at;
    let deck = exhibit.deck.clone();
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(wide);
            let image = egui::Image::new((pictures[0], egui::vec2(wide, wide * ratio))).sense(Sense::click_and_drag());
            let shown = ui.add(image);
            point(&shown, &mut presenting, &wall, clock.step);
            // Two fingers that spread, or the wheel with Ctrl.
            let spread = ui.input(egui::InputState::zoom_delta);
            if spread != 1.0 && shown.contains_pointer() {
                let at = presenting.pointer;
                presenting.podium.pinch(spread, at);
                exhibit.moving = true;
            }
            if let Some(notice) = notice(&presenting.podium) {
                ui.label(type_of(notice, 24.0).color(Color32::from_rgb(255, 200, 120)));
            }
            ui.horizontal_top(|ui| {
                let small = wide * 0.42;
                ui.add(egui::Image::new((pictures[1], egui::vec2(small, small * ratio))));
                ui.vertical(|ui| {
                    ui.label(type_of("Next", 18.0).color(Color32::from_gray(170)));
                    let next = presenting.shows.map_or(at, |(next, _)| next);
                    let words = deck.slide_words(next);
                    let (headline, step) = (&words.headline.value, words.steps.get(next.step));
                    ui.label(type_of(if next == at { "The end." } else { headline.as_str() }, 22.0).strong());
                    ui.label(type_of(step.map_or("", |step| step.value.as_str()), 18.0));
                });
            });
        });
        ui.vertical(|ui| {
            let elapsed = presenting.began.map_or(0, |began| clock.step.saturating_sub(began) / STEPS_PER_SECOND);
            let steps: usize = deck.walk().map(|at| deck.steps(at.topic, at.slide)).sum();
            let pace = pace(elapsed, u64::from(presenting.wanted.minutes) * 60, presenting.seen.len(), steps);
            ui.horizontal(|ui| {
                ui.label(type_of(format!("{}:{:02}", elapsed / 60, elapsed % 60), 40.0).strong());
                let colour = match pace {
                    Pace::OnTime => Color32::from_rgb(120, 220, 140),
                    Pace::Ahead(_) => Color32::from_rgb(120, 190, 255),
                    Pace::Behind(_) | Pace::Over(_) => Color32::from_rgb(255, 170, 90),
                };
                ui.label(type_of(pace.words(), 28.0).color(colour));
                let now = crate::kiosk::hours::zone().to_datetime(jiff::Timestamp::now()).time();
                ui.label(type_of(format!("{:02}:{:02}", now.hour(), now.minute()), 28.0));
            });
            let place = format!(
                "{}, slide {} of {}, step {} of {}",
                deck.topic_title(at.topic),
                at.slide + 1,
                deck.slides(at.topic),
                at.step + 1,
                deck.steps(at.topic, at.slide)
            );
            ui.label(type_of(place, 20.0).color(Color32::from_gray(190)));
            ui.separator();
            let high = ui.available_height();
            let words = deck.slide_words(at);
            egui::ScrollArea::vertical().id_salt("notes").max_height(high * 0.45).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let step = words.steps.get(at.step).map_or("", |step| step.value.as_str());
                ui.label(type_of(step, presenting.podium.notes * 0.7).color(Color32::from_gray(190)));
                for notes in words.notes_at(Some(at.step)) {
                    ui.label(type_of(notes, presenting.podium.notes).color(Color32::WHITE));
                }
            });
            ui.separator();
            ui.horizontal_wrapped(|ui| {
                for bound in exhibit.bindings.listing(Mode::Present) {
                    let keys: Vec<String> = bound.keys.iter().take(2).map(ToString::to_string).collect();
                    let name = format!("{} ({})", name(bound.action), keys.join(", "));
                    if ui.button(type_of(name, 16.0)).clicked() {
                        meant.write(Meant::Action(bound.action));
                    }
                }
            });
            ui.separator();
            let topics = deck.len();
            let columns = ((ui.available_width() / TITLE) as usize).max(1);
            egui::ScrollArea::vertical().id_salt("topics").show(ui, |ui| {
                ui.columns(columns, |ui| {
                    for topic in 0..topics {
                        let title = format!("{}  {}", topic + 1, deck.topic_title(topic));
                        let column = &mut ui[topic / topics.div_ceil(columns)];
                        if column.selectable_label(topic == at.topic, type_of(title, 17.0)).clicked() {
                            meant.write(Meant::Touch(Touch::Goto(Position { topic, ..Position::default() })));
                        }
                    }
                });
            });
        });
    });
    // A clock that shows seconds.
    exhibit.moving |= presenting.pressed;
    Ok(())
}

/// What the presenter must not overlook.
fn notice(podium: &Podium) -> Option<String> {
    match (podium.leaves, &podium.jump, podium.cover, podium.frozen) {
        (true, ..) => Some("Leave the presentation? The same key again leaves, any other stays.".into()),
        (_, Some(typed), ..) => Some(format!("Go to a number, topic.slide or title: {typed}▏")),
        (.., Some(Cover::Black), _) => Some("The audience sees black.".into()),
        (.., Some(Cover::White), _) => Some("The audience sees white.".into()),
        (.., true) => Some("The audience keeps its picture.".into()),
        _ => None,
    }
}

/// The mouse on the picture of the wall is a finger on the wall.
fn point(shown: &egui::Response, presenting: &mut Presenting, wall: &Wall, step: u64) {
    let Some(at) = shown.interact_pointer_pos().or_else(|| shown.hover_pos()) else { return };
    let share = (at - shown.rect.min) / shown.rect.size();
    let [w, h] = wall.canvas.size.map(|side| side as f32);
    let at = wall.to_reference([share.x * w, share.y * h]);
    presenting.pointer = at;
    let down = shown.is_pointer_button_down_on();
    let phase = match (presenting.pressed, down) {
        (false, true) => Phase::Down,
        (true, true) => Phase::Move,
        (true, false) => Phase::Up,
        (false, false) => return,
    };
    presenting.pressed = down;
    presenting.touches.push(Raw { device: POINTER, id: 0, phase, at, step });
}

/// What an intent is called on a button.
fn name(action: Action) -> String {
    let words = format!("{action:?}");
    let mut name = String::new();
    for (i, letter) in words.chars().enumerate() {
        if i > 0 && letter.is_uppercase() {
            name.push(' ');
            name.extend(letter.to_lowercase());
        } else {
            name.push(letter);
        }
    }
    name
}
