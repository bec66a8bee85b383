//! What `-h` shows of commands with many options: what most people need, on one screen. `--help` has all.

use clap::Command;

/// The options that stay, a command each; commands that are not here show all of theirs.
const SHORT: [(&str, &[&str]); 8] = [
    (
        "chart polls",
        &[
            "response",
            "lead",
            "share",
            "sum",
            "contest",
            "from",
            "to",
            "on",
            "assume_n",
            "historical_error",
            "style",
            "effects",
            "source",
            "output",
            "title",
            "subtitle",
            "width",
            "theme",
        ],
    ),
    (
        "trend",
        &[
            "response",
            "lead",
            "share",
            "sum",
            "contest",
            "from",
            "to",
            "on",
            "overlap",
            "level_by",
            "variance",
            "assume_n",
            "historical_error",
            "every",
            "show",
            "backtest",
            "report",
            "format",
            "json",
            "csv",
            "output",
        ],
    ),
    (
        "crosstab",
        &[
            "rows",
            "columns",
            "condition",
            "nets",
            "sets",
            "percent",
            "show",
            "without",
            "test",
            "against",
            "pairs",
            "design",
            "weights",
            "strata",
            "psu",
            "format",
            "json",
            "csv",
            "output",
        ],
    ),
    (
        "compare",
        &[
            "n", "deff", "relation", "share", "average", "net", "assume_n", "adjust", "method",
            "level", "with", "against", "row", "data", "format", "json", "csv", "output",
        ],
    ),
    (
        "estimate",
        &[
            "na",
            "by",
            "condition",
            "nets",
            "ci",
            "level",
            "missing",
            "show",
            "decimals",
            "pairwise",
            "design",
            "weights",
            "strata",
            "psu",
            "fpc",
            "replicates",
            "rep_type",
            "format",
            "json",
            "csv",
            "output",
        ],
    ),
    (
        "weight",
        &[
            "rake",
            "poststratify",
            "calibrate",
            "recipe",
            "trim",
            "trim_unit",
            "strict",
            "no_answer",
            "normalise",
            "make_replicates",
            "name",
            "then",
            "output",
            "report",
            "by",
            "condition",
            "weights",
            "strata",
            "psu",
            "format",
            "json",
            "csv",
        ],
    ),
    (
        "design",
        &[
            "na",
            "all",
            "design",
            "weights",
            "strata",
            "psu",
            "fpc",
            "nest",
            "lonely",
            "replicates",
            "rep_type",
            "format",
            "json",
            "csv",
            "output",
        ],
    ),
    (
        "sums",
        &[
            "na",
            "by",
            "condition",
            "min_cell",
            "print_sql",
            "table",
            "output",
            "design",
            "weights",
            "strata",
            "psu",
            "fpc",
            "replicates",
            "rep_type",
        ],
    ),
];

/// The same command, whose `-h` leaves the rarer options to `--help`.
pub fn shortened(command: Command) -> Command {
    SHORT.iter().fold(command, |command, (name, shown)| {
        let path: Vec<&str> = name.split(' ').collect();
        with_short_help(command, &path, shown)
    })
}

fn with_short_help(command: Command, path: &[&str], shown: &'static [&'static str]) -> Command {
    match path {
        [] => command.mut_args(|arg| {
            let rare = !arg.is_positional() && !shown.contains(&arg.get_id().as_str());
            arg.hide_short_help(rare)
        }),
        [name, rest @ ..] => {
            command.mut_subcommand(name, |command| with_short_help(command, rest, shown))
        }
    }
}
