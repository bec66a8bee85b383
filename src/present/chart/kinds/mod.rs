//! The kinds of charts: each is what its caller knows, and how it is laid out on a page.

mod banner;
mod bar;
mod bar_panels;
mod change;
mod coefficients;
mod difference;
mod dot;
mod polls;
mod pool;
mod predictions;
mod stacked;
mod targets;
mod trend;
mod weights;

pub use banner::{BannerBlock, BannerChart, BannerFigure, BannerRow, BannerSubject};
pub use bar::{BarChart, NO_SIZES};
pub use bar_panels::BarPanelChart;
pub use change::{ChangeChart, ChangeFigure, ChangeRow};
pub use coefficients::{CoefficientChart, CoefficientGroup, CoefficientMark, CoefficientRow};
pub use difference::{Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow};
pub use dot::{DotChart, Group, Mark, Panel, PanelChart, Row, RowKind, Section, Value};
#[cfg(feature = "xlsx")]
pub(super) use polls::dated_name;
pub use polls::{LineDay, PollDot, PollsChart, PollsLine};
pub use pool::{PoolChart, PoolRow};
#[cfg(feature = "xlsx")]
pub(super) use predictions::role as prediction_role;
pub use predictions::{PredictionChart, PredictionLine, PredictionPoint};
pub use stacked::{Part, Question, Response, StackedChart, StackedRow, StackedSection};
pub use targets::{TargetsChart, TargetsGroup, TargetsRow};
pub use trend::{Moment, TrendChart, TrendPanel, Wave};
pub use weights::{WeightsChart, WeightsPanel};
