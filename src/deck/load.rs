//! How a deck is read: the built-in one, a folder, or one file with its words inline.

pub use super::assets::Assets;
use super::{
    Deck,
    assets::{DECKS, read_file},
    parts,
    place::{Finding, Source, read, read_placeless},
    structure::{AttractStop, Structure, Topic},
    words::{HouseWords, Words},
};
use crate::ink::icons::Icons;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The deck that is shown if nobody names one.
pub const BUILT_IN: &str = "peer-to-peer";

/// The language that every other falls back to.
pub const FALLBACK: &str = "en";

/// The ledger of facts, where a deck keeps one.
const FACTS: &str = "facts.ron";

/// A deck in one file: the structure's fields, and the words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneFile {
    topics: Vec<Topic>,
    #[serde(default)]
    attract: Vec<AttractStop>,
    words: Words,
}

/// Whether values know their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Placed,
    Placeless,
}

impl Reading {
    fn read<T: DeserializeOwned>(self, source: &Arc<Source>) -> Result<T, Vec<Finding>> {
        match self {
            Self::Placed => read(source),
            Self::Placeless => read_placeless(source),
        }
    }
}

/// A deck's own part, before the house's words and pictograms join it.
struct Own {
    structure: Structure,
    structure_source: Arc<Source>,
    words: Words,
    words_source: Arc<Source>,
    fallback: Option<(Words, Arc<Source>)>,
    facts_source: Option<Arc<Source>>,
    watch: Option<PathBuf>,
}

impl Deck {
    /// Reads a deck and everything that belongs to it.
    ///
    /// `path` is a folder with `deck.ron` and `words/`, or one file with its words inline; without it the built-in deck
    /// is read. `assets` is a folder whose files take the place of built-in assets. Words come in `lang`, or English.
    ///
    /// # Errors
    /// All that keeps the deck from being read, each at its place. What is wrong in a deck that can be read is for
    /// [`check`](super::check::check) to say.
    pub fn load(path: Option<&Path>, assets: Option<&Path>, lang: &str) -> Result<Self, Vec<Finding>> {
        Self::load_as(path, assets, lang, Reading::Placed)
    }

    /// Reads the built-in deck to be shown, not to be checked: nothing in it knows its place. The wall begins with this.
    ///
    /// # Errors
    /// As [`Deck::load`].
    pub fn built_in(assets: Option<&Path>, lang: &str) -> Result<Self, Vec<Finding>> {
        Self::load_as(None, assets, lang, Reading::Placeless)
    }

    fn load_as(path: Option<&Path>, assets: Option<&Path>, lang: &str, reading: Reading) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let own = keep(load_own(path, lang, reading), &mut findings);
        let house = match assets.filter(|a| !a.is_dir()) {
            Some(missing) => {
                let name = missing.display().to_string();
                let message = format!("There is no folder `{name}`.");
                findings.push(Finding::of_file(&name, "missing-file", message, "a folder with assets".into()));
                None
            }
            None => keep(load_house(&Assets::new(assets), lang), &mut findings),
        };
        match (own, house) {
            (Some(own), Some(house)) => Ok(join(own, house, assets, lang)),
            _ => Err(findings),
        }
    }

    /// Reads a deck of one file from its text, with the built-in assets.
    ///
    /// # Errors
    /// As [`Deck::load`].
    pub fn from_text(name: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let own = one_file(Source::new(name, text), None)?;
        Ok(join(own, load_house(&Assets::default(), FALLBACK)?, None, FALLBACK))
    }
}

