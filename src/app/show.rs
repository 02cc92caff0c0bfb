//! Slides on the wall: each one a board of layers, composed when something it shows has changed, moved as a whole.

use super::{
    clock::Clock,
    exhibit::{Exhibit, rooms},
    hands::Hands,
    paint::Painted,
    scene::{SceneId, Scenes},
};
use crate::{
    deck::state::{DeckState, Overlay, Position},
    ink::{
        gpu::Wall,
        layer::Layer,
        look::Look,
        sheet::{Ink, Sheet, Vec2},
    },
    input::{
        gestures::{Axis, Settle, SwipeDirection},
        transition::{Pose, Transition},
    },
    slides::{self, Hit, Page, SceneReport, View, overlays},
};
use bevy::prelude::*;

/// Layers are drawn in this order; the stage's networks lie between what is under them and what is over them.
pub mod order {
    /// What lies under a slide's networks.
    pub const UNDER: i32 = 0;
    /// A slide's networks, from here upwards.
    pub const STAGE: i32 = 10;
    /// What lies over them.
    pub const OVER: i32 = 40;
    /// Overview, help, "still there?", attract.
    pub const OVERLAY: i32 = 60;
    /// A panel that says that a deck is broken.
    pub const ERROR: i32 = 70;
    /// The focus, and rings around fingers.
    pub const TOUCH: i32 = 80;
}

/// How much of a slide shows under a question (style §8).
const DIMMED: f32 = 0.11;

/// The share at which ink laid over the ground in linear light looks as faint as the style means it.
#[must_use]
pub fn dimmed(look: &Look) -> f32 {
    let encoded = |c: f32| if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    let decoded = |c: f32| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let (ground, ink) = (look.colour(Ink::Ground).luminance(), look.colour(Ink::Ink).luminance());
    let faint = decoded(encoded(ground) + (encoded(ink) - encoded(ground)) * DIMMED);
    ((faint - ground) / (ink - ground)).clamp(0.0, 1.0)
}

/// A slide on the wall.
#[derive(Debug)]
pub struct Board {
    /// Which slide, and which step of it.
    pub at: Position,
    /// What was composed.
    pub page: Page,
    /// Its scene or still.
    pub scene: Option<SceneId>,
    under: Entity,
    over: Entity,
    /// What is added to the order of all its layers.
    base: i32,
}

/// The slides on the wall: the present one, and while one turns into another, both.
#[derive(Resource, Debug, Default)]
pub struct Boards {
    /// The present slide.
    pub front: Option<Board>,
    /// The one that comes or goes.
    pub other: Option<Board>,
    /// How one gives way to the other.
    pub transition: Option<Transition>,
    /// To which side of the present slide a drag has laid the other.
    pub toward: Option<SwipeDirection>,
    /// Whether the present slide is already the one that comes; while a finger drags it, it is the one that goes.
    turned: bool,
    overlay: Option<Entity>,
    /// Since when it lies there.
    overlay_since: u64,
    /// What can be touched on the panel of a deck's mistakes, above all else.
    pub panel_hits: Vec<Hit>,
    /// What can be touched in what lies over the slide; nothing if nothing does.
    pub overlay_hits: Option<Vec<Hit>>,
}

impl Boards {
    /// Whether a finger drags the slide.
    #[must_use]
    pub fn dragged(&self) -> Option<Axis> {
        match self.transition {
            Some(Transition::Follows { axis, .. }) => Some(axis),
            _ => None,
        }
    }
}

/// A layer that belongs to a slide or overlay, so that others leave it alone.
fn layer(order: i32) -> (Layer, Painted) {
    (Layer { order, alpha: 1.0, ..Layer::default() }, Painted::default())
}

impl Exhibit {
    /// Composes a slide at a place, as it is or will be; while the loop plays, what stands beside its scene.
    pub fn compose(&mut self, state: &DeckState, report: Option<&SceneReport>) -> Page {
        let view = View {
            deck: &self.deck,
            state,
            look: &self.looks[self.look],
            canvas: self.canvas,
            scene: report,
            looks: &self.looks,
            length_percent: 100,
            ease: self.ease,
        };
        if let Some(playing) = &self.kiosk.playing {
            let headline = super::tend::headline(&self.deck, state, report);
            return overlays::attract::compose(
                &view,
                &mut self.typesetter,
                &headline,
                playing.stop,
                playing.breath,
                self.reduced,
            );
        }
        let mut page = slides::compose(&view, &mut self.typesetter);
        if state.overlays.contains(&Overlay::More) {
            overlays::more::compose(&view, &mut self.typesetter, &mut page);
        }
        page
    }
}

