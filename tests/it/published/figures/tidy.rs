//! The store as one table and back, by the real program.

use crate::cli::program::{number, opine, opine_in, own_copy, rows};
use opine::internals::published::figures::store::{
    Figure, Poll, Question, Sample, Severity, Store, StoredFile, Table,
};
use opine::internals::published::figures::tidy::{Mapping, export, import};
use opine::internals::tabular::Options;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// The rows without the lines they stand in, sorted: those of two stores with the same rows are equal.
fn content(store: &Store) -> [Vec<String>; 4] {
    fn sorted<T: Clone + std::fmt::Debug>(
        rows: &[T],
        without_line: impl Fn(&mut T),
    ) -> Vec<String> {
        let bare = rows.iter().cloned().map(|mut row| {
            without_line(&mut row);
            format!("{row:?}")
        });
        let mut bare: Vec<String> = bare.collect();
        bare.sort();
        bare
    }
    [
        sorted(&store.polls, |row: &mut Poll| row.line = 0),
        sorted(&store.samples, |row: &mut Sample| row.line = 0),
        sorted(&store.questions, |row: &mut Question| row.line = 0),
        sorted(&store.figures, |row: &mut Figure| row.line = 0),
    ]
}

/// What stands in the files, row by row, without the order of the rows: every digit and every empty cell.
fn texts(store: &Store) -> Vec<Vec<String>> {
    let tables = Table::ALL.iter().filter(|table| **table != Table::Claims);
    let rows = |table: &Table| {
        let rows = StoredFile::read(store, *table).rows;
        let mut rows: Vec<String> = rows.iter().map(|row| row.values().join("|")).collect();
        rows.sort();
        rows
    };
    tables.map(rows).collect()
}

fn labels(store: &Store) -> Vec<String> {
    let rows = store.figures.iter().map(|figure| {
        let source = store
            .source(&figure.reported_by)
            .map_or("", |source| source.name.as_str());
        format!(
            "{} {} {source}",
            store.response_label(&figure.response),
            store.country_name(&figure.country)
        )
    });
    let mut rows: Vec<String> = rows.collect();
    rows.sort();
    rows
}

#[test]
fn the_shipped_data_come_back_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    for file in ["a.csv", "a.xlsx"] {
        let done = opine_in(dir.path(), &["export", "--all", "-o", file], "");
        assert_eq!(done.code, 0, "{}", done.err);
        let sheet = file.replace(".xlsx", ".xlsx#data");
        let into = file.replace('.', "_");
        let done = opine_in(dir.path(), &["import", &sheet, "--into", &into], "");
        assert_eq!(done.code, 0, "{}", done.err);
        let (back, shipped) = (
            Store::open(&dir.path().join(&into)).unwrap(),
            Store::embedded(),
        );
        assert_eq!(content(&back), content(&shipped));
        assert_eq!(texts(&back), texts(&shipped));
        assert_eq!(labels(&back), labels(&shipped));
        assert!(
            back.findings
                .iter()
                .all(|finding| finding.severity == Severity::Note),
            "{:?}",
            back.findings
        );
        let second = opine_in(
            dir.path(),
            &["export", "--all", "--data", &into, "-o", "b.csv"],
            "",
        );
        assert_eq!(second.code, 0, "{}", second.err);
        let first = opine_in(dir.path(), &["export", "--all", "-o", "first.csv"], "");
        assert_eq!(first.code, 0, "{}", first.err);
        let bytes = |file: &str| fs::read(dir.path().join(file)).unwrap();
        assert!(
            bytes("first.csv") == bytes("b.csv"),
            "{file}: the second export is another"
        );
        let again = opine_in(dir.path(), &["import", &sheet, "--into", &into], "");
        assert_eq!(again.code, 0, "{}", again.err);
        assert!(again.err.contains("nothing added"), "{}", again.err);
    }
}

