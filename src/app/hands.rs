//! From what the window says to fingers, keys and what they mean.

use super::{
    clock::Clock,
    exhibit::{Exhibit, rooms},
    present::Presenting,
    scene::Scenes,
    show::{self, Boards},
    tape::Heard,
};
use crate::{
    deck::{action::Action, cursor},
    ink::{gpu::Wall, sheet::Vec2},
    input::{
        bindings::Mode,
        fingers::{FingerEvent, FingerId, Fingers, MOUSE, Phase, Raw, TOUCH},
        gestures::{Axis, Gesture, Gestures, Kind, Owner, Settle, SwipeDirection, settle},
        keys::{Key, KeyCombo, KeyEvent, KeyPhase, Keys, Mods, Named, Pressed},
        picking,
        tape::Said,
        transition::Transition,
    },
    kiosk::idle::{Idle, Verdict},
    slides::{self, Hit, Touch},
};
use bevy::{
    input::{
        ButtonState,
        keyboard::{Key as BevyKey, KeyboardFocusLost, KeyboardInput},
        mouse::{MouseButton, MouseButtonInput},
        touch::{TouchInput, TouchPhase},
    },
    prelude::*,
    window::{CursorLeft, CursorMoved, PrimaryWindow},
};

/// What is meant, whatever it came from. Written by hands, keys and timers; read by [`super::act`].
#[derive(Message, Clone, Copy, Debug, PartialEq)]
pub enum Meant {
    /// An intent.
    Action(Action),
    /// What a part of the page does when it is touched.
    Touch(Touch),
    /// A peer is held: show what it holds.
    Hold(Touch),
    /// Nothing is held any more.
    Release,
    /// A finger drew across a scene: what it crossed is cut.
    Stroke {
        /// Where it was.
        from: Vec2,
        /// Where it is.
        to: Vec2,
    },
}

/// A ring around where a finger went down (style §5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ripple {
    /// Where.
    pub at: Vec2,
    /// When.
    pub step: u64,
}

/// A stretch of the way that a finger drew across a scene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trail {
    /// Where it began.
    pub from: Vec2,
    /// Where it ended.
    pub to: Vec2,
    /// When.
    pub step: u64,
}

/// All hands on the glass, and all keys.
#[derive(Resource, Debug, Default)]
pub struct Hands {
    fingers: Fingers,
    gestures: Gestures,
    keys: Keys,
    mods: Mods,
    pointer: Vec2,
    /// What a finger went down on.
    pressed: Vec<(FingerId, Hit)>,
    /// The finger under which a peer shows what it holds: only its lift lets go.
    holding: Option<FingerId>,
    /// Whether a touchscreen was pulled out since the frame before.
    pub pulled_out: bool,
    /// Rings that have not faded yet.
    pub ripples: Vec<Ripple>,
    /// Ways across scenes that have not faded yet.
    pub trails: Vec<Trail>,
}

impl Hands {
    /// The step at which a finger or key means something without moving.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        [self.fingers.next_wake(), self.gestures.next_wake(), self.keys.next_wake()].into_iter().flatten().min()
    }

    /// Feels what a device said.
    pub fn feel(&mut self, raw: Raw) -> Vec<FingerEvent> {
        self.fingers.feed(raw)
    }

    /// A device is gone, and its fingers with it.
    pub fn device_gone(&mut self, device: u64, step: u64) -> Vec<FingerEvent> {
        self.fingers.device_gone(device, step)
    }

    /// Fingers that mean something by resting.
    pub fn time(&mut self, step: u64) -> Vec<FingerEvent> {
        self.fingers.tick(step)
    }

    /// The keyboard is somebody else's: keys that are down come up unheard. Tells whether there were any.
    pub fn keyboard_lost(&mut self) -> bool {
        self.mods = Mods::default();
        !self.keys.forget().is_empty()
    }

    /// Whether a finger drags the slide.
    #[must_use]
    pub fn drag_slide(&self) -> bool {
        self.gestures.drags(Owner::Slide)
    }

    /// Lets go of every finger: nothing that began before goes on after.
    pub fn let_go(&mut self, idle: &mut Idle, step: u64) {
        for event in self.fingers.cancel_all(step) {
            idle.finger(&event);
            self.gestures.feed(&event);
        }
        self.forget(step);
    }

    /// The page is another one: nothing that began on the old one goes on.
    pub fn forget(&mut self, step: u64) {
        self.gestures.cancel_all(step);
        self.keys.forget();
        self.pressed.clear();
        self.holding = None;
    }
}

/// Everything that a frame's fingers did, in order.
#[derive(Resource, Default)]
pub struct Touches(pub Vec<FingerEvent>);

/// Everything that a frame's keys did, in order.
#[derive(Resource, Default)]
pub struct KeyStrokes(pub Vec<KeyEvent>);

