//! Columns compared.

use super::measure::{Measure, Quantity};
use super::request::{Test, ZeroCells};
use super::variance::{Group, Sampling, Term};
use crate::statistics::special::student_t;
use crate::survey::estimate::CriticalValues;
use crate::survey::sums::Mode;

/// A column compared with another, with all others, or with the total.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Place of the column.
    pub a: usize,
    pub b: Other,
    /// a − b.
    pub estimate: Option<f64>,
    pub se: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    pub t: Option<f64>,
    pub df: Option<f64>,
    /// Two-sided.
    pub p_value: Option<f64>,
    /// Adjusted for its row and block.
    pub p_adjusted: Option<f64>,
    /// One of two shares is 0 or 100 per cent, so that the standard error is the one under equal shares.
    pub bound: bool,
    pub note: String,
}

/// What a column is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// Place of another column.
    Column(usize),
    Rest,
    Total,
}

impl Difference {
    /// Nothing known yet but the degrees of freedom.
    pub(super) fn new(a: usize, b: Other, df: Option<f64>) -> Difference {
        Difference {
            a,
            b,
            estimate: None,
            se: None,
            ci_low: None,
            ci_high: None,
            t: None,
            df,
            p_value: None,
            p_adjusted: None,
            bound: false,
            note: String::new(),
        }
    }
}

/// Two groups, and the domain of those in both where they share respondents.
#[derive(Clone, Debug)]
pub struct Groups {
    pub a: Group,
    pub b: Group,
    pub shared: Option<usize>,
    /// Domains of all columns that a mean takes its spread from where weights are frequencies; none: of the two.
    pub beside: Vec<usize>,
}

/// How differences are tested.
pub struct Tester<'a> {
    pub sampling: &'a Sampling<'a>,
    pub critical: &'a CriticalValues,
    pub test: Test,
    pub zero_cells: ZeroCells,
}

/// Σ w, Σ w y and the rest of what is known of a group.
#[derive(Clone, Copy)]
struct Totals {
    quantity: Quantity,
    n: u64,
    count: u64,
    weight: f64,
    y: f64,
    /// Σ w².
    square: f64,
    /// Σ w y².
    yy: f64,
}

impl Totals {
    fn estimate(&self) -> f64 {
        match self.is_whole() {
            true => 1.0,
            false => self.y / self.weight,
        }
    }

    /// Whether a share is 100 per cent.
    fn is_whole(&self) -> bool {
        self.count == self.n
            && match self.quantity {
                Quantity::Share => true,
                // all may have given this answer, and others beside it
                Quantity::ShareOfAnswers => self.y > 0.999_999 * self.weight,
                Quantity::Number => false,
            }
    }

    /// Whether a share is 0 or 100 per cent.
    fn is_edge(&self) -> bool {
        self.quantity.is_share() && (self.count == 0 || self.is_whole())
    }

    fn effective(&self) -> f64 {
        self.weight * self.weight / self.square
    }

    /// Σ w (y − ȳ)².
    fn spread(&self) -> f64 {
        (self.yy - self.y * self.y / self.weight).max(0.0)
    }
}

