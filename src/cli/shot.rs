//! `peerscape shot`: pictures of slides, without a window or display server.

use super::{complain, ease::EaseArgs, exhibit::look_name, source::SourceArgs, usage};
use crate::{
    app::{exhibit::leave_on_panic, gallery::Gallery, studio::StudioError},
    deck::{Deck, state::Position},
    ink::sheet::Canvas,
    kiosk::settings::Settings,
    slides::ease::Ease,
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Which pictures to take.
#[derive(Args, Debug)]
pub struct ShotArgs {
    /// The folder that the pictures go to; it is made if need be.
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// The deck, its words and its chance.
    #[command(flatten)]
    source: SourceArgs,
    /// The pictures' size.
    #[arg(long, value_name = "WxH", default_value = "1920x1080", value_parser = super::size)]
    size: [u32; 2],
    /// The look: night, paper, blueprint, terminal or contrast.
    #[arg(long, value_name = "NAME", default_value = "night", value_parser = look_name)]
    look: usize,
    /// Only this slide: numbers from 1, or slugs. With a step, only that step.
    #[arg(long, value_name = "TOPIC[/SLIDE[/STEP]]")]
    at: Option<String>,
    /// A picture of each step, not only of the slide as its last step leaves it.
    #[arg(long)]
    steps: bool,
    /// Lets the live scene run so long first, in seconds on the wall.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0)]
    after: f64,
    /// Opens this over the slide: more, overview, help, still-there or attract.
    #[arg(long, value_name = "NAME", value_parser = ["more", "overview", "help", "still-there", "attract"])]
    over: Option<String>,
    /// A sheet instead of slides: `vocabulary` shows every mark that is drawn, in every state.
    #[arg(long, value_name = "NAME", value_parser = ["vocabulary"])]
    sheet: Option<String>,
    /// Larger text, and controls in reach.
    #[command(flatten)]
    ease: EaseArgs,
}

/// Takes the pictures.
#[must_use]
pub fn run(args: &ShotArgs) -> ExitCode {
    if !(0.0..=86_400.0).contains(&args.after) {
        return usage("--after is a number of seconds from 0 to 86400");
    }
    let (deck, _assets, looks) = match args.source.load() {
        Ok(all) => all,
        Err(code) => return code,
    };
    let mut settings = Settings::default();
    if let Err(message) = args.ease.over(&mut settings) {
        return usage(&message);
    }
    let deck = deck.enlarged(settings.text);
    let low = settings.low().ok().flatten().map(|low| low.line(Canvas { size: args.size }));
    let ease = Ease { text: settings.text, low };
    let shots = match chosen(&deck, args.at.as_deref(), args.steps) {
        Ok(shots) => shots,
        Err(message) => return usage(&message),
    };
    if let Err(error) = std::fs::create_dir_all(&args.out) {
        return usage(&format!("can't make the folder {}: {error}", args.out.display()));
    }
    let steps_after = (args.after * 60.0).round() as u64;
    leave_on_panic();
    let take = || -> Result<(), StudioError> {
        let mut gallery = Gallery::new(deck, looks, args.look, args.size, args.source.seed, ease);
        if args.sheet.is_some() {
            let picture = gallery.vocabulary()?;
            return picture.save(&args.out.join("vocabulary.png"));
        }
        for (at, with_step) in shots {
            let name = file_name(gallery.deck(), at, with_step);
            let picture = gallery.slide(at, steps_after, args.over.as_deref())?;
            picture.save(&args.out.join(name))?;
        }
        Ok(())
    };
    match take() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("peerscape: {error}"));
            ExitCode::from(1)
        }
    }
}

/// The slides that are asked for, each as its last step leaves it; or step by step, and then so named.
///
/// # Errors
/// There is no such place.
pub(super) fn chosen(deck: &Deck, at: Option<&str>, steps: bool) -> Result<Vec<(Position, bool)>, String> {
    let only = at.map(|at| deck.position_of(at)).transpose()?;
    let parts = at.map_or(0, |at| at.split('/').count());
    let mut chosen = Vec::new();
    for topic in 0..deck.len() {
        for slide in 0..deck.slides(topic) {
            if only.is_some_and(|p| p.topic != topic || (parts >= 2 && p.slide != slide)) {
                continue;
            }
            let all = deck.steps(topic, slide);
            match only {
                Some(p) if parts == 3 => chosen.push((p, true)),
                _ if steps => chosen.extend((0..all).map(|step| (Position { topic, slide, step }, true))),
                _ => chosen.push((Position { topic, slide, step: all - 1 }, false)),
            }
        }
    }
    Ok(chosen)
}

/// The file that a picture of a slide goes to.
pub(super) fn file_name(deck: &Deck, at: Position, with_step: bool) -> String {
    let slug = &deck.slide(at).slug.value;
    let (topic, slide, step) = (at.topic + 1, at.slide + 1, at.step + 1);
    if with_step {
        format!("{topic:02}-{slide:02}-{step}-{slug}.png")
    } else {
        format!("{topic:02}-{slide:02}-{slug}.png")
    }
}
