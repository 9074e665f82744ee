"""What was read for a look is not read again, but for the files that another choice touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop import columns, intake, projects, shelf, sources
from desktop.bundle import Report
from desktop.errors import Cancelled
from desktop.session import Session
from desktop.shelf import Shelf
from desktop.store import queries


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    (made / "a.txt").write_bytes("Déjà vu in the café, said the owner.".encode("cp1252"))
    (made / "b.txt").write_text("date 2021-07-11 The headline 🚀\nBy Ana Smith\n\nThe army said so.", "utf-8")
    (made / "c.csv").write_text(
        "one,two\nA first cell that is long enough to be one.,A second cell that is longer no.\n"
    )
    (made / "d.csv").write_text(
        "one,two\nA first cell that is long enough to be one.,A second cell that is longer still.\n"
    )
    (made / "e.jsonl").write_text(
        '{"text": "The army", "spans": [{"start": 4, "end": 8, "label": "weapon"}]}\n'
    )
    (made / "f.html").write_bytes(b"")
    return made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are."""
    names: list[str] = []
    before = sources.records

    def counting(source: sources.Source, *rest: Any) -> Any:
        names.append(source.path.name)
        return before(source, *rest)

    monkeypatch.setattr(shelf, "records", counting)
    return names


def stored(session: Session) -> list[tuple[str, str]]:
    articles = session.store.rows("article", "deleted = 0")
    return sorted((article.title, queries.text(session.store, article.key)) for article in articles)


def test_an_import_after_a_look_reads_nothing(session: Session, folder: Path, read: list[str]) -> None:
    wishes, kept = intake.Wishes([folder]), Shelf(labelled=True)
    preview = intake.look(session, wishes, "A", shelf=kept)
    assert sorted(read) == ["a.txt", "b.txt", "c.csv", "d.csv", "e.jsonl", "f.html"]
    report = intake.bring_in(session, wishes, "A", shelf=kept)
    assert len(read) == 6
    assert report == preview.report
    assert {row["file"].rpartition("/")[2] for row in report.skipped} >= {"f.html", "d.csv", "e.jsonl"}


def test_another_choice_reads_only_what_it_touches(session: Session, folder: Path, read: list[str]) -> None:
    wishes, kept = intake.Wishes([folder]), Shelf(labelled=True)
    first = intake.look(session, wishes, "A", shelf=kept)
    (guess,) = first.guesses
    assert (Path(guess.file).name, guess.encoding) == ("a.txt", "cp1252")
    assert {"cp1252", "cp1251", "mac_roman"} <= set(guess.choices)
    assert "utf_8" not in guess.choices
    read.clear()
    wishes = replace(wishes, encodings={guess.file: "cp1251"})
    assert any("йj" in one.text for one in intake.look(session, wishes, "A", shelf=kept).first)
    assert read == ["a.txt"]
    read.clear()
    told = {columns.signature(["one", "two"]): {"one": "title", "two": "text"}}
    wishes = replace(wishes, remembered=told)
    intake.look(session, wishes, "A", shelf=kept)
    assert read == ["c.csv", "d.csv"]
    read.clear()
    wishes = replace(wishes, annotator="B", unknown="add")
    assert intake.look(session, wishes, "A", shelf=kept).annotators == {"B": 1}
    assert read == ["e.jsonl"]
    read.clear()
    wishes = replace(wishes, details=frozenset({"outside"}))
    intake.bring_in(session, wishes, "A", shelf=kept)
    assert read == []
    assert ("A first cell that is long enough to be one.", "A second cell that is longer still.") in stored(
        session
    )
    assert all("date" not in article.meta for article in session.store.rows("article"))


def test_the_same_comes_in_with_and_without(session: Session, folder: Path, tmp_path: Path) -> None:
    wishes, kept = intake.Wishes([folder], unknown="add"), Shelf(labelled=True)
    intake.look(session, wishes, "A", shelf=kept)
    report = intake.bring_in(session, wishes, "A", shelf=kept)
    other = projects.create(tmp_path / "q.tagline", "A")
    assert intake.bring_in(other, wishes, "A") == report
    assert stored(other) == stored(session)
    other.store.close()


@pytest.mark.parametrize("room", [0, 1500])
def test_what_does_not_fit_is_read_again(
    session: Session, folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(shelf, "_ROOM", room)
    wishes, kept = intake.Wishes([folder]), Shelf(labelled=True)
    preview = intake.look(session, wishes, "A", shelf=kept)
    assert intake.bring_in(session, wishes, "A", shelf=kept) == preview.report
    assert preview.report.articles == 3
    assert len(read) > 6


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_disk_that_is_full_costs_only_time(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    dump, count = shelf.pickle.dump, 0

    def full(*given: Any) -> None:
        nonlocal count
        count += 1
        if count > after:
            raise OSError(28, "No space left on device")
        dump(*given)

    monkeypatch.setattr(shelf.pickle, "dump", full)
    wishes, kept = intake.Wishes([folder]), Shelf(labelled=True)
    preview = intake.look(session, wishes, "A", shelf=kept)
    assert preview.report.articles == 3
    assert intake.bring_in(session, wishes, "A", shelf=kept) == preview.report


def test_reading_that_is_stopped_goes_on_where_it_was(
    session: Session, folder: Path, read: list[str]
) -> None:
    def stop(done: int) -> None:
        if done == 2:
            raise Cancelled

    wishes, kept = intake.Wishes([folder]), Shelf(labelled=True)
    with pytest.raises(Cancelled):
        intake.look(session, wishes, "A", stop, kept)
    assert queries.info(session.store)["articles"] == 0
    intake.bring_in(session, wishes, "A", shelf=kept)
    assert read.count("a.txt") == 1


def test_labelled_data_is_kept_only_where_that_is_asked_for(
    session: Session, folder: Path, read: list[str]
) -> None:
    kept = Shelf()
    for _ in range(2):
        assert intake.look(session, intake.Wishes([folder]), "A", shelf=kept).report.articles == 3
    assert read.count("e.jsonl") == 2
    assert len(read) == 7


def test_reports_add_up() -> None:
    whole, part = Report(), Report()
    for one in (whole, part):
        one.recognise("plain", "a.txt")
        one.find("date")
        one.guess("a.txt", "cp1252")
    shelf.absorb(whole, part)
    assert whole.formats == [{"format": "plain", "files": 2, "first": "a.txt"}]
    assert whole.found == {"date": 2}
    assert len(whole.guessed) == 2
