//! The store as one table, a row a figure, and a table as a store: what `opine export` writes and `opine import --into` reads.
//!
//! Both go by one list of columns, so that what is exported can be imported and gives the same rows.

mod error;
pub mod export;
pub mod import;
mod mapping;
mod rows;
mod shares;

pub use error::ImportError;
pub use export::{Exported, export};
pub use import::{Imported, import};
pub use mapping::Mapping;

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

const fn tidy_column(
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
    tidy_column(Polls, "poll", "poll", "id of the poll"),
    tidy_column(Polls, "title", "title", "title of the poll"),
    tidy_column(Polls, "pollster", "fieldwork", "who fielded it"),
    tidy_column(Polls, "sponsor", "sponsor", "who paid for it"),
    tidy_column(
        Polls,
        "field_start",
        "field_start",
        "first day of the fieldwork",
    ),
    tidy_column(Polls, "field_end", "field_end", "last day of the fieldwork"),
    tidy_column(Polls, "published", "published", "day of publication"),
    tidy_column(Polls, "population", "population", "who was asked"),
    tidy_column(Polls, "mode", "mode", "telephone, online panel and so on"),
    tidy_column(
        Polls,
        "sampling",
        "sampling",
        "probability, nonprobability or unknown",
    ),
    tidy_column(Questions, "question", "question", "id of the question"),
    tidy_column(
        Questions,
        "question_title",
        "title",
        "short title of the question",
    ),
    tidy_column(Questions, "question_text", "text", "the question as asked"),
    tidy_column(Figures, "response", "response", "id of the answer"),
    tidy_column(Responses, "answer", "label", "the answer for print"),
    tidy_column(
        Figures,
        "country",
        "country",
        "code of the country or set, or all",
    ),
    tidy_column(Countries, "country_name", "name", "its name"),
    tidy_column(Figures, "base", "base", "who of them, or all"),
    tidy_column(Bases, "base_label", "label", "who that is, for print"),
    tidy_column(
        Figures,
        "printed",
        "percent",
        "the value with the digits that were printed",
    ),
    tidy_column(
        Figures,
        "qualifier",
        "qualifier",
        "exact, about, at_least or at_most",
    ),
    tidy_column(Figures, "source", "reported_by", "who printed it"),
    tidy_column(Sources, "source_name", "name", "the name of the source"),
    tidy_column(
        Figures,
        "first_hand",
        "first_hand",
        "yes where the pollster printed it",
    ),
    tidy_column(Figures, "url", "url", "where it was printed"),
    tidy_column(Figures, "note", "note", "one sentence on the figure"),
    tidy_column(
        Figures,
        "net_of",
        "net_of",
        "the answers that a net adds up",
    ),
    tidy_column(
        Figures,
        "aggregate",
        "aggregate",
        "how a total over countries was formed",
    ),
    tidy_column(
        Figures,
        "figure_n",
        "n",
        "base of the figure alone, where it differs from the sample’s",
    ),
    tidy_column(Samples, "sample_n", "n", "respondents of the sample"),
    tidy_column(
        Samples,
        "n_kind",
        "n_kind",
        "exact, as_printed or approximate",
    ),
    tidy_column(
        Samples,
        "moe_printed",
        "moe",
        "margin of error with the digits that were printed",
    ),
    tidy_column(
        Samples,
        "moe_level",
        "moe_level",
        "its confidence level in per cent",
    ),
    tidy_column(
        Samples,
        "deff_printed",
        "deff",
        "design effect with the digits that were printed",
    ),
    tidy_column(Samples, "deff_kind", "deff_kind", "kish or published"),
    tidy_column(
        Samples,
        "sample_source",
        "reported_by",
        "who gave the size of the sample",
    ),
    tidy_column(Samples, "sample_url", "url", "where"),
    tidy_column(Samples, "sample_note", "note", "one sentence on the sample"),
    tidy_column(Questions, "kind", "kind", "single, multiple or score"),
    tidy_column(Questions, "wording", "wording", "exact or paraphrase"),
    tidy_column(
        Questions,
        "responses",
        "responses",
        "known answers in order of the scale",
    ),
    tidy_column(
        Questions,
        "series",
        "series",
        "the same for the same question in several polls",
    ),
    tidy_column(
        Questions,
        "joint_of",
        "joint_of",
        "the two answers of a joint share",
    ),
    tidy_column(
        Questions,
        "question_note",
        "note",
        "one sentence on the question",
    ),
    tidy_column(
        Responses,
        "answer_kind",
        "kind",
        "substantive, dont_know, refused or none",
    ),
    tidy_column(
        Polls,
        "countries",
        "countries",
        "codes of the countries that all stands for",
    ),
    tidy_column(
        Countries,
        "country_members",
        "members",
        "codes of the countries in the set",
    ),
    tidy_column(
        Polls,
        "weighting",
        "weighting",
        "what is known of the weighting",
    ),
    tidy_column(
        Polls,
        "poll_url",
        "url",
        "report or page of the organisation that ran the poll",
    ),
    tidy_column(Polls, "poll_note", "note", "one sentence on the poll"),
];

/// Columns that are computed from others on the way out, with their meaning; on the way in `percent`, `n`, `moe` and `deff`
/// stand for the columns that hold them where these are not there.
pub const DERIVED: [(&str, &str, &str); 5] = [
    ("percent", "number", "the value in per cent, or the score"),
    ("n", "number", "unweighted respondents behind the figure"),
    ("moe", "number", "margin of error in points, as printed"),
    ("deff", "number", "design effect, as printed"),
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
