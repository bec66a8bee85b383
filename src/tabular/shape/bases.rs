//! Respondents that stand in rows: “Base”, “n (unweighted)”, “Total”; and numbers of those who gave an answer, which are no
//! bases.

use std::collections::BTreeMap;

use super::super::sizes::sized;
use super::*;

/// Names of rows of weighted respondents, which are no sample sizes.
const WEIGHTED: &str = "weighted base|weighted n|n (weighted)|base (weighted)|weighted sample|weighted total|gewichtete basis|\
                        basis (gewichtet)|base pondérée|base ponderada";
/// Names of rows, beside those of [`N`], of respondents.
const UNWEIGHTED: &str = "base (unweighted)|unweighted sample|unweighted total|base size|number of respondents|basis|\
                          basis (ungewichtet)|ungewichtete basis|n (ungewichtet)|sample size (n)|respondents (n)|total n|n=";
/// Names of rows that say something of the columns: margins, design effects, when and how it was asked.
const OF_COLUMNS: &str = "margin of error|margin|moe|sampling error|error margin|error|±|+/-|confidence interval|95% ci|\
                          design effect|deff|effective n|effective base|effective sample size|weighting efficiency|\
                          fehlertoleranz|fehlerspanne|fehlerquote|statistischer fehler|marge d’erreur|marge d'erreur|\
                          margen de error|margine di errore|marża błędu|fieldwork|field dates|field date|field period|\
                          fieldwork dates|dates|survey dates|interview dates|befragungszeitraum|erhebungszeitraum|zeitraum|\
                          mode|method|methodology|methode|pollster|institute|institut|source|quelle";
/// Shares and counts of one answer differ by no more than weights make them, in points.
const APART: f64 = 6.0;

/// What a row of a table of shares is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    Shares,
    /// Its numbers are the respondents of the columns.
    Sizes,
    /// Weighted respondents, or a second row of respondents.
    Unused,
}

fn names_sizes(label: &str) -> bool {
    let bare = label.trim_end_matches([':', '=', ' ']);
    let inside = bare.trim_matches(['(', ')', '[', ']']);
    [bare, inside]
        .iter()
        .any(|label| is_one_of(label, N) || is_one_of(label, UNWEIGHTED))
}

impl Table {
    /// What each row is, by the label in a column. Of several rows of respondents of one part of the table, as what stands before
    /// the labels tells it, the first that is unweighted is used, and it is said which are not.
    pub(super) fn row_kinds(&mut self, stub: Option<usize>) -> Vec<RowKind> {
        let mut kinds = Vec::with_capacity(self.len());
        let (mut unused, mut parts) = (Vec::new(), Vec::new());
        for row in 0..self.len() {
            let label = stub.map_or("", |stub| self.text(row, stub));
            let is_weighted = is_one_of(label.trim_end_matches([':', ' ']), WEIGHTED);
            let part = self.part(row, stub);
            let kind = match (names_sizes(label), parts.contains(&part)) {
                (true, false) => {
                    parts.push(part);
                    RowKind::Sizes
                }
                (true, true) => RowKind::Unused,
                _ if is_weighted => RowKind::Unused,
                _ => RowKind::Shares,
            };
            if kind == RowKind::Unused {
                unused.push(label.to_owned());
            }
            kinds.push(kind);
        }
        if !unused.is_empty() {
            self.assume(format!("{} left out", and(&unused)));
        }
        kinds
    }

    /// The part of the table that a row is of: what stands before its label, as a question does.
    pub(super) fn part(&self, row: usize, stub: Option<usize>) -> Vec<String> {
        let before = 0..stub.unwrap_or(0);
        before.map(|at| self.text(row, at).to_owned()).collect()
    }

