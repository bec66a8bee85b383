use crate::published::figures::quantity::{COMPUTED, Prefer, quantities};
use crate::published::figures::store::{Aggregate, Figure, Store};

/// A closed range of percentages, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
}

impl Range {
    const ANY: Range = Range {
        low: 0.0,
        high: 100.0,
    };

    fn within(self, other: Range) -> Range {
        Range {
            low: self.low.max(other.low),
            high: self.high.min(other.high),
        }
    }

    /// The shares that two answers leave for those who gave both (Fréchet 1935):
    /// `max(0, a + b - 100)` to `min(a, b)`.
    fn of_both(a: Range, b: Range) -> Range {
        Range {
            low: (a.low + b.low - 100.0).max(0.0),
            high: a.high.min(b.high),
        }
    }
}

/// What the shares of two answers leave for the share of people who gave both.
#[derive(Clone, Debug)]
pub struct Possible<'s> {
    /// By the shares of the whole, taken as printed.
    pub by_total: Range,
    /// By the shares of every country, taken as printed and mixed; the whole range where a country lacks one.
    pub by_country: Range,
    /// Both together, taken as printed.
    pub printed: Range,
    /// Both together, with all that rounding and words like "about" leave open.
    pub rounded: Range,
    /// The figures that set the bounds; the one that sets the upper bound of the whole first.
    pub against: Vec<&'s Figure>,
}

impl Possible<'_> {
    /// Whether the figure can hold with the others.
    pub fn allows(&self, figure: &Figure) -> bool {
        let (low, high) = figure.percent.stands_for(figure.qualifier);
        // sums of printed digits carry noise
        low <= self.rounded.high + 1e-7 && high >= self.rounded.low - 1e-7
    }
}

/// The bounds of a joint share by its margins, over all and country by country.
///
/// Closed forms, beside the linear program of [`super::bounds`]: they are asked for every line of every table,
/// and they name the two ranges (over all, country by country) that the words of a table tell apart. What they
/// leave is never narrower than what the program leaves, which also knows the other figures; a test holds
/// them to that, and to the same range where margins alone bear on the share. `None` where the
/// question is no joint one, or where no share of either answer was printed.
pub fn possible<'s>(store: &'s Store, figure: &Figure) -> Option<Possible<'s>> {
    let question = store.question(&figure.poll, &figure.question)?;
    let [a, b] = question.joint_of.as_slice() else {
        return None;
    };
    let margins = Margins {
        store,
        figure,
        answers: [a, b],
    };
    let total = margins.pair(&figure.country);
    let countries = margins.mixture();
    let any = (Range::ANY, Range::ANY);
    let (by_total, total_rounded) = total.as_ref().map_or(any, Pair::both);
    let (by_country, country_rounded) = match &countries {
        Some(mixture) => (mixture.printed, mixture.rounded),
        None => any,
    };
    let mut against: Vec<&Figure> = total.iter().flat_map(Pair::figures).collect();
    let country_figures = countries.iter().flat_map(|mixture| mixture.figures.clone());
    against.extend(country_figures);
    (!against.is_empty()).then(|| Possible {
        by_total,
        by_country,
        printed: by_total.within(by_country),
        rounded: total_rounded.within(country_rounded),
        against,
    })
}

/// Looks up the shares of the two answers beside one joint figure.
struct Margins<'a, 's> {
    store: &'s Store,
    figure: &'a Figure,
    answers: [&'s (String, String); 2],
}

/// The shares of both answers in one country or the whole.
struct Pair<'s> {
    margins: Vec<Margin<'s>>,
}

/// One answer's share: as printed, and all it may stand for.
struct Margin<'s> {
    figure: &'s Figure,
    printed: Range,
    rounded: Range,
}

struct Mixture<'s> {
    printed: Range,
    rounded: Range,
    figures: Vec<&'s Figure>,
}

impl<'s> Pair<'s> {
    /// The joint share as the margins leave it: as printed, and with rounding.
    fn both(&self) -> (Range, Range) {
        let fold = |of: fn(&Margin) -> Range| match self.margins.as_slice() {
            [a, b] => Range::of_both(of(a), of(b)),
            // the other answer may have any share, so there is no lower bound
            [only] => Range {
                low: 0.0,
                high: of(only).high,
            },
            _ => Range::ANY,
        };
        (fold(|margin| margin.printed), fold(|margin| margin.rounded))
    }

    /// The smaller margin first: it is the one that sets the upper bound.
    fn figures(&self) -> Vec<&'s Figure> {
        let mut margins: Vec<&Margin> = self.margins.iter().collect();
        margins.sort_by(|a, b| a.printed.high.total_cmp(&b.printed.high));
        margins.into_iter().map(|margin| margin.figure).collect()
    }
}

