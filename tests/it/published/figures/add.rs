//! Adding rows: what is refused and why, and what stays as it is.

use crate::published::figures::small::{self, FIGURES, POLLS, row};
use opine::internals::published::figures::store::{
    self, Addition, Finding, InitError, NewRow, Remark, Store, StoreError, Table, WriteError, init,
    plan, rows_from_json, rows_from_table, template,
};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn commit(dir: &Path, table: Table, rows: &[NewRow]) -> Result<Addition, WriteError> {
    store::commit(dir, table, rows, &Remark::default())
}

const GOOD: &[(&str, &str)] = &[
    ("poll", "mypoll"),
    ("question", "approve"),
    ("response", "no"),
    ("percent", "41.0"),
    ("reported-by", "report"),
    ("url", "https://example.org/a"),
];

fn good(changes: &[(&str, &str)]) -> NewRow {
    let kept = GOOD
        .iter()
        .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    row(&kept.chain(changes).copied().collect::<Vec<_>>())
}

fn from_csv(table: Table, csv: &[u8]) -> Result<Vec<NewRow>, opine::internals::tabular::Error> {
    let options = opine::internals::tabular::Options::default();
    rows_from_table(table, "rows.csv", csv, &options).map(|(rows, _)| rows)
}

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    small::write(dir.path());
    dir
}

fn figures(dir: &Path) -> String {
    fs::read_to_string(dir.join("figures.csv")).unwrap()
}

fn refusal(rows: &[NewRow]) -> Vec<Finding> {
    plan(&small::store_of(small::files()), Table::Figures, rows).unwrap_err()
}

#[test]
fn a_row_gets_its_defaults_and_keeps_its_digits() {
    let store = small::store_of(small::files());
    let added = plan(&store, Table::Figures, &[good(&[])]).unwrap();
    let line = "mypoll,approve,no,all,all,41.0,exact,,,,report,,https://example.org/a,\n";
    assert_eq!(added.text, line);
    assert_eq!(
        added.rows[0][6],
        ("qualifier".to_string(), "exact".to_string())
    );
    let question = row(&[
        ("poll", "mypoll"),
        ("question", "new"),
        ("responses", "yes;maybe_so"),
    ]);
    let added = plan(&store, Table::Questions, &[question]).unwrap();
    assert_eq!(added.text, "mypoll,new,,single,yes;maybe_so,\n");
    let rules: Vec<&str> = added.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["response-unlabelled"]);
}

#[test]
fn a_row_is_refused_with_all_reasons() {
    for (changes, rule, column, fix) in [
        (
            &[("poll", "mypol")],
            "unknown-poll",
            "poll",
            "did you mean mypoll?",
        ),
        (
            &[("question", "aprove")],
            "unknown-question",
            "question",
            "did you mean approve?",
        ),
        (
            &[("response", "noo")],
            "unknown-response",
            "response",
            "did you mean no?",
        ),
        (&[("percent", "41,0")], "type", "percent", "41.0"),
        (
            &[("percent", "410")],
            "range",
            "percent",
            "410 of 1000 is 41.0",
        ),
        (&[("percent", "")], "empty-required", "percent", "needs one"),
        (
            &[("country", "kr")],
            "unknown-country",
            "country",
            "did you mean KR?",
        ),
        (
            &[("qualifier", "at-least")],
            "word",
            "qualifier",
            "did you mean at_least?",
        ),
        (
            &[("url", "example.org")],
            "url",
            "url",
            "https://example.org",
        ),
        (&[("pollster", "x")], "column-unknown", "pollster", ""),
        (
            &[("percents", "x")],
            "column-unknown",
            "percents",
            "did you mean percent?",
        ),
        (
            &[("reported_by", "npr")],
            "header-duplicate",
            "reported_by",
            "",
        ),
    ] {
        let findings = refusal(&[good(changes)]);
        let finding = &findings[0];
        assert_eq!((findings.len(), finding.rule), (1, rule), "{findings:?}");
        assert_eq!(finding.column.as_deref(), Some(column));
        assert!(
            finding.fix.as_deref().unwrap_or_default().contains(fix),
            "{finding}"
        );
        assert_eq!((finding.file.as_str(), finding.line), ("figures.csv", None));
    }
    let two = refusal(&[good(&[
        ("poll", "mypol"),
        ("percent", "x"),
        ("first_hand", "maybe"),
    ])]);
    assert_eq!(two.len(), 3, "{two:?}");
    assert_eq!(refusal(&[row(&[])])[0].rule, "row-empty");
}

