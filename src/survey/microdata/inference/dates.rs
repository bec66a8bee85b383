//! Dates in columns of text: which columns they are, and what comes first in them.
//!
//! Sorted by their letters, `14.06.2023` and `3.08.2023`, `Mai 2023` and `April 2023` run criss-cross through time. So a column
//! of which every entry is a date is read as one. Whether the day or the month comes first shows in the column, not in an
//! entry; where it doesn’t show, the column stays text, and a note says so.

use crate::frames::calendar::days_from;
use crate::survey::microdata::time;
use crate::tabular::{Date, DateOrder, DateReading, Span, date_reading, full_year};

/// How the entries of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateForm {
    Day(DateOrder),
    /// With a time of day.
    Moment(DateOrder),
    /// Months, quarters, or days among them.
    Period(DateOrder),
    /// A time of day alone.
    Clock,
}

/// What an entry stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum When {
    /// Since 1970.
    Days(f64),
    /// Since 1970.
    Seconds(f64),
    /// As it sorts: `2023-05`, `2023Q2`, `08:30`.
    Text(String),
}

/// What the entries of a column were so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct DateEvidence {
    /// An entry was none.
    refuted: bool,
    days: u64,
    periods: u64,
    /// Entries with a time of day beside the date.
    timed: u64,
    clocks: u64,
    /// Of these, the ones that sort as text: `08:30`, not `8:30`.
    padded_clocks: u64,
    /// One with AM or PM.
    half_day: String,
    /// Not written as 2023-06-14.
    not_iso: u64,
    dmy_alone: u64,
    mdy_alone: u64,
    open_with_points: u64,
    open: u64,
    short_years: bool,
    example: String,
    last: Vec<u8>,
}

/// What a column turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    NoDates,
    Dates {
        form: DateForm,
        note: Option<String>,
    },
    /// Day first and month first both fit.
    Open {
        example: String,
    },
}

impl DateEvidence {
    /// Whether it still pays to look at entries.
    pub(crate) fn is_open(&self) -> bool {
        !self.refuted
    }

    pub(crate) fn refute(&mut self) {
        self.refuted = true;
    }

    /// One more entry, without blanks around it.
    pub(crate) fn add(&mut self, entry: &[u8]) {
        // rows often stand in the order of time: the same day over and over is read once
        if self.refuted || entry == self.last {
            return;
        }
        let Some(written) = Written::new(entry) else {
            self.refuted = true;
            return;
        };
        self.last.clear();
        self.last.extend_from_slice(entry);
        if self.example.is_empty() {
            self.example = String::from_utf8_lossy(entry).into_owned();
        }
        let Some(date) = written.date else {
            self.clocks += 1;
            let in_halves = !entry.last().is_some_and(u8::is_ascii_digit);
            self.padded_clocks += u64::from(entry.get(2) == Some(&b':') && !in_halves);
            if in_halves && self.half_day.is_empty() {
                self.half_day = String::from_utf8_lossy(entry).into_owned();
            }
            return;
        };
        self.timed += u64::from(written.seconds.is_some());
        self.short_years |= date.short_year;
        match date.reading {
            Reading::Day { .. } => {
                self.days += 1;
                self.not_iso += u64::from(!date.iso);
            }
            Reading::Period(_) => self.periods += 1,
            Reading::Either { dmy, mdy, points } => {
                self.days += 1;
                self.not_iso += 1;
                match (dmy, mdy, points) {
                    (Some(_), None, _) => self.dmy_alone += 1,
                    (None, _, _) => self.mdy_alone += 1,
                    (Some(_), Some(_), true) => self.open_with_points += 1,
                    (Some(_), Some(_), false) => self.open += 1,
                }
            }
        }
    }

