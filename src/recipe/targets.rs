use std::path::Path;

use super::error::Error;
use crate::expr::{Expr, Node};

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
    pub of: TargetOf,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TargetOf {
    /// Level and count or share; the levels of a crossing are written x:y.
    Levels(Vec<(String, f64)>),
    /// The total of a number.
    Number(f64),
}

impl Targets {
    /// Reads `variable,level,target`: an empty level is the total of a number, the variable `count()` the number of all.
    ///
    /// # Errors
    /// [`Error::Targets`] with the line.
    pub fn read(path: &Path) -> Result<Targets, Error> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let text = std::fs::read_to_string(path).map_err(io)?;
        Targets::parse(&text).map_err(|(line, message)| Error::Targets {
            path: path.to_owned(),
            line,
            message,
        })
    }

    /// The same from a text; an error is a line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Targets, (u64, String)> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
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
            let number: f64 = field(target)
                .parse()
                .map_err(|_| (line, format!("{:?} is no number", field(target))))?;
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
        let expr = Expr::parse(variable).map_err(|error| error.to_string())?;
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
        match (at.map(|at| &mut self.variables[at].of), level) {
            (Some(TargetOf::Levels(levels)), level) if !level.is_empty() => {
                levels.push((level.to_owned(), number));
            }
            (Some(TargetOf::Number(_)), "") => {
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
                of: match level {
                    "" => TargetOf::Number(number),
                    level => TargetOf::Levels(vec![(level.to_owned(), number)]),
                },
            }),
        }
        Ok(())
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
        assert_eq!(targets.variables[1].of, TargetOf::Number(3914069.0));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = Targets::parse("variable,level,target\nsex,f,half\n").unwrap_err();
        assert_eq!(error, (2, "\"half\" is no number".to_owned()));
        assert_eq!(Targets::parse("a,b\n1,2\n").unwrap_err().0, 1);
    }
}
