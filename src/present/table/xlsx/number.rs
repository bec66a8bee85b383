/// A number with the format in which it was printed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Printed {
    pub(super) value: f64,
    pub(super) format: String,
}

/// What a cell of a column of numbers holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Number(Printed),
    /// Both ends of `44.9–51.1` or `−3.0 to +9.0`.
    Interval(Printed, Printed),
    Text,
}

/// Reads what was printed: `62`, `≈62.5`, `1,500`, `+15.2`, `−3.0 to +9.0`. A mere bound (`<0.001`) stays text.
pub(super) fn content(text: &str) -> Content {
    if let Some(number) = printed(text) {
        return Content::Number(number);
    }
    let ends = text.split_once('–').or_else(|| text.split_once(" to "));
    match ends.and_then(|(low, high)| printed(low.trim()).zip(printed(high.trim()))) {
        Some((low, high)) => Content::Interval(low, high),
        None => Content::Text,
    }
}

fn printed(text: &str) -> Option<Printed> {
    let qualifier = text.chars().next().filter(|first| "≈≥≤".contains(*first));
    let rest = qualifier.map_or(text, |sign| text.get(sign.len_utf8()..).unwrap_or(""));
    let sign = rest.chars().next().filter(|first| "+−-".contains(*first));
    let digits = sign.map_or(rest, |sign| rest.get(sign.len_utf8()..).unwrap_or(""));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let sound = !whole.is_empty()
        && whole.chars().all(|c| c.is_ascii_digit() || c == ',')
        && whole.starts_with(|c: char| c.is_ascii_digit())
        && decimals.chars().all(|c| c.is_ascii_digit())
        && decimals.is_empty() != digits.contains('.');
    // digits that a number could not keep are no number
    let count = digits.chars().filter(char::is_ascii_digit).count();
    if !sound || count > 15 || !grouped(whole) {
        return None;
    }
    let size: f64 = digits.replace(',', "").parse().ok()?;
    let places = match decimals.len() {
        0 => String::new(),
        count => format!(".{}", "0".repeat(count)),
    };
    let bare = match whole.contains(',') {
        true => format!("#,##0{places}"),
        false => format!("0{places}"),
    };
    let before = qualifier.map_or(String::new(), |sign| format!("\"{sign}\""));
    Some(Printed {
        value: match sign {
            Some('−' | '-') => -size,
            _ => size,
        },
        format: match sign {
            // above zero, below it, and zero, which has no sign
            Some(_) => format!("{before}+{bare};{before}\"−\"{bare};{before}{bare}"),
            None => format!("{before}{bare}"),
        },
    })
}

/// Whether commas, if any, stand before each three digits.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let rest: Vec<&str> = groups.collect();
    rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<(f64, String)> {
        match content(text) {
            Content::Number(Printed { value, format }) => Some((value, format)),
            _ => None,
        }
    }

    #[test]
    fn what_was_printed_is_read_with_its_format() {
        assert_eq!(number("62"), Some((62.0, "0".to_owned())));
        assert_eq!(number("62.50"), Some((62.5, "0.00".to_owned())));
        assert_eq!(number("16,168"), Some((16168.0, "#,##0".to_owned())));
        let large = Some((123_456_789_012_345.0, "#,##0".to_owned()));
        assert_eq!(number("123,456,789,012,345"), large);
        assert_eq!(number("1,234,567,890,123,456"), None);
        assert_eq!(number("≈28"), Some((28.0, "\"≈\"0".to_owned())));
        assert_eq!(number("−3.0").map(|(value, _)| value), Some(-3.0));
        let signed = "+0.0;\"−\"0.0;0.0".to_owned();
        assert_eq!(number("+15.2"), Some((15.2, signed)));
        for text in [
            "",
            "<0.001",
            "=1+1",
            "+",
            "1,50",
            "62.",
            "1e5",
            "-",
            "*",
            "−−3",
            "12345678901234567",
        ] {
            assert_eq!(content(text), Content::Text, "{text}");
        }
        for (text, low, high) in [("44.9–51.1", 44.9, 51.1), ("−3.0 to +9.0", -3.0, 9.0)] {
            let Content::Interval(from, to) = content(text) else {
                panic!("{text}");
            };
            assert_eq!((from.value, to.value), (low, high));
        }
    }
}
