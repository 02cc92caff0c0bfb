//! Scenes and stills on the wall: entities, spawned and despawned as a model says, and the functions that an app calls.
//!
//! Every scene has a [`SceneKey`], so that two slides can stand side by side while one gives way to the other. All
//! functions take the whole world: what a deed does is seen in the frame in which it was done.

use super::{
    live::{Held, Live},
    picking,
    rows::{BlockRow, LinkRow, PacketRow, PeerRow},
    states,
    still::{self, Label, Run},
};
use crate::{
    deck::structure::{self, Placement, Still},
    ink::{
        layer::{Batch, Kind, Layer},
        sheet::{Shape, Vec2},
    },
    sim::{
        model::{Deed, Model, Refusal, SettingError, Settings, System, Target, TargetKind},
        vocabulary::{BlockId, Bits, LinkId, LinkState, PeerId, PeerKind, PieceId},
    },
    slides::{SceneReport, StageFrame},
};
use bevy::{
    app::{App, Plugin, Update},
    ecs::{component::Component, entity::Entity, resource::Resource, schedule::IntoScheduleConfigs, world::World},
};
use std::collections::BTreeMap;

/// Steps of the wall in a second.
pub const STEPS_PER_SECOND: f64 = 60.0;

/// How much faster or slower time runs when a visitor says so.
const PACE: u64 = 4;

/// A peer on the wall that is large enough to be touched by itself.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Who it is.
    pub id: PeerId,
    /// The network of the scene that it belongs to.
    pub network: u32,
    /// Its row.
    pub slot: u32,
}

/// The pieces that a peer holds.
#[derive(Component, Clone, Debug, PartialEq, Eq)]
pub struct Holds(pub Bits);

/// A link on the wall.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which one.
    pub id: LinkId,
    /// The network of the scene that it belongs to.
    pub network: u32,
    /// What it does.
    pub state: LinkState,
}

/// A piece of what is shared. Who holds it are bits on the peers.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which one.
    pub id: PieceId,
    /// The network of the scene that it belongs to.
    pub network: u32,
}

/// A block on the wall.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which one.
    pub id: BlockId,
    /// The network of the scene that it belongs to.
    pub network: u32,
}

/// A scene or still on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SceneKey(u32);

/// Why a scene can't begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// The scene names a model that there is not.
    #[error("There is no model `{0}`.")]
    NoModel(String),
    /// A setting that the model refuses.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

/// A network of a scene, with all that it is set to.
#[derive(Clone)]
pub struct NetworkSetup {
    /// Builds the model that runs.
    pub build: fn(&Settings, u64) -> Result<Box<dyn Model>, SettingError>,
    /// Its settings.
    pub settings: Settings,
    /// Where its peers stand.
    pub placement: Placement,
}

/// A scene ready to begin, and to begin again.
#[derive(Clone)]
pub struct Setup {
    /// The networks, left to right.
    pub networks: Vec<NetworkSetup>,
    /// How many seconds of model time pass in a second.
    pub speed: f64,
    /// Whether a deed done in one network is done in all.
    pub mirrored: bool,
    /// The seed that all networks run from.
    pub seed: u64,
}

impl Setup {
    /// What a deck's scene says; `find` looks a model up by its name.
    ///
    /// # Errors
    /// A model that there is not, or a setting that it refuses. `check` finds both first.
    pub fn new(
        scene: &structure::Scene,
        seed: u64,
        find: impl Fn(&str) -> Option<&'static System>,
    ) -> Result<Self, StageError> {
        let mut networks = Vec::with_capacity(scene.networks.len());
        for network in &scene.networks {
            let system = find(&network.model).ok_or_else(|| StageError::NoModel(network.model.value.clone()))?;
            let specs = (system.settings)();
            let mut settings = Settings::defaults(&specs);
            for (key, value) in &network.set {
                settings.set(&specs, key, &value.value.to_string())?;
            }
            networks.push(NetworkSetup { build: system.build, settings, placement: network.placement });
        }
        Ok(Self { networks, speed: scene.speed.value, mirrored: scene.mirrored, seed })
    }

    /// Microseconds of model time in a second.
    fn per_second(&self) -> f64 {
        (self.speed * 1e6).max(1.0)
    }

    /// Whole microseconds of model time a step, at a pace.
    fn micros_a_step(&self, pace: i8) -> u64 {
        let a_step = ((self.per_second() / STEPS_PER_SECOND).round() as u64).max(1);
        match pace {
            ..=-1 => (a_step / PACE).max(1),
            0 => a_step,
            1.. => a_step * PACE,
        }
    }
}

/// A scene that runs.
struct Scene {
    setup: Setup,
    frames: Vec<StageFrame>,
    networks: Vec<Live>,
    order: i32,
    step: u64,
    paused: bool,
    pace: i8,
    held: Option<(usize, PeerId)>,
    card: Option<[f32; 4]>,
    focus: Option<(usize, PeerId)>,
}

