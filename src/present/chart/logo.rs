//! The logo of a house: read once, drawn at the end of the foot in every form of a chart.
//!
//! An SVG logo stays vectors wherever the form has them; what it may hold is what every form can draw, so letters (whose face
//! may be missing elsewhere) and pictures within it are refused. A PNG logo goes as it is into SVG and is brought to the size it is
//! drawn at for PNG and PDF.

use std::io::Cursor;
use std::sync::Arc;

use resvg::{tiny_skia, usvg};
use thiserror::Error;

use super::bounds::Bounds;
use crate::files::guard::guarded;
#[cfg(feature = "xlsx")]
use crate::present::office::Picture;

/// A picture that closes the foot of each chart.
#[derive(Debug, Clone)]
pub struct Logo(Arc<Drawn>);

#[derive(Debug)]
enum Drawn {
    Vector(Box<usvg::Tree>),
    Pixels {
        file: Vec<u8>,
        pixels: tiny_skia::Pixmap,
    },
}

/// Why a file is no logo.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LogoError {
    #[error("it is neither SVG nor PNG; a logo is one of both")]
    NeitherForm,
    #[error("it has {0} bytes; a logo has at most {most}: draw it again, as SVG or smaller", most = MOST_BYTES)]
    TooLong(usize),
    #[error("the SVG can’t be read: {0}")]
    Svg(String),
    #[error("the PNG can’t be read: {0}")]
    Png(String),
    #[error("the SVG holds <{element}>: {instead}")]
    Element {
        element: &'static str,
        instead: &'static str,
    },
    #[error("nothing is drawn in it: it is empty or see-through")]
    Empty,
    #[error(
        "it is {width} by {height}: at most {WIDEST} times as wide as high, and {TALLEST} times as high as wide, can be seen at the size of a logo"
    )]
    Shape { width: u32, height: u32 },
    #[error(
        "it has {width} by {height} pixels; at most {MOST_PIXELS} either way are read: make it smaller"
    )]
    TooLarge { width: u32, height: u32 },
}

const MOST_BYTES: usize = 1 << 20;
const MOST_PIXELS: u32 = 4_000;
const WIDEST: u32 = 12;
const TALLEST: u32 = 3;

/// The room of a logo on a page, in px: across and down.
const ROOM: (f64, f64) = (120.0, 28.0);
const ROOM_NARROW: (f64, f64) = (96.0, 24.0);

impl PartialEq for Logo {
    fn eq(&self, other: &Logo) -> bool {
        self.data_uri() == other.data_uri()
    }
}

impl Logo {
    /// A logo of the bytes of an SVG or PNG file.
    ///
    /// # Errors
    /// Says what is wrong with the file, and what would be right.
    pub fn read(file: Vec<u8>) -> Result<Logo, LogoError> {
        if file.len() > MOST_BYTES {
            return Err(LogoError::TooLong(file.len()));
        }
        let logo = match file.starts_with(b"\x89PNG") {
            true => Logo(Arc::new(pixels(file)?)),
            false => Logo(Arc::new(Drawn::Vector(Box::new(vector(&file)?)))),
        };
        let (width, height) = logo.size();
        if width > height * f64::from(WIDEST) || height > width * f64::from(TALLEST) {
            return Err(LogoError::Shape {
                width: width as u32,
                height: height as u32,
            });
        }
        let (across, down) = ROOM;
        let drawn = logo.drawn_at(across as u32, down as u32);
        match drawn.is_some_and(|pixels| pixels.data().iter().any(|byte| *byte > 0)) {
            true => Ok(logo),
            false => Err(LogoError::Empty),
        }
    }

    /// Its own size: px of an SVG, pixels of a PNG.
    fn size(&self) -> (f64, f64) {
        match &*self.0 {
            Drawn::Vector(tree) => (
                f64::from(tree.size().width()),
                f64::from(tree.size().height()),
            ),
            Drawn::Pixels { pixels, .. } => (f64::from(pixels.width()), f64::from(pixels.height())),
        }
    }

    /// Whether it is a PNG.
    pub(super) fn is_of_pixels(&self) -> bool {
        matches!(&*self.0, Drawn::Pixels { .. })
    }

    /// The pixels of a PNG that are too few for print; `None` where there are enough.
    pub fn too_few_pixels(&self) -> Option<(u32, u32)> {
        let Drawn::Pixels { pixels, .. } = &*self.0 else {
            return None;
        };
        let (width, _) = self.fitted(ROOM);
        // three pixels to the px are 288 to the inch
        (f64::from(pixels.width()) < 3.0 * width).then(|| (pixels.width(), pixels.height()))
    }

