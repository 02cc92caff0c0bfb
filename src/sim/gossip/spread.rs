//! The rules of a rumour: `push`, `pull`, `push-pull` and `rumour`.
//!
//! Rounds are synchronous: what one says in a round is what it knew when the round began. In *push* all who know call and
//! tell; in *pull* all who don't know call and ask, and who knows answers; in *push-pull* all call, who knows tells, and
//! who is asked by one that doesn't know answers. In *rumour* who knows and still cares tells, and hears back whether that
//! was of use, which it was if the called one did not know when the round began; after `k` calls in vain with none of use
//! in between it stops for good, as in Demers and others, *Epidemic algorithms for replicated database maintenance* (1987),
//! with feedback and a counter.

use super::{Config, Event, Mode, Net, Partners, ROUND, round_draws};
use crate::sim::{
    kernel::{measure::Measure, queue::Key},
    model::{CardRow, CardValue},
    vocabulary::{Bits, Camp, Happening, PacketEnd, PacketId, Peer, PeerId, PeerKind, PieceId, Word},
};

/// Of who has not heard.
const NEVER: u32 = u32::MAX;
/// Who knows first.
const FIRST: u32 = 0;

/// A rumour on its way round.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    mode: Mode,
    fanout: u32,
    /// How many calls in vain make a teller stop.
    k: u8,
    /// The round under way; the first is 1.
    round: u32,
    /// In which round one heard.
    heard: Vec<u32>,
    /// In `rumour`: how many calls in a row were in vain; `k` once one has stopped telling.
    in_vain: Vec<u8>,
    /// How many know, whether they run or not.
    known: u32,
    /// How many run and don't know.
    missing: u32,
    /// How many messages carried the rumour.
    told: u64,
    /// In `rumour`: how many still tell, whether they run or not.
    tellers: u32,
    partners: Partners,
}

impl Spread {
    pub(super) fn new(config: &Config) -> Self {
        let nodes = config.nodes as usize;
        let mut heard = vec![NEVER; nodes];
        heard[FIRST as usize] = 0;
        Self {
            mode: config.mode,
            fanout: config.fanout,
            k: config.k,
            round: 0,
            heard,
            in_vain: if config.mode == Mode::Rumour { vec![0; nodes] } else { Vec::new() },
            known: 1,
            missing: config.nodes - 1,
            told: 0,
            tellers: 1,
            partners: Partners::new(config.nodes, config.fanout),
        }
    }

    fn knows(&self, who: u32) -> bool {
        self.heard[who as usize] != NEVER
    }

    /// Whether one knew when the present round began.
    fn knew(&self, who: u32) -> bool {
        self.heard[who as usize] < self.round
    }

    /// Whether one knows and would tell.
    pub(super) fn cares(&self, who: u32) -> bool {
        self.knows(who) && self.in_vain.get(who as usize).is_none_or(|vain| *vain < self.k)
    }

    fn calls(&self, who: u32) -> bool {
        match self.mode {
            Mode::Pull => !self.knows(who),
            Mode::PushPull => true,
            Mode::Push | Mode::Rumour | Mode::Average => self.cares(who),
        }
    }

    /// Whether another round can change anything, given who takes part.
    pub(super) fn goes_on(&self, net: &Net) -> bool {
        if self.mode == Mode::Rumour {
            return self.tellers > 0 && (net.stops.is_empty() || self.any(net, |who| self.cares(who)));
        }
        self.missing > 0 && net.running > self.missing
    }

    fn any(&self, net: &Net, holds: impl Fn(u32) -> bool) -> bool {
        (0..net.nodes).any(|who| net.runs(who) && holds(who))
    }

    /// Counts anew who runs and doesn't know.
    pub(super) fn count_missing(&mut self, net: &Net) {
        self.missing = (0..net.nodes).filter(|who| net.runs(*who) && !self.knows(*who)).count() as u32;
    }

    pub(super) fn happens(&mut self, net: &mut Net, key: Key, event: Event) {
        let (from, to) = (key.from, key.to);
        if event == Event::Round {
            return self.begin_round(net);
        }
        if !net.is_there(to, key.at) {
            // Who was stopped while it came has been told of its end already.
            if !net.runs(to) && net.stops.get(&to).is_some_and(|stopped| *stopped < key.at - super::HOP) {
                let id = PacketId { sender: PeerId(from), count: key.count };
                net.world.tell(|| Happening::Ends { id, at: key.at, end: PacketEnd::Lost });
            }
            return;
        }
        match event {
            Event::Call { tells } => self.called(net, from, to, tells),
            Event::Told => self.hear(net, to),
            Event::Feedback { useful } => self.feedback(net, to, useful),
            Event::Round | Event::Offer { .. } | Event::Answer { .. } => {}
        }
    }

