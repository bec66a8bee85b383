use std::fmt;

use crate::present::table::{self, Table, TextOptions};

/// Tables for reading: titles, bases, notes and all. [`Display`](fmt::Display) sets them for a terminal of 100 columns.
///
/// ```
/// use opine::Survey;
///
/// let poll = Survey::open("examples/poll.csv")?.weights("weight");
/// let tables = poll.estimate("prop(q1)").run()?.tables();
/// assert!(tables.to_string().contains("Very worried"));
/// assert!(tables.to_markdown().contains("| Very worried |"));
/// assert!(tables.to_html().contains("<table"));
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tables(pub(super) Vec<Table>);

impl Tables {
    /// For a terminal or a text file of so many columns, 60 to 100.
    pub fn to_text(&self, width: usize) -> String {
        let options = TextOptions {
            width,
            styled: false,
        };
        self.each(|table| table::text(table, options))
    }

    /// For Markdown.
    pub fn to_markdown(&self) -> String {
        self.each(table::markdown)
    }

    /// For a page or a mail.
    pub fn to_html(&self) -> String {
        self.each(table::html)
    }

    /// For LaTeX, with the package booktabs.
    pub fn to_latex(&self) -> String {
        self.each(table::latex)
    }

    fn each(&self, set: impl Fn(&Table) -> String) -> String {
        let tables: Vec<String> = self.0.iter().map(set).collect();
        tables.join("\n")
    }
}

impl fmt::Display for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(100))
    }
}
