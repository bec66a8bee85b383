//! Averages of polls, against reference values and in words.

use serde_json::Value;

use crate::cli::program::picture;
use crate::survey::testing::{Comparison, golden, opine, refused, rows};

/// The polls of an entry as they are typed, or as a file of estimates.
fn arguments(entry: &Value, folder: &std::path::Path) -> Vec<String> {
    let numbers = |key: &str| -> Vec<f64> {
        let list = entry[key].as_array().cloned().unwrap_or_default();
        list.iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let mut args = vec!["pool".to_owned()];
    let typed = numbers("percent").into_iter().zip(numbers("n"));
    args.extend(typed.map(|(percent, n)| format!("{percent}@{n}")));
    if args.len() == 1 {
        let path = folder.join("estimates.csv");
        let each = numbers("estimates")
            .into_iter()
            .zip(numbers("se"))
            .enumerate();
        let lines: Vec<String> = each
            .map(|(at, (y, se))| format!("s{at},x,mean,{y},{se}"))
            .collect();
        std::fs::write(
            &path,
            format!(
                "source,variable,statistic,estimate,se\n{}\n",
                lines.join("\n")
            ),
        )
        .unwrap();
        args.push(path.display().to_string());
    }
    let deff: Vec<String> = numbers("deff").iter().map(f64::to_string).collect();
    if !deff.is_empty() {
        args.extend(["--deff".to_owned(), deff.join(",")]);
    }
    let options = &entry["options"];
    let text = |key: &str| options[key].as_str().unwrap().replace('_', "-");
    args.extend([
        "--method".to_owned(),
        text("method"),
        "--test".to_owned(),
        text("test"),
    ]);
    if text("scale") == "logit" {
        args.extend(["--scale".to_owned(), "logit".to_owned()]);
    }
    args
}

#[test]
fn averages_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    for entry in golden("models2.json")
        .into_iter()
        .filter(|entry| entry["kind"] == "pool")
    {
        let id = entry["id"].as_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let args = arguments(&entry, folder.path());
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let found = rows(&args).unwrap_or_else(|error| panic!("{id}: {error}"));
        let result = &entry["result"];
        // on logits the shares are given back
        let back = if result["back"].is_null() {
            result
        } else {
            &result["back"]
        };
        for name in ["estimate", "ci_low", "ci_high"] {
            compared.close(&format!("{id} {name}"), &found[0][name], &back[name], 1e-7);
        }
        if result["back"].is_null() {
            compared.close(&format!("{id} se"), &found[0]["se"], &result["se"], 1e-7);
            compared.close(id, &found[0]["prediction_low"], &result["pi_low"], 1e-7);
            compared.close(id, &found[0]["prediction_high"], &result["pi_high"], 1e-7);
        }
        for (name, tolerance) in [
            ("k", 1e-12),
            ("q", 1e-7),
            ("q_p", 1e-6),
            ("tau2", 1e-7),
            ("i2", 1e-7),
            ("i2_tau2", 1e-7),
            ("h2", 1e-7),
        ] {
            compared.close(
                &format!("{id} {name}"),
                &found[0][name],
                &result[name],
                tolerance,
            );
        }
    }
    compared.finish(200);
}

#[test]
fn a_sentence_with_what_is_not_in_it() {
    let output = opine(&[
        "pool", "48@1000", "51@1512", "46@820", "50@2003", "53@640", "47@1104", "49@950",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    let sentence = "Seven polls, 46 to 53%: 49.1% (95% interval 47.1 to 51.2; REML, HKSJ). They may differ by more than sampling \
                    (I² 51%, p 0.056): another such poll would lie between 45 and 54%. Errors that all of them share are not in this.";
    assert!(text.contains(sentence), "{text}");
    assert!(
        text.contains("at\nleast so wide") || text.contains("at least so wide"),
        "{text}"
    );
}

#[test]
fn what_can_not_be_pooled_is_said() {
    for (args, word) in [
        (&["pool", "48@1000"][..], "two estimates and more"),
        (&["pool", "48", "45@1000"], "how many were asked"),
        (&["pool", "4@1000", "5@800"], "--scale logit"),
        (&["pool", "48-45@1000", "46@900"], "a lead is not pooled"),
        (
            &["pool", "48@1000", "45@900", "--by", "pollster"],
            "--by has no effect",
        ),
        (
            &["pool", "48@1000", "45@900", "--deff", "1,2,3"],
            "3 numbers for 2",
        ),
        (
            &["pool", "48@1000", "45@900", "-n", "500"],
            "-n has no effect",
        ),
        (
            &["pool", "48@1000", "45@900", "--method", "mle"],
            "none of reml",
        ),
    ] {
        let (code, error) = refused(args);
        assert_eq!(code, 2, "{args:?}: {error}");
        assert!(error.contains(word), "{args:?}: {error}");
    }
}

/// Polls that are typed and rows that were made before give one chart, and it says what the average is.
#[test]
fn a_chart_of_polls_from_rows_is_that_of_the_polls() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let polls = [
        "48@1000", "51@1512", "46@820", "50@2003", "53@640", "47@1104", "49@950",
    ];
    let direct = path("direct.svg");
    let drawn = opine(&[&["chart", "pool"][..], &polls, &["-o", &direct]].concat());
    assert!(
        drawn.status.success(),
        "{}",
        String::from_utf8_lossy(&drawn.stderr)
    );
    let made = opine(&[&["pool"][..], &polls, &["--json"]].concat());
    let rows = path("rows.json");
    std::fs::write(&rows, &made.stdout).unwrap();
    let from_rows = path("rows.svg");
    let drawn = opine(&["chart", "pool", &rows, "-o", &from_rows]);
    assert!(
        drawn.status.success(),
        "{}",
        String::from_utf8_lossy(&drawn.stderr)
    );
    let svg = std::fs::read_to_string(&direct).unwrap();
    let again = std::fs::read_to_string(&from_rows).unwrap();
    assert_eq!(picture(&svg), picture(&again));
    for words in [
        "Seven polls put it at 49%; another such one would lie between 45 and 54%",
        "The axis runs from 40 to 60%",
        "Another such poll",
        "I² 51%, p 0.056",
    ] {
        let plain: String = svg
            .split('<')
            .map(|part| part.split_once('>').map_or("", |(_, text)| text))
            .collect::<Vec<_>>()
            .join(" ");
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(words), "no {words}: {plain}");
    }
    let (code, error) = refused(&["chart", "pool", &rows, "--method", "dl", "-o", &from_rows]);
    assert_eq!((code, error.contains("--method")), (2, true), "{error}");
}

