//! The store as one table, a row a figure, and a table as a store: what `opine export` writes and `opine import --into` reads.
//!
//! Both go by one list of columns, so that what is exported can be imported and gives the same rows.

pub mod export;
pub mod import;
mod rows;

pub use export::{Exported, export};
pub use import::{ImportError, Imported, Mapping, import};

use super::store::Table;

/// A column of the one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TidyColumn {
    /// Its name.
    pub name: &'static str,
    /// Where it belongs in the store.
    pub table: Table,
    /// The column there.
    pub column: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn of(
    table: Table,
    name: &'static str,
    column: &'static str,
    meaning: &'static str,
) -> TidyColumn {
    TidyColumn {
        name,
        table,
        column,
        meaning,
    }
}

use Table::{Bases, Countries, Figures, Polls, Questions, Responses, Samples, Sources};

/// All columns that go both ways, in the order of the export. Ids stand under the name that all tables have for them; what
/// several tables have (url, note) is called after its table but for figures.
pub const COLUMNS: &[TidyColumn] = &[
    of(Polls, "poll", "poll", "id of the poll"),
    of(Polls, "title", "title", "title of the poll"),
    of(Polls, "pollster", "fieldwork", "who fielded it"),
    of(Polls, "sponsor", "sponsor", "who paid for it"),
    of(
        Polls,
        "field_start",
        "field_start",
        "first day of the fieldwork",
    ),
    of(Polls, "field_end", "field_end", "last day of the fieldwork"),
    of(Polls, "published", "published", "day of publication"),
    of(Polls, "population", "population", "who was asked"),
    of(Polls, "mode", "mode", "telephone, online panel and so on"),
    of(
        Polls,
        "sampling",
        "sampling",
        "probability, nonprobability or unknown",
    ),
    of(Questions, "question", "question", "id of the question"),
    of(
        Questions,
        "question_title",
        "title",
        "short title of the question",
    ),
    of(Questions, "question_text", "text", "the question as asked"),
    of(Figures, "response", "response", "id of the answer"),
    of(Responses, "answer", "label", "the answer for print"),
    of(
        Figures,
        "country",
        "country",
        "code of the country or set, or all",
    ),
    of(Countries, "country_name", "name", "its name"),
    of(Figures, "base", "base", "who of them, or all"),
    of(Bases, "base_label", "label", "who that is, for print"),
    of(
        Figures,
        "printed",
        "percent",
        "the value with the digits that were printed",
    ),
    of(
        Figures,
        "qualifier",
        "qualifier",
        "exact, about, at_least or at_most",
    ),
    of(Figures, "source", "reported_by", "who printed it"),
    of(Sources, "source_name", "name", "the name of the source"),
    of(
        Figures,
        "first_hand",
        "first_hand",
        "yes where the pollster printed it",
    ),
    of(Figures, "url", "url", "where it was printed"),
    of(Figures, "note", "note", "one sentence on the figure"),
    of(
        Figures,
        "net_of",
        "net_of",
        "the answers that a net adds up",
    ),
    of(
        Figures,
        "aggregate",
        "aggregate",
        "how a total over countries was formed",
    ),
    of(
        Figures,
        "figure_n",
        "n",
        "base of the figure alone, where it differs from the sample’s",
    ),
    of(Samples, "sample_n", "n", "respondents of the sample"),
    of(
        Samples,
        "n_kind",
        "n_kind",
        "exact, as_printed or approximate",
    ),
    of(
        Samples,
        "moe_printed",
        "moe",
        "margin of error with the digits that were printed",
    ),
    of(
        Samples,
        "moe_level",
        "moe_level",
        "its confidence level in per cent",
    ),
    of(Samples, "deff", "deff", "design effect"),
    of(Samples, "deff_kind", "deff_kind", "kish or published"),
    of(
        Samples,
        "sample_source",
        "reported_by",
        "who gave the size of the sample",
    ),
    of(Samples, "sample_url", "url", "where"),
    of(Samples, "sample_note", "note", "one sentence on the sample"),
    of(Questions, "kind", "kind", "single, multiple or score"),
    of(Questions, "wording", "wording", "exact or paraphrase"),
    of(
        Questions,
        "responses",
        "responses",
        "known answers in order of the scale",
    ),
    of(
        Questions,
        "series",
        "series",
        "the same for the same question in several polls",
    ),
    of(
        Questions,
        "joint_of",
        "joint_of",
        "the two answers of a joint share",
    ),
    of(
        Questions,
        "question_note",
        "note",
        "one sentence on the question",
    ),
    of(
        Responses,
        "answer_kind",
        "kind",
        "substantive, dont_know, refused or none",
    ),
    of(
        Polls,
        "countries",
        "countries",
        "codes of the countries that all stands for",
    ),
    of(
        Countries,
        "country_members",
        "members",
        "codes of the countries in the set",
    ),
    of(
        Polls,
        "weighting",
        "weighting",
        "what is known of the weighting",
    ),
    of(
        Polls,
        "poll_url",
        "url",
        "report or page of the organisation that ran the poll",
    ),
    of(Polls, "poll_note", "note", "one sentence on the poll"),
];

/// Columns that are computed from others on the way out, with their meaning; on the way in `percent`, `n` and `moe` stand for
/// the columns that hold them where these are not there.
pub const DERIVED: [(&str, &str, &str); 4] = [
    ("percent", "number", "the value in per cent, or the score"),
    ("n", "number", "unweighted respondents behind the figure"),
    ("moe", "number", "margin of error in points, as printed"),
    (
        "flags",
        "text",
        "codes separated by a space, as in opine schema summary",
    ),
];

/// The column of that name.
pub fn column(name: &str) -> Option<&'static TidyColumn> {
    COLUMNS.iter().find(|column| column.name == name)
}
