//! The standard deviations of the model: integrated out, estimated, or given.
//!
//! Plugging in the estimates of few polls makes bands too narrow, since σ or τ are often estimated as 0. Integrated, each
//! standard deviation has an exponential prior, P(σ > 0.5 points a root day) = P(ω > 5) = P(τ > 3) = 5 %, and its density is
//! taken in its logarithm, where it has no mode at 0. The posterior is laid on a grid of 5³ points along the eigenvectors of
//! its curvature at the mode: a mixture, deterministic, without a sampler.

use rayon::prelude::*;

use super::model::{Grid, Parameters, Series, Smoothed};
use crate::statistics::linear::symmetric_eigen;

/// How the standard deviations of the model are come by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Variances {
    /// Integrated out over their posterior.
    #[default]
    Integrated,
    /// At the maximum of the restricted likelihood, as if known.
    Reml,
    /// Given, as shares.
    Fixed(Parameters),
}

/// Standard deviations that are possible, each with its weight; the weights sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// One for [`Variances::Reml`] and [`Variances::Fixed`], up to 125 where they are integrated.
    pub nodes: Vec<(Parameters, f64)>,
}

/// Above this each standard deviation has a prior probability of 5 %: σ, ω, τ as shares.
const PRIOR_95: [f64; 3] = [0.005, 0.05, 0.03];

/// Nothing below is told apart: the walk, the houses or the excess noise are at rest.
const LEAST: f64 = 1e-6;

/// Steps of the differences that give the curvature at the mode, in log standard deviation.
const CURVATURE_STEP: f64 = 0.05;

/// Points of the grid this far below the mode in log density add nothing.
const NEGLIGIBLE: f64 = -12.0;

impl Mixture {
    /// The standard deviations of a series; `None` where there is nothing to estimate them from.
    pub fn new(series: &Series, variances: Variances) -> Option<Mixture> {
        let grid = Grid::new(series, &[]);
        let model = Likelihood {
            series,
            grid: &grid,
        };
        match variances {
            Variances::Fixed(parameters) => Some(Mixture {
                nodes: vec![(parameters, 1.0)],
            }),
            Variances::Reml => Some(Mixture {
                nodes: vec![(model.reml(), 1.0)],
            }),
            Variances::Integrated => model.integrated(),
        }
    }

    /// The middle 95 % of a function of the standard deviations, taken as log-normal over the nodes; `None` for one node.
    pub fn range(&self, part: impl Fn(&Parameters) -> f64) -> Option<(f64, f64)> {
        if self.nodes.len() < 2 {
            return None;
        }
        let logs = || {
            self.nodes
                .iter()
                .map(|(node, weight)| (part(node).max(LEAST).ln(), weight))
        };
        let mean: f64 = logs().map(|(log, weight)| weight * log).sum();
        let variance: f64 = logs()
            .map(|(log, weight)| weight * (log - mean).powi(2))
            .sum();
        let half = 1.959_963_984_540_054 * variance.sqrt();
        Some(((mean - half).exp(), (mean + half).exp()))
    }

    /// The weighted mean of each standard deviation.
    pub fn mean(&self) -> Parameters {
        let mean = |part: fn(&Parameters) -> f64| {
            let nodes = self.nodes.iter();
            nodes.map(|(node, weight)| weight * part(node)).sum()
        };
        Parameters {
            sigma: mean(|node| node.sigma),
            omega: mean(|node| node.omega),
            tau: mean(|node| node.tau),
        }
    }
}

/// The agreement of polls among themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispersion {
    /// What the variance of sampling has to be multiplied by: under 1 polls are closer together than random samples.
    pub phi: f64,
    /// Twice the gain in log likelihood over φ = 1.
    pub likelihood_ratio: f64,
}

/// Fits y = x + h + e with Var(e) = φ s² and no excess noise, and sets it against φ = 1.
///
/// The likelihood ratio is χ² with one degree of freedom where φ is 1.
pub fn dispersion(series: &Series) -> Option<Dispersion> {
    let grid = Grid::new(series, &[]);
    let model = Likelihood {
        series,
        grid: &grid,
    };
    let at = |x: &[f64; 3], phi: f64| {
        let scaled = Series {
            sampling: series.sampling.iter().map(|s| s * phi.sqrt()).collect(),
            ..series.clone()
        };
        let parameters = Parameters {
            // the search may step below 0, where the likelihood is mirrored
            sigma: x[0].abs(),
            omega: x[1].abs(),
            tau: 0.0,
        };
        Smoothed::new(&scaled, &grid, parameters).map_or(f64::NEG_INFINITY, |s| s.log_likelihood())
    };
    let start = model.start();
    let one = maximum(&|x| at(x, 1.0), [start.sigma, start.omega, 0.0], 2);
    let free = maximum(&|x| at(x, x[2].exp()), [one.0[0], one.0[1], -0.2], 3);
    let likelihood_ratio = 2.0 * (free.1 - one.1);
    likelihood_ratio.is_finite().then_some(Dispersion {
        phi: free.0[2].exp(),
        likelihood_ratio: likelihood_ratio.max(0.0),
    })
}

