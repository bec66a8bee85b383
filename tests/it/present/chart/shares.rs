//! Stacked charts to draw and to test: published shares, a scale with a middle, what is missing.
#![allow(dead_code)]

use opine::internals::present::chart::*;

pub fn stacked_charts() -> Vec<(&'static str, StackedChart)> {
    vec![
        ("stacked-likert", likert(true)),
        ("stacked-likert-100", likert(false)),
        ("stacked-many", many(true)),
        ("stacked-many-100", many(false)),
        ("stacked-sides", sides()),
        ("stacked-five", five(false)),
        ("stacked-five-diverging", five(true)),
        ("stacked-colours", colours()),
    ]
}

pub fn response(label: &str, tone: Tone) -> Response {
    Response {
        paint: Default::default(),
        label: label.into(),
        tone,
    }
}

/// A row from its shares, `-` for one that was not found.
pub fn shares(label: &str, shares: &str) -> StackedRow {
    let part = |printed: &str| Part {
        printed: printed.into(),
        percent: printed.trim_start_matches('<').parse().unwrap_or(0.0),
    };
    StackedRow {
        label: label.into(),
        parts: shares
            .split_whitespace()
            .map(|printed| (printed != "-").then(|| part(printed)))
            .collect(),
        ..StackedRow::default()
    }
}

pub fn total(row: StackedRow) -> StackedRow {
    StackedRow {
        kind: RowKind::Total,
        ..row
    }
}

fn question(head: &str, rows: Vec<StackedRow>) -> Question {
    Question {
        head: Some(head.into()),
        rows,
    }
}

fn two_sides() -> Vec<Response> {
    vec![
        response("Unfavourable", Tone::StrongNegative),
        response("Favourable", Tone::StrongPositive),
    ]
}

pub fn likert(diverging: bool) -> StackedChart {
    let view = |head, [kr, ph, sg, all]: [&str; 4]| {
        question(
            head,
            vec![
                shares("South Korea", kr),
                shares("Philippines", ph),
                shares("Singapore", sg),
                total(shares("All three", all)),
            ],
        )
    };
    StackedChart {
        title: "South Koreans and Filipinos favour the US; in Singapore opinion is split, and a little warmer to China".into(),
        subtitle: Some("Per cent of adults".into()),
        sections: vec![
            StackedSection {
                head: Some("Overall view, 2023".into()),
                note: Some("Eurasia Group Foundation · April–May 2023 · 500 adults a country".into()),
                responses: two_sides(),
                questions: vec![
                    view("View of the United States", ["- 82.6", "18.4 81.6", "52.2 47.8", "- 70"]),
                    view("View of China", ["85 14.8", "69.8 30.2", "44.3 55.7", "- 34"]),
                ],
            },
            StackedSection {
                head: Some("What they are to Europe, or to our own country".into()),
                note: Some("European Council on Foreign Relations · April 2023 · 16,168 adults in 11 EU states".into()),
                responses: vec![
                    response("Adversary", Tone::StrongNegative),
                    response("Rival", Tone::WeakNegative),
                    response("Necessary partner", Tone::WeakPositive),
                    response("Ally", Tone::StrongPositive),
                    response("Don’t know", Tone::DontKnow),
                ],
                questions: vec![Question {
                    head: None,
                    rows: vec![
                        shares("China, to Europe", "11 24 43 3 18"),
                        shares("China, to own country", "11 22 43 3.3 -"),
                        shares("Russia, to Europe", "55 9 19 4 13"),
                    ],
                }],
            },
        ],
        diverging,
        footer: vec![
            "A single share is uncertain by at most ±4.4 points (EGF, n = 500) and ±0.8 points (ECFR), 95% Wilson intervals, model-based: the sampling method is not stated. China to Europe sums to 99 as printed. South Korea on China sums to 99.8. For China and one’s own country the don’t know was not found.".into(),
            "Sources: Dong-A Ilbo, CSIS, VOA, Responsible Statecraft (EGF); Berliner Zeitung, Telepolis, Interia (ECFR), June–August 2023.".into(),
        ],
    }
}

pub fn sides() -> StackedChart {
    let rows = [
        ("Austria", "80 - - -"),
        ("Bulgaria", "79 - - -"),
        ("Hungary", "73 - - -"),
        ("Italy", "65 18 4 13"),
        ("Spain", "64 - - -"),
        ("Netherlands", "62 30 - -"),
        ("Germany", "60 - - -"),
        ("France", "53 - - -"),
        ("Poland", "51 31 - -"),
        ("Denmark", ""),
        ("Sweden", ""),
    ];
    let all = total(shares("All 11 states", "62 23 4.7 10"));
    let rows = std::iter::once(all).chain(rows.map(|(label, row)| shares(label, row)));
    StackedChart {
        title: "In every country with a published figure, at least half would stay neutral over Taiwan".into(),
        subtitle: Some("If China invaded Taiwan and the US came to its defence and joined the war, what should your country do? Per cent of adults, April 2023".into()),
        sections: vec![StackedSection {
            responses: vec![
                response("Remain neutral", Tone::Neutral),
                response("Take America’s side", Tone::Category(0)),
                response("Take China’s side", Tone::Category(1)),
                response("Don’t know", Tone::DontKnow),
            ],
            questions: vec![Question { head: None, rows: rows.collect() }],
            ..StackedSection::default()
        }],
        diverging: false,
        footer: vec![
            "All 11: n = 16,168, each share ±0.8 points or less (95%, Wilson; model-based, since the sampling method is not stated). The countries’ own sample sizes were not found, so they have no interval. The total is printed as 62 by five outlets and as 60 by one; the four shares sum to 99.7. “All 11” fits an unweighted mean of countries.".into(),
            "Sources: Taiwan News, Rzeczpospolita, Corriere della Sera, Volkskrant, Il Foglio, June 2023, on European Council on Foreign Relations, “Keeping America close, Russia down, and China far away”.".into(),
        ],
    }
}

