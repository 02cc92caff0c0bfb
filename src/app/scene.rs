//! Scenes and stills on the wall, as slides know them: a slide opens one, touches it, and closes it.

use super::exhibit::rooms;
use crate::{
    deck::{
        Deck,
        action::Action,
        state::Position,
        structure::{Scene, Still},
    },
    ink::{look::Look, sheet::Vec2, text::Typesetter},
    sim::{
        model::{Deed, Target, TargetKind},
        registry,
        vocabulary::PeerId,
    },
    slides::{Area, Hit, SceneReport, StageFrame, Touch},
    stage::wall::{self, SceneKey, Setup, StagePlugin},
};
use bevy::prelude::*;
use std::collections::BTreeMap;

/// A scene or still that is on the wall.
pub type SceneId = SceneKey;

/// What a slide remembers of its scene beside what the stage does.
#[derive(Debug)]
struct Opened {
    /// The scene as the deck says it; nothing for a still.
    scene: Option<Scene>,
    /// The still as the deck says it; nothing for a scene.
    still: Option<Still>,
    /// Whether its time runs: a slide that only comes into view stands at its beginning.
    runs: bool,
    frames: Vec<StageFrame>,
    /// The layers that a still was drawn anew on, since it can't be moved within the page.
    key: SceneKey,
    /// What undoes the last deed of the loop that plays by itself.
    undo: Option<Deed>,
}

/// All scenes and stills that slides have opened.
#[derive(Resource, Debug, Default)]
pub struct Scenes {
    opened: BTreeMap<SceneKey, Opened>,
}

/// Puts the stage's networks on the wall for slides.
pub struct ScenePlugin;

impl Plugin for ScenePlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(StagePlugin).init_resource::<Scenes>();
    }
}

impl Scenes {
    /// Puts up what a slide has to look at, in the frames of its page. Nothing for a slide of words alone.
    pub fn open(
        &mut self,
        world: &mut World,
        deck: &Deck,
        at: Position,
        seed: u64,
        frames: &[StageFrame],
        order: i32,
    ) -> Option<SceneId> {
        let slide = deck.slide(at);
        let key = match (&slide.scene, &slide.still) {
            (Some(scene), _) => Setup::new(scene, seed, registry::find)
                .and_then(|setup| wall::begin_scene(world, setup, frames, order))
                .map_err(|error| error!("the scene of {} can't begin: {error}", deck.way(at)))
                .ok()?,
            (None, Some(still)) => wall::begin_still(world, still, frames.first()?, order).0,
            (None, None) => return None,
        };
        let still = if slide.scene.is_some() { None } else { slide.still.clone() };
        self.opened.insert(
            key,
            Opened { scene: slide.scene.clone(), still, runs: false, frames: frames.to_vec(), key, undo: None },
        );
        Some(key)
    }

    /// Lets its time run.
    pub fn run(&mut self, id: SceneId) {
        if let Some(opened) = self.opened.get_mut(&id) {
            opened.runs = true;
        }
    }

    /// What it says to the page; nothing for a still.
    #[must_use]
    pub fn report(&self, world: &World, id: SceneId) -> Option<SceneReport> {
        wall::report(world, self.opened.get(&id)?.key)
    }

    /// Moves its networks to the places that a page has for them.
    pub fn frame(&mut self, world: &mut World, id: SceneId, frames: &[StageFrame], order: i32) {
        let Some(opened) = self.opened.get_mut(&id) else { return };
        if opened.frames == frames {
            return;
        }
        opened.frames = frames.to_vec();
        match (&opened.still, frames.first()) {
            (Some(still), Some(frame)) => {
                let fresh = wall::begin_still(world, still, frame, order).0;
                wall::end_scene(world, opened.key);
                opened.key = fresh;
            }
            _ => wall::set_frames(world, opened.key, frames),
        }
    }

    /// Moves and fades it with its slide.
    pub fn place(&self, world: &mut World, id: SceneId, offset: Vec2, alpha: f32, order: i32) {
        if let Some(opened) = self.opened.get(&id) {
            wall::set_layers(world, opened.key, offset, alpha, order);
        }
    }

    /// Takes it off the wall.
    pub fn close(&mut self, world: &mut World, id: SceneId) {
        if let Some(opened) = self.opened.remove(&id) {
            wall::end_scene(world, opened.key);
        }
    }

    /// Whether it would move by itself.
    #[must_use]
    pub fn moves(&self, world: &World, id: SceneId) -> bool {
        self.opened.get(&id).is_some_and(|o| o.runs && wall::awake(world, o.key))
    }

    /// Runs everything that runs by so many steps of the wall.
    pub fn advance(&self, world: &mut World, steps: u32) {
        for opened in self.opened.values().filter(|o| o.runs && o.scene.is_some()) {
            wall::advance(world, opened.key, steps);
        }
    }

    /// Everything in it that can be touched, for the focus and for fingers.
    #[must_use]
    pub fn hits(&self, world: &World, id: SceneId, name: &str) -> Vec<Hit> {
        /// What the stage adds to a drawn peer for a finger; the page's picking adds it again.
        const MARGIN: f32 = 7.0;
        let Some(opened) = self.opened.get(&id) else { return Vec::new() };
        wall::touchable(world, opened.key)
            .into_iter()
            .map(|there| Hit {
                area: Area::Circle(there.at, there.reach - MARGIN),
                does: Touch::Peer { network: there.network, peer: there.peer },
                name: format!("{name} {}", there.peer.0),
                enabled: true,
            })
            .collect()
    }

