"""How far a pass over the respondents is, for whoever waits longer than a second."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any


def progress() -> Callable[[int | None, int | None], None] | None:
    """A line in the notebook or on the terminal; None where nobody sees it."""
    if "ipykernel" in sys.modules:
        return _Notebook()
    return _on_terminal if sys.stderr is not None and sys.stderr.isatty() else None


def _words(read: int, rows: int | None) -> str:
    if rows:
        return f"{100 * read // rows:3d}% of {rows:,} respondents"
    return f"{read:,} respondents"


def _on_terminal(read: int | None, rows: int | None) -> None:
    line = "" if read is None else _words(read, rows)
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


class _Notebook:
    """One line of output that is written over, and emptied at the end."""

    def __init__(self) -> None:
        self.handle: Any = None

    def __call__(self, read: int | None, rows: int | None) -> None:
        screen: Any = importlib.import_module("IPython.display")
        line = screen.Pretty("" if read is None else _words(read, rows))
        if self.handle is None:
            self.handle = screen.display(line, display_id=True)
        else:
            self.handle.update(line)
        if read is None:
            self.handle = None
