//! One rule for weights, whatever a command makes of them; and what is divided by 0, whatever command asks for it.

use std::fs;

use crate::cli::program::opine_in;

/// Groups, a number, one that is 0 for a quarter, an answer, and columns of weights.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let weights = "1e308,1e300,1e-300,-1,0,2";
    let lines: String = (0..80)
        .map(|at| {
            let (group, sex) = (["a", "b"][at % 2], ["F", "M"][at / 2 % 2]);
            let (x, h, y) = (at * 7 % 23, at % 4, at * 11 % 13 % 2);
            format!("{group},{sex},{x},{h},{y},{weights}\n")
        })
        .collect();
    let head = "g,sex,x,h,y,huge,large,tiny,negative,zero,fine";
    fs::write(folder.path().join("d.csv"), format!("{head}\n{lines}")).unwrap();
    let targets = "variable,level,target\nsex,F,0.5\nsex,M,0.5\n";
    fs::write(folder.path().join("t.csv"), targets).unwrap();
    folder
}

/// The commands that take weights.
const COMMANDS: [&str; 16] = [
    "estimate d.csv mean(x)",
    "estimate d.csv prop(sex) --by g",
    "estimate d.csv median(x)",
    "estimate d.csv total(x) --covariance c.csv",
    "crosstab d.csv --rows sex --columns g",
    "crosstab d.csv --rows mean(x) --columns g",
    "topline d.csv",
    "test d.csv ttest(x,g)",
    "test d.csv chisq(sex,g)",
    "fit d.csv x~g",
    "fit d.csv y~x --family binomial",
    "weight d.csv --rake t.csv -o o.csv",
    "sums d.csv mean(x) -o o.sums",
    "sums d.csv sex --columns g -o o.sums",
    "describe d.csv --balance g",
    "design d.csv",
];

#[test]
fn every_command_has_the_same_rule_for_weights() {
    let folder = folder();
    let far = "are so far from 1 that their squares are no numbers";
    let cases = [
        ("huge", far),
        ("large", far),
        ("tiny", far),
        ("huge * 10", "is infinite in 80 rows"),
        (
            "fine / h",
            "is missing in 20 rows: what is divided by 0 is no weight",
        ),
        ("negative", "is negative in 80 rows"),
        ("zero", "are 0 in every row"),
        ("fine", ""),
    ];
    for command in COMMANDS {
        for (weights, message) in cases {
            let line: Vec<&str> = command.split(' ').chain(["--weights", weights]).collect();
            let run = opine_in(folder.path(), &line, "");
            let design = command.starts_with("design");
            let code = match (message, design) {
                ("", _) => 0,
                (_, true) => 1,
                _ => 2,
            };
            assert_eq!(run.code, code, "{command} --weights {weights}: {}", run.err);
            // what is wrong with a design is its finding
            let place = if design { &run.out } else { &run.err };
            let text = place.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                text.contains(message),
                "{command} --weights {weights}: {text}"
            );
        }
    }
}

#[test]
fn a_division_by_0_is_named_by_every_command() {
    let folder = folder();
    let commands = [
        "estimate d.csv mean(x/h)",
        "estimate d.csv prop(x/h>2) --csv",
        "estimate d.csv median(x/h) --json",
        "estimate d.csv mean(x)-mean(x/h)",
        "estimate d.csv mean(x) --by x/h>2",
        "estimate d.csv mean(x) --where x/h>2",
        "estimate d.csv mean(x) --weights fine/h --missing-weights warn",
        "estimate d.csv mean(x) --weights fine/h --missing-weights allow",
        "crosstab d.csv --rows mean(x/h) --columns g",
        "crosstab d.csv --rows mean(x/h) --columns g --csv",
        "crosstab d.csv --rows median(x/h) --columns g --json",
        "crosstab d.csv --rows sex --columns x/h>2",
        "crosstab d.csv --rows sex --columns g --where x/h>2",
        "crosstab d.csv --rows sex --columns g --weights fine/h --missing-weights warn",
        "topline d.csv --where x/h>2",
        "test d.csv ttest(x/h,g)",
        "test d.csv chisq(x/h>2,g) --csv",
        "test d.csv ttest(x,g) --where x/h>2",
        "fit d.csv y~x/h",
        "fit d.csv y~I(x/h) --json",
        "fit d.csv y~x --where x/h>2",
        "sums d.csv mean(x) --where x/h>2 -o o.sums",
        "sums d.csv sex --columns g --where x/h>2 -o o.sums",
    ];
    for command in commands {
        let run = opine_in(folder.path(), &command.split(' ').collect::<Vec<_>>(), "");
        assert_eq!(run.code, 0, "{command}: {}", run.err);
        let all = format!("{} {}", run.out, run.err);
        let text = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains("what is divided by 0 is no answer"),
            "{command}: {text}"
        );
    }
    // and by none where nobody is left out for it
    for command in [
        "estimate d.csv mean(x/2)",
        "crosstab d.csv --rows mean(x/2) --columns g",
    ] {
        let run = opine_in(folder.path(), &command.split(' ').collect::<Vec<_>>(), "");
        assert!(
            !format!("{}{}", run.out, run.err).contains("divided"),
            "{command}"
        );
    }
}
