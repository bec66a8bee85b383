//! What a table is asked for: questions down, a banner across, and how its cells are tested.

use std::str::FromStr;

use crate::frames::{CROSSTAB_COLUMNS, FIXED_COLUMNS};
use crate::statistics::adjust::Adjust;
use crate::survey::estimate::request::{entries, named};
use crate::survey::estimate::{Ci, DomainDf, Error, Missing, choices};
use crate::survey::expr::{Expr, Item, Node};

/// Tables of questions by a banner.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// None: every question of the codebook, in its order.
    pub tables: Vec<TableRequest>,
    /// Side by side, behind a column of the total.
    pub banner: Vec<BannerPart>,
    /// The subpopulation, as it was written and read. Respondents outside of it stay in the design.
    pub condition: Option<(String, Expr)>,
    pub nets: Vec<Net>,
    /// Nets of columns, shown beside their parts.
    pub column_nets: Vec<Net>,
    pub sets: Vec<SetSpec>,
    pub grids: Vec<Grid>,
    pub scores: Vec<Scores>,
    /// Nets of so many answers at either end of a scale.
    pub box_size: Option<usize>,
    /// Levels that are taken off the base.
    pub without: Vec<String>,
    /// Neighbours with the same labels are grids, too.
    pub find_grids: bool,
    /// Letters that columns keep, by `block=column`.
    pub letters: Vec<(String, String)>,
    /// What is asked was kept from another wave: a question that is gone is named, not refused.
    pub from_plan: bool,
    /// What is to be disclosed beside the tables: fieldwork, sponsor, mode.
    pub disclosures: Vec<(String, String)>,
    pub options: Options,
}

/// A table, and what is asked of it alone.
///
/// Levels that are named here and that nobody has are shown with nobody: a plan of another wave names them.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRequest {
    pub question: Question,
    /// In the place of the question as asked.
    pub title: Option<String>,
    /// Who was asked, in the place of what is known.
    pub base: Option<String>,
    /// Levels in the order to be shown.
    pub levels: Vec<String>,
    pub nets: Vec<Net>,
    pub without: Vec<String>,
    /// Levels that stand last.
    pub last: Vec<String>,
    pub scores: Option<ScoresOf>,
    pub sort: Option<String>,
    pub percent: Option<Percent>,
    /// The subpopulation of this table alone, within that of all tables.
    pub condition: Option<(String, Expr)>,
    /// Weights in the place of those of the design: likely voters.
    pub weights: Option<String>,
}

impl From<Question> for TableRequest {
    fn from(question: Question) -> TableRequest {
        TableRequest {
            question,
            title: None,
            base: None,
            levels: Vec::new(),
            nets: Vec::new(),
            without: Vec::new(),
            last: Vec::new(),
            scores: None,
            sort: None,
            percent: None,
            condition: None,
            weights: None,
        }
    }
}

impl TableRequest {
    /// Names of levels that it takes for granted.
    pub(super) fn expected(&self) -> Vec<&str> {
        let nets = self.nets.iter().flat_map(|net| &net.levels);
        let scores = match &self.scores {
            Some(ScoresOf::Levels(levels)) => levels.iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        };
        let lists = self
            .levels
            .iter()
            .chain(nets)
            .chain(&self.without)
            .chain(&self.last);
        let mut expected: Vec<&str> = Vec::new();
        for name in lists.chain(scores) {
            if !expected.contains(&name.as_str()) {
                expected.push(name);
            }
        }
        expected
    }
}

/// What a table is of.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// A variable or a set by its name: shares of its levels, or the mean of a number without labels.
    Name(String),
    /// A statistic as it is written: `mean(age)`, `prop(q1 in ['Agree'])`.
    Item(Item),
}

impl Question {
    /// Reads `q1`, `$news`, `mean(age)` or `Worried = prop(q1 == 'Very')`.
    ///
    /// # Errors
    /// A statistic that can't be read, with the place in the text.
    pub fn parse(text: &str) -> Result<Question, Error> {
        let text = text.trim();
        if let Some(name) = plain_name(text) {
            return Ok(Question::Name(name));
        }
        Item::parse(text)
            .map(Question::Item)
            .map_err(Error::Expression)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        match self {
            Question::Name(name) => name,
            Question::Item(item) => &item.text,
        }
    }
}

