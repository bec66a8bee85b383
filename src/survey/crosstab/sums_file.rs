//! Tables without respondents: the sums that they are made from, in a file that may leave the house.
//!
//! What is added up of respondents are atoms, a pattern of a block within a unit of the design ([`layout`](super::layout)).
//! A file of sums has these as its cells, with a row for each level of each question in them; columns, nets of columns and
//! those who lie in two columns at once are atoms added up, so that the digits are those of the respondents.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::banner::{self, BuiltBlock, BuiltColumn};
use super::layout::{Layout, Membership};
use super::merged_sums;
use super::plan::{PlannedQuestion, PlannedSet, QuestionKind, plan};
use super::questions::{Origin, combination, level_codes};
use super::request::{BannerPart, Question, Request, SetBase, TableRequest};
use super::respondents::{self, Respondents};
use super::sets::SetAnswers;
use super::tally::{LevelAtoms, NumberAtoms, Tallier};
use super::{Sample, Sums};
use crate::frames::words::nearest;
use crate::statistics::special::Sum;
use crate::survey::design::{Design, DesignUse, Units};
use crate::survey::estimate::{Error, SumsExport, design_notes, implied_weights};
use crate::survey::expr::{Expr, Item};
use crate::survey::microdata::{Codebook, MultipleResponse, Source, Value, Variable};
use crate::survey::sums::export::{
    BannerItem, ColumnNames, LabelKinds, Spec, SumsReader, Table, VERSION, has_number_levels,
    lay_out_banner, level_text, level_value, read,
};
use crate::survey::sums::{Cell, Mode, Small};

/// Adds the respondents up to all that a banner's tables are made from.
///
/// Cells and levels with fewer respondents than `least` are counted in [`SumsExport::small`].
///
/// # Errors
/// As [`crosstab`](super::crosstab()); medians and grids, which take the respondents.
pub fn export_tables(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
    least: u64,
) -> Result<SumsExport, Error> {
    design.check()?;
    if design.rows_are_last_stage() {
        return Err(Error::Request(
            "the last stage of this design is that of the respondents, and sums do not have these: leave out the last fpc"
                .to_owned(),
        ));
    }
    if request.banner.is_empty() {
        return Err(Error::Request(
            "sums of tables take a banner: name it with --columns".to_owned(),
        ));
    }
    let mode = Mode::new(design, false);
    let weights = implied_weights(source, design)?;
    let weights_from_fpc = weights.is_some();
    let mut plan = plan(request, design, source.codebook())?;
    if let Some(grid) = plan.grids.first() {
        return Err(Error::Request(format!(
            "the grid {} can't be made of sums: it compares the answers of each respondent",
            grid.name
        )));
    }
    let respondents = respondents::read(source, design, &mut plan, weights, mode)?;
    let sample = Sample::new(&respondents.sums, design, mode, None)?;
    let built = banner::blocks(&plan, request, &respondents)?;
    let banner = banner_json(request, source.codebook(), &built);
    let names: Vec<String> = built.iter().map(|block| block.name.clone()).collect();
    let patterns: Vec<usize> = built
        .iter()
        .map(|block| block.membership.patterns)
        .collect();
    let everyone = Membership::everyone(respondents.rows);
    let plain = Request {
        column_nets: Vec::new(),
        ..request.clone()
    };
    let (_, memberships) = banner::assemble(&plain, built, everyone)?;
    let layout = Layout::new(memberships, &respondents, &sample.units, mode);
    let tallier = Tallier {
        respondents: &respondents,
        layout: &layout,
        mode,
        replicates: sample.replicates(),
        residuals: None,
    };
    let mut items: Vec<(String, String, BannerItem)> = Vec::new();
    let origin = Origin::Respondents(tallier);
    for question in &plan.questions {
        if let Some(why) = origin.no_question(question) {
            plan.left_out.push((question.variable.clone(), why));
            continue;
        }
        for (key, item) in items_of(&tallier, question)? {
            if !items.iter().any(|(known, ..)| *known == key) {
                items.push((key, question.settings.question.text().to_owned(), item));
            }
        }
    }
    let used = |name: &String| {
        plan.requests
            .all
            .iter()
            .any(|request| request.name == *name)
    };
    let by = ["block", "pattern"].map(|name| (name.to_owned(), name.to_owned()));
    let spec = Spec {
        version: VERSION,
        source: name.to_owned(),
        items: items.iter().map(|(key, ..)| key.clone()).collect(),
        typed: items.iter().map(|(_, typed, _)| typed.clone()).collect(),
        condition: request.condition.as_ref().map(|(text, _)| text.clone()),
        design: design.clone(),
        incomplete_dropped: false,
        weights_from_fpc,
        replicates: sample.replicates(),
        columns: ColumnNames::new(design, &by),
        by: by.to_vec(),
        codebook: Codebook {
            variables: source
                .codebook()
                .variables
                .iter()
                .filter(|variable| used(&variable.name))
                .map(|variable| Variable {
                    native: Default::default(),
                    ..variable.clone()
                })
                .collect(),
            ..Codebook::default()
        },
        banner: Some(banner),
    };
    let sums = atoms_as_cells(&tallier, &patterns);
    let items: Vec<BannerItem> = items.into_iter().map(|(_, _, item)| item).collect();
    let (small, worst) = small_cells(&sums, &items, &names, least);
    let rank = mode == Mode::Replicates && design.df.is_none();
    let condition = request.condition.as_ref().map(|(text, _)| text.as_str());
    let (warnings, mut notes) = design_notes(&respondents.sums, design, condition);
    notes.extend(super::left_out_notes(&plan.left_out));
    Ok(SumsExport {
        table: lay_out_banner(&spec, (mode, rank), &sums, &items)?,
        spec,
        warnings,
        notes,
        design_use: DesignUse::new(&sample.units, respondents.sums.rows.without_weight),
        incomplete: 0,
        small,
        worst,
    })
}

