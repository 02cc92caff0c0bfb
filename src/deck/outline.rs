//! The bare outline of a RON file: which brackets, keys and values stand where, without knowing what they mean.
//!
//! Serde forgets places and keys. The outline finds them again: where a key stands, which key stands twice, which
//! bracket is never closed. It reads any text, also a broken one, as far as it makes sense.

use std::ops::Range;

/// A value: where it stands, and what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// From which byte to which.
    pub at: Range<usize>,
    /// What stands in it.
    pub holds: Holds,
}

/// What stands in a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Nothing: a number, a word, a text.
    #[default]
    Leaf,
    /// Values without keys: a list, a place.
    List(Vec<Node>),
    /// Values with keys: a structure's fields, a map.
    Keyed(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key, without quotes.
    pub key: String,
    /// Where the key stands, with its quotes.
    pub at: Range<usize>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The outline of a file.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut reader = Reader { text, at: 0 };
        reader.attributes();
        reader.value()
    }

    /// The entries of a map or structure, in the order in which they stand.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.holds {
            Holds::Keyed(entries) => entries,
            Holds::Leaf | Holds::List(_) => &[],
        }
    }

    /// The values of a list.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        match &self.holds {
            Holds::List(list) => list,
            Holds::Leaf | Holds::Keyed(_) => &[],
        }
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| e.key == key)
    }

    /// The entry that a way of keys leads to. A number as a key takes that place of a list.
    #[must_use]
    pub fn find(&self, way: &[&str]) -> Option<Found<'_>> {
        let (first, rest) = way.split_first()?;
        let found = match &self.holds {
            Holds::Keyed(_) => self.entry(first).map(|e| Found { key: Some(&e.at), value: &e.value })?,
            Holds::List(list) => Found { key: None, value: list.get(first.parse::<usize>().ok()?)? },
            Holds::Leaf => return None,
        };
        if rest.is_empty() { Some(found) } else { found.value.find(rest) }
    }

    /// The innermost value that stands exactly at these bytes, or that begins there.
    #[must_use]
    pub fn starting_at(&self, byte: usize) -> Option<&Self> {
        if self.at.start == byte {
            return Some(self);
        }
        if !self.at.contains(&byte) {
            return None;
        }
        self.children().find_map(|c| c.starting_at(byte))
    }

    /// Where the key of the value stands that begins at a byte.
    #[must_use]
    pub fn key_of(&self, byte: usize) -> Option<Range<usize>> {
        let own = self.entries().iter().find(|e| e.value.at.start == byte).map(|e| e.at.clone());
        own.or_else(|| self.children().filter(|c| c.at.contains(&byte)).find_map(|c| c.key_of(byte)))
    }

    /// The smallest value that has brackets and holds the byte; its closing bracket counts.
    #[must_use]
    pub fn around(&self, byte: usize) -> Option<&Self> {
        if self.holds == Holds::Leaf || !(self.at.start < byte && byte < self.at.end) {
            return None;
        }
        self.children().find_map(|c| c.around(byte)).or(Some(self))
    }

    /// The smallest value without brackets that the byte stands in or directly after.
    #[must_use]
    pub fn leaf_at(&self, byte: usize) -> Option<&Self> {
        if !(self.at.start <= byte && byte <= self.at.end) {
            return None;
        }
        if self.holds == Holds::Leaf { Some(self) } else { self.children().find_map(|c| c.leaf_at(byte)) }
    }

    /// Keys that stand twice in one map or structure: the later place and the first.
    #[must_use]
    pub fn twice(&self) -> Vec<(&Entry, &Entry)> {
        let mut twice = Vec::new();
        let entries = self.entries();
        for (i, entry) in entries.iter().enumerate() {
            if let Some(first) = entries[..i].iter().find(|e| e.key == entry.key) {
                twice.push((entry, first));
            }
        }
        for child in self.children() {
            twice.extend(child.twice());
        }
        twice
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        let (list, entries): (&[Self], &[Entry]) = match &self.holds {
            Holds::Leaf => (&[], &[]),
            Holds::List(list) => (list, &[]),
            Holds::Keyed(entries) => (&[], entries),
        };
        list.iter().chain(entries.iter().map(|e| &e.value))
    }
}

/// What [`Node::find`] found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Where the key stands; a list's values have none.
    pub key: Option<&'a Range<usize>>,
    /// The value.
    pub value: &'a Node,
}

impl Found<'_> {
    /// Where the key stands, or else the value.
    #[must_use]
    pub fn place(&self) -> Range<usize> {
        self.key.unwrap_or(&self.value.at).clone()
    }
}

