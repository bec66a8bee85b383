//! Replicates weighted again by the steps that weighted the full sample.

use rayon::prelude::*;

use super::Replicates;
use crate::survey::weighting::Error;

impl Replicates {
    /// Something made of each replicate's weights, in parallel, in the order of the replicates.
    ///
    /// `make` is given the replicate, counted from 0, and its weights, one a row. Weight them there by the same steps as
    /// the full sample, so that the variance knows of the weighting. Margins crossed beforehand are used again:
    ///
    /// ```
    /// use opine::survey::weighting::{FirstStage, Margin, Margins, Method, MissingPolicy, RakeOptions, Replicates};
    ///
    /// let levels = vec!["women".to_owned(), "men".to_owned()];
    /// let sex = Margin::new("sex", levels, vec![0, 0, 0, 1, 1, 1], vec![0.5, 0.5]);
    /// let margins = Margins::new(&[sex], 6, MissingPolicy::Refuse, None)?;
    /// let stage = FirstStage { rows: 6, ..Default::default() };
    /// let replicates = Replicates::new(&stage, Method::Jk1)?;
    /// let raked = replicates.reweighted(&[1.0; 6], |w| Ok(margins.rake(w, RakeOptions::default())?.weights))?;
    /// assert_eq!(raked.len(), 6);
    /// # Ok::<(), opine::survey::weighting::Error>(())
    /// ```
    ///
    /// Errors: base weights of another length; the first replicate in which `make` fails, with its error.
    pub fn each<T: Send>(
        &self,
        base: &[f64],
        make: impl Fn(usize, Vec<f64>) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let made: Vec<Result<T, Error>> = (0..self.len())
            .into_par_iter()
            .map(|replicate| {
                let weights = self.weights(base, replicate)?;
                make(replicate, weights).map_err(|error| Error::InReplicate {
                    replicate: replicate + 1,
                    error: Box::new(error),
                })
            })
            .collect();
        made.into_iter().collect()
    }

    /// The weights of all replicates, weighted again by `steps`.
    ///
    /// They take 8 bytes a row and replicate; where only estimates are wanted [`Replicates::each`] keeps no weights.
    ///
    /// Errors: as [`Replicates::each`].
    pub fn reweighted(
        &self,
        base: &[f64],
        steps: impl Fn(&[f64]) -> Result<Vec<f64>, Error> + Sync,
    ) -> Result<Vec<Vec<f64>>, Error> {
        self.each(base, |_, weights| steps(&weights))
    }
}
