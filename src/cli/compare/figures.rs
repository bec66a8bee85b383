//! The figures that `opine compare` is given: typed in, or of the store.

use crate::cli::failure::Failure;
use crate::cli::values;
use crate::published::compare::{Share, joint_variance, two_sided};
use crate::published::figures::percent::Percent;

/// A figure as it was written on the command line.
#[derive(Clone, Debug)]
pub enum FigureArg {
    /// `48` or `48@1000`.
    Typed {
        text: String,
        percent: Percent,
        n: Option<f64>,
    },
    /// An id or a selector.
    Stored(String),
}

impl FigureArg {
    /// What has a slash, or begins like a word, is an id; the rest is a percentage.
    pub fn parse(text: &str) -> Result<FigureArg, Failure> {
        let begins_with_digit = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if text.contains('/') || !begins_with_digit {
            return Ok(FigureArg::Stored(text.to_owned()));
        }
        let (percent, n) = match text.split_once('@') {
            Some((percent, n)) => (
                percent,
                Some(values::sample_size(n).map_err(Failure::Usage)?),
            ),
            None => (text, None),
        };
        Ok(FigureArg::Typed {
            text: text.to_owned(),
            percent: values::percent(percent).map_err(Failure::Usage)?,
            n,
        })
    }

    pub fn is_typed(&self) -> bool {
        matches!(self, FigureArg::Typed { .. })
    }

    /// The percentage of one without its own n.
    pub fn bare(&self) -> Option<&Percent> {
        match self {
            FigureArg::Typed {
                percent, n: None, ..
            } => Some(percent),
            _ => None,
        }
    }
}

/// Why bare percentages with one n need a relation: the readings and what each comes to.
pub fn several_readings(a: &Percent, b: &Percent, n: f64, deff: f64, level: f64) -> Failure {
    let share = |percent: &Percent| Share {
        p: percent.value / 100.0,
        n: n / deff.max(1.0),
    };
    let (a_share, b_share) = (share(a), share(b));
    let margin =
        |variance: f64| two_sided(level).map(|z| format!("{:.1}", 100.0 * z * variance.sqrt()));
    let (Ok(same), Ok(apart)) = (
        margin(joint_variance(a_share, b_share, 0.0)),
        margin(a_share.variance() + b_share.variance()),
    ) else {
        return Failure::Usage("--relation is needed to compare percentages with one n".to_owned());
    };
    let percent = 100.0 * level;
    Failure::Usage(format!(
        "{a} and {b} with one n can be read in more than one way; say which with --relation:\n  \
         --relation same-question     two answers of one question: {percent}% margin of the difference ±{same} \
         points\n  \
         --relation independent       two separate samples of {n} each: ±{apart} points\n  \
         --relation same-respondents  two questions to the same people: a range\n  \
         also panel, and part-of with --share"
    ))
}
