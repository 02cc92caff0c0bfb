//! What is meant is done: once, in order, whatever it came from.

use super::{
    exhibit::{Exhibit, rooms},
    hands::{Hands, Meant},
    present::{self, Presenting},
    scene::Scenes,
    show::Boards,
};
use crate::{
    deck::{action::Action, cursor, state::Overlay},
    slides::Touch,
};
use bevy::prelude::*;

/// A look changes no sooner than this after the one before: nothing may flash more than three times a second.
const LOOK_REST: u64 = 21;

/// Does what is meant.
pub fn act(world: &mut World) {
    let all: Vec<Meant> = world.resource_mut::<Messages<Meant>>().drain().collect();
    if all.is_empty() {
        return;
    }
    rooms(world, |world, exhibit, boards, stage, clock| {
        let covered = world.get_resource::<Presenting>().is_some_and(|presenting| presenting.podium.cover.is_some());
        // What nobody sees nobody touches; of intents, the podium lets the one through that uncovers it.
        let blind =
            |meant: &Meant| !matches!(meant, Meant::Action(_) | Meant::Touch(Touch::Action(_)) | Meant::Release);
        for meant in all.into_iter().filter(|meant| !(covered && blind(meant))) {
            let before = exhibit.state.clone();
            let scene = boards.front.as_ref().and_then(|b| b.scene);
            match meant {
                Meant::Action(action) => intend(world, exhibit, boards, stage, action, clock.step),
                Meant::Touch(touch) => touched(world, exhibit, boards, stage, touch, clock.step),
                Meant::Hold(Touch::Peer { network, peer }) => {
                    if let Some(scene) = scene {
                        stage.hold(world, scene, Some((network, peer)));
                    }
                }
                Meant::Hold(_) => {}
                Meant::Stroke { from, to } => {
                    if let Some(scene) = scene {
                        stage.stroke(world, scene, from, to);
                    }
                }
                Meant::Release => {
                    if let Some(scene) = scene {
                        stage.hold(world, scene, None);
                    }
                }
            }
            if exhibit.state != before {
                tell(exhibit, &before);
                // What a finger or key began on another page, or under what lies over it now, means nothing more.
                let turned = (exhibit.state.at.topic, exhibit.state.at.slide) != (before.at.topic, before.at.slide);
                if turned || exhibit.state.overlays != before.overlays {
                    world.resource_mut::<Hands>().forget(clock.step);
                }
                if turned {
                    exhibit.focus.end();
                }
            }
            exhibit.stale = true;
        }
    });
}

fn touched(world: &mut World, exhibit: &mut Exhibit, boards: &mut Boards, stage: &mut Scenes, touch: Touch, step: u64) {
    match touch {
        Touch::Action(action) => intend(world, exhibit, boards, stage, action, step),
        Touch::Goto(to) => {
            exhibit.state.overlays.clear();
            exhibit.state = cursor::goto(&exhibit.shape, &exhibit.state, to);
        }
        // A key has no place on an axis: it moves one tick on.
        Touch::Slide(axis) => touched(world, exhibit, boards, stage, axis.next(), step),
        Touch::Capitals => {
            if let Some(scene) = boards.front.as_ref().and_then(|b| b.scene) {
                stage.toggle_capitals(scene);
            }
        }
        Touch::Pill(_) | Touch::Peer { .. } | Touch::Block { .. } | Touch::Set { .. } => {
            if let Some(scene) = boards.front.as_ref().and_then(|b| b.scene) {
                stage.touch(world, scene, touch);
                exhibit.stale = true;
            }
        }
        Touch::Server => {
            let server = boards.front.as_ref().and_then(|b| stage.server(b.scene?));
            if let Some((network, peer)) = server {
                touched(world, exhibit, boards, stage, Touch::Peer { network, peer }, step);
            }
        }
        Touch::Choose(by) => {
            let hits = exhibit.hits(boards).to_vec();
            let here = exhibit.state.at.topic;
            let from = hits.iter().position(|hit| matches!(hit.does, Touch::Goto(to) if to.topic == here));
            let of = |touch| matches!(touch, Touch::Peer { .. } | Touch::Goto(_));
            exhibit.focus.choose(&hits, isize::from(by), from, step, of);
        }
        Touch::Chosen => intend(world, exhibit, boards, stage, Action::Activate, step),
        Touch::NextFinding => {
            let places = crate::slides::overlays::deck_error::places(&exhibit.findings).max(1);
            exhibit.finding_shown = (exhibit.finding_shown + 1) % places;
        }
        Touch::HideFindings => exhibit.findings_hidden = true,
        Touch::Nothing => {}
    }
}

