//! What packets in flight cost a frame on the CPU: on the stage, and as one sprite entity each.
//!
//! Both sides are Bevy applications without a window in this one process, driven in turn, block by block, so that
//! whatever else the machine does hits both. Both let the same packets depart at the same moments between the same
//! peers, each for one second, and draw onto a picture so small that nothing is left to fill.
//!
//! What is measured is the processor time of this process, as the kernel counts it, over whole updates and the wait for
//! the device that follows each, without that of the rasteriser's threads, which copy buffers and run every shader. Wall
//! time would count the rasteriser, which shares the cores; the main thread alone would leave out what Bevy's pool does
//! for the sprites; and an update with the camera asleep would leave out the work of drawing, of which the sprites have
//! most.
//!
//! `cargo bench --bench stage`

use bevy::{
    asset::RenderAssetUsages,
    camera::{RenderTarget, ScalingMode, visibility::ViewVisibility},
    image::Image,
    log::LogPlugin,
    prelude::*,
    render::{
        RenderApp, RenderPlugin,
        pipelined_rendering::PipelinedRenderingPlugin,
        render_resource::{Extent3d, PollType, TextureDimension, TextureFormat, TextureUsages},
        renderer::RenderDevice,
        settings::{Backends, RenderCreation, WgpuSettings},
        view::Msaa,
    },
    window::ExitCondition,
    winit::WinitPlugin,
};
use cpu_time::ProcessTime;
use peerscape::{
    app::studio::Studio,
    deck::structure::Placement,
    ink::gpu::{BytesUploaded, pipelines_ready},
    sim::{
        model::{
            Deed, DeedSpec, Figure, Model, Range, Refusal, SettingError, SettingSpec, Settings, Unit, Value as Setting,
        },
        vocabulary::{
            Bits, Happening, Link, LinkId, LinkState, Micros, Packet as Leaves, PacketForm, PacketId, Peer, PeerId,
            PeerKind, Standing, Tint, Word,
        },
    },
    slides::StageFrame,
    stage::{
        packets::Packet,
        rows::PacketRow,
        wall::{NetworkSetup, SceneKey, Setup, Stage, StagePlugin},
    },
};
use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

/// How many packets are in flight.
const SIZES: [u64; 4] = [0, 1_000, 10_000, 100_000];

/// How long each one flies, in model time; the model runs as fast as the clock on the wall.
const LIFE: Micros = 1_000_000;

/// Frames in a second, and model time between two.
const RATE: u64 = 60;
const STEP: Micros = 16_667;

/// Peers that the packets fly between, and how many neighbours each knows on either side.
const PEERS: u32 = 1_000;
const REACH: u32 = 3;

/// Frames until as many die as are born, and a few more in which buffers find their size.
const WARM_UP: u64 = 90;

/// Frames that are measured together, and how often.
const BLOCK: u32 = 20;
const BLOCKS: usize = 15;

/// The picture: small enough that no pixel costs anything.
const PICTURE: [u32; 2] = [16, 16];

/// The canvas that both sides think in.
const CANVAS: [f32; 2] = [1920.0, 1080.0];

/// What the stage may cost beside sprites at the top.
const GOAL: f64 = 1.0 / 20.0;

/// A packet that both sides let fly.
#[derive(Clone, Copy)]
struct Birth {
    from: PeerId,
    to: PeerId,
    departs: Micros,
}

