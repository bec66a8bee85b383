//! The variance from replicate weights.

use super::error::Error;
use super::spec::{RepType, Replicates};

/// How estimates from replicate weights add up to a variance: V = scale Σ rscales_r (θ_r − c)².
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    pub scale: f64,
    /// One a replicate.
    pub rscales: Vec<f64>,
    /// c is the estimate of the full sample; otherwise the mean of the θ_r whose rscale is above 0.
    pub mse: bool,
}

impl Replication {
    /// From what was declared and the number of columns found.
    ///
    /// # Errors
    /// [`Error::Declared`] where rscales are not as many as columns, or there is no column.
    pub fn new(declared: &Replicates, columns: usize) -> Result<Replication, Error> {
        if columns < 2 {
            return Err(Error::Declared(format!(
                "replicates {:?} match {columns} column{}: a variance takes at least 2",
                declared.columns,
                if columns == 1 { "" } else { "s" }
            )));
        }
        let rscales = match &declared.rscales {
            None => vec![1.0; columns],
            Some(one) if one.len() == 1 => vec![one[0]; columns],
            Some(given) if given.len() == columns => given.clone(),
            Some(given) => {
                return Err(Error::Declared(format!(
                    "rscales has {} numbers, but {columns} columns match {:?}",
                    given.len(),
                    declared.columns
                )));
            }
        };
        Ok(Replication {
            scale: declared.scale.unwrap_or_else(|| {
                default_scale(
                    declared.rep_type,
                    declared.rho.unwrap_or(0.0),
                    columns as f64,
                )
            }),
            rscales,
            mse: declared.about_full_sample(),
        })
    }

    /// The covariance of two estimates from their replicates; the variance of one where both are the same.
    ///
    /// Source: Wolter, Introduction to Variance Estimation (2007), chapters 3 to 5; the R call is
    /// `svrVar(thetas, scale, rscales, mse, coef)`. A replicate without an estimate gives NaN. Replicates that differ by
    /// rounding alone, as those of a mean whose weights are in proportion, give 0.
    pub fn covariance(&self, a: (&[f64], f64), b: (&[f64], f64)) -> f64 {
        if self.is_constant(a) || self.is_constant(b) {
            return 0.0;
        }
        let (centre_a, centre_b) = (self.centre(a), self.centre(b));
        let products = a.0.iter().zip(b.0).zip(&self.rscales);
        let sum: f64 = products
            // a factor of 0 leaves a replicate out, also one that has no estimate
            .filter(|(_, rscale)| **rscale > 0.0)
            .map(|((a, b), rscale)| rscale * (a - centre_a) * (b - centre_b))
            .sum();
        self.scale * sum
    }

    /// Whether the replicates that count are the centre but for rounding.
    fn is_constant(&self, (replicates, estimate): (&[f64], f64)) -> bool {
        const ROUNDING: f64 = 64.0 * f64::EPSILON;
        let centre = self.centre((replicates, estimate));
        let mut counted = replicates
            .iter()
            .zip(&self.rscales)
            .filter(|(_, rscale)| **rscale > 0.0);
        counted.all(|(theta, _)| (theta - centre).abs() <= ROUNDING * centre.abs())
    }

    fn centre(&self, (replicates, estimate): (&[f64], f64)) -> f64 {
        if self.mse {
            return estimate;
        }
        let counted = || {
            let pairs = replicates.iter().zip(&self.rscales);
            pairs
                .filter(|(_, rscale)| **rscale > 0.0)
                .map(|(theta, _)| theta)
        };
        counted().sum::<f64>() / counted().count() as f64
    }
}

fn default_scale(rep_type: RepType, rho: f64, columns: f64) -> f64 {
    match rep_type {
        RepType::Brr | RepType::Fay => 1.0 / (columns * (1.0 - rho).powi(2)),
        RepType::Jk1 => (columns - 1.0) / columns,
        RepType::Bootstrap | RepType::Subbootstrap => 1.0 / (columns - 1.0),
        RepType::Sdr => 4.0 / columns,
        RepType::Jkn | RepType::Jk2 | RepType::Other => 1.0,
    }
}
