//! The rules about figures that can't hold together, and about single rows and lists of them.

use crate::frames::words::nearest;
use crate::published::figures::store::rules::{RULES as ROW_RULES, Rule};

/// Declares the ids as constants and the list of them all.
macro_rules! rules {
    ($($name:ident = $id:literal, $says:literal;)+) => {
        $(#[doc = $says] pub const $name: &str = $id;)+

        /// All of them.
        pub const RULES: &[Rule] = &[$(Rule { id: $id, says: $says }),+];
    };
}

rules! {
    CONFLICT = "conflict", "Printed values of one quantity agree within their rounding.";
    JOINT_SHARE = "joint-share", "The share of people who gave two answers lies within what the two answers leave.";
    NET_PARTS = "net-parts", "A NET is the sum of its parts.";
    TOTAL_MIXTURE = "total-mixture", "A total is the mixture of its countries that its aggregate names.";
    SUM_OVER_100 = "sum-over-100", "The answers of a single question add up to 100 at most.";
    SUM_UNDER_100 = "sum-under-100", "The answers of a list add up to 100, or what is missing is said.";
    ROUNDING = "rounding", "The figures of a list are rounded alike, and add up to 100 but for it.";
    LEAD = "lead", "The lead of a list is more than sampling alone explains.";
    INCOHERENT = "incoherent", "All figures of a poll are possible at once.";
    NOT_CHECKED = "not-checked", "Figures that hang together are few enough to be checked.";
    LP_LIMIT = "lp-limit", "The search whether figures can hold together comes to an end.";
    SAMPLE_SIZE = "sample-size", "One sample has one size.";
    MARGIN_N = "margin-n", "A margin of error is that of its sample size, or larger.";
    MARGIN_LEVEL = "margin-level", "A margin of error says its confidence level.";
    MARGIN_NONPROBABILITY = "margin-nonprobability", "Only a probability sample has a margin of sampling error.";
    ATTAINABLE = "attainable", "A share of a small unweighted sample is one that a number of its respondents gives.";
    REBASED = "rebased", "Shares of one question rest on one base, with or without don’t know.";
    AVERAGE_FITS = "average-fits", "It is said how a total over countries was formed.";
    WAVE_TWICE = "wave-twice", "A poll is there once.";
    YEAR_ALONE = "year-alone", "The year of a poll is within 15 years of that of another, where there are five polls.";
    FIELD_LONG = "field-long", "Fieldwork takes 60 days at most.";
    DATE_FUTURE = "date-future", "Dates are not in the future.";
}

/// Every rule that a check applies, those of reading first.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    ROW_RULES.iter().chain(RULES)
}

/// The rule of that id, or the id nearest to it.
pub fn find(id: &str) -> Result<&'static Rule, Option<&'static str>> {
    all()
        .find(|rule| rule.id == id)
        .ok_or_else(|| nearest(id, all().map(|rule| rule.id)))
}
