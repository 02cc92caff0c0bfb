//! Scenes and stills on the wall, as slides know them: a slide opens one, touches it, and closes it.

use super::{exhibit::rooms, paint::Painted};
use crate::{
    deck::{
        Deck,
        action::Action,
        state::Position,
        structure::{Scene, Setting, Still},
    },
    ink::{
        layer::Layer,
        look::Look,
        sheet::{Sheet, Vec2},
        text::Typesetter,
    },
    kiosk::visits::Did,
    sim::{
        model::{Deed, Model, Range, Target, TargetKind, Value, ValueKind},
        registry,
        vocabulary::{BlockId, PeerId, Word},
    },
    slides::{Area, Entered, Hit, SceneReport, StageFrame, Touch},
    stage::{
        captions, chain,
        live::Live,
        sheet_of_marks, still,
        wall::{SceneKey, Setup, Stage},
    },
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
    frames: Vec<StageFrame>,
    /// What undoes the last deed of the loop that plays by itself.
    undo: Option<Deed>,
    /// Whether the keys on the wall write capitals.
    capitals: bool,
}

/// All scenes and stills that slides have opened.
#[derive(Resource, Default)]
pub struct Scenes {
    stage: Stage,
    opened: BTreeMap<SceneKey, Opened>,
    /// What visitors did since it was last asked.
    done: Vec<Did>,
}

/// Puts the stage's networks on the wall for slides.
pub struct ScenePlugin;