    pub(crate) fn merge(&mut self, other: DateEvidence) {
        self.refuted |= other.refuted;
        self.days += other.days;
        self.periods += other.periods;
        self.timed += other.timed;
        self.clocks += other.clocks;
        self.padded_clocks += other.padded_clocks;
        if self.half_day.is_empty() {
            self.half_day = other.half_day;
        }
        self.not_iso += other.not_iso;
        self.dmy_alone += other.dmy_alone;
        self.mdy_alone += other.mdy_alone;
        self.open_with_points += other.open_with_points;
        self.open += other.open;
        self.short_years |= other.short_years;
        if self.example.is_empty() {
            self.example = other.example;
        }
    }

    /// What the column is; `asked` is the order that was named for what is open.
    pub(crate) fn verdict(&self, name: &str, asked: Option<DateOrder>) -> Verdict {
        let dates = self.days + self.periods;
        if self.refuted || dates + self.clocks == 0 || (dates > 0 && self.clocks > 0) {
            return Verdict::NoDates;
        }
        if dates == 0 {
            // 08:30 sorts as it stands
            return match self.clocks == self.padded_clocks {
                true => Verdict::NoDates,
                false => Verdict::Dates {
                    form: DateForm::Clock,
                    note: self.clock_note(name),
                },
            };
        }
        let order = match (self.dmy_alone > 0, self.mdy_alone > 0) {
            (true, true) => return Verdict::NoDates,
            (true, false) => DateOrder::Dmy,
            (false, true) => DateOrder::Mdy,
            // no entry depends on the order
            (false, false) if self.open + self.open_with_points == 0 => DateOrder::Dmy,
            (false, false) => match asked {
                Some(order) => order,
                // wherever points are in use, the day comes first
                None if self.open == 0 => DateOrder::Dmy,
                None => {
                    return Verdict::Open {
                        example: self.example.clone(),
                    };
                }
            },
        };
        let form = match (self.periods, self.timed) {
            (0, 0) => DateForm::Day(order),
            (0, _) => DateForm::Moment(order),
            _ => DateForm::Period(order),
        };
        let note = (self.not_iso > 0 || self.periods > 0)
            .then(|| self.note(name, form))
            .flatten();
        Verdict::Dates { form, note }
    }

    fn note(&self, name: &str, form: DateForm) -> Option<String> {
        let example = &self.example;
        let read = match form.read(example.as_bytes())? {
            When::Days(days) => time::date(days)?,
            When::Seconds(seconds) => time::date_time(seconds)?,
            When::Text(text) => text,
        };
        if read == *example {
            return None;
        }
        let years = match self.short_years {
            true => ", years of two digits as 1930 to 2029",
            false => "",
        };
        Some(format!(
            "{name} is read as dates: {example} is {read}{years}"
        ))
    }
}

impl DateEvidence {
    /// Of clocks with halves of a day.
    fn clock_note(&self, name: &str) -> Option<String> {
        let example = Some(&self.half_day).filter(|example| !example.is_empty())?;
        let read = clock(example.as_bytes(), time_of_day(example.as_bytes())?)?;
        Some(format!(
            "{name} is read as times of 24 hours: {example} is {read}"
        ))
    }
}

impl DateForm {
    /// What an entry of such a column stands for; `None` where it is no date.
    pub(crate) fn read(self, entry: &[u8]) -> Option<When> {
        let written = Written::new(entry)?;
        let Some(date) = written.date else {
            let DateForm::Clock = self else { return None };
            return Some(When::Text(clock(entry, written.seconds?)?));
        };
        match self {
            DateForm::Day(order) => date.days(order).map(When::Days),
            DateForm::Moment(order) => {
                let seconds = written.seconds.unwrap_or(0.0);
                Some(When::Seconds(date.days(order)? * 86_400.0 + seconds))
            }
            DateForm::Period(order) => Some(When::Text(match date.reading {
                Reading::Period(date) => date.to_string(),
                _ => time::date(date.days(order)?)?,
            })),
            DateForm::Clock => None,
        }
    }
}

