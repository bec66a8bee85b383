//! The variance of a total from the totals of its sampled units, through all stages.

use std::collections::BTreeSet;

use super::Lonely;
use super::units::{ElementScore, Score, Units};
use crate::statistics::special::Sum;

/// A unit on the way up: its scores, and the variance from the stages below it.
#[derive(Clone, Copy)]
struct Node {
    unit: u32,
    a: Sum,
    b: Sum,
    below: f64,
}

impl Units {
    /// The covariance of two estimates from their linearised scores; the variance of one where both are the same.
    ///
    /// With u the scores of the units of a group and f its sampling fraction,
    /// V(group) = (1 − f) n/(n − 1) Σ (u_a − ū_a)(u_b − ū_b) + f Σ V(unit),
    /// where V(unit) is that of the unit's own sample at the next stage, and 0 at the last. The answer is the sum over the
    /// strata. Units that have no score count in n with 0.
    ///
    /// `scores` are those of units of the last stage, in the order of the units. Lonely groups are treated as `lonely`
    /// says; [`Units::check_lonely`] goes before. The first stage is multiplied by `inflation`, 1 but under `average`:
    /// see [`Units::inflation`]. What the stages below add is known of lonely strata, too, and is not.
    ///
    /// Source: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), section 4.3; the R call is
    /// `vcov(svytotal(...))`.
    pub fn covariance(&self, scores: &[Score], lonely: Lonely, inflation: f64) -> f64 {
        let mut nodes: Vec<Node> = scores
            .iter()
            .map(|score| Node {
                unit: score.unit,
                a: score.a,
                b: score.b,
                below: 0.0,
            })
            .collect();
        for stage in (0..self.stages.len()).rev() {
            let inflation = if stage == 0 { inflation } else { 1.0 };
            nodes = self.up(stage, &nodes, lonely, inflation);
        }
        nodes.iter().map(|node| node.below).sum()
    }

    /// From the units of a stage to the groups they were drawn from.
    fn up(&self, stage: usize, nodes: &[Node], lonely: Lonely, inflation: f64) -> Vec<Node> {
        let at_stage = &self.stages[stage];
        let centre = (lonely == Lonely::Adjust).then(|| self.centre(stage, nodes));
        let mut groups: Vec<Node> = nodes
            .chunk_by(|one, next| {
                at_stage.group[one.unit as usize] == at_stage.group[next.unit as usize]
            })
            .map(|units| {
                let group = at_stage.group[units[0].unit as usize];
                let (n, f) = (
                    at_stage.sampled[group as usize],
                    at_stage.fraction[group as usize],
                );
                let own = match (n, centre) {
                    (1, Some((a, b))) => {
                        (1.0 - f) * (units[0].a - a).value() * (units[0].b - b).value()
                    }
                    (1, None) => 0.0,
                    _ => spread(units, n as f64, f),
                };
                let below: f64 = units.iter().map(|unit| unit.below).sum();
                Node {
                    unit: group,
                    a: units.iter().map(|unit| unit.a).sum(),
                    b: units.iter().map(|unit| unit.b).sum(),
                    below: own * inflation + f * below,
                }
            })
            .collect();
        if let Some(centre) = centre {
            self.add_silent(stage, &mut groups, centre);
        }
        groups
    }

    /// Mean score of all units of a stage, those without one included.
    fn centre(&self, stage: usize, nodes: &[Node]) -> (Sum, Sum) {
        let units: u64 = self.stages[stage].sampled.iter().sum();
        let units = Sum::from(units as f64);
        let total = |score: fn(&Node) -> Sum| nodes.iter().map(score).sum::<Sum>();
        (total(|node| node.a) / units, total(|node| node.b) / units)
    }

    /// Under `adjust` a lonely unit without a score lies away from the mean, too.
    fn add_silent(&self, stage: usize, groups: &mut Vec<Node>, centre: (Sum, Sum)) {
        let present: BTreeSet<u32> = groups.iter().map(|g| g.unit).collect();
        let silent: Vec<Node> = self
            .lonely(stage)
            .filter(|group| !present.contains(group))
            .map(|group| Node {
                unit: group,
                a: Sum::ZERO,
                b: Sum::ZERO,
                below: (1.0 - self.stages[stage].fraction[group as usize])
                    * (centre.0 * centre.1).value(),
            })
            .collect();
        if !silent.is_empty() {
            groups.extend(silent);
            groups.sort_by_key(|group| group.unit);
        }
    }

    /// Under `average` the strata that say something stand for those that don't: H/(H − lonely ones), H the strata of the
    /// estimate, those in which somebody of its domain answered. NaN where all of them are lonely; 1 under all else.
    ///
    /// R: `options(survey.lonely.psu = "average")`, which counts the strata of the subset.
    pub fn inflation(&self, strata: &BTreeSet<u32>, lonely: Lonely) -> f64 {
        if lonely != Lonely::Average {
            return 1.0;
        }
        let alone = self.lonely(0).filter(|stratum| strata.contains(stratum));
        match (strata.len(), alone.count()) {
            (_, 0) => 1.0,
            (all, alone) if all == alone => f64::NAN,
            (all, alone) => all as f64 / (all - alone) as f64,
        }
    }

    /// The same where every row is a unit of its own: from the sums and products of the scores of each stratum.
    pub fn element_covariance(
        &self,
        scores: &[ElementScore],
        lonely: Lonely,
        inflation: f64,
    ) -> f64 {
        let Some(stage) = self.stages.first() else {
            return 0.0;
        };
        let all = self.psus() as f64;
        let total = |term: fn(&ElementScore) -> Sum| scores.iter().map(term).sum::<Sum>().value();
        let (centre_a, centre_b) = (total(|score| score.a) / all, total(|score| score.b) / all);
        let mut variance = 0.0;
        for score in scores {
            let stratum = score.stratum as usize;
            let (n, f) = (stage.sampled[stratum] as f64, stage.fraction[stratum]);
            variance += match (stage.sampled[stratum], lonely) {
                (1, Lonely::Adjust) => {
                    (1.0 - f) * (score.a.value() - centre_a) * (score.b.value() - centre_b)
                }
                (1, _) => 0.0,
                _ => {
                    // in 32 digits: the two may agree in most of theirs
                    let spread = score
                        .about_means
                        .unwrap_or_else(|| score.product - score.a * score.b / Sum::from(n));
                    (1.0 - f) * n / (n - 1.0) * spread.value()
                }
            };
        }
        if lonely == Lonely::Adjust {
            let present: BTreeSet<u32> = scores.iter().map(|score| score.stratum).collect();
            for stratum in self.lonely(0).filter(|stratum| !present.contains(stratum)) {
                variance += (1.0 - stage.fraction[stratum as usize]) * centre_a * centre_b;
            }
        }
        variance * inflation
    }
}

/// (1 − f) n/(n − 1) Σ (u_a − ū_a)(u_b − ū_b) over n units, of which those not listed have 0.
fn spread(units: &[Node], n: f64, f: f64) -> f64 {
    // in 32 digits: rows are units, too, and the order of the file is to show in no digit
    let mean = |score: fn(&Node) -> Sum| units.iter().map(score).sum::<Sum>() / Sum::from(n);
    let (a, b) = (mean(|unit| unit.a), mean(|unit| unit.b));
    let mut products = Sum::ZERO;
    for unit in units {
        products.add_sum((unit.a - a) * (unit.b - b));
    }
    // units without a score lie at 0, by the mean away from it
    let silent = n - units.len() as f64;
    (1.0 - f) * n / (n - 1.0) * (products + a * b * silent).value()
}