impl Plugin for ScenePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Scenes>();
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
            (Some(scene), _) => {
                let scene = &spoken(deck, at, scene);
                let begun = Setup::new(scene, seed, registry::find).and_then(|setup| self.stage.begin(setup));
                let key = begun.map_err(|error| error!("the scene of {} can't begin: {error}", deck.way(at))).ok()?;
                self.stage.set_frames(world, key, frames, order);
                key
            }
            (None, Some(still)) => self.stage.draw(world, &still::draw(still, frames.first()?).runs, order),
            (None, None) => return None,
        };
        let still = if slide.scene.is_some() { None } else { slide.still.clone() };
        self.opened.insert(
            key,
            Opened { scene: slide.scene.clone(), still, frames: frames.to_vec(), undo: None, capitals: false },
        );
        Some(key)
    }

    /// Lets its time run: a slide that only comes into view stands at its beginning.
    pub fn run(&mut self, id: SceneId) {
        self.stage.run(id);
    }

    /// What it says to the page; nothing for a still.
    #[must_use]
    pub fn report(&self, id: SceneId) -> Option<SceneReport> {
        let capitals = self.opened.get(&id).is_some_and(|opened| opened.capitals);
        let pills = self.opened.get(&id).and_then(|opened| opened.scene.as_ref()).map_or(0, |scene| scene.pills.len());
        let pills: Option<Vec<(Word, bool)>> = (0..pills)
            .map(|index| {
                let deed = self.pill(id, index)?;
                Some((deed.key, self.stage.model(id, 0)?.may(&deed).is_ok()))
            })
            .collect();
        self.stage.report(id).map(|report| SceneReport { capitals, pills: pills.unwrap_or_default(), ..report })
    }

    /// The models of its networks, left to right.
    pub fn models(&self, id: SceneId) -> impl Iterator<Item = &dyn Model> {
        self.stage.networks(id).iter().map(Live::model)
    }

    /// What visitors did since the last call.
    pub fn take_done(&mut self) -> Vec<Did> {
        std::mem::take(&mut self.done)
    }

    /// Remembers that a visitor did a deed: one that another undoes and that leads somewhere breaks, its inverse heals.
    fn did(&mut self, id: SceneId, network: usize, key: Word) {
        let specs = self.stage.model(id, network).map(Model::deeds).unwrap_or_default();
        self.done.push(Did::Touched);
        if let Some(spec) = specs.iter().find(|spec| spec.key == key && spec.inverse.is_some()) {
            self.done.push(if spec.leads_to.is_some() { Did::Broken } else { Did::Healed });
        }
    }

    /// Turns the keys on the wall from small letters to capitals and back.
    pub fn toggle_capitals(&mut self, id: SceneId) {
        if let Some(opened) = self.opened.get_mut(&id) {
            opened.capitals = !opened.capitals;
        }
    }

    /// Moves its networks to the places that a page has for them.
    pub fn frame(&mut self, world: &mut World, id: SceneId, frames: &[StageFrame], order: i32) {
        let Some(opened) = self.opened.get_mut(&id) else { return };
        if opened.frames == frames {
            return;
        }
        opened.frames = frames.to_vec();
        match (&opened.still, frames.first()) {
            (Some(still), Some(frame)) => self.stage.redraw(world, id, &still::draw(still, frame).runs, order),
            _ => self.stage.set_frames(world, id, frames, order),
        }
    }

    /// Moves and fades it with its slide.
    pub fn place(&self, world: &mut World, id: SceneId, offset: Vec2, alpha: f32) {
        self.stage.place(world, id, offset, alpha);
    }

    /// Takes it off the wall.
    pub fn close(&mut self, world: &mut World, id: SceneId) {
        self.opened.remove(&id);
        self.stage.end(world, id);
    }

    /// Whether it would move by itself.
    #[must_use]
    pub fn moves(&self, id: SceneId) -> bool {
        self.stage.awake(id)
    }

    /// Runs everything that runs by so many steps of the wall.
    pub fn advance(&mut self, world: &mut World, steps: u64) {
        self.stage.advance(world, steps);
    }

    /// Everything in it that can be touched, for the focus and for fingers.
    #[must_use]
    pub fn hits(&self, id: SceneId, name: &str) -> Vec<Hit> {
        /// What the stage adds to a drawn peer for a finger; the page's picking adds it again.
        const MARGIN: f32 = 7.0;
        let peers = self.stage.touchable(id).into_iter().map(|there| Hit {
            area: Area::Circle(there.at, there.reach - MARGIN),
            does: Touch::Peer { network: there.network, peer: there.peer },
            name: format!("{name} {}", there.peer.0),
            enabled: true,
        });
        let networks = self.stage.networks(id).iter().enumerate();
        let blocks = networks.flat_map(|(network, live)| {
            live.chain_spots().into_iter().map(move |(block, at, scale)| {
                let [wide, high] = chain::BLOCK.map(|side| side * scale);
                Hit {
                    area: Area::Rect([at[0] - wide * 0.5, at[1] - high * 0.5, wide, high], 20.0 * scale),
                    does: Touch::Block { network, block: block.id },
                    name: format!("{}", block.height + 1),
                    enabled: true,
                }
            })
        });
        peers.chain(blocks).collect()
    }

    /// The words of its marks: beside marked peers, in and beside the held one, and signs inside packets of a still.
    #[must_use]
    pub fn captions(
        &self,
        id: SceneId,
        deck: &Deck,
        look: &Look,
        frames: &[StageFrame],
        portrait: bool,
        typesetter: &mut Typesetter,
    ) -> Sheet {
        let Some(opened) = self.opened.get(&id) else { return Sheet::default() };
        match (&opened.scene, &opened.still, frames.first()) {
            (Some(scene), ..) => captions::words(&self.stage, id, (deck, scene), look, portrait, typesetter),
            (None, Some(still), Some(frame)) => captions::letters(&still::draw(still, frame).letters, typesetter),
            _ => Sheet::default(),
        }
    }

    /// Makes room for the card of a held peer: what lies under it is not drawn.
    pub fn lay_card(&mut self, world: &mut World, id: SceneId, held: (usize, PeerId), portrait: bool) {
        let card = captions::card(&self.stage, id, held, portrait);
        self.stage.hold(world, id, Some(held), card);
    }

    /// The first server of a scene: network and peer.
    #[must_use]
    pub fn server(&self, id: SceneId) -> Option<(usize, PeerId)> {
        self.stage.networks(id).iter().enumerate().find_map(|(n, live)| Some((n, live.server()?)))
    }

    /// Where the deed that the scene offers first is done: at the server of each network, if it is done to a server.
    #[must_use]
    pub fn deed_places(&self, id: SceneId) -> Vec<Vec2> {
        let servers: Vec<_> = self.stage.networks(id).iter().map(Live::server).collect();
        let all = self.stage.touchable(id);
        all.iter().filter(|t| servers.get(t.network).copied().flatten() == Some(t.peer)).map(|t| t.at).collect()
    }

    /// Gives the focus to a peer, or takes it away.
    pub fn focus(&mut self, world: &mut World, id: SceneId, peer: Option<(usize, PeerId)>) {
        self.stage.focus(world, id, peer);
    }

    /// Does what a touch on a peer or pill means.
    pub fn touch(&mut self, world: &mut World, id: SceneId, touch: Touch) {
        let result = match touch {
            Touch::Peer { network, peer } => self.stage.touch(world, id, network, peer).map(|deed| {
                deed.map(|deed| {
                    info!("deed {} network={network} peer={}", deed.key, peer.0);
                    (network, deed.key)
                })
            }),
            Touch::Pill(index) => match self.pill(id, index) {
                Some(deed) => {
                    info!("deed {}", deed.key);
                    self.stage.act(world, id, 0, &deed).map(|()| Some((0, deed.key)))
                }
                None => Ok(None),
            },
            Touch::Block { network, block } => match self.block_deed(id, network, block) {
                Some(deed) => {
                    info!("deed {} network={network} block={}", deed.key, block.count);
                    self.stage.act(world, id, network, &deed).map(|()| Some((network, deed.key)))
                }
                None => Ok(None),
            },
            Touch::Set { deed, value } => {
                let value = match value {
                    Entered::None => None,
                    Entered::Whole(n) => Some(Value::Whole(n.into())),
                    Entered::Percent(n) => Some(Value::Real(f64::from(n) / 100.0)),
                    Entered::Sign(sign) => Some(Value::Text(sign.to_string())),
                };
                info!("deed {deed}");
                let deed = Deed { key: deed, target: Target::None, value };
                self.stage.act(world, id, 0, &deed).map(|()| Some((0, deed.key)))
            }
            _ => Ok(None),
        };
        match result {
            Ok(Some((network, key))) => self.did(id, network, key),
            Ok(None) => {}
            Err(refusal) => info!("refused {}", refusal.0),
        }
    }

    /// Whether a finger that goes down here may draw across lines: where a pill of the scene undoes what it does.
    #[must_use]
    pub fn takes_strokes(&self, id: SceneId, at: Vec2) -> bool {
        let heals = || {
            let deeds = self.stage.model(id, 0)?.deeds();
            let undo = deeds.iter().find(|spec| spec.target == TargetKind::Links)?.inverse?;
            let pills = &self.opened.get(&id)?.scene.as_ref()?.pills;
            let inverse = |key: &str| deeds.iter().find(|spec| spec.key == key).and_then(|spec| spec.inverse);
            Some(pills.iter().any(|pill| pill.deed.value == undo || inverse(&pill.deed.value) == Some(undo)))
        };
        self.stage.takes_strokes(id, at) && heals().unwrap_or(false)
    }

    /// Does what a finger's stroke from one point to another means.
    pub fn stroke(&mut self, world: &mut World, id: SceneId, from: Vec2, to: Vec2) {
        match self.stage.stroke(world, id, from, to) {
            Ok(Some(Deed { key, target: Target::Links(links), .. })) => {
                info!("deed {key} links={}", links.len());
                self.did(id, 0, key);
            }
            Ok(_) => {}
            Err(refusal) => info!("refused {}", refusal.0),
        }
    }

    /// Shows what a peer holds and does; nothing lets go.
    pub fn hold(&mut self, world: &mut World, id: SceneId, held: Option<(usize, PeerId)>) {
        self.stage.hold(world, id, held, None);
    }

    /// Pauses, slows, speeds up, or begins again.
    pub fn time(&mut self, world: &mut World, id: SceneId, action: Action) {
        let pace = self.stage.pace(id);
        let toggled = |wanted: i8| if pace == wanted { 0 } else { wanted };
        match action {
            Action::Pause => self.stage.pause(id, !self.stage.paused(id)),
            Action::Slow => self.stage.set_pace(id, toggled(-1)),
            Action::Fast => self.stage.set_pace(id, toggled(1)),
            Action::Again => {
                if let Err(error) = self.stage.again(world, id) {
                    error!("the scene can't begin again: {error}");
                }
            }
            _ => {}
        }
    }

    /// Does the deed that the scene offers first: what the ghost of a finger does while nobody is there.
    pub fn first_deed(&mut self, world: &mut World, id: SceneId) {
        let Some(name) = self.opened.get(&id).and_then(|o| Some(o.scene.as_ref()?.deed.as_ref()?.value.clone())) else {
            return;
        };
        let Some(deed) = self.deed(id, &name) else { return };
        // A scene that plays itself may refuse: then nothing is to be undone either.
        let done = self.stage.act(world, id, 0, &deed).is_ok();
        let specs = self.stage.model(id, 0).map(crate::sim::model::Model::deeds).unwrap_or_default();
        let inverse = specs.iter().find(|s| s.key == deed.key).and_then(|s| s.inverse).filter(|_| done);
        if let Some(opened) = self.opened.get_mut(&id) {
            opened.undo = inverse.map(|key| Deed { key, ..deed });
        }
    }

    /// Undoes that deed.
    pub fn undo(&mut self, world: &mut World, id: SceneId) {
        if let Some(deed) = self.opened.get_mut(&id).and_then(|o| o.undo.take())
            && let Err(refusal) = self.stage.act(world, id, 0, &deed)
        {
            info!("refused {}", refusal.0);
        }
    }

    /// A deed by its name, done to whom it is offered for: who is held, the server, or the first peer that it can be done
    /// to.
    fn deed(&self, id: SceneId, name: &str) -> Option<Deed> {
        let live = self.stage.networks(id).first()?;
        let held = self.stage.held(id).filter(|(network, _)| *network == 0).map(|(_, peer)| peer);
        let targets = |kind: TargetKind| -> Vec<Target> {
            match kind {
                TargetKind::Server => live.server().map(Target::Peer).into_iter().collect(),
                TargetKind::Peer => {
                    held.into_iter().chain(live.server()).chain(live.peers().map(|p| p.id)).map(Target::Peer).collect()
                }
                TargetKind::None => vec![Target::None],
                // What is built on is more telling to touch than what everything stands on.
                TargetKind::Block => {
                    let mut blocks: Vec<BlockId> = live.chain_spots().iter().map(|(block, ..)| block.id).collect();
                    let first = blocks.len().min(1);
                    blocks.rotate_left(first);
                    blocks.into_iter().map(Target::Block).collect()
                }
                _ => Vec::new(),
            }
        };
        let specs = live.model().deeds().iter().filter(|s| s.key == name);
        let mut deeds =
            specs.flat_map(|s| targets(s.target).into_iter().map(|target| Deed { key: s.key, target, value: None }));
        let first = deeds.clone().next();
        deeds.find(|deed| live.model().may(deed).is_ok()).or(first)
    }

    /// What a touch on a block means: the first deed that can be done to it.
    fn block_deed(&self, id: SceneId, network: usize, block: BlockId) -> Option<Deed> {
        let model = self.stage.model(id, network)?;
        let specs = model.deeds().iter().filter(|spec| spec.target == TargetKind::Block);
        let deeds: Vec<Deed> =
            specs.map(|spec| Deed { key: spec.key, target: Target::Block(block), value: None }).collect();
        deeds.iter().find(|deed| model.may(deed).is_ok()).or(deeds.first()).cloned()
    }

    /// The deed of one of the pills that a deck's scene has; if it is done already and can be undone, what undoes it.
    fn pill(&self, id: SceneId, index: usize) -> Option<Deed> {
        let pill = self.opened.get(&id)?.scene.as_ref()?.pills.get(index)?;
        let deed = self.deed(id, &pill.deed)?;
        let model = self.stage.model(id, 0)?;
        let spec = model.deeds().iter().find(|s| s.key == deed.key)?;
        let value = pill.value.as_ref().and_then(|text| value_of(spec.value, text));
        let deed = Deed { value, ..deed };
        if model.may(&deed).is_err()
            && let Some(key) = spec.inverse.filter(|_| spec.target == TargetKind::None)
        {
            let inverse = Deed { key, target: Target::None, value: None };
            if model.may(&inverse).is_ok() {
                return Some(inverse);
            }
        }
        Some(deed)
    }
}

