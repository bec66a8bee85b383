"""Writes the small files that the readers are tested on, and what they hold by another reader.

Needs pyreadstat and pandas. Each NAME.json holds the values, labels and missing values of the file beside it.
"""

import datetime
import json
import math
import struct
from pathlib import Path

import numpy
import pandas
import pyreadstat

HERE = Path(__file__).parent
NAN = float("nan")
ROWS = 40


def table():
    """Answers of 40 people with every kind of variable."""
    rows = range(ROWS)
    return pandas.DataFrame(
        {
            "id": [float(1000 + row) for row in rows],
            "vote": [[1, 2, 3, 8, 9, NAN][row % 6] for row in rows],
            "income": [[1500.25, -1, -9, 0, 99, 1e7, NAN][row % 7] for row in rows],
            "party": [["A", "B", "C", "", "X"][row % 5] for row in rows],
            "comment": [["", "short", "ü" * 449 + "x", "y" * 600][row % 4] for row in rows],
            "town": [["Zürich", "Köln am Rhein", "Łódź"][row % 3] for row in rows],
            "day": [None if row % 9 == 8 else datetime.date(2023, 1, 1) + datetime.timedelta(days=37 * row) for row in rows],
            "stamp": [
                pandas.NaT if row % 9 == 7 else datetime.datetime(1999, 12, 31, 23, 0) + datetime.timedelta(seconds=9999 * row)
                for row in rows
            ],
            "weight_of_the_respondent": [0.5 + row / 7 for row in rows],
            "negative": [[-99.0, 150.0, 151.0, 0.1, 3.0][row % 5] for row in rows],
        }
    )


LABELS = {"vote": {1: "Ja", 2: "Nein", 3: "", 8: "Weiß nicht", 9: "Verweigert"}, "party": {"A": "Alpha", "B": "Bravo"}, "town": {"Zürich": "ZH", "Köln am Rhein": "K"}}
COLUMN_LABELS = {"vote": "Würden Sie wählen?", "income": "Income", "party": "Party", "id": "", "day": "Day"}
MEASURES = {"vote": "nominal", "income": "scale", "party": "nominal", "negative": "ordinal"}
MISSING = {"vote": [8, 9], "income": [{"lo": -9, "hi": -1}, 99], "party": ["X"], "town": ["Łódź"], "negative": [{"lo": 150, "hi": 200}]}


