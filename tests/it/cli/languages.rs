//! Charts in German, French and Spanish: what the program says of itself is in the language of the chart, all of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::cli::program::{Run, opine_in};

const LANGUAGES: [&str; 3] = ["de", "fr", "es"];

/// Names that are the same in every language, and words of these files that are no labels.
const NAMES: [&str; 24] = [
    "Wilson", "Newcombe", "Wald", "Holm", "Rao", "Scott", "Hartung", "Knapp", "Sidik", "Jonkman",
    "REML", "logit", "Logit", "csv", "poll", "party", "age", "weight", "stratum", "psu", "therm",
    "us", "us2016", "lang",
];

/// Latin letters as Cyrillic ones: what is Latin in a chart of such labels is of the program.
fn cyrillic(text: &str) -> String {
    let small = "абцдефгхийклмнопкрстуввхиз";
    let of = |letter: char| match letter {
        'a'..='z' => small
            .chars()
            .nth((letter as u8 - b'a').into())
            .unwrap_or(letter),
        'A'..='Z' => {
            let at = (letter as u8 - b'A').into();
            small.to_uppercase().chars().nth(at).unwrap_or(letter)
        }
        other => other,
    };
    text.chars().map(of).collect()
}

/// A file of the examples with Cyrillic letters in every line but the head, dates and codes apart.
fn example(name: &str, keep: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name);
    let text = fs::read_to_string(path).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let columns: Vec<&str> = head.split(',').collect();
    let row = |line: &str| {
        let cells = line.split(',').zip(&columns);
        let cells = cells.map(|(cell, column)| match keep.contains(column) {
            true => cell.to_owned(),
            false => cyrillic(cell),
        });
        cells.collect::<Vec<_>>().join(",")
    };
    let rows: Vec<String> = rows.lines().map(row).collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

/// Files with what charts can say: no sample size, nothing asked, a bound, what was not published, changes of both sorts.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "list.csv",
        "label,percent,n\nДа,62,1000\nНет,,\nМожет,<1,900\nИначе,40,\nМало,50,43\n",
    );
    write("bare.csv", "label,percent\nДа,62\nНет,30\n");
    write("one.csv", "label,percent,n\nДа,62,1000\n");
    write(
        "parties.csv",
        "label,response,percent,n\nА,Лев,32,1000\nА,Прав,44,1000\nА,Зел,3,1000\nБ,Лев,34,1000\nБ,Прав,24,1000\n",
    );
    write("panels.csv", "label,Юг,Север\nДа,12,18\nНет,40,41\n");
    write(
        "waves.csv",
        "label,date,percent,n\nЛев,2019-05,32,900\nЛев,2023-11,44,900\nЗел,2019-05,30,900\nЗел,2023-11,31,900\n\
         Прав,2019-05,20,900\nПрав,2023-11,27,900\n",
    );
    write(
        "poll.csv",
        &example("poll.csv", &["id", "age", "weight", "therm_us"]),
    );
    let keep = [
        "contest",
        "poll",
        "start",
        "end",
        "published",
        "n",
        "population",
        "percent",
    ];
    write("us2016.csv", &example("us2016.csv", &keep));
    let made: [&[&str]; 9] = [
        &[
            "estimate",
            "poll.csv",
            "mean(therm_us)",
            "--by",
            "party",
            "-o",
            "means.parquet",
        ],
        &[
            "estimate",
            "poll.csv",
            "prop(q1)",
            "--by",
            "party",
            "-o",
            "shares.parquet",
        ],
        &[
            "estimate",
            "poll.csv",
            "prop(q1)",
            "--by",
            "party",
            "--pairwise",
            "-o",
            "pairs.parquet",
        ],
        &["compare", "waves.csv", "-o", "changes.json"],
        &[
            "crosstab",
            "poll.csv",
            "--rows",
            "q1",
            "--columns",
            "party,age",
            "--against",
            "total",
            "-o",
            "table.json",
        ],
        &[
            "fit",
            "poll.csv",
            "q1 == 'Верй щорриед' ~ party",
            "-o",
            "ratios.parquet",
        ],
        &[
            "fit",
            "poll.csv",
            "therm_us ~ party",
            "-o",
            "numbers.parquet",
        ],
        &[
            "fit",
            "poll.csv",
            "therm_us ~ party",
            "--margins",
            "all",
            "-o",
            "levels.parquet",
        ],
        &[
            "fit",
            "poll.csv",
            "q1 == 'Верй щорриед' ~ party * therm_us",
            "--margins",
            "party",
            "--at",
            "therm_us=0,50,100",
            "-o",
            "lines.parquet",
        ],
    ];
    let very = cyrillic("Very worried");
    for line in made {
        let line: Vec<String> = line
            .iter()
            .map(|word| word.replace("Верй щорриед", &very))
            .collect();
        let mut line: Vec<&str> = line.iter().map(String::as_str).collect();
        if line.contains(&"poll.csv") {
            line.extend(["--weights", "weight", "--strata", "stratum", "--psu", "psu"]);
        }
        let run = opine_in(folder.path(), &line, "");
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
    }
    folder
}

