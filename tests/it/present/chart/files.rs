//! Charts as files: what is refused and how it is said, what the SVG holds, what a PNG is.

use opine::internals::present::chart::*;
use resvg::usvg;

use crate::present::chart::dots as samples;

/// A chart of rows without ado.
fn dot_chart(rows: Vec<Row>) -> DotChart {
    DotChart {
        groups: vec![Group {
            rows,
            ..Group::default()
        }],
        ..samples::one()
    }
}

fn refused(chart: DotChart) -> String {
    chart
        .draw(&Style::default())
        .map(|_| ())
        .expect_err("must be refused")
        .to_string()
}

fn drawn(chart: &impl Chart) -> Drawing {
    chart.draw(&Style::default()).expect("must be drawn")
}

#[test]
fn what_cannot_be_drawn_is_refused_in_words() {
    let style = |width| Style {
        width,
        ..Style::default()
    };
    let narrow = samples::one()
        .draw(&style(1))
        .map(|_| ())
        .expect_err("no room");
    assert_eq!(
        narrow.to_string(),
        "a chart 1 px wide has no room for its labels; the width must be at least 280 px"
    );
    assert!(samples::one().draw(&style(100_000)).is_err());
    assert_eq!(
        refused(dot_chart(vec![])),
        "the chart has no row to draw; give it at least one"
    );
    assert!(
        refused(DotChart {
            level: 95.0,
            ..samples::one()
        })
        .contains("95 is no confidence level")
    );
    let figure = |at, mark| {
        dot_chart(vec![samples::row(
            "Row",
            vec![Value {
                printed: "5".into(),
                at: Some(at),
                mark,
                ..Value::default()
            }],
        )])
    };
    assert!(refused(figure(f64::NAN, Mark::NoSampleSize)).contains("“Row”: its figure is NaN"));
    assert!(refused(figure(120.0, Mark::NoSampleSize)).contains("“Row” stands at 120"));
    assert!(
        refused(figure(
            5.0,
            Mark::Interval {
                low: 6.0,
                high: 4.0
            }
        ))
        .contains("runs from 6 to 4")
    );
    assert!(
        refused(figure(
            5.0,
            Mark::Interval {
                low: f64::NEG_INFINITY,
                high: 4.0
            }
        ))
        .contains("interval is -inf")
    );
}

#[test]
fn letters_that_no_font_has_are_named() {
    let message = samples::korean()
        .draw(&Style::default())
        .map(|_| ())
        .expect_err("no Hangul")
        .to_string();
    assert!(
        message.contains("“열” (U+C5F4)")
            && message.contains("1 more")
            && message.contains("--font FILE"),
        "{message}"
    );
    assert!(matches!(
        Fonts::default().with(b"not a font".to_vec()),
        Err(Error::Font(_))
    ));
}

#[test]
fn the_svg_is_well_formed_whatever_the_labels() {
    let wild = "a\u{0}b\tc\nd\r\ne\u{200B}f\u{202E}g\u{FEFF}h\u{FFFF} <i>&\"'</i> ]]> \u{1b}[31m é e\u{301} \u{AD}x";
    let mut chart = samples::headline();
    for text in chart.texts() {
        *text = format!("{wild} {text}");
    }
    for value in chart
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.rows)
        .flat_map(|row| &mut row.values)
    {
        value.printed = "6<7".into();
    }
    let svg = drawn(&chart).svg;
    let document = usvg::roxmltree::Document::parse(&svg).expect("well-formed");
    let title = document
        .descendants()
        .find(|node| node.has_tag_name("title"))
        .and_then(|node| node.text());
    assert!(
        title.is_some_and(|title| title
            .starts_with("a\\x00b c d ef\\u{202e}gh <i>&\"'</i> ]]> \\x1b[31m é e\u{301} x Nine")),
        "{title:?}"
    );
    assert!(
        !svg.chars()
            .any(|letter| letter.is_control() && letter != '\n')
    );
}

#[test]
fn every_letter_has_a_glyph() {
    for (name, chart) in samples::dot_charts() {
        let svg = drawn(&chart).svg;
        let mut options = usvg::Options::default();
        for face in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
            options.fontdb_mut().load_font_data(face.to_vec());
        }
        let tree = usvg::Tree::from_str(&svg, &options).expect("usvg reads it");
        let texts = texts_with_glyphs(tree.root());
        assert_eq!(texts, svg.matches("<text").count(), "{name}");
    }
}

