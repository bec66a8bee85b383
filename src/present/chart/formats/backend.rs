//! The plotters backend that writes our SVG: tenths of a pixel, exact baselines, true text widths.

use std::convert::Infallible;
use std::fmt::Write;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

use crate::present::chart::fonts::{FAMILIES, Fonts, Weight};
use crate::present::chart::theme::hex;

/// plotters counts in whole numbers; ten of them are a pixel.
pub const PER_PX: f64 = 10.0;

/// How far the box of a line reaches above and below its baseline, in em (Noto Sans).
const ASCENT: f64 = 1.069;
const DESCENT: f64 = 0.293;

type DrawingResult = Result<(), DrawingErrorKind<Infallible>>;

/// Writes the elements of an SVG; head and foot are the caller's.
pub struct SvgBackend<'a> {
    pub out: &'a mut String,
    pub size: (u32, u32),
    pub fonts: &'a Fonts,
}

impl SvgBackend<'_> {
    /// Writing to a string cannot fail, so the result of `write!` says nothing.
    fn put(&mut self, element: std::fmt::Arguments) -> DrawingResult {
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
        Ok(())
    }

    /// A line as content of `<text>`: letters that the embedded faces lack name the family that has them.
    fn runs(&self, text: &str, weight: Weight) -> String {
        let runs = self
            .fonts
            .runs(text, weight)
            .into_iter()
            .map(|(family, run)| match family {
                None => escape(run),
                Some(family) => format!(
                    r#"<tspan font-family="{}, {FAMILIES}">{}</tspan>"#,
                    escape(family),
                    escape(run)
                ),
            });
        runs.collect()
    }
}

impl DrawingBackend for SvgBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> DrawingResult {
        Ok(())
    }

    fn present(&mut self) -> DrawingResult {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> DrawingResult {
        let fill = paint("fill", color);
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="1" height="1"{fill}/>"#
        ))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> DrawingResult {
        let ((x1, y1), (x2, y2)) = (from, to);
        let stroke = stroke(style);
        self.put(format_args!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"{stroke}/>"#
        ))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> DrawingResult {
        let ((x, y), width, height) = (from, to.0 - from.0, to.1 - from.1);
        let look = if fill {
            paint("fill", style.color())
        } else {
            format!(r#" fill="none"{}"#, stroke(style))
        };
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"{look}/>"#
        ))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> DrawingResult {
        let path: Vec<_> = path.into_iter().collect();
        // Straight lines come as paths of two points.
        if let [from, to] = path[..] {
            return self.draw_line(from, to, style);
        }
        let (points, stroke) = (points(path), stroke(style));
        self.put(format_args!(
            r#"<polyline points="{points}" fill="none"{stroke}/>"#
        ))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        r: u32,
        style: &S,
        fill: bool,
    ) -> DrawingResult {
        let (cx, cy) = centre;
        let look = if fill {
            paint("fill", style.color())
        } else {
            format!(r#" fill="none"{}"#, stroke(style))
        };
        self.put(format_args!(
            r#"<circle cx="{cx}" cy="{cy}" r="{r}"{look}/>"#
        ))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> DrawingResult {
        let (points, fill) = (points(path), paint("fill", style.color()));
        self.put(format_args!(r#"<polygon points="{points}"{fill}/>"#))
    }

    /// `VPos::Bottom` stands on the baseline: plotters has no name for it, and charts set text by it.
    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> DrawingResult {
        let size = style.size();
        let baseline = match style.anchor().v_pos {
            VPos::Bottom => y,
            VPos::Center => y + (size * (ASCENT - DESCENT) / 2.0).round() as i32,
            VPos::Top => y + (size * ASCENT).round() as i32,
        };
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => r#" text-anchor="middle""#,
            HPos::Right => r#" text-anchor="end""#,
        };
        let bold = if weight(style) == Weight::Bold {
            r#" font-weight="bold""#
        } else {
            ""
        };
        let (fill, text) = (paint("fill", style.color()), self.runs(text, weight(style)));
        self.put(format_args!(
            r#"<text x="{x}" y="{baseline}" font-size="{size}"{fill}{bold}{anchor}>{text}</text>"#
        ))
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = self.fonts.ems(text, weight(style)) * style.size();
        Ok((
            width.ceil() as u32,
            (style.size() * (ASCENT + DESCENT)).ceil() as u32,
        ))
    }
}

fn weight<T: BackendTextStyle>(style: &T) -> Weight {
    match style.style() {
        FontStyle::Bold => Weight::Bold,
        _ => Weight::Regular,
    }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let points: Vec<_> = path.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

fn stroke<S: BackendStyle>(style: &S) -> String {
    format!(
        r#"{} stroke-width="{}""#,
        paint("stroke", style.color()),
        style.stroke_width()
    )
}

/// A colour as an attribute, with its opacity where there is one.
fn paint(attribute: &str, color: BackendColor) -> String {
    let (red, green, blue) = color.rgb;
    let colour = format!(r#" {attribute}="{}""#, hex(red, green, blue));
    if color.alpha < 1.0 {
        format!(r#"{colour} {attribute}-opacity="{}""#, color.alpha)
    } else {
        colour
    }
}

/// The text with what means something in XML written out.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // Attributes stand between these, so an apostrophe may stay as it is.
            '"' => safe.push_str("&quot;"),
            _ => safe.push(letter),
        }
    }
    safe
}
