//! One question by the banner: its rows, their cells and how these compare.

use std::rc::Rc;
use std::sync::Arc;

use super::banner::{Block, Column};
use super::cell::{Cell, Estimator, Place};
use super::difference::{Difference, Groups, Other, Tester};
use super::independence::{Independence, Untested, independence};
use super::letters::{adjust_families, mark};
use super::measure::{Base, Measure, Quantity};
use super::order::{self, Levels, with_nets};
use super::plan::{PlannedQuestion, PlannedSet, QuestionKind};
use super::quantiles;
use super::questions::Origin;
use super::request::{Against, Percent, Request, ScoresOf, TableRequest, Test};
use super::respondents::MOST_LEVELS;
use super::tally::{LevelTally, NumberTally};
use super::variance::{Group, Sampling};
use crate::frames::words::nearest;
use crate::frames::{Statistic, look_alike_warnings};
use crate::survey::estimate::{Error, LevelNames, Missing};
use crate::survey::microdata::Value;

/// A question by all columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// From 1.
    pub number: usize,
    /// The place of what asked for it.
    pub(super) at: usize,
    /// What was asked for, as it was written; `None` of a grid.
    pub question: Option<String>,
    /// The variables that it is made of.
    pub(super) uses: Vec<String>,
    /// The variable or set that it is of, or the statistic as it was written.
    pub variable: String,
    /// The question as asked.
    pub title: Option<String>,
    pub kind: TableKind,
    pub percent: Percent,
    /// Total first; of a grid its questions.
    pub columns: Arc<Vec<Column>>,
    pub blocks: Arc<Vec<Block>>,
    pub rows: Vec<Row>,
    /// Of each column.
    pub bases: Vec<ColumnBase>,
    /// One a block, where there is something to test.
    pub tests: Vec<(usize, Independence)>,
    /// Blocks that are not tested, for their table has so many contrasts.
    pub too_wide: Vec<(usize, usize)>,
    /// Blocks whose test is not shown, for it is made of counts that are hidden.
    pub hidden_tests: Vec<usize>,
    /// The column whose shares its answers are in the order of.
    pub(super) sorted_by: Option<usize>,
    /// Respondents with a weight in the subpopulation, and how many of these are in the base of the total.
    pub respondents: u64,
    pub answered: u64,
    pub without: Vec<TakenOff>,
    /// Who was asked, where a plan says it.
    pub base_text: Option<String>,
    /// The subpopulation, where there is one.
    pub condition: Option<String>,
    /// Weights that this table has in the place of those of the design.
    pub weights: Option<String>,
    /// What differs from the plan: levels that are new or gone.
    pub notes: Vec<String>,
    /// Boxes were asked for, and its answers have no order but that of the alphabet.
    pub lacks_order: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Shares of the levels of a variable, of which everybody chose one.
    Levels,
    /// The share of a condition.
    Condition,
    /// Shares of answers of which everybody may give several.
    Set,
    Mean,
    Quantiles,
    /// Questions side by side, in the place of a banner.
    Grid,
    /// One answer to several questions, which stand down, by the banner.
    Battery,
}

/// A level that was taken off the base.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenOff {
    pub level: String,
    /// Of all answers, in 0..1; `None` where it would tell of few.
    pub share: Option<f64>,
    pub count: u64,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub part: RowPart,
    /// What it is called; `None` of the statistic of a number.
    pub level: Option<String>,
    pub statistic: Statistic,
    /// A part of the net above.
    pub indented: bool,
    /// The levels that a net adds up.
    pub(super) sum_of: Vec<String>,
    /// The question and level that a row of a battery is of.
    pub(super) of: Option<(String, String)>,
    /// One a column.
    pub cells: Vec<Cell>,
    /// In the order of the columns.
    pub differences: Vec<Difference>,
}

