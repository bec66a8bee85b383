//! Tables of shares in the shapes that people print them in: a row a share, or answers down and countries across, or the
//! other way round. [`Table::into_shares`] makes a row a share of each, and finds out which column holds what.

mod bases;
mod footnotes;
mod groups;
mod heads;
mod question;
mod wide;

use super::error::Error;
use super::grid::{Cell, Kind};
use super::header::key;
use super::number::Reading;
use super::table::{Table, TableRow};
use crate::frames::nets::is_net;
use crate::frames::words::and;
use heads::Pairs;
use question::Question;

/// Names of a column of per cents.
pub const PERCENT: &str = "percent|percentage|per cent|%|pct|share|proportion|fraction|prozent|anteil|pourcentage|porcentaje|\
                           percentuale|procent";
/// Names of a column, or a row, of respondents.
pub const N: &str = "n|base|sample size|respondents|unweighted base|unweighted n|n (unweighted)|base (n)|sample|interviews|\
                     befragte|fallzahl|effectif|encuestados|muestra";
/// Names of a column of those who gave each answer, as statistics programs print them.
const COUNTS: &str = "count|counts|frequency|frequencies|freq|freq.|cases|häufigkeit|haeufigkeit|anzahl|nennungen|frecuencia|\
                      frequenza|fréquence|frekvens";
/// Names of a column of labels.
pub const LABEL: &str = "label|series";
/// Names of a column of answers, which labels beside it are not.
const ANSWER: &str = "response|level|answer|antwort|réponse|reponse|respuesta|risposta|resposta|antwoord|svar|choice";
/// Names of a column of what is counted, where none is called label or answer.
const ITEM: &str =
    "item|statement|option|candidate|candidate name|party|partei|parti|partido|aussage";
/// Names of a column of parts of a NET.
const NET_OF: &str = "net_of|parts";
/// Names of columns by which samples and parts of them are told apart.
const GROUPS: &str = "country|countries|land|länder|laender|pays|país|pais|paese|nation|state|region|group|gruppe|groupe|grupo|\
                      pollster|institute|institut|house|age|sex|gender|alter|geschlecht|question|frage|year|wave|date|month|\
                      period|time|quarter|round|jahr|welle|datum|monat|année|fecha|end date";
/// Names of columns that say something of a share and are no part of what it is of.
const REMARKS: &str = "note|notes|source|sources|url|link|comment|comments|quelle|anmerkung|moe|margin|margin of error|±|+/-|\
                       error|se|interval|90% interval|95% interval|99% interval|95% ci|ci|confidence interval|with rounding|\
                       printed by|low|high|konfidenzintervall|id|change|diff|difference|veränderung|veraenderung|differenz|évolution|écart|cambio|diferencia|\
                       variazione|verschil";
/// Labels of a sum of all answers.
const SUMS: &str = "total|sum|sums|all|summe|gesamt|insgesamt|ensemble|totale";

/// More group columns than these are no head that anybody reads.
const MOST_GROUPS: usize = 3;
/// Names of columns that a note lists.
const MOST_NAMES: usize = 6;

/// The columns that a person names where the heads leave a doubt: each by its name, or by its place from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    /// The labels: answers, parties, statements.
    pub label: Option<String>,
    /// The per cents; several where they stand side by side.
    pub percent: Vec<String>,
    /// The respondents.
    pub n: Option<String>,
    /// What tells samples, or parts of one, apart.
    pub group: Vec<String>,
}

impl ColumnChoice {
    /// Whether no column is named.
    pub fn is_empty(&self) -> bool {
        *self == ColumnChoice::default()
    }
}

/// The same by their places.
struct Columns {
    label: Option<usize>,
    groups: Vec<usize>,
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = usize> {
        self.label.into_iter().chain(self.groups.iter().copied())
    }
}

/// A table with a row a share.
#[derive(Clone, Debug)]
pub struct ShareTable {
    /// The rows.
    pub table: Table,
    /// The column of labels; none where shares are told apart by their groups alone.
    pub label: Option<usize>,
    /// The column of per cents.
    pub percent: usize,
    /// The column of respondents.
    pub n: Option<usize>,
    /// The column that names the parts of NETs.
    pub net_of: Option<usize>,
    /// The columns that tell samples, or parts of one, apart.
    pub groups: Vec<usize>,
    question: Option<Question>,
}

