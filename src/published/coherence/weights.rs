use super::people::People;
use crate::published::figures::store::{ALL, Aggregate, NKind, Store};

/// The weights (adding up to 1) of the countries in a total, where the way it was formed and all that it
/// takes are known: 1/K for a plain mean, the share of n for respondents pooled. A size that is
/// called approximate is no weight. `None` for one country.
pub fn weights<'s>(
    store: &'s Store,
    people: People<'s>,
    country: &'s str,
    aggregate: Option<Aggregate>,
) -> Option<Vec<(&'s str, f64)>> {
    let members = members(store, people.poll, country)?;
    let sizes: Vec<f64> = match aggregate? {
        Aggregate::EqualCountries => vec![1.0; members.len()],
        Aggregate::Respondents => {
            let size = |code: &&str| {
                let rows = store.samples_of(people.poll, code, people.base);
                let sized = rows.into_iter().find(|sample| sample.n.is_some())?;
                let known = sized.n_kind != Some(NKind::Approximate);
                sized.n.filter(|n| known && *n > 0).map(|n| n as f64)
            };
            members.iter().map(size).collect::<Option<_>>()?
        }
        Aggregate::Population | Aggregate::Median | Aggregate::Unknown => return None,
    };
    let sum: f64 = sizes.iter().sum();
    let shares = sizes.into_iter().map(|size| size / sum);
    Some(members.into_iter().zip(shares).collect())
}

/// The countries in a total; `None` where they are not known, or for one country.
pub fn members<'s>(store: &'s Store, poll: &str, country: &'s str) -> Option<Vec<&'s str>> {
    let set = store
        .country(country)
        .is_some_and(|row| !row.members.is_empty());
    if country != ALL && !set {
        return None;
    }
    let codes = match country {
        ALL => store.poll(poll)?.countries.as_slice(),
        _ => store.country(country)?.members.as_slice(),
    };
    let mut members: Vec<&str> = Vec::new();
    for code in codes {
        if !members.contains(&code.as_str()) && code != country {
            members.push(code);
        }
    }
    (!members.is_empty()).then_some(members)
}
