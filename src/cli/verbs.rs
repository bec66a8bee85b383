//! What people type who come from another program, and the command that does it here.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};

use super::failure::Failure;
use crate::Error;

/// Said under the help where no command was named.
pub const NONE: &str = "
error: name a command. With a file of respondents begin with `opine describe FILE`, with a printed figure with
`opine interval 63 -n 1500`, with the figures that are shipped with `opine report`
";

/// Words of other programs, and of the field, with what answers them here.
const FOREIGN: &[(&[&str], &str)] = &[
    (
        &[
            "polling-average",
            "average-of-polls",
            "pollofpolls",
            "tracker",
            "trends",
            "loess",
            "pooling",
            "aggregate",
        ],
        "many polls as one line: opine trend polls.csv; as a picture: opine chart polls polls.csv -o trend.png",
    ),
    (
        &[
            "freq",
            "freqs",
            "frequencies",
            "frequency",
            "fre",
            "tab",
            "tab1",
            "tabulate",
            "oneway",
            "toplines",
            "marginals",
        ],
        "every question with its answers: opine topline FILE; shares with their errors: opine estimate FILE 'prop(q1)'",
    ),
    (
        &[
            "codebook",
            "summarize",
            "summarise",
            "sum",
            "info",
            "inspect",
            "describes",
            "desc",
            "labels",
            "variables",
            "vars",
            "show",
            "head",
            "schema-of",
        ],
        "what a file of respondents holds: opine describe FILE; shares of an answer: opine estimate FILE 'prop(q1)'",
    ),
    (
        &[
            "crosstabs",
            "xtab",
            "xtabs",
            "crosstable",
            "banner",
            "banners",
            "tables",
            "table",
            "ctables",
            "pivot",
            "tab2",
            "twoway",
        ],
        "questions by columns side by side: opine crosstab FILE --columns party,age,sex",
    ),
    (
        &[
            "mean",
            "means",
            "prop",
            "proportion",
            "share",
            "shares",
            "total",
            "totals",
            "ratio",
            "median",
            "quantile",
            "svymean",
            "svyby",
            "svytotal",
            "svy",
            "count",
            "estimates",
            "stats",
            "percentage",
        ],
        "estimates from respondents: opine estimate FILE 'mean(x)' 'prop(q1)'",
    ),
    (
        &[
            "plot", "graph", "draw", "figure", "picture", "bar", "dot", "stacked", "barplot",
            "charts",
        ],
        "charts: opine chart dot|bar|stacked|difference|trend INPUT -o OUT.png",
    ),
    (
        &[
            "rake",
            "raking",
            "ipf",
            "poststratify",
            "calibrate",
            "weights",
            "weighting",
            "reweight",
            "wgt",
            "trim",
        ],
        "weights: opine weight FILE --rake targets.csv -o OUT",
    ),
    (
        &["svydesign", "svyset", "strata", "psu", "deff"],
        "strata, PSUs and weights of a file: opine design FILE --weights COLUMN",
    ),
    (
        &["moe", "margin", "ci", "confidence", "error", "se"],
        "the interval of a printed percentage: opine interval 63 -n 1500",
    ),
    (
        &["n", "power", "samplesize", "sample-size", "sample"],
        "the sample it takes: opine size --moe 3",
    ),
    (
        &[
            "diff",
            "difference",
            "ztest",
            "lead",
            "change",
            "significance",
            "versus",
            "vs",
        ],
        "differences of figures: opine compare 48@1000 45@1000; of groups: opine estimate FILE 'prop(q1)' --by region --pairwise",
    ),
    (
        &[
            "chisq", "chi2", "svychisq", "ttest", "t-test", "svyttest", "ranktest", "wilcoxon",
            "kruskal", "anova", "tests",
        ],
        "tests of respondents: opine test FILE 'chisq(party, q1)' 'ttest(y, sex)'",
    ),
    (
        &[
            "regress",
            "regression",
            "reg",
            "logit",
            "logistic",
            "probit",
            "poisson",
            "glm",
            "svyglm",
            "lm",
            "ologit",
            "mlogit",
            "model",
            "margins",
        ],
        "regressions of respondents: opine fit FILE \"q1 == 'Agree' ~ party + sex\" --margins party",
    ),
    (
        &[
            "average",
            "aggregate",
            "meta",
            "metafor",
            "rma",
            "combine",
            "pooled",
        ],
        "polls of one question averaged: opine pool 48@1000 51@1512 46@820",
    ),
    (
        &["figures", "polls", "questions", "samples", "ls"],
        "what the store holds: opine list polls|samples|questions|figures",
    ),
    (
        &["validate", "lint", "verify", "coherence", "audit"],
        "what can’t hold together: opine check",
    ),
    (
        &[
            "correct", "fix", "update", "set", "modify", "rename", "replace",
        ],
        "a row of an own copy put right: opine edit figure ID --percent 47",
    ),
    (
        &["delete", "del", "rm", "drop", "retract", "withdraw"],
        "rows taken out of an own copy: opine remove figure|sample|question|poll ID",
    ),
    (
        &["log", "history", "changes", "undo", "blame"],
        "what was changed in an own copy: opine list changes; a row put back: opine add figure or opine edit figure",
    ),
    (
        &["new", "create", "copy"],
        "an own copy of the data: opine init DIR",
    ),
    (
        &["help", "?", "usage", "commands", "examples"],
        "all commands: opine --help; one of them: opine COMMAND --help",
    ),
];

