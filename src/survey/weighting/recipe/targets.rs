//! Targets as they are written: variable, level and target a line.

use std::collections::HashMap;
use std::path::Path;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::error::Error;
use crate::survey::estimate::Standard;
use crate::survey::expr::{self, Expr, Node};
use crate::survey::microdata::Codebook;
use crate::survey::weighting::targets::sums;
use crate::survey::weighting::{MarginTotal, TargetKind};

/// What is known of the population: variable by variable the totals of its levels, or of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// The file they were read from.
    pub file: Option<String>,
    /// In the order in which they are first named.
    pub variables: Vec<Target>,
    /// The number of all, from a line `count()`.
    pub count: Option<f64>,
    /// The place of each variable, by its name.
    places: HashMap<String, usize>,
    /// The number of lines.
    lines: usize,
}

/// The targets of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As it was written: a name, a crossing `a:b`, bands `cut(age, 30, 60)`.
    pub text: String,
    pub values: TargetValues,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TargetValues {
    /// Level and count or share; the levels of a crossing are written x:y.
    Levels(Vec<(String, f64)>),
    /// The total of a number.
    Number(f64),
}

/// More lines than this are no table of a population.
const MOST_LINES: usize = 1_000_000;

impl Targets {
    /// Reads `variable,level,target`: an empty level is the total of a number, the variable `count()` the number of all.
    ///
    /// Semicolons or tabs may stand for the commas, and beside these a decimal comma for the point. A share may have its
    /// per cent sign, and a name of several words goes without backquotes.
    ///
    /// # Errors
    /// [`Error::Targets`] with the line.
    pub fn read(path: &Path) -> Result<Targets, Error> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let text = text_of(std::fs::read(path).map_err(io)?);
        let targets = Targets::parse(&text).map_err(|(line, message)| Error::Targets {
            path: path.to_owned(),
            line,
            message,
        })?;
        Ok(Targets {
            file: Some(path.display().to_string()),
            ..targets
        })
    }

    /// The same from a text; an error is a line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Targets, (u64, String)> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let delimiter = delimiter(text);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let wrong = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            (
                line,
                "has another number of fields than the first line: a line is variable,level,target"
                    .to_owned(),
            )
        };
        let head = reader.headers().map_err(wrong)?.clone();
        let place = |name: &str| {
            head.iter()
                .position(|column| column.eq_ignore_ascii_case(name))
                .ok_or_else(|| {
                    (
                        1,
                        format!("no column {name}: the first line is variable,level,target"),
                    )
                })
        };
        let (variable, level, target) = (place("variable")?, place("level")?, place("target")?);
        let mut targets = Targets::default();
        for record in reader.records() {
            let record = record.map_err(wrong)?;
            let line = record.position().map_or(0, csv::Position::line);
            let field = |at: usize| record.get(at).unwrap_or_default();
            let number = number(field(target), delimiter).map_err(|message| (line, message))?;
            targets
                .add(field(variable), field(level), number)
                .map_err(|message| (line, message))?;
        }
        match targets.variables.is_empty() && targets.count.is_none() {
            true => Err((1, "there are no targets".to_owned())),
            false => Ok(targets),
        }
    }

    /// Adds one line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add(&mut self, variable: &str, level: &str, number: f64) -> Result<(), String> {
        let (variable, level) = (variable.trim(), level.trim());
        self.lines += 1;
        if self.lines > MOST_LINES {
            return Err(format!("there are more than {MOST_LINES} targets"));
        }
        if variable.is_empty() {
            return Err("the name of the variable is missing".to_owned());
        }
        let called = match level {
            "" => variable.to_owned(),
            level => format!("{variable} “{level}”"),
        };
        if !number.is_finite() || (number < 0.0 && !level.is_empty()) {
            return Err(format!(
                "{called}: a target is a finite number and not negative, not {number}"
            ));
        }
        let written = Expr::parse(variable).map(|expr| (expr.to_string(), expr.node));
        if let Ok((
            _,
            Node::Call {
                function,
                arguments,
            },
        )) = &written
            && function == "count"
            && arguments.is_empty()
        {
            return self.add_count(level, number);
        }
        // `age group`, with backquotes or without, is one variable, and so are a:b and a : b
        let key = written.map_or_else(
            |_| variable.replace('`', ""),
            |(text, _)| text.replace('`', ""),
        );
        let Some(at) = self.places.get(&key) else {
            self.places.insert(key, self.variables.len());
            self.variables.push(Target {
                text: variable.to_owned(),
                values: match level {
                    "" => TargetValues::Number(number),
                    level => TargetValues::Levels(vec![(level.to_owned(), number)]),
                },
            });
            return Ok(());
        };
        match (&mut self.variables[*at].values, level) {
            (TargetValues::Levels(levels), level) if !level.is_empty() => {
                levels.push((level.to_owned(), number));
                Ok(())
            }
            (TargetValues::Number(_), "") => Err(format!("the total of {variable} is there twice")),
            _ => Err(format!(
                "{variable} has both levels and an empty level: the total of a number has an empty level, a variable with levels none"
            )),
        }
    }

    fn add_count(&mut self, level: &str, number: f64) -> Result<(), String> {
        if !level.is_empty() {
            return Err(format!(
                "count() is the number of all and has no level “{level}”"
            ));
        }
        if number <= 0.0 {
            return Err(format!(
                "count() is the number of all and above 0, not {number}"
            ));
        }
        match self.count.replace(number) {
            None => Ok(()),
            Some(_) => Err("count() is there twice".to_owned()),
        }
    }
}

