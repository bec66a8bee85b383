use super::lexer::Token;
use super::parse::{Grown, Parser, precedence};
use super::{Error, Expr, Node, Reason};

/// What stands between operators.
impl Parser<'_> {
    pub(super) fn operand(&mut self, least: u8) -> Result<Grown, Error> {
        let place = self.place();
        let node = match self.peek() {
            Token::Not => return self.negation(least),
            Token::Minus if least <= precedence::MINUS => return self.negative(),
            Token::Open => return self.parenthesis(),
            Token::Name(name) if *self.ahead(1) == Token::Open => return self.call(name),
            Token::Name(name) | Token::QuotedName(name) => Node::Name(name.clone()),
            Token::Number(number) => Node::Number(*number),
            Token::Text(text) => Node::Text(text.clone()),
            Token::Truth(truth) => Node::Truth(*truth),
            Token::Null => return Err(Error::new(Reason::Null, place)),
            _ => return Err(self.expected("a name, a number or a text")),
        };
        self.advance();
        self.grow(node, place, 0)
    }

    fn negation(&mut self, least: u8) -> Result<Grown, Error> {
        let place = self.place();
        if least > precedence::NOT {
            return Err(Error::new(Reason::NotInside, place));
        }
        self.advance();
        let inner = self.expression(precedence::NOT)?;
        let span = place.start..inner.expr.span.end;
        let inner_height = inner.height;
        let node = Node::Not(Box::new(self.held(inner.expr, "not")?));
        self.grow(node, span, inner_height)
    }

    fn negative(&mut self) -> Result<Grown, Error> {
        let place = self.place();
        self.advance();
        let inner = self.expression(precedence::MINUS)?;
        let span = place.start..inner.expr.span.end;
        self.grow(Node::Neg(Box::new(inner.expr)), span, inner.height)
    }

    /// The place of an expression in parentheses has them in it.
    fn parenthesis(&mut self) -> Result<Grown, Error> {
        let opened = self.place();
        self.advance();
        let mut inner = self.expression(precedence::OR)?;
        if !self.takes(&Token::Close) {
            return Err(self.not_closed("(", opened.start));
        }
        inner.expr.span = opened.start..self.ended();
        Ok(inner)
    }

    fn call(&mut self, function: &str) -> Result<Grown, Error> {
        let start = self.place().start;
        self.advance();
        let opened = self.place().start;
        self.advance();
        let mut height = 0;
        let mut arguments = Vec::new();
        if !self.takes(&Token::Close) {
            loop {
                let argument = self.expression(precedence::OR)?;
                height = height.max(argument.height);
                arguments.push(argument.expr);
                if !self.takes(&Token::Comma) {
                    break;
                }
            }
            if !self.takes(&Token::Close) {
                return Err(self.not_closed("(", opened));
            }
        }
        let node = Node::Call {
            function: function.to_owned(),
            arguments,
        };
        self.grow(node, start..self.ended(), height)
    }

    /// What does not go on, or the bracket that nothing closes.
    fn not_closed(&self, bracket: &'static str, at: usize) -> Error {
        match self.peek() {
            Token::End => Error::new(Reason::NotClosed(bracket), at..at + bracket.len()),
            _ if bracket == "(" => self.expected("an operator, `,` or `)`"),
            _ => self.expected("`,` or `]`"),
        }
    }

    /// A comparison, `in`, `between` or `is null` after its left side. Comparisons do not chain.
    pub(super) fn compared(&mut self, left: Grown) -> Result<Grown, Error> {
        let start = left.expr.span.start;
        let compared = match self.peek() {
            Token::Compare(operator) => {
                self.advance();
                let right = self.expression(precedence::SUM)?;
                let height = left.height.max(right.height);
                let span = start..right.expr.span.end;
                let node = Node::Compare {
                    operator: *operator,
                    left: Box::new(left.expr),
                    right: Box::new(right.expr),
                };
                self.grow(node, span, height)?
            }
            Token::Is => self.null(left)?,
            Token::Not => {
                self.advance();
                match self.peek() {
                    Token::In => self.list(left, true)?,
                    _ => {
                        let inside = self.between(left)?;
                        let span = inside.expr.span.clone();
                        self.grow(Node::Not(Box::new(inside.expr)), span, inside.height)?
                    }
                }
            }
            Token::Between => self.between(left)?,
            _ => self.list(left, false)?,
        };
        match self.infix() == precedence::COMPARE {
            true => Err(Error::new(Reason::Chained, start..self.place().end)),
            false => Ok(compared),
        }
    }

    fn null(&mut self, value: Grown) -> Result<Grown, Error> {
        let is = self.place();
        self.advance();
        let negated = self.takes(&Token::Not);
        if !self.takes(&Token::Null) {
            return Err(Error::new(Reason::IsWhat, is.start..self.place().end));
        }
        let span = value.expr.span.start..self.ended();
        let node = Node::IsNull {
            value: Box::new(value.expr),
            negated,
        };
        self.grow(node, span, value.height)
    }

    fn between(&mut self, value: Grown) -> Result<Grown, Error> {
        self.advance();
        let low = self.expression(precedence::SUM)?;
        if !self.takes(&Token::And) {
            return Err(self.expected("`and` and the upper end of `between`"));
        }
        let high = self.expression(precedence::SUM)?;
        let span = value.expr.span.start..high.expr.span.end;
        let height = value.height.max(low.height).max(high.height);
        let node = Node::Between {
            value: Box::new(value.expr),
            low: Box::new(low.expr),
            high: Box::new(high.expr),
        };
        self.grow(node, span, height)
    }

    fn list(&mut self, value: Grown, negated: bool) -> Result<Grown, Error> {
        self.advance();
        let opened = self.place();
        let (bracket, closing) = match self.peek() {
            Token::OpenList => ("[", Token::CloseList),
            Token::Open => ("(", Token::Close),
            _ => return Err(self.expected("a list as in ['Yes', 'No'] or [1, 2]")),
        };
        self.advance();
        if self.takes(&closing) {
            return Err(Error::new(Reason::EmptyList, opened.start..self.ended()));
        }
        let mut list = Vec::new();
        loop {
            list.push(self.listed()?);
            if !self.takes(&Token::Comma) {
                break;
            }
        }
        if !self.takes(&closing) {
            return Err(self.not_closed(bracket, opened.start));
        }
        let span = value.expr.span.start..self.ended();
        let node = Node::In {
            value: Box::new(value.expr),
            list,
            negated,
        };
        // an entry is two high at most: a negative number
        self.grow(node, span, value.height.max(2))
    }

    fn listed(&mut self) -> Result<Expr, Error> {
        let entry = self.expression(precedence::SUM)?.expr;
        match entry.literal() {
            Some(_) => Ok(entry),
            None => {
                let written = self.written(&entry.span);
                Err(Error::new(Reason::Listed(written), entry.span))
            }
        }
    }
}
