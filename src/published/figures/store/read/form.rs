//! What is wrong with a file before its values are looked at: encoding and quotation marks.

use super::scan::{Problem, ProblemKind, Scan};
use crate::published::figures::store::finding::{Finding, Severity};
use crate::published::figures::store::rules;

/// The bytes without a byte order mark. A mark of UTF-16 is told, as nothing else in such a file can be.
pub fn text_bytes<'a>(
    file: &str,
    bytes: &'a [u8],
    findings: &mut Vec<Finding>,
) -> Option<&'a [u8]> {
    let utf16 = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        // every other byte of Latin letters in UTF-16 is 0
        [0, second, 0, fourth, ..] => *second != 0 && *fourth != 0,
        [first, 0, third, 0, ..] => *first != 0 && *third != 0,
        _ => false,
    };
    if utf16 {
        let finding = Finding::new(rules::ENCODING, Severity::Error, file, "the file is UTF-16");
        findings.push(
            finding
                .line(1)
                .fix("save it as UTF-8 (in spreadsheets: CSV UTF-8)"),
        );
        return None;
    }
    Some(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
}

/// What is wrong with encoding and quotation marks. Wrong bytes are told once a file, as one cause
/// has made them all.
pub fn form_findings(file: &str, names: &[String], scan: &Scan) -> Vec<Finding> {
    let not_utf8 = |problem: &&Problem| matches!(problem.kind, ProblemKind::NotUtf8(_));
    let others = scan
        .problems
        .iter()
        .filter(not_utf8)
        .count()
        .saturating_sub(1);
    let first = scan.problems.iter().find(not_utf8);
    let marks = scan.problems.iter().filter(|problem| !not_utf8(problem));
    let finding = |problem: &Problem| {
        let (severity, message, fix) = explain(problem, others, names);
        let rule = if not_utf8(&problem) {
            rules::ENCODING
        } else {
            rules::QUOTE
        };
        let finding = Finding::new(rule, severity, file, message)
            .line(problem.line)
            .fix(fix);
        finding.maybe_column(names.get(problem.cell).map(String::as_str))
    };
    first.into_iter().chain(marks).map(finding).collect()
}

fn explain(problem: &Problem, others: usize, names: &[String]) -> (Severity, String, String) {
    let line = problem.line;
    let column = names
        .get(problem.cell)
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    let number = problem.cell + 1;
    let (severity, message, fix) = match problem.kind {
        ProblemKind::Unclosed => (
            Severity::Error,
            format!("the quotation mark opened in column {number}{column} is never closed"),
            format!("close it at the end of line {line}, if the value ends there"),
        ),
        ProblemKind::AfterQuote => (
            Severity::Error,
            "the value goes on after its closing quotation mark".to_string(),
            "double the quotation marks inside a value: \"\"".to_string(),
        ),
        ProblemKind::StrayQuote => (
            Severity::Warning,
            "a quotation mark inside a value that does not begin with one".to_string(),
            "put the value in quotation marks and double those inside it: \"\"".to_string(),
        ),
        ProblemKind::SpaceAfterQuote => (
            Severity::Warning,
            "space between the closing quotation mark and the comma: it is left out".to_string(),
            "delete the space".to_string(),
        ),
        ProblemKind::SpaceBeforeQuote => (
            Severity::Error,
            "space before the quotation mark, which makes it a part of the value".to_string(),
            "delete the space between comma and quotation mark".to_string(),
        ),
        ProblemKind::NotUtf8(byte) => return not_utf8(byte, others),
        ProblemKind::GaveUp => (
            Severity::Error,
            "so many quotation marks are never closed that the rest was not read".to_string(),
            "double the quotation marks inside values: \"\"".to_string(),
        ),
    };
    (severity, message, fix)
}

fn not_utf8(byte: u8, others: usize) -> (Severity, String, String) {
    let more = match others {
        0 => String::new(),
        1 => ", nor is one value more".to_string(),
        _ => format!(", nor are {others} values more"),
    };
    let message = format!("the byte 0x{byte:02X} is not UTF-8{more}");
    // Latin-1 and Windows-1252 have the same letters from 0xA0 on
    let letter = if byte >= 0xA0 {
        format!(", where it is {}", char::from(byte))
    } else {
        String::new()
    };
    (
        Severity::Error,
        message,
        format!("save the file as UTF-8; this looks like Windows-1252{letter}"),
    )
}
