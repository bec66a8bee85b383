//! Sums that travel through the real program: what is estimated from them is what the respondents give, digit for digit.

use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::cli::program::{Run, command, opine, opine_in};

/// A file of respondents, the items and the design.
struct Case {
    file: &'static str,
    items: &'static [&'static str],
    flags: &'static [&'static str],
}

const OPINION: Case = Case {
    file: "tests/golden/data/opinion.csv",
    items: &[
        "prop(q1)",
        "prop(q2 in ['Very worried', 'Somewhat worried'])",
        "mean(therm_us)",
        "median(therm_cn)",
        "quantile(therm_us, 0.25)",
        "sd(therm_us)",
        "ratio(therm_us, therm_cn)",
        "total(q1)",
        "mean(therm_us) - mean(therm_cn)",
        "count()",
    ],
    flags: &[
        "--weights",
        "weight",
        "--strata",
        "stratum",
        "--psu",
        "psu",
        "--by",
        "region,sex",
    ],
};

const STRATA: Case = Case {
    file: "tests/golden/data/apistrat.csv",
    items: &[
        "mean(api00)",
        "prop(awards)",
        "median(api00)",
        "sd(api00)",
        "total(enroll)",
    ],
    flags: &["--weights", "pw", "--strata", "stype", "--fpc", "fpc"],
};

const STAGES: Case = Case {
    file: "tests/golden/data/apiclus2.csv",
    items: &[
        "mean(api00)",
        "prop(awards)",
        "median(api00)",
        "total(enroll)",
    ],
    flags: &[
        "--weights",
        "pw",
        "--psu",
        "dnum,snum",
        "--fpc",
        "fpc1,fpc2",
        "--by",
        "stype",
    ],
};

const REPLICATES: Case = Case {
    file: "tests/golden/data/scd_brr.csv",
    items: &[
        "ratio(alive, arrests)",
        "mean(alive)",
        "median(alive)",
        "prop(ambulance)",
    ],
    flags: &[
        "--replicates",
        "^rep",
        "--rep-type",
        "brr",
        "--combined-weights",
        "false",
    ],
};

const POLL: Case = Case {
    file: "examples/poll.csv",
    items: &["prop(q1)", "mean(therm_us)"],
    flags: &[
        "--weights",
        "weight",
        "--strata",
        "stratum",
        "--psu",
        "psu",
        "--by",
        "party",
        "--where",
        "age != '65+'",
    ],
};

fn full(file: &str) -> String {
    let path = std::fs::canonicalize(file).unwrap();
    path.display().to_string()
}

fn well(args: &[&str]) -> String {
    let run = opine(args);
    assert_eq!(run.code, 0, "{args:?}: {}", run.err);
    run.out
}

impl Case {
    fn args<'a>(&'a self, command: &'a str, file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&[command, file], self.items, self.flags, more].concat()
    }

    fn make(&self, file: &str, to: &Path) -> PathBuf {
        let to = to.display().to_string();
        well(&self.args("sums", file, &["-o", &to]));
        PathBuf::from(to)
    }

    fn direct(&self, format: &str) -> String {
        well(&self.args("estimate", &full(self.file), &[format]))
    }

    /// The same from sums of the whole file.
    fn travelled(&self, format: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let sums = self.make(&full(self.file), &folder.path().join("whole.sums"));
        well(&["estimate", &sums.display().to_string(), format])
    }

    fn is_exact(&self) {
        let (direct, travelled) = (self.direct("--json"), self.travelled("--json"));
        assert!(direct.len() > 100);
        assert_eq!(direct, travelled, "{}", self.file);
    }
}

#[test]
fn strata_psus_groups_and_quantiles_are_exact() {
    OPINION.is_exact();
}

#[test]
fn elements_with_fpc_are_exact() {
    STRATA.is_exact();
}

#[test]
fn two_stages_are_exact() {
    STAGES.is_exact();
}

#[test]
fn replicates_are_exact() {
    REPLICATES.is_exact();
}

#[test]
fn a_poll_with_a_subpopulation_is_exact() {
    POLL.is_exact();
}

/// The words of a table, but for the file that it names at its foot, and above what has no title of its own.
fn but_file(text: &str, case: &Case) -> Vec<String> {
    let name = Path::new(case.file).file_name().unwrap().to_string_lossy();
    let lines = text.lines().filter(|line| !line.starts_with("Source:"));
    let words = lines.flat_map(str::split_whitespace);
    let words =
        words.filter(|word| !word.starts_with('─') && *word != name && *word != "whole.sums");
    words.map(str::to_owned).collect()
}

#[test]
fn tables_are_the_same() {
    for case in [OPINION, STRATA, STAGES, REPLICATES, POLL] {
        let direct = case.direct("--format=text");
        let travelled = case.travelled("--format=text");
        assert!(direct.lines().count() > 5);
        assert_eq!(
            but_file(&direct, &case),
            but_file(&travelled, &case),
            "{}",
            case.file
        );
    }
}

