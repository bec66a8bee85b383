use super::error::Error;
use super::option_of;
use super::results::Results;
use super::survey::Survey;
use super::tables::Tables;
use super::weighting::Weighted;
use crate::frames::{Comparisons, Estimates, TEST_COLUMNS, Test, coefficients_frame, tests_frame};
use crate::present::survey::{self, ModelTables};
use crate::statistics::adjust::Adjust;
use crate::survey::design::Design;
use crate::survey::estimate::{Calibrated, Filter, Group, listed};
use crate::survey::expr::with_backquotes;
use crate::survey::microdata::Source;
use crate::survey::models::{self, Family, Fitted, Formula, MarginsRequest, TermTestKind};
use crate::survey::testing::{
    self, ChiSquareStatistic, NamedOptions, RankScore, TestItem, TestRequest,
};
use crate::survey::weighting::recipe::RakingVariance;

/// Weights that were made here, as far as no replicates know of them, and what the foot of a table calls them.
type NewWeights<'w> = (Option<&'w Calibrated<'w>>, String);

/// Tests in the making: do answers differ by groups more than sampling by the design alone explains?
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let tests = poll.test("chisq(party, q1)").also("ttest(therm_us, sex)").run()?;
/// assert_eq!(tests.frame().height(), 2);
/// println!("{}", tests.tables());
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct TestsRequest<'s> {
    survey: &'s Survey,
    items: Vec<String>,
    by: Vec<String>,
    condition: Option<String>,
    statistic: Option<ChiSquareStatistic>,
    score: Option<RankScore>,
    adjust: Option<Adjust>,
    level: Option<f64>,
    wrong: Option<Error>,
}

