//! Options of `estimate` that have no effect on what is asked are refused.

use super::estimate_asked::{Asked, Shown};
use super::failure::Failure;
use super::output::Format;
use crate::frames::words::nearest;
use crate::present::survey::DisplayColumn;
use crate::survey::estimate::{Missing, Part, Request, RowKey, SurveyEstimates};
use crate::survey::expr::{Item, Verb};

fn no_effect(option: &str, why: &str) -> Failure {
    Failure::Usage(format!("{option} has no effect here: {why}"))
}

fn any(request: &Request, is: fn(&Verb) -> bool) -> bool {
    let terms = request.items.iter().flat_map(|item: &Item| &item.terms);
    terms.map(|term| &term.statistic).any(is)
}

/// What can be told before the file is read.
pub fn before(
    asked: &Asked,
    shown: &Shown,
    request: &Request,
    format: Format,
) -> Result<(), Failure> {
    let shares = any(request, |verb| matches!(verb, Verb::Prop(_)));
    let levels = any(
        request,
        |verb| matches!(verb, Verb::Prop(of) | Verb::Total(of) if !of.is_condition()),
    );
    let quantiles = any(request, |verb| matches!(verb, Verb::Quantile(..)));
    let domains = !request.by.is_empty() || request.filter.is_some();
    let exact = matches!(format, Format::Csv | Format::Json | Format::Parquet);
    let deff_is_shown = exact || shown.show.contains(&DisplayColumn::Deff);
    let rules = [
        (
            asked.ci.is_some() && !shares,
            "--ci",
            "it is about the intervals of prop(…)",
        ),
        (
            asked.qrule.is_some() && !quantiles,
            "--qrule",
            "no quantile or median is asked for",
        ),
        (
            asked.deff_kind.is_some() && !deff_is_shown,
            "--deff-kind",
            "no design effect is shown; add --show deff",
        ),
        (
            asked.domain_df.is_some() && !domains,
            "--domain-df",
            "there are no domains without --by or --where",
        ),
        (
            asked.missing.is_some_and(|how| how != Missing::Exclude) && !levels,
            "--missing",
            "it is about the levels of prop(…) or total(…)",
        ),
        (
            !asked.nets.is_empty() && !levels,
            "--net",
            "it is about the levels of prop(…) or total(…)",
        ),
        (
            shown.adjust.is_some() && !shown.pairwise,
            "--adjust",
            "it goes with --pairwise",
        ),
        (
            shown.pairwise && request.by.is_empty(),
            "--pairwise",
            "it compares domains: name groups with --by",
        ),
        (
            exact && !shown.show.is_empty(),
            "--show",
            "csv, json and parquet have every column",
        ),
        (
            exact && shown.decimals.is_some(),
            "--decimals",
            "csv, json and parquet have every digit",
        ),
        (
            exact && shown.min_base.is_some(),
            "--min-base",
            "csv, json and parquet have every estimate",
        ),
        (
            shown.decimals.is_some() && !shares,
            "--decimals",
            "it is about per cents, and no share is asked for",
        ),
    ];
    match rules.into_iter().find(|(is, _, _)| *is) {
        Some((_, option, why)) => Err(no_effect(option, why)),
        None => Ok(()),
    }
}

/// A net whose levels no item has is a slip.
pub fn nets_were_found(answer: &SurveyEstimates) -> Result<(), Failure> {
    let rows = || answer.keys.iter().zip(&answer.rows);
    let levels = || {
        let of_level = rows().filter(|(of, _)| of.part == Part::Level);
        of_level.filter_map(|(_, row)| row.level.as_deref())
    };
    for net in &answer.request.nets {
        let is_net =
            |of: &RowKey, level: Option<&str>| of.part == Part::Net && level == Some(&net.name);
        if rows().any(|(of, row)| is_net(of, row.level.as_deref())) {
            continue;
        }
        let unknown = net
            .levels
            .iter()
            .find(|level| !levels().any(|l| l == *level));
        let why = match unknown {
            Some(level) => match nearest(level, levels()) {
                Some(near) => format!("no item has a level {level}; did you mean {near}?"),
                None => format!("no item has a level {level}"),
            },
            None => "no item has all of its levels".to_owned(),
        };
        return Err(Failure::Usage(format!("--net {}: {why}", net.name)));
    }
    Ok(())
}
