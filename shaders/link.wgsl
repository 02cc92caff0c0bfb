// A link between two peers: idle, in use, known or cut, or the stubs that a stopped end leaves (style §4).
// It may bow to pass a third peer; the bow is a parabola over the straight way.

#import peerscape::wall::{wall, layer, to_clip, corner, cover, ink, sd_segment}

struct Row {
    a: vec2<f32>,
    b: vec2<f32>,
    // How far from each centre it begins and ends.
    ra: f32,
    rb: f32,
    // How far it bows to the right of its way.
    bend: f32,
    flags: u32,
    changed_at: f32,
    // How high the torn ends of a cut are.
    torn: f32,
    // Where its ends come from, and when, if their peers move.
    a_origin: vec2<f32>,
    b_origin: vec2<f32>,
    departs: f32,
    arrives: f32,
}

@group(1) @binding(1) var<storage, read> rows: array<Row>;

// How far along its ends are, by scene time; 1 where they don't move.
fn moved(row: u32) -> f32 {
    let span = rows[row].arrives - rows[row].departs;
    return select(1.0, clamp((layer.now - rows[row].departs) / span, 0.0, 1.0), span > 0.0);
}

const KNOWN: u32 = 0u;
const IN_USE: u32 = 2u;
const CUT: u32 = 3u;
const DIRECTED: u32 = 8u;
const GIVES: u32 = 64u;
const HIDDEN: u32 = 128u;
const FROM_STOPPED: u32 = 256u;
const TO_STOPPED: u32 = 512u;
const EXTENDING: u32 = 1024u;
const UNKNOWN: u32 = 2048u;

const LINE: u32 = 4u;
const LINK: u32 = 5u;
const INK: u32 = 6u;
const DATA: u32 = 8u;
const SKY: u32 = 10u;
const BAD: u32 = 12u;

const RETRACT: f32 = 0.22;

// Whether a row is a plain line, as nearly all are. Software rasterisers run every branch of a shader for every pixel, so
// plain rows have a pass of their own, and each pass draws nothing for the rows of the other.
fn plain(row: u32) -> bool {
    let flags = rows[row].flags;
    let state = flags & 7u;
    let t = select((layer.wall - rows[row].changed_at) / RETRACT, 1.0, layer.reduced > 0.5);
    let settling = (flags & EXTENDING) != 0u && t < 1.0;
    return state != KNOWN && state != CUT && !settling
        && (flags & (DIRECTED | FROM_STOPPED | TO_STOPPED | UNKNOWN)) == 0u;
}

