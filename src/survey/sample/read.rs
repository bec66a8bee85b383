//! One pass over the file: the design is added up as for any estimate, and what is asked of each respondent is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::columns::{ColumnKind, ColumnRequest, Entries, LevelsInFile, SampleColumn};
use super::{Calibration, Sample};
use crate::frames::look_alike_warnings;
use crate::survey::design::{Design, Replication};
use crate::survey::estimate::{
    Calibrated, Error, Filter, check_replicate_columns, design_columns, design_notes,
    implied_weights, literal_warnings, resolved,
};
use crate::survey::expr::{Bound, Output, OutputKind, TRUE, bind};
use crate::survey::microdata::{Batch, Codes, Column, Source, Value};
use crate::survey::sums::{
    DesignColumns, Mode, Operand, Plan, Requests, Sums, Weights, codes_of, numbers_of, scan_with,
};

/// What is to be known of the respondents, and of which.
pub struct SampleRequest<'r> {
    pub columns: Vec<ColumnRequest>,
    pub filter: Option<Filter>,
    /// In the place of the weights of the design.
    pub weights: Option<&'r Calibrated<'r>>,
}

/// What was kept of a batch.
struct Part {
    first_row: u64,
    /// How many lie in the subpopulation.
    inside: usize,
    /// Those of them with a weight above 0, by their row in the batch.
    rows: Vec<u32>,
    weights: Vec<f64>,
    replicates: Vec<Vec<f64>>,
    columns: Vec<PartColumn>,
}

enum PartColumn {
    Numbers(Vec<f64>),
    Levels(Codes, Arc<Vec<Value>>),
}

