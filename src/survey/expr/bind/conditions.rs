//! Conditions: which are tested on distinct values, which on numbers.

use super::Binder;
use super::literal::NamedLiteral;
use super::plan::{Numeric, Truth};
use super::predicate::{
    ListedAnswer, LiteralTest, NumberPredicate, Predicate, SEPARATOR, is_measured,
};
use crate::survey::expr::ast::quoted;
use crate::survey::expr::{Comparison, Error, Expr, Literal, Node, Reason};
use crate::survey::microdata::{Kind, View};

/// Conditions: which are asked of distinct values, which of numbers.
impl Binder<'_> {
    pub(super) fn truth(&mut self, expr: &Expr) -> Result<Truth, Error> {
        match &expr.node {
            Node::Truth(truth) => Ok(Truth::Constant(*truth)),
            Node::And(parts) => Ok(Truth::And(self.truths(parts)?)),
            Node::Or(parts) => Ok(Truth::Or(self.truths(parts)?)),
            Node::Not(inner) => Ok(Truth::Not(Box::new(self.truth(inner)?))),
            Node::Compare {
                operator,
                left,
                right,
            } => self.comparison(*operator, left, right),
            Node::In {
                value,
                list,
                negated,
            } => self.tested(value, LiteralTest::among(list, *negated)?, expr),
            Node::Between { value, low, high } => self.between(value, low, high, expr),
            Node::IsNull { value, negated } => self.null(value, *negated),
            Node::Contains {
                value,
                answer,
                negated,
                separator,
            } => self.contains(value, answer, *separator, *negated),
            _ => {
                let reason = Reason::NoCondition(expr.to_string());
                Err(Error::new(reason, expr.span.clone()))
            }
        }
    }

    fn truths(&mut self, parts: &[Expr]) -> Result<Vec<Truth>, Error> {
        parts.iter().map(|part| self.truth(part)).collect()
    }

    fn between(
        &mut self,
        value: &Expr,
        low: &Expr,
        high: &Expr,
        whole: &Expr,
    ) -> Result<Truth, Error> {
        let ends = [
            (Comparison::GreaterOrEqual, low),
            (Comparison::LessOrEqual, high),
        ];
        let literal = |expr: &Expr| expr.literal().is_some();
        match literal(low) && literal(high) && !literal(value) {
            true => self.tested(value, LiteralTest::ordered(&ends)?, whole),
            false => {
                let ends = ends.map(|(operator, end)| self.comparison(operator, value, end));
                Ok(Truth::And(ends.into_iter().collect::<Result<_, _>>()?))
            }
        }
    }

    fn comparison(
        &mut self,
        operator: Comparison,
        left: &Expr,
        right: &Expr,
    ) -> Result<Truth, Error> {
        let both = left.span.start..right.span.end;
        match (left.literal(), right.literal()) {
            (Some(Literal::Text(_)), Some(_)) | (Some(_), Some(Literal::Text(_))) => {
                Err(Error::new(Reason::TwoConstants, both))
            }
            (None, Some(_)) => self.tested(left, LiteralTest::to(operator, right)?, right),
            (Some(_), None) => self.tested(right, LiteralTest::to(operator.flipped(), left)?, left),
            _ => self.compared(operator, left, right),
        }
    }

    /// Two sides that are both to be worked out.
    fn compared(
        &mut self,
        operator: Comparison,
        left: &Expr,
        right: &Expr,
    ) -> Result<Truth, Error> {
        if self.by_levels(left)? && self.by_levels_on_the_right(right)? {
            let levels = [self.is_number(left)?, self.is_number(right)?];
            if levels != [true, true] {
                return Ok(Truth::ComparedLevels {
                    operator,
                    left: self.coding(left)?,
                    right: self.coding(right)?,
                });
            }
        }
        Ok(Truth::ComparedNumbers {
            operator,
            left: self.numeric(left)?,
            right: self.numeric(right)?,
        })
    }

    /// Whether it has values that can be compared as they are written.
    fn by_levels(&self, expr: &Expr) -> Result<bool, Error> {
        match &expr.node {
            Node::Name(name) => self.variable(name, expr).map(|_| true),
            node => Ok(matches!(node, Node::Cross(_) | Node::Call { .. })),
        }
    }

    /// On the right of a comparison an unknown name is most often a text without its quotes.
    fn by_levels_on_the_right(&self, expr: &Expr) -> Result<bool, Error> {
        self.by_levels(expr).map_err(|error| match error.reason {
            Reason::NoVariable { name, nearest } => {
                let reason = Reason::NoVariableOrText { name, nearest };
                Error::new(reason, error.span)
            }
            reason => Error::new(reason, error.span),
        })
    }

    fn is_number(&self, expr: &Expr) -> Result<bool, Error> {
        match &expr.node {
            Node::Name(name) => Ok(self.variable(name, expr)?.kind == Kind::Number),
            _ => Ok(false),
        }
    }

    /// Something to be worked out, compared with literals.
    fn tested(&mut self, expr: &Expr, test: LiteralTest, literals: &Expr) -> Result<Truth, Error> {
        match &expr.node {
            Node::Name(name) => {
                let variable = self.variable(name, expr)?;
                let test = test.with_dates(variable);
                test.check_for(variable, expr)?;
                let measured = test.on_measured(variable);
                let view = match measured {
                    Some(_) => View::Numbers,
                    None => View::Codes,
                };
                let request = self.request(variable, view);
                for (text, value) in test.named(variable) {
                    let named = NamedLiteral::value(text, value, variable, request);
                    self.literals.push(named);
                }
                match measured {
                    Some(predicate) => Ok(Truth::Numbers {
                        numeric: Numeric::Column(request),
                        predicate,
                    }),
                    None => Ok(Truth::Levels {
                        coding: self.column(variable),
                        predicate: test.on_values(Some(variable)),
                    }),
                }
            }
            Node::Cross(_) | Node::Call { .. } => {
                let coding = self.coding(expr)?;
                test.check_for_levels(coding.level_order(), expr)?;
                Ok(Truth::Levels {
                    coding,
                    predicate: test.on_values(None),
                })
            }
            Node::Text(_) => {
                let span = expr.span.start.min(literals.span.start)..literals.span.end;
                Err(Error::new(Reason::TwoConstants, span))
            }
            _ => Ok(Truth::Numbers {
                numeric: self.numeric(expr)?,
                predicate: test.on_numbers(expr)?,
            }),
        }
    }

    fn contains(
        &mut self,
        value: &Expr,
        answer: &str,
        separator: Option<char>,
        negated: bool,
    ) -> Result<Truth, Error> {
        let Node::Name(name) = &value.node else {
            let reason = Reason::ContainsOf(value.to_string());
            return Err(Error::new(reason, value.span.clone()));
        };
        let variable = self.variable(name, value)?;
        let request = self.request(variable, View::Codes);
        let listed = ListedAnswer::new(answer, separator, variable);
        self.literals.push(NamedLiteral::listed(
            quoted(answer),
            listed.clone(),
            separator.unwrap_or(SEPARATOR),
            variable,
            request,
        ));
        Ok(Truth::Levels {
            coding: self.column(variable),
            predicate: Predicate::Contains {
                answer: listed,
                negated,
            },
        })
    }

    fn null(&mut self, value: &Expr, negated: bool) -> Result<Truth, Error> {
        match &value.node {
            Node::Name(name) => {
                let variable = self.variable(name, value)?;
                if is_measured(variable) {
                    return Ok(Truth::Numbers {
                        numeric: Numeric::Column(self.request(variable, View::Numbers)),
                        predicate: NumberPredicate::Null { negated },
                    });
                }
                Ok(Truth::Levels {
                    coding: self.column(variable),
                    predicate: Predicate::Null { negated },
                })
            }
            Node::Cross(_) | Node::Call { .. } => Ok(Truth::Levels {
                coding: self.coding(value)?,
                predicate: Predicate::Null { negated },
            }),
            _ if value.is_condition() => Ok(Truth::Unknown {
                condition: Box::new(self.truth(value)?),
                negated,
            }),
            _ => Ok(Truth::Numbers {
                numeric: self.numeric(value)?,
                predicate: NumberPredicate::Null { negated },
            }),
        }
    }
}
