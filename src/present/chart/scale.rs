//! What an axis measures, and the round numbers on it.

use super::fonts::Fonts;
use super::text::Type;
use crate::present::table::digits::number;

/// What the figures of a chart are.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Scale {
    /// Shares in per cent: the axis is from 0 to 100, never cut. Differences of them are in points.
    #[default]
    Percent,
    /// Numbers in a unit of their own: the axis is round the data, from zero where that is near.
    Numbers {
        /// What they are, over their column: `mean`.
        head: String,
        /// Whether zero is on the axis however far away: a total is read against it.
        from_zero: bool,
    },
}

/// Numbers beyond this are not drawn: doubles hold no units there.
pub(super) const MOST: f64 = 1e15;

impl Scale {
    /// What follows a figure in words.
    pub(super) fn sign(&self) -> &'static str {
        match self {
            Scale::Percent => "%",
            Scale::Numbers { .. } => "",
        }
    }
}

/// Round numbers from below the data to above them, all one step apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ticks {
    /// The step is so many tens to this power.
    mantissa: f64,
    power: i32,
    /// The first and the last tick, in steps from zero.
    first: f64,
    last: f64,
}

/// More steps than this are a ruler.
const STEPS: f64 = 6.0;

impl Ticks {
    /// The finest ticks over a range that are few enough and have room.
    pub fn over((low, high): (f64, f64), has_room: impl Fn(&Ticks) -> bool) -> Ticks {
        // No figure is larger than 10^15, and steps below 10^-14 are noise.
        let finest = ((high - low).log10().floor() as i32).clamp(-13, 15) - 1;
        let mut coarsest = Ticks::by(1.0, finest, (low, high));
        for power in finest..finest + 4 {
            for mantissa in [1.0, 2.0, 5.0] {
                coarsest = Ticks::by(mantissa, power, (low, high));
                if coarsest.steps() <= STEPS && has_room(&coarsest) {
                    return coarsest;
                }
            }
        }
        coarsest
    }

    fn by(mantissa: f64, power: i32, (low, high): (f64, f64)) -> Ticks {
        let step = mantissa * 10_f64.powi(power);
        // A bound that is a tick but for the noise of its binary form is that tick.
        let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        Ticks {
            mantissa,
            power,
            first,
            // Never of no length: places are shares of it.
            last: last.max(first + 1.0),
        }
    }

    /// How many steps there are between the first tick and the last.
    pub fn steps(&self) -> f64 {
        self.last - self.first
    }

    /// The number of a tick, as near as a double comes to its decimal form.
    fn at(&self, tick: f64) -> f64 {
        match self.power {
            0.. => tick * self.mantissa * 10_f64.powi(self.power),
            // 3 / 10 is the double next to 0.3, 3 × 0.1 is not.
            _ => tick * self.mantissa / 10_f64.powi(-self.power),
        }
    }

    /// How far apart ticks are.
    pub fn at_step(&self) -> f64 {
        self.at(1.0)
    }

    pub fn low(&self) -> f64 {
        self.at(self.first)
    }

    pub fn high(&self) -> f64 {
        self.at(self.last)
    }

    /// All ticks from low to high.
    pub fn values(&self) -> impl Iterator<Item = f64> + use<> {
        let ticks = *self;
        (0..=ticks.steps() as usize).map(move |index| ticks.at(ticks.first + index as f64))
    }

    /// “−1,500”, “0.25”: with the decimals of the step.
    pub fn label(&self, value: f64) -> String {
        number(value, usize::try_from(-self.power).unwrap_or(0))
    }

    /// How wide the widest label is, as written by `label`.
    pub fn widest(&self, label: impl Fn(&Ticks, f64) -> String, fonts: &Fonts) -> f64 {
        let widths = self
            .values()
            .map(|value| Type::TICK.width(&label(self, value), fonts));
        widths.fold(0.0, f64::max)
    }

    /// Where a number stands between the first tick, 0, and the last, 1.
    pub fn share(&self, value: f64) -> f64 {
        let (low, high) = (self.low(), self.high());
        (value.clamp(low, high) - low) / (high - low)
    }
}

/// The range an axis has to cover: that of the data, with zero where it is near, or in any case.
pub(super) fn covered((low, high): (f64, f64), from_zero: bool) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    // Nothing found, or all at one place: there must be something to both sides.
    let (low, high) = match (high - low, size) {
        (span, _) if !span.is_finite() => (0.0, 1.0),
        (_, size) if size < 1e-12 => (-1.0, 1.0),
        (span, size) if span < 1e-6 * size => (low - 0.1 * size, high + 0.1 * size),
        _ => (low, high),
    };
    let near = 0.5 * (high - low);
    let (below, above) = (
        from_zero || (low > 0.0 && low <= near),
        from_zero || (high < 0.0 && -high <= near),
    );
    (
        if below { low.min(0.0) } else { low },
        if above { high.max(0.0) } else { high },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, from_zero: bool) -> Vec<String> {
        let ticks = Ticks::over(covered((low, high), from_zero), |_| true);
        ticks.values().map(|value| ticks.label(value)).collect()
    }

    #[test]
    fn ticks_are_round_and_cover_the_data() {
        assert_eq!(
            labels(43.2, 53.9, false),
            ["42", "44", "46", "48", "50", "52", "54"]
        );
        assert_eq!(
            labels(0.0028, 0.0033, false),
            ["0.0028", "0.0029", "0.0030", "0.0031", "0.0032", "0.0033"]
        );
        assert_eq!(
            labels(1.1e6, 1.3e6, true).first().map(String::as_str),
            Some("0")
        );
        assert_eq!(
            labels(-4.2, 6.0, false),
            ["−6", "−4", "−2", "0", "2", "4", "6"]
        );
        assert_eq!(labels(2.0, 9.0, false), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(
            labels(1_180_000.0, 1_240_000.0, false)
                .last()
                .map(String::as_str),
            Some("1,240,000")
        );
        assert_eq!(
            labels(5.0, 5.0, false),
            ["4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6"]
        );
        assert_eq!(
            labels(0.0, 0.0, true),
            ["−1.0", "−0.5", "0.0", "0.5", "1.0"]
        );
    }
}
