//! A chart laid out: shapes at their places, with roles for colours and measured boxes for texts.

use super::bounds::Bounds;
use super::fonts::{Fonts, Weight};
use super::logo::Logo;
use super::text::Type;
use super::theme::Role;

/// A place on the canvas, in px from its top left corner.
pub type Point = (f64, f64);

/// Which point of a line of text its x stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct TextShape {
    pub text: String,
    pub x: f64,
    pub baseline: f64,
    pub anchor: Anchor,
    pub size: f64,
    pub weight: Weight,
    pub role: Role,
    /// From the top of tall letters to the foot of those that hang.
    pub bounds: Bounds,
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Line {
        from: Point,
        to: Point,
        width: f64,
        role: Role,
    },
    Rect {
        bounds: Bounds,
        role: Role,
    },
    Disc {
        centre: Point,
        radius: f64,
        role: Role,
    },
    Polygon {
        points: Vec<Point>,
        role: Role,
    },
    /// A line through several points; opacity 1 covers.
    Path {
        points: Vec<Point>,
        width: f64,
        role: Role,
        opacity: f64,
    },
    /// A polygon that lets what lies under it be seen.
    Veil {
        points: Vec<Point>,
        role: Role,
        opacity: f64,
    },
    Text(TextShape),
    /// The logo of the house; nothing lies over it.
    Logo {
        bounds: Bounds,
        logo: Logo,
    },
}

/// Everything to draw, the first at the bottom, and what the SVG says in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    pub title: String,
    pub description: String,
    pub languages: Languages,
    /// How far down a sheet of paper may end: between groups, and every few rows of a long one.
    pub breaks: Vec<f64>,
    pub shapes: Vec<Shape>,
}

/// Codes of languages: of what is drawn, and of what is told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Languages {
    pub of_texts: String,
    pub of_description: String,
}

impl Default for Languages {
    fn default() -> Self {
        Languages {
            of_texts: "en".to_owned(),
            of_description: "en".to_owned(),
        }
    }
}

impl Scene {
    /// The logo and where it stands.
    pub fn logo(&self) -> Option<(Bounds, &Logo)> {
        self.shapes.iter().find_map(|shape| match shape {
            Shape::Logo { bounds, logo } => Some((*bounds, logo)),
            _ => None,
        })
    }

    /// The texts, in the order in which they are drawn.
    pub fn texts(&self) -> impl Iterator<Item = &TextShape> {
        self.shapes.iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            _ => None,
        })
    }

    /// A straight line.
    pub(super) fn line(&mut self, from: Point, to: Point, width: f64, role: Role) {
        self.shapes.push(Shape::Line {
            from,
            to,
            width,
            role,
        });
    }

    /// A level line, 1 px.
    pub(super) fn rule(&mut self, left: f64, right: f64, y: f64, role: Role) {
        self.line((left, y), (right, y), 1.0, role);
    }

    /// A filled rectangle.
    pub(super) fn rect(&mut self, bounds: Bounds, role: Role) {
        self.shapes.push(Shape::Rect { bounds, role });
    }

    /// A filled disc.
    pub(super) fn disc(&mut self, centre: Point, radius: f64, role: Role) {
        self.shapes.push(Shape::Disc {
            centre,
            radius,
            role,
        });
    }

    /// A filled polygon.
    pub(super) fn polygon(&mut self, points: Vec<Point>, role: Role) {
        self.shapes.push(Shape::Polygon { points, role });
    }

    /// A line through several points.
    pub(super) fn path(&mut self, points: Vec<Point>, width: f64, role: Role, opacity: f64) {
        self.shapes.push(Shape::Path {
            points,
            width,
            role,
            opacity,
        });
    }

    /// A polygon that lets what lies under it be seen.
    pub(super) fn veil(&mut self, points: Vec<Point>, role: Role, opacity: f64) {
        self.shapes.push(Shape::Veil {
            points,
            role,
            opacity,
        });
    }

    /// A line of text centred on `y`; where it ended up. An empty text draws nothing.
    pub(super) fn text(
        &mut self,
        text: &str,
        (x, y): Point,
        anchor: Anchor,
        kind: Type,
        fonts: &Fonts,
    ) -> Bounds {
        let text = fonts.language().text(text);
        let width = kind.width(&text, fonts);
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let baseline = kind.baseline(y);
        let bounds = Bounds {
            left,
            top: baseline - ASCENT * kind.size,
            right: left + width,
            bottom: baseline + DESCENT * kind.size,
        };
        if !text.is_empty() {
            let Type {
                size, weight, role, ..
            } = kind;
            self.shapes.push(Shape::Text(TextShape {
                text: text.into(),
                x,
                baseline,
                anchor,
                size,
                weight,
                role,
                bounds,
            }));
        }
        bounds
    }
}

/// How far letters rise above the baseline, in em: tall ones with room for an accent.
const ASCENT: f64 = 0.8;
/// How far they hang below it.
const DESCENT: f64 = 0.24;