#[test]
fn sums_have_the_labels_of_the_respondents() {
    for file in ["tests/files/plain.sav", "tests/files/stata15.dta"] {
        let file = full(file);
        let described = well(&["describe", &file, "--json"]);
        let variables: serde_json::Value = serde_json::from_str(&described).unwrap();
        let mut names: Vec<String> = Vec::new();
        for row in variables.as_array().unwrap() {
            let name = row["variable"].as_str().unwrap().to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let items: Vec<String> = names
            .iter()
            .take(3)
            .map(|of| format!("prop({of})"))
            .collect();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        let folder = tempfile::tempdir().unwrap();
        let sums = folder.path().join("x.sums").display().to_string();
        well(&[&["sums", &file], &items[..], &["-o", &sums]].concat());
        let direct = well(&[&["estimate", &file], &items[..], &["--json"]].concat());
        assert_eq!(direct, well(&["estimate", &sums, "--json"]));
    }
}

/// Two files of every other respondent, and those of all.
fn halves(folder: &Path) -> [String; 2] {
    let text = std::fs::read_to_string(OPINION.file).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    [0, 1].map(|half| {
        // under the name of the whole, which the estimates give as their source
        let within = folder.join(format!("half{half}"));
        std::fs::create_dir(&within).unwrap();
        let mine = rows.lines().enumerate().filter(|(at, _)| at % 2 == half);
        let mine: Vec<&str> = mine.map(|(_, row)| row).collect();
        let file = within.join("opinion.csv");
        std::fs::write(&file, format!("{head}\n{}\n", mine.join("\n"))).unwrap();
        let sums = OPINION.make(&file.display().to_string(), &within.join("opinion.sums"));
        sums.display().to_string()
    })
}

/// Rows of JSON but for the design effect of counts, where it divides by a variance that is 0 up to its last digits.
fn but_deff_of_counts(json: &str) -> Vec<String> {
    let is_left_out =
        |field: &&str| field.starts_with("\"deff\"") || field.starts_with("\"n_eff\"");
    let row = |line: &str| match line.contains("\"statistic\":\"count\"") {
        false => line.to_owned(),
        true => line
            .split(',')
            .filter(|field| !is_left_out(field))
            .collect(),
    };
    json.lines().map(row).collect()
}

#[test]
fn halves_merged_in_any_order_give_the_digits_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = halves(folder.path());
    let whole = but_deff_of_counts(&OPINION.direct("--json"));
    let merged = |args: [&str; 4]| but_deff_of_counts(&well(&args));
    assert_eq!(whole, merged(["estimate", &one, &other, "--json"]));
    assert_eq!(whole, merged(["estimate", &other, &one, "--json"]));
    // one half is not the whole
    assert_ne!(
        whole,
        but_deff_of_counts(&well(&["estimate", &one, "--json"]))
    );
}

#[test]
fn files_that_were_made_otherwise_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [one, _] = halves(folder.path());
    let file = full(OPINION.file);
    let other = folder.path().join("other.sums").display().to_string();
    well(&[
        "sums",
        &file,
        "prop(q1)",
        "--weights",
        "weight",
        "-o",
        &other,
    ]);
    let run = opine(&["estimate", &one, &other]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("was not made like"), "{}", run.err);
}

fn poll_sums(folder: &Path) -> String {
    let sums = POLL.make(&full(POLL.file), &folder.join("poll.sums"));
    sums.display().to_string()
}

#[test]
fn small_cells_are_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let poll = full("examples/poll.csv");
    let args = |least: &'static str| {
        vec![
            "sums",
            &poll,
            "prop(q1)",
            "--by",
            "party,region",
            "--weights",
            "weight",
            "--min-cell",
            least,
            "-o",
            "x.sums",
        ]
    };
    let refused = opine_in(folder.path(), &args("1000"), "");
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("nothing was written"),
        "{}",
        refused.err
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let fine = opine_in(folder.path(), &args("2"), "");
    assert_eq!(fine.code, 0, "{}", fine.err);
    assert!(folder.path().join("x.sums").is_file());
}

#[test]
fn what_was_settled_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sums = poll_sums(folder.path());
    for (flag, value) in [
        ("--by", "region"),
        ("--where", "sex == 'Male'"),
        ("--incomplete", "drop"),
        ("--weights", "weight"),
        ("--strata", "stratum"),
        ("--psu", "psu"),
        ("--fpc", "fpc"),
        ("--na", "NA"),
        ("--replicates", "^rep"),
    ] {
        let run = opine(&["estimate", &sums, flag, value]);
        assert_eq!(run.code, 2, "{flag}");
        assert!(
            run.err.contains(&format!("{flag} was settled")),
            "{}",
            run.err
        );
    }
    // what comes after the sums is open
    let open = ["--level", "90", "--ci", "wilson", "--json"];
    let from_sums = well(&[&["estimate", sums.as_str()], &open[..]].concat());
    assert_eq!(
        from_sums,
        well(&POLL.args("estimate", &full(POLL.file), &open))
    );
}

