//! What a table says in its foot: how the numbers were made.

use super::about::{About, percent_of, variable_of};
use super::sheet::{Asked, Sheet};
use crate::frames::Statistic;
use crate::frames::words::{and, thousands};
use crate::survey::design::Lonely;
use crate::survey::estimate::{Answer, Part, Request};

impl About<'_> {
    /// Paragraphs under the table: weights and design, method, base, what is missing, source.
    pub fn foot(
        &self,
        answer: &Answer,
        request: &Request,
        sheet: &Sheet,
        chosen: &[usize],
    ) -> Vec<String> {
        let mut foot = vec![
            [self.weights(), self.sample(answer)].join(" "),
            method(answer, request, chosen),
        ];
        if let Some((condition, _)) = &request.condition {
            let within = respondents(answer, sheet);
            foot.push(format!(
                "Of those with {condition}: {} of {} respondents.",
                thousands(within as f64),
                thousands(answer.sums.rows.all as f64)
            ));
        }
        foot.extend(self.left_out(answer, request, sheet, chosen));
        let title = self.codebook.title.iter().filter(|t| !t.is_empty());
        let title: String = title.map(|title| format!(" ({title})")).collect();
        foot.push(format!("Source: {}{title}.", self.file));
        foot.retain(|paragraph| !paragraph.is_empty());
        foot
    }

    fn weights(&self) -> String {
        match (&self.design.weights, self.design.fpc.is_empty()) {
            (Some(weights), _) => format!("Weighted by {weights}."),
            (None, false) => {
                let fpc = self.design.fpc.join(", ");
                format!("Weighted by N/n from fpc ({fpc}).")
            }
            (None, true) => "Not weighted: no weights were named.".to_owned(),
        }
    }

    fn sample(&self, answer: &Answer) -> String {
        let df = match answer.df {
            Some(df) => format!(", {} degrees of freedom", thousands(df)),
            None => String::new(),
        };
        if let Some(replicates) = &self.design.replicates {
            let count = answer.replication.as_ref().map_or(0, |r| r.rscales.len());
            return format!(
                "Standard errors from {count} replicate weights ({}){df}.",
                replicates.rep_type
            );
        }
        let mut parts = Vec::new();
        if !self.design.strata.is_empty() {
            let count = thousands(answer.units.strata.len() as f64);
            parts.push(format!(
                "{count} strata ({})",
                self.design.strata.join(" x ")
            ));
        }
        if let Some(psu) = self.design.psu.first() {
            let count = thousands(answer.units.psus() as f64);
            parts.push(format!("{count} PSUs ({psu})"));
        }
        let mut below: Vec<&str> = self.design.psu.iter().map(String::as_str).collect();
        below.truncate(self.design.stages());
        if self.design.rows_are_last_stage() {
            below.push("respondents");
        }
        if below.len() > 1 {
            parts.push(format!("further stages {}", below[1..].join(", ")));
        }
        if !self.design.fpc.is_empty() {
            let fpc = self.design.fpc.join(", ");
            parts.push(format!("finite population correction by {fpc}"));
        }
        let lonely = answer.units.lonely(0).count();
        if lonely > 0 && self.design.lonely != Lonely::Fail {
            let s = if lonely == 1 { "um" } else { "a" };
            parts.push(format!(
                "{lonely} strat{s} with one PSU: {}",
                self.design.lonely
            ));
        }
        match parts.is_empty() {
            true => format!(
                "No strata or PSUs were named: errors are those of respondents drawn one by one{df}."
            ),
            false => format!("Design: {}{df}.", parts.join(", ")),
        }
    }

    /// "Without an answer, left out: q1 63, q2 71."
    fn left_out(
        &self,
        answer: &Answer,
        request: &Request,
        sheet: &Sheet,
        chosen: &[usize],
    ) -> Option<String> {
        let all = respondents(answer, sheet);
        let gone = |at: usize| {
            let asked = sheet.items.get(at)?;
            let answered = answered(sheet, asked);
            let count = all.checked_sub(answered).filter(|count| *count > 0)?;
            let item = request.items.get(at)?;
            let name = variable_of(item).unwrap_or(&item.text);
            Some((name.to_owned(), thousands(count as f64)))
        };
        let found: Vec<(String, String)> = chosen.iter().filter_map(|at| gone(*at)).collect();
        let said = match (found.as_slice(), chosen) {
            ([], _) => return None,
            ([(_, count)], [_]) => count.clone(),
            (several, _) => {
                let said = several
                    .iter()
                    .map(|(name, count)| format!("{name} {count}"));
                said.collect::<Vec<_>>().join(", ")
            }
        };
        Some(format!("Without an answer, left out: {said}."))
    }
}

/// Respondents in the domains that are shown.
fn respondents(answer: &Answer, sheet: &Sheet) -> u64 {
    let all = answer.sums.cells.iter().map(|cell| cell.rows).sum();
    match sheet.domains.is_empty() {
        true => 0,
        false => all,
    }
}

/// Respondents of all domains that answered an item.
fn answered(sheet: &Sheet, asked: &Asked) -> u64 {
    let measured = asked.measures.iter().find(|m| m.part != Part::Missing);
    let of = |measure: &super::sheet::Measure| {
        let domains = 0..sheet.domains.len();
        let n = domains.filter_map(|domain| sheet.row(measure, domain)?.n);
        n.sum::<f64>() as u64
    };
    measured.map_or(0, of)
}

/// "95% intervals: logit for shares, Student’s t for means."
fn method(answer: &Answer, request: &Request, chosen: &[usize]) -> String {
    let mut statistics = Vec::new();
    for (of, row) in answer.of.iter().zip(&answer.rows) {
        let counted = chosen.contains(&of.item) && row.interval().is_some();
        if counted && !statistics.contains(&row.statistic) {
            statistics.push(row.statistic);
        }
    }
    let mut said = Vec::new();
    let distribution = if answer.df.is_some() { "t" } else { "z" };
    if statistics.contains(&Statistic::Proportion) {
        let of = if statistics.len() == 1 {
            ""
        } else {
            " for shares"
        };
        said.push(format!(
            "{} with {distribution}{of}",
            request.options.ci.title()
        ));
    }
    if statistics.contains(&Statistic::Quantile) {
        said.push(format!(
            "Woodruff for quantiles (rule {})",
            request.options.rule
        ));
    }
    let others = statistics
        .iter()
        .filter(|s| !matches!(s, Statistic::Proportion | Statistic::Quantile));
    let others: Vec<String> = others.map(|statistic| plural(*statistic)).collect();
    if !others.is_empty() {
        said.push(format!(
            "estimate ± {distribution} times its standard error for {}",
            and(&others)
        ));
    }
    match said.is_empty() {
        true => String::new(),
        false => {
            let level = percent_of(request.options.level);
            format!("{level}% intervals: {}.", said.join("; "))
        }
    }
}

fn plural(statistic: Statistic) -> String {
    match statistic {
        Statistic::StandardDeviation => "standard deviations".to_owned(),
        Statistic::Variance => "variances".to_owned(),
        other => format!("{}s", other.name()),
    }
}
