//! Replicate weights: made from the design or read from the file, each weighted by the same steps.

use super::error::Error;
use super::steps::PreparedSteps;
use crate::survey::design::{Design, RepType, Replicates as Declared};
use crate::survey::estimate;
use crate::survey::microdata::{self, Kind, Source, WithColumns};
use crate::survey::weighting::{FirstStage, Method, Replicates, Variable};

/// Replicate weights after the steps, and how their estimates add up.
pub struct ReplicateWeights {
    pub weights: Vec<Vec<f64>>,
    pub declared: Declared,
    pub df: Option<f64>,
    /// Number that the first gets in its column name: rep1, rep2, …
    prefix: &'static str,
}

/// Takes the replicate weights of the design, or those of a method, through the steps.
pub fn replicate_weights(
    source: &dyn Source,
    design: &Design,
    base: &[f64],
    make: Option<Method>,
    prepared: &PreparedSteps,
) -> Result<Option<ReplicateWeights>, Error> {
    match (&design.replicates, make) {
        (Some(_), Some(method)) => Err(Error::Invalid(format!(
            "the design has replicate weights, so {} ones can't be made",
            method.name()
        ))),
        (Some(declared), None) => {
            let columns = estimate::replicate_weights(source, design, base)?;
            let weights: Result<Vec<Vec<f64>>, _> = {
                use rayon::prelude::*;
                columns
                    .into_par_iter()
                    .map(|column| prepared.weights(&column))
                    .collect()
            };
            Ok(Some(ReplicateWeights {
                weights: weights?,
                declared: Declared {
                    combined_weights: true,
                    ..declared.clone()
                },
                df: design.df,
                prefix: "rep",
            }))
        }
        (None, Some(method)) => create(source, design, base, method, prepared).map(Some),
        (None, None) => Ok(None),
    }
}

/// All weights of all replicates are kept: 8 GB of them.
const MOST_WEIGHTS: usize = 1 << 30;

fn create(
    source: &dyn Source,
    design: &Design,
    base: &[f64],
    method: Method,
    prepared: &PreparedSteps,
) -> Result<ReplicateWeights, Error> {
    let stage = estimate::first_stage(source, design)?;
    let first = FirstStage {
        rows: base.len(),
        strata: stage.strata.as_ref().map(|(levels, codes)| Variable {
            name: "strata",
            levels,
            codes,
        }),
        psu: stage.psu.as_deref(),
        fractions: stage.fractions.as_deref(),
    };
    let replicates = Replicates::new(&first, method)?;
    if replicates.len().saturating_mul(base.len()) > MOST_WEIGHTS {
        return Err(Error::Invalid(format!(
            "{} replicates of {} rows are more weights than fit in memory: make fewer, as in bootstrap:200, or name the PSUs",
            replicates.len(),
            base.len()
        )));
    }
    let weights = replicates.reweighted(base, |base| prepared.weights(base))?;
    let rep_type = match method {
        Method::Jk1 => RepType::Jk1,
        Method::Jkn => RepType::Jkn,
        Method::Brr => RepType::Brr,
        Method::Fay { .. } => RepType::Fay,
        Method::Bootstrap { .. } => RepType::Bootstrap,
        Method::Subbootstrap { .. } => RepType::Subbootstrap,
        Method::Successive { .. } => RepType::Sdr,
    };
    Ok(ReplicateWeights {
        weights,
        declared: Declared {
            scale: Some(replicates.scale()),
            rscales: Some(replicates.rscales().to_vec()),
            ..Declared::new("", rep_type)
        },
        df: design.df.or(Some(replicates.df() as f64)),
        prefix: "rep",
    })
}

impl ReplicateWeights {
    /// Names of the columns.
    pub fn names(&self) -> Vec<String> {
        (1..=self.weights.len())
            .map(|r| format!("{}{r}", self.prefix))
            .collect()
    }

    /// The design of the written file, in which the new weight is called `name`.
    pub fn design(&self, name: &str) -> Design {
        let columns = format!("^{}_{}[0-9]+$", regex_lite::escape(name), self.prefix);
        Design {
            weights: Some(name.to_owned()),
            replicates: Some(Declared {
                columns,
                ..self.declared.clone()
            }),
            df: self.df,
            ..Design::default()
        }
    }

    /// The respondents with the new weights and their replicates as columns, and the design that names them.
    ///
    /// # Errors
    /// Columns that don't fit the file.
    pub fn with_columns<'s>(
        &self,
        source: &'s dyn Source,
        weights: &[f64],
        design: &Design,
    ) -> Result<(WithColumns<'s>, Design), Error> {
        // no column that people name begins with a control character
        const NEW: &str = "\u{1}weight";
        const REPLICATE: &str = "\u{1}replicate";
        let names = (0..self.weights.len()).map(|r| format!("{REPLICATE}{r}"));
        let mut columns = vec![(NEW.to_owned(), weights.to_vec())];
        columns.extend(names.zip(self.weights.iter().cloned()));
        let added = columns
            .into_iter()
            .map(|(name, weights)| (microdata::Variable::bare(&name, Kind::Number), weights));
        let source = WithColumns::new(source, added.collect())?;
        let design = Design {
            weights: Some(NEW.to_owned()),
            replicates: Some(Declared {
                columns: format!("^{REPLICATE}"),
                made_here: true,
                ..self.declared.clone()
            }),
            df: self.df,
            ..Design {
                // replicates have the stages of the design in them
                strata: Vec::new(),
                psu: Vec::new(),
                fpc: Vec::new(),
                nest: false,
                ..design.clone()
            }
        };
        Ok((source, design))
    }
}
