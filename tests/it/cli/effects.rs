//! Every option of every command changes what comes out, is refused, or says that it found nothing to do.
//!
//! The options are those that `--help` lists; each is added to command lines of all kinds, in several formats.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use opine::cli::{Streams, run_from};

/// What an option is given. One that is not here takes none.
const VALUES: &[(&str, &str)] = &[
    ("na", "-9"),
    ("delimiter", ";"),
    ("encoding", "utf-16le"),
    ("by", "g"),
    ("imputations", "%none*.csv"),
    ("imputation", "g"),
    ("where", "x > 3"),
    ("net", "Either=Oui,Non"),
    ("without", "Peut-être"),
    ("separator", ";"),
    ("standardise", "%shares.csv"),
    ("decimal", ","),
    ("dates", "dmy"),
    ("ci", "wald"),
    ("level", "0.9"),
    ("qrule", "school"),
    ("deff-kind", "srs"),
    ("domain-df", "design"),
    ("incomplete", "drop"),
    ("missing", "show"),
    ("show", "se"),
    ("decimals", "2"),
    ("flag-base", "1000"),
    ("min-base", "1000"),
    ("adjust", "bonferroni"),
    ("covariance", "%out/cov.csv"),
    ("design", "%design.toml"),
    ("weights", "w"),
    ("strata", "st"),
    ("psu", "psu"),
    ("fpc", "fpc"),
    ("lonely", "remove"),
    ("missing-weights", "allow"),
    ("replicates", "^r[1-4]$"),
    ("rep-type", "jk1"),
    ("rho", "0.3"),
    ("scale", "2"),
    ("rscales", "1,1,2,2"),
    ("combined-weights", "false"),
    ("df", "7"),
    ("rake", "%targets.csv"),
    ("poststratify", "%targets.csv"),
    ("calibrate", "%totals.csv"),
    ("recipe", "%recipe.toml"),
    ("distance", "raking"),
    ("bounds", "0.2,4"),
    ("trim", "0.5,1.5"),
    ("trim-unit", "median"),
    ("tolerance", "0.4"),
    ("iterations", "1"),
    ("population", "5000"),
    ("no-answer", "drop"),
    ("normalise", "7"),
    ("inclusion", "pi"),
    ("make-replicates", "jk1"),
    ("seed", "7"),
    ("name", "other"),
    ("raking-variance", "projection"),
    ("then", "mean(x)"),
    ("report", "%out/report"),
    ("report-by", "g"),
    ("min-cell", "30"),
    ("print-sql", "duckdb"),
    ("table", "people"),
    ("title", "A title"),
    ("subtitle", "A subtitle"),
    ("width", "500"),
    ("height", "2000"),
    ("theme", "dark"),
    ("font", "%font.ttf"),
    ("size", "phone"),
    ("lang", "de"),
    ("foot", "full"),
    ("style", "%house.toml"),
    ("highlight", "Oui"),
    ("colour", "Oui=#AA1111"),
    ("source", "Someone"),
    ("note", "A note."),
    ("assume-n", "500"),
    ("data", "%store"),
    ("x", "g"),
    ("ignore", "joint-share"),
    ("moe", "4"),
    ("moe-level", "0.9"),
    ("deff", "1.7"),
    ("rows", "mean(x)"),
    ("columns", "sex"),
    ("column-net", "g:North=N,S"),
    ("box", "1"),
    ("set", "news=m1,m2:1"),
    ("set-base", "any"),
    ("grid", "Both=q,q2"),
    ("scores", "q:1,2,3"),
    ("percent", "row"),
    ("sort", "total"),
    ("test", "kish"),
    ("against", "rest"),
    ("alpha", "0.2"),
    ("zero-cells", "exclude"),
    ("sheets", "one"),
    ("codebook", "%codebook.csv"),
    ("family", "poisson"),
    ("link", "log"),
    ("order", "N,S,E"),
    ("reference", "g=N"),
    ("terms", "lrt"),
    ("joint", "g"),
    ("contrast", "gN"),
    ("margins", "g"),
    ("at", "g=N"),
    ("se", "conditional"),
    ("information", "observed"),
    ("coefficients-covariance", "%out/v.csv"),
    ("statistic", "wald"),
    ("score", "median"),
    ("balance", "sex"),
    ("method", "dl"),
    ("ymax", "80"),
    ("label", "a"),
    ("group", "b"),
    ("caption", "Some caption"),
    ("tex-label", "tab:one"),
];

