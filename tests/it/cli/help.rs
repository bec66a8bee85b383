//! What leads to the right command: short help, and words that other programs use.

use crate::cli::program::{command, opine};

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    // what goes on from the line before is further to the right
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// `-h` of a command at 100 columns.
fn short_help(words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["-h"]).collect();
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &words)
        .env("COLUMNS", "100")
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn short_help_of_every_command_is_one_screen() {
    let mut open = vec![Vec::new()];
    let mut count = 0;
    while let Some(words) = open.pop() {
        let help = short_help(&words);
        let lines = help.lines().count();
        assert!(
            (6..=50).contains(&lines),
            "{words:?} has {lines} lines:\n{help}"
        );
        let wide = help.lines().find(|line| line.chars().count() > 100);
        assert_eq!(wide, None, "{words:?}");
        for name in commands(&help) {
            open.push([words.clone(), vec![name]].concat());
        }
        count += 1;
    }
    assert!(count > 30, "{count} commands");
}

#[test]
fn words_of_other_programs_lead_to_the_command() {
    for (verb, right) in [
        ("freq", "opine estimate"),
        ("tab", "opine estimate"),
        ("tabulate", "opine estimate"),
        ("xtab", "opine crosstab"),
        ("crosstabs", "opine crosstab"),
        ("banner", "opine crosstab"),
        ("toplines", "opine topline"),
        ("codebook", "opine describe"),
        ("summarize", "opine describe"),
        ("svymean", "opine estimate"),
        ("plot", "opine chart"),
        ("rake", "opine weight"),
        ("moe", "opine interval"),
        ("help", "--help"),
        ("FREQ", "opine estimate"),
        ("estmate", "opine estimate"),
        ("chrt", "opine chart"),
        ("sumary", "opine summary"),
        ("poll.csv", "opine describe poll.csv"),
        ("63", "opine interval 63"),
        ("egf2023/worried", "opine summary egf2023/worried"),
        ("nonsense", "opine --help"),
    ] {
        let run = opine(&[verb]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{verb}");
        assert!(run.err.contains(right), "{verb}: {}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{verb}: {}", run.err);
    }
    let kind = opine(&["chart", "line", "waves.csv"]);
    assert!(kind.err.contains("opine chart trend"), "{}", kind.err);
}

#[test]
fn no_command_shows_all_and_where_to_begin() {
    let run = opine(&[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("Commands:") && run.err.contains("opine describe FILE"));
}

#[test]
fn the_columns_of_every_command_fit_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut topics = vec![
        "summary", "interval", "size", "check", "export", "card", "bounds",
    ];
    topics.extend([
        "compare", "weight", "chart", "estimate", "crosstab", "design", "describe",
    ]);
    topics.extend([
        "sums",
        "trend",
        "trend-variance",
        "test",
        "pool",
        "fit",
        "fit-margins",
    ]);
    for topic in topics {
        for (columns, widest) in [("", 100), ("72", 72)] {
            let mut run = command(folder.path(), &["schema", topic]);
            if !columns.is_empty() {
                run.env("COLUMNS", columns);
            }
            let printed = String::from_utf8(run.output().unwrap().stdout).unwrap();
            let longest = printed.lines().map(|line| line.chars().count()).max();
            assert!(
                longest.is_some_and(|longest| longest <= widest),
                "{topic}: {printed}"
            );
        }
    }
}
