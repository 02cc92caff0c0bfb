//! What stands: peers with what they hold and want, who knows whom, and what is on its way.

use super::Config;
use crate::sim::{
    kernel::{
        bits::{has, set},
        chance::{Chance, Purpose},
        line::{Inlet, Outlet},
        topology,
    },
    vocabulary::Micros,
};
use std::collections::VecDeque;

/// The server's number.
pub const SERVER: u32 = 0;
/// Draws that decide who knows whom.
const SHAPE: Purpose = Purpose(1);
/// Draws that decide whom a newcomer gets to know.
const JOIN: Purpose = Purpose(2);

/// A packet that has left and not come in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// How many packets its sender had sent before.
    pub packet: u32,
    /// Where it goes.
    pub to: u32,
    /// What it carries.
    pub chunk: u32,
    /// When its first byte left.
    pub departs: Micros,
    /// When its last byte will come in.
    pub arrives: Micros,
    /// Whether its last byte has left, so that its lane is free.
    pub sent: bool,
    /// Whether nobody is there any more to take it.
    pub dead: bool,
}

/// One computer: the server, or a peer.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it can send.
    pub up: Outlet,
    /// What it can take in.
    pub down: Inlet,
    /// Its packets on their way, in the order in which they left.
    pub out: VecDeque<Flight>,
    /// Chunks promised to it, by whom; none is promised twice.
    pub promised: Vec<(u32, u32)>,
    /// Chunks that came to its door and wait for its own line.
    pub taking: u32,
    /// Who offered something while it had no room.
    pub waiting: VecDeque<u32>,
    /// How many chunks it holds.
    pub held: u32,
    /// How many blocks of draws it has used.
    pub draws: u64,
    /// How many packets it has sent.
    pub packets: u32,
    /// Chunks that others got from it.
    pub given: u32,
    /// When it held the whole file.
    pub done_at: Option<Micros>,
    /// Whether it has room on its line and found nobody to give to.
    pub idle: bool,
}

impl Node {
    fn new(up: Outlet, down: u64) -> Self {
        Self {
            up,
            down: Inlet::new(down),
            out: VecDeque::new(),
            promised: Vec::new(),
            taking: 0,
            waiting: VecDeque::new(),
            held: 0,
            draws: 0,
            packets: 0,
            given: 0,
            done_at: None,
            idle: true,
        }
    }
}

/// Who knows whom among the peers.
#[derive(Clone, Debug)]
pub enum Knows {
    /// Everybody knows everybody.
    All {
        /// Who is not known to hold all, in no particular order.
        lacking: Vec<u32>,
        /// Of each computer its place in `lacking`.
        place: Vec<Option<u32>>,
        /// Of each chunk how many peers are known to hold it.
        copies: Vec<u32>,
        /// Of each chunk how many peers want it.
        wants: Vec<u32>,
        /// Which chunks are wanted by anybody.
        wanted: Vec<u64>,
    },
    /// Each knows some.
    Some {
        /// Of each computer whom it knows, in order.
        rows: Vec<Vec<u32>>,
        /// Of each computer and chunk how many of its neighbours are known to hold it.
        copies: Vec<u16>,
    },
}

/// All computers and what they hold. Sets of chunks are rows of one array, 64 chunks a word.
#[derive(Clone, Debug)]
pub struct Network {
    /// The computers; the server is the first.
    pub nodes: Vec<Node>,
    /// Who knows whom.
    pub knows: Knows,
    /// Words a row.
    pub words: usize,
    /// What each holds.
    pub holds: Vec<u64>,
    /// What each neither holds nor was promised.
    pub wanted: Vec<u64>,
    /// What the others know each to hold; empty where word travels in no time.
    pub known: Vec<u64>,
    /// Of each computer how many chunks the others know it to hold; empty likewise.
    pub known_held: Vec<u32>,
    /// Of each computer whether the others know it to be away.
    pub away: Vec<bool>,
    chunks: u32,
}

