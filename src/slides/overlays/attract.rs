//! What stands beside a scene that plays itself, or a still, while nobody is there (style §5, picture 01): a poster, an
//! empty ring that is the visitor's place, and where the networks or the still stand. No chrome. From stop to stop the ring
//! and its words move on, so that nothing stands at one place for hours.

use super::{
    super::{Area, Page, StageFrame, Touch, View, page, panel, still},
    kit::{Desk, RULE, Ring, bold},
};
use crate::ink::{
    sheet::{Ink, Shape, Vec2},
    text::{Style, Typesetter},
};
use std::f32::consts::TAU;

/// The headline.
const POSTER: [Style; 3] = [bold(122.0, 134.0).balanced(), bold(104.0, 114.0).balanced(), bold(92.0, 101.0).balanced()];
/// As many lines as it may have.
const POSTER_LINES: usize = 4;
/// A headline of more lines: how it is set, and how many.
const LONGER: [([Style; 1], usize); 2] = [([bold(92.0, 101.0)], 5), ([bold(80.0, 89.0)], 6)];
/// "Touch to begin".
const TOUCH: [Style; 2] = [bold(64.0, 75.0), bold(56.0, 66.0)];
/// The ring's outer radius, as on the wall a large peer has.
const R: f32 = 95.0;
/// The dot's radius, breathed out and in.
const DOT: [f32; 2] = [28.0, 34.0];
/// The circle in which it breathes.
const CIRCLE: f32 = 44.0;
/// From the ring's middle to the words beside it.
const BESIDE: f32 = 134.0;

/// Where everything stands.
struct Geometry {
    left: f32,
    top: f32,
    width: f32,
    ring: Vec2,
    /// How wide the words beside the ring are.
    beside: f32,
}

impl Geometry {
    const LANDSCAPE: Self = Self { left: 96.0, top: 112.0, width: 850.0, ring: [190.0, 866.0], beside: 620.0 };
    const PORTRAIT: Self = Self { left: 64.0, top: 112.0, width: 850.0, ring: [160.0, 1776.0], beside: 722.0 };
    /// How far the ring and its words are from there, one stop after another: right and down.
    const SPOTS: [[Vec2; 4]; 2] = [
        [[0.0, 0.0], [96.0, -40.0], [0.0, 40.0], [96.0, 0.0]],
        [[0.0, 24.0], [180.0, -16.0], [60.0, -16.0], [120.0, 24.0]],
    ];

    /// Where everything stands at a stop.
    fn at(portrait: bool, stop: usize) -> Self {
        let usual = if portrait { Self::PORTRAIT } else { Self::LANDSCAPE };
        let spots = Self::SPOTS[usize::from(portrait)];
        let [right, down] = spots[stop % spots.len()];
        let [x, y] = usual.ring;
        Self { ring: [x + right, y + down], beside: usual.beside - right, ..usual }
    }
}

/// Where the networks of a scene stand: large, and where there are several cropped by the wall's edge, with their middle
/// on the wall. None comes near the words.
#[must_use]
pub fn stages(networks: usize, portrait: bool) -> Vec<StageFrame> {
    let (centres, radius): (&[Vec2], f32) = match (portrait, networks) {
        (_, 0) => (&[], 0.0),
        (false, 1) => (&[[1552.0, 540.0]], 560.0),
        (false, 2) => (&[[1350.0, 210.0], [1640.0, 880.0]], 345.0),
        (false, _) => (&[[1250.0, 190.0], [1650.0, 540.0], [1330.0, 920.0]], 235.0),
        (true, 1) => (&[[540.0, 1165.0]], 470.0),
        (true, 2) => (&[[280.0, 980.0], [800.0, 1350.0]], 300.0),
        (true, _) => (&[[240.0, 915.0], [800.0, 1110.0], [300.0, 1420.0]], 225.0),
    };
    let frame = |(network, &centre)| StageFrame { network, centre, radius, height: None };
    centres.iter().take(networks).enumerate().map(frame).collect()
}

