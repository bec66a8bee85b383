use super::combination::{Combination, CombinationError, CombineError, Net, Pooling, combine};
use super::side::StoredFigure;
use crate::published::figures::quantity::quantities;
use crate::published::figures::selector::{self, Selector};
use crate::published::figures::store::{ALL, Figure, Store};
use crate::published::figures::topline::Intervals;

/// What nets, means and assumed sizes make of figures.
pub struct CombinationOptions<'x> {
    pub nets: &'x [Net],
    pub pooling: Pooling<'x>,
    pub intervals: Intervals,
}

/// Why a text means no figures.
#[derive(Debug, thiserror::Error)]
pub enum NamedError {
    #[error(transparent)]
    Selector(#[from] selector::Error),
    #[error(transparent)]
    Combination(#[from] CombinationError),
    #[error(transparent)]
    Combine(#[from] CombineError),
}

/// The figures that a text means: printed ones, or those that are made of several (`r1+r2`, `r1-r2`, `KR+PH`).
///
/// Country and base are `all` where they are left out and there is such a figure. `*` for the country
/// means the countries without the total that holds them.
///
/// # Errors
/// A text that means none, answers that can't be added.
pub fn named_figures<'s>(
    store: &'s Store,
    text: &str,
    options: &CombinationOptions,
) -> Result<Vec<StoredFigure<'s>>, NamedError> {
    if let Some(combination) = Combination::parse(text, options.nets, store)? {
        let sides = combine(store, &combination, options.pooling, options.intervals)?;
        let sides = sides.into_iter();
        return Ok(sides
            .map(|side| StoredFigure::Combined(Box::new(side)))
            .collect());
    }
    let found = selected(store, text)?.into_iter();
    let printed = found.map(|(figures, source_named)| StoredFigure::Printed(figures, source_named));
    Ok(printed.collect())
}

/// The quantities that an id or selector means, each with its prints and whether a source was named.
fn selected<'s>(
    store: &'s Store,
    text: &str,
) -> Result<Vec<(Vec<&'s Figure>, bool)>, selector::Error> {
    let selector: Selector = text.parse()?;
    let mut figures = selector.figures(store)?;
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
