//! Public-opinion statistics: from a published headline to honest numbers, ready to print.
//!
//! Data flows one way; a module knows only those above it:
//!
//! | module | what lives there |
//! | --- | --- |
//! | [`statistics::special`] | distribution functions, exact over the whole range that is needed |
//! | [`statistics::interval`] | share, effective n, df, level to bounds |
//! | [`frames`] | the typed polars frames everything meets in |
//! | [`files`], [`files::guard`] | files written beside and renamed; libraries that panic on damaged ones |
//! | [`published::figures`] | published figures: the store, selectors, quantities, effective n, rounding |
//! | [`published::coherence`] | can these printed figures hold together? |
//! | [`present::table`] | layout once, then a renderer a format |
//! | [`present::chart`] | theme, text metrics, layout into marks; SVG, and PNG of that SVG |
//! | [`present::published`] | published figures as lines: for a frame, a table, a chart |
//! | [`published::compare`] | how two figures stand to each other: difference, interval, test, family, sentence |
//! | [`survey::microdata`] | respondent files: codebook, and scans in batches of codes and numbers |
//! | [`survey::expr`] | one small grammar: items, conditions, groups; and how they run on batches |
//! | [`survey::design`] | who was sampled and how: strata, stages, fpc, replicate weights, lonely PSUs; the variance |
//! | [`survey::sums`] | the scan: respondents to sums that merge |
//! | [`survey::estimate`](mod@estimate) | sums to estimates |
//! | [`survey::weighting`] | raking, calibration, trimming, non-response, replicate weights, diagnostics |
//! | [`survey::weighting::recipe`] | the steps of a weighting on a file, and estimates that know of them |
//! | [`present::survey`] | estimates of respondents as tables |
//! | [`present::report`] | the main job: headline table and charts into a folder |
//! | [`cli`] | the command line; no statistics |
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
//! println!("{}", estimates.frame());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cli;
pub mod files;
pub mod frames;
pub mod present;
pub mod published;
pub mod statistics;
pub mod survey;
