//! The codebook as a note in the footer of a file.

use serde_json::{Map, Value as Json, json};

use super::fault::{Fault, damaged};
use crate::survey::microdata::{Codebook, Measure, MultipleResponse, Value, Variable};

/// The key of the note among those of the file.
pub(crate) const KEY: &str = "opine.codebook";
/// Raised when an older opine could no longer read the note.
const VERSION: u64 = 1;

/// The note that says what the schema of a file can't.
pub(crate) fn write(codebook: &Codebook) -> String {
    let variables: Vec<Json> = codebook.variables.iter().map(variable).collect();
    let mut note = json!({ "version": VERSION, "title": codebook.title, "variables": variables });
    if !codebook.sets.is_empty() {
        note["sets"] = codebook.sets.iter().map(set).collect();
    }
    note.to_string()
}

/// A question with several answers; `counted` is absent where each variable names an answer.
fn set(set: &MultipleResponse) -> Json {
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(set.name));
    if let Some(label) = &set.label {
        out.insert("label".to_owned(), json!(label));
    }
    if let Some(counted) = &set.counted {
        out.insert("counted".to_owned(), value(counted));
    }
    out.insert("variables".to_owned(), json!(set.variables));
    Json::Object(out)
}

fn variable(variable: &Variable) -> Json {
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(variable.name));
    if let Some(label) = &variable.label {
        out.insert("label".to_owned(), json!(label));
    }
    if let Some(measure) = variable.measure {
        let measure = match measure {
            Measure::Nominal => "nominal",
            Measure::Ordinal => "ordinal",
            Measure::Scale => "scale",
        };
        out.insert("measure".to_owned(), json!(measure));
    }
    if !variable.labels.is_empty() {
        let labels = variable.labels.iter();
        let labels: Vec<Json> = labels
            .map(|(of, label)| json!([value(of), label]))
            .collect();
        out.insert("labels".to_owned(), json!(labels));
    }
    if !variable.missing.values.is_empty() {
        let values: Vec<Json> = variable.missing.values.iter().map(value).collect();
        out.insert("missing".to_owned(), json!(values));
    }
    if !variable.missing.ranges.is_empty() {
        let ranges = variable.missing.ranges.iter();
        let ranges: Vec<Json> = ranges
            .map(|(low, high)| json!([bound(*low), bound(*high)]))
            .collect();
        out.insert("missing_ranges".to_owned(), json!(ranges));
    }
    Json::Object(out)
}

fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
    }
}

/// JSON has no infinite number, and a range may have no end.
fn bound(number: f64) -> Json {
    match number.is_finite() {
        true => json!(number),
        false => json!(number.to_string()),
    }
}

/// Adds what a note says to a codebook from the schema. Variables that are no longer in the file are passed over, and so
/// is what a later version may have added.
pub(crate) fn restore(text: &str, codebook: &mut Codebook) -> Result<(), Fault> {
    let note: Json =
        serde_json::from_str(text).map_err(|error| broken(&format!("is no JSON: {error}")))?;
    match note["version"].as_u64() {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => {
            return Err(broken(&format!(
                "is of version {newer}, written by a newer opine; this one reads version {VERSION}"
            )));
        }
        _ => return Err(broken("has no version")),
    }
    codebook.title = note["title"].as_str().map(str::to_owned);
    for described in entries(&note["variables"]) {
        let name = described["name"].as_str();
        let found = codebook.variables.iter_mut();
        if let Some(variable) = found.into_iter().find(|v| Some(v.name.as_str()) == name) {
            describe(variable, described)
                .ok_or_else(|| broken(&format!("does not make sense for {}", variable.name)))?;
        }
    }
    for described in entries(&note["sets"]) {
        let set = restored_set(described).ok_or_else(|| broken("has a set that makes no sense"))?;
        let here = |name: &String| codebook.variables.iter().any(|v| v.name == *name);
        if set.variables.iter().all(here) {
            codebook.sets.push(set);
        }
    }
    Ok(())
}

fn restored_set(described: &Json) -> Option<MultipleResponse> {
    let variables = entries(&described["variables"]).iter();
    Some(MultipleResponse {
        name: described["name"].as_str()?.to_owned(),
        label: described["label"].as_str().map(str::to_owned),
        counted: match &described["counted"] {
            Json::Null => None,
            counted => Some(read(counted)?),
        },
        variables: variables
            .map(|name| name.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
    })
}

fn describe(variable: &mut Variable, described: &Json) -> Option<()> {
    variable.label = described["label"].as_str().map(str::to_owned);
    variable.measure = match described["measure"].as_str() {
        None => None,
        Some("nominal") => Some(Measure::Nominal),
        Some("ordinal") => Some(Measure::Ordinal),
        Some("scale") => Some(Measure::Scale),
        Some(_) => return None,
    };
    variable.labels = entries(&described["labels"])
        .iter()
        .map(|pair| Some((read(pair.get(0)?)?, pair.get(1)?.as_str()?.to_owned())))
        .collect::<Option<_>>()?;
    variable.missing.values = entries(&described["missing"])
        .iter()
        .map(read)
        .collect::<Option<_>>()?;
    variable.missing.ranges = entries(&described["missing_ranges"])
        .iter()
        .map(|pair| Some((read_bound(pair.get(0)?)?, read_bound(pair.get(1)?)?)))
        .collect::<Option<_>>()?;
    Some(())
}

fn entries(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn read(json: &Json) -> Option<Value> {
    match json {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_f64().map(Value::Number),
        Json::String(text) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

fn read_bound(json: &Json) -> Option<f64> {
    match json {
        Json::String(text) => text.parse().ok(),
        other => other.as_f64(),
    }
}

fn broken(what: &str) -> Fault {
    damaged(format!("the codebook in the footer ({KEY}) {what}"))
}
