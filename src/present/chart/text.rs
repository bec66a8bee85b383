//! The type roles, and how wide a text is in them.

use super::fonts::{Fonts, Weight};
use super::theme::Role;
use super::wrap;

/// Half the height of a small letter row: a line is centred on y when its baseline is at y + 0.34 size.
const MIDDLE: f64 = 0.34;

/// How a kind of text is set: size and line height in px, weight, colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    pub size: f64,
    pub line: f64,
    pub weight: Weight,
    pub role: Role,
}

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident = $size:literal / $line:literal $weight:ident $role:ident;)*) => {
        impl Type { $($(#[$doc])* pub const $name: Type = Type {
            size: $size, line: $line, weight: Weight::$weight, role: Role::$role }; )* }
    };
}

types! {
    /// The headline.
    TITLE = 20.0 / 26.0 Bold Ink;
    /// The headline on a narrow canvas.
    TITLE_NARROW = 18.0 / 24.0 Bold Ink;
    /// What is measured.
    SUBTITLE = 14.0 / 20.0 Regular Ink2;
    /// What is measured, on a narrow canvas.
    SUBTITLE_NARROW = 13.0 / 18.0 Regular Ink2;
    /// The head of a group of rows, the name of a section.
    GROUP = 13.0 / 19.0 Bold Ink;
    /// The line under such a head.
    GROUP_NOTE = 12.0 / 16.0 Regular Muted;
    /// The label of a row.
    LABEL = 13.0 / 17.0 Regular Ink;
    /// The label of a row in a small panel.
    PANEL_LABEL = 12.5 / 16.0 Regular Ink;
    /// The head of a small panel.
    PANEL_HEAD = 13.0 / 17.0 Regular Ink2;
    /// Who printed one of several values.
    SUB_LABEL = 12.0 / 15.0 Regular Ink2;
    /// The note under a label.
    NOTE = 11.5 / 15.0 Regular Muted;
    /// A value in a column, or beside its mark.
    VALUE = 13.5 / 17.0 Bold Ink;
    /// A value beside its mark in a small panel.
    PANEL_VALUE = 12.5 / 16.0 Bold Ink;
    /// An interval.
    INTERVAL = 12.0 / 14.0 Regular Ink2;
    /// A word instead of an interval.
    REMARK = 12.0 / 14.0 Regular Muted;
    /// A word that says why a value cannot be right.
    ALARM = 12.0 / 14.0 Bold Warn;
    /// A number in a bar.
    IN_BAR = 12.5 / 16.0 Bold Ink;
    /// A number in a bar that is short or low.
    IN_SMALL_BAR = 11.0 / 14.0 Bold Ink;
    /// The number of a bar of don’t know, beside it.
    BESIDE_BAR = 11.0 / 14.0 Regular Muted;
    /// A response over its column; the name of a line.
    DIRECT = 12.0 / 16.0 Bold Ink;
    /// Ticks and column heads.
    TICK = 12.0 / 16.0 Regular Muted;
    /// Ticks of a small panel.
    PANEL_TICK = 11.5 / 16.0 Regular Muted;
    /// Ticks of a panel of lines.
    SMALL_TICK = 11.0 / 14.0 Regular Muted;
    /// The key.
    KEY = 12.0 / 20.0 Regular Ink2;
    /// Method, contradictions, sources.
    FOOTER = 11.0 / 15.0 Regular Muted;
}

impl Type {
    /// The same type in another colour.
    pub const fn in_role(self, role: Role) -> Type {
        Type { role, ..self }
    }

    /// The same type in bold letters.
    pub const fn bold(self) -> Type {
        Type {
            weight: Weight::Bold,
            ..self
        }
    }

    /// The baseline of a line centred on `y`.
    pub fn baseline(&self, y: f64) -> f64 {
        y + MIDDLE * self.size
    }

    /// How much lower a line is set beside one of another type, so that both share a baseline.
    pub fn shift_to(&self, other: Type) -> f64 {
        other.baseline(0.0) - self.baseline(0.0)
    }

    /// The width in px of one line.
    pub fn width(&self, text: &str, fonts: &Fonts) -> f64 {
        fonts.ems(&fonts.language().text(text), self.weight) * self.size
    }

    /// The fewest lines no wider than `measure`, then as even as they get: for titles and labels.
    pub fn balanced(&self, text: &str, measure: f64, fonts: &Fonts) -> Vec<String> {
        wrap::balanced(&fonts.language().text(text), measure / self.size, &|part| {
            fonts.ems(part, self.weight)
        })
    }

    /// Each line as full as it gets: for subtitles and footers.
    pub fn filled(&self, text: &str, measure: f64, fonts: &Fonts) -> Vec<String> {
        wrap::filled(&fonts.language().text(text), measure / self.size, &|part| {
            fonts.ems(part, self.weight)
        })
    }
}

/// The widest of some lines, 0 for none.
pub fn widest<'a>(lines: impl IntoIterator<Item = &'a String>, kind: Type, fonts: &Fonts) -> f64 {
    lines
        .into_iter()
        .map(|line| kind.width(line, fonts))
        .fold(0.0, f64::max)
}
