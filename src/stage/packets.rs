//! Packets in flight: an entity each and a row each, at a cost that counts births and deaths, never who is under way.
//!
//! A packet is written once, where and when it departs and arrives, and the shader moves it. Its end stands in a
//! calendar, so that nobody is asked whether it has arrived. Rows lie in chunks, one batch each; a chunk whose packets
//! have landed is filled again from end to end, so that a frame uploads few and short ranges.

use super::rows::{CROSS_SECONDS, PacketRow, Way, packet_r};
use crate::{
    ink::layer::{Batch, Kind, Layer},
    sim::vocabulary::{self, Micros, PacketEnd, PacketId, PeerId, PieceId},
};
use bevy::ecs::{component::Component, entity::Entity, world::World};
use std::collections::{BTreeMap, VecDeque};

/// Rows of a chunk: a quarter of a megabyte is the most that one birth can make the stage upload.
const CHUNK: usize = 4096;

/// Batches that a layer keeps for packets; the last one grows without end.
pub const CHUNKS: usize = 32;

/// Rows that a chunk begins with: most scenes have fewer packets under way.
const FIRST_ROWS: usize = 64;

/// Buckets of the calendar: at one step each they reach a little over four seconds ahead at a scene's own speed.
const BUCKETS: usize = 256;

/// The wall's steps a second.
const STEPS: f32 = 60.0;

/// No slot.
const NONE: u32 = u32::MAX;

/// The longest gap between two packets of one sender that is filled in; a wider one begins anew.
const LONGEST_GAP: u32 = 4096;

/// A packet on its way. Where it is, only the shader knows.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Which one.
    pub id: PacketId,
    /// Where it goes.
    pub to: PeerId,
    /// The piece it carries.
    pub piece: Option<PieceId>,
    /// The network of the scene that it belongs to.
    pub network: u32,
    /// Its row.
    pub slot: u32,
}

/// How a network's clocks become the seconds that the shaders read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// The moment of the model that is second zero.
    pub epoch: Micros,
    /// Microseconds of the model in a second of scene time.
    pub per_second: f64,
    /// The step of the wall that is second zero.
    pub wall_epoch: u64,
}

impl Clock {
    /// A moment of the model, in seconds of scene time.
    #[must_use]
    pub fn scene(&self, at: Micros) -> f32 {
        ((at as f64 - self.epoch as f64) / self.per_second) as f32
    }

    /// A step of the wall, in seconds.
    #[must_use]
    pub fn wall(&self, step: u64) -> f32 {
        ((step as f64 - self.wall_epoch as f64) / f64::from(STEPS)) as f32
    }
}

/// A packet that leaves, and the way that it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Launch {
    /// The packet.
    pub packet: vocabulary::Packet,
    /// Its way.
    pub way: Way,
    /// The radius of the peers beside it.
    pub peer_r: f32,
}

/// A row, and who flies in it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    id: PacketId,
    entity: Entity,
    /// When it is done with, by the model's time; a later moment of an earlier packet in this slot means nothing.
    done: Micros,
    taken: bool,
    /// Whether its way was cut short: then the wall's clock ends it.
    ended: bool,
    from: PeerId,
    to: PeerId,
}

/// Slots of the packets of one sender, in the order of its count.
#[derive(Clone, Debug, Default)]
struct Sent {
    first: u32,
    slots: VecDeque<u32>,
}

/// The packets of one network.
#[derive(Debug)]
pub struct Flights {
    network: u32,
    /// The first of the layer's batches that are for packets.
    batch: usize,
    free: Vec<VecDeque<u32>>,
    current: usize,
    slots: Vec<Vec<Slot>>,
    /// Slots by when they are done, a bucket a step at the scene's own speed.
    calendar: VecDeque<Vec<u32>>,
    /// The bucket that the calendar begins with.
    today: u64,
    width: Micros,
    /// Slots that are done later than the calendar reaches.
    far: BTreeMap<u64, Vec<u32>>,
    /// Slots whose cross fades, by the wall's step at which it is gone.
    crosses: BTreeMap<u64, Vec<u32>>,
    senders: Vec<Sent>,
    alive: usize,
    fresh: Vec<Packet>,
    due: Vec<u32>,
}

