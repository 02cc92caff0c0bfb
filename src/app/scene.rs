//! Scenes and stills on the wall, as the slides know them.

use crate::{deck::{Deck, action::Action, state::Position}, ink::{look::Look, sheet::Vec2, text::Typesetter}, sim::vocabulary::PeerId, slides::{SceneReport, StageFrame, Touch}};
use bevy::prelude::*;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SceneId(u32);
#[derive(Resource, Default)]
pub struct Stage;
pub struct ScenePlugin;
impl Plugin for ScenePlugin { fn build(&self, app: &mut App) { app.init_resource::<Stage>(); } }
impl Stage {
    pub fn open(&mut self, _w: &mut World, _d: &Deck, _a: Position, _seed: u64) -> Option<SceneId> { None }
    pub fn run(&mut self, _id: SceneId) {}
    pub fn report(&self, _id: SceneId) -> Option<SceneReport> { None }
    pub fn frame(&mut self, _w: &mut World, _id: SceneId, _f: &[StageFrame], _l: &Look, _o: i32) {}
    pub fn place(&mut self, _w: &mut World, _id: SceneId, _o: Vec2, _a: f32) {}
    pub fn close(&mut self, _w: &mut World, _id: SceneId) {}
    pub fn touch(&mut self, _w: &mut World, _id: SceneId, _t: Touch) {}
    pub fn hold(&mut self, _w: &mut World, _id: SceneId, _p: Option<(usize, PeerId)>) {}
    pub fn time(&mut self, _w: &mut World, _id: SceneId, _a: Action) {}
    pub fn first_deed(&mut self, _w: &mut World, _id: SceneId) {}
    pub fn undo(&mut self, _w: &mut World, _id: SceneId) {}
    pub fn moves(&self, _id: Option<SceneId>) -> bool { false }
    pub fn advance(&mut self, _w: &mut World, _s: u64, _n: u64) {}
    pub fn settle(&mut self, _w: &mut World, _id: SceneId) {}
}
pub fn advance(_w: &mut World) {}
pub fn vocabulary(_w: &mut World, _d: &Deck, _l: &Look, _t: &mut Typesetter) -> Vec<Entity> { Vec::new() }
