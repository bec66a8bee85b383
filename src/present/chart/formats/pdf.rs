//! A scene as PDF: vectors, text that can be searched in subsets of its faces, the chart in words for those who cannot see it.
//!
//! Letters of the embedded faces are set glyph by glyph at the advances they were measured with. A line with letters of a font
//! that was added may need shaping (Arabic, Thai): usvg shapes it, as it does for PNG, and its outlines are drawn.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point as PdfPoint, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, Tag, TagGroup, TagTree};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use resvg::tiny_skia::PathSegment;
use resvg::usvg;

use super::svg;
use crate::present::chart::bounds::Bounds;
use crate::present::chart::error::Error;
use crate::present::chart::fonts::{Fonts, Weight};
use crate::present::chart::logo::Logo;
use crate::present::chart::scene::{Point, Scene, Shape, TextShape};
use crate::present::chart::theme::{Role, Theme};

/// Points of the page for a pixel: 72 of one to the inch, 96 of the other.
const SCALE: f64 = 0.75;
/// How far the handles of a quarter circle reach, in radii.
const KAPPA: f64 = 0.552_284_75;

/// Pixels of a logo that is no drawing for a px of the page: 384 to the inch.
const LOGO_PIXELS: f64 = 4.0;

/// The whole PDF file.
pub fn pdf(scene: &Scene, theme: Theme, fonts: &Fonts, made_by: &str) -> Result<Vec<u8>, Error> {
    let wrong = |what: &str| Error::Drawing(what.to_owned());
    let [width, height] = [scene.width, scene.height].map(|side| (side * SCALE) as f32);
    let settings = PageSettings::from_wh(width, height).ok_or_else(|| wrong("no page so large"))?;
    let faces = Faces {
        regular: Font::new(notosans::REGULAR_TTF.into(), 0)
            .ok_or_else(|| wrong("the regular face can’t be read"))?,
        bold: Font::new(notosans::BOLD_TTF.into(), 0)
            .ok_or_else(|| wrong("the bold face can’t be read"))?,
    };
    let mut document = Document::new();
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let drawn = surface.start_tagged(ContentTag::Other);
    surface.push_transform(&Transform::from_scale(SCALE as f32, SCALE as f32));
    let mut canvas = Canvas {
        surface: &mut surface,
        theme,
        fonts,
        faces: &faces,
    };
    canvas.rect((0.0, 0.0, scene.width, scene.height), Role::Paper);
    for shape in &scene.shapes {
        canvas.shape(shape)?;
    }
    surface.pop();
    surface.end_tagged();
    surface.finish();
    page.finish();
    let mut figure = TagGroup::new(Tag::Figure(Some(scene.description.clone())));
    figure.push(drawn);
    let mut tree = TagTree::new();
    tree.push(figure);
    document.set_tag_tree(tree);
    // no date: the same chart is the same file
    document.set_metadata(
        Metadata::new()
            .title(scene.title.clone())
            .description(scene.description.clone())
            .language(scene.languages.of_texts.clone())
            .creator(made_by.to_owned()),
    );
    document
        .finish()
        .map_err(|error| Error::Drawing(format!("{error:?}")))
}

struct Faces {
    regular: Font,
    bold: Font,
}

struct Canvas<'a, 's> {
    surface: &'a mut Surface<'s>,
    theme: Theme,
    fonts: &'a Fonts,
    faces: &'a Faces,
}

impl Canvas<'_, '_> {
    fn paint(&self, role: Role) -> rgb::Color {
        let (red, green, blue) = self.theme.rgb(role);
        rgb::Color::new(red, green, blue)
    }

