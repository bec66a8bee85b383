//! From files to a store.

use super::finding::{Finding, Severity};
use super::lookup::Index;
use super::read::{Typed, read_table};
use super::resolve::{Tables, resolve_claims};
use super::schema::{IfMissing, Table};
use super::{Origin, Store, rules};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such folder.
    #[error("there is no folder {0}; opine init {0} makes one with a copy of the shipped data")]
    Missing(PathBuf),
    /// It is something else.
    #[error("{0} is no folder; the data is a folder of CSV files")]
    NotAFolder(PathBuf),
    /// A file in it could not be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

type Files = BTreeMap<Table, Cow<'static, [u8]>>;

impl Store {
    /// The data that is shipped in the program.
    pub fn embedded() -> Store {
        let files = Table::ALL.map(|table| (table, Cow::Borrowed(shipped(table).as_bytes())));
        Store::build(BTreeMap::from(files), Origin::Embedded)
    }

    /// The data in a folder.
    ///
    /// # Errors
    /// [`StoreError`] if the folder or a file in it cannot be read. What is wrong inside a file is in
    /// [`Store::findings`].
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        if !dir.exists() {
            return Err(StoreError::Missing(dir.to_path_buf()));
        }
        if !dir.is_dir() {
            return Err(StoreError::NotAFolder(dir.to_path_buf()));
        }
        let mut files = Files::new();
        for table in Table::ALL {
            let path = dir.join(table.file_name());
            match std::fs::read(&path) {
                Ok(bytes) => drop(files.insert(table, Cow::Owned(bytes))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(StoreError::Read { path, source }),
            }
        }
        Ok(Store::build(files, Origin::Folder(dir.to_path_buf())))
    }

    /// A store of files in memory; what is left out is missing as in a folder.
    pub fn from_files(files: impl IntoIterator<Item = (Table, Vec<u8>)>, origin: Origin) -> Store {
        let files = files
            .into_iter()
            .map(|(table, bytes)| (table, Cow::Owned(bytes)));
        Store::build(files.collect(), origin)
    }

    /// The same store with another text of one file.
    pub fn with_file(&self, table: Table, bytes: Vec<u8>) -> Store {
        let own = self
            .files
            .iter()
            .filter(|(table, _)| !self.shipped.contains(table));
        let mut files: Files = own.map(|(table, bytes)| (*table, bytes.clone())).collect();
        files.insert(table, Cow::Owned(bytes));
        Store::build(files, self.origin.clone())
    }

    fn build(mut files: Files, origin: Origin) -> Store {
        let mut findings = Vec::new();
        let shipped = add_shipped(&mut files, &mut findings);
        let mut tables = read_tables(&files, &mut findings);
        tables.resolve(&mut findings);
        let own_claims = !shipped.contains(&Table::Claims);
        let figures = &tables.figures.rows;
        resolve_claims(&mut tables.claims.rows, figures, !own_claims, &mut findings);
        let mut store = Store {
            origin,
            headers: headers(&tables),
            index: Index::default(),
            polls: tables.polls.rows,
            samples: tables.samples.rows,
            questions: tables.questions.rows,
            figures: tables.figures.rows,
            responses: tables.responses.rows,
            countries: tables.countries.rows,
            bases: tables.bases.rows,
            sources: tables.sources.rows,
            claims: tables.claims.rows,
            findings: Vec::new(),
            files,
            shipped,
        };
        store.index = Index::new(&store);
        findings.sort_by_cached_key(|finding| store.position(finding));
        store.findings = findings;
        store
    }

    /// Where a finding comes in the list: by file, line and column.
    fn position(&self, finding: &Finding) -> (Option<Table>, u64, usize) {
        let column = finding.column.as_deref();
        let number = column.and_then(|column| self.column_number(&finding.file, column));
        (
            Table::of_file(&finding.file),
            finding.line.unwrap_or(0),
            number.unwrap_or(0),
        )
    }
}

/// Puts the shipped file where there is none, if the table may do without its own. Tells which.
fn add_shipped(files: &mut Files, findings: &mut Vec<Finding>) -> BTreeSet<Table> {
    let mut added = BTreeSet::new();
    for table in Table::ALL
        .into_iter()
        .filter(|table| !files.contains_key(table))
        .collect::<Vec<_>>()
    {
        let (severity, message, fix) = match table.if_missing() {
            IfMissing::Error => (
                Severity::Error,
                "the file is missing",
                "opine init makes a folder with a copy of the shipped data",
            ),
            IfMissing::ShippedWithNote | IfMissing::Shipped => (
                Severity::Note,
                "the file is missing: the shipped one is used",
                "opine init makes a folder with a copy of it",
            ),
        };
        if table.if_missing() != IfMissing::Shipped {
            let finding = Finding::new(rules::FILE_MISSING, severity, table.file_name(), message);
            findings.push(finding.fix(fix));
        }
        if table.if_missing() != IfMissing::Error {
            files.insert(table, Cow::Borrowed(shipped(table).as_bytes()));
            added.insert(table);
        }
    }
    added
}

fn read_tables(files: &Files, findings: &mut Vec<Finding>) -> Tables {
    Tables {
        polls: read_file(files, findings),
        samples: read_file(files, findings),
        questions: read_file(files, findings),
        figures: read_file(files, findings),
        responses: read_file(files, findings),
        countries: read_file(files, findings),
        bases: read_file(files, findings),
        sources: read_file(files, findings),
        claims: read_file(files, findings),
    }
}

fn read_file<T: Typed>(files: &Files, findings: &mut Vec<Finding>) -> super::read::TableRead<T> {
    files
        .get(&T::TABLE)
        .map(|bytes| read_table(bytes, findings))
        .unwrap_or_default()
}

fn headers(tables: &Tables) -> BTreeMap<Table, Vec<String>> {
    let names = [
        (Table::Polls, &tables.polls.header),
        (Table::Samples, &tables.samples.header),
        (Table::Questions, &tables.questions.header),
        (Table::Figures, &tables.figures.header),
        (Table::Responses, &tables.responses.header),
        (Table::Countries, &tables.countries.header),
        (Table::Bases, &tables.bases.header),
        (Table::Sources, &tables.sources.header),
        (Table::Claims, &tables.claims.header),
    ];
    names
        .into_iter()
        .map(|(table, header)| (table, header.names.clone()))
        .collect()
}

/// The shipped file of a table.
pub const fn shipped(table: Table) -> &'static str {
    match table {
        Table::Polls => include_str!("../../../../data/polls.csv"),
        Table::Samples => include_str!("../../../../data/samples.csv"),
        Table::Questions => include_str!("../../../../data/questions.csv"),
        Table::Figures => include_str!("../../../../data/figures.csv"),
        Table::Responses => include_str!("../../../../data/responses.csv"),
        Table::Countries => include_str!("../../../../data/countries.csv"),
        Table::Bases => include_str!("../../../../data/bases.csv"),
        Table::Sources => include_str!("../../../../data/sources.csv"),
        Table::Claims => include_str!("../../../../data/claims.csv"),
    }
}