impl Network {
    /// The network at the start: the server holds all, the peers nothing.
    #[must_use]
    pub fn new(config: &Config, seed: u64) -> Self {
        let computers = config.peers + 1;
        let words = config.chunks.div_ceil(64) as usize;
        let knows = if config.knows_all() {
            Knows::All {
                lacking: (1..computers).collect(),
                place: (0..computers).map(|i| i.checked_sub(1)).collect(),
                copies: vec![0; config.chunks as usize],
                wants: vec![0; config.chunks as usize],
                wanted: vec![0; words],
            }
        } else {
            Knows::Some { rows: rows(config, seed), copies: vec![0; computers as usize * config.chunks as usize] }
        };
        let mut network = Self {
            nodes: Vec::with_capacity(computers as usize),
            knows,
            words,
            holds: Vec::new(),
            wanted: Vec::new(),
            known: Vec::new(),
            known_held: Vec::new(),
            away: Vec::new(),
            chunks: config.chunks,
        };
        network.push(config, Outlet::new(config.server_up, config.server_lanes));
        for chunk in 0..config.chunks {
            set(network.row_mut(Set::Holds, SERVER), chunk, true);
            network.want(SERVER, chunk, false);
            if config.latency > 0 {
                set(network.row_mut(Set::Known, SERVER), chunk, true);
            }
        }
        network.nodes[0].held = config.chunks;
        for _ in 1..computers {
            network.push(config, Outlet::new(config.peer_up, 1));
        }
        network
    }

    fn push(&mut self, config: &Config, up: Outlet) {
        self.nodes.push(Node::new(up, config.peer_down));
        self.holds.resize(self.holds.len() + self.words, 0);
        let start = self.wanted.len();
        self.wanted.resize(start + self.words, 0);
        let who = (start / self.words) as u32;
        for chunk in 0..self.chunks {
            self.want(who, chunk, true);
        }
        if config.latency > 0 {
            self.known.resize(self.known.len() + self.words, 0);
            self.known_held.push(0);
        }
        self.away.push(false);
    }

    /// A newcomer that holds nothing; tells its number. Nobody knows it yet to be there.
    pub fn join(&mut self, config: &Config, chance: Chance) -> u32 {
        let newcomer = self.nodes.len() as u32;
        self.push(config, Outlet::new(config.peer_up, 1));
        self.away[newcomer as usize] = true;
        match &mut self.knows {
            Knows::All { place, .. } => place.push(None),
            Knows::Some { rows, copies } => {
                copies.resize(copies.len() + self.chunks as usize, 0);
                let mut draws = chance.draws(JOIN, newcomer);
                let mut friends: Vec<u32> = (1..newcomer).collect();
                // A newcomer that finds only friends who are away would wait for them alone.
                let here: Vec<u32> = friends.iter().copied().filter(|f| !self.away[*f as usize]).collect();
                if here.len() >= config.degree as usize {
                    friends = here;
                }
                draws.shuffle(&mut friends);
                friends.truncate(config.degree as usize);
                friends.sort_unstable();
                for friend in &friends {
                    rows[*friend as usize].push(newcomer);
                }
                for friend in &friends {
                    let held = &self.holds[*friend as usize * self.words..][..self.words];
                    for chunk in 0..self.chunks {
                        copies[newcomer as usize * self.chunks as usize + chunk as usize] +=
                            u16::from(has(held, chunk));
                    }
                }
                rows.push(friends);
            }
        }
        newcomer
    }

    /// A row of one of the sets.
    #[must_use]
    pub fn row(&self, which: Set, who: u32) -> &[u64] {
        let all = match which {
            Set::Holds => &self.holds,
            Set::Wanted => &self.wanted,
            Set::Known if self.known.is_empty() => &self.holds,
            Set::Known => &self.known,
        };
        &all[who as usize * self.words..][..self.words]
    }

    /// A row of one of the sets, to change.
    pub fn row_mut(&mut self, which: Set, who: u32) -> &mut [u64] {
        let all = match which {
            // Wants are counted too: [`Network::want`].
            Set::Wanted => &mut self.wanted,
            Set::Holds => &mut self.holds,
            Set::Known => &mut self.known,
        };
        &mut all[who as usize * self.words..][..self.words]
    }

    /// Notes whether one wants a chunk.
    pub fn want(&mut self, who: u32, chunk: u32, wants_now: bool) {
        let row = &mut self.wanted[who as usize * self.words..][..self.words];
        if has(row, chunk) == wants_now {
            return;
        }
        set(row, chunk, wants_now);
        if let Knows::All { wants, wanted, .. } = &mut self.knows {
            let count = &mut wants[chunk as usize];
            *count = if wants_now { *count + 1 } else { *count - 1 };
            set(wanted, chunk, *count > 0);
        }
    }

