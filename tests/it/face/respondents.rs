use std::path::PathBuf;

use opine::{ChartKind, Column, Design, Lonely, MissingWeights, Survey};

use super::{example, poll};

/// The columns of the poll, as a program has them in memory.
fn columns() -> Vec<Column> {
    let text = std::fs::read_to_string(example("poll.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let column = |at: usize| {
        let entries: Vec<Option<&str>> = rows
            .iter()
            .map(|row| Some(row[at]).filter(|entry| !entry.is_empty()))
            .collect();
        let numbers: Option<Vec<Option<f64>>> = entries
            .iter()
            .map(|entry| entry.map(str::parse).transpose().ok())
            .collect();
        match numbers {
            Some(numbers) => Column::new(names[at], numbers),
            None => Column::new(names[at], entries),
        }
    };
    (0..names.len()).map(column).collect()
}

fn csv(survey: Survey) -> String {
    let survey = survey.weights("weight").strata(["stratum"]).psu(["psu"]);
    let request = survey.estimate("prop(q1)").also("mean(therm_us)");
    let estimates = request.by("party").filter("age != '18-29'").run().unwrap();
    estimates.frame().to_csv()
}

#[test]
fn the_same_respondents_however_they_come() {
    let path = example("poll.csv");
    let of_file = csv(Survey::open(&path).unwrap());
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(
        csv(Survey::from_bytes("poll.csv", &bytes).unwrap()),
        of_file
    );
    assert_eq!(
        csv(Survey::from_columns("poll", columns()).unwrap()),
        of_file
    );
}

#[cfg(feature = "frames")]
#[test]
fn the_same_respondents_in_a_polars_frame() {
    use opine::polars::prelude::{Column as PolarsColumn, DataFrame, DataType};

    let columns = columns();
    let rows = columns[0].values.len();
    let in_polars = |column: &Column| match &column.values {
        opine::Values::Numbers(numbers) => PolarsColumn::new(column.name.as_str().into(), numbers),
        _ => PolarsColumn::new(column.name.as_str().into(), column.texts()),
    };
    let mut frame = DataFrame::new(rows, columns.iter().map(in_polars).collect()).unwrap();
    // whole numbers of any width are numbers, too
    let psu = frame.column("psu").unwrap().cast(&DataType::Int32).unwrap();
    frame.with_column(psu).unwrap();
    let of_file = csv(Survey::open(example("poll.csv")).unwrap());
    assert_eq!(csv(Survey::from_polars("poll", &frame).unwrap()), of_file);

    let back = poll().estimate("prop(q1)").run().unwrap();
    let frame = back.frame().to_polars().unwrap();
    assert_eq!(frame.height(), back.rows().len());
    let shares = frame.column("estimate").unwrap().f64().unwrap();
    let expected: Vec<Option<f64>> = back.rows().iter().map(|row| row.estimate).collect();
    assert_eq!(shares.iter().collect::<Vec<_>>(), expected);
}

#[cfg(feature = "frames")]
#[test]
fn identifiers_in_a_polars_frame_stay_apart() {
    use opine::polars::prelude::*;

    let long = 9_007_199_254_740_992i64;
    let frame = df!("id" => [long, long + 1], "asked" => [true, false]).unwrap();
    let survey = Survey::from_polars("ids", &frame).unwrap();
    for item in ["prop(id)", "prop(asked)"] {
        let rows = survey.estimate(item).run().unwrap();
        let shares: Vec<Option<f64>> = rows.rows().iter().map(|row| row.estimate).collect();
        assert_eq!(shares, [Some(0.5), Some(0.5)], "{item}");
    }
}

#[cfg(feature = "frames")]
#[test]
fn nested_columns_of_a_polars_frame_are_left_out_with_a_note() {
    use opine::polars::prelude::*;

    let lists = Series::new(
        "several".into(),
        [Series::new("".into(), [1, 2]), Series::new("".into(), [3])],
    );
    let columns = vec![
        Column::new("q".into(), ["yes", "no"]),
        lists.into(),
        Column::full_null("empty".into(), 2, &DataType::Null),
    ];
    let survey = Survey::from_polars("poll", &DataFrame::new(2, columns).unwrap()).unwrap();
    let empty = survey.estimate("mean(empty)").run().unwrap();
    assert_eq!(empty.rows()[0].estimate, None);
    let nested = "several is nested (a list, a map or a structure)";
    assert_eq!(survey.notes(), [format!("a column is left out: {nested}")]);
    let error = survey.estimate("prop(several)").run().err().unwrap();
    assert_eq!(
        (error.code(), error.place()),
        ("unread_variable", Some("several"))
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("{nested}, and can’t be read"))
    );
}

