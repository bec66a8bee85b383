//! The specification that a file of sums has within it: all that is needed to read it, and to estimate from it.

use serde_json::{Map, Value as Json, json};

use crate::survey::design::Design;
use crate::survey::expr::{Expr, Node};
use crate::survey::microdata::{Codebook, Kind, Measure, MissingValues, Value, Variable};
use crate::survey::sums::error::Error;

/// The version of the format that is written. In version 1 respondents with weight 0 counted in `n` of items, and the sum of
/// all weights was not there; it is still read.
pub const VERSION: u64 = 2;

const MOST_REPLICATES: u64 = 5_000;

/// What was asked of the respondents, of whom, by which design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    /// The version of the format that it was written in.
    pub version: u64,
    /// The name of the file of respondents, without its ending.
    pub source: String,
    /// The items as text in their canonical form, by which they are found.
    pub items: Vec<String>,
    /// The items as they were typed, for people.
    pub typed: Vec<String>,
    /// Name and expression of each group.
    pub by: Vec<(String, String)>,
    /// The subpopulation.
    pub condition: Option<String>,
    pub design: Design,
    /// Rows that miss an answer to any item were left out before the design was set.
    pub incomplete_dropped: bool,
    /// Weights are N/n of the units in this file.
    pub weights_from_fpc: bool,
    /// Number of replicates.
    pub replicates: usize,
    pub columns: ColumnNames,
    /// The variables that were used.
    pub codebook: Codebook,
    /// What the columns of banner tables are, where the sums are of these: a domain is a pattern of a block then, and a
    /// respondent lies in one of each block.
    pub banner: Option<Json>,
}

/// Columns of the table that have names of their own, in the order of the design and of the groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnNames {
    pub strata: Vec<String>,
    pub psu: Vec<String>,
    /// Each a pair: the smallest and the largest.
    pub fpc: Vec<(String, String)>,
    pub by: Vec<String>,
}

impl ColumnNames {
    /// Names for a design and groups: letters, digits and underscores, each different from all others in any case.
    pub fn new(design: &Design, by: &[(String, String)]) -> ColumnNames {
        let mut taken: Vec<String> = Vec::new();
        let mut name = |role: &str, variable: &str| {
            let plain = |letter: char| match letter.is_alphanumeric() {
                true => letter,
                false => '_',
            };
            // engines cut names off at 63 bytes
            let variable: String = variable.chars().map(plain).take(12).collect();
            let first = format!("{role}_{}", variable.trim_matches('_'));
            let numbered = (2..).map(|number| format!("{first}_{number}"));
            let free = std::iter::once(first.clone())
                .chain(numbered)
                .find(|name| !taken.contains(&name.to_lowercase()))
                .unwrap_or_default();
            taken.push(free.to_lowercase());
            free
        };
        let units = design.replicates.is_none();
        let stages = design.psu.iter().take(design.stages());
        ColumnNames {
            strata: design
                .strata
                .iter()
                .map(|variable| name("stratum", variable))
                .collect(),
            psu: stages.map(|variable| name("psu", variable)).collect(),
            fpc: design
                .fpc
                .iter()
                .filter(|_| units)
                .map(|variable| (name("fpc_low", variable), name("fpc_high", variable)))
                .collect(),
            by: by
                .iter()
                .map(|(variable, _)| name("by", variable))
                .collect(),
        }
    }

    /// All of them, in the order of the table.
    pub fn all(&self) -> Vec<&str> {
        let fpc = self.fpc.iter().flat_map(|(low, high)| [low, high]);
        let units = self.strata.iter().chain(&self.psu);
        units
            .chain(fpc)
            .chain(&self.by)
            .map(String::as_str)
            .collect()
    }
}

