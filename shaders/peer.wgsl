// A peer, whole, in one quad: the disc that it clears, its ring, its core, and every mark of its state (style §4).
// With the bit DISC the row is the ground of a network instead.

#import peerscape::wall::{wall, layer, to_clip, corner, cover, ink, sd_box, sd_segment}

struct Row {
    at: vec2<f32>,
    r: f32,
    flags: u32,
    // How full each segment is, a byte each.
    fills: array<u32, 6>,
    // Segments | ink of the surface << 8.
    look: u32,
    // The segment that grows | how full it was << 8 | ink of its halo << 16; all ones for none.
    grow: u32,
    grow_at: f32,
    share: f32,
    r_from: f32,
    r_at: f32,
    changed_at: f32,
    packet_r: f32,
    origin: vec2<f32>,
    departs: f32,
    arrives: f32,
}

@group(1) @binding(1) var<storage, read> rows: array<Row>;

const TAU: f32 = 6.28318531;

const SERVER: u32 = 1u;
const DISC: u32 = 2u;
const DONE: u32 = 1024u;
const MARKED: u32 = 2048u;
const HELD: u32 = 4096u;
const FOCUSED: u32 = 8192u;
const DIFFERS: u32 = 16384u;
const UNKNOWN: u32 = 32768u;
const HIDDEN: u32 = 65536u;
const YOU: u32 = 131072u;
const FROZEN: u32 = 262144u;
const BREATHES: u32 = 524288u;

const FIELD: u32 = 1u;
const LINE: u32 = 4u;
const LINK: u32 = 5u;
const INK: u32 = 6u;
const DATA: u32 = 8u;
const SKY: u32 = 10u;
const BAD: u32 = 12u;

// Which pass draws a row: 0 a network's ground or a running server, 1 a plain running peer with a ring of segments, 2 all others. Software
// rasterisers run every branch of a shader for every pixel, so the many have a pass without the marks of the few.
fn pass_of(row: u32, r: f32) -> u32 {
    let flags = rows[row].flags;
    if (flags & DISC) != 0u {
        // A ground that is frozen, or has just changed, has its dots and fades from the pass of the odd ones.
        let settled = (flags & FROZEN) == 0u && layer.wall - rows[row].changed_at >= 0.4;
        return select(2u, 0u, settled);
    }
    let kind = (flags >> 8u) & 3u;
    let odd = flags & (MARKED | HELD | FOCUSED | DIFFERS | UNKNOWN | YOU);
    let state = (flags >> 2u) & 63u;
    if (flags & SERVER) != 0u { return select(2u, 0u, odd == 0u && state == 0u); }
    // Running or cut off, fair, of no camp; with any ring but that of a life.
    let plain = odd == 0u && (state == 0u || state == 2u) && kind != 3u && r >= 8.0;
    return select(2u, 1u, plain);
}

// How far outside a peer the dots stand that say that it differs: where peers stand close, no further than halfway to the
// next; beyond the circle of one that is marked.
fn differs_gap(flags: u32, outer: f32) -> f32 {
    return select(min(22.0, 0.42 * outer), 22.0, (flags & MARKED) != 0u);
}

struct Quad {
    @builtin(position) clip: vec4<f32>,
    @location(0) local: vec2<f32>,
    @location(1) @interpolate(flat) row: u32,
    // Where a piece has just arrived, how strongly it glows, and in which ink.
    @location(2) @interpolate(flat) glow: vec4<f32>,
    // Radius, thickness of the ring, and width of a segment and its half, as angles.
    @location(3) @interpolate(flat) body: vec4<f32>,
    @location(4) @interpolate(flat) surface: vec4<f32>,
}

// The share of linear light that looks like a share of the tones between two colours: what is faint on paper must not
// glare on a dark wall.
fn as_seen(share: f32, under: vec3<f32>, top: vec3<f32>) -> f32 {
    let weights = vec3<f32>(0.2126, 0.7152, 0.0722);
    let a = max(dot(under, weights), 0.0001);
    let b = max(dot(top, weights), 0.0001);
    let tone = mix(pow(a, 1.0 / 2.2), pow(b, 1.0 / 2.2), share);
    return clamp((pow(tone, 2.2) - a) / select(b - a, 1.0, abs(b - a) < 0.001), 0.0, share * 2.0);
}

