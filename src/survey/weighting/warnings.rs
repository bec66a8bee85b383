//! What is to be said of weights, in plain words.

use super::{Diagnosis, LevelFit};

/// A design effect above this is warned of: more than half the sample is lost. A convention of this program.
pub const HIGH_DEFF: f64 = 2.0;

/// Weights above this multiple of their mean are warned of.
///
/// Source: the cap of 5 in DeBell and Krosnick, Computing Weights for American National Election Study Survey Data, ANES
/// Technical Report nes012427 (2009).
pub const HIGH_WEIGHT: f64 = 5.0;

/// A largest weight above this multiple of the smallest is warned of. A convention of this program.
pub const WIDE_RANGE: f64 = 10.0;

/// Levels with fewer respondents are warned of. A convention of this program; small cells and what merging them does:
/// Kalton and Flores-Cervantes, "Weighting methods", Journal of Official Statistics 19 (2003).
pub const FEW_RESPONDENTS: usize = 30;

/// Levels with a smaller share of the sample are warned of. A convention of this program; small categories and raking:
/// Battaglia, Hoaglin and Frankel, "Practical Considerations in Raking Survey Data", Survey Practice 2 (2009).
pub const SMALL_SHARE: f64 = 0.05;

/// A level that is further from its target than this share of the total after weighting is warned of.
pub const OFF_TARGET: f64 = 0.005;

/// Something to know about weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub text: String,
}

/// What is to be said of weights and of the margins they were made for.
pub fn warnings(weights: &Diagnosis, fits: &[LevelFit]) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code, text| found.push(Warning { code, text });
    if weights.negative > 0 {
        let text = format!(
            "{} weights are negative; the raking or logit distance keeps them above 0",
            weights.negative
        );
        warn("negative", text);
    }
    if weights.deff > HIGH_DEFF {
        let text = format!(
            "The design effect of the weights is {:.2}: {} respondents are worth {:.0} with equal weights",
            weights.deff, weights.n, weights.n_eff
        );
        warn("deff", text);
    }
    if weights.max > HIGH_WEIGHT * weights.mean {
        let text = format!(
            "The largest weight is {:.1} times the mean; trim at {HIGH_WEIGHT}, or weight by fewer levels",
            weights.max / weights.mean
        );
        warn("high-weight", text);
    }
    if weights.min > 0.0 && weights.max_to_min > WIDE_RANGE {
        let text = format!(
            "The largest weight is {:.1} times the smallest",
            weights.max_to_min
        );
        warn("range", text);
    }
    for fit in fits {
        if let Some((code, text)) = of_level(fit) {
            warn(code, text);
        }
    }
    found
}

fn of_level(fit: &LevelFit) -> Option<(&'static str, String)> {
    let LevelFit {
        variable,
        level,
        respondents,
        ..
    } = fit;
    if (fit.after_share - fit.target_share).abs() > OFF_TARGET {
        let (after, target) = (100.0 * fit.after_share, 100.0 * fit.target_share);
        let text = format!(
            "{variable} “{level}” is {after:.1}% of the weights and should be {target:.1}%"
        );
        return Some(("off-target", text));
    }
    if *respondents == 0 {
        return None;
    }
    if *respondents < FEW_RESPONDENTS {
        let text = format!(
            "{variable} “{level}” has only {respondents} respondent{}; merge it with another level",
            if *respondents == 1 { "" } else { "s" }
        );
        return Some(("few", text));
    }
    if fit.sample_share < SMALL_SHARE {
        let share = 100.0 * fit.sample_share;
        let text =
            format!("{variable} “{level}” is only {share:.1}% of the sample; think of merging it");
        return Some(("small", text));
    }
    None
}
