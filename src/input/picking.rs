//! Picking: which part of a page answers a touch.
//!
//! The top part that contains the point answers. Peers reach further than they are drawn, to `max(R + 7, 36)`; where
//! several reach a point the nearest centre decides, so that among many small peers each has a cell of its own. What a
//! peer reaches beyond its drawn shape never takes a touch from a control that is drawn there.
//!
//! ```
//! use peerscape::{input::picking::pick, sim::vocabulary::PeerId, slides::{Area, Hit, Touch}};
//!
//! let peer = |n: u32, x: f32| Hit {
//!     area: Area::Circle([x, 500.0], 12.0),
//!     does: Touch::Peer { network: 0, peer: PeerId(n) },
//!     name: String::new(),
//!     enabled: true,
//! };
//! let hits = [peer(0, 100.0), peer(1, 130.0)];
//! assert_eq!(pick(&hits, [113.0, 500.0]), Some(0));
//! assert_eq!(pick(&hits, [117.0, 500.0]), Some(1));
//! assert_eq!(pick(&hits, [200.0, 500.0]), None);
//! ```

use super::{fingers::apart, gestures::Owner};
use crate::{
    ink::sheet::Vec2,
    slides::{Area, Hit, Touch},
};

/// A peer is touched this far around what is drawn of it.
pub const PEER_MARGIN: f32 = 7.0;

/// No peer is harder to touch than one of this radius (half of a finger's 72 px).
pub const LEAST_REACH: f32 = 36.0;

/// How far a peer of this radius reaches.
#[must_use]
pub fn reach(radius: f32) -> f32 {
    (radius + PEER_MARGIN).max(LEAST_REACH)
}

/// An area's middle.
#[must_use]
pub fn centre(area: Area) -> Vec2 {
    match area {
        Area::Rect([x, y, w, h], _) => [x + w * 0.5, y + h * 0.5],
        Area::Circle(c, _) => c,
    }
}

/// Whether a peer drawn in this area reaches the point.
fn reaches(area: Area, p: Vec2) -> bool {
    match area {
        Area::Circle(c, r) => apart(c, p) <= reach(r),
        Area::Rect([_, _, w, h], _) => {
            let c = centre(area);
            (p[0] - c[0]).abs() <= reach(w * 0.5) && (p[1] - c[1]).abs() <= reach(h * 0.5)
        }
    }
}

fn is_peer(hit: &Hit) -> bool {
    matches!(hit.does, Touch::Peer { .. })
}

/// The hit that answers a touch at a point, by its place in the list (the top one last). Peers' areas are as drawn; what
/// they reach beyond that is added here. A dimmed control answers too: it takes the touch and does nothing.
#[must_use]
pub fn pick(hits: &[Hit], at: Vec2) -> Option<usize> {
    let plain = hits.iter().rposition(|h| !is_peer(h) && h.area.contains(at));
    let above = plain.map_or(0, |i| i + 1);
    let nearest = |reached: &dyn Fn(&Hit) -> bool| {
        let peers = hits.iter().enumerate().skip(above).filter(|(_, h)| is_peer(h) && reached(h));
        // Of two equally near the upper one, which comes later.
        peers.min_by(|(i, a), (j, b)| apart(centre(a.area), at).total_cmp(&apart(centre(b.area), at)).then(j.cmp(i)))
    };
    let drawn = nearest(&|h| h.area.contains(at));
    let within_reach = || {
        // A sheet that only takes touches leaves the peers on it their whole reach; a control does not.
        let open = plain.is_none_or(|i| hits[i].does == Touch::Nothing);
        nearest(&|h| reaches(h.area, at)).filter(|_| open)
    };
    drawn.or_else(within_reach).map(|(i, _)| i).or(plain)
}

