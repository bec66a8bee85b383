//! A banner table as LaTeX, set with booktabs.

use std::fmt::Write;

use super::content::{BannerTable, CellWeight, Line, LineKind};
use crate::frames::words::{printable, unbroken};
use crate::present::table::{
    LATEX_LONGEST_WORD, LatexOptions, fill, latex_escape, latex_first_cell, latex_label,
};

/// A table whose blocks are spanned and ruled; letters are raised, in a column of their own behind the numbers. Long labels and
/// heads are set in lines, never cut. One wider than a page is set in parts, each with the total: within one float, so that
/// they stay together, or where they are longer than a page as tables that go on on the next. Needs the packages array and
/// booktabs, then longtable, too.
pub fn latex(table: &BannerTable, options: &LatexOptions) -> String {
    let labels = table.lines.iter().map(|line| line.label.chars().count());
    let stub = labels.max().unwrap_or(0).min(LONG);
    let parts: Vec<BannerTable> = table
        .parts(ROOM.saturating_sub(stub), |at| letters(table, at))
        .iter()
        .map(|columns| table.of_columns(columns))
        .collect();
    // a label in several lines, heads in as many
    let labels = table.lines.iter();
    let of_labels = labels.map(|line| line.label.chars().count().div_ceil(LONG).max(1));
    let names = table.heads.iter();
    let of_names = names.map(|head| in_lines(&head.name, HEAD, 'r').matches("\\\\").count());
    let lines = of_labels.sum::<usize>() + of_names.max().unwrap_or(0) + table.bases.len() + 4;
    match lines * parts.len() > MOST_LINES {
        true => long(table, &parts, options),
        false => float(table, &parts, options),
    }
}

/// The letters that a column takes, with what stands between columns.
fn letters(table: &BannerTable, at: usize) -> usize {
    let head = printable(&table.heads[at].name);
    let words = head.split_whitespace().map(|word| word.chars().count());
    let word = words.max().unwrap_or(0).min(LATEX_LONGEST_WORD);
    let head = head.chars().count().min(word.max(HEAD));
    let bases = table
        .bases
        .iter()
        .map(|base| base.text(at, &table.heads[at]));
    let cells = || table.lines.iter().filter_map(|line| line.cells.get(at));
    let texts = bases.chain(cells().map(|cell| cell.text.clone()));
    let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let raised = cells().map(|cell| cell.letters.chars().count());
    head.max(longest) + raised.max().unwrap_or(0) + BETWEEN
}

/// All parts in one float under one caption.
fn float(table: &BannerTable, parts: &[BannerTable], options: &LatexOptions) -> String {
    let mut out = format!(
        "% needs \\usepackage{{array,booktabs}}\n\\begin{{table}}\n{}\n{SMALL}\n{}\\par\n",
        options.caption(&printable(&table.title)),
        about(table)
    );
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push_str("\\par\\medskip\n");
        }
        let _ = writeln!(out, "\\begin{{tabular}}{{{}}}\n\\toprule", columns(part));
        heads(&mut out, part);
        body(&mut out, part, options.errors_below);
        out.push_str("\\bottomrule\n\\end{tabular}\n");
    }
    foot(&mut out, table, options.errors_below);
    out.push_str("\\end{table}\n");
    out
}

/// Each part as a table that goes on on the next page; the caption is that of the first.
fn long(table: &BannerTable, parts: &[BannerTable], options: &LatexOptions) -> String {
    let mut out =
        format!("% needs \\usepackage{{array,booktabs,longtable}}\n\\begingroup\n{SMALL}\n");
    for (number, part) in parts.iter().enumerate() {
        let _ = writeln!(out, "\\begin{{longtable}}{{{}}}", columns(part));
        let heading = match number {
            0 => {
                let caption = options.caption(&printable(&table.title));
                let _ = writeln!(out, "{caption} \\\\");
                about(table)
            }
            _ => format!("{}, continued", set(&table.title)),
        };
        let width = 1
            + part.heads.len()
            + (0..part.heads.len())
                .filter(|at| is_lettered(part, *at))
                .count();
        let _ = writeln!(
            out,
            "\\multicolumn{{{width}}}{{p{{0.95\\linewidth}}}}{{{heading}}} \\\\\n\\toprule"
        );
        heads(&mut out, part);
        out.push_str("\\endhead\n");
        body(&mut out, part, options.errors_below);
        out.push_str("\\bottomrule\n\\end{longtable}\n");
    }
    foot(&mut out, table, options.errors_below);
    out.push_str("\\endgroup\n");
    out
}

/// What is measured, and of whom.
fn about(table: &BannerTable) -> String {
    format!("{} {}", set(&table.measure), set(&table.base))
}

fn foot(out: &mut String, table: &BannerTable, errors_below: bool) {
    let brackets = "In brackets: standard errors, of shares in points.".to_owned();
    let errors = errors_below && table.lines.iter().any(Line::has_errors);
    for paragraph in table.foot.iter().chain(errors.then_some(&brackets)) {
        let _ = writeln!(out, "\\par\\footnotesize {}", set(&unbroken(paragraph)));
    }
}

/// Whether a column has letters behind its numbers.
fn is_lettered(table: &BannerTable, at: usize) -> bool {
    let mut cells = table.lines.iter().filter_map(|line| line.cells.get(at));
    cells.any(|cell| !cell.letters.is_empty())
}

