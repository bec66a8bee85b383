//! Every rule has a row here that breaks it, and is told with its line, its column, and what would be right.

use crate::published::figures::small::{self, FIGURES, POLLS, QUESTIONS, and_line, changed, with};
use opine::internals::published::figures::store::rules::RULES;
use opine::internals::published::figures::store::{Finding, Severity, Store, Table};

/// A store that breaks a rule, and the finding on it: rule, severity, line, column, and a part of the fix.
struct Case(
    &'static str,
    Store,
    Severity,
    Option<u64>,
    Option<&'static str>,
    &'static str,
);

fn without(table: Table) -> Store {
    let mut files = small::files();
    files.remove(&table);
    small::store_of(files)
}

#[rustfmt::skip] // a case a line
fn cases() -> Vec<Case> {
    use Severity::{Error, Note, Warning};
    use Table::{Claims, Countries, Figures, Polls, Questions, Responses, Samples};
    let figure = |line: &str| and_line(Figures, line);
    let poll = |line: &str| and_line(Polls, line);
    let sample = |line: &str| and_line(Samples, line);
    let question = |line: &str| and_line(Questions, line);
    let long = "x".repeat(100_001);
    let utf16: Vec<u8> = POLLS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bom16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf16.clone()).collect();
    let latin = [POLLS.as_bytes(), b"other,Caf\xe9,,,,,,\n"].concat();
    let bom = [b"\xEF\xBB\xBF", POLLS.as_bytes()].concat();
    vec![
        Case("file-missing", without(Polls), Error, None, None, "opine init"),
        Case("file-missing", without(Responses), Note, None, None, "opine init"),
        Case("encoding", with(Polls, utf16), Error, Some(1), None, "UTF-8"),
        Case("encoding", with(Polls, bom16), Error, Some(1), None, "UTF-8"),
        Case("encoding", with(Polls, latin), Error, Some(4), Some("title"), "where it is é"),
        Case("bom", with(Polls, bom), Note, Some(1), None, ""),
        Case("delimiter", with(Polls, POLLS.replace(',', ";")), Error, Some(1), None, "commas"),
        Case("delimiter", with(Polls, POLLS.replace(',', "\t")), Error, Some(1), None, "commas"),
        Case("header-missing", with(Polls, ""), Error, Some(1), None, "poll,title,sponsor"),
        Case("header-missing", with(Polls, "egf2023,Caught\n"), Error, Some(1), None, "poll,title"),
        Case("header-duplicate", with(Polls, "poll,title,title\n"), Error, Some(1), Some("title"), "rename"),
        Case("column-missing", with(Polls, "title,url\n"), Error, Some(1), Some("poll"), "add a column poll"),
        Case("column-missing", with(Polls, "Pol,title\n"), Error, Some(1), Some("poll"), "rename the column “Pol” to poll"),
        Case("column-unknown", with(Polls, "poll,titel\nmypoll,x\n"), Warning, Some(1), Some("titel"), "did you mean title?"),
        Case("column-unknown", with(Polls, "poll,,title\n"), Warning, Some(1), Some(""), ""),
        Case("quote", poll("other,\"never closed,,,,,,"), Error, Some(4), Some("title"), "end of line 4"),
        Case("quote", poll("other,\"a\"b,,,,,,"), Error, Some(4), Some("title"), "double"),
        Case("quote", poll("other,a \"b\" c,,,,,,"), Warning, Some(4), Some("title"), "double"),
        Case("quote", poll("other, \"b\",,,,,,"), Error, Some(4), Some("title"), "space"),
        Case("quote", poll("other,\"b\" ,,,,,,"), Warning, Some(4), Some("title"), "space"),
        Case("ragged", poll("other,title"), Error, Some(4), None, "7 in all"),
        Case("ragged", poll("other,one, two,,,,,,"), Error, Some(4), None, "quotation marks"),
        Case("ragged", poll("other,title,,,,,,,,"), Error, Some(4), None, "commas at the end"),
        Case("ragged", figure("mypoll,approve,no,all,all,47,5,exact,,,,npr,no,,"), Error, Some(6), None, "47.5"),
        Case("row-empty", poll(",,,,,,,"), Warning, Some(4), None, ""),
        Case("nul", poll("other,a\0b,,,,,,"), Error, Some(4), Some("title"), "delete"),
        Case("control-character", poll("other,a\u{1b}[31mb,,,,,,"), Warning, Some(4), Some("title"), "delete"),
        Case("whitespace", poll("other, title,,,,,,"), Warning, Some(4), Some("title"), "“title”"),
        Case("whitespace", poll("other,title\u{a0},,,,,,"), Warning, Some(4), Some("title"), "“title”"),
        Case("cell-huge", poll(&format!("other,{long},,,,,,")), Warning, Some(4), Some("title"), ""),
        Case("empty-required", poll(",title,,,,,,"), Error, Some(4), Some("poll"), "needs one"),
        Case("empty-required", figure("mypoll,approve,no,,,,,,,,npr,,,"), Error, Some(6), Some("percent"), "52.0"),
        Case("type", figure("mypoll,approve,no,,,\"47,5\",,,,,npr,,,"), Error, Some(6), Some("percent"), "47.5"),
        Case("type", figure("mypoll,approve,no,,,47%,,,,,npr,,,"), Error, Some(6), Some("percent"), "47"),
        Case("type", figure("mypoll,approve,no,,,many,,,,,npr,,,"), Error, Some(6), Some("percent"), ""),
        Case("type", sample("mypoll,KR,all,\"1,500\",,,,,,"), Error, Some(5), Some("n"), "1500"),
        Case("type", sample("mypoll,KR,all,1500.0,,,,,,"), Error, Some(5), Some("n"), "1500"),
        Case("type", sample("mypoll,KR,all,-5,,,,,,"), Error, Some(5), Some("n"), ""),
        Case("type", sample("mypoll,KR,all,,,\"4,4\",,,,"), Error, Some(5), Some("moe"), "4.4"),
        Case("range", figure("egf2023,worried,somewhat,KR,all,162,,,,,npr,,,"), Error, Some(6), Some("percent"), "162 of 500 is 32.4"),
        Case("range", figure("mypoll,approve,no,,,-1,,,,,npr,,,"), Error, Some(6), Some("percent"), ""),
        Case("range", sample("mypoll,KR,all,0,,,,,,"), Error, Some(5), Some("n"), "empty"),
        Case("range", sample("mypoll,KR,all,99000000,,,,,,"), Warning, Some(5), Some("n"), ""),
        Case("range", sample("mypoll,KR,all,,,101,,,,"), Error, Some(5), Some("moe"), ""),
        Case("range", sample("mypoll,KR,all,,,4,0.95,,,"), Error, Some(5), Some("moe_level"), "95"),
        Case("range", sample("mypoll,KR,all,,,,,0,,"), Error, Some(5), Some("deff"), ""),
        Case("date-format", poll("other,,,,12.5.2023,,,"), Error, Some(4), Some("field_start"), "2023-05-12"),
        Case("date-format", poll("other,,,,2023-02-30,,,"), Error, Some(4), Some("field_start"), ""),
        Case("date-year", poll("other,,,,0223-05,,,"), Error, Some(4), Some("field_start"), ""),
        Case("date-order", poll("other,,,,2023-05,2023-04,,"), Error, Some(4), Some("field_end"), "swap"),
        Case("date-order", poll("other,,,,2023-05-10,,2023-05-09,"), Error, Some(4), Some("published"), ""),
        Case("word", poll("other,,,probabilty,,,,"), Error, Some(4), Some("sampling"), "did you mean probability?"),
        Case("word", figure("mypoll,approve,no,,,5,,,,,npr,Yes,,"), Error, Some(6), Some("first_hand"), "did you mean yes?"),
        Case("id-form", poll("a/b,,,,,,,"), Error, Some(4), Some("poll"), "a_b"),
        Case("id-form", poll("a b,,,,,,,"), Error, Some(4), Some("poll"), "a_b"),
        Case("id-form", poll("Mine2,,,,,,,"), Warning, Some(4), Some("poll"), "mine2"),
        Case("list", question("mypoll,other,,,yes;;no,"), Warning, Some(8), Some("responses"), "yes;no"),
        Case("list", question("mypoll,other,,,yes;yes,"), Warning, Some(8), Some("responses"), "yes"),
        Case("joint-form", question("egf2023,j,,,both,view_us:favourable"), Error, Some(8), Some("joint_of"), "&"),
        Case("url", poll("other,,,,,,,www.example.org/a"), Error, Some(4), Some("url"), "https://www.example.org/a"),
        Case("url", poll("other,,,,,,,https://example.org/a b"), Error, Some(4), Some("url"), "a%20b"),
        Case("url", poll("other,,,,,,,https:///path"), Error, Some(4), Some("url"), ""),
        Case("url", poll("other,,,,,,,ftp://example.org"), Error, Some(4), Some("url"), "https://example.org"),
        Case("duplicate-key", poll("mypoll,,,,,,,"), Error, Some(4), Some("poll"), "delete"),
        Case("duplicate-key", figure("mypoll,approve,yes,all,all,48,exact,,,,report,,,"), Error, Some(6), None, "reported_by"),
        Case("unknown-poll", figure("egf2032,worried,very,,,5,,,,,npr,,,"), Error, Some(6), Some("poll"), "did you mean egf2023?"),
        Case("unknown-poll", sample("egf2032,all,all,5,,,,,,"), Error, Some(5), Some("poll"), "did you mean egf2023?"),
        Case("unknown-poll", question("nothing_alike,q,,,,"), Error, Some(8), Some("poll"), "opine add poll"),
        Case("unknown-question", figure("egf2023,woried,very,,,5,,,,,npr,,,"), Error, Some(6), Some("question"), "did you mean worried?"),
        Case("unknown-question", question("egf2023,j,,,both,view_uk:favourable & view_cn:favourable"), Error, Some(8), Some("joint_of"), "did you mean view_us?"),
        Case("unknown-response", figure("mypoll,approve,yess,,,5,,,,,npr,,,"), Error, Some(6), Some("response"), "did you mean yes?"),
        Case("unknown-response", figure("mypoll,approve,net,,,5,,,yes;noo,,npr,,,"), Error, Some(6), Some("net_of"), "did you mean no?"),
        Case("response-unlabelled", question("mypoll,other,,,strongly_agree,"), Note, Some(8), Some("responses"), "opine add response"),
        Case("response-unlabelled", question("mypoll,other,,,favorable,"), Warning, Some(8), Some("responses"), "did you mean favourable?"),
        Case("unknown-country", figure("egf2023,worried,very,kr,,5,,,,,npr,,,"), Error, Some(6), Some("country"), "did you mean KR?"),
        Case("unknown-country", figure("egf2023,worried,very,UK,,5,,,,,npr,,,"), Error, Some(6), Some("country"), "did you mean GB?"),
        Case("unknown-country", figure("egf2023,worried,very,South Korea,,5,,,,,npr,,,"), Error, Some(6), Some("country"), "did you mean KR?"),
        Case("unknown-country", figure("egf2023,worried,very,kor,,5,,,,,npr,,,"), Error, Some(6), Some("country"), "did you mean KR?"),
        Case("unknown-country", poll("other,,\"KR,PH\",,,,,"), Error, Some(4), Some("countries"), "KR PH"),
        Case("unknown-country", with(Countries, "code,name,members\nKR,South Korea,\nPH,Philippines,\nSG,Singapore,\nSET,Two,KR Singapore\n"), Error, Some(5), Some("members"), "did you mean SG?"),
        Case("unknown-figure", with(Claims, "claim,text,figures\nc,said,egf2023/worried/nett:all@npr\n"), Warning, Some(2), Some("figures"), "did you mean egf2023/worried/net:all@npr?"),
        Case("country-not-in-poll", figure("egf2023,worried,very,US,,5,,,,10,npr,,,"), Warning, Some(6), Some("country"), "KR, PH, SG"),
        Case("aggregate-of-country", figure("egf2023,worried,somewhat,KR,,5,,median,,,npr,,,"), Warning, Some(6), Some("aggregate"), "empty"),
        Case("net-of-itself", figure("egf2023,worried,very,,,5,,,very;somewhat,,npr,,,"), Error, Some(6), Some("net_of"), "parts alone"),
        Case("sample-missing", figure("egf2023,worried,very,PH,,5,,,,,npr,,,"), Warning, Some(6), Some("base"), "opine add sample --poll egf2023"),
        Case("unsourced", figure("mypoll,approve,no,,,5,,,,,,,,"), Warning, Some(6), Some("reported_by"), "outlet"),
    ]
}

