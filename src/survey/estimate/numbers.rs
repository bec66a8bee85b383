//! Means, totals, ratios, variances and combinations of them: linear in sums of numbers, once their derivatives are taken.

use super::calibration::Element;
use super::context::{Context, total};
use super::scores::{ElementSums, NoEstimate, PointEstimate, Scores};
use crate::survey::sums::{ItemSums, Mode, NumberSums, Origin, Sum, Sums, at, triangle};

/// A combination of statistics of numbers in one domain.
pub fn estimate_numbers(
    context: &Context,
    (item, sums): (usize, &NumberSums),
    combination: &Combination,
    domain: usize,
) -> PointEstimate {
    let width = sums.width;
    let range = context.cells(domain);
    let totals: Vec<Sum> = (0..width)
        .map(|at| total(range.clone(), &sums.first, width, at))
        .collect();
    let n = sums.count.get(domain).copied().unwrap_or(0);
    let mut estimated = PointEstimate {
        value: None,
        rest: 0.0,
        reason: None,
        scores: None,
        spread: None,
        n,
        weight: totals.first().map_or(0.0, |weight| weight.value()),
    };
    if totals.is_empty() {
        estimated.reason = Some(NoEstimate::Nobody.to_string());
        return estimated;
    }
    let linearised = match combination.linearise(&totals, &sums.origins, n) {
        Ok(linearised) if linearised.estimate.value().is_finite() => linearised,
        Ok(_) => {
            estimated.reason = Some(NoEstimate::Infinite.to_string());
            return estimated;
        }
        Err(reason) => {
            estimated.reason = Some(reason.to_string());
            return estimated;
        }
    };
    let centred = !sums.origins.is_empty();
    let scored = LinearScores {
        item,
        width,
        linearised: &linearised,
    };
    let moments = triangle(width - 1).max(1);
    let moment = &sums.moment[domain * moments..(domain + 1) * moments];
    estimated.spread = linearised.spread(&totals, moment, n, centred);
    let value = linearised.estimate.value();
    (estimated.value, estimated.rest) = (
        Some(value),
        (linearised.estimate - Sum::from(value)).value(),
    );
    let calibrated = context.residuals.is_some() || context.residual_sums.is_some();
    estimated.reason = combination
        .lost_digits((&totals, moment), n)
        .or_else(|| combination.lost_in_residuals(&sums.origins, calibrated))
        .map(str::to_owned);
    estimated.scores = Some(match context.mode {
        Mode::Replicates => {
            // of numbers that lie far from 0 floats hold what replicates differ by, not the replicates
            let full = linearised.estimate;
            let origin = if centred { full } else { Sum::ZERO };
            let theta = |totals: &Vec<Sum>| {
                let totals = &totals[domain * width..(domain + 1) * width];
                let estimate = combination.linearise(totals, &sums.origins, n);
                estimate.map_or(f64::NAN, |linearised: Linearised| {
                    (linearised.estimate - origin).value()
                })
            };
            Scores::Replicates(
                sums.replicates.iter().map(theta).collect(),
                (full - origin).value(),
            )
        }
        Mode::Elements => context
            .classed_elements(
                domain,
                |sums, cell| scored.score(sums, cell).unwrap_or(Sum::ZERO).value(),
                |sums, cell, f| scored.element(sums, cell, f),
            )
            .unwrap_or_else(|| {
                context.elements(domain, |cell| {
                    let pairs = triangle(width);
                    let of_cell = answered(&sums.first[cell * width..(cell + 1) * width])?;
                    let products = &sums.product[cell * pairs..(cell + 1) * pairs];
                    let about_mean = |n| linearised.square_about_mean(of_cell, products, n);
                    Some(ElementSums {
                        sum: linearised.score(of_cell),
                        square: linearised.square(products),
                        about_mean: centred.then(|| about_mean(context.sampled(cell))),
                    })
                })
            }),
        Mode::Units | Mode::Rows => context.units(domain, |sums, cell| scored.score(sums, cell)),
    });
    estimated
}

/// A linearised item, on sums of any kind of units.
struct LinearScores<'a> {
    item: usize,
    width: usize,
    linearised: &'a Linearised,
}

