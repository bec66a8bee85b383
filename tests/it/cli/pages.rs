//! What README and the book show is what the program prints.
//!
//! A page is run from its top to its end in one folder with the files of `examples/`:
//!
//! * ` ```console `: behind each `$` a line for the shell, below it what comes of it: standard output, or where that is empty,
//!   what was said. A line `…` stands for lines left out.
//! * ` ```sh `: the lines that begin with `opine` or `cp` run and end well (or with findings).
//! * ` ```csv NAME `, ` ```toml NAME ` …: a file of that name, which the lines below it read.
//!
//! `UPDATE_PAGES=1 cargo test …` writes what the program prints into the pages: read the difference before you keep it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::program::{number, opine, opine_in, rows, shell};

/// Files of examples that pages read.
const FILES: [&str; 6] = [
    "poll.csv",
    "poll-codebook.csv",
    "targets.csv",
    "tonight.csv",
    "waves.csv",
    "us2016.csv",
];

pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in FILES {
        fs::copy(Path::new("examples").join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// A fenced block: what stands behind its fence, its lines, and the line it begins at.
struct Block {
    kind: String,
    lines: Vec<String>,
    at: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (at, line) in page.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), is_open) {
            (Some(kind), false) => {
                blocks.push(Block {
                    kind: kind.trim().to_owned(),
                    lines: Vec::new(),
                    at: at + 1,
                });
                is_open = true;
            }
            (Some(_), true) => is_open = false,
            (None, true) => blocks.last_mut().unwrap().lines.push(line.to_owned()),
            (None, false) => {}
        }
    }
    blocks
}

/// A command of a block as it stands there, and the lines below it.
struct Shown {
    command: Vec<String>,
    output: Vec<String>,
}

fn shown(block: &Block) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut goes_on = false;
    for line in &block.lines {
        match (line.starts_with("$ "), goes_on) {
            (true, _) => all.push(Shown {
                command: vec![line.clone()],
                output: Vec::new(),
            }),
            (false, true) => all.last_mut().unwrap().command.push(line.clone()),
            (false, false) => all.last_mut().unwrap().output.push(line.clone()),
        }
        goes_on = line.ends_with('\\') && (line.starts_with("$ ") || goes_on);
    }
    all
}

/// What a line for the shell prints: standard output, or what it said where there is none.
fn printed(folder: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_opine")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("HOME", folder)
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{line}: {err}");
    match out.is_empty() {
        true => err,
        false => out,
    }
}

/// Whether lines are those that are shown, `…` being any.
fn matches(shown: &[&str], lines: &[&str]) -> bool {
    match (shown.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((&"…", rest)), _) => (0..=lines.len()).any(|from| matches(rest, &lines[from..])),
        (Some((one, shown)), Some((other, lines))) => one == other && matches(shown, lines),
        _ => false,
    }
}

/// Runs a page; the page as it should be, which blocks show something else, and which lines fail.
pub fn run(page: &Path, folder: &Path) -> (String, Vec<String>, Vec<String>) {
    let text = fs::read_to_string(page).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (mut wrong, mut failed) = (Vec::new(), Vec::new());
    // from the end of the page to its top, the lines above a block keep their numbers; blocks run from the top
    let mut new: Vec<(usize, usize, Vec<String>)> = Vec::new();
    for block in blocks(&text) {
        let (kind, name) = block
            .kind
            .split_once(' ')
            .unwrap_or((block.kind.as_str(), ""));
        match kind {
            "console" => {
                let mut written = Vec::new();
                for one in shown(&block) {
                    let command = one.command.join("\n").replace("\\\n", " ");
                    let command = command.trim_start_matches("$ ");
                    let printed = printed(folder, command);
                    let is: Vec<&str> = printed.lines().map(str::trim_end).collect();
                    let said: Vec<&str> = one.output.iter().map(|line| line.trim_end()).collect();
                    let end = said.iter().rposition(|line| !line.is_empty());
                    let said = &said[..end.map_or(0, |end| end + 1)];
                    written.extend(one.command.clone());
                    match matches(said, &is) {
                        true => written.extend(said.iter().map(|line| (*line).to_owned())),
                        false => {
                            wrong.push(format!(
                                "{}:{}: {command}\n--- shown\n{}\n--- is\n{printed}",
                                page.display(),
                                block.at,
                                said.join("\n")
                            ));
                            written.extend(is.iter().map(|line| (*line).to_owned()));
                        }
                    }
                    written.push(String::new());
                }
                written.pop();
                new.push((block.at, block.lines.len(), written));
            }
            "sh" => {
                let joined = block.lines.join("\n").replace("\\\n", " ");
                let commands = joined.lines().map(str::trim);
                for command in
                    commands.filter(|line| line.starts_with("opine ") || line.starts_with("cp "))
                {
                    let (well, err) = shell(folder, command);
                    if !well || err.contains("panicked") {
                        failed.push(format!("{}:{}: {command}\n{err}", page.display(), block.at));
                    }
                }
            }
            _ if !name.is_empty() && !name.contains(',') => {
                fs::write(folder.join(name), block.lines.join("\n") + "\n").unwrap();
            }
            _ => {}
        }
    }
    for (at, count, written) in new.into_iter().rev() {
        lines.splice(at..at + count, written);
    }
    (lines.join("\n") + "\n", wrong, failed)
}

