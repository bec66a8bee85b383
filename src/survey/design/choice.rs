use std::fmt;
use std::str::FromStr;

/// What a stratum with one sampled PSU adds to the variance.
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
    /// Bootstrap: scale 1/(R − 1).
    Bootstrap,
    /// Rao and Wu's bootstrap with n_h − 1 units a stratum: scale 1/(R − 1).
    Subbootstrap,
    /// Successive differences: scale 4/R.
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
    ($type:ident, $what:literal, $($variant:ident = $name:literal),+) => {
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
                Self::ALL
                    .iter()
                    .copied()
                    .find(|choice| choice.name() == given.to_lowercase())
                    .ok_or_else(|| UnknownName {
                        what: $what,
                        given: given.to_owned(),
                        known: Self::ALL.iter().map(|choice| choice.name()).collect(),
                    })
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
    Bootstrap = "bootstrap",
    Subbootstrap = "subbootstrap",
    Sdr = "sdr",
    Other = "other"
);
