"""The program as a process of its own, to hold the module against."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import opine_survey

Rows = list[dict[str, Any]]


def run(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # as wide as the tables of the module
    env = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, "-m", "opine_survey", *args]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120, env=env)


@pytest.fixture(autouse=True)
def among_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests and the examples of the documentation read the files of the examples."""
    monkeypatch.chdir(Path(__file__).resolve().parents[2] / "examples")


@pytest.fixture
def program() -> Callable[..., Rows]:
    """The rows that the program prints as JSON."""

    def rows(*args: str) -> Rows:
        done = run(*args, "--json")
        assert done.returncode in (0, 1), done.stderr.decode()
        parsed: Rows = json.loads(done.stdout)
        return parsed

    return rows


@pytest.fixture
def poll() -> opine_survey.Survey:
    return opine_survey.open("poll.csv", weights="weight", strata="stratum", psu="psu")
