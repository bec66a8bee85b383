//! Charts as slides whose charts can be edited: the numbers go over, the look is that of the program that opens them.

use super::kinds::{
    BannerChart, BannerRow, ChangeChart, ChangeRow, CoefficientChart, CoefficientMark,
    DifferenceChart, Group, Mark, PollsChart, PoolChart, PoolRow, PredictionChart, Question, Row,
    RowKind, StackedChart, StackedSection, TrendChart, Value,
};
use super::kinds::{dated_name, prediction_role};
use super::paint::Paint;
use super::scale::Scale;
use super::theme::{Role, Theme};
use crate::present::office::{
    NativeChart, Point, Series, Shape, Slide, Unit, labels_fit, runs_that_fit,
};

/// More bars than this are not read from across a room: a longer chart takes several slides.
const MOST_BARS: usize = 20;

/// What heads each slide of a chart, and what stands under it.
struct Words<'a> {
    title: &'a str,
    subtitle: Option<&'a str>,
    footer: &'a [String],
    description: String,
}

impl Words<'_> {
    /// A slide a chart; what each is of goes behind the title, where there are several.
    fn slides(&self, charts: Vec<(Option<String>, NativeChart)>) -> Vec<Slide> {
        let many = charts.len();
        let each = charts.into_iter().enumerate().map(|(at, (head, chart))| {
            let title = match head {
                Some(head) if many > 1 && self.title.is_empty() => head,
                Some(head) if many > 1 => format!("{}: {head}", self.title),
                _ if many > 1 => format!("{} ({} of {many})", self.title, at + 1),
                _ => self.title.to_owned(),
            };
            Slide {
                title,
                base: self.subtitle.unwrap_or_default().to_owned(),
                chart: NativeChart {
                    description: self.description.clone(),
                    ..chart
                },
                foot: self.footer.to_vec(),
            }
        });
        each.collect()
    }
}

fn colour(role: Role) -> u32 {
    let (red, green, blue) = Theme::Light.rgb(role);
    u32::from_be_bytes([0, red, green, blue])
}

/// Of a figure that was printed with so many decimals.
fn decimals(printed: &str) -> usize {
    printed.split_once('.').map_or(0, |(_, after)| after.len())
}

/// Shares are in 0..1 in workbooks.
fn scaled(value: f64, scale: &Scale) -> f64 {
    match scale {
        // 27.9 / 100 is a hair more or less than 0.279
        Scale::Percent => (value * 1e10).round() / 1e12,
        Scale::Numbers { .. } => value,
    }
}

/// The unit of figures of which most have so many decimals.
fn unit(scale: &Scale, printed: &[&str]) -> Unit {
    let least = printed.iter().map(|text| decimals(text)).min().unwrap_or(0);
    match scale {
        Scale::Percent => Unit::Share(least),
        Scale::Numbers { .. } => Unit::Number(least),
    }
}

/// The format of a figure that is not printed as the others: with other decimals, or a mere bound.
fn own_format(printed: &str, unit: Unit) -> Option<String> {
    let is_number = printed.trim_start_matches(['-', '−', '+']);
    if is_number.starts_with(|letter: char| !letter.is_ascii_digit()) {
        let sign = if matches!(unit, Unit::Share(_)) {
            "%"
        } else {
            ""
        };
        return Some(format!("\"{}{sign}\"", printed.replace('"', "”")));
    }
    let own = match unit {
        Unit::Share(_) => Unit::Share(decimals(printed)),
        Unit::Number(_) => Unit::Number(decimals(printed)),
        Unit::Signed(_) => Unit::Signed(decimals(printed)),
    };
    (own != unit).then(|| own.format())
}

/// A bar: its label and its figure.
type Bar = (String, Point);

/// A head over bars: it has none itself.
fn is_head((label, point): &Bar) -> bool {
    point.value.is_none() && label.ends_with(':')
}

