//! How the GPU draws: one pass straight onto the screen, a draw call for each batch of a layer, nothing in between.
//!
//! Bevy's own passes draw to a texture and copy it to the screen. On a software rasteriser, and at 4K anywhere, each
//! pass over all pixels is what a frame costs, so the wall has a camera schedule of its own ([`WallPass`]) that holds
//! one system and no copy. Only rows that changed are uploaded.

use super::{
    atlas::{Atlas, Upload},
    layer::{Kind, Layer},
    sheet::Canvas,
    turn::Turn,
};
use bevy::{
    asset::Handle,
    camera::{Camera, ClearColorConfig, Projection, RenderTarget},
    ecs::schedule::ScheduleLabel,
    prelude::*,
    render::{
        ExtractSchedule, MainWorld, Render, RenderApp, RenderStartup, RenderSystems,
        camera::{CameraRenderGraph, ExtractedCamera},
        render_resource::{
            BindGroup, BindGroupEntries, BindGroupLayoutDescriptor, BindGroupLayoutEntries, BlendState, Buffer,
            BufferDescriptor, BufferUsages, CachedRenderPipelineId, ColorTargetState, ColorWrites, Extent3d,
            FilterMode, FragmentState, PipelineCache, PrimitiveState, RenderPassDescriptor, RenderPipelineDescriptor,
            Sampler, SamplerBindingType, SamplerDescriptor, ShaderStages, TexelCopyBufferLayout, TexelCopyTextureInfo,
            Texture, TextureAspect, TextureDescriptor, TextureDimension, TextureFormat, TextureSampleType,
            TextureUsages, TextureView, TextureViewDescriptor, VertexState, binding_types,
        },
        renderer::{RenderContext, RenderDevice, RenderQueue, ViewQuery},
        view::{Msaa, ViewTarget},
    },
    shader::{Shader, ShaderDefVal},
};
use bytemuck::{Pod, Zeroable};
use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Entries of the palette that the shaders read.
pub const PALETTE: usize = 24;

/// What all shaders read of the picture: its look and its scale. Changing it uploads half a kilobyte.
#[derive(Resource, Clone, Debug)]
pub struct Wall {
    /// The picture's size.
    pub canvas: Canvas,
    /// Linear colours by [`super::sheet::Ink::index`].
    pub palette: [[f32; 4]; PALETTE],
    /// The look's factor on strokes.
    pub stroke: f32,
    /// The look's factor on corners.
    pub radius: f32,
    /// Whether fills are outlined.
    pub outline: bool,
    /// Whether motion is reduced.
    pub reduced: bool,
    /// How much of its light the picture has, 0 to 1.
    pub light: f32,
    /// How far the picture has wandered, right and down, in physical pixels.
    pub wander: [i16; 2],
    /// How much larger it is drawn, around which of its reference pixels.
    pub zoom: (f32, [f32; 2]),
    /// How the picture lies on the glass.
    pub turn: Turn,
}

impl Wall {
    /// From reference pixels to physical ones: a factor, and where the origin lies.
    fn lies(&self) -> (f32, [f32; 2]) {
        let (scale, origin) = (self.canvas.scale(), self.canvas.origin());
        let (zoom, around) = self.zoom;
        // What it is drawn around stays where it is.
        let at = |i: usize| origin[i] + f32::from(self.wander[i]) + around[i] * scale * (1.0 - zoom);
        (scale * zoom, [at(0), at(1)])
    }

    /// Where on the glass a reference pixel is drawn, in physical pixels.
    fn to_glass(&self, at: [f32; 2]) -> [f32; 2] {
        let (scale, origin) = self.lies();
        self.turn.to_glass([0, 1].map(|i| at[i] * scale + origin[i]), self.canvas.size.map(|n| n as f32))
    }