/// Every kind of chart, of every file that it draws otherwise.
fn charts() -> Vec<Vec<String>> {
    let trump = cyrillic("Trump");
    let clinton = cyrillic("Clinton");
    let very = cyrillic("Very worried");
    let lead = format!("{clinton}-{trump}");
    let lines: [&[&str]; 29] = [
        &["dot", "list.csv"],
        &["dot", "one.csv"],
        &["bar", "list.csv"],
        &["bar", "bare.csv"],
        &["bar", "panels.csv"],
        &["stacked", "parties.csv"],
        &["stacked", "parties.csv", "--diverging"],
        &["stacked", "shares.parquet"],
        &["stacked", "table.json"],
        &["banner", "table.json", "--row", &very],
        &["change", "waves.csv"],
        &[
            "change",
            "waves.csv",
            "--lead",
            "Лев-Прав",
            "--lead",
            "Зел-Прав",
        ],
        &["change", "waves.csv", "--relation", "panel"],
        &["difference", "pairs.parquet"],
        &["difference", "changes.json"],
        &["trend", "waves.csv"],
        &["trend", "waves.csv", "--ymax", "60"],
        &["dot", "means.parquet"],
        &["dot", "shares.parquet"],
        &["bar", "means.parquet"],
        &["coefficients", "ratios.parquet"],
        &["coefficients", "numbers.parquet"],
        &["margins", "levels.parquet"],
        &["margins", "lines.parquet"],
        &["polls", "us2016.csv"],
        &["polls", "us2016.csv", "--lead", &lead],
        &["polls", "us2016.csv", "--response", &clinton, "--effects"],
        &["pool", "А=48@1000", "Б=51@1512", "В=46@820"],
        &[
            "pool",
            "А=48@1000",
            "Б=51@1512",
            "В=46@820",
            "--method",
            "fixed",
        ],
    ];
    let words = |line: &&[&str]| line.iter().map(|word| (*word).to_owned()).collect();
    lines.iter().map(words).collect()
}

fn chart(folder: &Path, line: &[String], more: &[&str]) -> (Run, String) {
    let mut words = vec!["chart"];
    words.extend(line.iter().map(String::as_str));
    words.extend(more);
    words.extend(["-o", "out.svg"]);
    let run = opine_in(folder, &words, "");
    assert_eq!(run.code, 0, "{words:?}: {}", run.err);
    let svg = fs::read_to_string(folder.join("out.svg")).unwrap();
    (run, svg)
}

/// What is drawn, and what stands in title and description.
fn texts(svg: &str) -> Vec<String> {
    let after = |tag: &str| -> Vec<String> {
        let parts = svg.split(tag).skip(1);
        let text = parts.filter_map(|part| part.split_once('>')?.1.split_once('<'));
        text.map(|(text, _)| {
            text.trim()
                .replace("&lt;", "<")
                .replace("&amp;", "&")
                .replace("&#39;", "'")
        })
        .collect()
    };
    ["<title", "<desc", "<text"]
        .into_iter()
        .flat_map(after)
        .collect()
}