struct Quad {
    @builtin(position) clip: vec4<f32>,
    // Along the straight way from the first centre, and to the right of it.
    @location(0) local: vec2<f32>,
    @location(1) @interpolate(flat) row: u32,
    // For plain rows: length of the way, bow, and how far from each centre it begins and ends.
    @location(2) @interpolate(flat) way: vec4<f32>,
    @location(3) @interpolate(flat) color: vec4<f32>,
    @location(4) @interpolate(flat) half: f32,
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) row: u32) -> Quad {
    let a = mix(rows[row].a_origin, rows[row].a, moved(row));
    let b = mix(rows[row].b_origin, rows[row].b, moved(row));
    let way = b - a;
    let far = max(length(way), 0.001);
    let along = way / far;
    let right = vec2<f32>(-along.y, along.x);
    let flags = rows[row].flags;
    let bend = rows[row].bend;
    var side = 3.0 * wall.stroke + 1.0;
    if (flags & DIRECTED) != 0u { side = 8.0; }
    if (flags & 7u) == CUT { side = rows[row].torn * 0.5 + 4.0; }
    var tint = LINK;
    var width = 2.0;
    let camp = (flags >> 4u) & 3u;
    if (flags & 7u) == IN_USE { width = 3.0; tint = LINE; }
    if camp == 1u { tint = DATA; }
    if camp == 2u { tint = SKY; }
    if (flags & GIVES) != 0u { width = 4.0; tint = INK; }
#ifdef PLAIN
    side = width * 0.5 * wall.stroke + 1.0 / wall.px;
#endif
    let at = corner(vertex);
    // Straight links need no pixel under their peers; bowed ones may leave them sideways.
    let trimmed = abs(bend) < 0.5;
    let first = select(0.0, rows[row].ra - 2.0, trimmed);
    let head = select(2.0, 8.0, (flags & DIRECTED) != 0u);
    let last = select(far, far - rows[row].rb, trimmed) + head;
    let low = min(bend, 0.0) - side;
    let high = max(bend, 0.0) + side;
    var quad: Quad;
    quad.local = vec2<f32>(mix(first, last, at.x * 0.5 + 0.5), mix(low, high, at.y * 0.5 + 0.5));
#ifdef PLAIN
    let mine = plain(row);
#else
    let mine = !plain(row);
#endif
    if !mine || (flags & HIDDEN) != 0u || last <= first {
        quad.local = vec2<f32>(0.0);
    }
    quad.clip = to_clip(a + along * quad.local.x + right * quad.local.y);
    quad.row = row;
    quad.way = vec4<f32>(far, bend, rows[row].ra, rows[row].rb);
    let color = ink(tint);
    quad.color = vec4<f32>(color.rgb * color.a, color.a) * layer.alpha;
    quad.half = width * 0.5 * wall.stroke;
    return quad;
}

fn out_cubic(t: f32) -> f32 {
    let u = 1.0 - clamp(t, 0.0, 1.0);
    return 1.0 - u * u * u;
}

// Lays a colour over what is there; both are premultiplied.
fn over(under: vec4<f32>, color: vec4<f32>, coverage: f32) -> vec4<f32> {
    let top = vec4<f32>(color.rgb * color.a, color.a) * coverage;
    return top + under * (1.0 - top.a);
}

// A torn end: five points up and down, pointing away from `x`.
fn tear(p: vec2<f32>, x: f32, out: f32, high: f32) -> f32 {
    let h = high * 0.25;
    let w = 9.0 * min(high / 52.0, 1.0) * out;
    let p0 = vec2<f32>(x, -2.0 * h);
    let p1 = vec2<f32>(x + w, -h);
    let p2 = vec2<f32>(x, 0.0);
    let p3 = vec2<f32>(x + w, h);
    let p4 = vec2<f32>(x, 2.0 * h);
    return min(min(sd_segment(p, p0, p1), sd_segment(p, p1, p2)), min(sd_segment(p, p2, p3), sd_segment(p, p3, p4)));
}