/// Collects fingers: touches, and the mouse as a finger of its own device.
pub fn fingers(
    mut touches: MessageReader<TouchInput>,
    mut moves: MessageReader<CursorMoved>,
    mut buttons: MessageReader<MouseButtonInput>,
    mut left: MessageReader<CursorLeft>,
    mut hands: ResMut<Hands>,
    mut out: ResMut<Touches>,
    mut heard: ResMut<Heard>,
    windows: Query<Entity, With<PrimaryWindow>>,
    presenting: Option<ResMut<Presenting>>,
    wall: Res<Wall>,
    clock: Res<Clock>,
) {
    // What a presenter does in a window of their own is none of the wall's.
    let ours = |window: Entity| windows.is_empty() || windows.contains(window);
    let hands = &mut *hands;
    let step = clock.step;
    out.0.clear();
    let mut feel = |hands: &mut Hands, raw: Raw| {
        heard.0.push(Said::Finger(raw));
        out.0.extend(hands.feel(raw));
    };
    for raw in presenting.map(|mut presenting| std::mem::take(&mut presenting.touches)).into_iter().flatten() {
        feel(hands, raw);
    }
    for touch in touches.read().filter(|touch| ours(touch.window)) {
        let phase = match touch.phase {
            TouchPhase::Started => Phase::Down,
            TouchPhase::Moved => Phase::Move,
            TouchPhase::Ended => Phase::Up,
            TouchPhase::Canceled => Phase::Cancel,
        };
        let at = wall.to_reference(touch.position.to_array());
        feel(hands, Raw { device: TOUCH, id: touch.id, phase, at, step });
    }
    // X11 lets the first finger move the mouse as well.
    let speaks = hands.fingers.mouse_speaks(step);
    for moved in moves.read().filter(|moved| ours(moved.window)) {
        hands.pointer = wall.to_reference(moved.position.to_array());
        if speaks {
            let at = hands.pointer;
            feel(hands, Raw { device: MOUSE, id: 0, phase: Phase::Move, at, step });
        }
    }
    for button in buttons.read().filter(|b| b.button == MouseButton::Left && ours(b.window)) {
        let phase = match button.state {
            ButtonState::Pressed => Phase::Down,
            ButtonState::Released => Phase::Up,
        };
        if speaks || phase == Phase::Up {
            let at = hands.pointer;
            feel(hands, Raw { device: MOUSE, id: 0, phase, at, step });
        }
    }
    let mouse_left = left.read().filter(|left| ours(left.window)).last().is_some();
    let pulled_out = std::mem::take(&mut hands.pulled_out);
    for device in [mouse_left.then_some(MOUSE), pulled_out.then_some(TOUCH)].into_iter().flatten() {
        heard.0.push(Said::Gone(device));
        out.0.extend(hands.device_gone(device, step));
    }
    out.0.extend(hands.time(step));
}

/// Collects keys, by what they mean on this keyboard.
pub fn keys(
    mut input: MessageReader<KeyboardInput>,
    mut lost: MessageReader<KeyboardFocusLost>,
    mut hands: ResMut<Hands>,
    mut out: ResMut<KeyStrokes>,
    mut heard: ResMut<Heard>,
    mut meant: MessageWriter<Meant>,
    clock: Res<Clock>,
) {
    out.0.clear();
    if lost.read().last().is_some() {
        heard.0.push(Said::Lost);
        // A key that shows what a peer holds comes up unheard.
        if hands.keyboard_lost() {
            meant.write(Meant::Release);
        }
    }
    for event in input.read() {
        let down = event.state == ButtonState::Pressed;
        match &event.logical_key {
            BevyKey::Shift => hands.mods.shift = down,
            BevyKey::Alt => hands.mods.alt = down,
            BevyKey::Control => hands.mods.ctrl = down,
            other => {
                if let Some(key) = key(other) {
                    let event = KeyEvent {
                        combo: KeyCombo::new(key, hands.mods),
                        phase: if down { KeyPhase::Down } else { KeyPhase::Up },
                        repeat: event.repeat,
                        step: clock.step,
                    };
                    heard.0.push(Said::Key(event.clone()));
                    out.0.push(event);
                }
            }
        }
    }
}

/// The window's name of a key as ours.
fn key(key: &BevyKey) -> Option<Key> {
    let named = match key {
        BevyKey::Character(written) => return Some(Key::character(written)),
        BevyKey::Space => Named::Space,
        BevyKey::Enter => Named::Enter,
        BevyKey::Tab => Named::Tab,
        BevyKey::Backspace => Named::Backspace,
        BevyKey::Escape => Named::Escape,
        BevyKey::ArrowLeft => Named::ArrowLeft,
        BevyKey::ArrowRight => Named::ArrowRight,
        BevyKey::ArrowUp => Named::ArrowUp,
        BevyKey::ArrowDown => Named::ArrowDown,
        BevyKey::Home => Named::Home,
        BevyKey::End => Named::End,
        BevyKey::PageUp => Named::PageUp,
        BevyKey::PageDown => Named::PageDown,
        other => return Key::parse(&format!("{other:?}")),
    };
    Some(Key::Named(named))
}

