//! Banner tables: questions down, columns side by side across, and letters that say which columns differ.
//!
//! [`crosstab`] goes over the respondents once. What each answered is kept as codes ([`respondents`]), and the sums of one
//! question after the other are made from them in every cell of the banner ([`tally`]), the same sums by unit of the design
//! that estimates are made from. A row of a table is a variable y with a base ([`measure`]): a level, a net, a mean of
//! scores, an answer of a set. A cell is its share or mean ([`cell`]); a difference of two columns has the variance of the
//! total of the scores of both ([`variance`], [`difference`]), so that what they share is in it, be it clusters, strata or
//! respondents. p-values are adjusted over a row and block, and the letters follow from them ([`letters`]).

mod banner;
mod cell;
mod difference;
mod grid;
mod independence;
mod layout;
mod letters;
mod measure;
mod order;
mod plan;
mod quantiles;
mod request;
mod respondents;
mod rows;
mod sets;
mod table;
mod tally;
mod variance;

pub use banner::{Block, Column};
pub use cell::Cell;
pub use difference::{Difference, Other};
pub use independence::Independence;
pub use order::is_last as is_no_opinion;
pub use request::{
    Against, BannerPart, Grid, Net, Options, Percent, Question, Request, Scores, ScoresOf, SetBase,
    SetSpec, Test, ZeroCells,
};
pub use table::{ColumnBase, Row, RowPart, Table, TableKind};

use std::sync::Arc;

use rayon::prelude::*;

use crate::survey::design::{Design, Replication, Units};
use crate::survey::estimate::{CriticalValues, DeffKind, Error, implied_weights};
use crate::survey::microdata::Source;
use crate::survey::sums::{Mode, Sums};
use cell::Estimator;
use difference::Tester;
use plan::{Plan, plan};
use respondents::Respondents;
use table::Maker;
use tally::Tallier;
use variance::Sampling;

/// All tables of a request, and what is known of the sample.
pub struct Crosstab {
    /// The name of the file.
    pub source: String,
    /// The title that the file gives itself.
    pub title: Option<String>,
    pub design: Design,
    pub request: Request,
    /// Total first.
    pub columns: Arc<Vec<Column>>,
    pub blocks: Arc<Vec<Block>>,
    pub tables: Vec<Table>,
    /// Units and strata of the whole file.
    pub sums: Sums,
    pub units: Units,
    pub replication: Option<Replication>,
    /// Degrees of freedom of the whole design.
    pub df: Option<f64>,
    pub deff: DeffKind,
    /// What one should know: rows left out, weights that are missing.
    pub warnings: Vec<String>,
    /// Variables that no table is made of, though none was named, and what they are for.
    pub left_out: Vec<(String, &'static str)>,
}

/// Makes all tables in one pass over the respondents.
///
/// # Errors
/// Names and types that don't fit the file, a design that can't be, lonely PSUs nobody decided on, a file that can't be
/// read.
pub fn crosstab(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
) -> Result<Crosstab, Error> {
    design.check()?;
    let mode = Mode::new(design, false);
    let weights = implied_weights(source, design)?;
    let mut plan = plan(request, design, source.codebook())?;
    let respondents = respondents::read(source, design, &mut plan, weights, mode)?;
    let units = respondents.sums.sampled(design, mode)?;
    units.check_lonely(design.lonely)?;
    let columns = respondents
        .replicates
        .len()
        .checked_div(respondents.rows)
        .unwrap_or(0);
    let replication = match &design.replicates {
        None => None,
        Some(declared) => Some(Replication::new(declared, columns)?),
    };
    let df = match (&replication, design.df) {
        (_, Some(df)) => Some(df),
        (None, None) => Some(units.df()),
        (Some(_), None) => Some(respondents.sums.sketch.rank() as f64 - 1.0),
    };
    let sample = Sample {
        design,
        mode,
        units,
        replication,
        df,
    };
    let title = source.codebook().title.clone();
    tables((name, title), request, plan, respondents, sample)
}

/// Who was sampled and how.
struct Sample<'a> {
    design: &'a Design,
    mode: Mode,
    units: Units,
    replication: Option<Replication>,
    df: Option<f64>,
}