/// Files of a small store: what may be said of a poll, with what is hard to write in a table.
fn files() -> impl Strategy<Value = Vec<(Table, String)>> {
    let text = "[A-Za-z0-9][ -~é–“]{0,12}[A-Za-z0-9]";
    let percent = prop_oneof![
        Just("47"),
        Just("47.0"),
        Just("0.5"),
        Just("0"),
        Just("12.125"),
        Just("100")
    ];
    let figure = (
        0..2_usize,
        0..3_usize,
        0..3_usize,
        percent,
        0..4_usize,
        text,
        prop::option::of(1..900_u32),
    );
    (prop::collection::vec(text, 8), prop::collection::vec(figure, 0..12), prop::collection::vec((0..3_usize, 1..4_usize, 1..2000_u32), 0..6))
        .prop_map(|(texts, figures, samples)| {
            let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let mut t = texts.iter().map(|text| cell(text)).cycle();
            let mut text = || t.next().unwrap();
            let mut polls = "poll,title,fieldwork,countries,sampling,field_start,field_end,note\n".to_owned();
            let mut questions = "poll,question,text,wording,kind,responses,series,title,note\n".to_owned();
            for poll in ["p_1", "p2"] {
                polls += &format!("{poll},{},{},DE FR,unknown,2023-04,2023-05-02,{}\n", text(), text(), text());
                questions += &format!("{poll},q,{},exact,single,yes;no;may_be,,{},\n", text(), text());
                questions += &format!("{poll},other,,paraphrase,multiple,,s_1,,{}\n", text());
            }
            let mut out = "poll,country,base,n,n_kind,moe,deff,reported_by,note\n".to_owned();
            let (countries, sources) = (["all", "DE", "FR"], ["report", "npr", "voa", "bbc"]);
            for poll in ["p_1", "p2"] {
                for country in countries {
                    out += &format!("{poll},{country},all,900,exact,3.0,,report,\n");
                }
            }
            // samples that no figure is of
            out += "p2,DE,women,1,,,,report,\np_1,all,women,450,exact,4.50,,voa,\n";
            let mut keys = std::collections::HashSet::new();
            for (country, source, n) in samples {
                if keys.insert((country, source)) {
                    out += &format!("p2,{},all,{n},as_printed,2.50,1.50,{},{}\n", countries[country], sources[source], text());
                }
            }
            let mut rows = "poll,question,response,country,base,percent,qualifier,net_of,n,reported_by,first_hand,url,note\n".to_owned();
            let mut keys = std::collections::HashSet::new();
            for (poll, response, country, percent, source, note, n) in figures {
                let response = ["yes", "no", "may_be"][response];
                if keys.insert((poll, response, country, source)) {
                    let n = n.map_or(String::new(), |n| n.to_string());
                    rows += &format!("{},q,{response},{},all,{percent},about,,{n},{},no,https://example.org/a,{}\n", ["p_1", "p2"][poll], countries[country], sources[source], cell(&note));
                }
            }
            vec![
                (Table::Polls, polls),
                (Table::Samples, out),
                (Table::Questions, questions),
                (Table::Figures, rows),
                (Table::Responses, format!("response,label,kind\nyes,{},substantive\nmay_be,{},dont_know\ndont_know,Don't know,dont_know\nrefused,Refused,refused\n", text(), text())),
                (Table::Sources, format!("source,name\nnpr,{}\nunused,{}\n", text(), text())),
                // what no row speaks of
                (Table::Bases, format!("base,label\nwomen,{}\nmen,{}\n", text(), text())),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is exported and imported into an empty store is the same store.
    #[test]
    fn exporting_and_importing_gives_the_same_store(files in files()) {
        let dir = tempfile::tempdir().unwrap();
        opine::internals::published::figures::store::init(dir.path(), true).unwrap();
        for (table, text) in &files {
            fs::write(dir.path().join(table.file_name()), text).unwrap();
        }
        let store = Store::open(dir.path()).unwrap();
        prop_assert_eq!(store.errors(), 0, "{:?}", store.findings);
        let figures: Vec<&Figure> = store.figures.iter().collect();
        let csv = export(&store, &figures, true).frame.to_csv();
        let empty = Store::empty(Path::new("new"));
        let imported = import(&empty, "a.csv", csv.as_bytes(), &Mapping::default(), &Options::default()).unwrap();
        let planned = opine::internals::published::figures::store::plan_all(&empty, &imported.rows);
        let mut back = empty;
        for addition in planned.map_err(|findings| TestCaseError::fail(format!("{findings:?}\n{csv}")))? {
            back = addition.store(&back);
        }
        prop_assert_eq!(content(&back), content(&store));
        prop_assert_eq!(texts(&back), texts(&store));
        prop_assert_eq!(labels(&back), labels(&store));
        // and its export the same bytes
        let figures: Vec<&Figure> = back.figures.iter().collect();
        prop_assert_eq!(export(&back, &figures, true).frame.to_csv(), csv);
    }
}

#[test]
fn a_row_of_an_export_says_all_of_its_figure() {
    let row = &rows(&opine(&[
        "export",
        "gallup2023/view_cn/favourable:US:democrats@thehill",
        "--json",
    ]))[0];
    assert_eq!(number(row, "percent"), 17.0);
    let text = |column: &str| row[column].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("poll"), "gallup2023");
    assert_eq!(
        (text("country"), text("country_name")),
        ("US".to_owned(), "United States".to_owned())
    );
    assert!(text("flags").contains("conflict"), "{row}");
    assert_eq!(text("base"), "democrats");
    let shipped = rows(&opine(&["export", "--json"]));
    assert_eq!(shipped.len(), Store::embedded().figures.len());
    let run = opine(&["export", "egf2023/worried"]);
    assert!(
        run.out.contains("egf2023/worried/net:all@npr"),
        "{}",
        run.out
    );
    let none = opine(&["export", "nobody"]);
    assert_eq!(none.code, 2);
}

const LONG: &str = "poll_id,pollster,start_date,end_date,sample_size,state,answer,pct,url\n\
    80000,YouGov,5/1/26,5/3/26,900,,Biden,49%,https://example.org/0\n\
    80000,YouGov,5/1/26,5/3/26,900,,Trump,45%,https://example.org/0\n\
    80001,Emerson College,5/14/26,5/16/26,1000,,Biden,48.5,\n\
    80001,Emerson College,5/14/26,5/16/26,950,,Trump,<1,\n";
const MAP: &str = "poll=poll_id,fieldwork=pollster,field_start=start_date,field_end=end_date,n=sample_size,percent=pct";

#[test]
fn a_long_table_becomes_polls_samples_questions_and_figures() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("538.csv"), LONG).unwrap();
    let args = [
        "import",
        "538.csv",
        "--into",
        "arch",
        "--map",
        MAP,
        "--set",
        "question=vote,source=fte",
    ];
    let tried = opine_in(dir.path(), &[&args[..], &["--dry-run"]].concat(), "");
    assert_eq!(tried.code, 0, "{}", tried.err);
    assert!(!dir.path().join("arch").exists());
    for line in [
        "start_date   field_start in polls.csv: 4 values\n",
        "sample_size  n in samples.csv, and in figures.csv where it differs within a sample: 4 values\n",
        "state        not used\n",
        "pct          percent in figures.csv: 4 values\n",
    ] {
        assert!(tried.out.contains(line), "{line}{}", tried.out);
    }
    let would = "2 responses, 2 polls, 2 samples, 2 questions, 4 figures would be added";
    assert!(tried.err.contains(would), "{}", tried.err);
    let done = opine_in(dir.path(), &args, "");
    assert_eq!((done.code, &done.out), (0, &tried.out), "{}", done.err);
    assert!(done.err.contains("1 figure has another n"), "{}", done.err);
    let figures = fs::read_to_string(dir.path().join("arch/figures.csv")).unwrap();
    let lines: Vec<&str> = figures.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "80000,vote,biden,all,all,49,exact,,,,fte,,https://example.org/0,",
            "80000,vote,trump,all,all,45,exact,,,,fte,,https://example.org/0,",
            "80001,vote,biden,all,all,48.5,exact,,,,fte,,,",
            "80001,vote,trump,all,all,1,at_most,,,950,fte,,,",
        ]
    );
    let polls = fs::read_to_string(dir.path().join("arch/polls.csv")).unwrap();
    assert!(
        polls.contains("80000,,,YouGov,,,,,2026-05-01,2026-05-03,"),
        "{polls}"
    );
    let check = opine_in(dir.path(), &["check", "arch"], "");
    assert_eq!(check.code, 0, "{}", check.out);
    let changes = fs::read_to_string(dir.path().join("arch/changes.csv")).unwrap();
    assert_eq!(changes.lines().count(), 1 + 2 + 2 + 2 + 2 + 4);
    // the same file a week later, with a poll more and one value that is another
    let more = LONG.replace("45%", "46%") + "80002,Ipsos,5/20/26,5/21/26,1000,,Biden,50,\n";
    fs::write(dir.path().join("538.csv"), more.replace("46%", "45%")).unwrap();
    let later = opine_in(dir.path(), &args, "");
    assert!(
        later
            .err
            .contains("1 poll, 1 sample, 1 question, 1 figure added"),
        "{}",
        later.err
    );
    fs::write(dir.path().join("538.csv"), more).unwrap();
    let other = opine_in(dir.path(), &args, "");
    assert_eq!(other.code, 1);
    assert!(
        other
            .err
            .contains("80000/vote/trump:all@fte has percent 45 and the table 46"),
        "{}",
        other.err
    );
}

