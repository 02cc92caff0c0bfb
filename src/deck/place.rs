//! Where a value stands in its file, so that a finding can point at it.
//!
//! RON keeps no places after parsing, but a borrowed raw value is a slice of the text that was given: how far it lies
//! from the text's beginning is its place. [`read`] remembers the text while it reads, and [`Placed`] asks for it.

use super::outline::{self, Node};
use ron::{Options, error::SpannedError, extensions::Extensions, value::RawValue};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use std::{
    cell::{Cell, RefCell},
    fmt::Write as _,
    ops::Range,
    sync::Arc,
};

/// A value and the bytes of its file that it was read from.
#[derive(Clone, Debug, Default)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// From which byte to which, in the file it was read from.
    pub at: Range<usize>,
}

/// Two values are the same if they say the same, wherever they stand: so can two readings of a file be compared.
impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> std::ops::Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if PLACELESS.get() {
            return T::deserialize(deserializer).map(|value| Self { value, at: 0..0 });
        }
        let raw = <&'de RawValue>::deserialize(deserializer)?.trim().get_ron();
        let offset = READING.with_borrow(|reading| {
            let start = (raw.as_ptr() as usize).checked_sub(reading.as_ref()?.start)?;
            (start + raw.len() <= reading.as_ref()?.len).then_some(start)
        });
        match options().from_str::<T>(raw) {
            Ok(value) => Ok(Self { value, at: offset.map_or(0..0, |start| start..start + raw.len()) }),
            Err(error) => {
                let message = error.code.to_string();
                READING.with_borrow_mut(|reading| {
                    if let (Some(reading), Some(offset)) = (reading, offset) {
                        // The innermost value that fails says it first; those around it only pass it on.
                        reading.failed.get_or_insert((offset..offset + raw.len(), error));
                    }
                });
                Err(D::Error::custom(message))
            }
        }
    }
}

/// The text that is being read on this thread.
struct Reading {
    /// Where it begins in memory.
    start: usize,
    /// How long it is.
    len: usize,
    /// The innermost value that could not be read: its bytes, and why.
    failed: Option<(Range<usize>, SpannedError)>,
}

