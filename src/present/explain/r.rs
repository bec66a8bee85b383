//! Designs, conditions and estimates as R code for the package survey.

use std::path::Path;

use super::subject::{CellPlace, ModelParts};
use crate::survey::crosstab::{Block, Crosstab, RowPart, Table, TableKind};
use crate::survey::design::{Design, Lonely, RepType, Replicates};
use crate::survey::estimate::{DomainDf, SurveyEstimates};
use crate::survey::expr::{Expr, Node, Verb};
use crate::survey::models::{Base, Family, FitRequest, Fitted, Link, ResponseKind, Transform};
use crate::survey::testing::{ChiSquareStatistic, RankScore, TestKind, TestRequest, TestResults};

/// The file read and the design declared: `design`.
fn design(design: &Design, path: &Path) -> Vec<String> {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let file = text(&path.to_string_lossy());
    let mut lines = vec!["library(survey)".to_owned()];
    lines.push(match ending.as_str() {
        "sav" | "zsav" | "por" => format!(
            "data <- haven::as_factor(haven::read_{}({file}))",
            if ending == "por" { "por" } else { "sav" }
        ),
        "dta" => format!("data <- haven::as_factor(haven::read_dta({file}))"),
        "xpt" => format!("data <- haven::read_xpt({file})"),
        "parquet" => format!("data <- as.data.frame(arrow::read_parquet({file}))"),
        "arrow" => format!("data <- as.data.frame(arrow::read_feather({file}))"),
        "tsv" => {
            format!("data <- read.delim({file}, na.strings = c(\"\", \"NA\"), check.names = FALSE)")
        }
        _ => format!("data <- read.csv({file}, na.strings = c(\"\", \"NA\"), check.names = FALSE)"),
    });
    lines.extend(lonely(design));
    if let Some(replicates) = &design.replicates {
        lines.extend(replicate_design(design, replicates));
        return lines;
    }
    let mut parts = vec![format!("ids = ~{}", joined(&design.psu, " + ", "1"))];
    match design.strata.as_slice() {
        [] => {}
        [one] => parts.push(format!("strata = ~{}", name(one))),
        several => parts.push(format!(
            "strata = ~interaction({})",
            joined(several, ", ", "")
        )),
    }
    match (&design.weights, design.fpc.is_empty()) {
        (Some(weights), _) => parts.push(format!("weights = ~{}", weight(weights))),
        (None, true) => parts.push("weights = ~1".to_owned()),
        (None, false) => {}
    }
    if !design.fpc.is_empty() {
        parts.push(format!("fpc = ~{}", joined(&design.fpc, " + ", "")));
    }
    if design.nest {
        parts.push("nest = TRUE".to_owned());
    }
    lines.push(format!(
        "design <- svydesign({}, data = data)",
        parts.join(", ")
    ));
    lines
}

fn lonely(design: &Design) -> Option<String> {
    let how = match design.lonely {
        Lonely::Fail => return None,
        Lonely::Remove => "remove",
        Lonely::Adjust => "adjust",
        Lonely::Average => "average",
        Lonely::Certainty => "certainty",
    };
    Some(format!("options(survey.lonely.psu = \"{how}\")"))
}