#[test]
fn every_case_is_told() {
    for Case(rule, store, severity, line, column, fix) in cases() {
        let fits = |finding: &&Finding| {
            finding.rule == rule
                && finding.severity == severity
                && finding.line == line
                && finding.column.as_deref() == column
                && finding.fix.as_deref().unwrap_or_default().contains(fix)
        };
        let told: Vec<String> = store.findings.iter().map(ToString::to_string).collect();
        assert!(
            store.findings.iter().any(|f| fits(&f)),
            "{rule} {line:?} {column:?} {fix}: {told:#?}"
        );
    }
}

/// One cause, one finding: a wrong row does not make others wrong.
#[test]
fn a_case_breaks_only_its_rule() {
    for Case(rule, store, ..) in cases() {
        let company: &[&str] = match rule {
            "quote" => &["quote", "whitespace"],
            "column-missing" => &["column-missing", "column-unknown"],
            "column-unknown" => &["column-unknown", "unknown-poll"], // polls are left out in these
            _ => &[rule],
        };
        let others: Vec<String> = small::serious(&store)
            .into_iter()
            .filter(|finding| !company.contains(&finding.rule))
            .map(ToString::to_string)
            .collect();
        assert!(others.is_empty(), "{rule}: {others:#?}");
    }
}

#[test]
fn every_rule_has_a_case() {
    let told: Vec<&str> = cases().iter().map(|case| case.0).collect();
    let untold: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !told.contains(id))
        .collect();
    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn all_findings_come_at_once_in_order() {
    let mut files = small::files();
    let figures = FIGURES
        .replace("24.5,", "\"24,5\",")
        .replace("egf2023,worried,net", "egf2032,worried,net");
    files.insert(Table::Figures, figures.into());
    files.insert(
        Table::Polls,
        POLLS.replace("2023-04,2023-05", "2023-06,2023-05").into(),
    );
    let store = small::store_of(files);
    let told: Vec<(&str, Option<u64>, &str)> = small::serious(&store)
        .iter()
        .map(|finding| (finding.file.as_str(), finding.line, finding.rule))
        .collect();
    assert_eq!(
        told,
        [
            ("polls.csv", Some(2), "date-order"),
            ("figures.csv", Some(2), "unknown-poll"),
            ("figures.csv", Some(3), "type"),
        ]
    );
    assert_eq!((store.errors(), store.warnings()), (3, 0));
}

