// A packet on its way. The row says once where and when it departs and arrives; this moves it (style §4, §5).

#import peerscape::wall::{wall, layer, to_clip, corner, cover, ink, sd_box, sd_segment}

struct Row {
    origin: vec2<f32>,
    goal: vec2<f32>,
    departs: f32,
    arrives: f32,
    // When its way ends, by scene time.
    ends: f32,
    // When it was seen to end otherwise than by arriving, by wall time.
    gone_at: f32,
    flags: u32,
    r: f32,
    // How far its way bows to the right.
    bend: f32,
    // How far from the sender's centre it departs.
    from_reach: f32,
    // How far from the receiver's centre it arrives.
    to_reach: f32,
    spare0: f32,
    spare1: f32,
    spare2: f32,
}

@group(1) @binding(1) var<storage, read> rows: array<Row>;

const STILL: u32 = 1024u;
const HIDDEN: u32 = 2048u;
// It stands on the bare ground, not on a network's.
const ON_GROUND: u32 = 4096u;
// Signs stand in it, where else a cross would.
const LETTERED: u32 = 8192u;
const FIELD: u32 = 1u;
const BAD: u32 = 12u;

const CROSS: f32 = 0.3;
const FADE: f32 = 0.15;

struct Quad {
    @builtin(position) clip: vec4<f32>,
    // Along the way of flight from the head's centre, and to the right of it.
    @location(0) local: vec2<f32>,
    @location(1) @interpolate(flat) row: u32,
    @location(2) @interpolate(flat) tail: f32,
    // How much of it shows, and of the cross that says it was lost.
    @location(3) @interpolate(flat) shows: vec2<f32>,
    @location(4) @interpolate(flat) turn: vec2<f32>,
    @location(5) reference: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) row: u32) -> Quad {
    let flags = rows[row].flags;
    let end = (flags >> 2u) & 3u;
    let still = (flags & STILL) != 0u;
    let departs = rows[row].departs;
    let arrives = rows[row].arrives;
    var quad: Quad;
    quad.row = row;
    quad.shows = vec2<f32>(1.0, 0.0);
    var now = min(layer.now, rows[row].ends);
    var along = clamp((now - departs) / max(arrives - departs, 0.0001), 0.0, 1.0);
    var seen = layer.now >= departs && layer.now < rows[row].ends;
    if still {
        along = departs;
        seen = true;
        quad.shows.y = select(0.0, 1.0, end != 0u);
    } else if end != 0u && layer.now >= rows[row].ends {
        // Lost or turned away: it fades where it was, under a cross.
        let age = (layer.wall - rows[row].gone_at) / CROSS;
        seen = age >= 0.0 && age < 1.0;
        quad.shows = vec2<f32>(max(1.0 - 2.0 * age, 0.0), 1.0 - age * age);
    } else if layer.reduced > 0.5 {
        // No motion: it stands in the middle of its way, and fades in and out.
        quad.shows.x = clamp(min(layer.now - departs, arrives - layer.now) / FADE, 0.0, 1.0);
    }
    if layer.reduced > 0.5 && !still {
        along = 0.5;
    }
    if !seen || (flags & HIDDEN) != 0u {
        quad.clip = vec4<f32>(0.0, 0.0, 0.0, 1.0);
        return quad;
    }
    let way = rows[row].goal - rows[row].origin;
    let far = max(length(way), 0.001);
    let ahead = way / far;
    let right = vec2<f32>(-ahead.y, ahead.x);
    let bend = rows[row].bend;
    // Between peers so near that they touch, a packet flies over the top of its bow.
    let limit = select(0.5, 0.3, abs(bend) > 0.5);
    let first = min(rows[row].from_reach / far, limit);
    let last = 1.0 - min(rows[row].to_reach / far, limit);
    let s = mix(first, last, along);
    let at = rows[row].origin + ahead * (s * far) + right * (4.0 * bend * s * (1.0 - s));
    let slope = 4.0 * bend * (1.0 - 2.0 * s) / far;
    let heading = normalize(ahead + right * slope);
    let side = vec2<f32>(-heading.y, heading.x);
    let r = rows[row].r;
    // Never longer than the way flown.
    quad.tail = min(4.5 * r, (s - first) * far * sqrt(1.0 + slope * slope));
    let layers = f32((flags >> 8u) & 3u);
    let reach = r * max(1.5, pow(1.35, layers) + 0.3) + 2.0;
    let c = corner(vertex);
    let x = select(-max(quad.tail, reach) - 1.0, reach, c.x > 0.0);
    quad.local = vec2<f32>(x, c.y * reach);
    quad.turn = heading;
    quad.reference = at + heading * quad.local.x + side * quad.local.y;
    quad.clip = to_clip(quad.reference);
    return quad;
}