    /// A clip in whole physical pixels, inside the glass: left, top, width and height.
    fn scissor(&self, [x, y, w, h]: [f32; 4]) -> [u32; 4] {
        let glass = self.turn.size(self.canvas.size);
        let corners = [[x, y], [x + w, y + h]].map(|at| self.to_glass(at));
        let end = |i: usize, pick: fn(f32, f32) -> f32| {
            pick(corners[0][i], corners[1][i]).round().clamp(0.0, glass[i] as f32) as u32
        };
        let [left, top] = [0, 1].map(|i| end(i, f32::min));
        let [right, bottom] = [0, 1].map(|i| end(i, f32::max));
        [left, top, right - left, bottom - top]
    }

    /// The reference pixel that is drawn at a place of the glass, in physical pixels.
    #[must_use]
    pub fn to_reference(&self, at: [f32; 2]) -> [f32; 2] {
        let (scale, origin) = self.lies();
        let at = self.turn.to_picture(at, self.canvas.size.map(|n| n as f32));
        std::array::from_fn(|i| (at[i] - origin[i]) / scale)
    }
}

impl Default for Wall {
    fn default() -> Self {
        Self {
            canvas: Canvas { size: [1920, 1080] },
            palette: [[0.0; 4]; PALETTE],
            stroke: 1.0,
            radius: 1.0,
            outline: false,
            reduced: false,
            light: 1.0,
            wander: [0; 2],
            zoom: (1.0, [0.0; 2]),
            turn: Turn::default(),
        }
    }
}

#[derive(Clone, Copy, Pod, Zeroable, PartialEq)]
#[repr(C)]
struct WallUniform {
    right: [f32; 2],
    down: [f32; 2],
    origin: [f32; 2],
    px: f32,
    stroke: f32,
    radius: f32,
    outline: f32,
    spare: [f32; 2],
    palette: [[f32; 4]; PALETTE],
}

impl From<&Wall> for WallUniform {
    fn from(wall: &Wall) -> Self {
        let [w, h] = wall.turn.size(wall.canvas.size.map(|n| n as f32));
        let (scale, _) = wall.lies();
        let [x, y] = wall.to_glass([0.0; 2]);
        // Around a picture of no size, a place is a direction.
        let side = |along| {
            let [x, y] = wall.turn.to_glass(along, [0.0; 2]);
            [2.0 * x / w, -2.0 * y / h]
        };
        Self {
            right: side([scale, 0.0]),
            down: side([0.0, scale]),
            origin: [2.0 * x / w - 1.0, 1.0 - 2.0 * y / h],
            px: scale,
            stroke: wall.stroke,
            radius: wall.radius,
            outline: f32::from(u8::from(wall.outline)),
            spare: [0.0; 2],
            palette: wall.palette.map(|[r, g, b, a]| [r * wall.light, g * wall.light, b * wall.light, a]),
        }
    }
}

#[derive(Clone, Copy, Default, Pod, Zeroable, PartialEq)]
#[repr(C)]
struct LayerUniform {
    offset: [f32; 2],
    alpha: f32,
    now: f32,
    reduced: f32,
    wall: f32,
    spare: [f32; 2],
}

/// Frames that reached the screen since the start; what "a still slide presents no frame" is measured by.
#[derive(Resource, Clone, Default)]
pub struct FramesPresented(Arc<AtomicU64>);

