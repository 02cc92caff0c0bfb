//! Live scenes as pictures: they move, and one seed is one picture.

use crate::{
    picture::changed,
    studio::{SMALL, alone, gallery},
};
use peerscape::app::studio::Picture;

/// Steps of the wall in a second.
const SECOND: u64 = 60;

/// A picture of a slide's scene after some seconds, by a renderer of its own.
fn after(way: &str, seconds: u64, seed: u64) -> Picture {
    let mut gallery = gallery(0, SMALL, seed);
    let at = gallery.deck().find_slide(way).expect("the slide is in the deck");
    gallery.slide(at, seconds * SECOND, None).expect("the picture is taken")
}

#[test]
fn a_scene_moves_and_is_what_its_seed_makes_it() {
    let _one = alone();
    for way in ["side-by-side/live", "side-by-side/crowd", "peer-to-peer/take-away"] {
        let first = after(way, 8, 1);
        let moved = changed(&after(way, 0, 1), &first);
        assert!(moved > 0.005, "{way}: after 8 s only {:.2} % differs from the beginning", moved * 100.0);
        assert!(after(way, 8, 1) == first, "{way}: one seed, two pictures");
        let other = changed(&after(way, 8, 2), &first);
        assert!(other > 0.000_5, "{way}: another seed, and {:.3} % differs", other * 100.0);
    }
}

#[test]
fn a_picture_does_not_depend_on_those_before_it() {
    let _one = alone();
    let mut gallery = gallery(0, SMALL, 1);
    let scene = gallery.deck().find_slide("side-by-side/live").expect("the slide is in the deck");
    let still = gallery.deck().find_slide("peer-to-peer/equals").expect("the slide is in the deck");
    let first = gallery.slide(scene, 3 * SECOND, None).expect("the picture is taken");
    let between = gallery.slide(still, 0, None).expect("the picture is taken");
    let again = gallery.slide(scene, 3 * SECOND, None).expect("the picture is taken");
    assert!(first == again, "{:.3} % differs", changed(&first, &again) * 100.0);
    assert!(changed(&first, &between) > 0.05, "another slide is another picture");
}