fn banner_json(request: &Request, codebook: &Codebook, built: &[BuiltBlock]) -> Json {
    let column = |column: &BuiltColumn| json!({"parts": column.parts, "patterns": column.patterns});
    let block = |(part, block): (&BannerPart, &BuiltBlock)| {
        json!({
            "name": block.name,
            "text": part.text,
            "title": block.title,
            "overlapping": block.overlapping,
            "patterns": block.membership.patterns,
            "columns": block.columns.iter().map(column).collect::<Vec<Json>>(),
        })
    };
    let own = request.sets.iter().map(|set| MultipleResponse {
        name: set.name.clone(),
        label: None,
        counted: set.counted.clone().map(Value::Text),
        variables: set.variables.clone(),
    });
    let set = |set: MultipleResponse| {
        json!({
            "name": set.name,
            "label": set.label,
            "counted": set.counted.as_ref().map(Value::text),
            "variables": set.variables,
        })
    };
    let sets = own.chain(codebook.sets.iter().cloned()).map(set);
    json!({
        "title": codebook.title,
        "set_base": request.options.set_base.name(),
        "sets": sets.collect::<Vec<Json>>(),
        "blocks": request.banner.iter().zip(built).map(block).collect::<Vec<Json>>(),
    })
}

/// The units of the sums with the atoms of the layout as their cells, in the order of these.
fn atoms_as_cells(tallier: &Tallier, patterns: &[usize]) -> Sums {
    let (respondents, layout) = (tallier.respondents, tallier.layout);
    let mut sums = respondents.sums.clone();
    sums.places = Vec::new();
    sums.domains = vec![domain(0, 0)];
    for (block, count) in patterns.iter().enumerate() {
        sums.domains
            .extend((0..*count).map(|pattern| domain(block + 1, pattern)));
    }
    let whole = tallier.number_atoms(|_| 1.0);
    let places = layout.atom_places();
    sums.cells = places
        .iter()
        .enumerate()
        .skip(1)
        .map(|(atom, (_, pattern))| Cell {
            unit: 0,
            domain: pattern - 1,
            weight: whole.weight[atom],
            ..Cell::default()
        })
        .collect();
    for respondent in layout.respondents() {
        let weight = respondent.weight;
        let square = Sum::product(weight, weight);
        for (atom, _) in respondent.places {
            if *atom > 0 {
                let cell = &mut sums.cells[*atom as usize - 1];
                cell.unit = respondents.unit[respondent.row];
                cell.rows += 1;
                cell.weighted += u64::from(weight > 0.0);
                cell.square.add_sum(square);
            }
        }
    }
    sums
}

