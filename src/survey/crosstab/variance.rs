//! Variances of what follows from the sums of a measure in one or two domains.
//!
//! Everything here is a total of scores w (α + β y), with α and β of each domain: a share has α = −p/W and β = 1/W, a
//! difference those of both columns, a column less all others those of the column and of the total. So the variance is the
//! design's of a total, whatever the columns share. Where rows are the units, Σ u² of two domains needs the sums of those
//! who lie in both, too.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::RwLock;

use super::layout::Layout;
use super::measure::Measure;
use crate::statistics::special::{Sum, squared_distance, sum_of_squares};
use crate::survey::design::{Design, ElementScore, Lonely, Replication, Score, Units};
use crate::survey::estimate::DomainDf;
use crate::survey::sums::Mode;

/// The design as the variances of a banner need it.
pub struct Sampling<'a> {
    pub design: &'a Design,
    pub units: &'a Units,
    pub layout: &'a Layout,
    pub mode: Mode,
    pub replication: Option<&'a Replication>,
    /// Degrees of freedom of the whole design.
    pub df: Option<f64>,
    pub domain_df: DomainDf,
    /// Strata of a single stage; none where stages or lonely units ask for more than a sum over strata.
    strata: Option<Vec<Stratum>>,
    known_df: RwLock<HashMap<(usize, usize), Option<f64>>>,
}

/// Scores of all columns of a row are kept up to this number of them, 16 MB.
const MOST_KEPT_SCORES: usize = 1 << 21;

/// The units of a stratum, which follow each other, and (1 − f) n/(n − 1).
struct Stratum {
    units: Range<usize>,
    factor: f64,
}

/// What those in a domain add to a score: w (α + β y).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    pub domain: usize,
    pub alpha: f64,
    pub beta: f64,
}

/// Who is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Domain(usize),
    /// Those of a domain who are not in another that lies within it.
    Less(usize, usize),
}

