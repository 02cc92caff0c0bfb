//! Computers are taken out of a network: which of them can be spared?
//!
//! Schollmeier (2001) calls a network *pure* if any one computer can be taken away without losing any of its service,
//! *hybrid* if a central one is needed for part of it. Here a server, an index with peers, and peers alone answer the same
//! questions. How large networks fall apart under random losses and under attack on their hubs follows Albert, Jeong and
//! Barabási (2000).

use super::{
    kernel::{
        chance::{Draws, Purpose},
        mathematics::micros,
        measure::History,
        topology,
        world::World,
    },
    model::{
        CardRow, CardValue, Deed, DeedSpec, Expected, Eyes, Figure, FigureSpec, Model, Range, Refusal, SettingError,
        SettingSpec, Settings, System, Target, TargetKind, Unit, Value,
    },
    vocabulary::{
        Bits, Happening, Life, Link, LinkId, LinkState, Micros, Packet, PacketEnd, PacketForm, PacketId, Peer, PeerId,
        PeerKind, Ring, SECOND, Standing, StoppedBy, Tint, Word,
    },
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The server's or index's number; a pure network has none, and its peers begin at 1 all the same.
const SQUARE: u32 = 0;
/// How long a question or answer is under way from one computer to the next: long enough to be seen.
const HOP: f64 = 0.6;
/// Draws that shape the network.
const SHAPE: Purpose = Purpose(1);
/// Draws that say who asks for what.
const ASKS: Purpose = Purpose(2);
/// Draws that say who is lost, and who comes first among equals.
const LOSS: Purpose = Purpose(3);
/// How often an asker is drawn who is there; beyond, that second nobody asks.
const DRAWS: u32 = 64;

/// What holds the network together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Server,
    Hybrid,
    Pure,
}

/// Whom a removal takes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Random,
    Degree,
    Recalculated,
}

#[derive(Clone, Debug)]
struct Config {
    kind: Kind,
    peers: u32,
    topology: &'static str,
    degree: u32,
    order: Order,
    removed: f64,
    remember: usize,
    questions: u64,
}

impl Config {
    fn from(settings: &Settings) -> Self {
        Self {
            kind: match settings.choice("kind") {
                "server" => Kind::Server,
                "hybrid" => Kind::Hybrid,
                _ => Kind::Pure,
            },
            peers: settings.whole("peers") as u32,
            topology: settings.choice("topology"),
            degree: settings.whole("degree") as u32,
            order: match settings.choice("order") {
                "degree" => Order::Degree,
                "recalculated" => Order::Recalculated,
                _ => Order::Random,
            },
            removed: settings.real("removed"),
            remember: settings.whole("remember") as usize,
            questions: settings.whole("questions"),
        }
    }
}

fn settings() -> Vec<SettingSpec> {
    let whole = |key, low, high, default| SettingSpec {
        key,
        unit: Unit::Count,
        range: Range::Whole(low, high),
        default: Value::Whole(default),
    };
    let choice = |key, words, default| SettingSpec {
        key,
        unit: Unit::Choice,
        range: Range::OneOf(words),
        default: Value::Choice(default),
    };
    vec![
        choice("kind", &["server", "hybrid", "pure"], "pure"),
        whole("peers", 6, 100_000, 12),
        choice("topology", &["star", "regular", "exponential", "scale-free"], "regular"),
        whole("degree", 2, 16, 4),
        choice("order", &["random", "degree", "recalculated"], "random"),
        SettingSpec { key: "removed", unit: Unit::Share, range: Range::Real(0.0, 1.0), default: Value::Real(0.0) },
        whole("remember", 1, 100_000, 20),
        // An hour on the wall, longer than anybody stays.
        whole("questions", 0, 1_000_000, 3_600),
    ]
}

const FIGURES: &[FigureSpec] = &[
    FigureSpec { key: "answered", unit: Unit::Share, source: "definition" },
    FigureSpec { key: "largest_share", unit: Unit::Share, source: "Albert, Jeong & Barabási 2000" },
];

const DEEDS: &[DeedSpec] = &[
    DeedSpec::plain("remove", TargetKind::Peer, Some("restore"), Some("lost_none")),
    DeedSpec::plain("restore", TargetKind::Peer, Some("remove"), None),
    DeedSpec::plain("remove_random", TargetKind::None, Some("restore_all"), None),
    DeedSpec::plain("remove_best", TargetKind::None, Some("restore_all"), Some("fell_apart")),
    DeedSpec::plain("restore_all", TargetKind::None, None, None),
];