    fn fill(&mut self, path: Option<Path>, role: Role, opacity: f64) {
        let fill = Fill {
            paint: self.paint(role).into(),
            opacity: NormalizedF32::new(opacity as f32).unwrap_or(NormalizedF32::ONE),
            ..Fill::default()
        };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill));
        // a path without extent draws nothing
        if let Some(path) = path {
            self.surface.draw_path(&path);
        }
    }

    fn stroke(&mut self, points: &[Point], (width, opacity): (f64, f64), role: Role) {
        let stroke = Stroke {
            paint: self.paint(role).into(),
            width: width as f32,
            line_join: LineJoin::Round,
            opacity: NormalizedF32::new(opacity as f32).unwrap_or(NormalizedF32::ONE),
            ..Stroke::default()
        };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(stroke));
        if let Some(path) = outline(points, false) {
            self.surface.draw_path(&path);
        }
    }

    fn rect(&mut self, (left, top, right, bottom): (f64, f64, f64, f64), role: Role) {
        self.fill(rectangle((left, top, right, bottom)), role, 1.0);
    }

    fn shape(&mut self, shape: &Shape) -> Result<(), Error> {
        match shape {
            Shape::Line {
                from,
                to,
                width,
                role,
            } => self.stroke(&[*from, *to], (*width, 1.0), *role),
            Shape::Rect { bounds, role } => self.rect(
                (bounds.left, bounds.top, bounds.right, bounds.bottom),
                *role,
            ),
            Shape::Disc {
                centre,
                radius,
                role,
            } => self.fill(disc(*centre, *radius), *role, 1.0),
            Shape::Polygon { points, role } => self.fill(outline(points, true), *role, 1.0),
            Shape::Path {
                points,
                width,
                role,
                opacity,
            } => self.stroke(points, (*width, *opacity), *role),
            Shape::Veil {
                points,
                role,
                opacity,
            } => self.fill(outline(points, true), *role, *opacity),
            Shape::Text(text) => self.text(text)?,
            Shape::Logo { bounds, logo } => self.logo(*bounds, logo),
        }
        Ok(())
    }

    fn text(&mut self, text: &TextShape) -> Result<(), Error> {
        let runs = self.fonts.runs(&text.text, text.weight);
        if runs.iter().any(|(family, _)| family.is_some()) {
            return self.shaped(text);
        }
        let glyphs: Vec<KrillaGlyph> = text
            .text
            .char_indices()
            .filter_map(|(at, letter)| {
                let (glyph, advance) = self.fonts.glyph(letter, text.weight)?;
                Some(KrillaGlyph::new(
                    GlyphId::new(u32::from(glyph)),
                    advance as f32,
                    0.0,
                    0.0,
                    0.0,
                    at..at + letter.len_utf8(),
                    None,
                ))
            })
            .collect();
        let font = match text.weight {
            Weight::Regular => &self.faces.regular,
            Weight::Bold => &self.faces.bold,
        };
        self.fill(None, text.role, 1.0);
        let start = PdfPoint::from_xy(text.bounds.left as f32, text.baseline as f32);
        let size = text.size as f32;
        self.surface
            .draw_glyphs(start, &glyphs, font.clone(), &text.text, size, false);
        Ok(())
    }

    /// A logo of plain outlines as such; any other in small rectangles of its pixels.
    fn logo(&mut self, bounds: Bounds, logo: &Logo) {
        match logo.outlines() {
            Some(outlines) => {
                let placed = logo.placed(bounds);
                for outline in outlines {
                    let mut path = PathBuilder::new();
                    add_segments(outline.path.transform(placed), &mut path);
                    let colour = outline.colour;
                    let rule = match outline.even_odd {
                        true => FillRule::EvenOdd,
                        false => FillRule::NonZero,
                    };
                    self.surface.set_stroke(None);
                    self.surface.set_fill(Some(Fill {
                        paint: rgb::Color::new(colour.red, colour.green, colour.blue).into(),
                        opacity: NormalizedF32::new(outline.opacity).unwrap_or(NormalizedF32::ONE),
                        rule,
                    }));
                    if let Some(path) = path.finish() {
                        self.surface.draw_path(&path);
                    }
                }
            }
            None => self.pixels(bounds, logo),
        }
    }

    /// A picture as runs of one colour, as krilla has no pictures unless it reads files of every kind.
    ///
    /// Each run goes on under its neighbours below and to the right: viewers leave a hair of paper between shapes that only touch.
    fn pixels(&mut self, bounds: Bounds, logo: &Logo) {
        let size = |px: f64| (px * LOGO_PIXELS).round().max(1.0) as u32;
        let (width, height) = (bounds.right - bounds.left, bounds.bottom - bounds.top);
        let Some(drawn) = logo.drawn_at(size(width), size(height)) else {
            return;
        };
        let paper = self.theme.rgb(Role::Paper);
        let over_paper = |x: u32, y: u32| {
            drawn.pixel(x, y).map(|pixel| {
                let rest = 255 - u32::from(pixel.alpha());
                let mixed =
                    |own: u8, paper: u8| (u32::from(own) + rest * u32::from(paper) / 255) as u8;
                (
                    mixed(pixel.red(), paper.0),
                    mixed(pixel.green(), paper.1),
                    mixed(pixel.blue(), paper.2),
                )
            })
        };
        let is_drawn = |x: u32, y: u32| over_paper(x, y).is_some_and(|colour| colour != paper);
        let across = width / f64::from(drawn.width());
        let down = height / f64::from(drawn.height());
        for y in 0..drawn.height() {
            let mut x = 0;
            while x < drawn.width() {
                let start = x;
                let colour = over_paper(x, y);
                while x < drawn.width() && over_paper(x, y) == colour {
                    x += 1;
                }
                let Some((red, green, blue)) = colour.filter(|colour| *colour != paper) else {
                    continue;
                };
                let right = f64::from(x) + if is_drawn(x, y) { 0.5 } else { 0.0 };
                let goes_on = (start..x).all(|x| is_drawn(x, y + 1));
                let bottom = f64::from(y + 1) + if goes_on { 0.5 } else { 0.0 };
                let path = rectangle((
                    bounds.left + f64::from(start) * across,
                    bounds.top + f64::from(y) * down,
                    bounds.left + right * across,
                    bounds.top + bottom * down,
                ));
                self.surface.set_stroke(None);
                self.surface.set_fill(Some(Fill {
                    paint: rgb::Color::new(red, green, blue).into(),
                    ..Fill::default()
                }));
                if let Some(path) = path {
                    self.surface.draw_path(&path);
                }
            }
        }
    }

    /// The outlines of a line, as usvg shapes it.
    fn shaped(&mut self, text: &TextShape) -> Result<(), Error> {
        // as large as it is, with the line alone
        let scene = Scene {
            width: text.bounds.right.max(1.0).ceil(),
            height: text.bounds.bottom.max(1.0).ceil(),
            shapes: vec![Shape::Text(text.clone())],
            ..Scene::default()
        };
        let svg = svg::svg(&scene, self.theme, self.fonts)?;
        let tree = usvg::Tree::from_str(&svg, &self.fonts.options())
            .map_err(|error| Error::Drawing(error.to_string()))?;
        let mut path = PathBuilder::new();
        add_outlines(tree.root(), false, &mut path);
        self.fill(path.finish(), text.role, 1.0);
        Ok(())
    }
}

