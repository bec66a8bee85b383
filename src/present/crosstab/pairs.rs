//! What letters follow from, for reading: every comparison with its p-value, and the tests of whole tables.

use super::content::{BannerTable, Display, column_name, mean_label, tables};
use super::foot;
use super::heads::BaseState;
use crate::frames::words::thousands;
use crate::present::survey::source::percent_of;
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table, digits};
use crate::survey::crosstab::{
    Crosstab, Difference, MOST_CONTRASTS, Other, Row as BannerRow, RowPart, Table as Question,
    TableKind,
};

/// A table a question: the differences of each of its rows, a block a row and variable of the banner.
pub fn pairs(crosstab: &Crosstab, display: &Display) -> Vec<Table> {
    let shown = tables(crosstab, display);
    let questions = crosstab.tables.iter().zip(&shown);
    let compared = questions.filter(|(question, _)| {
        let mut rows = question.rows.iter();
        rows.any(|row| !row.differences.is_empty())
    });
    compared
        .map(|(question, shown)| {
            Pairs {
                crosstab,
                question,
                shown,
                display,
            }
            .table()
        })
        .collect()
}

struct Pairs<'a> {
    crosstab: &'a Crosstab,
    question: &'a Question,
    shown: &'a BannerTable,
    display: &'a Display,
}

impl Pairs<'_> {
    fn table(&self) -> Table {
        let options = &self.crosstab.request.options;
        let percent = percent_of(options.level);
        let adjusted = options.adjust.map(|adjust| adjust.title());
        let mut columns = vec![
            Column::new("difference", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{percent}% interval"), Align::Right),
            Column::new("t", Align::Right),
            Column::new("df", Align::Right),
            Column::new("p", Align::Right),
        ];
        columns.extend(adjusted.map(|name| Column::new(&format!("p ({name})"), Align::Right)));
        let mut blocks: Vec<Block> = Vec::new();
        for row in &self.question.rows {
            for difference in &row.differences {
                let head = self.head(row, difference);
                let line = self.row(row, difference);
                match blocks.last_mut() {
                    Some(block) if block.head.as_ref() == Some(&head) => block.rows.push(line),
                    _ => blocks.push(Block {
                        head: Some(head),
                        note: None,
                        rows: vec![line],
                    }),
                }
            }
        }
        Table {
            title: format!("Table {}. {}", self.shown.number, self.shown.title),
            subtitle: Some(format!(
                "Differences of columns; of shares in points. {}",
                self.shown.base
            )),
            columns,
            blocks,
            foot: self.foot(),
            ..Table::default()
        }
    }

    fn foot(&self) -> Vec<String> {
        let mut foot = vec![foot::method(&self.crosstab.request.options, self.question)];
        let differences = self.question.rows.iter().flat_map(|row| &row.differences);
        if differences.clone().any(|difference| difference.bound) {
            foot.push(
                "Where a share is 0 or 100%, the standard error is the one under equal shares."
                    .to_owned(),
            );
        }
        foot.push(foot::sample(self.crosstab));
        foot.push(foot::source(self.crosstab, &self.display.file));
        foot
    }

    /// "Very worried, by party".
    fn head(&self, row: &BannerRow, difference: &Difference) -> String {
        let what = match (row.part, row.level.as_deref()) {
            (RowPart::Net, Some(level)) => format!("NET {level}"),
            (RowPart::Level, Some("") | None) => self.question.variable.clone(),
            (RowPart::Mean, _) => mean_label(row.statistic).to_owned(),
            (RowPart::Mentions, _) => "Mentions, mean".to_owned(),
            (RowPart::Quantile, Some("0.5")) => "Median".to_owned(),
            (RowPart::Quantile, Some(level)) => format!("Quantile {level}"),
            (_, level) => level.unwrap_or_default().to_owned(),
        };
        let column = self.question.columns.get(difference.a);
        let block = column.and_then(|column| self.question.blocks.get(column.block?));
        match (self.question.kind, block) {
            (TableKind::Grid, _) | (_, None) => what,
            (_, Some(block)) => format!("{what}, by {}", block.label()),
        }
    }

    fn row(&self, row: &BannerRow, difference: &Difference) -> Row {
        let (scale, decimals) = match row.statistic.printed_scale() {
            1.0 => (1.0, digits::decimals(difference.se.unwrap_or(0.0))),
            scale => (scale, 1),
        };
        let signed = |d: f64| {
            let sign = if d > 0.0 { "+" } else { "" };
            format!("{sign}{}", digits::number(scale * d, decimals))
        };
        let known = |value: Option<f64>, text: fn(f64) -> String| {
            Cell::from(value.map_or_else(String::new, text))
        };
        let interval = match difference.ci_low.zip(difference.ci_high) {
            Some((low, high)) => digits::range(scale * low, scale * high, decimals).into(),
            None => Cell::no_interval(),
        };
        let mut cells = vec![
            Cell::from(difference.estimate.map_or_else(String::new, signed)),
            interval,
            known(difference.t, |t| digits::number(t, 2)),
            known(difference.df, |df| thousands(df.round())),
            known(difference.p_value, p_value),
        ];
        if self.crosstab.request.options.adjust.is_some() {
            cells.push(known(difference.p_adjusted, p_value));
        }
        Row {
            label: self.label(difference),
            cells,
            notes: self.notes(difference),
            ..Row::default()
        }
    }

    /// "Blue − Red".
    fn label(&self, difference: &Difference) -> String {
        let name = |at: usize| {
            let column = self.question.columns.get(at);
            column.map_or_else(String::new, column_name)
        };
        let other = match difference.b {
            Other::Column(at) => name(at),
            Other::Rest => "all others".to_owned(),
            Other::Total => "Total".to_owned(),
        };
        format!("{} − {other}", name(difference.a))
    }

    fn notes(&self, difference: &Difference) -> Vec<String> {
        let options = &self.crosstab.request.options;
        let b = match difference.b {
            Other::Column(at) => Some(at),
            Other::Rest | Other::Total => None,
        };
        let mut columns = std::iter::once(difference.a).chain(b);
        let small = columns.any(|at| {
            let base = self.question.bases.get(at);
            base.is_some_and(|base| base.least() < options.flag_base)
        });
        let mut notes = Vec::new();
        if small {
            let limit = thousands(options.flag_base);
            notes.push(format!("base under {limit}{}", BaseState::Small.sign()));
        }
        if !difference.note.is_empty() {
            notes.push(difference.note.clone());
        }
        notes
    }
}

