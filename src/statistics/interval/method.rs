//! The methods by name.

use super::Error;
use std::fmt;
use std::str::FromStr;

/// How an interval is made; the formulas are at [`share`](super::share).
///
/// ```
/// use opine::internals::statistics::interval::Method;
///
/// let method: Method = "wilson-cc".parse()?;
/// assert_eq!(method.title(), "Wilson with continuity correction");
///
/// let error = "wilsen".parse::<Method>().unwrap_err();
/// assert!(error.to_string().contains("did you mean wilson?"));
/// # Ok::<(), opine::internals::statistics::interval::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Method {
    /// The score interval: the default for published figures.
    #[default]
    Wilson,
    /// The score interval with continuity correction.
    WilsonCc,
    /// Estimate and margin; nothing at 0 and 100 per cent.
    Wald,
    /// Wald after adding z²/2 successes and failures.
    AgrestiCoull,
    /// The exact interval, never too short.
    ClopperPearson,
    /// Equal-tailed under the prior Beta(½, ½).
    Jeffreys,
    /// Wald on the logit; nothing at 0 and 100 per cent.
    Logit,
    /// Wald on the arcsine of the root.
    Asin,
    /// Korn and Graubard's exact interval for a complex design.
    Beta,
}

impl Method {
    /// All methods, the default first.
    pub const ALL: [Method; 9] = [
        Method::Wilson,
        Method::WilsonCc,
        Method::Wald,
        Method::AgrestiCoull,
        Method::ClopperPearson,
        Method::Jeffreys,
        Method::Logit,
        Method::Asin,
        Method::Beta,
    ];

    /// The name on the command line and in data.
    pub fn name(self) -> &'static str {
        match self {
            Method::Wilson => "wilson",
            Method::WilsonCc => "wilson-cc",
            Method::Wald => "wald",
            Method::AgrestiCoull => "agresti-coull",
            Method::ClopperPearson => "clopper-pearson",
            Method::Jeffreys => "jeffreys",
            Method::Logit => "logit",
            Method::Asin => "asin",
            Method::Beta => "beta",
        }
    }

    /// The name in a caption.
    pub fn title(self) -> &'static str {
        match self {
            Method::Wilson => "Wilson",
            Method::WilsonCc => "Wilson with continuity correction",
            Method::Wald => "Wald",
            Method::AgrestiCoull => "Agresti–Coull",
            Method::ClopperPearson => "Clopper–Pearson",
            Method::Jeffreys => "Jeffreys",
            Method::Logit => "logit",
            Method::Asin => "arcsine",
            Method::Beta => "Korn–Graubard",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Method {
    type Err = Error;

    /// Takes the names of [`Method::name`], and `arcsine` for `asin`.
    fn from_str(given: &str) -> Result<Self, Error> {
        if given == "arcsine" {
            return Ok(Method::Asin);
        }
        Method::ALL
            .into_iter()
            .find(|method| method.name() == given)
            .ok_or_else(|| Error::UnknownMethod {
                given: given.to_owned(),
                nearest: nearest(given),
            })
    }
}

/// All names, for a message.
pub(super) fn known() -> String {
    format!(
        "{}; of respondents also likelihood and xlogit",
        Method::ALL.map(Method::name).join(", ")
    )
}

fn nearest(given: &str) -> Method {
    let given = given.to_lowercase().replace(['_', ' '], "-");
    Method::ALL
        .into_iter()
        .min_by_key(|method| strsim::levenshtein(&given, method.name()))
        .unwrap_or_default()
}