/// A scene whose settings that take any words say them in the deck's language, where the slide has such words. A setting
/// that is one of some words keeps it, though the slide may have a label of that name.
fn spoken(deck: &Deck, at: Position, scene: &Scene) -> Scene {
    let mut scene = scene.clone();
    for network in &mut scene.networks {
        let specs = registry::find(&network.model).map(|system| (system.settings)()).unwrap_or_default();
        let free = |key: &str| specs.iter().any(|spec| spec.key == key && matches!(spec.range, Range::Text(_)));
        for (_, value) in network.set.iter_mut().filter(|(name, _)| free(name)) {
            if let Setting::Word(key) = &value.value
                && let Some(words) = deck.slide_word(at, key)
            {
                value.value = Setting::Word(words.to_owned());
            }
        }
    }
    scene
}

/// A pill's value as the deed takes it.
fn value_of(kind: ValueKind, text: &str) -> Option<Value> {
    match kind {
        ValueKind::Whole(low, high) => text.parse().ok().filter(|n| (low..=high).contains(n)).map(Value::Whole),
        ValueKind::Share(low, high) => text.parse().ok().filter(|x| (low..=high).contains(x)).map(Value::Real),
        ValueKind::Text(most) => (text.chars().count() <= most).then(|| Value::Text(text.to_owned())),
        ValueKind::None => None,
    }
}