impl Targets {
    /// The shares of a standard population, and what they were taken as.
    ///
    /// # Errors
    /// Several variables, totals of numbers, sums that are neither those of shares nor of per cents nor of counts.
    pub fn standard(&self) -> Result<(Standard, String), Error> {
        let name = self.file.as_deref().unwrap_or("standardise");
        let [
            Target {
                text,
                values: TargetValues::Levels(shares),
            },
        ] = self.variables.as_slice()
        else {
            return Err(Error::Invalid(format!(
                "{name}: --standardise takes the shares of one variable or crossing"
            )));
        };
        if self.count.is_some() {
            return Err(Error::Invalid(format!(
                "{name}: --standardise takes shares, and no count()"
            )));
        }
        let total = [MarginTotal::new(
            text,
            shares.iter().map(|(_, share)| *share),
        )];
        let kind = TargetKind::of_totals(&total).map_err(|error| Error::InTargets {
            name: name.to_owned(),
            error,
        })?;
        let parts: Result<Vec<Expr>, _> = between_colons(text)
            .into_iter()
            .map(|part| {
                expression(part).or_else(|error| Expr::parse(&backquoted(part)).map_err(|_| error))
            })
            .collect();
        let mut parts = parts.map_err(Error::Expression)?;
        let scaled = |(level, share): &(String, f64)| (level.clone(), share / total[0].sum.value());
        let standard = Standard {
            text: text.clone(),
            expr: match parts.len() {
                1 => parts.swap_remove(0),
                _ => Expr::parse(text).map_err(Error::Expression)?,
            },
            shares: shares.iter().map(scaled).collect(),
        };
        Ok((
            standard,
            format!("{name}: taken as {}: {}", kind.name(), sums(&total)),
        ))
    }
}

impl Target {
    /// The variables that are crossed, or the only one, each as it was written and as an expression.
    ///
    /// What is the name of a column is that column, whatever signs are in it: `clu#`, `a-b`, `age group`.
    ///
    /// # Errors
    /// What is wrong with the text of an expression.
    pub fn parts(&self, codebook: &Codebook) -> Result<Vec<(String, Expr)>, Error> {
        let column = |text: &str| {
            let known = codebook.variable(text).is_ok();
            known.then(|| Expr::parse(&backquoted(text)).ok()).flatten()
        };
        if let Some(expr) = column(&self.text) {
            return Ok(vec![(self.text.clone(), expr)]);
        }
        let mut parts = Vec::new();
        for text in between_colons(&self.text) {
            let expr = match column(text) {
                Some(expr) => Ok(expr),
                None => expression(text),
            };
            match expr.map_err(Error::Expression)? {
                Expr {
                    node: Node::Cross(inner),
                    ..
                } => {
                    parts.extend(inner.into_iter().map(|expr| (expr.to_string(), expr)));
                }
                expr => parts.push((text.to_owned(), expr)),
            }
        }
        Ok(parts)
    }
}

