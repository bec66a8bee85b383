//! Dates as people write them: `14.06.2023`, `6/14/2023`, `05/2023`, `Mai 2023`, `2023Q2`. Whether a day or a month comes first
//! in `5/6/2023` shows in a column, not in a cell.

use std::fmt;

use super::number::is_missing;
use crate::frames::calendar::days_in;

/// Which comes first where a date is three numbers that end in the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    /// As `--dates` names it.
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::Dmy => "dmy",
            DateOrder::Mdy => "mdy",
        }
    }

    /// Reads `dmy` or `mdy`.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<DateOrder, String> {
        match text.to_lowercase().as_str() {
            "dmy" => Ok(DateOrder::Dmy),
            "mdy" => Ok(DateOrder::Mdy),
            other => Err(format!("dates are dmy or mdy and not “{other}”")),
        }
    }
}

/// A day, a month, a quarter, half a year or a year; the order is that of the first days, the coarser first. It is written
/// `2023-06-14`, `2023-06`, `2023Q2`, `2023H1`, `2023`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// 1000 to 2999.
    year: u16,
    /// The month it begins with.
    month: u8,
    /// The day it begins with.
    day: u8,
    /// How long it lasts.
    pub span: Span,
}

/// How long a date lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Span {
    /// A year.
    Year,
    /// Half a year.
    Half,
    /// Three months.
    Quarter,
    /// A month.
    Month,
    /// A day.
    Day,
}

impl Date {
    /// A year from 1000 to 2999.
    pub fn year(year: u16) -> Option<Date> {
        Date::new(year, 1, 1, Span::Year)
    }

    /// A month from 1.
    pub fn month(year: u16, month: u8) -> Option<Date> {
        Date::new(year, month, 1, Span::Month)
    }

    /// A day of the Gregorian calendar.
    pub fn day(year: u16, month: u8, day: u8) -> Option<Date> {
        Date::new(year, month, day, Span::Day)
    }

    fn new(year: u16, month: u8, day: u8, span: Span) -> Option<Date> {
        let in_calendar = (1000..3000).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        in_calendar.then_some(Date {
            year,
            month,
            day,
            span,
        })
    }

    /// The middle of it, as a year with its part: 2023.5 for 2023.
    pub fn middle(&self) -> f64 {
        let months = match self.span {
            Span::Year => 12.0,
            Span::Half => 6.0,
            Span::Quarter => 3.0,
            Span::Month => 1.0,
            Span::Day => 1.0 / 31.0,
        };
        // every month with 31 days: near enough for a place on an axis
        let begins = f64::from(self.month - 1) + f64::from(self.day - 1) / 31.0;
        f64::from(self.year) + (begins + months / 2.0) / 12.0
    }

