//! The wall tends itself: it asks when nobody seems to be there, goes back to the beginning, and plays until a touch.

use super::{
    exhibit::{Exhibit, Options, rooms},
    hands::{Hands, Meant, Ripple},
    scene::Scenes,
    show::Boards,
};
use crate::{
    deck::{
        Deck, cursor,
        state::{DeckState, Overlay, Position},
    },
    input::STEPS_PER_SECOND,
    kiosk::{
        attract::{self, Deed, Part},
        idle::{Event, Idle, Phase, Settings, Start},
    },
    slides::{SceneReport, scene_slide},
};
use bevy::prelude::*;

/// Idle time, and what the loop is showing.
#[derive(Debug)]
pub struct Tending {
    /// Notices that nobody is there.
    pub idle: Idle,
    /// The stop of the loop that plays.
    pub playing: Option<Playing>,
    /// Whether it plays by itself while nobody is there.
    plays: bool,
}

/// A stop of the loop that plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playing {
    /// Which stop.
    pub stop: usize,
    /// Since which step.
    pub since: u64,
    /// How many steps it lasts.
    pub length: u64,
    /// How many of them have been played.
    pub into: u64,
    /// What the headline says.
    pub part: Part,
    /// How far the present breath of the dot has come, 0 to 1.
    pub breath: f32,
}

/// How long each stop of a deck's loop plays, in steps.
#[must_use]
pub fn stops(deck: &Deck) -> Vec<u64> {
    deck.structure.attract.iter().map(|stop| u64::from(stop.seconds.value) * STEPS_PER_SECOND).collect()
}

impl Tending {
    /// Begins to tend.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let settings = Settings::of_seconds(u64::from(options.settings.idle)).unwrap_or_default();
        let start = if options.begin_in_attract { Start::Attract } else { Start::Exhibit };
        let mut tending = Self {
            idle: Idle::new(settings, Vec::new(), Start::Exhibit, 0),
            playing: None,
            plays: options.settings.attract,
        };
        tending.idle = Idle::new(settings, tending.stops(&options.deck), start, 0);
        tending
    }

    /// How long each stop of the loop plays, in steps; none where it never plays.
    #[must_use]
    pub fn stops(&self, deck: &Deck) -> Vec<u64> {
        if self.plays { stops(deck) } else { Vec::new() }
    }

    /// The step at which something must happen by itself.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        self.idle.next_wake()
    }
}

/// Does what the idle machine and the loop say.
pub fn tend(world: &mut World) {
    rooms(world, |world, exhibit, boards, stage, clock| tend_wall(world, exhibit, boards, stage, clock.step));
}

fn tend_wall(world: &mut World, exhibit: &mut Exhibit, boards: &mut Boards, stage: &mut Scenes, step: u64) {
    let more = exhibit.state.overlays.contains(&Overlay::More);
    exhibit.kiosk.idle.set_more(more);
    for event in exhibit.kiosk.idle.tick(step) {
        match event {
            Event::Ask => {
                info!("still there");
                world.resource_mut::<Hands>().let_go(&mut exhibit.kiosk.idle, step);
                // What a finger or key held is let go with it.
                world.write_message(Meant::Release);
                exhibit.asking = exhibit.kiosk.idle.seconds_left(step).and_then(|s| u32::try_from(s).ok());
                exhibit.stale = true;
            }
            Event::Count(left) => {
                exhibit.asking = u32::try_from(left).ok();
                exhibit.stale = true;
            }
            Event::Answered => {
                info!("answered");
                exhibit.asking = None;
                exhibit.stale = true;
            }
            Event::Reset => {
                exhibit.asking = None;
                world.resource_mut::<Hands>().let_go(&mut exhibit.kiosk.idle, step);
                exhibit.reset(step);
            }
            Event::EnterAttract(stop) | Event::NextStop(stop) => {
                info!("attract stop {}", stop + 1);
                enter(exhibit, stop, step);
            }
            Event::EnterHere(_) => {
                info!("wake");
                exhibit.kiosk.playing = None;
                exhibit.stale = true;
                exhibit.say_slide();
            }
        }
    }
    if !matches!(exhibit.kiosk.idle.phase(), Phase::Attract { .. }) {
        exhibit.kiosk.playing = None;
    }
    if let Some(playing) = exhibit.kiosk.playing {
        play(world, exhibit, boards, stage, playing, step);
    }
}

/// Puts up a stop of the loop.
fn enter(exhibit: &mut Exhibit, stop: usize, step: u64) {
    let at = exhibit
        .deck
        .structure
        .attract
        .get(stop)
        .and_then(|stop| exhibit.deck.find_slide(&stop.slide))
        .unwrap_or_default();
    exhibit.state = cursor::begin(&exhibit.shape, Position { step: 0, ..at });
    exhibit.rebuild = true;
    exhibit.stale = true;
    let length = stops(&exhibit.deck).get(stop).copied().unwrap_or(20 * STEPS_PER_SECOND);
    exhibit.kiosk.playing =
        Some(Playing { stop, since: step, length, into: 0, part: Part::Rest, breath: breath(step, exhibit.reduced) });
}

/// Plays a stop: the ghost of a finger does the scene's first deed, and undoes it.
fn play(
    world: &mut World,
    exhibit: &mut Exhibit,
    boards: &mut Boards,
    stage: &mut Scenes,
    playing: Playing,
    step: u64,
) {
    let into = step.saturating_sub(playing.since);
    if let Some(scene) = boards.front.as_ref().and_then(|b| b.scene) {
        for deed in attract::deeds(playing.into, into, playing.length) {
            match deed {
                Deed::First => stage.first_deed(world, scene),
                Deed::Inverse => stage.undo(world, scene),
            }
            // The ghost of a finger leaves the same ring as a real one.
            for at in stage.deed_places(scene) {
                world.resource_mut::<Hands>().ripples.push(Ripple { at, step });
            }
        }
    }
    let now = Playing {
        into,
        part: attract::cue(into, playing.length).part,
        breath: breath(step, exhibit.reduced),
        ..playing
    };
    if now.part != playing.part || (now.breath - playing.breath).abs() > f32::EPSILON {
        exhibit.stale = true;
    }
    exhibit.moving = true;
    exhibit.kiosk.playing = Some(now);
}

/// A breath of the dot takes 2.4 s (style §5).
const BREATH: u64 = 144;

/// How far the present breath has come. Without motion there is none.
fn breath(step: u64, reduced: bool) -> f32 {
    if reduced { 0.0 } else { (step % BREATH) as f32 / BREATH as f32 }
}

/// What the poster beside a scene that plays itself says: its question, or what the scene has come to.
#[must_use]
pub fn headline(deck: &Deck, state: &DeckState, report: Option<&SceneReport>) -> String {
    let words = deck.slide_words(state.at);
    let resting = words.attract.as_ref().unwrap_or(&words.headline);
    let model = deck.slide(state.at).scene.as_ref().and_then(|s| s.networks.first()).map(|n| n.model.value.clone());
    let told = report.and_then(|report| {
        report.states.iter().find_map(|key| {
            deck.slide_state(state.at, key).or_else(|| deck.model_word(model.as_deref()?, "states", key))
        })
    });
    match (told, report, &deck.slide(state.at).scene) {
        (Some(words), Some(report), Some(scene)) => scene_slide::quoting(deck, scene, Some(report), None, words),
        _ => resting.value.clone(),
    }
}
