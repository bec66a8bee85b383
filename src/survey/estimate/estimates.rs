//! What was estimated, beside what it was made of.

use super::level_names::LevelNames;
use super::options::DeffKind;
use super::request::Request;
use super::rows::RowKey;
use super::scores::{DesignVariance, Scores};
use crate::frames::Estimate;
use crate::survey::design::{Design, DesignUse, Replication, Units};
use crate::survey::microdata::{Codebook, MissingValues};
use crate::survey::sums::{Mode, Sums};

/// What was estimated, and all that is needed to compare and to print it.
pub struct SurveyEstimates {
    pub rows: Vec<Estimate>,
    /// What the float leaves of each estimate.
    pub rests: Vec<f64>,
    /// What each row is of.
    pub keys: Vec<RowKey>,
    /// The scores of each row, where it has an estimate. Of more domains than any table of differences or covariances has
    /// there are none.
    pub scores: Vec<Option<Scores>>,
    pub request: Request,
    pub design: Design,
    /// The title of the file, and the variables that were used.
    pub codebook: Codebook,
    pub sums: Sums,
    pub units: Units,
    pub replication: Option<Replication>,
    /// What the scores of the variance were added up by.
    pub mode: Mode,
    /// Degrees of freedom of the whole design.
    pub df: Option<f64>,
    /// Whether the degrees of freedom of some row are others than without a choice of them.
    pub df_is_chosen: bool,
    /// What design effects compare with.
    pub deff: DeffKind,
    /// Values of the levels of each planned item that are no answers.
    pub no_answers: Vec<MissingValues>,
    /// What the levels of each planned item are called, where it has some.
    pub level_names: Vec<Option<LevelNames>>,
    /// What one should look at: values that nobody has, weights that are missing, rows left out.
    pub warnings: Vec<String>,
    /// What one should know: who is in no group, what was found out about the file.
    pub notes: Vec<String>,
}

impl SurveyEstimates {
    /// The rows alone: of a million groups the sums take as much room as what is made of the rows.
    pub fn into_rows(self) -> Vec<Estimate> {
        self.rows
    }

    /// What the data gave the options of the design to do.
    pub fn design_use(&self) -> DesignUse {
        DesignUse::new(&self.units, self.sums.rows.without_weight)
    }

    /// The design as variances need it.
    pub fn variance(&self) -> DesignVariance<'_> {
        DesignVariance {
            design: &self.design,
            units: &self.units,
            replication: self.replication.as_ref(),
        }
    }
}