/// Where a still stands.
fn frame(portrait: bool) -> StageFrame {
    let (centre, radius) = if portrait { ([540.0, 1165.0], 416.0) } else { ([1372.0, 540.0], 416.0) };
    StageFrame { network: 0, centre, radius, height: None }
}

/// The page beside the scene or still at `view.state.at`, the loop's stop of this number. `phase` is how far the present breath has come, from 0 to 1; with
/// `reduced` motion the dot stands still.
#[must_use]
pub fn compose(view: &View, type_: &mut Typesetter, headline: &str, stop: usize, phase: f32, reduced: bool) -> Page {
    let slide = view.deck.slide(view.state.at);
    let portrait = view.canvas.portrait();
    let mut page = Page::default();
    if let Some((scene, plan)) = slide.scene.as_ref().and_then(|scene| Some((scene, scene.panel.as_ref()?))) {
        let mut desk = page::Desk::new(view, type_);
        let room = if portrait { [64.0, 760.0, 952.0, 850.0] } else { [1010.0, 60.0, 814.0, 960.0] };
        panel::picture(&mut desk, scene, plan, room);
        page = desk.page;
        page.hits.clear();
    } else if let Some(scene) = &slide.scene {
        page.stages = stages(scene.networks.len(), portrait);
    } else if slide.still.is_some() {
        let mut desk = page::Desk::new(view, type_);
        still::compose(&mut desk, frame(portrait));
        page = desk.page;
    }
    let mut desk = Desk::new(view, type_);
    let geometry = Geometry::at(portrait, stop);
    // What a slide keeps together for its own lines is not kept in these.
    let headline = &headline.replace('\u{a0}', " ");
    // Longer ones wrap on, and are no higher for it.
    let [small, smaller] = LONGER;
    let choices = [(&POSTER[..], POSTER_LINES), (&small.0[..], small.1), (&smaller.0[..], smaller.1)];
    let mut fits =
        |(sizes, lines): &(&[Style], usize)| desk.type_.fit(headline, sizes, geometry.width, *lines, [0.0; 2]).1;
    let (sizes, lines) = choices.into_iter().find(&mut fits).unwrap_or(choices[2]);
    desk.words("attract", headline, sizes, geometry.width, lines, [geometry.left, geometry.top]);

    let breath = if reduced { 0.0 } else { 0.5 - 0.5 * libm::cosf(phase * TAU) };
    place(&mut desk, geometry.ring, DOT[0] + (DOT[1] - DOT[0]) * breath);

    let [touch, place] = ["attract_touch", "attract_place"].map(|key| desk.word(key));
    let x = geometry.ring[0] + BESIDE;
    let size =
        |desk: &mut Desk, text: &str, styles: &[Style]| desk.type_.fit(text, styles, geometry.beside, 2, [x, 0.0]).0;
    let (first, second) = (size(&mut desk, &touch, &TOUCH), size(&mut desk, &place, &[RULE]));
    let top = geometry.ring[1] - (first.height + second.height) * 0.5 + 5.0;
    desk.words("control attract_touch", &touch, &TOUCH, geometry.beside, 2, [x, top]);
    desk.words("control attract_place", &place, &[RULE], geometry.beside, 2, [x, top + first.height]);

    let [w, h] = view.canvas.reference();
    desk.hit(Area::Rect([0.0, 0.0, w, h], 0.0), Touch::Goto(view.state.at), &touch, true);
    let texts = desk.onto(&mut page);
    page.texts.extend(texts);
    page
}

/// The empty ring, and the dot that breathes in it: the visitor's place.
fn place(desk: &mut Desk, centre: Vec2, dot: f32) {
    let look = desk.look();
    let ring = Ring { centre, r: R, thick: 0.32 * R, segments: 20, gap: 0.06 };
    let stroke = look.stroke(2.0);
    for segment in 0..ring.segments {
        ring.outlined(segment, Ink::Line, stroke, &mut desk.sheet);
    }
    desk.sheet.shape(Shape::circle(Ink::Data, centre, CIRCLE, stroke).faded(0.6));
    desk.sheet.shape(Shape::disc(Ink::Data, centre, dot));
}

