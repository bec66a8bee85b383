//! Charts to draw and to test: published figures, a test card, the extremes.
#![allow(dead_code)]

use opine::internals::present::chart::*;

pub fn dot_charts() -> Vec<(&'static str, DotChart)> {
    vec![
        ("headline", headline()),
        ("edge", edge()),
        ("sixty", sixty()),
        ("one", one()),
        ("plain", no_intervals()),
        ("odd", odd()),
        ("long", long_labels()),
    ]
}

/// The same rows as bars, from 0.
pub fn as_bars(chart: DotChart) -> BarChart {
    BarChart {
        title: chart.title,
        subtitle: chart.subtitle,
        groups: chart.groups,
        footer: chart.footer,
        level: chart.level,
        scale: Scale::Percent,
    }
}

pub fn bar_charts() -> Vec<(&'static str, BarChart)> {
    let bars = as_bars;
    vec![
        ("bar-headline", bars(headline())),
        ("bar-edge", bars(edge())),
        ("bar-sixty", bars(sixty())),
        ("bar-one", bars(one())),
        ("bar-plain", bars(no_intervals())),
        ("bar-odd", bars(odd())),
        ("bar-long", bars(long_labels())),
    ]
}

pub fn row(label: &str, values: Vec<Value>) -> Row {
    Row {
        label: label.into(),
        values,
        ..Row::default()
    }
}

pub fn noted(label: &str, note: &str, values: Vec<Value>) -> Row {
    Row {
        note: Some(note.into()),
        ..row(label, values)
    }
}

/// A figure with the Wilson interval of a simple random sample.
pub fn wilson(printed: &str, n: f64) -> Value {
    let at: f64 = printed.parse().unwrap_or(0.0);
    let (p, z) = (at / 100.0, 1.959964_f64);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let mark = Mark::Interval {
        low: 100.0 * (centre - half).max(0.0),
        high: 100.0 * (centre + half).min(1.0),
    };
    Value {
        printed: printed.into(),
        at: Some(at),
        mark,
        ..Value::default()
    }
}

pub fn no_n(printed: &str) -> Value {
    let mark = Mark::NoSampleSize;
    Value {
        printed: printed.into(),
        at: printed.parse().ok(),
        mark,
        remark: Some("no n".into()),
        ..Value::default()
    }
}

pub fn by(name: &str, value: Value) -> Value {
    Value {
        name: Some(name.into()),
        ..value
    }
}

pub fn marked(printed: &str, mark: Mark, remark: &str) -> Value {
    Value {
        printed: printed.into(),
        at: printed.parse().ok(),
        mark,
        remark: Some(remark.into()),
        ..Value::default()
    }
}

