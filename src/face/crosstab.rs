use super::error::Error;
use super::option_of;
use super::results::Results;
use super::survey::Survey;
use super::tables::Tables;
use super::weighting::Weighted;
#[cfg(feature = "charts")]
use crate::frames::Captions;
#[cfg(feature = "xlsx")]
use crate::frames::crosstab_frame;
use crate::frames::{Comparisons, Frame, tests_frame};
use crate::present::crosstab::{self as present, Display, Further};
use crate::present::survey::LEAST_BASE;
use crate::survey::crosstab::{
    self, BannerPart, Grid, Net, Options, Question, Request, Scores, SetSpec, TableOption,
    TableRequest, crosstab,
};
use crate::survey::design::Design;
use crate::survey::estimate::listed;
use crate::survey::expr::{condition, with_backquotes};
use crate::survey::microdata::Codebook;
use crate::survey::weighting::recipe::RakingVariance;

#[cfg(feature = "charts")]
use super::chart::Chart;

/// Banner tables in the making: questions down, groups of respondents across, with letters for what differs.
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let tabs = poll
///     .crosstab("party,sex")
///     .rows("q1")
///     .net("Worried=Very worried,Somewhat worried")
///     .run()?;
/// println!("{}", tabs.tables());
/// assert!(tabs.frame().column("letters").is_some());
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct CrosstabRequest<'s> {
    survey: &'s Survey,
    rows: Vec<String>,
    columns: Vec<String>,
    condition: Option<String>,
    nets: Vec<String>,
    column_nets: Vec<String>,
    without: Vec<String>,
    request: Request,
    further: Vec<Further>,
    decimals: usize,
    /// Columns on a smaller base are left out of tables and tests; none from rows where it is not named.
    min_base: Option<f64>,
    /// What was named of the options that are about some tables alone.
    named: Vec<TableOption>,
    wrong: Option<Error>,
}

impl Survey {
    /// Asks for banner tables: groups of respondents side by side, `party,sex`, nested, `party:sex`, in bands,
    /// `age=cut(age, 30, 60)`.
    ///
    /// ```
    /// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
    /// println!("{}", poll.crosstab("party,sex").rows("q1").run()?.tables());
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn crosstab(&self, columns: impl Into<String>) -> CrosstabRequest<'_> {
        CrosstabRequest::new(self, columns.into())
    }
}

impl Weighted {
    /// Banner tables with the new weights, of a question to the survey they were made for.
    ///
    /// # Errors
    /// Those of [`CrosstabRequest::run`].
    ///
    /// ```
    /// let sample = opine::Survey::open("examples/poll.csv")?;
    /// let weighted = sample.weigh().rake("examples/targets.csv")?.run()?;
    /// println!("{}", weighted.crosstab(sample.crosstab("party").rows("q1"))?.tables());
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn crosstab(&self, request: CrosstabRequest) -> Result<Crosstab, Error> {
        request.run_weighted(self)
    }
}

