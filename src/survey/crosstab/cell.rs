//! One number of a table with its uncertainty.

use super::measure::Measure;
use super::request::Percent;
use super::variance::{Group, Sampling, Term};
use crate::survey::estimate::{Ci, CriticalValues, DeffKind, ShareEstimate};
use crate::survey::sums::Mode;

/// A share or mean in a column. What is unknown is `None`, and `note` says why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// A share in 0..1, a mean in the units of its variable.
    pub estimate: Option<f64>,
    pub se: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    pub df: Option<f64>,
    pub deff: Option<f64>,
    /// Unweighted base.
    pub n: u64,
    /// p (1 − p)/V of a share: the simple random sample that would be as sure.
    pub n_eff: Option<f64>,
    /// Σ w of the base.
    pub weighted_n: f64,
    /// Kish's effective base of the column, (Σ w)²/Σ w².
    pub base_n_eff: f64,
    /// Respondents who gave the answer; none of a mean.
    pub count: Option<u64>,
    /// Σ w of these.
    pub weighted_count: Option<f64>,
    /// 100 times the share over that of the total.
    pub index: Option<f64>,
    /// Of the numbers that a mean is of.
    pub std_dev: Option<f64>,
    /// Base below the limit for flags.
    pub small_base: bool,
    /// The column is not tested: its base is too small.
    pub untested: bool,
    /// Letters of the columns that are lower, capital where that is surer.
    pub letters: String,
    /// Places of these columns; of the first one where a column is compared with all others or the total.
    pub higher_than: Vec<usize>,
    pub note: String,
    /// Not to be shown: few respondents are behind it, or it would tell of few.
    pub hidden: bool,
    /// Nor is its base.
    pub hidden_base: bool,
}

impl Cell {
    /// What a base is judged by: the smaller of respondents and what their weights leave of them.
    pub fn least_base(&self) -> f64 {
        (self.n as f64).min(self.base_n_eff)
    }
}

/// What all cells are made with.
pub struct Estimator<'a> {
    pub sampling: &'a Sampling<'a>,
    pub critical: &'a CriticalValues,
    pub ci: Ci,
    pub deff: DeffKind,
}

/// A column and the block that it stands in, as domains.
#[derive(Clone, Copy)]
pub struct Place {
    pub domain: usize,
    /// All who have a place in the block.
    pub base: usize,
}

