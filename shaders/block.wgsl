// A block of a chain: its body, its fingerprint of 256 dots, and the joint to the block before it (style §4).

#import peerscape::wall::{wall, layer, to_clip, corner, cover, ink, sd_box, sd_segment}

struct Row {
    at: vec2<f32>,
    scale: f32,
    flags: u32,
    // 256 bits, the most significant first.
    fingerprint: array<u32, 8>,
    // Where the joint leaves the block before.
    joint: vec2<f32>,
    changed_at: f32,
    sink: f32,
    spare0: f32,
    spare1: f32,
    spare2: f32,
    spare3: f32,
}

@group(1) @binding(1) var<storage, read> rows: array<Row>;

const JOINED: u32 = 16u;
const TORN: u32 = 32u;
const HIDDEN: u32 = 64u;
const SMALL: u32 = 128u;

const FIELD: u32 = 1u;
const RAISED: u32 = 2u;
const LINE: u32 = 4u;
const INK: u32 = 6u;
const INK2: u32 = 7u;
const DATA: u32 = 8u;
const SKY: u32 = 10u;
const BAD: u32 = 12u;

const HALF: vec2<f32> = vec2<f32>(142.0, 258.0);
const JOINT_Y: f32 = 192.0;
const PITCH: f32 = 14.2;
// The first row of the fingerprint, from the centre of the block.
const FIRST_ROW: f32 = -63.0;

struct Quad {
    @builtin(position) clip: vec4<f32>,
    // From the block's centre, in its own pixels.
    @location(0) local: vec2<f32>,
    @location(1) @interpolate(flat) row: u32,
    // Where the joint leaves the block before, in this block's pixels.
    @location(2) @interpolate(flat) joint: vec2<f32>,
    @location(3) reference: vec2<f32>,
}

fn in_out(t: f32) -> f32 {
    let u = clamp(t, 0.0, 1.0);
    return u * u * (3.0 - 2.0 * u);
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) row: u32) -> Quad {
    let flags = rows[row].flags;
    let scale = max(rows[row].scale, 0.001);
    let sunk = select(in_out((layer.wall - rows[row].changed_at) / 0.26), 1.0, layer.reduced > 0.5) * rows[row].sink;
    let at = rows[row].at + vec2<f32>(0.0, sunk);
    var half = select(HALF, vec2<f32>(44.0), (flags & SMALL) != 0u);
    var quad: Quad;
    quad.row = row;
    quad.joint = (rows[row].joint - at) / scale;
    var low = -half - vec2<f32>(16.0, 2.0);
    var high = half + vec2<f32>(16.0, 2.0);
    if (flags & JOINED) != 0u {
        low = min(low, quad.joint - vec2<f32>(16.0, 32.0));
        high = max(high, vec2<f32>(-half.x, quad.joint.y + 32.0));
    }
    quad.local = mix(low, high, corner(vertex) * 0.5 + 0.5);
    if (flags & HIDDEN) != 0u {
        quad.local = vec2<f32>(0.0);
    }
    quad.reference = at + quad.local * scale;
    quad.clip = to_clip(quad.reference);
    return quad;
}

// Lays a colour over what is there; both are premultiplied.
fn over(under: vec4<f32>, color: vec4<f32>, coverage: f32) -> vec4<f32> {
    let top = vec4<f32>(color.rgb * color.a, color.a) * coverage;
    return top + under * (1.0 - top.a);
}

// Coverage of a distance in the block's own pixels.
fn covered(d: f32, scale: f32) -> f32 {
    return cover(d * scale);
}

// A box's outline of dashes that meet in its corners.
fn dashes(p: vec2<f32>, half: vec2<f32>, radius: f32, stroke: f32) -> f32 {
    let box = sd_box(p, half, radius);
    let q = abs(p) - half;
    let upright = q.x > q.y;
    let side = select(half.x, half.y, upright);
    let along = select(p.x, p.y, upright) + side;
    let step = 2.0 * side / max(round(2.0 * side / 24.0), 2.0);
    let off = abs(along - round(along / step) * step);
    return max(off - step * 0.5 * 14.0 / 24.0, abs(box + stroke * 0.5) - stroke * 0.5);
}

// A torn end: five points up and down, pointing away from `x`.
fn tear(p: vec2<f32>, at: vec2<f32>, out: f32) -> f32 {
    let w = 9.0 * out;
    let p0 = at + vec2<f32>(0.0, -26.0);
    let p1 = at + vec2<f32>(w, -13.0);
    let p2 = at;
    let p3 = at + vec2<f32>(w, 13.0);
    let p4 = at + vec2<f32>(0.0, 26.0);
    return min(min(sd_segment(p, p0, p1), sd_segment(p, p1, p2)), min(sd_segment(p, p2, p3), sd_segment(p, p3, p4)));
}

