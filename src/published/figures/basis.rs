use super::effective_n::{Margin, MarginDeff, effective_n};
use super::percent::Percent;
use super::quantity::{COMPUTED, Prefer, quantities};
use super::store::{Aggregate, Figure, NKind, Qualifier, QuestionKind, Sample, Store};
use crate::frames::words::thousands;

/// The sample a figure rests on, as far as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// Unweighted respondents; `None` where only a margin of error was published.
    pub n: Option<f64>,
    /// n is approximate, or carries the rounding of its print.
    pub approximate: bool,
    /// n was assumed by whoever asked.
    pub assumed: bool,
    /// Published, or from a published margin; `None` where nothing is known of it.
    pub deff: Option<f64>,
    pub n_eff: f64,
    /// The variance is that of the countries’ own shares and sizes.
    pub of_countries: bool,
    /// How n and deff were come by, for people.
    pub notes: Vec<String>,
}

/// Why a figure has no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoInterval {
    #[error("no sample size was published")]
    SampleSize,
    #[error("a median of countries: no interval follows from the sizes of their samples")]
    Median,
    #[error("a mean on a scale, whose spread was not published")]
    Score,
    #[error("printed as a bound only")]
    Bound,
}

impl NoInterval {
    /// Whether a sample size assumed by the reader would give one.
    pub fn helped_by_assumed_n(self) -> bool {
        self == NoInterval::SampleSize
    }
}

/// The sample behind a figure: its own n, or that of its poll, country and base in the store;
/// `assumed_n` where neither is published.
///
/// A mean of countries with equal weights has `n_eff = p q / V`, `V = sum p_k q_k deff_k / n_k / K^2`,
/// where every country's share and n are known; otherwise the countries are treated as one sample,
/// and a note says so. The design effect is the published one, else that of the published margin. A margin without an
/// n gives the effective size alone, see [`Margin::effective_n`].
pub fn basis(store: &Store, figure: &Figure, assumed_n: Option<f64>) -> Result<Basis, NoInterval> {
    let question = store.question(&figure.poll, &figure.question);
    if question.is_some_and(|question| question.kind == QuestionKind::Score) {
        return Err(NoInterval::Score);
    }
    if matches!(figure.qualifier, Qualifier::AtLeast | Qualifier::AtMost) {
        return Err(NoInterval::Bound);
    }
    match figure.aggregate {
        Some(Aggregate::Median) => return Err(NoInterval::Median),
        Some(Aggregate::EqualCountries) => {
            if let Some(basis) = equal_countries(store, figure) {
                return Ok(basis);
            }
        }
        _ => {}
    }
    let mut basis = one_sample(store, figure)
        .or_else(|| assumed_n.map(|n| of_the_decided(assumed(n), figure)))
        .ok_or(NoInterval::SampleSize)?;
    if figure
        .aggregate
        .is_some_and(|aggregate| aggregate != Aggregate::Respondents)
    {
        basis
            .notes
            .push("countries treated as one sample".to_owned());
    }
    Ok(basis)
}

fn assumed(n: f64) -> Basis {
    Basis {
        n: Some(n),
        approximate: false,
        assumed: true,
        deff: None,
        n_eff: n,
        of_countries: false,
        notes: vec![format!("n of {n} is assumed, not published")],
    }
}

/// The first row with an n is the one to use; a row that only adds a margin of error has none.
fn one_sample(store: &Store, figure: &Figure) -> Option<Basis> {
    let rows = store.samples_of(&figure.poll, &figure.country, &figure.base);
    let sized = rows.iter().find(|sample| sample.n.is_some());
    let Some(n) = figure.n.or_else(|| sized.and_then(|sample| sample.n)) else {
        return of_margin(&rows).map(|basis| of_the_decided(basis, figure));
    };
    let n = n as f64;
    let rounded = |kind: NKind| matches!(kind, NKind::AsPrinted | NKind::Approximate);
    let (deff, notes) = match published_deff(&rows, n) {
        Some((deff, note)) => (Some(deff), vec![note]),
        None => (None, Vec::new()),
    };
    let basis = Basis {
        n: Some(n),
        approximate: figure.n.is_none() && sized.and_then(|s| s.n_kind).is_some_and(rounded),
        assumed: false,
        deff,
        n_eff: effective_n(n, deff.unwrap_or(1.0)).ok()?,
        of_countries: false,
        notes,
    };
    Some(of_the_decided(basis, figure))
}

