use super::caveats::{caveats, flags_of_all, legend};
use crate::frames::words::{and, thousands};
use crate::frames::{Estimate, Flag, Statistic};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::figures::store::{Figure, ResponseKind, Store};
use crate::published::figures::topline::{Intervals, printed};
use crate::published::lines::{Line, Section};

/// Published figures by poll: one line a quantity.
pub fn table(store: &Store, sections: &[Section], title: &str, intervals: Intervals) -> Table {
    laid_out(store, sections, title, intervals, |section| {
        poll_block(store, section)
    })
}

/// An article's claims, each over the figures it rests on.
pub fn claims_table(store: &Store, sections: &[Section], intervals: Intervals) -> Table {
    let article = store
        .claims
        .iter()
        .map(|claim| claim.article.as_str())
        .find(|a| !a.is_empty());
    let title = match article {
        Some(article) => format!("What the article says ({article})"),
        None if store.claims.iter().all(|claim| claim.claim.is_empty()) => {
            "What the polls found".to_owned()
        }
        None => "What the article says".to_owned(),
    };
    laid_out(store, sections, &title, intervals, |section| {
        claim_block(store, section)
    })
}

fn laid_out(
    store: &Store,
    sections: &[Section],
    title: &str,
    intervals: Intervals,
    block: impl Fn(&Section) -> Block,
) -> Table {
    let lines: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
    let of_all = flags_of_all(&lines);
    let percent = 100.0 * intervals.level;
    let mut table = Table {
        title: title.to_owned(),
        aside: format!("{}, {percent}% intervals", count(lines.len(), "figure")),
        columns: columns(percent),
        blocks: sections.iter().map(block).collect(),
        legend: legend(&lines, &of_all),
        foot: caveats(store, &lines, &of_all, intervals),
        ..Table::default()
    };
    drop_flags(&mut table, &of_all);
    table
}

fn columns(level: f64) -> Vec<Column> {
    vec![
        Column::new("%", Align::Decimal).emphasis(Emphasis::Strong),
        Column::new(&format!("{level}% interval"), Align::Right),
        // The text table says in its foot how much rounding adds; wide formats have the bounds.
        Column::new("with rounding", Align::Right).from_width(101),
        Column::new("n", Align::Right).emphasis(Emphasis::Dim),
        Column::new("Printed by", Align::Left)
            .emphasis(Emphasis::Dim)
            .from_width(80),
        Column::new("", Align::Left),
    ]
}

const FLAGS_COLUMN: usize = 5;

/// A flag that every row has is said once in the foot.
fn drop_flags(table: &mut Table, of_all: &[Flag]) {
    let letters: Vec<char> = of_all.iter().map(|flag| flag.letter()).collect();
    for row in table.blocks.iter_mut().flat_map(|block| &mut block.rows) {
        if let Some(cell) = row.cells.get_mut(FLAGS_COLUMN) {
            cell.text.retain(|letter| !letters.contains(&letter));
        }
    }
}

/// Questions in the order of the poll; the responses of one stand under it, the parts of a NET under
/// the NET, don't know and refused last.
fn poll_block(store: &Store, section: &Section) -> Block {
    let mut rows = Vec::new();
    let mut left: Vec<&Line> = section.lines.iter().collect();
    while let Some(first) = left.first().copied() {
        let (of_question, others): (Vec<&Line>, Vec<&Line>) = left
            .into_iter()
            .partition(|line| line.figure.question == first.figure.question);
        left = others;
        match of_question.as_slice() {
            [only] => rows.push(row(store, only, &store.label(only.figure))),
            several => {
                rows.push(Row {
                    label: store.question_title(&first.figure.poll, &first.figure.question),
                    ..Row::default()
                });
                rows.extend(answers(store, several));
            }
        }
    }
    Block {
        head: Some(section.head.clone()),
        note: Some(section.note.clone()).filter(|note| !note.is_empty()),
        rows,
    }
}

fn answers(store: &Store, lines: &[&Line]) -> Vec<Row> {
    let same_people = |a: &Line, b: &Line| {
        (&a.figure.country, &a.figure.base) == (&b.figure.country, &b.figure.base)
    };
    let part_of = |part: &Line, net: &Line| {
        same_people(part, net) && net.figure.net_of.contains(&part.figure.response)
    };
    let is_part = |line: &Line| lines.iter().any(|net| part_of(line, net));
    let indented = |line: &Line, indent| Row {
        indent,
        ..row(store, line, &store.response_label(&line.figure.response))
    };
    let mut rows = Vec::new();
    let (last, first): (Vec<&&Line>, Vec<&&Line>) =
        lines.iter().partition(|line| is_no_answer(store, line));
    for line in first.into_iter().filter(|line| !is_part(line)).chain(last) {
        rows.push(indented(line, 1));
        let parts = lines.iter().filter(|part| part_of(part, line));
        rows.extend(parts.map(|part| indented(part, 2)));
    }
    rows
}