impl Tester<'_> {
    /// The difference of a measure between two groups.
    pub fn difference(
        &self,
        measure: &Measure,
        (a, b): (usize, Other),
        groups: Groups,
    ) -> Difference {
        let (one, other) = (totals(measure, groups.a), totals(measure, groups.b));
        let mut found = Difference::new(a, b, self.df(&groups));
        if one.n == 0 || other.n == 0 || one.weight <= 0.0 || other.weight <= 0.0 {
            "a column has nobody to estimate from".clone_into(&mut found.note);
            return found;
        }
        let (p_a, p_b) = (one.estimate(), other.estimate());
        found.estimate = Some(p_a - p_b);
        if measure.domains.iter().any(|domain| domain.is_far) {
            "no test: the numbers lie too far from 0 for their spread; take a constant off them"
                .clone_into(&mut found.note);
            return found;
        }
        found.bound = one.is_edge() || other.is_edge();
        let pooled = match self.test {
            Test::Frequencies => pooled_spread(measure, (&one, &other), &groups.beside),
            _ => (f64::NAN, found.df),
        };
        found.df = match self.test {
            Test::Kish => Some(kish_df(measure, (&one, &other), groups.shared)),
            _ => pooled.1,
        };
        if found.bound && p_a == p_b {
            "both shares are the same, at 0 or 100%: nothing to test".clone_into(&mut found.note);
            return found;
        }
        let variance = match self.test {
            Test::Kish => kish_variance(measure, (&one, &other), groups.shared),
            Test::Frequencies => pooled.0 * (1.0 / one.weight + 1.0 / other.weight),
            _ if one.is_edge() && other.is_edge() => {
                self.opposite_variance(measure, (&one, &other), &groups)
            }
            _ if found.bound => self.score_variance(measure, (&one, &other), &groups),
            _ => self.variance(measure, (&one, &other), (p_a, p_b), &groups),
        };
        self.finish(&mut found, variance, least_variance(&one, &other));
        if found.bound && self.zero_cells == ZeroCells::Exclude && found.p_value.is_some() {
            found.p_value = None;
            "a share is 0 or 100%: not tested".clone_into(&mut found.note);
        }
        found
    }

    /// Tests a difference by its variance; one that is not above `least` is none.
    pub(super) fn finish(&self, found: &mut Difference, variance: f64, least: f64) {
        // what is left of equal sums by rounding is no variance
        if !variance.is_finite() || variance <= least {
            "no test: the variance of the difference is 0 or not known".clone_into(&mut found.note);
            return;
        }
        let (Some(d), se) = (found.estimate, variance.sqrt()) else {
            return;
        };
        found.se = Some(se);
        if found.df.is_some_and(|df| df <= 0.0) {
            "no test: no degrees of freedom".clone_into(&mut found.note);
            return;
        }
        let df = found.df.unwrap_or(f64::INFINITY);
        found.t = Some(d / se);
        found.p_value = student_t::two_sided_p(d / se, df).ok();
        match (found.bound, self.critical.symmetric(d, se, found.df)) {
            // a standard error under equal shares makes no interval of a difference
            (true, _) => {
                "a share is 0 or 100%: tested by the variance under equal shares, so no interval"
                    .clone_into(&mut found.note);
            }
            (false, Some((low, high))) => (found.ci_low, found.ci_high) = (Some(low), Some(high)),
            (false, None) => {}
        }
    }

    fn df(&self, groups: &Groups) -> Option<f64> {
        let whole = |group: Group| match group {
            Group::Domain(domain) | Group::Less(domain, _) => domain,
        };
        let (a, b) = (whole(groups.a), whole(groups.b));
        match groups.shared == Some(a) || matches!(groups.b, Group::Less(..)) {
            // the one lies within the other
            true => self.sampling.df_of(b, b, None),
            false => self.sampling.df_of(a, b, groups.shared),
        }
    }

    /// V(p_a − p_b) by the design: scores u_a − u_b, so that what both share is in it.
    ///
    /// R: `svycontrast(svyby(..., covmat = TRUE), c(1, -1))`.
    fn variance(
        &self,
        measure: &Measure,
        (one, other): (&Totals, &Totals),
        (p_a, p_b): (f64, f64),
        groups: &Groups,
    ) -> f64 {
        let sampling = self.sampling;
        if sampling.mode == Mode::Replicates {
            let share = |group: Group, replicate: usize| {
                let (w, y) = sampling.replicate(measure, group, replicate);
                y / w
            };
            let theta = |replicate: usize| share(groups.a, replicate) - share(groups.b, replicate);
            return sampling.of_replicates(theta, p_a - p_b);
        }
        if let (Group::Domain(a), Group::Domain(b)) = (groups.a, groups.b) {
            return sampling.of_difference(measure, (a, b), groups.shared);
        }
        let scores = (
            (-p_a / one.weight, 1.0 / one.weight),
            (p_b / other.weight, -1.0 / other.weight),
        );
        let (terms, shared) = terms(groups, scores);
        sampling.of_terms(measure, &terms, shared)
    }

    /// Where a share is 0 or 1, its own variance is 0: V under equal shares, the total of
    /// w (y − P)(m_a/W_a − m_b/W_b) with P the share of both together.
    fn score_variance(
        &self,
        measure: &Measure,
        (one, other): (&Totals, &Totals),
        groups: &Groups,
    ) -> f64 {
        let (terms, shared) = terms(groups, equal_shares(one, other));
        self.sampling.of_terms(measure, &terms, shared)
    }

    /// 0 against 100 per cent: y − P is the same for all of a column, so that the scores of [`Self::score_variance`] say next
    /// to nothing about their mean (nothing at all on equal bases). They are taken about 0, which is what to expect of them
    /// under equal shares: Σ z² over the sampled units.
    ///
    /// Of respondents drawn one by one on equal bases this is P (1 − P) (1/n_a + 1/n_b). Replicates have no units; there it is
    /// the variance on Kish's effective bases.
    fn opposite_variance(
        &self,
        measure: &Measure,
        (one, other): (&Totals, &Totals),
        groups: &Groups,
    ) -> f64 {
        match self.sampling.mode {
            Mode::Replicates => kish_variance(measure, (one, other), groups.shared),
            _ => {
                let (terms, shared) = terms(groups, equal_shares(one, other));
                self.sampling.about_zero(measure, &terms, shared)
            }
        }
    }
}

/// α and β of w (y − P)/W in the one group and of −w (y − P)/W in the other, P the share of both together.
fn equal_shares(one: &Totals, other: &Totals) -> ((f64, f64), (f64, f64)) {
    let p = (one.y + other.y) / (one.weight + other.weight);
    (
        (-p / one.weight, 1.0 / one.weight),
        (p / other.weight, -1.0 / other.weight),
    )
}