fn is_one_of(name: &str, names: &str) -> bool {
    let name = key(name);
    !name.is_empty() && names.split('|').any(|known| key(known) == name)
}

impl Table {
    /// The same shares, a row each, and which column holds what; `None` where no column holds per cents.
    ///
    /// Columns are known by their names, else by what they hold: several columns of per cents are a wide table, whose heads are
    /// labels where the row says a group (country, pollster, date), has an n of its own, or adds up to 100; else groups.
    /// Of other columns all stay that tell rows apart.
    ///
    /// # Errors
    /// A column that is named and not there.
    pub fn into_shares(mut self, choice: &ColumnChoice) -> Result<Option<ShareTable>, Error> {
        self.name_size_row();
        self.drop_rows_of_columns();
        self.take_footnotes();
        let named: Vec<usize> = match choice.percent.as_slice() {
            [] => Vec::new(),
            names => {
                let columns = names.iter().map(|name| self.chosen(name));
                columns.collect::<Result<_, _>>()?
            }
        };
        let n = match &choice.n {
            Some(name) => Some(self.chosen(name)?),
            None => self.column(N).filter(|n| {
                self.has_number(*n) || self.names().get(*n).is_some_and(|name| key(name) == "n")
            }),
        };
        let n = n.or_else(|| self.take_sizes_of_texts());
        let counts = self.column(COUNTS).filter(|_| n.is_none());
        let n = n.or(counts);
        // columns keep their places, and names that were chosen may be changed below
        let (label, groups) = self.chosen_columns(choice)?;
        let choice = &Columns { label, groups };
        let taken: Vec<usize> = n.into_iter().chain(choice.all()).collect();
        let pairs = match named.is_empty() {
            true => self.take_pairs(&taken),
            false => None,
        };
        let (mut percents, pairs) = match (named.as_slice(), pairs) {
            (_, Some(pairs)) => (pairs.percents.clone(), pairs),
            ([], None) => (self.percent_columns(n, choice)?, Pairs::default()),
            _ => (named.clone(), Pairs::default()),
        };
        let n = match n {
            None if percents.len() > 1 && pairs.sizes.is_empty() => self.take_sizes(&mut percents),
            n => n,
        };
        let shares = match (percents.as_slice(), pairs.sizes.as_slice()) {
            ([], _) => None,
            ([percent], sizes) => {
                let n = n.or(sizes.first().map(|(_, n)| *n));
                Some(self.long(*percent, n, choice, None)?)
            }
            _ => self.wide(&percents, n, &pairs, choice, !named.is_empty())?,
        };
        Ok(shares.map(|mut shares| {
            shares.take_size_rows();
            shares.settle_bases(counts.is_some());
            shares.take_dates_of_waves();
            shares
        }))
    }

    /// A column by its name, or by its place from 1.
    fn chosen(&self, name: &str) -> Result<usize, Error> {
        let name = footnotes::unsigned(name).unwrap_or(name);
        let place = name.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
        let place = place.filter(|at| *at < self.names().len() && self.column(name).is_none());
        place.map_or_else(|| self.need(name), Ok)
    }

    fn chosen_columns(&self, choice: &ColumnChoice) -> Result<(Option<usize>, Vec<usize>), Error> {
        let label = choice.label.as_deref().map(|name| self.chosen(name));
        let groups = choice.group.iter().map(|name| self.chosen(name));
        Ok((label.transpose()?, groups.collect::<Result<_, _>>()?))
    }

    /// The column that is called so, else all of numbers that may be per cents.
    fn percent_columns(&self, n: Option<usize>, choice: &Columns) -> Result<Vec<usize>, Error> {
        let name = |at: usize| self.names().get(at).map_or("", String::as_str);
        let other = |at: &usize| {
            let name = name(*at);
            let taken = Some(*at) == n || choice.all().any(|chosen| chosen == *at);
            let is_known =
                is_one_of(name, N) || is_one_of(name, REMARKS) || is_one_of(name, GROUPS);
            !name.is_empty() && !taken && !is_known && !self.is_dated(*at)
        };
        let (numeric, words): (Vec<usize>, Vec<usize>) = (0..self.names().len())
            .filter(other)
            .partition(|at| self.is_numeric(*at));
        // “%” over the labels says what the numbers are
        let is_corner =
            |at: usize| !numeric.contains(&at) && !numeric.is_empty() && !self.has_number(at);
        match self.column(PERCENT) {
            Some(at) if !is_corner(at) => Ok(vec![self.need(PERCENT)?]),
            _ if numeric.is_empty() => Ok(numeric),
            _ => {
                let names_rows = |at: &usize| {
                    *at == 0
                        || [LABEL, ANSWER, ITEM]
                            .iter()
                            .any(|names| is_one_of(name(*at), names))
                };
                let free: Vec<usize> = words.into_iter().filter(|at| !names_rows(at)).collect();
                self.refuse_slips(&free)?;
                Ok(numeric)
            }
        }
    }

