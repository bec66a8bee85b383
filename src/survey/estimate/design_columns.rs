use super::error::Error;
use crate::survey::design::Design;
use crate::survey::microdata::{self, Codebook, Kind, View};
use crate::survey::sums::{DesignColumns, Requests, Weights};

/// The columns of the design among those that are read.
pub fn design_columns(
    design: &Design,
    codebook: &Codebook,
    weights: Option<Weights>,
    requests: &mut Requests,
) -> Result<DesignColumns, Error> {
    let mut request = |name: &str, view: View, what: &str| -> Result<usize, Error> {
        let variable = codebook
            .variable(name)
            .map_err(|error| Error::DesignColumn {
                what: what.to_owned(),
                error,
            })?;
        if view == View::Numbers && variable.kind == Kind::Text {
            return Err(Error::DesignColumn {
                what: what.to_owned(),
                error: microdata::Error::NoNumber {
                    name: name.to_owned(),
                    found: "it holds texts".to_owned(),
                },
            });
        }
        Ok(requests.position(microdata::ColumnRequest {
            name: name.to_owned(),
            view,
        }))
    };
    let mut columns = DesignColumns {
        weights: Weights::One,
        combined: true,
        ..DesignColumns::default()
    };
    columns.weights = match (weights, &design.weights) {
        (Some(weights), _) => weights,
        (None, Some(name)) => Weights::Column(request(name, View::Numbers, "weights")?),
        (None, None) => Weights::One,
    };
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
        for name in replicate_columns(&replicates.columns, codebook)? {
            columns
                .replicates
                .push(request(&name, View::Numbers, "replicates")?);
        }
    }
    Ok(columns)
}

/// The columns that a regular expression matches, in the order of the file.
fn replicate_columns(pattern: &str, codebook: &Codebook) -> Result<Vec<String>, Error> {
    let regex = regex_lite::Regex::new(pattern).map_err(|error| {
        Error::Asked(format!(
            "replicates {pattern:?} is no regular expression: {error}"
        ))
    })?;
    let names = codebook.variables.iter().map(|variable| &variable.name);
    let found: Vec<String> = names.filter(|name| regex.is_match(name)).cloned().collect();
    match found.is_empty() {
        true => Err(Error::Asked(format!(
            "replicates {pattern:?} matches no column"
        ))),
        false => Ok(found),
    }
}
