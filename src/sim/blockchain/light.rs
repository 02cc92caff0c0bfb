//! Light nodes: they keep headers and no records, follow the chain with the most work, and ask a full node to prove that a
//! payment is in a block (Nakamoto 2008, section 8).
//!
//! A full node announces what it adopts by the header itself (BIP 130). A light node that can't join a header to those it
//! has asks for the ones between: it names blocks of its own chain, ever farther apart, and is sent up to 2,000 headers from
//! the last one that both have (`getheaders` of Bitcoin's protocol). To have a payment proved it asks for the block filtered
//! down to that payment, and is sent the header again with the hashes beside its way up the Merkle tree (BIP 37). It checks
//! that the way leads to the root in the header that it has; who sent it is not asked to be believed.
//!
//! A light node has one question out at a time. Where it or its answer is lost, another full node is asked.

use super::{
    chain::GENESIS,
    header::{Hash, double_sha256},
    links::{Links, Outbound},
    merkle::{self, Proof},
    network::{Event, Network, WORD_BYTES},
    regions,
};
use crate::sim::{
    kernel::chance::{Chance, Draws, Purpose},
    vocabulary::Micros,
};
use std::collections::VecDeque;

/// Draws that link light nodes to full ones.
const SHAPE: Purpose = Purpose(7);
/// Draws of the payment that a light node asks about, and of whom it asks.
const ASKED: Purpose = Purpose(8);
/// A header's size (Bitcoin's protocol).
pub const HEADER_BYTES: u64 = 80;
/// Before each message (Bitcoin's protocol).
const FRAME_BYTES: u64 = 24;
/// A hash's size.
const HASH_BYTES: u64 = 32;
/// The most headers of one answer (Bitcoin's protocol).
const MOST_HEADERS: u32 = 2_000;
/// So many of the latest blocks are named one by one; then every second, every fourth and so on.
const NAMED_SINGLY: u32 = 11;

/// What a light node wants of a full one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    /// The headers up to a block that it has heard of from a neighbour; where one answer was too short for them, those that
    /// come after its last.
    Headers { block: u32, of: u32, after: Option<u32> },
    /// The way from one of a block's records to its root.
    Path(Payment),
}

/// A payment that a light node asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Payment {
    block: u32,
    /// Which of the block's records it is, or is said to be.
    index: u32,
    /// Whether it is none of them.
    made_up: bool,
}

/// A question that is out.
#[derive(Clone, Copy, Debug)]
struct Question {
    want: Want,
    /// The block whose chain it named blocks of.
    tip: u32,
    /// How many headers the answer has.
    headers: u32,
}

/// What came of the last payment that a light node asked about.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The block that it should be in.
    pub block: u32,
    /// Which of its records it is, or is said to be.
    pub index: u32,
    /// How many records the block has.
    pub of: u32,
    /// The hashes beside its way, from the payment up.
    pub path: Vec<Hash>,
    /// Where the way leads.
    pub leads_to: Hash,
    /// What the header says.
    pub root: Hash,
    /// When the answer came.
    pub at: Micros,
}

impl Verdict {
    /// Whether the payment is in the block.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.leads_to == self.root
    }
}

/// A light node.
#[derive(Clone, Debug, Default)]
pub struct LightNode {
    /// The last block of the chain that it follows.
    pub tip: u32,
    /// Of each block whether it has its header, a bit each.
    known: Vec<u64>,
    /// Its neighbours: full nodes, in order.
    links: Vec<u32>,
    question: Option<Question>,
    /// What it asks when the answer is there.
    queue: VecDeque<Want>,
    /// How many payments it has asked about.
    asked: u32,
    /// How many bytes have come to it.
    pub received: u64,
    /// What came of the last payment.
    pub verdict: Option<Verdict>,
}

impl LightNode {
    fn knows(&self, block: u32) -> bool {
        block == GENESIS || self.known.get(block as usize / 64).is_some_and(|word| word >> (block % 64) & 1 == 1)
    }

