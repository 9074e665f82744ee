"""The reading mark: an annotator's own, undoable, in no export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import commands, projects
from desktop.bundle import Report
from desktop.datasets.export import ExportOptions, export
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries
from desktop.store.lines import article_lines


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "ana")
    projects.add_sample(made, labels=True)
    yield made
    made.store.close()


def far(session: Session, layer: str = "ana") -> tuple[int, str]:
    status = queries.status(session.store, 1, layer)
    return status.read_to, status.state


def test_a_mark_is_of_one_annotator_and_one_article(session: Session) -> None:
    commands.set_read_to(session, 1, "ana", 400)
    assert far(session) == (400, "in_progress")
    assert far(session, "reference") == (0, "done")
    assert queries.reading(session.store, 1, "ana").read_to == 400
    assert {line.key: line.read_to for line in article_lines(session.store, "ana")} == {1: 400, 2: 0, 3: 0, 4: 0, 5: 0}  # fmt: skip
    assert [line.read_to for line in article_lines(session.store, "ana", [1])] == [400]


def test_undo_and_redo_move_the_mark(session: Session) -> None:
    commands.set_read_to(session, 1, "ana", 400)
    commands.set_read_to(session, 1, "ana", 900)
    commands.set_read_to(session, 1, "ana", 900)
    session.undo()
    assert far(session) == (400, "in_progress")
    session.undo()
    assert far(session) == (0, "todo")
    session.redo()
    session.redo()
    assert far(session) == (900, "in_progress")


def test_states_and_labels_leave_the_mark_where_it_is(session: Session) -> None:
    commands.set_read_to(session, 1, "ana", 400)
    commands.set_state(session, 1, "ana", "done")
    assert far(session) == (400, "done")
    commands.set_read_to(session, 1, "ana", 500)
    assert far(session) == (500, "done")
    commands.add_span(session, 1, [(0, 4)], "location", "ana")
    commands.set_read_to(session, 1, "ana", 0)
    assert far(session) == (0, "done")


@pytest.mark.parametrize("position", [-1, 10**6])
def test_a_mark_outside_is_refused(session: Session, position: int) -> None:
    steps = queries.history(session.store)
    with pytest.raises(UserError, match="outside the article"):
        commands.set_read_to(session, 1, "ana", position)
    assert queries.history(session.store) == steps


def test_the_whole_article_can_be_read(session: Session) -> None:
    length = queries.article(session.store, 1).length
    commands.set_read_to(session, 1, "ana", length)
    assert far(session) == (length, "in_progress")


def test_exports_do_not_know_the_mark(session: Session, tmp_path: Path) -> None:
    """Byte for byte the same, and so is what is exported again after an import."""
    options = ExportOptions(("jsonl",))

    def written(session: Session, folder: str) -> bytes:
        export(queries.bundle(session.store), tmp_path / folder, options)
        return (tmp_path / folder / "jsonl" / "articles.jsonl").read_bytes()

    before = written(session, "before")
    for key in range(1, 6):
        commands.set_read_to(session, key, "reference", 100 * key)
    assert written(session, "after") == before
    again = projects.create(tmp_path / "again.tagline", "ana")
    from desktop.bundle import Bundle
    from desktop.formats import jsonl
    from desktop.formats.base import ReadOptions

    path = tmp_path / "after" / "jsonl" / "articles.jsonl"
    import_bundle(again, Bundle(lambda: jsonl.read(path, ReadOptions("x"), Report())), Report())
    assert written(again, "again") == before
    assert far(again, "reference") == (0, "done")
    again.store.close()
    assert before == Path(projects.shipped("seeds", "reference.jsonl")).read_bytes()