#[test]
fn one_bad_row_refuses_them_all_and_is_named() {
    let findings = refusal(&[good(&[]), good(&[("percent", "x"), ("reported-by", "npr")])]);
    assert_eq!(findings.len(), 1);
    let message = "row 2 of 2 (to be line 7): “x” is no number";
    assert_eq!(findings[0].message, message);
    let again = refusal(&[good(&[("note", "two\nlines")]), good(&[])]);
    assert_eq!(again[0].rule, "duplicate-key");
    assert!(
        again[0].message.starts_with("row 2 of 2 (to be line 8)"),
        "{}",
        again[0]
    );
    assert!(
        again[0].message.ends_with("is in line 6 already"),
        "{}",
        again[0]
    );
    let known = refusal(&[good(&[("response", "yes")])]);
    assert!(
        known[0].message.ends_with("is in line 5 already"),
        "{}",
        known[0]
    );
}

#[test]
fn present_bytes_stay_as_they_are() {
    let crlf = FIGURES.replace('\n', "\r\n");
    let quoted = FIGURES.replace(
        "24.5,,,,,donga,no,https://example.org/a,",
        "24.5,,,,,donga,no,,\"two\nlines, \"\"quoted\"\"\"",
    );
    let blank = format!("{FIGURES}\n\n");
    let wrong = format!("{FIGURES}mypoll,approve,no,,,many,,,,,npr,,,\n");
    let own = "note,percent,my column,response,question,poll,reported_by\nx,47,mine,yes,approve,mypoll,report\n";
    let line = "mypoll,approve,no,all,all,41.0,exact,,,,report,,https://example.org/a,";
    for (before, added) in [
        (FIGURES.to_string(), format!("{line}\n")),
        (FIGURES.trim_end().to_string(), format!("\n{line}\n")),
        (crlf.clone(), format!("{line}\r\n")),
        (crlf.trim_end().to_string(), format!("\r\n{line}\r\n")),
        (FIGURES.replace('\n', "\r"), format!("{line}\r")),
        (format!("\u{feff}{FIGURES}"), format!("{line}\n")),
        (quoted, format!("{line}\n")),
        (blank, format!("{line}\n")),
        (wrong, format!("{line}\n")),
    ] {
        let dir = folder();
        fs::write(dir.path().join("figures.csv"), &before).unwrap();
        let rows = Store::open(dir.path()).unwrap().figures.len();
        commit(dir.path(), Table::Figures, &[good(&[])]).unwrap();
        assert_eq!(figures(dir.path()), before + &added);
        assert_eq!(Store::open(dir.path()).unwrap().figures.len(), rows + 1);
    }
    let dir = folder();
    fs::write(dir.path().join("figures.csv"), own).unwrap();
    let mut new = good(&[("my column", "a, \"b\"")]);
    new.0.retain(|(name, _)| name != "url");
    commit(dir.path(), Table::Figures, &[new]).unwrap();
    assert_eq!(
        figures(dir.path()),
        format!("{own},41.0,\"a, \"\"b\"\"\",no,approve,mypoll,report\n")
    );
    let error = commit(dir.path(), Table::Figures, &[good(&[])]).unwrap_err();
    let WriteError::Refused(findings) = error else {
        panic!("{error}")
    };
    assert_eq!(findings[0].message, "figures.csv has no column url");
}

