//! Where peers stand: chosen once when a scene begins, in units of the network's disc, and kept while others come and go.

use crate::{
    deck::structure::Placement,
    ink::sheet::Vec2,
    sim::vocabulary::{Link, Peer, PeerId, PeerKind, Place, Standing},
    slides::StageFrame,
};
use std::{collections::VecDeque, f64::consts::TAU};

/// The circle that peers stand on, as a share of the disc's radius: outside it there is room for a peer and its ring.
pub const CIRCLE: f64 = 0.83;

/// Half the side of a square in the middle of a disc, as a share of the disc's radius.
pub const SERVER_HALF: f32 = 0.165;

/// Half the side of a square that takes a peer's place, in radii of a peer.
pub const SQUARE_HALF: f32 = 0.85;

/// A peer's radius as a share of the least spacing: discs never touch, and a line between neighbours can be seen.
const SPACING_SHARE: f32 = 0.43;

/// Up to so many peers stand on one circle; more stand on several, or no finger could tell them apart.
const ONE_CIRCLE: usize = 72;

/// Rounds of the force layout: more change nothing that an eye would see.
const FORCE_ROUNDS: usize = 400;

/// Up to so many peers are laid out by forces, whose cost grows with the square; more stand on a spiral, hubs inside.
const FORCE_PEERS: usize = 400;

/// Up to so many peers a picture is small enough that no link may run under a third peer.
const PICTURE_PEERS: usize = 64;

/// No slot.
const NONE: u32 = u32::MAX;

/// A peer's slot: where it stands, and who stands there now.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slot {
    /// Its place, the disc being the unit circle.
    at: [f64; 2],
    /// Who stands there.
    owner: Option<PeerId>,
    /// Whether it is the middle of the disc, where a server's square is large.
    middle: bool,
}

/// The places of one network.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    placement: Placement,
    slots: Vec<Slot>,
    /// The slot of each peer, by its id.
    slot_of: Vec<u32>,
    /// A peer's radius, in radii of the disc.
    r: f32,
    /// How many stood on the circle at the beginning: who comes later stands further in.
    first: usize,
    /// How many came later.
    later: usize,
}

impl Places {
    /// Places for all that stand, in a disc of `radius` reference pixels.
    #[must_use]
    pub fn new(placement: Placement, standing: &Standing, radius: f32) -> Self {
        let peers = &standing.peers;
        let middle = middle_of(placement, peers, &standing.links);
        let round: Vec<usize> = (0..peers.len()).filter(|i| !middle.contains(i)).collect();
        let mut at = vec![[0.0; 2]; peers.len()];
        for (n, i) in middle.iter().enumerate() {
            at[*i] = match middle.len() {
                1 => [0.0; 2],
                count => polar(0.3, n as f64 / count as f64),
            };
        }
        match placement {
            Placement::Circle | Placement::Star => {
                for (i, place) in round.iter().zip(circles(round.len())) {
                    at[*i] = place;
                }
            }
            Placement::Given => {
                for (i, place) in round.iter().zip(circles(round.len())) {
                    at[*i] = given(&peers[*i]).unwrap_or(place);
                }
            }
            Placement::Ring => by_key(peers, &mut at),
            Placement::Tree => tree(peers, &standing.links, &mut at),
            Placement::Lanes => lanes(peers, &mut at),
            Placement::Topology => topology(peers, &standing.links, &mut at),
        }
        if matches!(placement, Placement::Circle | Placement::Star) {
            let spaced: Vec<[f64; 2]> = round.iter().map(|i| at[*i]).collect();
            let closer = draw_in(&spaced, f64::from(radius));
            for i in &round {
                at[*i] = at[*i].map(|x| x * closer);
            }
        }
        let spaced: Vec<[f64; 2]> = round.iter().map(|i| at[*i]).collect();
        let r = radius_of(round.len(), least_spacing(&spaced) as f32 * radius);
        let r = r.min(room(&spaced, f64::from(radius)) as f32).max(1e-3) / radius;
        let mut places = Self {
            placement,
            slots: Vec::with_capacity(peers.len()),
            slot_of: Vec::new(),
            r,
            first: round.len(),
            later: 0,
        };
        for (i, peer) in peers.iter().enumerate() {
            places.slots.push(Slot { at: at[i], owner: None, middle: middle.contains(&i) });
            places.take(i, peer.id);
        }
        places
    }

