//! What a check has to say: where, what is wrong, what would be right.

use std::fmt;

/// How bad a finding is.
///
/// ```
/// use opine::{Figures, Severity};
///
/// let findings = Figures::shipped().check();
/// assert!(findings.iter().all(|finding| finding.severity != Severity::Error));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Wrong as a row: nothing is computed from a store that has one.
    Error,
    /// Probably wrong, or cannot hold together; used all the same.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One finding.
///
/// ```
/// for finding in opine::Figures::shipped().check() {
///     println!("{}: {}", finding.rule, finding.message);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, see [`RULES`](super::rules::RULES).
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file's name, for example `figures.csv`.
    pub file: String,
    /// The line in the file, from 1; that of the value where it is about a value.
    pub line: Option<u64>,
    /// The name of the column, where one is meant.
    pub column: Option<String>,
    /// The figures, samples or other rows it is about.
    pub ids: Vec<String>,
    /// What is wrong. The first line says it in short, further lines say why.
    pub message: String,
    /// What would be right, where it can be told.
    pub fix: Option<String>,
}

impl Finding {
    /// A finding about a file as a whole; the other parts are added by the methods below.
    pub fn new(
        rule: &'static str,
        severity: Severity,
        file: &str,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            rule,
            severity,
            file: file.to_string(),
            line: None,
            column: None,
            ids: Vec::new(),
            message: message.into(),
            fix: None,
        }
    }

    /// Says in which line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Finding {
        self.line = Some(line);
        self
    }

    /// Says in which column.
    #[must_use]
    pub fn column(mut self, name: impl Into<String>) -> Finding {
        self.column = Some(name.into());
        self
    }

    /// Says in which column, if it can be told.
    #[must_use]
    pub fn maybe_column(mut self, name: Option<&str>) -> Finding {
        self.column = name.map(str::to_string);
        self
    }

    /// Adds the id of a row it is about.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Finding {
        self.ids.push(id.into());
        self
    }

    /// Says what would be right.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Finding {
        self.fix = Some(fix.into());
        self
    }

    /// Says what would be right, if it can be told.
    #[must_use]
    pub fn maybe_fix(mut self, fix: Option<impl Into<String>>) -> Finding {
        self.fix = fix.map(Into::into);
        self
    }

    /// Whether nothing may be computed before it is put right.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// `error figures.csv:12 percent [range]: “162” is not between 0 and 100 → ...`, on one line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.severity, self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " {column}")?;
        }
        write!(f, " [{}]: {}", self.rule, self.message.replace('\n', " "))?;
        self.fix
            .as_ref()
            .map_or(Ok(()), |fix| write!(f, " → {fix}"))
    }
}

/// How much of a value a message repeats, in characters.
const QUOTED: usize = 60;

/// A value as messages show it: in quotation marks, shortened, with control characters written out.
pub fn quoted(value: &str) -> String {
    let mut shown = String::from("“");
    for (index, letter) in value.chars().enumerate() {
        if index == QUOTED {
            shown.push('…');
            break;
        }
        match letter {
            _ if letter.is_control() => shown.extend(letter.escape_default()),
            _ => shown.push(letter),
        }
    }
    shown.push('”');
    shown
}