    /// The first day: year, month, day.
    pub fn begins(&self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date {
            year, month, day, ..
        } = self;
        match self.span {
            Span::Year => write!(f, "{year:04}"),
            Span::Half => write!(f, "{year:04}H{}", (month - 1) / 6 + 1),
            Span::Quarter => write!(f, "{year:04}Q{}", (month - 1) / 3 + 1),
            Span::Month => write!(f, "{year:04}-{month:02}"),
            Span::Day => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// A text as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateReading {
    /// A date whatever the order.
    Clear(Date),
    /// A date in this order alone.
    Only(DateOrder, Date),
    /// Two dates. With points between them the day comes first wherever points are in use.
    Open { dmy: Date, mdy: Date, points: bool },
}

/// The date of a text, as far as the text alone tells it.
pub(crate) fn date_reading(text: &str) -> Option<DateReading> {
    let text = without_time(text.trim());
    if text.len() > 60 || !text.chars().any(char::is_numeric) {
        return None;
    }
    let text: String = text
        .chars()
        .filter_map(|c| match c {
            '年' | '년' | '月' | '월' => Some('-'),
            '日' | '일' => None,
            '‐' | '‑' | '–' | '−' => Some('-'),
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
            other => Some(other),
        })
        .collect();
    let tokens = tokens(text.trim().trim_end_matches(['-', '.', ',']))?;
    let numbers: Vec<&str> = tokens.iter().filter_map(Token::number).collect();
    let words: Vec<&str> = tokens.iter().filter_map(Token::word).collect();
    let clear = |date: Option<Date>| date.map(DateReading::Clear);
    match (words.as_slice(), numbers.as_slice()) {
        ([], numbers) => in_numbers(&text, numbers),
        ([word], numbers) => {
            clear(part_of_year(word, numbers).or_else(|| named_month(word, numbers, &text)))
        }
        _ => None,
    }
}

/// What of a column is no date, or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFault {
    /// The place of the text in the column.
    pub at: usize,
    /// What is wrong with it, and what would be right.
    pub message: String,
    /// Whether it has two readings, and an option settles which is meant.
    pub is_open: bool,
}

/// A column of dates as a whole: each text, `None` where there is none, and the order that some could not be read without.
pub(super) struct DateColumn {
    pub dates: Vec<Option<Date>>,
    /// The order by which dates with two readings were read.
    pub assumed: Option<DateOrder>,
    /// Whether any date has an order, so that `--dates` says something.
    pub has_order: bool,
}

/// Reads a column of dates as a whole, so that `5/6/2023` is read as `13/6/2023` must be.
///
/// ```
/// use opine::internals::tabular::{Date, dates};
/// let days = dates(["5/6/2023", "", "13/6/2023"], None).unwrap();
/// assert_eq!(days[0].map(|day| day.to_string()).as_deref(), Some("2023-06-05"));
/// assert_eq!(days[1], None);
/// assert!(dates(["5/6/2023"], None).unwrap_err().is_open);
/// ```
///
/// # Errors
/// The first text that is no date, or that has two readings which nothing settles.
pub fn dates<'t>(
    texts: impl IntoIterator<Item = &'t str>,
    order: Option<DateOrder>,
) -> Result<Vec<Option<Date>>, DateFault> {
    let texts: Vec<&str> = texts.into_iter().collect();
    let reading = |text: &&str| (!is_missing(text)).then(|| date_reading(text));
    let readings = texts.iter().map(reading).collect();
    settled(readings, order, |at| texts.get(at).copied().unwrap_or("")).map(|column| column.dates)
}

/// The dates of readings: `None` for a text that is not there, `Some(None)` for one that is no date.
pub(super) fn settled<'t>(
    readings: Vec<Option<Option<DateReading>>>,
    asked: Option<DateOrder>,
    text: impl Fn(usize) -> &'t str,
) -> Result<DateColumn, DateFault> {
    let is_of = |order: DateOrder| {
        let mut there = readings.iter().flatten().flatten();
        there.any(|reading| matches!(reading, DateReading::Only(of, _) if *of == order))
    };
    let order = match (asked, is_of(DateOrder::Dmy), is_of(DateOrder::Mdy)) {
        (Some(order), ..) => Some(order),
        (None, true, false) => Some(DateOrder::Dmy),
        (None, false, true) => Some(DateOrder::Mdy),
        _ => None,
    };
    let mut column = DateColumn {
        dates: Vec::with_capacity(readings.len()),
        assumed: None,
        has_order: false,
    };
    for (at, reading) in readings.into_iter().enumerate() {
        let fault = |message: String, is_open: bool| DateFault {
            at,
            message,
            is_open,
        };
        let Some(reading) = reading else {
            column.dates.push(None);
            continue;
        };
        let written = text(at);
        let date = match reading {
            None => {
                let message = format!("“{written}” is no date: write 2023-06-14, 2023-06 or 2023");
                return Err(fault(message, false));
            }
            Some(DateReading::Clear(date)) => date,
            Some(DateReading::Only(of, date)) => {
                column.has_order = true;
                if let Some(asked) = asked.filter(|asked| *asked != of) {
                    let message =
                        format!("“{written}” is no date as --dates {} has it", asked.name());
                    return Err(fault(message, false));
                }
                date
            }
            Some(DateReading::Open { dmy, mdy, points }) => {
                column.has_order = true;
                // with points the day comes first, wherever dates are written so
                let order = order.or(points.then_some(DateOrder::Dmy));
                column.assumed = column.assumed.or(order);
                match order {
                    Some(DateOrder::Dmy) => dmy,
                    Some(DateOrder::Mdy) => mdy,
                    None => {
                        let message = format!(
                            "“{written}” may be {dmy} or {mdy}; say which with --dates dmy or --dates mdy"
                        );
                        return Err(fault(message, true));
                    }
                }
            }
        };
        column.dates.push(Some(date));
    }
    Ok(column)
}

