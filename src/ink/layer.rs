//! Rows for the GPU, kept on the CPU with what of them changed: the only way by which anything reaches the screen.
//!
//! A [`Layer`] is an entity. Its batches are drawn in order, each one a draw call of `rows` instances of one
//! [`Kind`]. What changes a row marks it; `ink::gpu` uploads only marked rows.

use super::sheet::Vec2;
use bevy::ecs::component::Component;
use bytemuck::{NoUninit, bytes_of};
use std::ops::Range;

/// What a row draws: each kind has a shader of its own in `shaders/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `plain.wgsl`, [`super::sheet::Shape`]: boxes, discs and lines, neither dashed nor turned.
    Plain,
    /// `shape.wgsl`, [`super::sheet::Shape`].
    Shape,
    /// `glyph.wgsl`.
    Glyph,
    /// `link.wgsl`.
    Link,
    /// `packet.wgsl`.
    Packet,
    /// `peer.wgsl`.
    Peer,
    /// `block.wgsl`.
    Block,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Plain, Self::Shape, Self::Glyph, Self::Link, Self::Packet, Self::Peer, Self::Block];

    /// The passes that its rows are drawn in, by what their shader is told. A row is drawn by one of them.
    #[must_use]
    pub const fn passes(self) -> &'static [&'static str] {
        match self {
            Self::Peer => &["GROUND", "PLAIN", "FULL"],
            Self::Link => &["PLAIN", "FULL"],
            _ => &[""],
        }
    }

    /// Bytes of a row.
    #[must_use]
    pub const fn stride(self) -> usize {
        match self {
            Self::Plain | Self::Shape | Self::Packet | Self::Link => 64,
            Self::Glyph => 48,
            Self::Peer => 88,
            Self::Block => 80,
        }
    }
}

/// Rows of one kind, drawn together.
#[derive(Debug)]
pub struct Batch {
    kind: Kind,
    bytes: Vec<u8>,
    /// Rows that changed since the last upload.
    changed: Option<Range<usize>>,
}

impl Batch {
    /// No rows yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, bytes: Vec::new(), changed: None }
    }

    /// What its rows draw.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / self.kind.stride()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Adds a row at the end; returns its number.
    pub fn push<T: NoUninit>(&mut self, row: &T) -> usize {
        debug_assert_eq!(size_of::<T>(), self.kind.stride(), "a row of another kind");
        let index = self.len();
        self.bytes.extend_from_slice(bytes_of(row));
        self.mark(index..index + 1);
        index
    }

    /// Writes a row that is there already.
    pub fn set<T: NoUninit>(&mut self, index: usize, row: &T) {
        debug_assert_eq!(size_of::<T>(), self.kind.stride(), "a row of another kind");
        let stride = self.kind.stride();
        self.bytes[index * stride..(index + 1) * stride].copy_from_slice(bytes_of(row));
        self.mark(index..index + 1);
    }

    /// Puts other rows in the place of these; only those that differ count as changed.
    pub fn replace(&mut self, bytes: Vec<u8>) {
        let stride = self.kind.stride();
        debug_assert_eq!(bytes.len() % stride, 0, "whole rows");
        let rows = bytes.len() / stride;
        let differs = |row: usize| {
            let cut = row * stride..(row + 1) * stride;
            self.bytes.get(cut.clone()) != Some(&bytes[cut])
        };
        let first = (0..rows).find(|row| differs(*row));
        let last = (0..rows).rev().find(|row| differs(*row));
        self.bytes = bytes;
        if let (Some(first), Some(last)) = (first, last) {
            self.mark(first..last + 1);
        }
    }

    /// Takes all rows away.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.changed = None;
    }

    /// Keeps the first `len` rows.
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len * self.kind.stride());
    }

    /// All rows, as the GPU reads them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What changed since it was last asked.
    pub fn take_changed(&mut self) -> Option<Range<usize>> {
        let len = self.len();
        self.changed.take().map(|r| r.start.min(len)..r.end.min(len)).filter(|r| !r.is_empty())
    }

    fn mark(&mut self, rows: Range<usize>) {
        self.changed = Some(match self.changed.take() {
            Some(old) => old.start.min(rows.start)..old.end.max(rows.end),
            None => rows,
        });
    }
}

