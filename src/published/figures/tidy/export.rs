//! One row a figure.

use super::{COLUMNS, TidyColumn};
use crate::frames::{Column, Estimate, Frame};
use crate::published::figures::quantity::quantities;
use crate::published::figures::store::{Figure, Question, Store, StoredFile, StoredRow, Table};
use crate::published::figures::topline::{Intervals, topline};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Figures as rows of one table.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The rows, with numbers as numbers.
    pub frame: Frame,
    /// Rows without a percent: samples, questions, polls, bases and sources that no figure stands for.
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
    source: String,
    figure: Option<&'f StoredRow>,
    sample: Option<&'f StoredRow>,
    estimate: Option<Estimate>,
}

/// The figures, a row each, in the order in which they come. With `all`, rows without a percent follow for the samples,
/// questions, answers, polls, bases, sources and countries of the store that no figure stands for, so that nothing is missing when
/// the table is read back.
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
            source: figure.reported_by.clone(),
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

/// Names by the place in which each comes first.
fn ranks(names: impl Iterator<Item = String>) -> HashMap<String, usize> {
    let mut ranks = HashMap::new();
    for name in names {
        let next = ranks.len();
        ranks.entry(name).or_insert(next);
    }
    ranks
}

/// What the store holds that none of the rows speaks of: poll by poll its samples, its questions with their answers, itself.
///
/// Polls and questions come in the order of the rows, and then in that of the store. A store that is made of the table has them
/// in this order, so that its own table is the same.
fn without_figure<'f>(store: &Store, files: &'f Files, rows: &[TidyRow<'f>]) -> Vec<TidyRow<'f>> {
    let key = |poll: &str, question: &str| format!("{poll}/{question}");
    let of_rows = rows.iter().map(|row| row.poll.clone());
    let polls = ranks(of_rows.chain(store.polls.iter().map(|poll| poll.poll.clone())));
    let with_figures = ranks(rows.iter().map(|row| key(&row.poll, &row.question)));
    let responses: HashSet<&str> = rows.iter().map(|row| row.response.as_str()).collect();
    let samples: HashSet<u64> = rows
        .iter()
        .filter_map(|row| row.sample.map(|sample| sample.line))
        .collect();
    // of one poll the samples come first, and a row for itself only where there is no other
    let mut rest: Vec<TidyRow> = Vec::new();
    for sample in &store.samples {
        let id = sample_id(&sample.poll, &sample.country, &sample.base);
        let of_id = files
            .samples
            .get(&id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if !samples.contains(&sample.line) {
            rest.push(TidyRow {
                poll: sample.poll.clone(),
                country: sample.country.clone(),
                base: sample.base.clone(),
                sample: of_id.iter().find(|row| row.line == sample.line),
                ..TidyRow::default()
            });
        }
    }
    let mut questions: Vec<&Question> = store.questions.iter().collect();
    questions.sort_by_key(|question| {
        let place = with_figures.get(&key(&question.poll, &question.question));
        let poll = polls.get(&question.poll);
        (poll.copied(), place.copied().unwrap_or(usize::MAX))
    });
    let mut listed = HashSet::new();
    for question in questions {
        let (poll, id) = (question.poll.clone(), question.question.clone());
        let answers = question.responses.iter().filter(|answer| {
            files.responses.contains_key(*answer)
                && !responses.contains(answer.as_str())
                && listed.insert((*answer).clone())
        });
        let mut answers: Vec<String> = answers.cloned().collect();
        if !with_figures.contains_key(&key(&poll, &id)) && answers.is_empty() {
            answers.push(String::new());
        }
        rest.extend(answers.into_iter().map(|response| TidyRow {
            poll: poll.clone(),
            question: id.clone(),
            response,
            ..TidyRow::default()
        }));
    }
    let spoken_of: HashSet<String> = rows
        .iter()
        .chain(&rest)
        .map(|row| row.poll.clone())
        .collect();
    let bare = store.polls.iter();
    let bare = bare.filter(|poll| !spoken_of.contains(&poll.poll));
    rest.extend(bare.map(|poll| TidyRow {
        poll: poll.poll.clone(),
        ..TidyRow::default()
    }));
    rest.sort_by_key(|row| polls.get(&row.poll).copied());
    let mut words = words_alone(store, files, rows.iter().chain(&rest));
    rest.append(&mut words);
    rest
}

/// Answers, countries, bases and sources that no row speaks of, a row each. What every new store has is left out.
fn words_alone<'r, 'f: 'r>(
    store: &Store,
    files: &Files,
    rows: impl Iterator<Item = &'r TidyRow<'f>> + Clone,
) -> Vec<TidyRow<'f>> {
    let spoken = |of: fn(&'r TidyRow<'f>) -> &'r String| -> HashSet<String> {
        rows.clone().map(|row| of(row).clone()).collect()
    };
    let new = Files::read(&Store::empty(Path::new("new")));
    let is_new =
        |id: &str, there: &HashMap<String, StoredRow>, new: &HashMap<String, StoredRow>| {
            let texts = |row: Option<&StoredRow>| row.map(|row| row.values().join("\u{1f}"));
            texts(there.get(id)) == texts(new.get(id))
        };
    let mut alone = Vec::new();
    let (answers, countries) = (spoken(|row| &row.response), spoken(|row| &row.country));
    let (bases, sources) = (spoken(|row| &row.base), spoken(|row| &row.source));
    let ids = store.responses.iter().map(|row| row.response.clone());
    alone.extend({ ids }.filter(|id| !answers.contains(id)).filter_map(|id| {
        let response = Some(id).filter(|id| !is_new(id, &files.responses, &new.responses))?;
        Some(TidyRow {
            response,
            ..TidyRow::default()
        })
    }));
    let ids = store.countries.iter().map(|row| row.code.clone());
    alone.extend(
        { ids }
            .filter(|id| !countries.contains(id))
            .filter_map(|id| {
                let country =
                    Some(id).filter(|id| !is_new(id, &files.countries, &new.countries))?;
                Some(TidyRow {
                    country,
                    ..TidyRow::default()
                })
            }),
    );
    let ids = store.bases.iter().map(|row| row.base.clone());
    let ids = ids.filter(|id| !bases.contains(id));
    alone.extend(ids.map(|base| TidyRow {
        base,
        ..TidyRow::default()
    }));
    let ids = store.sources.iter().map(|row| row.source.clone());
    let ids = ids.filter(|id| !sources.contains(id));
    alone.extend(ids.map(|source| TidyRow {
        source,
        ..TidyRow::default()
    }));
    alone
}

