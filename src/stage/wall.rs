//! Scenes and stills on the wall: entities, spawned and despawned as a model says, and the functions that an app calls.
//!
//! Every scene has a [`SceneKey`], so that two slides can stand side by side while one gives way to the other. What
//! changes the wall takes the whole world: what a deed does is seen in the frame in which it was done.

use super::{
    live::{self, Held, Live},
    picking,
    rows::{BlockRow, LinkRow, PacketRow, PeerRow},
    states,
    still::Run,
};
use crate::{
    deck::structure::{self, Placement},
    ink::{
        layer::{Batch, Kind, Layer},
        sheet::{Shape, Vec2},
    },
    sim::{
        model::{Deed, Model, Refusal, SettingError, Settings, System, Target, TargetKind},
        vocabulary::{Bits, BlockId, LinkId, LinkState, PeerId, PeerKind, PieceId},
    },
    slides::{NetworkReport, SceneReport, StageFrame},
};
use bevy::{
    app::{App, Plugin},
    ecs::{component::Component, entity::Entity, resource::Resource, world::World},
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
    /// Whether the run goes on untouched and unseen beside a touched one.
    pub compares: bool,
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
        let compares = scene.differs.as_ref().is_some_and(|differs| differs.value);
        Ok(Self { networks, speed: scene.speed.value, mirrored: scene.mirrored, compares, seed })
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
    /// Models that are built and not on the wall yet, because nobody has said where.
    waiting: Vec<Box<dyn Model>>,
    networks: Vec<Live>,
    order: i32,
    step: u64,
    runs: bool,
    paused: bool,
    pace: i8,
    held: Option<(usize, PeerId)>,
    card: Option<[f32; 4]>,
    focus: Option<(usize, PeerId)>,
}

impl Scene {
    fn model(&self, network: usize) -> Option<&dyn Model> {
        match self.networks.get(network) {
            Some(live) => Some(live.model()),
            None => self.waiting.get(network).map(|model| &**model),
        }
    }

    fn build(&mut self) -> Result<(), StageError> {
        let models: Result<Vec<_>, _> =
            self.setup.networks.iter().map(|n| (n.build)(&n.settings, self.setup.seed)).collect();
        self.waiting = models?;
        Ok(())
    }

    /// Puts the models that wait on the wall.
    fn stand(&mut self, world: &mut World) {
        let per_second = self.setup.per_second();
        for (index, model) in std::mem::take(&mut self.waiting).into_iter().enumerate() {
            let frame = frame_of(&self.frames, index);
            let placement = self.setup.networks[index].placement;
            let live = Live::begin(world, (index, self.order), model, placement, frame, (per_second, self.step));
            self.networks.push(live);
        }
    }

    /// Takes the models off the wall, and lets them wait.
    fn leave(&mut self, world: &mut World) {
        for network in std::mem::take(&mut self.networks) {
            network.end(world);
        }
    }

    fn show_held(&mut self, world: &mut World) {
        let (held, focus, card, step) = (self.held, self.focus, self.card, self.step);
        for (index, network) in self.networks.iter_mut().enumerate() {
            let here = |who: Option<(usize, PeerId)>| who.filter(|(n, _)| *n == index).map(|(_, peer)| peer);
            // A card hides what it lies on, whichever network that belongs to.
            let card = card.filter(|_| held.is_some());
            network.hold(world, Held { peer: here(held), card }, here(focus), step);
        }
    }
}

/// The frame of a network; one without a frame is not to be seen.
fn frame_of(frames: &[StageFrame], network: usize) -> StageFrame {
    let nowhere = StageFrame { network, centre: [-4000.0, -4000.0], radius: 284.0, height: None };
    frames.iter().find(|f| f.network == network).copied().unwrap_or(nowhere)
}

/// Everything on the stage. What takes the world as well spawns, despawns or uploads; the stage itself need not be in
/// the world meanwhile.
#[derive(Resource, Default)]
pub struct Stage {
    scenes: BTreeMap<SceneKey, Scene>,
    drawings: BTreeMap<SceneKey, Entity>,
    next: u32,
}

/// Puts models on the wall: a [`Stage`] that an app then works with.
pub struct StagePlugin;

impl Plugin for StagePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Stage>();
    }
}

