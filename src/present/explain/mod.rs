//! How numbers come about: the design, the formulas, the degrees of freedom, and the R code that gives the same.
//!
//! [`crosstab`] tells it of banner tables, [`cell`] of one of their cells, [`model`] of regressions, [`tests`] of tests, [`estimates`] of estimates; [`r`] writes the code.

mod cell;
mod model;
mod r;
mod stata;
mod subject;
mod tests;

use std::fmt::Write;
use std::path::Path;

use crate::frames::words::and;
use crate::present::survey::foot::{design_sentence, weights_sentence};
use crate::present::survey::source::percent_of;
use crate::present::table::fill;
use crate::survey::crosstab::{Against, Crosstab, TableKind, Test};
use crate::survey::design::Design;
use crate::survey::estimate::{DomainDf, SurveyEstimates};
use crate::survey::expr::Verb;
pub use cell::cell;
pub use model::model;
pub use subject::{ModelParts, find as find_cell};
pub use tests::tests;

const WIDTH: usize = 96;

/// Paragraphs under heads, and code.
#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, head: &str) {
        let _ = writeln!(self.0, "\n{head}");
    }

    fn say(&mut self, paragraph: &str) {
        for line in fill(paragraph, WIDTH, 0) {
            let _ = writeln!(self.0, "  {line}");
        }
    }

    /// Lines as they are.
    fn formula(&mut self, lines: &[&str]) {
        for line in lines {
            let _ = writeln!(self.0, "    {line}");
        }
    }

    fn code(&mut self, lines: &[String]) {
        self.lines("In R (package survey)", lines);
    }

    fn stata(&mut self, lines: &[String]) {
        self.lines("In Stata", lines);
    }

    fn lines(&mut self, head: &str, lines: &[String]) {
        self.head(head);
        for line in lines {
            let _ = writeln!(self.0, "{}{line}", if line.is_empty() { "" } else { "  " });
        }
    }
}

/// Shares, letters and tests of banner tables of a file.
pub fn crosstab(crosstab: &Crosstab, path: &Path) -> String {
    let options = &crosstab.request.options;
    let mut text = Text("How the numbers of these tables come about\n".to_owned());
    text.head("Design");
    text.say(&sample_of(crosstab));
    variance(&mut text, &crosstab.design);
    text.head("A cell");
    text.formula(&[
        "p = Σ w y / Σ w    over those in the column who answered; y is 1 for the answer, else 0",
        "u = w (y − p) / Σ w,    se = √V(u)",
    ]);
    text.say("A net is the same with y 1 for any of its answers, a mean with y the number itself.");
    interval(&mut text, options.ci.title(), options.level);
    degrees(&mut text, options.domain_df);
    if options.test != Test::None
        && crosstab
            .blocks
            .iter()
            .any(|block| !block.columns.is_empty())
    {
        letters(&mut text, crosstab);
    }
    text.code(&r::crosstab(crosstab, path));
    text.0.trim_start().to_owned()
}

/// Weights and design of tables.
fn sample_of(crosstab: &Crosstab) -> String {
    format!(
        "{} {}",
        weights_sentence(&crosstab.design),
        design_sentence(
            &crosstab.design,
            &crosstab.units,
            crosstab.replication.as_ref(),
            crosstab.df
        )
    )
}

/// Estimates of a file.
pub fn estimates(estimates: &SurveyEstimates, path: &Path) -> String {
    let request = &estimates.request;
    let mut text = Text("How these numbers come about\n".to_owned());
    text.head("Design");
    text.say(&format!(
        "{} {}",
        weights_sentence(&estimates.design),
        design_sentence(
            &estimates.design,
            &estimates.units,
            estimates.replication.as_ref(),
            estimates.df
        )
    ));
    variance(&mut text, &estimates.design);
    let terms = || request.items.iter().flat_map(|item| &item.terms);
    let any = |is: fn(&Verb) -> bool| terms().any(|term| is(&term.statistic));
    let shares = any(|verb| matches!(verb, Verb::Prop(_)));
    text.head("Estimates");
    if shares {
        text.say("A share, of those in the domain who answered; y is 1 for the answer, else 0:");
        text.formula(&["p = Σ w y / Σ w,    u = w (y − p) / Σ w,    se = √V(u)"]);
    }
    if any(|verb| matches!(verb, Verb::Mean(_))) {
        text.say("A mean, of those in the domain who have a number:");
        text.formula(&["m = Σ w y / Σ w,    u = w (y − m) / Σ w,    se = √V(u)"]);
    }
    if any(|verb| matches!(verb, Verb::Total(_) | Verb::Count(_))) {
        text.say("A total, and a count as the total of 1:");
        text.formula(&["T = Σ w y,    u = w y,    se = √V(u)"]);
    }
    if any(|verb| matches!(verb, Verb::Ratio(..))) {
        text.say("A ratio:");
        text.formula(&["R = Σ w y / Σ w x,    u = w (y − R x) / Σ w x,    se = √V(u)"]);
    }
    if any(|verb| matches!(verb, Verb::Quantile(..))) {
        text.say("A quantile: the interval of the share of weight at or below it is turned into values (Woodruff).");
    }
    if any(|verb| matches!(verb, Verb::Var(_) | Verb::Sd(_))) {
        text.say("A variance, with n those who have a number:");
        text.formula(&["S² = n/(n − 1) Σ w (y − m)² / Σ w"]);
    }
    match shares {
        true => interval(&mut text, request.options.ci.title(), request.options.level),
        false => text.say(&format!(
            "Intervals ({}%): estimate ± t se.",
            percent_of(request.options.level)
        )),
    }
    degrees(&mut text, request.options.domain_df);
    text.code(&r::estimates(estimates, path));
    text.0.trim_start().to_owned()
}