/// A bracket that is opened and never closed: the innermost at the end of the text, or one that another kind closes.
#[must_use]
pub fn unclosed(text: &str) -> Option<usize> {
    let mut reader = Reader { text, at: 0 };
    let mut open = Vec::new();
    loop {
        reader.space();
        let Some(c) = reader.peek() else { break };
        match c {
            '(' | '[' | '{' => {
                open.push((reader.at, c));
                reader.at += 1;
            }
            ')' | ']' | '}' => {
                let (at, opening) = open.pop()?;
                if closing(opening) != c {
                    return Some(at);
                }
                reader.at += 1;
            }
            ',' | ':' => reader.at += 1,
            _ => reader.token(),
        }
    }
    open.pop().map(|(at, _)| at)
}

/// A text in quotes that goes over several lines and ends right before a byte: most often one whose own closing quote is
/// missing, so that it ends where the next text begins.
#[must_use]
pub fn long_text_before(text: &str, byte: usize) -> Option<usize> {
    let mut reader = Reader { text, at: 0 };
    let mut last = None;
    loop {
        reader.space();
        if reader.at >= byte || reader.peek().is_none() {
            return last;
        }
        let start = reader.at;
        match reader.peek() {
            Some('(' | ')' | '[' | ']' | '{' | '}' | ',' | ':') => reader.at += 1,
            _ => reader.token(),
        }
        last = (text[start..].starts_with('"') && text[start..reader.at].contains('\n')).then_some(start);
    }
}

/// A comment that is opened with `/*` and never closed.
#[must_use]
pub fn unclosed_comment(text: &str) -> Option<usize> {
    let mut reader = Reader { text, at: 0 };
    while reader.peek().is_some() {
        let rest = reader.rest();
        if rest.starts_with("/*") {
            let len = block_comment(rest);
            if len == rest.len() && !rest.ends_with("*/") {
                return Some(reader.at);
            }
            reader.at += len;
        } else if rest.starts_with("//") || rest.starts_with(char::is_whitespace) {
            reader.space_but_blocks();
        } else if rest.starts_with(['(', ')', '[', ']', '{', '}', ',', ':']) {
            reader.at += 1;
        } else {
            reader.token();
        }
    }
    None
}

/// The bracket that closes another.
#[must_use]
pub fn closing(opening: char) -> char {
    match opening {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// Reads forward through a text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Skips white space and comments.
    fn space(&mut self) {
        loop {
            self.space_but_blocks();
            if !self.rest().starts_with("/*") {
                return;
            }
            self.at += block_comment(self.rest());
        }
    }

    /// Skips white space and comments to the end of a line.
    fn space_but_blocks(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = rest.len() - rest.trim_start().len();
            if skipped > 0 {
                self.at += skipped;
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else {
                return;
            }
        }
    }

    /// Skips `#![enable(…)]` at the head of a file.
    fn attributes(&mut self) {
        loop {
            self.space();
            if !self.rest().starts_with("#!") {
                return;
            }
            self.at += self.rest().find(']').map_or(self.rest().len(), |i| i + 1);
        }
    }

    /// Skips one word, number, character or text; always moves on unless at the end.
    fn token(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        let len = match c {
            '"' => quoted(rest),
            'r' if raw_string(rest).is_some() => raw_string(rest).unwrap_or(1),
            '\'' => character(rest),
            _ => match rest.find(|c: char| c.is_whitespace() || "()[]{},:\"".contains(c)) {
                Some(0) => c.len_utf8(),
                Some(n) => n,
                None => rest.len(),
            },
        };
        self.at += len;
    }

    /// Reads one value.
    fn value(&mut self) -> Node {
        self.space();
        let start = self.at;
        if self.peek().is_some_and(|c| c.is_alphabetic() || c == '_') && raw_string(self.rest()).is_none() {
            self.token();
            let (end, save) = (self.at, self.at);
            self.space();
            if self.peek() != Some('(') {
                self.at = save;
                return Node { at: start..end, holds: Holds::Leaf };
            }
            // `Some((a: 1))` holds what its one value holds.
            let name_is_some = &self.text[start..end] == "Some";
            let mut node = self.brackets(start);
            if name_is_some
                && let Holds::List(list) = &mut node.holds
                && list.len() == 1
            {
                let inner = list.swap_remove(0);
                node.holds = inner.holds;
            }
            return node;
        }
        match self.peek() {
            Some('(' | '[' | '{') => self.brackets(start),
            Some(')' | ']' | '}' | ',' | ':') | None => Node { at: start..start, holds: Holds::Leaf },
            Some(_) => {
                self.token();
                Node { at: start..self.at, holds: Holds::Leaf }
            }
        }
    }

    /// Reads what stands in brackets, from the opening one on.
    fn brackets(&mut self, start: usize) -> Node {
        let map = self.peek() == Some('{');
        self.at += 1;
        let (mut list, mut entries) = (Vec::new(), Vec::new());
        loop {
            self.space();
            match self.peek() {
                None => break,
                Some(')' | ']' | '}') => {
                    self.at += 1;
                    break;
                }
                Some(',' | ':') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let value = self.value();
            let end = self.at;
            self.space();
            if self.peek() == Some(':') {
                self.at += 1;
                let key = unquoted(&self.text[value.at.clone()]);
                entries.push(Entry { key, at: value.at, value: self.value() });
            } else {
                self.at = end;
                list.push(value);
            }
        }
        let holds = if entries.is_empty() && !map { Holds::List(list) } else { Holds::Keyed(entries) };
        Node { at: start..self.at, holds }
    }
}

/// How long a comment between `/*` and `*/` is; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// How long a text in quotes is.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return i + 1,
            _ => {}
        }
    }
    rest.len()
}