    /// How many slots there are, taken or free.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether nobody ever stood here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The slot of a peer.
    #[must_use]
    pub fn slot(&self, peer: PeerId) -> Option<usize> {
        self.slot_of.get(peer.0 as usize).filter(|s| **s != NONE).map(|s| *s as usize)
    }

    /// Who stands in a slot.
    #[must_use]
    pub fn owner(&self, slot: usize) -> Option<PeerId> {
        self.slots.get(slot).and_then(|s| s.owner)
    }

    /// Whether a peer stands in the middle of the disc.
    #[must_use]
    pub fn in_middle(&self, peer: PeerId) -> bool {
        self.slot(peer).is_some_and(|s| self.slots[s].middle)
    }

    /// Where a peer stands, in reference pixels.
    #[must_use]
    pub fn at(&self, peer: PeerId, frame: &StageFrame) -> Option<Vec2> {
        self.slot(peer).map(|slot| self.slot_at(slot, frame))
    }

    /// Where a slot is, in reference pixels.
    #[must_use]
    pub fn slot_at(&self, slot: usize, frame: &StageFrame) -> Vec2 {
        let [x, y] = self.slots[slot].at;
        [frame.centre[0] + x as f32 * frame.radius, frame.centre[1] + y as f32 * frame.radius]
    }

    /// The radius of a round peer, in reference pixels.
    #[must_use]
    pub fn r(&self, frame: &StageFrame) -> f32 {
        self.r * frame.radius
    }

    /// How far a peer reaches from its centre: a round one's radius, or half the side of a square.
    #[must_use]
    pub fn reach(&self, peer: &Peer, frame: &StageFrame) -> f32 {
        let r = self.r(frame) * rank_factor(peer.rank);
        match peer.kind {
            PeerKind::Peer => r,
            PeerKind::Server if self.in_middle(peer.id) => SERVER_HALF * frame.radius,
            PeerKind::Server => SQUARE_HALF * r,
        }
    }

    /// Finds a slot for a peer that came later: one that was left, else a new one. Nobody else moves.
    pub fn join(&mut self, peer: &Peer) -> usize {
        if let Some(slot) = self.slot(peer.id) {
            return slot;
        }
        let told = match self.placement {
            Placement::Given | Placement::Ring => given(peer),
            _ => None,
        };
        let free = self.slots.iter().position(|s| s.owner.is_none() && !s.middle);
        let slot = match (told, free) {
            (None, Some(slot)) => slot,
            (told, _) => {
                let at = told.unwrap_or_else(|| later(self.first, self.later, f64::from(self.r)));
                self.later += 1;
                self.slots.push(Slot { at, owner: None, middle: false });
                self.slots.len() - 1
            }
        };
        self.take(slot, peer.id);
        slot
    }

    /// Frees the slot of a peer that is no more; returns it.
    pub fn leave(&mut self, peer: PeerId) -> Option<usize> {
        let slot = self.slot(peer)?;
        self.slots[slot].owner = None;
        self.slot_of[peer.0 as usize] = NONE;
        Some(slot)
    }

    /// How far a link must bow to its right (negative: to its left) so that it runs under no third peer, in reference
    /// pixels. Both ends are slots. Zero where the straight way is free, and in networks too large to care.
    #[must_use]
    pub fn bend(&self, from: usize, to: usize, frame: &StageFrame) -> f32 {
        if self.slots.len() > PICTURE_PEERS || from == to {
            return 0.0;
        }
        let clear = f64::from(self.r(frame) + 7.0 + 2.0) / f64::from(frame.radius);
        let (a, b) = (self.slots[from].at, self.slots[to].at);
        let length = distance(a, b);
        let third = |h: f64| {
            self.slots.iter().enumerate().any(|(i, slot)| {
                let reach = if slot.middle { f64::from(SERVER_HALF) * 1.2 } else { clear };
                i != from && i != to && slot.owner.is_some() && bow_passes(a, b, h, slot.at, reach)
            })
        };
        // Neighbours whose cleared discs touch: the straight way would not be seen at all.
        let unseen = length < clear * 2.0 + 16.0 / f64::from(frame.radius);
        if !unseen && !third(0.0) {
            return 0.0;
        }
        // The middle of the disc lies to the right of the way from a to b if this is positive: bow inwards first.
        let inward = (b[0] - a[0]) * -a[1] - (b[1] - a[1]) * -a[0];
        let sign = if inward >= 0.0 { 1.0 } else { -1.0 };
        for step in 1..=32_u32 {
            let h = clear * 0.1 * f64::from(step);
            for side in [sign, -sign] {
                let seen = !unseen || h > clear * 1.3;
                if seen && h < length.max(clear * 3.0) && !third(h * side) {
                    return (h * side) as f32 * frame.radius;
                }
            }
        }
        0.0
    }

