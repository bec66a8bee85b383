//! Public-opinion statistics: from a published headline to honest numbers, ready to print.
//!
//! A house of seven floors: data flows down from what a person typed to numbers, and up again as tables and pictures. A room
//! knows only rooms below it, [`survey`] and [`published`] stand side by side and do not know each other.
//!
//! | floor | rooms |
//! | --- | --- |
//! | [`cli`] | the command line: what was typed becomes a request; no statistics |
//! | [`present`] | what people read: [`table`](present::table) and [`chart`](present::chart), which know neither survey nor store; tables and charts of results; the [`report`](present::report) |
//! | [`survey`] | respondents: [`microdata`](survey::microdata), [`expr`](survey::expr), [`design`](survey::design), [`sums`](survey::sums), [`estimate`](mod@survey::estimate), [`weighting`](survey::weighting) |
//! | [`published`] | what others printed: [`figures`](published::figures), [`coherence`](published::coherence), [`compare`](published::compare) |
//! | [`tabular`] | one tolerant reader for every small table a person brings |
//! | [`statistics`] | pure functions: [`special`](statistics::special) (distributions), [`interval`](statistics::interval), [`adjust`](statistics::adjust) |
//! | [`frames`] | the typed rows and frames everything meets in |
//! | [`files`] | files written beside and renamed; libraries that panic on damaged ones |
//!
//! ```
//! use opine::published::figures::store::Store;
//! use opine::published::figures::selector::Selector;
//! use opine::present::published;
//!
//! let store = Store::embedded();
//! let worried: Selector = "egf2023/worried/net".parse()?;
//! let figures = worried.figures(&store)?;
//! let sections = published::by_poll(&store, &figures, false, Default::default())?;
//! let estimates = published::estimates(&sections)?;
//! println!("{}", estimates.frame().to_csv());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "cli")]
pub mod cli;
pub mod files;
pub mod frames;
pub mod present;
pub mod published;
pub mod statistics;
pub mod survey;
pub mod tabular;