    /// The first column, where it has no name and each row one in it, as under an empty corner.
    fn corner(&self) -> Option<usize> {
        let nameless = self.names().first().is_some_and(String::is_empty);
        let filled = (0..self.len()).all(|row| !self.text(row, 0).is_empty());
        (nameless && filled && !self.is_numeric(0) && !self.is_dated(0)).then_some(0)
    }

    fn has_number(&self, column: usize) -> bool {
        (0..self.len()).any(|row| self.value(row, column).is_some())
    }

    /// A number of a cell, whatever its mark, as far as the look of a table is judged by it.
    fn value(&self, row: usize, column: usize) -> Option<f64> {
        let cell = self.rows.get(row)?.cells.get(column)?;
        match cell.reading(|_| true)? {
            Reading::Clear(number) | Reading::Only(_, number) => Some(number.value),
            Reading::Open { point, .. } => Some(point.value),
        }
    }

    fn values(&self, column: usize) -> Vec<f64> {
        (0..self.len())
            .filter_map(|row| self.value(row, column))
            .collect()
    }

    /// Beside columns of per cents, the one whose numbers are whole and all beyond 100 is that of respondents.
    fn take_sizes(&mut self, percents: &mut Vec<usize>) -> Option<usize> {
        let is_size = |at: &&usize| {
            let values = self.values(**at);
            !values.is_empty()
                && values
                    .iter()
                    .all(|value| *value > 100.0 && value.fract() == 0.0)
        };
        let sizes: Vec<usize> = percents.iter().filter(is_size).copied().collect();
        let [only] = sizes.as_slice() else {
            return None;
        };
        percents.retain(|at| at != only);
        let name = self.names().get(*only).cloned().unwrap_or_default();
        self.assume(format!(
            "{name} taken as n, as its numbers are whole and beyond 100"
        ));
        Some(*only)
    }
}

/// Whether the shares of each line add up to 100, rounding aside.
fn are_whole<'v>(lines: impl Iterator<Item = &'v [f64]>) -> bool {
    let mut count = 0;
    for values in lines {
        let sum: f64 = values.iter().sum();
        let whole = [1.0, 100.0]
            .iter()
            .any(|whole| (sum / whole - 1.0).abs() <= 0.03);
        if values.len() < 2 || !whole {
            return false;
        }
        count += 1;
    }
    count > 0
}

/// Whether a label is that of a NET or of the sum of all answers.
fn is_part_of_no_sum(label: &str) -> bool {
    is_net(label) || is_one_of(label, SUMS)
}

impl ShareTable {
    /// What a row is of, beside its label: the texts of its group columns.
    pub fn group_texts(&self, row: usize) -> Vec<String> {
        let texts = self
            .groups
            .iter()
            .map(|at| self.table.text(row, *at).to_owned());
        texts.collect()
    }

    /// The group columns whose texts differ from row to row.
    pub fn telling_groups(&self) -> Vec<usize> {
        let tells = |at: &&usize| self.table.classes(**at).count > 1;
        self.groups.iter().filter(tells).copied().collect()
    }

    /// Whether the labels tell samples apart, or parts of one, by what their column is called: countries, pollsters, years. Of
    /// questions the same people may have been asked several.
    pub fn label_is_sample(&self) -> bool {
        let name = self.label.and_then(|at| self.table.names().get(at));
        name.is_some_and(|name| is_one_of(name, GROUPS) && !is_one_of(name, "question|frage"))
    }

    /// Whether columns are taken in the same way.
    pub fn is_like(&self, other: &ShareTable) -> bool {
        let of = |shares: &ShareTable| {
            let columns = (
                shares.label,
                shares.percent,
                shares.n,
                shares.groups.clone(),
            );
            (columns, shares.table.names().to_vec())
        };
        of(self) == of(other)
    }
}
