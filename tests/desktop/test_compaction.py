"""Old steps let go of what would undo them, and stay to be read; nothing else changes."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import commands, compaction, history, projects
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries
from desktop.store.store import Store

TEXT = "🚀 قال محمد: hit\r\ncafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧 again"


@contextmanager
def project() -> Iterator[Session]:
    with tempfile.TemporaryDirectory() as folder:
        session = projects.create(Path(folder, "p.tagline"), "A")
        records = [build(RawArticle(f"{n} {TEXT}", "f", str(n)), "A", Report()) for n in range(2)]
        import_bundle(session, Bundle(lambda: iter(records)), Report())
        yield session
        session.store.close()


def images(store: Store) -> set[int]:
    return {row[0] for row in store.query("SELECT DISTINCT step FROM change")}


def all_the_way(move: object) -> int:
    count = 0
    while callable(move) and move():
        count += 1
    return count


def compact_all(session: Session, keep: int) -> None:
    while compaction.compact(session, 3, keep):
        pass


@settings(max_examples=12)
@given(seed=st.integers(0, 10**9), steps=st.integers(5, 40), keep=st.integers(1, 12))
def test_undo_reaches_as_far_as_it_says(walking: ModuleType, seed: int, steps: int, keep: int) -> None:
    with project() as session:
        walker = walking.Walk(session, seed)
        for _ in range(steps):
            walker.one_step()
        store = session.store
        held, read = walking.everything(session), queries.history(store, 10**6)
        live = [step for step in read if step.state == "live" and step.mode != "undo"]
        redo = all_the_way(session.redo)
        for _ in range(redo):
            session.undo()
        compact_all(session, keep)
        walking.invariants(session)
        assert walking.everything(session) == held
        assert all_the_way(session.redo) == redo, "what was undone can be redone"
        for _ in range(redo):
            session.undo()
        undone = all_the_way(session.undo)
        assert undone >= min(keep, len(live)), "undo reaches less far than was said"
        assert all_the_way(session.redo) == undone + redo
        told = [(step.key, step.title, step.made) for step in queries.history(store, 10**6)]
        assert told[-len(read) :] == [(step.key, step.title, step.made) for step in read], (
            "the history is shorter"
        )
        assert not store.tally_problems() + store.integrity_problems()


@settings(max_examples=8)
@given(seed=st.integers(0, 10**9), keep=st.integers(2, 12))
def test_the_way_back_is_right_or_plainly_gone(walking: ModuleType, seed: int, keep: int) -> None:
    with project() as session:
        walker, store = walking.Walk(session, seed), session.store
        for _ in range(30):
            walker.one_step()
        then = {e.step.key: history.as_of(store, 1, e.step.key) for e in history.article_history(store, 1)}
        compact_all(session, keep)
        cut = queries.compacted(store)
        for key, rows in then.items():
            if key >= cut:
                assert history.as_of(store, 1, key) == rows
            else:
                with pytest.raises(UserError, match="no longer kept") as raised:
                    history.putting(store, 1, key)
                assert raised.value.kind == history.GONE
                assert str(compaction.KEPT_STEPS) in raised.value.hint
        listed = {entry.step.key for entry in history.article_history(store, 1)}
        assert then.keys() <= listed, "a step of the article is no longer to be read"


def test_the_history_stays_to_be_read() -> None:
    with project() as session:
        for at in range(0, 40, 2):
            commands.add_span(session, 1, [(at, at + 2)], "event", "A")
        commands.add_span(session, 2, [(0, 2)], "event", "A")
        before = history.article_history(session.store, 1)
        compact_all(session, 4)
        after = history.article_history(session.store, 1)
        assert [entry.step.title for entry in after] == [entry.step.title for entry in before]
        assert [entry.gone for entry in after] == [False] * 3 + [True] * 18
        assert after[-1].done == Counter({("article", "added"): 2}), "counted in all articles of the step"
        assert after[-2].done == Counter({("span", "added"): 1, ("status", "added"): 1})
        assert min(images(session.store)) == queries.compacted(session.store) + 1


def test_it_waits_for_enough_and_goes_on_in_slices() -> None:
    with project() as session:
        store = session.store
        for flag in range(20):
            commands.set_flag(session, 1, flag % 2 == 0)
        assert not compaction.due(store), "twenty steps are not many"
        assert not compaction.due(store, 22)
        assert compaction.due(store, 21)
        assert compaction.horizon(store) == 0
        first = len(images(store))
        assert compaction.compact(session, 5, keep=6)
        assert len(images(store)) == first - 5
        compact_all(session, 6)
        assert len(images(store)) == 6
        assert not compaction.compact(session, 5, keep=6)


def test_redo_is_not_ended_by_it() -> None:
    """Undone nearly to the start and redone a little: both ways are open, however old the steps are."""
    with project() as session:
        for flag in range(20):
            commands.set_flag(session, 1, flag % 2 == 0)
        for _ in range(18):
            session.undo()
        for _ in range(12):
            session.redo()
        compact_all(session, 3)
        assert all_the_way(session.redo) == 6
        assert all_the_way(session.undo) >= 3
        assert not session.store.integrity_problems()


def test_what_is_let_go_makes_room() -> None:
    """The file does not grow for ever: what is freed is used again."""
    with project() as session:
        sizes, dice = [], random.Random(5)
        for _ in range(4):
            for at in range(150):
                commands.set_article_note(session, 1, f"{at} 🚀 قال {dice.randbytes(500).hex()}")
            compact_all(session, 20)
            sizes.append(session.store.query("PRAGMA page_count").fetchone()[0])
        # 150 notes of 1,000 characters would be some 30 pages; their lines in the history are five.
        assert sizes[3] - sizes[1] < 20