impl<'s> CrosstabRequest<'s> {
    pub(super) fn new(survey: &'s Survey, columns: String) -> CrosstabRequest<'s> {
        CrosstabRequest {
            survey,
            rows: Vec::new(),
            columns: vec![columns],
            condition: None,
            nets: Vec::new(),
            column_nets: Vec::new(),
            without: Vec::new(),
            request: Request::default(),
            further: Vec::new(),
            decimals: 0,
            min_base: None,
            named: Vec::new(),
            wrong: None,
        }
    }

    /// Questions, a table each: `q1,q2`, or statistics, `mean(therm_us)`. All of the file, if nothing is said.
    pub fn rows(mut self, rows: impl Into<String>) -> Self {
        self.rows.push(rows.into());
        self
    }

    /// More of the banner, beside what it has.
    pub fn columns(mut self, columns: impl Into<String>) -> Self {
        self.columns.push(columns.into());
        self
    }

    /// The subpopulation, a condition: `region == 'North' and age >= 65`. The others stay in the design.
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// Levels added up to one, `Agree=Strongly agree,Agree`: of all questions that have them, or of one, `q1:Agree=…`.
    pub fn net(mut self, net: impl Into<String>) -> Self {
        self.nets.push(net.into());
        self
    }

    /// Columns added up to one, beside them: `age:Under 35=18-24,25-34`.
    pub fn column_net(mut self, net: impl Into<String>) -> Self {
        self.column_nets.push(net.into());
        self.named.push(TableOption::ColumnNet);
        self
    }

    /// A level that is taken off the base; the base line says how many it is.
    pub fn without(mut self, level: impl Into<String>) -> Self {
        self.without.push(level.into());
        self
    }

    /// A question with several answers: `news=n1,n2,n3:Yes`.
    pub fn set(mut self, set: &str) -> Self {
        let set: Option<SetSpec> = option_of("set", set, &mut self.wrong);
        self.request.sets.extend(set);
        self.named.push(TableOption::Set);
        self
    }

    /// Questions with the same answers side by side: `Worries=q2,q4,q6`.
    pub fn grid(mut self, grid: &str) -> Self {
        let grid: Option<Grid> = option_of("grid", grid, &mut self.wrong);
        self.request.grids.extend(grid);
        self
    }

    /// Numbers for levels, whose mean is shown: `q1:4,3,2,1` in their order, or `q1:Agree=1,Disagree=-1`.
    pub fn scores(mut self, scores: &str) -> Self {
        let scores: Option<Scores> = option_of("scores", scores, &mut self.wrong);
        self.request.scores.extend(scores);
        self
    }

    /// Nets of so many answers at either end of a scale, 1 to 9.
    pub fn box_size(mut self, answers: u8) -> Self {
        if !(1..=9).contains(&answers) {
            let message = format!("box: {answers} answers: 1 to 9");
            self.wrong
                .get_or_insert(Error::new("request", message).at("box"));
        }
        self.request.box_size = Some(usize::from(answers));
        self.named.push(TableOption::Box);
        self
    }

    /// Shares of: `column` if nothing is said, `row`, `total`, `responses`.
    pub fn percent(mut self, percent: &str) -> Self {
        self.read("percent", percent, |options| &mut options.percent);
        self
    }

    /// What differences are tested by: `design` if nothing is said, `kish`, `none`.
    pub fn test(mut self, test: &str) -> Self {
        self.read("test", test, |options| &mut options.test);
        self
    }

    /// What is tested against: `pairs` if nothing is said, `rest`, `total`, `previous`, or a column by name.
    pub fn against(mut self, against: &str) -> Self {
        self.read("against", against, |options| &mut options.against);
        self
    }

    /// How p-values within a row and block are adjusted: `holm` if nothing is said, `none`, `bonferroni`, `bh` …
    pub fn adjust(mut self, method: &str) -> Self {
        self.request.options.adjust = match method {
            "none" => None,
            _ => option_of("adjust", method, &mut self.wrong),
        };
        self.named.push(TableOption::Adjust);
        self
    }

    /// Levels of significance: capital letters up to the first, small ones up to the second; 0.05 and 0.10 if nothing is said.
    pub fn alpha(mut self, capital: f64, small: f64) -> Self {
        let inside = |level: f64| level > 0.0 && level < 1.0;
        if !inside(capital) || !inside(small) {
            let message =
                format!("alpha: {capital}, {small}: levels of significance lie inside 0 and 1");
            self.wrong
                .get_or_insert(Error::new("range", message).at("alpha"));
        }
        self.request.options.alpha = (capital.min(small), capital.max(small));
        self.named.push(TableOption::Alpha);
        self
    }

    /// Shares of 0 and 100 per cent: `test` if nothing is said, or `exclude`.
    pub fn zero_cells(mut self, how: &str) -> Self {
        self.read("zero_cells", how, |options| &mut options.zero_cells);
        self
    }

    /// Intervals of shares: `logit` if nothing is said, `wilson`, `beta`, `likelihood` …
    pub fn ci(mut self, method: &str) -> Self {
        self.read("ci", method, |options| &mut options.ci);
        self
    }

    /// The confidence level, 0.95 if nothing is said.
    pub fn level(mut self, level: f64) -> Self {
        self.request.options.level = level;
        self
    }

    /// Degrees of freedom: those of the columns, `domain`, if nothing is said, or of the `design`.
    pub fn domain_df(mut self, which: &str) -> Self {
        self.read("domain_df", which, |options| &mut options.domain_df);
        self
    }

    /// Missing answers: `exclude` if nothing is said, `show` how many, or `category`, a share of their own.
    pub fn missing(mut self, how: &str) -> Self {
        self.read("missing", how, |options| &mut options.missing);
        self
    }

    /// Base of a set: `answered` if nothing is said, `any`, `all`.
    pub fn set_base(mut self, which: &str) -> Self {
        self.read("set_base", which, |options| &mut options.set_base);
        self
    }

    /// Answers in the order of their shares in a column: `total`, or a column by name.
    pub fn sort(mut self, column: impl Into<String>) -> Self {
        self.request.options.sort = Some(column.into());
        self
    }

    /// Levels as they are coded in the place of their labels.
    pub fn codes(mut self) -> Self {
        self.request.options.codes = true;
        self
    }

    /// No column of the total.
    pub fn no_total(mut self) -> Self {
        self.request.options.total = false;
        self.named.push(TableOption::NoTotal);
        self
    }

    /// Leaves out columns that nobody is in.
    pub fn drop_empty(mut self) -> Self {
        self.request.options.drop_empty = true;
        self.named.push(TableOption::DropEmpty);
        self
    }

    /// Nets of columns are tested, too.
    pub fn test_nets(mut self) -> Self {
        self.request.options.test_nets = true;
        self.named.push(TableOption::TestNets);
        self
    }

    /// Further lines under each row of the tables: `count`, `n_eff`, `se`, `ci`, `index`, `mean`, `sd`, `mentions`.
    pub fn show(mut self, lines: &str) -> Self {
        for line in listed(lines) {
            let line: Option<Further> = option_of("show", line.trim(), &mut self.wrong);
            self.further.extend(line);
            self.named.extend(match line {
                Some(Further::Mean | Further::StdDev) => Some(TableOption::Mean),
                Some(Further::Mentions) => Some(TableOption::Mentions),
                _ => None,
            });
        }
        self
    }

    /// Decimals of per cents, 0 if nothing is said.
    pub fn decimals(mut self, decimals: u8) -> Self {
        self.decimals = usize::from(decimals.min(3));
        self
    }

    /// Flags columns on a smaller base, 100 if nothing is said.
    pub fn flag_base(mut self, base: u32) -> Self {
        self.request.options.flag_base = f64::from(base);
        self
    }

    /// Leaves columns on a smaller base out of tables and tests. 30 if nothing is said; rows then have all.
    pub fn min_base(mut self, base: u32) -> Self {
        self.min_base = Some(f64::from(base));
        self
    }

    /// Makes all tables in one pass over the respondents.
    ///
    /// # Errors
    /// Names and types that don't fit the file (`unknown_variable`, `expression`), parts that don't go together, nets and
    /// levels that no question has, options that can change nothing of these tables (`request`), a design that can't be (`design`), a file that can't be read (`file`,
    /// `format`).
    pub fn run(self) -> Result<Crosstab, Error> {
        let survey = self.survey;
        self.make(|request| {
            Ok(crosstab(
                survey.source(),
                survey.name(),
                survey.declared()?,
                request,
            )?)
        })
    }

    /// The same with new weights.
    pub(super) fn run_weighted(self, weighted: &Weighted) -> Result<Crosstab, Error> {
        let survey = self.survey;
        self.make(|request| {
            let mut made = weighted.inner().crosstab(
                survey.source(),
                survey.name(),
                request,
                RakingVariance::default(),
            )?;
            made.design = Design {
                weights: Some(weighted.weights_name()),
                ..made.design
            };
            Ok(made)
        })
    }

    /// The tables for reading leave small bases out, the rows do not: where the file has any, they are made twice.
    fn make(
        mut self,
        run: impl Fn(&Request) -> Result<crosstab::Crosstab, Error>,
    ) -> Result<Crosstab, Error> {
        let title = self.survey.title().to_owned();
        let display = Display {
            decimals: self.decimals,
            further: std::mem::take(&mut self.further),
            min_base: self.min_base.unwrap_or(LEAST_BASE),
            file: title,
        };
        let named = std::mem::take(&mut self.named);
        let names_base = self.min_base.is_some();
        let mut request = self.build(&display)?;
        if let Some((option, why)) = request.without_effect(&named) {
            return Err(Error::no_effect(option.name(), &why));
        }
        request.options.least_base = display.min_base;
        let shown = run(&request)?;
        if let Some((option, why)) = shown.without_effect(&named) {
            return Err(Error::no_effect(option.name(), why));
        }
        let mut bases = shown.tables.iter().flat_map(|table| &table.bases);
        let small = bases.any(|base| base.least() < display.min_base);
        let exact = match small && !names_base {
            true => {
                request.options.least_base = 0.0;
                Some(run(&request)?)
            }
            false => None,
        };
        let frame = present::cells_frame(exact.as_ref().unwrap_or(&shown))?;
        Ok(Crosstab {
            tables: Tables::from_banner(present::tables(&shown, &display)),
            shown,
            exact,
            frame,
            display,
        })
    }

    fn build(self, display: &Display) -> Result<Request, Error> {
        if let Some(error) = self.wrong {
            return Err(error);
        }
        let codebook = self.survey.source().codebook();
        let texts = |lists: &[String]| -> Vec<String> {
            let all = lists.iter().flat_map(|list| listed(list));
            all.map(|part| with_backquotes(part.trim(), codebook))
                .filter(|part| !part.is_empty())
                .collect()
        };
        let mut tables = Vec::new();
        for text in texts(&self.rows) {
            tables.push(TableRequest::from(Question::parse(&text)?));
        }
        let mut banner = Vec::new();
        for text in texts(&self.columns) {
            banner.push(BannerPart::parse(&text)?);
        }
        let blocks: Vec<&str> = banner.iter().map(|part| part.name.as_str()).collect();
        let column_nets = nets("column_net", &self.column_nets, &blocks)?;
        let names = questions(codebook, &self.request);
        let nets = nets("net", &self.nets, &names)?;
        let options = Options {
            means: self.request.options.means
                || display
                    .further
                    .iter()
                    .any(|line| matches!(line, Further::Mean | Further::StdDev)),
            mentions: display.further.contains(&Further::Mentions),
            ..self.request.options
        };
        let filter = match &self.condition {
            None => None,
            Some(text) => {
                let text = with_backquotes(text, codebook);
                let parsed = condition(&text)?;
                Some((text, parsed))
            }
        };
        Ok(Request {
            nets,
            column_nets,
            without: self.without,
            condition: filter,
            tables,
            banner,
            options,
            ..self.request
        })
    }

    fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        option: &'static str,
        text: &str,
        slot: fn(&mut Options) -> &mut T,
    ) {
        if let Some(value) = option_of(option, text, &mut self.wrong) {
            *slot(&mut self.request.options) = value;
        }
        self.named.extend(option.parse::<TableOption>());
    }
}