/// The restricted likelihood as a function of the standard deviations.
struct Likelihood<'a> {
    series: &'a Series,
    grid: &'a Grid,
}

impl Likelihood<'_> {
    fn at(&self, parameters: Parameters) -> f64 {
        Smoothed::new(self.series, self.grid, parameters)
            .map_or(f64::NEG_INFINITY, |smoothed| smoothed.log_likelihood())
    }

    /// Where a search begins: half of what is usual.
    fn start(&self) -> Parameters {
        Parameters {
            sigma: 0.002,
            omega: 0.015,
            tau: 0.008,
        }
    }

    /// Without houses ω is no parameter.
    fn free(&self) -> Vec<usize> {
        match self.series.houses {
            0 | 1 => vec![0, 2],
            _ => vec![0, 1, 2],
        }
    }

    fn reml(&self) -> Parameters {
        let start = self.start();
        let free = self.free();
        let spread = |x: &[f64; 3]| {
            let mut all = [start.sigma, start.omega, start.tau];
            for (k, &at) in free.iter().enumerate() {
                all[at] = x[k].abs().max(LEAST);
            }
            let [sigma, omega, tau] = all;
            Parameters { sigma, omega, tau }
        };
        let mut x = [0.0; 3];
        for (k, &at) in free.iter().enumerate() {
            x[k] = [start.sigma, start.omega, start.tau][at];
        }
        let (best, _) = maximum(&|x| self.at(spread(x)), x, free.len());
        spread(&best)
    }

    /// The log posterior density in the logarithms of the standard deviations, up to a constant.
    fn posterior(&self, logs: &[f64]) -> f64 {
        let mut all = [self.start().sigma, self.start().omega, self.start().tau];
        let mut prior = 0.0;
        for (log, &at) in logs.iter().zip(&self.free()) {
            all[at] = log.exp();
            let rate = -(0.05f64.ln()) / PRIOR_95[at];
            // the density of a logarithm has its variable as a factor; its logarithm is `log`
            prior += log - rate * all[at];
        }
        let [sigma, omega, tau] = all;
        prior + self.at(Parameters { sigma, omega, tau })
    }

    fn parameters(&self, logs: &[f64]) -> Parameters {
        let mut all = [0.0; 3];
        for (log, &at) in logs.iter().zip(&self.free()) {
            all[at] = log.exp();
        }
        let [sigma, omega, tau] = all;
        Parameters { sigma, omega, tau }
    }

    fn integrated(&self) -> Option<Mixture> {
        let mode = self.mode();
        let n = mode.len();
        let (curvature, _, top) = self.derivatives(&mode, CURVATURE_STEP);
        if !top.is_finite() {
            return None;
        }
        let negative: Vec<f64> = curvature.iter().map(|entry| -entry).collect();
        let (values, vectors) = symmetric_eigen(&negative, n);
        let nodes: Vec<Vec<f64>> = (0..5usize.pow(n as u32))
            .map(|cell| {
                let mut logs = mode.clone();
                for k in 0..n {
                    let z = (cell / 5usize.pow(k as u32) % 5) as f64 - 2.0;
                    // where the posterior is flat the nodes would lie without bound
                    let length = z / values[k].max(0.01).sqrt();
                    for (log, direction) in logs.iter_mut().zip(&vectors[k]) {
                        *log += length * direction;
                    }
                }
                logs
            })
            .collect();
        let densities: Vec<f64> = nodes
            .par_iter()
            .map(|logs| self.posterior(logs) - top)
            .collect();
        let kept: Vec<(Parameters, f64)> = nodes
            .iter()
            .zip(&densities)
            .filter(|(_, density)| **density > NEGLIGIBLE)
            // the nodes are evenly spaced, so that a density is a weight
            .map(|(logs, density)| (self.parameters(logs), density.exp()))
            .collect();
        let total: f64 = kept.iter().map(|(_, weight)| weight).sum();
        (total > 0.0).then(|| Mixture {
            nodes: kept
                .into_iter()
                .map(|(parameters, weight)| (parameters, weight / total))
                .collect(),
        })
    }

    /// The mode of the posterior, by Newton's method with steps that are never downhill.
    fn mode(&self) -> Vec<f64> {
        let start = self.start();
        let all = [start.sigma, start.omega, start.tau];
        let mut x: Vec<f64> = self.free().iter().map(|&at| all[at].ln()).collect();
        for _ in 0..40 {
            let (curvature, gradient, value) = self.derivatives(&x, 1e-3);
            let negative: Vec<f64> = curvature.iter().map(|entry| -entry).collect();
            let (values, vectors) = symmetric_eigen(&negative, x.len());
            let mut step = vec![0.0; x.len()];
            for (value, vector) in values.iter().zip(&vectors) {
                let slope: f64 = vector.iter().zip(&gradient).map(|(v, g)| v * g).sum();
                for (s, v) in step.iter_mut().zip(vector) {
                    // by its size: at a saddle, too, the step goes uphill, and a flat direction does not jump
                    *s += slope / value.abs().max(0.05) * v;
                }
            }
            let longest = step.iter().fold(0.0f64, |most, s| most.max(s.abs()));
            // the curvature of here says little of what is farther than a factor of e^1.5
            let mut scale = (1.5 / longest.max(1e-300)).min(1.0);
            while scale > 1e-6 {
                let next: Vec<f64> = x.iter().zip(&step).map(|(x, s)| x + scale * s).collect();
                if self.posterior(&next) >= value {
                    x = next;
                    break;
                }
                scale /= 2.0;
            }
            if longest < 1e-5 || scale <= 1e-6 {
                break;
            }
        }
        x
    }

    /// Curvature, gradient and value by central differences.
    fn derivatives(&self, x: &[f64], h: f64) -> (Vec<f64>, Vec<f64>, f64) {
        let n = x.len();
        let mut moves: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
        for i in 0..n {
            moves.extend([vec![(i, h)], vec![(i, -h)]]);
        }
        for i in 0..n {
            for j in 0..i {
                for (a, b) in [(h, h), (h, -h), (-h, h), (-h, -h)] {
                    moves.push(vec![(i, a), (j, b)]);
                }
            }
        }
        let values: Vec<f64> = moves
            .par_iter()
            .map(|shifts| {
                let mut at = x.to_vec();
                for (i, by) in shifts {
                    at[*i] += by;
                }
                self.posterior(&at)
            })
            .collect();
        let value = values[0];
        let mut curvature = vec![0.0; n * n];
        let mut gradient = vec![0.0; n];
        for i in 0..n {
            let (up, down) = (values[1 + 2 * i], values[2 + 2 * i]);
            gradient[i] = (up - down) / (2.0 * h);
            curvature[i * n + i] = (up - 2.0 * value + down) / (h * h);
        }
        let mut at = 1 + 2 * n;
        for i in 0..n {
            for j in 0..i {
                let mixed = values[at] - values[at + 1] - values[at + 2] + values[at + 3];
                curvature[i * n + j] = mixed / (4.0 * h * h);
                curvature[j * n + i] = curvature[i * n + j];
                at += 4;
            }
        }
        (curvature, gradient, value)
    }
}