/// Columns whose values are numbers in every store, and lose nothing by it.
const NUMBERS: [&str; 3] = ["figure_n", "sample_n", "moe_level"];

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

/// What is computed: the base in use, the margin and the design effect as numbers, and what has to be known of the figure.
fn derived(rows: &[TidyRow]) -> Vec<Column> {
    let n = rows.iter().map(|row| {
        let own = row.figure.and_then(|figure| number(figure.value("n")));
        own.or_else(|| number(row.sample?.value("n")))
    });
    let of_sample = |column: &'static str| {
        let numbers = rows
            .iter()
            .map(move |row| number(row.sample?.value(column)));
        Column::new(column, numbers.collect::<Vec<_>>())
    };
    let flags = rows.iter().map(|row| {
        let codes = row.estimate.as_ref()?.flags.iter().map(|flag| flag.code());
        Some(codes.collect::<Vec<_>>().join(" ")).filter(|codes| !codes.is_empty())
    });
    vec![
        Column::new("n", n.collect::<Vec<_>>()),
        of_sample("moe"),
        of_sample("deff"),
        Column::new("flags", flags.collect::<Vec<_>>()),
    ]
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// The value of a column, null where the row does not speak of it.
fn value(files: &Files, row: &TidyRow, column: &TidyColumn) -> Option<String> {
    let stored = match column.table {
        Table::Polls => files.polls.get(&row.poll),
        Table::Questions => files
            .questions
            .get(&format!("{}/{}", row.poll, row.question)),
        Table::Samples => row.sample,
        Table::Responses => files.responses.get(&row.response),
        Table::Countries => files.countries.get(&row.country),
        Table::Bases => files.bases.get(&row.base),
        Table::Sources => files.sources.get(&row.source),
        Table::Figures => row.figure,
        Table::Claims => None,
    };
    let of_id = match column.name {
        "response" => Some(row.response.as_str()),
        "country" => Some(row.country.as_str()),
        "base" => Some(row.base.as_str()),
        "source" => Some(row.source.as_str()),
        _ => None,
    };
    let text = of_id.or_else(|| stored.map(|stored| stored.value(column.column)))?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
