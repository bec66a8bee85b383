//! Small counts hidden so that they can't be worked out from what is shown.
//!
//! First what has few respondents behind it: a count of 1 to N − 1, of an answer or of all others beside it, or a base of so
//! few. Then what would tell of it. All that is shown is taken as known to the respondent, as the per cents with their bases
//! tell it, and what is hidden are the unknowns of a linear program: answers add up to the base, nets to their parts, columns
//! of a block and those outside of it to the total, nested columns to the outer ones. While a hidden count has fewer than N
//! values left between the least and the greatest that the program allows, the smallest count beside it in its row or column
//! is hidden, too.
//!
//! Source: the rule of complementary suppression, A. Hundepool et al., Statistical Disclosure Control (2012), chapter 4; here
//! a range of N values is to be left in place of a percentage of the count.

use std::collections::HashMap;

use super::banner::Column;
use super::difference::Other;
use super::letters::mark;
use super::request::{BannerPart, Percent};
use super::table::{Row, RowPart, Table, TableKind};
use super::{Block, Cell, Crosstab};
use crate::statistics::simplex::{End, Simplex, Terms};
use crate::survey::estimate::{Error, Missing};

/// A line and a column of a table.
type CellPlace = (usize, usize);

/// A cell that is not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct HiddenCell {
    /// Number of the table.
    pub table: usize,
    pub variable: String,
    /// The answer or net; `None` of a base.
    pub level: Option<String>,
    /// `party Blue`, `Total`.
    pub column: String,
    /// Fewer respondents than the limit are behind it, or as many fewer than all; else it would tell of such a cell.
    pub small: bool,
}

/// A line of a question in all columns: its base, an answer, a net.
struct Line {
    /// `None` of the base.
    name: Option<String>,
    /// Places of the lines that a net adds up.
    sum_of: Vec<usize>,
    counts: Vec<u64>,
    hidden: Vec<bool>,
    small: Vec<bool>,
}

/// What is counted of one question.
struct Sheet {
    variable: String,
    uses: Vec<String>,
    /// Numbers alone: the base is all that is counted.
    number: bool,
    /// Everybody gave one answer: answers add up to the base.
    additive: bool,
    /// Everybody answered, so that the bases are the sizes of the columns.
    whole: bool,
    /// The base first.
    lines: Vec<Line>,
    /// Ranges that are wide enough stay so, whatever else is hidden.
    safe: Vec<Vec<bool>>,
}

/// Where something unknown stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Cell(usize, usize),
    /// Those in none of some columns, by number of the sum and line.
    Rest(usize, usize),
}

/// Columns that add up to another one with those who are in none of them.
struct ColumnSum {
    parts: Vec<usize>,
    whole: usize,
    /// A net is no more than its parts.
    exact: bool,
}

impl Crosstab {
    /// Hides what has fewer than `least` respondents behind it, and what would tell of it, over all tables.
    ///
    /// # Errors
    /// Tables of which it is not known what they tell of each other.
    pub fn suppress(&mut self, least: u64) -> Result<(), Error> {
        self.check_suppression()?;
        let mut sheets = self.sheets()?;
        let sums = self.column_sums();
        for sheet in &mut sheets {
            sheet.hide_small(least);
        }
        loop {
            let before = count_hidden(&sheets);
            share_sizes(&mut sheets);
            for sheet in &mut sheets {
                sheet.protect(&sums, self.request.options.total, least);
            }
            if count_hidden(&sheets) == before {
                break;
            }
        }
        let hidden = self.apply(&sheets);
        self.hidden = hidden;
        Ok(())
    }