impl<'s> Margins<'_, 's> {
    fn pair(&self, country: &str) -> Option<Pair<'s>> {
        let answers = self.answers.iter();
        let margins: Vec<Margin> = answers
            .filter_map(|answer| self.margin(answer, country))
            .collect();
        (!margins.is_empty()).then_some(Pair { margins })
    }

    /// All prints of one answer's share: any of them may be right, so the range spans them.
    fn margin(
        &self,
        (question, response): &'s (String, String),
        country: &str,
    ) -> Option<Margin<'s>> {
        let computed = self.figure.reported_by == COMPUTED;
        let figures: Vec<&Figure> = self
            .store
            .figures_of(
                &self.figure.poll,
                question,
                response,
                country,
                &self.figure.base,
            )
            .into_iter()
            .filter(|figure| (figure.reported_by == COMPUTED) == computed)
            .collect();
        let quantity = quantities(&figures).into_iter().next()?;
        let shown = quantity.values.first()?.shown(Prefer::Decimals);
        // empty, so that the first value sets both ends
        let mut rounded = Range {
            low: 100.0,
            high: 0.0,
        };
        let mut printed = rounded;
        for value in &quantity.values {
            let (low, high) = value.stands_for();
            let (low, high) = (low.clamp(0.0, 100.0), high.clamp(0.0, 100.0));
            rounded = span(rounded, low, high);
            let at = value.shown(Prefer::Decimals).percent.value;
            printed = match value.is_bound() {
                true => span(printed, low, high),
                false => span(printed, at, at),
            };
        }
        Some(Margin {
            figure: shown,
            printed,
            rounded,
        })
    }

    /// The mixture of the countries' own bounds, for a total whose countries all have both margins.
    fn mixture(&self) -> Option<Mixture<'s>> {
        let codes = self
            .store
            .countries_of(&self.figure.poll, &self.figure.country);
        let pairs: Vec<Pair> = codes
            .iter()
            .map(|code| self.pair(code))
            .collect::<Option<_>>()?;
        let complete = pairs.iter().all(|pair| pair.margins.len() == 2);
        if codes.len() < 2 || !complete || self.figure.aggregate == Some(Aggregate::Median) {
            return None;
        }
        let weights = self.weights(&codes);
        let bounds: Vec<(Range, Range)> = pairs.iter().map(Pair::both).collect();
        let mix = |ranges: Vec<Range>| mixed(&ranges, weights.as_deref());
        Some(Mixture {
            printed: mix(bounds.iter().map(|(printed, _)| *printed).collect()),
            rounded: mix(bounds.iter().map(|(_, rounded)| *rounded).collect()),
            figures: pairs.iter().flat_map(Pair::figures).collect(),
        })
    }

    /// The countries' weights in the total, where the way it was formed and the sizes are known.
    fn weights(&self, codes: &[&str]) -> Option<Vec<f64>> {
        match self.figure.aggregate {
            Some(Aggregate::EqualCountries) => Some(vec![1.0; codes.len()]),
            Some(Aggregate::Respondents) => {
                let size = |code: &&str| {
                    let rows = self
                        .store
                        .samples_of(&self.figure.poll, code, &self.figure.base);
                    rows.iter().find_map(|sample| sample.n).map(|n| n as f64)
                };
                let sizes: Vec<f64> = codes.iter().map(size).collect::<Option<_>>()?;
                // nobody at all has no weights
                (sizes.iter().sum::<f64>() > 0.0).then_some(sizes)
            }
            _ => None,
        }
    }
}

fn span(range: Range, low: f64, high: f64) -> Range {
    Range {
        low: range.low.min(low),
        high: range.high.max(high),
    }
}

/// The weighted mean of the ends; with unknown weights anything between the least and the greatest.
fn mixed(ranges: &[Range], weights: Option<&[f64]>) -> Range {
    let Some(weights) = weights else {
        let all = Range {
            low: 100.0,
            high: 0.0,
        };
        return ranges
            .iter()
            .fold(all, |all, range| span(all, range.low, range.high));
    };
    let sum: f64 = weights.iter().sum();
    let mean = |end: fn(&Range) -> f64| {
        let terms = ranges.iter().zip(weights);
        terms
            .map(|(range, weight)| end(range) * weight)
            .sum::<f64>()
            / sum
    };
    Range {
        low: mean(|range| range.low),
        high: mean(|range| range.high),
    }
}
