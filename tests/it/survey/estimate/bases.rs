//! Who counts: bases, groups, values that nobody has, answers that are none, answers in lists, and what is said of them.

use std::path::PathBuf;

use serde_json::Value;

use crate::cli::program::{Run, number, opine, opine_in, rows};

fn case(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files/cases");
    folder.join(name).display().to_string()
}

/// Estimates of a file of the cases, as JSON.
fn json(file: &str, arguments: &[&str]) -> Run {
    let file = case(file);
    opine(&[&["estimate", file.as_str()], arguments, &["--json"]].concat())
}

/// The same of respondents that are written here.
fn json_of(respondents: &str, arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    opine_in(
        folder.path(),
        &[&["estimate", "-"], arguments, &["--json"]].concat(),
        respondents,
    )
}

/// The row with these entries.
fn row<'r>(rows: &'r [Value], entries: &[(&str, &str)]) -> &'r Value {
    let fits = |row: &&Value| entries.iter().all(|(column, entry)| row[*column] == *entry);
    rows.iter()
        .find(fits)
        .unwrap_or_else(|| panic!("no {entries:?} in {rows:?}"))
}

#[track_caller]
fn near(row: &Value, column: &str, expected: f64) {
    let found = number(row, column);
    let off = (found - expected).abs();
    assert!(
        off <= 1e-9 * expected.abs(),
        "{column} is {found}, not {expected}: {row}"
    );
}

/// R: `svymean(~x, svydesign(~1, weights = ~w, data = d))`; 7 of the 8 have a weight.
#[test]
fn n_counts_respondents_with_a_weight() {
    let run = json(
        "zero-weight-n.csv",
        &[
            "mean(x)",
            "var(x)",
            "median(x)",
            "prop(x)",
            "--weights",
            "w",
        ],
    );
    let found = rows(&run);
    near(&found[0], "estimate", 4.882352941176471);
    for row in &found {
        assert_eq!(row["n"], 7.0, "{row}");
    }
    // weighted variance with 7/6, not 8/7
    let (x, w) = (
        [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0],
        [0.5, 1.0, 1.5, 2.0, 1.0, 0.5, 2.0],
    );
    let all: f64 = w.iter().sum();
    let mean: f64 = x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() / all;
    let squares: f64 = x.iter().zip(w).map(|(x, w)| w * (x - mean).powi(2)).sum();
    near(&found[1], "estimate", squares / all * 7.0 / 6.0);
    // the level that only a respondent without a weight has is one of the file: a row of 0
    near(row(&found, &[("level", "999")]), "estimate", 0.0);
    assert!(
        run.err.contains("1 respondent with weight 0: in no base"),
        "{}",
        run.err
    );
}

#[test]
fn a_group_without_weight_keeps_its_row() {
    let found = rows(&json(
        "domain-of-zero-weights.csv",
        &["mean(x)", "--by", "g", "--weights", "w"],
    ));
    near(row(&found, &[("g", "a")]), "n", 3.0);
    let b = row(&found, &[("g", "b")]);
    near(b, "n", 0.0);
    assert_eq!(b["estimate"], Value::Null);
    assert_eq!(b["note"], "nobody to estimate from");
}

#[test]
fn sums_count_as_respondents_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = case("zero-weight-n.csv");
    let items = ["mean(x)", "prop(x)", "quantile(x, 0.5)"];
    let made = [
        &["sums", file.as_str()],
        &items[..],
        &["--weights", "w", "-o", "d.sums"],
    ]
    .concat();
    assert_eq!(opine_in(folder.path(), &made, "").code, 0);
    let from_sums = opine_in(folder.path(), &["estimate", "d.sums", "--json"], "");
    let from_respondents = opine(
        &[
            &["estimate", file.as_str()],
            &items[..],
            &["--weights", "w", "--json"],
        ]
        .concat(),
    );
    let without_source = |run: &Run| {
        let mut rows = rows(run);
        for row in &mut rows {
            row["source"] = Value::Null;
        }
        rows
    };
    assert_eq!(
        without_source(&from_sums),
        without_source(&from_respondents)
    );
}

