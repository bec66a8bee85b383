//! The columns of what is made from respondents.

use super::Entry;

pub const WEIGHT: [Entry; 11] = [
    (
        "what",
        "text",
        "weights, margin, step, iteration or warning: what the row is of",
    ),
    ("variable", "text", "variable of a margin"),
    (
        "level",
        "text",
        "level of a margin; for weights the measure: n, sum, deff, n_eff, min, median, mean, max, extreme; code of a warning",
    ),
    (
        "n",
        "number",
        "respondents of a level; number of an iteration",
    ),
    ("target", "number", "sum of weights that was aimed at"),
    ("before", "number", "with the weights that came in"),
    (
        "after",
        "number",
        "with the new weights; largest deviation of an iteration",
    ),
    (
        "target_share",
        "number",
        "target as a share of its variable, 0..1",
    ),
    ("before_share", "number", "the same before"),
    ("after_share", "number", "the same after"),
    ("text", "text", "for people: a step or a warning"),
];

pub const DOMAINS: [Entry; 1] = [(
    "GROUP",
    "text",
    "a column for each group of --by, under its name; null is never a domain",
)];

pub const DESIGN: [Entry; 24] = [
    (
        "stratum",
        "text",
        "values of the strata; null in the first row, which is the whole",
    ),
    (
        "psus",
        "number",
        "units of the first stage; rows where every row is one",
    ),
    ("rows", "number", "respondents"),
    ("weight", "number", "sum of the weights above 0"),
    ("weight_min", "number", "smallest weight above 0"),
    ("weight_median", "number", "of the whole"),
    ("weight_max", "number", "largest weight"),
    (
        "fpc",
        "number",
        "population count or sampling fraction of the first stage, as in the file",
    ),
    (
        "lonely",
        "true or false",
        "one PSU, and not all there are; of the whole: whether any stratum is",
    ),
    ("strata", "number", "strata, of the whole"),
    (
        "df",
        "number",
        "degrees of freedom; null where nothing would be estimated",
    ),
    ("deff", "number", "design effect of the weights by Kish"),
    ("n_eff", "number", "effective sample size by the weights"),
    ("zero_weights", "number", "respondents with weight 0"),
    ("missing_weights", "number", "respondents without a weight"),
    (
        "negative_weights",
        "number",
        "respondents with a weight below 0",
    ),
    ("replicates", "number", "columns of replicate weights"),
    ("rep_type", "text", "how they were made"),
    ("scale", "number", "factor of their sum of squares"),
    ("rscale_min", "number", "smallest factor of a replicate"),
    ("rscale_max", "number", "largest factor of a replicate"),
    (
        "combined_weights",
        "true or false",
        "whether they are whole weights, no factors of the weight",
    ),
    (
        "mse",
        "true or false",
        "whether squares are about the full-sample estimate",
    ),
    (
        "findings",
        "text",
        "what looks wrong, separated by a semicolon",
    ),
];

pub const DESCRIBE: [Entry; 12] = [
    (
        "variable",
        "text",
        "name; a row a variable, then a row a value; sets of answers at the end",
    ),
    ("label", "text", "of the variable, or of the value"),
    (
        "kind",
        "text",
        "number, text, date, date and time; several answers",
    ),
    (
        "measure",
        "text",
        "nominal, ordinal, scale; where the file says it",
    ),
    (
        "level",
        "text",
        "the value; null in the row of the variable",
    ),
    (
        "n",
        "number",
        "respondents with an answer, or with this value",
    ),
    ("missing", "number", "respondents without an answer"),
    (
        "no_answer",
        "true or false",
        "the value stands for no answer",
    ),
    ("min", "number", "smallest answer; dates in days since 1970"),
    ("median", "number", "middle answer, unweighted"),
    ("mean", "number", "mean of the answers, unweighted"),
    ("max", "number", "largest answer"),
];