impl Row {
    /// The levels that it counts: those of a net, or its own; none of a statistic of a number.
    pub fn answers(&self) -> &[String] {
        match (self.part, &self.level) {
            (RowPart::Net, _) => &self.sum_of,
            (RowPart::Level, Some(level)) => std::slice::from_ref(level),
            _ => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowPart {
    Level,
    Net,
    /// The mean of scores or of a number.
    Mean,
    /// The mean number of answers of a set.
    Mentions,
    Quantile,
    /// A level that is no answer: how many there are.
    Missing,
}

/// Who is in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ColumnBase {
    pub n: u64,
    pub weighted_n: f64,
    /// Kish's effective base.
    pub effective: f64,
    /// Not to be shown: so few are in it, or it would tell of so few.
    pub hidden: bool,
}

impl ColumnBase {
    /// What a base is judged by.
    pub fn least(&self) -> f64 {
        (self.n as f64).min(self.effective)
    }
}

impl Table {
    /// Puts the answers in the order of a column, the largest first: nets with their parts, and what is no opinion last.
    ///
    /// # Errors
    /// No column of that name.
    pub(super) fn sort(&mut self, name: &str) -> Result<(), Error> {
        let is = |column: &Column| {
            column.name.eq_ignore_ascii_case(name) || column.letter.as_deref() == Some(name)
        };
        let Some(at) = self.columns.iter().position(is) else {
            let names = self.columns.iter().map(|column| column.name.as_str());
            return Err(Error::Request(match nearest(name, names.clone()) {
                Some(near) => format!("--sort {name}: no such column; did you mean {near}?"),
                None => format!(
                    "--sort {name}: the columns are {}",
                    names.collect::<Vec<_>>().join(", ")
                ),
            }));
        };
        self.arrange(at);
        Ok(())
    }

    /// The order by a column; what is hidden there stands behind, by the alphabet.
    pub(super) fn arrange(&mut self, at: usize) {
        self.sorted_by = Some(at);
        let share = |row: &Row| row.cells[at].estimate.unwrap_or(f64::NEG_INFINITY);
        let answers = self
            .rows
            .iter()
            .take_while(|row| matches!(row.part, RowPart::Level | RowPart::Net));
        let rest = self.rows.split_off(answers.count());
        let mut groups: Vec<Vec<Row>> = Vec::new();
        for row in self.rows.drain(..) {
            match groups.last_mut() {
                Some(group) if row.indented => group.push(row),
                _ => groups.push(vec![row]),
            }
        }
        let name = |row: &Row| row.level.clone().filter(|_| row.cells[at].hidden);
        let order = |one: &Row, other: &Row| {
            let shares = share(other).total_cmp(&share(one));
            shares.then_with(|| name(one).cmp(&name(other)))
        };
        let is_last = |row: &Row| {
            row.part == RowPart::Level && order::is_last(row.level.as_deref().unwrap_or(""))
        };
        groups.sort_by(|one, other| {
            let (one, other) = (&one[0], &other[0]);
            is_last(one)
                .cmp(&is_last(other))
                .then_with(|| match is_last(one) {
                    true => std::cmp::Ordering::Equal,
                    false => order(one, other),
                })
        });
        for mut group in groups {
            group[1..].sort_by(order);
            self.rows.extend(group);
        }
        self.rows.extend(rest);
    }
}

/// What tables are made with, the same for all questions.
pub struct Maker<'a> {
    pub request: &'a Request,
    pub columns: Arc<Vec<Column>>,
    pub blocks: Arc<Vec<Block>>,
    pub origin: Origin<'a>,
    pub sampling: &'a Sampling<'a>,
    pub estimator: Estimator<'a>,
    pub tester: Tester<'a>,
    /// Respondents with a weight in the subpopulation.
    pub inside: u64,
}

impl Maker<'_> {
    /// The table of a question.
    ///
    /// # Errors
    /// Scores and nets that don't fit the levels of the question they name.
    pub fn table(&self, question: &PlannedQuestion) -> Result<Table, Error> {
        let mut table = Table {
            number: 0,
            at: 0,
            question: Some(question.settings.question.text().to_owned()),
            uses: question.uses.clone(),
            variable: question.variable.clone(),
            title: question.title.clone(),
            kind: TableKind::Levels,
            percent: Percent::Column,
            columns: Arc::clone(&self.columns),
            blocks: Arc::clone(&self.blocks),
            rows: Vec::new(),
            bases: Vec::new(),
            tests: Vec::new(),
            too_wide: Vec::new(),
            hidden_tests: Vec::new(),
            sorted_by: None,
            respondents: self.inside,
            answered: 0,
            without: Vec::new(),
            base_text: question.settings.base.clone(),
            condition: self
                .request
                .condition
                .as_ref()
                .map(|(text, _)| text.clone()),
            weights: question.settings.weights.clone(),
            notes: Vec::new(),
            lacks_order: false,
        };
        let settings = &question.settings;
        match &question.kind {
            QuestionKind::Levels { operand, names } => {
                self.levels(&mut table, question, (*operand, names))?;
            }
            QuestionKind::Condition { operand } => {
                self.condition(&mut table, question, *operand)?;
            }
            QuestionKind::Mean {
                terms,
                constant,
                statistic,
            } => {
                let tally = self.origin.numbers(question, terms, *constant)?;
                self.mean(&mut table, &tally, *statistic);
            }
            QuestionKind::Quantiles {
                operand,
                probabilities,
            } => quantiles::add(self, &mut table, question, *operand, probabilities)?,
            QuestionKind::Set(set) => self.set(&mut table, settings, set)?,
        }
        if let Some(column) = settings
            .sort
            .as_ref()
            .or(self.request.options.sort.as_ref())
        {
            table.sort(column)?;
        }
        Ok(table)
    }

