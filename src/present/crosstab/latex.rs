//! A banner table as LaTeX, set with booktabs.

use std::fmt::Write;

use super::content::{BannerTable, CellWeight, LineKind};
use crate::present::table::{latex_escape, latex_first_cell};

/// A table whose blocks are spanned and ruled; letters are raised. Needs the packages array and booktabs.
pub fn latex(table: &BannerTable) -> String {
    let mut out = String::from("% needs \\usepackage{array,booktabs}\n\\begin{table}\n");
    let _ = writeln!(out, "\\caption{{{}}}", latex_escape(&table.title));
    let _ = writeln!(
        out,
        "{{\\small {} {}\\par}}",
        latex_escape(&table.measure),
        latex_escape(&table.base)
    );
    let _ = writeln!(
        out,
        "\\begin{{tabular}}{{l{}}}\n\\toprule",
        "r".repeat(table.heads.len())
    );
    spans(&mut out, table);
    let name = |at: usize| {
        let head = &table.heads[at];
        format!("{}{}", latex_escape(&head.name), head.state.sign())
    };
    row(&mut out, "", (0..table.heads.len()).map(name));
    if table.heads.iter().any(|head| head.letter.is_some()) {
        let letters = table
            .heads
            .iter()
            .map(|head| head.letter.clone().unwrap_or_default());
        row(&mut out, "", letters);
    }
    out.push_str("\\midrule\n");
    for base in &table.bases {
        let heads = table.heads.iter().enumerate();
        let values = heads.map(|(at, head)| base.text(at, head));
        row(&mut out, &latex_escape(base.kind.label(100)), values);
    }
    for line in &table.lines {
        if line.kind == LineKind::Net || line.kind == LineKind::Number {
            out.push_str("\\addlinespace\n");
        }
        let strong = line.kind == LineKind::Net;
        let cells = line.cells.iter().map(|cell| {
            let number = latex_escape(&cell.text);
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
                    latex_escape(&cell.letters)
                ),
            }
        });
        let label = latex_escape(&line.label);
        let label = match line.kind {
            LineKind::Net => format!("\\textbf{{NET {label}}}"),
            LineKind::Part => format!("\\quad {label}"),
            LineKind::Further => format!("\\qquad \\textit{{{label}}}"),
            _ => label,
        };
        row(&mut out, &label, cells);
    }
    out.push_str("\\bottomrule\n\\end{tabular}\n");
    for paragraph in &table.foot {
        let _ = writeln!(out, "\\par\\footnotesize {}", latex_escape(paragraph));
    }
    out.push_str("\\end{table}\n");
    out
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
            latex_escape(&block.title)
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