fn out_cubic(t: f32) -> f32 {
    let u = 1.0 - clamp(t, 0.0, 1.0);
    return 1.0 - u * u * u;
}

// The radius now: a held peer grows in place.
fn radius(row: u32) -> f32 {
    let t = select((layer.wall - rows[row].r_at) / 0.24, 1.0, layer.reduced > 0.5);
    return mix(rows[row].r_from, rows[row].r, out_cubic(t));
}

// What a circle around a peer must clear: the corners of a square too.
fn outer_radius(flags: u32, r: f32) -> f32 {
    return select(r, 1.31 * r, (flags & SERVER) != 0u);
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) row: u32) -> Quad {
    let flags = rows[row].flags;
    let r = radius(row);
    // No further than its marks reach: on a software rasteriser a frame costs pixels.
    var reach = r + 9.0;
    if r < 8.0 { reach = r + 2.0; }
    if (flags & DISC) != 0u { reach = r + 4.0; }
    let outer = outer_radius(flags, r);
    if (flags & FOCUSED) != 0u { reach = r + 7.0 + 4.0 * wall.stroke; }
    if (flags & MARKED) != 0u { reach = outer + 13.0 + 4.0 * wall.stroke; }
    if (flags & HELD) != 0u { reach = outer + 14.0 + 4.0 * wall.stroke; }
    if (flags & DIFFERS) != 0u { reach = outer + differs_gap(flags, outer) + 4.0 * wall.stroke; }
    if (flags & SERVER) != 0u { reach = max(reach, r + 12.0); }
    if layer.wall - rows[row].grow_at < 0.3 { reach = max(reach, r + 2.6 * rows[row].packet_r); }
#ifdef GROUND
    let mine = 0u;
#else
#ifdef PLAIN
    let mine = 1u;
#else
    let mine = 2u;
#endif
#endif
    if (flags & HIDDEN) != 0u || pass_of(row, r) != mine { reach = 0.0; }
    var quad: Quad;
    quad.local = corner(vertex) * reach;
    // A peer that moves is on its way by scene time, as a packet is.
    let span = rows[row].arrives - rows[row].departs;
    let along = select(1.0, clamp((layer.now - rows[row].departs) / span, 0.0, 1.0), span > 0.0);
    quad.clip = to_clip(mix(rows[row].origin, rows[row].at, along) + quad.local);
    quad.row = row;
    let step = TAU / max(f32(rows[row].look & 255u), 1.0);
    quad.body = vec4<f32>(r, select(0.32, 0.40, r < 25.0) * r, step, max(step - max(0.03, 1.7 / r), step * 0.4) * 0.5);
    let surface = ink(select((rows[row].look >> 8u) & 255u, FIELD, (flags & DISC) != 0u));
    quad.surface = vec4<f32>(surface.rgb * surface.a, surface.a);
    quad.glow = vec4<f32>(0.0, 0.0, 0.0, f32(DATA));
    let age = layer.wall - rows[row].grow_at;
    let kind = (flags >> 8u) & 3u;
    if age >= 0.0 && age < 0.3 && layer.reduced < 0.5 && rows[row].grow != 4294967295u && kind > 0u {
        let a = (f32(rows[row].grow & 255u) + 0.5) * TAU / max(f32(rows[row].look & 255u), 1.0);
        let tint = select(DATA, (rows[row].grow >> 16u) & 255u, kind == 1u);
        let surface = ink((rows[row].look >> 8u) & 255u);
        let share = as_seen(0.13 * (1.0 - age / 0.3), surface.rgb, ink(tint).rgb);
        quad.glow = vec4<f32>(r * 0.82 * vec2<f32>(sin(a), -cos(a)), share, f32(tint));
    }
    return quad;
}

