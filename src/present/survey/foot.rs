//! What the foot of a table says: how the numbers were made, of which file.

use super::sheet::Sheet;
use super::source::{TableSource, percent_of, variable_of};
use crate::frames::Statistic;
use crate::frames::words::{and, capitalised, or, thousands};
use crate::survey::design::{Design, Lonely, Replication, Units};
use crate::survey::estimate::SurveyEstimates;
use crate::survey::expr::why_missing;

impl TableSource<'_> {
    /// Paragraphs under the table: weights and design, method, base, what is missing, source.
    pub fn foot(&self, sheet: &Sheet, chosen: &[usize], intervals: bool) -> Vec<String> {
        let estimates = self.estimates;
        let mut foot = vec![
            [
                weights_sentence(&estimates.design),
                design_sentence(
                    &estimates.design,
                    &estimates.units,
                    estimates.replication.as_ref(),
                    estimates.df,
                ),
            ]
            .join(" "),
        ];
        if intervals {
            foot.push(interval_method(estimates, chosen));
        }
        if let Some(filter) = &estimates.request.filter {
            let within = respondents(estimates, sheet);
            foot.push(format!(
                "Of those with {}: {} of {} respondents.",
                filter.text,
                thousands(within as f64),
                thousands(
                    estimates
                        .sums
                        .units
                        .iter()
                        .map(|unit| unit.weighted)
                        .sum::<u64>() as f64
                )
            ));
        }
        foot.extend(self.without());
        foot.extend(self.left_out(chosen));
        let notes = estimates.notes.iter();
        foot.extend(notes.map(|note| sentence(note)));
        let title = estimates.codebook.title.iter().filter(|t| !t.is_empty());
        let title: String = title.map(|title| format!(" ({title})")).collect();
        foot.push(format!("Source: {}{title}.", self.file));
        foot.retain(|paragraph| !paragraph.is_empty());
        foot
    }

    /// Which answers count as none.
    fn without(&self) -> Option<String> {
        let without = &self.estimates.request.without;
        let quoted: Vec<String> = without.iter().map(|answer| format!("“{answer}”")).collect();
        (!without.is_empty()).then(|| {
            format!(
                "Shares of those who gave another answer than {}.",
                or(&quoted)
            )
        })
    }

    /// "Without an answer, left out: q1 63, q2 71."
    fn left_out(&self, chosen: &[usize]) -> Option<String> {
        let missing = self.estimates.missing_answers();
        let missing: Vec<(usize, u64)> = missing
            .into_iter()
            .filter(|(item, _)| chosen.contains(item))
            .collect();
        let counts = match (missing.as_slice(), chosen) {
            ([], _) => return None,
            ([(_, count)], [_]) => thousands(*count as f64),
            (several, _) => {
                let counts = several.iter().filter_map(|(item, count)| {
                    let item = self.estimates.request.items.get(*item)?;
                    let name = variable_of(item).or(item.name.as_deref());
                    let name = name.unwrap_or(&item.text);
                    Some(format!("{name} {}", thousands(*count as f64)))
                });
                counts.collect::<Vec<_>>().join(", ")
            }
        };
        let items = &self.estimates.request.items;
        let texts = chosen.iter().filter_map(|at| items.get(*at));
        let why = why_missing(texts.map(|item| item.text.as_str()));
        Some(format!("Without an answer, left out: {counts}{why}."))
    }
}

/// "Weighted by weight."
pub fn weights_sentence(design: &Design) -> String {
    match (&design.weights, design.fpc.is_empty()) {
        (Some(weights), _) => format!("Weighted by {weights}."),
        (None, false) => {
            let fpc = design.fpc.join(", ");
            format!("Weighted by N/n from fpc ({fpc}).")
        }
        (None, true) => "Not weighted: no weights were named.".to_owned(),
    }
}

