//! Options of `estimate` that have no effect on what is asked are refused.

use super::{DisplayArgs, EstimateArgs};
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::cli::streams::Session;
use crate::frames::Estimate;
use crate::present::survey::DisplayColumn;
use crate::survey::design::Design;
use crate::survey::estimate::{DomainDf, Incomplete, Missing, Options, Request, SurveyEstimates};
use crate::survey::expr::Verb;
use crate::survey::microdata::Variable;
use crate::survey::sums::ItemSums;

/// What can be told before the file is read.
pub fn refuse_no_effect(
    estimate: &EstimateArgs,
    display: &DisplayArgs,
    request: &Request,
    format: Format,
) -> Result<(), Failure> {
    if let Some((option, why)) = request.without_effect(&estimate.named()) {
        let option = format!("--{}", option.name().replace('_', "-"));
        return Err(Failure::no_effect(&option, why));
    }
    let shares = request
        .statistics()
        .any(|verb| matches!(verb, Verb::Prop(_)));
    let exact = format.is_exact();
    // rows of comparisons stand in the place of estimates
    let pairs_alone = exact && display.pairwise;
    let shown = |column: DisplayColumn| display.show.is_empty() || display.show.contains(&column);
    let intervals = exact || display.pairwise || shown(DisplayColumn::Ci);
    let df = intervals || shown(DisplayColumn::Df);
    let pairs = "csv, json and parquet have the comparisons of --pairwise alone";
    let deff_is_shown = exact || display.show.contains(&DisplayColumn::Deff);
    let rules = [
        (pairs_alone && estimate.ci.is_some(), "--ci", pairs),
        (
            estimate.ci.is_some() && !exact && !shown(DisplayColumn::Ci),
            "--ci",
            "no interval is shown; add --show ci",
        ),
        (
            estimate.level.is_some() && !intervals,
            "--level",
            "no interval is shown; add --show ci",
        ),
        (
            pairs_alone && estimate.deff_kind.is_some(),
            "--deff-kind",
            pairs,
        ),
        (
            pairs_alone && display.flag_base.is_some(),
            "--flag-base",
            pairs,
        ),
        (
            pairs_alone && estimate.missing == Some(Missing::Show),
            "--missing show",
            pairs,
        ),
        (
            estimate.domain_df.is_some() && !df,
            "--domain-df",
            "no interval and no degrees of freedom are shown; add --show ci",
        ),
        (
            estimate.deff_kind.is_some() && !deff_is_shown,
            "--deff-kind",
            "no design effect is shown; add --show deff",
        ),
        (
            display.adjust.is_some() && !display.pairwise,
            "--adjust",
            "it goes with --pairwise",
        ),
        (
            display.pairwise && request.by.is_empty(),
            "--pairwise",
            "it compares domains: name groups with --by",
        ),
        (
            exact && !display.show.is_empty(),
            "--show",
            "csv, json and parquet have every column",
        ),
        (
            exact && display.decimals.is_some(),
            "--decimals",
            "csv, json and parquet have every digit",
        ),
        (
            exact && display.min_base.is_some(),
            "--min-base",
            "csv, json and parquet have every estimate",
        ),
        (
            display.decimals.is_some() && !shares,
            "--decimals",
            "it is about per cents, and no share is asked for",
        ),
    ];
    match rules.into_iter().find(|(is, _, _)| *is) {
        Some((_, option, why)) => Err(Failure::no_effect(option, why)),
        None => Ok(()),
    }
}

/// What can be told only of the design.
pub fn refuse_for_design(estimate: &EstimateArgs, design: &Design) -> Result<(), Failure> {
    let kept = match (&design.replicates, design.df) {
        (_, Some(_)) => "--df names the degrees of freedom",
        (Some(_), None) => "those of replicate weights are the same in every domain",
        (None, None) => return Ok(()),
    };
    match estimate.domain_df {
        Some(_) => Err(Failure::no_effect("--domain-df", kept)),
        None => Ok(()),
    }
}

/// What can be told only of the variables that were found.
pub fn refuse_for_variables(
    estimate: &EstimateArgs,
    estimates: &SurveyEstimates,
) -> Result<(), Failure> {
    let levels = estimates.level_names.iter().any(Option::is_some);
    match estimate.missing.is_some_and(|how| how != Missing::Exclude) && !levels {
        true => Err(Failure::no_effect(
            "--missing",
            "it is about the levels of prop(…) or total(…), and none is asked for",
        )),
        false => Ok(()),
    }
}

/// What found nothing to do in these data.
pub fn note_no_effect(
    estimate: &EstimateArgs,
    display: &DisplayArgs,
    estimates: &SurveyEstimates,
    format: Format,
    session: &Session,
) {
    let labelled = |variable: &Variable| !variable.labels.is_empty();
    let options = &estimates.request.options;
    let level_sums = || {
        let levels = estimates.level_names.iter().zip(&estimates.sums.items);
        levels.filter_map(|(names, sums)| match (names, sums) {
            (Some(names), ItemSums::Levels(sums)) => Some((names, sums)),
            _ => None,
        })
    };
    let nobody_left_out = estimates.sums.rows.incomplete == 0;
    let empty_levels = || level_sums().any(|(names, sums)| !names.unused(&sums.levels).is_empty());
    let missing = || !estimates.missing_answers().is_empty();
    let rows = || estimates.rows.iter();
    let usual_flag = Options::default().flag_base;
    let between = |row: &Estimate| {
        let base = row.n.unwrap_or(0.0).min(row.n_eff.unwrap_or(f64::INFINITY));
        base >= options.flag_base.min(usual_flag) && base < options.flag_base.max(usual_flag)
    };
    let notes = [
        (
            estimate.codes && !estimates.codebook.variables.iter().any(labelled),
            "--codes changes nothing: no level has a label in this file".to_owned(),
        ),
        (
            estimate.drop_empty && !empty_levels(),
            "--drop-empty changes nothing: there is no labelled answer that nobody gave".to_owned(),
        ),
        (
            options.incomplete == Incomplete::Drop && nobody_left_out,
            "--incomplete drop changes nothing: no answer is missing".to_owned(),
        ),
        (
            options.missing == Missing::Category && !missing_category(estimates)
                || options.missing == Missing::Show && !missing(),
            "--missing changes nothing: no answer is missing".to_owned(),
        ),
        (
            options.domain_df != DomainDf::Domain && !estimates.df_is_chosen,
            "--domain-df changes nothing: the degrees of freedom are the same".to_owned(),
        ),
        (
            estimate.deff_kind.is_some() && rows().all(|row| row.deff.is_none()),
            "--deff-kind changes nothing: no estimate here has a design effect".to_owned(),
        ),
        (
            display.flag_base.is_some() && format.is_exact() && !rows().any(between),
            format!(
                "--flag-base changes nothing: the same estimates are flagged as below {usual_flag}"
            ),
        ),
        (
            estimate.qrule.is_some() && format.is_exact(),
            format!("quantiles by the rule {}", options.rule),
        ),
    ];
    for (_, note) in notes.into_iter().filter(|(is, _)| *is) {
        session.note(&note);
    }
}

/// Whether respondents without an answer have a share of their own.
fn missing_category(estimates: &SurveyEstimates) -> bool {
    let mut levels = estimates.level_names.iter().zip(&estimates.sums.items);
    levels.any(|(names, sums)| match (names, sums) {
        (Some(names), ItemSums::Levels(sums)) => {
            sums.levels.iter().any(|value| !names.is_answer(value))
        }
        _ => false,
    })
}
