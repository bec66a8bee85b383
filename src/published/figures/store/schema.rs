//! The tables: their files, keys and columns. This is the one place that names them all.

use super::choice::{
    Aggregate, DeffKind, NKind, Qualifier, QuestionKind, ResponseKind, Sampling, Wording, YesNo,
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

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What its values look like.
    pub kind: Kind,
    /// Whether it must be there with a value in every row.
    pub required: bool,
    /// What is written where a new row leaves it out.
    pub default: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
}

/// What the values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Letters, digits and `_`.
    Id,
    /// Anything.
    Text,
    /// Digits with a decimal point, kept as printed.
    Percent,
    /// A whole number from 1.
    Count,
    /// A number with a decimal point.
    Number,
    /// An ISO date to the day, month or year.
    Date,
    /// `http://` or `https://`.
    Url,
    /// One word of a list.
    Word(&'static [&'static str]),
    /// Ids with `;` between them.
    Ids,
    /// Codes with a space between them.
    Codes,
    /// `question:response & question:response`.
    Joint,
    /// Ids of figures with `;` between them.
    Figures,
}

impl Column {
    const fn new(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
        Column {
            name,
            kind,
            required: false,
            default: "",
            meaning,
        }
    }

    const fn required(mut self) -> Column {
        self.required = true;
        self
    }

    const fn or(mut self, default: &'static str) -> Column {
        self.default = default;
        self
    }
}

const fn id(name: &'static str, meaning: &'static str) -> Column {
    Column::new(name, Kind::Id, meaning)
}

const fn text(name: &'static str, meaning: &'static str) -> Column {
    Column::new(name, Kind::Text, meaning)
}

const fn word(name: &'static str, words: &'static [&'static str], meaning: &'static str) -> Column {
    Column::new(name, Kind::Word(words), meaning)
}

const COUNTRY: Column = id(
    "country",
    "code of a country or set, or all for the poll's total",
)
.or("all");
const BASE: Column = id("base", "who of them: all, or a group such as democrats").or("all");
const REPORTED_BY: Column = id(
    "reported_by",
    "who printed it: report, computed, several or an outlet",
);
const URL: Column = Column::new("url", Kind::Url, "where it was printed");
const NOTE: Column = text("note", "one sentence");

pub const POLLS: &[Column] = &[
    id("poll", "id: series or sponsor and year").required(),
    text("title", "title of the report, else of the poll"),
    text("sponsor", "who paid for it"),
    text("fieldwork", "who fielded it"),
    text("population", "who was asked"),
    Column::new(
        "countries",
        Kind::Codes,
        "the countries that all stands for, if all are known",
    ),
    text("mode", "telephone, online panel and so on"),
    word(
        "sampling",
        Sampling::NAMES,
        "how respondents were drawn, only as the sources say",
    ),
    Column::new(
        "field_start",
        Kind::Date,
        "first day of the fieldwork, as far as known",
    ),
    Column::new(
        "field_end",
        Kind::Date,
        "last day of the fieldwork, as far as known",
    ),
    Column::new(
        "published",
        Kind::Date,
        "day of publication, as far as known",
    ),
    text("weighting", "what is known of the weighting"),
    Column::new(
        "url",
        Kind::Url,
        "report or page of the organisation that ran the poll",
    ),
    NOTE,
];

pub const SAMPLES: &[Column] = &[
    id("poll", "which poll").required(),
    COUNTRY,
    BASE,
    Column::new("n", Kind::Count, "unweighted respondents"),
    word("n_kind", NKind::NAMES, "how well n is known"),
    Column::new(
        "moe",
        Kind::Number,
        "margin of error in percentage points, as printed",
    ),
    Column::new(
        "moe_level",
        Kind::Number,
        "confidence level of the margin in per cent",
    ),
    Column::new("deff", Kind::Number, "design effect"),
    word(
        "deff_kind",
        DeffKind::NAMES,
        "where the design effect comes from",
    ),
    REPORTED_BY,
    URL,
    NOTE,
];

pub const QUESTIONS: &[Column] = &[
    id("poll", "which poll").required(),
    id("question", "id: the same idea in every poll").required(),
    text("text", "the wording as far as known"),
    word("wording", Wording::NAMES, "whether that is word for word").or("paraphrase"),
    word("kind", QuestionKind::NAMES, "what the answers add up to").or("single"),
    Column::new(
        "responses",
        Kind::Ids,
        "known answers that are no NETs, in order of the scale",
    ),
    id(
        "series",
        "the same for the same wording and a comparable population in several polls",
    ),
    Column::new(
        "joint_of",
        Kind::Joint,
        "for a joint share, the answer to either question",
    ),
    text("title", "short title for charts"),
    NOTE,
];

pub const FIGURES: &[Column] = &[
    id("poll", "which poll").required(),
    id("question", "which question").required(),
    id("response", "which answer").required(),
    COUNTRY,
    BASE,
    Column::new(
        "percent",
        Kind::Percent,
        "as printed: 52.0 keeps its decimal",
    )
    .required(),
    word(
        "qualifier",
        Qualifier::NAMES,
        "how the printed value stands to the true one",
    )
    .or("exact"),
    word(
        "aggregate",
        Aggregate::NAMES,
        "how a total over countries was formed",
    ),
    Column::new("net_of", Kind::Ids, "for a NET, the responses it adds up"),
    Column::new(
        "n",
        Kind::Count,
        "unweighted base, only where it differs from samples.csv",
    ),
    REPORTED_BY,
    word(
        "first_hand",
        YesNo::NAMES,
        "yes if the organisation that ran the poll printed it",
    ),
    URL,
    NOTE,
];

pub const RESPONSES: &[Column] = &[
    id("response", "id, whatever the question").required(),
    text("label", "for print"),
    word("kind", ResponseKind::NAMES, "what it says").or("substantive"),
];

pub const COUNTRIES: &[Column] = &[
    id("code", "ISO 3166-1 alpha-2 code, or the name of a set").required(),
    id("alpha3", "ISO 3166-1 alpha-3 code"),
    text("name", "in English").required(),
    Column::new("members", Kind::Codes, "for a set, the codes in it"),
];

pub const BASES: &[Column] = &[
    id("base", "id").required(),
    text("label", "who that is, for print").required(),
];

pub const SOURCES: &[Column] = &[
    id("source", "id, as in reported_by").required(),
    text("name", "name of the outlet for print").required(),
];

pub const CLAIMS: &[Column] = &[
    id("claim", "id").required(),
    text("article", "where it is said"),
    text("text", "what is said, in a sentence").required(),
    Column::new(
        "figures",
        Kind::Figures,
        "ids of figures, that of the claim itself first",
    )
    .required(),
    Column::new(
        "beside",
        Kind::Figures,
        "ids of figures that put it in context",
    ),
    text(
        "says",
        "its part of a chart's title, {share} standing for the share in words",
    ),
    NOTE,
];
