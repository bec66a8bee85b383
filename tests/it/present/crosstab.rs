//! Banner tables as people read them.

use crate::cli::program::{Run, command};
use crate::present::estimates::{POLL, line};

/// A folder with the poll and its codebook.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["poll.csv", "poll-codebook.csv"] {
        let from = std::path::Path::new("examples").join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    folder
}

/// The banner of party and age over the poll, with nets, and what else is asked for.
fn banner(more: &str) -> String {
    format!(
        "crosstab poll.csv --codebook poll-codebook.csv --columns party,age --net 'Worried=Very worried,Somewhat worried' \
         --net 'Not worried=Not very worried,Not at all worried' {POLL} {more}"
    )
}

fn read(words: &str) -> String {
    let folder = folder();
    let Run { code, out, err } = line(folder.path(), words);
    assert_eq!(code, 0, "{words}: {err}");
    out
}

/// The same in a terminal of so many columns.
fn read_at(width: u32, words: &[&str]) -> String {
    let folder = folder();
    let mut command = command(folder.path(), words);
    let output = command.env("COLUMNS", width.to_string()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_question_by_party_and_age_in_every_format() {
    for format in ["text", "md", "html", "latex"] {
        let out = read(&banner(&format!("--rows q1 --format {format}")));
        insta::assert_snapshot!(format!("banner_{format}"), out);
    }
}

#[test]
fn without_rows_the_codebook_says_what_is_asked_and_in_which_order() {
    let folder = folder();
    let run = line(folder.path(), &banner(""));
    assert_eq!(run.code, 0, "{}", run.err);
    let titles = run.out.lines().filter(|line| line.starts_with("Table "));
    insta::assert_snapshot!(titles.collect::<Vec<_>>().join("\n"), @r"
    Table 1. How worried are you about a confrontation between the US and China?
    Table 2. Feelings towards the United States, from 0 (cold) to 100 (warm)
    Table 3. Sex
    Table 4. Region
    ");
    insta::assert_snapshot!(run.err, @r"
    note: no table of stratum, psu, weight: of the design
    note: no table of party, age: of the banner
    note: no table of id: not in the codebook
    ");
    assert!(
        run.out.contains("Not at all worried") && !run.out.contains('…'),
        "labels are whole"
    );
}

#[test]
fn sixty_columns_are_pages_of_whole_blocks() {
    let words =
        "crosstab poll.csv --codebook poll-codebook.csv --rows q1 --columns party,age,region";
    let words: Vec<&str> = words.split(' ').collect();
    let out = read_at(60, &words);
    let wide = out.lines().find(|line| line.chars().count() > 60);
    assert_eq!(wide, None);
    insta::assert_snapshot!(out);
}

#[test]
fn a_block_wider_than_a_page_is_cut_into_equal_parts() {
    let words = "crosstab poll.csv --codebook poll-codebook.csv --rows q1 --columns party:sex,region --no-total";
    let words: Vec<&str> = words.split(' ').collect();
    insta::assert_snapshot!(read_at(60, &words));
}

#[test]
fn latex_of_many_columns_is_set_in_parts_with_the_total() {
    let out = read(&format!(
        "crosstab poll.csv --codebook poll-codebook.csv --rows q1 --columns party,age,sex,party:sex {POLL} --format latex"
    ));
    let parts: Vec<&str> = out.split("\\begin{tabular}").skip(1).collect();
    assert!(parts.len() > 1, "{out}");
    let mut columns = 0;
    for part in &parts {
        let body = part.split("\\end{tabular}").next().unwrap();
        let spec = body.split('\n').next().unwrap();
        let (numbers, letters) = (spec.matches('r').count(), spec.matches("@{}l").count());
        // the row of n has a cell for each column, the total among them, and one for its letters
        let row = body.lines().find(|line| line.starts_with("n & 1,936 &"));
        let heads = body.lines().find(|line| line.contains(" & Total &"));
        for line in [row.unwrap(), heads.unwrap()] {
            assert_eq!(line.matches('&').count(), numbers + letters, "{line}");
        }
        columns += numbers - 1;
    }
    assert_eq!(columns, 3 + 4 + 2 + 6);
    // a table has one number, its foot stands under the last part, and nothing floats between the parts
    assert_eq!(out.matches("\\caption{").count(), 1);
    assert_eq!(out.matches("\\begin{table}").count(), 1);
    assert_eq!(out.matches("Source: poll.csv").count(), 1);
}

#[test]
fn letters_of_latex_have_a_column_of_their_own() {
    let out = read(&banner("--rows q1 --format latex"));
    assert!(
        out.contains(
            "NET Worried} & \\textbf{70} & \\textbf{63} & & \\textbf{70} &\\textsuperscript{A}"
        ),
        "{out}"
    );
    assert!(!out.contains("\\rlap"), "letters take no room of others");
}

#[test]
fn parts_longer_than_a_page_go_on_on_the_next() {
    let out = read(&format!(
        "crosstab poll.csv --codebook poll-codebook.csv --rows 'prop(therm_us)' --columns party,age,sex,region,party:age {POLL} --test none --format latex"
    ));
    let long = out.matches("\\begin{longtable}").count();
    assert!(
        long > 1 && out.matches("\\endhead").count() == long,
        "{out}"
    );
    assert_eq!(out.matches(", continued").count(), long - 1);
}

#[test]
fn comparisons_and_tests_have_tables_too() {
    insta::assert_snapshot!(
        "pairs",
        read(&banner("--rows q1,therm_us --against rest --pairs"))
    );
    insta::assert_snapshot!("tests", read(&banner("--rows q1,sex --tests")));
}

#[test]
fn a_grid_tells_what_its_columns_ask() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "a,b\nb,b\na,a\nb,a\n".repeat(30);
    std::fs::write(folder.path().join("x.csv"), format!("q1,q2\n{rows}")).unwrap();
    let book = "variable,label\nq1,Is it so?\nq2,Will it be so\n";
    std::fs::write(folder.path().join("book.csv"), book).unwrap();
    let words = "crosstab x.csv --codebook book.csv --rows q1,q2 --grid Both=q1,q2";
    let run = line(folder.path(), words);
    assert!(
        run.out.contains("q1: Is it so?; q2: Will it be so."),
        "{}",
        run.out
    );
}

#[test]
fn columns_that_nobody_is_in_are_said_and_left_out_where_that_is_asked() {
    let folder = folder();
    let words = "crosstab poll.csv --rows q1 --columns region,sex --where 'region == \"South\"'";
    let run = line(folder.path(), words);
    let note = "note: nobody is in the columns East, North, West; --drop-empty leaves them out";
    assert!(run.err.contains(note), "{}", run.err);
    assert!(run.out.contains("East**"), "{}", run.out);
    let run = line(folder.path(), &format!("{words} --drop-empty"));
    assert!(
        !run.out.contains("East") && !run.err.contains("nobody"),
        "{}",
        run.out
    );
    let letters = run.out.lines().find(|line| line.trim().starts_with('A'));
    assert_eq!(
        letters.map(|line| line.split_whitespace().collect::<Vec<_>>()),
        Some(vec!["A", "B", "C"])
    );
    let run = line(folder.path(), "crosstab poll.csv --rows q1 --drop-empty");
    assert_eq!(run.code, 2, "{}", run.err);
}
