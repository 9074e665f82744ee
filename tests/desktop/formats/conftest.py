"""What the tests of formats that keep one article a line, or a task, have in common: the way there and back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import strategies as st

from desktop.bundle import Bundle, Record, Report
from desktop.formats import find
from desktop.formats.base import SPLITS, Plan, ReadOptions
from desktop.model import Scheme

Read = tuple[list[Record], Report]


def read(name: str, path: Path, annotator: str = "A") -> Read:
    reader, report = find(name).read, Report()
    assert reader
    return list(reader(path, ReadOptions(annotator), report)), report


@pytest.fixture(scope="session")
def read_lines() -> Callable[..., Read]:
    """What a format reads in a file of JSON lines that holds these objects."""

    def bring(name: str, folder: Path, *lines: dict[str, Any]) -> Read:
        path = folder / "all.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return read(name, path)

    return bring


@pytest.fixture(scope="session")
def there_and_back() -> Callable[..., dict[str, Record]]:
    """The records of a bundle, by id, after they were written in a format and read again: all of them, and nothing skipped."""

    def go(name: str, bundle: Bundle, plan: Plan, *, clean: bool = False) -> dict[str, Record]:
        writer = find(name).write
        assert writer
        made: dict[str, Record] = {}
        with tempfile.TemporaryDirectory() as folder:
            writer(Path(folder), bundle, plan)
            for path in sorted(Path(folder).glob("*.json*")):
                if path.stem in plan.names:
                    records, report = read(name, path, "reference")
                    assert not report.skipped
                    assert not (clean and report.cleaned)
                    made |= {record.article.id: record for record in records}
        assert made.keys() == {record.article.id for record in bundle}
        return made

    return go


@pytest.fixture(scope="session")
def drawn(strategies: ModuleType, scheme: Scheme) -> Callable[[st.DataObject], tuple[Bundle, Plan]]:
    """Any bundle, shared out to splits in any way."""

    def draw(data: st.DataObject) -> tuple[Bundle, Plan]:
        bundle: Bundle = data.draw(strategies.bundles(scheme))
        splits = {record.article.id: data.draw(st.sampled_from(SPLITS)) for record in bundle}
        return bundle, Plan(scheme, splits)

    return draw