impl FramesPresented {
    /// How many so far.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Bytes sent to the GPU since the start: rows and uniforms.
#[derive(Resource, Clone, Default)]
pub struct BytesUploaded(Arc<AtomicU64>);

impl BytesUploaded {
    /// How many so far.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The order of the camera that sees the layers of [`AHEAD_LAYERS`], and only those.
pub const AHEAD_CAMERA: isize = -1;

/// Layers of this order and above are for who looks ahead: no other camera sees them.
pub const AHEAD_LAYERS: i32 = 1_000;

/// The wall's own camera schedule: one pass.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct WallPass;

/// A camera that draws all layers onto a target.
#[must_use]
pub fn camera(target: RenderTarget) -> impl Bundle {
    (
        Camera { clear_color: ClearColorConfig::None, ..Camera::default() },
        Projection::default(),
        CameraRenderGraph::new(WallPass),
        Msaa::Off,
        target,
    )
}

/// Draws every [`Layer`].
pub struct InkPlugin;

impl Plugin for InkPlugin {
    fn build(&self, app: &mut App) {
        let shaders = Shaders::new(&mut app.world_mut().resource_mut::<Assets<Shader>>());
        let (frames, bytes) = (FramesPresented::default(), BytesUploaded::default());
        app.init_resource::<Atlas>()
            .init_resource::<Wall>()
            .insert_resource(frames.clone())
            .insert_resource(bytes.clone());
        let Some(render_app) = app.get_sub_app_mut(RenderApp) else { return };
        let mut pass = Schedule::new(WallPass);
        pass.add_systems(draw);
        render_app
            .insert_resource(shaders)
            .insert_resource(frames)
            .insert_resource(bytes)
            .add_schedule(pass)
            .add_systems(RenderStartup, set_up)
            .add_systems(ExtractSchedule, upload)
            .add_systems(Render, queue_pipelines.in_set(RenderSystems::Queue));
    }
}

#[derive(Resource)]
struct Shaders {
    /// Held so that what the others import stays loaded.
    _wall: Handle<Shader>,
    by_kind: BTreeMap<Kind, Handle<Shader>>,
}

impl Shaders {
    fn new(assets: &mut Assets<Shader>) -> Self {
        let wall = assets.add(Shader::from_wgsl(include_str!("../../shaders/wall.wgsl"), "shaders/wall.wgsl"));
        let by_kind = Kind::ALL
            .into_iter()
            .map(|kind| {
                let (path, source) = match kind {
                    Kind::Plain => ("shaders/plain.wgsl", include_str!("../../shaders/plain.wgsl")),
                    Kind::Shape => ("shaders/shape.wgsl", include_str!("../../shaders/shape.wgsl")),
                    Kind::Glyph => ("shaders/glyph.wgsl", include_str!("../../shaders/glyph.wgsl")),
                    Kind::Link => ("shaders/link.wgsl", include_str!("../../shaders/link.wgsl")),
                    Kind::Packet => ("shaders/packet.wgsl", include_str!("../../shaders/packet.wgsl")),
                    Kind::Peer => ("shaders/peer.wgsl", include_str!("../../shaders/peer.wgsl")),
                    Kind::Block => ("shaders/block.wgsl", include_str!("../../shaders/block.wgsl")),
                };
                (kind, assets.add(Shader::from_wgsl(source, path)))
            })
            .collect();
        Self { _wall: wall, by_kind }
    }
}

#[derive(Resource)]
struct Gpu {
    wall_layout: BindGroupLayoutDescriptor,
    rows_layout: BindGroupLayoutDescriptor,
    wall: Buffer,
    wall_now: Option<WallUniform>,
    wall_group: Option<BindGroup>,
    sampler: Sampler,
    atlas: Option<(Texture, TextureView, u32)>,
    layers: BTreeMap<Entity, GpuLayer>,
    ground: LinearRgba,
    /// The picture as it is now.
    lies: Wall,
    /// The formats of the targets there are, each needing pipelines of its own.
    formats: Vec<TextureFormat>,
    pipelines: BTreeMap<(usize, Kind, &'static str), CachedRenderPipelineId>,
}

struct GpuLayer {
    order: i32,
    uniform: Buffer,
    uniform_now: LayerUniform,
    clip: Option<[f32; 4]>,
    batches: Vec<GpuBatch>,
}

struct GpuBatch {
    kind: Kind,
    rows: Buffer,
    capacity: usize,
    len: u32,
    group: BindGroup,
}

fn set_up(mut commands: Commands, device: Res<RenderDevice>) {
    let wall_layout = BindGroupLayoutDescriptor::new(
        "wall",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::VERTEX_FRAGMENT,
            (
                binding_types::uniform_buffer_sized(false, NonZero::new(size_of::<WallUniform>() as u64)),
                binding_types::texture_2d(TextureSampleType::Float { filterable: true }),
                binding_types::sampler(SamplerBindingType::Filtering),
            ),
        ),
    );
    let rows_layout = BindGroupLayoutDescriptor::new(
        "rows",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::VERTEX_FRAGMENT,
            (
                binding_types::uniform_buffer_sized(false, NonZero::new(size_of::<LayerUniform>() as u64)),
                binding_types::storage_buffer_read_only_sized(false, None),
            ),
        ),
    );
    commands.insert_resource(Gpu {
        wall_layout,
        rows_layout,
        wall: device.create_buffer(&BufferDescriptor {
            label: Some("wall"),
            size: size_of::<WallUniform>() as u64,
            usage: BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        }),
        wall_now: None,
        wall_group: None,
        sampler: device.create_sampler(&SamplerDescriptor {
            label: Some("atlas"),
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            ..SamplerDescriptor::default()
        }),
        atlas: None,
        layers: BTreeMap::new(),
        ground: LinearRgba::BLACK,
        lies: Wall::default(),
        formats: Vec::new(),
        pipelines: BTreeMap::new(),
    });
}

/// Brings what changed in the main world to the GPU. Rows go straight from a layer's bytes into the queue.
fn upload(
    mut main: ResMut<MainWorld>,
    gpu: Option<ResMut<Gpu>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    cache: Res<PipelineCache>,
    bytes: Res<BytesUploaded>,
) {
    let Some(mut gpu) = gpu else { return };
    let gpu = &mut *gpu;
    let mut sent = 0;

    let mut atlas = main.resource_mut::<Atlas>();
    let (side, uploads) = (atlas.side(), atlas.take_uploads());
    if gpu.atlas.as_ref().is_none_or(|(.., old)| *old != side) {
        gpu.atlas = Some(new_atlas(&device, side));
        gpu.wall_group = None;
    }
    if let Some((texture, ..)) = &gpu.atlas {
        for upload in &uploads {
            write_coverage(&queue, texture, upload);
        }
    }

    let wall = main.resource::<Wall>();
    let uniform = WallUniform::from(wall);
    let reduced = f32::from(u8::from(wall.reduced));
    gpu.lies = wall.clone();
    let [r, g, b, a] = uniform.palette[0];
    gpu.ground = LinearRgba::new(r, g, b, a);
    if gpu.wall_now != Some(uniform) {
        queue.write_buffer(&gpu.wall, 0, bytemuck::bytes_of(&uniform));
        gpu.wall_now = Some(uniform);
        sent += size_of::<WallUniform>();
    }
    if gpu.wall_group.is_none()
        && let Some((_, view, _)) = &gpu.atlas
    {
        gpu.wall_group = Some(device.create_bind_group(
            "wall",
            &cache.get_bind_group_layout(&gpu.wall_layout),
            &BindGroupEntries::sequential((gpu.wall.as_entire_binding(), view, &gpu.sampler)),
        ));
    }

    let layout = cache.get_bind_group_layout(&gpu.rows_layout);
    let mut query = main.query::<(Entity, &mut Layer)>();
    let mut alive = Vec::new();
    for (entity, mut layer) in query.iter_mut(&mut main) {
        alive.push(entity);
        // What is uploaded changes nothing that another system could want to know.
        let layer = layer.bypass_change_detection();
        let scale = gpu.lies.canvas.scale();
        let uniform = LayerUniform {
            // Whole physical pixels, so that glyphs at rest stay as sharp as they were drawn.
            offset: layer.offset.map(|x| (x * scale).round() / scale),
            alpha: layer.alpha,
            now: layer.now,
            reduced,
            wall: layer.wall,
            spare: [0.0; 2],
        };
        let known = gpu.layers.entry(entity).or_insert_with(|| GpuLayer {
            order: layer.order,
            uniform: device.create_buffer(&BufferDescriptor {
                label: Some("layer"),
                size: size_of::<LayerUniform>() as u64,
                usage: BufferUsages::UNIFORM | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }),
            uniform_now: LayerUniform { alpha: -1.0, ..LayerUniform::default() },
            clip: None,
            batches: Vec::new(),
        });
        known.order = layer.order;
        known.clip = layer.clip.map(|[x, y, w, h]| [x + uniform.offset[0], y + uniform.offset[1], w, h]);
        if known.uniform_now != uniform {
            queue.write_buffer(&known.uniform, 0, bytemuck::bytes_of(&uniform));
            known.uniform_now = uniform;
            sent += size_of::<LayerUniform>();
        }
        known.batches.truncate(layer.batches.len());
        for (index, batch) in layer.batches.iter_mut().enumerate() {
            let (len, stride) = (batch.len(), batch.kind().stride());
            let changed = batch.take_changed();
            let fits = known.batches.get(index).is_some_and(|b| b.kind == batch.kind() && b.capacity >= len);
            if fits {
                let there = &mut known.batches[index];
                if let Some(rows) = changed {
                    let cut = rows.start * stride..rows.end * stride;
                    queue.write_buffer(&there.rows, cut.start as u64, &batch.bytes()[cut.clone()]);
                    sent += cut.len();
                }
                there.len = len as u32;
            } else {
                let capacity = len.next_power_of_two().max(16);
                let rows = device.create_buffer(&BufferDescriptor {
                    label: Some("rows"),
                    size: (capacity * stride) as u64,
                    usage: BufferUsages::STORAGE | BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                });
                queue.write_buffer(&rows, 0, batch.bytes());
                sent += batch.bytes().len();
                let group = device.create_bind_group(
                    "rows",
                    &layout,
                    &BindGroupEntries::sequential((known.uniform.as_entire_binding(), rows.as_entire_binding())),
                );
                let fresh = GpuBatch { kind: batch.kind(), rows, capacity, len: len as u32, group };
                if index < known.batches.len() {
                    known.batches[index] = fresh;
                } else {
                    known.batches.push(fresh);
                }
            }
        }
    }
    alive.sort_unstable();
    gpu.layers.retain(|entity, _| alive.binary_search(entity).is_ok());
    bytes.0.fetch_add(sent as u64, Ordering::Relaxed);
}

fn new_atlas(device: &RenderDevice, side: u32) -> (Texture, TextureView, u32) {
    let texture = device.create_texture(&TextureDescriptor {
        label: Some("atlas"),
        size: Extent3d { width: side, height: side, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: TextureDimension::D2,
        format: TextureFormat::R8Unorm,
        usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let view = texture.create_view(&TextureViewDescriptor::default());
    (texture, view, side)
}

fn write_coverage(queue: &RenderQueue, texture: &Texture, upload: &Upload) {
    let [width, height] = upload.size;
    queue.write_texture(
        TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: bevy::render::render_resource::Origin3d { x: upload.at[0], y: upload.at[1], z: 0 },
            aspect: TextureAspect::All,
        },
        &upload.coverage,
        TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(width), rows_per_image: None },
        Extent3d { width, height, depth_or_array_layers: 1 },
    );
}

fn queue_pipelines(
    gpu: Option<ResMut<Gpu>>,
    shaders: Res<Shaders>,
    cache: Res<PipelineCache>,
    views: Query<&ViewTarget>,
) {
    let Some(mut gpu) = gpu else { return };
    for format in views.iter().filter_map(ViewTarget::out_texture_view_format) {
        if !gpu.formats.contains(&format) {
            gpu.formats.push(format);
        }
    }
    for index in 0..gpu.formats.len() {
        for (kind, pass) in Kind::ALL.into_iter().flat_map(|kind| kind.passes().iter().map(move |pass| (kind, *pass))) {
            if gpu.pipelines.contains_key(&(index, kind, pass)) {
                continue;
            }
            let shader = shaders.by_kind[&kind].clone();
            let defs: Vec<ShaderDefVal> = (!pass.is_empty()).then(|| pass.into()).into_iter().collect();
            let id = cache.queue_render_pipeline(RenderPipelineDescriptor {
                label: Some(format!("{kind:?} {pass}").into()),
                layout: vec![gpu.wall_layout.clone(), gpu.rows_layout.clone()],
                vertex: VertexState {
                    shader: shader.clone(),
                    shader_defs: defs.clone(),
                    entry_point: Some("vertex".into()),
                    ..default()
                },
                primitive: PrimitiveState::default(),
                fragment: Some(FragmentState {
                    shader,
                    shader_defs: defs,
                    entry_point: Some("fragment".into()),
                    targets: vec![Some(ColorTargetState {
                        format: gpu.formats[index],
                        blend: Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                        write_mask: ColorWrites::ALL,
                    })],
                }),
                ..default()
            });
            gpu.pipelines.insert((index, kind, pass), id);
        }
    }
}

/// Tells whether every pipeline of every target in use exists, so that a picture can't miss a shader.
///
/// # Errors
/// The name of a shader that could not be built, and why.
pub fn pipelines_ready(render_world: &World) -> Result<bool, String> {
    use bevy::render::render_resource::CachedPipelineState;
    let (Some(gpu), Some(cache)) = (render_world.get_resource::<Gpu>(), render_world.get_resource::<PipelineCache>())
    else {
        return Ok(false);
    };
    let mut ready = !gpu.pipelines.is_empty();
    for ((_, kind, _), id) in &gpu.pipelines {
        match cache.get_render_pipeline_state(*id) {
            CachedPipelineState::Ok(_) => {}
            CachedPipelineState::Err(error) => {
                use bevy::shader::ShaderCacheError;
                if !matches!(
                    error,
                    ShaderCacheError::ShaderNotLoaded(_) | ShaderCacheError::ShaderImportNotYetAvailable
                ) {
                    return Err(format!("{kind:?}: {error}"));
                }
                ready = false;
            }
            _ => ready = false,
        }
    }
    Ok(ready)
}

/// The one pass: clears to the ground and draws every layer from the lowest to the highest.
fn draw(
    view: ViewQuery<(&ViewTarget, &ExtractedCamera)>,
    gpu: Option<Res<Gpu>>,
    cache: Res<PipelineCache>,
    frames: Res<FramesPresented>,
    mut context: RenderContext,
) {
    let (target, camera) = view.into_inner();
    let (Some(gpu), Some(format)) = (gpu, target.out_texture_view_format()) else { return };
    let Some(format) = gpu.formats.iter().position(|f| *f == format) else { return };
    let Some(attachment) = target.out_texture_color_attachment(Some(gpu.ground)) else { return };
    let mut pass = context.command_encoder().begin_render_pass(&RenderPassDescriptor {
        label: Some("wall"),
        color_attachments: &[Some(attachment)],
        depth_stencil_attachment: None,
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    });
    let Some(wall) = &gpu.wall_group else { return };
    pass.set_bind_group(0, wall, &[]);
    let ahead = camera.order == AHEAD_CAMERA;
    let seen = |layer: &&GpuLayer| layer.uniform_now.alpha > 0.0 && (layer.order >= AHEAD_LAYERS) == ahead;
    let mut layers: Vec<&GpuLayer> = gpu.layers.values().filter(seen).collect();
    layers.sort_by_key(|l| l.order);
    let [width, height] = gpu.lies.turn.size(gpu.lies.canvas.size);
    for layer in layers {
        match layer.clip.map(|clip| gpu.lies.scissor(clip)) {
            Some([_, _, 0, _] | [_, _, _, 0]) => continue,
            Some([x, y, w, h]) => pass.set_scissor_rect(x, y, w, h),
            None => pass.set_scissor_rect(0, 0, width, height),
        }
        for batch in layer.batches.iter().filter(|b| b.len > 0) {
            pass.set_bind_group(1, &batch.group, &[]);
            for name in batch.kind.passes() {
                let id = gpu.pipelines.get(&(format, batch.kind, *name));
                if let Some(pipeline) = id.and_then(|id| cache.get_render_pipeline(*id)) {
                    pass.set_pipeline(pipeline);
                    pass.draw(0..6, 0..batch.len);
                }
            }
        }
    }
    if matches!(camera.target, Some(bevy::camera::NormalizedRenderTarget::Window(_))) {
        frames.0.fetch_add(1, Ordering::Relaxed);
    }
}
