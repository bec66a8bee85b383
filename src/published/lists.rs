//! A plain list of answers and per cents, as a person copies it from a page: whether it adds up, its NETs, its rounding, its
//! lead.

use super::coherence::rules;
use super::compare::{Share, joint_variance, two_sided};
use super::figures::percent::Percent;
use super::figures::store::{Finding, Qualifier, Severity};
use crate::frames::nets::parts_of_nets_in_groups;
use crate::frames::non_answers::non_answer;
use crate::frames::words::{and, distinct, nearest, signed_points, thousands};

/// A row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFigure {
    /// What sets its question apart in a list of several: the other columns; empty for a list of one.
    pub question: String,
    /// The columns that tell rows apart, by name.
    pub groups: Vec<(String, String)>,
    /// The answer.
    pub label: String,
    /// As printed.
    pub percent: Percent,
    /// How the print stands to the value: exact, about, a bound.
    pub qualifier: Qualifier,
    /// Respondents.
    pub n: Option<f64>,
    /// The answers that a NET adds up, where the list names them.
    pub net_of: Vec<String>,
    /// The answers that it adds up by its name and by what they come to, where the list does not say.
    pub parts: Vec<String>,
    /// Whether its label is no answer but a sample, or a part of one: a country, a pollster, a date.
    pub label_is_sample: bool,
    /// The line of the file.
    pub line: u64,
}

/// Rows that add up to something this far from 100 are not the answers of one question.
const FAR: f64 = 20.0;
/// Ends are multiples of half a printed digit; what is left under that is noise of the arithmetic.
const NOISE: f64 = 1e-9;

impl ListedFigure {
    fn range(&self) -> (f64, f64) {
        self.percent.stands_for(self.qualifier)
    }

    fn printed(&self) -> String {
        format!("{} {}", self.label, self.percent)
    }

    /// Whether it is a NET: its parts are named, or stand in the list.
    pub fn is_net(&self) -> bool {
        !self.net_of.is_empty() || !self.parts.is_empty()
    }

    /// An answer that is none of those offered, or none at all: it never leads.
    fn is_no_answer(&self) -> bool {
        non_answer(&self.label).is_some()
    }
}

/// Finds the NETs among the answers of each question.
pub fn mark_nets(rows: &mut [ListedFigure]) {
    let values: Vec<(&str, &str, f64)> = rows
        .iter()
        .map(|row| (row.question.as_str(), row.label.as_str(), row.percent.value))
        .collect();
    let label = |at: &usize| rows.get(*at).map(|row| row.label.clone());
    let parts: Vec<Vec<String>> = parts_of_nets_in_groups(&values)
        .iter()
        .map(|parts| parts.iter().filter_map(label).collect())
        .collect();
    for (row, parts) in rows.iter_mut().zip(parts) {
        row.parts = parts;
    }
}

fn sum_of(rows: &[&ListedFigure]) -> (f64, f64, f64) {
    rows.iter()
        .fold((0.0, 0.0, 0.0), |(low, value, high), row| {
            let range = row.range();
            (low + range.0, value + row.percent.value, high + range.1)
        })
}

/// At most two decimals, none that say nothing.
fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether the rows are the answers of one question that takes one: within their rounding they add up to 100.
pub fn is_whole_question(rows: &[ListedFigure]) -> bool {
    let questions = distinct(rows.iter().map(|row| row.question.as_str()));
    let answers = answers(&rows.iter().collect::<Vec<_>>());
    let (low, _, high) = sum_of(&answers);
    let are_answers = !rows.iter().any(|row| row.label_is_sample);
    are_answers
        && questions.len() == 1
        && answers.len() > 1
        && low <= 100.0 + NOISE
        && high >= 100.0 - NOISE
}

/// Rows as shares of those who gave other answers, and what was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsOfTheRest {
    pub rows: Vec<ListedFigure>,
    /// The answers that are left out, as the list has them.
    pub without: Vec<String>,
    /// Labels of rows that are not in it: of a question without such an answer, and NETs that hold one.
    pub lost: Vec<String>,
}

