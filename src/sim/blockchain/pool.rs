//! Records that wait to be written in blocks: each node keeps its own pool of those that it has checked.
//!
//! A record hands one coin on, whole but for the fee that it leaves to the finder of its block. A node takes a record into
//! its pool if the coin is the payer's and no record that it took before spends it too: the first one seen counts, as in
//! Bitcoin (Nakamoto 2008, section 5; `AcceptToMemoryPool`). Who finds a block takes the best paid first, as many as a block
//! has room for. A block that a node adopts takes its records out of the node's pool, and with them all that spend the same
//! coins; what only a given-up branch had in it waits again. Rewards lie still: in Bitcoin for a hundred blocks, here for
//! good.

use super::{
    chain::Chain,
    header::{Hash, double_sha256},
};
use crate::sim::vocabulary::Micros;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

/// How many coins each node has at the start.
const FIRST_COINS: u32 = 100;
/// Fees are from 1 to this.
pub const MOST_FEE: u32 = 99;

/// A coin, by where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coin {
    /// One that a node had at the start.
    First {
        /// Who had it.
        owner: u32,
        /// Which of its coins.
        nth: u32,
    },
    /// What a record handed on.
    Of(u32),
}

/// A record: a payment.
#[derive(Clone, Debug)]
pub struct Record {
    /// Who pays, or says so.
    pub payer: u32,
    /// Who is paid.
    pub payee: u32,
    /// With which coin.
    pub coin: Coin,
    /// What it leaves to the finder of its block.
    pub fee: u32,
    /// When it was made.
    made: Micros,
    /// When a block with it was first found.
    written: Option<Micros>,
}

/// What a record is to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stand {
    /// It has not asked for it.
    #[default]
    Unknown,
    /// It has asked for it.
    Asked,
    /// It has it in its pool.
    Waits,
    /// It is in the chain that the node follows.
    Written,
    /// It can't be: somebody else's coin, or one that is spent.
    Refused,
}

/// A node's pool.
#[derive(Clone, Debug, Default)]
struct Desk {
    /// Of each record, in the order in which they were made, what it is to the node.
    stands: Vec<Stand>,
    /// Those that wait, the best paid first, then the oldest.
    waiting: BTreeSet<(Reverse<u32>, u32)>,
    /// How many of the coins that it had at the start it has spent.
    firsts: u32,
    /// Coins that were made out to the node since, and that it has not spent, as far as it knows.
    purse: VecDeque<Coin>,
}

/// What is written in a block.
#[derive(Clone, Debug, Default)]
struct Content {
    records: Vec<u32>,
    /// How many records are in the chain up to it.
    total: u64,
}

/// A false record, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Lie {
    /// Which record.
    record: u32,
    /// How many nodes turned it away.
    pub refusals: u32,
    /// When it was told.
    pub at: Micros,
}

/// The pools of all nodes, and what stands in all blocks.
#[derive(Clone, Debug)]
pub struct Pool {
    records: Vec<Record>,
    nodes: u32,
    /// Of each node; none until there is a record.
    desks: Vec<Desk>,
    /// Of each block, from the first on to the last that was found with a record about.
    contents: Vec<Content>,
    /// Of each coin that was ever spent, the records that spend it.
    spenders: BTreeMap<Coin, Vec<u32>>,
    /// How many records fit in a block.
    room: usize,
    /// How often a node turned a record away.
    pub refusals: u64,
    /// The last false record.
    pub lie: Option<Lie>,
    /// How long those that were written had waited, in microseconds, and how many they are.
    waited: (f64, u64),
}

impl Pool {
    /// Empty pools.
    #[must_use]
    pub fn new(nodes: u32, room: usize) -> Self {
        Self {
            records: Vec::new(),
            nodes,
            desks: Vec::new(),
            contents: Vec::new(),
            spenders: BTreeMap::new(),
            room,
            refusals: 0,
            lie: None,
            waited: (0.0, 0),
        }
    }

    /// How many records were made.
    #[must_use]
    pub fn made(&self) -> u32 {
        self.records.len() as u32
    }

    /// A record.
    #[must_use]
    pub fn record(&self, record: u32) -> &Record {
        &self.records[record as usize]
    }

    /// How many records fit in a block.
    #[must_use]
    pub fn room(&self) -> usize {
        self.room
    }

    /// What a record is to a node.
    #[must_use]
    pub fn stand(&self, node: u32, record: u32) -> Stand {
        self.desks.get(node as usize).and_then(|desk| desk.stands.get(record as usize)).copied().unwrap_or_default()
    }

