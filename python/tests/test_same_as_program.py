"""Every method gives the rows that the program gives for the same question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars
import pytest

import opine_survey
from opine_survey import Results, Survey

DESIGN = ["--weights", "weight", "--strata", "stratum", "--psu", "psu"]
Ask = Callable[[Survey], Results]

QUESTIONS: dict[str, tuple[list[str], Ask]] = {
    "shares": (
        ["estimate", "prop(q1)", "--by", "party", *DESIGN],
        lambda poll: poll.estimate("prop(q1)", by="party"),
    ),
    "several items": (
        ["estimate", "prop(q1)", "mean(therm_us)", "count()", "--by", "region", "--by", "sex", *DESIGN],
        lambda poll: poll.estimate("prop(q1)", "mean(therm_us)", "count()", by=["region", "sex"]),
    ),
    "net, where, level": (
        ["estimate", "prop(q1)", "--net", "Worried=Very worried,Somewhat worried", "--where", "sex == 'Female'",
         "--level", "0.9", "--ci", "wilson", *DESIGN],
        lambda poll: poll.estimate(
            "prop(q1)", net={"Worried": ["Very worried", "Somewhat worried"]}, where="sex == 'Female'", level=0.9,
            ci="wilson",
        ),
    ),
    "quantiles": (
        ["estimate", "quantile(therm_us, 0.25, 0.5)", "--qrule", "hf7", "--by", "sex", "--domain-df", "design",
         *DESIGN],
        lambda poll: poll.estimate("quantile(therm_us, 0.25, 0.5)", qrule="hf7", by="sex", domain_df="design"),
    ),
    "without, missing": (
        ["estimate", "prop(q1)", "--without", "Not very worried", "--missing", "show", "--deff-kind", "srs", *DESIGN],
        lambda poll: poll.estimate("prop(q1)", without="Not very worried", missing="show", deff_kind="srs"),
    ),
    "pairwise": (
        ["estimate", "mean(therm_us)", "--by", "party", "--pairwise", *DESIGN],
        lambda poll: poll.estimate("mean(therm_us)", by="party").pairwise(),
    ),
    "crosstab": (
        ["crosstab", "--rows", "q1,mean(therm_us)", "--columns", "party,sex:region", *DESIGN],
        lambda poll: poll.crosstab(rows=["q1", "mean(therm_us)"], columns="party,sex:region"),
    ),
    "crosstab with options": (
        ["crosstab", "--rows", "q1", "--columns", "party", "--columns", "age", "--against", "rest", "--adjust", "none",
         "--percent", "column", "--net", "Worried=Very worried,Somewhat worried", "--alpha", "0.01,0.05", "--where",
         "sex == 'Male'", "--sort", "total", "--ci", "wald", "--level", "0.9", "--no-total", *DESIGN],
        lambda poll: poll.crosstab(
            rows="q1", columns=["party", "age"], against="rest", adjust="none", percent="column",
            net={"Worried": ["Very worried", "Somewhat worried"]}, alpha=(0.01, 0.05), where="sex == 'Male'", sort="total",
            ci="wald", level=0.9, no_total=True,
        ),
    ),
    "pairs of a crosstab": (
        ["crosstab", "--rows", "q1", "--columns", "party", "--pairs", *DESIGN],
        lambda poll: poll.crosstab(rows="q1", columns="party").pairs(),
    ),
    "tests of a crosstab": (
        ["crosstab", "--rows", "q1", "--columns", "party,age", "--tests", *DESIGN],
        lambda poll: poll.crosstab(rows="q1", columns="party,age").tests(),
    ),
    "tests": (
        ["test", "chisq(party, q1)", "ttest(therm_us, sex)", "--by", "region", "--statistic", "wald", "--adjust", "bh",
         *DESIGN],
        lambda poll: poll.test("chisq(party, q1)", "ttest(therm_us, sex)", by="region", statistic="wald", adjust="bh"),
    ),
    "fit": (
        ["fit", "therm_us ~ party * sex", "--reference", "party=Red", *DESIGN],
        lambda poll: poll.fit("therm_us ~ party * sex", reference={"party": "Red"}),
    ),
    "margins": (
        ["fit", "q1 == 'Very worried' ~ party + sex", "--margins", "party", "--ci", "wald", *DESIGN],
        lambda poll: poll.fit("q1 == 'Very worried' ~ party + sex", margins="party", ci="wald"),
    ),
    "pairs of margins": (
        ["fit", "therm_us ~ party + sex", "--margins", "party", "--pairwise", *DESIGN],
        lambda poll: poll.fit("therm_us ~ party + sex", margins="party", pairwise=True),
    ),
    "terms": (
        ["fit", "therm_us ~ party + sex", "--terms", "adjusted", *DESIGN],
        lambda poll: poll.fit("therm_us ~ party + sex", terms="adjusted"),
    ),
}


def command(args: list[str]) -> list[str]:
    """The file stands behind the verb."""
    verb, *rest = args
    return [verb, "poll.csv", *rest]


@pytest.mark.parametrize("question", QUESTIONS)
def test_of_a_file(question: str, poll: Survey, program: Callable[..., Any]) -> None:
    args, ask = QUESTIONS[question]
    assert ask(poll).rows == program(*command(args))


@pytest.mark.parametrize("question", QUESTIONS)
def test_of_a_frame(question: str, program: Callable[..., Any]) -> None:
    args, ask = QUESTIONS[question]
    frame = polars.read_csv("poll.csv")
    poll = opine_survey.survey(frame, name="poll", weights="weight", strata="stratum", psu="psu")
    assert ask(poll).rows == program(*command(args))


def test_describe(program: Callable[..., Any]) -> None:
    assert opine_survey.open("poll.csv").describe().rows == program("describe", "poll.csv")


WEIGHTS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "rake": (["--rake", "targets.csv"], {"rake": "targets.csv"}),
    "trim": (
        ["--rake", "targets.csv", "--trim", "0.5,2", "--trim-unit", "median", "--strict"],
        {"rake": "targets.csv", "trim": (0.5, 2), "trim_unit": "median", "strict": True},
    ),
    "calibrate": (
        ["--calibrate", "targets.csv", "--distance", "logit", "--bounds", "0.3,3", "--normalise", "1000"],
        {"calibrate": "targets.csv", "distance": "logit", "bounds": (0.3, 3), "normalise": 1000},
    ),
}


def near(value: Any) -> Any:
    return pytest.approx(value, rel=1e-12) if isinstance(value, float) else value


@pytest.mark.parametrize("weights", WEIGHTS)
def test_weights(weights: str, program: Callable[..., Any]) -> None:
    flags, options = WEIGHTS[weights]
    weighted = opine_survey.open("poll.csv").weight(**options)
    assert weighted.diagnostics.rows == program("weight", "poll.csv", *flags)
    then = ["--then", "prop(q1)", "--by", "party"]
    # the module keeps the covariance of groups that the program adds up without: the last digits are those of another order
    own, printed = weighted.estimate("prop(q1)", by="party").rows, program("weight", "poll.csv", *flags, *then)
    for row, other in zip(own, printed, strict=True):
        # texts and nulls are the same, numbers near
        assert {name: near(value) for name, value in other.items()} == row
    tables = program("weight", "poll.csv", *flags, "--then", "crosstab party")
    assert weighted.crosstab(columns="party").rows == tables


def test_targets_may_be_a_dictionary(program: Callable[..., Any]) -> None:
    import csv

    targets: dict[str, dict[str, float]] = {}
    with open("targets.csv") as file:
        for row in csv.DictReader(file):
            targets.setdefault(row["variable"], {})[row["level"]] = float(row["target"])
    weighted = opine_survey.open("poll.csv").weight(rake=targets)
    # notes name the file that the targets came from
    facts = [row for row in program("weight", "poll.csv", "--rake", "targets.csv") if row["what"] != "note"]
    assert [row for row in weighted.diagnostics if row["what"] != "note"] == facts


PUBLISHED: dict[str, tuple[list[str], Callable[[], Results]]] = {
    "interval": (["interval", "63", "-n", "1500"], lambda: opine_survey.interval(63, n=1500)),
    "interval with options": (
        ["interval", "Germany=62@1004", "58.5@1010", "--deff", "1.4", "--rounding", "--ci", "jeffreys", "--level", "0.9"],
        lambda: opine_survey.interval(
            "Germany=62@1004", "58.5@1010", deff=1.4, rounding=True, ci="jeffreys", level=0.9
        ),
    ),
    "compare": (
        ["compare", "48", "45", "-n", "1000", "--relation", "same-question"],
        lambda: opine_survey.compare(48, 45, n=1000, relation="same-question"),
    ),
    "compare stored figures": (
        ["compare", "egf2023/consequences/polarise:*", "--adjust", "bh"],
        lambda: opine_survey.compare("egf2023/consequences/polarise:*", adjust="bh"),
    ),
    "against": (
        ["compare", "52@1000", "--against", "50"],
        lambda: opine_survey.compare("52@1000", against=50),
    ),
    "check": (["check"], lambda: opine_survey.check()),
    "check a list": (["check", "tonight.csv"], lambda: opine_survey.check("tonight.csv")),
    "bounds": (["bounds", "egf2023/view_both/*"], lambda: opine_survey.bounds("egf2023/view_both/*")),
    "figures": (["summary", "egf2023/worried"], lambda: opine_survey.figures("egf2023/worried")),
}


@pytest.mark.parametrize("question", PUBLISHED)
def test_published(question: str, program: Callable[..., Any]) -> None:
    args, ask = PUBLISHED[question]
    assert ask().rows == program(*args)


def test_sample_size(program: Callable[..., Any]) -> None:
    [row] = program("size", "--moe", "2.5", "--deff", "1.3", "--population", "4000")
    assert opine_survey.sample_size(2.5, deff=1.3, population=4000) == row["n"]


def test_check_of_a_frame(program: Callable[..., Any]) -> None:
    frame = polars.read_csv("tonight.csv")
    found, listed = opine_survey.check(frame).rows, program("check", "tonight.csv")
    assert [row["message"] for row in found] == [row["message"] for row in listed]