    fn check_suppression(&self) -> Result<(), Error> {
        let refuse = |what: &str| {
            Err(Error::Request(format!(
                "--suppress looks at column per cents of one subpopulation: {what}"
            )))
        };
        let options = &self.request.options;
        let percent = |table: &Table| table.percent != Percent::Column;
        if options.percent != Percent::Column || self.tables.iter().any(percent) {
            return refuse("leave out --percent");
        }
        if options.missing == Missing::Show {
            return refuse("leave out --missing show");
        }
        let condition = self
            .tables
            .first()
            .and_then(|table| table.condition.clone());
        let own = |table: &&Table| table.condition != condition || table.weights.is_some();
        match self.tables.iter().find(own) {
            Some(table) => refuse(&format!(
                "table {}, {}, has a condition or weights of its own",
                table.number, table.variable
            )),
            None => Ok(()),
        }
    }

    /// What is counted of each question, whatever tables show it.
    fn sheets(&self) -> Result<Vec<Sheet>, Error> {
        let mut sheets: Vec<Sheet> = Vec::new();
        let own = |table: &&Table| !matches!(table.kind, TableKind::Grid | TableKind::Battery);
        for table in self.tables.iter().filter(own) {
            let sheet = Sheet::new(table, &table.columns, |row| &row.cells);
            for other in &sheets {
                let shared = sheet.uses.iter().find(|name| other.uses.contains(name));
                let numbers = sheet.number && other.number;
                if let Some(name) = shared.filter(|_| !numbers) {
                    return Err(Error::Request(format!(
                        "--suppress: {} and {} are both of {name}, and what the one hides the other may tell: leave one of them out",
                        other.variable, sheet.variable
                    )));
                }
            }
            sheets.push(sheet);
        }
        // without a banner the questions of a grid have no table of their own
        for table in self
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::Grid)
        {
            for (at, column) in table.columns.iter().enumerate() {
                if !sheets.iter().any(|sheet| sheet.variable == column.name) {
                    let mut sheet =
                        Sheet::new(table, &self.columns[..1], |row| &row.cells[at..=at]);
                    sheet.variable.clone_from(&column.name);
                    sheet.lines[0].counts[0] = table.bases[at].n;
                    sheets.push(sheet);
                }
            }
        }
        Ok(sheets)
    }

    /// Which columns add up to which.
    fn column_sums(&self) -> Vec<ColumnSum> {
        let mut sums = Vec::new();
        let plain = |block: &Block| -> Vec<usize> {
            let columns = block.columns.clone();
            columns.filter(|at| !self.columns[*at].net).collect()
        };
        for (at, column) in self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.net)
        {
            sums.push(ColumnSum {
                parts: column.sum_of.clone(),
                whole: at,
                exact: true,
            });
        }
        let factors = |at: usize| -> Vec<String> {
            let part: Option<&BannerPart> = self.request.banner.get(at);
            part.map_or_else(Vec::new, |part| {
                part.factors.iter().map(ToString::to_string).collect()
            })
        };
        for (at, block) in self
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| !block.overlapping)
        {
            sums.push(ColumnSum {
                parts: plain(block),
                whole: 0,
                exact: false,
            });
            let own = factors(at);
            for (outer, other) in self.blocks.iter().enumerate() {
                let of_outer = factors(outer);
                let places: Option<Vec<usize>> = of_outer
                    .iter()
                    .map(|factor| own.iter().position(|of| of == factor))
                    .collect();
                let Some(places) = places.filter(|of| outer != at && of.len() < own.len()) else {
                    continue;
                };
                if other.overlapping {
                    continue;
                }
                for whole in plain(other) {
                    let lies_within = |column: &usize| {
                        let parts = &self.columns[*column].parts;
                        let outer = places.iter().map(|place| parts.get(*place));
                        outer.eq(self.columns[whole].parts.iter().map(Some))
                    };
                    sums.push(ColumnSum {
                        parts: plain(block).into_iter().filter(lies_within).collect(),
                        whole,
                        exact: false,
                    });
                }
            }
        }
        sums
    }

    fn apply(&mut self, sheets: &[Sheet]) -> Vec<HiddenCell> {
        let by_variable: HashMap<&str, &Sheet> = sheets
            .iter()
            .map(|sheet| (sheet.variable.as_str(), sheet))
            .collect();
        let (columns, blocks) = (self.columns.clone(), self.blocks.clone());
        let alpha = self.request.options.alpha;
        let named = |at: usize| match columns[at].block {
            Some(block) => format!("{} {}", blocks[block].name, columns[at].name),
            None => columns[at].name.clone(),
        };
        let mut all = Vec::new();
        for table in &mut self.tables {
            let grid = table.kind == TableKind::Grid;
            let own = table.columns.clone();
            let variable = table.variable.clone();
            let sheet_of = |at: usize, row: Option<&Row>| {
                let variable = match (grid, row.and_then(|row| row.of.as_ref())) {
                    (true, _) => own[at].name.as_str(),
                    (_, Some((variable, _))) => variable.as_str(),
                    _ => variable.as_str(),
                };
                let column = if grid { 0 } else { at };
                Some((by_variable.get(variable).copied()?, column))
            };
            let mut seen = |level: Option<String>, at: usize, small: bool| {
                all.push(HiddenCell {
                    table: table.number,
                    variable: table.variable.clone(),
                    level,
                    column: match grid {
                        true => own[at].name.clone(),
                        false => named(at),
                    },
                    small,
                });
            };
            for row in &mut table.rows {
                for at in 0..row.cells.len() {
                    let Some((sheet, column)) = sheet_of(at, Some(row)) else {
                        continue;
                    };
                    let base = sheet.lines[0].hidden[column];
                    let level = match &row.of {
                        Some((_, level)) => Some(level.as_str()),
                        None => row.level.as_deref(),
                    };
                    let counted = matches!(row.part, RowPart::Level | RowPart::Net);
                    let line = sheet.line(level).filter(|_| counted);
                    let hidden = match line {
                        Some(line) => line.hidden[column],
                        // a mean of scores is one more sum of the counts
                        None => sheet.lines.iter().any(|line| line.hidden[column]),
                    };
                    if let Some(line) = line.filter(|line| line.hidden[column] && !base) {
                        seen(row.level.clone(), at, line.small[column]);
                    }
                    if hidden {
                        hide(&mut row.cells[at]);
                    }
                    row.cells[at].hidden_base = base;
                }
                hide_differences(row);
                mark(row, &own, alpha);
            }
            for at in 0..table.bases.len() {
                let hidden = match table.kind {
                    TableKind::Battery => {
                        let mut cells = table.rows.iter().map(|row| &row.cells[at]);
                        cells.any(|cell| cell.hidden_base)
                    }
                    _ => sheet_of(at, None).is_some_and(|(sheet, at)| sheet.lines[0].hidden[at]),
                };
                table.bases[at].hidden = hidden;
                if hidden {
                    let small =
                        sheet_of(at, None).is_some_and(|(sheet, at)| sheet.lines[0].small[at]);
                    seen(None, at, small);
                }
            }
        }
        all
    }
}