    fn begin_round(&mut self, net: &mut Net) {
        if !self.goes_on(net) {
            net.idle = true;
            return;
        }
        self.round += 1;
        let chance = net.world.chance();
        let mut partners = std::mem::take(&mut self.partners);
        for who in 0..net.nodes {
            if !self.calls(who) || !net.runs(who) {
                continue;
            }
            let tells = self.knows(who);
            let mut draws = round_draws(chance, who, self.round);
            partners.draw(&mut draws, who, self.fanout, net.nodes, |other| {
                self.told += u64::from(tells);
                net.send(who, other, Event::Call { tells });
            });
        }
        self.partners = partners;
        net.set_round(ROUND);
    }

    fn called(&mut self, net: &mut Net, from: u32, to: u32, tells: bool) {
        let knew = self.knew(to);
        if tells {
            if self.mode == Mode::Rumour {
                net.send(to, from, Event::Feedback { useful: !knew });
            }
            self.hear(net, to);
        } else if knew {
            self.told += 1;
            net.send(to, from, Event::Told);
        }
    }

    fn hear(&mut self, net: &mut Net, who: u32) {
        if self.knows(who) {
            return;
        }
        self.heard[who as usize] = self.round;
        self.known += 1;
        self.missing -= 1;
        if self.mode == Mode::Rumour {
            self.tellers += 1;
        }
        if net.world.is_watched() {
            self.tell_heard(net, who);
        }
    }

    /// Tells that one has heard, apart from the way that a run without a watcher takes.
    #[cold]
    #[inline(never)]
    fn tell_heard(&self, net: &mut Net, who: u32) {
        let at = net.world.now();
        net.world.tell(|| Happening::Holds { peer: PeerId(who), piece: PieceId(0), at });
        self.tell_camp(net, who);
    }

    fn feedback(&mut self, net: &mut Net, who: u32, useful: bool) {
        let vain = &mut self.in_vain[who as usize];
        // Who has stopped telling stays so; its last calls may still be answered.
        if *vain >= self.k {
            return;
        }
        *vain = if useful { 0 } else { *vain + 1 };
        if *vain == self.k {
            self.tellers -= 1;
            self.tell_camp(net, who);
        }
    }

    /// A visitor tells one the rumour, as new.
    pub(super) fn hears_anew(&mut self, net: &mut Net, who: u32) {
        self.hear(net, who);
        if let Some(vain) = self.in_vain.get_mut(who as usize) {
            self.tellers += u32::from(*vain >= self.k);
            *vain = 0;
        }
    }

    /// In `rumour` a teller looks another than who has stopped telling.
    fn tell_camp(&self, net: &mut Net, who: u32) {
        if self.mode == Mode::Rumour {
            net.world.tell(|| Happening::Peer(Box::new(self.peer(who))));
        }
    }

    pub(super) fn peer(&self, who: u32) -> Peer {
        let pieces = if self.knows(who) { Bits::all(1) } else { Bits::none(1) };
        let camp = if self.mode == Mode::Rumour && self.cares(who) { Camp::A } else { Camp::Neither };
        Peer { camp, ..Peer::new(PeerId(who), PeerKind::Peer, pieces) }
    }

    pub(super) fn card(&self, who: u32) -> Vec<CardRow> {
        let mut rows = Vec::new();
        if self.knows(who) {
            rows.push(CardRow::new("heard", CardValue::Count(self.heard[who as usize].into())));
        }
        if let Some(vain) = self.in_vain.get(who as usize) {
            rows.push(CardRow::new("in_vain", CardValue::Of((*vain).into(), self.k.into())));
        }
        rows
    }

    pub(super) fn states(&self, net: &Net) -> Vec<Word> {
        if net.running > 0 && self.missing == 0 {
            vec!["all_know"]
        } else if net.running == self.missing {
            vec!["forgotten"]
        } else if self.mode == Mode::Rumour && !self.goes_on(net) {
            vec!["died_out"]
        } else {
            Vec::new()
        }
    }

    /// After how many rounds all knew who take part.
    pub(super) fn rounds(&self, net: &Net) -> Option<f64> {
        if self.missing > 0 || net.running == 0 {
            return None;
        }
        let heard = self.heard.iter().enumerate().filter(|(who, _)| net.runs(*who as u32)).map(|(_, round)| *round);
        heard.max().map(f64::from)
    }

    pub(super) fn known_share(&self) -> f64 {
        f64::from(self.known) / self.heard.len() as f64
    }

    /// Messages that carried the rumour, for each computer.
    pub(super) fn traffic(&self) -> f64 {
        self.told as f64 / self.heard.len() as f64
    }

    /// The mean and the last round in which one of those heard who did not know at first.
    pub(super) fn delays(&self) -> (Option<f64>, Option<f64>) {
        let heard = self.heard.iter().filter(|round| **round != NEVER && **round > 0);
        let measure: Measure = heard.map(|round| f64::from(*round)).collect();
        (measure.mean(), measure.max())
    }
}