    fn learns(&mut self, block: u32) {
        let word = block as usize / 64;
        self.known.resize(self.known.len().max(word + 1), 0);
        self.known[word] |= 1 << (block % 64);
    }
}

/// The light nodes of a network. Their numbers begin where those of the full nodes end.
#[derive(Clone, Debug, Default)]
pub struct Light {
    first: u32,
    nodes: Vec<LightNode>,
    /// Of each full node the light ones that are linked to it; empty if there are none at all.
    of_full: Vec<Vec<u32>>,
    /// How many hashes the last proof had that held, and how many it should have.
    pub proof: Option<(u32, u32)>,
    /// How many proofs led elsewhere.
    pub refused: u64,
}

impl Light {
    /// So many light nodes beside so many full ones, each linked to as many of them as a full node opens links.
    #[must_use]
    pub fn new(full: u32, count: u32, outbound: Outbound, chance: Chance) -> Self {
        let mut light = Self { first: full, ..Self::default() };
        if count == 0 {
            return light;
        }
        let wish = match outbound {
            Outbound::Each(wish) => wish,
            Outbound::Table => 8,
        };
        light.of_full = vec![Vec::new(); full as usize];
        for node in full..full + count {
            let links = some(wish.min(full), full, &mut chance.draws(SHAPE, node));
            for other in &links {
                light.of_full[*other as usize].push(node);
            }
            light.nodes.push(LightNode { links, ..LightNode::default() });
        }
        light
    }

    /// Where light nodes stand, as full nodes do by SimBlock's table.
    #[must_use]
    pub fn places(count: u32, chance: Chance) -> Vec<u8> {
        regions::places(count, &mut chance.draws(SHAPE, u32::MAX))
    }

    /// A light node; nothing if it is a full one, or nobody.
    #[must_use]
    pub fn get(&self, node: u32) -> Option<&LightNode> {
        self.nodes.get(node.checked_sub(self.first)? as usize)
    }

    /// The light nodes with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &LightNode)> {
        (self.first..).zip(&self.nodes)
    }

    fn at(&mut self, node: u32) -> &mut LightNode {
        &mut self.nodes[(node - self.first) as usize]
    }

    fn question(&self, node: u32) -> Option<Question> {
        self.get(node)?.question
    }

    /// The light nodes that are linked to a full one, or the full ones that are linked to a light one.
    #[must_use]
    pub fn links_of(&self, node: u32) -> &[u32] {
        match self.get(node) {
            Some(light) => &light.links,
            None => self.of_full.get(node as usize).map_or(&[], Vec::as_slice),
        }
    }

    /// Every link between a full node and a light one.
    pub fn links(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.iter().flat_map(|(node, light)| light.links.iter().map(move |full| (*full, node)))
    }

    /// Whether a node stands in the first half of the full ones, or of the light ones.
    #[must_use]
    pub fn is_in_first_half(&self, node: u32) -> bool {
        match node.checked_sub(self.first) {
            None => node < self.first / 2,
            Some(nth) => (nth as usize) < self.nodes.len() / 2,
        }
    }
}

/// So many of the first numbers, in order.
fn some(count: u32, of: u32, draws: &mut Draws) -> Vec<u32> {
    let mut row: Vec<u32> = Vec::with_capacity(count as usize);
    // Robert Floyd's way: every set is as likely as any other.
    for last in of - count..of {
        let pick = draws.below(last + 1);
        row.push(if row.contains(&pick) { last } else { pick });
    }
    row.sort_unstable();
    row
}

/// The heights of the blocks that a node names when it asks for headers, the greatest first.
fn locator(tip: u32) -> impl Iterator<Item = u32> {
    let mut named = 0;
    let mut next = Some(tip);
    std::iter::from_fn(move || {
        let height = next?;
        named += 1;
        let step = 1_u32.checked_shl(u32::saturating_sub(named, NAMED_SINGLY)).unwrap_or(u32::MAX);
        next = (height > 0).then(|| height.saturating_sub(step));
        Some(height)
    })
}

