//! Tables as the rows that programs read.

use super::difference::{Difference, Other};
use super::table::{Row, RowPart, Table, TableKind};
use super::{Cell, Crosstab, MOST_CONTRASTS};
use crate::frames::{Comparison, CrosstabRow, Estimate, Flag, Statistic, Test};

impl Crosstab {
    /// One row a cell, table by table.
    pub fn estimates(&self) -> Vec<CrosstabRow> {
        let mut rows = Vec::new();
        for table in &self.tables {
            for row in &table.rows {
                let shown = |(column, _): &(usize, &Cell)| {
                    self.request.options.total || table.columns[*column].block.is_some()
                };
                let cells = row.cells.iter().enumerate().filter(shown);
                rows.extend(cells.map(|(column, cell)| self.estimate(table, row, column, cell)));
            }
        }
        rows
    }

    fn estimate(&self, table: &Table, row: &Row, column: usize, cell: &Cell) -> CrosstabRow {
        let share = row.statistic == Statistic::Proportion && row.part != RowPart::Missing;
        let mut estimate =
            Estimate::proportion(&self.source, &table.variable, row.level.as_deref());
        estimate.statistic = row.statistic;
        estimate.estimate = cell.estimate;
        estimate.se = cell.se;
        estimate.ci_low = cell.ci_low;
        estimate.ci_high = cell.ci_high;
        estimate.df = cell.df;
        estimate.deff = cell.deff;
        estimate.n = Some(cell.n as f64);
        estimate.n_eff = cell.n_eff;
        estimate.weighted_n = Some(cell.weighted_n);
        if cell.small_base {
            estimate.flags.push(Flag::SmallBase);
        }
        if row.part == RowPart::Net {
            estimate.flags.push(Flag::Net);
        }
        if cell.hidden_base {
            (estimate.n, estimate.weighted_n, estimate.df) = (None, None, None);
        }
        estimate.note.clone_from(&cell.note);
        let own = &table.columns[column];
        CrosstabRow {
            estimate,
            table: table.number,
            block: own
                .block
                .map_or_else(String::new, |at| table.blocks[at].name.clone()),
            column: own.name.clone(),
            letter: own.letter.clone(),
            letters: cell.letters.clone(),
            percent: match share {
                true => table.percent.name().to_owned(),
                false => String::new(),
            },
            count: cell.count.map(|count| count as f64),
            weighted_count: cell.weighted_count,
            base_n_eff: (row.part != RowPart::Missing && !cell.hidden_base)
                .then_some(cell.base_n_eff),
            index: cell.index,
            std_dev: cell.std_dev,
        }
    }

    /// One row a difference, table by table.
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut rows = Vec::new();
        for table in &self.tables {
            for row in &table.rows {
                let differences = row.differences.iter();
                rows.extend(differences.map(|difference| comparison(table, row, difference)));
            }
        }
        rows
    }

    /// One row a question and block.
    pub fn tests(&self) -> Vec<Test> {
        let of_table = |table: &Table| {
            let of_block = |block: usize| Test {
                groups: vec![
                    ("variable".to_owned(), table.variable.clone()),
                    ("block".to_owned(), table.blocks[block].name.clone()),
                ],
                test: "rao-scott".to_owned(),
                ..Test::default()
            };
            let each = table.tests.iter().map(|(block, test)| Test {
                statistic: Some(test.statistic),
                df1: Some(test.df1),
                df2: Some(test.df2).filter(|df| df.is_finite()),
                p_value: Some(test.p_value),
                n: Some(test.n as f64),
                ..of_block(*block)
            });
            let wide = table.too_wide.iter().map(|(block, contrasts)| Test {
                note: format!(
                    "not tested: {contrasts} contrasts of answers and columns, more than {MOST_CONTRASTS}"
                ),
                ..of_block(*block)
            });
            let hidden = table.hidden_tests.iter().map(|block| Test {
                note: "hidden: it is made of counts that are hidden".to_owned(),
                ..of_block(*block)
            });
            each.chain(wide).chain(hidden).collect::<Vec<_>>()
        };
        self.tables.iter().flat_map(of_table).collect()
    }
}

fn comparison(table: &Table, row: &Row, difference: &Difference) -> Comparison {
    let relation = match (table.kind, difference.b) {
        (TableKind::Grid, _) => "same-respondents",
        (_, Other::Column(_)) => "columns",
        (_, Other::Rest) => "part-rest",
        (_, Other::Total) => "part-total",
    };
    let column = &table.columns[difference.a];
    let block = column.block.map_or("", |at| table.blocks[at].name.as_str());
    let what = match &row.level {
        Some(level) => format!("{}/{level}", table.variable),
        None => table.variable.clone(),
    };
    let other = match difference.b {
        Other::Column(at) => table.columns[at].name.as_str(),
        Other::Rest => "rest",
        Other::Total => "Total",
    };
    let small = [Some(difference.a), other_column(difference.b)]
        .into_iter()
        .flatten();
    let small = small
        .filter_map(|at| row.cells.get(at))
        .any(|cell| cell.small_base);
    Comparison {
        a: format!("{what}:{block}={}", column.name),
        b: format!("{what}:{block}={other}"),
        relation: relation.to_owned(),
        estimate: difference.estimate,
        se: difference.se,
        ci_low: difference.ci_low,
        ci_high: difference.ci_high,
        z: difference.t,
        df: difference.df,
        p_value: difference.p_value,
        p_adjusted: difference.p_adjusted,
        flags: if small {
            vec![Flag::SmallBase]
        } else {
            Vec::new()
        },
        note: difference.note.clone(),
        ..Comparison::default()
    }
}

fn other_column(other: Other) -> Option<usize> {
    match other {
        Other::Column(at) => Some(at),
        Other::Rest | Other::Total => None,
    }
}
