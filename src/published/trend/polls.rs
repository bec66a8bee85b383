//! Polls as they stand in a file: one row a poll and answer, election results among them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::frames::words::nearest;
use crate::published::figures::date::Date;

/// The columns of a file of polls: those that must be there, and those that may be missing.
pub const COLUMNS: [&str; 14] = [
    "contest",
    "poll",
    "pollster",
    "sponsor",
    "start",
    "end",
    "published",
    "n",
    "population",
    "mode",
    "partisan",
    "tracking",
    "response",
    "percent",
];

const NEEDED: [&str; 3] = ["pollster", "response", "percent"];

/// The pollster that an election result has.
pub const ELECTION: &str = "election";

/// One poll: one question, asked once.
#[derive(Clone, Debug, PartialEq)]
pub struct Poll {
    /// What was asked about, within the file.
    pub contest: String,
    /// Its number or name within the contest.
    pub id: String,
    /// Who asked.
    pub pollster: String,
    /// Who paid.
    pub sponsor: String,
    /// First day of fieldwork, days since 1970-01-01.
    pub start: Option<i64>,
    /// Last day of fieldwork.
    pub end: Option<i64>,
    /// Day of publication.
    pub published: Option<i64>,
    /// Respondents.
    pub n: Option<f64>,
    /// `lv` likely voters, `rv` registered voters, `v` voters, `a` adults, or what the source says.
    pub population: String,
    /// How was asked.
    pub mode: String,
    /// Whose side a poll is on, where it is on one.
    pub partisan: String,
    /// Whether it is a rolling sample.
    pub tracking: bool,
    /// Answers and their shares, as they were printed.
    pub shares: Vec<(String, f64)>,
    /// A date is known to the month or year alone.
    pub coarse_date: bool,
}

/// The share of an election, with its day.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What was voted on.
    pub contest: String,
    /// The day, since 1970-01-01.
    pub day: i64,
    /// Who stood, and their shares.
    pub shares: Vec<(String, f64)>,
}

/// What a file of polls holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polls {
    /// In the order of the file.
    pub polls: Vec<Poll>,
    /// Results, in the order of the file.
    pub outcomes: Vec<Outcome>,
    /// Rows that could not be taken, with the reason, by the number of their line.
    pub left_out: Vec<(usize, String)>,
}

/// Why a file of polls can't be read.
#[derive(Debug, thiserror::Error)]
pub enum PollsError {
    /// The file system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: std::io::Error,
    },
    /// The file is no table of polls.
    #[error("{}: {message}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong and what would be right.
        message: String,
    },
}

impl Poll {
    /// The middle of the field period in days, half days kept; the day of publication where no field date is known.
    pub fn middle(&self) -> Option<f64> {
        match (self.start, self.end) {
            (Some(start), Some(end)) => Some((start + end) as f64 / 2.0),
            (Some(day), None) | (None, Some(day)) => Some(day as f64),
            (None, None) => self.published.map(|day| day as f64),
        }
    }

    /// The last day of fieldwork, else of publication.
    pub fn last_day(&self) -> Option<i64> {
        self.end.or(self.start).or(self.published)
    }

    /// The first day of fieldwork, else the only one that is known.
    pub fn first_day(&self) -> Option<i64> {
        self.start.or(self.end).or(self.published)
    }

    /// The share of an answer.
    pub fn share(&self, response: &str) -> Option<f64> {
        let mut shares = self.shares.iter();
        shares
            .find(|(name, _)| name == response)
            .map(|(_, share)| *share)
    }
}

impl Polls {
    /// Reads the rows of a file.
    ///
    /// # Errors
    /// A file that can't be read, or without the columns pollster, response and percent.
    pub fn read(path: &Path) -> Result<Polls, PollsError> {
        let bytes = std::fs::read(path).map_err(|source| PollsError::Io {
            path: path.to_owned(),
            source,
        })?;
        Polls::from_csv(&bytes).map_err(|message| PollsError::Form {
            path: path.to_owned(),
            message,
        })
    }

    /// The same from the bytes of a file.
    ///
    /// # Errors
    /// What is wrong with the header.
    pub fn from_csv(bytes: &[u8]) -> Result<Polls, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if std::str::from_utf8(bytes).is_err() {
            return Err("it is no UTF-8: opine import reads other encodings".to_owned());
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(bytes))
            .from_reader(bytes);
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let names: Vec<String> = header
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect();
        for needed in NEEDED {
            if !names.iter().any(|name| name == needed) {
                return Err(missing(needed, &names));
            }
        }
        let mut builder = Builder::default();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let line = record
                .position()
                .map_or(0, |position| position.line() as usize);
            let cell = |column: &str| {
                let at = names.iter().position(|name| name == column);
                at.and_then(|at| record.get(at)).unwrap_or_default().trim()
            };
            builder.add(line, &cell);
        }
        Ok(builder.finish())
    }

    /// The contests, in the order in which they first occur.
    pub fn contests(&self) -> Vec<&str> {
        let mut contests: Vec<&str> = Vec::new();
        let polls = self.polls.iter().map(|poll| poll.contest.as_str());
        for contest in polls.chain(self.outcomes.iter().map(|outcome| outcome.contest.as_str())) {
            if !contests.contains(&contest) {
                contests.push(contest);
            }
        }
        contests
    }

    /// The answers of a contest, in the order in which they first occur.
    pub fn responses(&self, contest: &str) -> Vec<&str> {
        let mut responses: Vec<&str> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for poll in self.polls.iter().filter(|poll| poll.contest == contest) {
            for (response, _) in &poll.shares {
                if known.insert(response.as_str()) {
                    responses.push(response);
                }
            }
        }
        responses
    }

    /// The result of an answer on a day.
    pub fn outcome(&self, contest: &str, day: i64) -> Option<&Outcome> {
        let mut outcomes = self.outcomes.iter();
        outcomes.find(|outcome| outcome.contest == contest && outcome.day == day)
    }
}

