//! A network that runs: its model, its places, its entities and its rows, kept in step with what happens.

use super::{
    chain,
    packets::{Clock, Flights, Launch},
    picking::{self, Touchable},
    placement::Places,
    rows::{
        BlockRow, DOT_R, FREEZE_SECONDS, GROWTH_SECONDS, HELD_R, LONG_AGO, LinkEnd, LinkRow, PacketRow, PeerRow,
        RETRACT_SECONDS, SMALL_BLOCK, Way, fill_of, line_reach, packet_r, segment_of,
    },
    wall,
};
use crate::{
    deck::structure::Placement,
    ink::{
        layer::{Batch, Kind, Layer},
        sheet::{Ink, Vec2},
    },
    sim::{
        model::{Deed, Model, Refusal, TargetKind},
        vocabulary::{
            self, Bits, BlockState, Camp, Happening, Life, LinkId, LinkState, Micros, PeerId, PeerKind, PieceId,
            Standing, Word,
        },
    },
    slides::{NetworkReport, StageFrame},
};
use bevy::ecs::{entity::Entity, world::World};
use std::collections::{BTreeMap, BTreeSet};

/// The wall's steps a second.
const STEPS: f32 = 60.0;

/// The layer's batches: the ground, links, packets, blocks, peers, and the one peer that lies over all others.
const GROUND: usize = 0;
const LINKS: usize = 1;
const PACKETS: usize = 2;
const BLOCKS: usize = PACKETS + super::packets::CHUNKS;
const PEERS: usize = BLOCKS + 1;
const TOP: usize = PEERS + 1;

/// The ground's row is written with the peers', as if it were one.
const GROUND_SLOT: usize = usize::MAX;

/// From one block that breaks to the next, in seconds, and how long one sinks (style §5).
const BREAKS_APART: f32 = 0.12;
const SINK_SECONDS: f32 = 0.26;

/// The gap between two small blocks, and the share of the disc that is free between the nodes on its circle.
const SMALL_GAP: f32 = 44.0;
const FREE: f32 = 0.56;

/// The circle around a held peer, beyond its radius.
const HELD_RING: f32 = 14.0;

/// How long a refusal is worth saying, in steps.
const FRESH: u64 = 240;

/// A peer that stands in a slot.
#[derive(Debug)]
struct Stood {
    peer: vocabulary::Peer,
    entity: Option<Entity>,
    row: PeerRow,
    links: BTreeSet<LinkId>,
}

/// A link and its row.
#[derive(Debug)]
struct Linked {
    link: vocabulary::Link,
    entity: Option<Entity>,
    row: usize,
    bend: f32,
    /// When one of its ends last stopped or started, by wall time, and whether it comes back.
    changed: (f32, bool),
}

/// A block that stands, and since when its seal has held or failed, by wall time.
#[derive(Debug)]
struct Built {
    block: vocabulary::Block,
    entity: Entity,
    since: f32,
}

/// A peer that a finger or the focus holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// Who.
    pub peer: Option<PeerId>,
    /// Where its card lies: what is under it is not drawn.
    pub card: Option<[f32; 4]>,
}

/// A network on the wall.
pub struct Live {
    index: usize,
    model: Box<dyn Model>,
    /// The same run without what was done to it since; unseen. Only where the scene compares.
    untouched: Option<Box<dyn Model>>,
    /// Slots that stand otherwise than in the untouched run.
    different: BTreeSet<usize>,
    layer: Entity,
    frame: StageFrame,
    places: Places,
    /// Whether its peers are large enough to be entities; if not, they are dots and their links are not drawn.
    entities: bool,
    peers: Vec<Option<Stood>>,
    links: BTreeMap<LinkId, Linked>,
    free_links: Vec<usize>,
    link_rows: usize,
    pieces: BTreeMap<PieceId, Entity>,
    blocks: BTreeMap<vocabulary::BlockId, Built>,
    /// Whether peers stand on its ground: a chain alone has none.
    grounded: bool,
    flights: Flights,
    clock: Clock,
    frozen: bool,
    /// When it last froze or thawed, by wall time.
    frozen_at: f32,
    held: Held,
    focus: Option<PeerId>,
    refusal: Option<(Word, u64)>,
    happenings: Vec<Happening>,
    launches: Vec<Launch>,
    /// Slots and links whose rows are to be written.
    dirty: BTreeSet<usize>,
    dirty_links: BTreeSet<LinkId>,
    dirty_blocks: bool,
    /// The step until which something moves by the wall's clock.
    busy: u64,
    /// Grows whenever a label might read otherwise.
    version: u64,
}