    fn levels(
        &self,
        table: &mut Table,
        question: &PlannedQuestion,
        (operand, names): (usize, &LevelNames),
    ) -> Result<(), Error> {
        let settings = &question.settings;
        let values = self.origin.values(question, operand)?;
        self.check_levels(&table.variable, values)?;
        let options = &self.request.options;
        let category = options.missing == Missing::Category;
        let without = (self.request.without.as_slice(), settings);
        let levels = Levels::new(values, names, category, without);
        let places = levels.rows(self.request, settings, &table.variable)?;
        let tally = self.origin.levels(question, operand, levels.names.len())?;
        table.notes = plan_notes(&table.variable, &levels);
        let scores = self.scores_of(&table.variable, settings);
        let scored = levels.scored_by_alphabet(&table.variable, scores);
        table.notes.extend(scored);
        table.lacks_order = levels.lacks_order(self.request.box_size);
        let layout = self.sampling.layout;
        let base = Rc::new(Base::from_levels(&tally, layout, &levels.order));
        self.set_bases(table, &base);
        table.percent = share_percent(settings.percent.unwrap_or(options.percent));
        for place in &places {
            let measure = Measure::share_of_levels(&tally, layout, &base, &place.levels);
            let mut row = self.share_row(place, &measure, table.percent);
            if place.net {
                let names = place.levels.iter().map(|at| levels.names[*at].clone());
                row.sum_of = names.collect();
            }
            table.rows.push(row);
        }
        if options.missing == Missing::Show {
            for level in &levels.missing {
                let measure = Measure::share_of_levels(&tally, layout, &base, &[*level]);
                table
                    .rows
                    .push(self.missing_row(&levels.names[*level], &measure));
            }
        }
        self.add_mean(table, settings, &levels, &tally)?;
        self.add_tests(table, &tally, &levels.order);
        if !levels.without.is_empty() {
            let mut all = levels.order.clone();
            all.extend(&levels.without);
            let whole = Base::from_levels(&tally, layout, &all).domains[0].weight;
            for level in &levels.without {
                let own = Base::from_levels(&tally, layout, &[*level]).domains[0];
                table.without.push(TakenOff {
                    level: levels.names[*level].clone(),
                    share: Some(if whole > 0.0 { own.weight / whole } else { 0.0 }),
                    count: own.n,
                });
            }
        }
        Ok(())
    }

