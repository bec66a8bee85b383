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

/// Where a search for σ, ω and τ begins: at half of what is usual.
const START: [f64; 3] = [0.002, 0.015, 0.008];

/// A curvature under this is taken as this in a step: where the density is flat it says nothing of the way to go.
const FLAT: f64 = 0.02;

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
                nodes: vec![(model.reml()?, 1.0)],
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
    let walks: Vec<usize> = model.free().into_iter().filter(|&at| at < 2).collect();
    // the logarithms of σ and, where there are houses, ω; the last one is that of φ, where it is free
    let at = |logs: &[f64]| {
        let phi = logs.get(walks.len()).map_or(1.0, |log| log.exp());
        let scaled = Series {
            sampling: series.sampling.iter().map(|s| s * phi.sqrt()).collect(),
            ..series.clone()
        };
        let mut parameters = Parameters {
            tau: 0.0,
            ..model.parameters(&walks, logs)
        };
        parameters.sigma = parameters.sigma.max(LEAST);
        Smoothed::new(&scaled, &grid, parameters).map_or(f64::NEG_INFINITY, |s| s.log_likelihood())
    };
    let start: Vec<f64> = walks.iter().map(|&at| START[at].ln()).collect();
    let one = highest(&at, std::slice::from_ref(&start))?;
    let mut free = one.0.clone();
    free.push(-0.2);
    let mut anew = start;
    anew.push(-0.2);
    let free = highest(&at, &[free, anew])?;
    Some(Dispersion {
        phi: free.0.last()?.exp(),
        likelihood_ratio: (2.0 * (free.1 - one.1)).max(0.0),
    })
}

/// The restricted likelihood as a function of the standard deviations.
struct Likelihood<'a> {
    series: &'a Series,
    grid: &'a Grid,
}

impl Likelihood<'_> {
    /// At some standard deviations; −∞ where there is no fit.
    fn at(&self, parameters: Parameters) -> f64 {
        Smoothed::new(self.series, self.grid, parameters)
            .map_or(f64::NEG_INFINITY, |smoothed| smoothed.log_likelihood())
    }

    /// Without houses ω is no parameter.
    fn free(&self) -> Vec<usize> {
        match self.series.houses {
            0 | 1 => vec![0, 2],
            _ => vec![0, 1, 2],
        }
    }

    /// The standard deviations of some logarithms; those that are not free are 0.
    fn parameters(&self, free: &[usize], logs: &[f64]) -> Parameters {
        let mut all = [0.0; 3];
        for (log, &at) in logs.iter().zip(free) {
            all[at] = log.exp();
        }
        let [sigma, omega, tau] = all;
        Parameters { sigma, omega, tau }
    }

    /// The maximum of the restricted likelihood; a standard deviation at rest is 1e-6.
    fn reml(&self) -> Option<Parameters> {
        let free = self.free();
        let at = |logs: &[f64]| self.at(self.parameters(&free, logs));
        let starts =
            [1.0, 0.3].map(|scale| free.iter().map(|&at| (scale * START[at]).ln()).collect());
        let (best, _) = highest(&at, &starts)?;
        Some(self.parameters(&free, &best))
    }

    /// The log posterior density in the logarithms of the standard deviations, up to a constant.
    fn posterior(&self, free: &[usize], logs: &[f64]) -> f64 {
        let parameters = self.parameters(free, logs);
        let all = [parameters.sigma, parameters.omega, parameters.tau];
        let prior = logs.iter().zip(free).map(|(log, &at)| {
            let rate = -(0.05f64.ln()) / PRIOR_95[at];
            // the density of a logarithm has its variable as a factor; its logarithm is `log`
            log - rate * all[at]
        });
        prior.sum::<f64>() + self.at(parameters)
    }

    fn integrated(&self) -> Option<Mixture> {
        let free = self.free();
        let density = |logs: &[f64]| self.posterior(&free, logs);
        let start = free.iter().map(|&at| START[at].ln()).collect();
        let mode = climb(&density, start);
        let n = mode.len();
        let (curvature, _, top) = derivatives(&density, &mode, CURVATURE_STEP);
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
        let densities: Vec<f64> = nodes.par_iter().map(|logs| density(logs) - top).collect();
        let kept: Vec<(Parameters, f64)> = nodes
            .iter()
            .zip(&densities)
            .filter(|(_, density)| **density > NEGLIGIBLE)
            // the nodes are evenly spaced, so that a density is a weight
            .map(|(logs, density)| (self.parameters(&free, logs), density.exp()))
            .collect();
        let total: f64 = kept.iter().map(|(_, weight)| weight).sum();
        (total > 0.0).then(|| Mixture {
            nodes: kept
                .into_iter()
                .map(|(parameters, weight)| (parameters, weight / total))
                .collect(),
        })
    }
}

/// A log density of logarithms of standard deviations.
type Density<'d> = dyn Fn(&[f64]) -> f64 + Sync + 'd;

/// The highest place that is reached from some starts, and its value. A standard deviation that does no harm at rest is put
/// to rest: its logarithm has no maximum, the density is flat there.
fn highest(density: &Density, starts: &[Vec<f64>]) -> Option<(Vec<f64>, f64)> {
    let mut best: Option<(Vec<f64>, f64)> = None;
    for start in starts {
        let mut x = start.clone();
        let mut value = f64::NEG_INFINITY;
        for _ in 0..2 {
            x = climb(density, x);
            value = density(&x);
            for k in 0..x.len() {
                let mut at_rest = x.clone();
                at_rest[k] = LEAST.ln();
                let there = density(&at_rest);
                if there >= value - 1e-9 {
                    (x, value) = (at_rest, there);
                }
            }
        }
        if value.is_finite() && best.as_ref().is_none_or(|(_, known)| value > *known) {
            best = Some((x, value));
        }
    }
    best
}

/// Upwards from a start by Newton’s method, with steps that are never downhill and never under the least.
fn climb(density: &Density, start: Vec<f64>) -> Vec<f64> {
    let mut x = start;
    for _ in 0..60 {
        let (curvature, gradient, value) = derivatives(density, &x, 1e-3);
        let negative: Vec<f64> = curvature.iter().map(|entry| -entry).collect();
        let (values, vectors) = symmetric_eigen(&negative, x.len());
        let mut step = vec![0.0; x.len()];
        for (value, vector) in values.iter().zip(&vectors) {
            let slope: f64 = vector.iter().zip(&gradient).map(|(v, g)| v * g).sum();
            for (s, v) in step.iter_mut().zip(vector) {
                *s += slope / value.abs().max(FLAT) * v;
            }
        }
        let longest = step.iter().fold(0.0f64, |most, s| most.max(s.abs()));
        let mut scale = (1.5 / longest.max(1e-300)).min(1.0);
        let mut gain = 0.0;
        while scale > 1e-6 {
            let next = x
                .iter()
                .zip(&step)
                .map(|(x, s)| (x + scale * s).max(LEAST.ln()));
            let next: Vec<f64> = next.collect();
            let there = density(&next);
            if there >= value {
                gain = there - value;
                x = next;
                break;
            }
            scale /= 2.0;
        }
        if longest < 1e-5 || scale <= 1e-6 || gain < 1e-12 {
            break;
        }
    }
    x
}

/// Curvature, gradient and value by central differences.
fn derivatives(density: &Density, x: &[f64], h: f64) -> (Vec<f64>, Vec<f64>, f64) {
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
            density(&at)
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