/// Shares of those who gave other answers than these: `p/(1 − d)` with d the shares left out, on `n (1 − d)` respondents.
///
/// # Errors
/// An answer that the list does not have, with the nearest that it has.
pub fn of_the_rest(rows: &[ListedFigure], names: &[String]) -> Result<RowsOfTheRest, String> {
    let plain = |text: &str| text.trim().to_lowercase().replace('’', "'");
    let is_named = |label: &str| names.iter().any(|name| plain(name) == plain(label));
    for name in names {
        if rows.iter().all(|row| plain(&row.label) != plain(name)) {
            let labels = rows.iter().map(|row| row.label.as_str());
            let near = nearest(name, labels);
            let hint = near.map_or_else(String::new, |near| format!("; did you mean “{near}”?"));
            return Err(format!("there is no answer “{name}”{hint}"));
        }
    }
    let (out, others): (Vec<&ListedFigure>, Vec<&ListedFigure>) =
        rows.iter().partition(|row| is_named(&row.label));
    let mut rest = RowsOfTheRest {
        rows: Vec::new(),
        without: distinct(out.iter().map(|row| row.label.clone())),
        lost: Vec::new(),
    };
    for row in others {
        let beside = out.iter().filter(|out| out.question == row.question);
        let beside: Vec<&Percent> = beside.map(|out| &out.percent).collect();
        let holds_one = row.net_of.iter().any(|part| is_named(part));
        let left = 1.0 - beside.iter().map(|percent| percent.value).sum::<f64>() / 100.0;
        let percent = row.percent.of_the_rest(&beside);
        match percent.filter(|_| !beside.is_empty() && !holds_one) {
            Some(percent) => rest.rows.push(ListedFigure {
                percent,
                n: row.n.map(|n| n * left),
                ..row.clone()
            }),
            None => rest.lost.push(row.label.clone()),
        }
    }
    Ok(rest)
}

/// The rows that are no NET.
fn answers<'r>(rows: &[&'r ListedFigure]) -> Vec<&'r ListedFigure> {
    let rows = rows.iter().copied();
    rows.filter(|row| !row.is_net()).collect()
}

/// What is wrong with a list, or worth knowing before it is printed, in the order of its lines.
///
/// * `conflict`: an answer that stands there twice, with values whose rounding ranges have no more than a point in common.
/// * `net-parts`: a NET that is not the sum of its parts: those that `net_of` names, else [`ListedFigure::parts`].
/// * `sum-over-100`, `sum-under-100`: answers that add up to more or less than 100 beyond their rounding; of rows that are far
///   from 100 it is said that they are no answers of one question.
/// * `rounding`: answers that add up to 99 or 101 by rounding, and decimals that differ.
/// * `attainable`: a share that no number of so many respondents gives.
/// * `lead`: how far the first answer is ahead of the second, with its interval: `z sqrt((a + b - (a - b)^2)/n)`.
///
/// Rows that are called by samples, countries down and years across say, are no answers of one question: of their sum and lead
/// nothing is said.
pub fn list_findings(file: &str, rows: &[ListedFigure], level: f64) -> Vec<Finding> {
    let mut findings = Vec::new();
    for question in distinct(rows.iter().map(|row| row.question.as_str())) {
        let own = rows.iter().filter(|row| row.question == question);
        let check = ListCheck {
            file,
            question,
            rows: own.collect(),
            level,
        };
        findings.extend(check.repeated());
        findings.extend(check.nets());
        findings.extend(check.decimals());
        findings.extend(check.attainable());
        if !check.rows.iter().any(|row| row.label_is_sample) {
            findings.extend(check.sum());
            findings.extend(check.lead());
        }
    }
    findings.sort_by_key(|finding| (finding.severity, finding.line));
    findings
}

/// The rows of one question.
struct ListCheck<'r> {
    file: &'r str,
    question: &'r str,
    rows: Vec<&'r ListedFigure>,
    level: f64,
}

