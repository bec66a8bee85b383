//! What is counted of one question, and how much of it is hidden.

use super::columns::Columns;
use super::program::{Program, Solver};
use crate::survey::crosstab::request::Percent;
use crate::survey::crosstab::table::{Row, RowPart, Table, TableKind};

/// A line and a column of a sheet.
pub type CellPlace = (usize, usize);

/// Whether a number is there to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No table has a place for it.
    Unprinted,
    Shown,
    Hidden,
}

/// What a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Base,
    Answer,
    Net,
    /// Those without an answer, of a kind.
    Missing,
    /// Those whose answer was taken off the base, of the total alone.
    TakenOff,
    /// All answers of a question with several, which shares of answers tell.
    Answers,
    /// Everybody in the column, with an answer or without.
    Size,
}

/// A line of a question in all columns.
pub struct Line {
    pub counted: Counted,
    pub name: String,
    /// Places of the lines that a net adds up.
    pub sum_of: Vec<usize>,
    pub counts: Vec<u64>,
    pub states: Vec<State>,
    pub small: Vec<bool>,
}

impl Line {
    fn new(counted: Counted, name: &str, counts: Vec<u64>) -> Line {
        Line {
            counted,
            name: name.to_owned(),
            sum_of: Vec::new(),
            states: vec![State::Shown; counts.len()],
            small: vec![false; counts.len()],
            counts,
        }
    }

    pub fn is_hidden(&self, column: usize) -> bool {
        self.states[column] == State::Hidden
    }

    /// Respondents of the column who are not in the base.
    pub fn is_outside(&self) -> bool {
        matches!(self.counted, Counted::Missing | Counted::TakenOff)
    }

    /// Hidden with it are all lines of its column.
    fn is_base(&self) -> bool {
        matches!(self.counted, Counted::Base | Counted::Answers)
    }
}

/// What is counted of one question. Its columns are those of the tables, and behind them one for all of each block: what row
/// per cents and per cents of all are taken of.
pub struct Sheet {
    pub variable: String,
    pub uses: Vec<String>,
    /// Numbers alone: the base is all that is counted.
    pub is_number: bool,
    /// Everybody gave one answer: answers add up to the base.
    pub is_additive: bool,
    /// Everybody answered, so that the bases are the sizes of the columns.
    pub is_whole: bool,
    pub percent: Percent,
    /// Columns of the tables, without those of whole blocks.
    pub columns: usize,
    /// The base first; the sizes last, if they matter.
    pub lines: Vec<Line>,
    /// Ranges that are wide enough stay so, whatever else is hidden.
    safe: Vec<Vec<bool>>,
}

impl Sheet {
    pub fn new(table: &Table, columns: &Columns) -> Sheet {
        let bases = table.bases.iter().map(|base| base.n).collect();
        let mut sheet = Sheet::of_rows(table, bases, |row| {
            row.cells
                .iter()
                .map(|cell| cell.count.unwrap_or(0))
                .collect()
        });
        sheet.is_whole = table.answered == table.respondents;
        sheet.percent = table.percent;
        if table.percent == Percent::Responses {
            let of_column = |at: usize| {
                let answers = sheet.lines.iter();
                let answers = answers.filter(|line| line.counted == Counted::Answer);
                answers.map(|line| line.counts[at]).sum()
            };
            let counts = (0..sheet.columns).map(of_column).collect();
            sheet.lines.push(Line::new(Counted::Answers, "", counts));
        }
        sheet.add_outside(table);
        sheet.add_blocks(table, columns);
        sheet.safe = vec![vec![false; sheet.lines[0].counts.len()]; sheet.lines.len()];
        sheet
    }

    /// A question of a grid without a banner: its column there is the total.
    pub fn of_grid(table: &Table, at: usize) -> Sheet {
        let mut sheet = Sheet::of_rows(table, vec![table.bases[at].n], |row| {
            vec![row.cells[at].count.unwrap_or(0)]
        });
        sheet.variable.clone_from(&table.columns[at].name);
        sheet.safe = vec![vec![false]; sheet.lines.len()];
        sheet
    }

