//! Several imputations of one answer, `mi(pv1..pv5)`: what is estimated from each, and what from all.

use super::Error;
use super::engine::estimate;
use super::estimates::SurveyEstimates;
use super::intervals::{CriticalValues, ShareEstimate};
use super::request::Request;
use crate::frames::{Estimate, Statistic};
use crate::survey::design::Design;
use crate::survey::microdata::Source;

/// Texts with `mi(…)` in them, once for each imputation.
#[derive(Clone, Debug, PartialEq)]
pub struct Imputations {
    /// The texts of each imputation.
    pub texts: Vec<Vec<String>>,
    /// What stands in the place of each `mi(…)` in the first imputation, and how it was written.
    pub written: Vec<(String, String)>,
}

impl Imputations {
    /// Takes `mi(pv1, pv2)` and `mi(pv1..pv5)` in texts apart; several go in step. `None` where there is none.
    ///
    /// # Errors
    /// A range that is none, one imputation alone, calls of different numbers of imputations.
    pub fn parse(texts: &[String]) -> Result<Option<Imputations>, Error> {
        let mut calls: Vec<Vec<(std::ops::Range<usize>, Vec<String>)>> = Vec::new();
        for text in texts {
            calls.push(calls_in(text)?);
        }
        let counts = || calls.iter().flatten().map(|(_, names)| names.len());
        let Some(count) = counts().next() else {
            return Ok(None);
        };
        if let Some(other) = counts().find(|other| *other != count) {
            return Err(Error::Request(format!(
                "mi() of {count} and of {other} imputations: several go in step, and have as many each"
            )));
        }
        let of_imputation = |at: usize| {
            let each = texts.iter().zip(&calls);
            each.map(|(text, calls)| replaced(text, calls, |names| names[at].clone()))
                .collect()
        };
        let mut written = Vec::new();
        for (text, calls) in texts.iter().zip(&calls) {
            for (range, names) in calls {
                let pair = (names[0].clone(), text[range.clone()].to_owned());
                if !written.contains(&pair) {
                    written.push(pair);
                }
            }
        }
        Ok(Some(Imputations {
            texts: (0..count).map(of_imputation).collect(),
            written,
        }))
    }

    /// A text of the first imputation as it was written.
    pub fn as_written(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (name, written) in &self.written {
            out = with_word_replaced(&out, name, written);
        }
        out
    }
}

/// Replaces a name where it stands by itself.
fn with_word_replaced(text: &str, name: &str, by: &str) -> String {
    let word = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'))
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let after = &rest[at + name.len()..];
        let alone = !word(rest[..at].chars().next_back().or(out.chars().next_back()))
            && !word(after.chars().next());
        out += &rest[..at];
        out += if alone { by } else { name };
        rest = after;
    }
    out + rest
}

/// Where `mi(…)` stands in a text, and the names in it.
type Call = (std::ops::Range<usize>, Vec<String>);

/// The places of `mi(…)` outside of quotes, with the names in them.
fn calls_in(text: &str) -> Result<Vec<Call>, Error> {
    let mut calls = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    let mut from = 0;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, 'm')
                if at >= from
                    && text[at..].starts_with("mi(")
                    && !before.is_alphanumeric()
                    && before != '_' =>
            {
                let Some(length) = text[at..].find(')') else {
                    return Err(Error::Request(format!("{text}: mi( is not closed")));
                };
                let names = names(&text[at + 3..at + length], text)?;
                calls.push((at..at + length + 1, names));
                from = at + length;
            }
            _ => {}
        }
        before = letter;
    }
    Ok(calls)
}

