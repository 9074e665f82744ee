"""Changes of a project's scheme: spans follow, nothing is lost unsaid, and undo brings back every byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import commands, scheme_steps
from desktop import scheme_edits as edits
from desktop.errors import Cancelled, UserError
from desktop.formats import scheme as schemes
from desktop.model import Attribute, Choice, RelationType, Scheme
from desktop.scheme_steps import Use
from desktop.session import Session
from desktop.store import queries


@pytest.fixture
def session(walking: ModuleType) -> Iterator[Session]:
    with walking.project() as made:
        yield made


def labels(session: Session, article: int = 1) -> list[tuple[str, int, int, str]]:
    return [(s.label, s.start, s.end, s.annotator) for s in queries.spans(session.store, article)]


def undone(session: Session, before: bytes, walking: ModuleType) -> None:
    assert session.undo()
    assert walking.everything(session) == before


def test_renaming_takes_the_spans_along(session: Session, walking: ModuleType) -> None:
    for article in (1, 2):
        commands.add_span(session, article, [(0, 1)], "event", "A")
        commands.add_span(session, article, [(2, 5)], "actor", "B")
    times = [span.changed for span in queries.spans(session.store, 1)]
    before = walking.everything(session)
    heard: list[tuple[int, int]] = []
    scheme_steps.rename_label(session, "event", "happening 🚀", lambda *far: heard.append(far))
    assert labels(session) == [("happening 🚀", 0, 1, "A"), ("actor", 2, 5, "B")]
    assert [span.changed for span in queries.spans(session.store, 1)] == times, "nobody looked at them again"
    assert heard == [(0, 2), (1, 2)]
    assert len(queries.undoable_after(session.store, 3)) >= 1
    undone(session, before, walking)
    session.redo()
    assert labels(session)[0][0] == "happening 🚀"


def test_merging_makes_one_of_twins_and_keeps_what_they_knew(session: Session, walking: ModuleType) -> None:
    store = session.store
    event = commands.add_span(session, 1, [(0, 1)], "event", "A", {"type": "attack", "event_id": "e1"})
    twin = commands.add_span(session, 1, [(0, 1)], "claim", "A", {"stance": "denies"})
    commands.set_span_note(session, event.key, "first")
    commands.set_span_note(session, twin.key, "second")
    other = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    theirs = commands.add_span(session, 1, [(0, 1)], "event", "B")
    commands.add_relation(session, event.key, other.key, "agent")
    commands.add_relation(session, twin.key, other.key, "agent")
    commands.add_relation(session, twin.key, event.key, "about")
    commands.add_relation(session, other.key, event.key, "same_as")
    before = walking.everything(session)
    assert scheme_steps.use_of_label(store, "event", "claim") == Use(
        spans=2, articles=1, relations=3, twins=1
    )
    scheme_steps.merge_label(session, "event", "claim")
    assert queries.scheme(store).label("event") is None
    assert labels(session) == [("claim", 0, 1, "A"), ("claim", 0, 1, "B"), ("actor", 2, 5, "A")]
    kept = queries.span(store, twin.key)
    assert kept.attributes == {"type": "attack", "event_id": "e1", "stance": "denies"}
    assert kept.note == "second\nfirst"
    assert queries.span(store, theirs.key).label == "claim", "another annotator's is no twin"
    ties = {(r.type, r.head, r.tail) for r in queries.relations(store, 1)}
    assert ties == {("agent", kept.id, other.id), ("same_as", other.id, kept.id)}
    walking.invariants(session)
    undone(session, before, walking)


def test_removing_says_first_and_takes_the_relations(session: Session, walking: ModuleType) -> None:
    store = session.store
    event = commands.add_span(session, 1, [(0, 1)], "event", "A")
    actor = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    commands.add_span(session, 2, [(0, 1)], "event", "B")
    commands.add_relation(session, event.key, actor.key, "agent")
    before = walking.everything(session)
    assert scheme_steps.use_of_label(store, "event") == Use(spans=2, articles=2, relations=1)
    scheme_steps.remove_label(session, "event")
    assert labels(session) == [("actor", 2, 5, "A")]
    assert labels(session, 2) == []
    assert queries.relations(store, 1) == []
    undone(session, before, walking)
    scheme_steps.remove_label(session, "event", "claim")
    assert labels(session) == [("claim", 0, 1, "A"), ("actor", 2, 5, "A")]
    assert len(queries.relations(store, 1)) == 1
    event_attributes = {a.name for a in queries.scheme(store).labels[-1].attributes}
    assert "type" not in event_attributes, "moving is not merging: the attributes of the label go with it"
    undone(session, before, walking)


def test_a_change_that_is_stopped_leaves_no_trace(session: Session, walking: ModuleType) -> None:
    for article in (1, 2, 3):
        commands.add_span(session, article, [(0, 1)], "event", "A")
    before = walking.everything(session)

    def stop(done: int, total: int) -> None:
        if done:
            raise Cancelled

    for change in (
        lambda: scheme_steps.rename_label(session, "event", "x", stop),
        lambda: scheme_steps.merge_label(session, "event", "claim", stop),
        lambda: scheme_steps.remove_label(session, "event", None, stop),
    ):
        with pytest.raises(Cancelled):
            change()
        assert walking.everything(session) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda s: scheme_steps.rename_label(s, "event", "actor"),
        lambda s: scheme_steps.merge_label(s, "event", "gone"),
        lambda s: scheme_steps.remove_label(s, "event", "gone"),
        lambda s: scheme_steps.remove_label(s, "event", "event"),
        lambda s: scheme_steps.remove_label(s, "gone"),
        lambda s: scheme_steps.change_attribute(s, ["event"], "gone", Attribute(name="x")),
        lambda s: scheme_steps.remove_relation_type(s, "gone"),
    ],
)
def test_what_is_refused_changes_nothing(
    session: Session, walking: ModuleType, change: Callable[[Session], object]
) -> None:
    commands.add_span(session, 1, [(0, 1)], "event", "A")
    before, last = walking.everything(session), queries.history(session.store, 1)
    with pytest.raises(UserError):
        change(session)
    assert walking.everything(session) == before
    assert queries.history(session.store, 1) == last


def test_attributes_and_values_under_other_names(session: Session, walking: ModuleType) -> None:
    store = session.store
    for at, value in enumerate(("attack", "threat", "casualty")):
        commands.add_span(session, 1, [(at, at + 1)], "event", "A", {"polarity": "positive", "type": value})
    before = walking.everything(session)
    assert scheme_steps.use_of_attribute(store, "event", "type") == {"attack": 1, "threat": 1, "casualty": 1}
    new = Attribute(
        name="kind of event", type="choice", values=(Choice(name="strike"), Choice(name="casualty"))
    )
    scheme_steps.change_attribute(session, ["event"], "type", new, {"attack": "strike", "threat": None})
    assert [span.attributes for span in queries.spans(store, 1)] == [
        {"polarity": "positive", "kind of event": "strike"}, {"polarity": "positive"},
        {"polarity": "positive", "kind of event": "casualty"},
    ]  # fmt: skip
    undone(session, before, walking)
    scheme_steps.remove_attribute(session, "event", "type")
    assert all(span.attributes == {"polarity": "positive"} for span in queries.spans(store, 1))
    assert scheme_steps.use_of_attribute(store, "event", "type") == {}
    undone(session, before, walking)


def test_one_attribute_of_several_labels(session: Session, walking: ModuleType) -> None:
    store = session.store
    sure = Attribute(name="sure", type="choice", values=(Choice(name="yes"), Choice(name="no")))
    for at, label in enumerate(("event", "actor")):
        scheme_steps.edit(session, "Add", lambda s, label=label: edits.with_attribute(s, label, sure))
        commands.add_span(session, 1, [(at, at + 1)], label, "A", {"sure": "no"})
    before = walking.everything(session)
    other = sure.model_copy(update={"values": (Choice(name="yes"), Choice(name="nope"))})
    scheme_steps.change_attribute(session, ["event", "actor"], "sure", other, {"no": "nope"})
    assert [span.attributes for span in queries.spans(store, 1)] == [{"sure": "nope"}] * 2
    undone(session, before, walking)


def test_relation_types(session: Session, walking: ModuleType) -> None:
    store = session.store
    one = commands.add_span(session, 1, [(0, 1)], "event", "A")
    two = commands.add_span(session, 1, [(2, 5)], "actor", "A")
    commands.add_relation(session, one.key, two.key, "agent")
    before = walking.everything(session)
    scheme_steps.change_relation(session, "agent", RelationType(name="done by", symmetric=True))
    assert [r.type for r in queries.relations(store, 1)] == ["done by"]
    assert scheme_steps.use_of_relations(store) == {"done by": 1}
    undone(session, before, walking)
    scheme_steps.remove_relation_type(session, "agent")
    assert queries.relations(store, 1) == []
    undone(session, before, walking)


def test_loading_a_scheme_keeps_what_is_in_use(session: Session, walking: ModuleType) -> None:
    commands.add_span(session, 1, [(0, 1)], "event", "A")
    before = walking.everything(session)
    new = Scheme(scheme="mine", labels=(schemes.new_label("weapon", queries.scheme(session.store)),))
    assert scheme_steps.load(session, new) == ["event"]
    assert [label.name for label in queries.scheme(session.store).labels] == ["weapon", "event"]
    undone(session, before, walking)


def test_an_edit_without_effect_is_no_step(session: Session) -> None:
    last = queries.history(session.store, 1)
    scheme_steps.edit(session, "Nothing", lambda scheme: edits.moved_label(scheme, "event", 0))
    scheme_steps.rename_label(session, "event", "event")
    assert queries.history(session.store, 1) == last


@settings(max_examples=4)
@given(seed=st.integers(0, 10**9))
def test_a_walk_with_a_changing_scheme(walking: ModuleType, seed: int) -> None:
    """Labels and spans change in turn; every span has a label of the scheme; the way back is true to the byte."""
    with walking.project() as session:
        random = Random(seed)
        walker = walking.Walk(session, seed)
        for _ in range(8):
            for _ in range(3):
                walker.one_step()
            with suppress(UserError):
                _change(session, random)
            walking.invariants(session)
            known = {label.name for label in queries.scheme(session.store).labels}
            assert set(scheme_steps.use_of_labels(session.store)) <= known
            walking.LABELS = tuple(sorted(known))  # from here on the walk labels with what there is
        assert not session.store.integrity_problems()
        everything = walking.everything(session)
        steps = 0
        while session.undo():
            steps += 1
        for _ in range(steps):
            session.redo()
        assert walking.everything(session) == everything


def _change(session: Session, random: Random) -> None:
    names = [label.name for label in queries.scheme(session.store).labels]
    one, other = random.choice(names), random.choice(names)
    random.choice(
        (
            lambda: scheme_steps.rename_label(session, one, f"new {random.randrange(5)}"),
            lambda: scheme_steps.merge_label(session, one, other),
            lambda: scheme_steps.remove_label(session, one),
            lambda: scheme_steps.remove_label(session, one, other),
            lambda: scheme_steps.edit(
                session, "Add", lambda s: edits.with_label(s, f"label {random.randrange(9)}")
            ),
            lambda: scheme_steps.edit(
                session, "Add", lambda s: edits.with_label(s, f"label {random.randrange(9)}")
            ),
            lambda: scheme_steps.remove_relation_type(session, "agent"),
        )
    )()