    fn check_levels(&self, variable: &str, values: &[Value]) -> Result<(), Error> {
        match values.len() > MOST_LEVELS {
            true => Err(Error::Request(format!(
                "{variable} has more than {MOST_LEVELS} different values: take mean({variable}), or bands of it, as in 'prop(cut({variable}, 18, 30, 45))'"
            ))),
            false => Ok(()),
        }
    }

    /// The scores that were asked for of a question.
    fn scores_of<'s>(&'s self, variable: &str, settings: &'s TableRequest) -> Option<&'s ScoresOf> {
        let mut all = self.request.scores.iter();
        let own = all.find(|of| of.variable == variable);
        own.map(|of| &of.of).or(settings.scores.as_ref())
    }

    /// The mean of scores under the answers.
    fn add_mean(
        &self,
        table: &mut Table,
        settings: &TableRequest,
        levels: &Levels,
        tally: &LevelTally,
    ) -> Result<(), Error> {
        let own = self.scores_of(&table.variable, settings);
        if own.is_none() && !self.request.options.means {
            return Ok(());
        }
        let scores = levels.scores(&table.variable, own, self.request.options.means)?;
        if scores.len() > 1 {
            let measure = Measure::mean_of_levels(tally, self.sampling.layout, &scores);
            let row = self.row(
                RowPart::Mean,
                None,
                Statistic::Mean,
                &measure,
                Percent::Column,
            );
            table.rows.push(row);
        }
        Ok(())
    }

    fn condition(
        &self,
        table: &mut Table,
        question: &PlannedQuestion,
        operand: usize,
    ) -> Result<(), Error> {
        let values = self.origin.values(question, operand)?;
        let is = |value: &Value, text: &str| *value == Value::Text(text.to_owned());
        let answers: Vec<usize> = (0..values.len())
            .filter(|at| values[*at] != Value::Null)
            .collect();
        let holds: Vec<usize> = (0..values.len())
            .filter(|at| is(&values[*at], "true"))
            .collect();
        let tally = self.origin.levels(question, operand, values.len())?;
        let layout = self.sampling.layout;
        let base = Rc::new(Base::from_levels(&tally, layout, &answers));
        self.set_bases(table, &base);
        table.kind = TableKind::Condition;
        let percent = question.settings.percent;
        table.percent = share_percent(percent.unwrap_or(self.request.options.percent));
        let measure = Measure::share_of_levels(&tally, layout, &base, &holds);
        let row = self.row(
            RowPart::Level,
            None,
            Statistic::Proportion,
            &measure,
            table.percent,
        );
        table.rows.push(row);
        self.add_tests(table, &tally, &answers);
        Ok(())
    }

    fn mean(&self, table: &mut Table, tally: &NumberTally, statistic: Statistic) {
        let measure = Measure::mean(tally, self.sampling.layout);
        self.set_bases(table, &measure.base);
        table.kind = TableKind::Mean;
        table
            .rows
            .push(self.row(RowPart::Mean, None, statistic, &measure, Percent::Column));
    }