/// The same numbers for the same question, on both sides.
fn draw(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What departs in a frame, in order of time.
fn births(packets: u64, step: u64) -> impl Iterator<Item = Birth> {
    let range = step * packets / RATE..(step + 1) * packets / RATE;
    let (first, many) = (range.start, range.end - range.start);
    range.map(move |nth| {
        let luck = draw(nth);
        let from = (luck % u64::from(PEERS)) as u32;
        let away = 1 + (luck >> 32) as u32 % REACH;
        let to = if luck >> 63 == 0 { (from + away) % PEERS } else { (from + PEERS - away) % PEERS };
        let departs = step * STEP + (nth - first + 1) * STEP / many;
        Birth { from: PeerId(from), to: PeerId(to), departs }
    })
}

/// A model that does nothing but send: what it costs, it costs the stage's side.
#[derive(Clone)]
struct Couriers {
    packets: u64,
    step: u64,
    now: Micros,
    sent: Vec<u32>,
    fresh: Vec<Happening>,
}

impl Couriers {
    fn build(settings: &Settings, _seed: u64) -> Result<Box<dyn Model>, SettingError> {
        let packets = settings.whole("packets");
        Ok(Box::new(Self { packets, step: 0, now: 0, sent: vec![0; PEERS as usize], fresh: Vec::new() }))
    }

    fn settings(packets: u64) -> Settings {
        Settings::defaults(&[SettingSpec {
            key: "packets",
            unit: Unit::Count,
            range: Range::Whole(0, 1_000_000),
            default: Setting::Whole(packets),
        }])
    }
}

impl Model for Couriers {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.now
    }

    fn advance(&mut self, until: Micros) {
        while self.now + STEP <= until {
            for birth in births(self.packets, self.step) {
                let count = &mut self.sent[birth.from.0 as usize];
                self.fresh.push(Happening::Departs(Leaves {
                    id: PacketId { sender: birth.from, count: *count },
                    from: birth.from,
                    to: birth.to,
                    departs: birth.departs,
                    arrives: birth.departs + LIFE,
                    form: PacketForm::Content,
                    tint: Tint::Data,
                    piece: None,
                    letter: [0; 2],
                    layers: 0,
                }));
                *count += 1;
            }
            self.step += 1;
            self.now += STEP;
        }
    }

    fn next_event(&self) -> Option<Micros> {
        Some(self.now + STEP)
    }

    fn next_travel(&self) -> Option<Micros> {
        Some(self.now)
    }

    fn finished(&self) -> bool {
        false
    }

    fn watch(&mut self) -> Standing {
        let peers = (0..PEERS).map(|id| Peer::new(PeerId(id), PeerKind::Peer, Bits::none(0))).collect();
        let mut links: Vec<Link> = (0..PEERS)
            .flat_map(|a| (1..=REACH).map(move |away| LinkId::between(PeerId(a), PeerId((a + away) % PEERS))))
            .map(|id| Link { id, state: LinkState::InUse, directed: false })
            .collect();
        links.sort_unstable_by_key(|link| link.id);
        Standing { now: self.now, peers, links, ..Standing::default() }
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        into.append(&mut self.fresh);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        &[]
    }

    fn may(&self, _deed: &Deed) -> Result<(), Refusal> {
        Err(Refusal("nothing"))
    }

    fn act(&mut self, _deed: &Deed) -> Result<(), Refusal> {
        Err(Refusal("nothing"))
    }

    fn states(&self) -> Vec<Word> {
        Vec::new()
    }

    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }

    fn events(&self) -> u64 {
        self.sent.iter().copied().map(u64::from).sum()
    }
}

/// The scene that the stage's side advances, and how long that alone took.
#[derive(Resource)]
struct OnStage {
    key: SceneKey,
    took: Duration,
}

fn advance(world: &mut World) {
    let began = Instant::now();
    let key = world.resource::<OnStage>().key;
    world.resource_scope(|world, mut stage: Mut<Stage>| {
        stage.advance(world, 1);
        assert_eq!(stage.networks(key).len(), 1, "the network stands");
    });
    world.resource_mut::<OnStage>().took += began.elapsed();
}