/// The maximum of a function of the first `free` coordinates, by the simplex of Nelder and Mead (The Computer Journal 7,
/// 1965), begun twice: the second time where the first one ended.
fn maximum(f: &dyn Fn(&[f64; 3]) -> f64, start: [f64; 3], free: usize) -> ([f64; 3], f64) {
    let mut best = (start, f(&start));
    for _ in 0..3 {
        let mut simplex = vec![best];
        for k in 0..free {
            let mut corner = best.0;
            corner[k] += if corner[k].abs() > 1e-5 {
                0.5 * corner[k]
            } else {
                1e-3
            };
            simplex.push((corner, f(&corner)));
        }
        for _ in 0..600 {
            simplex.sort_by(|a, b| b.1.total_cmp(&a.1));
            let (first, last) = (simplex[0], simplex[free]);
            let close = (0..free).all(|k| (first.0[k] - last.0[k]).abs() < 1e-9);
            if close && first.1 - last.1 < 1e-10 {
                break;
            }
            let mut centre = [0.0; 3];
            for corner in &simplex[..free] {
                for (mean, part) in centre.iter_mut().zip(corner.0).take(free) {
                    *mean += part / free as f64;
                }
            }
            let towards = |by: f64| {
                let mut x = last.0;
                for k in 0..free {
                    x[k] = centre[k] + by * (last.0[k] - centre[k]);
                }
                (x, f(&x))
            };
            let reflected = towards(-1.0);
            let next = if reflected.1 > first.1 {
                let expanded = towards(-2.0);
                if expanded.1 > reflected.1 {
                    expanded
                } else {
                    reflected
                }
            } else if reflected.1 > simplex[free - 1].1 {
                reflected
            } else {
                let contracted = towards(if reflected.1 > last.1 { -0.5 } else { 0.5 });
                if contracted.1 > last.1.max(reflected.1) {
                    contracted
                } else {
                    for corner in &mut simplex[1..] {
                        for k in 0..free {
                            corner.0[k] = first.0[k] + 0.5 * (corner.0[k] - first.0[k]);
                        }
                        corner.1 = f(&corner.0);
                    }
                    continue;
                }
            };
            simplex[free] = next;
        }
        simplex.sort_by(|a, b| b.1.total_cmp(&a.1));
        best = simplex[0];
    }
    best
}
