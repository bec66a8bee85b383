//! The PNG of an SVG: resvg draws it at twice its size or as many pixels as print needs, with our faces alone.

use std::collections::HashMap;

use resvg::{tiny_skia, usvg};

use crate::files::guard::guarded;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::logo::Logo;

/// Pixels of CSS in a metre: 96 to the inch of 25.4 mm.
const PX_PER_METRE: f64 = 96.0 / 0.0254;

/// Four bytes each: 400 MB.
const MOST_PIXELS: u64 = 100_000_000;

/// The PNG file, with so many pixels for one of the SVG.
pub fn png(
    svg: &str,
    logo: Option<(Bounds, &Logo)>,
    fonts: &Fonts,
    scale: f32,
) -> Result<Vec<u8>, Error> {
    // letters that join, of several faces in one line, have made the shaper panic
    let tree = guarded(|| usvg::Tree::from_str(svg, &fonts.options()))
        .ok_or_else(|| {
            Error::Drawing("its letters can’t be set as they stand; .svg can be written".to_owned())
        })?
        .map_err(|error| Error::Drawing(error.to_string()))?;
    let [width, height] =
        [tree.size().width(), tree.size().height()].map(|side| (side * scale).ceil() as u64);
    if width * height > MOST_PIXELS {
        return Err(Error::TooLarge { width, height });
    }
    let mut pixels = tiny_skia::Pixmap::new(width as u32, height as u32)
        .ok_or(Error::TooLarge { width, height })?;
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    // resvg draws an SVG within an SVG, and no other picture as it is built here
    if let Some((bounds, logo)) = logo.filter(|(_, logo)| logo.is_of_pixels()) {
        logo.draw(bounds, scale, &mut pixels);
    }
    encode(&pixels, scale).map_err(|error| Error::Drawing(error.to_string()))
}

/// The paper covers the canvas, so no pixel is see-through and the alpha channel can go.
///
/// Charts have few colours: a byte a pixel and a palette make the file a third smaller than three
/// bytes do. Unfiltered, as rows of a palette have nothing in common with sums and differences.
fn encode(pixels: &tiny_skia::Pixmap, scale: f32) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    let per_metre = (PX_PER_METRE * f64::from(scale)).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let data = match indexed(pixels.data()) {
        Some((indices, palette)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            indices
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            pixels
                .data()
                .chunks_exact(4)
                .flat_map(|pixel| pixel.iter().take(3))
                .copied()
                .collect()
        }
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(file)
}

/// A byte a pixel and the palette it stands for, in order of appearance; `None` over 256 colours.
fn indexed(pixels: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut palette = Vec::new();
    let mut known: HashMap<&[u8], u8> = HashMap::new();
    let mut indices = Vec::with_capacity(pixels.len() / 4);
    // Most pixels are as the one before: looking those up would take longer than compressing them.
    let (mut last, mut index): (&[u8], u8) = (&[], 0);
    for pixel in pixels.chunks_exact(4) {
        if pixel != last {
            index = match known.get(pixel) {
                Some(index) => *index,
                None => {
                    let next = u8::try_from(known.len()).ok()?;
                    palette.extend(pixel.iter().take(3));
                    known.insert(pixel, next);
                    next
                }
            };
            last = pixel;
        }
        indices.push(index);
    }
    Some((indices, palette))
}
