"""Tables, charts and files are those of the program; errors say what, where and what would be right."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run

import opine_survey
from opine_survey import Survey

DESIGN = ["--weights", "weight", "--strata", "stratum", "--psu", "psu"]


@pytest.mark.parametrize("form", ["html", "latex", "md"])
def test_tables_are_those_of_the_program(form: str, poll: Survey) -> None:
    results = {
        "estimate": (poll.estimate("prop(q1)", by="party"), ["prop(q1)", "--by", "party"]),
        "crosstab": (poll.crosstab(rows="q1", columns="party"), ["--rows", "q1", "--columns", "party"]),
        "test": (poll.test("chisq(party, q1)"), ["chisq(party, q1)"]),
        "fit": (poll.fit("therm_us ~ party"), ["therm_us ~ party"]),
    }
    for verb, (result, args) in results.items():
        printed = run(verb, "poll.csv", *args, *DESIGN, "--format", form).stdout.decode()
        # a page of the program names the bytes it was made of, which a frame in memory has none of
        printed = re.sub(r'<meta name="generator"[^>]*>', "", printed)
        own = {"html": result.to_html, "latex": result.to_latex, "md": result.to_markdown}[form]()
        assert own.split() == printed.split(), verb


def test_letters_stand_in_the_tables(poll: Survey) -> None:
    tabs = poll.crosstab(rows="q1", columns="party")
    printed = run("crosstab", "poll.csv", "--rows", "q1", "--columns", "party", *DESIGN).stdout.decode()
    assert repr(tabs).split() == printed.split()
    assert any(row["letters"] for row in tabs)


@pytest.mark.parametrize("kind", ["dot", "bar", "stacked", "diverging"])
def test_charts(kind: str, poll: Survey, tmp_path: Path) -> None:
    worried = poll.estimate("prop(q1)", by="party")
    chart = worried.chart(kind, title="Worried", width=600)
    assert chart.svg.startswith("<svg") and chart.png.startswith(b"\x89PNG")
    assert chart._repr_png_() == chart.png and chart._repr_svg_() == chart.svg
    chart.save(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_text() == chart.svg
    with pytest.raises(ValueError, match="svg or .png"):
        chart.save(tmp_path / "chart.gif")
    with pytest.raises(opine_survey.Error, match="there is no chart pie"):
        worried.chart("pie")


def test_charts_of_everything_that_can_be_drawn(poll: Survey) -> None:
    drawn = [
        poll.crosstab(rows="q1", columns="party").chart("stacked"),
        poll.estimate("mean(therm_us)", by="party").pairwise().chart(),
        opine_survey.figures("egf2023/worried").chart("stacked"),
    ]
    assert all(chart.svg.startswith("<svg") for chart in drawn)
    with pytest.raises(opine_survey.Error) as refused:
        poll.test("chisq(party, q1)").chart()
    assert refused.value.code in ("chart", "table")


def test_files(poll: Survey, tmp_path: Path) -> None:
    results = [poll.estimate("prop(q1)"), poll.crosstab(columns="party"), opine_survey.interval(63, n=1500), poll.describe()]
    for at, result in enumerate(results):
        path = tmp_path / f"{at}.xlsx"
        result.to_excel(path)
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(path.read_bytes())).namelist()
        result.to_csv(tmp_path / "rows.csv")
        assert (tmp_path / "rows.csv").read_text() == result.to_csv()
        assert (tmp_path / "rows.csv").stat().st_mode & 0o444 == 0o444 & ~_umask()
    # nothing is left beside them
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", *[".xlsx"] * 4]


def _umask() -> int:
    import os

    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_tests_and_models_with_new_weights() -> None:
    weighted = opine_survey.open("poll.csv").weight(rake="targets.csv")
    test = weighted.test("ttest(therm_us, sex)").rows[0]
    slope = weighted.fit("therm_us ~ sex").rows[2]
    assert test["estimate"] == pytest.approx(slope["estimate"], rel=1e-9)
    assert test["se"] == pytest.approx(slope["se"], rel=1e-9)
    assert test["se"] != opine_survey.open("poll.csv").test("ttest(therm_us, sex)").rows[0]["se"]
    with pytest.raises(opine_survey.Error, match="once"):
        weighted.weight(rake="targets.csv")


def test_weighted_files(tmp_path: Path) -> None:
    weighted = opine_survey.open("poll.csv").weight(rake="targets.csv", name="raked")
    weighted.write(tmp_path / "weighted.csv")
    again = opine_survey.open(tmp_path / "weighted.csv", weights="raked").estimate("prop(sex)").rows
    before = weighted.estimate("prop(sex)").rows
    assert [row["estimate"] for row in again] == pytest.approx([row["estimate"] for row in before])


def test_errors_say_what_where_and_what_would_be_right(poll: Survey) -> None:
    with pytest.raises(opine_survey.Error) as refused:
        poll.estimate("mean(therm)")
    assert (refused.value.code, refused.value.where, refused.value.hint) == ("unknown_variable", "therm", "therm_us")
    with pytest.raises(opine_survey.Error) as refused:
        opine_survey.open("pol.csv")
    assert refused.value.code == "file"
    with pytest.raises(opine_survey.Error, match="did you mean") as refused:
        opine_survey.figures("egf2023/worryd")
    assert refused.value.code == "usage" and refused.value.hint
    with pytest.raises(opine_survey.Error, match="--net Worried: no item has a level Very woried; did you mean Very worried"):
        poll.estimate("prop(q1)", net={"Worried": ["Very woried"]})
    with pytest.raises(opine_survey.Error) as refused:
        poll.estimate("prop(q1)", ci="wilsen")
    assert refused.value.where == "ci"


def test_options_of_another_kind_are_refused(poll: Survey) -> None:
    with pytest.raises(TypeError):
        poll.estimate("prop(q1)", bye="party")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="level: it takes a number"):
        poll.estimate("prop(q1)", level="high")  # type: ignore[arg-type]
    with pytest.raises(opine_survey.Error, match="rep_type"):
        opine_survey.open("poll.csv", replicates="^rep")


def test_options_without_effect_are_refused(poll: Survey) -> None:
    def refused(ask: Callable[[], object]) -> str | None:
        with pytest.raises(opine_survey.Error, match="has no effect") as refused:
            ask()
        assert refused.value.code == "request"
        return refused.value.where

    assert refused(lambda: poll.estimate("mean(therm_us)", ci="wilson")) == "ci"
    assert refused(lambda: poll.crosstab(rows="q1", columns="party", test="none", adjust="bh")) == "adjust"
    assert refused(lambda: poll.crosstab(rows="q1", columns="party", test_nets=True)) == "test_nets"
    assert refused(lambda: poll.crosstab(rows="mean(therm_us)", columns="party", percent="row")) == "percent"
    assert refused(lambda: opine_survey.open("poll.csv", weights="weight", lonely="adjust")) == "lonely"
    assert refused(lambda: opine_survey.open("poll.csv", missing_weights="warn")) == "missing_weights"


def test_nobody_is_warned_of(poll: Survey) -> None:
    with pytest.warns(UserWarning, match="nobody"):
        poll.estimate("prop(q1)", where="age == 'old'")


def test_nothing_is_lost_between_calls(poll: Survey) -> None:
    first = poll.estimate("prop(q1)").rows
    poll.weight(rake="targets.csv")
    assert poll.estimate("prop(q1)").rows == first