#[test]
fn a_wide_table_has_a_figure_a_cell() {
    let dir = tempfile::tempdir().unwrap();
    let wide = "Institut;Datum;Befragte;SPD;CDU/CSU;Grüne\nForsa;14.05.2026;2.501;20 %;29,5 %;17\nINSA;16.05.2026;2.004;21;28;\n";
    fs::write(dir.path().join("wide.csv"), wide).unwrap();
    let args = [
        "import",
        "wide.csv",
        "--into",
        "arch",
        "--map",
        "pollster=Institut,field_end=Datum,n=Befragte,answers=SPD+CDU/CSU+Grüne",
        "--set",
        "question=vote,country=Germany",
    ];
    let done = opine_in(dir.path(), &args, "");
    assert_eq!(done.code, 0, "{}", done.err);
    let store = Store::open(&dir.path().join("arch")).unwrap();
    let ids: Vec<String> = store.figures.iter().map(Figure::id).collect();
    assert_eq!(
        ids,
        [
            "forsa_2026_05_14/vote/spd:DE",
            "forsa_2026_05_14/vote/cdu_csu:DE",
            "forsa_2026_05_14/vote/gruene:DE",
            "insa_2026_05_16/vote/spd:DE",
            "insa_2026_05_16/vote/cdu_csu:DE",
        ]
    );
    assert_eq!(store.response_label("gruene"), "Grüne");
    assert_eq!(
        store.samples_of("forsa_2026_05_14", "DE", "all")[0].n,
        Some(2501)
    );
}