#ifdef PLAIN
@fragment
fn fragment(quad: Quad) -> @location(0) vec4<f32> {
    let p = quad.local;
    let far = quad.way.x;
    let bend = quad.way.y;
    let s = clamp(p.x / far, 0.0, 1.0);
    let slope = 4.0 * bend * (1.0 - 2.0 * s) / far;
    let off = abs(p.y - 4.0 * bend * s * (1.0 - s)) * inverseSqrt(1.0 + slope * slope);
    // Inside neither peer's cleared disc.
    let outside = max(quad.way.z - length(p), quad.way.w - length(p - vec2<f32>(far, 0.0)));
    return quad.color * cover(max(off - quad.half, outside));
}
#else
@fragment
fn fragment(quad: Quad) -> @location(0) vec4<f32> {
    let row = quad.row;
    let flags = rows[row].flags;
    let a = mix(rows[row].a_origin, rows[row].a, moved(row));
    let b = mix(rows[row].b_origin, rows[row].b, moved(row));
    let way = b - a;
    let far = max(length(way), 0.001);
    let along = way / far;
    let right = vec2<f32>(-along.y, along.x);
    let bend = rows[row].bend;
    let p = quad.local;
    let s = clamp(p.x / far, 0.0, 1.0);
    let slope = 4.0 * bend * (1.0 - 2.0 * s) / far;
    let off = abs(p.y - 4.0 * bend * s * (1.0 - s)) / sqrt(1.0 + slope * slope);
    // Inside neither peer's cleared disc.
    let outside = max(rows[row].ra - length(p), rows[row].rb - length(p - vec2<f32>(far, 0.0)));
    let begin = rows[row].ra;
    let end = far - rows[row].rb;
    let visible = max(end - begin, 0.001);
    let state = flags & 7u;
    let camp = (flags >> 4u) & 3u;
    let stroke = wall.stroke;
    let here = a + along * p.x + right * p.y;
    var color = vec4<f32>(0.0);

    let stopped = (flags & (FROM_STOPPED | TO_STOPPED)) != 0u;
    let t = select(out_cubic((layer.wall - rows[row].changed_at) / RETRACT), 1.0, layer.reduced > 0.5);
    let extending = !stopped && (flags & EXTENDING) != 0u && t < 1.0;
    if state == CUT {
        // So wide is the gap between the points of both ends.
        let gap = max(24.0, rows[row].torn * 0.5) + 18.0 * min(rows[row].torn / 52.0, 1.0);
        let middle = (begin + end) * 0.5;
        let body = max(max(off - 2.0 * stroke, outside), gap * 0.5 - abs(p.x - middle));
        let torn = min(tear(p, middle - gap * 0.5, 1.0, rows[row].torn), tear(p, middle + gap * 0.5, -1.0, rows[row].torn));
        color = over(color, ink(BAD), cover(min(body, torn - 2.0 * stroke)));
    } else if stopped || extending {
        // What is left of it: a tenth of its length at the end that stopped, 18 hundredths at the other; both drawn back
        // from where they met.
        let from_bad = (flags & FROM_STOPPED) != 0u;
        let to_bad = (flags & TO_STOPPED) != 0u;
        let meet = select(select(0.643, 0.357, from_bad), 0.5, from_bad == to_bad);
        let gone = select(t, 1.0 - t, extending);
        let from_left = mix(meet, min(select(0.18, 0.10, from_bad) * far / visible, 0.4), gone);
        let to_left = mix(1.0 - meet, min(select(0.18, 0.10, to_bad) * far / visible, 0.4), gone);
        let u = (p.x - begin) / visible;
        let first = max(max(off - 1.0 * stroke, outside), (u - from_left) * visible);
        let last = max(max(off - 1.0 * stroke, outside), (1.0 - to_left - u) * visible);
        color = over(color, ink(select(LINK, BAD, from_bad)), cover(first));
        color = over(color, ink(select(LINK, BAD, to_bad)), cover(last));
    } else if state == KNOWN || (flags & UNKNOWN) != 0u {
        let count = max(round(visible / 12.0), 1.0);
        let pitch = visible / count;
        let nearest = clamp(round((p.x - begin) / pitch), 0.0, count) * pitch + begin;
        let at = clamp(nearest / far, 0.0, 1.0);
        let mark = length(p - vec2<f32>(nearest, 4.0 * bend * at * (1.0 - at))) - 2.0 * stroke;
        color = over(color, ink(select(LINE, INK, (flags & GIVES) != 0u)), cover(mark));
    } else {
        var width = 2.0;
        var tint = LINK;
        if state == IN_USE { width = 3.0; tint = LINE; }
        if camp == 1u { tint = DATA; }
        if camp == 2u { tint = SKY; }
        if (flags & GIVES) != 0u { width = 4.0; tint = INK; }
        color = over(color, ink(tint), cover(max(off - width * 0.5 * stroke, outside)));
    }
    if (flags & DIRECTED) != 0u && !stopped {
        let head = vec2<f32>(end, 4.0 * bend * (end / far) * (1.0 - end / far));
        let tint = select(select(LINK, LINE, state != 1u), INK, (flags & GIVES) != 0u);
        color = over(color, ink(tint), cover(length(p - head) - 6.0));
    }
    return color * layer.alpha;
}
#endif
