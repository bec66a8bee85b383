//! Levels as people type them in a file of targets or of shares: which answers each of them stands for.

use std::collections::HashMap;

use crate::frames::words::most_alike;
use crate::survey::estimate::LevelNames;
use crate::survey::microdata::Value;

/// The answers that respondents gave to a variable, by everything that a person may call them.
///
/// A level is found by its label, blanks at the ends aside; by its code, where no label is called so; by a label that
/// differs in blanks and dashes alone (18–34 for 18-34); and an age in years by a band that it is in: `18-34`, `65+`,
/// `under 30`.
pub struct TypedLevels<'v> {
    values: &'v [Value],
    /// The name of each value, without blanks at its ends.
    names: Vec<String>,
    by_name: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, usize>,
    by_number: HashMap<u64, usize>,
    by_spelling: HashMap<String, Vec<usize>>,
}

impl<'v> TypedLevels<'v> {
    /// For values of which `names` says what they are called.
    pub fn new(names: &LevelNames, values: &'v [Value]) -> TypedLevels<'v> {
        let mut levels = TypedLevels {
            values,
            names: Vec::with_capacity(values.len()),
            by_name: HashMap::new(),
            by_code: HashMap::new(),
            by_number: HashMap::new(),
            by_spelling: HashMap::new(),
        };
        for (place, value) in values.iter().enumerate() {
            let name = names.name(value).trim().to_owned();
            let named = levels.by_name.entry(name.clone()).or_default();
            named.push(place);
            let spelled = levels.by_spelling.entry(spelling(&name)).or_default();
            spelled.push(place);
            levels.by_code.insert(value.text().trim().to_owned(), place);
            if let Some(number) = number(value) {
                levels.by_number.insert((number + 0.0).to_bits(), place);
            }
            levels.names.push(name);
        }
        levels
    }

    /// What the values are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The places of the values that a text stands for; none where nobody has what it says.
    pub fn places(&self, typed: &str) -> Vec<usize> {
        let typed = typed.trim();
        if let Some(places) = self.by_name.get(typed) {
            return places.clone();
        }
        if let Some(place) = self.by_code.get(typed) {
            return vec![*place];
        }
        let as_number = typed.parse::<f64>().ok();
        if let Some(place) = as_number.and_then(|n| self.by_number.get(&(n + 0.0).to_bits())) {
            return vec![*place];
        }
        if let Some(places) = self.by_spelling.get(&spelling(typed)) {
            return places.clone();
        }
        match Years::parse(typed) {
            None => Vec::new(),
            Some(years) => (0..self.values.len())
                .filter(|place| self.age(*place).is_some_and(|age| years.hold(age)))
                .collect(),
        }
    }

    /// Which of the typed levels each value belongs to; `None` for a value that no one of them stands for.
    ///
    /// # Errors
    /// Two levels that stand for one value, in words.
    pub fn assigned<S: AsRef<str>>(&self, typed: &[S]) -> Result<Vec<Option<usize>>, String> {
        let mut assigned: Vec<Option<usize>> = vec![None; self.values.len()];
        for (at, level) in typed.iter().enumerate() {
            for place in self.places(level.as_ref()) {
                if let Some(before) = assigned[place].replace(at) {
                    return Err(format!(
                        "“{}” and “{}” both stand for “{}”: a level has one target",
                        typed[before].as_ref(),
                        level.as_ref(),
                        self.names[place]
                    ));
                }
            }
        }
        Ok(assigned)
    }

    /// An age in completed years. A labelled number is one where its label repeats it: 90 “90 or older”.
    fn age(&self, place: usize) -> Option<u32> {
        let number = number(self.values.get(place)?)?;
        let age = number.floor();
        let whole = (0.0..=f64::from(OLDEST))
            .contains(&age)
            .then_some(age as u32)?;
        let name = self.names.get(place)?;
        let repeats = |part: &str| part.parse::<f64>().ok() == Some(number);
        let mut parts = name.split(|c: char| !(c.is_ascii_digit() || c == '.'));
        (self.values[place].text() == *name || parts.any(repeats)).then_some(whole)
    }
}

/// The end of a message about an unknown name: the one spelled most like it, or all.
pub fn did_you_mean<S: AsRef<str>>(given: &str, known: &[S]) -> String {
    if let Some(name) = most_alike(given, known.iter().map(AsRef::as_ref)) {
        return format!("did you mean “{name}”?");
    }
    let names: Vec<&str> = known.iter().take(12).map(AsRef::as_ref).collect();
    let more = if known.len() > names.len() {
        ", …"
    } else {
        ""
    };
    format!("there are {}{more}", names.join(", "))
}

/// Numbers above this one are no age: 999 is not in 65+.
pub(in crate::internals::survey::estimate) const OLDEST: u32 = 130;

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => None,
        Value::Number(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
    }
}