impl Spec {
    /// As JSON, on one line.
    pub fn to_json(&self) -> String {
        let by: Vec<Json> = self
            .by
            .iter()
            .map(|(name, text)| json!({"name": name, "expression": text}))
            .collect();
        let pair = |(low, high): &(String, String)| json!([low, high]);
        let mut json = json!({
            "format": "opine sums",
            "version": self.version,
            "source": self.source,
            "items": self.items,
            "by": by,
            "where": self.condition,
            "design": self.design.to_toml(),
            "incomplete": if self.incomplete_dropped { "drop" } else { "domain" },
            "weights_from_fpc": self.weights_from_fpc,
            "replicates": self.replicates,
            "columns": {
                "strata": self.columns.strata,
                "psu": self.columns.psu,
                "fpc": self.columns.fpc.iter().map(pair).collect::<Vec<Json>>(),
                "by": self.columns.by,
            },
            "codebook": self.codebook.variables.iter().map(variable).collect::<Vec<Json>>(),
        });
        if self.typed != self.items {
            json["asked"] = json!(self.typed);
        }
        if let Some(banner) = &self.banner {
            json["banner"] = banner.clone();
        }
        json.to_string()
    }

    /// Reads what [`Spec::to_json`] wrote.
    ///
    /// # Errors
    /// Another version, or a part that is missing.
    pub fn from_json(text: &str) -> Result<Spec, Error> {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| Error::Spoilt(format!("its specification is no JSON: {error}")))?;
        let version = match json["version"].as_u64() {
            Some(version) if (1..=VERSION).contains(&version) => version,
            Some(other) => {
                return Err(Error::Spoilt(format!(
                    "it has version {other} of the format, and this program reads versions 1 to {VERSION}: make it again, or \
                     take the program that wrote it"
                )));
            }
            None => return Err(missing("version")),
        };
        let toml = text_of(&json, "design")?;
        let design = Design::from_toml(&toml)
            .and_then(|design| design.check().map(|()| design))
            .map_err(|error| Error::Spoilt(format!("its design can't be read: {error}")))?;
        let by = array(&json, "by")?.iter();
        let items = texts(&json, "items")?;
        let typed = texts(&json, "asked").ok();
        let columns = &json["columns"];
        let fpc = array(columns, "fpc")?.iter();
        Ok(Spec {
            version,
            source: text_of(&json, "source")?,
            typed: typed
                .filter(|typed| typed.len() == items.len())
                .unwrap_or_else(|| items.clone()),
            items,
            by: by
                .map(|group| Ok((text_of(group, "name")?, text_of(group, "expression")?)))
                .collect::<Result<_, Error>>()?,
            condition: json["where"].as_str().map(str::to_owned),
            design,
            incomplete_dropped: json["incomplete"] == "drop",
            weights_from_fpc: json["weights_from_fpc"] == true,
            replicates: match json["replicates"].as_u64() {
                Some(count) if count <= MOST_REPLICATES => count as usize,
                _ => return Err(missing("number of replicates that can be")),
            },
            columns: ColumnNames {
                strata: texts(columns, "strata")?,
                psu: texts(columns, "psu")?,
                fpc: fpc
                    .map(|pair| match (pair[0].as_str(), pair[1].as_str()) {
                        (Some(low), Some(high)) => Ok((low.to_owned(), high.to_owned())),
                        _ => Err(missing("columns.fpc")),
                    })
                    .collect::<Result<_, Error>>()?,
                by: texts(columns, "by")?,
            },
            codebook: Codebook {
                variables: array(&json, "codebook")?
                    .iter()
                    .map(read_variable)
                    .collect::<Result<_, Error>>()?,
                ..Codebook::default()
            },
            banner: Some(&json["banner"])
                .filter(|banner| banner.is_object())
                .cloned(),
        })
    }
}

fn missing(key: &str) -> Error {
    Error::Spoilt(format!("its specification has no {key}"))
}

fn text_of(json: &Json, key: &str) -> Result<String, Error> {
    let text = json[key].as_str().ok_or_else(|| missing(key))?;
    Ok(text.to_owned())
}

fn array<'j>(json: &'j Json, key: &str) -> Result<&'j Vec<Json>, Error> {
    json[key].as_array().ok_or_else(|| missing(key))
}

fn texts(json: &Json, key: &str) -> Result<Vec<String>, Error> {
    let entries = array(json, key)?.iter();
    let text = |entry: &Json| entry.as_str().map(str::to_owned);
    entries
        .map(text)
        .collect::<Option<_>>()
        .ok_or_else(|| missing(key))
}