pub fn headline() -> DotChart {
    let egf = |printed| wilson(printed, 1500.0);
    let ecfr = |printed| wilson(printed, 16168.0);
    let dont_know = Row {
        kind: RowKind::DontKnow,
        ..row("Don’t know", vec![ecfr("10")])
    };
    let both = vec![
        by("International Intrigue", egf("31")),
        by(
            "National Public Radio",
            marked("66", Mark::Impossible, "can’t hold with 34"),
        ),
    ];
    DotChart {
        title: "Nine in ten in three Asian countries worry about a clash between the US and China; six in ten Europeans would stay neutral".into(),
        subtitle: Some("Per cent of adults. Lines are 95% intervals.".into()),
        groups: vec![
            Group {
                head: Some("Eurasia Group Foundation, 2023".into()),
                note: Some("April–May 2023 · 1,500 adults, 500 each in South Korea, the Philippines and Singapore".into()),
                rows: vec![
                    noted("Worried about a confrontation between the US and China", "net of “very” 24 and “somewhat” 66", vec![egf("90")]),
                    row("Favourable view of the United States", vec![egf("70")]),
                    row("Rivalry will put my country’s national security at risk", vec![egf("62")]),
                    row("Rivalry will make politics more intense as parties pick sides", vec![egf("57")]),
                    row("Favourable view of China", vec![egf("34")]),
                    Row { possible: Some((5.1, 30.9)), ..row("Positive view of both the US and China", both) },
                ],
            },
            Group {
                head: Some("European Council on Foreign Relations, 2021".into()),
                note: Some("May–June 2021 · adults in 12 EU states · sample printed as “16,000” and “16,200”".into()),
                rows: vec![
                    row("There is a new cold war between the US and China", vec![
                        by("SCMP, NPR and 1 more", wilson("63", 16000.0)),
                        by("Guardian, Welt and 2 more", no_n("62")),
                    ]),
                    row("The EU is in a cold war with China", vec![wilson("31", 16200.0)]),
                    row("My own country is in a cold war with China", vec![no_n("15")]),
                ],
            },
            Group {
                head: Some("European Council on Foreign Relations, 2023".into()),
                note: Some("April 2023 · 16,168 adults in 11 EU states · if the US and China go to war over Taiwan, my country should …".into()),
                rows: vec![
                    row("… remain neutral", vec![by("Taiwan News and 4 more", ecfr("62")), by("Top World News", ecfr("60"))]),
                    row("… take America’s side", vec![ecfr("23")]),
                    noted("… take China’s side", "also printed as 4 and 5", vec![ecfr("4.7")]),
                    dont_know,
                ],
            },
        ],
        footer: vec![
            "Wilson intervals on the stated sample size; no design effect was published. How respondents were sampled is not stated for any of the three polls, so the intervals are model-based, not margins of sampling error. For the ECFR polls the interval (±0.8 points or less) is narrower than the dot. n of 16,000 is as printed, rounded.".into(),
            "A share that is positive about both countries is at most the smaller of its two parts: at most 34% by the totals, 5.1–30.9% by the three countries’ own figures. The 66% that NPR printed is not used in any average; 66% is also EGF’s figure for those who view China favourably and like American culture.".into(),
            "Sources: Institute for Global Affairs (EGF), VOA, International Intrigue, NPR, June 2023; SCMP, Guardian, ECFR Rome, September 2021; Taiwan News, Corriere della Sera, Top World News, June 2023.".into(),
        ],
        level: 0.95,
scale: Scale::Percent,
}
}

pub fn countries() -> PanelChart {
    let names = ["South Korea", "Philippines", "Singapore"];
    let panel = |head: &str, three: [&str; 3], total: Value| {
        let mut rows: Vec<Row> = names
            .iter()
            .zip(three)
            .map(|(name, printed)| {
                row(
                    name,
                    if printed.is_empty() {
                        vec![]
                    } else {
                        vec![wilson(printed, 500.0)]
                    },
                )
            })
            .collect();
        rows.push(Row {
            kind: RowKind::Total,
            ..row("All three", vec![total])
        });
        Panel {
            head: head.into(),
            rows,
        }
    };
    let all = |printed| wilson(printed, 1500.0);
    let section = |head: &str, note: Option<&str>, panels| Section {
        head: head.into(),
        note: note.map(String::from),
        panels,
    };
    PanelChart {
        title: "Singapore stands apart: cooler on the US, warmer on China than South Korea and the Philippines".into(),
        subtitle: Some("Per cent of adults, April–May 2023. Lines are 95% intervals.".into()),
        sections: vec![
            section("Views of the two powers", None, vec![
                panel("Favourable view of the United States", ["82.6", "81.6", "47.8"], all("70")),
                panel("Favourable view of China", ["14.8", "30.2", "55.7"], all("34")),
            ]),
            section("What sharper rivalry would bring", Some("Several answers possible"), vec![
                panel("My country’s national security will be put at risk", ["66.6", "81.2", "38.2"], all("62")),
                panel("Politics will become more intense as parties pick sides", ["69.9", "54.7", "46.2"], all("57")),
                panel("We benefit from both countries’ investment", ["6", "14", "28"], all("15.8")),
                panel("US–China tension is one of the most pressing challenges", ["58.7", "41.3", "48.6"], all("49.2")),
            ]),
            section("Effect of military cooperation on my country", Some("No figure was found for South Korea"), vec![
                panel("With the United States: positive", ["", "85", "81.7"], marked("80", Mark::AtLeast, "over 80")),
                panel("With China: positive", ["", "33.5", "71.9"], Value::default()),
            ]),
        ],
        footer: vec![
            "Wilson intervals on 500 adults a country and 1,500 in all; no design effect was published and the sampling method is not stated, so the intervals are model-based. Countries in the order of their view of the US. Where a rounded and a one-decimal figure agree, the decimal is drawn. For the US, 70 is printed although the countries’ mean is 70.7; for military cooperation only “more than 80%” was printed.".into(),
            "Sources: Eurasia Group Foundation (now Institute for Global Affairs), “Caught in the Middle”, 2023; country figures by Dong-A Ilbo, Straits Times, Yonhap and CSIS.".into(),
        ],
        level: 0.95,
    }
}

