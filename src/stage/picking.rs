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
}
