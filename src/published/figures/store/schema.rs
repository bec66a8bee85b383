//! The tables: their files and keys.

use super::columns::{
    BASES, CLAIMS, COUNTRIES, Column, FIGURES, POLLS, QUESTIONS, RESPONSES, SAMPLES, SOURCES,
};

/// A file of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// `polls.csv`: one fieldwork a row.
    Polls,
    /// `samples.csv`: a size or margin of error of a sample, as one source gives it.
    Samples,
    /// `questions.csv`: a question in a poll.
    Questions,
    /// `figures.csv`: a figure, as one source gives it.
    Figures,
    /// `responses.csv`: an answer and its label.
    Responses,
    /// `countries.csv`: a country or a named set of countries.
    Countries,
    /// `bases.csv`: who a base is, in words; need not be there.
    Bases,
    /// `sources.csv`: the name of an outlet; need not be there.
    Sources,
    /// `claims.csv`: what an article says; need not be there.
    Claims,
}

/// What a table does if its file is not in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// It must be there.
    Error,
    /// The shipped one is used, with a note.
    ShippedWithNote,
    /// The shipped one is used.
    Shipped,
}

impl Table {
    /// All tables, in the order in which findings are listed.
    pub const ALL: [Table; 9] = [
        Table::Polls,
        Table::Samples,
        Table::Questions,
        Table::Figures,
        Table::Responses,
        Table::Countries,
        Table::Bases,
        Table::Sources,
        Table::Claims,
    ];

    /// The name of its file.
    pub const fn file_name(self) -> &'static str {
        match self {
            Table::Polls => "polls.csv",
            Table::Samples => "samples.csv",
            Table::Questions => "questions.csv",
            Table::Figures => "figures.csv",
            Table::Responses => "responses.csv",
            Table::Countries => "countries.csv",
            Table::Bases => "bases.csv",
            Table::Sources => "sources.csv",
            Table::Claims => "claims.csv",
        }
    }

    /// What one row of it is, in the singular: `figure`.
    pub const fn row_name(self) -> &'static str {
        match self {
            Table::Polls => "poll",
            Table::Samples => "sample",
            Table::Questions => "question",
            Table::Figures => "figure",
            Table::Responses => "response",
            Table::Countries => "country",
            Table::Bases => "base",
            Table::Sources => "source",
            Table::Claims => "claim",
        }
    }

    /// Its columns, in the order of the shipped files.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Table::Polls => POLLS,
            Table::Samples => SAMPLES,
            Table::Questions => QUESTIONS,
            Table::Figures => FIGURES,
            Table::Responses => RESPONSES,
            Table::Countries => COUNTRIES,
            Table::Bases => BASES,
            Table::Sources => SOURCES,
            Table::Claims => CLAIMS,
        }
    }

    /// The columns that together name a row: no two rows may have the same.
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Table::Polls => &["poll"],
            Table::Samples => &["poll", "country", "base", "reported_by"],
            Table::Questions => &["poll", "question"],
            Table::Figures => &[
                "poll",
                "question",
                "response",
                "country",
                "base",
                "reported_by",
                "qualifier",
            ],
            Table::Responses => &["response"],
            Table::Countries => &["code"],
            Table::Bases => &["base"],
            Table::Sources => &["source"],
            Table::Claims => &["claim"],
        }
    }

    /// What happens if a folder has no such file.
    pub const fn if_missing(self) -> IfMissing {
        match self {
            Table::Polls | Table::Samples | Table::Questions | Table::Figures => IfMissing::Error,
            Table::Responses | Table::Countries => IfMissing::ShippedWithNote,
            Table::Bases | Table::Sources | Table::Claims => IfMissing::Shipped,
        }
    }

    /// The table of a file name.
    pub fn of_file(name: &str) -> Option<Table> {
        Table::ALL
            .into_iter()
            .find(|table| table.file_name() == name)
    }

    /// The column of that name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}