/// The rest, whose value depends on the command.
const VALUES_OF: &[(&str, &str, &str)] = &[
    ("fit", "against", "N"),
    ("fit", "test", "z"),
    ("pool", "test", "z"),
    ("crosstab", "show", "count"),
    ("weight", "show", "se"),
    ("chart", "sort", "label"),
    ("compare", "n", "700"),
    ("compare", "relation", "independent"),
    ("compare", "share", "0.3"),
    ("compare", "average", "equal"),
    ("compare", "population", "%people.csv"),
    ("compare", "net", "worried=very,somewhat"),
    ("compare", "with", "first"),
    ("compare", "against", "50"),
    ("compare", "row", "g=N"),
    ("compare", "without", "dont_know"),
    ("summary", "without", "neutral"),
    ("interval", "population", "4000"),
    ("interval", "n", "900"),
    ("size", "percent", "20"),
    ("size", "population", "3000"),
    ("interval", "df", "30"),
    ("chart", "percent", "c"),
    ("chart", "n", "d"),
    ("chart", "from", "2021-05"),
    ("chart", "to", "2022-06"),
    ("chart", "lead", "Oui-Non"),
    ("chart", "relation", "panel"),
    ("check", "percent", "c"),
    ("check", "n", "d"),
    ("summary", "percent", "c"),
    ("summary", "n", "d"),
    ("compare", "percent", "c"),
];

/// Options that say how a run goes, or where its output goes, and those that a command can’t do without.
const OTHERS: [&str; 9] = [
    "help",
    "version",
    "quiet",
    "format",
    "json",
    "csv",
    "output",
    "for-spreadsheet",
    "in-place",
];

/// Command lines; `%` is the folder. Some fail as they stand, and an option makes them work.
const LINES: &[&str] = &[
    "describe %p.csv",
    "describe %p.sav",
    "describe %p.parquet",
    "design %p.csv",
    "design %p.csv --weights w --strata st --psu psu",
    "design %p.csv --weights w --replicates ^r[1-4]$ --rep-type brr",
    "design %p.sav --weights wm",
    "estimate %p.csv prop(q) mean(x)",
    "estimate %p.csv mean(x) total(x) count()",
    "estimate %p.csv quantile(x,0.25,0.5)",
    "estimate %p.csv prop(q) mean(x) --by g --weights w --strata st --psu psu",
    "estimate %p.csv prop(q) --by g --weights w --pairwise",
    "estimate %p.csv prop(q) --weights w --replicates ^r[1-4]$ --rep-type fay --rho 0.5",
    "estimate %p.csv mean(x) --strata lone",
    "estimate %p.csv mean(x) --weights wm",
    "estimate %p.csv prop(q=='Oui') prop(split(many))",
    "estimate %p.sav prop(q) --by g",
    "estimate %p.parquet prop(q) --by g --show deff",
    "estimate %p.csv mean(x) -o %out/t.xlsx",
    "estimate %p.sums",
    "estimate %p.sums --pairwise",
    "test %p.csv chisq(q,q2) chisq(sex,g) ttest(x,sex)",
    "fit %p.csv x~g",
    "fit %p.csv x~g+sex --margins g",
    "sums %p.csv prop(q) -o %out/a.sums",
    "sums %p.csv prop(q) --weights w --strata st --psu psu --print-sql duckdb",
    "crosstab %p.csv --rows q,q2 --columns g",
    "crosstab %p.csv --rows q --columns g,sex --weights w --strata st --psu psu",
    "crosstab %p.csv --rows mean(x)",
    "crosstab %p.csv --rows news --set news=m1,m2:1 --columns g",
    "crosstab %p.sav --rows q --columns g --pairs",
    "crosstab %p.csv --rows q --columns g -o %out/t.pptx",
    "weight %p.csv --rake %targets.csv -o %out/w.csv",
    "weight %p.csv --rake %targets.csv",
    "weight %p.csv --rake %targets.csv --trim 0.5,1.5 --then mean(x) prop(q)",
    "weight %p.csv --rake %targets.csv --normalise respondents -o %out/w.csv",
    "weight %p.csv --poststratify %targets.csv -o %out/w.csv",
    "weight %p.csv --calibrate %totals.csv --then mean(x)",
    "weight %p.csv --trim 0.5,1.5 --weights w -o %out/w.csv",
    "weight %p.csv --rake %targets.csv -o %out/w.parquet",
    "report --out %out/plots --data %store",
    "weight %p.csv --recipe %recipe.toml --make-replicates bootstrap:5 -o %out/w.csv",
    "weight %gaps.csv --rake %targets.csv -o %out/w.csv",
    "chart dot egf2023/view_both -o %out/c.svg",
    "chart dot %list.csv -o %out/c.svg",
    "chart bar %estimates.csv -o %out/c.svg",
    "chart stacked %answers.csv -o %out/c.svg",
    "chart bar %press.csv -o %out/c.svg",
    "chart change %waves.csv -o %out/c.svg",
    "chart trend %waves.csv -o %out/c.svg",
    "chart bar %list.csv -o %out/c.pptx",
    "chart trend %years.csv -o %out/c.svg",
    "summary ecfr2021/cold_war_own_cn",
    "summary %press.csv",
    "check egf2023",
    "export egf2023/view_both",
    "export",
    "check %press.csv",
    "interval 63 -n 1500",
    "size --moe 3",
    "pool 48@1000 51@1200 45@900",
];

