//! Old letters back: the tests of other houses.

use serde_json::Value;

use super::plans::folder;
use crate::cli::program::{number, opine_in, rows};

/// R: `prop.test(c(x_a, x_b), c(n_a, n_b), correct = FALSE)` and `pairwise.t.test(id, party, pool.sd = TRUE,
/// p.adjust.method = "none")` of the file with each row as often as twice its weight says.
#[test]
fn weights_as_frequencies_are_rows_that_stand_as_often() {
    let folder = folder();
    let file = ["crosstab", "poll.csv", "--codebook", "codebook.csv"];
    let asked = [
        "--rows",
        "w_us,id",
        "--weights",
        "weight * 2",
        "--like",
        "spss",
        "--pairs",
        "--json",
    ];
    let columns = ["--columns", "party,party:sex"];
    let run = opine_in(folder.path(), &[&file[..], &asked, &columns].concat(), "");
    assert_eq!(run.code, 0, "{}", run.err);
    let pairs = rows(&run);
    let pair = |row: &str, a: &str, b: &str| {
        let named = |end: &str| format!("{row}:{end}");
        let is = |one: &&Value| one["a"] == named(a).as_str() && one["b"] == named(b).as_str();
        pairs.iter().find(is).unwrap().clone()
    };
    for (level, a, b, z, p) in [
        (
            "Very worried",
            "Blue",
            "Red",
            -2.711166264295,
            0.006704699732752,
        ),
        (
            "Very worried",
            "Red",
            "Green",
            2.77177296376,
            0.00557519066856,
        ),
        (
            "Not worried",
            "Blue",
            "Green",
            -1.884694719565,
            0.05947106569492,
        ),
    ] {
        let found = pair(
            &format!("w_us/{level}"),
            &format!("party={a}"),
            &format!("party={b}"),
        );
        assert!((number(&found, "z") - z).abs() < 1e-10, "{found}");
        assert!((number(&found, "p_value") - p).abs() < 1e-12, "{found}");
        assert!(
            (number(&found, "p_adjusted") - 3.0 * p).abs() < 1e-12,
            "{found}"
        );
        assert!(found["df"].is_null(), "{found}");
    }
    // nobody of Red does not know: of the three pairs one is left
    let edge = pair("w_us/Don't know", "party=Blue", "party=Red");
    assert!(edge["p_value"].is_null(), "{edge}");
    let left = pair("w_us/Don't know", "party=Blue", "party=Green");
    assert!(
        (number(&left, "p_adjusted") - 0.7014781088666).abs() < 1e-12,
        "{left}"
    );
    for (a, b, p) in [
        ("Blue", "Red", 0.0007038888815659),
        ("Blue", "Green", 0.4309135939711554),
        ("Red", "Green", 0.03846512317348),
    ] {
        let found = pair("id", &format!("party={a}"), &format!("party={b}"));
        assert!((number(&found, "p_value") - p).abs() < 1e-11, "{found}");
        assert_eq!(number(&found, "df"), 783.0 - 3.0);
    }
    // a pair within each party is a family of one
    let nested = pair(
        "w_us/Very worried",
        "party:sex=Blue:Female",
        "party:sex=Blue:Male",
    );
    assert_eq!(nested["p_value"], nested["p_adjusted"], "{nested}");
    let text = [
        "--rows",
        "w_us,id",
        "--weights",
        "weight * 2",
        "--like",
        "spss",
    ];
    let text = opine_in(folder.path(), &[&file[..], &text, &columns].concat(), "");
    let foot = text.out.replace('\n', " ");
    for said in [
        "at 5%. Each innermost variable for itself; z of the pooled share, weights as frequencies; Bonferroni over the pairs of a row within it.",
        "t on the pooled variance, weights as frequencies",
    ] {
        assert!(foot.contains(said), "{said}\n{foot}");
    }
}
