//! Who knows whom: the shapes of networks, on petgraph.

use super::chance::Draws;
use petgraph::{
    graph::{NodeIndex, UnGraph},
    unionfind::UnionFind,
};
use std::collections::BTreeSet;

/// A network without directions; node `i` is peer `i`.
pub type Topology = UnGraph<(), (), u32>;

/// How often a network is begun anew, or two parts of it joined, before that is given up. Most need one, none a dozen.
const TRIES: u32 = 1_000;

fn of(peers: u32, links: impl IntoIterator<Item = (u32, u32)>) -> Topology {
    let mut graph = Topology::with_capacity(peers as usize, 0);
    for _ in 0..peers {
        graph.add_node(());
    }
    for (a, b) in links {
        graph.add_edge(NodeIndex::new(a as usize), NodeIndex::new(b as usize), ());
    }
    graph
}

fn ordered(a: u32, b: u32) -> (u32, u32) {
    if a < b { (a, b) } else { (b, a) }
}

/// Everybody knows peer 0, and nobody else.
#[must_use]
pub fn star(peers: u32) -> Topology {
    of(peers, (1..peers).map(|i| (0, i)))
}

/// Everybody knows the next, and the last knows the first.
#[must_use]
pub fn ring(peers: u32) -> Topology {
    let closing = (peers > 2).then(|| (0, peers - 1));
    of(peers, (1..peers).map(|i| (i - 1, i)).chain(closing))
}

/// Everybody knows everybody.
#[must_use]
pub fn complete(peers: u32) -> Topology {
    of(peers, (0..peers).flat_map(|a| (a + 1..peers).map(move |b| (a, b))))
}

/// Everybody knows `degree` others by chance, and the network hangs together: stubs are paired until none that fit are
/// left (Steger and Wormald 1999), what is left over is worked in by exchanging ends, and parts are joined likewise. If
/// peers × degree is odd, one peer has one link less.
#[must_use]
pub fn regular(peers: u32, degree: u32, draws: &mut Draws) -> Topology {
    if peers < 2 || degree >= peers - 1 {
        return complete(peers);
    }
    for _ in 0..TRIES {
        if let Some(mut pairing) = pair_stubs(peers, degree, draws) {
            join_parts(peers, &mut pairing, draws);
            return of(peers, pairing.row);
        }
    }
    // Of the small dense networks that the pairing could miss, this one always exists: neighbours on a circle.
    of(peers, circulant(peers, degree))
}

/// How far round the circle the furthest neighbour of [`chords`] stands, in hundredths: short of the opposite side, so that the middle of
/// a circle of peers stays free of lines.
const FURTHEST: u64 = 37;