impl Stage {
    fn key(&mut self) -> SceneKey {
        self.next += 1;
        SceneKey(self.next)
    }

    /// Builds a scene's models from its seed. They come onto the wall once [`Stage::set_frames`] says where, and run
    /// once [`Stage::run`] says so.
    ///
    /// # Errors
    /// Settings that a model refuses to be built from.
    pub fn begin(&mut self, setup: Setup) -> Result<SceneKey, StageError> {
        let mut scene = Scene {
            setup,
            frames: Vec::new(),
            waiting: Vec::new(),
            networks: Vec::new(),
            order: 0,
            step: 0,
            runs: false,
            paused: false,
            pace: 0,
            held: None,
            card: None,
            focus: None,
        };
        scene.build()?;
        let key = self.key();
        self.scenes.insert(key, scene);
        Ok(key)
    }

    /// Puts marks that stand still on the wall: a deck's still, or the sheet of marks.
    pub fn draw(&mut self, world: &mut World, runs: &[Run], order: i32) -> SceneKey {
        let key = self.key();
        let layer = Layer { order, alpha: 1.0, batches: batches_of(runs), ..Layer::default() };
        self.drawings.insert(key, world.spawn(layer).id());
        key
    }

    /// Draws other marks where some stand: the page was laid out anew.
    pub fn redraw(&mut self, world: &mut World, key: SceneKey, runs: &[Run], order: i32) {
        if let Some(mut layer) = self.drawings.get(&key).and_then(|entity| world.get_mut::<Layer>(*entity)) {
            (layer.batches, layer.order) = (batches_of(runs), order);
        }
    }

    /// Takes a scene or drawing off the wall, with all of its entities.
    pub fn end(&mut self, world: &mut World, key: SceneKey) {
        if let Some(mut scene) = self.scenes.remove(&key) {
            scene.leave(world);
        }
        if let Some(layer) = self.drawings.remove(&key) {
            world.despawn(layer);
        }
    }

    /// Lets a scene's time run from now on.
    pub fn run(&mut self, key: SceneKey) {
        if let Some(scene) = self.scenes.get_mut(&key) {
            scene.runs = true;
        }
    }

    /// Runs every scene by so many steps of the wall. While one is paused only what answers a touch moves; one that
    /// stands still is not touched at all.
    pub fn advance(&mut self, world: &mut World, steps: u64) {
        for scene in self.scenes.values_mut().filter(|scene| scene.runs) {
            let running = !scene.paused;
            let micros = if running { scene.setup.micros_a_step(scene.pace) } else { 0 };
            for _ in 0..steps {
                let step = scene.step + 1;
                if !scene.networks.iter().any(|n| n.awake(running, scene.step)) {
                    break;
                }
                scene.step = step;
                for network in &mut scene.networks {
                    network.run(world, micros, step);
                }
            }
        }
    }

    /// Lets all that grows or fades by the wall's clock come to its end, without moving the models: for pictures.
    pub fn settle(&mut self, world: &mut World, key: SceneKey) {
        if let Some(scene) = self.scenes.get_mut(&key) {
            scene.step += STEPS_PER_SECOND as u64;
            for network in &mut scene.networks {
                network.run(world, 0, scene.step);
            }
        }
    }

    /// Whether a scene would move by itself if steps went on: while it does not, a wall may stand still.
    #[must_use]
    pub fn awake(&self, key: SceneKey) -> bool {
        self.scenes.get(&key).is_some_and(|scene| {
            scene.runs && scene.networks.iter().any(|network| network.awake(!scene.paused, scene.step))
        })
    }

    /// Does in a scene what a touch on a peer means: the first deed on such a peer that may be done now. In a mirrored
    /// scene it is done in every network: to the server of each if a server was touched, else to the same peer.
    ///
    /// # Errors
    /// Why nothing could be done, as a key into the model's words.
    pub fn touch(
        &mut self,
        world: &mut World,
        key: SceneKey,
        network: usize,
        peer: PeerId,
    ) -> Result<Option<Deed>, Refusal> {
        let live = self.scenes.get(&key).and_then(|scene| scene.networks.get(network));
        let Some(deed) = live.and_then(|live| touch_deed(live, peer)) else {
            return Ok(None);
        };
        self.act(world, key, network, &deed)?;
        Ok(Some(deed))
    }

