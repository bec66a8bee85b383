//! The first rows of a table of texts: the names of its columns, and what survey tools write below them.
//!
//! Qualtrics writes three lines before the first respondent: names, texts of questions, import ids. SurveyMonkey writes two:
//! questions, and answer options, one a column, under a question that is named over the first of them alone. Other programs
//! write texts of questions, or units, in a second line. None of those are respondents: they become labels.

use std::collections::HashSet;

use crate::survey::microdata::inference::number::number;
use crate::survey::microdata::{Variable, inference::names};

/// What the first rows say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Head {
    pub names: Vec<String>,
    /// Of the columns, in their order.
    pub labels: Vec<Option<String>>,
    /// Rows below the names that are no respondents.
    pub skipped: usize,
    pub notes: Vec<String>,
}

/// The start of an import id of Qualtrics, with or without the spaces and quotation marks that programs on the way prefer.
const IMPORT_ID: [&str; 2] = ["{\"ImportId\"", "{'ImportId'"];

impl Head {
    /// `rows` are the first below the names, as many as tell what stands in the columns.
    pub(crate) fn new(header: Vec<String>, rows: &[Vec<String>]) -> Head {
        let mut header = header;
        let without_row_names = name_is_lacking(&header, rows);
        match without_row_names {
            // write.table of R names the columns and not the row names before them
            Some(Lacking::First) => header.insert(0, String::new()),
            Some(Lacking::Last) => header.push(String::new()),
            None => {}
        }
        let mut notes = Vec::new();
        let (skipped, labels) = match second_lines(&header, rows) {
            None => (0, vec![None; header.len()]),
            Some(second) => {
                notes.push(second.note());
                (second.skipped, second.labels)
            }
        };
        let (names, named) = names::distinct(header);
        notes.extend(named);
        Head {
            names,
            labels,
            skipped,
            notes,
        }
    }

    /// Hands the labels to the variables.
    pub(crate) fn label(&self, variables: &mut [Variable]) {
        for (variable, label) in variables.iter_mut().zip(&self.labels) {
            variable.label = label.clone().filter(|label| *label != variable.name);
        }
    }
}

enum Lacking {
    First,
    Last,
}

/// Whether every row has a field more than there are names, and which of them has no name.
fn name_is_lacking(header: &[String], rows: &[Vec<String>]) -> Option<Lacking> {
    if rows.is_empty() || rows.iter().any(|row| row.len() != header.len() + 1) {
        return None;
    }
    // a delimiter at the end of each row is no column of row names
    let all_empty = rows
        .iter()
        .all(|row| row.last().is_none_or(|last| last.trim().is_empty()));
    Some(if all_empty {
        Lacking::Last
    } else {
        Lacking::First
    })
}

/// Lines between the names and the first respondent.
struct SecondLines {
    what: &'static str,
    skipped: usize,
    labels: Vec<Option<String>>,
}

impl SecondLines {
    fn note(&self) -> String {
        let lines = match self.skipped {
            1 => "the line below the names holds",
            _ => "the lines below the names hold",
        };
        format!("{lines} {}, and no respondent", self.what)
    }
}

fn second_lines(header: &[String], rows: &[Vec<String>]) -> Option<SecondLines> {
    import_ids(header, rows)
        .or_else(|| answer_options(header, rows))
        .or_else(|| question_texts(header, rows))
}

/// One line of text.
fn label(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(words.join(" ")).filter(|label| !label.is_empty())
}

fn labels(header: &[String], row: &[String]) -> Vec<Option<String>> {
    (0..header.len())
        .map(|at| row.get(at).and_then(|text| label(text)))
        .collect()
}

/// The lines of Qualtrics.
fn import_ids(header: &[String], rows: &[Vec<String>]) -> Option<SecondLines> {
    let is_id = |entry: &str| {
        IMPORT_ID
            .iter()
            .any(|start| entry.trim_start().starts_with(start))
    };
    let are_ids = |row: &Vec<String>| {
        let mut filled = row
            .iter()
            .filter(|entry| !entry.trim().is_empty())
            .peekable();
        filled.peek().is_some() && filled.all(|entry| is_id(entry))
    };
    let at = rows.iter().take(2).position(are_ids)?;
    Some(SecondLines {
        what: match at {
            0 => "import ids",
            _ => "the texts of the questions, which are labels, and import ids",
        },
        skipped: at + 1,
        labels: match at.checked_sub(1).and_then(|at| rows.get(at)) {
            Some(texts) => labels(header, texts),
            None => vec![None; header.len()],
        },
    })
}

/// What stands under a question of SurveyMonkey that has but one column.
const SINGLE: [&str; 2] = ["Response", "Open-Ended Response"];

/// The second line of SurveyMonkey: options, each under the question that was named last.
fn answer_options(header: &[String], rows: &[Vec<String>]) -> Option<SecondLines> {
    let options = rows.first()?;
    let respondent = header.first()?.to_lowercase().replace(['_', ' '], "");
    let leads = options.first().is_some_and(|entry| entry.trim().is_empty());
    let single = options.iter().any(|entry| SINGLE.contains(&entry.trim()));
    if respondent != "respondentid" || !leads || !single {
        return None;
    }
    let mut question = "";
    let mut labels = Vec::new();
    for (at, name) in header.iter().enumerate() {
        if !name.is_empty() {
            question = name;
        }
        let option = options.get(at).and_then(|option| label(option));
        let option = option.filter(|option| !SINGLE.contains(&option.as_str()));
        labels.push(option.map(|option| format!("{question}: {option}")));
    }
    Some(SecondLines {
        what: "the answer options, which are labels",
        skipped: 1,
        labels,
    })
}

