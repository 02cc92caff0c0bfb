//! The focus: a ring that Tab moves over everything touchable, for whoever has keys and no reach.
//!
//! It walks in reading order, row by row; a network's peers come together, where the network stands. It stays with a thing
//! by what the thing does, so a page may be laid anew under it. A touch ends it, and so do ten seconds without a key.
//!
//! ```
//! use peerscape::{deck::action::Action, input::focus::Focus, slides::{Area, Hit, Touch}};
//!
//! let control = |x: f32, action| Hit {
//!     area: Area::Rect([x, 984.0, 72.0, 72.0], 36.0),
//!     does: Touch::Action(action),
//!     name: String::new(),
//!     enabled: true,
//! };
//! let hits = [control(1784.0, Action::NextTopic), control(64.0, Action::PreviousTopic)];
//! let mut focus = Focus::default();
//! focus.next(&hits, 0);
//! assert_eq!(focus.current(&hits), Some(1), "the left one is read first");
//! assert!(!focus.tick(599));
//! assert!(focus.tick(600), "ten seconds are over");
//! assert_eq!(focus.current(&hits), None);
//! ```

use super::{picking::centre, steps_of_ms};
use crate::{
    ink::sheet::Vec2,
    slides::{Hit, Touch},
};
use std::collections::BTreeMap;

/// The focus ends this long after the last key.
pub const FOCUS_LASTS: u64 = steps_of_ms(10_000);

/// What stands within this of a row's first thing is read as the same row: half of the least target.
const ROW: f32 = 32.0;

/// A thing on a page, by what it does: which of several that do the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HitKey {
    /// What it does.
    pub does: Touch,
    /// How many before it in the page's list do the same.
    pub nth: usize,
}

impl HitKey {
    /// The key of a hit of a page.
    #[must_use]
    pub fn of(hits: &[Hit], index: usize) -> Option<Self> {
        let does = hits.get(index)?.does;
        Some(Self { does, nth: hits[..index].iter().filter(|h| h.does == does).count() })
    }

    /// Where in a page the thing is now, if it is still there.
    #[must_use]
    pub fn find(self, hits: &[Hit]) -> Option<usize> {
        hits.iter().enumerate().filter(|(_, h)| h.does == self.does).nth(self.nth).map(|(i, _)| i)
    }
}

/// Where the focus is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Focus {
    on: Option<HitKey>,
    /// Where it was last, so that Tab goes on from there if the thing is gone.
    place: Option<Vec2>,
    last: u64,
}

impl Focus {
    /// Moves on; begins at the first thing.
    pub fn next(&mut self, hits: &[Hit], step: u64) {
        self.walk(hits, step, true);
    }

    /// Moves back; begins at the last thing.
    pub fn previous(&mut self, hits: &[Hit], step: u64) {
        self.walk(hits, step, false);
    }

    fn walk(&mut self, hits: &[Hit], step: u64, forward: bool) {
        self.tick(step);
        let order = reading_order(hits);
        let count = order.len();
        let here = self.current(hits).and_then(|i| order.iter().position(|&o| o == i));
        let to = match here {
            _ if count == 0 => None,
            Some(i) => Some(if forward { (i + 1) % count } else { (i + count - 1) % count }),
            // The thing was taken away: go on beside where it stood.
            None if self.on.is_some() => self.place.and_then(|p| nearest(hits, &order, p)),
            None => Some(if forward { 0 } else { count - 1 }),
        };
        let Some(index) = to.map(|i| order[i]) else {
            self.end();
            return;
        };
        self.on = HitKey::of(hits, index);
        self.place = Some(centre(hits[index].area));
        self.last = step;
    }

