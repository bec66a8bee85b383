//! What margins are read against, in columns beside them: the average of all, the test of their variable, the sample.

use super::foot::{design_sentence, weights_sentence};
use crate::frames::{Column, Error, Estimates, Frame, Statistic};
use crate::survey::models::{self, Fitted, Margin, MarginsRequest, TermTest, TermTestKind};

/// Margins as rows, with columns for who reads or draws them: `level_n`, respondents at the level; `test_p`, of all terms of
/// the variable together (design-based Wald F); `overall_estimate` with its interval, the average of what is predicted for all
/// in the same group; `predicts_shares`; `sample_design`, weights and design in words; `model_formula`, as it was written.
///
/// # Errors
/// What the average of all can't be taken of.
pub fn margin_frame(
    fitted: &Fitted,
    margins: &[Margin],
    request: &MarginsRequest,
    (formula, rows): (&str, &Estimates),
) -> Result<Frame, models::Error> {
    let overall = fitted.margins(&MarginsRequest {
        variables: vec!["overall".to_owned()],
        at: Vec::new(),
        ..request.clone()
    })?;
    // groups of the margin, without what it holds
    let same = |margin: &Margin, other: &Margin| {
        let inside = |group: &(String, String)| margin.groups.contains(group);
        margin.response == other.response && other.groups.iter().all(inside)
    };
    let all: Vec<Option<&Margin>> = margins
        .iter()
        .map(|margin| overall.iter().find(|other| same(margin, other)))
        .collect();
    let tests: Vec<(String, Option<f64>)> = {
        let mut names: Vec<&str> = margins
            .iter()
            .map(|margin| margin.variable.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let test = |name: &&str| ((*name).to_owned(), p_of(fitted, name));
        names.iter().map(test).collect()
    };
    let test_p = |margin: &Margin| {
        let mut known = tests.iter();
        known.find(|(name, _)| *name == margin.variable)?.1
    };
    let counts = fitted.coefficients("");
    let level_n = |margin: &Margin| {
        let level = margin.level.as_ref().filter(|_| margin.groups.is_empty())?;
        let mut rows = counts.iter();
        let own = rows.find(|row| {
            row.variable == margin.variable && row.variable_level.as_ref() == Some(level)
        });
        own?.n.filter(|_| margin.statistic == Statistic::Margin)
    };
    let number = |of: &dyn Fn(&Margin, Option<&Margin>) -> Option<f64>| -> Vec<Option<f64>> {
        let each = margins.iter().zip(&all);
        each.map(|(margin, all)| of(margin, *all)).collect()
    };
    let sample = &fitted.prepared.sample;
    let design = design_sentence(
        &sample.design,
        &sample.units,
        sample.replication.as_ref(),
        Some(fitted.df),
    );
    let design = format!("{} {design}", weights_sentence(&sample.design));
    let mut columns = rows.frame().columns().to_vec();
    columns.extend([
        Column::new("level_n", number(&|margin, _| level_n(margin))),
        Column::new("test_p", number(&|margin, _| test_p(margin))),
        Column::new("overall_estimate", number(&|_, all| Some(all?.estimate))),
        Column::new("overall_low", number(&|_, all| all?.ci_low)),
        Column::new("overall_high", number(&|_, all| all?.ci_high)),
        Column::new(
            "predicts_shares",
            vec![Some(fitted.predicts_shares()); margins.len()],
        ),
        Column::new("sample_design", vec![Some(design); margins.len()]),
        Column::new(
            "model_formula",
            vec![Some(formula.to_owned()); margins.len()],
        ),
    ]);
    let frame = Frame::new(margins.len(), columns);
    frame.map_err(|error: Error| models::Error::Usage(error.to_string()))
}

/// p of all terms that a variable is in.
fn p_of(fitted: &Fitted, variable: &str) -> Option<f64> {
    let columns = &fitted.prepared.columns;
    let base = columns.base(variable).ok()?;
    let own = |term: &usize| columns.bases_of(*term).contains(&base);
    let test = TermTest {
        name: variable.to_owned(),
        terms: (0..columns.terms.len()).filter(own).collect(),
    };
    let rows = fitted.test_terms(&[test], TermTestKind::Wald);
    rows.first()?.p_value
}