thread_local! {
    /// Whether what is read on this thread needs no places.
    static PLACELESS: Cell<bool> = const { Cell::new(false) };
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

/// How every file of ours is read: an optional value is written without `Some`.
fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// Reads a RON file that is known to be right, and forgets where its values stand: several times as fast. A mistake is said
/// as [`read`] would.
///
/// # Errors
/// As [`read`].
pub fn read_placeless<T: DeserializeOwned>(source: &Arc<Source>) -> Result<T, Vec<Finding>> {
    PLACELESS.set(true);
    let result = options().from_str::<T>(&source.text);
    PLACELESS.set(false);
    result.or_else(|_| read(source))
}

/// Reads a RON file.
///
/// # Errors
/// What is wrong, at its place: a syntax error, an unknown or missing field, a value of the wrong kind, or keys that
/// stand twice.
pub fn read<T: DeserializeOwned>(source: &Arc<Source>) -> Result<T, Vec<Finding>> {
    let text = source.text.as_str();
    let reading = Reading { start: text.as_ptr() as usize, len: text.len(), failed: None };
    READING.set(Some(reading));
    let result = options().from_str::<T>(text);
    let failed = READING.take().and_then(|r| r.failed);
    match result {
        Ok(value) => {
            let twice = twice(source);
            if twice.is_empty() { Ok(value) } else { Err(twice) }
        }
        Err(error) => {
            let (at, error) = failed.unwrap_or((0..text.len(), error));
            Err(vec![explain(source, at, &error)])
        }
    }
}

/// Reads one value of a RON file, the one at these bytes, whatever may be wrong around it.
///
/// # Errors
/// What is wrong in it, at its place.
pub fn read_part<T: DeserializeOwned>(source: &Arc<Source>, at: Range<usize>) -> Result<T, Finding> {
    let text = source.text.as_str();
    READING.set(Some(Reading { start: text.as_ptr() as usize, len: text.len(), failed: None }));
    let result = options().from_str::<T>(&text[at.clone()]);
    let failed = READING.take().and_then(|r| r.failed);
    result.map_err(|error| {
        let (within, error) = failed.unwrap_or((at, error));
        explain(source, within, &error)
    })
}

/// Keys that stand twice in one map: serde would silently keep the last.
pub(crate) fn twice(source: &Arc<Source>) -> Vec<Finding> {
    let root = Node::of(&source.text);
    let found = root.twice();
    found
        .iter()
        .map(|(again, first)| Finding {
            spots: vec![Spot::new(source, again.at.clone()), Spot::new(source, first.at.clone())],
            rule: "duplicate-key",
            message: format!("`{}` stands here twice.", again.key),
            expected: "one of the two, or another name".into(),
        })
        .collect()
}

/// Turns an error of the parser into a finding. `within` are the bytes of the value that it was reading.
fn explain(source: &Arc<Source>, within: Range<usize>, error: &SpannedError) -> Finding {
    use ron::Error as E;
    let text = &source.text;
    let inner = &text[within.clone()];
    // The parser's positions count from the beginning of the value that it was reading.
    let cursor = within.start + byte_of(inner, error.span.end.line, error.span.end.col);
    let word = |word: &str| {
        let start = text[..cursor].rfind(word).filter(|s| *s >= within.start).unwrap_or(within.start);
        start..(start + word.len()).min(text.len())
    };
    let finding = |at: Range<usize>, rule, message: String, expected: String| Finding {
        spots: vec![Spot::new(source, at)],
        rule,
        message,
        expected,
    };
    match &error.code {
        E::NoSuchStructField { expected, found, .. } => finding(
            word(found),
            "unknown-field",
            format!("There is no field called `{found}` here."),
            one_of(found, expected),
        ),
        E::NoSuchEnumVariant { expected, found, .. } => finding(
            word(found),
            "unknown-word",
            format!("`{found}` is none of the words that may stand here."),
            one_of(found, expected),
        ),
        E::MissingStructField { field, .. } => {
            let node = Node::of(text);
            let open = node.around(cursor).map_or(within.start, |n| n.at.start);
            let start = open + text[open..].find(['(', '{']).unwrap_or(0);
            finding(
                start..start + 1,
                "missing-field",
                format!("The field `{field}` is missing."),
                format!("`{field}: …`"),
            )
        }
        E::DuplicateStructField { field, .. } => {
            twice(source).into_iter().find(|f| f.message.contains(&format!("`{field}`"))).unwrap_or_else(|| {
                finding(word(field), "duplicate-key", format!("`{field}` stands here twice."), "one of the two".into())
            })
        }
        E::InvalidValueForType { expected, found } => {
            finding(value_before(text, &within, cursor), "wrong-kind", format!("This is {found}."), expected.clone())
        }
        E::ExpectedDifferentLength { expected, found } => {
            let node = Node::of(text);
            let at = node.around(cursor).map_or(within, |n| n.at.clone());
            finding(at, "wrong-kind", format!("There are {found} values here."), expected.clone())
        }
        E::IntegerOutOfBounds => finding(
            value_before(text, &within, cursor),
            "wrong-kind",
            "This number is too large or too small.".into(),
            "a smaller number".into(),
        ),
        E::Message(message) => {
            finding(value_before(text, &within, cursor), "wrong-kind", "This can't stand here.".into(), message.clone())
        }
        other => {
            let (wanted, wrong_kind) = wanted(other);
            if let Some(open) = outline::unclosed_comment(text) {
                let message = "This comment is never closed.".into();
                return finding(open..open + 2, "syntax", message, "`*/` after the comment".into());
            }
            if let Some(open) = outline::long_text_before(text, cursor) {
                let message = "This text goes over several lines, and what comes after it can't stand there.".into();
                return finding(open..open + 1, "syntax", message, "a closing quote where the text ends".into());
            }
            let slip_of_brackets = !matches!(other, E::ExpectedStringEnd | E::InvalidEscape(_) | E::TrailingCharacters);
            if slip_of_brackets
                && let Some(open) = outline::unclosed(text)
                && let Some(bracket) = text[open..].chars().next()
            {
                return finding(
                    open..open + 1,
                    "syntax",
                    "This bracket is never closed.".into(),
                    format!("`{}` after what belongs in it", outline::closing(bracket)),
                );
            }
            if let E::InvalidEscape(_) = other
                && let Some(start) = text[..cursor].rfind('\\')
            {
                let end = start + text[start..].chars().take(2).map(char::len_utf8).sum::<usize>();
                let what = &text[start..end];
                return finding(start..end, "syntax", format!("`{what}` means nothing in a text."), wanted);
            }
            let at = cursor + leading_space(&text[cursor..]);
            let end = at + text[at..].find(|c: char| c.is_whitespace() || ",:()[]{}".contains(c)).unwrap_or(0);
            let end = end.max(at + text[at..].chars().next().map_or(0, char::len_utf8));
            let rule = if wrong_kind && at < end { "wrong-kind" } else { "syntax" };
            let there = match &text[at..end] {
                "" => "The file ends here.".to_owned(),
                what => format!("`{what}` can't stand here."),
            };
            finding(at..end, rule, there, wanted)
        }
    }
}

/// What the parser wanted, in words; and whether it is a value of another kind that stands there, not a slip of signs.
fn wanted(error: &ron::Error) -> (String, bool) {
    use ron::Error as E;
    let (text, kind) = match error {
        E::ExpectedArray => ("a list in `[` and `]`", true),
        E::ExpectedMap => ("a map in `{` and `}`", true),
        E::ExpectedStructLike | E::ExpectedNamedStructLike(_) => ("fields in `(` and `)`", true),
        E::ExpectedString => ("a text in quotes", true),
        E::ExpectedInteger => ("a whole number", true),
        E::ExpectedFloat => ("a number", true),
        E::ExpectedBoolean => ("`true` or `false`", true),
        E::ExpectedIdentifier => ("a name", true),
        E::ExpectedChar => ("a character", true),
        E::ExpectedOption => ("a value, or nothing", true),
        E::ExpectedComma => ("a comma between two values", false),
        E::ExpectedMapColon => ("a `:` between a key and its value", false),
        E::ExpectedArrayEnd => ("a comma, or the closing `]`", false),
        E::ExpectedMapEnd => ("a comma, or the closing `}`", false),
        E::ExpectedStructLikeEnd | E::ExpectedOptionEnd => ("a comma, or the closing `)`", false),
        E::ExpectedStringEnd => ("the closing quote of a text", false),
        E::TrailingCharacters => ("nothing more: the file's one value has ended", false),
        E::UnclosedBlockComment => ("`*/` after the comment", false),
        E::Eof => ("more: the file ends too soon", false),
        E::ExpectedDifferentStructName { .. } => ("fields in `(` and `)`", false),
        E::InvalidEscape(_) => ("`\\\\` for a backslash, `\\\"` for a quote, `\\n` for a new line", false),
        other => return (other.to_string(), false),
    };
    (text.to_owned(), kind)
}

/// The value without brackets that ends at or before the cursor, or else the one that it stands in.
fn value_before(text: &str, within: &Range<usize>, cursor: usize) -> Range<usize> {
    let end = text[..cursor].trim_end_matches(|c: char| c.is_whitespace() || c == ',').len();
    let node = Node::of(text);
    node.leaf_at(end)
        .or_else(|| node.around(end))
        .map(|n| n.at.clone())
        .filter(|at| at.start >= within.start && at.end <= within.end)
        .unwrap_or_else(|| within.clone())
}

/// The byte at a line and column, both from 1.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = &text[start.min(text.len())..];
    start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(i, _)| i)
}

