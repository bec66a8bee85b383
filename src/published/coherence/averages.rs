use super::people::People;
use super::rules;
use super::weights::{members, weights};
use crate::frames::words::and;
use crate::published::figures::quantity::{Prefer, quantities};
use crate::published::figures::store::{Aggregate, Figure, Finding, Qualifier, Severity, Store};

/// Totals of which nobody says how they were formed, though all their countries are known: which ways fit.
pub fn findings(store: &Store) -> Vec<Finding> {
    let unknown = store.figures.iter().filter(|figure| {
        figure.aggregate == Some(Aggregate::Unknown) && figure.qualifier == Qualifier::Exact
    });
    unknown.filter_map(|total| fits(store, total)).collect()
}

fn fits(store: &Store, total: &Figure) -> Option<Finding> {
    let people = People::of(total);
    let countries = members(store, &total.poll, &total.country)?;
    if countries.len() < 2 {
        return None;
    }
    let parts = countries.iter().map(|country| part(store, total, country));
    let parts: Vec<&Figure> = parts.collect::<Option<_>>()?;
    let ways = [
        (Aggregate::EqualCountries, "a plain mean of the countries"),
        (Aggregate::Respondents, "all respondents pooled"),
    ];
    let fitting: Vec<String> = ways
        .into_iter()
        .filter(|(way, _)| {
            let weights = weights(store, people, &total.country, Some(*way));
            weights.is_some_and(|weights| mean_fits(total, &parts, &weights))
        })
        .map(|(_, words)| words.to_owned())
        .collect();
    let said = match fitting.is_empty() {
        true => "neither a plain mean of the countries nor, as far as sizes are known, all respondents pooled fits"
            .to_owned(),
        false => format!("{} fits", and(&fitting)),
    };
    let message = format!(
        "{} over {} countries: {said}",
        total.percent,
        countries.len()
    );
    let finding = Finding::new(rules::AVERAGE_FITS, Severity::Note, "figures.csv", message)
        .line(total.line)
        .column("aggregate")
        .id(total.id_with_source());
    Some(finding.fix("its aggregate is unknown: say how it was formed, if a source does"))
}

fn part<'s>(store: &'s Store, total: &Figure, country: &str) -> Option<&'s Figure> {
    let Figure {
        poll,
        question,
        response,
        base,
        ..
    } = total;
    let printed = store.figures_of(poll, question, response, country, base);
    let computed = People::of(total).computed;
    let same: Vec<&Figure> = printed
        .into_iter()
        .filter(|figure| People::of(figure).computed == computed)
        .collect();
    let quantity = quantities(&same).into_iter().next()?;
    let shown = quantity.values.first()?.shown(Prefer::Decimals);
    let value = matches!(shown.qualifier, Qualifier::Exact | Qualifier::About);
    value.then_some(shown)
}

fn mean_fits(total: &Figure, parts: &[&Figure], weights: &[(&str, f64)]) -> bool {
    let mean = |end: fn(&Figure) -> f64| -> f64 {
        let terms = parts.iter().zip(weights);
        terms.map(|(part, (_, weight))| weight * end(part)).sum()
    };
    let (low, high) = total.percent.stands_for(total.qualifier);
    let least = mean(|part| part.percent.stands_for(part.qualifier).0);
    let most = mean(|part| part.percent.stands_for(part.qualifier).1);
    least <= high + 1e-9 && low <= most + 1e-9
}
