//! The formula of a model as it is written: `q1 == 'Agree' ~ party * sex + cut(age, 30, 60)`.

use crate::frames::words::nearest;
use crate::survey::estimate::Error;
use crate::survey::expr::{Expr, Literal, Node};

/// A response, and what it is explained by.
///
/// | written | is |
/// | --- | --- |
/// | `a + b` | both |
/// | `a * b` | both and their product |
/// | `a:b` | the product alone |
/// | `x^2`, `log(x)` | a power, the natural logarithm of a number |
/// | `factor(x)` | a number as levels |
/// | `ref(x, "M")` | levels with that one as the reference |
/// | `cut(age, 30, 60)` | bands of a number |
/// | `(a - b)`, `a / 10`, `I(a + b)` | what is worked out |
/// | `offset(log(t))` | a part of the predictor without a coefficient |
/// | `0 +` | no constant |
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// As it was written.
    pub text: String,
    pub response: Expr,
    /// What the response is called.
    pub response_text: String,
    pub factors: Vec<Factor>,
    /// The factors of each term, in their order; products after what they are made of.
    pub terms: Vec<Vec<usize>>,
    pub has_constant: bool,
    pub offset: Option<Expr>,
}

/// What a term is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// As coefficients are named: `party`, `meals^2`, `cut(age, 30, 60)`.
    pub name: String,
    pub expr: Expr,
    pub form: Form,
}

/// How a factor is made of its expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Levels or a number, as the file has it.
    Plain,
    Power(u32),
    Log,
    /// Levels, with a reference where one is named.
    Levels(Option<String>),
}

/// Terms of more factors than this are no model.
const MOST_FACTORS: usize = 6;
/// Letters of a wrong part of a formula that are shown.
const MOST_SHOWN: usize = 120;
/// More terms than this are refused before anything is read.
pub const MOST_TERMS: usize = 2_000;

impl Formula {
    /// The formula that a text says.
    ///
    /// # Errors
    /// What is not understood, with what would be right.
    pub fn parse(text: &str) -> Result<Formula, Error> {
        let text = text.trim();
        let sides = split(text, &['~']);
        let [(_, left), (_, right)] = sides.as_slice() else {
            return Err(wrong(
                text,
                "a formula has one ~, as in 'q1 == \"Agree\" ~ party + sex'",
            ));
        };
        let (left, right) = (left.trim(), right.trim());
        if left.is_empty() || right.is_empty() {
            return Err(wrong(
                text,
                "a formula has a response before the ~ and terms behind it",
            ));
        }
        if left.starts_with("log(") {
            return Err(wrong(
                left,
                "the left side is a number, a condition or a variable with levels; --link log models the logarithm of the mean of a number",
            ));
        }
        let mut formula = Formula {
            text: text.to_owned(),
            response: Expr::parse(left).map_err(Error::Expression)?,
            response_text: left.to_owned(),
            factors: Vec::new(),
            terms: Vec::new(),
            has_constant: true,
            offset: None,
        };
        let terms = formula.sum(right)?;
        let explains_itself = |factor: &&Factor| factor.expr == formula.response;
        if formula
            .factors
            .iter()
            .any(|factor| explains_itself(&factor))
        {
            return Err(wrong(
                left,
                "it stands on both sides of the ~, and a response can’t explain itself",
            ));
        }
        formula.terms = terms;
        // products come behind all that they are made of, as in R
        formula.terms.sort_by_key(Vec::len);
        Ok(formula)
    }

    /// The name of a term.
    pub fn term_name(&self, term: &[usize]) -> String {
        let names = term.iter().filter_map(|at| self.factors.get(*at));
        names
            .map(|factor| factor.name.as_str())
            .collect::<Vec<_>>()
            .join(":")
    }

    fn sum(&mut self, text: &str) -> Result<Vec<Vec<usize>>, Error> {
        let mut terms: Vec<Vec<usize>> = Vec::new();
        for (sign, summand) in split(text, &['+', '-']) {
            let summand = summand.trim();
            if summand.is_empty() {
                match sign {
                    // before the first summand
                    None => continue,
                    _ => return Err(wrong(text, "a term is missing beside a + or -")),
                }
            }
            match (sign, summand) {
                (Some('-'), "1") | (None | Some('+'), "0") => self.has_constant = false,
                (_, "1") => {}
                (Some('-'), other) => {
                    return Err(wrong(
                        text,
                        &format!(
                            "terms are added; a difference as a number stands in parentheses, as in (a - {other})"
                        ),
                    ));
                }
                _ => {
                    for term in self.product(summand)? {
                        if !terms.contains(&term) {
                            terms.push(term);
                        }
                        if terms.len() > MOST_TERMS {
                            return Err(wrong(
                                "the formula",
                                &format!("it has more than {MOST_TERMS} terms"),
                            ));
                        }
                    }
                }
            }
        }
        Ok(terms)
    }

