"""Labelling many places as one step, and scanning a project for a form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import commands, projects, repeats
from desktop.bundle import Bundle, RawArticle, RawSpan, Record, Report, build
from desktop.errors import Cancelled, UserError
from desktop.imports import import_bundle
from desktop.model import Fragment
from desktop.occurrences import find
from desktop.session import Session
from desktop.store import queries

TEXTS = (
    "🚀 The Iraqi army said. The Iraqi\u00a0army left; IRAQI ARMY officials stayed. Menu: Iraqi army",
    "Nothing about it.",
    "قال الجيش: the Iraqi army. Cafe\u0301 in Rome, the Iraqi\narmy again.",
)


def record(
    number: int, text: str, spans: tuple[RawSpan, ...] = (), outside: tuple[Fragment, ...] = ()
) -> Record:
    raw = RawArticle(text, "", "", id=f"a{number}", title=f"Title {number}", spans=spans, outside=outside)
    return build(raw, "ana", Report())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "ana")
    outside = ((TEXTS[0].index("Menu"), len(TEXTS[0])),)
    records = [record(n, text, outside=outside if n == 0 else ()) for n, text in enumerate(TEXTS)]
    import_bundle(made, Bundle(lambda: iter(records)), Report())
    yield made
    made.store.close()


def places(text: str, form: str = "Iraqi army") -> list[tuple[int, int]]:
    return list(find(text, form))


def labelled(session: Session, key: int) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in queries.spans(session.store, key, "ana")]


def test_all_occurrences_are_one_step(session: Session) -> None:
    found = places(TEXTS[0])
    outcome = repeats.label_occurrences(session, 1, found, "actor", "ana")
    assert (outcome.made, outcome.articles, dict(outcome.left_out)) == (4, 1, {})
    assert labelled(session, 1) == [(*bounds, "actor") for bounds in found]
    assert [span.text for span in queries.spans(session.store, 1)] == [TEXTS[0][slice(*b)] for b in found]
    assert queries.state(session.store, 1, "ana") == "in_progress"
    step = queries.undoable(session.store)
    assert step
    assert step.title == "Label 4 × actor: Iraqi army"
    session.undo()
    assert labelled(session, 1) == []
    assert queries.state(session.store, 1, "ana") == "todo"
    session.redo()
    assert len(labelled(session, 1)) == 4


def test_what_fails_is_left_out_and_counted(session: Session) -> None:
    first, second, *_ = places(TEXTS[0])
    commands.add_span(session, 1, [first], "location", "ana")
    commands.add_span(session, 1, [second], "location", "ben")
    given = {1: [first, second, second, (5, 5), (0, 10_000)], 3: places(TEXTS[2]), 77: [(0, 1), (2, 3)]}
    outcome = repeats.label_everywhere(session, given, "actor", "ana")
    assert (outcome.made, outcome.articles) == (3, 2)
    assert outcome.left_out == {
        "labelled already": 2, "no stretch of the text": 2, "that article is no longer there": 2
    }  # fmt: skip
    assert labelled(session, 1) == [(*first, "location"), (*second, "actor")]
    step = queries.undoable(session.store)
    assert step
    assert step.title == "Label 3 × actor: Iraqi army in 2 articles"
    session.undo()
    assert labelled(session, 3) == []
    assert labelled(session, 1) == [(*first, "location")]


def test_each_its_own_label(session: Session) -> None:
    one, two, three = places(TEXTS[0])[:3]
    repeats.label_each(session, {1: [(one, "actor"), (two, "location"), (three, "actor")]}, "ana")
    assert [label for *_, label in labelled(session, 1)] == ["actor", "location", "actor"]
    step = queries.undoable(session.store)
    assert step
    assert step.title == "Label 2 × actor, 1 × location: Iraqi army"


def test_an_unknown_label_changes_nothing(session: Session) -> None:
    before = queries.undoable(session.store)
    with pytest.raises(UserError, match="no label 'weapon'"):
        repeats.label_occurrences(session, 1, places(TEXTS[0]), "weapon", "ana")
    assert queries.undoable(session.store) == before


def test_nothing_to_label_makes_no_step(session: Session) -> None:
    before = queries.undoable(session.store)
    assert repeats.label_everywhere(session, {1: [], 77: [(0, 1)]}, "actor", "ana").made == 0
    assert queries.undoable(session.store) == before


@pytest.mark.parametrize("stop_at", [1, 2, 3, 4])
def test_cancelled_on_the_way_nothing_is_changed(session: Session, stop_at: int) -> None:
    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        if len(heard) == stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        repeats.label_everywhere(
            session, {1: places(TEXTS[0]), 3: places(TEXTS[2])}, "actor", "ana", progress
        )
    assert not labelled(session, 1)
    assert not labelled(session, 3)
    assert heard == [(done, 4) for done in range(1, stop_at + 1)]


def test_hits_are_labelled_relabelled_and_left_out_as_one_step(session: Session) -> None:
    first, second, third, menu = places(TEXTS[0])
    commands.add_span(session, 1, [first], "location", "ana")
    commands.add_span(session, 1, [second], "actor", "ana")
    commands.add_span(session, 1, [third], "actor", "ben")
    for label in ("location", "event"):
        commands.add_span(session, 3, [places(TEXTS[2])[0]], label, "ana")
    given = {1: [first, second, third, menu], 3: places(TEXTS[2]), 9: [(0, 1)]}
    outcome = repeats.label_hits(session, given, "actor", "ana")
    assert (outcome.made, outcome.relabelled, outcome.articles) == (2, 1, 2)
    assert outcome.left_out == {
        "so labelled already": 1, "in page furniture": 1, "with several labels": 1, "that article is no longer there": 1
    }  # fmt: skip
    assert labelled(session, 1) == [(*first, "actor"), (*second, "actor"), (*third, "actor")]
    step = queries.undoable(session.store)
    assert step
    assert step.title == "Relabel 3 × actor: Iraqi army in 2 articles"
    session.undo()
    assert labelled(session, 1) == [(*first, "location"), (*second, "actor")]
    assert [span.label for span in queries.spans(session.store, 3, "ana")] == ["location", "event"]


def test_of_several_labels_on_a_hit_the_one_asked_for_is_meant(session: Session) -> None:
    place = places(TEXTS[2])[0]
    for label in ("location", "event"):
        commands.add_span(session, 3, [place], label, "ana")
    outcome = repeats.label_hits(session, {3: [place]}, "actor", "ana", "event")
    assert outcome.relabelled == 1
    assert sorted(labelled(session, 3)) == [(*place, "actor"), (*place, "location")]
    assert repeats.label_hits(session, {3: [place]}, "event", "ana", "claim").left_out == {
        "labelled otherwise meanwhile": 1
    }
    assert repeats.remove_hits(session, {3: [place]}, "ana", "location").removed == 1
    assert labelled(session, 3) == [(*place, "actor")]


def test_labels_of_hits_are_removed_with_their_relations_as_one_step(session: Session) -> None:
    found = places(TEXTS[0])
    a, b = (commands.add_span(session, 1, [place], "actor", "ana") for place in found[:2])
    commands.add_span(session, 1, [found[0]], "actor", "ben")
    commands.add_relation(session, a.key, b.key, queries.scheme(session.store).relations[0].name)
    outcome = repeats.remove_hits(session, {1: found, 3: places(TEXTS[2])}, "ana")
    assert (outcome.removed, outcome.articles) == (2, 1)
    assert outcome.left_out == {"without a label": 4}
    assert labelled(session, 1) == []
    assert queries.relations(session.store, 1) == []
    assert len(queries.spans(session.store, 1, "ben")) == 1
    session.undo()
    assert len(labelled(session, 1)) == 2
    assert len(queries.relations(session.store, 1)) == 1


@pytest.mark.parametrize("remove", [False, True])
def test_acting_on_hits_can_be_stopped(session: Session, remove: bool) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    commands.add_span(session, 1, [places(TEXTS[0])[0]], "location", "ana")
    given = {1: places(TEXTS[0])}
    with pytest.raises(Cancelled):
        if remove:
            repeats.remove_hits(session, given, "ana", progress=stop)
        else:
            repeats.label_hits(session, given, "actor", "ana", progress=stop)
    assert [label for _, _, label in labelled(session, 1)] == ["location"]


def test_hits_get_no_label_that_the_scheme_lacks(session: Session) -> None:
    with pytest.raises(UserError, match="no label 'vehicle'"):
        repeats.label_hits(session, {1: places(TEXTS[0])}, "vehicle", "ana")
