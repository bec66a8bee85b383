use std::fmt::Write;

use super::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::frames::words::{printable, unbroken};

/// What a paper wants of a table.
#[derive(Clone, Debug, Default)]
pub struct LatexOptions {
    /// In the place of the title.
    pub caption: Option<String>,
    /// For `\ref`; letters, digits and `:-_.` alone.
    pub label: Option<String>,
    /// Standard errors in brackets below the estimates, in the place of intervals.
    pub errors_below: bool,
}

impl LatexOptions {
    /// The caption with its label, empty where there is neither.
    pub(crate) fn caption(&self, title: &str) -> String {
        let caption = self.caption.as_deref().unwrap_or(title);
        match (&self.label, caption.is_empty()) {
            (None, true) => String::new(),
            (None, false) => format!("\\caption{{{}}}", escape(caption)),
            (Some(label), _) => format!("\\caption{{{}}}\\label{{{label}}}", escape(caption)),
        }
    }
}

/// The table as LaTeX, set with the packages array and booktabs; one longer than a page with longtable too. Long labels
/// and texts are set in lines. All text is escaped.
pub fn latex(table: &Table, options: &LatexOptions) -> String {
    let table = &match options.errors_below {
        true => table.with_errors_below().printable(),
        false => table.printable(),
    };
    let long = lines(table) > MOST_LINES;
    let smaller = size(table);
    let mut out = match long {
        true => format!(
            "% needs \\usepackage{{array,booktabs,longtable}}\n{}\\begin{{longtable}}{{{}}}\n",
            match smaller.is_empty() {
                true => String::new(),
                false => format!("\\begingroup{smaller}\n"),
            },
            alignments(table)
        ),
        false => String::from("% needs \\usepackage{array,booktabs}\n\\begin{table}\n"),
    };
    let title = match (table.title.is_empty(), table.aside.is_empty()) {
        (false, false) => format!("{}. {}", table.title, table.aside),
        _ => table.title.clone(),
    };
    let caption = options.caption(&title);
    if !caption.is_empty() {
        let end = if long { " \\\\" } else { "" };
        let _ = writeln!(out, "{caption}{end}");
    }
    if !long {
        let begins = match smaller.is_empty() {
            true => String::new(),
            false => format!("{{{smaller}\n"),
        };
        let _ = writeln!(out, "{begins}\\begin{{tabular}}{{{}}}", alignments(table));
    }
    out.push_str("\\toprule\n");
    let heads: String = table
        .columns
        .iter()
        .map(|column| format!(" & {}", escape(&column.head)))
        .collect();
    let _ = writeln!(out, "{heads} \\\\\n\\midrule");
    if long {
        out.push_str("\\endhead\n");
    }
    let width = table.columns.len() + 1;
    for (position, block) in table.blocks.iter().enumerate() {
        if position > 0 {
            out.push_str("\\addlinespace\n");
        }
        for (style, text) in block
            .head
            .iter()
            .map(|head| ("\\bfseries", head))
            .chain(block.note.iter().map(|note| ("\\small", note)))
        {
            let _ = writeln!(
                out,
                "\\multicolumn{{{width}}}{{l}}{{{style} {}}} \\\\",
                escape(text)
            );
        }
        for row in &block.rows {
            body_row(&mut out, row, table);
        }
    }
    out.push_str("\\bottomrule\n");
    if long {
        out.push_str("\\end{longtable}\n");
        if !smaller.is_empty() {
            out.push_str("\\endgroup\n");
        }
        foot(&mut out, table);
    } else {
        out.push_str("\\end{tabular}");
        out.push_str(if smaller.is_empty() { "\n" } else { "}\n" });
        foot(&mut out, table);
        out.push_str("\\end{table}\n");
    }
    out
}

/// More lines than this do not fit a page.
const MOST_LINES: usize = 36;
/// Longer texts than this are set in lines.
const LONG: usize = 34;

/// Letters of ten points in the measure of an article, 345 points.
const MEASURE: f64 = 70.0;
/// What stands between two columns, in letters: as it is, and where room is short.
const BETWEEN: (f64, f64) = (2.4, 1.2);