#[test]
fn respondents_without_a_group_are_counted() {
    let file = case("group-not-known.csv");
    let run = opine(&["estimate", &file, "prop(y)", "--by", "region"]);
    assert!(
        run.out
            .contains("17 respondents in no group: region is not known"),
        "{}",
        run.out
    );
    let run = json("group-not-known.csv", &["prop(y)", "--by", "region"]);
    assert!(
        run.err.contains("note: 17 respondents in no group"),
        "{}",
        run.err
    );
}

#[test]
fn a_condition_that_is_not_known_leaves_out_aloud() {
    let run = json_of(
        "x,g\n1,a\n2,\n3,b\n4,a\n",
        &["mean(x)", "--where", "g == 'a'"],
    );
    near(&rows(&run)[0], "estimate", 2.5);
    assert!(
        run.err
            .contains("1 respondent left out: an answer that --where asks for"),
        "{}",
        run.err
    );
}

#[test]
fn a_null_says_its_reason() {
    let run = json(
        "ratio-zero-denominator.csv",
        &["ratio(deaths, days)", "--by", "x"],
    );
    let found = rows(&run);
    near(row(&found, &[("x", "a")]), "estimate", 10.0 / 31.0);
    near(row(&found, &[("x", "c")]), "se", 0.121_789_681_193_246);
    assert_eq!(row(&found, &[("x", "b")])["note"], "the denominator is 0");
    assert_eq!(
        row(&found, &[("x", "d")])["note"],
        "nobody to estimate from"
    );
    let run = json_of("g,x\na,1\nb,2\nb,4\n", &["var(x)", "--by", "g"]);
    assert_eq!(rows(&run)[0]["note"], "a variance takes two respondents");
}

/// What is divided by 0 is no number: 4 of 5 have one.
#[test]
fn a_division_by_zero_is_no_answer() {
    let run = json("division-by-zero.csv", &["mean(inc/hh)"]);
    let found = rows(&run);
    near(
        &found[0],
        "estimate",
        (50.0 + 50.0 + 70.0 / 3.0 + 10.0) / 4.0,
    );
    assert_eq!(found[0]["n"], 4.0);
    assert!(
        run.err
            .contains("without an answer, left out: 1 (what is divided by 0"),
        "{}",
        run.err
    );
}

#[test]
fn an_infinite_weight_is_refused() {
    let run = json("infinite-weight.parquet", &["mean(y)", "--weights", "w"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("weight w is infinite in 1 row"),
        "{}",
        run.err
    );
}

#[test]
fn a_standard_with_a_group_that_nobody_is_in_says_which() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("s.csv"),
        "variable,level,target\nage,young,0.5\nage,old,0.5\n",
    )
    .unwrap();
    let respondents = "g,age,x\na,young,1\na,old,2\nb,young,3\nb,young,5\n";
    let run = opine_in(
        folder.path(),
        &[
            "estimate",
            "-",
            "mean(x)",
            "--by",
            "g",
            "--standardise",
            "s.csv",
            "--json",
        ],
        respondents,
    );
    let found = rows(&run);
    near(row(&found, &[("g", "a")]), "estimate", 1.5);
    assert_eq!(
        row(&found, &[("g", "b")])["note"],
        "nobody with age “old”, which the standard has"
    );
}

/// R: `svyby(~y, ~region, svydesign(~1, weights = ~w, data = d), svymean, deff = "replace")`.
#[test]
fn weights_that_name_no_population_compare_with_replacement() {
    let run = json(
        "deff-where-weights-average-1.csv",
        &["prop(y)", "--by", "region", "--weights", "w"],
    );
    let found = rows(&run);
    for (region, deff) in [
        ("N", 1.2007295468764),
        ("S", 1.16748896865197),
        ("E", 1.1357964586997),
    ] {
        let found = number(row(&found, &[("region", region), ("level", "1")]), "deff");
        assert!((found / deff - 1.0).abs() < 0.02, "{region}: {found}");
    }
    assert!(
        run.err.contains("compare with sampling with replacement"),
        "{}",
        run.err
    );
    // a kind that is named is taken
    let named = json(
        "deff-where-weights-average-1.csv",
        &["prop(y)", "--weights", "w", "--deff-kind", "srs"],
    );
    assert!(!named.err.contains("with replacement"), "{}", named.err);
    assert!(rows(&named).iter().all(|row| row["deff"].is_null()));
}