#[cfg(test)]
mod tests {
    use super::{
        super::trial::{Trial, deck},
        *,
    };

    #[test]
    fn the_page_is_whole_everywhere_and_a_touch_enters_where_the_loop_stands() {
        let mut trial = Trial::new(deck(3, 2, 0));
        for (topic, stages) in [(0, 2), (1, 1)] {
            trial.state.at.topic = topic;
            let at = trial.state.at;
            for headline in ["Who gives out the file?", "Nobody runs this network. It runs anyway."] {
                for page in trial.everywhere(|view, type_| compose(view, type_, headline, 1, 0.3, false)) {
                    assert_eq!(page.stages.len(), stages, "a frame a network, or one for a still");
                    let [hit] = &page.hits[..] else { panic!("one touch, no chrome: {:?}", page.hits) };
                    assert_eq!(hit.does, Touch::Goto(at));
                }
            }
        }
    }

    #[test]
    fn only_the_dot_breathes_and_not_with_reduced_motion() {
        let mut trial = Trial::new(deck(1, 1, 0));
        let mut page = |phase, reduced| {
            trial.at([1920, 1080], 0, |view, type_| compose(view, type_, "Who?", 0, phase, reduced)).over.items
        };
        let (still, out, half) = (page(0.5, true), page(0.0, false), page(0.5, false));
        assert_eq!(still, out);
        let changed = out.iter().zip(&half).filter(|(a, b)| a != b).count();
        assert_eq!((changed, out.len()), (1, half.len()));
    }

    /// The boxes that words may fill: headline, and the words beside the ring with the ring.
    fn words(geometry: &Geometry) -> [[f32; 4]; 2] {
        let high = POSTER[0].line * POSTER_LINES as f32;
        assert!(LONGER.iter().all(|([style], lines)| style.line * *lines as f32 <= high));
        let [x, y] = geometry.ring;
        // The words beside the ring reach so far in English; longer ones wrap.
        [[geometry.left, geometry.top, geometry.width, high], [x - R, y - R, R + BESIDE + geometry.beside, R * 2.0]]
    }

    #[test]
    fn from_stop_to_stop_the_ring_and_its_words_stand_elsewhere() {
        for portrait in [false, true] {
            for stop in 0..4 {
                let [here, next] = [stop, stop + 1].map(|stop| Geometry::at(portrait, stop).ring);
                let apart = (here[0] - next[0]).hypot(here[1] - next[1]);
                assert!(apart > 48.0, "{portrait} {stop}: {apart}");
                let [ring, poster] = [words(&Geometry::at(portrait, stop))[1], words(&Geometry::at(portrait, stop))[0]];
                assert!(ring[1] > poster[1] + poster[3], "below the headline");
                assert!(ring[1] + ring[3] < if portrait { 1900.0 } else { 1060.0 }, "on the wall");
            }
        }
    }

    #[test]
    fn no_network_touches_the_words_or_another() {
        for (portrait, stop) in [false, true].into_iter().flat_map(|portrait| (0..4).map(move |stop| (portrait, stop)))
        {
            let geometry = Geometry::at(portrait, stop);
            let [w, h] = if portrait { [1080.0, 1920.0] } else { [1920.0, 1080.0] };
            for networks in 0..=3 {
                let frames = stages(networks, portrait);
                assert_eq!(frames.len(), networks);
                for (i, a) in frames.iter().enumerate() {
                    let [x, y] = a.centre;
                    assert!(x > 0.0 && x < w && y > 0.0 && y < h, "its middle is seen");
                    for [left, top, width, height] in words(&geometry) {
                        let dx = (left - x).max(0.0).max(x - left - width);
                        let dy = (top - y).max(0.0).max(y - top - height);
                        assert!(dx.hypot(dy) > a.radius + 8.0, "{networks} {portrait} {a:?}: words at {left} {top}");
                    }
                    for b in &frames[i + 1..] {
                        let apart = (a.centre[0] - b.centre[0]).hypot(a.centre[1] - b.centre[1]);
                        assert!(apart > a.radius + b.radius + 16.0, "{a:?} {b:?}");
                    }
                }
            }
        }
    }
}