/// Everything on the stage.
#[derive(Resource, Default)]
pub struct Stage {
    scenes: BTreeMap<SceneKey, Scene>,
    stills: BTreeMap<SceneKey, Entity>,
    next: u32,
}

impl Stage {
    fn key(&mut self) -> SceneKey {
        self.next += 1;
        SceneKey(self.next)
    }
}

/// How many steps of the wall every scene should run in the next update. An app may leave it at nothing and call
/// [`advance`] itself.
#[derive(Resource, Debug, Default)]
pub struct DueSteps(pub u32);

/// Puts models on the wall.
pub struct StagePlugin;

/// What the stage does in an update.
#[derive(bevy::ecs::schedule::SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageSystems {
    /// Runs the models by the steps that are due, and shows what happened.
    Advance,
}

impl Plugin for StagePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Stage>().init_resource::<DueSteps>();
        app.add_systems(Update, advance_due.in_set(StageSystems::Advance));
    }
}

/// Runs every scene by the steps that are due.
fn advance_due(world: &mut World) {
    let steps = std::mem::take(&mut world.get_resource_or_init::<DueSteps>().0);
    if steps == 0 {
        return;
    }
    let keys: Vec<SceneKey> = world.resource::<Stage>().scenes.keys().copied().collect();
    for key in keys {
        advance(world, key, steps);
    }
}

/// Lends a scene and the world to `f`; nothing if there is no such scene.
fn with_scene<T>(world: &mut World, key: SceneKey, f: impl FnOnce(&mut World, &mut Scene) -> T) -> Option<T> {
    let mut scene = world.get_resource_mut::<Stage>()?.scenes.remove(&key)?;
    let result = f(world, &mut scene);
    world.resource_mut::<Stage>().scenes.insert(key, scene);
    Some(result)
}

fn scene(world: &World, key: SceneKey) -> Option<&Scene> {
    world.get_resource::<Stage>()?.scenes.get(&key)
}

/// Begins a scene: builds its models from the seed, and puts all that stands on the wall, a layer a network.
///
/// # Errors
/// Settings that a model refuses to be built from.
pub fn begin_scene(
    world: &mut World,
    setup: Setup,
    frames: &[StageFrame],
    order: i32,
) -> Result<SceneKey, StageError> {
    let mut scene = Scene {
        setup,
        frames: frames.to_vec(),
        networks: Vec::new(),
        order,
        step: 0,
        paused: false,
        pace: 0,
        held: None,
        card: None,
        focus: None,
    };
    scene.networks = build(world, &scene)?;
    let mut stage = world.get_resource_or_init::<Stage>();
    let key = stage.key();
    stage.scenes.insert(key, scene);
    Ok(key)
}

fn build(world: &mut World, scene: &Scene) -> Result<Vec<Live>, StageError> {
    let mut models = Vec::with_capacity(scene.setup.networks.len());
    for network in &scene.setup.networks {
        models.push((network.placement, (network.build)(&network.settings, scene.setup.seed)?));
    }
    let mut networks = Vec::with_capacity(models.len());
    for (index, (placement, model)) in models.into_iter().enumerate() {
        let frame = frame_of(&scene.frames, index);
        let clock = (scene.setup.per_second(), scene.step);
        networks.push(Live::begin(world, (index, scene.order), model, placement, frame, clock));
    }
    Ok(networks)
}

/// The frame of a network; one without a frame is not to be seen.
fn frame_of(frames: &[StageFrame], network: usize) -> StageFrame {
    let nowhere = StageFrame { network, centre: [-4000.0, -4000.0], radius: 284.0 };
    frames.iter().find(|f| f.network == network).copied().unwrap_or(nowhere)
}

/// Takes a scene or still off the wall, with all of its entities.
pub fn end_scene(world: &mut World, key: SceneKey) {
    let Some(mut stage) = world.get_resource_mut::<Stage>() else { return };
    let (scene, still) = (stage.scenes.remove(&key), stage.stills.remove(&key));
    for network in scene.map(|s| s.networks).unwrap_or_default() {
        network.end(world);
    }
    if let Some(layer) = still {
        world.despawn(layer);
    }
}

/// Runs a scene by so many steps of the wall. While it is paused only what answers a touch moves.
pub fn advance(world: &mut World, key: SceneKey, steps: u32) {
    with_scene(world, key, |world, scene| {
        let micros = if scene.paused { 0 } else { scene.setup.micros_a_step(scene.pace) };
        for _ in 0..steps {
            scene.step += 1;
            for network in &mut scene.networks {
                network.run(world, micros, scene.step);
            }
        }
    });
}

