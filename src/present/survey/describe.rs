//! A codebook with counts, as a table and as rows.

use crate::frames::non_answers::is_non_answer;
use crate::frames::{self, Column as FrameColumn, Frame};
use crate::present::table::digits::{decimals, number};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::survey::microdata::{
    Codebook, Description, Kind, LevelCount, Measure, NumberSummary, SetSummary, VariableSummary,
};

/// Lines of values under a variable, unless all are asked for.
const LINES: usize = 12;

/// A row a variable with its values under it, 12 at the most unless `all`.
pub fn description(description: &Description, codebook: &Codebook, file: &str, all: bool) -> Table {
    let mut rows = Vec::new();
    for summary in &description.variables {
        let measure = codebook
            .variable(&summary.name)
            .ok()
            .and_then(|v| v.measure);
        rows.push(Row {
            label: summary.name.clone(),
            indent: 0,
            cells: vec![
                number(summary.valid as f64, 0).into(),
                count(missing(summary)),
                what(summary, measure).into(),
            ],
            notes: notes(summary),
        });
        rows.extend(values(summary, all));
    }
    let s = |count: u64| if count == 1 { "" } else { "s" };
    let variables = description.variables.len() as u64;
    Table {
        title: match codebook.title.as_deref() {
            Some(title) if !title.is_empty() => format!("{file}: {title}"),
            _ => file.to_owned(),
        },
        aside: format!(
            "{} respondent{}, {} variable{}",
            number(description.rows as f64, 0),
            s(description.rows),
            number(variables as f64, 0),
            s(variables)
        ),
        columns: vec![
            Column::new("answers", Align::Right),
            Column::new("missing", Align::Right).emphasis(Emphasis::Dim),
            Column::new("", Align::Left),
        ],
        blocks: std::iter::once(Block {
            rows,
            ..Block::default()
        })
        .chain(sets(description, codebook))
        .collect(),
        ..Table::default()
    }
}

/// Whether some variable has more values than are listed unless all are asked for.
pub fn is_shortened(description: &Description) -> bool {
    let mut variables = description.variables.iter();
    variables.any(|summary| values(summary, true).len() > values(summary, false).len())
}

fn missing(summary: &VariableSummary) -> u64 {
    let kinds: u64 = summary.missing.iter().map(|level| level.count).sum();
    summary.null + kinds + summary.other_missing
}

fn count(count: u64) -> Cell {
    match count {
        0 => Cell::default(),
        count => number(count as f64, 0).into(),
    }
}

fn kind(summary: &VariableSummary) -> &'static str {
    match summary.kind {
        Kind::Number => "number",
        Kind::Text => "text",
        Kind::Date => "date",
        Kind::DateTime => "date and time",
    }
}

fn measured(measure: Measure) -> &'static str {
    match measure {
        Measure::Nominal => "nominal",
        Measure::Ordinal => "ordinal",
        Measure::Scale => "scale",
    }
}

fn what(summary: &VariableSummary, measure: Option<Measure>) -> String {
    match measure {
        Some(measure) => format!("{}, {}", kind(summary), measured(measure)),
        None => kind(summary).to_owned(),
    }
}

/// The label, and of numbers what they range over.
fn notes(summary: &VariableSummary) -> Vec<String> {
    let mut notes: Vec<String> = summary
        .label
        .iter()
        .filter(|l| !l.is_empty())
        .cloned()
        .collect();
    let dated = matches!(summary.kind, Kind::Date | Kind::DateTime);
    if let Some(numbers) = summary.numbers.filter(|_| !dated) {
        let digits = decimals((numbers.max - numbers.min) / 20.0).min(6);
        let short = |value: f64| match value.fract() == 0.0 {
            true => number(value, 0),
            false => number(value, digits),
        };
        notes.push(format!(
            "smallest {}, median {}, mean {}, largest {}",
            short(numbers.min),
            short(numbers.median),
            number(numbers.mean, digits),
            short(numbers.max)
        ));
    }
    notes.extend(undeclared(summary));
    notes
}