impl Exhibit {
    /// Composes a slide with what its scene says and what of it can be touched.
    fn page_of(&mut self, stage: &Scenes, state: &DeckState, scene: Option<SceneId>) -> (Page, Option<SceneReport>) {
        let report = scene.and_then(|id| stage.report(id));
        let mut page = self.compose(state, report.as_ref());
        if let Some(scene) = scene {
            let look = &self.looks[self.look];
            let marks =
                stage.captions(scene, &self.deck, look, &page.stages, self.canvas.portrait(), &mut self.typesetter);
            page.over.append(marks);
            // Below the controls, so that a control that lies near a peer keeps its own.
            page.hits.splice(0..0, stage.hits(scene, self.deck.control("peer")));
        }
        (page, report)
    }
}

/// Puts a slide on the wall.
fn put_up(world: &mut World, exhibit: &mut Exhibit, stage: &mut Scenes, state: &DeckState, offset: Vec2) -> Board {
    put_up_at(world, exhibit, stage, state, offset, 0)
}

/// The same, with all its layers so much higher.
pub fn put_up_at(
    world: &mut World,
    exhibit: &mut Exhibit,
    stage: &mut Scenes,
    state: &DeckState,
    offset: Vec2,
    base: i32,
) -> Board {
    let resting = exhibit.compose(state, None);
    let scene = stage.open(world, &exhibit.deck, state.at, exhibit.seed, &resting.stages, order::STAGE + base);
    let page = exhibit.page_of(stage, state, scene).0;
    let board = Board {
        at: state.at,
        scene,
        under: world.spawn(layer(order::UNDER + base)).id(),
        over: world.spawn(layer(order::OVER + base)).id(),
        base,
        page,
    };
    lay(world, stage, &board);
    place(world, stage, &board, Pose { offset, alpha: 1.0 });
    board
}

/// Gives a board's page to its layers and frames to its scene.
fn lay(world: &mut World, stage: &mut Scenes, board: &Board) {
    world.entity_mut(board.under).insert(Painted::new(board.page.under.clone()));
    world.entity_mut(board.over).insert(Painted::new(board.page.over.clone()));
    if let Some(scene) = board.scene {
        stage.frame(world, scene, &board.page.stages, order::STAGE + board.base);
    }
}

/// Moves and fades a board.
fn place(world: &mut World, stage: &mut Scenes, board: &Board, Pose { offset, alpha }: Pose) {
    for entity in [board.under, board.over] {
        if let Some(mut layer) = world.get_mut::<Layer>(entity)
            && (layer.offset, layer.alpha) != (offset, alpha)
        {
            (layer.offset, layer.alpha) = (offset, alpha);
        }
    }
    if let Some(scene) = board.scene {
        stage.place(world, scene, offset, alpha);
    }
}

/// Takes a board off the wall.
pub fn take_down(world: &mut World, stage: &mut Scenes, board: Board) {
    world.despawn(board.under);
    world.despawn(board.over);
    if let Some(scene) = board.scene {
        stage.close(world, scene);
    }
}

/// Which way a page must be swiped to come from one place to another: topics lie side by side, slides of a topic one
/// below the other.
fn direction(from: Position, to: Position) -> SwipeDirection {
    match (from.topic.cmp(&to.topic), from.slide.cmp(&to.slide)) {
        (std::cmp::Ordering::Less, _) => SwipeDirection::Left,
        (std::cmp::Ordering::Greater, _) => SwipeDirection::Right,
        (_, std::cmp::Ordering::Greater) => SwipeDirection::Down,
        _ => SwipeDirection::Up,
    }
}

/// A slide leaves the wall and the present one takes its place; composes whatever has changed.
pub fn show(world: &mut World) {
    rooms(world, show_slide);
}

