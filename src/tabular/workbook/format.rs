//! How a number format shows a number: as a per cent, with so many decimals, as a date.

use crate::frames::calendar::civil;

use super::super::date::Date;
use super::super::number::shortest;

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    /// As it is.
    General,
    /// With so many decimals; in hundredths, and with a per cent sign.
    Fixed {
        decimals: usize,
        hundredths: bool,
        percent: bool,
    },
    /// As a day, a month or a year; counted from 1904 or from 1900.
    Date {
        day: bool,
        month: bool,
        from_1904: bool,
    },
}

impl Format {
    /// The first section of a format code, that of positive numbers.
    pub(super) fn new(code: &str, from_1904: bool) -> Format {
        let mut decimals = None;
        let (mut hundredths, mut percent, mut digits) = (false, false, false);
        let (mut day, mut month, mut year, mut time) = (false, false, false, false);
        let mut characters = code.chars();
        while let Some(c) = characters.next() {
            match c {
                ';' => break,
                // what stands in quotation marks or behind a stroke is shown as it is
                '"' => {
                    for quoted in characters.by_ref().take_while(|c| *c != '"') {
                        percent |= quoted == '%';
                    }
                }
                '\\' => percent |= characters.next() == Some('%'),
                // a blank as wide as the next character, or what fills the cell up: neither is a digit
                '_' | '*' => drop(characters.next()),
                '[' => {
                    let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    time |= matches!(
                        inside.to_lowercase().as_str(),
                        "h" | "hh" | "m" | "mm" | "s" | "ss"
                    );
                }
                '%' => (hundredths, percent) = (true, true),
                '.' => decimals = decimals.or(Some(0)),
                '0' | '#' | '?' => {
                    digits = true;
                    // # shows no zeros at the end
                    decimals = decimals.map(|decimals: usize| decimals + usize::from(c != '#'));
                }
                'E' | 'e' if digits => return Format::General,
                '/' if digits && !(day || month || year) => return Format::General,
                'd' | 'D' => day = true,
                'm' | 'M' => month = true,
                'y' | 'Y' => year = true,
                'h' | 'H' | 's' | 'S' => time = true,
                'g' | 'G' if code.to_lowercase().starts_with("general") => return Format::General,
                _ => {}
            }
        }
        match (day || year || (month && !time), digits) {
            (true, _) => Format::Date {
                day,
                month,
                from_1904,
            },
            (false, false) => Format::General,
            (false, true) => Format::Fixed {
                decimals: decimals.unwrap_or(0),
                hundredths,
                percent,
            },
        }
    }

    /// The date, where it is shown as one.
    pub(super) fn date(&self, value: f64) -> Option<Date> {
        let Format::Date {
            day,
            month,
            from_1904,
        } = *self
        else {
            return None;
        };
        // days from the one beginning to the other
        let days = if from_1904 { value + 1462.0 } else { value };
        if !(1.0..2_958_466.0).contains(&days) {
            return None;
        }
        // 1900 had no 29 February, but the first spreadsheets gave it one
        let days = if days < 60.0 { days + 1.0 } else { days };
        // 1 January 1970 in that count
        let (year, m, d) = civil(days.floor() as i64 - 25_569);
        let (year, m, d) = (
            u16::try_from(year).ok()?,
            u8::try_from(m).ok()?,
            u8::try_from(d).ok()?,
        );
        match (day, month) {
            (true, _) => Date::day(year, m, d),
            (false, true) => Date::month(year, m),
            (false, false) => Date::year(year),
        }
    }

    /// Whether a share is shown as a per cent.
    pub(super) fn in_hundredths(&self) -> bool {
        matches!(
            self,
            Format::Fixed {
                hundredths: true,
                ..
            }
        )
    }

    /// The number as it is shown, and its value in the unit that is shown.
    pub(super) fn number(&self, value: f64) -> (String, f64) {
        match *self {
            Format::Fixed {
                decimals,
                hundredths,
                percent,
            } => {
                let value = match hundredths {
                    true => shortest(100.0 * value).parse().unwrap_or(100.0 * value),
                    false => value,
                };
                let sign = if percent { "%" } else { "" };
                (format!("{value:.0$}{sign}", decimals.min(15)), value)
            }
            _ => (shortest(value), value),
        }
    }
}

/// The format code of a number that every workbook knows.
pub(super) fn built_in(number: u16) -> &'static str {
    match number {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        // from 27 on they are the dates of East Asia
        14 | 22 | 27..=31 | 36 | 50..=58 => "m/d/yyyy",
        15 | 16 => "d-mmm-yy",
        17 => "mmm-yy",
        37 | 38 => "#,##0",
        39 | 40 => "#,##0.00",
        41 | 42 => "#,##0",
        43 | 44 => "#,##0.00",
        _ => "General",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_shown() {
        for (code, value, shown) in [
            ("General", 48.5, "48.5"),
            ("General", 55.000_000_000_000_01, "55"),
            ("0", 48.4, "48"),
            ("0.0", 48.0, "48.0"),
            ("0.0%", 0.485, "48.5%"),
            ("0%", 0.29, "29%"),
            ("0.0\"%\"", 48.5, "48.5%"),
            ("0\\%", 48.0, "48%"),
            ("#,##0", 1004.0, "1004"),
            ("#,##0.00_);(#,##0.00)", 1004.5, "1004.50"),
            ("[Red]0.0;[Blue]-0.0", 1.0, "1.0"),
            ("@", 3.0, "3"),
            ("0.00E+00", 1234.0, "1234"),
        ] {
            assert_eq!(Format::new(code, false).number(value).0, shown, "{code}");
        }
    }

    #[test]
    fn dates_as_they_are_shown() {
        for (code, from_1904, value, shown) in [
            ("m/d/yyyy", false, 45_091.0, Some("2023-06-14")),
            ("dd\\.mm\\.yyyy", false, 45_091.75, Some("2023-06-14")),
            ("mmm-yy", false, 45_091.0, Some("2023-06")),
            ("yyyy", false, 45_091.0, Some("2023")),
            ("[$-407]mmmm yyyy", false, 45_091.0, Some("2023-06")),
            ("yyyy-mm-dd", true, 43_629.0, Some("2023-06-14")),
            ("yyyy-mm-dd", false, 1.0, Some("1900-01-01")),
            ("yyyy-mm-dd", false, 61.0, Some("1900-03-01")),
            ("yyyy-mm-dd", false, 1e300, None),
            ("hh:mm", false, 0.5, None),
            ("0.0", false, 45_091.0, None),
        ] {
            let date = Format::new(code, from_1904).date(value);
            assert_eq!(
                date.map(|date| date.to_string()).as_deref(),
                shown,
                "{code}"
            );
        }
    }
}
