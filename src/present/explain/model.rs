//! A model: its terms and their columns, the equations that are solved, the errors, R and Stata code.

use std::path::Path;

use super::subject::ModelParts;
use super::{Text, r, stata, variance};
use crate::frames::words::{and, thousands};
use crate::present::survey::foot::{design_sentence, weights_sentence};
use crate::present::table::digits::number;
use crate::survey::models::{Family, FitRequest, Fitted, Link};

/// How coefficients, tests of terms and margins come about.
pub fn model(fitted: &Fitted, request: &FitRequest, parts: ModelParts, path: &Path) -> String {
    let mut text = Text("How the numbers of this model come about\n".to_owned());
    let sample = &fitted.prepared.sample;
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
    text.head("Model");
    equation(&mut text, fitted, request);
    terms(&mut text, fitted);
    text.head("Estimates and their errors");
    errors(&mut text, fitted, request);
    text.head("Degrees of freedom");
    text.say(&format!(
        "{}: {} of the {} respondents used, less {} coefficients, plus 1 for the constant. Stata takes {}, so its p and intervals differ a little.",
        number(fitted.df, 0),
        number(fitted.design_df, 0),
        thousands(fitted.total.n as f64),
        fitted.basis.len(),
        number(fitted.design_df, 0)
    ));
    if parts.terms {
        text.head("Tests of terms");
        text.say("Wald, of the q coefficients b of a term with V their block of V(b):");
        text.formula(&["F = b′V⁻¹b / q    on q and the degrees of freedom above"]);
    }
    if parts.margins {
        text.head("Margins");
        text.say("h is the prediction with the variable set for everyone, averaged over the respondents used:");
        text.formula(&["m = Σ w h / Σ w"]);
        match parts.conditional {
            true => text.formula(&["se = √(g′V(b)g),    g = ∂m/∂b: the respondents as fixed"]),
            false => text.formula(&[
                "se = √V(w (h − m)/Σ w + g′A⁻¹ score),    g = ∂m/∂b: the respondents as sampled (Graubard and Korn 1999)",
            ]),
        }
    }
    text.code(&r::model(fitted, request, parts, path));
    text.stata(&stata::model(fitted, request, parts, path));
    text.0.trim_start().to_owned()
}

fn equation(text: &mut Text, fitted: &Fitted, request: &FitRequest) {
    let (family, link) = (fitted.prepared.family, fitted.prepared.link);
    let response = &request.formula.response_text;
    let scale = match link {
        Link::Identity => "μ",
        Link::Log => "ln μ",
        Link::Logit => "ln μ/(1 − μ)",
        Link::Probit => "Φ⁻¹(μ)",
        Link::Cloglog => "ln(−ln(1 − μ))",
        Link::Cauchit => "tan(π(μ − ½))",
        Link::Inverse => "1/μ",
    };
    let varies = match family {
        Family::Gaussian => "1",
        Family::Binomial => "μ(1 − μ)",
        Family::Poisson => "μ",
        Family::Gamma => "μ²",
        Family::Ordinal => {
            text.say(&format!(
                "y: {response}, its levels in their order; F of the {link}:"
            ));
            text.formula(&["P(y ≤ k) = F(ζ_k − x′b)"]);
            return;
        }
        Family::Multinomial => {
            text.say(&format!("y: {response}, each level against the first:"));
            text.formula(&["ln P_k/P_base = x′b_k"]);
            return;
        }
    };
    text.say(&format!(
        "y: {response}, with the mean μ and a variance in proportion to V(μ) ({family}, {link}):"
    ));
    text.formula(&[&format!("{scale} = x′b,    V(μ) = {varies}")]);
}

/// "party: Independent, Red against Blue".
fn terms(text: &mut Text, fitted: &Fitted) {
    let model = &fitted.prepared.columns;
    text.say(match model.has_constant {
        true => "x has a constant, and of each term:",
        false => "x has no constant, and of each term:",
    });
    let mut lines = Vec::new();
    for term in 0..model.terms.len() {
        let own = model.all.iter().filter(|column| column.term == Some(term));
        let names: Vec<String> = own.map(|column| model.name(column)).collect();
        let against: Vec<String> = model.terms[term]
            .iter()
            .map(|factor| &model.bases[model.factors[*factor].base])
            .filter(|base| !base.is_number())
            .filter_map(|base| base.levels.get(base.reference).cloned())
            .collect();
        let reference = match against.as_slice() {
            [] => String::new(),
            several => format!("    (reference {})", and(several)),
        };
        lines.push(format!(
            "{}: {}{reference}",
            model.term_name(term),
            names.join(", ")
        ));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    text.formula(&lines);
}

fn errors(text: &mut Text, fitted: &Fitted, request: &FitRequest) {
    match fitted.prepared.family {
        Family::Ordinal | Family::Multinomial => {
            text.formula(&["Σ w ∂ln P(y)/∂b = 0"]);
            text.say("A is minus the derivative of the scores; G the variance V of the total of the scores w ∂ln P/∂b.");
        }
        _ => {
            text.formula(&["Σ w x (y − μ) μ′/V(μ) = 0"]);
            text.say(match request.observed_information {
                true => "A is minus the derivative of the scores (observed information); G the variance V of the total of the scores w x (y − μ) μ′/V(μ).",
                false => "A = Σ w x x′ μ′²/V(μ), the expected information; G the variance V of the total of the scores w x (y − μ) μ′/V(μ).",
            });
        }
    }
    match fitted.prepared.sample.replication {
        Some(_) => text.say("Here b is found anew with the weights of each replicate."),
        None => text.formula(&["V(b) = A⁻¹ G A⁻¹    (Binder 1983)"]),
    }
}