impl<'r> Sample<'r> {
    /// Reads the respondents with a weight that lie in the subpopulation.
    ///
    /// # Errors
    /// Names and types that don't fit the file, a design that can't be, a file that can't be read.
    pub fn read(
        source: &dyn Source,
        design: &Design,
        request: &SampleRequest<'r>,
    ) -> Result<Sample<'r>, Error> {
        design.check()?;
        let codebook = source.codebook();
        let design = resolved(design, codebook)?;
        let residuals = request.weights.and_then(|new| new.residuals);
        let weights = match &request.weights {
            Some(new) => Some(Weights::PerRow(new.weights.clone())),
            None => implied_weights(source, &design)?,
        };
        let mut requests = Requests::default();
        let design_columns = design_columns(&design, codebook, weights, &mut requests)?;
        let mut operand = |text: &str, expr, kind| -> Result<Operand, Error> {
            let bound: Bound = bind(expr, codebook, kind)
                .map_err(|error| Error::Expression(error.within(text)))?;
            Ok(requests.operand(text, bound))
        };
        let mut operands = Vec::new();
        for column in &request.columns {
            let kind = match column.kind {
                ColumnKind::Numbers => OutputKind::Numbers,
                ColumnKind::Levels => OutputKind::Codes,
            };
            operands.push(operand(&column.text, &column.expr, kind)?);
        }
        let condition = match &request.filter {
            Some(filter) => Some(operand(&filter.text, &filter.expr, OutputKind::Condition)?),
            None => None,
        };
        let mode = Mode::new(&design, residuals.is_some());
        let plan = Plan {
            requests: requests.all,
            design: design_columns,
            by: Vec::new(),
            condition,
            items: Vec::new(),
            mode,
            rank: mode == Mode::Replicates && design.df.is_none(),
            drop_incomplete: false,
            keep_places: true,
            domain_limit: None,
            item_filters: HashMap::new(),
            literals: requests.literals,
        };
        let parts: Mutex<Vec<Part>> = Mutex::default();
        let sums = scan_with(source, &plan, &|batch| {
            let part = Part::new(&plan, &operands, batch);
            if let Ok(mut parts) = parts.lock() {
                parts.push(part);
            }
        })?;
        let mut parts = parts.into_inner().unwrap_or_default();
        parts.sort_by_key(|part| part.first_row);
        let mut sample = Sample::from_sums(design, mode, sums, &plan, request)?;
        sample
            .warnings
            .extend(literal_warnings(&plan.literals, &sample.sums.literals));
        if let Some(filter) = &request.filter
            && sample.sums.rows.all > 0
            && parts.iter().all(|part| part.inside == 0)
        {
            sample
                .warnings
                .push(format!("--where {}: nobody", filter.text));
        }
        let unit_of_row = sample.unit_of_row();
        sample.take(parts, &unit_of_row, &plan.design, &operands, request);
        for column in &sample.columns {
            let names = column.names().iter().map(String::as_str);
            let alike = look_alike_warnings(&column.text, names);
            sample.warnings.extend(alike);
        }
        sample.calibration = residuals.map(|residuals| Calibration {
            residuals,
            unit_of_row: Arc::new(unit_of_row),
        });
        Ok(sample)
    }

    /// The design of the file, nobody in it yet.
    fn from_sums(
        design: Design,
        mode: Mode,
        sums: Sums,
        plan: &Plan,
        request: &SampleRequest,
    ) -> Result<Sample<'r>, Error> {
        let units = sums.sampled(&design, mode)?;
        units.check_lonely(design.lonely)?;
        let mut replication = None;
        if let Some(declared) = &design.replicates {
            let names = plan.design.replicates.iter();
            let names: Vec<&str> = names
                .map(|at| {
                    plan.requests
                        .get(*at)
                        .map_or("", |request| request.name.as_str())
                })
                .collect();
            let totals = (sums.rows.all, sums.weight.value());
            check_replicate_columns(declared, &design, &names, &sums.replicate_columns, totals)?;
            replication = Some(Replication::new(declared, names.len())?);
        }
        let df = match (&replication, design.df) {
            (_, Some(df)) => df,
            (None, None) => units.df(),
            (Some(_), None) => sums.sketch.rank() as f64 - 1.0,
        };
        let condition = request.filter.as_ref().map(|of| of.text.as_str());
        let (warnings, notes) = design_notes(&sums, &design, condition);
        Ok(Sample {
            design,
            units,
            mode,
            replication,
            df,
            sums,
            file_row: Vec::new(),
            unit: Vec::new(),
            weight: Vec::new(),
            scale: 1.0,
            replicates: Vec::new(),
            columns: Vec::new(),
            warnings,
            notes,
            calibration: None,
            multiplicity: None,
        })
    }

    /// The unit of the last stage of every row of the file; its stratum where rows are the units.
    fn unit_of_row(&self) -> Vec<u32> {
        let place: Vec<u32> = match self.mode {
            Mode::Units | Mode::Rows => self.sums.last_stage(&self.units),
            Mode::Elements => self.sums.units.iter().map(|unit| unit.stratum).collect(),
            Mode::Replicates => vec![0; self.sums.units.len().max(1)],
        };
        let units = self.sums.unit_of_row();
        units.into_iter().map(|unit| place[unit as usize]).collect()
    }

    /// Takes in what was kept of the batches.
    fn take(
        &mut self,
        parts: Vec<Part>,
        unit_of_row: &[u32],
        columns: &DesignColumns,
        operands: &[Operand],
        request: &SampleRequest,
    ) {
        let count: usize = parts.iter().map(|part| part.rows.len()).sum();
        self.weight.reserve(count);
        self.file_row.reserve(count);
        self.unit.reserve(count);
        self.replicates = vec![Vec::with_capacity(count); columns.replicates.len()];
        let mut entries: Vec<Vec<PartColumn>> = operands.iter().map(|_| Vec::new()).collect();
        for part in parts {
            let first = self.weight.len();
            let rows = part.rows.iter().map(|row| part.first_row + u64::from(*row));
            self.file_row.extend(rows);
            let units = &unit_of_row[part.first_row as usize..];
            self.unit
                .extend(part.rows.iter().map(|row| units[*row as usize]));
            match columns.weights {
                Weights::Implied(_) => {
                    let own = self.unit[first..].iter();
                    self.weight
                        .extend(own.map(|unit| 1.0 / self.units.inclusion(*unit)));
                }
                _ => self.weight.extend(part.weights),
            }
            let weights = &self.weight[first..];
            for (to, from) in self.replicates.iter_mut().zip(part.replicates) {
                match columns.combined {
                    true => to.extend(from),
                    false => to.extend(from.iter().zip(weights).map(|(factor, w)| factor * w)),
                }
            }
            for (to, column) in entries.iter_mut().zip(part.columns) {
                to.push(column);
            }
        }
        self.scale_weights();
        let each = request.columns.par_iter().zip(operands).zip(entries);
        self.columns = each
            .map(|((asked, operand), parts)| SampleColumn {
                text: asked.text.clone(),
                entries: joined(asked.kind, operand, parts),
            })
            .collect();
    }
}