impl LinearScores<'_> {
    fn number_sums<'s>(&self, sums: &'s Sums) -> Option<&'s NumberSums> {
        match sums.items.get(self.item)? {
            ItemSums::Numbers(sums) => Some(sums),
            _ => None,
        }
    }

    /// u of a cell; `None` where nobody in it answered.
    fn score(&self, sums: &Sums, cell: usize) -> Option<Sum> {
        let Some(sums) = self.number_sums(sums) else {
            return Some(Sum::from(f64::NAN));
        };
        let first = answered(&sums.first[cell * self.width..(cell + 1) * self.width])?;
        Some(self.linearised.score(first))
    }

    /// u − a f with a = w: the constant of the linearised variable is less by f.
    fn element(&self, sums: &Sums, cell: usize, f: Sum) -> Element {
        let Some(sums) = self.number_sums(sums) else {
            return Element::default();
        };
        let mut less = self.linearised.clone();
        if let Some(constant) = less.score.first_mut() {
            *constant += -f;
        }
        let (width, pairs) = (self.width, triangle(self.width));
        let first = &sums.first[cell * width..(cell + 1) * width];
        let product = &sums.product[cell * pairs..(cell + 1) * pairs];
        Element {
            score: less.score(first),
            square: less.square(product),
            weight: first.first().copied().unwrap_or_default(),
            weight_square: product.first().copied().unwrap_or_default(),
        }
    }
}

/// The sums of a cell, if somebody in it has an answer and a weight.
fn answered(sums: &[Sum]) -> Option<&[Sum]> {
    sums.first()
        .is_some_and(|weight| weight.value() != 0.0)
        .then_some(sums)
}

/// Below this share of ȳ² the standard error of a variance by linearisation is lost in the rounding of 32 digits.
const LEAST_SPREAD: f64 = 1e-13;

const FAR_FROM_ZERO: &str =
    "no standard error: the numbers lie too far from 0 for their spread; take a constant off them";

/// How many digits the sums of squares have for the spread of a number in one domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digits {
    Enough,
    /// The numbers differ, and lie too far from 0 for sums to tell.
    Few,
    /// The squares are below what floats hold, or above.
    TooSmall,
    TooLarge,
}

/// Below this the square of a number may have lost digits to underflow.
const SMALLEST_SQUARE: f64 = 1e-290;
/// Sums have some 30 digits: with a spread of that share of ȳ² a dozen are left for it.
const SPREAD_OF_MEANS: f64 = 1e-18;
/// A variance has the fourth powers in its error.
const SPREAD_OF_VARIANCES: f64 = 1e-9;

/// The digits of the number at `y`, of those that the basic at `basic` counts. Numbers that are all the same have no spread, and their mean is a float, or would be but for
/// the rounding of sums: that tells them from numbers that differ in their last digits.
fn digits(
    (totals, moments): (&[Sum], &[Sum]),
    (y, basic): (usize, usize),
    n: u64,
    least: f64,
) -> Digits {
    // of the 1 before all numbers there is nothing to say
    let Some(place) = y.checked_sub(1) else {
        return Digits::Enough;
    };
    let weight = totals[basic];
    let square = moments.get(at(place, place, totals.len() - 1)).copied();
    let square = square.unwrap_or_default();
    if n < 2 || totals[y].value() == 0.0 || weight.value() <= 0.0 {
        return Digits::Enough;
    }
    if !square.value().is_finite() {
        return Digits::TooLarge;
    }
    if square.value() < SMALLEST_SQUARE {
        return Digits::TooSmall;
    }
    let mean = totals[y] / weight;
    let size = (mean * mean).value();
    let spread = (square / weight - mean * mean).value() / size;
    let alike = spread.abs() <= 1e-30 && is_float(mean);
    match spread < least && !alike {
        true => Digits::Few,
        false => Digits::Enough,
    }
}

