//! The frames everything meets in.

pub mod estimates;
mod spreadsheet;
