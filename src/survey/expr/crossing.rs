//! Crossings as texts: the variables of `age:sex`, and the names of its levels.
//!
//! Crossed levels are pairs. Their names, `18-29:women`, are for people and files; a level that holds a colon or a quote
//! itself is quoted there as a field of a CSV is, `"18:24":women`, so that two pairs never share a name.

use std::borrow::Cow;

use super::{Error, Expr, Node};
use crate::survey::microdata::Codebook;

/// The variables of a text, crossed by colons or alone, each as it was written and as an expression.
///
/// What is the name of a column is that column, whatever signs are in it: `clu#`, `a-b`, `age group`, `x:y`.
///
/// # Errors
/// A part that is neither a name nor an expression.
pub fn crossed_variables(text: &str, codebook: &Codebook) -> Result<Vec<(String, Expr)>, Error> {
    let column = |text: &str| {
        let known = codebook.variable(text).is_ok();
        known.then(|| Expr::parse(&backquoted(text)).ok()).flatten()
    };
    if let Some(expr) = column(text) {
        return Ok(vec![(text.to_owned(), expr)]);
    }
    let mut variables = Vec::new();
    for part in between_colons(text) {
        let expr = match column(part) {
            Some(expr) => expr,
            None => variable(part)?,
        };
        match expr.node {
            Node::Cross(inner) => {
                variables.extend(inner.into_iter().map(|expr| (expr.to_string(), expr)));
            }
            node => variables.push((
                part.to_owned(),
                Expr {
                    node,
                    span: expr.span,
                },
            )),
        }
    }
    Ok(variables)
}

/// An expression; what is none, but words, is the name of a column.
fn variable(text: &str) -> Result<Expr, Error> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
    Expr::parse(text).or_else(|error| match text.chars().all(plain) {
        true => Expr::parse(&backquoted(text)).map_err(|_| error),
        false => Err(error),
    })
}

fn backquoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// What stands between the colons that are outside of parentheses and quotes.
fn between_colons(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '\'') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            // what closes nothing is for the parser to say
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ':') if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// A level as it stands in the name of a crossed one.
pub fn crossable(level: &str) -> Cow<'_, str> {
    match level.contains([':', '"']) {
        true => Cow::Owned(format!("\"{}\"", level.replace('"', "\"\""))),
        false => Cow::Borrowed(level),
    }
}

/// The name of a crossed level: its levels, joined by colons.
pub fn crossed_name<S: AsRef<str>>(levels: impl IntoIterator<Item = S>) -> String {
    let mut name = String::new();
    for (at, level) in levels.into_iter().enumerate() {
        if at > 0 {
            name.push(':');
        }
        name += &crossable(level.as_ref());
    }
    name
}

/// The levels between the colons of a name, each with whether it stood in quotes.
pub fn crossed_levels(name: &str) -> Vec<(String, bool)> {
    let mut levels = Vec::new();
    let mut rest = name;
    loop {
        let quoted = rest.trim_start().strip_prefix('"').and_then(unquoted);
        let (level, after, was_quoted) = match quoted {
            Some((level, after)) => (level, after, true),
            None => {
                let end = rest.find(':').unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..], false)
            }
        };
        levels.push((level, was_quoted));
        match after.strip_prefix(':') {
            Some(after) => rest = after,
            None => return levels,
        }
    }
}

/// What stands before the closing quote, and what after it: a colon or nothing.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut level = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '"' {
            level.push(letter);
        } else if letters.next_if(|(_, next)| *next == '"').is_some() {
            level.push('"');
        } else {
            let after = text[at + 1..].trim_start();
            return (after.is_empty() || after.starts_with(':')).then_some((level, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_levels() {
        for levels in [
            ["18-29", "women"],
            ["18:24", "F"],
            ["18", "24:F"],
            ["say \"no\"", ":"],
            ["", ""],
            ["\"", "\":\""],
        ] {
            let name = crossed_name(levels);
            let back: Vec<String> = crossed_levels(&name).into_iter().map(|(l, _)| l).collect();
            assert_eq!(back, levels, "{name}");
        }
        assert_eq!(crossed_name(["18:24", "F"]), "\"18:24\":F");
        // quotes that are none of a field's
        let plain = crossed_levels("5\" and more:x")
            .into_iter()
            .map(|(level, _)| level);
        assert_eq!(plain.collect::<Vec<_>>(), ["5\" and more", "x"]);
    }

    #[test]
    fn columns_are_taken_as_they_stand() {
        use crate::survey::microdata::{Kind, Variable};
        let names = ["clu#", "a-b", "age group", "x:y", "sex"];
        let codebook = Codebook {
            variables: names.map(|name| Variable::bare(name, Kind::Text)).to_vec(),
            ..Codebook::default()
        };
        let variables = |text: &str| {
            let variables = crossed_variables(text, &codebook).unwrap();
            let names = variables.iter().map(|(_, expr)| match &expr.node {
                Node::Name(name) => name.clone(),
                other => panic!("{other:?}"),
            });
            names.collect::<Vec<_>>()
        };
        for name in names {
            assert_eq!(variables(name), [name]);
        }
        assert_eq!(
            variables("clu#:age group:sex"),
            ["clu#", "age group", "sex"]
        );
        assert!(crossed_variables("clu§", &codebook).is_err());
    }
}
