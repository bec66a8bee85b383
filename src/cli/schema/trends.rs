//! The columns of poll trends.

use super::Entry;

pub const TREND: [Entry; 20] = [
    ("source", "text", "file of the polls"),
    (
        "variable",
        "text",
        "contest, or polls where the file names none",
    ),
    (
        "level",
        "text",
        "answer, lead A-B, share A/(A+B) or sum A+B",
    ),
    ("date", "text", "the day"),
    ("statistic", "text", "trend, lead, share or sum"),
    (
        "estimate",
        "number",
        "the level of the day: 0..1, a lead −1..1",
    ),
    ("se", "number", "its standard deviation"),
    ("ci_low", "number", "lower end of the band"),
    ("ci_high", "number", "upper end"),
    ("polls", "integer", "polls that are used"),
    ("houses", "integer", "houses they are of"),
    ("last_poll", "text", "last day of fieldwork"),
    (
        "change_30",
        "number",
        "change over 30 days; null where the polls do not reach back so far",
    ),
    (
        "change_30_low",
        "number",
        "lower end of its band, from the joint distribution of both days",
    ),
    ("change_30_high", "number", "upper end"),
    (
        "probability_of_lead",
        "number",
        "that a lead is above 0, by these polls alone",
    ),
    (
        "probability_with_historical_error",
        "number",
        "the same with the error that polls of past elections shared",
    ),
    (
        "historical_error",
        "number",
        "shared error in the band, as a share at 50%; null where it is left out",
    ),
    ("flags", "text", "nowcast: a day after the last poll"),
    ("note", "text", "for people"),
];

pub const TREND_HOUSES: [Entry; 12] = [
    ("level", "text", "what is followed"),
    (
        "house",
        "text",
        "pollster, with mode, population or sponsor by --house",
    ),
    ("polls", "integer", "its polls"),
    ("first", "text", "middle day of its first poll"),
    ("last", "text", "middle day of its last poll"),
    (
        "estimate",
        "number",
        "what it prints beyond the level, as a share",
    ),
    ("se", "number", "standard deviation"),
    ("ci_low", "number", "lower end of the band"),
    ("ci_high", "number", "upper end"),
    (
        "relative_to",
        "text",
        "the level: average of the houses, a pollster, a result",
    ),
    ("flags", "text", "none so far"),
    ("note", "text", "for people"),
];

pub const TREND_POLLS: [Entry; 14] = [
    ("level", "text", "what is followed"),
    ("poll", "text", "as the file calls it"),
    ("house", "text", "who asked"),
    ("start", "text", "first day of fieldwork"),
    ("end", "text", "last day"),
    ("n", "number", "respondents"),
    ("printed", "number", "as printed, 0..1"),
    ("fitted", "number", "level and house at its middle day"),
    ("residual", "number", "printed less fitted"),
    (
        "z",
        "number",
        "residual over the standard deviation of the noise of a poll",
    ),
    (
        "weight",
        "number",
        "its part in the latest estimate; all together are 1",
    ),
    ("used", "true/false", "whether it is used"),
    ("flags", "text", "partisan, assumed_n, coarse_date, outlier"),
    ("note", "text", "why it is not used"),
];

pub const TREND_VARIANCE: [Entry; 7] = [
    ("level", "text", "what is followed"),
    (
        "parameter",
        "text",
        "sigma_day, sigma_30_days: opinion; omega: houses; tau: beyond sampling and house; phi: variance over that of samples",
    ),
    ("estimate", "number", "as a share; phi a ratio"),
    ("ci_low", "number", "lower end of the middle 95%"),
    ("ci_high", "number", "upper end"),
    ("method", "text", "integrated, reml or fixed"),
    ("note", "text", "for people"),
];

pub const TREND_BACKTEST: [Entry; 12] = [
    ("contest", "text", "what was voted on"),
    ("election", "text", "the day"),
    ("level", "text", "what is followed"),
    ("result", "number", "what came, 0..1"),
    ("model", "number", "the line on the day before"),
    ("se", "number", "its standard deviation, by the polls alone"),
    ("covered", "true/false", "whether its band holds the result"),
    (
        "covered_historical",
        "true/false",
        "whether the band with the error that polls have shared does",
    ),
    (
        "mean_14_days",
        "number",
        "mean of the polls of the last 14 days",
    ),
    (
        "loess",
        "number",
        "local line through the nearest 30% of the polls",
    ),
    ("polls", "integer", "polls that are used"),
    ("houses", "integer", "houses they are of"),
];
