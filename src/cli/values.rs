//! Numbers and names as they are typed in options.

use std::convert::Infallible;
use std::fmt::Display;
use std::str::FromStr;

use super::failure::Failure;
use crate::published::compare::typed_size;
use crate::published::figures::percent::Percent;
use crate::published::figures::store::Qualifier;
use crate::statistics::interval::Method;
use crate::survey::expr::single;

/// How intervals are made.
#[derive(clap::Args, Clone, Debug)]
pub struct IntervalArgs {
    /// Confidence level: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    pub level: f64,
    /// Interval: wilson, wilson-cc, wald, agresti-coull, clopper-pearson, jeffreys, logit, asin
    #[arg(long = "ci", value_name = "METHOD", default_value = "wilson", value_parser = method)]
    pub method: Method,
}

/// A confidence level, 0.95 or 95 per cent.
pub fn level(text: &str) -> Result<f64, String> {
    let wrong = || match with_point(text.trim_end_matches('%')) {
        Some(number) => format!("“{text}” is no confidence level, write {number}"),
        None => format!("“{text}” is no confidence level: write 0.95 or 95"),
    };
    let number: f64 = text.trim_end_matches('%').parse().map_err(|_| wrong())?;
    match number {
        share if share > 0.0 && share < 1.0 => Ok(share),
        // 1.5 is a slip, not a level of 1.5%
        percent if (50.0..100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err(wrong()),
    }
}

/// A choice by its name; the message lists what there is.
pub fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// An item or a formula, without the blank that keeps its minus from being taken for an option.
pub fn expression(text: &str) -> Result<String, Infallible> {
    Ok(text.trim().to_owned())
}

/// The entries of a list with commas; one with a comma in it stands in double quotes.
pub fn entries(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).trim(csv::Trim::All);
    let mut records = reader.from_reader(text.as_bytes()).into_records();
    let record = records.next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(|entry| entry.trim().to_owned()).collect()
}

/// An answer, commas and all; in double quotes it is a list, as [`entries`] are.
pub fn answers(text: &str) -> Vec<String> {
    match text.trim().starts_with('"') {
        true => entries(text),
        false => vec![text.to_owned()],
    }
}

/// One character, or `tab`.
pub fn separator(text: &str) -> Result<char, String> {
    match (text, single(text)) {
        ("tab" | "\\t", _) => Ok('\t'),
        (_, Some(separator)) => Ok(separator),
        _ => Err("a separator is one character, or tab".to_owned()),
    }
}

/// The name of an interval.
pub fn method(text: &str) -> Result<Method, String> {
    parsed(text)
}

/// A percentage as printed, between 0 and 100.
pub fn percent(text: &str) -> Result<Percent, String> {
    Percent::typed(text)
}

/// A percentage that a figure is held against: a lead may lie below 0.
pub fn fixed(text: &str) -> Result<Percent, String> {
    let Some(size) = text.strip_prefix(['-', '−']) else {
        return Percent::typed(text);
    };
    let size = Percent::typed(size)?;
    Ok(Percent {
        text: format!("−{}", size.text),
        value: -size.value,
        ..size
    })
}

/// Any number; what it may be is the business of what it is for.
pub fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| match with_point(text) {
        Some(number) => format!("“{text}” is no number, write {number}"),
        None => format!("“{text}” is no number"),
    })
}

/// A number above zero.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.replace('_', "").parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err(match with_point(text) {
            Some(number) => format!("“{text}” is no number, write {number}"),
            None => format!("“{text}” is no number above 0"),
        }),
    }
}

/// The number with a point that one with a decimal comma is: numbers on the command line have points, whatever the language.
fn with_point(text: &str) -> Option<String> {
    let (whole, decimals) = text.split_once(',')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(decimals)).then(|| format!("{whole}.{decimals}"))
}

/// A number of respondents: a whole number above zero, thousands separated by commas or not.
pub fn sample_size(text: &str) -> Result<f64, String> {
    typed_size(text)
}

/// The range of shares (0..1) a typed percentage may stand for: within half the step.
pub fn rounding_range(printed: &Percent, step: Option<f64>) -> Result<(f64, f64), Failure> {
    let Some(step) = step else {
        let (low, high) = printed.stands_for(Qualifier::Exact);
        return Ok((low / 100.0, high / 100.0));
    };
    if step > 100.0 {
        return Err(Failure::Usage(format!(
            "--rounding {step}: the step is in points, for example 1 for whole per cents or 0.1"
        )));
    }
    let (low, high) = (printed.value - step / 2.0, printed.value + step / 2.0);
    Ok((low.max(0.0) / 100.0, high.min(100.0) / 100.0))
}