/// All pages of the book.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut open = vec![PathBuf::from("docs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|ending| ending == "md") => pages.push(path),
                false => {}
            }
        }
    }
    pages.sort();
    pages
}

#[test]
fn every_block_of_the_book_is_true() {
    let updates = std::env::var("UPDATE_PAGES").is_ok();
    let mut wrong = Vec::new();
    let mut commands = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        commands += text.matches("\n$ opine ").count();
        let (new, of_page, failed) = run(&page, folder().path());
        wrong.extend(failed);
        match updates {
            true if new != text => fs::write(&page, new).unwrap(),
            true => {}
            false => wrong.extend(of_page),
        }
    }
    assert!(commands > 10, "{commands}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The commands that the help of the program lists.
fn commands() -> Vec<String> {
    let help = opine(&["--help"]).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

#[test]
fn the_reference_lists_every_command_as_it_is() {
    let mut text = String::new();
    for chapter in ["respondents", "published", "charts", "program"] {
        let written = opine(&["man", "--chapter", chapter]).out;
        let page = Path::new("docs/commands")
            .join(chapter)
            .with_extension("md");
        if std::env::var("UPDATE_PAGES").is_ok() {
            fs::write(&page, &written).unwrap();
        }
        let stored = fs::read_to_string(&page).unwrap_or_default();
        assert!(
            stored == written,
            "{} is not what opine man --chapter {chapter} prints: UPDATE_PAGES=1 cargo test --release pages",
            page.display()
        );
        text += &written;
    }
    for command in commands() {
        let heading = format!("\n## opine {command}\n");
        assert_eq!(text.matches(&heading).count(), 1, "{command}");
    }
}

#[test]
fn every_page_is_in_the_book_and_every_link_leads_somewhere() {
    let summary = fs::read_to_string("docs/SUMMARY.md").unwrap();
    for page in pages() {
        let name = page.strip_prefix("docs").unwrap().display().to_string();
        assert!(
            name == "SUMMARY.md" || summary.contains(&format!("({name})")),
            "{name} is not in docs/SUMMARY.md"
        );
        let text = fs::read_to_string(&page).unwrap();
        let prose: String = text.split("```").step_by(2).collect();
        for link in prose.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap();
            let leads = link.is_empty()
                || link.contains("://")
                || page.parent().unwrap().join(link).exists();
            assert!(leads, "{}: {link}", page.display());
        }
    }
}

/// Whether R is there with what docs/r.md needs.
fn has_r() -> bool {
    let packages = "stopifnot(requireNamespace('survey'), requireNamespace('jsonlite'))";
    let run = Command::new("Rscript").args(["-e", packages]).output();
    run.is_ok_and(|run| run.status.success())
}

#[test]
fn the_function_for_r_gives_what_survey_gives() {
    if !has_r() {
        eprintln!("skipped: Rscript with survey and jsonlite is not here (docs/r.md)");
        return;
    }
    let folder = folder();
    let page = fs::read_to_string("docs/r.md").unwrap();
    for block in blocks(&page) {
        if let Some(name) = block.kind.strip_prefix("r ") {
            fs::write(folder.path().join(name), block.lines.join("\n")).unwrap();
        }
    }
    for (script, ends) in [
        ("shares.R", "669"),
        ("beside.R", "the same"),
        ("published.R", "66"),
    ] {
        let (well, err) = shell(folder.path(), &format!("Rscript {script} > out.txt"));
        let out = fs::read_to_string(folder.path().join("out.txt")).unwrap();
        assert!(
            well && out.trim_end().ends_with(ends),
            "{script}: {out}{err}"
        );
    }
}

/// The codes of a page or a doc comment: what stands in code in the first cell of the rows of its tables.
fn codes(text: &str) -> BTreeSet<String> {
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("/// "));
    let cells = lines.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(code, _)| code.to_owned()).collect()
}