/// A variable, or a set with the dollar sign of SPSS before its name.
fn plain_name(text: &str) -> Option<String> {
    if let Some(set) = text.strip_prefix('$') {
        let plain = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
        return (!set.is_empty() && set.chars().all(plain)).then(|| text.to_owned());
    }
    match Expr::parse(text).ok()?.node {
        Node::Name(name) => Some(name),
        _ => None,
    }
}

/// Columns side by side: the levels of a variable, the crossing of several, or a set.
#[derive(Clone, Debug, PartialEq)]
pub struct BannerPart {
    /// What the block is called.
    pub name: String,
    /// As it was written.
    pub text: String,
    /// The outer variable first; a set is a name among these.
    pub factors: Vec<Expr>,
}

impl BannerPart {
    /// Reads `party`, `party:sex`, `age=cut(age, 30, 60)` or `$news`.
    ///
    /// # Errors
    /// An expression that can't be read, a name that the rows of a banner table have for a column of their own.
    pub fn parse(given: &str) -> Result<BannerPart, Error> {
        let (name, text) = named(given);
        let plain = text.strip_prefix('$').unwrap_or(text);
        let expr = Expr::parse(plain).map_err(|error| Error::Expression(error.within(plain)))?;
        let name = name.map_or_else(|| expr.heading(plain), str::to_owned);
        let mut taken = FIXED_COLUMNS.iter().chain(&CROSSTAB_COLUMNS);
        if taken.any(|column| *column == name) {
            return Err(Error::Request(format!(
                "--columns {given}: {name} is a column of every banner table; give it another name, as in --columns my_{name}={text}"
            )));
        }
        let factors = match expr.node {
            Node::Cross(parts) => parts,
            _ => vec![expr],
        };
        Ok(BannerPart {
            name,
            text: text.to_owned(),
            factors,
        })
    }
}

/// Several levels as one: `Favourable=Very favourable,Somewhat favourable`.
#[derive(Clone, Debug, PartialEq)]
pub struct Net {
    /// The question that it is of alone; all that have these levels where none is named.
    pub variable: Option<String>,
    pub name: String,
    pub levels: Vec<String>,
}

impl Net {
    /// Reads `NAME=LEVELS` or `VARIABLE:NAME=LEVELS`; a prefix counts where it is one of `variables`. The name is all before
    /// the first `=`; levels are quoted as in CSV where they hold a comma.
    ///
    /// # Errors
    /// What is missing.
    pub fn parse(given: &str, variables: &[&str]) -> Result<Net, String> {
        let wrong = || {
            format!(
                "{given:?} is no net: write NAME=LEVEL,LEVEL, as in 'Favourable=Very favourable,Somewhat favourable'"
            )
        };
        let (name, levels) = given.split_once('=').ok_or_else(wrong)?;
        let (variable, name) = match name.split_once(':') {
            Some((variable, name)) if variables.contains(&variable.trim()) => {
                (Some(variable.trim().to_owned()), name)
            }
            _ => (None, name),
        };
        let levels = entries(levels).ok_or_else(wrong)?;
        if name.trim().is_empty() || levels.is_empty() || levels.iter().any(String::is_empty) {
            return Err(wrong());
        }
        Ok(Net {
            variable,
            name: name.trim().to_owned(),
            levels,
        })
    }
}

/// A question with several answers: `news=n1,n2,n3:Yes` (yes and no by variable) or `first=m1,m2,m3` (an answer by variable).
#[derive(Clone, Debug, PartialEq)]
pub struct SetSpec {
    pub name: String,
    pub variables: Vec<String>,
    /// The value that says that an answer was given.
    pub counted: Option<String>,
}

impl FromStr for SetSpec {
    type Err = String;

    fn from_str(given: &str) -> Result<SetSpec, String> {
        let wrong = || {
            format!(
                "{given:?} is no set: write NAME=VARIABLES:COUNTED, as in 'news=n1,n2,n3:Yes', or NAME=VARIABLES where each holds an answer"
            )
        };
        let (name, rest) = given.split_once('=').ok_or_else(wrong)?;
        let (variables, counted) = match rest.split_once(':') {
            Some((variables, counted)) => (variables, Some(counted.trim().to_owned())),
            None => (rest, None),
        };
        let variables: Vec<String> = variables.split(',').map(|v| v.trim().to_owned()).collect();
        let name = name.trim().trim_start_matches('$').to_owned();
        let empty = variables.iter().chain(&counted).any(String::is_empty);
        if name.is_empty() || empty {
            return Err(wrong());
        }
        Ok(SetSpec {
            name,
            variables,
            counted,
        })
    }
}

