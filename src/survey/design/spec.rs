//! What the user declares about a sample.

use std::fmt;
use std::str::FromStr;

use super::error::Error;
use crate::survey::expr::why_missing;

/// What the user declares about a sample, by the names of columns.
///
/// R: `svydesign(ids, strata, weights, fpc, nest)` and `svrepdesign(...)`.
///
/// ```
/// use opine::{Design, Lonely, Survey};
///
/// let design = Design {
///     weights: Some("weight".to_owned()),
///     strata: vec!["stratum".to_owned()],
///     psu: vec!["psu".to_owned()],
///     lonely: Lonely::Adjust,
///     ..Design::default()
/// };
/// let poll = Survey::open("examples/poll.csv")?.design(design);
/// assert!(poll.estimate("prop(q1)").run()?.rows()[0].se > Some(0.0));
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// Column of the weights. Without it they are N/n from `fpc`, or 1.
    pub weights: Option<String>,
    /// Columns that are crossed to strata of the first stage.
    pub strata: Vec<String>,
    /// One column a stage, each within the unit above. None: every row is a PSU.
    pub psu: Vec<String>,
    /// One column a stage: population counts or sampling fractions.
    pub fpc: Vec<String>,
    /// PSU labels are those within the stratum: the same label in another stratum is another PSU.
    pub nest: bool,
    pub lonely: Lonely,
    pub missing_weights: MissingWeights,
    /// Replicate weights, in the place of strata, stages and fpc.
    pub replicates: Option<Replicates>,
    /// Degrees of freedom, in the place of those that the design gives.
    pub df: Option<f64>,
}

/// Columns of replicate weights and how to read them.
///
/// ```
/// use opine::{RepType, Replicates};
///
/// // all other parts as the type has them; Fay's coefficient is named
/// let replicates = Replicates { rho: Some(0.5), ..Replicates::new("^rep[0-9]+$", RepType::Fay) };
/// assert!(replicates.combined_weights);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Replicates {
    /// A regular expression over column names; the columns count in the order of the file.
    pub columns: String,
    pub rep_type: RepType,
    /// Fay's coefficient.
    pub rho: Option<f64>,
    /// Factor of the whole sum of squares; by the type where nothing is said.
    pub scale: Option<f64>,
    /// Factors of the replicates; 1 where nothing is said.
    pub rscales: Option<Vec<f64>>,
    /// Squares about the full-sample estimate in the place of the mean of the replicates; by the type where nothing is said.
    pub mse: Option<bool>,
    /// The columns are whole weights; otherwise they are factors of the weight.
    pub combined_weights: bool,
    /// They were made within this run, and one of them may well be as the weights are: none is looked at twice.
    pub made_here: bool,
}

/// Which parts of a design were named, of those that have a default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NamedParts {
    pub lonely: bool,
    pub missing_weights: bool,
    pub nest: bool,
    pub rho: bool,
}

impl Replicates {
    /// Replicate weights of a type, and the defaults of everything else.
    pub fn new(columns: &str, rep_type: RepType) -> Replicates {
        Replicates {
            columns: columns.to_owned(),
            rep_type,
            rho: None,
            scale: None,
            rscales: None,
            mse: None,
            combined_weights: true,
            made_here: false,
        }
    }
}

/// What was counted of a column of weights.
pub struct WeightCounts {
    /// Rows that the weights are of.
    pub rows: u64,
    pub missing: u64,
    pub negative: u64,
    pub infinite: u64,
    /// What the others add up to.
    pub total: f64,
}

impl WeightCounts {
    pub fn from_rows(weights: &[f64]) -> WeightCounts {
        let count = |is: fn(&f64) -> bool| weights.iter().filter(|w| is(w)).count() as u64;
        WeightCounts {
            rows: weights.len() as u64,
            missing: count(|w| w.is_nan()),
            negative: count(|w| *w < 0.0),
            infinite: count(|w| *w == f64::INFINITY),
            total: weights.iter().filter(|w| !w.is_nan()).sum(),
        }
    }
}

impl Design {
    /// The one rule for weights, whatever is made of them: known, not negative, finite, not all 0, and of a size whose squares
    /// are numbers (a sum of 1e-140 to 1e140), before an error of 0 comes of it.
    ///
    /// # Errors
    /// [`Error::Negative`], [`Error::Infinite`], [`Error::Missing`] where these are refused, [`Error::Scale`], [`Error::Zero`].
    pub fn check_weights(&self, counts: &WeightCounts) -> Result<(), Error> {
        const SQUARED: std::ops::Range<f64> = 1e-140..1e140;
        let column = self.weights.clone().unwrap_or_default();
        let fails = self.missing_weights == MissingWeights::Fail;
        match counts {
            WeightCounts { negative: 1.., .. } => Err(Error::Negative {
                column,
                rows: counts.negative,
            }),
            WeightCounts { infinite: 1.., .. } => Err(Error::Infinite {
                column,
                rows: counts.infinite,
            }),
            WeightCounts { missing: 1.., .. } if fails => Err(Error::Missing {
                rows: counts.missing,
                remedy: match why_missing([column.as_str()]) {
                    "" => "--missing-weights warn or allow counts them as weight 0",
                    _ => {
                        "what is divided by 0 is no weight; --missing-weights warn or allow counts them as weight 0"
                    }
                },
                column,
            }),
            // those that a design implies, or that were made here
            _ if column.is_empty() => Ok(()),
            WeightCounts { rows: 1.., .. } if counts.total == 0.0 => Err(Error::Zero { column }),
            WeightCounts { total, .. } if *total != 0.0 && !SQUARED.contains(total) => {
                Err(Error::Scale {
                    column,
                    remedy: if *total < 1.0 { "multiply" } else { "divide" },
                })
            }
            _ => Ok(()),
        }
    }

