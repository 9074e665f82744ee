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
from desktop.occurrences import Form, find
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


def test_a_scan_tells_what_is_around_each_hit(session: Session) -> None:
    first, second, third, menu = places(TEXTS[0])
    commands.add_span(session, 1, [first], "actor", "ana")
    commands.add_span(session, 1, [(third[0], third[1] + len(" officials"))], "actor", "ana")
    heard: list[tuple[int, int]] = []
    found = [
        place
        for part in repeats.scan(
            session.store, "iraqi army", "ana", progress=lambda done, total: heard.append((done, total))
        )
        for place in part
    ]
    assert [(place.article, place.start, place.end) for place in found] == [
        *((1, *bounds) for bounds in (first, second, third, menu)),
        *((3, *bounds) for bounds in places(TEXTS[2])),
    ]
    assert heard[-1] == (3, 3)
    assert [place.labels for place in found] == [("actor",), (), (), (), (), ()]
    assert [place.within for place in found] == [(), (), ("actor",), (), (), ()]
    assert [place.sure for place in found] == [False, True, False, False, True, True]
    assert [place.outside for place in found] == [False, False, False, True, False, False]
    for place in found:
        text = TEXTS[place.article - 1]
        assert place.form == text[place.start : place.end]
        assert place.before == text[max(0, place.start - 60) : place.start]
        assert place.after == text[place.end : place.end + 60]
    assert {place.title for place in found} == {"Title 0", "Title 2"}


def test_slices_add_up_and_begin_where_the_last_ended(session: Session) -> None:
    form, last, found, slices = Form("Iraqi army"), -1, [], 0
    while True:
        part = repeats.scan_slice(session.store, form, "ana", last, most=10)
        found += part.places
        slices += 1
        if part.last is None:
            break
        assert part.articles == 1
        last = part.last
    assert slices == 4
    assert found == [place for part in repeats.scan(session.store, "Iraqi army", "ana") for place in part]


def test_a_scan_can_be_left(session: Session) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(repeats.scan(session.store, "Iraqi army", "ana", progress=stop))
    commands.add_span(session, 1, [(2, 5)], "actor", "ana")  # no statement is left open


def test_deleted_articles_are_not_scanned(session: Session) -> None:
    with session.step("Delete"):
        session.put(queries.article(session.store, 1).model_copy(update={"deleted": True}))
    found = [place for part in repeats.scan(session.store, "Iraqi army", "ana") for place in part]
    assert {place.article for place in found} == {3}


def test_places_read_again_have_the_labels_of_now(session: Session) -> None:
    before = [place for part in repeats.scan(session.store, "Iraqi army", "ana") for place in part]
    repeats.label_occurrences(session, 3, places(TEXTS[2]), "actor", "ana")
    after = repeats.reread(session.store, before, "ana")
    assert [(a.article, a.start) for a in after] == [(b.article, b.start) for b in before]
    assert [place.labels for place in after if place.article == 3] == [("actor",)] * 2
    assert after == [place for part in repeats.scan(session.store, "Iraqi army", "ana") for place in part]