/// What people read stays within 0 and 100%, and says so; rows have the formula’s numbers.
#[test]
fn bounds_of_shares_are_cut_where_they_are_read() {
    let polls = ["pool", "12@110", "10.5@200", "11@300"];
    let text = String::from_utf8(opine(&polls).stdout).unwrap();
    for words in [
        "0.0–27.1",
        "would lie between 0 and",
        "Bounds below 0 or above 100% are shown as these",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let row = &rows(&polls).unwrap()[0];
    assert!(row["prediction_low"].as_f64().unwrap() < 0.0, "{row}");
    let inside = opine(&["pool", "48@1000", "51@1512", "46@820"]);
    let inside = String::from_utf8(inside.stdout).unwrap();
    assert!(!inside.contains("are shown as these"), "{inside}");
    let logit = opine(&[&polls[..], &["--scale", "logit"]].concat());
    let logit = String::from_utf8(logit.stdout).unwrap();
    assert!(!logit.contains("are shown as these"), "{logit}");
}

/// Means of countries are made within a poll, before polls are averaged.
#[test]
fn countries_are_averaged_within_their_poll() {
    let (one, other) = ("pew2019/view_cn/favourable", "pew2020/view_cn/favourable");
    let means: Vec<String> = [one, other]
        .iter()
        .map(|id| format!("{id}:DE+FR"))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(&people, "country,population\nDE,83\nFR,68\n").unwrap();
    let people = people.display().to_string();
    let pooled = |by: &str| {
        let population = ["--population", &people];
        let more = if by == "population" {
            &population[..]
        } else {
            &[]
        };
        let args = [
            "pool",
            &means[0],
            &means[1],
            "--average",
            by,
            "--method",
            "fixed",
        ];
        rows(&[&args[..], more].concat()).unwrap()
    };
    let equal = pooled("equal");
    // of each country p and V = p q/n; the mean has its part a of p, and a² of V
    let mean_of = |id: &str, parts: [f64; 2]| {
        let each: Vec<(f64, f64)> = ["DE", "FR"]
            .iter()
            .map(|country| {
                let row = &rows(&["summary", &format!("{id}:{country}")]).unwrap()[0];
                let (p, n) = (row["estimate"].as_f64().unwrap(), row["n_eff"].as_f64());
                let n = n.or(row["n"].as_f64()).unwrap();
                (p, p * (1.0 - p) / n)
            })
            .collect();
        let each = || each.iter().zip(parts);
        let p = each().map(|((p, _), part)| part * p).sum::<f64>();
        (p, each().map(|((_, v), part)| part * part * v).sum::<f64>())
    };
    let of_people = [83.0 / 151.0, 68.0 / 151.0];
    for (rows, parts) in [(&equal, [0.5, 0.5]), (&pooled("population"), of_people)] {
        let (a, b) = (mean_of(one, parts), mean_of(other, parts));
        let expected = (a.0 / a.1 + b.0 / b.1) / (1.0 / a.1 + 1.0 / b.1);
        let estimate = rows[0]["estimate"].as_f64().unwrap();
        assert!((estimate - expected).abs() < 1e-9, "{estimate} {expected}");
        let (se, expected) = (
            rows[0]["se"].as_f64().unwrap(),
            (1.0 / a.1 + 1.0 / b.1).powf(-0.5),
        );
        assert!((se - expected).abs() < 1e-9, "{se} {expected}");
    }
    assert_ne!(equal, pooled("n"));

    for (args, words) in [
        (
            vec!["pool", &means[0], &means[1]],
            "say how the countries are averaged",
        ),
        (
            vec!["pool", &means[0], "--average", "equal"],
            "is of one poll",
        ),
        (
            vec!["pool", "48@1000", "44@900", "--average", "n"],
            "--average has no effect here",
        ),
    ] {
        let (code, error) = refused(&args);
        assert!(
            code == 2 && error.contains(words),
            "{args:?} {code} {error}"
        );
    }
    let (code, error) = refused(&["pool", &format!("{one}:DE"), &format!("{one}:FR")]);
    assert!(
        code == 2 && error.contains("pew2019/view_cn/favourable:DE+FR --average equal"),
        "{error}"
    );
    let run = opine(&["pool", &format!("{one}:DE"), &format!("{other}:FR")]);
    assert!(String::from_utf8_lossy(&run.stderr).contains("are of other countries"));
}
