//! The exhibit: what it shows, and how it is put together as a Bevy application.

use super::{
    act, base,
    clock::{self, Clock},
    devices::{self, Devices},
    hands::{self, Hands, KeyStrokes, Meant, Touches},
    health::{self, Health},
    hotplug,
    lamp::{self, Lamp},
    monitor, paint,
    present::{self, Audience, PresentPlugin, Wanted},
    proof::{Proofs, proofread},
    rest,
    scene::{self, Scenes},
    show::{self, Boards},
    staff::{self, Staff, StaffPlugin},
    studio::{self, Picture, StudioError, set_look},
    tape::{self, Heard, Player, Recording},
    tend::{self, Tending},
    touches, visits, watch,
};
use crate::{
    cli::{NO_ADAPTER, NO_DISPLAY},
    deck::{
        Deck,
        assets::Assets,
        cursor::{self, Shape},
        place::Finding,
        state::{DeckState, Overlay, Position},
    },
    ink::{
        gpu::{self, InkPlugin, PALETTE, Wall},
        look::Look,
        sheet::Canvas,
        text::Typesetter,
        turn::Turn,
    },
    input::{
        bindings::{Bindings, Mode},
        focus::Focus,
    },
    kiosk::{
        settings::Settings,
        starts::{SHORT, Starts},
        visits::Visits,
    },
    sim::{
        mining::crew,
        vocabulary::{PeerId, Word},
    },
    slides::{
        Hit, Page, SceneReport, View,
        ease::{Ease, Low},
        overlays,
    },
};
use bevy::{
    camera::RenderTarget,
    prelude::*,
    render::renderer::RenderDevice,
    window::{PrimaryWindow, WindowRef},
    winit::{EventLoopProxyWrapper, WinitMonitors},
};
use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Instant};

/// How long a look takes to become another, in steps: 240 ms.
const LOOK_FADE: u64 = 14;

/// The same under reduced motion: 150 ms.
const LOOK_FADE_REDUCED: u64 = 9;

/// How the exhibit opens.
pub struct Options {
    /// The deck.
    pub deck: Deck,
    /// The files that stand in for those built in.
    pub assets: Assets,
    /// All looks.
    pub looks: Vec<Look>,
    /// Where it begins.
    pub at: Position,
    /// How it runs at its place.
    pub settings: Settings,
    /// What is wrong with the file of settings.
    pub wrong_settings: Vec<Finding>,
    /// A window of this size instead of the whole screen.
    pub windowed: Option<[u32; 2]>,
    /// The seed of all chance in scenes.
    pub seed: u64,
    /// The count of starts that did not last, where somebody keeps it.
    pub starts: Option<Starts>,
    /// What staff should know of this start.
    pub notice: Vec<Finding>,
    /// Whether it begins by playing to nobody; else it begins where it was told to.
    pub begin_in_attract: bool,
    /// A file to write down everything in that comes in.
    pub record: Option<PathBuf>,
    /// A tape to be played in place of what comes in.
    pub play: Option<Player>,
    /// A presenter, with a window of their own.
    pub present: Option<Wanted>,
}

impl Options {
    /// As it opens where nobody says anything else: on the first slide, and waiting there.
    #[must_use]
    pub fn of(deck: Deck, assets: Assets, looks: Vec<Look>) -> Self {
        Self {
            deck,
            assets,
            looks,
            at: Position::default(),
            settings: Settings::default(),
            wrong_settings: Vec::new(),
            windowed: None,
            seed: 1,
            starts: None,
            notice: Vec::new(),
            begin_in_attract: false,
            record: None,
            play: None,
            present: None,
        }
    }
}