/// An expression; what is none, but words, is the name of a column.
fn expression(text: &str) -> Result<Expr, expr::Error> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
    Expr::parse(text).or_else(|error| match text.chars().all(plain) {
        true => Expr::parse(&backquoted(text)).map_err(|_| error),
        false => Err(error),
    })
}

fn backquoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// What stands between the colons that are outside of parentheses and quotes.
fn between_colons(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '\'') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ':') if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// What parts the fields of the first line.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let often = |delimiter: &u8| head.bytes().filter(|byte| byte == delimiter).count();
    // the last of equals: a comma where there is none of them
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(often)
        .unwrap_or(b',')
}

/// 52, 52%, and 52,5 where commas part no fields.
fn number(text: &str, delimiter: u8) -> Result<f64, String> {
    let bare = text.strip_suffix('%').unwrap_or(text).trim_end();
    let parsed = match delimiter {
        b',' => bare.parse(),
        _ => bare.replacen(',', ".", 1).parse(),
    };
    parsed.map_err(|_| {
        let apart: String = bare
            .chars()
            .filter(|c| !matches!(c, ',' | ' ' | '\''))
            .collect();
        match apart.parse::<f64>() {
            Ok(_) if apart != bare => {
                format!("{text:?} is no number: write {apart}, or with a decimal point")
            }
            _ => format!("{text:?} is no number"),
        }
    })
}

/// In the encoding that its first bytes name, else in UTF-8, else as spreadsheets of the West write it.
fn text_of(bytes: Vec<u8>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return encoding.decode(&bytes).0.into_owned();
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| WINDOWS_1252.decode(error.as_bytes()).0.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_numbers_and_the_number_of_all() {
        let text = "variable,level,target\nstype,E,4421\nstype,H,755\napi99,,3914069\ncount(),,6194\nsex:age,f:18-29,0.1\n";
        let targets = Targets::parse(text).unwrap();
        assert_eq!(targets.count, Some(6194.0));
        let names: Vec<&str> = targets.variables.iter().map(|t| t.text.as_str()).collect();
        assert_eq!(names, ["stype", "api99", "sex:age"]);
        assert_eq!(targets.variables[1].values, TargetValues::Number(3914069.0));
    }

    #[test]
    fn a_file_as_spreadsheets_write_it() {
        let text = "\u{feff}variable; level; target\r\nage group; 18-29 ;52,5%\r\nage group;30+;47.5 %\r\n";
        let targets = Targets::parse(text).unwrap();
        let levels = [("18-29".to_owned(), 52.5), ("30+".to_owned(), 47.5)];
        assert_eq!(
            targets.variables[0].values,
            TargetValues::Levels(levels.to_vec())
        );
        assert_eq!(targets.variables[0].text, "age group");
        let crossed = Targets::parse("variable\tlevel\ttarget\nage group:sex\ta:f\t1\n").unwrap();
        assert_eq!(
            between_colons(&crossed.variables[0].text),
            ["age group", "sex"]
        );
        let apart = Targets::parse("variable,level,target\nsex,f,\"52,000\"\n").unwrap_err();
        assert_eq!(
            apart.1,
            "\"52,000\" is no number: write 52000, or with a decimal point"
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = Targets::parse("variable,level,target\nsex,f,half\n").unwrap_err();
        assert_eq!(error, (2, "\"half\" is no number".to_owned()));
        assert_eq!(Targets::parse("a,b\n1,2\n").unwrap_err().0, 1);
    }

    #[test]
    fn spreadsheets_write_in_several_encodings() {
        let text = "variable,level,target\nland,Österreich,1\n";
        let western: Vec<u8> = WINDOWS_1252.encode(text).0.into_owned();
        assert_eq!(text_of(western), text);
        assert_eq!(text_of(text.as_bytes().to_vec()), text);
        let wide = std::iter::once(0xfeff).chain(text.encode_utf16());
        assert_eq!(text_of(wide.flat_map(u16::to_le_bytes).collect()), text);
    }
}