/// The bars of each slide: a group stays together where it fits one, and one that does not has its head on each.
fn slides_of_bars(bars: &[Bar]) -> Vec<Vec<Bar>> {
    let fits = |slide: &[Bar], more: &[Bar]| {
        let labels = slide.iter().chain(more).map(|(label, _)| label.as_str());
        slide.len() + more.len() <= MOST_BARS && labels_fit(labels, 1)
    };
    let mut slides: Vec<Vec<Bar>> = Vec::new();
    let mut slide: Vec<Bar> = Vec::new();
    for group in bars.chunk_by(|_, next| !is_head(next)) {
        if fits(&slide, group) {
            slide.extend_from_slice(group);
            continue;
        }
        slides.extend(Some(std::mem::take(&mut slide)).filter(|slide| !slide.is_empty()));
        let head = group.first().filter(|bar| is_head(bar));
        slide.extend(head.cloned());
        for bar in group.iter().skip(usize::from(head.is_some())) {
            let has_bars = slide.len() > usize::from(head.is_some());
            if has_bars && !fits(&slide, std::slice::from_ref(bar)) {
                slides.push(std::mem::replace(
                    &mut slide,
                    head.cloned().into_iter().collect(),
                ));
            }
            slide.push(bar.clone());
        }
    }
    slides.extend(Some(slide).filter(|slide| !slide.is_empty()));
    slides
}

/// Bars in one colour, as many slides as they need; heads stand over their bars.
fn bars(name: &str, bars: &[Bar], unit: Unit) -> Vec<(Option<String>, NativeChart)> {
    let charts = slides_of_bars(bars).into_iter().map(|bars| {
        let (categories, points) = bars.into_iter().unzip();
        let series = Series {
            name: name.to_owned(),
            colour: colour(Role::Category(0)),
            points,
        };
        let chart = NativeChart {
            shape: Shape::Bars,
            days: Vec::new(),
            categories,
            series: vec![series],
            unit,
            description: String::new(),
        };
        (None, chart)
    });
    charts.collect()
}

/// What the bars of a scale are called.
fn name_of(scale: &Scale) -> &str {
    match scale {
        Scale::Percent => "Per cent",
        Scale::Numbers { head, .. } => head,
    }
}

/// Dots and bars: the bar with its interval, a figure each.
pub(super) fn figures(
    (title, subtitle): (&str, Option<&str>),
    groups: &[Group],
    (scale, footer): (&Scale, &[String]),
    description: String,
) -> Vec<Slide> {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let printed: Vec<&str> = rows()
        .flat_map(|row| &row.values)
        .filter(|value| value.place().is_some())
        .map(|value| value.printed.as_str())
        .collect();
    let unit = unit(scale, &printed);
    let point = |value: &Value, row: &Row| {
        let Some((at, mark)) = value.place() else {
            return Point::default();
        };
        Point {
            value: Some(scaled(at, scale)),
            interval: match mark {
                Mark::Interval { low, high } => Some((scaled(low, scale), scaled(high, scale))),
                _ => None,
            },
            colour: match (mark, row.kind, row.paint) {
                (Mark::Impossible, ..) => Some(colour(Role::Warn)),
                (_, RowKind::Total | RowKind::DontKnow, Paint::Usual) => {
                    Some(colour(Role::DontKnow))
                }
                (_, _, Paint::Usual) => None,
                _ => Some(colour(row.role())),
            },
            format: own_format(&value.printed, unit),
        }
    };
    let mut all: Vec<Bar> = Vec::new();
    // who was asked, where all are of one poll, stands with what is measured
    let only = match groups {
        [only] => only.head.clone(),
        _ => None,
    };
    let subtitle = subtitle.map(str::to_owned).into_iter().chain(only);
    let subtitle = subtitle.collect::<Vec<String>>().join(" ");
    for group in groups {
        let heads = group.head.iter().filter(|_| groups.len() > 1);
        all.extend(heads.map(|head| (format!("{head}:"), Point::default())));
        for row in &group.rows {
            let indent = "\u{A0}\u{A0}".repeat(usize::from(row.indent));
            if row.values.is_empty() {
                all.push((
                    format!("{indent}{} (no figure found)", row.label),
                    Point::default(),
                ));
            }
            for value in &row.values {
                let source = value.name.iter().filter(|_| row.values.len() > 1);
                let words = source
                    .chain(&value.remark)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", ");
                let words = match words.is_empty() {
                    true => String::new(),
                    false => format!(" ({words})"),
                };
                all.push((format!("{indent}{}{words}", row.label), point(value, row)));
            }
        }
    }
    let words = Words {
        title,
        subtitle: Some(&subtitle),
        footer,
        description,
    };
    words.slides(bars(name_of(scale), &all, unit))
}

