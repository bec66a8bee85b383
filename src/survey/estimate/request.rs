//! What is asked of respondents, and the builder that puts it together.

use std::str::FromStr;

use super::Error;
use super::options::Options;
use super::standardisation::Standard;
use crate::frames::FIXED_COLUMNS;
use crate::survey::expr::{Expr, Item, condition};

/// What is asked of respondents.
///
/// Made by [`Request::builder`] from texts as a person writes them, or from parts that are read already.
///
/// ```
/// use opine::internals::survey::estimate::{Options, Request};
///
/// let request = Request::builder(["prop(q1)", "mean(therm_us)"])
///     .by("region")
///     .filter("age >= 18")
///     .net("Worried", ["Very worried", "Somewhat worried"])
///     .options(Options { level: 0.9, ..Options::default() })
///     .build()?;
/// assert_eq!(request.items.len(), 2);
///
/// let error = Request::builder(["meen(income)"]).build().unwrap_err();
/// assert!(error.to_string().starts_with("no function meen; did you mean mean?"));
/// # Ok::<(), opine::internals::survey::estimate::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What the estimates give as their source.
    pub source: String,
    pub items: Vec<Item>,
    /// Expressions whose crossing makes the domains.
    pub by: Vec<Group>,
    /// The subpopulation. Respondents outside of it stay in the design.
    pub filter: Option<Filter>,
    /// Levels added up to one, beside them.
    pub nets: Vec<Net>,
    /// Answers that count as none, by their names: shares are those of all others.
    pub without: Vec<String>,
    /// Shares that the groups of every domain are to have.
    pub standard: Option<Standard>,
    /// Answers of the items of an alpha that are text, lowest first.
    pub order: Vec<String>,
    pub options: Options,
}

impl Request {
    /// Starts a request for these items, as they are written on the command line: `mean(x)`, `prop(q1)`.
    pub fn builder<T: Into<String>>(items: impl IntoIterator<Item = T>) -> RequestBuilder {
        RequestBuilder {
            items: items.into_iter().map(Into::into).collect(),
            ..RequestBuilder::default()
        }
    }
}

/// A request in the making: texts until [`RequestBuilder::build`] reads them.
#[derive(Clone, Debug, Default)]
pub struct RequestBuilder {
    source: String,
    items: Vec<String>,
    by: Vec<String>,
    filter: Option<String>,
    nets: Vec<Net>,
    without: Vec<String>,
    standard: Option<Standard>,
    order: Vec<String>,
    options: Options,
}

impl RequestBuilder {
    /// What the estimates give as their source: most often the name of the file without its ending.
    pub fn source(mut self, name: impl Into<String>) -> Self {
        self.source = name.into();
        self
    }

