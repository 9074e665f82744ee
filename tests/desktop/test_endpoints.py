"""Which spans a relation may point to, and which of them are offered first."""

from __future__ import annotations

import pytest

from desktop import endpoints
from desktop.layer import Layer
from desktop.model import Relation, RelationType, Span
from desktop.projects import default_scheme

TEXT = "Iran denied. Daesh struck Iran’s ally; the IRGC of Iran and Tehran 🇮🇷 blamed Daesh."
SCHEME = default_scheme()


def kind(name: str) -> RelationType:
    found = SCHEME.relation(name)
    assert found
    return found


def span(key: int, quote: str, label: str = "actor", nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(quote, start + 1)
    return Span(
        key=key, article=1, id=f"s{key}", start=start, end=start + len(quote), label=label, text=quote,
        fragments=((start, start + len(quote)),), annotator="ana", created="", changed="",
    )  # fmt: skip


FIRST, DAESH, ALLY, IRGC, IRAN, TEHRAN = (
    span(1, "Iran"), span(2, "Daesh"), span(3, "Iran", nth=1), span(4, "IRGC of Iran"), span(5, "Iran", nth=2),
    span(6, "Tehran"),
)  # fmt: skip
STRUCK, BLAMED = span(7, "struck", "event"), span(8, "blamed", "event")
ALL = Layer.of([FIRST, DAESH, ALLY, IRGC, IRAN, TEHRAN, STRUCK, BLAMED])


def test_the_nearest_allowed_goes_first() -> None:
    assert endpoints.offered(kind("agent"), STRUCK, ALL) == [2, 3, 1, 4, 5, 6]
    assert endpoints.offered(kind("place"), STRUCK, ALL) == [], "no location is here"


def test_a_mention_is_tied_to_earlier_ones_of_its_form_first() -> None:
    # the same form before and after, what shares a word, then the rest; in each the earlier ones, the nearest first
    assert endpoints.offered(kind("same_as"), ALLY, ALL) == [1, 5, 4, 2, 6]


def test_what_is_tied_already_is_not_offered_again() -> None:
    tie = {"article": 1, "annotator": "ana"}
    there = [
        Relation(id="r1", type="agent", head="s7", tail="s2", **tie),
        Relation(id="r2", type="same_as", head="s5", tail="s3", **tie),
    ]
    assert endpoints.offered(kind("agent"), STRUCK, ALL, there)[0] == 3
    assert 5 not in endpoints.offered(kind("same_as"), ALLY, ALL, there), "the way back says the same"
    assert 2 in endpoints.offered(kind("agent"), BLAMED, ALL, there)


def test_a_type_without_ends_ties_anything() -> None:
    free = RelationType(name="see")
    assert endpoints.offered(free, TEHRAN, ALL)[:2] == [8, 5]
    assert len(endpoints.offered(free, TEHRAN, ALL)) == 7
    assert free in endpoints.beginning_at([free, kind("agent")], "actor")
    assert kind("agent") not in endpoints.beginning_at([kind("agent")], "actor")


@pytest.mark.parametrize(
    ("form", "typed", "fits"),
    [
        ("US embassy", "emb", True),
        ("US embassy", "us e", True),
        ("US embassy", "US ", True),
        ("USA", "us ", False),
        ("US embassy", "mbassy", False),
        ("Éa\u0301 Straße", "STRASS", True),
        ("الجيش العراقي", "الع", True),
        ("ISF", "", True),
    ],
)
def test_letters_begin_a_form_or_a_word_of_it(form: str, typed: str, fits: bool) -> None:
    assert endpoints.begins(form, typed) is fits