// Lays a colour over what is there; both are premultiplied.
fn over(under: vec4<f32>, color: vec4<f32>, coverage: f32) -> vec4<f32> {
    let top = vec4<f32>(color.rgb * color.a, color.a) * coverage;
    return top + under * (1.0 - top.a);
}

// The angle clockwise from twelve o'clock, from 0 to a full turn.
fn angle_of(p: vec2<f32>) -> f32 {
    let a = atan2(p.x, -p.y);
    return select(a, a + TAU, a < 0.0);
}

// A circle of dashes; whole ones, as near to the period as goes.
fn dashes_on_circle(p: vec2<f32>, r: f32, on: f32, period: f32, stroke: f32) -> f32 {
    let count = max(round(TAU * r / period), 3.0);
    let step = TAU / count;
    let half = step * 0.5 * on / period;
    let a = angle_of(p);
    let off = abs(a - round(a / step) * step);
    return max((off - half) * r, abs(length(p) - r) - stroke * 0.5);
}

// A circle of round dots.
fn dots_on_circle(p: vec2<f32>, r: f32, pitch: f32, stroke: f32) -> f32 {
    let step = TAU / max(round(TAU * r / pitch), 3.0);
    let a = round(angle_of(p) / step) * step;
    return length(p - r * vec2<f32>(sin(a), -cos(a))) - stroke * 0.5;
}

// A square's outline of dashes that meet in its corners.
fn dashes_on_square(p: vec2<f32>, half: f32, corner_radius: f32, on: f32, period: f32, stroke: f32) -> f32 {
    let count = max(round(2.0 * half / period), 2.0);
    let step = 2.0 * half / count;
    let q = abs(p);
    let along = select(p.x, p.y, q.x > q.y) + half;
    let off = abs(along - round(along / step) * step);
    return max(off - step * 0.5 * on / period, abs(sd_box(p, vec2<f32>(half), corner_radius)) - stroke * 0.5);
}

fn cross(p: vec2<f32>, half: f32, stroke: f32) -> f32 {
    let q = abs(p);
    return sd_segment(q, vec2<f32>(0.0), vec2<f32>(half)) - stroke * 0.5;
}

fn star(p: vec2<f32>, outer: f32, inner: f32) -> f32 {
    let sector = TAU / 8.0;
    let a = abs(angle_of(p) - round(angle_of(p) / sector) * sector);
    let q = length(p) * vec2<f32>(cos(a), sin(a));
    let tip = vec2<f32>(outer, 0.0);
    let notch = inner * vec2<f32>(cos(sector * 0.5), sin(sector * 0.5));
    let edge = normalize(notch - tip);
    return dot(q - tip, vec2<f32>(edge.y, -edge.x));
}

// A square's corner radius, as the look has it.
fn square_corner(r: f32) -> f32 {
    return min(12.0, r * 0.3) * clamp(wall.radius, 0.0, 1.0);
}

// A triangle that points down: a funnel.
fn funnel(p: vec2<f32>, half: f32) -> f32 {
    let q = vec2<f32>(abs(p.x), p.y);
    let top = -0.577 * half;
    return max(top - q.y, dot(q - vec2<f32>(half, top), vec2<f32>(0.866, 0.5)));
}

fn byte_of(row: u32, segment: u32) -> f32 {
    return f32((rows[row].fills[segment / 4u] >> (segment % 4u * 8u)) & 255u) / 255.0;
}

// The ring of pieces or of life, laid over what is there.
fn ring(under: vec4<f32>, row: u32, p: vec2<f32>, r: f32) -> vec4<f32> {
    let flags = rows[row].flags;
    let kind = (flags >> 8u) & 3u;
    let count = rows[row].look & 255u;
    let d = length(p);
    if r < 18.0 || count == 0u {
        return ring_of_share(under, row, p, d, r);
    }
    if kind == 3u {
        return ring_of_life(under, row, p, d, r, count);
    }
    return ring_of_pieces(under, row, p, d, r, kind);
}

