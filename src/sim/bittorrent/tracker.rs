//! The tracker: it knows who is there, and names some of them to whoever asks.

use super::{
    config::TOLD,
    peer::{Conn, Phase},
    swarm::{Event, Swarm, TOLD_BY_TRACKER},
};
use crate::sim::vocabulary::Micros;

/// How long the tracker takes to answer.
const TAKES: Micros = 1_000;

/// Who is there, as far as the tracker has heard.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    here: Vec<u32>,
    /// Of each peer its place in `here`.
    place: Vec<Option<u32>>,
}

impl Tracker {
    fn note(&mut self, who: u32) {
        if self.place.len() <= who as usize {
            self.place.resize(who as usize + 1, None);
        }
        if self.place[who as usize].is_none() {
            self.place[who as usize] = Some(self.here.len() as u32);
            self.here.push(who);
        }
    }

    /// A peer has gone.
    pub fn forget(&mut self, who: u32) {
        let Some(at) = self.place.get_mut(who as usize).and_then(Option::take) else { return };
        self.here.swap_remove(at as usize);
        if let Some(moved) = self.here.get(at as usize) {
            self.place[*moved as usize] = Some(at);
        }
    }
}

impl Swarm {
    /// A peer asks the tracker: it is noted, and waits for its answer.
    pub(super) fn announced(&mut self, who: u32) {
        if self.nodes[who as usize].runs() {
            self.tracker.note(who);
            self.world.timer(who, TAKES, Event::Answered);
        }
    }

    /// The tracker answers: some others are named, each as likely as any other. All who ask at once are known by then, so
    /// that of a flash crowd nobody is the first.
    pub(super) fn answered(&mut self, who: u32) {
        let here = &self.tracker.here;
        let count = self.nodes[who as usize].drawn.told;
        let mut draws = self.world.draws(TOLD_BY_TRACKER, who, count);
        let told = &mut self.nodes[who as usize].told;
        told.clear();
        if here.len() <= TOLD + 1 {
            told.extend(here.iter().copied().filter(|other| *other != who));
            draws.shuffle(told);
            told.truncate(TOLD);
        } else {
            while told.len() < TOLD {
                let other = here[draws.below(here.len() as u32) as usize];
                if other != who && !told.contains(&other) {
                    told.push(other);
                }
            }
        }
        self.nodes[who as usize].drawn.told = draws.count();
        self.world.timer(who, self.config.latency, Event::Told);
    }

    /// The tracker's answer has come: the peer opens connections until it has opened enough.
    pub(super) fn told(&mut self, who: u32) {
        let now = self.world.now();
        let told = std::mem::take(&mut self.nodes[who as usize].told);
        for other in &told {
            let node = &mut self.nodes[who as usize];
            if !node.runs() || node.friends >= self.config.opens() {
                break;
            }
            if node.to(*other).is_some() || node.banned.contains(other) {
                continue;
            }
            let slot =
                node.place(Conn::new(*other, 0, Phase::Opening, now), 2 * self.config.latency, self.config.neighbours);
            self.say(who, *other, Event::Connect { their: slot });
        }
        self.nodes[who as usize].told = told;
    }
}
