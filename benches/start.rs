//! What the exhibit does before the first slide stands, and when each slide is put up, without the window.
//!
//! `cargo bench --bench start`; the real start, from the process to the first frame on a screen, is in the exhibit's own
//! log: `first frame after N ms`.

use bevy::{
    prelude::*,
    render::{render_resource::PollType, renderer::RenderDevice},
};
use peerscape::{
    app::{
        exhibit::{Exhibit, Options, off_screen},
        hands::Meant,
        show::Boards,
    },
    deck::{Deck, assets::Assets, check, cursor, place::render_all, state::Position},
    ink::{gpu::BytesUploaded, look::Look, sheet::Canvas, text::Typesetter},
    kiosk::settings::Settings,
    slides::{self, Touch, View, ease::Ease},
};
use std::{hint::black_box, time::Instant};

/// How often each thing is done.
const TIMES: usize = 9;

const SIZE: [u32; 2] = [1920, 1080];

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The median time of something, and what it came to.
fn timed<R>(what: &str, mut work: impl FnMut() -> R) -> R {
    let mut result = None;
    let times = (0..TIMES).map(|_| {
        let began = Instant::now();
        result = Some(black_box(work()));
        began.elapsed().as_secs_f64() * 1e3
    });
    println!("{what:<52} {:>9.2}", median(times.collect()));
    result.expect("it was done at least once")
}

fn load() -> Deck {
    Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)))
}

/// A frame, and what it took.
fn frame(app: &mut App) -> f64 {
    let began = Instant::now();
    app.update();
    let device = app.world().resource::<RenderDevice>();
    device.poll(PollType::wait_indefinitely()).expect("the device answers");
    began.elapsed().as_secs_f64() * 1e3
}

fn main() {
    // Built and run as a test, it has nothing to say.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    println!("{:<52} {:>9}", format!("median of {TIMES}"), "ms");
    let deck = timed("load the built-in deck", load);
    let findings = timed("check it: every label in every look and size", || check::check(&deck));
    assert!(findings.is_empty(), "the built-in deck is clean:\n{}", render_all(&findings));
    let looks = timed("read all looks", || Look::embedded().expect("the built-in looks are right"));
    timed("a typesetter with its faces", Typesetter::new);

    let every: Vec<Position> = (0..deck.len())
        .flat_map(|topic| (0..deck.slides(topic)).map(move |slide| Position { topic, slide, step: 0 }))
        .collect();
    assert!(every.len() > 10, "{} slides are few", every.len());
    let shape = deck.shape();
    let mut typesetter = Typesetter::new();
    let mut compose = |at: Position| {
        let state = cursor::begin(&shape, at);
        let view = View {
            deck: &deck,
            state: &state,
            look: &looks[0],
            canvas: Canvas { size: SIZE },
            scene: None,
            looks: &looks,
            length_percent: 100,
            ease: Ease::default(),
        };
        let page = slides::compose(&view, &mut typesetter);
        assert!(page.under.items.len() + page.over.items.len() > 5, "{} is empty", deck.way(at));
        page
    };
    let mut composed: Vec<f64> = Vec::new();
    for at in &every {
        composed.push(median(
            (0..TIMES)
                .map(|_| {
                    let began = Instant::now();
                    black_box(compose(*at));
                    began.elapsed().as_secs_f64() * 1e3
                })
                .collect(),
        ));
    }
    let worst = (0..every.len()).max_by(|a, b| composed[*a].total_cmp(&composed[*b])).unwrap_or_default();
    println!("{:<52} {:>9.2}", "compose a slide: the median of all", median(composed.clone()));
    println!("{:<52} {:>9.2}", format!("compose a slide: the longest, {}", deck.way(every[worst])), composed[worst]);

    let ways: Vec<String> = every.iter().map(|at| deck.way(*at)).collect();
    let settings = Settings { idle: 86_400, ..Settings::default() };
    let options = Options { settings, ..Options::of(deck, Assets::new(None), looks) };
    let began = Instant::now();
    let mut app = off_screen(options, SIZE).expect("the bindings are right");
    println!("{:<52} {:>9.2}", "once: renderer, device and all rooms", began.elapsed().as_secs_f64() * 1e3);
    let began = Instant::now();
    let mut frames = 0;
    while app.world().resource::<Boards>().front.is_none() || frames < 3 {
        frame(&mut app);
        frames += 1;
    }
    println!(
        "{:<52} {:>9.2}",
        format!("once: the first {frames} frames, shaders compiled"),
        began.elapsed().as_secs_f64() * 1e3
    );

    // Each slide for the first time: composed, its scene begun, its glyphs drawn into the atlas, its rows uploaded, and
    // the first frame of the turn drawn.
    let mut all: Vec<(f64, u64, usize)> = Vec::new();
    for (index, at) in every.iter().enumerate().skip(1) {
        while app.world().resource::<Boards>().transition.is_some() {
            frame(&mut app);
        }
        let bytes = app.world().resource::<BytesUploaded>().get();
        app.world_mut().resource_mut::<Messages<Meant>>().write(Meant::Touch(Touch::Goto(*at)));
        let took = frame(&mut app);
        let here = app.world().resource::<Exhibit>().state.at;
        assert_eq!((here.topic, here.slide), (at.topic, at.slide), "it turned to this slide");
        let sent = app.world().resource::<BytesUploaded>().get() - bytes;
        assert!(sent > 1024, "{} uploads {sent} bytes", ways[index]);
        all.push((took, sent, index));
    }
    let longest = all.iter().max_by(|a, b| a.0.total_cmp(&b.0)).copied().unwrap_or_default();
    println!(
        "{:<52} {:>9.2}",
        "put up a slide and draw it: the median of all",
        median(all.iter().map(|a| a.0).collect())
    );
    println!("{:<52} {:>9.2}", format!("put up a slide and draw it: the longest, {}", ways[longest.2]), longest.0);
    println!(
        "{:<52} {:>9.1}",
        "rows and uniforms sent for a slide, KiB, median",
        median(all.iter().map(|a| a.1 as f64 / 1024.0).collect())
    );
}
