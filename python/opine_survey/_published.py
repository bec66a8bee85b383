"""Published figures: questions that are put to the program, and answered in its words.

Each function is a command, and its keyword arguments are the command's flags: ``opine_survey.interval(63, n=1500)`` is
``opine interval 63 -n 1500``.

What a call needs of the standard library is imported by it, so that importing the module takes no longer than it must.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import Any, Union

from . import _opine
from ._errors import Error
from ._results import Results

Figure = Union[str, float]
"""A percentage as printed, 63 or "62.5", with its own n, "62@1004", or an id of the store."""

_CODES = {1: "findings", 2: "usage", 3: "file"}


def _flags(options: Mapping[str, object]) -> list[str]:
    """Keyword arguments as they are typed."""
    flags: list[str] = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        flag = "-n" if name == "n" else "--" + name.replace("_", "-")
        if value is True:
            flags.append(flag)
            continue
        if isinstance(value, Mapping):
            value = [f"{key}={','.join(map(str, levels))}" for key, levels in value.items()]
        for one in value if isinstance(value, (list, tuple)) else [value]:
            text = fspath(one) if isinstance(one, PathLike) else str(one)
            flags.extend([flag, text] if name == "n" else [f"{flag}={text}"])
    return flags


def _ask(args: Sequence[str], stdin: bytes = b"", *, findings: bool = False) -> tuple[bytes, list[str]]:
    """What the program prints, and what it says beside it; raised where it can't."""
    import re

    output, said, code = _opine.capture(["opine", *args], stdin)
    lines = [line for line in said.splitlines() if line.strip()]
    if code == 0 or (code == 1 and findings):
        return output, lines
    message = "\n".join(lines).removeprefix("error: ") or "it can't be done"
    near = re.search(r"did you mean ([^?\n]+)\?", message)
    raise Error(message, _CODES.get(code, "usage"), None, near.group(1) if near else None)


class _Program:
    """An answer of the program, in whatever format it is asked for."""

    def __init__(self, command: list[str], stdin: bytes = b"", *, chart_of: list[str] | None = None) -> None:
        self.command = command
        self.stdin = stdin
        self.chart_of = chart_of
        self.is_check = command[0] == "check"
        output, said = _ask([*command, "--json"], stdin, findings=self.is_check)
        self._warnings = [line.removeprefix("warning: ") for line in said if line.startswith("warning: ")]
        self._notes = [line.removeprefix("note: ") for line in said if not line.startswith("warning: ")]
        self._json = output.decode()

    def rows(self) -> list[dict[str, Any]]:
        import json

        rows: list[dict[str, Any]] = json.loads(self._json)
        return rows

    def columns(self) -> dict[str, list[Any]]:
        rows = self.rows()
        return {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}

    def height(self) -> int:
        return len(self.rows())

    def stream(self) -> object:
        return _opine.stream(self._json)

    def csv(self) -> str:
        return _opine.csv_of_rows(self._json) if self.is_check else self._as("csv")

    def json(self) -> str:
        return self._json

    def notes(self) -> list[str]:
        return self._notes

    def warnings(self) -> list[str]:
        return self._warnings

    def _as(self, form: str, *options: str) -> str:
        command = [*self.command, f"--format={form}", *options]
        return _ask(command, self.stdin, findings=self.is_check)[0].decode()

    def text(self, width: int) -> str:
        return self._as("text")

    def markdown(self) -> str:
        return f"```\n{self.text(100)}```\n" if self.is_check else self._as("md")

    def html(self) -> str:
        return self.html_fragment() if self.is_check else self._as("html")

    def html_fragment(self) -> str:
        if not self.is_check:
            return self._as("html", "--fragment")
        import html

        return f"<pre>{html.escape(self.text(100))}</pre>"

    def latex(self) -> str:
        if self.is_check:
            raise Error("findings are no table for LaTeX: take to_markdown() or to_csv()", "request")
        return self._as("latex")

    def xlsx(self) -> bytes:
        if self.is_check:
            raise Error("findings are no workbook: take to_csv(), or a frame", "request")
        return self._file([*self.command], "xlsx")

    def _file(self, command: list[str], ending: str, stdin: bytes | None = None) -> bytes:
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"result.{ending}"
            _ask([*command, "-o", str(path)], self.stdin if stdin is None else stdin)
            return path.read_bytes()

    def chart(self, kind: str, options: dict[str, object]) -> tuple[str, bytes]:
        stdin = b"" if self.chart_of else self._json.encode()
        command = ["chart", kind, *(self.chart_of or ["-"]), *_flags(options)]
        svg, png = (self._file(command, ending, stdin) for ending in ("svg", "png"))
        return svg.decode(), png