/// The registry's entry.
pub static SYSTEM: System = System {
    name: "removal",
    settings,
    figures: FIGURES,
    deeds: DEEDS,
    states: &["fell_apart", "lost_all", "lost_part", "lost_none"],
    words: &[
        ("refusals", "no_such_peer"),
        ("refusals", "already_removed"),
        ("refusals", "not_removed"),
        ("refusals", "nobody_left"),
        ("refusals", "nothing_removed"),
        ("refusals", "not_here"),
        ("card", "neighbours"),
        ("card", "asked"),
        ("card", "served"),
    ],
    build: |settings, seed| -> Result<Box<dyn Model>, SettingError> {
        Ok(Box::new(Removal::new(Config::from(settings), seed)))
    },
};

/// What may happen.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// Somebody asks; every second.
    Ask,
    /// What is under way for a question comes to the next computer.
    Comes { question: u64, leg: usize },
}

/// A question: the ways that it and its answer take, and which of them is being gone.
#[derive(Clone, Debug)]
struct Question {
    asker: u32,
    legs: Vec<(u32, u32, PacketForm)>,
    /// Whether the last of these legs brings the answer, or is a try in vain.
    in_vain: bool,
    packet: Packet,
}

/// What one computer did.
#[derive(Clone, Copy, Debug, Default)]
struct Deeds {
    asked: u32,
    answered: u32,
    served: u32,
    packets: u32,
}

/// One run of the model.
#[derive(Clone, Debug)]
struct Removal {
    config: Config,
    world: World<Event>,
    /// Of each computer whom it is linked to, in order.
    rows: Vec<Vec<u32>>,
    /// Of each computer whether somebody told it addresses; a newcomer to a hybrid network without index has none.
    joined: Vec<bool>,
    /// Of each computer who removed it.
    removed_by: BTreeMap<u32, StoppedBy>,
    /// Of each computer whether it is there but reaches nobody.
    cut_off: Vec<bool>,
    /// How many peers the largest group has.
    largest: u32,
    deeds: Vec<Deeds>,
    open: BTreeMap<u64, Question>,
    asked: u64,
    random_losses: u64,
    recent: History,
}

impl Removal {
    fn new(config: Config, seed: u64) -> Self {
        let computers = config.peers as usize + 1;
        let world: World<Event> = World::new(seed, computers);
        let rows = rows(&config, &mut world.chance().draws(SHAPE, SQUARE));
        let mut removal = Self {
            world,
            rows,
            joined: vec![true; computers],
            removed_by: BTreeMap::new(),
            cut_off: vec![false; computers],
            largest: 0,
            deeds: vec![Deeds::default(); computers],
            open: BTreeMap::new(),
            asked: 0,
            random_losses: 0,
            recent: History::new(config.remember),
            config,
        };
        for who in removal.first_losses() {
            removal.world.gate.stop(who, true);
            removal.removed_by.insert(who, StoppedBy::Model);
        }
        removal.look_round();
        if removal.config.questions > 0 {
            removal.world.timer(SQUARE, SECOND, Event::Ask);
        }
        removal
    }

    /// All computers: the square, if there is one, and the peers.
    fn computers(&self) -> std::ops::RangeInclusive<u32> {
        let first = if self.config.kind == Kind::Pure { 1 } else { SQUARE };
        first..=self.config.peers
    }

    fn runs(&self, who: u32) -> bool {
        self.world.gate.runs(who)
    }

    /// Whether something can go from one to the other now.
    fn may_pass(&self, from: u32, to: u32) -> bool {
        self.world.gate.may_pass(from, to) && self.joined[from as usize] && self.joined[to as usize]
    }

    fn takes_part(&self, who: u32) -> bool {
        self.runs(who) && self.joined[who as usize]
    }

    fn index_gone(&self) -> bool {
        self.config.kind == Kind::Hybrid && !self.runs(SQUARE)
    }

    /// How many others one is linked to that are there; an index knows everybody.
    fn reach(&self, who: u32) -> u32 {
        if self.config.kind == Kind::Hybrid && who == SQUARE {
            return (1..=self.config.peers).filter(|p| self.runs(*p)).count() as u32;
        }
        self.rows[who as usize].iter().filter(|other| self.may_pass(who, **other)).count() as u32
    }

    // --- losses -----------------------------------------------------------------------------------------------------