    /// Moves so many things of one kind on, round and round; begins at `from`, else at the first or last of them.
    pub fn choose(&mut self, hits: &[Hit], by: isize, from: Option<usize>, step: u64, of: impl Fn(Touch) -> bool) {
        self.tick(step);
        let order: Vec<usize> = reading_order(hits).into_iter().filter(|i| of(hits[*i].does)).collect();
        if order.is_empty() {
            return;
        }
        let here = self.current(hits).or(from).and_then(|i| order.iter().position(|&o| o == i));
        let to = match here {
            Some(i) => i.cast_signed() + by,
            None if by > 0 => 0,
            None => -1,
        };
        let index = order[to.rem_euclid(order.len().cast_signed()).cast_unsigned()];
        self.on = HitKey::of(hits, index);
        self.place = Some(centre(hits[index].area));
        self.last = step;
    }

    /// A key was used on what has the focus: it stays ten seconds more.
    pub fn used(&mut self, step: u64) {
        self.last = step;
    }

    /// Ends the focus: a touch came, or Esc.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// Ends the focus when its time is over, and says whether it just ended.
    pub fn tick(&mut self, step: u64) -> bool {
        let over = self.next_wake().is_some_and(|wake| wake <= step);
        if over {
            self.end();
        }
        over
    }

    /// What has the focus, by its place in the page's list. None where the page no longer has the thing.
    #[must_use]
    pub fn current(&self, hits: &[Hit]) -> Option<usize> {
        self.on?.find(hits)
    }

    /// Whether a focus shows on this page: keys then mean what `focus` binds.
    #[must_use]
    pub fn shows(&self, hits: &[Hit]) -> bool {
        self.current(hits).is_some()
    }

    /// The step at which it ends by itself.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        self.on.map(|_| self.last + FOCUS_LASTS)
    }
}

/// Everything on a page that can be acted on, in the order in which it is read.
#[must_use]
pub fn reading_order(hits: &[Hit]) -> Vec<usize> {
    let mut networks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    // Each block is read as one: a control by itself, a network with all of its peers.
    let mut blocks: Vec<(Vec2, Vec<usize>)> = Vec::new();
    for (i, hit) in hits.iter().enumerate().filter(|(_, h)| h.enabled) {
        match hit.does {
            Touch::Nothing => {}
            Touch::Peer { network, .. } => networks.entry(network).or_default().push(i),
            _ => blocks.push((centre(hit.area), vec![i])),
        }
    }
    for peers in networks.into_values() {
        let places: Vec<(Vec2, usize)> = peers.iter().map(|&i| (centre(hits[i].area), i)).collect();
        let (mut least, mut most) = ([f32::MAX; 2], [f32::MIN; 2]);
        for (place, _) in &places {
            for axis in 0..2 {
                least[axis] = least[axis].min(place[axis]);
                most[axis] = most[axis].max(place[axis]);
            }
        }
        blocks.push(([(least[0] + most[0]) * 0.5, (least[1] + most[1]) * 0.5], by_rows(places)));
    }
    by_rows(blocks).into_iter().flatten().collect()
}