/// A text with one kind of dash, of apostrophe and of blank, and one blank at a time.
fn spelling(text: &str) -> String {
    let one_kind = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    let text: String = text.chars().map(one_kind).collect();
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A band of ages in completed years, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Years {
    pub from: u32,
    pub to: u32,
}

impl Years {
    fn hold(self, age: u32) -> bool {
        (self.from..=self.to).contains(&age)
    }

    /// Reads `18-34`, `18 to 34`, `65+`, `65 and over`, `under 30`, `[18,35)`, with or without the word years.
    pub fn parse(text: &str) -> Option<Years> {
        let (shape, numbers) = shape(text);
        let years = |from: u32, to: u32| (from <= to).then_some(Years { from, to });
        match (shape.as_str(), numbers.as_slice()) {
            ("#", [only]) => years(*only, *only),
            (shape, [from, to]) => match shape {
                "#-#" | "#to#" | "from#to#" | "between#and#" | "#through#" | "#bis#" | "#à#"
                | "de#à#" | "#a#" | "de#a#" | "da#a#" | "[#,#]" => years(*from, *to),
                "#tounder#" | "#tolessthan#" | "#bisunter#" | "[#,#)" => {
                    years(*from, to.checked_sub(1)?)
                }
                "(#,#]" => years(from.checked_add(1)?, *to),
                "(#,#)" => years(from.checked_add(1)?, to.checked_sub(1)?),
                _ => None,
            },
            (shape, [end]) => match shape {
                "#+" | "#plus" | "#andover" | "#andolder" | "#andabove" | "#andup" | "#andmore"
                | "#orover" | "#orolder" | "#orabove" | "#ormore" | "#over" | ">=#" | "≥#"
                | "from#" | "ab#" | "#undälter" | "#undmehr" | "#undüber" | "#etplus"
                | "#ouplus" | "#ymás" | "#omás" | "#eoltre" | "#epiù" => years(*end, u32::MAX),
                ">#" | "over#" | "above#" | "olderthan#" | "morethan#" | "über#" | "plusde#"
                | "másde#" | "oltre#" => years(end.checked_add(1)?, u32::MAX),
                "<#" | "under#" | "below#" | "lessthan#" | "youngerthan#" | "unter#"
                | "moinsde#" | "menosde#" | "menodi#" => years(0, end.checked_sub(1)?),
                "<=#" | "≤#" | "upto#" | "#orunder" | "#oryounger" | "#orless" | "#orbelow"
                | "#andunder" | "#andyounger" | "#andless" | "#andbelow" | "bis#" | "biszu#"
                | "#undjünger" => years(0, *end),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A text without blanks and words of age, `#` for each whole number of up to three digits, and these numbers.
fn shape(text: &str) -> (String, Vec<u32>) {
    const OF_AGE: [&str; 14] = [
        "years", "year", "yrs", "yr", "old", "aged", "age", "ages", "jahre", "jahren", "alter",
        "ans", "años", "anni",
    ];
    let text = spelling(text).to_lowercase();
    let (mut shape, mut numbers) = (String::new(), Vec::new());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let alike = |c: char| {
            (c.is_ascii_digit() && first.is_ascii_digit())
                || (c.is_alphabetic() && first.is_alphabetic())
        };
        let end = rest.find(|c: char| !alike(c)).unwrap_or(rest.len());
        let end = end.max(first.len_utf8());
        let (part, after) = rest.split_at(end);
        rest = after;
        match part.parse::<u32>() {
            Ok(number) if part.len() <= 3 => {
                shape.push('#');
                numbers.push(number);
            }
            _ if part == " " || OF_AGE.contains(&part) => {}
            _ => shape.push_str(part),
        }
    }
    (shape, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_of_ages_as_people_write_them() {
        let band = |text: &str| Years::parse(text).map(|years| (years.from, years.to));
        for text in [
            "18-34",
            "18 – 34",
            "18 to 34 years",
            "Aged 18-34",
            "[18,35)",
            "(17,34]",
        ] {
            assert_eq!(band(text), Some((18, 34)), "{text}");
        }
        for text in [
            "65+",
            "65 and over",
            "over 64",
            "65 or older",
            "≥ 65",
            "65 ans et plus",
        ] {
            assert_eq!(band(text), Some((65, u32::MAX)), "{text}");
            // the largest number that there is has none above it
            let _ = band(&text.replace("65", "4294967295").replace("64", "4294967295"));
        }
        for text in [
            "under 30",
            "<30",
            "up to 29",
            "29 or younger",
            "unter 30 Jahre",
        ] {
            assert_eq!(band(text), Some((0, 29)), "{text}");
        }
        for text in [
            "",
            "-",
            "young",
            "34-18",
            "1.5-3",
            "under 0",
            "1990-2000",
            "A18-34",
            "18-34-50",
        ] {
            assert_eq!(band(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_that_no_one_can_be_is_no_age() {
        let values: Vec<Value> = [17.0, 34.5, 999.0, -9.0].map(Value::Number).to_vec();
        let levels = TypedLevels::new(&LevelNames::default(), &values);
        assert_eq!(levels.places("under 30"), [0]);
        assert_eq!(levels.places("18-34"), [1]);
        assert_eq!(levels.places("65+"), Vec::<usize>::new());
        assert_eq!(levels.places("999"), [2]);
        assert!(
            levels
                .assigned(&["under 35", "18-64"])
                .unwrap_err()
                .contains("34.5")
        );
    }
}