/// Its words in Latin letters, two at least.
fn latin(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| {
        word.len() > 1
            && word
                .chars()
                .all(|letter| letter.is_alphabetic() && letter < '\u{370}')
    })
}

/// Every word that the program has in a language, and the names.
fn vocabulary(folder: &Path, code: &str) -> BTreeSet<String> {
    let run = opine_in(folder, &["style", "--words", "--lang", code], "");
    let own = run
        .out
        .lines()
        .filter_map(|line| Some(line.split_once("\" = \"")?.1));
    let words = own.flat_map(|own| latin(own).map(str::to_owned).collect::<Vec<_>>());
    words.chain(NAMES.map(str::to_owned)).collect()
}

/// Words of a chart that are none of a language.
fn foreign(svg: &str, vocabulary: &BTreeSet<String>) -> Vec<String> {
    let texts = texts(svg);
    let words = texts.iter().flat_map(|text| latin(text));
    // hyphens at the ends of lines are taken by their first letters
    let known = |word: &str| {
        vocabulary.contains(word)
            || vocabulary.contains(&word.to_lowercase())
            || vocabulary
                .iter()
                .any(|whole| whole.starts_with(word) && word.len() > 4)
    };
    words
        .filter(|word| !known(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_english_word_of_ours_is_left_in_another_language() {
    let folder = folder();
    for code in LANGUAGES {
        let vocabulary = vocabulary(folder.path(), code);
        let mut english = Vec::new();
        for line in charts() {
            for more in [
                &["--width", "720"][..],
                &["--width", "340", "--foot", "full"],
            ] {
                let more = [more, &["--lang", code]].concat();
                let (run, svg) = chart(folder.path(), &line, &more);
                let left = foreign(&svg, &vocabulary);
                if !left.is_empty() {
                    english.push(format!(
                        "{code} {line:?} {more:?}: {left:?} in {:#?}",
                        texts(&svg)
                    ));
                }
                assert!(
                    !run.err.contains("left out of the foot"),
                    "{code} {line:?}: {}",
                    run.err
                );
                assert!(
                    svg.contains(&format!(" lang=\"{code}\"")),
                    "{code} {line:?}"
                );
            }
        }
        // the check can fail: English is none of these languages
        let (_, svg) = chart(folder.path(), &charts()[0], &[]);
        assert!(!foreign(&svg, &vocabulary).is_empty(), "{code}");
        assert!(english.is_empty(), "{}", english.join("\n"));
    }
}

#[test]
fn every_phrase_is_said_somewhere_and_translated() {
    let folder = tempfile::tempdir().unwrap();
    let code = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).to_lowercase();
    let marks = ['.', ',', ';', ':', '(', ')'];
    let sources = code.replace(marks, "");
    for code in LANGUAGES {
        let run = opine_in(folder.path(), &["style", "--words", "--lang", code], "");
        let lines: Vec<(&str, &str)> = run
            .out
            .lines()
            .filter_map(|line| line.split_once("\" = \""))
            .collect();
        assert!(lines.len() > 250, "{}", run.out);
        for (english, own) in lines {
            let (english, own) = (english.trim_start_matches('"'), own.trim_end_matches('"'));
            assert!(!own.is_empty(), "{code}: {english}");
            let parts = english
                .split(['{', '}'])
                .enumerate()
                .filter(|(at, _)| at % 2 == 0);
            let stray = parts
                .map(|(_, part)| part)
                .find(|part| !is_in(&sources, part));
            assert_eq!(stray, None, "{english}: no chart says it");
        }
    }
}

/// Whether the part of a phrase between two places stands in the code, put together of three pieces at most.
fn is_in(sources: &str, part: &str) -> bool {
    let mut words: Vec<String> = part
        .split(' ')
        .map(|word| {
            word.trim_matches(['.', ',', ';', ':', '(', ')'])
                .to_lowercase()
        })
        .collect();
    words.retain(|word| !word.is_empty());
    let mut rest = words.as_slice();
    for _ in 0..3 {
        let longest = (1..=rest.len())
            .rev()
            .find(|count| sources.contains(&rest[..*count].join(" ")));
        rest = &rest[longest.unwrap_or(0)..];
    }
    rest.is_empty()
}

/// The code without the tables of words, its broken strings joined.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with("chart/words") => {}
            true => all += &sources(&path),
            false => {
                let text = fs::read_to_string(&path).unwrap_or_default();
                let mut parts = text.split("\\\n");
                all += parts.next().unwrap_or_default();
                parts.for_each(|part| all += part.trim_start());
            }
        }
    }
    all
}

