"""Agreement of annotators, against worked examples and against the definitions computed the long way."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bundle import Record
from desktop.datasets.agreement import ALL, Agreement, rows
from desktop.model import Span

LENGTH = 12
TEXT = "abcdefghijkl"


def span(annotator: str, label: str, *fragments: tuple[int, int]) -> Span:
    start, end = fragments[0][0], fragments[-1][1]
    return Span(id="s", start=start, end=end, label=label, text=TEXT[start:end], fragments=fragments, annotator=annotator)  # fmt: skip


def measured(
    strategies: ModuleType, *articles: list[Span], labels: tuple[str, ...] = ("x", "y")
) -> Agreement:
    found = Agreement()
    for spans in articles:
        record: Record = strategies.article(TEXT)
        found.add(Record(record.article, TEXT, tuple(spans), status={}), labels)
    return found


def test_the_same_spans_agree_wholly(strategies: ModuleType) -> None:
    found = measured(strategies, [span(who, "x", (2, 5), (7, 9)) for who in "ab"])
    assert (found.f1("x"), found.f1(), found.alpha("x")) == (1, 1, 1)
    assert (found.f1("y"), found.alpha("y")) == (None, None)


def test_a_moved_edge_is_no_exact_match(strategies: ModuleType) -> None:
    found = measured(
        strategies,
        [span("a", "x", (0, 4)), span("b", "x", (0, 5)), span("b", "x", (6, 8)), span("a", "y", (9, 10))],
    )
    assert (found.f1("x"), found.f1("x", exact=False)) == (0, Fraction(2, 3))
    assert (found.f1("y"), found.f1(exact=False)) == (0, Fraction(2, 4))


def test_overlap_is_one_to_one_and_the_nearest_wins(strategies: ModuleType) -> None:
    long = [span("a", "x", (0, 10)), span("b", "x", (0, 2)), span("b", "x", (1, 10)), span("a", "x", (0, 2))]
    assert measured(strategies, long).f1("x", exact=False) == 1
    assert measured(strategies, long[:3]).f1("x", exact=False) == Fraction(2, 3)


def test_fragments_that_lie_between_each_other_do_not_overlap(strategies: ModuleType) -> None:
    found = measured(strategies, [span("a", "x", (0, 2), (8, 10)), span("b", "x", (3, 5))])
    assert found.f1("x", exact=False) == 0


def test_an_annotator_counts_who_has_begun(strategies: ModuleType) -> None:
    record: Record = strategies.article(TEXT, status={"b": "done", "c": "todo"})
    found = Agreement()
    found.add(
        Record(record.article, TEXT, (span("a", "x", (0, 4)),), status={"b": "done", "c": "todo"}), ["x"]
    )
    assert found.articles == 1
    assert list(found.pairs) == [("a", "b")]
    assert found.f1("x") == 0
    assert found.alpha("x") is not None
    found.add(Record(record.article, TEXT, (span("a", "x", (0, 4)),), status={}), ["x"])
    assert found.articles == 1


def test_alpha_of_a_worked_example(strategies: ModuleType) -> None:
    """Two annotators, ten values apart by hand: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", A.

    Meg 0 1 0 0 0 0 0 0 1 0, Owen 1 1 1 0 0 1 0 0 0 0: alpha 0.095.
    """
    meg, owen = "0100000010", "1110010000"
    spans = [
        span(who, "x", (n, n + 1))
        for who, values in (("a", meg), ("b", owen))
        for n, v in enumerate(values)
        if v == "1"
    ]
    record: Record = strategies.article(TEXT[:10])
    found = Agreement()
    found.add(Record(record.article, TEXT[:10], tuple(spans), status={}), ["x"])
    assert found.alpha("x") == pytest.approx(0.095, abs=0.0005)


layers = st.dictionaries(
    st.sampled_from("abc"),
    st.lists(st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda b: b[0] < b[1]), min_size=1, max_size=4),
    min_size=2,
)  # fmt: skip


@given(st.lists(layers, min_size=1, max_size=3))
def test_alpha_is_what_its_definition_says(
    strategies: ModuleType, articles: list[dict[str, list[tuple[int, int]]]]
) -> None:
    made = [[span(who, "x", bounds) for who, all in layer.items() for bounds in all] for layer in articles]
    values = [
        [any(start <= place < end for start, end in layer[who]) for who in layer]
        for layer in articles
        for place in range(LENGTH)
    ]
    pairs: dict[tuple[bool, bool], Fraction] = {}
    for unit in values:
        for one, other in permutations(unit, 2):
            pairs[one, other] = pairs.get((one, other), Fraction(0)) + Fraction(1, len(unit) - 1)
    inside = sum(1 for unit in values for value in unit if value)
    total = sum(len(unit) for unit in values)
    found = measured(strategies, *made)
    if inside in (0, total):
        assert found.alpha("x") is None
    else:
        apart = pairs.get((True, False), Fraction(0)) * 2 / total
        expected = Fraction(2 * inside * (total - inside), total * (total - 1))
        assert found.alpha("x") == 1 - apart / expected


@given(layers)
def test_exact_is_never_above_overlap(
    strategies: ModuleType, layer: dict[str, list[tuple[int, int]]]
) -> None:
    found = measured(strategies, [span(who, "x", bounds) for who, all in layer.items() for bounds in all])
    exact, overlap = found.f1("x"), found.f1("x", exact=False)
    assert exact is not None
    assert overlap is not None
    assert 0 <= exact <= overlap <= 1


def test_rows_for_the_card(strategies: ModuleType) -> None:
    found = measured(
        strategies,
        [span("a", "x", (0, 4)), span("a", "x", (5, 6)), span("a", "x", (7, 8)), span("b", "x", (0, 4))],
    )
    assert rows(found, ["x", "y"]) == [
        {"label": "x", "f1": "0.500", "f1_overlap": "0.500", "alpha": "0.671"},
        {"label": ALL, "f1": "0.500", "f1_overlap": "0.500", "alpha": ""},
    ]
    assert rows(Agreement(), ["x"]) == []
