//! The world that a part of a protocol acts in: it tells the time, carries events, gives draws and asks the gate. A part
//! owns no queue; a model that holds several parts has one event type made from each of theirs.

use super::{
    chance::{Chance, Draws, Purpose},
    gate::Gate,
    queue::{Key, Queue},
};
use crate::sim::vocabulary::{Happening, Micros};

/// One run's time, events, luck and gate.
#[derive(Clone, Debug)]
pub struct World<E> {
    now: Micros,
    queue: Queue<E>,
    chance: Chance,
    /// Of each peer, how many events it has sent.
    sent: Vec<u32>,
    events: u64,
    /// What stands between peers.
    pub gate: Gate,
    /// What happened, if somebody watches.
    watched: Option<Vec<Happening>>,
}

impl<E> World<E> {
    /// An empty world of so many peers at time 0.
    #[must_use]
    pub fn new(seed: u64, peers: usize) -> Self {
        Self {
            now: 0,
            queue: Queue::default(),
            chance: Chance::new(seed),
            sent: vec![0; peers],
            events: 0,
            gate: Gate::default(),
            watched: None,
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.now
    }

    /// Sends an event from one to another; it is due after `delay`. Tells how many its sender had sent before.
    pub fn send(&mut self, from: u32, to: u32, delay: Micros, event: impl Into<E>) -> u32 {
        let count = self.count(from);
        self.queue.push(Key { at: self.now.saturating_add(delay), to, from, count }, event.into());
        count
    }

    /// An event that one sends and that will change nothing where it comes: it is counted, as sent and as run, and not
    /// carried.
    pub fn send_in_vain(&mut self, from: u32) {
        self.count(from);
        self.events += 1;
    }

    fn count(&mut self, from: u32) -> u32 {
        let index = from as usize;
        if self.sent.len() <= index {
            self.sent.resize(index + 1, 0);
        }
        let count = self.sent[index];
        // Counts only break ties within one microsecond, so running round after 2^32 events changes nothing.
        self.sent[index] = count.wrapping_add(1);
        count
    }

    /// All events to come, in no order; for a watcher who wants to know what is under way.
    pub fn pending(&self) -> impl Iterator<Item = (Key, &E)> {
        self.queue.iter()
    }

    /// Sets a timer of one peer.
    pub fn timer(&mut self, who: u32, delay: Micros, event: impl Into<E>) {
        self.send(who, who, delay, event);
    }

    /// The next event due by `until`; it is then the present moment's. If there is none, `until` is the present moment.
    pub fn next(&mut self, until: Micros) -> Option<(Key, E)> {
        if let Some((key, event)) = self.queue.pop_until(until) {
            debug_assert!(key.at >= self.now, "time never runs backwards");
            self.now = key.at;
            self.events += 1;
            Some((key, event))
        } else {
            self.now = self.now.max(until);
            None
        }
    }

    /// When the next event is due.
    #[must_use]
    pub fn next_at(&self) -> Option<Micros> {
        self.queue.next()
    }

    /// How many events have run.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Draws of a peer for a purpose after so many blocks of draws; the peer keeps the count.
    #[must_use]
    pub fn draws(&self, purpose: Purpose, who: u32, count: u64) -> Draws {
        self.chance.draws_from(purpose, who, count)
    }

    /// The run's luck.
    #[must_use]
    pub fn chance(&self) -> Chance {
        self.chance
    }

    /// Begins to note what happens.
    pub fn watch(&mut self) {
        self.watched = Some(Vec::new());
    }

    /// Whether somebody watches.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.watched.is_some()
    }

    /// Notes what happened. What it was is made only for a watcher.
    pub fn tell(&mut self, what: impl FnOnce() -> Happening) {
        if let Some(row) = &mut self.watched {
            note(row, what);
        }
    }

    /// Moves what happened since the last call to the end of a row.
    pub fn take_happenings(&mut self, into: &mut Vec<Happening>) {
        if let Some(row) = &mut self.watched {
            into.append(row);
        }
    }
}

/// Apart from the way that a run without a watcher takes, so that this stays short.
#[cold]
#[inline(never)]
fn note(row: &mut Vec<Happening>, what: impl FnOnce() -> Happening) {
    row.push(what());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Ping(u32);
    #[derive(Clone, Debug, PartialEq)]
    struct Tick;
    #[derive(Clone, Debug, PartialEq)]
    enum Event {
        Ping(Ping),
        Tick(Tick),
    }
    impl From<Ping> for Event {
        fn from(ping: Ping) -> Self {
            Self::Ping(ping)
        }
    }
    impl From<Tick> for Event {
        fn from(tick: Tick) -> Self {
            Self::Tick(tick)
        }
    }

    /// A part that knows nothing of the model that holds it.
    fn answer<E: From<Ping>>(world: &mut World<E>, me: u32, from: u32, ping: &Ping) {
        if ping.0 > 0 {
            world.send(me, from, 10, Ping(ping.0 - 1));
        }
    }

    #[test]
    fn a_part_acts_in_the_world_of_whoever_holds_it() {
        let mut world: World<Event> = World::new(1, 2);
        world.send(0, 1, 10, Ping(3));
        world.timer(0, 15, Tick);
        let mut seen = Vec::new();
        while let Some((key, event)) = world.next(1000) {
            match &event {
                Event::Ping(ping) => answer(&mut world, key.to, key.from, ping),
                Event::Tick(_) => {}
            }
            seen.push((key.at, key.to, matches!(event, Event::Tick(_))));
        }
        assert_eq!(seen, [(10, 1, false), (15, 0, true), (20, 0, false), (30, 1, false), (40, 0, false)]);
        assert_eq!((world.now(), world.events(), world.next_at()), (1000, 5, None));
    }

    #[test]
    fn nobody_watching_costs_not_even_the_telling() {
        let mut world: World<Event> = World::new(1, 1);
        world.tell(|| unreachable!("nobody watches"));
        world.watch();
        world.tell(|| Happening::PeerGone(crate::sim::vocabulary::PeerId(0)));
        let mut row = Vec::new();
        world.take_happenings(&mut row);
        world.take_happenings(&mut row);
        assert_eq!(row.len(), 1);
    }
}