fn replicate_design(design: &Design, replicates: &Replicates) -> Vec<String> {
    let kind = match replicates.rep_type {
        RepType::Brr => "BRR",
        RepType::Fay => "Fay",
        RepType::Jk1 => "JK1",
        RepType::Jkn => "JKn",
        RepType::Jk2 => "JK2",
        // svrepdesign knows one bootstrap, whose scale is that of both
        RepType::Bootstrap | RepType::Subbootstrap => "bootstrap",
        RepType::Sdr => "successive-difference",
        RepType::Other => "other",
    };
    let mut parts = vec![
        format!("repweights = {}", text(&replicates.columns)),
        format!("type = \"{kind}\""),
        format!("combined.weights = {}", truth(replicates.combined_weights)),
        format!("mse = {}", truth(replicates.about_full_sample())),
    ];
    if let Some(weights) = &design.weights {
        parts.insert(0, format!("weights = ~{}", weight(weights)));
    }
    parts.extend(replicates.rho.map(|rho| format!("rho = {rho}")));
    parts.extend(replicates.scale.map(|scale| format!("scale = {scale}")));
    match &replicates.rscales {
        Some(rscales) => {
            let factors: Vec<String> = rscales.iter().map(f64::to_string).collect();
            parts.push(format!("rscales = c({})", factors.join(", ")));
        }
        // R would work them out of the weights
        None if replicates.rep_type == RepType::Jkn => parts.push("rscales = 1".to_owned()),
        None => {}
    }
    vec![format!(
        "design <- svrepdesign({}, data = data)",
        parts.join(", ")
    )]
}

/// A subpopulation as a design of its own, or why it is not written.
fn subpopulation(condition: Option<(&str, &Expr)>) -> Option<String> {
    let (given, expr) = condition?;
    Some(match expression(expr) {
        Some(condition) => format!("design <- subset(design, {condition})"),
        None => format!(
            "# of those with {given}, which has no short form in R: design <- subset(design, …)"
        ),
    })
}

/// What code of a banner table is written for.
struct Example<'c> {
    table: &'c Table,
    /// Levels that are counted; none of a mean.
    answers: Vec<&'c str>,
    block: Option<&'c Block>,
    /// Columns of the block, the one that is looked at first.
    columns: Vec<&'c str>,
}

/// The code for the first table of levels, or the first at all, and the first variable of the banner.
pub fn crosstab(crosstab: &Crosstab, path: &Path) -> Vec<String> {
    let mut tables = crosstab.tables.iter();
    let table = tables.find(|table| matches!(table.kind, TableKind::Levels | TableKind::Mean));
    let Some(table) = table else {
        let mut lines = head(crosstab, path);
        lines.push(
            "# the tables are of sets, grids or conditions: write y as 0 and 1 and take its mean"
                .to_owned(),
        );
        return lines;
    };
    let mut blocks = crosstab.blocks.iter();
    let block = blocks.find(|block| !block.name.contains(':'));
    let level = table.rows.iter().find(|row| row.part == RowPart::Level);
    let example = Example {
        table,
        answers: level
            .and_then(|row| row.level.as_deref())
            .into_iter()
            .collect(),
        columns: block.map_or_else(Vec::new, |block| columns_of(crosstab, block)),
        block,
    };
    code(crosstab, path, &example)
}

/// The code for one cell and its comparisons.
pub fn cell(crosstab: &Crosstab, path: &Path, place: CellPlace) -> Vec<String> {
    if !has_code(place) {
        let mut lines = head(crosstab, path);
        lines.push(
            "# a set, a nested column or a condition: write y and the column as 0 and 1, and take the mean of y in it"
                .to_owned(),
        );
        return lines;
    }
    let column = &place.table.columns[place.column];
    let block = column.block.and_then(|at| place.table.blocks.get(at));
    let mut columns = block.map_or_else(Vec::new, |block| columns_of(crosstab, block));
    columns.sort_by_key(|name| *name != column.name);
    let answers = place.row.answers();
    let example = Example {
        table: place.table,
        answers: answers.iter().map(String::as_str).collect(),
        block,
        columns,
    };
    code(crosstab, path, &example)
}

/// Whether R code of one variable and one column says what a cell is.
fn has_code(place: CellPlace) -> bool {
    let CellPlace { table, row, column } = place;
    let block = table.columns[column].block.map(|at| &table.blocks[at]);
    let plain = block.is_none_or(|block| !block.overlapping && !block.name.contains(':'));
    let kind = matches!(table.kind, TableKind::Levels | TableKind::Mean);
    let part = matches!(row.part, RowPart::Level | RowPart::Net) || table.kind == TableKind::Mean;
    plain && kind && part && !table.columns[column].net
}

