//! Conditions in SQL, by the rules of [`bind`](crate::survey::expr::bind): a missing answer is unknown, unless it is asked for by
//! its own name or label.

use super::expression::{Writer, refused};
use crate::survey::expr::{Comparison, Expr, Literal, Node};
use crate::survey::microdata::{Kind, Measure, Value, Variable, iso_date};
use crate::survey::sums::error::Error;

impl Writer<'_> {
    /// True, false or NULL for unknown; in parentheses where it needs them.
    pub fn truth(&self, expr: &Expr) -> Result<String, Error> {
        match &expr.node {
            Node::Truth(truth) => Ok(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
            Node::And(parts) => self.joined(parts, " AND "),
            Node::Or(parts) => self.joined(parts, " OR "),
            Node::Not(inner) => Ok(format!("(NOT {})", self.truth(inner)?)),
            Node::Compare {
                operator,
                left,
                right,
            } => self.comparison(*operator, left, right),
            Node::In {
                value,
                list,
                negated,
            } => self.equal(value, list, *negated),
            Node::Between { value, low, high } => {
                let low = self.comparison(Comparison::GreaterOrEqual, value, low)?;
                let high = self.comparison(Comparison::LessOrEqual, value, high)?;
                Ok(format!("({low} AND {high})"))
            }
            Node::IsNull { value, negated } => {
                let missing = match &value.node {
                    Node::Name(_) | Node::Cross(_) | Node::Call { .. } => {
                        self.is_missing_level(value)?
                    }
                    _ if value.is_condition() => format!("({} IS NULL)", self.truth(value)?),
                    _ => format!("({} IS NULL)", self.number(value)?),
                };
                Ok(if *negated {
                    format!("(NOT {missing})")
                } else {
                    format!("({missing})")
                })
            }
            Node::Contains { .. } => Err(refused(
                &expr.to_string(),
                "engines take entries apart each in their own way; make a column of it there",
            )),
            _ => Err(refused(&expr.to_string(), "it is no condition")),
        }
    }

    fn joined(&self, parts: &[Expr], between: &str) -> Result<String, Error> {
        let parts: Result<Vec<String>, Error> = parts.iter().map(|part| self.truth(part)).collect();
        Ok(format!("({})", parts?.join(between)))
    }

    fn comparison(&self, operator: Comparison, left: &Expr, right: &Expr) -> Result<String, Error> {
        match (left.literal(), right.literal()) {
            (None, Some(_)) => self.with_literal(operator, left, right),
            (Some(_), None) => self.with_literal(flipped(operator), right, left),
            _ => self.two_sides(operator, left, right),
        }
    }

    fn with_literal(
        &self,
        operator: Comparison,
        expr: &Expr,
        literal: &Expr,
    ) -> Result<String, Error> {
        match operator {
            Comparison::Equal => self.equal(expr, std::slice::from_ref(literal), false),
            Comparison::NotEqual => self.equal(expr, std::slice::from_ref(literal), true),
            _ => self.ordered(operator, expr, literal),
        }
    }

    /// Two sides that are both worked out.
    fn two_sides(&self, operator: Comparison, left: &Expr, right: &Expr) -> Result<String, Error> {
        if let (Node::Name(a), Node::Name(b)) = (&left.node, &right.node) {
            let (a, b) = (self.variable(a)?, self.variable(b)?);
            match (a.kind == Kind::Number, b.kind == Kind::Number) {
                (true, true) => {}
                (false, false) => {
                    return Ok(format!(
                        "CASE WHEN {} OR {} THEN NULL ELSE {} {} {} END",
                        self.is_missing(a),
                        self.is_missing(b),
                        self.dialect.by_code_point(&self.dialect.name_of(&a.name)),
                        sign(operator),
                        self.dialect.by_code_point(&self.dialect.name_of(&b.name)),
                    ));
                }
                _ => {
                    return Err(refused(
                        &format!("{left} {operator} {right}"),
                        "one side is text and the other is a number; make a column of numbers of the text",
                    ));
                }
            }
        }
        let levels = |expr: &Expr| matches!(expr.node, Node::Cross(_) | Node::Call { .. });
        if levels(left) || levels(right) {
            let what = format!("{left} {operator} {right}");
            return Err(refused(&what, "levels are compared with texts alone"));
        }
        let (left, right) = (self.number(left)?, self.number(right)?);
        Ok(format!("({left} {} {right})", sign(operator)))
    }

    fn ordered(&self, operator: Comparison, expr: &Expr, literal: &Expr) -> Result<String, Error> {
        if let Node::Name(name) = &expr.node {
            let variable = self.variable(name)?;
            if variable.kind != Kind::Number {
                let Some(Literal::Text(text)) = literal.literal() else {
                    return Err(refused(
                        &format!("{expr} {operator} {literal}"),
                        "it is text; make a column of numbers of it",
                    ));
                };
                return Ok(format!(
                    "CASE WHEN {} THEN NULL ELSE {} {} {} END",
                    self.is_missing(variable),
                    self.dialect.by_code_point(&self.dialect.name_of(name)),
                    sign(operator),
                    self.dialect.text(&as_recorded(variable, text))
                ));
            }
        }
        let number = match literal.literal() {
            Some(Literal::Text(text)) => number_in(&text),
            Some(Literal::Number(number)) => Some(number),
            _ => None,
        };
        match number {
            Some(number) => {
                let number = self.dialect.number(number);
                Ok(format!(
                    "({} {} {number})",
                    self.number(expr)?,
                    sign(operator)
                ))
            }
            None => Err(refused(
                &format!("{expr} {operator} {literal}"),
                "a number is needed there",
            )),
        }
    }

    /// Whether it is one of the literals.
    fn equal(&self, expr: &Expr, list: &[Expr], negated: bool) -> Result<String, Error> {
        let is_in = if negated { "NOT IN" } else { "IN" };
        let literals: Vec<Literal> = list.iter().filter_map(Expr::literal).collect();
        match &expr.node {
            Node::Name(name) => self.equal_variable(self.variable(name)?, &literals, negated),
            Node::Cross(_) | Node::Call { .. } => {
                let texts = literals.iter().filter_map(|literal| match literal {
                    Literal::Text(text) => Some(self.dialect.text(text)),
                    _ => None,
                });
                let texts: Vec<String> = texts.collect();
                Ok(format!(
                    "({} {is_in} ({}))",
                    self.level(expr)?,
                    texts.join(", ")
                ))
            }
            _ => {
                let numbers: Result<Vec<String>, Error> =
                    list.iter().map(|expr| self.constant(expr)).collect();
                Ok(format!(
                    "({} {is_in} ({}))",
                    self.number(expr)?,
                    numbers?.join(", ")
                ))
            }
        }
    }

    fn equal_variable(
        &self,
        variable: &Variable,
        literals: &[Literal],
        negated: bool,
    ) -> Result<String, Error> {
        let column = self.dialect.name_of(&variable.name);
        let meant = meant(variable, literals)?;
        let mut parts = Vec::new();
        // numbers that stand for themselves are asked as numbers, and a label only where there is none of its name
        let measured = variable.kind == Kind::Number
            && (variable.labels.is_empty() || variable.measure == Some(Measure::Scale));
        let named = literals.iter().any(|literal| is_label(variable, literal))
            || meant.iter().any(|value| variable.missing.holds(value));
        if let Some(list) = self.list(variable, meant.iter()) {
            parts.push(format!("{column} IN ({list})"));
        }
        if variable.kind != Kind::Number {
            for literal in literals {
                if let Literal::Truth(truth) = literal {
                    parts.push(format!("LOWER({column}) = '{truth}'"));
                }
            }
        }
        let [yes, no] = if negated {
            ["FALSE", "TRUE"]
        } else {
            ["TRUE", "FALSE"]
        };
        let missing = self.is_missing(variable);
        Ok(match parts.is_empty() {
            true => format!("CASE WHEN {missing} THEN NULL ELSE {no} END"),
            // known to be no answer before it is compared
            false if measured && !named => {
                format!(
                    "CASE WHEN {missing} THEN NULL WHEN {} THEN {yes} ELSE {no} END",
                    parts.join(" OR ")
                )
            }
            false => format!(
                "CASE WHEN {} THEN {yes} WHEN {missing} THEN NULL ELSE {no} END",
                parts.join(" OR ")
            ),
        })
    }
}

