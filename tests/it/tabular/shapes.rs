//! One table of shares in every shape that it is printed in, read as the same shares.

use std::collections::BTreeSet;

use opine::internals::tabular::{self, ColumnChoice, Header, Options, ShareTable};
use proptest::prelude::*;

/// A share: group, label, per cent as printed, respondents.
type Share = (String, String, String, Option<u64>);

fn shape(text: &str, choice: &ColumnChoice) -> ShareTable {
    let header = Header::named(&["label", "percent"]).or_by_shape();
    let table = tabular::read_bytes("t.csv", text.as_bytes(), &header, &Options::default());
    let shares = table.unwrap().into_shares(choice).unwrap();
    shares.unwrap_or_else(|| panic!("no per cents in\n{text}"))
}

fn shares(text: &str, choice: &ColumnChoice) -> BTreeSet<Share> {
    let mut found = shape(text, choice);
    let percents = found.table.percents(found.percent).unwrap();
    let sizes = match found.n {
        Some(n) => found.table.counts(n).unwrap(),
        None => vec![None; found.table.len()],
    };
    let share = |row: usize| {
        let percent = percents[row]
            .as_ref()
            .map_or(String::new(), |number| number.text.clone());
        let label = found.label.map_or("", |label| found.table.text(row, label));
        let n = sizes[row].map(|n| n as u64);
        (
            found.group_texts(row).join(", "),
            label.to_owned(),
            percent,
            n,
        )
    };
    (0..found.table.len()).map(share).collect()
}