fn intend(
    world: &mut World,
    exhibit: &mut Exhibit,
    boards: &mut Boards,
    stage: &mut Scenes,
    action: Action,
    step: u64,
) {
    if !present::hear(world, exhibit, action, step) {
        return;
    }
    let scene = boards.front.as_ref().and_then(|b| b.scene);
    match action {
        Action::Look => {
            if exhibit.look_changed_at.is_none_or(|at| step >= at + LOOK_REST) {
                exhibit.look_changed_at = Some(step);
                exhibit.take_look((exhibit.look + 1) % exhibit.looks.len(), step);
            }
        }
        Action::FocusNext | Action::FocusPrevious => {
            let hits = exhibit.hits(boards).to_vec();
            if action == Action::FocusNext {
                exhibit.focus.next(&hits, step);
            } else {
                exhibit.focus.previous(&hits, step);
            }
        }
        Action::Activate | Action::Hold => {
            let hits = exhibit.hits(boards);
            let Some(hit) = exhibit.focus.current(hits).map(|i| hits[i].clone()).filter(|hit| hit.enabled) else {
                return;
            };
            exhibit.focus.used(step);
            match (action, hit.does) {
                (Action::Hold, Touch::Peer { network, peer }) => {
                    if let Some(scene) = scene {
                        stage.hold(world, scene, Some((network, peer)));
                    }
                }
                (Action::Activate, does) => touched(world, exhibit, boards, stage, does, step),
                _ => {}
            }
        }
        Action::Escape if exhibit.focus.shows(exhibit.hits(boards)) && exhibit.state.overlays.is_empty() => {
            exhibit.focus.end();
        }
        Action::Pause | Action::Slow | Action::Fast | Action::Again => {
            if let Some(scene) = scene {
                stage.time(world, scene, action);
                exhibit.stale = true;
            }
        }
        Action::PageDown | Action::PageUp => {
            // The page itself says whether it goes on: its arrow is dimmed at either end.
            let hits = exhibit.hits(boards);
            if hits.iter().any(|hit| hit.enabled && hit.does == Touch::Action(action)) {
                let page = exhibit.state.page;
                exhibit.state.page = if action == Action::PageDown { page + 1 } else { page.saturating_sub(1) };
            }
        }
        Action::More if !crate::slides::text_slide::has_more(&exhibit.deck, exhibit.state.at) => {}
        _ => exhibit.state = cursor::apply(&exhibit.shape, &exhibit.state, action),
    }
}

/// Says in the log what a visitor's move led to, for staff and for tests.
fn tell(exhibit: &Exhibit, before: &crate::deck::state::DeckState) {
    let now = &exhibit.state;
    if now.at != before.at {
        exhibit.say_slide();
    }
    for overlay in [Overlay::More, Overlay::Overview, Overlay::Help] {
        let name = match overlay {
            Overlay::More => "more",
            Overlay::Overview => "overview",
            Overlay::Help => "help",
        };
        match (before.overlays.contains(&overlay), now.overlays.contains(&overlay)) {
            (false, true) => info!("overlay {name} open"),
            (true, false) => info!("overlay {name} closed"),
            _ => {}
        }
    }
}
