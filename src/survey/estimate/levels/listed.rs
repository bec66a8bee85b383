//! Entries that list several answers: what stands between these, and which there are.
//!
//! `prop(split(q5, ';'))` has a share for each answer, so that they have to be known before anything is added up; and where
//! the separator is not named it is found out. Both take a pass over the columns in question, which is made only then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::frames::non_answers::non_answer;
use crate::survey::estimate::{Error, Request};
use crate::survey::expr::{Expr, Node, answers, split};
use crate::survey::microdata::{Column, ColumnRequest, Source, Value, View};

/// The most answers that a question with several is taken to have.
pub const MOST_ANSWERS: usize = 200;

/// More different entries than this are those of no question.
const MOST_ENTRIES: usize = 200_000;

/// What can stand between answers, the likeliest first.
const SEPARATORS: [char; 6] = [';', '|', '\n', '\t', ',', '/'];

/// Of these one alone may as well be part of an answer: “Yes, very”.
const DOUBTFUL: [char; 2] = [',', '/'];

/// The variables whose entries list answers.
#[derive(Clone, Debug, Default)]
pub struct ListedAnswers {
    variables: BTreeMap<String, Listed>,
}

#[derive(Clone, Debug)]
struct Listed {
    separator: Option<char>,
    entries: BTreeSet<String>,
}

impl ListedAnswers {
    /// Looks at the variables that the request asks such a question of; gives the request with the separators in it, and a
    /// note on each that was found out.
    ///
    /// # Errors
    /// A variable that is not there, a file that can't be read.
    pub fn find(
        source: &dyn Source,
        request: &Request,
    ) -> Result<(ListedAnswers, Request, Vec<String>), Error> {
        let mut request = request.clone();
        let mut names = BTreeSet::new();
        for_each(&mut request, &mut |expr| names.extend(variable_of(expr)));
        let codebook = source.codebook();
        names.retain(|name| codebook.variable(name).is_ok());
        if names.is_empty() {
            return Ok((ListedAnswers::default(), request, Vec::new()));
        }
        let names: Vec<String> = names.into_iter().collect();
        let entries = entries(source, &names)?;
        let (mut listed, mut notes) = (ListedAnswers::default(), Vec::new());
        for (name, entries) in names.into_iter().zip(entries) {
            let separator = request.options.separator.or_else(|| {
                let found = separator_of(&entries)?;
                notes.push(format!(
                    "answers of {name} are taken apart at {}",
                    written(found)
                ));
                Some(found)
            });
            listed.variables.insert(name, Listed { separator, entries });
        }
        for_each(&mut request, &mut |expr| {
            if let Node::Contains {
                value, separator, ..
            } = &mut expr.node
                && let Node::Name(name) = &value.node
            {
                *separator = listed
                    .variables
                    .get(name)
                    .and_then(|listed| listed.separator);
            }
        });
        Ok((listed, request, notes))
    }

    /// The separator of a variable and its answers in the order to be shown, one more than [`MOST_ANSWERS`] at most; `None`
    /// where its entries were not looked at.
    pub fn answers(&self, variable: &str, named: Option<char>) -> Option<(char, Vec<String>)> {
        let listed = self.variables.get(variable)?;
        let separator = named.or(listed.separator).unwrap_or(SEPARATORS[0]);
        let all = listed
            .entries
            .iter()
            .flat_map(|entry| answers(entry, separator));
        let mut all: Vec<String> = all
            .collect::<BTreeSet<&str>>()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let number = |answer: &str| answer.parse::<f64>().unwrap_or(f64::INFINITY);
        all.sort_by(|a, b| {
            let kinds = non_answer(a).cmp(&non_answer(b));
            kinds.then(number(a).total_cmp(&number(b))).then(a.cmp(b))
        });
        all.truncate(MOST_ANSWERS + 1);
        Some((separator, all))
    }
}

/// A separator as it is named in a sentence.
fn written(separator: char) -> String {
    match separator {
        '\n' => "line ends".to_owned(),
        '\t' => "tabs".to_owned(),
        other => format!("“{other}”"),
    }
}

/// The variable of a question about the answers in its entries.
fn variable_of(expr: &Expr) -> Option<String> {
    match &expr.node {
        Node::Contains { value, .. } => match &value.node {
            Node::Name(name) => Some(name.clone()),
            _ => None,
        },
        _ => split(expr).ok()?.map(|split| split.variable.to_owned()),
    }
}

/// Goes over all expressions of a request and their parts.
fn for_each(request: &mut Request, each: &mut dyn FnMut(&mut Expr)) {
    fn walk(expr: &mut Expr, each: &mut dyn FnMut(&mut Expr)) {
        each(expr);
        expr.parts_mut()
            .into_iter()
            .for_each(|part| walk(part, each));
    }
    for term in request.items.iter_mut().flat_map(|item| &mut item.terms) {
        let arguments = term.statistic.arguments_mut();
        let all = arguments.into_iter().chain(&mut term.filter);
        all.for_each(|expr| walk(expr, each));
    }
    request
        .by
        .iter_mut()
        .for_each(|group| walk(&mut group.expr, each));
    request
        .filter
        .iter_mut()
        .for_each(|filter| walk(&mut filter.expr, each));
}

/// The different entries of some variables.
fn entries(source: &dyn Source, names: &[String]) -> Result<Vec<BTreeSet<String>>, Error> {
    let requests: Vec<ColumnRequest> = names
        .iter()
        .map(|name| ColumnRequest {
            name: name.clone(),
            view: View::Codes,
        })
        .collect();
    let codebook = source.codebook();
    let missing: Vec<_> = names
        .iter()
        .map(|name| codebook.variable(name).map(|variable| &variable.missing))
        .collect::<Result<_, _>>()?;
    let all = Mutex::new(vec![BTreeSet::new(); names.len()]);
    source.scan(&requests, &|batch| {
        let Ok(mut all) = all.lock() else {
            return Ok(());
        };
        let columns = batch.columns.iter().zip(&missing);
        for (entries, (column, missing)) in all.iter_mut().zip(columns) {
            let Column::Codes(coded) = column else {
                continue;
            };
            // a dictionary may name what no respondent of the batch says
            let mut occurs = vec![false; coded.values.len()];
            (0..batch.rows).for_each(|row| occurs[coded.codes.get(row) as usize] = true);
            let values = coded.values.iter().zip(occurs);
            for (value, _) in values.filter(|(value, is)| *is && !missing.holds(value)) {
                if *value != Value::Null && entries.len() < MOST_ENTRIES {
                    entries.insert(value.text());
                }
            }
        }
        Ok(())
    })?;
    Ok(all.into_inner().unwrap_or_default())
}

/// What stands between the answers of some entries: a sign that is in any of them, and for one that may be part of an answer
/// too, only where the parts come back in other entries.
fn separator_of(entries: &BTreeSet<String>) -> Option<char> {
    SEPARATORS.into_iter().find(|separator| {
        let lists = || entries.iter().filter(|entry| entry.contains(*separator));
        if !DOUBTFUL.contains(separator) {
            return lists().next().is_some();
        }
        let parts: Vec<&str> = lists()
            .flat_map(|entry| answers(entry, *separator))
            .collect();
        let different: BTreeSet<&str> = parts.iter().copied().collect();
        let alone = |part: &&&str| entries.contains(**part);
        !parts.is_empty()
            && (2 * different.len() <= parts.len() || different.iter().all(|part| alone(&part)))
    })
}