fn domain(block: usize, pattern: usize) -> Vec<Value> {
    vec![Value::Number(block as f64), Value::Number(pattern as f64)]
}

/// A question as items of sums.
fn items_of(
    tallier: &Tallier,
    question: &PlannedQuestion,
) -> Result<Vec<(String, BannerItem)>, Error> {
    let respondents: &Respondents = tallier.respondents;
    let key = question.key.clone();
    match &question.kind {
        QuestionKind::Levels { operand, .. } | QuestionKind::Condition { operand } => {
            let (_, values) = respondents.answers[*operand].codes();
            let levels = values.len();
            let codes = level_codes(respondents, question.filter, *operand, levels);
            let beyond = usize::from(question.filter.is_some());
            let atoms = tallier.level_atoms(&codes, levels + beyond);
            let counts = tallier.counts(levels + beyond, |row, add| add(codes.get(row) as usize));
            let mut names: Vec<Option<String>> = values.iter().map(level_text).collect();
            names.extend((0..beyond).map(|_| Some(OUTSIDE.to_owned())));
            Ok(vec![(key, of_levels(names, atoms, counts))])
        }
        QuestionKind::Mean {
            terms, constant, ..
        } => {
            let y = combination(respondents, question.filter, (terms, *constant));
            Ok(vec![(key, of_number(tallier, |row| y[row]))])
        }
        QuestionKind::Quantiles { .. } => Err(Error::Request(format!(
            "{} can't be made of sums: medians take the respondents",
            question.settings.question.text()
        ))),
        QuestionKind::Set(set) => set_items(tallier, set),
    }
}

/// Those outside of a condition on an item: no level of the question.
pub(super) const OUTSIDE: &str = "\u{1}outside";

fn set_items(tallier: &Tallier, set: &PlannedSet) -> Result<Vec<(String, BannerItem)>, Error> {
    let answers = SetAnswers::new(set, tallier.respondents)?;
    let mut names: Vec<Option<String>> = answers.levels.iter().cloned().map(Some).collect();
    let responses = LevelAtoms {
        square: tallier.squares_by_mentions(&answers),
        ..LevelAtoms::empty(tallier.layout, names.len(), false, 0)
    };
    let own = answers.levels.len();
    let own_counts = tallier.counts(own, |row, add| {
        answers.each_level(row, &[], &mut |level| {
            if level < own {
                add(level);
            }
        });
    });
    let responses = of_levels(names.clone(), responses, own_counts);
    names.push(None);
    let counts = tallier.counts(own + 1, |row, add| answers.each_level(row, &[], add));
    Ok(vec![
        (
            TableSums::set_key(&set.name),
            of_levels(names, tallier.set_atoms(&answers, &[]), counts),
        ),
        (
            TableSums::mentions_key(&set.name),
            of_number(tallier, |row| answers.mentions(row)),
        ),
        (TableSums::responses_key(&set.name), responses),
    ])
}

/// The atoms and patterns of a tally without the first, which are nobody's.
fn of_levels(levels: Vec<Option<String>>, atoms: LevelAtoms, mut n: Vec<u64>) -> BannerItem {
    let width = levels.len();
    let replicates = atoms.replicates.len() / (atoms.patterns.len() / width.max(1)).max(1);
    n.drain(..width);
    BannerItem {
        levels,
        n,
        weight: atoms.weight.into_iter().skip(width).collect(),
        square: atoms.square.into_iter().skip(width).collect(),
        domains: atoms.patterns.into_iter().skip(width).collect(),
        replicates: atoms.replicates.into_iter().skip(replicates).collect(),
    }
}

/// The terms of a number.
const TERMS: [&str; 3] = ["1", "y", "y^2"];