    /// Takes out rows that say something of the columns and are no shares, as a margin of error below each country is; a column
    /// of numbers stays one so.
    pub(super) fn drop_rows_of_columns(&mut self) {
        let is_of_columns = |row: &TableRow| {
            let label = row.cells.first().map_or("", |cell| cell.text.as_str());
            let label = label.split(['(', '[']).next().unwrap_or(label);
            let filled = row.cells.iter().skip(1);
            is_one_of(label.trim_end_matches([':', ' ']), OF_COLUMNS)
                && filled.filter(|cell| !cell.text.is_empty()).count() > 0
        };
        // a first column of numbers, dates or pollsters names no such rows
        if self.is_numeric(0) || self.rows.iter().all(is_of_columns) {
            return;
        }
        let (out, kept): (Vec<TableRow>, Vec<TableRow>) = std::mem::take(&mut self.rows)
            .into_iter()
            .partition(is_of_columns);
        self.rows = kept;
        let labels: Vec<String> = out
            .iter()
            .filter_map(|row| row.cells.first())
            .map(|cell| cell.text.clone())
            .collect();
        if !labels.is_empty() {
            self.assume(format!("{} left out", and(&labels)));
        }
    }

    /// Names the row of “(n=1,004)” that stands below the heads, without a label of its own.
    pub(super) fn name_size_row(&mut self) {
        let is_size = |cell: &Cell| sized(&cell.text).is_some_and(|sized| sized.rest.is_empty());
        for row in self.rows.iter_mut().take(2) {
            let Some((label, cells)) = row.cells.split_first_mut() else {
                continue;
            };
            let filled = || cells.iter().filter(|cell| !cell.text.is_empty());
            if label.text.is_empty() && filled().next().is_some() && filled().all(is_size) {
                *label = Cell::text("n");
            }
        }
    }
}

/// A size without what stands around it.
pub(super) fn bare_size(cell: Cell) -> Cell {
    match sized(&cell.text).filter(|sized| sized.rest.is_empty()) {
        Some(sized) => Cell::text(&sized.size),
        None => cell,
    }
}

impl ShareTable {
    /// A row “Base” among the answers of a group becomes the respondents of its rows.
    pub(super) fn take_size_rows(&mut self) {
        if self.n.is_some() {
            return;
        }
        let is_size = |row: usize| names_sizes(self.label_text(row));
        let of_row = |row: usize| {
            let cell = self.table.rows.get(row)?.cells.get(self.percent)?;
            Some((self.group_texts(row), bare_size(cell.clone())))
        };
        let (sizes, shares): (Vec<usize>, Vec<usize>) =
            (0..self.table.len()).partition(|row| is_size(*row));
        if sizes.is_empty() || shares.is_empty() {
            return;
        }
        let sizes: Vec<(Vec<String>, Cell)> = sizes.into_iter().filter_map(of_row).collect();
        let of_shares: Vec<Cell> = shares
            .iter()
            .map(|row| {
                let group = self.group_texts(*row);
                let size = sizes.iter().find(|(of, _)| *of == group);
                size.map_or_else(Cell::empty, |(_, size)| size.clone())
            })
            .collect();
        let mut at = 0..self.table.len();
        self.table
            .rows
            .retain(|_| at.next().is_some_and(|row| shares.contains(&row)));
        let width = self.table.names.len();
        for (row, size) in self.table.rows.iter_mut().zip(of_shares) {
            row.cells.resize(width, Cell::empty());
            row.cells.push(size);
        }
        self.table.names.push("n".to_owned());
        let place = self.table.places.get(self.percent).copied();
        self.table.places.push(place.unwrap_or(self.percent));
        self.n = Some(width);
    }

