//! One row a figure.

use super::{COLUMNS, TidyColumn};
use crate::frames::{Column, Estimate, Frame};
use crate::published::figures::quantity::quantities;
use crate::published::figures::store::{Figure, Store, StoredFile, StoredRow, Table};
use crate::published::figures::topline::{Intervals, topline};
use std::collections::{HashMap, HashSet};

/// Figures as rows of one table.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The rows, with numbers as numbers.
    pub frame: Frame,
    /// Rows without a percent: samples, questions and polls that no figure stands for.
    pub without_figure: usize,
}

/// The rows of a store’s files, by their ids.
struct Files {
    polls: HashMap<String, StoredRow>,
    questions: HashMap<String, StoredRow>,
    /// All rows of a sample, the one to be used first.
    samples: HashMap<String, Vec<StoredRow>>,
    responses: HashMap<String, StoredRow>,
    countries: HashMap<String, StoredRow>,
    bases: HashMap<String, StoredRow>,
    sources: HashMap<String, StoredRow>,
}

impl Files {
    fn read(store: &Store) -> Files {
        let by_id = |table| {
            let rows = StoredFile::read(store, table).rows.into_iter();
            rows.map(|row| (row.id(), row)).collect()
        };
        let mut samples: HashMap<String, Vec<StoredRow>> = HashMap::new();
        for row in StoredFile::read(store, Table::Samples).rows {
            samples.entry(row.id()).or_default().push(row);
        }
        Files {
            polls: by_id(Table::Polls),
            questions: by_id(Table::Questions),
            samples,
            responses: by_id(Table::Responses),
            countries: by_id(Table::Countries),
            bases: by_id(Table::Bases),
            sources: by_id(Table::Sources),
        }
    }
}

/// A row of the table: what it speaks of, as far as it speaks of it.
#[derive(Default)]
struct TidyRow<'f> {
    poll: String,
    question: String,
    response: String,
    country: String,
    base: String,
    figure: Option<&'f StoredRow>,
    sample: Option<&'f StoredRow>,
    estimate: Option<Estimate>,
}

/// The figures, a row each, in the order in which they come. With `all`, rows without a percent follow for the samples,
/// questions, answers and polls of the store that no figure stands for, so that nothing is missing when the table is read back.
pub fn export(store: &Store, figures: &[&Figure], all: bool) -> Exported {
    let files = Files::read(store);
    let lines: HashMap<u64, StoredRow> = StoredFile::read(store, Table::Figures)
        .rows
        .into_iter()
        .map(|row| (row.line, row))
        .collect();
    let estimates = estimates(store, figures);
    let mut rows = Vec::new();
    for (figure, estimate) in figures.iter().zip(estimates) {
        let sample = sample_id(&figure.poll, &figure.country, &figure.base);
        rows.push(TidyRow {
            poll: figure.poll.clone(),
            question: figure.question.clone(),
            response: figure.response.clone(),
            country: figure.country.clone(),
            base: figure.base.clone(),
            figure: lines.get(&figure.line),
            sample: files.samples.get(&sample).and_then(|rows| rows.first()),
            estimate,
        });
    }
    let mut rest = without_figure(store, &files, &rows);
    let without_figure = rest.len();
    if all {
        rows.append(&mut rest);
    }
    Exported {
        frame: frame(&files, &rows),
        without_figure,
    }
}

fn sample_id(poll: &str, country: &str, base: &str) -> String {
    crate::published::figures::store::records::normal_id(&format!("{poll}:{country}:{base}"))
}

/// Every figure as an estimate, for its flags; none where its sample is too small for one.
fn estimates(store: &Store, figures: &[&Figure]) -> Vec<Option<Estimate>> {
    let of_store: Vec<&Figure> = store.figures.iter().collect();
    let quantities = quantities(&of_store);
    let by_line: HashMap<u64, usize> = quantities
        .iter()
        .enumerate()
        .flat_map(|(place, quantity)| {
            let lines = quantity.figures().map(|figure| figure.line);
            lines.map(move |line| (line, place))
        })
        .collect();
    let estimate = |figure: &&Figure| {
        let place = by_line.get(&figure.line)?;
        let quantity = quantities.get(*place)?;
        topline(store, figure, quantity, Intervals::default()).ok()
    };
    figures.iter().map(estimate).collect()
}

