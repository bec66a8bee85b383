use std::fmt;
use std::str::FromStr;

/// Whose SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    DuckDb,
    Spark,
    Postgres,
    DataFusion,
}

impl Dialect {
    pub const ALL: [Dialect; 4] = [
        Dialect::DuckDb,
        Dialect::Spark,
        Dialect::Postgres,
        Dialect::DataFusion,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::DuckDb => "duckdb",
            Dialect::Spark => "spark",
            Dialect::Postgres => "postgres",
            Dialect::DataFusion => "datafusion",
        }
    }

    /// A name of a column or table in quotes.
    pub fn name_of(self, name: &str) -> String {
        match self {
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// A text in quotes.
    pub fn text(self, text: &str) -> String {
        match self {
            // a backslash is an escape there
            Dialect::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => format!("'{}'", text.replace('\'', "''")),
        }
    }

    /// A number; whole ones as people write them.
    pub fn number(self, number: f64) -> String {
        let written = match number.fract() == 0.0 && number.abs() < 1e15 {
            true => format!("{number:.0}"),
            false => format!("{number:e}"),
        };
        match number < 0.0 {
            // after another minus sign it would begin a comment
            true => format!("({written})"),
            false => written,
        }
    }

    /// An expression as floats of 64 bits.
    pub fn double(self, expr: &str) -> String {
        match self {
            Dialect::Postgres => format!("CAST({expr} AS DOUBLE PRECISION)"),
            _ => format!("CAST({expr} AS DOUBLE)"),
        }
    }

    /// An expression as whole numbers of 64 bits.
    pub fn whole(self, expr: &str) -> String {
        format!("CAST({expr} AS BIGINT)")
    }

    /// An expression as text.
    pub fn as_text(self, expr: &str) -> String {
        match self {
            Dialect::Spark => format!("CAST({expr} AS STRING)"),
            _ => format!("CAST({expr} AS VARCHAR)"),
        }
    }

    /// A text that compares by code point, as everywhere in opine.
    pub fn by_code_point(self, expr: &str) -> String {
        match self {
            Dialect::Postgres => format!("{expr} COLLATE \"C\""),
            _ => expr.to_owned(),
        }
    }

    /// How the name of a common table goes on: it is worked out where it is used, so that only the columns needed are read.
    pub fn common(self) -> &'static str {
        match self {
            Dialect::DuckDb | Dialect::Postgres => "AS NOT MATERIALIZED",
            Dialect::Spark | Dialect::DataFusion => "AS",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(given: &str) -> Result<Dialect, String> {
        let found = Dialect::ALL
            .into_iter()
            .find(|dialect| dialect.name() == given);
        found.ok_or_else(|| {
            let known = Dialect::ALL.map(Dialect::name);
            format!("{given} is none of {}", known.join(", "))
        })
    }
}