/// Scores w (α + β y) of two groups by domain, and the domain of those in both.
fn terms(groups: &Groups, (a, b): ((f64, f64), (f64, f64))) -> (Vec<Term>, Option<usize>) {
    let mut terms: Vec<Term> = Vec::with_capacity(3);
    let mut add = |domain: usize, (alpha, beta): (f64, f64)| match terms
        .iter_mut()
        .find(|term| term.domain == domain)
    {
        // the whole less a column names that column once more
        Some(term) => {
            term.alpha += alpha;
            term.beta += beta;
        }
        None => terms.push(Term {
            domain,
            alpha,
            beta,
        }),
    };
    for (group, of) in [(groups.a, a), (groups.b, b)] {
        match group {
            Group::Domain(domain) => add(domain, of),
            Group::Less(whole, part) => {
                add(whole, of);
                add(part, (-of.0, -of.1));
            }
        }
    }
    let shared = match (groups.a, groups.b) {
        // a column lies within the whole that its rest is taken from
        (Group::Domain(part), Group::Less(..)) => Some(part),
        _ => groups.shared,
    };
    (terms, shared)
}

/// Kish's effective bases e with the pooled share P: P (1 − P) (1/e_a + 1/e_b − 2 e_o/(e_a e_b)), e_o that of the
/// respondents in both. Of means, P (1 − P) becomes (S_a + S_b)/((W_a − Q_a/W_a) + (W_b − Q_b/W_b)), S = Σ w (y − ȳ)² and
/// Q = Σ w².
///
/// Source: UNICOM Intelligence, Reporter statistics, "Column proportions test" and "Column means test". Without weights
/// and overlap it is the pooled z of `prop.test(correct = FALSE)`, with t in its place.
fn kish_variance(
    measure: &Measure,
    (one, other): (&Totals, &Totals),
    shared: Option<usize>,
) -> f64 {
    let (e_a, e_b) = (one.effective(), other.effective());
    let spread = match measure.quantity.is_share() {
        true => {
            let p = (one.y + other.y) / (one.weight + other.weight);
            p * (1.0 - p)
        }
        false => {
            let freedom = |totals: &Totals| totals.weight - totals.square / totals.weight;
            (one.spread() + other.spread()) / (freedom(one) + freedom(other))
        }
    };
    let overlap = 2.0 * effective_overlap(measure, shared) / (e_a * e_b);
    spread * (1.0 / e_a + 1.0 / e_b - overlap)
}

/// The spread of one respondent where weights are numbers of respondents, and the degrees of freedom of the test.
///
/// Of shares P (1 − P) with P that of both columns together, tested by z; of means Σ S/(Σ W − k) over the k columns that stand
/// beside each other, S = Σ w (y − ȳ)², tested by t on Σ W − k. V = spread (1/W_a + 1/W_b), whatever the columns share.
///
/// Source: IBM SPSS Statistics 24, CTABLES, COMPARETEST. Without weights it is `prop.test(correct = FALSE)` and
/// `pairwise.t.test(pool.sd = TRUE)`.
fn pooled_spread(
    measure: &Measure,
    (one, other): (&Totals, &Totals),
    beside: &[usize],
) -> (f64, Option<f64>) {
    if measure.quantity.is_share() {
        let p = (one.y + other.y) / (one.weight + other.weight);
        return (p * (1.0 - p), None);
    }
    let mut columns: Vec<Totals> = beside
        .iter()
        .map(|domain| totals(measure, Group::Domain(*domain)))
        .filter(|column| column.weight > 0.0)
        .collect();
    if columns.is_empty() {
        columns = vec![*one, *other];
    }
    let weight: f64 = columns.iter().map(|column| column.weight).sum();
    let df = weight - columns.len() as f64;
    let spread: f64 = columns.iter().map(Totals::spread).sum();
    (spread / df, Some(df))
}

/// e_a + e_b − e_o − 2.
fn kish_df(measure: &Measure, (one, other): (&Totals, &Totals), shared: Option<usize>) -> f64 {
    one.effective() + other.effective() - effective_overlap(measure, shared) - 2.0
}

fn effective_overlap(measure: &Measure, shared: Option<usize>) -> f64 {
    shared.map_or(0.0, |domain| measure.base.domains[domain].effective())
}

fn totals(measure: &Measure, group: Group) -> Totals {
    let of = |domain: usize| {
        let (base, of) = (measure.base.domains[domain], measure.domains[domain]);
        Totals {
            quantity: measure.quantity,
            n: base.n,
            count: of.count,
            weight: base.weight,
            y: of.y,
            square: base.square,
            yy: of.yy,
        }
    };
    match group {
        Group::Domain(domain) => of(domain),
        Group::Less(whole, part) => {
            let (whole, part) = (of(whole), of(part));
            Totals {
                quantity: measure.quantity,
                n: whole.n - part.n,
                count: whole.count - part.count,
                weight: whole.weight - part.weight,
                y: whole.y - part.y,
                square: whole.square - part.square,
                yy: whole.yy - part.yy,
            }
        }
    }
}

/// A variance below this is one of rounding: next to nothing beside that of respondents drawn one by one.
fn least_variance(one: &Totals, other: &Totals) -> f64 {
    let of = |totals: &Totals| {
        let spread = match totals.quantity.is_share() {
            true => 0.25,
            false => totals.spread() / totals.weight,
        };
        spread / totals.effective()
    };
    1e-20 * (of(one) + of(other))
}
