//! Every shader is really built, and one that can't be is named.

use crate::studio::{FULL, alone, need_adapter};
use bevy::{prelude::*, render::RenderApp, shader::Shader};
use peerscape::{
    app::{scene::ScenePlugin, studio::Studio},
    ink::{gpu::pipelines_ready, layer::Kind},
};

/// More frames than pipelines need; they are compiled in the frame that asks for them.
const FRAMES: usize = 16;

/// Draws until every pipeline of every kind and pass stands, or one fails.
fn build(studio: &mut Studio) -> Result<(), String> {
    for _ in 0..FRAMES {
        studio.app.update();
        if pipelines_ready(studio.app.sub_app(RenderApp).world())? {
            return Ok(());
        }
    }
    Err("pipelines are still missing".into())
}

#[test]
fn every_pipeline_is_created() {
    let _one = alone();
    need_adapter();
    let mut studio = Studio::new(FULL, ScenePlugin);
    build(&mut studio).expect("every shader is right");
}

#[test]
fn a_broken_shader_is_named() {
    let _one = alone();
    need_adapter();
    for kind in Kind::ALL {
        let mut studio = Studio::new([64, 64], ScenePlugin);
        build(&mut studio).expect("every shader is right");
        let path = format!("shaders/{}.wgsl", format!("{kind:?}").to_lowercase());
        let mut shaders = studio.app.world_mut().resource_mut::<Assets<Shader>>();
        let there = shaders.iter().find(|(_, shader)| shader.path == path).map(|(id, _)| id);
        let id = there.unwrap_or_else(|| panic!("{path} is not among the shaders"));
        let broken = "@vertex fn vertex() -> @builtin(position) vec4<f32> { return nothing; }";
        shaders.insert(id, Shader::from_wgsl(broken, path)).expect("the handle is alive");
        let error = build(&mut studio).expect_err("a shader with an unknown name builds nothing");
        assert!(error.starts_with(&format!("{kind:?}")), "{kind:?}: {error}");
    }
}
