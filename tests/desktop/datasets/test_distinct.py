"""Different texts are counted as a set would count them."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from desktop.datasets import distinct
from desktop.datasets.distinct import Distinct

texts = st.lists(st.text(max_size=2), max_size=40)


def made(given_: list[str]) -> Distinct:
    found = Distinct()
    for text in given_:
        found.add(text)
    return found


@given(texts, texts, st.integers(1, 9))
def test_counts_are_those_of_sets(first: list[str], second: list[str], waiting: Any) -> None:
    with patch.object(distinct, "_WAITING", waiting):
        one, other = made(first), made(second)
        assert (len(one), len(other)) == (len(set(first)), len(set(second)))
        assert one.common(other) == len(set(first) & set(second))
        assert len(one | other) == len(set(first) | set(second))
        assert len(one) == len(set(first)), "asking changes nothing"
