//! What the data say about a sample: its units in all stages.

use std::collections::HashMap;

use super::Lonely;
use super::error::Error;
use crate::statistics::special::Sum;
use crate::survey::microdata::Value;

/// Who was sampled: the units of every stage in the groups they were drawn from.
///
/// Units of a stage are numbered in the order of their groups, so that those of one group stand together; the groups of
/// the first stage are the strata, those of a later stage the units of the stage above.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Units {
    /// What the strata are called, in order.
    pub strata: Vec<Vec<Value>>,
    /// At least one. Only stages that enter the variance are kept: without fpc the first alone.
    pub stages: Vec<Stage>,
    /// Whether every row is a unit of the first stage of its own; such units are counted, not listed.
    pub elements: bool,
    /// Units of the first stage that have a weight, by stratum.
    pub weighted: Vec<u64>,
}

/// One stage of sampling.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// The group of each unit; empty where units are elements.
    pub group: Vec<u32>,
    /// What the units are called, each within its group; empty where units are elements.
    pub names: Vec<Value>,
    /// Units sampled in each group, n.
    pub sampled: Vec<u64>,
    /// Sampling fraction f of each group, 0 where drawn with replacement or fpc is not known.
    pub fraction: Vec<f64>,
}

/// What the data give the options of a design to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DesignUse {
    /// Some stratum, or some unit above the last stage, has one sampled unit.
    pub lonely: bool,
    /// Some respondent has no weight.
    pub missing_weights: bool,
    /// Some PSU label stands in two strata.
    pub nest: bool,
}

impl DesignUse {
    /// From the units and how many respondents have no weight.
    pub fn new(units: &Units, without_weight: u64) -> DesignUse {
        DesignUse {
            lonely: (0..units.stages.len()).any(|stage| units.lonely(stage).next().is_some()),
            missing_weights: without_weight > 0,
            nest: units.labels_recur(),
        }
    }
}

/// The total score of a unit of the last stage, for two estimates at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub unit: u32,
    pub a: Sum,
    pub b: Sum,
}

/// The scores of the elements of one stratum: their sums, and the sum of their products.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementScore {
    pub stratum: u32,
    pub a: Sum,
    pub b: Sum,
    pub product: Sum,
    /// Σ (a − ā)(b − b̄), where it is known by itself.
    pub about_means: Option<Sum>,
}

impl Units {
    /// Degrees of freedom: units of the first stage less strata, those with a weight.
    pub fn df(&self) -> f64 {
        let units: u64 = self.weighted.iter().sum();
        let strata = self.weighted.iter().filter(|n| **n > 0).count();
        units as f64 - strata as f64
    }

    /// Units of the first stage, all of them.
    pub fn psus(&self) -> u64 {
        self.stages
            .first()
            .map_or(0, |stage| stage.sampled.iter().sum())
    }

    /// The unit of the first stage that a unit of the last stage lies in.
    pub fn first_stage_unit(&self, unit: u32) -> u32 {
        let later = self.stages.get(1..).unwrap_or_default();
        later
            .iter()
            .rev()
            .fold(unit, |unit, stage| stage.group[unit as usize])
    }

    /// The stratum that a unit of the last stage lies in; where units are elements, a unit is known by its stratum.
    pub fn stratum(&self, unit: u32) -> u32 {
        match (self.elements, self.stages.first()) {
            (false, Some(stage)) => stage.group[self.first_stage_unit(unit) as usize],
            _ => unit,
        }
    }

    /// The probability that a unit of the last stage came into the sample: the product of the sampling fractions.
    pub fn inclusion(&self, unit: u32) -> f64 {
        if self.elements {
            return self
                .stages
                .first()
                .map_or(1.0, |stage| stage.fraction[unit as usize]);
        }
        let mut place = unit as usize;
        let mut probability = 1.0;
        for stage in self.stages.iter().rev() {
            place = stage.group[place] as usize;
            probability *= stage.fraction[place];
        }
        probability
    }

    /// Groups of the stage of which one unit was sampled and others were not.
    pub fn lonely(&self, stage: usize) -> impl Iterator<Item = u32> + '_ {
        let stage = self.stages.get(stage);
        let sampled = stage.map_or(&[][..], |stage| &stage.sampled);
        let alone = move |group: &usize| {
            sampled[*group] == 1 && stage.is_some_and(|stage| stage.fraction[*group] < 1.0)
        };
        (0..sampled.len()).filter(alone).map(|group| group as u32)
    }

    /// Whether a label of the first stage stands in two strata.
    fn labels_recur(&self) -> bool {
        let Some(stage) = self.stages.first() else {
            return false;
        };
        let mut strata: HashMap<String, u32> = HashMap::new();
        let mut units = stage.names.iter().zip(&stage.group);
        units.any(|(name, stratum)| *strata.entry(name.text()).or_insert(*stratum) != *stratum)
    }

    /// Whether the whole sample is one respondent, drawn by himself: there is no error to be estimated, and nothing to choose.
    pub fn are_one_respondent(&self) -> bool {
        let unstratified = self.strata.len() == 1 && self.strata.iter().all(Vec::is_empty);
        let first = self.stages.first().map(|stage| stage.sampled.as_slice());
        self.elements && unstratified && first == Some(&[1])
    }

    /// Refuses a design that has lonely units where nothing is said of them, and what `average` can't do.
    ///
    /// # Errors
    /// [`Error::Lonely`] names the groups and every choice.
    pub fn check_lonely(&self, lonely: Lonely) -> Result<(), Error> {
        if self.are_one_respondent() {
            return Ok(());
        }
        for stage in 0..self.stages.len() {
            let groups: Vec<u32> = self.lonely(stage).collect();
            let undecided = match lonely {
                Lonely::Fail => !groups.is_empty(),
                Lonely::Average => {
                    !groups.is_empty() && (stage > 0 || groups.len() == self.strata.len())
                }
                _ => false,
            };
            if undecided {
                let names = groups.iter().map(|group| self.group_name(stage, *group));
                return Err(Error::Lonely {
                    stage: stage + 1,
                    average: lonely == Lonely::Average,
                    groups: names.collect(),
                });
            }
        }
        Ok(())
    }

    /// A stratum or a unit of the stage above by name.
    pub fn group_name(&self, stage: usize, group: u32) -> String {
        match stage {
            0 => named(&self.strata[group as usize]),
            _ => {
                let above = &self.stages[stage - 1];
                let name = above.names[group as usize].text();
                match stage {
                    1 if self.strata.len() > 1 => {
                        format!("{}/{name}", self.group_name(0, above.group[group as usize]))
                    }
                    1 => name,
                    _ => {
                        let over = self.group_name(stage - 1, above.group[group as usize]);
                        format!("{over}/{name}")
                    }
                }
            }
        }
    }
}

/// The values that make a stratum, one after the other.
fn named(values: &[Value]) -> String {
    match values {
        [] => "the whole sample".to_owned(),
        values => {
            let texts: Vec<String> = values.iter().map(Value::text).collect();
            texts.join(":")
        }
    }
}