    fn take(&mut self, slot: usize, peer: PeerId) {
        let id = peer.0 as usize;
        if self.slot_of.len() <= id {
            self.slot_of.resize(id + 1, NONE);
        }
        self.slot_of[id] = slot as u32;
        self.slots[slot].owner = Some(peer);
    }
}

/// How much larger a peer of a rank is drawn.
#[must_use]
pub fn rank_factor(rank: u8) -> f32 {
    match rank {
        0 => 1.0,
        1 => 1.4,
        _ => 2.0,
    }
}

/// A peer's radius for so many peers with so much space: style §4, between its three sizes in proportion.
#[must_use]
pub fn radius_of(peers: usize, spacing: f32) -> f32 {
    let n = peers as f32;
    let by_count = match peers {
        0..=8 => 62.0,
        9..=30 => 62.0 + (35.0 - 62.0) * (n - 8.0) / 22.0,
        31..=40 => 35.0 + (27.0 - 35.0) * (n - 30.0) / 10.0,
        _ => 27.0,
    };
    by_count.min(SPACING_SHARE * spacing)
}

/// The largest peer as a share of its disc's radius: a few large ones on a small disc would leave their links no way.
const LARGEST: f64 = 0.2;

/// What is left between the outermost place and the disc's edge for a peer and what it clears, in reference pixels. Peers
/// on a crowded disc are dots and may touch its edge.
fn room(spaced: &[[f64; 2]], radius: f64) -> f64 {
    let farthest = spaced.iter().map(|p| libm::hypot(p[0], p[1])).fold(0.0, f64::max);
    ((1.0 - farthest) * radius - 8.0).max(0.43 * least_spacing(spaced).min(0.05) * radius).min(LARGEST * radius)
}

/// How much closer to the middle peers stand so that they are as large as they may be and still within the disc: on a
/// large disc not at all, on a small one by a few hundredths.
fn draw_in(spaced: &[[f64; 2]], radius: f64) -> f64 {
    let spacing = least_spacing(spaced) * radius;
    let r = |closer: f64| {
        let all: Vec<[f64; 2]> = spaced.iter().map(|p| p.map(|x| x * closer)).collect();
        f64::from(radius_of(spaced.len(), (spacing * closer) as f32)).min(room(&all, radius))
    };
    let mut best = 1.0;
    if spaced.len() <= ONE_CIRCLE {
        for step in 1..=20 {
            let closer = 1.0 - f64::from(step) * 0.01;
            if r(closer) > r(best) + 0.01 {
                best = closer;
            }
        }
    }
    best
}

/// A share of the way round, clockwise from twelve o'clock, as a point.
fn polar(radius: f64, turn: f64) -> [f64; 2] {
    let (sin, cos) = libm::sincos(turn * TAU);
    [radius * sin, -radius * cos]
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    libm::hypot(a[0] - b[0], a[1] - b[1])
}

/// Who stands in the middle: servers on a circle; the best connected of a star that has none.
fn middle_of(placement: Placement, peers: &[Peer], links: &[Link]) -> Vec<usize> {
    if !matches!(placement, Placement::Circle | Placement::Star) {
        return Vec::new();
    }
    let servers: Vec<usize> = (0..peers.len()).filter(|i| peers[*i].kind == PeerKind::Server).collect();
    if !servers.is_empty() || placement == Placement::Circle {
        return servers;
    }
    let degree = |peer: PeerId| links.iter().filter(|l| l.id.from == peer || l.id.to == peer).count();
    (0..peers.len()).max_by_key(|i| (degree(peers[*i].id), std::cmp::Reverse(*i))).into_iter().collect()
}

