//! What makes a page easier: larger text, and controls that a seated visitor reaches.

use super::words::SMALLEST;
use crate::ink::{sheet::Canvas, text::Style};

/// The largest text there is, in percent of the usual.
pub const LARGEST: u32 = 135;
/// Type that is so large already grows no further.
const LARGE: f32 = 52.0;
/// Nothing that is operated stands higher, in millimetres above the floor (ADA 2010, 308.2.1: 48 inches).
pub const REACH: f32 = 1220.0;
/// The least share of a screen that must lie under the line: there is the chrome, and one row of controls.
pub const LEAST_SHARE: f32 = 0.26;
/// The least of a page under the line, in reference pixels, lying and upright.
const LEAST: [f32; 2] = [272.0, 330.0];

/// A screen of which only the lower part is in reach. All lengths in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Low {
    /// The height above the floor that is still in reach.
    pub reach: f32,
    /// How high the screen is.
    pub screen: f32,
    /// How high its lower edge hangs above the floor.
    pub edge: f32,
}

impl Low {
    /// A screen so high whose lower edge hangs there, with the usual reach.
    ///
    /// # Errors
    /// What stands in the way: nothing of the screen can be reached, or too little.
    pub fn new(reach: f32, screen: f32, edge: f32) -> Result<Self, String> {
        let low = Self { reach, screen, edge };
        if low.share() >= LEAST_SHARE {
            return Ok(low);
        }
        let (under, least) = ((reach - edge).max(0.0), reach - LEAST_SHARE * screen);
        let remedy =
            if least > 0.0 { format!("its lower edge may hang at {least:.0} mm") } else { "it is too high".into() };
        Err(format!(
            "of a screen {screen:.0} mm high whose lower edge hangs at {edge:.0} mm, {under:.0} mm are in reach: too \
             little for the controls; {remedy}"
        ))
    }

    /// How much of the screen is in reach.
    fn share(&self) -> f32 {
        (self.reach - self.edge) / self.screen
    }

    /// Where the line lies on a page, in reference pixels from its top.
    #[must_use]
    pub fn line(&self, canvas: Canvas) -> f32 {
        let high = canvas.size[1] as f32 * (1.0 - self.share());
        let least = LEAST[usize::from(canvas.portrait())];
        canvas.to_reference([0.0, high])[1].clamp(0.0, canvas.reference()[1] - least)
    }
}

/// How a page is set for those who look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ease {
    /// The size of what is read, in percent: labels, rules, *more*, and, where there is room, controls and words in
    /// pictures. Headlines and numbers are large as they are.
    pub text: u32,
    /// The line above which nothing stands that must be touched, in reference pixels from the top.
    pub low: Option<f32>,
}

impl Default for Ease {
    fn default() -> Self {
        Self { text: 100, low: None }
    }
}

impl Ease {
    /// A style as it is read at this size of text, in front of the styles that it steps down to.
    #[must_use]
    pub fn sizes(&self, styles: &[Style]) -> Vec<Style> {
        let larger = styles.iter().map(|s| self.style(*s)).filter(|s| !styles.contains(s));
        let mut all: Vec<Style> = larger.chain(styles.iter().copied()).collect();
        all.sort_by(|a, b| b.size.total_cmp(&a.size));
        all.dedup();
        all
    }

    /// A style at this size of text.
    #[must_use]
    pub fn style(&self, style: Style) -> Style {
        let size = (style.size * self.text as f32 / 100.0).min(LARGE).max(style.size).max(SMALLEST.min(style.size));
        Style { size, line: style.line * size / style.size, ..style }
    }

    /// Where a row of controls stands that would stand at `top` if it were no matter how high: under the line.
    #[must_use]
    pub fn lowered(&self, top: f32) -> f32 {
        self.low.map_or(top, |line| top.max(line + 8.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slides::words::{HEADLINE, LABEL};

    #[test]
    fn the_line_of_the_picture() {
        // Picture 26: 55 inches, 0.63 mm a pixel, the lower edge at 1,000 mm: y 731.
        let low = Low::new(REACH, 0.63 * 1080.0, 1000.0).unwrap();
        let [full, double, upright] = [[1920, 1080], [3840, 2160], [1080, 1920]].map(|size| low.line(Canvas { size }));
        assert_eq!((full.round(), double.round()), (731.0, 731.0));
        assert_eq!(upright.round(), 1299.0, "the same share of an upright one");
        let all = Low::new(REACH, 700.0, 400.0).unwrap();
        assert_eq!(all.line(Canvas { size: [1920, 1080] }), 0.0, "all of it is low");
        let error = Low::new(REACH, 700.0, 1150.0).unwrap_err();
        assert!(error.contains("70 mm are in reach") && error.contains("may hang at 1038 mm"), "{error}");
    }

    #[test]
    fn what_is_read_grows_and_what_is_large_stays() {
        let ease = Ease { text: LARGEST, low: None };
        assert_eq!(ease.style(LABEL[0]).size.round(), 51.0);
        assert_eq!(ease.style(HEADLINE[0]), HEADLINE[0]);
        let sizes: Vec<f32> = ease.sizes(&LABEL).iter().map(|s| s.size.round()).collect();
        assert_eq!(sizes, [51.0, 46.0, 38.0, 34.0]);
        assert_eq!(Ease::default().sizes(&LABEL), LABEL);
    }
}