impl Live {
    /// Begins to watch a model and puts all that stands on the wall. `per_second` is how many microseconds of the
    /// model pass in a second.
    pub fn begin(
        world: &mut World,
        (index, order): (usize, i32),
        mut model: Box<dyn Model>,
        placement: Placement,
        frame: StageFrame,
        (per_second, step): (f64, u64),
    ) -> Self {
        let standing = model.watch();
        let places = Places::new(placement, &standing, frame.radius);
        let mut batches = vec![Batch::new(Kind::Peer), Batch::new(Kind::Link)];
        batches.extend(Flights::batches());
        batches.extend([Batch::new(Kind::Block), Batch::new(Kind::Peer), Batch::new(Kind::Peer)]);
        let grounded = !standing.peers.is_empty();
        batches[GROUND].push(&ground(&frame, grounded, (false, LONG_AGO)));
        let layer = world.spawn(Layer { order, alpha: 1.0, batches, ..Layer::default() }).id();
        let clock = Clock { epoch: standing.now, per_second, wall_epoch: step };
        let width = (per_second / f64::from(STEPS)) as Micros;
        let mut live = Self {
            index,
            model,
            untouched: None,
            different: BTreeSet::new(),
            layer,
            frame,
            entities: places.r(&frame) >= DOT_R,
            places,
            peers: Vec::new(),
            links: BTreeMap::new(),
            free_links: Vec::new(),
            link_rows: 0,
            pieces: BTreeMap::new(),
            blocks: BTreeMap::new(),
            grounded,
            flights: Flights::new(index as u32, PACKETS, width),
            clock,
            frozen: false,
            frozen_at: LONG_AGO,
            held: Held::default(),
            focus: None,
            refusal: None,
            happenings: Vec::new(),
            launches: Vec::new(),
            dirty: BTreeSet::new(),
            dirty_links: BTreeSet::new(),
            dirty_blocks: false,
            busy: step,
            version: 0,
        };
        live.stand(world, standing);
        live.write(world, step);
        live
    }

    /// Puts all that stands on the wall.
    fn stand(&mut self, world: &mut World, standing: Standing) {
        let network = self.index as u32;
        let pieces: Vec<Entity> = world
            .spawn_batch((0..standing.pieces).map(|i| wall::Piece { id: PieceId(i), network }).collect::<Vec<_>>())
            .collect();
        self.pieces = (0..standing.pieces).map(PieceId).zip(pieces).collect();
        for peer in standing.peers {
            self.set_peer(world, peer, LONG_AGO, self.clock.wall_epoch);
        }
        for link in standing.links {
            self.set_link(world, link);
        }
        for block in standing.blocks {
            self.set_block(world, block, LONG_AGO, self.clock.wall_epoch);
        }
        let launches: Vec<Launch> = standing.packets.iter().filter_map(|p| self.launch(p)).collect();
        self.flights.depart(world, self.layer, &self.clock, launches);
    }

    /// Takes everything off the wall.
    pub fn end(mut self, world: &mut World) {
        self.flights.clear(world);
        let peers = self.peers.iter().flatten().filter_map(|s| s.entity);
        let links = self.links.values().filter_map(|l| l.entity);
        let others = self.pieces.values().copied().chain(self.blocks.values().map(|built| built.entity));
        let all: Vec<Entity> = peers.chain(links).chain(others).chain([self.layer]).collect();
        for entity in all {
            world.despawn(entity);
        }
    }

    /// The layer that it is drawn on.
    #[must_use]
    pub fn layer(&self) -> Entity {
        self.layer
    }

    /// The model that runs.
    #[must_use]
    pub fn model(&self) -> &dyn Model {
        &*self.model
    }

    /// Does a deed to the model that runs; what it then tells is taken up by [`Live::run`]. If the scene compares, the
    /// run goes on untouched beside it from the first deed on.
    ///
    /// # Errors
    /// Why not, as a key into the model's words.
    pub fn act(&mut self, deed: &Deed, compares: bool) -> Result<(), Refusal> {
        let untouched = (compares && self.untouched.is_none()).then(|| self.model.copy());
        self.model.act(deed)?;
        self.untouched = self.untouched.take().or(untouched);
        Ok(())
    }

    /// Lets the untouched run come to the same moment, and notes who stands otherwise there.
    fn compare(&mut self) {
        let Some(untouched) = &mut self.untouched else { return };
        untouched.advance(self.model.now());
        untouched.take_happenings(&mut self.happenings);
        self.happenings.clear();
        let other = |stood: &Stood| self.model.digest(stood.peer.id) != untouched.digest(stood.peer.id);
        let slots = self.peers.iter().enumerate();
        let now: BTreeSet<usize> =
            slots.filter_map(|(slot, stood)| stood.as_ref().filter(|s| other(s)).map(|_| slot)).collect();
        self.version += u64::from(now.len() != self.different.len());
        self.dirty.extend(now.symmetric_difference(&self.different));
        self.different = now;
    }

    /// Where it stands.
    #[must_use]
    pub fn frame(&self) -> &StageFrame {
        &self.frame
    }

    /// How many packets are under way.
    #[must_use]
    pub fn packets(&self) -> usize {
        self.flights.len()
    }