pub const SUMS: [Entry; 16] = [
    (
        "opine_sums",
        "number",
        "version of the format, in every row",
    ),
    (
        "part",
        "text",
        "what the row is: spec, rows, unit, cell, level, item, moment, replicate or rank",
    ),
    (
        "item",
        "text",
        "the item as asked; # in the row of the specification",
    ),
    ("stratum_…", "text", "a column a variable of the strata"),
    ("psu_…", "text", "a column a stage"),
    (
        "fpc_low_…, fpc_high_…",
        "number",
        "smallest and largest fpc of a unit, a pair a stage",
    ),
    ("by_…", "text", "a column a group, as coded"),
    (
        "level",
        "text",
        "level or value, as coded; the specification as JSON",
    ),
    (
        "term",
        "text",
        "which sum of numbers: 1, y, y^2, or two with a comma",
    ),
    ("replicate", "number", "number of the replicate, from 1"),
    ("n", "number", "respondents"),
    (
        "weighted",
        "number",
        "respondents with a weight other than 0",
    ),
    (
        "w",
        "number",
        "sum of weights, or of weights times the term: high half",
    ),
    (
        "w_low",
        "number",
        "low half; null or absent where an engine added floats",
    ),
    ("w2", "number", "the same with squared weights: high half"),
    ("w2_low", "number", "low half"),
];

pub const TEST: [Entry; 14] = [
    (
        "item",
        "text",
        "the test as asked; then a column for each group of --by. Of opine fit: term or contrast",
    ),
    (
        "test",
        "text",
        "chisq, ttest, ranktest, anova; of opine fit wald, adjusted, lrt, contrast, or the name of a statistic",
    ),
    (
        "statistic",
        "number",
        "F where df1 and df2 are there, t where df2 is alone, X² else",
    ),
    (
        "df1",
        "number",
        "degrees of freedom of the numerator, or of X²",
    ),
    ("df2", "number", "those of the denominator, or of t"),
    (
        "p_value",
        "number",
        "two-sided; null where nothing is tested",
    ),
    (
        "p_adjusted",
        "number",
        "adjusted with all other tests of the command",
    ),
    (
        "estimate",
        "number",
        "mean, difference (second group less first), or combination",
    ),
    ("se", "number", "its standard error"),
    ("ci_low", "number", "lower bound"),
    ("ci_high", "number", "upper bound"),
    ("n", "number", "respondents used"),
    ("flags", "text", "codes separated by a space"),
    (
        "note",
        "text",
        "for people: which statistic, why there is none; deltas of a likelihood ratio",
    ),
];

pub const FIT: [Entry; 22] = [
    ("source", "text", "file"),
    ("response", "text", "left side of the formula"),
    (
        "level",
        "text",
        "response of a threshold or of an equation; else null",
    ),
    (
        "term",
        "text",
        "as R names it: partyRed, stypeH:meals, (Intercept), Agree|Strongly agree",
    ),
    ("variable", "text", "variable, or product"),
    (
        "variable_level",
        "text",
        "level of the variable; null of a number",
    ),
    (
        "estimate",
        "number",
        "coefficient; 0 of a reference level, null where nothing is estimated",
    ),
    ("se", "number", "standard error by the design"),
    ("statistic", "number", "t"),
    ("df", "number", "degrees of freedom of t, interval and p"),
    ("p_value", "number", "two-sided"),
    ("ci_low", "number", "lower bound"),
    ("ci_high", "number", "upper bound"),
    ("ratio", "number", "exp(estimate), where that is a ratio"),
    ("ratio_low", "number", "lower bound"),
    ("ratio_high", "number", "upper bound"),
    (
        "ratio_kind",
        "text",
        "odds ratio, risk ratio, rate ratio, hazard ratio, ratio of means, relative risk ratio",
    ),
    ("n", "number", "respondents with that level"),
    (
        "n_event",
        "number",
        "those of them for whom the condition of the response holds",
    ),
    ("weighted_n", "number", "sum of their weights"),
    ("flags", "text", "reference, empty, separated, collinear"),
    ("note", "text", "for people: why nothing is estimated"),
];

