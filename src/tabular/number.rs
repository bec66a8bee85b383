//! Numbers as people write them. Whether a comma parts thousands or decimals shows in a column, not in a cell: `1,004` is
//! 1004 beside `12,000.5` and 1.004 beside `0,5`.

/// What stands between the whole and its fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimal {
    /// `1,004.5`
    Point,
    /// `1.004,5`
    Comma,
}

impl Decimal {
    /// The mark itself, as `--decimal` names it.
    pub fn mark(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }

    /// Reads `.` or `,`.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Decimal, String> {
        match text {
            "." | "point" => Ok(Decimal::Point),
            "," | "comma" => Ok(Decimal::Comma),
            other => Err(format!("the decimal mark is . or , and not “{other}”")),
        }
    }
}

/// How a number stands to the value it tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    /// `5`
    #[default]
    Exact,
    /// `<5`
    Under,
    /// `≤5`
    AtMost,
    /// `>5`
    Over,
    /// `≥5`
    AtLeast,
    /// `~5`, `≈5`
    About,
}

/// A number of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// Its digits as they were printed, with a decimal point and without thousands: `48.50`. Digits beyond the fifteenth are
    /// a spreadsheet's noise and rounded away: `55` for 55.00000000000001.
    pub text: String,
    /// Whether it stands for itself or bounds something.
    pub bound: Bound,
    /// Whether a per cent sign stands with it.
    pub percent: bool,
}

impl Number {
    /// A number that a program wrote, as a spreadsheet’s cell holds it.
    pub(super) fn plain(value: f64) -> Number {
        Number {
            value,
            text: shortest(value),
            bound: Bound::Exact,
            percent: false,
        }
    }

    /// The same in hundredths, moved digit by digit: 48.5 for 0.485, without the noise of a product.
    pub(super) fn hundredfold(&self) -> Number {
        let (sign, digits) = match self.text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", self.text.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let padded = format!("{fraction:0<2}");
        let (up, rest) = padded.split_at(2);
        let whole = format!("{whole}{up}");
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            trimmed => trimmed,
        };
        let text = match rest {
            "" => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}.{rest}"),
        };
        // a sheet may show fewer digits than it holds
        let shown = self.text.parse() == Ok(self.value);
        let product = shortest(100.0 * self.value);
        let value = if shown { text.parse() } else { product.parse() };
        Number {
            value: value.unwrap_or(100.0 * self.value),
            text,
            bound: self.bound,
            percent: true,
        }
    }
}

/// Significant digits that survive the way through a float.
const DIGITS: usize = 15;

/// The shortest digits that give the value to fifteen places.
pub(super) fn shortest(value: f64) -> String {
    let rounded: f64 = format!("{value:.0$e}", DIGITS - 1).parse().unwrap_or(value);
    match rounded == 0.0 {
        true => "0".to_owned(),
        false => rounded.to_string(),
    }
}

/// What stands for a number that is not there.
const MISSING: [&str; 27] = [
    "",
    "-",
    "–",
    "—",
    "−",
    "--",
    "---",
    ".",
    "..",
    "...",
    "…",
    ":",
    "n/a",
    "#n/a",
    "n.a.",
    "na",
    "nan",
    "null",
    "<na>",
    "k.a.",
    "n.d.",
    "unknown",
    "notasked",
    "nichterhoben",
    "nichtgefragt",
    "nonposé",
    "nopreguntado",
];

/// Whether a text stands for a number that is not there.
pub(super) fn is_missing(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    bare.len() <= 12 && MISSING.contains(&bare.to_lowercase().as_str())
}

/// A cell under both marks.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// A number whatever the mark.
    Clear(Number),
    /// A number with this mark alone.
    Only(Decimal, Number),
    /// Two numbers.
    Open { point: Number, comma: Number },
}

/// Longer texts are no numbers.
const LONGEST: usize = 400;

/// The number of a text, as far as the text alone tells it.
pub(super) fn reading(text: &str) -> Option<Reading> {
    reading_where(text, |_| true)
}

/// The same where only some numbers can be meant: of a count that `1.004` stands for, 1004 alone is whole.
pub(super) fn reading_where(text: &str, can_be: impl Fn(&Number) -> bool) -> Option<Reading> {
    let parts = Parts::new(text)?;
    let read = |decimal| parts.read(decimal).filter(|number| can_be(number));
    match (read(Decimal::Point), read(Decimal::Comma)) {
        (Some(point), Some(comma)) if point.text == comma.text => Some(Reading::Clear(point)),
        (Some(point), Some(comma)) => Some(Reading::Open { point, comma }),
        (Some(point), None) => Some(Reading::Only(Decimal::Point, point)),
        (None, Some(comma)) => Some(Reading::Only(Decimal::Comma, comma)),
        (None, None) => None,
    }
}