/// What the exhibit shows, and what it shows it with.
#[derive(Resource)]
pub struct Exhibit {
    /// The deck shown: the last good one.
    pub deck: Arc<Deck>,
    /// Its slides and steps, for the cursor.
    pub shape: Shape,
    /// Where we are.
    pub state: DeckState,
    /// All looks.
    pub looks: Vec<Look>,
    /// The present look.
    pub look: usize,
    /// The picture's size.
    pub canvas: Canvas,
    /// The size of text, and how high controls may stand on this canvas.
    pub ease: Ease,
    /// A screen of which only the lower part is in reach.
    low: Option<Low>,
    /// Lays out words.
    pub typesetter: Typesetter,
    /// What keys and swipes mean.
    pub bindings: Bindings,
    /// The focus.
    pub focus: Focus,
    /// The peer that the stage shows the focus on.
    pub focused_peer: Option<(usize, PeerId)>,
    /// Idle time, the question, attract.
    pub kiosk: Tending,
    /// Whether the wall is black, out of hours.
    pub dark: bool,
    /// Where there is a presenter, whether they have covered the audience's picture.
    pub presents: Option<bool>,
    /// Whether motion is reduced.
    pub reduced: bool,
    /// Whether a key was ever pressed: then the help prints keys.
    pub keyboard: bool,
    /// The seed of all chance in scenes.
    pub seed: u64,
    /// What the live scene last said.
    pub report: Option<SceneReport>,
    /// The page must be composed anew.
    pub stale: bool,
    /// The slide must be put up anew, scene and all.
    pub rebuild: bool,
    /// Something moves: the next frame is drawn too.
    pub moving: bool,
    /// When the look last changed.
    pub look_changed_at: Option<u64>,
    /// Since when the palette fades, and from what.
    pub fading: Option<(u64, [[f32; 4]; PALETTE])>,
    /// How much of the slide shows behind what lies over it.
    pub veil: f32,
    /// "Still there?" and the seconds left.
    pub asking: Option<u32>,
    /// What is wrong with the deck that was saved last, and whether its panel is shown.
    pub findings: Vec<Finding>,
    /// How many times a deck was refused: the panel is another one each time.
    pub findings_read: u64,
    /// Which of its places the panel shows.
    pub finding_shown: usize,
    /// Whether the panel that says so is folded away.
    pub findings_hidden: bool,
    /// Where the deck is read from.
    pub deck_path: Option<PathBuf>,
    /// Files that stand in for those built in.
    pub assets: Assets,
    /// The language of words.
    pub lang: String,
    /// What lies over the slide, as it was last composed.
    over: Option<Page>,
    /// The headline state that the log last named.
    told: Option<Word>,
    first_look: usize,
}

impl Exhibit {
    fn new(options: Options, bindings: Bindings) -> Self {
        let shape = options.deck.shape();
        let state = cursor::begin(&shape, options.at);
        // A window that turns out to be just so large changes nothing, and so must find all in its place.
        let canvas = Canvas { size: options.windowed.unwrap_or([1920, 1080]) };
        // A screen that is out of reach was refused where the settings were read.
        let low = options.settings.low().ok().flatten();
        Self {
            kiosk: Tending::new(&options),
            shape,
            state,
            looks: options.looks,
            look: options.settings.look,
            first_look: options.settings.look,
            canvas,
            ease: Ease { text: options.settings.text, low: low.map(|low| low.line(canvas)) },
            low,
            typesetter: Typesetter::new(),
            bindings,
            focus: Focus::default(),
            focused_peer: None,
            dark: false,
            presents: options.present.as_ref().map(|_| false),
            reduced: options.settings.reduced_motion,
            seed: options.seed,
            keyboard: false,
            report: None,
            stale: true,
            rebuild: false,
            moving: true,
            look_changed_at: None,
            fading: None,
            veil: 1.0,
            asking: None,
            findings: Vec::new(),
            findings_read: 0,
            finding_shown: 0,
            findings_hidden: false,
            deck_path: options.settings.deck,
            assets: options.assets,
            lang: options.settings.language,
            over: None,
            told: None,
            deck: Arc::new(options.deck),
        }
    }

    /// Takes on a picture of another size.
    pub fn take_canvas(&mut self, canvas: Canvas) {
        self.canvas = canvas;
        self.ease.low = self.low.map(|low| low.line(canvas));
        self.stale = true;
    }

