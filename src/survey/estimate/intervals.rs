//! Intervals of what was estimated from respondents.

use std::collections::HashMap;
use std::sync::RwLock;

use super::options::Ci;
use crate::statistics::interval::{self, Method, Sample};
use crate::statistics::special::{normal, student_t};

/// Critical values by degrees of freedom, looked up once.
pub struct CriticalValues {
    level: f64,
    known: RwLock<HashMap<u64, Option<f64>>>,
}

impl CriticalValues {
    pub fn new(level: f64) -> CriticalValues {
        CriticalValues {
            level,
            known: RwLock::default(),
        }
    }

    /// The quantile of Student's t at (1 + level)/2, of the normal where df is not known; `None` without degrees of
    /// freedom.
    pub fn value(&self, df: Option<f64>) -> Option<f64> {
        let upper = f64::midpoint(1.0, self.level);
        let found = || match df {
            None => normal::quantile(upper).ok(),
            Some(df) if df > 0.0 => student_t::quantile(upper, df).ok(),
            Some(_) => None,
        };
        let key = df.unwrap_or(f64::INFINITY).to_bits();
        // where a thread has failed the list is left alone
        let known = self
            .known
            .read()
            .ok()
            .and_then(|known| known.get(&key).copied());
        known.unwrap_or_else(|| {
            let value = found();
            if let Ok(mut known) = self.known.write() {
                known.insert(key, value);
            }
            value
        })
    }

    /// Estimate −+ t SE.
    pub fn symmetric(&self, estimate: f64, se: f64, df: Option<f64>) -> Option<(f64, f64)> {
        let margin = self.value(df)? * se;
        margin
            .is_finite()
            .then_some((estimate - margin, estimate + margin))
    }

    /// tanh(atanh r −+ t SE/(1 − r²)): Fisher's transformation.
    pub fn correlation(&self, r: f64, se: f64, df: Option<f64>) -> Option<(f64, f64)> {
        let margin = self.value(df)? * se / (1.0 - r * r);
        let bound = |moved: f64| (r.atanh() + moved).tanh();
        margin.is_finite().then(|| (bound(-margin), bound(margin)))
    }

    /// 1 − (1 − α) exp(±t SE/(1 − α)).
    pub fn alpha(&self, alpha: f64, se: f64, df: Option<f64>) -> Option<(f64, f64)> {
        let rest = 1.0 - alpha;
        let margin = self.value(df)? * se / rest;
        let bound = |moved: f64| 1.0 - rest * moved.exp();
        (margin.is_finite() && rest > 0.0).then(|| (bound(margin), bound(-margin)))
    }

    /// The interval of a proportion, or why there is none.
    pub fn share(&self, share: ShareEstimate, ci: Ci) -> Result<(f64, f64), String> {
        let ShareEstimate { p, variance, n, df } = share;
        let Some(t) = self.value(df) else {
            return Err("no degrees of freedom, so no interval".to_owned());
        };
        let edged = p <= 0.0 || p >= 1.0;
        if !edged && variance <= 0.0 {
            // a share that the design fixes, as that of a stratum, is known without error
            return Ok((p, p));
        }
        let se = variance.sqrt();
        match ci {
            Ci::Likelihood
            | Ci::Xlogit
            | Ci::Method(Method::Logit | Method::Asin | Method::Wald)
                if edged =>
            {
                Err(edge(p, ci.name()))
            }
            Ci::Method(Method::Wald) => Ok((p - t * se, p + t * se)),
            Ci::Xlogit | Ci::Method(Method::Logit) => Ok(logit(p, t * se / (p * (1.0 - p)))),
            Ci::Method(Method::Asin) => Ok(arcsine(p, t * se / (2.0 * (p * (1.0 - p)).sqrt()))),
            Ci::Likelihood => Ok(likelihood(p, variance, n as f64, t)),
            Ci::Method(Method::Wilson) => {
                let n_eff = if edged {
                    n as f64
                } else {
                    p * (1.0 - p) / variance
                };
                // the score interval of published figures takes z; here there are degrees of freedom
                Ok(wilson(p, t * t / n_eff))
            }
            // nothing is known of the design effect there, nor a correction for its degrees of freedom needed
            Ci::Method(Method::Beta) if edged => {
                self.by_method(Method::ClopperPearson, p, n as f64, n, None)
            }
            Ci::Method(method) if edged => self.by_method(method, p, n as f64, n, df),
            Ci::Method(method) => self.by_method(method, p, p * (1.0 - p) / variance, n, df),
        }
    }

    fn by_method(
        &self,
        method: Method,
        p: f64,
        n_eff: f64,
        n: u64,
        df: Option<f64>,
    ) -> Result<(f64, f64), String> {
        let sample = Sample {
            n_eff,
            respondents: Some(n as f64),
            df,
        };
        interval::share(method, p, sample, self.level)
            .map(|bounds| (bounds.low, bounds.high))
            .map_err(|error| error.to_string())
    }
}

/// What an interval of a proportion is made from.
#[derive(Clone, Copy, Debug)]
pub struct ShareEstimate {
    pub p: f64,
    pub variance: f64,
    /// Respondents, unweighted.
    pub n: u64,
    pub df: Option<f64>,
}

/// expit(logit p −+ margin).
fn logit(p: f64, margin: f64) -> (f64, f64) {
    let centre = (p / (1.0 - p)).ln();
    let share = |x: f64| 1.0 / (1.0 + (-x).exp());
    (share(centre - margin), share(centre + margin))
}

/// sin²(asin √p −+ margin), cut where the angle leaves the quarter turn.
fn arcsine(p: f64, margin: f64) -> (f64, f64) {
    let centre = p.sqrt().asin();
    let share = |angle: f64| angle.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2);
    (share(centre - margin), share(centre + margin))
}

/// The score interval with t² over the effective sample size; R: `svyciprop(method = "wilson")`.
fn wilson(p: f64, ratio: f64) -> (f64, f64) {
    let centre = (p + ratio / 2.0) / (1.0 + ratio);
    let margin = (ratio * (p * (1.0 - p) + ratio / 4.0)).sqrt() / (1.0 + ratio);
    (
        (centre - margin).clamp(0.0, p),
        (centre + margin).clamp(p, 1.0),
    )
}

fn edge(p: f64, name: &str) -> String {
    let at = if p <= 0.0 { "0%" } else { "100%" };
    format!("no {name} interval at {at}: beta and wilson give one")
}

/// The shares u with 2 (n − 1)/n [p ln(p/u) + (1 − p) ln((1 − p)/(1 − u))] = t² v/(p (1 − p)), one on each side of p.
///
/// R: `svyciprop(method = "likelihood")`, which interpolates its profile and is 1e-5 off.
fn likelihood(p: f64, variance: f64, n: f64, t: f64) -> (f64, f64) {
    let target = t * t * variance / (p * (1.0 - p));
    let distance = |u: f64| {
        2.0 * (n - 1.0) / n * (p * (p / u).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - u)).ln()) - target
    };
    let bisect = |mut outside: f64, mut inside: f64| {
        // until both ends are the same float
        for _ in 0..200 {
            let middle = f64::midpoint(outside, inside);
            match distance(middle) > 0.0 {
                true => outside = middle,
                false => inside = middle,
            }
        }
        f64::midpoint(outside, inside)
    };
    (bisect(0.0, p), bisect(1.0, p))
}
