//! What a tool answers: the program’s own output, once to be read and once to calculate with, and what is said beside it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value, json};

use super::folders::Folders;
use super::line::Line;
use super::tools::{Form, Tool};
use crate::Error;
use crate::cli::failure::Failure;
use crate::cli::streams::{ReadWatch, Streams};
use crate::cli::{ExitCode, run_within};

/// Bytes that a command may print before it is stopped: rows are cut to what a client takes, memory must not be filled first.
const MOST_PRINTED: usize = 32 << 20;
/// Bytes of a table that a model is given to read.
const MOST_READ: usize = 40_000;
/// Bytes of a picture.
const MOST_DRAWN: usize = 4 << 20;

/// An answer, or why there is none.
pub struct Answer {
    /// For reading, the note of what may be said included.
    pub text: String,
    /// The same to calculate with.
    pub structured: Value,
    pub png: Option<Vec<u8>>,
    pub is_error: bool,
}

impl Answer {
    /// An error with its code, where it is, and what would be right.
    pub fn of_error(error: &Error) -> Answer {
        let mut text = format!("error {}: {error}", error.code());
        for (name, part) in [("where", error.place()), ("hint", error.hint())] {
            if let Some(part) = part {
                text += &format!("\n{name}: {part}");
            }
        }
        Answer {
            text,
            structured: json!({"error": {
                "code": error.code(),
                "message": error.to_string(),
                "where": error.place(),
                "hint": error.hint(),
            }}),
            png: None,
            is_error: true,
        }
    }
}

/// Who waits for an answer: a set flag stops the work, and a client that asked for it hears how far the work is.
#[derive(Clone, Default)]
pub struct Waiting {
    pub interrupt: Arc<AtomicBool>,
    pub read_watch: Option<ReadWatch>,
}

/// Answers one call.
pub fn answer(
    tool: &Tool,
    arguments: &Map<String, Value>,
    folders: &Folders,
    most_rows: usize,
    waiting: &Waiting,
) -> Result<Answer, Error> {
    if tool.name == "describe" && !arguments.contains_key("file") {
        return Ok(files(folders));
    }
    let line = Line::new(tool, arguments, folders)?;
    let calls = Calls {
        line: &line,
        waiting,
    };
    match tool.form {
        Form::Picture => picture(tool, &calls),
        Form::Table | Form::Text | Form::Respondents => table(tool, &calls, most_rows),
    }
}

/// The files of the folders, for a client that does not know where it is.
fn files(folders: &Folders) -> Answer {
    let (files, more) = folders.list();
    let rest = if more { "\n… and more" } else { "" };
    let none = files.is_empty().then_some("none that the tools read");
    let text = format!(
        "Files in {}:\n{}{}{rest}",
        folders.names().join(", "),
        files.join("\n"),
        none.unwrap_or_default()
    );
    let rows: Vec<Value> = files.iter().map(|file| json!({"file": file})).collect();
    Answer {
        text,
        structured: json!({"command": "ls", "rows": rows}),
        png: None,
        is_error: false,
    }
}

/// One line run in several forms.
struct Calls<'a> {
    line: &'a Line,
    waiting: &'a Waiting,
}

/// What a run printed.
struct Run {
    output: String,
    warnings: Vec<String>,
    notes: Vec<String>,
    /// Whether something is wrong in the data, which has been printed.
    has_findings: bool,
}

impl Calls<'_> {
    fn run(&self, further: &[&str]) -> Result<Run, Error> {
        self.run_line(self.line, further)
    }

    fn run_line(&self, line: &Line, further: &[&str]) -> Result<Run, Error> {
        self.run_words(&line.words(further))
    }

    fn run_words(&self, words: &[String]) -> Result<Run, Error> {
        let words: Vec<OsString> = words.iter().map(Into::into).collect();
        let (mut output, mut messages) = (Bounded::default(), Bounded::default());
        let streams = Streams::buffers(io::empty(), &mut output, &mut messages)
            .with_interrupt(Arc::clone(&self.waiting.interrupt))
            .with_read_watch(self.waiting.read_watch.clone());
        let done = run_within(&words, streams);
        if output.is_full {
            let message = format!(
                "the answer is larger than {} MB: ask for fewer items, groups or figures",
                MOST_PRINTED >> 20
            );
            return Err(Error::new("limit", message));
        }
        let messages = self.line.without_scratch(&messages.text());
        let has_findings = match done {
            Ok(()) => false,
            Err(Failure::Findings(message)) if message.is_empty() => true,
            Err(failure) => return Err(self.named(failure, &messages)),
        };
        let (warnings, notes) = split(&messages);
        Ok(Run {
            output: self.line.without_scratch(&output.text()),
            warnings,
            notes,
            has_findings,
        })
    }

    /// The error of a failure; where findings stopped it, they are what is wrong.
    fn named(&self, failure: Failure, messages: &str) -> Error {
        let findings = failure.exit_code() == ExitCode::Findings;
        let error = failure.into_error();
        let message = self.line.without_scratch(&error.to_string());
        let message = match findings && !messages.is_empty() {
            true => format!("{message}\n{}", messages.trim_end()),
            false => message,
        };
        let place = error.place().map(|place| self.line.without_scratch(place));
        let named = Error::new(error.code(), message).hinting(error.hint().map(str::to_owned));
        match place {
            Some(place) => named.at(place),
            None => named,
        }
    }
}