/// What parts the fields of the first line.
fn delimiter(bytes: &[u8]) -> u8 {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let count = |mark: u8| line.iter().filter(|byte| **byte == mark).count();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|mark| (count(*mark), *mark == b','))
        .unwrap_or(b',')
}

fn missing(needed: &str, names: &[String]) -> String {
    let near = nearest(needed, names.iter().map(String::as_str));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    format!(
        "no column {needed}{hint}: a file of polls has the columns {}; opine import makes one of other forms",
        COLUMNS.join(", ")
    )
}

/// Rows of one poll are gathered by contest and number, wherever they stand.
#[derive(Default)]
struct Builder {
    polls: Polls,
    places: HashMap<(String, String), usize>,
    results: HashMap<(String, i64), usize>,
}

impl Builder {
    fn add<'c>(&mut self, line: usize, cell: &dyn Fn(&str) -> &'c str) {
        let share = match percent(cell("percent")) {
            Ok(share) => share,
            Err(reason) => return self.polls.left_out.push((line, reason)),
        };
        let mut coarse = false;
        let mut dates = [None; 3];
        for (date, column) in dates.iter_mut().zip(["start", "end", "published"]) {
            match day(cell(column), column == "start") {
                Ok(found) => {
                    *date = found.map(|(day, _)| day);
                    coarse |= found.is_some_and(|(_, coarse)| coarse);
                }
                Err(reason) => {
                    let reason = format!("{column} {:?}: {reason}", cell(column));
                    return self.polls.left_out.push((line, reason));
                }
            }
        }
        let [start, end, published] = dates;
        let (contest, response) = (cell("contest").to_owned(), cell("response").to_owned());
        if response.is_empty() {
            let reason = "no answer: the column response is empty".to_owned();
            return self.polls.left_out.push((line, reason));
        }
        if cell("pollster").eq_ignore_ascii_case(ELECTION) {
            return match end.or(start).or(published) {
                Some(day) => self.result(contest, day, (response, share)),
                None => {
                    let reason = "a result without a date".to_owned();
                    self.polls.left_out.push((line, reason));
                }
            };
        }
        let id = match cell("poll") {
            "" => format!("{}/{:?}/{:?}", cell("pollster"), start, end.or(published)),
            id => id.to_owned(),
        };
        let place = self.places.get(&(contest.clone(), id.clone())).copied();
        let place = place.unwrap_or_else(|| {
            self.places
                .insert((contest.clone(), id.clone()), self.polls.polls.len());
            self.polls.polls.push(Poll {
                contest,
                id,
                pollster: cell("pollster").to_owned(),
                sponsor: cell("sponsor").to_owned(),
                start,
                end,
                published,
                n: respondents(cell("n")),
                population: cell("population").to_lowercase(),
                mode: cell("mode").to_owned(),
                partisan: cell("partisan").to_owned(),
                tracking: matches!(
                    cell("tracking").to_lowercase().as_str(),
                    "yes" | "true" | "1" | "t"
                ),
                shares: Vec::new(),
                coarse_date: coarse,
            });
            self.polls.polls.len() - 1
        });
        let shares = &mut self.polls.polls[place].shares;
        if let Some((_, first)) = shares.iter().find(|(name, _)| *name == response) {
            let reason = format!(
                "poll {} has {response} twice: {}% stands, this row is left out",
                cell("poll"),
                (1e6 * first).round() / 1e4
            );
            return self.polls.left_out.push((line, reason));
        }
        shares.push((response, share));
    }

    fn result(&mut self, contest: String, day: i64, share: (String, f64)) {
        let key = (contest, day);
        let place = self.results.get(&key).copied().unwrap_or_else(|| {
            self.results.insert(key.clone(), self.polls.outcomes.len());
            self.polls.outcomes.push(Outcome {
                contest: key.0.clone(),
                day,
                shares: Vec::new(),
            });
            self.polls.outcomes.len() - 1
        });
        self.polls.outcomes[place].shares.push(share);
    }

    fn finish(self) -> Polls {
        self.polls
    }
}

/// The share of a printed per cent.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim();
    match number.parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        Ok(_) => Err(format!(
            "{text} is no per cent: it lies outside of 0 to 100"
        )),
        Err(_) if number.is_empty() => Err("no per cent: the cell is empty".to_owned()),
        Err(_) => Err(format!("{text:?} is no per cent")),
    }
}

fn respondents(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(|c| *c != ',' && *c != ' ').collect();
    let n: f64 = digits.parse().ok()?;
    (n.is_finite() && n > 0.0).then_some(n)
}

/// Days since 1970-01-01, and whether month or year alone are known: the middle of them then.
fn day(text: &str, first: bool) -> Result<Option<(i64, bool)>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = Date::parse(text).map_err(|error| match error.fix {
        Some(fix) => format!("{}; did you mean {fix}?", error.reason),
        None => error.reason,
    })?;
    let coarse = date.day.is_none();
    let whole = match (coarse, first) {
        (true, true) => date.first_day(),
        (true, false) => date.last_day(),
        (false, _) => date,
    };
    Ok(Some((whole.days(), coarse)))
}