    fn set(
        &self,
        table: &mut Table,
        settings: &TableRequest,
        set: &PlannedSet,
    ) -> Result<(), Error> {
        let answers = self.origin.set(set)?;
        table.notes.extend(answers.notes().iter().cloned());
        let names = answers.names();
        let options = &self.request.options;
        let order: Vec<usize> = (0..names.len()).collect();
        let (mut last, mut all) = (Vec::new(), Vec::new());
        for at in order {
            let list = if order::is_last(&names[at]) {
                &mut last
            } else {
                &mut all
            };
            list.push(at);
        }
        all.extend(last);
        let own =
            |net: &&super::request::Net| net.variable.as_ref().is_none_or(|name| *name == set.name);
        let mut nets: Vec<(String, Vec<usize>)> = Vec::new();
        for net in settings
            .nets
            .iter()
            .chain(self.request.nets.iter().filter(own))
        {
            let find = |name: &String| names.iter().position(|level| level == name);
            let found: Option<Vec<usize>> = net.levels.iter().map(find).collect();
            match found {
                Some(levels) => nets.push((net.name.clone(), levels)),
                None if settings.nets.contains(net) => table.notes.push(format!(
                    "{}: no net {}, for not all of {} are answers to it",
                    set.name,
                    net.name,
                    net.levels.join(", ")
                )),
                None if net.variable.is_none() => {}
                None => {
                    return Err(Error::Request(format!(
                        "--net {}: set {} has the answers {}",
                        net.name,
                        set.name,
                        names.join(", ")
                    )));
                }
            }
        }
        let of_nets: Vec<Vec<usize>> = nets.iter().map(|(_, levels)| levels.clone()).collect();
        let tally = answers.tally(&of_nets)?;
        let layout = self.sampling.layout;
        let base = Rc::new(Base::from_levels(&tally, layout, &[tally.levels - 1]));
        self.set_bases(table, &base);
        table.kind = TableKind::Set;
        table.percent = settings.percent.unwrap_or(options.percent);
        let percent = table.percent;
        let of_answers = match percent {
            Percent::Responses => {
                let all = Rc::new(Base::of_answers(&answers.mentions()?, layout));
                Some((all, answers.squares_by_mentions()?))
            }
            _ => None,
        };
        for place in with_nets(&all, &nets, |at| names[at].clone()) {
            // a respondent of several answers is in a net once
            let level = match place.net {
                true => {
                    let at = nets.iter().position(|(name, _)| *name == place.name);
                    names.len() + at.unwrap_or(0)
                }
                false => place.levels[0],
            };
            let mut measure = Measure::share_of_levels(&tally, layout, &base, &[level]);
            if let Some((all, squares)) = &of_answers {
                if place.net {
                    // each of its answers counts, where a share of respondents counts who gave any
                    let given = Measure::mean(&answers.given_of(&place.levels)?, layout);
                    measure = given.with_counts(&measure);
                }
                measure = measure.of_answers(all, squares, layout, &place.levels);
            }
            let mut row = self.share_row(&place, &measure, percent);
            if of_answers.is_some() {
                for (cell, base) in row.cells.iter_mut().zip(&table.bases) {
                    cell.weighted_n = base.weighted_n;
                    (cell.deff, cell.n_eff) = (None, None);
                }
            }
            if place.net {
                row.sum_of = place.levels.iter().map(|at| names[*at].clone()).collect();
            }
            table.rows.push(row);
        }
        if options.mentions {
            let measure = Measure::mean(&answers.mentions()?, layout);
            let level = Some("mentions".to_owned());
            let row = self.row(
                RowPart::Mentions,
                level,
                Statistic::Mean,
                &measure,
                Percent::Column,
            );
            table.rows.push(row);
        }
        Ok(())
    }

    fn set_bases(&self, table: &mut Table, base: &Base) {
        table.bases = self.bases(base);
        table.answered = base.domains[0].n;
        if let Some((answered, all)) = self.sampling.answered_in_few(&base.weight) {
            table.notes.push(format!(
                "{} was answered in {answered} of {all} PSUs: its degrees of freedom are those of all PSUs (opine estimate --domain-df answered takes those of the {answered})",
                table.question.as_ref().unwrap_or(&table.variable)
            ));
        }
    }

    pub(super) fn bases(&self, base: &Base) -> Vec<ColumnBase> {
        let of = |column: &Column| {
            let of = base.domains[column.domain];
            ColumnBase {
                n: of.n,
                weighted_n: of.weight,
                effective: of.effective(),
                hidden: false,
            }
        };
        self.columns.iter().map(of).collect()
    }

    pub(super) fn place(&self, column: &Column) -> Place {
        let base = column.block.map_or(0, |block| self.blocks[block].base);
        Place {
            domain: column.domain,
            base,
        }
    }

