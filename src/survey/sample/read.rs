//! Respondents from a file: what is asked for is bound to its columns, and what one pass keeps becomes samples.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::cells::Cells;
use super::columns::{ColumnKind, ColumnRequest, Entries, LevelsInFile, SampleColumn};
use super::pass::{Kept, Part, PartColumn, Pass, RequestedColumn};
use super::{Calibration, Multiplicity, Sample};
use crate::frames::look_alike_warnings;
use crate::statistics::special::Sum;
use crate::survey::design::{Design, Replication};
use crate::survey::estimate::{
    Calibrated, Error, Filter, check_replicate_columns, design_columns, design_notes,
    implied_weights, literal_warnings, resolved,
};
use crate::survey::expr::{Bound, OutputKind, bind};
use crate::survey::microdata::{Codes, Source};
use crate::survey::sums::{DesignColumns, Mode, Operand, Plan, Requests, Sums, Weights};

/// Of whom something is to be known, and how it is kept.
pub struct SampleRequest<'r> {
    pub filter: Option<Filter>,
    /// In the place of the weights of the design.
    pub weights: Option<&'r Calibrated<'r>>,
    /// Each respondent stays a row; else those who are alike are added up where these are many.
    pub keeps_rows: bool,
}

impl<'r> Sample<'r> {
    /// Reads the respondents with a weight that lie in the subpopulation, with these columns.
    ///
    /// # Errors
    /// Names and types that don't fit the file, a design that can't be, a file that can't be read.
    pub fn read(
        source: &dyn Source,
        design: &Design,
        columns: Vec<ColumnRequest>,
        request: &SampleRequest<'r>,
    ) -> Result<Sample<'r>, Error> {
        let mut samples = Sample::read_each(source, design, &[columns], request)?;
        samples
            .pop()
            .ok_or_else(|| Error::Request("no columns are asked for".to_owned()))
    }

    /// The same of several sets of columns in one pass, a sample each.
    ///
    /// # Errors
    /// As [`Sample::read`].
    pub fn read_each(
        source: &dyn Source,
        design: &Design,
        sets: &[Vec<ColumnRequest>],
        request: &SampleRequest<'r>,
    ) -> Result<Vec<Sample<'r>>, Error> {
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
        let mut requested: Vec<Vec<RequestedColumn>> = Vec::new();
        for set in sets {
            let mut own = Vec::new();
            for request in set {
                let kind = match request.kind {
                    ColumnKind::Numbers => OutputKind::Numbers,
                    ColumnKind::Levels => OutputKind::Codes,
                };
                let operand = operand(&request.text, &request.expr, kind)?;
                own.push(RequestedColumn { request, operand });
            }
            requested.push(own);
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
        let (mut sums, kept) = Pass::scanned(source, &plan, &requested, request.keeps_rows)?;
        let condition = request.filter.as_ref().map(|filter| filter.text.as_str());
        let mut blank = Sample::from_sums(design, mode, &sums, &plan, condition)?;
        blank
            .warnings
            .extend(literal_warnings(&plan.literals, &sums.literals));
        if let Some(filter) = &request.filter
            && sums.rows.all > 0
            && kept.parts.iter().all(|part| part.inside == 0)
        {
            blank
                .warnings
                .push(format!("--where {}: nobody", filter.text));
        }
        let unit_of_row = blank.unit_of_row(&mut sums);
        let mut samples = blank.filled(kept, &unit_of_row, &plan.design, &requested);
        let unit_of_row = Arc::new(unit_of_row);
        for sample in &mut samples {
            for column in &sample.columns {
                let names = column.names().iter().map(String::as_str);
                let alike = look_alike_warnings(&column.text, names);
                sample.warnings.extend(alike);
            }
            sample.calibration = residuals.map(|residuals| Calibration {
                residuals,
                unit_of_row: Arc::clone(&unit_of_row),
            });
        }
        Ok(samples)
    }

    /// The design of the file, nobody in it yet.
    fn from_sums(
        design: Design,
        mode: Mode,
        sums: &Sums,
        plan: &Plan,
        condition: Option<&str>,
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
        let (warnings, notes) = design_notes(sums, &design, condition);
        Ok(Sample {
            design,
            units,
            mode,
            replication,
            df,
            without_weight: sums.rows.without_weight,
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
    fn unit_of_row(&self, sums: &mut Sums) -> Vec<u32> {
        let place: Vec<u32> = match self.mode {
            Mode::Units | Mode::Rows => sums.last_stage(&self.units),
            Mode::Elements => sums.units.iter().map(|unit| unit.stratum).collect(),
            Mode::Replicates => vec![0; sums.units.len().max(1)],
        };
        let mut units = sums.unit_of_row();
        sums.places = Vec::new();
        units
            .iter_mut()
            .for_each(|unit| *unit = place[*unit as usize]);
        units
    }

    /// A sample for each set, of what was kept.
    fn filled(
        self,
        kept: Kept,
        unit_of_row: &[u32],
        columns: &DesignColumns,
        requested: &[Vec<RequestedColumn>],
    ) -> Vec<Sample<'r>> {
        let Kept { mut parts, cells } = kept;
        let mut entries = Vec::new();
        for (at, requested) in requested.iter().enumerate() {
            let mut own: Vec<Vec<PartColumn>> = requested.iter().map(|_| Vec::new()).collect();
            for part in &mut parts {
                let columns = part.columns.get_mut(at).map(std::mem::take);
                for (to, column) in own.iter_mut().zip(columns.unwrap_or_default()) {
                    to.push(column);
                }
            }
            entries.push(own);
        }
        let of_rows = self.clone().with_rows(parts, unit_of_row, columns);
        let mut left = cells.iter().filter(|cells| cells.is_none()).count();
        let mut of_rows = Some(of_rows);
        let mut samples = Vec::new();
        for ((cells, requested), entries) in cells.into_iter().zip(requested).zip(entries) {
            let (mut sample, entries) = match cells {
                Some(cells) => self.clone().with_cells(&cells, unit_of_row, requested),
                None => {
                    left -= 1;
                    // the last one takes the rows, of which there is no other copy
                    let sample = if left == 0 {
                        of_rows.take()
                    } else {
                        of_rows.clone()
                    };
                    let each = requested.par_iter().zip(entries);
                    let entries = each
                        .map(|(requested, parts)| joined(requested, parts))
                        .collect();
                    (sample.unwrap_or_else(|| self.clone()), entries)
                }
            };
            let texts = requested
                .iter()
                .map(|requested| requested.request.text.clone());
            let columns = texts.zip::<Vec<Entries>>(entries);
            sample.columns = columns
                .map(|(text, entries)| SampleColumn { text, entries })
                .collect();
            sample.scale_weights();
            samples.push(sample);
        }
        samples
    }

    /// Respondents one by one.
    fn with_rows(mut self, parts: Vec<Part>, unit_of_row: &[u32], columns: &DesignColumns) -> Self {
        let count: usize = parts.iter().map(|part| part.rows.len()).sum();
        self.weight.reserve(count);
        self.file_row.reserve(count);
        self.unit.reserve(count);
        let mut replicates: Vec<Vec<Vec<f64>>> = vec![Vec::new(); columns.replicates.len()];
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
            for (to, from) in replicates.iter_mut().zip(part.replicates) {
                to.push(from);
            }
        }
        // a replicate at a time, so that few columns are there twice
        let weight = &self.weight;
        let joined = replicates.into_par_iter().map(|parts| {
            let mut whole = parts.concat();
            if !columns.combined {
                whole
                    .iter_mut()
                    .zip(weight)
                    .for_each(|(factor, w)| *factor *= w);
            }
            whole
        });
        self.replicates = joined.collect();
        self
    }

    /// Respondents added up, and the entries of each column.
    fn with_cells(
        mut self,
        cells: &Cells,
        unit_of_row: &[u32],
        requested: &[RequestedColumn],
    ) -> (Self, Vec<Entries>) {
        let order = cells.in_order();
        let sums = || order.iter().map(|cell| &cells.sums[*cell as usize]);
        let first_row = order.iter().map(|cell| cells.first_row[*cell as usize]);
        self.file_row = first_row.collect();
        let units = self.file_row.iter().map(|row| unit_of_row[*row as usize]);
        self.unit = units.collect();
        let weights = || sums().map(|cell| cell.weight.tidy());
        self.weight = weights().map(|weight| weight.high).collect();
        self.multiplicity = Some(Multiplicity {
            n: sums().map(|cell| cell.n).collect(),
            square: sums().map(|cell| cell.square).collect(),
            beyond: weights().map(|weight| weight.low).collect(),
        });
        let of_replicate = |sums: &Vec<Sum>| {
            let each = order.iter().map(|cell| sums[*cell as usize].value());
            each.collect()
        };
        self.replicates = cells.of_replicates.iter().map(of_replicate).collect();
        let columns: Vec<(ColumnKind, &Operand)> = requested
            .iter()
            .map(|requested| (requested.request.kind, &requested.operand))
            .collect();
        let entries = cells.entries(&order, &columns);
        (self, entries)
    }
}

/// The entries of a column from those of the batches.
fn joined(requested: &RequestedColumn, parts: Vec<PartColumn>) -> Entries {
    if requested.request.kind == ColumnKind::Numbers {
        let numbers = parts.into_iter().filter_map(|part| match part {
            PartColumn::Numbers(numbers) => Some(numbers),
            PartColumn::Levels(..) => None,
        });
        return Entries::Numbers(numbers.collect::<Vec<Vec<f64>>>().concat());
    }
    let mut levels = LevelsInFile::new(&requested.operand.bound);
    let batches = parts.into_iter().filter_map(|part| match part {
        PartColumn::Levels(codes, values) => Some((codes, levels.translate(&values))),
        PartColumn::Numbers(_) => None,
    });
    let batches: Vec<(Codes, Vec<u32>)> = batches.collect();
    levels.finish(&batches)
}