    /// How large it is on a page: within its room, in its own proportions.
    pub(super) fn on_page(&self, narrow: bool) -> (f64, f64) {
        self.fitted(if narrow { ROOM_NARROW } else { ROOM })
    }

    /// As large as a room allows, in its own proportions.
    fn fitted(&self, (across, down): (f64, f64)) -> (f64, f64) {
        let (width, height) = self.size();
        let scale = (across / width).min(down / height);
        (width * scale, height * scale)
    }

    /// The file as an address for `<image>`: an SVG as it was understood, without what can’t be drawn.
    pub(super) fn data_uri(&self) -> String {
        match &*self.0 {
            Drawn::Vector(tree) => {
                let svg = tree.to_string(&usvg::WriteOptions::default());
                format!("data:image/svg+xml;base64,{}", base64(svg.as_bytes()))
            }
            Drawn::Pixels { file, .. } => format!("data:image/png;base64,{}", base64(file)),
        }
    }

    /// For slides, in pixels enough for a screen of four to the px.
    #[cfg(feature = "xlsx")]
    pub fn to_picture(&self) -> Option<Picture> {
        let (across, down) = ROOM;
        let (width, height) = self.fitted((4.0 * across, 4.0 * down));
        let pixels = self.drawn_at(width.round() as u32, height.round() as u32)?;
        Some(Picture {
            png: pixels_to_png(&pixels)?,
            proportion: width / height,
        })
    }

    /// The logo in pixels of its own, as wide and high as they are.
    pub(super) fn drawn_at(&self, width: u32, height: u32) -> Option<tiny_skia::Pixmap> {
        let mut drawn = tiny_skia::Pixmap::new(width.max(1), height.max(1))?;
        match &*self.0 {
            Drawn::Vector(tree) => {
                let scale = tiny_skia::Transform::from_scale(
                    drawn.width() as f32 / tree.size().width(),
                    drawn.height() as f32 / tree.size().height(),
                );
                guarded(|| resvg::render(tree, scale, &mut drawn.as_mut()))?;
            }
            Drawn::Pixels { pixels, .. } => resample(pixels, &mut drawn),
        }
        Some(drawn)
    }

    /// Its outlines with their colours, if it is made of nothing else.
    #[cfg(feature = "pdf")]
    pub(super) fn outlines(&self) -> Option<Vec<Outline>> {
        let Drawn::Vector(tree) = &*self.0 else {
            return None;
        };
        let mut outlines = Vec::new();
        add_outlines(tree.root(), &mut outlines).then_some(outlines)
    }

    /// From its own px to those of the page, for a logo that fills these bounds.
    #[cfg(feature = "pdf")]
    pub(super) fn placed(&self, bounds: Bounds) -> tiny_skia::Transform {
        let (width, height) = self.size();
        let across = (bounds.right - bounds.left) / width;
        let down = (bounds.bottom - bounds.top) / height;
        tiny_skia::Transform::from_row(
            across as f32,
            0.0,
            0.0,
            down as f32,
            bounds.left as f32,
            bounds.top as f32,
        )
    }

    /// Draws it into a picture that has so many pixels to the px.
    pub(super) fn draw(&self, bounds: Bounds, scale: f32, picture: &mut tiny_skia::Pixmap) {
        let at = |px: f64| (px * f64::from(scale)).round();
        let (left, top) = (at(bounds.left), at(bounds.top));
        let (width, height) = (at(bounds.right) - left, at(bounds.bottom) - top);
        if let Some(drawn) = self.drawn_at(width as u32, height as u32) {
            picture.draw_pixmap(
                left as i32,
                top as i32,
                drawn.as_ref(),
                &tiny_skia::PixmapPaint::default(),
                tiny_skia::Transform::identity(),
                None,
            );
        }
    }
}

/// A filled outline of a logo.
#[cfg(feature = "pdf")]
pub(super) struct Outline {
    pub path: tiny_skia::Path,
    pub colour: usvg::Color,
    pub opacity: f32,
    pub even_odd: bool,
}

/// The outlines of a group, from the bottom; `false` where there is more to it than filled and stroked paths in plain colours.
#[cfg(feature = "pdf")]
fn add_outlines(group: &usvg::Group, out: &mut Vec<Outline>) -> bool {
    let is_plain = group.opacity().get() >= 1.0
        && group.blend_mode() == usvg::BlendMode::Normal
        && group.clip_path().is_none()
        && group.mask().is_none()
        && group.filters().is_empty();
    is_plain
        && group.children().iter().all(|node| match node {
            usvg::Node::Group(group) => add_outlines(group, out),
            usvg::Node::Path(path) => add_outline(path, out),
            usvg::Node::Image(_) | usvg::Node::Text(_) => false,
        })
}