fn of_number(tallier: &Tallier, y: impl Fn(usize) -> f64) -> BannerItem {
    let width = TERMS.len();
    let known = |row: usize| !y(row).is_nan();
    let counts = tallier.counts(width, |row, add| {
        if known(row) {
            (0..width).for_each(add);
        }
    });
    let atoms = tallier.number_atoms(&y);
    let [square, square_y, square_yy] = &atoms.squares;
    let all = LevelAtoms {
        levels: width,
        weight: interleaved(&[&atoms.weight, &atoms.y, &vec![Sum::ZERO; atoms.y.len()]]),
        square: interleaved(&[square, square_y, square_yy]),
        patterns: atoms
            .patterns
            .iter()
            .flat_map(|of| [(of.count, of.square), (0, Sum::ZERO), (of.count, of.yy)])
            .collect(),
        replicates: by_term(&atoms.replicates, tallier.replicates),
    };
    of_levels(
        TERMS.map(|term| Some(term.to_owned())).to_vec(),
        all,
        counts,
    )
}

/// Lists side by side, the first of each, the second of each …
fn interleaved(lists: &[&Vec<Sum>]) -> Vec<Sum> {
    let rows = 0..lists.first().map_or(0, |list| list.len());
    rows.flat_map(|row| lists.iter().map(move |list| list[row]))
        .collect()
}

/// Σ w and Σ w y of the replicates of each pattern: all of the first, then all of the second, and none of y².
fn by_term(replicates: &[[Sum; 2]], count: usize) -> Vec<Sum> {
    let mut all = Vec::with_capacity(replicates.len() * TERMS.len());
    for of_pattern in replicates.chunks(count.max(1)) {
        all.extend(of_pattern.iter().map(|sums| sums[0]));
        all.extend(of_pattern.iter().map(|sums| sums[1]));
        all.extend(of_pattern.iter().map(|_| Sum::ZERO));
    }
    all
}

/// Cells of unit and pattern, and levels in them, with somebody and with fewer than `least`.
fn small_cells(
    sums: &Sums,
    items: &[BannerItem],
    blocks: &[String],
    least: u64,
) -> (Small, Option<String>) {
    let small = |n: u64| usize::from(n > 0 && n < least);
    let mut by_domain = vec![0; sums.domains.len()];
    for (at, cell) in sums.cells.iter().enumerate() {
        let levels = items.iter().flat_map(|item| {
            let width = item.levels.len();
            &item.n[at * width..(at + 1) * width]
        });
        let levels: usize = levels.map(|n| small(*n)).sum();
        by_domain[cell.domain as usize] += small(cell.weighted) + levels;
    }
    let most = by_domain.iter().max().copied().unwrap_or(0);
    let domain = by_domain.iter().position(|n| *n == most && most > 0);
    let worst = domain.map(|at| match &sums.domains[at][0] {
        Value::Number(block) if *block > 0.0 => {
            let name = blocks.get(*block as usize - 1);
            format!("the block {}", name.map_or("", String::as_str))
        }
        _ => "the whole sample".to_owned(),
    });
    let cells = by_domain.iter().sum();
    (Small { cells, domain }, worst)
}

/// A file of sums that is open.
pub struct SumsFile {
    pub(super) spec: Spec,
    table: Table,
    pub(super) path: String,
    pub(super) codebook: Codebook,
    /// Those of all files.
    pub(super) blocks: Vec<FileBlock>,
    pub(super) set_base: SetBase,
    /// Files that were taken in, with the number here of each of their patterns, block by block.
    pub(super) more: Vec<(SumsFile, Vec<Vec<u32>>)>,
}

/// A block that a file has.
pub struct FileBlock {
    name: String,
    pub(super) text: String,
    title: Option<String>,
    overlapping: bool,
    pub(super) patterns: usize,
    pub(super) columns: Vec<BuiltColumn>,
}

