//! Every example that a command's help leads with is run.

use std::path::Path;

use crate::cli::program::{opine, opine_in, shell};

const COMMANDS: [&str; 34] = [
    "report",
    "summary",
    "list",
    "card",
    "check",
    "bounds",
    "add",
    "edit",
    "remove",
    "export",
    "init",
    "interval",
    "compare",
    "size",
    "weight",
    "describe",
    "design",
    "estimate",
    "crosstab",
    "topline",
    "sums",
    "chart dot",
    "chart bar",
    "chart stacked",
    "chart banner",
    "chart difference",
    "chart change",
    "chart trend",
    "chart polls",
    "trend",
    "import",
    "schema",
    "completions",
    "man",
];

/// The examples in a help text: lines that begin with the program, a `\` at the end going on, words
/// after two spaces being a remark.
fn examples(help: &str) -> Vec<String> {
    // a line that goes on in the next is one command
    let parts: Vec<&str> = help.split("\\\n").map(str::trim_end).collect();
    let joined = parts
        .iter()
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.trim_start() })
        .collect::<Vec<_>>()
        .join(" ");
    let lines = joined
        .lines()
        .filter_map(|line| line.strip_prefix("  opine "));
    lines
        .map(|line| {
            let command = line.split("   ").next().unwrap_or(line);
            format!("opine {}", command.trim())
        })
        .collect()
}

/// What the examples expect to be there.
fn prepare(folder: &Path, line: &str) {
    for place in [
        ".local/share/bash-completion/completions",
        ".zfunc",
        ".config/fish/completions",
    ] {
        std::fs::create_dir_all(folder.join(place)).unwrap();
    }
    std::fs::write(
        folder.join("tonight.csv"),
        "label,percent,n\nStay neutral,62,1000\nTake a side,23,1000\n",
    )
    .unwrap();
    let rows = ["R1", "R2"].map(|region| {
        format!("tonight,q1,Favourable,{region},proportion,0.41,0.02,0.37,0.45,1000\n")
    });
    std::fs::write(
        folder.join("regions.csv"),
        format!(
            "source,variable,level,region,statistic,estimate,se,ci_low,ci_high,n\n{}",
            rows.concat()
        ),
    )
    .unwrap();
    std::fs::write(
        folder.join("answers.csv"),
        "label,response,percent,n\nNorth,Agree,62,1000\nNorth,Disagree,38,1000\nSouth,Agree,50,900\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("waves.csv"),
        "label,date,percent,n\nStay neutral,2021-05,62,1000\nStay neutral,2022-06,58,900\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("leads.csv"),
        "label,date,percent,n\nLabour,2021-05,42,1000\nTories,2021-05,38,1000\nLabour,2022-06,45,900\nTories,2022-06,33,900\n",
    )
    .unwrap();
    let rows = ["2021", "2022"]
        .map(|year| format!("study,q1,Favourable,R1,{year},proportion,0.41,0.02,0.37,0.45,1000\n"));
    std::fs::write(
        folder.join("years.csv"),
        format!(
            "source,variable,level,region,year,statistic,estimate,se,ci_low,ci_high,n\n{}",
            rows.concat()
        ),
    )
    .unwrap();
    if line.starts_with("opine weight") {
        sample(folder);
    }
    for name in ["poll.csv", "may.csv", "march.csv", "january.csv"] {
        std::fs::copy("examples/poll.csv", folder.join(name)).unwrap();
    }
    let codebook = "poll-codebook.csv";
    std::fs::copy(format!("examples/{codebook}"), folder.join(codebook)).unwrap();
    trackers(folder);
    if line.contains("my-polls")
        && !line.starts_with("opine init")
        && !folder.join("my-polls").exists()
    {
        assert_eq!(opine_in(folder, &["init", "my-polls"], "").code, 0);
    }
    if line.starts_with("opine edit") || line.starts_with("opine remove") {
        own_poll(folder);
    }
}

/// A poll in the own copy, as two sources print it.
fn own_poll(folder: &Path) {
    for row in [
        "poll --poll mypoll",
        "sample --poll mypoll -n 1000 --reported-by report",
        "question --poll mypoll --question approve --responses yes;no",
        "figure --poll mypoll --question approve --response yes --percent 48 --reported-by report",
        "figure --poll mypoll --question approve --response yes --percent 47 --reported-by npr",
    ] {
        let words: Vec<&str> = ["add"].into_iter().chain(row.split(' ')).collect();
        let run = opine_in(folder, &[&words[..], &["--data", "my-polls"]].concat(), "");
        // one example may have left it there for the next
        assert!(run.code == 0 || run.err.contains("already"), "{}", run.err);
    }
}

/// A small file of polls of 2020, and a result.
fn trackers(folder: &Path) {
    let mut polls = "poll,pollster,start,end,n,response,percent\n".to_owned();
    for k in 0..24 {
        let (house, month, day) = (
            ["Alpha", "Beta", "Gamma"][k % 3],
            9 + k / 12,
            2 + 2 * (k % 12),
        );
        let date = format!("2020-{month:02}-{day:02}");
        for (answer, percent) in [("Biden", 50 + k % 3), ("Trump", 44 - k % 2)] {
            polls += &format!("{k},{house},{date},{date},900,{answer},{percent}\n");
        }
    }
    let results = "r,election,2020-11-03,2020-11-03,,Biden,51.3\nr,election,2020-11-03,2020-11-03,,Trump,46.8\n";
    std::fs::write(folder.join("polls.csv"), polls + results).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "president_polls.csv",
        "question_id,pollster,start_date,end_date,sample_size,population,answer,pct\n1,YouGov,1/25/20,1/28/20,1500,lv,Biden,47.5\n",
    );
    write(
        "sonntagsfrage.csv",
        "Datum;SPD;Befragte;Zeitraum\n14.05.2023;20 %;2.501;08.05.–12.05.\n",
    );
    write(
        "table.csv",
        "Institute,Date,N,A,B\nX,2023-05-14,1000,51,49\n",
    );
}

/// A sample to be weighted, what it is weighted to, and a recipe.
fn sample(folder: &Path) {
    let mut rows = "sex,region,base,q1,x\n".to_owned();
    for at in 0..120 {
        let sex = ["female", "male", "male"][at % 3];
        let region = ["North", "South"][at / 7 % 2];
        let answer = ["yes", "no"][at / 5 % 2];
        rows += &format!("{sex},{region},{},{answer},{}\n", 1 + at % 2, at % 11);
    }
    std::fs::write(folder.join("sample.csv"), rows).unwrap();
    let head = "variable,level,target\n";
    let targets = "sex,female,0.51\nsex,male,0.49\n";
    std::fs::write(folder.join("targets.csv"), format!("{head}{targets}")).unwrap();
    let totals = "count(),,180\nsex,female,92\nsex,male,88\nx,,910\n";
    std::fs::write(folder.join("totals.csv"), format!("{head}{totals}")).unwrap();
    std::fs::write(
        folder.join("recipe.toml"),
        "[[step]]\nmethod = \"rake\"\ntargets = \"targets.csv\"\n\n[[step]]\nmethod = \"normalise\"\n",
    )
    .unwrap();
}

#[test]
fn every_example_of_every_command_runs() {
    let mut count = 0;
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = opine(&words).out;
        let folder = tempfile::tempdir().unwrap();
        for line in examples(&help) {
            prepare(folder.path(), &line);
            let (well, err) = shell(folder.path(), &line);
            assert!(well, "{line}: {err}");
            assert!(!err.contains("panicked"), "{line}: {err}");
            count += 1;
        }
    }
    assert!(count > 40, "{count} examples");
}
