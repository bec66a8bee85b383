//! Files as people have them, one oddity each.

use opine::internals::tabular::{self, Bound, DateOrder, Decimal, Error, Header, Options, Unit};

use super::{percents, read, texts};

/// The list that all of these files hold.
const LIST: [(&str, Option<&str>); 3] = [("Café", Some("48.5")), ("B", Some("41.2")), ("C", None)];

fn assert_list(name: &str, bytes: &[u8]) {
    let header = Header::named(&["label", "percent"]);
    let read = tabular::read_bytes("t.csv", bytes, &header, &Options::default());
    let mut table = read.unwrap_or_else(|error| panic!("{name}: {error}"));
    let labels = texts(&table, "label");
    let values = percents(&mut table, "percent").unwrap_or_else(|error| panic!("{name}: {error}"));
    let read: Vec<(&str, Option<&str>)> = labels
        .iter()
        .map(String::as_str)
        .zip(values.iter().map(Option::as_deref))
        .collect();
    assert_eq!(read, LIST, "{name}");
}

#[test]
fn one_list_in_many_hands() {
    for (name, text) in [
        ("plain", "label,percent\nCafé,48.5\nB,41.2\nC,\n"),
        (
            "a spreadsheet in Europe",
            "\u{feff}label;percent;n\r\nCafé;48,5;1000\r\nB;41,2;1000\r\nC;;1000\r\n",
        ),
        ("tabs", "label\tpercent\nCafé\t48.5\nB\t41.2\nC\tn/a\n"),
        ("strokes", "label|percent\nCafé|48.5\nB|41.2\nC|–\n"),
        (
            "carriage returns",
            "label,percent\rCafé,48.5\rB,41.2\rC,-\r",
        ),
        (
            "names in capitals",
            "LABEL,Percent\nCafé,48.5\nB,41.2\nC,NaN\n",
        ),
        (
            "a title, blank lines",
            "Trust, by land\n\nlabel,percent\nCafé,48.5\n\nB,41.2\nC,\n,\n,\n",
        ),
        (
            "sources below",
            "label,percent\nCafé,48.5\nB,41.2\nC,\n\nSource: a poll, 2023\nNote: weighted\n",
        ),
        (
            "padded to the width",
            "Trust,,\n,,\nlabel,percent,n\nCafé,48.5,9\nB,41.2,9\nC,,\n,,\nSource: a poll,,\n",
        ),
        (
            "per cent signs",
            "label,percent\nCafé,48.5%\nB,41.2 %\nC,\n",
        ),
        (
            "the separator first",
            "sep=;\r\nlabel;percent\r\nCafé;48,5\r\nB;41,2\r\nC;\r\n",
        ),
        (
            "all in quotation marks",
            "\"label\",\"percent\"\n\"Café\",\"48.5\"\n\"B\",\"41.2\"\n\"C\",\"\"\n",
        ),
        (
            "decimal commas in quotation marks",
            "label,percent\nCafé,\"48,5\"\nB,\"41,2\"\nC,\n",
        ),
        (
            "spaces everywhere",
            "  label , percent \n Café , 48.5 \n B , 41.2\u{a0}\n C ,\n",
        ),
        (
            "row names",
            ",label,percent\n1,Café,48.5\n2,B,41.2\n3,C,NA\n",
        ),
        (
            "short rows",
            "label,percent,n\nCafé,48.5\nB,41.2,9\nC,\n,,\n",
        ),
        (
            "the header again",
            "label,percent\nCafé,48.5\nlabel,percent\nB,41.2\nC,\n",
        ),
    ] {
        if !text.is_empty() {
            assert_list(name, text.as_bytes());
        }
    }
    let text = "label;percent\nCafé;48,5\nB;41,2\nC;\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_list("UTF-16 without a mark", &wide);
    assert_list(
        "windows-1252",
        &text
            .replace('é', "\u{1}")
            .bytes()
            .map(|b| if b == 1 { 0xe9 } else { b })
            .collect::<Vec<u8>>(),
    );
    assert_list(
        "Mac Roman",
        &text
            .replace('é', "\u{1}")
            .bytes()
            .map(|b| if b == 1 { 0x8e } else { b })
            .collect::<Vec<u8>>(),
    );
}

#[test]
fn row_names_that_the_header_does_not_count() {
    assert_list(
        "write.table",
        b"label,percent\n1,Caf\xc3\xa9,48.5\n2,B,41.2\n3,C,NA\n",
    );
}

