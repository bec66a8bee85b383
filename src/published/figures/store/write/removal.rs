//! What taking rows out would do. Nothing is written here.

use super::WriteError;
use super::changes::{Change, ChangeKind, Remark};
use super::dependents::{dependents, lost_names, referring};
use super::rows::StoredFile;
use crate::published::figures::store::Store;
use crate::published::figures::store::finding::Finding;
use crate::published::figures::store::schema::Table;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that can be taken out.
#[derive(Debug, Clone)]
pub struct Removal {
    /// Every row with its table, its id and its line in the file as it is.
    pub rows: Vec<(Table, String, u64)>,
    /// The rows as they stand in their files.
    texts: Vec<String>,
    /// What would be wrong without them and is not now: no errors.
    pub findings: Vec<Finding>,
    /// The files as they will be: those that refer to others first, so that a process that is killed leaves a whole store.
    pub(super) files: Vec<(Table, Vec<u8>)>,
}

impl Removal {
    pub(super) fn changes(&self, remark: &Remark) -> Vec<Change> {
        let rows = self.rows.iter().zip(&self.texts);
        let change = |((table, id, _), text): (&(Table, String, u64), &String)| Change {
            kind: ChangeKind::Withdrawn,
            table: *table,
            id: id.clone(),
            column: String::new(),
            before: text.clone(),
            after: String::new(),
            remark: remark.clone(),
        };
        rows.map(change).collect()
    }
}

/// Those that refer to others stand before these.
const ORDER: [Table; 9] = [
    Table::Claims,
    Table::Figures,
    Table::Questions,
    Table::Samples,
    Table::Polls,
    Table::Responses,
    Table::Bases,
    Table::Sources,
    Table::Countries,
];

type Rows = BTreeMap<Table, BTreeSet<usize>>;

/// Looks whether the rows of those ids can go.
///
/// # Errors
/// An id names no row or several; rows refer to them that are to stay; the store would be wrong without them.
pub fn plan_removal(
    store: &Store,
    table: Table,
    ids: &[String],
    with_dependents: bool,
) -> Result<Removal, WriteError> {
    let files: BTreeMap<Table, StoredFile> = ORDER
        .into_iter()
        .map(|table| (table, StoredFile::read(store, table)))
        .collect();
    let gone = chosen(&files, table, ids)?;
    let all = with_all_dependents(&files, gone.clone());
    if !with_dependents && all != gone {
        let dependents = all
            .iter()
            .flat_map(|(table, places)| places.iter().map(|place| (*table, *place)));
        let others = dependents
            .filter(|(table, place)| !gone.get(table).is_some_and(|rows| rows.contains(place)));
        return Err(WriteError::Dependents {
            what: format!(
                "{} can’t be removed without --with-dependents",
                ids.join(", ")
            ),
            rows: others
                .filter_map(|(table, place)| name(&files, table, place))
                .collect(),
        });
    }
    removal(store, &files, &all)
}

/// The rows that were named.
fn chosen(
    files: &BTreeMap<Table, StoredFile>,
    table: Table,
    ids: &[String],
) -> Result<Rows, WriteError> {
    let mut places = BTreeSet::new();
    for (file, id) in files
        .get(&table)
        .into_iter()
        .flat_map(|file| ids.iter().map(move |id| (file, id)))
    {
        let row = file.find(id)?;
        places.extend(file.rows.iter().position(|other| other.line == row.line));
    }
    Ok(Rows::from([(table, places)]))
}

/// The rows, those that refer to them, those that refer to these, and so on.
fn with_all_dependents(files: &BTreeMap<Table, StoredFile>, mut gone: Rows) -> Rows {
    loop {
        let mut more = gone.clone();
        for (table, places) in &gone {
            let places: Vec<usize> = places.iter().copied().collect();
            let names = files.get(table).map(|file| lost_names(file, &places));
            for other in referring(*table) {
                let rows = files.get(other).zip(names.as_deref());
                let rows = rows.map(|(file, names)| dependents(*table, names, file));
                if let Some(rows) = rows.filter(|rows| !rows.is_empty()) {
                    more.entry(*other).or_default().extend(rows);
                }
            }
        }
        match more == gone {
            true => return gone,
            false => gone = more,
        }
    }
}

fn name(files: &BTreeMap<Table, StoredFile>, table: Table, place: usize) -> Option<String> {
    let row = files.get(&table)?.rows.get(place)?;
    Some(row.name_with_kind())
}

fn removal(
    store: &Store,
    files: &BTreeMap<Table, StoredFile>,
    gone: &Rows,
) -> Result<Removal, WriteError> {
    let mut removal = Removal {
        rows: Vec::new(),
        texts: Vec::new(),
        findings: Vec::new(),
        files: Vec::new(),
    };
    let mut after = store.clone();
    for table in ORDER {
        let (Some(file), Some(places)) = (files.get(&table), gone.get(&table)) else {
            continue;
        };
        let mut bytes = file.bytes.clone();
        for row in places.iter().filter_map(|place| file.rows.get(*place)) {
            let text = file.bytes.get(row.span.clone()).unwrap_or_default();
            let text = String::from_utf8_lossy(text)
                .trim_end_matches(['\r', '\n'])
                .to_owned();
            removal.rows.push((table, row.name(), row.line));
            removal.texts.push(text);
        }
        for row in places
            .iter()
            .rev()
            .filter_map(|place| file.rows.get(*place))
        {
            bytes.drain(row.span.clone());
        }
        after = after.with_file(table, bytes.clone());
        removal.files.push((table, bytes));
    }
    removal.findings = store.new_findings(&after);
    match removal.findings.iter().any(Finding::is_error) {
        true => Err(WriteError::Refused(
            removal
                .findings
                .into_iter()
                .filter(Finding::is_error)
                .collect(),
        )),
        false => Ok(removal),
    }
}
