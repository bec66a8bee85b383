use std::fmt;

use crate::present::crosstab::{self, BannerTable};
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
pub struct Tables {
    content: Content,
    /// Said below the tables.
    sentences: Vec<String>,
}

#[derive(Clone, Debug)]
enum Content {
    Plain(Vec<Table>),
    Banner(Vec<BannerTable>),
}

impl Tables {
    pub(super) fn new(tables: Vec<Table>, sentences: Vec<String>) -> Tables {
        Tables {
            content: Content::Plain(tables),
            sentences,
        }
    }

    pub(super) fn from_banner(tables: Vec<BannerTable>) -> Tables {
        Tables {
            content: Content::Banner(tables),
            sentences: Vec::new(),
        }
    }

    /// Those that are no banner tables.
    pub(super) fn plain(&self) -> &[Table] {
        match &self.content {
            Content::Plain(tables) => tables,
            Content::Banner(_) => &[],
        }
    }

    #[cfg(feature = "xlsx")]
    pub(super) fn sentences(&self) -> &[String] {
        &self.sentences
    }

    /// For a terminal or a text file of so many columns, 60 to 100.
    pub fn to_text(&self, width: usize) -> String {
        let options = TextOptions {
            width,
            styled: false,
        };
        self.each(
            |table| table::text(table, options),
            |table| crosstab::text(table, options),
            str::to_owned,
        )
    }

    /// For Markdown.
    pub fn to_markdown(&self) -> String {
        self.each(table::markdown, crosstab::markdown, str::to_owned)
    }

    /// A page, from which a table can be copied into a word processor or a mail.
    pub fn to_html(&self) -> String {
        match &self.content {
            Content::Plain(tables) => table::html(tables, &self.sentences),
            Content::Banner(tables) => crosstab::html(tables),
        }
    }

    /// The tables alone, to be put into a page.
    pub fn to_html_fragment(&self) -> String {
        match &self.content {
            Content::Plain(tables) => table::html_fragment(tables, &self.sentences),
            Content::Banner(tables) => crosstab::html_fragment(tables),
        }
    }

    /// For LaTeX, with the package booktabs.
    pub fn to_latex(&self) -> String {
        let options = table::LatexOptions::default();
        self.each(
            |of| table::latex(of, &options),
            |of| crosstab::latex(of, &options),
            table::latex_paragraph,
        )
    }

    fn each(
        &self,
        plain: impl Fn(&Table) -> String,
        banner: impl Fn(&BannerTable) -> String,
        sentence: impl Fn(&str) -> String,
    ) -> String {
        let mut parts: Vec<String> = match &self.content {
            Content::Plain(tables) => tables.iter().map(plain).collect(),
            Content::Banner(tables) => tables.iter().map(banner).collect(),
        };
        if !self.sentences.is_empty() {
            let sentences = self.sentences.iter().map(|text| sentence(text));
            let sentences: Vec<String> = sentences.collect();
            parts.push(format!("{}\n", sentences.join("\n")));
        }
        parts.join("\n")
    }
}

impl fmt::Display for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(100))
    }
}