/// How long a row's count is in Bitcoin's protocol.
fn count_bytes(count: u32) -> u64 {
    match count {
        0..=252 => 1,
        253..=65_535 => 3,
        _ => 5,
    }
}

/// The size of a block that is filtered down to one of its records (BIP 37): its header, how many records it has, that
/// one's hash and those beside its way, and for each hash on the way and beside it a bit.
fn path_bytes(leaves: u32) -> u64 {
    let path = u64::from(leaves.next_power_of_two().trailing_zeros());
    FRAME_BYTES + HEADER_BYTES + 4 + 1 + HASH_BYTES * (path + 1) + 1 + (2 * path + 1).div_ceil(8)
}

impl Network {
    /// How many nodes there are, full and light.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.config.nodes + self.config.light
    }

    /// Whom a node is linked to: full nodes, then light ones.
    pub fn neighbours(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let full = if node < self.config.nodes { self.links.of(node) } else { &[] };
        full.iter().chain(self.light.links_of(node)).copied()
    }

    /// Every link once, its lesser end first.
    pub fn all_links(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        Links::iter(&self.links).chain(self.light.links())
    }

    /// The last block of the chain that a node follows.
    #[must_use]
    pub fn tip(&self, node: u32) -> u32 {
        match self.light.get(node) {
            Some(light) => light.tip,
            None => self.nodes[node as usize].tip,
        }
    }

    /// How many bytes a message has between a light node and a full one. What a question and its answer have, the light
    /// node keeps in mind until the answer is there.
    pub fn light_bytes(&self, event: Event, from: u32, to: u32) -> u64 {
        match event {
            Event::Header(_) => FRAME_BYTES + 1 + HEADER_BYTES + 1,
            Event::GetHeaders(_) => {
                let tip = self.light.question(from).map_or(GENESIS, |question| question.tip);
                let named = locator(self.chain.get(tip).height).count() as u64;
                FRAME_BYTES + 4 + 1 + HASH_BYTES * (named + 1)
            }
            Event::Headers(_) => {
                let headers = self.light.question(to).map_or(0, |question| question.headers);
                FRAME_BYTES + count_bytes(headers) + u64::from(headers) * (HEADER_BYTES + 1)
            }
            Event::AskPath(_) => WORD_BYTES,
            Event::Path(block) => path_bytes(self.leaf_count(block)),
            _ => 0,
        }
    }

    /// A message that goes between a light node and a full one comes.
    pub fn light_message(&mut self, event: Event, from: u32, to: u32, count: u32) {
        let bytes = self.light_bytes(event, from, to);
        self.measures.received += bytes;
        if self.light.get(to).is_some() {
            self.light.at(to).received += bytes;
        }
        match event {
            Event::Header(block) => self.hears_of_header(to, from, block),
            Event::GetHeaders(_) => self.is_asked_for_headers(to, from),
            Event::Headers(block) => self.takes_headers(to, block),
            Event::AskPath(block) => self.say(Event::Path(block), to, from),
            Event::Path(_) => self.takes_path(to, from, count),
            _ => {}
        }
    }

    /// A full node tells its light neighbours what it has adopted.
    pub fn announce_header(&mut self, node: u32, block: u32) {
        for i in 0..self.light.links_of(node).len() {
            let other = self.light.links_of(node)[i];
            if self.world.gate.may_pass(node, other) {
                self.say(Event::Header(block), node, other);
            }
        }
    }

    /// A full node tells a light one where it is, if that has no such header.
    pub fn tell_header(&mut self, node: u32, light: u32) {
        let tip = self.nodes[node as usize].tip;
        if self.world.gate.may_pass(node, light) && !self.light.at(light).knows(tip) {
            self.say(Event::Header(tip), node, light);
        }
    }

    fn hears_of_header(&mut self, node: u32, from: u32, block: u32) {
        let before = self.chain.get(block).before;
        let light = self.light.at(node);
        if light.knows(block) {
            return;
        }
        if light.knows(before) {
            self.learns(node, block);
        } else {
            self.wants(node, Want::Headers { block, of: from, after: None });
        }
    }

    /// A light node has a header that joins on to those that it had.
    fn learns(&mut self, node: u32, block: u32) {
        let light = self.light.at(node);
        light.learns(block);
        let tip = light.tip;
        if self.chain.is_better(block, tip) {
            self.light.at(node).tip = block;
            self.tell_camp(node);
        }
    }

    /// A full node is asked for the headers that lead to where it is.
    fn is_asked_for_headers(&mut self, node: u32, from: u32) {
        let Some(Question { tip, .. }) = self.light.question(from) else { return };
        let best = self.nodes[node as usize].tip;
        let shared = self.chain.get(self.chain.fork_of(tip, best)).height;
        let start = locator(self.chain.get(tip).height).find(|height| *height <= shared).unwrap_or(0);
        let mut last = best;
        while self.chain.get(last).height > start + MOST_HEADERS {
            last = self.chain.get(last).before;
        }
        let headers = self.chain.get(last).height.saturating_sub(start);
        if let Some(question) = &mut self.light.at(from).question {
            question.headers = headers;
        }
        self.say(Event::Headers(last), node, from);
    }

    fn takes_headers(&mut self, node: u32, last: u32) {
        let mut new = Vec::new();
        let mut block = last;
        while !self.light.at(node).knows(block) {
            new.push(block);
            block = self.chain.get(block).before;
        }
        for block in new.into_iter().rev() {
            self.learns(node, block);
        }
        let Some(Question { want, .. }) = self.light.at(node).question.take() else { return };
        // A long way takes several answers.
        if let Want::Headers { block, of, .. } = want
            && self.chain.get(last).height < self.chain.get(block).height
        {
            self.light.at(node).queue.push_front(Want::Headers { block, of, after: Some(last) });
        }
        self.asks_next(node);
    }

    /// Full neighbours that a light node may ask about a block.
    fn witnesses(&self, node: u32, block: u32) -> Vec<u32> {
        let may = |full: &u32| self.world.gate.may_pass(node, *full) && self.known.has(block, *full);
        self.light.links_of(node).iter().copied().filter(may).collect()
    }

    /// Whether somebody can tell a light node about the last block of its chain.
    #[must_use]
    pub fn has_witness(&self, node: u32) -> bool {
        !self.witnesses(node, self.tip(node)).is_empty()
    }

    /// A light node asks a neighbour to prove that a payment is in the last block of its chain: one of the block's, or one
    /// that is in no block.
    pub fn ask_for_path(&mut self, node: u32, made_up: bool) {
        let block = self.tip(node);
        let others = self.leaf_count(block) - 1;
        let mut draws = self.world.draws(ASKED, node, u64::from(self.light.at(node).asked));
        self.light.at(node).asked += 1;
        // The first record is the reward; a payment is any other, if there is one.
        let index = if others > 0 { 1 + draws.below(others) } else { 0 };
        self.wants(node, Want::Path(Payment { block, index, made_up }));
    }

    fn wants(&mut self, node: u32, want: Want) {
        let light = self.light.at(node);
        if !light.queue.contains(&want) {
            light.queue.push_back(want);
        }
        self.asks_next(node);
    }

    /// A light node asks the next that it wants to know, if no answer is awaited.
    fn asks_next(&mut self, node: u32) {
        while self.light.at(node).question.is_none() && self.world.gate.runs(node) {
            let Some(want) = self.light.at(node).queue.pop_front() else { return };
            let light = self.light.at(node);
            let (to, event) = match want {
                Want::Headers { block, of, .. } if !light.knows(block) && self.world.gate.may_pass(node, of) => {
                    (of, Event::GetHeaders(block))
                }
                Want::Headers { .. } => continue,
                Want::Path(Payment { block, .. }) => {
                    let count = 1 << 32 | u64::from(light.asked);
                    let witnesses = self.witnesses(node, block);
                    let pick = self.world.draws(ASKED, node, count).pick(&witnesses).copied();
                    let Some(to) = pick else { continue };
                    (to, Event::AskPath(block))
                }
            };
            let tip = match want {
                Want::Headers { after: Some(last), .. } => last,
                _ => self.light.at(node).tip,
            };
            self.light.at(node).question = Some(Question { want, tip, headers: 0 });
            self.say(event, node, to);
        }
    }

    /// A proof comes to a light node as the packet of a count, and is checked.
    fn takes_path(&mut self, node: u32, from: u32, count: u32) {
        let Some(Question { want: Want::Path(payment), .. }) = self.light.at(node).question.take() else { return };
        let Payment { block, index, made_up } = payment;
        let leaves = self.leaves(block);
        // Whoever passes off a payment that is in no block can do no better than send the way of one that is: to find hashes
        // that lead from a payment to the root is to break SHA-256.
        let Proof { beside, .. } = merkle::prove(&leaves, index).unwrap_or(Proof { index, beside: Vec::new() });
        let proof = Proof { index, beside };
        let leaf = if made_up { self.made_up(node) } else { leaves[index as usize] };
        let verdict = Verdict {
            block,
            index,
            of: leaves.len() as u32,
            leads_to: proof.leads_to(&leaf),
            path: proof.beside,
            root: merkle::root(&leaves),
            at: self.world.now(),
        };
        if verdict.holds() {
            let should = libm::ceil(libm::log2(f64::from(verdict.of))) as u32;
            self.light.proof = Some((verdict.path.len() as u32, should));
        } else {
            self.light.refused += 1;
            self.tell_turned_away(from, count);
        }
        self.light.at(node).verdict = Some(verdict);
        self.tell_light(node);
        self.asks_next(node);
    }

    /// The hash of a payment that is in no block.
    fn made_up(&self, node: u32) -> Hash {
        let asked = self.light.get(node).map_or(0, |light| light.asked);
        double_sha256(&[node, asked, u32::MAX, u32::MAX, u32::MAX].map(u32::to_le_bytes).concat())
    }

    /// Whether what comes to a light node proves what isn't so.
    #[must_use]
    pub fn is_made_up(&self, node: u32) -> bool {
        let want = self.light.question(node).map(|question| question.want);
        matches!(want, Some(Want::Path(Payment { made_up: true, .. })))
    }

    /// A light node's question or its answer will never come, or an announcement that it would have heard.
    pub fn light_misses(&mut self, event: Event, node: u32) {
        let lost = if matches!(event, Event::Header(_)) { None } else { self.light.at(node).question.take() };
        if !self.world.gate.runs(node) {
            self.light.at(node).queue.clear();
            return;
        }
        if let Some(Question { want: want @ Want::Path(_), .. }) = lost {
            self.light.at(node).queue.push_front(want);
        }
        for i in 0..self.light.links_of(node).len() {
            self.tell_header(self.light.links_of(node)[i], node);
        }
        self.asks_next(node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::vocabulary::SECOND;

    /// Full nodes and light ones that are close, and blocks that only a test finds.
    fn still(nodes: &str, light: &str, outbound: &str) -> Network {
        let set = [("nodes", nodes), ("light", light), ("outbound", outbound), ("latency", "0.01")];
        let bytes =
            [("block_interval_s", "1e7"), ("block_bytes", "1000"), ("bandwidth", "1000000"), ("blocks", "6000")];
        let mut set = set.to_vec();
        set.extend(bytes);
        set.push(("block_records", "1999"));
        Network::with(&set, 1)
    }

    fn run(network: &mut Network, seconds: u64) {
        network.advance(network.world.now() + seconds * SECOND);
    }

    fn conserves(network: &Network) {
        assert_eq!(network.measures.sent, network.measures.received + network.measures.lost);
    }

    #[test]
    fn of_each_block_a_light_node_is_sent_a_header() {
        let mut network = still("6", "0.5", "1");
        assert_eq!((network.config.nodes, network.total()), (3, 6));
        for _ in 0..7 {
            network.mine(1);
            run(&mut network, 10);
        }
        for (node, light) in network.light.iter() {
            assert_eq!((light.links.len(), light.tip), (1, network.nodes[0].tip), "node {node}");
            // A frame, how many, the header, and that no record follows.
            assert_eq!(light.received, 7 * (24 + 1 + 80 + 1));
        }
        conserves(&network);
    }

    #[test]
    fn who_is_behind_is_sent_what_lies_between() {
        let mut network = still("2", "0.5", "1");
        network.cut(&[(0, 1)]);
        for _ in 0..30 {
            network.mine(0);
        }
        run(&mut network, 10);
        assert_eq!(network.tip(1), GENESIS);
        network.heal(&[(0, 1)]);
        run(&mut network, 10);
        assert_eq!(network.tip(1), 30);
        assert_eq!(network.light.at(1).received, 106 + 24 + 1 + 30 * 81);
        conserves(&network);
    }

    #[test]
    fn at_most_two_thousand_headers_come_at_once() {
        let mut network = still("2", "0.5", "1");
        network.cut(&[(0, 1)]);
        for _ in 0..4_500 {
            network.mine(0);
        }
        network.heal(&[(0, 1)]);
        run(&mut network, 10);
        assert_eq!(network.tip(1), 4_500);
        assert_eq!(network.light.at(1).received, 106 + 2 * (24 + 3 + 2_000 * 81) + 24 + 3 + 500 * 81);
        conserves(&network);
    }

    /// `LocatorEntries` of Bitcoin Core.
    #[test]
    fn a_node_names_blocks_ever_farther_apart() {
        let named: Vec<u32> = locator(100).collect();
        assert_eq!(named, [100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89, 87, 83, 75, 59, 27, 0]);
        assert_eq!(locator(3).collect::<Vec<u32>>(), [3, 2, 1, 0]);
        assert_eq!(locator(u32::MAX).last(), Some(0));
    }

    #[test]
    fn after_a_fork_only_the_other_branch_is_sent() {
        let mut network = still("3", "0.4", "2");
        assert_eq!(network.total() - network.config.nodes, 1);
        for _ in 0..20 {
            network.mine(0);
            run(&mut network, 5);
        }
        // The light node hears of three blocks of 0, and none of the five of 1.
        network.cut(&[(0, 1), (1, 2)]);
        for node in [0, 1, 0, 1, 0, 1, 1, 1] {
            network.mine(node);
            run(&mut network, 5);
        }
        let before = network.light.at(2).received;
        assert_eq!(network.chain.get(network.tip(2)).height, 23);
        network.heal(&[(1, 2)]);
        run(&mut network, 5);
        assert_eq!(network.tip(2), network.nodes[1].tip);
        assert_eq!(network.light.at(2).received - before, 106 + 24 + 1 + 5 * 81, "the branch that it lacked");
        conserves(&network);
    }

    #[test]
    fn a_light_node_never_follows_the_lighter_of_two_chains() {
        let mut network = still("3", "0.4", "2");
        network.cut(&[(0, 1)]);
        for node in [0, 1, 1, 0] {
            network.mine(node);
            run(&mut network, 5);
        }
        assert_eq!(network.tip(2), 3, "the first that it saw of two as heavy");
    }

    #[test]
    fn eleven_hashes_prove_one_of_two_thousand() {
        let mut network = still("4", "0.25", "3");
        network.mine(0);
        run(&mut network, 5);
        let before = network.light.at(3).received;
        network.ask_for_path(3, false);
        run(&mut network, 5);
        let verdict = network.light.at(3).verdict.clone().unwrap();
        assert!(verdict.holds());
        assert_eq!((verdict.of, verdict.path.len(), verdict.block), (2_000, 11, 1));
        assert_eq!(network.light.at(3).received - before, 24 + 80 + 4 + 1 + 32 * 12 + 1 + 3);
        assert_eq!(network.light.proof, Some((11, 11)));
        network.ask_for_path(3, true);
        run(&mut network, 5);
        assert!(!network.light.at(3).verdict.as_ref().unwrap().holds());
        assert_eq!(network.light.refused, 1);
        conserves(&network);
    }

    #[test]
    fn where_an_answer_is_lost_another_is_asked() {
        let mut network = still("5", "0.2", "3");
        network.mine(0);
        run(&mut network, 5);
        network.ask_for_path(4, false);
        for _ in 0..3 {
            let out = network.world.pending().find(|(key, event)| event.is_light() && !network.is_lost(key));
            let asked = out.map(|(key, _)| key.to).expect("somebody is asked");
            network.stop(asked);
        }
        assert!(!network.has_witness(4));
        run(&mut network, 5);
        assert!(network.light.at(4).verdict.is_none());
        let first = network.light.at(4).links[0];
        network.start(first);
        network.ask_for_path(4, false);
        run(&mut network, 5);
        assert!(network.light.at(4).verdict.as_ref().unwrap().holds());
        conserves(&network);
    }

    /// Whatever is cut, stopped, asked and healed: no byte is counted as anything but come or lost, and in the end all follow
    /// one chain.
    #[test]
    fn light_nodes_come_through_whatever_is_done() {
        let (mut proofs, mut refused) = (0, 0);
        for seed in 0..30 {
            let mut network = Network::with(
                &[
                    ("nodes", "14"),
                    ("light", "0.4"),
                    ("outbound", "2"),
                    ("latency", "1"),
                    ("block_interval_s", "8"),
                    ("bandwidth", "1000000"),
                    ("blocks", "150"),
                    ("tx_rate", "0.5"),
                    ("block_room", "20"),
                ],
                seed,
            );
            let mut draws = Chance::new(seed).draws(Purpose(99), 0);
            let links: Vec<(u32, u32)> = network.all_links().collect();
            while let Some(at) = network.world.next_at() {
                network.advance(at + 5 * SECOND);
                match draws.below(8) {
                    0 => {
                        let some: Vec<(u32, u32)> = links.iter().copied().filter(|_| draws.happens(0.5)).collect();
                        network.cut(&some);
                    }
                    1 => network.heal(&links),
                    2 => network.stop(draws.below(14)),
                    3 => (0..14).for_each(|node| network.start(node)),
                    n => (8..14).for_each(|node| {
                        if network.world.gate.runs(node) && network.tip(node) != GENESIS && network.has_witness(node) {
                            network.ask_for_path(node, n == 4);
                        }
                    }),
                }
            }
            network.heal(&links);
            (0..14).for_each(|node| network.start(node));
            run(&mut network, 1_000);
            network.mining.stop(0, 0);
            while let Some(at) = network.world.next_at() {
                network.advance(at);
            }
            conserves(&network);
            for node in 8..14 {
                let (tip, best) = (network.tip(node), network.chain.best());
                assert!(!network.chain.is_better(best, tip), "seed {seed}: node {node} follows another chain");
                let light = network.light.get(node).unwrap();
                assert!(light.question.is_none() && light.queue.is_empty(), "seed {seed}: {light:?}");
                proofs += u32::from(light.verdict.as_ref().is_some_and(Verdict::holds));
            }
            refused += network.light.refused;
        }
        assert!(proofs > 20 && refused > 20, "{proofs} proofs held, {refused} did not");
    }

    #[test]
    fn all_links_of_light_nodes_are_to_full_ones_and_once() {
        for (full, wish) in [(1, 8), (5, 3), (200, 8), (40, 40)] {
            let light = Light::new(full, 50, Outbound::Each(wish), Chance::new(4));
            for (node, there) in light.iter() {
                assert_eq!(there.links.len() as u32, wish.min(full));
                assert!(there.links.windows(2).all(|two| two[0] < two[1]) && there.links.iter().all(|f| *f < full));
                assert!(there.links.iter().all(|other| light.links_of(*other).contains(&node)));
            }
            assert_eq!(light.links().count() as u32, 50 * wish.min(full));
        }
    }
}
