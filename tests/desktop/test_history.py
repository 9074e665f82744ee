"""An article's past, read from the journal: what was done to it, and the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import commands, history
from desktop.errors import Cancelled, UserError
from desktop.history import Change, Rows
from desktop.model import Relation, Row, Span
from desktop.session import Session
from desktop.store import queries
from desktop.store.store import Store


@pytest.fixture
def session(walking: ModuleType) -> Iterator[Session]:
    with walking.project() as made:
        yield made


def articles(store: Store) -> list[int]:
    return [row[0] for row in store.query("SELECT key FROM article")]


def last_step(store: Store) -> int:
    return int(store.query("SELECT max(key) FROM step").fetchone()[0])


# The pure part


def span(key: int, article: int, text: str) -> Span:
    return Span(key=key, article=article, id=f"s{key}", start=0, end=1, label="event", text=text, fragments=((0, 1),),
                annotator="A")  # fmt: skip


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(("put", "drop")), st.integers(1, 4), st.sampled_from((1, 2)), st.text("ab", max_size=2)),
    max_size=25,
)  # fmt: skip


@given(operations=OPERATIONS)
def test_rewinding_is_the_way_back(operations: list[tuple[str, int, int, str]]) -> None:
    """Rows of two articles come, change and go under few keys, so that a key is used again, by another article too."""
    table: dict[tuple[str, int], Row] = {}
    states: list[dict[tuple[str, int], Row]] = [dict(table)]
    changes: list[Change] = []
    for what, key, article, text in operations:
        there = table.get(("span", key))
        if what == "drop" and there:
            changes.append(Change("span", key, key, [there]))
            del table["span", key]
        elif what == "put":
            # A row never moves to another article.
            new = span(key, getattr(there, "article", article), text)
            changes.append(Change("span", key, key, [there] if there else None))
            table["span", key] = new
        else:
            continue
        states.append(dict(table))
    for article in (1, 2):
        mine = [
            {key: row for key, row in state.items() if getattr(row, "article", 0) == article}
            for state in states
        ]
        for number, state in enumerate(mine):
            later = changes[number:][::-1]
            assert history.rewind(mine[-1], later, article) == state


def test_rewinding_changes_nothing_it_is_given() -> None:
    rows: Rows = {("span", 1): span(1, 1, "a")}
    assert history.rewind(rows, [Change("span", 1, 5)], 1) == {}
    assert rows == {("span", 1): span(1, 1, "a")}


# From the journal


@settings(max_examples=8)
@given(seed=st.integers(0, 10**9), steps=st.integers(5, 30))
def test_every_article_as_of_every_step(walking: ModuleType, seed: int, steps: int) -> None:
    with walking.project() as session:
        store, walker = session.store, walking.Walk(session, seed)
        then: dict[int, dict[int, Rows]] = {}
        for _ in range(steps):
            walker.one_step()
            then[last_step(store)] = {key: history.rows_of(store, key) for key in articles(store)}
        for step, rows in then.items():
            for key in articles(store):
                assert history.as_of(store, key, step) == rows.get(key, {})


def content(rows: Rows) -> list[Any]:
    """Rows without their keys, which SQLite may have given to others meanwhile."""
    return sorted(
        repr(row.model_copy(update={"key": 0})) for (kind, _), row in rows.items() if kind != "article"
    )


@settings(max_examples=8)
@given(seed=st.integers(0, 10**9), steps=st.integers(10, 30))
def test_putting_an_article_back_and_undoing_that(walking: ModuleType, seed: int, steps: int) -> None:
    with walking.project() as session:
        store, walker = session.store, walking.Walk(session, seed)
        for _ in range(steps):
            walker.one_step()
        end = walking.everything(session)
        for entry in history.article_history(store, 1)[::4]:
            wanted = history.as_of(store, 1, entry.step.key)
            plan = history.put_back(session, 1, entry.step.key)
            walking.invariants(session)
            assert content(history.rows_of(store, 1)) == content(wanted)
            if plan.done:
                session.undo()
            assert walking.everything(session) == end
            assert not store.integrity_problems()


@settings(max_examples=6)
@given(seed=st.integers(0, 10**9), layer=st.sampled_from(("A", "ب 🚀")))
def test_only_one_layer_goes_back(walking: ModuleType, seed: int, layer: str) -> None:
    with walking.project() as session:
        store, walker = session.store, walking.Walk(session, seed)
        for _ in range(40):
            walker.one_step()

        def of(rows: Rows, *, mine: bool) -> list[str]:
            """Spans without their ids, which the others may have taken."""
            found = [
                row for row in rows.values() if isinstance(row, Span) and (row.annotator == layer) == mine
            ]
            return sorted(repr(row.model_copy(update={"key": 0, "id": ""})) for row in found)

        others = of(history.rows_of(store, 1), mine=False)
        for entry in history.article_history(store, 1)[::5]:
            wanted = history.as_of(store, 1, entry.step.key)
            history.put_back(session, 1, entry.step.key, layer)
            walking.invariants(session)
            now = history.rows_of(store, 1)
            assert of(now, mine=True) == of(wanted, mine=True)
            assert of(now, mine=False) == others


def test_the_history_tells_what_was_done(session: Session) -> None:
    store = session.store
    first = commands.add_span(session, 1, [(0, 1)], "event", "A")
    second = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    commands.add_relation(session, first.key, second.key, "agent")
    commands.set_attribute(session, first.key, "type", "attack")
    commands.set_article_note(session, 1, "🚀")
    commands.add_span(session, 2, [(0, 2)], "claim", "A")
    commands.remove_span(session, first.key)
    session.undo()
    commands.set_flag(session, 1, True)
    told = [(entry.step.title.split(":")[0], dict(entry.done)) for entry in history.article_history(store, 1)]
    assert told == [
        ("Flag article", {("flag", "changed"): 1}),
        ("Remove event", {("span", "removed"): 1, ("relation", "removed"): 1}),
        ("Note on article", {("note", "changed"): 1}),
        ("Set type of event", {("span", "changed"): 1}),
        ("Relate agent", {("relation", "added"): 1}),
        ("Label actor", {("span", "added"): 1}),
        ("Label event", {("span", "added"): 1, ("status", "added"): 1}),
        ("Import", {("article", "added"): 1}),
    ]
    assert [entry.step.state for entry in history.article_history(store, 1)[:2]] == ["live", "reverted"]
    assert len(history.article_history(store, 1, limit=2)) == 2
    assert history.article_history(store, 99) == []


def test_a_bulk_step_is_told_by_what_it_did_here(session: Session) -> None:
    from desktop.repeats import label_everywhere

    label_everywhere(session, {1: [(0, 1), (2, 5)], 2: [(0, 3)]}, "actor", "A")
    (entry,) = (e for e in history.article_history(session.store, 2) if e.step.title.startswith("Label"))
    assert entry.done["span", "added"] == 1


def test_putting_back_is_said_before(session: Session) -> None:
    store = session.store
    first = commands.add_span(session, 1, [(0, 1)], "event", "A")
    here = last_step(store)
    commands.relabel(session, first.key, "claim")
    commands.add_span(session, 1, [(2, 5)], "actor", "A")
    commands.add_span(session, 1, [(2, 5)], "actor", "B")
    plan = history.putting(store, 1, here)
    assert dict(plan.done) == {("span", "changed"): 1, ("span", "removed"): 2, ("status", "removed"): 1}
    assert dict(history.putting(store, 1, here, "A").done) == {("span", "changed"): 1, ("span", "removed"): 1}
    before = queries.spans(store, 1)
    assert history.putting(store, 1, last_step(store)).done == Counter()
    assert queries.spans(store, 1) == before, "saying changes nothing"


def test_putting_back_to_what_is_there_is_no_step(session: Session) -> None:
    commands.add_span(session, 1, [(0, 1)], "event", "A")
    here = last_step(session.store)
    history.put_back(session, 1, here)
    assert last_step(session.store) == here


def test_an_article_that_was_not_there_yet(session: Session) -> None:
    with pytest.raises(UserError, match="not there yet"):
        history.put_back(session, 1, 1)


def test_an_id_taken_by_another_annotator_is_given_up(session: Session) -> None:
    store = session.store
    mine = [commands.add_span(session, 1, [(at, at + 1)], "event", "A") for at in (0, 2)]
    commands.add_relation(session, mine[0].key, mine[1].key, "same_as")
    here = last_step(store)
    for span_ in mine:
        commands.remove_span(session, span_.key)
    theirs = commands.add_span(session, 1, [(0, 5)], "claim", "B")
    assert theirs.id == mine[0].id
    history.put_back(session, 1, here, "A")
    names = {span_.id: span_.annotator for span_ in queries.spans(store, 1)}
    assert names == {"s1": "B", "s2": "A", "s3": "A"}
    (tie,) = queries.relations(store, 1)
    assert {tie.head, tie.tail} == {"s2", "s3"}


def test_labels_the_scheme_has_lost_stay_away_and_are_counted(session: Session) -> None:
    store = session.store
    commands.add_span(session, 1, [(0, 1)], "event", "A")
    tied = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    first = queries.spans(store, 1)[0]
    commands.add_relation(session, first.key, tied.key, "agent")
    here = last_step(store)
    commands.remove_span(session, first.key)
    scheme = queries.scheme(store)
    smaller = scheme.model_copy(update={"labels": tuple(x for x in scheme.labels if x.name != "event")})
    from desktop.formats import scheme as schemes

    commands.set_property(session, "scheme", schemes.dumps(smaller))
    plan = history.put_back(session, 1, here)
    assert dict(plan.left_out) == {"event": 1, "agent": 1}
    assert [found.label for found in queries.spans(store, 1)] == ["actor"]
    assert not any(isinstance(row, Relation) for row in history.rows_of(store, 1).values())


def test_undo_back_to_a_step(session: Session, walking: ModuleType) -> None:
    store = session.store
    commands.add_span(session, 1, [(0, 1)], "event", "A")
    here, then = last_step(store), walking.everything(session)
    for at in range(2, 8):
        commands.add_span(session, 1 + at % 2, [(at, at + 1)], "actor", "A")
    end = walking.everything(session)
    assert len(queries.undoable_after(store, here)) == 6
    heard: list[tuple[int, int]] = []
    assert history.undo_back_to(session, here, lambda *at: heard.append(at)) == 6
    assert heard[0] == (0, 6)
    assert walking.everything(session) == then
    for _ in range(6):
        session.redo()
    assert walking.everything(session) == end


def test_undo_back_can_be_stopped(session: Session) -> None:
    start = last_step(session.store)
    for at in range(6):
        commands.add_span(session, 1, [(at, at + 1)], "actor", "A")

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        history.undo_back_to(session, start, stop)
    assert len(queries.spans(session.store, 1)) == 2
