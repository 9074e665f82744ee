"""What a build installs is what pyproject.toml pins, and each file of it is known by its hash."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = dict(pin.split("==") for pin in PROJECT["tool"]["uv"]["constraint-dependencies"])
FILES = ("run.txt", "build.txt")


def text(name: str) -> str:
    return (ROOT / "packaging" / "requirements" / name).read_text(encoding="utf-8")


def entries(name: str) -> dict[str, tuple[str, str, int]]:
    """By package: its version, its marker ("" where it is for every system), and how many hashes stand under it."""
    found = {}
    for block in re.split(r"\n(?=[a-z])", text(name)):
        if match := re.match(r"([a-z0-9-]+)==([^ ;]+)(?: ; (.*?))? \\", block):
            found[match[1]] = (match[2], match[3] or "", block.count("--hash=sha256:"))
    return found


def normal(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=~! \[;]", requirement)[0]).lower()


@pytest.mark.parametrize("name", FILES)
def test_versions_are_those_of_pyproject(name: str) -> None:
    wrong = {
        package: version
        for package, (version, marker, _) in entries(name).items()
        if PINS.get(package, version if marker else "unpinned") != version
    }
    assert not wrong, "run: python3 packaging/lock.py"


def test_everything_the_program_needs_is_there() -> None:
    needed = {normal(requirement) for requirement in PROJECT["project"]["dependencies"]}
    assert needed <= entries("run.txt").keys(), "run: python3 packaging/lock.py"


def test_everything_a_build_needs_is_there() -> None:
    needed = {normal(requirement) for requirement in PROJECT["dependency-groups"]["package"]}
    assert needed <= entries("build.txt").keys(), "run: python3 packaging/lock.py"


def test_no_tool_of_the_tests_is_shipped() -> None:
    tests = {normal(requirement) for requirement in PROJECT["dependency-groups"]["test"]}
    assert not tests & entries("run.txt").keys()


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_hashes(name: str) -> None:
    assert len(entries(name)) == len(re.findall(r"^[a-z]\S*==", text(name), re.M)), (
        "a line was not understood"
    )
    assert not [package for package, (_, _, hashes) in entries(name).items() if not hashes]


@pytest.mark.parametrize("name", FILES)
def test_no_place_is_named_where_packages_come_from(name: str) -> None:
    lines = text(name).splitlines()[1:]
    assert not [line for line in lines if not re.match(r"[a-z0-9-]+==|    --hash=sha256:[0-9a-f]{64}", line)]
    assert "://" not in text(name)
