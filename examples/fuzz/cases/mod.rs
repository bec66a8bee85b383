//! Generated input and what is done with it. Each case follows from the seed and its number alone.

mod input;
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};

use opine::cli::{ExitCode, Streams, run_from};
use opine::internals::frames::{Estimates, read_json};
use opine::internals::present::lists::{self, List};
use opine::internals::present::published::{self, Captions, ComparisonRows};
use opine::internals::present::table::{self, Align, Block, Column, Row, Table, TextOptions};
use opine::internals::published::coherence;
use opine::internals::published::compare::{
    self, Combination, Net, Options, Pair, PairOptions, Pooling, Population, StoredFigure, combine,
    sides,
};
use opine::internals::published::figures::date::Date;
use opine::internals::published::figures::percent::Percent;
use opine::internals::published::figures::selector::Selector;
use opine::internals::published::figures::store::{Origin, Store, Table as File, rows_from_table};
use opine::internals::published::figures::topline::Intervals;
use opine::internals::tabular;

use input::{Random, changed_file, command, id, list, small, words};
use tables::Tables;

/// How a case ended.
pub enum Trial {
    Fine,
    /// With an error in words, as it may.
    Refused,
    Panicked {
        input: String,
        message: String,
    },
}

/// A command line within the process; those that would write files are not run.
fn program(args: &[String]) -> bool {
    let writes = |arg: &String| arg.starts_with("-o") || arg.starts_with("--output");
    if ["chart", "add"].contains(&args[1].as_str()) || args.iter().any(writes) {
        return true;
    }
    let streams = Streams::buffers(std::io::empty(), std::io::sink(), std::io::sink());
    run_from(args, streams) == ExitCode::Fine
}

/// What all cases share.
pub struct World {
    store: Store,
    folder: Option<tempfile::TempDir>,
    tables: Tables,
}

impl World {
    /// A small store in memory and in a folder of its own.
    pub fn new() -> World {
        let files = small();
        let folder = tempfile::tempdir().ok();
        if let Some(folder) = &folder {
            for (file, bytes) in &files {
                // without its store the folder gives errors in words, which is a case too
                drop(std::fs::write(folder.path().join(file.file_name()), bytes));
            }
        }
        World {
            store: Store::from_files(files, Origin::Embedded),
            folder,
            tables: Tables::new(),
        }
    }

    /// One case of small tables alone, text and workbooks.
    pub fn table_trial(&self, seed: u64, case: u64) -> Trial {
        let mut random = Random(seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(case));
        self.table(&mut random)
    }

    fn table(&self, random: &mut Random) -> Trial {
        let bytes = self.tables.changed(random);
        let shown = || vec![String::from_utf8_lossy(&bytes).into_owned()];
        ended(
            catch_unwind(AssertUnwindSafe(|| tables::read(&bytes))),
            shown,
        )
    }

    /// One case.
    pub fn trial(&self, seed: u64, case: u64) -> Trial {
        let mut random = Random(seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(case));
        let kind = random.below(110);
        if kind >= 100 {
            return self.table(&mut random);
        }
        let input = match kind {
            0..35 => vec![id(&mut random), id(&mut random)],
            35..60 => command(&mut random, self.folder.as_ref()),
            60..75 => changed_file(&mut random),
            75..90 => vec![list(&mut random)],
            _ => (0..6).map(|_| words(&mut random, 6)).collect(),
        };
        let done = catch_unwind(AssertUnwindSafe(|| match kind {
            0..35 => self.figures(&input, &mut random),
            35..60 => program(&input),
            60..75 => stores(&input),
            75..90 => lists(&input),
            _ => tables(&input),
        }));
        ended(done, || input)
    }

    /// Ids, selectors, nets, net scores, means of countries: parsed, found, compared.
    fn figures(&self, input: &[String], random: &mut Random) -> bool {
        let store = &self.store;
        let net = "Positive=good,fair".parse::<Net>();
        let nets: Vec<Net> = net.into_iter().collect();
        let population =
            Population::parse("country,population\nKR,51\nPH,115\n").unwrap_or_default();
        let average = [
            None,
            Some(compare::Average::Equal),
            Some(compare::Average::N),
            Some(compare::Average::Population),
        ];
        let pooling = Pooling {
            average: average.get(random.below(4)).copied().flatten(),
            population: random.chance(70).then_some(&population),
        };
        let intervals = Intervals::default();
        let mut wanted = Vec::new();
        for text in input {
            if let Ok(Some(combination)) = Combination::parse(text, &nets, store) {
                let sides = combine(store, &combination, pooling, intervals).unwrap_or_default();
                wanted.extend(
                    sides
                        .into_iter()
                        .map(|side| StoredFigure::Combined(Box::new(side))),
                );
            } else if let Ok(selector) = text.parse::<Selector>() {
                let found = selector.figures(store).unwrap_or_default();
                let sections =
                    published::by_poll(store, &found, selector.names_source(), intervals);
                drop(sections.map(|sections| published::estimates(&sections)));
                wanted.extend(
                    found
                        .into_iter()
                        .take(4)
                        .map(|figure| StoredFigure::Printed(vec![figure], true)),
                );
            }
            if random.chance(5)
                && let Ok(target) = coherence::target(store, text)
            {
                coherence::bounds(store, &target);
            }
        }
        let Ok(sides) = sides(store, wanted, intervals) else {
            return false;
        };
        let said = PairOptions {
            average: pooling.average,
            population: pooling.population,
            weight: random.chance(30).then_some(0.4),
            ..PairOptions::default()
        };
        let mut any = false;
        for (at, a) in sides.iter().enumerate() {
            any |= compare::against(a, "50", 0.5, 0.95).is_ok();
            for b in sides.iter().skip(at + 1) {
                let pair = Pair::stored(store, a, b, said);
                any |= pair
                    .and_then(|pair| pair.compare(Options::default()))
                    .is_ok();
            }
        }
        any
    }
}