    /// Who is gone from the start: the share `removed` of all computers, in the order asked for.
    fn first_losses(&self) -> Vec<u32> {
        let mut order: Vec<u32> = self.computers().collect();
        let count = (libm::round(self.config.removed * order.len() as f64) as usize).min(order.len());
        // Equals come in the order of chance.
        self.world.chance().draws(LOSS, SQUARE).shuffle(&mut order);
        match self.config.order {
            Order::Random => {}
            Order::Degree => order.sort_by_key(|who| std::cmp::Reverse(self.reach(*who))),
            Order::Recalculated => order = self.by_recalculated_degree(&order, count),
        }
        order.truncate(count);
        order
    }

    /// The best connected, then the best connected of what is left, and so on.
    fn by_recalculated_degree(&self, shuffled: &[u32], count: usize) -> Vec<u32> {
        let mut rank = vec![0_u32; self.rows.len()];
        let mut links = vec![0_u32; self.rows.len()];
        let mut queue = BTreeSet::new();
        for (place, who) in shuffled.iter().enumerate() {
            rank[*who as usize] = place as u32;
            links[*who as usize] = self.reach(*who);
            queue.insert((std::cmp::Reverse(links[*who as usize]), place as u32, *who));
        }
        let mut order = Vec::with_capacity(count);
        while order.len() < count {
            let Some((_, _, best)) = queue.pop_first() else { break };
            order.push(best);
            for other in &self.rows[best as usize] {
                let (count, place) = (links[*other as usize], rank[*other as usize]);
                if queue.remove(&(std::cmp::Reverse(count), place, *other)) {
                    links[*other as usize] = count.saturating_sub(1);
                    queue.insert((std::cmp::Reverse(links[*other as usize]), place, *other));
                }
            }
        }
        order
    }

    fn remove(&mut self, who: u32) {
        self.world.gate.stop(who, true);
        self.removed_by.insert(who, StoppedBy::Visitor);
        // What was on its way to it ends here.
        let hit: Vec<u64> = self.open.iter().filter(|(_, q)| q.packet.to == PeerId(who)).map(|(k, _)| *k).collect();
        for question in hit {
            self.fail(question, Some(PacketEnd::Lost));
        }
        self.tell_peer(who);
    }

    fn restore(&mut self, who: u32) {
        self.world.gate.stop(who, false);
        self.removed_by.remove(&who);
        if who == SQUARE {
            self.joined.fill(true);
        } else {
            // Who comes to a hybrid network without its index learns no address.
            self.joined[who as usize] = !self.index_gone();
        }
        self.tell_peer(who);
    }

    /// Sees anew who reaches whom.
    fn look_round(&mut self) {
        // In a network around a server, a group is who reaches the server; else groups are of peers by themselves.
        let parts = topology::components(&self.rows, |who| self.takes_part(who));
        let mut sizes: BTreeMap<u32, u32> = BTreeMap::new();
        for part in parts.iter().skip(1).flatten() {
            *sizes.entry(*part).or_insert(0) += 1;
        }
        self.largest = sizes.values().copied().max().unwrap_or(0);
        for who in self.computers() {
            let is_index = self.config.kind == Kind::Hybrid && who == SQUARE;
            let alone = self.runs(who) && !is_index && self.reach(who) == 0;
            if alone != self.cut_off[who as usize] {
                self.cut_off[who as usize] = alone;
                if self.runs(who) {
                    self.tell_peer(who);
                }
            }
        }
    }

    // --- questions --------------------------------------------------------------------------------------------------

    fn advance_to(&mut self, until: Micros) {
        while let Some((_, event)) = self.world.next(until) {
            match event {
                Event::Ask => {
                    self.ask();
                    if self.asked < self.config.questions {
                        self.world.timer(SQUARE, SECOND, Event::Ask);
                    }
                }
                Event::Comes { question, leg } => self.comes(question, leg),
            }
        }
    }

    /// A peer that is there, drawn so that who is not there changes nothing for the others.
    fn draw_peer(&self, draws: &mut Draws, but: u32) -> Option<u32> {
        (0..DRAWS).map(|_| draws.below(self.config.peers) + 1).find(|who| *who != but && self.runs(*who))
    }

    /// One peer asks for something that another one has who is there.
    fn ask(&mut self) {
        let question = self.asked;
        self.asked += 1;
        // Far more draws than a question can need.
        let mut draws = self.world.draws(ASKS, SQUARE, question * u64::from(DRAWS));
        let Some(asker) = self.draw_peer(&mut draws, SQUARE) else {
            return;
        };
        let holder = self.draw_peer(&mut draws, asker);
        self.deeds[asker as usize].asked += 1;
        let legs = self.legs(asker, holder);
        let in_vain = legs.is_none();
        let legs = legs.unwrap_or_else(|| self.try_somebody(asker, &mut draws));
        let Some((from, to, form)) = legs.first().copied() else {
            self.note(false);
            return;
        };
        let packet = self.packet(from, to, form);
        self.open.insert(question, Question { asker, legs, in_vain, packet });
        self.depart(question, 0);
    }

