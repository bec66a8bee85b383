//! What README shows is what the program prints.

use crate::cli::program::{opine_in, shell};
use crate::present::estimates::line;

/// The console blocks of README as commands with their output.
fn shown() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let runs = blocks.flat_map(|block| block.split("$ ").skip(1));
    runs.map(|run| {
        // a command goes on behind a stroke at the end of its line
        let run = run.replace("\\\n", " ");
        let (command, output) = run.split_once('\n').unwrap();
        (command.to_owned(), output.to_owned())
    })
    .collect()
}

/// The targets of a weighting that README shows.
fn targets() -> String {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (_, block) = readme.split_once("```csv\nvariable,").unwrap();
    let (lines, _) = block.split_once("```").unwrap();
    format!("variable,{lines}")
}

#[test]
fn the_targets_shown_are_those_of_the_file() {
    assert_eq!(
        targets(),
        std::fs::read_to_string("examples/targets.csv").unwrap()
    );
}

#[test]
fn every_console_block_is_true() {
    let shown = shown();
    assert!(shown.len() > 3);
    // one folder: a command may read what one before it wrote
    let folder = tempfile::tempdir().unwrap();
    for file in ["poll.csv", "poll-codebook.csv", "us2016.csv"] {
        let from = std::path::Path::new("examples").join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    std::fs::write(folder.path().join("targets.csv"), targets()).unwrap();
    for (command, output) in shown {
        let words = command.strip_prefix("opine ").unwrap();
        let run = line(folder.path(), words);
        assert_eq!(run.code, 0, "{command}: {}", run.err);
        assert_eq!(run.out.trim(), output.trim(), "{command}");
    }
}

/// The lines of a shell block of a file under a heading.
fn lines_under(file: &str, heading: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(file).unwrap();
    let (_, section) = readme.split_once(heading).unwrap();
    let (_, block) = section.split_once("```sh\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    block
        .lines()
        .map(|line| line.split(" #").next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn the_five_jobs_run_as_they_stand_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy("examples/tonight.csv", folder.path().join("tonight.csv")).unwrap();
    assert_eq!(opine_in(folder.path(), &["init", "my-polls"], "").code, 0);
    let jobs = lines_under("README.md", "## Five jobs");
    assert_eq!(jobs.len(), 5);
    for job in jobs {
        let (well, err) = shell(folder.path(), &job);
        assert!(well && !err.contains("panicked"), "{job}: {err}");
    }
    assert!(folder.path().join("tonight.png").is_file());
}

#[test]
fn a_press_release_becomes_a_page_in_five_lines() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["press-release.csv", "sweden2020.csv"] {
        let from = std::path::Path::new("examples").join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    let lines = lines_under("examples/README.md", "## From a press release to a page");
    assert_eq!(lines.len(), 5);
    for line in lines {
        let (well, err) = shell(folder.path(), &line);
        assert!(well && !err.contains("panicked"), "{line}: {err}");
        assert!(!err.contains("warning"), "{line}: {err}");
    }
    let page = std::fs::read_to_string(folder.path().join("trust.html")).unwrap();
    for text in ["Germany", "Not very much", "1,010", "37.0–43.1"] {
        assert!(page.contains(text), "no {text} in {page}");
    }
    for chart in ["trust.png", "change.png"] {
        assert!(folder.path().join(chart).is_file(), "{chart}");
    }
}