/// Whether a scene would move by itself if steps went on: while it does not, a wall may stand still.
#[must_use]
pub fn awake(world: &World, key: SceneKey) -> bool {
    scene(world, key).is_some_and(|s| s.networks.iter().any(|n| n.awake(!s.paused, s.step)))
}

/// Does in a scene what a touch on a peer means: the first deed on such a peer that may be done now. In a mirrored scene
/// it is done in every network: to the server of each if a server was touched, else to the same peer.
///
/// # Errors
/// Why nothing could be done, as a key into the model's words.
pub fn touch(world: &mut World, key: SceneKey, network: usize, peer: PeerId) -> Result<(), Refusal> {
    let deed = scene(world, key).and_then(|s| s.networks.get(network)).and_then(|live| touch_deed(live, peer));
    match deed {
        Some(deed) => act(world, key, network, &deed),
        None => Ok(()),
    }
}

/// The deed that a touch on a peer means: one that may be done now, else the first that could be.
fn touch_deed(live: &Live, peer: PeerId) -> Option<Deed> {
    let kind = live.peer(peer)?.kind;
    let fits = |target: TargetKind| match target {
        TargetKind::Server => kind == PeerKind::Server,
        TargetKind::Peer => true,
        _ => false,
    };
    let deeds = live.model().deeds().iter().filter(|spec| fits(spec.target));
    let all: Vec<Deed> =
        deeds.map(|spec| Deed { key: spec.key, target: Target::Peer(peer), value: None }).collect();
    all.iter().find(|deed| live.model().may(deed).is_ok()).or(all.first()).cloned()
}

/// Does a deed in a network of a scene; in a mirrored scene in all. It shows in this very frame.
///
/// # Errors
/// Why it can't be done in the network that it was meant for, as a key into the model's words; what another network
/// refuses is no matter.
pub fn act(world: &mut World, key: SceneKey, network: usize, deed: &Deed) -> Result<(), Refusal> {
    let result = with_scene(world, key, |world, scene| {
        let mirrored = scene.setup.mirrored;
        let step = scene.step;
        let on_server = match &deed.target {
            Target::Peer(peer) => scene
                .networks
                .get(network)
                .and_then(|live| live.peer(*peer))
                .is_some_and(|peer| peer.kind == PeerKind::Server),
            _ => false,
        };
        let mut result = Ok(());
        for (index, live) in scene.networks.iter_mut().enumerate().filter(|(i, _)| mirrored || *i == network) {
            let deed = match live.server().filter(|_| on_server && index != network) {
                Some(server) => Deed { target: Target::Peer(server), ..deed.clone() },
                None => deed.clone(),
            };
            match live.model_mut().act(&deed) {
                Ok(()) => live.run(world, 0, step),
                Err(refusal) if index == network => {
                    live.refuse(refusal.0, step);
                    result = Err(refusal);
                }
                Err(_) => {}
            }
        }
        result
    });
    result.unwrap_or(Ok(()))
}

/// What a scene says to its page.
#[must_use]
pub fn report(world: &World, key: SceneKey) -> Option<SceneReport> {
    let scene = scene(world, key)?;
    let networks: Vec<_> = scene.networks.iter().map(|n| n.report(scene.step)).collect();
    Some(SceneReport {
        states: states::of_scene(&networks),
        networks,
        paused: scene.paused,
        pace: scene.pace,
        held: scene.held.or(scene.focus),
    })
}

/// Stops a scene's time, or lets it go on.
pub fn pause(world: &mut World, key: SceneKey, paused: bool) {
    with_scene(world, key, |_, scene| scene.paused = paused);
}

/// Lets a scene's time run a quarter as fast (-1), as the deck says (0), or four times as fast (1).
pub fn pace(world: &mut World, key: SceneKey, pace: i8) {
    with_scene(world, key, |_, scene| scene.pace = pace.clamp(-1, 1));
}

/// Begins a scene again from the same seed. Its pace stays; it is no longer paused, and nothing is held.
///
/// # Errors
/// As [`begin_scene`]; then the scene has no networks.
pub fn again(world: &mut World, key: SceneKey) -> Result<(), StageError> {
    let result = with_scene(world, key, |world, scene| {
        for network in std::mem::take(&mut scene.networks) {
            network.end(world);
        }
        (scene.paused, scene.held, scene.card, scene.focus) = (false, None, None, None);
        scene.networks = build(world, scene)?;
        Ok(())
    });
    result.unwrap_or(Ok(()))
}

/// Moves a scene's networks to other places of the page, as when *more* opens.
pub fn set_frames(world: &mut World, key: SceneKey, frames: &[StageFrame]) {
    with_scene(world, key, |world, scene| {
        scene.frames = frames.to_vec();
        for (index, network) in scene.networks.iter_mut().enumerate() {
            network.set_frame(world, frame_of(frames, index), scene.step);
        }
    });
}