fn columns_of<'c>(crosstab: &'c Crosstab, block: &Block) -> Vec<&'c str> {
    let columns = crosstab.columns[block.columns.clone()].iter();
    let plain = columns.filter(|column| !column.net);
    plain.map(|column| column.name.as_str()).collect()
}

/// The design, of the subpopulation if there is one.
fn head(crosstab: &Crosstab, path: &Path) -> Vec<String> {
    let mut lines = design(&crosstab.design, path);
    let condition = crosstab.request.condition.as_ref();
    lines.extend(subpopulation(
        condition.map(|(text, expr)| (text.as_str(), expr)),
    ));
    lines
}

fn code(crosstab: &Crosstab, path: &Path, example: &Example) -> Vec<String> {
    let options = &crosstab.request.options;
    let mut lines = head(crosstab, path);
    let df = match options.domain_df {
        DomainDf::Design => "degf(design)",
        _ => "degf(domain)",
    };
    let Example { table, block, .. } = example;
    let question = name(&table.variable);
    let share = table.kind == TableKind::Levels;
    // a variable of the design, since a formula does not see the arguments of a function
    let y = match share {
        true => format!("as.numeric({question} %in% answers)"),
        false => question.clone(),
    };
    let argument = if share { ", answers" } else { "" };
    lines.push(String::new());
    lines.push(format!(
        "# a cell of {}: of a column as a design{}",
        table.variable,
        if share {
            ", of an answer or the answers of a net"
        } else {
            ""
        }
    ));
    lines.push(format!("cell <- function(domain{argument}) {{"));
    lines.push(format!(
        "  answered <- update(subset(domain, !is.na({question})), y = {y})"
    ));
    let level = options.level;
    match share {
        true => {
            lines.push(format!(
                "  p <- svyciprop(~y, answered, method = \"xlogit\", df = {df}, level = {level})"
            ));
            lines.push(format!(
                "  c(share = as.numeric(p), se = as.numeric(SE(p)), attr(p, \"ci\"), df = {df})"
            ));
        }
        false => {
            lines.push("  m <- svymean(~y, answered)".to_owned());
            lines.push(format!(
                "  c(mean = as.numeric(m), se = as.numeric(SE(m)), confint(m, df = {df}, level = {level}), df = {df})"
            ));
        }
    }
    lines.push("}".to_owned());
    let answers: Vec<String> = example.answers.iter().map(|level| text(level)).collect();
    let levels = match (share, answers.as_slice()) {
        (false, _) => String::new(),
        (true, [one]) => format!(", {one}"),
        (true, several) => format!(", c({})", several.join(", ")),
    };
    lines.push(format!(
        "cell(design{levels})                                   # Total"
    ));
    let Some(block) = block else {
        return lines;
    };
    let banner = name(&block.name);
    let columns = &example.columns;
    if let Some(first) = columns.first() {
        lines.push(format!(
            "cell(subset(design, {banner} == {}){levels})",
            text(first)
        ));
    }
    if let [a, b, ..] = columns.as_slice() {
        lines.push(String::new());
        lines.push(format!("# two columns of {} compared", block.name));
        lines.push(format!("pair <- function(a, b{argument}) {{"));
        lines.push(format!("  both <- subset(design, {banner} %in% c(a, b))"));
        lines.push(format!(
            "  answered <- update(subset(both, !is.na({question})), y = {y})"
        ));
        lines.push(format!(
            "  by <- svyby(~y, ~{banner}, answered, svymean, covmat = TRUE)"
        ));
        lines.push("  d <- svycontrast(by, setNames(c(1, -1), c(a, b)))".to_owned());
        let df = match options.domain_df {
            DomainDf::Design => "degf(design)",
            _ => "degf(both)",
        };
        lines.push(format!("  t <- as.numeric(coef(d) / SE(d)); df <- {df}"));
        lines.push("  c(d = as.numeric(coef(d)), se = as.numeric(SE(d)), t = t, df = df, p = 2 * pt(-abs(t), df))".to_owned());
        lines.push("}".to_owned());
        lines.push(format!("pair({}, {}{levels})", text(a), text(b)));
        let all: Vec<String> = columns.iter().map(|column| text(column)).collect();
        if let Some(adjust) = options.adjust.and_then(|adjust| method(adjust.name())) {
            lines.push(format!(
                "p <- combn(c({}), 2, function(ab) pair(ab[1], ab[2]{levels})[[\"p\"]])",
                all.join(", ")
            ));
            lines.push(format!("p.adjust(p, \"{adjust}\")"));
        }
        if share {
            lines.push(String::new());
            lines.push(format!("svychisq(~{question} + {banner}, design, statistic = \"F\")   # do the answers differ?"));
        }
    }
    lines
}