/// Places on one circle, or on several where one is too narrow; the outermost first, each clockwise from the top.
fn circles(count: usize) -> Vec<[f64; 2]> {
    if count <= ONE_CIRCLE {
        // An even number stands on both sides of twelve o'clock, an odd one begins there: both are mirror images.
        let shift = if count.is_multiple_of(2) { 0.5 } else { 0.0 };
        return (0..count).map(|i| polar(CIRCLE, (i as f64 + shift) / count as f64)).collect();
    }
    // The number of circles that leaves the most room: between circles, and along each.
    let (outer, inner) = (0.93, 0.3);
    let radius = |k: usize, i: usize| {
        if k == 1 { outer } else { outer - (outer - inner) * i as f64 / (k - 1) as f64 }
    };
    let around = |k: usize| (0..k).map(|i| radius(k, i)).sum::<f64>() * TAU;
    let room = |k: usize| (around(k) / count as f64).min((outer - inner) / (k - 1) as f64);
    let mut k = 2;
    while room(k + 1) > room(k) {
        k += 1;
    }
    let mut places = Vec::with_capacity(count);
    for i in 0..k {
        let left = count - places.len();
        let rest: f64 = (i..k).map(|j| radius(k, j)).sum();
        let here = if i + 1 == k { left } else { (left as f64 * radius(k, i) / rest) as usize };
        places.extend((0..here).map(|j| polar(radius(k, i), (j as f64 + 0.5) / here as f64)));
    }
    places
}

/// Where the `nth` peer stands that came after `first` stood on the circle: on smaller circles, in between.
fn later(first: usize, nth: usize, r: f64) -> [f64; 2] {
    let (mut radius, mut left) = (CIRCLE - (2.6 * r).max(0.02), nth);
    let mut shift = if first.is_multiple_of(2) { 0.0 } else { 0.5 };
    loop {
        let room =
            ((TAU * radius / (2.0 * r / f64::from(SPACING_SHARE) * 0.5).max(0.02)) as usize).clamp(1, first.max(8));
        if left < room || radius < 0.2 {
            return polar(radius.max(0.2), (left as f64 + shift) / room as f64);
        }
        left -= room;
        radius -= (2.6 * r).max(0.02);
        shift = 0.5 - shift;
    }
}

/// Where a model says that a peer stands.
fn given(peer: &Peer) -> Option<[f64; 2]> {
    match peer.place? {
        Place::At(x, y) => Some([(f64::from(x) * 2.0 - 1.0) * CIRCLE, (f64::from(y) * 2.0 - 1.0) * CIRCLE]),
        Place::Key(key) => Some(polar(CIRCLE, key)),
    }
}