    fn of_rows(table: &Table, bases: Vec<u64>, counts: impl Fn(&Row) -> Vec<u64>) -> Sheet {
        let columns = bases.len();
        let mut lines = vec![Line::new(Counted::Base, "", bases)];
        for row in &table.rows {
            let name = row.level.as_deref().unwrap_or_default();
            match row.part {
                RowPart::Level => lines.push(Line::new(Counted::Answer, name, counts(row))),
                RowPart::Net => lines.push(Line::new(Counted::Net, name, counts(row))),
                _ => {}
            }
        }
        let nets = table.rows.iter().filter(|row| row.part == RowPart::Net);
        let nets: Vec<(&str, &[String])> = nets
            .map(|row| (row.level.as_deref().unwrap_or_default(), row.answers()))
            .collect();
        for (name, answers) in nets {
            let of_net =
                |line: &&Line| line.counted == Counted::Answer && answers.contains(&line.name);
            let parts = lines.iter().enumerate().filter(|(_, line)| of_net(line));
            let parts = parts.map(|(at, _)| at).collect();
            let is_net = |line: &&mut Line| line.counted == Counted::Net && line.name == name;
            if let Some(net) = lines.iter_mut().find(is_net) {
                net.sum_of = parts;
            }
        }
        Sheet {
            variable: table.variable.clone(),
            uses: table.uses.clone(),
            is_number: matches!(table.kind, TableKind::Mean | TableKind::Quantiles),
            is_additive: matches!(table.kind, TableKind::Levels | TableKind::Grid),
            is_whole: false,
            percent: Percent::Column,
            columns,
            lines,
            safe: Vec::new(),
        }
    }

    /// Those who are not in the base, where tables count them: with it they are all in the column.
    fn add_outside(&mut self, table: &Table) {
        for of in &table.without {
            let mut counts = vec![0; self.columns];
            counts[..1].fill(of.count);
            let mut line = Line::new(Counted::TakenOff, &of.level, counts);
            line.states[1..].fill(State::Unprinted);
            self.lines.push(line);
        }
        let rows = table.rows.iter();
        let missing: Vec<&Row> = rows.filter(|row| row.part == RowPart::Missing).collect();
        if missing.is_empty() {
            return;
        }
        let mut sizes = self.lines[0].counts.clone();
        for row in missing {
            let counts: Vec<u64> = row
                .cells
                .iter()
                .map(|cell| cell.count.unwrap_or(0))
                .collect();
            sizes
                .iter_mut()
                .zip(&counts)
                .for_each(|(size, count)| *size += count);
            let name = row.level.as_deref().unwrap_or_default();
            self.lines.push(Line::new(Counted::Missing, name, counts));
        }
        if let Some(total) = sizes.first_mut() {
            *total = table.respondents;
        }
        let mut line = Line::new(Counted::Size, "", sizes);
        // until a table of a question that everybody answered tells it
        line.states[1..].fill(State::Unprinted);
        self.lines.push(line);
    }

    /// What shares of rows and of all are taken of: the answer in the whole block, or its base.
    fn add_blocks(&mut self, table: &Table, columns: &Columns) {
        let bases = |row: &Row| -> Vec<Option<u64>> {
            let first = columns.blocks.iter().map(|block| block.clone().next());
            first.map(|at| Some(row.cells.get(at?)?.n)).collect()
        };
        for at in 0..self.lines.len() {
            let line = &self.lines[at];
            let of = match (line.counted, self.percent) {
                (Counted::Base, Percent::Total) => table.rows.iter().find(|row| is_share(row)),
                (Counted::Answer | Counted::Net, Percent::Row) => {
                    table.rows.iter().find(|row| line.is_of(row))
                }
                _ => None,
            };
            let counts = of.map_or_else(|| vec![None; columns.blocks.len()], bases);
            let line = &mut self.lines[at];
            for count in counts {
                line.small.push(false);
                line.counts.push(count.unwrap_or(0));
                line.states.push(match count {
                    Some(_) => State::Shown,
                    None => State::Unprinted,
                });
            }
        }
    }