/// The entries of a column from those of the batches.
fn joined(kind: ColumnKind, operand: &Operand, parts: Vec<PartColumn>) -> Entries {
    if kind == ColumnKind::Numbers {
        let numbers = parts.into_iter().filter_map(|part| match part {
            PartColumn::Numbers(numbers) => Some(numbers),
            PartColumn::Levels(..) => None,
        });
        return Entries::Numbers(numbers.collect::<Vec<Vec<f64>>>().concat());
    }
    let mut levels = LevelsInFile::new(&operand.bound);
    let batches = parts.into_iter().filter_map(|part| match part {
        PartColumn::Levels(codes, values) => Some((codes, levels.translate(&values))),
        PartColumn::Numbers(_) => None,
    });
    let batches: Vec<(Codes, Vec<u32>)> = batches.collect();
    levels.finish(&batches)
}

impl Part {
    fn new(plan: &Plan, operands: &[Operand], batch: &Batch) -> Part {
        let inside = plan
            .condition
            .as_ref()
            .map(|condition| condition.run(batch));
        let mut rows: Vec<u32> = match inside {
            Some(Output::Truth(truth)) => (0..batch.rows as u32)
                .filter(|row| truth[*row as usize] == TRUE)
                .collect(),
            _ => (0..batch.rows as u32).collect(),
        };
        let inside = rows.len();
        let first = batch.first_row as usize;
        let expression;
        let weights: Option<&[f64]> = match &plan.design.weights {
            Weights::Column(at) => Some(numbers(batch, *at)),
            Weights::Expression(operand) => {
                expression = operand.numbers(batch);
                Some(&expression)
            }
            Weights::PerRow(all) => Some(all.get(first..first + batch.rows).unwrap_or_default()),
            _ => None,
        };
        if let Some(weights) = weights {
            rows.retain(|row| weights[*row as usize] > 0.0);
        }
        let is_all = rows.len() == batch.rows;
        let chosen = |numbers: &[f64]| -> Vec<f64> {
            match is_all {
                true => numbers.to_vec(),
                false => rows.iter().map(|row| numbers[*row as usize]).collect(),
            }
        };
        let chosen_codes = |codes: &Codes| match (codes, is_all) {
            (codes, true) => codes.clone(),
            (Codes::Narrow(codes), false) => {
                Codes::Narrow(rows.iter().map(|row| codes[*row as usize]).collect())
            }
            (Codes::Wide(codes), false) => {
                Codes::Wide(rows.iter().map(|row| codes[*row as usize]).collect())
            }
        };
        let of_column = |operand: &Operand| match operand.run(batch) {
            output @ (Output::Codes(_) | Output::Truth(_)) if operand.bound.has_codes() => {
                let coded = codes_of(output);
                PartColumn::Levels(chosen_codes(&coded.codes), Arc::clone(&coded.values))
            }
            output => PartColumn::Numbers(chosen(&numbers_of(output))),
        };
        let replicates = plan.design.replicates.iter();
        Part {
            first_row: batch.first_row,
            inside,
            weights: weights.map_or_else(|| vec![1.0; rows.len()], chosen),
            replicates: replicates.map(|at| chosen(numbers(batch, *at))).collect(),
            columns: operands.iter().map(of_column).collect(),
            rows,
        }
    }
}

fn numbers(batch: &Batch, at: usize) -> &[f64] {
    match batch.columns.get(at) {
        Some(Column::Numbers(numbers)) => numbers,
        _ => &[],
    }
}
