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
mod idle;
mod independence;
mod layout;
mod letters;
mod measure;
mod merged_sums;
mod order;
mod plan;
mod plan_file;
mod quantiles;
mod questions;
mod request;
mod respondents;
mod rows;
mod sets;
mod sums_file;
mod suppression;
mod table;
mod tally;
mod variance;

pub use banner::{Block, Column};
pub use cell::Cell;
pub use difference::{Difference, Other};
pub use idle::TableOption;
pub use independence::{Independence, MOST_CONTRASTS};
pub use order::is_last as is_no_opinion;
pub use plan_file::PlanFile;
pub use request::{
    Against, BannerPart, Grid, Net, Options, Percent, Question, Request, Scores, ScoresOf, SetBase,
    SetSpec, TableRequest, Test, ZeroCells,
};
pub use sums_file::{SumsFile, export_tables};
pub use suppression::HiddenCell;
pub use table::{ColumnBase, Row, RowPart, Table, TableKind, TakenOff};

use std::sync::Arc;

use rayon::prelude::*;

use crate::survey::design::{Design, Lonely, Replication, Units};
use crate::survey::estimate::{
    Calibrated, CriticalValues, DeffKind, Error, Residuals, design_notes, implied_weights,
};
use crate::survey::expr::{Expr, condition, why_missing};
use crate::survey::microdata::Source;
use crate::survey::sums::{Mode, Sums, Weights};
use banner::Banner;
use cell::Estimator;
use difference::Tester;
use layout::{Layout, Membership};
use plan::{Plan, Slot, plan};
use questions::Origin;
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
    /// What differs from a plan: columns and levels that are new or gone.
    pub notes: Vec<String>,
    /// What is not shown, so that no small count is.
    pub hidden: Vec<HiddenCell>,
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
    let parts = parts(design, request)?;
    let mut all: Option<Crosstab> = None;
    for part in parts {
        let weights = implied_weights(source, &part.design)?;
        let mut made = of_respondents(source, name, &part.design, &part.request, (weights, None))?;
        for table in &mut made.tables {
            table.at = part.places.get(table.at).copied().unwrap_or(table.at);
        }
        match &mut all {
            None => all = Some(made),
            Some(all) => all.add(made),
        }
    }
    let mut all = all.ok_or_else(|| Error::Request("no table is asked for".to_owned()))?;
    all.request = request.clone();
    all.design = design.clone();
    // what an earlier wave has not is no slip
    if !request.options.of_earlier_wave {
        check_effects(request, &all.tables)?;
    }
    Ok(all)
}

/// Tables of the same respondents: one subpopulation, one column of weights.
struct Part {
    request: Request,
    design: Design,
    /// The place of each table of the part among all.
    places: Vec<usize>,
}

/// Tables with a condition or weights of their own take a pass of their own; those without come first.
fn parts(design: &Design, request: &Request) -> Result<Vec<Part>, Error> {
    let own = |table: &TableRequest| {
        let condition = table.condition.as_ref().map(|(text, _)| text.clone());
        (condition, table.weights.clone())
    };
    let mut kinds = vec![(None, None)];
    for table in &request.tables {
        if !kinds.contains(&own(table)) {
            kinds.push(own(table));
        }
    }
    let mut parts = Vec::new();
    for (at, kind) in kinds.into_iter().enumerate() {
        let tables = request.tables.iter().enumerate();
        let tables = tables.filter(|(_, table)| own(table) == kind);
        let (places, tables): (Vec<usize>, Vec<TableRequest>) =
            tables.map(|(place, table)| (place, table.clone())).unzip();
        let grids = match at {
            0 => request.grids.clone(),
            _ => Vec::new(),
        };
        if at == 0 && tables.is_empty() && grids.is_empty() && !request.tables.is_empty() {
            continue;
        }
        let mut part = Request {
            condition: both(&request.condition, &tables)?,
            tables,
            grids,
            find_grids: request.find_grids && at == 0,
            ..request.clone()
        };
        part.disclosures.clear();
        parts.push(Part {
            request: part,
            design: Design {
                weights: kind.1.or(design.weights.clone()),
                ..design.clone()
            },
            places,
        });
    }
    Ok(parts)
}

/// The subpopulation of all tables and that of some within it.
fn both(
    whole: &Option<(String, Expr)>,
    tables: &[TableRequest],
) -> Result<Option<(String, Expr)>, Error> {
    let own = tables.first().and_then(|table| table.condition.clone());
    match (whole, own) {
        (Some((whole, _)), Some((own, _))) => {
            let text = format!("({whole}) and ({own})");
            let expr = condition(&text).map_err(Error::Expression)?;
            Ok(Some((text, expr)))
        }
        (Some(whole), None) => Ok(Some(whole.clone())),
        (None, own) => Ok(own),
    }
}