fn ended(done: std::thread::Result<bool>, input: impl FnOnce() -> Vec<String>) -> Trial {
    match done {
        Ok(true) => Trial::Fine,
        Ok(false) => Trial::Refused,
        Err(panic) => Trial::Panicked {
            input: format!("{:?}", input()),
            message: panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default(),
        },
    }
}

/// A store with a changed file: opened, checked, summed up.
fn stores(input: &[String]) -> bool {
    let [at, text] = input else {
        return false;
    };
    let mut files = small();
    let place: usize = at.parse().unwrap_or(0);
    if let Some((_, bytes)) = files.get_mut(place) {
        *bytes = text.as_bytes().to_vec();
    }
    let store = Store::from_files(files, Origin::Embedded);
    if store.errors() > 0 {
        return false;
    }
    coherence::findings(&store);
    let figures: Vec<_> = store.figures.iter().collect();
    let intervals = Intervals::default();
    let Ok(sections) = published::by_poll(&store, &figures, false, intervals) else {
        return false;
    };
    let table = published::table(&store, &sections, "Figures", intervals);
    table::text(&table, TextOptions::default());
    let estimates = published::estimates(&sections);
    let captions = || Captions::default();
    drop(published::stacked_chart(
        &store,
        &sections,
        captions(),
        false,
        intervals,
    ));
    drop(published::trend_chart(
        &store,
        &sections,
        captions(),
        intervals,
    ));
    estimates.is_ok()
}

/// Everything that reads a text of a user.
fn lists(input: &[String]) -> bool {
    let text = input.first().map_or("", String::as_str);
    let intervals = Intervals::default();
    let captions = || Captions::default();
    let options = tabular::Options::default();
    let mut read: Vec<Estimates> = Vec::new();
    let open = || lists::read("list", text.as_bytes(), &options);
    type Reader = fn(&mut List, Intervals) -> Result<Estimates, lists::Error>;
    let readers: [Reader; 3] = [List::plain, List::of_answers, List::of_waves];
    for reader in readers {
        match open() {
            Ok(lists::Input::List(mut list)) => {
                read.extend(reader(&mut list, intervals));
                drop(list.note());
            }
            Ok(lists::Input::Estimates(estimates, _)) => read.push(estimates),
            Err(_) => {}
        }
    }
    if let Ok(comparisons) = ComparisonRows::read("list", text.as_bytes(), &options) {
        comparisons.items();
    }
    drop(rows_from_table(
        File::Figures,
        "list",
        text.as_bytes(),
        &options,
    ));
    drop(read_json(text));
    drop(Population::parse(text));
    for word in text.split([',', '\n']) {
        drop(Percent::parse(word));
        drop(Date::parse(word));
    }
    for estimates in &read {
        drop(lists::chart_of_estimates(estimates, captions(), intervals));
        drop(lists::stacked_of_estimates(
            estimates,
            captions(),
            true,
            intervals,
        ));
        drop(lists::trend_of_estimates(
            estimates,
            captions(),
            None,
            intervals,
        ));
        let rows = estimates.rows().unwrap_or_default();
        drop(compare::rows_differences(&rows, 0.95, Default::default()));
    }
    !read.is_empty()
}

/// A table of any words, in every format.
fn tables(input: &[String]) -> bool {
    let word = |at: usize| input.get(at).cloned().unwrap_or_default();
    let table = Table {
        title: word(0),
        subtitle: Some(word(1)),
        columns: vec![
            Column::new(&word(2), Align::Decimal),
            Column::new("n", Align::Right),
        ],
        blocks: vec![Block {
            head: Some(word(3)),
            note: None,
            rows: vec![Row {
                label: word(4),
                indent: 1,
                cells: vec![word(5).into(), word(0).into()],
                notes: vec![word(1)],
            }],
        }],
        foot: vec![word(2)],
        ..Table::default()
    };
    table::html(std::slice::from_ref(&table), &[]);
    table::latex(&table, &table::LatexOptions::default());
    table::markdown(&table);
    for width in [0, 40, 100] {
        table::text(
            &table,
            TextOptions {
                width,
                styled: true,
            },
        );
    }
    table::xlsx(&[table], &[word(3)], &Default::default()).is_ok()
}
