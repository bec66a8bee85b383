//! The figures that `opine compare` is given: typed in, or of the store.

use crate::cli::failure::Failure;
use crate::published::compare::{Side, TypedFigure, joint_variance, two_sided};

/// A figure as it was written on the command line.
#[derive(Clone, Debug)]
pub enum FigureArg {
    /// `48`, `48@1000`, `Germany=62@1004`, `47-39@756`.
    Typed(TypedFigure),
    /// An id or a selector.
    Stored(String),
}

impl FigureArg {
    /// What begins with a digit, after a name or without, is typed; the rest is an id.
    pub fn parse(text: &str) -> Result<FigureArg, Failure> {
        match TypedFigure::is_typed(text) {
            true => TypedFigure::parse(text)
                .map(FigureArg::Typed)
                .map_err(Failure::Usage),
            false => Ok(FigureArg::Stored(text.to_owned())),
        }
    }

    pub fn is_typed(&self) -> bool {
        matches!(self, FigureArg::Typed(_))
    }

    /// One that is typed without its own n.
    pub fn bare(&self) -> Option<&TypedFigure> {
        match self {
            FigureArg::Typed(figure) if figure.n.is_none() => Some(figure),
            _ => None,
        }
    }
}

/// Why figures of one size need a relation: the readings and what each comes to.
pub fn several_readings(a: &Side, b: &Side, level: f64) -> Failure {
    let needed = || {
        Failure::Usage(format!(
            "{} and {} share one sample size: say with --relation how they stand to each other",
            a.label, b.label
        ))
    };
    let (Some(of_a), Some(of_b)) = (a.known(), b.known()) else {
        return needed();
    };
    let same = match (&a.score, &b.score) {
        (Some(_), _) | (_, Some(_)) => return needed(),
        _ => joint_variance(of_a, of_b, 0.0),
    };
    let margin =
        |variance: f64| two_sided(level).map(|z| format!("{:.1}", 100.0 * z * variance.sqrt()));
    let (Ok(same), Ok(apart)) = (margin(same), margin(of_a.variance() + of_b.variance())) else {
        return needed();
    };
    let percent = 100.0 * level;
    let n = match a.size.as_ref().map(|size| size.n) {
        Ok(Some(n)) => format!(" of {n} each"),
        _ => String::new(),
    };
    Failure::Usage(format!(
        "{} and {} with one {} can be read in more than one way; say which with --relation:\n  \
         --relation same-question     two answers of one question: {percent}% margin of the difference ±{same} \
         points\n  \
         --relation independent       two separate samples{n}: ±{apart} points\n  \
         --relation same-respondents  two questions to the same people: a range\n  \
         also panel, and part-of with --share",
        a.printed,
        b.printed,
        if n.is_empty() { "margin of error" } else { "n" },
    ))
}