/// A table of a press release goes in as it stands, where it is said which poll it is of.
#[test]
fn a_press_release_has_a_figure_a_cell() {
    let dir = tempfile::tempdir().unwrap();
    let table = "Trust in parliament\n\nHow much do you trust parliament?;Germany;France;Total\nA great deal;12;8;10\nSomewhat;40;31;36\n\
                 Not much;44;58;50\nDon’t know;4;3;4\nTotal trust;52;39;46\nBase;1 004;1 010;2 014\n\nSource: made up\n";
    fs::write(dir.path().join("t.csv"), table).unwrap();
    let set = "poll=trust26,pollster=Ipsos,field_end=2026-04-30,source=report,question=trust";
    let args = ["import", "t.csv", "--into", "arch", "--set", set];
    let done = opine_in(dir.path(), &args, "");
    assert_eq!(done.code, 0, "{}", done.err);
    for said in [
        "taken as the question",
        "taken as groups",
        "15 figures added",
    ] {
        assert!(done.err.contains(said), "{said}: {}", done.err);
    }
    assert!(
        done.out
            .contains("How much do you trust parliament?  label in responses.csv"),
        "{}",
        done.out
    );
    let store = Store::open(&dir.path().join("arch")).unwrap();
    let figure = store.figures_named("trust26/trust/somewhat:DE@report");
    assert_eq!(figure[0].percent.to_string(), "40");
    assert_eq!(store.samples_of("trust26", "FR", "all")[0].n, Some(1010));
    assert_eq!(store.samples_of("trust26", "all", "all")[0].n, Some(2014));
    let question = store.question("trust26", "trust").unwrap();
    assert_eq!(question.text, "How much do you trust parliament?");
    // the answer of the store with that label, and the parts of the net
    assert!(!store.figures_named("trust26/trust/dont_know:FR").is_empty());
    let net = store.figures_named("trust26/trust/total_trust:FR");
    assert_eq!(net[0].net_of, ["a_great_deal", "somewhat"]);
    assert!(store.poll_name("trust26").starts_with("Ipsos, 2026"));
    let check = opine_in(dir.path(), &["check", "arch", "--strict"], "");
    assert_eq!(check.code, 0, "{}", check.out);
    // parts of a sample that are no countries
    let table = "Answer,All,Men,Women\nYes,60,62,58\nNo,40,38,42\nn,1000,480,520\n";
    fs::write(dir.path().join("t.csv"), table).unwrap();
    let set = "poll=own,pollster=Ipsos,field_end=2026-04-30,source=report,question=q";
    let done = opine_in(
        dir.path(),
        &["import", "t.csv", "--into", "arch", "--set", set],
        "",
    );
    assert_eq!(done.code, 0, "{}", done.err);
    let store = Store::open(&dir.path().join("arch")).unwrap();
    assert!(!store.figures_named("own/q/yes:all:women@report").is_empty());
    assert!(!store.figures_named("own/q/yes:all:all@report").is_empty());
    // a report of the store, which has no claims of an article
    let report = opine_in(
        dir.path(),
        &["report", "--data", "arch", "--out", "page"],
        "",
    );
    assert_eq!(report.code, 0, "{}", report.err);
    assert!(
        report.err.contains("no claims of an article"),
        "{}",
        report.err
    );
    let page = fs::read_to_string(dir.path().join("page/report.html")).unwrap();
    assert!(
        page.contains("What the polls found") && !page.contains("article"),
        "{page}"
    );
    assert!(page.contains("trust parliament?: Not much"), "{page}");
    // which poll it is of is not guessed
    let done = opine_in(dir.path(), &["import", "t.csv", "--into", "arch"], "");
    assert!(
        done.code == 2 && done.err.contains("which poll"),
        "{}",
        done.err
    );
    // a column where the heads leave a doubt
    let done = opine_in(
        dir.path(),
        &[
            "import", "t.csv", "--into", "arch", "--set", set, "--group", "Nothing",
        ],
        "",
    );
    assert!(
        done.code == 2 && done.err.contains("Nothing"),
        "{}",
        done.err
    );
}