/// Rows that move and fade together: a slide, its scene, an overlay.
#[derive(Component, Debug, Default)]
pub struct Layer {
    /// Layers are drawn from the lowest to the highest.
    pub order: i32,
    /// How far it is moved, in reference pixels: a transition changes nothing else.
    pub offset: Vec2,
    /// How much of it shows.
    pub alpha: f32,
    /// The clock that its packets read: scene time, in seconds from the layer's epoch.
    pub now: f32,
    /// The wall's clock, in seconds from the layer's epoch, which runs on while the scene is paused: answers to a touch
    /// and what grows or fades read it.
    pub wall: f32,
    /// What is drawn, in order.
    pub batches: Vec<Batch>,
    /// The part of the reference canvas outside which nothing shows: left, top, width, height.
    pub clip: Option<[f32; 4]>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A row of [`Kind::Glyph`] that says nothing but a number.
    fn row(number: u8) -> [u8; Kind::Glyph.stride()] {
        [number; Kind::Glyph.stride()]
    }

    fn rows(numbers: &[u8]) -> Vec<u8> {
        numbers.iter().flat_map(|number| row(*number)).collect()
    }

    #[derive(Clone, Debug)]
    enum Change {
        Push(u8),
        Set(usize, u8),
        Replace(Vec<u8>),
        Truncate(usize),
        Clear,
        Upload,
    }

    fn change() -> impl Strategy<Value = Change> {
        let few = || prop::collection::vec(0_u8..3, 0..12);
        prop_oneof![
            (0_u8..3).prop_map(Change::Push),
            (0_usize..12, 0_u8..3).prop_map(|(index, number)| Change::Set(index, number)),
            few().prop_map(Change::Replace),
            (0_usize..12).prop_map(Change::Truncate),
            Just(Change::Clear),
            Just(Change::Upload),
        ]
    }

    proptest! {
        #[test]
        fn replacing_marks_from_the_first_row_that_differs_to_the_last(
            before in prop::collection::vec(0_u8..3, 0..12),
            after in prop::collection::vec(0_u8..3, 0..12),
        ) {
            let mut batch = Batch::new(Kind::Glyph);
            batch.replace(rows(&before));
            batch.take_changed();
            batch.replace(rows(&after));
            let differing: Vec<usize> = (0..after.len()).filter(|i| before.get(*i) != after.get(*i)).collect();
            let wanted = differing.first().zip(differing.last()).map(|(first, last)| *first..last + 1);
            prop_assert_eq!(batch.take_changed(), wanted);
            prop_assert_eq!(batch.take_changed(), None);
            prop_assert_eq!(batch.bytes(), rows(&after));
        }

        #[test]
        fn who_copies_only_marked_rows_has_them_all(changes in prop::collection::vec(change(), 0..60)) {
            let mut batch = Batch::new(Kind::Glyph);
            // What the GPU has; a buffer keeps what lay in it, also behind the end.
            let mut there = vec![255; 1024 * Kind::Glyph.stride()];
            for change in changes.into_iter().chain([Change::Upload]) {
                match change {
                    Change::Push(number) => {
                        batch.push(&row(number));
                    }
                    Change::Set(index, number) if index < batch.len() => batch.set(index, &row(number)),
                    Change::Set(..) => {}
                    Change::Replace(numbers) => batch.replace(rows(&numbers)),
                    Change::Truncate(len) => batch.truncate(len),
                    Change::Clear => batch.clear(),
                    Change::Upload => {
                        if let Some(rows) = batch.take_changed() {
                            let cut = rows.start * Kind::Glyph.stride()..rows.end * Kind::Glyph.stride();
                            there[cut.clone()].copy_from_slice(&batch.bytes()[cut]);
                        }
                        prop_assert_eq!(&there[..batch.bytes().len()], batch.bytes());
                    }
                }
            }
        }
    }
}