    /// The ways of a question and its answer; nothing if it can't be answered as things stand.
    fn legs(&mut self, asker: u32, holder: Option<u32>) -> Option<Vec<(u32, u32, PacketForm)>> {
        use PacketForm::{Content, Question};
        if self.config.kind == Kind::Server {
            let there = self.may_pass(asker, SQUARE);
            return there.then(|| vec![(asker, SQUARE, Question), (SQUARE, asker, Content)]);
        }
        let holder = holder?;
        if self.config.kind == Kind::Hybrid {
            let direct = [(asker, holder, Question), (holder, asker, Content)];
            if self.may_pass(asker, SQUARE) && self.takes_part(holder) {
                let mut legs = vec![(asker, SQUARE, Question), (SQUARE, asker, Question)];
                legs.extend(direct);
                return Some(legs);
            }
            // Without index it can only ask those whom it is linked to.
            let linked = self.may_pass(asker, holder) && self.rows[asker as usize].contains(&holder);
            return linked.then(|| direct.to_vec());
        }
        let way = self.way(asker, holder)?;
        let there = way.windows(2).map(|w| (w[0], w[1], Question));
        let back = way.windows(2).rev().map(|w| (w[1], w[0], Content));
        Some(there.chain(back).collect())
    }

    /// Where a question goes that can't be answered: to one of those who might have.
    fn try_somebody(&self, asker: u32, draws: &mut Draws) -> Vec<(u32, u32, PacketForm)> {
        let row = &self.rows[asker as usize];
        let to = match self.config.kind {
            Kind::Hybrid if !self.joined[asker as usize] => Some(SQUARE),
            _ => draws.pick(row).copied(),
        };
        to.map(|to| vec![(asker, to, PacketForm::Question)]).unwrap_or_default()
    }

    /// A shortest way along links, searched from both ends.
    fn way(&self, from: u32, to: u32) -> Option<Vec<u32>> {
        if !self.takes_part(from) || !self.takes_part(to) {
            return None;
        }
        // Of each computer reached, from which end, and by whom.
        let mut seen: BTreeMap<u32, (bool, u32)> = BTreeMap::from([(from, (true, from)), (to, (false, to))]);
        let mut fronts = [vec![from], vec![to]];
        loop {
            let forward = fronts[0].len() <= fronts[1].len();
            let front = std::mem::take(&mut fronts[usize::from(!forward)]);
            if front.is_empty() {
                return None;
            }
            let mut next = Vec::new();
            for at in front {
                for other in &self.rows[at as usize] {
                    if !self.may_pass(at, *other) {
                        continue;
                    }
                    match seen.get(other) {
                        None => {
                            seen.insert(*other, (forward, at));
                            next.push(*other);
                        }
                        Some((side, _)) if *side != forward => {
                            let (near, far) = if forward { (at, *other) } else { (*other, at) };
                            let trace = |mut who: u32| {
                                let mut row = vec![who];
                                while let Some((_, by)) = seen.get(&who).filter(|(_, by)| *by != who) {
                                    who = *by;
                                    row.push(who);
                                }
                                row
                            };
                            let mut way = trace(near);
                            way.reverse();
                            way.extend(trace(far));
                            return Some(way);
                        }
                        Some(_) => {}
                    }
                }
            }
            fronts[usize::from(!forward)] = next;
        }
    }

    fn packet(&mut self, from: u32, to: u32, form: PacketForm) -> Packet {
        let count = self.deeds[from as usize].packets;
        self.deeds[from as usize].packets += 1;
        let tint = if form == PacketForm::Content { Tint::Data } else { Tint::Plain };
        let now = self.world.now();
        Packet {
            id: PacketId { sender: PeerId(from), count },
            from: PeerId(from),
            to: PeerId(to),
            departs: now,
            arrives: now + micros(HOP),
            form,
            tint,
            piece: None,
            letter: [0; 2],
            layers: 0,
        }
    }

    fn depart(&mut self, question: u64, leg: usize) {
        let Some(packet) = self.open.get(&question).map(|q| q.packet) else {
            return;
        };
        self.world.send(packet.from.0, packet.to.0, micros(HOP), Event::Comes { question, leg });
        self.world.tell(|| Happening::Departs(packet));
        self.tell_link(packet.from, packet.to);
    }