/// The modes that a key or swipe is looked up in, the first first.
pub fn modes(exhibit: &Exhibit, boards: &Boards) -> &'static [Mode] {
    let overlay = boards.overlay_hits.is_some() || exhibit.state.overlays.last().is_some();
    let focused = exhibit.focus.shows(exhibit.hits(boards));
    exhibit.presents.map_or(Mode::stack(focused, overlay), |covered| Mode::presenting(focused, overlay, covered))
}

/// Fingers become gestures, gestures find what lies under them, and what that does is meant.
pub fn point(world: &mut World) {
    let events = std::mem::take(&mut world.resource_mut::<Touches>().0);
    world.resource_scope(|world, mut hands: Mut<Hands>| {
        rooms(world, |world, exhibit, boards, stage, clock| {
            let hands = &mut *hands;
            for event in &events {
                if event.phase == Phase::Down {
                    hands.ripples.push(Ripple { at: event.at, step: event.step });
                    // The controls that choose and act on what is chosen leave it so.
                    let hits = exhibit.hits(boards);
                    let chooses = picking::pick(hits, event.at).map(|i| hits[i].does);
                    if !matches!(chooses, Some(Touch::Choose(_) | Touch::Chosen)) {
                        exhibit.focus.end();
                    }
                }
                if exhibit.kiosk.idle.finger(event) == Verdict::Swallow {
                    continue;
                }
                // What a finger went down on is settled before the next event is looked at.
                for gesture in hands.gestures.feed(event) {
                    gestured(world, hands, exhibit, boards, stage, gesture);
                }
            }
            for gesture in hands.gestures.tick(clock.step) {
                gestured(world, hands, exhibit, boards, stage, gesture);
            }
        });
    });
}

fn gestured(
    world: &mut World,
    hands: &mut Hands,
    exhibit: &mut Exhibit,
    boards: &mut Boards,
    stage: &mut Scenes,
    gesture: Gesture,
) {
    let pressed = |hands: &Hands| hands.pressed.iter().find(|(f, _)| *f == gesture.finger).map(|(_, hit)| hit.clone());
    match gesture.kind {
        Kind::Down => {
            // The panel of a deck's mistakes lies over all; what it leaves free stays in use.
            let panel = picking::pick(&boards.panel_hits, gesture.at).map(|i| boards.panel_hits[i].clone());
            let hits = exhibit.hits(boards);
            let found = panel.or_else(|| picking::pick(hits, gesture.at).map(|i| hits[i].clone()));
            let over = boards.overlay_hits.is_some() || found.as_ref().is_some_and(|hit| hit.does == Touch::Nothing);
            let owner = match picking::owner(found.as_ref(), over) {
                // What would turn the page cuts, where there is something to cut.
                Owner::Slide if takes_strokes(boards, stage, gesture.at) => Owner::Scene,
                owner => owner,
            };
            hands.gestures.own(gesture.finger, owner);
            hands.pressed.retain(|(f, _)| *f != gesture.finger);
            hands.pressed.extend(found.map(|hit| (gesture.finger, hit)));
        }
        Kind::Tap => {
            if let Some(hit) = pressed(hands).filter(|hit| hit.enabled) {
                let does = match hit.does {
                    Touch::Slide(axis) => axis.touched(gesture.at[0]),
                    does => does,
                };
                world.write_message(Meant::Touch(does));
            }
        }
        // A finger along an axis takes the value with it, a tick at a time.
        Kind::DragMoved { .. } if gesture.owner == Owner::Control => {
            if let Some(Touch::Slide(axis)) = pressed(hands).map(|hit| hit.does)
                && axis.value(gesture.at[0]) != axis.now
            {
                let now = axis.value(gesture.at[0]);
                world.write_message(Meant::Touch(axis.entering(now)));
                for (finger, hit) in &mut hands.pressed {
                    if *finger == gesture.finger {
                        hit.does = Touch::Slide(slides::Axis { now, ..axis });
                    }
                }
            }
        }
        Kind::DragMoved { was, .. } if gesture.owner == Owner::Scene && takes_strokes(boards, stage, gesture.from) => {
            hands.trails.push(Trail { from: was, to: gesture.at, step: gesture.step });
            world.write_message(Meant::Stroke { from: was, to: gesture.at });
        }
        Kind::HoldBegan => {
            if let Some(hit) = pressed(hands)
                && matches!(hit.does, Touch::Peer { .. })
            {
                hands.fingers.holds(gesture.finger);
                hands.holding = Some(gesture.finger);
                world.write_message(Meant::Hold(hit.does));
            }
        }
        Kind::HoldEnded if hands.holding == Some(gesture.finger) => {
            hands.holding = None;
            world.write_message(Meant::Release);
        }
        Kind::DragBegan { axis } if gesture.owner == Owner::Slide && boards.overlay_hits.is_none() => {
            // A page that is still settling stands where it belongs at once: the finger has the present one.
            show::lay_beside(world, exhibit, boards, stage, None, None);
            boards.transition = Some(Transition::follow(axis, 0.0, false));
        }
        Kind::DragMoved { offset, .. } if gesture.owner == Owner::Slide => {
            if let Some(axis) = boards.dragged() {
                drag_slide(world, exhibit, boards, stage, axis, axis.of(offset));
            }
        }
        Kind::DragEnded { axis, offset, velocity } => match gesture.owner {
            Owner::Slide if boards.dragged().is_some() => {
                let extent = axis.of(exhibit.canvas.reference());
                match settle(axis, axis.of(offset), axis.of(velocity), extent) {
                    Settle::Onward(direction) if boards.other.is_some() => {
                        if let Some(action) = swipe(exhibit, boards, direction) {
                            world.write_message(Meant::Action(action));
                        }
                    }
                    // A flick so short that no neighbour was laid out yet still turns the page.
                    Settle::Onward(direction) => {
                        show::settle_back(boards, gesture.step);
                        if let Some(action) = swipe(exhibit, boards, direction) {
                            world.write_message(Meant::Action(action));
                        }
                    }
                    Settle::Back => show::settle_back(boards, gesture.step),
                }
            }
            Owner::Overlay => {
                if let Some(action) = SwipeDirection::along(axis, axis.of(offset))
                    .and_then(|to| exhibit.bindings.gesture(modes(exhibit, boards), to))
                {
                    world.write_message(Meant::Action(action));
                }
            }
            _ => {}
        },
        // Of two fingers on one slide only one drags it, and the other's end is nothing to the first.
        Kind::Cancelled if gesture.owner == Owner::Slide && !hands.gestures.drags(Owner::Slide) => {
            show::settle_back(boards, gesture.step);
        }
        _ => {}
    }
}

