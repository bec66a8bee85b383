use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::failure::Failure;
use super::streams::Session;
use super::style::HouseFile;
use crate::files::{self, Replacement};
use crate::frames::words::printable_lines;
use crate::frames::{Captions, Frame};
use crate::present::provenance::Provenance;
use crate::present::table::{
    LatexOptions, Table, TextOptions, cut_note, document as docx, html, html_fragment, latex,
    latex_paragraph, markdown, text, xlsx,
};
use crate::survey::microdata::write;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading on a terminal.
    Text,
    /// GitHub Markdown.
    Md,
    /// Exact numbers, one row an estimate.
    Csv,
    /// An array of objects, one a row, numbers unrounded.
    Json,
    /// A page from which a table can be copied; with --fragment to be put into one.
    Html,
    /// For the packages array and booktabs; long tables need longtable.
    Latex,
    /// Exact numbers, and what is said around them, for `opine chart`; only into a file.
    Parquet,
    /// A workbook: a sheet a table, and the exact numbers on sheet “data”; only into a file.
    Xlsx,
    /// Slides with charts that can be edited, of toplines, banner tables and charts; only into a file.
    Pptx,
    /// A document of tables in the styles of a word processor; only into a file.
    Docx,
}

impl Format {
    /// Whether it holds the rows with every digit, and no table.
    pub fn is_exact(self) -> bool {
        matches!(self, Format::Csv | Format::Json | Format::Parquet)
    }

    /// Whether it holds what made it.
    pub fn has_properties(self) -> bool {
        match self {
            Format::Html | Format::Parquet | Format::Xlsx | Format::Pptx | Format::Docx => true,
            Format::Text | Format::Md | Format::Csv | Format::Json | Format::Latex => false,
        }
    }

    /// Whether anything of a table is in it: of a Parquet file, what is said around the rows.
    pub fn has_tables(self) -> bool {
        !matches!(self, Format::Csv | Format::Json)
    }
}

/// How results come out: standard output or a file, in which format.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Format of the output [default: by the ending of -o, else text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// The same as --format json
    #[arg(long, conflicts_with_all = ["format", "csv"])]
    json: bool,
    /// The same as --format csv
    #[arg(long, conflicts_with = "format")]
    csv: bool,
    /// CSV for a spreadsheet: with a mark, and no cell it would run
    ///
    /// The mark is that of the byte order; a cell that a spreadsheet would run as a formula is kept from it.
    #[arg(long)]
    for_spreadsheet: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// HTML: the tables alone, without a page around them
    #[arg(long, hide_short_help = true)]
    fragment: bool,
    /// LaTeX: the caption, in the place of the title
    #[arg(long, value_name = "TEXT", hide_short_help = true)]
    caption: Option<String>,
    /// LaTeX: the label, for \ref; of several tables with a number behind it
    #[arg(long, value_name = "LABEL", value_parser = tex_label, hide_short_help = true)]
    tex_label: Option<String>,
    /// LaTeX: standard errors in brackets below the estimates, in the place of intervals
    #[arg(long, hide_short_help = true)]
    se_below: bool,
    /// Put the command into the file, too: a page, workbook, document, slides or Parquet
    ///
    /// Beside the version and the hash of what was read, which are there anyway; without outputs and folders.
    #[arg(long, hide_short_help = true)]
    stamp: bool,
}

fn tex_label(given: &str) -> Result<String, String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ":-_.".contains(letter);
    match !given.is_empty() && given.chars().all(is_plain) {
        true => Ok(given.to_owned()),
        false => Err("letters, digits and : - _ . alone, as in tab:worried".to_owned()),
    }
}

/// A result in both its forms: for reading and exact.
pub struct Document {
    pub tables: Vec<Table>,
    /// Said after the tables in text and Markdown.
    pub sentences: Vec<String>,
    pub frame: Frame,
}

impl Document {
    /// Of rows that nobody reads as a table.
    pub fn from_frame(frame: Frame) -> Document {
        Document {
            tables: Vec::new(),
            sentences: Vec::new(),
            frame,
        }
    }