/// Runs all scenes by the steps that have passed.
pub fn advance(world: &mut World) {
    rooms(world, |world, exhibit, boards, scenes, clock| {
        if boards.front.as_ref().and_then(|b| b.scene).is_some_and(|id| scenes.moves(id)) {
            exhibit.moving = true;
            scenes.advance(world, clock.passed);
        }
    });
}

/// Puts every mark that is drawn, in every state, on the wall; returns what is to be taken down again.
pub fn vocabulary(world: &mut World, _deck: &Deck, look: &Look, typesetter: &mut Typesetter) -> Vec<Entity> {
    let marks = sheet_of_marks::draw(look, typesetter);
    let mut stage = Stage::default();
    let key = stage.draw(world, &marks.drawing.runs, 1);
    let mut entities = stage.layers(key);
    for (order, sheet) in [(0, marks.under), (2, marks.over)] {
        let layer = Layer { order, alpha: 1.0, ..Layer::default() };
        entities.push(world.spawn((layer, Painted::new(sheet))).id());
    }
    entities
}

/// Shows the focus on a peer in the stage's own way: on a ground that it clears, round or square as the peer is.
pub fn focus(world: &mut World) {
    rooms(world, |world, exhibit, boards, scenes, _| {
        let hits = exhibit.hits(boards);
        let on = exhibit.focus.current(hits).and_then(|i| match hits[i].does {
            Touch::Peer { network, peer } => Some((network, peer)),
            _ => None,
        });
        if on != exhibit.focused_peer
            && let Some(scene) = boards.front.as_ref().and_then(|b| b.scene)
        {
            exhibit.focused_peer = on;
            scenes.focus(world, scene, on);
            exhibit.moving = true;
        }
    });
}