impl SumsFile {
    /// Opens a file from which tables by the columns `banner` are to be made, as these were typed; the message of a file
    /// without a banner has them.
    ///
    /// # Errors
    /// A file that can't be read, or that keeps no banner.
    pub fn read(path: &Path, banner: &str) -> Result<SumsFile, Error> {
        let columns = match banner.is_empty() {
            true => "party,age",
            false => banner,
        };
        let (spec, table) = read(path)?;
        let path = path.display().to_string();
        let Some(banner) = &spec.banner else {
            return Err(Error::Request(format!(
                "{path} keeps no banner: make it where the respondents are, with opine sums FILE --columns {columns} -o {path}"
            )));
        };
        let spoilt = || Error::Request(format!("{path}: its banner can't be read"));
        let text = |json: &Json, key: &str| json[key].as_str().map(str::to_owned);
        let texts = |json: &Json| -> Option<Vec<String>> {
            let all = json.as_array()?.iter();
            all.map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let column = |json: &Json, patterns: usize| {
            let numbers = json["patterns"].as_array()?.iter();
            let number = |number: &Json| {
                let number = u32::try_from(number.as_u64()?).ok()?;
                ((number as usize) < patterns).then_some(number)
            };
            Some(BuiltColumn {
                parts: texts(&json["parts"])?,
                patterns: numbers.map(number).collect::<Option<_>>()?,
                net: false,
            })
        };
        let block = |json: &Json| {
            let patterns = usize::try_from(json["patterns"].as_u64()?).ok()?;
            let columns = json["columns"].as_array()?.iter();
            Some(FileBlock {
                name: text(json, "name")?,
                text: text(json, "text")?,
                title: text(json, "title"),
                overlapping: json["overlapping"] == true,
                patterns,
                columns: columns
                    .map(|of| column(of, patterns))
                    .collect::<Option<_>>()?,
            })
        };
        let set = |json: &Json| {
            Some(MultipleResponse {
                name: text(json, "name")?,
                label: text(json, "label"),
                counted: text(json, "counted").map(Value::Text),
                variables: texts(&json["variables"])?,
            })
        };
        let list = |key: &str| banner[key].as_array().map_or(&[][..], Vec::as_slice);
        let blocks: Option<Vec<FileBlock>> = list("blocks").iter().map(block).collect();
        let sets: Option<Vec<MultipleResponse>> = list("sets").iter().map(set).collect();
        let codebook = Codebook {
            title: text(banner, "title"),
            sets: sets.ok_or_else(spoilt)?,
            ..spec.codebook.clone()
        };
        let set_base = text(banner, "set_base").and_then(|base| base.parse().ok());
        Ok(SumsFile {
            blocks: blocks.ok_or_else(spoilt)?,
            set_base: set_base.ok_or_else(spoilt)?,
            codebook,
            path,
            table,
            spec,
            more: Vec::new(),
        })
    }

    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    pub fn design(&self) -> Design {
        self.spec.design.clone()
    }

    /// The name of the respondents’ file.
    pub fn source(&self) -> &str {
        &self.spec.source
    }

    /// What is asked, with all questions and all blocks of the file where none is named.
    ///
    /// # Errors
    /// What was settled when the sums were made; a question or a block that is not there.
    pub fn request(&self, request: &Request) -> Result<Request, Error> {
        let settled = [
            (request.condition.is_some(), "--where"),
            (!request.sets.is_empty(), "--set"),
        ];
        if let Some((_, option)) = settled.iter().find(|(is, _)| *is) {
            return Err(Error::Request(format!(
                "{option} was settled when these sums were made; make them again with opine sums … {option} …"
            )));
        }
        let mut request = request.clone();
        if let Some(text) = &self.spec.condition {
            let expr = crate::survey::expr::condition(text).map_err(Error::Expression)?;
            request.condition = Some((text.clone(), expr));
        }
        request.options.set_base = self.set_base;
        if request.banner.is_empty() {
            let parts = self
                .blocks
                .iter()
                .map(|block| match block.name == block.text {
                    true => BannerPart::parse(&block.text),
                    false => BannerPart::parse(&format!("{}={}", block.name, block.text)),
                });
            request.banner = parts.collect::<Result<_, Error>>()?;
        }
        if request.tables.is_empty() && request.grids.is_empty() {
            let mut asked: Vec<&String> = Vec::new();
            for text in &self.spec.typed {
                if !asked.contains(&text) {
                    asked.push(text);
                }
            }
            let questions = asked.into_iter().map(|text| Question::parse(text));
            let questions = questions.map(|question| question.map(TableRequest::from));
            request.tables = questions.collect::<Result<_, Error>>()?;
        }
        Ok(request)
    }

    /// The block that a part of a banner means.
    fn block(&self, part: &BannerPart) -> Result<usize, Error> {
        let canonical =
            |text: &str| Expr::parse(text).map_or(text.to_owned(), |expr| expr.to_string());
        let same = |block: &FileBlock| {
            block.text == part.text || canonical(&block.text) == canonical(&part.text)
        };
        self.blocks.iter().position(same).ok_or_else(|| {
            let known: Vec<&str> = self.blocks.iter().map(|block| block.text.as_str()).collect();
            Error::Request(format!(
                "{} keeps no columns {}; it has {}: make it with opine sums FILE --columns {} -o {}",
                self.path,
                part.text,
                known.join(", "),
                part.text,
                self.path
            ))
        })
    }

    /// The blocks that are asked for, and the membership of the total.
    ///
    /// # Errors
    /// A block that is not in the file.
    pub fn blocks(&self, request: &Request) -> Result<(Vec<BuiltBlock>, Membership), Error> {
        let built = request.banner.iter().map(|part| {
            let block = &self.blocks[self.block(part)?];
            Ok(BuiltBlock {
                name: part.name.clone(),
                title: block.title.clone(),
                membership: Membership::of_patterns(block.patterns),
                columns: block.columns.clone(),
                overlapping: block.overlapping,
                notes: Vec::new(),
            })
        });
        let chosen: Vec<usize> = request
            .banner
            .iter()
            .map(|part| self.block(part))
            .collect::<Result<_, Error>>()?;
        let twice = (0..chosen.len()).find(|at| chosen[..*at].contains(&chosen[*at]));
        if let Some(at) = twice {
            return Err(Error::Request(format!(
                "--columns: {} is named twice",
                request.banner[at].text
            )));
        }
        let mut total = Membership::of_patterns(1);
        total.domains.push(vec![0]);
        Ok((built.collect::<Result<_, Error>>()?, total))
    }

    /// Units, cells and the rows of all items.
    ///
    /// # Errors
    /// Rows that can't be.
    pub fn sums(&self, request: &Request, mode: Mode) -> Result<TableSums, Error> {
        let mut parts = vec![self.own_sums(&self.codebook, mode)?];
        for (file, renumbered) in &self.more {
            let (mut sums, items) = file.own_sums(&self.codebook, mode)?;
            merged_sums::renumber(&mut sums, renumbered);
            parts.push((sums, items));
        }
        let (sums, items) = merged_sums::merged(parts, self.spec.replicates)?;
        let chosen = request.banner.iter().map(|part| self.block(part));
        let chosen: Vec<usize> = chosen.collect::<Result<_, Error>>()?;
        Ok(TableSums {
            patterns: self.patterns(&sums, &chosen),
            sums,
            atoms: Vec::new(),
            items,
            path: self.path.clone(),
            replicates: self.spec.replicates,
            elements: mode == Mode::Elements,
        })
    }

    /// Those of this file alone.
    fn own_sums(
        &self,
        codebook: &Codebook,
        mode: Mode,
    ) -> Result<(Sums, HashMap<String, SumsItem>), Error> {
        let within = |error| Error::from(error);
        let numbers = |name: &str| {
            let expr = Expr::parse(&format!("`{}`", name.replace('`', "``")));
            expr.is_ok_and(|expr| has_number_levels(&expr, codebook))
        };
        let (design, table) = (&self.spec.design, &self.table);
        let kinds = LabelKinds {
            units: design
                .strata
                .iter()
                .chain(&design.psu)
                .map(|name| numbers(name))
                .collect(),
            by: vec![true, true],
        };
        let mut reader = SumsReader::new(table, &self.spec, &kinds, mode).map_err(within)?;
        let mut items = HashMap::new();
        for (name, rows) in reader.item_rows().map_err(within)? {
            let mut of_item = SumsItem::default();
            for row in rows {
                of_item.add(&mut reader, table, row)?;
            }
            let parsed = Item::parse(name).ok();
            let argument = parsed.as_ref().and_then(|item| {
                let term = item.terms.first()?;
                Some(has_number_levels(
                    term.statistic.arguments().first()?,
                    codebook,
                ))
            });
            let value =
                |text: &Option<String>| level_value(text.as_deref(), argument.unwrap_or(false));
            of_item.values = of_item
                .levels
                .iter()
                .filter(|level| level.as_deref() != Some(OUTSIDE))
                .map(value)
                .collect();
            items.insert(name.to_owned(), of_item);
        }
        Ok((reader.sums, items))
    }

    pub fn replicates(&self) -> usize {
        self.spec.replicates
    }

    /// The pattern of each domain among those of the chosen blocks, 0 of none of these. A block may be chosen once.
    fn patterns(&self, sums: &Sums, chosen: &[usize]) -> Vec<u32> {
        let mut first = vec![None; self.blocks.len() + 1];
        first[0] = Some(1);
        let mut next = 2;
        for block in chosen {
            first[block + 1] = Some(next);
            next += self.blocks[*block].patterns as u32;
        }
        let number = |value: Option<&Value>| match value {
            Some(Value::Number(number)) => Some(*number as usize),
            _ => None,
        };
        let of_domain = |domain: &Vec<Value>| {
            let (block, pattern) = (number(domain.first())?, number(domain.get(1))?);
            let count = match block {
                0 => 1,
                block => self.blocks.get(block - 1)?.patterns,
            };
            (pattern < count).then_some(())?;
            Some(first.get(block).copied()?? + pattern as u32)
        };
        let domains = sums.domains.iter();
        domains
            .map(|domain| of_domain(domain).unwrap_or(0))
            .collect()
    }
}

/// The sums of a file, as tables take them.
pub struct TableSums {
    pub sums: Sums,
    items: HashMap<String, SumsItem>,
    /// The pattern of each domain, 0 of one that no column is of.
    patterns: Vec<u32>,
    /// The atom of each cell, likewise.
    atoms: Vec<u32>,
    path: String,
    replicates: usize,
    elements: bool,
}

/// The rows of an item.
#[derive(Default)]
pub struct SumsItem {
    pub(super) levels: Vec<Option<String>>,
    pub(super) values: Vec<Value>,
    pub(super) cells: Vec<(u32, u32, Sum, Sum)>,
    pub(super) domains: Vec<(u32, u32, u64, Sum)>,
    pub(super) replicates: Vec<(u32, u32, u32, Sum)>,
}

impl SumsItem {
    fn add(&mut self, reader: &mut SumsReader, table: &Table, row: usize) -> Result<(), Error> {
        let name = table.label("level", row).map(str::to_owned);
        let known = self.levels.iter().position(|level| *level == name);
        let level = known.unwrap_or_else(|| {
            self.levels.push(name);
            self.levels.len() - 1
        }) as u32;
        match table.part(row)? {
            "item" => {
                let cell = reader.cell_of(row)? as u32;
                let square = match table.number("w2", row) {
                    Some(_) => table.sum("w2", row)?,
                    None => Sum::ZERO,
                };
                self.cells.push((cell, level, table.sum("w", row)?, square));
            }
            "moment" => {
                let (domain, n) = (reader.domain_at(row)? as u32, table.count("n", row)?);
                let square = table.sum("w", row)?;
                self.domains.push((domain, level, n, square));
            }
            "replicate" => {
                let domain = reader.domain_at(row)? as u32;
                let replicate = reader.replicate_of(row)? as u32;
                let sum = table.sum("w", row)?;
                self.replicates.push((domain, level, replicate, sum));
            }
            _ => {}
        }
        Ok(())
    }
}

impl TableSums {
    /// What the answers to a set are found by.
    pub fn set_key(name: &str) -> String {
        format!("${name}")
    }