#[test]
fn nothing_is_added_to_a_broken_file() {
    for (table, text) in [
        (
            Table::Figures,
            format!("{FIGURES}mypoll,approve,no,,,5,,,,,npr,,,\"never closed\n"),
        ),
        (Table::Figures, FIGURES.replace(',', ";")),
        (Table::Figures, String::new()),
        (Table::Polls, POLLS.replace("poll,title", "Pol,title")),
    ] {
        let dir = folder();
        fs::write(dir.path().join(table.file_name()), &text).unwrap();
        let before = figures(dir.path());
        let error = commit(dir.path(), Table::Figures, &[good(&[])]).unwrap_err();
        assert!(matches!(error, WriteError::Refused(_)), "{error}");
        assert_eq!(figures(dir.path()), before);
    }
    let dir = folder();
    fs::remove_file(dir.path().join("figures.csv")).unwrap();
    let error = commit(dir.path(), Table::Figures, &[good(&[])]).unwrap_err();
    let WriteError::Refused(findings) = error else {
        panic!("{error}")
    };
    assert_eq!((findings.len(), findings[0].rule), (1, "file-missing"));
    let missing = commit(&dir.path().join("nowhere"), Table::Figures, &[good(&[])]).unwrap_err();
    assert!(matches!(missing, WriteError::Store(StoreError::Missing(_))));
    assert!(missing.to_string().contains("opine init"));
}

#[test]
fn a_poll_of_ones_own_can_be_added_bit_by_bit() {
    let dir = tempfile::tempdir().unwrap();
    init(dir.path(), false).unwrap();
    let add = |table, values: &[(&str, &str)]| commit(dir.path(), table, &[row(values)]).unwrap();
    add(
        Table::Polls,
        &[
            ("poll", "mypoll"),
            ("title", "Mine, all of it"),
            ("field-start", "2024-05"),
        ],
    );
    add(
        Table::Samples,
        &[("poll", "mypoll"), ("n", "1000"), ("n-kind", "exact")],
    );
    add(
        Table::Responses,
        &[("response", "approve"), ("label", "Approve")],
    );
    add(
        Table::Questions,
        &[
            ("poll", "mypoll"),
            ("question", "approve"),
            ("responses", "yes;no"),
        ],
    );
    let figure = [
        ("poll", "mypoll"),
        ("question", "approve"),
        ("response", "yes"),
        ("percent", "47"),
        ("reported-by", "report"),
    ];
    assert!(add(Table::Figures, &figure).findings.is_empty());
    let store = Store::open(dir.path()).unwrap();
    assert!(store.findings.is_empty(), "{:?}", store.findings);
    assert_eq!(store.figures.len(), 1761);
    assert_eq!(store.claims.len(), 5);
    assert_eq!(store.samples_of("mypoll", "all", "all")[0].n, Some(1000));
}

#[test]
fn a_table_the_folder_has_not_begins_with_the_shipped_one() {
    let dir = folder();
    commit(
        dir.path(),
        Table::Responses,
        &[row(&[("response", "maybe_so"), ("label", "Maybe")])],
    )
    .unwrap();
    commit(
        dir.path(),
        Table::Claims,
        &[row(&[
            ("claim", "mine"),
            ("text", "x"),
            ("figures", "mypoll/approve/yes"),
        ])],
    )
    .unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert!(store.response("maybe_so").is_some() && store.response("favourable").is_some());
    assert_eq!(store.claims.len(), 1);
    assert!(small::serious(&store).is_empty(), "{:?}", store.findings);
}

#[test]
fn init_makes_the_shipped_data_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let new = dir.path().join("own").join("data");
    assert_eq!(init(&new, false).unwrap().len(), Table::ALL.len());
    let (own, shipped) = (Store::open(&new).unwrap(), Store::embedded());
    assert_eq!(own.figures, shipped.figures);
    assert_eq!((own.findings.len(), own.claims.len()), (0, 5));
    fs::remove_file(new.join("polls.csv")).unwrap();
    let error = init(&new, false).unwrap_err();
    assert!(matches!(&error, InitError::Exists(paths) if paths.len() == Table::ALL.len() - 1));
    assert!(error.to_string().contains("figures.csv") && !new.join("polls.csv").exists());
}

#[test]
fn templates_can_be_filled_in() {
    for table in Table::ALL {
        let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let text = template(table);
        assert_eq!(text.lines().next(), Some(columns.join(",").as_str()));
        // its empty row is none
        assert_eq!(from_csv(table, text.as_bytes()).unwrap(), []);
        let filled = text.replacen("\n,", "\nx,", 1);
        let rows = from_csv(table, filled.as_bytes()).unwrap();
        let names: Vec<&str> = rows[0].0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, columns);
    }
}