/// A model, with levels in the order that they have here, the reference first.
pub fn model(fitted: &Fitted, request: &FitRequest, parts: ModelParts, path: &Path) -> Vec<String> {
    let prepared = &fitted.prepared;
    let model = &prepared.columns;
    let mut lines = design(&prepared.sample.design, path);
    let filter = request.filter.as_ref();
    lines.extend(subpopulation(
        filter.map(|filter| (filter.text.as_str(), &filter.expr)),
    ));
    let bases = model.bases.iter().enumerate();
    let (definition, names): (Vec<Option<String>>, Vec<String>) =
        bases.map(|(at, base)| base_variable(base, at)).unzip();
    let mut updates: Vec<String> = definition.into_iter().flatten().collect();
    let y = model_response(fitted, request, &mut updates);
    if !updates.is_empty() {
        let updates = updates.join(",\n  ");
        lines.push(format!("design <- update(design, {updates})"));
    }
    let factor = |at: &usize| {
        let factor = &model.factors[*at];
        let variable = &names[factor.base];
        match factor.transform {
            Transform::Power(power) => format!("I({variable}^{power})"),
            Transform::Log => format!("log({variable})"),
            Transform::Identity | Transform::Levels => variable.clone(),
        }
    };
    let term = |term: &Vec<usize>| term.iter().map(factor).collect::<Vec<_>>().join(":");
    let terms: Vec<String> = model.terms.iter().map(term).collect();
    let mut right = terms.clone();
    if !model.has_constant {
        right.insert(0, "0".to_owned());
    }
    if let Some(offset) = &request.formula.offset {
        let offset = expression(offset).unwrap_or_else(|| "…".to_owned());
        right.push(format!("offset({offset})"));
    }
    lines.push(model_call(fitted, &format!("{y} ~ {}", right.join(" + "))));
    lines.push("summary(model)".to_owned());
    if matches!(prepared.family, Family::Ordinal | Family::Multinomial) {
        return lines;
    }
    let level = fitted.level;
    lines.push(format!(
        "confint(model, ddf = model$df.residual, level = {level})"
    ));
    if parts.terms {
        let tests = terms
            .iter()
            .map(|term| format!("regTermTest(model, ~{term})"));
        lines.extend(tests);
    }
    if parts.margins {
        let levels = model.bases.iter().zip(&names);
        for (_, variable) in levels.filter(|(base, _)| !base.is_number()) {
            lines.push(format!(
                "svypredmeans(model, ~{variable})   # the same averages; errors without what respondents and coefficients share"
            ));
        }
    }
    lines
}

