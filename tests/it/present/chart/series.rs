//! Differences and trends to draw and to test: published figures and the extremes.
#![allow(dead_code)]

use opine::internals::present::chart::*;

pub fn differences() -> Vec<(&'static str, DifferenceChart)> {
    vec![
        ("difference", difference()),
        ("difference-odd", odd_differences()),
    ]
}

/// A claim, the difference, its interval.
pub fn claim(label: &str, printed: &str, low: f64, high: f64) -> DifferenceRow {
    DifferenceRow {
        label: label.into(),
        difference: Some(Difference {
            printed: printed.into(),
            points: printed.replace('−', "-").parse().unwrap_or(0.0),
            mark: DifferenceMark::Interval { low, high },
            ends: None,
        }),
        ..DifferenceRow::default()
    }
}

fn marked(row: DifferenceRow, mark: DifferenceMark) -> DifferenceRow {
    let difference = row.difference.map(|one| Difference { mark, ..one });
    DifferenceRow { difference, ..row }
}

pub fn difference() -> DifferenceChart {
    let group = |head: &str, note: &str, rows| DifferenceGroup {
        head: Some(head.into()),
        note: Some(note.into()),
        rows,
    };
    let bounds = DifferenceMark::Bounds {
        narrow: (33.9, 38.1),
        wide: (31.4, 40.6),
    };
    DifferenceChart {
        aside: None,
        title: "Seven of ten differences are clear of zero; three are not established".into(),
        subtitle: Some("Difference in percentage points. Lines are 95% intervals.".into()),
        groups: vec![
            group("Country against country", "Independent samples of 500, EGF 2023", vec![
                claim("South Koreans are 15 points likelier than Filipinos to expect parties to pick sides", "+15.2", 9.2, 21.0),
                claim("South Korea and the Philippines cannot be told apart in favourable views of the US", "+1.0", -3.8, 5.8),
                claim("Singaporeans are 41 points likelier than South Koreans to see China favourably", "+40.9", 35.4, 46.1),
            ]),
            group("Country against the total it is part of", "The overlap is taken into account, EGF 2023", vec![
                claim("South Koreans exceed the three-country average by 13 points in expecting parties to pick sides", "+13.0", 9.6, 16.3),
            ]),
            group("Two answers to one question", "Of the same respondents, ECFR 2023, n = 16,168", vec![
                claim("Staying neutral leads taking America’s side by 39 points", "+39.0", 37.7, 40.3),
            ]),
            group("Two waves", "Australia, Pew, n = 1,149 (2018), 1,012 (2019), 2,034 (2022 and 2023), weighted", vec![
                claim("Favourable views of China fell by 11 points from 2018 to 2019", "−11.4", -16.4, -6.3),
                claim("From 2022 to 2023 a change cannot be told from none", "−1.7", -4.4, 1.0),
            ]),
            group("Against one half", "Is it a majority?", vec![
                claim("The 62% of Europeans who would stay neutral are a majority, by 12 points", "+12.0", 11.2, 12.7),
                claim("Singapore’s 47.8% favourable to the US may be more or less than half", "−2.2", -6.5, 2.2),
            ]),
            group("Two questions of one poll", "How the answers go together is unknown: thick is the least, thin the most that the interval can be", vec![
                marked(claim("In the three countries the US leads China in favourable views by 36 points", "+36.0", 0.0, 0.0), bounds),
            ]),
        ],
        footer: vec![
            "Grey: zero lies inside the interval, so the sign of the difference is not established; that is not evidence of no difference. Independent samples: Newcombe’s interval; one question: multinomial variance; part and total: the covariance of the overlap; one half: Wilson. No adjustment for looking at ten differences; with Holm’s, the same seven stay below 0.05. Intervals for EGF and ECFR are model-based: the sampling method is not stated.".into(),
            "Sources: Dong-A Ilbo, VOA (EGF, April–May 2023); Taiwan News (ECFR, April 2023); Pew Research Center, Global Attitudes, own computation.".into(),
        ],
        level: 0.95,
scale: Scale::Percent,
}
}