#[test]
fn what_was_assumed_is_one_line() {
    let mut table = read(
        "A title\nlabel;percent;n\nA;48,5;1.004\nB;<1;n/a\n",
        &["label", "percent"],
    )
    .unwrap();
    assert_eq!(
        percents(&mut table, "percent").unwrap(),
        [Some("48.5".to_owned()), Some("1".to_owned())]
    );
    let n = table.need("n").unwrap();
    assert_eq!(table.counts(n).unwrap(), [Some(1004.0), None]);
    insta::assert_snapshot!(table.note().unwrap(), @"t.csv: semicolons between fields; 1 line above the header left out; decimal commas in percent; points between thousands in n");
    let mut plain = read("label,percent\nA,48.5\n", &["label", "percent"]).unwrap();
    percents(&mut plain, "percent").unwrap();
    assert_eq!(plain.note(), None);
}

/// What is wrong, where, and what would be right.
#[test]
fn messages() {
    let list = &["label", "percent"];
    let error = |text: &str| {
        let read = read(text, list).and_then(|mut table| {
            percents(&mut table, "percent")?;
            let Some(n) = table.column("n") else {
                return Ok(());
            };
            table.counts(n).map(|_| ())
        });
        read.map_or_else(|error| error.to_string(), |()| "read".to_owned())
    };
    let cases = [
        "",
        "  \n\n",
        "label;precent\nA;1\n",
        "a,b\n1,2\n",
        "label,percent\nA,many\n",
        "label,percent\nA,148\n",
        "label,percent,n\nA,48,1.5\n",
        "label,percent\nA,48,5\n",
        "label,percent\n\"A,48\n",
        "label,percent\nA,0.485\nB,0.412\n",
        "label,percent,percent\nA,48,5\n",
        "label\tpercent\nA\t20240-05\n",
    ];
    let messages: Vec<String> = cases
        .iter()
        .map(|text| format!("{text:?}\n    {}", error(text)))
        .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

/// A number with two readings is settled by its column, else by the other columns, else by nobody but the person.
#[test]
fn one_thousand_and_four() {
    let numbers = |text: &str, options: &Options| {
        let header = Header::named(&["level", "target"]);
        let mut table = tabular::read_bytes("t.csv", text.as_bytes(), &header, options)?;
        let column = table.need("target")?;
        let numbers = table.numbers(column)?;
        Ok::<Vec<f64>, Error>(
            numbers
                .into_iter()
                .flatten()
                .map(|number| number.value)
                .collect(),
        )
    };
    let plain = Options::default();
    for (text, right) in [
        ("level;target\na;1,004\nb;12,5\n", [1.004, 12.5]),
        ("level;target\na;1,004\nb;12,000,000\n", [1004.0, 12e6]),
        (
            "level;target;share\na;1,004;0.5\nb;2,001;0.25\n",
            [1004.0, 2001.0],
        ),
        (
            "level;target;share\na;1,004;0,5\nb;2,001;0,25\n",
            [1.004, 2.001],
        ),
        ("level,target\na,1.004\nb,2.001\n", [1.004, 2.001]),
        ("level;target\na;0,485\nb;0,515\n", [0.485, 0.515]),
        ("level;target\na;1 004\nb;12 000 000\n", [1004.0, 12e6]),
    ] {
        assert_eq!(numbers(text, &plain).unwrap(), right, "{text}");
    }
    let open = "level;target\na;1,004\nb;2,001\n";
    let error = numbers(open, &plain).unwrap_err();
    assert!(matches!(error, Error::Unsettled { .. }));
    insta::assert_snapshot!(error, @"t.csv, line 2, column target: “1,004” may be 1004 or 1.004; say which with --decimal . or --decimal ,");
    let with = |decimal| Options {
        decimal: Some(decimal),
        ..Options::default()
    };
    assert_eq!(
        numbers(open, &with(Decimal::Point)).unwrap(),
        [1004.0, 2001.0]
    );
    assert_eq!(
        numbers(open, &with(Decimal::Comma)).unwrap(),
        [1.004, 2.001]
    );
    let error = numbers("level;target\na;48,5\nb;1\n", &with(Decimal::Point)).unwrap_err();
    insta::assert_snapshot!(error, @"t.csv, line 2, column target: “48,5” is no number with . as its decimal mark, as --decimal has it");
    assert!(numbers("level;target\na;1.004\nb;2.001\n", &plain).is_err());
    assert!(numbers("level\ttarget\na\t1,004\nb\t2,001\n", &plain).is_err());
}

#[test]
fn shares_or_per_cents() {
    let values = |text: &str, unit: Option<Unit>| {
        let options = Options {
            unit,
            ..Options::default()
        };
        let header = Header::named(&["label", "percent|proportion"]);
        let mut table = tabular::read_bytes("t.csv", text.as_bytes(), &header, &options)?;
        let column = table.need("percent|proportion")?;
        let percents = table.percents(column)?;
        Ok::<Vec<f64>, Error>(
            percents
                .into_iter()
                .flatten()
                .map(|number| number.value)
                .collect(),
        )
    };
    let shares = "label,percent\nA,0.485\nB,0.412\n";
    let error = values(shares, None).unwrap_err();
    assert!(matches!(error, Error::Unsettled { .. }));
    assert_eq!(values(shares, Some(Unit::Shares)).unwrap(), [48.5, 41.2]);
    assert_eq!(
        values(shares, Some(Unit::Percents)).unwrap(),
        [0.485, 0.412]
    );
    assert_eq!(
        values("label,proportion\nA,0.485\nB,0.412\n", None).unwrap(),
        [48.5, 41.2]
    );
    assert_eq!(
        values("label,percent\nA,0.5%\nB,0.4%\n", None).unwrap(),
        [0.5, 0.4]
    );
    assert_eq!(
        values("label,percent\nA,<1\nB,1\n", None).unwrap(),
        [1.0, 1.0]
    );
    assert_eq!(
        values("label,percent\nA,0\nB,0\n", None).unwrap(),
        [0.0, 0.0]
    );
    assert_eq!(
        values("label,percent\nA,0.4\nB,48\n", None).unwrap(),
        [0.4, 48.0]
    );
    assert!(values("label,percent\nA,1\nB,0\n", None).is_err());
    assert!(values("label,percent\nA,48\nB,0.5\n", Some(Unit::Shares)).is_err());
}

#[test]
fn bounds_and_stars() {
    let mut table = read(
        "label,percent\nA,<1\nB,≥ 99%\nC,*\nD,~40\n",
        &["label", "percent"],
    )
    .unwrap();
    let column = table.need("percent").unwrap();
    let read: Vec<(f64, Bound)> = table
        .percents(column)
        .unwrap()
        .into_iter()
        .flatten()
        .map(|number| (number.value, number.bound))
        .collect();
    let right = [
        (1.0, Bound::Under),
        (99.0, Bound::AtLeast),
        (0.5, Bound::Under),
        (40.0, Bound::About),
    ];
    assert_eq!(read, right);
}

/// Years of two digits are the same in small tables and in files of respondents.
#[test]
fn years_of_two_digits() {
    for (short, year) in [
        ("29", "2029"),
        ("30", "1930"),
        ("69", "1969"),
        ("99", "1999"),
    ] {
        let text = format!("13.06.{short}");
        let read = opine::internals::tabular::dates([text.as_str()], None).unwrap();
        assert_eq!(read[0].unwrap().to_string(), format!("{year}-06-13"));
        let file = format!("born\n{text}\n");
        let options = opine::internals::survey::microdata::OpenOptions::default();
        let source =
            opine::internals::survey::microdata::open_bytes("p.csv", file.as_bytes(), &options)
                .unwrap();
        let born = crate::survey::microdata::table::table(source.as_ref()).unwrap();
        assert_eq!(
            format!("{:?}", born.columns["born"][0]),
            format!("Text(\"{year}-06-13\")")
        );
    }
}

#[test]
fn dates_by_column() {
    let dates = |cells: &[&str], order: Option<DateOrder>| {
        let text = format!(
            "wave\tdate\n{}",
            cells
                .iter()
                .map(|cell| format!("w\t{cell}\n"))
                .collect::<String>()
        );
        let options = Options {
            dates: order,
            ..Options::default()
        };
        let header = Header::named(&["wave", "date"]);
        let mut table = tabular::read_bytes("t.csv", text.as_bytes(), &header, &options)?;
        let dates = table.dates(1)?;
        Ok::<Vec<String>, Error>(
            dates
                .into_iter()
                .flatten()
                .map(|date| date.to_string())
                .collect(),
        )
    };
    for (cells, right) in [
        (["14.06.2023", "03.08.2023"], ["2023-06-14", "2023-08-03"]),
        (["6/14/2023", "8/3/2023"], ["2023-06-14", "2023-08-03"]),
        (["5/6/2023", "13/6/2023"], ["2023-06-05", "2023-06-13"]),
        (["5.6.2023", "7.8.2023"], ["2023-06-05", "2023-08-07"]),
        (["Mai 2023", "June 2023"], ["2023-05", "2023-06"]),
        (["05/2023", "2023Q2"], ["2023-05", "2023Q2"]),
    ] {
        assert_eq!(dates(&cells, None).unwrap(), right, "{cells:?}");
    }
    let open = ["5/6/2023", "7/8/2023"];
    let error = dates(&open, None).unwrap_err();
    insta::assert_snapshot!(error, @"t.csv, line 2, column date: “5/6/2023” may be 2023-06-05 or 2023-05-06; say which with --dates dmy or --dates mdy");
    assert_eq!(
        dates(&open, Some(DateOrder::Mdy)).unwrap(),
        ["2023-05-06", "2023-07-08"]
    );
    assert!(dates(&["14/6/2023"], Some(DateOrder::Mdy)).is_err());
    let error = dates(&["2024-03", "20240-05"], None).unwrap_err();
    assert!(error.to_string().contains("20240-05"), "{error}");
}

#[test]
fn the_header_is_known_by_its_shape() {
    for (text, names, rows) in [
        (
            "Country,Percent,N\nKorea,48,1000\n",
            vec!["Country", "Percent", "N"],
            1,
        ),
        (
            "Trust, by country, 2023\nCountry,2022,2023\nKorea,48,51\nKenya,n/a,60\n",
            vec!["Country", "2022", "2023"],
            2,
        ),
        (
            "Title\n\nCountry;yes;no\nKorea;48,5;51,5\n\nSource: x\n",
            vec!["Country", "yes", "no"],
            1,
        ),
    ] {
        let table = tabular::read_bytes(
            "t.csv",
            text.as_bytes(),
            &Header::by_shape(),
            &Options::default(),
        );
        let table = table.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(table.names(), names, "{text}");
        assert_eq!(table.len(), rows, "{text}");
        assert!(table.is_numeric(1) && !table.is_numeric(0));
    }
    for text in ["one line\n", "1,2\n3,4\n", "words only\nand more\n"] {
        assert!(
            tabular::read_bytes(
                "t.csv",
                text.as_bytes(),
                &Header::by_shape(),
                &Options::default()
            )
            .is_err(),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_table_says_what_it_is() {
    for (bytes, word) in [
        (&b"\x1f\x8b\x08\0\0"[..], "gzip"),
        (b"%PDF-1.4", "PDF"),
        (b"<!doctype html><table>", "HTML"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nothing", "damaged"),
        (b"a\0b\0\0\0", "zero bytes"),
    ] {
        let error =
            tabular::read_bytes("t", bytes, &Header::by_shape(), &Options::default()).unwrap_err();
        assert!(
            error.to_string().contains(word) && error.is_unreadable(),
            "{error}"
        );
    }
}

#[test]
fn nothing_is_without_end() {
    let options = Options {
        limits: tabular::Limits {
            bytes: 1 << 20,
            cells: 1000,
            ..tabular::Limits::default()
        },
        ..Options::default()
    };
    let many = format!("label,percent\n{}", "A,1\n".repeat(1000));
    let error =
        tabular::read_bytes("t.csv", many.as_bytes(), &Header::by_shape(), &options).unwrap_err();
    assert!(error.to_string().contains("no small table"), "{error}");
    // few cells, but as a table more than there is memory for
    let wide = format!("{}\n{}", "name,".repeat(10_000), "1.5,2\n".repeat(100_000));
    let header = Header::named(&["name"]);
    let error = tabular::read_bytes("t.csv", wide.as_bytes(), &header, &Options::default());
    assert!(error.is_err_and(|error| error.to_string().contains("no small table")));
    if cfg!(unix) {
        let endless = std::path::Path::new("/dev/zero");
        let error = tabular::read(endless, &Header::by_shape(), &options).unwrap_err();
        assert!(error.to_string().contains("more than 1 MB"), "{error}");
    }
}