/// A text without its signs.
struct Parts {
    bound: Bound,
    negative: bool,
    percent: bool,
    body: String,
    exponent: Option<String>,
}

impl Parts {
    fn new(text: &str) -> Option<Parts> {
        if text.len() > LONGEST || !text.chars().any(char::is_numeric) {
            return None;
        }
        let mut rest: String = text.trim().chars().map(plain).collect();
        let bounds = [
            ("<=", Bound::AtMost),
            (">=", Bound::AtLeast),
            ("≤", Bound::AtMost),
            ("≥", Bound::AtLeast),
            ("<", Bound::Under),
            (">", Bound::Over),
            ("≈", Bound::About),
            ("~", Bound::About),
        ];
        let mut bound = Bound::Exact;
        for (sign, meaning) in bounds {
            if let Some(after) = rest.strip_prefix(sign) {
                (bound, rest) = (meaning, after.trim_start().to_owned());
                break;
            }
        }
        let percent = without_percent(&rest).map(str::len);
        if let Some(length) = percent {
            rest.truncate(length);
        }
        let percent = percent.is_some();
        let negative = rest.starts_with('-');
        if let Some(after) = rest.strip_prefix(['-', '+']) {
            rest = after.trim_start().to_owned();
        }
        let (body, exponent) = match rest.split_once(['e', 'E']) {
            Some((body, exponent)) => (body.to_owned(), Some(exponent.to_owned())),
            None => (rest, None),
        };
        let in_digits = |exponent: &String| {
            let power = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            (1..=4).contains(&power.len()) && power.bytes().all(|byte| byte.is_ascii_digit())
        };
        let written =
            body.contains(|c: char| c.is_ascii_digit()) && exponent.as_ref().is_none_or(in_digits);
        written.then_some(Parts {
            bound,
            negative,
            percent,
            body,
            exponent,
        })
    }

    fn read(&self, decimal: Decimal) -> Option<Number> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = match self.body.split_once(decimal.mark()) {
            Some((whole, fraction)) => (whole, fraction),
            None => (self.body.as_str(), ""),
        };
        let whole = without_thousands(whole)?;
        if !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            trimmed => trimmed,
        };
        let sign = if self.negative { "-" } else { "" };
        let mut text = match fraction {
            "" => format!("{sign}{whole}"),
            fraction => format!("{sign}{whole}.{fraction}"),
        };
        let exponent = self.exponent.as_deref().unwrap_or("0");
        // in one step, so that it is rounded once
        let value: f64 = format!("{text}e{exponent}").parse().ok()?;
        if self.exponent.is_some() || significant(whole, fraction) > DIGITS {
            text = shortest(value);
        }
        value.is_finite().then_some(Number {
            value,
            text,
            bound: self.bound,
            percent: self.percent,
        })
    }
}

/// Words that stand for a per cent sign.
const PER_CENT: [&str; 7] = [
    "per cent",
    "percent",
    "pct",
    "prozent",
    "pour cent",
    "por ciento",
    "per cento",
];

/// A number without the per cent sign behind it, or the word for one.
fn without_percent(text: &str) -> Option<&str> {
    let bare = text.strip_suffix('%').or_else(|| {
        let word = |word: &&str| {
            let cut = text.len().checked_sub(word.len())?;
            let (before, end) = text.split_at_checked(cut)?;
            end.eq_ignore_ascii_case(word).then_some(before)
        };
        PER_CENT.iter().find_map(word)
    })?;
    Some(bare.trim_end())
}

/// Digits from the first that is no zero.
fn significant(whole: &str, fraction: &str) -> usize {
    let digits = whole.chars().chain(fraction.chars());
    digits.skip_while(|digit| *digit == '0').count()
}

/// The digits of a whole number whose thousands may stand apart; `None` where they don’t.
fn without_thousands(whole: &str) -> Option<String> {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(whole.to_owned());
    };
    if !matches!(separator, ',' | '.' | ' ' | '\'' | '_') {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, others) = groups.split_first()?;
    let (last, middle) = others.split_last()?;
    let all_digits = groups
        .iter()
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let thousands = first.len() <= 3 && middle.iter().all(|group| group.len() == 3);
    // 12,34,567 in India
    let lakhs = separator == ',' && first.len() <= 2 && middle.iter().all(|group| group.len() == 2);
    let begins = !first.starts_with('0');
    (all_digits && begins && last.len() == 3 && (thousands || lakhs)).then(|| groups.concat())
}

