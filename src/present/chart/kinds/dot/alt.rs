//! The chart in words, for those who cannot see it: kind, how many, the extremes, every flagged row.

use super::row::{Mark, Row, Value};
use super::words::ends;
use super::{Body, PanelChart};
use crate::frames::words::capitalised;
use crate::present::chart::words::Language;

/// A description is heard in full: more flagged rows than this are only counted.
const MOST_FLAGS: usize = 20;

/// “Dot plot of 13 figures in three groups. Highest: … Lowest: … Flagged: …”
pub(super) fn rows(chart: &Body, words: &Language) -> String {
    let figures = chart
        .all_figures()
        .filter(|(_, value)| value.place().is_some())
        .count();
    let kind = words.fill(chart.look.name(), &[]);
    let count = figures.to_string();
    let mut sentences = vec![match (figures, chart.groups.len()) {
        (1, _) => words.fill("{} of one figure.", &[&kind]),
        (_, 0 | 1) => words.fill("{} of {} figures.", &[&kind, &count]),
        (_, groups) => words.fill(
            "{} of {} figures in {} groups.",
            &[&kind, &count, &words.counted(groups)],
        ),
    }];
    let telling = Telling {
        words,
        sign: chart.scale.sign(),
    };
    sentences.extend(telling.extremes(chart.all_figures()));
    sentences.extend(telling.flags(chart.all_rows()));
    sentences.join(" ")
}

/// “Eight small dot plots, one a question.”, then every figure of every panel.
pub(super) fn panel_chart(chart: &PanelChart, words: &Language) -> String {
    let mut sentences = vec![match chart.all_panels().count() {
        1 => words.fill("One small dot plot.", &[]),
        plots => {
            let plots = capitalised(&words.counted(plots));
            words.fill("{} small dot plots, one a question.", &[&plots])
        }
    }];
    let telling = Telling { words, sign: "" };
    for panel in chart.all_panels() {
        let figures: Vec<String> = panel
            .rows
            .iter()
            .map(|row| {
                let printed = row.figures().iter().map(|value| telling.figure(value));
                let printed =
                    printed.reduce(|clause, next| words.fill("{} or {}", &[&clause, &next]));
                format!("{} {}", row.label, printed.unwrap_or_default())
            })
            .collect();
        sentences.push(words.fill("{}: {}.", &[&panel.head, &figures.join(", ")]));
    }
    sentences.join(" ")
}

/// Figures in the words of a language, with the sign of their scale.
struct Telling<'l> {
    words: &'l Language,
    sign: &'static str,
}

impl Telling<'_> {
    /// A figure as it is told in a list.
    fn figure(&self, value: &Value) -> String {
        let printed = self.words.value(&value.printed);
        match value.place() {
            None => self.words.fill("not found", &[]),
            Some((_, Mark::AtLeast)) => self.words.fill("at least {}", &[&printed]),
            Some((_, Mark::AtMost)) => self.words.fill("at most {}", &[&printed]),
            Some((_, Mark::Impossible)) => {
                self.words.fill("{}, which cannot be right", &[&printed])
            }
            Some(_) => printed,
        }
    }

    /// “90%”.
    fn printed(&self, value: &Value) -> String {
        let printed = value.printed.trim_end_matches('%');
        self.words.value(&format!("{printed}{}", self.sign))
    }

    /// “90% (88.4 to 91.4)”.
    fn with_interval(&self, value: &Value) -> String {
        let printed = self.printed(value);
        match value.mark {
            Mark::Interval { low, high } => {
                let (low, high) = ends(value, (low, high));
                let range = self.words.value(&format!("{low} to {high}"));
                self.words.fill("{} ({})", &[&printed, &range])
            }
            Mark::Bare => printed,
            _ => self.words.fill("{}, no sample size", &[&printed]),
        }
    }

    /// The highest figure and the lowest, of those that stand for themselves.
    fn extremes<'a>(&self, figures: impl Iterator<Item = (&'a Row, &'a Value)>) -> Vec<String> {
        let placed: Vec<(&Row, &Value, f64)> = figures
            .filter_map(|(row, value)| {
                let (at, mark) = value.place()?;
                matches!(
                    mark,
                    Mark::Interval { .. } | Mark::NoSampleSize | Mark::Bare
                )
                .then_some((row, value, at))
            })
            .collect();
        // The first of equals, both ways.
        let highest = placed.iter().rev().max_by(|a, b| a.2.total_cmp(&b.2));
        let lowest = placed.iter().min_by(|a, b| a.2.total_cmp(&b.2));
        let mut sentences = Vec::new();
        for (which, extreme) in [("Highest: {}.", highest), ("Lowest: {}.", lowest)] {
            sentences.extend(extreme.map(|(row, value, _)| {
                let label = match value.name.as_ref().filter(|_| row.by_place) {
                    Some(place) => self
                        .words
                        .fill("{}, {}", &[&row.label, &self.words.value(place)]),
                    None => row.label.clone(),
                };
                let clause = self
                    .words
                    .fill("{}, {}", &[&label, &self.with_interval(value)]);
                self.words.fill(which, &[&clause])
            }));
        }
        sentences.truncate(if placed.len() == 1 { 1 } else { 2 });
        sentences
    }

    fn flags<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> Option<String> {
        let all: Vec<String> = rows.flat_map(|row| self.row_flags(row)).collect();
        let more = all.len().saturating_sub(MOST_FLAGS);
        let mut clauses: Vec<String> = all.into_iter().take(MOST_FLAGS).collect();
        if more > 0 {
            clauses.push(self.words.fill("{} more", &[&more.to_string()]));
        }
        let clauses = (!clauses.is_empty()).then(|| clauses.join("; "))?;
        Some(self.words.fill("Flagged: {}.", &[&clauses]))
    }

    /// What a reader must know of a row: what cannot be right, what is missing, what sources disagree on.
    fn row_flags(&self, row: &Row) -> Vec<String> {
        let mut flags = Vec::new();
        let possible = row
            .figures()
            .iter()
            .filter(|value| value.mark != Mark::Impossible && value.place().is_some());
        let printed: Vec<String> = possible.map(|value| self.printed(value)).collect();
        if printed.len() > 1 && !row.by_place {
            let printed = self.words.list(&printed);
            flags.push(
                self.words
                    .fill("{}: {} were printed", &[&row.label, &printed]),
            );
        }
        flags.extend(
            row.figures()
                .iter()
                .filter_map(|value| self.flag(row, value)),
        );
        flags
    }

    fn flag(&self, row: &Row, value: &Value) -> Option<String> {
        let remark = value
            .remark
            .as_deref()
            .map(|remark| self.words.value(remark));
        let labelled = |clause: &str| self.words.fill("{}: {}", &[&row.label, clause]);
        let printed = || self.printed(value);
        let or = |english: &str| remark.clone().unwrap_or_else(|| self.words.value(english));
        match value.place() {
            None => Some(labelled(&or("no figure found"))),
            Some((_, Mark::Impossible)) => {
                Some(labelled(&format!("{} {}", printed(), or("can’t be right"))))
            }
            Some((_, Mark::AtLeast | Mark::AtMost)) => {
                let values = [row.label.as_str(), &self.figure(value)];
                Some(self.words.fill("{}: only {} is known", &values))
            }
            Some((_, Mark::NoSampleSize)) => {
                Some(labelled(&format!("{} {}", printed(), or("no n"))))
            }
            Some(_) => remark.map(|remark| labelled(&remark)),
        }
    }
}
