//! The frame of estimates: its columns, and that reading back gives what was written.

use opine::internals::frames::{Estimate, Estimates, FIXED_COLUMNS, Flag, read_json};
use opine::internals::tabular::{self, Header, Options};
use proptest::prelude::*;

fn read_csv(text: &str) -> Result<Estimates, tabular::Error> {
    let header = Header::named(&["variable", "estimate"]);
    tabular::read_bytes("estimates", text.as_bytes(), &header, &Options::default())?.to_estimates()
}

fn row(variable: String, share: f64, n: f64, note: String) -> Estimate {
    let mut row = Estimate::proportion("poll", &variable, Some("yes, or \"no\""));
    row.groups = vec![("country".to_owned(), Some("KR".to_owned()))];
    row.estimate = Some(share);
    row.ci_low = Some(share / 2.0);
    row.ci_high = Some((share + 1.0) / 2.0);
    row.n = Some(n);
    row.flags = vec![Flag::SmallBase, Flag::SecondHand];
    row.note = note;
    row
}

#[test]
fn the_columns_are_those_of_the_contract() {
    let estimates = Estimates::from_rows(&[row("q".to_owned(), 0.5, 10.0, String::new())]).unwrap();
    let names: Vec<String> = estimates
        .frame()
        .columns()
        .iter()
        .map(|column| column.name.clone())
        .collect();
    for fixed in FIXED_COLUMNS {
        assert!(names.iter().any(|name| name == fixed), "{fixed}");
    }
    assert_eq!(names[3], "country");
}

#[test]
fn a_missing_column_is_null_and_a_wrong_one_is_named() {
    let read = read_csv("variable,estimate\nq,0.5\n").unwrap();
    let rows = read.rows().unwrap();
    assert_eq!(
        (rows[0].estimate, rows[0].n, rows[0].source.as_str()),
        (Some(0.5), None, "")
    );
    let error = read_csv("variable,estimate\nq,half\n")
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "estimates, line 2, column estimate: “half” is no number"
    );
    assert!(read_json("{}").is_err());
}

proptest! {
    #[test]
    fn csv_and_json_give_back_what_was_written(
        shares in prop::collection::vec(0.0..=1.0f64, 1..20),
        note in "[ -~]{0,20}[!-~]",
        n in 1u32..100_000,
    ) {
        let rows: Vec<Estimate> = shares
            .iter()
            .enumerate()
            .map(|(at, share)| row(format!("q{at}"), *share, f64::from(n), format!("x{note}")))
            .collect();
        let estimates = Estimates::from_rows(&rows).unwrap();
        let json = read_json(&estimates.frame().to_json()).unwrap();
        prop_assert_eq!(&json.rows().unwrap(), &rows);
        let csv = read_csv(&estimates.frame().to_csv()).unwrap();
        prop_assert_eq!(&csv.rows().unwrap(), &rows);
    }
}
