//! Tests: what each is made of, R and Stata code.

use std::path::Path;

use super::{Text, r, stata, variance};
use crate::present::survey::foot::{design_sentence, weights_sentence};
use crate::survey::testing::{ChiSquareStatistic, TestItem, TestKind, TestRequest, TestResults};

/// How statistics and p-values come about.
pub fn tests(results: &TestResults, request: &TestRequest, path: &Path) -> String {
    let mut text = Text("How these tests come about\n".to_owned());
    let sample = &results.sample;
    text.head("Design");
    text.say(&format!(
        "{} {}",
        weights_sentence(&sample.design),
        design_sentence(
            &sample.design,
            &sample.units,
            sample.replication.as_ref(),
            Some(sample.df).filter(|df| df.is_finite())
        )
    ));
    variance(&mut text, &sample.design);
    for item in &request.items {
        text.head(&item.text);
        about(&mut text, item, request);
    }
    if results.tests.len() > 1 {
        text.head("The family");
        text.say(&format!(
            "p-values of all {} tests are adjusted together by {}.",
            results.tests.len(),
            request.adjust.title()
        ));
    }
    text.code(&r::tests(results, request, path));
    text.stata(&stata::tests(results, request, path));
    text.0.trim_start().to_owned()
}

fn about(text: &mut Text, item: &TestItem, request: &TestRequest) {
    match (item.kind, &item.by) {
        (TestKind::ChiSquare, _) => {
            text.say("p_ij are the shares of the cells, C the contrasts of no interaction, Δ the design effects of these:");
            text.formula(&[
                "X² = n Σ (p_ij − p_i. p_.j)² / (p_i. p_.j)",
                "Δ = (C′DC/n)⁻¹ C′DVDC,    D = diag(1/p), V the covariance of the p_ij",
            ]);
            text.say(match request.statistic {
                ChiSquareStatistic::F => "F = X²/tr Δ on d and d ν degrees of freedom, d = (tr Δ)²/tr Δ², ν PSUs less strata (Rao and Scott 1984, second order).",
                ChiSquareStatistic::Chisq => "X² over the mean design effect, χ² on (rows − 1)(columns − 1) (Rao and Scott 1984, first order).",
                ChiSquareStatistic::Wald => "Wald’s statistic of N_ij − N_i. N_.j/N over its degrees of freedom, F with ν below.",
                ChiSquareStatistic::AdjWald => "Wald’s statistic times (ν − q + 1)/(ν q), F on q and ν − q + 1.",
                ChiSquareStatistic::Lincom => "X² with its own distribution, a sum of χ² weighted by the eigenvalues of Δ, exactly.",
                ChiSquareStatistic::Saddlepoint => "X² with its own distribution, a sum of χ² weighted by the eigenvalues of Δ, by a saddlepoint.",
            });
        }
        (TestKind::TTest, Some(_)) => {
            text.say("The difference d of the two means is the coefficient of a regression on the second group:");
            text.formula(&[
                "t = d/√V(u),    u = w (y − m_g)(g₂/W₂ − g₁/W₁),    df = PSUs − strata − 1",
            ]);
        }
        (TestKind::TTest, None) => {
            text.formula(&["t = m/√V(u),    u = w (y − m)/Σ w,    df = PSUs − strata − 1"]);
        }
        (TestKind::RankTest, _) => {
            text.say("Mid-ranks of the weighted distribution, turned into scores, are compared as means are:");
            text.formula(&["r_i = (Σ_{y_j < y_i} w_j + ½ Σ_{y_j = y_i} w_j) / Σ w"]);
            text.say("Of two groups t on PSUs − strata − 1, of k groups the Wald statistic over k − 1, F on k − 1 and PSUs − strata − k + 1 (Lumley and Scott 2013).");
            text.say("R’s svyranktest averages the ranks of ties without weights, in the order of the rows, so that with ties its numbers are a little off these.");
        }
        (TestKind::Anova, _) => {
            text.formula(&[
                "F = b′V(b)⁻¹b/(k − 1),    b the means of the groups less that of the first",
            ]);
            text.say("on k − 1 and PSUs − strata + 1 − k degrees of freedom.");
        }
    }
}