    /// One more item.
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.items.push(item.into());
        self
    }

    /// Groups whose crossing makes the domains: `region`, `region,age`, `band=cut(age, 30, 60)`. Called again it adds more.
    pub fn by(mut self, groups: impl Into<String>) -> Self {
        self.by.push(groups.into());
        self
    }

    /// The subpopulation, a condition: `region == 'North' and age >= 65`.
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.filter = Some(condition.into());
        self
    }

    /// Several levels as one, beside them.
    pub fn net<T: Into<String>>(
        mut self,
        name: impl Into<String>,
        levels: impl IntoIterator<Item = T>,
    ) -> Self {
        self.nets.push(Net {
            name: name.into(),
            levels: levels.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// An answer that is left out of shares, as if it had not been given: `Don't know` for the share of the decided.
    pub fn without(mut self, answer: impl Into<String>) -> Self {
        self.without.push(answer.into());
        self
    }

    /// Direct standardisation: the shares that the groups of every domain are to have.
    pub fn standard(mut self, standard: Standard) -> Self {
        self.standard = Some(standard);
        self
    }

    /// The answers of items that are text in their order, lowest first: what `alpha(q1, q2)` reckons with is their place.
    pub fn order<T: Into<String>>(mut self, levels: impl IntoIterator<Item = T>) -> Self {
        self.order = levels.into_iter().map(Into::into).collect();
        self
    }

    /// How to estimate; what is not named stays as it is usual.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// The first text that is not understood, with the place in it.
    pub fn build(self) -> Result<Request, Error> {
        let items = self.items.iter().map(|item| Item::parse(item));
        let groups = self.by.iter().flat_map(|groups| listed(groups));
        let filter = self.filter.as_deref().map(Filter::parse).transpose();
        Ok(Request {
            source: self.source,
            items: items.collect::<Result<_, _>>().map_err(Error::Expression)?,
            by: groups.map(Group::parse).collect::<Result<_, _>>()?,
            filter: filter?,
            nets: self.nets,
            without: self.without,
            standard: self.standard,
            order: self.order,
            options: self.options,
        })
    }
}

/// The entries between the commas that stand outside of parentheses and quotes.
pub(crate) fn listed(list: &str) -> Vec<&str> {
    let mut entries = Vec::new();
    let (mut depth, mut quote, mut start) = (0i32, None, 0);
    for (at, letter) in list.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                entries.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    entries.push(&list[start..]);
    entries
}

/// A subpopulation.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// As it was written.
    pub text: String,
    pub expr: Expr,
}

impl Filter {
    /// Reads a condition.
    ///
    /// # Errors
    /// What is no condition, with its place in the text.
    pub fn parse(text: &str) -> Result<Filter, Error> {
        Ok(Filter {
            text: text.to_owned(),
            expr: condition(text).map_err(Error::Expression)?,
        })
    }
}

/// What domains are made by.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The name of its column.
    pub name: String,
    /// As it was written.
    pub text: String,
    pub expr: Expr,
}

impl Group {
    /// Reads `region`, `cut(age, 30, 60)` or `NAME=EXPRESSION`.
    ///
    /// # Errors
    /// An expression that can't be read, a name that [`Estimates`](crate::frames::Estimates) has for a column of its own.
    pub fn parse(given: &str) -> Result<Group, Error> {
        let (name, text) = named(given);
        let expr = Expr::parse(text).map_err(Error::Expression)?;
        let name = name.map_or_else(|| expr.heading(text), str::to_owned);
        if FIXED_COLUMNS.contains(&name.as_str()) {
            return Err(Error::Request(format!(
                "--by {given}: {name} is a column of every table of estimates; give it another name, as in --by my_{name}={text}"
            )));
        }
        Ok(Group {
            name,
            text: text.to_owned(),
            expr,
        })
    }
}

/// `NAME=EXPRESSION` apart; an expression alone has no name, and `==` compares.
pub(crate) fn named(text: &str) -> (Option<&str>, &str) {
    match text.split_once('=') {
        Some((name, rest)) if is_name(name.trim()) && !rest.starts_with('=') => {
            (Some(name.trim()), rest.trim())
        }
        _ => (None, text.trim()),
    }
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Several levels as one: `Favourable=Very favourable,Somewhat favourable`.
#[derive(Clone, Debug, PartialEq)]
pub struct Net {
    pub name: String,
    pub levels: Vec<String>,
}

impl FromStr for Net {
    type Err = String;

    fn from_str(given: &str) -> Result<Net, String> {
        let wrong = || {
            format!(
                "{given:?} is no net: write NAME=LEVEL,LEVEL, as in 'Favourable=Very favourable,Somewhat favourable'"
            )
        };
        let (name, levels) = given.split_once('=').ok_or_else(wrong)?;
        let levels = entries(levels).ok_or_else(wrong)?;
        if name.trim().is_empty() || levels.len() < 2 || levels.iter().any(String::is_empty) {
            return Err(wrong());
        }
        Ok(Net {
            name: name.trim().to_owned(),
            levels,
        })
    }
}

/// The entries of a row of CSV: a comma within one stands in double quotes, a double quote twice.
pub(crate) fn entries(row: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).trim(csv::Trim::All);
    let mut records = reader.from_reader(row.as_bytes()).into_records();
    let record = records.next()?.ok()?;
    Some(record.iter().map(|entry| entry.trim().to_owned()).collect())
}