#[test]
fn what_a_table_leaves_open_is_said_once() {
    let dir = own_copy();
    fs::write(dir.path().join("538.csv"), LONG).unwrap();
    for (args, code, word) in [
        (vec!["--map", "poll=poll_id"], 2, "which question"),
        (
            vec!["--map", "poll=poll_id,note=pct", "--set", "question=vote"],
            2,
            "is known to hold the figures",
        ),
        (vec!["--map", "pol=poll_id"], 2, "did you mean poll?"),
        (vec!["--map", "poll=pollid"], 2, "did you mean poll_id?"),
        (vec!["--map", "poll"], 2, "is not OURS=THEIRS"),
        (
            vec!["--map", MAP, "--set", "question=vote,country=Atlantis"],
            2,
            "no country of countries.csv",
        ),
        (
            vec![
                "--map",
                "poll=pollster,percent=pct",
                "--set",
                "question=vote,n=10x",
            ],
            1,
            "and 1 more row)",
        ),
        (
            vec![
                "--map",
                "poll=state,percent=pct,answer=url",
                "--set",
                "question=vote",
            ],
            2,
            "which poll",
        ),
        (
            vec![
                "--map",
                "percent=pct,poll=start_date,answer=state",
                "--set",
                "question=vote",
            ],
            2,
            "which answer",
        ),
    ] {
        let args = [vec!["import", "538.csv", "--into", "."], args].concat();
        let run = opine_in(dir.path(), &args, "");
        assert_eq!(run.code, code, "{args:?}: {}", run.err);
        assert!(run.err.contains(word), "{args:?}: {}", run.err);
        assert_eq!(run.err.matches(word).count(), 1, "{args:?}: {}", run.err);
    }
    let added = opine_in(
        dir.path(),
        &["add", "figure", "--from", "538.csv", "--data", "."],
        "",
    );
    assert_eq!(
        added.err.matches("“pollster” is no column").count(),
        1,
        "{}",
        added.err
    );
    assert!(
        added.err.contains("opine import FILE --into DIR"),
        "{}",
        added.err
    );
    let both = opine_in(
        dir.path(),
        &["import", "538.csv", "--as", "538", "--into", "."],
        "",
    );
    assert_eq!(both.code, 2);
}

