//! What a frame costs where the processor draws it, at 1920×1080: the exhibit itself, on a picture instead of a screen.
//!
//! A frame is an update of the whole application and the wait until the device has drawn it, in wall time. Its work
//! lies on every core, so that a busy machine shows at once: repeat, and look at the median.
//!
//! `cargo bench --bench frame`

use bevy::{
    prelude::*,
    render::{render_resource::PollType, renderer::RenderDevice},
};
use peerscape::{
    app::{
        exhibit::{Exhibit, Options, off_screen},
        hands::Meant,
        scene::Scenes,
        show::Boards,
    },
    deck::{Deck, assets::Assets, place::render_all},
    ink::{
        layer::{Batch, Kind, Layer},
        look::Look,
    },
    kiosk::settings::Settings,
    slides::Touch,
    stage::packets::Packet,
};
use std::time::Instant;

/// The wall's size.
const SIZE: [u32; 2] = [1920, 1080];

/// Frames of each measurement.
const FRAMES: usize = 120;

/// How often a slide turns into another and back.
const TURNS: usize = 10;

/// How long the live scene has run, in seconds, before it is measured.
const AFTER: f32 = 8.0;

/// What a wall may take for a frame at 60 frames a second.
const BUDGET: f64 = 1000.0 / 60.0;

/// Batches of these kinds stay in the main world, unseen, while this is measured.
#[derive(Resource, Default)]
struct LeftOut {
    kinds: Vec<Kind>,
    kept: Vec<(Entity, usize, Batch)>,
}

/// Takes away what is left out, just before it would be uploaded.
fn take_away(mut layers: Query<(Entity, &mut Layer)>, mut out: ResMut<LeftOut>) {
    let LeftOut { kinds, kept } = &mut *out;
    if kinds.is_empty() {
        return;
    }
    for (entity, mut layer) in &mut layers {
        for (index, batch) in layer.bypass_change_detection().batches.iter_mut().enumerate() {
            if kinds.contains(&batch.kind()) {
                let empty = Batch::new(batch.kind());
                kept.push((entity, index, std::mem::replace(batch, empty)));
            }
        }
    }
}

/// Puts it back, before anybody could miss it.
fn put_back(mut layers: Query<&mut Layer>, mut out: ResMut<LeftOut>) {
    for (entity, index, batch) in out.kept.drain(..) {
        if let Ok(mut layer) = layers.get_mut(entity) {
            layer.bypass_change_detection().batches[index] = batch;
        }
    }
}

/// Milliseconds of frames.
struct Times(Vec<f64>);

impl Times {
    fn at(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[((sorted.len() - 1) as f64 * share).round() as usize]
    }

    fn say(&self, what: &str) {
        let (median, slow) = (self.at(0.5), self.at(0.95));
        let late = self.0.iter().filter(|t| **t > BUDGET).count();
        println!("{what:<44} {median:>8.2} {slow:>8.2} {:>7.0} {:>5}/{}", 1000.0 / median, late, self.0.len());
    }
}

/// A frame, and what it took.
fn frame(app: &mut App) -> f64 {
    let began = Instant::now();
    app.update();
    let device = app.world().resource::<RenderDevice>();
    device.poll(PollType::wait_indefinitely()).expect("the device answers");
    began.elapsed().as_secs_f64() * 1e3
}

/// Frames that are drawn although nothing moves.
fn drawn(app: &mut App) -> Times {
    let draw = |app: &mut App| {
        app.world_mut().resource_mut::<Exhibit>().moving = true;
        frame(app)
    };
    (0..10).for_each(|_| _ = draw(app));
    Times((0..FRAMES).map(|_| draw(app)).collect())
}

/// Turns to a slide; nothing is measured.
fn go(app: &mut App, at: &str) {
    let at = app.world().resource::<Exhibit>().deck.position_of(at).expect("the deck has this slide");
    app.world_mut().resource_mut::<Messages<Meant>>().write(Meant::Touch(Touch::Goto(at)));
    app.update();
}

/// Frames until nothing turns any more.
fn turning(app: &mut App) -> Vec<f64> {
    let mut times = Vec::new();
    while app.world().resource::<Boards>().transition.is_some() {
        times.push(frame(app));
    }
    times
}

/// The frames in which two slides turn into each other. The one in which the other slide is put up counts too.
fn between(app: &mut App, [a, b]: [&str; 2]) -> (Times, Times) {
    go(app, a);
    turning(app);
    let (mut put_up, mut moved) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        // So long a slide stands at least.
        (0..5).for_each(|_| _ = frame(app));
        let to = if turn % 2 == 0 { b } else { a };
        let at = app.world().resource::<Exhibit>().deck.position_of(to).expect("the deck has this slide");
        app.world_mut().resource_mut::<Messages<Meant>>().write(Meant::Touch(Touch::Goto(at)));
        put_up.push(frame(app));
        assert!(app.world().resource::<Boards>().transition.is_some(), "one slide turns into the other");
        moved.extend(turning(app));
    }
    assert!(moved.len() >= TURNS * 3, "{} frames in {TURNS} turns are none to speak of", moved.len());
    (Times(put_up), Times(moved))
}

