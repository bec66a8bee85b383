//! The arguments of a tool as a command line of the program.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tempfile::TempDir;

use super::folders::Folders;
use super::tools::{Form, Kind, Param, TOOLS, Tool};
use crate::Error;
use crate::frames::words::nearest;

/// A command line, and what it needs that is not in the folders.
///
/// Whatever a client says is a value: options are written `--name=value`, and what has no name stands after `--`. So no text
/// can become an option, and no path but those that [`Folders`] lets through reaches the program.
pub struct Line {
    command: String,
    options: Vec<String>,
    positional: Vec<String>,
    /// The file that is to be written.
    pub output: Option<String>,
    /// The line whose rows are drawn.
    pub drawn: Option<Box<Line>>,
    /// Tables that came as text. It is no folder of the client’s, and goes with the line.
    scratch: TempDir,
}

impl Line {
    /// # Errors
    /// An argument that the tool has not, a value of another kind than its schema says, a file outside of the folders.
    pub fn new(
        tool: &Tool,
        arguments: &Map<String, Value>,
        folders: &Folders,
    ) -> Result<Line, Error> {
        let scratch = tempfile::tempdir().map_err(|error| Error::new("file", error))?;
        let mut line = Line {
            command: tool.command.to_owned(),
            options: Vec::new(),
            positional: Vec::new(),
            output: None,
            drawn: None,
            scratch,
        };
        refuse_unknown(tool, arguments)?;
        for param in tool.params() {
            match arguments.get(param.name) {
                Some(value) if !value.is_null() => line.add(tool, param, value, folders)?,
                _ if param.needed => {
                    let message = format!("{} needs the argument “{}”", tool.name, param.name);
                    return Err(Error::new("request", message).at(param.name));
                }
                _ => {}
            }
        }
        line.take_store_at_hand(tool, arguments, folders)?;
        Ok(line)
    }

    fn add(
        &mut self,
        tool: &Tool,
        param: &Param,
        value: &Value,
        folders: &Folders,
    ) -> Result<(), Error> {
        let name = param.name;
        match param.kind {
            Kind::Text | Kind::Number => self.put(tool, param, one(name, value)?),
            Kind::Flag => match value {
                Value::Bool(true) => self.options.push(long(name)),
                Value::Bool(false) => {}
                _ => return Err(wrong(name, "true or false")),
            },
            Kind::List => {
                for text in many(name, value)? {
                    self.put(tool, param, text);
                }
            }
            Kind::Joined => self.put(tool, param, many(name, value)?.join(",")),
            Kind::Input => {
                let file = folders.input(&one(name, value)?)?;
                self.put(tool, param, file);
            }
            Kind::Store => {
                let folder = folders.store(&one(name, value)?)?;
                self.put(tool, param, folder);
            }
            Kind::Selectors => {
                for text in many(name, value)? {
                    self.positional.push(folders.selector(&text)?);
                }
            }
            Kind::Table => {
                let file = self.keep("table.csv", &one(name, value)?)?;
                self.put(tool, param, file);
            }
            Kind::Targets => {
                let file = match value {
                    Value::Array(rows) => self.keep("targets.csv", &targets(name, rows)?)?,
                    _ => folders.input(&one(name, value)?)?,
                };
                self.put(tool, param, file);
            }
            Kind::Output => self.output = Some(folders.output(&one(name, value)?)?),
            Kind::Command(commands) => {
                let subcommand = one(name, value)?;
                let named = commands.iter().find(|(name, _)| *name == subcommand);
                let (_, words) = named.ok_or_else(|| {
                    let names: Vec<&str> = commands.iter().map(|(name, _)| *name).collect();
                    let near = nearest(&subcommand, names.iter().copied()).map(str::to_owned);
                    let message =
                        format!("{name} is “{subcommand}”, and may be {}", names.join(", "));
                    Error::new("request", message).at(name).hinting(near)
                })?;
                self.command = (*words).to_owned();
            }
            Kind::Rows(other) => {
                let other = TOOLS.iter().find(|tool| tool.name == other);
                let (Some(other), Value::Object(arguments)) = (other, value) else {
                    return Err(wrong(name, "an object with the arguments of that tool"));
                };
                let drawn = Line::new(other, arguments, folders)?;
                self.positional.push(self.path_of(&drawn.rows_name()));
                self.drawn = Some(Box::new(drawn));
            }
        }
        Ok(())
    }

    /// A value in its place: behind the name of its option, or among those without one.
    fn put(&mut self, tool: &Tool, param: &Param, text: String) {
        let is_positional = tool.positional.iter().any(|other| other.name == param.name);
        match (is_positional, param.name) {
            (true, _) => self.positional.push(text),
            // the one option that has no long name
            (false, "n") => self.options.push(format!("-n={text}")),
            (false, name) => self.options.push(format!("{}={text}", long(name))),
        }
    }

    /// The program looks for figures in ./data: that must be within the folders, too.
    fn take_store_at_hand(
        &self,
        tool: &Tool,
        arguments: &Map<String, Value>,
        folders: &Folders,
    ) -> Result<(), Error> {
        let has_store = tool.params().any(|param| matches!(param.kind, Kind::Store));
        match has_store && !arguments.contains_key("data") && Path::new("data").is_dir() {
            true => folders.store("data").map(drop),
            false => Ok(()),
        }
    }

