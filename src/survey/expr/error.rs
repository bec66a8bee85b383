//! What is wrong with an expression, and where in its text.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::ast::quoted;
use super::parse::{DEEPEST, LONGEST};

/// What is wrong with an expression, and where in its text.
///
/// Shown with the line of the text and a caret under the place, where the text is known: the parser knows it,
/// [`bind`](super::bind) does not ([`Error::within`] adds it).
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub reason: Reason,
    /// The place, in bytes of the text.
    pub span: Range<usize>,
    pub text: Option<String>,
}

impl std::error::Error for Error {}

impl Error {
    pub(super) fn new(reason: Reason, span: Range<usize>) -> Error {
        Error {
            reason,
            span,
            text: None,
        }
    }

    /// The same error, shown in the text that the expression was parsed from.
    pub fn within(self, text: &str) -> Error {
        Error {
            text: Some(text.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        match &self.text {
            Some(text) => place(f, text, &self.span),
            None => Ok(()),
        }
    }
}

/// So many characters of a line are shown before the place, and from its start on.
const BEFORE: usize = 60;
const AFTER: usize = 100;

/// The line in which the place starts, and carets under what of the place is on that line.
fn place(f: &mut fmt::Formatter<'_>, text: &str, span: &Range<usize>) -> fmt::Result {
    let (Some((before, after)), Some(marked)) =
        (text.split_at_checked(span.start), text.get(span.clone()))
    else {
        return Ok(());
    };
    let before = last(before.rsplit('\n').next().unwrap_or_default());
    let after = first(after.split('\n').next().unwrap_or_default());
    let marked = first(marked.split('\n').next().unwrap_or_default());
    let lead = before.width();
    let carets = "^".repeat(marked.width().max(1));
    write!(f, "\n  {before}{after}\n  {:lead$}{carets}", "")
}

/// The end of a line, from an ellipsis on where it is long.
fn last(line: &str) -> String {
    let cut = line.char_indices().rev().nth(BEFORE);
    match cut.and_then(|(at, char)| line.get(at + char.len_utf8()..)) {
        Some(end) => format!("…{}", plain(end)),
        None => plain(line),
    }
}

/// The start of a line, up to an ellipsis where it is long.
fn first(line: &str) -> String {
    let cut = line.char_indices().nth(AFTER);
    match cut.and_then(|(at, _)| line.get(..at)) {
        Some(start) => format!("{}…", plain(start)),
        None => plain(line),
    }
}

/// What takes one column a character: tabs and other controls as spaces.
fn plain(text: &str) -> String {
    text.chars()
        .map(|char| match char.is_control() {
            true => ' ',
            false => char,
        })
        .collect()
}

/// The way out where the character may be part of a name.
fn in_backquotes(name: &str) -> String {
    match name.contains(char::is_alphanumeric) {
        true => format!("; a name with it stands in backquotes: `{name}`"),
        false => String::new(),
    }
}

/// What is wrong with an expression, and what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    // signs
    #[error("{char} has no meaning here{}", in_backquotes(.name))]
    Character { char: char, name: String },
    #[error("{0} is no quotation mark here; a text stands in straight quotes: 'Yes'")]
    CurlyQuote(char),
    #[error("{given} is written {right}")]
    Instead { given: String, right: &'static str },
    #[error("the text has no closing quote; a quote inside a text is doubled")]
    OpenText,
    #[error("the name has no closing backquote")]
    OpenName,
    #[error("a name in backquotes has at least one character")]
    EmptyName,
    #[error("\\{0} has no meaning in a text; a backslash is written \\\\")]
    Escape(char),
    #[error("a name that starts with a digit stands in backquotes: `{0}`")]
    StartsWithDigit(String),
    #[error("{0} is too large a number")]
    TooLarge(String),

    // grammar
    #[error("nothing is written here; an item is mean(x), say, and a condition age >= 65")]
    Empty,
    #[error("{what} should stand here{}", instead_of(.found))]
    Expected {
        what: &'static str,
        found: Option<String>,
    },
    #[error(
        "{0} does not go on from what stands before it; an operator is missing, or quotes around a text, or backquotes around a name"
    )]
    Unexpected(String),
    #[error("a comma stands between arguments and in lists alone")]
    Comma,
    #[error("{0} closes nothing")]
    NotOpened(String),
    #[error("{0} is not closed")]
    NotClosed(&'static str),
    #[error("nested more than {DEEPEST} deep")]
    Deep,
    #[error("more than {LONGEST} operators in a row: put the sum into a variable first")]
    Long,
    #[error("comparisons do not chain; write x between 1 and 5, or 1 < x and x < 5")]
    Chained,
    #[error("not stands in parentheses here: (not …)")]
    NotInside,
    #[error("nothing equals null; write is null or is not null")]
    Null,
    #[error("after is stands null or not null; values are compared with == and !=")]
    IsWhat,
    #[error("an empty list holds no value")]
    EmptyList,
    #[error("a list holds texts and numbers, and {0} is neither; a text is written in quotes: {quoted}", quoted = quoted(.0))]
    Listed(String),
    #[error(
        "{word} joins conditions, and {written} is none; several values are written q in ['a', 'b']"
    )]
    Alternatives { word: &'static str, written: String },
    #[error("{word} joins conditions, and {written} is none; write {written} == 1, say")]
    NotHeld { word: &'static str, written: String },
    #[error("{0} is no condition; a condition is age >= 65, q in ['a', 'b'], x is null, say")]
    NoCondition(String),

    #[error("contains takes one of the answers, in quotes: q5 contains '3'")]
    ContainsWhat,
    #[error("contains looks into the answers of a variable, and {0} is none")]
    ContainsOf(String),

    // functions
    #[error("no function {name}; {hint}")]
    NoFunction { name: String, hint: String },
    #[error("{function} takes {takes}")]
    Arguments {
        function: &'static str,
        takes: &'static str,
    },
    #[error("a break is a number, and {0} is none")]
    NoBreak(String),
    #[error("breaks rise from one to the next")]
    BreakOrder,
    #[error("cut takes at most {0} breaks")]
    TooManyBreaks(usize),
    #[error(
        "a probability is a number strictly between 0 and 1, not {0}: the first quartile is 0.25"
    )]
    Probability(String),
    #[error("count takes a condition, and {0} is none; count({0} is not null), say")]
    Counted(String),
    #[error("{inner} within {outer}: a statistic is of variables, not of statistics")]
    Inside { inner: String, outer: String },
    #[error("where … stands in a statistic, as in mean(y, where t == 1); {0} takes none")]
    FilterInside(String),
    #[error("split takes a variable and what stands between its answers: split(q5, ';')")]
    SplitWhat,
    #[error(
        "split(…) gives a respondent several answers: it stands alone in prop, as in prop(split(q5, ';'))"
    )]
    SplitInside,
    #[error("{0} is a statistic of many respondents; here stands what each respondent has")]
    StatisticInside(String),

    // items
    #[error("{0} is a variable and no statistic; did you mean mean({0}) or prop({0})?")]
    BareVariable(String),
    #[error("{0} is a condition and no statistic; did you mean prop({0}) or count({0})?")]
    ConditionItem(String),
    #[error("{0} makes levels and is no statistic; did you mean prop({0})?")]
    LevelsItem(String),
    #[error("statistics are not compared in an item; take their difference: mean(a) - mean(b)")]
    ComparedStatistics,
    #[error("no statistic is asked for; an item is mean(x), prop(q1), total(y), count(), say")]
    ConstantItem,
    #[error("statistics are added and subtracted, not multiplied")]
    Product,
    #[error("statistics are not divided by statistics; use ratio(y, x)")]
    Quotient,
    #[error("division by zero")]
    ByZero,
    #[error("several quantiles are no single number; one probability in a combination")]
    SeveralQuantiles,
    #[error("the numbers here come to more than can be represented")]
    NotFinite,

    // variables
    #[error("no variable {name}{}", did_you_mean(.nearest))]
    NoVariable {
        name: String,
        nearest: Option<String>,
    },
    #[error("no variable {name}{}; a text is written in quotes: {quoted}", or_variable(.nearest), quoted = quoted(.name))]
    NoVariableOrText {
        name: String,
        nearest: Option<String>,
    },
    #[error("{name} {why}, and can’t be read")]
    Unread { name: String, why: String },
    #[error("{0} is text, and a number is wanted here")]
    IsText(String),
    #[error(
        "{0} is text; did you mean prop({0})? If a mark such as NA stands for no answer, --na NA says so"
    )]
    IsTextWhole(String),
    #[error("{0} is a text, and a number is wanted here")]
    TextForNumber(String),
    #[error("{0} has levels and is no number; did you mean prop({0})?")]
    LevelsForNumber(String),
    #[error("{0} is a constant and has no levels")]
    NoLevels(String),
    #[error("two constants are compared; a name that is no plain word stands in backquotes")]
    TwoConstants,
    #[error("{expr} is a number, and {text} writes none")]
    TextBesideNumber { text: String, expr: String },
    #[error("{label} is the label of a number; order is that of the numbers: {instead}")]
    OrderedLabel { label: String, instead: String },
    #[error("true and false have no order; compare with == or !=")]
    OrderedTruth,
    #[error("{0} is a date; dates are written as texts, the year first: '2023-06-01'")]
    NoDate(String),
    #[error("the levels of {0} have no order here; compare them with == or in")]
    OrderedLevels(String),
    #[error("there is no band {level}{}", did_you_mean(.nearest))]
    NoLevel {
        level: String,
        nearest: Option<String>,
    },
}

fn instead_of(found: &Option<String>) -> String {
    match found {
        Some(found) => format!(", not {found}"),
        None => String::new(),
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; did you mean {name}?"),
        None => String::new(),
    }
}

fn or_variable(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!(" (did you mean {name}?)"),
        None => String::new(),
    }
}
