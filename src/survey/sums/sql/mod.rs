//! The query that makes sums where the respondents are: for an engine that holds more of them than one machine can, or that
//! they may not leave.
//!
//! [`query`] gives one query for DuckDB, Spark, PostgreSQL or DataFusion. Its result is the table of
//! [`export`](super::export), without the second halves of sums; saved as Parquet or CSV it is read as sums are. Names, kinds and
//! labels come from the codebook of a file with the columns of the table.

mod compare;
mod dialect;
mod expression;
mod parts;
mod query;

pub use dialect::Dialect;
pub use query::query;