/// The same for kinds of charts.
const KINDS: [(&[&str], &str); 4] = [
    (
        &[
            "line",
            "lines",
            "time",
            "timeseries",
            "series",
            "wave",
            "waves",
        ],
        "trend",
    ),
    (
        &["pie", "column", "columns", "hbar", "histogram", "bars"],
        "bar",
    ),
    (&["likert", "stack", "diverging", "stackedbar"], "stacked"),
    (
        &[
            "forest",
            "ci",
            "interval",
            "intervals",
            "dots",
            "point",
            "points",
            "scatter",
            "errorbar",
        ],
        "dot",
    ),
];

/// One line on a command that there is not: the one that was probably meant. `None` for what clap says well enough.
pub fn advice(error: &clap::Error, args: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(verb)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let mut words = args.iter().skip(1).map(|arg| arg.to_string_lossy());
    let first = words.find(|word| !word.starts_with('-'))?;
    if first == *verb {
        let meant = command(verb)
            .or_else(|| similar(error).map(|near| format!("did you mean opine {near}?")));
        let meant = meant.unwrap_or_else(|| "opine --help lists them".to_owned());
        return Some(format!("there is no command “{verb}”: {meant}"));
    }
    let lower = verb.to_lowercase();
    let kind = KINDS
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()));
    let kind = kind.filter(|_| first == "chart");
    kind.map(|(_, kind)| format!("there is no chart “{verb}”: did you mean opine chart {kind}?"))
}

/// What is wrong with a command line that another program put together.
#[cfg(feature = "mcp")]
pub fn as_failure(error: &clap::Error) -> Failure {
    let context = |kind| error.get(kind).map(ToString::to_string);
    let text = error.render().to_string();
    // the usage below it is for people at a terminal
    let mut parts = text.split("\n\nUsage:");
    let message = parts.next().unwrap_or_default();
    let mut parts = message.split("\n\nFor more information");
    let message = parts.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message).trim();
    let coded = Error::new("request", message);
    let coded = match context(ContextKind::InvalidArg) {
        // --rep-type <TYPE> is rep_type where names have underscores
        Some(place) => match place.strip_prefix("--") {
            Some(option) => {
                let name = option.split([' ', '=', '[']).next().unwrap_or(option);
                coded.at(name.replace('-', "_"))
            }
            None => coded.at(place.trim_matches(['<', '>', '.', '[', ']']).to_lowercase()),
        },
        None => coded,
    };
    let hint = [ContextKind::SuggestedValue, ContextKind::SuggestedArg];
    Failure::coded(coded.hinting(hint.into_iter().find_map(context)))
}

/// What a word of other programs, a file, a percentage or an id in the place of the command asks for.
fn command(verb: &str) -> Option<String> {
    let lower = verb.to_lowercase();
    if let Some((_, answer)) = FOREIGN
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()))
    {
        return Some((*answer).to_owned());
    }
    let number = verb
        .trim_end_matches('%')
        .split('@')
        .next()
        .unwrap_or_default();
    if number.parse::<f64>().is_ok() {
        return Some(format!(
            "the interval of a printed percentage is opine interval {number} -n 1500"
        ));
    }
    if verb.contains('.') {
        return Some(format!(
            "what a file of respondents holds says opine describe {verb}"
        ));
    }
    verb.contains('/')
        .then(|| format!("published figures are shown by opine summary {verb}"))
}

/// The nearest of our own.
fn similar(error: &clap::Error) -> Option<String> {
    match error.get(ContextKind::SuggestedSubcommand)? {
        ContextValue::String(near) => Some(near.clone()),
        // the nearest stands last
        ContextValue::Strings(near) => near.last().cloned(),
        _ => None,
    }
}
