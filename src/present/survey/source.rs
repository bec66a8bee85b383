//! What heads a table: the questions as asked.

use crate::survey::estimate::SurveyEstimates;
use crate::survey::expr::{Item, Node, Verb};

/// Estimates and the file they are of.
pub struct TableSource<'a> {
    /// The name of the file.
    pub file: &'a str,
    pub estimates: &'a SurveyEstimates,
}

impl TableSource<'_> {
    fn variable_label(&self, item: &Item) -> Option<&str> {
        let codebook = &self.estimates.codebook;
        let variable = codebook.variable(variable_of(item)?).ok()?;
        variable.label.as_deref().filter(|label| !label.is_empty())
    }

    /// What heads an item: the question as asked, or the expression.
    pub fn head(&self, item: &Item) -> String {
        if let Some(name) = &item.name {
            return name.clone();
        }
        match self.variable_label(item) {
            Some(label) => label.to_owned(),
            None => match (variable_of(item), item.terms.first().map(|t| &t.statistic)) {
                (Some(name), Some(Verb::Prop(_))) => name.to_owned(),
                _ => item.text.clone(),
            },
        }
    }

    /// What a row of one number is called.
    pub fn name(&self, item: &Item) -> String {
        if let Some(name) = &item.name {
            return name.clone();
        }
        match (self.variable_label(item), item.terms.first()) {
            (Some(label), Some(term)) => format!("{label} ({})", statistic_name(&term.statistic)),
            _ => item.text.clone(),
        }
    }

    pub fn is_weighted(&self) -> bool {
        let design = &self.estimates.design;
        design.weights.is_some() || !design.fpc.is_empty()
    }

    /// Whether respondents are worth less, or more, than their number.
    pub fn is_complex(&self) -> bool {
        self.estimates.is_complex()
    }
}

/// "mean", "median", "quantile 0.9".
fn statistic_name(verb: &Verb) -> String {
    match verb {
        Verb::Quantile(_, at) => match at.as_slice() {
            [p] if *p == 0.5 => "median".to_owned(),
            [p] => format!("quantile {p}"),
            _ => "quantiles".to_owned(),
        },
        verb => verb.name().to_owned(),
    }
}

/// The variable that an item is of, where it is of one alone.
pub fn variable_of(item: &Item) -> Option<&str> {
    let [term] = item.terms.as_slice() else {
        return None;
    };
    let of = match &term.statistic {
        Verb::Ratio(..) | Verb::Cor(..) | Verb::Alpha(_) => return None,
        verb => verb.arguments().into_iter().next()?,
    };
    match &of.node {
        Node::Name(name) if item.is_plain() => Some(name),
        _ => None,
    }
}

/// 95 for 0.95, without the noise of its binary form.
pub fn percent_of(level: f64) -> f64 {
    (1e6 * level).round() / 1e4
}