#[test]
fn a_kind_of_deff_follows_from_the_whole_file() {
    // weights of 10 in group a, of 0.5 in b: the whole adds up to more than twice the respondents
    let respondents: String = (0..40)
        .map(|at| {
            format!(
                "{},{},{}\n",
                if at % 2 == 0 { "a" } else { "b" },
                if at % 2 == 0 { 10.0 } else { 0.5 },
                at % 3
            )
        })
        .collect();
    let respondents = format!("g,w,y\n{respondents}");
    let whole = rows(&json_of(
        &respondents,
        &["mean(y)", "--by", "g", "--weights", "w"],
    ));
    let srs = rows(&json_of(
        &respondents,
        &[
            "mean(y)",
            "--by",
            "g",
            "--weights",
            "w",
            "--deff-kind",
            "srs",
        ],
    ));
    assert_eq!(whole, srs);
    assert!(row(&whole, &[("g", "b")])["deff"].is_null());
}

/// Degrees of freedom of a pair are PSUs less strata among those of the one or the other.
#[test]
fn a_pair_has_the_degrees_of_freedom_of_both_its_domains() {
    let mut respondents = "psu,stratum,g,x\n".to_owned();
    for psu in 0..12 {
        for at in 0..6 {
            let group = ["a", "b", "c"][psu / 4];
            respondents += &format!("{psu},{},{group},{}\n", psu % 2, (psu * 7 + at * 3) % 11);
        }
    }
    let ask = |more: &[&str]| {
        let design = [
            "mean(x)",
            "--by",
            "g",
            "--pairwise",
            "--psu",
            "psu",
            "--strata",
            "stratum",
        ];
        rows(&json_of(&respondents, &[&design[..], more].concat()))
    };
    for row in ask(&[]) {
        assert_eq!(row["note"], "z holds t on 6 degrees of freedom", "{row}");
    }
    for row in ask(&["--domain-df", "design"]) {
        assert_eq!(row["note"], "z holds t on 10 degrees of freedom", "{row}");
    }
    let pairs = ask(&["--where", "g != 'c'"]);
    assert_eq!(pairs.len(), 1);
    assert_eq!(pairs[0]["note"], "z holds t on 6 degrees of freedom");
}

#[test]
fn an_item_that_few_psus_were_asked() {
    let arguments = ["mean(x)", "--weights", "w", "--psu", "psu"];
    let run = json("asked-of-few-psus.csv", &arguments);
    near(&rows(&run)[0], "df", 19.0);
    assert!(
        run.err.contains("mean(x) was answered in 3 of 20 PSUs"),
        "{}",
        run.err
    );
    let file = case("asked-of-few-psus.csv");
    let table = |more: &[&str]| {
        let line = [
            "crosstab",
            &file,
            "--rows",
            "mean(x)",
            "--columns",
            "asked",
            "--psu",
            "psu",
        ];
        opine(&[&line, more].concat())
    };
    let run = table(&["--weights", "w", "--json"]);
    near(&rows(&run)[0], "df", 19.0);
    assert!(
        run.err.contains("mean(x) was answered in 3 of 20 PSUs"),
        "{}",
        run.err
    );
    assert!(table(&[]).err.contains("3 of 20 PSUs"));
    let run = table(&["--domain-df", "design"]);
    assert!(!run.err.contains("was answered in"), "{}", run.err);
    let answered = json(
        "asked-of-few-psus.csv",
        &[&arguments[..], &["--domain-df", "answered"]].concat(),
    );
    let within = json(
        "asked-of-few-psus.csv",
        &[&arguments[..], &["--where", "asked == 'yes'"]].concat(),
    );
    let own = json(
        "asked-of-few-psus.csv",
        &[
            "mean(x, where asked == 'yes')",
            "--weights",
            "w",
            "--psu",
            "psu",
        ],
    );
    for run in [&answered, &within, &own] {
        let found = rows(run);
        near(&found[0], "df", 2.0);
        near(&found[0], "ci_low", number(&rows(&within)[0], "ci_low"));
        assert!(!run.err.contains("was answered in"), "{}", run.err);
    }
}