/// "Design: 8 strata (stratum), 80 PSUs (psu), 72 degrees of freedom."
pub fn design_sentence(
    design: &Design,
    units: &Units,
    replication: Option<&Replication>,
    df: Option<f64>,
) -> String {
    let df = match df {
        Some(df) => format!(", {} degrees of freedom", thousands(df)),
        None => String::new(),
    };
    if let Some(replicates) = &design.replicates {
        let count = replication.map_or(0, |r| r.rscales.len());
        // what is usual for the type is not said
        let centre = match replication {
            Some(replication) if replicates.mse.is_some() => match replication.mse {
                true => ", squares about the full-sample estimate",
                false => ", squares about the mean of the replicates",
            },
            _ => "",
        };
        return format!(
            "Standard errors from {count} replicate weights ({}){centre}{df}.",
            replicates.rep_type
        );
    }
    let mut parts = Vec::new();
    if !design.strata.is_empty() {
        let count = thousands(units.strata.len() as f64);
        parts.push(format!("{count} strata ({})", design.strata.join(" x ")));
    }
    if let Some(psu) = design.psu.first() {
        let count = thousands(units.psus() as f64);
        parts.push(format!("{count} PSUs ({psu})"));
    }
    let mut below: Vec<&str> = design.psu.iter().map(String::as_str).collect();
    below.truncate(design.stages());
    if design.rows_are_last_stage() {
        below.push("respondents");
    }
    if below.len() > 1 {
        parts.push(format!("further stages {}", below[1..].join(", ")));
    }
    if !design.fpc.is_empty() {
        let fpc = design.fpc.join(", ");
        parts.push(format!("finite population correction by {fpc}"));
    }
    let lonely = units.lonely(0).count();
    if lonely > 0 && design.lonely != Lonely::Fail {
        let s = if lonely == 1 { "um" } else { "a" };
        parts.push(format!("{lonely} strat{s} with one PSU: {}", design.lonely));
    }
    match parts.is_empty() {
        true => format!(
            "No strata or PSUs were named: errors are those of respondents drawn one by one{df}."
        ),
        false => format!("Design: {}{df}.", parts.join(", ")),
    }
}

/// A note with a capital and a stop.
pub fn sentence(note: &str) -> String {
    format!("{}.", capitalised(note))
}

/// What is said beside rows that stand without a table: notes, and who gave no answer.
pub fn notes(estimates: &SurveyEstimates) -> Vec<String> {
    let source = TableSource {
        file: "",
        estimates,
    };
    let items: Vec<usize> = (0..estimates.request.items.len()).collect();
    let missing = source.left_out(&items);
    let mut notes = estimates.notes.clone();
    notes.extend(estimates.deff_note());
    notes.extend(missing.map(|text| {
        let text = text.trim_end_matches('.');
        format!("{}{}", text[..1].to_lowercase(), &text[1..])
    }));
    notes
}

/// Respondents in the domains that are shown.
fn respondents(estimates: &SurveyEstimates, sheet: &Sheet) -> u64 {
    let all = estimates.sums.cells.iter().map(|cell| cell.weighted).sum();
    match sheet.domains.is_empty() {
        true => 0,
        false => all,
    }
}

/// "95% intervals: logit for shares, Student’s t for means."
pub fn interval_method(estimates: &SurveyEstimates, chosen: &[usize]) -> String {
    let options = &estimates.request.options;
    let mut statistics = Vec::new();
    for (key, row) in estimates.keys.iter().zip(&estimates.rows) {
        let counted = chosen.contains(&key.item) && row.interval().is_some();
        if counted && !statistics.contains(&row.statistic) {
            statistics.push(row.statistic);
        }
    }
    let mut methods = Vec::new();
    let distribution = if estimates.df.is_some() { "t" } else { "z" };
    if statistics.contains(&Statistic::Proportion) {
        let of = if statistics.len() == 1 {
            ""
        } else {
            " for shares"
        };
        methods.push(format!("{} with {distribution}{of}", options.ci.title()));
    }
    if statistics.contains(&Statistic::Quantile) {
        methods.push(format!("Woodruff for quantiles (rule {})", options.rule));
    }
    if statistics.contains(&Statistic::Correlation) {
        methods.push(format!(
            "Fisher’s transformation with {distribution} for correlations"
        ));
    }
    if statistics.contains(&Statistic::Alpha) {
        methods.push(format!(
            "on the scale of ln(1 − α) with {distribution} for alphas"
        ));
    }
    let others = statistics.iter().filter(|s| {
        !matches!(
            s,
            Statistic::Proportion | Statistic::Quantile | Statistic::Correlation | Statistic::Alpha
        )
    });
    let others: Vec<String> = others.map(|statistic| plural(*statistic)).collect();
    if !others.is_empty() {
        methods.push(format!(
            "estimate ± {distribution} times its standard error for {}",
            and(&others)
        ));
    }
    match methods.is_empty() {
        true => String::new(),
        false => {
            let level = percent_of(options.level);
            format!("{level}% intervals: {}.", methods.join("; "))
        }
    }
}

fn plural(statistic: Statistic) -> String {
    match statistic {
        Statistic::StandardDeviation => "standard deviations".to_owned(),
        Statistic::Variance => "variances".to_owned(),
        Statistic::ShareDifference => "differences of shares".to_owned(),
        Statistic::ShareSum => "sums of shares".to_owned(),
        other => format!("{}s", other.name()),
    }
}