/// What V of a total of scores is.
fn variance(text: &mut Text, design: &Design) {
    if design.replicates.is_some() {
        text.say(
            "V is the sum of squares of the replicates about their centre, times their factors:",
        );
        text.formula(&["V(θ) = scale Σ_r rscale_r (θ_r − θ)²    θ_r: the estimate with the weights of replicate r"]);
        return;
    }
    text.say("V of a total of scores u is that of totals z of sampled units, i in stratum h (Taylor linearisation; Binder 1983):");
    let fpc = if design.fpc.is_empty() {
        ""
    } else {
        "(1 − f_h) "
    };
    text.formula(&[&format!(
        "V(u) = Σ_h {fpc}n_h/(n_h − 1) Σ_i (z_hi − z̄_h)²    z_hi = Σ u of {}",
        match design.psu.is_empty() {
            true => "the respondent",
            false => "the PSU",
        }
    )]);
    if design.fpc.len() > 1 {
        text.say("and so for the later stages within each sampled unit, times the sampling fractions above.");
    }
}

fn interval(text: &mut Text, method: &str, level: f64) {
    let percent = percent_of(level);
    text.say(&format!(
        "Intervals of shares ({percent}%): {method} with t; of means: estimate ± t se. Logit is"
    ));
    text.formula(&["logit(p) ± t se / (p (1 − p)),    turned back into shares"]);
}

fn degrees(text: &mut Text, domain_df: DomainDf) {
    text.head("Degrees of freedom");
    text.say(match domain_df {
        DomainDf::Design => {
            "Those of the whole design: its PSUs less its strata (of replicates, their rank less 1)."
        }
        _ => {
            "PSUs less strata among those that the domain occurs in (of replicates, their rank less 1), whatever is missing. R: degf(subset(design, …))."
        }
    });
}

fn letters(text: &mut Text, crosstab: &Crosstab) {
    let options = &crosstab.request.options;
    text.head("A difference of columns");
    match options.test {
        Test::Kish => {
            text.say("On Kish’s effective bases e = (Σ w)²/Σ w², with P the pooled share and e_o that of those in both:");
            text.formula(&[
                "se² = P (1 − P) (1/e_a + 1/e_b − 2 e_o/(e_a e_b)),    t on e_a + e_b − e_o − 2",
            ]);
        }
        Test::Frequencies => {
            text.say("Weights taken for numbers of respondents, with P the share of both columns together:");
            text.formula(&[
                "se² = P (1 − P) (1/W_a + 1/W_b),    z = (p_a − p_b)/se",
                "of means: se² = Σ S/(Σ W − k) (1/W_a + 1/W_b) over k columns,    t on Σ W − k",
            ]);
        }
        _ => {
            text.say("By the design, with what the columns share (clusters, strata, respondents) in the variance:");
            text.formula(&[
                "d = p_a − p_b,    u = u_a − u_b,    t = d/√V(u)    on the PSUs less strata of those in either",
            ]);
            text.say("Where one share is 0 or 100%, V is taken under equal shares: u = w (y − P) (m_a/W_a − m_b/W_b); 0 against 100%, Σ z² about 0.");
        }
    }
    let adjust = match options.adjust {
        Some(adjust) => format!("adjusted by {}", adjust.title()),
        None => "as they are".to_owned(),
    };
    let family = match options.against {
        Against::Rest | Against::Total => "the columns of a variable",
        _ if options.nested_families => "the pairs of columns within an outer one",
        _ => "the pairs of columns of a variable",
    };
    text.say(&format!(
        "p-values of a row over {family} are one family, {adjust}; a letter stands for p ≤ {} (capital) or ≤ {}.",
        options.alpha.0, options.alpha.1
    ));
    let tested: Vec<String> = crosstab
        .blocks
        .iter()
        .map(|block| block.name.clone())
        .collect();
    let levels = crosstab
        .tables
        .iter()
        .any(|table| table.kind == TableKind::Levels);
    if levels && !tested.is_empty() {
        text.say(&format!(
            "Whether the answers differ at all by {}: Rao and Scott’s F (1984), second order.",
            and(&tested)
        ));
    }
}
