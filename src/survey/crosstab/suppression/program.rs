//! What can be worked out of what is hidden: a linear program, and its least and greatest values.

use std::collections::HashMap;

use super::columns::{Columns, SumKind};
use super::sheet::{CellPlace, Counted, Line, Sheet, State};
use crate::statistics::simplex::{End, Simplex, Terms};
use crate::survey::crosstab::request::Percent;

/// Where something unknown stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Cell(usize, usize),
    /// Those in none of some columns, by number of the sum and line.
    Rest(usize, usize),
}

/// A place, and the count where it is shown.
type Known = (Place, Option<f64>);

/// Bounds of a sum of what is not shown, and the cells that are shown of it.
struct Fact {
    terms: Terms,
    low: f64,
    high: f64,
    shown: Vec<CellPlace>,
}

/// What is known of what is not shown.
pub struct Program<'s> {
    sheet: &'s Sheet,
    places: HashMap<Place, usize>,
    facts: Vec<Fact>,
    highest: f64,
}

impl Program<'_> {
    pub fn new<'s>(sheet: &'s Sheet, columns: &Columns) -> Program<'s> {
        let bases = &sheet.lines[0];
        let width = match sheet.has_blocks() {
            true => bases.counts.len(),
            false => sheet.columns,
        };
        let counts = sheet.lines.iter().flat_map(|line| &line.counts);
        let mut program = Program {
            sheet,
            places: HashMap::new(),
            facts: Vec::new(),
            highest: counts.copied().max().unwrap_or(0) as f64,
        };
        for column in 0..width {
            program.of_column(&|line| known(sheet, line, column));
        }
        for column in 0..sheet.columns {
            program.of_size(column);
        }
        program.of_sums(columns, width);
        // a column lies within the total
        for line in 0..sheet.lines.len() {
            for column in 1..width {
                program.at_most(known(sheet, line, column), known(sheet, line, 0));
            }
        }
        program
    }

    /// The cells that are shown in the sum of a fact.
    pub fn shown(&self, fact: usize) -> Vec<CellPlace> {
        self.facts[fact].shown.clone()
    }

    /// Columns that add up to others, line by line.
    fn of_sums(&mut self, columns: &Columns, width: usize) {
        let sheet = self.sheet;
        let bases = &sheet.lines[0];
        let sums = columns.sums(sheet.has_blocks()).iter().enumerate();
        for (number, sum) in sums.filter(|(_, sum)| sum.whole < width) {
            // bases that add up leave nobody outside
            let mut all = sum.parts.iter().chain([&sum.whole]);
            let shown = all.all(|column| bases.states[*column] == State::Shown);
            let parts: u64 = sum.parts.iter().map(|column| bases.counts[*column]).sum();
            let add_up = shown && parts == bases.counts[sum.whole];
            let kind = match sum.kind {
                SumKind::Within if add_up => SumKind::Exact,
                kind => kind,
            };
            let rest = |line: usize| (Place::Rest(number, line), None);
            for (line, of) in sheet.lines.iter().enumerate() {
                // outside there may be some who gave no answer
                let kind = match of.is_outside() || of.counted == Counted::Size {
                    true => sum.kind,
                    false => kind,
                };
                let cell = |column: usize| known(sheet, line, column);
                let mut terms: Vec<(Known, f64)> = Vec::new();
                terms.extend(sum.parts.iter().map(|column| (cell(*column), 1.0)));
                terms.push((cell(sum.whole), -1.0));
                match kind {
                    SumKind::Exact => self.fact(&terms, 0.0, 0.0),
                    SumKind::Within => {
                        terms.push((rest(line), 1.0));
                        self.fact(&terms, 0.0, 0.0);
                    }
                    SumKind::Cover | SumKind::Overlap => {
                        let parts = sum.parts.iter().map(|column| cell(*column));
                        parts.for_each(|part| self.at_most(part, cell(sum.whole)));
                        if kind == SumKind::Cover {
                            self.fact(&terms, 0.0, f64::INFINITY);
                        }
                    }
                }
            }
            if sum.kind == SumKind::Within {
                self.of_column(&rest);
            }
        }
    }

    /// What holds of the lines within one column.
    fn of_column(&mut self, cell: &dyn Fn(usize) -> Known) {
        let sheet = self.sheet;
        let is = |counted: Counted| {
            let lines = sheet.lines.iter().enumerate();
            lines
                .filter(move |(_, line)| line.counted == counted)
                .map(|(at, _)| at)
        };
        let answers = || is(Counted::Answer).map(|at| (cell(at), 1.0));
        let mut add_up_to = |whole: usize| {
            let terms: Vec<_> = answers().chain([(cell(whole), -1.0)]).collect();
            if terms.len() > 1 {
                self.fact(&terms, 0.0, 0.0);
            }
        };
        if sheet.is_additive {
            add_up_to(0);
        }
        is(Counted::Answers).for_each(&mut add_up_to);
        for at in is(Counted::Answer).chain(is(Counted::Net)) {
            self.at_most(cell(at), cell(0));
        }
        if let Some(size) = is(Counted::Size).next() {
            let lines = sheet.lines.iter().enumerate();
            let outside = lines.filter(|(_, line)| line.is_outside());
            outside.for_each(|(at, _)| self.at_most(cell(at), cell(size)));
        }
        for at in is(Counted::Net) {
            self.of_net(at, &sheet.lines[at], cell);
        }
    }

    fn of_net(&mut self, at: usize, net: &Line, cell: &dyn Fn(usize) -> Known) {
        let mut terms: Vec<_> = net.sum_of.iter().map(|part| (cell(*part), 1.0)).collect();
        if self.sheet.percent == Percent::Responses {
            self.answers_of_net(at, net, &terms);
        }
        terms.push((cell(at), -1.0));
        if self.sheet.is_additive {
            self.fact(&terms, 0.0, 0.0);
            return;
        }
        // who gave several of the answers is in the net once
        self.fact(&terms, 0.0, f64::INFINITY);
        for part in &net.sum_of {
            self.at_most(cell(*part), cell(at));
        }
    }

    /// The share of a net among all answers tells how many answers its parts add up to.
    fn answers_of_net(&mut self, at: usize, net: &Line, parts: &[(Known, f64)]) {
        let column = parts.iter().find_map(|((place, _), _)| match place {
            Place::Cell(_, column) if *column < self.sheet.columns => Some(*column),
            _ => None,
        });
        let Some(column) = column.filter(|column| net.states[*column] == State::Shown) else {
            return;
        };
        let lines = &self.sheet.lines;
        let sum: u64 = net
            .sum_of
            .iter()
            .map(|part| lines[*part].counts[column])
            .sum();
        let whole = (Place::Cell(at, column), Some(sum as f64));
        let terms: Vec<_> = parts.iter().copied().chain([(whole, -1.0)]).collect();
        self.fact(&terms, 0.0, 0.0);
    }

    /// Those with an answer and those without are all in the column.
    fn of_size(&mut self, column: usize) {
        let sheet = self.sheet;
        let Some(size) = sheet
            .lines
            .iter()
            .position(|line| line.counted == Counted::Size)
        else {
            return;
        };
        let lines = sheet.lines.iter().enumerate();
        let outside = lines.filter(|(_, line)| line.is_outside());
        let cell = |line: usize| known(sheet, line, column);
        let mut terms: Vec<(Known, f64)> = vec![(cell(0), 1.0), (cell(size), -1.0)];
        terms.extend(outside.map(|(at, _)| (cell(at), 1.0)));
        self.fact(&terms, 0.0, 0.0);
    }

    fn at_most(&mut self, part: Known, whole: Known) {
        self.fact(&[(part, 1.0), (whole, -1.0)], f64::NEG_INFINITY, 0.0);
    }

    fn fact(&mut self, terms: &[(Known, f64)], low: f64, high: f64) {
        let mut unknown = Terms::new();
        let (mut sum, mut shown) = (0.0, Vec::new());
        for ((place, known), factor) in terms {
            let Some(count) = known else {
                let next = self.places.len();
                unknown.push((*self.places.entry(*place).or_insert(next), *factor));
                continue;
            };
            sum += factor * count;
            match place {
                // how many there are of all is said under every title
                Place::Cell(line, 0) if self.sheet.lines[*line].counted == Counted::Size => {}
                Place::Cell(line, column) => shown.push((*line, *column)),
                _ => {}
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

fn known(sheet: &Sheet, line: usize, column: usize) -> Known {
    let of = &sheet.lines[line];
    let shown = of.states[column] == State::Shown;
    let count = shown.then(|| of.counts[column] as f64);
    (Place::Cell(line, column), count)
}

/// The program with a row for each cell that is asked about.
pub struct Solver {
    simplex: Simplex,
    first: usize,
    /// Whether any fact speaks of it.
    told: Vec<bool>,
    highest: f64,
}

impl Solver {
    pub fn new(program: &Program, asked: &[CellPlace]) -> Solver {
        let mut rows: Vec<Terms> = program
            .facts
            .iter()
            .map(|fact| fact.terms.clone())
            .collect();
        let first = rows.len();
        let place = |cell: &CellPlace| program.places.get(&Place::Cell(cell.0, cell.1));
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
    pub fn range(&mut self, asked: usize) -> (f64, f64, Vec<usize>) {
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