/// A slide a question: bars of answers.
pub(super) fn stacked(chart: &StackedChart, description: String) -> Vec<Slide> {
    let mut charts = Vec::new();
    for section in &chart.sections {
        for question in &section.questions {
            let head = question.head.as_ref().or(section.head.as_ref()).cloned();
            let all = section.questions.len() > 1 || chart.sections.len() > 1;
            for chart in stacks(section, question, chart.diverging) {
                charts.push((head.clone().filter(|_| all), chart));
            }
        }
    }
    let words = Words {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        footer: &chart.footer,
        description,
    };
    words.slides(charts)
}

fn stacks(section: &StackedSection, question: &Question, diverging: bool) -> Vec<NativeChart> {
    let parts = || {
        question
            .rows
            .iter()
            .flat_map(|row| row.parts.iter().flatten())
    };
    let printed: Vec<&str> = parts().map(|part| part.printed.as_str()).collect();
    let unit = unit(&Scale::Percent, &printed);
    let runs = runs_that_fit(&question.rows, |row| row.label.as_str(), (MOST_BARS, 1));
    let charts = runs.into_iter().map(|rows| {
        let series = section.stacking(diverging).into_iter();
        let series = series.map(|(at, response)| Series {
            name: response.label.clone(),
            colour: colour(response.role()),
            points: rows
                .iter()
                .map(|row| match row.parts.get(at) {
                    Some(Some(part)) => Point {
                        value: Some(scaled(part.percent, &Scale::Percent)),
                        colour: (row.paint == Paint::Behind)
                            .then(|| colour(Paint::Behind.over(response.role()))),
                        format: own_format(&part.printed, unit),
                        ..Point::default()
                    },
                    _ => Point::default(),
                })
                .collect(),
        });
        NativeChart {
            shape: Shape::Stacked,
            days: Vec::new(),
            categories: rows.iter().map(|row| row.label.clone()).collect(),
            series: series.collect(),
            unit,
            description: String::new(),
        }
    });
    charts.collect()
}

/// One row of a table over its columns: the total, then a block each.
pub(super) fn banner(chart: &BannerChart, description: String) -> Vec<Slide> {
    let rows = chart
        .total
        .iter()
        .chain(chart.blocks.iter().flat_map(|block| &block.rows));
    let printed: Vec<&str> = rows
        .filter_map(|row| Some(row.figure.as_ref()?.printed.as_str()))
        .collect();
    let unit = unit(&chart.scale, &printed);
    let bar = |row: &BannerRow, role: Role| -> Bar {
        let of_scale = |value: f64| scaled(value, &chart.scale);
        let n = match (row.n.is_empty(), &row.remark) {
            (true, None) => String::new(),
            (true, Some(remark)) => format!(" ({remark})"),
            (false, None) => format!(" ({})", row.n),
            (false, Some(remark)) => format!(" ({}, {remark})", row.n),
        };
        let point = row.figure.as_ref().map(|figure| Point {
            value: Some(of_scale(figure.at)),
            interval: figure
                .interval
                .map(|(low, high)| (of_scale(low), of_scale(high))),
            colour: Some(colour(role)),
            format: own_format(&figure.printed, unit),
        });
        (format!("{}{n}", row.label), point.unwrap_or_default())
    };
    let mut all: Vec<Bar> = chart
        .total
        .iter()
        .map(|row| bar(row, Role::Muted))
        .collect();
    for block in &chart.blocks {
        all.push((format!("{}:", block.head), Point::default()));
        all.extend(block.rows.iter().map(|row| match row.differs {
            true => bar(row, Role::Category(0)),
            false => bar(row, Role::Axis),
        }));
    }
    let words = Words {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        footer: &chart.footer,
        description,
    };
    words.slides(bars(name_of(&chart.scale), &all, unit))
}