pub fn edge() -> DotChart {
    DotChart {
        title: "A title of ordinary length that needs two lines at this width, balanced".into(),
        subtitle: Some("A test card: long labels, 0 and 100%, a small base, no sample size.".into()),
        groups: vec![Group {
            head: Some("A group with a short head".into()),
            note: Some("n differs by row".into()),
            rows: vec![
                row("A label of one hundred and twenty characters, as questions are asked in full: to what extent do you agree or do not agree?", vec![wilson("63", 1500.0)]),
                row("Nobody: 0% of 500", vec![wilson("0", 500.0)]),
                row("Under half a per cent", vec![wilson("0.3", 1500.0)]),
                noted("Everybody, on a base of 43", "base under 100", vec![wilson("100", 43.0)]),
                row("A published figure without a sample size", vec![no_n("97")]),
                row("Unbreakable: Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", vec![wilson("48", 1000.0)]),
                Row { kind: RowKind::DontKnow, ..row("Don’t know", vec![wilson("8", 1500.0)]) },
            ],
        }],
        footer: vec![
            "Intervals by Wilson: at 0% and 100% they end at the end of the axis. The base of 43 is flagged because it is under 100.".into(),
            "Source: none, made-up figures.".into(),
        ],
        level: 0.95,
scale: Scale::Percent,
}
}

pub fn sixty() -> DotChart {
    let places = [
        "Lisbon",
        "Porto",
        "Madrid",
        "Sevilla",
        "Lyon",
        "Lille",
        "Gent",
        "Liège",
        "Köln",
        "Łódź",
        "Αθήνα",
        "София",
    ];
    let rows = (0..60).map(|index| {
        let printed = format!("{:.1}", 96.4 - 1.53 * f64::from(index));
        let label = format!(
            "{}, district {}",
            places[index as usize % places.len()],
            index / 12 + 1
        );
        row(
            &label,
            vec![wilson(&printed, 220.0 + 13.0 * f64::from(index % 7))],
        )
    });
    DotChart {
        title: "Sixty districts, from those where nearly all are content to those where hardly anyone is".into(),
        subtitle: Some("Per cent content with life in their district. Lines are 95% intervals.".into()),
        groups: vec![Group { head: None, note: None, rows: rows.collect() }],
        footer: vec!["Made-up figures.".into()],
        level: 0.95,
scale: Scale::Percent,
}
}

pub fn one() -> DotChart {
    DotChart {
        title: "Six in ten would stay neutral".into(),
        subtitle: Some(
            "Per cent of adults in 11 EU states, April 2023. The line is a 95% interval.".into(),
        ),
        groups: vec![Group {
            head: None,
            note: None,
            rows: vec![row("Remain neutral", vec![wilson("62", 1168.0)])],
        }],
        footer: vec!["Source: European Council on Foreign Relations, June 2023.".into()],
        level: 0.95,
        scale: Scale::Percent,
    }
}