#[test]
fn errors_by_code_are_those_of_the_code() {
    let page = fs::read_to_string("docs/errors.md").unwrap();
    let documented = codes(&page);
    let face = fs::read_to_string("src/face/error.rs").unwrap();
    let in_face = codes(&face);
    assert!(
        in_face.len() > 10 && in_face.is_subset(&documented),
        "{in_face:?} and {documented:?}"
    );
    let mut in_use: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![PathBuf::from("src/face"), PathBuf::from("src/cli")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let text = fs::read_to_string(&path).unwrap();
                    let packed: String = text.split_whitespace().collect();
                    let made = packed.split("Error::new(\"").skip(1);
                    in_use.extend(made.map(|rest| rest.split('"').next().unwrap().to_owned()));
                }
            }
        }
    }
    for code in &in_use {
        assert!(documented.contains(code), "{code} is not in docs/errors.md");
    }
    // some are picked in a match before the error is made: then they stand there as texts
    for code in documented.difference(&in_use) {
        assert!(
            face.contains(&format!("\"{code}\"")),
            "{code} is never used"
        );
    }
}

/// Share, standard error and so on of one estimate of the poll, by further options.
fn very_worried(further: &[&str]) -> serde_json::Value {
    let folder = folder();
    let item = "Very = prop(q1 == 'Very worried')";
    let args = [
        "estimate",
        "poll.csv",
        item,
        "--weights",
        "weight",
        "--json",
    ];
    let run = opine_in(folder.path(), &[&args[..], further].concat(), "");
    rows(&run)[0].clone()
}

#[test]
fn the_numbers_of_other_programs_are_what_the_page_says() {
    let page = fs::read_to_string("docs/numbers.md").unwrap();
    let design = ["--strata", "stratum", "--psu", "psu"];
    let row = very_worried(&design);
    let of = |name: &str| number(&row, name);
    let (share, se, n, people) = (of("estimate"), of("se"), of("n"), of("weighted_n"));
    let simple = |n: f64| 100.0 * (share * (1.0 - share) / n).sqrt();
    let without = number(&very_worried(&[]), "se");
    for (what, points) in [
        ("| weights as numbers of people", simple(people)),
        ("| nothing: 1,936 as a simple random sample", simple(n)),
        ("| weights, by Kish’s effective n of 1,595", simple(1595.0)),
        ("| weights, by linearisation", 100.0 * without),
        ("| weights, strata and units", 100.0 * se),
    ] {
        let line = page.lines().find(|line| line.starts_with(what)).unwrap();
        assert!(
            line.contains(&format!(" | {points:.2} | ")),
            "{points} {line}"
        );
    }
    let wald = very_worried(&[&design[..], &["--ci", "wald"]].concat());
    for (how, low, high) in [
        ("logit, t", of("ci_low"), of("ci_high")),
        ("Wald, t", number(&wald, "ci_low"), number(&wald, "ci_high")),
        ("Wald, z", share - 1.959964 * se, share + 1.959964 * se),
    ] {
        let line = format!("| {:.1} to {:.1} | {how} |", 100.0 * low, 100.0 * high);
        assert!(page.contains(&line), "{line}");
    }
}