    /// A record is something else to a node from now on.
    pub fn set(&mut self, node: u32, record: u32, stand: Stand) {
        let key = (Reverse(self.record(record).fee), record);
        let desk = &mut self.desks[node as usize];
        if desk.stands.len() <= record as usize {
            desk.stands.resize(record as usize + 1, Stand::Unknown);
        }
        desk.stands[record as usize] = stand;
        if stand == Stand::Waits {
            desk.waiting.insert(key);
        } else {
            desk.waiting.remove(&key);
        }
    }

    /// The records that wait at a node, the best paid first.
    pub fn waiting(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        self.desks.get(node as usize).into_iter().flat_map(|desk| &desk.waiting).map(|(_, record)| *record)
    }

    /// How many records wait at a node.
    #[must_use]
    pub fn count(&self, node: u32) -> usize {
        self.desks.get(node as usize).map_or(0, |desk| desk.waiting.len())
    }

    /// Whose coin it is.
    fn owner(&self, coin: Coin) -> u32 {
        match coin {
            Coin::First { owner, .. } => owner,
            Coin::Of(record) => self.record(record).payee,
        }
    }

    /// Whether a coin is there for who follows a node's chain.
    fn exists(&self, node: u32, coin: Coin) -> bool {
        match coin {
            Coin::First { .. } => true,
            Coin::Of(record) => self.stand(node, record) == Stand::Written,
        }
    }

    /// Whether a node knows another record that spends a record's coin.
    fn is_spent(&self, node: u32, coin: Coin, besides: Option<u32>) -> bool {
        let known = |other: &&u32| matches!(self.stand(node, **other), Stand::Waits | Stand::Written);
        let spenders = self.spenders.get(&coin).into_iter().flatten();
        spenders.filter(|other| Some(**other) != besides).any(|other| known(&other))
    }

    /// Whether a node finds a record right.
    #[must_use]
    pub fn accepts(&self, node: u32, record: u32) -> bool {
        let Record { payer, coin, .. } = *self.record(record);
        self.owner(coin) == payer && !self.is_spent(node, coin, Some(record))
    }

    /// Makes a record that pays with a coin; it waits at its payer, if it is right.
    fn make(&mut self, payer: u32, payee: u32, coin: Coin, fee: u32, now: Micros) -> u32 {
        let record = self.made();
        self.records.push(Record { payer, payee, coin, fee, made: now, written: None });
        self.spenders.entry(coin).or_default().push(record);
        if self.owner(coin) == payer {
            self.desks[payee as usize].purse.push_back(Coin::Of(record));
        }
        let stand = if self.accepts(payer, record) { Stand::Waits } else { Stand::Refused };
        self.set(payer, record, stand);
        record
    }

    /// A node pays another with the first coin that it can spend; nothing if it has none.
    pub fn pay(&mut self, payer: u32, payee: u32, fee: u32, now: Micros) -> Option<u32> {
        self.open();
        let firsts = &mut self.desks[payer as usize].firsts;
        if *firsts < FIRST_COINS {
            let coin = Coin::First { owner: payer, nth: *firsts };
            *firsts += 1;
            return Some(self.make(payer, payee, coin, fee, now));
        }
        for _ in 0..self.desks[payer as usize].purse.len() {
            let coin = self.desks[payer as usize].purse.pop_front()?;
            if self.is_spent(payer, coin, None) {
                continue;
            }
            if self.exists(payer, coin) {
                return Some(self.make(payer, payee, coin, fee, now));
            }
            // It is on its way to the payer, or lost with a branch that was given up.
            self.desks[payer as usize].purse.push_back(coin);
        }
        None
    }

    /// Whether a node has a coin to pay with.
    #[must_use]
    pub fn can_pay(&self, payer: u32) -> bool {
        let Some(desk) = self.desks.get(payer as usize) else { return true };
        let there = |coin: &Coin| !self.is_spent(payer, *coin, None) && self.exists(payer, *coin);
        desk.firsts < FIRST_COINS || desk.purse.iter().any(there)
    }

    /// Makes room for what nodes know, once there is something to know.
    fn open(&mut self) {
        self.desks.resize_with(self.nodes as usize, Desk::default);
    }