/// How much white space and how many comments stand at the beginning.
fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The most right words that are listed; of more, the nearest is enough.
const LISTED: usize = 12;

/// The right word that is nearest to a wrong one, if one is near at all.
#[must_use]
pub fn nearest_of<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(wrong, k), *k))
        .min()
        .filter(|(distance, k)| *distance <= k.chars().count().max(wrong.chars().count()) / 2)
        .map(|(_, k)| k)
}

/// What would be right instead of a word: the nearest first, then what there is.
#[must_use]
pub fn one_of(wrong: &str, known: &[&str]) -> String {
    let listed = known.iter().take(LISTED).map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    match (known, nearest_of(wrong, known)) {
        ([], _) => "nothing: there is none".to_owned(),
        ([_], _) => listed,
        (_, Some(near)) if known.len() > LISTED => format!("`{near}`"),
        (_, Some(near)) => format!("`{near}` (of {listed})"),
        (_, None) if known.len() > LISTED => format!("one of {listed} and {} more", known.len() - LISTED),
        (_, None) => format!("one of {listed}"),
    }
}

/// A file's name and text, shared by all findings in it; or the text of several that are read as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name to print: a path as the user gave it, or the name of an embedded file.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Of a text of several files, each piece in order: where it begins, and which bytes of which file it is.
    pieces: Vec<(usize, Arc<Source>, Range<usize>)>,
}