impl Crosstab {
    /// Columns that nobody is in, whatever the question.
    pub fn empty_columns(&self) -> Vec<usize> {
        // of a question that nobody answered every column is empty
        let answered = |table: &&Table| table.bases.first().is_some_and(|base| base.n > 0);
        let tables: Vec<&Table> = self.by_banner().filter(answered).collect();
        let is_empty = |at: &usize| {
            let mut bases = tables.iter().map(|table| table.bases.get(*at));
            bases.all(|base| base.is_some_and(|base| base.n == 0))
        };
        let columns = 1..self.columns.len();
        match tables.is_empty() {
            true => Vec::new(),
            false => columns.filter(is_empty).collect(),
        }
    }

    /// Questions that some answered, and nobody in the columns that are named, as where a wave was not asked.
    pub fn unanswered_columns(&self) -> Vec<(&str, Vec<String>)> {
        let empty = self.empty_columns();
        let of_table = |table: &'_ Table| -> Vec<String> {
            let bases = table
                .bases
                .iter()
                .zip(table.columns.iter())
                .enumerate()
                .skip(1);
            let bare = |at: usize| !empty.contains(&at);
            bases
                .filter(|(at, (base, _))| base.n == 0 && !base.hidden && bare(*at))
                .map(|(_, (_, column))| match column.block {
                    Some(block) => format!("{} {}", self.blocks[block].name, column.name),
                    None => column.name.clone(),
                })
                .collect()
        };
        self.by_banner()
            .filter(|table| table.bases.first().is_some_and(|base| base.n > 0))
            .map(|table| (table.variable.as_str(), of_table(table)))
            .filter(|(_, columns)| !columns.is_empty())
            .collect()
    }

    /// Tables whose columns are those of the banner.
    fn by_banner(&self) -> impl Iterator<Item = &Table> {
        let tables = self.tables.iter();
        tables.filter(|table| table.kind != TableKind::Grid)
    }

    /// Puts the tables of another part where they were asked for.
    fn add(&mut self, other: Crosstab) {
        self.tables.extend(other.tables);
        self.tables.sort_by_key(|table| table.at);
        for (at, table) in self.tables.iter_mut().enumerate() {
            table.number = at + 1;
        }
        for note in other.notes.into_iter().chain(other.warnings) {
            if !self.notes.contains(&note) && !self.warnings.contains(&note) {
                self.notes.push(note);
            }
        }
    }
}

/// The same with other weights than the design names, and a variance that knows how they came about.
///
/// What a calibration leaves of a score, score − a x′B, is linear in the score; so it is made once of the weights in each
/// column and level, added up by unit, and what holds of sums holds of these.
///
/// # Errors
/// As [`crosstab`].
pub fn crosstab_calibrated(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
    calibrated: &Calibrated,
) -> Result<Crosstab, Error> {
    let weights = Some(Weights::PerRow(calibrated.weights.clone()));
    let weights = (weights, calibrated.residuals);
    let made = of_respondents(source, name, design, request, weights)?;
    check_effects(request, &made.tables)?;
    Ok(made)
}

fn of_respondents(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
    (weights, residuals): (Option<Weights>, Option<&dyn Residuals>),
) -> Result<Crosstab, Error> {
    design.check()?;
    // what a calibration leaves of a row is no sum over its stratum
    let mode = Mode::new(design, residuals.is_some() && design.elements());
    let mut plan = plan(request, design, source.codebook())?;
    let respondents = respondents::read(source, design, &mut plan, weights, mode)?;
    let sample = Sample::new(&respondents.sums, design, mode, None)?;
    let blocks = banner::blocks(&plan, request, &respondents)?;
    let everyone = Membership::everyone(respondents.rows);
    let (banner, memberships) = banner::assemble(request, blocks, everyone)?;
    let layout = Layout::new(memberships, &respondents, &sample.units, mode);
    let tallier = Tallier {
        respondents: &respondents,
        layout: &layout,
        mode,
        replicates: sample.replicates(),
        residuals: residuals.filter(|_| mode != Mode::Replicates),
    };
    let origin = Origin::Respondents(tallier);
    let title = source.codebook().title.clone();
    let made = tables(request, plan, &sample, banner, (&layout, origin))?;
    Ok(made.finish((name, title), request, sample, respondents.sums))
}