    /// What the tables say around their rows, each paragraph once.
    fn captions(&self) -> Captions {
        let first = self.tables.first();
        let title = first.map_or_else(String::new, |table| table.title.clone());
        let one = self.tables.iter().all(|table| table.title == title);
        let mut foot: Vec<String> = Vec::new();
        for paragraph in self.tables.iter().flat_map(|table| &table.foot) {
            if !foot.contains(paragraph) {
                foot.push(paragraph.clone());
            }
        }
        Captions {
            title: Some(title).filter(|_| one).unwrap_or_default(),
            subtitle: first
                .and_then(|table| table.subtitle.clone())
                .filter(|_| one),
            foot,
        }
    }
}

impl OutputArgs {
    /// To standard output, for commands whose -o is another file.
    pub fn printed(format: Option<Format>, json: bool, csv: bool) -> OutputArgs {
        OutputArgs {
            format,
            json,
            csv,
            for_spreadsheet: false,
            output: None,
            fragment: false,
            caption: None,
            tex_label: None,
            se_below: false,
            stamp: false,
        }
    }

    /// Takes --stamp off an output that has a page beside it; whether it was named.
    pub fn stamp_of_page(&mut self) -> bool {
        std::mem::take(&mut self.stamp)
    }

    pub fn format(&self) -> Result<Format, Failure> {
        let wants_file = |what: &str| Err(Failure::Usage(what.to_owned()));
        match (self.named()?, self.file()) {
            (Format::Xlsx, None) => {
                wants_file("--format xlsx writes a workbook: name the file with -o FILE.xlsx")
            }
            (Format::Parquet, None) => {
                wants_file("--format parquet writes a file: name it with -o FILE.parquet")
            }
            (Format::Pptx, None) => {
                wants_file("--format pptx writes slides: name the file with -o FILE.pptx")
            }
            (Format::Docx, None) => {
                wants_file("--format docx writes a document: name the file with -o FILE.docx")
            }
            (format, _) => self.refuse_no_effect(format).map(|()| format),
        }
    }

    /// Options of a format go with it.
    fn refuse_no_effect(&self, format: Format) -> Result<(), Failure> {
        let latex = "it is about LaTeX: --format latex, or -o FILE.tex";
        let rules = [
            (
                self.fragment,
                Format::Html,
                "--fragment",
                "it is about pages: --format html, or -o FILE.html",
            ),
            (self.caption.is_some(), Format::Latex, "--caption", latex),
            (
                self.tex_label.is_some(),
                Format::Latex,
                "--tex-label",
                latex,
            ),
            (self.se_below, Format::Latex, "--se-below", latex),
        ];
        if self.stamp && (self.fragment || !format.has_properties()) {
            return Err(Failure::no_effect(
                "--stamp",
                "the output has no place for it: it goes with --format html, or -o FILE.html, .xlsx, .docx, .pptx or .parquet",
            ));
        }
        let mut idle = rules
            .into_iter()
            .filter(|(is_set, of, ..)| *is_set && *of != format);
        match idle.next() {
            Some((_, _, option, why)) => Err(Failure::no_effect(option, why)),
            None => Ok(()),
        }
    }

    /// How each of so many tables is set in LaTeX; `has_errors` says whether any has standard errors.
    pub fn latex_options(
        &self,
        tables: usize,
        has_errors: bool,
    ) -> Result<Vec<LatexOptions>, Failure> {
        let named = [
            (self.caption.is_some(), "--caption"),
            (self.tex_label.is_some(), "--tex-label"),
        ];
        if let Some((_, option)) = named.into_iter().find(|(is_set, _)| *is_set && tables == 0) {
            return Err(Failure::no_effect(option, "there is no table"));
        }
        if self.caption.is_some() && tables > 1 {
            return Err(Failure::Usage(format!(
                "--caption is that of one table, and there are {tables}"
            )));
        }
        if self.se_below && !has_errors {
            return Err(Failure::no_effect(
                "--se-below",
                "no estimate of these tables has a standard error",
            ));
        }
        let label = |at: usize| {
            let label = self.tex_label.as_ref()?;
            Some(match tables {
                1 => label.clone(),
                _ => format!("{label}-{at}"),
            })
        };
        let options = (1..=tables).map(|at| LatexOptions {
            caption: self.caption.clone(),
            label: label(at),
            errors_below: self.se_below,
        });
        Ok(options.collect())
    }