impl<'a> Sampling<'a> {
    pub fn new(
        design: &'a Design,
        units: &'a Units,
        layout: &'a Layout,
        mode: Mode,
        replication: Option<&'a Replication>,
        (df, domain_df): (Option<f64>, DomainDf),
    ) -> Sampling<'a> {
        Sampling {
            design,
            units,
            layout,
            mode,
            replication,
            df,
            domain_df,
            strata: simple_strata(design, units, mode),
            known_df: RwLock::default(),
        }
    }

    /// The units of each stratum with (1 − f) n/(n − 1), where a variance is no more than a sum over strata.
    pub fn simple(&self) -> Option<impl Iterator<Item = (Range<usize>, f64)> + '_> {
        let strata = self.strata.as_ref()?;
        Some(
            strata
                .iter()
                .map(|stratum| (stratum.units.clone(), stratum.factor)),
        )
    }

    /// Degrees of freedom of those in either of two domains: PSUs less strata in which they have a weight.
    ///
    /// Those that the design names, of a replicate design, or where the whole design's are asked for: these.
    pub fn df_of(&self, a: usize, b: usize, shared: Option<usize>) -> Option<f64> {
        if self.design.df.is_some()
            || self.domain_df == DomainDf::Design
            || self.mode == Mode::Replicates
        {
            return self.df;
        }
        // shared follows from the two
        let key = (a.min(b), a.max(b));
        if let Some(known) = self
            .known_df
            .read()
            .ok()
            .and_then(|known| known.get(&key).copied())
        {
            return known;
        }
        let df = Some(self.counted_df(a, b, shared));
        if let Ok(mut known) = self.known_df.write() {
            known.insert(key, df);
        }
        df
    }

    /// In how many PSUs somebody of the total answered, and in how many there is somebody; of answers from fewer than half of
    /// them, as those of a split sample. `weight` is Σ w of those who answered, by cell.
    pub fn answered_in_few(&self, weight: &[Sum]) -> Option<(usize, usize)> {
        let counted = self.domain_df == DomainDf::Domain && self.design.df.is_none();
        if self.mode != Mode::Units || self.design.psu.is_empty() || !counted {
            return None;
        }
        let cells = self.layout.domains.first()?.cells.clone();
        let psus = |of: &dyn Fn(usize) -> bool| {
            let units = cells.clone().filter(|cell| of(*cell));
            let psu = |cell: usize| self.units.first_stage_unit(self.layout.cells[cell].unit);
            units.map(psu).collect::<HashSet<u32>>().len()
        };
        let all = psus(&|cell| self.layout.cells[cell].weighted > 0);
        let answered = psus(&|cell| weight.get(cell).is_some_and(|sum| sum.value() != 0.0));
        (answered > 0 && 2 * answered < all).then_some((answered, all))
    }

    fn counted_df(&self, a: usize, b: usize, shared: Option<usize>) -> f64 {
        let weighted = |domain: usize| {
            let cells = self.layout.domains[domain].cells.clone();
            self.layout.cells[cells]
                .iter()
                .filter(|cell| cell.weighted > 0)
        };
        let either = || weighted(a).chain(weighted(b).filter(|_| a != b));
        if self.mode == Mode::Elements {
            let rows: u64 = either().map(|cell| cell.weighted).sum();
            // who lies in both has been counted in each
            let twice: u64 = match shared {
                Some(domain) if a != b => weighted(domain).map(|cell| cell.weighted).sum(),
                _ => 0,
            };
            let strata: HashSet<u32> = either().map(|cell| cell.unit).collect();
            return (rows - twice) as f64 - strata.len() as f64;
        }
        let psus: HashSet<u32> = either()
            .map(|cell| self.units.first_stage_unit(cell.unit))
            .collect();
        let strata: HashSet<u32> = either().map(|cell| self.units.stratum(cell.unit)).collect();
        psus.len() as f64 - strata.len() as f64
    }

    /// V of the share or mean of a domain; not of replicates.
    pub fn of_share(&self, measure: &Measure, domain: usize) -> f64 {
        match self.centred_scores(measure, domain) {
            Some(scores) => sum_of_squares(scores),
            None => self.of_terms(measure, &[Term::of_share(measure, domain)], None),
        }
    }

    /// V of the share or mean of a domain less that of another; `shared` is the domain of those in both. Not of replicates.
    pub fn of_difference(
        &self,
        measure: &Measure,
        (a, b): (usize, usize),
        shared: Option<usize>,
    ) -> f64 {
        let scores = |domain: usize| self.centred_scores(measure, domain);
        match scores(a).zip(scores(b)) {
            Some((one, other)) => squared_distance(one, other),
            None => {
                let terms = [
                    Term::of_share(measure, a),
                    Term::of_share(measure, b).negated(),
                ];
                self.of_terms(measure, &terms, shared)
            }
        }
    }

    /// √((1 − f) n/(n − 1)) (z − z̄) of each unit of a stratum, z the score of a share or mean: the variance of a sum or a
    /// difference of such shares is a sum of squares. They are made once and kept with the measure; `None` where a variance
    /// is more than a sum over strata, or the units are so many that they could not be kept.
    fn centred_scores<'m>(&self, measure: &'m Measure, domain: usize) -> Option<&'m [f64]> {
        let strata = self.strata.as_ref()?;
        let units = self
            .units
            .stages
            .last()
            .map_or(0, |stage| stage.group.len());
        let few = units.saturating_mul(measure.domains.len()) <= MOST_KEPT_SCORES;
        if !few || !measure.residuals.is_empty() {
            return None;
        }
        let scores = measure.scores[domain].get_or_init(|| {
            let Term { alpha, beta, .. } = Term::of_share(measure, domain);
            let weight = measure.base.rounded_weight();
            let mut scores = vec![0.0; units];
            for cell in self.layout.domains[domain].cells.clone() {
                let (w, y) = (weight[cell], measure.y[cell].value());
                // a unit has one cell in each domain
                scores[self.layout.cells[cell].unit as usize] = alpha * w + beta * y;
            }
            let mut centred = vec![0.0; units];
            for stratum in strata {
                stratum.centre(&scores, &mut centred);
            }
            centred
        });
        Some(scores)
    }

    /// The variance of the total of scores with terms of one or two domains; `shared` is the domain of those in both.
    pub fn of_terms(&self, measure: &Measure, terms: &[Term], shared: Option<usize>) -> f64 {
        match self.mode {
            _ if !measure.residuals.is_empty() => self.of_residuals(measure, terms),
            Mode::Elements => self.of_elements(measure, terms, shared),
            Mode::Replicates => self.of_held_replicates(measure, terms),
            Mode::Units | Mode::Rows => self.of_units(measure, terms),
        }
    }

    fn of_units(&self, measure: &Measure, terms: &[Term]) -> f64 {
        let mut scores = UnitScores::new(self);
        self.add_unit_scores(&mut scores, measure, terms);
        self.of_unit_scores(scores)
    }

    fn add_unit_scores(&self, scores: &mut UnitScores, measure: &Measure, terms: &[Term]) {
        for term in terms {
            for cell in self.layout.domains[term.domain].cells.clone() {
                let (w, y) = (measure.base.weight[cell].value(), measure.y[cell].value());
                if w != 0.0 {
                    let unit = self.layout.cells[cell].unit as usize;
                    scores.add(unit, term.alpha * w + term.beta * y);
                }
            }
        }
    }

    /// After a calibration every unit has a score: what the calibration leaves of a score is linear in it.
    fn of_residuals(&self, measure: &Measure, terms: &[Term]) -> f64 {
        let mut scores = UnitScores::new(self);
        for term in terms {
            let base = &measure.base.residuals[term.domain];
            let pairs = base.iter().zip(&measure.residuals[term.domain]);
            for (unit, (w, y)) in pairs.enumerate() {
                scores.add(unit, term.alpha * w + term.beta * y);
            }
        }
        self.of_unit_scores(scores)
    }

    /// The variance of a total, from the scores of units of the last stage.
    pub fn of_unit_scores(&self, scores: UnitScores) -> f64 {
        if let Some(strata) = &self.strata {
            return strata
                .iter()
                .map(|stratum| stratum.variance(&scores.scores))
                .sum();
        }
        let UnitScores { scores, seen } = scores;
        let listed = (0_u32..).zip(scores).zip(seen).filter(|(_, seen)| *seen);
        let listed: Vec<Score> = listed
            .map(|((unit, score), _)| Score {
                unit,
                a: score,
                b: score,
            })
            .collect();
        let strata = listed
            .iter()
            .map(|score| self.units.stratum(score.unit))
            .collect();
        let lonely = self.design.lonely;
        let inflation = self.units.inflation(&strata, lonely);
        self.units.covariance(&listed, lonely, inflation)
    }

    /// Rows are the units: by stratum Σ u and Σ u², exact, so that what strata fix has a variance of 0.
    fn of_elements(&self, measure: &Measure, terms: &[Term], shared: Option<usize>) -> f64 {
        self.of_stratum_sums(self.stratum_sums(measure, terms, shared))
    }

    /// Σ_h (1 − f_h) Σ_i z_hi² of scores whose expectation is 0: their squares about 0, not about the mean of the stratum, z
    /// the total of a unit of the first stage. There are such units; not of replicates.
    pub fn about_zero(&self, measure: &Measure, terms: &[Term], shared: Option<usize>) -> f64 {
        if self.mode == Mode::Elements {
            return self.stratum_sums_about_zero(self.stratum_sums(measure, terms, shared));
        }
        let mut scores = UnitScores::new(self);
        self.add_unit_scores(&mut scores, measure, terms);
        self.unit_scores_about_zero(&scores)
    }

    /// The same from Σ u² of each stratum.
    pub fn stratum_sums_about_zero(&self, strata: Vec<Option<(Sum, Sum)>>) -> f64 {
        let listed = strata.into_iter().zip(0..);
        let squares = listed.filter_map(|(of, stratum)| {
            let (_, square) = of?;
            Some((1.0 - self.fraction(stratum)) * square.value())
        });
        squares.sum()
    }

    /// The same from the scores of units of the last stage.
    pub fn unit_scores_about_zero(&self, scores: &UnitScores) -> f64 {
        let first = self.units.stages.first();
        let mut totals = vec![Sum::ZERO; first.map_or(0, |stage| stage.group.len())];
        for (unit, score) in (0_u32..).zip(&scores.scores) {
            totals[self.units.first_stage_unit(unit) as usize].add_sum(*score);
        }
        let mut all = Sum::ZERO;
        for (unit, z) in totals.iter().map(|z| z.value()).enumerate() {
            let stratum = first.map_or(0, |stage| stage.group[unit]);
            all.add((1.0 - self.fraction(stratum)) * z * z);
        }
        all.value()
    }

    /// The sampling fraction of the first stage in a stratum.
    fn fraction(&self, stratum: u32) -> f64 {
        let first = self.units.stages.first();
        first.map_or(0.0, |stage| stage.fraction[stratum as usize])
    }

    fn stratum_sums(
        &self,
        measure: &Measure,
        terms: &[Term],
        shared: Option<usize>,
    ) -> Vec<Option<(Sum, Sum)>> {
        let mut strata: Vec<Option<(Sum, Sum)>> = vec![None; self.units.strata.len()];
        // what the terms of both add up to by their absolute values
        let mut sizes = vec![(0.0, 0.0); strata.len()];
        for term in terms {
            let (alpha, beta) = (Sum::from(term.alpha), Sum::from(term.beta));
            for cell in self.layout.domains[term.domain].cells.clone() {
                let squares = self.squares(measure, cell);
                if squares[0].value() == 0.0 {
                    continue;
                }
                let (w, y) = (measure.base.weight[cell], measure.y[cell]);
                let stratum = self.layout.cells[cell].unit as usize;
                let (sum, square) = strata[stratum].get_or_insert((Sum::ZERO, Sum::ZERO));
                let (size, square_size) = &mut sizes[stratum];
                for term in [alpha * w, beta * y] {
                    *sum += term;
                    *size += term.high.abs();
                }
                let of_y = alpha * beta * 2.0 * squares[1];
                for term in [alpha * alpha * squares[0], of_y, beta * beta * squares[2]] {
                    *square += term;
                    *square_size += term.high.abs();
                }
            }
        }
        if let (Some(domain), [one, other]) = (shared, terms) {
            let both = |a: f64, b: f64| Sum::product(a, b);
            let of_weight = both(one.alpha, other.alpha);
            let of_y = both(one.alpha, other.beta) + both(one.beta, other.alpha);
            let of_square = both(one.beta, other.beta);
            for cell in self.layout.domains[domain].cells.clone() {
                let squares = self.squares(measure, cell);
                let product = of_weight * squares[0] + of_y * squares[1] + of_square * squares[2];
                if let Some((_, square)) = &mut strata[self.layout.cells[cell].unit as usize] {
                    *square += product * 2.0;
                }
            }
        }
        // what is left of equal sums is rounding, and no error
        for (stratum, (size, square_size)) in strata.iter_mut().zip(sizes) {
            if let Some((sum, square)) = stratum {
                (*sum, *square) = (sum.settled(size), square.settled(square_size));
            }
        }
        strata
    }

    /// The variance of a total where rows are the units: of each stratum with a score Σ u and Σ u².
    pub fn of_stratum_sums(&self, strata: Vec<Option<(Sum, Sum)>>) -> f64 {
        let listed = (0_u32..).zip(strata);
        let scores: Vec<ElementScore> = listed
            .filter_map(|(stratum, of)| {
                let (sum, product) = of?;
                Some(ElementScore {
                    stratum,
                    a: sum,
                    b: sum,
                    product,
                    about_means: None,
                })
            })
            .collect();
        let present: BTreeSet<u32> = scores.iter().map(|score| score.stratum).collect();
        let lonely = self.design.lonely;
        let inflation = self.units.inflation(&present, lonely);
        self.units.element_covariance(&scores, lonely, inflation)
    }

    fn squares(&self, measure: &Measure, cell: usize) -> [Sum; 3] {
        [
            measure.base.square[cell],
            measure.square_y[cell],
            measure.square_yy[cell],
        ]
    }

    /// Replicates of a total whose coefficients are held.
    fn of_held_replicates(&self, measure: &Measure, terms: &[Term]) -> f64 {
        let of_term = |replicate: usize| {
            let each = terms.iter().map(|term| {
                let (w, y) = self.replicate(measure, Group::Domain(term.domain), replicate);
                term.alpha * w + term.beta * y
            });
            each.sum::<f64>()
        };
        let full = terms.iter().map(|term| {
            let base = measure.base.domains[term.domain].weight;
            term.alpha * base + term.beta * measure.domains[term.domain].y
        });
        self.of_replicates(of_term, full.sum())
    }

    /// V = scale Σ rscales_r (θ_r − c)² of an estimate made anew with each replicate.
    pub fn of_replicates(&self, theta: impl Fn(usize) -> f64, full: f64) -> f64 {
        let Some(replication) = self.replication else {
            return f64::NAN;
        };
        let thetas: Vec<f64> = (0..replication.rscales.len()).map(theta).collect();
        replication.covariance((&thetas, full), (&thetas, full))
    }

    /// Σ w and Σ w y of a replicate in a group.
    pub fn replicate(&self, measure: &Measure, group: Group, replicate: usize) -> (f64, f64) {
        let count = self
            .replication
            .map_or(0, |replication| replication.rscales.len());
        let of = |domain: usize| {
            let at = domain * count + replicate;
            (measure.base.replicates[at], measure.replicates[at])
        };
        match group {
            Group::Domain(domain) => of(domain),
            Group::Less(whole, part) => {
                let ((w, y), (less_w, less_y)) = (of(whole), of(part));
                (w - less_w, y - less_y)
            }
        }
    }
}

