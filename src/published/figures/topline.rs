use super::basis::{Basis, NoInterval, basis};
use super::quantity::{COMPUTED, Quantity};
use super::rounding;
use super::store::{Figure, Qualifier, QuestionKind, Sampling, Store};
use crate::frames::{Estimate, Flag, Statistic};
use crate::statistics::interval::{self, Method, Sample};

/// How intervals of published figures are to be made.
#[derive(Clone, Copy, Debug)]
pub struct Intervals {
    pub method: Method,
    /// 0..1.
    pub level: f64,
    /// For figures without a published sample size.
    pub assumed_n: Option<f64>,
}

impl Default for Intervals {
    fn default() -> Intervals {
        Intervals {
            method: Method::default(),
            level: 0.95,
            assumed_n: None,
        }
    }
}

/// A published figure as an estimate: its share, its interval where one can be had, and what is not
/// known about it. `quantity` holds what else was printed of it.
///
/// `ci_low` and `ci_high` are the sampling interval of the share as printed; `rounding_low` and
/// `rounding_high` are the union of the intervals of all shares that the print may stand for.
///
/// # Errors
/// [`interval::Error`] for a level or an assumed n that is none.
pub fn topline(
    store: &Store,
    figure: &Figure,
    quantity: &Quantity,
    intervals: Intervals,
) -> Result<Estimate, interval::Error> {
    let mut estimate = described(store, figure, quantity);
    match basis(store, figure, intervals.assumed_n) {
        Ok(basis) => with_interval(&mut estimate, figure, basis, intervals)?,
        Err(reason) => without_interval(&mut estimate, reason),
    }
    estimate.flags.sort();
    Ok(estimate)
}

/// The estimate with its names and flags, without numbers that rest on a sample.
fn described(store: &Store, figure: &Figure, quantity: &Quantity) -> Estimate {
    let mut estimate = Estimate::proportion(&figure.poll, &figure.question, Some(&figure.response));
    let score = store
        .question(&figure.poll, &figure.question)
        .is_some_and(|question| question.kind == QuestionKind::Score);
    let group = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    estimate.groups = vec![
        group("country", &figure.country),
        group("base", &base_of(figure)),
        group("reported_by", &figure.reported_by),
        group("printed", &printed(figure)),
    ];
    estimate.estimate = Some(match score {
        true => figure.percent.value,
        false => figure.percent.value / 100.0,
    });
    if score {
        estimate.statistic = Statistic::Mean;
    }
    let computed = figure.reported_by == COMPUTED;
    let conflict = !computed && quantity.in_conflict();
    let sampling = store
        .poll(&figure.poll)
        .map_or(Sampling::Unknown, |poll| poll.sampling);
    let flags = [
        (conflict, Flag::Conflict),
        (computed, Flag::Computed),
        (
            figure.first_hand == Some(false) && !computed,
            Flag::SecondHand,
        ),
        (sampling == Sampling::Nonprobability, Flag::NotProbability),
        (sampling == Sampling::Unknown, Flag::UnknownSampling),
    ];
    estimate.flags = flags
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, flag)| flag)
        .collect();
    estimate
}

/// Who is spoken of: the base, and whom of it an answer left out leaves.
fn base_of(figure: &Figure) -> String {
    match &figure.decided {
        Some(decided) => format!("{} without {}", figure.base, decided.without),
        None => figure.base.clone(),
    }
}

/// The value as a reader would see it in print: `62`, `≈62`, `≥80`.
pub fn printed(figure: &Figure) -> String {
    let sign = match figure.qualifier {
        Qualifier::Exact => "",
        Qualifier::About => "≈",
        Qualifier::AtLeast => "≥",
        Qualifier::AtMost => "≤",
    };
    format!("{sign}{}", figure.percent.text)
}

fn with_interval(
    estimate: &mut Estimate,
    figure: &Figure,
    basis: Basis,
    intervals: Intervals,
) -> Result<(), interval::Error> {
    let share = figure.percent.value / 100.0;
    let sample = Sample {
        n_eff: basis.n_eff,
        respondents: basis.n,
        df: None,
    };
    let (low, high) = figure.percent.stands_for(figure.qualifier);
    let rounded = (low / 100.0, high / 100.0);
    let mut notes = basis.notes;
    match interval::share(intervals.method, share, sample, intervals.level) {
        Ok(interval) => {
            estimate.ci_low = Some(interval.low);
            estimate.ci_high = Some(interval.high);
        }
        Err(degenerate @ interval::Error::Degenerate { .. }) => notes.push(degenerate.to_string()),
        Err(error) => return Err(error),
    }
    let union = rounding::union(intervals.method, rounded, sample, intervals.level)?;
    estimate.rounding_low = Some(union.low);
    estimate.rounding_high = Some(union.high);
    estimate.se = Some((share * (1.0 - share) / basis.n_eff).sqrt());
    estimate.n = basis.n;
    estimate.n_eff = Some(basis.n_eff);
    estimate.deff = basis.deff;
    let flags = [
        (basis.approximate, Flag::ApproximateN),
        (basis.assumed, Flag::AssumedN),
        (basis.n.is_some_and(|n| n < 100.0), Flag::SmallBase),
    ];
    estimate.flags.extend(
        flags
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, flag)| flag),
    );
    estimate.note = notes.join("; ");
    Ok(())
}

fn without_interval(estimate: &mut Estimate, reason: NoInterval) {
    let flag = match reason {
        NoInterval::SampleSize => Some(Flag::NoN),
        NoInterval::Bound => Some(Flag::Bound),
        NoInterval::Median | NoInterval::Score => None,
    };
    estimate.flags.extend(flag);
    estimate.note = format!("no interval: {reason}");
}
