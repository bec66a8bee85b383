//! Targets as they are written: variable, level and target a line.

use std::collections::HashMap;
use std::path::Path;

use super::error::Error;
use crate::survey::estimate::Standard;
use crate::survey::expr::{Expr, Node};
use crate::survey::weighting::targets::sums;
use crate::survey::weighting::{MarginTotal, TargetKind};
use crate::tabular::{self, Header, Table};

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
    /// What was assumed to read them.
    pub note: Option<String>,
}

const COLUMNS: [&str; 3] = ["variable", "level", "target"];

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

impl Targets {
    /// Reads `variable,level,target`, as text or in a workbook: an empty level is the total of a number, the variable `count()`
    /// the number of all. A name of several words goes without backquotes.
    ///
    /// # Errors
    /// [`Error::Table`] with the place.
    pub fn read(path: &Path, options: &tabular::Options) -> Result<Targets, Error> {
        let table = tabular::read(path, &Header::named(&COLUMNS), options)?;
        Ok(Targets {
            file: Some(path.display().to_string()),
            ..Targets::from_table(table)?
        })
    }

    /// The same from a text at hand.
    ///
    /// # Errors
    /// As [`Targets::read`].
    pub fn parse(text: &str) -> Result<Targets, Error> {
        let options = tabular::Options::default();
        let header = Header::named(&COLUMNS);
        let table = tabular::read_bytes("targets", text.as_bytes(), &header, &options)?;
        Targets::from_table(table)
    }

    fn from_table(mut table: Table) -> Result<Targets, Error> {
        let (variable, level) = (table.need("variable")?, table.need("level")?);
        let target = table.need("target")?;
        let numbers = table.numbers(target)?;
        let mut targets = Targets::default();
        for (row, number) in numbers.iter().enumerate() {
            let Some(number) = number else {
                return Err(table.wrong(row, target, "the target is missing").into());
            };
            targets
                .add(
                    table.text(row, variable),
                    table.text(row, level),
                    number.value,
                )
                .map_err(|message| table.wrong(row, variable, message))?;
        }
        if targets.variables.is_empty() && targets.count.is_none() {
            return Err(table.wrong(0, variable, "there are no targets").into());
        }
        targets.note = table.note();
        Ok(targets)
    }

    /// Adds one line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add(&mut self, variable: &str, level: &str, number: f64) -> Result<(), String> {
        let (variable, level) = (variable.trim(), level.trim());
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
                ..
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
        let kind = TargetKind::from_totals(&total).map_err(|error| Error::InTargets {
            name: name.to_owned(),
            error,
        })?;
        let scaled = |(level, share): &(String, f64)| (level.clone(), share / total[0].sum.value());
        let standard = Standard {
            text: text.clone(),
            shares: shares.iter().map(scaled).collect(),
        };
        Ok((
            standard,
            format!("{name}: taken as {}: {}", kind.name(), sums(&total)),
        ))
    }
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
        assert_eq!(crossed.variables[0].text, "age group:sex");
        let open = Targets::parse("variable,level,target\nsex,f,\"52,000\"\n").unwrap_err();
        assert!(open.to_string().contains("--decimal"), "{open}");
    }

    #[test]
    fn a_wrong_line_is_named() {
        let message = |text: &str| Targets::parse(text).unwrap_err().to_string();
        let half = message("variable,level,target\nsex,f,half\n");
        assert_eq!(half, "targets, line 2, column target: “half” is no number");
        let lacking = message("a,b\n1,2\n");
        assert!(
            lacking.contains("no columns variable, level and target"),
            "{lacking}"
        );
        let missing = message("variable,level,target\nsex,f,52\nsex,m,\n");
        assert_eq!(
            missing,
            "targets, line 3, column target: the target is missing"
        );
    }
}