    /// A node says that it pays with a coin that is another's.
    pub fn tell_lie(&mut self, liar: u32, other: u32, fee: u32, now: Micros) -> u32 {
        self.open();
        // One that is not spent yet: that it is another's is all that is wrong with it.
        let nth = self.desks[other as usize].firsts.min(FIRST_COINS - 1);
        let record = self.make(liar, liar, Coin::First { owner: other, nth }, fee, now);
        self.lie = Some(Lie { record, refusals: 0, at: now });
        record
    }

    /// Whether a record is told by who may not.
    #[must_use]
    pub fn is_false(&self, record: u32) -> bool {
        let Record { payer, coin, .. } = *self.record(record);
        self.owner(coin) != payer
    }

    /// A node turns a record away.
    pub fn refuse(&mut self, node: u32, record: u32) {
        self.set(node, record, Stand::Refused);
        self.refusals += 1;
        if let Some(lie) = self.lie.as_mut().filter(|lie| lie.record == record) {
            lie.refusals += 1;
        }
    }

    /// The records that would go into a node's next block: the best paid whose coins are there, or are made by others of them.
    #[must_use]
    pub fn best(&self, node: u32) -> Vec<u32> {
        let (mut chosen, mut left) = (Vec::new(), Vec::new());
        for record in self.waiting(node) {
            if chosen.len() == self.room {
                return chosen;
            }
            let goes = self.exists(node, self.record(record).coin);
            if goes { &mut chosen } else { &mut left }.push(record);
        }
        // Those that hand on what another of them makes.
        let mut made: BTreeSet<u32> = chosen.iter().copied().collect();
        loop {
            let before = chosen.len();
            left.retain(|record| {
                let from_made = matches!(self.record(*record).coin, Coin::Of(other) if made.contains(&other));
                let goes = from_made && chosen.len() < self.room;
                if goes {
                    chosen.push(*record);
                    made.insert(*record);
                }
                !goes
            });
            if chosen.len() == before || chosen.len() == self.room {
                return chosen;
            }
        }
    }

    /// A node has found a block after another, and fills it.
    pub fn fill(&mut self, node: u32, block: u32, before: u32, now: Micros) {
        if self.records.is_empty() {
            return;
        }
        let records = self.best(node);
        for record in &records {
            let record = &mut self.records[*record as usize];
            if record.written.is_none() {
                record.written = Some(now);
                self.waited.0 += (now - record.made) as f64;
                self.waited.1 += 1;
            }
        }
        let total = self.total(before) + records.len() as u64;
        self.contents.resize_with(block as usize, Content::default);
        self.contents.push(Content { records, total });
    }

    /// A node follows another block from now on; tells which records wait again.
    pub fn follow(&mut self, node: u32, chain: &Chain, from: u32, to: u32) -> Vec<u32> {
        if self.records.is_empty() {
            return Vec::new();
        }
        let fork = chain.fork_of(from, to);
        let way = |mut number: u32| {
            let mut row = Vec::new();
            while number != fork {
                row.push(number);
                number = chain.get(number).before;
            }
            row
        };
        let mut given_up = Vec::new();
        for number in way(from) {
            given_up.extend_from_slice(self.records_of(number));
        }
        for record in &given_up {
            self.set(node, *record, Stand::Waits);
        }
        for number in way(to) {
            for record in self.records_of(number).to_vec() {
                self.set(node, record, Stand::Written);
                let rivals = self.spenders.get(&self.record(record).coin).cloned().unwrap_or_default();
                for rival in rivals {
                    if self.stand(node, rival) == Stand::Waits {
                        self.set(node, rival, Stand::Refused);
                    }
                }
            }
        }
        given_up.retain(|record| self.stand(node, *record) == Stand::Waits);
        given_up
    }

    /// The records of a block.
    #[must_use]
    pub fn records_of(&self, block: u32) -> &[u32] {
        self.contents.get(block as usize).map_or(&[], |content| &content.records)
    }

    /// How many records are in the chain up to a block.
    #[must_use]
    pub fn total(&self, block: u32) -> u64 {
        self.contents.get(block as usize).map_or(0, |content| content.total)
    }

    /// How long records had waited when a block with them was first found: the mean, in seconds.
    #[must_use]
    pub fn mean_wait(&self) -> Option<f64> {
        let (sum, count) = self.waited;
        (count > 0).then(|| sum / 1e6 / count as f64)
    }