/// Makes tables of the sums that `opine sums FILE --columns …` wrote: the digits that the respondents give. The request is
/// one that [`SumsFile::request`] made.
///
/// # Errors
/// A question or a block that is not in the file, what takes the respondents.
pub fn crosstab_of_sums(
    file: &SumsFile,
    request: &Request,
    (lonely, df): (Option<Lonely>, Option<f64>),
) -> Result<Crosstab, Error> {
    let mut design = file.design();
    design.lonely = lonely.unwrap_or(design.lonely);
    design.df = df.or(design.df);
    design.check()?;
    let mode = Mode::new(&design, false);
    let (blocks, total) = file.blocks(request)?;
    let plan = plan(request, &design, file.codebook())?;
    let (banner, memberships) = banner::assemble(request, blocks, total)?;
    let mut sums = file.sums(request, mode)?;
    let sample = Sample::new(&sums.sums, &design, mode, Some(file.replicates()))?;
    let layout = sums.lay_out(&memberships, &sample.units, mode);
    let origin = Origin::Sums(&sums, &layout);
    let title = file.codebook().title.clone();
    let made = tables(request, plan, &sample, banner, (&layout, origin))?;
    let name = file.source().to_owned();
    let made = made.finish((&name, title), request, sample, sums.sums);
    check_effects(request, &made.tables)?;
    Ok(made)
}

/// Who was sampled and how.
struct Sample {
    design: Design,
    mode: Mode,
    units: Units,
    replication: Option<Replication>,
    df: Option<f64>,
    deff: DeffKind,
}

impl Sample {
    /// Sums of a file say how many `replicates` there were.
    fn new(
        sums: &Sums,
        design: &Design,
        mode: Mode,
        replicates: Option<usize>,
    ) -> Result<Sample, Error> {
        let units = sums.sampled(design, mode)?;
        units.check_lonely(design.lonely)?;
        let replication = match &design.replicates {
            None => None,
            Some(declared) => {
                let count = replicates.unwrap_or(sums.replicate_columns.len());
                Some(Replication::new(declared, count)?)
            }
        };
        let df = match (&replication, design.df) {
            (_, Some(df)) => Some(df),
            (None, None) => Some(units.df()),
            (Some(_), None) => Some(sums.sketch.rank() as f64 - 1.0),
        };
        Ok(Sample {
            design: design.clone(),
            deff: deff_kind(design, sums),
            mode,
            units,
            replication,
            df,
        })
    }

    fn replicates(&self) -> usize {
        self.replication
            .as_ref()
            .map_or(0, |replication| replication.rscales.len())
    }
}

