//! A tracker as a chart: polls, averages, results, and what the band leaves out; and what each house prints.

use super::words::{base_words, date_words, lead_words, level_clause, share_words};
use crate::frames::HouseRow;
use crate::frames::words::{and, capitalised, signed_points, thousands};
use crate::present::chart::{
    Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow, LineDay, PollDot,
    PollsChart, PollsLine, Scale,
};
use crate::present::published::Captions;
use crate::published::trend::{DayEstimate, Measure, Outcome, Selection, Trend};

/// Houses with a colour of their own.
const COLOURED_HOUSES: usize = 6;

/// Houses with fewer polls are not drawn among the effects.
const LEAST_DRAWN: u32 = 5;

/// What the colour of a dot says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DotStyle {
    /// The answer.
    Answers,
    /// The house, of the six with most polls.
    Houses,
}

/// Everything that a chart of polls shows.
pub struct PollsPicture<'a> {
    /// What was asked about.
    pub contest: &'a str,
    /// The answers with a line.
    pub trends: &'a [Trend<'a>],
    /// The answers whose polls are too few for a line.
    pub few: &'a [(Measure, Selection<'a>)],
    /// The days of each trend.
    pub days: &'a [Vec<DayEstimate>],
    /// The results of the contest.
    pub outcomes: Vec<&'a Outcome>,
    /// Whether the shares were moved to sum to 100.
    pub together: bool,
    /// The lead of the first of two answers on the last day.
    pub lead: Option<(Measure, DayEstimate)>,
    /// What the colour of a dot says.
    pub style: DotStyle,
    /// In place of the title that the numbers make.
    pub title: Option<&'a str>,
    /// In place of the subtitle that they make.
    pub subtitle: Option<&'a str>,
}

/// Draws polls as dots, averages as lines, results as diamonds.
pub fn polls_chart(picture: &PollsPicture) -> PollsChart {
    let leads = picture
        .measures()
        .any(|measure| matches!(measure, Measure::Lead(..)));
    let houses = picture.coloured_houses();
    let (first, last) = picture.span();
    let votes: Vec<&Outcome> = picture
        .outcomes
        .iter()
        .copied()
        .filter(|outcome| outcome.day >= first && outcome.day <= last + 31)
        .filter(|outcome| {
            picture
                .measures()
                .any(|one| one.in_outcome(outcome).is_some())
        })
        .collect();
    let results = |measure: &Measure| {
        let shares = votes.iter().map(|vote| measure.in_outcome(vote));
        shares
            .map(|share| share.map(|share| 100.0 * share))
            .collect()
    };
    let mut lines: Vec<PollsLine> = picture
        .trends
        .iter()
        .zip(picture.days)
        .map(|(trend, days)| PollsLine {
            label: trend.measure.name(),
            dots: dots(&trend.measure, &trend.selection, &houses),
            days: days.iter().map(|day| line_day(trend, day)).collect(),
            last_poll: trend.last_poll() as f64,
            results: results(&trend.measure),
            ..PollsLine::default()
        })
        .collect();
    lines.extend(picture.few.iter().map(|(measure, selection)| PollsLine {
        label: measure.name(),
        dots: dots(measure, selection, &houses),
        results: results(measure),
        ..PollsLine::default()
    }));
    let at = |line: &PollsLine| line.days.last().map_or(f64::NEG_INFINITY, |day| day.at);
    lines.sort_by(|one, other| at(other).total_cmp(&at(one)));
    let mut chart = PollsChart {
        title: picture
            .title
            .map_or_else(|| picture.title_words(), str::to_owned),
        subtitle: Some(
            picture
                .subtitle
                .map_or_else(|| picture.subtitle_words(leads), str::to_owned),
        ),
        lines,
        votes: votes.iter().map(|vote| vote.day as f64).collect(),
        houses,
        leads,
        level: picture
            .trends
            .first()
            .map_or(0.95, |trend| trend.options.level),
        footer: Vec::new(),
    };
    chart.footer = picture.footer(&chart);
    chart
}