/// Don't know and refused.
pub(super) fn is_no_answer(store: &Store, line: &Line) -> bool {
    let kind = store
        .response(&line.figure.response)
        .map(|response| response.kind);
    matches!(kind, Some(ResponseKind::DontKnow | ResponseKind::Refused))
}

fn claim_block(store: &Store, section: &Section) -> Block {
    Block {
        head: Some(section.head.clone()),
        note: Some(section.note.clone()).filter(|note| !note.is_empty()),
        rows: section
            .lines
            .iter()
            .map(|line| row(store, line, &store.label(line.figure)))
            .collect(),
    }
}

fn row(store: &Store, line: &Line, label: &str) -> Row {
    let place = store.place_and_base(&line.figure.country, &line.figure.base);
    let mut notes = Vec::new();
    if line.cannot_hold() {
        notes.push(line.estimate.note.clone());
    }
    notes.extend(line.others.iter().map(|other| also_printed(store, other)));
    let interval = |bounds| match line.cannot_hold() {
        true => Cell::wrong("can’t hold"),
        false => interval_cell(&line.estimate, bounds),
    };
    let estimate = &line.estimate;
    Row {
        label: match place.is_empty() {
            true => label.to_owned(),
            false => format!("{label}, {place}"),
        },
        indent: 0,
        cells: vec![
            Cell::from(line.printed()),
            interval(estimate.interval()),
            interval(estimate.rounding_low.zip(estimate.rounding_high)),
            n_cell(estimate),
            Cell::from(printed_by(store, line)),
            Cell::from(
                estimate
                    .flags
                    .iter()
                    .map(|flag| flag.letter())
                    .collect::<String>(),
            ),
        ],
        notes,
    }
}

/// "NPR +2": who printed the value that is shown, and how many more did.
fn printed_by(store: &Store, line: &Line) -> String {
    let lead = store.source_name(line.figure);
    match line.reporter_count() {
        0 | 1 => lead,
        several => format!("{lead} +{}", several - 1),
    }
}

/// "also printed: 62 by Guardian and Die Welt", with why it cannot hold where it can't.
pub(crate) fn also_printed(store: &Store, other: &super::Other) -> String {
    let mut names: Vec<String> = other
        .value
        .prints()
        .into_iter()
        .map(|f| store.source_name(f))
        .collect();
    names.dedup();
    let value = printed(other.figure);
    let text = match other.value.is_computed() {
        true => format!("computed: {value}"),
        false => format!("also printed: {value} by {}", and(&names)),
    };
    match other.estimate.flags.contains(&Flag::CannotHold) {
        true => format!("{text}; {}", other.estimate.note),
        false => match interval_text(other.estimate.interval()) {
            Some(interval) => format!("{text} ({interval})"),
            None => text,
        },
    }
}

fn interval_cell(estimate: &Estimate, bounds: Option<(f64, f64)>) -> Cell {
    match interval_text(bounds).filter(|_| estimate.statistic == Statistic::Proportion) {
        Some(text) => Cell::from(text),
        None => Cell::no_interval(),
    }
}

/// "88.4–91.4": bounds in per cent with one decimal.
pub(crate) fn interval_text(bounds: Option<(f64, f64)>) -> Option<String> {
    bounds.map(|(low, high)| format!("{:.1}–{:.1}", 100.0 * low, 100.0 * high))
}

fn n_cell(estimate: &Estimate) -> Cell {
    match estimate.n {
        Some(n) => Cell::from(thousands(n)),
        None => Cell::dim("unknown"),
    }
}

/// "1 figure", "18 figures".
pub fn count(n: usize, what: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {what}{s}", thousands(n as f64))
}

/// What all lines are about, for the words over a chart: "Side in a war over Taiwan: Remain neutral".
pub fn subject(store: &Store, sections: &[Section]) -> Option<String> {
    let mut lines = sections.iter().flat_map(|section| &section.lines);
    let first = lines.next()?.figure;
    let rest: Vec<&Figure> = lines.map(|line| line.figure).collect();
    let title = store.question_title(&first.poll, &first.question);
    let one_question = rest
        .iter()
        .all(|figure| store.question_title(&figure.poll, &figure.question) == title);
    let one_answer = rest.iter().all(|figure| figure.response == first.response);
    match (one_question, one_answer) {
        (true, true) => Some(store.label(first)),
        (true, false) => Some(title),
        (false, _) => None,
    }
}
