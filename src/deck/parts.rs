//! A deck in many files: each topic may have one for its slides and one for its words.
//!
//! They are read as one text, the topics' files standing where the deck's own file names them, so that nobody who reads a
//! deck needs to know how many files it came in. A place in that text is a place in one of the files: [`Source::file_at`]
//! leads back.

use super::{
    outline::{self, Holds, Node},
    place::{Finding, Source, Spot},
};
use std::sync::Arc;

/// Where a file of one topic belongs in the file of all.
struct Gap {
    /// The bytes that it takes the place of.
    at: std::ops::Range<usize>,
    /// What stands before it.
    before: String,
    file: Arc<Source>,
    /// What stands after it.
    after: &'static str,
}

/// The topics that a structure names by their files: their slugs, and where they stand.
fn named(structure: &Source) -> Vec<(String, std::ops::Range<usize>)> {
    let outline = Node::of(&structure.text);
    let topics = outline.find(&["topics"]).map(|found| found.value.clone()).unwrap_or_default();
    let leaves = topics.list().iter().filter(|node| node.holds == Holds::Leaf);
    leaves
        .filter_map(|node| {
            let slug = structure.text.get(node.at.clone())?.strip_prefix('"')?.strip_suffix('"')?;
            Some((slug.to_owned(), node.at.clone()))
        })
        .collect()
}

/// A structure with the files of its topics, and the slugs of those that have one. `get` finds a file by its name in the
/// deck's folder.
///
/// # Errors
/// A file that is named and not there, or can't be read, or whose brackets don't close.
pub fn structure(
    structure: Source,
    get: &impl Fn(&str) -> Result<Option<Source>, Finding>,
) -> Result<(Source, Vec<String>), Vec<Finding>> {
    let (mut gaps, mut findings) = (Vec::new(), Vec::new());
    let named = named(&structure);
    let slugs: Vec<String> = named.iter().map(|(slug, _)| slug.clone()).collect();
    for (slug, at) in named {
        let name = format!("topics/{slug}.ron");
        match get(&name) {
            Ok(Some(file)) => gaps.push(Gap { at, before: String::new(), file: Arc::new(file), after: "\n" }),
            Ok(None) => findings.push(Finding {
                spots: vec![Spot::new(&Arc::new(structure.clone()), at)],
                rule: "missing-file",
                message: format!("There is no file `{name}`."),
                expected: format!("a file `{name}` beside `deck.ron`, or the topic itself: `(slug: …, slides: […])`"),
            }),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok((join(structure, gaps)?, slugs)) } else { Err(findings) }
}

/// Words in one language with the files of the topics that have some: `words/en/history.ron` beside `words/en.ron`.
///
/// # Errors
/// A file that can't be read, or whose brackets don't close.
pub fn words(
    words: Source,
    lang: &str,
    slugs: &[String],
    get: &impl Fn(&str) -> Result<Option<Source>, Finding>,
) -> Result<Source, Vec<Finding>> {
    let outline = Node::of(&words.text);
    // They stand at the beginning of the map of topics. Without one they stand nowhere, and the reader says what is missing.
    let Some(begin) = outline.find(&["topics"]).map(|found| found.value.at.start + 1) else {
        return Ok(words);
    };
    let (mut gaps, mut findings) = (Vec::new(), Vec::new());
    for slug in slugs {
        match get(&format!("words/{lang}/{slug}.ron")) {
            Ok(Some(file)) => {
                let before = format!("\"{slug}\": ");
                gaps.push(Gap { at: begin..begin, before, file: Arc::new(file), after: "\n," });
            }
            Ok(None) => {}
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { join(words, gaps) } else { Err(findings) }
}

/// One text of a file and those that stand in its gaps.
fn join(whole: Source, gaps: Vec<Gap>) -> Result<Source, Vec<Finding>> {
    if gaps.is_empty() {
        return Ok(whole);
    }
    let unclosed: Vec<Finding> = gaps.iter().filter_map(|gap| unclosed(&gap.file)).collect();
    if !unclosed.is_empty() {
        return Err(unclosed);
    }
    let mut joined = Source::new(whole.name.clone(), "");
    let whole = Arc::new(whole);
    let mut done = 0;
    for gap in gaps {
        joined.add(&whole, done..gap.at.start);
        joined.text.push_str(&gap.before);
        joined.add(&gap.file, beginning(&gap.file.text)..gap.file.text.len());
        joined.text.push_str(gap.after);
        done = gap.at.end;
    }
    joined.add(&whole, done..whole.text.len());
    Ok(joined)
}

/// Where a file's value begins: an attribute may stand only at the beginning of all.
fn beginning(text: &str) -> usize {
    let mut at = 0;
    while let Some(end) =
        text[at..].trim_start().strip_prefix("#![").and_then(|rest| rest.find(']').map(|i| rest.len() - i - 1))
    {
        at = text.len() - end;
    }
    at
}

/// A bracket of a file that is never closed: read with others, it would be said at one of theirs.
fn unclosed(file: &Arc<Source>) -> Option<Finding> {
    let open = outline::unclosed(&file.text)?;
    let bracket = file.text[open..].chars().next()?;
    Some(Finding {
        spots: vec![Spot::new(file, open..open + 1)],
        rule: "syntax",
        message: "This bracket is never closed.".into(),
        expected: format!("`{}` after what belongs in it", outline::closing(bracket)),
    })
}