/// `2023-06-14T12:00:00Z` without what follows the day.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let before = text.get(..colon).unwrap_or_default();
    match before.rfind(['T', 't', ' ']) {
        Some(at) => text.get(..at).unwrap_or_default().trim_end(),
        None => text,
    }
}

#[derive(Debug)]
enum Token {
    Number(String),
    Word(String),
}

impl Token {
    fn number(&self) -> Option<&str> {
        match self {
            Token::Number(digits) => Some(digits),
            Token::Word(_) => None,
        }
    }

    fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            Token::Number(_) => None,
        }
    }
}

/// Words that only join the parts of a date.
const FILLERS: [&str; 26] = [
    "st", "nd", "rd", "th", "er", "re", "o", "a", "of", "the", "de", "del", "do", "di", "den",
    "der", "d", "le", "el", "il", "г", "года", "року", "r", "roku", "ter",
];

/// Numbers and words in their order; `None` with anything else than points, strokes, dashes, commas and spaces between them.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut begun = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            match tokens.last_mut() {
                Some(Token::Number(digits)) if begun => digits.push(c),
                _ => tokens.push(Token::Number(c.to_string())),
            }
            begun = true;
        } else if c.is_alphabetic() {
            let folded = fold(c);
            match tokens.last_mut() {
                Some(Token::Word(word)) if begun => word.push_str(&folded),
                _ => tokens.push(Token::Word(folded)),
            }
            begun = true;
        } else if matches!(c, '.' | '/' | '-' | ',' | '\'' | '’' | 'º' | '°') || c.is_whitespace()
        {
            begun = false;
        } else {
            return None;
        }
    }
    tokens.retain(|token| token.word().is_none_or(|word| !FILLERS.contains(&word)));
    Some(tokens)
}

/// A letter in small, without its marks.
fn fold(c: char) -> String {
    let small = c.to_lowercase().next().unwrap_or(c);
    let plain = match small {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ē' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ő' | 'ø' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' => 'u',
        'ý' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' => 'ι',
        'ό' => 'ο',
        'ύ' => 'υ',
        'ώ' => 'ω',
        other => other,
    };
    plain.to_string()
}

fn year_of(digits: &str) -> Option<u16> {
    (digits.len() == 4)
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|year| (1000..3000).contains(year))
}

/// The year of two digits, as spreadsheets take them: 00 to 29 are of this century, 30 to 99 of the last.
pub(crate) fn full_year(short: u16) -> u16 {
    match short {
        0..30 => 2000 + short,
        _ => 1900 + short,
    }
}

fn short_year(digits: &str) -> Option<u16> {
    match digits.len() {
        2 => digits.parse().ok().map(full_year),
        _ => year_of(digits),
    }
}

fn small(digits: &str) -> Option<u8> {
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}