/// What a net may name before a colon: variables, sets and grids.
fn questions<'n>(codebook: &'n Codebook, request: &'n Request) -> Vec<&'n str> {
    let variables = codebook.variables.iter();
    let variables = variables.map(|variable| variable.name.as_str());
    let sets = codebook.sets.iter();
    let sets = sets.map(|set| set.name.trim_start_matches('$'));
    let own = request.sets.iter().map(|set| set.name.as_str());
    let grids = request.grids.iter().map(|grid| grid.name.as_str());
    variables.chain(sets).chain(own).chain(grids).collect()
}

fn nets(option: &str, texts: &[String], names: &[&str]) -> Result<Vec<Net>, Error> {
    let parsed = texts.iter().map(|text| Net::parse(text, names));
    let nets: Result<Vec<Net>, String> = parsed.collect();
    nets.map_err(|error| Error::new("request", format!("{option}: {error}")).at(option))
}

/// Banner tables: for reading with their letters, as rows with every cell, as a workbook with charts.
///
/// ```
/// let poll = opine::Survey::open("examples/poll.csv")?.weights("weight");
/// let tabs = poll.crosstab("party").rows("q1").run()?;
/// println!("{}", tabs.tables());
/// println!("{}", tabs.pairs()?.frame().to_csv());
/// # Ok::<(), opine::Error>(())
/// ```
pub struct Crosstab {
    /// As tables have it: small bases are left out.
    shown: crosstab::Crosstab,
    /// As rows have it, where that is another.
    exact: Option<crosstab::Crosstab>,
    frame: Frame,
    tables: Tables,
    display: Display,
}

