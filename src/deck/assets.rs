//! Files that are part of the binary, overlaid file by file by `--assets DIR`.

use super::place::{Finding, Source};
use include_dir::{Dir, include_dir};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Looks, bindings, pictograms, words of models and controls.
static ASSETS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// The decks that the binary brings.
pub(super) static DECKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/decks");

/// The files under `assets/`: those in the binary, and over them a folder's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    overlay: Option<PathBuf>,
}

impl Assets {
    /// The files in the binary, with those of a folder over them.
    #[must_use]
    pub fn new(overlay: Option<&Path>) -> Self {
        Self { overlay: overlay.map(Path::to_path_buf) }
    }

    /// The folder that lies over the files in the binary.
    #[must_use]
    pub fn overlay(&self) -> Option<&Path> {
        self.overlay.as_deref()
    }

    /// A file's name to print and its text; nothing if there is no such file, or it can't be read as text.
    /// `name` is its way below `assets/`, with `/`: `looks/night.ron`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<(String, Cow<'static, str>)> {
        self.read(name).ok().flatten()
    }

    /// A file as a source of findings.
    ///
    /// # Errors
    /// That there is no such file, or why it can't be read.
    pub fn source(&self, name: &str) -> Result<Arc<Source>, Vec<Finding>> {
        let expected =
            || format!("a file `{name}` in the folder of `--assets`, or none there to take the built-in one");
        match self.read(name) {
            Ok(Some((name, text))) => Ok(Arc::new(Source::new(name, text))),
            Ok(None) => Err(vec![Finding::of_file(
                &format!("assets/{name}"),
                "missing-file",
                format!("There is no file `assets/{name}`."),
                expected(),
            )]),
            Err(finding) => Err(vec![finding]),
        }
    }

    /// The names of the files whose way begins so, in order: `looks/` lists every look.
    #[must_use]
    pub fn list(&self, prefix: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        embedded(&ASSETS, &mut names);
        if let Some(folder) = &self.overlay {
            on_disk(folder, folder, &mut names);
        }
        names.into_iter().filter(|n| n.starts_with(prefix)).collect()
    }

    fn read(&self, name: &str) -> Result<Option<(String, Cow<'static, str>)>, Finding> {
        if let Some(folder) = &self.overlay {
            let path = folder.join(name);
            if path.exists() {
                let text = read_file(&path)?;
                return Ok(Some((path.display().to_string(), text.into())));
            }
        }
        Ok(ASSETS.get_file(name).and_then(|f| f.contents_utf8()).map(|t| (format!("assets/{name}"), t.into())))
    }
}

/// A text file from the disk.
pub(crate) fn read_file(path: &Path) -> Result<String, Finding> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| {
        let (message, expected) = match error.kind() {
            std::io::ErrorKind::NotFound => (format!("There is no file `{name}`."), "a file that exists"),
            std::io::ErrorKind::PermissionDenied => {
                (format!("`{name}` may not be read."), "a file that the user of the exhibit may read")
            }
            _ => (format!("`{name}` can't be read: {error}."), "a file that can be read"),
        };
        Finding::of_file(&name, "missing-file", message, expected.into())
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let end = good.len();
        let source = Arc::new(Source::new(name, good));
        Finding {
            spots: vec![super::place::Spot::new(&source, end..end)],
            rule: "not-text",
            message: "Here stands something that is not UTF-8 text.".into(),
            expected: "the file saved as UTF-8".into(),
        }
    })
}

/// Every file of an embedded folder, by its way.
fn embedded(dir: &Dir<'_>, names: &mut BTreeSet<String>) {
    names.extend(dir.files().map(|f| slashed(f.path())));
    for dir in dir.dirs() {
        embedded(dir, names);
    }
}

/// Every file below a folder, by its way from `root`.
fn on_disk(root: &Path, folder: &Path, names: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            on_disk(root, &path, names);
        } else if let Ok(way) = path.strip_prefix(root) {
            names.insert(slashed(way));
        }
    }
}

/// A way with `/` between its parts on every platform.
fn slashed(path: &Path) -> String {
    path.iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lies_over_the_binary_file_by_file() {
        let folder = std::env::temp_dir().join(format!("peerscape-assets-{}", std::process::id()));
        fs::create_dir_all(folder.join("looks")).unwrap();
        fs::write(folder.join("looks/mine.ron"), "()").unwrap();
        let assets = Assets::new(Some(&folder));
        let (name, text) = assets.text("looks/mine.ron").unwrap();
        assert!(name.ends_with("looks/mine.ron"), "{name}");
        assert_eq!(text, "()");
        assert!(assets.list("looks/").contains(&"looks/mine.ron".to_owned()));
        assert_eq!(assets.text("icons.ron").unwrap().0, "assets/icons.ron", "what the folder lacks is built in");
        assert_eq!(assets.source("no/such.ron").unwrap_err()[0].rule, "missing-file");
        fs::remove_dir_all(&folder).unwrap();
    }
}
