"""What a release is made of fits together: the workflow is YAML that names what is there, versions are the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import opine_survey

ROOT = Path(__file__).resolve().parents[2]


def manifest(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text())


@pytest.fixture
def workflow() -> dict[Any, Any]:
    parsed: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    return parsed


def test_versions_are_one() -> None:
    assert opine_survey.__version__ == manifest("Cargo.toml")["package"]["version"]
    assert opine_survey.__version__ == manifest("python/Cargo.toml")["package"]["version"]


def test_the_wheel_stands_on_the_crates_of_the_program() -> None:
    def versions(path: str) -> set[tuple[str, str]]:
        return {(crate["name"], crate["version"]) for crate in manifest(path)["package"]}

    alone = {name for name, _ in versions("python/Cargo.lock") - versions("Cargo.lock")}
    assert {name for name in alone if not name.startswith("pyo3")} <= {"opine-python", "target-lexicon", "heck"}


def test_the_workflow_builds_for_four_platforms(workflow: dict[Any, Any]) -> None:
    build = workflow["jobs"]["build"]
    targets = {one["target"] for one in build["strategy"]["matrix"]["include"]}
    assert targets == {
        "x86_64-unknown-linux-gnu",
        "aarch64-unknown-linux-gnu",
        "aarch64-apple-darwin",
        "x86_64-pc-windows-msvc",
    }
    assert "--profile wheel --locked" in str(build["steps"])
    assert "wheel" in manifest("python/Cargo.toml")["profile"]


def test_the_workflow_is_told_to_do_what_the_jobs_need(workflow: dict[Any, Any]) -> None:
    jobs = workflow["jobs"]
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    for job in jobs.values():
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            # a name of the matrix that is none would be empty
            for name in re.findall(r"matrix\.(\w+)", str(step)):
                assert all(name in one for one in job["strategy"]["matrix"]["include"])
            for file in re.findall(r"python/\S+\.toml", str(step)):
                assert (ROOT / file).is_file()


def test_archives_are_named_as_they_are_looked_for(workflow: dict[Any, Any]) -> None:
    binstall = manifest("Cargo.toml")["package"]["metadata"]["binstall"]
    assert binstall["pkg-url"].endswith("/opine-v{ version }-{ target }.{ archive-format }")
    assert 'name="opine-${{ github.ref_name }}-${{ matrix.target }}"' in str(workflow["jobs"]["build"])
    # there is no public address yet
    assert "repository" not in manifest("Cargo.toml")["package"]
