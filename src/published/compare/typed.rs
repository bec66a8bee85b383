//! Figures as a person types them: `48`, `48@1000`, a name before it, `Germany=62@1004`, answers of one question added and
//! taken off, `47-39@756`.

use std::borrow::Cow;

use super::Error;
use super::net_score;
use super::pair::NOISE;
use super::score::Score;
use super::side::{Side, Size};
use crate::frames::Flag;
use crate::published::figures::effective_n::{Margin, effective_n};
use crate::published::figures::percent::Percent;
use crate::published::figures::store::Qualifier;
use crate::statistics::interval::{self, Method};

/// A figure as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedFigure {
    /// As it was written, name and size included.
    pub written: String,
    /// What it is called.
    pub name: Option<String>,
    /// Answers of one question with their signs, +1 or −1; one for a plain percentage.
    pub terms: Vec<(f64, Percent)>,
    /// Its own number of respondents.
    pub n: Option<f64>,
}

/// What is said of the samples of typed figures.
#[derive(Clone, Debug, Default)]
pub struct TypedSample {
    /// Respondents of those that do not bring their own.
    pub n: Option<f64>,
    /// The design effect.
    pub deff: Option<f64>,
    /// The margin of error that was printed with them.
    pub margin: Option<Margin>,
    /// The share of those whose answers are left out.
    pub left_out: Option<Percent>,
}

/// A number of respondents: a whole number above zero, thousands separated by commas or not.
///
/// # Errors
/// Says what is wrong with it.
pub fn typed_size(text: &str) -> Result<f64, String> {
    // 1,5 is a number with a decimal comma and not 15
    let mut groups = text.split(',').skip(1);
    let in_thousands = groups.all(|group| group.len() == 3);
    let digits = text.replace([',', '_'], "");
    match digits.parse::<u64>() {
        _ if !in_thousands => Err(format!(
            "“{text}” is no number of respondents: write 1500 or 1,500"
        )),
        Ok(n) if n > 0 && n <= 1_000_000_000_000 => Ok(n as f64),
        _ => Err(format!("“{text}” is no number of respondents: write 1500")),
    }
}

// a hyphen, the minus sign and an en dash: what is typed and what is copied
const MINUS: [char; 3] = ['-', '−', '–'];

impl TypedFigure {
    /// Whether a text is typed, and no id: what follows its name begins with a digit, and nothing is parted by a slash.
    pub fn is_typed(text: &str) -> bool {
        let (name, figure) = name_and_figure(text);
        let digit = figure.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        digit && (name.is_some() || !text.contains('/'))
    }

    /// Reads a figure.
    ///
    /// # Errors
    /// What is no percentage or no size; answers that add up to more than 100%.
    ///
    /// ```
    /// use opine::internals::published::compare::TypedFigure;
    /// let lead = TypedFigure::parse("Britain=47-39@756")?;
    /// assert_eq!((lead.name.as_deref(), lead.terms.len(), lead.n), (Some("Britain"), 2, Some(756.0)));
    /// # Ok::<(), String>(())
    /// ```
    pub fn parse(text: &str) -> Result<TypedFigure, String> {
        let (name, figure) = name_and_figure(text);
        let (answers, n) = match figure.split_once('@') {
            Some((answers, n)) => (answers, Some(typed_size(n)?)),
            None => (figure, None),
        };
        let mut terms = Vec::new();
        let (mut sign, mut rest) = (1.0, answers);
        loop {
            let end = rest.find(|c| c == '+' || MINUS.contains(&c));
            // a sign in front is left to the percentage, which refuses it
            let Some(end) = end.filter(|end| *end > 0) else {
                terms.push((sign, Percent::typed(rest.trim())?));
                break;
            };
            let (term, after) = rest.split_at(end);
            terms.push((sign, Percent::typed(term.trim())?));
            let mut letters = after.chars();
            sign = if letters.next() == Some('+') {
                1.0
            } else {
                -1.0
            };
            rest = letters.as_str();
        }
        let least: f64 = terms.iter().map(|(_, p)| p.value - p.unit / 2.0).sum();
        if terms.len() > 1 && least > 100.0 * (1.0 + NOISE) {
            return Err(format!(
                "“{text}”: {answers} are more than 100% together, so they can’t be answers of one question that takes one"
            ));
        }
        Ok(TypedFigure {
            written: text.to_owned(),
            name: name.map(str::to_owned),
            terms,
            n,
        })
    }

