"""Searches of a whole project, slice by slice: texts, spans of a label, inconsistent forms; what is around each hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import commands, projects, repeats, searching
from desktop.bundle import Bundle, RawArticle, RawSpan, Record, Report, build
from desktop.consistency import missed, two_ways
from desktop.datasets import checks
from desktop.form_search import FormSearch, Kind
from desktop.imports import import_bundle
from desktop.occurrences import Memory
from desktop.query import PatternError, Query
from desktop.searching import Group, GroupSearch, Place, Slice
from desktop.session import Session
from desktop.store import queries
from desktop.text import graphemes

# The first is given with line ends of Windows and ends in page furniture.
TEXTS = (
    "🚀 The Iraqi army said.\r\nThe Iraqi\u00a0army left; IRAQI ARMY officials stayed. Menu: Iraqi army",
    "Nothing about it.",
    "قال الجيش: the Iraqi army. Cafe\u0301 in Rome, the Iraqi\r\narmy again; Rome, 👩‍👩‍👧.",
)
CLEAN = tuple(text.replace("\r\n", "\n") for text in TEXTS)


def record(
    number: int, text: str, spans: Sequence[RawSpan] = (), outside: Any = (), by: str = "ana"
) -> Record:
    raw = RawArticle(
        text, "", "", id=f"a{number}", title=f"Title {number}", spans=tuple(spans), outside=outside
    )
    return build(raw, by, Report())


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[list[Record]], Session]]:
    made: list[Session] = []

    def make(records: list[Record]) -> Session:
        session = projects.create(tmp_path / f"{len(made)}.tagline", "ana")
        made.append(session)
        import_bundle(session, Bundle(lambda: iter(records)), Report())
        return session

    yield make
    for session in made:
        session.store.close()


@pytest.fixture
def session(make: Callable[[list[Record]], Session]) -> Session:
    menu = ((TEXTS[0].index("Menu"), len(TEXTS[0])),)
    return make([record(n, text, outside=menu if n == 0 else ()) for n, text in enumerate(TEXTS)])


def slices(session: Session, search: Any, **sizes: int) -> list[Slice]:
    found: list[Slice] = []
    while not found or not found[-1].done:
        found.append(search.slice(session.store, **sizes))
        assert len(found) < 1000
    return found


def ask(session: Session, query: Query, layer: str = "ana", **sizes: int) -> list[Place]:
    found = slices(session, searching.search(query, layer), **sizes)
    assert [one.seen for one in found] == sorted(one.seen for one in found)
    return [place for one in found for place in one.places]


def where(places: Sequence[Place]) -> list[tuple[int, str]]:
    return [(place.article, place.form) for place in places]


def at(article: int, form: str, after: int = 0) -> tuple[int, int]:
    start = CLEAN[article - 1].index(form, after)
    return start, start + len(form)


def test_every_place_with_what_is_around_it_and_its_labels(session: Session) -> None:
    commands.add_span(session, 1, [at(1, "Iraqi army")], "actor", "ana")
    commands.add_span(session, 1, [at(1, "IRAQI ARMY officials")], "actor", "ana")
    commands.add_span(session, 3, [at(3, "Iraqi army")], "location", "ben")
    found = ask(session, Query("iraqi army"))
    assert where(found) == [
        (1, "Iraqi army"), (1, "Iraqi\u00a0army"), (1, "IRAQI ARMY"), (1, "Iraqi army"), (3, "Iraqi army"), (3, "Iraqi\narmy")
    ]  # fmt: skip
    assert [place.labels for place in found] == [("actor",), (), (), (), (), ()]
    assert [place.within for place in found] == [(), (), ("actor",), (), (), ()]
    assert [place.sure for place in found] == [False, True, False, False, True, True]
    assert [place.outside for place in found] == [False, False, False, True, False, False]
    assert {(place.name, place.title) for place in found} == {("a0", "Title 0"), ("a2", "Title 2")}
    assert (found[-1].before, found[-1].after) == (
        "قال الجيش: the Iraqi army. Cafe\u0301 in Rome, the ", " again; Rome, 👩‍👩‍👧."
    )  # fmt: skip


def test_only_places_without_a_label(session: Session) -> None:
    commands.add_span(session, 1, [at(1, "Iraqi army")], "actor", "ana")
    assert len(ask(session, Query("iraqi army", bare=True))) == 5
    assert len(ask(session, Query("iraqi army", bare=True), "ben")) == 6


@pytest.mark.parametrize("size", [1, 30, 10_000])
def test_slices_of_any_size_add_up(session: Session, size: int) -> None:
    found = slices(session, searching.search(Query("iraqi army"), "ana"), size=size)
    assert [place for one in found for place in one.places] == ask(session, Query("iraqi army"))
    assert (found[-1].seen, found[-1].total) == (3, 3)
    assert len(found) == {1: 4, 30: 3, 10_000: 1}[size]


def test_more_hits_than_are_kept_are_counted(session: Session) -> None:
    search = searching.search(Query("iraqi army"), "ana", kept=2)
    found = slices(session, search, size=1)
    assert sum(len(one.places) for one in found) == 2
    assert sum(one.more for one in found) == 4
    bare = slices(session, searching.search(Query("iraqi army", bare=True), "ana", kept=0), size=1)
    assert sum(one.more for one in bare) == 6


def test_deleted_articles_are_not_searched(session: Session) -> None:
    commands.add_span(session, 1, [at(1, "Iraqi army")], "actor", "ana")
    with session.step("Delete"):
        session.put(queries.article(session.store, 1).model_copy(update={"deleted": True}))
    assert {place.article for place in ask(session, Query("iraqi army"))} == {3}
    assert ask(session, Query(label="actor")) == []


def test_spans_by_label_text_and_attribute(session: Session) -> None:
    actor = commands.add_span(session, 1, [at(1, "Iraqi army")], "actor", "ana", {"kind": "state"})
    commands.add_span(session, 3, [at(3, "Iraqi\narmy")], "actor", "ana", {"kind": "armed_group"})
    commands.add_span(session, 3, [at(3, "Rome")], "location", "ana")
    commands.add_span(session, 3, [at(3, "الجيش")], "actor", "ana", {"kind": ""})
    commands.add_span(session, 3, [at(3, "Rome, the")], "actor", "ben")
    two = commands.add_span(session, 3, [at(3, "Rome"), at(3, "Rome", 60)], "actor", "ana")
    actors = ask(session, Query(label="actor"))
    assert where(actors) == [(1, "Iraqi army"), (3, "الجيش"), (3, two.text), (3, "Iraqi\narmy")]
    assert all("actor" in place.labels for place in actors)
    assert where(ask(session, Query("iraqi army", label="actor"))) == where([actors[0], *actors[2:]])
    assert where(ask(session, Query("^Iraqi army$", "pattern", label="actor"))) == [(1, "Iraqi army")]
    assert where(ask(session, Query(label="actor", attribute="kind", value="state"))) == [(1, actor.text)]
    assert len(ask(session, Query(label="actor", attribute="kind"))) == 2
    assert where(ask(session, Query(label="actor", attribute="kind", value=""))) == where(actors[1:3])
    assert where(ask(session, Query(label="actor"), size=1)) == where(actors)


def test_a_slow_pattern_names_the_article(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.query.PATIENCE", 0.05)
    with session.step("Import"):
        import_bundle(session, Bundle(lambda: iter([record(9, "a" * 60 + "b")])), Report())
    with pytest.raises(PatternError, match="Title 9"):
        ask(session, Query("(a|aa)+$", "pattern", whole=False))
    commands.add_span(session, 1, [(3, 6)], "actor", "ana")  # no statement is left open


def test_places_read_again_have_the_labels_of_now(session: Session) -> None:
    before = ask(session, Query("iraqi army"))
    repeats.label_hits(session, {3: [at(3, "Iraqi army")]}, "actor", "ana")
    after = searching.reread(session.store, before, "ana")
    assert sorted(after) == sorted(ask(session, Query("iraqi army")))
    assert [place.labels for place in after if place.article == 3] == [("actor",), ()]


def test_orders(session: Session) -> None:
    commands.add_span(session, 3, [at(3, "Iraqi army")], "actor", "ana")
    found = ask(session, Query("iraqi army"))
    assert searching.ordered(found, "article") == list(range(6))
    assert searching.ordered(list(reversed(found)), "article") == [5, 4, 3, 2, 1, 0]
    before = [found[n].before.split()[-1].casefold() for n in searching.ordered(found, "before")]
    assert before == ["left;", "menu:", "the", "the", "the", "the"]
    assert [found[n].after.split()[:1] for n in searching.ordered(found, "after")][:1] == [[]]
    assert searching.ordered(found, "label")[0] == 4
    assert searching.ordered(found, "form")[0] == 0


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_contexts_are_of_the_text_and_cut_no_cluster(strategies: ModuleType, data: st.DataObject) -> None:
    text = data.draw(strategies.texts()) * 12
    start = data.draw(st.integers(0, len(text) - 1))
    bounds = graphemes(text, (start, min(len(text), start + 5)))
    article = searching._Article(1, "a", "T", "[]", text)
    (place,) = searching._in_article(article, [bounds], [])
    low, high = bounds[0] - len(place.before), bounds[1] + len(place.after)
    assert place.before + place.form + place.after == text[low:high]
    assert graphemes(text, (low, low))[0] == low
    assert graphemes(text, (high, high))[0] == high
    assert high - low <= 2 * searching.CONTEXT + len(place.form) + 40


# Inconsistent forms


def spans(text: str, *found: tuple[str, str, int]) -> list[RawSpan]:
    """Spans given by words, label and which of their places is meant."""
    made = []
    for form, label, number in found:
        start = -1
        for _ in range(number + 1):
            start = text.index(form, start + 1)
        made.append(RawSpan(label, ((start, start + len(form)),), form))
    return made


IRAQ = "Iraq fell. Iraq rose. IRAQ stood; Iraq, 🚀 the Iraq\u00a0war. Isis fled Iraq."


@pytest.fixture
def uneven(make: Callable[[list[Record]], Session]) -> Session:
    first = spans(
        IRAQ, ("Iraq", "location", 0), ("Iraq", "location", 1), ("Isis", "actor", 0), ("Iraq", "actor", 2)
    )
    second = spans(IRAQ, ("Iraq", "location", 0), ("Isis", "actor", 0))
    other = spans(IRAQ, ("Isis", "event", 0))
    return make(
        [record(0, IRAQ, first), record(1, IRAQ, second), record(2, IRAQ), record(3, IRAQ, other, by="ben")]
    )


def forms(session: Session, kind: Kind, layer: str = "ana", **sizes: int) -> tuple[Group, ...]:
    found = slices(session, FormSearch(kind, layer), **sizes)
    assert all(not one.groups for one in found[:-1])
    assert found[-1].seen == found[-1].total
    return found[-1].groups


@pytest.mark.parametrize("sizes", [{}, {"labels": 1, "text": 1}])
def test_forms_that_are_missed_elsewhere(uneven: Session, sizes: dict[str, int]) -> None:
    (iraq,) = forms(uneven, "missed", **sizes)
    assert iraq.form == "Iraq"
    assert iraq.labels == (("location", 3), ("actor", 1))
    assert {article for article, _, _ in iraq.places} == {1, 2}  # the third was not begun by ana
    (found,) = slices(uneven, GroupSearch("ana", group=iraq))
    assert [(place.article, place.start, place.end) for place in found.places] == list(iraq.places)
    assert all(not place.labels for place in found.places)


@pytest.mark.parametrize("sizes", [{}, {"labels": 1, "text": 1}])
def test_forms_that_are_labelled_two_ways(uneven: Session, sizes: dict[str, int]) -> None:
    (iraq,) = forms(uneven, "two_ways", **sizes)
    assert (iraq.form, len(iraq.places)) == ("Iraq", 1)
    (found,) = slices(uneven, GroupSearch("ana", group=iraq))
    assert [place.labels for place in found.places] == [("actor",)]
    assert forms(uneven, "two_ways", "ben") == ()


def test_the_checks_find_the_same_places(uneven: Session) -> None:
    found = list(checks.check(queries.bundle(uneven.store), queries.scheme(uneven.store)))
    for kind, name in (("missed", "form.missed"), ("two_ways", "form.other_label")):
        told = sorted(
            (int(problem.article[1:]) + 1, problem.start, problem.end)
            for problem in found if problem.kind == name and problem.annotator == "ana"
        )  # fmt: skip
        groups = forms(uneven, kind)  # type: ignore[arg-type]
        assert sorted(place for group in groups for place in group.places) == told
        assert told


def test_a_group_that_is_larger_than_a_slice(uneven: Session) -> None:
    (iraq,) = forms(uneven, "missed")
    found = slices(uneven, GroupSearch("ana", group=iraq), size=2)
    assert len(found) == (len(iraq.places) + 1) // 2
    assert sum(len(one.places) for one in found) == len(iraq.places)


def test_two_labels_on_one_stretch_are_no_two_ways() -> None:
    text = "Iraq fell."
    both = record(0, text, spans(text, ("Iraq", "location", 0), ("Iraq", "actor", 0))).spans
    memory = Memory()
    for span in both:
        memory.add(span.text, span.label)
    assert list(two_ways(both, lambda _: memory)) == []
    once = Memory()
    once.add("Iraq", "location")
    assert list(missed(once, text, [])) == []  # once may be a slip
