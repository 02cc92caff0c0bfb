//! Who is linked to whom: every node opens some links to others drawn by chance, and keeps those that others open to it.

use super::regions;
use crate::sim::kernel::{chance::Draws, topology};

/// How many links a node opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outbound {
    /// So many each.
    Each(u32),
    /// As SimBlock's table has it.
    Table,
}

/// The neighbours of every node, in order, one row after the other.
#[derive(Clone, Debug)]
pub struct Links {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Links {
    /// The links of so many nodes. Nobody is linked to itself or twice to the same; who finds too few others is linked to
    /// all. Parts that don't hang together are joined by one more link each: a network that could never agree is none.
    #[must_use]
    pub fn new(nodes: u32, outbound: Outbound, draws: &mut Draws) -> Self {
        let wishes = match outbound {
            Outbound::Each(_) => Vec::new(),
            Outbound::Table => regions::degrees(nodes, draws),
        };
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); nodes as usize];
        // Whether one is linked to a node already: it bears that node's mark.
        let mut marks = vec![u32::MAX; nodes as usize];
        let mut all: Vec<u32> = (0..nodes).collect();
        for node in 0..nodes {
            let wish = match outbound {
                Outbound::Each(wish) => wish,
                Outbound::Table => u32::from(wishes[node as usize]),
            };
            marks[node as usize] = node;
            for other in &rows[node as usize] {
                marks[*other as usize] = node;
            }
            let free = nodes - 1 - rows[node as usize].len() as u32;
            let mut open = |other: u32| {
                let new = marks[other as usize] != node;
                if new {
                    marks[other as usize] = node;
                    rows[node as usize].push(other);
                    rows[other as usize].push(node);
                }
                new
            };
            if wish.saturating_mul(2) >= free {
                draws.shuffle(&mut all);
                let mut left = wish;
                for other in &all {
                    if left > 0 && open(*other) {
                        left -= 1;
                    }
                }
            } else {
                // At least half of those not yet linked stay so; but most may be linked already.
                let mut left = wish;
                while left > 0 {
                    if open(draws.below(nodes)) {
                        left -= 1;
                    }
                }
            }
        }
        join(&mut rows, draws);
        Self::from_rows(rows)
    }

    fn from_rows(rows: Vec<Vec<u32>>) -> Self {
        let mut links = Self { starts: Vec::with_capacity(rows.len() + 1), ends: Vec::new() };
        links.ends.reserve_exact(rows.iter().map(Vec::len).sum());
        for mut row in rows {
            links.starts.push(links.ends.len() as u32);
            row.sort_unstable();
            links.ends.extend(row);
        }
        links.starts.push(links.ends.len() as u32);
        links
    }

    /// Whom a node is linked to.
    #[must_use]
    pub fn of(&self, node: u32) -> &[u32] {
        &self.ends[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    /// Every link once, its lesser end first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..self.nodes()).flat_map(|a| self.of(a).iter().filter(move |b| a < **b).map(move |b| (a, *b)))
    }
}

/// Joins parts that don't hang together: each to a node, drawn by chance, of those before it.
fn join(rows: &mut [Vec<u32>], draws: &mut Draws) {
    let parts = topology::components(rows, |_| true);
    let mut order: Vec<(u32, u32)> = parts.iter().zip(0..).map(|(part, node)| (part.unwrap_or(node), node)).collect();
    order.sort_unstable();
    for i in 1..order.len() {
        let ((before, _), (part, node)) = (order[i - 1], order[i]);
        if before != part {
            let (_, friend) = order[draws.below(i as u32) as usize];
            rows[node as usize].push(friend);
            rows[friend as usize].push(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::kernel::chance::{Chance, Purpose};
    use proptest::prelude::*;

    fn draws(seed: u64) -> Draws {
        Chance::new(seed).draws(Purpose(1), 0)
    }

    proptest! {
        #[test]
        fn links_go_both_ways_once_and_hang_together(nodes in 1_u32..150, each in 1_u32..200, table: bool, seed: u64) {
            let outbound = if table { Outbound::Table } else { Outbound::Each(each) };
            let links = Links::new(nodes, outbound, &mut draws(seed));
            let rows: Vec<Vec<u32>> = (0..nodes).map(|node| links.of(node).to_vec()).collect();
            prop_assert_eq!(topology::largest(&rows, |_| true), nodes);
            for node in 0..nodes {
                let row = &rows[node as usize];
                prop_assert!(row.windows(2).all(|two| two[0] < two[1]) && !row.contains(&node));
                prop_assert!(row.iter().all(|other| rows[*other as usize].contains(&node)));
                if !table {
                    prop_assert!(row.len() as u32 >= each.min(nodes - 1));
                }
            }
            if !table && each >= nodes {
                prop_assert_eq!(links.iter().count() as u32, nodes * (nodes - 1) / 2);
            }
        }
    }

    #[test]
    fn a_large_network_has_as_many_links_as_were_opened() {
        let links = Links::new(6_000, Outbound::Each(8), &mut draws(1));
        assert_eq!(links.iter().count(), 48_000);
        let links = Links::new(6_000, Outbound::Table, &mut draws(1));
        let mean = links.iter().count() as f64 / 6_000.0;
        // The table's mean: one link, and for each further one the share of nodes that open it.
        assert!((8.64..8.65).contains(&mean), "{mean} links a node");
    }
}
