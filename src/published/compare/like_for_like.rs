use super::relation::Relation;
use crate::published::figures::store::{Aggregate, Figure, Store, Wording};

/// What makes two figures other than like for like: question, wording, population, mode, way of
/// averaging. Each a clause that can stand after "Not like for like:".
pub(super) fn differences(
    store: &Store,
    a: &Figure,
    b: &Figure,
    relation: Relation,
) -> Vec<String> {
    let mut found = Vec::new();
    if a.question != b.question {
        found.push("two different questions".to_owned());
    } else if a.response != b.response && relation == Relation::Independent {
        found.push("two different answers".to_owned());
    }
    if a.poll != b.poll {
        found.extend(wording(store, a, b));
        found.extend(population(store, a, b));
        found.extend(mode(store, a, b));
    }
    if relation != Relation::PartOf {
        found.extend(averaging(a, b));
    }
    found
}

/// The same wording is known from a common series, or from two texts given word for word.
fn wording(store: &Store, a: &Figure, b: &Figure) -> Option<String> {
    if a.question != b.question {
        return None;
    }
    let of = |figure: &Figure| store.question(&figure.poll, &figure.question);
    let (of_a, of_b) = (of(a)?, of(b)?);
    let series = !of_a.series.is_empty() && of_a.series == of_b.series;
    let verbatim = [of_a, of_b]
        .iter()
        .all(|question| question.wording == Wording::Exact);
    if series || (verbatim && of_a.text == of_b.text) {
        return None;
    }
    Some(match verbatim {
        true => "the wordings differ".to_owned(),
        false => "the wordings are not known to be the same".to_owned(),
    })
}

fn population(store: &Store, a: &Figure, b: &Figure) -> Option<String> {
    let (of_a, of_b) = (store.poll(&a.poll)?, store.poll(&b.poll)?);
    let stated = !of_a.population.is_empty() && !of_b.population.is_empty();
    if stated && of_a.population != of_b.population {
        return Some(format!(
            "the populations differ ({} and {})",
            of_a.population, of_b.population
        ));
    }
    let of = |figure: &Figure| {
        let mut codes = store.countries_of(&figure.poll, &figure.country);
        codes.sort_unstable();
        codes.join(" ")
    };
    let totals = a.country == b.country && of(a) != of(b);
    totals.then(|| "the countries asked differ".to_owned())
}

fn mode(store: &Store, a: &Figure, b: &Figure) -> Option<String> {
    let (of_a, of_b) = (&store.poll(&a.poll)?.mode, &store.poll(&b.poll)?.mode);
    let differ = !of_a.is_empty() && !of_b.is_empty() && of_a != of_b;
    differ.then(|| format!("the modes differ ({of_a} and {of_b})"))
}

fn averaging(a: &Figure, b: &Figure) -> Option<String> {
    let words = |aggregate| match aggregate {
        Aggregate::Respondents => "all respondents pooled",
        Aggregate::EqualCountries => "a mean of countries",
        Aggregate::Population => "a mean weighted by population",
        Aggregate::Median => "a median of countries",
        Aggregate::Unknown => "an average of a kind that is not known",
    };
    let (of_a, of_b) = (a.aggregate?, b.aggregate?);
    (of_a != of_b).then(|| {
        format!(
            "the averages were made differently ({} and {})",
            words(of_a),
            words(of_b)
        )
    })
}
