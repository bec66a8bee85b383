use std::fmt::{self, Display, Formatter, Write};

use super::lexer::{continues_name, starts_name, word};
use super::parse::precedence;
use super::{Arithmetic, Comparison, Expr, Node};

/// The canonical form: parsed again, it is the same expression.
impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Name(name) => write_name(f, name),
            Node::Number(number) => write!(f, "{number}"),
            Node::Text(text) => f.write_str(&quoted(text)),
            Node::Truth(truth) => write!(f, "{truth}"),
            Node::Neg(inner) => {
                f.write_char('-')?;
                within(f, inner, precedence::MINUS)
            }
            Node::Binary {
                operator,
                left,
                right,
            } => {
                let own = level(self);
                within(f, left, own)?;
                write!(f, " {operator} ")?;
                within(f, right, own + 1)
            }
            Node::Compare {
                operator,
                left,
                right,
            } => {
                within(f, left, precedence::SUM)?;
                write!(f, " {operator} ")?;
                within(f, right, precedence::SUM)
            }
            Node::And(parts) => joined(f, parts, " and ", precedence::AND + 1),
            Node::Or(parts) => joined(f, parts, " or ", precedence::OR + 1),
            Node::Cross(parts) => joined(f, parts, ":", precedence::CROSS + 1),
            Node::Not(inner) => {
                f.write_str("not ")?;
                within(f, inner, precedence::NOT)
            }
            Node::In {
                value,
                list,
                negated,
            } => {
                within(f, value, precedence::SUM)?;
                f.write_str(if *negated { " not in [" } else { " in [" })?;
                joined(f, list, ", ", precedence::SUM)?;
                f.write_char(']')
            }
            Node::Between { value, low, high } => {
                within(f, value, precedence::SUM)?;
                f.write_str(" between ")?;
                within(f, low, precedence::SUM)?;
                f.write_str(" and ")?;
                within(f, high, precedence::SUM)
            }
            Node::IsNull { value, negated } => {
                within(f, value, precedence::SUM)?;
                f.write_str(if *negated { " is not null" } else { " is null" })
            }
            Node::Call {
                function,
                arguments,
            } => {
                write!(f, "{function}(")?;
                joined(f, arguments, ", ", precedence::OR)?;
                f.write_char(')')
            }
        }
    }
}

fn level(expr: &Expr) -> u8 {
    match &expr.node {
        Node::Or(_) => precedence::OR,
        Node::And(_) => precedence::AND,
        Node::Not(_) => precedence::NOT,
        Node::Compare { .. } | Node::In { .. } | Node::Between { .. } | Node::IsNull { .. } => {
            precedence::COMPARE
        }
        Node::Binary { operator, .. } => match operator {
            Arithmetic::Add | Arithmetic::Subtract => precedence::SUM,
            Arithmetic::Multiply | Arithmetic::Divide => precedence::PRODUCT,
        },
        Node::Neg(_) => precedence::MINUS,
        Node::Cross(_) => precedence::CROSS,
        Node::Name(_) | Node::Number(_) | Node::Text(_) | Node::Truth(_) | Node::Call { .. } => {
            precedence::ATOM
        }
    }
}

/// In parentheses where it binds less than its place asks for.
fn within(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    match level(expr) < least {
        true => write!(f, "({expr})"),
        false => write!(f, "{expr}"),
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expr], between: &str, least: u8) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(between)?;
        }
        within(f, part, least)?;
    }
    Ok(())
}

fn write_name(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    let plain = name.starts_with(starts_name) && name.chars().all(continues_name);
    match plain && word(name).is_none() {
        true => f.write_str(name),
        false => write!(f, "`{}`", name.replace('`', "``")),
    }
}

/// A text as it is written in an expression: in single quotes, or in double quotes where that spares doubled ones.
pub(super) fn quoted(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    let mut written = String::from(quote);
    for char in text.chars() {
        match char {
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '\r' => written.push_str("\\r"),
            '\\' => written.push_str("\\\\"),
            '\'' if quote == '\'' => written.push_str("''"),
            _ => written.push(char),
        }
    }
    written.push(quote);
    written
}

impl Display for Arithmetic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
        })
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        })
    }
}