/// What the store holds that none of the rows speaks of, in the order of the store.
fn without_figure<'f>(store: &Store, files: &'f Files, rows: &[TidyRow]) -> Vec<TidyRow<'f>> {
    let key = |parts: &[&str]| parts.join("/");
    let mut polls: HashSet<String> = rows.iter().map(|row| row.poll.clone()).collect();
    let mut questions: HashSet<String> = rows
        .iter()
        .map(|row| key(&[&row.poll, &row.question]))
        .collect();
    let responses: HashSet<&str> = rows.iter().map(|row| row.response.as_str()).collect();
    let samples: HashSet<u64> = rows
        .iter()
        .filter_map(|row| row.sample.map(|sample| sample.line))
        .collect();
    let mut rest = Vec::new();
    for sample in &store.samples {
        let id = sample_id(&sample.poll, &sample.country, &sample.base);
        let rows = files
            .samples
            .get(&id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let row = rows.iter().find(|row| row.line == sample.line);
        if !samples.contains(&sample.line) {
            polls.insert(sample.poll.clone());
            rest.push(TidyRow {
                poll: sample.poll.clone(),
                country: sample.country.clone(),
                base: sample.base.clone(),
                sample: row,
                ..TidyRow::default()
            });
        }
    }
    let mut listed = HashSet::new();
    for question in &store.questions {
        let (poll, id) = (question.poll.clone(), question.question.clone());
        let answers = question.responses.iter().filter(|answer| {
            files.responses.contains_key(*answer)
                && !responses.contains(answer.as_str())
                && listed.insert((*answer).clone())
        });
        let mut answers: Vec<String> = answers.cloned().collect();
        polls.insert(poll.clone());
        if questions.insert(key(&[&poll, &id])) && answers.is_empty() {
            answers.push(String::new());
        }
        rest.extend(answers.into_iter().map(|response| TidyRow {
            poll: poll.clone(),
            question: id.clone(),
            response,
            ..TidyRow::default()
        }));
    }
    rest.extend(
        store
            .polls
            .iter()
            .filter(|poll| !polls.contains(&poll.poll))
            .map(|poll| TidyRow {
                poll: poll.poll.clone(),
                ..TidyRow::default()
            }),
    );
    rest
}

/// Columns whose values are numbers in every store.
const NUMBERS: [&str; 4] = ["figure_n", "sample_n", "moe_level", "deff"];

fn frame(files: &Files, rows: &[TidyRow]) -> Frame {
    let mut columns = Vec::new();
    for column in COLUMNS {
        let texts: Vec<Option<String>> = rows.iter().map(|row| value(files, row, column)).collect();
        if column.name == "printed" {
            let percent = rows.iter().map(|row| number(row.figure?.value("percent")));
            columns.push(Column::new("percent", percent.collect::<Vec<_>>()));
        }
        if column.name == "qualifier" {
            columns.extend(derived(rows));
        }
        columns.push(match NUMBERS.contains(&column.name) {
            true => {
                let numbers = texts.iter().map(|text| number(text.as_deref()?));
                Column::new(column.name, numbers.collect::<Vec<_>>())
            }
            false => Column::new(column.name, texts),
        });
    }
    // all columns have a value a row, and names of their own
    Frame::new(rows.len(), columns).unwrap_or_default()
}

/// What is computed: the base in use, the margin as a number, and what has to be known of the figure.
fn derived(rows: &[TidyRow]) -> Vec<Column> {
    let n = rows.iter().map(|row| {
        let own = row.figure.and_then(|figure| number(figure.value("n")));
        own.or_else(|| number(row.sample?.value("n")))
    });
    let moe = rows.iter().map(|row| number(row.sample?.value("moe")));
    let flags = rows.iter().map(|row| {
        let codes = row.estimate.as_ref()?.flags.iter().map(|flag| flag.code());
        Some(codes.collect::<Vec<_>>().join(" ")).filter(|codes| !codes.is_empty())
    });
    vec![
        Column::new("n", n.collect::<Vec<_>>()),
        Column::new("moe", moe.collect::<Vec<_>>()),
        Column::new("flags", flags.collect::<Vec<_>>()),
    ]
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// The value of a column, null where the row does not speak of it.
fn value(files: &Files, row: &TidyRow, column: &TidyColumn) -> Option<String> {
    let source = row.figure.map_or("", |figure| figure.value("reported_by"));
    let stored = match column.table {
        Table::Polls => files.polls.get(&row.poll),
        Table::Questions => files
            .questions
            .get(&format!("{}/{}", row.poll, row.question)),
        Table::Samples => row.sample,
        Table::Responses => files.responses.get(&row.response),
        Table::Countries => files.countries.get(&row.country),
        Table::Bases => files.bases.get(&row.base),
        Table::Sources => files.sources.get(source),
        Table::Figures => row.figure,
        Table::Claims => None,
    };
    let of_id = match column.name {
        "response" => Some(row.response.as_str()),
        "country" => Some(row.country.as_str()),
        "base" => Some(row.base.as_str()),
        _ => None,
    };
    let text = of_id.or_else(|| stored.map(|stored| stored.value(column.column)))?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
