use super::scores::Scores;

/// One estimate before it is a row: the number, its scores, and what a design effect needs.
#[derive(Clone, Debug)]
pub struct Estimated {
    /// `None` where nobody is there to estimate from.
    pub value: Option<f64>,
    pub scores: Option<Scores>,
    /// S² of the variable whose weighted total the estimate is, after linearisation.
    pub spread: Option<f64>,
    /// Respondents of the domain that answered.
    pub n: u64,
    /// Sum of their weights.
    pub weight: f64,
}