#[test]
fn an_item_that_is_not_there_is_told_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let sums = poll_sums(folder.path());
    for item in ["prop(q9)", "prop(sex)", "mean(q1)", "total(therm_us)"] {
        let run = opine(&["estimate", &sums, item]);
        assert_eq!(run.code, 2, "{item}");
        let told = format!("has no sums of {item}; it has those of prop(q1), mean(therm_us)");
        assert!(run.err.contains(&told), "{}", run.err);
    }
    let one = well(&["estimate", &sums, "mean(therm_us)", "--json"]);
    assert!(one.contains("therm_us") && !one.contains("q1"));
}

/// Errors in words, or the digits of the whole file where what was damaged says nothing that is needed; never a panic, never
/// another number.
fn refuses(folder: &Path, bytes: &[u8], right: &str) -> bool {
    let name = "damaged.sums";
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    let output = command(folder, &["estimate", name, "--json"])
        .output()
        .unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    if run.code == 0 {
        assert_eq!(run.out, right, "{}", run.err);
    }
    assert!(
        matches!(run.code, 0 | 2 | 3 | 4),
        "{}: {}",
        run.code,
        run.err
    );
    run.code != 0
}

#[test]
fn damaged_sums_end_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(poll_sums(folder.path())).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(20_261_124);
    std::fs::write(folder.path().join("damaged.sums"), &whole).unwrap();
    let right = command(folder.path(), &["estimate", "damaged.sums", "--json"]);
    let right = String::from_utf8({ right }.output().unwrap().stdout).unwrap();
    assert!(!right.is_empty());
    let mut refused = 0;
    for case in 0..200 {
        let mut bytes = whole.clone();
        let mut below = |limit: usize| (random.next_u64() % limit as u64) as usize;
        match case % 4 {
            0 => bytes.truncate(below(bytes.len())),
            1 => {
                // the footer, where lengths and places are
                let from = bytes.len() - 2_000.min(bytes.len());
                for _ in 0..3 {
                    let at = from + below(bytes.len() - from);
                    bytes[at] = below(256) as u8;
                }
            }
            2 => {
                for _ in 0..8 {
                    let at = below(bytes.len());
                    bytes[at] = below(256) as u8;
                }
            }
            _ => {
                let (at, length) = (below(bytes.len()), below(200));
                let end = (at + length).min(bytes.len());
                bytes.drain(at..end);
            }
        }
        refused += usize::from(refuses(folder.path(), &bytes, &right));
    }
    assert!(refused > 100, "{refused} refused");
}

#[test]
fn sums_of_an_earlier_version_have_no_checksum_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let new = PathBuf::from(poll_sums(folder.path()));
    let (frame, notes) = opine::internals::survey::microdata::write::read_frame(&new).unwrap();
    let notes: Vec<_> = notes
        .into_iter()
        .filter(|(key, _)| !key.ends_with("crc32"))
        .collect();
    let old = folder.path().join("old.sums");
    opine::internals::survey::microdata::write::write_frame(&old, &frame, &notes).unwrap();
    let old = estimates_of(&old);
    assert!(
        old.err
            .contains("old.sums was made by an earlier version and has no checksum"),
        "{}",
        old.err
    );
    let new = estimates_of(&new);
    assert!(!new.err.contains("checksum"), "{}", new.err);
    assert_eq!(old.out, new.out.replace("poll.sums", "old.sums"));
}

