//! From words and signs to a tree, by precedence climbing.

use std::ops::Range;

use super::lexer::{Token, tokens};
use super::{Arithmetic, Error, Expr, Literal, Node, Reason};

/// How tightly operators bind: the higher, the tighter.
pub(super) mod precedence {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARE: u8 = 4;
    pub const SUM: u8 = 5;
    pub const PRODUCT: u8 = 6;
    pub const MINUS: u8 = 7;
    pub const CROSS: u8 = 8;
    pub const ATOM: u8 = 9;
}

/// How deep an expression may be nested, so that no text can exhaust the stack.
pub(super) const DEEPEST: usize = 200;
/// How many operators may follow one another, each working on what stands before it: sums of hundreds of variables are written
/// by scripts. The tree of such a chain is as high as it is long, though the parser needs no stack for it.
pub(super) const LONGEST: usize = 1_000;

impl Expr {
    /// The expression that a text says.
    ///
    /// # Errors
    /// What is not understood, with its place in the text.
    pub fn parse(text: &str) -> Result<Expr, Error> {
        whole(text, |parser| Ok(parser.expression(precedence::OR)?.expr))
            .map_err(|error| error.within(text))
    }

    /// The expressions of a list with commas: `region, cut(age, 18, 65)`.
    ///
    /// # Errors
    /// As [`Expr::parse`].
    pub fn parse_list(text: &str) -> Result<Vec<Expr>, Error> {
        whole(text, |parser| {
            let mut list = vec![parser.expression(precedence::OR)?.expr];
            while parser.takes(&Token::Comma) {
                list.push(parser.expression(precedence::OR)?.expr);
            }
            Ok(list)
        })
        .map_err(|error| error.within(text))
    }
}

/// An expression that is true, false or unknown: a comparison, `in`, `between`, `is null`, or such with `and`, `or`, `not`.
///
/// # Errors
/// As [`Expr::parse`], and where it is no condition.
pub fn condition(text: &str) -> Result<Expr, Error> {
    let expr = Expr::parse(text)?;
    match expr.is_condition() {
        true => Ok(expr),
        false => {
            let reason = Reason::NoCondition(expr.to_string());
            Err(Error::new(reason, expr.span).within(text))
        }
    }
}

fn whole<T>(text: &str, parse: impl FnOnce(&mut Parser) -> Result<T, Error>) -> Result<T, Error> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    if *parser.peek() == Token::End {
        return Err(Error::new(Reason::Empty, 0..text.len()));
    }
    let parsed = parse(&mut parser)?;
    match parser.peek() {
        Token::End => Ok(parsed),
        _ => Err(parser.unexpected()),
    }
}

/// An expression and the length of its longest path downwards.
pub(super) struct Grown {
    pub expr: Expr,
    pub height: usize,
}

