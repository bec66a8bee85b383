use std::ops::Range;

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
    /// Two parts or more.
    Cross(Vec<Expr>),
    Call {
        function: String,
        arguments: Vec<Expr>,
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
            Node::IsNull { value, .. } => vec![value],
            Node::Call { arguments, .. } => arguments.iter().collect(),
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
