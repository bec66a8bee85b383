//! Results as people read them: tables, charts, pages.

pub mod chart;
pub mod crosstab;
pub mod lists;
pub mod published;
pub mod report;
pub mod survey;
pub mod table;
