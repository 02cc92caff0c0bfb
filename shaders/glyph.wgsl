// Glyphs: coverage from the atlas, in the ink of the run.
#import peerscape::wall::{wall, layer, atlas, atlas_sampler, to_clip, corner, ink, premultiplied}

struct Row {
    // Left, top, width, height in reference pixels.
    area: vec4<f32>,
    // Left, top, right, bottom in pixels of the atlas.
    cut: vec4<f32>,
    token: u32,
    alpha: f32,
    spare_a: f32,
    spare_b: f32,
}
@group(1) @binding(1) var<storage, read> rows: array<Row>;

struct Vertex {
    @builtin(position) clip: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) @interpolate(flat) row: u32,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, @builtin(instance_index) instance: u32) -> Vertex {
    let row = rows[instance];
    let t = corner(index) * 0.5 + 0.5;
    var out: Vertex;
    out.clip = to_clip(row.area.xy + row.area.zw * t);
    out.uv = mix(row.cut.xy, row.cut.zw, t) / vec2<f32>(textureDimensions(atlas));
    out.row = instance;
    return out;
}

@fragment
fn fragment(in: Vertex) -> @location(0) vec4<f32> {
    let row = rows[in.row];
    let coverage = textureSampleLevel(atlas, atlas_sampler, in.uv, 0.0).r;
    return premultiplied(ink(row.token), coverage * row.alpha);
}
