//! Starts that did not last. Whatever ends the exhibit again and again, a deck, a setting, a file that was replaced, the
//! wall must not stay dark for it: after three such starts it opens as it was built.
//!
//! The count is a number in a file that outlives the process. It is raised when a start begins and put back to nothing when
//! it has lasted, by the monotonic clock; a file that can't be read counts as nothing, one that can't be written is no
//! reason to stop.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// A start that ends before this did not last.
pub const SHORT: Duration = Duration::from_secs(60);

/// The rule of the finding that says so to staff.
pub const AS_BUILT: &str = "opened-as-built";

/// After so many starts that did not last, the next opens as it was built.
pub const MOST: u32 = 3;

/// The count of starts that did not last.
#[derive(Debug)]
pub struct Starts {
    path: PathBuf,
    before: u32,
}

impl Starts {
    /// Begins a start: from now on it counts as one that did not last, until it has.
    #[must_use]
    pub fn begin(path: &Path) -> Self {
        let before = fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        let starts = Self { path: path.to_owned(), before };
        starts.write(before.saturating_add(1));
        starts
    }

    /// How many starts before this one did not last.
    #[must_use]
    pub fn before(&self) -> u32 {
        self.before
    }

    /// Whether this one should open as it was built.
    #[must_use]
    pub fn too_many(&self) -> bool {
        self.before >= MOST
    }

    /// This start has lasted.
    pub fn lasted(&self) {
        self.write(0);
    }

    #[expect(clippy::print_stderr, reason = "nothing is there yet that could log")]
    fn write(&self, count: u32) {
        if let Err(error) = fs::write(&self.path, format!("{count}\n")) {
            eprintln!("peerscape: starts can't be counted in {}: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_start_opens_as_built_and_one_that_lasts_forgets() {
        let path = std::env::temp_dir().join(format!("peerscape-starts-{}", std::process::id()));
        let _ = fs::remove_file(&path);
        let tries: Vec<bool> = (0..4).map(|_| Starts::begin(&path).too_many()).collect();
        assert_eq!(tries, [false, false, false, true]);
        let start = Starts::begin(&path);
        assert_eq!((start.before(), start.too_many()), (4, true), "and so on, until one lasts");
        start.lasted();
        assert!(!Starts::begin(&path).too_many());
        fs::write(&path, "rubbish").unwrap();
        assert_eq!(Starts::begin(&path).before(), 0, "what can't be read counts as nothing");
        fs::remove_file(&path).unwrap();
        let nowhere = Starts::begin(Path::new("/nowhere/at/all"));
        nowhere.lasted();
        assert!(!nowhere.too_many(), "what can't be written stops nothing");
    }
}