const COMPARISONS: [&str; 10] = [
    "compare 48@1000 45@1200",
    "compare 48 45 -n 1000 --relation same-question",
    "compare 48 45 44 -n 1000 --relation independent",
    "compare egf2023/consequences/polarise:KR egf2023/consequences/polarise:PH",
    "compare egf2023/consequences/polarise:*",
    "compare egf2023/view_cn/favourable:KR+PH egf2023/view_cn/favourable:SG",
    "compare egf2023/worried/very",
    "compare %estimates.csv",
    "compare %press.csv --relation independent",
    "interval 63 -n 1500 --moe 4",
];

/// Options that are given the value that they have without being named.
const DEFAULTS: [(&str, &str); 1] = [("compare 48@1000 45@1200", "relation")];

/// The options of a command and of all that stand below it.
fn options(command: &str) -> BTreeSet<String> {
    let mut words: Vec<&str> = vec!["opine"];
    words.extend(command.split(' '));
    words.push("--help");
    let mut help = Vec::new();
    run_from(
        words,
        Streams::buffers(std::io::empty(), &mut help, std::io::sink()),
    );
    let help = String::from_utf8(help).unwrap();
    let lines = help
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('-'));
    let named = lines.filter_map(|line| {
        let short = line.strip_prefix("-n ").map(|_| "n");
        let long = line
            .split_whitespace()
            .find_map(|word| word.strip_prefix("--"));
        let end = |name: &'static str| name;
        long.map(|name| name.split(['[', '=']).next().unwrap_or(name).to_owned())
            .or(short.map(|name| end(name).to_owned()))
    });
    named
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect()
}

fn value(command: &str, option: &str) -> Option<&'static str> {
    let own = VALUES_OF
        .iter()
        .find(|(of, name, _)| *of == command && *name == option);
    let any = VALUES.iter().find(|(name, _)| *name == option);
    own.map(|(_, _, value)| *value)
        .or(any.map(|(_, value)| *value))
}

/// How a run ended: its code, output, errors and files.
type Outcome = (u8, Vec<u8>, Vec<u8>, BTreeMap<String, Vec<u8>>);

fn outcome(folder: &Path, words: &[String]) -> Outcome {
    let out = folder.join("out");
    drop(fs::remove_dir_all(&out));
    fs::create_dir(&out).unwrap();
    let (mut output, mut error) = (Vec::new(), Vec::new());
    let streams = Streams::buffers(std::io::empty(), &mut output, &mut error);
    let code = run_from(words, streams).code();
    let mut files = BTreeMap::new();
    let mut folders = vec![out];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(files.insert(path.display().to_string(), fs::read(&path).unwrap())),
            }
        }
    }
    (code, output, error, files)
}