/// Sorts things by rows, top to bottom, each from left to right.
fn by_rows<T>(mut things: Vec<(Vec2, T)>) -> Vec<T> {
    things.sort_by(|(a, _), (b, _)| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    let mut first = 0;
    for i in 1..=things.len() {
        if i == things.len() || things[i].0[1] - things[first].0[1] > ROW {
            things[first..i].sort_by(|(a, _), (b, _)| a[0].total_cmp(&b[0]));
            first = i;
        }
    }
    things.into_iter().map(|(_, thing)| thing).collect()
}

fn nearest(hits: &[Hit], order: &[usize], to: Vec2) -> Option<usize> {
    let far = |&i: &usize| super::fingers::apart(centre(hits[order[i]].area), to);
    (0..order.len()).min_by(|a, b| far(a).total_cmp(&far(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{deck::action::Action, sim::vocabulary::PeerId, slides::Area};

    fn control(x: f32, y: f32, action: Action) -> Hit {
        let area = Area::Rect([x - 36., y - 36., 72., 72.], 36.);
        Hit { area, does: Touch::Action(action), name: format!("{action:?}"), enabled: true }
    }

    fn peer(network: usize, n: u32, x: f32, y: f32) -> Hit {
        let does = Touch::Peer { network, peer: PeerId(n) };
        Hit { area: Area::Circle([x, y], 35.), does, name: format!("{network}.{n}"), enabled: true }
    }

    fn page() -> Vec<Hit> {
        vec![
            peer(1, 0, 1400., 300.),
            peer(1, 1, 1300., 600.),
            peer(0, 0, 500., 310.),
            peer(0, 1, 600., 600.),
            peer(0, 2, 400., 605.),
            control(1820., 1020., Action::NextTopic),
            control(100., 1022., Action::PreviousTopic),
            control(60., 60., Action::Look),
            control(470., 1018., Action::Look),
            Hit { does: Touch::Nothing, ..control(900., 500., Action::Help) },
            Hit { enabled: false, ..control(760., 1020., Action::Back) },
        ]
    }

    #[test]
    fn walks_in_reading_order_network_by_network() {
        let hits = page();
        let names: Vec<_> = reading_order(&hits).into_iter().map(|i| hits[i].name.as_str()).collect();
        assert_eq!(names, ["Look", "0.0", "0.2", "0.1", "1.0", "1.1", "PreviousTopic", "Look", "NextTopic"]);
        let mut focus = Focus::default();
        let mut walked = Vec::new();
        for step in 0..9 {
            focus.next(&hits, step);
            walked.extend(focus.current(&hits));
        }
        assert_eq!(walked, reading_order(&hits));
        focus.next(&hits, 9);
        assert_eq!(focus.current(&hits), Some(7), "round again");
        focus.previous(&hits, 10);
        assert_eq!(focus.current(&hits), Some(5), "and back");
    }

    #[test]
    fn chooses_among_things_of_one_kind() {
        let hits = page();
        let peers = |touch| matches!(touch, Touch::Peer { .. });
        let (mut focus, mut walked) = (Focus::default(), Vec::new());
        for step in 0..6 {
            focus.choose(&hits, 1, None, step, peers);
            walked.extend(focus.current(&hits).map(|i| hits[i].name.as_str()));
        }
        assert_eq!(walked, ["0.0", "0.2", "0.1", "1.0", "1.1", "0.0"], "peers alone, and round again");
        focus.choose(&hits, -2, None, 6, peers);
        assert_eq!(focus.current(&hits), Some(0), "and back");
        focus.end();
        focus.choose(&hits, 1, Some(4), 7, peers);
        assert_eq!(focus.current(&hits), Some(3), "from where it is told to begin");
        focus.choose(&hits, 1, None, 8, |_| false);
        assert_eq!(focus.current(&hits), Some(3), "of what isn't there nothing is chosen");
    }

    #[test]
    fn stays_with_a_thing_when_the_page_is_laid_anew() {
        let hits = page();
        let mut focus = Focus::default();
        focus.previous(&hits, 0);
        focus.previous(&hits, 1);
        assert_eq!(focus.current(&hits), Some(8), "the second of two that change the look");
        let mut moved = hits.clone();
        moved.drain(..5);
        assert_eq!(focus.current(&moved), Some(3), "the same control at another place in the list");
        moved.remove(3);
        assert!(!focus.shows(&moved), "gone, so Enter means `next` again");
        focus.next(&moved, 2);
        assert_eq!(moved[focus.current(&moved).expect("beside where it stood")].name, "PreviousTopic");
    }

    #[test]
    fn ends_by_itself_and_at_a_touch() {
        let hits = page();
        let mut focus = Focus::default();
        focus.next(&hits, 100);
        focus.used(300);
        assert_eq!(focus.next_wake(), Some(900));
        assert!(!focus.tick(899));
        assert!(focus.tick(900));
        assert!(!focus.tick(901), "it ended once");
        focus.next(&hits, 1000);
        focus.end();
        assert!(!focus.shows(&hits));
        focus.next(&[], 1001);
        assert!(!focus.shows(&hits), "an empty page has no focus");
    }
}