/// Tables, before it is said of whom they are.
struct UntitledTables {
    tables: Vec<Table>,
    columns: Arc<Vec<Column>>,
    blocks: Arc<Vec<Block>>,
    left_out: Vec<(String, &'static str)>,
    notes: Vec<String>,
}

impl UntitledTables {
    fn finish(
        mut self,
        (name, title): (&str, Option<String>),
        request: &Request,
        sample: Sample,
        sums: Sums,
    ) -> Crosstab {
        for (at, table) in self.tables.iter_mut().enumerate() {
            table.number = at + 1;
        }
        let mut notes = column_notes(request, &self.columns, &self.blocks);
        let condition = request.condition.as_ref().map(|(text, _)| text.as_str());
        let (warnings, of_weights) = design_notes(&sums, &sample.design, condition);
        notes.extend(of_weights);
        notes.extend(division_notes(&self.tables, &self.blocks));
        notes.extend(self.notes);
        notes.extend(
            self.tables
                .iter()
                .flat_map(|table| table.notes.iter().cloned()),
        );
        Crosstab {
            source: name.to_owned(),
            title,
            request: request.clone(),
            columns: self.columns,
            blocks: self.blocks,
            tables: self.tables,
            deff: sample.deff,
            warnings,
            sums,
            units: sample.units,
            replication: sample.replication,
            df: sample.df,
            design: sample.design,
            notes,
            hidden: Vec::new(),
            left_out: self.left_out,
        }
    }
}

fn tables(
    request: &Request,
    plan: Plan,
    sample: &Sample,
    banner: Banner,
    (layout, origin): (&Layout, Origin),
) -> Result<UntitledTables, Error> {
    let options = &request.options;
    let sampling = Sampling::new(
        &sample.design,
        &sample.units,
        layout,
        sample.mode,
        sample.replication.as_ref(),
        (sample.df, options.domain_df),
    );
    let critical = CriticalValues::new(options.level);
    let (columns, blocks) = (Arc::new(banner.columns), Arc::new(banner.blocks));
    let inside = layout.cells[layout.domains[0].cells.clone()]
        .iter()
        .map(|cell| cell.weighted)
        .sum();
    let maker = Maker {
        request,
        columns: Arc::clone(&columns),
        blocks: Arc::clone(&blocks),
        origin,
        sampling: &sampling,
        estimator: Estimator {
            sampling: &sampling,
            critical: &critical,
            ci: options.ci,
            deff: sample.deff,
        },
        tester: Tester {
            sampling: &sampling,
            critical: &critical,
            test: options.test,
            zero_cells: options.zero_cells,
        },
        inside,
    };
    let mut left_out = plan.left_out;
    let mut slots = plan.slots;
    slots.retain(|(_, slot)| {
        let Slot::Question(question) = slot else {
            return true;
        };
        let question = &plan.questions[*question];
        let why = maker.origin.no_question(question);
        left_out.extend(why.map(|why| (question.variable.clone(), why)));
        why.is_none()
    });
    let of_slot = |(at, slot): &(usize, Slot)| {
        let mut tables = match slot {
            Slot::Grid(grid) => grid::tables(&maker, &plan.grids[*grid])?,
            Slot::Question(question) => vec![maker.table(&plan.questions[*question])?],
        };
        tables.iter_mut().for_each(|table| table.at = *at);
        Ok(tables)
    };
    let made: Vec<Vec<Table>> = slots
        .par_iter()
        .map(of_slot)
        .collect::<Result<_, Error>>()?;
    Ok(UntitledTables {
        tables: made.concat(),
        columns,
        blocks,
        left_out,
        notes: banner.notes.into_iter().chain(plan.notes).collect(),
    })
}

/// Columns that keep a letter and are not there, and those that are new beside them.
fn column_notes(request: &Request, columns: &[Column], blocks: &[Block]) -> Vec<String> {
    if request.letters.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = columns
        .iter()
        .filter(|column| column.letter.is_some())
        .filter_map(|column| Some(format!("{}={}", blocks[column.block?].name, column.name)))
        .collect();
    let kept = || request.letters.iter().map(|(name, _)| name);
    let gone = kept().filter(|name| !names.contains(name));
    let mut notes: Vec<String> = gone
        .map(|name| format!("nobody is in the column {name} of the plan"))
        .collect();
    let new: Vec<&str> = names
        .iter()
        .filter(|name| !kept().any(|kept| kept == *name))
        .map(String::as_str)
        .collect();
    if !new.is_empty() {
        notes.push(format!(
            "columns that the plan has no letter for: {}",
            new.join(", ")
        ));
    }
    notes
}

/// Against a sample without replacement where the population is known: by fpc, or by weights that add up to it.
fn deff_kind(design: &Design, sums: &Sums) -> DeffKind {
    let counted: u64 = sums.units.iter().map(|unit| unit.weighted).sum();
    match !design.fpc.is_empty() || sums.weight.value() >= 2.0 * counted as f64 {
        true => DeffKind::Srs,
        false => DeffKind::Replace,
    }
}

/// What answers a table or a block of columns lacks because they are divided by 0.
fn division_notes(tables: &[Table], blocks: &[Block]) -> Vec<String> {
    let divides = |text: &str| !why_missing([text]).is_empty();
    let lacks_answers = |table: &&Table| table.answered < table.respondents;
    let questions = tables.iter().filter(lacks_answers);
    let questions = questions.filter_map(|table| table.question.as_deref());
    let lacks_people = |block: &&Block| {
        tables.iter().any(|table| {
            let columns = table.bases.get(block.columns.clone()).unwrap_or_default();
            let inside: u64 = columns.iter().map(|base| base.n).sum();
            let total = table.bases.first().map_or(0, |base| base.n);
            !columns.is_empty() && inside < total
        })
    };
    let variables = blocks.iter().filter(lacks_people);
    let variables = variables.map(|block| block.name.as_str());
    let texts = questions.chain(variables).filter(|text| divides(text));
    let note = |text: &str| format!("{text}: without an answer{}", why_missing([text]));
    let mut notes: Vec<String> = texts.map(note).collect();
    notes.dedup();
    notes
}

/// Which variables no table is made of, and why.
pub fn left_out_notes(left_out: &[(String, &'static str)]) -> Vec<String> {
    let of_role = |role: &&str| {
        let names = left_out.iter().filter(|(_, own)| own == role);
        let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        (!names.is_empty()).then(|| format!("no table of {}: {role}", names.join(", ")))
    };
    let roles = [
        "of the design",
        "of the banner",
        "not in the codebook",
        respondents::EACH_ANOTHER,
        respondents::TOO_MANY,
    ];
    roles.iter().filter_map(of_role).collect()
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
        all.any(|left_out| left_out.level == *name)
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
