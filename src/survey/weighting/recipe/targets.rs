use std::path::Path;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::error::Error;
use crate::survey::expr::{Expr, Node};

/// What is known of the population: variable by variable the totals of its levels, or of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// In the order in which they are first named.
    pub variables: Vec<Target>,
    /// The number of all, from a line `count()`.
    pub count: Option<f64>,
}

/// The targets of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As it was written: a name, a crossing `a:b`, bands `cut(age, 30, 60)`.
    pub text: String,
    pub expr: Expr,
    pub values: TargetValues,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TargetValues {
    /// Level and count or share; the levels of a crossing are written x:y.
    Levels(Vec<(String, f64)>),
    /// The total of a number.
    Number(f64),
}

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
        Targets::parse(&text).map_err(|(line, message)| Error::Targets {
            path: path.to_owned(),
            line,
            message,
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
        let expr = named(variable)?;
        if !number.is_finite() {
            return Err(format!(
                "{variable} “{level}”: a target is a finite number, not {number}"
            ));
        }
        if matches!(&expr.node, Node::Call { function, arguments } if function == "count" && arguments.is_empty())
        {
            return match self.count.replace(number) {
                None => Ok(()),
                Some(_) => Err("count() is there twice".to_owned()),
            };
        }
        let at = self.variables.iter().position(|other| other.expr == expr);
        match (at.map(|at| &mut self.variables[at].values), level) {
            (Some(TargetValues::Levels(levels)), level) if !level.is_empty() => {
                levels.push((level.to_owned(), number));
            }
            (Some(TargetValues::Number(_)), "") => {
                return Err(format!("the total of {variable} is there twice"));
            }
            (Some(_), _) => {
                return Err(format!(
                    "{variable} has both levels and an empty level: the total of a number has an empty level, a variable with levels none"
                ));
            }
            (None, level) => self.variables.push(Target {
                text: variable.to_owned(),
                expr,
                values: match level {
                    "" => TargetValues::Number(number),
                    level => TargetValues::Levels(vec![(level.to_owned(), number)]),
                },
            }),
        }
        Ok(())
    }
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

/// The expression of a variable; what is none is the name of a column, or a crossing of names.
fn named(variable: &str) -> Result<Expr, String> {
    Expr::parse(variable).or_else(|error| {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ':' | '_' | '-' | '.');
        let quoted = |name: &str| format!("`{}`", name.trim());
        match variable.chars().all(plain) {
            true => {
                let names: Vec<String> = variable.split(':').map(quoted).collect();
                Expr::parse(&names.join(":")).map_err(|_| error.to_string())
            }
            false => Err(error.to_string()),
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
        assert_eq!(
            targets.variables[0].expr,
            Expr::parse("`age group`").unwrap()
        );
        let crossed = Targets::parse("variable\tlevel\ttarget\nage group:sex\ta:f\t1\n").unwrap();
        assert_eq!(
            crossed.variables[0].expr,
            Expr::parse("`age group`:sex").unwrap()
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