/// The stage as the exhibit has it, with one network.
fn stage(packets: u64) -> App {
    let mut app = Studio::new(PICTURE, StagePlugin).app;
    app.add_systems(Update, advance);
    let network =
        NetworkSetup { build: Couriers::build, settings: Couriers::settings(packets), placement: Placement::Circle };
    let setup = Setup { networks: vec![network], speed: 1.0, mirrored: false, compares: false, seed: 1 };
    let world = app.world_mut();
    let key = world.resource_scope(|world, mut stage: Mut<Stage>| {
        let key = stage.begin(setup).expect("the model builds");
        let frame = StageFrame { network: 0, centre: CANVAS.map(|side| side * 0.5), radius: 284.0, height: None };
        stage.set_frames(world, key, &[frame], 10);
        stage.run(key);
        key
    });
    world.insert_resource(OnStage { key, took: Duration::ZERO });
    app
}

/// A packet as somebody who uses sprites would have it.
#[derive(Component)]
struct Flight {
    departs: Micros,
    from: Vec2,
    to: Vec2,
}

/// The sprites' clock, and their one image.
#[derive(Resource)]
struct Sprites {
    packets: u64,
    step: u64,
    image: Handle<Image>,
}

/// Where a peer of the sprites stands: anywhere in the picture will do.
fn spot(peer: PeerId) -> Vec2 {
    let luck = draw(u64::from(peer.0) << 32);
    let share = |bits: u64| (bits & 0xFFFF) as f32 / 65_535.0 - 0.5;
    Vec2::new(share(luck), share(luck >> 16)) * Vec2::from(CANVAS) * 0.9
}

/// Lets fly what departs, takes away what has landed, and moves all others.
fn fly(mut commands: Commands, mut sprites: ResMut<Sprites>, mut flights: Query<(Entity, &Flight, &mut Transform)>) {
    let now = (sprites.step + 1) * STEP;
    for (entity, flight, mut transform) in &mut flights {
        let share = (now - flight.departs) as f32 / LIFE as f32;
        if share >= 1.0 {
            commands.entity(entity).despawn();
        } else {
            transform.translation = flight.from.lerp(flight.to, share).extend(0.0);
        }
    }
    let image = sprites.image.clone();
    let fresh = births(sprites.packets, sprites.step).map(move |birth| {
        let (from, to) = (spot(birth.from), spot(birth.to));
        let sprite = Sprite { image: image.clone(), custom_size: Some(Vec2::splat(8.0)), ..Sprite::default() };
        (sprite, Transform::from_translation(from.extend(0.0)), Flight { departs: birth.departs, from, to })
    });
    commands.spawn_batch(fresh.collect::<Vec<_>>());
    sprites.step += 1;
}

/// One sprite entity a packet, with Bevy's own 2D camera.
fn sprites(packets: u64) -> App {
    let mut app = App::new();
    app.add_plugins(
        DefaultPlugins
            .build()
            .set(WindowPlugin {
                primary_window: None,
                exit_condition: ExitCondition::DontExit,
                ..WindowPlugin::default()
            })
            .set(RenderPlugin {
                synchronous_pipeline_compilation: true,
                render_creation: RenderCreation::Automatic(Box::new(WgpuSettings {
                    backends: Some(Backends::VULKAN),
                    ..WgpuSettings::default()
                })),
                ..RenderPlugin::default()
            })
            .disable::<PipelinedRenderingPlugin>()
            .disable::<WinitPlugin>()
            // The other side's is in place already.
            .disable::<LogPlugin>(),
    );
    app.finish();
    app.cleanup();
    let fill = |size: [u32; 2], value: [u8; 4]| {
        Image::new_fill(
            Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
            TextureDimension::D2,
            &value,
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::RENDER_WORLD,
        )
    };
    let mut target = fill(PICTURE, [0; 4]);
    target.texture_descriptor.usage |= TextureUsages::RENDER_ATTACHMENT;
    let mut images = app.world_mut().resource_mut::<Assets<Image>>();
    let (target, image) = (images.add(target), images.add(fill([8, 8], [255; 4])));
    let projection = OrthographicProjection {
        scaling_mode: ScalingMode::Fixed { width: CANVAS[0], height: CANVAS[1] },
        ..OrthographicProjection::default_2d()
    };
    app.world_mut().spawn((Camera2d, Projection::from(projection), Msaa::Off, RenderTarget::from(target)));
    app.insert_resource(Sprites { packets, step: 0, image });
    app.add_systems(Update, fly);
    app
}