/// Country; unfavourable, favourable and don’t know of China, then of the United States.
const VIEWS: &str = "\
Nigeria|16|79|5|20|74|6
Kenya|23|72|6|22|71|7
Mexico|33|57|10|31|63|7
South Africa|40|49|11|30|59|11
Indonesia|26|49|26|24|56|21
Israel|50|48|2|12|87|1
Hungary|50|42|8|51|44|5
Greece|51|40|9|40|56|4
Brazil|47|39|14|22|63|15
Italy|58|36|6|37|60|3
Spain|66|28|6|40|55|5
Britain|69|27|4|38|59|3
India|67|26|8|26|66|9
France|72|22|7|41|52|7
South Korea|78|22|0|21|78|<1
Poland|67|21|12|4|93|3
Netherlands|77|20|4|38|58|3
Germany|77|19|4|40|57|3
Canada|78|14|8|37|57|6
Australia|86|13|1|48|52|1
Sweden|84|12|3|40|55|4
Japan|87|11|2|24|73|3";

pub fn many(diverging: bool) -> StackedChart {
    let rows = |skip: usize| {
        VIEWS.lines().filter_map(move |line| {
            let mut cells = line.split('|');
            let label = cells.next()?;
            let three: Vec<&str> = cells.skip(skip).take(3).collect();
            Some(shares(label, &three.join(" ")))
        })
    };
    let mut responses = two_sides();
    responses.push(response("DK", Tone::DontKnow));
    StackedChart {
        title: "In 20 of 22 countries more adults see the US favourably than see China favourably".into(),
        subtitle: Some("Per cent of adults with an unfavourable and a favourable view, spring 2023. The rest did not say.".into()),
        sections: vec![StackedSection {
            responses,
            questions: vec![
                question("View of China", rows(0).collect()),
                question("View of the United States", rows(3).collect()),
            ],
            ..StackedSection::default()
        }],
        diverging,
        footer: vec![
            "Sorted by the favourable view of China. Weighted; n from 959 to 2,611 a country, design effects of the weights 1.2–2.1; a share is uncertain by at most ±4.4 points (95%, Wilson). Kenya and Hungary are too close to call. DK: don’t know and refused.".into(),
            "Source: Pew Research Center, Global Attitudes, February–May 2023; own computation from the respondent file.".into(),
        ],
    }
}

/// A scale with a middle, made up: long labels, a row that adds up to 101, parts missing in the midst.
pub fn five(diverging: bool) -> StackedChart {
    let noted = StackedRow {
        note: Some("base under 100".into()),
        ..shares("Under 30", "9 21 33 25 12 <1")
    };
    StackedChart {
        title: "Most would rather wait and see".into(),
        subtitle: Some("Per cent of adults who agree that the country should choose sides".into()),
        sections: vec![StackedSection {
            responses: vec![
                response("Disagree strongly", Tone::StrongNegative),
                response("Disagree", Tone::WeakNegative),
                response("Neither agree nor disagree", Tone::Middle),
                response("Agree", Tone::WeakPositive),
                response("Agree strongly", Tone::StrongPositive),
                response("Don’t know, refused, not asked", Tone::DontKnow),
            ],
            questions: vec![Question {
                head: None,
                rows: vec![
                    total(shares("All", "8 19 36 22 11 4")),
                    noted,
                    shares(
                        "Those who have read at least one article on foreign affairs in the week before the interview",
                        "4 17 38 26 14 2",
                    ),
                    shares("Parts of it published", "10 - 40 - 12 -"),
                    shares("Nobody strongly", "0 30 40 30 0 0"),
                    shares("Nothing published", ""),
                ],
            }],
            ..StackedSection::default()
        }],
        diverging,
        footer: vec!["Made-up figures; shares may not add up to 100 because of rounding.".into()],
    }
}

/// All six categories, with a number on each.
pub fn colours() -> StackedChart {
    StackedChart {
        title: "Six parties and those of no party".into(),
        subtitle: None,
        sections: vec![StackedSection {
            responses: (0..6)
                .map(|index| response(&format!("Party {}", index + 1), Tone::Category(index)))
                .chain([
                    response("None", Tone::Neutral),
                    response("Don’t know", Tone::DontKnow),
                ])
                .collect(),
            questions: vec![Question {
                head: None,
                rows: vec![
                    shares("Today", "21 18 15 12 10 8 9 7"),
                    shares("Ten years ago", "26 24 12 9 7 3 11 8"),
                ],
            }],
            ..StackedSection::default()
        }],
        diverging: true,
        footer: vec!["Made-up figures.".into()],
    }
}
