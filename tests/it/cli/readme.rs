//! What README shows is what the program prints.

use std::path::Path;

use crate::cli::pages::{folder, run};
use crate::cli::program::{opine_in, shell};

/// The targets of a weighting that the book shows.
fn targets(page: &str) -> String {
    let page = std::fs::read_to_string(page).unwrap();
    let (_, block) = page.split_once("```csv targets.csv\n").unwrap();
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn the_targets_shown_are_those_of_the_file() {
    assert_eq!(
        targets("docs/jobs.md"),
        std::fs::read_to_string("examples/targets.csv").unwrap()
    );
}

#[test]
fn every_console_block_is_true() {
    let readme = Path::new("README.md");
    let folder = folder();
    assert_eq!(opine_in(folder.path(), &["init", "my-polls"], "").code, 0);
    let (new, wrong, failed) = run(readme, folder.path());
    match std::env::var("UPDATE_PAGES") {
        Ok(_) => std::fs::write(readme, new).unwrap(),
        Err(_) => assert!(wrong.is_empty(), "{}", wrong.join("\n\n")),
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// What it is, a picture, two commands, five jobs, where to read on.
#[test]
fn it_fits_two_screens() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let lines = readme.lines().count();
    assert!(lines <= 110, "{lines} lines");
    for link in readme.split("](").skip(1) {
        let link = link.split([')', '#']).next().unwrap();
        assert!(link.contains("://") || Path::new(link).exists(), "{link}");
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