    /// Whether anything would move by itself: by the model's clock if it runs, or still by the wall's.
    #[must_use]
    pub fn awake(&self, runs: bool, step: u64) -> bool {
        step < self.busy || (runs && self.model.next_event().is_some())
    }

    /// A number that changes whenever words or numbers beside its marks may have.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A peer as it stands.
    #[must_use]
    pub fn peer(&self, peer: PeerId) -> Option<&vocabulary::Peer> {
        self.stood(peer).map(|s| &s.peer)
    }

    /// Every peer as it stands, in order of slots.
    pub fn peers(&self) -> impl Iterator<Item = &vocabulary::Peer> {
        self.peers.iter().flatten().map(|s| &s.peer)
    }

    /// The first server.
    #[must_use]
    pub fn server(&self) -> Option<PeerId> {
        self.peers().find(|p| p.kind == PeerKind::Server).map(|p| p.id)
    }

    /// All that can be touched.
    pub fn touchable(&self) -> impl Iterator<Item = Touchable> {
        self.peers().filter_map(|peer| {
            let (at, reach) = self.spot(peer)?;
            Some(Touchable { network: self.index, peer: peer.id, at, reach })
        })
    }

    /// Where a peer is drawn, and how far it reaches. A held one grows; at the disc's edge it gives way inwards as far
    /// as it must, because the network's words stand outside.
    fn spot(&self, peer: &vocabulary::Peer) -> Option<(Vec2, f32)> {
        let at = self.places.at(peer.id, &self.frame)?;
        if self.held.peer != Some(peer.id) || peer.kind == PeerKind::Server {
            return Some((at, self.places.reach(peer, &self.frame)));
        }
        let ([cx, cy], room) = (self.frame.centre, (self.frame.radius - HELD_R - HELD_RING).max(0.0));
        let (dx, dy) = (at[0] - cx, at[1] - cy);
        let away = dx.hypot(dy);
        let at = if away > room { [cx + dx * room / away, cy + dy * room / away] } else { at };
        Some((at, HELD_R))
    }

    /// Whether a finger that goes down here may draw across its lines: a ground whose links can be cut.
    #[must_use]
    pub fn takes_strokes(&self, at: Vec2) -> bool {
        let [cx, cy] = self.frame.centre;
        self.entities
            && (at[0] - cx).hypot(at[1] - cy) < self.frame.radius
            && self.model.deeds().iter().any(|spec| spec.target == TargetKind::Links)
    }

    /// The lines in one piece that a finger crossed on its way from one point to another.
    #[must_use]
    pub fn crossed(&self, from: Vec2, to: Vec2) -> Vec<LinkId> {
        let whole = self.links.iter().filter(|(_, linked)| linked.link.state != LinkState::Cut);
        let crosses = |(id, linked): &(&LinkId, &Linked)| {
            let (Some(a), Some(b)) = (self.stood(id.from), self.stood(id.to)) else { return false };
            let (Some((a, _)), Some((b, _))) = (self.spot(&a.peer), self.spot(&b.peer)) else { return false };
            picking::crosses((from, to), (a, b), linked.bend)
        };
        if self.entities { whole.filter(crosses).map(|(id, _)| *id).collect() } else { Vec::new() }
    }

    /// Notes why a deed was refused.
    pub fn refuse(&mut self, why: Word, step: u64) {
        self.refusal = Some((why, step));
    }

    /// What it says to the page.
    #[must_use]
    pub fn report(&self, step: u64) -> NetworkReport {
        let stopped = |p: &vocabulary::Peer| p.kind == PeerKind::Server && matches!(p.life, Life::Stopped(_));
        NetworkReport {
            stopped: self.peers().any(stopped),
            refusal: self.refusal.filter(|(_, since)| step < since + FRESH).map(|(why, _)| why),
            differing: self.different.len(),
            ..report_of(&*self.model)
        }
    }

    /// Lets the model run by `micros` (nothing: it only takes up what a deed did), and shows what happened.
    pub fn run(&mut self, world: &mut World, micros: Micros, step: u64) {
        if micros > 0 && self.model.next_event().is_some() {
            let until = self.model.now() + micros;
            self.model.advance(until);
        }
        let mut happenings = std::mem::take(&mut self.happenings);
        happenings.clear();
        self.model.take_happenings(&mut happenings);
        self.apply(world, &happenings, step);
        self.happenings = happenings;
        self.compare();
        self.flights.land(world, self.model.now(), step);
        self.freeze(step);
        self.write(world, step);
    }

