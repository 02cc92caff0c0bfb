//! `peerscape shot`, through the real binary, with no display.

use crate::{
    command::{Room, peerscape, refused},
    picture::apart,
    studio::{alone, deck, looks, need_adapter},
};
use peerscape::{deck::state::Position, ink::look::Colour};
use std::{collections::BTreeSet, fs::File, io::BufReader, path::Path};

/// Width, height and pixels of a PNG.
fn read(path: &Path) -> ([u32; 2], Vec<u8>) {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("it is a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("the picture fits into memory")];
    let info = reader.next_frame(&mut pixels).expect("it is whole");
    ([info.width, info.height], pixels)
}

/// Takes pictures into a new folder; returns their names.
fn shot(args: &[&str]) -> (Room, BTreeSet<String>) {
    need_adapter();
    let room = Room::new();
    let out = room.path("pictures");
    let mut all = vec!["shot", out.to_str().expect("a plain name")];
    all.extend(args);
    let told = peerscape(&all);
    assert_eq!(told.code, 0, "{args:?}: {}", told.stderr);
    let names = std::fs::read_dir(&out).expect("the folder is made");
    let names = names.map(|entry| entry.expect("it can be listed").file_name().into_string().expect("plain names"));
    let names = names.collect();
    (room, names)
}

#[test]
fn one_picture_a_slide_with_its_number_and_slug() {
    let _one = alone();
    let (room, names) = shot(&["--size", "480x270"]);
    let deck = deck();
    let wanted: BTreeSet<String> = deck
        .walk()
        .map(|at| format!("{:02}-{:02}-{}.png", at.topic + 1, at.slide + 1, deck.slide(at).slug.as_str()))
        .collect();
    assert_eq!(names, wanted);
    assert!(names.contains("03-01-live.png"));
    let mut seen = BTreeSet::new();
    for name in names {
        let (size, pixels) = read(&room.path("pictures").join(&name));
        assert_eq!(size, [480, 270], "{name}");
        assert!(seen.insert(pixels), "{name} is like another");
    }
}

#[test]
fn one_picture_a_step() {
    let _one = alone();
    let deck = deck();
    let at = deck.find_slide("peer-to-peer/equals").expect("the slide is in the deck");
    let slides = deck.slides(at.topic);
    let (_room, names) = shot(&["--size", "480x270", "--steps", "--at", "peer-to-peer"]);
    let wanted: BTreeSet<String> = (0..slides)
        .flat_map(|slide| (0..deck.steps(at.topic, slide)).map(move |step| Position { topic: at.topic, slide, step }))
        .map(|at| {
            let slug = deck.slide(at).slug.as_str().to_owned();
            format!("{:02}-{:02}-{}-{slug}.png", at.topic + 1, at.slide + 1, at.step + 1)
        })
        .collect();
    assert_eq!(names, wanted);
    assert!(wanted.len() > slides, "some slide has more steps than one");
}

#[test]
fn a_place_is_named_by_slug_or_number() {
    let _one = alone();
    let size = ["--size", "480x270", "--at"];
    for (at, name) in [
        ("side-by-side/live", "03-01-live.png"),
        ("3/1", "03-01-live.png"),
        ("side-by-side/1", "03-01-live.png"),
        ("3/live/2", "03-01-2-live.png"),
    ] {
        let (_room, names) = shot(&[&size[..], &[at]].concat());
        assert_eq!(names, BTreeSet::from([name.to_owned()]), "--at {at}");
    }
    let (_room, names) = shot(&[&size[..], &["welcome"]].concat());
    assert_eq!(names.len(), deck().slides(0), "a topic alone is all of its slides");
}

#[test]
fn size_look_time_and_sheet_are_as_asked() {
    let _one = alone();
    let live = ["--at", "3/1", "--size"];
    let ground = |pixels: &[u8]| Colour([pixels[0], pixels[1], pixels[2]]);
    let (room, _) = shot(&[&live[..], &["1080x1920", "--look", "paper"]].concat());
    let (size, pixels) = read(&room.path("pictures/03-01-live.png"));
    assert_eq!(size, [1080, 1920]);
    assert!(!apart(ground(&pixels), looks()[1].colours.ground), "the corner is paper");
    let (early, _) = shot(&[&live[..], &["640x360"]].concat());
    let (late, _) = shot(&[&live[..], &["640x360", "--after", "6"]].concat());
    let of = |room: &Room| read(&room.path("pictures/03-01-live.png")).1;
    assert_ne!(of(&early), of(&late), "six seconds make a difference");
    let (room, names) = shot(&["--sheet", "vocabulary", "--look", "contrast"]);
    assert_eq!(names, BTreeSet::from(["vocabulary.png".to_owned()]));
    let (size, pixels) = read(&room.path("pictures/vocabulary.png"));
    assert_eq!(size, [1920, 1080]);
    assert_eq!(ground(&pixels), looks()[4].colours.ground);
}

#[test]
fn a_wrong_call_is_one_line_that_says_what_would_be_right() {
    let room = Room::new();
    let out = room.path("none");
    let out = out.to_str().expect("a plain name");
    for (args, told) in [
        (&["--at", "side-by-sied"][..], "side-by-side"),
        (&["--at", "99"], "25"),
        (&["--at", "3/live/99"], "from 1 to"),
        (&["--at", "3/1/1/1"], "TOPIC[/SLIDE[/STEP]]"),
        (&["--look", "nihgt"], "night"),
        (&["--size", "big"], "1920x1080"),
        (&["--size", "1x1"], "1920x1080"),
        (&["--after", "soon"], "soon"),
        (&["--after=-1"], "0 to 86400"),
        (&["--over", "moer"], "more"),
        (&["--sheet", "marks"], "vocabulary"),
        (&["--stesp"], "--steps"),
    ] {
        let line = refused(&[&["shot", out][..], args].concat());
        assert!(line.contains(told), "{args:?}: \"{line}\" does not say \"{told}\"");
    }
    refused(&["shot"]);
    assert!(!Path::new(out).exists(), "a wrong call leaves nothing behind");
}