/// Differences against zero.
pub(super) fn differences(chart: &DifferenceChart, description: String) -> Vec<Slide> {
    let mut all: Vec<Bar> = Vec::new();
    let mut most = 0;
    for group in &chart.groups {
        let heads = group.head.iter().filter(|_| chart.groups.len() > 1);
        all.extend(heads.map(|head| (format!("{head}:"), Point::default())));
        for row in &group.rows {
            let remark = row.remark.as_ref().map(|remark| format!(" ({remark})"));
            let label = format!("{}{}", row.label, remark.unwrap_or_default());
            let Some(difference) = &row.difference else {
                all.push((label, Point::default()));
                continue;
            };
            most = most.max(decimals(&difference.printed));
            all.push((
                label,
                Point {
                    value: Some(difference.points),
                    interval: difference.interval(),
                    colour: Some(colour(difference.role())),
                    format: None,
                },
            ));
        }
    }
    let name = match &chart.scale {
        Scale::Percent => "Points",
        Scale::Numbers { head, .. } => head,
    };
    let only = match chart.groups.as_slice() {
        [only] => only.head.as_ref(),
        _ => None,
    };
    let subtitle = only.into_iter().chain(&chart.subtitle);
    let subtitle = subtitle.cloned().collect::<Vec<String>>().join(". ");
    let words = Words {
        title: &chart.title,
        subtitle: Some(&subtitle),
        footer: &chart.footer,
        description,
    };
    words.slides(bars(name, &all, Unit::Signed(most)))
}

/// A slide a panel: lines over the years.
pub(super) fn trend(chart: &TrendChart, description: String) -> Vec<Slide> {
    let mut charts = Vec::new();
    for panel in &chart.panels {
        let mut whens: Vec<f64> = panel.lines.iter().flatten().map(|wave| wave.when).collect();
        whens.sort_by(f64::total_cmp);
        whens.dedup();
        let printed: Vec<&str> = panel
            .lines
            .iter()
            .flatten()
            .map(|wave| wave.printed.as_str())
            .collect();
        let unit = unit(&chart.scale, &printed);
        let series = chart.series.iter().zip(&panel.lines).enumerate();
        let series = series.map(|(at, (name, waves))| Series {
            name: name.clone(),
            colour: colour(chart.role(at, panel)),
            points: whens
                .iter()
                .map(|when| {
                    let wave = waves.iter().find(|wave| wave.when == *when);
                    wave.map_or_else(Point::default, |wave| Point {
                        value: Some(scaled(wave.at, &chart.scale)),
                        interval: wave.interval.map(|(low, high)| {
                            (scaled(low, &chart.scale), scaled(high, &chart.scale))
                        }),
                        format: own_format(&wave.printed, unit),
                        ..Point::default()
                    })
                })
                .collect(),
        });
        let native = NativeChart {
            shape: Shape::Lines,
            days: days(&whens),
            categories: whens.iter().map(|when| moment(chart, *when)).collect(),
            series: series.collect(),
            unit,
            description: String::new(),
        };
        charts.push((
            Some(panel.head.clone()).filter(|head| !head.is_empty()),
            native,
        ));
    }
    let words = Words {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        footer: &chart.footer,
        description,
    };
    words.slides(charts)
}

/// Averages over a number: a line a group, a category a value of the number.
pub(super) fn predictions(chart: &PredictionChart, description: String) -> Vec<Slide> {
    let points = || chart.lines.iter().flat_map(|line| &line.points);
    let mut values: Vec<f64> = points().map(|point| point.x).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let printed: Vec<&str> = points().map(|point| point.printed.as_str()).collect();
    let unit = unit(&chart.scale, &printed);
    let series = chart.lines.iter().enumerate().map(|(at, line)| Series {
        name: line.name.clone(),
        colour: colour(prediction_role(at)),
        points: values
            .iter()
            .map(|value| {
                let point = line.points.iter().find(|point| point.x == *value);
                point.map_or_else(Point::default, |point| Point {
                    value: Some(scaled(point.at, &chart.scale)),
                    interval: point
                        .interval
                        .map(|(low, high)| (scaled(low, &chart.scale), scaled(high, &chart.scale))),
                    format: own_format(&point.printed, unit),
                    ..Point::default()
                })
            })
            .collect(),
    });
    let native = NativeChart {
        shape: Shape::Lines,
        days: Vec::new(),
        categories: values.iter().map(f64::to_string).collect(),
        series: series.collect(),
        unit,
        description: String::new(),
    };
    let words = Words {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        footer: &chart.footer,
        description,
    };
    words.slides(vec![(None, native)])
}