/// A statistic of weighted sums of numbers T_a = Σ w z_a, z_0 = 1; the places are those of the basics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Linear {
    /// ȳ = T_y/T_0. R: `svymean`.
    Mean(usize),
    /// The same of some, from y and 1, both 0 for all others. R: `svymean` of a subset.
    MeanWithin(usize, usize),
    /// T_y. R: `svytotal`.
    Total(usize),
    /// T_0.
    Count,
    /// T_y/T_x. R: `svyratio`.
    Ratio(usize, usize),
    /// s² = Σ w (y − ȳ)²/T_0 n/(n − 1), from y and its square. R: `svyvar`.
    Variance(usize, usize),
    /// s. R: `sqrt(svyvar())`, its standard error by the delta method.
    Sd(usize, usize),
    /// r of x, y, x y, x² and y². R: `cov2cor(svyvar())`.
    Correlation([usize; 5]),
    /// Cronbach’s alpha of `count` items from a place on, then their sum; then the squares of all from a place on.
    Alpha {
        items: usize,
        count: usize,
        squares: usize,
    },
}

/// An estimate, and what each basic adds to the score of a respondent: u = w Σ c_a z_a.
#[derive(Clone, Debug, PartialEq)]
pub struct Linearised {
    pub estimate: Sum,
    pub score: Vec<Sum>,
}

impl Linear {
    /// From the totals of the basics and the number of respondents. From the numbers their origins may have been taken off:
    /// z_k − o_k, for all k from 1; estimate and scores are those of the numbers themselves.
    ///
    /// The scores are the derivatives of the estimate by the totals (Binder, "On the variances of asymptotically normal
    /// estimators from complex surveys", International Statistical Review 51, 1983); the mean is held fixed in a variance.
    ///
    /// # Errors
    /// Nobody to estimate from, a denominator of 0.
    pub fn linearise(
        self,
        totals: &[Sum],
        origins: &[Origin],
        respondents: u64,
    ) -> Result<Linearised, NoEstimate> {
        let mut score = vec![Sum::ZERO; totals.len()];
        let one = Sum::from(1.0);
        let weight = totals[0];
        let origin = |y: usize| origins.get(y - 1).copied().unwrap_or_default();
        let whole = |y: usize| match origins.is_empty() {
            true => totals[y],
            false => totals[y] + totals[origin(y).basic] * origin(y).value,
        };
        let estimate = match self {
            Linear::Total(y) => {
                score[y] = one;
                score[origin(y).basic] += Sum::from(origin(y).value);
                whole(y)
            }
            Linear::Count => {
                score[0] = one;
                weight
            }
            Linear::Mean(_)
            | Linear::Variance(..)
            | Linear::Sd(..)
            | Linear::Correlation(_)
            | Linear::Alpha { .. }
                if weight.value() == 0.0 =>
            {
                return Err(NoEstimate::Nobody);
            }
            Linear::Correlation(places) => correlation(&mut score, totals, places)?,
            Linear::Alpha {
                items,
                count,
                squares,
            } => alpha(&mut score, totals, (items, count, squares))?,
            Linear::Ratio(_, x) if whole(x).value() == 0.0 => {
                return Err(match respondents {
                    0 => NoEstimate::Nobody,
                    _ => NoEstimate::ZeroDenominator,
                });
            }
            Linear::MeanWithin(_, x) if totals[x].value() == 0.0 => {
                return Err(match respondents {
                    0 => NoEstimate::Nobody,
                    _ => NoEstimate::ZeroDenominator,
                });
            }
            Linear::Mean(y) => {
                let mean = totals[y] / weight;
                score[y] = one / weight;
                score[0] = -mean / weight;
                mean + Sum::from(origin(y).value)
            }
            Linear::MeanWithin(y, x) => {
                // those within have their numbers less the origin, and the others 0
                let mean = totals[y] / totals[x];
                score[y] += one / totals[x];
                score[x] += -mean / totals[x];
                mean + Sum::from(origin(y).value)
            }
            Linear::Ratio(y, x) => {
                let size = whole(x);
                let ratio = whole(y) / size;
                // +=: y and x may be the same number
                score[y] += one / size;
                score[x] += -ratio / size;
                score[origin(y).basic] += Sum::from(origin(y).value) / size;
                score[origin(x).basic] += -(ratio * origin(x).value) / size;
                ratio
            }
            Linear::Variance(y, square) => {
                let n = respondents as f64;
                if n < 2.0 {
                    return Err(NoEstimate::OneRespondent);
                }
                match totals[square].value() {
                    sum if !sum.is_finite() && totals[y].value().is_finite() => {
                        return Err(NoEstimate::TooLarge);
                    }
                    sum if sum < SMALLEST_SQUARE && totals[y].value() != 0.0 => {
                        return Err(NoEstimate::TooSmall);
                    }
                    _ => {}
                }
                let correction = Sum::from(n) / Sum::from(n - 1.0);
                let mean = totals[y] / weight;
                let size = mean * mean;
                let spread = (totals[square] / weight - size).settled(size.value());
                score[square] = correction / weight;
                score[y] = mean * correction / weight * -2.0;
                score[0] = (size - spread) * correction / weight;
                // the squares of scores have the fourth powers of the numbers in them, and these no digits for the spread
                if spread.value() > 0.0 && spread.value() < LEAST_SPREAD * size.value() {
                    score[0] = Sum::from(f64::NAN);
                }
                spread * correction
            }
            Linear::Sd(y, square) => {
                let variance =
                    Linear::Variance(y, square).linearise(totals, origins, respondents)?;
                let sd = variance.estimate.root();
                // at 0 the root has no slope, and all scores are 0 as it is
                let slope = if sd > 0.0 { 0.5 / sd } else { 0.0 };
                score = variance.score.into_iter().map(|c| c * slope).collect();
                Sum::from(sd)
            }
        };
        Ok(Linearised { estimate, score })
    }
}