    /// What the numbers of answers to a set are found by.
    pub fn mentions_key(name: &str) -> String {
        format!("mentions(${name})")
    }

    /// What the shares of answers to a set are found by.
    pub fn responses_key(name: &str) -> String {
        format!("responses(${name})")
    }

    /// Numbers the atoms of the columns that are asked for, and makes their cells.
    pub fn lay_out(&mut self, memberships: &[Membership], units: &Units, mode: Mode) -> Layout {
        let unit_of: Vec<u32> = match mode {
            Mode::Units | Mode::Rows => self.sums.last_stage(units),
            Mode::Elements => self.sums.units.iter().map(|unit| unit.stratum).collect(),
            Mode::Replicates => vec![0; self.sums.units.len()],
        };
        let (mut atoms, mut weighted) = (vec![(0, 0)], vec![0]);
        self.atoms = vec![0; self.sums.cells.len()];
        for (at, cell) in self.sums.cells.iter().enumerate() {
            let pattern = self.patterns[cell.domain as usize];
            if pattern > 0 {
                self.atoms[at] = atoms.len() as u32;
                atoms.push((unit_of[cell.unit as usize], pattern));
                weighted.push(cell.weighted);
            }
        }
        Layout::from_atoms(memberships, &atoms, &weighted)
    }