/// Processor time of the software rasteriser's threads, as the kernel counts it: those that Mesa has named, and those
/// that execute what was submitted, which nobody has named, so that they bear the name of the process.
fn rasteriser() -> Duration {
    let own = std::fs::read_to_string("/proc/self/comm").expect("this bench reads /proc");
    let main = std::process::id().to_string();
    let mut all = [Duration::ZERO; 2];
    for task in std::fs::read_dir("/proc/self/task").expect("this bench reads /proc").flatten() {
        // A thread may end while it is looked at.
        let read = |name: &str| std::fs::read_to_string(task.path().join(name)).ok();
        let (Some(name), Some(stat)) = (read("comm"), read("schedstat")) else { continue };
        let nanos = stat.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        if name.starts_with("llvmpipe") {
            all[0] += Duration::from_nanos(nanos);
        } else if name == own && task.file_name().to_string_lossy() != main {
            all[1] += Duration::from_nanos(nanos);
        }
    }
    // A graphics card rasterises by itself: then there are no such threads.
    let named = !all[0].is_zero();
    assert!(!named || !all[1].is_zero(), "the rasteriser's threads have other names than this bench knows");
    if !named {
        return Duration::ZERO;
    }
    all.iter().sum()
}

/// A frame: an update, and the wait until the device has done what it was told, or it would lag ever further behind.
fn frame(app: &mut App) {
    app.update();
    let device = app.world().resource::<RenderDevice>();
    device.poll(PollType::wait_indefinitely()).expect("the device answers");
}

