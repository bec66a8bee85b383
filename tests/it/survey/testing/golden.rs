//! Tests against reference values.

use serde_json::{Value, json};

use super::{Comparison, data, design_file, golden, rows, texts};

/// The item of an entry and its options.
fn command(entry: &Value) -> Option<(String, Vec<String>)> {
    let kind = entry["test"].as_str().or(entry["kind"].as_str())?;
    let variables = texts(&entry["vars"]);
    let text = |key: &str| {
        entry["options"][key]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    Some(match (kind, variables.as_slice()) {
        ("chisq", [a, b]) => (
            format!("chisq({a}, {b})"),
            vec!["--statistic".to_owned(), text("statistic")],
        ),
        ("ttest", [y, g]) => (format!("ttest({y}, {g})"), Vec::new()),
        ("ttest_one", [y]) => (format!("ttest({y})"), Vec::new()),
        ("ttest_paired", [y, z]) => (format!("ttest({y} - {z})"), Vec::new()),
        ("ranktest" | "ranktest_k", [y, g]) => (
            format!("ranktest({y}, {g})"),
            vec!["--score".to_owned(), text("test")],
        ),
        _ => return None,
    })
}

#[test]
fn tests_are_those_of_the_reference() {
    let mut compared = Comparison::default();
    let entries = [golden("tests.json"), golden("models2.json")].concat();
    let mut count = 0;
    for entry in entries {
        let Some((item, options)) = command(&entry) else {
            continue;
        };
        count += 1;
        let id = entry["id"].as_str().unwrap();
        let (_folder, design) = design_file(&entry);
        let file = data(entry["data"].as_str().unwrap());
        let mut args = vec!["test", &file, &item, "--design", &design];
        args.extend(options.iter().map(String::as_str));
        let row = &rows(&args).unwrap_or_else(|error| panic!("{id}: {error}"))[0];
        let result = &entry["result"];
        let statistic = match &result["f"] {
            Value::Null => &result["statistic"],
            f => f,
        };
        compared.close(
            &format!("{id} statistic"),
            &row["statistic"],
            statistic,
            1e-7,
        );
        compared.close(
            &format!("{id} p"),
            &row["p_value"],
            &result["p_value"],
            1e-6,
        );
        compared.close(
            &format!("{id} estimate"),
            &row["estimate"],
            &result["estimate"],
            1e-9,
        );
        compared.close(&format!("{id} low"), &row["ci_low"], &result["ci"][0], 1e-7);
        compared.close(
            &format!("{id} high"),
            &row["ci_high"],
            &result["ci"][1],
            1e-7,
        );
        let expected = match &result["df"] {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        let found: Vec<&Value> = [&row["df1"], &row["df2"]]
            .into_iter()
            .filter(|df| !df.is_null())
            .collect();
        assert_eq!(found.len(), expected.len(), "{id}: {row}");
        for (found, expected) in found.into_iter().zip(&expected) {
            compared.close(&format!("{id} df"), found, expected, 1e-9);
        }
    }
    assert!(count >= 90, "{count} entries");
    compared.finish(250);
}

/// Two groups: the t of a test of means is that of the analysis of variance, whose F is its square.
#[test]
fn an_analysis_of_two_groups_is_a_t_test() {
    let file = data("apistrat.csv");
    let row = |item: &str| {
        let args = [
            "test",
            &file,
            item,
            "--weights",
            "pw",
            "--strata",
            "stype",
            "--fpc",
            "fpc",
        ];
        rows(&args).unwrap()[0].clone()
    };
    let (t, f) = (row("ttest(api00, comp_imp)"), row("anova(api00, comp_imp)"));
    let square = t["statistic"].as_f64().unwrap().powi(2);
    let mut compared = Comparison::default();
    compared.close("F", &f["statistic"], &json!(square), 1e-10);
    compared.close("p", &f["p_value"], &t["p_value"], 1e-10);
    compared.close("df1", &f["df1"], &json!(1), 1e-12);
    compared.close("df2", &f["df2"], &t["df2"], 1e-12);
    compared.finish(4);
}