/// Whose finger it is that goes down on this hit of a page; `overlay` says that something lies over the slide at that
/// point.
#[must_use]
pub fn owner(hit: Option<&Hit>, overlay: bool) -> Owner {
    match hit.map(|h| h.does) {
        Some(Touch::Peer { .. } | Touch::Block { .. }) => Owner::Scene,
        Some(Touch::Nothing) | None if overlay => Owner::Overlay,
        Some(Touch::Nothing) | None => Owner::Slide,
        Some(_) => Owner::Control,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{deck::action::Action, sim::vocabulary::PeerId};

    fn hit(area: Area, does: Touch) -> Hit {
        Hit { area, does, name: String::new(), enabled: true }
    }

    fn peer(n: u32, at: Vec2, r: f32) -> Hit {
        hit(Area::Circle(at, r), Touch::Peer { network: 0, peer: PeerId(n) })
    }

    fn control(rect: [f32; 4]) -> Hit {
        hit(Area::Rect(rect, 36.0), Touch::Action(Action::Next))
    }

    #[test]
    fn the_top_one_answers() {
        let sheet = hit(Area::Rect([0., 0., 500., 500.], 20.), Touch::Nothing);
        let table: &[(&str, Vec<Hit>, Vec2, Option<usize>)] = &[
            ("nothing there", vec![control([0., 0., 72., 72.])], [100., 10.], None),
            ("one control", vec![control([0., 0., 72., 72.])], [10., 10.], Some(0)),
            ("the upper of two", vec![control([0., 0., 72., 72.]), control([50., 0., 72., 72.])], [60., 10.], Some(1)),
            ("a sheet over a peer", vec![peer(0, [50., 50.], 35.), sheet.clone()], [50., 50.], Some(1)),
            ("a peer on a sheet", vec![sheet.clone(), peer(0, [50., 50.], 35.)], [50., 91.], Some(1)),
            (
                "a peer's drawn shape over a control",
                vec![control([0., 0., 72., 72.]), peer(0, [72., 36.], 12.)],
                [62., 36.],
                Some(1),
            ),
            (
                "a peer's reach never takes a control",
                vec![control([0., 0., 72., 72.]), peer(0, [90., 36.], 12.)],
                [70., 36.],
                Some(0),
            ),
            ("at the end of its reach", vec![peer(0, [50., 50.], 35.)], [92., 50.], Some(0)),
            ("beyond its reach", vec![peer(0, [50., 50.], 35.)], [92.5, 50.], None),
            ("a tiny peer still has 36", vec![peer(0, [50., 50.], 3.)], [85.5, 50.], Some(0)),
            ("equally near: the upper", vec![peer(0, [50., 50.], 9.), peer(1, [90., 50.], 9.)], [70., 50.], Some(1)),
            (
                "in a big server's corner its small neighbour's reach does not win",
                vec![
                    hit(Area::Rect([0., 0., 137., 137.], 12.), Touch::Peer { network: 0, peer: PeerId(0) }),
                    peer(1, [160., 130.], 12.),
                ],
                [130., 130.],
                Some(0),
            ),
        ];
        for (story, hits, at, expected) in table {
            assert_eq!(pick(hits, *at), *expected, "{story}");
        }
    }

    #[test]
    fn among_many_small_peers_the_nearest_centre_decides() {
        let hits: Vec<Hit> = (0..400).map(|n| peer(n, [(n % 20) as f32 * 22.0, (n / 20) as f32 * 22.0], 8.0)).collect();
        for i in 0..500u32 {
            let at = [(i * 37 % 440) as f32 - 3.3, (i * 91 % 430) as f32 + 1.7];
            let by_hand = (0..400usize)
                .min_by(|&a, &b| apart(centre(hits[a].area), at).total_cmp(&apart(centre(hits[b].area), at)));
            assert_eq!(pick(&hits, at), by_hand.filter(|&n| apart(centre(hits[n].area), at) <= 36.0), "at {at:?}");
        }
    }

    #[test]
    fn whoever_lies_there_owns_the_drag() {
        assert_eq!(owner(Some(&peer(0, [0., 0.], 9.)), false), Owner::Scene);
        assert_eq!(owner(Some(&control([0., 0., 9., 9.])), true), Owner::Control);
        assert_eq!(owner(None, false), Owner::Slide);
        assert_eq!(owner(None, true), Owner::Overlay);
    }
}