#[test]
fn options_that_can_change_nothing_are_refused() {
    let poll = poll();
    let mean = || poll.estimate("mean(therm_us)");
    let refused = [
        (mean().ci("wilson").run().err(), "ci"),
        (mean().qrule("school").run().err(), "qrule"),
        (mean().order(["Red"]).run().err(), "order"),
        (mean().separator(';').run().err(), "separator"),
        (mean().net("A", ["x"]).run().err(), "net"),
        (mean().without("x").run().err(), "without"),
        (mean().drop_empty().run().err(), "drop_empty"),
        (mean().missing("show").run().err(), "missing"),
        (mean().codes().run().err(), "codes"),
        (mean().domain_df("design").run().err(), "domain_df"),
        (
            poll.test("chisq(party, q1)").adjust("bh").run().err(),
            "adjust",
        ),
        (
            poll.test("chisq(party, q1)").score("median").run().err(),
            "score",
        ),
        (
            poll.test("anova(therm_us, party)").level(0.9).run().err(),
            "level",
        ),
        (
            poll.test("ttest(therm_us)").statistic("wald").run().err(),
            "statistic",
        ),
        (
            poll.fit("therm_us ~ party").adjust("bh").run().err(),
            "adjust",
        ),
        (
            poll.fit("therm_us ~ party").order(["Red"]).run().err(),
            "order",
        ),
    ];
    expect_refusals(refused);
    let with_groups = mean().by("party").codes().domain_df("design").run();
    assert!(with_groups.is_ok());
}

fn expect_refusals<const N: usize>(refused: [(Option<opine::Error>, &str); N]) {
    for (error, option) in refused {
        let error = error.unwrap_or_else(|| panic!("{option} is taken"));
        assert_eq!((error.code(), error.place()), ("request", Some(option)));
        assert!(
            error
                .to_string()
                .starts_with(&format!("{option} has no effect"))
        );
    }
}

#[test]
fn options_of_tables_that_can_change_nothing_are_refused() {
    let poll = poll();
    let banner = || poll.crosstab("party").rows("q1");
    let bare = || poll.crosstab("").rows("q1");
    let untested = || banner().test("none");
    let numbers = || poll.crosstab("party").rows("mean(therm_us)");
    expect_refusals([
        (untested().adjust("bh").run().err(), "adjust"),
        (untested().against("rest").run().err(), "against"),
        (untested().alpha(0.01, 0.05).run().err(), "alpha"),
        (untested().zero_cells("exclude").run().err(), "zero_cells"),
        (bare().test("kish").run().err(), "test"),
        (bare().column_net("A=x,y").run().err(), "column_net"),
        (bare().drop_empty().run().err(), "drop_empty"),
        (bare().no_total().run().err(), "no_total"),
        (banner().test_nets().run().err(), "test_nets"),
        (banner().set_base("all").run().err(), "set_base"),
        (banner().set("s=q1,q2").run().err(), "set"),
        (banner().domain_df("answered").run().err(), "domain_df"),
        (banner().percent("responses").run().err(), "percent"),
        (banner().show("mentions").run().err(), "show mentions"),
        (banner().box_size(9).run().err(), "box"),
        (numbers().percent("row").run().err(), "percent"),
        (numbers().ci("wilson").run().err(), "ci"),
        (numbers().missing("show").run().err(), "missing"),
    ]);
    let tested = banner()
        .adjust("bh")
        .against("rest")
        .drop_empty()
        .no_total()
        .ci("wilson")
        .percent("row");
    assert!(tested.run().is_ok());
}

#[test]
fn parts_of_a_design_that_can_change_nothing_are_refused() {
    let with = |design: Design| Survey::open("examples/poll.csv").unwrap().design(design);
    let lonely = with(Design {
        lonely: Lonely::Adjust,
        ..Design::default()
    });
    let missing = with(Design {
        missing_weights: MissingWeights::Warn,
        ..Design::default()
    });
    expect_refusals([
        (lonely.estimate("prop(q1)").run().err(), "lonely"),
        (lonely.estimate("prop(q1)").sums().err(), "lonely"),
        (lonely.crosstab("party").run().err(), "lonely"),
        (lonely.test("chisq(party, q1)").run().err(), "lonely"),
        (lonely.fit("therm_us ~ party").run().err(), "lonely"),
        (lonely.weigh().normalise(None).run().err(), "lonely"),
        (missing.estimate("prop(q1)").run().err(), "missing_weights"),
    ]);
    assert!(
        lonely
            .strata(["stratum"])
            .estimate("prop(q1)")
            .run()
            .is_ok()
    );
}

