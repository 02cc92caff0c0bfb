//! Options that make the exhibit easier to read and to reach; a settings file may say the same.

use crate::{
    kiosk::settings::{Screen, Settings},
    slides::ease::{LARGEST, REACH},
};
use clap::Args;

/// Larger text, and controls that a seated visitor reaches.
#[derive(Args, Clone, Debug, Default)]
pub struct EaseArgs {
    /// The size of what is read, in percent; labels take more steps where they must.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(100..=i64::from(LARGEST)))]
    pub text: Option<u32>,
    /// Nothing that must be touched stands out of reach of a seated visitor; needs the screen's measures.
    #[arg(long, requires_all = ["screen_height", "lower_edge"])]
    controls_low: bool,
    /// How high the screen's picture is, in millimetres.
    #[arg(long, value_name = "MM", requires = "controls_low", value_parser = millimetres)]
    screen_height: Option<f32>,
    /// How high the picture's lower edge hangs above the floor, in millimetres.
    #[arg(long, value_name = "MM", requires = "controls_low", value_parser = millimetres)]
    lower_edge: Option<f32>,
    /// The height above the floor that is still in reach, in millimetres.
    #[arg(long, value_name = "MM", requires = "controls_low", default_value_t = REACH, value_parser = millimetres)]
    reach: f32,
}

impl EaseArgs {
    /// The settings with what the call says of these. Without a file of settings they say the usual.
    ///
    /// # Errors
    /// Too little of the screen is in reach.
    pub fn over(&self, settings: &mut Settings) -> Result<(), String> {
        settings.text = self.text.unwrap_or(settings.text);
        if let (true, Some(height), Some(lower_edge)) = (self.controls_low, self.screen_height, self.lower_edge) {
            settings.controls_low = true;
            settings.screen = Some(Screen { height, lower_edge });
            settings.reach = self.reach;
        }
        settings.low().map(|_low| ())
    }
}

/// A length of a screen or of a person.
fn millimetres(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|mm| (1.0..=10_000.0).contains(mm)).ok_or_else(|| "a length is 1 to 10000 mm".to_owned())
}
