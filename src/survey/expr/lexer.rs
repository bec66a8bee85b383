//! From a text to words and signs.

use std::ops::Range;

use super::{Comparison, Error, Reason};

/// A word or sign of the grammar.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// A name in backquotes: never a function, never a word of the grammar.
    QuotedName(String),
    Number(f64),
    Text(String),
    And,
    Or,
    Not,
    In,
    Between,
    Is,
    Null,
    Truth(bool),
    Compare(Comparison),
    Plus,
    Minus,
    Star,
    Slash,
    Colon,
    Comma,
    Open,
    Close,
    OpenList,
    CloseList,
    End,
}

/// The tokens of a text with their places, [`Token::End`] last.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Error> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let rest = lexer.rest();
        lexer.at += rest.len() - rest.trim_start().len();
        let start = lexer.at;
        let token = lexer.token()?;
        let ended = token == Token::End;
        tokens.push((token, start..lexer.at));
        if ended {
            return Ok(tokens);
        }
    }
}

/// The word of the grammar, in any case of its letters.
pub(super) fn word(name: &str) -> Option<Token> {
    Some(match name.to_ascii_lowercase().as_str() {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        "in" => Token::In,
        "between" => Token::Between,
        "is" => Token::Is,
        "null" => Token::Null,
        "true" => Token::Truth(true),
        "false" => Token::Truth(false),
        _ => return None,
    })
}

/// Whether a plain name may start with it.
pub(super) fn starts_name(char: char) -> bool {
    char.is_alphabetic() || char == '_'
}

/// Whether a plain name may go on with it.
pub(super) fn continues_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '.')
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn token(&mut self) -> Result<Token, Error> {
        let rest = self.rest();
        let mut chars = rest.chars();
        let Some(first) = chars.next() else {
            return Ok(Token::End);
        };
        let second = chars.next().unwrap_or(' ');
        match first {
            '\'' | '"' => self.text(first),
            '`' => self.quoted_name(),
            '0'..='9' => self.number(),
            '.' if second.is_ascii_digit() => self.number(),
            _ if starts_name(first) => {
                let name = self.take_while(continues_name);
                Ok(word(name).unwrap_or_else(|| Token::Name(name.to_owned())))
            }
            _ => self.sign(first, second),
        }
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|char| !fits(char)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn sign(&mut self, first: char, second: char) -> Result<Token, Error> {
        let (token, length) = match (first, second) {
            ('=', '=') => (Token::Compare(Comparison::Equal), 2),
            ('!', '=') | ('<', '>') => (Token::Compare(Comparison::NotEqual), 2),
            ('<', '=') => (Token::Compare(Comparison::LessOrEqual), 2),
            ('>', '=') => (Token::Compare(Comparison::GreaterOrEqual), 2),
            ('=', _) => (Token::Compare(Comparison::Equal), 1),
            ('<', _) => (Token::Compare(Comparison::Less), 1),
            ('>', _) => (Token::Compare(Comparison::Greater), 1),
            ('+', _) => (Token::Plus, 1),
            ('-', _) => (Token::Minus, 1),
            ('*', _) => (Token::Star, 1),
            ('/', _) => (Token::Slash, 1),
            (':', _) => (Token::Colon, 1),
            (',', _) => (Token::Comma, 1),
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenList, 1),
            (']', _) => (Token::CloseList, 1),
            _ => return Err(self.foreign(first, second)),
        };
        self.at += length;
        Ok(token)
    }

    /// A sign of another language, or of none.
    fn foreign(&self, first: char, second: char) -> Error {
        let instead = |given: &str, right| Reason::Instead {
            given: given.to_owned(),
            right,
        };
        let (reason, length) = match (first, second) {
            ('&', '&') => (instead("&&", "and"), 2),
            ('|', '|') => (instead("||", "or"), 2),
            ('&', _) => (instead("&", "and"), 1),
            ('|', _) => (instead("|", "or"), 1),
            ('!', _) => (instead("!", "not"), 1),
            ('≤', _) => (instead("≤", "<="), first.len_utf8()),
            ('≥', _) => (instead("≥", ">="), first.len_utf8()),
            ('≠', _) => (instead("≠", "!="), first.len_utf8()),
            ('−' | '–', _) => (instead(&first.to_string(), "-"), first.len_utf8()),
            ('“' | '”' | '„' | '‘' | '’' | '«' | '»', _) => {
                (Reason::CurlyQuote(first), first.len_utf8())
            }
            _ => {
                let name = self.around();
                (Reason::Character { char: first, name }, first.len_utf8())
            }
        };
        Error::new(reason, self.at..self.at + length)
    }

    /// What stands here between blanks, commas and parentheses.
    fn around(&self) -> String {
        let ends = |char: char| char.is_whitespace() || matches!(char, ',' | '(' | ')' | '[' | ']');
        let start = self.text[..self.at].rfind(ends).map_or(0, |at| at + 1);
        let end = self
            .rest()
            .find(ends)
            .map_or(self.text.len(), |at| self.at + at);
        self.text.get(start..end).unwrap_or_default().to_owned()
    }

    /// Digits, a point, digits, an exponent: as much of it as is there.
    fn number(&mut self) -> Result<Token, Error> {
        let start = self.at;
        let digits = |char: char| char.is_ascii_digit();
        self.take_while(digits);
        if self.rest().starts_with('.') {
            self.at += 1;
            self.take_while(digits);
        }
        if let Some(exponent) = self.rest().strip_prefix(['e', 'E']) {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            // without digits behind it the e begins a name
            if unsigned.starts_with(digits) {
                self.at += 1 + exponent.len() - unsigned.len();
                self.take_while(digits);
            }
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        if self.rest().starts_with(continues_name) {
            self.take_while(continues_name);
            let name = self.text.get(start..self.at).unwrap_or_default();
            let reason = Reason::StartsWithDigit(name.to_owned());
            return Err(Error::new(reason, start..self.at));
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => {
                let reason = Reason::TooLarge(written.to_owned());
                Err(Error::new(reason, start..self.at))
            }
        }
    }

    fn quoted_name(&mut self) -> Result<Token, Error> {
        let start = self.at;
        let name = self.enclosed('`', false, Reason::OpenName)?;
        match name.is_empty() {
            true => Err(Error::new(Reason::EmptyName, start..self.at)),
            false => Ok(Token::QuotedName(name)),
        }
    }

    fn text(&mut self, quote: char) -> Result<Token, Error> {
        self.enclosed(quote, true, Reason::OpenText)
            .map(Token::Text)
    }

    /// What stands between two of a mark that is doubled where it is meant itself.
    fn enclosed(&mut self, mark: char, escapes: bool, open: Reason) -> Result<String, Error> {
        let start = self.at;
        let mut content = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, char)) = chars.next() {
            if char == mark {
                match chars.next_if(|(_, next)| *next == mark) {
                    Some(_) => content.push(mark),
                    None => {
                        self.at = start + offset + mark.len_utf8();
                        return Ok(content);
                    }
                }
            } else if char == '\\' && escapes {
                let Some((_, escaped)) = chars.next() else {
                    break;
                };
                content.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '\\' | '\'' | '"' => escaped,
                    _ => {
                        let at = start + offset;
                        let span = at..at + 1 + escaped.len_utf8();
                        return Err(Error::new(Reason::Escape(escaped), span));
                    }
                });
            } else {
                content.push(char);
            }
        }
        Err(Error::new(open, start..self.text.len()))
    }
}
