//! What people read.

pub mod chart;
pub mod crosstab;
pub mod estimates;
pub mod explain;
pub mod labels_in_tables;
pub mod office;
pub mod options;
pub mod page;
pub mod plots;
pub mod tables;
pub mod workbook;
