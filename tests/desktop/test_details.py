"""Details of an article, and what of it is outside: one undoable step each, the text never touched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import details, projects
from desktop.errors import UserError
from desktop.model import Article
from desktop.session import Session
from desktop.store import queries

SECOND = 1


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    projects.add_sample(made, labels=False)
    yield made
    made.store.close()


def article(session: Session, place: int = 0) -> Article:
    rows: list[Article] = list(session.store.rows("article"))
    return rows[place]


def test_details_are_set_and_undone(session: Session) -> None:
    before = article(session)
    meta = {"author": "Jane قال 🚀", "date": "2021-07-11", "desk": "world", "empty": "", "tags": ["a"]}
    after = details.set_details(session, before.key, title="  A new\ttitle ", language="AR", meta=meta)
    assert (after.title, after.language) == ("A new title", "ar")
    assert after.meta == {"author": "Jane قال 🚀", "date": "2021-07-11", "desk": "world", "tags": ["a"]}
    assert article(session) == after
    session.undo()
    assert article(session) == before


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": " "}, "the title is empty"),
        ({"language": "english"}, "no language code"),
        ({"meta": {" ": "x"}}, "has no name"),
        ({"title": "x" * 2000}, "too long"),
    ],
)
def test_details_that_cannot_be(session: Session, given: dict[str, Any], message: str) -> None:
    before = article(session)
    with pytest.raises(UserError, match=message):
        details.set_details(session, before.key, **{"title": "T", "language": None, "meta": {}, **given})
    assert article(session) == before


def test_furniture_is_found_taken_back_and_undone(session: Session) -> None:
    key = article(session, SECOND).key
    found = details.find_outside(session, key)
    assert len(found.outside) == 3
    start, end = found.outside[1]
    assert details.is_outside(found, start, end - 1)
    back = details.set_outside(session, key, start, end, outside=False)
    assert back.outside == (found.outside[0], found.outside[2])
    assert not details.is_outside(back, start, end)
    session.undo()
    assert article(session, SECOND).outside == found.outside
    assert details.find_outside(session, key).outside == found.outside
    session.undo()
    assert article(session, SECOND).outside == ()


@pytest.mark.parametrize("bounds", [(3, 3), (-1, 2), (0, 10**6)])
def test_nothing_is_no_stretch(session: Session, bounds: tuple[int, int]) -> None:
    with pytest.raises(UserError, match="nothing is selected"):
        details.set_outside(session, article(session).key, *bounds, outside=True)


STRETCH = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(st.tuples(STRETCH, st.booleans()), max_size=12))
def test_stretches_are_the_set_of_their_characters(changes: list[tuple[tuple[int, int], bool]]) -> None:
    made: tuple[tuple[int, int], ...] = ()
    characters: set[int] = set()
    for (start, end), out in changes:
        made = details.united(made, (start, end)) if out else details.without(made, (start, end))
        characters = characters | set(range(start, end)) if out else characters - set(range(start, end))
        assert {place for low, high in made for place in range(low, high)} == characters
        assert all(low < high for low, high in made)
        assert all(a[1] < b[0] for a, b in pairwise(made)) or not out
        assert list(made) == sorted(made)


def test_queries_see_the_language(session: Session) -> None:
    key = article(session).key
    details.set_details(session, key, title="T", language="ckb", meta={})
    assert queries.article(session.store, key).language == "ckb"