/// Scores of all units of the last stage, and which of them have one.
pub struct UnitScores {
    scores: Vec<Sum>,
    seen: Vec<bool>,
}

impl UnitScores {
    pub fn new(sampling: &Sampling) -> UnitScores {
        let count = sampling
            .units
            .stages
            .last()
            .map_or(0, |stage| stage.group.len());
        UnitScores {
            scores: vec![Sum::ZERO; count],
            seen: vec![false; count],
        }
    }

    #[inline]
    pub fn add(&mut self, unit: usize, score: f64) {
        self.scores[unit].add(score);
        self.seen[unit] = true;
    }
}

impl Term {
    /// Σ w (y − p)/W over a domain: the score of its share or mean p.
    pub fn of_share(measure: &Measure, domain: usize) -> Term {
        let weight = measure.base.domains[domain].weight;
        let p = measure.domains[domain].y / weight;
        Term {
            domain,
            alpha: -p / weight,
            beta: 1.0 / weight,
        }
    }

    fn negated(self) -> Term {
        Term {
            alpha: -self.alpha,
            beta: -self.beta,
            ..self
        }
    }
}

impl Stratum {
    /// The scores of its units less their mean, times the root of the factor.
    fn centre(&self, scores: &[f64], centred: &mut [f64]) {
        let scores = &scores[self.units.clone()];
        let mut total = Sum::ZERO;
        scores.iter().for_each(|score| total.add(*score));
        let mean = total.value() / scores.len() as f64;
        let root = self.factor.sqrt();
        let own = centred[self.units.clone()].iter_mut().zip(scores);
        own.for_each(|(centred, score)| *centred = root * (score - mean));
    }