fn crossing() -> impl Strategy<Value = (Vec<String>, Vec<String>, Vec<Vec<u32>>, Vec<u64>)> {
    let names = |count| proptest::collection::btree_set("[A-Z][a-z]{3,8}( [a-z]{4,6})?", count);
    (names(2..5), names(2..6)).prop_flat_map(|(groups, labels)| {
        let (groups, labels): (Vec<String>, Vec<String>) =
            (groups.into_iter().collect(), labels.into_iter().collect());
        let row = proptest::collection::vec(2_u32..=99, labels.len());
        let cells = proptest::collection::vec(row, groups.len());
        let sizes = proptest::collection::vec(101_u64..3000, groups.len());
        (Just(groups), Just(labels), cells, sizes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_crossing_is_the_same_in_every_shape((groups, labels, cells, sizes) in crossing()) {
        // a label that is a group too, or a word that the reader knows, is another test
        prop_assume!(groups.iter().all(|group| !labels.contains(group)));
        let mut expected = BTreeSet::new();
        let mut long = "country,label,percent,n\n".to_owned();
        for ((group, row), n) in groups.iter().zip(&cells).zip(&sizes) {
            for (label, percent) in labels.iter().zip(row) {
                expected.insert((group.clone(), label.clone(), percent.to_string(), Some(*n)));
                long += &format!("{group},{label},{percent},{n}\n");
            }
        }
        let mut across = format!("Country,{},n\n", labels.join(","));
        for ((group, row), n) in groups.iter().zip(&cells).zip(&sizes) {
            let row: Vec<String> = row.iter().map(u32::to_string).collect();
            across += &format!("{group},{},{n}\n", row.join(","));
        }
        let mut down = format!("Press release\n\nAnswer;{}\n", groups.join(";"));
        for (at, label) in labels.iter().enumerate() {
            let row: Vec<String> = cells.iter().map(|row| row[at].to_string()).collect();
            down += &format!("{label};{}\n", row.join(";"));
        }
        let bases: Vec<String> = sizes.iter().map(u64::to_string).collect();
        down += &format!("Base;{}\n", bases.join(";"));
        // per cents and respondents side by side, in one head and in heads over two rows
        let cell = |row: &Vec<u32>, at: usize, n: &u64| format!("{},{n}", row[at]);
        let beside = |names: String| {
            let mut text = names;
            for (at, label) in labels.iter().enumerate() {
                let row: Vec<String> = cells.iter().zip(&sizes).map(|(row, n)| cell(row, at, n)).collect();
                text += &format!("{label},{}\n", row.join(","));
            }
            text
        };
        let pairs: Vec<String> = groups.iter().map(|group| format!("{group} %,{group} n")).collect();
        let pairs = beside(format!("Answer,{}\n", pairs.join(",")));
        let bracketed: Vec<String> = groups.iter().map(|group| format!("{group} (%),{group} (N)")).collect();
        let bracketed = beside(format!("Answer,{}\n", bracketed.join(",")));
        let spread = beside(format!(
            ",{}\nAnswer{}\n",
            groups.iter().map(|group| format!("{group},")).collect::<Vec<_>>().join(","),
            ",%,n".repeat(groups.len())
        ));
        // respondents in the heads, and in a row below them
        let plain = |names: &str| {
            let mut text = names.to_owned();
            for (at, label) in labels.iter().enumerate() {
                let row: Vec<String> = cells.iter().map(|row| format!("{}%", row[at])).collect();
                text += &format!("{label}*,{}\n", row.join(","));
            }
            text
        };
        let heads: Vec<String> = groups.iter().zip(&sizes).map(|(group, n)| format!("{group} (n={n})")).collect();
        let in_heads = plain(&format!("Answer,{}\n", heads.join(",")));
        let below: Vec<String> = sizes.iter().map(|n| format!("(n={n})")).collect();
        let below = plain(&format!("Answer,{}\n,{}\n", groups.join(","), below.join(",")));
        let none = ColumnChoice::default();
        for text in [&long, &across, &down, &pairs, &bracketed, &spread, &in_heads, &below] {
            prop_assert_eq!(&shares(text, &none), &expected, "{}", text);
        }
        // heads that say nothing are named
        let bare = long.replacen("country,label,percent,n", "a,b,c,d", 1);
        let choice = ColumnChoice {
            label: Some("b".to_owned()),
            percent: vec!["c".to_owned()],
            n: Some("4".to_owned()),
            group: vec!["a".to_owned()],
        };
        prop_assert_eq!(&shares(&bare, &choice), &expected);
        let bare = across.replacen("Country", "a", 1);
        let choice = ColumnChoice { group: vec!["a".to_owned()], ..ColumnChoice::default() };
        prop_assert_eq!(&shares(&bare, &choice), &expected);
        let bare = down.replacen("Answer", "a", 1);
        let choice = ColumnChoice { label: Some("a".to_owned()), ..ColumnChoice::default() };
        prop_assert_eq!(&shares(&bare, &choice), &expected);
    }
}

fn note(text: &str) -> String {
    shape(text, &ColumnChoice::default())
        .table
        .note()
        .unwrap_or_default()
}

fn columns(text: &str) -> (Option<String>, Vec<String>) {
    let found = shape(text, &ColumnChoice::default());
    let name = |at: usize| found.table.names()[at].clone();
    (
        found.label.map(name),
        found.groups.iter().map(|at| name(*at)).collect(),
    )
}

#[test]
fn what_stands_side_by_side_is_found_out_and_said() {
    for (text, label, groups, said) in [
        // answers down, countries across, by what tells: known names, don’t know, sums, sizes
        (
            "Answer,Germany,France\nMuch,60,50\nLittle,45,51\n",
            "Answer",
            "group",
            "taken as groups",
        ),
        (
            "q,Germany,France\nMuch,60,50\nDon't know,4,5\n",
            "q",
            "group",
            "as don’t know is a row",
        ),
        (
            "q,Germany,France\nMuch,60,50\nLittle,40,50\n",
            "q",
            "group",
            "as each column adds up to 100",
        ),
        (
            "q,Germany,France\nMuch,60,50\nn,1004,1010\n",
            "q",
            "group",
            "as each column has its n",
        ),
        (
            "q,Germany,France\nMuch,60,52\nLittle,41,53\n",
            "q",
            "group",
            "--group q says otherwise",
        ),
        (
            ",Germany,France\nMuch,60,50\nLittle,40,50\n",
            "label",
            "group",
            "each column",
        ),
        (
            "Party,2019,2023\nA,30,35\nB,20,21\n",
            "Party",
            "date",
            "taken as groups",
        ),
        (
            "Party,Wave 1 (May),Wave 2 (June)\nA,30,35\nB,20,21\n",
            "Party",
            "wave",
            "taken as groups",
        ),
        // countries down, answers across
        (
            "Country,Much,Little\nGermany,60,45\nFrance,50,51\n",
            "answer",
            "Country",
            "taken as labels",
        ),
        (
            "q,Much,Don't know\nGermany,60,4\nFrance,50,5\n",
            "answer",
            "q",
            "as don’t know is a column",
        ),
        (
            "q,Much,Little\nGermany,60,40\nFrance,55,45\n",
            "answer",
            "q",
            "as each row adds up to 100",
        ),
        (
            "q,Much,Little,n\nGermany,60,41\nFrance,55,41\n",
            "answer",
            "q",
            "",
        ),
        (
            "Date,A,B\n2023-05,30,35\n2023-06,20,21\n",
            "answer",
            "Date",
            "taken as labels",
        ),
    ] {
        let text = text.replace(
            "n\nGermany,60,41\nFrance,55,41",
            "n\nGermany,60,41,900\nFrance,55,41,950",
        );
        let found = columns(&text);
        assert_eq!(
            found,
            (Some(label.to_owned()), vec![groups.to_owned()]),
            "{text}"
        );
        assert!(note(&text).contains(said), "{text}: {}", note(&text));
    }
}

#[test]
fn a_question_is_found_in_the_corner_or_above() {
    let answers = "Germany,France\nMuch,60,50\nLittle,40,50\n";
    for (head, question) in [
        (
            "How much do you trust parliament?,",
            "How much do you trust parliament?",
        ),
        ("\"Trust in parliament, %\",", "Trust in parliament"),
        ("Trust in parliament\n\nAnswer,", "Trust in parliament"),
        (
            "Voters trust less\nDo you trust parliament?\nBase: all adults\n\nAnswer,",
            "Do you trust parliament?",
        ),
        (
            "Voters trust less\n\nTrust in parliament,",
            "Trust in parliament",
        ),
        ("Source: own poll\n\nAnswer,", ""),
        ("Answer,", ""),
        (",", ""),
        ("Name of party,", ""),
    ] {
        let text = format!("{head}{answers}");
        let mut found = shape(&text, &ColumnChoice::default());
        assert_eq!(
            found.take_question().unwrap_or_default(),
            question,
            "{text}"
        );
        let note = found.table.note().unwrap_or_default();
        assert_eq!(
            note.contains("taken as the question"),
            !question.is_empty(),
            "{note}"
        );
    }
    // of a list, and of countries down
    for text in [
        "Do you trust parliament?,Percent,N\nYes,60,1000\nNo,40,1000\n",
        "Do you trust parliament?,Yes,No,n\nGermany,60,40,1000\nFrance,50,50,1010\n",
    ] {
        let mut found = shape(text, &ColumnChoice::default());
        assert_eq!(
            found.take_question().as_deref(),
            Some("Do you trust parliament?")
        );
    }
}

#[test]
fn counts_of_answers_are_no_bases() {
    let bases = |text: &str| -> Vec<Option<f64>> {
        let mut found = shape(text, &ColumnChoice::default());
        let n = found.n.unwrap();
        found.table.counts(n).unwrap()
    };
    // 120 of 1,004 are 12 per cent
    let counted = "Answer,%,n\nMuch,12,120\nSome,48,482\nLittle,40,402\n";
    assert_eq!(bases(counted), vec![Some(1004.0); 3]);
    assert!(note(counted).contains("n counts who gave each answer"));
    let with_sum = "Answer,%,n\nMuch,12,120\nSome,48,482\nTotal,100,1004\n";
    assert_eq!(bases(with_sum), vec![Some(1004.0); 2]);
    // the sum alone has its respondents
    let of_sum = "Answer,%,n\nMuch,60,\nLittle,40,\nTotal,100,1004\n";
    assert_eq!(bases(of_sum), vec![Some(1004.0); 2]);
    // bases that differ from row to row
    let items = "Statement,%,n\nTrusts,60,1004\nFears,40,998\n";
    assert_eq!(bases(items), [Some(1004.0), Some(998.0)]);
    let groups = "Country,%,n\nGermany,60,600\nFrance,40,1000\n";
    assert_eq!(bases(groups), [Some(600.0), Some(1000.0)]);
    // a row of respondents in each group
    let rows = "country,answer,percent\nGermany,Yes,60\nGermany,Base,1004\nFrance,Yes,50\nFrance,Base,\"1,010\"\n";
    assert_eq!(bases(rows), [Some(1004.0), Some(1010.0)]);
    let weighted =
        "Answer,Germany,France\nYes,60,50\nUnweighted base,1004,1010\nWeighted base,1000,1000\n";
    assert_eq!(bases(weighted), [Some(1004.0), Some(1010.0)]);
    assert!(note(weighted).contains("Weighted base left out"));
}

#[test]
fn a_slip_in_a_column_of_numbers_is_refused() {
    let header = Header::named(&["label", "percent"]).or_by_shape();
    let text = "Answer,Germany,France\nMuch,60,50\nSome,30,3o\nLittle,10,20\n";
    let table = tabular::read_bytes("t.csv", text.as_bytes(), &header, &Options::default());
    let error = table
        .unwrap()
        .into_shares(&ColumnChoice::default())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "t.csv, line 3, column France: “3o” is no percentage"
    );
}

#[test]
fn no_column_is_lost_that_tells_rows_apart() {
    let forms = "poll_id,pollster,methodology,start_date,end_date,question_id,sample_size,party,answer,candidate_name,pct\n\
                 1,YouGov,Online,5/13/26,5/15/26,101,1500,DEM,Biden,Joseph R. Biden,47.5\n\
                 1,YouGov,Online,5/13/26,5/15/26,101,1500,REP,Trump,Donald Trump,44\n\
                 2,Marist,Phone,5/16/26,5/18/26,102,1000,DEM,Biden,Joseph R. Biden,49\n\
                 2,Marist,Phone,5/16/26,5/18/26,102,1000,REP,Trump,Donald Trump,43\n";
    assert_eq!(
        columns(forms),
        (
            Some("answer".to_owned()),
            vec!["pollster".to_owned(), "end_date".to_owned()]
        )
    );
    assert!(
        note(forms).contains("left out, as rows are told apart without"),
        "{}",
        note(forms)
    );
    // the same house twice: what tells its polls apart stays
    let twice =
        format!("{forms}3,Marist,Phone,5/19/26,5/20/26,103,1000,DEM,Biden,Joseph R. Biden,50\n");
    let (_, groups) = columns(&twice);
    assert!(
        groups.contains(&"pollster".to_owned()) && groups.len() == 2,
        "{groups:?}"
    );
    let wave = "label,wave,percent\nA,1,40\nA,2,42\n";
    assert_eq!(
        columns(wave),
        (Some("label".to_owned()), vec!["wave".to_owned()])
    );
    // a number that tells nothing is said
    let margins = "label,percent,n,moe\nA,40,900,3.2\nB,60,900,3.2\nC,55,800,3.4\n";
    assert_eq!(columns(margins), (Some("label".to_owned()), vec![]));
    assert!(note(margins).contains("moe left out"), "{}", note(margins));
    let sum = "label,percent\nA,40\nB,60\nTotal,100\n";
    assert_eq!(shape(sum, &ColumnChoice::default()).table.len(), 2);
    assert!(note(sum).contains("Total left out"), "{}", note(sum));
}

#[test]
fn a_cell_of_a_wide_table_is_named_by_its_column() {
    let mut found = shape(
        "Answer,Germany,France\nMuch,60,many\nLittle,40,50\n",
        &ColumnChoice {
            percent: vec!["Germany".to_owned(), "France".to_owned()],
            ..ColumnChoice::default()
        },
    );
    let error = found.table.percents(found.percent).unwrap_err().to_string();
    assert_eq!(
        error,
        "t.csv, line 2, column France: “many” is no percentage"
    );
}

#[test]
fn rows_and_columns_that_are_no_shares_are_named_and_left_out() {
    let text = "Answer,Total,Men,Women\nYes,48,50,46\nNo,52,50,54\nSample size,1004,490,514\nMargin of error (95%),±3.1,±4.4,±4.3\n\
                Fieldwork,2-5 May,2-5 May,2-5 May\n";
    assert_eq!(shares(text, &ColumnChoice::default()).len(), 6);
    let said = "Margin of error (95%) and Fieldwork left out";
    assert!(note(text).contains(said), "{}", note(text));
    let text = "Partei;Jan;Feb;März\nA;15;16;–\nB;31;30;–\nBefragte;1500;1502;–\n";
    assert_eq!(shares(text, &ColumnChoice::default()).len(), 4);
    assert!(
        note(text).contains("März left out, without a number"),
        "{}",
        note(text)
    );
    // a list whose labels are such words keeps them
    let text = "label,percent\nSource,60\nMode,40\n";
    assert_eq!(shares(text, &ColumnChoice::default()).len(), 2);
}

#[test]
fn waves_and_months_in_heads_are_times() {
    let groups = |text: &str| -> (String, BTreeSet<String>) {
        let found = shape(text, &ColumnChoice::default());
        let at = found.groups[0];
        let texts = (0..found.table.len()).map(|row| found.table.text(row, at).to_owned());
        (found.table.names()[at].clone(), texts.collect())
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    for (heads, column, times) in [
        (
            "Wave 1 (May 2023),Wave 2 (June 2023)",
            "wave",
            ["May 2023", "June 2023"],
        ),
        (
            "W1 – 14.06.2023,W2 – 12.07.2023",
            "wave",
            ["14.06.2023", "12.07.2023"],
        ),
        // two waves of one year are told apart by their numbers
        (
            "Wave 1 (2023),Wave 2 (2023)",
            "wave",
            ["Wave 1 (2023)", "Wave 2 (2023)"],
        ),
        (
            "Wave 1 (May),Wave 2 (June)",
            "wave",
            ["Wave 1 (May)", "Wave 2 (June)"],
        ),
        ("May 2023,June 2023", "date", ["May 2023", "June 2023"]),
        ("Mai,Juni", "month", ["Mai", "Juni"]),
    ] {
        let text = format!("q,{heads}\nYes,60,50\nNo,40,50\n");
        assert_eq!(groups(&text), (column.to_owned(), names(&times)), "{heads}");
    }
    let long = "wave,label,percent\nWave 1 (May 2023),Yes,60\nWave 2 (June 2023),Yes,50\n";
    assert_eq!(
        groups(long),
        ("wave".to_owned(), names(&["May 2023", "June 2023"]))
    );
}

#[test]
fn a_table_of_frequencies_has_its_base() {
    let spss = "Answer,Frequency,Percent,Valid Percent,Cumulative Percent\nAgree,520,52.0,55.3,55.3\nDisagree,420,42.0,44.7,100.0\n\
                Missing,60,6.0,,\nTotal,1000,100.0,100.0,\n";
    let found = shares(spss, &ColumnChoice::default());
    assert!(found.iter().all(|(.., n)| *n == Some(1000)), "{found:?}");
    // counts of something else are no base
    let other = "Answer,Frequency,Percent\nAgree,5,52\nDisagree,9,48\n";
    let found = shares(other, &ColumnChoice::default());
    assert!(found.iter().all(|(.., n)| n.is_none()), "{found:?}");
    assert!(note(other).contains("--n Frequency"), "{}", note(other));
    let choice = ColumnChoice {
        n: Some("Frequency".to_owned()),
        ..ColumnChoice::default()
    };
    assert!(shares(other, &choice).iter().all(|(.., n)| n.is_some()));
}

#[test]
fn tables_that_are_drawn_and_cells_with_words_are_read() {
    let expected = shares(
        "Country,Yes,No,n\nGermany,62,38,1004\nFrance,58,42,1010\n",
        &ColumnChoice::default(),
    );
    for text in [
        "| Country | Yes | No | n |\n|---|---:|---:|---:|\n| **Germany** | 62% | 38% | 1,004 |\n| France | 58% | 42% | 1,010 |\n\nSource: x\n",
        "Country|Yes|No|n\n:--|:-:|--:|--:\nGermany[1]|62|38|1004\nFrance [b]|58|42|1010\n",
        "Country;Yes;No;n\nGermany;62 per cent;38 Prozent;1004\nFrance;58 pct;42percent;1010\n",
    ] {
        assert_eq!(shares(text, &ColumnChoice::default()), expected, "{text}");
    }
}