fn in_numbers(text: &str, numbers: &[&str]) -> Option<DateReading> {
    let clear = |date: Option<Date>| date.map(DateReading::Clear);
    match numbers {
        [year] if year.len() == 4 => clear(Date::year(year_of(year)?)),
        [all] if all.len() == 8 => clear(Date::day(
            year_of(all.get(..4)?)?,
            small(all.get(4..6)?)?,
            small(all.get(6..)?)?,
        )),
        [year, month] if year.len() == 4 => clear(Date::month(year_of(year)?, small(month)?)),
        [month, year] if year.len() == 4 => clear(Date::month(year_of(year)?, small(month)?)),
        [year, month, day] if year.len() == 4 => {
            clear(Date::day(year_of(year)?, small(month)?, small(day)?))
        }
        [first, second, year] => {
            let (first, second, year) = (small(first)?, small(second)?, short_year(year)?);
            match (
                Date::day(year, second, first),
                Date::day(year, first, second),
            ) {
                // 5/5/2023 is the same day in both
                (Some(dmy), Some(mdy)) if dmy == mdy => clear(Some(dmy)),
                (Some(dmy), Some(mdy)) => Some(DateReading::Open {
                    dmy,
                    mdy,
                    points: text.contains('.'),
                }),
                (Some(dmy), None) => Some(DateReading::Only(DateOrder::Dmy, dmy)),
                (None, Some(mdy)) => Some(DateReading::Only(DateOrder::Mdy, mdy)),
                (None, None) => None,
            }
        }
        _ => None,
    }
}

/// `2023Q2`, `Q2 2023`, `2. Quartal 2023`, `T2 2023`, `H1 2023`.
fn part_of_year(word: &str, numbers: &[&str]) -> Option<Date> {
    let [one, other] = numbers else {
        return None;
    };
    let (year, part) = match (year_of(one), year_of(other)) {
        (Some(year), None) => (year, small(other)?),
        (None, Some(year)) => (year, small(one)?),
        _ => return None,
    };
    let quarters = [
        "q",
        "t",
        "k",
        "kw",
        "quarter",
        "quartal",
        "trimestre",
        "trimester",
        "kwartal",
        "kwartaal",
        "kvartal",
        "ctvrtleti",
        "kv",
        "кв",
        "квартал",
    ];
    let halves = ["h", "hj", "halbjahr", "half", "semestre", "s"];
    match word {
        word if quarters.contains(&word) && (1..=4).contains(&part) => {
            Date::new(year, 3 * part - 2, 1, Span::Quarter)
        }
        word if halves.contains(&word) && (1..=2).contains(&part) => {
            Date::new(year, 6 * part - 5, 1, Span::Half)
        }
        _ => None,
    }
}