// A circle around the origin, drawn out to a point `tail` behind it.
fn drop(p: vec2<f32>, r: f32, tail: f32) -> f32 {
    if tail <= r {
        return length(p) - r;
    }
    let q = vec2<f32>(abs(p.y), -p.x);
    let b = r / tail;
    let a = sqrt(1.0 - b * b);
    let k = dot(q, vec2<f32>(-b, a));
    if k < 0.0 {
        return length(q) - r;
    }
    if k > a * tail {
        return length(q - vec2<f32>(0.0, tail));
    }
    return dot(q, vec2<f32>(a, b)) - r;
}

// Lays a colour over what is there; both are premultiplied.
fn over(under: vec4<f32>, color: vec4<f32>, coverage: f32) -> vec4<f32> {
    let top = vec4<f32>(color.rgb * color.a, color.a) * coverage;
    return top + under * (1.0 - top.a);
}

@fragment
fn fragment(quad: Quad) -> @location(0) vec4<f32> {
    let flags = rows[quad.row].flags;
    let form = flags & 3u;
    let tint = ink((flags >> 4u) & 15u);
    let r = rows[quad.row].r;
    let p = quad.local;
    let false_piece = form == 0u && ((flags >> 4u) & 15u) == BAD;
    var color = vec4<f32>(0.0);
    var body = 0.0;
    if form == 2u {
        body = min(sd_box(p, vec2<f32>(r), 1.0), drop(p, r * 0.5, quad.tail));
    } else if form == 3u {
        body = min((abs(p.x) + abs(p.y) - 1.4 * r) * 0.7071, drop(p, r * 0.5, quad.tail));
    } else {
        body = drop(p, r, quad.tail);
        if form == 1u || false_piece {
            // A question is hollow, and so is a false piece: what lies below is hidden all the same.
            let surface = ink(select(FIELD, 0u, (flags & ON_GROUND) != 0u));
            color = over(color, surface, cover(body) * quad.shows.x);
            let half = min(min(1.5, 0.2 * r) * wall.stroke, 0.14 * r);
            body = abs(body + half) - half;
        }
    }
    color = over(color, tint, cover(body) * quad.shows.x);
    let layers = (flags >> 8u) & 3u;
    var ring = r;
    for (var i = 0u; i < layers; i += 1u) {
        ring *= 1.35;
        color = over(color, tint, cover(abs(length(p) - ring) - min(1.25 * wall.stroke, 0.09 * r)) * quad.shows.x);
    }
    if false_piece && (flags & LETTERED) == 0u {
        // Crossed, upright, however it flies.
        let side = vec2<f32>(-quad.turn.y, quad.turn.x);
        let q = abs(quad.turn * p.x + side * p.y);
        let arm = sd_segment(q, vec2<f32>(0.0), vec2<f32>(r * 0.36)) - min(1.5 * wall.stroke, 0.14 * r);
        color = over(color, tint, cover(arm) * quad.shows.x);
    }
    if quad.shows.y > 0.0 {
        // The cross stands upright, however the packet flew.
        let side = vec2<f32>(-quad.turn.y, quad.turn.x);
        let q = abs(quad.turn * p.x + side * p.y);
        let arm = sd_segment(q, vec2<f32>(0.0), vec2<f32>(r * 0.9)) - 2.0 * wall.stroke;
        // On a plate of ground: in a look of one ink the cross must show on the packet too.
        color = over(color, ink(0u), cover(arm - 2.5) * quad.shows.y);
        color = over(color, ink(BAD), cover(arm) * quad.shows.y);
    }
    return color * layer.alpha;
}