    fn variance(&self, scores: &[Sum]) -> f64 {
        let scores = &scores[self.units.clone()];
        let (mut total, mut squares) = (Sum::ZERO, Sum::ZERO);
        scores.iter().for_each(|score| total.add(score.value()));
        let mean = total.value() / scores.len() as f64;
        for score in scores {
            let off = score.value() - mean;
            // units may be respondents, whose order is to show in no digit
            squares.add(off * off);
        }
        self.factor * squares.value()
    }
}

/// The strata where a variance is no more than a sum over them: one stage, and nothing to be said of lonely units but that
/// they add nothing.
fn simple_strata(design: &Design, units: &Units, mode: Mode) -> Option<Vec<Stratum>> {
    let [stage] = units.stages.as_slice() else {
        return None;
    };
    let lonely = matches!(design.lonely, Lonely::Adjust | Lonely::Average);
    if !matches!(mode, Mode::Units | Mode::Rows) || lonely && units.lonely(0).next().is_some() {
        return None;
    }
    let mut strata = Vec::new();
    let mut start = 0;
    for of_stratum in stage.group.chunk_by(|one, next| one == next) {
        let (n, end) = (of_stratum.len() as f64, start + of_stratum.len());
        let fraction = stage.fraction[of_stratum[0] as usize];
        if of_stratum.len() > 1 {
            strata.push(Stratum {
                units: start..end,
                factor: (1.0 - fraction) * n / (n - 1.0),
            });
        }
        start = end;
    }
    Some(strata)
}
