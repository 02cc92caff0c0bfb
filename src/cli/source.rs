//! What commands that draw a deck are told of it.

use super::reading::load;
use crate::{
    deck::{Deck, assets::Assets},
    ink::look::Look,
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Which deck, in which words, by which chance.
#[derive(Args, Debug)]
pub struct SourceArgs {
    /// The deck: a folder or one file; the one built in, if none.
    #[arg(value_name = "DECK")]
    pub deck: Option<PathBuf>,
    /// A folder whose files stand in for those built in, file by file.
    #[arg(long, value_name = "DIR", value_parser = super::folder)]
    pub assets: Option<PathBuf>,
    /// The language of words.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: String,
    /// The seed of all chance in scenes.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = super::seed)]
    pub seed: u64,
}

impl SourceArgs {
    /// The deck, what it is drawn with, and the looks.
    ///
    /// # Errors
    /// Something is wrong with it, which has been said.
    pub fn load(&self) -> Result<(Deck, Assets, Vec<Look>), ExitCode> {
        load(self.deck.as_ref(), self.assets.as_ref(), &self.lang)
    }
}