/// A table to read and its rows. Both runs give the same digits: the order of sums does not depend on threads.
fn table(tool: &Tool, calls: &Calls, most_rows: usize) -> Result<Answer, Error> {
    let line = calls.line;
    let output = line.output.as_deref();
    let as_read = match tool.form {
        Form::Text => Vec::new(),
        _ => vec!["--format=md".to_owned()],
    };
    let mut as_rows = vec!["--json".to_owned()];
    let mut first = as_read;
    if let (Form::Respondents, Some(output)) = (tool.form, output) {
        // options of what is written are refused where nothing is: the run for reading writes into the void
        let ending = output.rsplit('.').next().unwrap_or_default();
        first.push(format!(
            "--output={}",
            line.path_of(&format!("respondents.{ending}"))
        ));
        as_rows.push(format!("--output={output}"));
    }
    let read = calls.run(&refs(&first))?;
    let mut rows = calls.run(&refs(&as_rows))?;
    if let (Form::Table, Some(output)) = (tool.form, output) {
        let written = calls.run(&[&format!("--output={output}")])?;
        for note in written.notes {
            if !rows.notes.contains(&note) {
                rows.notes.push(note);
            }
        }
    }
    // findings are the rows themselves
    let messages = match tool.form {
        Form::Text => Vec::new(),
        _ => sentences(&read.output),
    };
    // what a command warns of below its table it has said in the text already
    let (warned, messages) = messages
        .into_iter()
        .partition::<Vec<String>, _>(|line| line.starts_with("warning: "));
    let mut text = cut(&read.output, MOST_READ, &messages);
    let mut structured = Map::new();
    structured.insert("command".to_owned(), json!(line.shown(tool)));
    let all: Vec<Value> = serde_json::from_str(&rows.output).unwrap_or_default();
    let left_out = all.len().saturating_sub(most_rows);
    structured.insert(
        "rows".to_owned(),
        Value::Array(all.into_iter().take(most_rows).collect()),
    );
    if left_out > 0 {
        structured.insert("rows_left_out".to_owned(), json!(left_out));
        rows.notes.push(format!(
            "{left_out} rows are left out, as the server gives {most_rows}: ask for fewer, or write them to a file with output"
        ));
    }
    structured.insert("said".to_owned(), json!(messages));
    if read.has_findings || rows.has_findings {
        structured.insert("findings".to_owned(), json!(true));
    }
    add_beside(&mut structured, &mut text, &rows, line);
    if let Some(Value::Array(warnings)) = structured.get_mut("warnings") {
        let warned = warned
            .iter()
            .filter_map(|line| line.strip_prefix("warning: "));
        warnings.extend(warned.map(Value::from));
    }
    Ok(Answer {
        text,
        structured: Value::Object(structured),
        png: None,
        is_error: false,
    })
}

/// A picture with the numbers that it shows.
fn picture(tool: &Tool, calls: &Calls) -> Result<Answer, Error> {
    let line = calls.line;
    let mut beside = Vec::new();
    if let Some(drawn) = &line.drawn {
        let rows = line.path_of(&drawn.rows_name());
        beside = calls.run_line(drawn, &[&format!("--output={rows}")])?.notes;
    }
    let path = line.path_of("chart.png");
    let mut run = calls.run(&[&format!("--output={path}")])?;
    run.notes.splice(0..0, beside);
    let png = fs::read(&path).map_err(|error| Error::new("file", error))?;
    if png.len() > MOST_DRAWN {
        let message = format!(
            "the picture has more than {} MB: draw fewer rows, or make it narrower with width",
            MOST_DRAWN >> 20
        );
        return Err(Error::new("limit", message));
    }
    let numbers = fs::read_to_string(line.path_of("chart.csv")).unwrap_or_default();
    // where it was drawn is nobody’s business
    run.notes.retain(|note| !note.starts_with("chart.png"));
    if let Some(output) = &line.output {
        run.notes
            .extend(calls.run(&[&format!("--output={output}")])?.notes);
        run.notes.dedup();
    }
    let messages = picture_messages(calls);
    let numbers = cut(&numbers, MOST_READ, &[]);
    let mut structured = Map::new();
    structured.insert("command".to_owned(), json!(line.shown(tool)));
    structured.insert("said".to_owned(), json!(messages));
    let mut text = format!(
        "{}\nThe numbers of the picture:\n{numbers}",
        messages.join("\n")
    );
    structured.insert("numbers".to_owned(), json!(numbers));
    add_beside(&mut structured, &mut text, &run, line);
    Ok(Answer {
        text,
        structured: Value::Object(structured),
        png: Some(png),
        is_error: false,
    })
}

