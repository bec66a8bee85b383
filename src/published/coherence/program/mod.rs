//! The linear program of some people: cells are the unknowns, laws and statements the rows. How it is built and
//! solved is told in docs/design/linear-program.md.

mod cells;
mod component;
mod reduce;

pub use crate::statistics::simplex::End;
pub use cells::{Cells, Statement};
pub use component::{Believed, Component, TooLarge, components};
pub use reduce::{Focus, beyond, binding, joint_of, near, only, reduced};

use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::store::{ALL, Aggregate, Figure, NKind, Store};
use std::collections::HashMap;

/// All figures of the same people: one poll, one base, printed or computed.
pub struct Group<'s> {
    store: &'s Store,
    pub people: People<'s>,
    pub figures: Vec<&'s Figure>,
}

/// The groups of a store, in the order in which they first occur.
pub fn groups(store: &Store) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places = HashMap::new();
    for figure in &store.figures {
        let people = People::behind(figure);
        let place = *places.entry(people).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group {
                store,
                people,
                figures: Vec::new(),
            });
        }
        groups[place].figures.push(figure);
    }
    groups
}

impl<'s> Group<'s> {
    /// What hangs together in it.
    pub fn components(&self) -> Vec<Result<Component<'s>, TooLarge>> {
        let mut cells = Cells::new(self.store, self.people, &self.figures);
        cells.add_figures(&self.figures);
        cells.add_laws();
        components(cells, &[], false)
    }
}

/// Everybody who is spoken of at once: one base of one poll, as printed or as computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct People<'s> {
    pub poll: &'s str,
    pub base: &'s str,
    pub computed: bool,
}

impl<'s> People<'s> {
    pub fn behind(figure: &'s Figure) -> People<'s> {
        People {
            poll: &figure.poll,
            base: &figure.base,
            computed: figure.reported_by == COMPUTED,
        }
    }
}

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
        // a set that names itself would be a part of itself
        if !members.contains(&code.as_str()) && code != country {
            members.push(code);
        }
    }
    (!members.is_empty()).then_some(members)
}
