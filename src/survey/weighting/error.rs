//! What can be wrong with weights, margins, auxiliaries and designs.

use super::raking::{NotConverged, rounded};

/// Why there are no weights. Rows are counted from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Nothing to weight by.
    #[error("there is no variable to weight by: give at least one margin")]
    NoMargins,
    /// A method for one margin was given several.
    #[error("poststratification takes one margin, not {0}: cross them into one, or rake")]
    SeveralMargins(usize),
    /// One variable twice.
    #[error("the variable {0} is there twice; give it once")]
    MarginTwice(String),
    /// A column of another length.
    #[error("{what} must have a value for each of the {rows} rows, not {given}")]
    Length {
        what: String,
        given: usize,
        rows: usize,
    },
    /// No rows, or more than are numbered.
    #[error("a sample has between 1 and 4,294,967,294 rows, not {0}")]
    TooManyRows(usize),
    /// A code that is no level.
    #[error("{variable}, row {row}: the code {code} is none of the {levels} levels")]
    Code {
        variable: String,
        row: usize,
        code: u32,
        levels: usize,
    },
    /// Another number of targets than of levels.
    #[error("{variable} has {levels} levels and {targets} targets: each level needs one")]
    TargetCount {
        variable: String,
        levels: usize,
        targets: usize,
    },
    /// A target that no weights can have.
    #[error("{variable} “{level}”: a target lies between 0 and 1e140, not at {target}")]
    Target {
        variable: String,
        level: String,
        target: f64,
    },
    /// A level of the sample without a target.
    #[error(
        "{variable} “{level}” ({respondents} respondent{}) has no target{}: give it one, 0 to leave out who has it, or merge it with another level",
        if *respondents == 1 { "" } else { "s" },
        .like.as_deref().map_or(String::new(), |like| format!(", and {like}"))
    )]
    NoTarget {
        variable: String,
        level: String,
        respondents: usize,
        /// Another level that no reader can tell from it.
        like: Option<String>,
    },
    /// Two targets for one level.
    #[error("{variable} “{level}” has two targets; give it one")]
    TargetTwice { variable: String, level: String },
    /// Nothing to weight to.
    #[error("all targets of {variable} are 0")]
    AllTargetsZero { variable: String },
    /// A target for nobody.
    #[error(
        "{variable} “{level}” has the target {target}, but nobody in the sample has it with a weight: {hint}"
    )]
    NobodyHas {
        variable: String,
        level: String,
        target: f64,
        hint: String,
    },
    /// Targets that are neither shares nor per cents nor counts: what each variable adds up to.
    #[error(
        "{0}: shares add up to 1 (0.99 to 1.01) in each variable, per cents to 100 (99 to 101), and counts to one number above 2"
    )]
    TargetSums(String),
    /// A level with a target of which all have lost their weight, in a replicate or a step before.
    #[error(
        "nobody who has {variable} “{level}” has a weight: merge it with a level that some have, or give it the target 0"
    )]
    NobodyWeighted { variable: String, level: String },
    /// Shares that add up to 1, or 100, within each level of one of the variables that are crossed.
    #[error(
        "{variable} adds up to {sum}, and to {each} within each {by}: the shares of a crossing add up to 1, or to 100, over all its levels; multiply those of each {by} by its own share, or weight each {by} by itself"
    )]
    SharesWithin {
        variable: String,
        by: String,
        sum: String,
        each: String,
    },
    /// A number of people beside shares.
    #[error(
        "{what} goes with counts alone, and {sums}: give numbers of people for all, or leave it out{}",
        if what == "count()" { " (--population says what shares are scaled to)" } else { "" }
    )]
    BesideShares { what: String, sums: String },
    /// A level of a crossing that is not one of each variable.
    #[error("{variable} “{level}”: {problem}")]
    CrossedLevel {
        variable: String,
        level: String,
        problem: String,
    },
    /// Levels that mean the same people.
    #[error("{variable}: {problem}")]
    SameLevel { variable: String, problem: String },
    /// A population beside counts.
    #[error(
        "{0}: these are counts, and a population is what shares and per cents are scaled to; leave the population out, or give shares"
    )]
    PopulationOfCounts(String),
    /// Margins of different populations.
    #[error(
        "the targets are counts, those of {first} add up to {first_total}, those of {second} to {second_total}: they must agree, but for rounding"
    )]
    TotalsDiffer {
        first: String,
        first_total: f64,
        second: String,
        second_total: f64,
    },
    /// Rows without an answer.
    #[error(
        "{variable} is missing in {count} row{}: leave out those without, make them a category of their own, or fill them in",
        if *count == 1 { "" } else { "s" }
    )]
    Missing { variable: String, count: usize },
    /// A weight that is none.
    #[error("row {row}: a weight must be finite and not negative, not {weight}")]
    BaseWeight { row: usize, weight: f64 },
    /// No weight anywhere.
    #[error("the weights add up to nothing: at least one must be above 0")]
    BaseWeightsZero,
    /// Weights beyond what numbers can hold.
    #[error("the weights add up to more than a number can hold: divide them all by one number")]
    BaseWeightsInfinite,
    /// A probability that is none.
    #[error(
        "row {row}: the probability of being in the sample lies above 0 and is at most 1, not {probability}"
    )]
    Probability { row: usize, probability: f64 },
    /// A population that is none.
    #[error("a population must be finite and above 0, not {0}")]
    Population(f64),
    /// A tolerance that is none.
    #[error("a tolerance must be finite and at least 1e-14, not {0}")]
    Tolerance(f64),
    /// No round allowed.
    #[error("at least one iteration must be allowed")]
    NoIterations,
    /// Raking did not come to an end.
    #[error("{0}")]
    NotConverged(Box<NotConverged>),

    /// Another number of totals than of columns.
    #[error("the auxiliaries have {columns} columns and {totals} totals: each column needs one")]
    TotalCount { columns: usize, totals: usize },
    /// No column, or too many.
    #[error(
        "a calibration has between 1 and {most} columns, not {columns}: merge levels, or rake, which takes any number"
    )]
    ColumnCount { columns: usize, most: usize },
    /// A total that is none.
    #[error("{auxiliary}: a total must be finite, not {total}")]
    AuxiliaryTotal { auxiliary: String, total: f64 },
    /// A total for no column.
    #[error("there is no auxiliary “{given}”; {hint}")]
    UnknownAuxiliary { given: String, hint: String },
    /// A column without a total.
    #[error("the auxiliary “{0}” has no total")]
    NoTotal(String),
    /// Two totals of one name.
    #[error("the auxiliary “{0}” has two totals; give it one")]
    TotalTwice(String),
    /// Bounds that do not enclose 1.
    #[error(
        "bounds of new over base weights must enclose 1, not {low} and {high}: such as 0.5 and 2"
    )]
    Bounds { low: f64, high: f64 },
    /// Values beyond what sums of squares can hold.
    #[error(
        "the values of the auxiliary “{0}” are too large to be squared and added: divide them all by one number"
    )]
    AuxiliaryTooLarge(String),
    /// A column of zeros with a total.
    #[error(
        "the auxiliary “{auxiliary}” is 0 in all rows with a weight, but its total is {total}: merge the level, or leave it out"
    )]
    EmptyColumn { auxiliary: String, total: f64 },
    /// A column that others make up, a total that they do not.
    #[error(
        "the auxiliary “{auxiliary}” is a combination of those before it, whose totals make it {implied}, not {total}: correct the total or leave it out"
    )]
    Dependent {
        auxiliary: String,
        total: f64,
        implied: f64,
    },
    /// Totals that no weights of this kind have.
    #[error(
        "no weights reach the totals: after {iterations} steps “{auxiliary}” should be {total} and is {}; {hint} may help", rounded(*.reached)
    )]
    Unreachable {
        auxiliary: String,
        total: f64,
        reached: f64,
        iterations: usize,
        hint: &'static str,
    },

    /// Bounds of trimming that are none.
    #[error(
        "the bounds of trimming must be finite, not negative and in order (quantiles at most 1), not {} and {}",
        bound(low),
        bound(high)
    )]
    Limits { low: Option<f64>, high: Option<f64> },
    /// Nobody to give the cut weight to.
    #[error(
        "no weight lies between {} and {}: there is nobody to give to what was cut; widen the bounds",
        rounded(*.low), rounded(*.high)
    )]
    NobodyInside { low: f64, high: f64 },
    /// Strict trimming did not come to an end.
    #[error(
        "after {passes} passes {outside} weights are still outside {} to {} (they go from {} to {}): widen the bounds, or weight by fewer levels",
        rounded(*.low), rounded(*.high), rounded(*.smallest), rounded(*.largest)
    )]
    NotTrimmed {
        passes: usize,
        outside: usize,
        low: f64,
        high: f64,
        smallest: f64,
        largest: f64,
    },

    /// A class in which nobody answered.
    #[error("nobody answered in {variable} “{class}” ({rows} rows): merge it with another class")]
    NoRespondents {
        variable: String,
        class: String,
        rows: usize,
    },

    /// Strata with one unit.
    #[error("one unit is all there is in {}: merge such strata with others", strata(.0))]
    Lonely(Vec<String>),
    /// Half-samples of strata that are no pairs.
    #[error("{method} needs two units in each stratum, not {}: jkn and bootstrap take any number", .strata.join(", "))]
    NotPairs {
        method: &'static str,
        strata: Vec<String>,
    },
    /// A jackknife without strata of a sample with them.
    #[error("jk1 is for a sample without strata, not of {0}: take jkn")]
    Stratified(usize),
    /// A method without a finite population correction.
    #[error("{0} takes no sampling fractions: leave the fpc out, or take jkn or bootstrap")]
    NoFractions(&'static str),
    /// Another number of fractions than of strata.
    #[error("there are {strata} strata and {fractions} sampling fractions: each stratum needs one")]
    FractionCount { strata: usize, fractions: usize },
    /// A fraction that is none.
    #[error("a sampling fraction lies between 0 and 1, not {0}")]
    Fraction(f64),
    /// Fay's share that is none.
    #[error("rho is at least 0 and below 1, not {0}: 0.5 is usual")]
    Rho(f64),
    /// Too few replicates for a variance, or too many to keep.
    #[error("a variance takes at least 2 replicates and at most 1,000,000, not {0}")]
    ReplicateCount(usize),
    /// More replicates than there is a matrix for.
    #[error(
        "there is no Hadamard matrix for {0} replicates here: jkn and bootstrap take any number"
    )]
    TooManyReplicates(usize),
    /// A replicate that there is not.
    #[error("there is no replicate {replicate}: they go from 0 to below {replicates}")]
    NoReplicate { replicate: usize, replicates: usize },
    /// Another number of estimates than of replicates.
    #[error(
        "there are {replicates} replicates and {estimates} estimates: each replicate needs one"
    )]
    EstimateCount { estimates: usize, replicates: usize },
    /// Weighting a replicate failed.
    #[error("in replicate {replicate}: {error}")]
    InReplicate { replicate: usize, error: Box<Error> },
}

fn bound(bound: &Option<f64>) -> String {
    bound.map_or("none".to_owned(), |bound| bound.to_string())
}

fn strata(names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(12)
        .map(|name| format!("“{name}”"))
        .collect();
    let more = match names.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match names {
        [only] if only.is_empty() => "the sample".to_owned(),
        _ => format!("the strata {}{more}", shown.join(", ")),
    }
}
