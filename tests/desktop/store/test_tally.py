"""What a file adds up to, and that nothing half written is taken for whole."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import commands
from desktop.errors import UserError
from desktop.session import Session
from desktop.store import queries, tally
from desktop.store.store import Store
from desktop.store.tally import Count

VALUES = st.lists(
    st.none() | st.integers() | st.binary(max_size=20) | st.text(max_size=20), min_size=1, max_size=5
)


def problems(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(tally.problems(connection))
    finally:
        connection.close()


@given(st.lists(VALUES, max_size=10), st.randoms())
def test_a_sum_knows_rows_and_not_their_order(rows: list[list[object]], dice: random.Random) -> None:
    def total(rows: list[list[object]]) -> Count:
        found = Count()
        for row in rows:
            found = found.plus(tally.more("t", row))
        return found

    mixed = dice.sample(rows, len(rows))
    assert total(mixed) == total(rows)
    found = total(rows)
    for row in mixed:
        found = found.plus(tally.less("t", row))
    assert found == Count()


@given(VALUES, VALUES)
def test_rows_that_differ_differ(first: list[object], second: list[object]) -> None:
    assert (first == second) == (tally.of_row("t", first) == tally.of_row("t", second))
    assert tally.of_row("t", first) != tally.of_row("u", first)


def test_every_step_keeps_the_tally(session: Session) -> None:
    store = session.store
    before = tally.state(store._connection)
    commands.add_span(session, 1, [(10, 14), (20, 25)], "claim", "ب 🚀", {"stance": "قال"})
    commands.set_article_note(session, 1, "🚀 e\u0301")
    commands.remove_span(session, 1)
    assert not store.integrity_problems() + store.tally_problems()
    while session.undo():
        assert not store.integrity_problems() + store.tally_problems()
    while session.redo():
        assert not store.integrity_problems() + store.tally_problems()
    assert tally.state(store._connection) != before
    with pytest.raises(ZeroDivisionError), session.step("fails"):
        commands.set_article_note(session, 2, "lost")
        raise ZeroDivisionError
    assert not store.integrity_problems() + store.tally_problems()


@pytest.mark.parametrize("sql", [
    "UPDATE span SET note = 'x' WHERE key = 7", "DELETE FROM change WHERE key = 1", "UPDATE step SET title = 'x'",
    "UPDATE article_text SET text = text || ' ' WHERE article = 3", "DELETE FROM tally WHERE name = 'status'",
    "INSERT INTO status (article, annotator, state) VALUES (1, 'x', 'done')",
])  # fmt: skip
def test_what_another_program_changed_is_found(path: Path, sql: str) -> None:
    assert not problems(path)
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()
    assert len(problems(path)) == 1


def test_a_copy_taken_between_two_steps_is_whole(path: Path, session: Session, tmp_path: Path) -> None:
    commands.set_flag(session, 1, True)
    copy = Path(shutil.copy(path, tmp_path / "copy.tagline"))
    found = Store.open(copy)
    assert queries.article(found, 1).flag
    assert not found.tally_problems()
    found.close()


def pages(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [data[place : place + 4096] for place in range(0, len(data), 4096)]


def test_a_copy_taken_during_a_step_is_never_opened(path: Path, session: Session, tmp_path: Path) -> None:
    """Every mixture of pages before and after a step, as a copying program may meet them, is refused."""
    commands.set_flag(session, 1, True)
    before, states = pages(path), [tally.state(session.store._connection)]
    commands.add_span(session, 1, [(10, 14)], "claim", "A", {"stance": "قال"})
    after = pages(path)
    states.append(tally.state(session.store._connection))
    changed = [place for place, page in enumerate(after) if place >= len(before) or page != before[place]]
    assert len(changed) > 4
    dice = random.Random(7)
    copy, refused = tmp_path / "copy.tagline", 0
    for _ in range(150):
        new = set(dice.sample(changed, dice.randrange(1, len(changed))))
        length = len(after) if dice.random() < 0.5 else len(before)
        mixed = [after[n] if n in new or n >= len(before) else before[n] for n in range(length)]
        copy.write_bytes(b"".join(mixed))
        try:
            found = Store.open(copy)
        except UserError as error:
            assert "damaged" in error.message
            assert copy.read_bytes() == b"".join(mixed)
            refused += 1
        else:  # pages that differ and hold the same: every row is there
            assert tally.state(found._connection) in states
            assert not found.integrity_problems() + found.tally_problems()
            found.close()
    assert refused > 140
    for whole in (before, after):
        copy.write_bytes(b"".join(whole))
        Store.open(copy).close()
