//! From a composed sheet to rows on the GPU.

use crate::ink::{
    atlas::Atlas,
    gpu::Wall,
    layer::{Batch, Kind, Layer},
    sheet::{Canvas, Item, Sheet},
};
use bevy::prelude::*;
use bytemuck::bytes_of;
use std::sync::Arc;

/// The sheet that a layer shows. Changing it repaints the layer; so does an atlas that had to start anew.
#[derive(Component, Clone, Debug, Default)]
pub struct Painted {
    /// What is shown.
    pub sheet: Arc<Sheet>,
    /// The atlas and canvas that the rows were made for.
    made_for: Option<(u32, [u32; 2])>,
}

impl Painted {
    /// To be painted at the next opportunity.
    #[must_use]
    pub fn new(sheet: Sheet) -> Self {
        Self { sheet: Arc::new(sheet), made_for: None }
    }
}

/// Repaints layers whose sheet, atlas or canvas is another.
pub fn repaint(mut layers: Query<(&mut Layer, &mut Painted)>, mut atlas: ResMut<Atlas>, wall: Res<Wall>) {
    // An atlas that starts anew halfway voids what was painted before it: then all are painted once more.
    for _ in 0..2 {
        for (mut layer, mut painted) in &mut layers {
            if painted.made_for == Some((atlas.generation(), wall.canvas.size)) {
                continue;
            }
            paint(&painted.sheet, &mut atlas, wall.canvas, &mut layer);
            painted.made_for = Some((atlas.generation(), wall.canvas.size));
        }
    }
}

/// Makes a sheet's rows. Neighbours of one kind share a batch, so that painter's order holds.
fn paint(sheet: &Sheet, atlas: &mut Atlas, canvas: Canvas, layer: &mut Layer) {
    loop {
        let generation = atlas.generation();
        let mut made: Vec<(Kind, Vec<u8>)> = Vec::new();
        for item in &sheet.items {
            match item {
                Item::Shape(shape) => {
                    let kind = if shape.is_plain() { Kind::Plain } else { Kind::Shape };
                    rows_of(&mut made, kind).extend_from_slice(bytes_of(shape));
                }
                Item::Text(run) => {
                    let rows = rows_of(&mut made, Kind::Glyph);
                    atlas.rows(run, canvas, |glyph| rows.extend_from_slice(bytes_of(&glyph)));
                }
            }
        }
        if atlas.generation() != generation {
            continue;
        }
        layer.batches.truncate(made.len());
        for (index, (kind, bytes)) in made.into_iter().enumerate() {
            match layer.batches.get_mut(index) {
                Some(batch) if batch.kind() == kind => batch.replace(bytes),
                there => {
                    let mut batch = Batch::new(kind);
                    batch.replace(bytes);
                    match there {
                        Some(place) => *place = batch,
                        None => layer.batches.push(batch),
                    }
                }
            }
        }
        return;
    }
}

fn rows_of(made: &mut Vec<(Kind, Vec<u8>)>, kind: Kind) -> &mut Vec<u8> {
    if made.last().is_none_or(|(last, _)| *last != kind) {
        made.push((kind, Vec::new()));
    }
    let last = made.len() - 1;
    &mut made[last].1
}