    /// Whether anybody at all may want something that one holds, or the one chunk that is new to it. It costs little, and
    /// saves going through all peers in vain.
    #[must_use]
    pub fn anybody_wants(&self, who: u32, news: Option<u32>) -> bool {
        let Knows::All { wanted, .. } = &self.knows else {
            return true;
        };
        match news {
            Some(chunk) => has(wanted, chunk),
            None => self.row(Set::Holds, who).iter().zip(wanted).any(|(h, w)| h & w != 0),
        }
    }

    /// Everybody whom one knows.
    #[must_use]
    pub fn neighbours(&self, who: u32) -> Vec<u32> {
        match &self.knows {
            Knows::All { .. } => (0..self.nodes.len() as u32).filter(|other| *other != who).collect(),
            Knows::Some { rows, .. } => rows[who as usize].clone(),
        }
    }

    /// Word has come that a peer holds a chunk, or no longer offers it.
    pub fn count_copy(&mut self, who: u32, chunk: u32, more: bool) {
        let step = |n: u32| if more { n + 1 } else { n.saturating_sub(1) };
        match &mut self.knows {
            Knows::All { copies, .. } => copies[chunk as usize] = step(copies[chunk as usize]),
            Knows::Some { rows, copies } => {
                for friend in &rows[who as usize] {
                    let count = &mut copies[*friend as usize * self.chunks as usize + chunk as usize];
                    *count = step(u32::from(*count)) as u16;
                }
            }
        }
    }

    /// How many copies of a chunk one knows of.
    #[must_use]
    pub fn copies(&self, who: u32, chunk: u32) -> u32 {
        match &self.knows {
            Knows::All { copies, .. } => copies[chunk as usize],
            Knows::Some { copies, .. } => u32::from(copies[who as usize * self.chunks as usize + chunk as usize]),
        }
    }

    /// Notes whether the others believe that one can still be given something.
    pub fn lacks(&mut self, who: u32, lacking_now: bool) {
        if who == SERVER {
            return;
        }
        if let Knows::All { lacking, place, .. } = &mut self.knows {
            match (place[who as usize], lacking_now) {
                (None, true) => {
                    place[who as usize] = Some(lacking.len() as u32);
                    lacking.push(who);
                }
                (Some(at), false) => {
                    place[who as usize] = None;
                    lacking.swap_remove(at as usize);
                    if let Some(moved) = lacking.get(at as usize) {
                        place[*moved as usize] = Some(at);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Which set of chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// What one holds.
    Holds,
    /// What one neither holds nor was promised.
    Wanted,
    /// What the others know one to hold.
    Known,
}

/// How many peers a server knows for each peer's line that its own is worth: enough that its neighbours' appetite, which
/// ends at one file each, never slows it. With 1 they would have to get all that they hold from it.
const CLIENTS: u64 = 2;

/// Each peer knows `degree` other peers; the server knows as many, or as many as its line can be busy with.
fn rows(config: &Config, seed: u64) -> Vec<Vec<u32>> {
    let mut draws = Chance::new(seed).draws(SHAPE, SERVER);
    let graph = if config.chords {
        topology::chords(config.peers, config.degree)
    } else {
        topology::regular(config.peers, config.degree, &mut draws)
    };
    let among_peers = topology::neighbours(&graph);
    let mut rows: Vec<Vec<u32>> = vec![Vec::new()];
    rows.extend(among_peers.into_iter().map(|row| row.into_iter().map(|i| i + 1).collect::<Vec<u32>>()));
    let mut clients: Vec<u32> = (1..=config.peers).collect();
    draws.shuffle(&mut clients);
    let lines = CLIENTS.saturating_mul(config.server_up.div_ceil(config.peer_up));
    clients.truncate(lines.max(u64::from(config.degree)).min(u64::from(config.peers)) as usize);
    clients.sort_unstable();
    for client in &clients {
        rows[*client as usize].insert(0, SERVER);
    }
    rows[0] = clients;
    rows
}
