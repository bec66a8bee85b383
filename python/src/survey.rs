//! Respondents: opened, or taken over from a frame; asked for estimates, tables, tests, models and weights.

use std::path::PathBuf;
use std::sync::Arc;

use opine::{
    CrosstabRequest, FitRequest, Survey, SurveyRequest, TestsRequest, Weighted, Weighting,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrow::ArrowColumns;
use crate::errors::{from_library, wrong_option};
use crate::options::{Named, Targets, design, named, reading};
use crate::results::{Answer, PyAnswer, plain};
use crate::work;

/// What `opine_survey.Survey` stands on: respondents, and the weights that were made for them.
#[pyclass(frozen, name = "Respondents")]
pub struct PySurvey {
    survey: Survey,
    weighted: Option<Arc<Weighted>>,
    /// Called with how far a pass is.
    progress: Option<Py<PyAny>>,
}

type Options<'a, 'py> = &'a Bound<'py, PyDict>;

#[pyfunction]
#[pyo3(signature = (path, options, progress = None))]
pub fn open(
    py: Python<'_>,
    path: PathBuf,
    options: Options<'_, '_>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PySurvey> {
    let (reading, left) = reading(named(options)?)?;
    let design = design(left)?;
    let survey = work::aside(py, Arc::default(), move || {
        Survey::open_with(path, &reading)
    })?;
    Ok(PySurvey {
        survey: survey.map_err(from_library)?.design(design),
        weighted: None,
        progress,
    })
}

#[pyfunction]
#[pyo3(signature = (frame, name, options, progress = None))]
pub fn survey(
    frame: &Bound<'_, PyAny>,
    name: &str,
    options: Options<'_, '_>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PySurvey> {
    let design = design(named(options)?)?;
    let columns = ArrowColumns::import(frame)?;
    let survey = Survey::from_lent(name, columns).map_err(from_library)?;
    Ok(PySurvey {
        survey: survey.design(design),
        weighted: None,
        progress,
    })
}

#[pymethods]
impl PySurvey {
    fn variables(&self) -> Vec<String> {
        let variables = self.survey.variables().into_iter();
        variables.map(str::to_owned).collect()
    }

    fn notes(&self) -> Vec<String> {
        match &self.weighted {
            Some(weighted) => weighted.notes(),
            None => self.survey.notes(),
        }
    }

    fn weights(&self) -> Option<Vec<f64>> {
        let weighted = self.weighted.as_ref();
        weighted.map(|weighted| weighted.weights().to_vec())
    }

    fn describe(&self, py: Python<'_>) -> PyResult<PyAnswer> {
        self.answer(py, |survey, _| Ok(plain(survey.describe()?)))
    }

    /// What the new weights did.
    fn diagnostics(&self) -> PyResult<PyAnswer> {
        match &self.weighted {
            Some(weighted) => {
                let results = weighted.results().map_err(from_library)?;
                Ok(PyAnswer(plain(results)))
            }
            None => Err(wrong_option("weights", "a survey that was weighted")),
        }
    }

    fn estimate(&self, py: Python<'_>, items: Vec<String>, options: Options) -> PyResult<PyAnswer> {
        // options are read while Python's lock is held; the request is put together anew where it runs
        let steps = estimate_steps(&named(options)?)?;
        self.answer(py, move |survey, weighted| {
            let mut items = items.into_iter();
            let mut request = survey.estimate(items.next().unwrap_or_default());
            request = items.fold(request, |request, item| request.also(item));
            for step in steps {
                request = step(request);
            }
            Ok(match weighted {
                Some(weighted) => Arc::new(weighted.run(request)?) as Arc<dyn Answer>,
                None => Arc::new(request.run()?),
            })
        })
    }

    fn crosstab(
        &self,
        py: Python<'_>,
        columns: Vec<String>,
        options: Options,
    ) -> PyResult<PyAnswer> {
        let steps = crosstab_steps(&named(options)?)?;
        self.answer(py, move |survey, weighted| {
            let mut columns = columns.into_iter();
            let mut request = survey.crosstab(columns.next().unwrap_or_default());
            request = columns.fold(request, |request, part| request.columns(part));
            for step in steps {
                request = step(request);
            }
            Ok(match weighted {
                Some(weighted) => Arc::new(weighted.crosstab(request)?) as Arc<dyn Answer>,
                None => Arc::new(request.run()?),
            })
        })
    }

    fn test(&self, py: Python<'_>, items: Vec<String>, options: Options) -> PyResult<PyAnswer> {
        let steps = test_steps(&named(options)?)?;
        self.answer(py, move |survey, weighted| {
            let mut items = items.into_iter();
            let mut request = survey.test(items.next().unwrap_or_default());
            request = items.fold(request, |request, item| request.also(item));
            for step in steps {
                request = step(request);
            }
            Ok(plain(match weighted {
                Some(weighted) => weighted.test(request)?,
                None => request.run()?,
            }))
        })
    }

    fn fit(&self, py: Python<'_>, formula: String, options: Options) -> PyResult<PyAnswer> {
        let steps = fit_steps(&named(options)?)?;
        self.answer(py, move |survey, weighted| {
            let mut request = survey.fit(formula);
            for step in steps {
                request = step(request);
            }
            Ok(plain(match weighted {
                Some(weighted) => weighted.fit(request)?,
                None => request.run()?,
            }))
        })
    }

    fn weigh(&self, py: Python<'_>, options: Options) -> PyResult<PySurvey> {
        if self.weighted.is_some() {
            let message = "weights are made of a survey once: name all steps in one call, or write the weights to a file and \
                           open that with weights=";
            return Err(crate::errors::raised(message, "request", None, None));
        }
        let steps = weighting_steps(&named(options)?)?;
        let progress = self.progress.as_ref().map(|progress| progress.bind(py));
        let weighted = work::on_survey(py, &self.survey, progress, move |survey| {
            let mut weighting = survey.weigh();
            for step in steps {
                weighting = step(weighting)?;
            }
            weighting.run()
        })?;
        Ok(PySurvey {
            survey: self.survey.clone(),
            weighted: Some(Arc::new(weighted)),
            progress: self
                .progress
                .as_ref()
                .map(|progress| progress.clone_ref(py)),
        })
    }

    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<Vec<String>> {
        let Some(weighted) = self.weighted.clone() else {
            return Err(wrong_option("write", "a survey that was weighted"));
        };
        let notes = work::aside(py, Arc::default(), move || weighted.write(path))?;
        notes.map_err(from_library)
    }
}

impl PySurvey {
    fn answer(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&Survey, Option<&Weighted>) -> Result<Arc<dyn Answer>, opine::Error>
        + Send
        + 'static,
    ) -> PyResult<PyAnswer> {
        let weighted = self.weighted.clone();
        let progress = self.progress.as_ref().map(|progress| progress.bind(py));
        let answer = work::on_survey(py, &self.survey, progress, move |survey| {
            ask(survey, weighted.as_deref())
        })?;
        Ok(PyAnswer(answer))
    }
}

/// An option as what it does to a request.
type EstimateStep = Box<dyn for<'s> FnOnce(SurveyRequest<'s>) -> SurveyRequest<'s> + Send>;
type CrosstabStep = Box<dyn for<'s> FnOnce(CrosstabRequest<'s>) -> CrosstabRequest<'s> + Send>;
type TestStep = Box<dyn for<'s> FnOnce(TestsRequest<'s>) -> TestsRequest<'s> + Send>;
type FitStep = Box<dyn for<'s> FnOnce(FitRequest<'s>) -> FitRequest<'s> + Send>;
type WeightingStep =
    Box<dyn for<'s> FnOnce(Weighting<'s>) -> Result<Weighting<'s>, opine::Error> + Send>;