    fn keep(&self, name: &str, text: &str) -> Result<String, Error> {
        let path = self.scratch.path().join(name);
        fs::write(&path, text).map_err(|error| Error::new("file", error))?;
        Ok(path.display().to_string())
    }

    /// The file of rows that a chart is drawn from, named as the respondents are.
    pub fn rows_name(&self) -> String {
        let file = self.positional.first().map(PathBuf::from);
        let stem = file.as_deref().and_then(Path::file_stem);
        let stem = stem.map_or_else(|| "rows".into(), |stem| stem.to_string_lossy());
        format!("{stem}.parquet")
    }

    /// A file that is there until the line is gone.
    pub fn path_of(&self, name: &str) -> String {
        self.scratch.path().join(name).display().to_string()
    }

    /// The words for the program, with further options.
    pub fn words(&self, further: &[&str]) -> Vec<String> {
        let command = self.command.split(' ').map(str::to_owned);
        let options = self.options.iter().cloned();
        let further = further.iter().map(|word| (*word).to_owned());
        let mut words: Vec<String> = std::iter::once("opine".to_owned())
            .chain(command)
            .chain(options)
            .chain(further)
            .collect();
        if !self.positional.is_empty() {
            words.push("--".to_owned());
            words.extend(self.positional.iter().cloned());
        }
        words
    }

    /// The table of the stored figures that a chart is drawn from, where it is.
    pub fn as_summary(&self) -> Option<Vec<String>> {
        let selector = self.positional.first()?;
        let data = self.options.iter().find(|word| word.starts_with("--data="));
        let words = ["opine", "summary", "--format=md"].map(str::to_owned);
        let words = words.into_iter().chain(data.cloned());
        let words = words.chain(["--".to_owned(), selector.clone()]);
        (!Path::new(selector).exists()).then(|| words.collect())
    }

    /// What a person would type.
    pub fn shown(&self, tool: &Tool) -> String {
        let command = self.command.split(' ').map(str::to_owned);
        // a bare figure may begin with a minus, which a person writes behind -- as well
        let dash = self.positional.iter().any(|word| word.starts_with('-'));
        let words = std::iter::once("opine".to_owned())
            .chain(command)
            .chain(self.options.iter().map(|word| quoted(word)))
            .chain(dash.then(|| "--".to_owned()))
            .chain(self.positional.iter().map(|word| quoted(word)));
        let line: Vec<String> = words.collect();
        let line = self.without_scratch(&line.join(" "));
        let output = match (&self.output, tool.form) {
            (Some(output), _) => format!(" -o {}", quoted(output)),
            (None, Form::Picture) => " -o chart.png".to_owned(),
            _ => String::new(),
        };
        let line = line + &output;
        let rows = self.drawn.as_ref().and_then(|drawn| {
            let tool = TOOLS.iter().find(|tool| drawn.command == tool.command)?;
            let rows = drawn.rows_name();
            Some(format!("{} -o {rows} && ", drawn.shown(tool)))
        });
        rows.unwrap_or_default() + &line
    }

    /// A text without the folder that is nobody’s.
    pub fn without_scratch(&self, text: &str) -> String {
        let text = text.replace(&format!("{}/", self.scratch.path().display()), "");
        match &self.drawn {
            Some(drawn) => drawn.without_scratch(&text),
            None => text,
        }
    }
}

fn long(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

fn refuse_unknown(tool: &Tool, arguments: &Map<String, Value>) -> Result<(), Error> {
    let names: Vec<&str> = tool.params().map(|param| param.name).collect();
    match arguments
        .keys()
        .find(|name| !names.contains(&name.as_str()))
    {
        None => Ok(()),
        Some(name) => {
            let near = nearest(name, names.iter().copied()).map(str::to_owned);
            let meant = near
                .as_ref()
                .map(|near| format!("; did you mean “{near}”?"));
            let message = format!(
                "{} has no argument “{name}”{}",
                tool.name,
                meant.unwrap_or_else(|| format!(": it takes {}", names.join(", ")))
            );
            Err(Error::new("request", message).at(name).hinting(near))
        }
    }
}

fn wrong(name: &str, right: &str) -> Error {
    Error::new("request", format!("{name} is not {right}")).at(name)
}

/// A text, or a number as it was written.
fn one(name: &str, value: &Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(wrong(name, "a text or a number")),
    }
}

/// Several of them; a single one is taken as well.
fn many(name: &str, value: &Value) -> Result<Vec<String>, Error> {
    match value {
        Value::Array(values) => values.iter().map(|value| one(name, value)).collect(),
        single => Ok(vec![one(name, single)?]),
    }
}

/// Rows of variable, level and target as the CSV that the program reads.
fn targets(name: &str, rows: &[Value]) -> Result<String, Error> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let mut put = |row: [String; 3]| {
        csv.write_record(row)
            .map_err(|error| wrong(name, &error.to_string()))
    };
    put(["variable", "level", "target"].map(str::to_owned))?;
    for row in rows {
        let cell = |key: &str| match row.get(key) {
            None | Some(Value::Null) if key == "level" => Ok(String::new()),
            Some(value) => one(name, value),
            None => Err(wrong(
                name,
                "a list of objects with variable, level and target",
            )),
        };
        put([cell("variable")?, cell("level")?, cell("target")?])?;
    }
    let bytes = csv
        .into_inner()
        .map_err(|error| wrong(name, &error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=./,:@%+".contains(c);
    match word.chars().all(plain) && !word.is_empty() {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
