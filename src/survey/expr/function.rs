//! What can be called within an expression.

use super::{Error, Expr, Literal, Node, Reason};
use crate::frames::words::most_alike;

/// What can be called within an argument or a condition.
const FUNCTIONS: [&str; 2] = ["cut", "split"];

/// The most breaks that `cut` takes: its bands and null fit into one byte.
const MOST_BREAKS: usize = 250;

/// No function has this name: where statistics can stand, or where they cannot and none are given.
pub(super) fn unknown(function: &str, statistics: &[&str], expr: &Expr) -> Error {
    let known = FUNCTIONS.iter().chain(statistics).copied();
    let hint = match (most_alike(function, known), statistics) {
        (Some(nearest), _) => format!("did you mean {nearest}?"),
        (None, []) => format!("there are {}", FUNCTIONS.join(", ")),
        (None, statistics) => format!("there are {}", statistics.join(", ")),
    };
    let name = function.to_owned();
    let end = expr.span.start + function.len();
    Error::new(Reason::NoFunction { name, hint }, expr.span.start..end)
}

/// Numbers in bands that hold their lower break: below the first, between two, from the last on.
#[derive(Clone, Debug)]
pub(super) struct Cut<'e> {
    pub argument: &'e Expr,
    pub breaks: Vec<f64>,
}

/// The arguments of `cut(x, b1, …, bk)`.
pub(super) fn cut<'e>(arguments: &'e [Expr], whole: &Expr) -> Result<Cut<'e>, Error> {
    let Some((argument, written)) = arguments.split_first().filter(|(_, rest)| !rest.is_empty())
    else {
        let reason = Reason::Arguments {
            function: "cut",
            takes: "numbers and breaks: cut(age, 18, 30, 45, 60)",
        };
        return Err(Error::new(reason, whole.span.clone()));
    };
    if written.len() > MOST_BREAKS {
        let reason = Reason::TooManyBreaks(MOST_BREAKS);
        return Err(Error::new(reason, whole.span.clone()));
    }
    let mut breaks: Vec<f64> = Vec::with_capacity(written.len());
    for expr in written {
        let Some(Literal::Number(number)) = expr.literal() else {
            let reason = Reason::NoBreak(expr.to_string());
            return Err(Error::new(reason, expr.span.clone()));
        };
        if breaks.last().is_some_and(|last| *last >= number) {
            return Err(Error::new(Reason::BreakOrder, expr.span.clone()));
        }
        breaks.push(number);
    }
    Ok(Cut { argument, breaks })
}

/// Answers of which an entry lists several: `split(q5, ';')`, or `split(q5)` where the separator is found out.
#[derive(Clone, Debug)]
pub struct Split<'e> {
    pub argument: &'e Expr,
    pub variable: &'e str,
    pub separator: Option<char>,
}

/// The arguments of `split`; `None` for what is no call of it.
///
/// # Errors
/// What is no variable, or no single character between answers.
pub fn split(expr: &Expr) -> Result<Option<Split<'_>>, Error> {
    let Node::Call {
        function,
        arguments,
        filter: None,
    } = &expr.node
    else {
        return Ok(None);
    };
    if function != "split" {
        return Ok(None);
    }
    let wrong = || Err(Error::new(Reason::SplitWhat, expr.span.clone()));
    let (argument, separator) = match arguments.as_slice() {
        [argument] => (argument, None),
        [argument, separator] => match separator.literal() {
            Some(Literal::Text(text)) => match single(&text) {
                Some(separator) => (argument, Some(separator)),
                None => return wrong(),
            },
            _ => return wrong(),
        },
        _ => return wrong(),
    };
    match &argument.node {
        Node::Name(variable) => Ok(Some(Split {
            argument,
            variable,
            separator,
        })),
        _ => wrong(),
    }
}

/// The one character of a text, spaces beside it left out.
pub fn single(text: &str) -> Option<char> {
    let trimmed = text.trim_matches(' ');
    let mut letters = if trimmed.is_empty() { text } else { trimmed }.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// Looks at every call within an argument of a statistic, or within a condition.
///
/// # Errors
/// An unknown function, a `cut` with wrong arguments, a statistic inside: what `within` is called.
pub(super) fn check(expr: &Expr, statistics: &[&str], within: &str) -> Result<(), Error> {
    if let Node::Call {
        function,
        arguments,
        filter,
    } = &expr.node
    {
        if filter.is_some() {
            let reason = Reason::FilterInside(function.clone());
            return Err(Error::new(reason, expr.span.clone()));
        }
        match function.as_str() {
            "split" => return Err(Error::new(Reason::SplitInside, expr.span.clone())),
            "cut" => {
                cut(arguments, expr)?;
            }
            name if statistics.contains(&name) => {
                let reason = Reason::Inside {
                    inner: name.to_owned(),
                    outer: within.to_owned(),
                };
                return Err(Error::new(reason, expr.span.clone()));
            }
            name => return Err(unknown(name, &[], expr)),
        }
    }
    expr.parts()
        .into_iter()
        .try_for_each(|part| check(part, statistics, within))
}