/// Everybody stands on a circle and knows the same steps to both sides (a circulant graph, "chordal ring"): every peer's
/// place is like any other's. The steps spread evenly up to [`FURTHEST`]; the least is made smaller until no step divides
/// the circle into parts that don't meet. An odd degree is rounded down.
#[must_use]
pub fn chords(peers: u32, degree: u32) -> Topology {
    let half = (degree / 2).max(1);
    if peers < 3 || degree >= peers - 1 {
        return complete(peers);
    }
    let far = u64::from(peers) * FURTHEST;
    let share = |i: u32| (far * u64::from(i) * 2 + 100 * u64::from(half)) / (200 * u64::from(half));
    let mut steps: Vec<u32> = (1..=half).map(|i| (share(i) as u32).max(i)).collect();
    let divisor = |steps: &[u32]| steps.iter().fold(peers, |a, b| gcd(a, *b));
    while divisor(&steps) > 1 {
        steps[0] -= 1;
    }
    of(peers, (0..peers).flat_map(|i| steps.iter().map(move |s| ordered(i, (i + s) % peers)).collect::<Vec<_>>()))
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Links that were drawn, as a set and in the order in which they were.
struct Pairing {
    links: BTreeSet<(u32, u32)>,
    row: Vec<(u32, u32)>,
}

impl Pairing {
    /// Puts `one` and `other` in the place of the link at `at`, unless one of them is there or joins a peer to itself.
    fn exchange(&mut self, at: usize, one: (u32, u32), other: (u32, u32)) -> bool {
        let fits = |link: (u32, u32)| link.0 != link.1 && !self.links.contains(&link);
        if one == other || !fits(one) || !fits(other) {
            return false;
        }
        self.links.remove(&self.row[at]);
        self.links.extend([one, other]);
        self.row[at] = one;
        self.row.push(other);
        true
    }
}

fn pair_stubs(peers: u32, degree: u32, draws: &mut Draws) -> Option<Pairing> {
    let mut pairing = Pairing { links: BTreeSet::new(), row: Vec::new() };
    let mut stubs: Vec<u32> = (0..peers).flat_map(|i| std::iter::repeat_n(i, degree as usize)).collect();
    if stubs.len() % 2 == 1 {
        stubs.pop();
    }
    let mut stuck = 0;
    while !stubs.is_empty() && stuck < 10 {
        draws.shuffle(&mut stubs);
        let before = stubs.len();
        let mut left = Vec::new();
        for pair in stubs.chunks(2) {
            let link = ordered(pair[0], pair[1]);
            if link.0 != link.1 && pairing.links.insert(link) {
                pairing.row.push(link);
            } else {
                left.extend_from_slice(pair);
            }
        }
        stuck = if left.len() == before { stuck + 1 } else { 0 };
        stubs = left;
    }
    // What fits nowhere takes one end each of a link that exists.
    for pair in stubs.chunks(2) {
        let (count, start) = (pairing.row.len(), draws.below(pairing.row.len() as u32) as usize);
        let placed = (0..count).any(|i| {
            let at = (start + i) % count;
            let (x, y) = pairing.row[at];
            pairing.exchange(at, ordered(pair[0], x), ordered(pair[1], y))
                || pairing.exchange(at, ordered(pair[0], y), ordered(pair[1], x))
        });
        if !placed {
            return None;
        }
    }
    Some(pairing)
}

/// Everybody knows the nearest on a circle, and for an odd degree who stands opposite, or almost.
fn circulant(peers: u32, degree: u32) -> BTreeSet<(u32, u32)> {
    let near = (0..peers).flat_map(|i| (1..=degree / 2).map(move |step| (i, (i + step) % peers)));
    let opposite = (0..peers / 2).filter(|_| degree % 2 == 1).map(|i| (i, i + peers / 2));
    near.chain(opposite).map(|(a, b)| ordered(a, b)).collect()
}

/// Makes one network of several parts by exchanging the ends of links, so that no degree changes.
fn join_parts(peers: u32, Pairing { links, row }: &mut Pairing, draws: &mut Draws) {
    for _ in 0..TRIES {
        let mut sets = UnionFind::<u32>::new(peers as usize);
        for (a, b) in row.iter() {
            sets.union(*a, *b);
        }
        let Some(home) = row.first().map(|link| sets.find(link.0)) else {
            return;
        };
        let Some(stranger) = row.iter().position(|(a, _)| sets.find(*a) != home) else {
            return;
        };
        let here: Vec<usize> = (0..row.len()).filter(|i| sets.find(row[*i].0) == home).collect();
        let at = draws.pick(&here).copied().unwrap_or(0);
        let ((a, b), (c, d)) = (row[at], row[stranger]);
        for old in [row[at], row[stranger]] {
            links.remove(&old);
        }
        (row[at], row[stranger]) = (ordered(a, c), ordered(b, d));
        links.extend([row[at], row[stranger]]);
    }
}

/// So many links between pairs drawn evenly (Erdős and Rényi): degrees fall off exponentially, nobody is a hub. It is what
/// Albert, Jeong and Barabási (2000) set beside the scale-free network.
#[must_use]
pub fn exponential(peers: u32, mean_degree: u32, draws: &mut Draws) -> Topology {
    let most = u64::from(peers) * u64::from(peers.saturating_sub(1)) / 2;
    let wanted = u64::from(peers) * u64::from(mean_degree) / 2;
    if wanted >= most {
        return complete(peers);
    }
    let mut links = BTreeSet::new();
    let mut row = Vec::new();
    while (row.len() as u64) < wanted {
        let (a, b) = (draws.below(peers), draws.below(peers));
        if a != b && links.insert(ordered(a, b)) {
            row.push(ordered(a, b));
        }
    }
    of(peers, row)
}

/// Newcomers bring `m` links each and like those better who have many: the scale-free network of Barabási and Albert
/// (1999). It begins with `m + 1` peers who all know each other.
#[must_use]
pub fn scale_free(peers: u32, m: u32, draws: &mut Draws) -> Topology {
    let m = m.max(1);
    if peers <= m + 1 {
        return complete(peers);
    }
    let mut row: Vec<(u32, u32)> = (0..=m).flat_map(|a| (a + 1..=m).map(move |b| (a, b))).collect();
    // Everybody stands here once a link, so that an even draw likes the well connected better.
    let mut ends: Vec<u32> = row.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let mut chosen = Vec::with_capacity(m as usize);
    for newcomer in m + 1..peers {
        chosen.clear();
        while chosen.len() < m as usize {
            let friend = ends[draws.below(ends.len() as u32) as usize];
            if !chosen.contains(&friend) {
                chosen.push(friend);
            }
        }
        for friend in &chosen {
            row.push((*friend, newcomer));
            ends.extend([*friend, newcomer]);
        }
    }
    of(peers, row)
}

/// Peers stand anywhere in a unit square and know whoever is within `reach`; tells the places too.
#[must_use]
pub fn geometric(peers: u32, reach: f64, draws: &mut Draws) -> (Topology, Vec<(f64, f64)>) {
    let places: Vec<(f64, f64)> = (0..peers).map(|_| (draws.unit(), draws.unit())).collect();
    // A grid whose cells are as wide as the reach, so that only nine of them can hold neighbours.
    let side = ((1.0 / reach.max(1e-3)) as usize).clamp(1, 1_000);
    let cell = |x: f64| ((x * side as f64) as usize).min(side - 1);
    let mut cells: Vec<Vec<u32>> = vec![Vec::new(); side * side];
    for (i, (x, y)) in places.iter().enumerate() {
        cells[cell(*y) * side + cell(*x)].push(i as u32);
    }
    let mut row = Vec::new();
    for (i, (x, y)) in places.iter().enumerate() {
        let (cx, cy) = (cell(*x), cell(*y));
        for ny in cy.saturating_sub(1)..=(cy + 1).min(side - 1) {
            for nx in cx.saturating_sub(1)..=(cx + 1).min(side - 1) {
                for j in &cells[ny * side + nx] {
                    let (ox, oy) = places[*j as usize];
                    if *j > i as u32 && (x - ox) * (x - ox) + (y - oy) * (y - oy) <= reach * reach {
                        row.push((i as u32, *j));
                    }
                }
            }
        }
    }
    (of(peers, row), places)
}

/// Of each peer, whom it knows, in order.
#[must_use]
pub fn neighbours(graph: &Topology) -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); graph.node_count()];
    for edge in graph.raw_edges() {
        let (a, b) = (edge.source().index(), edge.target().index());
        rows[a].push(b as u32);
        rows[b].push(a as u32);
    }
    for row in &mut rows {
        row.sort_unstable();
    }
    rows
}

