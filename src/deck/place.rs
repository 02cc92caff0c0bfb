//! Where a value stands in its file, so that a finding can point at it.

use std::{ops::Range, sync::Arc};

/// A value and the bytes of its file that it was read from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// From which byte to which, in the file it was read from.
    pub at: Range<usize>,
}

impl<T> std::ops::Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A file's name and text, shared by all findings in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name to print: a path as the user gave it, or the name of an embedded file.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A place in a file: line and column from 1, columns counted in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes in question.
    pub at: Range<usize>,
}

impl Spot {
    /// Line and column, both from 1.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.source.text[..self.at.start.min(self.source.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// Something wrong in a deck, its words, or a file of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where; a second place where two files disagree.
    pub spots: Vec<Spot>,
    /// The rule that it breaks, a short stable key: `unknown-field`, `headline-too-long`.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub expected: String,
}