#[test]
fn a_value_that_nobody_has_is_a_warning() {
    let poll = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/poll.csv");
    let poll = poll.display().to_string();
    let run = opine(&["estimate", &poll, "prop(q1 == 'Very woried')"]);
    assert_eq!(run.code, 0);
    assert!(
        run.err.contains(
            "warning: nobody has q1 'Very woried'; did you mean Very worried? (its values: "
        ),
        "{}",
        run.err
    );
    let run = opine(&["estimate", &poll, "prop(q1)", "--where", "party == 'blue'"]);
    assert!(
        run.err
            .contains("nobody has party 'blue'; did you mean Blue?"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("--where party == 'blue': nobody"),
        "{}",
        run.err
    );
    let run = opine(&[
        "estimate",
        &poll,
        "mean(therm_us)",
        "--where",
        "therm_us == 999",
    ]);
    assert!(
        run.err.contains("nobody has therm_us == 999"),
        "{}",
        run.err
    );
    // what somebody has says nothing
    let run = opine(&[
        "estimate",
        &poll,
        "prop(q1 in ['Very worried', 'Not very worried'])",
        "--where",
        "party != 'Blue'",
    ]);
    assert!(!run.err.contains("nobody has"), "{}", run.err);
}

#[test]
fn a_code_that_is_labelled_as_no_answer_among_numbers() {
    let run = json("labelled-99-not-declared.sav", &["mean(age)"]);
    near(&rows(&run)[0], "estimate", 47.25);
    assert!(
        run.err
            .contains("age: 99 “No answer” counts as the number 99 for"),
        "{}",
        run.err
    );
    let described = opine(&["describe", &case("labelled-99-not-declared.sav")]);
    assert!(
        described
            .out
            .contains("not declared missing: 99 “No answer”"),
        "{}",
        described.out
    );
}

#[test]
fn a_labelled_answer_that_nobody_gave_is_a_share_of_zero() {
    let found = rows(&json("sav-level-with-nobody.sav", &["prop(q)"]));
    near(row(&found, &[("level", "Bad")]), "estimate", 0.0);
    near(row(&found, &[("level", "Awful")]), "estimate", 1.0 / 3.0);
    let dropped = rows(&json(
        "sav-level-with-nobody.sav",
        &["prop(q)", "--drop-empty"],
    ));
    assert_eq!(dropped.len() + 1, found.len());
    let text = opine(&["estimate", &case("sav-level-with-nobody.sav"), "prop(q)"]);
    assert!(text.out.contains("nobody"), "{}", text.out);
}

#[test]
fn weights_may_be_worked_out() {
    let design = ["--strata", "stratum", "--psu", "psu"];
    let asked = |weights| [&["mean(trstplt)", "--weights", weights], &design[..]].concat();
    let found = rows(&json(
        "ess-pspwght-times-pweight.csv",
        &asked("pspwght * pweight"),
    ));
    near(&found[0], "estimate", 5.73835277555795);
    assert!((number(&found[0], "se") - 0.445_434_927_628_245).abs() < 1e-12);
    let run = json("ess-pspwght-times-pweight.csv", &asked("pspwht * pweight"));
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("no variable pspwht; did you mean pspwght?"),
        "{}",
        run.err
    );
    let run = json("ess-pspwght-times-pweight.csv", &asked("@file"));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("the file names no weight"), "{}", run.err);
}