    /// The percentage, where it is one.
    pub fn percent(&self) -> Option<&Percent> {
        match self.terms.as_slice() {
            [(_, percent)] => Some(percent),
            _ => None,
        }
    }

    /// Whether answers are taken off: it is then a lead, and no share.
    pub fn is_lead(&self) -> bool {
        self.terms.iter().any(|(sign, _)| *sign < 0.0)
    }

    /// The figure with its interval, to be compared.
    ///
    /// A percentage has Wilson's interval, a lead the multinomial one of a [`Score`].
    ///
    /// # Errors
    /// No size and no margin; a size, design effect, margin or level that is none; all answers left out.
    pub fn side(&self, sample: &TypedSample, level: f64) -> Result<Side<'static>, Error> {
        let terms = self.terms_of_the_rest(sample)?;
        let size = self.size(sample)?;
        let share: f64 = terms.iter().map(|(sign, p)| sign * p.value / 100.0).sum();
        let lead = self.is_lead();
        let score = Score::new(
            terms
                .iter()
                .map(|(sign, p)| (p.text.clone(), *sign, p.value / 100.0))
                .collect(),
        );
        let interval = match lead {
            true => net_score::interval(&score, size.n_eff, level)?,
            false => Some(interval::share(
                Method::Wilson,
                share.min(1.0),
                size.n_eff,
                level,
            )?),
        };
        Ok(Side {
            id: self.written.clone(),
            label: self.label(&terms),
            topic: String::new(),
            printed: self.printed(&terms),
            share: if lead { share } else { share.min(1.0) },
            range: range(&terms),
            size: Ok(size),
            interval: interval.map(|interval| (interval.low, interval.high)),
            flags: match size.n.is_some_and(|n| n < 100.0) {
                true => vec![Flag::SmallBase],
                false => Vec::new(),
            },
            source: String::new(),
            figure: None,
            score: lead.then_some(score),
            of_countries: None,
        })
    }

    fn terms_of_the_rest(
        &self,
        sample: &TypedSample,
    ) -> Result<Vec<(f64, Cow<'_, Percent>)>, Error> {
        let rest = |(sign, percent)| match &sample.left_out {
            None => Ok((sign, Cow::Borrowed(percent))),
            Some(out) => match Percent::of_the_rest(percent, &[out]) {
                Some(rest)
                    if percent.value + out.value
                        <= 100.0 * (1.0 + NOISE) + (percent.unit + out.unit) / 2.0 =>
                {
                    Ok((sign, Cow::Owned(rest)))
                }
                _ => Err(Error::LeftOut(percent.text.clone(), out.text.clone())),
            },
        };
        let terms = self.terms.iter().map(|(sign, percent)| (*sign, percent));
        terms.map(rest).collect()
    }

    /// The sample: of its own n, else the common one; of a margin alone there is no n and no design effect.
    fn size(&self, sample: &TypedSample) -> Result<Size, Error> {
        let n = self.n.or(sample.n);
        let (deff, n_eff) = match (n, &sample.margin) {
            (Some(n), None) => (sample.deff, effective_n(n, sample.deff.unwrap_or(1.0))?),
            (Some(n), Some(margin)) => {
                let deff = margin.deff(n)?.deff;
                (Some(deff), effective_n(n, deff)?)
            }
            (None, Some(margin)) => (None, margin.effective_n()?),
            (None, None) => return Err(Error::NoSize(self.written.clone())),
        };
        // those who are left out take their part of the sample with them
        let left = match &sample.left_out {
            Some(out) => 1.0 - out.value / 100.0,
            None => 1.0,
        };
        Ok(Size {
            n: n.map(|n| n * left),
            deff,
            n_eff: n_eff * left,
            of_countries: false,
        })
    }

    fn label(&self, terms: &[(f64, Cow<Percent>)]) -> String {
        match (&self.name, terms) {
            (Some(name), _) => name.clone(),
            (None, [(_, only)]) => format!("{}%", only.text),
            (None, terms) => {
                let mut label = String::new();
                for (place, (sign, percent)) in terms.iter().enumerate() {
                    label += match (place, *sign < 0.0) {
                        (0, _) => "",
                        (_, true) => "−",
                        (_, false) => "+",
                    };
                    label += &percent.text;
                }
                match self.is_lead() {
                    true => format!("the lead {label}"),
                    false => label,
                }
            }
        }
    }

    /// The value with as many decimals as its terms, a lead with its sign.
    fn printed(&self, terms: &[(f64, Cow<Percent>)]) -> String {
        if let [(_, only)] = terms {
            return only.text.clone();
        }
        let decimals = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
        let decimals = terms
            .iter()
            .map(|(_, p)| decimals(&p.text))
            .max()
            .unwrap_or(0);
        let value: f64 = terms.iter().map(|(sign, p)| sign * p.value).sum();
        let size = format!("{:.decimals$}", value.abs());
        let zero = size.chars().all(|letter| matches!(letter, '0' | '.'));
        match (self.is_lead(), zero, value < 0.0) {
            (false, ..) | (_, true, _) => size,
            (_, _, true) => format!("−{size}"),
            (_, _, false) => format!("+{size}"),
        }
    }
}

