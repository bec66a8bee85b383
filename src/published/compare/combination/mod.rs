//! Figures that are made from printed ones: how they are written.

mod countries;
mod figure;
mod population;

pub use countries::{Average, CombineError, Pooling};
pub use figure::combine;
pub use population::{Population, PopulationError};

use crate::published::figures::store::{ALL, Figure, Store};
use std::str::FromStr;

/// A net that the reader names: `Favourable=very_favourable,somewhat_favourable`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    pub name: String,
    pub responses: Vec<String>,
}

/// Why a text is no net or no combination.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombinationError {
    #[error(
        "“{0}” names no net: write NAME=response,response, for example Favourable=very_favourable,somewhat_favourable"
    )]
    Net(String),
    #[error(
        "“{0}” is no figure: a net or net score is written poll/question/r1+r2-r3:country, a mean of countries \
         poll/question/response:KR+PH"
    )]
    Form(String),
    #[error("“{written}” names {part} twice")]
    Twice { written: String, part: String },
}

impl FromStr for Net {
    type Err = CombinationError;

    fn from_str(text: &str) -> Result<Net, CombinationError> {
        let wrong = || CombinationError::Net(text.to_owned());
        let (name, responses) = text.split_once('=').ok_or_else(wrong)?;
        let (name, responses) = (name.trim(), responses.split(',').map(str::trim));
        let responses: Vec<String> = responses.map(str::to_owned).collect();
        let reserved = |text: &str| text.is_empty() || text.contains(|c| "/:@*+-,=".contains(c));
        match reserved(name) || responses.iter().any(|response| reserved(response)) {
            true => Err(wrong()),
            false => Ok(Net {
                name: name.to_owned(),
                responses,
            }),
        }
    }
}

/// A figure that is made from printed ones: responses of one question added and subtracted, and means
/// of countries. `pew2023/view_cn/very_favourable+somewhat_favourable:US` is a net,
/// `egf2023/view_cn/favourable-unfavourable:KR+PH` a net score of two countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    pub poll: String,
    pub question: String,
    /// As it was written: `r1+r2-r3`, or the name of a net.
    pub response: String,
    /// Responses that add and those that are taken off.
    pub plus: Vec<String>,
    pub minus: Vec<String>,
    /// Codes of the countries: several are averaged, `*` is each one.
    pub countries: Vec<String>,
    pub base: String,
    pub source: Option<String>,
    pub written: String,
}

impl Combination {
    /// Reads a figure; `None` where it names one response of one place, as printed figures do.
    ///
    /// # Errors
    /// A sign without a response, a response or country twice.
    pub fn parse(
        written: &str,
        nets: &[Net],
        store: &Store,
    ) -> Result<Option<Combination>, CombinationError> {
        let (path, source) = match written.split_once('@') {
            Some((path, source)) => (path, Some(source.to_owned())),
            None => (written, None),
        };
        let mut groups = path.split(':');
        let path = groups.next().unwrap_or("");
        let parts: Vec<&str> = path.split('/').collect();
        let groups: Vec<&str> = groups.collect();
        let (country, base) = match groups.as_slice() {
            [] => (ALL, ALL),
            [country] => (*country, ALL),
            [country, base] => (*country, *base),
            _ => return Ok(None),
        };
        let [poll, question, response] = parts.as_slice() else {
            return Ok(None);
        };
        let stored = |of: fn(&Figure) -> &str, part: &str| {
            store.figures.iter().any(|figure| of(figure) == part)
        };
        // a response or a set of countries in the store may have a sign in its name
        let one_response = stored(|figure| &figure.response, response);
        let named = nets.iter().any(|net| net.name == *response);
        let signs = !one_response && response.contains(['+', '-']);
        let several = country.contains('+') && !stored(|figure| &figure.country, country);
        if !(named || signs || several) {
            return Ok(None);
        }
        let (plus, minus) = match named || signs {
            true => terms(written, response, nets)?,
            false => (vec![(*response).to_owned()], Vec::new()),
        };
        let countries = match several {
            true => country.split('+').map(str::to_owned).collect(),
            false => vec![country.to_owned()],
        };
        let combination = Combination {
            poll: (*poll).to_owned(),
            question: (*question).to_owned(),
            response: (*response).to_owned(),
            plus,
            minus,
            countries,
            base: base.to_owned(),
            source,
            written: written.to_owned(),
        };
        combination.checked().map(Some)
    }

    fn checked(self) -> Result<Combination, CombinationError> {
        let form = || CombinationError::Form(self.written.clone());
        let starred = |part: &String| part == "*";
        let all_parts = || self.plus.iter().chain(&self.minus).chain(&self.countries);
        let fixed = [&self.poll, &self.question, &self.base];
        if all_parts().any(String::is_empty)
            || self.plus.iter().chain(&self.minus).any(starred)
            || self.countries.len() > 1 && self.countries.iter().any(|c| starred(c) || c == ALL)
            || fixed.iter().any(|part| part.is_empty() || *part == "*")
        {
            return Err(form());
        }
        let responses: Vec<&String> = self.plus.iter().chain(&self.minus).collect();
        let countries: Vec<&String> = self.countries.iter().collect();
        match twice(&responses).or_else(|| twice(&countries)) {
            Some(part) => Err(CombinationError::Twice {
                part,
                written: self.written,
            }),
            None => Ok(self),
        }
    }

    /// Whether responses are taken off: the figure is then no share.
    pub fn is_score(&self) -> bool {
        !self.minus.is_empty()
    }
}

fn twice(parts: &[&String]) -> Option<String> {
    let again = parts
        .iter()
        .enumerate()
        .find(|(at, part)| parts.iter().take(*at).any(|earlier| earlier == *part));
    again.map(|(_, part)| (*part).clone())
}

/// The responses that add and those that are taken off, nets as their responses.
fn terms(
    written: &str,
    response: &str,
    nets: &[Net],
) -> Result<(Vec<String>, Vec<String>), CombinationError> {
    let (mut plus, mut minus) = (Vec::new(), Vec::new());
    let (mut rest, mut adds) = (response, true);
    loop {
        let end = rest.find(['+', '-']).unwrap_or(rest.len());
        let (term, after) = rest.split_at(end);
        if term.is_empty() {
            return Err(CombinationError::Form(written.to_owned()));
        }
        let into = if adds { &mut plus } else { &mut minus };
        match nets.iter().find(|net| net.name == term) {
            Some(net) => into.extend(net.responses.iter().cloned()),
            None => into.push(term.to_owned()),
        }
        let mut letters = after.chars();
        match letters.next() {
            Some(sign) => adds = sign == '+',
            None => return Ok((plus, minus)),
        }
        rest = letters.as_str();
    }
}
