//! What can be asked of a picture.

use peerscape::{
    app::studio::Picture,
    ink::{look::Colour, sheet::Canvas},
};
use std::{collections::BTreeMap, env, path::PathBuf};

/// How far a channel must be off to count as another colour: more than rounding, less than any two tokens.
const APART: u8 = 6;

/// A part of a picture: left, top, width, height in reference pixels.
pub type Region = [f32; 4];

/// All pixels of a region, row by row. What lies outside the picture is left out.
pub fn region(picture: &Picture, [x, y, w, h]: Region) -> Vec<Colour> {
    let canvas = Canvas { size: picture.size };
    let (scale, [left, top]) = (canvas.scale(), canvas.origin());
    let cut = |from: f32, long: f32, start: f32, end: u32| {
        let at = |v: f32| (v * scale + start).round().clamp(0.0, end as f32) as usize;
        at(from)..at(from + long)
    };
    let wide = picture.size[0] as usize;
    let columns = cut(x, w, left, picture.size[0]);
    let mut colours = Vec::new();
    for row in cut(y, h, top, picture.size[1]) {
        colours.extend(columns.clone().map(|column| {
            let i = (row * wide + column) * 4;
            Colour([picture.pixels[i], picture.pixels[i + 1], picture.pixels[i + 2]])
        }));
    }
    colours
}

/// The colour that most of some pixels have.
pub fn prevailing(colours: &[Colour]) -> Colour {
    let mut counts = BTreeMap::<[u8; 3], usize>::new();
    for colour in colours {
        *counts.entry(colour.0).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or_else(Colour::default, |(colour, _)| Colour(colour))
}

/// Whether two colours are not the same ink.
pub fn apart(a: Colour, b: Colour) -> bool {
    (0..3).any(|i| a.0[i].abs_diff(b.0[i]) > APART)
}

/// The share of some pixels that are not of a colour.
pub fn other_than(colours: &[Colour], ground: Colour) -> f64 {
    let other = colours.iter().filter(|c| apart(**c, ground)).count();
    other as f64 / colours.len().max(1) as f64
}

/// The share of two pictures' pixels that differ.
pub fn changed(a: &Picture, b: &Picture) -> f64 {
    assert_eq!(a.size, b.size, "pictures of one size");
    let differs = |(a, b): &(&[u8], &[u8])| (0..3).any(|i| a[i].abs_diff(b[i]) > APART);
    let pairs = a.pixels.chunks_exact(4).zip(b.pixels.chunks_exact(4));
    pairs.filter(differs).count() as f64 / (a.pixels.len() / 4) as f64
}

/// Keeps a picture that failed, for somebody to look at; returns where it lies.
pub fn keep(picture: &Picture, name: &str) -> PathBuf {
    let path = env::temp_dir().join(format!("peerscape-{name}.png"));
    // A test that fails has more to say than this.
    let _ = picture.save(&path);
    path
}

#[test]
fn regions_follow_the_canvas() {
    let size = [192, 216];
    let mut picture = Picture { size, pixels: [9, 9, 9, 255].repeat(192 * 216) };
    let canvas = Canvas { size: [192, 216] };
    assert!(canvas.portrait());
    let first = (canvas.origin()[1].round() as usize * 192 + canvas.origin()[0].round() as usize) * 4;
    picture.pixels[first..first + 3].copy_from_slice(&[200, 0, 0]);
    let pixel = 1.0 / canvas.scale();
    assert_eq!(region(&picture, [0.0, 0.0, pixel, pixel]), [Colour([200, 0, 0])]);
    let all = region(&picture, [-9999.0, -9999.0, 29999.0, 29999.0]);
    assert_eq!(all.len(), 192 * 216, "what lies outside is left out");
    assert_eq!(prevailing(&all), Colour([9, 9, 9]));
    assert!(other_than(&all, Colour([9, 9, 9])) > 0.0);
}
