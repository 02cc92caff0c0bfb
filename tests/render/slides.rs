//! Every slide as a picture: something is on it, and every word can be read.

use crate::{
    picture::{keep, other_than, prevailing, region},
    studio::{FULL, alone, gallery, look},
};
use peerscape::{
    app::{gallery::Gallery, studio::Picture},
    deck::state::Position,
};

/// The least share of a slide that is not ground: its headline alone covers more.
const SOMETHING: f64 = 0.015;

/// The least share of a text's box that stands out from its surface. Thin words in a wide box cover some 3 %.
const INKED: f64 = 0.01;

/// What may lie over a slide, and how.
const OVERLAYS: [&str; 5] = ["more", "overview", "help", "still-there", "attract"];

/// What is wrong with a picture and its words.
fn faults(gallery: &Gallery, picture: &Picture, name: &str, needed: f32) -> Vec<String> {
    let [w, h] = FULL.map(|n| n as f32);
    let all = region(picture, [0.0, 0.0, w, h]);
    let mut faults = Vec::new();
    let drawn = other_than(&all, prevailing(&all));
    if drawn < SOMETHING {
        faults.push(format!("{name}: only {:.2} % of the picture is drawn", drawn * 100.0));
    }
    if gallery.texts().is_empty() {
        faults.push(format!("{name}: no words"));
    }
    for text in gallery.texts() {
        let [x, y, width, height] = text.rect;
        if x < 0.0 || y < 0.0 || x + width > w || y + height > h {
            faults.push(format!("{name}, {}: {:?} is not all on the picture", text.what, text.rect));
            continue;
        }
        let colours = region(picture, text.rect);
        let surface = prevailing(&colours);
        // What antialiasing leaves between ink and surface counts for nothing: the ink itself must be there.
        let inked = colours.iter().filter(|c| c.contrast(surface) >= needed).count() as f64 / colours.len() as f64;
        if inked < INKED {
            let best = colours.iter().map(|c| c.contrast(surface)).fold(1.0, f32::max);
            faults.push(format!(
                "{name}, {} at {:?}: {:.2} % has a contrast of {needed} on {:?}, the best {best:.2}",
                text.what,
                text.rect,
                inked * 100.0,
                surface.0
            ));
        }
    }
    if !faults.is_empty() {
        faults.push(format!("{name}: see {}", keep(picture, &name.replace('/', "-")).display()));
    }
    faults
}

/// Every slide in a look, and everything that may lie over one.
fn all_pictures(look_name: &str) {
    let _one = alone();
    let mut gallery = gallery(look(look_name), FULL, 1);
    let needed = crate::studio::looks()[look(look_name)].contrast;
    let places: Vec<Position> = gallery.deck().walk().collect();
    assert!(places.len() > 20, "the deck has three topics, and sources");
    let mut wrong = Vec::new();
    for at in places {
        let last = gallery.deck().steps(at.topic, at.slide) - 1;
        let at = Position { step: last, ..at };
        let name = format!("{look_name}/{}", gallery.deck().way(at));
        let picture = gallery.slide(at, 0, None).expect("the picture is taken");
        wrong.extend(faults(&gallery, &picture, &name, needed));
    }
    let scene = gallery.deck().find_slide("side-by-side/live").expect("the slide is in the deck");
    let plain = gallery.slide(scene, 60, None).expect("the picture is taken");
    for over in OVERLAYS {
        let name = format!("{look_name}/{over}");
        let picture = gallery.slide(scene, 60, Some(over)).expect("the picture is taken");
        wrong.extend(faults(&gallery, &picture, &name, needed));
        if crate::picture::changed(&plain, &picture) < SOMETHING {
            wrong.push(format!("{name}: nothing lies over the slide"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_slide_can_be_read_by_night() {
    all_pictures("night");
}

#[test]
fn every_slide_can_be_read_in_high_contrast() {
    all_pictures("contrast");
}