// Too small for segments, or nothing to count: the track, and one arc for the share that is held.
fn ring_of_share(under: vec4<f32>, row: u32, p: vec2<f32>, d: f32, r: f32) -> vec4<f32> {
    let thick = select(0.32, 0.40, r < 25.0) * r;
    let middle = r - thick * 0.5;
    let color = over(under, ink(LINK), cover(abs(d - middle) - max(1.5, 0.035 * r) * 0.5 * wall.stroke));
    let share = rows[row].share * select(0.0, 1.0, (rows[row].look & 255u) > 0u);
    let sweep = share * TAU;
    let from_middle = abs(angle_of(p) - sweep * 0.5) - sweep * 0.5;
    let radial = abs(d - middle) - thick * 0.5;
    let arc = select(max(from_middle * d, radial), radial, share >= 1.0);
    return over(color, ink(DATA), cover(arc) * select(0.0, 1.0, share > 0.0));
}

// What is left of a life: segments go out clockwise.
fn ring_of_life(under: vec4<f32>, row: u32, p: vec2<f32>, d: f32, r: f32, count: u32) -> vec4<f32> {
    let thick = select(0.32, 0.40, r < 25.0) * r;
    let angle = angle_of(p);
    let step = TAU / f32(count);
    let segment = min(u32(angle / step), count - 1u);
    let off = abs(angle - (f32(segment) + 0.5) * step);
    let half = max(step - 0.06, step * 0.4) * 0.5;
    let body = max(abs(d - r + thick * 0.5) - thick * 0.5, (off - half) * d);
    let edge = min(1.25, 0.08 * thick) * wall.stroke;
    let out = abs(body + edge) - edge;
    return over(under, ink(DATA), cover(select(out, body, byte_of(row, segment) > 0.5)));
}

// The ring of pieces: each segment grows from its middle, the four quarters differ in ink and profile.
fn ring_of_pieces(under: vec4<f32>, row: u32, p: vec2<f32>, d: f32, r: f32, kind: u32) -> vec4<f32> {
    let count = max(rows[row].look & 255u, 1u);
    let thick = select(0.32, 0.40, r < 25.0) * r;
    let middle = r - thick * 0.5;
    let angle = angle_of(p);
    let step = TAU / f32(count);
    let segment = min(u32(angle / step), count - 1u);
    let off = abs(angle - (f32(segment) + 0.5) * step);
    let half = max(step - max(0.03, 1.7 / r), step * 0.4) * 0.5;
    var fill = byte_of(row, segment);
    if (rows[row].grow & 255u) == segment && rows[row].grow != 4294967295u && layer.reduced < 0.5 {
        let before = f32((rows[row].grow >> 8u) & 255u) / 255.0;
        fill = mix(before, fill, out_cubic((layer.wall - rows[row].grow_at) / 0.18));
    }
    let track = abs(d - middle) - max(1.5, 0.035 * r) * 0.5 * wall.stroke;
    var color = over(under, ink(LINK), cover(track) * select(1.0, 0.0, fill >= 0.999));
    let quarter = select(0u, segment * 4u / count, kind == 1u);
    let radial = abs(d - middle) - thick * 0.5;
    // Two rails; the outer part; solid but for the middle of its angle, from where it grows to both sides.
    let rails = max(radial, -(abs(d - middle) - thick * 0.16));
    let shell = max(d - r, (r - 0.6 * thick) - d);
    let split = max(off - half * mix(0.32, 1.0, fill), half * 0.32 - off);
    let across = select(select(radial, rails, quarter == 1u), shell, quarter == 2u);
    let along = select(off - half * fill, split, quarter == 3u);
    let coverage = cover(max(across, along * d)) * select(0.0, 1.0, fill > 0.0);
    return over(color, ink(DATA + quarter), coverage);
}