    /// Does a deed in a network of a scene; in a mirrored scene in all. It shows in this very frame.
    ///
    /// # Errors
    /// Why it can't be done in the network that it was meant for, as a key into the model's words; what another network
    /// refuses is no matter.
    pub fn act(&mut self, world: &mut World, key: SceneKey, network: usize, deed: &Deed) -> Result<(), Refusal> {
        let Some(scene) = self.scenes.get_mut(&key) else {
            return Ok(());
        };
        let (mirrored, compares, step) = (scene.setup.mirrored, scene.setup.compares, scene.step);
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
            match live.act(&deed, compares) {
                Ok(()) => live.run(world, 0, step),
                Err(refusal) if index == network => {
                    live.refuse(refusal.0, step);
                    result = Err(refusal);
                }
                Err(_) => {}
            }
        }
        result
    }

    /// Whether a finger that goes down here may draw across lines.
    #[must_use]
    pub fn takes_strokes(&self, key: SceneKey, at: Vec2) -> bool {
        self.networks(key).iter().any(|live| live.takes_strokes(at))
    }

    /// Does what a finger's stroke means: the deed on links, on all that it crossed. Nothing if it crossed none.
    ///
    /// # Errors
    /// Why nothing could be done, as a key into the model's words.
    pub fn stroke(&mut self, world: &mut World, key: SceneKey, from: Vec2, to: Vec2) -> Result<Option<Deed>, Refusal> {
        let mut strokes = self.networks(key).iter().enumerate().filter_map(|(network, live)| {
            let spec = live.model().deeds().iter().find(|spec| spec.target == TargetKind::Links)?;
            let links = live.crossed(from, to);
            let deed = Deed { key: spec.key, target: Target::Links(links.clone()), value: None };
            (!links.is_empty()).then_some((network, deed))
        });
        let Some((network, deed)) = strokes.next() else { return Ok(None) };
        self.act(world, key, network, &deed)?;
        Ok(Some(deed))
    }

    /// What a scene says to its page.
    #[must_use]
    pub fn report(&self, key: SceneKey) -> Option<SceneReport> {
        let scene = self.scenes.get(&key)?;
        let networks: Vec<NetworkReport> = if scene.waiting.is_empty() {
            let server = |live: &Live| Some(touch_deed(live, live.server()?)?.key);
            let report = |live: &Live| NetworkReport { server: server(live), ..live.report(scene.step) };
            scene.networks.iter().map(report).collect()
        } else {
            scene.waiting.iter().map(|model| live::report_of(&**model)).collect()
        };
        Some(SceneReport {
            states: states::of_scene(&networks),
            networks,
            paused: scene.paused,
            pace: scene.pace,
            held: scene.held,
            pills: Vec::new(),
            capitals: false,
            chosen: scene.focus.and_then(|(n, peer)| Some(touch_deed(scene.networks.get(n)?, peer)?.key)),
        })
    }

    /// Stops a scene's time, or lets it go on.
    pub fn pause(&mut self, key: SceneKey, paused: bool) {
        if let Some(scene) = self.scenes.get_mut(&key) {
            scene.paused = paused;
        }
    }

    /// Whether a scene's time is stopped.
    #[must_use]
    pub fn paused(&self, key: SceneKey) -> bool {
        self.scenes.get(&key).is_some_and(|scene| scene.paused)
    }

    /// Lets a scene's time run a quarter as fast (-1), as the deck says (0), or four times as fast (1).
    pub fn set_pace(&mut self, key: SceneKey, pace: i8) {
        if let Some(scene) = self.scenes.get_mut(&key) {
            scene.pace = pace.clamp(-1, 1);
        }
    }

    /// How fast a scene's time runs.
    #[must_use]
    pub fn pace(&self, key: SceneKey) -> i8 {
        self.scenes.get(&key).map_or(0, |scene| scene.pace)
    }

    /// Begins a scene again from the same seed. Its pace stays; it is no longer paused, and nothing is held.
    ///
    /// # Errors
    /// As [`Stage::begin`]; then the scene has no networks.
    pub fn again(&mut self, world: &mut World, key: SceneKey) -> Result<(), StageError> {
        let Some(scene) = self.scenes.get_mut(&key) else {
            return Ok(());
        };
        let poses: Vec<Pose> = scene.networks.iter().map(|n| pose_of(world, n.layer())).collect();
        scene.leave(world);
        (scene.paused, scene.held, scene.card, scene.focus) = (false, None, None, None);
        scene.build()?;
        scene.stand(world);
        for (network, (offset, alpha)) in scene.networks.iter().zip(poses) {
            set_pose(world, network.layer(), offset, alpha);
        }
        Ok(())
    }

    /// Puts a scene's networks where the page says, or moves them there, as when *more* opens. Peers keep their places
    /// within the disc.
    pub fn set_frames(&mut self, world: &mut World, key: SceneKey, frames: &[StageFrame], order: i32) {
        let Some(scene) = self.scenes.get_mut(&key) else { return };
        scene.frames = frames.to_vec();
        scene.order = order;
        scene.stand(world);
        for (index, network) in scene.networks.iter_mut().enumerate() {
            network.set_frame(world, frame_of(frames, index), scene.step);
            if let Some(mut layer) = world.get_mut::<Layer>(network.layer())
                && layer.order != order
            {
                layer.order = order;
            }
        }
    }

    /// Shows what a peer holds, large; `card` is where the page lays its card. Nothing lets go.
    pub fn hold(&mut self, world: &mut World, key: SceneKey, held: Option<(usize, PeerId)>, card: Option<[f32; 4]>) {
        if let Some(scene) = self.scenes.get_mut(&key) {
            (scene.held, scene.card) = (held, card);
            scene.show_held(world);
        }
    }

    /// What is held.
    #[must_use]
    pub fn held(&self, key: SceneKey) -> Option<(usize, PeerId)> {
        self.scenes.get(&key)?.held
    }

    /// Gives the focus to a peer, or takes it away.
    pub fn focus(&mut self, world: &mut World, key: SceneKey, focus: Option<(usize, PeerId)>) {
        if let Some(scene) = self.scenes.get_mut(&key) {
            scene.focus = focus;
            scene.show_held(world);
        }
    }

    /// The peer that a touch at a point of the page means.
    #[must_use]
    pub fn pick(&self, key: SceneKey, point: Vec2) -> Option<(usize, PeerId)> {
        let scene = self.scenes.get(&key)?;
        picking::nearest(scene.networks.iter().flat_map(Live::touchable), point).map(|t| (t.network, t.peer))
    }

    /// All peers that can be touched, in order: what the focus walks through.
    #[must_use]
    pub fn touchable(&self, key: SceneKey) -> Vec<picking::Touchable> {
        self.scenes.get(&key).map(|s| s.networks.iter().flat_map(Live::touchable).collect()).unwrap_or_default()
    }

    /// The networks of a scene that are on the wall, to be looked at: models, peers, packets under way.
    #[must_use]
    pub fn networks(&self, key: SceneKey) -> &[Live] {
        self.scenes.get(&key).map(|s| &*s.networks).unwrap_or_default()
    }

    /// The model of a network.
    #[must_use]
    pub fn model(&self, key: SceneKey, network: usize) -> Option<&dyn Model> {
        self.scenes.get(&key)?.model(network)
    }

    /// The layers of a scene or drawing, for whoever moves, fades and orders slides.
    #[must_use]
    pub fn layers(&self, key: SceneKey) -> Vec<Entity> {
        let networks = self.networks(key).iter().map(Live::layer);
        networks.chain(self.drawings.get(&key).copied()).collect()
    }

    /// Moves and fades all layers of a scene or drawing.
    pub fn place(&self, world: &mut World, key: SceneKey, offset: Vec2, alpha: f32) {
        for entity in self.layers(key) {
            set_pose(world, entity, offset, alpha);
        }
    }
}