fn hide(cell: &mut Cell) {
    let kept = std::mem::take(cell);
    *cell = Cell {
        n: kept.n,
        weighted_n: kept.weighted_n,
        base_n_eff: kept.base_n_eff,
        small_base: kept.small_base,
        untested: kept.untested,
        hidden: true,
        note: "hidden: few respondents are behind it, or it would tell of few".to_owned(),
        ..Cell::default()
    };
}

/// A difference tells of both of its columns.
fn hide_differences(row: &mut Row) {
    let hidden: Vec<bool> = row.cells.iter().map(|cell| cell.hidden).collect();
    for of in &mut row.differences {
        let other = match of.b {
            Other::Column(at) => hidden[at],
            Other::Rest | Other::Total => hidden[0],
        };
        if hidden[of.a] || other {
            (of.estimate, of.se, of.t, of.df) = (None, None, None, None);
            (of.ci_low, of.ci_high, of.p_value, of.p_adjusted) = (None, None, None, None);
            "hidden: one of the two is".clone_into(&mut of.note);
        }
    }
}

fn count_hidden(sheets: &[Sheet]) -> usize {
    let lines = sheets.iter().flat_map(|sheet| &sheet.lines);
    lines
        .flat_map(|line| &line.hidden)
        .filter(|hidden| **hidden)
        .count()
}

