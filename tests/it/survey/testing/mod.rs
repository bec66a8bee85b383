//! Tests of respondents, and models of them, through the real binary.

mod associations;
mod golden;
mod laws;
mod program;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The entries of a golden file.
pub fn golden(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn data(name: &str) -> String {
    folder().join("data").join(name).display().to_string()
}

/// The design of an entry as a file, and a folder that it lives in.
pub fn design_file(entry: &Value) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let design = entry["design"].as_object().unwrap();
    let lines = design
        .iter()
        .map(|(key, value)| format!("{key} = {value}\n"));
    let path = folder.path().join("design.toml");
    std::fs::write(&path, lines.collect::<String>()).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

pub fn opine(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_opine"))
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap()
}

/// The rows of JSON that a command line prints.
pub fn rows(args: &[&str]) -> Result<Vec<Value>, String> {
    let output = opine(&[args, &["--format", "json"]].concat());
    match output.status.success() {
        true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
        false => Err(String::from_utf8(output.stderr).unwrap()),
    }
}

/// What it says on standard error, and its exit code.
pub fn refused(args: &[&str]) -> (i32, String) {
    let output = opine(args);
    let error = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), error)
}

pub fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

/// Compares numbers with those of a reference: |x − ref| ≤ tolerance |ref| + 1e-12.
#[derive(Default)]
pub struct Comparison {
    pub wrong: Vec<String>,
    pub count: usize,
}

impl Comparison {
    pub fn close(&mut self, what: &str, found: &Value, expected: &Value, tolerance: f64) {
        self.within(what, found, expected, (tolerance, 0.0));
    }

    /// The same with what it may be off besides.
    pub fn within(
        &mut self,
        what: &str,
        found: &Value,
        expected: &Value,
        (tolerance, slack): (f64, f64),
    ) {
        let Some(expected) = expected.as_f64() else {
            return;
        };
        self.count += 1;
        let near = |x: f64| (x - expected).abs() <= tolerance * expected.abs() + 1e-12 + slack;
        if !found.as_f64().is_some_and(near) {
            self.wrong.push(format!("{what}: {found}, not {expected}"));
        }
    }

    pub fn finish(self, least: usize) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        assert!(self.count >= least, "{} numbers were compared", self.count);
    }
}