    /// Takes up what happened, in order.
    fn apply(&mut self, world: &mut World, happenings: &[Happening], step: u64) {
        let wall = self.clock.wall(step);
        let mut launches = std::mem::take(&mut self.launches);
        for happening in happenings {
            // Packets leave together: an entity costs least in a batch. But one that ends must have left.
            if matches!(happening, Happening::Ends { .. } | Happening::PeerGone(_)) && !launches.is_empty() {
                self.flights.depart(world, self.layer, &self.clock, launches.drain(..));
            }
            match happening {
                Happening::Departs(packet) => launches.extend(self.launch(packet)),
                Happening::Ends { id, at, end } => {
                    let now = (self.model.now(), step);
                    let gone = self.flights.end(world, self.layer, &self.clock, now, (*id, *at, *end));
                    self.busy = self.busy.max(gone.unwrap_or(step));
                }
                Happening::Holds { peer, piece, .. } => self.hold_piece(world, *peer, *piece, step),
                Happening::Peer(peer) => self.set_peer(world, (**peer).clone(), wall, step),
                Happening::PeerGone(peer) => self.peer_gone(world, *peer),
                Happening::Link(link) => self.set_link(world, *link),
                Happening::LinkGone(id) => self.link_gone(world, *id),
                Happening::Block(block) => self.set_block(world, (**block).clone(), wall, step),
                // That a panel changed is told: enough for the page to look again. The others are not drawn yet: `check`
                // refuses a scene whose model needs one of them.
                Happening::Panel
                | Happening::Zone(_)
                | Happening::Moves { .. }
                | Happening::Units(_)
                | Happening::Column(_)
                | Happening::Trail(_)
                | Happening::Print(_)
                | Happening::PrintGone(_) => {}
            }
        }
        self.flights.depart(world, self.layer, &self.clock, launches.drain(..));
        self.launches = launches;
        self.version += u64::from(!happenings.is_empty());
    }

    fn stood(&self, peer: PeerId) -> Option<&Stood> {
        self.peers.get(self.places.slot(peer)?)?.as_ref()
    }

    fn hold_piece(&mut self, world: &mut World, id: PeerId, piece: PieceId, step: u64) {
        let Some(slot) = self.places.slot(id) else { return };
        let Some(stood) = self.peers.get_mut(slot).and_then(Option::as_mut) else {
            return;
        };
        let pieces = stood.peer.pieces.len();
        if piece.0 >= pieces {
            return;
        }
        let before = fill_of(&stood.peer.pieces, segment_of(piece.0, pieces));
        if !stood.peer.pieces.insert(piece.0) {
            return;
        }
        stood.row = stood.row.growing(piece.0, pieces, before, self.clock.wall(step));
        if let Some(mut holds) = stood.entity.and_then(|e| world.get_mut::<wall::Holds>(e)) {
            holds.0.insert(piece.0);
        }
        self.dirty.insert(slot);
        self.be_busy(step, GROWTH_SECONDS);
    }

    fn set_peer(&mut self, world: &mut World, peer: vocabulary::Peer, wall: f32, step: u64) {
        let slot = self.places.join(&peer);
        if self.peers.len() <= slot {
            self.peers.resize_with(slot + 1, || None);
        }
        let (id, holds) = (peer.id, self.entities.then(|| peer.pieces.clone()));
        match &mut self.peers[slot] {
            Some(stood) => {
                let stops = |life: Life| matches!(life, Life::Stopped(_));
                let (was, is) = (stops(stood.peer.life), stops(peer.life));
                if was != is {
                    stood.row = stood.row.changed(wall);
                    for link in &stood.links {
                        if let Some(linked) = self.links.get_mut(link) {
                            linked.changed = (wall, was);
                        }
                    }
                    self.busy = self.busy.max(step + (RETRACT_SECONDS.max(FREEZE_SECONDS) * STEPS) as u64 + 2);
                }
                if was != is || stood.peer.camp != peer.camp || stood.peer.rank != peer.rank {
                    self.dirty_links.extend(stood.links.iter().copied());
                }
                stood.peer = peer;
                if let (Some(mut old), Some(new)) = (stood.entity.and_then(|e| world.get_mut::<wall::Holds>(e)), holds)
                {
                    old.0 = new;
                }
            }
            empty => {
                let network = self.index as u32;
                let entity = holds.map(|bits: Bits| {
                    world.spawn((wall::Peer { id, network, slot: slot as u32 }, wall::Holds(bits))).id()
                });
                *empty = Some(Stood { peer, entity, row: PeerRow::hidden(), links: BTreeSet::new() });
            }
        }
        self.dirty.insert(slot);
    }

    fn peer_gone(&mut self, world: &mut World, id: PeerId) {
        let Some(slot) = self.places.leave(id) else { return };
        let Some(stood) = self.peers.get_mut(slot).and_then(Option::take) else {
            return;
        };
        if let Some(entity) = stood.entity {
            world.despawn(entity);
        }
        for link in stood.links {
            self.link_gone(world, link);
        }
        if self.held.peer == Some(id) {
            self.held = Held::default();
        }
        self.dirty.insert(slot);
    }

