//! Glyphs as coverage, in one texture: each glyph of each size is drawn once and kept.

use super::{
    sheet::{Canvas, Vec2},
    text::{Face, Run},
};
use bevy::ecs::resource::Resource;
use bytemuck::{Pod, Zeroable};
use etagere::{AtlasAllocator, size2};
use std::collections::BTreeMap;
use swash::{
    FontRef,
    scale::{Render, ScaleContext, Source},
    zeno::{Format, Vector},
};

/// A glyph on the wall: 48 bytes, as `shaders/glyph.wgsl` reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct GlyphRow {
    /// Left, top, width, height, in reference pixels.
    pub area: [f32; 4],
    /// Left, top, right, bottom in the atlas.
    pub cut: [f32; 4],
    /// The ink's index.
    pub ink: u32,
    /// How much of it shows.
    pub alpha: f32,
    #[doc(hidden)]
    pub spare: [f32; 2],
}

/// Steps into which a pixel is divided for a glyph's place along the line: finer can't be seen.
const SUBPIXELS: f32 = 4.0;

/// The side of a new atlas; a page of text at 1080p fills a quarter of it.
const FIRST_SIDE: i32 = 1024;

/// The side beyond which an atlas is emptied instead of grown.
const LAST_SIDE: i32 = 4096;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    face: Face,
    id: u16,
    /// Size in 64ths of a physical pixel.
    size: u32,
    /// Quarter of a pixel that it stands right of a whole one.
    shift: u8,
}

#[derive(Clone, Copy)]
struct Cut {
    /// Place in the atlas.
    at: [i32; 2],
    size: [i32; 2],
    /// From the glyph's origin to the cut's left and top.
    bearing: [i32; 2],
}

/// Coverage that has yet to reach the GPU.
pub struct Upload {
    /// Left and top in the atlas.
    pub at: [u32; 2],
    /// Width and height.
    pub size: [u32; 2],
    /// One byte a pixel.
    pub coverage: Vec<u8>,
}

/// All glyphs drawn so far.
#[derive(Resource)]
pub struct Atlas {
    context: ScaleContext,
    cuts: BTreeMap<Key, Option<Cut>>,
    room: AtlasAllocator,
    side: i32,
    uploads: Vec<Upload>,
    /// Grows whenever every cut becomes invalid; whoever holds rows must make them anew.
    generation: u32,
}

impl Default for Atlas {
    fn default() -> Self {
        Self {
            context: ScaleContext::new(),
            cuts: BTreeMap::new(),
            room: AtlasAllocator::new(size2(FIRST_SIDE, FIRST_SIDE)),
            side: FIRST_SIDE,
            uploads: Vec::new(),
            generation: 0,
        }
    }
}

impl Atlas {
    /// The texture's side, in pixels.
    #[must_use]
    pub fn side(&self) -> u32 {
        self.side.unsigned_abs()
    }

    /// Which atlas this is: rows made for another generation are void.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// What has yet to reach the GPU.
    pub fn take_uploads(&mut self) -> Vec<Upload> {
        std::mem::take(&mut self.uploads)
    }

    /// Turns a run into rows, drawing glyphs that are new. Origins are set on whole physical pixels across the line.
    pub fn rows(&mut self, run: &Run, canvas: Canvas, mut each: impl FnMut(GlyphRow)) {
        let (scale, origin) = (canvas.scale(), canvas.origin());
        for glyph in &run.glyphs {
            let physical: Vec2 = [glyph.at[0] * scale + origin[0], glyph.at[1] * scale + origin[1]];
            let steps = (physical[0] * SUBPIXELS).round();
            let whole = (steps / SUBPIXELS).floor();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 3, and a size in pixels")]
            let key = Key {
                face: run.face,
                id: glyph.id,
                size: (run.size * scale * 64.0).round() as u32,
                shift: (steps - whole * SUBPIXELS) as u8,
            };
            let Some(cut) = self.cut(key) else { continue };
            let left = whole + cut.bearing[0] as f32;
            let top = physical[1].round() + cut.bearing[1] as f32;
            let (x, y) = (cut.at[0] as f32, cut.at[1] as f32);
            let (w, h) = (cut.size[0] as f32, cut.size[1] as f32);
            each(GlyphRow {
                area: [(left - origin[0]) / scale, (top - origin[1]) / scale, w / scale, h / scale],
                cut: [x, y, x + w, y + h],
                ink: run.ink.index(),
                alpha: run.alpha,
                spare: [0.0; 2],
            });
        }
    }

    fn cut(&mut self, key: Key) -> Option<Cut> {
        if let Some(known) = self.cuts.get(&key) {
            return *known;
        }
        let drawn = self.draw(key);
        let cut = drawn.and_then(|(image, size, bearing)| {
            // One empty pixel around each keeps neighbours out of the linear sampler.
            let at = self.place(size[0] + 2, size[1] + 2)?;
            let at = [at[0] + 1, at[1] + 1];
            self.uploads.push(Upload {
                at: at.map(i32::unsigned_abs),
                size: size.map(i32::unsigned_abs),
                coverage: image,
            });
            Some(Cut { at, size, bearing })
        });
        self.cuts.insert(key, cut);
        cut
    }

    fn draw(&mut self, key: Key) -> Option<(Vec<u8>, [i32; 2], [i32; 2])> {
        let font = FontRef::from_index(key.face.bytes(), 0)?;
        let mut scaler = self.context.builder(font).size(key.size as f32 / 64.0).hint(false).build();
        let image = Render::new(&[Source::Outline])
            .format(Format::Alpha)
            .offset(Vector::new(f32::from(key.shift) / SUBPIXELS, 0.0))
            .render(&mut scaler, key.id)?;
        let size = [image.placement.width, image.placement.height].map(u32::cast_signed);
        (size[0] > 0 && size[1] > 0).then(|| (image.data, size, [image.placement.left, -image.placement.top]))
    }

    /// Finds room. A full atlas grows; one that can't grow is emptied, and every row made anew.
    fn place(&mut self, width: i32, height: i32) -> Option<[i32; 2]> {
        if let Some(found) = self.room.allocate(size2(width, height)) {
            return Some([found.rectangle.min.x, found.rectangle.min.y]);
        }
        self.side = (self.side * 2).min(LAST_SIDE);
        self.room = AtlasAllocator::new(size2(self.side, self.side));
        self.cuts.clear();
        self.uploads.clear();
        self.generation += 1;
        self.room.allocate(size2(width, height)).map(|found| [found.rectangle.min.x, found.rectangle.min.y])
    }
}