    /// Whether HTML is the tables alone.
    pub fn is_fragment(&self) -> bool {
        self.fragment
    }

    fn named(&self) -> Result<Format, Failure> {
        if self.json {
            return Ok(Format::Json);
        }
        if self.csv {
            return Ok(Format::Csv);
        }
        match (self.format, self.file()) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => by_ending(path),
            (None, None) => Ok(Format::Text),
        }
    }

    /// Whether it goes to a file.
    pub fn has_file(&self) -> bool {
        self.file().is_some()
    }

    fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
    }

    /// Prints the document in its format.
    pub fn print(&self, document: &Document, session: &Session) -> Result<(), Failure> {
        let format = self.format()?;
        if self.for_spreadsheet && format != Format::Csv {
            return Err(Failure::Usage(
                "--for-spreadsheet goes with --format csv".to_owned(),
            ));
        }
        let content = match format {
            Format::Text => as_text(document, self.text_options(session)),
            Format::Md => {
                let tables: Vec<String> = document.tables.iter().map(markdown).collect();
                joined(&tables, &document.sentences, plain_paragraph)
            }
            Format::Html if self.fragment => html_fragment(&document.tables, &document.sentences),
            Format::Html => html(&document.tables, &document.sentences),
            Format::Latex => self.as_latex(document)?,
            Format::Csv if self.for_spreadsheet => document.frame.to_spreadsheet(),
            Format::Csv => return self.print_pieces(document.frame.csv_pieces(), session),
            Format::Json => return self.print_pieces(document.frame.json_pieces(), session),
            Format::Parquet => {
                let path = self.file().unwrap_or(Path::new("-"));
                let made_by = session.provenance(self.stamp).text();
                let captions = vec![
                    (Captions::KEY.to_owned(), document.captions().to_json()),
                    (Provenance::KEY.to_owned(), made_by),
                ];
                return write::write_frame(path, &document.frame, &captions)
                    .map_err(|error| Failure::File(error.to_string()));
            }
            Format::Xlsx => {
                let workbook = xlsx(&document.tables, &document.sentences, &document.frame);
                let mut tables = document.tables.clone();
                let texts = tables.iter_mut().flat_map(Table::texts_mut);
                let texts = texts.map(|text| text.as_str());
                if let Some(note) = cut_note(texts, &document.frame) {
                    session.note(&note);
                }
                return self.write_file(workbook.map_err(Failure::usage)?, session);
            }
            Format::Docx => {
                let file = docx(
                    &document.tables,
                    &document.sentences,
                    HouseFile::typeface(session)?,
                );
                return self.write_file(file.map_err(Failure::usage)?, session);
            }
            Format::Pptx => {
                return Err(Failure::Usage(
                    "slides are of toplines, banner tables and charts: opine topline … -o deck.pptx, opine crosstab … -o deck.pptx, opine chart … -o chart.pptx".to_owned(),
                ));
            }
        };
        match (self.file(), format) {
            (Some(_), _) => self.write_file(content.as_bytes().to_vec(), session),
            (None, Format::Csv) => session.print_exact(&content),
            (None, _) => session.print(&self.with_provenance(content, session)),
        }
    }

    /// Exact rows, of which a million are never a text as a whole.
    fn print_pieces(
        &self,
        pieces: impl Iterator<Item = String>,
        session: &Session,
    ) -> Result<(), Failure> {
        let Some(path) = self.file() else {
            for piece in pieces {
                session.print_exact(&piece)?;
            }
            return Ok(());
        };
        let write = || {
            let mut file = Replacement::new(path)?;
            for piece in pieces {
                file.file().write_all(piece.as_bytes())?;
            }
            file.put()
        };
        write().map_err(|error: io::Error| Failure::file(path, error))
    }

    fn as_latex(&self, document: &Document) -> Result<String, Failure> {
        let has_errors = document.tables.iter().any(Table::has_errors);
        let options = self.latex_options(document.tables.len(), has_errors)?;
        let tables = document.tables.iter().zip(&options);
        let tables: Vec<String> = tables.map(|(table, own)| latex(table, own)).collect();
        Ok(joined(&tables, &document.sentences, latex_paragraph))
    }

    /// JSON or CSV that is not that of a frame.
    pub fn print_exact(&self, content: &str, session: &Session) -> Result<(), Failure> {
        match self.file() {
            Some(_) => self.write_file(content.as_bytes().to_vec(), session),
            None => session.print_exact(content),
        }
    }

    /// An explanation, which is text alone.
    pub fn explain(&self, text: &str, session: &Session) -> Result<(), Failure> {
        match self.format()? {
            Format::Text => self.print_text(&printable_lines(text), session),
            _ => Err(Failure::Usage(
                "--explain is text: leave out the format, or end -o in .txt".to_owned(),
            )),
        }
    }

    /// Text or a page for reading that is laid out already.
    pub fn print_text(&self, content: &str, session: &Session) -> Result<(), Failure> {
        match self.file() {
            Some(_) => self.write_file(content.as_bytes().to_vec(), session),
            None => session.print(&self.with_provenance(content.to_owned(), session)),
        }
    }

    /// A page with what made it; other texts as they are.
    fn with_provenance(&self, text: String, session: &Session) -> String {
        match self.format() {
            Ok(Format::Html) => {
                let page = session.provenance(self.stamp).put_into(text.into_bytes());
                String::from_utf8_lossy(&page).into_owned()
            }
            _ => text,
        }
    }

    /// The bytes of a workbook or another kind of file, which needs a name.
    pub fn write_file(&self, content: Vec<u8>, session: &Session) -> Result<(), Failure> {
        let Some(path) = self.file() else {
            return Ok(());
        };
        let content = match self.format()?.has_properties() {
            true => session.provenance(self.stamp).put_into(content),
            false => content,
        };
        files::replace(path, &content).map_err(|error| Failure::file(path, error))
    }

    /// Display columns that a table may take: those of the terminal for text, more where there are no columns.
    pub fn width(&self, session: &Session) -> Result<usize, Failure> {
        Ok(match self.format()? {
            Format::Text => self.text_options(session).width.clamp(60, 100),
            _ => 160,
        })
    }

    /// The width of a text and whether it takes colours.
    pub fn text_options(&self, session: &Session) -> TextOptions {
        match self.file() {
            Some(_) => TextOptions::default(),
            None => session.streams.output_look(),
        }
    }
}