    fn set_link(&mut self, world: &mut World, link: vocabulary::Link) {
        let (Some(from), Some(to)) = (self.places.slot(link.id.from), self.places.slot(link.id.to)) else {
            return;
        };
        if let Some(linked) = self.links.get_mut(&link.id) {
            linked.link = link;
            if let Some(mut component) = linked.entity.and_then(|e| world.get_mut::<wall::Link>(e)) {
                component.state = link.state;
            }
        } else {
            let network = self.index as u32;
            let entity =
                self.entities.then(|| world.spawn(wall::Link { id: link.id, network, state: link.state }).id());
            let row = self.free_links.pop().unwrap_or_else(|| {
                self.link_rows += 1;
                self.link_rows - 1
            });
            let bend = if self.entities { self.places.bend(from, to, &self.frame) } else { 0.0 };
            self.links.insert(link.id, Linked { link, entity, row, bend, changed: (LONG_AGO, false) });
            for slot in [from, to] {
                if let Some(Some(stood)) = self.peers.get_mut(slot) {
                    stood.links.insert(link.id);
                }
            }
        }
        self.dirty_links.insert(link.id);
    }

    fn link_gone(&mut self, world: &mut World, id: LinkId) {
        let Some(linked) = self.links.remove(&id) else { return };
        if let Some(entity) = linked.entity {
            world.despawn(entity);
        }
        for peer in [id.from, id.to] {
            if let Some(slot) = self.places.slot(peer)
                && let Some(Some(stood)) = self.peers.get_mut(slot)
            {
                stood.links.remove(&id);
            }
        }
        self.dirty_links.remove(&id);
        self.free_links.push(linked.row);
        if let Some(mut layer) = world.get_mut::<Layer>(self.layer)
            && linked.row < layer.batches[LINKS].len()
        {
            layer.batches[LINKS].set(linked.row, &LinkRow::hidden());
        }
    }

    fn set_block(&mut self, world: &mut World, block: vocabulary::Block, wall: f32, step: u64) {
        let network = self.index as u32;
        match self.blocks.get_mut(&block.id) {
            Some(old) => {
                let holds = |block: &vocabulary::Block| block.state == BlockState::Sealed;
                if holds(&old.block) != holds(&block) {
                    old.since = wall;
                    self.busy = self.busy.max(step + ((BREAKS_APART * 5.0 + SINK_SECONDS) * STEPS) as u64 + 2);
                }
                old.block = block;
            }
            None => {
                let entity = world.spawn(wall::Block { id: block.id, network }).id();
                self.blocks.insert(block.id, Built { block, entity, since: wall });
            }
        }
        self.dirty_blocks = true;
    }

    /// The way of a packet between two that stand here.
    fn way(&self, from: PeerId, to: PeerId) -> Option<Way> {
        let (sender, receiver) = (self.stood(from)?, self.stood(to)?);
        let bend = if self.entities { self.bend(from, to) } else { 0.0 };
        let ((from, from_reach), (to, to_reach)) = (self.spot(&sender.peer)?, self.spot(&receiver.peer)?);
        Some(Way { from, to, from_reach, to_reach, bend })
    }

    /// How far the line between two bends, seen from the first; between dots all lines are straight.
    fn bend(&self, from: PeerId, to: PeerId) -> f32 {
        match self.links.get(&LinkId::between(from, to)) {
            Some(linked) if from <= to => linked.bend,
            Some(linked) => -linked.bend,
            None => self.links.get(&LinkId { from, to, nth: 0 }).map_or(0.0, |linked| linked.bend),
        }
    }

    fn launch(&self, packet: &vocabulary::Packet) -> Option<Launch> {
        let way = self.way(packet.from, packet.to)?;
        Some(Launch { packet: *packet, way, peer_r: self.places.r(&self.frame) })
    }

    /// A network is frozen if a stopped peer keeps it from ever moving again, and there was something left to do.
    fn freeze(&mut self, step: u64) {
        let halted = self.model.next_travel().is_none()
            && self.peers().any(|p| matches!(p.life, Life::Stopped(_)))
            && self.peers().any(|p| !p.pieces.is_empty() && !p.pieces.is_full());
        if halted != self.frozen {
            self.frozen = halted;
            self.version += 1;
            self.dirty.extend(0..self.peers.len());
            self.dirty.insert(GROUND_SLOT);
            self.frozen_at = self.clock.wall(step);
            self.be_busy(step, FREEZE_SECONDS);
        }
    }

    fn be_busy(&mut self, step: u64, seconds: f32) {
        self.busy = self.busy.max(step + (seconds * STEPS) as u64 + 2);
    }