/// On the ring, by key. Keys that nearly coincide give way to each other by a little: their order stays true.
fn by_key(peers: &[Peer], at: &mut [[f64; 2]]) {
    let mut keyed: Vec<(f64, usize)> = peers
        .iter()
        .enumerate()
        .map(|(i, peer)| match peer.place {
            Some(Place::Key(key)) => (key - libm::floor(key), i),
            _ => (i as f64 / peers.len() as f64, i),
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let least = 0.5 / keyed.len().max(1) as f64;
    let count = keyed.len();
    for _round in 0..60 {
        for n in 0..count {
            if count < 2 {
                break;
            }
            let next = (n + 1) % count;
            let wrap = if next == 0 { 1.0 } else { 0.0 };
            let lack = least - (keyed[next].0 + wrap - keyed[n].0);
            if lack > 0.0 {
                keyed[n].0 -= lack * 0.5;
                keyed[next].0 += lack * 0.5;
            }
        }
    }
    for (key, i) in keyed {
        at[i] = polar(CIRCLE, key);
    }
}

/// Who is linked to whom, by place in the list of peers; in order, each pair once.
fn neighbours(peers: &[Peer], links: &[Link]) -> Vec<Vec<usize>> {
    let top = peers.iter().map(|p| p.id.0 as usize + 1).max().unwrap_or(0);
    let mut place = vec![usize::MAX; top];
    for (i, peer) in peers.iter().enumerate() {
        place[peer.id.0 as usize] = i;
    }
    let mut near = vec![Vec::new(); peers.len()];
    for link in links {
        let ends = (place.get(link.id.from.0 as usize), place.get(link.id.to.0 as usize));
        if let (Some(&a), Some(&b)) = ends
            && a != usize::MAX
            && b != usize::MAX
            && a != b
        {
            near[a].push(b);
            near[b].push(a);
        }
    }
    for list in &mut near {
        list.sort_unstable();
        list.dedup();
    }
    near
}

/// Steps from the first of `roots`, then from whoever is not reached yet.
fn depths(near: &[Vec<usize>], root: usize) -> Vec<(usize, usize)> {
    let mut depth = vec![usize::MAX; near.len()];
    let mut order = Vec::with_capacity(near.len());
    let starts = std::iter::once(root).chain(0..near.len());
    for start in starts {
        if start >= near.len() || depth[start] != usize::MAX {
            continue;
        }
        depth[start] = 0;
        let mut queue = VecDeque::from([start]);
        while let Some(i) = queue.pop_front() {
            order.push((i, depth[i]));
            for &j in &near[i] {
                if depth[j] == usize::MAX {
                    depth[j] = depth[i] + 1;
                    queue.push_back(j);
                }
            }
        }
    }
    order
}

/// As a tree: by rank if ranks differ (the highest on top), else by steps from the first server or peer.
fn tree(peers: &[Peer], links: &[Link], at: &mut [[f64; 2]]) {
    let ranked = peers.iter().any(|p| p.rank > 0);
    let order: Vec<(usize, usize)> = if ranked {
        let top = peers.iter().map(|p| p.rank).max().unwrap_or(0);
        peers.iter().enumerate().map(|(i, p)| (i, usize::from(top - p.rank))).collect()
    } else {
        let root = peers.iter().position(|p| p.kind == PeerKind::Server).unwrap_or(0);
        depths(&neighbours(peers, links), root)
    };
    let levels = order.iter().map(|(_, depth)| depth + 1).max().unwrap_or(0);
    for level in 0..levels {
        let row: Vec<usize> = order.iter().filter(|(_, depth)| *depth == level).map(|(i, _)| *i).collect();
        let y = if levels == 1 { 0.0 } else { -0.75 + 1.5 * level as f64 / (levels - 1) as f64 };
        spread(&row, y, at, false);
    }
}

/// The zone in whose lane a peer stands.
fn lane_of(peer: &Peer) -> Option<u16> {
    peer.zones.first().map(|zone| zone.0)
}

/// In lanes, one a zone, from left to right; who belongs to none stands in the last.
fn lanes(peers: &[Peer], at: &mut [[f64; 2]]) {
    let mut zones: Vec<Option<u16>> = peers.iter().map(lane_of).collect();
    zones.sort_unstable_by_key(|z| z.map_or(u32::MAX, u32::from));
    zones.dedup();
    for (n, zone) in zones.iter().enumerate() {
        let lane: Vec<usize> = (0..peers.len()).filter(|i| lane_of(&peers[*i]) == *zone).collect();
        let x = if zones.len() == 1 { 0.0 } else { -0.7 + 1.4 * n as f64 / (zones.len() - 1) as f64 };
        spread(&lane, x, at, true);
    }
}

/// Spreads peers along a line of the disc: a row at height `across`, or a column at that place from the left.
fn spread(line: &[usize], across: f64, at: &mut [[f64; 2]], column: bool) {
    let half = libm::sqrt((0.92 * 0.92 - across * across).max(0.04));
    for (n, i) in line.iter().enumerate() {
        let along = if line.len() == 1 { 0.0 } else { -half + 2.0 * half * n as f64 / (line.len() - 1) as f64 };
        at[*i] = if column { [across, along] } else { [along, across] };
    }
}

/// By who knows whom: linked peers draw together, all push each other away; a fixed number of rounds from fixed places.
fn topology(peers: &[Peer], links: &[Link], at: &mut [[f64; 2]]) {
    let near = neighbours(peers, links);
    let count = peers.len();
    // The best connected stand inside at the beginning, and their friends beside each other.
    let root = (0..count).max_by_key(|i| (near[*i].len(), std::cmp::Reverse(*i))).unwrap_or(0);
    let golden = 0.381_966_011_250_105;
    for (n, (i, _)) in depths(&near, root).into_iter().enumerate() {
        at[i] = polar(0.9 * libm::sqrt((n as f64 + 0.5) / count as f64), golden * n as f64);
    }
    if !(2..=FORCE_PEERS).contains(&count) {
        return;
    }
    let ideal = 1.5 / libm::sqrt(count as f64);
    for round in 0..FORCE_ROUNDS {
        let heat = 0.1 * (1.0 - round as f64 / FORCE_ROUNDS as f64) + 0.002;
        let mut push = vec![[0.0_f64; 2]; count];
        for i in 0..count {
            for j in i + 1..count {
                let way = [at[i][0] - at[j][0], at[i][1] - at[j][1]];
                let d = libm::hypot(way[0], way[1]).max(1e-4);
                let force = ideal * ideal / (d * d);
                for (k, part) in way.iter().enumerate() {
                    push[i][k] += part * force;
                    push[j][k] -= part * force;
                }
            }
        }
        for i in 0..count {
            for &j in near[i].iter().filter(|j| **j > i) {
                let way = [at[i][0] - at[j][0], at[i][1] - at[j][1]];
                let force = libm::hypot(way[0], way[1]) / ideal;
                for (k, part) in way.iter().enumerate() {
                    push[i][k] -= part * force;
                    push[j][k] += part * force;
                }
            }
        }
        for i in 0..count {
            let [x, y] = [push[i][0] - at[i][0] * 0.6, push[i][1] - at[i][1] * 0.6];
            let length = libm::hypot(x, y).max(1e-9);
            let step = length.min(heat) / length;
            at[i] = inside([at[i][0] + x * step, at[i][1] + y * step]);
        }
    }
    // Whoever still stands too near to another gives way.
    let least = 1.05 / libm::sqrt(count as f64);
    for _round in 0..600 {
        let mut settled = true;
        for i in 0..count {
            for j in i + 1..count {
                let way = [at[i][0] - at[j][0], at[i][1] - at[j][1]];
                let d = libm::hypot(way[0], way[1]).max(1e-6);
                if d < least {
                    settled &= d > least * 0.9;
                    let half = (least - d) * 0.5 / d;
                    // A little sideways too, or two at the edge would push each other against it for ever.
                    let way = [way[0] - 0.3 * way[1], way[1] + 0.3 * way[0]];
                    at[i] = inside([at[i][0] + way[0] * half, at[i][1] + way[1] * half]);
                    at[j] = inside([at[j][0] - way[0] * half, at[j][1] - way[1] * half]);
                }
            }
        }
        if settled {
            break;
        }
    }
}

/// The nearest place that lies inside the disc with room for a peer.
fn inside(at: [f64; 2]) -> [f64; 2] {
    let d = libm::hypot(at[0], at[1]);
    if d <= 0.87 { at } else { [at[0] * 0.87 / d, at[1] * 0.87 / d] }
}

/// The least distance between two of many places, found in a grid so that a million of them are no matter. Alone, a
/// peer has the whole disc.
fn least_spacing(at: &[[f64; 2]]) -> f64 {
    if at.len() < 2 {
        return 2.0;
    }
    let side = (libm::sqrt(at.len() as f64) as usize).clamp(1, 2048);
    let cell = |x: f64| (((x + 1.0) * 0.5 * side as f64) as usize).min(side - 1);
    let mut first = vec![NONE; side * side];
    let mut next = vec![NONE; at.len()];
    // Nobody further away than a cell is looked at; two cells hold the nearest of evenly spread places.
    let mut least = 2.0 * 2.0 / side as f64;
    if at.len() <= 2 {
        return distance(at[0], at[1]);
    }
    for (i, place) in at.iter().enumerate() {
        let (x, y) = (cell(place[0]), cell(place[1]));
        for row in y.saturating_sub(2)..=(y + 2).min(side - 1) {
            for column in x.saturating_sub(2)..=(x + 2).min(side - 1) {
                let mut other = first[row * side + column];
                while other != NONE {
                    least = least.min(distance(*place, at[other as usize]));
                    other = next[other as usize];
                }
            }
        }
        next[i] = first[y * side + x];
        first[y * side + x] = i as u32;
    }
    least
}

/// Whether a link from `a` to `b` that bows by `h` passes within `reach` of a third place.
fn bow_passes(a: [f64; 2], b: [f64; 2], h: f64, third: [f64; 2], reach: f64) -> bool {
    let length = distance(a, b).max(1e-9);
    let along = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
    let right = [-along[1], along[0]];
    (0..=24).any(|n| {
        let s = f64::from(n) / 24.0;
        let bow = h * 4.0 * s * (1.0 - s);
        let p = [a[0] + along[0] * length * s + right[0] * bow, a[1] + along[1] * length * s + right[1] * bow];
        // Near its own ends a link lies under nobody but them.
        distance(p, third) < reach && distance(p, a) > reach * 0.8 && distance(p, b) > reach * 0.8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::vocabulary::{Bits, LinkId, LinkState, ZoneId};

    const FRAME: StageFrame = StageFrame { network: 0, centre: [560.0, 548.0], radius: 284.0, height: None };

    fn standing(peers: u32, server: bool) -> Standing {
        let mut list: Vec<Peer> = Vec::new();
        for id in 0..peers + u32::from(server) {
            let kind = if server && id == 0 { PeerKind::Server } else { PeerKind::Peer };
            let mut peer = Peer::new(PeerId(id), kind, Bits::none(4));
            peer.zones = vec![ZoneId((id % 3) as u16)];
            peer.place = Some(Place::Key(f64::from(id) * 0.618 % 1.0));
            list.push(peer);
        }
        let mut links = Vec::new();
        for id in 1..list.len() as u32 {
            for other in [id - 1, id / 2] {
                if other != id {
                    let id = LinkId::between(PeerId(id), PeerId(other));
                    links.push(Link { id, state: LinkState::Idle, directed: false });
                }
            }
        }
        links.sort_by_key(|l| l.id);
        links.dedup();
        Standing { peers: list, links, pieces: 4, ..Standing::default() }
    }

    const ALL: [Placement; 7] = [
        Placement::Circle,
        Placement::Star,
        Placement::Given,
        Placement::Ring,
        Placement::Tree,
        Placement::Lanes,
        Placement::Topology,
    ];

    #[test]
    fn nobody_stands_on_another_and_all_stand_on_the_disc() {
        for placement in ALL {
            for count in [1, 2, 3, 8, 12, 30, 40, 64, 100, 333] {
                for server in [false, true] {
                    let s = standing(count, server);
                    let places = Places::new(placement, &s, FRAME.radius);
                    let r = places.r(&FRAME);
                    assert!(r > 0.4 && r <= 62.0, "{placement:?} {count}: R is {r}");
                    for (i, a) in s.peers.iter().enumerate() {
                        let pa = places.at(a.id, &FRAME).unwrap();
                        let from_centre = (pa[0] - FRAME.centre[0]).hypot(pa[1] - FRAME.centre[1]);
                        assert!(from_centre + r <= FRAME.radius + 3.0, "{placement:?} {count}: {pa:?} is off the disc");
                        for b in &s.peers[i + 1..] {
                            let pb = places.at(b.id, &FRAME).unwrap();
                            let apart = (pa[0] - pb[0]).hypot(pa[1] - pb[1]);
                            assert!(apart >= 2.0 * r, "{placement:?} {count}: {apart} apart with R {r}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn thirty_peers_on_the_picture_have_its_sizes() {
        let s = standing(30, true);
        let places = Places::new(Placement::Circle, &s, FRAME.radius);
        assert_eq!(places.at(PeerId(0), &FRAME), Some(FRAME.centre), "the square stands in the middle");
        assert!((places.r(&FRAME) - 21.1).abs() < 0.3, "R is {}", places.r(&FRAME));
        assert!((places.reach(&s.peers[0], &FRAME) - 46.9).abs() < 0.1);
        // The first stands just right of twelve o'clock, the second clockwise after it, the last left of it.
        let at = |id| places.at(PeerId(id), &FRAME).unwrap();
        assert!(at(1)[0] > FRAME.centre[0] && at(1)[1] < FRAME.centre[1] - 230.0);
        assert!(at(2)[0] > at(1)[0] && at(2)[1] > at(1)[1]);
        assert!(at(30)[0] < FRAME.centre[0] && (at(30)[1] - at(1)[1]).abs() < 0.01);
    }

    #[test]
    fn peers_on_a_small_disc_stay_on_it_and_are_as_large_as_that_allows() {
        let s = standing(12, true);
        let places = Places::new(Placement::Circle, &s, 176.0);
        let frame = StageFrame { radius: 176.0, ..FRAME };
        let (at, r) = (places.at(PeerId(1), &frame).unwrap(), places.r(&frame));
        let away = (at[0] - frame.centre[0]).hypot(at[1] - frame.centre[1]);
        assert!(away + r + 7.0 <= 176.0, "at {away} with R {r}");
        assert!(r > 28.0, "R is {r}");
    }

    #[test]
    fn sizes_follow_the_style() {
        assert_eq!(radius_of(8, 1000.0), 62.0);
        assert_eq!(radius_of(30, 1000.0), 35.0);
        assert_eq!(radius_of(40, 1000.0), 27.0);
        assert_eq!(radius_of(8, 100.0), 43.0);
    }

    #[test]
    fn nobody_moves_when_others_come_and_go() {
        for placement in ALL {
            let s = standing(30, true);
            let mut places = Places::new(placement, &s, FRAME.radius);
            let before: Vec<_> = s.peers.iter().map(|p| places.at(p.id, &FRAME)).collect();
            let mut seen: Vec<Vec2> = before.iter().flatten().copied().collect();
            let left = places.leave(PeerId(7)).unwrap();
            assert_eq!(places.at(PeerId(7), &FRAME), None);
            for id in 31..41 {
                let peer = Peer::new(PeerId(id), PeerKind::Peer, Bits::none(4));
                let slot = places.join(&peer);
                assert_eq!(places.join(&peer), slot, "{placement:?}: joining twice is joining once");
                assert_eq!(id == 31, slot == left, "{placement:?}: a place that was left is taken first, once");
                if slot != left {
                    let at = places.at(PeerId(id), &FRAME).unwrap();
                    assert!(
                        seen.iter().all(|p| (p[0] - at[0]).hypot(p[1] - at[1]) > 1.0),
                        "{placement:?}: {at:?} is taken"
                    );
                    seen.push(at);
                }
            }
            for (peer, at) in s.peers.iter().zip(before) {
                if peer.id != PeerId(7) {
                    assert_eq!(places.at(peer.id, &FRAME), at, "{placement:?}: {:?} moved", peer.id);
                }
            }
        }
    }

    #[test]
    fn the_same_network_is_laid_out_the_same_way() {
        let s = standing(40, false);
        let a = Places::new(Placement::Topology, &s, FRAME.radius);
        assert_eq!(a, Places::new(Placement::Topology, &s, FRAME.radius));
    }

    #[test]
    fn a_link_bows_round_a_third_peer() {
        let s = standing(30, true);
        let places = Places::new(Placement::Circle, &s, FRAME.radius);
        let slot = |id| places.slot(PeerId(id)).unwrap();
        assert_eq!(places.bend(slot(1), slot(9), &FRAME), 0.0, "a chord that is free stays straight");
        let bow = places.bend(slot(1), slot(3), &FRAME);
        assert!(bow.abs() > 10.0, "from the first to the third there is the second: {bow}");
        assert_eq!(places.bend(slot(3), slot(1), &FRAME), -bow, "the same way back");
    }

    #[test]
    fn a_million_places_take_no_time() {
        let start = std::time::Instant::now();
        let places = circles(1_000_000);
        assert_eq!(places.len(), 1_000_000);
        assert!(least_spacing(&places) > 0.0);
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
