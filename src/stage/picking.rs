//! What a finger meant: of all peers within reach, the one whose centre is nearest.

use crate::{ink::sheet::Vec2, sim::vocabulary::PeerId};

/// The least radius that answers a touch, in reference pixels: a finger is as wide, however small the peer.
pub const LEAST_TOUCH: f32 = 36.0;

/// How far beyond a peer's edge a touch still means it, in reference pixels.
pub const TOUCH_MARGIN: f32 = 7.0;

/// A peer that can be touched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touchable {
    /// Which network of the scene.
    pub network: usize,
    /// Who it is.
    pub peer: PeerId,
    /// Its centre.
    pub at: Vec2,
    /// How far it reaches from its centre.
    pub reach: f32,
}

impl Touchable {
    /// How far from the centre a touch means this peer.
    #[must_use]
    pub fn touch_radius(&self) -> f32 {
        (self.reach + TOUCH_MARGIN).max(LEAST_TOUCH)
    }
}

/// The peer that a touch at `point` means. Where several are within reach the nearest centre decides, then the order.
#[must_use]
pub fn nearest(touchable: impl IntoIterator<Item = Touchable>, point: Vec2) -> Option<Touchable> {
    let mut best: Option<(f32, Touchable)> = None;
    for candidate in touchable {
        let away = (candidate.at[0] - point[0]).hypot(candidate.at[1] - point[1]);
        if away <= candidate.touch_radius() && best.is_none_or(|(least, _)| away < least) {
            best = Some((away, candidate));
        }
    }
    best.map(|(_, touchable)| touchable)
}

/// In how many straight parts a bent line is looked at.
const PARTS: usize = 8;

/// Whether a finger's way crosses a line from `a` to `b` that bows by `bend` to the right of its way, as it is drawn.
#[must_use]
pub fn crosses((from, to): (Vec2, Vec2), (a, b): (Vec2, Vec2), bend: f32) -> bool {
    let far = (b[0] - a[0]).hypot(b[1] - a[1]).max(f32::EPSILON);
    let right = [-(b[1] - a[1]) / far, (b[0] - a[0]) / far];
    let on = |part: usize| {
        let s = part as f32 / PARTS as f32;
        let off = 4.0 * bend * s * (1.0 - s);
        [a[0] + (b[0] - a[0]) * s + right[0] * off, a[1] + (b[1] - a[1]) * s + right[1] * off]
    };
    // On which side of the way from `p` to `q` a point lies.
    let side = |p: Vec2, q: Vec2, at: Vec2| (q[0] - p[0]) * (at[1] - p[1]) - (q[1] - p[1]) * (at[0] - p[0]);
    (0..PARTS).any(|part| {
        let (p, q) = (on(part), on(part + 1));
        // A way that ends on the line has not crossed it; the next stretch, which begins there, does.
        (side(p, q, from) > 0.0) != (side(p, q, to) > 0.0) && (side(from, to, p) > 0.0) != (side(from, to, q) > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(id: u32, x: f32, reach: f32) -> Touchable {
        Touchable { network: 0, peer: PeerId(id), at: [x, 0.0], reach }
    }

    #[test]
    fn the_nearest_centre_decides_where_several_are_in_reach() {
        let all = [peer(0, 0.0, 21.0), peer(1, 50.0, 21.0)];
        assert_eq!(nearest(all, [20.0, 0.0]).map(|t| t.peer), Some(PeerId(0)));
        assert_eq!(nearest(all, [30.0, 0.0]).map(|t| t.peer), Some(PeerId(1)));
    }

    #[test]
    fn a_small_peer_answers_as_far_as_a_finger_is_wide() {
        assert!(nearest([peer(0, 0.0, 4.0)], [35.0, 0.0]).is_some());
        assert!(nearest([peer(0, 0.0, 4.0)], [37.0, 0.0]).is_none());
        assert!(nearest([peer(0, 0.0, 62.0)], [68.0, 0.0]).is_some());
        assert!(nearest([peer(0, 0.0, 62.0)], [70.0, 0.0]).is_none());
    }

    #[test]
    fn a_stroke_crosses_what_it_crosses() {
        let line = ([0.0, 0.0], [100.0, 0.0]);
        let table = [
            ("straight across", [50.0, -10.0], [50.0, 10.0], 0.0, true),
            ("short of it", [50.0, -10.0], [50.0, -1.0], 0.0, false),
            ("beside its end", [110.0, -10.0], [110.0, 10.0], 0.0, false),
            ("along it", [10.0, -5.0], [90.0, -5.0], 0.0, false),
            ("under a bow to the right", [50.0, 10.0], [50.0, -10.0], 40.0, false),
            ("through a bow to the right", [50.0, 30.0], [50.0, 50.0], 40.0, true),
            ("through a bow to the left", [50.0, -30.0], [50.0, -50.0], -40.0, true),
            ("nowhere", [50.0, 0.0], [50.0, 0.0], 0.0, false),
        ];
        for (what, from, to, bend, expected) in table {
            assert_eq!(crosses((from, to), line, bend), expected, "{what}");
            assert_eq!(crosses((to, from), line, bend), expected, "{what}, the other way");
        }
        // However a way is parted, each line is crossed once.
        let stops = [[50.0, -10.0], [50.0, -1.0], [50.0, 0.0], [50.0, 0.0], [50.0, 4.0]];
        let times = stops.windows(2).filter(|two| crosses((two[0], two[1]), line, 0.0)).count();
        assert_eq!(times, 1);
    }
}