#[cfg(feature = "pdf")]
fn add_outline(path: &usvg::Path, out: &mut Vec<Outline>) -> bool {
    if !path.is_visible() {
        return true;
    }
    let mut add =
        |outline: Option<tiny_skia::Path>, paint: &usvg::Paint, opacity: f32, even_odd| {
            let placed = outline.and_then(|path_data| path_data.transform(path.abs_transform()));
            let usvg::Paint::Color(colour) = paint else {
                return false;
            };
            out.extend(placed.map(|path| Outline {
                path,
                colour: *colour,
                opacity,
                even_odd,
            }));
            true
        };
    let fill = path.fill().is_none_or(|fill| {
        let even_odd = fill.rule() == usvg::FillRule::EvenOdd;
        add(
            Some(path.data().clone()),
            fill.paint(),
            fill.opacity().get(),
            even_odd,
        )
    });
    fill && path.stroke().is_none_or(|stroke| {
        let outline = path.data().stroke(&stroke.to_tiny_skia(), 8.0);
        stroke.dasharray().is_none() && add(outline, stroke.paint(), stroke.opacity().get(), false)
    })
}

/// What a logo can’t hold, as it would not be the same in every form, and what to do instead.
const REFUSED: [(&str, &str); 3] = [
    (
        "text",
        "its face may be missing elsewhere; turn the letters into paths (outlines) in the program that drew it",
    ),
    (
        "image",
        "a picture in it is not drawn; give the picture itself as PNG",
    ),
    (
        "foreignObject",
        "no other program draws it; keep to paths and shapes",
    ),
];

fn vector(file: &[u8]) -> Result<usvg::Tree, LogoError> {
    let text = std::str::from_utf8(file).map_err(|_| LogoError::NeitherForm)?;
    if !text.contains("<svg") {
        return Err(LogoError::NeitherForm);
    }
    let wrong = |error: String| LogoError::Svg(error);
    let xml = usvg::roxmltree::Document::parse(text).map_err(|error| wrong(error.to_string()))?;
    let named = |name: &str| xml.descendants().any(|node| node.tag_name().name() == name);
    if let Some((element, instead)) = REFUSED.iter().find(|(name, _)| named(name)) {
        return Err(LogoError::Element { element, instead });
    }
    guarded(|| usvg::Tree::from_xmltree(&xml, &usvg::Options::default()))
        .ok_or_else(|| wrong("it makes its reader fail".to_owned()))?
        .map_err(|error| wrong(error.to_string()))
}

fn pixels(file: Vec<u8>) -> Result<Drawn, LogoError> {
    let wrong = |error: png::DecodingError| LogoError::Png(error.to_string());
    let mut decoder = png::Decoder::new(Cursor::new(&file));
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().map_err(wrong)?;
    let (width, height) = reader.info().size();
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(LogoError::TooLarge { width, height });
    }
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut bytes).map_err(wrong)?;
    bytes.truncate(frame.buffer_size());
    let colours: Vec<[u8; 4]> = match frame.color_type {
        png::ColorType::GrayscaleAlpha => {
            let pairs = bytes.chunks_exact(2);
            pairs
                .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
                .map(|[grey, alpha]| [grey, grey, grey, alpha])
                .collect()
        }
        _ => {
            let all = bytes.chunks_exact(4);
            all.filter_map(|all| all.try_into().ok()).collect()
        }
    };
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or(LogoError::Empty)?;
    for (pixel, [red, green, blue, alpha]) in pixels.pixels_mut().iter_mut().zip(colours) {
        *pixel = tiny_skia::ColorU8::from_rgba(red, green, blue, alpha).premultiply();
    }
    Ok(Drawn::Pixels { file, pixels })
}

