"""Which spans a flat column holds."""

from __future__ import annotations

from types import ModuleType

from hypothesis import given
from hypothesis import strategies as st

from desktop.formats import iob
from desktop.formats.iob import BEGIN, INSIDE, OUTSIDE
from desktop.formats.tokens import tokenize
from desktop.model import Span

TEXT = "one two three four  five"
TOKENS = [(0, 3), (4, 7), (8, 13), (14, 18), (20, 24)]


def span(name: str, start: int, end: int, *more: tuple[int, int]) -> Span:
    fragments = ((start, end), *more)
    end = fragments[-1][1]
    return Span(id=name, start=start, end=end, label="x", text="", fragments=fragments, annotator="A")


def held(*spans: Span) -> tuple[list[tuple[int, int]], dict[str, str], dict[str, str]]:
    made = iob.column(spans, TOKENS)
    return (
        made.runs,
        {span.id: reason for span, reason in made.left_out},
        {span.id: reason for span, reason, _ in made.changed},
    )


def test_the_longer_span_is_kept() -> None:
    inner, outer = span("inner", 4, 7), span("outer", 0, 13)
    assert held(inner, outer) == ([(0, 3)], {"inner": iob.NESTED}, {})


def test_of_equal_spans_the_first_is_kept() -> None:
    assert held(span("b", 0, 3), span("a", 0, 3)) == ([(0, 1)], {"a": iob.NESTED}, {})


def test_crossing_and_sharing_a_token_are_named_as_such() -> None:
    assert held(span("a", 0, 13), span("b", 8, 18))[1] == {"b": iob.OVERLAPS}
    assert held(span("a", 0, 5), span("b", 5, 7))[1] == {"b": iob.OVERLAPS}


def test_fragments_and_blanks_have_no_place() -> None:
    assert held(span("a", 0, 3, (8, 13)))[1] == {"a": iob.FRAGMENTS}
    assert held(span("a", 18, 20))[1] == {"a": iob.NO_TOKEN}


def test_moved_edges() -> None:
    assert held(span("a", 1, 5)) == ([(0, 2)], {}, {"a": iob.WIDENED})
    assert held(span("a", 14, 19)) == ([(3, 4)], {}, {"a": iob.BLANKS})
    assert iob.column([span("a", 1, 5)], TOKENS).changed[0][2] == ((0, 7),)


def test_adjacent_spans_stay_two() -> None:
    tags = iob.tags([(0, 1), (1, 3)], 4)
    assert tags == [BEGIN, BEGIN, INSIDE, OUTSIDE]
    assert list(iob.runs(tags)) == [(0, 1), (1, 3)]


def test_an_inside_without_a_beginning_begins_a_span() -> None:
    assert list(iob.runs([INSIDE, INSIDE, OUTSIDE, INSIDE])) == [(0, 2), (3, 4)]


@given(data=st.data())
def test_every_span_is_kept_or_named(strategies: ModuleType, data: st.DataObject) -> None:
    record = data.draw(strategies.records())
    tokens = tokenize(record.text, record.article.language)
    made = iob.column(record.spans, tokens)
    assert len(made.runs) + len(made.left_out) == len(record.spans)
    assert list(iob.runs(iob.tags(made.runs, len(tokens)))) == made.runs
