//! The staff's panel on a screen that hangs upright: egui lays it out for the picture, and what it drew is turned onto the
//! glass as the picture is; fingers come the other way.

use crate::ink::{gpu::Wall, turn::Turn};
use bevy::prelude::*;
use bevy_egui::{
    EguiInput, EguiPostUpdateSet, EguiPreUpdateSet, EguiRenderOutput, PrimaryEguiContext,
    egui::{ClippedPrimitive, Event, Pos2, Rect, epaint::Primitive},
};

/// Turns the panel as the picture.
pub struct UprightPlugin;

impl Plugin for UprightPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(PreUpdate, hear.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass))
            .add_systems(PostUpdate, draw.after(EguiPostUpdateSet::ProcessOutput));
    }
}

/// Makes of the glass that egui is told of a picture, and of places on it places of the picture.
fn hear(wall: Res<Wall>, mut contexts: Query<&mut EguiInput, With<PrimaryEguiContext>>) {
    let (turn, size) = (wall.turn, wall.canvas.size.map(|side| side as f32));
    if turn == Turn::default() {
        return;
    }
    for mut input in &mut contexts {
        input.screen_rect = Some(Rect::from_min_size(Pos2::ZERO, size.into()));
        for event in &mut input.events {
            if let Event::PointerMoved(pos) | Event::PointerButton { pos, .. } | Event::Touch { pos, .. } = event {
                *pos = turn.to_picture((*pos).into(), size).into();
            }
        }
    }
}

/// Turns what was drawn onto the glass.
fn draw(wall: Res<Wall>, mut contexts: Query<&mut EguiRenderOutput, With<PrimaryEguiContext>>) {
    let (turn, size) = (wall.turn, wall.canvas.size.map(|side| side as f32));
    if turn == Turn::default() {
        return;
    }
    let to_glass = |at: Pos2| Pos2::from(turn.to_glass(at.into(), size));
    for mut output in &mut contexts {
        for ClippedPrimitive { clip_rect, primitive } in &mut output.paint_jobs {
            *clip_rect = Rect::from_two_pos(to_glass(clip_rect.min), to_glass(clip_rect.max));
            if let Primitive::Mesh(mesh) = primitive {
                mesh.vertices.iter_mut().for_each(|vertex| vertex.pos = to_glass(vertex.pos));
            }
        }
    }
}
