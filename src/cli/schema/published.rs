//! The columns of what is printed of figures, and of estimates in general.

use super::Entry;

pub const ESTIMATES: [Entry; 17] = [
    ("source", "text", "poll or file the estimate comes from"),
    ("variable", "text", "question"),
    (
        "level",
        "text",
        "response of a proportion; null for a number",
    ),
    ("statistic", "text", "proportion or mean"),
    (
        "estimate",
        "number",
        "0..1 for a proportion, else in units of the variable",
    ),
    ("se", "number", "standard error, in units of the estimate"),
    (
        "ci_low",
        "number",
        "lower bound, in units of the estimate; null where there is none",
    ),
    ("ci_high", "number", "upper bound"),
    (
        "rounding_low",
        "number",
        "lower bound with the rounding of the printed value; published figures only",
    ),
    (
        "rounding_high",
        "number",
        "upper bound with the rounding of the printed value",
    ),
    ("df", "number", "degrees of freedom; null for z"),
    (
        "deff",
        "number",
        "design effect; null where it is not known",
    ),
    ("n", "number", "unweighted respondents"),
    ("n_eff", "number", "effective sample size"),
    (
        "weighted_n",
        "number",
        "sum of weights; null where there are none",
    ),
    (
        "flags",
        "text",
        "codes separated by a space: no_n, second_hand, conflict, cannot_hold, …",
    ),
    ("note", "text", "for people: what is not known, and why"),
];

pub const PUBLISHED: [Entry; 4] = [
    ("country", "text", "code of a country or set, or all"),
    ("base", "text", "who of them, or all"),
    ("reported_by", "text", "who printed the value"),
    (
        "printed",
        "text",
        "the value as printed, in per cent: 62, ≈62, ≥80",
    ),
];

pub const SIZE: [Entry; 5] = [
    ("n", "number", "respondents it takes"),
    ("moe", "number", "margin of error, 0..1"),
    ("percent", "number", "expected share, 0..1"),
    ("deff", "number", "design effect"),
    ("level", "number", "confidence level, 0..1"),
];

pub const CHECK: [Entry; 8] = [
    ("rule", "text", "id of the rule"),
    ("severity", "text", "error, warning or note"),
    ("file", "text", "file of the data"),
    (
        "line",
        "number",
        "line in the file, from 1; null where it is about the whole file",
    ),
    ("column", "text", "name of the column"),
    (
        "ids",
        "list of text",
        "the figures or samples that can’t all stand, poll/question/response:country@source",
    ),
    ("message", "text", "what is wrong"),
    ("fix", "text", "what would be right"),
];

pub const CARD: [Entry; 3] = [
    ("poll", "text", "id of the poll"),
    ("item", "text", "what is to be disclosed"),
    (
        "disclosed",
        "text",
        "what the sources say; null where they say nothing",
    ),
];

pub const BOUNDS: [Entry; 9] = [
    ("id", "text", "the share: poll/question/response:country"),
    (
        "low",
        "number",
        "the least that the other figures leave, 0..1",
    ),
    ("high", "number", "the most"),
    (
        "ids",
        "list of text",
        "the figures that set either end; in CSV with semicolons between, as all lists here",
    ),
    ("low_ids", "list of text", "those that set the low end"),
    ("high_ids", "list of text", "those that set the high end"),
    (
        "printed",
        "list of text",
        "what was printed of the share itself",
    ),
    (
        "left_out",
        "list of text",
        "figures that can’t hold with others and were not used",
    ),
    (
        "note",
        "text",
        "for people: why nothing bears on it, what was left out",
    ),
];

pub const COMPARE: [Entry; 16] = [
    (
        "a",
        "text",
        "id of a figure or row, or the percentage as typed",
    ),
    ("b", "text", "with what it is compared"),
    (
        "relation",
        "text",
        "how the samples stand to each other: independent, same-question, same-respondents, part-of, panel, \
         fixed-value",
    ),
    (
        "estimate",
        "number",
        "a − b: −1..1 for shares, −2..2 for net scores, else in units of the variable",
    ),
    (
        "se",
        "number",
        "standard error; the greatest where a covariance is not known",
    ),
    ("ci_low", "number", "lower bound, each comparison by itself"),
    ("ci_high", "number", "upper bound"),
    (
        "z",
        "number",
        "difference over its standard error under no difference",
    ),
    (
        "df",
        "number",
        "degrees of freedom of t; null where z is normal",
    ),
    ("p_value", "number", "two-sided"),
    (
        "p_adjusted",
        "number",
        "adjusted for all comparisons of the command",
    ),
    (
        "rounding_low",
        "number",
        "least difference that the rounding of print allows",
    ),
    ("rounding_high", "number", "greatest"),
    (
        "flags",
        "text",
        "codes of both figures separated by a space",
    ),
    ("note", "text", "for people: what the interval rests on"),
    (
        "sentence",
        "text",
        "what the comparison says and what it does not show",
    ),
];

pub const CHART: [Entry; 7] = [
    (
        "label",
        "text",
        "row of dots, bars and stacked bars; line of a trend",
    ),
    ("series", "text", "line of a trend, instead of label"),
    (
        "response",
        "text",
        "answer that is stacked; also level or answer",
    ),
    (
        "date",
        "text",
        "time of a trend: 2023, 2023-05, 2023-05-12, 2023Q2, or waves in any words; also year, wave, month, period",
    ),
    ("percent", "number", "0..100 as printed"),
    ("n", "number", "respondents; empty where not known"),
    (
        "…",
        "text",
        "any other column: bars and panels of their own",
    ),
];