    /// What can be touched now, the top one last.
    #[must_use]
    pub fn hits<'a>(&self, boards: &'a Boards) -> &'a [Hit] {
        match (&boards.overlay_hits, &boards.front) {
            (Some(hits), _) => hits,
            (None, Some(front)) => &front.page.hits,
            (None, None) => &[],
        }
    }

    /// Takes on another look.
    pub fn take_look(&mut self, look: usize, step: u64) {
        if look == self.look {
            return;
        }
        let from = self.looks[self.look].palette();
        self.look = look;
        self.fading = Some((step, from));
        self.stale = true;
        info!("look {}", self.looks[look].name);
    }

    /// How long a look takes to become another.
    #[must_use]
    pub fn look_fade_steps(&self) -> u64 {
        if self.reduced { LOOK_FADE_REDUCED } else { LOOK_FADE }
    }

    /// Back to how it opened: nothing is more confusing to the next visitor than the last one's page.
    pub fn reset(&mut self, step: u64) {
        self.state = cursor::begin(&self.shape, Position::default());
        self.focus.end();
        self.take_look(self.first_look, step);
        self.stale = true;
        self.rebuild = true;
        info!("reset");
    }

    /// A deck that was saved and is good takes the place of the one shown, at the same slide if it still is there. It is
    /// [`Deck::enlarged`] for its text.
    pub fn take_deck(&mut self, deck: Deck, looks: Vec<Look>, bindings: Bindings, now: u64) {
        let here = self.deck.way(self.state.at);
        let step = self.state.at.step;
        let at = deck.find_slide(&here).map_or_else(Position::default, |at| Position { step, ..at });
        // Whoever saves wants to see what was changed: the wall goes there, unless it is what it shows already.
        let to = deck.edited_since(&self.deck, at).filter(|to| (to.topic, to.slide) != (at.topic, at.slide));
        let overlays = std::mem::take(&mut self.state.overlays);
        // A scene whose words alone were changed runs on.
        self.rebuild |= to.is_none() && deck.slide(at) != self.deck.slide(self.state.at);
        self.deck = Arc::new(deck);
        self.shape = self.deck.shape();
        let moved = cursor::goto(&self.shape, &self.state, to.unwrap_or(at));
        self.state = cursor::settle(&self.shape, &moved);
        if to.is_none() {
            self.state.overlays = overlays;
        }
        self.looks = looks;
        self.look = self.look.min(self.looks.len().saturating_sub(1));
        self.bindings = bindings;
        self.kiosk.idle.set_stops(self.kiosk.stops(&self.deck), now);
        self.findings.clear();
        self.findings_hidden = false;
        self.stale = true;
        info!("deck loaded");
    }

    /// A deck that was saved and is not good: the last good one stays, and a panel says where it is wrong.
    pub fn refuse_deck(&mut self, findings: Vec<Finding>) {
        for finding in &findings {
            let place = finding.spots.first().map_or_else(String::new, |spot| {
                let (line, column) = spot.line_column();
                format!("{}:{line}:{column}", spot.source.name)
            });
            error!("deck refused {place} {}: {}", finding.rule, finding.message);
        }
        self.findings = findings;
        self.findings_read += 1;
        self.finding_shown = 0;
        self.findings_hidden = false;
        self.stale = true;
    }

    /// What lies over the slide now: the question, attract, overview or help.
    pub fn overlay_page(&mut self) -> Option<Page> {
        let state = self.state.clone();
        let view = View {
            deck: &self.deck,
            state: &state,
            look: &self.looks[self.look],
            canvas: self.canvas,
            scene: self.report.as_ref(),
            looks: &self.looks,
            length_percent: 100,
            ease: self.ease,
        };
        if let Some(left) = self.asking {
            return Some(overlays::still_there::compose(&view, &mut self.typesetter, left));
        }
        match state.overlays.last() {
            Some(Overlay::Overview) => Some(overlays::overview::compose(&view, &mut self.typesetter)),
            Some(Overlay::Help) => Some(overlays::help::compose_for(
                &view,
                &mut self.typesetter,
                &self.bindings,
                if self.presents.is_some() { Mode::Present } else { Mode::Exhibit },
                self.keyboard,
            )),
            Some(Overlay::More) | None => None,
        }
    }

    /// Whether what lies over the slide is another page than before; remembers it.
    pub fn overlay_changed(&mut self, page: Option<&Page>) -> bool {
        let changed = self.over.as_ref() != page;
        if changed {
            self.over = page.cloned();
        }
        changed
    }

    /// Says in the log when the state that gives a scene its headline becomes another.
    pub fn tell_states(&mut self, report: Option<&SceneReport>) {
        let now = report.and_then(|r| r.states.first().copied());
        if now != self.told {
            self.told = now;
            if let Some(state) = now {
                info!("state {state}");
            }
        }
    }

    /// Says in the log which slide stands on the wall.
    pub fn say_slide(&self) {
        info!("slide {} step {}", self.deck.way(self.state.at), self.state.at.step + 1);
    }

    /// The step at which something must happen although nobody does anything.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        [self.kiosk.next_wake(), self.focus.next_wake()].into_iter().flatten().min()
    }
}

