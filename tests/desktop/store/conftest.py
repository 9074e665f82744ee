"""The sample project, open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import projects
from desktop.session import Session


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    found = projects.open_project(path, "A")
    yield found
    found.store.close()