/// The name of the response; what `update` makes of it is added to the others.
fn model_response(fitted: &Fitted, request: &FitRequest, updates: &mut Vec<String>) -> String {
    let prepared = &fitted.prepared;
    let formula = &request.formula;
    let y = expression(&formula.response);
    match (prepared.response, &formula.response.node) {
        (ResponseKind::Number, Node::Name(variable)) => return name(variable),
        (ResponseKind::Number | ResponseKind::Condition, _) => {
            let y = y.unwrap_or_else(|| "…".to_owned());
            let names = formula.response.names().into_iter();
            let missing: Vec<String> = names
                .map(|variable| format!("is.na({})", name(variable)))
                .collect();
            // what is missing is in no list, and would count as no
            updates.push(match y.contains("%in%") {
                true => format!("y = ifelse({}, NA, as.numeric({y}))", missing.join(" | ")),
                false => format!("y = as.numeric({y})"),
            });
        }
        _ => {
            let levels = prepared.response_names();
            let levels: Vec<String> = levels.iter().map(|level| text(level)).collect();
            let levels = levels.join(", ");
            let ordered = match prepared.family {
                Family::Ordinal => ", ordered = TRUE",
                _ => "",
            };
            let y = y.unwrap_or_else(|| formula.response_text.clone());
            updates.push(format!("y = factor({y}, levels = c({levels}){ordered})"));
        }
    }
    "y".to_owned()
}

/// The call that fits a formula.
fn model_call(fitted: &Fitted, formula: &str) -> String {
    let link = fitted.prepared.link;
    match fitted.prepared.family {
        Family::Ordinal => {
            let method = match link {
                Link::Probit => "probit",
                Link::Cloglog => "cloglog",
                _ => "logistic",
            };
            format!(
                "model <- svyolr({formula}, design, method = \"{method}\")   # its errors are of an approximate Hessian"
            )
        }
        Family::Multinomial => format!(
            "model <- svyVGAM::svy_vglm({formula}, design, family = VGAM::multinomial(refLevel = 1))"
        ),
        family => {
            let family = match family {
                Family::Binomial => "quasibinomial",
                Family::Poisson => "quasipoisson",
                Family::Gamma => "Gamma",
                _ => "gaussian",
            };
            // R stops at eight digits of the deviance, which leave fewer of the coefficients
            let control = match fitted.prepared.family.is_canonical(link) && link == Link::Identity
            {
                true => "",
                false => ", control = glm.control(epsilon = 1e-14, maxit = 100)",
            };
            format!("model <- svyglm({formula}, design, family = {family}(\"{link}\"){control})")
        }
    }
}

/// A variable of the model in R: what `update` makes of it, if anything, and its name.
fn base_variable(base: &Base, at: usize) -> (Option<String>, String) {
    let expr = Expr::parse(&base.text).ok();
    let plain = match expr.as_ref().map(|expr| &expr.node) {
        Some(Node::Name(variable)) => Some(name(variable)),
        _ => None,
    };
    let variable = plain.clone().unwrap_or_else(|| format!("x{}", at + 1));
    if base.is_number() {
        let definition = match (&plain, expr.as_ref().and_then(expression)) {
            (Some(_), _) => None,
            (None, Some(written)) => Some(format!("{variable} = {written}")),
            (None, None) => Some(format!("{variable} = …")),
        };
        return (definition, variable);
    }
    let levels: Vec<String> = base
        .in_use()
        .iter()
        .map(|at| text(&base.levels[*at]))
        .collect();
    let levels = format!("levels = c({})", levels.join(", "));
    let written = match (&plain, expr.as_ref()) {
        (Some(plain), _) => plain.clone(),
        (None, Some(expr)) => match bands(expr, base) {
            Some(bands) => bands,
            None => expression(expr).unwrap_or_else(|| "…".to_owned()),
        },
        (None, None) => "…".to_owned(),
    };
    (
        Some(format!("{variable} = factor({written}, {levels})")),
        variable,
    )
}

