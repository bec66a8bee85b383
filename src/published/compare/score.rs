//! Shares that are added to and taken off each other.

/// Shares of one question, of which a respondent can be in one, each counted +1 or −1.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Response, sign, share (0..1).
    terms: Vec<(String, f64, f64)>,
}

impl Score {
    /// A score of responses with their signs, +1 or −1, and shares, 0..1.
    pub fn new(terms: Vec<(String, f64, f64)>) -> Score {
        Score { terms }
    }

    /// `sum c_j p_j`, −1..1.
    pub fn value(&self) -> f64 {
        self.terms.iter().map(|(_, sign, share)| sign * share).sum()
    }

    /// `sum c_j^2 p_j`: the mean of the squares, from which the variance of the mean is
    /// `(sum c_j^2 p_j - (sum c_j p_j)^2) / n_eff`; for a less b, `(a + b - (a - b)^2) / n_eff`.
    ///
    /// Source: the multinomial distribution; Franklin, The "margin of error" for differences in polls (2007).
    pub fn spread(&self) -> f64 {
        let squares = self
            .terms
            .iter()
            .map(|(_, sign, share)| sign * sign * share);
        squares.sum()
    }

    /// The variance of the score on an effective sample size.
    pub fn variance(&self, n_eff: f64) -> f64 {
        let value = self.value();
        ((self.spread() - value * value) / n_eff).max(0.0)
    }

    /// The difference of two scores of one question and the same people is a score again.
    pub(super) fn less(&self, other: &Score) -> Score {
        let mut terms = self.terms.clone();
        for (response, sign, share) in &other.terms {
            match terms.iter_mut().find(|(known, _, _)| known == response) {
                Some((_, mine, _)) => *mine -= sign,
                None => terms.push((response.clone(), -sign, *share)),
            }
        }
        Score { terms }
    }
}