def interval(
    *figures: Figure,
    n: float | None = None,
    deff: float | None = None,
    moe: Figure | None = None,
    moe_level: float | None = None,
    population: float | None = None,
    without: Figure | None = None,
    df: float | None = None,
    rounding: bool | float = False,
    level: float | None = None,
    ci: str | None = None,
) -> Results:
    """How sure is a published percentage?

    >>> print(opine_survey.interval(63, n=1500))
    63%, 95% interval 60.5–65.4
    Wilson; n 1,500. No design effect given: at least that wide, sampling alone, as if a simple random sample.
    >>> row = opine_survey.interval(62, 58, n=1000, deff=1.4).rows[1]
    >>> round(row["ci_low"], 3), round(row["ci_high"], 3)
    (0.543, 0.616)
    """
    options = dict(locals())
    texts = [str(figure) for figure in options.pop("figures")]
    return Results(_Program(["interval", *texts, *_flags(options)]))


def compare(
    *figures: Figure | PathLike[str],
    n: float | None = None,
    relation: str | None = None,
    deff: float | None = None,
    moe: Figure | None = None,
    moe_level: float | None = None,
    against: Figure | None = None,
    share: float | None = None,
    without: Sequence[str] | str | None = None,
    average: str | None = None,
    population: str | PathLike[str] | None = None,
    net: Mapping[str, Sequence[str]] | Sequence[str] | None = None,
    assume_n: float | None = None,
    adjust: str | None = None,
    ci: str | None = None,
    level: float | None = None,
    row: Sequence[str] | None = None,
    effects: bool = False,
    data: str | PathLike[str] | None = None,
) -> Results:
    """The difference of figures: what holds and what it does not show.

    >>> lead = opine_survey.compare(48, 45, n=1000, relation="same-question").rows[0]
    >>> round(lead["estimate"], 3), lead["p_value"] > 0.05
    (0.03, True)
    >>> opine_survey.compare(48, 45, n=1000)
    Traceback (most recent call last):
    ...
    opine_survey.Error: 48 and 45 with one n can be read in more than one way; say which with --relation:
    ...
    """
    options = dict(locals())
    texts = [fspath(figure) if isinstance(figure, PathLike) else str(figure) for figure in options.pop("figures")]
    # lists are repeated flags; `with` is no name for an argument in Python
    return Results(_Program(["compare", *texts, *_flags(options)]))


def check(
    *what: object,
    ignore: Sequence[str] | None = None,
    data: str | PathLike[str] | None = None,
) -> Results:
    """What is wrong in published figures, or can't hold together: those of the store, of a selector, of a folder of one's own,
    of a list in a file, or of a list in a frame with the columns label, percent and, if known, n.

    >>> opine_survey.check("tonight.csv").rows[0]["rule"]
    'lead'
    >>> import polars
    >>> tonight = polars.DataFrame({"label": ["Yes", "No"], "percent": [62, 43], "n": [1000, 1000]})
    >>> opine_survey.check(tonight).rows[0]["severity"]
    'warning'
    """
    stdin = b""
    texts: list[str] = []
    for one in what:
        if hasattr(one, "__arrow_c_stream__"):
            stdin = _opine.csv(one)
            texts.append("-")
        else:
            texts.append(fspath(one) if isinstance(one, PathLike) else str(one))
    return Results(_Program(["check", *texts, *_flags({"ignore": ignore, "data": data})], stdin))


def bounds(*selectors: str, data: str | PathLike[str] | None = None) -> Results:
    """The range that the printed figures leave for one that was not printed.

    >>> both = opine_survey.bounds("egf2023/view_both/both").rows[0]
    >>> 0 <= both["low"] <= both["high"] <= 1
    True
    """
    return Results(_Program(["bounds", *selectors, *_flags({"data": data})]))


def figures(
    *selectors: str,
    level: float | None = None,
    ci: str | None = None,
    assume_n: float | None = None,
    data: str | PathLike[str] | None = None,
) -> Results:
    """Published figures with intervals, sources and flags: those that come along, or those of a folder of one's own.

    >>> worried = opine_survey.figures("egf2023/worried/net")
    >>> worried.rows[0]["ci_low"] < worried.rows[0]["estimate"]
    True
    >>> worried.chart().png[1:4]
    b'PNG'
    """
    flags = _flags({"level": level, "ci": ci, "assume_n": assume_n, "data": data})
    return Results(_Program(["summary", *selectors, *flags], chart_of=[*selectors, *flags]))


def sample_size(
    moe: Figure,
    *,
    deff: float | None = None,
    percent: Figure | None = None,
    population: float | None = None,
    level: float | None = None,
) -> int:
    """The sample it takes for a margin of error, in points.

    >>> opine_survey.sample_size(3), opine_survey.sample_size(3, deff=1.5)
    (1068, 1601)
    """
    rows = _Program(["size", *_flags(dict(locals()))]).rows()
    return int(rows[0]["n"])
