"""The examples of the documentation do what they say, and everything that is public has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import opine_survey

MODULES = ["opine_survey", "opine_survey._errors", "opine_survey._published", "opine_survey._results", "opine_survey._survey"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    source = Path(str(module.__file__)).read_text()
    # classes say that they are of the package: they are looked for where they stand
    own = [one for one in vars(module).values() if inspect.isclass(one) and f"class {one.__name__}" in source]
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for one in [module, *own]:
        for test in finder.find(one, extraglobs={"opine_survey": opine_survey}):
            runner.run(test)
    assert runner.tries > 0 and runner.failures == 0


@pytest.mark.parametrize("name", opine_survey.__all__)
def test_everything_public_is_explained(name: str) -> None:
    one = getattr(opine_survey, name)
    assert one.__doc__
    for method, of in inspect.getmembers(one, inspect.isfunction):
        assert method.startswith("_") or of.__doc__, f"{name}.{method}"


def test_every_function_has_an_example() -> None:
    functions = [getattr(opine_survey, name) for name in opine_survey.__all__]
    without = [of.__name__ for of in functions if ">>>" not in of.__doc__ and not inspect.isclass(of)]
    assert without == []


@pytest.mark.parametrize("page", ["python/README.md", "docs/python.md"])
def test_blocks_run_as_they_stand(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).resolve().parents[2]
    for example in (root / "examples").glob("*.csv"):
        shutil.copy(example, tmp_path)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (root / page).read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    assert len(blocks) > 1
