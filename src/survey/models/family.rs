//! Families and links: what a linear predictor says of a response.

use crate::statistics::special::normal;
use crate::survey::estimate::choices;

choices! {
    /// How a response varies about its mean.
    Family {
        /// V(μ) = 1: a number.
        Gaussian = "gaussian",
        /// V(μ) = μ(1 − μ): yes or no.
        Binomial = "binomial",
        /// V(μ) = μ: a count, or yes or no for risk ratios.
        Poisson = "poisson",
        /// V(μ) = μ²: a number above 0.
        Gamma = "gamma",
        /// An answer on a scale: cumulative shares.
        Ordinal = "ordinal",
        /// An answer without an order: each against a base.
        Multinomial = "multinomial",
    }
}

choices! {
    /// The scale on which terms add up.
    Link {
        Identity = "identity",
        Log = "log",
        Logit = "logit",
        Probit = "probit",
        Cloglog = "cloglog",
        Cauchit = "cauchit",
        Inverse = "inverse",
    }
}

impl Family {
    /// The links that it takes, the usual one first.
    pub fn links(self) -> &'static [Link] {
        match self {
            Family::Gaussian => &[Link::Identity, Link::Log, Link::Inverse],
            Family::Binomial => &[
                Link::Logit,
                Link::Probit,
                Link::Cloglog,
                Link::Cauchit,
                Link::Log,
                Link::Identity,
            ],
            Family::Poisson => &[Link::Log, Link::Identity],
            Family::Gamma => &[Link::Inverse, Link::Log, Link::Identity],
            Family::Ordinal => &[Link::Logit, Link::Probit, Link::Cloglog],
            Family::Multinomial => &[Link::Logit],
        }
    }

    /// Whether the score is Σ w x (y − μ), so that the expected and the observed information are one.
    pub fn is_canonical(self, link: Link) -> bool {
        matches!(
            (self, link),
            (Family::Gaussian, Link::Identity)
                | (Family::Binomial | Family::Multinomial, Link::Logit)
                | (Family::Poisson, Link::Log)
                | (Family::Gamma, Link::Inverse)
        )
    }

    /// V(μ) and V′(μ); `rest` is 1 − μ, exact near 1.
    pub fn variance(self, mu: f64, rest: f64) -> (f64, f64) {
        match self {
            Family::Gaussian => (1.0, 0.0),
            Family::Poisson => (mu, 1.0),
            Family::Gamma => (mu * mu, 2.0 * mu),
            _ => (mu * rest, rest - mu),
        }
    }

    /// Whether a mean can be one.
    pub fn allows(self, mu: f64, rest: f64) -> bool {
        match self {
            Family::Gaussian => mu.is_finite(),
            Family::Poisson | Family::Gamma => mu > 0.0 && mu.is_finite(),
            _ => mu > 0.0 && rest > 0.0,
        }
    }

    /// What one respondent with weight 1 adds to the deviance.
    pub fn deviance(self, y: f64, mu: f64, rest: f64) -> f64 {
        let part = |y: f64, mu: f64| if y > 0.0 { y * (y / mu).ln() } else { 0.0 };
        match self {
            Family::Gaussian => (y - mu) * (y - mu),
            Family::Poisson => 2.0 * (part(y, mu) - (y - mu)),
            Family::Gamma => 2.0 * ((y - mu) / mu - (y / mu).ln()),
            _ => 2.0 * (part(y, mu) + part(1.0 - y, rest)),
        }
    }

    /// A mean to begin with.
    pub fn start(self, y: f64, mean: f64) -> f64 {
        match self {
            Family::Gaussian | Family::Gamma => y,
            Family::Poisson => 0.5 * (y + mean.max(1e-3)),
            _ => (y + 0.5) / 2.0,
        }
    }
}

/// A mean with its derivatives by the linear predictor.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    pub mu: f64,
    /// 1 − μ.
    pub rest: f64,
    pub first: f64,
    pub second: f64,
}