fn estimates_of(sums: &Path) -> Run {
    let run = opine(&["estimate", &sums.display().to_string(), "--json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    run
}

/// A sum that stands twice, and one that is no number, are refused in every part of the sums.
#[test]
fn sums_that_stand_twice_or_are_no_numbers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for case in [&POLL, &STRATA, &REPLICATES] {
        let whole = case.make(&full(case.file), &folder.path().join("whole.sums"));
        let (frame, _) = opine::internals::survey::microdata::write::read_frame(&whole).unwrap();
        let csv = frame.to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        let names: Vec<&str> = lines[0].split(',').collect();
        let place = |name: &str| names.iter().position(|known| *known == name).unwrap();
        let (part, w) = (place("part"), place("w"));
        let estimate = |lines: &[String]| {
            let name = folder.path().join("engine.csv");
            std::fs::write(&name, lines.join("\n")).unwrap();
            opine(&["estimate", &name.display().to_string(), "--json"])
        };
        let owned: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let whole = estimate(&owned);
        assert_eq!(whole.code, 0, "{}", whole.err);
        let mut parts: Vec<&str> = Vec::new();
        for (at, line) in lines.iter().enumerate().skip(1) {
            let of = line.split(',').nth(part).unwrap();
            // labels with commas in them stand between
            if parts.contains(&of) || of == "spec" || of == "level" || line.contains('"') {
                continue;
            }
            parts.push(of);
            let twice = [owned.clone(), vec![owned[at].clone()]].concat();
            let twice = estimate(&twice);
            assert_eq!(twice.code, 3, "{of}: {}", twice.err);
            if line.split(',').nth(w).is_some_and(|w| !w.is_empty()) {
                for wrong in ["nan", "inf"] {
                    let mut lines = owned.clone();
                    let mut cells: Vec<&str> = line.split(',').collect();
                    cells[w] = wrong;
                    lines[at] = cells.join(",");
                    let run = estimate(&lines);
                    assert_eq!(run.code, 3, "{of} {wrong}: {}", run.err);
                }
            }
        }
        assert!(parts.len() > 2, "{parts:?}");
    }
}

/// Numbers of a row that no respondents have, by the column: of a sum of weights, of squares, of respondents.
fn impossible(part: &str, column: &str, cell: &str) -> Vec<String> {
    let Ok(number) = cell.parse::<f64>() else {
        return Vec::new();
    };
    let (below, above) = (number / 1e6, number * 1e6);
    match (part, column) {
        ("cell" | "item", "w") => vec![format!("-{cell}"), above.to_string(), "0".to_owned()],
        ("cell" | "item", "w2") => vec![below.to_string(), above.to_string()],
        ("cell" | "unit", "n" | "weighted") | ("item", "n") => vec!["0".to_owned()],
        ("rows", "n") if number > 0.0 => vec!["1".to_owned()],
        _ => Vec::new(),
    }
}

/// Every number of a share's sums that no respondents have is refused: those of its cells, of its levels, of its units.
#[test]
fn sums_that_come_of_no_respondents_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sums = folder.path().join("made.sums");
    let engine = folder.path().join("engine.csv");
    let names = |path: &Path| path.display().to_string();
    for flags in [&[][..], &["--strata", "stratum", "--psu", "psu"]] {
        let (poll, to) = (full(POLL.file), names(&sums));
        let mut args = vec!["sums", &poll, "prop(q1)", "--weights", "weight"];
        args.extend(["-o", &to]);
        args.extend(flags);
        well(&args);
        let (frame, _) = opine::internals::survey::microdata::write::read_frame(&sums).unwrap();
        let table: Vec<Vec<String>> = frame
            .to_csv()
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect();
        let place = |name: &str| table[0].iter().position(|known| known == name).unwrap();
        let (part, level) = (place("part"), place("level"));
        let (mut tried, mut seen) = (0, Vec::new());
        for (row, line) in table.iter().enumerate().skip(1) {
            // one of each: all of them take minutes; the specification holds commas
            if line[part] == "spec" || seen.contains(&(&line[part], &line[level])) {
                continue;
            }
            seen.push((&line[part], &line[level]));
            for column in ["n", "weighted", "w", "w2"].map(|name| (name, place(name))) {
                for wrong in impossible(&line[part], column.0, &line[column.1]) {
                    let mut lines = frame
                        .to_csv()
                        .lines()
                        .map(str::to_owned)
                        .collect::<Vec<_>>();
                    let mut cells = line.clone();
                    cells[column.1].clone_from(&wrong);
                    lines[row] = cells.join(",");
                    std::fs::write(&engine, lines.join("\n")).unwrap();
                    let run = opine(&["estimate", &names(&engine), "--json"]);
                    let what = format!("{} {} {} {wrong}", line[part], line[level], column.0);
                    assert_eq!(run.code, 3, "{what}: {}{}", run.out, run.err);
                    tried += 1;
                }
            }
        }
        assert!(tried > 25, "{tried}");
    }
}

#[test]
fn the_same_sums_in_another_order_are_said_to_count_twice() {
    let folder = tempfile::tempdir().unwrap();
    let whole = POLL.make(&full(POLL.file), &folder.path().join("whole.sums"));
    let (frame, _) = opine::internals::survey::microdata::write::read_frame(&whole).unwrap();
    let csv = frame.to_csv();
    let mut lines: Vec<&str> = csv.lines().collect();
    lines[1..].reverse();
    let copy = folder.path().join("copy.csv");
    std::fs::write(&copy, lines.join("\n")).unwrap();
    let names = [&whole, &copy].map(|path| path.display().to_string());
    let run = opine(&["estimate", &names[0], &names[1], "--json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("hold the same sums"), "{}", run.err);
}
