//! The page of a chart: margins, headline and key above, method and sources below.

use super::bounds::Bounds;
use super::fonts::Fonts;
use super::key::{self, KeyItem};
use super::logo::Logo;
use super::scene::{Anchor, Scene, Shape};
use super::style::Style;
use super::text::Type;
use super::theme::Role;

/// Under this width the narrow layout.
const NARROW: u32 = 480;

/// Over a logo, and below it to the last baseline.
const LOGO_GAP: f64 = 4.0;
/// Between the lines of the foot and the logo.
const BESIDE_LOGO: f64 = 28.0;

/// A page that is being filled from top to bottom.
pub struct Page<'a> {
    /// What was put on it so far.
    pub scene: Scene,
    /// The faces to measure with.
    pub fonts: &'a Fonts,
    /// How far down it is filled.
    pub y: f64,
    /// Left edge of text and plot.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Whether the canvas is narrow.
    pub narrow: bool,
    /// Room to add to each row.
    pub air: f64,
    /// How many lines the title took.
    pub title_lines: usize,
    /// What closes the foot.
    logo: Option<&'a Logo>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(style: &'a Style, air: f64) -> Self {
        let narrow = style.width < NARROW;
        let margin = if narrow { 16.0 } else { 24.0 };
        let width = f64::from(style.width);
        Page {
            scene: Scene {
                width,
                ..Scene::default()
            },
            fonts: &style.fonts,
            // The line box is taller than its letters: they begin at the margin.
            y: margin - 4.0,
            left: margin,
            right: width - margin,
            narrow,
            air,
            title_lines: 0,
            logo: style.logo.as_ref(),
        }
    }

    /// The room between the margins.
    pub fn measure(&self) -> f64 {
        self.right - self.left
    }

    /// Title, subtitle and key.
    pub(super) fn head(&mut self, title: &str, subtitle: Option<&str>, key: &[KeyItem]) {
        let (title_type, subtitle_type) = if self.narrow {
            (Type::TITLE_NARROW, Type::SUBTITLE_NARROW)
        } else {
            (Type::TITLE, Type::SUBTITLE)
        };
        let lines = match title {
            "" => Vec::new(),
            title => title_type.balanced(title, self.measure(), self.fonts),
        };
        self.title_lines = lines.len();
        self.lines(&lines, self.left, title_type);
        if let Some(subtitle) = subtitle {
            self.y += if lines.is_empty() { 0.0 } else { 2.0 };
            let mut lines = subtitle_type.filled(subtitle, self.measure(), self.fonts);
            // Two lines as even as a title's: a last word alone looks lost.
            if lines.len() == 2 {
                lines = subtitle_type.balanced(subtitle, self.measure(), self.fonts);
            }
            self.lines(&lines, self.left, subtitle_type);
        }
        if !key.is_empty() {
            self.y += 12.0;
            self.y = key::draw(
                &mut self.scene,
                key,
                (self.left, self.y),
                self.right,
                self.fonts,
            );
        } else {
            self.y += 10.0;
        }
    }

    /// On paper, the next sheet may begin so far down.
    pub(super) fn may_break(&mut self, y: f64) {
        self.scene.breaks.push(y);
    }

    /// Lines of text one under the other.
    pub(super) fn lines(&mut self, lines: &[String], x: f64, kind: Type) {
        for line in lines {
            self.scene.text(
                line,
                (x, self.y + kind.line / 2.0),
                Anchor::Start,
                kind,
                self.fonts,
            );
            self.y += kind.line;
        }
    }

    /// A rule from margin to margin, and the head of a group under it with its note.
    pub(super) fn group_head(&mut self, head: Option<&str>, note: Option<&str>) {
        self.scene
            .rule(self.left, self.right, crisp(self.y), Role::Axis);
        self.y = crisp(self.y);
        if head.is_none() && note.is_none() {
            return;
        }
        self.y += 5.0;
        if let Some(head) = head {
            let lines = Type::GROUP.balanced(head, self.measure(), self.fonts);
            self.lines(&lines, self.left, Type::GROUP);
        }
        if let Some(note) = note {
            // A note belongs to its head: closer than two line boxes.
            self.y -= if head.is_some() { 1.5 } else { 0.0 };
            let lines = Type::GROUP_NOTE.balanced(note, self.measure(), self.fonts);
            self.lines(&lines, self.left, Type::GROUP_NOTE);
        }
    }

    /// The footer under a hairline; the page ends here.
    pub(super) fn foot(&mut self, paragraphs: &[String]) {
        let paragraphs = self.footer_lines(paragraphs);
        if !paragraphs.is_empty() || self.logo.is_some() {
            self.y = crisp(self.y + 10.0);
            self.scene.rule(self.left, self.right, self.y, Role::Grid);
            self.y += 7.5;
        }
        let top = self.y;
        for (index, lines) in paragraphs.iter().enumerate() {
            self.y += if index > 0 { 3.0 } else { 0.0 };
            self.lines(lines, self.left, Type::FOOTER);
        }
        if let Some(logo) = self.logo {
            self.close_with(logo, top);
        }
        let margin = if self.narrow { 12.0 } else { 14.0 };
        self.scene.height = (self.y + margin).ceil();
    }

    /// How high the footer will be.
    pub(super) fn foot_height(&self, paragraphs: &[String]) -> f64 {
        let paragraphs = self.footer_lines(paragraphs);
        let lines: usize = paragraphs.iter().map(Vec::len).sum();
        let text = 3.0 * paragraphs.len() as f64 + Type::FOOTER.line * lines as f64;
        32.0 + match self.logo.map(|logo| logo.on_page(self.narrow)) {
            Some((_, height)) if self.narrow => text + LOGO_GAP + height,
            Some((_, height)) => text.max(height),
            None => text,
        }
    }

    /// The logo at the end of the foot: beside its last lines, or under them on a narrow canvas.
    fn close_with(&mut self, logo: &Logo, top: f64) {
        let (width, height) = logo.on_page(self.narrow);
        let bottom = match self.narrow {
            true => self.y + LOGO_GAP + height,
            // its foot on the last baseline
            false => (top + LOGO_GAP + height).max(self.y - LOGO_GAP),
        };
        let bounds = Bounds {
            left: self.right - width,
            top: bottom - height,
            right: self.right,
            bottom,
        };
        self.scene.shapes.push(Shape::Logo {
            bounds,
            logo: logo.clone(),
        });
        self.y = self.y.max(bottom);
    }

    /// What the lines of the foot have beside the logo.
    fn foot_measure(&self) -> f64 {
        match self.logo.filter(|_| !self.narrow) {
            Some(logo) => self.measure() - logo.on_page(false).0 - BESIDE_LOGO,
            None => self.measure(),
        }
    }

    fn footer_lines(&self, paragraphs: &[String]) -> Vec<Vec<String>> {
        let lines = paragraphs
            .iter()
            .map(|text| Type::FOOTER.filled(text, self.foot_measure(), self.fonts));
        lines.filter(|lines| !lines.is_empty()).collect()
    }
}

/// The nearest place below at which a line of 1 px fills whole pixels, at 1x as at 2x.
pub(super) fn crisp(place: f64) -> f64 {
    place.floor() + 0.5
}
