use anstyle::{AnsiColor, Color, Style};

use super::output::terminal;
use super::rehearse::is_silent;
use crate::present::table::fill;
use crate::published::figures::store::{Finding, Severity, Store};

/// Prints findings to standard error, as when they stop a command.
pub fn print_findings(store: &Store, findings: &[&Finding]) {
    let said = findings.iter().filter(|_| !is_silent());
    for finding in said {
        anstream::eprint!("{}", paragraph(store, finding));
    }
}

/// A finding for people: severity, place and rule; what is wrong; why; what would be right.
pub fn paragraph(store: &Store, finding: &Finding) -> String {
    let options = terminal();
    let width = options.width.clamp(60, 100);
    let severity = format!("{:<7}", finding.severity.as_str());
    let color = match finding.severity {
        Severity::Error => Some(AnsiColor::Red),
        Severity::Warning => Some(AnsiColor::Yellow),
        Severity::Note => None,
    };
    let style = Style::new().fg_color(color.map(Color::Ansi));
    let severity = match options.styled {
        true => format!("{style}{severity}{style:#}"),
        false => severity,
    };
    let place = place(store, finding);
    let rule = format!("[{}]", finding.rule);
    let room = width.saturating_sub(8 + place.chars().count());
    let mut out = format!("{severity} {place}{rule:>room$}\n");
    let mut parts = finding.message.lines().map(|line| (line, "  "));
    for (line, indent) in parts
        .next()
        .into_iter()
        .chain(parts.map(|(line, _)| (line, "    ")))
    {
        for piece in fill(line, width - indent.len(), 0) {
            out += &format!("{indent}{piece}\n");
        }
    }
    for (position, piece) in finding
        .fix
        .iter()
        .flat_map(|fix| fill(fix, width - 6, 0))
        .enumerate()
    {
        let arrow = if position == 0 { "→" } else { " " };
        out += &format!("    {arrow} {piece}\n");
    }
    out + "\n"
}

/// `figures.csv:12:6 percent`.
fn place(store: &Store, finding: &Finding) -> String {
    let mut place = finding.file.clone();
    if let Some(line) = finding.line {
        place += &format!(":{line}");
    }
    if let Some(column) = &finding.column {
        if let Some(number) = store.column_number(&finding.file, column) {
            place += &format!(":{number}");
        }
        place += &format!(" {column}");
    }
    place
}