    fn item(&self, key: &str) -> Result<&SumsItem, Error> {
        self.items.get(key).ok_or_else(|| {
            let mut known: Vec<&str> = self.items.keys().map(String::as_str).collect();
            known.retain(|key| !key.starts_with("mentions($") && !key.starts_with("responses($"));
            known.sort_unstable();
            let hint = match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("it has those of {}", known.join(", ")),
            };
            Error::Request(format!("{} has no sums of {key}; {hint}", self.path))
        })
    }

    /// The levels of a question as values.
    pub fn values(&self, key: &str) -> Result<&[Value], Error> {
        Ok(&self.item(key)?.values)
    }

    /// What the answers of a set are called, in the order to be shown.
    pub fn set_levels(&self, set: &PlannedSet) -> Result<Vec<String>, Error> {
        let item = self.item(&TableSums::set_key(&set.name))?;
        Ok(item.levels.iter().flatten().cloned().collect())
    }

    /// Sums by atom and level; levels that the file doesn’t have are nobody’s.
    pub fn levels(&self, key: &str, levels: usize, layout: &Layout) -> Result<LevelAtoms, Error> {
        let item = self.item(key)?;
        // those outside of a condition stand behind the levels, however many these are
        let outside = item
            .levels
            .iter()
            .position(|place| place.as_deref() == Some(OUTSIDE));
        let width = levels.max(item.values.len()) + usize::from(outside.is_some());
        let place = |level: u32| match Some(level as usize) == outside {
            true => width - 1,
            false => level as usize,
        };
        let mut atoms = LevelAtoms::empty(layout, width, self.elements, self.replicates);
        for (cell, level, weight, square) in &item.cells {
            let at = self.atoms[*cell as usize] as usize * width + place(*level);
            atoms.weight[at].add_sum(*weight);
            if self.elements {
                atoms.square[at].add_sum(*square);
            }
        }
        for (domain, level, n, square) in &item.domains {
            let pattern = self.patterns[*domain as usize] as usize;
            let of_level = &mut atoms.patterns[pattern * width + place(*level)];
            of_level.0 += n;
            of_level.1.add_sum(*square);
        }
        for (domain, level, replicate, sum) in &item.replicates {
            let pattern = self.patterns[*domain as usize] as usize;
            let at = (pattern * width + place(*level)) * self.replicates;
            atoms.replicates[at + *replicate as usize].add_sum(*sum);
        }
        Ok(atoms)
    }

