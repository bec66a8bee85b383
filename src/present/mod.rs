//! Results as people read them: tables, charts, pages.

#[cfg(feature = "charts")]
pub mod chart;
pub mod crosstab;
pub mod explain;
#[cfg(feature = "charts")]
pub mod lists;
#[cfg(feature = "xlsx")]
pub mod office;
pub mod provenance;
pub mod published;
#[cfg(feature = "charts")]
pub mod report;
pub mod survey;
pub mod table;
pub mod tones;
pub mod topline;
pub mod trends;