    fn share_row(&self, place: &order::Place, measure: &Measure, percent: Percent) -> Row {
        let part = if place.net {
            RowPart::Net
        } else {
            RowPart::Level
        };
        let percent = share_percent(percent);
        let mut row = self.row(
            part,
            Some(place.name.clone()),
            Statistic::Proportion,
            measure,
            percent,
        );
        row.indented = place.indented;
        row
    }

    /// How many gave no answer of a kind, without a share.
    fn missing_row(&self, name: &str, measure: &Measure) -> Row {
        let cell = |column: &Column| {
            let of = measure.domains[column.domain];
            Cell {
                n: of.count,
                weighted_n: of.y,
                count: Some(of.count),
                weighted_count: Some(of.y),
                note: "no answer: left out of the shares".to_owned(),
                ..Cell::default()
            }
        };
        Row {
            part: RowPart::Missing,
            level: Some(name.to_owned()),
            statistic: Statistic::Proportion,
            indented: false,
            sum_of: Vec::new(),
            of: None,
            cells: self.columns.iter().map(cell).collect(),
            differences: Vec::new(),
        }
    }

    /// A row of cells, compared and marked.
    pub(super) fn row(
        &self,
        part: RowPart,
        level: Option<String>,
        statistic: Statistic,
        measure: &Measure,
        percent: Percent,
    ) -> Row {
        let options = &self.request.options;
        let share = |domain: usize| {
            let (base, of) = (measure.base.domains[domain], measure.domains[domain]);
            (measure.quantity.is_share() && base.weight > 0.0).then(|| of.y / base.weight)
        };
        let total = share(0).filter(|total| *total > 0.0);
        let cell = |column: &Column| {
            let mut cell = self.estimator.cell(measure, self.place(column), percent);
            let base = measure.base.domains[column.domain];
            let least = (base.n as f64).min(base.effective());
            cell.small_base = least < options.flag_base;
            cell.untested = least < options.least_base;
            cell.index = share(column.domain)
                .zip(total)
                .map(|(own, total)| 100.0 * own / total);
            cell
        };
        let mut row = Row {
            part,
            level,
            statistic,
            indented: false,
            sum_of: Vec::new(),
            of: None,
            cells: self.columns.iter().map(cell).collect(),
            differences: Vec::new(),
        };
        // effective bases are of respondents, and answers have none
        let tested = match options.test {
            Test::None => false,
            Test::Kish | Test::Frequencies => measure.quantity != Quantity::ShareOfAnswers,
            Test::Design => true,
        };
        if tested {
            row.differences = self.differences(measure, &row);
            mark(&mut row, &self.columns, options.alpha);
        }
        row
    }

    /// What is compared, a family a block.
    fn differences(&self, measure: &Measure, row: &Row) -> Vec<Difference> {
        let mut all = Vec::new();
        for block in self.blocks.iter() {
            let tested =
                |at: &usize| self.columns[*at].letter.is_some() && !row.cells[*at].untested;
            let columns: Vec<usize> = block.columns.clone().filter(tested).collect();
            let family = self.comparisons(&columns).into_iter().map(|(a, b)| {
                let groups = self.groups(block, a, b);
                self.tester.difference(measure, (a, b), groups)
            });
            all.extend(family);
        }
        adjust_families(&mut all, &self.columns, &self.request.options);
        all
    }

    /// The columns that share a spread: those beside a column within the same outer one. Of answers of a set, and where a
    /// column is compared with what is no column, it is that of the two.
    fn beside(&self, block: &Block, a: usize, b: Other) -> Vec<usize> {
        let outer = self.columns[a].outer();
        let columns = block.columns.clone().filter(|at| {
            let column = &self.columns[*at];
            !column.net && column.outer() == outer
        });
        match b {
            _ if self.tester.test != Test::Frequencies => Vec::new(),
            Other::Column(_) if !block.overlapping && !self.columns[a].net => {
                columns.map(|at| self.columns[at].domain).collect()
            }
            _ => Vec::new(),
        }
    }