fn show_slide(world: &mut World, exhibit: &mut Exhibit, boards: &mut Boards, stage: &mut Scenes, clock: Clock) {
    let state = exhibit.state.clone();
    let here = (state.at.topic, state.at.slide);
    let shown = boards.front.as_ref().map(|b| (b.at.topic, b.at.slide));
    if shown != Some(here) || exhibit.rebuild {
        exhibit.rebuild = false;
        turn(world, exhibit, boards, stage, &state, clock.step);
    } else if let Some(front) = &mut boards.front {
        let report = front.scene.and_then(|id| stage.report(id));
        if exhibit.stale || front.at != state.at || exhibit.report != report {
            front.at = state.at;
            if let (Some(scene), Some(held)) = (front.scene, report.as_ref().and_then(|r| r.held)) {
                // What the card covers is not drawn.
                stage.lay_card(world, scene, held, exhibit.canvas.portrait());
            }
            let (page, _) = exhibit.page_of(stage, &state, front.scene);
            exhibit.tell_states(report.as_ref());
            exhibit.report = report;
            if page != front.page {
                let frames = page.stages != front.page.stages;
                world.entity_mut(front.under).insert(Painted::new(page.under.clone()));
                world.entity_mut(front.over).insert(Painted::new(page.over.clone()));
                front.page = page;
                if let Some(scene) = front.scene
                    && (frames || exhibit.stale)
                {
                    let frames = &front.page.stages;
                    stage.frame(world, scene, frames, order::STAGE);
                }
            }
        }
    }
    // What lies over the slide changes only with what makes the page stale: a question's seconds, a page, the look.
    if exhibit.stale {
        exhibit.stale = false;
        let over = exhibit.overlay_page();
        if exhibit.overlay_changed(over.as_ref()) {
            show_overlay(world, exhibit, boards, over, clock.step);
        }
    }
}

/// Turns from the slide shown to the present one.
fn turn(
    world: &mut World,
    exhibit: &mut Exhibit,
    boards: &mut Boards,
    stage: &mut Scenes,
    state: &DeckState,
    step: u64,
) {
    let dragged = boards.transition.take().filter(|t| matches!(t, Transition::Follows { .. }));
    let prepared = boards
        .other
        .take_if(|other| dragged.is_some() && (other.at.topic, other.at.slide) == (state.at.topic, state.at.slide));
    if let Some(left) = boards.other.take() {
        take_down(world, stage, left);
    }
    let from_drag = dragged.filter(|_| prepared.is_some());
    let mut next = prepared.unwrap_or_else(|| put_up(world, exhibit, stage, state, exhibit.canvas.reference()));
    if next.at != state.at {
        next.at = state.at;
        next.page = exhibit.page_of(stage, state, next.scene).0;
        lay(world, stage, &next);
    }
    if let Some(scene) = next.scene {
        stage.run(scene);
    }
    // A new scene knows of no focus.
    exhibit.focused_peer = None;
    let Some(old) = boards.front.take() else {
        place(world, stage, &next, Pose::AT_REST);
        boards.front = Some(next);
        return;
    };
    // A slide put up anew in its own place, after a reset or a saved deck, has nothing to turn from.
    if (old.at.topic, old.at.slide) == (state.at.topic, state.at.slide) {
        take_down(world, stage, old);
        place(world, stage, &next, Pose::AT_REST);
        boards.front = Some(next);
        boards.turned = false;
        return;
    }
    boards.transition = Some(match (from_drag, boards.toward.take()) {
        (Some(drag), Some(toward)) => drag.release(Settle::Onward(toward), step),
        _ => Transition::turn(direction(old.at, state.at), step),
    });
    boards.turned = true;
    boards.front = Some(next);
    boards.other = Some(old);
}

/// Moves what moves: a drag, a turn.
pub fn animate(world: &mut World) {
    let dragging = world.resource::<Hands>().drag_slide();
    rooms(world, |world, exhibit, boards, stage, clock| {
        // However a drag ended, a slide that no finger holds any more goes home.
        if !dragging {
            settle_back(boards, clock.step);
        }
        move_slides(world, exhibit, boards, stage, clock);
    });
}