@fragment
fn fragment(quad: Quad) -> @location(0) vec4<f32> {
    let row = quad.row;
    let p = quad.local;
    let flags = rows[row].flags;
    let r = radius(row);
    let stroke = wall.stroke;
    var color = vec4<f32>(0.0);

#ifdef GROUND
    if (flags & SERVER) != 0u {
        color = quad.surface * cover(sd_box(p, vec2<f32>(quad.body.x + 7.0), 19.0));
        color = over(color, ink(DATA), cover(sd_box(p, vec2<f32>(quad.body.x), square_corner(quad.body.x))));
    } else {
        let d = length(p) - quad.body.x;
        color = quad.surface * cover(d);
        if wall.outline > 0.5 {
            color = over(color, ink(LINE), cover(abs(d + 1.25) - 1.25));
        }
    }
    return color * layer.alpha;
#else
#ifdef PLAIN
    let kind = (flags >> 8u) & 3u;
    let d = length(p);
    // What lies below is hidden as far as the peer clears its ground.
    color = over(color, ink((rows[row].look >> 8u) & 255u), cover(d - r - 7.0));
    color = over(color, ink(u32(quad.glow.w)), cover(length(p - quad.glow.xy) - 2.6 * rows[row].packet_r) * quad.glow.z);
    if kind == 0u {
        color = over(color, ink(INK), cover(abs(d - r + 2.5) - 2.5 * stroke));
    } else if r < 18.0 || (rows[row].look & 255u) == 0u {
        color = ring_of_share(color, row, p, d, r);
    } else {
        color = ring_of_pieces(color, row, p, d, r, kind);
    }
    let whole = select(d - 0.27 * r, max(d - 0.34 * r, 0.14 * r - d), (flags & DONE) != 0u);
    let hollow = abs(d - 0.24 * r) - max(1.0, 0.03 * r) * stroke;
    let cut_off = ((flags >> 2u) & 3u) == 2u;
    return over(color, ink(select(INK, LINE, cut_off)), cover(select(whole, hollow, cut_off))) * layer.alpha;
#else
    if (flags & DISC) != 0u {
        let t = clamp((layer.wall - rows[row].changed_at) / 0.4, 0.0, 1.0);
        let alive = select(t, 1.0 - t, (flags & FROZEN) != 0u);
        let d = length(p) - r;
        color = over(color, ink(FIELD), cover(d) * alive);
        if wall.outline > 0.5 {
            color = over(color, ink(LINE), cover(abs(d + 1.25) - 1.25) * alive);
        }
        if alive < 1.0 {
            color = over(color, ink(LINK), cover(dots_on_circle(p, r, 14.0, 2.5 * stroke)) * (1.0 - alive));
        }
        return color * layer.alpha;
    }
    let server = (flags & SERVER) != 0u;
    let life = (flags >> 2u) & 3u;
    let conduct = (flags >> 4u) & 3u;
    let camp = (flags >> 6u) & 3u;
    let kind = (flags >> 8u) & 3u;
    let done = (flags & DONE) != 0u;
    let surface = ink((rows[row].look >> 8u) & 255u);
    let d = length(p);
    let outer = outer_radius(flags, r);

    if r < 8.0 && !server {
        // A dot: hollow until it holds all.
        var mark = select(abs(d - r + 1.0) - 1.0, d - r, done || life == 1u || camp > 0u);
        var tint = select(LINK, DATA, rows[row].share > 0.0 || camp == 1u);
        if camp == 2u { tint = SKY; }
        if life == 1u {
            tint = BAD;
            mark = cross(p, r * 0.7, max(1.5, 0.3 * r));
        }
        color = over(color, ink(tint), cover(mark));
        if (flags & FOCUSED) != 0u {
            color = over(color, ink(INK), cover(abs(d - r - 7.0) - 2.0 * stroke));
        }
        return color * layer.alpha;
    }

    // What lies below is hidden as far as the peer clears its ground.
    var cleared = d - r - 7.0;
    if server { cleared = sd_box(p, vec2<f32>(r + 7.0), 19.0); }
    if (flags & MARKED) != 0u { cleared = min(cleared, d - outer - 13.0); }
    if (flags & HELD) != 0u { cleared = min(cleared, d - outer - 14.0); }
    color = over(color, surface, cover(cleared));

    // The one glow: a piece has just arrived.
    color = over(color, ink(u32(quad.glow.w)), cover(length(p - quad.glow.xy) - 2.6 * rows[row].packet_r) * quad.glow.z);

    if life == 1u {
        let bold = max(4.0, select(0.13, 0.17, server) * r) * stroke;
        if server {
            color = over(color, ink(BAD), cover(dashes_on_square(p, r, square_corner(r), 13.0, 23.0, 4.0 * stroke)));
            color = over(color, ink(BAD), cover(cross(p, 0.4 * r, bold)));
        } else {
            color = over(color, ink(BAD), cover(dashes_on_circle(p, r, 13.0, 23.0, min(4.0, 0.2 * r) * stroke)));
            color = over(color, ink(BAD), cover(cross(p, 0.34 * r, bold)));
        }
    } else if server {
        let body = sd_box(p, vec2<f32>(r), square_corner(r));
        if life == 2u || (flags & UNKNOWN) != 0u {
            color = over(color, ink(LINE), cover(abs(body + 1.5 * stroke) - 1.5 * stroke));
        } else {
            color = over(color, ink(DATA), cover(body));
        }
        if conduct == 2u {
            color = over(color, select(surface, ink(BAD), life == 2u), cover(star(p, 0.43 * r, 0.22 * r)));
        }
    } else if (flags & UNKNOWN) != 0u {
        // Who looks does not know this peer.
        color = over(color, ink(LINE), cover(abs(d - r + 1.5 * stroke) - 1.5 * stroke));
    } else if camp > 0u && kind == 0u {
        // A fork: which version it holds, by ink and by the hole's shape.
        let square = sd_box(p, vec2<f32>(0.33 * r), 0.1 * r);
        let diamond = (abs(p.x) + abs(p.y) - 0.55 * r) * 0.7071;
        color = over(color, ink(select(SKY, DATA, camp == 1u)), cover(d - r));
        color = over(color, surface, cover(select(diamond, square, camp == 1u)));
    } else {
        if kind == 0u {
            color = over(color, ink(INK), cover(abs(d - r + 2.5) - 2.5 * stroke));
        } else {
            color = ring(color, row, p, r);
        }
        if conduct == 1u {
            color = over(color, ink(BAD), cover(abs(funnel(p, 0.41 * r) + 2.0) - min(2.0, 0.1 * r) * stroke));
        } else if conduct == 2u {
            color = over(color, ink(BAD), cover(star(p, 1.35 * 0.27 * r, 0.7 * 0.27 * r)));
        } else if (flags & HELD) != 0u {
            // A number stands there.
        } else if life == 2u {
            color = over(color, ink(LINE), cover(abs(d - 0.24 * r) - max(1.0, 0.03 * r) * stroke));
        } else if (flags & YOU) != 0u {
            var core = 0.27 * r;
            if (flags & BREATHES) != 0u && layer.reduced < 0.5 {
                core = core * (1.0 + 0.1 * sin(layer.wall * TAU / 2.4));
            }
            color = over(color, ink(DATA), cover(d - core));
        } else if done {
            color = over(color, ink(INK), cover(max(d - 0.34 * r, 0.14 * r - d)));
        } else if kind != 3u {
            color = over(color, ink(INK), cover(d - 0.27 * r));
        }
        if camp > 0u {
            color = over(color, ink(select(SKY, DATA, camp == 1u)), cover(d - 0.2 * r));
        }
    }

    if (flags & MARKED) != 0u {
        color = over(color, ink(INK), cover(abs(d - outer - 13.0) - 1.5 * stroke));
    }
    if (flags & HELD) != 0u {
        color = over(color, ink(INK), cover(abs(d - outer - 14.0) - 1.5 * stroke));
    }
    if (flags & FOCUSED) != 0u {
        var focus = d - r - 7.0;
        if server { focus = sd_box(p, vec2<f32>(r + 7.0), 19.0); }
        color = over(color, ink(INK), cover(abs(focus) - 2.0 * stroke));
    }
    if (flags & DIFFERS) != 0u {
        color = over(color, ink(INK), cover(dots_on_circle(p, outer + differs_gap(flags, outer), 12.0, 4.0 * stroke)));
    }
    return color * layer.alpha;
#endif
#endif
}
