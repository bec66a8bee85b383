//! Samples for the tests of weighting: columns of a file, and the variance of a total under its design.

use std::collections::BTreeMap;

use opine::internals::survey::weighting::{Auxiliaries, Columns, Margin};

/// A file, by column.
pub struct Sample {
    pub columns: BTreeMap<String, Vec<String>>,
    pub rows: usize,
}

impl Sample {
    pub fn read(text: &str) -> Sample {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut rows = 0;
        for record in reader.records() {
            rows += 1;
            for (name, field) in names.iter().zip(record.unwrap().iter()) {
                columns
                    .entry(name.clone())
                    .or_default()
                    .push(field.to_owned());
            }
        }
        Sample { columns, rows }
    }

    pub fn texts(&self, name: &str) -> &[String] {
        &self.columns[name]
    }

    /// NaN where the field is empty.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |text: &String| {
            if text.is_empty() {
                f64::NAN
            } else {
                text.parse().unwrap()
            }
        };
        self.columns[name].iter().map(number).collect()
    }

    /// Levels sorted by code point, and the code of each row.
    pub fn codes(&self, name: &str) -> (Vec<String>, Vec<u32>) {
        let mut levels = self.columns[name].clone();
        levels.sort();
        levels.dedup();
        let code = |text: &String| levels.binary_search(text).unwrap() as u32;
        let codes = self.columns[name].iter().map(code).collect();
        (levels, codes)
    }

    pub fn margin(&self, name: &str, targets: &[(String, f64)]) -> Margin {
        let (levels, codes) = self.codes(name);
        Margin::matched(name, levels, codes, targets).unwrap()
    }

    /// stype and api99, the auxiliaries of the golden calibrations.
    pub fn auxiliaries(&self, totals: &[(String, f64)]) -> Auxiliaries {
        let (levels, codes) = self.codes("stype");
        let columns = Columns::new(self.rows)
            .levels("stype", levels, codes)
            .and_then(|columns| columns.number("api99", self.numbers("api99")))
            .unwrap();
        Auxiliaries::named(columns, totals).unwrap()
    }
}

/// Strata of the first stage, units and population counts of each stage.
#[derive(Default)]
pub struct SampleDesign {
    pub strata: Option<Vec<String>>,
    pub psu: Vec<Vec<String>>,
    pub fpc: Vec<Vec<f64>>,
}

impl SampleDesign {
    /// The variance of the sum of scores, one a row.
    pub fn variance(&self, scores: &[f64]) -> f64 {
        let mut strata: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in 0..scores.len() {
            let stratum = self.strata.as_ref().map_or("", |strata| &strata[row]);
            strata.entry(stratum).or_default().push(row);
        }
        strata
            .values()
            .map(|rows| self.stage(rows, 0, scores))
            .sum()
    }

    fn stage(&self, rows: &[usize], stage: usize, scores: &[f64]) -> f64 {
        let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &row in rows {
            let unit = self
                .psu
                .get(stage)
                .map_or(row.to_string(), |psu| psu[row].clone());
            units.entry(unit).or_default().push(row);
        }
        let n = units.len() as f64;
        let fraction = self.fpc.get(stage).map_or(0.0, |fpc| n / fpc[rows[0]]);
        let later: f64 = match stage + 1 < self.fpc.len() {
            true => units
                .values()
                .map(|rows| fraction * self.stage(rows, stage + 1, scores))
                .sum(),
            false => 0.0,
        };
        if units.len() == 1 {
            assert!(fraction == 1.0, "lonely");
            return later;
        }
        let totals = || {
            units
                .values()
                .map(|rows| rows.iter().map(|row| scores[*row]).sum::<f64>())
        };
        let mean = totals().sum::<f64>() / n;
        let squares: f64 = totals().map(|total| (total - mean).powi(2)).sum();
        (1.0 - fraction) * n / (n - 1.0) * squares + later
    }
}
