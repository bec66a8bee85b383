//! Designs, conditions, models and tests as Stata code.

use std::path::Path;

use super::model::ModelParts;
use crate::survey::design::{Design, Lonely};
use crate::survey::expr::{Arithmetic, Comparison, Expr, Node};
use crate::survey::models::{Base, Family, FitRequest, Fitted, Link, ResponseKind};
use crate::survey::testing::{TestKind, TestRequest, TestResults};

/// The file read and the design declared.
fn design(design: &Design, path: &Path) -> Vec<String> {
    let ending = path.extension().unwrap_or_default();
    let ending = ending.to_string_lossy().to_lowercase();
    let file = text(&path.to_string_lossy());
    let mut lines = vec![match ending.as_str() {
        "dta" => format!("use {file}, clear"),
        "sav" | "zsav" => format!("import spss using {file}, clear"),
        "xpt" => format!("import sasxport5 {file}, clear"),
        "csv" | "tsv" | "txt" => {
            format!("import delimited {file}, clear varnames(1) case(preserve)")
        }
        _ => format!("* {file} in a form that Stata reads"),
    }];
    if design.replicates.is_some() {
        lines.push(
            "* svyset … , vce(brr | jackknife | bootstrap) with the replicate weights of the file"
                .to_owned(),
        );
        return lines;
    }
    let weight = match &design.weights {
        Some(weights) if weights.contains('*') => {
            lines.push(format!("generate double opine_weight = {weights}"));
            " [pweight = opine_weight]".to_owned()
        }
        Some(weights) => format!(" [pweight = {weights}]"),
        None => String::new(),
    };
    let strata = match design.strata.as_slice() {
        [] => String::new(),
        [one] => format!(" strata({one})"),
        several => {
            lines.push(format!("egen opine_stratum = group({})", several.join(" ")));
            " strata(opine_stratum)".to_owned()
        }
    };
    let fpc = |at: usize| {
        design
            .fpc
            .get(at)
            .map_or_else(String::new, |fpc| format!(" fpc({fpc})"))
    };
    let unit = match design.lonely {
        Lonely::Fail => "",
        Lonely::Remove | Lonely::Certainty => " singleunit(certainty)",
        Lonely::Adjust => " singleunit(centered)",
        Lonely::Average => " singleunit(scaled)",
    };
    let mut stages: Vec<String> = Vec::new();
    for (at, psu) in design.psu.iter().enumerate() {
        let of_first = if at == 0 { strata.as_str() } else { "" };
        let weight = if at == 0 { weight.as_str() } else { "" };
        let options = format!("{of_first}{}{}", fpc(at), if at == 0 { unit } else { "" });
        let comma = if options.is_empty() { "" } else { "," };
        stages.push(format!("{psu}{weight}{comma}{options}"));
    }
    if stages.is_empty() {
        let options = format!("{strata}{}{unit}", fpc(0));
        let comma = if options.is_empty() { "" } else { "," };
        stages.push(format!("_n{weight}{comma}{options}"));
    }
    lines.push(format!("svyset {}", stages.join(" || ")));
    lines
}

/// `svy:` or `svy, subpop(if …):`.
fn prefix(condition: Option<(&str, &Expr)>, lines: &mut Vec<String>) -> String {
    match condition {
        None => "svy:".to_owned(),
        Some((given, expr)) => match expression(expr) {
            Some(condition) => {
                lines.push(format!("generate byte opine_where = {condition}"));
                "svy, subpop(if opine_where == 1):".to_owned()
            }
            None => {
                lines.push(format!(
                    "* of those with {given}: generate byte opine_where = …"
                ));
                "svy, subpop(if opine_where == 1):".to_owned()
            }
        },
    }
}