impl<'s> TestsRequest<'s> {
    pub(super) fn new(survey: &'s Survey, item: String) -> TestsRequest<'s> {
        TestsRequest {
            survey,
            items: vec![item],
            by: Vec::new(),
            condition: None,
            statistic: None,
            score: None,
            adjust: None,
            level: None,
            wrong: None,
        }
    }

    /// One more test, in the same family: their p-values are adjusted together.
    pub fn also(mut self, item: impl Into<String>) -> Self {
        self.items.push(item.into());
        self
    }

    /// Each test anew in every group: `region`, `region,age`.
    pub fn by(mut self, groups: impl Into<String>) -> Self {
        self.by.push(groups.into());
        self
    }

    /// The subpopulation, a condition: `region == 'North'`. The others stay in the design.
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// The statistic of `chisq`: `f` if nothing is said, `chisq`, `wald`, `adjwald`, `lincom`, `saddlepoint`. In R:
    /// `svychisq(~a + b, design, statistic = "F")`.
    pub fn statistic(mut self, statistic: &str) -> Self {
        self.statistic = option_of("statistic", statistic, &mut self.wrong);
        self
    }

    /// The score of `ranktest`: `wilcoxon` if nothing is said, `vanderwaerden`, `median`, `kruskalwallis`. In R:
    /// `svyranktest(y ~ g, design, test = "wilcoxon")`.
    pub fn score(mut self, score: &str) -> Self {
        self.score = option_of("score", score, &mut self.wrong);
        self
    }

    /// How the p-values of the family are adjusted: `holm` if nothing is said.
    pub fn adjust(mut self, method: &str) -> Self {
        self.adjust = option_of("adjust", method, &mut self.wrong);
        self
    }

    /// The confidence level of intervals, 0.95 if nothing is said.
    pub fn level(mut self, level: f64) -> Self {
        self.level = Some(level);
        self
    }

    /// Makes all tests in one pass over the respondents.
    ///
    /// # Errors
    /// Names and types that don't fit the file (`unknown_variable`, `expression`), groups that are not as many as a test
    /// compares (`request`), a design that can't be (`design`), a file that can't be read (`file`, `format`).
    pub fn run(self) -> Result<Results, Error> {
        let survey = self.survey;
        self.results((survey.source(), survey.declared()?), None)
    }

    /// The same with new weights.
    pub(super) fn run_weighted(self, weighted: &Weighted) -> Result<Results, Error> {
        let (source, variance) = (self.survey.source(), RakingVariance::default());
        let weights = weighted.inner();
        weights.with_weights(source, variance, |source, design, calibrated| {
            let new = Some((calibrated, weighted.weights_name()));
            self.results((source, design), new)
        })
    }

    fn results(
        self,
        (source, design): (&dyn Source, &Design),
        new: Option<NewWeights>,
    ) -> Result<Results, Error> {
        if let Some(error) = self.wrong {
            return Err(error);
        }
        let survey = self.survey;
        let codebook = survey.source().codebook();
        let named = |text: &str| with_backquotes(text, codebook);
        let items: Result<Vec<TestItem>, _> = self
            .items
            .iter()
            .map(|item| TestItem::parse(&named(item)))
            .collect();
        let by = groups(survey, &self.by)?;
        let taken =
            |group: &&Group| TEST_COLUMNS.contains(&group.name.as_str()) || group.name == "item";
        if let Some(group) = by.iter().find(taken) {
            let message = format!(
                "by {0}: {0} is a column of every table of tests; give it another name, as in my_{0}={1}",
                group.name, group.text
            );
            return Err(Error::new("request", message).at(&group.name));
        }
        let filter = self.condition.map(|text| Filter::parse(&named(&text)));
        let request = TestRequest {
            items: items?,
            by,
            filter: filter.transpose()?,
            statistic: self.statistic.unwrap_or(ChiSquareStatistic::F),
            score: self.score.unwrap_or(RankScore::Wilcoxon),
            adjust: self.adjust.unwrap_or_default(),
            level: checked_level(self.level.unwrap_or(0.95))?,
        };
        let named = NamedOptions {
            statistic: self.statistic.is_some(),
            score: self.score.is_some(),
            adjust: self.adjust.is_some(),
            level: self.level.is_some(),
        };
        if let Some((option, why)) = request.without_effect(named) {
            return Err(Error::no_effect(option, why));
        }
        let calibrated = new.as_ref().and_then(|(calibrated, _)| *calibrated);
        let mut results = testing::run(source, design, &request, calibrated)?;
        if let Some((_, name)) = new {
            results.sample.design.weights = Some(name);
        }
        let rows: Vec<Test> = results.tests.iter().map(|test| test.row.clone()).collect();
        let mut notes = results.sample.warnings.clone();
        notes.extend(survey::test_notes(&results));
        let tables = vec![survey::tests_table(&results, survey.title())];
        let tables = Tables::new(tables, survey::test_sentences(&results));
        Ok(Results::new(tests_frame(&rows)?, tables, notes))
    }
}

/// A regression in the making, with the design in its errors.
///
/// The rows are those of what was asked for last: coefficients, unless terms are tested or margins taken.
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let model = poll.fit("therm_us ~ party + sex").run()?;
/// println!("{}", model.tables());
/// let margins = poll.fit("therm_us ~ party + sex").margins("party").run()?;
/// assert!(margins.frame().column("level").is_some());
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct FitRequest<'s> {
    survey: &'s Survey,
    formula: String,
    request: ModelOptions,
    by: Vec<String>,
    condition: Option<String>,
    margins: Vec<String>,
    at: Vec<(String, Vec<String>)>,
    conditional: bool,
    wald: bool,
    terms: Option<TermTestKind>,
    joint: Vec<Vec<String>>,
    contrasts: Vec<String>,
    statistics: bool,
    pairwise: bool,
    adjust: Option<Adjust>,
    wrong: Option<Error>,
}

impl Survey {
    /// Asks for a test: `chisq(a, b)`, `ttest(y, g)`, `ttest(y)`, `ttest(y - z)`, `ranktest(y, g)`, `anova(y, g)`.
    pub fn test(&self, item: impl Into<String>) -> TestsRequest<'_> {
        TestsRequest::new(self, item.into())
    }

    /// Asks for a regression: `y ~ a * b + x^2 + log(z) + cut(age, 30, 60)`.
    pub fn fit(&self, formula: impl Into<String>) -> FitRequest<'_> {
        FitRequest::new(self, formula.into())
    }
}

impl Weighted {
    /// Tests with the new weights, by a variance that knows how these came about.
    ///
    /// # Errors
    /// Those of [`TestsRequest::run`].
    ///
    /// ```
    /// let sample = opine::Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
    /// println!("{}", weighted.test(sample.test("chisq(party, q1)"))?.tables());
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn test(&self, request: TestsRequest) -> Result<Results, Error> {
        request.run_weighted(self)
    }