impl ListCheck<'_> {
    fn finding(
        &self,
        rule: &'static str,
        severity: Severity,
        row: &ListedFigure,
        message: String,
    ) -> Finding {
        let message = match self.question {
            "" => message,
            question => format!("{question}: {message}"),
        };
        Finding::new(rule, severity, self.file, message)
            .line(row.line)
            .column("percent")
            .id(&row.label)
    }

    fn repeated(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let earlier = self
                .rows
                .iter()
                .take(place)
                .find(|other| other.label == row.label);
            let Some(earlier) = earlier else { continue };
            let (a, b) = (earlier.range(), row.range());
            let agree =
                a.1.min(b.1) - a.0.max(b.0) > NOISE || earlier.percent.value == row.percent.value;
            let (severity, message, fix) = match agree {
                true => (
                    Severity::Note,
                    format!(
                        "{} stands there twice, in line {} too",
                        row.label, earlier.line
                    ),
                    "leave one out, or say in a column of its own what sets them apart",
                ),
                false => (
                    Severity::Warning,
                    format!(
                        "{} and {} for {}, in line {} too",
                        earlier.percent, row.percent, row.label, earlier.line
                    ),
                    "keep the one that was printed; two questions are told apart by a column of their own",
                ),
            };
            findings.push(
                self.finding(rules::CONFLICT, severity, row, message)
                    .fix(fix),
            );
        }
        findings
    }

    fn nets(&self) -> Vec<Finding> {
        let finding = |net: &&ListedFigure| match net.net_of.as_slice() {
            [] => {
                let is_part = |row: &&&ListedFigure| net.parts.contains(&row.label);
                let parts: Vec<&ListedFigure> = self.rows.iter().filter(is_part).copied().collect();
                self.unless_sum(net, &parts)
            }
            parts => self.net_of_parts(net, parts),
        };
        self.rows.iter().filter_map(finding).collect()
    }

    fn net_of_parts(&self, net: &ListedFigure, names: &[String]) -> Option<Finding> {
        let named = |name: &String| {
            let name = name.trim().to_lowercase();
            self.rows
                .iter()
                .copied()
                .find(|row| row.label.to_lowercase() == name)
        };
        let unknown: Vec<String> = names
            .iter()
            .filter(|name| named(name).is_none())
            .cloned()
            .collect();
        if !unknown.is_empty() {
            let message = format!(
                "{} names {}, which the list does not have",
                net.label,
                and(&unknown)
            );
            return Some(
                self.finding(rules::NET_PARTS, Severity::Warning, net, message)
                    .column("net_of")
                    .fix("name the parts as their rows are labelled, with ; between them"),
            );
        }
        let parts: Vec<&ListedFigure> = names.iter().filter_map(named).collect();
        self.unless_sum(net, &parts)
    }

    fn unless_sum(&self, net: &ListedFigure, parts: &[&ListedFigure]) -> Option<Finding> {
        if is_sum(net, parts) || parts.is_empty() {
            return None;
        }
        let (low, sum, high) = sum_of(parts);
        let printed: Vec<String> = parts.iter().map(|part| part.printed()).collect();
        let message = format!(
            "{} is not the sum of its parts: {} are {}\nBy their rounding {} to {} is possible",
            net.printed(),
            and(&printed),
            number(sum),
            number(low),
            number(high)
        );
        Some(
            self.finding(rules::NET_PARTS, Severity::Warning, net, message)
                .fix("correct the NET or a part; a column net_of names the parts, with ; between them"),
        )
    }

    fn sum(&self) -> Option<Finding> {
        let answers = answers(&self.rows);
        let (first, [_, _, ..]) = (answers.first()?, answers.as_slice()) else {
            return None;
        };
        let (low, sum, high) = sum_of(&answers);
        let rows = format!("{} rows add up to {}", answers.len(), number(sum));
        let possible = format!("by their rounding {} to {}", number(low), number(high));
        if (sum - 100.0).abs() > FAR {
            let rule = match sum > 100.0 {
                true => rules::SUM_OVER_100,
                false => rules::SUM_UNDER_100,
            };
            let message = format!(
                "{rows}: they are not the answers of a question that takes one, so their sum says nothing"
            );
            return Some(
                self.finding(rule, Severity::Note, first, message)
                    .fix("of several answers, or of several questions, nothing has to be done"),
            );
        }
        match (low > 100.0 + NOISE, high < 100.0 - NOISE) {
            (true, _) => Some(
                self.finding(
                    rules::SUM_OVER_100,
                    Severity::Warning,
                    first,
                    format!("{rows}, {possible}: more than all who were asked"),
                )
                .fix("correct an answer; where several answers could be given, say so beside the list"),
            ),
            (_, true) => Some(
                self.finding(
                    rules::SUM_UNDER_100,
                    Severity::Note,
                    first,
                    format!("{rows}, {possible}: {} points are not in the list", number(100.0 - sum)),
                )
                .fix("an answer that is left out, often don’t know; say so beside the list"),
            ),
            _ if (sum - 100.0).abs() > NOISE => Some(
                self.finding(
                    rules::ROUNDING,
                    Severity::Note,
                    first,
                    format!("{rows}: rounding alone, {possible}"),
                )
                .fix("nothing: say that figures may not add up to 100 because of rounding"),
            ),
            _ => None,
        }
    }

    fn decimals(&self) -> Option<Finding> {
        // “<0.5” among whole numbers is how these are printed
        let printed = || {
            let rows = self.rows.iter();
            rows.filter(|row| !matches!(row.qualifier, Qualifier::AtMost | Qualifier::AtLeast))
        };
        let units = distinct(printed().map(|row| row.percent.unit.to_bits()));
        let coarse = printed().find(|row| row.percent.unit >= 1.0)?;
        let fine = printed().find(|row| row.percent.unit < 1.0)?;
        (units.len() > 1).then(|| {
            let message = format!(
                "{} has a decimal and {} has none: they are rounded differently",
                fine.printed(),
                coarse.printed()
            );
            self.finding(rules::ROUNDING, Severity::Note, fine, message)
                .fix("print all with as many decimals")
        })
    }

    /// Brown and Heathers (2017), *The GRIM test*, for per cents; weights make any share possible.
    fn attainable(&self) -> Vec<Finding> {
        let finding = |row: &&&ListedFigure| {
            let n = row
                .n
                .filter(|n| row.qualifier == Qualifier::Exact && n * row.percent.unit < 100.0)?;
            let (low, high) = row.range();
            let count = (low * n / 100.0 - NOISE).ceil();
            let share = |count: f64| 100.0 * count / n;
            (share(count) > high + NOISE).then(|| {
                let message = format!(
                    "{} is no share of {} respondents, if unweighted: {:.0} are {} and {:.0} are {}",
                    row.printed(),
                    thousands(n),
                    count - 1.0,
                    number(share(count - 1.0)),
                    count,
                    number(share(count))
                );
                self.finding(rules::ATTAINABLE, Severity::Note, row, message)
                    .fix("weighted, of another base, or a slip?")
            })
        };
        self.rows.iter().filter_map(|row| finding(&row)).collect()
    }

    /// The two largest answers, where they are answers of one question and its size is known.
    fn lead(&self) -> Option<Finding> {
        let mut answers = answers(&self.rows);
        let (low, _, high) = sum_of(&answers);
        if low > 100.0 + NOISE || high < 100.0 - FAR {
            return None;
        }
        answers.retain(|row| !row.is_no_answer());
        answers.sort_by(|a, b| b.percent.value.total_cmp(&a.percent.value));
        let [first, second, ..] = answers.as_slice() else {
            return None;
        };
        let n = first.n.filter(|n| Some(*n) == second.n)?;
        let share = |row: &ListedFigure| Share {
            p: row.percent.value / 100.0,
            n,
        };
        let (a, b) = (share(first), share(second));
        let margin = two_sided(self.level).ok()? * joint_variance(a, b, 0.0).sqrt();
        let lead = a.p - b.p;
        let clear = lead > margin;
        let ahead = match first.percent.value > second.percent.value {
            true => format!("{} leads {} by", first.label, second.label),
            false => format!(
                "{} and {} are level in print, the lead is",
                first.label, second.label
            ),
        };
        let message = format!(
            "{ahead} {} ± {:.1} points ({}% interval, n {}, sampling alone): {}",
            signed_points(100.0 * lead).trim_start_matches('+'),
            100.0 * margin,
            number(100.0 * self.level),
            thousands(n),
            match clear {
                true => "more than sampling alone explains",
                false => "sampling alone can make such a lead, so it does not show who is ahead",
            }
        );
        Some(
            self.finding(rules::LEAD, Severity::Note, first, message)
                .id(&second.label)
                .fix("the margin of a lead is nearly twice that of a share; a design effect makes it wider"),
        )
    }
}

