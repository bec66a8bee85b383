//! Charts fit for print: lay out, look, then draw.
//!
//! ```text
//!  DotChart ──┐  lay out: measure every       ┌─ SVG   (plotters elements on our backend)
//!  PanelChart ┴─ text, decide every place ─▶ Scene
//!                                             ├─ PNG   (resvg draws that same SVG)
//!                                             └─ PDF   (krilla, vectors and subsets of the faces)
//! ```
//!
//! A chart is data: what the caller knows, in words and per cents, or numbers of another [`Scale`]. Drawing it happens in two steps.
//! First it is laid out into a [`Scene`]: lines, discs, polygons and texts, each at its place, with a
//! colour *role* and, for texts, a measured box. Then the scene is drawn in a [`Theme`]. Whatever must
//! hold for every chart (no two texts meet, nothing leaves the canvas, enough contrast) is tested on
//! the scene, so no picture has to be looked at to know it.
//!
//! # To add a kind of chart
//!
//! 1. A struct with what the caller knows, in a file of its own in `kinds/`; see [`DotChart`], [`BarChart`], [`CoefficientChart`],
//!    [`StackedChart`], [`DifferenceChart`], [`TrendChart`], [`PollsChart`], [`PoolChart`], [`PredictionChart`].
//! 2. `impl Chart for` it: hand out its texts (they are cleaned and their letters looked up in the
//!    fonts), check its numbers, and lay it out on a [`Page`]: `page.head(…)`, the body, `page.foot(…)`.
//! 3. Its named marks ([`Chart::marks`]), so that a house can colour them and bring them out, and what orders them.
//! 4. A sentence or two for those who cannot see it: [`Chart::describe`].
//!
//! Type sizes are in `text.rs`, colours in `theme.rs`, the level axis in `axis.rs`, its round numbers in `scale.rs`, dots, bars,
//! hatches and crosses in `marks.rs`.

mod apart;
mod arrangement;
mod axis;
mod bounds;
mod clean;
mod draw;
mod error;
mod fonts;
/// What a scene becomes: the SVG that is ours, and of it or beside it the bytes of a PNG and a PDF.
mod formats {
    pub mod backend;
    #[cfg(feature = "pdf")]
    pub mod pdf;
    pub mod png;
    pub mod svg;
}
mod key;
mod kinds;
mod logo;
mod marks;
mod mirror;
mod page;
mod paint;
mod scale;
mod scene;
#[cfg(feature = "xlsx")]
mod slides;
mod style;
mod text;
mod theme;
mod words;
mod wrap;

pub use arrangement::{Arrangement, Sort, is_called};
pub use bounds::Bounds;
#[cfg(feature = "xlsx")]
pub use draw::slides_in;
pub use draw::{AnyChart, Chart, Drawing, LEAST_WIDTH, Marks};
pub use error::Error;
pub use fonts::{Fonts, Weight};
pub use formats::svg::embed;
pub use kinds::{
    BannerBlock, BannerChart, BannerFigure, BannerRow, BannerSubject, BarChart, BarPanelChart,
    ChangeChart, ChangeFigure, ChangeRow, CoefficientChart, CoefficientGroup, CoefficientMark,
    CoefficientRow, Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow,
    DotChart, Group, LineDay, Mark, Moment, NO_SIZES, Panel, PanelChart, Part, PollDot, PollsChart,
    PollsLine, PoolChart, PoolRow, PredictionChart, PredictionLine, PredictionPoint, Question,
    Response, Row, RowKind, Section, StackedChart, StackedRow, StackedSection, TargetsChart,
    TargetsGroup, TargetsRow, TrendChart, TrendPanel, Value, Wave, WeightsChart, WeightsPanel,
};
pub use logo::{Logo, LogoError, base64};
pub use page::Page;
pub use paint::{Among, Named, Paint};
pub use scale::Scale;
pub use scene::{Anchor, Point, Scene, Shape, TextShape};
pub use style::Style;
pub use theme::{HouseColour, Role, Theme, contrast};
pub use words::{FootLength, Language};

pub use super::tones::Tone;