/// A picture in another size: each new pixel is the mean of what lies under it, weighted by how much of it does.
///
/// A reader of pixels by their middles would lose the thin strokes of a large logo.
fn resample(from: &tiny_skia::Pixmap, to: &mut tiny_skia::Pixmap) {
    let across = f64::from(from.width()) / f64::from(to.width());
    let down = f64::from(from.height()) / f64::from(to.height());
    // how much of an old pixel lies within a new one
    let covered = |start: f64, end: f64, limit: u32| -> Vec<(u32, f64)> {
        let last = (end.ceil() as u32).min(limit);
        let each = (start.floor() as u32..last)
            .map(|at| (at, end.min(f64::from(at) + 1.0) - start.max(f64::from(at))));
        each.filter(|(_, share)| *share > 0.0).collect()
    };
    let columns: Vec<Vec<(u32, f64)>> = (0..to.width())
        .map(|x| {
            covered(
                f64::from(x) * across,
                f64::from(x + 1) * across,
                from.width(),
            )
        })
        .collect();
    let width = to.width();
    for y in 0..to.height() {
        let rows = covered(f64::from(y) * down, f64::from(y + 1) * down, from.height());
        for (x, columns) in (0..width).zip(&columns) {
            let (mut sum, mut all) = ([0.0; 4], 0.0);
            for (row, high) in &rows {
                for (column, wide) in columns {
                    let Some(pixel) = from.pixel(*column, *row) else {
                        continue;
                    };
                    let share = high * wide;
                    all += share;
                    let channels = [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()];
                    for (sum, channel) in sum.iter_mut().zip(channels) {
                        *sum += share * f64::from(channel);
                    }
                }
            }
            let [red, green, blue, alpha] =
                sum.map(|channel| (channel / all.max(1e-9)).round() as u8);
            let index = (y * width + x) as usize;
            let mean = tiny_skia::PremultipliedColorU8::from_rgba(red, green, blue, alpha);
            if let Some((pixel, mean)) = to.pixels_mut().get_mut(index).zip(mean) {
                *pixel = mean;
            }
        }
    }
}

#[cfg(feature = "xlsx")]
fn pixels_to_png(pixels: &tiny_skia::Pixmap) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgba);
    let colours = pixels.pixels().iter().flat_map(|pixel| {
        let colour = pixel.demultiply();
        [colour.red(), colour.green(), colour.blue(), colour.alpha()]
    });
    let colours: Vec<u8> = colours.collect();
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&colours).ok()?;
    writer.finish().ok()?;
    Some(file)
}

/// Bytes in the alphabet of RFC 4648, section 4.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let all = group
            .iter()
            .fold(0u32, |all, byte| all << 8 | u32::from(*byte));
        let all = all << (8 * (3 - group.len()));
        for at in 0..4 {
            let digit = all >> (18 - 6 * at) & 63;
            let letter = ALPHABET.get(digit as usize).filter(|_| at <= group.len());
            text.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inner: &str, view: &str) -> Result<Logo, LogoError> {
        Logo::read(
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{view}\">{inner}</svg>")
                .into_bytes(),
        )
    }

    #[test]
    fn a_logo_keeps_its_proportions_within_its_room() {
        let square = svg("<rect width=\"10\" height=\"10\"/>", "0 0 10 10").unwrap();
        assert_eq!(square.on_page(false), (28.0, 28.0));
        let wide = svg("<rect width=\"100\" height=\"10\"/>", "0 0 100 10").unwrap();
        assert_eq!(wide.on_page(false), (120.0, 12.0));
        assert!(wide.too_few_pixels().is_none());
    }

    #[test]
    fn a_smaller_picture_is_the_mean_of_what_it_covers() {
        let mut from = tiny_skia::Pixmap::new(4, 2).unwrap();
        from.fill(tiny_skia::Color::WHITE);
        for at in [0, 4] {
            from.pixels_mut()[at] = tiny_skia::ColorU8::from_rgba(0, 0, 0, 255).premultiply();
        }
        let mut to = tiny_skia::Pixmap::new(2, 1).unwrap();
        resample(&from, &mut to);
        let red: Vec<u8> = to.pixels().iter().map(|pixel| pixel.red()).collect();
        assert_eq!(red, [128, 255]);
    }

    #[test]
    fn what_no_form_can_draw_is_refused_with_what_to_do() {
        for (inner, view, words) in [
            ("<text>A</text>", "0 0 9 9", "turn the letters into paths"),
            (
                "<image href=\"a.png\"/>",
                "0 0 9 9",
                "give the picture itself as PNG",
            ),
            ("", "0 0 9 9", "nothing is drawn"),
            ("<rect width=\"9\" height=\"9\"/>", "0 0 900 9", "900 by 9"),
            ("<rect", "0 0 9 9", "the SVG can’t be read"),
        ] {
            let error = svg(inner, view).unwrap_err().to_string();
            assert!(error.contains(words), "{inner}: {error}");
        }
        let of = |bytes: &[u8]| Logo::read(bytes.to_vec()).unwrap_err().to_string();
        assert!(of(b"GIF89a").contains("neither SVG nor PNG"));
        assert!(of(b"\x89PNG\r\n\x1a\n half").contains("the PNG can’t be read"));
        assert!(of(&[b' '; MOST_BYTES + 1]).contains("at most 1048576"));
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        let of = |text: &str| base64(text.as_bytes());
        assert_eq!(
            [of("f"), of("fo"), of("foobar")],
            ["Zg==", "Zm8=", "Zm9vYmFy"]
        );
    }
}