    /// What is told of the sizes of columns, with an answer or without.
    pub fn sizes(&self) -> Vec<State> {
        let (base, last) = (&self.lines[0], self.lines.last());
        let of_column = |at: usize| match last {
            _ if self.is_whole => base.states[at],
            Some(line) if line.counted == Counted::Size => {
                let lines = self.lines.iter();
                let mut parts =
                    lines.filter(|line| line.counted == Counted::Base || line.is_outside());
                match parts.all(|part| part.states[at] == State::Shown) {
                    true => line.states[at].max(State::Shown),
                    false => line.states[at],
                }
            }
            _ => State::Unprinted,
        };
        (0..self.columns).map(of_column).collect()
    }

    pub fn set_sizes(&mut self, sizes: &[State]) {
        let is_whole = self.is_whole;
        let size = self.lines.iter_mut().find(|line| match is_whole {
            true => line.counted == Counted::Base,
            false => line.counted == Counted::Size,
        });
        let Some(line) = size else {
            return;
        };
        // that of the total is said under every title
        let first = usize::from(!is_whole);
        for (own, size) in line.states[..self.columns]
            .iter_mut()
            .zip(sizes)
            .skip(first)
        {
            *own = *size;
        }
    }

    /// Whether the columns of whole blocks are there to be read.
    pub fn has_blocks(&self) -> bool {
        matches!(self.percent, Percent::Row | Percent::Total)
    }

    /// The line that a row of a table shows.
    pub fn line_of(&self, row: &Row) -> Option<&Line> {
        match &row.of {
            Some((_, level)) => {
                let mut lines = self.lines.iter();
                let is = |line: &&Line| {
                    matches!(line.counted, Counted::Answer | Counted::Net) && line.name == *level
                };
                lines.find(is)
            }
            None => self.lines.iter().find(|line| line.is_of(row)),
        }
    }

    /// Whether all of a column is hidden with its base.
    pub fn hides_column(&self, column: usize) -> bool {
        self.lines[0].is_hidden(column)
    }

    pub fn hide_small(&mut self, least: u64) {
        let small = |n: u64| n > 0 && n < least;
        let whole = |line: usize, at: usize| self.lines[line].counts[at];
        let answers = self
            .lines
            .iter()
            .position(|line| line.counted == Counted::Answers);
        let mut all: Vec<CellPlace> = Vec::new();
        for (place, line) in self.lines.iter().enumerate() {
            for (at, count) in line.counts.iter().enumerate() {
                let others = |of: u64| small(of.saturating_sub(*count));
                let share = matches!(line.counted, Counted::Answer | Counted::Net);
                let beside = share && at < self.columns && others(whole(0, at))
                    || share && answers.is_some_and(|of| others(whole(of, at)));
                let is_small = match line.counted {
                    // told of the total by every table, and of other columns by the bases of other questions
                    Counted::Size => false,
                    _ => small(*count) || beside,
                };
                if line.states[at] == State::Shown && is_small {
                    all.push((place, at));
                }
            }
        }
        for (line, at) in all {
            self.lines[line].states[at] = State::Hidden;
            self.lines[line].small[at] = true;
        }
    }

    /// Of the others in a row or block there may be few, too.
    fn hide_small_others(&mut self, columns: &Columns, least: u64) {
        let small = |n: u64| n > 0 && n < least;
        for (block, places) in columns.blocks.iter().enumerate() {
            let whole = columns.of_block(block);
            for line in 1..self.lines.len() {
                let of = match self.percent {
                    Percent::Row => &self.lines[line],
                    _ => &self.lines[0],
                };
                if of.states[whole] == State::Unprinted {
                    continue;
                }
                let all = of.counts[whole];
                for at in places.clone() {
                    let line = &mut self.lines[line];
                    let share = matches!(line.counted, Counted::Answer | Counted::Net);
                    if share && small(all.saturating_sub(line.counts[at])) {
                        line.states[at] = State::Hidden;
                        line.small[at] = true;
                    }
                }
            }
        }
    }