/// A model: a bar a coefficient from zero; of ratios the logarithm has no bars, so they stand as numbers from 0 with 1 said.
pub(super) fn coefficients(chart: &CoefficientChart, description: String) -> Vec<Slide> {
    let mut all: Vec<Bar> = Vec::new();
    for group in &chart.groups {
        let heads = group.head.iter().filter(|_| chart.groups.len() > 1);
        all.extend(heads.map(|head| (format!("{head}:"), Point::default())));
        for row in &group.rows {
            let n = match row.n.is_empty() {
                true => String::new(),
                false => format!(", n {}", row.n),
            };
            let label = format!("{} ({}{n})", row.label, chart.words(row));
            let point = match row.mark {
                CoefficientMark::Interval { value, low, high } => Point {
                    value: Some(value),
                    interval: Some((low, high)),
                    colour: Some(colour(match chart.is_established(row.mark) {
                        true => Role::Category(0),
                        false => Role::Axis,
                    })),
                    format: None,
                },
                CoefficientMark::Reference => Point {
                    value: Some(chart.neutral()),
                    colour: Some(colour(Role::DontKnow)),
                    ..Point::default()
                },
                CoefficientMark::Unbounded | CoefficientMark::Nobody => Point::default(),
            };
            all.push((label, point));
        }
    }
    let unit = match chart.ratios {
        true => Unit::Number(chart.decimals()),
        false => Unit::Signed(chart.decimals()),
    };
    let words = Words {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        footer: &chart.footer,
        description,
    };
    words.slides(bars(&chart.head, &all, unit))
}

/// The averages as lines over the days; single polls and results are not in it, which the foot says.
pub(super) fn polls(chart: &PollsChart, description: String) -> Vec<Slide> {
    // a native chart of a thousand days can’t be edited: at most so many, the last among them
    const MOST_DAYS: usize = 120;
    let mut all: Vec<f64> = chart
        .lines
        .iter()
        .flat_map(|line| &line.days)
        .map(|day| day.day)
        .collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let step = all.len().div_ceil(MOST_DAYS).max(1);
    let mut days: Vec<f64> = all.iter().rev().step_by(step).copied().collect();
    days.reverse();
    if days.is_empty() {
        return Vec::new();
    }
    let of_scale = |value: f64| match chart.leads {
        true => value,
        false => scaled(value, &Scale::Percent),
    };
    let lines = chart.lines.iter().enumerate();
    let drawn = lines.filter(|(_, line)| !line.days.is_empty());
    let series = drawn.map(|(at, line)| Series {
        name: line.label.clone(),
        colour: colour(chart.role(at)),
        points: days
            .iter()
            .map(|wanted| {
                let day = line.days.iter().find(|day| day.day == *wanted);
                day.map_or_else(Point::default, |day| Point {
                    value: Some(of_scale(day.at)),
                    ..Point::default()
                })
            })
            .collect(),
    });
    // spreadsheets count days from the end of 1899
    const FIRST: f64 = 25_569.0;
    let native = NativeChart {
        shape: Shape::Lines,
        days: days.iter().map(|day| (day + FIRST) as u32).collect(),
        categories: days.iter().map(|day| dated_name(*day)).collect(),
        series: series.collect(),
        unit: match chart.leads {
            true => Unit::Signed(1),
            false => Unit::Share(1),
        },
        description: String::new(),
    };
    let subtitle = chart.subtitle.as_ref();
    let subtitle = subtitle.map(|text| match text.split_once(" Dots are polls") {
        Some((measured, _)) => measured.to_owned(),
        None => text.clone(),
    });
    let words = Words {
        title: &chart.title,
        subtitle: subtitle.as_deref(),
        footer: &chart.footer,
        description,
    };
    words.slides(vec![(None, native)])
}