/// Precedence climbing over the tokens.
pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: &'t [(Token, Range<usize>)],
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn peek(&self) -> &'t Token {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, further: usize) -> &'t Token {
        self.tokens
            .get(self.at + further)
            .map_or(&Token::End, |(token, _)| token)
    }

    /// The place of the next token.
    pub(super) fn place(&self) -> Range<usize> {
        let end = self.text.len()..self.text.len();
        self.tokens
            .get(self.at)
            .map_or(end, |(_, span)| span.clone())
    }

    /// Where the last token ended.
    pub(super) fn ended(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |(_, span)| span.end)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Goes past that token if it is the next one.
    pub(super) fn takes(&mut self, token: &Token) -> bool {
        let found = self.peek() == token;
        self.at += usize::from(found);
        found
    }

    pub(super) fn written(&self, span: &Range<usize>) -> String {
        self.text.get(span.clone()).unwrap_or_default().to_owned()
    }

    pub(super) fn expected(&self, what: &'static str) -> Error {
        let place = self.place();
        let found = match self.peek() {
            Token::End => None,
            _ => Some(self.written(&place)),
        };
        Error::new(Reason::Expected { what, found }, place)
    }

    fn unexpected(&self) -> Error {
        let place = self.place();
        let reason = match self.peek() {
            Token::Close | Token::CloseList => Reason::NotOpened(self.written(&place)),
            Token::Comma => Reason::Comma,
            _ => Reason::Unexpected(self.written(&place)),
        };
        Error::new(reason, place)
    }

    /// A node over parts of that height.
    pub(super) fn grow(
        &self,
        node: Node,
        span: Range<usize>,
        height: usize,
    ) -> Result<Grown, Error> {
        match height > LONGEST {
            true => Err(Error::new(Reason::Long, span)),
            false => Ok(Grown {
                expr: Expr::new(node, span),
                height: height + 1,
            }),
        }
    }

    /// An expression of operators that bind at least so tightly.
    pub(super) fn expression(&mut self, least: u8) -> Result<Grown, Error> {
        if self.depth >= DEEPEST {
            return Err(Error::new(Reason::Deep, self.place()));
        }
        self.depth += 1;
        let mut left = self.operand(least)?;
        loop {
            let binds = self.infix();
            if binds == 0 || binds < least {
                break;
            }
            left = match binds {
                precedence::OR | precedence::AND => self.joined(left, binds)?,
                precedence::COMPARE => self.compared(left)?,
                precedence::CROSS => self.crossed(left)?,
                _ => self.calculated(left, binds)?,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    /// How tightly the next operator binds; 0 where none is next.
    pub(super) fn infix(&self) -> u8 {
        match (self.peek(), self.ahead(1)) {
            (Token::Or, _) => precedence::OR,
            (Token::And, _) => precedence::AND,
            (Token::Compare(_) | Token::In | Token::Between | Token::Is, _)
            | (Token::Not, Token::In | Token::Between) => precedence::COMPARE,
            // no word of the grammar, as a variable may be called so: behind an operand it can be nothing else
            (word, _) if is_word(word, "contains") => precedence::COMPARE,
            (Token::Not, word) if is_word(word, "contains") => precedence::COMPARE,
            (Token::Plus | Token::Minus, _) => precedence::SUM,
            (Token::Star | Token::Slash, _) => precedence::PRODUCT,
            (Token::Colon, _) => precedence::CROSS,
            _ => 0,
        }
    }

    fn joined(&mut self, first: Grown, binds: u8) -> Result<Grown, Error> {
        let operator = self.peek();
        let word = match operator {
            Token::And => "and",
            _ => "or",
        };
        let mut height = first.height;
        let mut parts = vec![self.held(first.expr, word)?];
        while self.takes(operator) {
            let part = self.expression(binds + 1)?;
            height = height.max(part.height);
            parts.push(self.held(part.expr, word)?);
        }
        let span = around(&parts);
        let node = match operator {
            Token::And => Node::And(parts),
            _ => Node::Or(parts),
        };
        self.grow(node, span, height)
    }

    /// The operand of `and`, `or` or `not`.
    pub(super) fn held(&self, part: Expr, word: &'static str) -> Result<Expr, Error> {
        if part.is_condition() {
            return Ok(part);
        }
        let written = self.written(&part.span);
        let reason = match part.literal() {
            Some(_) => Reason::Alternatives { word, written },
            None => Reason::NotHeld { word, written },
        };
        Err(Error::new(reason, part.span))
    }

    fn calculated(&mut self, left: Grown, binds: u8) -> Result<Grown, Error> {
        let operator = match self.peek() {
            Token::Plus => Arithmetic::Add,
            Token::Minus => Arithmetic::Subtract,
            Token::Star => Arithmetic::Multiply,
            _ => Arithmetic::Divide,
        };
        self.advance();
        let right = self.expression(binds + 1)?;
        let span = left.expr.span.start..right.expr.span.end;
        let height = left.height.max(right.height);
        let node = Node::Binary {
            operator,
            left: Box::new(left.expr),
            right: Box::new(right.expr),
        };
        self.grow(node, span, height)
    }

    fn crossed(&mut self, first: Grown) -> Result<Grown, Error> {
        let mut height = first.height;
        let mut parts = vec![first.expr];
        while self.takes(&Token::Colon) {
            let part = self.expression(precedence::CROSS + 1)?;
            height = height.max(part.height);
            parts.push(part.expr);
        }
        let span = around(&parts);
        self.grow(Node::Cross(parts), span, height)
    }
}

/// Whether a name is that word, in any case of its letters.
fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Name(name) if name.eq_ignore_ascii_case(word))
}

fn around(parts: &[Expr]) -> Range<usize> {
    let start = parts.first().map_or(0, |part| part.span.start);
    let end = parts.last().map_or(start, |part| part.span.end);
    start..end
}

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
        let mut filter = None;
        if !self.takes(&Token::Close) {
            loop {
                if self.starts_filter() {
                    self.advance();
                    let condition = self.expression(precedence::OR)?;
                    height = height.max(condition.height);
                    filter = Some(Box::new(self.held(condition.expr, "where")?));
                    break;
                }
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
            filter,
        };
        self.grow(node, start..self.ended(), height)
    }

    /// Whether the word `where` and a condition come next: a variable of that name is followed by an operator, a comma or the
    /// end of the arguments, and stands in backquotes before a minus.
    fn starts_filter(&self) -> bool {
        is_word(self.peek(), "where")
            && matches!(
                self.ahead(1),
                Token::Name(_)
                    | Token::QuotedName(_)
                    | Token::Number(_)
                    | Token::Text(_)
                    | Token::Truth(_)
                    | Token::Not
                    | Token::Minus
                    | Token::Open
            )
            && !is_word(self.ahead(1), "contains")
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
            Token::Name(_) => self.contains(left, false)?,
            Token::Not => {
                self.advance();
                match self.peek() {
                    Token::In => self.list(left, true)?,
                    Token::Name(_) => self.contains(left, true)?,
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

    fn contains(&mut self, value: Grown, negated: bool) -> Result<Grown, Error> {
        self.advance();
        let answer = self.expression(precedence::SUM)?.expr;
        let text = match answer.literal() {
            Some(Literal::Text(text)) => text.trim().to_owned(),
            Some(Literal::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        if text.is_empty() {
            return Err(Error::new(Reason::ContainsWhat, answer.span));
        }
        if !matches!(value.expr.node, Node::Name(_)) {
            let expr = value.expr.to_string();
            return Err(Error::new(Reason::ContainsOf(expr), value.expr.span));
        }
        let span = value.expr.span.start..answer.span.end;
        let node = Node::Contains {
            value: Box::new(value.expr),
            answer: text,
            negated,
            separator: None,
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
