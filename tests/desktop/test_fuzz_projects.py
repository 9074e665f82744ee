"""Project files with anything wrong in them: read as far as they are right, or refused in words; never a crash."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop import commands, compaction, history, projects, purge, recycling
from desktop.datasets.checks import check
from desktop.errors import UserError
from desktop.store import queries, verify
from desktop.store.lines import article_lines

PAGE = 4096
HOSTILE = (
    "", "x", -1, 0, 1, 2**63 - 1, -(2**63), None, b"\xff\xfe", "\x00", "[[0, 99999999]]", "[[5, 2]]", "[[0, 1], [0, 1]]", "[]", "{}",
    "[[1e400, 2]]", '{"a": ' * 500, "\ud83d".encode("utf-16-le", "surrogatepass"), "é" * 5000, "2021-13-45T99:99:99Z", "../../etc",
)  # fmt: skip


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("fuzz") / "p.tagline"
    session = projects.create(path, "A")
    projects.add_sample(session, labels=True)
    commands.remove_span(session, 1)
    recycling.delete_article(session, 5)
    commands.set_flag(session, 1, True)
    session.undo()
    session.store.close()
    return path.read_bytes()


def open_and_read(path: Path) -> None:
    """All that opening and looking at a project does. A UserError is the only error a person may meet."""
    before = path.read_bytes()
    try:
        session = projects.open_project(path, "A")
    except UserError as error:
        assert error.hint, "no remedy"
        assert error.file == str(path)
        assert path.read_bytes() == before, "a file that was refused was changed"
        return
    try:
        look(session)
    finally:
        session.store.close()
    # At most the journal of a step that damage broke off, which the next start plays back.
    assert {other.name for other in path.parent.iterdir()} <= {path.name, f"{path.name}-journal"}


def look(session: projects.Session) -> None:
    store = session.store
    for act in (
        lambda: queries.info(store), lambda: queries.history(store), lambda: queries.scheme(store),
        lambda: list(article_lines(store, "A")), lambda: list(check(queries.bundle(store), queries.scheme(store))),
        lambda: recycling.listed(store), lambda: history.article_history(store, 1), lambda: list(verify.journal(store)),
        lambda: purge.survey(store, purge.Target(frozenset({1}))), lambda: purge.survey(store, purge.Target(annotator="A")),
        session.undo, session.redo, lambda: compaction.compact(session, 50, keep=1),
    ):  # fmt: skip
        attempt(act)
    for key in range(1, 6):
        for read in (queries.article, queries.text, queries.spans, queries.relations):
            attempt(lambda read=read, key=key: read(store, key))


def attempt(act: Callable[[], object]) -> None:
    try:
        act()
    except UserError as error:
        assert str(error)


def damage(good: bytes, dice: random.Random) -> bytes:
    """One to eight things wrong with a file: bytes changed, pieces swapped, cut, filled or put in."""
    bad = bytearray(good)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(max(len(bad), 1))
        fate = dice.randrange(6)
        if fate == 0:
            bad[at : at + 1] = bytes([dice.randrange(256)])
        elif fate == 1:
            bad[at : at + dice.randint(1, 64)] = dice.randbytes(dice.randint(1, 64))
        elif fate == 2:
            del bad[at - at % dice.choice((1, PAGE, PAGE)) :]
        elif fate == 3:
            start = at - at % PAGE
            bad[start : start + PAGE] = bytes(PAGE)
        elif fate == 4:
            start, other = at - at % PAGE, dice.randrange(max(len(bad) // PAGE, 1)) * PAGE
            bad[start : start + PAGE], bad[other : other + PAGE] = (
                bad[other : other + PAGE],
                bad[start : start + PAGE],
            )
        else:
            place = min(dice.randrange(100), len(bad) - 1)  # in the header
            bad[max(place, 0) : place + 1] = bytes([dice.randrange(256)])
    return bytes(bad)


def damaged_rounds(good: bytes, seeds: range) -> None:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "p.tagline"
            path.write_bytes(damage(good, random.Random(seed)))
            try:
                open_and_read(path)
            except Exception as error:
                raise AssertionError(f"seed {seed}") from error


def test_damaged_files(project: bytes) -> None:
    damaged_rounds(project, range(60))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_damaged_files_by_the_thousand(project: bytes) -> None:
    damaged_rounds(project, range(1000, 2000))


@pytest.fixture(scope="session")
def columns(project: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    path = tmp_path_factory.mktemp("fuzz") / "p.tagline"
    path.write_bytes(project)
    other = sqlite3.connect(path)
    tables = [
        row[0] for row in other.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
    ]
    found = [(table, row[1]) for table in tables for row in other.execute(f"PRAGMA table_info({table})")]
    other.close()
    return found


def hostile_rounds(good: bytes, columns: list[tuple[str, str]], seeds: range) -> None:
    for seed in seeds:
        dice = random.Random(seed)
        changes = [(dice.choice(columns), dice.choice(HOSTILE)) for _ in range(dice.randint(1, 4))]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "p.tagline"
            path.write_bytes(good)
            spoil(path, changes)
            try:
                open_and_read(path)
            except Exception as error:
                raise AssertionError(f"seed {seed}: {changes}") from error


def test_hostile_values(project: bytes, columns: list[tuple[str, str]]) -> None:
    """Any value in any column that SQLite lets in, put there by another program."""
    hostile_rounds(project, columns, range(40))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_hostile_values_by_the_thousand(project: bytes, columns: list[tuple[str, str]]) -> None:
    hostile_rounds(project, columns, range(1000, 1700))


def spoil(path: Path, changes: list[tuple[tuple[str, str], object]]) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA ignore_check_constraints = ON")
    for (table, column), value in changes:
        rows = f'SELECT rowid FROM "{table}" LIMIT 3'
        with contextlib.suppress(sqlite3.Error):  # a STRICT table does not take every value
            other.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid IN ({rows})', (value,))
    other.close()