/// Questions with the same answers: `Worries=q2,q4,q6`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub name: String,
    pub variables: Vec<String>,
}

impl FromStr for Grid {
    type Err = String;

    fn from_str(given: &str) -> Result<Grid, String> {
        let wrong =
            || format!("{given:?} is no grid: write NAME=VARIABLES, as in 'Worries=q2,q4,q6'");
        let (name, variables) = given.split_once('=').ok_or_else(wrong)?;
        let variables: Vec<String> = variables.split(',').map(|v| v.trim().to_owned()).collect();
        let empty = name.trim().is_empty() || variables.iter().any(String::is_empty);
        match empty || variables.len() < 2 {
            true => Err(wrong()),
            false => Ok(Grid {
                name: name.trim().to_owned(),
                variables,
            }),
        }
    }
}

/// Numbers for the levels of a question, whose mean is taken: `q1:4,3,2,1` in the order of the levels, or by name,
/// `q1:Agree=1,Disagree=-1`. A level without a number is left out of the mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    pub variable: String,
    pub of: ScoresOf,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ScoresOf {
    /// One a level, in their order.
    Order(Vec<Option<f64>>),
    Levels(Vec<(String, f64)>),
}

impl FromStr for Scores {
    type Err = String;

    fn from_str(given: &str) -> Result<Scores, String> {
        let wrong = || {
            format!(
                "{given:?} are no scores: write VARIABLE:SCORES, as in 'q1:4,3,2,1' or 'q1:Agree=1,Disagree=-1'"
            )
        };
        let (variable, scores) = given.split_once(':').ok_or_else(wrong)?;
        match variable.trim().is_empty() {
            true => Err(wrong()),
            false => Ok(Scores {
                variable: variable.trim().to_owned(),
                of: scores.parse()?,
            }),
        }
    }
}

impl FromStr for ScoresOf {
    type Err = String;

    fn from_str(scores: &str) -> Result<ScoresOf, String> {
        let wrong = || {
            format!(
                "{scores:?} are no scores: write 4,3,2,1 in the order of the levels, or Agree=1,Disagree=-1"
            )
        };
        let parts = entries(scores).ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        let named = |part: &String| {
            let (level, score) = part.rsplit_once('=')?;
            Some((level.trim().to_owned(), number(score)?))
        };
        let of = match parts.iter().map(named).collect::<Option<Vec<_>>>() {
            Some(levels) => ScoresOf::Levels(levels),
            None => {
                let score = |part: &String| match part.is_empty() {
                    true => Some(None),
                    false => number(part).map(Some),
                };
                let order: Option<Vec<Option<f64>>> = parts.iter().map(score).collect();
                ScoresOf::Order(order.ok_or_else(wrong)?)
            }
        };
        let known = match &of {
            ScoresOf::Order(order) => order.iter().flatten().count(),
            ScoresOf::Levels(levels) => levels.len(),
        };
        match known < 2 {
            true => Err(wrong()),
            false => Ok(of),
        }
    }
}

/// How cells are made and compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Confidence level, 0.95.
    pub level: f64,
    pub ci: Ci,
    pub domain_df: DomainDf,
    pub missing: Missing,
    /// Levels as they are coded in the place of their labels.
    pub codes: bool,
    pub percent: Percent,
    pub test: Test,
    pub against: Against,
    /// `None`: p-values as they are.
    pub adjust: Option<Adjust>,
    /// The pairs of a nested block are a family within each outer column, in the place of one for the whole block.
    pub nested_families: bool,
    /// A capital letter up to the first, a small one up to the second.
    pub alpha: (f64, f64),
    pub zero_cells: ZeroCells,
    /// Columns on a base below this are flagged: the smaller of n and Kish's effective n.
    pub flag_base: f64,
    /// Columns on a base below this are not tested.
    pub least_base: f64,
    pub set_base: SetBase,
    /// Nets of columns are tested, too.
    pub test_nets: bool,
    /// Means of scores and of numbers that stand for labels.
    pub means: bool,
    /// The mean number of answers of a set.
    pub mentions: bool,
    /// Answers in the order of their shares in the column of that name.
    pub sort: Option<String>,
    /// The column of the total is shown.
    pub total: bool,
    /// Columns that nobody in the subpopulation is in are left out, and have no letters.
    pub drop_empty: bool,
    /// A wave before the one that is asked about: nets, levels and scores that it does not have are no slips.
    pub of_earlier_wave: bool,
}

