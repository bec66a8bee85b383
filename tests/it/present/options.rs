//! Every option of `estimate` changes what is printed, or is refused.

use crate::present::estimates::{POLL, folder, line};

#[test]
fn an_option_changes_the_output() {
    let folder = folder();
    let items = "prop(q1) median(therm_us)";
    for (base, option) in [
        (items, "--by sex"),
        (items, "--where 'age == \"60+\"'"),
        (items, "--net 'Worried=Somewhat worried,Very worried'"),
        (items, "--ci wilson"),
        (items, "--level 0.9"),
        (items, "--qrule hf7"),
        ("mean(therm_us) --show deff", "--deff-kind replace"),
        ("mean(therm_us) --by stratum", "--domain-df design"),
        (items, "--missing show"),
        (items, "--missing category"),
        ("prop(q1) --show se --decimals 3", "--incomplete drop"),
        (items, "--show se,ci,deff,df,n,n_eff,weighted_n"),
        (items, "--decimals 1"),
        ("mean(therm_us) --by stratum", "--flag-base 300"),
        ("mean(therm_us) --by stratum", "--min-base 300"),
        ("mean(therm_us) --by sex", "--pairwise"),
        ("mean(therm_us) --by age --pairwise", "--adjust bh"),
    ] {
        let plain = line(folder.path(), &format!("estimate poll.csv {base} {POLL}"));
        let asked = format!("estimate poll.csv {base} {POLL} {option}");
        let run = line(folder.path(), &asked);
        assert_eq!(run.code, 0, "{asked}: {}", run.err);
        assert_ne!(plain.out, run.out, "{asked}");
    }
}

#[test]
fn an_option_without_effect_is_refused() {
    let folder = folder();
    for asked in [
        "mean(therm_us) --ci wilson",
        "mean(therm_us) --qrule hf7",
        "mean(therm_us) --deff-kind replace",
        "mean(therm_us) --domain-df design",
        "mean(therm_us) --missing show",
        "mean(therm_us) --net 'a=b,c'",
        "prop(q1) --net 'Worried=Somewhat worrid,Very worried'",
        "mean(therm_us) --decimals 1",
        "prop(q1) --decimals 1 --csv",
        "prop(q1) --show se --json",
        "prop(q1) --min-base 10 --json",
        "prop(q1) --adjust bh",
        "prop(q1) --pairwise",
        "median(therm_us) --by sex --pairwise",
        "prop(q1) --show nothing",
        "prop(q1) --decimals 9",
        "prop(q1) --flag-base few",
    ] {
        let run = line(folder.path(), &format!("estimate poll.csv {asked}"));
        assert_eq!(run.code, 2, "{asked}: {}", run.out);
        assert!(run.err.len() > 20, "{asked}: {}", run.err);
    }
    for asked in ["design poll.csv --all", "describe poll.csv --all --json"] {
        assert_eq!(line(folder.path(), asked).code, 2, "{asked}");
    }
    let run = line(
        folder.path(),
        "estimate poll.csv prop(q1) --net 'Worried=Somewhat worrid,Very worried'",
    );
    assert!(
        run.err.contains("did you mean Somewhat worried?"),
        "{}",
        run.err
    );
}

#[test]
fn a_chart_of_shares_by_groups_and_none_of_both_shares_and_means() {
    let folder = folder();
    let estimate =
        |asked: &str| line(folder.path(), &format!("estimate poll.csv {asked} --csv")).out;
    let shares = estimate("prop(q1) --by region");
    let draw = |input: &str| {
        crate::cli::program::opine_in(folder.path(), &["chart", "dot", "-", "-o", "q1.svg"], input)
    };
    assert_eq!(draw(&shares).code, 0);
    let svg = std::fs::read_to_string(folder.path().join("q1.svg")).unwrap();
    assert!(svg.contains("Very worried") && svg.contains(">North<"));
    let run = draw(&estimate("mean(therm_us) prop(q1) --by region"));
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("therm_us is a mean and q1 a share"),
        "{}",
        run.err
    );
}

/// Backquotes are of the grammar, not of the name: the table has none.
#[test]
fn names_that_are_no_identifiers_stand_plain_in_the_table() {
    let folder = folder();
    let file = "my vote,age years\nYes,20\nNo,30\nYes,50\n";
    let asked = [
        "estimate",
        "-",
        "prop(`my vote`)",
        "mean(`age years`)",
        "median(`age years`)",
        "mean(`age years` / 10)",
        "--csv",
    ];
    let run = crate::cli::program::opine_in(folder.path(), &asked, file);
    assert_eq!(run.code, 0, "{}", run.err);
    let variables: Vec<&str> = run
        .out
        .lines()
        .skip(1)
        .map(|row| row.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(
        variables,
        [
            "my vote",
            "my vote",
            "age years",
            "age years",
            "`age years` / 10"
        ]
    );
}