/// The deck's own part, and what the house brings.
fn join(own: Own, house: House, assets: Option<&Path>, lang: &str) -> Deck {
    let House { words: house, source: house_source, fallback: house_fallback, icons } = house;
    let mut hash = Fnv::default();
    let sources = [&own.structure_source, &own.words_source, &house_source, &icons.source];
    let fallbacks = own.fallback.iter().map(|f| &f.1).chain(house_fallback.iter().map(|f| &f.1));
    for source in sources.into_iter().chain(fallbacks) {
        hash.add(source.text.as_bytes());
    }
    let (fallback, fallback_source) = own.fallback.map(|(words, source)| (Box::new(words), source)).unzip();
    Deck {
        structure: own.structure,
        structure_source: own.structure_source,
        words: own.words,
        words_source: own.words_source,
        fallback,
        fallback_source,
        facts_source: own.facts_source,
        house,
        house_source,
        house_fallback: house_fallback.map(|f| Box::new(f.0)),
        icons,
        lang: lang.to_owned(),
        hash: hash.0,
        watch: own.watch.into_iter().chain(assets.map(Path::to_path_buf)).collect(),
    }
}

/// The languages that a deck has words in, English first. A deck of one file has but its own.
#[must_use]
pub fn languages(path: Option<&Path>) -> Vec<String> {
    let mut names: Vec<String> = match path {
        None => DECKS
            .get_dir(format!("{BUILT_IN}/words"))
            .map(|words| words.files().map(|f| f.path().to_path_buf()).collect::<Vec<_>>())
            .unwrap_or_default(),
        Some(folder) => std::fs::read_dir(folder.join("words"))
            .map(|entries| entries.flatten().map(|e| e.path()).collect())
            .unwrap_or_default(),
    }
    .iter()
    .filter(|path| path.extension().is_some_and(|e| e == "ron"))
    .filter_map(|path| path.file_stem()?.to_str().map(str::to_owned))
    .filter(|name| name != FALLBACK)
    .collect();
    names.sort_unstable();
    names.insert(0, FALLBACK.to_owned());
    names
}

/// The words of models and controls that the binary brings, in English: for whoever needs no deck.
///
/// # Errors
/// What is wrong in the file; never, in a binary that passed its tests.
pub fn house_words() -> Result<(HouseWords, Arc<Source>), Vec<Finding>> {
    let source = Assets::default().source(&words_of(FALLBACK))?;
    Ok((read(&source)?, source))
}

/// What the house brings: words in the language, in English where that is another, and the pictograms.
struct House {
    words: HouseWords,
    source: Arc<Source>,
    fallback: Option<(HouseWords, Arc<Source>)>,
    icons: Icons,
}

fn load_house(assets: &Assets, lang: &str) -> Result<House, Vec<Finding>> {
    let mut findings = Vec::new();
    let icons = keep(Icons::load(assets), &mut findings);
    let mut words = |lang: &str| {
        let source = keep(assets.source(&words_of(lang)), &mut findings)?;
        keep(read::<HouseWords>(&source), &mut findings).map(|words| (words, source))
    };
    let english = words(FALLBACK);
    let own = if lang == FALLBACK || assets.text(&words_of(lang)).is_none() { None } else { words(lang) };
    match (own, english, icons) {
        (Some((words, source)), Some(english), Some(icons)) if findings.is_empty() => {
            Ok(House { words, source, fallback: Some(english), icons })
        }
        (None, Some((words, source)), Some(icons)) if findings.is_empty() => {
            Ok(House { words, source, fallback: None, icons })
        }
        _ => Err(findings),
    }
}

/// The name of a file of words.
fn words_of(lang: &str) -> String {
    format!("words/{lang}.ron")
}

/// Reads the deck's own files.
fn load_own(path: Option<&Path>, lang: &str, reading: Reading) -> Result<Own, Vec<Finding>> {
    match path {
        None => load_parts(
            |name| {
                let way = format!("{BUILT_IN}/{name}");
                let text = DECKS.get_file(&way).and_then(|f| f.contents_utf8());
                Ok(text.map(|text| Source::new(format!("decks/{way}"), text)))
            },
            &format!("decks/{BUILT_IN}"),
            None,
            lang,
            reading,
        ),
        Some(folder) if folder.is_dir() => load_parts(
            |name| {
                let path = folder.join(name);
                if !path.exists() {
                    return Ok(None);
                }
                read_file(&path).map(|text| Some(Source::new(path.display().to_string(), text)))
            },
            &folder.display().to_string(),
            Some(folder.to_path_buf()),
            lang,
            reading,
        ),
        Some(file) => {
            let text = read_file(file).map_err(|mut finding| {
                if finding.rule == "missing-file" {
                    finding.expected = "a folder with `deck.ron` and `words/en.ron`, or one file with its words".into();
                }
                vec![finding]
            })?;
            one_file(Source::new(file.display().to_string(), text), Some(file.to_path_buf()))
        }
    }
}

