//! What targets mean: shares, per cents or counts. One rule for every method, decided for all variables together.
//!
//! | every variable adds up to | the targets are |
//! | --- | --- |
//! | 0.99 to 1.01 | shares |
//! | 99 to 101 | per cents |
//! | more than 2, the same for all | counts |
//!
//! Both ends belong to the range, and sums are sums of decimals: 0.29 + 0.33 + 0.37 is 0.99, which binary numbers miss.
//! The range is what rounding does: a table without decimals may add up to 99 or 101. Anything else is refused with the
//! sums that were found, for nobody can know what was meant.

use super::Error;

/// What the targets of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// Parts of 1.
    Shares,
    /// Parts of 100.
    Percents,
    /// Numbers of people, or of weights.
    Counts,
}

/// What the targets of a variable add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct MarginTotal {
    /// The variable.
    pub variable: String,
    /// How many targets there are.
    pub levels: usize,
    /// Their sum.
    pub sum: DecimalSum,
    /// The largest.
    pub largest: f64,
}

impl MarginTotal {
    /// The total of the targets of a variable; NaN stands for none.
    pub fn new(variable: &str, targets: impl IntoIterator<Item = f64>) -> MarginTotal {
        let targets: Vec<f64> = targets.into_iter().filter(|t| !t.is_nan()).collect();
        MarginTotal {
            variable: variable.to_owned(),
            levels: targets.len(),
            sum: DecimalSum::new(&targets),
            largest: targets.iter().copied().fold(0.0, f64::max),
        }
    }
}

impl TargetKind {
    /// What the targets of variables with these totals are. See the table above.
    ///
    /// # Errors
    /// [`Error::TargetSums`] where the sums are those of no kind, or of two.
    pub fn from_totals(totals: &[MarginTotal]) -> Result<TargetKind, Error> {
        let all = |fits: fn(&MarginTotal) -> bool| totals.iter().all(fits);
        if totals.is_empty() {
            Ok(TargetKind::Counts)
        } else if all(|total| total.sum.within("0.99", "1.01")) {
            Ok(TargetKind::Shares)
        } else if all(|total| total.sum.within("99", "101")) {
            Ok(TargetKind::Percents)
        } else if all(|total| total.sum.value() > FEWEST && total.largest >= 1.0) {
            Ok(TargetKind::Counts)
        } else {
            Err(Error::TargetSums(sums(totals)))
        }
    }

    /// In a sentence: taken as shares.
    pub fn name(self) -> &'static str {
        match self {
            TargetKind::Shares => "shares",
            TargetKind::Percents => "per cent",
            TargetKind::Counts => "counts",
        }
    }
}

/// Sums up to this one are no counts: two countries with shares of their own add up to 2. And where each level is less
/// than one person, 0.6, 0.7 and 0.8, a sum above it is a slip.
const FEWEST: f64 = 2.0;

/// sex adds up to 100, age to 101.
pub fn sums(totals: &[MarginTotal]) -> String {
    let mut text = String::new();
    for (at, total) in totals.iter().take(NAMED).enumerate() {
        text += match at {
            0 => "",
            _ => ", ",
        };
        text += &match at {
            0 => format!("{} adds up to {}", total.variable, total.sum),
            _ => format!("{} to {}", total.variable, total.sum),
        };
    }
    match totals.len().checked_sub(NAMED) {
        None | Some(0) => text,
        Some(more) => format!("{text} and {more} more"),
    }
}

/// So many variables are named with their sums.
const NAMED: usize = 12;

/// Counts of one population add up to one number; where they differ by less than the number of levels, each was rounded
/// and all are scaled to the first. Whether any differs.
///
/// # Errors
/// [`Error::TotalsDiffer`] with both totals.
pub fn counts_agree(totals: &[MarginTotal]) -> Result<bool, Error> {
    let Some((first, others)) = totals.split_first() else {
        return Ok(false);
    };
    let mut differ = false;
    for other in others {
        let apart = (other.sum.value() - first.sum.value()).abs();
        if apart <= SAME * first.sum.value() {
            continue;
        }
        if apart >= first.levels.max(other.levels) as f64 {
            return Err(Error::TotalsDiffer {
                first: first.variable.clone(),
                first_total: first.sum.value(),
                second: other.variable.clone(),
                second_total: other.sum.value(),
            });
        }
        differ = true;
    }
    Ok(differ)
}

/// Totals that are apart by less, relatively, differ by the digits of a spreadsheet.
const SAME: f64 = 1e-12;

/// A sum of decimals: exact where the numbers lie between 10⁻²⁰ and 10¹⁷, to 15 significant digits each.
///
/// Binary sums miss the ends of a range: 0.29 + 0.33 + 0.37 is 0.9900000000000001 or less than 0.99 by the order of its
/// terms. Fifteen digits are what a spreadsheet works to: its 55.00000000000001 is 55.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecimalSum {
    /// In units of 10⁻²⁰; `None` beyond what they can hold.
    units: Option<i128>,
    binary: f64,
}

/// The decimals of a unit.
const DECIMALS: i32 = 20;

impl DecimalSum {
    /// The sum of finite numbers.
    pub fn new(numbers: &[f64]) -> DecimalSum {
        let add = |sum: Option<i128>, number: &f64| sum?.checked_add(units(*number)?);
        let sum = numbers.iter().fold(Some(0), add);
        DecimalSum {
            units: sum,
            binary: match sum {
                // the decimal that is written is the nearest of all binary numbers
                Some(sum) => written(sum).parse().unwrap_or(f64::NAN),
                None => numbers.iter().sum(),
            },
        }
    }

    /// As a binary number.
    pub fn value(&self) -> f64 {
        self.binary
    }

    /// Whether it lies in a range with both its ends.
    fn within(&self, low: &str, high: &str) -> bool {
        let end = |text: &str| units(text.parse().ok()?);
        match (self.units, end(low), end(high)) {
            (Some(sum), Some(low), Some(high)) => (low..=high).contains(&sum),
            _ => false,
        }
    }
}

impl std::fmt::Display for DecimalSum {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.units {
            Some(units) => out.write_str(&written(units)),
            None => write!(out, "{}", self.binary),
        }
    }
}

/// The number that a person wrote, in units: its 15 significant digits and where they stand.
fn units(number: f64) -> Option<i128> {
    let text = format!("{number:.14e}");
    let (digits, exponent) = text.split_once('e')?;
    let digits: i128 = digits.replace('.', "").parse().ok()?;
    let shift = exponent.parse::<i32>().ok()? - 14 + DECIMALS;
    match u32::try_from(shift) {
        Ok(up) => digits.checked_mul(10_i128.checked_pow(up)?),
        // what is less than a unit is dropped
        Err(_) => Some(
            10_i128
                .checked_pow(shift.unsigned_abs())
                .map_or(0, |by| digits / by),
        ),
    }
}

/// Units as a decimal number without zeros at its end.
fn written(units: i128) -> String {
    let one = 10_u128.pow(DECIMALS.unsigned_abs());
    let (sign, size) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    let decimals = format!(
        "{:0width$}",
        size % one,
        width = DECIMALS.unsigned_abs() as usize
    );
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{}", size / one),
        decimals => format!("{sign}{}.{decimals}", size / one),
    }
}