    /// a * b is both and their product.
    fn product(&mut self, text: &str) -> Result<Vec<Vec<usize>>, Error> {
        let parts = split(text, &['*']);
        if parts.len() > MOST_FACTORS {
            return Err(wrong(
                text,
                &format!("a product has {MOST_FACTORS} factors at most"),
            ));
        }
        let mut terms: Vec<Vec<usize>> = Vec::new();
        for (_, part) in parts {
            let own = self.crossed(part.trim())?;
            let before = terms.clone();
            for term in &own {
                terms.push(term.clone());
            }
            for one in &before {
                for other in &own {
                    terms.push(union(one, other));
                }
            }
        }
        Ok(terms)
    }

    /// a:b is the product alone.
    fn crossed(&mut self, text: &str) -> Result<Vec<Vec<usize>>, Error> {
        let mut terms: Vec<Vec<usize>> = vec![Vec::new()];
        for (_, part) in split(text, &[':']) {
            let own = self.atom(part.trim())?;
            let each = terms
                .iter()
                .flat_map(|one| own.iter().map(move |other| union(one, other)));
            terms = each.collect();
        }
        terms.retain(|term| !term.is_empty());
        if let Some(term) = terms.iter().find(|term| term.len() > MOST_FACTORS) {
            let name = self.term_name(term);
            return Err(wrong(
                &name,
                &format!("a product has {MOST_FACTORS} factors at most"),
            ));
        }
        Ok(terms)
    }

    /// One factor, or terms in parentheses.
    fn atom(&mut self, text: &str) -> Result<Vec<Vec<usize>>, Error> {
        if text.is_empty() {
            return Err(wrong(
                "the formula",
                "a factor is missing beside a * or :; a power is written x^2",
            ));
        }
        if let Some(inner) = parenthesised(text)
            && split(inner, &['+']).len() > 1
        {
            return self.sum(inner);
        }
        if let Some((base, power)) = power_of(text) {
            let Some(power) = power else {
                return Err(wrong(text, "powers are whole numbers from 2 to 9"));
            };
            if let Some(inner) = parenthesised(base)
                && split(inner, &['+']).len() > 1
            {
                return Err(wrong(
                    text,
                    &format!(
                        "products of terms are written out, as in a * b; the power of a sum as one number is I({inner})^{power}"
                    ),
                ));
            }
            let base = match base.strip_prefix('I').and_then(parenthesised) {
                Some(inner) => inner,
                None => base,
            };
            let expr = Expr::parse(base).map_err(Error::Expression)?;
            return Ok(vec![vec![self.place(Factor {
                name: match &expr.node {
                    Node::Name(name) => format!("{name}^{power}"),
                    _ if parenthesised(base).is_some() => format!("{base}^{power}"),
                    _ => format!("({base})^{power}"),
                },
                expr,
                form: Form::Power(power),
            })]]);
        }
        let expr = Expr::parse(text).map_err(Error::Expression)?;
        let Node::Call {
            function,
            arguments,
            filter: None,
        } = &expr.node
        else {
            if expr.literal().is_some() {
                return Err(wrong(
                    text,
                    "a number is no term; times a number stands in parentheses, as in (2 * x)",
                ));
            }
            let form = match expr.is_condition() {
                true => Form::Levels(None),
                false => Form::Plain,
            };
            return Ok(vec![vec![self.place(Factor {
                name: name_of(&expr, text),
                form,
                expr,
            })]]);
        };
        match (function.as_str(), arguments.as_slice()) {
            ("offset", [of]) => {
                if self.offset.is_some() {
                    return Err(wrong(text, "a model has one offset"));
                }
                self.offset = Some(of.clone());
                Ok(vec![Vec::new()])
            }
            ("log", [of]) => Ok(vec![vec![self.place(Factor {
                name: format!("log({of})"),
                expr: of.clone(),
                form: Form::Log,
            })]]),
            ("I" | "i", [of]) => Ok(vec![vec![self.place(Factor {
                name: of.to_string(),
                expr: of.clone(),
                form: Form::Plain,
            })]]),
            ("factor", [of]) => Ok(vec![vec![self.place(Factor {
                name: of.to_string(),
                expr: of.clone(),
                form: Form::Levels(None),
            })]]),
            ("ref", [of, level]) => {
                let reference = match level.literal() {
                    Some(Literal::Text(text)) => text,
                    Some(Literal::Number(number)) => number.to_string(),
                    _ => {
                        return Err(wrong(
                            text,
                            "the reference is a level in quotes, as in ref(party, 'Red')",
                        ));
                    }
                };
                Ok(vec![vec![self.place(Factor {
                    name: of.to_string(),
                    expr: of.clone(),
                    form: Form::Levels(Some(reference)),
                })]])
            }
            ("cut", _) => Ok(vec![vec![self.place(Factor {
                name: expr.to_string(),
                form: Form::Levels(None),
                expr,
            })]]),
            ("poly", _) => Err(wrong(
                text,
                "powers are written out, as in x + x^2 + x^3; they are centred inside for the arithmetic",
            )),
            _ => {
                let known = ["offset", "log", "factor", "ref", "cut", "I"];
                let near = match function.as_str() {
                    "C" | "i" => Some("factor"),
                    other => nearest(other, known),
                };
                let hint = match near {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("there are {}", known.join(", ")),
                };
                Err(wrong(
                    text,
                    &format!("no function {function} in a formula, or other arguments; {hint}"),
                ))
            }
        }
    }