/// Whether a NET and its parts have a value in common within their rounding.
fn is_sum(net: &ListedFigure, parts: &[&ListedFigure]) -> bool {
    let (low, _, high) = sum_of(parts);
    let range = net.range();
    low <= range.1 + NOISE && range.0 <= high + NOISE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[(&str, &str)], n: f64) -> Vec<ListedFigure> {
        let rows = rows.iter().enumerate();
        let mut rows: Vec<ListedFigure> = rows
            .map(|(place, (label, percent))| ListedFigure {
                question: String::new(),
                groups: Vec::new(),
                label: (*label).to_owned(),
                percent: Percent::parse(percent).unwrap(),
                qualifier: Qualifier::Exact,
                n: Some(n),
                net_of: Vec::new(),
                parts: Vec::new(),
                label_is_sample: false,
                line: place as u64 + 2,
            })
            .collect();
        mark_nets(&mut rows);
        rows
    }

    fn rules_of(rows: &[ListedFigure]) -> Vec<&'static str> {
        list_findings("l.csv", rows, 0.95)
            .iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn sums_are_told_from_rounding_and_from_lists_of_another_kind() {
        assert_eq!(
            rules_of(&list(&[("A", "50"), ("B", "50")], 1000.0)),
            ["lead"]
        );
        assert_eq!(
            rules_of(&list(&[("A", "33"), ("B", "33"), ("C", "33")], 1000.0)),
            ["rounding", "lead"]
        );
        assert_eq!(
            rules_of(&list(&[("A", "60"), ("B", "50")], 1000.0)),
            ["sum-over-100"]
        );
        assert_eq!(
            rules_of(&list(&[("A", "50"), ("B", "40")], 1000.0)),
            ["sum-under-100", "lead"]
        );
        assert_eq!(
            rules_of(&list(&[("A", "90"), ("B", "80")], 1000.0)),
            ["sum-over-100"]
        );
        assert!(!is_whole_question(&list(
            &[("A", "60"), ("B", "50")],
            1000.0
        )));
        assert!(is_whole_question(&list(
            &[("A", "33"), ("B", "33"), ("C", "33")],
            1000.0
        )));
    }

    #[test]
    fn a_net_adds_up_with_the_answers_beside_it() {
        let with_net = |net: &str| {
            list(
                &[
                    ("NET worried", net),
                    ("Very", "24"),
                    ("Somewhat", "38"),
                    ("Not", "38"),
                ],
                1000.0,
            )
        };
        assert_eq!(rules_of(&with_net("62")), ["lead"]);
        assert_eq!(rules_of(&with_net("63")), ["lead"]);
        assert_eq!(rules_of(&with_net("66")), ["net-parts", "lead"]);
        // parts above their NET
        let after = list(
            &[
                ("Very", "24"),
                ("Somewhat", "38"),
                ("Worried (NET)", "62"),
                ("Not", "38"),
            ],
            1000.0,
        );
        assert_eq!(rules_of(&after), ["lead"]);
    }
}