/// Where everybody answered, the bases of all questions are the same: hidden in one, hidden in all.
fn share_sizes(sheets: &mut [Sheet]) {
    let mut hidden: Vec<bool> = Vec::new();
    for sheet in sheets.iter().filter(|sheet| sheet.whole) {
        hidden.resize(hidden.len().max(sheet.lines[0].hidden.len()), false);
        for (all, own) in hidden.iter_mut().zip(&sheet.lines[0].hidden) {
            *all |= own;
        }
    }
    for sheet in sheets.iter_mut().filter(|sheet| sheet.whole) {
        for (own, all) in sheet.lines[0].hidden.iter_mut().zip(&hidden) {
            *own |= all;
        }
    }
}

impl Sheet {
    fn new<'t>(
        table: &'t Table,
        columns: &[Column],
        cells: impl Fn(&'t Row) -> &'t [Cell],
    ) -> Sheet {
        let width = columns.len();
        let line = |name: Option<String>, counts: Vec<u64>| Line {
            name,
            sum_of: Vec::new(),
            hidden: vec![false; width],
            small: vec![false; width],
            counts,
        };
        let bases = table.bases.iter().take(width).map(|base| base.n).collect();
        let mut lines = vec![line(None, bases)];
        let counted = |row: &&Row| matches!(row.part, RowPart::Level | RowPart::Net);
        let rows: Vec<&Row> = table.rows.iter().filter(counted).collect();
        for row in &rows {
            let name = row.level.clone().unwrap_or_default();
            let counts = cells(row).iter().map(|cell| cell.count.unwrap_or(0));
            lines.push(line(Some(name), counts.collect()));
        }
        for (at, row) in rows.iter().enumerate() {
            let place = |name: &String| {
                lines
                    .iter()
                    .position(|line| line.name.as_ref() == Some(name))
            };
            lines[at + 1].sum_of = row.sum_of.iter().filter_map(place).collect();
        }
        Sheet {
            variable: table.variable.clone(),
            uses: table.uses.clone(),
            number: matches!(table.kind, TableKind::Mean | TableKind::Quantiles),
            additive: matches!(table.kind, TableKind::Levels | TableKind::Grid),
            whole: table.answered == table.respondents && table.kind != TableKind::Grid,
            safe: vec![vec![false; width]; lines.len()],
            lines,
        }
    }

    fn line(&self, level: Option<&str>) -> Option<&Line> {
        let name = level.unwrap_or_default();
        self.lines
            .iter()
            .skip(1)
            .find(|line| line.name.as_deref() == Some(name))
    }

    fn hide_small(&mut self, least: u64) {
        let small = |n: u64| n > 0 && n < least;
        let bases = self.lines[0].counts.clone();
        for line in &mut self.lines {
            for (at, count) in line.counts.iter().enumerate() {
                let others = bases[at].saturating_sub(*count);
                let is_small = small(*count) || line.name.is_some() && small(others);
                line.small[at] = is_small;
                line.hidden[at] = is_small;
            }
        }
    }

    /// Hides more until what is hidden has `least` values left.
    fn protect(&mut self, sums: &[ColumnSum], total: bool, least: u64) {
        loop {
            // who answered what tells how many answered
            for at in 0..self.lines[0].hidden.len() {
                if self.lines[0].hidden[at] {
                    self.lines
                        .iter_mut()
                        .for_each(|line| line.hidden[at] = true);
                }
            }
            let Some((cell, told)) = self.narrow(sums, total, least) else {
                return;
            };
            match told.into_iter().min_by_key(|at| self.order(*at)) {
                Some((line, column)) => self.lines[line].hidden[column] = true,
                // nothing that is shown tells of it
                None => self.safe[cell.0][cell.1] = true,
            }
        }
    }

