//! What is written for a figure: the number, and what follows it.

use super::row::{Mark, Row, Value};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// The remark that the key already explains.
const NO_N: &str = "no n";

/// The number as printed, and the interval or the word instead of one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Words {
    pub number: Option<(String, Type)>,
    pub tail: Option<Tail>,
    pub struck: bool,
    /// No figure was found: the words stand in the plot.
    pub missing: bool,
}

/// What follows a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tail {
    /// The two ends of an interval, set around its dash.
    Interval(String, String),
    /// A word.
    Word(String, Type),
}

impl Tail {
    pub fn text(&self) -> String {
        match self {
            Tail::Interval(low, high) => format!("{low}{}", after_low(low, high)),
            Tail::Word(word, _) => word.clone(),
        }
    }

    pub fn kind(&self) -> Type {
        match self {
            Tail::Interval(..) => Type::INTERVAL,
            Tail::Word(_, kind) => *kind,
        }
    }
}

/// “–91.4” after the lower end; “ to +1.0” where a sign occurs, which a dash would hide.
pub(super) fn after_low(low: &str, high: &str) -> String {
    match low.starts_with('−') || high.starts_with('−') {
        true => format!(" to {high}"),
        false => format!("–{high}"),
    }
}

/// The words for a figure, its number in this type.
pub(super) fn words(row: &Row, value: &Value, number: Type) -> Words {
    let remark = |otherwise: &str| {
        value
            .remark
            .clone()
            .unwrap_or_else(|| otherwise.to_string())
    };
    // The sign stands on the axis, or over the column.
    let printed = value.printed.trim_end_matches('%').trim_end().to_string();
    let number = |role| (!printed.is_empty()).then(|| (printed.clone(), number.in_role(role)));
    let word = |text: String| Some(Tail::Word(text, Type::REMARK));
    let Some((_, mark)) = value.place() else {
        return Words {
            tail: word(remark("no figure found")),
            missing: true,
            ..Words::default()
        };
    };
    let plain = number(row.number_role());
    match mark {
        Mark::Interval { low, high } => {
            let (low, high) = ends(value, (low, high));
            let ends = Tail::Interval(low, high);
            let tail = value.remark.clone().map_or(Some(ends), word);
            Words {
                number: plain,
                tail,
                ..Words::default()
            }
        }
        Mark::NoSampleSize => Words {
            number: plain,
            tail: word(remark(NO_N)),
            ..Words::default()
        },
        Mark::Bare => Words {
            number: plain,
            ..Words::default()
        },
        Mark::Impossible => {
            let tail = Some(Tail::Word(remark("can’t be right"), Type::ALARM));
            Words {
                number: number(Role::Warn),
                tail,
                struck: true,
                missing: false,
            }
        }
        Mark::AtLeast => bound(plain, remark("or more"), &printed),
        Mark::AtMost => bound(plain, remark("or less"), &printed),
        Mark::NotFound => Words::default(),
    }
}

/// “80 or more”; but “over 80” already has the number.
fn bound(number: Option<(String, Type)>, remark: String, printed: &str) -> Words {
    let number = number.filter(|_| !remark.contains(printed));
    Words {
        number,
        tail: Some(Tail::Word(remark, Type::REMARK)),
        ..Words::default()
    }
}

/// Whether the tail tells a reader anything that mark and key do not.
pub(super) fn is_telling(tail: &Tail) -> bool {
    !matches!(tail, Tail::Word(word, _) if word == NO_N)
}

/// The ends of an interval as printed, else with one decimal.
pub(super) fn ends(value: &Value, (low, high): (f64, f64)) -> (String, String) {
    let printed = value.ends.clone();
    printed.unwrap_or_else(|| (one_decimal(low), one_decimal(high)))
}

/// A bound of an interval, with one decimal and a true minus.
fn one_decimal(percent: f64) -> String {
    let text = format!("{percent:.1}");
    match text.strip_prefix('-') {
        // A nought has no sign.
        Some("0.0") => "0.0".to_string(),
        Some(size) => format!("−{size}"),
        None => text,
    }
}
