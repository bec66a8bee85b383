use super::Flag;

/// What was estimated.
///
/// ```
/// use opine::Statistic;
///
/// assert_eq!(Statistic::from_name("mean"), Some(Statistic::Mean));
/// assert_eq!(Statistic::Mean.name(), "mean");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// A share, 0..1.
    Proportion,
    /// A mean in the units of its variable.
    Mean,
    /// A total in the units of its variable; of a level, its weighted number.
    Total,
    /// A weighted number of respondents.
    Count,
    /// A total over a total.
    Ratio,
    /// The value below which a share of the weight lies.
    Quantile,
    /// In the square of the units of its variable.
    Variance,
    /// The root of a variance.
    StandardDeviation,
    /// A linear combination of statistics.
    Combination,
    /// Shares and others less further shares: a net score, printed in points.
    ShareDifference,
    /// Shares added up, printed in per cent.
    ShareSum,
    /// An average of what a model predicts.
    Margin,
    /// An average of what a model predicts for one more of a number.
    Slope,
    /// A margin less another.
    Difference,
    /// A correlation of two numbers.
    Correlation,
    /// Cronbach’s alpha of several items.
    Alpha,
    /// The average of several estimates that may differ.
    Pooled,
    /// The average of several estimates of the same.
    Fixed,
}

impl Statistic {
    const ALL: [Statistic; 18] = [
        Statistic::Proportion,
        Statistic::Mean,
        Statistic::Total,
        Statistic::Count,
        Statistic::Ratio,
        Statistic::Quantile,
        Statistic::Variance,
        Statistic::StandardDeviation,
        Statistic::Combination,
        Statistic::ShareDifference,
        Statistic::ShareSum,
        Statistic::Margin,
        Statistic::Slope,
        Statistic::Difference,
        Statistic::Correlation,
        Statistic::Alpha,
        Statistic::Pooled,
        Statistic::Fixed,
    ];

    /// As in the column `statistic`.
    pub fn name(self) -> &'static str {
        match self {
            Statistic::Proportion => "proportion",
            Statistic::Mean => "mean",
            Statistic::Total => "total",
            Statistic::Count => "count",
            Statistic::Ratio => "ratio",
            Statistic::Quantile => "quantile",
            Statistic::Variance => "variance",
            Statistic::StandardDeviation => "standard deviation",
            Statistic::Combination => "combination",
            Statistic::ShareDifference => "difference of shares",
            Statistic::ShareSum => "sum of shares",
            Statistic::Margin => "margin",
            Statistic::Slope => "slope",
            Statistic::Difference => "difference",
            Statistic::Correlation => "correlation",
            Statistic::Alpha => "alpha",
            Statistic::Pooled => "pooled",
            Statistic::Fixed => "fixed",
        }
    }

    /// What an estimate is multiplied by for print: shares are per cents there, and differences of shares points.
    pub fn printed_scale(self) -> f64 {
        match self {
            Statistic::Proportion | Statistic::ShareDifference | Statistic::ShareSum => 100.0,
            _ => 1.0,
        }
    }

    /// The statistic of that name, if it is one of ours.
    pub fn from_name(name: &str) -> Option<Statistic> {
        Statistic::ALL
            .into_iter()
            .find(|statistic| statistic.name() == name)
    }
}

/// One row of [`Estimates`](super::Estimates). What is unknown is `None`, and `note` says why.
///
/// ```
/// let figures = opine::Figures::shipped();
/// let worried = figures.select("egf2023/worried/net")?;
/// let row = &worried.rows()[0];
/// assert!(row.ci_low < row.estimate && row.estimate < row.ci_high);
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The sample it comes from: a poll's id or a file.
    pub source: String,
    /// What was asked: the variable or expression, as it was written.
    pub variable: String,
    /// The response of a proportion; `None` for a number.
    pub level: Option<String>,
    /// Grouping columns under their own names, in the order to be shown.
    pub groups: Vec<(String, Option<String>)>,
    /// What the estimate is.
    pub statistic: Statistic,
    /// 0..1 for a proportion.
    pub estimate: Option<f64>,
    /// Standard error.
    pub se: Option<f64>,
    /// Lower bound of the confidence interval.
    pub ci_low: Option<f64>,
    /// Upper bound.
    pub ci_high: Option<f64>,
    /// The union of the intervals of all values that a printed one may stand for.
    pub rounding_low: Option<f64>,
    /// Its upper end.
    pub rounding_high: Option<f64>,
    /// Degrees of freedom of the interval.
    pub df: Option<f64>,
    pub deff: Option<f64>,
    /// Unweighted base.
    pub n: Option<f64>,
    pub n_eff: Option<f64>,
    pub weighted_n: Option<f64>,
    pub flags: Vec<Flag>,
    pub note: String,
}

impl Estimate {
    /// A share about which nothing else is known yet.
    pub fn proportion(source: &str, variable: &str, level: Option<&str>) -> Estimate {
        Estimate {
            source: source.to_owned(),
            variable: variable.to_owned(),
            level: level.map(str::to_owned),
            groups: Vec::new(),
            statistic: Statistic::Proportion,
            estimate: None,
            se: None,
            ci_low: None,
            ci_high: None,
            rounding_low: None,
            rounding_high: None,
            df: None,
            deff: None,
            n: None,
            n_eff: None,
            weighted_n: None,
            flags: Vec::new(),
            note: String::new(),
        }
    }

    /// The value of a grouping column, empty where there is none.
    pub fn group(&self, name: &str) -> &str {
        self.groups
            .iter()
            .find(|(column, _)| column == name)
            .and_then(|(_, value)| value.as_deref())
            .unwrap_or("")
    }

    /// The interval, where both ends are known.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.ci_low.zip(self.ci_high)
    }
}