#[test]
fn rows_come_from_csv_and_json_alike() {
    let csv = "\u{feff}poll,question,response,percent,net-of,first-hand,reported-by\r\nmypoll,approve,no,52.0,,no,npr\r\n";
    let object = r#"{"poll": "mypoll", "question": "approve", "response": "no", "percent": 52.0, "net_of": [],
        "first_hand": false, "reported_by": "npr", "note": null}"#.replace('\n', " ");
    let store = small::store_of(small::files());
    let text = |rows: Vec<NewRow>| plan(&store, Table::Figures, &rows).unwrap().text;
    let line = "mypoll,approve,no,all,all,52.0,exact,,,,npr,no,,\n";
    assert_eq!(
        text(from_csv(Table::Figures, csv.as_bytes()).unwrap()),
        line
    );
    let spreadsheet = "Figures\r\n\r\nPoll;Question;Response;Percent;First-Hand;Reported_By\r\nmypoll;approve;no;52,0 %;no;npr\r\n";
    assert_eq!(
        text(from_csv(Table::Figures, spreadsheet.as_bytes()).unwrap()),
        line
    );
    let bound = "poll,question,response,percent,reported_by\nmypoll,approve,no,<1,npr\n";
    assert!(text(from_csv(Table::Figures, bound.as_bytes()).unwrap()).contains(",1,at_most,"));
    assert_eq!(text(rows_from_json(object.as_bytes()).unwrap()), line);
    assert_eq!(
        text(rows_from_json(format!("[{object}]").as_bytes()).unwrap()),
        line
    );
    let other = object.replace("npr", "voa");
    assert_eq!(
        rows_from_json(format!("{object}\n{other}\n").as_bytes())
            .unwrap()
            .len(),
        2
    );
    let net = rows_from_json(br#"{"net_of": ["yes", "no"], "countries": ["KR", "PH"]}"#).unwrap();
    assert!(
        net[0]
            .0
            .contains(&("net_of".to_string(), "yes;no".to_string()))
    );
    assert!(
        net[0]
            .0
            .contains(&("countries".to_string(), "KR PH".to_string()))
    );
}

#[test]
fn rows_in_no_form_are_refused_in_words() {
    let head = b"poll,question,response,percent,reported_by\n";
    for (rows, word) in [
        (&b""[..], "empty"),
        (b"a,b\nc,d\n", "no columns poll"),
        (b"a,b,c,d,e,f\n", "6 fields where the header has 5"),
        (b"a,b,c,\"1,2\n", "never closed"),
        (b"a,b,c,0.5,x\n", "--shares"),
    ] {
        let csv = match rows.starts_with(b"a,b\n") || rows.is_empty() {
            true => rows.to_vec(),
            false => [&head[..], rows].concat(),
        };
        let error = from_csv(Table::Figures, &csv).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    for json in [
        &b"{"[..],
        b"[1]",
        b"3",
        b"{\"a\": {}}",
        b"{\"a\": [[1]]}",
        b"[{}] x",
        b"\xE9",
    ] {
        assert!(rows_from_json(json).is_err(), "{json:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_rights_and_protection_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (dir, elsewhere) = (folder(), tempfile::tempdir().unwrap());
    let (link, file) = (
        dir.path().join("figures.csv"),
        elsewhere.path().join("mine.csv"),
    );
    fs::rename(&link, &file).unwrap();
    symlink(&file, &link).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    commit(dir.path(), Table::Figures, &[good(&[])]).unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 6);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    let error = commit(
        dir.path(),
        Table::Figures,
        &[good(&[("reported-by", "npr")])],
    )
    .unwrap_err();
    assert!(matches!(error, WriteError::WriteProtected(_)));
    assert_eq!(
        fs::read_dir(elsewhere.path()).unwrap().count(),
        2,
        "the file and the lock"
    );
}

#[test]
fn what_a_killed_process_left_is_cleared() {
    let dir = folder();
    fs::write(dir.path().join(".figures.csv.x1y2.opine.tmp"), "half").unwrap();
    commit(dir.path(), Table::Figures, &[good(&[])]).unwrap();
    assert!(!dir.path().join(".figures.csv.x1y2.opine.tmp").exists());
}