/// A time of day as it sorts: `08:30` of `8:30`, `20:30` of `8:30 PM`, with seconds where they were written.
fn clock(entry: &[u8], seconds: f64) -> Option<String> {
    let text = std::str::from_utf8(entry).ok()?;
    let after_the_hour = text.split_once(':')?.1;
    let bare = after_the_hour.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.');
    Some(format!("{:02}:{bare}", (seconds / 3600.0) as u32))
}

/// An entry as a date, a time of day, or both.
struct Written {
    date: Option<WrittenDate>,
    seconds: Option<f64>,
}

struct WrittenDate {
    reading: Reading,
    iso: bool,
    short_year: bool,
}

/// Days since 1970, or a longer time.
#[derive(Clone, Copy)]
enum Reading {
    Day(f64),
    /// By the order; with points between the numbers.
    Either {
        dmy: Option<f64>,
        mdy: Option<f64>,
        points: bool,
    },
    Period(Date),
}

/// No date is longer.
const LONGEST: usize = 40;

impl Written {
    fn new(entry: &[u8]) -> Option<Written> {
        if entry.len() > LONGEST || !entry.iter().any(u8::is_ascii_digit) {
            return None;
        }
        let colon = entry.iter().position(|byte| *byte == b':');
        let Some(colon) = colon else {
            return Some(Written {
                date: Some(WrittenDate::new(entry)?),
                seconds: None,
            });
        };
        let before = entry.get(..colon)?;
        let apart = before
            .iter()
            .rposition(|byte| matches!(byte, b' ' | b'T' | b't'));
        Some(match apart {
            None => Written {
                date: None,
                seconds: Some(time_of_day(entry)?),
            },
            Some(at) => Written {
                date: Some(WrittenDate::new(entry.get(..at)?.trim_ascii_end())?),
                seconds: Some(time_of_day(entry.get(at + 1..)?)?),
            },
        })
    }
}

impl WrittenDate {
    fn new(entry: &[u8]) -> Option<WrittenDate> {
        if let Some(date) = in_numbers(entry) {
            return Some(date);
        }
        let text = std::str::from_utf8(entry).ok()?;
        // a number alone is a number
        if entry.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let reading = match date_reading(text)? {
            DateReading::Clear(date) if date.span == Span::Day => Reading::Day(days(date)),
            DateReading::Clear(date) => Reading::Period(date),
            DateReading::Only(DateOrder::Dmy, date) => Reading::Either {
                dmy: Some(days(date)),
                mdy: None,
                points: false,
            },
            DateReading::Only(DateOrder::Mdy, date) => Reading::Either {
                dmy: None,
                mdy: Some(days(date)),
                points: false,
            },
            DateReading::Open { dmy, mdy, points } => Reading::Either {
                dmy: Some(days(dmy)),
                mdy: Some(days(mdy)),
                points,
            },
        };
        Some(WrittenDate {
            reading,
            iso: false,
            short_year: false,
        })
    }

    fn days(&self, order: DateOrder) -> Option<f64> {
        match (self.reading, order) {
            (Reading::Day(days), _) => Some(days),
            (Reading::Either { dmy, .. }, DateOrder::Dmy) => dmy,
            (Reading::Either { mdy, .. }, DateOrder::Mdy) => mdy,
            (Reading::Period(_), _) => None,
        }
    }
}

fn days(date: Date) -> f64 {
    let (year, month, day) = date.begins();
    days_from(i64::from(year), i64::from(month), i64::from(day)) as f64
}

fn day(year: u32, month: u32, day: u32) -> Option<f64> {
    let number = |number: u32| u8::try_from(number).ok();
    Date::day(u16::try_from(year).ok()?, number(month)?, number(day)?).map(days)
}

