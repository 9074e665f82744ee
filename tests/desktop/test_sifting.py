"""What a list of articles lets through, in which order: against a plain sort and filter of the same lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop import sifting
from desktop.sifting import STATES, Order, Sift, Sifted, date, own_details, values, words
from desktop.store.lines import ArticleLine

FIXTURE_IS_FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
LABELS = ("event", "actor", "claim")
TITLES = st.sampled_from(("", "Attack", "attack", "Zug", "ärger", "قال الجيش", "Straße", "base 2"))
LINES = st.builds(
    lambda title, length, flag, note, day, state, labels, read: ArticleLine(
        0, "id", title, length, flag, note, {"date": day} if day else {}, state, labels, read
    ),
    TITLES, st.integers(0, 9), st.booleans(), st.sampled_from(("", "n")),
    st.sampled_from(("", "2021-07-11", "2021", "2020-01-02T03:04", "11 July 2021", "-", 2021)), st.sampled_from(STATES),
    st.dictionaries(st.sampled_from(LABELS), st.integers(1, 4)), st.integers(0, 9),
)  # fmt: skip
SIFTS = st.builds(
    Sift, text=st.sampled_from(("", " ", "attack", "STRASSE", "a  id")), state=st.sampled_from((None, *STATES)),
    flagged=st.booleans(), noted=st.booleans(), having=st.lists(st.sampled_from(LABELS), max_size=2).map(tuple),
    lacking=st.lists(st.sampled_from(LABELS), max_size=1).map(tuple), facts=st.sampled_from(((), (("year", "2021"),), (("year", ""),))), order=st.sampled_from(get_args(Order)),
    turned=st.booleans(),
)  # fmt: skip
LISTS = st.lists(LINES, max_size=12).map(
    lambda lines: [replace(line, key=10 * place + 3, id=f"id{place}") for place, line in enumerate(lines)]
)


def value(line: ArticleLine, order: str) -> Any:
    return {
        "title": line.title.casefold(), "date": date(line), "length": line.length, "labels": sum(line.labels.values()),
        "state": STATES.index(line.state),
    }[order]  # fmt: skip


def expected(lines: list[ArticleLine], sift: Sift) -> list[int]:
    order = list(lines)
    if sift.order == "imported":
        order = order[::-1] if sift.turned else order
    else:
        down = (sift.order in ("date", "length", "labels")) != sift.turned
        silent = [line for line in lines if value(line, sift.order) == ""]
        order = sorted((line for line in lines if line not in silent), key=lambda line: value(line, sift.order), reverse=down)  # fmt: skip
        order += silent
    sought = sift.text.casefold().split()
    return [
        line.key for line in order if sift.lets_through(line) and all(word in words(line) for word in sought)
    ]


def keys(sifted: Sifted) -> list[int]:
    return [sifted.lines[place].key for place in sifted.rows]


@pytest.fixture(params=[0, 3, 1000], ids=lambda few: f"few is {few}", autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few and many different values are put in order in two ways."""
    monkeypatch.setattr(sifting, "_FEW", request.param)


@FIXTURE_IS_FIXED
@given(LISTS, st.lists(SIFTS, min_size=1, max_size=4), st.booleans())
def test_what_is_shown_is_what_was_asked(lines: list[ArticleLine], asked: list[Sift], prepared: bool) -> None:
    sifted = Sifted(lines)
    while prepared and sifted.prepare(2):
        pass
    for sift in asked:
        sifted.ask(sift)
        shown = expected(lines, sift)
        assert keys(sifted) == shown
        assert [sifted.row_of(line.key) for line in lines] == [
            shown.index(line.key) if line.key in shown else -1 for line in lines
        ]
        assert [sifted.below(key) for key in shown] == [*shown[1:], None][: len(shown)]
        assert [sifted.above(key) for key in shown] == [None, *shown[:-1]][: len(shown)]
        assert (sifted.below(None), sifted.above(None)) == ((shown[0], shown[-1]) if shown else (None, None))
        assert not sifted.ask(sift)


@FIXTURE_IS_FIXED
@given(LISTS.filter(bool), SIFTS, st.data())
def test_a_changed_line_moves_only_when_sifted_again(lines: list[ArticleLine], sift: Sift, data: Any) -> None:
    sifted = Sifted(lines)
    sifted.ask(sift)
    sifted.prepare(3)
    before = keys(sifted)
    place = data.draw(st.integers(0, len(lines) - 1))
    new = replace(data.draw(LINES), key=lines[place].key, id=lines[place].id, title=lines[place].title)
    lines = [new if place == i else line for i, line in enumerate(lines)]
    moves = sifted.replace(new)
    assert keys(sifted) == before
    sifted.again()
    assert keys(sifted) == expected(lines, sift)
    if not sift.text.strip() and keys(sifted) != before:
        assert moves


def test_an_article_not_shown_has_its_place_in_the_order() -> None:
    lines = [
        ArticleLine(key, f"id{key}", title, 1, key == 2, "", {}, "todo")
        for key, title in ((1, "c"), (2, "b"), (3, "d"), (4, "a"))
    ]
    sifted = Sifted(lines)
    sifted.ask(Sift(order="title"))
    assert keys(sifted) == [4, 2, 1, 3]
    sifted.ask(Sift(order="title", flagged=True))
    assert keys(sifted) == [2]
    assert [sifted.below(key) for key in (4, 2, 1, None, 99)] == [2, None, None, 2, 2]
    assert [sifted.above(key) for key in (4, 1, 3, None)] == [None, 2, 2, 2]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2021-07-11", "2021-07-11"),
        ("2021-07-11T09:00Z", "2021-07-11"),
        ("11 July", ""),
        (None, ""),
        (20210711, ""),
    ],
)
def test_only_a_day_that_begins_with_its_year_is_one(day: object, found: str) -> None:
    assert date(ArticleLine(1, "a", "t", 1, False, "", {"date": day}, "todo")) == found


def told(key: int, language: str | None = None, **meta: Any) -> ArticleLine:
    return ArticleLine(key, f"id{key}", "t", 1, False, "", meta, "todo", language=language)


FACTS = [
    told(1, "en", source="BBC", date="2021-07-11", desk="world"),
    told(2, "ar", source="AFP", date="2021-01-01", desk="home"),
    told(3, None, source="BBC", date="2020-05-05", desk="world", n=7),
    told(4, "en", author="Ann", date="soon", desk="world"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "keys"),
    [
        ((("source", "BBC"),), [1, 3]),
        ((("source", "BBC"), ("source", "AFP")), [1, 2, 3]),
        ((("source", "BBC"), ("language", "en")), [1]),
        ((("language", ""),), [3]),
        ((("year", "2021"),), [1, 2]),
        ((("year", ""),), [4]),
        ((("n", "7"),), [3]),
        ((("source", "Reuters"),), []),
    ],
)
def test_facts(facts: tuple[tuple[str, str], ...], keys: list[int]) -> None:
    sifted = Sifted(FACTS)
    sift = Sift(facts=facts)
    assert sift.narrows
    sifted.ask(sift)
    assert [sifted.lines[row].key for row in sifted.rows] == keys
    assert [line.key for line in FACTS if sift.lets_through(line)] == keys


def test_values_of_a_detail_the_most_frequent_first() -> None:
    assert values(FACTS, "source")[0] == ("BBC", 2)
    assert dict(values(FACTS, "year")) == {"2021": 2, "2020": 1, "": 1}
    assert own_details(FACTS * 10) == ["desk", "n"]
