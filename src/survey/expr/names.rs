//! Names of columns that are no plain words: `clu#`, `a-b`, `How worried are you?`.

use super::lexer::{continues_name, starts_name, word};
use super::{Expr, Node};
use crate::survey::microdata::Codebook;

/// The text with backquotes around the names of columns that are no plain words, so that they can be typed as they stand in
/// the file: `mean(clu#)` where there is a column `clu#`.
///
/// What can be read as an expression of columns stays one: `a-b` is a difference where the file has `a` and `b`. Text in
/// quotes stays as it is.
pub fn with_backquotes(text: &str, codebook: &Codebook) -> String {
    let is_column = |name: &str| codebook.variables.iter().any(|v| v.name == name);
    let names = codebook
        .variables
        .iter()
        .map(|variable| variable.name.as_str());
    let mut names: Vec<&str> = names
        .filter(|name| text.contains(name) && !is_plain(name) && !is_expression(name, is_column))
        .collect();
    if names.is_empty() {
        return text.to_owned();
    }
    // `Age (years)` before `Age (`
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut out = String::with_capacity(text.len() + 8);
    let (mut at, mut quote) = (0, None);
    while let Some(letter) = text[at..].chars().next() {
        let begins = |name: &&&str| quote.is_none() && stands_at(text, at, name);
        if let Some(name) = names.iter().find(begins) {
            out += &format!("`{}`", name.replace('`', "``"));
            at += name.len();
            continue;
        }
        quote = match (quote, letter) {
            (None, '\'' | '"' | '`') => Some(letter),
            (Some(open), letter) if open == letter => None,
            (quote, _) => quote,
        };
        out.push(letter);
        at += letter.len_utf8();
    }
    out
}

/// Whether the name stands there by itself, and not as a part of a longer word.
fn stands_at(text: &str, at: usize, name: &str) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..]
        .strip_prefix(name)
        .map(|rest| rest.chars().next());
    let joins = |a: Option<char>, b: Option<char>| {
        a.is_some_and(continues_name) && b.is_some_and(continues_name)
    };
    after.is_some_and(|after| {
        !joins(before, name.chars().next()) && !joins(name.chars().next_back(), after)
    })
}

/// A word that the grammar takes as a name, or one that it needs itself.
fn is_plain(name: &str) -> bool {
    let plain = name.starts_with(starts_name) && name.chars().all(continues_name);
    // a column called `and` would take the grammar away from everybody else
    let own = name.split_whitespace().all(|part| word(part).is_some());
    plain || own || !name.contains(char::is_alphanumeric)
}

/// Whether it says something without being taken as a name: a number, or an expression of columns that are there.
fn is_expression(name: &str, is_column: impl Fn(&str) -> bool) -> bool {
    Expr::parse(name)
        .is_ok_and(|expr| calls_are_known(&expr) && expr.names().into_iter().all(is_column))
}

/// `Age (years)` reads as a call, and of no function that there is.
fn calls_are_known(expr: &Expr) -> bool {
    let known = match &expr.node {
        Node::Call { function, .. } => matches!(function.as_str(), "cut" | "split"),
        _ => true,
    };
    known && expr.parts().into_iter().all(calls_are_known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::microdata::{Kind, Variable};

    fn quoted(text: &str, names: &[&str]) -> String {
        let variables = names.iter().map(|name| Variable::bare(name, Kind::Number));
        let codebook = Codebook {
            variables: variables.collect(),
            ..Codebook::default()
        };
        with_backquotes(text, &codebook)
    }

    #[test]
    fn names_that_are_no_words_are_taken_where_a_column_has_them() {
        for (text, names, right) in [
            ("mean(clu#)", &["clu#"][..], "mean(`clu#`)"),
            (
                "mean(clu#) / mean(x)",
                &["clu", "clu#", "x"],
                "mean(`clu#`) / mean(x)",
            ),
            (
                "prop(How worried are you?)",
                &["How worried are you?"],
                "prop(`How worried are you?`)",
            ),
            (
                "prop(What's new == 'What's new')",
                &["What's new"],
                "prop(`What's new` == 'What's new')",
            ),
            ("mean(a-b)", &["a-b"], "mean(`a-b`)"),
            ("mean(a-b)", &["a-b", "a", "b"], "mean(a-b)"),
            ("mean(a-b)", &["a-b", "a"], "mean(`a-b`)"),
            ("mean(`clu#`)", &["clu#"], "mean(`clu#`)"),
            ("x == 'clu#'", &["clu#", "x"], "x == 'clu#'"),
            ("cut(age, 1, 2)", &["1", "2", "age"], "cut(age, 1, 2)"),
            ("a and b", &["and", "a", "b"], "a and b"),
            (
                "mean(Age (years))",
                &["Age (years)", "years"],
                "mean(`Age (years)`)",
            ),
            ("mean(subclu#)", &["clu#"], "mean(subclu#)"),
            ("mean(2020)", &["2020"], "mean(2020)"),
            ("mean(a`b)", &["a`b"], "mean(`a``b`)"),
        ] {
            assert_eq!(quoted(text, names), right, "{text} with {names:?}");
        }
    }
}