    /// Sums of a number by atom.
    pub fn numbers(&self, key: &str, layout: &Layout) -> Result<NumberAtoms, Error> {
        let item = self.item(key)?;
        let place = |term: &str| {
            item.levels
                .iter()
                .position(|place| place.as_deref() == Some(term))
        };
        let mut term_of = vec![None; item.levels.len()];
        for (at, term) in TERMS.iter().enumerate() {
            if let Some(place) = place(term) {
                term_of[place] = Some(at);
            }
        }
        let mut atoms = NumberAtoms::new(layout, self.elements, self.replicates);
        for (cell, term, weight, square) in &item.cells {
            let (at, term) = (self.atoms[*cell as usize] as usize, term_of[*term as usize]);
            match term {
                Some(0) => atoms.weight[at].add_sum(*weight),
                Some(1) => atoms.y[at].add_sum(*weight),
                _ => {}
            }
            if let Some(term) = term.filter(|_| self.elements) {
                atoms.squares[term][at].add_sum(*square);
            }
        }
        for (domain, term, n, square) in &item.domains {
            let of = &mut atoms.patterns[self.patterns[*domain as usize] as usize];
            match term_of[*term as usize] {
                Some(0) => {
                    of.count += n;
                    of.square.add_sum(*square);
                }
                Some(2) => of.yy.add_sum(*square),
                _ => {}
            }
        }
        for (domain, term, replicate, sum) in &item.replicates {
            let at = self.patterns[*domain as usize] as usize * self.replicates;
            if let Some(term @ (0 | 1)) = term_of[*term as usize] {
                atoms.replicates[at + *replicate as usize][term].add_sum(*sum);
            }
        }
        Ok(atoms)
    }
}