#[test]
fn an_unclosed_mark_does_not_swallow_the_rows_after_it() {
    let store = changed(
        Table::Figures,
        "egf2023,worried,very,KR,all,24.5,,,,,donga,no,https://example.org/a,",
        "egf2023,worried,very,KR,all,24.5,,,,,donga,no,,\"a note",
    );
    assert_eq!(store.figures.len(), 4);
    let finding = small::serious(&store)[0];
    assert_eq!((finding.rule, finding.line), ("quote", Some(3)));
    assert_eq!(
        finding.message,
        "the quotation mark opened in column 14 (note) is never closed"
    );
}

#[test]
fn line_ends_marks_and_quoted_lines_make_no_difference() {
    let quoted =
        |text: &str| text.replace("Are you worried", "\"Are you\nworried, \"\"really\"\"\"");
    let plain = with(Table::Questions, quoted(QUESTIONS));
    assert!(small::serious(&plain).is_empty());
    assert_eq!(plain.questions[0].text, "Are you\nworried, \"really\"");
    assert_eq!((plain.questions[0].line, plain.questions[1].line), (2, 4));
    for text in [
        quoted(QUESTIONS).replace('\n', "\r\n"),
        quoted(QUESTIONS).replace('\n', "\r"),
        format!("\u{feff}{}", quoted(QUESTIONS)),
        quoted(QUESTIONS).trim_end().to_string(),
        format!("{}\n\n  \n", quoted(QUESTIONS)),
    ] {
        let store = with(Table::Questions, text.clone());
        assert!(small::serious(&store).is_empty(), "{text:?}");
        let texts = |store: &Store| -> Vec<String> {
            let text = |text: &String| text.replace("\r\n", "\n").replace('\r', "\n");
            store
                .questions
                .iter()
                .map(|question| text(&question.text))
                .collect()
        };
        assert_eq!(texts(&store), texts(&plain));
        assert_eq!(store.questions[1].line, 4);
    }
}