pub fn no_intervals() -> DotChart {
    DotChart {
        title: "Trust in courts is higher than in parliament".into(),
        subtitle: Some("Per cent who tend to trust".into()),
        groups: vec![Group {
            head: None,
            note: None,
            rows: vec![
                row("The courts", vec![no_n("71")]),
                row("The police", vec![no_n("68")]),
                row("Parliament", vec![no_n("38")]),
                Row {
                    kind: RowKind::DontKnow,
                    ..row("Don’t know", vec![no_n("4")])
                },
            ],
        }],
        footer: vec!["No sample size was published. Source: made up.".into()],
        level: 0.95,
        scale: Scale::Percent,
    }
}

/// A NET with parts, bounds, a total, missing figures, three printed values, long remarks.
pub fn odd() -> DotChart {
    let part = |label: &str, printed: &str| Row {
        indent: 1,
        ..row(label, vec![wilson(printed, 800.0)])
    };
    let missing = |remark: Option<&str>| Value {
        remark: remark.map(String::from),
        ..Value::default()
    };
    DotChart {
        title: "Everything that seldom occurs, in one chart".into(),
        subtitle: None,
        groups: vec![
            Group {
                head: Some("Parts of a NET, a total".into()),
                note: None,
                rows: vec![
                    Row {
                        kind: RowKind::Total,
                        ..row("All", vec![wilson("58", 4000.0)])
                    },
                    row("NET agree", vec![wilson("61", 800.0)]),
                    part("strongly agree", "22"),
                    part(
                        "tend to agree, if not in every respect and not always",
                        "39",
                    ),
                ],
            },
            Group {
                head: None,
                note: Some("Bounds, and what was not found".into()),
                rows: vec![
                    row(
                        "Only a lower bound",
                        vec![marked("80", Mark::AtLeast, "over 80")],
                    ),
                    row(
                        "The same, without a word",
                        vec![Value {
                            remark: None,
                            ..marked("97", Mark::AtLeast, "")
                        }],
                    ),
                    row(
                        "Only an upper bound",
                        vec![Value {
                            remark: None,
                            ..marked("5", Mark::AtMost, "")
                        }],
                    ),
                    row("Asked, not reported", vec![missing(None)]),
                    row(
                        "Asked, not reported, with a reason that is long",
                        vec![missing(Some(
                            "withheld by the institute on request of its client, who paid for it",
                        ))],
                    ),
                    row(
                        "Three values",
                        vec![
                            by("First", wilson("44", 900.0)),
                            by(
                                "A newspaper with a very long name that takes two lines",
                                marked("43", Mark::NoSampleSize, "base under 30, suppressed by us"),
                            ),
                            by(
                                "Third",
                                marked("99", Mark::Impossible, "can’t hold with 34 and 12.5"),
                            ),
                        ],
                    ),
                    Row {
                        possible: Some((40.0, 40.0)),
                        ..row("One possible value", vec![wilson("40", 900.0)])
                    },
                ],
            },
        ],
        footer: vec![],
        level: 0.9,
        scale: Scale::Percent,
    }
}

pub fn long_labels() -> DotChart {
    let mut chart = edge();
    if let Some(group) = chart.groups.first_mut() {
        group.rows.push(row(
            &"the same words over and over again, ".repeat(8),
            vec![wilson("20", 700.0)],
        ));
        group
            .rows
            .push(row(&"x".repeat(200), vec![wilson("10", 700.0)]));
    }
    chart
}

pub fn korean() -> DotChart {
    let mut chart = one();
    chart.title = "열 명 중 여섯 명은 중립을 원한다 — six in ten would stay neutral".into();
    if let Some(row) = chart
        .groups
        .first_mut()
        .and_then(|group| group.rows.first_mut())
    {
        row.label = "미국과 중국의 대립이 정치를 더 격렬하게 만들 것이다 (Korea)".into();
    }
    chart
}