#[test]
fn what_the_store_says_of_a_poll_is_translated() {
    let folder = tempfile::tempdir().unwrap();
    let line = ["dot".to_owned(), "egf2023/worried".to_owned()];
    for (code, note) in [
        (
            "de",
            "April–Mai 2023, 1.500 Erwachsene: South Korea, Philippines und Singapore",
        ),
        (
            "es",
            "abril–mayo de 2023, 1.500 adultos: South Korea, Philippines y Singapore",
        ),
    ] {
        let (_, svg) = chart(folder.path(), &line, &["--lang", code]);
        assert!(
            texts(&svg).iter().any(|text| text == note),
            "{code}: {:?}",
            texts(&svg)
        );
    }
}

#[test]
fn feet_of_polls_and_months_speak_the_language_of_the_chart() {
    let folder = folder();
    let polls = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/us2016.csv");
    for (code, title, foot, month) in [
        (
            "de",
            "In diesen Umfragen führt Clinton vor Trump mit 4,7 Punkten",
            "270 Umfragen von 44 Instituten, 6. Juni bis 7. November 2016; Niveau:",
            "Juli",
        ),
        (
            "fr",
            "Dans ces sondages, Clinton devance Trump de 4,7 points",
            "270 sondages de 44 instituts, du 6 juin au 7 novembre 2016 ; niveau :",
            "juillet",
        ),
        (
            "es",
            "En estas encuestas, Clinton aventaja a Trump en 4,7 puntos",
            "270 encuestas de 44 empresas, del 6 de junio al 7 de noviembre de 2016; nivel:",
            "julio",
        ),
    ] {
        let line = ["polls".to_owned(), polls.to_owned()];
        let (run, svg) = chart(folder.path(), &line, &["--lang", code, "--width", "1200"]);
        assert!(
            !run.err.contains("left out of the foot"),
            "{code}: {}",
            run.err
        );
        let texts = texts(&svg);
        let all = texts.join(" ");
        assert!(all.contains(title) && all.contains(foot), "{code}: {all}");
        assert!(texts.iter().any(|text| text == month), "{code}: {texts:?}");
    }
    // a table of the house has months, too; a person called May keeps her name
    let words = "language = \"nl\"\ndecimal = \",\"\n[words]\nJuly = \"juli\"\n\"Not a forecast.\" = \"Geen voorspelling.\"\n";
    fs::write(folder.path().join("nl.toml"), words).unwrap();
    let polls_of_house = ["polls".to_owned(), polls.to_owned()];
    let (_, svg) = chart(
        folder.path(),
        &polls_of_house,
        &["--house-style", "nl.toml", "--width", "1200"],
    );
    assert!(texts(&svg).iter().any(|text| text == "juli"), "{svg}");
    // a house that has not all the words is described in English, and the description says so
    assert!(
        svg.contains(" lang=\"nl\"") && svg.contains("<desc lang=\"en\">Polls over time"),
        "{svg}"
    );
    let list = "label,percent,n\nMay,40,1000\nCorbyn,45,1000\n";
    fs::write(folder.path().join("may.csv"), list).unwrap();
    let bars = ["bar".to_owned(), "may.csv".to_owned()];
    let (_, svg) = chart(folder.path(), &bars, &["--lang", "de"]);
    assert!(texts(&svg).iter().any(|text| text == "May"), "{svg}");
}