    fn place(&mut self, factor: Factor) -> usize {
        let same = |other: &Factor| *other == factor;
        self.factors.iter().position(same).unwrap_or_else(|| {
            self.factors.push(factor);
            self.factors.len() - 1
        })
    }
}

fn wrong(text: &str, why: &str) -> Error {
    // what begins it is enough to find it
    let shown: String = match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    Error::Request(format!("{shown}: {why}"))
}

/// A name without its backquotes, else the expression as it was written.
fn name_of(expr: &Expr, text: &str) -> String {
    match &expr.node {
        Node::Name(name) => name.clone(),
        _ => text.to_owned(),
    }
}

fn union(one: &[usize], other: &[usize]) -> Vec<usize> {
    let mut all = [one, other].concat();
    all.sort_unstable();
    all.dedup();
    all
}

/// The parts between signs that stand outside of parentheses and quotes, each with the sign before it.
fn split<'t>(text: &'t str, signs: &[char]) -> Vec<(Option<char>, &'t str)> {
    let mut parts = Vec::new();
    let (mut depth, mut quote, mut start, mut sign) = (0_i32, None, 0, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, letter) if depth == 0 && signs.contains(&letter) => {
                parts.push((sign, &text[start..at]));
                start = at + letter.len_utf8();
                sign = Some(letter);
            }
            _ => {}
        }
    }
    parts.push((sign, &text[start..]));
    parts
}

/// What stands within the parentheses around all of a text.
fn parenthesised(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for letter in inner.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
}

/// The base and the exponent of `x^2`; an exponent that is no whole number from 2 to 9 is `None`.
fn power_of(text: &str) -> Option<(&str, Option<u32>)> {
    let parts = split(text, &['^']);
    let [(_, base), (_, exponent)] = parts.as_slice() else {
        return None;
    };
    let exponent = exponent
        .trim()
        .parse()
        .ok()
        .filter(|power| (2..=9).contains(power));
    Some((base.trim(), exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let formula = Formula::parse(text).unwrap();
        formula
            .terms
            .iter()
            .map(|term| formula.term_name(term))
            .collect()
    }

    #[test]
    fn formulas_are_those_of_r() {
        for (text, expected) in [
            ("y ~ a + b", &["a", "b"][..]),
            ("y ~ a * b + c", &["a", "b", "c", "a:b"]),
            (
                "y ~ a * b * c",
                &["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"],
            ),
            ("y ~ (a + b) * c", &["a", "b", "c", "a:c", "b:c"]),
            ("y ~ b + a:b", &["b", "b:a"]),
            ("y ~ x + x^2 + log(x)", &["x", "x^2", "log(x)"]),
            ("y ~ 0 + factor(race) + ref(sex, 'F')", &["race", "sex"]),
            (
                "q1 in ['a + b', 'c ~ d'] ~ cut(age, 30, 60)",
                &["cut(age, 30, 60)"],
            ),
            (
                "y ~ (a - b) + a / 10 + offset(log(t))",
                &["(a - b)", "a / 10"],
            ),
            (
                "y ~ (2020 - born)^2 + I(a + b)^2",
                &["(2020 - born)^2", "(a + b)^2"],
            ),
            ("y ~ 1", &[]),
        ] {
            assert_eq!(terms(text), expected, "{text}");
        }
        assert!(!Formula::parse("y ~ 0 + a").unwrap().has_constant);
        assert!(
            Formula::parse("y ~ a + offset(log(t))")
                .unwrap()
                .offset
                .is_some()
        );
    }

    #[test]
    fn what_is_no_formula_says_what_would_be() {
        for (text, words) in [
            ("y", "one ~"),
            ("~ a", "response before"),
            ("y ~ a - b", "(a - b)"),
            ("y ~ a +", "missing"),
            ("y ~ a * 2", "(2 * x)"),
            ("y ~ poly(a, 2)", "x + x^2"),
            ("y ~ facter(a)", "did you mean factor?"),
            ("y ~ x^2.5", "whole numbers"),
            ("y ~ a:b:c:d:e:f:g", "at most"),
            ("y ~ a + y", "on both sides"),
            ("y ~ a + y^2", "on both sides"),
            ("y ~ (a + b)^2", "I(a + b)^2"),
            ("log(y) ~ a", "--link log"),
        ] {
            let error = Formula::parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
