/// Why a design can't be used as it was declared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Groups of which one unit was sampled, and nothing said what to do.
    #[error("{}", lonely(*.stage, *.average, .groups))]
    Lonely {
        /// The stage of the units, from 1.
        stage: usize,
        /// Whether `average` was asked for, which can't help here.
        average: bool,
        groups: Vec<String>,
    },
    /// The same PSU label in several strata.
    #[error(
        "PSU {psu} occurs in the strata {first} and {second}: if these are different PSUs that share a label, say so with --nest (nest = true; R: nest=TRUE); if it is one PSU, the strata can't be right"
    )]
    Nest {
        psu: String,
        first: String,
        second: String,
    },
    /// fpc differs where it has to be the same.
    #[error(
        "fpc column {column} has {first} and {second} in {group}: it must be the same for all of them"
    )]
    Fpc {
        column: String,
        group: String,
        first: f64,
        second: f64,
    },
    /// More units sampled than there are.
    #[error(
        "fpc column {column} says {population} in {group}, but {sampled} were sampled: the fpc must not be below the sample"
    )]
    Below {
        column: String,
        group: String,
        population: f64,
        sampled: u64,
    },
    /// An fpc that is missing, zero or below.
    #[error(
        "fpc column {column} is {found} in {group}: it takes population counts (all above 1) or sampling fractions (all from above 0 to 1)"
    )]
    BadFpc {
        column: String,
        group: String,
        found: String,
    },
    /// A stratum, PSU or weight that is missing.
    #[error("{column} is missing in {rows} row{}: {remedy}", plural(*.rows))]
    Missing {
        column: String,
        rows: u64,
        remedy: &'static str,
    },
    /// A weight below zero.
    #[error("weight {column} is negative in {rows} row{}: weights are 0 or above", plural(*.rows))]
    Negative { column: String, rows: u64 },
    /// A weight beyond all numbers.
    #[error("weight {column} is infinite in {rows} row{}: weights are numbers", plural(*.rows))]
    Infinite { column: String, rows: u64 },
    /// Weights whose squares are no numbers.
    #[error(
        "the weights ({column}) are so far from 1 that their squares are no numbers: {remedy} them by a constant"
    )]
    Scale {
        column: String,
        remedy: &'static str,
    },
    /// Weights that add up to 0.
    #[error("the weights ({column}) are 0 in every row: at least one must be above 0")]
    Zero { column: String },
    /// Parts of the declaration that don't go together.
    #[error("{0}")]
    Declared(String),
}

fn plural(count: u64) -> &'static str {
    match count {
        1 => "",
        _ => "s",
    }
}

/// The message on lonely units, with every choice by its names in R and Stata.
fn lonely(stage: usize, average: bool, groups: &[String]) -> String {
    let shown: Vec<&str> = groups.iter().take(8).map(String::as_str).collect();
    let more = match groups.len() - shown.len() {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    let (strata, unit) = match stage {
        1 => ("strata", "PSU"),
        _ => ("units of the stage above", "unit"),
    };
    let which = format!(
        "{strata} with one sampled {unit} (stage {stage}): {}{more}",
        shown.join(", ")
    );
    if average {
        return format!(
            "{which}; average has nothing to average there: choose remove, adjust or certainty"
        );
    }
    format!(
        "{which}; choose with --lonely: \
         remove (leaves them out; R lonely.psu=\"remove\"), \
         certainty (sampled for certain, adds no variance; R \"certainty\", Stata singleunit(certainty)), \
         adjust (distance from the grand mean; R \"adjust\", Stata singleunit(centered)), \
         average (mean of the other strata; R \"average\", Stata singleunit(scaled))"
    )
}
