"""Frames of other libraries in, rows as frames of theirs out."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
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
    frame = pyarrow.table(
        {
            "price": pyarrow.array([Decimal("1.25"), Decimal("2.75")], pyarrow.decimal128(6, 2)),
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


PRICES = [Decimal("1.25"), Decimal("2"), Decimal("2.75")]
DAYS = [datetime.date(2026, 11, day) for day in (28, 29, 30)]
TIMES = [datetime.datetime(2026, 11, 30, hour, 30) for hour in (8, 9, 23)]
SPANS = [datetime.timedelta(seconds=seconds) for seconds in (61, 90.5, 7200)]
CLOCKS = [datetime.time(8, 30), datetime.time(8, 30, 0, 250_000), datetime.time(23, 59, 59, 1)]

COLUMNS = {
    "nothing": pyarrow.nulls(3),
    "halves": pyarrow.array([1, 2.5, None], pyarrow.float16()),
    "narrow decimals": pyarrow.array(PRICES, pyarrow.decimal32(5, 2)),
    "decimals": pyarrow.array(PRICES, pyarrow.decimal64(15, 3)),
    "truths": pyarrow.array([True, None, False]),
    "days": pyarrow.array(DAYS),
    "milliseconds of days": pyarrow.array(DAYS, pyarrow.date64()),
    "moments": pyarrow.array(TIMES, pyarrow.timestamp("ms")),
    "moments of a zone": pyarrow.array(TIMES, pyarrow.timestamp("ns", "Europe/Berlin")),
    "seconds": pyarrow.array(SPANS[:1] * 3, pyarrow.duration("s")),
    "spans": pyarrow.array(SPANS, pyarrow.duration("ms")),
    "clocks": pyarrow.array(CLOCKS),
    "short clocks": pyarrow.array(CLOCKS[:2] + [None], pyarrow.time32("ms")),
    "categories of numbers": pyarrow.array([10, 20, None]).dictionary_encode(),
    "categories of halves": pyarrow.array([1.5, 2, 2]).dictionary_encode(),
    "categories of days": pyarrow.array(DAYS).dictionary_encode(),
    "categories without a text": pyarrow.DictionaryArray.from_arrays(pyarrow.array([0, 1, 1]), pyarrow.array(["a", None])),
    "categories twice": pyarrow.DictionaryArray.from_arrays(pyarrow.array([0, 1, 2]), pyarrow.array(["a", "b", "a"])),
    "lists": pyarrow.array([[1], [2, 3], None]),
    "structures": pyarrow.array([{"a": 1}, {"a": 2}, None]),
    "bytes": pyarrow.array([b"\xff\xfe", b"\x00", None]),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
def test_a_frame_is_read_as_its_file(column: Any, tmp_path: Path) -> None:
    frame = pyarrow.table({"x": column, "q": ["yes", "no", "yes"]})
    with pyarrow.OSFile(str(tmp_path / "frame.arrow"), "wb") as file, pyarrow.ipc.new_file(file, frame.schema) as writer:
        writer.write_table(frame)
    for item, by in [("prop(x)", []), ("mean(x)", []), ("prop(q)", ["x"]), ("prop(q)", [])]:
        outcomes = []
        for poll in (opine_survey.open(tmp_path / "frame.arrow"), opine_survey.survey(frame, name="frame")):
            try:
                estimates = poll.estimate(item, by=by)
                outcomes.append((estimates.rows, estimates.notes))
            except opine_survey.Error as error:
                outcomes.append((error.code, str(error)))
        assert outcomes[0] == outcomes[1], (item, by)


def test_columns_of_unread_types_are_left_out_with_a_note() -> None:
    frame = polars.DataFrame({"q": ["yes", "no"], "several": [["a"], ["a", "b"]], "raw": [b"\xff", b"\xfe"]})
    poll = opine_survey.survey(frame)
    assert poll.estimate("prop(q)").rows[0]["estimate"] == 0.5
    assert poll.notes == ["2 columns are left out: several is nested (a list, a map or a structure); raw is binary"]
    with pytest.raises(opine_survey.Error, match="several is nested") as refused:
        poll.estimate("prop(several)")
    assert (refused.value.code, refused.value.where) == ("unread_variable", "several")


def test_intervals_of_pandas_say_what_makes_them_text() -> None:
    frame = pandas.DataFrame({"age": pandas.cut([21, 43, 70], [18, 40, 60, 99])})
    with pytest.raises(opine_survey.Error, match=r"age is of the type pandas\.interval \(its \.astype\(str\) is text\)"):
        opine_survey.survey(frame).estimate("prop(age)")
    levels = [row["level"] for row in opine_survey.survey(frame.astype(str)).estimate("prop(age)")]
    assert levels == ["(18, 40]", "(40, 60]", "(60, 99]"]


def test_wide_decimals_are_refused_by_name() -> None:
    frame = pyarrow.table({"x": pyarrow.array(PRICES, pyarrow.decimal256(50, 2))})
    with pytest.raises(TypeError, match="column x: decimals of 256 bits"):
        opine_survey.survey(frame)


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
        (pyarrow.chunked_array([[1, 2]]), "one column"),
        (polars.LazyFrame({"q": [1]}), r"hand over its \.collect"),
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