/// Codes of numbers that are labelled as no answer and count as one.
fn undeclared(summary: &VariableSummary) -> Option<String> {
    let levels = summary
        .levels
        .as_deref()
        .filter(|_| summary.kind == Kind::Number);
    let undeclared = levels.unwrap_or_default().iter().filter_map(|level| {
        let label = level.label.as_ref().filter(|label| is_non_answer(label))?;
        Some(format!("{} “{label}”", level.value.text()))
    });
    let undeclared: Vec<String> = undeclared.collect();
    (!undeclared.is_empty()).then(|| format!("not declared missing: {}", undeclared.join(", ")))
}

/// The values that are listed: of categories, and of numbers that have labels or are few.
fn values(summary: &VariableSummary, all: bool) -> Vec<Row> {
    let most = if all { usize::MAX } else { LINES };
    let mut rows = Vec::new();
    let levels = summary.levels.as_deref().unwrap_or_default();
    let labelled = levels.iter().any(|level| level.label.is_some());
    let few = levels.len() <= LINES;
    // a text that differs from respondent to respondent is no category
    let categories = summary.kind == Kind::Text && levels.len() as u64 * 2 <= summary.valid;
    if labelled || few || categories || all {
        let shown = match levels.len() > most {
            true => most - 1,
            false => levels.len(),
        };
        rows.extend(levels.iter().take(shown).map(|level| line(level, false)));
        if shown < levels.len() {
            rows.push(more(&format!("and {} more values", levels.len() - shown)));
        }
    } else if !levels.is_empty() {
        rows.push(more(&format!("{} values", number(levels.len() as f64, 0))));
    } else if summary.levels.is_none() {
        rows.push(more("more than 1,000 values"));
    }
    rows.extend(summary.missing.iter().map(|level| line(level, true)));
    if summary.null > 0 && !summary.missing.is_empty() {
        rows.push(Row {
            label: "nothing recorded".to_owned(),
            indent: 1,
            cells: vec![Cell::default(), count(summary.null)],
            notes: Vec::new(),
        });
    }
    rows
}

fn more(text: &str) -> Row {
    Row {
        label: text.to_owned(),
        indent: 1,
        ..Row::default()
    }
}

fn line(level: &LevelCount, missing: bool) -> Row {
    let value = level.value.text();
    let label = match &level.label {
        Some(label) if !label.is_empty() && *label != value => format!("{value}  {label}"),
        _ => value,
    };
    let n = Cell::from(number(level.count as f64, 0));
    Row {
        label,
        indent: 1,
        cells: match missing {
            true => vec![Cell::default(), n],
            false => vec![n],
        },
        notes: Vec::new(),
    }
}

/// A row of the frame: a variable, one of its values, a question with several answers, or one of its variables.
#[derive(Default)]
struct Line {
    variable: String,
    label: Option<String>,
    kind: Option<String>,
    measure: Option<String>,
    level: Option<String>,
    n: Option<f64>,
    missing: Option<f64>,
    no_answer: Option<bool>,
    numbers: Option<NumberSummary>,
}

/// The lines of a variable.
fn lines_of(summary: &VariableSummary, measure: Option<Measure>) -> Vec<Line> {
    let own = Line {
        variable: summary.name.clone(),
        label: summary.label.clone(),
        kind: Some(kind(summary).to_owned()),
        measure: measure.map(|measure| measured(measure).to_owned()),
        n: Some(summary.valid as f64),
        missing: Some(missing(summary) as f64),
        numbers: summary.numbers,
        ..Line::default()
    };
    let levels = summary.levels.iter().flatten().map(|level| (level, false));
    let levels = levels.chain(summary.missing.iter().map(|level| (level, true)));
    let values = levels.map(|(level, no_answer)| Line {
        variable: summary.name.clone(),
        label: level.label.clone(),
        level: Some(level.value.text()),
        n: Some(level.count as f64),
        no_answer: Some(no_answer),
        ..Line::default()
    });
    std::iter::once(own).chain(values).collect()
}