/// Respondents, what they are weighted to, tables for charts, a store.
pub fn prepare(folder: &Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let mut rows = "id,sex,g,st,psu,lone,fpc,x,q,q2,m1,m2,many,w,wm,pi,r1,r2,r3,r4\n".to_owned();
    let mut gaps = "sex,x\n".to_owned();
    for at in 0..160 {
        let sex = ["f", "m", "m"][at % 3];
        let group = ["N", "S", "E"][at / 2 % 3];
        let answer = ["Oui", "Non", "Peut-être", "", "Oui"][at / 3 % 5];
        let x = match at % 11 {
            0 => String::new(),
            1 => "-9".to_owned(),
            x => (x + at % 4).to_string(),
        };
        let w = 0.5 + (at % 5) as f64 / 2.0;
        let wm = if at % 40 == 7 {
            String::new()
        } else {
            w.to_string()
        };
        let r: Vec<String> = (0..4)
            .map(|r| (w * if (at / 5 + r) % 2 == 0 { 1.5 } else { 0.5 }).to_string())
            .collect();
        rows += &format!(
            "{at},{sex},{group},{},{},{},900,{x},{answer},{},{},{},{},{w},{wm},{},{}\n",
            at % 2,
            at % 16,
            if at == 0 { "alone" } else { "others" },
            ["Oui", "Non", "Peut-être"][at / 5 % 3],
            at % 2,
            at / 3 % 2,
            ["a;b", "b", "a", "c;a"][at % 4],
            0.1 + (at % 3) as f64 / 10.0,
            r.join(","),
        );
        gaps += &format!("{},{}\n", if at % 17 == 3 { "" } else { sex }, at % 5);
    }
    write("p.csv", &rows);
    write("gaps.csv", &gaps);
    write(
        "targets.csv",
        "variable,level,target\nsex,f,0.5\nsex,m,0.5\n",
    );
    write(
        "totals.csv",
        "variable,level,target\ncount(),,200\nsex,f,90\nsex,m,110\n",
    );
    write(
        "shares.csv",
        "variable,level,target\nsex,f,0.5\nsex,m,0.5\n",
    );
    write(
        "recipe.toml",
        "[[step]]\nmethod = \"rake\"\ntargets = \"targets.csv\"\n",
    );
    write("design.toml", "weights = \"w\"\nstrata = [\"st\"]\n");
    write(
        "codebook.csv",
        "variable,label,value,level,missing\nq,Do you agree?,Oui,Yes,\nx,How much?,-9,None,yes\nsex,Sex,f,Female,\n\
         many,Which?,b,Bread,\nm1,First,1,Yes,\n",
    );
    write("people.csv", "country,population\nKR,51\nPH,115\nSG,6\n");
    write(
        "list.csv",
        "label,percent,n\nOui,62,1000\nNon,23.5,1000\nRien,14.5,\n",
    );
    write(
        "answers.csv",
        "label,response,percent,n\nN,Oui,62,1000\nN,Non,45,1000\nS,Oui,50,900\nS,Non,50,900\n",
    );
    write(
        "press.csv",
        "a,b,c,d\nN,Oui,62,1000\nN,Non,45,1000\nS,Oui,50,900\nS,Non,50,900\n",
    );
    write(
        "waves.csv",
        "label,date,percent,n\nOui,2021-05,62,1000\nOui,2022-06,58,900\n",
    );
    let head = "source,variable,level,g,year,statistic,estimate,se,ci_low,ci_high,n\n";
    let row = |g: &str, year: &str, p: f64| {
        let (low, high) = (p - 0.0392, p + 0.0392);
        format!("study,q,Oui,{g},{year},proportion,{p},0.02,{low},{high},1000\n")
    };
    write(
        "years.csv",
        &[
            head,
            &row("N", "2021", 0.41),
            &row("N", "2022", 0.43),
            &row("S", "2021", 0.5),
            &row("S", "2022", 0.47),
        ]
        .concat(),
    );
    write(
        "estimates.csv",
        &[head, &row("N", "2021", 0.41), &row("S", "2021", 0.43)].concat(),
    );
    fs::write(folder.join("font.ttf"), notosans::REGULAR_TTF).unwrap();
    let run = |line: &str| {
        let words = words(folder, line);
        let mut error = Vec::new();
        let code = run_from(
            &words,
            Streams::buffers(std::io::empty(), std::io::sink(), &mut error),
        );
        assert_eq!(
            code.code(),
            0,
            "{line}: {}",
            String::from_utf8_lossy(&error)
        );
    };
    run("weight %p.csv --rake %targets.csv -o %p.sav");
    run("weight %p.csv --rake %targets.csv -o %p.parquet");
    run("sums %p.csv prop(q) mean(x) --by g --weights w --strata st --psu psu -o %p.sums");
    write("house.toml", "source = \"A house\"\n");
    run("init %store");
}

pub fn words(folder: &Path, line: &str) -> Vec<String> {
    let at = format!("{}/", folder.display());
    let words = ["opine"].into_iter().chain(line.split(' '));
    words.map(|word| word.replace('%', &at)).collect()
}