impl PollsPicture<'_> {
    fn measures(&self) -> impl Iterator<Item = &Measure> {
        let few = self.few.iter().map(|(measure, _)| measure);
        self.trends.iter().map(|trend| &trend.measure).chain(few)
    }

    fn selections(&self) -> impl Iterator<Item = &Selection<'_>> {
        let few = self.few.iter().map(|(_, selection)| selection);
        self.trends.iter().map(|trend| &trend.selection).chain(few)
    }

    /// The first and the last day with a poll.
    fn span(&self) -> (i64, i64) {
        let used = || self.selections().flat_map(|selection| &selection.used);
        let firsts = used().filter_map(|one| one.poll.first_day());
        let lasts = used().filter_map(|one| one.poll.last_day());
        (
            firsts.min().unwrap_or_default(),
            lasts.max().unwrap_or_default(),
        )
    }

    /// The houses with most polls; of equals the first by name.
    fn coloured_houses(&self) -> Vec<String> {
        if self.style == DotStyle::Answers {
            return Vec::new();
        }
        let mut counts: Vec<(String, usize)> = Vec::new();
        for one in self.selections().flat_map(|selection| &selection.used) {
            match counts.iter_mut().find(|(house, _)| *house == one.house) {
                Some((_, count)) => *count += 1,
                None => counts.push((one.house.clone(), 1)),
            }
        }
        counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        let most = counts.into_iter().take(COLOURED_HOUSES);
        most.map(|(house, _)| house).collect()
    }

    /// "In these polls Clinton leads Trump by 4.7 points"; of other numbers of answers where the first stands.
    fn title_words(&self) -> String {
        if let Some((Measure::Lead(a, b), day)) = &self.lead {
            let words = lead_words(a, b, day);
            let by = 100.0 * day.estimate.abs();
            return match words.contains("even") {
                true => words,
                false => format!("{words} by {by:.1} points"),
            };
        }
        let ends = self.trends.iter().zip(self.days);
        let mut ends: Vec<(&Trend, &DayEstimate)> = ends
            .filter_map(|(trend, days)| Some((trend, days.last()?)))
            .collect();
        ends.sort_by(|one, other| other.1.estimate.total_cmp(&one.1.estimate));
        let number = |trend: &Trend, value: f64| match trend.measure {
            Measure::Lead(..) => format!("{} points", signed_points(100.0 * value)),
            _ => format!("{}%", share_words(value, false)),
        };
        let named: Vec<String> = ends
            .iter()
            .take(3)
            .map(|(trend, day)| format!("{} {}", trend.measure.name(), number(trend, day.estimate)))
            .collect();
        match named.as_slice() {
            [] => format!("Polls of {}", self.contest.replace('_', " ")),
            [only] => format!("{only} in the average of polls"),
            several => format!("The average of polls: {}", several.join(", ")),
        }
    }

    fn subtitle_words(&self, leads: bool) -> String {
        let level = self
            .trends
            .first()
            .map_or(0.95, |trend| trend.options.level);
        let contest = match self.contest {
            "" => String::new(),
            contest => format!(", {}", contest.replace('_', " ")),
        };
        format!(
            "{}{contest}. Dots are polls{}.",
            if leads { "Points" } else { "Per cent" },
            match self.trends.is_empty() {
                true => String::new(),
                false => format!(
                    ", lines their averages, shaded {}% bands",
                    (level * 1e4).round() / 1e2
                ),
            }
        )
    }

    fn footer(&self, chart: &PollsChart) -> Vec<String> {
        let mut paragraphs = vec![self.polls_words(chart)];
        paragraphs.extend(self.band_words());
        paragraphs
    }

    /// Polls, houses, days, level, base, axis, marks.
    fn polls_words(&self, chart: &PollsChart) -> String {
        let (first, last) = self.span();
        let largest = self
            .selections()
            .max_by_key(|selection| selection.used.len());
        let used = largest
            .map(|selection| selection.used.as_slice())
            .unwrap_or_default();
        let mut houses: Vec<&str> = used.iter().map(|one| one.house.as_str()).collect();
        houses.sort_unstable();
        houses.dedup();
        let (polls, dates) = (thousands(used.len() as f64), date_words(first, last));
        let mut words = match houses.len() {
            1 if used.len() == 1 => format!("one poll, {dates}"),
            1 => format!("{polls} polls by one house, {dates}"),
            houses => format!("{polls} polls by {houses} houses, {dates}"),
        };
        if let Some(trend) = self.trends.first() {
            words += &format!("; {}", level_clause(trend));
        }
        if self.together {
            words += "; shares moved to sum to 100";
        }
        words += ".";
        let bases: Vec<String> = self
            .trends
            .first()
            .and_then(base_words)
            .into_iter()
            .collect();
        for base in bases {
            words += &format!(" {base}");
        }
        words += &format!(" The axis runs from {}.", chart.axis_words());
        let mut marks = Vec::new();
        if chart
            .lines
            .iter()
            .any(|line| line.results.iter().any(Option::is_some))
        {
            marks.push("diamonds: the result".to_owned());
        }
        match used
            .iter()
            .filter(|one| !one.poll.partisan.is_empty())
            .count()
        {
            0 => {}
            1 => marks.push("hollow square: a poll for one side".to_owned()),
            count => marks.push(format!("hollow squares: {count} polls for one side")),
        }
        if used.iter().any(|one| one.assumed) {
            marks.push("open dots: polls that do not say how many they asked".to_owned());
        }
        if chart.lines.len() > COLOURED_HOUSES {
            marks.push("grey: answers beyond the sixth".to_owned());
        }
        if !marks.is_empty() {
            words += &format!(" {}.", capitalised(&marks.join("; ")));
        }
        if !self.few.is_empty() {
            let names: Vec<String> = self.few.iter().map(|(measure, _)| measure.name()).collect();
            words += &format!(" No line of {}: too few polls.", and(&names));
        }
        words
    }

    /// What the band holds and what it leaves out; nothing without a line.
    fn band_words(&self) -> Option<String> {
        let trend = self.trends.first()?;
        let mut words =
            "The line allows for house effects and for what polls differ by beyond sampling."
                .to_owned();
        words += &match trend.options.historical_error {
            None => " The band is what these polls say; an error that all of them share is not in it (in 21 past elections \
                     such bands held 53% of results)."
                .to_owned(),
            Some(b) => format!(
                " The band is what these polls say; the outline holds an error that all of them share too, {:.1} points at \
                 50%, that of 21 past elections in five countries.",
                100.0 * b
            ),
        };
        let beyond = self.days.iter().flatten().any(|day| day.nowcast);
        words += match beyond {
            true => " Broken beyond the last poll: if opinion moves as it did. Not a forecast.",
            false => " Not a forecast.",
        };
        Some(words)
    }
}

