//! `peerscape` without a command: the exhibit.

use super::{
    complain,
    ease::EaseArgs,
    reading::{Shown, Unread, read},
    usage,
};
use crate::{
    app::exhibit::{Options, open},
    deck::place::Finding,
    ink::look,
    kiosk::{
        settings::Settings,
        starts::{AS_BUILT, Starts},
    },
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// How the exhibit opens.
#[derive(Args, Debug, Clone)]
pub struct ExhibitArgs {
    /// A file of settings; `assets/settings.ron` explains every one. What the call says comes before it.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A window of this size instead of the whole screen; it may be closed.
    #[arg(long, value_name = "WxH", value_parser = super::size)]
    pub windowed: Option<[u32; 2]>,
    /// A deck to show instead of the one built in: a folder, or one file. It reloads when saved.
    #[arg(long, value_name = "PATH")]
    pub deck: Option<PathBuf>,
    /// A folder whose files stand in for those built in (looks, words, pictograms, bindings), file by file.
    #[arg(long, value_name = "DIR", value_parser = super::folder)]
    pub assets: Option<PathBuf>,
    /// Where to begin: numbers from 1, or slugs: `3`, `3/1`, `side-by-side/live/2`.
    #[arg(long, value_name = "TOPIC[/SLIDE[/STEP]]")]
    pub at: Option<String>,
    /// The look to begin with: night, paper, blueprint, terminal or contrast.
    #[arg(long, value_name = "NAME", value_parser = look_name)]
    pub look: Option<usize>,
    /// The language of words.
    #[arg(long, value_name = "CODE")]
    pub lang: Option<String>,
    /// After so many seconds without a touch the exhibit asks whether anybody is there.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(3..=86_400))]
    pub idle: Option<u32>,
    /// Larger text, and controls in reach.
    #[command(flatten)]
    pub ease: EaseArgs,
    /// Nothing moves that need not: packets fade in and out, slides cross-fade.
    #[arg(long)]
    pub reduced_motion: bool,
    /// A file to count starts in. After three that did not last a minute, the deck and all settings built in are taken.
    #[arg(long, value_name = "FILE")]
    pub starts: Option<PathBuf>,
    /// A file to write down everything in that comes in; `peerscape replay` plays it.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// The seed of all chance in the scenes: the same seed, the same run.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = super::seed)]
    pub seed: u64,
}

/// A look's number by its name.
///
/// # Errors
/// The nearest look, and all there are.
pub fn look_name(text: &str) -> Result<usize, String> {
    look::NAMES.iter().position(|name| *name == text).ok_or_else(|| {
        let nearest = crate::sim::model::nearest(text, &look::NAMES);
        if nearest.starts_with("there is") {
            nearest.into_owned()
        } else {
            format!("there is {}; {nearest}", look::NAMES.join(", "))
        }
    })
}

/// What settings name, as far as it can be read: the wall opens with as much of it as may be, and with what is built in for
/// the rest. What was wrong comes with it. A deck that can't be read stays named, so that it is shown once it can.
fn read_as_may_be(args: &ExhibitArgs, settings: &mut Settings) -> Result<(Shown, Vec<Finding>), Unread> {
    let wrong = match read(settings.deck.as_ref(), settings.assets.as_ref(), &settings.language) {
        Ok(shown) => return Ok((shown, Vec::new())),
        Err(wrong) => wrong,
    };
    // What the call itself says is wrong is said to who called.
    let Some(config) = &args.config else { return Err(wrong) };
    let usual = Settings::default();
    let keep = [args.lang.is_some(), args.deck.is_some(), args.assets.is_some()];
    // With as little as possible left out: the language, the deck, the assets, two of them, all.
    for out in
        [[true, false, false], [false, true, false], [false, false, true], [true, true, false], [true, false, true]]
            .into_iter()
            .chain([[false, true, true], [true; 3]])
            .filter(|out| out.iter().zip(keep).all(|(out, keep)| !(*out && keep)))
    {
        let language = if out[0] { &usual.language } else { &settings.language };
        let deck = settings.deck.as_ref().filter(|_| !out[1]);
        let assets = settings.assets.as_ref().filter(|_| !out[2]);
        if let Ok(shown) = read(deck, assets, language) {
            settings.language = language.clone();
            settings.assets = settings.assets.take().filter(|_| !out[2]);
            return Ok((shown, wrong.findings(config)));
        }
    }
    Err(wrong)
}

/// The call without an option.
fn as_nobody_asked() -> ExhibitArgs {
    #[derive(clap::Parser)]
    struct Call {
        #[command(flatten)]
        args: ExhibitArgs,
    }
    <Call as clap::Parser>::parse_from(["peerscape"]).args
}

/// What staff should know: it was started too often, and opens as it was built.
fn as_built(args: &ExhibitArgs, starts: &Starts) -> Finding {
    let path = args.deck.as_ref().or(args.starts.as_ref());
    let name = path.map_or_else(String::new, |path| path.display().to_string());
    let message = format!(
        "The exhibit ended {} times within a minute of its start. It has opened its own deck with its own settings.",
        starts.before()
    );
    let expected =
        "to read what the log says of the starts before; `peerscape check` and `peerscape doctor` tell more".into();
    Finding::of_file(&name, AS_BUILT, message, expected)
}

/// Opens the exhibit and stays until it is over.
#[must_use]
pub fn run(args: &ExhibitArgs) -> ExitCode {
    let starts = args.starts.as_deref().map(Starts::begin);
    match starts {
        Some(starts) if starts.too_many() => open_as_built(args, starts),
        starts => show(args, starts, Vec::new()),
    }
}

/// What a call that can't be understood comes to: a wrong option in a service's file must not keep the wall dark, so this
/// start counts like one of which the deck is wrong. Opens the exhibit as built if that was one too many; nothing if the
/// call counts no starts, or has none too many yet.
#[must_use]
pub fn despite(call: &[String]) -> Option<ExitCode> {
    let starts = Starts::begin(&counted_in(call)?);
    let args = ExhibitArgs { starts: counted_in(call), ..as_nobody_asked() };
    starts.too_many().then(|| open_as_built(&args, starts))
}

/// The file of `--starts` in a call of the exhibit that may be wrong otherwise. Commands count no starts, and begin with
/// their name.
fn counted_in(call: &[String]) -> Option<PathBuf> {
    call.first().filter(|word| word.starts_with('-'))?;
    let mut words = call.iter().take_while(|word| *word != "--");
    let given = words.find_map(|word| match word.strip_prefix("--starts")? {
        "" => Some(None),
        rest => rest.strip_prefix('=').map(Some),
    })?;
    given.or_else(|| words.next().map(String::as_str)).filter(|file| !file.is_empty()).map(PathBuf::from)
}

/// Opens the exhibit with nothing that was asked for but its window, and says so.
fn open_as_built(args: &ExhibitArgs, starts: Starts) -> ExitCode {
    let notice = as_built(args, &starts);
    complain(&format!("peerscape: {} Right would be {}.", notice.message, notice.expected));
    show(&ExhibitArgs { windowed: args.windowed, ..as_nobody_asked() }, Some(starts), vec![notice])
}

/// The settings of a file, and over them what the call says.
fn settings(args: &ExhibitArgs) -> Result<(Settings, Vec<Finding>), String> {
    let (mut settings, wrong) = args.config.as_deref().map_or_else(Default::default, Settings::load);
    args.ease.over(&mut settings)?;
    settings.deck = args.deck.clone().or(settings.deck);
    settings.assets = args.assets.clone().or(settings.assets);
    settings.language = args.lang.clone().unwrap_or(settings.language);
    settings.look = args.look.unwrap_or(settings.look);
    settings.idle = args.idle.unwrap_or(settings.idle);
    settings.reduced_motion |= args.reduced_motion;
    Ok((settings, wrong))
}

fn show(args: &ExhibitArgs, starts: Option<Starts>, mut notice: Vec<Finding>) -> ExitCode {
    let (mut settings, wrong_settings) = match settings(args) {
        Ok(all) => all,
        Err(message) => return usage(&message),
    };
    let ((deck, assets, looks), wrong) = match read_as_may_be(args, &mut settings) {
        Ok(all) => all,
        Err(unread) => return unread.complain(),
    };
    notice.extend(wrong);
    let deck = deck.enlarged(settings.text);
    let at = match args.at.as_deref().map(|at| deck.position_of(at)).transpose() {
        Ok(at) => at.unwrap_or_default(),
        Err(message) => return usage(&message),
    };
    open(Options {
        at,
        settings,
        wrong_settings,
        windowed: args.windowed,
        seed: args.seed,
        starts,
        notice,
        begin_in_attract: args.at.is_none(),
        record: args.record.clone(),
        ..Options::of(deck, assets, looks)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deck::Deck;

    #[test]
    fn what_settings_name_and_is_not_there_keeps_no_wall_dark() {
        let folder = std::env::temp_dir().join(format!("peerscape-named-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let config = folder.join("hall.ron");
        let built_in = Deck::built_in(None, "en").expect("built in").hash;
        let call = ExhibitArgs { config: Some(config.clone()), ..as_nobody_asked() };
        for (text, look) in [
            ("(deck: \"nowhere\", look: \"paper\")", 1),
            ("(language: \"xx\", look: \"paper\")", 1),
            ("(deck: \"nowhere\", assets: \"nowhere\", language: \"xx\")", 0),
        ] {
            std::fs::write(&config, text).expect("written");
            let (mut settings, wrong) = settings(&call).expect("a call that is right");
            assert!(wrong.is_empty(), "{wrong:?}");
            let ((deck, ..), said) = read_as_may_be(&call, &mut settings).expect("it opens");
            assert_eq!((deck.hash, settings.look, settings.language.as_str()), (built_in, look, "en"), "{text}");
            assert!(!said.is_empty() && said.iter().all(|finding| !finding.render().is_empty()), "{text}");
            assert_eq!(settings.deck.is_some(), text.contains("deck"), "it is shown once it is there");
        }
        // What the call itself says is no setting of the place.
        let wrong = ExhibitArgs { deck: Some(folder.join("nowhere")), ..call };
        let (mut settings, _) = settings(&wrong).expect("settings");
        assert!(read_as_may_be(&wrong, &mut settings).is_err());
        std::fs::remove_dir_all(&folder).expect("it was made");
    }

    #[test]
    fn the_file_of_starts_is_found_in_a_call_that_is_wrong_otherwise() {
        let found = |call: &str| counted_in(&call.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let file = Some(PathBuf::from("f"));
        assert_eq!(found("--starts f --txt 135"), file);
        assert_eq!(found("--txt 135 --starts=f"), file);
        assert_eq!(found("--txt 135"), None);
        assert_eq!(found("--txt --starts"), None, "its file is missing");
        assert_eq!(found("--starts-at f"), None, "that is another option");
        assert_eq!(found("check --starts f"), None, "that is a command");
    }
}
