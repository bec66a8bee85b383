//! Which columns of a file a design takes.

use super::Error;
use crate::survey::design::{self, Design};
use crate::survey::expr::{Expr, Node, OutputKind, bind};
use crate::survey::microdata::{self, Codebook, ColumnRequest, Kind, Origin, View};
use crate::survey::sums::{DesignColumns, Requests, Weights};

/// The columns of the design among those that are read.
pub fn design_columns(
    design: &Design,
    codebook: &Codebook,
    weights: Option<Weights>,
    requests: &mut Requests,
) -> Result<DesignColumns, Error> {
    let mut columns = DesignColumns {
        weights: Weights::One,
        combined: true,
        ..DesignColumns::default()
    };
    columns.weights = match (weights, &design.weights) {
        (Some(weights), _) => weights,
        (None, Some(text)) => weights_named(text, codebook, requests)?,
        (None, None) => Weights::One,
    };
    let mut request =
        |name: &str, view: View, what: &str| column(name, view, what, codebook, requests);
    for name in &design.strata {
        columns.strata.push(request(name, View::Codes, "strata")?);
    }
    for (stage, name) in design.psu.iter().enumerate() {
        let at = request(name, View::Codes, "psu")?;
        if stage < design.stages() {
            columns.psu.push(at);
        }
    }
    for name in &design.fpc {
        columns.fpc.push(request(name, View::Numbers, "fpc")?);
    }
    if let Some(replicates) = &design.replicates {
        columns.combined = replicates.combined_weights;
        for name in replicate_columns(design, &replicates.columns, codebook)? {
            let at = request(&name, View::Numbers, "replicates")?;
            columns.replicates.push(at);
        }
    }
    Ok(columns)
}

/// Where a column stands among the requests.
fn column(
    name: &str,
    view: View,
    what: &str,
    codebook: &Codebook,
    requests: &mut Requests,
) -> Result<usize, Error> {
    let wrong = |error| Error::DesignColumn {
        what: what.to_owned(),
        error,
    };
    let variable = codebook.variable(name).map_err(wrong)?;
    if view == View::Numbers && variable.kind == Kind::Text {
        return Err(wrong(microdata::Error::NoNumber {
            name: name.to_owned(),
            found: "it holds texts".to_owned(),
        }));
    }
    Ok(requests.position(ColumnRequest {
        name: name.to_owned(),
        view,
    }))
}

/// The name that stands for the weight that a file names itself.
pub const WEIGHT_OF_FILE: &str = "@file";

/// The variable that the file says it is weighted by.
pub fn weight_of_file(codebook: &Codebook) -> Option<&str> {
    match &codebook.origin {
        Origin::Spss { weight, .. } => weight.as_deref(),
        _ => None,
    }
}

/// The weights by what the design says: the name of a column, `@file`, or an expression as `pspwght * pweight`.
fn weights_named(
    text: &str,
    codebook: &Codebook,
    requests: &mut Requests,
) -> Result<Weights, Error> {
    let name = weights_column(text, codebook)?;
    let expr = weights_expr(name, codebook);
    if matches!(expr.node, Node::Name(_)) {
        let at = column(name, View::Numbers, "weights", codebook, requests)?;
        return Ok(Weights::Column(at));
    }
    let bound = bind(&expr, codebook, OutputKind::Numbers);
    let bound = bound.map_err(|error| {
        let error = error.within(name);
        Error::Request(format!("weights: {error}"))
    })?;
    Ok(Weights::Expression(Box::new(requests.operand(name, bound))))
}

/// The weights as an expression: a column of that name, or what is worked out.
pub fn weights_expr(text: &str, codebook: &Codebook) -> Expr {
    let is_column = codebook.variable(text).is_ok();
    let expr = Expr::parse(text)
        .ok()
        .filter(|expr| !is_column && is_worked_out(expr));
    expr.unwrap_or_else(|| Expr {
        node: Node::Name(text.to_owned()),
        span: 0..text.len(),
    })
}

/// What the weights are called in the file: the name or expression of the design, or the variable that `@file` stands for.
///
/// # Errors
/// A file that names no weight.
pub fn weights_column<'a>(text: &'a str, codebook: &'a Codebook) -> Result<&'a str, Error> {
    match text {
        WEIGHT_OF_FILE => weight_of_file(codebook).ok_or_else(|| {
            Error::Request(
                "weights @file: the file names no weight; SPSS files do, where they were saved with one on".to_owned(),
            )
        }),
        text => Ok(text),
    }
}

/// Whether it is more than a name, whose letters might be those of a misspelt column.
fn is_worked_out(expr: &Expr) -> bool {
    matches!(expr.node, Node::Binary { .. } | Node::Neg(_)) || expr.is_condition()
}

/// The columns that a regular expression matches, in the order of the file.
fn replicate_columns(
    design: &Design,
    pattern: &str,
    codebook: &Codebook,
) -> Result<Vec<String>, Error> {
    let regex = regex_lite::Regex::new(pattern).map_err(|error| {
        Error::Request(format!(
            "replicates {pattern:?} is no regular expression: {error}"
        ))
    })?;
    let names = codebook.variables.iter().map(|variable| &variable.name);
    let found: Vec<String> = names.filter(|name| regex.is_match(name)).cloned().collect();
    if found.is_empty() {
        return Err(Error::Request(format!(
            "replicates {pattern:?} matches no column"
        )));
    }
    if let Some(weights) = &design.weights
        && let Ok(weight) = weights_column(weights, codebook)
        && found.iter().any(|name| name == weight)
    {
        return Err(Error::Design(design::Error::Declared(format!(
            "replicates {pattern:?} takes the weight {weight}, too, which is none of them: match digits behind the name, as in '^{}_?[0-9]+$'",
            regex_lite::escape(weight)
        ))));
    }
    Ok(found)
}
