//! One pass over the file: the design is added up as for any estimate, and what is asked of each respondent is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::columns::{ColumnKind, ColumnRequest, Entries, LevelsInFile, SampleColumn};
use super::{Calibration, Sample};
use crate::frames::look_alike_warnings;
use crate::survey::design::{Design, Replication};
use crate::survey::estimate::{
    Calibrated, Error, Filter, check_replicate_columns, design_columns, design_notes,
    implied_weights, literal_warnings, resolved,
};
use crate::survey::expr::{Bound, Output, OutputKind, TRUE, bind};
use crate::survey::microdata::{Batch, Column, Source, Value};
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
    /// Rows of the batch that lie in the subpopulation.
    rows: Vec<u32>,
    weights: Vec<f64>,
    replicates: Vec<Vec<f64>>,
    columns: Vec<PartColumn>,
}

enum PartColumn {
    Numbers(Vec<f64>),
    Levels(Vec<u32>, Arc<Vec<Value>>),
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
        let mut sample = Sample::from_sums(design, mode, sums, &plan)?;
        sample
            .warnings
            .extend(literal_warnings(&plan.literals, &sample.sums.literals));
        if let Some(filter) = &request.filter
            && sample.sums.rows.all > 0
            && parts.iter().all(|part| part.rows.is_empty())
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
    fn from_sums(design: Design, mode: Mode, sums: Sums, plan: &Plan) -> Result<Sample<'r>, Error> {
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
        let (warnings, notes) = design_notes(&sums, &design);
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
        units.iter().map(|unit| place[*unit as usize]).collect()
    }

    /// Takes in what was kept of the batches, without those of weight 0.
    fn take(
        &mut self,
        parts: Vec<Part>,
        unit_of_row: &[u32],
        columns: &DesignColumns,
        operands: &[Operand],
        request: &SampleRequest,
    ) {
        let count = columns.replicates.len();
        self.replicates = vec![Vec::new(); count];
        let mut numbers: Vec<Vec<f64>> = vec![Vec::new(); operands.len()];
        let mut levels: Vec<LevelsInFile> = operands
            .iter()
            .map(|operand| LevelsInFile::new(&operand.bound))
            .collect();
        for part in parts {
            let unit = |row: &u32| unit_of_row[part.first_row as usize + *row as usize];
            let weight = |at: usize| match columns.weights {
                Weights::Implied(_) => 1.0 / self.units.inclusion(unit(&part.rows[at])),
                _ => part.weights[at],
            };
            let kept: Vec<usize> = (0..part.rows.len())
                .filter(|at| weight(*at) > 0.0)
                .collect();
            let weights: Vec<f64> = kept.iter().map(|at| weight(*at)).collect();
            for (to, from) in self.replicates.iter_mut().zip(&part.replicates) {
                let factor = |at: usize| match columns.combined {
                    true => 1.0,
                    false => weight(at),
                };
                to.extend(kept.iter().map(|at| from[*at] * factor(*at)));
            }
            self.weight.extend(weights);
            let row = |at: &usize| part.first_row + u64::from(part.rows[*at]);
            self.file_row.extend(kept.iter().map(row));
            self.unit
                .extend(kept.iter().map(|at| unit(&part.rows[*at])));
            for (at, column) in part.columns.into_iter().enumerate() {
                match column {
                    PartColumn::Numbers(from) => {
                        numbers[at].extend(kept.iter().map(|row| from[*row]));
                    }
                    PartColumn::Levels(codes, values) => {
                        let codes: Vec<u32> = kept.iter().map(|row| codes[*row]).collect();
                        levels[at].add(&codes, &values);
                    }
                }
            }
        }
        self.scale_weights();
        let entries = numbers.into_iter().zip(levels);
        let columns = request.columns.iter().zip(entries);
        self.columns = columns
            .map(|(asked, (numbers, levels))| SampleColumn {
                text: asked.text.clone(),
                entries: match asked.kind {
                    ColumnKind::Numbers => Entries::Numbers(numbers),
                    ColumnKind::Levels => levels.finish(),
                },
            })
            .collect();
    }
}

impl Part {
    fn new(plan: &Plan, operands: &[Operand], batch: &Batch) -> Part {
        let inside = plan
            .condition
            .as_ref()
            .map(|condition| condition.run(batch));
        let rows: Vec<u32> = match inside {
            Some(Output::Truth(truth)) => (0..batch.rows as u32)
                .filter(|row| truth[*row as usize] == TRUE)
                .collect(),
            _ => (0..batch.rows as u32).collect(),
        };
        let chosen = |numbers: &[f64]| -> Vec<f64> {
            rows.iter().map(|row| numbers[*row as usize]).collect()
        };
        let first = batch.first_row as usize;
        let weights = match &plan.design.weights {
            Weights::Column(at) => chosen(numbers(batch, *at)),
            Weights::Expression(operand) => chosen(&operand.numbers(batch)),
            Weights::PerRow(all) => chosen(all.get(first..first + batch.rows).unwrap_or_default()),
            _ => vec![1.0; rows.len()],
        };
        let of_column = |operand: &Operand| match operand.run(batch) {
            output @ (Output::Codes(_) | Output::Truth(_)) if operand.bound.has_codes() => {
                let coded = codes_of(output);
                let codes = rows.iter().map(|row| coded.codes.get(*row as usize));
                PartColumn::Levels(codes.collect(), Arc::clone(&coded.values))
            }
            output => PartColumn::Numbers(chosen(&numbers_of(output))),
        };
        let replicates = plan.design.replicates.iter();
        Part {
            first_row: batch.first_row,
            weights,
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