/// The lines of the body, notes and the further lines of long labels among them.
fn lines(table: &Table) -> usize {
    let lined = lined(table);
    let room = if lined.labels { lined.room() } else { MEASURE };
    let of_text = |letters: usize, room: f64| ((letters as f64 / room).ceil() as usize).max(1);
    let of_row = |row: &Row| {
        let label = row.label.chars().count() + 2 * row.indent;
        let notes = row
            .notes
            .iter()
            .map(|note| of_text(note.chars().count(), MEASURE));
        of_text(label, room) + notes.sum::<usize>()
    };
    let of_block = |block: &Block| {
        let rows: usize = block.rows.iter().map(of_row).sum();
        rows + usize::from(block.head.is_some()) + usize::from(block.note.is_some())
    };
    table.blocks.iter().map(of_block).sum()
}

/// A smaller size, and less between the columns, where the table would be wider than the text; empty where it is not.
fn size(table: &Table) -> &'static str {
    let rows = || table.blocks.iter().flat_map(|block| &block.rows);
    let lined = lined(table);
    let label = rows()
        .map(|row| row.label.chars().count() + 2 * row.indent)
        .max();
    let mut width = match lined.labels {
        true => lined.room(),
        false => label.unwrap_or(0) as f64,
    };
    for (at, column) in table.columns.iter().enumerate() {
        let cells = rows()
            .filter_map(|row| row.cells.get(at))
            .map(|cell| cell.text.chars().count());
        let letters = cells
            .chain([column.head.chars().count()])
            .max()
            .unwrap_or(0);
        width += match lined.columns.contains(&at) {
            true => lined.room(),
            false => letters as f64,
        };
    }
    let columns = table.columns.len() as f64;
    if width + BETWEEN.0 * columns <= MEASURE {
        return "";
    }
    match (width + BETWEEN.1 * columns) / MEASURE {
        ..=1.0 => "\\setlength{\\tabcolsep}{3pt}",
        ..=1.1 => "\\small\\setlength{\\tabcolsep}{3pt}",
        ..=1.25 => "\\footnotesize\\setlength{\\tabcolsep}{3pt}",
        _ => "\\scriptsize\\setlength{\\tabcolsep}{3pt}",
    }
}

/// A column of lines, so many hundredths of the measure wide.
fn paragraph(hundredths: usize) -> String {
    format!(">{{\\raggedright\\arraybackslash}}p{{0.{hundredths:02}\\linewidth}}")
}

/// A sentence beside a table.
pub fn latex_paragraph(text: &str) -> String {
    format!("{}\n", escape(&printable(text)))
}

/// What is set in lines: the labels, some columns of long texts; and the share of the measure, in hundredths, that each has.
struct Lined {
    labels: bool,
    columns: Vec<usize>,
    share: usize,
}

impl Lined {
    /// Letters of a line.
    fn room(&self) -> f64 {
        MEASURE * self.share as f64 / 100.0
    }
}

fn lined(table: &Table) -> Lined {
    let rows = || table.blocks.iter().flat_map(|block| &block.rows);
    let longest = |at: usize| {
        let cells = rows().filter_map(move |row| row.cells.get(at));
        cells
            .map(|cell| cell.text.chars().count())
            .max()
            .unwrap_or(0)
    };
    let labels = rows().map(|row| row.label.chars().count() + 2 * row.indent);
    let long_label = labels.max().unwrap_or(0) > LONG;
    let is_long =
        |(at, column): &(usize, &Column)| column.align == Align::Left && longest(*at) > LONG;
    let columns = table.columns.iter().enumerate();
    let long_texts: Vec<usize> = columns.filter(is_long).map(|(at, _)| at).collect();
    // labels and long texts share what the numbers leave
    // in hundredths of the measure, of which a column of numbers takes seven
    let share = 72usize
        .saturating_sub(7 * (table.columns.len() - long_texts.len()))
        .max(24)
        / (1 + long_texts.len());
    Lined {
        labels: long_label,
        columns: long_texts,
        share,
    }
}

fn alignments(table: &Table) -> String {
    let lined = lined(table);
    let mut all = match lined.labels {
        true => paragraph(lined.share),
        false => "l".to_owned(),
    };
    for (at, column) in table.columns.iter().enumerate() {
        match column.align {
            Align::Left if lined.columns.contains(&at) => all += &paragraph(lined.share),
            Align::Left => all.push('l'),
            Align::Right | Align::Decimal => all.push('r'),
        }
    }
    all
}

fn body_row(out: &mut String, row: &Row, table: &Table) {
    let indent = "\\quad ".repeat(row.indent);
    let _ = write!(
        out,
        "{}",
        first_cell(&format!("{indent}{}", label(&row.label)))
    );
    for (position, column) in table.columns.iter().enumerate() {
        let cell = row
            .cells
            .get(position)
            .map_or_else(String::new, |cell| emphasised(cell, column.emphasis));
        let _ = write!(out, " & {cell}");
    }
    out.push_str(" \\\\\n");
    let width = table.columns.len() + 1;
    for note in &row.notes {
        let _ = writeln!(
            out,
            "\\multicolumn{{{width}}}{{p{{0.95\\linewidth}}}}{{{indent}\\quad \\small {}}} \\\\",
            escape(note)
        );
    }
}

