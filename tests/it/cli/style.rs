//! What a house wants of a chart: names in colour or brought out, an order, note and source, and no placeholder.

use std::fs;
use std::path::Path;

use crate::cli::program::{Run, opine_in, picture};

const COUNTRIES: &str =
    "label,percent,n\nItaly,48,1001\nGermany,62,1010\nSpain,55,1004\nDon't know,3,1000\n";
const PARTIES: &str = "label,response,percent,n\n\
    2019,Labour,32,1000\n2019,Conservative,44,1000\n2019,Green,3,1000\n\
    2024,Labour,34,1000\n2024,Conservative,24,1000\n2024,Green,7,1000\n";
const WAVES: &str = "label,date,percent,n\nLabour,2019,32,900\nLabour,2024,34,900\nGreen,2019,3,900\nGreen,2024,7,900\n";
const RED: &str = "#E4003B";
const GREY: &str = "#B3BBC2";
const BLUE: &str = "#004487";

/// A folder with lists, estimates and comparisons.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("plain.csv", COUNTRIES);
    write("parties.csv", PARTIES);
    write("waves.csv", WAVES);
    let poll = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/poll.csv");
    write("poll.csv", &fs::read_to_string(poll).unwrap());
    folder
}

fn chart(folder: &Path, words: &[&str]) -> (Run, String) {
    let mut line = vec!["chart"];
    line.extend(words);
    line.extend(["-o", "out.svg"]);
    drop(fs::remove_file(folder.join("out.svg")));
    let run = opine_in(folder, &line, "");
    let svg = fs::read_to_string(folder.join("out.svg")).unwrap_or_default();
    (run, svg)
}

fn drawn(folder: &Path, words: &[&str]) -> String {
    let (run, svg) = chart(folder, words);
    assert_eq!(run.code, 0, "{words:?}: {}", run.err);
    svg
}

/// The texts of a drawing, in the order in which they are drawn.
fn texts(svg: &str) -> Vec<String> {
    let after = |tag: &str| -> Vec<String> {
        let parts = svg.split(tag).skip(1);
        let text = parts.filter_map(|part| part.split_once('>')?.1.split_once('<'));
        text.map(|(text, _)| text.trim().to_owned()).collect()
    };
    after("<text")
}

/// Those of some names, in the order in which they are drawn.
fn order<'t>(svg: &str, names: &[&'t str]) -> Vec<&'t str> {
    let texts = texts(svg);
    let found = texts
        .iter()
        .filter_map(|text| names.iter().find(|name| text == *name));
    found.copied().collect()
}

fn title(svg: &str) -> &str {
    let rest = svg.split_once("<title>").unwrap().1;
    rest.split_once("</title>").unwrap().0
}

/// How the label of a row is set.
fn element<'s>(svg: &'s str, text: &str) -> &'s str {
    let end = svg
        .find(&format!("{text}</text>"))
        .or(svg.find(&format!(">\n{text}\n")));
    let end = end.unwrap_or_else(|| panic!("no {text} in {svg}"));
    let start = svg[..end].rfind("<text").unwrap();
    &svg[start..end]
}

#[test]
fn one_row_is_brought_out_and_the_rest_is_grey() {
    let folder = folder();
    for kind in ["bar", "dot"] {
        let plain = drawn(folder.path(), &[kind, "plain.csv"]);
        assert!(plain.matches(BLUE).count() > 4, "{plain}");
        let out = drawn(
            folder.path(),
            &[kind, "plain.csv", "--highlight", "germany"],
        );
        assert!(out.contains(BLUE) && out.matches(GREY).count() > 4, "{out}");
        assert!(element(&out, "Germany").contains("bold"), "{out}");
        assert!(!element(&out, "Spain").contains("bold"), "{out}");
    }
    let stacked = drawn(
        folder.path(),
        &["stacked", "parties.csv", "--highlight", "Labour"],
    );
    assert!(
        stacked.contains(BLUE) && !stacked.contains("#BA482C"),
        "{stacked}"
    );
    let trend = drawn(
        folder.path(),
        &["trend", "waves.csv", "--highlight", "Green"],
    );
    assert!(trend.contains(GREY), "{trend}");
    // what is grey by itself is brought out in colour
    let unsure = drawn(
        folder.path(),
        &["bar", "plain.csv", "--highlight", "Don't know"],
    );
    assert!(unsure.contains(BLUE), "{unsure}");
}

#[test]
fn answers_have_the_colours_of_the_house() {
    let folder = folder();
    let named = format!("Labour={RED}");
    for line in [["stacked", "parties.csv"], ["trend", "waves.csv"]] {
        for option in ["--colour", "--color"] {
            let svg = drawn(folder.path(), &[line[0], line[1], option, &named]);
            assert!(svg.contains(RED), "{line:?}");
        }
    }
    let svg = drawn(
        folder.path(),
        &["bar", "plain.csv", "--colour", "Spain=#aa1"],
    );
    assert!(svg.contains("#AAAA11"), "{svg}");
    // a second category that looks like the house's red gives way
    let svg = drawn(
        folder.path(),
        &["stacked", "parties.csv", "--colour", &named],
    );
    assert!(svg.contains(RED) && !svg.contains("#BA482C"), "{svg}");
    // a page recolours roles by their hex: a colour of the house is none of them
    let svg = drawn(
        folder.path(),
        &["bar", "plain.csv", "--colour", "Spain=#1C2024"],
    );
    assert!(svg.contains("#1C2025"), "{svg}");
    // dark paper: lighter until it is seen
    let svg = drawn(
        folder.path(),
        &[
            "bar",
            "plain.csv",
            "--colour",
            "Spain=#330000",
            "--theme",
            "dark",
        ],
    );
    assert!(!svg.contains("#330000"), "{svg}");
}

