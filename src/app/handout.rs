//! A deck as PDF: a page a picture, or a sheet of paper with the picture above its notes.
//!
//! A page's words lie under its picture, so that a reader can search and copy them; its label is the way to the slide, and
//! the outline names topics and slides.

use super::studio::Picture;
use crate::ink::text::{Face, Style, Typesetter};
use krilla::{
    Document,
    color::rgb,
    destination::XyzDestination,
    error::KrillaError,
    geom::{Point, Size, Transform},
    image::Image,
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::{PageLabel, PageSettings},
    paint::Fill,
    surface::Surface,
    text::{Font, TextDirection},
};
use thiserror::Error;

/// A sheet of paper (A4, upright), in points.
const PAPER: [f32; 2] = [595.0, 842.0];
/// Its margins.
const MARGIN: f32 = 56.0;
/// Notes: size of type and distance of lines.
const NOTE: [f32; 2] = [12.0, 17.5];
/// Points a pixel of a page that is its picture: 1,920 pixels are 13⅓ inches, as slides are.
const POINTS: f32 = 0.5;
/// Searchable words under a picture: size of type and distance of lines.
const UNDER: [f32; 2] = [14.0, 18.0];

/// Why no PDF was made.
#[derive(Debug, Error)]
pub enum HandoutError {
    /// A typeface of the binary can't be embedded.
    #[error("a typeface can't be embedded")]
    Face,
    /// A picture without pixels.
    #[error("a page has no size")]
    Size,
    /// The library refused.
    #[error("{0:?}")]
    Pdf(KrillaError),
}

/// What a page is made of.
#[derive(Clone, Debug, Default)]
pub struct Leaf {
    /// The topic's title.
    pub topic: String,
    /// The way to the slide, with the step if it is a page of its own.
    pub way: String,
    /// The headline.
    pub headline: String,
    /// The labels that stand on it.
    pub labels: Vec<String>,
    /// What the presenter reads.
    pub notes: String,
}

/// A PDF while it is written.
pub struct Handout {
    document: Document,
    faces: [Font; 2],
    notes: bool,
    typesetter: Typesetter,
    pages: usize,
    /// Each topic: its title, its first page, its slides.
    topics: Vec<(String, usize, Vec<OutlineNode>)>,
}

impl Handout {
    /// An empty one, with notes or without.
    ///
    /// # Errors
    /// A typeface can't be embedded.
    pub fn new(title: &str, language: &str, notes: bool) -> Result<Self, HandoutError> {
        let font = |face: Face| Font::new(face.bytes().to_vec().into(), 0).ok_or(HandoutError::Face);
        let mut document = Document::new();
        let creator = concat!("Peerscape ", env!("CARGO_PKG_VERSION")).to_owned();
        document.set_metadata(Metadata::new().title(title.into()).language(language.into()).creator(creator));
        Ok(Self {
            document,
            faces: [font(Face::Regular)?, font(Face::Bold)?],
            notes,
            typesetter: Typesetter::new(),
            pages: 0,
            topics: Vec::new(),
        })
    }

    /// How many pages it has so far.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Adds a page.
    ///
    /// # Errors
    /// The picture has no size.
    pub fn add(&mut self, leaf: &Leaf, picture: Picture) -> Result<(), HandoutError> {
        let place = XyzDestination::new(self.pages, Point::from_xy(0.0, 0.0));
        let node = OutlineNode::new(leaf.headline.clone(), place);
        match self.topics.last_mut() {
            Some((topic, _, nodes)) if *topic == leaf.topic => nodes.push(node),
            _ => self.topics.push((leaf.topic.clone(), self.pages, vec![node])),
        }
        let [w, h] = picture.size.map(|side| side as f32);
        let image = Image::from_rgba8(picture.pixels, picture.size[0], picture.size[1]);
        if self.notes { self.sheet(leaf, image, h / w) } else { self.slide(leaf, image, [w * POINTS, h * POINTS]) }
    }

    fn slide(&mut self, leaf: &Leaf, image: Image, size: [f32; 2]) -> Result<(), HandoutError> {
        let words: Vec<String> = [&leaf.headline]
            .into_iter()
            .chain(&leaf.labels)
            .flat_map(|text| self.lines(text, UNDER[0], size[0]))
            .collect();
        let [regular, _] = self.faces.clone();
        self.page(&leaf.way, size, |surface| {
            for (line, text) in words.iter().enumerate() {
                let at = Point::from_xy(0.0, UNDER[1] * (line + 1) as f32);
                surface.draw_text(at, regular.clone(), UNDER[0], text, false, TextDirection::Auto);
            }
            draw(surface, image, [0.0; 2], size);
        })
    }