/// Hands the rooms to who works in all of them at once.
pub fn rooms<R>(
    world: &mut World,
    work: impl FnOnce(&mut World, &mut Exhibit, &mut Boards, &mut Scenes, Clock) -> R,
) -> R {
    let clock = *world.resource::<Clock>();
    world.resource_scope(|world, mut exhibit: Mut<Exhibit>| {
        world.resource_scope(|world, mut boards: Mut<Boards>| {
            world.resource_scope(|world, mut stage: Mut<Scenes>| {
                work(world, &mut exhibit, &mut boards, &mut stage, clock)
            })
        })
    })
}

/// The look that it begins with.
fn set_up(exhibit: Res<Exhibit>, mut wall: ResMut<Wall>) {
    set_look(&mut wall, &exhibit.looks[exhibit.look]);
    wall.reduced = exhibit.reduced;
}

/// Follows the window's size.
fn follow_window(
    windows: Query<&Window, (With<PrimaryWindow>, Changed<Window>)>,
    mut exhibit: ResMut<Exhibit>,
    mut wall: ResMut<Wall>,
    mut told: Local<[u32; 2]>,
) {
    for window in &windows {
        let size = [window.resolution.physical_width().max(1), window.resolution.physical_height().max(1)];
        if *told != size {
            *told = size;
            info!("window {}x{}", size[0], size[1]);
        }
        let size = wall.turn.size(size);
        if wall.canvas.size != size {
            wall.canvas = Canvas { size };
            exhibit.take_canvas(wall.canvas);
        }
    }
}

/// Brings the look's strokes and corners to the shaders; its colours fade over.
fn follow_look(exhibit: Res<Exhibit>, mut wall: ResMut<Wall>, mut last: Local<Option<Look>>) {
    let look = &exhibit.looks[exhibit.look];
    // Not its number: a look that is saved while it shows is another one.
    if last.as_ref() != Some(look) {
        *last = Some(look.clone());
        let palette = wall.palette;
        set_look(&mut wall, look);
        if exhibit.fading.is_some() {
            wall.palette = palette;
        }
    }
}

/// Whether fingers and keys are the visitors': out of hours nobody is heard, and over the wall may lie the staff's panel.
fn is_heard(exhibit: Res<Exhibit>, staff: Option<Res<Staff>>) -> bool {
    !exhibit.dark && staff.is_none_or(|staff| !staff.is_open())
}

/// Whether the wall is lit: out of hours nothing moves.
fn is_lit(exhibit: Res<Exhibit>) -> bool {
    !exhibit.dark
}

/// The start under way has not lasted yet.
#[derive(Resource)]
struct Counting(Starts);

/// Once it has, it counts no more.
fn has_lasted(mut commands: Commands, counting: Res<Counting>, clock: Res<Clock>) {
    if clock.millis() >= SHORT.as_millis() {
        counting.0.lasted();
        commands.remove_resource::<Counting>();
    }
}

/// Faults that a test stages, so that the way out is known to work: `PEERSCAPE_PANIC_AT=STEP` panics at that step,
/// `PEERSCAPE_STALL_AT=STEP` never comes back from it, `PEERSCAPE_LOSE_AT=STEP` loses the graphics card.
fn staged_fault(clock: Res<Clock>, device: Option<Res<RenderDevice>>, mut at: Local<Option<[Option<u64>; 3]>>) {
    let step = |name: &str| std::env::var(name).ok().and_then(|step| step.parse().ok());
    let names = ["PEERSCAPE_PANIC_AT", "PEERSCAPE_STALL_AT", "PEERSCAPE_LOSE_AT"];
    let [panics, stalls, loses] = at.get_or_insert_with(|| names.map(step));
    if loses.is_some_and(|at| clock.step >= at) {
        *loses = None;
        if let Some(device) = device {
            device.wgpu_device().destroy();
        }
    }
    assert!(panics.is_none_or(|at| clock.step < at), "a panic was asked for at this step");
    while stalls.is_some_and(|at| clock.step >= at) {
        std::thread::park();
    }
}