    /// The peer that is held, or has the focus, or both.
    pub fn hold(&mut self, world: &mut World, held: Held, focus: Option<PeerId>, step: u64) {
        if self.held == held && self.focus == focus {
            return;
        }
        let (old, wall) = (self.held.peer, self.clock.wall(step));
        let before: Vec<bool> = (0..self.peers.len()).map(|slot| self.slot_covered(slot)).collect();
        self.dirty.extend(self.over());
        self.held = held;
        self.focus = focus;
        self.dirty.extend(self.over());
        let turned = (0..self.peers.len()).filter(|slot| self.slot_covered(*slot) != before[*slot]);
        self.dirty.extend(turned.collect::<Vec<_>>());
        for (peer, grows) in [(old, false), (held.peer, true)] {
            if old != held.peer
                && let Some(slot) = peer.and_then(|p| self.places.slot(p))
                && let Some(Some(stood)) = self.peers.get_mut(slot)
                && stood.peer.kind == PeerKind::Peer
            {
                let r = self.places.reach(&stood.peer, &self.frame);
                stood.row = if grows { stood.row.sized(r, HELD_R, wall) } else { stood.row.sized(HELD_R, r, wall) };
            }
        }
        self.be_busy(step, GROWTH_SECONDS);
        self.dirty_links.extend(self.links.keys().copied());
        self.version += 1;
        if self.entities {
            self.redirect(world);
        }
        self.write(world, step);
    }

    /// Sends packets under way along the ways that there are now.
    fn redirect(&mut self, world: &mut World) {
        let mut flights = std::mem::replace(&mut self.flights, Flights::new(0, PACKETS, 1));
        let r = packet_r(self.places.r(&self.frame));
        flights.rewrite(world, self.layer, |from, to, row| self.way(from, to).map_or(row, |way| row.on(&way, r)));
        self.flights = flights;
    }

    /// Moves the network to another place on the page: *more* opened or closed. Peers keep their places in the disc.
    pub fn set_frame(&mut self, world: &mut World, frame: StageFrame, step: u64) {
        if self.frame == frame {
            return;
        }
        self.frame = frame;
        let bends: Vec<(LinkId, f32)> = self
            .links
            .keys()
            .filter_map(|id| {
                Some((*id, self.places.bend(self.places.slot(id.from)?, self.places.slot(id.to)?, &frame)))
            })
            .collect();
        for (id, bend) in bends {
            if let Some(linked) = self.links.get_mut(&id).filter(|_| self.entities) {
                linked.bend = bend;
            }
        }
        for stood in self.peers.iter_mut().flatten() {
            stood.row = stood.row.sized(0.0, 0.0, LONG_AGO);
        }
        self.dirty.extend(0..self.peers.len());
        self.dirty.insert(GROUND_SLOT);
        self.dirty_links.extend(self.links.keys().copied());
        self.dirty_blocks = true;
        self.version += 1;
        self.redirect(world);
        self.write(world, step);
    }

    /// Keeps the seconds that the shaders read small, where `f32` is fine-grained.
    fn rebase(&mut self, world: &mut World, step: u64) {
        /// After so many seconds an `f32` still tells a tenth of a millisecond apart.
        const LONGEST: f32 = 1024.0;
        let now = self.model.now();
        let (scene, wall) = (self.clock.scene(now), self.clock.wall(step));
        if scene < LONGEST && wall < LONGEST {
            return;
        }
        self.clock = Clock { epoch: now, wall_epoch: step, ..self.clock };
        for stood in self.peers.iter_mut().flatten() {
            stood.row.rebase(wall);
        }
        self.frozen_at -= wall;
        for built in self.blocks.values_mut() {
            built.since -= wall;
        }
        self.dirty_blocks = true;
        for linked in self.links.values_mut() {
            linked.changed.0 -= wall;
        }
        let layer = self.layer;
        self.flights.rewrite(world, layer, |_, _, mut row: PacketRow| {
            row.rebase(scene, wall);
            row
        });
        self.dirty.extend(0..self.peers.len());
        self.dirty.insert(GROUND_SLOT);
        self.dirty_links.extend(self.links.keys().copied());
    }

    /// Whether something held lies over a place, so that what is there is not drawn.
    fn covered(&self, at: Vec2, reach: f32) -> bool {
        let held = self.held.peer.and_then(|p| self.stood(p)).filter(|stood| stood.peer.kind == PeerKind::Peer);
        let under_ring = held
            .and_then(|stood| self.spot(&stood.peer))
            .is_some_and(|(centre, r)| (at[0] - centre[0]).hypot(at[1] - centre[1]) < r + HELD_RING + reach);
        let under_card = self.held.card.is_some_and(|[x, y, w, h]| {
            at[0] > x - reach && at[0] < x + w + reach && at[1] > y - reach && at[1] < y + h + reach
        });
        under_ring || under_card
    }