/// Three numbers with the same sign between them: what most dates are, without the work that the others need.
fn in_numbers(entry: &[u8]) -> Option<WrittenDate> {
    let sign = *entry.iter().find(|byte| !byte.is_ascii_digit())?;
    if !matches!(sign, b'-' | b'.' | b'/') {
        return None;
    }
    let mut parts = entry.split(|byte| *byte == sign);
    let mut next = || {
        // longer ones are no part of a date, and might be no number at all
        let part = parts.next().filter(|part| (1..=4).contains(&part.len()))?;
        let number = part.iter().try_fold(0_u32, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u32::from(byte - b'0'))
        });
        Some((number?, part.len()))
    };
    let [
        (first, first_digits),
        (second, second_digits),
        (third, third_digits),
    ] = [next()?, next()?, next()?];
    if parts.next().is_some() || second_digits > 2 {
        return None;
    }
    if first_digits == 4 && third_digits <= 2 {
        return Some(WrittenDate {
            reading: Reading::Day(day(first, second, third)?),
            iso: sign == b'-' && second_digits == 2 && third_digits == 2,
            short_year: false,
        });
    }
    let year = match third_digits {
        4 => third,
        2 => u32::from(full_year(u16::try_from(third).ok()?)),
        _ => return None,
    };
    if first_digits > 2 {
        return None;
    }
    let (dmy, mdy) = (day(year, second, first), day(year, first, second));
    if dmy.is_none() && mdy.is_none() {
        return None;
    }
    Some(WrittenDate {
        reading: Reading::Either {
            dmy,
            mdy,
            points: sign == b'.',
        },
        iso: false,
        short_year: third_digits == 2,
    })
}