/// A filter of its own gives what `--where` gives; of two, each term has its own respondents.
#[test]
fn a_statistic_of_some() {
    let respondents: String = (0..60)
        .map(|at| {
            format!(
                "{},{},{},{}\n",
                at % 12,
                ["u", "v"][at % 2],
                (at * at) % 17,
                1 + at % 3
            )
        })
        .collect();
    let respondents = format!("psu,t,y,w\n{respondents}");
    let design = ["--weights", "w", "--psu", "psu"];
    let ask = |items: &[&str], more: &[&str]| {
        rows(&json_of(&respondents, &[items, more, &design[..]].concat()))
    };
    for (item, filtered) in [
        ("mean(y)", "mean(y, where t == 'u')"),
        ("prop(y)", "prop(y, where t == 'u')"),
        ("total(y)", "total(y, where t == 'u')"),
        ("count()", "count(where t == 'u')"),
        ("ratio(y, w)", "ratio(y, w, where t == 'u')"),
        ("sd(y)", "sd(y, where t == 'u')"),
        ("median(y)", "median(y, where t == 'u')"),
    ] {
        let within = ask(&[item], &["--where", "t == 'u'"]);
        let own = ask(&[filtered], &[]);
        let given = |rows: &[Value]| {
            rows.iter()
                .filter(|row| number(row, "estimate") != 0.0)
                .cloned()
                .collect::<Vec<_>>()
        };
        let (within, own) = (given(&within), given(&own));
        assert_eq!(within.len(), own.len(), "{filtered}");
        for (within, own) in within.iter().zip(&own) {
            for column in [
                "estimate",
                "se",
                "ci_low",
                "ci_high",
                "n",
                "df",
                "weighted_n",
            ] {
                assert_eq!(within[column], own[column], "{filtered} {column}");
            }
        }
    }
    let difference = ask(&["mean(y, where t == 'u') - mean(y, where t == 'v')"], &[]);
    let each = ask(&["mean(y)"], &["--by", "t"]);
    let pair = ask(&["mean(y)"], &["--by", "t", "--pairwise"]);
    near(
        &difference[0],
        "estimate",
        number(&each[0], "estimate") - number(&each[1], "estimate"),
    );
    near(&difference[0], "se", number(&pair[0], "se"));
    assert_eq!(difference[0]["n"], 60.0);
}

#[test]
fn answers_in_one_cell() {
    let run = json("multiple-answers-in-a-cell.csv", &["prop(q contains '3')"]);
    let found = rows(&run);
    near(&found[0], "estimate", 0.6);
    assert_eq!(found[0]["n"], 5.0);
    assert!(
        run.err.contains("answers of q are taken apart at “;”"),
        "{}",
        run.err
    );
    let split = rows(&json(
        "multiple-answers-in-a-cell.csv",
        &["prop(split(q, ';'))"],
    ));
    let shares: Vec<(&str, f64)> = split
        .iter()
        .map(|row| (row["level"].as_str().unwrap(), number(row, "estimate")))
        .collect();
    assert_eq!(shares, [("2", 0.4), ("3", 0.6), ("5", 0.6)]);
    assert!(split.iter().all(|row| row["n"] == 5.0));
    // 13 holds no 3
    let run = json_of(
        "q\n13\n3|13\n1\n",
        &["prop(q contains '3')", "prop(q contains '13')"],
    );
    let found = rows(&run);
    near(&found[0], "estimate", 1.0 / 3.0);
    near(&found[1], "estimate", 2.0 / 3.0);
    // a comma that is part of an answer takes nothing apart
    let run = json_of(
        "q\n\"Yes, very\"\n\"Yes, somewhat\"\nNo\n",
        &["prop(split(q))"],
    );
    assert_eq!(rows(&run).len(), 3);
    let run = json_of("q\na#b\nb\n", &["prop(split(q))", "--separator", "#"]);
    assert_eq!(rows(&run).len(), 2);
    let run = json_of("q\na\nb\n", &["prop(q)", "--separator", ";"]);
    assert_eq!(run.code, 2);
    let run = json_of("q\na;b\nb\n", &["prop(q contains 'c')"]);
    assert!(
        run.err.contains("nobody has q 'c' (its values: a, b)"),
        "{}",
        run.err
    );
}

