"""The sample project, labelled: made once a file of tests, and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import projects
from desktop.session import Session


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "sample 🚀 قال.tagline"
    session = projects.create(path, "A")
    projects.add_sample(session, labels=True)
    session.store.close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / made.name))


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    found = projects.open_project(path, "A")
    yield found
    found.store.close()