pub const POOL: [Entry; 14] = [
    ("k", "number", "polls in the average"),
    (
        "tau2",
        "number",
        "variance between polls; null of a fixed effect",
    ),
    ("i2", "number", "1 − (k − 1)/q, cut at 0"),
    (
        "i2_tau2",
        "number",
        "tau2 over tau2 and the typical variance within",
    ),
    ("h2", "number", "1 + tau2 over the typical variance within"),
    ("q", "number", "Cochran's Q"),
    ("q_p", "number", "its p on k − 1"),
    (
        "prediction_low",
        "number",
        "where another such poll would lie",
    ),
    ("prediction_high", "number", "its upper end"),
    ("level_of_intervals", "number", "confidence level, 0..1"),
    ("shares", "boolean", "whether these are shares"),
    (
        "points",
        "boolean",
        "whether these are shares less others, printed in points",
    ),
    (
        "polls",
        "text",
        "the polls as JSON: label, estimate, ci_low, ci_high, n, weight",
    ),
    ("about", "text", "how the average was made, in sentences"),
];

pub const CROSSTAB: [Entry; 28] = [
    ("source", "text", "name of the file"),
    ("table", "number", "number of the table, from 1"),
    ("variable", "text", "question, set or grid"),
    (
        "level",
        "text",
        "answer or net; null of the mean of a question, probability of a quantile",
    ),
    (
        "block",
        "text",
        "variable of the banner: party, party:sex; empty of the total",
    ),
    ("column", "text", "Blue, Blue:Female, Total"),
    ("letter", "text", "what other columns call it by"),
    (
        "statistic",
        "text",
        "proportion, mean, quantile, combination, difference of shares, sum of shares",
    ),
    (
        "percent",
        "text",
        "what a share is a share of: column, row, total, responses",
    ),
    (
        "estimate",
        "number",
        "proportions 0..1; null where --suppress hides it",
    ),
    (
        "letters",
        "text",
        "letters of the columns that are lower, capital up to the first level, small up to the second",
    ),
    ("se", "number", "standard error"),
    ("ci_low", "number", "lower bound"),
    ("ci_high", "number", "upper bound"),
    ("df", "number", "degrees of freedom of the column"),
    ("deff", "number", "design effect"),
    ("n", "number", "unweighted base"),
    (
        "base_n_eff",
        "number",
        "effective base of the column by its weights (Kish)",
    ),
    ("n_eff", "number", "effective sample size of the cell"),
    ("weighted_n", "number", "sum of the weights of the base"),
    ("count", "number", "respondents who gave the answer"),
    ("weighted_count", "number", "sum of their weights"),
    (
        "index",
        "number",
        "100 times the share over that of the total",
    ),
    (
        "std_dev",
        "number",
        "standard deviation of what a mean is of",
    ),
    (
        "flags",
        "text",
        "codes separated by a space: small_base, net",
    ),
    ("note", "text", "for people: why something is missing"),
    (
        "test_p",
        "number",
        "p of the test whether the answers differ by the variable of the column at all",
    ),
    ("sample_design", "text", "weights and design in words"),
];

/// What fit --margins has beside the columns of estimates.
pub const MARGINS: [Entry; 8] = [
    ("level_n", "number", "respondents used at the level"),
    (
        "test_p",
        "number",
        "p of all terms of the variable together, design-based Wald F",
    ),
    (
        "overall_estimate",
        "number",
        "average of what is predicted for all of the group",
    ),
    ("overall_low", "number", "lower bound"),
    ("overall_high", "number", "upper bound"),
    ("predicts_shares", "boolean", "whether margins are shares"),
    ("sample_design", "text", "weights and design in words"),
    ("model_formula", "text", "the formula as it was written"),
];
