"""What was marked as not meant in a search: kept for that search of that project, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import paths, skips
from desktop.places import Mark

HERE = Mark(path="/a.tagline", file="1:2", born="2026-01-01T00:00:00Z", annotator="ana")
THERE = HERE.model_copy(update={"path": "/b.tagline", "file": "1:3"})
PLACES = {("a🚀", 3, 9), ("b", 0, 2)}


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    path = paths.skips_file()
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def test_the_same_search_of_the_same_project_has_them_again() -> None:
    skips.remember(HERE, "iraq", PLACES)
    assert skips.recall(HERE, "iraq") == PLACES
    assert skips.recall(HERE.model_copy(update={"path": "/moved.tagline"}), "iraq") == PLACES
    assert skips.recall(HERE, "iran") == frozenset()
    assert skips.recall(THERE, "iraq") == frozenset()
    assert skips.recall(HERE.model_copy(update={"annotator": "ben"}), "iraq") == frozenset()


def test_later_marks_take_the_place_of_earlier_ones(file: Path) -> None:
    skips.remember(HERE, "iraq", PLACES)
    skips.remember(THERE, "iraq", {("c", 1, 2)})
    skips.remember(HERE, "iraq", {("b", 0, 2)})
    assert skips.recall(HERE, "iraq") == {("b", 0, 2)}
    skips.remember(HERE, "iraq", ())
    assert skips.recall(HERE, "iraq") == frozenset()
    assert skips.recall(THERE, "iraq") == {("c", 1, 2)}


def test_only_the_last_searches_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skips, "KEPT", 2)
    monkeypatch.setattr(skips, "MOST", 3)
    for number in range(3):
        skips.remember(HERE, str(number), {("a", place, place + 1) for place in range(9)})
    assert [len(skips.recall(HERE, str(number))) for number in range(3)] == [0, 3, 3]


@pytest.mark.parametrize("text", ["", "[", "{}", '[1, {"query": 3}, {"project": {}}]', "\ufeff[]"])
def test_a_damaged_file_costs_only_the_marks(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert skips.recall(HERE, "iraq") == frozenset()
    skips.remember(HERE, "iraq", PLACES)
    assert skips.recall(HERE, "iraq") == PLACES