fn variable(variable: &Variable) -> Json {
    let mut json = Map::new();
    json.insert("name".into(), variable.name.clone().into());
    json.insert("kind".into(), kind_name(variable.kind).into());
    if let Some(label) = &variable.label {
        json.insert("label".into(), label.clone().into());
    }
    if let Some(measure) = variable.measure {
        json.insert("measure".into(), measure_name(measure).into());
    }
    if !variable.labels.is_empty() {
        let labels = variable.labels.iter();
        let pairs: Vec<Json> = labels
            .map(|(coded, label)| json!([value(coded), label]))
            .collect();
        json.insert("labels".into(), pairs.into());
    }
    let missing = &variable.missing;
    if !missing.values.is_empty() {
        let values: Vec<Json> = missing.values.iter().map(value).collect();
        json.insert("missing".into(), values.into());
    }
    if !missing.ranges.is_empty() {
        let ranges = missing.ranges.iter();
        let ranges: Vec<Json> = ranges
            .map(|(a, b)| json!([number(*a), number(*b)]))
            .collect();
        json.insert("missing_ranges".into(), ranges.into());
    }
    Json::Object(json)
}

fn read_variable(json: &Json) -> Result<Variable, Error> {
    let kinds = [Kind::Number, Kind::Text, Kind::Date, Kind::DateTime];
    let measures = [Measure::Nominal, Measure::Ordinal, Measure::Scale];
    let kind = kinds
        .into_iter()
        .find(|kind| json["kind"] == kind_name(*kind));
    let pairs = json["labels"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter();
    let values = json["missing"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter();
    let ranges = json["missing_ranges"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter();
    Ok(Variable {
        name: text_of(json, "name")?,
        label: json["label"].as_str().map(str::to_owned),
        kind: kind.ok_or_else(|| missing("kind of a variable"))?,
        measure: measures
            .into_iter()
            .find(|measure| json["measure"] == measure_name(*measure)),
        labels: pairs
            .map(|pair| {
                (
                    read_value(&pair[0]),
                    pair[1].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
        missing: MissingValues {
            values: values.map(read_value).collect(),
            ranges: ranges
                .map(|pair| (read_number(&pair[0]), read_number(&pair[1])))
                .collect(),
        },
        native: Default::default(),
    })
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::Text => "text",
        Kind::Date => "date",
        Kind::DateTime => "datetime",
    }
}

fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Nominal => "nominal",
        Measure::Ordinal => "ordinal",
        Measure::Scale => "scale",
    }
}

fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Number(value) => number(*value),
        Value::Text(text) => text.clone().into(),
    }
}

fn read_value(json: &Json) -> Value {
    match json {
        Json::Number(_) => Value::Number(read_number(json)),
        Json::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}

/// JSON has no infinity: the ends of an open range are written as texts.
fn number(number: f64) -> Json {
    match serde_json::Number::from_f64(number) {
        Some(number) => Json::Number(number),
        None => number.to_string().into(),
    }
}

fn read_number(json: &Json) -> f64 {
    let written = json.as_str().and_then(|text| text.parse().ok());
    json.as_f64().or(written).unwrap_or(f64::NAN)
}

/// Whether the levels of an expression are numbers: of a variable by its kind, else of what is calculated.
pub fn has_number_levels(expr: &Expr, codebook: &Codebook) -> bool {
    match &expr.node {
        Node::Name(name) => {
            let variable = codebook.variable(name);
            variable.is_ok_and(|variable| variable.kind == Kind::Number)
        }
        Node::Cross(_) | Node::Call { .. } => false,
        _ => !expr.is_condition(),
    }
}

/// A level as text, `None` for null.
pub fn level_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        value => Some(value.text()),
    }
}

/// A number with a decimal point, or with a comma where a spreadsheet was on the way.
pub fn decimal(text: &str) -> Option<f64> {
    let number: Option<f64> = text.parse().ok();
    number.or_else(|| text.replacen(',', ".", 1).parse().ok())
}

/// A level as it was before it was text.
pub fn level_value(text: Option<&str>, numbers: bool) -> Value {
    match (text, numbers) {
        (None, _) => Value::Null,
        (Some(text), true) => match decimal(text.trim()) {
            Some(number) if number.is_nan() => Value::Null,
            // -0 is 0
            Some(number) => Value::Number(number + 0.0),
            None => Value::Text(text.to_owned()),
        },
        (Some(text), false) => Value::Text(text.to_owned()),
    }
}