/// Processor time a frame, in milliseconds: without the rasteriser, and of the rasteriser alone.
fn block(app: &mut App) -> [f64; 2] {
    // Its threads sleep now and after each frame, so that what is written of them is whole.
    let (before, began) = (rasteriser(), ProcessTime::now());
    for _ in 0..BLOCK {
        frame(app);
    }
    let (whole, raster) = (began.elapsed(), rasteriser() - before);
    [whole.saturating_sub(raster), raster].map(|time| time.as_secs_f64() * 1e3 / f64::from(BLOCK))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How many of something there are.
fn count<C: Component>(app: &mut App) -> usize {
    app.world_mut().query::<&C>().iter(app.world()).count()
}

fn assert_near(there: usize, wanted: u64, what: &str) {
    let off = (there as f64 - wanted as f64).abs();
    // At 1,000 a frame's births are almost two in a hundred themselves.
    let tolerance = (wanted as f64 * 0.02).max(1.0);
    assert!(off <= tolerance, "{there} {what}, and not {wanted} within two in a hundred");
}

/// What one number of packets costs on both sides.
struct Costs {
    packets: u64,
    stage: f64,
    sprites: f64,
    advance: f64,
    bytes: f64,
    /// The stage's cost while nothing of it is drawn: what it costs where the rasteriser does not clear the caches.
    unseen: f64,
    /// The stage's cost by the sprites', block by block.
    ratios: Vec<f64>,
    rasteriser: [f64; 2],
}

impl Costs {
    /// The stage beside sprites, both freed of what the rasteriser does to the caches. That can't be measured of the
    /// sprites, which do most of their work only if they are drawn; they are granted as much as the stage.
    fn beside_sprites_unseen(&self) -> f64 {
        self.unseen / (self.sprites - (self.stage - self.unseen).max(0.0))
    }
}

fn measure(packets: u64) -> Costs {
    let (mut ours, mut theirs) = (stage(packets), sprites(packets));
    for _ in 0..WARM_UP {
        frame(&mut ours);
        frame(&mut theirs);
    }
    assert_eq!(pipelines_ready(ours.sub_app(RenderApp).world()), Ok(true), "every shader draws");
    let bytes = ours.world().resource::<BytesUploaded>().get();
    ours.world_mut().resource_mut::<OnStage>().took = Duration::ZERO;
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..BLOCKS {
        a.push(block(&mut ours));
        b.push(block(&mut theirs));
    }
    let frames = BLOCKS as f64 * f64::from(BLOCK);
    let bytes = (ours.world().resource::<BytesUploaded>().get() - bytes) as f64 / frames;
    let advance = ours.world().resource::<OnStage>().took.as_secs_f64() * 1e3 / frames;

    // What was measured is what this bench says it is.
    assert_near(count::<Packet>(&mut ours), packets, "Packets are alive on the stage");
    assert_near(count::<Flight>(&mut theirs), packets, "sprites are alive");
    let seen = theirs.world_mut().query::<(&Sprite, &ViewVisibility)>();
    let seen = { seen }.iter(theirs.world()).filter(|(_, visible)| visible.get()).count();
    // Those born in the last frame are seen in it too.
    assert_near(seen, packets, "sprites are drawn");
    let least = packets as f64 / RATE as f64 * size_of::<PacketRow>() as f64;
    assert!(bytes >= least, "{bytes} bytes a frame reach the GPU; the rows of what was born are {least}");

    ours.world_mut().resource_scope(|world, stage: Mut<Stage>| {
        let key = world.resource::<OnStage>().key;
        stage.place(world, key, [0.0; 2], 0.0);
    });
    let unseen = median((0..BLOCKS).map(|_| block(&mut ours)[0]).collect());
    let ratios = a.iter().zip(&b).map(|(a, b)| a[0] / b[0]).collect();
    let side = |blocks: &[[f64; 2]], i: usize| median(blocks.iter().map(|b| b[i]).collect());
    Costs {
        packets,
        stage: side(&a, 0),
        sprites: side(&b, 0),
        advance,
        bytes,
        unseen,
        ratios,
        rasteriser: [side(&a, 1), side(&b, 1)],
    }
}

fn main() {
    // Built and run as a test, it has nothing to say.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let all: Vec<Costs> = SIZES.into_iter().map(measure).collect();
    let mut table = String::new();
    let _ = writeln!(
        table,
        "CPU a frame in ms, all threads but the rasteriser's; median of {BLOCKS} blocks of {BLOCK} frames, both sides in \
         turn.\n{:>9} {:>9} {:>9} {:>14} {:>9} {:>14} {:>9} {:>10} {:>19}",
        "packets", "stage", "sprites", "stage/sprites", "unseen", "no rasteriser", "advance", "KiB sent", "rasteriser"
    );
    for costs in &all {
        let ratio = median(costs.ratios.clone());
        let _ = writeln!(
            table,
            "{:>9} {:>9.3} {:>9.3} {:>14} {:>9} {:>14} {:>9.3} {:>10.1} {:>9.2} {:>9.2}",
            costs.packets,
            costs.stage,
            costs.sprites,
            format!("1/{:.1}", 1.0 / ratio),
            format!("{:.3}", costs.unseen),
            format!("1/{:.1}", 1.0 / costs.beside_sprites_unseen()),
            costs.advance,
            costs.bytes / 1024.0,
            costs.rasteriser[0],
            costs.rasteriser[1],
        );
    }
    print!("{table}");
    println!(
        "stage/sprites: both drawn; between two frames the software rasteriser clears the caches with its own work.\n\
         unseen: the stage with its layer at alpha 0, all else as before: births, deaths, rows, uploads. no rasteriser: \
         that\nbeside the sprites, less for them too what being drawn adds to the stage. advance: wall time of the stage's \
         system."
    );
    if let Some(top) = all.last() {
        let ratio = median(top.ratios.clone());
        let verdict = |ratio: f64| if ratio <= GOAL { "reached" } else { "missed" };
        let alone = top.beside_sprites_unseen();
        println!(
            "At {} packets the stage costs {alone:.3} of sprites without the rasteriser (goal {GOAL}: {}), {ratio:.3} with \
             its effect on the caches ({}).",
            top.packets,
            verdict(alone),
            verdict(ratio)
        );
    }
}
