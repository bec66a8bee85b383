use std::fmt;

use crate::published::coherence::TargetError;
use crate::published::compare;
use crate::published::figures::{effective_n, selector, store};
use crate::survey::weighting::{self, recipe};
use crate::survey::{design, estimate, expr, microdata, models, sums};
use crate::{frames, statistics, tabular};

/// What a scan that was told to stop fails with.
pub(super) const STOPPED: &str = "stopped";

/// Why something can't be done: a code that stays, a message for people, and, where they are known, the place and what would
/// be right.
///
/// ```
/// use opine::Survey;
///
/// let poll = Survey::open("examples/poll.csv")?;
/// let error = poll.estimate("mean(therm)").run().err().expect("no such variable");
/// assert_eq!(error.code(), "unknown_variable");
/// assert_eq!(error.place(), Some("therm"));
/// assert_eq!(error.hint(), Some("therm_us"));
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Error {
    code: &'static str,
    message: String,
    place: Option<String>,
    hint: Option<String>,
}

impl Error {
    /// A word for programs, which stays from version to version:
    ///
    /// | code | what is wrong |
    /// | --- | --- |
    /// | `file` | it can't be read or written |
    /// | `format` | it is of a kind that is not read, or damaged |
    /// | `table` | a small table (targets, populations) has a wrong entry |
    /// | `unknown_variable` | the file has no variable of that name |
    /// | `unread_variable` | the file has that variable, of a type that can’t be read: nested, binary |
    /// | `not_a_number` | a number is needed |
    /// | `expression` | an item, group or condition can't be read, or does not fit |
    /// | `request` | parts that don't go together |
    /// | `design` | strata, units, weights or replicates that can't be |
    /// | `sums` | sums that don't fit one another or what is asked |
    /// | `weighting` | targets that can't be reached, or don't fit the sample |
    /// | `model` | the data leave nothing to be estimated |
    /// | `unknown_figure` | a selector takes nothing |
    /// | `data` | the store of figures has errors |
    /// | `comparison` | figures that can't be compared as asked |
    /// | `range` | a number lies where it can't |
    /// | `chart` | it can't be drawn |
    /// | `stopped` | a flag told it to stop, see [`Survey::with_interrupt`](super::Survey::with_interrupt) |
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The file, variable or figure where it is wrong.
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// What would be right: the nearest name, another option.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub(crate) fn new(code: &'static str, message: impl fmt::Display) -> Error {
        Error {
            code,
            message: message.to_string(),
            place: None,
            hint: None,
        }
    }

    /// An option that can change nothing of what is asked.
    pub(super) fn no_effect(option: &str, why: &str) -> Error {
        Error::new("request", format!("{option} has no effect: {why}")).at(option)
    }

    pub(crate) fn at(mut self, place: impl fmt::Display) -> Error {
        self.place = Some(place.to_string());
        self
    }

    pub(crate) fn hinting(mut self, hint: Option<String>) -> Error {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<microdata::Error> for Error {
    fn from(error: microdata::Error) -> Error {
        use microdata::Error as E;
        let message = error.to_string();
        match error {
            E::Io { path, .. } => Error::new("file", message).at(path.display()),
            E::Damaged { path, .. } | E::NoText { path, .. } => {
                Error::new("format", message).at(path.display())
            }
            E::Format { path, advice } => {
                let error = Error::new("format", message).at(path.display());
                error.hinting(advice)
            }
            E::NoVariable { name, nearest } => {
                let error = Error::new("unknown_variable", message).at(name);
                error.hinting(nearest)
            }
            E::Unread { name, .. } => Error::new("unread_variable", message).at(name),
            E::NoNumber { name, .. } => Error::new("not_a_number", message).at(name),
            E::NoRoom { name, .. } => Error::new("format", message).at(name),
            E::NoEffect { path, .. } => Error::new("request", message).at(path.display()),
            E::Table(error) => error.into(),
            E::Stopped(why) if why == STOPPED => Error::new("stopped", message),
            E::Stopped(_) => Error::new("request", message),
        }
    }
}

impl From<tabular::Error> for Error {
    fn from(error: tabular::Error) -> Error {
        let code = if error.is_unreadable() {
            "file"
        } else {
            "table"
        };
        Error::new(code, error)
    }
}

impl From<expr::Error> for Error {
    fn from(error: expr::Error) -> Error {
        let message = error.to_string();
        let text = error.text.as_deref();
        let place = text.and_then(|text| text.get(error.span.clone()));
        let (code, hint) = match error.reason {
            expr::Reason::NoVariable { nearest, .. }
            | expr::Reason::NoVariableOrText { nearest, .. } => ("unknown_variable", nearest),
            expr::Reason::Unread { .. } => ("unread_variable", None),
            _ => ("expression", None),
        };
        let error = Error::new(code, message).hinting(hint);
        match place.map(str::trim).filter(|place| !place.is_empty()) {
            Some(place) => error.at(place),
            None => error,
        }
    }
}

impl From<estimate::Error> for Error {
    fn from(error: estimate::Error) -> Error {
        use estimate::Error as E;
        match error {
            E::Expression(error) => error.into(),
            E::File(error) => error.into(),
            E::Design(error) => error.into(),
            E::Sums(error) => error.into(),
            E::Frame(error) => error.into(),
            E::DesignColumn { what, error } => {
                let message = format!("{what}: {error}");
                let error = Error::from(error);
                Error { message, ..error }
            }
            E::Request(message) => Error::new("request", message),
        }
    }
}

impl From<sums::Error> for Error {
    fn from(error: sums::Error) -> Error {
        match error {
            sums::Error::File(error) => error.into(),
            error => Error::new("sums", error),
        }
    }
}

impl From<models::Error> for Error {
    fn from(error: models::Error) -> Error {
        match error {
            models::Error::Estimate(error) => error.into(),
            models::Error::Usage(message) => Error::new("request", message),
            models::Error::Data(message) => Error::new("model", message),
        }
    }
}

impl From<recipe::Error> for Error {
    fn from(error: recipe::Error) -> Error {
        use recipe::Error as E;
        let message = error.to_string();
        match error {
            E::Io { path, .. } => Error::new("file", message).at(path.display()),
            E::Table(error) => error.into(),
            E::Recipe { path, .. } => Error::new("table", message).at(path),
            E::InTargets { name, .. } => Error::new("weighting", message).at(name),
            E::Expression(error) => error.into(),
            E::Step { step, .. } => Error::new("weighting", message).at(step),
            E::Weighting(error) => error.into(),
            E::Estimate(error) => error.into(),
            E::Design(error) => error.into(),
            E::File(error) => error.into(),
            E::Invalid(_) => Error::new("request", message),
        }
    }
}

/// Errors of one code, of which the message says all.
macro_rules! coded {
    ($($code:literal: $($error:ty),+;)+) => {
        $($(impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::new($code, error)
            }
        })+)+
    };
}

coded! {
    "design": design::Error;
    "weighting": weighting::Error;
    "table": frames::Error;
    "unknown_figure": selector::Error, TargetError, compare::NamedError;
    "comparison": compare::Error;
    "range": statistics::interval::Error, effective_n::Error;
    "file": store::StoreError;
}

#[cfg(feature = "charts")]
coded! {
    "chart": crate::present::chart::Error, crate::present::lists::Error, crate::present::published::StackedError,
        crate::present::published::TrendError, crate::present::published::DifferenceError;
}