impl Crosstab {
    /// A row a cell: [`Frame::to_csv`], [`Frame::to_json`], [`Frame::to_polars`].
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// For reading, a table a question.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// What should be looked at: weights that are missing, a subpopulation of nobody.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.shown.warnings.clone();
        let nobody = |table: &crosstab::Table| table.bases.first().is_some_and(|base| base.n == 0);
        if let Some((condition, _)) = &self.shown.request.condition
            && self.shown.tables.iter().all(nobody)
        {
            warnings.push(format!("--where {condition}: nobody"));
        }
        warnings
    }

    /// What one should know: columns and levels that are new or gone, questions no table is made of.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.shown.notes.clone();
        notes.extend(crosstab::left_out_notes(&self.shown.left_out));
        notes
    }

    /// The differences that the letters follow from, a row each.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn pairs(&self) -> Result<Results, Error> {
        let frame = Comparisons::from_rows(&self.cells().comparisons())?.into_frame();
        let tables = present::pairs(&self.shown, &self.display);
        let tables = Tables::new(tables, Vec::new());
        Ok(Results::new(frame, tables, self.notes()))
    }

    /// Tests of whole tables: Rao and Scott’s, a row each.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn tests(&self) -> Result<Results, Error> {
        let frame = tests_frame(&self.cells().tests())?;
        let tables = vec![present::tests(&self.shown, &self.display)];
        let tables = Tables::new(tables, Vec::new());
        Ok(Results::new(frame, tables, self.notes()))
    }

    /// Shares of the answers; [`ChartKind::Stacked`](super::ChartKind) has a bar a column, a section a question.
    #[cfg(feature = "charts")]
    pub fn chart(&self) -> Chart<'static> {
        // tables of one banner and design share their foot; what it says of letters and nets is of tables alone
        let tables = present::tables(&self.shown, &self.display);
        let first = tables.first();
        let of_chart = |text: &&String| !text.starts_with("Letters:") && !text.starts_with("Nets:");
        let captions = Captions {
            title: first.map_or_else(String::new, |table| table.title.clone()),
            subtitle: None,
            foot: first.map_or_else(Vec::new, |table| {
                table.foot.iter().filter(of_chart).cloned().collect()
            }),
        };
        let level = self.shown.request.options.level;
        Chart::from_estimates(self.frame.clone(), captions, level)
    }

    fn cells(&self) -> &crosstab::Crosstab {
        self.exact.as_ref().unwrap_or(&self.shown)
    }

    /// The bytes of a workbook: contents, a sheet a table with its chart, notes, and every cell on a sheet `data`.
    ///
    /// # Errors
    /// More rows or columns than a sheet has room for (`format`).
    #[cfg(feature = "xlsx")]
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Error> {
        let options = present::BookOptions {
            one_sheet: false,
            charts: true,
            title: format!("Tables of {}", self.display.file),
            file: self.display.file.clone(),
            notes: Vec::new(),
            pairs: None,
        };
        let tables = present::tables(&self.shown, &self.display);
        let rows = crosstab_frame(&self.shown.estimates())?;
        let book = present::workbook(&self.shown, &tables, &rows, &options);
        book.map_err(|error| Error::new("format", error))
    }
}