#[test]
fn unknown_columns_are_no_error_and_missing_ones_are_empty() {
    let store = with(
        Table::Figures,
        "who,percent,response,question,poll,reported_by\nI,47,yes,approve,mypoll,report\n",
    );
    let told: Vec<&str> = small::serious(&store)
        .iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(told, ["column-unknown"]);
    assert_eq!(store.figures[0].id(), "mypoll/approve/yes:all");
}

#[test]
fn figures_of_one_missing_sample_are_one_finding() {
    let lines = "egf2023,worried,very,PH,,5,,,,,npr,,,\negf2023,worried,somewhat,PH,,6,,,,,npr,,,";
    let store = and_line(Table::Figures, lines);
    let serious = small::serious(&store);
    assert_eq!(serious.len(), 1);
    assert_eq!(
        serious[0].ids,
        [
            "egf2023/worried/very:PH@npr",
            "egf2023/worried/somewhat:PH@npr"
        ]
    );
}

#[test]
fn responses_without_a_label_get_one() {
    let store = and_line(
        Table::Questions,
        "mypoll,other,,,strongly_agree;strongly_disagree,",
    );
    let response = store.response("strongly_agree").unwrap();
    assert_eq!(
        (response.label.as_str(), response.line),
        ("Strongly agree", 0)
    );
    let net = and_line(
        Table::Figures,
        "mypoll,approve,any_answer,,,97,,,yes;no,,npr,,,",
    );
    assert!(small::serious(&net).is_empty());
    assert_eq!(net.response("any_answer").unwrap().label, "Any answer");
}