/// Of each peer, how many it knows.
#[must_use]
pub fn degrees(graph: &Topology) -> Vec<u32> {
    let mut row = vec![0; graph.node_count()];
    for edge in graph.raw_edges() {
        row[edge.source().index()] += 1;
        row[edge.target().index()] += 1;
    }
    row
}

/// Into which parts the network falls if only some peers are there: of each peer its part's name (the least peer of it),
/// nothing for who is not there.
#[must_use]
pub fn components(neighbours: &[Vec<u32>], there: impl Fn(u32) -> bool) -> Vec<Option<u32>> {
    let mut part: Vec<Option<u32>> = vec![None; neighbours.len()];
    let mut stack = Vec::new();
    for start in 0..neighbours.len() as u32 {
        if part[start as usize].is_some() || !there(start) {
            continue;
        }
        part[start as usize] = Some(start);
        stack.push(start);
        while let Some(peer) = stack.pop() {
            for next in &neighbours[peer as usize] {
                if part[*next as usize].is_none() && there(*next) {
                    part[*next as usize] = Some(start);
                    stack.push(*next);
                }
            }
        }
    }
    part
}

/// How many peers the largest part has, of those who are there.
#[must_use]
pub fn largest(neighbours: &[Vec<u32>], there: impl Fn(u32) -> bool) -> u32 {
    let mut sizes = vec![0_u32; neighbours.len()];
    for part in components(neighbours, there).into_iter().flatten() {
        sizes[part as usize] += 1;
    }
    sizes.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::chance::{Chance, Purpose};
    use super::*;
    use proptest::prelude::*;

    fn draws(seed: u64) -> Draws {
        Chance::new(seed).draws(Purpose(1), 0)
    }

    #[test]
    fn small_shapes_are_what_they_are_called() {
        assert_eq!(degrees(&star(5)), [4, 1, 1, 1, 1]);
        assert_eq!(degrees(&ring(5)), [2; 5]);
        assert_eq!(degrees(&complete(5)), [4; 5]);
        for graph in [star(0), ring(0), complete(0), ring(1), star(1)] {
            assert_eq!(graph.edge_count(), 0);
        }
        assert_eq!((ring(2).edge_count(), ring(3).edge_count()), (1, 3));
    }

    #[test]
    fn a_scale_free_network_has_hubs_and_an_exponential_one_has_none() {
        let n = 10_000;
        let scale_free = scale_free(n, 2, &mut draws(3));
        assert_eq!(scale_free.edge_count(), 3 + 2 * (n as usize - 3));
        let hubs = *degrees(&scale_free).iter().max().unwrap();
        // Barabási and Albert: the greatest degree grows as m √N, here 200; the exponential network stays near 14.
        assert!((100..600).contains(&hubs), "the greatest hub has {hubs} links");
        // Their exponent is 3: the share of peers with k links is 2 m (m + 1) / (k (k + 1) (k + 2)); for k = 2, one half.
        let twos = degrees(&scale_free).iter().filter(|d| **d == 2).count() as f64 / f64::from(n);
        assert!((twos - 0.5).abs() < 0.02, "{twos} of the peers have two links");
        let exponential = exponential(n, 4, &mut draws(3));
        assert_eq!(exponential.edge_count(), 2 * n as usize);
        assert!(*degrees(&exponential).iter().max().unwrap() < 20);
    }

    #[test]
    fn a_geometric_network_joins_exactly_who_is_near() {
        let (graph, places) = geometric(300, 0.1, &mut draws(8));
        let mut expected = 0;
        for i in 0..300 {
            for j in i + 1..300 {
                let ((x, y), (ox, oy)) = (places[i], places[j]);
                expected += usize::from((x - ox).powi(2) + (y - oy).powi(2) <= 0.01);
            }
        }
        assert_eq!(graph.edge_count(), expected);
    }

    #[test]
    fn parts_are_found() {
        let rows = neighbours(&ring(6));
        assert_eq!(largest(&rows, |_| true), 6);
        assert_eq!(components(&rows, |p| p != 0 && p != 3), [None, Some(1), Some(1), None, Some(4), Some(4)]);
        assert_eq!(largest(&rows, |_| false), 0);
    }

    #[test]
    fn chords_hang_together_and_leave_the_middle_free() {
        for peers in 3..80 {
            for degree in [2, 4, 6, 8] {
                let rows = neighbours(&chords(peers, degree));
                assert_eq!(largest(&rows, |_| true), peers, "{peers} peers, {degree} neighbours");
                let expected = degree.min(peers - 1) as usize;
                assert!(rows.iter().all(|row| row.len() <= expected && row.len() == rows[0].len()), "{peers} {degree}");
            }
        }
        let rows = neighbours(&chords(30, 6));
        assert_eq!(rows[0], [4, 7, 11, 19, 23, 26]);
    }

    proptest! {
    #[test]
        fn a_regular_network_is_regular_simple_and_whole(peers in 3_u32..120, degree in 2_u32..9, seed: u64) {
            let graph = regular(peers, degree, &mut draws(seed));
            let wanted = degree.min(peers - 1);
            let short: u32 = degrees(&graph).iter().map(|d| wanted - d).sum();
            prop_assert!(short <= (peers * wanted) % 2, "degrees {:?}", degrees(&graph));
            let rows = neighbours(&graph);
            for (i, row) in rows.iter().enumerate() {
                prop_assert!(!row.contains(&(i as u32)), "{i} knows itself");
                prop_assert!(row.windows(2).all(|w| w[0] < w[1]), "{i} knows somebody twice: {row:?}");
            }
            prop_assert_eq!(largest(&rows, |_| true), peers, "it falls into parts");
        }
    }
}