fn rows(app: &mut App, kind: Kind) -> usize {
    let mut layers = app.world_mut().query::<&Layer>();
    layers.iter(app.world()).flat_map(|l| &l.batches).filter(|b| b.kind() == kind).map(Batch::len).sum()
}

/// What the batches of each kind cost: frames with and without them in turn, because a shared machine has its moods.
fn by_kind(app: &mut App) {
    let leave_out = |app: &mut App, kinds: &[Kind]| {
        app.world_mut().resource_mut::<LeftOut>().kinds = kinds.to_vec();
        app.world_mut().resource_mut::<Exhibit>().moving = true;
        frame(app)
    };
    let kinds: Vec<(Kind, usize)> =
        Kind::ALL.into_iter().map(|kind| (kind, rows(app, kind))).filter(|(_, there)| *there > 0).collect();
    let mut whole = Times(Vec::new());
    let mut costs: Vec<Times> = kinds.iter().map(|_| Times(Vec::new())).collect();
    for _ in 0..FRAMES / 2 {
        for ((kind, _), costs) in kinds.iter().zip(&mut costs) {
            let with = leave_out(app, &[]);
            costs.0.push(with - leave_out(app, &[*kind]));
            whole.0.push(with);
        }
    }
    leave_out(app, &[]);
    whole.say("the same scene paused, drawn every frame");
    for ((kind, there), costs) in kinds.iter().zip(&costs) {
        let what = format!("  of which {} ({there} rows)", format!("{kind:?}").to_lowercase());
        println!("{what:<44} {:>8.2}", costs.at(0.5));
    }
}

fn main() {
    // Built and run as a test, it has nothing to say.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let deck = Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)));
    let settings = Settings { idle: 86_400, ..Settings::default() };
    let at = deck.position_of("welcome").expect("the deck begins");
    let looks = Look::embedded().expect("the built-in looks are right");
    let options = Options { at, settings, ..Options::of(deck, Assets::new(None), looks) };
    let mut app = off_screen(options, SIZE).expect("the bindings are right");
    app.init_resource::<LeftOut>().add_systems(First, put_back).add_systems(Last, take_away);
    (0..20).for_each(|_| _ = frame(&mut app));
    let load = || std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load {}", load().trim());
    println!("{:<44} {:>8} {:>8} {:>7} {:>9}", "ms a frame at 1920x1080", "median", "95 %", "per s", "late");

    let still = drawn(&mut app);
    app.world_mut().resource_mut::<LeftOut>().kinds = Kind::ALL.to_vec();
    drawn(&mut app).say("empty: nothing but the ground");
    app.world_mut().resource_mut::<LeftOut>().kinds.clear();
    still.say("still slide (welcome), drawn every frame");
    for _ in 0..5 {
        frame(&mut app);
    }
    let camera = |app: &mut App| app.world_mut().query::<&Camera>().iter(app.world()).any(|c| c.is_active);
    assert!(!camera(&mut app), "a still slide draws nothing");
    Times((0..FRAMES).map(|_| frame(&mut app)).collect()).say("still slide, left alone: nothing is drawn");

    for (what, pair) in [
        ("two text slides turn", ["welcome/start", "welcome/looks"]),
        ("two scene slides turn", ["side-by-side/live", "side-by-side/crowd"]),
    ] {
        let (put_up, moved) = between(&mut app, pair);
        moved.say(what);
        put_up.say(&format!("{what}: the first frame"));
    }

    go(&mut app, "side-by-side/live");
    turning(&mut app);
    let began = Instant::now();
    while began.elapsed().as_secs_f32() < AFTER {
        frame(&mut app);
    }
    assert!(app.world_mut().query::<&Packet>().iter(app.world()).count() > 10, "packets are under way");
    // It moves on while it is measured; in its own time the picture stays much the same.
    Times((0..FRAMES).map(|_| frame(&mut app)).collect()).say("live scene, two networks, after 8 s");
    let scene = app.world().resource::<Boards>().front.as_ref().and_then(|b| b.scene).expect("a scene");
    assert!(app.world().resource::<Scenes>().moves(scene), "it still runs");

    // The same picture from here on: time stands, and every frame is drawn all the same.
    app.world_mut().resource_scope(|world, mut scenes: Mut<Scenes>| {
        scenes.time(world, scene, peerscape::deck::action::Action::Pause);
    });
    (0..60).for_each(|_| _ = frame(&mut app));
    by_kind(&mut app);
    println!("load {}", load().trim());
}
