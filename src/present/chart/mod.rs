//! Charts fit for print: lay out, look, then draw.
//!
//! ```text
//!  DotChart ──┐  lay out: measure every       ┌─ SVG   (plotters elements on our backend)
//!  PanelChart ┴─ text, decide every place ─▶ Scene
//!                                             └─ PNG   (resvg draws that same SVG)
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
//! 1. A struct with what the caller knows, in a file of its own; see [`DotChart`], [`BarChart`], [`CoefficientChart`],
//!    [`StackedChart`], [`DifferenceChart`], [`TrendChart`], [`PollsChart`], [`PoolChart`], [`PredictionChart`].
//! 2. `impl Chart for` it: hand out its texts (they are cleaned and their letters looked up in the
//!    fonts), check its numbers, and lay it out on a [`Page`]: `page.head(…)`, the body, `page.foot(…)`.
//! 3. Its named marks ([`Chart::marks`]), so that a house can colour them and bring them out, and what orders them.
//! 4. A sentence or two for those who cannot see it: [`Chart::describe`].
//!
//! Type sizes are in `text.rs`, colours in `theme.rs`, the level axis in `axis.rs`, its round numbers in `scale.rs`, dots, bars,
//! hatches and crosses in `marks.rs`.

mod apart;
mod axis;
mod backend;
mod banner;
mod bar;
mod bar_panels;
mod change;
mod clean;
mod coefficients;
mod difference;
mod dot;
mod draw;
mod error;
mod fonts;
mod key;
mod marks;
mod mirror;
mod page;
mod paint;
mod png;
mod polls;
mod pool;
mod predictions;
mod scale;
mod scene;
#[cfg(feature = "xlsx")]
mod slides;
mod stacked;
mod style;
mod svg;
mod targets;
mod text;
mod theme;
mod trend;
mod weights;
mod words;
mod wrap;

pub use banner::{BannerBlock, BannerChart, BannerFigure, BannerRow, BannerSubject};
pub use bar::BarChart;
pub use bar_panels::BarPanelChart;
pub use change::{ChangeChart, ChangeFigure, ChangeRow};
pub use coefficients::{CoefficientChart, CoefficientGroup, CoefficientMark, CoefficientRow};
pub use difference::{Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow};
pub use dot::{DotChart, Group, Mark, Panel, PanelChart, Row, RowKind, Section, Value};
pub use draw::{Chart, Drawing, LEAST_WIDTH};
pub use error::Error;
pub use fonts::{Fonts, Weight};
pub use page::Page;
pub use paint::{Arrangement, Named, Paint, Sort, is_called};
pub use polls::{LineDay, PollDot, PollsChart, PollsLine};
pub use pool::{PoolChart, PoolRow};
pub use predictions::{PredictionChart, PredictionLine, PredictionPoint};
pub use scale::Scale;
pub use scene::{Anchor, Bounds, Point, Scene, Shape, TextShape};
pub use stacked::{Part, Question, Response, StackedChart, StackedRow, StackedSection, Tone};
pub use style::{FootLength, Style};
pub use targets::{TargetsChart, TargetsGroup, TargetsRow};
pub use theme::{HouseColour, Role, Theme, contrast};
pub use trend::{Moment, TrendChart, TrendPanel, Wave};
pub use weights::{WeightsChart, WeightsPanel};
pub use words::Language;