    /// The hash of a record, for the tree of its block.
    #[must_use]
    pub fn hash(&self, record: u32) -> Hash {
        let Record { payer, payee, coin, fee, .. } = *self.record(record);
        let coin = match coin {
            Coin::First { owner, nth } => [0, owner, nth],
            Coin::Of(record) => [1, record, 0],
        };
        let words = [payer, payee, fee, record].into_iter().chain(coin);
        double_sha256(&words.flat_map(u32::to_le_bytes).collect::<Vec<u8>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{
        blockchain::{
            chain::GENESIS,
            network::{Event, Network},
        },
        kernel::chance::{Chance, Purpose},
        vocabulary::SECOND,
    };

    /// What a coin is worth at the start, and the reward of a block.
    const COIN: u64 = 1_000_000;

    /// A line of nodes that are close, and blocks that only a test finds.
    fn still(nodes: &str) -> Network {
        Network::with(&[("nodes", nodes), ("latency", "0.01"), ("block_interval_s", "1e8"), ("block_room", "2")], 1)
    }

    fn run(network: &mut Network, seconds: u64) {
        network.advance(network.world.now() + seconds * SECOND);
    }

    fn fees(network: &Network, records: impl IntoIterator<Item = u32>) -> Vec<u32> {
        records.into_iter().map(|record| network.pool.record(record).fee).collect()
    }

    /// What every node owns, and last what lies in rewards, if the chain that ends with a block counts; nothing if a record
    /// in it spends what is not there.
    fn balances(network: &Network, block: u32) -> Option<Vec<u64>> {
        let (pool, nodes) = (&network.pool, network.config.nodes);
        let mut coins: BTreeMap<Coin, u64> = BTreeMap::new();
        for owner in 0..nodes {
            coins.extend((0..FIRST_COINS).map(|nth| (Coin::First { owner, nth }, COIN)));
        }
        let before = |number: &u32| (*number != GENESIS).then(|| network.chain.get(*number).before);
        let mut way: Vec<u32> = std::iter::successors(Some(block), before).collect();
        way.pop();
        let mut rewards = 0;
        for number in way.iter().rev() {
            rewards += COIN;
            for record in pool.records_of(*number) {
                let Record { payer, coin, fee, .. } = *pool.record(*record);
                let value = coins.remove(&coin).filter(|_| pool.owner(coin) == payer)?;
                coins.insert(Coin::Of(*record), value - u64::from(fee));
                rewards += u64::from(fee);
            }
        }
        let mut owns = vec![0; nodes as usize];
        for (coin, value) in coins {
            owns[pool.owner(coin) as usize] += value;
        }
        owns.push(rewards);
        Some(owns)
    }

    #[test]
    fn the_best_paid_go_in_and_the_rest_wait() {
        let mut network = still("3");
        for fee in [5, 40, 7, 60, 6] {
            network.pay(0, 1, fee).unwrap();
        }
        run(&mut network, 1);
        assert_eq!(
            fees(&network, network.pool.waiting(2)),
            [60, 40, 7, 6, 5],
            "everybody has all, the best paid first"
        );
        network.mine(2);
        assert_eq!(fees(&network, network.pool.records_of(1).to_vec()), [60, 40]);
        run(&mut network, 60);
        for node in 0..3 {
            assert_eq!(fees(&network, network.pool.waiting(node)), [7, 6, 5], "node {node}");
        }
    }

    #[test]
    fn a_false_record_is_turned_away_by_all_who_hear_of_it() {
        let mut network = still("6");
        network.lie(0);
        run(&mut network, 1);
        let neighbours = network.links.of(0).len() as u32;
        assert_eq!(network.pool.lie.unwrap().refusals, neighbours, "nobody passes it on");
        assert!((0..6).all(|node| network.pool.count(node) == 0));
        network.mine(0);
        assert!(network.pool.records_of(1).is_empty(), "not even its teller can write it");
    }

    #[test]
    fn of_two_records_that_spend_one_coin_the_first_seen_counts() {
        let mut network = still("4");
        let first = network.pay(0, 1, 10).unwrap();
        // The payer forgets that it has paid, and pays somebody else with the same coin.
        network.pool.set(0, first, Stand::Refused);
        network.pool.desks[0].firsts = 0;
        let second = network.pay(0, 2, 90).unwrap();
        network.pool.set(0, second, Stand::Waits);
        run(&mut network, 1);
        for node in 1..4 {
            let known = [first, second].map(|record| network.pool.stand(node, record) == Stand::Waits);
            assert_eq!(known.iter().filter(|known| **known).count(), 1, "node {node} keeps one of two");
        }
    }

    #[test]
    fn what_only_a_given_up_branch_had_waits_again() {
        let mut network = still("2");
        let links: Vec<(u32, u32)> = network.links.iter().collect();
        network.cut(&links);
        let lonely = network.pay(0, 1, 9).unwrap();
        network.mine(0);
        network.mine(1);
        network.mine(1);
        run(&mut network, 60);
        assert_eq!(network.pool.stand(0, lonely), Stand::Written);
        network.heal(&links);
        run(&mut network, 60);
        assert_eq!(network.nodes[0].tip, network.nodes[1].tip);
        for node in 0..2 {
            assert_eq!(network.pool.stand(node, lonely), Stand::Waits, "node {node}");
        }
        network.mine(1);
        run(&mut network, 60);
        assert_eq!(network.pool.stand(0, lonely), Stand::Written);
    }

    #[test]
    fn a_record_that_was_lost_on_its_way_is_asked_for_anew() {
        // A square: what 0 pays comes to 2 by both its neighbours, and is asked of the first.
        let mut network = still("4");
        network.cut(&[(0, 2), (1, 3)]);
        let record = network.pay(0, 1, 9).unwrap();
        network.advance(55_000);
        let carries = |event: &Event| *event == Event::Record(record);
        let way = network.world.pending().find(|(key, event)| key.to == 2 && carries(event)).map(|(key, _)| key.from);
        let from = way.expect("it is on its way to 2");
        network.cut(&[(from.min(2), from.max(2))]);
        assert_eq!(network.pool.stand(2, record), Stand::Unknown);
        run(&mut network, 1);
        assert_eq!(network.pool.stand(2, record), Stand::Waits, "the other neighbour had it");
        assert_eq!(network.measures.sent, network.measures.received + network.measures.lost);
    }

    #[test]
    fn who_may_reach_each_other_again_tell_what_waits() {
        let mut network = still("5");
        network.pay(0, 1, 9).unwrap();
        // In the middle of the first announcement all its payer's lines but one are cut.
        run(&mut network, 0);
        let links: Vec<(u32, u32)> = network.links.of(0).iter().map(|other| (0, *other)).collect();
        network.cut(&links);
        run(&mut network, 10);
        assert_eq!((1..5).map(|node| network.pool.count(node)).sum::<usize>(), 0);
        network.heal(&links[..1]);
        run(&mut network, 10);
        assert!((0..5).all(|node| network.pool.count(node) == 1));
        assert_eq!(network.measures.sent, network.measures.received + network.measures.lost);
    }

    /// Whatever is cut, stopped and healed: on every node's chain all that was there at the start is owned by somebody, no
    /// coin is spent twice, and no byte is counted as anything but come, lost or under way.
    #[test]
    fn balances_are_kept_through_forks_and_reorganisations() {
        let mut reorganised = 0;
        for seed in 0..20 {
            let set = [
                ("nodes", "12"),
                ("outbound", "2"),
                ("latency", "1"),
                ("block_interval_s", "8"),
                ("bandwidth", "1000000"),
                ("blocks", "150"),
                ("tx_rate", "1.5"),
                ("block_room", "20"),
            ];
            let mut network = Network::with(&set, seed);
            let mut draws = Chance::new(seed).draws(Purpose(99), 0);
            let links: Vec<(u32, u32)> = network.links.iter().collect();
            while let Some(at) = network.world.next_at() {
                network.advance(at + 20 * SECOND);
                match draws.below(6) {
                    0 => {
                        let some: Vec<(u32, u32)> = links.iter().copied().filter(|_| draws.happens(0.5)).collect();
                        network.cut(&some);
                    }
                    1 => network.heal(&links),
                    2 => network.stop(draws.below(12)),
                    3 => (0..12).for_each(|node| network.start(node)),
                    4 => network.lie(draws.below(12)),
                    _ => {}
                }
                let total = u64::from(FIRST_COINS) * COIN * 12;
                for node in &network.nodes {
                    let owns = balances(&network, node.tip).expect("nothing is spent twice");
                    let height = u64::from(network.chain.get(node.tip).height);
                    assert_eq!(owns.iter().sum::<u64>(), total + height * COIN, "seed {seed}");
                }
            }
            assert_eq!(network.measures.sent, network.measures.received + network.measures.lost, "seed {seed}");
            assert!(network.pool.total(network.chain.best()) > 100, "seed {seed}: hardly anything was written");
            reorganised += network.measures.deepest;
        }
        assert!(reorganised > 20, "chains were given up");
    }
}
