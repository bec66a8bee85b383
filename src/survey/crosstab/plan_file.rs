//! The plan of a house's tables as a TOML file, kept from wave to wave.
//!
//! ```toml
//! [banner]
//! columns = ["party", "age=cut(age, 30, 60)", "party:sex"]
//! [banner.letters]               # columns keep them, whatever comes or goes
//! "party=Blue" = "A"
//! [banner.nets]
//! "age:Under 45" = ["18-29", "30-44"]
//!
//! [[set]]                        # a question with several answers
//! name = "news"
//! variables = ["n1", "n2", "n3"]
//! counted = "Yes"                # leave it out where each variable holds an answer
//!
//! [[grid]]                       # questions with the same answers; grids = "none" above looks for none
//! name = "Worries"
//! variables = ["q2", "q4", "q6"]
//!
//! [[table]]
//! rows = "q1"                    # or 'mean(age)', or a list of these
//! title = "How worried are you?" # in the place of the question as asked
//! base = "All adults"            # who was asked
//! where = "region == 'North'"    # a subpopulation, or weights, of this table alone
//! weights = "likely_voters"
//! levels = ["Very worried", "Somewhat worried", "Not at all worried", "Don't know"]
//! nets = ["Worried=Very worried,Somewhat worried"]   # or { Worried = ["Very worried", "Somewhat worried"] }
//! last = ["Don't know"]
//! without = ["Don't know"]       # off the base
//! scores = "3,2,1"               # or { "Very worried" = 3, "Not at all worried" = 1 }
//! sort = "total"
//! percent = "column"
//!
//! [notes]                        # what is disclosed beside the tables
//! fieldwork = "1–3 June 2026"
//! ```

use std::fmt::Write as _;
use std::path::Path;

use toml::{Table as Toml, Value as TomlValue};

use super::Crosstab;
use super::order::is_last;
use super::request::{
    BannerPart, Grid, Net, Percent, Question, Request, ScoresOf, SetSpec, TableRequest,
};
use super::table::{RowPart, Table, TableKind};
use crate::frames::words::nearest;
use crate::survey::estimate::Error;
use crate::survey::expr::{condition, with_backquotes};
use crate::survey::microdata::{self, Codebook};

/// A plan as it stands in its file.
#[derive(Clone, Debug, Default)]
pub struct PlanFile {
    columns: Vec<String>,
    letters: Vec<(String, String)>,
    /// As they are typed, `block:name` and the levels.
    column_nets: Vec<(String, Vec<String>)>,
    sets: Vec<SetSpec>,
    /// `None`: neighbours with the same labels.
    grids: Option<Vec<Grid>>,
    tables: Vec<(String, Toml)>,
    notes: Vec<(String, String)>,
}

/// Bytes of the largest file that is read as a plan.
const LARGEST: u64 = 16 << 20;

const TABLE_KEYS: [&str; 12] = [
    "rows", "title", "base", "where", "weights", "levels", "nets", "last", "without", "scores",
    "sort", "percent",
];

impl PlanFile {
    /// Reads a plan.
    ///
    /// # Errors
    /// A file that can't be read, a key that no plan has, what is wrong with one, and where.
    pub fn read(path: &Path) -> Result<PlanFile, Error> {
        let within = |message: String| Error::Request(format!("{}: {message}", path.display()));
        let io = |source: std::io::Error| {
            Error::File(microdata::Error::Io {
                path: path.to_owned(),
                source,
            })
        };
        if std::fs::metadata(path).map_err(io)?.len() > LARGEST {
            return Err(within("this is no plan: it has more than 16 MB".to_owned()));
        }
        let text = crate::files::read_small_text(path).map_err(io)?;
        PlanFile::parse(&text).map_err(within)
    }

