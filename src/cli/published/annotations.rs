//! Findings as code hosts show them beside the rows: workflow commands of GitHub, and SARIF.

use std::path::Path;

use serde_json::{Value, json};

use crate::published::coherence::rules;
use crate::published::figures::store::{Finding, Severity};

/// The file as it lies in the repository.
fn path(finding: &Finding, folder: Option<&Path>) -> String {
    let path = folder.map(|folder| folder.join(&finding.file));
    path.map_or(finding.file.clone(), |path| path.display().to_string())
}

/// What is wrong, in which column, and what would be right: hosts show the line and not the cell.
fn message(finding: &Finding) -> String {
    let column = finding.column.as_ref();
    let column = column.map_or(String::new(), |column| format!("{column}: "));
    match &finding.fix {
        Some(fix) => format!("{column}{}\n→ {fix}", finding.message),
        None => format!("{column}{}", finding.message),
    }
}

/// A path as a URI: what no URI may hold is written in its bytes.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

/// A line a finding: `::warning file=polls.csv,line=12,title=year-alone::…`, as GitHub’s workflow commands are written.
pub fn as_github(findings: &[&Finding], folder: Option<&Path>) -> String {
    let text = |text: &str| {
        let text = text.replace('%', "%25");
        text.replace('\r', "%0D").replace('\n', "%0A")
    };
    let property = |value: &str| text(value).replace(':', "%3A").replace(',', "%2C");
    let line = |finding: &&Finding| {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let file = property(&path(finding, folder));
        let place = finding
            .line
            .map_or(String::new(), |line| format!(",line={line}"));
        let (rule, message) = (finding.rule, text(&message(finding)));
        format!("::{level} file={file}{place},title={rule}::{message}\n")
    };
    findings.iter().map(line).collect()
}

/// SARIF 2.1.0 (OASIS standard): one run with a result a finding.
pub fn as_sarif(findings: &[&Finding], folder: Option<&Path>) -> String {
    let result = |finding: &&Finding| -> Value {
        let mut place = json!({ "artifactLocation": { "uri": uri(&path(finding, folder)) } });
        if let (Some(line), Some(place)) = (finding.line, place.as_object_mut()) {
            place.insert("region".to_owned(), json!({ "startLine": line }));
        }
        json!({
            "ruleId": finding.rule,
            "level": finding.severity.as_str(),
            "message": { "text": message(finding) },
            "locations": [{ "physicalLocation": place }],
        })
    };
    let results: Vec<Value> = findings.iter().map(result).collect();
    let mut ids: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    ids.sort_unstable();
    ids.dedup();
    let says = |id: &&str| rules::find(id).map_or("", |rule| rule.says);
    let rules: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "id": id, "shortDescription": { "text": says(id) } }))
        .collect();
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": { "name": "opine", "version": env!("CARGO_PKG_VERSION"), "rules": rules },
            },
            "results": results,
        }],
    });
    format!("{sarif:#}\n")
}
