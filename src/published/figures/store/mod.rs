//! The store of published figures: a folder of CSV files, or the copy that is shipped in the program.
//!
//! Reading never fails on what is in a file: whatever is wrong becomes a [`Finding`], and the rows
//! that can be used are there. In a [`Store`] keys are unique and references resolve: every figure
//! has its poll and its question.

pub mod choice;
mod decided;
pub mod finding;
pub mod incoming;
mod lookup;
pub mod open;
mod read;
pub mod records;
mod resolve;
pub mod rules;
pub mod schema;
pub mod write;

pub use choice::{
    Aggregate, Choice, DeffKind, NKind, Qualifier, QuestionKind, ResponseKind, Sampling, Wording,
};
pub use decided::{DecidedStore, UnknownResponse};
pub use finding::{Finding, Severity};
pub use incoming::{NewRow, rows_from_json, rows_from_table, template};
pub use open::{StoreError, shipped};
pub use read::{folded, plain_id};
pub use records::{
    ALL, Base, Claim, Country, Decided, Figure, Poll, Question, Response, Sample, Source,
};
pub use schema::{Column, Kind, Table};
pub use write::{
    Addition, ColumnChange, InitError, Remark, Removal, Revision, StoredFile, StoredRow,
    WriteError, commit, commit_all, init, plan, plan_all, plan_removal, plan_revision,
    read_changes, remove, revise,
};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Where a store comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The copy in the program.
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

/// The published figures and what belongs to them, with all that is wrong with the files.
#[derive(Debug, Clone)]
pub struct Store {
    /// Where it comes from.
    pub origin: Origin,
    /// The polls, in the order of their file, as all rows below.
    pub polls: Vec<Poll>,
    /// Sizes and margins of error.
    pub samples: Vec<Sample>,
    /// Questions.
    pub questions: Vec<Question>,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Answers; those that have no row come last, with `line` 0.
    pub responses: Vec<Response>,
    /// Countries and sets.
    pub countries: Vec<Country>,
    /// Who bases are.
    pub bases: Vec<Base>,
    /// Outlets.
    pub sources: Vec<Source>,
    /// What an article says.
    pub claims: Vec<Claim>,
    /// What is wrong with the rows, by file, line and column.
    pub findings: Vec<Finding>,
    index: lookup::Index,
    headers: BTreeMap<Table, Vec<String>>,
    /// The bytes of every file, the shipped ones where the folder has none.
    files: BTreeMap<Table, Cow<'static, [u8]>>,
    /// The tables that are the shipped ones.
    shipped: BTreeSet<Table>,
}

impl Store {
    /// How many findings are errors. Nothing should be computed from a store that has any.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many findings are warnings.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// The number of a column in a file of the store, from 1, as findings show it.
    pub fn column_number(&self, file: &str, column: &str) -> Option<usize> {
        let names = self.headers.get(&Table::of_file(file)?)?;
        names
            .iter()
            .position(|name| name == column)
            .map(|place| place + 1)
    }
}