/// A model, and what is asked of it.
pub fn model(fitted: &Fitted, request: &FitRequest, parts: ModelParts, path: &Path) -> Vec<String> {
    let prepared = &fitted.prepared;
    let mut lines = design(&prepared.sample.design, path);
    let filter = request.filter.as_ref();
    let svy = prefix(
        filter.map(|filter| (filter.text.as_str(), &filter.expr)),
        &mut lines,
    );
    let formula = &request.formula;
    let response = match (prepared.response, &formula.response.node) {
        (ResponseKind::Number, Node::Name(name)) => name.clone(),
        (ResponseKind::Condition | ResponseKind::Number, _) => {
            let names: Vec<&str> = formula.response.names();
            match expression(&formula.response) {
                Some(y) => lines.push(format!(
                    "generate double y = {y} if !missing({})",
                    names.join(", ")
                )),
                None => lines.push(format!("* generate double y = {}", formula.response_text)),
            }
            "y".to_owned()
        }
        _ => {
            let levels = prepared.response_names();
            lines.push(format!("generate int y = . // {}", formula.response_text));
            for (at, level) in levels.iter().enumerate() {
                lines.push(format!(
                    "replace y = {} if {} == {}",
                    at + 1,
                    formula.response_text,
                    text(level)
                ));
            }
            "y".to_owned()
        }
    };
    let mut names: Vec<String> = Vec::new();
    for base in &prepared.columns.bases {
        names.push(variable(base, &mut lines));
    }
    let terms: Vec<String> = (0..prepared.columns.terms.len())
        .map(|term| {
            let factors = prepared.columns.terms[term].iter().map(|factor| {
                let factor = &prepared.columns.factors[*factor];
                let base = &prepared.columns.bases[factor.base];
                let name = &names[factor.base];
                use crate::survey::models::Transform;
                match (base.is_number(), factor.transform) {
                    (false, _) => format!("ib{}.{name}", base.reference + 1),
                    (true, Transform::Power(power)) => {
                        vec![format!("c.{name}"); power.max(1) as usize].join("#")
                    }
                    (true, Transform::Log) => format!("c.ln_{name}"),
                    (true, _) => format!("c.{name}"),
                }
            });
            factors.collect::<Vec<_>>().join("#")
        })
        .collect();
    for factor in &prepared.columns.factors {
        if factor.transform == crate::survey::models::Transform::Log {
            let name = &names[factor.base];
            lines.push(format!("generate double ln_{name} = ln({name})"));
        }
    }
    let command = match (prepared.family, prepared.link) {
        (Family::Gaussian, Link::Identity) => "regress".to_owned(),
        (Family::Binomial, Link::Logit) => "logit".to_owned(),
        (Family::Binomial, Link::Probit) => "probit".to_owned(),
        (Family::Binomial, Link::Cloglog) => "cloglog".to_owned(),
        (Family::Poisson, Link::Log) => "poisson".to_owned(),
        (Family::Ordinal, Link::Probit) => "oprobit".to_owned(),
        (Family::Ordinal, Link::Logit) => "ologit".to_owned(),
        (Family::Multinomial, _) => "mlogit".to_owned(),
        _ => "glm".to_owned(),
    };
    let mut options: Vec<String> = Vec::new();
    if command == "glm" {
        options.push(format!(
            "family({}) link({})",
            prepared.family, prepared.link
        ));
    }
    if prepared.family == Family::Multinomial {
        options.push("baseoutcome(1)".to_owned());
    }
    if !prepared.columns.has_constant {
        options.push("noconstant".to_owned());
    }
    if let Some(offset) = &formula.offset {
        lines.push(match expression(offset) {
            Some(offset) => format!("generate double opine_offset = {offset}"),
            None => "* generate double opine_offset = …".to_owned(),
        });
        options.push("offset(opine_offset)".to_owned());
    }
    let options = match options.is_empty() {
        true => String::new(),
        false => format!(", {}", options.join(" ")),
    };
    lines.push(format!(
        "{svy} {command} {response} {}{options}",
        terms.join(" ")
    ));
    if parts.terms {
        for term in &terms {
            lines.push(format!("testparm {term}, nosvyadjust"));
        }
    }
    if parts.margins {
        let levels = prepared
            .columns
            .bases
            .iter()
            .zip(&names)
            .filter(|(base, _)| !base.is_number());
        let levels: Vec<&str> = levels.map(|(_, name)| name.as_str()).collect();
        let how = if parts.conditional {
            ""
        } else {
            " vce(unconditional)"
        };
        let comma = if how.is_empty() { "" } else { "," };
        lines.push(format!("margins {}{comma}{how}", levels.join(" ")));
    }
    lines
}