/// Polls and their average with intervals; how much a poll weighs stands behind its name.
pub(super) fn pool(chart: &PoolChart, description: String) -> Vec<Slide> {
    let scale = match chart.shares {
        true => Scale::Percent,
        false => Scale::Numbers {
            head: String::new(),
            from_zero: true,
        },
    };
    let rows = || chart.polls.iter().chain(std::iter::once(&chart.average));
    let printed: Vec<&str> = rows().map(|row| row.printed.as_str()).collect();
    let unit = unit(&scale, &printed);
    let bar = |row: &PoolRow, role: Role, weight: String| -> Bar {
        let n = match row.n.is_empty() {
            true => String::new(),
            false => format!("n {}", row.n),
        };
        let aside: Vec<String> = [n, weight]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let aside = match aside.is_empty() {
            true => String::new(),
            false => format!(" ({})", aside.join(", ")),
        };
        let point = Point {
            value: Some(scaled(row.at, &scale)),
            interval: Some((
                scaled(row.interval.0, &scale),
                scaled(row.interval.1, &scale),
            )),
            colour: Some(colour(role)),
            format: own_format(&row.printed, unit),
        };
        (format!("{}{aside}", row.label), point)
    };
    let mut all: Vec<Bar> = chart
        .polls
        .iter()
        .map(|row| {
            let weight = format!("weight {:.0}%", 100.0 * row.weight);
            bar(row, Role::Category(0), weight)
        })
        .collect();
    all.push(bar(&chart.average, Role::Ink, String::new()));
    let footer: Vec<String> = chart
        .another
        .iter()
        .map(|(name, _, range)| format!("{name}: {range}."))
        .chain(chart.footer.iter().cloned())
        .collect();
    let words = Words {
        title: &chart.title,
        subtitle: chart.subtitle.as_deref(),
        footer: &footer,
        description,
    };
    words.slides(bars(chart.unit(), &all, unit))
}

/// Both moments side by side; the change with its interval stands behind the name.
pub(super) fn change(chart: &ChangeChart, description: String) -> Vec<Slide> {
    let scale = match chart.are_leads {
        true => Scale::Numbers {
            head: String::new(),
            from_zero: true,
        },
        false => Scale::Percent,
    };
    let printed: Vec<&str> = chart
        .rows
        .iter()
        .flat_map(|row| [row.earlier.printed.as_str(), row.later.printed.as_str()])
        .collect();
    let unit = match chart.are_leads {
        true => Unit::Signed(printed.iter().map(|text| decimals(text)).min().unwrap_or(0)),
        false => unit(&scale, &printed),
    };
    let named: Vec<(String, &ChangeRow)> =
        chart.rows.iter().map(|row| (row.in_words(), row)).collect();
    let runs = runs_that_fit(&named, |(name, _)| name.as_str(), (MOST_BARS / 2, 2));
    let charts = runs.into_iter().map(|named| {
        let rows = || named.iter().map(|(_, row)| *row);
        let series = |name: &str, role: Role, later: bool| Series {
            name: name.to_owned(),
            colour: colour(role),
            points: rows()
                .map(|row| {
                    let figure = if later { &row.later } else { &row.earlier };
                    Point {
                        value: Some(scaled(figure.at, &scale)),
                        format: own_format(&figure.printed, unit),
                        ..Point::default()
                    }
                })
                .collect(),
        };
        let native = NativeChart {
            shape: Shape::Bars,
            days: Vec::new(),
            categories: named.iter().map(|(name, _)| name.clone()).collect(),
            series: vec![
                series(&chart.moments.0, Role::Half, false),
                series(&chart.moments.1, Role::Category(0), true),
            ],
            unit,
            description: String::new(),
        };
        (None, native)
    });
    // the intervals stand behind the names
    let subtitle = chart.subtitle.as_deref();
    let words = Words {
        title: &chart.title,
        subtitle: subtitle.map(|text| text.split(" Lines are").next().unwrap_or(text)),
        footer: &chart.footer,
        description,
    };
    words.slides(charts.collect())
}

fn moment(chart: &TrendChart, when: f64) -> String {
    let mut moments = chart.moments.iter();
    match moments.find(|moment| moment.when == when) {
        Some(moment) => moment.name.clone(),
        None => format!("{}", when.floor()),
    }
}

/// The days of the times as spreadsheets count them, where they are dates: a line between two polls is as long as the time was.
fn days(whens: &[f64]) -> Vec<u32> {
    const YEARS: std::ops::RangeInclusive<f64> = 1901.0..=3000.0;
    if !whens.iter().all(|when| YEARS.contains(when)) {
        return Vec::new();
    }
    whens
        .iter()
        .map(|when| ((when - 1900.0) * 365.2425).round() as u32)
        .collect()
}
