//! What is asked of sums that travel: whether they go together, and which question they answer.

use super::error::Error;
use super::request::{Group, Incomplete, Options, Request};
use crate::survey::design::Lonely;
use crate::survey::expr::{Expr, Item, condition};
use crate::survey::microdata::Codebook;
use crate::survey::sums::file::Spec;

/// What can still be chosen when sums are estimated from.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Level, nets, interval method and what else is decided after the sums; its items are those asked for, none for all.
    pub request: Option<Request>,
    pub lonely: Option<Lonely>,
    pub df: Option<f64>,
}

/// Whether sums of two files may be added up.
///
/// # Errors
/// What was asked otherwise of the respondents of the one than of the other.
pub fn alike(first: &Spec, other: &Spec, first_path: &str, path: &str) -> Result<(), Error> {
    let differs = |what: &str| {
        Error::Asked(format!(
            "{path} was not made like {first_path}: {what}; make both with the same groups, condition and design"
        ))
    };
    if first.weights_from_fpc || other.weights_from_fpc {
        return Err(Error::Asked(
            "weights of these sums are N/n of the units in their own file, so they can't be merged: make them with --weights"
                .to_owned(),
        ));
    }
    let shown = |by: &[(String, String)]| {
        let texts: Vec<&str> = by.iter().map(|(_, text)| text.as_str()).collect();
        if texts.is_empty() {
            "nothing".to_owned()
        } else {
            texts.join(", ")
        }
    };
    let by = |spec: &Spec| -> Vec<(String, String)> {
        let groups = spec.by.iter();
        groups
            .map(|(name, text)| (canonical(name), canonical(text)))
            .collect()
    };
    if by(first) != by(other) {
        return Err(differs(&format!(
            "--by is {}, there {}",
            shown(&other.by),
            shown(&first.by)
        )));
    }
    if first.condition.as_deref().map(canonical) != other.condition.as_deref().map(canonical) {
        return Err(differs("--where differs"));
    }
    if first.design != other.design {
        return Err(differs("the designs differ"));
    }
    if first.incomplete_dropped != other.incomplete_dropped {
        return Err(differs("--incomplete differs"));
    }
    if first.replicates != other.replicates {
        return Err(differs("the numbers of replicates differ"));
    }
    for variable in &other.codebook.variables {
        let Ok(here) = first.codebook.variable(&variable.name) else {
            continue;
        };
        let name = &variable.name;
        if here.kind != variable.kind {
            return Err(differs(&format!(
                "{name} is of another kind, numbers in one and texts in the other"
            )));
        }
        if here.missing != variable.missing {
            return Err(differs(&format!(
                "other values of {name} are missing answers"
            )));
        }
    }
    Ok(())
}

/// An expression however it was typed.
fn canonical(text: &str) -> String {
    Expr::parse(text).map_or_else(|_| text.to_owned(), |expr| expr.to_string())
}

/// The variables of all files, with all their labels.
pub fn together<'c>(codebooks: impl Iterator<Item = &'c Codebook>) -> Codebook {
    let mut all = Codebook::default();
    for variable in codebooks.flat_map(|codebook| &codebook.variables) {
        match all
            .variables
            .iter_mut()
            .find(|known| known.name == variable.name)
        {
            None => all.variables.push(variable.clone()),
            Some(known) => {
                for (value, label) in &variable.labels {
                    if known.label_of(value).is_none() {
                        known.labels.push((value.clone(), label.clone()));
                    }
                }
            }
        }
    }
    all
}

/// The question that the sums answer, with what is asked of them now.
pub fn asked(spec: &Spec, choices: &Choices) -> Result<Request, Error> {
    let mut request = choices.request.clone().unwrap_or(Request {
        standard: None,
        items: Vec::new(),
        by: Vec::new(),
        condition: None,
        nets: Vec::new(),
        options: Options::default(),
    });
    if request.items.is_empty() {
        let items = spec.asked.iter().map(|item| Item::parse(item));
        request.items = items.collect::<Result<_, _>>().map_err(Error::Expression)?;
    } else if spec.incomplete_dropped {
        return Err(Error::Asked(
            "these sums leave out whoever missed any of their items (--incomplete drop), so all of them go together: name no item"
                .to_owned(),
        ));
    }
    for (name, text) in &spec.by {
        request.by.push(Group {
            name: name.clone(),
            text: text.clone(),
            expr: Expr::parse(text).map_err(Error::Expression)?,
        });
    }
    request.condition = match &spec.condition {
        None => None,
        Some(text) => Some((text.clone(), condition(text).map_err(Error::Expression)?)),
    };
    if spec.incomplete_dropped {
        request.options.incomplete = Incomplete::Drop;
    }
    Ok(request)
}

/// Whether every file has sums of what is asked for.
///
/// # Errors
/// An item that is not there, with those that are.
pub fn has_items(path: &str, spec: &Spec, items: &[Item]) -> Result<(), Error> {
    let known = known_items(spec);
    match items.iter().find(|item| known_item(&known, item).is_none()) {
        None => Ok(()),
        Some(item) => Err(Error::Asked(format!(
            "{path} has no sums of {}; it has those of {}",
            item.text,
            spec.items.join(", ")
        ))),
    }
}

/// The items that sums are of.
pub fn known_items(spec: &Spec) -> Vec<Item> {
    let items = spec.items.iter();
    items.filter_map(|item| Item::parse(item).ok()).collect()
}

/// The item that means the same, however it is written.
pub fn known_item<'k>(known: &'k [Item], item: &Item) -> Option<&'k Item> {
    known.iter().find(|other| other.means(item))
}
