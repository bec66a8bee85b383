//! Designs, conditions, models and tests as Stata code.

use std::path::Path;

use super::subject::ModelParts;
use crate::survey::design::{Design, Lonely};
use crate::survey::expr::{Expr, Node};
use crate::survey::models::{Base, Family, FitRequest, Fitted, Link, ResponseKind, Transform};
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
    let y = response(fitted, request, &mut lines);
    let bases = &prepared.columns.bases;
    let names: Vec<String> = bases
        .iter()
        .map(|base| variable(base, &mut lines))
        .collect();
    for factor in &prepared.columns.factors {
        if factor.transform == Transform::Log {
            let name = &names[factor.base];
            lines.push(format!("generate double ln_{name} = ln({name})"));
        }
    }
    let terms = terms(fitted, &names);
    let (command, options) = command(fitted, request, &mut lines);
    lines.push(format!("{svy} {command} {y} {}{options}", terms.join(" ")));
    if parts.terms {
        let tests = terms
            .iter()
            .map(|term| format!("testparm {term}, nosvyadjust"));
        lines.extend(tests);
    }
    if parts.margins {
        let levels = bases
            .iter()
            .zip(&names)
            .filter(|(base, _)| !base.is_number());
        let levels: Vec<&str> = levels.map(|(_, name)| name.as_str()).collect();
        let how = match parts.conditional {
            true => "",
            false => ", vce(unconditional)",
        };
        lines.push(format!("margins {}{how}", levels.join(" ")));
    }
    lines
}

/// The name of the response, after it was made.
fn response(fitted: &Fitted, request: &FitRequest, lines: &mut Vec<String>) -> String {
    let formula = &request.formula;
    let given = &formula.response_text;
    match (fitted.prepared.response, &formula.response.node) {
        (ResponseKind::Number, Node::Name(name)) => return name.clone(),
        (ResponseKind::Condition | ResponseKind::Number, _) => {
            let names = formula.response.names().join(", ");
            lines.push(match expression(&formula.response) {
                Some(y) => format!("generate double y = {y} if !missing({names})"),
                None => format!("* generate double y = {given}"),
            });
        }
        _ => {
            lines.push(format!("generate int y = .    // {given}"));
            for (at, level) in fitted.prepared.response_names().iter().enumerate() {
                let level = text(level);
                lines.push(format!("replace y = {} if {given} == {level}", at + 1));
            }
        }
    }
    "y".to_owned()
}

/// Terms as factor variables: `ib1.party_code#c.age`.
fn terms(fitted: &Fitted, names: &[String]) -> Vec<String> {
    let model = &fitted.prepared.columns;
    let factor = |at: &usize| {
        let factor = &model.factors[*at];
        let (base, name) = (&model.bases[factor.base], &names[factor.base]);
        match (base.is_number(), factor.transform) {
            (false, _) => format!("ib{}.{name}", base.reference + 1),
            (true, Transform::Power(power)) => {
                vec![format!("c.{name}"); power.max(1) as usize].join("#")
            }
            (true, Transform::Log) => format!("c.ln_{name}"),
            (true, _) => format!("c.{name}"),
        }
    };
    let term = |term: &Vec<usize>| term.iter().map(factor).collect::<Vec<_>>().join("#");
    model.terms.iter().map(term).collect()
}

/// The command of a family and link, and its options.
fn command(
    fitted: &Fitted,
    request: &FitRequest,
    lines: &mut Vec<String>,
) -> (&'static str, String) {
    let (family, link) = (fitted.prepared.family, fitted.prepared.link);
    let command = match (family, link) {
        (Family::Gaussian, Link::Identity) => "regress",
        (Family::Binomial, Link::Logit) => "logit",
        (Family::Binomial, Link::Probit) => "probit",
        (Family::Binomial, Link::Cloglog) => "cloglog",
        (Family::Poisson, Link::Log) => "poisson",
        (Family::Ordinal, Link::Probit) => "oprobit",
        (Family::Ordinal, Link::Logit) => "ologit",
        (Family::Multinomial, _) => "mlogit",
        _ => "glm",
    };
    let mut options: Vec<String> = Vec::new();
    if command == "glm" {
        options.push(format!("family({family}) link({link})"));
    }
    if family == Family::Multinomial {
        options.push("baseoutcome(1)".to_owned());
    }
    if !fitted.prepared.columns.has_constant {
        options.push("noconstant".to_owned());
    }
    if let Some(offset) = &request.formula.offset {
        let offset = expression(offset).unwrap_or_else(|| "…".to_owned());
        lines.push(format!("generate double opine_offset = {offset}"));
        options.push("offset(opine_offset)".to_owned());
    }
    match options.is_empty() {
        true => (command, String::new()),
        false => (command, format!(", {}", options.join(" "))),
    }
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
    if !base.text.chars().all(plain) {
        let levels = base.levels.join(", ");
        lines.push(format!(
            "* {name}: {}, as codes from 1: {levels}",
            base.text
        ));
        return name;
    }
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
    let svy = grouped(request, svy, &mut lines);
    for (at, item) in request.items.iter().enumerate() {
        let y = variable_of(&item.y, &format!("y{}", at + 1), &mut lines);
        let by = item.by.as_ref();
        let by = by.map(|by| variable_of(by, &format!("g{}", at + 1), &mut lines));
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
    if !request.by.is_empty() {
        lines.push("}".to_owned());
    }
    lines
        .iter()
        .flat_map(|line| line.split('\n'))
        .map(str::to_owned)
        .collect()
}

/// `svy:` in a loop over groups, where there are some.
fn grouped(request: &TestRequest, svy: String, lines: &mut Vec<String>) -> String {
    if request.by.is_empty() {
        return svy;
    }
    let mut names = Vec::new();
    for (at, group) in request.by.iter().enumerate() {
        names.push(variable_of(&group.expr, &format!("by{}", at + 1), lines));
    }
    lines.push(format!(
        "egen opine_group = group({}), label",
        names.join(" ")
    ));
    lines.push("levelsof opine_group, local(groups)".to_owned());
    lines.push("foreach group of local groups {".to_owned());
    let and = match request.filter {
        Some(_) => " & opine_where == 1",
        None => "",
    };
    format!("svy, subpop(if opine_group == `group'{and}):")
}

/// A variable as it is, or one that is made of an expression first.
fn variable_of(expr: &Expr, name: &str, lines: &mut Vec<String>) -> String {
    let written = expression(expr);
    if let (Node::Name(_), Some(written)) = (&expr.node, &written) {
        return written.clone();
    }
    let missing = expr.names().join(", ");
    lines.push(match written {
        Some(written) => format!("generate double {name} = {written} if !missing({missing})"),
        None => format!("* {name}: {expr}, which has no short form in Stata"),
    });
    name.to_owned()
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
        Node::Text(value) => text(value),
        Node::Truth(value) => u8::from(*value).to_string(),
        Node::Neg(operand) => format!("-{}", expression(operand)?),
        Node::Binary {
            operator,
            left,
            right,
        } => format!("({} {operator} {})", expression(left)?, expression(right)?),
        Node::Compare {
            operator,
            left,
            right,
        } => format!("{} {operator} {}", expression(left)?, expression(right)?),
        Node::And(parts) => all(parts, " & ")?,
        Node::Or(parts) => all(parts, " | ")?,
        Node::Not(operand) => format!("!({})", expression(operand)?),
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

fn text(value: &str) -> String {
    match value.contains('"') {
        true => format!("`\"{value}\"'"),
        false => format!("\"{value}\""),
    }
}
