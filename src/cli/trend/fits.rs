//! From what was typed to fitted trends: the file, the contest, what is followed, the level.

use super::args::{ModelArgs, Overlap, day};
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::summary::figures;
use crate::frames::words::nearest;
use crate::published::figures::date::Date;
use crate::published::figures::store::{ALL, Figure};
use crate::published::trend::{
    Base, DayEstimate, HISTORICAL_ERROR, LevelBy, Measure, Polls, PollsError, Selection,
    SelectionOptions, Trend, TrendError, TrendOptions, reconciled, select,
};
use crate::tabular;

/// Rows of a file that are named one by one; of more, their number.
const NAMED_ROWS: usize = 5;

impl ModelArgs {
    /// The polls of the file; rows that can’t be taken are named.
    pub fn read(&self, session: &Session) -> Result<Polls, Failure> {
        if self.is_selector() {
            return self.read_store(session);
        }
        if self.data.data.is_some() {
            return Err(Failure::no_effect(
                "--data",
                &format!("{} is no figure of a store", self.file.display()),
            ));
        }
        let polls = Polls::read(&self.file).map_err(|error| match error {
            PollsError::Io { .. } => Failure::File(error.to_string()),
            PollsError::Form { .. } => Failure::usage(error),
        })?;
        let file = self.file.display();
        for (line, reason) in polls.left_out.iter().take(NAMED_ROWS) {
            session.warn(&format!("{file}, line {line}: left out: {reason}"));
        }
        if polls.left_out.len() > NAMED_ROWS {
            session.warn(&format!(
                "{file}: {} rows were left out in all",
                polls.left_out.len()
            ));
        }
        Ok(polls)
    }

    /// What the rows give as their source: a file without folder and ending, figures as they were chosen.
    pub fn source(&self) -> String {
        let name = match self.is_selector() {
            true => None,
            false => self.file.file_stem(),
        };
        let name = name.unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// Whether figures of a store are meant: `*/view_cn/favourable:US`, and no file.
    fn is_selector(&self) -> bool {
        let is_file = self.file.exists() || tabular::is_table(&self.file);
        !is_file && self.file.to_string_lossy().contains('/')
    }

    /// The polls behind the figures of a store.
    fn read_store(&self, session: &Session) -> Result<Polls, Failure> {
        let selector = self.file.to_string_lossy();
        let store = self.data.open_sound(session)?;
        let (figures, _) = figures(&store, &[selector.into_owned()])?;
        // everybody, where no part of them is named
        let all: Vec<&Figure> = figures
            .iter()
            .copied()
            .filter(|one| one.base == ALL)
            .collect();
        let polls = Polls::from_figures(&store, if all.is_empty() { &figures } else { &all });
        for (_, reason) in polls.left_out.iter().take(NAMED_ROWS) {
            session.note(&format!("left out: {reason}"));
        }
        Ok(polls)
    }

    /// The contest that was named, or the only one.
    pub fn choose_contest<'p>(&self, polls: &'p Polls) -> Result<&'p str, Failure> {
        let file = self.file.display();
        let contests = polls.contests();
        let contest = match (&self.contest, contests.as_slice()) {
            (_, []) => Err(Failure::Usage(format!("{file}: there are no polls in it"))),
            (Some(name), _) => {
                let known = contests.iter().find(|contest| *contest == name);
                known.copied().ok_or_else(|| {
                    let near = nearest(name, contests.iter().copied());
                    let hint = near.map_or_else(
                        || format!("there are {}", contests.join(", ")),
                        |near| format!("did you mean {near}?"),
                    );
                    Failure::Usage(format!("{file}: no contest {name}; {hint}"))
                })
            }
            (None, [only]) => Ok(*only),
            (None, several) => Err(Failure::Usage(format!(
                "{file}: there are several contests: choose with --contest among {}",
                several.join(", ")
            ))),
        }?;
        match polls.responses(contest).is_empty() {
            true => Err(Failure::Usage(format!(
                "{file}: {contest} has results and no polls"
            ))),
            false => Ok(contest),
        }
    }

    /// What is followed: what was named, else every answer.
    pub fn measures(&self, polls: &Polls, contest: &str) -> Result<Vec<Measure>, Failure> {
        let known = polls.responses(contest);
        let mut measures = Vec::new();
        for name in &self.response {
            measures.push(Measure::response(name.trim(), &known).map_err(Failure::Usage)?);
        }
        for text in &self.lead {
            measures.push(Measure::lead(text, &known).map_err(Failure::Usage)?);
        }
        for text in &self.share {
            measures.push(Measure::share(text, &known).map_err(Failure::Usage)?);
        }
        for text in &self.sum {
            measures.push(Measure::sum(text, &known).map_err(Failure::Usage)?);
        }
        if measures.is_empty() {
            let all = known.iter().map(|name| (*name).to_owned());
            measures.extend(all.map(Measure::Response));
        }
        Ok(measures)
    }

    /// Whether every answer is followed, none having been named.
    pub fn follows_all(&self) -> bool {
        [&self.response, &self.lead, &self.share, &self.sum]
            .iter()
            .all(|named| named.is_empty())
    }

    pub fn selection(&self) -> SelectionOptions {
        let populations = self.population.iter();
        SelectionOptions {
            populations: populations.map(|name| name.trim().to_lowercase()).collect(),
            keep_overlaps: self.overlap == Overlap::Keep,
            house: self.house.0.clone(),
            from: self.from,
            to: self.to,
            exclude_partisan: self.exclude.is_some(),
            assumed_n: self.assume_n,
        }
    }

    /// How a measure is fitted.
    pub fn options(
        &self,
        polls: &Polls,
        contest: &str,
        measure: &Measure,
    ) -> Result<TrendOptions, Failure> {
        let historical = self.historical_error;
        Ok(TrendOptions {
            sampling: self.sampling,
            variances: self.variance,
            deff: self.deff.unwrap_or(1.0),
            level_by: self.level(polls, contest, measure)?,
            historical_error: historical
                .map(|points| points.map_or(HISTORICAL_ERROR, |points| points / 100.0)),
            level: self.level,
            force: self.force,
        })
    }

    /// Fits each measure. One of many answers that few polls have is left out with a note; one that was named is refused.
    pub fn fit<'p>(
        &self,
        polls: &'p Polls,
        contest: &str,
        session: &Session,
    ) -> Result<Vec<Trend<'p>>, Failure> {
        let mut trends = Vec::new();
        for (measure, selection) in self.selections(polls, contest, session)? {
            let options = self.options(polls, contest, &measure)?;
            match Trend::fit(measure, selection, options) {
                Ok(trend) => trends.push(trend),
                Err(error @ TrendError::TooFew { .. }) if self.follows_all() => {
                    session.note(&error.to_string());
                }
                Err(error) => return Err(Failure::usage(error)),
            }
        }
        self.say_what_had_no_effect(&trends, session);
        match trends.is_empty() {
            true => Err(Failure::Usage(format!(
                "{}: no answer has polls enough for a line",
                self.file.display()
            ))),
            false => Ok(trends),
        }
    }

    /// The polls of each measure.
    pub fn selections<'p>(
        &self,
        polls: &'p Polls,
        contest: &str,
        session: &Session,
    ) -> Result<Vec<(Measure, Selection<'p>)>, Failure> {
        if self.overlap == Overlap::Keep {
            session.warn(
                "overlapping polls of one house are kept: rolling samples count their respondents more than once",
            );
        }
        let options = self.selection();
        let measures = self.measures(polls, contest)?.into_iter();
        let chosen = measures.map(|measure| {
            let selection = select(polls, contest, &measure, &options);
            (measure, selection)
        });
        Ok(chosen.collect())
    }

    /// Options that found nothing to do in this file.
    fn say_what_had_no_effect(&self, trends: &[Trend], session: &Session) {
        let used = || trends.iter().flat_map(|trend| &trend.selection.used);
        let mut bases = trends.iter().filter_map(|trend| trend.base);
        if let Some(base) = bases.find(|base| matches!(base, Base::Mixed { .. })) {
            session.warn(&base.words());
        }
        if self.assume_n.is_some() && !used().any(|one| one.assumed) {
            session
                .note("--assume-n changed nothing: every poll that is used says how many it asked");
        }
    }

    fn level(&self, polls: &Polls, contest: &str, measure: &Measure) -> Result<LevelBy, Failure> {
        let wrong = || {
            Failure::Usage(format!(
                "--level-by {}: it is houses, polls, pollster=NAME or result=DATE",
                self.level_by
            ))
        };
        match self.level_by.split_once('=') {
            None => match self.level_by.as_str() {
                "houses" => Ok(LevelBy::Houses),
                "polls" => Ok(LevelBy::Polls),
                _ => Err(wrong()),
            },
            Some(("pollster", name)) => Ok(LevelBy::Pollster(name.to_owned())),
            Some(("result", dates)) => {
                let mut results = Vec::new();
                for date in dates.split(',') {
                    results.push(result_on(polls, contest, date.trim(), measure)?);
                }
                results.sort_by_key(|(day, _)| *day);
                results.dedup();
                Ok(LevelBy::Results(results))
            }
            Some(_) => Err(wrong()),
        }
    }
}