fn dots(measure: &Measure, selection: &Selection, houses: &[String]) -> Vec<PollDot> {
    let used = selection.used.iter();
    used.filter_map(|one| {
        let (value, _) = measure.in_poll(one.poll)?;
        Some(PollDot {
            day: one.middle,
            at: 100.0 * value,
            sized: !one.assumed,
            partisan: !one.poll.partisan.is_empty(),
            house: houses.iter().position(|house| *house == one.house),
        })
    })
    .collect()
}

/// A day in per cent. With a historical error the band is that of the polls alone, the outline the wider one.
fn line_day(trend: &Trend, day: &DayEstimate) -> LineDay {
    let alone = trend.band(day.estimate, day.polls_se);
    let percent = |(low, high): (f64, f64)| (100.0 * low, 100.0 * high);
    LineDay {
        day: day.day as f64,
        at: 100.0 * day.estimate,
        band: percent(alone),
        outline: trend
            .options
            .historical_error
            .map(|_| percent((day.low, day.high))),
    }
}

/// What each house prints beyond the level, the highest first; houses of few polls are counted and not drawn.
pub fn effects_chart(
    trend: &Trend,
    contest: &str,
    rows: &[HouseRow],
    captions: Captions,
) -> DifferenceChart {
    let most = rows.iter().map(|row| row.polls).max().unwrap_or_default();
    let least = LEAST_DRAWN.min(most);
    let mut drawn: Vec<&HouseRow> = rows.iter().filter(|row| row.polls >= least).collect();
    drawn.sort_by(|one, other| other.estimate.total_cmp(&one.estimate));
    let row = |row: &&HouseRow| DifferenceRow {
        label: row.house.clone(),
        difference: Some(Difference {
            printed: signed_points(100.0 * row.estimate),
            points: 100.0 * row.estimate,
            ends: None,
            mark: DifferenceMark::Interval {
                low: 100.0 * row.ci_low,
                high: 100.0 * row.ci_high,
            },
        }),
        aside: Some(row.polls.to_string()),
        ..DifferenceRow::default()
    };
    let label = trend.measure.name();
    let title = match (captions.title.is_empty(), drawn.first(), drawn.last()) {
        (false, ..) => captions.title,
        (true, Some(first), Some(last)) if drawn.len() > 1 => format!(
            "{}: {} prints {} points against the average house, {} {}",
            label,
            first.house,
            signed_points(100.0 * first.estimate),
            last.house,
            signed_points(100.0 * last.estimate)
        ),
        (true, ..) => format!("{label}: what each house prints beyond the level"),
    };
    let level = (trend.options.level * 1e4).round() / 1e2;
    let subtitle = captions.subtitle.unwrap_or_else(|| {
        format!(
            "House effects for {label}{} in points, houses with {least} and more polls. Lines are {level}% intervals.",
            match contest {
                "" => String::new(),
                contest => format!(" ({})", contest.replace('_', " ")),
            }
        )
    });
    let mut footer = vec![effects_words(trend, rows, drawn.len(), least)];
    footer.extend(captions.foot);
    DifferenceChart {
        title,
        subtitle: Some(subtitle),
        groups: vec![DifferenceGroup {
            rows: drawn.iter().map(row).collect(),
            ..DifferenceGroup::default()
        }],
        footer,
        level: trend.options.level,
        scale: Scale::Numbers {
            head: "points".to_owned(),
            from_zero: true,
        },
        aside: Some("polls".to_owned()),
    }
}

fn effects_words(trend: &Trend, rows: &[HouseRow], drawn: usize, least: u32) -> String {
    let relative = rows
        .first()
        .map(|row| row.relative_to.as_str())
        .unwrap_or_default();
    let result = trend.goes_through_results();
    let mut words = match result {
        true => format!("Relative to {relative}: the error of each house then."),
        false => {
            format!("Relative to {relative}, not to the truth: an effect says nobody was wrong.")
        }
    };
    words +=
        " Effects of houses with few polls are drawn towards 0. Grey: 0 lies inside the interval.";
    match rows.len() - drawn {
        0 => {}
        1 => {
            words += &format!(
                " One house with fewer than {least} polls counts in the average and is not drawn."
            )
        }
        more => {
            words += &format!(
                " {more} houses with fewer than {least} polls count in the average and are not drawn."
            );
        }
    }
    words
}