/// What a picture shows, for those who can’t see it, and what a table of the same numbers says below them.
fn picture_messages(calls: &Calls) -> Vec<String> {
    let line = calls.line;
    let path = line.path_of("chart.svg");
    let svg = calls.run(&[&format!("--output={path}")]);
    let svg = svg.ok().and_then(|_| fs::read_to_string(&path).ok());
    let description = svg.as_deref().and_then(|svg| {
        let (_, rest) = svg.split_once("<desc>")?;
        rest.split_once("</desc>").map(|(text, _)| unescaped(text))
    });
    let table = match &line.drawn {
        Some(drawn) => calls.run_line(drawn, &["--format=md"]).ok(),
        None => line
            .as_summary()
            .and_then(|summary| calls.run_words(&summary).ok()),
    };
    let below = table.map(|table| sentences(&table.output));
    description
        .into_iter()
        .chain(below.unwrap_or_default())
        .collect()
}

/// Warnings, notes and the file that was written, in both forms of the answer.
fn add_beside(structured: &mut Map<String, Value>, text: &mut String, run: &Run, line: &Line) {
    for (name, lines) in [("warning", &run.warnings), ("note", &run.notes)] {
        structured.insert(format!("{name}s"), json!(lines));
        for messages in lines {
            *text += &format!("\n{name}: {messages}");
        }
    }
    if let Some(output) = &line.output {
        structured.insert("written".to_owned(), json!(output));
    }
}

/// The lines of standard error: warnings, and the others.
fn split(messages: &str) -> (Vec<String>, Vec<String>) {
    let (mut warnings, mut notes) = (Vec::new(), Vec::new());
    for line in messages.lines().filter(|line| !line.trim().is_empty()) {
        match line.strip_prefix("warning: ") {
            Some(warning) => warnings.push(warning.to_owned()),
            None => notes.push(line.strip_prefix("note: ").unwrap_or(line).to_owned()),
        }
    }
    (warnings, notes)
}

/// What Markdown says around its tables: no rows, no titles.
fn sentences(markdown: &str) -> Vec<String> {
    let lines = markdown.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['|', '#']));
    let lines = lines.filter(|line| !(line.starts_with("**") && line.ends_with("**")));
    let mut messages: Vec<String> = Vec::new();
    for line in lines {
        let line = unescaped(line);
        if !messages.contains(&line) {
            messages.push(line);
        }
    }
    messages
}

/// A sentence as it is said, where Markdown needs marks.
fn unescaped(line: &str) -> String {
    let plain = line.replace("&lt;", "<").replace("&gt;", ">");
    let plain = plain.replace("&amp;", "&").replace("&emsp;", "");
    let mut out = String::new();
    let mut letters = plain.chars().peekable();
    while let Some(letter) = letters.next() {
        let escapes = letter == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation);
        if !escapes {
            out.push(letter);
        }
    }
    out
}

/// A text of whole lines that is not too long; what may be said of the numbers stays.
fn cut(text: &str, most: usize, messages: &[String]) -> String {
    if text.len() <= most {
        return text.trim_end().to_owned();
    }
    let mut kept = String::new();
    for line in text.lines() {
        if kept.len() + line.len() > most {
            break;
        }
        kept += line;
        kept.push('\n');
    }
    let (shown, all) = (kept.lines().count(), text.lines().count());
    format!(
        "{kept}… cut here: {shown} of {all} lines. Ask for fewer items, groups or figures.\n{}",
        messages.join("\n")
    )
}

fn refs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// Bytes up to a limit; what goes beyond it fails, and stops who writes.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Bounded {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Write for &mut Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_PRINTED {
            self.is_full = true;
            return Err(io::Error::other("the answer is too large"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