    /// A model with the new weights: its errors are those of scores less what the targets explain of them.
    ///
    /// # Errors
    /// Those of [`FitRequest::run`].
    ///
    /// ```
    /// let sample = opine::Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
    /// println!("{}", weighted.fit(sample.fit("therm_us ~ party"))?.tables());
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn fit(&self, request: FitRequest) -> Result<Results, Error> {
        request.run_weighted(self)
    }
}

#[derive(Clone)]
struct ModelOptions {
    family: Option<Family>,
    link: Option<models::Link>,
    order: Vec<String>,
    references: Vec<(String, String)>,
    observed_information: bool,
    drop_collinear: bool,
    level: f64,
}

impl<'s> FitRequest<'s> {
    pub(super) fn new(survey: &'s Survey, formula: String) -> FitRequest<'s> {
        FitRequest {
            survey,
            formula,
            request: ModelOptions {
                family: None,
                link: None,
                order: Vec::new(),
                references: Vec::new(),
                observed_information: false,
                drop_collinear: false,
                level: 0.95,
            },
            by: Vec::new(),
            condition: None,
            margins: Vec::new(),
            at: Vec::new(),
            conditional: false,
            wald: false,
            terms: None,
            joint: Vec::new(),
            contrasts: Vec::new(),
            statistics: false,
            pairwise: false,
            adjust: None,
            wrong: None,
        }
    }

    /// `gaussian`, `binomial`, `poisson`, `gamma`, `ordinal` or `multinomial`; by the left side if nothing is said. In R:
    /// `svyglm(formula, design, family = quasibinomial())`.
    pub fn family(mut self, family: &str) -> Self {
        self.request.family = option_of("family", family, &mut self.wrong);
        self
    }

    /// `logit`, `probit`, `cloglog`, `cauchit`, `log`, `identity` or `inverse`.
    pub fn link(mut self, link: &str) -> Self {
        self.request.link = option_of("link", link, &mut self.wrong);
        self
    }

    /// The levels of an ordinal response, lowest first.
    pub fn order<T: Into<String>>(mut self, levels: impl IntoIterator<Item = T>) -> Self {
        self.request.order = levels.into_iter().map(Into::into).collect();
        self
    }

    /// The level of a variable that the others are compared with; of a multinomial response its base.
    pub fn reference(mut self, variable: impl Into<String>, level: impl Into<String>) -> Self {
        self.request
            .references
            .push((variable.into(), level.into()));
        self
    }

    /// The subpopulation, a condition: `region == 'North'`. The others stay in the design.
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// A test of each term: `wald`, `adjusted` or `lrt`. In R: `regTermTest`.
    pub fn terms(mut self, kind: &str) -> Self {
        self.terms = option_of("terms", kind, &mut self.wrong);
        self
    }

    /// Terms that are tested together.
    pub fn joint<T: Into<String>>(mut self, terms: impl IntoIterator<Item = T>) -> Self {
        self.joint.push(terms.into_iter().map(Into::into).collect());
        self
    }

    /// A linear combination of coefficients: `partyRed - partyBlue`. In R: `svycontrast`.
    pub fn contrast(mut self, contrast: impl Into<String>) -> Self {
        self.contrasts.push(contrast.into());
        self
    }

    /// Deviance, dispersion, dAIC and pseudo-R².
    pub fn statistics(mut self) -> Self {
        self.statistics = true;
        self
    }

    /// Average predictions by a variable; `all` for each, `overall` for all respondents.
    pub fn margins(mut self, variables: &str) -> Self {
        let variables = listed(variables).into_iter();
        self.margins
            .extend(variables.map(|variable| variable.trim().to_owned()));
        self
    }

    /// Values at which predictions are averaged.
    pub fn at<T: Into<String>>(
        mut self,
        variable: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.at.push((variable.into(), values));
        self
    }

    /// Groups of which averages are taken.
    pub fn by(mut self, groups: impl Into<String>) -> Self {
        self.by.push(groups.into());
        self
    }

    /// Differences of all pairs of margins of a variable.
    pub fn pairwise(mut self) -> Self {
        self.pairwise = true;
        self
    }

    /// How their p-values are adjusted: `holm` if nothing is said.
    pub fn adjust(mut self, method: &str) -> Self {
        self.adjust = option_of("adjust", method, &mut self.wrong);
        self
    }

    /// Errors of margins: `unconditional` if nothing is said, or `conditional`, which takes the respondents as fixed.
    pub fn se(mut self, which: &str) -> Self {
        self.conditional = self.one_of("se", which, ["unconditional", "conditional"]);
        self
    }

    /// Intervals of margins that are shares: `logit` if nothing is said, or `wald`.
    pub fn ci(mut self, method: &str) -> Self {
        self.wald = self.one_of("ci", method, ["logit", "wald"]);
        self
    }

    /// The information in the errors: `expected` if nothing is said, or `observed`.
    pub fn information(mut self, which: &str) -> Self {
        self.request.observed_information =
            self.one_of("information", which, ["expected", "observed"]);
        self
    }

    /// Leaves columns out that others say already.
    pub fn drop_collinear(mut self) -> Self {
        self.request.drop_collinear = true;
        self
    }

    /// The confidence level, 0.95 if nothing is said.
    pub fn level(mut self, level: f64) -> Self {
        self.request.level = level;
        self
    }

    /// Whether it is the second of two.
    fn one_of(&mut self, option: &str, text: &str, names: [&str; 2]) -> bool {
        if !names.contains(&text) {
            let message = format!("{option}: {text} is none of {}", names.join(", "));
            self.wrong
                .get_or_insert(Error::new("request", message).at(option));
        }
        text == names[1]
    }

    /// Fits the model.
    ///
    /// # Errors
    /// Names and types that don't fit the file (`unknown_variable`, `expression`), parts that don't go together (`request`),
    /// data that leave nothing to be estimated (`model`), a design that can't be (`design`), a file that can't be read
    /// (`file`, `format`).
    pub fn run(self) -> Result<Results, Error> {
        let survey = self.survey;
        self.fitted((survey.source(), survey.declared()?), None)
    }

    /// The same with new weights.
    pub(super) fn run_weighted(self, weighted: &Weighted) -> Result<Results, Error> {
        let (source, variance) = (self.survey.source(), RakingVariance::default());
        let weights = weighted.inner();
        weights.with_weights(source, variance, |source, design, calibrated| {
            let new = Some((calibrated, weighted.weights_name()));
            self.fitted((source, design), new)
        })
    }

    fn fitted(
        mut self,
        (source, design): (&dyn Source, &Design),
        new: Option<NewWeights>,
    ) -> Result<Results, Error> {
        if let Some(error) = self.wrong.take() {
            return Err(error);
        }
        let survey = self.survey;
        let codebook = survey.source().codebook();
        let named = |text: &str| with_backquotes(text, codebook);
        let filter = self.condition.as_ref();
        let filter = filter.map(|text| Filter::parse(&named(text)));
        let options = &self.request;
        let request = models::FitRequest {
            formula: Formula::parse(&named(&self.formula))?,
            family: options.family,
            link: options.link,
            order: options.order.clone(),
            references: options.references.clone(),
            filter: filter.transpose()?,
            by: groups(survey, &self.by)?,
            observed_information: options.observed_information,
            drop_collinear: options.drop_collinear,
            level: checked_level(options.level)?,
        };
        self.refuse_no_effect()?;
        let calibrated = new.as_ref().and_then(|(calibrated, _)| *calibrated);
        let mut prepared = models::prepare(source, design, &request, calibrated)?;
        if let Some((_, name)) = new {
            prepared.sample.design.weights = Some(name);
        }
        let fitted = models::fit(&prepared, &request, survey.name())?;
        self.results(&fitted, &request)
    }

    fn refuse_no_effect(&self) -> Result<(), Error> {
        let margins = !self.margins.is_empty() || !self.at.is_empty();
        let no_margins = "no margins are asked for";
        let ordinal = self.request.family == Some(Family::Ordinal);
        let idle = [
            (!self.by.is_empty() && !margins, "by", no_margins),
            (self.pairwise && !margins, "pairwise", no_margins),
            (self.conditional && !margins, "se", no_margins),
            (self.wald && !margins, "ci", no_margins),
            (
                self.wald && self.pairwise,
                "ci",
                "differences have one kind of interval",
            ),
            (
                self.adjust.is_some() && !self.pairwise,
                "adjust",
                "it goes with pairwise",
            ),
            (
                !self.request.order.is_empty() && !ordinal,
                "order",
                "it is of an ordinal response",
            ),
            (
                self.request.observed_information
                    && matches!(
                        self.request.family,
                        Some(Family::Ordinal | Family::Multinomial)
                    ),
                "information",
                "this family has the observed one",
            ),
        ];
        match idle.into_iter().find(|(is_idle, ..)| *is_idle) {
            Some((_, option, why)) => Err(Error::no_effect(option, why)),
            None => Ok(()),
        }
    }

    fn results(&self, fitted: &Fitted, request: &models::FitRequest) -> Result<Results, Error> {
        let response = &request.formula.response_text;
        let coefficients = fitted.coefficients(response);
        let mut tables = ModelTables::new(fitted, request, self.survey.title());
        let mut frame = coefficients_frame(&coefficients)?;
        let mut notes = fitted.warnings.clone();
        let tests = self.tests(fitted, &mut tables)?;
        if !tests.is_empty() {
            frame = tests_frame(&tests)?;
        }
        if !self.margins.is_empty() || !self.at.is_empty() {
            let asked = MarginsRequest {
                variables: self.margins.clone(),
                at: self.at.clone(),
                by: request.by.iter().map(|group| group.name.clone()).collect(),
                conditional: self.conditional,
                wald: self.wald,
            };
            notes.extend(fitted.beyond_observed(&asked));
            let margins = fitted.margins(&asked)?;
            let rows = Estimates::from_rows(&survey::margin_rows(fitted, &margins))?;
            let formula = request.formula.text.as_str();
            frame = survey::margin_frame(fitted, &margins, &asked, (formula, &rows))?;
            tables.margins(&margins, asked.conditional);
            if self.pairwise {
                let adjust = self.adjust.unwrap_or_default();
                let pairs = fitted.margin_pairs(&margins, (None, adjust), &asked)?;
                if pairs.is_empty() {
                    let why = "no variable of the margins has two levels";
                    return Err(Error::no_effect("pairwise", why));
                }
                let rows = survey::margin_comparisons(fitted, &pairs, (response, adjust));
                tables.pairs(&pairs, adjust);
                let sentences = rows.iter().map(|row| row.sentence.clone());
                tables.sentences.extend(sentences);
                frame = Comparisons::from_rows(&rows)?.into_frame();
            }
        }
        notes.extend(survey::model_notes(fitted));
        let sentences = std::mem::take(&mut tables.sentences);
        let tables = Tables::new(tables.finish(&coefficients), sentences);
        Ok(Results::new(frame, tables, notes))
    }

    /// Terms, contrasts and statistics of the whole model.
    fn tests(&self, fitted: &Fitted, tables: &mut ModelTables) -> Result<Vec<Test>, Error> {
        let mut tests: Vec<Test> = Vec::new();
        if self.terms.is_some() || !self.joint.is_empty() {
            let kind = self.terms.unwrap_or(TermTestKind::Wald);
            let mut asked = match self.terms.is_some() {
                true => fitted.single_terms(),
                false => Vec::new(),
            };
            for joint in &self.joint {
                asked.push(fitted.joint_terms(joint)?);
            }
            let rows = fitted.test_terms(&asked, kind);
            tables.terms(&rows, kind);
            tests.extend(rows);
        }
        for contrast in &self.contrasts {
            let row = fitted.contrast(contrast)?;
            tables.contrast(&row);
            tests.push(row);
        }
        if self.statistics {
            let rows = fitted.statistics();
            tables.statistics(&rows);
            tests.extend(rows);
        }
        Ok(tests)
    }
}

/// Groups as they are written, several in a text.
fn groups(survey: &Survey, texts: &[String]) -> Result<Vec<Group>, Error> {
    let codebook = survey.source().codebook();
    let mut groups = Vec::new();
    for text in texts {
        for group in listed(&with_backquotes(text, codebook)) {
            groups.push(Group::parse(group)?);
        }
    }
    Ok(groups)
}

/// A level lies strictly inside 0..1: any method of an interval says so.
fn checked_level(level: f64) -> Result<f64, Error> {
    crate::statistics::interval::Method::Wilson.interval(0.5, 100.0, level)?;
    Ok(level)
}