/// Opens the exhibit on the screen and stays until it is over.
#[must_use]
pub fn open(options: Options) -> ExitCode {
    let start = process_start();
    leave_on_panic();
    if let Err(remedy) = display() {
        crate::cli::complain(&remedy);
        return ExitCode::from(NO_DISPLAY);
    }
    let bindings = match Bindings::of_assets(&options.assets) {
        Ok(bindings) => bindings,
        Err(findings) => {
            for finding in findings {
                crate::cli::complain(&finding.render());
            }
            return ExitCode::from(1);
        }
    };
    let mut app = base::app(options.windowed.map_or(base::Screen::Full, base::Screen::Window));
    put_together(&mut app, options, bindings, start);
    app.add_systems(Last, tape::end.run_if(resource_exists::<Player>));
    app.add_systems(Startup, |mut commands: Commands| {
        commands.spawn((gpu::camera(RenderTarget::Window(WindowRef::Primary)), Audience));
    });
    match app.run() {
        AppExit::Success => ExitCode::SUCCESS,
        AppExit::Error(code) => ExitCode::from(code.get()),
    }
}

/// The exhibit on a picture of that size instead of a screen, updated by whoever wants to watch, measure or test it.
///
/// # Errors
/// Bindings that can't be read.
pub fn off_screen(options: Options, size: [u32; 2]) -> Result<App, Vec<Finding>> {
    let bindings = Bindings::of_assets(&options.assets)?;
    let mut app = base::app(base::Screen::None);
    let windowed = Some(size);
    put_together(&mut app, Options { windowed, ..options }, bindings, Instant::now());
    app.finish();
    app.cleanup();
    app.world_mut().resource_mut::<Wall>().canvas = Canvas { size };
    let image = studio::image(app.world_mut(), size);
    app.world_mut().insert_resource(OffScreen(image.clone()));
    app.world_mut().spawn(gpu::camera(RenderTarget::from(image)));
    Ok(app)
}

/// What a wall without a screen is drawn on.
#[derive(Resource)]
struct OffScreen(Handle<Image>);

/// What such a wall shows now.
///
/// # Errors
/// A shader that can't be built, or a picture that never comes.
pub fn off_screen_picture(app: &mut App, size: [u32; 2]) -> Result<Picture, StudioError> {
    let image = app.world().resource::<OffScreen>().0.clone();
    studio::read_back(app, &image, size, |app| {
        // One at rest draws for it.
        app.world_mut().resource_mut::<Exhibit>().moving = true;
        app.update();
    })
}

