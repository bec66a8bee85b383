//! Public-opinion statistics: from a published headline, or a raw respondent file, to numbers with honest uncertainty, ready to
//! print.
//!
//! # Respondents
//!
//! A [`Survey`] is a file, bytes, a polars frame or columns, with what is known of its [`Design`]. Ask it for estimates; they
//! come with standard errors that know of weights, strata and sampled units, as rows, columns, tables and charts:
//!
//! ```
//! use opine::{ChartKind, Survey};
//!
//! let poll = Survey::open("examples/poll.csv")?.weights("weight").strata(["stratum"]).psu(["psu"]);
//! let worried = poll
//!     .estimate("prop(q1)")
//!     .by("party")
//!     .run()?;
//! println!("{}", worried.tables());
//! let png = worried.chart().kind(ChartKind::Stacked).title("Worried, by party").to_png()?;
//! # assert!(png.len() > 1000);
//! # Ok::<(), opine::Error>(())
//! ```
//!
//! A raw sample is weighted to what is known of the population ([`Weighting`]), and estimates then know of that, too.
//! [`Sums`] leave the respondents behind and give the same estimates elsewhere.
//!
//! # Published figures
//!
//! [`Figures`] are what pollsters printed, with sources, sample sizes and wordings: those that come with the library, or a
//! folder of one’s own. Select, compare, check whether they can hold together, ask what they leave for a share that was not
//! printed. [`interval`] and [`sample_size`] need no store:
//!
//! ```
//! use opine::Figures;
//!
//! let figures = Figures::shipped();
//! println!("{}", figures.select("egf2023/worried/net")?.tables());
//! let lead = figures.compare(["48@1000", "45@1000"])?;
//! println!("{}", lead.rows()[0].sentence);
//! let sure = opine::interval(0.63, 1500.0)?;
//! assert!(sure.low < 0.61);
//! # Ok::<(), opine::Error>(())
//! ```
//!
//! # Features
//!
//! All are on by default; without any, estimates, weights, figures and text tables are there.
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `cli` | the program, and [`cli::run_from`] |
//! | `frames` | polars frames in and out; [`polars`] is re-exported |
//! | `charts` | SVG and PNG |
//! | `xlsx` | workbooks, read and written |
//! | `parquet` | the compressions of Parquet and Arrow files |
//!
//! # The house
//!
//! Six floors stand below this face, for those who read or change the code: `cli` over `present` over `survey` and `published`,
//! which do not know each other, over `tabular`, `statistics`, `frames` and `files`. The tests reach them by one door that the
//! documentation hides, and they may change with every version: `docs/design/` leads through them.

#![warn(missing_docs)]

mod face;

/// The floors below the face, for the tests, benchmarks and the fuzz run of this repository alone.
#[doc(hidden)]
#[path = ""]
pub mod internals {
    #[cfg(feature = "cli")]
    pub mod cli;
    pub mod files;
    pub mod frames;
    pub mod present;
    pub mod published;
    pub mod statistics;
    pub mod survey;
    pub mod tabular;
}

#[cfg(feature = "cli")]
pub use internals::cli;
use internals::{files, frames, present, published, statistics, survey, tabular};

pub use face::{
    Bound, Comparisons, Crosstab, CrosstabRequest, Error, Figures, FitRequest, Results, Selection,
    Sums, Survey, SurveyEstimates, SurveyRequest, Tables, TestsRequest, Weighted, Weighting,
    interval, sample_size,
};
#[cfg(feature = "charts")]
pub use face::{Chart, ChartKind};
pub use frames::{Cell, Column, Comparison, Estimate, Flag, Frame, Statistic, Values};
pub use published::figures::store::{Finding, Severity};
pub use statistics::interval::{Interval, Method};
pub use survey::design::{Design, Lonely, MissingWeights, RepType, Replicates};
pub use survey::microdata::{LentColumns, LentKind, OpenOptions};

#[cfg(feature = "frames")]
pub use polars;

/// The Rust of the book, run as it stands there.
#[cfg(all(doctest, feature = "frames", feature = "charts"))]
#[doc = include_str!("../docs/library.md")]
struct Book;
