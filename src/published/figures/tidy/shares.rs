//! A table as a press release prints it, answers down and countries across say, under the names of the one table.

use super::mapping::{Mapping, Values};
use super::rows::response_called;
use crate::frames::nets::parts_of_nets_in_groups;
use crate::published::figures::store::{Store, plain_id};
use crate::tabular::{self, ColumnChoice, ShareTable};

/// Names of what groups of a table are, by what their columns are called; any other tells parts of a sample apart.
const GROUPS: [(&str, &str); 4] = [
    (
        "pollster",
        "pollster|institute|institut|house|fieldwork|company",
    ),
    (
        "country",
        "country|countries|land|länder|laender|pays|país|pais|paese|nation|iso|code",
    ),
    ("question", "question|frage|pregunta|domanda"),
    (
        "field_end",
        "date|datum|fecha|end date|month|monat|year|jahr",
    ),
];
/// Words for all who were asked, among groups.
const ALL: [&str; 10] = [
    "all",
    "total",
    "everyone",
    "overall",
    "gesamt",
    "insgesamt",
    "alle",
    "ensemble",
    "totale",
    "all adults",
];

/// A table with a row a share, its columns under our names.
pub(super) struct SharesTable {
    pub table: tabular::Table,
    /// What every row has that stood around the table.
    pub around: Values,
    /// Our names with those that the columns had in the file.
    pub theirs: Vec<(&'static str, String)>,
}

/// The table as one with a row a share; `None` where no column holds per cents. Columns that the mapping names keep theirs.
///
/// # Errors
/// A column that is named and not there.
pub(super) fn shares_under_our_names(
    table: tabular::Table,
    store: &Store,
    mapping: &Mapping,
    columns: &ColumnChoice,
) -> Result<Option<SharesTable>, tabular::Error> {
    let in_file = table.names().to_vec();
    let Some(mut shares) = table.into_shares(columns)? else {
        return Ok(None);
    };
    let mut around = Values::new();
    if let Some(question) = shares.take_question() {
        around.insert("question_text", question.clone());
        around.insert("question", question);
    }
    let mut names: Vec<(usize, &'static str)> = vec![(shares.percent, "percent")];
    names.extend(shares.n.map(|n| (n, "n")));
    let groups = match shares.label {
        Some(label) if shares.label_is_sample() => [&shares.groups[..], &[label]].concat(),
        label => {
            names.extend(label.map(|label| (label, "answer")));
            shares.groups.clone()
        }
    };
    names.extend(
        groups
            .iter()
            .map(|at| (*at, group_name(&shares, *at, store))),
    );
    // a second part of a sample is for the reader to name
    let mut renamed: Vec<(&'static str, String)> = Vec::new();
    for (at, ours) in names {
        let name = shares.table.names().get(at).cloned().unwrap_or_default();
        let is_taken = renamed.iter().any(|(known, _)| *known == ours);
        if !is_taken && !mapping.names(&name) && !mapping.gives(ours) {
            shares.table.name_column(at, ours);
            renamed.push((ours, name));
        }
    }
    renamed.retain(|(_, name)| in_file.contains(name));
    for at in groups {
        shares.table.rename_cells(at, |text| {
            let is_all = ALL.contains(&text.to_lowercase().as_str());
            is_all.then(|| "all".to_owned())
        });
    }
    Ok(Some(SharesTable {
        table: shares.table,
        around,
        theirs: renamed,
    }))
}

/// What a group column is: by its name, else countries where most of its texts are some of the store’s.
fn group_name(shares: &ShareTable, at: usize, store: &Store) -> &'static str {
    let name = shares.table.names().get(at).map_or("", String::as_str);
    let known = GROUPS
        .iter()
        .find(|(_, names)| shares.table.is_called(at, names));
    if let Some((ours, _)) = known.filter(|_| !name.is_empty()) {
        return ours;
    }
    let is_country = |text: &&str| {
        store.countries.iter().any(|country| {
            [&country.code, &country.alpha3, &country.name]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(text))
        })
    };
    let texts: Vec<&str> = (0..shares.table.len())
        .map(|row| shares.table.text(row, at))
        .filter(|text| !ALL.contains(&text.to_lowercase().as_str()))
        .collect();
    let countries = texts.iter().filter(|text| is_country(text)).count();
    match shares.table.is_dated(at) {
        true => "field_end",
        false if !texts.is_empty() && 2 * countries >= texts.len() => "country",
        false => "base",
    }
}

/// Says of each row whether its answer adds up others, by their ids: where a table names no parts of its NETs.
pub(super) fn fill_nets(store: &Store, rows: &mut [Values]) {
    let of_sample = |row: &Values| {
        let mut rest = row.clone();
        for own in ["answer", "response", "printed", "qualifier", "n"] {
            rest.remove(own);
        }
        rest
    };
    let answers: Vec<(Values, String, f64)> = rows
        .iter()
        .map(|row| {
            let get = |name: &str| row.get(name).map_or("", String::as_str);
            let value = get("printed").parse().unwrap_or(f64::NAN);
            (of_sample(row), get("answer").to_owned(), value)
        })
        .collect();
    let values: Vec<(&Values, &str, f64)> = answers
        .iter()
        .map(|(sample, answer, value)| (sample, answer.as_str(), *value))
        .collect();
    for (row, parts) in rows.iter_mut().zip(parts_of_nets_in_groups(&values)) {
        let labels = parts.iter().filter_map(|at| values.get(*at));
        let id = |label: &str| response_called(store, label).unwrap_or_else(|| plain_id(label));
        let ids: Vec<String> = labels.map(|(_, label, _)| id(label)).collect();
        if !ids.is_empty() {
            row.insert("net_of", ids.join(";"));
        }
    }
}