    /// The same from a text.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<PlanFile, String> {
        let toml: Toml = text
            .parse()
            .map_err(|error: toml::de::Error| error.to_string().trim_end().to_owned())?;
        known(
            &toml,
            &["banner", "set", "grid", "grids", "table", "notes"],
            "a plan",
        )?;
        let mut plan = PlanFile::default();
        if let Some(banner) = toml.get("banner") {
            plan.banner(part(banner, "banner")?)?;
        }
        for (at, entry) in list_of(&toml, "set")?.into_iter().enumerate() {
            let place = |error: String| format!("set {}: {error}", at + 1);
            plan.sets.push(set(entry).map_err(place)?);
        }
        let grids = list_of(&toml, "grid")?
            .into_iter()
            .enumerate()
            .map(|(at, entry)| grid(entry).map_err(|error| format!("grid {}: {error}", at + 1)));
        let grids: Vec<Grid> = grids.collect::<Result<_, String>>()?;
        plan.grids = match toml.get("grids").map(TomlValue::as_str) {
            None | Some(Some("auto")) if grids.is_empty() => None,
            None | Some(Some("none")) => Some(grids),
            Some(Some("auto")) => return Err("grids is auto, and there are [[grid]]s".to_owned()),
            Some(_) => return Err("grids is auto or none".to_owned()),
        };
        for (at, entry) in list_of(&toml, "table")?.into_iter().enumerate() {
            let place = |error: String| format!("table {}: {error}", at + 1);
            known(entry, &TABLE_KEYS, "a table").map_err(place)?;
            let rows = entry.get("rows");
            let rows = rows.ok_or_else(|| place("rows is missing: the question".to_owned()))?;
            for row in texts(rows, "rows").map_err(place)? {
                plan.tables.push((row, entry.clone()));
            }
        }
        if let Some(notes) = toml.get("notes") {
            for (key, value) in part(notes, "notes")? {
                let text = match value {
                    TomlValue::String(text) => text.clone(),
                    other => other.to_string(),
                };
                plan.notes.push((key.clone(), text));
            }
        }
        Ok(plan)
    }

    fn banner(&mut self, banner: &Toml) -> Result<(), String> {
        known(banner, &["columns", "letters", "nets"], "banner")?;
        if let Some(columns) = banner.get("columns") {
            self.columns = texts(columns, "columns")?;
        }
        if let Some(letters) = banner.get("letters") {
            for (column, letter) in part(letters, "letters")? {
                let letter = letter.as_str().unwrap_or_default();
                if letter.is_empty() || !letter.chars().all(|c| c.is_ascii_uppercase()) {
                    return Err(format!("letters: that of {column} is A, B … Z, AA …"));
                }
                if let Some((other, _)) = self.letters.iter().find(|(_, known)| known == letter) {
                    return Err(format!("letters: {other} and {column} both are {letter}"));
                }
                self.letters.push((column.clone(), letter.to_owned()));
            }
        }
        if let Some(nets) = banner.get("nets") {
            self.column_nets = named_levels(nets)?;
        }
        Ok(())
    }

    /// Whether it says which columns there are.
    pub fn has_banner(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Whether it says which tables there are.
    pub fn has_tables(&self) -> bool {
        !self.tables.is_empty()
    }

    /// Puts what the plan has into a request, behind what is there.
    ///
    /// # Errors
    /// An expression that can't be read, with the table that it is of.
    pub fn apply(&self, request: &mut Request, codebook: &Codebook) -> Result<(), Error> {
        for text in &self.columns {
            request
                .banner
                .push(BannerPart::parse(&with_backquotes(text, codebook))?);
        }
        let blocks: Vec<&str> = request
            .banner
            .iter()
            .map(|part| part.name.as_str())
            .collect();
        let net = |(name, levels): &(String, Vec<String>)| {
            let (variable, name) = match name.split_once(':') {
                Some((block, net)) if blocks.contains(&block.trim()) => {
                    (Some(block.trim().to_owned()), net.trim())
                }
                _ => (None, name.trim()),
            };
            Net {
                variable,
                name: name.to_owned(),
                levels: levels.clone(),
            }
        };
        let nets: Vec<Net> = self.column_nets.iter().map(net).collect();
        request.column_nets.extend(nets);
        request.letters.clone_from(&self.letters);
        request.sets.extend(self.sets.iter().cloned());
        match &self.grids {
            Some(grids) => request.grids.extend(grids.iter().cloned()),
            None => request.find_grids = true,
        }
        for (at, (rows, table)) in self.tables.iter().enumerate() {
            let parsed = table_request(rows, table, codebook)
                .map_err(|error| Error::Request(format!("table {}, {rows}: {error}", at + 1)))?;
            request.tables.push(parsed);
        }
        request.from_plan = true;
        request.disclosures.clone_from(&self.notes);
        Ok(())
    }
}

