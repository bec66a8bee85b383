use std::fmt::Write;

use super::{Align, Cell, Emphasis, Row, Table};

/// The table as LaTeX, set with the package booktabs. All text is escaped.
pub fn latex(table: &Table) -> String {
    let mut out = String::from("% needs \\usepackage{booktabs}\n\\begin{table}\n");
    if !table.title.is_empty() {
        let aside = match table.aside.is_empty() {
            true => String::new(),
            false => format!(". {}", escape(&table.aside)),
        };
        let _ = writeln!(out, "\\caption{{{}{aside}}}", escape(&table.title));
    }
    let _ = writeln!(
        out,
        "\\begin{{tabular}}{{l{}}}\n\\toprule",
        alignments(table)
    );
    let heads: String = table
        .columns
        .iter()
        .map(|column| format!(" & {}", escape(&column.head)))
        .collect();
    let _ = writeln!(out, "{heads} \\\\\n\\midrule");
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
    out.push_str("\\bottomrule\n\\end{tabular}\n");
    foot(&mut out, table);
    out.push_str("\\end{table}\n");
    out
}

/// A sentence beside a table.
pub fn latex_paragraph(text: &str) -> String {
    format!("{}\n", escape(text))
}

fn alignments(table: &Table) -> String {
    let letter = |align: Align| match align {
        Align::Left => 'l',
        Align::Right | Align::Decimal => 'r',
    };
    table
        .columns
        .iter()
        .map(|column| letter(column.align))
        .collect()
}

fn body_row(out: &mut String, row: &Row, table: &Table) {
    let indent = "\\quad ".repeat(row.indent);
    let _ = write!(out, "{indent}{}", escape(&row.label));
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
            "\\multicolumn{{{width}}}{{p{{\\linewidth}}}}{{{indent}\\quad \\small {}}} \\\\",
            escape(note)
        );
    }
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
    let paragraphs = table.foot.iter().map(|paragraph| escape(paragraph));
    for paragraph in Some(legend.join("; "))
        .filter(|legend| !legend.is_empty())
        .into_iter()
        .chain(paragraphs)
    {
        let _ = writeln!(out, "\\par\\footnotesize {paragraph}");
    }
}

/// What LaTeX would read as a command, and the signs that its standard fonts lack.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', letter]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '–' => out.push_str("--"),
            '−' => out.push_str("$-$"),
            '±' => out.push_str("$\\pm$"),
            '≈' => out.push_str("$\\approx$"),
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