#[test]
fn an_empty_store_is_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let done = opine_in(dir.path(), &["init", "--empty", "fresh"], "");
    assert_eq!(done.code, 0, "{}", done.err);
    let check = opine_in(dir.path(), &["check", "fresh", "--strict"], "");
    assert_eq!(
        (check.code, check.out.as_str()),
        (
            0,
            "0 polls, 0 questions, 0 figures: 0 errors, 0 warnings, 0 notes\n"
        )
    );
    for row in [
        vec![
            "poll",
            "--poll=mine",
            "--title=Mine",
            "--field-start=2026-05-01",
        ],
        vec!["sample", "--poll=mine", "-n=1000", "--reported-by=report"],
        vec!["response", "--response=agree", "--label=Agree"],
        vec![
            "question",
            "--poll=mine",
            "--question=q",
            "--responses=agree;dont_know",
        ],
        vec![
            "figure",
            "--poll=mine",
            "--question=q",
            "--response=agree",
            "--percent=50%",
            "--reported-by=report",
            "--url=https://example.org",
        ],
    ] {
        let added = opine_in(
            dir.path(),
            &[vec!["add"], row, vec!["--data", "fresh"]].concat(),
            "",
        );
        assert_eq!(added.code, 0, "{}", added.err);
    }
    let check = opine_in(dir.path(), &["check", "fresh", "--strict"], "");
    assert_eq!(check.code, 0, "{}", check.out);
    let store = Store::open(&dir.path().join("fresh")).unwrap();
    assert_eq!(
        (
            store.polls.len(),
            store.claims.len(),
            store.figures[0].percent.text.as_str()
        ),
        (1, 0, "50")
    );
}

