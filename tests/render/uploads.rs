//! What rests is not sent to the GPU again, what moves sends only what changed, and what was done shows at once.

use crate::{
    picture::{apart, changed, other_than, region},
    studio::{FULL, alone, deck, looks, need_adapter},
};
use bevy::prelude::*;
use peerscape::{
    app::{
        paint::Painted,
        scene::{SceneId, ScenePlugin, Scenes},
        show::order,
        studio::{Picture, Studio},
    },
    deck::cursor,
    ink::{gpu::BytesUploaded, layer::Layer, look::Colour, sheet::Canvas, text::Typesetter},
    slides::{self, StageFrame, View, ease::Ease},
};

/// A studio with a slide on its wall.
struct Hung {
    studio: Studio,
    scene: SceneId,
    frames: [StageFrame; 2],
}

impl Hung {
    /// Puts up a slide as the exhibit would.
    fn new(way: &str) -> Self {
        need_adapter();
        let (deck, looks) = (deck(), looks());
        let at = deck.find_slide(way).expect("the slide is in the deck");
        let state = cursor::begin(&deck.shape(), at);
        let view = View {
            deck: &deck,
            state: &state,
            look: &looks[0],
            canvas: Canvas { size: FULL },
            scene: None,
            looks: &looks,
            length_percent: 100,
            ease: Ease::default(),
        };
        let page = slides::compose(&view, &mut Typesetter::new());
        let frames = [0, 1].map(|i| page.stages[i.min(page.stages.len() - 1)]);
        let mut studio = Studio::new(FULL, ScenePlugin);
        studio.set_look(&looks[0]);
        let world = studio.app.world_mut();
        let scene = world.resource_scope(|world, mut scenes: Mut<Scenes>| {
            let scene = scenes.open(world, &deck, at, 1, &page.stages, order::STAGE).expect("the slide has something");
            scenes.run(scene);
            scenes.place(world, scene, [0.0; 2], 1.0);
            scene
        });
        for (order, sheet) in [(order::UNDER, page.under), (order::OVER, page.over)] {
            world.spawn((Layer { order, alpha: 1.0, ..Layer::default() }, Painted::new(sheet)));
        }
        Self { studio, scene, frames }
    }

    fn uploaded(&self) -> u64 {
        self.studio.app.world().resource::<BytesUploaded>().get()
    }

    /// The bytes of all rows that are on the wall.
    fn rows(&mut self) -> usize {
        let world = self.studio.app.world_mut();
        let mut layers = world.query::<&Layer>();
        layers.iter(world).flat_map(|layer| &layer.batches).map(|batch| batch.bytes().len()).sum()
    }

    fn advance(&mut self, steps: u64) {
        self.studio.app.world_mut().resource_scope(|world, mut scenes: Mut<Scenes>| scenes.advance(world, steps));
    }
}

#[test]
fn a_stopped_server_is_stopped_in_the_next_picture() {
    let _one = alone();
    let mut hung = Hung::new("side-by-side/live");
    hung.advance(300);
    let before = hung.studio.picture().expect("the picture is taken");
    let scene = hung.scene;
    hung.studio.app.world_mut().resource_scope(|world, mut scenes: Mut<Scenes>| scenes.first_deed(world, scene));
    hung.advance(1);
    let after = hung.studio.picture().expect("the picture is taken");
    let frames = |picture: &Picture| hung.frames.map(|f| region(picture, middle(f)));
    let data = looks()[0].colours.data;
    for (before, after) in frames(&before).into_iter().zip(frames(&after)) {
        let filled = |colours: &[Colour]| 1.0 - other_than(colours, data);
        assert!(filled(&before) > 0.9, "the server is a square of data: {:.2}", filled(&before));
        assert!(filled(&after) < 0.1, "it is none any more: {:.2}", filled(&after));
        let cross = looks()[0].colours.bad;
        assert!(after.iter().any(|c| !apart(*c, cross)), "a cross stands there");
    }
    hung.advance(60);
    let later = hung.studio.picture().expect("the picture is taken");
    assert!(changed(&after, &later) > 0.001, "what it was linked by goes, and the peers carry on");
}

/// The middle of a network, where its server stands.
fn middle(frame: StageFrame) -> [f32; 4] {
    /// Half the side of what is looked at: well inside the square.
    const HALF: f32 = 0.12;
    let ([x, y], half) = (frame.centre, frame.radius * HALF);
    [x - half, y - half, 2.0 * half, 2.0 * half]
}

#[test]
fn a_still_slide_is_sent_once() {
    let _one = alone();
    let mut hung = Hung::new("peer-to-peer/equals");
    let first = hung.studio.picture().expect("the picture is taken");
    let (sent, rows) = (hung.uploaded(), hung.rows());
    assert!(sent >= rows as u64 && rows > 10_000, "{sent} bytes were sent for rows of {rows}");
    let second = hung.studio.picture().expect("the picture is taken");
    assert_eq!(hung.uploaded(), sent, "nothing changed, so nothing is sent");
    assert!(first == second);
    assert!(!hung.studio.app.world().resource::<Scenes>().moves(hung.scene), "a still does not move");
}

#[test]
fn a_moving_scene_sends_what_changed() {
    let _one = alone();
    const FRAMES: u64 = 120;
    let mut hung = Hung::new("side-by-side/live");
    // Past its beginning, when pieces fly from everybody to everybody.
    hung.advance(300);
    hung.studio.picture().expect("the picture is taken");
    let (sent, rows) = (hung.uploaded(), hung.rows());
    for _ in 0..FRAMES {
        hung.advance(1);
        hung.studio.app.update();
    }
    let a_frame = (hung.uploaded() - sent) / FRAMES;
    assert!(a_frame > 0, "it moves");
    let share = a_frame as f64 / rows as f64;
    assert!(share < 0.25, "{a_frame} of {rows} bytes a frame: {:.1} %", share * 100.0);
}
