//! A scene as SVG: plotters draws its elements on our backend.

use plotters::coord::CoordTranslate;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::BackendCoord;

pub use super::backend::escape as escaped;
use super::backend::{PER_PX, SvgBackend, escape};
use crate::present::chart::error::Error;
use crate::present::chart::fonts::{FAMILIES, Fonts, Weight};
use crate::present::chart::scene::{Anchor, Languages, Scene, Shape, TextShape};
use crate::present::chart::theme::{Role, Theme};

/// Our coordinates are px from the top left; plotters' are whole numbers, ten to the px.
struct Tenths;

impl CoordTranslate for Tenths {
    type From = (f64, f64);

    fn translate(&self, &(x, y): &(f64, f64)) -> BackendCoord {
        (tenths(x), tenths(y))
    }
}

fn tenths(px: f64) -> i32 {
    (px * PER_PX).round() as i32
}

type Area<'a> = DrawingArea<SvgBackend<'a>, Tenths>;
type DrawingResult = Result<(), DrawingAreaErrorKind<std::convert::Infallible>>;

/// The whole SVG file.
pub fn svg(scene: &Scene, theme: Theme, fonts: &Fonts) -> Result<String, Error> {
    let size = (
        tenths(scene.width).unsigned_abs(),
        tenths(scene.height).unsigned_abs(),
    );
    let mut body = String::new();
    let backend = SvgBackend {
        out: &mut body,
        size,
        fonts,
    };
    let area = backend.into_drawing_area().apply_coord_spec(Tenths);
    draw(scene, theme, &area).map_err(|error| Error::Drawing(error.to_string()))?;
    drop(area);
    let logo = scene.logo().map_or_else(String::new, |(bounds, logo)| {
        // the older name of the address is the one that every program knows
        format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"{}\"/>\n",
            tenths(bounds.left),
            tenths(bounds.top),
            tenths(bounds.right - bounds.left),
            tenths(bounds.bottom - bounds.top),
            logo.data_uri()
        )
    });
    Ok(format!("{}{body}{logo}</svg>\n", head(scene, size)))
}

fn head(scene: &Scene, (across, down): (u32, u32)) -> String {
    let Languages {
        of_texts,
        of_description,
    } = &scene.languages;
    // English is what an SVG is in that says nothing, as on the page of the report
    let language = |code: &str, usual: &str| match code == usual {
        true => String::new(),
        false => format!(" lang=\"{}\"", escape(code)),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"{} width=\"{}\" height=\"{}\" viewBox=\"0 0 {across} {down}\" role=\"img\" \
         font-family=\"{}\" stroke-linejoin=\"round\">\n<title>{}</title>\n<desc{}>{}</desc>\n",
        language(of_texts, "en"),
        scene.width,
        scene.height,
        FAMILIES,
        escape(&scene.title),
        language(of_description, of_texts),
        escape(&scene.description),
    )
}

fn draw(scene: &Scene, theme: Theme, area: &Area) -> DrawingResult {
    let fill = |role| colour(theme, role).filled();
    area.draw(&Rectangle::new(
        [(0.0, 0.0), (scene.width, scene.height)],
        fill(Role::Paper),
    ))?;
    for shape in &scene.shapes {
        match shape {
            Shape::Line {
                from,
                to,
                width,
                role,
            } => {
                let stroke = ShapeStyle::from(colour(theme, *role))
                    .stroke_width(tenths(*width).unsigned_abs());
                area.draw(&PathElement::new(vec![*from, *to], stroke))?;
            }
            Shape::Rect { bounds, role } => {
                let corners = [(bounds.left, bounds.top), (bounds.right, bounds.bottom)];
                area.draw(&Rectangle::new(corners, fill(*role)))?;
            }
            Shape::Disc {
                centre,
                radius,
                role,
            } => area.draw(&Circle::new(*centre, tenths(*radius), fill(*role)))?,
            Shape::Polygon { points, role } => {
                area.draw(&Polygon::new(points.clone(), fill(*role)))?
            }
            Shape::Path {
                points,
                width,
                role,
                opacity,
            } => {
                let stroke = ShapeStyle::from(colour(theme, *role).mix(*opacity))
                    .stroke_width(tenths(*width).unsigned_abs());
                area.draw(&PathElement::new(points.clone(), stroke))?;
            }
            Shape::Veil {
                points,
                role,
                opacity,
            } => area.draw(&Polygon::new(
                points.clone(),
                colour(theme, *role).mix(*opacity).filled(),
            ))?,
            Shape::Text(text) => draw_text(text, theme, area)?,
            // plotters has no pictures: it is put behind its elements
            Shape::Logo { .. } => {}
        }
    }
    Ok(())
}

fn draw_text(text: &TextShape, theme: Theme, area: &Area) -> DrawingResult {
    let weight = match text.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let across = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let font = FontDesc::new(FontFamily::Name("Noto Sans"), text.size * PER_PX, weight);
    let colour = colour(theme, text.role);
    let style = TextStyle::from(font)
        .color(&colour)
        .pos(Pos::new(across, VPos::Bottom));
    area.draw(&Text::new(
        text.text.as_str(),
        (text.x, text.baseline),
        style,
    ))
}

fn colour(theme: Theme, role: Role) -> RGBColor {
    let (red, green, blue) = theme.rgb(role);
    RGBColor(red, green, blue)
}

/// Under so many pixels of the window the narrow drawing is shown.
const NARROW: u32 = 600;

/// A page with nothing but the chart; what stands within `figure`, with the style before it, can be pasted into another one.
///
/// Both drawings have title and description; a screen reader comes upon the one that is shown.
pub fn embed(scene: &Scene, wide: &str, narrow: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{}</title>\n</head>\n\
         <body style=\"margin:0\">\n<style>.opine-chart{{margin:0}}.opine-chart svg{{display:block;max-width:100%;height:auto}}\
         .opine-chart .narrow{{display:none}}@media screen and (max-width:{NARROW}px){{.opine-chart .wide{{display:none}}\
         .opine-chart .narrow{{display:block}}}}</style>\n\
         <figure class=\"opine-chart\">\n<div class=\"wide\">\n{wide}</div>\n<div class=\"narrow\">\n{narrow}</div>\n</figure>\n</body>\n</html>\n",
        escaped(&scene.languages.of_texts),
        escaped(&scene.title)
    )
}