fn table_request(rows: &str, table: &Toml, codebook: &Codebook) -> Result<TableRequest, String> {
    let question = Question::parse(&with_backquotes(rows, codebook));
    let mut request = TableRequest::from(question.map_err(|error| error.to_string())?);
    let text = |key: &str| match table.get(key) {
        None => Ok(None),
        Some(TomlValue::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{key} is a text")),
    };
    let list = |key: &str| {
        table
            .get(key)
            .map_or(Ok(Vec::new()), |value| texts(value, key))
    };
    request.title = text("title")?;
    request.base = text("base")?;
    request.sort = text("sort")?;
    request.weights = text("weights")?;
    request.levels = list("levels")?;
    request.last = list("last")?;
    request.without = list("without")?;
    if let Some(percent) = text("percent")? {
        request.percent = Some(percent.parse::<Percent>()?);
    }
    if let Some(text) = text("where")? {
        let text = with_backquotes(&text, codebook);
        let expr = condition(&text).map_err(|error| error.to_string())?;
        request.condition = Some((text, expr));
    }
    if let Some(nets) = table.get("nets") {
        let net = |(name, levels): (String, Vec<String>)| Net {
            variable: None,
            name,
            levels,
        };
        request.nets = named_levels(nets)?.into_iter().map(net).collect();
    }
    request.scores = match table.get("scores") {
        None => None,
        Some(TomlValue::String(text)) => Some(text.parse()?),
        Some(TomlValue::Table(levels)) => {
            let score = |(level, score): (&String, &TomlValue)| {
                let number = score
                    .as_float()
                    .or(score.as_integer().map(|whole| whole as f64));
                let number = number.ok_or_else(|| format!("the score of {level} is a number"))?;
                Ok((level.clone(), number))
            };
            let levels = levels.iter().map(score);
            Some(ScoresOf::Levels(levels.collect::<Result<_, String>>()?))
        }
        Some(_) => return Err("scores is a text, \"3,2,1\", or a table of levels".to_owned()),
    };
    Ok(request)
}

fn set(entry: &Toml) -> Result<SetSpec, String> {
    known(entry, &["name", "variables", "counted"], "a set")?;
    let (name, variables) = named_variables(entry)?;
    let counted = match entry.get("counted") {
        None => None,
        Some(TomlValue::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    Ok(SetSpec {
        name,
        variables,
        counted,
    })
}

fn grid(entry: &Toml) -> Result<Grid, String> {
    known(entry, &["name", "variables"], "a grid")?;
    let (name, variables) = named_variables(entry)?;
    match variables.len() {
        0 | 1 => Err(format!("{name} takes two variables and more")),
        _ => Ok(Grid { name, variables }),
    }
}

fn named_variables(entry: &Toml) -> Result<(String, Vec<String>), String> {
    let name = entry.get("name").and_then(TomlValue::as_str);
    let name = name.filter(|name| !name.trim().is_empty());
    let name = name.ok_or("name is missing")?;
    let variables = entry.get("variables").ok_or("variables is missing")?;
    Ok((
        name.trim_start_matches('$').to_owned(),
        texts(variables, "variables")?,
    ))
}

/// Nets: a list of texts as they are typed on the command line, or a table of lists.
fn named_levels(nets: &TomlValue) -> Result<Vec<(String, Vec<String>)>, String> {
    if let Some(table) = nets.as_table() {
        let net = |(name, levels): (&String, &TomlValue)| Ok((name.clone(), texts(levels, name)?));
        return table.iter().map(net).collect();
    }
    let net = |text: String| Net::parse(&text, &[]).map(|net| (net.name, net.levels));
    texts(nets, "nets")?.into_iter().map(net).collect()
}

/// Every key is one that is known.
fn known(table: &Toml, keys: &[&str], what: &str) -> Result<(), String> {
    let Some(key) = table.keys().find(|key| !keys.contains(&key.as_str())) else {
        return Ok(());
    };
    Err(match nearest(key, keys.iter().copied()) {
        Some(near) => format!("{key} is no part of {what}; did you mean {near}?"),
        None => format!("{key} is no part of {what}; these are: {}", keys.join(", ")),
    })
}

fn part<'t>(value: &'t TomlValue, key: &str) -> Result<&'t Toml, String> {
    value
        .as_table()
        .ok_or_else(|| format!("{key} is a table of its own"))
}

fn list_of<'t>(toml: &'t Toml, key: &str) -> Result<Vec<&'t Toml>, String> {
    let wrong = || format!("{key} is a list: each begins with [[{key}]]");
    match toml.get(key) {
        None => Ok(Vec::new()),
        Some(TomlValue::Array(all)) => {
            let tables = all.iter().map(TomlValue::as_table);
            tables.collect::<Option<Vec<_>>>().ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}

/// A text, or a list of texts; numbers stand for themselves.
fn texts(value: &TomlValue, key: &str) -> Result<Vec<String>, String> {
    let text = |value: &TomlValue| match value {
        TomlValue::String(text) => Some(text.clone()),
        TomlValue::Integer(number) => Some(number.to_string()),
        TomlValue::Float(number) => Some(number.to_string()),
        _ => None,
    };
    let all = match value {
        TomlValue::Array(all) => all.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    };
    all.ok_or_else(|| format!("{key} is a text or a list of texts"))
}

impl Crosstab {
    /// The plan that makes these tables again: questions, sets, batteries, the order of scales, don't know placed, letters.
    pub fn to_plan(&self) -> String {
        let mut plan = String::new();
        let request = &self.request;
        if !request.banner.is_empty() {
            let part = |part: &BannerPart| match part.text == part.name {
                true => quoted(&part.text),
                false => quoted(&format!("{}={}", part.name, part.text)),
            };
            let columns: Vec<String> = request.banner.iter().map(part).collect();
            let _ = writeln!(plan, "[banner]\ncolumns = [{}]\n", columns.join(", "));
            plan.push_str("[banner.letters]\n");
            for column in self.columns.iter() {
                if let (Some(block), Some(letter)) = (column.block, &column.letter) {
                    let name = format!("{}={}", self.blocks[block].name, column.name);
                    let _ = writeln!(plan, "{} = {}", quoted(&name), quoted(letter));
                }
            }
            plan.push('\n');
        }
        if !request.column_nets.is_empty() {
            let net = |net: &Net| {
                let block = net.variable.as_ref().map(|block| format!("{block}:"));
                let name = format!("{}{}", block.unwrap_or_default(), net.name);
                typed_net(&name, &net.levels)
            };
            let nets: Vec<String> = request.column_nets.iter().map(net).collect();
            // before the table of the letters, which begins a part of its own
            plan.insert_str(
                "[banner]\n".len(),
                &format!("nets = {}\n", quoted_list(&nets)),
            );
        }
        for set in &request.sets {
            let _ = writeln!(plan, "[[set]]\nname = {}", quoted(&set.name));
            let _ = writeln!(plan, "variables = {}", quoted_list(&set.variables));
            if let Some(counted) = &set.counted {
                let _ = writeln!(plan, "counted = {}", quoted(counted));
            }
            plan.push('\n');
        }
        let mut grids = String::new();
        for grid in self
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::Grid)
        {
            let names: Vec<String> = grid
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect();
            let _ = writeln!(grids, "[[grid]]\nname = {}", quoted(&grid.variable));
            let _ = writeln!(grids, "variables = {}\n", quoted_list(&names));
        }
        match grids.is_empty() {
            true => plan.insert_str(0, "grids = \"none\"\n\n"),
            false => plan.push_str(&grids),
        }
        for table in &self.tables {
            self.planned_table(&mut plan, table);
        }
        if !request.disclosures.is_empty() {
            plan.push_str("[notes]\n");
            for (key, text) in &request.disclosures {
                let _ = writeln!(plan, "{} = {}", quoted(key), quoted(text));
            }
        }
        plan
    }

    fn planned_table(&self, plan: &mut String, table: &Table) {
        let Some(question) = &table.question else {
            return;
        };
        let asked = self.request.tables.get(table.at);
        let asked = asked.filter(|asked| asked.question.text() == question);
        let _ = writeln!(plan, "[[table]]\nrows = {}", quoted(question));
        let texts = [
            (
                "title",
                table
                    .title
                    .as_ref()
                    .filter(|title| **title != table.variable),
            ),
            ("base", table.base_text.as_ref()),
            (
                "where",
                asked
                    .and_then(|asked| asked.condition.as_ref())
                    .map(|(text, _)| text),
            ),
            ("weights", table.weights.as_ref()),
            (
                "sort",
                asked
                    .and_then(|asked| asked.sort.as_ref())
                    .or(self.request.options.sort.as_ref()),
            ),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                let _ = writeln!(plan, "{key} = {}", quoted(text));
            }
        }
        if let Some(percent) = asked.and_then(|asked| asked.percent) {
            let _ = writeln!(plan, "percent = {}", quoted(percent.name()));
        }
        if table.kind == TableKind::Levels {
            levels(plan, table);
        }
        let nets = table.rows.iter().filter(|row| row.part == RowPart::Net);
        let levels_of = |name: &str| {
            let own = asked.into_iter().flat_map(|of| &of.nets);
            let mut all = own.chain(&self.request.nets);
            let named = all.find(|net| net.name == name);
            named
                .map(|net| net.levels.clone())
                .or_else(|| ends(table, name))
        };
        let nets: Vec<String> = nets
            .filter_map(|row| {
                let name = row.level.as_deref()?;
                Some(typed_net(name, &levels_of(name)?))
            })
            .collect();
        if !nets.is_empty() {
            let _ = writeln!(plan, "nets = {}", quoted_list(&nets));
        }
        let mut all = self.request.scores.iter();
        let scores = all.find(|scores| scores.variable == table.variable);
        match scores
            .map(|scores| &scores.of)
            .or(asked.and_then(|asked| asked.scores.as_ref()))
        {
            None => {}
            Some(ScoresOf::Order(order)) => {
                let score =
                    |score: &Option<f64>| score.map_or(String::new(), |number| number.to_string());
                let scores: Vec<String> = order.iter().map(score).collect();
                let _ = writeln!(plan, "scores = {}", quoted(&scores.join(",")));
            }
            Some(ScoresOf::Levels(levels)) => {
                let score =
                    |(level, score): &(String, f64)| format!("{} = {score:?}", quoted(level));
                let scores: Vec<String> = levels.iter().map(score).collect();
                let _ = writeln!(plan, "scores = {{ {} }}", scores.join(", "));
            }
        }
        plan.push('\n');
    }
}