/// "<0.001", else three decimals.
fn p_value(p: f64) -> String {
    match p < 0.001 {
        true => "<0.001".to_owned(),
        false => format!("{p:.3}"),
    }
}

/// Whether the answers differ at all, a row a question and variable of the banner.
pub fn tests(crosstab: &Crosstab, display: &Display) -> Table {
    let mut blocks = Vec::new();
    for question in &crosstab.tables {
        let title = question.title.clone();
        let rows = question.tests.iter().map(|(block, test)| {
            let name = question.blocks.get(*block);
            let df2 = match test.df2.is_finite() {
                true => thousands(test.df2.round()),
                false => "∞".to_owned(),
            };
            Row {
                label: name.map_or_else(String::new, |block| format!("by {}", block.label())),
                cells: vec![
                    digits::number(test.statistic, 2).into(),
                    digits::number(test.df1, 1).into(),
                    df2.into(),
                    p_value(test.p_value).into(),
                    thousands(test.n as f64).into(),
                ],
                ..Row::default()
            }
        });
        let wide = question.too_wide.iter().map(|(block, _)| block);
        let untested = wide.chain(&question.hidden_tests).map(|block| {
            let name = question.blocks.get(*block);
            Row {
                label: name.map_or_else(String::new, |block| format!("by {}", block.label())),
                cells: vec!["–".into(), "–".into(), "–".into(), "–".into(), "–".into()],
                ..Row::default()
            }
        });
        let rows: Vec<Row> = rows.chain(untested).collect();
        if !rows.is_empty() {
            blocks.push(Block {
                head: Some(title.unwrap_or_else(|| question.variable.clone())),
                note: None,
                rows,
            });
        }
    }
    let of_sets = crosstab
        .tables
        .iter()
        .any(|table| table.kind == TableKind::Set);
    let mut foot = vec![
        "Rao–Scott F over the answers (no nets) and the columns of one variable, of those with a value of both.".to_owned(),
    ];
    if crosstab
        .tables
        .iter()
        .any(|table| !table.too_wide.is_empty())
    {
        foot.push(format!(
            "–: not tested, for there are more than {MOST_CONTRASTS} contrasts of answers and columns."
        ));
    }
    if crosstab
        .tables
        .iter()
        .any(|table| !table.hidden_tests.is_empty())
    {
        foot.push("–: not shown, for the test is made of counts that are hidden.".to_owned());
    }
    if of_sets {
        foot.push("Questions with several answers have no such test.".to_owned());
    }
    foot.push(foot::sample(crosstab));
    foot.push(foot::source(crosstab, &display.file));
    Table {
        title: "Do the answers differ?".to_owned(),
        columns: vec![
            Column::new("F", Align::Right).emphasis(Emphasis::Strong),
            Column::new("df1", Align::Right),
            Column::new("df2", Align::Right),
            Column::new("p", Align::Right),
            Column::new("n", Align::Right),
        ],
        blocks,
        foot,
        ..Table::default()
    }
}