impl Default for Options {
    fn default() -> Options {
        let usual = crate::survey::estimate::Options::default();
        Options {
            level: usual.level,
            ci: usual.ci,
            domain_df: usual.domain_df,
            missing: usual.missing,
            codes: usual.codes,
            percent: Percent::Column,
            test: Test::Design,
            against: Against::Pairs,
            adjust: Some(Adjust::Holm),
            nested_families: false,
            alpha: (0.05, 0.10),
            zero_cells: ZeroCells::Test,
            flag_base: usual.flag_base,
            least_base: 0.0,
            set_base: SetBase::Answered,
            test_nets: false,
            means: false,
            mentions: false,
            sort: None,
            total: true,
            drop_empty: false,
            of_earlier_wave: false,
        }
    }
}

choices! {
    /// What a share is a share of.
    Percent {
        /// Those of the column.
        Column = "column",
        /// Those who gave the answer, over the columns of the block.
        Row = "row",
        /// All in the block.
        Total = "total",
        /// All answers of the column; of sets alone.
        Responses = "responses",
    }
}

choices! {
    /// What a difference is measured by.
    Test {
        /// Its variance by the design, t on the degrees of freedom of the two columns.
        Design = "design",
        /// Kish's effective bases and the pooled share.
        Kish = "kish",
        /// Weights as numbers of respondents and the pooled share, as SPSS Custom Tables has it.
        Frequencies = "frequencies",
        None = "none",
    }
}

choices! {
    /// What becomes of shares of 0 and 100 per cent in tests.
    ZeroCells {
        /// Tested by the variance under equal shares.
        Test = "test",
        Exclude = "exclude",
    }
}

choices! {
    /// Who is the base of a set of dichotomies.
    SetBase {
        /// Those with an answer to any of its variables.
        Answered = "answered",
        /// Those who gave at least one of the answers.
        Any = "any",
        All = "all",
    }
}

/// What a column is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// Every other of its block; of a nested one, those within the same outer column.
    Pairs,
    /// All who are not in it.
    Rest,
    /// All, itself among them.
    Total,
    /// The one before it.
    Previous,
    /// The one of that name in its block.
    Column(String),
}

impl FromStr for Against {
    type Err = String;

    fn from_str(given: &str) -> Result<Against, String> {
        Ok(match given {
            "pairs" => Against::Pairs,
            "rest" => Against::Rest,
            "total" => Against::Total,
            "previous" => Against::Previous,
            "" => {
                return Err(
                    "name what to test against: pairs, rest, total, previous or a column"
                        .to_owned(),
                );
            }
            column => Against::Column(column.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_net_may_hold_a_comma_and_its_levels_too() {
        let net = Net::parse("Agree, all=Strongly agree,\"Agree, rather\"", &[]).unwrap();
        assert_eq!(net.name, "Agree, all");
        assert_eq!(net.levels, ["Strongly agree", "Agree, rather"]);
        let net = Net::parse("q1:Agree=a,b", &["q1"]).unwrap();
        assert_eq!(
            (net.variable.as_deref(), net.name.as_str()),
            (Some("q1"), "Agree")
        );
        let net = Net::parse("q1:Agree=a,b", &["q2"]).unwrap();
        assert_eq!((net.variable, net.name.as_str()), (None, "q1:Agree"));
        assert!(Net::parse("Agree", &[]).is_err());
    }

    #[test]
    fn scores_go_by_order_or_by_name() {
        let scores: Scores = "q1:4,3,,1".parse().unwrap();
        assert_eq!(
            scores.of,
            ScoresOf::Order(vec![Some(4.0), Some(3.0), None, Some(1.0)])
        );
        let scores: Scores = "q1:a=b=1,\"c, d\"=-2".parse().unwrap();
        assert_eq!(
            scores.of,
            ScoresOf::Levels(vec![("a=b".into(), 1.0), ("c, d".into(), -2.0)])
        );
        assert!("q1:4,x".parse::<Scores>().is_err());
        assert!("q1".parse::<Scores>().is_err());
    }

    #[test]
    fn banner_parts_are_named_nested_and_cut() {
        let part = BannerPart::parse("party:sex").unwrap();
        assert_eq!((part.name.as_str(), part.factors.len()), ("party:sex", 2));
        let part = BannerPart::parse("band=cut(age, 30, 60)").unwrap();
        assert_eq!((part.name.as_str(), part.factors.len()), ("band", 1));
        let error = BannerPart::parse("letter").unwrap_err().to_string();
        assert!(error.contains("my_letter=letter"), "{error}");
    }
}
