//! Respondent files: opened by their header, read in batches, only the columns that are asked for.
//!
//! Every format is a [`Source`]: a [`Codebook`] of its variables, and a scan that hands out [`Batch`]es, in any order and
//! on several threads at once. A column comes in the view that is asked for: as codes into a small dictionary of values
//! ([`View::Codes`]), or as numbers with NaN for what is missing ([`View::Numbers`]). Missing answers keep their kind in
//! the codes: the dictionary holds "Refused" beside "Yes", and the codebook says which of its values are missing.

mod batch;
mod codebook;
mod csv;
mod decoding;
mod error;
mod inference;
pub mod ipc;
mod lent;
mod memory;
mod open;
pub mod parquet;
#[cfg(feature = "frames")]
mod polars;
mod portable;
mod spss;
mod stata;
mod time;
mod transport;
mod unchanged;
mod value;
mod waves;
mod with_columns;
#[cfg(feature = "xlsx")]
mod workbook;
pub mod write;

pub use batch::{Batch, Coded, Codes, Column, ColumnRequest, View};
pub use codebook::describe::{
    DISTINCT, Description, LevelCount, NumberSummary, SetSummary, VariableSummary, describe,
};
pub use codebook::file::draft as codebook_draft;
pub use codebook::native::{
    Alignment, Characteristic, Display, Format, NativeAttributes, Origin, Storage,
};
pub use codebook::{Codebook, Kind, Measure, MissingValues, MultipleResponse, Variable};
pub use error::Error;
pub use lent::{Lent, LentColumns, LentKind};
pub use memory::{Memory, MemoryColumn};
pub use open::{OpenOptions, open, open_as_written, open_bytes};
#[cfg(feature = "frames")]
pub use polars::from_polars;
pub(crate) use time::iso as iso_date;
pub use value::Value;
pub use waves::Waves;
pub use with_columns::WithColumns;

/// A file of respondents that can be scanned more than once.
pub trait Source: Send + Sync {
    /// What is known of the variables before a scan.
    fn codebook(&self) -> &Codebook;

    /// Number of respondents, where the header says it.
    fn rows(&self) -> Option<u64>;

    /// What was assumed about the file that it does not say itself, or left out, a line each. A scan may add to it: what
    /// stands in the data shows there alone.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Hands every respondent to `each` exactly once, in batches: the columns of a batch stand in the order of `requests`.
    ///
    /// `each` is called from several threads at once and in any order of batches; rows within a batch are in the order of
    /// the file, and [`Batch::first_row`] says where it stands. It may take the batch apart; columns that it leaves are room for
    /// those of the next batch. The first error of either side ends the scan.
    ///
    /// The threads are those of the rayon pool: `each` must not hand work to that pool while it holds a lock, since the
    /// thread may then take up another batch and wait for itself.
    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error>;
}