/// `cut(age, 30, 60)`: R closes bands at the left with `right = FALSE`.
fn bands(expr: &Expr, base: &Base) -> Option<String> {
    let Node::Call {
        function,
        arguments,
        ..
    } = &expr.node
    else {
        return None;
    };
    let (argument, at) = arguments.split_first()?;
    if function != "cut" || base.levels.len() != at.len() + 1 {
        return None;
    }
    let breaks: Option<Vec<String>> = at.iter().map(expression).collect();
    let labels: Vec<String> = base.levels.iter().map(|level| text(level)).collect();
    Some(format!(
        "cut({}, c(-Inf, {}, Inf), right = FALSE, labels = c({}))",
        expression(argument)?,
        breaks?.join(", "),
        labels.join(", ")
    ))
}

/// Tests, one after the other.
pub fn tests(results: &TestResults, request: &TestRequest, path: &Path) -> Vec<String> {
    let mut lines = design(&results.sample.design, path);
    let filter = request.filter.as_ref();
    lines.extend(subpopulation(
        filter.map(|filter| (filter.text.as_str(), &filter.expr)),
    ));
    let groups: Option<Vec<String>> = request
        .by
        .iter()
        .map(|group| expression(&group.expr))
        .collect();
    let (design, has_loop) = match groups.as_deref() {
        Some([]) => ("design", false),
        Some(groups) => {
            lines.push(format!(
                "design <- update(design, group = interaction({}, drop = TRUE, sep = \", \"))",
                groups.join(", ")
            ));
            lines.push("for (level in levels(design$variables$group)) {".to_owned());
            lines.push("  part <- subset(design, group == level)".to_owned());
            lines.push("  print(level)".to_owned());
            ("part", true)
        }
        None => {
            let names: Vec<&str> = request.by.iter().map(|group| group.text.as_str()).collect();
            lines.push(format!(
                "# each in every group of {}: design <- subset(design, … == …)",
                names.join(" and ")
            ));
            ("design", false)
        }
    };
    for item in &request.items {
        let y = formula_of(&item.y);
        let by = item.by.as_ref().map(formula_of);
        let code = match (item.kind, y, by) {
            (TestKind::ChiSquare, Some(a), Some(Some(b))) => format!(
                "svychisq(~{a} + {b}, {design}, statistic = \"{}\")",
                match request.statistic {
                    ChiSquareStatistic::F => "F",
                    ChiSquareStatistic::Chisq => "Chisq",
                    ChiSquareStatistic::Wald => "Wald",
                    ChiSquareStatistic::AdjWald => "adjWald",
                    ChiSquareStatistic::Lincom => "lincom",
                    ChiSquareStatistic::Saddlepoint => "saddlepoint",
                }
            ),
            (TestKind::TTest, Some(y), Some(Some(g))) => format!("svyttest({y} ~ {g}, {design})"),
            (TestKind::TTest, Some(y), None) => format!("svyttest({y} ~ 0, {design})"),
            (TestKind::RankTest, Some(y), Some(Some(g))) => format!(
                "svyranktest({y} ~ {g}, {design}, test = \"{}\")   # of ties R’s ranks hang on the order of the rows",
                match request.score {
                    RankScore::Wilcoxon => "wilcoxon",
                    RankScore::VanDerWaerden => "vanderWaerden",
                    RankScore::Median => "median",
                    RankScore::KruskalWallis => "KruskalWallis",
                }
            ),
            (TestKind::Anova, Some(y), Some(Some(g))) => {
                format!("regTermTest(svyglm({y} ~ {g}, {design}), ~{g})")
            }
            _ => format!("# {}: no short form", item.text),
        };
        lines.push(match has_loop && !code.starts_with('#') {
            true => format!("  {}", printed(&code)),
            false => code,
        });
    }
    if has_loop {
        lines.push("}".to_owned());
    }
    if results.tests.len() > 1
        && let Some(adjust) = method(request.adjust.name())
    {
        lines.push(format!("# p.adjust(c(…), \"{adjust}\") of all p-values"));
    }
    lines
}