    /// Refuses what can't go together, before any data are seen.
    ///
    /// # Errors
    /// [`Error::Declared`] says which parts and what would be right.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |message: &str| Err(Error::Declared(message.to_owned()));
        if let Some(df) = self.df
            && !(df > 0.0 && df.is_finite())
        {
            return wrong("df is a number above 0");
        }
        if let Some(replicates) = &self.replicates {
            if !self.strata.is_empty() || !self.psu.is_empty() || !self.fpc.is_empty() {
                return wrong(
                    "replicates take the place of strata, psu and fpc: the replicate weights carry them already",
                );
            }
            return replicates.check();
        }
        if self.nest && (self.strata.is_empty() || self.psu.is_empty()) {
            return wrong(
                "nest needs strata and psu: it says that PSU labels are those within the stratum",
            );
        }
        if self.fpc.len() > self.psu.len() + 1 {
            return wrong(
                "fpc takes one column a stage: those of psu, and the respondents drawn within the last of them",
            );
        }
        Ok(())
    }

    /// Parts that change nothing of what is estimated, whatever the data hold, of those that were `named`; with the reason.
    pub fn idle_parts(&self, named: NamedParts) -> Vec<(&'static str, &'static str)> {
        let units = !self.strata.is_empty() || !self.psu.is_empty() || !self.fpc.is_empty();
        let replicates = self.replicates.as_ref();
        let scaled = |replicates: &Replicates| replicates.scale.is_some();
        let rules = [
            (
                named.lonely && replicates.is_some(),
                "lonely",
                "replicate weights have no strata with one PSU",
            ),
            (
                named.lonely && !units && replicates.is_none(),
                "lonely",
                "no strata or PSUs are named",
            ),
            (
                named.nest && replicates.is_some(),
                "nest",
                "replicate weights carry the units already",
            ),
            (
                named.missing_weights && replicates.is_none() && self.weights.is_none(),
                "missing_weights",
                "no weights are named",
            ),
            (
                named.rho && replicates.is_some_and(scaled),
                "rho",
                "the scale of the replicates is named",
            ),
        ];
        let idle = rules.into_iter().filter(|(is, _, _)| *is);
        idle.map(|(_, part, why)| (part, why)).collect()
    }

    /// The parts with a default that are not at it, and must so have been named.
    pub fn named_parts(&self) -> NamedParts {
        let replicates = self.replicates.as_ref();
        NamedParts {
            lonely: self.lonely != Lonely::default(),
            missing_weights: self.missing_weights != MissingWeights::default(),
            nest: self.nest,
            rho: replicates.is_some_and(|replicates| replicates.rho.is_some()),
        }
    }

    /// The first part that is not at its default and yet changes nothing of what is estimated, with the reason.
    ///
    /// ```
    /// use opine::{Design, Lonely};
    ///
    /// let design = Design { lonely: Lonely::Adjust, ..Design::default() };
    /// assert_eq!(design.without_effect(), Some(("lonely", "no strata or PSUs are named")));
    /// ```
    pub fn without_effect(&self) -> Option<(&'static str, &'static str)> {
        self.idle_parts(self.named_parts()).first().copied()
    }

    /// How many stages enter the variance: those with an fpc, and without any the first alone.
    pub fn stages(&self) -> usize {
        self.fpc.len().max(1)
    }

    /// Whether the last stage that enters the variance is that of the respondents: an fpc follows that of the last column of
    /// `psu`. Stata: `|| _n, fpc(...)`.
    pub fn rows_are_last_stage(&self) -> bool {
        !self.psu.is_empty() && self.fpc.len() > self.psu.len()
    }

    /// Whether every row is a PSU.
    pub fn elements(&self) -> bool {
        self.psu.is_empty() && self.replicates.is_none()
    }
}