/// Whether a finger that goes down here may draw across the lines of the scene in front.
fn takes_strokes(boards: &Boards, stage: &Scenes, at: Vec2) -> bool {
    boards.front.as_ref().and_then(|board| board.scene).is_some_and(|scene| stage.takes_strokes(scene, at))
}

/// What a swipe means now.
fn swipe(exhibit: &Exhibit, boards: &Boards, direction: SwipeDirection) -> Option<Action> {
    exhibit.bindings.gesture(modes(exhibit, boards), direction)
}

/// The slide follows the finger; the slide that it leads to is laid beside it. Where no way leads, it yields a little.
fn drag_slide(
    world: &mut World,
    exhibit: &mut Exhibit,
    boards: &mut Boards,
    stage: &mut Scenes,
    axis: Axis,
    offset: f32,
) {
    let toward = SwipeDirection::along(axis, offset);
    let target = toward.and_then(|direction| {
        let action = swipe(exhibit, boards, direction)?;
        let next = cursor::apply(&exhibit.shape, &exhibit.state, action);
        ((next.at.topic, next.at.slide) != (exhibit.state.at.topic, exhibit.state.at.slide)).then_some(next)
    });
    let there = toward.filter(|_| target.is_some());
    if there != boards.toward || (there.is_some() && boards.other.is_none()) {
        show::lay_beside(world, exhibit, boards, stage, there, target.as_ref());
    }
    boards.transition = Some(Transition::follow(axis, offset, there.is_some()));
}

/// Keys become intents.
pub fn press(
    mut hands: ResMut<Hands>,
    strokes: Res<KeyStrokes>,
    mut exhibit: ResMut<Exhibit>,
    boards: Res<Boards>,
    mut meant: MessageWriter<Meant>,
    clock: Res<Clock>,
) {
    let mut pressed = Vec::new();
    for event in &strokes.0 {
        exhibit.keyboard = true;
        let woke = event.phase == KeyPhase::Down && !event.repeat;
        if woke && exhibit.kiosk.idle.key(event.step) == Verdict::Swallow {
            continue;
        }
        let modes = modes(&exhibit, &boards);
        let came = hands.keys.feed(&exhibit.bindings, modes, event.clone());
        pressed.extend(came);
    }
    pressed.extend(hands.keys.tick(clock.step));
    for each in pressed {
        match each {
            Pressed::Act(action) => {
                exhibit.focus.used(clock.step);
                meant.write(Meant::Action(action));
            }
            Pressed::Released(Action::Hold) => {
                meant.write(Meant::Release);
            }
            Pressed::Released(_) => {}
        }
    }
}