impl Link {
    /// The mean of a linear predictor.
    pub fn mean(self, eta: f64) -> Mean {
        match self {
            Link::Identity => Mean {
                mu: eta,
                rest: 1.0 - eta,
                first: 1.0,
                second: 0.0,
            },
            Link::Log => {
                let mu = eta.exp();
                Mean {
                    mu,
                    rest: -eta.exp_m1(),
                    first: mu,
                    second: mu,
                }
            }
            Link::Inverse => {
                let mu = 1.0 / eta;
                Mean {
                    mu,
                    rest: 1.0 - mu,
                    first: -mu * mu,
                    second: 2.0 * mu * mu * mu,
                }
            }
            Link::Logit => {
                let (mu, rest) = (1.0 / (1.0 + (-eta).exp()), 1.0 / (1.0 + eta.exp()));
                let first = mu * rest;
                Mean {
                    mu,
                    rest,
                    first,
                    second: first * (rest - mu),
                }
            }
            Link::Probit => {
                let first = (-0.5 * eta * eta).exp() / (2.0 * std::f64::consts::PI).sqrt();
                Mean {
                    mu: normal::cdf(eta).unwrap_or(f64::NAN),
                    rest: normal::upper_tail(eta).unwrap_or(f64::NAN),
                    first,
                    second: -eta * first,
                }
            }
            Link::Cloglog => {
                let growth = eta.exp();
                let rest = (-growth).exp();
                let first = growth * rest;
                Mean {
                    mu: -(-growth).exp_m1(),
                    rest,
                    first,
                    second: first * (1.0 - growth),
                }
            }
            Link::Cauchit => {
                let spread = 1.0 + eta * eta;
                let pi = std::f64::consts::PI;
                // beyond 1 the arc tangent of the inverse keeps the digits of the small side
                let beyond = |x: f64| {
                    if x > 1.0 {
                        (1.0 / x).atan() / pi
                    } else {
                        0.5 - x.atan() / pi
                    }
                };
                Mean {
                    mu: beyond(-eta),
                    rest: beyond(eta),
                    first: 1.0 / (pi * spread),
                    second: -2.0 * eta / (pi * spread * spread),
                }
            }
        }
    }

    /// Whether every predictor has a mean that the family may have.
    pub fn has_no_edge(self, family: Family) -> bool {
        match (family, self) {
            (Family::Gaussian, link) => link != Link::Inverse,
            (Family::Binomial, link) => !matches!(link, Link::Log | Link::Identity),
            (_, link) => !matches!(link, Link::Identity | Link::Inverse),
        }
    }

    /// The linear predictor of a mean.
    pub fn predictor(self, mu: f64) -> f64 {
        match self {
            Link::Identity => mu,
            Link::Log => mu.ln(),
            Link::Inverse => 1.0 / mu,
            Link::Logit => (mu / (1.0 - mu)).ln(),
            Link::Probit => normal::quantile(mu).unwrap_or(f64::NAN),
            Link::Cloglog => (-(-mu).ln_1p()).ln(),
            Link::Cauchit => ((mu - 0.5) * std::f64::consts::PI).tan(),
        }
    }
}

/// What exp(b) is, where it is anything.
pub fn ratio_kind(family: Family, link: Link, binary: bool) -> Option<&'static str> {
    match (family, link) {
        (Family::Binomial | Family::Ordinal | Family::Multinomial, Link::Logit)
            if family != Family::Multinomial =>
        {
            Some("odds ratio")
        }
        (Family::Multinomial, _) => Some("relative risk ratio"),
        (Family::Binomial | Family::Ordinal, Link::Cloglog) => Some("hazard ratio"),
        (Family::Binomial, Link::Log) => Some("risk ratio"),
        (Family::Poisson, Link::Log) if binary => Some("risk ratio"),
        (Family::Poisson, Link::Log) => Some("rate ratio"),
        (Family::Gamma | Family::Gaussian, Link::Log) => Some("ratio of means"),
        _ => None,
    }
}

/// "odds ratios", "ratios of means".
pub fn ratios(kind: &str) -> String {
    match kind.split_once(' ') {
        Some(("ratio", compared)) => format!("ratios {compared}"),
        _ => format!("{kind}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_mean() {
        for link in Link::ALL {
            for eta in [-1.3, -0.2, 0.4, 1.7] {
                let at = link.mean(eta);
                let step = 1e-5;
                let (below, above) = (link.mean(eta - step), link.mean(eta + step));
                let first = (above.mu - below.mu) / (2.0 * step);
                let second = (above.first - below.first) / (2.0 * step);
                assert!(
                    (at.first - first).abs() < 1e-8 * (1.0 + first.abs()),
                    "{link} {eta}"
                );
                assert!(
                    (at.second - second).abs() < 1e-7 * (1.0 + second.abs()),
                    "{link} {eta}"
                );
                assert!((at.mu + at.rest - 1.0).abs() < 1e-14, "{link} {eta}");
                assert!((link.predictor(at.mu) - eta).abs() < 1e-9, "{link} {eta}");
            }
        }
    }
}
