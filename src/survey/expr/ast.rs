//! The tree of an expression, and how it is written.

use std::fmt::{self, Display, Formatter, Write};
use std::ops::Range;

use super::lexer::{continues_name, starts_name, word};
use super::parse::precedence;

/// A node of an expression and the place in the text that it was read from.
///
/// Two expressions are equal when they say the same; where they stand does not count.
#[derive(Clone, Debug)]
pub struct Expr {
    pub node: Node,
    /// In bytes of the text.
    pub span: Range<usize>,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.node == other.node
    }
}

/// What stands at a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A variable.
    Name(String),
    /// Finite and not negative: the sign is a [`Node::Neg`].
    Number(f64),
    Text(String),
    Truth(bool),
    Neg(Box<Expr>),
    Binary {
        operator: Arithmetic,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Compare {
        operator: Comparison,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Two conditions or more.
    And(Vec<Expr>),
    /// Two conditions or more.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    /// The list holds literals alone, at least one.
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    /// Both ends belong to it.
    Between {
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    IsNull {
        value: Box<Expr>,
        negated: bool,
    },
    /// Whether one of the answers in an entry that lists several is this one: `13` has no `3` in it.
    Contains {
        value: Box<Expr>,
        answer: String,
        negated: bool,
        /// What stands between the answers, once that is known.
        separator: Option<char>,
    },
    /// Two parts or more.
    Cross(Vec<Expr>),
    Call {
        function: String,
        arguments: Vec<Expr>,
        /// Of whom, where that is not everybody: `mean(y, where t == 1)`.
        filter: Option<Box<Expr>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison with its sides exchanged.
    pub(super) fn flipped(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }

    /// Whether it asks for equality alone.
    pub(super) fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

/// A value that is written out.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Number(f64),
    Text(String),
    Truth(bool),
}

impl Expr {
    pub(super) fn new(node: Node, span: Range<usize>) -> Expr {
        Expr { node, span }
    }

    /// The value that is written out here; `None` where something is to be looked up or worked out.
    pub fn literal(&self) -> Option<Literal> {
        match &self.node {
            Node::Number(number) => Some(Literal::Number(*number)),
            Node::Text(text) => Some(Literal::Text(text.clone())),
            Node::Truth(truth) => Some(Literal::Truth(*truth)),
            Node::Neg(inner) => match inner.node {
                Node::Number(number) => Some(Literal::Number(-number)),
                _ => None,
            },
            _ => None,
        }
    }

    /// What its groups are called: the variable by itself, else `text` as it was written.
    pub fn heading(&self, text: &str) -> String {
        match &self.node {
            Node::Name(name) => name.clone(),
            _ => text.to_owned(),
        }
    }

    /// Whether it is true, false or unknown for a respondent.
    pub fn is_condition(&self) -> bool {
        matches!(
            self.node,
            Node::Truth(_)
                | Node::Compare { .. }
                | Node::And(_)
                | Node::Or(_)
                | Node::Not(_)
                | Node::In { .. }
                | Node::Between { .. }
                | Node::IsNull { .. }
                | Node::Contains { .. }
        )
    }

    /// What it is made of, in the order of the text.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Name(_) | Node::Number(_) | Node::Text(_) | Node::Truth(_) => Vec::new(),
            Node::Neg(inner) | Node::Not(inner) => vec![inner],
            Node::Binary { left, right, .. } | Node::Compare { left, right, .. } => {
                vec![left, right]
            }
            Node::And(parts) | Node::Or(parts) | Node::Cross(parts) => parts.iter().collect(),
            Node::In { value, list, .. } => std::iter::once(&**value).chain(list).collect(),
            Node::Between { value, low, high } => vec![value, low, high],
            Node::IsNull { value, .. } | Node::Contains { value, .. } => vec![value],
            Node::Call {
                arguments, filter, ..
            } => arguments.iter().chain(filter.as_deref()).collect(),
        }
    }

    /// Whether it divides by something that respondents have: what is divided by 0 is no answer.
    pub fn divides(&self) -> bool {
        let here = matches!(
            &self.node,
            Node::Binary { operator: Arithmetic::Divide, right, .. } if right.literal().is_none()
        );
        here || self.parts().into_iter().any(Expr::divides)
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.node {
            Node::Name(_) | Node::Number(_) | Node::Text(_) | Node::Truth(_) => Vec::new(),
            Node::Neg(inner) | Node::Not(inner) => vec![inner],
            Node::Binary { left, right, .. } | Node::Compare { left, right, .. } => {
                vec![left, right]
            }
            Node::And(parts) | Node::Or(parts) | Node::Cross(parts) => parts.iter_mut().collect(),
            Node::In { value, list, .. } => std::iter::once(&mut **value).chain(list).collect(),
            Node::Between { value, low, high } => vec![value, low, high],
            Node::IsNull { value, .. } | Node::Contains { value, .. } => vec![value],
            Node::Call {
                arguments, filter, ..
            } => arguments.iter_mut().chain(filter.as_deref_mut()).collect(),
        }
    }

    /// The variables that it names, each once, in the order of the text.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect_names(&mut names);
        names
    }

    fn collect_names<'e>(&'e self, names: &mut Vec<&'e str>) {
        match &self.node {
            Node::Name(name) if !names.contains(&name.as_str()) => names.push(name),
            _ => self
                .parts()
                .into_iter()
                .for_each(|part| part.collect_names(names)),
        }
    }
}

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
                // operators group to the left: a - (b - c) keeps its parentheses, (a - b) - c needs none
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
            Node::Contains {
                value,
                answer,
                negated,
                ..
            } => {
                within(f, value, precedence::SUM)?;
                let word = if *negated { "not contains" } else { "contains" };
                write!(f, " {word} {}", quoted(answer))
            }
            Node::Call {
                function,
                arguments,
                filter,
            } => {
                write!(f, "{function}(")?;
                joined(f, arguments, ", ", precedence::OR)?;
                write_filter(f, filter.as_deref(), !arguments.is_empty())?;
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
        Node::Compare { .. }
        | Node::In { .. }
        | Node::Between { .. }
        | Node::IsNull { .. }
        | Node::Contains { .. } => precedence::COMPARE,
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

/// `, where t == 1` behind the arguments of a call.
pub(super) fn write_filter(
    f: &mut Formatter<'_>,
    filter: Option<&Expr>,
    after_others: bool,
) -> fmt::Result {
    let Some(filter) = filter else { return Ok(()) };
    let comma = if after_others { ", " } else { "" };
    write!(f, "{comma}where {filter}")
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
    // words that are some only where a name could not stand
    let doubtful = ["where", "contains"]
        .iter()
        .any(|word| name.eq_ignore_ascii_case(word));
    match plain && !doubtful && word(name).is_none() {
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
