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
            Self::Plain | Self::Shape | Self::Packet => 64,
            Self::Glyph | Self::Link => 48,
            Self::Peer | Self::Block => 80,
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