/// A call that prints itself within a loop; a comment stays behind it.
fn printed(code: &str) -> String {
    match code.split_once("   #") {
        Some((call, comment)) => format!("print({call})   #{comment}"),
        None => format!("print({code})"),
    }
}

/// What R calls an adjustment; of some it has none.
fn method(adjust: &str) -> Option<&str> {
    match adjust {
        "bh" => Some("BH"),
        "by" => Some("BY"),
        "holm" | "hochberg" | "hommel" | "bonferroni" => Some(adjust),
        _ => None,
    }
}

/// The code for every item that has a short form.
pub fn estimates(estimates: &SurveyEstimates, path: &Path) -> Vec<String> {
    let request = &estimates.request;
    let mut lines = design(&estimates.design, path);
    lines.extend(subpopulation(
        request
            .filter
            .as_ref()
            .map(|filter| (filter.text.as_str(), &filter.expr)),
    ));
    let groups: Option<Vec<String>> = request
        .by
        .iter()
        .map(|group| expression(&group.expr))
        .collect();
    let groups = groups
        .map(|groups| groups.join(" + "))
        .filter(|groups| !groups.is_empty());
    if request.by.len() > 1 || groups.is_some() {
        lines.push("# intervals have the df of their domain: degf(subset(design, …)) in the place of degf(design)".to_owned());
    }
    lines.push(String::new());
    for item in &request.items {
        let code = match item.terms.as_slice() {
            [term]
                if term.filter.is_none()
                    && (term.coefficient - 1.0).abs() < f64::EPSILON
                    && item.constant == 0.0 =>
            {
                statistic(&term.statistic, groups.as_deref(), request.options.level)
            }
            _ => None,
        };
        match code {
            Some(code) => lines.extend(code),
            None => lines.push(format!(
                "# {}: no short form; svycontrast of its parts gives it",
                item.text
            )),
        }
    }
    lines
}

fn statistic(verb: &Verb, groups: Option<&str>, level: f64) -> Option<Vec<String>> {
    let df = format!("df = degf(design), level = {level}");
    let by = |formula: &str, function: &str, more: &str| match groups {
        Some(groups) => {
            format!("svyby({formula}, ~{groups}, design, {function}{more}, na.rm = TRUE)")
        }
        None => format!("{function}({formula}, design{more}, na.rm = TRUE)"),
    };
    let plain = |formula: String, function: &str, more: &str| {
        let estimate = by(&formula, function, more);
        Some(vec![
            format!("m <- {estimate}; m"),
            format!("confint(m, {df})"),
        ])
    };
    match verb {
        Verb::Prop(argument) => {
            let levels = matches!(argument.node, Node::Name(_));
            let y = expression(argument)?;
            let by_group = |domain: &str, y: &str| match groups {
                Some(groups) => format!(
                    "svyby(~{y}, ~{groups}, {domain}, svyciprop, method = \"xlogit\", vartype = c(\"se\", \"ci\"), {df}, na.rm = TRUE)"
                ),
                None => {
                    format!("svyciprop(~{y}, {domain}, method = \"xlogit\", {df}, na.rm = TRUE)")
                }
            };
            Some(match levels {
                true => vec![
                    format!("for (answer in unique(na.omit(data${y}))) {{"),
                    format!(
                        "  answered <- update(subset(design, !is.na({y})), y = as.numeric({y} == answer))"
                    ),
                    format!(
                        "  p <- {}; cat(answer, \"\\n\"); print(p); print(SE(p))",
                        by_group("answered", "y")
                    ),
                    "}".to_owned(),
                ],
                false => vec![by_group("design", &format!("I({y})"))],
            })
        }
        Verb::Mean(argument) => plain(format!("~{}", formula_of(argument)?), "svymean", ""),
        // survey has no errors of these; the correlation by itself follows from its covariances
        Verb::Cor(x, y) if groups.is_none() => Some(vec![format!(
            "cov2cor(as.matrix(svyvar(~{} + {}, design, na.rm = TRUE)))",
            formula_of(x)?,
            formula_of(y)?
        )]),
        Verb::Cor(..) | Verb::Alpha(_) => None,
        Verb::Total(argument) => plain(format!("~{}", formula_of(argument)?), "svytotal", ""),
        Verb::Count(None) => plain("~I(rep(1, nrow(data)))".to_owned(), "svytotal", ""),
        Verb::Count(Some(argument)) => plain(
            format!("~I(as.numeric({}))", expression(argument)?),
            "svytotal",
            "",
        ),
        Verb::Ratio(y, x) => {
            let (y, x) = (formula_of(y)?, formula_of(x)?);
            let more = format!(", denominator = ~{x}");
            plain(format!("~{y}"), "svyratio", &more)
        }
        Verb::Quantile(argument, at) => {
            let at: Vec<String> = at.iter().map(f64::to_string).collect();
            let more = format!(", quantiles = c({}), ci = TRUE", at.join(", "));
            Some(vec![by(
                &format!("~{}", formula_of(argument)?),
                "svyquantile",
                &more,
            )])
        }
        Verb::Var(argument) => plain(format!("~{}", formula_of(argument)?), "svyvar", ""),
        Verb::Sd(argument) => Some(vec![format!(
            "sqrt(coef({}))",
            by(&format!("~{}", formula_of(argument)?), "svyvar", "")
        )]),
    }
}