    fn comes(&mut self, question: u64, leg: usize) {
        let Some(open) = self.open.get(&question) else { return };
        if open.packet.arrives != self.world.now() {
            return;
        }
        let (packet, asker) = (open.packet, open.asker);
        let (next, last) = (open.legs.get(leg + 1).copied(), leg + 1 == open.legs.len());
        if !self.runs(packet.to.0) {
            self.fail(question, Some(PacketEnd::Lost));
        } else if last && open.in_vain {
            self.fail(question, Some(PacketEnd::TurnedAway));
        } else if let Some((from, to, form)) = next {
            if form == PacketForm::Content && packet.form != PacketForm::Content {
                self.deeds[from as usize].served += 1;
            }
            let next = self.packet(from, to, form);
            if let Some(open) = self.open.get_mut(&question) {
                open.packet = next;
            }
            self.tell_link(packet.from, packet.to);
            self.depart(question, leg + 1);
        } else {
            self.open.remove(&question);
            self.tell_link(packet.from, packet.to);
            self.deeds[asker as usize].answered += 1;
            self.note(true);
        }
    }

    /// A question stays without answer.
    fn fail(&mut self, question: u64, end: Option<PacketEnd>) {
        let Some(open) = self.open.remove(&question) else {
            return;
        };
        let at = self.world.now();
        if let Some(end) = end {
            self.world.tell(|| Happening::Ends { id: open.packet.id, at, end });
        }
        self.tell_link(open.packet.from, open.packet.to);
        self.note(false);
    }

    fn note(&mut self, answered: bool) {
        self.recent.note(self.world.now(), f64::from(u8::from(answered)));
    }

    // --- telling ----------------------------------------------------------------------------------------------------

    fn peer(&self, who: u32) -> Peer {
        let kind = if who == SQUARE { PeerKind::Server } else { PeerKind::Peer };
        let life = match self.removed_by.get(&who) {
            Some(by) => Life::Stopped(*by),
            None if self.cut_off[who as usize] => Life::CutOff,
            None => Life::Running,
        };
        Peer { life, ring: Ring::None, ..Peer::new(PeerId(who), kind, Bits::none(0)) }
    }

    fn tell_peer(&mut self, who: u32) {
        if self.world.is_watched() {
            let peer = self.peer(who);
            self.world.tell(|| Happening::Peer(Box::new(peer)));
        }
    }

    /// The link between two, if there is one: who is no neighbour is reached over the net that carries all of them.
    fn link(&self, a: PeerId, b: PeerId) -> Option<Link> {
        let id = LinkId::between(a, b);
        let known = self.config.kind == Kind::Hybrid && id.from.0 == SQUARE;
        if !known && self.rows[id.from.0 as usize].binary_search(&id.to.0).is_err() {
            return None;
        }
        let in_use = self.open.values().any(|q| LinkId::between(q.packet.from, q.packet.to) == id);
        let state = match (known, in_use) {
            (true, _) => LinkState::Known,
            (false, true) => LinkState::InUse,
            (false, false) => LinkState::Idle,
        };
        Some(Link { id, state, directed: false })
    }

    fn tell_link(&mut self, a: PeerId, b: PeerId) {
        if self.world.is_watched()
            && let Some(link) = self.link(a, b)
            && link.state != LinkState::Known
        {
            self.world.tell(|| Happening::Link(link));
        }
    }

