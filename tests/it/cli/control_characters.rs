//! No text of a file, and none that is typed, steers the terminal: all 65 control characters, and what turns the direction of
//! writing, in names, labels, levels, questions, targets, plans, designs, styles and the names of files themselves.

use std::fs;
use std::path::Path;

use opine::internals::frames::{Column, Frame};
use opine::internals::survey::microdata::write::write_frame;

use super::program::{Run, opine_in};

/// C0, DEL, C1; embeddings, overrides and isolates; separators of lines and paragraphs.
fn steering() -> Vec<char> {
    let controls = (0..0x20).chain(0x7f..0xa0);
    let turns = (0x2028..=0x202e).chain(0x2066..=0x2069);
    controls.chain(turns).filter_map(char::from_u32).collect()
}

/// All of them that an argument and the name of a file can hold, and a row of a file without quotes.
fn wild() -> String {
    let typed = steering().into_iter();
    typed
        .filter(|letter| !matches!(letter, '\0' | '\n' | '\r'))
        .collect()
}

/// What would reach the terminal raw.
fn raw(text: &str) -> Vec<char> {
    let raw = steering()
        .into_iter()
        .filter(|letter| *letter != '\n' && text.contains(*letter));
    raw.collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// As a TOML file must write it.
fn escaped(text: &str) -> String {
    let each = text.chars().map(|letter| match u32::from(letter) {
        code @ (0..0x20 | 0x7f..0xa0 | 0x2028..) => format!("\\u{code:04x}"),
        _ => letter.to_string(),
    });
    format!("\"{}\"", each.collect::<String>())
}

/// The respondents twice: with wild names, and with plain ones that a codebook gives wild labels.
fn write_files(folder: &Path) {
    let wild = wild();
    // within quotes a cell may hold ends of lines, and a Parquet file zeros, too
    let lines: String = steering().into_iter().skip(1).collect();
    let all: String = steering().into_iter().collect();
    let levels = [format!("A{lines}"), format!("B{wild}"), "C".to_owned()];
    let rows: String = (0..90)
        .map(|at| {
            let (level, group) = (quoted(&levels[at % 3]), ["x", "z"][at / 3 % 2]);
            format!(
                "{level},{},{},{}\n",
                at % 7,
                quoted(&format!("{group}{wild}")),
                1 + at % 3
            )
        })
        .collect();
    let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    let names = format!(
        "{},y,{},w\n",
        quoted(&format!("q{wild}")),
        quoted(&format!("g{wild}"))
    );
    write("names.csv", names + &rows);
    write("plain.csv", format!("q,y,g,w\n{rows}"));
    let columns = [
        Column::new(
            "q",
            (0..90)
                .map(|at| format!("{}{all}", ["A", "B", "C"][at % 3]))
                .collect::<Vec<String>>(),
        ),
        Column::new(
            "y",
            (0..90)
                .map(|at| Some(at as f64))
                .collect::<Vec<Option<f64>>>(),
        ),
        Column::new(
            "g",
            (0..90)
                .map(|at| format!("{}{all}", ["x", "z"][at / 3 % 2]))
                .collect::<Vec<String>>(),
        ),
        Column::new("w", vec![Some(1.0); 90]),
    ];
    let frame = Frame::new(90, columns.to_vec()).unwrap();
    write_frame(&folder.join(format!("f{wild}.parquet")), &frame, &[]).unwrap();
    let label = quoted(&format!("Why{lines}?"));
    write(
        "codebook.csv",
        format!(
            "variable,label,value,value_label\nq,{label},{},{label}\ny,{label},1,{label}\n",
            quoted(&levels[1])
        ),
    );
    let targets = levels
        .iter()
        .map(|level| format!("q,{},1\n", quoted(level)));
    write(
        "targets.csv",
        format!("variable,level,target\n{}", targets.collect::<String>()),
    );
    let nobody = quoted(&format!("nobody{wild}"));
    write(
        "nobody.csv",
        format!("variable,level,target\nq,{nobody},1\n"),
    );
    write(
        "unknown.csv",
        format!("variable,level,target\n{nobody},a,1\n"),
    );
    let name = escaped(&format!("k{wild}"));
    write("key.toml", format!("{name} = {name}\n"));
    write("raw.toml", format!("k{wild} = \"v{wild}\"\n"));
    write("design.toml", format!("weights = {name}\n"));
    write("list.csv", format!("label,percent\n{label},40\nother,60\n"));
}

/// Commands on respondents, with names that each file has for its question and group.
fn on_respondents(file: &str, question: &str, group: &str) -> Vec<Vec<String>> {
    let wild = wild();
    let lines = [
        vec!["describe"],
        vec!["describe", "--all"],
        vec!["describe", "--balance", group],
        vec!["design", "--strata", group, "--weights", "w"],
        vec![
            "estimate",
            "prop(Q)",
            "mean(y)",
            "--by",
            group,
            "--min-base",
            "0",
        ],
        vec!["estimate", "prop(Q)", "--pairwise", "--by", group],
        vec!["estimate", "prop(Q)", "--explain"],
        vec!["estimate", "prop(Q == 'A#')"],
        vec!["estimate", "prop(Q)", "--where", "Q == 'zz#'"],
        vec!["estimate", "prop(Q)", "--net", "N#=A#,C"],
        vec!["estimate", "prop(Q)", "--order", "zz#"],
        vec!["estimate", "prop(Q)", "--without", "zz#"],
        vec!["estimate", "mean(Q)"],
        vec!["estimate", "prop(zz#)"],
        vec!["estimate", "prop(Q)", "--by", "zz#"],
        vec!["estimate", "mean(y)", "--weights", "zz#"],
        vec!["estimate", "mean(y)", "--design", "design.toml"],
        vec!["estimate", "mean(y)", "--design", "key.toml"],
        vec!["estimate", "mean(y)", "--design", "raw.toml"],
        vec!["crosstab", "--rows", "Q", "--columns", group],
        vec!["crosstab", "--rows", "Q", "--columns", group, "--tests"],
        vec!["crosstab", "--rows", "Q", "--columns", group, "--pairs"],
        vec!["crosstab", "--rows", "Q", "--columns", group, "--explain"],
        vec!["crosstab", "--plan", "key.toml"],
        vec!["crosstab", "--plan", "raw.toml"],
        vec!["topline"],
        vec!["test", "chisq(Q,G)", "ttest(y,G)"],
        vec!["test", "chisq(Q,G)", "--explain"],
        vec!["fit", "y ~ Q"],
        vec!["fit", "y ~ Q", "--margins", question],
        vec!["fit", "y ~ Q", "--explain"],
        vec!["weight", "--rake", "targets.csv"],
        vec!["weight", "--rake", "targets.csv", "--then", "prop(Q)"],
        vec!["weight", "--rake", "nobody.csv"],
        vec!["weight", "--rake", "unknown.csv"],
        vec!["weight", "--recipe", "key.toml"],
        vec!["weight", "--recipe", "raw.toml"],
        vec!["weight", "--rake", "targets.csv", "-o", "o#.csv"],
        vec!["weight", "--rake", "targets.csv", "--report", "report#"],
        vec!["sums", "prop(Q)", "-o", "o#.sums"],
        vec!["pool"],
        vec!["trend"],
        vec!["import", "--map", "poll=zz#"],
    ];
    let full = |line: &Vec<&str>| -> Vec<String> {
        let [command, options @ ..] = line.as_slice() else {
            return Vec::new();
        };
        let of_file = |word: &&str| match *word {
            known if known == question || known == group => known.to_owned(),
            word => {
                let word = word.replace('Q', question).replace('G', group);
                word.replace('#', &wild)
            }
        };
        let head = [(*command).to_owned(), file.to_owned()];
        head.into_iter()
            .chain(options.iter().map(of_file))
            .collect()
    };
    lines.iter().map(full).collect()
}

/// Commands without respondents, and slips of the command line.
const TYPED: [&str; 24] = [
    "#",
    "zz#",
    "estimate zz#.csv mean(y)",
    "estimate plain.csv --zz#",
    "estimate plain.csv mean(y) --format zz#",
    "estimate plain.csv mean(y) --level zz#",
    "estimate o#.sums",
    "estimate plain.csv prop(q) -o e#.csv",
    "chart bar list.csv -o c#.svg",
    "chart bar zz#.csv -o c.svg",
    "chart bar list.csv -o c.svg --style key.toml",
    "chart bar list.csv -o c.svg --style raw.toml",
    "interval 5# -n 100",
    "compare 5#@100 6@100",
    "size --moe zz#",
    "summary zz#",
    "list figures zz#",
    "check --data zz#",
    "bounds zz#",
    "card zz#",
    "report --data zz#",
    "export zz#",
    "schema zz#",
    "import plain.csv --as zz#",
];

fn check(line: &[String], run: &Run) {
    for (stream, text) in [("output", &run.out), ("error", &run.err)] {
        assert_eq!(raw(text), [], "{line:?}: {stream}: {text}");
    }
}

#[test]
fn no_text_of_a_file_steers_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write_files(path);
    let wild = wild();
    let [question, group] = ["q", "g"].map(|name| format!("`{name}{wild}`"));
    let mut done = 0;
    for (file, question, group) in [
        ("names.csv", question.as_str(), group.as_str()),
        ("plain.csv", "q", "g"),
        (&format!("f{wild}.parquet"), "q", "g"),
    ] {
        for (at, mut line) in on_respondents(file, question, group)
            .into_iter()
            .enumerate()
        {
            if question == "q" {
                line.extend(["--codebook", "codebook.csv"].map(str::to_owned));
            }
            // each format with every command would be the same code many times over
            let format = ["text", "md", "html", "latex"][(at + file.len()) % 4];
            for format in ["text", format] {
                let mut line = line.clone();
                if format != "text" {
                    line.extend(["--format".to_owned(), format.to_owned()]);
                }
                let words: Vec<&str> = line.iter().map(String::as_str).collect();
                let run = opine_in(path, &words, "");
                check(&line, &run);
                done += usize::from(run.code == 0);
            }
        }
    }
    // most of them do what is asked
    assert!(done > 100, "{done}");
    for line in TYPED {
        let line: Vec<String> = line
            .split(' ')
            .map(|word| word.replace('#', &wild))
            .collect();
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        check(&line, &opine_in(path, &words, ""));
    }
}