/// Seconds since midnight of `8:30`, `08:30:15.5`, `8:30 PM`; none where a time zone follows.
fn time_of_day(entry: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let lower = text.to_ascii_lowercase();
    let half = |word: &str| {
        lower
            .strip_suffix(word)
            .map(|time| time.trim_end().to_owned())
    };
    let (time, afternoon) = match (half("am"), half("pm")) {
        (Some(time), _) => (time, Some(false)),
        (_, Some(time)) => (time, Some(true)),
        _ => (lower, None),
    };
    let mut parts = time.split(':');
    let mut whole = |most: u32| {
        let part = parts.next()?;
        let digits =
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse()
            .ok()
            .filter(|number: &u32| digits && *number <= most)
    };
    let (hours, minutes) = (whole(23)?, whole(59)?);
    let seconds = match parts.next() {
        None => 0.0,
        Some(part) => {
            let plain = part
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
            part.parse()
                .ok()
                // a leap second is the 60th
                .filter(|seconds: &f64| plain && *seconds < 61.0)?
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let hours = match afternoon {
        None => hours,
        Some(_) if !(1..=12).contains(&hours) => return None,
        Some(afternoon) => hours % 12 + if afternoon { 12 } else { 0 },
    };
    Some(f64::from(hours * 3600 + minutes * 60) + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(entries: &[&str], asked: Option<DateOrder>) -> Verdict {
        let mut evidence = DateEvidence::default();
        for entry in entries {
            evidence.add(entry.as_bytes());
        }
        evidence.verdict("day", asked)
    }

    /// The entries as they are read.
    fn read(entries: &[&str]) -> Option<Vec<String>> {
        let Verdict::Dates { form, .. } = verdict(entries, None) else {
            return None;
        };
        let text = |entry: &&str| match form.read(entry.as_bytes()) {
            Some(When::Days(days)) => time::date(days),
            Some(When::Seconds(seconds)) => time::date_time(seconds),
            Some(When::Text(text)) => Some(text),
            None => None,
        };
        entries.iter().map(text).collect()
    }

    #[test]
    fn what_a_column_is() {
        for (entries, expected) in [
            (["14.06.2023", "3.08.2023"], ["2023-06-14", "2023-08-03"]),
            (["6/14/2023", "8/3/2023"], ["2023-06-14", "2023-08-03"]),
            (["14/6/23", "1/2/55"], ["2023-06-14", "1955-02-01"]),
            (["01.02.2023", "02.03.2023"], ["2023-02-01", "2023-03-02"]),
            (["2023-06-14", "2023-08-03"], ["2023-06-14", "2023-08-03"]),
            (["2023/6/14", "2023/8/3"], ["2023-06-14", "2023-08-03"]),
            (["Mai 2023", "April 2023"], ["2023-05", "2023-04"]),
            (["05/2023", "11/2022"], ["2023-05", "2022-11"]),
            (["Q2 2023", "Q1 2023"], ["2023Q2", "2023Q1"]),
            (
                ["14. Juni 2023", "3 août 2023"],
                ["2023-06-14", "2023-08-03"],
            ),
            (["June 2023", "14 May 2023"], ["2023-06", "2023-05-14"]),
            (
                ["14.06.2023 8:30", "2023-06-14T20:15:01"],
                ["2023-06-14T08:30:00", "2023-06-14T20:15:01"],
            ),
            (
                ["6/14/2023 8:30 PM", "6/14/2023 12:05:30 AM"],
                ["2023-06-14T20:30:00", "2023-06-14T00:05:30"],
            ),
            (["8:30", "10:15"], ["08:30", "10:15"]),
            (["8:30 PM", "10:15 AM"], ["20:30", "10:15"]),
            (["08:30 PM", "10:15 AM"], ["20:30", "10:15"]),
            (["12:05am", "12:05pm"], ["00:05", "12:05"]),
            (["8:30:15.5 PM", "8:30"], ["20:30:15.5", "08:30"]),
        ] {
            let expected = expected.map(str::to_owned).to_vec();
            assert_eq!(read(&entries), Some(expected), "{entries:?}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for entries in [
            ["14.06.2023", "yes"],
            ["14.06.2023", "06.14.2023"],
            ["18-24", "25-34"],
            ["31.02.2023", "1.2.2023"],
            ["08:30", "10:15"],
            ["1.2", "3.4"],
            ["2023", "2024"],
            ["Mai", "Juni"],
            ["2023-06-14T08:30:00Z", "2023-06-14T08:30:00+02:00"],
            ["192.168.1.10", "192.168.1.11"],
            ["25:00", "26:00"],
        ] {
            assert_eq!(verdict(&entries, None), Verdict::NoDates, "{entries:?}");
        }
    }

    #[test]
    fn clocks_of_half_a_day_are_said() {
        let Verdict::Dates { note, .. } = verdict(&["8:30", "8:30 PM"], None) else {
            panic!("no clocks");
        };
        assert_eq!(
            note.as_deref(),
            Some("day is read as times of 24 hours: 8:30 PM is 20:30")
        );
    }

    #[test]
    fn numbers_of_any_length_are_no_dates() {
        for digits in 1..=12 {
            let long = "4".repeat(digits);
            for entry in [
                format!("{long}-1-1"),
                format!("1-{long}-1"),
                format!("1/1/{long}"),
            ] {
                let date = in_numbers(entry.as_bytes());
                assert!(digits <= 4 || date.is_none(), "{entry}");
            }
        }
        assert!(in_numbers(b"4294967296.4294967297.4294969319").is_none());
    }

    #[test]
    fn what_is_open_is_settled_by_the_column_or_by_word() {
        let open = ["5/6/2023", "7/8/2023"];
        let example = "5/6/2023".to_owned();
        assert_eq!(verdict(&open, None), Verdict::Open { example });
        let form = |order| match verdict(&open, Some(order)) {
            Verdict::Dates { form, note } => (form, note),
            other => panic!("{other:?}"),
        };
        let (dmy, note) = form(DateOrder::Dmy);
        assert_eq!(dmy, DateForm::Day(DateOrder::Dmy));
        assert_eq!(
            note.as_deref(),
            Some("day is read as dates: 5/6/2023 is 2023-06-05")
        );
        assert_eq!(form(DateOrder::Mdy).0, DateForm::Day(DateOrder::Mdy));
        // one entry settles all
        assert!(matches!(
            verdict(&["5/6/2023", "25/6/2023"], Some(DateOrder::Mdy)),
            Verdict::Dates {
                form: DateForm::Day(DateOrder::Dmy),
                ..
            }
        ));
    }
}
