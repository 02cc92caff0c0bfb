//! Slides as pictures: what the exhibit would show, one after another, without a window.

use super::{
    paint::Painted,
    scene::{ScenePlugin, Scenes},
    show::order,
    studio::{Picture, Studio, StudioError},
};
use crate::{
    deck::{
        Deck, cursor,
        state::{DeckState, Overlay, Position},
    },
    ink::{layer::Layer, look::Look, sheet::Canvas, text::Typesetter},
    input::bindings::Bindings,
    slides::{self, Page, TextBox, View, ease::Ease, overlays},
};
use bevy::prelude::*;

/// Takes pictures of a deck's slides.
pub struct Gallery {
    studio: Studio,
    deck: Deck,
    looks: Vec<Look>,
    look: usize,
    canvas: Canvas,
    seed: u64,
    ease: Ease,
    typesetter: Typesetter,
    /// Where the words of the last picture stand.
    texts: Vec<TextBox>,
}

impl Gallery {
    /// A gallery of one deck in one look and size. The deck is [`Deck::enlarged`] for its text.
    #[must_use]
    pub fn new(deck: Deck, looks: Vec<Look>, look: usize, size: [u32; 2], seed: u64, ease: Ease) -> Self {
        let mut studio = Studio::new(size, ScenePlugin);
        studio.set_look(&looks[look]);
        let (canvas, typesetter) = (Canvas { size }, Typesetter::new());
        Self { studio, deck, looks, look, canvas, seed, ease, typesetter, texts: Vec::new() }
    }

    /// The deck.
    #[must_use]
    pub fn deck(&self) -> &Deck {
        &self.deck
    }

    /// Where the words of the last slide stand: those of what lies over it, if it is dimmed or hidden.
    #[must_use]
    pub fn texts(&self) -> &[TextBox] {
        &self.texts
    }

    /// Takes on another look.
    pub fn take_look(&mut self, look: usize) {
        self.look = look;
        self.studio.set_look(&self.looks[look]);
    }

    /// A slide at a step, after its scene has run for so many steps of the wall, with something laid over it if asked.
    ///
    /// # Errors
    /// The picture could not be taken.
    pub fn slide(&mut self, at: Position, steps_after: u64, over: Option<&str>) -> Result<Picture, StudioError> {
        let shape = self.deck.shape();
        let mut state: DeckState = cursor::begin(&shape, at);
        if let Some(overlay) = over.and_then(overlay) {
            state.overlays.push(overlay);
        }
        let (mut page, mut above) = self.compose(&state, over, None);
        let world = self.studio.app.world_mut();
        let scene = world.resource_scope(|world, mut scenes: Mut<Scenes>| {
            let scene = scenes.open(world, &self.deck, at, self.seed, &page.stages, order::STAGE)?;
            scenes.run(scene);
            for _ in 0..steps_after {
                scenes.advance(world, 1);
            }
            Some(scene)
        });
        if let Some(scene) = scene {
            // What the scene has come to may change the headline, and with it the frames.
            (page, above) = self.compose(&state, over, Some(scene));
            let world = self.studio.app.world_mut();
            world.resource_scope(|world, mut scenes: Mut<Scenes>| {
                scenes.frame(world, scene, &page.stages, order::STAGE);
            });
        }
        self.texts = above.as_ref().unwrap_or(&page).texts.clone();
        let dim = match over {
            Some("still-there") => super::show::dimmed(&self.looks[self.look]),
            Some("overview" | "help") => 0.0,
            _ => 1.0,
        };
        let world = self.studio.app.world_mut();
        let layer = |order, alpha| Layer { order, alpha, ..Layer::default() };
        let mut spawned = vec![
            world.spawn((layer(order::UNDER, dim), Painted::new(page.under))).id(),
            world.spawn((layer(order::OVER, dim), Painted::new(page.over))).id(),
        ];
        if let Some(above) = above {
            let mut sheet = above.under;
            sheet.append(above.over);
            spawned.push(world.spawn((layer(order::OVERLAY, 1.0), Painted::new(sheet))).id());
        }
        if let Some(scene) = scene {
            world.resource_scope(|world, scenes: Mut<Scenes>| scenes.place(world, scene, [0.0; 2], dim));
        }
        let picture = self.studio.picture();
        let world = self.studio.app.world_mut();
        for entity in spawned {
            world.despawn(entity);
        }
        if let Some(scene) = scene {
            world.resource_scope(|world, mut stage: Mut<Scenes>| stage.close(world, scene));
        }
        picture
    }

    /// Every mark that is drawn, in every state.
    ///
    /// # Errors
    /// The picture could not be taken.
    pub fn vocabulary(&mut self) -> Result<Picture, StudioError> {
        let look = &self.looks[self.look];
        let world = self.studio.app.world_mut();
        let entities = super::scene::vocabulary(world, &self.deck, look, &mut self.typesetter);
        let picture = self.studio.picture();
        let world = self.studio.app.world_mut();
        for entity in entities {
            world.despawn(entity);
        }
        picture
    }

    fn compose(
        &mut self,
        state: &DeckState,
        over: Option<&str>,
        scene: Option<super::scene::SceneId>,
    ) -> (Page, Option<Page>) {
        let world = self.studio.app.world();
        let report = scene.and_then(|id| world.resource::<Scenes>().report(id));
        let view = View {
            deck: &self.deck,
            state,
            look: &self.looks[self.look],
            canvas: self.canvas,
            scene: report.as_ref(),
            looks: &self.looks,
            length_percent: 100,
            ease: self.ease,
        };
        let type_ = &mut self.typesetter;
        let mut page = slides::compose(&view, type_);
        if state.overlays.contains(&Overlay::More) {
            let words = overlays::more::compose(&view, type_, &mut page);
            page.texts.extend(words);
        }
        if let Some(scene) = scene {
            let scenes = self.studio.app.world().resource::<Scenes>();
            let (look, portrait) = (&self.looks[self.look], self.canvas.portrait());
            page.over.append(scenes.captions(scene, &self.deck, look, &page.stages, portrait, type_));
        }
        match over {
            Some("overview") => (page, Some(overlays::overview::compose(&view, type_))),
            Some("help") => {
                let bindings = Bindings::of_assets(&crate::deck::assets::Assets::new(None)).unwrap_or_default();
                (page, Some(overlays::help::compose(&view, type_, &bindings)))
            }
            Some("still-there") => (page, Some(overlays::still_there::compose(&view, type_, 14))),
            Some("attract") => {
                let headline = super::tend::headline(&self.deck, state, report.as_ref());
                (overlays::attract::compose(&view, type_, &headline, 0, 0.25, false), None)
            }
            _ => (page, None),
        }
    }
}

fn overlay(name: &str) -> Option<Overlay> {
    match name {
        "more" => Some(Overlay::More),
        "overview" => Some(Overlay::Overview),
        "help" => Some(Overlay::Help),
        _ => None,
    }
}
