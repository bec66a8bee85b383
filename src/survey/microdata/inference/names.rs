//! Columns without a name, and columns of one name.

use std::collections::HashSet;

/// What a note lists before it goes over to counting.
const LISTED: usize = 4;

/// Gives each column a name of its own: `column3` where the third has none, `Polls_2` where one before it is named Polls.
/// Notes say which.
pub(crate) fn distinct(names: Vec<String>) -> (Vec<String>, Vec<String>) {
    // names that are given stay as they are, whatever is made up before them
    let given: HashSet<String> = names.iter().cloned().collect();
    let mut taken: HashSet<String> = HashSet::new();
    let (mut distinct, mut unnamed, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for (column, name) in (1..).zip(names) {
        let free =
            |name: &String, taken: &HashSet<String>| !taken.contains(name) && !given.contains(name);
        let own = if name.is_empty() {
            let start = format!("column{column}");
            let own = numbered(&start, 2, |name| free(name, &taken), true);
            unnamed.push((column, own.clone()));
            own
        } else if taken.contains(&name) {
            let own = numbered(&name, 2, |name| free(name, &taken), false);
            repeated.push((column, name, own.clone()));
            own
        } else {
            name
        };
        taken.insert(own.clone());
        distinct.push(own);
    }
    let notes = unnamed_note(&unnamed)
        .into_iter()
        .chain(repeated_note(&repeated));
    (distinct, notes.collect())
}

/// The first free one of `name` (if `bare`), `name_2`, `name_3` and so on.
fn numbered(name: &str, from: u64, free: impl Fn(&String) -> bool, bare: bool) -> String {
    let bare = bare.then(|| name.to_owned());
    let numbered = (from..).map(|number| format!("{name}_{number}"));
    let mut candidates = bare.into_iter().chain(numbered);
    candidates
        .find(|candidate| free(candidate))
        .unwrap_or_default()
}

fn unnamed_note(unnamed: &[(usize, String)]) -> Option<String> {
    match unnamed {
        [] => None,
        [(column, own)] => Some(format!("column {column} has no name and is called {own}")),
        several => {
            let names = several.iter().map(|(_, own)| own.as_str());
            let count = several.len();
            Some(format!(
                "{count} columns have no name and are called {}",
                listed(names, count)
            ))
        }
    }
}

fn repeated_note(repeated: &[(usize, String, String)]) -> Option<String> {
    match repeated {
        [] => None,
        [(column, name, own)] => Some(format!(
            "column {column} has the name {name}, as one before it has, and is called {own}"
        )),
        several => {
            let names = several.iter().map(|(_, _, own)| own.as_str());
            let count = several.len();
            Some(format!(
                "{count} columns have the name of one before them and are called {}",
                listed(names, count)
            ))
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    let first: Vec<&str> = names.take(LISTED).collect();
    let list = first.join(", ");
    match count > LISTED {
        true => format!("{list} and so on"),
        false => list,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(names: &[&str]) -> (Vec<String>, Vec<String>) {
        distinct(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn made_up_names_step_aside() {
        let (names, notes) = named(&["", "Polls", "column1", "Polls", "Polls_2", "Polls"]);
        assert_eq!(
            names,
            [
                "column1_2",
                "Polls",
                "column1",
                "Polls_3",
                "Polls_2",
                "Polls_4"
            ]
        );
        assert_eq!(
            notes,
            [
                "column 1 has no name and is called column1_2",
                "2 columns have the name of one before them and are called Polls_3, Polls_4"
            ]
        );
        assert!(named(&["a", "b"]).1.is_empty());
    }

    proptest! {
        #[test]
        fn names_are_distinct(names in prop::collection::vec("(a|b|a_2|column2|)", 0..12)) {
            let (own, _) = distinct(names.clone());
            let set: HashSet<&String> = own.iter().collect();
            prop_assert_eq!(set.len(), names.len());
            for (at, (own, name)) in own.iter().zip(&names).enumerate() {
                let first = !name.is_empty() && !names[..at].contains(name);
                prop_assert_eq!(first, own == name);
            }
        }
    }
}
