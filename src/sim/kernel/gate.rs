//! Whether anything may pass from one to another: the one question that every link asks. Behind it stand stopped peers,
//! cuts, partitions and walls.

use crate::sim::vocabulary::{LinkId, PeerId};
use std::collections::BTreeSet;

/// What stands between peers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    stopped: Vec<bool>,
    cuts: BTreeSet<LinkId>,
    sides: Vec<u16>,
}

impl Gate {
    /// Whether something may pass from one to another now.
    #[must_use]
    pub fn may_pass(&self, from: u32, to: u32) -> bool {
        self.runs(from)
            && self.runs(to)
            && (self.cuts.is_empty() || !self.cuts.contains(&LinkId::between(PeerId(from), PeerId(to))))
            && (self.sides.is_empty() || self.side(from) == self.side(to))
    }

    /// Whether a peer takes part.
    #[must_use]
    pub fn runs(&self, peer: u32) -> bool {
        !self.stopped.get(peer as usize).copied().unwrap_or(false)
    }

    /// Stops a peer or lets it run again; tells whether that changed anything.
    pub fn stop(&mut self, peer: u32, stopped: bool) -> bool {
        let index = peer as usize;
        if self.stopped.len() <= index {
            if !stopped {
                return false;
            }
            self.stopped.resize(index + 1, false);
        }
        std::mem::replace(&mut self.stopped[index], stopped) != stopped
    }

    /// Cuts the link between two peers or heals it; tells whether that changed anything.
    pub fn cut(&mut self, a: u32, b: u32, cut: bool) -> bool {
        let link = LinkId::between(PeerId(a), PeerId(b));
        if cut { self.cuts.insert(link) } else { self.cuts.remove(&link) }
    }

    /// Whether the link between two peers is cut.
    #[must_use]
    pub fn is_cut(&self, a: u32, b: u32) -> bool {
        self.cuts.contains(&LinkId::between(PeerId(a), PeerId(b)))
    }

    /// All links that are cut, in order.
    pub fn cuts(&self) -> impl Iterator<Item = LinkId> + '_ {
        self.cuts.iter().copied()
    }

    /// Parts the network: only peers of one side reach each other. An empty row joins all again.
    pub fn part(&mut self, sides: Vec<u16>) {
        self.sides = sides;
    }

    fn side(&self, peer: u32) -> u16 {
        self.sides.get(peer as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_cuts_and_partitions_all_stand_behind_one_question() {
        let mut gate = Gate::default();
        assert!(gate.may_pass(1, 2));
        assert!(gate.stop(2, true));
        assert!(!gate.stop(2, true), "it had stopped already");
        assert!(!gate.may_pass(1, 2) && !gate.may_pass(2, 1));
        assert!(gate.stop(2, false));
        assert!(gate.cut(2, 1, true));
        assert!(!gate.may_pass(1, 2) && gate.may_pass(1, 3));
        assert!(gate.is_cut(1, 2) && !gate.is_cut(1, 3));
        assert_eq!(gate.cuts().collect::<Vec<_>>(), [LinkId::between(PeerId(1), PeerId(2))]);
        assert!(gate.cut(1, 2, false));
        gate.part(vec![0, 0, 1, 1]);
        assert!(gate.may_pass(0, 1) && gate.may_pass(2, 3) && !gate.may_pass(1, 2));
        gate.part(Vec::new());
        assert!(gate.may_pass(1, 2));
    }
}
