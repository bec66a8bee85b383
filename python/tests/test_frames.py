"""Frames of other libraries in, rows as frames of theirs out."""

from __future__ import annotations

import datetime
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest

import opine_survey

ANSWERS = ["yes", "no", None, "yes", "no", "yes"]
WEIGHTS = [1.0, 2.0, 1.0, 0.5, None, 1.5]


def shares(frame: object) -> list[tuple[str, float]]:
    poll = opine_survey.survey(frame, weights="w", missing_weights="allow")
    return [(row["level"], row["estimate"]) for row in poll.estimate("prop(q)")]


def table(**columns: Any) -> pyarrow.Table:
    return pyarrow.table({"w": WEIGHTS, **columns})


@pytest.mark.parametrize(
    "column",
    [
        pyarrow.array(ANSWERS),
        pyarrow.array(ANSWERS, pyarrow.large_string()),
        pyarrow.array(ANSWERS, pyarrow.string_view()),
        pyarrow.array(ANSWERS).dictionary_encode(),
        pyarrow.array(ANSWERS, pyarrow.dictionary(pyarrow.int8(), pyarrow.large_string())),
        pyarrow.chunked_array([ANSWERS[:1], ANSWERS[1:4], [], ANSWERS[4:]]),
        pyarrow.chunked_array([pyarrow.array(part).dictionary_encode() for part in (ANSWERS[2:4], ANSWERS[4:], ANSWERS[:2])]).take([4, 5, 0, 1, 2, 3]),
    ],
    ids=["string", "large", "view", "dictionary", "int8 keys", "chunks", "dictionaries"],
)
def test_texts_of_every_layout(column: Any) -> None:
    # 4.0 of weight that answered: yes 1 + 0.5 + 1.5, no 2
    assert shares(table(q=column)) == [("no", 0.4), ("yes", 0.6)]


def test_chunks_of_columns_need_not_be_those_of_another() -> None:
    frame = pyarrow.table(
        {"q": pyarrow.chunked_array([ANSWERS[:2], ANSWERS[2:]]), "w": pyarrow.chunked_array([WEIGHTS[:5], WEIGHTS[5:]])}
    )
    assert shares(frame) == [("no", 0.4), ("yes", 0.6)]


@pytest.mark.parametrize("kind", ["int8", "uint16", "int64", "uint64", "float32", "float64"])
def test_numbers_of_every_width(kind: str) -> None:
    frame = pyarrow.table({"x": pyarrow.array([1, 2, None, 5], getattr(pyarrow, kind)())})
    [row] = opine_survey.survey(frame).estimate("mean(x)").rows
    assert (row["estimate"], row["n"]) == (pytest.approx(8 / 3), 3)


def test_decimals_dates_and_truths() -> None:
    import decimal

    frame = pyarrow.table(
        {
            "price": pyarrow.array([decimal.Decimal("1.25"), decimal.Decimal("2.75")], pyarrow.decimal128(6, 2)),
            "day": pyarrow.array([datetime.date(2026, 11, 29), datetime.date(2026, 11, 30)]),
            "time": pyarrow.array([datetime.datetime(2026, 11, 30, 12), None], pyarrow.timestamp("ms")),
            "sure": [True, False],
        }
    )
    poll = opine_survey.survey(frame)
    assert poll.estimate("mean(price)").rows[0]["estimate"] == 2.0
    assert [row["level"] for row in poll.estimate("prop(day)")] == ["2026-11-29", "2026-11-30"]
    assert [row["level"] for row in poll.estimate("prop(sure)")] == ["false", "true"]
    kinds = {row["variable"]: row["kind"] for row in poll.describe() if row["kind"]}
    assert kinds["day"] != kinds["price"]


def test_identifiers_never_become_one() -> None:
    frame = pyarrow.table({"id": pyarrow.array([2**53 + 1, 2**53], pyarrow.int64())})
    levels = [row["level"] for row in opine_survey.survey(frame).estimate("prop(id)")]
    assert levels == [str(2**53), str(2**53 + 1)]


def test_a_scale_keeps_its_order() -> None:
    scale = ["never", "seldom", "often", "always"]
    answers = ["often", "never", "always"]
    frames = [
        polars.DataFrame({"q": polars.Series(answers, dtype=polars.Enum(scale))}),
        pandas.DataFrame({"q": pandas.Categorical(answers, scale, ordered=True)}),
    ]
    for frame in frames:
        rows = opine_survey.survey(frame).estimate("prop(q)").rows
        assert [row["level"] for row in rows] == scale
        assert rows[1]["estimate"] == 0


def test_frames_of_every_library_give_the_same() -> None:
    read = polars.read_csv("poll.csv")
    frames = [read, read.to_pandas(), read.to_arrow(), duckdb.sql("from read_csv('poll.csv')"), read.cast({"q1": polars.Categorical})]
    expected = opine_survey.open("poll.csv", weights="weight").estimate("prop(q1)", "mean(therm_us)", by="party").rows
    for frame in frames:
        poll = opine_survey.survey(frame, name="poll", weights="weight")
        assert poll.estimate("prop(q1)", "mean(therm_us)", by="party").rows == expected


def test_rows_go_out_to_every_library(poll: opine_survey.Survey) -> None:
    worried = poll.estimate("prop(q1)", by="party")
    shares = [row["estimate"] for row in worried.rows]
    assert worried.to_polars()["estimate"].to_list() == shares
    assert worried.to_pandas()["estimate"].tolist() == shares
    assert pyarrow.table(worried)["estimate"].to_pylist() == shares
    assert [row[0] for row in duckdb.sql("select estimate from worried").fetchall()] == shares
    assert worried.to_polars()["level"].to_list() == [row["level"] for row in worried]


def test_rows_of_the_program_go_out_too() -> None:
    frame = opine_survey.bounds("egf2023/view_both/*").to_polars()
    assert frame["low"].dtype == polars.Float64 and frame["ids"].dtype == polars.String
    assert opine_survey.interval(63, n=1500).to_pandas()["n"].tolist() == [1500.0]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ({"q": [1]}, "is no frame"),
        (pyarrow.table({"q": [[1, 2]]}), "column q"),
        (pyarrow.chunked_array([[1, 2]]), "one column"),
    ],
)
def test_what_is_no_frame_is_refused(frame: object, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        opine_survey.survey(frame)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pyarrow.Table.from_arrays([pyarrow.array([1]), pyarrow.array([2])], ["x", "x"])
    with pytest.raises(opine_survey.Error) as refused:
        opine_survey.survey(frame)
    assert refused.value.code == "table"


def test_a_frame_without_rows() -> None:
    frame = polars.DataFrame({"q": []}, schema={"q": polars.String})
    assert opine_survey.survey(frame).estimate("count()").rows[0]["n"] in (None, 0)
