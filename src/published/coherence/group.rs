use std::collections::HashMap;

use super::cells::Cells;
use super::component::{Component, TooLarge, components};
use super::people::People;
use crate::published::figures::store::{Figure, Store};

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
        let people = People::of(figure);
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
        cells.say(&self.figures);
        cells.legislate();
        components(cells, &[], false)
    }
}