/// Nothing found, no sample size, the largest differences there are, long words.
pub fn odd_differences() -> DifferenceChart {
    let missing = |remark: Option<&str>| DifferenceRow {
        label: "Not asked in both waves".into(),
        remark: remark.map(String::from),
        ..DifferenceRow::default()
    };
    DifferenceChart {
        aside: None,
        title: "Everything that seldom occurs".into(),
        subtitle: None,
        groups: vec![DifferenceGroup {
            head: None,
            note: None,
            rows: vec![
                claim("From nobody to everybody", "+100", 97.0, 100.0),
                claim("From everybody to nobody", "−100", -100.0, -96.2),
                claim("None", "0.0", -3.0, 3.0),
                marked(
                    claim("No sample size", "+12", 0.0, 0.0),
                    DifferenceMark::NoSampleSize,
                ),
                DifferenceRow {
                    note: Some("base under 100".into()),
                    remark: Some("the second figure can’t be right".into()),
                    ..claim("With a reason that is long", "−8", -20.0, 4.0)
                },
                missing(None),
                missing(Some(
                    "withheld by the institute on request of its client, who paid for it and wanted it so",
                )),
            ],
        }],
        footer: vec![],
        level: 0.9,
        scale: Scale::Percent,
    }
}

pub fn trends() -> Vec<(&'static str, TrendChart)> {
    vec![
        ("trend", trend()),
        ("trend-one", one_trend()),
        ("trend-odd", odd_trends()),
    ]
}

pub fn wave(when: f64, percent: f64, n: Option<f64>) -> Wave {
    let printed = format!("{percent:.0}");
    let interval = n.map(|n| {
        let half = 196.0 * (percent / 100.0 * (1.0 - percent / 100.0) / n).sqrt();
        (percent - half, percent + half)
    });
    Wave {
        when,
        printed,
        at: percent,
        interval,
    }
}

