//! Builds anew when a file that the binary holds was added or changed: `include_dir` does not notice new ones.

fn main() {
    for folder in ["assets", "decks", "shaders"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