#[test]
fn a_net_stands_beside_its_parts() {
    let parts = ["Very worried", "Somewhat worried"];
    let worried = poll()
        .estimate("prop(q1)")
        .net("Worried", parts)
        .run()
        .unwrap();
    let share = |level: &str| {
        let found = worried.rows().iter();
        let mut found = found.filter(|row| row.level.as_deref() == Some(level));
        found.next().and_then(|row| row.estimate).unwrap()
    };
    let sum = share("Very worried") + share("Somewhat worried");
    assert!((share("Worried") - sum).abs() < 1e-12);
}

#[test]
fn tables_and_charts_in_every_form() {
    let worried = poll().estimate("prop(q1)").by("region").run().unwrap();
    let tables = worried.tables();
    for text in [
        tables.to_string(),
        tables.to_text(80),
        tables.to_markdown(),
        tables.to_html(),
        tables.to_latex(),
    ] {
        assert!(
            text.contains("Very worried") && text.contains("North"),
            "{text}"
        );
    }
    for kind in [
        ChartKind::Dots,
        ChartKind::Bars,
        ChartKind::Stacked,
        ChartKind::Diverging,
    ] {
        let chart = worried
            .chart()
            .kind(kind)
            .title("Most are worried")
            .width(600);
        let svg = chart.to_svg().unwrap();
        assert!(
            svg.contains("Most are worried") && svg.contains("width=\"600\""),
            "{kind:?}"
        );
        assert!(chart.dark().to_png().unwrap().starts_with(b"\x89PNG"));
    }
    let pairs = poll()
        .estimate("mean(therm_us)")
        .by("region")
        .run()
        .unwrap();
    let pairs = pairs.pairwise().unwrap();
    assert!(pairs.rows().iter().all(|row| !row.sentence.is_empty()));
    assert!(pairs.chart().to_svg().unwrap().contains("North"));
}

#[test]
fn options_reach_the_estimates() {
    let shares = |level: f64, ci: &str| {
        let request = poll().design(Design {
            weights: Some("weight".to_owned()),
            strata: vec!["stratum".to_owned()],
            lonely: Lonely::Adjust,
            ..Design::default()
        });
        let run = request.estimate("prop(q1)").level(level).ci(ci).run();
        let (low, high) = run.unwrap().rows()[0].interval().unwrap();
        high - low
    };
    assert!(shares(0.9, "logit") < shares(0.99, "logit"));
    assert_ne!(shares(0.95, "logit"), shares(0.95, "beta"));
}

#[test]
fn rows_are_written_by_ending() {
    let folder = tempfile::tempdir().unwrap();
    let worried = poll().estimate("prop(q1)").run().unwrap();
    for name in ["rows.csv", "rows.json", "rows.parquet"] {
        let path = folder.path().join(name);
        worried.write(&path).unwrap();
        assert!(path.metadata().unwrap().len() > 100, "{name}");
    }
    let again = Survey::open(folder.path().join("rows.parquet")).unwrap();
    assert!(again.variables().contains(&"weighted_n"));
    assert_eq!(
        worried
            .write(folder.path().join("rows.doc"))
            .unwrap_err()
            .code(),
        "request"
    );
}

#[test]
fn sums_give_the_same_without_respondents() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("poll.sums");
    let poll = poll();
    let request = poll.estimate("prop(q1)").by("region");
    request.clone().sums().unwrap().write(&file).unwrap();
    let elsewhere = opine::Sums::estimate([&file]).unwrap();
    assert_eq!(elsewhere.rows(), request.run().unwrap().rows());
}

/// Bytes under the name of a packed file are read as the file is.
#[test]
fn packed_bytes_say_in_their_name_what_is_packed() {
    use std::io::Write;
    for (path, packed) in [
        (PathBuf::from("tests/files/portable.por"), "x.por.gz"),
        (PathBuf::from("tests/files/plain.sav"), "x.gz"),
        (example("poll.csv"), "x.csv.gz"),
    ] {
        let bytes = std::fs::read(&path).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&bytes).unwrap();
        let read = Survey::from_bytes(packed, &gzip.finish().unwrap());
        assert!(read.is_ok(), "{packed}: {:?}", read.err());
    }
}