/// The mean and the variance of a number.
fn spread(totals: &[Sum], y: usize, square: usize) -> Result<(Sum, Sum), NoEstimate> {
    if !totals[square].value().is_finite() && totals[y].value().is_finite() {
        return Err(NoEstimate::TooLarge);
    }
    if totals[square].value() < SMALLEST_SQUARE && totals[y].value() != 0.0 {
        return Err(NoEstimate::TooSmall);
    }
    let mean = totals[y] / totals[0];
    let size = mean * mean;
    let spread = (totals[square] / totals[0] - size).settled(size.value());
    match spread.value() {
        0.0 if is_float(mean) => Err(NoEstimate::NoVariation),
        some if some <= LEAST_SPREAD * size.value() => Err(NoEstimate::FarFromZero),
        _ => Ok((mean, spread)),
    }
}

/// Whether a mean is a float but for the rounding of sums, as that of numbers that are all the same is.
fn is_float(mean: Sum) -> bool {
    mean.tidy().low.abs() <= 1e-27 * mean.high.abs()
}

/// r with its scores w/W (z_x z_y − r (z_x² + z_y²)/2), z = (x − x̄)/s.
fn correlation(
    score: &mut [Sum],
    totals: &[Sum],
    [x, y, product, xx, yy]: [usize; 5],
) -> Result<Sum, NoEstimate> {
    let weight = totals[0];
    let ((mx, vx), (my, vy)) = (spread(totals, x, xx)?, spread(totals, y, yy)?);
    let both = (vx * vy).sqrt();
    let r = (totals[product] / weight - mx * my) / both;
    let half = r * 0.5;
    score[product] += Sum::from(1.0) / both / weight;
    score[x] += (r * mx / vx - my / both) / weight;
    score[y] += (r * my / vy - mx / both) / weight;
    score[xx] += -(half / vx) / weight;
    score[yy] += -(half / vy) / weight;
    score[0] += (mx * my / both - half * (mx * mx / vx + my * my / vy)) / weight;
    Ok(r)
}

/// K/(K − 1) (1 − Σ v_k/v) of items with variances v_k and v that of their sum, and its scores through these variances.
///
/// R: `svycralpha`, which has no standard error. Source: L. J. Cronbach, "Coefficient alpha and the internal structure of
/// tests", Psychometrika 16 (1951).
fn alpha(
    score: &mut [Sum],
    totals: &[Sum],
    (items, count, squares): (usize, usize, usize),
) -> Result<Sum, NoEstimate> {
    let weight = totals[0];
    let (sum, factor) = (
        items + count,
        Sum::from(count as f64) / Sum::from(count as f64 - 1.0),
    );
    let (mean, all) = spread(totals, sum, squares + count)?;
    let mut own = Sum::ZERO;
    let mut add = |at: usize, square: usize, (mean, spread): (Sum, Sum), slope: Sum| {
        score[square] += slope / weight;
        score[at] += slope * mean * -2.0 / weight;
        score[0] += slope * (mean * mean - spread) / weight;
    };
    for k in 0..count {
        match spread(totals, items + k, squares + k) {
            Ok((mean, spread)) => {
                own += spread;
                add(items + k, squares + k, (mean, spread), -(factor / all));
            }
            // an item that does not vary adds nothing
            Err(NoEstimate::NoVariation) => {}
            Err(error) => return Err(error),
        }
    }
    add(
        sum,
        squares + count,
        (mean, all),
        factor * own / (all * all),
    );
    let left = (Sum::from(1.0) - own / all).left_of(1.0);
    Ok(factor * Sum::from(left))
}