/// The part of a sample that gave none of the answers left out. The design effect is taken to be that of all.
fn of_the_decided(mut basis: Basis, figure: &Figure) -> Basis {
    if let Some(decided) = &figure.decided {
        basis.n = basis.n.map(|n| n * decided.left);
        basis.n_eff *= decided.left;
    }
    basis
}

/// What a margin of error says of a sample whose size was not published.
fn of_margin(rows: &[&Sample]) -> Option<Basis> {
    let margin = rows.iter().find_map(|sample| printed_margin(sample))?;
    let n_eff = margin.effective_n().ok()?;
    Some(Basis {
        n: None,
        approximate: false,
        assumed: false,
        deff: None,
        n_eff,
        of_countries: false,
        notes: vec![effective_n_note(&margin, n_eff)],
    })
}

fn printed_margin(sample: &Sample) -> Option<Margin> {
    sample.moe?;
    Some(Margin {
        points: Percent::parse(&sample.moe_text).ok()?,
        level: sample.moe_level.map(|level| level / 100.0),
    })
}

/// The published design effect of a sample with where it comes from; that of its margin otherwise.
fn published_deff(rows: &[&Sample], n: f64) -> Option<(f64, String)> {
    if let Some(deff) = rows.iter().find_map(|sample| sample.deff) {
        return Some((deff, format!("design effect {deff} published")));
    }
    let margin = rows.iter().find_map(|sample| printed_margin(sample))?;
    let of_margin = margin.deff(n).ok()?;
    Some((of_margin.deff, margin_note(&margin, &of_margin)))
}

/// What the deff of a margin rests on, in words.
pub fn margin_note(margin: &Margin, of_margin: &MarginDeff) -> String {
    let (low, high) = of_margin.range;
    let range = format!(
        "design effect {:.2} from the margin of ±{} ({})",
        of_margin.deff,
        margin.points,
        level_in_words(margin)
    );
    match of_margin.may_be_srs {
        true => format!(
            "{range}; its rounding allows {low:.2} to {high:.2}: it may be the margin of simple random \
             sampling, which leaves the design effect out"
        ),
        false => format!("{range}; its rounding allows {low:.2} to {high:.2}"),
    }
}

/// What an effective size without an n rests on, in words.
pub fn effective_n_note(margin: &Margin, n_eff: f64) -> String {
    format!(
        "effective n {} from the margin of ±{} ({}), as no n is known",
        thousands(n_eff),
        margin.points,
        level_in_words(margin)
    )
}

fn level_in_words(margin: &Margin) -> String {
    match margin.level {
        Some(level) => format!("at {}%", (1e6 * level).round() / 1e4),
        None => "printed without its level, 95% taken".to_owned(),
    }
}

/// The equal-weights mean of all countries of the figure, each with its own share and n.
fn equal_countries(store: &Store, figure: &Figure) -> Option<Basis> {
    let codes = store.countries_of(&figure.poll, &figure.country);
    let count = codes.len() as f64;
    let (mut variance, mut n, mut approximate) = (0.0, Some(0.0), false);
    for code in &codes {
        let part = country_figure(store, figure, code)?;
        let sample = one_sample(store, part)?;
        let share = part.percent.value / 100.0;
        variance += share * (1.0 - share) / sample.n_eff / (count * count);
        // one country without an n leaves the n of all unknown
        n = n.zip(sample.n).map(|(all, n)| all + n);
        approximate |= sample.approximate;
    }
    let share = figure.percent.value / 100.0;
    let n_eff = share * (1.0 - share) / variance;
    (codes.len() > 1 && n_eff.is_finite() && n_eff > 0.0).then(|| Basis {
        n,
        approximate,
        assumed: false,
        deff: n.map(|n| n / n_eff),
        n_eff,
        of_countries: true,
        notes: vec![format!(
            "mean of {count} countries with equal weights: its variance is that of their own shares and sizes"
        )],
    })
}

/// What is shown of the same response in one country.
fn country_figure<'s>(store: &'s Store, figure: &Figure, country: &str) -> Option<&'s Figure> {
    let same: Vec<&Figure> = store
        .figures_of(
            &figure.poll,
            &figure.question,
            &figure.response,
            country,
            &figure.base,
        )
        .into_iter()
        .filter(|part| (part.reported_by == COMPUTED) == (figure.reported_by == COMPUTED))
        .collect();
    let value = quantities(&same)
        .into_iter()
        .next()?
        .values
        .into_iter()
        .next()?;
    let bound = value.is_bound();
    (!bound).then(|| value.shown(Prefer::Decimals))
}