#[test]
fn every_option_changes_something_or_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    prepare(path);
    let mut silent = Vec::new();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in LINES.iter().chain(&COMPARISONS) {
        let parts: Vec<&str> = line.split(' ').collect();
        let command = match parts[0] {
            "chart" => format!("chart {}", parts[1]),
            command => command.to_owned(),
        };
        let known = all
            .entry(command.clone())
            .or_insert_with(|| options(&command));
        assert!(!known.is_empty(), "{command}");
        let formats: &[&str] = match parts[0] {
            "chart" => &[""],
            _ if line.contains(" -o ") && parts[0] == "crosstab" => &[""],
            "sums" => &[""],
            "check" => &["", "--json"],
            "weight" => &["", "--json"],
            // the others are tables as text is, or rows as JSON is
            _ if *line == LINES[9] => &[
                "",
                "--json",
                "--format md",
                "--format html",
                "--format latex",
                "-o %out/t.parquet",
            ],
            _ => &["", "--json"],
        };
        for format in formats {
            let whole = format!("{line} {format}");
            let base = outcome(path, &words(path, whole.trim_end()));
            for option in known.iter() {
                let flag = if option == "n" {
                    "-n".to_owned()
                } else {
                    format!("--{option}")
                };
                let default = DEFAULTS.contains(&(*line, option.as_str()));
                if parts.contains(&flag.as_str()) || default {
                    continue;
                }
                let mut words = words(path, whole.trim_end());
                words.push(flag);
                words.extend(
                    value(parts[0], option)
                        .map(|value| value.replace('%', &format!("{}/", path.display()))),
                );
                let changed = outcome(path, &words);
                // a run that failed has said why, whatever else was typed
                if changed == base && changed.0 < 1 {
                    silent.push(format!("{whole} --{option}"));
                }
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{} options change nothing and say nothing:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

/// Lines that work, what makes an option possible, and the option. Both lines end well, and differently.
const TOGETHER: [(&str, &str, &str); 6] = [
    ("", "", "--replicates ^r[1-4]$ --rep-type jk1"),
    ("--replicates ^r[1-4]$ --rep-type ", "fay", " --rho 0.3"),
    ("--replicates ^r[1-4]$ --rep-type ", "other", " --scale 2"),
    (
        "--replicates ^r[1-4]$ --rep-type ",
        "other",
        " --rscales 1,1,2,2",
    ),
    ("--replicates ^r[1-4]$ --rep-type ", "jk1", " --mse"),
    (
        "--replicates ^r[1-4]$ --rep-type ",
        "jk1",
        " --combined-weights false",
    ),
];

/// Options that go with others alone.
#[test]
fn options_that_need_others_change_something() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    prepare(path);
    let weighted = "--then mean(x) prop(q) --json";
    let lines = [
        "design %p.csv --json".to_owned(),
        "estimate %p.csv prop(q) mean(x) --json".to_owned(),
        "crosstab %p.csv --rows q --columns g --pairs --json".to_owned(),
        "sums %p.csv prop(q) -o %out/a.sums".to_owned(),
        format!("weight %p.csv --rake %targets.csv {weighted}"),
    ];
    let mut pairs: Vec<(String, String)> = Vec::new();
    for line in &lines {
        for (first, second, option) in TOGETHER {
            let line = format!("{line} --weights w {first}{second}");
            pairs.push((line.trim_end().to_owned(), option.trim_start().to_owned()));
        }
    }
    let weight = |with: &str| format!("weight %p.csv --rake %targets.csv --then {with} --json");
    for (line, option) in [
        (weight("prop(q) --by g"), "--pairwise"),
        (weight("prop(q) --by g --pairwise"), "--adjust bonferroni"),
        (weight("quantile(x,0.25)"), "--qrule school"),
        (weight("mean(x) --by g"), "--domain-df design"),
        (weight("prop(split(many))"), "--separator b"),
        ("interval 63 --moe 4".to_owned(), "--moe-level 0.9"),
    ] {
        pairs.push((line, option.to_owned()));
    }
    for (line, option) in pairs {
        let with = format!("{line} {option}");
        let base = outcome(path, &words(path, &line));
        let changed = outcome(path, &words(path, &with));
        let said = String::from_utf8_lossy(&changed.2);
        assert!(changed.0 < 2, "{with}: {said}");
        assert!(
            changed.1 != base.1 || changed.2 != base.2 || changed.3 != base.3,
            "{with}"
        );
    }
}
