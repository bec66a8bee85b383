//! What the sums say about the sample: its units in the shape that variances are made from.

use super::plan::Mode;
use super::tally::{Sums, Unit, widen_fpc};
use crate::statistics::special::Sum;
use crate::survey::design::{Design, Error, Stage, Units, WeightCounts};
use crate::survey::microdata::Value;

impl Sums {
    /// The units of the design by stage, with what fpc says of each group.
    ///
    /// # Errors
    /// A missing stratum or PSU, a PSU label in several strata without `nest`, an fpc that can't be.
    pub fn sampled(&self, design: &Design, mode: Mode) -> Result<Units, Error> {
        self.check_weights(design)?;
        if mode == Mode::Replicates {
            return Ok(Units::default());
        }
        self.check_names(design)?;
        let counts = self.fpc_is_counts();
        if mode == Mode::Elements {
            return self.elements(design, counts);
        }
        let mut units = Units {
            strata: self.strata.clone(),
            ..Units::default()
        };
        let depth = match design.rows_are_last_stage() {
            true => design.psu.len() + 1,
            false => design.psu.len().min(design.stages()).max(1),
        };
        let mut groups: Vec<u32> = self.units.iter().map(|unit| unit.stratum).collect();
        let mut group_count = self.strata.len();
        for stage in 0..depth {
            let (built, numbers) = self.stage(design, stage, &groups, group_count, counts)?;
            group_count = built.group.len();
            units.stages.push(built);
            groups = numbers;
        }
        units.weighted = self.weighted_units(&units);
        if !design.nest {
            check_nesting(&units)?;
        }
        Ok(units)
    }

    /// For each unit of the sums the unit of the last stage that it is or lies in.
    pub fn last_stage(&self, units: &Units) -> Vec<u32> {
        let depth = units.stages.len();
        let mut number = 0;
        let mut numbers = Vec::with_capacity(self.units.len());
        for (at, unit) in self.units.iter().enumerate() {
            // units stand in the order of their names, so a new one differs from the one before
            if at > 0 && !same(&self.units[at - 1], unit, depth) {
                number += 1;
            }
            numbers.push(number);
        }
        numbers
    }

    /// Sums of earlier versions do not say what all weights add up to.
    fn check_weights(&self, design: &Design) -> Result<(), Error> {
        let weighted = self.units.iter().any(|unit| unit.weighted > 0);
        design.check_weights(&WeightCounts {
            rows: match self.weight == Sum::ZERO && weighted {
                true => 0,
                false => self.rows.all - self.rows.incomplete.min(self.rows.all),
            },
            missing: self.rows.without_weight,
            negative: self.rows.negative_weight,
            infinite: self.rows.infinite_weight,
            total: self.weight.value(),
        })
    }

    /// A stratum or a unit has to be known.
    fn check_names(&self, design: &Design) -> Result<(), Error> {
        let missing = |column: &String, rows: u64| Error::Missing {
            column: column.clone(),
            rows,
            remedy: "every respondent lies in some stratum and PSU; fill it in, or make those without one a group of their own",
        };
        for (at, column) in design.strata.iter().enumerate() {
            let gone =
                |unit: &&Unit| self.strata[unit.stratum as usize].get(at) == Some(&Value::Null);
            let rows = self.units.iter().filter(gone).map(|unit| unit.rows).sum();
            if rows > 0 {
                return Err(missing(column, rows));
            }
        }
        for (at, column) in design.psu.iter().take(design.stages()).enumerate() {
            let gone = |unit: &&Unit| unit.path.get(at) == Some(&Value::Null);
            let rows = self.units.iter().filter(gone).map(|unit| unit.rows).sum();
            if rows > 0 {
                return Err(missing(column, rows));
            }
        }
        Ok(())
    }

    /// Any value above 1 makes all of them population counts.
    fn fpc_is_counts(&self) -> bool {
        let mut values = self.units.iter().flat_map(|unit| &unit.fpc);
        values.any(|(_, high)| *high > 1.0)
    }

    fn elements(&self, design: &Design, counts: bool) -> Result<Units, Error> {
        let mut stage = Stage {
            sampled: vec![0; self.strata.len()],
            fraction: vec![0.0; self.strata.len()],
            ..Stage::default()
        };
        let mut units = Units {
            strata: self.strata.clone(),
            elements: true,
            weighted: vec![0; self.strata.len()],
            ..Units::default()
        };
        for unit in &self.units {
            stage.sampled[unit.stratum as usize] = unit.rows;
            units.weighted[unit.stratum as usize] = unit.weighted;
        }
        units.stages.push(stage);
        if let Some(column) = design.fpc.first() {
            for unit in &self.units {
                let name = units.group_name(0, unit.stratum);
                let sampled = units.stages[0].sampled[unit.stratum as usize];
                units.stages[0].fraction[unit.stratum as usize] =
                    sampling_fraction(column, &name, unit.fpc.first().copied(), (sampled, counts))?;
            }
        }
        Ok(units)
    }

