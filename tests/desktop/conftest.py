"""Samples for the tests of formats and datasets."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from desktop import projects
from desktop.bundle import Bundle, Report
from desktop.formats import jsonl
from desktop.formats import scheme as schemes
from desktop.formats.base import ReadOptions
from desktop.model import Scheme

ROOT = Path(__file__).parents[2]

# Read when `datasets` is imported; its tests need no network and must not wait for one.
os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


@pytest.fixture(scope="session")
def strategies() -> ModuleType:
    """tests/strategies.py, which cannot be imported by name: tests are no package."""
    return load(ROOT / "tests" / "strategies.py")


@pytest.fixture(scope="session")
def walking() -> ModuleType:
    """tests/desktop/test_session.py, for its walk of random commands."""
    return load(ROOT / "tests" / "desktop" / "test_session.py", "walking")


def load(path: Path, name: str = "") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name or path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name or path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed project with the labelled sample, made once a file of tests, to be copied."""
    path = tmp_path_factory.mktemp("made") / "sample 🚀 قال.tagline"
    session = projects.create(path, "A")
    projects.add_sample(session, labels=True)
    session.store.close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / made.name))


@pytest.fixture
def half_written(path: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copies the project as a crash in the middle of a statement leaves it: changed pages, and the journal of the old ones."""

    def write(statement: str) -> Path:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute(statement)
        half = tmp_path / "half" / "half.tagline"
        half.parent.mkdir()
        shutil.copy(path, half)
        shutil.copy(f"{path}-journal", f"{half}-journal")
        connection.execute("ROLLBACK")
        connection.close()
        return half

    return write


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return schemes.read(ROOT / "resources" / "schemes" / "conflict-news.json")


@pytest.fixture(scope="session")
def reference(scheme: Scheme) -> Bundle:
    """The five seed articles with their 722 reference spans."""
    report = Report()
    records = list(jsonl.read(ROOT / "seeds" / "reference.jsonl", ReadOptions("reference"), report))
    assert not report.skipped
    return Bundle(lambda: iter(records), scheme, "# Guidelines\n")


@pytest.fixture(scope="session")
def tricky(strategies: ModuleType, scheme: Scheme) -> Bundle:
    made: Bundle = strategies.tricky(scheme)
    return made


@pytest.fixture(scope="session")
def datasets_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Hugging Face's library with a cache of its own."""
    import datasets

    datasets.disable_progress_bars()
    datasets.config.HF_DATASETS_CACHE = tmp_path_factory.mktemp("cache")
    yield datasets