/// Texts over numbers: a second line of which no entry is a number and none comes again below, where the columns are numbers.
fn question_texts(header: &[String], rows: &[Vec<String>]) -> Option<SecondLines> {
    let (texts, rest) = rows.split_first()?;
    if texts.len() != header.len() {
        return None;
    }
    let filled: Vec<(usize, &str)> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (at, text.trim()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let distinct: HashSet<&str> = filled.iter().map(|(_, text)| *text).collect();
    let column = |at: usize| {
        rest.iter()
            .filter_map(move |row| row.get(at))
            .map(|text| text.trim())
    };
    let is_number = |text: &str| number(text.as_bytes()).is_some();
    let comes_again = |(at, text): &(usize, &str)| column(*at).any(|other| other == *text);
    if filled.len() * 2 < header.len()
        || distinct.len() < filled.len()
        || filled.iter().any(|(_, text)| is_number(text))
        || filled.iter().any(comes_again)
    {
        return None;
    }
    let over_numbers = filled.iter().filter(|(at, _)| {
        let mut entries = column(*at).filter(|text| !text.is_empty());
        let all = entries
            .by_ref()
            .take(2)
            .filter(|text| is_number(text))
            .count()
            == 2;
        all && entries.all(is_number)
    });
    let over_numbers: Vec<&str> = over_numbers.map(|(_, text)| *text).collect();
    // one word over one column of numbers may be the answer of a respondent
    let is_sentence = |text: &&str| text.split_whitespace().count() > 2 || text.ends_with('?');
    if over_numbers.len() < 2 && !over_numbers.iter().any(is_sentence) {
        return None;
    }
    Some(SecondLines {
        what: "texts over columns of numbers, which are labels",
        skipped: 1,
        labels: labels(header, texts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Vec<String>> {
        let row = |line: &&str| line.split('|').map(str::to_owned).collect();
        lines.iter().map(row).collect()
    }

    fn head(lines: &[&str]) -> Head {
        let mut rows = rows(lines);
        let header = rows.remove(0);
        Head::new(header, &rows)
    }

    fn some(labels: &[&str]) -> Vec<Option<String>> {
        let label = |label: &&str| Some((*label).to_owned()).filter(|label| !label.is_empty());
        labels.iter().map(label).collect()
    }

    #[test]
    fn qualtrics() {
        let read = head(&[
            "ResponseId|Q1|Q2",
            "Response ID|Do you\n approve?|How many years?",
            "{\"ImportId\":\"_recordId\"}|{\"ImportId\":\"QID1\"}|",
            "R_1|Yes|4",
        ]);
        assert_eq!(
            (read.skipped, read.labels),
            (
                2,
                some(&["Response ID", "Do you approve?", "How many years?"])
            )
        );
        let ids = head(&["a|b", "{'ImportId': 'x'}|{'ImportId': 'y'}", "1|2"]);
        assert_eq!((ids.skipped, ids.labels), (1, some(&["", ""])));
    }

    #[test]
    fn survey_monkey() {
        let read = head(&[
            "Respondent ID|Start Date|How are you?|Which papers?||",
            "||Response|Post|Times|Other (please specify)",
            "1|06/14/2023|Well|Post||",
        ]);
        assert_eq!(read.skipped, 1);
        assert_eq!(
            read.names[2..],
            ["How are you?", "Which papers?", "column5", "column6"]
        );
        assert_eq!(
            read.labels,
            some(&[
                "",
                "",
                "",
                "Which papers?: Post",
                "Which papers?: Times",
                "Which papers?: Other (please specify)"
            ])
        );
    }

    #[test]
    fn texts_over_numbers() {
        let read = head(&[
            "id|age|income",
            "number|Your age|in euros",
            "1|34|1500",
            "2|51|",
            "3|29|2000",
        ]);
        assert_eq!(
            (read.skipped, read.labels),
            (1, some(&["number", "Your age", "in euros"]))
        );
        let read = head(&["name|age", "Your name|How old are you?", "Ann|34", "Bob|51"]);
        assert_eq!(read.skipped, 1);
        for lines in [
            // respondents that refused, or one of many
            ["name|age", "Ann|refused", "Bob|34", "Cid|51"],
            ["x|y", "refused|refused", "1|2", "3|4"],
            ["q|age|n", "yes|none|few", "yes|34|1", "no|51|2"],
            ["q|w", "yes|no", "no|yes", "yes|yes"],
            ["age|n", "34|few", "51|2", "29|3"],
            ["age|n", "a|b", "51|2", "c|3"],
        ] {
            assert_eq!(head(&lines).skipped, 0, "{lines:?}");
        }
    }

    #[test]
    fn names_that_are_lacking() {
        let read = head(&["a|b", "1|2|3", "2|4|5"]);
        assert_eq!(read.names, ["column1", "a", "b"]);
        let read = head(&["a|b", "1|2|", "2|4| "]);
        assert_eq!(read.names, ["a", "b", "column3"]);
        let read = head(&["a|b", "1|2|3", "2|4"]);
        assert_eq!(read.names, ["a", "b"]);
    }
}
