//! Decks as curators write them: right ones, broken ones with the exact place of each mistake, and the one of the README.

/// What every test with random input keeps to.
#[path = "../../src/fuzz.rs"]
mod bounds;
mod broken;
mod fuzz;
mod ledger;
mod parts;
mod whole;

use peerscape::deck::{
    Deck,
    check::check_values,
    place::{Finding, render_all},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

/// A folder that goes when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("peerscape-decks-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        for (name, text) in files {
            let path = folder.0.join(name);
            fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder for the deck");
            fs::write(path, text).expect("a file of the deck");
        }
        folder
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind harms no test.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is found in a deck's own files, read and checked. That the built-in assets are clean is a test of its own.
pub fn findings(path: &Path, lang: &str) -> Vec<Finding> {
    let mut findings = match Deck::load(Some(path), None, lang) {
        Ok(deck) => check_values(&deck),
        Err(findings) => findings,
    };
    findings.retain(|f| !f.spots.iter().all(|s| s.source.name.starts_with("assets/")));
    findings
}

/// Fails with the findings as a curator would read them.
pub fn assert_clean(findings: &[Finding], what: &str) {
    assert!(findings.is_empty(), "{what} is not clean:\n{}", render_all(findings));
}