/// What can’t be read is told with the line of the table that it is in, all of a column at once; bounds and missing values beside
/// it are what they are.
#[test]
fn cells_that_are_no_number_are_told_with_their_lines() {
    let dir = tempfile::tempdir().unwrap();
    let args = [
        "import",
        "t.csv",
        "--into",
        "arch",
        "--set",
        "question=q,source=report",
    ];
    let import = |text: &str| {
        fs::write(dir.path().join("t.csv"), text).unwrap();
        opine_in(dir.path(), &args, "")
    };
    let head = "poll,pollster,end,n,answer,percent\n";
    let good = "a,Ipsos,2026-05-01,~1000,Yes,48\na,Ipsos,2026-05-01,~1000,Maybe,<1\na,Ipsos,2026-05-01,~1000,No,n/a\n";
    let run = import(&format!(
        "{head}{good}b,Ipsos,2026-06-01,900,Yes,about 48\nb,Ipsos,2026-06-01,900,No,c. 40\n"
    ));
    assert_eq!(run.code, 2, "{}", run.err);
    let told =
        "t.csv, line 5, column percent: “about 48” is no number; nor is what stands in line 6";
    assert!(run.err.contains(told), "{}", run.err);
    let run = import(&format!("{head}{good}b,Ipsos,2026-06-31,900,Yes,48\n"));
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("t.csv, line 5, column end"), "{}", run.err);
    let run = import(&format!("{head}{good}b,Ipsos,2026-06-01,many,Yes,48\n"));
    assert!(
        run.err.contains("t.csv, line 5, column n: “many”"),
        "{}",
        run.err
    );
    assert!(!dir.path().join("arch").exists());
    let run = import(&format!("{head}{good}"));
    assert_eq!(run.code, 0, "{}", run.err);
    let text = |name: &str| fs::read_to_string(dir.path().join("arch").join(name)).unwrap();
    assert!(
        text("samples.csv").contains("a,all,all,1000,approximate,"),
        "{}",
        text("samples.csv")
    );
    assert!(
        text("figures.csv").contains("a,q,maybe,all,all,1,at_most,"),
        "{}",
        text("figures.csv")
    );
    assert_eq!(text("figures.csv").lines().count(), 3);
}

