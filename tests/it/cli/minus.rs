//! Items, formulas and values of options that begin with a minus are taken as they stand, by every command.

use opine::cli::{Streams, run_from};

use super::effects::{prepare, words};

/// The code of a run, and what it said.
fn outcome(words: &[String]) -> (u8, String) {
    let (mut output, mut error) = (Vec::new(), Vec::new());
    let streams = Streams::buffers(std::io::empty(), &mut output, &mut error);
    let code = run_from(words, streams).code();
    output.extend(error);
    (code, String::from_utf8(output).unwrap())
}

/// The commands, and below some of them others.
fn commands(above: &[&str]) -> Vec<Vec<String>> {
    let mut line: Vec<String> = vec!["opine".to_owned()];
    line.extend(above.iter().map(|word| (*word).to_owned()));
    let mut asked = line.clone();
    asked.push("--help".to_owned());
    let (_, help) = outcome(&asked);
    let after = help
        .split_once("\nCommands:\n")
        .map_or("", |(_, rest)| rest);
    let after = after.split("\n\n").next().unwrap_or_default();
    let is_name = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let below: Vec<&str> = after
        .lines()
        .filter(is_name)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    if below.is_empty() {
        return vec![line];
    }
    below
        .into_iter()
        .flat_map(|name| commands(&[above, &[name]].concat()))
        .collect()
}

/// The options of a command that can’t be without a value.
fn options(command: &[String]) -> Vec<String> {
    let mut asked = command.to_vec();
    asked.push("--help".to_owned());
    let (_, help) = outcome(&asked);
    let lines = help.lines().map(str::trim_start);
    let lines = lines.filter(|line| line.starts_with('-'));
    let lines =
        lines.filter(|line| line.contains('<') && !line.contains("[<") && !line.contains("[="));
    let word = |line: &str| {
        line.split([' ', ','])
            .find(|word| word.starts_with("--"))
            .map(str::to_owned)
    };
    lines
        .filter_map(|line| word(line).or_else(|| line.split(' ').next().map(str::to_owned)))
        .collect()
}

#[test]
fn every_option_takes_a_value_that_begins_with_a_minus() {
    let commands = commands(&[]);
    assert!(commands.len() > 40, "{commands:?}");
    let mut tried = 0;
    for command in &commands {
        for option in options(command) {
            for value in ["-9.5", "-q1 > 3"] {
                let mut line = command.clone();
                line.extend([option.clone(), value.to_owned()]);
                let (_, text) = outcome(&line);
                let is_taken = !text.contains(&format!("unexpected argument '{}", &value[..2]))
                    && !text.contains("a value is required for");
                assert!(is_taken, "{command:?} {option} {value}: {text}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

/// What may begin with a minus by itself.
const LINES: [&str; 16] = [
    "estimate %p.csv -mean(x)",
    "estimate %p.csv mean(x) -2*mean(x) --by g",
    "estimate %p.csv -prop(q=='Oui') --where -x<0",
    "estimate %p.csv --weights w -mean(x) --json",
    "estimate %p.csv mean(x) --by -x",
    "fit %p.csv -x~g",
    "fit %p.csv --weights w -x~g+sex --contrast -gN",
    "fit %p.csv -x~g --json --where -x<0",
    "fit %p.csv --order -1,0,1 --family ordinal q~g --where -x<0",
    "fit %p.csv --margins g -x~g",
    "crosstab %p.csv --rows -x --columns g",
    "crosstab %p.csv --columns -x>-3 --rows q",
    "test %p.csv ttest(-x,sex) --where -x<0",
    "sums %p.csv -mean(x) -o %out.sums",
    "weight %p.csv --rake %targets.csv --then -mean(x) -prop(q=='Oui')",
    "weight %p.csv --rake %targets.csv --then mean(x) -mean(x)",
];

#[test]
fn items_and_formulas_may_begin_with_a_minus() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    for line in LINES {
        let words = words(folder.path(), line);
        let (_, text) = outcome(&words);
        let refused = [
            "unexpected argument",
            "a value is required",
            "required arguments were not provided",
        ];
        assert!(
            !refused.iter().any(|words| text.contains(words)),
            "{line}: {text}"
        );
    }
    let of = |formula: &str| {
        let line = format!("fit %p.csv {formula} --csv --quiet");
        outcome(&words(folder.path(), &line))
    };
    let (plain, minus) = (of("0-x~g"), of("-x~g"));
    assert_eq!(plain.0, 0, "{}", plain.1);
    assert_eq!(plain.1.replace("p,0-x,", "p,-x,"), minus.1);
}

/// What is no value stays what it is.
#[test]
fn options_are_not_taken_for_values() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    for (line, expected) in [
        (
            "estimate %p.csv mean(x) --where --json",
            "a value is required for '--where",
        ),
        (
            "estimate %p.csv mean(x) --by --jsn",
            "unexpected argument '--jsn'",
        ),
        ("estimate %p.csv mean(x) -j", "unexpected argument '-j'"),
        ("fit %p.csv -j x~g", "unexpected argument '-j'"),
        (
            "fit %p.csv x~g --weigths w",
            "unexpected argument '--weigths'",
        ),
    ] {
        let (code, text) = outcome(&words(folder.path(), line));
        assert_eq!(code, 2, "{line}");
        assert!(text.contains(expected), "{line}: {text}");
    }
    let quiet = outcome(&words(folder.path(), "interval 63 -qn 1500"));
    assert_eq!(quiet.0, 0, "{}", quiet.1);
    let attached = outcome(&words(folder.path(), "interval 63 -n1500 -o%out.txt"));
    assert_eq!(attached.0, 0, "{}", attached.1);
}