/// How long a raw text `r#"…"#` is, if this is one.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&close).map_or(rest.len(), |i| 1 + hashes + 1 + i + close.len()))
}

/// How long a character `'x'` is.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[2..].find('\'').map_or(rest.len(), |i| {
            // `'\''` closes at its second quote, if it has one.
            let closes = i == 0 && rest[3..].starts_with('\'');
            i + 3 + usize::from(closes)
        }),
        Some((i, c)) if rest[i + c.len_utf8()..].starts_with('\'') => i + c.len_utf8() + 1,
        _ => 1,
    }
}

/// A key without its quotes.
fn unquoted(key: &str) -> String {
    key.strip_prefix('"').and_then(|k| k.strip_suffix('"')).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"// a deck
(
    topics: [ (slug: "a, b", at: (1, 2)), /* ) */ peer(name: "x") ],
    "more": { "one": r#"raw "quoted" )"#, "two": Some((deep: 'c')), "one": "again" },
)"##;

    #[test]
    fn ways_lead_to_values_and_keys() {
        let root = Node::of(TEXT);
        let at = |way: &[&str]| root.find(way).map(|f| &TEXT[f.value.at.clone()]);
        assert_eq!(at(&["topics", "0", "slug"]), Some("\"a, b\""));
        assert_eq!(at(&["topics", "0", "at", "1"]), Some("2"));
        assert_eq!(at(&["topics", "1", "name"]), Some("\"x\""));
        assert_eq!(at(&["more", "one"]), Some(r##"r#"raw "quoted" )"#"##));
        assert_eq!(at(&["more", "two", "deep"]), Some("'c'"));
        assert_eq!(at(&["more", "three"]), None);
        let key = root.find(&["more", "two"]).map(|f| &TEXT[f.place()]);
        assert_eq!(key, Some("\"two\""));
    }

    #[test]
    fn a_character_ends_where_it_closes_or_before_what_follows() {
        for (text, length) in
            [("'a' b", 3), ("'\\'' b", 4), ("'\\n' b", 4), ("'\\'é", 3), ("'\\'", 3), ("'é'", 4), ("'", 1)]
        {
            assert_eq!(character(text), length, "{text}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_found_with_both_places() {
        let root = Node::of(TEXT);
        let twice = root.twice();
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].0.key, "one");
        assert!(twice[0].0.at.start > twice[0].1.at.start);
    }

    #[test]
    fn the_innermost_unclosed_bracket_is_found() {
        assert_eq!(unclosed("(a: [1, 2, b: (c)"), Some(4));
        assert_eq!(unclosed("(a: [1, 2, b: (c))"), Some(4), "closed by a bracket of another kind");
        assert_eq!(unclosed("(a: \")\", b: ["), Some(12));
        assert_eq!(unclosed(TEXT), None);
    }

    #[test]
    fn what_swallows_the_rest_of_a_file_is_found() {
        assert_eq!(unclosed_comment("(a: 1, /* b: /* c */ 2)"), Some(7));
        assert_eq!(unclosed_comment("(a: \"/*\", // /*\n b: 1 /* */)"), None);
        let text = "(a: \"one,\n b: \"two\")";
        assert_eq!(long_text_before(text, text.find("two").unwrap()), Some(4));
        assert_eq!(long_text_before("(a: \"one\" b", 10), None);
    }

    #[test]
    fn broken_text_never_stops_the_reader() {
        for text in ["", "(", "(a:", "\"", "'", "r#\"", "/*", "}}}", "(a b c", "{1: }", "((((", "'\\", "é", "(é: 'é"]
        {
            let _ = (Node::of(text), unclosed(text), unclosed_comment(text), long_text_before(text, text.len()));
        }
        for end in 0..TEXT.len() {
            let text = &TEXT[..end];
            let _ = (Node::of(text), unclosed(text), unclosed_comment(text), long_text_before(text, end));
        }
    }
}
