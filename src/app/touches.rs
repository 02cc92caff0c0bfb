//! What lies on top of everything: rings around fingers, the focus, and the panel of a deck that was refused.

use super::{
    clock::{Clock, STEPS_PER_SECOND},
    exhibit::Exhibit,
    hands::Hands,
    paint::Painted,
    show::{Boards, order},
};
use crate::{
    ink::{layer::Layer, sheet::Sheet},
    slides::{Touch, View, overlays},
};
use bevy::prelude::*;

/// A ring lasts 160 ms (style §5).
const RING_STEPS: u64 = 10;

/// The way of a finger that cuts is seen for 400 ms.
const TRAIL_STEPS: u64 = 24;

/// Rings where fingers went down in the last moment, the ways of those that cut, and the focus.
pub fn rings(
    mut commands: Commands,
    mut hands: ResMut<Hands>,
    mut exhibit: ResMut<Exhibit>,
    boards: Res<Boards>,
    clock: Res<Clock>,
    mut layer: Local<Option<Entity>>,
    mut shown: Local<Sheet>,
) {
    hands.ripples.retain(|ripple| clock.step < ripple.step + RING_STEPS);
    let look = &exhibit.looks[exhibit.look];
    let mut sheet = Sheet::default();
    for ripple in &hands.ripples {
        let age_ms = (clock.step - ripple.step) as f32 * 1000.0 / STEPS_PER_SECOND as f32;
        sheet.append(overlays::touch::ring(look, ripple.at, age_ms));
    }
    hands.trails.retain(|trail| clock.step < trail.step + TRAIL_STEPS);
    for trail in &hands.trails {
        let age = (clock.step - trail.step) as f32 / TRAIL_STEPS as f32;
        sheet.append(overlays::touch::trail(look, (trail.from, trail.to), age));
    }
    let moving = !hands.ripples.is_empty() || !hands.trails.is_empty();
    let hits = exhibit.hits(&boards);
    // The stage shows the focus on a peer itself.
    if let Some(hit) = exhibit.focus.current(hits).map(|i| &hits[i])
        && !matches!(hit.does, Touch::Peer { .. })
    {
        sheet.append(overlays::focus::ring(look, &hit.area));
    }
    if sheet != *shown {
        let entity = *layer.get_or_insert_with(|| {
            commands.spawn((Layer { order: order::TOUCH, alpha: 1.0, ..Layer::default() }, Painted::default())).id()
        });
        commands.entity(entity).insert(Painted::new(sheet.clone()));
        *shown = sheet;
    }
    exhibit.focus.tick(clock.step);
    exhibit.moving |= moving;
}

/// What the panel was painted for: which reading of the deck, which place, which look and size.
type PanelKey = (u64, usize, usize, [u32; 2]);

/// The panel that says what is wrong with the deck that was saved last.
pub fn panel(
    mut commands: Commands,
    mut exhibit: ResMut<Exhibit>,
    mut boards: ResMut<Boards>,
    mut layer: Local<Option<Entity>>,
    mut shown: Local<Option<PanelKey>>,
) {
    let exhibit = &mut *exhibit;
    let open = !exhibit.findings.is_empty() && !exhibit.findings_hidden;
    let key = open.then_some((exhibit.findings_read, exhibit.finding_shown, exhibit.look, exhibit.canvas.size));
    if key == *shown {
        return;
    }
    *shown = key;
    let page = open.then(|| {
        let view = View {
            deck: &exhibit.deck,
            state: &exhibit.state,
            look: &exhibit.looks[exhibit.look],
            canvas: exhibit.canvas,
            scene: None,
            looks: &exhibit.looks,
            length_percent: 100,
            ease: exhibit.ease,
        };
        overlays::deck_error::compose(&view, &mut exhibit.typesetter, &exhibit.findings, exhibit.finding_shown)
    });
    boards.panel_hits = page.as_ref().map(|page| page.hits.clone()).unwrap_or_default();
    match &page {
        None => {
            if let Some(old) = layer.take() {
                commands.entity(old).despawn();
            }
        }
        Some(page) => {
            let entity = *layer.get_or_insert_with(|| {
                commands.spawn((Layer { order: order::ERROR, alpha: 1.0, ..Layer::default() }, Painted::default())).id()
            });
            let mut sheet = page.under.clone();
            sheet.append(page.over.clone());
            commands.entity(entity).insert(Painted::new(sheet));
        }
    }
}