/// One character for those that mean the same: spaces that don’t break, apostrophes, minus signs, digits of other scripts.
fn plain(c: char) -> char {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\t' => ' ',
        '’' | '‘' | '′' | '´' | '`' | '٬' => '\'',
        '−' | '–' | '‐' | '‑' | '－' => '-',
        '％' | '٪' => '%',
        '٫' => '.',
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        '０'..='９' => digit(c, '０'),
        other => other,
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> String {
        match reading(written) {
            Some(Reading::Clear(number)) => number.text,
            Some(Reading::Only(decimal, number)) => format!("{} {}", decimal.mark(), number.text),
            Some(Reading::Open { point, comma }) => format!("{} or {}", point.text, comma.text),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn numbers_in_many_hands() {
        for (written, read) in [
            ("62", "62"),
            ("62%", "62"),
            ("62 %", "62"),
            ("52.0", ". 52.0"),
            ("48,5", ", 48.5"),
            ("0,485", ", 0.485"),
            (".5", ". 0.5"),
            ("1,004", "1004 or 1.004"),
            ("1.004", "1.004 or 1004"),
            ("1,004.5", ". 1004.5"),
            ("1.004,5", ", 1004.5"),
            ("1 010", "1010"),
            ("1\u{a0}010", "1010"),
            ("1\u{202f}010", "1010"),
            ("1’010.25", ". 1010.25"),
            ("51,700,000", ". 51700000"),
            ("5.170.000", ", 5170000"),
            ("12,34,567", ". 1234567"),
            ("5_900_000", "5900000"),
            ("1234,567", ", 1234.567"),
            ("−3.5", ". -3.5"),
            ("+3", "3"),
            ("1e-3", "0.001"),
            ("2,5E+01", ", 25"),
            ("55.00000000000001", ". 55"),
            ("0.30000000000000004", ". 0.3"),
            ("007", "7"),
            ("٤٨", "48"),
        ] {
            assert_eq!(text(written), read, "{written}");
        }
        for written in [
            "", "-", "n/a", "many", "10 10", "1,00,4", "1.2.3", "48;5", "1e", "1e5.5", "0x10",
            "inf", "1e999", "5-7", "12:30", "%", "<", ",", ".,",
        ] {
            assert_eq!(reading(written), None, "{written}");
        }
    }

    #[test]
    fn signs_that_say_more() {
        let number = |text: &str| match reading(text) {
            Some(Reading::Clear(number) | Reading::Only(_, number)) => number,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(number("<1").bound, Bound::Under);
        assert_eq!(number("< 0.5%").bound, Bound::Under);
        assert!(number("< 0.5%").percent);
        assert_eq!(number("≥ 99").bound, Bound::AtLeast);
        assert_eq!(number("~62").bound, Bound::About);
        assert_eq!(number("12").bound, Bound::Exact);
    }

    #[test]
    fn what_can_not_be_meant_settles_it() {
        let whole = |number: &Number| number.value.fract() == 0.0;
        assert!(matches!(
            reading_where("1.004", whole),
            Some(Reading::Only(Decimal::Comma, number)) if number.value == 1004.0
        ));
        assert_eq!(reading_where("1.5", whole), None);
    }

    #[test]
    fn shares_become_per_cents_digit_by_digit() {
        let hundredfold = |text: &str| match reading(text) {
            Some(Reading::Clear(number) | Reading::Only(_, number)) => number.hundredfold(),
            other => panic!("{text}: {other:?}"),
        };
        for (share, percent) in [
            ("0.485", "48.5"),
            ("0.29", "29"),
            ("0.5", "50"),
            ("1", "100"),
            ("0.0051", "0.51"),
            ("0", "0"),
            ("0.10", "10"),
        ] {
            assert_eq!(hundredfold(share).text, percent);
        }
        assert_eq!(hundredfold("0.29").value, 29.0);
    }

    #[test]
    fn words_for_nothing() {
        for text in [
            "", " ", "n/a", "N/A", "–", "-", "—", "#N/A", "NaN", "n. a.", "…",
        ] {
            assert!(is_missing(text), "{text}");
        }
        for text in ["0", "none", "x", "*"] {
            assert!(!is_missing(text), "{text}");
        }
    }
}