/// A linear combination of statistics of the same respondents.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    pub terms: Vec<(f64, Linear)>,
    pub constant: f64,
}

impl Linear {
    /// The numbers that it is of, each with the place of what counts those who have it, and the share of ȳ² that the spread
    /// should have.
    fn numbers(self) -> Vec<(usize, usize, f64)> {
        match self {
            Linear::Mean(y) | Linear::Total(y) => vec![(y, 0, SPREAD_OF_MEANS)],
            Linear::MeanWithin(y, x) => vec![(y, x, SPREAD_OF_MEANS)],
            Linear::Ratio(y, x) => vec![(y, 0, SPREAD_OF_MEANS), (x, 0, SPREAD_OF_MEANS)],
            Linear::Variance(y, _) | Linear::Sd(y, _) => vec![(y, 0, SPREAD_OF_VARIANCES)],
            Linear::Correlation([x, y, ..]) => {
                vec![(x, 0, SPREAD_OF_VARIANCES), (y, 0, SPREAD_OF_VARIANCES)]
            }
            Linear::Alpha { items, count, .. } => (items..=items + count)
                .map(|y| (y, 0, SPREAD_OF_VARIANCES))
                .collect(),
            Linear::Count => Vec::new(),
        }
    }
}

impl Combination {
    /// What its numbers lie about, where the sums of some domain have too few digits for their spread: with these taken off
    /// they have all.
    pub fn origins(&self, sums: &NumberSums) -> Option<Vec<Origin>> {
        let width = sums.width;
        let moments = triangle(width.checked_sub(1)?).max(1);
        if sums.count.len() * moments > sums.moment.len() || !sums.origins.is_empty() {
            return None;
        }
        let total = |a: usize| -> Sum { sums.first.iter().skip(a).step_by(width).copied().sum() };
        let all: Vec<Sum> = (0..width).map(total).collect();
        let moment =
            |a: usize| -> Sum { sums.moment.iter().skip(a).step_by(moments).copied().sum() };
        let squares: Vec<Sum> = (0..moments).map(moment).collect();
        let n = sums.count.iter().sum();
        let numbers = || self.terms.iter().flat_map(|(_, linear)| linear.numbers());
        let few = |(y, basic, least)| digits((&all, &squares), (y, basic), n, least) == Digits::Few;
        if !numbers().any(few) {
            return None;
        }
        let mut origins = vec![Origin::default(); width - 1];
        for (y, basic, _) in numbers().filter(|(_, basic, _)| all[*basic].value() > 0.0) {
            // those whom a filter counts go before all
            if basic > 0 || origins[y - 1].basic == 0 {
                let value = (all[y] / all[basic]).high;
                origins[y - 1] = Origin { value, basic };
            }
        }
        Some(origins)
    }