/// `Mai 2023`, `14. Juni 2023`, `June 14, 2023`, `Jun-23`.
fn named_month(word: &str, numbers: &[&str], text: &str) -> Option<Date> {
    let month = month_of(word)?;
    match numbers {
        [year] if year.len() == 4 => Date::month(year_of(year)?, month),
        // `Jun-23` is how a spreadsheet shows a month; `23 Jun` has no year
        [year] if year.len() == 2 && !text.starts_with(|c: char| c.is_ascii_digit()) => {
            Date::month(short_year(year)?, month)
        }
        [first, second] => match (year_of(first), year_of(second)) {
            (None, Some(year)) => Date::day(year, month, small(first)?),
            (Some(year), None) => Date::day(year, month, small(second)?),
            (None, None) if second.len() == 2 => {
                Date::day(short_year(second)?, month, small(first)?)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Names of the months without marks, in the nominative and, where dates have it, the genitive.
const MONTHS: [&str; 12] = [
    "january januar janvier enero gennaio janeiro januari januarie tammikuu tammikuuta styczen stycznia leden ledna ianuarie \
     ocak январь января січень січня ιανουαριος ιανουαριου jan jaan janv ene gen sty oca янв",
    "february februar fevrier febrero febbraio fevereiro februari februarie helmikuu helmikuuta luty lutego unor unora subat \
     февраль февраля лютий лютого φεβρουαριος φεβρουαριου feb febr fevr fev lut sub фев",
    "march marz maerz mars marzo marco maart maaliskuu maaliskuuta marzec marca brezen brezna marec marcius martie mart март \
     марта березень березня μαρτιος μαρτιου mar mrz maer mrt мар",
    "april avril abril aprile huhtikuu huhtikuuta kwiecien kwietnia duben dubna aprilis aprilie nisan апрель апреля квітень \
     квітня απριλιος απριλιου apr avr abr kwi nis апр",
    "may mai mayo maggio maio mei maj maja majus toukokuu toukokuuta kveten kvetna mayis май мая травень травня μαιος μαιου \
     mag",
    "june juni juin junio giugno junho kesakuu kesakuuta czerwiec czerwca cerven cervna junius iunie haziran июнь июня \
     червень червня ιουνιος ιουνιου jun giu cze haz июн",
    "july juli juillet julio luglio julho heinakuu heinakuuta lipiec lipca cervenec cervence julius iulie temmuz июль июля \
     липень липня ιουλιος ιουλιου jul juil lug lip tem июл",
    "august aout agosto augustus augusti elokuu elokuuta sierpien sierpnia srpen srpna augusztus agustos август августа \
     серпень серпня αυγουστος αυγουστου aug ago sie agu авг",
    "september septembre septiembre setiembre settembre setembro syyskuu syyskuuta wrzesien wrzesnia zari szeptember \
     septembrie eylul сентябрь сентября вересень вересня σεπτεμβριος σεπτεμβριου sep sept set wrz eyl сен",
    "october oktober octobre octubre ottobre outubro lokakuu lokakuuta pazdziernik pazdziernika rijen rijna octombrie ekim \
     октябрь октября жовтень жовтня οκτωβριος οκτωβριου oct okt ott out paz eki окт",
    "november novembre noviembre novembro marraskuu marraskuuta listopad listopadu noiembrie kasim ноябрь ноября листопада \
     νοεμβριος νοεμβριου nov lis kas ноя",
    "december dezember decembre diciembre dicembre dezembro joulukuu joulukuuta grudzien grudnia prosinec prosince \
     decembrie aralik декабрь декабря грудень грудня δεκεμβριος δεκεμβριου dec dez dic gru ara дек",
];

/// The month from 1 that a folded word names, whole, in its usual short form, or by four letters that begin no other.
fn month_of(word: &str) -> Option<u8> {
    let named = |fits: &dyn Fn(&str) -> bool| {
        let months = (1_u8..).zip(MONTHS);
        let mut fitting = months.filter(|(_, names)| names.split(' ').any(fits));
        let first = fitting.next();
        first.filter(|_| fitting.next().is_none())
    };
    let whole = named(&|name| name == word);
    let begins = || (word.chars().count() >= 4).then(|| named(&|name| name.starts_with(word)));
    whole.or_else(|| begins().flatten()).map(|(month, _)| month)
}

/// Whether a text is the name of a month and nothing else.
pub(super) fn is_month(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    let folded: String = text.chars().map(fold).collect();
    month_of(&folded).is_some()
}

/// Words that names of waves begin with.
const WAVES: [&str; 12] = [
    "wave", "waves", "welle", "vague", "ola", "ondata", "golf", "round", "runde", "before",
    "after", "w",
];

/// “Wave 2 (June 2023)”, “W2”: a moment, whatever its date.
pub(super) fn is_wave(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let word = lower.split(|c: char| !c.is_alphabetic()).next();
    word.is_some_and(|word| WAVES.contains(&word))
}

/// “June 2023” of “Wave 2 (June 2023)” and of “W2, June 2023”.
pub(super) fn date_of_wave(text: &str) -> Option<&str> {
    let name = text.trim().trim_start_matches(char::is_alphabetic);
    let behind = name
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let around = |c: char| c.is_whitespace() || "()[],:;/–—-".contains(c);
    let date = behind.trim_matches(around);
    // “Wave 2023” has its number there
    let is_apart = behind.len() < name.trim_start().len() || behind.starts_with(around);
    (is_wave(text) && is_apart && date_reading(date).is_some()).then_some(date)
}

/// Names of the days of the week without marks.
const WEEKDAYS: [&str; 7] = [
    "monday montag lundi lunes lunedi segunda segunda-feira maandag mandag poniedzialek pondeli понедельник понеділок mon",
    "tuesday dienstag mardi martes martedi terca terca-feira dinsdag tirsdag tisdag wtorek utery вторник вівторок tue tues",
    "wednesday mittwoch mercredi miercoles mercoledi quarta quarta-feira woensdag onsdag sroda streda среда середа wed",
    "thursday donnerstag jeudi jueves giovedi quinta quinta-feira donderdag torsdag czwartek ctvrtek четверг четвер thu thur thurs",
    "friday freitag vendredi viernes venerdi sexta sexta-feira vrijdag fredag piatek patek пятница п'ятниця fri",
    "saturday samstag sonnabend samedi sabado sabato zaterdag lordag sobota суббота субота sat",
    "sunday sonntag dimanche domingo domenica zondag sondag niedziela nedele воскресенье неділя sun",
];

/// Where texts that are all names of months, all names of weekdays, or all dates stand in time; `None` for any others, and for
/// dates that have two readings.
///
/// By their letters, April comes before March and 14.06.2023 before 3.08.2023.
pub(crate) fn places_in_time(texts: &[&str]) -> Option<Vec<f64>> {
    let all = |place: &dyn Fn(&str) -> Option<f64>| -> Option<Vec<f64>> {
        texts.iter().map(|text| place(text)).collect()
    };
    let name = |text: &str| -> String {
        let text = text.trim().trim_end_matches('.');
        text.chars().map(fold).collect()
    };
    let month = |text: &str| month_of(&name(text)).map(f64::from);
    let weekday = |text: &str| {
        let name = name(text);
        let at = WEEKDAYS
            .iter()
            .position(|names| names.split(' ').any(|of| of == name));
        at.map(|at| at as f64)
    };
    // bands and codes have numbers, too: a date has a year of four digits
    let has_year = |text: &&str| {
        let mut runs = text.split(|c: char| !c.is_ascii_digit());
        runs.any(|run| year_of(run).is_some())
    };
    all(&month).or_else(|| all(&weekday)).or_else(|| {
        let dates = texts
            .iter()
            .all(has_year)
            .then(|| dates(texts.iter().copied(), None))?;
        let places = dates.ok()?.into_iter();
        places.map(|date| date.map(|date| date.middle())).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match date_reading(text) {
            Some(DateReading::Clear(date)) => date.to_string(),
            Some(DateReading::Only(order, date)) => format!("{} {date}", order.name()),
            Some(DateReading::Open { dmy, mdy, .. }) => format!("{dmy} or {mdy}"),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn dates_in_many_hands() {
        for (written, read) in [
            ("2023", "2023"),
            ("2023-05", "2023-05"),
            ("2023-06-14", "2023-06-14"),
            ("2023-06-14T12:30:00Z", "2023-06-14"),
            ("2023-06-14 00:00:00", "2023-06-14"),
            ("20230614", "2023-06-14"),
            ("14.06.2023", "dmy 2023-06-14"),
            ("14. 6. 2023", "dmy 2023-06-14"),
            ("6/14/2023", "mdy 2023-06-14"),
            ("5/12/2023", "2023-12-05 or 2023-05-12"),
            ("5/5/2023", "2023-05-05"),
            ("5/1/26", "2026-01-05 or 2026-05-01"),
            ("05/2023", "2023-05"),
            ("5.2023", "2023-05"),
            ("2023/05", "2023-05"),
            ("Mai 2023", "2023-05"),
            ("June 2023", "2023-06"),
            ("juin 2023", "2023-06"),
            ("Juni 2023", "2023-06"),
            ("März 2023", "2023-03"),
            ("mars 2023", "2023-03"),
            ("červen 2023", "2023-06"),
            ("červenec 2023", "2023-07"),
            ("října 2023", "2023-10"),
            ("октябрь 2023", "2023-10"),
            ("Jun-23", "2023-06"),
            ("Sept. 2023", "2023-09"),
            ("14. Juni 2023", "2023-06-14"),
            ("June 14, 2023", "2023-06-14"),
            ("14th June 2023", "2023-06-14"),
            ("14 de junio de 2023", "2023-06-14"),
            ("1er juin 2023", "2023-06-01"),
            ("2023. június 14.", "2023-06-14"),
            ("14-Jun-2023", "2023-06-14"),
            ("2023年6月14日", "2023-06-14"),
            ("2023년 6월", "2023-06"),
            ("2023Q2", "2023Q2"),
            ("2023-Q2", "2023Q2"),
            ("Q2 2023", "2023Q2"),
            ("2. Quartal 2023", "2023Q2"),
            ("T4 2023", "2023Q4"),
            ("H2 2023", "2023H2"),
        ] {
            assert_eq!(shown(written), read, "{written}");
        }
        for written in [
            "",
            "wave 3",
            "20240-05",
            "2023-13",
            "30.02.2023",
            "23 Jun",
            "Q5 2023",
            "3",
            "0999",
            "48.5",
            "June",
            "12:30",
            "5–7 June 2023",
            "1004",
            "62%",
            "14.06",
            "Mai Juni 2023",
        ] {
            let expected = if written == "1004" { "1004" } else { "none" };
            assert_eq!(shown(written), expected, "{written}");
        }
    }

    #[test]
    fn the_order_is_that_of_first_days() {
        let date = |text: &str| match date_reading(text) {
            Some(DateReading::Clear(date)) => date,
            other => panic!("{text}: {other:?}"),
        };
        let mut dates = ["2023-02", "2023Q2", "2023", "2022-12-31", "2023-01-15"].map(date);
        dates.sort();
        let shown: Vec<String> = dates.iter().map(Date::to_string).collect();
        assert_eq!(
            shown,
            ["2022-12-31", "2023", "2023-01-15", "2023-02", "2023Q2"]
        );
    }

    #[test]
    fn names_stand_in_the_order_of_time() {
        let places = |texts: &[&str]| places_in_time(texts);
        assert_eq!(places(&["May", "March", "June"]), Some(vec![5.0, 3.0, 6.0]));
        assert_eq!(
            places(&["Sept.", "août", "Dez"]),
            Some(vec![9.0, 8.0, 12.0])
        );
        assert_eq!(places(&["Freitag", "Montag"]), Some(vec![4.0, 0.0]));
        let days = places(&["14.06.2023", "3.08.2023"]).unwrap();
        assert!(days[0] < days[1]);
        assert_eq!(places(&["May", "Don't know"]), None);
        assert_eq!(places(&["18-24", "1-2"]), None);
        assert_eq!(places(&["5/6/2023"]), None);
        for names in WEEKDAYS {
            for name in names.split(' ') {
                assert_eq!(month_of(name), None, "{name}");
            }
        }
    }

    #[test]
    fn waves_have_their_dates_behind_them() {
        for (text, date) in [
            ("Wave 1 (May 2023)", Some("May 2023")),
            ("W2, 14.06.2023", Some("14.06.2023")),
            ("Welle 3 – Juni 2023", Some("Juni 2023")),
            ("Round [2023Q2]", Some("2023Q2")),
            ("Before (May 2023)", Some("May 2023")),
            ("Wave 3", None),
            ("Wave 3 (online)", None),
            ("Wales (May 2023)", None),
            ("May 2023", None),
        ] {
            assert_eq!(date_of_wave(text), date, "{text}");
        }
    }

    #[test]
    fn no_name_is_of_two_months() {
        for names in MONTHS {
            for name in names.split(' ') {
                assert!(month_of(name).is_some(), "{name}");
            }
        }
    }
}
