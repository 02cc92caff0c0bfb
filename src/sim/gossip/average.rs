//! The rules of `average`: each computer has a number, and in the end all have the mean.
//!
//! Cycles are sequential, as Jelasity, Montresor and Babaoglu have them in *Gossip-based aggregation in large dynamic
//! networks* (2005), with pairs chosen as in their SEQ: in each cycle every computer once, in an order shuffled anew, calls
//! one of the others and sends its number; the other sends its own back, and both take the mean. Each exchange sees all
//! before it. Numbers are whole, so that their sum is kept to the last bit: of an odd sum the caller gets the larger half.

use super::{Config, Event, Net, Partners, round_draws};
use crate::sim::{
    kernel::{
        chance::{Chance, Purpose},
        measure::Measure,
        queue::Key,
    },
    vocabulary::{Bits, Happening, PacketEnd, PacketId, Peer, PeerId, PeerKind, Word},
};

/// Draws of the numbers at the start.
const NUMBERS: Purpose = Purpose(2);
/// Draws of the order of a cycle.
const ORDER: Purpose = Purpose(3);
/// Bits of a number; two of them add up in 64 bits.
const BITS: u32 = 62;
/// What counts as 1.
const ONE: f64 = (1_u64 << BITS) as f64;
/// Below this variance, in squares of the last bit, the rounding of exchanges (up to a quarter each) could be seen in a
/// ratio.
const COARSE: f64 = 1e6;
/// Segments of the ring that shows a number.
pub(super) const SEGMENTS: u32 = 16;

/// Numbers on their way to their mean.
#[derive(Clone, Debug)]
pub(super) struct Average {
    fanout: u32,
    cycles: u32,
    /// The cycle under way; the first is 1.
    cycle: u32,
    /// From 0 to 2^62.
    numbers: Vec<i64>,
    order: Vec<u32>,
    /// Whose turn it is, as a place in the order.
    turn: usize,
    /// Whom the present caller is still to call, last first.
    to_call: Vec<u32>,
    /// Whether anything was exchanged in this cycle.
    exchanged: bool,
    first_variance: f64,
    variance: f64,
    ratios: Measure,
    partners: Partners,
}

impl Average {
    pub(super) fn new(config: &Config, seed: u64) -> Self {
        let chance = Chance::new(seed);
        let number = |who| (chance.draws(NUMBERS, who).long() >> (64 - BITS)) as i64;
        let numbers: Vec<i64> = (0..config.nodes).map(number).collect();
        let (variance, _) = spread_of(numbers.iter().copied());
        Self {
            fanout: config.fanout,
            cycles: config.cycles,
            cycle: 0,
            order: (0..config.nodes).collect(),
            turn: numbers.len(),
            numbers,
            to_call: Vec::with_capacity(config.fanout as usize),
            exchanged: false,
            first_variance: variance,
            variance,
            ratios: Measure::default(),
            partners: Partners::new(config.nodes, config.fanout),
        }
    }

    pub(super) fn happens(&mut self, net: &mut Net, key: Key, event: Event) {
        let (from, to) = (key.from, key.to);
        if event == Event::Round {
            return self.begin_cycle(net);
        }
        if !net.is_there(to, key.at) {
            if !net.runs(to) && net.stops.get(&to).is_some_and(|stopped| *stopped < key.at - super::HOP) {
                let id = PacketId { sender: PeerId(from), count: key.count };
                net.world.tell(|| Happening::Ends { id, at: key.at, end: PacketEnd::Lost });
            }
            // Nobody waits for who is not there.
            return self.next_exchange(net);
        }
        let mine = self.numbers[to as usize];
        match event {
            Event::Offer { number } => {
                self.numbers[to as usize] = (mine + number) >> 1;
                net.send(to, from, Event::Answer { number: mine });
                self.tell_number(net, to);
            }
            Event::Answer { number } => {
                let sum = mine + number;
                self.numbers[to as usize] = sum - (sum >> 1);
                self.exchanged = true;
                self.tell_number(net, to);
                self.next_exchange(net);
            }
            Event::Round | Event::Call { .. } | Event::Told | Event::Feedback { .. } => {}
        }
    }

    fn begin_cycle(&mut self, net: &mut Net) {
        if self.cycle > 0 {
            self.measure(net);
        }
        if !self.goes_on(net) || (self.cycle > 0 && !self.exchanged) {
            net.idle = true;
            return;
        }
        self.cycle += 1;
        self.exchanged = false;
        net.world.chance().draws(ORDER, self.cycle).shuffle(&mut self.order);
        self.turn = 0;
        self.next_exchange(net);
    }

    /// The next in the order calls the next that it is to call; after the last, the cycle is over.
    fn next_exchange(&mut self, net: &mut Net) {
        while self.to_call.is_empty() && self.turn < self.order.len() {
            let who = self.order[self.turn];
            self.turn += 1;
            if net.runs(who) {
                let mut draws = round_draws(net.world.chance(), who, self.cycle);
                let to_call = &mut self.to_call;
                self.partners.draw(&mut draws, who, self.fanout, net.nodes, |other| to_call.push(other));
            }
        }
        let Some(other) = self.to_call.pop() else {
            return net.set_round(0);
        };
        let who = self.order[self.turn - 1];
        net.send(who, other, Event::Offer { number: self.numbers[who as usize] });
    }

    fn measure(&mut self, net: &Net) {
        let before = self.variance;
        self.variance = self.spread(net).0;
        if before > COARSE && net.stops.is_empty() {
            self.ratios.add(self.variance / before);
        }
    }

