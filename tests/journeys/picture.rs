//! What is on the glass, read back, and what can be asked of it.

use peerscape::ink::{sheet::Canvas, turn::Turn};
use std::{fs, io::BufWriter, path::Path};

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// How far a channel may be off and still be the same ink: rounding on its way through the renderer.
const SAME_INK: u8 = 4;

/// How far a channel must move before a pixel counts as changed: more than any rounding, less than between any two
/// inks that lie on each other.
const CHANGED: u8 = 10;

/// A part of the picture: left, top, width, height in reference pixels.
#[derive(Clone, Copy, Debug)]
pub struct Region(pub f32, pub f32, pub f32, pub f32);

impl Region {
    /// All of a screen of the usual shape.
    pub const ALL: Self = Self(0.0, 0.0, 1920.0, 1080.0);

    /// A square about a place.
    pub fn about([x, y]: [f32; 2], half: f32) -> Self {
        Self(x - half, y - half, 2.0 * half, 2.0 * half)
    }
}

/// A picture of the screen.
#[derive(Clone)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<Rgb>,
}

impl Picture {
    /// From the X server's bytes: blue, green, red, nothing.
    pub fn from_bgrx(width: usize, height: usize, bytes: &[u8]) -> Self {
        assert_eq!(bytes.len(), width * height * 4, "the root window has four bytes a pixel");
        let pixels = bytes.chunks_exact(4).map(|p| [p[2], p[1], p[0]]).collect();
        Self { width, height, pixels }
    }

    /// One pixel, counted from left and top in the screen's own pixels.
    pub fn at(&self, x: usize, y: usize) -> Rgb {
        self.pixels[y * self.width + x]
    }

    /// The same picture as it is seen by who turns with it.
    pub fn turned(&self, turn: Turn) -> Self {
        let [width, height] = turn.size([self.width, self.height]);
        let size = [width as f32, height as f32];
        let pixels = (0..width * height).map(|i| {
            // Pixels are turned by their middles.
            let at = [(i % width) as f32 + 0.5, (i / width) as f32 + 0.5];
            let [x, y] = turn.to_glass(at, size);
            self.at(x as usize, y as usize)
        });
        Self { width, height, pixels: pixels.collect() }
    }

    /// The share of a region's pixels that differ from another picture.
    pub fn changed(&self, other: &Self, region: Region) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height), "pictures of one screen");
        self.share(region, |i| apart(self.pixels[i], other.pixels[i]) > CHANGED)
    }

    /// The share of a region's pixels that are of an ink.
    pub fn ink(&self, ink: Rgb, region: Region) -> f64 {
        self.share(region, |i| apart(self.pixels[i], ink) <= SAME_INK)
    }

    /// The mean of a region's relative luminance, 0 for black to 1 for white (WCAG 2).
    pub fn luminance(&self, region: Region) -> f64 {
        let (mut sum, mut count) = (0.0, 0_u32);
        self.each(region, |i| {
            sum += luminance(self.pixels[i]);
            count += 1;
        });
        sum / f64::from(count.max(1))
    }

    /// The share of a region that the most frequent colour covers: 1 for a blank picture.
    pub fn blankness(&self, region: Region) -> f64 {
        let mut colours = std::collections::BTreeMap::<Rgb, u32>::new();
        let mut count = 0_u32;
        self.each(region, |i| {
            *colours.entry(self.pixels[i]).or_default() += 1;
            count += 1;
        });
        f64::from(colours.values().copied().max().unwrap_or(0)) / f64::from(count.max(1))
    }

    /// Writes the picture as PNG.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let (width, height) = (u32::try_from(self.width), u32::try_from(self.height));
        let (Ok(width), Ok(height)) = (width, height) else {
            return Err(std::io::Error::other("a screen is smaller"));
        };
        let mut encoder = png::Encoder::new(BufWriter::new(fs::File::create(path)?), width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let bytes: Vec<u8> = self.pixels.iter().flatten().copied().collect();
        encoder.write_header()?.write_image_data(&bytes)?;
        Ok(())
    }

    fn share(&self, region: Region, counts: impl Fn(usize) -> bool) -> f64 {
        let (mut counted, mut all) = (0_u32, 0_u32);
        self.each(region, |i| {
            counted += u32::from(counts(i));
            all += 1;
        });
        f64::from(counted) / f64::from(all.max(1))
    }

    /// Calls with the index of every pixel of a region.
    fn each(&self, Region(left, top, width, height): Region, mut with: impl FnMut(usize)) {
        let canvas = Canvas { size: [self.width as u32, self.height as u32] };
        let (scale, [x, y]) = (canvas.scale(), canvas.origin());
        let clamp = |value: f32, end: usize| value.round().clamp(0.0, end as f32) as usize;
        for y in clamp(y + top * scale, self.height)..clamp(y + (top + height) * scale, self.height) {
            for x in clamp(x + left * scale, self.width)..clamp(x + (left + width) * scale, self.width) {
                with(y * self.width + x);
            }
        }
    }
}

/// The largest difference of a channel.
fn apart(a: Rgb, b: Rgb) -> u8 {
    (0..3).map(|i| a[i].abs_diff(b[i])).max().unwrap_or(0)
}

/// Relative luminance of a colour (WCAG 2).
fn luminance(colour: Rgb) -> f64 {
    let [r, g, b] = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(colour: Rgb) -> Picture {
        let [r, g, b] = colour;
        Picture::from_bgrx(192, 108, &[b, g, r, 0].repeat(192 * 108))
    }

    #[test]
    fn a_changed_corner_is_counted_where_it_is() {
        let before = plain([10, 20, 30]);
        let mut after = before.clone();
        for y in 0..54 {
            for x in 0..96 {
                after.pixels[y * 192 + x] = [200, 20, 30];
            }
        }
        assert!((after.changed(&before, Region::ALL) - 0.25).abs() < 1e-9, "a quarter changed");
        assert!((after.changed(&before, Region(0.0, 0.0, 960.0, 540.0)) - 1.0).abs() < 1e-9, "that quarter wholly");
        assert!(after.changed(&before, Region(960.0, 540.0, 960.0, 540.0)) < 1e-9, "the opposite not at all");
        assert!((after.ink([200, 20, 30], Region::ALL) - 0.25).abs() < 1e-9, "its ink is found");
        assert!((after.blankness(Region::ALL) - 0.75).abs() < 1e-9, "three quarters are still one colour");
    }

    #[test]
    fn luminance_of_black_white_and_grey() {
        assert!(plain([0, 0, 0]).luminance(Region::ALL) < 1e-9);
        assert!((plain([255, 255, 255]).luminance(Region::ALL) - 1.0).abs() < 1e-9);
        let grey = plain([119, 119, 119]).luminance(Region::ALL);
        assert!((grey - 0.184).abs() < 0.001, "WCAG's middle grey #777 is .184, not {grey}");
    }
}