/// Shows what a peer holds, large; `card` is where the page lays its card. Nothing lets go.
pub fn hold(world: &mut World, key: SceneKey, held: Option<(usize, PeerId)>, card: Option<[f32; 4]>) {
    with_scene(world, key, |world, scene| {
        (scene.held, scene.card) = (held, card);
        show_held(world, scene);
    });
}

/// Gives the focus to a peer, or takes it away.
pub fn focus(world: &mut World, key: SceneKey, focus: Option<(usize, PeerId)>) {
    with_scene(world, key, |world, scene| {
        scene.focus = focus;
        show_held(world, scene);
    });
}

fn show_held(world: &mut World, scene: &mut Scene) {
    let (held, focus, card, step) = (scene.held, scene.focus, scene.card, scene.step);
    for (index, network) in scene.networks.iter_mut().enumerate() {
        let here = |who: Option<(usize, PeerId)>| who.filter(|(n, _)| *n == index).map(|(_, peer)| peer);
        // A card hides what it lies on, whichever network that belongs to.
        let card = card.filter(|_| held.is_some());
        network.hold(world, Held { peer: here(held), card }, here(focus), step);
    }
}

/// The peer that a touch at a point of the page means.
#[must_use]
pub fn pick(world: &World, key: SceneKey, point: Vec2) -> Option<(usize, PeerId)> {
    let scene = scene(world, key)?;
    picking::nearest(scene.networks.iter().flat_map(Live::touchable), point).map(|t| (t.network, t.peer))
}

/// All peers that can be touched, in order: what the focus walks through.
#[must_use]
pub fn touchable(world: &World, key: SceneKey) -> Vec<picking::Touchable> {
    scene(world, key).map(|s| s.networks.iter().flat_map(Live::touchable).collect()).unwrap_or_default()
}

/// The networks of a scene, to be looked at: models, peers, packets under way.
#[must_use]
pub fn networks(world: &World, key: SceneKey) -> &[Live] {
    scene(world, key).map(|s| &*s.networks).unwrap_or_default()
}

/// The step that a scene has come to.
#[must_use]
pub fn step(world: &World, key: SceneKey) -> u64 {
    scene(world, key).map_or(0, |s| s.step)
}

/// The layers of a scene or still, for whoever moves, fades and orders slides.
#[must_use]
pub fn layers(world: &World, key: SceneKey) -> Vec<Entity> {
    let Some(stage) = world.get_resource::<Stage>() else { return Vec::new() };
    let networks = stage.scenes.get(&key).map(|s| &*s.networks).unwrap_or_default();
    networks.iter().map(Live::layer).chain(stage.stills.get(&key).copied()).collect()
}

/// Moves, fades and orders all layers of a scene or still.
pub fn set_layers(world: &mut World, key: SceneKey, offset: Vec2, alpha: f32, order: i32) {
    for entity in layers(world, key) {
        if let Some(mut layer) = world.get_mut::<Layer>(entity)
            && (layer.offset != offset || layer.alpha != alpha || layer.order != order)
        {
            (layer.offset, layer.alpha, layer.order) = (offset, alpha, order);
        }
    }
    with_scene(world, key, |_, scene| scene.order = order);
}

/// Puts a still on the wall: the same marks, without time. Returns its words, for the page to set.
pub fn begin_still(world: &mut World, still: &Still, frame: &StageFrame, order: i32) -> (SceneKey, Vec<Label>) {
    let drawing = still::draw(still, frame);
    (begin_drawing(world, &drawing.runs, order), drawing.labels)
}

/// Puts marks that were drawn elsewhere on the wall: a still, or the sheet of marks.
pub fn begin_drawing(world: &mut World, runs: &[Run], order: i32) -> SceneKey {
    let batches = runs
        .iter()
        .map(|run| match run {
            Run::Shapes(rows) => batch::<Shape>(Kind::Shape, rows),
            Run::Links(rows) => batch::<LinkRow>(Kind::Link, rows),
            Run::Packets(rows) => batch::<PacketRow>(Kind::Packet, rows),
            Run::Peers(rows) => batch::<PeerRow>(Kind::Peer, rows),
            Run::Blocks(rows) => batch::<BlockRow>(Kind::Block, rows),
        })
        .collect();
    let layer = world.spawn(Layer { order, alpha: 1.0, batches, ..Layer::default() }).id();
    let mut stage = world.get_resource_or_init::<Stage>();
    let key = stage.key();
    stage.stills.insert(key, layer);
    key
}

fn batch<T: bytemuck::NoUninit>(kind: Kind, rows: &[T]) -> Batch {
    let mut batch = Batch::new(kind);
    for row in rows {
        batch.push(row);
    }
    batch
}