    /// Does what a touch on a peer or pill means.
    pub fn touch(&mut self, world: &mut World, id: SceneId, touch: Touch) {
        let Some(opened) = self.opened.get(&id) else { return };
        let result = match touch {
            Touch::Peer { network, peer } => {
                info!("deed touch network={network} peer={}", peer.0);
                wall::touch(world, opened.key, network, peer)
            }
            Touch::Pill(index) => match pill(world, opened, index) {
                Some(deed) => {
                    info!("deed {}", deed.key);
                    wall::act(world, opened.key, 0, &deed)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        };
        if let Err(refusal) = result {
            info!("refused {}", refusal.0);
        }
    }

    /// Shows what a peer holds and does; nothing lets go.
    pub fn hold(&mut self, world: &mut World, id: SceneId, held: Option<(usize, PeerId)>) {
        if let Some(opened) = self.opened.get(&id) {
            wall::hold(world, opened.key, held, None);
        }
    }

    /// Pauses, slows, speeds up, or begins again.
    pub fn time(&mut self, world: &mut World, id: SceneId, action: Action) {
        let Some(opened) = self.opened.get(&id) else { return };
        let Some(now) = wall::report(world, opened.key) else { return };
        let toggled = |pace: i8| if now.pace == pace { 0 } else { pace };
        match action {
            Action::Pause => wall::pause(world, opened.key, !now.paused),
            Action::Slow => wall::pace(world, opened.key, toggled(-1)),
            Action::Fast => wall::pace(world, opened.key, toggled(1)),
            Action::Again => {
                if let Err(error) = wall::again(world, opened.key) {
                    error!("the scene can't begin again: {error}");
                }
            }
            _ => {}
        }
    }

    /// Does the deed that the scene offers first: what the ghost of a finger does while nobody is there.
    pub fn first_deed(&mut self, world: &mut World, id: SceneId) {
        let Some(opened) = self.opened.get_mut(&id) else { return };
        let Some(name) = opened.scene.as_ref().and_then(|s| s.deed.as_ref()).map(|d| d.value.clone()) else { return };
        let Some(deed) = deed_of(world, opened.key, &name) else { return };
        let specs = wall::networks(world, opened.key).first().map(|live| live.model().deeds()).unwrap_or_default();
        let inverse = specs.iter().find(|s| s.key == deed.key).and_then(|s| s.inverse);
        opened.undo = inverse.map(|key| Deed { key, ..deed.clone() });
        // A scene that plays itself may refuse: then nothing is to be undone either.
        if wall::act(world, opened.key, 0, &deed).is_err() {
            opened.undo = None;
        }
    }

    /// Undoes that deed.
    pub fn undo(&mut self, world: &mut World, id: SceneId) {
        let Some(opened) = self.opened.get_mut(&id) else { return };
        if let Some(deed) = opened.undo.take()
            && let Err(refusal) = wall::act(world, opened.key, 0, &deed)
        {
            info!("refused {}", refusal.0);
        }
    }
}

/// A deed by its name, done to whom it is offered for: the server, or the first peer.
fn deed_of(world: &World, key: SceneKey, name: &str) -> Option<Deed> {
    let live = wall::networks(world, key).last()?;
    let specs = live.model().deeds();
    let first = live.peers().next().map(|p| p.id);
    let target = |kind: TargetKind| match kind {
        TargetKind::Server => live.server().map(Target::Peer),
        TargetKind::Peer => live.server().or(first).map(Target::Peer),
        TargetKind::None => Some(Target::None),
        _ => None,
    };
    let all = specs.iter().filter(|s| s.key == name);
    let deeds: Vec<Deed> =
        all.filter_map(|s| Some(Deed { key: s.key, target: target(s.target)?, value: None })).collect();
    deeds.iter().find(|d| live.model().may(d).is_ok()).or(deeds.first()).cloned()
}

/// The deed of one of the pills that a deck's scene has.
fn pill(world: &World, opened: &Opened, index: usize) -> Option<Deed> {
    let pill = opened.scene.as_ref()?.pills.get(index)?;
    let deed = deed_of(world, opened.key, &pill.deed)?;
    let specs = wall::networks(world, opened.key).first()?.model().deeds();
    let kind = specs.iter().find(|s| s.key == deed.key)?.value;
    let value = pill.value.as_ref().and_then(|text| value_of(kind, text));
    Some(Deed { value, ..deed })
}

fn value_of(kind: crate::sim::model::ValueKind, text: &str) -> Option<crate::sim::model::Value> {
    use crate::sim::model::{Value, ValueKind};
    match kind {
        ValueKind::Whole(low, high) => text.parse().ok().filter(|n| (low..=high).contains(n)).map(Value::Whole),
        ValueKind::Share(low, high) => text.parse().ok().filter(|x| (low..=high).contains(x)).map(Value::Real),
        ValueKind::None | ValueKind::Text(_) => None,
    }
}

/// Runs all scenes by the steps that have passed.
pub fn advance(world: &mut World) {
    rooms(world, |world, exhibit, boards, scenes, clock| {
        let runs = boards.front.as_ref().and_then(|b| b.scene).is_some_and(|id| scenes.moves(world, id));
        exhibit.moving |= runs;
        if runs {
            scenes.advance(world, u32::try_from(clock.passed).unwrap_or(0));
        }
    });
}

/// Puts every mark that is drawn, in every state, on the wall; returns what is to be taken down again.
pub fn vocabulary(_world: &mut World, _deck: &Deck, _look: &Look, _typesetter: &mut Typesetter) -> Vec<Entity> {
    Vec::new()
}
