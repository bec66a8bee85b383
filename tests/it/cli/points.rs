//! Differences of shares are points, and sums of shares per cents, wherever they are read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::program::{Run, number, opine_in, rows};

const NET: &str = "Net = prop(q1 == 'Very worried') - prop(q1 == 'Not at all worried')";

fn run(args: &[&str], folder: &Path) -> Run {
    let run = opine_in(folder, args, "");
    assert_eq!(run.code, 0, "{args:?}: {}", run.err);
    run
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let poll = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/poll.csv");
    std::fs::copy(poll, folder.path().join("poll.csv")).unwrap();
    folder
}

/// What a reader of a file sees; of a workbook without its sheet of exact rows, which are for programs.
fn read(file: &Path) -> String {
    let starts = match file.extension().and_then(|ending| ending.to_str()) {
        Some("xlsx") => "xl/worksheets/sheet",
        Some("docx") => "word/document",
        Some("pptx") => "ppt/slides/slide",
        _ => return std::fs::read_to_string(file).unwrap(),
    };
    let mut zip = zip::ZipArchive::new(File::open(file).unwrap()).unwrap();
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if part.name().unwrap().starts_with(starts) {
            parts.push(String::from_utf8(bytes).unwrap());
        }
    }
    if starts.starts_with("xl") && parts.len() > 1 {
        parts.pop();
    }
    parts.concat()
}

/// 9.3 points are printed so by every command that takes an item, in every format.
#[test]
fn a_net_score_is_points_in_every_format() {
    let folder = folder();
    let commands: [&[&str]; 3] = [
        &["estimate", "poll.csv", NET],
        &["crosstab", "poll.csv", "--rows", NET, "--columns", "party"],
        &["topline", "poll.csv", "--rows", NET],
    ];
    for command in commands {
        for ending in ["txt", "md", "html", "tex", "xlsx", "docx", "pptx"] {
            // slides are of questions, not of estimates
            if (command[0], ending) == ("estimate", "pptx") {
                continue;
            }
            let out = format!("{}.{ending}", command[0]);
            let mut args = command.to_vec();
            args.extend(["-o", &out]);
            args.extend(if ending == "txt" {
                &["--format", "text"][..]
            } else {
                &[]
            });
            run(&args, folder.path());
            let text = read(&folder.path().join(&out));
            assert!(
                text.contains("9.3") || text.contains(">9.29"),
                "{args:?}: {text}"
            );
            assert!(!text.contains("0.09"), "{args:?}: {text}");
        }
    }
}

/// JSON stays a share of 1, and what reads it back says points: tables, averages, comparisons, charts.
#[test]
fn a_net_score_is_points_wherever_its_rows_go() {
    let folder = folder();
    let estimates = run(
        &["estimate", "poll.csv", NET, "--by", "party", "--json"],
        folder.path(),
    );
    let read = rows(&estimates);
    assert_eq!(read[0]["statistic"], "difference of shares");
    assert!((number(&read[2], "estimate") - 0.1958).abs() < 1e-4);
    std::fs::write(folder.path().join("net.json"), &estimates.out).unwrap();
    let said = run(
        &[
            "compare",
            "net.json",
            "--row",
            "party=Red",
            "--row",
            "party=Blue",
        ],
        folder.path(),
    );
    assert!(
        said.out.contains("19.4 points above") && said.out.contains("points "),
        "{}",
        said.out
    );
    let pooled = run(&["pool", "net.json"], folder.path()).out;
    assert!(pooled.contains("9.5 points (95% interval"), "{pooled}");
    let pairs = run(
        &["estimate", "poll.csv", NET, "--by", "party", "--pairwise"],
        folder.path(),
    );
    assert!(
        pairs.out.contains("+19.6") && pairs.out.contains("−19.4"),
        "{}",
        pairs.out
    );
    let cells = run(
        &[
            "crosstab",
            "poll.csv",
            "--rows",
            NET,
            "--columns",
            "party",
            "--json",
        ],
        folder.path(),
    );
    std::fs::write(folder.path().join("cells.json"), cells.out).unwrap();
    let pool = run(&["pool", "net.json", "--json"], folder.path());
    std::fs::write(folder.path().join("pool.json"), pool.out).unwrap();
    for (kind, input) in [
        ("bar", "net.json"),
        ("dot", "net.json"),
        ("banner", "cells.json"),
        ("pool", "pool.json"),
    ] {
        run(&["chart", kind, input, "-o", "net.svg"], folder.path());
        let svg = std::fs::read_to_string(folder.path().join("net.svg")).unwrap();
        assert!(
            svg.contains(">points<") && svg.contains("19.6<"),
            "{kind}: {svg}"
        );
    }
}

#[test]
fn what_is_no_difference_of_shares_keeps_its_unit() {
    let folder = folder();
    let table = |item: &str| run(&["estimate", "poll.csv", item], folder.path()).out;
    let sum = table("prop(q1 == 'Very worried') + prop(q1 == 'Somewhat worried')");
    assert!(sum.contains(" 71 "), "{sum}");
    // counted in per cents by whoever asked, and a difference of means
    let scaled = table("100 * prop(q1 == 'Very worried') - 100 * prop(q1 == 'Not at all worried')");
    assert!(
        scaled.contains(" 9.3 ") && scaled.contains("estimate"),
        "{scaled}"
    );
    let means = table("mean(therm_us) - mean(therm_us, where sex == 'Male')");
    assert!(means.contains("estimate"), "{means}");
}
