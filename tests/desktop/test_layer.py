"""A layer of spans against the plain list it stands for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from desktop.layer import EMPTY, LABEL, Layer, order
from desktop.model import Span
from desktop.spans import overlap, reading_order

TEXT = "قال 👩‍👩‍👧 e\u0301 Tel\u00a0Aviv. " * 40
PLACES = st.tuples(st.integers(0, 400), st.integers(1, 60), st.sampled_from(("actor", "claim")))


def span(key: int, start: int, length: int, label: str = "actor") -> Span:
    end = start + length
    return Span(
        key=key, id=f"s{key}", start=start, end=end, label=label, text=TEXT[start:end],
        fragments=((start, end),), annotator="ana", attributes={"type": "x"} if key % 3 == 0 else {},
    )  # fmt: skip


LISTS = st.lists(PLACES, max_size=200).map(
    lambda found: [span(key, *place) for key, place in enumerate(found, 1)]
)


def in_order(spans: list[Span]) -> list[Span]:
    return sorted(spans, key=lambda one: (*reading_order(one), one.id))


@given(LISTS)
def test_reading_order(spans: list[Span]) -> None:
    layer = Layer.of(spans)
    assert list(layer) == in_order(spans)
    assert layer == in_order(spans)
    assert layer[2:5] == in_order(spans)[2:5]
    assert layer.labels == Counter(one.label for one in spans)
    assert layer.values(LABEL) == [one.label for one in in_order(spans)]
    for place, one in enumerate(layer):
        assert layer.place_of(one.key) == place
        assert layer.bounds_at(place) == (one.start, one.end)
        assert layer.key_at(place) == one.key


@given(LISTS, st.integers(0, 460), st.integers(1, 200))
def test_what_lies_over_a_stretch(spans: list[Span], start: int, length: int) -> None:
    wanted = span(0, start, length)
    assert Layer.of(spans).over(start, start + length) == in_order([s for s in spans if overlap(s, wanted)])


@given(LISTS, st.integers(0, 460))
def test_the_first_that_begins_at_or_behind_a_place(spans: list[Span], start: int) -> None:
    assert Layer.of(spans).first_from(start) == sum(one.start < start for one in spans)


@given(LISTS, st.lists(st.tuples(st.integers(1, 220), PLACES), max_size=12), st.sets(st.integers(1, 220)))
def test_changing_some_is_as_making_all_anew(
    spans: list[Span], put: list[tuple[int, tuple[int, int, str]]], gone: set[int]
) -> None:
    before = Layer.of(spans)
    made = list(before)  # spans that were made already must not outlive their rows
    fresh = {key: span(key, *place) for key, place in put}
    wanted = {one.key: one for one in spans if one.key not in gone} | fresh
    after = before.changed(gone, Layer.of(fresh.values()).rows_of(fresh))
    assert list(after) == in_order(list(wanted.values()))
    assert [after.get(key) for key in range(222)] == [wanted.get(key) for key in range(222)]
    for start in range(0, 460, 23):
        assert after.over(start, start + 9) == Layer.of(wanted.values()).over(start, start + 9)
    assert list(before) == made
    assert +after.labels == Counter(one.label for one in wanted.values())


@given(LISTS, st.integers(1, 60))
def test_the_long_ones(spans: list[Span], length: int) -> None:
    wanted = [(one.start, one.end, one.key) for one in in_order(spans) if one.end - one.start > length]
    assert Layer.of(spans).longer_than(length) == wanted


def test_none() -> None:
    assert not EMPTY
    assert EMPTY.get(1) is EMPTY.get(None) is EMPTY.with_id("s1") is EMPTY.bounds(1) is None
    assert EMPTY.place_of(1) == -1
    assert EMPTY.over(0, 10) == []
    assert Layer.of(EMPTY) is EMPTY


def test_spans_are_made_when_they_are_wanted_and_once() -> None:
    made: list[int] = []

    def make(entry: tuple[int, ...]) -> Span:
        made.append(entry[0])
        return span(entry[0], entry[1], entry[2] - entry[1])

    layer = Layer([(key, key * 10, key * 10 + 5, f"s{key}") for key in range(1, 100)], make)
    assert made == []
    assert [one.key for one in layer.over(100, 121)] == [10, 11, 12]
    assert layer.get(11) is layer[10]
    assert layer.longer_than(4)[0] == (10, 15, 1)
    assert made == [10, 11, 12]
    assert order((1, 2, 3, "s")) == (2, -3, "s")
