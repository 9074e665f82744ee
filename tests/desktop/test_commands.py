"""What a person can do to the labels: each one step, refused with a remedy or done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop import commands, projects, repairs
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.model import Fragment, Span
from desktop.session import Session
from desktop.store import queries
from desktop.store.lines import article_lines

GIVEN = "🚀 قال محمد\r\ncafe\u0301 in Tel\u00a0Aviv\u2028once more 👩‍👩‍👧."
TEXT = "🚀 قال محمد\ncafe\u0301 in Tel\u00a0Aviv\nonce more 👩‍👩‍👧."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    records = [build(RawArticle(text, "f", ""), "A", Report()) for text in (GIVEN, "another 🚀 article")]
    import_bundle(made, Bundle(lambda: iter(records)), Report())
    yield made
    made.store.close()


def place(quote: str) -> Fragment:
    start = TEXT.index(quote)
    return start, start + len(quote)


def add(session: Session, quote: str, label: str = "actor", layer: str = "A") -> Span:
    return commands.add_span(session, 1, [place(quote)], label, layer)


def steps(session: Session) -> int:
    return len(queries.history(session.store))


def test_a_span_keeps_its_quote(session: Session) -> None:
    span = add(session, "Tel\u00a0Aviv", "location")
    assert queries.span(session.store, span.key) == span
    assert (span.text, span.id, span.annotator) == ("Tel\u00a0Aviv", "s1", "A")
    assert span.created == span.changed
    assert queries.state(session.store, 1, "A") == "in_progress"
    assert queries.state(session.store, 1, "B") == "todo"
    assert add(session, "محمد").id == "s2"


def test_the_first_span_of_a_finished_article_leaves_it_finished(session: Session) -> None:
    commands.set_state(session, 1, "A", "done")
    add(session, "cafe\u0301")
    assert queries.state(session.store, 1, "A") == "done"


def test_a_span_of_fragments(session: Session) -> None:
    span = commands.add_span(session, 1, [place("قال"), place("cafe\u0301")], "event", "A")
    assert span.text == "قال محمد\ncafe\u0301"
    assert span.fragments == (place("قال"), place("cafe\u0301"))


REFUSED: list[tuple[str, Callable[[Session, Span], object]]] = [
    ("outside the text", lambda s, _: commands.add_span(s, 1, [(0, 999)], "event", "A")),
    ("outside the text", lambda s, _: commands.add_span(s, 1, [(-1, 2)], "event", "A")),
    ("no length", lambda s, _: commands.add_span(s, 1, [(3, 3)], "event", "A")),
    ("touch, overlap", lambda s, _: commands.add_span(s, 1, [(0, 3), (2, 5)], "event", "A")),
    ("no fragment", lambda s, _: commands.add_span(s, 1, [], "event", "A")),
    ("no label 'Event'", lambda s, _: commands.add_span(s, 1, [(0, 1)], "Event", "A")),
    ("no longer there", lambda s, _: commands.add_span(s, 99, [(0, 1)], "event", "A")),
    ("no label 'x'", lambda s, span: commands.relabel(s, span.key, "x")),
    ("no longer there", lambda s, _: commands.relabel(s, 99, "event")),
    ("outside the text", lambda s, span: commands.move_edges(s, span.key, [(0, 999)])),
    ("no longer there", lambda s, _: commands.remove_span(s, 99)),
    ("no attribute", lambda s, span: commands.set_attribute(s, span.key, "no such", "x")),
    ("no value of kind", lambda s, span: commands.set_attribute(s, span.key, "kind", "no such")),
    ("no status", lambda s, _: commands.set_state(s, 1, "A", "finished")),  # type: ignore[arg-type]
    ("two different labels", lambda s, span: commands.add_relation(s, span.key, span.key, "agent")),
    ("no relation 'x'", lambda s, span: commands.add_relation(s, span.key, add(s, "قال").key, "x")),
]


@pytest.mark.parametrize(("words", "action"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_changes_nothing_and_names_a_remedy(
    session: Session, words: str, action: Callable[[Session, Span], object]
) -> None:
    span = add(session, "محمد")
    add(session, "قال")
    before, count = queries.spans(session.store, 1), steps(session)
    with pytest.raises(UserError, match=words) as raised:
        action(session, span)
    assert raised.value.hint
    if "no relation" not in words:
        assert (queries.spans(session.store, 1), steps(session)) == (before, count)


def test_a_label_key_relabels_an_equal_extent(session: Session) -> None:
    first = commands.apply_label(session, 1, *place("محمد"), "actor", "A")
    assert commands.apply_label(session, 1, *place("محمد"), "actor", "A") == first
    again = commands.apply_label(session, 1, *place("محمد"), "location", "A")
    assert (again.key, again.label) == (first.key, "location")
    second = commands.apply_label(session, 1, *place("محمد"), "event", "A", second=True)
    assert second.key != first.key
    other = commands.apply_label(session, 1, *place("محمد"), "actor", "B")
    assert other.annotator == "B"
    assert len(queries.spans(session.store, 1)) == 3


def test_edges_move_and_the_quote_with_them(session: Session) -> None:
    span = add(session, "cafe")
    moved = commands.move_edges(session, span.key, [place("cafe\u0301 in")])
    assert (moved.text, moved.start, moved.end) == ("cafe\u0301 in", *place("cafe\u0301 in"))
    count = steps(session)
    assert commands.move_edges(session, span.key, [place("cafe\u0301 in")]) == moved
    assert steps(session) == count


def test_edges_do_not_move_onto_a_twin(session: Session) -> None:
    add(session, "محمد")
    span = add(session, "قال")
    with pytest.raises(UserError, match="there is an actor of exactly this extent"):
        commands.move_edges(session, span.key, [place("محمد")])


def test_relabelling_makes_no_twin(session: Session) -> None:
    add(session, "محمد")
    second = commands.apply_label(session, 1, *place("محمد"), "event", "A", second=True)
    with pytest.raises(UserError, match="there is an actor of exactly this extent"):
        commands.relabel(session, second.key, "actor")


def test_relabelling_keeps_attributes(session: Session) -> None:
    span = add(session, "محمد")
    commands.set_attribute(session, span.key, "kind", "civilian")
    assert commands.relabel(session, span.key, "event").attributes == {"kind": "civilian"}
    assert commands.relabel(session, span.key, "actor").attributes == {"kind": "civilian"}
    assert commands.set_attribute(session, span.key, "kind", None).attributes == {}


def test_removing_a_span_takes_its_relations(session: Session) -> None:
    a, b, c = add(session, "محمد"), add(session, "قال", "event"), add(session, "cafe\u0301", "location")
    first = commands.add_relation(session, b.key, a.key, "agent")
    commands.add_relation(session, b.key, c.key, "place")
    assert commands.add_relation(session, b.key, a.key, "agent") == first
    commands.remove_span(session, a.key)
    assert [r.type for r in queries.relations(session.store, 1)] == ["place"]
    session.undo()
    assert [r.type for r in queries.relations(session.store, 1)] == ["agent", "place"]
    commands.remove_relation(session, first)
    with pytest.raises(UserError, match="no longer there"):
        commands.remove_relation(session, first)


def test_relations_stay_in_one_article_and_layer(session: Session) -> None:
    a, b = add(session, "محمد"), add(session, "قال", layer="B")
    other = commands.add_span(session, 2, [(0, 7)], "actor", "A")
    for end in (b, other):
        with pytest.raises(UserError, match="one article and annotator"):
            commands.add_relation(session, a.key, end.key, "agent")


def test_notes_and_flags(session: Session) -> None:
    span = add(session, "محمد")
    assert commands.set_span_note(session, span.key, "who? 🚀").note == "who? 🚀"
    assert commands.set_article_note(session, 1, "قال").note == "قال"
    assert commands.set_flag(session, 1, True).flag
    line = article_lines(session.store, "A")[0]
    assert (line.note, line.flag, line.labels, line.spans) == ("قال", True, {"actor": 1}, 1)


def spoil(session: Session, key: int, **values: object) -> None:
    """What another program, or a fault of ours, may have done to a row."""
    sets = ", ".join(f'"{name}" = ?' for name in values)
    session.store.query(f"UPDATE span SET {sets} WHERE key = ?", (*values.values(), key))


def test_repair_puts_spans_back_where_their_text_is(session: Session) -> None:
    near, lost = add(session, "Tel\u00a0Aviv", "location"), add(session, "قال", "event")
    spoil(
        session,
        near.key,
        start=near.start + 2,
        end=near.end + 2,
        fragments=f"[[{near.start + 2},{near.end + 2}]]",
    )
    spoil(session, lost.key, text="not there")
    reading = queries.reading(session.store, 1, "A")
    assert [span.key for span in reading.broken] == [lost.key, near.key]
    assert reading.spans == []
    lines = repairs.repair(session)
    mended = queries.span(session.store, near.key)
    assert (mended.start, mended.end, mended.fragments) == (near.start, near.end, near.fragments)
    assert len(lines) == 2
    assert "moved by -2" in lines[0]
    assert "nowhere" in lines[1]


def test_repair_takes_the_nearest_place(session: Session) -> None:
    records = [build(RawArticle("🚀 aa b aa 🚀 aa", "f", "", id="n"), "A", Report())]
    import_bundle(session, Bundle(lambda: iter(records)), Report())
    key = session.store.query("SELECT key FROM article WHERE id = 'n'").fetchone()[0]
    span = commands.add_span(session, key, [(7, 9)], "event", "A")
    for start, found in ((6, 7), (8, 7), (5, 7), (3, 2), (0, 2), (11, 12)):
        spoil(session, span.key, start=start, end=start + 2, fragments=f"[[{start},{start + 2}]]")
        repairs.repair(session)
        assert queries.span(session.store, span.key).start == found, start


def test_a_constraint_broken_is_a_bug_and_not_hidden(session: Session) -> None:
    span = add(session, "محمد")
    with pytest.raises(sqlite3.IntegrityError), session.step("bug"):
        session.put(span.model_copy(update={"key": 0}))
    assert len(queries.spans(session.store, 1)) == 1