#[test]
fn shares_without_an_answer() {
    let respondents = "q\nYes\nYes\nNo\nDon't know\n";
    let found = rows(&json_of(
        respondents,
        &["prop(q)", "--without", "Don't know"],
    ));
    assert_eq!(found.len(), 2);
    near(row(&found, &[("level", "Yes")]), "estimate", 2.0 / 3.0);
    assert_eq!(found[0]["n"], 3.0);
    let run = json_of(respondents, &["prop(q)", "--without", "Dont know"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean Don't know?"), "{}", run.err);
    let run = json_of("x\n1\n2\n", &["mean(x)", "--without", "1"]);
    assert_eq!(run.code, 2);
}

#[test]
fn words_for_no_answer_come_last() {
    let found = rows(&json_of(
        "q\nDon't know\nYes\nNo\nOther\nWeiß nicht\n",
        &["prop(q)"],
    ));
    let levels: Vec<&str> = found
        .iter()
        .map(|row| row["level"].as_str().unwrap())
        .collect();
    assert_eq!(levels, ["No", "Yes", "Other", "Don't know", "Weiß nicht"]);
}

#[test]
fn a_net_of_levels_with_commas() {
    let net = r#"Yes="Yes, very","Yes, somewhat""#;
    let found = rows(&json(
        "net-of-levels-with-commas.csv",
        &["prop(q)", "--net", net],
    ));
    near(row(&found, &[("level", "Yes")]), "estimate", 2.0 / 3.0);
}

#[test]
fn a_condition_may_start_with_a_minus() {
    let run = json_of("inc\n50\n30\n", &["mean(inc)", "--where", "-inc < -40"]);
    near(&rows(&run)[0], "estimate", 50.0);
}

#[test]
fn sums_that_no_respondents_make() {
    let run = opine(&["estimate", &case("sums-negative.sums"), "--json"]);
    assert_eq!(run.code, 3);
    let file = case("sums-twice.sums");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(&file, folder.path().join("copy.sums")).unwrap();
    let run = opine_in(
        folder.path(),
        &["estimate", &file, "copy.sums", "--json"],
        "",
    );
    assert!(run.err.contains("counted twice"), "{}", run.err);
}

/// Names of months and weekdays, and texts that are dates, stand in the order of time and not of their letters.
#[test]
fn time_is_not_sorted_by_letters() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        "month,day,x\nMay,Friday,1\nMarch,Monday,2\nApril,Sunday,3\nMay,Friday,4\n,Monday,5\n";
    std::fs::write(folder.path().join("p.csv"), file).unwrap();
    let levels = |args: &[&str], column: &str| -> Vec<String> {
        let run = opine_in(folder.path(), args, "");
        let levels = rows(&run);
        levels
            .iter()
            .map(|row| row[column].as_str().unwrap_or("").to_owned())
            .collect()
    };
    let by = |group: &str| {
        levels(
            &["estimate", "p.csv", "mean(x)", "--by", group, "--json"],
            group,
        )
    };
    assert_eq!(by("month"), ["March", "April", "May"]);
    assert_eq!(by("day"), ["Monday", "Friday", "Sunday"]);
    let of_answers = levels(&["estimate", "p.csv", "prop(month)", "--json"], "level");
    assert_eq!(of_answers, ["March", "April", "May"]);
    let crossed = opine_in(
        folder.path(),
        &["crosstab", "p.csv", "--rows", "month", "--csv"],
        "",
    );
    let at = |month: &str| crossed.out.find(month).unwrap();
    assert!(
        at("March") < at("April") && at("April") < at("May"),
        "{}",
        crossed.out
    );
    let described = levels(&["describe", "p.csv", "--json"], "level");
    assert!(
        described.join(" ").contains("March April May"),
        "{described:?}"
    );
}
