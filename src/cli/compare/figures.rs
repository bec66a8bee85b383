//! The figures that `opine compare` is given: typed in, or of the store.

use crate::cli::failure::Failure;
use crate::cli::values;
use crate::published::compare::{
    Combination, Net, Pooling, Share, StoredFigure, combine, joint_variance, two_sided,
};
use crate::published::figures::percent::Percent;
use crate::published::figures::quantity::quantities;
use crate::published::figures::selector::Selector;
use crate::published::figures::store::{ALL, Figure, Store};
use crate::published::figures::topline::Intervals;

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

/// What nets, means and assumed sizes make of figures.
pub struct CombinationOptions<'x> {
    pub nets: &'x [Net],
    pub pooling: Pooling<'x>,
    pub intervals: Intervals,
}

/// The figures that a text means: printed ones, or those that are made of several.
pub fn figures_of<'s>(
    store: &'s Store,
    text: &str,
    options: &CombinationOptions,
) -> Result<Vec<StoredFigure<'s>>, Failure> {
    if let Some(combination) =
        Combination::parse(text, options.nets, store).map_err(Failure::usage)?
    {
        let sides = combine(store, &combination, options.pooling, options.intervals);
        let sides = sides.map_err(Failure::usage)?.into_iter();
        return Ok(sides
            .map(|side| StoredFigure::Combined(Box::new(side)))
            .collect());
    }
    let found = selected(store, text)?.into_iter();
    let printed = found.map(|(figures, source_named)| StoredFigure::Printed(figures, source_named));
    Ok(printed.collect())
}

/// The quantities that an id or selector means, each with its prints and whether a source was named.
///
/// Country and base are `all` where they are left out and there is such a figure. `*` for the country
/// means the countries without the total that holds them.
fn selected<'s>(store: &'s Store, text: &str) -> Result<Vec<(Vec<&'s Figure>, bool)>, Failure> {
    let selector: Selector = text.parse().map_err(Failure::usage)?;
    let mut figures = selector.figures(store).map_err(Failure::usage)?;
    let path = text.split('@').next().unwrap_or(text);
    let groups: Vec<&str> = path.split(':').skip(1).collect();
    match groups.first() {
        None => keep(&mut figures, |figure| figure.country == ALL),
        Some(&"*") => keep(&mut figures, |figure| figure.country != ALL),
        Some(_) => {}
    }
    if groups.len() < 2 {
        keep(&mut figures, |figure| figure.base == ALL);
    }
    let named = selector.names_source();
    Ok(quantities(&figures)
        .into_iter()
        .map(|quantity| {
            let prints = quantity
                .values
                .iter()
                .flat_map(|value| value.figures.clone());
            (prints.collect(), named)
        })
        .collect())
}

/// Keeps those alone, where there are any.
fn keep(figures: &mut Vec<&Figure>, is_kept: impl Fn(&Figure) -> bool) {
    if figures.iter().any(|figure| is_kept(figure)) {
        figures.retain(|figure| is_kept(figure));
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