/// A deck of one file.
fn one_file(source: Source, watch: Option<PathBuf>) -> Result<Own, Vec<Finding>> {
    let source = Arc::new(source);
    let OneFile { topics, attract, words } = read(&source)?;
    Ok(Own {
        structure: Structure { topics, attract },
        structure_source: Arc::clone(&source),
        words,
        words_source: source,
        fallback: None,
        facts_source: None,
        watch,
    })
}

/// A deck of several files; `get` finds one by its name.
fn load_parts(
    get: impl Fn(&str) -> Result<Option<Source>, Finding>,
    folder: &str,
    watch: Option<PathBuf>,
    lang: &str,
    reading: Reading,
) -> Result<Own, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut source = |name: &str| match get(name) {
        Ok(source) => source,
        Err(finding) => {
            findings.push(finding);
            None
        }
    };
    let missing = |name: &str| {
        let expected = format!("a file `{name}` in the deck's folder `{folder}`");
        let name = format!("{folder}/{name}");
        Finding::of_file(&name, "missing-file", format!("There is no file `{name}`."), expected)
    };
    let structure_source = source("deck.ron");
    let english = source(&words_of(FALLBACK));
    let own = if lang == FALLBACK { None } else { source(&words_of(lang)) };
    let facts_source = source(FACTS).map(Arc::new);
    if !findings.is_empty() {
        return Err(findings);
    }
    // Topics that have files of their own stand where the deck names them.
    let (structure_source, slugs) = match structure_source {
        Some(source) => parts::structure(source, &get).map(|(source, slugs)| (Some(Arc::new(source)), slugs))?,
        None => (None, Vec::new()),
    };
    let joined = |source: Option<Source>, lang: &str| -> Result<Option<Arc<Source>>, Vec<Finding>> {
        source.map(|source| parts::words(source, lang, &slugs, &get).map(Arc::new)).transpose()
    };
    let (english, own) = (joined(english, FALLBACK)?, joined(own, lang)?);
    let words_in = |source: Option<Arc<Source>>| source.map(|source| (reading.read::<Words>(&source), source));
    // The two largest files are read side by side: a wall that starts waits for both.
    let (structure, (own, english)) = rayon::join(
        || structure_source.as_ref().map(|source| reading.read::<Structure>(source)),
        || (words_in(own), words_in(english)),
    );
    if structure.is_none() {
        findings.push(missing("deck.ron"));
    }
    let structure = structure.and_then(|read| keep(read, &mut findings));
    let mut good = |read: Option<(Result<Words, Vec<Finding>>, Arc<Source>)>| {
        let (words, source) = read?;
        Some((keep(words, &mut findings)?, source))
    };
    let (own, english) = (good(own), good(english));
    let (words, fallback) = match (own, english) {
        (Some(own), english) => (Some(own), english),
        (None, english) => (english, None),
    };
    if words.is_none() && findings.is_empty() {
        findings.push(missing(&words_of(FALLBACK)));
    }
    match (structure, structure_source, words) {
        (Some(structure), Some(structure_source), Some((words, words_source))) if findings.is_empty() => {
            Ok(Own { structure, structure_source, words, words_source, fallback, facts_source, watch })
        }
        _ => Err(findings),
    }
}

/// The value, or nothing and its findings with the others.
fn keep<T>(result: Result<T, Vec<Finding>>, findings: &mut Vec<Finding>) -> Option<T> {
    result.map_err(|more| findings.extend(more)).ok()
}

/// FNV-1a, 64 bits: the same on every platform and in every release of Rust.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds a file, and a mark that it has ended.
    fn add(&mut self, bytes: &[u8]) {
        // 0xff is in no UTF-8 text.
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
