//! The rules that reading applies. Their ids are stable: people name them to leave them out.

/// Id of a rule and what it says, in one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What findings carry.
    pub id: &'static str,
    /// What must hold.
    pub says: &'static str,
}

/// Declares the ids as constants and the list of them all.
macro_rules! rules {
    ($($name:ident = $id:literal, $says:literal;)+) => {
        $(#[doc = $says] pub const $name: &str = $id;)+

        /// All of them, in the order in which a file is read.
        pub const RULES: &[Rule] = &[$(Rule { id: $id, says: $says }),+];
    };
}

rules! {
    FILE_MISSING = "file-missing", "Polls, samples, questions and figures each have a file.";
    ENCODING = "encoding", "Files are UTF-8.";
    BOM = "bom", "A byte order mark is read over.";
    DELIMITER = "delimiter", "Columns are separated by commas.";
    HEADER_MISSING = "header-missing", "The first line names the columns.";
    HEADER_DUPLICATE = "header-duplicate", "No column is named twice.";
    COLUMN_MISSING = "column-missing", "The columns that every row needs are there.";
    COLUMN_UNKNOWN = "column-unknown", "Columns that the dictionary does not know are kept and not used.";
    QUOTE = "quote", "Quotation marks around a value are closed, those inside it doubled.";
    RAGGED = "ragged", "Every row has as many fields as the header.";
    ROW_EMPTY = "row-empty", "A row has values.";
    NUL = "nul", "No value holds the byte 0.";
    CONTROL = "control-character", "No value holds control characters but line ends and tabs.";
    WHITESPACE = "whitespace", "No value begins or ends with space; it is read without.";
    CELL_HUGE = "cell-huge", "No value is longer than 100,000 bytes.";
    EMPTY_REQUIRED = "empty-required", "The values that every row needs are there.";
    TYPE = "type", "Numbers are written in digits with a decimal point.";
    RANGE = "range", "Numbers lie where they can.";
    DATE_FORMAT = "date-format", "Dates are ISO dates of the calendar, to the day, the month or the year.";
    DATE_YEAR = "date-year", "Years lie between 1900 and 2100.";
    DATE_ORDER = "date-order", "Fieldwork starts before it ends, and before it is published.";
    WORD = "word", "A column with a fixed list of words holds one of them.";
    ID_FORM = "id-form", "Ids are made of lower-case letters, digits and _; those of countries may have capitals.";
    LIST = "list", "Lists have no empty and no repeated parts.";
    JOINT_FORM = "joint-form", "A joint share names question:response & question:response.";
    URL = "url", "Addresses begin with http:// or https://, name a host and have no spaces.";
    DUPLICATE_KEY = "duplicate-key", "No two rows have the same key.";
    UNKNOWN_POLL = "unknown-poll", "Every poll that is named is in polls.csv.";
    UNKNOWN_QUESTION = "unknown-question", "Every question that is named is in questions.csv, for that poll.";
    UNKNOWN_RESPONSE = "unknown-response", "Every response is in responses.csv or among those of its question.";
    RESPONSE_UNLABELLED = "response-unlabelled", "A response that responses.csv does not have is labelled after its id.";
    UNKNOWN_COUNTRY = "unknown-country", "Every country is all or a code of countries.csv.";
    UNKNOWN_FIGURE = "unknown-figure", "The figures of a claim are in figures.csv.";
    COUNTRY_NOT_IN_POLL = "country-not-in-poll", "The country of a figure is one of its poll's, where those are known.";
    AGGREGATE_OF_COUNTRY = "aggregate-of-country", "Only totals and sets of countries have an aggregate.";
    NET_OF_ITSELF = "net-of-itself", "A NET is not one of its own parts.";
    SAMPLE_MISSING = "sample-missing", "Every figure has a row in samples.csv, or an n of its own.";
    UNSOURCED = "unsourced", "Every figure says who printed it.";
}

/// The rule of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
