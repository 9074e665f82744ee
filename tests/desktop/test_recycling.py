"""The bin: what is deleted can be restored, whatever has happened since, and all of it can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import commands, compaction, projects, recycling, scheme_steps
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries

TEXTS = (
    "🚀 قال cafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧 and left.\r\nSecond line",
    "Attacks on US sites 😀 in Iraq",
)


def bring_in(session: Session, *texts: str) -> None:
    records = [build(RawArticle(text, "f", "", id=f"a{n}"), "A", Report()) for n, text in enumerate(texts)]
    import_bundle(session, Bundle(lambda: iter(records)), Report())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    bring_in(made, *TEXTS)
    yield made
    assert not made.store.integrity_problems() + made.store.tally_problems()
    made.store.close()


def rows(session: Session) -> list[tuple[object, ...]]:
    """What an export would tell of the labels, without their keys."""
    store = session.store
    spans = store.query(
        'SELECT article, id, start, "end", label, text, annotator FROM span ORDER BY 1, 2'
    ).fetchall()
    return spans + store.query("SELECT article, id, type, head, tail FROM relation ORDER BY 1, 2").fetchall()


def test_a_label_comes_back_with_its_relations(session: Session) -> None:
    head = commands.add_span(session, 1, [(0, 1), (3, 6)], "event", "A", {"type": "attack"})
    tail = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    commands.add_relation(session, head.key, tail.key, "agent")
    before = rows(session)
    commands.remove_span(session, head.key)
    (entry,) = recycling.listed(session.store)
    assert (entry.whole, entry.count, entry.label, entry.text) == (False, 1, "event", head.text)
    assert (entry.done, entry.annotator) == (f"Remove event: {commands._short(head.text)}", "A")
    assert entry.made.endswith("Z")
    result = recycling.restore(session, entry.place)
    assert (result.article, result.count, dict(result.left_out)) == (1, 1, {})
    assert rows(session) == before
    assert queries.spans(session.store, 1)[0].attributes == {"type": "attack"}
    assert recycling.listed(session.store) == []
    session.undo()
    assert [e.place for e in recycling.listed(session.store)] == [entry.place]
    session.undo()
    assert recycling.listed(session.store) == []
    assert rows(session) == before
    session.redo()
    assert len(recycling.listed(session.store)) == 1


def test_both_ends_of_a_relation_find_each_other_again(session: Session) -> None:
    head = commands.add_span(session, 1, [(0, 1)], "event", "A")
    tail = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    commands.add_relation(session, head.key, tail.key, "agent")
    before = rows(session)
    with session.step("Remove both"):
        commands.remove_span(session, head.key)
        commands.remove_span(session, tail.key)
    (entry,) = recycling.listed(session.store)
    assert entry.count == 2
    recycling.restore(session, entry.place)
    assert rows(session) == before


def test_it_outlasts_undo(session: Session) -> None:
    span = commands.add_span(session, 1, [(0, 1)], "event", "A")
    commands.remove_span(session, span.key)
    for flag in (True, False, True):
        commands.set_flag(session, 1, flag)
    while compaction.compact(session, 10, keep=1):
        pass
    recycling.restore(session, recycling.listed(session.store)[0].place)
    assert [s.label for s in queries.spans(session.store, 1)] == ["event"]


def test_what_cannot_come_back_stays_and_says_why(session: Session) -> None:
    first = commands.add_span(session, 1, [(0, 1)], "event", "A")
    second = commands.add_span(session, 1, [(2, 5)], "claim", "A")
    with session.step("Remove both"):
        commands.remove_span(session, first.key)
        commands.remove_span(session, second.key)
    scheme_steps.remove_label(session, "claim")
    (entry,) = recycling.listed(session.store)
    result = recycling.restore(session, entry.place)
    assert (result.count, dict(result.left_out)) == (1, {"the scheme has no label claim": 1})
    (left,) = recycling.listed(session.store)
    assert (left.count, left.label) == (1, "claim")
    with pytest.raises(UserError, match="the scheme has no label claim"):
        recycling.restore(session, left.place)
    assert len(recycling.listed(session.store)) == 1


def test_an_equal_label_is_not_doubled_and_an_id_not_taken_twice(session: Session) -> None:
    span = commands.add_span(session, 1, [(0, 1)], "event", "A")
    commands.remove_span(session, span.key)
    again = commands.add_span(session, 1, [(0, 1)], "event", "A")
    with pytest.raises(UserError, match="the same label is there again"):
        recycling.restore(session, recycling.listed(session.store)[0].place)
    commands.move_edges(session, again.key, [(3, 6)])
    assert again.id == span.id
    recycling.restore(session, recycling.listed(session.store)[0].place)
    assert len({s.id for s in queries.spans(session.store, 1)}) == 2


def test_a_label_that_is_replaced_in_the_same_step_is_not_deleted(session: Session) -> None:
    span = commands.add_span(session, 1, [(0, 1)], "event", "A")
    with session.step("Take away and put again"):
        session.drop(span)
        session.put(span)
    assert recycling.listed(session.store) == []


def test_an_article_goes_with_its_labels_and_comes_back(session: Session) -> None:
    commands.add_span(session, 1, [(0, 1)], "event", "A")
    before = rows(session)
    recycling.delete_article(session, 1)
    assert queries.info(session.store)["articles"] == 1
    assert queries.info(session.store)["spans"] == 0
    (entry,) = recycling.listed(session.store)
    assert (entry.whole, entry.count, entry.article) == (True, 1, 1)
    assert entry.done.startswith("Delete article: 🚀 قال")
    with pytest.raises(UserError):
        recycling.delete_article(session, 1)
    bring_in(session, "another text")  # under the same id
    result = recycling.restore(session, entry.place)
    assert result.count == 1
    assert [queries.article(session.store, key).id for key in (1, 2, 3)] == ["a0-2", "a1", "a0"]
    assert rows(session) == before
    with pytest.raises(UserError, match="no longer in the bin"):
        recycling.restore(session, entry.place)
    session.undo()
    assert [e.place for e in recycling.listed(session.store)] == [entry.place]


def test_labels_of_a_deleted_article_wait_for_it(session: Session) -> None:
    span = commands.add_span(session, 1, [(0, 1)], "event", "A")
    commands.remove_span(session, span.key)
    (label,) = recycling.listed(session.store)
    recycling.delete_article(session, 1)
    (article,) = recycling.listed(session.store)
    assert article.whole
    with pytest.raises(UserError, match="no longer there"):
        recycling.restore(session, label.place)
    recycling.restore(session, article.place)
    assert recycling.listed(session.store) == [label]


def test_what_an_undone_import_took_away_is_told(session: Session) -> None:
    session.undo()
    found = recycling.listed(session.store)
    assert [(e.article, e.done, e.annotator) for e in found] == [
        (2, "Undo: Import", "A"),
        (1, "Undo: Import", "A"),
    ]
    recycling.restore(session, found[0].place)
    assert queries.info(session.store)["articles"] == 1


def test_a_scheme_edit_can_be_taken_back_article_by_article(session: Session) -> None:
    for article in (1, 2):
        for at in range(0, 12, 3):
            commands.add_span(session, article, [(at, at + 2)], "claim", "A")
    before = rows(session)
    scheme = queries.scheme(session.store)
    scheme_steps.remove_label(session, "claim")
    assert [(e.article, e.count) for e in recycling.listed(session.store)] == [(2, 4), (1, 4)]
    scheme_steps.edit(session, "again", lambda _: scheme)
    for entry in recycling.listed(session.store):
        recycling.restore(session, entry.place)
    assert rows(session) == before


@settings(max_examples=15)
@given(data=st.data())
def test_deleting_and_restoring_is_nothing_at_all(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    session = projects.create(tmp_path_factory.mktemp("bin") / "p.tagline", "A")
    bring_in(session, *TEXTS)
    try:
        made = [
            commands.add_span(session, 1, [(at, at + 2)], label, who)
            for at, label, who in data.draw(
                st.lists(st.tuples(st.integers(0, 40), st.sampled_from(("event", "claim")), st.sampled_from("AB")),
                         min_size=1, max_size=8, unique=True)
            )
        ]  # fmt: skip
        for one, other in data.draw(st.lists(st.tuples(*[st.sampled_from(made)] * 2), max_size=6)):
            if one.key != other.key and one.annotator == other.annotator:
                commands.add_relation(session, one.key, other.key, "agent")
        before = rows(session)
        for key in data.draw(st.permutations([span.key for span in made])):
            if data.draw(st.booleans()):
                commands.remove_span(session, key)
        for entry in recycling.listed(session.store):  # the last removed first
            recycling.restore(session, entry.place)
        assert rows(session) == before
    finally:
        session.store.close()