/// The paths of all texts in a group.
fn add_outlines(group: &usvg::Group, in_text: bool, out: &mut PathBuilder) {
    for node in group.children() {
        match node {
            usvg::Node::Group(group) => add_outlines(group, in_text, out),
            usvg::Node::Text(text) => add_outlines(text.flattened(), true, out),
            usvg::Node::Path(path) if in_text => {
                let placed = path.data().clone().transform(path.abs_transform());
                add_segments(placed, out);
            }
            _ => {}
        }
    }
}

fn rectangle((left, top, right, bottom): (f64, f64, f64, f64)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_ltrb(
        left as f32,
        top as f32,
        right as f32,
        bottom as f32,
    )?);
    path.finish()
}

/// A path of usvg as one of krilla; what has no extent is left out.
fn add_segments(path: Option<resvg::tiny_skia::Path>, out: &mut PathBuilder) {
    for segment in path.iter().flat_map(|path| path.segments()) {
        match segment {
            PathSegment::MoveTo(to) => out.move_to(to.x, to.y),
            PathSegment::LineTo(to) => out.line_to(to.x, to.y),
            PathSegment::QuadTo(a, to) => out.quad_to(a.x, a.y, to.x, to.y),
            PathSegment::CubicTo(a, b, to) => {
                out.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y);
            }
            PathSegment::Close => out.close(),
        }
    }
}

fn outline(points: &[Point], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (at, (x, y)) in points.iter().enumerate() {
        match at {
            0 => path.move_to(*x as f32, *y as f32),
            _ => path.line_to(*x as f32, *y as f32),
        }
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Four curves that are a circle to a thousandth of its radius.
fn disc((x, y): Point, radius: f64) -> Option<Path> {
    let mut path = PathBuilder::new();
    let at = |across: f64, down: f64| ((x + across * radius) as f32, (y + down * radius) as f32);
    let (x0, y0) = at(1.0, 0.0);
    path.move_to(x0, y0);
    for (from, to) in [
        ((1.0, 0.0), (0.0, 1.0)),
        ((0.0, 1.0), (-1.0, 0.0)),
        ((-1.0, 0.0), (0.0, -1.0)),
        ((0.0, -1.0), (1.0, 0.0)),
    ] {
        let (x1, y1) = at(from.0 + KAPPA * to.0, from.1 + KAPPA * to.1);
        let (x2, y2) = at(to.0 + KAPPA * from.0, to.1 + KAPPA * from.1);
        let (x3, y3) = at(to.0, to.1);
        path.cubic_to(x1, y1, x2, y2, x3, y3);
    }
    path.close();
    path.finish()
}