/// What the prints may stand for together, as a share.
fn range(terms: &[(f64, Cow<Percent>)]) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 0.0);
    for (sign, percent) in terms {
        let (from, to) = percent.stands_for(Qualifier::Exact);
        let ends = (sign * from / 100.0, sign * to / 100.0);
        (low, high) = (low + ends.0.min(ends.1), high + ends.0.max(ends.1));
    }
    (low, high)
}

/// `Germany` and `62@1004` of `Germany=62@1004`; a name may hold an equals sign itself.
fn name_and_figure(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once('=') {
        Some((name, figure)) if !name.trim().is_empty() => (Some(name.trim()), figure.trim()),
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_told_from_ids() {
        for text in [
            "62",
            "62.5@1,004",
            "Germany=62@1004",
            "A/B=62",
            "47-39@756",
            "30+17−39",
        ] {
            assert!(TypedFigure::is_typed(text), "{text}");
            assert!(TypedFigure::parse(text).is_ok(), "{text}");
        }
        // half a per cent, or a half? it is asked for
        let half = TypedFigure::parse(".5").unwrap_err();
        assert!(
            TypedFigure::is_typed(".5") && half.to_string().contains("write 0.5"),
            "{half}"
        );
        for text in [
            "egf2023/worried/net",
            "gallup",
            "p/q/yes:KR+PH",
            "=62",
            "2024poll/q/yes",
        ] {
            assert!(!TypedFigure::is_typed(text), "{text}");
        }
    }

    #[test]
    fn a_lead_has_the_rounding_of_both_and_no_width_beyond_its_terms() {
        let sample = TypedSample {
            n: Some(756.0),
            ..TypedSample::default()
        };
        let side = TypedFigure::parse("47-39")
            .unwrap()
            .side(&sample, 0.95)
            .unwrap();
        assert!((side.range.0 - 0.07).abs() < 1e-12 && (side.range.1 - 0.09).abs() < 1e-12);
        assert_eq!(
            (side.printed.as_str(), side.label.as_str()),
            ("+8", "the lead 47−39")
        );
        for wrong in [
            "47--39",
            "47-",
            "62-58-49@100",
            "60+50",
            "47-39@0",
            "47-39@x",
        ] {
            assert!(TypedFigure::parse(wrong).is_err(), "{wrong}");
        }
    }
}