impl Estimator<'_> {
    /// The share or mean of a column.
    ///
    /// p = Σ w m y/Σ w m over those in the column with an answer, y 0 or 1 (or the number); scores
    /// u = m w (y − p)/Σ w m. Of a row share R = Σ w m_c y/Σ w m_B y over the columns B of a block, of a table share
    /// Σ w m_c y/Σ w m_B: both are ratios, with scores u = w (m_c y − R m_B x)/Σ w m_B x, x being y or 1.
    ///
    /// R: `svymean` on a subset, `svyciprop(method = "xlogit")` for the interval, `svyratio` for the other shares.
    pub fn cell(&self, measure: &Measure, place: Place, percent: Percent) -> Cell {
        let (base, of) = (
            measure.base.domains[place.domain],
            measure.domains[place.domain],
        );
        let mut cell = Cell {
            n: base.n,
            weighted_n: base.weight,
            base_n_eff: base.effective(),
            df: self.sampling.df_of(place.domain, place.domain, None),
            ..Cell::default()
        };
        if measure.quantity.is_share() {
            cell.count = Some(of.count);
            cell.weighted_count = Some(of.y);
        }
        if base.n == 0 || base.weight <= 0.0 {
            "nobody to estimate from".clone_into(&mut cell.note);
            return cell;
        }
        match (measure.quantity.is_share(), percent) {
            (true, Percent::Row) => self.row_share(&mut cell, measure, place),
            (true, Percent::Total) => self.table_share(&mut cell, measure, place),
            _ => self.column_share(&mut cell, measure, place.domain),
        }
        cell
    }

    fn column_share(&self, cell: &mut Cell, measure: &Measure, domain: usize) {
        let (base, of) = (measure.base.domains[domain], measure.domains[domain]);
        let edge = measure.edge(domain);
        let p = edge.unwrap_or(of.y / base.weight);
        let n = base.n as f64;
        let share = measure.quantity.is_share();
        if of.is_far {
            cell.estimate = Some(p + measure.origin);
            "no standard error: the numbers lie too far from 0 for their spread; take a constant off them"
                .clone_into(&mut cell.note);
            return;
        }
        if !share && base.n > 1 {
            let spread = (of.yy - p * of.y) / base.weight;
            cell.std_dev = Some((spread.max(0.0) * n / (n - 1.0)).sqrt());
        }
        cell.estimate = Some(p + measure.origin);
        let variance = match edge {
            Some(_) => 0.0,
            None => self.share_variance(measure, domain),
        };
        self.finish(cell, share, p + measure.origin, variance);
    }

    /// The variance of a share or mean in a domain.
    pub fn share_variance(&self, measure: &Measure, domain: usize) -> f64 {
        if self.sampling.mode == Mode::Replicates {
            let theta = |replicate: usize| {
                let (w, y) = self
                    .sampling
                    .replicate(measure, Group::Domain(domain), replicate);
                y / w
            };
            let p = measure.domains[domain].y / measure.base.domains[domain].weight;
            return self.sampling.of_replicates(theta, p);
        }
        self.sampling.of_share(measure, domain)
    }

    fn row_share(&self, cell: &mut Cell, measure: &Measure, place: Place) {
        let (of, all) = (measure.domains[place.domain], measure.domains[place.base]);
        cell.n = all.count;
        cell.weighted_n = all.y;
        cell.df = self.sampling.df_of(place.base, place.base, None);
        if all.count == 0 || all.y <= 0.0 {
            "nobody gave this answer".clone_into(&mut cell.note);
            return;
        }
        let share = of.y / all.y;
        let part = Term {
            domain: place.domain,
            alpha: 0.0,
            beta: 1.0 / all.y,
        };
        let whole = Term {
            domain: place.base,
            alpha: 0.0,
            beta: -share / all.y,
        };
        let numerator = |(_, y): (f64, f64)| y;
        self.ratio(cell, measure, place, (part, whole), (share, numerator));
    }

    fn table_share(&self, cell: &mut Cell, measure: &Measure, place: Place) {
        let (of, all) = (
            measure.domains[place.domain],
            measure.base.domains[place.base],
        );
        cell.n = all.n;
        cell.weighted_n = all.weight;
        cell.df = self.sampling.df_of(place.base, place.base, None);
        let share = of.y / all.weight;
        let part = Term {
            domain: place.domain,
            alpha: 0.0,
            beta: 1.0 / all.weight,
        };
        let whole = Term {
            domain: place.base,
            alpha: -share / all.weight,
            beta: 0.0,
        };
        let denominator = |(w, _): (f64, f64)| w;
        self.ratio(cell, measure, place, (part, whole), (share, denominator));
    }

    fn ratio(
        &self,
        cell: &mut Cell,
        measure: &Measure,
        place: Place,
        (part, whole): (Term, Term),
        (share, below): (f64, impl Fn((f64, f64)) -> f64),
    ) {
        let variance = if self.sampling.mode == Mode::Replicates {
            let of = |domain: usize, replicate: usize| {
                self.sampling
                    .replicate(measure, Group::Domain(domain), replicate)
            };
            let theta =
                |replicate: usize| of(place.domain, replicate).1 / below(of(place.base, replicate));
            self.sampling.of_replicates(theta, share)
        } else if place.domain == place.base {
            let both = Term {
                domain: part.domain,
                alpha: part.alpha + whole.alpha,
                beta: part.beta + whole.beta,
            };
            self.sampling.of_terms(measure, &[both], None)
        } else {
            self.sampling
                .of_terms(measure, &[part, whole], Some(place.domain))
        };
        cell.estimate = Some(share);
        let edge = share <= 0.0 || share >= 1.0;
        self.finish(cell, true, share, if edge { 0.0 } else { variance });
    }

    /// Standard error, interval and design effect from a variance.
    fn finish(&self, cell: &mut Cell, share: bool, estimate: f64, variance: f64) {
        if !variance.is_finite() {
            let why = match self.sampling.mode {
                Mode::Replicates => "no variance: a replicate has nobody to estimate from",
                _ => {
                    "no variance: each stratum that is left has one PSU, so there is none to average"
                }
            };
            why.clone_into(&mut cell.note);
            return;
        }
        // what is left by rounding of a variance that is 0
        let least = 1e-20 * estimate * (1.0 - estimate) / cell.base_n_eff;
        let variance = match share && variance <= least {
            true => 0.0,
            false => variance.max(0.0),
        };
        cell.se = Some(variance.sqrt());
        let inside = estimate > 0.0 && estimate < 1.0;
        if share && variance == 0.0 && inside {
            "the design fixes this share: no error, so no interval".clone_into(&mut cell.note);
            return;
        }
        let bounds = match share {
            true => {
                let share = ShareEstimate {
                    p: estimate,
                    variance,
                    n: cell.n,
                    df: cell.df,
                };
                self.critical.share(share, self.ci)
            }
            false => self
                .critical
                .symmetric(estimate, variance.sqrt(), cell.df)
                .ok_or_else(|| "no degrees of freedom, so no interval".to_owned()),
        };
        match bounds {
            Ok((low, high)) => (cell.ci_low, cell.ci_high) = (Some(low), Some(high)),
            Err(why) => cell.note = why,
        }
        self.design_effect(cell, share, estimate, variance);
    }

    /// V over that of a simple random sample of as many, S² = p (1 − p) n/(n − 1) or that of the numbers.
    fn design_effect(&self, cell: &mut Cell, share: bool, estimate: f64, variance: f64) {
        let n = cell.n as f64;
        let spread = match (share, cell.std_dev) {
            (true, _) if n > 1.0 => estimate * (1.0 - estimate) * n / (n - 1.0),
            (false, Some(std_dev)) => std_dev * std_dev,
            _ => return,
        };
        if spread <= 0.0 || variance <= 0.0 {
            return;
        }
        let replaced = spread / n;
        cell.deff = match self.deff {
            DeffKind::Replace => Some(variance / replaced),
            DeffKind::Srs if cell.weighted_n <= n * (1.0 + 1e-6) => None,
            DeffKind::Srs => {
                let outside = (cell.weighted_n - n) / cell.weighted_n;
                Some(variance / (replaced * outside))
            }
        };
        cell.n_eff = Some(match share {
            true => estimate * (1.0 - estimate) / variance,
            false => n * replaced / variance,
        });
    }
}
