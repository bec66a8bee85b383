//! `opine trend` and `opine chart polls`, as they are started: values, rules of honesty, what is refused or said.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::program::{Run, command, number, opine_in, rows};

/// The polls of 2016 that are shipped.
fn us2016() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("examples/us2016.csv", folder.path().join("us2016.csv")).unwrap();
    folder
}

fn run(folder: &Path, line: &str) -> Run {
    opine_in(folder, &line.split(' ').collect::<Vec<_>>(), "")
}

const HEAD: &str = "poll,pollster,start,end,n,response,percent\n";

/// A poll a week of four houses: A about 40, B about 35, C about 0.4; what a test adds after them.
fn polls(count: usize, more: &str) -> tempfile::TempDir {
    let mut text = HEAD.to_owned();
    for k in 0..count {
        let (house, day) = (["Alpha", "Beta", "Gamma", "Delta"][k % 4], 1 + 2 * k);
        let date = format!("2020-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
        let up = (k * 7 % 5) as f64 / 2.0;
        for (answer, percent) in [("A", 39.0 + up), ("B", 36.0 - up), ("C", 0.3 + up / 10.0)] {
            writeln!(
                text,
                "{},{house},{date},{date},1000,{answer},{percent}",
                k + 1
            )
            .unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.csv"), text + more).unwrap();
    folder
}

fn golden() -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("../../golden/trend.json")).unwrap();
    golden["series"].as_array().unwrap().clone()
}

fn date(day: i64) -> String {
    opine::internals::published::figures::date::Date::from_days(day).to_string()
}

/// The polls of a reference as a file: days with a half begin the day before.
fn file_of(entry: &Value, path: &Path) {
    let list = |name: &str| entry["data"][name].as_array().unwrap().clone();
    let (days, houses, n) = (list("day"), list("house"), list("n"));
    let mut text = HEAD.to_owned();
    for (k, percent) in list("percent").iter().enumerate() {
        let day = days[k].as_f64().unwrap();
        let (start, end) = (date(day.floor() as i64), date(day.ceil() as i64));
        let (house, n) = (houses[k].as_str().unwrap().replace('"', ""), &n[k]);
        writeln!(text, "{},\"{house}\",{start},{end},{n},R,{percent}", k + 1).unwrap();
    }
    fs::write(path, text).unwrap();
}

#[test]
fn days_are_those_of_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    // in these the smoothed share in the variance of sampling is within the tolerance of the pooled one
    for id in ["us2016_clinton", "se2006_v_boundary"] {
        let all = golden();
        let entry = all.iter().find(|entry| entry["id"] == id).unwrap();
        file_of(entry, &folder.path().join("p.csv"));
        let days = entry["days"].as_array().unwrap();
        for (how, tolerance) in [("reml", 5e-3), ("integrated", 0.02)] {
            for k in [days.len() / 2, days.len() - 1] {
                let on = date(days[k].as_i64().unwrap());
                let line = format!(
                    "trend p.csv --response R --overlap keep --variance {how} --on {on} --show daily --format json"
                );
                let row = &rows(&run(folder.path(), &line))[0];
                for (column, expected) in [("estimate", "mean"), ("se", "sd")] {
                    let found = 100.0 * number(row, column);
                    let expected = entry[how][expected][k].as_f64().unwrap();
                    assert!(
                        (found - expected).abs() < tolerance,
                        "{id} {how} {on}: {found} {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn columns_are_those_that_are_promised() {
    let folder = polls(24, "");
    for (show, columns) in [
        (
            "latest",
            "source variable level date statistic estimate se ci_low ci_high polls houses last_poll change_30 change_30_low \
             change_30_high probability_of_lead probability_with_historical_error historical_error flags note",
        ),
        (
            "houses",
            "level house polls first last estimate se ci_low ci_high relative_to flags note",
        ),
        (
            "polls",
            "level poll house start end n printed fitted residual z weight used flags note",
        ),
        (
            "variance",
            "level parameter estimate ci_low ci_high method note",
        ),
        (
            "agreement",
            "level parameter estimate ci_low ci_high method note",
        ),
    ] {
        let line = format!("trend p.csv --response A --show {show} --csv");
        let run = run(folder.path(), &line);
        let head = run.out.lines().next().unwrap();
        assert_eq!(head.replace(',', " "), columns, "{show}: {}", run.err);
    }
    // a file by its name, whatever the folder, as other commands have it
    let whole = folder.path().join("p.csv").display().to_string();
    for show in ["latest", "daily"] {
        let args = ["trend", &whole, "--response", "A", "--show", show, "--csv"];
        let run = opine_in(folder.path(), &args, "");
        assert!(
            run.out.lines().skip(1).all(|row| row.starts_with("p,")),
            "{}",
            run.out
        );
    }
}

#[test]
fn every_format_is_written() {
    let folder = polls(24, "");
    for show in [
        "latest",
        "daily --every 7d",
        "houses",
        "polls",
        "variance",
        "agreement",
    ] {
        for file in [
            "t.txt",
            "t.md",
            "t.html",
            "t.tex",
            "t.csv",
            "t.json",
            "t.parquet",
            "t.xlsx",
        ] {
            let line = format!("trend p.csv --response A --show {show} -o {file}");
            let run = run(folder.path(), &line);
            assert_eq!(run.code, 0, "{line}: {}", run.err);
            assert!(
                fs::metadata(folder.path().join(file)).unwrap().len() > 40,
                "{line}"
            );
        }
    }
}

#[test]
fn shares_of_all_answers_sum_to_100_where_the_printed_ones_do() {
    let rest = |percent: &str| {
        let file = fs::read_to_string(polls(24, "").path().join("p.csv")).unwrap();
        let answers = file.lines().filter(|line| line.contains(",A,"));
        answers
            .map(|line| {
                let mut fields: Vec<&str> = line.split(',').collect();
                let a: f64 = fields[6].parse().unwrap();
                let up = a - 39.0;
                let others = format!("{}", 100.0 - a - (36.0 - up) - (0.3 + up / 10.0));
                fields[5] = "Others";
                fields[6] = if percent.is_empty() { &others } else { percent };
                fields.join(",") + "\n"
            })
            .collect::<String>()
    };
    let sum = |folder: &Path| -> f64 {
        let rows = rows(&run(folder, "trend p.csv --json"));
        rows.iter().map(|row| number(row, "estimate")).sum()
    };
    let whole = polls(24, &rest(""));
    assert!((sum(whole.path()) - 1.0).abs() < 1e-12);
    let text = run(whole.path(), "trend p.csv").out;
    assert!(text.contains("moved to sum to 100"), "{text}");
    let part = polls(24, &rest("10"));
    assert!(sum(part.path()) < 0.9);
    let text = run(part.path(), "trend p.csv").out;
    assert!(text.contains("add up to 85% on average"), "{text}");
}

#[test]
fn rows_in_another_order_and_other_threads_give_the_same_digits() {
    let folder = us2016();
    let text = fs::read_to_string(folder.path().join("us2016.csv")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let rows = &mut lines[1..];
    rows.reverse();
    rows.rotate_left(97);
    fs::write(folder.path().join("other.csv"), lines.join("\n")).unwrap();
    let line =
        |file: &str| format!("trend {file} --response Clinton --on 2016-11-08 --show daily --csv");
    let digits = |run: Run| run.out.replace("\nother,", "\nus2016,");
    let plain = digits(run(folder.path(), &line("us2016.csv")));
    assert!(plain.contains("2016-11-08"));
    assert_eq!(digits(run(folder.path(), &line("other.csv"))), plain);
    let one = line("us2016.csv");
    let output = command(folder.path(), &one.split(' ').collect::<Vec<_>>())
        .env("RAYON_NUM_THREADS", "1")
        .output();
    assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), plain);
}

/// Everything that is said of 2016, by all ways of showing it.
fn all_that_is_said(more: &str) -> String {
    let folder = us2016();
    let mut all = String::new();
    for show in ["latest", "houses", "variance", "agreement"] {
        let run = run(
            folder.path(),
            &format!("trend us2016.csv --response Clinton --show {show}{more}"),
        );
        assert_eq!(run.code, 0, "{}", run.err);
        all += &(run.out + &run.err + "\n");
    }
    all
}

#[test]
fn no_house_is_called_wrong_where_no_result_is_known() {
    let said = all_that_is_said("").to_lowercase();
    assert!(said.contains("average of the 44 houses"), "{said}");
    for word in ["bias", "wrong", "inaccurate", "herd", " will "] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    let folder = us2016();
    let line =
        "trend us2016.csv --response Clinton --show houses --level-by result=2016-11-08 --json";
    let rows = rows(&run(folder.path(), line));
    assert_eq!(rows[0]["relative_to"], "the result of 2016-11-08");
}

#[test]
fn bands_name_what_they_leave_out() {
    let folder = us2016();
    let plain = run(folder.path(), "trend us2016.csv --response Clinton").out;
    assert!(
        plain.contains("an error that all of them share is left out"),
        "{plain}"
    );
    assert!(plain.contains("No forecast"), "{plain}");
    let wide = run(
        folder.path(),
        "trend us2016.csv --response Clinton --historical-error",
    )
    .out;
    assert!(wide.contains("21 elections of five countries"), "{wide}");
    let line = |more: &str| format!("trend us2016.csv --response Clinton{more} --json");
    let width = |more: &str| {
        let row = rows(&run(folder.path(), &line(more)))[0].clone();
        number(&row, "ci_high") - number(&row, "ci_low")
    };
    // b of 1.9 points at 50%: 4 b² p (1 − p) of variance more
    let (narrow, wide) = (width(""), width(" --historical-error"));
    assert!(wide > 2.0 * narrow, "{narrow} {wide}");
}

#[test]
fn a_day_after_the_last_poll_is_no_forecast() {
    let folder = us2016();
    let line = "trend us2016.csv --response Clinton --on 2016-12-01";
    let text = run(folder.path(), line).out;
    assert!(
        text.contains("on 2016-12-01, if opinion moves as it did"),
        "{text}"
    );
    assert!(!text.contains(" will "), "{text}");
    let row = &rows(&run(folder.path(), &format!("{line} --json")))[0];
    assert_eq!(row["flags"], "nowcast");
    assert!(
        row["note"]
            .as_str()
            .unwrap()
            .contains("if opinion moves as it did")
    );
}

#[test]
fn a_probability_of_a_lead_stands_beside_the_one_with_errors_of_the_past() {
    let folder = us2016();
    let line = "trend us2016.csv --lead Clinton-Trump --on 2016-11-07";
    let text = run(folder.path(), line).out;
    assert!(
        text.contains(">95% by these polls alone, 89% with the errors that polls have shared"),
        "{text}"
    );
    assert!(
        text.contains("In these polls Clinton leads Trump"),
        "{text}"
    );
    let row = &rows(&run(folder.path(), &format!("{line} --json")))[0];
    assert!(number(row, "probability_of_lead") > 0.99);
    let shared = number(row, "probability_with_historical_error");
    assert!((shared - 0.89).abs() < 0.01, "{shared}");
}

#[test]
fn few_polls_or_houses_make_no_line() {
    let few = polls(7, "");
    let refused = run(few.path(), "trend p.csv --response A");
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .err
            .contains("too few polls for a line: 7 of 4 houses"),
        "{}",
        refused.err
    );
    assert_eq!(run(few.path(), "trend p.csv --response A --force").code, 0);
    let chart = run(few.path(), "chart polls p.csv --response A -o c.svg");
    assert_eq!(chart.code, 0, "{}", chart.err);
    assert!(
        chart.err.contains("too few polls for a line"),
        "{}",
        chart.err
    );
    let svg = fs::read_to_string(few.path().join("c.svg")).unwrap();
    assert!(svg.contains("No line of A: too few polls"), "{svg}");
    assert!(!svg.contains("The band"), "{svg}");
    // two houses: the band rests on what is usual of houses, and it is said
    let two = fs::read_to_string(polls(24, "").path().join("p.csv")).unwrap();
    let two = two.replace("Gamma", "Alpha").replace("Delta", "Beta");
    fs::write(few.path().join("two.csv"), two).unwrap();
    assert_eq!(run(few.path(), "trend two.csv --response A").code, 2);
    let forced = run(few.path(), "trend two.csv --response A --force").out;
    assert!(forced.contains("Under three houses"), "{forced}");
}

#[test]
fn what_was_left_out_is_counted_by_reason() {
    let more = "90,Alpha,2020-03-10,2020-03-01,1000,A,41\n\
                91,Alpha,2020-03-02,2020-03-03,15,A,41\n\
                92,Beta,2020-03-02,2020-03-03,,A,41\n\
                93,Beta,2020-01-02,2020-03-09,1000,A,41\n\
                94,Gamma,,,1000,A,41\n\
                95,Gamma,2020-03-01,2020-03-04,1000,B,41\n";
    let folder = polls(24, more);
    let text = run(folder.path(), "trend p.csv --response A --overlap keep").out;
    for words in [
        "1 without a date",
        "1 that ends before it begins",
        "1 over 60 days in the field",
        "1 without the answer",
        "1 without a number of respondents",
        "1 of fewer than 100 respondents",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let rows = rows(&run(
        folder.path(),
        "trend p.csv --response A --overlap keep --show polls --json",
    ));
    assert_eq!(rows.len(), 30);
    let unused: Vec<&Value> = rows.iter().filter(|row| row["used"] == false).collect();
    assert_eq!(unused.len(), 6);
    assert!(
        unused
            .iter()
            .all(|row| !row["note"].as_str().unwrap().is_empty())
    );
    let taken = run(
        folder.path(),
        "trend p.csv --response A --overlap keep --assume-n 800",
    )
    .out;
    assert!(
        taken.starts_with('A') && taken.contains("25 polls"),
        "{taken}"
    );
}

#[test]
fn who_is_in_the_base_is_said() {
    let folder = polls(24, "");
    let text = run(folder.path(), "trend p.csv --response A").out;
    assert!(text.contains("add up to 75% on average"), "{text}");
    // twelve polls that add up to 100 among those that add up to 75
    let more: String = (0..12)
        .map(|k| {
            let day = format!("2020-03-{:02}", 2 * k + 1);
            let poll = 200 + k;
            format!("{poll},Omega,{day},{day},1000,A,52\n{poll},Omega,{day},{day},1000,B,48\n")
        })
        .collect();
    let mixed = polls(24, &more);
    let run = run(mixed.path(), "trend p.csv --response A");
    assert!(run.err.contains("warning: Bases differ"), "{}", run.err);
    assert!(run.out.contains("Bases differ"), "{}", run.out);
}

#[test]
fn a_small_party_has_no_share_below_0() {
    let folder = polls(24, "");
    let text = run(folder.path(), "trend p.csv --response C").out;
    assert!(text.starts_with("C <1, 95% band <1–"), "{text}");
    let row = &rows(&run(folder.path(), "trend p.csv --response C --json"))[0];
    assert!(number(row, "ci_low") > 0.0);
}

#[test]
fn a_change_has_an_interval_of_its_own() {
    let folder = us2016();
    let day = |on: &str| {
        let line = format!("trend us2016.csv --response Clinton --on {on} --json");
        rows(&run(folder.path(), &line))[0].clone()
    };
    let (now, before) = (day("2016-11-06"), day("2016-10-07"));
    let change = number(&now, "estimate") - number(&before, "estimate");
    assert!((number(&now, "change_30") - change).abs() < 1e-10);
    let half = (number(&now, "change_30_high") - number(&now, "change_30_low")) / 2.0;
    let apart = 1.96 * (number(&now, "se").powi(2) + number(&before, "se").powi(2)).sqrt();
    // both days rest on the same houses, whose average moves both
    assert!(half < 0.9 * apart, "{half} {apart}");
}

#[test]
fn agreement_is_said_without_a_verdict() {
    // forty polls of four houses that all print 40 and 35
    let mut text = HEAD.to_owned();
    for k in 0..40 {
        let house = ["Alpha", "Beta", "Gamma", "Delta"][k % 4];
        let date = format!("2020-{:02}-{:02}", 1 + k / 20, 1 + k % 20);
        let percent = 40.0 + (k % 3) as f64 / 10.0;
        writeln!(text, "{k},{house},{date},{date},500,A,{percent}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.csv"), text).unwrap();
    let text = run(folder.path(), "trend p.csv --show agreement").out;
    assert!(
        text.contains("differ less than random samples of their size would"),
        "{text}"
    );
    assert!(text.contains("this does not say which"), "{text}");
    assert!(!text.to_lowercase().contains("herd"), "{text}");
}

#[test]
fn rows_that_cannot_be_taken_are_named() {
    let more = "90,Alpha,2020-03-02,2020-03-03,1000,A,141\n\
                91,Alpha,2020-03-05,2020-03-32,1000,A,41\n\
                1,Alpha,2020-01-03,2020-01-03,1000,A,44\n\
                92,Alpha,2020-03-05,2020-03-06,1000,,41\n\
                election,election,,,,A,41\n";
    let more = more.replace("election,election", "r,election");
    let folder = polls(24, &more);
    let run = run(folder.path(), "trend p.csv --response A");
    assert_eq!(run.code, 0, "{}", run.err);
    for words in [
        "line 74: left out: 141 is no per cent",
        "line 75: left out: end \"2020-03-32\"",
        "line 76: left out: poll 1 has A twice",
        "line 77: left out: no answer",
        "line 78: left out: a result without a date",
    ] {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
}

#[test]
fn odd_files_are_refused_or_said() {
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| fs::write(folder.path().join("p.csv"), text).unwrap();
    let line = |more: &str| run(folder.path(), &format!("trend p.csv{more}"));
    let refused = |run: Run, words: &str| {
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains(words), "{words}: {}", run.err);
    };
    write("");
    refused(line(""), "no column pollster");
    write("poll,polster,response,percent\n");
    refused(line(""), "did you mean polster?");
    write(HEAD);
    refused(line(""), "there are no polls in it");
    write(&format!("{HEAD}r,election,2020-03-01,2020-03-01,,A,41\n"));
    refused(line(""), "results and no polls");
    write(&format!("{HEAD}1,Alpha,2020-03-01,2020-03-01,900,A,41\n"));
    refused(line(""), "no answer has polls enough");
    refused(line(" --response A"), "too few polls");
    refused(line(" --response A --force"), "too few polls");
    refused(line(" --response a --lead A-Z"), "no poll has the answer Z");
    fs::write(
        folder.path().join("p.csv"),
        b"pollster,response,percent\nM\xfcller,A,41\n",
    )
    .unwrap();
    refused(line(""), "UTF-8");
    assert_eq!(line(" --on 2020-02-30").code, 2);
    assert_eq!(run(folder.path(), "trend none.csv").code, 3);
    // all on one day: no walk can be told from noise, and the level is still their mean
    let rows: String = (0..12)
        .map(|k| {
            format!(
                "{k},House {},2020-03-01,2020-03-01,900,A,{}\n",
                k % 4,
                40 + k % 3
            )
        })
        .collect();
    write(&format!("{HEAD}{rows}"));
    let one_day = line(" --response A --overlap keep");
    assert_eq!(one_day.code, 0, "{}", one_day.err);
    assert!(one_day.out.starts_with("A 4"), "{}", one_day.out);
    // semicolons, a mark at the head, names in other cases
    let other = format!("\u{feff}{HEAD}{rows}")
        .replace(',', ";")
        .replace("House 1", "HOUSE 1");
    write(
        &other
            .replacen("4;HOUSE 1", "4;House 1", 1)
            .replacen("5;HOUSE 1", "5;House 1", 1),
    );
    let run = line(" --response A --overlap keep");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("are they one?\n"), "{}", run.out);
    // one answer of each poll says nothing of those who gave another
    write(&format!("{HEAD}{rows}"));
    let run = line(" --response A --overlap keep");
    assert!(
        run.out.contains("One answer alone does not tell") && !run.out.contains("add up to"),
        "{}",
        run.out
    );
}

#[test]
fn doubled_polls_and_years_without_polls_are_said() {
    let file = fs::read_to_string(polls(24, "").path().join("p.csv")).unwrap();
    let doubled = file
        .lines()
        .find(|line| line.starts_with("9,") && line.contains(",A,"))
        .unwrap();
    let others: String = file
        .lines()
        .filter(|line| line.starts_with("9,"))
        .map(|line| line.replacen("9,", "99,", 1) + "\n")
        .collect();
    let folder = polls(24, &others);
    let run1 = run(folder.path(), "trend p.csv --response A --overlap keep");
    assert!(
        run1.out.contains("polls 9 and 99 of Alpha are the same"),
        "{doubled}: {}",
        run1.out
    );
    let old = polls(24, "99,Beta,1920-01-01,1920-01-03,1000,A,40\n");
    let century = run(old.path(), "trend p.csv --response A");
    assert!(
        century.out.contains("100 years without a poll"),
        "{}",
        century.out
    );
}

#[test]
fn options_without_effect_are_refused() {
    let folder = polls(24, "");
    for line in [
        "trend p.csv --every 7d",
        "trend p.csv --show houses --on 2020-03-01",
        "trend p.csv --show houses --historical-error",
        "trend p.csv --show agreement --variance reml",
        "trend p.csv --show variance --level 90",
        "trend p.csv --show variance --level-by polls",
        "trend p.csv --contest other",
        "trend p.csv --level-by nobody",
        "trend p.csv --level-by pollster=Omega --response A",
        "trend p.csv --level-by result=2020-03-01 --response A",
        "trend p.csv --variance fixed:1,2",
        "chart polls p.csv -o c.svg --effects",
        "chart polls p.csv -o c.svg --effects --style houses --response A",
        "chart polls p.csv -o c.svg --response A --lead A-B",
        "chart polls p.csv -o c.gif",
    ] {
        let run = run(folder.path(), line);
        assert_eq!(run.code, 2, "{line}: {}", run.err);
        assert_eq!(run.out, "", "{line}");
    }
}

#[test]
fn other_levels_move_the_line_and_the_houses() {
    let folder = us2016();
    let level = |by: &str| {
        let line =
            format!("trend us2016.csv --response Clinton --on 2016-11-07 --level-by {by} --json");
        number(&rows(&run(folder.path(), &line))[0], "estimate")
    };
    let houses = level("houses");
    assert!((level("polls") - houses).abs() > 1e-4);
    let effect = |by: &str| {
        let line =
            format!("trend us2016.csv --response Clinton --show houses --level-by {by} --json");
        let rows = rows(&run(folder.path(), &line));
        let row = rows.iter().find(|row| row["house"] == "YouGov").unwrap();
        number(row, "estimate")
    };
    let own = level("pollster=YouGov");
    assert!((own - houses - effect("houses")).abs() < 1e-9);
    assert!(effect("pollster=YouGov").abs() < 1e-12);
    // tied to the result of the day after the last poll: the line of the day before is near it
    let tied = level("result=2016-11-08");
    assert!((tied - 0.4854).abs() < 0.003, "{tied}");
}

#[test]
fn daily_rows_are_drawn_as_a_trend() {
    let folder = polls(24, "");
    let daily = run(
        folder.path(),
        "trend p.csv --response A,B --show daily --every 7d --csv",
    );
    fs::write(folder.path().join("days.csv"), daily.out).unwrap();
    let drawn = run(folder.path(), "chart trend days.csv -o t.svg");
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert!(!drawn.err.contains("split into charts"), "{}", drawn.err);
}

#[test]
fn a_backtest_has_the_day_before_each_election() {
    let results =
        "r,election,2020-02-22,2020-02-22,,A,41.5\nr,election,2020-02-22,2020-02-22,,B,35\n";
    let folder = polls(24, results);
    let found = rows(&run(folder.path(), "trend p.csv --backtest --json"));
    assert_eq!(found.len(), 2);
    let before = run(
        folder.path(),
        "trend p.csv --response A --to 2020-02-21 --on 2020-02-21 --json",
    );
    let line = number(&rows(&before)[0], "estimate");
    assert_eq!(found[0]["level"], "A");
    assert!((number(&found[0], "model") - line).abs() < 1e-12);
    assert!((number(&found[0], "result") - 0.415).abs() < 1e-12);
    assert_eq!(found[0]["covered_historical"], true);
    // the polls of the last 14 days: by hand
    let file = fs::read_to_string(folder.path().join("p.csv")).unwrap();
    let last = file
        .lines()
        .filter(|line| line.contains(",A,") && !line.contains("election"));
    let last = last.filter(|line| line.split(',').nth(2).unwrap() >= "2020-02-08");
    let last: Vec<f64> = last
        .map(|line| line.rsplit(',').next().unwrap().parse().unwrap())
        .collect();
    let mean = last.iter().sum::<f64>() / last.len() as f64;
    assert!((100.0 * number(&found[0], "mean_14_days") - mean).abs() < 1e-9);
    let text = run(folder.path(), "trend p.csv --backtest").out;
    assert!(text.contains("can’t be told apart"), "{text}");
    for line in [
        "trend p.csv --backtest --show houses",
        "trend p.csv --backtest --to 2020-02-01",
        "trend p.csv --backtest --level-by result=2020-02-22",
        "trend p.csv --report out --show daily",
    ] {
        assert_eq!(run(folder.path(), line).code, 2, "{line}");
    }
    let none = polls(24, "");
    assert_eq!(run(none.path(), "trend p.csv --backtest").code, 2);
}

#[test]
fn a_tracker_is_a_page_with_its_charts_and_numbers() {
    let folder = polls(24, "90,Alpha,2020-02-02,2020-02-03,15,A,41\n");
    let written = run(folder.path(), "trend p.csv --response A,B --report out");
    assert_eq!(written.code, 0, "{}", written.err);
    let page = fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    for words in [
        "Where it stands",
        "What changed over 30 days",
        "Houses",
        "What was left out, and why",
        "1 of fewer than 100 respondents",
        "What no average can know",
        "no forecast",
        "<svg",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script"));
    for file in ["polls.svg", "polls.png", "polls.csv"] {
        assert!(folder.path().join("out").join(file).is_file(), "{file}");
    }
    // a second time it replaces its own, and nothing else
    assert_eq!(
        run(folder.path(), "trend p.csv --response A,B --report out").code,
        0
    );
    fs::write(folder.path().join("out/report.html"), "mine").unwrap();
    assert_eq!(
        run(folder.path(), "trend p.csv --response A,B --report out").code,
        2
    );
}

#[test]
fn house_effects_are_drawn_in_place_of_the_polls() {
    let folder = polls(24, "");
    let drawn = run(
        folder.path(),
        "chart polls p.csv --response A --effects -o e.svg",
    );
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    let svg = fs::read_to_string(folder.path().join("e.svg")).unwrap();
    assert!(svg.contains("not to the truth"), "{svg}");
    let style = run(
        folder.path(),
        "chart polls p.csv --response A --style houses -o h.svg",
    );
    assert_eq!(style.code, 0, "{}", style.err);
    let svg = fs::read_to_string(folder.path().join("h.svg")).unwrap();
    assert!(svg.contains("Delta"), "{svg}");
}

#[test]
fn stored_figures_are_polls_too() {
    let folder = tempfile::tempdir().unwrap();
    let selector = "trend */view_cn/favourable:US --force";
    let shown = run(folder.path(), &format!("{selector} --show polls --json"));
    assert_eq!(shown.code, 0, "{}", shown.err);
    let rows = rows(&shown);
    assert!(rows.len() > 8, "{}", rows.len());
    let house = |row: &Value| row["house"].as_str().is_some_and(|house| !house.is_empty());
    assert!(rows.iter().all(house));
    assert!(rows.iter().any(|row| row["used"] == true));
    assert_eq!(run(folder.path(), "trend p.csv --data .").code, 2);
    assert_eq!(run(folder.path(), "trend */view_cx/favourable:US").code, 2);
}