    fn sheet(&mut self, leaf: &Leaf, image: Image, ratio: f32) -> Result<(), HandoutError> {
        // An upright picture takes at most the upper half.
        let high = ((PAPER[0] - 2.0 * MARGIN) * ratio).min(PAPER[1] * 0.5);
        let size = [high / ratio, high];
        let lines = self.lines(&leaf.notes, NOTE[0], PAPER[0] - 2.0 * MARGIN);
        let [regular, bold] = self.faces.clone();
        let first = MARGIN + high + 2.5 * NOTE[1];
        let room = |top: f32| ((PAPER[1] - MARGIN - top) / NOTE[1]).max(1.0) as usize;
        let (here, mut rest) = lines.split_at(lines.len().min(room(first + 1.5 * NOTE[1])));
        let write = |surface: &mut Surface, lines: &[String], top: f32| {
            for (line, text) in lines.iter().enumerate() {
                let at = Point::from_xy(MARGIN, top + NOTE[1] * line as f32);
                surface.draw_text(at, regular.clone(), NOTE[0], text, false, TextDirection::Auto);
            }
        };
        self.page(&leaf.way, PAPER, |surface| {
            draw(surface, image, [MARGIN; 2], size);
            let black = Fill { paint: rgb::Color::black().into(), ..Fill::default() };
            surface.set_fill(Some(black));
            let title = format!("{} · {}", leaf.topic, leaf.way);
            let at = Point::from_xy(MARGIN, first - 0.5 * NOTE[1]);
            surface.draw_text(at, bold.clone(), NOTE[0], &title, false, TextDirection::Auto);
            write(surface, here, first + NOTE[1]);
        })?;
        while !rest.is_empty() {
            let (here, more) = rest.split_at(rest.len().min(room(MARGIN)));
            self.page(&leaf.way, PAPER, |surface| write(surface, here, MARGIN + NOTE[0]))?;
            rest = more;
        }
        Ok(())
    }

    fn page(&mut self, label: &str, size: [f32; 2], draw: impl FnOnce(&mut Surface)) -> Result<(), HandoutError> {
        let settings = PageSettings::from_wh(size[0], size[1]).ok_or(HandoutError::Size)?;
        let label = PageLabel::new(None, Some(label.into()), None);
        let mut page = self.document.start_page_with(settings.with_page_label(label));
        let mut surface = page.surface();
        draw(&mut surface);
        surface.finish();
        page.finish();
        self.pages += 1;
        Ok(())
    }

    /// A text in lines that are no wider than may be, unless a word is.
    fn lines(&mut self, text: &str, size: f32, width: f32) -> Vec<String> {
        let style = Style::new(Face::Regular, size, size);
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if self.typesetter.width(&longer, &style) <= width || line.is_empty() {
                    line = longer;
                } else {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                }
            }
            lines.push(line);
        }
        lines
    }

    /// The whole, as the bytes of a file.
    ///
    /// # Errors
    /// The library refuses.
    pub fn finish(mut self) -> Result<Vec<u8>, HandoutError> {
        let mut outline = Outline::new();
        for (topic, page, nodes) in self.topics {
            let mut branch = OutlineNode::new(topic, XyzDestination::new(page, Point::from_xy(0.0, 0.0)));
            nodes.into_iter().for_each(|node| branch.push_child(node));
            outline.push_child(branch);
        }
        self.document.set_outline(outline);
        self.document.finish().map_err(HandoutError::Pdf)
    }
}

fn draw(surface: &mut Surface, image: Image, at: [f32; 2], size: [f32; 2]) {
    surface.push_transform(&Transform::from_translate(at[0], at[1]));
    if let Some(size) = Size::from_wh(size[0], size[1]) {
        surface.draw_image(image, size);
    }
    surface.pop();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_need_a_second_sheet_move_no_entry_of_the_outline() {
        let mut handout = Handout::new("Peers", "en", true).expect("faces");
        for (topic, notes) in [("One", "word ".repeat(2_000)), ("One", String::new()), ("Two", String::new())] {
            let leaf =
                Leaf { topic: topic.into(), way: "one/a".into(), headline: "Who?".into(), notes, ..Leaf::default() };
            handout.add(&leaf, Picture { size: [16, 9], pixels: vec![255; 16 * 9 * 4] }).expect("added");
        }
        let pages = handout.pages();
        assert!(pages > 4, "the notes of the first need several sheets, not {pages}");
        let begin: Vec<_> =
            handout.topics.iter().map(|(topic, page, slides)| (topic.as_str(), *page, slides.len())).collect();
        assert_eq!(begin, [("One", 0, 2), ("Two", pages - 1, 1)]);
        assert!(handout.finish().expect("written").starts_with(b"%PDF-"));
    }
}