    fn spread(&self, net: &Net) -> (f64, f64) {
        if net.stops.is_empty() {
            return spread_of(self.numbers.iter().copied());
        }
        spread_of(self.numbers.iter().enumerate().filter(|(who, _)| net.runs(*who as u32)).map(|(_, number)| *number))
    }

    /// Whether another cycle can change anything and is wanted.
    pub(super) fn goes_on(&self, net: &Net) -> bool {
        self.cycle < self.cycles && net.running > 1 && !self.agreed()
    }

    /// Whether all numbers are the same, but for what rounding leaves.
    fn agreed(&self) -> bool {
        self.variance <= 0.25
    }

    pub(super) fn states(&self) -> Vec<Word> {
        // A ring that shows the numbers can't tell them apart any more, by far.
        if self.variance <= self.first_variance * 1e-6 { vec!["agreed"] } else { Vec::new() }
    }

    fn tell_number(&self, net: &mut Net, who: u32) {
        net.world.tell(|| Happening::Peer(Box::new(self.peer(who))));
    }

    fn share(&self, who: u32) -> f64 {
        self.numbers[who as usize] as f64 / ONE
    }

    pub(super) fn percent(&self, who: u32) -> u64 {
        libm::round(self.share(who) * 100.0) as u64
    }

    pub(super) fn peer(&self, who: u32) -> Peer {
        let mut pieces = Bits::none(SEGMENTS);
        for segment in 0..libm::round(self.share(who) * f64::from(SEGMENTS)) as u32 {
            pieces.insert(segment);
        }
        Peer::new(PeerId(who), PeerKind::Peer, pieces)
    }

    /// By which factor a cycle multiplies the variance of the numbers, on average over the cycles in which rounding can't
    /// be seen.
    pub(super) fn variance_ratio(&self) -> Option<f64> {
        self.ratios.mean()
    }

    /// Over how many cycles the ratio was measured.
    pub(super) fn measured(&self) -> u64 {
        self.ratios.count()
    }

    pub(super) fn variance_left(&self) -> f64 {
        if self.first_variance > 0.0 { self.variance / self.first_variance } else { 0.0 }
    }

    pub(super) fn mean(&self, net: &Net) -> f64 {
        self.spread(net).1 / ONE
    }
}

/// The variance of a row and its mean, in units of the last bit. All sums are of whole numbers or of what is off the mean,
/// so that a row whose numbers differ in their last bits alone is measured as well as any other.
fn spread_of(row: impl Iterator<Item = i64> + Clone) -> (f64, f64) {
    let (mut count, mut sum) = (0_i128, 0_i128);
    for number in row.clone() {
        count += 1;
        sum += i128::from(number);
    }
    if count == 0 {
        return (0.0, 0.0);
    }
    let mean = (sum / count) as i64;
    let n = count as f64;
    let rest = (sum % count) as f64 / n;
    let squares: f64 = row.map(|number| ((number - mean) as f64 - rest) * ((number - mean) as f64 - rest)).sum();
    (squares / n, mean as f64 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{
        gossip::{Mode, OUTSIDE},
        kernel::world::World,
    };
    use std::collections::BTreeMap;

    fn run(nodes: u32, fanout: u32, cycles: u32, seed: u64) -> (Average, Net) {
        let config = Config { mode: Mode::Average, nodes, fanout, k: 1, cycles };
        let world = World::new(seed, nodes as usize);
        let mut net = Net { world, nodes, stops: BTreeMap::new(), running: nodes, idle: false };
        let mut average = Average::new(&config, seed);
        net.set_round(0);
        while let Some((key, event)) = net.world.next(u64::MAX) {
            assert_eq!(key.to == OUTSIDE, event == Event::Round);
            average.happens(&mut net, key, event);
        }
        (average, net)
    }

    #[test]
    fn the_sum_is_kept_to_the_last_bit() {
        for (nodes, fanout) in [(2, 1), (3, 1), (3, 2), (1_001, 1), (500, 7)] {
            let config = Config { mode: Mode::Average, nodes, fanout, k: 1, cycles: 25 };
            let sum = |average: &Average| average.numbers.iter().map(|n| i128::from(*n)).sum::<i128>();
            let before = sum(&Average::new(&config, 9));
            for cycles in [1, 7, 200] {
                assert_eq!(sum(&run(nodes, fanout, cycles, 9).0), before, "{nodes} nodes, {cycles} cycles");
            }
        }
    }

    #[test]
    fn each_calls_once_a_cycle_and_every_message_is_one_event() {
        let (average, net) = run(100, 3, 4, 5);
        assert_eq!(average.cycle, 4);
        // A round's own event besides: one before each cycle, one after the last.
        assert_eq!(net.world.events(), 2 * 3 * 100 * 4 + 5);
        let mut order = average.order;
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..100));
    }

    #[test]
    fn in_the_end_all_differ_by_one_bit_at_most() {
        let (average, _) = run(64, 1, 1_000_000, 3);
        assert!(average.cycle < 1_000, "{} cycles", average.cycle);
        let (least, most) = (average.numbers.iter().min().unwrap(), average.numbers.iter().max().unwrap());
        assert!(most - least <= 1, "{least} to {most}");
    }

    #[test]
    fn a_row_far_from_nothing_is_measured_to_its_last_bits() {
        let row = [1_i64 << 61, (1 << 61) + 1, (1 << 61) + 2, (1 << 61) + 5];
        let (variance, mean) = spread_of(row.iter().copied());
        assert_eq!((variance, mean), (3.5, ((1_i64 << 61) + 2) as f64));
        assert_eq!(spread_of(std::iter::empty()), (0.0, 0.0));
    }
}