impl Source {
    /// A file.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), pieces: Vec::new() }
    }

    /// Adds some bytes of a file at the end.
    pub fn add(&mut self, file: &Arc<Self>, part: Range<usize>) {
        self.pieces.push((self.text.len(), Arc::clone(file), part.clone()));
        self.text.push_str(&file.text[part]);
    }

    /// The file that some bytes are from, and where they stand in it: itself, unless it is a text of several.
    #[must_use]
    pub fn file_at(self: &Arc<Self>, at: Range<usize>) -> (Arc<Self>, Range<usize>) {
        let piece = self.pieces.iter().rev().find(|(begin, ..)| *begin <= at.start);
        let Some((begin, file, part)) = piece else {
            return (Arc::clone(self), at);
        };
        let place = |byte: usize| (part.start + byte.saturating_sub(*begin)).min(part.end);
        (Arc::clone(file), place(at.start)..place(at.end))
    }
}

/// A place in a file: line and column from 1, columns counted in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes in question.
    pub at: Range<usize>,
}

/// A line of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcerptLine {
    /// Its number, from 1.
    pub number: usize,
    /// Its text, without the line's end.
    pub text: String,
    /// Which characters of it are in question, if any; counted in characters from 0.
    pub marked: Option<Range<usize>>,
}

/// How many lines stand before and after the one in question.
const AROUND: usize = 2;

impl Spot {
    /// A place in a file.
    #[must_use]
    pub fn new(source: &Arc<Source>, at: Range<usize>) -> Self {
        let (source, at) = source.file_at(at);
        Self { source, at }
    }

    /// The place at a line and column, both from 1.
    #[must_use]
    pub fn at_line_column(source: &Arc<Source>, line: usize, column: usize) -> Self {
        let at = byte_of(&source.text, line.max(1), column.max(1));
        Self::new(source, at..at)
    }

    /// Line and column, both from 1.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.source.text[..self.at.start.min(self.source.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// The line in question, two before and two after, as far as the file has them.
    #[must_use]
    pub fn excerpt(&self) -> Vec<ExcerptLine> {
        let (line, column) = self.line_column();
        let first = line.saturating_sub(AROUND).max(1);
        let marked = self.source.text.get(self.at.clone()).unwrap_or_default();
        // Of a value that goes over several lines, the first is marked.
        let len = marked.lines().next().unwrap_or_default().chars().count().max(1);
        self.source
            .text
            .lines()
            .enumerate()
            .skip(first - 1)
            .take(line + AROUND + 1 - first)
            .map(|(i, text)| ExcerptLine {
                number: i + 1,
                text: text.to_owned(),
                marked: (i + 1 == line).then_some(column - 1..column - 1 + len),
            })
            .collect()
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.source.name)
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

impl Finding {
    /// A finding about a file as a whole: one that is not there, or can't be read.
    #[must_use]
    pub fn of_file(name: &str, rule: &'static str, message: String, expected: String) -> Self {
        let source = Arc::new(Source::new(name, ""));
        Self { spots: vec![Spot::new(&source, 0..0)], rule, message, expected }
    }

    /// The finding as text: its place, the lines around it, what is wrong, and what would be right.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = String::new();
        for (i, spot) in self.spots.iter().enumerate() {
            // Writing into a string can't fail.
            let _ = if i == 0 {
                writeln!(out, "{spot}: {} [{}]", self.message, self.rule)
            } else {
                writeln!(out, "  and {spot}:")
            };
            for line in spot.excerpt() {
                let _ = writeln!(out, "{:>6} | {}", line.number, line.text);
                if let Some(marked) = line.marked {
                    let _ = writeln!(out, "       | {}{}", " ".repeat(marked.start), "^".repeat(marked.len()));
                }
            }
        }
        let _ = writeln!(out, "  right would be: {}", self.expected);
        out
    }

    /// The finding for machines: file, line, column, rule, message, expected, and further places under `also`.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let place = |spot: &Spot| {
            let (line, column) = spot.line_column();
            serde_json::json!({ "file": spot.source.name, "line": line, "column": column })
        };
        let mut value = self.spots.first().map_or_else(|| serde_json::json!({}), place);
        value["rule"] = self.rule.into();
        value["message"] = self.message.as_str().into();
        value["expected"] = self.expected.as_str().into();
        if self.spots.len() > 1 {
            value["also"] = self.spots[1..].iter().map(place).collect();
        }
        value
    }
}

