//! A design as a TOML file: the names of the command line with underscores.

use toml::{Table, Value};

use super::error::Error;
use super::spec::{Design, Lonely, MissingWeights, RepType, Replicates};
use crate::frames::words::most_alike;

const KEYS: [&str; 15] = [
    "weights",
    "strata",
    "psu",
    "fpc",
    "nest",
    "lonely",
    "missing_weights",
    "replicates",
    "rep_type",
    "rho",
    "scale",
    "rscales",
    "mse",
    "combined_weights",
    "df",
];

impl Design {
    /// Reads a design file.
    ///
    /// ```
    /// use opine::internals::survey::design::{Design, Lonely};
    ///
    /// let design = Design::from_toml("weights = 'pw'\nstrata = ['stype']\nlonely = 'adjust'")?;
    /// assert_eq!(design.lonely, Lonely::Adjust);
    /// assert!(Design::from_toml("wieghts = 'pw'").unwrap_err().to_string().contains("did you mean weights?"));
    /// # Ok::<(), opine::internals::survey::design::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Declared`] with the key and what would be right.
    pub fn from_toml(text: &str) -> Result<Design, Error> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            Error::Declared(error.to_string().trim_end().to_owned())
        })?;
        if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(unknown(key));
        }
        let mut design = Design {
            weights: text_of(&table, "weights")?,
            strata: list(&table, "strata")?,
            psu: list(&table, "psu")?,
            fpc: list(&table, "fpc")?,
            nest: flag(&table, "nest")?.unwrap_or(false),
            df: number(&table, "df")?,
            ..Design::default()
        };
        if let Some(lonely) = text_of(&table, "lonely")? {
            design.lonely = lonely.parse().map_err(declared)?;
        }
        if let Some(missing) = text_of(&table, "missing_weights")? {
            design.missing_weights = missing.parse().map_err(declared)?;
        }
        design.replicates = replicates(&table)?;
        Ok(design)
    }
}

fn replicates(table: &Table) -> Result<Option<Replicates>, Error> {
    let Some(columns) = text_of(table, "replicates")? else {
        let alone = [
            "rep_type",
            "rho",
            "scale",
            "rscales",
            "mse",
            "combined_weights",
        ];
        return match alone.into_iter().find(|key| table.contains_key(*key)) {
            Some(key) => Err(Error::Declared(format!(
                "{key} goes with replicates, which is not there"
            ))),
            None => Ok(None),
        };
    };
    let rep_type: RepType = match text_of(table, "rep_type")? {
        Some(name) => name.parse().map_err(declared)?,
        None => {
            return Err(Error::Declared(
                "replicates need rep_type: how they were made".to_owned(),
            ));
        }
    };
    Ok(Some(Replicates {
        rho: number(table, "rho")?,
        scale: number(table, "scale")?,
        rscales: numbers(table, "rscales")?,
        mse: flag(table, "mse")?,
        combined_weights: flag(table, "combined_weights")?.unwrap_or(true),
        ..Replicates::new(&columns, rep_type)
    }))
}

fn declared(error: impl ToString) -> Error {
    Error::Declared(error.to_string())
}

fn unknown(key: &str) -> Error {
    Error::Declared(match most_alike(key, KEYS) {
        Some(known) => format!("{key} is no part of a design; did you mean {known}?"),
        None => format!(
            "{key} is no part of a design; these are: {}",
            KEYS.join(", ")
        ),
    })
}

fn wrong(key: &str, expected: &str, found: &Value) -> Error {
    Error::Declared(format!("{key} takes {expected}, not {found}"))
}

fn text_of(table: &Table, key: &str) -> Result<Option<String>, Error> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(wrong(key, "a text in quotes", other)),
    }
}

/// One column or a list of columns.
fn list(table: &Table, key: &str) -> Result<Vec<String>, Error> {
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![text.clone()]),
        Some(Value::Array(entries)) => entries
            .iter()
            .map(|entry| match entry {
                Value::String(text) => Ok(text.clone()),
                other => Err(wrong(key, "names of columns in quotes", other)),
            })
            .collect(),
        Some(other) => Err(wrong(key, "a list of columns, as ['a', 'b']", other)),
    }
}

fn flag(table: &Table, key: &str) -> Result<Option<bool>, Error> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::Boolean(flag)) => Ok(Some(*flag)),
        Some(other) => Err(wrong(key, "true or false", other)),
    }
}

fn as_number(key: &str, value: &Value) -> Result<f64, Error> {
    match value {
        Value::Integer(number) => Ok(*number as f64),
        Value::Float(number) => Ok(*number),
        other => Err(wrong(key, "a number", other)),
    }
}

fn number(table: &Table, key: &str) -> Result<Option<f64>, Error> {
    table
        .get(key)
        .map(|value| as_number(key, value))
        .transpose()
}

fn numbers(table: &Table, key: &str) -> Result<Option<Vec<f64>>, Error> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::Array(entries)) => {
            let all: Result<Vec<f64>, Error> =
                entries.iter().map(|entry| as_number(key, entry)).collect();
            all.map(Some)
        }
        Some(one) => Ok(Some(vec![as_number(key, one)?])),
    }
}

impl Design {
    /// The design as [`Design::from_toml`] reads it; what is at its default is left out.
    ///
    /// ```
    /// use opine::internals::survey::design::Design;
    ///
    /// let design = Design::from_toml("weights = 'pw'\nstrata = ['stype']\nlonely = 'adjust'")?;
    /// assert_eq!(Design::from_toml(&design.to_toml())?, design);
    /// # Ok::<(), opine::internals::survey::design::Error>(())
    /// ```
    pub fn to_toml(&self) -> String {
        let mut table = Table::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                table.insert(key.to_owned(), value);
            }
        };
        put("weights", self.weights.clone().map(Value::from));
        put("strata", to_list(&self.strata));
        put("psu", to_list(&self.psu));
        put("fpc", to_list(&self.fpc));
        put("nest", self.nest.then(|| Value::from(true)));
        let lonely = (self.lonely != Lonely::default()).then(|| self.lonely.name());
        put("lonely", lonely.map(Value::from));
        let missing = self.missing_weights;
        let missing = (missing != MissingWeights::default()).then(|| missing.name());
        put("missing_weights", missing.map(Value::from));
        if let Some(replicates) = &self.replicates {
            put("replicates", Some(Value::from(replicates.columns.clone())));
            put("rep_type", Some(Value::from(replicates.rep_type.name())));
            put("rho", replicates.rho.map(Value::from));
            put("scale", replicates.scale.map(Value::from));
            put("rscales", replicates.rscales.clone().map(Value::from));
            put("mse", replicates.mse.map(Value::from));
            let factors = !replicates.combined_weights;
            put("combined_weights", factors.then(|| Value::from(false)));
        }
        put("df", self.df.map(Value::from));
        table.to_string()
    }
}

fn to_list(names: &[String]) -> Option<Value> {
    (!names.is_empty()).then(|| Value::from(names.to_vec()))
}
