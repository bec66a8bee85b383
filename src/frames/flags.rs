use std::fmt;
use std::str::FromStr;

/// What a reader has to know before using a number. The order is that of the legend.
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let estimates = poll.estimate("prop(q1)").by("region").run()?;
/// for row in estimates.rows() {
///     for flag in &row.flags {
///         println!("{}: {}", flag.letter(), flag.legend());
///     }
/// }
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// The sample size is approximate, or carries the rounding of its print.
    ApproximateN,
    /// The unweighted base is under 100.
    SmallBase,
    /// Another value of the same quantity was printed.
    Conflict,
    /// Our own computation from a public extract, not the pollster's print.
    Computed,
    /// The sample size was assumed by whoever asked, not published.
    AssumedN,
    /// No sample size, so no interval.
    NoN,
    /// Not a probability sample: no margin of sampling error.
    NotProbability,
    /// Printed as a bound ("more than 80%"), not as a value.
    Bound,
    /// Second-hand: not printed by the organisation that ran the poll.
    SecondHand,
    /// The sources do not say how the sample was drawn.
    UnknownSampling,
    /// Cannot hold together with other figures of the same poll.
    CannotHold,
    /// Several levels together.
    Net,
    /// The level that the others of its variable are compared with.
    Reference,
    /// A combination of levels that nobody has.
    Empty,
    /// A coefficient without a bound: a response that is all one way.
    Separated,
    /// A column that others say already, left out.
    Collinear,
}

impl Flag {
    pub const ALL: [Flag; 16] = [
        Flag::ApproximateN,
        Flag::SmallBase,
        Flag::Conflict,
        Flag::Computed,
        Flag::AssumedN,
        Flag::NoN,
        Flag::NotProbability,
        Flag::Bound,
        Flag::SecondHand,
        Flag::UnknownSampling,
        Flag::CannotHold,
        Flag::Net,
        Flag::Reference,
        Flag::Empty,
        Flag::Separated,
        Flag::Collinear,
    ];

    /// The letter in a table for the terminal, its code in CSV and JSON, and its line in the legend.
    fn entry(self) -> (char, &'static str, &'static str) {
        match self {
            Flag::ApproximateN => (
                'a',
                "approximate_n",
                "sample size approximate, or rounded in print",
            ),
            Flag::SmallBase => ('b', "small_base", "base under 100"),
            Flag::Conflict => (
                'c',
                "conflict",
                "conflict: another value of the same quantity was printed",
            ),
            Flag::Computed => (
                'k',
                "computed",
                "computed from a public extract, not printed by the pollster",
            ),
            Flag::AssumedN => (
                'm',
                "assumed_n",
                "sample size assumed by the reader, not published",
            ),
            Flag::NoN => ('n', "no_n", "no sample size, so no interval"),
            Flag::NotProbability => (
                'p',
                "not_probability",
                "not a probability sample: no margin of sampling error",
            ),
            Flag::Bound => ('q', "bound", "printed as a bound, so no interval"),
            Flag::SecondHand => (
                's',
                "second_hand",
                "second-hand: not printed by the pollster or its sponsor",
            ),
            Flag::UnknownSampling => (
                'u',
                "unknown_sampling",
                "how the sample was drawn is not stated",
            ),
            Flag::CannotHold => (
                'x',
                "cannot_hold",
                "can’t hold with other figures of the same poll",
            ),
            Flag::Net => ('t', "net", "net: several answers together"),
            Flag::Reference => (
                'r',
                "reference",
                "reference: the level that others are compared with",
            ),
            Flag::Empty => ('e', "empty", "nobody has this combination of levels"),
            Flag::Separated => (
                'd',
                "separated",
                "no bound: the response is all one way there",
            ),
            Flag::Collinear => ('l', "collinear", "left out: other columns say it already"),
        }
    }

    pub fn letter(self) -> char {
        self.entry().0
    }

    /// The code in the `flags` column.
    pub fn code(self) -> &'static str {
        self.entry().1
    }

    pub fn legend(self) -> &'static str {
        self.entry().2
    }

    /// What a table or a footer says once where every row has the flag; `intervals`: whether any
    /// row has one.
    pub fn sentence(self, intervals: bool) -> &'static str {
        match self {
            Flag::ApproximateN => "All sample sizes are approximate, or rounded in print.",
            Flag::SmallBase => "All bases are under 100.",
            Flag::Conflict => "Of every quantity another value was printed too.",
            Flag::Computed => {
                "All figures are computed from a public extract; the pollster did not print them."
            }
            Flag::AssumedN => "All sample sizes are assumed by the reader; none was published.",
            Flag::NoN => "No sample size was published, so there are no intervals.",
            Flag::NotProbability if !intervals => "None is a probability sample.",
            Flag::UnknownSampling if !intervals => "How the samples were drawn is not stated.",
            Flag::NotProbability => {
                "None is a probability sample: sampling error can’t be calculated. The intervals \
                 assume simple random sampling and show what chance alone would do."
            }
            Flag::Bound => "All are printed as bounds, so there are no intervals.",
            Flag::SecondHand => "All are second-hand: not printed by the pollster or its sponsor.",
            Flag::UnknownSampling => {
                "How the samples were drawn is not stated: the intervals are model-based (what \
                 chance alone would do), not margins of sampling error."
            }
            Flag::CannotHold => "None of these can hold with other figures of its poll.",
            Flag::Net => "All are nets: several answers together.",
            Flag::Reference => "All are reference levels.",
            Flag::Empty => "Nobody has any of these combinations of levels.",
            Flag::Separated => "None has a bound: the response is all one way there.",
            Flag::Collinear => "All are left out: other columns say them already.",
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Flag {
    type Err = ();

    fn from_str(code: &str) -> Result<Flag, ()> {
        Flag::ALL
            .into_iter()
            .find(|flag| flag.code() == code)
            .ok_or(())
    }
}