fn by_ending(path: &Path) -> Result<Format, Failure> {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("txt") => Ok(Format::Text),
        Some("md") => Ok(Format::Md),
        Some("csv") => Ok(Format::Csv),
        Some("json") => Ok(Format::Json),
        Some("html") => Ok(Format::Html),
        Some("tex") => Ok(Format::Latex),
        Some("parquet") => Ok(Format::Parquet),
        Some("xlsx") => Ok(Format::Xlsx),
        Some("pptx") => Ok(Format::Pptx),
        Some("docx") => Ok(Format::Docx),
        _ => Err(Failure::Usage(format!(
            "{}: the ending says no format; name one with --format, or end in .txt, .md, .csv, .json, .html, .tex, .parquet, .xlsx, .docx or .pptx",
            path.display()
        ))),
    }
}

fn as_text(document: &Document, options: TextOptions) -> String {
    let tables: Vec<String> = document
        .tables
        .iter()
        .map(|table| text(table, options))
        .collect();
    joined(&tables, &document.sentences, plain_paragraph)
}

fn plain_paragraph(text: &str) -> String {
    printable_lines(text).into_owned()
}

/// Tables one after the other, then the sentences beside them.
fn joined(tables: &[String], sentences: &[String], sentence: fn(&str) -> String) -> String {
    let mut parts: Vec<String> = tables.to_vec();
    if !sentences.is_empty() {
        let sentences: Vec<String> = sentences.iter().map(|text| sentence(text)).collect();
        parts.push(format!("{}\n", sentences.join("\n")));
    }
    parts.join("\n\n")
}