/// `pv1..pv5`, or names with commas.
fn names(list: &str, text: &str) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for entry in list.split(',').map(str::trim) {
        let Some((first, last)) = entry.split_once("..") else {
            names.push(entry.to_owned());
            continue;
        };
        let digits =
            |name: &str| name.len() - name.chars().rev().take_while(char::is_ascii_digit).count();
        let ((stem, from), (end_stem, to)) =
            (first.split_at(digits(first)), last.split_at(digits(last)));
        let numbers = (from.parse::<u32>(), to.parse::<u32>());
        match numbers {
            (Ok(from_number), Ok(to_number))
                if stem == end_stem
                    && from_number < to_number
                    && to_number - from_number < 1_000 =>
            {
                let width = if from.starts_with('0') { from.len() } else { 0 };
                names.extend(
                    (from_number..=to_number).map(|number| format!("{stem}{number:0width$}")),
                );
            }
            _ => {
                return Err(Error::Request(format!(
                    "{text}: {entry} is no range; write mi(pv1..pv5) or mi(pv1, pv2)"
                )));
            }
        }
    }
    match names.len() {
        0 | 1 => Err(Error::Request(format!(
            "{text}: mi() takes two imputations and more"
        ))),
        _ => Ok(names),
    }
}

fn replaced(
    text: &str,
    calls: &[(std::ops::Range<usize>, Vec<String>)],
    by: impl Fn(&[String]) -> String,
) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (range, names) in calls {
        out += &text[at..range.start];
        out += &by(names);
        at = range.end;
    }
    out + &text[at..]
}

/// What several imputations make together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Combined {
    pub estimate: f64,
    pub se: f64,
    /// `None` where there are so many that t is normal.
    pub df: Option<f64>,
    /// (1 + 1/m) B/U.
    pub riv: f64,
    /// The fraction of missing information.
    pub fmi: f64,
}

/// Rubin's rules: Q̄, T = Ū + (1 + 1/m) B, with the degrees of freedom of Barnard and Rubin.
///
/// λ = (1 + 1/m) B/T; old = (m − 1)/λ², obs = (c + 1)/(c + 3) c (1 − λ), df = 1/(1/old + 1/obs), c the degrees of freedom of
/// complete data. `estimates` holds an estimate and its standard error each; `None` without any.
///
/// R: `mice::pool`; `mitools::MIcombine(df.complete = c)` takes U/(U + B) for 1 − λ. Source: J. Barnard and D. B. Rubin,
/// "Small-sample degrees of freedom with multiple imputation", Biometrika 86 (1999).
pub fn combined(estimates: &[(f64, f64)], complete: Option<f64>) -> Option<Combined> {
    let m = estimates.len() as f64;
    if estimates.len() < 2 {
        return None;
    }
    let estimate = estimates.iter().map(|(q, _)| q).sum::<f64>() / m;
    let within = estimates.iter().map(|(_, se)| se * se).sum::<f64>() / m;
    let between = estimates
        .iter()
        .map(|(q, _)| (q - estimate).powi(2))
        .sum::<f64>()
        / (m - 1.0);
    let extra = (1.0 + 1.0 / m) * between;
    let total = within + extra;
    let lambda = if total > 0.0 { extra / total } else { 0.0 };
    let old = (m - 1.0) / (lambda * lambda);
    let observed = |c: f64| (c + 1.0) / (c + 3.0) * c * (1.0 - lambda);
    let df = match (complete, lambda > 0.0) {
        (Some(c), true) => Some(1.0 / (1.0 / old + 1.0 / observed(c))),
        (Some(c), false) => Some(observed(c)),
        (None, true) => Some(old),
        (None, false) => None,
    };
    let riv = extra / within;
    Some(Combined {
        estimate,
        se: total.sqrt(),
        df,
        riv,
        fmi: (riv + df.map_or(0.0, |df| 2.0 / (df + 3.0))) / (riv + 1.0),
    })
}

impl Combined {
    /// What is said beside a number.
    pub fn note(&self, m: usize) -> String {
        format!(
            "{m} imputations: relative increase of the variance {:.4}, missing information {:.4}",
            self.riv, self.fmi
        )
    }
}