impl Flights {
    /// No packets yet. The layer must have [`CHUNKS`] batches for packets from `batch` on; a bucket of the calendar is
    /// `width` long, a step at the scene's own speed.
    #[must_use]
    pub fn new(network: u32, batch: usize, width: Micros) -> Self {
        Self {
            network,
            batch,
            free: Vec::new(),
            current: 0,
            slots: Vec::new(),
            calendar: (0..BUCKETS).map(|_| Vec::new()).collect(),
            today: 0,
            width: width.max(1),
            far: BTreeMap::new(),
            crosses: BTreeMap::new(),
            senders: Vec::new(),
            alive: 0,
            fresh: Vec::new(),
            due: Vec::new(),
        }
    }

    /// The batches that a layer needs for them.
    pub fn batches() -> impl Iterator<Item = Batch> {
        (0..CHUNKS).map(|_| Batch::new(Kind::Packet))
    }

    /// How many are under way.
    #[must_use]
    pub fn len(&self) -> usize {
        self.alive
    }

    /// Whether none is under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alive == 0
    }

    /// Lets packets depart: an entity and a row each.
    pub fn depart(
        &mut self,
        world: &mut World,
        layer: Entity,
        clock: &Clock,
        launches: impl IntoIterator<Item = Launch>,
    ) {
        let mut fresh = std::mem::take(&mut self.fresh);
        if let Some(mut target) = world.get_mut::<Layer>(layer) {
            for launch in launches {
                let packet = launch.packet;
                let row = PacketRow::flying(
                    &launch.way,
                    clock.scene(packet.departs),
                    clock.scene(packet.arrives),
                    packet_r(launch.peer_r),
                    packet.form,
                    packet.tint,
                    packet.layers,
                );
                let slot = self.allot(&mut target.batches);
                *self.slot_mut(slot) = Slot {
                    id: packet.id,
                    entity: Entity::PLACEHOLDER,
                    done: packet.arrives,
                    taken: true,
                    ended: false,
                    from: packet.from,
                    to: packet.to,
                };
                target.batches[self.batch + chunk_of(slot)].set(local_of(slot), &row);
                self.enter(packet.arrives, slot);
                self.remember(packet.id, slot);
                fresh.push(Packet { id: packet.id, to: packet.to, piece: packet.piece, network: self.network, slot });
            }
        }
        self.alive += fresh.len();
        let mut entities = Vec::with_capacity(fresh.len());
        entities.extend(world.spawn_batch(fresh.iter().copied()));
        for (packet, entity) in fresh.drain(..).zip(entities) {
            self.slot_mut(packet.slot).entity = entity;
        }
        self.fresh = fresh;
    }

    /// Ends a packet's way otherwise than foreseen: it fades under a cross. A packet that has landed is let be.
    /// Returns the step at which nothing of it is left.
    pub fn end(
        &mut self,
        world: &mut World,
        layer: Entity,
        clock: &Clock,
        (now, step): (Micros, u64),
        (id, at, end): (PacketId, Micros, PacketEnd),
    ) -> Option<u64> {
        let slot = self.slot_of(id)?;
        let to_come = (at.saturating_sub(now) as f64 / clock.per_second * f64::from(STEPS)) as u64;
        let seen = step + to_come;
        self.slot_mut(slot).ended = true;
        let gone = seen + (CROSS_SECONDS * STEPS) as u64 + 1;
        self.crosses.entry(gone).or_default().push(slot);
        if let Some(mut layer) = world.get_mut::<Layer>(layer) {
            let (batch, at_row) = (&mut layer.batches[self.batch + chunk_of(slot)], local_of(slot));
            let row = row_of(batch, at_row).ended(end, clock.scene(at), clock.wall(seen));
            batch.set(at_row, &row);
        }
        Some(gone)
    }

    /// Takes away the entities of all packets that have landed by `now`, or whose cross has faded by `step`; their rows
    /// draw nothing any more by themselves. Returns how many there were.
    pub fn land(&mut self, world: &mut World, now: Micros, step: u64) -> usize {
        let mut due = std::mem::take(&mut self.due);
        due.clear();
        let bucket = now / self.width;
        while self.today < bucket {
            let Some(mut list) = self.calendar.pop_front() else {
                break;
            };
            self.today += 1;
            due.append(&mut list);
            self.calendar.push_back(list);
            let reached = self.today + BUCKETS as u64 - 1;
            if let Some(mut later) = self.far.remove(&reached)
                && let Some(last) = self.calendar.back_mut()
            {
                last.append(&mut later);
            }
            // A long leap over nothing need not turn every page.
            if bucket - self.today > 2 * BUCKETS as u64 && due.is_empty() && self.calendar.iter().all(Vec::is_empty) {
                let next = self.far.keys().next().copied().unwrap_or(bucket).min(bucket);
                self.today = next.saturating_sub(BUCKETS as u64).max(self.today);
            }
        }
        // Some that share today's bucket are not there yet.
        let mut today = self.calendar.front_mut().map(std::mem::take).unwrap_or_default();
        today.retain(|slot| {
            let there = self.slot(*slot).done <= now;
            if there {
                due.push(*slot);
            }
            !there
        });
        if let Some(front) = self.calendar.front_mut() {
            *front = today;
        }
        let mut landed = 0;
        for slot in due.drain(..) {
            let flight = *self.slot(slot);
            if flight.taken && !flight.ended && flight.done <= now {
                landed += self.release(world, slot);
            }
        }
        self.due = due;
        while let Some(entry) = self.crosses.first_entry()
            && *entry.key() <= step
        {
            for slot in entry.remove() {
                if self.slot(slot).taken && self.slot(slot).ended {
                    landed += self.release(world, slot);
                }
            }
        }
        landed
    }

    /// Writes every row anew: peers moved, or an epoch did.
    pub fn rewrite(
        &mut self,
        world: &mut World,
        layer: Entity,
        mut row: impl FnMut(PeerId, PeerId, PacketRow) -> PacketRow,
    ) {
        let Some(mut layer) = world.get_mut::<Layer>(layer) else {
            return;
        };
        for (chunk, slots) in self.slots.iter().enumerate() {
            let batch = &mut layer.batches[self.batch + chunk];
            for (i, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.taken) {
                let row = row(slot.from, slot.to, row_of(batch, i));
                batch.set(i, &row);
            }
        }
    }

    /// Takes every packet's entity away.
    pub fn clear(&mut self, world: &mut World) {
        for slot in self.slots.iter().flatten().filter(|slot| slot.taken) {
            world.despawn(slot.entity);
        }
        *self = Self::new(self.network, self.batch, self.width);
    }

    fn release(&mut self, world: &mut World, slot: u32) -> usize {
        let flight = self.slot_mut(slot);
        flight.taken = false;
        let (entity, id) = (flight.entity, flight.id);
        self.forget(id);
        self.free[chunk_of(slot)].push_back(slot);
        self.alive -= 1;
        world.despawn(entity);
        1
    }

    fn slot(&self, slot: u32) -> &Slot {
        &self.slots[chunk_of(slot)][local_of(slot)]
    }

    fn slot_mut(&mut self, slot: u32) -> &mut Slot {
        &mut self.slots[chunk_of(slot)][local_of(slot)]
    }

    /// A free row: in the present chunk while it has one, then in the chunk with the most, then in a larger or new one.
    fn allot(&mut self, batches: &mut [Batch]) -> u32 {
        if let Some(slot) = self.free.get_mut(self.current).and_then(VecDeque::pop_front) {
            return slot;
        }
        let most = (0..self.free.len()).max_by_key(|i| (self.free[*i].len(), std::cmp::Reverse(*i)));
        if let Some(chunk) = most
            && self.free[chunk].len() >= (self.slots[chunk].len() / 8).max(1)
            && let Some(slot) = self.free[chunk].pop_front()
        {
            self.current = chunk;
            return slot;
        }
        let small = self.slots.iter().position(|slots| slots.len() < CHUNK);
        let chunk = small.unwrap_or_else(|| {
            if self.slots.len() < CHUNKS {
                self.slots.push(Vec::new());
                self.free.push(VecDeque::new());
            }
            self.slots.len() - 1
        });
        self.current = chunk;
        let old = self.slots[chunk].len();
        let more = old.clamp(FIRST_ROWS, CHUNK);
        for i in old..old + more {
            batches[self.batch + chunk].push(&PacketRow::hidden());
            self.slots[chunk].push(Slot {
                id: PacketId { sender: PeerId(0), count: 0 },
                entity: Entity::PLACEHOLDER,
                done: 0,
                taken: false,
                ended: false,
                from: PeerId(0),
                to: PeerId(0),
            });
            self.free[chunk].push_back((chunk * CHUNK + i) as u32);
        }
        self.free[chunk].pop_front().unwrap_or_default()
    }

    /// Notes in the calendar when a slot is done.
    fn enter(&mut self, done: Micros, slot: u32) {
        let bucket = (done / self.width).max(self.today);
        let ahead = (bucket - self.today) as usize;
        match self.calendar.get_mut(ahead) {
            Some(list) => list.push(slot),
            None => self.far.entry(bucket).or_default().push(slot),
        }
    }

    fn remember(&mut self, id: PacketId, slot: u32) {
        let sender = id.sender.0 as usize;
        if self.senders.len() <= sender {
            self.senders.resize_with(sender + 1, Sent::default);
        }
        let sent = &mut self.senders[sender];
        let next = sent.first.wrapping_add(sent.slots.len() as u32);
        if sent.slots.is_empty() {
            sent.first = id.count;
        } else if id.count >= next && id.count - next <= LONGEST_GAP {
            sent.slots.extend((next..id.count).map(|_| NONE));
        } else if id.count < next && id.count >= sent.first {
            sent.slots[(id.count - sent.first) as usize] = slot;
            return;
        } else {
            sent.slots.clear();
            sent.first = id.count;
        }
        sent.slots.push_back(slot);
    }

    fn slot_of(&self, id: PacketId) -> Option<u32> {
        let sent = self.senders.get(id.sender.0 as usize)?;
        let slot = *sent.slots.get(id.count.checked_sub(sent.first)? as usize)?;
        (slot != NONE && self.slot(slot).taken && self.slot(slot).id == id).then_some(slot)
    }

    fn forget(&mut self, id: PacketId) {
        let Some(sent) = self.senders.get_mut(id.sender.0 as usize) else {
            return;
        };
        if let Some(slot) = id.count.checked_sub(sent.first).and_then(|i| sent.slots.get_mut(i as usize)) {
            *slot = NONE;
        }
        while sent.slots.front() == Some(&NONE) {
            sent.slots.pop_front();
            sent.first = sent.first.wrapping_add(1);
        }
    }
}

