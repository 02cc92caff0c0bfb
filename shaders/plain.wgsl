// Boxes, discs and lines, filled or outlined, neither dashed nor turned: most shapes, and the largest.
#import peerscape::wall::{wall, layer, to_clip, corner, cover, ink, premultiplied, sd_box, sd_segment}

struct Row {
    a: vec2<f32>,
    b: vec2<f32>,
    p: vec2<f32>,
    stroke: f32,
    dash: f32,
    dash_on: f32,
    alpha: f32,
    form: u32,
    token: u32,
    turn: f32,
    spare_a: f32,
    spare_b: f32,
    spare_c: f32,
}
@group(1) @binding(1) var<storage, read> rows: array<Row>;

const SEGMENT: u32 = 1u;

struct Vertex {
    @builtin(position) clip: vec4<f32>,
    // From the box's centre, or along and across the line.
    @location(0) at: vec2<f32>,
    // Half size, corner radius, width of the outline: a line is a box of its own length with round ends.
    @location(1) @interpolate(flat) half: vec2<f32>,
    @location(2) @interpolate(flat) edge: vec2<f32>,
    @location(3) @interpolate(flat) color: vec4<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, @builtin(instance_index) instance: u32) -> Vertex {
    let row = rows[instance];
    let pad = 1.5 / wall.px;
    var centre = row.a;
    var half = row.b;
    var ahead = vec2<f32>(1.0, 0.0);
    var edge = vec2<f32>(min(row.p.x, min(row.b.x, row.b.y)), row.stroke);
    if row.form == SEGMENT {
        let way = row.b - row.a;
        let far = max(length(way), 1e-4);
        centre = (row.a + row.b) * 0.5;
        ahead = way / far;
        half = vec2<f32>(far * 0.5 + row.stroke * 0.5, row.stroke * 0.5);
        edge = vec2<f32>(row.stroke * 0.5, 0.0);
    }
    let at = corner(index) * (half + pad);
    var out: Vertex;
    out.clip = to_clip(centre + ahead * at.x + vec2<f32>(-ahead.y, ahead.x) * at.y);
    out.at = at;
    out.half = half;
    out.edge = edge;
    out.color = premultiplied(ink(row.token), row.alpha);
    return out;
}

@fragment
fn fragment(in: Vertex) -> @location(0) vec4<f32> {
    let d = sd_box(in.at, in.half, in.edge.x);
    // Outlines lie inside the edge.
    let outlined = abs(d + in.edge.y * 0.5) - in.edge.y * 0.5;
    return in.color * cover(select(d, outlined, in.edge.y > 0.0));
}