/// Country; views of the United States, then of China: year, per cent, effective sample size.
const FAVOURABLE: &str = "\
Poland|02:78.9:436 05:62.3:993 07:61.2:379 08:68.2:661 09:67.4:679 10:74.1:694 11:70.7:607 12:68.7:887 14:72.9:876 15:74.1:947 16:74.1:712 17:72.1:797 18:69.8:652 19:78.6:758 22:91.2:767 23:93.0:695|05:36.4:993 07:39.5:379 08:33.2:661 09:42.1:679 10:45.9:694 11:51.1:607 12:49.5:887 14:32.0:876 15:40.7:947 16:37.6:712 17:42.6:797 18:36.2:652 19:46.9:758 22:28.0:767 23:21.1:695
Japan|02:71.9:583 06:62.2:345 07:60.8:762 08:49.8:571 09:59.5:570 10:66.2:625 11:85.5:564 12:71.7:580 14:66.4:915 15:68.1:917 16:71.2:564 17:57.0:704 18:66.6:699 19:67.9:712 20:41.6:631 21:70.8:651 22:69.9:826 23:73.3:658|06:27.9:345 07:28.9:762 08:13.8:571 09:26.0:570 10:26.5:625 11:33.9:564 12:14.5:580 14:6.6:915 15:9.3:917 16:11.9:564 17:13.2:704 18:17.7:699 19:13.4:712 20:9.8:631 21:10.1:651 22:11.2:826 23:11.3:658
South Korea|02:52.8:715 03:46.3:505 07:58.2:718 08:70.3:660 09:77.9:674 10:78.4:676 14:81.9:910 15:84.0:967 17:74.3:958 18:80.4:861 19:76.6:797 20:59.2:971 21:76.2:794 22:88.8:785 23:78.5:1435|07:52.8:718 08:48.1:660 09:41.6:674 10:38.7:676 14:56.0:910 15:61.5:967 17:33.4:958 18:37.9:861 19:34.7:797 20:23.7:971 21:21.9:794 22:18.7:785 23:21.7:1435
Sweden|07:45.8:982 16:69.7:514 17:44.7:642 18:44.4:601 19:45.8:623 20:33.1:590 21:57.0:563 22:66.4:582 23:55.3:609|07:43.1:982 16:37.8:514 17:41.7:642 18:41.3:601 19:24.7:623 20:14.1:590 21:17.3:563 22:15.2:582 23:12.2:609
Canada|02:71.1:482 03:62.7:354 05:59.4:500 07:55.0:1004 09:67.8:617 15:67.6:731 16:64.4:627 17:43.3:755 18:39.6:683 19:51.0:605 20:35.2:706 21:60.8:670 22:63.4:892 23:56.7:728|05:58.8:500 07:51.5:1004 09:53.7:617 15:39.0:731 16:45.2:627 17:47.2:755 18:44.1:683 19:27.7:605 20:22.3:706 21:23.5:670 22:21.3:892 23:14.0:728
India|02:54.3:746 05:71.2:2042 06:55.6:1943 07:59.4:2043 08:66.1:2056 09:75.8:2038 10:66.2:1650 11:41.6:1306 12:41.0:1871 14:54.3:1808 15:69.8:1662 16:56.0:1725 17:49.1:1289 18:41.7:1921 19:60.5:1792 23:65.5:1893|05:56.5:2042 06:47.4:1943 07:46.7:2043 08:45.1:2056 09:45.9:2038 10:34.0:1650 11:25.5:1306 12:23.8:1871 14:31.0:1808 15:40.1:1662 16:31.5:1725 17:26.2:1289 18:12.2:1921 19:23.2:1792 23:25.5:1893
Israel|03:78.2:664 07:78.2:900 09:71.6:841 11:71.9:649 14:84.0:779 15:81.1:738 17:81.1:609 18:82.7:625 19:83.6:663 22:82.7:680 23:86.8:672|07:45.7:900 09:55.3:841 11:48.7:649 14:48.5:779 15:54.8:738 17:53.2:609 18:54.8:625 19:66.3:663 22:48.4:680 23:47.5:672
Australia|03:59.0:466 08:46.3:635 15:63.6:746 16:60.0:584 17:47.6:641 18:53.8:815 19:49.3:667 20:32.5:661 21:48.5:665 22:54.5:1228 23:51.7:1326|08:51.7:635 15:57.6:746 16:52.0:584 17:63.3:641 18:48.1:815 19:36.7:667 20:15.9:661 21:21.1:665 22:14.4:1228 23:12.7:1326
Netherlands|05:44.5:638 16:64.9:572 17:36.9:671 18:33.7:701 19:45.7:685 20:29.4:698 21:57.1:676 22:59.9:605 23:58.4:619|05:55.9:638 16:46.8:572 17:48.8:671 18:47.2:701 19:35.7:685 20:25.1:698 21:23.9:676 22:20.5:605 23:19.7:619
Germany|02:60.8:791 03:44.6:394 04:38.2:371 05:41.4:457 06:36.9:271 07:30.3:549 08:30.7:440 09:63.7:465 10:62.9:403 11:61.9:564 12:51.7:591 14:50.9:606 15:50.6:598 16:56.3:583 17:35.0:629 18:30.4:481 19:39.0:1183 20:26.2:583 21:58.6:546 22:63.0:706 23:57.1:549|05:46.3:457 06:56.7:271 07:34.0:549 08:26.7:440 09:29.6:465 10:30.2:403 11:33.9:564 12:28.9:591 14:28.8:606 15:33.7:598 16:28.5:583 17:33.5:629 18:38.8:481 19:33.4:1183 20:24.7:583 21:21.1:546 22:20.1:706 23:18.8:549
Britain|02:74.5:473 03:69.8:352 04:57.9:422 05:54.5:750 06:55.8:317 07:50.9:999 08:53.3:752 09:69.2:754 10:65.6:673 11:60.4:909 12:60.0:872 14:66.0:847 15:65.1:687 16:60.9:876 17:49.7:706 18:49.3:673 19:57.1:589 20:41.3:570 21:64.1:526 22:64.9:752 23:59.1:545|05:65.5:750 06:65.0:317 07:48.8:999 08:47.0:752 09:52.1:754 10:45.2:673 11:58.1:909 12:49.1:872 14:46.9:847 15:44.4:687 16:37.4:876 17:45.2:706 18:49.9:673 19:37.8:589 20:22.2:570 21:27.3:526 22:27.8:752 23:26.6:545
France|02:62.9:507 03:42.9:346 04:36.5:327 05:42.6:418 06:39.3:518 07:39.1:1001 08:42.2:752 09:74.4:748 10:73.4:616 11:74.6:998 12:69.1:780 14:75.1:573 15:72.7:826 16:63.8:526 17:46.3:519 18:38.0:533 19:47.8:565 20:30.9:634 21:64.7:567 22:56.4:830 23:52.5:567|05:57.8:418 06:59.2:518 07:47.5:1001 08:28.9:752 09:40.4:748 10:41.0:616 11:51.2:998 12:39.6:780 14:47.1:573 15:50.8:826 16:33.4:526 17:43.6:519 18:41.0:533 19:32.9:565 20:26.5:634 21:28.8:567 22:25.4:830 23:21.7:567
Spain|03:38.1:467 05:41.4:751 06:22.3:565 07:33.8:500 08:33.1:752 09:58.1:750 10:61.2:736 11:64.7:992 12:57.8:955 14:59.8:955 15:64.2:776 16:59.1:568 17:30.5:585 18:41.7:603 19:51.9:584 20:40.2:572 21:62.0:566 22:60.5:573 23:54.9:508|05:56.6:751 06:44.9:565 07:39.2:500 08:30.3:752 09:40.3:750 10:46.6:736 11:55.2:992 12:48.5:955 14:38.8:955 15:41.5:776 16:28.0:568 17:43.3:585 18:41.2:603 19:39.4:584 20:35.6:572 21:38.7:566 22:28.8:573 23:27.7:508
Brazil|02:51.4:883 03:34.2:1000 07:43.5:831 08:47.6:680 09:60.6:505 10:62.6:883 11:61.4:652 12:61.0:582 14:64.3:1003 15:72.6:1000 17:49.8:791 18:54.7:777 19:56.2:839 23:62.9:819|07:49.3:831 08:46.7:680 09:50.3:505 10:52.1:883 11:48.7:652 12:50.2:582 14:43.7:1003 15:55.0:1000 17:52.5:791 18:49.5:777 19:50.6:839 23:38.8:819
Italy|02:69.7:402 03:60.3:491 07:53.0:347 12:73.4:781 14:77.7:787 15:83.8:892 16:72.0:715 17:60.5:589 18:52.0:657 19:61.3:732 20:44.6:563 21:73.6:506 22:61.1:674 23:59.8:486|07:26.5:347 12:30.0:781 14:26.5:787 15:39.7:892 16:31.8:715 17:31.2:589 18:28.8:657 19:36.4:732 20:37.7:563 21:37.8:506 22:31.3:674 23:35.9:486
South Africa|02:64.3:514 07:61.9:743 08:59.8:630 14:67.5:917 15:73.9:910 16:60.5:669 17:52.5:1014 18:57.0:1021 19:50.5:987 23:58.6:909|07:44.0:743 08:36.4:630 14:45.1:917 15:52.0:910 16:41.3:669 17:45.4:1014 18:49.3:1021 19:46.1:987 23:49.1:909
Indonesia|02:61.1:488 03:15.2:549 05:38.2:903 06:29.4:914 07:29.0:894 08:37.4:930 09:63.0:912 10:59.0:926 11:53.6:935 14:59.0:914 15:62.6:914 17:48.2:673 18:42.5:756 19:41.8:867 23:55.5:626|05:72.4:903 06:62.5:914 07:64.5:894 08:58.2:930 09:58.3:912 10:57.9:926 11:66.5:935 14:65.8:914 15:63.0:914 17:55.1:673 18:52.7:756 19:36.7:867 23:48.9:626
Mexico|02:64.5:928 07:56.0:763 08:46.8:709 09:68.5:938 10:55.4:1096 11:51.5:684 12:56.2:1102 14:63.0:907 15:66.2:876 17:29.2:743 18:32.4:667 19:35.3:707 23:62.8:785|07:42.8:763 08:37.9:709 09:38.7:938 10:39.1:1096 11:39.0:684 12:40.4:1102 14:43.6:907 15:47.6:876 17:43.0:743 18:45.6:667 19:50.3:707 23:56.9:785
Kenya|02:80.1:404 07:86.5:1000 09:90.7:1002 10:94.0:996 11:83.4:989 14:79.6:809 15:83.8:833 16:63.8:663 17:54.3:654 18:69.9:581 19:60.6:639 23:71.1:506|07:80.3:1000 09:73.0:1002 10:86.2:996 11:70.7:989 14:74.1:809 15:70.2:833 16:57.2:663 17:53.8:654 18:67.6:581 19:59.0:639 23:71.5:506
Nigeria|02:77.2:1000 03:60.8:1000 06:61.6:1000 07:70.0:1115 08:64.4:982 09:79.0:983 10:81.2:780 14:69.3:748 15:76.0:938 16:66.0:998 17:69.7:961 18:62.3:787 19:62.2:705 23:74.3:800|06:58.9:1000 07:74.8:1115 08:78.9:982 09:85.5:983 10:76.3:780 14:70.0:748 15:70.1:938 16:63.9:998 17:71.9:961 18:60.5:787 19:70.2:705 23:79.3:800";

