//! How records travel: announced, asked for, sent, checked, and passed on by whoever found them right.
//!
//! A record is small beside a block: it takes the latency of its ways and no time to send. Two nodes that may reach each
//! other again tell each other what waits at them, as Bitcoin's word `mempool` asks (BIP 35), and what a node gives up with a
//! branch it announces anew, as wallets do.

use super::{
    network::{Event, Network, WORD_BYTES},
    pool::{MOST_FEE, Stand},
};
use crate::sim::{
    kernel::{chance::Purpose, mathematics::micros},
    vocabulary::Happening,
};

/// Draws of who pays whom, how much for being written, and when.
const PAYMENTS: Purpose = Purpose(6);
/// A record with one coin in and one out, as most wallets of Bitcoin's first years signed it.
pub const RECORD_BYTES: u64 = 192;
/// The most nodes × records of a run: each record comes to each node, in some ten events.
pub const MOST_STANDS: u64 = 20_000_000;

impl Network {
    /// Queues the next payment, if there are any.
    pub fn await_payment(&mut self) {
        let rate = self.config.tx_rate;
        let most = MOST_STANDS / u64::from(self.config.nodes);
        if rate > 0.0 && !self.all_found() && u64::from(self.pool.made()) < most {
            let mut draws = self.world.draws(PAYMENTS, 0, self.payments);
            let wait = micros(draws.exponential(1.0 / rate));
            let nobody = self.total();
            self.world.send(nobody, nobody, wait, Event::Pay);
        }
    }

    /// Somebody pays somebody.
    pub fn pays(&mut self) {
        let mut draws = self.world.draws(PAYMENTS, 1, self.payments);
        self.payments += 1;
        let nodes = self.config.nodes;
        let payer = draws.below(nodes);
        let payee = (payer + draws.below(nodes.max(2) - 1) + 1) % nodes;
        // As many offer from 1 to 3 as from 10 to 30.
        let fee = libm::pow(f64::from(MOST_FEE) + 1.0, draws.unit()) as u32;
        if self.world.gate.runs(payer) {
            self.pay(payer, payee, fee.clamp(1, MOST_FEE));
        }
        self.await_payment();
    }

    /// A node pays another, and tells its neighbours; nothing if it has no coin to pay with.
    pub fn pay(&mut self, payer: u32, payee: u32, fee: u32) -> Option<u32> {
        let record = self.pool.pay(payer, payee, fee, self.world.now())?;
        self.tell_pool(payer);
        self.offer(payer, record, payer);
        Some(record)
    }

    /// A node says that it pays with another's coin.
    pub fn lie(&mut self, liar: u32) {
        let other = (liar + 1) % self.config.nodes;
        let record = self.pool.tell_lie(liar, other, MOST_FEE, self.world.now());
        self.offer(liar, record, liar);
    }

    /// A node announces a record to all its neighbours but the one that it came from. To who has asked for it already, or
    /// knows it, an announcement changes nothing: it is counted and not carried.
    pub fn offer(&mut self, node: u32, record: u32, from: u32) {
        for other in self.links.of(node).to_vec() {
            if other == from || !self.world.gate.may_pass(node, other) {
                continue;
            }
            if self.pool.stand(other, record) == Stand::Unknown {
                self.say(Event::OfRecord(record), node, other);
            } else {
                self.world.send_in_vain(node);
                self.measures.sent += WORD_BYTES;
                self.measures.received += WORD_BYTES;
            }
        }
    }

    /// A node hears of a record.
    pub fn hears_of_record(&mut self, node: u32, from: u32, record: u32) {
        self.measures.received += WORD_BYTES;
        if self.pool.stand(node, record) == Stand::Unknown {
            self.pool.set(node, record, Stand::Asked);
            self.say(Event::AskRecord(record), node, from);
        }
    }

    /// A node is asked for a record.
    pub fn is_asked_for_record(&mut self, node: u32, from: u32, record: u32) {
        self.measures.received += WORD_BYTES;
        self.say(Event::Record(record), node, from);
    }

    /// A record comes to a node as the packet of a count, and is checked.
    pub fn takes_record(&mut self, node: u32, from: u32, record: u32, count: u32) {
        self.measures.received += RECORD_BYTES;
        // A block with it may have come first.
        if self.pool.stand(node, record) != Stand::Asked {
            return;
        }
        if self.pool.accepts(node, record) {
            self.pool.set(node, record, Stand::Waits);
            self.tell_pool(node);
            self.offer(node, record, from);
        } else {
            self.pool.refuse(node, record);
            self.tell_turned_away(from, count);
        }
    }

    /// What two nodes that may reach each other again tell each other of records.
    pub fn tell_waiting(&mut self, from: u32, to: u32) {
        if !self.world.gate.may_pass(from, to) {
            return;
        }
        let news: Vec<u32> =
            self.pool.waiting(from).filter(|record| self.pool.stand(to, *record) == Stand::Unknown).collect();
        for record in news {
            self.say(Event::OfRecord(record), from, to);
        }
    }

    /// What a node would have heard of a record was lost on its way: it asks anew whoever has it.
    pub fn misses_record(&mut self, node: u32, record: u32) {
        if !matches!(self.pool.stand(node, record), Stand::Asked | Stand::Unknown) {
            return;
        }
        self.pool.set(node, record, Stand::Unknown);
        for other in self.links.of(node).to_vec() {
            if self.world.gate.may_pass(other, node) && self.pool.stand(other, record) == Stand::Waits {
                self.say(Event::OfRecord(record), other, node);
            }
        }
    }

    /// The node whose pool is shown: the first that runs.
    pub fn shown_node(&self) -> Option<u32> {
        (0..self.config.nodes).find(|node| self.world.gate.runs(*node))
    }

    /// A node's pool is another: if it is the one that is shown, who watches looks again.
    pub fn tell_pool(&mut self, node: u32) {
        if self.watched.is_some() && self.pool.made() > 0 && self.shown_node() == Some(node) {
            self.world.tell(|| Happening::Panel);
        }
    }

    /// Stops all miners, or lets them try again.
    pub fn rest(&mut self, rests: bool) {
        self.miners_rest = rests;
        let now = self.world.now();
        for node in 0..self.config.nodes {
            if rests {
                self.mining.stop(node, now);
            } else if self.world.gate.runs(node) {
                self.mining.start(node, now);
            }
        }
        self.await_find();
    }
}