/// Nobody typed what settles a table of our own.
#[test]
fn a_table_of_our_own_leaves_nothing_to_settle() {
    let dir = own_copy();
    let run = opine_in(
        dir.path(),
        &["export", "--data", ".", "--all", "-o", "all.csv"],
        "",
    );
    assert!(
        run.err.contains("5 claims of articles have no row here"),
        "{}",
        run.err
    );
    let run = opine_in(dir.path(), &["import", "all.csv", "--into", "copy"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!run.err.contains("to settle"), "{}", run.err);
    let run = opine_in(
        dir.path(),
        &["import", "all.csv", "--into", "again", "--decimal", ","],
        "",
    );
    assert_ne!(run.code, 0, "{}", run.err);
}

/// Ids are small letters, digits and `_`: what a poll was called otherwise is kept, and no two are taken for one.
#[test]
fn what_polls_are_called_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["import", "t.csv", "--into", "arch", "--set", "question=q"];
    let import = |names: [&str; 2]| {
        let rows = names.map(|name| format!("\"{name}\",Ipsos,2026-05-01,1000,Yes,48\n"));
        let head = "poll,pollster,end,n,answer,percent\n";
        fs::write(dir.path().join("t.csv"), head.to_owned() + &rows.concat()).unwrap();
        opine_in(dir.path(), &args, "")
    };
    for names in [["P-1", "p_1"], ["p_1", "P-1"], ["P-1", "P 1"]] {
        let run = import(names);
        assert_eq!(run.code, 2, "{names:?} {}", run.err);
        assert!(
            run.err.contains("would have one id, p_1"),
            "{names:?} {}",
            run.err
        );
    }
    let run = import(["May poll, 2nd", "P7"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for said in [
        "2 ids of polls are made of what the table calls them",
        "2 figures have no source",
    ] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    let polls = fs::read_to_string(dir.path().join("arch/polls.csv")).unwrap();
    assert!(
        polls.contains("\nmay_poll__2nd,\"May poll, 2nd\",,Ipsos,"),
        "{polls}"
    );
    assert!(polls.contains("\np7,,,Ipsos,"), "{polls}");
    // who printed it is said once, with the rows; each has its finding for machines
    let many: String = (0..5)
        .map(|at| format!("q{at},Ipsos,2026-0{}-01,1000,Yes,4{at}\n", at + 1))
        .collect();
    fs::write(
        dir.path().join("t.csv"),
        format!("poll,pollster,end,n,answer,percent\n{many}"),
    )
    .unwrap();
    opine_in(dir.path(), &args, "");
    let check = opine_in(dir.path(), &["check", "arch"], "");
    assert_eq!(
        check.out.matches("who printed it is not said").count(),
        1,
        "{}",
        check.out
    );
    assert!(
        check.out.contains("7 rows say so: lines 2–8"),
        "{}",
        check.out
    );
    assert!(check.out.contains("7 warnings"), "{}", check.out);
    let check = opine_in(dir.path(), &["check", "arch", "--format", "json"], "");
    assert_eq!(rows(&check).len(), 7);
    let list = opine_in(dir.path(), &["list", "figures", "p7", "--data", "arch"], "");
    assert!(
        list.out.contains("p7/q/yes:all ") && !list.out.contains("all@"),
        "{}",
        list.out
    );
    let list = opine_in(dir.path(), &["list", "polls", "--data", "arch"], "");
    assert!(
        list.out.contains("pollster") && !list.out.contains("sponsor"),
        "{}",
        list.out
    );
}

/// Polls of one country need not name it to make a trend; totals over several countries make none.
#[test]
fn polls_of_one_population_make_a_trend() {
    let dir = tempfile::tempdir().unwrap();
    let args = [
        "import",
        "t.csv",
        "--into",
        "arch",
        "--set",
        "question=q,source=report",
    ];
    let rows = "a,2026-01-01,1000,Yes,40\na,2026-01-01,1000,No,44\nb,2026-03-01,1000,Yes,45\nb,2026-03-01,1000,No,43\n";
    fs::write(
        dir.path().join("t.csv"),
        format!("poll,end,n,answer,percent\n{rows}"),
    )
    .unwrap();
    opine_in(dir.path(), &args, "");
    let draw = |data: &str| {
        let trend = ["chart", "trend", "*/q", "--data", data, "-o", "t.svg"];
        opine_in(dir.path(), &trend, "")
    };
    let run = draw("arch");
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("opine edit question a/q --series ID"),
        "{}",
        run.err
    );
    for poll in ["a", "b"] {
        let question = format!("{poll}/q");
        let edit = [
            "edit", "question", &question, "--series", "s", "--data", "arch",
        ];
        assert_eq!(opine_in(dir.path(), &edit, "").code, 0);
    }
    let run = draw("arch");
    assert_eq!(run.code, 0, "{}", run.err);
    let svg = fs::read_to_string(dir.path().join("t.svg")).unwrap();
    assert!(
        svg.contains("Yes") && svg.contains("45") && !svg.contains(">all<"),
        "{svg}"
    );
    // the waves are told by their days
    assert!(
        svg.contains("1 Jan 2026") && svg.contains("1 Mar 2026"),
        "{svg}"
    );
    // and the report of the store has them
    let report = ["report", "--data", "arch", "--out", "page", "--quiet"];
    assert_eq!(opine_in(dir.path(), &report, "").code, 0);
    let trends = fs::read_to_string(dir.path().join("page/trends.svg")).unwrap();
    // rows of one name say of which poll they are
    let differences = fs::read_to_string(dir.path().join("page/differences.svg")).unwrap();
    assert!(
        differences.contains("Yes less No") || differences.contains("No less Yes"),
        "{differences}"
    );
    // a sentence begins with a capital, wherever the line ends
    assert!(!differences.contains("difference. one"), "{differences}");
    for poll in [">a, 2026<", ">b, 2026<"] {
        assert_eq!(differences.matches(poll).count(), 2, "{poll} {differences}");
    }
    assert!(
        trends.contains("over time") && !trends.contains("by country"),
        "{trends}"
    );
    // with countries beside them, they are totals
    let totals = format!(
        "poll,end,n,country,answer,percent\n{}",
        rows.replace(",1000,", ",1000,all,")
    ) + "a,2026-01-01,500,KR,Yes,41\nb,2026-03-01,500,KR,Yes,46\n";
    fs::write(dir.path().join("t.csv"), totals).unwrap();
    let args = args.map(|word| {
        word.replace("arch", "both")
            .replace("=report", "=report,series=s")
    });
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    assert_eq!(opine_in(dir.path(), &args, "").code, 0);
    let run = opine_in(
        dir.path(),
        &["chart", "trend", "*/q/no", "--data", "both", "-o", "t.svg"],
        "",
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("totals over several countries"),
        "{}",
        run.err
    );
    assert_eq!(draw("both").code, 0);
}