#[test]
fn colours_and_names_that_cannot_be_right_are_said() {
    let folder = folder();
    let bar = |option: &str, value: &str| {
        let (run, _) = chart(folder.path(), &["bar", "plain.csv", option, value]);
        (run.code, run.err)
    };
    let (code, err) = bar("--colour", "Spain=#FFEE00");
    assert_eq!(code, 0);
    assert!(err.contains("“Spain” has a contrast of 1.2"), "{err}");
    for (option, value, words) in [
        ("--colour", "Spain=red", "“red” is no colour"),
        ("--colour", "#AA1111", "write Labour=#E4003B"),
        ("--highlight", "Germny", "did you mean “Germany”"),
        ("--colour", "Spian=#AA1111", "did you mean “Spain”"),
        ("--sort", "size", "label"),
    ] {
        let (code, err) = bar(option, value);
        assert_eq!(code, 2, "{value}");
        assert!(err.contains(words), "{value}: {err}");
    }
}

#[test]
fn rows_stand_in_the_order_that_is_asked_for() {
    let folder = folder();
    let names = ["Germany", "Italy", "Spain", "Don't know"];
    let sorted = |sort: &str| {
        let svg = drawn(folder.path(), &["bar", "plain.csv", "--sort", sort]);
        order(&svg, &names)
    };
    assert_eq!(sorted("given"), ["Italy", "Germany", "Spain", "Don't know"]);
    assert_eq!(sorted("value"), ["Germany", "Spain", "Italy", "Don't know"]);
    assert_eq!(sorted("label"), ["Germany", "Italy", "Spain", "Don't know"]);
    let svg = drawn(
        folder.path(),
        &["stacked", "parties.csv", "--sort", "value"],
    );
    assert_eq!(order(&svg, &["2019", "2024"]), ["2024", "2019"]);
    let stored = ["dot", "egf2023/consequences", "--sort"];
    let (given, _) = chart(folder.path(), &[&stored[..], &["given"]].concat());
    assert_eq!(given.code, 2, "{}", given.err);
    let by_label = drawn(folder.path(), &[&stored[..], &["label"]].concat());
    assert_ne!(by_label, drawn(folder.path(), &stored[..2]));
}

#[test]
fn note_and_source_close_the_foot() {
    let folder = folder();
    let words = ["--note", "Asked online.", "--source", "YouGov, June 2026"];
    for line in [
        &["bar", "plain.csv"][..],
        &["stacked", "parties.csv"],
        &["trend", "waves.csv"],
        &["dot", "egf2023/consequences"],
    ] {
        let svg = drawn(folder.path(), &[line, &words[..]].concat());
        let texts = texts(&svg);
        let [.., note, source] = texts.as_slice() else {
            panic!("{svg}")
        };
        assert_eq!(note, "Asked online.", "{line:?}");
        assert_eq!(source, "Source: YouGov, June 2026.", "{line:?}");
        let sources = texts.iter().filter(|text| text.starts_with("Source"));
        assert_eq!(sources.count(), 1, "{line:?}");
    }
}