/// The lines of a question with several answers; of itself it is not known how many gave any.
fn lines_of_set(set: &SetSummary, codebook: &Codebook) -> Vec<Line> {
    let own = Line {
        variable: set.name.clone(),
        label: set.label.clone(),
        kind: Some("several answers".to_owned()),
        ..Line::default()
    };
    let answers = set.variables.iter().map(|(name, count)| Line {
        variable: set.name.clone(),
        label: label_of(codebook, name),
        level: Some(name.clone()),
        n: Some(*count as f64),
        ..Line::default()
    });
    std::iter::once(own).chain(answers).collect()
}

fn label_of(codebook: &Codebook, name: &str) -> Option<String> {
    let variable = codebook.variable(name).ok()?;
    variable.label.clone().filter(|label| !label.is_empty())
}

/// Questions with several answers: a row each, with its variables under it.
fn sets(description: &Description, codebook: &Codebook) -> Option<Block> {
    let mut rows = Vec::new();
    for set in &description.sets {
        let counted = match &set.counted {
            Some(value) => format!("each counts where it is {}", value.text()),
            None => "each holds an answer".to_owned(),
        };
        rows.push(Row {
            label: set.name.clone(),
            notes: set
                .label
                .iter()
                .filter(|l| !l.is_empty())
                .cloned()
                .collect(),
            cells: vec![Cell::default(), Cell::default(), counted.into()],
            ..Row::default()
        });
        rows.extend(set.variables.iter().map(|(name, given)| Row {
            label: match label_of(codebook, name) {
                Some(label) => format!("{name}  {label}"),
                None => name.clone(),
            },
            indent: 1,
            cells: vec![number(*given as f64, 0).into()],
            notes: Vec::new(),
        }));
    }
    (!rows.is_empty()).then(|| Block {
        head: Some("Questions with several answers".to_owned()),
        rows,
        ..Block::default()
    })
}

/// A row a variable, with no level, followed by a row a value; then the questions with several answers, and their variables.
///
/// # Errors
/// None that data can cause.
pub fn description_frame(
    description: &Description,
    codebook: &Codebook,
) -> Result<Frame, frames::Error> {
    let measure = |name: &str| codebook.variable(name).ok().and_then(|v| v.measure);
    let variables = description.variables.iter();
    let variables = variables.flat_map(|summary| lines_of(summary, measure(&summary.name)));
    let sets = description.sets.iter();
    let sets = sets.flat_map(|set| lines_of_set(set, codebook));
    let lines: Vec<Line> = variables.chain(sets).collect();
    let texts = |name: &str, of: fn(&Line) -> Option<String>| {
        FrameColumn::new(name, lines.iter().map(of).collect::<Vec<_>>())
    };
    let numbers = |name: &str, of: fn(&Line) -> Option<f64>| {
        FrameColumn::new(name, lines.iter().map(of).collect::<Vec<_>>())
    };
    let columns = vec![
        texts("variable", |line| Some(line.variable.clone())),
        texts("label", |line| line.label.clone()),
        texts("kind", |line| line.kind.clone()),
        texts("measure", |line| line.measure.clone()),
        texts("level", |line| line.level.clone()),
        numbers("n", |line| line.n),
        numbers("missing", |line| line.missing),
        FrameColumn::new(
            "no_answer",
            lines
                .iter()
                .map(|line| line.no_answer)
                .collect::<Vec<Option<bool>>>(),
        ),
        numbers("min", |line| line.numbers.map(|numbers| numbers.min)),
        numbers("median", |line| line.numbers.map(|numbers| numbers.median)),
        numbers("mean", |line| line.numbers.map(|numbers| numbers.mean)),
        numbers("max", |line| line.numbers.map(|numbers| numbers.max)),
    ];
    Frame::new(lines.len(), columns)
}
