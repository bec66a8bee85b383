//! Respondents from sums that were made elsewhere: shares by groups hold all that a model of groups needs.

use super::columns::ColumnRequest;
use super::{Multiplicity, Sample, SampleRequest};
use crate::survey::design::Design;
use crate::survey::estimate::{Error, Filter, SurveyEstimates};
use crate::survey::expr::{Node, Verb};
use crate::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Value, Variable};
use crate::survey::sums::{ItemSums, Mode};

/// The groups and the answers in sums as a table: a row a cell and answer that somebody gave.
///
/// `opine sums poll.csv 'prop(q1)' --by party,sex` adds weights up by unit, party, sex and answer: the patterns of a model of
/// q1 by party and sex, with what its variance needs. Nothing else is asked of the respondents.
pub struct SumsAsRows {
    pub estimates: SurveyEstimates,
    pub memory: Memory,
    /// The item whose answers these are.
    item: usize,
    /// Cell and answer of each row.
    rows: Vec<(usize, usize)>,
}

impl SumsAsRows {
    /// The shares among the items of the sums whose variable is named.
    ///
    /// # Errors
    /// Sums without the shares of any of these variables.
    pub fn new(estimates: SurveyEstimates, names: &[&str]) -> Result<SumsAsRows, Error> {
        let variable = |at: usize| {
            let item = estimates.request.items.get(at)?;
            match item.terms.first().map(|term| &term.statistic) {
                Some(Verb::Prop(argument)) => match &argument.node {
                    Node::Name(name) if item.is_plain() => Some(name.clone()),
                    _ => None,
                },
                _ => None,
            }
        };
        let known: Vec<(usize, String)> = (0..estimates.sums.items.len())
            .filter_map(|at| Some((at, variable(at)?)))
            .collect();
        let found = known
            .iter()
            .find(|(_, name)| names.contains(&name.as_str()));
        let Some((item, name)) = found.cloned() else {
            let shares: Vec<&str> = known.iter().map(|(_, name)| name.as_str()).collect();
            return Err(Error::Request(format!(
                "these sums hold no shares of {}; they have those of {}: opine sums FILE 'prop({})' --by … makes them",
                names.join(", "),
                if shares.is_empty() {
                    "none".to_owned()
                } else {
                    shares.join(", ")
                },
                names.first().unwrap_or(&"q")
            )));
        };
        let Some(ItemSums::Levels(levels)) = estimates.sums.items.get(item) else {
            return Err(Error::Request("these sums are of other items".to_owned()));
        };
        let width = levels.levels.len();
        let cells = 0..estimates.sums.cells.len();
        let pairs = cells.flat_map(|cell| (0..width).map(move |level| (cell, level)));
        let weighted =
            |(cell, level): &(usize, usize)| levels.weight[cell * width + level].value() > 0.0;
        let rows: Vec<(usize, usize)> = pairs.filter(weighted).collect();
        let mut variables = Vec::new();
        let mut columns = Vec::new();
        let domain = |cell: usize| estimates.sums.cells[cell].domain as usize;
        for (at, group) in estimates.request.by.iter().enumerate() {
            let own = match &group.expr.node {
                Node::Name(name) => estimates.codebook.variable(name).ok().cloned(),
                _ => None,
            };
            let values = rows
                .iter()
                .map(|(cell, _)| &estimates.sums.domains[domain(*cell)][at]);
            let (variable, column) = held(own, &group.name, values.collect());
            variables.push(variable);
            columns.push(column);
        }
        let values = rows.iter().map(|(_, level)| &levels.levels[*level]);
        let own = estimates.codebook.variable(&name).ok().cloned();
        let (variable, column) = held(own, &name, values.collect());
        variables.push(variable);
        columns.push(column);
        let codebook = Codebook {
            variables,
            ..Codebook::default()
        };
        Ok(SumsAsRows {
            memory: Memory::new(codebook, columns)?,
            estimates,
            item,
            rows,
        })
    }

    /// The respondents behind these rows, by their weights.
    ///
    /// # Errors
    /// Names that are no groups and no answers of the sums.
    pub fn sample(
        &self,
        columns: Vec<ColumnRequest>,
        filter: Option<Filter>,
    ) -> Result<Sample<'static>, Error> {
        let request = SampleRequest {
            filter,
            weights: None,
            keeps_rows: true,
        };
        let mut sample = Sample::read(&self.memory, &Design::default(), columns, &request)?;
        let from = &self.estimates;
        let Some(ItemSums::Levels(levels)) = from.sums.items.get(self.item) else {
            return Err(Error::Request("these sums are of other items".to_owned()));
        };
        let places: Vec<u32> = match from.mode {
            Mode::Units | Mode::Rows => from.sums.last_stage(&from.units),
            Mode::Elements => from.sums.units.iter().map(|unit| unit.stratum).collect(),
            Mode::Replicates => vec![0; from.sums.units.len().max(1)],
        };
        let width = levels.levels.len();
        let mut multiplicity = Multiplicity::default();
        let mut counted = vec![false; from.sums.domains.len() * width];
        for (at, row) in sample.file_row.iter().enumerate() {
            let (cell, level) = self.rows[*row as usize];
            let tally = from.sums.cells[cell];
            sample.unit[at] = places[tally.unit as usize];
            let weight = levels.weight[cell * width + level].tidy();
            sample.weight[at] = weight.high;
            multiplicity.beyond.push(weight.low);
            let square = levels.square.get(cell * width + level);
            multiplicity
                .square
                .push(square.copied().unwrap_or_default());
            // how many there are is known by domain, not by cell
            let place = tally.domain as usize * width + level;
            let first = !std::mem::replace(&mut counted[place], true);
            let n = levels.count.get(place).copied().unwrap_or(0);
            multiplicity.n.push(if first { n } else { 0 });
        }
        sample.replicates = levels
            .replicates
            .iter()
            .map(|sums| {
                let rows = sample.file_row.iter().map(|row| self.rows[*row as usize]);
                rows.map(|(cell, level)| {
                    let domain = from.sums.cells[cell].domain as usize;
                    sums[domain * width + level].value()
                })
                .collect()
            })
            .collect();
        sample.multiplicity = Some(multiplicity);
        sample.design = from.design.clone();
        sample.units = from.units.clone();
        sample.mode = from.mode;
        sample.replication = from.replication.clone();
        sample.df = from.df.unwrap_or(f64::INFINITY);
        sample.without_weight = from.sums.rows.without_weight;
        sample.warnings = from.warnings.clone();
        sample.notes = from.notes.clone();
        sample.scale_weights();
        Ok(sample)
    }
}

/// A variable with these values: what the codebook says of it, else numbers or texts as they are.
fn held(own: Option<Variable>, name: &str, values: Vec<&Value>) -> (Variable, MemoryColumn) {
    let numbers = values.iter().all(|value| !matches!(value, Value::Text(_)));
    let kind = if numbers { Kind::Number } else { Kind::Text };
    let mut variable = own.unwrap_or_else(|| Variable::bare(name, kind));
    variable.name = name.to_owned();
    variable.kind = kind;
    let column = match numbers {
        true => MemoryColumn::Numbers(
            values
                .iter()
                .map(|value| match value {
                    Value::Number(number) => *number,
                    _ => f64::NAN,
                })
                .collect(),
        ),
        false => MemoryColumn::from_texts(values.iter().map(|value| match value {
            Value::Null => None,
            value => Some(value.text()),
        })),
    };
    (variable, column)
}