    /// Why an error of 0 would be one of rounding, if it would.
    fn lost_digits(&self, sums: (&[Sum], &[Sum]), n: u64) -> Option<&'static str> {
        let numbers = self.terms.iter().flat_map(|(_, linear)| linear.numbers());
        let mut digits = numbers.map(|(y, basic, _)| digits(sums, (y, basic), n, SPREAD_OF_MEANS));
        match digits.find(|digits| *digits != Digits::Enough)? {
            Digits::Enough => None,
            Digits::Few => Some(FAR_FROM_ZERO),
            Digits::TooSmall => Some(
                "no standard error: the squares of the numbers are smaller than a computer’s numbers; multiply them by a constant",
            ),
            Digits::TooLarge => Some(
                "no standard error: the squares of the numbers are larger than a computer’s numbers; divide them by a constant",
            ),
        }
    }

    /// What a calibration leaves of a constant that all weights are multiplied by is rounding where the constant is large.
    fn lost_in_residuals(&self, origins: &[Origin], calibrated: bool) -> Option<&'static str> {
        let is_far = |y: usize| origins.get(y - 1).is_some_and(|origin| origin.value != 0.0);
        let lost = |linear: &Linear| matches!(linear, Linear::Total(y) if is_far(*y));
        let any = calibrated && self.terms.iter().any(|(_, linear)| lost(linear));
        any.then_some(FAR_FROM_ZERO)
    }

    pub fn linearise(
        &self,
        totals: &[Sum],
        origins: &[Origin],
        respondents: u64,
    ) -> Result<Linearised, NoEstimate> {
        let mut all = Linearised {
            estimate: Sum::from(self.constant),
            score: vec![Sum::ZERO; totals.len()],
        };
        for (coefficient, linear) in &self.terms {
            let term = linear.linearise(totals, origins, respondents)?;
            all.estimate += term.estimate * *coefficient;
            for (to, from) in all.score.iter_mut().zip(&term.score) {
                *to += *from * *coefficient;
            }
        }
        Ok(all)
    }
}

impl Linearised {
    /// The score of a cell, from its sums of the basics.
    pub fn score(&self, sums: &[Sum]) -> Sum {
        let (mut score, mut size) = (Sum::ZERO, 0.0);
        for (coefficient, sum) in self.score.iter().zip(sums) {
            let term = *coefficient * *sum;
            score += term;
            size += term.high.abs();
        }
        score.settled(size)
    }

    /// Σ u² of a cell, from its sums of products w² z_a z_b.
    pub fn square(&self, products: &[Sum]) -> Sum {
        let width = self.score.len();
        let (mut square, mut size) = (Sum::ZERO, 0.0);
        for a in 0..width {
            for b in a..width {
                let both = self.score[a] * self.score[b] * products[at(a, b, width)];
                square += if a == b { both } else { both * 2.0 };
                size += both.high.abs();
            }
        }
        square.settled(size)
    }

    /// Σ (u − ū)² of a stratum of n respondents, those of no cell having 0: product by product, so that a large constant
    /// leaves nothing where the weights are all the same.
    pub fn square_about_mean(&self, sums: &[Sum], products: &[Sum], n: f64) -> Sum {
        let width = self.score.len();
        let n = Sum::from(n);
        let (mut square, mut size) = (Sum::ZERO, 0.0);
        for a in 0..width {
            for b in a..width {
                let product = products[at(a, b, width)];
                let centred = (product - sums[a] * sums[b] / n).settled(product.high.abs());
                let both = self.score[a] * self.score[b] * centred;
                square += if a == b { both } else { both * 2.0 };
                size += both.high.abs();
            }
        }
        square.settled(size)
    }

    /// S² of the linearised variable g = Σ c_a z_a: Σ w (g − ḡ)²/N n/(n − 1), from the totals and the moments
    /// Σ w z_a z_b with 1 ≤ a ≤ b. Of `centred` numbers the constant, which changes no S², is left out.
    pub fn spread(
        &self,
        totals: &[Sum],
        moments: &[Sum],
        respondents: u64,
        centred: bool,
    ) -> Option<f64> {
        let n = respondents as f64;
        let weight = totals[0];
        if n < 2.0 || weight.value() <= 0.0 {
            return None;
        }
        let width = totals.len();
        let moment = |a: usize, b: usize| match (a, b) {
            (0, b) => totals[b],
            (a, b) => moments[at(a - 1, b - 1, width - 1)],
        };
        let (mut square, mut size) = (Sum::ZERO, 0.0);
        let mut total = Sum::ZERO;
        for (a, in_total) in totals.iter().enumerate().skip(usize::from(centred)) {
            total += self.score[a] * *in_total;
            for b in a..width {
                let both = self.score[a] * self.score[b] * moment(a, b);
                square += if a == b { both } else { both * 2.0 };
                size += both.high.abs();
            }
        }
        let mean = total / weight;
        let spread = (square / weight - mean * mean).settled(size / weight.value());
        // rounding may leave a little below 0
        Some(spread.value().max(0.0) * n / (n - 1.0))
    }
}
