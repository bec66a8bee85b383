//! What can keep a chart from being drawn.

use thiserror::Error;

/// Why a chart was not drawn: what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The canvas is too narrow for any layout.
    #[error(
        "a chart {width} px wide has no room for its labels; the width must be at least {least} px"
    )]
    TooNarrow { width: u32, least: u32 },

    /// The canvas is wider than a picture can be.
    #[error(
        "a chart {width} px wide is wider than can be drawn; the width must be at most {most} px"
    )]
    TooWide { width: u32, most: u32 },

    /// The chart has no row at all.
    #[error("the chart has no row to draw; give it at least one")]
    Empty,

    /// A number that is no finite number.
    #[error(
        "“{label}”: its {what} is {value}, which is no number; give a per cent from 0 to 100, or a number of the chart’s scale, or leave it out if it was not found"
    )]
    NotANumber {
        label: String,
        what: &'static str,
        value: f64,
    },

    /// A figure that is not a per cent.
    #[error("“{label}” stands at {value}; a per cent lies between 0 and 100")]
    NotAPercent { label: String, value: f64 },

    /// A number larger than any axis.
    #[error(
        "“{label}” stands at {value:e}; a chart draws numbers up to 10^15: give them in thousands or millions"
    )]
    BeyondAxis { label: String, value: f64 },

    /// An interval or range whose ends are the wrong way round.
    #[error("“{label}”: its {what} runs from {low} to {high}; the lower end must come first")]
    Reversed {
        label: String,
        what: &'static str,
        low: f64,
        high: f64,
    },

    /// A number that is no difference of two per cents.
    #[error(
        "“{label}”: its {what} is {value}; a difference of two per cents lies between -100 and 100 points"
    )]
    NotADifference {
        label: String,
        what: &'static str,
        value: f64,
    },

    /// The parts of a whole that are more than the whole.
    #[error(
        "“{label}”: its parts add up to {sum:.1}%, more than rounding explains; a stack holds shares of one whole"
    )]
    TooMuch { label: String, sum: f64 },

    /// More values than there are answers to give them to.
    #[error(
        "“{label}” has {parts} values for {responses} responses; give one each, or none where it was not found"
    )]
    TooManyParts {
        label: String,
        parts: usize,
        responses: usize,
    },

    /// More series than can be followed in one panel.
    #[error(
        "{series} series cross too often to be followed; a panel holds {most}, so give each its own panel"
    )]
    TooManySeries { series: usize, most: usize },

    /// More lines than there are series.
    #[error("“{label}” has {lines} lines for {series} series; give each series a name")]
    TooManyLines {
        label: String,
        lines: usize,
        series: usize,
    },

    /// A time that is no year.
    #[error("“{label}” has a wave at {value}; give the year as a number, such as 2023 or 2023.5")]
    NotAYear { label: String, value: f64 },

    /// A confidence level outside the open interval from 0 to 1.
    #[error("{0} is no confidence level; give a share between 0 and 1, such as 0.95")]
    Level(f64),

    /// Letters that no font at hand has.
    #[error(
        "no font at hand has {letters}, needed for “{label}”; give a font file that has them (--font FILE)"
    )]
    MissingGlyphs { letters: String, label: String },

    /// Bytes that are no font.
    #[error(
        "the font file cannot be used: {0}; give a TrueType or OpenType font (.ttf, .otf, .ttc)"
    )]
    Font(String),

    /// A picture that would not fit into memory.
    #[error(
        "as PNG the chart would be {width} by {height} pixels; split it into several charts, or keep it as SVG"
    )]
    TooLarge { width: u64, height: u64 },

    /// The drawing or encoding library refused; this is a fault of ours.
    #[error("the chart could not be drawn: {0}")]
    Drawing(String),
}