/// How many texts there are, all of whose glyphs are in the font.
fn texts_with_glyphs(group: &usvg::Group) -> usize {
    group
        .children()
        .iter()
        .map(|node| match node {
            usvg::Node::Group(group) => texts_with_glyphs(group),
            usvg::Node::Text(text) => {
                let mut glyphs = text
                    .layouted()
                    .iter()
                    .flat_map(|span| &span.positioned_glyphs)
                    .peekable();
                usize::from(glyphs.peek().is_some() && glyphs.all(|glyph| glyph.id.0 != 0))
            }
            _ => 0,
        })
        .sum()
}

#[test]
fn the_description_names_extremes_and_flags() {
    let description = drawn(&samples::headline()).scene.description;
    assert_eq!(
        description,
        "Dot plot of 16 figures in three groups. Highest: Worried about a confrontation between the US and China, 90% (88.4 to 91.4). \
         Lowest: … take China’s side, 4.7% (4.4 to 5.0). Flagged: Positive view of both the US and China: 66% can’t hold with 34; \
         There is a new cold war between the US and China: 63% and 62% were printed; There is a new cold war between the US and China: 62% no n; \
         My own country is in a cold war with China: 15% no n; … remain neutral: 62% and 60% were printed."
    );
    let panels = drawn(&samples::countries()).scene.description;
    assert!(panels.starts_with("Eight small dot plots, one a question. Favourable view of the United States: South Korea 82.6"), "{panels}");
    assert!(panels.contains("All three at least 80"));
}

#[test]
fn the_key_explains_only_what_occurs() {
    let has =
        |chart: &DotChart, text: &str| drawn(chart).scene.texts().any(|shape| shape.text == text);
    assert!(!has(&samples::one(), "sample size known"));
    assert!(has(&samples::no_intervals(), "no sample size, no interval"));
    assert!(
        !has(&samples::no_intervals(), "95% interval"),
        "no interval, no column"
    );
    assert!(has(&samples::one(), "95% interval"));
    assert!(!has(&samples::edge(), "cannot be right"));
    assert!(has(&samples::headline(), "range that is possible"));
}

#[test]
fn drawing_is_deterministic_and_the_png_is_twice_as_large() {
    let (first, second) = (drawn(&samples::headline()), drawn(&samples::headline()));
    assert_eq!(first.svg, second.svg);
    let png = first.png().expect("drawn");
    let mut reader = png::Decoder::new(std::io::Cursor::new(&png))
        .read_info()
        .expect("a PNG");
    let info = reader.info();
    assert_eq!(
        (info.width, info.height),
        (2 * first.width, 2 * first.height)
    );
    assert_eq!(
        info.pixel_dims.map(|dims| (dims.xppu, dims.yppu)),
        Some((7559, 7559))
    );
    let colours = info.palette.as_ref().map_or(0, |palette| palette.len() / 3);
    assert!((20..=256).contains(&colours), "{colours}");
    let mut pixels = vec![0; reader.output_buffer_size().expect("small")];
    reader.next_frame(&mut pixels).expect("it decodes");
}

#[test]
fn height_is_computed_and_more_only_on_request() {
    let style = |min_height| Style {
        min_height,
        ..Style::default()
    };
    let natural = drawn(&samples::edge()).height;
    let at = |min| {
        samples::edge()
            .draw(&style(Some(min)))
            .expect("drawn")
            .height
    };
    assert_eq!(at(100), natural);
    assert!((900..=902).contains(&at(900)), "{}", at(900));
}

#[test]
fn long_titles_and_many_rows_are_warned_of() {
    let many = dot_chart(
        (0..61)
            .map(|index| samples::row(&format!("Row {index}"), vec![samples::wilson("50", 400.0)]))
            .collect(),
    );
    assert_eq!(drawn(&many).warnings.len(), 1);
    let long = DotChart {
        title: "A title that says everything there is to say, and more. ".repeat(5),
        ..samples::one()
    };
    assert!(
        drawn(&long)
            .warnings
            .iter()
            .any(|warning| warning.starts_with("the title takes"))
    );
    assert!(drawn(&samples::sixty()).warnings.is_empty());
}

#[test]
fn five_thousand_rows_are_drawn_and_too_large_a_picture_is_refused() {
    let many = dot_chart(
        (0..5_000)
            .map(|index| samples::row(&format!("Row {index}"), vec![samples::wilson("50", 400.0)]))
            .collect(),
    );
    let drawing = drawn(&many);
    assert!(drawing.height > 100_000);
    assert!(matches!(drawing.png(), Err(Error::TooLarge { .. })));
}