/// Estimates from each imputation and from all together, in the rows of the first. There is one file for all of them, or one
/// for each.
///
/// # Errors
/// As [`estimate`]; imputations that give other rows than the first.
pub fn estimate_imputed(
    sources: &[&dyn Source],
    design: &Design,
    requests: &[Request],
    imputations: &Imputations,
) -> Result<SurveyEstimates, Error> {
    let mut each = Vec::new();
    for (request, source) in requests.iter().zip(sources.iter().cycle()) {
        each.push(estimate(*source, design, request)?);
    }
    let rows: Vec<Vec<Estimate>> = each.iter().map(|one| one.rows.clone()).collect();
    let Some(mut first) = each.into_iter().next() else {
        return Err(Error::Request("no imputation".to_owned()));
    };
    first.rows = combined_rows(&rows, &first.request, imputations)?;
    first.scores = vec![None; first.rows.len()];
    for item in &mut first.request.items {
        let written = imputations.as_written(&item.text);
        if written != item.text && item.name.is_none() {
            item.name = Some(written);
        }
    }
    Ok(first)
}

/// The rows of all imputations as one.
pub fn combined_rows(
    rows: &[Vec<Estimate>],
    request: &Request,
    imputations: &Imputations,
) -> Result<Vec<Estimate>, Error> {
    let critical = CriticalValues::new(request.options.level);
    let Some((first, others)) = rows.split_first() else {
        return Ok(Vec::new());
    };
    let mut all = Vec::with_capacity(first.len());
    for (at, row) in first.iter().enumerate() {
        let same = |other: &&Estimate| other.level == row.level && other.groups == row.groups;
        let others = others.iter().map(|rows| rows.get(at).filter(same));
        let Some(others) = others.collect::<Option<Vec<&Estimate>>>() else {
            return Err(Error::Request(
                "the imputations have other levels or groups: give all of them the same, as by labels".to_owned(),
            ));
        };
        let mut row = row.clone();
        row.variable = imputations.as_written(&row.variable);
        let known = std::iter::once(&row).chain(others.iter().copied());
        let known: Option<Vec<(f64, f64)>> = known.map(|row| row.estimate.zip(row.se)).collect();
        if let Some(combined) = known.and_then(|known| combined(&known, row.df)) {
            combine_into(&mut row, &combined, (&critical, request, rows.len()));
        }
        all.push(row);
    }
    Ok(all)
}

fn combine_into(
    row: &mut Estimate,
    combined: &Combined,
    (critical, request, m): (&CriticalValues, &Request, usize),
) {
    let Combined {
        estimate, se, df, ..
    } = *combined;
    (row.estimate, row.se, row.df) = (Some(estimate), Some(se), df);
    (row.deff, row.n_eff) = (None, None);
    let bounds = match row.statistic {
        Statistic::Proportion => {
            let share = ShareEstimate {
                p: estimate,
                variance: se * se,
                n: row.n.unwrap_or(0.0) as u64,
                df,
            };
            critical.share(share, request.options.ci).ok()
        }
        Statistic::Correlation => critical.correlation(estimate, se, df),
        Statistic::Alpha => critical.alpha(estimate, se, df),
        _ => critical.symmetric(estimate, se, df),
    };
    row.ci_low = bounds.map(|(low, _)| low);
    row.ci_high = bounds.map(|(_, high)| high);
    row.note = combined.note(m);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_taken_apart() {
        let texts = [
            "ratio(mi(pv1..pv3), mi(ml01, ml02, ml03))".to_owned(),
            "q == 'mi(a, b)'".to_owned(),
        ];
        let found = Imputations::parse(&texts).unwrap().unwrap();
        assert_eq!(found.texts[1], ["ratio(pv2, ml02)", "q == 'mi(a, b)'"]);
        assert_eq!(
            found.as_written("pv1/ml01 of pv11"),
            "mi(pv1..pv3)/mi(ml01, ml02, ml03) of pv11"
        );
        assert!(
            Imputations::parse(&["mean(x)".to_owned()])
                .unwrap()
                .is_none()
        );
        for wrong in [
            "mean(mi(a))",
            "mean(mi(a1..b3))",
            "mean(mi(a, b",
            "ratio(mi(a, b), mi(c, d, e))",
        ] {
            assert!(Imputations::parse(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