    fn links(&self) -> Vec<Link> {
        let known = (1..=self.config.peers).filter(|_| self.config.kind == Kind::Hybrid).map(|p| (SQUARE, p));
        let linked = self
            .rows
            .iter()
            .enumerate()
            .flat_map(|(a, row)| row.iter().filter(move |b| **b > a as u32).map(move |b| (a as u32, *b)));
        let mut ids: Vec<(u32, u32)> = known.chain(linked).collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|(a, b)| self.link(PeerId(a), PeerId(b))).collect()
    }

    // --- deeds ------------------------------------------------------------------------------------------------------

    fn check(&self, deed: &Deed) -> Result<Act, Refusal> {
        let anybody = self.computers().any(|who| self.runs(who));
        match (deed.key, &deed.target) {
            ("remove" | "restore", Target::Peer(PeerId(who))) => {
                if !self.computers().contains(who) {
                    return Err(Refusal("no_such_peer"));
                }
                match (deed.key, self.runs(*who)) {
                    ("remove", true) => Ok(Act::Remove(*who)),
                    ("restore", false) => Ok(Act::Restore(*who)),
                    ("remove", false) => Err(Refusal("already_removed")),
                    _ => Err(Refusal("not_removed")),
                }
            }
            ("remove_random" | "remove_best", Target::None) if !anybody => Err(Refusal("nobody_left")),
            ("remove_random", Target::None) => Ok(Act::RemoveRandom),
            ("remove_best", Target::None) => Ok(Act::RemoveBest),
            ("restore_all", Target::None) if self.removed_by.is_empty() => Err(Refusal("nothing_removed")),
            ("restore_all", Target::None) => Ok(Act::RestoreAll),
            _ => Err(Refusal("not_here")),
        }
    }

    fn draw_loss(&mut self) -> Option<u32> {
        // The first block of these draws ordered the losses at the start.
        self.random_losses += 1;
        let mut draws = self.world.chance().draws(LOSS, self.random_losses as u32);
        let there: Vec<u32> = self.computers().filter(|who| self.runs(*who)).collect();
        draws.pick(&there).copied()
    }

    fn best(&self) -> Option<u32> {
        self.computers().filter(|who| self.runs(*who)).max_by_key(|who| (self.reach(*who), std::cmp::Reverse(*who)))
    }
}

/// A deed that may be done.
enum Act {
    Remove(u32),
    Restore(u32),
    RemoveRandom,
    RemoveBest,
    RestoreAll,
}

/// Who is linked to whom: the square stands at 0, linked to all peers if it is a server, to nobody if it is an index.
fn rows(config: &Config, draws: &mut Draws) -> Vec<Vec<u32>> {
    let n = config.peers;
    if config.kind == Kind::Server {
        return topology::neighbours(&topology::star(n + 1));
    }
    let graph = match config.topology {
        "star" => topology::star(n),
        "exponential" => topology::exponential(n, config.degree, draws),
        "scale-free" => topology::scale_free(n, config.degree / 2, draws),
        _ => topology::regular(n, config.degree, draws),
    };
    let peers = topology::neighbours(&graph).into_iter().map(|row| row.into_iter().map(|i| i + 1).collect());
    std::iter::once(Vec::new()).chain(peers).collect()
}

/// The share of all peers that the largest group still has in a scale-free network of two links a newcomer, by the share
/// lost at random; to within two hundredths at 10,000 peers.
const SCALE_FREE: &[(f64, f64)] = &[(0.05, 0.949), (0.18, 0.80), (0.28, 0.68), (0.5, 0.39)];

impl Model for Removal {
    fn copy(&self) -> Box<dyn Model> {
        Box::new(self.clone())
    }

    fn now(&self) -> Micros {
        self.world.now()
    }

    fn advance(&mut self, until: Micros) {
        self.advance_to(until);
    }

    fn next_event(&self) -> Option<Micros> {
        self.world.next_at()
    }

    fn next_travel(&self) -> Option<Micros> {
        if self.open.is_empty() { self.world.next_at() } else { Some(self.now()) }
    }

    fn finished(&self) -> bool {
        self.world.next_at().is_none()
    }

    fn watch(&mut self) -> Standing {
        self.world.watch();
        Standing {
            now: self.now(),
            peers: self.computers().map(|who| self.peer(who)).collect(),
            links: self.links(),
            packets: self.open.values().map(|q| q.packet).collect(),
            ..Standing::default()
        }
    }

    fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        self.world.take_happenings(into);
    }

    fn deeds(&self) -> &'static [DeedSpec] {
        DEEDS
    }

    fn may(&self, deed: &Deed) -> Result<(), Refusal> {
        self.check(deed).map(|_act| ())
    }

    fn act(&mut self, deed: &Deed) -> Result<(), Refusal> {
        match self.check(deed)? {
            Act::Remove(who) => self.remove(who),
            Act::Restore(who) => self.restore(who),
            Act::RemoveRandom => {
                if let Some(who) = self.draw_loss() {
                    self.remove(who);
                }
            }
            Act::RemoveBest => {
                if let Some(who) = self.best() {
                    self.remove(who);
                }
            }
            Act::RestoreAll => {
                let gone: VecDeque<u32> = self.removed_by.keys().copied().collect();
                // The index first, so that it can tell the others where everybody is.
                for who in gone {
                    self.restore(who);
                }
            }
        }
        self.look_round();
        Ok(())
    }

    fn states(&self) -> Vec<Word> {
        if self.removed_by.is_empty() {
            return Vec::new();
        }
        let there = (1..=self.config.peers).filter(|p| self.runs(*p)).count() as u32;
        let square_gone = self.config.kind != Kind::Pure && !self.runs(SQUARE);
        let apart = self.largest * 2 < there;
        let state = if there == 0 || (self.config.kind == Kind::Server && square_gone) {
            "lost_all"
        } else if apart {
            if self.removed_by.len() == 1 && self.largest <= 1 { "lost_all" } else { "fell_apart" }
        } else if square_gone {
            "lost_part"
        } else if self.largest == there {
            "lost_none"
        } else {
            // Some are cut off, most are not: none of the four sentences would be true.
            return Vec::new();
        };
        vec![state]
    }

    fn figures(&self) -> Vec<Figure> {
        let config = &self.config;
        let share = f64::from(self.largest) / f64::from(config.peers);
        let published = (config.kind == Kind::Pure
            && config.topology == "scale-free"
            && config.degree / 2 == 2
            && config.order == Order::Random
            && config.peers >= 10_000
            && self.removed_by.values().all(|by| *by == StoppedBy::Model))
        .then(|| SCALE_FREE.iter().find(|(f, _)| (f - config.removed).abs() < 1e-9))
        .flatten();
        let source = "Albert, Jeong & Barabási 2000, recomputed";
        vec![
            Figure { key: "answered", value: self.recent.mean(), expected: None },
            Figure {
                key: "largest_share",
                value: Some(share),
                expected: published.map(|(_, value)| Expected { value: *value, tolerance: 0.02 / value, source }),
            },
        ]
    }

    fn eyes(&self, peer: PeerId) -> Option<Eyes> {
        if !self.computers().contains(&peer.0) {
            return None;
        }
        let links: Vec<LinkId> =
            self.links().into_iter().map(|l| l.id).filter(|id| id.from == peer || id.to == peer).collect();
        let peers = links.iter().map(|id| if id.from == peer { id.to } else { id.from }).collect();
        Some(Eyes { peers, links, pieces: Vec::new() })
    }

    fn card(&self, peer: PeerId) -> Vec<CardRow> {
        if !self.computers().contains(&peer.0) {
            return Vec::new();
        }
        let deeds = self.deeds[peer.0 as usize];
        let index = self.config.kind == Kind::Hybrid && peer.0 == SQUARE;
        let all = if index { u64::from(self.config.peers) } else { self.rows[peer.0 as usize].len() as u64 };
        let mut rows = vec![CardRow::new("neighbours", CardValue::Of(self.reach(peer.0).into(), all))];
        if peer.0 != SQUARE {
            rows.push(CardRow::new("asked", CardValue::Of(deeds.answered.into(), deeds.asked.into())));
        }
        rows.push(CardRow::new("served", CardValue::Count(deeds.served.into())));
        rows
    }

    fn events(&self) -> u64 {
        self.world.events()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(set: &[(&str, &str)], seed: u64) -> Box<dyn Model> {
        let specs = settings();
        let mut settings = Settings::defaults(&specs);
        for (key, value) in set {
            settings.set(&specs, key, value).unwrap();
        }
        (SYSTEM.build)(&settings, seed).unwrap()
    }

    fn figure(model: &dyn Model, key: &str) -> Option<f64> {
        model.figures().into_iter().find(|f| f.key == key).and_then(|f| f.value)
    }

    fn deed(key: &'static str, target: Target) -> Deed {
        Deed { key, target, value: None }
    }

    fn on(key: &'static str, peer: u32) -> Deed {
        deed(key, Target::Peer(PeerId(peer)))
    }

    #[test]
    fn while_all_are_there_everybody_is_answered() {
        for kind in ["server", "hybrid", "pure"] {
            let mut model = build(&[("kind", kind)], 3);
            model.advance(60 * SECOND);
            assert_eq!(
                (figure(&*model, "answered"), figure(&*model, "largest_share")),
                (Some(1.0), Some(1.0)),
                "{kind}"
            );
            assert!(model.states().is_empty());
        }
    }

    #[test]
    fn one_gone_stops_all_of_a_server_part_of_a_hybrid_and_nothing_of_a_pure_network() {
        let after = |kind, who| {
            let mut model = build(&[("kind", kind)], 3);
            model.advance(10 * SECOND);
            model.act(&on("remove", who)).unwrap();
            model.advance(60 * SECOND);
            (model.states(), figure(&*model, "answered").unwrap())
        };
        assert_eq!(after("server", 0), (vec!["lost_all"], 0.0));
        let (states, answered) = after("hybrid", 0);
        assert_eq!(states, ["lost_part"]);
        assert!(0.1 < answered && answered < 0.9, "without index {answered} are answered");
        for who in 1..=12 {
            assert_eq!(after("pure", who), (vec!["lost_none"], 1.0), "peer {who}");
            assert_eq!(after("hybrid", who), (vec!["lost_none"], 1.0), "peer {who}");
            assert_eq!(after("server", who), (vec!["lost_none"], 1.0), "peer {who}");
        }
    }

    #[test]
    fn a_newcomer_to_a_network_without_its_index_finds_nobody_until_the_index_is_back() {
        let mut model = build(&[("kind", "hybrid")], 3);
        model.watch();
        model.act(&on("remove", 5)).unwrap();
        model.act(&on("remove", 0)).unwrap();
        model.act(&on("restore", 5)).unwrap();
        let mut told = Vec::new();
        let life = |model: &mut Box<dyn Model>, told: &mut Vec<Happening>| {
            model.take_happenings(told);
            let of_five = |h: &Happening| match h {
                Happening::Peer(peer) if peer.id == PeerId(5) => Some(peer.life),
                _ => None,
            };
            told.iter().rev().find_map(of_five)
        };
        assert_eq!(life(&mut model, &mut told), Some(Life::CutOff));
        model.act(&on("restore", 0)).unwrap();
        assert_eq!(life(&mut model, &mut told), Some(Life::Running));
        assert!(model.states().is_empty());
    }

    #[test]
    fn taking_the_best_connected_makes_a_network_fall_apart_and_putting_all_back_heals_it() {
        let mut model = build(&[("topology", "scale-free"), ("peers", "200")], 2);
        let mut taken = 0;
        while model.states() != ["fell_apart"] {
            model.act(&deed("remove_best", Target::None)).unwrap();
            taken += 1;
            assert!(taken < 60, "{taken} taken and still whole");
        }
        let mut random = build(&[("topology", "scale-free"), ("peers", "200")], 2);
        for _ in 0..taken {
            random.act(&deed("remove_random", Target::None)).unwrap();
        }
        assert!(figure(&*random, "largest_share").unwrap() > 0.6, "as many random losses do little");
        model.act(&deed("restore_all", Target::None)).unwrap();
        assert_eq!((model.states().len(), figure(&*model, "largest_share")), (0, Some(1.0)));
        assert_eq!(model.act(&deed("restore_all", Target::None)), Err(Refusal("nothing_removed")));
    }

    #[test]
    fn deeds_that_make_no_sense_are_refused_and_change_nothing() {
        let mut model = build(&[("kind", "pure")], 1);
        assert_eq!(model.act(&on("remove", 0)), Err(Refusal("no_such_peer")), "a pure network has no square");
        assert_eq!(model.act(&on("remove", 13)), Err(Refusal("no_such_peer")));
        assert_eq!(model.act(&on("restore", 3)), Err(Refusal("not_removed")));
        model.act(&on("remove", 3)).unwrap();
        assert_eq!(model.act(&on("remove", 3)), Err(Refusal("already_removed")));
        assert_eq!(model.act(&deed("dance", Target::None)), Err(Refusal("not_here")));
        for _ in 0..11 {
            model.act(&deed("remove_random", Target::None)).unwrap();
        }
        assert_eq!(model.act(&deed("remove_best", Target::None)), Err(Refusal("nobody_left")));
        assert_eq!(model.states(), ["lost_all"]);
        model.advance(100 * SECOND);
    }

    #[test]
    fn a_question_under_way_to_who_is_taken_away_ends_at_once() {
        let mut model = build(&[("kind", "server")], 1);
        model.watch();
        model.advance(SECOND + 100_000);
        model.act(&on("remove", 0)).unwrap();
        let mut told = Vec::new();
        model.take_happenings(&mut told);
        let ends: Vec<&Happening> = told.iter().filter(|h| matches!(h, Happening::Ends { .. })).collect();
        assert!(
            matches!(ends[..], [Happening::Ends { at, end: PacketEnd::Lost, .. }] if *at == SECOND + 100_000),
            "{told:?}"
        );
    }

    #[test]
    fn a_copy_runs_on_alike_and_a_watcher_changes_nothing() {
        let mut model = build(&[("kind", "pure"), ("peers", "30")], 9);
        model.advance(20 * SECOND);
        let mut copy = model.copy();
        copy.watch();
        for run in [&mut model, &mut copy] {
            run.act(&deed("remove_best", Target::None)).unwrap();
            run.advance(200 * SECOND);
        }
        assert_eq!(model.figures(), copy.figures());
        assert_eq!(model.events(), copy.events());
    }
}
