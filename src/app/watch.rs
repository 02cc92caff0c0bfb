//! A deck that is saved while the exhibit runs is read again at once; a broken one is refused, and the last good stays.

use super::{clock::Clock, exhibit::Exhibit};
use crate::{
    deck::{
        Deck,
        check::{FALLS_BACK, check_values},
        load::languages,
    },
    ink::look::Look,
    input::bindings::Bindings,
};
use bevy::{
    prelude::*,
    winit::{EventLoopProxyWrapper, WinitUserEvent},
};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Editors save in several strokes; the deck is read when they have paused for this long.
const PAUSE: Duration = Duration::from_millis(80);

/// Watches the files of the deck and of `--assets`.
#[derive(Resource)]
pub struct Watch {
    changed: Arc<AtomicBool>,
    since: Option<Instant>,
    /// Watches as long as it lives.
    _watcher: Option<RecommendedWatcher>,
}

impl Watch {
    /// Watches a deck (a folder or a file) and a folder of assets; nothing where there is neither. A wall that rests is
    /// woken by the change, if it has a window to wake.
    #[must_use]
    pub fn over(deck: Option<&Path>, assets: Option<&Path>, window: Option<&EventLoopProxyWrapper>) -> Self {
        let changed = Arc::new(AtomicBool::new(false));
        let file = deck.filter(|deck| !deck.is_dir());
        let folders: Vec<&Path> = deck.filter(|deck| deck.is_dir()).into_iter().chain(assets).collect();
        let beside = file.map(folder_of);
        let concern = Concern {
            file: file.and_then(|file| file.file_name()).map(ToOwned::to_owned),
            folders: folders
                .iter()
                .map(|folder| folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf()))
                .collect(),
        };
        let mut watcher = None;
        if deck.is_some() || assets.is_some() {
            let flag = changed.clone();
            let window = window.map(|window| (**window).clone());
            let made = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                if event.is_ok_and(|e| !e.kind.is_access() && e.paths.iter().any(|path| concern.has(path))) {
                    flag.store(true, Ordering::Release);
                    if let Some(window) = &window {
                        // A loop that is over needs no waking.
                        let _over = window.send_event(WinitUserEvent::WakeUp);
                    }
                }
            });
            match made {
                Ok(mut made) => {
                    let deep = folders.iter().map(|folder| (*folder, RecursiveMode::Recursive));
                    for (folder, mode) in deep.chain(beside.as_deref().map(|b| (b, RecursiveMode::NonRecursive))) {
                        // By its real name, so that what is told of it can be compared.
                        let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
                        if let Err(error) = made.watch(folder, mode) {
                            warn!("can't watch {}: {error}; changes to it show after a restart", folder.display());
                        }
                    }
                    watcher = Some(made);
                }
                Err(error) => warn!("can't watch the deck: {error}; changes to it show after a restart"),
            }
        }
        Self { changed, since: None, _watcher: watcher }
    }

    /// Has the deck read anew, as if it had been saved.
    pub fn ask(&self) {
        self.changed.store(true, Ordering::Release);
    }

    /// How long it is until the deck is to be read, if it was saved.
    #[must_use]
    pub fn next_wake(&self) -> Option<Duration> {
        self.since.map(|since| PAUSE.saturating_sub(since.elapsed()))
    }
}

/// Which of the files that change are the deck's: much else may lie beside it, a log that grows for one.
#[derive(Debug, Default)]
struct Concern {
    /// The name of a deck that is one file.
    file: Option<OsString>,
    /// Folders of which every text in RON counts.
    folders: Vec<PathBuf>,
}

impl Concern {
    fn has(&self, path: &Path) -> bool {
        // A folder may have been put in place whole, as when another version is checked out.
        let text = path.extension().is_none_or(|e| e == "ron");
        (self.file.is_some() && path.file_name() == self.file.as_deref())
            || (text && self.folders.iter().any(|folder| path.starts_with(folder)))
    }
}

/// The folder that holds a file: an editor replaces files, and a watch on the file itself would watch the old one.
fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Reads the deck again after it was saved.
pub fn reload(mut watch: ResMut<Watch>, mut exhibit: ResMut<Exhibit>, clock: Res<Clock>) {
    if watch.changed.swap(false, Ordering::AcqRel) {
        watch.since = Some(Instant::now());
    }
    if watch.since.is_none_or(|since| since.elapsed() < PAUSE) {
        return;
    }
    watch.since = None;
    match read(&exhibit) {
        Ok((deck, looks, bindings)) => exhibit.take_deck(deck, looks, bindings, clock.step),
        Err(findings) => exhibit.refuse_deck(findings),
    }
}

/// Reads and checks the whole set: a deck that would show a hole is refused before it is shown.
fn read(exhibit: &Exhibit) -> Result<(Deck, Vec<Look>, Bindings), Vec<crate::deck::place::Finding>> {
    let deck = Deck::load(exhibit.deck_path.as_deref(), exhibit.assets.overlay(), &exhibit.lang)?;
    let deck = deck.enlarged(exhibit.ease.text);
    let findings = crate::deck::check::faults_since(&deck, &exhibit.deck);
    if !findings.is_empty() {
        return Err(findings);
    }
    // Words in other languages are read too: the next visitor may want them.
    for lang in languages(exhibit.deck_path.as_deref()).iter().filter(|lang| **lang != exhibit.lang) {
        let mut findings = check_values(&Deck::load(exhibit.deck_path.as_deref(), exhibit.assets.overlay(), lang)?);
        findings.retain(|finding| finding.rule != FALLS_BACK);
        if !findings.is_empty() {
            return Err(findings);
        }
    }
    let findings = crate::cli::check::of_assets(&exhibit.assets);
    if !findings.is_empty() {
        return Err(findings);
    }
    let bindings = Bindings::of_assets(&exhibit.assets)?;
    let looks =
        Look::all(|name| exhibit.assets.text(name).map(|(_, text)| text)).unwrap_or_else(|_| exhibit.looks.clone());
    Ok((deck, looks, bindings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_deck_s_own_files_are_its_concern() {
        let one = Concern { file: Some("hello.ron".into()), folders: Vec::new() };
        let many = Concern { file: None, folders: vec!["/decks/mine".into()] };
        for (path, of_one, of_many) in [
            ("/decks/hello.ron", true, false),
            ("/decks/other.ron", false, false),
            ("/decks/wall.log", false, false),
            ("/decks/mine/deck.ron", false, true),
            ("/decks/mine/words/de.ron", false, true),
            ("/decks/mine/words", false, true),
            ("/decks/mine/wall.log", false, false),
            ("/decks/mine/words/de.ron~", false, false),
        ] {
            assert_eq!((one.has(Path::new(path)), many.has(Path::new(path))), (of_one, of_many), "{path}");
        }
    }
}
