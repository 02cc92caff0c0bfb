// Boxes, discs, lines, arcs, stars, triangles and diamonds, filled or outlined, plain, dashed or dotted.
// Strokes and corners come as the look has them: pages are composed for a look.
#import peerscape::wall::{wall, layer, to_clip, corner, cover, ink, premultiplied, sd_box, sd_segment, sd_triangle, turned, clock_angle}

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

const BOX: u32 = 0u;
const SEGMENT: u32 = 1u;
const ARC: u32 = 2u;
const STAR: u32 = 3u;
const TRIANGLE: u32 = 4u;
const DIAMOND: u32 = 5u;
const TAU: f32 = 6.2831853;

struct Vertex {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
    @location(1) @interpolate(flat) row: u32,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, @builtin(instance_index) instance: u32) -> Vertex {
    let row = rows[instance];
    let pad = row.stroke + 1.5 / wall.px;
    var low = row.a;
    var high = row.a;
    switch row.form {
        case SEGMENT: {
            low = min(row.a, row.b) - pad;
            high = max(row.a, row.b) + pad;
        }
        case TRIANGLE: {
            low = min(min(row.a, row.b), row.p) - pad;
            high = max(max(row.a, row.b), row.p) + pad;
        }
        case ARC, STAR, DIAMOND: {
            low = row.a - row.b.x - pad;
            high = row.a + row.b.x + pad;
        }
        default: {
            // A turned box fits into the circle around it.
            let reach = select(row.b, vec2<f32>(length(row.b)), row.turn != 0.0);
            low = row.a - reach - pad;
            high = row.a + reach + pad;
        }
    }
    let at = mix(low, high, corner(index) * 0.5 + 0.5);
    var out: Vertex;
    out.clip = to_clip(at);
    out.at = at;
    out.row = instance;
    return out;
}

// Distance from the nearest dash or dot along an outline: `along` in reference pixels, `across` the distance from it.
fn broken(along: f32, across: f32, whole: f32, dash: f32, dash_on: f32, half: f32) -> f32 {
    // The pattern closes: its period is stretched so that a whole number of them fits.
    let period = whole / max(1.0, round(whole / dash));
    let x = along - period * round(along / period);
    return length(vec2<f32>(max(abs(x) - dash_on * 0.5, 0.0), across)) - half;
}

// Length along the outline of a rounded box, counted from its top middle, clockwise.
fn along_box(p: vec2<f32>, half: vec2<f32>, radius: f32) -> vec2<f32> {
    let inner = half - radius;
    let quarter = radius * TAU * 0.25;
    let whole = 4.0 * (inner.x + inner.y) + 4.0 * quarter;
    let q = abs(p);
    // First quadrant: top middle, right along the top, round the corner, down to the right middle.
    var s = 0.0;
    let toward = q - inner;
    if toward.x <= 0.0 && (toward.y > toward.x || inner.y <= 0.0) {
        s = q.x;
    } else if toward.y <= 0.0 {
        s = inner.x + quarter + (inner.y - q.y);
    } else {
        s = inner.x + radius * atan2(max(toward.x, 0.0), max(toward.y, 1e-4));
    }
    let half_side = inner.x + quarter + inner.y;
    if p.y <= 0.0 {
        s = select(-s, s, p.x >= 0.0);
    } else {
        let low = 2.0 * half_side - s;
        s = select(-low, low, p.x >= 0.0);
    }
    return vec2<f32>(s, whole);
}

@fragment
fn fragment(in: Vertex) -> @location(0) vec4<f32> {
    let row = rows[in.row];
    let stroke = row.stroke;
    let p = turned(in.at - row.a, row.turn);
    var d = 0.0;
    switch row.form {
        case SEGMENT: {
            d = sd_segment(in.at, row.a, row.b) - stroke * 0.5;
            if row.dash > 0.0 {
                let ba = row.b - row.a;
                let whole = max(length(ba), 1e-3);
                let along = dot(in.at - row.a, ba) / whole;
                let across = abs(dot(in.at - row.a, vec2<f32>(-ba.y, ba.x)) / whole);
                let x = along - row.dash * round(clamp(along, 0.0, whole) / row.dash);
                let dashed = length(vec2<f32>(max(abs(x) - row.dash_on * 0.5, 0.0), across)) - stroke * 0.5;
                d = max(d, dashed);
            }
        }
        case ARC: {
            let whole = abs(row.p.y);
            let middle = row.p.x + row.p.y * 0.5;
            let q = turned(p, middle);
            // Symmetric about twelve o'clock now; the ends are cut straight.
            let angle = abs(atan2(q.x, -q.y));
            let away = length(q);
            d = max(abs(away - row.b.x) - stroke * 0.5, select((angle - whole * 0.5) * away, -1.0, whole > 6.28));
            if row.dash > 0.0 {
                d = broken(clock_angle(p) * row.b.x, abs(length(p) - row.b.x), TAU * row.b.x, row.dash, row.dash_on, stroke * 0.5);
            }
        }
        case STAR: {
            let sector = TAU / 8.0;
            let angle = clock_angle(p);
            let folded = abs(angle - sector * round(angle / sector));
            let q = length(p) * vec2<f32>(sin(folded), cos(folded));
            let tip = vec2<f32>(0.0, row.b.x);
            let notch = row.b.y * vec2<f32>(sin(sector * 0.5), cos(sector * 0.5));
            let edge = notch - tip;
            let normal = normalize(vec2<f32>(-edge.y, edge.x));
            d = dot(q - tip, normal);
        }
        case TRIANGLE: {
            d = sd_triangle(in.at, row.a, row.b, row.p);
            if stroke > 0.0 {
                d = abs(d) - stroke * 0.5;
            }
        }
        case DIAMOND: {
            d = (abs(p.x) + abs(p.y) - row.b.x) * 0.70710678;
            if stroke > 0.0 {
                d = abs(d + stroke * 0.5) - stroke * 0.5;
            }
        }
        default: {
            let radius = min(row.p.x, min(row.b.x, row.b.y));
            d = sd_box(p, row.b, radius);
            if stroke > 0.0 {
                // Outlines lie inside the edge; a thicker look grows inwards.
                let across = abs(d + stroke * 0.5);
                d = across - stroke * 0.5;
                if row.dash > 0.0 {
                    let middle = row.b - stroke * 0.5;
                    let s = along_box(p, middle, max(radius - stroke * 0.5, 0.0));
                    d = broken(s.x, across, s.y, row.dash, row.dash_on, stroke * 0.5);
                }
            }
        }
    }
    return premultiplied(ink(row.token), cover(d) * row.alpha);
}