#[test]
fn options_without_effect_on_a_kind_are_refused() {
    let folder = folder();
    for kind in ["banner", "difference", "coefficients"] {
        for option in [["--highlight", "Spain"], ["--colour", "Spain=#AA1111"]] {
            let (run, _) = chart(folder.path(), &[&[kind, "plain.csv"][..], &option].concat());
            assert_eq!(run.code, 2, "{kind} {option:?}");
            assert!(
                run.err.contains("has no effect here"),
                "{kind}: {}",
                run.err
            );
        }
    }
    let polls = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/us2016.csv");
    let (run, _) = chart(folder.path(), &["polls", polls, "--sort", "label"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--sort has no effect"), "{}", run.err);
}

#[test]
fn no_file_and_no_variable_is_a_headline() {
    let folder = folder();
    let estimates: [(&str, &[&str]); 4] = [
        (
            "q1.parquet",
            &["estimate", "poll.csv", "prop(q1)", "--by", "party"],
        ),
        ("mean.parquet", &["estimate", "poll.csv", "mean(therm_us)"]),
        (
            "mean.csv",
            &["estimate", "poll.csv", "mean(therm_us)", "--by", "party"],
        ),
        ("fit.parquet", &["fit", "poll.csv", "therm_us ~ party"]),
    ];
    for (name, line) in estimates {
        let run = opine_in(folder.path(), &[line, &["-o", name]].concat(), "");
        assert_eq!(run.code, 0, "{name}: {}", run.err);
    }
    let run = opine_in(
        folder.path(),
        &["compare", "48@1000", "45@1200", "--csv"],
        "",
    );
    fs::write(folder.path().join("cmp.csv"), run.out).unwrap();
    for (kind, input, begins) in [
        ("bar", "plain.csv", "Bar chart: Italy, Germany"),
        (
            "stacked",
            "parties.csv",
            "Stacked bars: Labour, Conservative",
        ),
        ("trend", "waves.csv", "Trend: Labour and Green"),
        ("stacked", "q1.parquet", "Stacked bars: "),
        ("dot", "mean.parquet", "Dot plot"),
        ("dot", "mean.csv", "Dot plot: "),
        ("coefficients", "fit.parquet", "Coefficients"),
        ("difference", "cmp.csv", "Differences"),
    ] {
        let (run, svg) = chart(folder.path(), &[kind, input]);
        assert_eq!(run.code, 0, "{kind} {input}: {}", run.err);
        assert!(run.err.contains("no headline"), "{input}: {}", run.err);
        assert!(title(&svg).starts_with(begins), "{input}: {}", title(&svg));
        // the only large letters of a chart are those of its headline
        assert!(!svg.contains("font-size=\"200\""), "{input}: {svg}");
        let named = drawn(folder.path(), &[kind, input, "--title", "What they say"]);
        assert_eq!(title(&named), "What they say", "{input}");
    }
    // the question as it was asked heads a chart of stored figures
    let (run, svg) = chart(folder.path(), &["dot", "egf2023/consequences"]);
    assert!(
        !run.err.contains("headline") && !title(&svg).starts_with("Dot plot"),
        "{}",
        title(&svg)
    );
}

#[test]
fn differences_of_shares_are_points() {
    let folder = folder();
    let item = "prop(q1 == 'Very worried') - prop(q1 == 'Not very worried')";
    let run = opine_in(
        folder.path(),
        &["estimate", "poll.csv", item, "--csv", "-o", "net.csv"],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let texts = texts(&drawn(folder.path(), &["dot", "net.csv"]));
    let has = |text: &str| texts.iter().any(|own| own.contains(text));
    assert!(
        has("Difference of shares, in points.") && has("points"),
        "{texts:?}"
    );
    assert!(
        has("−3.3") && !has("0.03") && !has("ombination"),
        "{texts:?}"
    );
}

#[test]
fn a_file_of_the_house_is_taken_where_it_lies_or_is_named() {
    let folder = folder();
    let house = "source = \"Example House, June 2026\"\nnote = \"Asked online.\"\nhighlight = [\"Spain\"]\nsort = \"label\"\n\
                 order = [\"Italy\"]\nsize = \"column\"\n[colours]\nSpain = \"#AA1111\"\n[sizes]\ncolumn = 340\n";
    fs::write(folder.path().join("opine.toml"), house).unwrap();
    fs::write(folder.path().join("other.toml"), "theme = \"dark\"\n").unwrap();
    let (run, svg) = chart(folder.path(), &["bar", "plain.csv"]);
    assert!(
        run.err.contains("note: house style: opine.toml"),
        "{}",
        run.err
    );
    assert!(
        svg.contains("#AA1111") && svg.contains(GREY) && !svg.contains(BLUE),
        "{svg}"
    );
    assert!(svg.contains("width=\"340\""), "{svg}");
    assert_eq!(
        texts(&svg).last().unwrap(),
        "Source: Example House, June 2026."
    );
    let names = ["Germany", "Italy", "Spain"];
    assert_eq!(order(&svg, &names), ["Italy", "Germany", "Spain"]);
    // what is typed goes before the file
    let svg = drawn(
        folder.path(),
        &[
            "bar",
            "plain.csv",
            "--width",
            "720",
            "--colour",
            "Spain=#0B6E4F",
            "--source",
            "Us",
        ],
    );
    assert!(
        svg.contains("#0B6E4F") && !svg.contains("#AA1111") && svg.contains("width=\"720\""),
        "{svg}"
    );
    assert_eq!(texts(&svg).last().unwrap(), "Source: Us.");
    let (run, svg) = chart(
        folder.path(),
        &["bar", "plain.csv", "--style", "other.toml"],
    );
    assert!(
        svg.contains("#15181B") && run.err.contains("house style: other.toml"),
        "{}",
        run.err
    );
    // charts of polls have another --style
    let polls = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/us2016.csv");
    let (run, svg) = chart(
        folder.path(),
        &["polls", polls, "--house-style", "other.toml"],
    );
    assert!(run.code == 0 && svg.contains("#15181B"), "{}", run.err);
    // names that nothing here has are said
    let (run, _) = chart(folder.path(), &["stacked", "parties.csv"]);
    assert!(
        run.err
            .contains("opine.toml: colours, highlight changes nothing here"),
        "{}",
        run.err
    );
}

#[test]
fn a_style_file_that_cannot_be_right_is_refused() {
    let folder = folder();
    for (text, words) in [
        (
            "sorce = \"x\"",
            "sorce is no key of a style file; did you mean source?",
        ),
        ("source = 3", "source is a text"),
        ("sort = \"size\"", "sort is one of given, value, label"),
        (
            "[colours]\nLabour = \"red\"",
            "colours, Labour: “red” is no colour",
        ),
        (
            "[colours]\nLabour = { light = \"#AA1111\", bark = \"#AA1111\" }",
            "a colour is",
        ),
        ("scales = [\"a\"]", "scales is a list"),
        ("decimal = \";\"", "decimal is"),
        ("language = \"pt\"", "no language of charts"),
        ("[words]\n\"no m\" = \"x\"", "did you mean “no n”"),
        ("[sizes]\nbig = \"large\"", "sizes, big"),
        ("size = \"huge\"", "no size"),
        ("highlight = \"Spain\"", "highlight is a list"),
        ("fonts = 3", "fonts is"),
        ("source = ", "source"),
    ] {
        fs::write(folder.path().join("opine.toml"), text).unwrap();
        let (run, svg) = chart(folder.path(), &["bar", "plain.csv"]);
        assert_eq!((run.code, svg.as_str()), (2, ""), "{text}: {}", run.err);
        assert!(
            run.err.contains(words) && run.err.contains("opine.toml"),
            "{text}: {}",
            run.err
        );
    }
    let (run, _) = chart(folder.path(), &["bar", "plain.csv", "--style", "none.toml"]);
    assert_eq!(run.code, 3, "{}", run.err);
}

#[test]
fn the_file_to_begin_with_is_whole_and_changes_nothing() {
    let folder = folder();
    // the file is one of the inputs that the metadata tell of
    let bar = || picture(&drawn(folder.path(), &["bar", "plain.csv"]));
    let before = bar();
    let run = opine_in(folder.path(), &["style", "--init"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(bar(), before);
    let again = opine_in(folder.path(), &["style", "--init"], "");
    assert_eq!(again.code, 2, "{}", again.err);
    // every line of it is right once its # is gone
    let path = folder.path().join("opine.toml");
    let text = fs::read_to_string(&path).unwrap();
    let keys = text.lines().filter_map(|line| line.strip_prefix("# "));
    let keys = keys.filter(|line| line.contains(" = ") || line.starts_with('['));
    let keys: Vec<&str> = keys.filter(|line| !line.starts_with("fonts")).collect();
    fs::write(&path, keys.join("\n")).unwrap();
    let shown = opine_in(folder.path(), &["style"], "");
    assert_eq!(shown.code, 0, "{}", shown.err);
    for key in ["source", "colours", "sizes", "words", "scales"] {
        let line = shown.out.lines().find(|line| line.starts_with(key));
        assert!(line.unwrap().ends_with("opine.toml"), "{}", shown.out);
    }
    assert!(
        shown
            .out
            .lines()
            .any(|line| line.starts_with("fonts") && line.ends_with("built in"))
    );
}

#[test]
fn a_scale_is_one_ramp() {
    let folder = folder();
    let rows = |answers: &[&str]| {
        let each = answers
            .iter()
            .map(|answer| format!("Germany,{answer},20,1000\n"));
        format!("label,response,percent,n\n{}", each.collect::<String>())
    };
    let ramp = ["#DCE8F4", "#004488"];
    let draw = |answers: &[&str]| {
        fs::write(folder.path().join("scale.csv"), rows(answers)).unwrap();
        drawn(folder.path(), &["stacked", "scale.csv"])
    };
    // known by its words
    let known = draw(&["Not at all", "A little", "Somewhat", "Very", "Don't know"]);
    assert!(ramp.iter().all(|colour| known.contains(colour)), "{known}");
    // given in the style file, whatever the order in the list
    let unknown = draw(&["Hot", "Cold", "Warm"]);
    assert!(!unknown.contains(ramp[0]), "{unknown}");
    fs::write(
        folder.path().join("opine.toml"),
        "scales = [[\"Cold\", \"Warm\", \"Hot\"]]\n",
    )
    .unwrap();
    let given = draw(&["Hot", "Cold", "Warm"]);
    assert!(ramp.iter().all(|colour| given.contains(colour)), "{given}");
    assert_eq!(
        order(&given, &["Hot", "Cold", "Warm"]),
        ["Cold", "Warm", "Hot"]
    );
}

#[test]
fn words_and_numbers_are_those_of_the_language() {
    let folder = folder();
    let told = |words: &[&str]| texts(&drawn(folder.path(), words));
    for (code, interval, bound) in [
        ("de", "95-%-Intervall", "65,0"),
        ("fr", "intervalle à 95\u{A0}%", "65,0"),
        ("es", "intervalo del 95\u{A0}%", "65,0"),
    ] {
        let texts = told(&["bar", "plain.csv", "--lang", code, "--title", "T"]);
        assert!(texts.iter().any(|text| text == interval), "{texts:?}");
        assert!(
            texts
                .iter()
                .any(|text| text.contains("64,9") || text.contains(bound)),
            "{texts:?}"
        );
        let english = ["interval", "Per cent", "sampling", "Source"];
        let left = texts.iter().find(|text| {
            english.iter().any(|word| text.contains(word)) && text.as_str() != interval
        });
        assert_eq!(left, None, "{texts:?}");
    }
    let source = told(&["bar", "plain.csv", "--lang", "de", "--source", "Haus"]);
    assert_eq!(source.last().unwrap(), "Quelle: Haus.");
    // a phrase of the house, and a mark of its own
    fs::write(
        folder.path().join("opine.toml"),
        "decimal = \",\"\n[words]\n\"{n}% interval\" = \"{} per cent range\"\n",
    )
    .unwrap();
    let own = told(&["bar", "plain.csv"]);
    assert!(
        own.iter().any(|text| text == "95 per cent range"),
        "{own:?}"
    );
    assert!(own.iter().any(|text| text == "59,0"), "{own:?}");
    // sentences without words are left out, and said
    fs::remove_file(folder.path().join("opine.toml")).unwrap();
    let (run, _) = chart(
        folder.path(),
        &["dot", "ecfr2021/cold_war_own_cn", "--lang", "fr"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let words = opine_in(folder.path(), &["style", "--words", "--lang", "de"], "");
    assert!(
        words.out.contains("\"points\" = \"Punkte\""),
        "{}",
        words.out
    );
}

#[test]
fn a_chart_of_respondents_has_a_short_foot() {
    let folder = folder();
    let run = opine_in(
        folder.path(),
        &[
            "estimate",
            "poll.csv",
            "mean(therm_us)",
            "--by",
            "party",
            "-o",
            "m.parquet",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let foot = |words: &[&str]| {
        texts(&drawn(
            folder.path(),
            &[&["dot", "m.parquet"], words].concat(),
        ))
        .join(" ")
    };
    let (short, full) = (foot(&[]), foot(&["--foot", "full"]));
    assert!(
        !short.contains("degrees of freedom") && short.contains("Source: poll.csv."),
        "{short}"
    );
    assert!(full.contains("degrees of freedom"), "{full}");
}

#[test]
fn the_source_closes_a_chart_and_no_option_is_named_in_it() {
    let folder = folder();
    let written = |line: &[&str]| {
        let run = opine_in(folder.path(), line, "");
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
    };
    let model = "q1 == 'Very worried' ~ party";
    written(&[
        "fit",
        "poll.csv",
        model,
        "--margins",
        "all",
        "-o",
        "margins.parquet",
    ]);
    written(&["fit", "poll.csv", model, "-o", "fit.parquet"]);
    written(&[
        "estimate",
        "poll.csv",
        "prop(q1)",
        "--by",
        "party",
        "--pairwise",
        "-o",
        "pairs.parquet",
    ]);
    for (kind, file, measure) in [
        (
            "margins",
            "margins.parquet",
            "Very worried. Per cent as the model predicts.",
        ),
        ("coefficients", "fit.parquet", "Very worried. Odds ratios."),
        (
            "difference",
            "pairs.parquet",
            "Differences in percentage points.",
        ),
    ] {
        for foot in ["short", "full"] {
            let texts = texts(&drawn(folder.path(), &[kind, file, "--foot", foot]));
            assert!(texts[0].starts_with(measure), "{kind}: {texts:?}");
            assert_eq!(
                texts.last().map(String::as_str),
                Some("Source: poll.csv."),
                "{kind}"
            );
            let all = texts.join(" ");
            assert!(
                !all.contains("--") && !all.contains("\u{2013}margins"),
                "{kind}: {all}"
            );
        }
    }
}

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 80 20\"><rect width=\"20\" height=\"20\" fill=\"#0B6E4F\"/>\
    <path d=\"M30 10h40\" stroke=\"#0B6E4F\" stroke-width=\"6\"/></svg>";

#[test]
fn the_logo_closes_the_foot_in_every_form() {
    let folder = folder();
    fs::create_dir(folder.path().join("house")).unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("house/logo.svg", LOGO.as_bytes());
    // told from the file of the house, wherever that is called from
    write("house/style.toml", b"logo = \"logo.svg\"\n");
    write(
        "house/both.toml",
        b"logo = { light = \"none.svg\", dark = \"logo.svg\" }\n",
    );
    let style = ["--style", "house/style.toml"];
    for kind in [
        &["bar", "plain.csv"][..],
        &["stacked", "parties.csv"],
        &["trend", "waves.csv"],
    ] {
        for width in ["720", "360"] {
            let line = [kind, &["--width", width]].concat();
            let plain = drawn(folder.path(), &line);
            let svg = drawn(folder.path(), &[&line[..], &style].concat());
            assert!(!plain.contains("<image"), "{plain}");
            assert_eq!(svg.matches("<image ").count(), 1, "{svg}");
            assert!(svg.contains("data:image/svg+xml;base64,"), "{svg}");
        }
    }
    for form in ["png", "pdf", "html"] {
        let name = format!("out.{form}");
        let line = ["chart", "bar", "plain.csv", "-o", &name];
        let bytes = |line: &[&str]| {
            let run = opine_in(folder.path(), line, "");
            assert_eq!(run.code, 0, "{form}: {}", run.err);
            fs::read(folder.path().join(&name)).unwrap()
        };
        let plain = bytes(&line);
        let with = bytes(&[&line[..], &style].concat());
        assert_ne!(plain, with, "{form}");
        assert_eq!(with, bytes(&[&line[..], &style].concat()), "{form}");
    }
    let dark = [
        "bar",
        "plain.csv",
        "--style",
        "house/both.toml",
        "--theme",
        "dark",
    ];
    assert!(drawn(folder.path(), &dark).contains("<image "));
}

#[test]
fn a_file_that_is_no_logo_is_named_with_what_is_wrong() {
    let folder = folder();
    for (bytes, code, words) in [
        (None, 3, "logo.svg"),
        (
            Some(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><text>A</text></svg>",
            ),
            3,
            "turn the letters into paths",
        ),
        (Some("GIF89a"), 3, "neither SVG nor PNG"),
        (Some("<svg"), 3, "the SVG can’t be read"),
    ] {
        if let Some(bytes) = bytes {
            fs::write(folder.path().join("logo.svg"), bytes).unwrap();
        }
        fs::write(folder.path().join("opine.toml"), "logo = \"logo.svg\"").unwrap();
        let (run, svg) = chart(folder.path(), &["bar", "plain.csv"]);
        assert_eq!(
            (run.code, svg.as_str()),
            (code, ""),
            "{bytes:?}: {}",
            run.err
        );
        assert!(
            run.err.contains(words) && run.err.contains("logo.svg"),
            "{}",
            run.err
        );
    }
    for text in [
        "logo = 3",
        "logo = { dark = \"logo.svg\" }",
        "logo = { light = \"a.svg\", drak = \"b.svg\" }",
    ] {
        fs::write(folder.path().join("opine.toml"), text).unwrap();
        let (run, _) = chart(folder.path(), &["bar", "plain.csv"]);
        assert_eq!(run.code, 2, "{text}: {}", run.err);
        assert!(run.err.contains("logo is a file"), "{text}: {}", run.err);
    }
}

/// Pixels across and down, and to the metre, as the head of a PNG has them.
fn pixels(path: &Path) -> (u32, u32, u32) {
    let bytes = fs::read(path).unwrap();
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let density = bytes.windows(4).position(|name| name == b"pHYs").unwrap();
    (number(16), number(20), number(density + 4))
}

#[test]
fn a_png_has_the_pixels_of_its_size_and_says_how_large_it_is() {
    let folder = folder();
    let house = "[sizes]\npage = { width = 680, dpi = 150 }\n";
    fs::write(folder.path().join("opine.toml"), house).unwrap();
    let drawn = |words: &[&str]| {
        let line = [&["chart", "bar", "plain.csv", "-o", "out.png"], words].concat();
        let run = opine_in(folder.path(), &line, "");
        assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        pixels(&folder.path().join("out.png"))
    };
    let (width, height, density) = drawn(&[]);
    assert_eq!((width, density), (1440, 7559));
    // 720 px are 7.5 inches
    let (wide, high, dense) = drawn(&["--size", "print"]);
    assert_eq!((wide, dense), (2250, 11_811));
    assert!((f64::from(high) / f64::from(height) - 1.5625).abs() < 0.01);
    assert_eq!(drawn(&["--size", "phone"]).0, 1080);
    assert_eq!(drawn(&["--size", "square"]).0, 1200);
    let (wide, _, dense) = drawn(&["--size", "page"]);
    assert_eq!((wide, dense), (1063, 5906));
    // a width of its own has twice the pixels
    assert_eq!(drawn(&["--width", "500"]).0, 1000);
    for wrong in [
        "{ width = 680, dpi = 9 }",
        "{ width = 680, dip = 300 }",
        "{ dpi = 300 }",
    ] {
        fs::write(
            folder.path().join("opine.toml"),
            format!("[sizes]\npage = {wrong}\n"),
        )
        .unwrap();
        let (run, _) = chart(folder.path(), &["bar", "plain.csv"]);
        assert_eq!(run.code, 2, "{wrong}");
        assert!(run.err.contains("dpi = 300"), "{wrong}: {}", run.err);
    }
}

#[test]
fn a_size_that_changes_nothing_is_said_and_of_a_page_refused() {
    let folder = folder();
    let run = |words: &[&str]| {
        let line = [&["chart", "bar", "plain.csv"], words].concat();
        opine_in(folder.path(), &line, "")
    };
    let svg = run(&["--size", "print", "-o", "out.svg"]);
    assert!(
        svg.err.contains("--size print changes nothing"),
        "{}",
        svg.err
    );
    let png = run(&["--size", "print", "-o", "out.png"]);
    assert!(!png.err.contains("changes nothing"), "{}", png.err);
    let page = run(&["--size", "phone", "-o", "out.html"]);
    assert_eq!(page.code, 2);
    assert!(page.err.contains("--size has no effect"), "{}", page.err);
}

#[test]
fn rows_of_answers_and_panels_of_lines_are_brought_out() {
    let folder = folder();
    let colours = |svg: &str| {
        let all = [BLUE, "#BA482C", "#046B62", GREY];
        all.map(|colour| svg.matches(&format!("fill=\"{colour}\"")).count())
    };
    // two rows of three answers, a key of three
    let plain = colours(&drawn(folder.path(), &["stacked", "parties.csv"]));
    assert_eq!(plain, [3, 3, 3, 0]);
    for kind in [
        &["stacked", "parties.csv"][..],
        &["stacked", "parties.csv", "--width", "340"],
    ] {
        let svg = drawn(folder.path(), &[kind, &["--highlight", "2024"]].concat());
        assert_eq!(colours(&svg), [2, 2, 2, 3], "{svg}");
        assert!(element(&svg, "2024").contains("bold"), "{svg}");
        assert!(!element(&svg, "2019").contains("bold"), "{svg}");
        // a row and an answer: that answer in that row
        let both = ["--highlight", "2024", "--highlight", "Labour"];
        let svg = drawn(folder.path(), &[kind, &both].concat());
        assert_eq!(colours(&svg)[..3], [2, 0, 0], "{svg}");
    }
    let waves = "label,response,date,percent,n\n\
        France,Yes,2019,32,900\nFrance,Yes,2024,34,900\nFrance,No,2019,50,900\nFrance,No,2024,47,900\n\
        Italy,Yes,2019,22,900\nItaly,Yes,2024,24,900\nItaly,No,2019,60,900\nItaly,No,2024,57,900\n";
    fs::write(folder.path().join("panels.csv"), waves).unwrap();
    let svg = drawn(
        folder.path(),
        &["trend", "panels.csv", "--highlight", "Italy"],
    );
    assert!(
        svg.contains(GREY) && svg.contains(BLUE) && svg.contains("#BA482C"),
        "{svg}"
    );
    // the line that is brought out is drawn last
    let svg = drawn(
        folder.path(),
        &["trend", "waves.csv", "--highlight", "Green"],
    );
    let waves: Vec<&str> = svg
        .lines()
        .filter(|line| line.starts_with("<circle"))
        .collect();
    let last = |colour: &str| waves.iter().rposition(|line| line.contains(colour));
    assert!(last("#BA482C") > last(GREY), "{svg}");
}

#[test]
fn a_row_of_answers_has_no_colour_of_its_own() {
    let folder = folder();
    let (run, _) = chart(
        folder.path(),
        &["stacked", "parties.csv", "--colour", "2024=#AA1111"],
    );
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(
        run.err.contains("--colour 2024 has no effect here"),
        "{}",
        run.err
    );
}

/// A part of an Office file.
fn part(path: &Path, name: &str) -> String {
    let mut file = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut file.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn slides_follow_the_house_and_say_what_they_do_not_take() {
    let folder = folder();
    fs::write(folder.path().join("logo.svg"), LOGO).unwrap();
    let house = "logo = \"logo.svg\"\nsource = \"Haus\"\nnote = \"Online.\"\nlanguage = \"de\"\ntheme = \"dark\"\n[colours]\nSpain = \"#AA1111\"\nRed = \"#AA2222\"\n";
    fs::write(folder.path().join("opine.toml"), house).unwrap();
    let deck = folder.path().join("deck.pptx");
    let run = |line: &[&str]| {
        let run = opine_in(folder.path(), &[line, &["-o", "deck.pptx"]].concat(), "");
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
        run.err
    };
    let err = run(&["chart", "bar", "plain.csv", "--title", "T"]);
    assert!(
        err.contains("opine.toml: theme changes nothing on slides"),
        "{err}"
    );
    let slide = part(&deck, "ppt/slides/slide1.xml");
    for words in [
        "Online.",
        "Quelle: Haus.",
        "Angaben in Prozent.",
        "lang=\"de\"",
    ] {
        assert!(slide.contains(words), "{words}: {slide}");
    }
    assert!(part(&deck, "ppt/charts/chart1.xml").contains("AA1111"));
    let layout = part(&deck, "ppt/slideLayouts/slideLayout2.xml");
    assert!(layout.contains("name=\"Logo\""), "{layout}");
    // what is typed goes before the file, and a slip is refused
    run(&[
        "chart",
        "bar",
        "plain.csv",
        "--source",
        "Us",
        "--highlight",
        "Spain",
    ]);
    assert!(part(&deck, "ppt/slides/slide1.xml").contains("Quelle: Us."));
    assert!(part(&deck, "ppt/charts/chart1.xml").contains("B3BBC2"));
    let slip = [
        "chart",
        "bar",
        "plain.csv",
        "--highlight",
        "Spian",
        "-o",
        "deck.pptx",
    ];
    assert_eq!(opine_in(folder.path(), &slip, "").code, 2);
    // slides of tables
    let err = run(&["crosstab", "poll.csv", "--rows", "q1", "--columns", "party"]);
    assert!(
        err.contains("language, theme changes nothing on slides of tables")
            || err.contains("theme, language changes nothing"),
        "{err}"
    );
    let slide = part(&deck, "ppt/slides/slide2.xml");
    assert!(
        slide.contains("Online.") && slide.contains("Source: Haus."),
        "{slide}"
    );
}

#[test]
fn every_kind_that_is_drawn_of_numbers_has_slides() {
    let folder = folder();
    let polls = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/us2016.csv");
    let release = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/press-release.csv");
    let fit = ["fit", "poll.csv", "therm_us ~ party", "-o", "fit.parquet"];
    assert_eq!(opine_in(folder.path(), &fit, "").code, 0);
    let lines = [
        "fit",
        "poll.csv",
        "q1 == 'Very worried' ~ party * therm_us",
        "--margins",
        "party",
        "--at",
        "therm_us=20,50,80",
        "-o",
        "lines.parquet",
    ];
    let run = opine_in(folder.path(), &lines, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let deck = folder.path().join("deck.pptx");
    for (line, words) in [
        (&["polls", polls][..], "Clinton"),
        (&["coefficients", "fit.parquet"], "reference"),
        (&["pool", "45@1000", "47@1200", "46@800"], "weight 33%"),
        (&["change", "waves.csv"], "Labour: +2.0 points"),
        (&["bar", release], "Germany"),
        (&["margins", "lines.parquet"], "Blue"),
    ] {
        let run = opine_in(
            folder.path(),
            &[&["chart"], line, &["-o", "deck.pptx"]].concat(),
            "",
        );
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
        let chart = part(&deck, "ppt/charts/chart1.xml");
        assert!(chart.contains(words), "{line:?}: {chart}");
    }
}

#[test]
fn the_typeface_of_the_house_is_that_of_slides_and_documents() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("opine.toml"), "typeface = \"Georgia & Söhne\"\n").unwrap();
    for line in [
        &["chart", "bar", "plain.csv"][..],
        &["crosstab", "poll.csv", "--rows", "q1", "--columns", "party"],
        &["topline", "poll.csv"],
    ] {
        let run = opine_in(path, &[line, &["-o", "deck.pptx"]].concat(), "");
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
        assert!(
            !run.err.contains("changes nothing"),
            "{line:?}: {}",
            run.err
        );
        let theme = part(&path.join("deck.pptx"), "ppt/theme/theme1.xml");
        assert_eq!(theme.matches("typeface=\"Georgia &amp; Söhne\"").count(), 2);
    }
    for line in [
        &["summary", "plain.csv"][..],
        &["crosstab", "poll.csv", "--rows", "q1", "--columns", "party"],
        &["topline", "poll.csv"],
    ] {
        let run = opine_in(path, &[line, &["-o", "text.docx"]].concat(), "");
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
        assert!(run.err.contains("house style: opine.toml"), "{}", run.err);
        let styles = part(&path.join("text.docx"), "word/styles.xml");
        assert!(
            styles.contains("w:ascii=\"Georgia &amp; Söhne\""),
            "{styles}"
        );
    }
}

/// “Other” is none of the parties that have colours.
#[test]
fn other_is_grey_beside_colours_of_the_house() {
    let folder = folder();
    let list = "label,date,percent,n\nLabour,2023-05,44,900\nLabour,2023-06,46,900\n\
        Green,2023-05,8,900\nGreen,2023-06,7,900\nOther,2023-05,10,900\nOther,2023-06,9,900\n";
    fs::write(folder.path().join("months.csv"), list).unwrap();
    let bare = drawn(folder.path(), &["trend", "months.csv"]);
    assert!(element(&bare, "9 Other").contains("fill=\"#046B62\""));
    let line = ["trend", "months.csv", "--colour", "Labour=#E4003B"];
    let svg = drawn(folder.path(), &line);
    assert!(
        element(&svg, "9 Other").contains("fill=\"#626B74\""),
        "{svg}"
    );
    // unless it is what the chart is about
    let out = [&line[..], &["--highlight", "Other"]].concat();
    let svg = drawn(folder.path(), &out);
    assert!(
        !element(&svg, "9 Other").contains("fill=\"#626B74\""),
        "{svg}"
    );
}

/// Every month, or every second or third, is named, none further from the next than another. Of many the years are.
#[test]
fn names_of_months_stand_evenly() {
    let folder = folder();
    for count in [3_usize, 8, 15, 24] {
        let mut list = "label,date,percent,n\n".to_owned();
        for month in 0..count {
            list += &format!(
                "Yes,{}-{:02},{},1000\n",
                2020 + month / 12,
                1 + month % 12,
                40 + month % 3
            );
        }
        fs::write(folder.path().join("months.csv"), &list).unwrap();
        let svg = drawn(folder.path(), &["trend", "months.csv"]);
        let names = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let place = |text: &str| {
            let (month, year) = text.split_once(' ')?;
            let month = names.iter().position(|name| *name == month)?;
            Some(12 * (year.parse::<usize>().ok()? - 2020) + month)
        };
        let mut places: Vec<usize> = texts(&svg).iter().filter_map(|text| place(text)).collect();
        places.sort_unstable();
        let gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(
            gaps.iter().all(|gap| *gap == gaps[0]),
            "{count}: {places:?}"
        );
        assert_eq!(places.last(), Some(&(count - 1)), "{places:?}");
    }
}

/// A headline from right to left, and no words for what the chart says by itself.
#[test]
fn english_words_in_another_language_are_said() {
    let folder = folder();
    let words = "the chart adds words in English: ";
    let (run, _) = chart(
        folder.path(),
        &["bar", "plain.csv", "--title", "Four of ten"],
    );
    assert!(!run.err.contains(words), "{}", run.err);
    let house = "language = \"cy\"\n[words]\n\"no n\" = \"dim n\"\n";
    fs::write(folder.path().join("opine.toml"), house).unwrap();
    let (run, _) = chart(folder.path(), &["bar", "plain.csv"]);
    assert!(run.err.contains(words), "{}", run.err);
    assert!(run.err.contains("“95% interval”"), "{}", run.err);
}