/// The values that literals name: themselves, the number that they write, the values that bear them as a label.
fn meant(variable: &Variable, literals: &[Literal]) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    for literal in literals {
        let number = match literal {
            Literal::Number(number) => Some(*number),
            Literal::Truth(truth) => Some(f64::from(u8::from(*truth))),
            Literal::Text(text) => {
                values.push(Value::Text(as_recorded(variable, text.clone())));
                let bearing = variable.labels.iter().filter(|(_, label)| label == text);
                values.extend(bearing.map(|(value, _)| value.clone()));
                number_in(text)
            }
        };
        if let (Literal::Number(number), true) = (literal, variable.kind != Kind::Number) {
            return Err(refused(
                &format!("{} == {number}", variable.name),
                &format!("it is text; write '{number}'"),
            ));
        }
        values.extend(number.map(Value::Number));
    }
    Ok(values)
}

/// A text as the values of a variable are written: of dates with all their digits, `2023-06-01` for `2023-6-1`.
fn as_recorded(variable: &Variable, text: String) -> String {
    match variable.kind {
        Kind::Date => iso_date(&text).unwrap_or(text),
        _ => text,
    }
}

fn is_label(variable: &Variable, literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) => variable.labels.iter().any(|(_, label)| label == text),
        _ => false,
    }
}

fn number_in(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

fn sign(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

/// The comparison with its sides exchanged.
fn flipped(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