/// Findings as text, one after the other, with their number at the end.
#[must_use]
pub fn render_all(findings: &[Finding]) -> String {
    findings.iter().map(|f| f.render() + "\n").collect()
}

/// Findings as one JSON list.
#[must_use]
pub fn json_all(findings: &[Finding]) -> serde_json::Value {
    findings.iter().map(Finding::json).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        inner: Placed<Inner>,
        #[serde(default)]
        other: Option<Placed<f64>>,
    }

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        word: Placed<String>,
        map: BTreeMap<String, Placed<u32>>,
    }

    fn source(text: &str) -> Arc<Source> {
        Arc::new(Source::new("x.ron", text))
    }

    #[test]
    fn every_value_knows_its_bytes_however_deep_it_stands() {
        let text =
            "// é comes before\n(\n  inner: /* a */ (word: \"wört\" , map: {\"k\": 7 /* b */}) // c\n, other: 1.5)";
        let outer: Outer = read(&source(text)).unwrap();
        assert_eq!(&text[outer.inner.at.clone()], "(word: \"wört\" , map: {\"k\": 7 /* b */})");
        assert_eq!(&text[outer.inner.word.at.clone()], "\"wört\"");
        assert_eq!(&text[outer.inner.map["k"].at.clone()], "7");
        assert_eq!(outer.other.map(|o| (o.value, &text[o.at])), Some((1.5, "1.5")));
    }

    #[test]
    fn without_places_the_values_are_the_same() {
        let text = "(\n  inner: (word: \"w\\u{f6}rt\", map: {\"k\": 7 /* b */}), // c\n other: 1.5)";
        let (placed, placeless): (Outer, Outer) =
            (read(&source(text)).unwrap(), read_placeless(&source(text)).unwrap());
        assert_eq!((&placed.inner.word, &placed.inner.map), (&placeless.inner.word, &placeless.inner.map));
        assert_eq!(placeless.inner.word.at, 0..0);
        assert_eq!(read::<Outer>(&source(text)).unwrap().inner.word.at.len(), 11, "the next file has its places");
        let wrong = read_placeless::<Outer>(&source("(inner: (word: 7, map: {}))")).unwrap_err();
        assert_eq!(wrong[0].spots[0].line_column(), (1, 16));
    }

    #[test]
    fn a_mistake_deep_inside_is_said_at_its_own_place() {
        let text = "(\n  inner: (word: \"ö\", map: {\"k\": \"7\"}),\n)";
        let found = read::<Outer>(&source(text)).unwrap_err();
        assert_eq!((found.len(), found[0].rule, found[0].spots[0].line_column()), (1, "wrong-kind", (2, 33)));
    }

    #[test]
    fn what_is_read_outside_a_file_has_no_place() {
        let placed: Placed<u32> = ron::from_str("7").unwrap();
        assert_eq!((placed.value, placed.at), (7, 0..0));
    }

    #[test]
    fn lines_and_columns_count_signs_from_one() {
        let source = source("äb\r\ncd\n");
        assert_eq!(Spot::new(&source, 0..1).line_column(), (1, 1));
        assert_eq!(Spot::new(&source, 2..3).line_column(), (1, 2));
        assert_eq!(Spot::new(&source, 5..6).line_column(), (2, 1));
        assert_eq!(Spot::new(&source, 900..901).line_column(), (3, 1), "past the end is its end");
        assert_eq!(Spot::at_line_column(&source, 2, 2).at, 6..6);
        assert_eq!(Spot::at_line_column(&source, 1, 2).line_column(), (1, 2));
    }

    #[test]
    fn the_nearest_right_word_comes_first() {
        assert_eq!(one_of("scen", &["slug", "scene"]), "`scene` (of `slug`, `scene`)");
        assert_eq!(one_of("zzzzzz", &["slug", "scene"]), "one of `slug`, `scene`");
        assert_eq!(one_of("x", &[]), "nothing: there is none");
        let many: Vec<String> = (0..40).map(|n| format!("word{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(one_of("wrd7", &many), "`word7`");
        assert!(one_of("x", &many).ends_with("and 28 more"));
    }
}
