//! Expressions in SQL. Missing is NULL; conditions have the three values that SQL has, too.

use super::dialect::Dialect;
use crate::survey::expr::{Arithmetic, Expr, Node, OutputKind, bind, crossable};
use crate::survey::microdata::{Codebook, Kind, Value, Variable};
use crate::survey::sums::error::Error;

/// Writes expressions that [`bind`] has accepted.
pub struct Writer<'c> {
    pub dialect: Dialect,
    pub codebook: &'c Codebook,
}

pub fn refused(what: &str, instead: &str) -> Error {
    Error::Query(format!("{what} can't be put into the query: {instead}"))
}

impl<'c> Writer<'c> {
    pub fn variable(&self, name: &str) -> Result<&'c Variable, Error> {
        self.codebook.variable(name).map_err(Error::File)
    }

    /// A variable as recorded: numbers, or texts; NaN is NULL.
    pub fn recorded(&self, variable: &Variable) -> Result<String, Error> {
        let (name, to) = (self.dialect.name_of(&variable.name), self.dialect);
        match variable.kind {
            Kind::Number => Ok(format!(
                "NULLIF({}, {})",
                to.double(&name),
                to.double("'NaN'")
            )),
            Kind::Text | Kind::Date => Ok(to.as_text(&name)),
            Kind::DateTime => Err(refused(
                &format!("{}, a date with a time,", variable.name),
                "engines write them differently; make a column of texts",
            )),
        }
    }

    fn value(&self, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Number(number) => Some(self.dialect.number(*number)),
            Value::Text(text) => Some(self.dialect.text(text)),
        }
    }

    /// Those values that entries of a variable can equal, with commas between.
    pub fn list<'v>(
        &self,
        variable: &Variable,
        values: impl Iterator<Item = &'v Value>,
    ) -> Option<String> {
        let numbers = variable.kind == Kind::Number;
        let fitting = values.filter(|value| matches!(value, Value::Number(_)) == numbers);
        let written: Vec<String> = fitting.filter_map(|value| self.value(value)).collect();
        (!written.is_empty()).then(|| written.join(", "))
    }

    /// Whether the entry of a variable is no answer: true or false.
    pub fn is_missing(&self, variable: &Variable) -> String {
        let name = self.dialect.name_of(&variable.name);
        let mut parts = vec![format!("{name} IS NULL")];
        if let Some(list) = self.list(variable, variable.missing.values.iter()) {
            parts.push(format!("{name} IN ({list})"));
        }
        if variable.kind == Kind::Number {
            parts.extend(variable.missing.ranges.iter().map(|(low, high)| {
                let ends = [(low, ">="), (high, "<=")];
                let closed = ends.iter().filter(|(end, _)| end.is_finite());
                let closed = closed
                    .map(|(end, sign)| format!("{name} {sign} {}", self.dialect.number(**end)));
                let closed: Vec<String> = closed.collect();
                match closed.is_empty() {
                    true => format!("{name} IS NOT NULL"),
                    false => format!("({})", closed.join(" AND ")),
                }
            }));
        }
        format!("({})", parts.join(" OR "))
    }

    /// A variable as numbers, NULL where missing.
    pub fn number_of(&self, variable: &Variable) -> Result<String, Error> {
        let name = &variable.name;
        if variable.kind != Kind::Number {
            let what = format!("{name} as a number");
            return Err(refused(
                &what,
                "it is a date or text there; make a column of numbers",
            ));
        }
        let column = self.dialect.name_of(name);
        match variable.missing.is_empty() {
            true => Ok(column),
            false => Ok(format!(
                "CASE WHEN {} THEN NULL ELSE {column} END",
                self.is_missing(variable)
            )),
        }
    }

    /// Numbers, NULL where missing.
    pub fn number(&self, expr: &Expr) -> Result<String, Error> {
        match &expr.node {
            Node::Number(number) => Ok(self.dialect.double(&self.dialect.number(*number))),
            Node::Name(name) => self.number_of(self.variable(name)?),
            Node::Neg(inner) => Ok(format!("(-{})", self.number(inner)?)),
            Node::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                Ok(match operator {
                    Arithmetic::Add => format!("({left} + {right})"),
                    Arithmetic::Subtract => format!("({left} - {right})"),
                    Arithmetic::Multiply => format!("({left} * {right})"),
                    // engines differ in what a division by 0 is
                    Arithmetic::Divide => format!("({left} / NULLIF({right}, 0))"),
                })
            }
            _ => {
                let truth = self.truth(expr)?;
                let [yes, no] = ["1", "0"].map(|number| self.dialect.double(number));
                Ok(format!(
                    "CASE WHEN {truth} THEN {yes} WHEN NOT {truth} THEN {no} END"
                ))
            }
        }
    }

    /// The level as text: of a variable as coded, missing answers by their code; NULL where nothing was recorded, and for
    /// every missing answer of what is made here.
    pub fn level(&self, expr: &Expr) -> Result<String, Error> {
        if expr.is_condition() {
            let truth = self.truth(expr)?;
            return Ok(format!(
                "CASE WHEN {truth} THEN 'true' WHEN NOT {truth} THEN 'false' END"
            ));
        }
        match &expr.node {
            Node::Name(name) => Ok(self.level_of(self.variable(name)?)),
            Node::Call { arguments, .. } => self.bands(expr, arguments),
            Node::Cross(parts) => {
                let parts: Result<Vec<String>, Error> = parts
                    .iter()
                    .map(|part| self.crossable_level(part))
                    .collect();
                Ok(format!("({})", parts?.join(" || ':' || ")))
            }
            _ => Ok(self.dialect.as_text(&self.number(expr)?)),
        }
    }

    /// A variable as text.
    pub fn level_of(&self, variable: &Variable) -> String {
        let name = self.dialect.name_of(&variable.name);
        match variable.kind {
            Kind::Number => self.dialect.as_text(&name),
            _ => name,
        }
    }

    /// The bands of `cut(x, …)`.
    fn bands(&self, expr: &Expr, arguments: &[Expr]) -> Result<String, Error> {
        let bound = bind(expr, self.codebook, OutputKind::Codes)
            .map_err(|error| Error::Query(error.to_string()))?;
        let names = bound.level_order().unwrap_or_default();
        let Some((argument, breaks)) = arguments.split_first() else {
            return Err(refused(&expr.to_string(), "it has no arguments"));
        };
        let number = self.number(argument)?;
        let mut cases = vec![format!("CASE WHEN {number} IS NULL THEN NULL")];
        for (at, name) in breaks.iter().zip(&names) {
            let at = self.constant(at)?;
            cases.push(format!(
                "WHEN {number} < {at} THEN {}",
                self.dialect.text(&name.text())
            ));
        }
        let last = names.last().map(Value::text).unwrap_or_default();
        Ok(format!(
            "{} ELSE {} END",
            cases.join(" "),
            self.dialect.text(&last)
        ))
    }

    /// A literal number without a cast.
    pub fn constant(&self, expr: &Expr) -> Result<String, Error> {
        use crate::survey::expr::Literal;
        match expr.literal() {
            Some(Literal::Number(number)) => Ok(self.dialect.number(number)),
            Some(Literal::Truth(truth)) => Ok(u8::from(truth).to_string()),
            _ => Err(refused(&expr.to_string(), "a number is needed there")),
        }
    }

    /// A level by its label, as the parts of a crossing are; NULL for a missing answer.
    /// With a colon or a quote in it, it is quoted as a field of a CSV is.
    fn crossable_level(&self, expr: &Expr) -> Result<String, Error> {
        let Node::Name(name) = &expr.node else {
            return self.level(expr);
        };
        let variable = self.variable(name)?;
        let column = self.dialect.name_of(name);
        let mut cases = vec![format!("CASE WHEN {} THEN NULL", self.is_missing(variable))];
        for (value, label) in variable
            .labels
            .iter()
            .filter(|(_, label)| !label.is_empty())
        {
            if let Some(value) = self.list(variable, std::iter::once(value)) {
                cases.push(format!(
                    "WHEN {column} = {value} THEN {}",
                    self.dialect.text(&crossable(label))
                ));
            }
        }
        let other = match variable.kind {
            // whole numbers without the fraction that engines print of a float
            Kind::Number => format!(
                "CASE WHEN {column} = FLOOR({column}) AND ABS({column}) < 1e15 THEN {} ELSE {} END",
                self.dialect.as_text(&self.dialect.whole(&column)),
                self.dialect.as_text(&column)
            ),
            _ => format!(
                "CASE WHEN {column} LIKE '%:%' OR {column} LIKE '%\"%' THEN '\"' || REPLACE({column}, '\"', '\"\"') || '\"' ELSE {column} END"
            ),
        };
        Ok(format!("{} ELSE {other} END", cases.join(" ")))
    }

    /// Whether a level of an expression is no answer.
    pub fn is_missing_level(&self, expr: &Expr) -> Result<String, Error> {
        match &expr.node {
            Node::Name(name) => Ok(self.is_missing(self.variable(name)?)),
            _ => Ok(format!("({}) IS NULL", self.level(expr)?)),
        }
    }
}
