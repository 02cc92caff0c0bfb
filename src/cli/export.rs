//! `peerscape export`: a deck for paper, or for who has no wall.

use super::{
    complain,
    exhibit::look_name,
    shot::{chosen, file_name},
    source::SourceArgs,
    usage,
};
use crate::{
    app::{
        exhibit::leave_on_panic,
        gallery::Gallery,
        handout::{Handout, Leaf},
    },
    deck::{Deck, state::Position},
    slides::ease::Ease,
};
use clap::Args;
use std::{error::Error, fs, path::PathBuf, process::ExitCode};

/// What goes where.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("to").required(true)))]
pub struct ExportArgs {
    /// The deck, its words and its chance.
    #[command(flatten)]
    source: SourceArgs,
    /// A PDF with a page a slide, its words to be searched, labels and an outline.
    #[arg(long, value_name = "FILE", group = "to")]
    pdf: Option<PathBuf>,
    /// A folder of pictures, one a slide.
    #[arg(long, value_name = "DIR", group = "to")]
    png: Option<PathBuf>,
    /// A page or picture for each step.
    #[arg(long)]
    steps: bool,
    /// Sheets of paper in the PDF: the picture above, the presenter's notes below.
    #[arg(long, requires = "pdf", conflicts_with = "png")]
    notes: bool,
    /// Only this topic, slide or step: numbers from 1, or slugs.
    #[arg(long, value_name = "TOPIC[/SLIDE[/STEP]]")]
    at: Option<String>,
    /// Lets live scenes run so long first, in seconds on the wall.
    #[arg(long, value_name = "SECONDS", default_value_t = 6, value_parser = clap::value_parser!(u32).range(0..=3_600))]
    after: u32,
    /// The pictures' size.
    #[arg(long, value_name = "WxH", default_value = "1920x1080", value_parser = super::size)]
    size: [u32; 2],
    /// The look: night, paper, blueprint, terminal or contrast.
    #[arg(long, value_name = "NAME", default_value = "paper", value_parser = look_name)]
    look: usize,
}

/// Writes it.
#[must_use]
pub fn run(args: &ExportArgs) -> ExitCode {
    let (deck, _assets, looks) = match args.source.load() {
        Ok(all) => all,
        Err(code) => return code,
    };
    let pages = match chosen(&deck, args.at.as_deref(), args.steps) {
        Ok(pages) => pages,
        Err(message) => return usage(&message),
    };
    leave_on_panic();
    let gallery = Gallery::new(deck, looks, args.look, args.size, args.source.seed, Ease::default());
    match write(args, gallery, &pages) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("peerscape: {error}"));
            ExitCode::from(1)
        }
    }
}

fn write(args: &ExportArgs, mut gallery: Gallery, pages: &[(Position, bool)]) -> Result<(), Box<dyn Error>> {
    let after = u64::from(args.after) * crate::input::STEPS_PER_SECOND;
    if let Some(folder) = &args.png {
        fs::create_dir_all(folder).map_err(|error| format!("can't make the folder {}: {error}", folder.display()))?;
        for (at, with_step) in pages {
            let picture = gallery.slide(*at, after, None)?;
            picture.save(&folder.join(file_name(gallery.deck(), *at, *with_step)))?;
        }
    }
    if let Some(file) = &args.pdf {
        let title =
            pages.first().map_or_else(String::new, |(at, _)| gallery.deck().slide_words(*at).headline.value.clone());
        let mut handout = Handout::new(&title, &args.source.lang, args.notes)?;
        for (at, with_step) in pages {
            let picture = gallery.slide(*at, after, None)?;
            handout.add(&leaf(gallery.deck(), *at, *with_step), picture)?;
        }
        fs::write(file, handout.finish()?).map_err(|error| format!("can't write {}: {error}", file.display()))?;
    }
    Ok(())
}

/// The words of a page.
fn leaf(deck: &Deck, at: Position, with_step: bool) -> Leaf {
    let words = deck.slide_words(at);
    let way = deck.way(at);
    let steps = words.steps.iter().map(|step| step.value.clone());
    Leaf {
        topic: deck.topic_title(at.topic).to_owned(),
        way: if with_step { format!("{way}/{}", at.step + 1) } else { way },
        headline: words.headline.value.clone(),
        labels: if with_step { steps.skip(at.step).take(1).collect() } else { steps.collect() },
        notes: words.notes_at(with_step.then_some(at.step)).join(" "),
    }
}
