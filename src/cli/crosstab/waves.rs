//! Several files are waves of a poll.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Args;
use super::effects;
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::cli::respondents::Respondents;
use crate::cli::streams::Session;
use crate::survey::crosstab::{Crosstab, RowPart, Table, TableKind, crosstab};
use crate::survey::design::Design;
use crate::survey::microdata::{self, Codebook, Kind, Memory, MemoryColumn, Source, Waves};

/// The files, for the foot of a table.
pub fn title(args: &Args) -> String {
    let names = args.waves.iter().map(|path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    });
    let all: Vec<String> = std::iter::once(args.file.title()).chain(names).collect();
    all.join(" + ")
}

/// Tables of waves, with what differs between these.
pub fn from_waves(
    args: &Args,
    format: Format,
    session: &Session,
) -> Result<(Crosstab, Vec<String>), Failure> {
    let Some(wave) = &args.tables.wave else {
        return Err(Failure::Usage(
            "several files are waves of a poll: name what tells them apart, as in --wave year"
                .to_owned(),
        ));
    };
    if args.waves.is_empty() {
        return Err(Failure::no_effect(
            "--wave",
            "there is one file; name the waves one after the other",
        ));
    }
    let design = args.design.read(session)?;
    let options = args.file.options();
    let mut names = vec![args.file.name()];
    let mut sources: Vec<Arc<dyn Source>> = vec![Arc::new(args.file.open(session)?)];
    for path in &args.waves {
        sources.push(Arc::new(Respondents::open(path, &options, session)?));
        let stem = path.file_stem().unwrap_or_default();
        names.push(stem.to_string_lossy().into_owned());
    }
    let name = names.join(" + ");
    let named = distinct_names(names).into_iter().zip(sources).collect();
    let waves = Waves::new(named, wave).map_err(|error| match error {
        microdata::Error::Stopped(message) => Failure::Usage(message),
        other => other.into(),
    })?;
    for difference in waves.differences() {
        session.note(difference);
    }
    let design = design_of_waves(design, &waves, wave, session)?;
    let exact = effects::is_exact(format);
    let request = args.tables.request(&args.tests, waves.codebook(), exact)?;
    effects::check(&args.tables, &args.tests, &request, format)?;
    let crosstab = crosstab(&waves, &name, &design, &request)?;
    let answers = answers_of_some_waves(&crosstab, wave, waves.codebook());
    for note in &answers {
        session.note(note);
    }
    // what a table shows to be empty is told of that table
    let by_wave = crosstab.blocks.iter().any(|block| block.name == *wave);
    let empty = crosstab.unanswered_columns();
    let told = empty.iter().filter(|_| by_wave);
    let told: Vec<&str> = told.map(|(variable, _)| *variable).collect();
    let missing = waves.missing_variables(&told);
    for note in &missing {
        session.note(note);
    }
    let differences = waves.differences().iter().cloned();
    let differences = differences.chain(missing).chain(answers).collect();
    Ok((crosstab, differences))
}

/// Answers that are texts have no list of labels that would tell which of them a wave has not: those that nobody gave in one,
/// a line a question.
fn answers_of_some_waves(crosstab: &Crosstab, wave: &str, codebook: &Codebook) -> Vec<String> {
    let is_text = |name: &str| {
        let variable = codebook.variable(name);
        variable.is_ok_and(|of| of.kind == Kind::Text && of.labels.is_empty())
    };
    let tables = crosstab.tables.iter();
    let tables = tables.filter(|of| of.kind == TableKind::Levels && is_text(&of.variable));
    let of_table = |table: &Table| {
        let block = table.blocks.iter().find(|block| block.name == wave)?;
        let answers = table.rows.iter().filter(|row| row.part == RowPart::Level);
        let gone = answers.filter_map(|row| {
            let without = |at: &usize| {
                let cell = row.cells.get(*at);
                cell.is_some_and(|cell| cell.n > 0 && cell.count == Some(0))
            };
            let waves = block.columns.clone().filter(without);
            let waves: Vec<&str> = waves
                .filter_map(|at| Some(table.columns.get(at)?.name.as_str()))
                .collect();
            let level = row.level.as_ref().filter(|_| !waves.is_empty())?;
            Some(format!("{level} in {}", waves.join(", ")))
        });
        let gone: Vec<String> = gone.collect();
        (!gone.is_empty()).then(|| format!("{}: nobody gave {}", table.variable, gone.join("; ")))
    };
    tables.filter_map(of_table).collect()
}

/// Files of the same name in several folders are numbered.
fn distinct_names(names: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let each = names.into_iter().map(|name| {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        match *count {
            1 => name,
            count => format!("{name} ({count})"),
        }
    });
    each.collect()
}

/// Waves that were sampled apart are strata of their own. Where PSUs of one name are in several waves, they are the same, and
/// a change between waves has the covariance that this brings.
fn design_of_waves(
    mut design: Design,
    waves: &Waves,
    wave: &str,
    session: &Session,
) -> Result<Design, Failure> {
    if design.replicates.is_some() || design.strata.iter().any(|name| name == wave) {
        return Ok(design);
    }
    let shared = match design.psu.first() {
        None => 0,
        Some(psu) => shared_psus(waves, psu, &design.strata)?,
    };
    if shared > 0 {
        session.note(&format!(
            "{shared} PSUs have the same name in several waves and are taken as the same; if each wave drew its own: --strata {} --nest",
            std::iter::once(wave.to_owned()).chain(design.strata.clone()).collect::<Vec<_>>().join(",")
        ));
        return Ok(design);
    }
    design.strata.insert(0, wave.to_owned());
    Ok(design)
}

/// How many PSUs are in more than one wave.
fn shared_psus(waves: &Waves, psu: &str, strata: &[String]) -> Result<usize, Failure> {
    let names: Vec<String> = strata.iter().cloned().chain([psu.to_owned()]).collect();
    let memory = Memory::read(waves, &names)?;
    let text = |column: &MemoryColumn, row: usize| match column {
        MemoryColumn::Numbers(numbers) => numbers.get(row).map(f64::to_string),
        MemoryColumn::Texts { codes, values } => {
            let value = codes.get(row).and_then(|code| values.get(*code as usize));
            value.map(|value| value.text())
        }
    };
    let rows = memory.rows().unwrap_or(0) as usize;
    let starts = waves.first_rows();
    let mut in_waves: HashMap<Vec<Option<String>>, HashSet<usize>> = HashMap::new();
    for row in 0..rows {
        let key = memory.columns().iter().map(|column| text(column, row));
        let wave = starts.partition_point(|start| *start <= row as u64);
        in_waves.entry(key.collect()).or_default().insert(wave);
    }
    Ok(in_waves.values().filter(|waves| waves.len() > 1).count())
}
