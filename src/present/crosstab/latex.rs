//! A banner table as LaTeX, set with booktabs.

use std::fmt::Write;

use super::content::{BannerTable, CellWeight, LineKind};
use crate::frames::words::printable;
use crate::present::table::{fill, latex_escape, latex_first_cell};

/// A table whose blocks are spanned and ruled; letters are raised. Long labels and heads are set in lines, never cut; a table
/// longer than a page goes on on the next, one wider than a page is set in parts, each with the total. Needs the packages
/// array and booktabs, then longtable, too.
pub fn latex(table: &BannerTable) -> String {
    let labels = table.lines.iter().map(|line| line.label.chars().count());
    let stub = labels.max().unwrap_or(0).min(LONG);
    let parts = table.parts(ROOM.saturating_sub(stub), |at| letters(table, at));
    let last = parts.len().saturating_sub(1);
    let set_part = |(number, columns): (usize, &Vec<usize>)| {
        let mut part = table.of_columns(columns);
        if number < last {
            part.foot.clear();
        }
        one_part(&part, number > 0)
    };
    parts
        .iter()
        .enumerate()
        .map(set_part)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The letters that a column takes, with what stands between columns.
fn letters(table: &BannerTable, at: usize) -> usize {
    let head = printable(&table.heads[at].name);
    let words = head.split_whitespace().map(|word| word.chars().count());
    let head = head.chars().count().min(words.max().unwrap_or(0).max(HEAD));
    let bases = table
        .bases
        .iter()
        .map(|base| base.text(at, &table.heads[at]));
    let cells = table.lines.iter().filter_map(|line| line.cells.get(at));
    let texts = bases.chain(cells.map(|cell| cell.text.clone()));
    let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
    head.max(longest) + BETWEEN
}

fn one_part(table: &BannerTable, continued: bool) -> String {
    let long = table.bases.len() + table.lines.len() > MOST_LINES;
    let columns = columns(table);
    // a caption would count a part as another table; that of a longtable is a row of it
    let caption = match (continued, long) {
        (true, _) => String::new(),
        (false, true) => format!("\\caption{{{}}} \\\\\n", set(&table.title)),
        (false, false) => format!("\\caption{{{}}}\n", set(&table.title)),
    };
    let about = match continued {
        false => format!(
            "{{\\small {} {}\\par}}",
            set(&table.measure),
            set(&table.base)
        ),
        true => format!("{{\\small {}, continued\\par}}", set(&table.title)),
    };
    let mut out = match long {
        true => format!(
            "% needs \\usepackage{{array,booktabs,longtable}}\n\\begin{{longtable}}{{{columns}}}\n{caption}\
             \\multicolumn{{{}}}{{p{{0.95\\linewidth}}}}{{{about}}} \\\\\n\\toprule\n",
            table.heads.len() + 1
        ),
        false => format!(
            "% needs \\usepackage{{array,booktabs}}\n\\begin{{table}}\n{caption}{about}\n\
             \\begin{{tabular}}{{{columns}}}\n\\toprule\n"
        ),
    };
    spans(&mut out, table);
    let name = |at: usize| {
        let head = &table.heads[at];
        format!("{}{}", in_lines(&head.name), head.state.sign())
    };
    row(&mut out, "", (0..table.heads.len()).map(name));
    if table.heads.iter().any(|head| head.letter.is_some()) {
        let letters = table
            .heads
            .iter()
            .map(|head| set(head.letter.as_deref().unwrap_or_default()));
        row(&mut out, "", letters);
    }
    out.push_str("\\midrule\n");
    if long {
        out.push_str("\\endhead\n");
    }
    for base in &table.bases {
        let heads = table.heads.iter().enumerate();
        let values = heads.map(|(at, head)| set(&base.text(at, head)));
        row(&mut out, &set(base.kind.label(100)), values);
    }
    for line in &table.lines {
        if line.kind == LineKind::Net || line.kind == LineKind::Number {
            out.push_str("\\addlinespace\n");
        }
        let strong = line.kind == LineKind::Net;
        let cells = line.cells.iter().map(|cell| {
            let number = set(&cell.text);
            let strong = match cell.weight {
                CellWeight::Plain => strong,
                weight => weight == CellWeight::Strong,
            };
            let number = match strong && !number.is_empty() {
                true => format!("\\textbf{{{number}}}"),
                false => number,
            };
            match cell.letters.is_empty() {
                true => number,
                // letters take no room, so that digits stand under each other
                false => format!(
                    "{number}\\rlap{{\\textsuperscript{{{}}}}}",
                    set(&cell.letters)
                ),
            }
        });
        let label = set(&line.label);
        let label = match line.kind {
            LineKind::Net => format!("\\textbf{{NET {label}}}"),
            LineKind::Part => format!("\\quad {label}"),
            LineKind::Further => format!("\\qquad \\textit{{{label}}}"),
            _ => label,
        };
        row(&mut out, &label, cells);
    }
    out.push_str("\\bottomrule\n");
    out.push_str(if long {
        "\\end{longtable}\n"
    } else {
        "\\end{tabular}\n"
    });
    for paragraph in &table.foot {
        let _ = writeln!(out, "\\par\\footnotesize {}", set(paragraph));
    }
    if !long {
        out.push_str("\\end{table}\n");
    }
    out
}

/// More lines than this do not fit a page.
const MOST_LINES: usize = 36;
/// The letters of a line, between margins of 2.5 cm on A4.
const ROOM: usize = 90;
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

/// A head in lines of its column, right under right.
fn in_lines(head: &str) -> String {
    let head = printable(head);
    // no word is broken
    let longest = head.split_whitespace().map(|word| word.chars().count());
    let lines = fill(&head, longest.max().unwrap_or(0).max(HEAD), 0);
    match lines.as_slice() {
        [] => String::new(),
        [one] => latex_escape(one),
        lines => {
            let lines: Vec<String> = lines
                .iter()
                .map(|line| latex_first_cell(&latex_escape(line)))
                .collect();
            format!("\\shortstack[r]{{{}}}", lines.join("\\\\"))
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
    format!("{labels}{}", "r".repeat(table.heads.len()))
}

/// The heads of blocks with a rule under each.
fn spans(out: &mut String, table: &BannerTable) {
    if table.blocks.is_empty() {
        return;
    }
    let mut cells = String::new();
    let mut rules = String::new();
    let mut at = 0;
    for block in &table.blocks {
        cells += &" &".repeat(block.columns.start - at);
        let width = block.columns.len();
        let _ = write!(
            cells,
            " & \\multicolumn{{{width}}}{{l}}{{{}}}",
            set(&block.title)
        );
        let _ = write!(
            rules,
            "\\cmidrule(lr){{{}-{}}}",
            block.columns.start + 2,
            block.columns.end + 1
        );
        at = block.columns.end;
    }
    let _ = writeln!(out, "{} \\\\\n{rules}", cells.trim_start());
}

fn row(out: &mut String, label: &str, cells: impl Iterator<Item = String>) {
    out.push_str(&latex_first_cell(label));
    for cell in cells {
        let _ = write!(out, " & {cell}");
    }
    out.push_str(" \\\\\n");
}
