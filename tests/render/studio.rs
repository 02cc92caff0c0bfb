//! Where pictures are taken, and what to do where they can't be.

use peerscape::{
    app::gallery::Gallery,
    deck::{Deck, place::render_all},
    ink::look::{self, Look},
    slides::ease::Ease,
};
use std::{
    process::Command,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

/// The size that style is given in.
pub const FULL: [u32; 2] = [1920, 1080];

/// A quarter of it: enough where only differences count.
pub const SMALL: [u32; 2] = [960, 540];

/// The built-in deck.
pub fn deck() -> Deck {
    Deck::load(None, None, "en").unwrap_or_else(|findings| panic!("{}", render_all(&findings)))
}

/// All looks as they are built in.
pub fn looks() -> Vec<Look> {
    Look::embedded().expect("the built-in looks are right")
}

/// A look's number.
pub fn look(name: &str) -> usize {
    look::NAMES.iter().position(|n| *n == name).expect("there is such a look")
}

/// A gallery of the built-in deck.
pub fn gallery(look: usize, size: [u32; 2], seed: u64) -> Gallery {
    need_adapter();
    Gallery::new(deck(), looks(), look, size, seed, Ease::default())
}

/// One renderer at a time: each takes all cores, and its memory is not small.
pub fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    // A test that failed leaves nothing behind that another could trip over.
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails with the remedy where there is nothing to draw with; `peerscape doctor` knows both.
pub fn need_adapter() {
    static ASKED: Once = Once::new();
    ASKED.call_once(|| {
        let told = Command::new(env!("CARGO_BIN_EXE_peerscape")).arg("doctor").output().expect("doctor answers");
        let told = String::from_utf8_lossy(&told.stdout);
        let mut lines = told.lines().skip_while(|line| !line.contains(" adapter "));
        let (adapter, remedy) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        assert!(!adapter.is_empty(), "doctor says nothing of adapters:\n{told}");
        assert!(!adapter.starts_with("lacks"), "pictures need an adapter:\n{adapter}\n{remedy}");
    });
}