fn move_slides(world: &mut World, exhibit: &mut Exhibit, boards: &mut Boards, stage: &mut Scenes, clock: Clock) {
    let Some(transition) = boards.transition else { return };
    exhibit.moving = true;
    let poses = transition.poses(exhibit.canvas.reference(), exhibit.reduced, clock.step);
    let (old, new) = if boards.turned { (&boards.other, &boards.front) } else { (&boards.front, &boards.other) };
    if let Some(old) = old {
        place(world, stage, old, poses.old);
    }
    if let (Some(new), Some(pose)) = (new, poses.new) {
        place(world, stage, new, pose);
    }
    if transition.finished(exhibit.reduced, clock.step) {
        boards.transition = None;
        boards.turned = false;
        if let Some(front) = &boards.front {
            place(world, stage, front, Pose::AT_REST);
        }
        if let Some(other) = boards.other.take() {
            take_down(world, stage, other);
        }
    }
}

/// Lays the slide that a drag leads to beside the present one.
pub fn lay_beside(
    world: &mut World,
    exhibit: &mut Exhibit,
    boards: &mut Boards,
    stage: &mut Scenes,
    toward: Option<SwipeDirection>,
    target: Option<&DeckState>,
) {
    if let Some(old) = boards.other.take() {
        take_down(world, stage, old);
    }
    if let (Some(_), Some(target)) = (toward, target) {
        boards.other = Some(put_up(world, exhibit, stage, target, exhibit.canvas.reference()));
    }
    boards.toward = toward;
    boards.turned = false;
}

/// A drag that leads nowhere, or not far enough: the slide goes back to its place.
pub fn settle_back(boards: &mut Boards, step: u64) {
    if boards.dragged().is_some() {
        boards.toward = None;
        boards.transition = boards.transition.map(|drag| drag.release(Settle::Back, step));
    }
}

/// What lies over the slide: overview, help, the question, attract.
fn show_overlay(world: &mut World, exhibit: &mut Exhibit, boards: &mut Boards, page: Option<Page>, step: u64) {
    let Some(page) = page else {
        if let Some(old) = boards.overlay.take() {
            world.despawn(old);
        }
        boards.overlay_hits = None;
        exhibit.veil = 1.0;
        return;
    };
    let entity = boards.overlay.unwrap_or_else(|| {
        boards.overlay_since = step;
        world.spawn((Layer { alpha: 0.0, ..layer(order::OVERLAY).0 }, Painted::default())).id()
    });
    boards.overlay = Some(entity);
    let mut sheet = Sheet::default();
    sheet.append(page.under);
    sheet.append(page.over);
    world.entity_mut(entity).insert(Painted::new(sheet));
    boards.overlay_hits = Some(page.hits);
    exhibit.veil = if exhibit.asking.is_some() { dimmed(&exhibit.looks[exhibit.look]) } else { 0.0 };
}

/// What lies over a slide comes in this time (style §5): 240 ms, or 150 ms under reduced motion.
const OVERLAY_FADE: [u64; 2] = [14, 9];

/// Fades in what lies over a slide, and lets the slide show behind it as much as it should.
pub fn veil(world: &mut World) {
    rooms(world, |world, exhibit, boards, stage, clock| {
        let span = OVERLAY_FADE[usize::from(exhibit.reduced)];
        let share = (clock.step.saturating_sub(boards.overlay_since) as f32 / span as f32).min(1.0);
        let mut alpha = 1.0;
        if let Some(mut layer) = boards.overlay.and_then(|entity| world.get_mut::<Layer>(entity)) {
            alpha = 1.0 + (exhibit.veil - 1.0) * share;
            if layer.alpha < share {
                layer.alpha = share;
            }
            exhibit.moving |= share < 1.0;
        }
        if boards.transition.is_none()
            && let Some(front) = &boards.front
        {
            place(world, stage, front, Pose { alpha, ..Pose::AT_REST });
        }
    });
}

/// Fades the palette from one look to the next.
pub fn fade_look(mut exhibit: ResMut<Exhibit>, mut wall: ResMut<Wall>, clock: Res<Clock>) {
    let Some((since, from)) = exhibit.fading else { return };
    let to = exhibit.looks[exhibit.look].palette();
    let share = (clock.step.saturating_sub(since) as f32 / exhibit.look_fade_steps() as f32).min(1.0);
    for (now, (a, b)) in wall.palette.iter_mut().zip(from.iter().zip(to)) {
        *now = std::array::from_fn(|i| a[i] + (b[i] - a[i]) * share);
    }
    exhibit.moving = true;
    if share >= 1.0 {
        exhibit.fading = None;
    }
}