/// A row as it was last written: the layer's bytes are the one place where it stands.
fn row_of(batch: &Batch, row: usize) -> PacketRow {
    let stride = size_of::<PacketRow>();
    bytemuck::pod_read_unaligned(&batch.bytes()[row * stride..(row + 1) * stride])
}

/// The chunk of a slot; the last one has no end.
fn chunk_of(slot: u32) -> usize {
    (slot as usize / CHUNK).min(CHUNKS - 1)
}

/// The place of a slot in its chunk.
fn local_of(slot: u32) -> usize {
    slot as usize - chunk_of(slot) * CHUNK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::vocabulary::{PacketForm, Tint};

    const CLOCK: Clock = Clock { epoch: 0, per_second: 1e6, wall_epoch: 0 };
    const STEP: Micros = 16_667;

    fn launch(sender: u32, count: u32, departs: Micros, arrives: Micros) -> Launch {
        let packet = vocabulary::Packet {
            id: PacketId { sender: PeerId(sender), count },
            from: PeerId(sender),
            to: PeerId(sender + 1),
            departs,
            arrives,
            form: PacketForm::Content,
            tint: Tint::Data,
            piece: None,
            letter: [0; 2],
            layers: 0,
        };
        let way = Way { from: [0.0; 2], to: [100.0, 0.0], from_reach: 20.0, to_reach: 20.0, bend: 0.0 };
        Launch { packet, way, peer_r: 21.0 }
    }

    fn world() -> (World, Entity) {
        let mut world = World::new();
        let layer = world.spawn(Layer { batches: Flights::batches().collect(), ..Layer::default() }).id();
        (world, layer)
    }

    fn count(world: &mut World) -> usize {
        world.query::<&Packet>().iter(world).count()
    }

    #[test]
    fn every_packet_lands_when_it_should_and_not_before() {
        let (mut world, layer) = world();
        let mut flights = Flights::new(0, 0, STEP);
        let ends = [1, STEP - 1, STEP, 5 * STEP + 3, 300 * STEP, 5_000 * STEP + 7];
        let launches = ends.iter().enumerate().map(|(i, end)| launch(i as u32, 0, 0, *end));
        flights.depart(&mut world, layer, &CLOCK, launches);
        assert_eq!((flights.len(), count(&mut world)), (6, 6));
        for (i, end) in ends.iter().enumerate() {
            flights.land(&mut world, end - 1, 0);
            assert_eq!(count(&mut world), 6 - i, "before {end}");
            flights.land(&mut world, *end, 0);
            assert_eq!(count(&mut world), 5 - i, "at {end}");
        }
        assert!(flights.is_empty());
    }

    #[test]
    fn a_lost_packet_stays_as_long_as_its_cross_by_the_wall() {
        let (mut world, layer) = world();
        let mut flights = Flights::new(0, 0, STEP);
        flights.depart(&mut world, layer, &CLOCK, [launch(3, 7, 0, 1_000_000), launch(3, 8, 0, 1_000_000)]);
        let lost = (PacketId { sender: PeerId(3), count: 7 }, 500_000, PacketEnd::Lost);
        let gone = flights.end(&mut world, layer, &CLOCK, (500_000, 30), lost).unwrap();
        assert_eq!(gone, 30 + 19);
        assert_eq!(flights.land(&mut world, 999_999, 48), 0);
        assert_eq!(flights.land(&mut world, 1_000_000, 48), 1, "the other one lands, the lost one still fades");
        assert_eq!(flights.land(&mut world, 1_000_000, 49), 1);
        assert_eq!(flights.end(&mut world, layer, &CLOCK, (1_000_000, 50), lost), None, "it is no more");
        assert_eq!(count(&mut world), 0);
    }

    #[test]
    fn a_hundred_thousand_under_way_are_written_in_short_ranges() {
        let (mut world, layer) = world();
        let mut flights = Flights::new(0, 0, STEP);
        let births = 1_700;
        let mut uploaded = 0;
        for step in 0..180_u64 {
            let now = step * STEP;
            flights.land(&mut world, now, step);
            let launches = (0..births).map(|i| launch(i, step as u32, now, now + 1_000_000));
            flights.depart(&mut world, layer, &CLOCK, launches);
            let mut layer = world.get_mut::<Layer>(layer).unwrap();
            let rows: usize = layer.batches.iter_mut().filter_map(Batch::take_changed).map(|r| r.len()).sum();
            if step >= 120 {
                uploaded += rows;
            }
        }
        let alive = count(&mut world);
        assert!((100_000..=104_000).contains(&alive), "{alive} under way");
        assert_eq!(alive, flights.len());
        assert!(uploaded / 60 < 3 * births as usize, "{} rows a step for {births} births", uploaded / 60);
    }

    #[test]
    fn clearing_leaves_nothing() {
        let (mut world, layer) = world();
        let mut flights = Flights::new(0, 0, STEP);
        flights.depart(&mut world, layer, &CLOCK, (0..1_000).map(|i| launch(i, 0, 0, 1_000_000)));
        assert_eq!(count(&mut world), 1_000);
        flights.clear(&mut world);
        assert_eq!((count(&mut world), flights.len()), (0, 0));
    }
}