    /// The units of one stage within their groups, and the number of the unit that each unit of the sums lies in.
    fn stage(
        &self,
        design: &Design,
        at: usize,
        groups: &[u32],
        group_count: usize,
        counts: bool,
    ) -> Result<(Stage, Vec<u32>), Error> {
        let mut stage = Stage {
            sampled: vec![0; group_count],
            fraction: vec![0.0; group_count],
            ..Stage::default()
        };
        let mut numbers = Vec::with_capacity(self.units.len());
        for (row, unit) in self.units.iter().enumerate() {
            if row == 0 || !same(&self.units[row - 1], unit, at + 1) {
                stage.group.push(groups[row]);
                stage
                    .names
                    .push(unit.path.get(at).cloned().unwrap_or(Value::Null));
                stage.sampled[groups[row] as usize] += 1;
            }
            numbers.push(stage.group.len() as u32 - 1);
        }
        if let Some(column) = design.fpc.get(at) {
            let mut found: Vec<Option<(f64, f64)>> = vec![None; group_count];
            for (unit, group) in self.units.iter().zip(groups) {
                let fpc = unit.fpc.get(at).copied().unwrap_or((f64::NAN, f64::NAN));
                widen_fpc(found[*group as usize].get_or_insert(fpc), fpc);
            }
            for (group, range) in found.into_iter().enumerate() {
                let name = self.group_name(groups, group as u32, at);
                let drawn = (stage.sampled[group], counts);
                stage.fraction[group] = sampling_fraction(column, &name, range, drawn)?;
            }
        }
        Ok((stage, numbers))
    }

    fn group_name(&self, groups: &[u32], group: u32, stage: usize) -> String {
        let found = groups.iter().position(|other| *other == group);
        let Some(unit) = found.map(|at| &self.units[at]) else {
            return String::new();
        };
        let stratum = self.strata[unit.stratum as usize].iter();
        let names: Vec<String> = stratum
            .chain(unit.path.iter().take(stage))
            .map(Value::text)
            .collect();
        match names.is_empty() {
            true => "the whole sample".to_owned(),
            false => names.join("/"),
        }
    }

    /// Units of the first stage with a weight, by stratum.
    fn weighted_units(&self, units: &Units) -> Vec<u64> {
        let mut weighted = vec![0; self.strata.len()];
        let mut last = None;
        for (unit, place) in self.units.iter().zip(self.last_stage(units)) {
            let psu = units.first_stage_unit(place);
            // the units of one PSU stand side by side
            if unit.weighted > 0 && last != Some(psu) {
                weighted[unit.stratum as usize] += 1;
                last = Some(psu);
            }
        }
        weighted
    }
}

/// Whether two neighbours lie in the same unit of a stage, counted from 1.
fn same(one: &Unit, next: &Unit, depth: usize) -> bool {
    one.stratum == next.stratum && one.path.iter().take(depth).eq(next.path.iter().take(depth))
}

/// The sampling fraction of a group of which `sampled` units were drawn, from the smallest and largest fpc in it.
///
/// # Errors
/// An fpc that is missing, that differs within the group, or that is below the sample.
pub(crate) fn sampling_fraction(
    column: &str,
    group: &str,
    range: Option<(f64, f64)>,
    (sampled, counts): (u64, bool),
) -> Result<f64, Error> {
    fraction(
        column,
        group,
        constant(column, group, range)?,
        sampled,
        counts,
    )
}

fn constant(column: &str, group: &str, range: Option<(f64, f64)>) -> Result<f64, Error> {
    match range {
        Some((low, high)) if low == high => Ok(low),
        Some((low, high)) if !low.is_nan() && !high.is_nan() => Err(Error::Fpc {
            column: column.to_owned(),
            group: group.to_owned(),
            first: low,
            second: high,
        }),
        _ => Err(Error::BadFpc {
            column: column.to_owned(),
            group: group.to_owned(),
            found: "missing".to_owned(),
        }),
    }
}

fn fraction(column: &str, group: &str, fpc: f64, sampled: u64, counts: bool) -> Result<f64, Error> {
    if !(fpc > 0.0 && fpc.is_finite()) {
        return Err(Error::BadFpc {
            column: column.to_owned(),
            group: group.to_owned(),
            found: fpc.to_string(),
        });
    }
    match counts {
        false => Ok(fpc),
        true if fpc < sampled as f64 => Err(Error::Below {
            column: column.to_owned(),
            group: group.to_owned(),
            population: fpc,
            sampled,
        }),
        true => Ok(sampled as f64 / fpc),
    }
}

/// A PSU label may not occur in two strata unless that is declared.
fn check_nesting(units: &Units) -> Result<(), Error> {
    let Some(stage) = units.stages.first() else {
        return Ok(());
    };
    let named = stage.names.iter().any(|name| *name != Value::Null);
    if units.strata.len() < 2 || !named {
        return Ok(());
    }
    let mut seen: std::collections::HashMap<super::scan::Key, u32> = Default::default();
    for (name, group) in stage.names.iter().zip(&stage.group) {
        match seen.insert(name.into(), *group) {
            Some(other) if other != *group => {
                return Err(Error::Nest {
                    psu: name.text(),
                    first: units.group_name(0, other),
                    second: units.group_name(0, *group),
                });
            }
            _ => {}
        }
    }
    Ok(())
}