def plain(value):
    """A value as in the codes view."""
    if value is None or value is pandas.NaT or value == "":
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, (datetime.datetime, pandas.Timestamp)):
        milliseconds = value.microsecond // 1000
        return value.strftime("%Y-%m-%dT%H:%M:%S") + (f".{milliseconds:03}" if milliseconds else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return value.rstrip(" ")
    return float(value)


def expected(name, frame, meta, missing=None, specials=()):
    """What a file should hold."""
    def value(key):
        return "." + key if isinstance(key, str) and key in specials else plain(key)

    def cell(column, entry):
        return value(entry) if column in with_specials else plain(entry)

    with_specials = set(getattr(meta, "missing_user_values", None) or {}) if specials else set()
    content = {
        "title": getattr(meta, "file_label", "") or None,
        "names": list(frame.columns),
        "labels": {key: label or None for key, label in meta.column_names_to_labels.items()},
        "measures": {key: measure for key, measure in meta.variable_measure.items()},
        "values": {column: [cell(column, entry) for entry in frame[column].tolist()] for column in frame.columns},
        "value_labels": {
            column: [[value(key), label] for key, label in labels.items()]
            for column, labels in meta.variable_value_labels.items()
        },
        "missing": missing or {},
    }
    (HERE / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def ranges(meta):
    """Missing values and ranges of an SPSS file."""
    return {
        column: [[plain(part["lo"]), plain(part["hi"])] for part in parts]
        for column, parts in meta.missing_ranges.items()
    }


def spss():
    frame = table()
    options = dict(
        file_label="Wahltag 2023",
        column_labels=COLUMN_LABELS,
        variable_value_labels=LABELS,
        missing_ranges=MISSING,
        variable_measure=MEASURES,
    )
    for name, how in [
        ("plain.sav", {}),
        ("rows.sav", {"row_compress": True}),
        ("packed.zsav", {"compress": True}),
    ]:
        pyreadstat.write_sav(frame, HERE / name, **options, **how)
        read, meta = pyreadstat.read_sav(HERE / name, user_missing=True)
        expected(name, read, meta, ranges(meta))
    code_page(frame)
    sets()


def code_page(frame):
    """pyreadstat writes UTF-8 alone: a tilde in each text becomes ü of Windows-1252, and the code page is set."""
    ascii = frame[["id", "vote", "party"]].assign(town=["Z~rich", "K~ln", "~"] * 13 + ["x"])
    path = HERE / "latin.sav"
    pyreadstat.write_sav(ascii, path, file_label="T~r", column_labels={"town": "St~dte"}, variable_value_labels={"vote": {1: "Gr~n"}})
    content = path.read_bytes().replace(b"~", b"\xfc")
    encoding = struct.pack("<iiii", 7, 20, 1, 5)
    assert content.count(encoding) == 1
    content = content.replace(encoding, struct.pack("<iiii", 7, 99, 1, 5))
    page = struct.pack("<iiii", 7, 3, 4, 8)
    at = content.index(page) + 16 + 28
    content = content[:at] + struct.pack("<i", 1252) + content[at + 4 :]
    path.write_bytes(content)
    read, meta = pyreadstat.read_sav(path)
    assert read["town"][0] == "Zürich"
    expected("latin.sav", read, meta)


def sets():
    """Multiple-response sets stand in an extension record that pyreadstat does not write."""
    frame = pandas.DataFrame({"news_tv": [1.0, 0.0], "news_web": [1.0, 1.0], "first": ["a", "b"], "second": ["c", ""]})
    path = HERE / "sets.sav"
    pyreadstat.write_sav(frame, path)
    text = b"$news=D1 1 12 Where do you news_tv news_web\n$both=C 0  first second\n"
    text += b"$more=E 11 1 1 4 More news_web news_tv\n"
    content = path.read_bytes()
    end = struct.pack("<ii", 999, 0)
    at = content.index(end, 176)
    content = content[:at] + struct.pack("<iiii", 7, 7, 1, len(text)) + text + content[at:]
    path.write_bytes(content)


def stata():
    frame = table().drop(columns=["comment"])
    frame["comment"] = [["", "short", "y" * 200][row % 3] for row in range(ROWS)]
    frame["small"] = numpy.array([row - 20 for row in range(ROWS)], dtype="int8")
    frame["middle"] = numpy.array([row * 700 - 9000 for row in range(ROWS)], dtype="int16")
    frame["large"] = numpy.array([row * 50_000_000 - 10**9 for row in range(ROWS)], dtype="int32")
    frame["real"] = numpy.array([row / 3 for row in range(ROWS)], dtype="float32")
    frame["vote"] = [[1, 2, "a", "z", 3, NAN][row % 6] for row in range(ROWS)]
    frame["vote"] = frame["vote"].astype(object)
    labels = {"vote": {1: "Ja", 2: "Nein", "a": "Refused", "z": "Not asked"}, "small": {-20: "lowest", 0: "null"}}
    for version in [8, 10, 12, 13, 14, 15]:
        name = f"stata{version}.dta"
        pyreadstat.write_dta(
            frame,
            HERE / name,
            file_label="Wahltag 2023",
            column_labels=COLUMN_LABELS,
            version=version,
            variable_value_labels=labels,
            missing_user_values={"vote": ["a", "z"]},
        )
        # pyreadstat writes UTF-8 into the older formats too
        read, meta = pyreadstat.read_dta(HERE / name, user_missing=True, encoding="UTF-8")
        # with letters in a column, pyreadstat puts the number before it where the plain dot stands
        dots = pyreadstat.read_dta(HERE / name, encoding="UTF-8")[0]["vote"].isna()
        read["vote"] = [
            entry if isinstance(entry, str) or not dot else NAN for entry, dot in zip(read["vote"], dots)
        ]
        letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
        expected(name, read, meta, specials=letters)
    long_strings()


def long_strings():
    texts = ["first " * 500, "", "first " * 500, "ü" * 3000, "short"]
    frame = pandas.DataFrame({"number": numpy.arange(5, dtype="float64"), "text": texts})
    for version in [117, 118]:
        kept = frame if version == 118 else frame.assign(text=[text.replace("ü", "u") for text in texts])
        kept.to_stata(HERE / f"strl{version}.dta", version=version, convert_strl=["text"], write_index=False, byteorder="<")
        kept.to_stata(HERE / f"strl{version}big.dta", version=version, convert_strl=["text"], write_index=False, byteorder=">")


def sas():
    frame = table().rename(columns={"weight_of_the_respondent": "weight"})
    frame["comment"] = frame["comment"].str.slice(0, 150).str.replace("ü", "u")
    frame["town"] = frame["town"].str.replace("[^a-zA-Z ]", "_", regex=True)
    frame["tiny"] = [[1e-70, -1e70, 0.0, 1 / 3][row % 4] for row in range(ROWS)]
    labels = {"vote": "Would you vote?", "income": "x" * 90}
    for version in [5, 8]:
        name = f"transport{version}.xpt"
        column_labels = labels if version == 8 else {"vote": "Would you vote?"}
        these = frame if version == 5 else frame.rename(columns={"weight": "weight_of_the_respondent"})
        pyreadstat.write_xport(
            these, HERE / name, file_label="Wahltag", column_labels=column_labels, table_name="VOTES", file_format_version=version
        )
        read, meta = pyreadstat.read_xport(HERE / name)
        expected(name, read, meta)


def portable():
    """pyreadstat writes no value labels and no missing values into portable files: those are in the tests themselves."""
    frame = table().rename(columns={"weight_of_the_respondent": "weight"})
    for column in ["comment", "town"]:
        frame[column] = [text.encode("ascii", "replace").decode()[:250] for text in frame[column]]
    frame["tiny"] = [[1e-70, -1e70, 0.0, 1 / 3, 123456.789, -2.5, 1e15 + 1, 30.0][row % 8] for row in range(ROWS)]
    frame.columns = [column.upper() for column in frame.columns]
    path = HERE / "portable.por"
    pyreadstat.write_por(frame, path, column_labels={"VOTE": "Would you vote?"}, variable_format={"VOTE": "F1"})
    read, meta = pyreadstat.read_por(path)
    expected("portable.por", read, meta)


if __name__ == "__main__":
    spss()
    portable()
    stata()
    sas()