/// The heads of blocks, columns and letters over a rule.
fn heads(out: &mut String, table: &BannerTable) {
    spans(out, table);
    let heads = || table.heads.iter();
    let names = heads().map(|head| {
        (
            format!("{}{}", in_lines(&head.name, HEAD, 'r'), head.state.sign()),
            "",
        )
    });
    row(out, table, "", names);
    if heads().any(|head| head.letter.is_some()) {
        let letters = heads().map(|head| (set(head.letter.as_deref().unwrap_or_default()), ""));
        row(out, table, "", letters);
    }
    out.push_str("\\midrule\n");
}

/// Bases, then the rows with their letters.
fn body(out: &mut String, table: &BannerTable, errors_below: bool) {
    for base in &table.bases {
        let heads = table.heads.iter().enumerate();
        let values = heads.map(|(at, head)| (set(&base.text(at, head)), ""));
        row(out, table, &set(base.kind.label(100)), values);
    }
    for line in &table.lines {
        if line.kind == LineKind::Net || line.kind == LineKind::Number {
            out.push_str("\\addlinespace\n");
        }
        let cells = line.cells.iter().map(|cell| {
            let number = set(&cell.text);
            let strong = match cell.weight {
                CellWeight::Plain => line.kind == LineKind::Net,
                weight => weight == CellWeight::Strong,
            };
            let number = match strong && !number.is_empty() {
                true => format!("\\textbf{{{number}}}"),
                false => number,
            };
            (number, cell.letters.as_str())
        });
        let label = latex_label(&printable(&line.label));
        let label = match line.kind {
            LineKind::Net => format!("\\textbf{{NET {label}}}"),
            LineKind::Part => format!("\\quad {label}"),
            LineKind::Further => format!("\\qquad \\textit{{{label}}}"),
            _ => label,
        };
        row(out, table, &label, cells);
        if errors_below && line.has_errors() {
            let errors = line.cells.iter().map(|cell| match &cell.error {
                Some(error) => (format!("({})", set(error)), ""),
                None => (String::new(), ""),
            });
            row(out, table, "", errors);
        }
    }
}

/// Smaller type, and columns closer to each other.
const SMALL: &str = "\\small\\setlength{\\tabcolsep}{4pt}";
/// More lines than this do not fit a page.
const MOST_LINES: usize = 52;
/// The letters of a line in small type, between margins of 2.5 cm on A4.
const ROOM: usize = 98;
/// What stands between two columns, in letters.
const BETWEEN: usize = 2;
/// Longer labels than this are set in lines.
const LONG: usize = 34;
/// The measure of a head, in letters.
const HEAD: usize = 16;

/// Text as LaTeX sets it, without what no font has.
fn set(text: &str) -> String {
    latex_escape(&printable(text))
}

/// A head in lines of so many letters, at the right or the left.
fn in_lines(head: &str, room: usize, side: char) -> String {
    let head = printable(head);
    // no word is broken, as far as a page has room for it
    let longest = head.split_whitespace().map(|word| word.chars().count());
    let longest = longest.max().unwrap_or(0).min(LATEX_LONGEST_WORD);
    let lines = fill(&head, longest.max(room), 0);
    match lines.as_slice() {
        [] => String::new(),
        [one] => latex_escape(one),
        lines => {
            let lines: Vec<String> = lines
                .iter()
                .map(|line| latex_first_cell(&latex_escape(line)))
                .collect();
            format!("\\shortstack[{side}]{{{}}}", lines.join("\\\\"))
        }
    }
}

/// Labels at the left, in lines where one is long; numbers at the right.
fn columns(table: &BannerTable) -> String {
    let longest = table.lines.iter().map(|line| line.label.chars().count());
    let labels = match longest.max().unwrap_or(0) > LONG {
        true => ">{\\raggedright\\arraybackslash}p{0.34\\linewidth}",
        false => "l",
    };
    let numbers = (0..table.heads.len()).map(|at| match is_lettered(table, at) {
        true => "r@{}l",
        false => "r",
    });
    format!("{labels}{}", numbers.collect::<String>())
}

/// The place of a column among those that LaTeX has, from 2; behind the last one, that of the end.
fn place(table: &BannerTable, at: usize) -> usize {
    let before = (0..at).map(|at| 1 + usize::from(is_lettered(table, at)));
    2 + before.sum::<usize>()
}

/// The heads of blocks with a rule under each.
fn spans(out: &mut String, table: &BannerTable) {
    if table.blocks.is_empty() {
        return;
    }
    let mut cells = String::new();
    let mut rules = String::new();
    let mut next = 2;
    for block in &table.blocks {
        let (first, end) = (
            place(table, block.columns.start),
            place(table, block.columns.end),
        );
        cells += &" &".repeat(first - next);
        // a longer title would push the last of its columns away
        let room = block.columns.clone().map(|at| letters(table, at));
        let title = in_lines(&block.title, room.sum::<usize>() - BETWEEN, 'l');
        let _ = write!(cells, " & \\multicolumn{{{}}}{{l}}{{{title}}}", end - first);
        let _ = write!(rules, "\\cmidrule(lr){{{first}-{}}}", end - 1);
        next = end;
    }
    let _ = writeln!(out, "{} \\\\\n{rules}", cells.trim_start());
}

/// A row of numbers, each with what is raised behind it.
fn row<'a>(
    out: &mut String,
    table: &BannerTable,
    label: &str,
    cells: impl Iterator<Item = (String, &'a str)>,
) {
    out.push_str(&latex_first_cell(label));
    for (at, (cell, letters)) in cells.enumerate() {
        let _ = write!(out, " & {cell}");
        if is_lettered(table, at) {
            out.push_str(" &");
        }
        if !letters.is_empty() {
            let _ = write!(out, "\\textsuperscript{{{}}}", set(letters));
        }
    }
    out.push_str(" \\\\\n");
}