    /// Writes the rows of all that changed, and the clocks.
    fn write(&mut self, world: &mut World, step: u64) {
        self.rebase(world, step);
        let wall = self.clock.wall(step);
        let dirty = std::mem::take(&mut self.dirty);
        let mut rows = Vec::with_capacity(dirty.len());
        for slot in dirty.iter().copied().filter(|slot| *slot != GROUND_SLOT) {
            let row = self.peer_row(slot);
            let over = self.over().any(|o| o == slot);
            if let Some(Some(stood)) = self.peers.get_mut(slot) {
                stood.row = row;
            }
            rows.push((slot, row.covered(over || self.slot_covered(slot))));
        }
        // Whoever is held, or has the focus, lies over all others.
        let over: Vec<PeerRow> = self.over().map(|slot| self.peer_row(slot)).collect();
        let over_changed = self.over().any(|slot| dirty.contains(&slot));
        let dirty_links = std::mem::take(&mut self.dirty_links);
        let links: Vec<(usize, LinkRow)> = dirty_links.iter().filter_map(|id| self.link_row(*id)).collect();
        let blocks = std::mem::take(&mut self.dirty_blocks).then(|| self.chain());
        let Some(mut layer) = world.get_mut::<Layer>(self.layer) else {
            return;
        };
        layer.now = self.clock.scene(self.model.now());
        layer.wall = wall;
        if dirty.contains(&GROUND_SLOT) {
            layer.batches[GROUND].set(0, &ground(&self.frame, self.grounded, (self.frozen, self.frozen_at)));
        }
        put(&mut layer.batches[PEERS], &rows, PeerRow::hidden());
        put(&mut layer.batches[LINKS], &links, LinkRow::hidden());
        let top = &mut layer.batches[TOP];
        if over_changed || top.len() != over.len() {
            top.truncate(over.len());
            let rows: Vec<(usize, PeerRow)> = over.into_iter().enumerate().collect();
            put(top, &rows, PeerRow::hidden());
        }
        if let Some(rows) = blocks {
            let rows: Vec<(usize, BlockRow)> = rows.into_iter().enumerate().collect();
            put(&mut layer.batches[BLOCKS], &rows, BlockRow::hidden());
        }
    }

    /// The slots that lie over all others: the focus below what is held.
    fn over(&self) -> impl Iterator<Item = usize> + use<> {
        let held = self.held.peer.and_then(|p| self.places.slot(p));
        let focus = self.focus.and_then(|p| self.places.slot(p)).filter(|slot| Some(*slot) != held);
        [focus, held].into_iter().flatten()
    }

    /// The row of a slot as it should be.
    fn peer_row(&self, slot: usize) -> PeerRow {
        let Some(Some(stood)) = self.peers.get(slot) else {
            return PeerRow::hidden();
        };
        let id = stood.peer.id;
        let held = self.held.peer == Some(id);
        let Some((at, grown)) = self.spot(&stood.peer) else {
            return PeerRow::hidden();
        };
        let surface = if self.frozen { Ink::Ground } else { Ink::Field };
        PeerRow::new(&stood.peer, at, grown, surface)
            .moving_like(&stood.row)
            .with_size(grown)
            .with_packets(self.places.r(&self.frame))
            .held(held)
            .differing(self.different.contains(&slot))
            .focused(self.focus == Some(id))
    }

    /// Whether a slot's peer is not drawn because something held lies there.
    fn slot_covered(&self, slot: usize) -> bool {
        if self.held == Held::default() {
            return false;
        }
        let Some(Some(stood)) = self.peers.get(slot) else {
            return false;
        };
        let at = self.places.slot_at(slot, &self.frame);
        self.held.peer != Some(stood.peer.id) && self.covered(at, self.places.reach(&stood.peer, &self.frame))
    }

    fn link_row(&self, id: LinkId) -> Option<(usize, LinkRow)> {
        let linked = self.links.get(&id)?;
        let end = |peer: PeerId| {
            let stood = self.stood(peer)?;
            let (at, reach) = self.spot(&stood.peer)?;
            let held = self.held.peer == Some(peer) && stood.peer.kind == PeerKind::Peer;
            Some(LinkEnd {
                at,
                reach: if held { HELD_R + HELD_RING - 7.0 } else { line_reach(stood.peer.kind, reach) },
                stopped: matches!(stood.peer.life, Life::Stopped(_)),
                camp: stood.peer.camp,
            })
        };
        let (from, to) = (end(id.from)?, end(id.to)?);
        let of_held = self.held.peer.is_some_and(|p| p == id.from || p == id.to);
        let hidden =
            |at: Vec2, peer: PeerId| self.held.peer.is_some() && self.held.peer != Some(peer) && self.covered(at, 0.0);
        let covered = (!self.entities && !of_held) || hidden(from.at, id.from) || hidden(to.at, id.to);
        let gives = of_held && linked.link.state == LinkState::InUse;
        let row = LinkRow::new(linked.link.state, linked.link.directed, from, to, linked.bend)
            .changed(linked.changed.0, linked.changed.1)
            .giving(gives)
            .covered(covered);
        Some((linked.row, row))
    }

    /// The last blocks of the chain, height by height.
    fn last_blocks(&self) -> Vec<&Built> {
        let top = self.blocks.values().map(|built| built.block.height).max().unwrap_or(0);
        let columns = (chain::ROW as u32).min(top + 1);
        let mut shown: Vec<&Built> = self.blocks.values().filter(|b| b.block.height + columns > top).collect();
        shown.sort_by_key(|b| (b.block.height, b.block.id));
        shown
    }