pub fn trend() -> TrendChart {
    let waves = |cells: &str| {
        let waves = cells.split_whitespace().filter_map(|cell| {
            let mut numbers = cell.split(':').filter_map(|number| number.parse().ok());
            let (year, percent): (f64, f64) = (numbers.next()?, numbers.next()?);
            Some(wave(2000.0 + year, percent, numbers.next()))
        });
        waves.collect::<Vec<Wave>>()
    };
    let panels = FAVOURABLE.lines().map(|line| {
        let mut cells = line.split('|');
        TrendPanel {
            paint: Default::default(),
            head: cells.next().unwrap_or_default().into(),
            lines: cells.map(waves).collect(),
            breaks: vec![],
        }
    });
    TrendChart {
    has_no_sizes: false,
    paints: Default::default(),
        title: "Views of China fell after 2017 in most rich countries; views of the US recovered after 2020".into(),
        subtitle: Some("Per cent of adults with a favourable view, 2002–2023. Shaded: 95% interval. Pale lines bridge more than three years without a survey.".into()),
        series: vec!["United States".into(), "China".into()],
        panels: panels.collect(),
        moments: vec![],
        footer: vec![
            "Countries ordered by the gap in 2023. Weighted; intervals are those of the effective sample size (n over the design effect of the weights, n about 1,000 a country and year). They leave out clustering and changes of mode (telephone, face to face or online, by country and year). 2013 is left out: its coding differs.".into(),
            "Source: Pew Research Center, Global Attitudes, 2002–2023; own computation from the respondent file.".into(),
        ],
scale: Scale::Percent,
        ymax: None,
}
}