    /// What is hidden first: the smallest count; of answers before bases, of somebody before nobody.
    fn order(&self, (line, at): (usize, usize)) -> (bool, bool, bool, u64) {
        let count = self.lines[line].counts[at];
        (line == 0, count == 0, at == 0, count)
    }

    /// A hidden cell with fewer than `least` values left, with what is shown in the sums that leave no more.
    fn narrow(
        &mut self,
        sums: &[ColumnSum],
        total: bool,
        least: u64,
    ) -> Option<(CellPlace, Vec<CellPlace>)> {
        let mut asked = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let hidden = line.hidden.iter().enumerate();
            let open = hidden.filter(|(column, hidden)| **hidden && !self.safe[at][*column]);
            asked.extend(open.map(|(column, _)| (at, column)));
        }
        if asked.is_empty() {
            return None;
        }
        let program = Program::new(self, sums, total);
        let mut solver = Solver::new(&program, &asked);
        for (at, (line, column)) in asked.into_iter().enumerate() {
            let (low, high, facts) = solver.range(at);
            let values = (high + SLACK).floor() - (low - SLACK).ceil() + 1.0;
            if values < least as f64 {
                let told = facts
                    .iter()
                    .flat_map(|fact| program.facts[*fact].shown.clone());
                return Some(((line, column), told.collect()));
            }
            self.safe[line][column] = true;
        }
        None
    }
}

/// A bound this near to a whole number is that number.
const SLACK: f64 = 1e-4;

/// What is known of what is not shown.
struct Program {
    places: HashMap<Place, usize>,
    facts: Vec<Fact>,
    highest: f64,
}

/// Bounds of a sum of what is not shown, and the cells that are shown of it.
struct Fact {
    terms: Terms,
    low: f64,
    high: f64,
    shown: Vec<(usize, usize)>,
}

/// A place, and the count where it is shown.
type Known = (Place, Option<f64>);

impl Program {
    fn new(sheet: &Sheet, sums: &[ColumnSum], total: bool) -> Program {
        let bases = &sheet.lines[0];
        let width = bases.counts.len();
        let mut program = Program {
            places: HashMap::new(),
            facts: Vec::new(),
            highest: bases.counts.first().copied().unwrap_or(0) as f64,
        };
        let cell = |line: usize, column: usize| {
            let of = &sheet.lines[line];
            let printed = !of.hidden[column] && (total || column > 0 || line == 0);
            let known = printed.then(|| of.counts[column] as f64);
            (Place::Cell(line, column), known)
        };
        for column in 0..width {
            program.of_column(sheet, &|line| cell(line, column));
        }
        for (number, sum) in sums.iter().enumerate().filter(|(_, sum)| sum.whole < width) {
            // bases that add up leave nobody outside
            let all = sum.parts.iter().chain([&sum.whole]);
            let shown = all.clone().all(|column| !bases.hidden[*column]);
            let parts: u64 = sum.parts.iter().map(|column| bases.counts[*column]).sum();
            let exact = sum.exact || shown && parts == bases.counts[sum.whole];
            let rest = |line: usize| (Place::Rest(number, line), None);
            for line in 0..sheet.lines.len() {
                let mut terms: Vec<(Known, f64)> = Vec::new();
                terms.extend(sum.parts.iter().map(|column| (cell(line, *column), 1.0)));
                terms.push((cell(line, sum.whole), -1.0));
                if !exact {
                    terms.push((rest(line), 1.0));
                }
                program.fact(&terms, 0.0, 0.0);
            }
            if !exact {
                program.of_column(sheet, &rest);
            }
        }
        // a column lies within the total
        for line in 0..sheet.lines.len() {
            for column in 1..width {
                let terms = [(cell(line, column), 1.0), (cell(line, 0), -1.0)];
                program.fact(&terms, f64::NEG_INFINITY, 0.0);
            }
        }
        program
    }