fn tables(
    (name, title): (&str, Option<String>),
    request: &Request,
    plan: Plan,
    respondents: Respondents,
    sample: Sample,
) -> Result<Crosstab, Error> {
    let options = &request.options;
    let (banner, layout) = banner::build(&plan, request, &respondents, &sample.units, sample.mode)?;
    let sampling = Sampling::new(
        sample.design,
        &sample.units,
        &layout,
        sample.mode,
        sample.replication.as_ref(),
        (sample.df, options.domain_df),
    );
    let critical = CriticalValues::new(options.level);
    let deff = deff_kind(sample.design, &respondents);
    let (columns, blocks) = (Arc::new(banner.columns), Arc::new(banner.blocks));
    let inside = layout.cells[layout.domains[0].cells.clone()]
        .iter()
        .map(|cell| cell.weighted)
        .sum();
    let maker = Maker {
        request,
        respondents: &respondents,
        columns: Arc::clone(&columns),
        blocks: Arc::clone(&blocks),
        tallier: Tallier {
            respondents: &respondents,
            layout: &layout,
            mode: sample.mode,
            replicates: sample.replication.as_ref().map_or(0, |of| of.rscales.len()),
        },
        sampling: &sampling,
        estimator: Estimator {
            sampling: &sampling,
            critical: &critical,
            ci: options.ci,
            deff,
        },
        tester: Tester {
            sampling: &sampling,
            critical: &critical,
            test: options.test,
            zero_cells: options.zero_cells,
        },
        inside,
    };
    let grids = plan.grids.par_iter().map(|grid| grid::table(&maker, grid));
    let mut all = grids.collect::<Result<Vec<Table>, Error>>()?;
    let questions = plan
        .questions
        .par_iter()
        .map(|question| maker.table(question));
    all.extend(questions.collect::<Result<Vec<Table>, Error>>()?);
    for (at, table) in all.iter_mut().enumerate() {
        table.number = at + 1;
        if let Some(column) = &options.sort {
            table.sort(column)?;
        }
    }
    if !options.of_earlier_wave {
        check_effects(request, &all)?;
    }
    let warnings = warnings(&respondents.sums, sample.design);
    drop(maker);
    drop(sampling);
    Ok(Crosstab {
        source: name.to_owned(),
        title,
        design: sample.design.clone(),
        request: request.clone(),
        columns,
        blocks,
        tables: all,
        sums: respondents.sums,
        units: sample.units,
        replication: sample.replication,
        df: sample.df,
        deff,
        warnings,
        left_out: plan.left_out,
    })
}

/// Against a sample without replacement where the population is known: by fpc, or by weights that add up to it.
fn deff_kind(design: &Design, respondents: &Respondents) -> DeffKind {
    let counted = respondents
        .weight
        .iter()
        .filter(|weight| **weight > 0.0)
        .count() as f64;
    let all: f64 = respondents.weight.iter().sum();
    match !design.fpc.is_empty() || all >= 2.0 * counted {
        true => DeffKind::Srs,
        false => DeffKind::Replace,
    }
}

fn warnings(sums: &Sums, design: &Design) -> Vec<String> {
    use crate::survey::design::MissingWeights;
    let rows = sums.rows.without_weight;
    match rows > 0 && design.missing_weights == MissingWeights::Warn {
        true => vec![format!(
            "{rows} respondent{} without a weight: counted as weight 0",
            if rows == 1 { "" } else { "s" }
        )],
        false => Vec::new(),
    }
}

/// A net, a level or a score that no table has is a slip.
fn check_effects(request: &Request, tables: &[Table]) -> Result<(), Error> {
    let rows = || tables.iter().flat_map(|table| &table.rows);
    let levels = || {
        let of_level = rows().filter(|row| row.part == RowPart::Level);
        of_level.filter_map(|row| row.level.as_deref())
    };
    let unknown = |name: &str| {
        let known = levels().any(|level| level == name);
        (!known).then(|| match crate::frames::words::nearest(name, levels()) {
            Some(near) => format!("no question has a level {name}; did you mean {near}?"),
            None => format!("no question has a level {name}"),
        })
    };
    for net in &request.nets {
        let is_net =
            |row: &Row| row.part == RowPart::Net && row.level.as_deref() == Some(&net.name);
        if !rows().any(is_net) {
            let missing = net.levels.iter().find_map(|level| unknown(level));
            let why = missing.unwrap_or_else(|| "no question has all of its levels".to_owned());
            return Err(Error::Request(format!("--net {}: {why}", net.name)));
        }
    }
    let taken_off = |name: &String| {
        let mut all = tables.iter().flat_map(|table| &table.without);
        all.any(|(level, _)| level == name)
    };
    if let Some(name) = request.without.iter().find(|name| !taken_off(name)) {
        let why = unknown(name).unwrap_or_else(|| "no question has it".to_owned());
        return Err(Error::Request(format!("--without {name}: {why}")));
    }
    for scores in &request.scores {
        let has = |table: &Table| {
            let mean = table.rows.iter().any(|row| row.part == RowPart::Mean);
            table.variable == scores.variable && table.kind == TableKind::Levels && mean
        };
        if !tables.iter().any(has) {
            return Err(Error::Request(format!(
                "--scores {}: no table is of the levels of {}, or fewer than two of them have a score",
                scores.variable, scores.variable
            )));
        }
    }
    Ok(())
}