/// The result of a measure on a day.
fn result_on(
    polls: &Polls,
    contest: &str,
    date: &str,
    measure: &Measure,
) -> Result<(i64, f64), Failure> {
    let day = day(date).map_err(Failure::Usage)?;
    let outcome = polls.outcome(contest, day);
    let outcome = outcome.ok_or_else(|| no_result(polls, contest, date))?;
    let share = measure.in_outcome(outcome).ok_or_else(|| {
        Failure::Usage(format!(
            "--level-by result={date}: the result has no share of {}",
            measure.label()
        ))
    })?;
    Ok((day, share))
}

fn no_result(polls: &Polls, contest: &str, date: &str) -> Failure {
    let outcomes = polls.outcomes.iter();
    let days: Vec<String> = outcomes
        .filter(|outcome| outcome.contest == contest)
        .map(|outcome| Date::from_days(outcome.day).to_string())
        .collect();
    let known = match days.is_empty() {
        true => "the file has no results (rows whose pollster is election)".to_owned(),
        false => format!("there are {}", days.join(", ")),
    };
    Failure::Usage(format!(
        "--level-by result={date}: no result of that day; {known}"
    ))
}

/// Shares of all answers of a day are made to sum to 100, where the printed ones do. Whether they were.
pub fn reconcile(days: &mut [(&Trend, &mut DayEstimate)], all: usize) -> bool {
    let whole = days.iter().all(|(trend, _)| {
        matches!(trend.measure, Measure::Response(_))
            && trend.base.is_some_and(|base| base.is_whole())
    });
    if !whole || days.len() < 2 || days.len() < all {
        return false;
    }
    let shares: Vec<(f64, f64)> = days.iter().map(|(_, day)| (day.estimate, day.se)).collect();
    for ((trend, day), (estimate, se)) in days.iter_mut().zip(reconciled(&shares)) {
        let narrower = se / day.se.max(f64::MIN_POSITIVE);
        day.polls_se *= narrower;
        (day.estimate, day.se) = (estimate, se);
        (day.low, day.high) = trend.band(estimate, se);
    }
    true
}
