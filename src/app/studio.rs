//! Pictures without a window: the same layers, drawn onto an image and read back.

use super::{
    base::{self, Screen},
    paint,
};
use crate::ink::{
    gpu::{self, InkPlugin, Wall, pipelines_ready},
    look::Look,
    sheet::Canvas,
};
use bevy::{
    asset::RenderAssetUsages,
    camera::RenderTarget,
    image::Image,
    prelude::*,
    render::{
        RenderApp,
        render_resource::{Extent3d, TextureDimension, TextureFormat, TextureUsages},
        view::screenshot::{Screenshot, ScreenshotCaptured},
    },
};
use std::{
    io::BufWriter,
    path::Path,
    sync::{Arc, Mutex},
};

/// How many updates a picture may take before something must be wrong: pipelines, upload, copy, read-back.
const PATIENCE: usize = 64;

/// What went wrong while a picture was taken.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// A shader could not be built.
    #[error("a shader can't be built: {0}")]
    Shader(String),
    /// The picture never came.
    #[error("the picture did not come after {PATIENCE} updates")]
    NoPicture,
    /// The file could not be written.
    #[error("can't write {path}: {error}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        error: String,
    },
}

/// A picture: four bytes a pixel (red, green, blue, alpha; sRGB), left to right, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width and height.
    pub size: [u32; 2],
    /// The pixels.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// Writes it as PNG.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn save(&self, path: &Path) -> Result<(), StudioError> {
        let wrong = |error: String| StudioError::Write { path: path.display().to_string(), error };
        let file = std::fs::File::create(path).map_err(|e| wrong(e.to_string()))?;
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.size[0], self.size[1]);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let rgb: Vec<u8> = self.pixels.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&rgb)).map_err(|e| wrong(e.to_string()))
    }
}

/// A renderer without a window.
pub struct Studio {
    /// The application; whoever wants a picture fills its world first.
    pub app: App,
    image: Handle<Image>,
    size: [u32; 2],
}

impl Studio {
    /// A studio for pictures of one size, with whatever puts networks on the wall.
    #[must_use]
    pub fn new(size: [u32; 2], stage: impl Plugin) -> Self {
        let mut app = base::app(Screen::None);
        app.add_plugins((InkPlugin, stage)).add_systems(PostUpdate, paint::repaint);
        app.finish();
        app.cleanup();
        let image = image(app.world_mut(), size);
        app.world_mut().resource_mut::<Wall>().canvas = Canvas { size };
        app.world_mut().spawn(gpu::camera(RenderTarget::from(image.clone())));
        Self { app, image, size }
    }

    /// Takes on a look.
    pub fn set_look(&mut self, look: &Look) {
        set_look(&mut self.app.world_mut().resource_mut::<Wall>(), look);
    }

    /// Takes a picture of what the layers show.
    ///
    /// # Errors
    /// A shader that can't be built, or a picture that never comes.
    pub fn picture(&mut self) -> Result<Picture, StudioError> {
        read_back(&mut self.app, &self.image, self.size, App::update)
    }
}

/// Draws onto a picture and reads it back; `update` draws a frame.
///
/// # Errors
/// A shader that can't be built, or a picture that never comes.
pub fn read_back(
    app: &mut App,
    image: &Handle<Image>,
    size: [u32; 2],
    update: fn(&mut App),
) -> Result<Picture, StudioError> {
    // Every pipeline first: a missing one would be a hole in the picture, and no error.
    for _ in 0..PATIENCE {
        update(app);
        let ready = pipelines_ready(app.sub_app(RenderApp).world()).map_err(StudioError::Shader)?;
        if ready {
            break;
        }
    }
    let taken = Arc::new(Mutex::new(None));
    let sink = taken.clone();
    app.world_mut().spawn(Screenshot::image(image.clone())).observe(move |captured: On<ScreenshotCaptured>| {
        if let (Ok(mut sink), Some(data)) = (sink.lock(), captured.image.data.clone()) {
            *sink = Some(data);
        }
    });
    for _ in 0..PATIENCE {
        update(app);
        if let Some(pixels) = taken.lock().ok().and_then(|mut taken| taken.take()) {
            return Ok(Picture { size, pixels });
        }
    }
    Err(StudioError::NoPicture)
}

/// A picture to draw onto, and to read back.
pub fn image(world: &mut World, size: [u32; 2]) -> Handle<Image> {
    let mut image = Image::new_fill(
        Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
        TextureDimension::D2,
        &[0; 4],
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    );
    image.texture_descriptor.usage |= TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC;
    world.resource_mut::<Assets<Image>>().add(image)
}

/// Brings a look's tokens to the shaders.
pub fn set_look(wall: &mut Wall, look: &Look) {
    wall.palette = look.palette();
    wall.stroke = look.stroke;
    wall.radius = look.radius;
    wall.outline = look.fill == crate::ink::look::Fill::Outline;
}
