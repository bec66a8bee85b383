"""What comes back: rows for programs, tables and charts for people, files for everybody."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas
    import polars


class Answer(Protocol):
    """What results stand on: an answer of the library, or of the program."""

    def rows(self) -> list[dict[str, Any]]: ...
    def columns(self) -> dict[str, list[Any]]: ...
    def height(self) -> int: ...
    def stream(self) -> object: ...
    def csv(self) -> str: ...
    def json(self) -> str: ...
    def notes(self) -> list[str]: ...
    def warnings(self) -> list[str]: ...
    def text(self, width: int) -> str: ...
    def markdown(self) -> str: ...
    def html(self) -> str: ...
    def html_fragment(self) -> str: ...
    def latex(self) -> str: ...
    def xlsx(self) -> bytes: ...
    def chart(self, kind: str, options: dict[str, object]) -> tuple[str, bytes]: ...


def write(path: str | PathLike[str], content: bytes) -> None:
    """Writes a file beside its place and renames it: it is as it was, or as it will be."""
    import tempfile

    folder = os.path.dirname(os.path.abspath(path))
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".opine-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(beside, 0o666 & ~mask)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


class Chart:
    """A chart: a notebook shows it, :meth:`save` writes it.

    >>> poll = opine_survey.open("poll.csv", weights="weight")
    >>> chart = poll.estimate("prop(q1)", by="party").chart("stacked", title="Worried, by party")
    >>> chart.svg.startswith("<svg"), chart.png[1:4]
    (True, b'PNG')
    """

    svg: str
    """The drawing, the same to the byte on every machine."""
    png: bytes
    """A picture of it at twice its size."""

    def __init__(self, svg: str, png: bytes) -> None:
        self.svg = svg
        self.png = png

    def save(self, path: str | PathLike[str]) -> None:
        """Writes it to a file, .svg or .png."""
        name = os.fspath(path).lower()
        if not name.endswith((".svg", ".png")):
            raise ValueError(f"{os.fspath(path)}: a chart is saved as .svg or .png")
        write(path, self.png if name.endswith(".png") else self.svg.encode())

    def _repr_png_(self) -> bytes:
        return self.png

    def _repr_svg_(self) -> str:
        return self.svg


class Results:
    """Results: a notebook and ``print`` show the tables, :attr:`rows` and the frames have every digit.

    >>> poll = opine_survey.open("poll.csv", weights="weight")
    >>> worried = poll.estimate("prop(q1)")
    >>> worried.rows[0]["level"], round(worried.rows[0]["estimate"], 4)
    ('Not at all worried', 0.0879)
    >>> len(worried)
    4
    >>> print(worried)
    q1
    ...

    It is a frame for every library that knows Arrow: ``polars.DataFrame(worried)``, ``pyarrow.table(worried)``,
    ``duckdb.sql("from worried")``.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        for text in answer.warnings():
            warnings.warn(text, stacklevel=4)
        self._rows: list[dict[str, Any]] | None = None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A dictionary a row, as the JSON of the program has them: shares in 0..1, None for what is unknown."""
        if self._rows is None:
            self._rows = self._answer.rows()
        return self._rows

    @property
    def notes(self) -> list[str]:
        """What one should know: rows left out, weights that are missing, what was assumed."""
        return self._answer.notes()

    def __len__(self) -> int:
        return self._answer.height()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return self._answer.text(100).rstrip("\n")

    def _repr_html_(self) -> str:
        # dark letters, also where the notebook is dark
        return f'<div style="background:#fff;color:#1c2024;padding:4px 8px">{self._answer.html_fragment()}</div>'

    def _repr_markdown_(self) -> str:
        return self._answer.markdown()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._answer.stream()

    def to_dict(self) -> dict[str, list[Any]]:
        """A list a column."""
        return self._answer.columns()

    def to_polars(self) -> polars.DataFrame:
        """The rows as a frame of polars, which has to be there."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a frame of pandas, which has to be there."""
        import pandas

        return pandas.DataFrame(self._answer.columns())

    def to_csv(self, path: str | PathLike[str] | None = None) -> str:
        """The rows as CSV, every digit; also into a file."""
        return self._kept(self._answer.csv(), path)

    def to_json(self, path: str | PathLike[str] | None = None) -> str:
        """The rows as JSON, an array of objects; also into a file."""
        return self._kept(self._answer.json(), path)

    def to_html(self, path: str | PathLike[str] | None = None) -> str:
        """A page of the tables, to be copied from or sent; also into a file."""
        return self._kept(self._answer.html(), path)

    def to_latex(self, path: str | PathLike[str] | None = None) -> str:
        """The tables for LaTeX, with the packages array and booktabs; also into a file."""
        return self._kept(self._answer.latex(), path)

    def to_markdown(self, path: str | PathLike[str] | None = None) -> str:
        """The tables for Markdown; also into a file."""
        return self._kept(self._answer.markdown(), path)

    def to_excel(self, path: str | PathLike[str]) -> None:
        """A workbook: a sheet a table, and the rows with every digit on a sheet ``data``."""
        write(path, self._answer.xlsx())

    def _kept(self, text: str, path: str | PathLike[str] | None) -> str:
        if path is not None:
            write(path, text.encode())
        return text

    def chart(
        self,
        kind: str = "dot",
        *,
        title: str | None = None,
        subtitle: str | None = None,
        width: int | None = None,
        dark: bool = False,
    ) -> Chart:
        """A chart: ``dot``, ``bar``, ``stacked``, ``diverging`` or ``trend``.

        >>> poll = opine_survey.open("poll.csv", weights="weight")
        >>> chart = poll.crosstab(rows="q1", columns="party").chart("stacked", width=640)
        >>> "Very worried" in chart.svg
        True
        """
        options: dict[str, object] = {"title": title, "subtitle": subtitle, "width": width, "dark": dark or None}
        return Chart(*self._answer.chart(kind, options))
