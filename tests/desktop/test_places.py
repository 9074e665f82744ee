"""Where a person was: kept for the last projects, never taken for another project, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import paths, places
from desktop.places import Mark, Place
from desktop.sifting import Sift


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    path = paths.places_file()
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def mark(
    path: str = "/a.tagline", file: str = "1:2", born: str = "2026-01-01T00:00:00Z", who: str = "ana"
) -> Mark:
    return Mark(path=path, file=file, born=born, annotator=who)


FULL = Place(
    project=mark(), layer="ref", article="ب 🚀", caret=7, top=3, over=4, list_scroll=99,
    sift=Sift(text="ا b", state="done", flagged=True, noted=True, having=("x",), lacking=("y",), order="date", turned=True),
)  # fmt: skip


def test_what_is_remembered_comes_back(file: Path) -> None:
    assert places.recall(mark()) is None
    places.remember(FULL)
    assert places.recall(mark()) == FULL
    moved = FULL.model_copy(update={"caret": 0, "sift": Sift()})
    places.remember(moved)
    assert places.load() == [moved]
    assert list(file.parent.glob("places*")) == [file]


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (mark(path="/b.tagline"), True),  # moved: the same file
        (mark(file="1:9"), True),  # put back from a copy: the same path
        (mark(path="/b.tagline", file="1:9"), False),  # a copy
        (
            mark(born="2026-02-02T00:00:00Z"),
            False,
        ),  # another project in its place, perhaps with its file number
        (mark(who="bea"), False),
        (mark(path="/b.tagline", file=""), False),
    ],
)
def test_which_project_is_the_same(other: Mark, found: bool) -> None:
    places.remember(FULL)
    assert (places.recall(other) == FULL) is found


def test_a_file_without_a_number_is_told_by_its_path() -> None:
    places.remember(FULL.model_copy(update={"project": mark(file="")}))
    assert places.recall(mark(file=""))
    assert not places.recall(mark(path="/b", file=""))


def test_only_the_last_projects_are_kept() -> None:
    for number in range(places.KEPT + 5):
        places.remember(Place(project=mark(f"/{number}", f"1:{number}")))
    assert [place.project.path for place in places.load()] == [
        f"/{places.KEPT + 4 - n}" for n in range(places.KEPT)
    ]


@pytest.mark.parametrize(
    "content", ["", "{", "7", '{"a": 1}', b"\xff\xfe\x00", "[" * 100_000, '[7, null, {"project": 3}, {}]']
)
def test_a_damaged_file_costs_only_the_places(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert places.recall(mark()) is None
    places.remember(FULL)
    assert places.load() == [FULL]


def test_one_bad_place_costs_only_itself(file: Path) -> None:
    places.remember(FULL)
    text = file.read_text("utf-8")
    file.write_text(text.replace("[\n", '[\n{"project": {"path": 7}},', 1), "utf-8")
    assert places.load() == [FULL]


def test_a_folder_that_cannot_be_written_costs_only_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(places, "places_file", lambda: tmp_path / "file" / "places.json")
    places.remember(FULL)
    assert places.load() == []

    def none() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(places, "places_file", none)
    places.remember(FULL)
    assert places.load() == []


def test_a_mark_is_made_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.tagline"
    path.write_text("")
    made = places.mark(path, "then", "ana")
    assert (made.path, made.born, made.annotator) == (str(path), "then", "ana")
    assert made.file.endswith(f":{path.stat().st_ino}")
    assert places.mark(tmp_path / "gone", "then", "ana").file == ""