/// One panel, on all of the page.
pub fn one_trend() -> TrendChart {
    let mut chart = trend();
    chart.panels.truncate(1);
    if let Some(panel) = chart.panels.first_mut() {
        panel.breaks = vec![2019.5];
    }
    chart.title = "Poles have warmed to the US and cooled on China".into();
    chart
}

/// Three series that meet, a lone wave, no sample size, nothing at all, changes of mode.
pub fn odd_trends() -> TrendChart {
    let panel = |head: &str, lines: Vec<Vec<Wave>>| TrendPanel {
        paint: Default::default(),
        head: head.into(),
        lines,
        breaks: vec![],
    };
    let flat = |percent: f64| {
        (0..9)
            .map(|year| wave(2015.2 + f64::from(year), percent, Some(900.0)))
            .collect::<Vec<Wave>>()
    };
    TrendChart {
        has_no_sizes: false,
        paints: Default::default(),
        title: "Everything that seldom occurs".into(),
        subtitle: None,
        series: vec![
            "Trust the government".into(),
            "Trust the courts".into(),
            "Trust nobody".into(),
        ],
        panels: vec![
            TrendPanel {
                breaks: vec![2018.0, 2021.5],
                ..panel(
                    "Three lines in one place",
                    vec![flat(50.0), flat(51.0), flat(49.0)],
                )
            },
            panel("At the edges", vec![flat(100.0), flat(99.0), flat(0.0)]),
            panel(
                "A lone wave",
                vec![
                    vec![wave(2016.0, 40.0, Some(300.0))],
                    vec![
                        wave(2015.2, 70.0, Some(100.0)),
                        wave(2023.0, 60.0, Some(100.0)),
                    ],
                ],
            ),
            panel(
                "No sample size in a country with a long name",
                vec![vec![
                    wave(2019.0, 30.0, None),
                    wave(2016.0, 20.0, None),
                    wave(2022.0, 25.0, Some(500.0)),
                ]],
            ),
            panel("Nothing found", vec![]),
        ],
        moments: vec![],
        footer: vec!["Made-up figures.".into()],
        scale: Scale::Percent,
        ymax: None,
    }
}