/// The name of a variable in Stata, after it was made, with levels as codes from 1 in their order here.
fn variable(base: &Base, lines: &mut Vec<String>) -> String {
    if base.is_number() {
        return base.text.clone();
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let name: String = base
        .text
        .chars()
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect();
    let name = format!("{}_code", name.trim_matches('_'));
    lines.push(format!("generate int {name} = .    // {}", base.text));
    for (at, level) in base.levels.iter().enumerate() {
        let is_number = level.parse::<f64>().is_ok();
        let value = if is_number {
            level.clone()
        } else {
            text(level)
        };
        lines.push(format!(
            "replace {name} = {} if {} == {value}",
            at + 1,
            base.text
        ));
    }
    name
}

/// Tests, one after the other.
pub fn tests(results: &TestResults, request: &TestRequest, path: &Path) -> Vec<String> {
    let mut lines = design(&results.sample.design, path);
    let filter = request.filter.as_ref();
    let svy = prefix(
        filter.map(|filter| (filter.text.as_str(), &filter.expr)),
        &mut lines,
    );
    for item in &request.items {
        let y = expression(&item.y).unwrap_or_else(|| item.y.to_string());
        let by = item
            .by
            .as_ref()
            .map(|by| expression(by).unwrap_or_else(|| by.to_string()));
        lines.push(match (item.kind, by) {
            (TestKind::ChiSquare, Some(by)) => format!("{svy} tabulate {y} {by}, pearson"),
            (TestKind::TTest, Some(by)) => format!("{svy} regress {y} i.{by}    // {by} as codes"),
            (TestKind::TTest, None) => format!("{svy} mean {y}    // t = mean/se"),
            (TestKind::Anova, Some(by)) => {
                format!("{svy} regress {y} i.{by}\ntestparm i.{by}, nosvyadjust")
            }
            _ => format!("* {}: Stata has no rank test with a design", item.text),
        });
    }
    lines
        .iter()
        .flat_map(|line| line.split('\n'))
        .map(str::to_owned)
        .collect()
}

/// An expression in Stata; `None` of what has no short form.
fn expression(expr: &Expr) -> Option<String> {
    let all = |parts: &[Expr], between: &str| {
        let parts: Option<Vec<String>> = parts.iter().map(expression).collect();
        Some(format!("({})", parts?.join(between)))
    };
    Some(match &expr.node {
        Node::Name(name) => name.clone(),
        Node::Number(number) => number.to_string(),
        Node::Text(of) => text(of),
        Node::Truth(of) => u8::from(*of).to_string(),
        Node::Neg(of) => format!("-{}", expression(of)?),
        Node::Binary {
            operator,
            left,
            right,
        } => {
            let sign = match operator {
                Arithmetic::Add => "+",
                Arithmetic::Subtract => "-",
                Arithmetic::Multiply => "*",
                Arithmetic::Divide => "/",
            };
            format!("({} {sign} {})", expression(left)?, expression(right)?)
        }
        Node::Compare {
            operator,
            left,
            right,
        } => {
            let sign = match operator {
                Comparison::Equal => "==",
                Comparison::NotEqual => "!=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
            };
            format!("{} {sign} {}", expression(left)?, expression(right)?)
        }
        Node::And(parts) => all(parts, " & ")?,
        Node::Or(parts) => all(parts, " | ")?,
        Node::Not(of) => format!("!({})", expression(of)?),
        Node::In {
            value,
            list,
            negated,
        } => {
            let list: Option<Vec<String>> = list.iter().map(expression).collect();
            let not = if *negated { "!" } else { "" };
            format!("{not}inlist({}, {})", expression(value)?, list?.join(", "))
        }
        Node::Between { value, low, high } => {
            format!(
                "inrange({}, {}, {})",
                expression(value)?,
                expression(low)?,
                expression(high)?
            )
        }
        Node::IsNull { value, negated } => {
            let not = if *negated { "!" } else { "" };
            format!("{not}missing({})", expression(value)?)
        }
        Node::Call {
            function,
            arguments,
            filter: None,
        } if function == "log" => match arguments.as_slice() {
            [one] => format!("ln({})", expression(one)?),
            _ => return None,
        },
        Node::Contains { .. } | Node::Cross(_) | Node::Call { .. } => return None,
    })
}

fn text(of: &str) -> String {
    match of.contains('"') {
        true => format!("`\"{of}\"'"),
        false => format!("\"{of}\""),
    }
}
