"""Respondents, and how they were sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import Union

from . import _opine
from ._progress import progress
from ._results import Results

Texts = Union[str, Sequence[str]]
"""One text, or several."""
Nets = Union[Mapping[str, Sequence[str]], Texts]
"""Levels added up to one: ``{"Worried": ["Very worried", "Somewhat worried"]}``."""
Targets = Union[str, "PathLike[str]", Mapping[str, Union[Mapping[str, float], float]]]
"""What weights are held to: a file, or ``{"sex": {"Female": 0.51, "Male": 0.49}}``; a number alone is the total of a variable."""


def _named(options: dict[str, object], *others: str) -> dict[str, object]:
    """The arguments of a call that are options."""
    return {name: value for name, value in options.items() if name not in ("self", *others)}


def _listed(texts: Texts) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


class Estimates(Results):
    """Estimates with standard errors that know of the design."""

    _answer: _opine.Answer

    def pairwise(self) -> Results:
        """The difference of any two groups, with their covariance, p-values adjusted by Holm's method.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> pairs = poll.estimate("mean(therm_us)", by="party").pairwise()
        >>> len(pairs), pairs.rows[0]["a"]
        (3, 'mean(therm_us):Blue')
        """
        return Results(self._answer.pairs())


class Crosstab(Results):
    """Banner tables, with letters for what differs."""

    _answer: _opine.Answer

    def pairs(self) -> Results:
        """The differences that the letters follow from, a row each."""
        return Results(self._answer.pairs())

    def tests(self) -> Results:
        """Tests of whole tables, by Rao and Scott: a row each.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> tests = poll.crosstab(rows="q1", columns="party,sex").tests()
        >>> [round(row["p_value"], 3) for row in tests]
        [0.0, 0.597]
        """
        return Results(self._answer.tests())


class Survey:
    """Respondents of a file (:func:`open`) or a frame (:func:`survey`). Keyword names are the names of the program's flags.

    >>> poll = opine_survey.open("poll.csv", weights="weight", strata="stratum", psu="psu")
    >>> poll.estimate("prop(q1)", by=["party"], where="sex == 'Female'").rows[0]["party"]
    'Blue'
    """

    def __init__(self, respondents: _opine.Respondents) -> None:
        self._respondents = respondents

    @property
    def variables(self) -> list[str]:
        """The names of the variables, in the order of the file."""
        return self._respondents.variables()

    @property
    def notes(self) -> list[str]:
        """What was assumed about the file that it does not say itself."""
        return self._respondents.notes()

    def describe(self) -> Results:
        """The codebook: variables, labels, answers, what is missing. Numbers are unweighted.

        >>> opine_survey.open("poll.csv").describe().rows[0]["variable"]
        'id'
        """
        return Results(self._respondents.describe())

    def estimate(
        self,
        *items: str,
        by: Texts | None = None,
        where: str | None = None,
        net: Nets | None = None,
        without: Texts | None = None,
        order: Sequence[str] | None = None,
        drop_empty: bool = False,
        separator: str | None = None,
        ci: str | None = None,
        level: float | None = None,
        qrule: str | None = None,
        deff_kind: str | None = None,
        domain_df: str | None = None,
        incomplete: str | None = None,
        missing: str | None = None,
        codes: bool = False,
        flag_base: int | None = None,
    ) -> Estimates:
        """Means, shares, totals, quantiles, with standard errors of the design, in one pass.

        Items are written as on the command line: ``prop(q1)``, ``mean(x)``, ``total(y)``, ``ratio(y, x)``, ``median(y)``,
        ``quantile(y, 0.25, 0.5)``, ``var(y)``, ``count()``, ``mean(a) - mean(b)``, ``Worried = prop(q1 in ['a', 'b'])``.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> worried = poll.estimate("prop(q1)", net={"Worried": ["Very worried", "Somewhat worried"]})
        >>> [row["level"] for row in worried]
        ['Worried', 'Not at all worried', 'Not very worried', 'Somewhat worried', 'Very worried']
        """
        options = _named(dict(locals()), "items")
        if not items:
            raise TypeError("name what to estimate, as in 'prop(q1)', 'mean(x)' or 'count()'")
        return Estimates(self._respondents.estimate(items, options))

    def crosstab(
        self,
        *,
        columns: Texts,
        rows: Texts | None = None,
        where: str | None = None,
        net: Nets | None = None,
        column_net: Nets | None = None,
        box: int | None = None,
        set: Texts | None = None,
        set_base: str | None = None,
        grid: Texts | None = None,
        scores: Texts | None = None,
        without: Texts | None = None,
        percent: str | None = None,
        show: Texts | None = None,
        sort: str | None = None,
        drop_empty: bool = False,
        no_total: bool = False,
        decimals: int | None = None,
        flag_base: int | None = None,
        min_base: int | None = None,
        test: str | None = None,
        against: str | None = None,
        adjust: str | None = None,
        alpha: tuple[float, float] | None = None,
        zero_cells: str | None = None,
        test_nets: bool = False,
        ci: str | None = None,
        level: float | None = None,
        domain_df: str | None = None,
        missing: str | None = None,
        codes: bool = False,
    ) -> Crosstab:
        """Banner tables: questions by groups side by side (``party,sex``), nested (``party:sex``), in bands
        (``age=cut(age, 30, 60)``), with letters for what differs by more than chance alone explains.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> tabs = poll.crosstab(rows="q1", columns="party")
        >>> tabs.rows[0]["column"], tabs.rows[1]["letters"] is None
        ('Total', False)
        """
        options = _named(dict(locals()), "columns")
        return Crosstab(self._respondents.crosstab(_listed(columns), options))

    def test(
        self,
        *items: str,
        by: Texts | None = None,
        where: str | None = None,
        statistic: str | None = None,
        score: str | None = None,
        adjust: str | None = None,
        level: float | None = None,
    ) -> Results:
        """Whether answers differ by groups more than sampling by the design alone explains: ``chisq(a, b)``, ``ttest(y, g)``,
        ``ttest(y)``, ``ttest(y - z)``, ``ranktest(y, g)``, ``anova(y, g)``.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> poll.test("chisq(party, q1)").rows[0]["p_value"] < 0.001
        True
        """
        options = _named(dict(locals()), "items")
        if not items:
            raise TypeError("name what to test, as in 'chisq(a, b)' or 'ttest(y, g)'")
        return Results(self._respondents.test(items, options))

    def fit(
        self,
        formula: str,
        *,
        family: str | None = None,
        link: str | None = None,
        order: Sequence[str] | None = None,
        reference: Mapping[str, str] | Texts | None = None,
        where: str | None = None,
        terms: str | None = None,
        joint: Sequence[str] | None = None,
        contrast: Texts | None = None,
        statistics: bool = False,
        margins: Texts | None = None,
        at: Mapping[str, Sequence[object]] | Texts | None = None,
        by: Texts | None = None,
        pairwise: bool = False,
        adjust: str | None = None,
        se: str | None = None,
        ci: str | None = None,
        information: str | None = None,
        drop_collinear: bool = False,
        level: float | None = None,
    ) -> Results:
        """A regression with the design in its errors: coefficients, or what is asked of the model.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> [row["term"] for row in poll.fit("therm_us ~ sex")]
        ['(Intercept)', 'sexFemale', 'sexMale']
        >>> [row["statistic"] for row in poll.fit("therm_us ~ sex", margins="sex")]
        ['margin', 'margin', 'difference']
        """
        return Results(self._respondents.fit(formula, _named(dict(locals()), "formula")))

    def weight(
        self,
        *,
        rake: Targets | None = None,
        poststratify: Targets | None = None,
        calibrate: Targets | None = None,
        distance: str | None = None,
        bounds: tuple[float, float] | None = None,
        trim: tuple[float | None, float | None] | None = None,
        trim_unit: str | None = None,
        strict: bool = False,
        no_redistribution: bool = False,
        normalise: str | float | None = None,
        population: float | None = None,
        no_answer: str | None = None,
        tolerance: float | None = None,
        iterations: int | None = None,
        name: str | None = None,
        recipe: str | None = None,
    ) -> WeightedSurvey:
        """The same respondents with new weights. Estimates, tables, tests and models of them know how the weights came about.

        >>> sample = opine_survey.open("poll.csv")
        >>> weighted = sample.weight(rake={"sex": {"Female": 0.51, "Male": 0.49}})
        >>> [(row["level"], round(row["estimate"], 4), row["se"]) for row in weighted.estimate("prop(sex)")]
        [('Female', 0.51, 0.0), ('Male', 0.49, 0.0)]
        """
        return WeightedSurvey(self._respondents.weigh(_named(dict(locals()))))


class WeightedSurvey(Survey):
    """Respondents with the weights that :meth:`Survey.weight` made."""

    @property
    def weights(self) -> list[float]:
        """One a respondent, in the order of the file.

        >>> weighted = opine_survey.open("poll.csv").weight(rake="targets.csv", trim=(0.2, 5))
        >>> round(sum(weighted.weights) / len(weighted.weights), 6)
        1.0
        """
        return self._respondents.weights() or []

    @property
    def diagnostics(self) -> Results:
        """What the weights did: their spread, margins before and after, steps, warnings."""
        return Results(self._respondents.diagnostics())

    def write(self, path: str | PathLike[str]) -> list[str]:
        """Writes the file that the respondents came from with one column more: .csv, .parquet, .sav, .zsav or .dta. What could
        not be kept comes back, a line each."""
        return self._respondents.write(path)

    def __repr__(self) -> str:
        return repr(self.diagnostics)

    def _repr_html_(self) -> str:
        return self.diagnostics._repr_html_()


def open(
    path: str | PathLike[str],
    *,
    weights: str | None = None,
    strata: Texts | None = None,
    psu: Texts | None = None,
    fpc: Texts | None = None,
    nest: bool = False,
    lonely: str | None = None,
    missing_weights: str | None = None,
    replicates: str | None = None,
    rep_type: str | None = None,
    rho: float | None = None,
    scale: float | None = None,
    rscales: Sequence[float] | None = None,
    mse: bool | None = None,
    combined_weights: bool | None = None,
    df: float | None = None,
    codebook: str | PathLike[str] | None = None,
    na: Texts | None = None,
    text: Texts | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Survey:
    """Opens a file of respondents: .csv, .tsv, .parquet, .arrow, .sav, .zsav, .por, .dta, .xpt, also within .gz or .zip.
    Columns are read when they are asked for. ``codebook`` is a table of labels and their order, ``na`` entries that are missing,
    ``text`` names variables that are no numbers.

    >>> poll = opine_survey.open("poll.csv", weights="weight", strata="stratum", psu="psu")
    >>> poll.variables[:4]
    ['id', 'stratum', 'psu', 'weight']
    """
    options = _named(dict(locals()), "path")
    options["nest"] = nest or None
    options["codebook"] = None if codebook is None else fspath(codebook)
    return Survey(_opine.open(path, options, progress()))


def survey(
    frame: object,
    *,
    name: str = "frame",
    weights: str | None = None,
    strata: Texts | None = None,
    psu: Texts | None = None,
    fpc: Texts | None = None,
    nest: bool = False,
    lonely: str | None = None,
    missing_weights: str | None = None,
    replicates: str | None = None,
    rep_type: str | None = None,
    rho: float | None = None,
    scale: float | None = None,
    rscales: Sequence[float] | None = None,
    mse: bool | None = None,
    combined_weights: bool | None = None,
    df: float | None = None,
) -> Survey:
    """Respondents in a frame of polars, pandas, pyarrow or DuckDB: anything with ``__arrow_c_stream__``.

    Numbers and categories are read where they are; columns of plain text are coded at their first use, four bytes a row. The
    answers of an ordered category, or of an ``Enum`` of polars, keep their order.

    >>> answers = opine_survey.open("poll.csv").describe()  # a frame, like any other
    >>> opine_survey.survey(answers).estimate("count()").rows[0]["estimate"] > 10
    True
    """
    options = _named(dict(locals()), "frame", "name")
    options["nest"] = nest or None
    return Survey(_opine.survey(frame, name, options, progress()))