/// Where a layer is, and how much of it shows.
type Pose = (Vec2, f32);

fn pose_of(world: &World, layer: Entity) -> Pose {
    world.get::<Layer>(layer).map_or(([0.0; 2], 1.0), |layer| (layer.offset, layer.alpha))
}

fn set_pose(world: &mut World, layer: Entity, offset: Vec2, alpha: f32) {
    if let Some(mut layer) = world.get_mut::<Layer>(layer)
        && (layer.offset, layer.alpha) != (offset, alpha)
    {
        (layer.offset, layer.alpha) = (offset, alpha);
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
    let all: Vec<Deed> = deeds.map(|spec| Deed { key: spec.key, target: Target::Peer(peer), value: None }).collect();
    all.iter().find(|deed| live.model().may(deed).is_ok()).or(all.first()).cloned()
}

fn batches_of(runs: &[Run]) -> Vec<Batch> {
    runs.iter()
        .map(|run| match run {
            Run::Shapes(rows) => batch::<Shape>(Kind::Shape, rows),
            Run::Links(rows) => batch::<LinkRow>(Kind::Link, rows),
            Run::Packets(rows) => batch::<PacketRow>(Kind::Packet, rows),
            Run::Peers(rows) => batch::<PeerRow>(Kind::Peer, rows),
            Run::Blocks(rows) => batch::<BlockRow>(Kind::Block, rows),
        })
        .collect()
}

fn batch<T: bytemuck::NoUninit>(kind: Kind, rows: &[T]) -> Batch {
    let mut batch = Batch::new(kind);
    for row in rows {
        batch.push(row);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sim::registry, stage::packets::Packet};

    const FRAMES: [StageFrame; 2] = [
        StageFrame { network: 0, centre: [560.0, 548.0], radius: 284.0, height: None },
        StageFrame { network: 1, centre: [1360.0, 548.0], radius: 284.0, height: None },
    ];

    /// The scene of *Side by side*: two networks from one seed, with mirrored deeds.
    fn side_by_side() -> Setup {
        let system = registry::find("distribution").unwrap();
        let specs = (system.settings)();
        let network = |mode: &str| {
            let mut settings = Settings::defaults(&specs);
            for (key, value) in [("peers", "30"), ("chunks", "40"), ("degree", "6"), ("mode", mode)] {
                settings.set(&specs, key, value).unwrap();
            }
            NetworkSetup { build: system.build, settings, placement: Placement::Circle }
        };
        let networks = vec![network("client-server"), network("peer-to-peer")];
        Setup { networks, speed: 150.0, mirrored: true, compares: false, seed: 7 }
    }

    fn begun() -> (World, Stage, SceneKey) {
        let (mut world, mut stage) = (World::new(), Stage::default());
        let key = stage.begin(side_by_side()).unwrap();
        stage.set_frames(&mut world, key, &FRAMES, 10);
        stage.run(key);
        (world, stage, key)
    }

    fn count<C: Component>(world: &mut World) -> usize {
        world.query::<&C>().iter(world).count()
    }

    #[test]
    fn all_that_stands_is_an_entity_and_all_of_it_goes() {
        let (mut world, mut stage, key) = begun();
        assert_eq!(count::<Peer>(&mut world), 62);
        assert_eq!(count::<Piece>(&mut world), 80);
        assert!(count::<Link>(&mut world) >= 30 + 90);
        stage.advance(&mut world, 120);
        let under_way: usize = stage.networks(key).iter().map(Live::packets).sum();
        assert!(under_way > 10, "{under_way} packets");
        assert_eq!(count::<Packet>(&mut world), under_way);
        stage.end(&mut world, key);
        let left = count::<Peer>(&mut world) + count::<Link>(&mut world) + count::<Packet>(&mut world);
        assert_eq!(left + count::<Piece>(&mut world) + count::<Layer>(&mut world), 0);
    }

    #[test]
    fn what_entities_hold_is_what_the_model_says() {
        let (mut world, mut stage, key) = begun();
        stage.advance(&mut world, 300);
        for live in stage.networks(key) {
            let mut fresh = live.model().copy();
            let standing = fresh.watch();
            for peer in standing.peers {
                assert_eq!(live.peer(peer.id).map(|p| &p.pieces), Some(&peer.pieces), "{:?}", peer.id);
                let of_it = |(p, _): &(&Peer, &Holds)| p.id == peer.id && p.network as usize == 1;
                if live.frame().network == 1 {
                    let mut query = world.query::<(&Peer, &Holds)>();
                    let held = query.iter(&world).find(of_it).map(|(_, holds)| holds.0.clone());
                    assert_eq!(held, Some(peer.pieces));
                }
            }
            assert_eq!(standing.packets.len(), live.packets());
        }
    }

    #[test]
    fn touching_either_server_stops_both_and_touching_again_starts_both() {
        let (mut world, mut stage, key) = begun();
        stage.advance(&mut world, 60);
        for network in [0, 1] {
            let server = stage.networks(key)[network].server().unwrap();
            stage.touch(&mut world, key, network, server).unwrap();
            let stopped: Vec<bool> = stage.report(key).unwrap().networks.iter().map(|n| n.stopped).collect();
            assert_eq!(stopped, [true, true], "by touching network {network}");
            stage.touch(&mut world, key, network, server).unwrap();
            let stopped: Vec<bool> = stage.report(key).unwrap().networks.iter().map(|n| n.stopped).collect();
            assert_eq!(stopped, [false, false]);
        }
    }

    #[test]
    fn a_paused_scene_stands_and_still_answers() {
        let (mut world, mut stage, key) = begun();
        stage.advance(&mut world, 60);
        stage.pause(key, true);
        stage.advance(&mut world, 60);
        assert!(!stage.awake(key), "nothing moves while time stands");
        let now = stage.networks(key)[0].model().now();
        let server = stage.networks(key)[1].server().unwrap();
        stage.touch(&mut world, key, 1, server).unwrap();
        assert!(stage.report(key).unwrap().networks[1].stopped, "in the very same frame");
        assert!(stage.awake(key), "lines retract by the wall's clock");
        stage.advance(&mut world, 120);
        assert!(!stage.awake(key));
        assert_eq!(stage.networks(key)[0].model().now(), now);
    }

    #[test]
    fn pace_is_whole_microseconds_a_step_and_again_is_the_same_again() {
        let (mut world, mut stage, key) = begun();
        stage.advance(&mut world, 10);
        assert_eq!(stage.networks(key)[0].model().now(), 10 * 2_500_000);
        stage.set_pace(key, -1);
        stage.advance(&mut world, 10);
        assert_eq!(stage.networks(key)[0].model().now(), 10 * 2_500_000 + 10 * 625_000);
        stage.set_pace(key, 1);
        stage.advance(&mut world, 10);
        let after = stage.report(key).unwrap();
        stage.again(&mut world, key).unwrap();
        assert_eq!(stage.networks(key)[0].model().now(), 0);
        stage.set_pace(key, 0);
        stage.advance(&mut world, 10);
        stage.set_pace(key, -1);
        stage.advance(&mut world, 10);
        stage.set_pace(key, 1);
        stage.advance(&mut world, 10);
        assert_eq!(stage.report(key).unwrap(), after, "from the same seed the same run");
    }

    #[test]
    fn a_step_uploads_what_changed_and_not_what_stands() {
        let (mut world, mut stage, key) = begun();
        stage.advance(&mut world, 200);
        let drain = |world: &mut World, stage: &Stage| -> usize {
            let mut bytes = 0;
            for layer in stage.layers(key) {
                let mut layer = world.get_mut::<Layer>(layer).unwrap();
                for batch in &mut layer.batches {
                    let stride = batch.kind().stride();
                    bytes += batch.take_changed().map_or(0, |rows| rows.len() * stride);
                }
            }
            bytes
        };
        drain(&mut world, &stage);
        stage.pause(key, true);
        stage.advance(&mut world, 60);
        assert_eq!(drain(&mut world, &stage), 0, "nothing happened, nothing is uploaded");
    }

    #[test]
    fn holding_a_peer_makes_it_large_and_letting_go_small_again() {
        let (mut world, mut stage, key) = begun();
        let reach =
            |stage: &Stage| stage.touchable(key).iter().find(|t| t.network == 0 && t.peer == PeerId(5)).unwrap().reach;
        let small = reach(&stage);
        stage.hold(&mut world, key, Some((0, PeerId(5))), None);
        assert_eq!(reach(&stage), 122.0);
        assert_eq!(stage.report(key).unwrap().held, Some((0, PeerId(5))));
        stage.hold(&mut world, key, None, None);
        assert_eq!(reach(&stage), small);
    }
}
