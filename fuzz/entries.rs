//! Where bytes that nobody vouches for come in: every reader of respondents, tables of any kind, expressions, TOML files, JSON
//! and sums. What an entry is given ends in data or in an error, and in neither case in a panic; fuzz targets and tests feed
//! the same functions.

use std::io::Write;
use std::path::Path;

use opine::internals::frames::read_json;
use opine::internals::survey::crosstab::PlanFile;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{Request, SumsFiles, SumsOptions};
use opine::internals::survey::expr::{Expr, Item, OutputKind, bind, condition};
use opine::internals::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, Kind, OpenOptions, Value, Variable, View, describe,
    open_bytes,
};
use opine::internals::survey::weighting::recipe::Recipe;
use opine::internals::tabular::{self, Header};

/// What bytes are fed to.
pub type Entry = fn(&[u8]);

/// All of them, by the names of their targets and of their folders in the corpus.
pub const ENTRIES: [(&str, Entry); 14] = [
    ("csv", |bytes| respondents("p.csv", bytes)),
    ("parquet", |bytes| respondents("p.parquet", bytes)),
    ("arrow", |bytes| respondents("p.arrow", bytes)),
    ("spss", |bytes| respondents("p.sav", bytes)),
    ("stata", |bytes| respondents("p.dta", bytes)),
    ("portable", |bytes| respondents("p.por", bytes)),
    ("transport", |bytes| respondents("p.xpt", bytes)),
    ("workbook", workbook),
    ("packed", packed),
    ("tables", tables),
    ("expressions", expressions),
    ("toml", toml),
    ("json", json),
    ("sums", sums),
];

/// A file may say that it has any number of rows, and for as many its bytes may do.
const ENOUGH: u64 = 200_000;

/// Opens a file of respondents and reads every variable in both views.
fn respondents(name: &str, bytes: &[u8]) {
    let Ok(source) = open_bytes(name, bytes, &OpenOptions::default()) else {
        return;
    };
    let variables = &source.codebook().variables;
    for variable in variables {
        for view in [View::Codes, View::Numbers] {
            let request = ColumnRequest {
                name: variable.name.clone(),
                view,
            };
            // an error is an answer
            let _ = source.scan(
                &[request],
                &|batch: &mut Batch| match batch.first_row > ENOUGH {
                    true => Err(Error::Stopped("enough".to_owned())),
                    false => Ok(()),
                },
            );
        }
    }
    if source.rows().is_some_and(|rows| rows < ENOUGH) && variables.len() < 1_000 {
        let _ = describe(source.as_ref());
    }
    let _ = source.notes();
}

/// Which kind of workbook it is, its first bytes say.
fn workbook(bytes: &[u8]) {
    let name = match bytes {
        [0xd0, 0xcf, ..] => "p.xls",
        _ if bytes.windows(11).any(|part| part == b"content.xml") => "p.ods",
        _ => "p.xlsx",
    };
    respondents(name, bytes);
}

/// Delimited text and a file of SPSS behind what compresses them.
fn packed(bytes: &[u8]) {
    let endings: &[&str] = match bytes {
        [0x1f, 0x8b, ..] => &["p.csv.gz", "p.sav.gz"],
        [b'P', b'K', ..] => &["p.zip"],
        _ => &["p.csv.zst"],
    };
    for name in endings {
        respondents(name, bytes);
    }
}

/// Tables as targets, lists and toplines are.
fn tables(bytes: &[u8]) {
    for columns in [
        ["variable", "level", "target"].as_slice(),
        &["label", "percent"],
    ] {
        let options = tabular::Options::default();
        let _ = tabular::read_bytes("t.csv", bytes, &Header::named(columns), &options);
    }
}

/// Lines of expressions, items and conditions, bound to a few variables of every kind. What is written of a tree reads as the
/// same tree.
fn expressions(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let labels = [(1.0, "Yes"), (2.0, "No"), (99.0, "No answer")];
    let labels = labels.map(|(value, label)| (Value::Number(value), label.to_owned()));
    let variable = |name: &str, kind| Variable::bare(name, kind);
    let codebook = Codebook {
        variables: vec![
            variable("x", Kind::Number),
            variable("g", Kind::Text),
            variable("day", Kind::Date),
            variable("at", Kind::DateTime),
            Variable {
                labels: labels.to_vec(),
                ..variable("q", Kind::Number)
            },
        ],
        ..Codebook::default()
    };
    for line in text.lines() {
        if let Ok(expr) = Expr::parse(line) {
            let written = expr.to_string();
            let again = Expr::parse(&written).map(|again| again.to_string());
            assert_eq!(again.ok(), Some(written), "{line}");
            for kind in [
                OutputKind::Codes,
                OutputKind::Numbers,
                OutputKind::Condition,
            ] {
                if let Err(error) = bind(&expr, &codebook, kind) {
                    let _ = error.within(line).to_string();
                }
            }
        }
        let _ = Item::parse(line).map_err(|error| error.to_string());
        let _ = condition(line).map_err(|error| error.to_string());
    }
}

/// Designs, plans and recipes; a design reads as it is written.
fn toml(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(design) = Design::from_toml(&text) {
        let again = Design::from_toml(&design.to_toml());
        assert_eq!(again.ok(), Some(design));
    }
    let _ = PlanFile::parse(&text);
    // no targets are read: there is no such folder
    let nowhere = Path::new("/nowhere");
    let _ = Recipe::parse(&text, nowhere, &tabular::Options::default());
}

/// Estimates as charts and pools read them.
fn json(bytes: &[u8]) {
    if let Ok(estimates) = read_json(&String::from_utf8_lossy(bytes)) {
        let _ = estimates.rows();
    }
}

/// A file of sums, and what is estimated from it.
fn sums(bytes: &[u8]) {
    let Ok(mut file) = tempfile::Builder::new().suffix(".sums").tempfile() else {
        return;
    };
    if file.write_all(bytes).is_err() {
        return;
    }
    let options = SumsOptions {
        request: Request::default(),
        lonely: None,
        df: None,
    };
    if let Ok(files) = SumsFiles::open(&[file.path()]) {
        let _ = files.estimate(&options);
    }
}