    /// What holds of the lines within one column.
    fn of_column(&mut self, sheet: &Sheet, cell: &dyn Fn(usize) -> Known) {
        let lines = 1..sheet.lines.len();
        let levels: Vec<usize> = lines
            .filter(|at| sheet.lines[*at].sum_of.is_empty())
            .collect();
        if sheet.additive && !levels.is_empty() {
            let mut terms: Vec<_> = levels.iter().map(|at| (cell(*at), 1.0)).collect();
            terms.push((cell(0), -1.0));
            self.fact(&terms, 0.0, 0.0);
        }
        for (at, line) in sheet.lines.iter().enumerate().skip(1) {
            let within = [(cell(at), 1.0), (cell(0), -1.0)];
            self.fact(&within, f64::NEG_INFINITY, 0.0);
            if line.sum_of.is_empty() {
                continue;
            }
            let mut terms: Vec<_> = line.sum_of.iter().map(|part| (cell(*part), 1.0)).collect();
            terms.push((cell(at), -1.0));
            if sheet.additive {
                self.fact(&terms, 0.0, 0.0);
                continue;
            }
            // who gave several of the answers is in the net once
            self.fact(&terms, 0.0, f64::INFINITY);
            for part in &line.sum_of {
                let terms = [(cell(*part), 1.0), (cell(at), -1.0)];
                self.fact(&terms, f64::NEG_INFINITY, 0.0);
            }
        }
    }

    fn fact(&mut self, terms: &[(Known, f64)], low: f64, high: f64) {
        let mut unknown = Terms::new();
        let (mut sum, mut shown) = (0.0, Vec::new());
        for ((place, known), factor) in terms {
            match (known, place) {
                (Some(count), Place::Cell(line, column)) => {
                    sum += factor * count;
                    shown.push((*line, *column));
                }
                _ => {
                    let next = self.places.len();
                    unknown.push((*self.places.entry(*place).or_insert(next), *factor));
                }
            }
        }
        if !unknown.is_empty() {
            self.facts.push(Fact {
                terms: unknown,
                low: low - sum,
                high: high - sum,
                shown,
            });
        }
    }
}

/// The program with a row for each cell that is asked about.
struct Solver {
    simplex: Simplex,
    first: usize,
    /// Whether any fact speaks of it.
    told: Vec<bool>,
    highest: f64,
}

impl Solver {
    fn new(program: &Program, asked: &[(usize, usize)]) -> Solver {
        let mut rows: Vec<Terms> = program
            .facts
            .iter()
            .map(|fact| fact.terms.clone())
            .collect();
        let first = rows.len();
        let place = |cell: &(usize, usize)| program.places.get(&Place::Cell(cell.0, cell.1));
        rows.extend(
            asked
                .iter()
                .map(|cell| place(cell).map(|at| (*at, 1.0)).into_iter().collect()),
        );
        let mut simplex = Simplex::new(program.places.len(), &rows);
        (0..program.places.len()).for_each(|at| simplex.bound(at, 0.0, program.highest));
        for (at, fact) in program.facts.iter().enumerate() {
            simplex.bound(simplex.row(at), fact.low, fact.high);
        }
        Solver {
            simplex,
            first,
            told: asked.iter().map(|cell| place(cell).is_some()).collect(),
            highest: program.highest,
        }
    }

    /// The least and the greatest that a cell can be, and the facts that leave no more.
    fn range(&mut self, asked: usize) -> (f64, f64, Vec<usize>) {
        if !self.told[asked] {
            return (0.0, self.highest, Vec::new());
        }
        let row = self.first + asked;
        let (start, mut facts) = (self.simplex.row(0), Vec::new());
        let mut end = |end: End| match self.simplex.extreme(row, end) {
            Some((value, variables)) => {
                let of_facts = variables.into_iter().filter_map(|at| at.checked_sub(start));
                facts.extend(of_facts.filter(|fact| *fact < self.first));
                value
            }
            // what was not found is taken for known: more is hidden then
            None => 0.0,
        };
        let (low, high) = (end(End::Low), end(End::High));
        (low, high, facts)
    }
}