    /// Hides more until what is hidden has `least` values left.
    pub fn protect(&mut self, columns: &Columns, least: u64) {
        if self.has_blocks() {
            self.hide_small_others(columns, least);
        }
        loop {
            self.hide_with_bases(columns);
            let Some((cell, told)) = self.narrow(columns, least) else {
                return;
            };
            match told.into_iter().min_by_key(|at| self.order(*at)) {
                Some((line, column)) => self.lines[line].states[column] = State::Hidden,
                // nothing that is shown tells of it
                None => self.safe[cell.0][cell.1] = true,
            }
        }
    }

    /// Who gave an answer, and what share that is, tell what it is a share of.
    fn hide_with_bases(&mut self, columns: &Columns) {
        let hide = |line: &mut Line, at: usize| {
            if line.states[at] == State::Shown && line.counted != Counted::Size {
                line.states[at] = State::Hidden;
            }
        };
        for at in 0..self.columns {
            let mut bases = self.lines.iter().filter(|line| line.is_base());
            if bases.any(|line| line.is_hidden(at)) {
                self.lines
                    .iter_mut()
                    .skip(1)
                    .for_each(|line| hide(line, at));
            }
        }
        for (block, places) in columns.blocks.iter().enumerate() {
            let whole = columns.of_block(block);
            if whole >= self.lines[0].states.len() {
                continue;
            }
            let all = self.lines[0].is_hidden(whole);
            for line in self.lines.iter_mut().skip(1) {
                if all || line.is_hidden(whole) {
                    places.clone().for_each(|at| hide(line, at));
                }
            }
        }
    }

    /// What is hidden first: the smallest count; of answers before bases, of somebody before nobody.
    fn order(&self, (line, at): CellPlace) -> (bool, bool, bool, bool, u64) {
        let of = &self.lines[line];
        let is_base = of.is_base() || of.counted == Counted::Size;
        let (is_block, count) = (at >= self.columns, of.counts[at]);
        (is_base, is_block, count == 0, at == 0, count)
    }

    /// A hidden cell with fewer than `least` values left, with what is shown in the sums that leave no more.
    fn narrow(&mut self, columns: &Columns, least: u64) -> Option<(CellPlace, Vec<CellPlace>)> {
        let mut asked = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let hidden = (0..line.states.len()).filter(|column| line.is_hidden(*column));
            let open = hidden.filter(|column| !self.safe[at][*column]);
            asked.extend(open.map(|column| (at, column)));
        }
        if asked.is_empty() {
            return None;
        }
        let program = Program::new(self, columns);
        let mut solver = Solver::new(&program, &asked);
        let mut wide = Vec::new();
        let mut found = None;
        for (at, cell) in asked.into_iter().enumerate() {
            let (low, high, facts) = solver.range(at);
            let values = (high + SLACK).floor() - (low - SLACK).ceil() + 1.0;
            if values < least as f64 {
                let told = facts.iter().flat_map(|fact| program.shown(*fact));
                found = Some((cell, told.collect()));
                break;
            }
            wide.push(cell);
        }
        for (line, column) in wide {
            self.safe[line][column] = true;
        }
        found
    }
}

/// A bound this near to a whole number is that number.
const SLACK: f64 = 1e-4;

impl Line {
    /// Whether a row of a table of the question shows it.
    fn is_of(&self, row: &Row) -> bool {
        let counted = match row.part {
            RowPart::Level => Counted::Answer,
            RowPart::Net => Counted::Net,
            RowPart::Missing => Counted::Missing,
            _ => return false,
        };
        self.counted == counted && row.level.as_deref().unwrap_or_default() == self.name
    }
}

fn is_share(row: &Row) -> bool {
    matches!(row.part, RowPart::Level | RowPart::Net)
}