const NETS: &str = "{\"Worried\": [\"Very worried\", \"Somewhat worried\"]}";

fn estimate_steps(options: &[Named<'_>]) -> PyResult<Vec<EstimateStep>> {
    let mut steps: Vec<EstimateStep> = Vec::new();
    for option in options {
        match option.name.as_str() {
            "by" => {
                let by = option.texts()?;
                steps.push(Box::new(|request| {
                    by.into_iter()
                        .fold(request, |request, groups| request.by(groups))
                }));
            }
            "where" => {
                let condition = option.text()?;
                steps.push(Box::new(|request| request.filter(condition)));
            }
            "net" => {
                let nets = option.lists(NETS)?;
                steps.push(Box::new(|request| {
                    nets.into_iter()
                        .fold(request, |request, (name, levels)| request.net(name, levels))
                }));
            }
            "without" => {
                let answers = option.texts()?;
                steps.push(Box::new(|request| {
                    answers
                        .into_iter()
                        .fold(request, |request, one| request.without(one))
                }));
            }
            "order" => {
                let levels = option.texts()?;
                steps.push(Box::new(|request| request.order(levels)));
            }
            "ci" => {
                let method = option.text()?;
                steps.push(Box::new(|request| request.ci(method)));
            }
            "level" => {
                let level = option.number()?;
                steps.push(Box::new(move |request| request.level(level)));
            }
            "qrule" => {
                let rule = option.text()?;
                steps.push(Box::new(move |request| request.qrule(&rule)));
            }
            "deff_kind" => {
                let kind = option.text()?;
                steps.push(Box::new(move |request| request.deff_kind(&kind)));
            }
            "domain_df" => {
                let which = option.text()?;
                steps.push(Box::new(move |request| request.domain_df(&which)));
            }
            "incomplete" => {
                let how = option.text()?;
                steps.push(Box::new(move |request| request.incomplete(&how)));
            }
            "missing" => {
                let how = option.text()?;
                steps.push(Box::new(move |request| request.missing(&how)));
            }
            "flag_base" => {
                let base = option.whole()?;
                steps.push(Box::new(move |request| request.flag_base(base)));
            }
            "separator" => {
                let text = option.text()?;
                let mut letters = text.chars();
                let (Some(separator), None) = (letters.next(), letters.next()) else {
                    return Err(wrong_option("separator", "one character"));
                };
                steps.push(Box::new(move |request| request.separator(separator)));
            }
            "codes" if option.is_set()? => steps.push(Box::new(|request| request.codes())),
            "drop_empty" if option.is_set()? => {
                steps.push(Box::new(|request| request.drop_empty()))
            }
            "codes" | "drop_empty" => {}
            _ => return Err(option.unknown()),
        }
    }
    Ok(steps)
}

/// Steps of one text, number or truth each, by the names of methods that are those of the options.
macro_rules! steps {
    ($steps:ident, $option:ident;
        texts: $($texts:ident),*; each: $($each:ident),*; borrowed: $($borrowed:ident),*;
        whole: $($whole:ident),*; flags: $($flag:ident),*; { $($name:pat => $special:expr),* $(,)? }) => {
        match $option.name.as_str() {
            $(stringify!($texts) => {
                let text = $option.text()?;
                $steps.push(Box::new(move |request| request.$texts(text)));
            })*
            $(stringify!($each) => {
                let texts = $option.texts()?;
                $steps.push(Box::new(move |request| texts.iter().fold(request, |request, text| request.$each(text.as_str()))));
            })*
            $(stringify!($borrowed) => {
                let text = $option.text()?;
                $steps.push(Box::new(move |request| request.$borrowed(&text)));
            })*
            $(stringify!($whole) => {
                let number = $option.whole()?;
                $steps.push(Box::new(move |request| request.$whole(number)));
            })*
            $(stringify!($flag) => {
                if $option.is_set()? {
                    $steps.push(Box::new(|request| request.$flag()));
                }
            })*
            $($name => $special,)*
            _ => return Err($option.unknown()),
        }
    };
}

fn crosstab_steps(options: &[Named<'_>]) -> PyResult<Vec<CrosstabStep>> {
    let mut steps: Vec<CrosstabStep> = Vec::new();
    for option in options {
        steps!(steps, option;
            texts: sort;
            each: rows, without, set, grid, scores;
            borrowed: percent, test, against, adjust, zero_cells, ci, domain_df, missing, set_base;
            whole: flag_base, min_base;
            flags: codes, no_total, drop_empty, test_nets;
            {
                "where" => {
                    let condition = option.text()?;
                    steps.push(Box::new(|request| request.filter(condition)));
                },
                "net" => {
                    let nets = option.written_lists(NETS)?;
                    steps.push(Box::new(|request| nets.into_iter().fold(request, |request, net| request.net(net))));
                },
                "column_net" => {
                    let nets = option.written_lists("{\"age:Under 35\": [\"18-24\", \"25-34\"]}")?;
                    steps.push(Box::new(|request| nets.into_iter().fold(request, |request, net| request.column_net(net))));
                },
                "show" => {
                    let lines = option.texts()?.join(",");
                    steps.push(Box::new(move |request| request.show(&lines)));
                },
                "alpha" => {
                    let (capital, small) = option.ends()?;
                    let (Some(capital), Some(small)) = (capital, small) else {
                        return Err(wrong_option("alpha", "two levels, (0.05, 0.10)"));
                    };
                    steps.push(Box::new(move |request| request.alpha(capital, small)));
                },
                "level" => {
                    let level = option.number()?;
                    steps.push(Box::new(move |request| request.level(level)));
                },
                "decimals" => {
                    let decimals = u8::try_from(option.whole()?).unwrap_or(u8::MAX);
                    steps.push(Box::new(move |request| request.decimals(decimals)));
                },
                "box" => {
                    let answers = u8::try_from(option.whole()?).unwrap_or(u8::MAX);
                    steps.push(Box::new(move |request| request.box_size(answers)));
                },
            }
        );
    }
    Ok(steps)
}

fn test_steps(options: &[Named<'_>]) -> PyResult<Vec<TestStep>> {
    let mut steps: Vec<TestStep> = Vec::new();
    for option in options {
        steps!(steps, option;
            texts: ;
            each: by;
            borrowed: statistic, score, adjust;
            whole: ;
            flags: ;
            {
                "where" => {
                    let condition = option.text()?;
                    steps.push(Box::new(|request| request.filter(condition)));
                },
                "level" => {
                    let level = option.number()?;
                    steps.push(Box::new(move |request| request.level(level)));
                },
            }
        );
    }
    Ok(steps)
}

fn fit_steps(options: &[Named<'_>]) -> PyResult<Vec<FitStep>> {
    let mut steps: Vec<FitStep> = Vec::new();
    for option in options {
        steps!(steps, option;
            texts: ;
            each: by, margins, contrast;
            borrowed: family, link, terms, adjust, se, ci, information;
            whole: ;
            flags: statistics, pairwise, drop_collinear;
            {
                "where" => {
                    let condition = option.text()?;
                    steps.push(Box::new(|request| request.filter(condition)));
                },
                "level" => {
                    let level = option.number()?;
                    steps.push(Box::new(move |request| request.level(level)));
                },
                "order" => {
                    let levels = option.texts()?;
                    steps.push(Box::new(|request| request.order(levels)));
                },
                "joint" => {
                    let terms = option.texts()?;
                    steps.push(Box::new(|request| request.joint(terms)));
                },
                "reference" => {
                    let levels = option.lists("{\"party\": \"Red\"}")?;
                    steps.push(Box::new(|request| {
                        let pairs = levels.into_iter();
                        let pairs = pairs.filter_map(|(name, levels)| Some((name, levels.into_iter().next()?)));
                        pairs.fold(request, |request, (name, level)| request.reference(name, level))
                    }));
                },
                "at" => {
                    let values = option.lists("{\"age\": [30, 60]}")?;
                    steps.push(Box::new(|request| {
                        values.into_iter().fold(request, |request, (name, values)| request.at(name, values))
                    }));
                },
            }
        );
    }
    Ok(steps)
}

fn weighting_steps(options: &[Named<'_>]) -> PyResult<Vec<WeightingStep>> {
    let mut steps: Vec<WeightingStep> = Vec::new();
    // what is said of a step stands behind it, in whatever order it was named
    let order = |option: &&Named<'_>| match option.name.as_str() {
        "recipe" => 0,
        "rake" | "poststratify" | "calibrate" => 1,
        "trim" => 2,
        "normalise" => 4,
        _ => 3,
    };
    let mut options: Vec<&Named<'_>> = options.iter().collect();
    options.sort_by_key(order);
    for option in options {
        match option.name.as_str() {
            "recipe" => {
                let path = option.text()?;
                steps.push(Box::new(|weighting| weighting.recipe(path)));
            }
            "rake" | "poststratify" | "calibrate" => {
                let (name, targets) = (option.name.clone(), option.targets()?);
                steps.push(Box::new(move |weighting| {
                    held_to(weighting, &name, &targets)
                }));
            }
            "trim" => {
                let (low, high) = option.ends()?;
                steps.push(Box::new(move |weighting| Ok(weighting.trim(low, high))));
            }
            "trim_unit" => {
                let unit = option.text()?;
                steps.push(Box::new(move |weighting| weighting.trim_unit(&unit)));
            }
            "strict" if option.is_set()? => steps.push(Box::new(|weighting| weighting.strict())),
            "no_redistribution" if option.is_set()? => {
                steps.push(Box::new(|weighting| weighting.no_redistribution()));
            }
            "strict" | "no_redistribution" => {}
            "distance" => {
                let distance = option.text()?;
                steps.push(Box::new(move |weighting| Ok(weighting.distance(&distance))));
            }
            "bounds" => {
                let (Some(low), Some(high)) = option.ends()? else {
                    return Err(wrong_option("bounds", "both ends, (0.3, 3)"));
                };
                steps.push(Box::new(move |weighting| Ok(weighting.bounds(low, high))));
            }
            "tolerance" => {
                let tolerance = option.number()?;
                steps.push(Box::new(
                    move |weighting| Ok(weighting.tolerance(tolerance)),
                ));
            }
            "iterations" => {
                let iterations = option.whole()? as usize;
                steps.push(Box::new(move |weighting| {
                    Ok(weighting.iterations(iterations))
                }));
            }
            "normalise" => {
                let total = match option.text() {
                    Ok(text) if text == "respondents" => None,
                    _ => Some(option.number()?),
                };
                steps.push(Box::new(move |weighting| Ok(weighting.normalise(total))));
            }
            "population" => {
                let people = option.number()?;
                steps.push(Box::new(move |weighting| Ok(weighting.population(people))));
            }
            "no_answer" => {
                let how = option.text()?;
                steps.push(Box::new(move |weighting| weighting.no_answer(&how)));
            }
            "name" => {
                let name = option.text()?;
                steps.push(Box::new(|weighting| Ok(weighting.name(name))));
            }
            _ => return Err(option.unknown()),
        }
    }
    Ok(steps)
}

fn held_to<'s>(
    weighting: Weighting<'s>,
    step: &str,
    targets: &Targets,
) -> Result<Weighting<'s>, opine::Error> {
    match (step, targets) {
        ("rake", Targets::File(path)) => weighting.rake(path),
        ("poststratify", Targets::File(path)) => weighting.poststratify(path),
        (_, Targets::File(path)) => weighting.calibrate(path),
        (step, Targets::Rows(rows)) => {
            let rows = rows.iter();
            let rows =
                rows.map(|(variable, level, target)| (variable.as_str(), level.as_str(), *target));
            match step {
                "rake" => weighting.rake_to(rows),
                "poststratify" => weighting.poststratify_to(rows),
                _ => weighting.calibrate_to(rows),
            }
        }
    }
}