/// Levels in their order: those of the base, those off it, those that stand last.
fn levels(plan: &mut String, table: &Table) {
    let shown = table.rows.iter().filter(|row| row.part == RowPart::Level);
    let shown: Vec<String> = shown.filter_map(|row| row.level.clone()).collect();
    let without: Vec<String> = table
        .without
        .iter()
        .map(|left_out| left_out.level.clone())
        .collect();
    let last: Vec<String> = shown
        .iter()
        .filter(|level| is_last(level))
        .cloned()
        .collect();
    for (key, levels) in [("levels", shown), ("without", without), ("last", last)] {
        if !levels.is_empty() {
            let _ = writeln!(plan, "{key} = {}", quoted_list(&levels));
        }
    }
}

/// `NAME=LEVEL,LEVEL`, levels quoted as in CSV where they have to be.
fn typed_net(name: &str, levels: &[String]) -> String {
    let level = |level: &String| match level.contains([',', '"', '\n']) || level.trim() != level {
        true => format!("\"{}\"", level.replace('"', "\"\"")),
        false => level.clone(),
    };
    let levels: Vec<String> = levels.iter().map(level).collect();
    format!("{name}={}", levels.join(","))
}

/// The levels of `Top 2` or `Bottom 2`.
fn ends(table: &Table, name: &str) -> Option<Vec<String>> {
    let (end, size) = name.split_once(' ')?;
    let size: usize = size.parse().ok()?;
    let levels = table.rows.iter().filter(|row| row.part == RowPart::Level);
    let levels: Vec<String> = levels
        .filter_map(|row| row.level.clone())
        .filter(|level| !is_last(level))
        .collect();
    match end {
        "Top" => levels.get(..size).map(<[String]>::to_vec),
        "Bottom" => levels
            .get(levels.len().checked_sub(size)?..)
            .map(<[String]>::to_vec),
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    TomlValue::String(text.to_owned()).to_string()
}

fn quoted_list(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::PlanFile;

    #[test]
    fn a_plan_says_where_it_is_wrong() {
        let cases = [
            (
                "[baner]\n",
                "baner is no part of a plan; did you mean banner?",
            ),
            ("[[table]]\ntitle = 'x'\n", "table 1: rows is missing"),
            (
                "[[table]]\nrows = 'q1'\nnet = {}\n",
                "table 1: net is no part of a table; did you mean nets?",
            ),
            (
                "[banner.letters]\na = 'A'\nb = 'A'\n",
                "letters: a and b both are A",
            ),
            (
                "[[grid]]\nname = 'g'\nvariables = ['q1']\n",
                "grid 1: g takes two variables",
            ),
            ("table = 3\n", "table is a list: each begins with [[table]]"),
            ("[[set]]\nname = 's'\n", "set 1: variables is missing"),
        ];
        for (text, message) in cases {
            let error = PlanFile::parse(text).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
