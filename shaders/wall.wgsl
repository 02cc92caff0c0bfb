// What every shader of the wall shares: from reference pixels to the screen, the palette, and coverage of a distance.
#define_import_path peerscape::wall

struct Wall {
    // A reference pixel to the right, and one down, in clip space; the picture may be turned on the glass.
    right: vec2<f32>,
    down: vec2<f32>,
    // Where the first one lies.
    origin: vec2<f32>,
    // Physical pixels a reference pixel.
    px: f32,
    // The look's factor on strokes.
    stroke: f32,
    // The look's factor on corner radii: 0 where corners are square.
    radius: f32,
    // 1 where fills are outlined.
    outline: f32,
    spare: vec2<f32>,
    palette: array<vec4<f32>, 24>,
}

struct LayerUniform {
    offset: vec2<f32>,
    alpha: f32,
    // Scene time, in seconds since the layer's epoch: it stands while the scene is paused.
    now: f32,
    // 1 under reduced motion.
    reduced: f32,
    // The wall's clock, in seconds since the layer's epoch: it runs on.
    wall: f32,
    spare_b: f32,
    spare_c: f32,
}

@group(0) @binding(0) var<uniform> wall: Wall;
@group(0) @binding(1) var atlas: texture_2d<f32>;
@group(0) @binding(2) var atlas_sampler: sampler;
@group(1) @binding(0) var<uniform> layer: LayerUniform;

// From a place in reference pixels, moved with its layer, to clip space.
fn to_clip(reference: vec2<f32>) -> vec4<f32> {
    let moved = reference + layer.offset;
    return vec4<f32>(moved.x * wall.right + moved.y * wall.down + wall.origin, 0.0, 1.0);
}

// Corner of a quad made of two triangles, each coordinate -1 or 1.
fn corner(vertex: u32) -> vec2<f32> {
    let x = select(-1.0, 1.0, vertex == 1u || vertex == 2u || vertex == 4u);
    let y = select(-1.0, 1.0, vertex == 2u || vertex == 4u || vertex == 5u);
    return vec2<f32>(x, y);
}

// How much of a pixel lies inside a signed distance in reference pixels.
fn cover(distance: f32) -> f32 {
    return clamp(0.5 - distance * wall.px, 0.0, 1.0);
}

fn ink(index: u32) -> vec4<f32> {
    return wall.palette[min(index, 23u)];
}

// A colour at a coverage, times the layer's own, ready to blend.
fn premultiplied(color: vec4<f32>, coverage: f32) -> vec4<f32> {
    let a = color.a * coverage * layer.alpha;
    return vec4<f32>(color.rgb * a, a);
}

fn sd_box(p: vec2<f32>, half: vec2<f32>, radius: f32) -> f32 {
    let q = abs(p) - half + radius;
    return length(max(q, vec2<f32>(0.0))) + min(max(q.x, q.y), 0.0) - radius;
}

fn sd_segment(p: vec2<f32>, a: vec2<f32>, b: vec2<f32>) -> f32 {
    let pa = p - a;
    let ba = b - a;
    let h = clamp(dot(pa, ba) / max(dot(ba, ba), 1e-6), 0.0, 1.0);
    return length(pa - ba * h);
}

fn sd_triangle(p: vec2<f32>, a: vec2<f32>, b: vec2<f32>, c: vec2<f32>) -> f32 {
    let e0 = b - a;
    let e1 = c - b;
    let e2 = a - c;
    let v0 = p - a;
    let v1 = p - b;
    let v2 = p - c;
    let q0 = v0 - e0 * clamp(dot(v0, e0) / dot(e0, e0), 0.0, 1.0);
    let q1 = v1 - e1 * clamp(dot(v1, e1) / dot(e1, e1), 0.0, 1.0);
    let q2 = v2 - e2 * clamp(dot(v2, e2) / dot(e2, e2), 0.0, 1.0);
    let s = sign(e0.x * e2.y - e0.y * e2.x);
    let d = min(min(
        vec2<f32>(dot(q0, q0), s * (v0.x * e0.y - v0.y * e0.x)),
        vec2<f32>(dot(q1, q1), s * (v1.x * e1.y - v1.y * e1.x))),
        vec2<f32>(dot(q2, q2), s * (v2.x * e2.y - v2.y * e2.x)));
    return -sqrt(d.x) * sign(d.y);
}

fn turned(p: vec2<f32>, angle: f32) -> vec2<f32> {
    let c = cos(angle);
    let s = sin(angle);
    return vec2<f32>(c * p.x + s * p.y, c * p.y - s * p.x);
}

// Angle of a direction, clockwise from twelve o'clock, 0 to 2 pi.
fn clock_angle(p: vec2<f32>) -> f32 {
    let a = atan2(p.x, -p.y);
    return select(a, a + 6.2831853, a < 0.0);
}
