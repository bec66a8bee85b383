//! One small grammar: the items of an estimate, the conditions of `--where`, the groups of `--by`.
//!
//! | from loose to tight | |
//! | --- | --- |
//! | `or` | one of them holds |
//! | `and` | all hold |
//! | `not` | it does not hold |
//! | `==` `!=` `<` `<=` `>` `>=`, `in [..]`, `not in [..]`, `between a and b`, `is null`, `is not null`, `contains '3'` | conditions; `=` is taken as `==`, `<>` as `!=` |
//! | `+` `-` | |
//! | `*` `/` | |
//! | `-` | the negative |
//! | `:` | crossed: the pairs of levels |
//! | names, numbers, texts, `true`, `false`, `cut(x, 18, 65)`, parentheses | a name that is no plain word stands in backquotes, a text in single or double quotes |
//!
//! A statistic takes `where` and a condition behind its arguments: `mean(y, where t == 1)`. `q contains '3'` looks into entries
//! that list several answers, `prop(split(q, ';'))` has a share for each of them.
//!
//! [`Expr::parse`] makes a tree of a text, [`condition`] one that is true or false, [`Item::parse`] a statistic or a linear
//! combination of statistics. [`bind`] looks the names up in a codebook and says which columns are needed;
//! [`Bound::run`] works on one batch of respondents.
//!
//! ```
//! use opine::internals::survey::expr::{Expr, Item, Verb, condition};
//!
//! let item = Item::parse("mean(income) / 1000")?;
//! assert_eq!(item.terms[0].coefficient, 0.001);
//! assert_eq!(item.terms[0].statistic, Verb::Mean(Expr::parse("income")?));
//! assert!(condition("age >= 65 and region in ['North', 'South']").is_ok());
//!
//! let error = Item::parse("meen(income)").unwrap_err();
//! assert_eq!(error.to_string(), "no function meen; did you mean mean?\n  meen(income)\n  ^^^^");
//! # Ok::<(), opine::internals::survey::expr::Error>(())
//! ```

mod ast;
mod bind;
mod crossing;
mod error;
mod eval;
mod function;
mod item;
mod lexer;
mod names;
mod parse;

pub use ast::{Arithmetic, Comparison, Expr, Literal, Node};
pub use bind::{Bound, NamedLiteral, OutputKind, answers, bind, bind_within};
pub use crossing::{crossable, crossed_levels, crossed_name, crossed_variables};
pub use error::{Error, Reason};
pub use eval::{FALSE, Output, TRUE, UNKNOWN};
pub use function::{Split, single, split};
pub use item::{Item, Term, Verb, begins_with_statistic};
pub use names::with_backquotes;
pub use parse::condition;

/// Why answers may be missing: " (what is divided by 0 is no answer)" where one of these texts divides by something that
/// respondents have.
pub fn why_missing<'t>(texts: impl IntoIterator<Item = &'t str>) -> &'static str {
    let divides = |text: &str| {
        let item = || Item::parse(text).is_ok_and(|item| item.divides());
        text.contains('/') && (Expr::parse(text).is_ok_and(|expr| expr.divides()) || item())
    };
    match texts.into_iter().any(divides) {
        true => " (what is divided by 0 is no answer)",
        false => "",
    }
}