/// An expression on the right of a formula: a name as it is, all else within I().
fn formula_of(expr: &Expr) -> Option<String> {
    let written = expression(expr)?;
    Some(match expr.node {
        Node::Name(_) => written,
        _ => format!("I({written})"),
    })
}

/// An expression in R; `None` of what R has no short form for.
fn expression(expr: &Expr) -> Option<String> {
    let all = |parts: &[Expr], between: &str| {
        let parts: Option<Vec<String>> = parts.iter().map(expression).collect();
        Some(format!("({})", parts?.join(between)))
    };
    Some(match &expr.node {
        Node::Name(value) => name(value),
        Node::Number(number) => number.to_string(),
        Node::Text(value) => text(value),
        Node::Truth(value) => truth(*value).to_owned(),
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
            format!("{not}({} %in% c({}))", expression(value)?, list?.join(", "))
        }
        Node::Between { value, low, high } => {
            let (value, low, high) = (expression(value)?, expression(low)?, expression(high)?);
            format!("({value} >= {low} & {value} <= {high})")
        }
        Node::IsNull { value, negated } => {
            let not = if *negated { "!" } else { "" };
            format!("{not}is.na({})", expression(value)?)
        }
        Node::Call {
            function,
            arguments,
            filter: None,
        } if function == "log" => match arguments.as_slice() {
            [one] => format!("log({})", expression(one)?),
            _ => return None,
        },
        Node::Contains { .. } | Node::Cross(_) | Node::Call { .. } => return None,
    })
}

/// A name, in backquotes where it is none of R.
fn name(variable: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_');
    let starts = variable.starts_with(|letter: char| letter.is_ascii_alphabetic());
    match starts && variable.chars().all(plain) {
        true => variable.to_owned(),
        false => format!("`{}`", variable.replace('\\', "\\\\").replace('`', "\\`")),
    }
}

fn text(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

fn joined(names: &[String], between: &str, otherwise: &str) -> String {
    let names: Vec<String> = names.iter().map(|variable| name(variable)).collect();
    match names.is_empty() {
        true => otherwise.to_owned(),
        false => names.join(between),
    }
}

/// A column of weights, or a product of some.
fn weight(column: &str) -> String {
    match column.contains('*') {
        true => {
            let factors: Vec<String> = column
                .split('*')
                .map(|factor| name(factor.trim()))
                .collect();
            format!("I({})", factors.join(" * "))
        }
        false => name(column),
    }
}
