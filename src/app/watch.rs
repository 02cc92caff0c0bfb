//! A deck that is saved while the exhibit runs is read again at once; a broken one is refused, and the last good stays.

use super::exhibit::Exhibit;
use crate::{deck::Deck, ink::look::Look, input::bindings::Bindings};
use bevy::prelude::*;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
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
    /// Watches a deck (a folder or a file) and a folder of assets; nothing where there is neither.
    #[must_use]
    pub fn over(deck: Option<&Path>, assets: Option<&Path>) -> Self {
        let changed = Arc::new(AtomicBool::new(false));
        let folders: Vec<PathBuf> = deck
            .map(|deck| if deck.is_dir() { deck.to_path_buf() } else { folder_of(deck) })
            .into_iter()
            .chain(assets.map(Path::to_path_buf))
            .collect();
        let mut watcher = None;
        if !folders.is_empty() {
            let flag = changed.clone();
            let made = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                if event.is_ok_and(|e| !e.kind.is_access()) {
                    flag.store(true, Ordering::Release);
                }
            });
            match made {
                Ok(mut made) => {
                    for folder in &folders {
                        if let Err(error) = made.watch(folder, RecursiveMode::Recursive) {
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
}

/// The folder that holds a file: an editor replaces files, and a watch on the file itself would watch the old one.
fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Reads the deck again after it was saved.
pub fn reload(watch: Option<ResMut<Watch>>, mut exhibit: ResMut<Exhibit>) {
    let Some(mut watch) = watch else { return };
    if watch.changed.swap(false, Ordering::AcqRel) {
        watch.since = Some(Instant::now());
    }
    if watch.since.is_none_or(|since| since.elapsed() < PAUSE) {
        return;
    }
    watch.since = None;
    match read(&exhibit) {
        Ok((deck, looks, bindings)) => exhibit.take_deck(deck, looks, bindings),
        Err(findings) => exhibit.refuse_deck(findings),
    }
}

/// Reads and checks the whole set: a deck that would show a hole is refused before it is shown.
fn read(exhibit: &Exhibit) -> Result<(Deck, Vec<Look>, Bindings), Vec<crate::deck::place::Finding>> {
    let deck = Deck::load(exhibit.deck_path.as_deref(), exhibit.assets.overlay(), &exhibit.lang)?;
    let findings = crate::deck::check::check(&deck);
    if !findings.is_empty() {
        return Err(findings);
    }
    let bindings = Bindings::of_assets(&exhibit.assets)?;
    let looks = Look::all(|name| exhibit.assets.text(name).map(|(_, text)| text)).map_err(|error| {
        vec![crate::deck::place::Finding {
            spots: Vec::new(),
            rule: "look",
            message: error.to_string(),
            expected: "a look as `assets/looks/night.ron` is written".into(),
        }]
    })?;
    Ok((deck, looks, bindings))
}