    /// Rows that say no more than that all answers are 100; their respondents are those of the answers.
    ///
    /// Numbers beside the per cents of one question that add up to the respondents, each in the proportion of its per cent,
    /// count who gave the answer: `n_i ≈ p_i n`. The base of every answer is `n`, that of the row of the sum or `Σ n_i`.
    ///
    /// A column that is called a count and does not go with the per cents is no base of anything.
    pub(super) fn settle_bases(&mut self, are_counts: bool) {
        let Some(label) = self.label else { return };
        let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for row in 0..self.table.len() {
            groups.entry(self.group_texts(row)).or_default().push(row);
        }
        let mut out: Vec<usize> = Vec::new();
        let mut counted = 0;
        for rows in groups.values() {
            let sum = rows.iter().copied().find(|row| self.is_sum(*row, rows));
            let base = self.base_of_counts(rows, sum);
            if let (Some(n), Some(base)) = (self.n, base) {
                counted += usize::from(rows.iter().any(|row| self.size(*row).is_some()));
                for row in rows {
                    if let Some(cell) = self.table.rows.get_mut(*row).and_then(|row| {
                        row.cells.resize(row.cells.len().max(n + 1), Cell::empty());
                        row.cells.get_mut(n)
                    }) {
                        *cell = Cell::number(base);
                    }
                }
            }
            out.extend(sum);
        }
        let name = |at: usize| self.table.names().get(at).map_or("n", String::as_str);
        let name = self.n.map_or("n", name).to_owned();
        if counted > 0 {
            self.table.assume(format!(
                "{name} counts who gave each answer, as it goes with the per cents: the base is that of all answers"
            ));
        } else if are_counts {
            self.n = None;
            self.table.assume(format!(
                "{name} left out, as it does not go with the per cents; --n {name} takes it for the respondents"
            ));
        }
        if out.is_empty() || out.len() == self.table.len() {
            return;
        }
        let name = out
            .first()
            .map_or(String::new(), |row| self.table.text(*row, label).to_owned());
        let mut at = 0..self.table.len();
        self.table
            .rows
            .retain(|_| at.next().is_none_or(|row| !out.contains(&row)));
        self.table
            .assume(format!("{name} left out, as it is the sum of all answers"));
    }

    fn label_text(&self, row: usize) -> &str {
        self.label.map_or("", |label| self.table.text(row, label))
    }

    fn size(&self, row: usize) -> Option<f64> {
        self.table.value(row, self.n?).filter(|n| *n > 0.0)
    }

    /// Whether a row is the sum of the others of its group: it is called so, and is 100 but for rounding.
    fn is_sum(&self, row: usize, rows: &[usize]) -> bool {
        if !is_one_of(self.label_text(row), SUMS) || rows.len() < 2 {
            return false;
        }
        let percent = |row: &usize| self.table.value(*row, self.percent);
        match percent(&row) {
            None => self.size(row).is_some(),
            Some(value) if (value - 100.0).abs() < 0.05 => true,
            Some(value) => {
                let answers = rows.iter().filter(|other| **other != row);
                let answers = answers.filter(|other| !is_net(self.label_text(**other)));
                let all: f64 = answers.filter_map(percent).sum();
                (value - 100.0).abs() <= 2.0 && (all - value).abs() <= 1.5
            }
        }
    }

    /// The respondents of all answers, where the numbers beside them count who gave each.
    fn base_of_counts(&self, rows: &[usize], sum: Option<usize>) -> Option<f64> {
        let answers = || {
            let rows = rows.iter().copied().filter(|row| Some(*row) != sum);
            rows.filter(|row| !is_net(self.label_text(*row)))
        };
        let of_sum = sum.and_then(|row| self.size(row));
        let sizes: Vec<f64> = answers().filter_map(|row| self.size(row)).collect();
        if sizes.is_empty() {
            return of_sum;
        }
        let percents: Vec<f64> = answers()
            .filter_map(|row| self.table.value(row, self.percent))
            .collect();
        let alike = sizes.windows(2).all(|pair| pair.first() == pair.last());
        // countries have respondents each, whatever their shares add up to
        if alike
            || (of_sum.is_none() && self.label_is_sample())
            || sizes.len() < 2
            || sizes.len() != percents.len()
        {
            return None;
        }
        let base = of_sum.unwrap_or_else(|| sizes.iter().sum());
        let is_count = |(n, percent): (&f64, &f64)| (100.0 * n / base - percent).abs() <= APART;
        // samples of much the same size, with shares that happen to add up to 100, count nothing
        let all_alike = 100.0 / percents.len() as f64;
        let off: f64 = sizes
            .iter()
            .zip(&percents)
            .map(|(n, p)| (100.0 * n / base - p).abs())
            .sum();
        let off_alike: f64 = percents.iter().map(|p| (all_alike - p).abs()).sum();
        let is_whole = of_sum.is_some() || are_whole([percents.as_slice()].into_iter());
        let all = sizes.iter().zip(&percents).all(is_count);
        let goes_along = of_sum.is_some() || off < off_alike / 2.0;
        (is_whole && all && goes_along && base >= sizes.iter().copied().fold(0.0, f64::max))
            .then_some(base)
    }
}