    /// The blocks of a chain that stands alone, with their centres and their scale. Behind the first whose seal fails each
    /// one sinks further.
    #[must_use]
    pub fn chain_spots(&self) -> Vec<(&vocabulary::Block, Vec2, f32)> {
        if self.grounded {
            return Vec::new();
        }
        let rows = self.rows();
        let blocks = self.last_blocks();
        let sinks = sinks(&blocks);
        let places = blocks.into_iter().zip(sinks).enumerate();
        places
            .map(|(place, (built, sink))| {
                let [x, y] = rows.at(place, self.frame.centre);
                (&built.block, [x, y + sink * rows.scale], rows.scale)
            })
            .collect()
    }

    fn rows(&self) -> chain::Rows {
        let wide = self.frame.radius * 2.0;
        chain::Rows::of([wide, self.frame.height.unwrap_or(wide)])
    }

    /// The last blocks of the chain, each joined to the one before it. Alone they stand across the frame. Where nodes stand
    /// around them they are small, in the middle, and the blocks of a fork stand above each other.
    fn chain(&self) -> Vec<BlockRow> {
        if self.grounded { self.small_chain() } else { self.large_chain() }
    }

    fn large_chain(&self) -> Vec<BlockRow> {
        let (rows, blocks) = (self.rows(), self.last_blocks());
        let sinks = sinks(&blocks);
        let at = |place: usize| rows.at(place, self.frame.centre);
        let broken = blocks.iter().position(|b| b.block.state != BlockState::Sealed);
        blocks
            .iter()
            .enumerate()
            .map(|(place, built)| {
                // The joint leaves the block before at the height to which that has sunk.
                let before = (place > 0 && rows.joined(place)).then(|| {
                    let [x, y] = at(place - 1);
                    [x, y + sinks[place - 1] * rows.scale]
                });
                let behind = broken.map_or(0, |first| place.saturating_sub(first));
                BlockRow::new(&built.block, at(place), rows.scale, before)
                    .sinking(sinks[place] * rows.scale, built.since + BREAKS_APART * behind as f32)
            })
            .collect()
    }

    fn small_chain(&self) -> Vec<BlockRow> {
        let shown: Vec<&vocabulary::Block> = self.last_blocks().into_iter().map(|built| &built.block).collect();
        let top = shown.last().map_or(0, |block| block.height);
        let columns = (chain::ROW as u32).min(top + 1);
        let side = [SMALL_BLOCK; 2];
        let pitch = side[0] + SMALL_GAP;
        let scale = (self.frame.radius * 2.0 * FREE / (pitch * chain::ROW as f32 - SMALL_GAP)).min(1.0);
        let open = shown.iter().any(|b| b.camp == Camp::A);
        // While a fork is open its branches stand above and below; when it has closed, what was given up stands below.
        let row = |camp: Camp| match camp {
            Camp::Neither => 0.0,
            Camp::A => -0.65,
            Camp::B if open => 0.65,
            Camp::B => 1.25,
        };
        let at = |block: &vocabulary::Block| {
            let column = (block.height + columns - 1 - top) as f32 - (columns - 1) as f32 * 0.5;
            let [x, y] = self.frame.centre;
            [x + column * pitch * scale, y + row(block.camp) * side[1] * scale]
        };
        shown
            .iter()
            .map(|block| {
                let before = shown.iter().find(|b| Some(b.id) == block.before).map(|b| at(b));
                BlockRow::new(block, at(block), scale, before).small(before)
            })
            .collect()
    }
}

/// The ground of a living network; a chain alone has none.
fn ground(frame: &StageFrame, grounded: bool, (frozen, since): (bool, f32)) -> PeerRow {
    if grounded { PeerRow::ground(frame.centre, frame.radius, frozen, since) } else { PeerRow::hidden() }
}

/// How far each of some blocks sinks: more and more from the first on whose seal fails.
fn sinks(blocks: &[&Built]) -> Vec<f32> {
    let first = blocks.iter().position(|b| b.block.state != BlockState::Sealed);
    let of = |(place, built): (usize, &&Built)| match first {
        Some(first) if built.block.state != BlockState::Sealed => {
            chain::SINKS[(place - first).min(chain::SINKS.len() - 1)]
        }
        _ => 0.0,
    };
    blocks.iter().enumerate().map(of).collect()
}

/// What a model says to the page of itself.
pub fn report_of(model: &dyn Model) -> NetworkReport {
    NetworkReport {
        states: model.states(),
        seconds: model.now() as f64 / vocabulary::SECOND as f64,
        figures: model.figures().into_iter().map(|f| (f.key, f.value)).collect(),
        stopped: false,
        finished: model.finished(),
        server: None,
        refusal: None,
        differing: 0,
        panel: model.panel(),
    }
}

/// Writes rows at their places, making room with rows that draw nothing.
fn put<T: bytemuck::NoUninit>(batch: &mut Batch, rows: &[(usize, T)], empty: T) {
    for (at, row) in rows {
        while batch.len() <= *at {
            batch.push(&empty);
        }
        batch.set(*at, row);
    }
}