/// All that the exhibit is made of, but for what it is drawn on.
fn put_together(app: &mut App, mut options: Options, bindings: Bindings, start: Instant) {
    let window = app.world().get_resource::<EventLoopProxyWrapper>();
    let watch = watch::Watch::over(options.settings.deck.as_deref(), options.assets.overlay(), window);
    let health = Health::new(options.settings.status.as_deref(), window);
    let notice = std::mem::take(&mut options.notice);
    if options.settings.deck.is_some() {
        app.init_resource::<Proofs>();
    }
    if let Some(starts) = options.starts.take() {
        app.insert_resource(Counting(starts)).add_systems(Update, has_lasted.run_if(resource_exists::<Counting>));
    }
    for finding in &options.wrong_settings {
        let place = finding.spots.first().map_or_else(String::new, ToString::to_string);
        warn!("setting refused {place} {}: {} Right would be {}", finding.rule, finding.message, finding.expected);
    }
    let lamp = Lamp::new(options.settings.hours.clone(), options.settings.pixel_shift);
    if let Some(cores) = options.settings.mining_cores {
        crew::limit(cores as usize);
    }
    // A presenter's window and a tape show the picture as it is read.
    let hangs = options.present.is_none() && options.play.is_none();
    let turn = Turn::by(options.settings.rotation).filter(|_| hangs).unwrap_or_default();
    if let Some(name) = options.settings.monitor.take().filter(|_| options.windowed.is_none()) {
        app.insert_resource(monitor::Wanted(name));
    }
    if let Some(path) = options.record.take() {
        match Recording::begin(&path, &options) {
            Ok(recording) => _ = app.insert_resource(recording),
            Err(error) => warn!("{} can't be written on: {error}; nothing is recorded", path.display()),
        }
    }
    if let Some(player) = options.play.take() {
        app.insert_resource(player);
    }
    if let Some(wanted) = options.present.take() {
        app.add_plugins(PresentPlugin(wanted));
    } else if let Some(pin) = options.settings.staff_pin.take() {
        let staff = Staff::new(pin, &options.settings);
        app.add_plugins(StaffPlugin).insert_resource(staff);
    }
    if let Some(path) = &options.settings.visits {
        app.insert_resource(visits::Log(Visits::keep(path, options.settings.visits_days)));
    }
    let mut exhibit = Exhibit::new(options, bindings);
    if !notice.is_empty() {
        exhibit.refuse_deck(notice);
    }
    app.add_plugins((InkPlugin, scene::ScenePlugin));
    app.world_mut().resource_mut::<Wall>().turn = turn;
    app.insert_resource(exhibit)
        .insert_resource(Clock::started(start))
        .insert_resource(watch)
        .insert_resource(lamp)
        .insert_resource(health)
        .init_resource::<Hands>()
        .init_resource::<Devices>()
        .init_resource::<Heard>()
        .init_resource::<Touches>()
        .init_resource::<KeyStrokes>()
        .init_resource::<Boards>()
        .add_message::<Meant>()
        .add_observer(monitor::outlive)
        .add_systems(Startup, set_up)
        .add_systems(
            Update,
            (
                (
                    clock::tick,
                    staged_fault,
                    follow_window,
                    watch::reload,
                    lamp::tend,
                    staff::finish,
                    staff::listen,
                    hotplug::hear,
                    monitor::know.run_if(resource_exists::<WinitMonitors>),
                    monitor::follow,
                    present::place_windows,
                    present::stay_before,
                    monitor::need_one,
                    devices::follow,
                )
                    .chain(),
                proofread.run_if(resource_exists::<Proofs>),
                tape::play.run_if(resource_exists::<Player>),
                (
                    (hands::fingers, hands::keys).chain().run_if(not(resource_exists::<Player>)),
                    present::type_jump,
                    hands::point,
                    hands::press,
                )
                    .chain()
                    .run_if(is_heard),
                // What is dark, or staff's for a while, has frames as well.
                (tape::record, tape::compare.run_if(resource_exists::<Player>)).chain(),
                (tend::tend, act::act, scene::focus, scene::advance).chain().run_if(is_lit),
                (show::show, present::prepare, show::animate, show::veil, follow_look, show::fade_look)
                    .chain()
                    .run_if(is_lit),
                (touches::rings, touches::panel, paint::repaint).chain(),
                (visits::note, rest::rest, health::beat, rest::report_frames).chain(),
            )
                .chain(),
        );
}

/// When the process began. The kernel counts from boot in hundredths of a second; what lies between that and `main` is
/// the loader's, and belongs to the start.
fn process_start() -> Instant {
    let now = Instant::now();
    let began = || -> Option<std::time::Duration> {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let ticks: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
        let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
        let up: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        let age = up - ticks as f64 / 100.0;
        (0.0..60.0).contains(&age).then(|| std::time::Duration::from_secs_f64(age))
    };
    began().and_then(|age| now.checked_sub(age)).unwrap_or(now)
}

/// A panic anywhere, on any thread, is logged with its place and ends the process, so that a service can start it again:
/// a thread that died quietly would leave a frozen wall.
pub fn leave_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        let place =
            info.location().map_or_else(String::new, |at| format!("{}:{}:{}", at.file(), at.line(), at.column()));
        let message = info.payload_as_str().unwrap_or("no message");
        if message.contains("Unable to find a GPU") {
            crate::cli::complain(
                "peerscape: there is nothing to draw with: no Vulkan driver was found. On Debian, \
                 `apt-get install mesa-vulkan-drivers` brings one that works without a graphics card; \
                 `peerscape doctor` tells more.",
            );
            std::process::exit(i32::from(NO_ADAPTER));
        }
        crate::cli::complain(&format!("peerscape: panic at {place}: {message}"));
        std::process::abort();
    }));
}

/// Whether a display server answers.
///
/// # Errors
/// What is missing, and the remedy.
fn display() -> Result<(), String> {
    match crate::cli::doctor::display_lacks() {
        None => Ok(()),
        Some(lack) => Err(format!(
            "peerscape: there is no display: {lack}. `peerscape doctor` tells more; `peerscape shot` draws pictures \
             without a display."
        )),
    }
}