fn lit(row: u32, index: u32) -> bool {
    return (rows[row].fingerprint[index / 32u] >> (31u - index % 32u) & 1u) == 1u;
}

@fragment
fn fragment(quad: Quad) -> @location(0) vec4<f32> {
    let row = quad.row;
    let flags = rows[row].flags;
    let state = flags & 3u;
    let camp = (flags >> 2u) & 3u;
    let scale = max(rows[row].scale, 0.001);
    let p = quad.local;
    let stroke = wall.stroke;
    let sealed = state == 0u;
    let small = (flags & SMALL) != 0u;
    let half = select(HALF, vec2<f32>(44.0), small);
    let radius = select(20.0, 14.0, small) * clamp(wall.radius, 0.0, 1.0);
    let box = sd_box(p, half, radius);
    var color = vec4<f32>(0.0);

    if small {
        // A chain under a fork: a filled square, with its camp's sign.
        let square = sd_box(p, vec2<f32>(20.0), 4.0);
        let diamond = (abs(p.x) + abs(p.y) - 28.0) * 0.7071;
        let tint = select(select(RAISED, DATA, camp == 1u), SKY, camp == 2u);
        color = over(color, ink(tint), covered(box, scale));
        // One of no camp hardly differs from a disc below it.
        if wall.outline > 0.5 || camp == 0u {
            color = over(color, ink(LINE), covered(abs(box + 2.0) - 2.0, scale));
        }
        if camp > 0u {
            color = over(color, ink(0u), covered(select(diamond, square, camp == 1u), scale));
        }
    } else if sealed {
        color = over(color, ink(FIELD), covered(box, scale));
        if wall.outline > 0.5 {
            color = over(color, ink(LINE), covered(abs(box + 1.25 * stroke) - 1.25 * stroke, scale));
        }
    } else {
        color = over(color, ink(BAD), covered(dashes(p, half, radius, 3.0 * stroke), scale));
    }

    if !small {
        // Row one stands apart: it must be dark.
        let gap = 10.0;
        let below = p.y > FIRST_ROW + PITCH * 0.5 + gap * 0.5;
        let y = select(p.y - FIRST_ROW, p.y - FIRST_ROW - gap, below);
        let line = clamp(round(y / PITCH), select(0.0, 1.0, below), select(0.0, 15.0, below));
        let column = clamp(round(p.x / PITCH + 7.5), 0.0, 15.0);
        let centre = vec2<f32>((column - 7.5) * PITCH, FIRST_ROW + line * PITCH + select(0.0, gap, below));
        let on = lit(row, u32(line) * 16u + u32(column));
        let alarm = on && !below && !sealed;
        let r = select(select(1.5, 5.0, on), 6.4, alarm);
        let tint = select(select(LINE, select(INK2, DATA, sealed), on), BAD, alarm);
        color = over(color, ink(tint), covered(length(p - centre) - r, scale));
        let rule = sd_box(p - vec2<f32>(0.0, FIRST_ROW + PITCH * 0.5 + 4.0), vec2<f32>(PITCH * 8.0, 1.0 * stroke), 0.0);
        color = over(color, ink(select(BAD, DATA, sealed)), covered(rule, scale));
    }

    if (flags & JOINED) != 0u {
        let first = quad.joint;
        let last = vec2<f32>(-half.x, select(JOINT_Y, 0.0, small));
        let torn = (flags & TORN) != 0u;
        let tint = ink(select(INK, BAD, torn));
        let bar = 5.0 * select(1.0, 0.6, small);
        if torn {
            let gap = 14.0;
            let middle = (first.x + last.x) * 0.5;
            let left = vec2<f32>(max(middle - gap, first.x), first.y);
            let right = vec2<f32>(min(middle + gap, last.x), last.y);
            let bars = min(sd_segment(p, first, left), sd_segment(p, right, last)) - bar;
            let ends = min(tear(p, left, 1.0), tear(p, right, -1.0)) - 2.0 * stroke;
            color = over(color, tint, covered(min(bars, ends), scale));
        } else {
            color = over(color, tint, covered(sd_segment(p, first, last) - bar, scale));
        }
        if !small {
            let discs = min(length(p - first), length(p - last)) - 14.0;
            color = over(color, tint, covered(discs, scale));
        }
    }
    return color * layer.alpha;
}
