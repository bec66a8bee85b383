"""The examples of the documentation run among the example files, and know the module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import opine_survey

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(autouse=True)
def among_examples(monkeypatch: pytest.MonkeyPatch, doctest_namespace: dict[str, Any]) -> None:
    monkeypatch.chdir(EXAMPLES)
    doctest_namespace["opine_survey"] = opine_survey
