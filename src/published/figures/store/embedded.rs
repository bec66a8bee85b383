//! The copy of the data that is shipped in the program.

use super::schema::Table;

/// The shipped file of a table.
pub const fn shipped(table: Table) -> &'static str {
    match table {
        Table::Polls => include_str!("../../../../data/polls.csv"),
        Table::Samples => include_str!("../../../../data/samples.csv"),
        Table::Questions => include_str!("../../../../data/questions.csv"),
        Table::Figures => include_str!("../../../../data/figures.csv"),
        Table::Responses => include_str!("../../../../data/responses.csv"),
        Table::Countries => include_str!("../../../../data/countries.csv"),
        Table::Bases => include_str!("../../../../data/bases.csv"),
        Table::Sources => include_str!("../../../../data/sources.csv"),
        Table::Claims => include_str!("../../../../data/claims.csv"),
    }
}