    fn comparisons(&self, columns: &[usize]) -> Vec<(usize, Other)> {
        let outer = |at: &usize| self.columns[*at].outer();
        let together = columns.chunk_by(|a, b| outer(a) == outer(b));
        match &self.request.options.against {
            Against::Rest => columns.iter().map(|a| (*a, Other::Rest)).collect(),
            Against::Total => columns.iter().map(|a| (*a, Other::Total)).collect(),
            Against::Pairs => {
                let pairs = |columns: &[usize]| {
                    let pair = |at: usize| {
                        let later = columns[at + 1..].iter();
                        later
                            .map(|b| (columns[at], Other::Column(*b)))
                            .collect::<Vec<_>>()
                    };
                    (0..columns.len()).flat_map(pair).collect::<Vec<_>>()
                };
                together.flat_map(pairs).collect()
            }
            Against::Previous => {
                let pairs = |columns: &[usize]| {
                    let next = columns
                        .windows(2)
                        .map(|pair| (pair[1], Other::Column(pair[0])));
                    next.collect::<Vec<_>>()
                };
                together.flat_map(pairs).collect()
            }
            Against::Column(name) => {
                let named = |at: &usize| {
                    let column = &self.columns[*at];
                    column.name == *name || column.parts.last() == Some(name)
                };
                let pairs = |columns: &[usize]| {
                    let Some(one) = columns.iter().find(|at| named(at)) else {
                        return Vec::new();
                    };
                    let others = columns.iter().filter(|at| *at != one);
                    others
                        .map(|at| (*at, Other::Column(*one)))
                        .collect::<Vec<_>>()
                };
                together.flat_map(pairs).collect()
            }
        }
    }

    fn groups(&self, block: &Block, a: usize, b: Other) -> Groups {
        let domain = |at: usize| self.columns[at].domain;
        match b {
            Other::Column(at) => Groups {
                a: Group::Domain(domain(a)),
                b: Group::Domain(domain(at)),
                shared: block.shared(a, at),
                beside: self.beside(block, a, b),
            },
            Other::Rest => Groups {
                a: Group::Domain(domain(a)),
                b: Group::Less(0, domain(a)),
                shared: None,
                beside: Vec::new(),
            },
            Other::Total => Groups {
                a: Group::Domain(domain(a)),
                b: Group::Domain(0),
                shared: Some(domain(a)),
                beside: Vec::new(),
            },
        }
    }

    /// Whether the answers differ by the columns of each block at all.
    fn add_tests(&self, table: &mut Table, tally: &LevelTally, levels: &[usize]) {
        if self.request.options.test == Test::None {
            return;
        }
        let df = self.sampling.df_of(0, 0, None);
        for (at, block) in self
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| !block.overlapping)
        {
            let columns = block
                .columns
                .clone()
                .filter(|column| !self.columns[*column].net);
            let domains: Vec<usize> = columns.map(|column| self.columns[column].domain).collect();
            match independence(self.sampling, tally, levels, &domains, df) {
                Ok(test) => table.tests.push((at, test)),
                Err(Untested::Wide(contrasts)) => table.too_wide.push((at, contrasts)),
                Err(Untested::Nothing) => {}
            }
        }
    }
}

/// Levels that a plan has and the file hasn't, and the other way round.
fn plan_notes(variable: &str, levels: &Levels) -> Vec<String> {
    let new = || levels.new.iter().map(String::as_str);
    let mut notes = Vec::new();
    for name in &levels.gone {
        let hint = match nearest(name, new()) {
            Some(near) => format!("; is it {near}?"),
            None => String::new(),
        };
        notes.push(format!("{variable}: nobody has {name}{hint}"));
    }
    if !levels.new.is_empty() {
        notes.push(format!("{variable}: new is {}", levels.new.join(", ")));
    }
    let names = levels.names.iter().map(String::as_str);
    notes.extend(look_alike_warnings(variable, names));
    notes
}

/// What a share of single answers is a share of: answers and respondents are the same there.
fn share_percent(percent: Percent) -> Percent {
    match percent {
        Percent::Responses => Percent::Column,
        other => other,
    }
}