/// What begins a row: behind the end of the one before, a bracket or a star would be read as its option.
pub fn first_cell(set: &str) -> String {
    let guard = if set.starts_with(['[', '*']) {
        "{}"
    } else {
        ""
    };
    format!("{guard}{set}")
}

fn emphasised(cell: &Cell, of_column: Emphasis) -> String {
    let text = escape(&cell.text);
    match cell.emphasis.unwrap_or(of_column) {
        _ if text.is_empty() => text,
        Emphasis::Strong => format!("\\textbf{{{text}}}"),
        Emphasis::Wrong => format!("\\emph{{{text}}}"),
        Emphasis::Plain | Emphasis::Dim => text,
    }
}

fn foot(out: &mut String, table: &Table) {
    let legend = table
        .legend
        .iter()
        .map(|(letter, meaning)| format!("{letter}: {}", escape(meaning)));
    let legend: Vec<String> = legend.collect();
    let paragraphs = table
        .foot
        .iter()
        .map(|paragraph| escape(&unbroken(paragraph)));
    for paragraph in Some(legend.join("; "))
        .filter(|legend| !legend.is_empty())
        .into_iter()
        .chain(paragraphs)
    {
        let _ = writeln!(out, "\\par\\footnotesize {paragraph}");
    }
}

/// A label: words that no line of a column has room for may be broken, with a hyphen.
pub fn label(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let letters: Vec<char> = word.chars().collect();
        match letters.len() > LONGEST_WORD {
            true => {
                let pieces = letters
                    .chunks(PIECE)
                    .map(|piece| escape(&piece.iter().collect::<String>()));
                pieces.collect::<Vec<String>>().join("\\-")
            }
            false => escape(word),
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

/// Longer words than this are broken, between pieces of so many letters.
pub const LONGEST_WORD: usize = 26;
const PIECE: usize = 13;

/// What LaTeX would read as a command, and the signs that its standard fonts lack.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', letter]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            // ids and addresses have no spaces to break at
            '/' => out.push_str("/\\allowbreak{}"),
            '–' => out.push_str("--"),
            '−' => out.push_str("$-$"),
            '±' => out.push_str("$\\pm$"),
            '≈' => out.push_str("$\\approx$"),
            '∞' => out.push_str("$\\infty$"),
            '√' => out.push_str("$\\surd$"),
            '→' => out.push_str("$\\rightarrow$"),
            'Σ' => out.push_str("$\\Sigma$"),
            'Δ' => out.push_str("$\\Delta$"),
            'ρ' => out.push_str("$\\rho$"),
            'χ' => out.push_str("$\\chi$"),
            'τ' => out.push_str("$\\tau$"),
            'λ' => out.push_str("$\\lambda$"),
            '…' => out.push_str("\\dots{}"),
            '\u{a0}' => out.push_str("\\nobreakspace{}"),
            '\u{2009}' | '\u{202f}' => out.push_str("\\,"),
            '≥' => out.push_str("$\\geq$"),
            '≤' => out.push_str("$\\leq$"),
            '“' => out.push_str("``"),
            '”' => out.push_str("''"),
            '’' => out.push('\''),
            control if control.is_control() => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_no_line_has_room_for_may_be_broken() {
        assert_eq!(label("all of it"), "all of it");
        let word = "a_".repeat(15);
        let set = label(&word);
        assert!(set.contains("\\-"), "{set}");
        assert_eq!(set.replace("\\-", "").replace('\\', ""), word);
    }

    #[test]
    fn no_label_is_read_as_an_option() {
        for label in ["[weighted] yes", "*", "* per cent", "[5pt]", "plain"] {
            let row = Row {
                label: label.to_owned(),
                ..Row::default()
            };
            let table = Table {
                blocks: vec![Block {
                    rows: vec![row.clone(), row],
                    ..Block::default()
                }],
                ..Table::default()
            };
            let text = latex(&table, &LatexOptions::default());
            let begins = |sign: &str| text.lines().any(|line| line.trim_start().starts_with(sign));
            assert!(!begins("[") && !begins("*"), "{text}");
            assert!(text.contains(label), "{text}");
        }
    }
}