impl Replicates {
    /// Whether squares are about the full-sample estimate: as was said, else for successive differences and paired jackknives
    /// alone, whose formulas are the Census Bureau's and the IEA's.
    pub fn about_full_sample(&self) -> bool {
        self.mse
            .unwrap_or(matches!(self.rep_type, RepType::Sdr | RepType::Jk2))
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |message: String| Err(Error::Declared(message));
        match (self.rep_type, self.rho) {
            (RepType::Fay, None) if self.scale.is_none() => {
                return wrong(
                    "rep_type fay needs rho (or scale): 1/(R (1 - rho)^2) is its scale".to_owned(),
                );
            }
            (_, Some(rho)) if !(0.0..1.0).contains(&rho) => {
                return wrong(format!("rho is {rho}: it lies from 0 to below 1"));
            }
            (RepType::Fay | RepType::Brr, _) | (_, None) => {}
            (rep_type, Some(_)) => {
                return wrong(format!("rho goes with rep_type fay, not {rep_type}"));
            }
        }
        if let Some(scale) = self.scale
            && !(scale > 0.0 && scale.is_finite())
        {
            return wrong(format!("scale is {scale}: it lies above 0"));
        }
        let bad = |factor: &&f64| !(**factor >= 0.0 && factor.is_finite());
        match self.rscales.iter().flatten().find(bad) {
            Some(factor) => wrong(format!("{factor} in rscales: each is 0 or above")),
            None => Ok(()),
        }
    }
}

/// What a stratum with one sampled PSU adds to the variance.
///
/// ```
/// use opine::Lonely;
///
/// assert_eq!("adjust".parse(), Ok(Lonely::Adjust));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lonely {
    /// Nothing is computed; the message names the strata and every choice.
    #[default]
    Fail,
    /// Nothing. R: `lonely.psu = "remove"`.
    Remove,
    /// Its squared distance from the mean of all PSUs. R: `"adjust"`; Stata: `singleunit(centered)`.
    Adjust,
    /// The mean of the other strata. R: `"average"`; Stata: `singleunit(scaled)`.
    Average,
    /// Nothing, as it was sampled for certain. R: `"certainty"`; Stata: `singleunit(certainty)`.
    Certainty,
}

/// What is done about rows without a weight.
///
/// ```
/// use opine::MissingWeights;
///
/// assert_eq!(MissingWeights::default(), MissingWeights::Fail);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum MissingWeights {
    /// Nothing is computed; the message says how many there are.
    #[default]
    Fail,
    /// They count as weight 0, and a warning says how many there are.
    Warn,
    /// They count as weight 0.
    Allow,
}

/// How replicate weights were made, which says how their estimates add up to a variance.
///
/// ```
/// use opine::RepType;
///
/// assert_eq!("sdr".parse(), Ok(RepType::Sdr));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RepType {
    /// Balanced repeated replication: scale 1/R.
    Brr,
    /// BRR with Fay's coefficient ρ: scale 1/(R (1 − ρ)²).
    Fay,
    /// Jackknife without strata: scale (R − 1)/R.
    Jk1,
    /// Stratified jackknife: scale 1, and rscales (n_h − 1)/n_h of the stratum that each replicate is from.
    Jkn,
    /// Jackknife of paired units, as of TIMSS, PIRLS and NAEP: each replicate leaves one unit of a pair out; scale and factors 1.
    Jk2,
    /// Bootstrap: scale 1/(R − 1).
    Bootstrap,
    /// Rao and Wu's bootstrap with n_h − 1 units a stratum: scale 1/(R − 1).
    Subbootstrap,
    /// Successive differences: scale 4/R. Also called `acs` and `successive-difference`.
    Sdr,
    /// Anything else: scale 1 unless said.
    Other,
}

/// A name that is none of those that are known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {given}: it is one of {}", .known.join(", "))]
pub struct UnknownName {
    what: &'static str,
    given: String,
    known: Vec<&'static str>,
}

macro_rules! names {
    ($type:ident, $what:literal, $($variant:ident = $name:literal $(| $other:literal)*),+) => {
        impl $type {
            /// All of them, the default first where there is one.
            pub const ALL: &[$type] = &[$($type::$variant),+];

            /// The name on the command line and in design files.
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name),+ }
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            fn from_str(given: &str) -> Result<Self, UnknownName> {
                match given.to_lowercase().as_str() {
                    $($name $(| $other)* => Ok($type::$variant),)+
                    _ => Err(UnknownName {
                        what: $what,
                        given: given.to_owned(),
                        known: Self::ALL.iter().map(|choice| choice.name()).collect(),
                    }),
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

names!(
    Lonely,
    "lonely",
    Fail = "fail",
    Remove = "remove",
    Adjust = "adjust",
    Average = "average",
    Certainty = "certainty"
);
names!(
    MissingWeights,
    "missing_weights",
    Fail = "fail",
    Warn = "warn",
    Allow = "allow"
);
names!(
    RepType,
    "rep_type",
    Brr = "brr",
    Fay = "fay",
    Jk1 = "jk1",
    Jkn = "jkn",
    Jk2 = "jk2",
    Bootstrap = "bootstrap",
    Subbootstrap = "subbootstrap",
    Sdr = "sdr" | "acs" | "successive-difference",
    Other = "other"
);
