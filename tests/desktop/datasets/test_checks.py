"""Each check finds its slip and nothing else."""

from __future__ import annotations

from collections import Counter
from types import ModuleType
from typing import Any

import pytest

from desktop.bundle import Bundle, Record
from desktop.datasets.checks import CHECKS, check
from desktop.model import Article, Relation, Scheme, Span
from desktop.text import sha256

TEXT = "Ana bombed Tel Aviv, twice.\nThen Ana left"


def span(start: int, end: int, label: str = "actor", **values: Any) -> Span:
    given = {
        "id": f"{label}{start}-{end}", "start": start, "end": end, "label": label, "text": TEXT[max(0, start) : end],
        "fragments": ((start, end),), "annotator": "A",
    }  # fmt: skip
    return Span(**(given | values))


ANA, BOMBED, TEL_AVIV = span(0, 3), span(4, 10, "event"), span(11, 19, "location")


def record(*spans: Span, relations: tuple[Relation, ...] = (), **article: Any) -> Record:
    values = {"id": "x", "title": "T", "text_sha256": sha256(TEXT), "length": len(TEXT)} | article
    return Record(Article(**values), TEXT, spans, relations, {"A": "in_progress"})


def relation(kind: str, head: str, tail: str, annotator: str = "A") -> Relation:
    return Relation(id="r1", type=kind, head=head, tail=tail, annotator=annotator)


PLACE = relation("place", BOMBED.id, TEL_AVIV.id)
SLIPS: list[tuple[str, str, Record]] = [
    ("text.hash", "error", record(text_sha256="0" * 64)),
    ("text.length", "error", record(length=3)),
    ("span.outside", "error", record(span(36, 50))),
    ("span.length", "error", record(span(3, 3))),
    ("span.fragments", "error", record(span(0, 10, "claim", fragments=((0, 3), (3, 10))))),
    ("span.fragments", "error", record(span(0, 10, "claim", fragments=((1, 3), (4, 10))))),
    ("span.fragments", "error", record(span(0, 10, "claim", fragments=()))),
    ("span.quote", "error", record(span(0, 3, text="Ada"))),
    ("span.unknown_label", "error", record(span(0, 3, "weather"))),
    ("span.unknown_attribute", "warning", record(span(0, 3, attributes={"mood": "good"}))),
    ("span.unknown_attribute", "warning", record(span(0, 3, attributes={"kind": "robot"}))),
    ("span.edge_blank", "warning", record(span(0, 4))),
    ("span.edge_blank", "warning", record(span(0, 10, "claim", fragments=((0, 4), (5, 10))))),
    ("span.edge_punctuation", "note", record(span(11, 20, "location"))),
    ("span.cut_token", "note", record(span(11, 17, "location"))),
    ("span.duplicate", "warning", record(ANA, span(0, 3, id="again"))),
    ("span.two_labels", "note", record(ANA, span(0, 3, "location"))),
    ("span.crossing", "warning", record(span(0, 10, "claim"), span(4, 19, "claim"))),
    ("span.nesting", "warning", record(span(4, 19, "event"), TEL_AVIV)),
    ("span.line_break", "note", record(span(0, 41, "claim"))),
    ("span.in_furniture", "warning", record(ANA, outside=((0, 10),))),
    ("relation.dangling", "error", record(ANA, relations=(relation("agent", "gone", ANA.id),))),
    ("relation.layers", "error", record(BOMBED, span(11, 19, "location", annotator="B"), relations=(
        relation("place", BOMBED.id, "location11-19"),))),
    ("relation.endpoints", "error", record(BOMBED, TEL_AVIV, relations=(relation("near", BOMBED.id, TEL_AVIV.id),))),
    ("relation.endpoints", "warning", record(BOMBED, TEL_AVIV, relations=(relation("place", TEL_AVIV.id, BOMBED.id),))),
]  # fmt: skip


def found(made: Record, scheme: Scheme) -> list[tuple[str, str]]:
    return [
        (problem.kind, problem.severity) for problem in check(Bundle(lambda: iter([made]), scheme), scheme)
    ]


@pytest.mark.parametrize(
    ("kind", "severity", "made"), SLIPS, ids=[f"{kind}-{n}" for n, (kind, _, _) in enumerate(SLIPS)]
)
def test_each_slip_is_found_and_nothing_else(kind: str, severity: str, made: Record, scheme: Scheme) -> None:
    assert found(made, scheme) == [(kind, severity)]


def test_of_three_twins_two_are_named_once(scheme: Scheme) -> None:
    twins = record(ANA, span(0, 3, id="b"), span(0, 3, id="c"))
    problems = check(Bundle(lambda: iter([twins]), scheme), scheme)
    assert sorted(problem.span for problem in problems) == ["b", "c"]


def test_every_check_has_a_slip_here() -> None:
    assert {(line.kind, line.severity) for line in CHECKS} == {
        (kind, severity) for kind, severity, _ in SLIPS
    } | {("span.missing_attribute", "warning")}


@pytest.mark.parametrize(
    "made",
    [
        record(ANA, BOMBED, TEL_AVIV, relations=(PLACE,)),
        record(span(0, 26, "claim"), ANA, BOMBED, TEL_AVIV, span(15, 19, "location")),
        record(ANA, span(0, 3, annotator="B", id="b")),
        record(span(0, 10, "claim"), span(4, 19, "claim", annotator="B")),
        record(ANA, outside=((0, 2),)),
        record(ANA, span(33, 36), relations=(relation("same_as", "actor33-36", ANA.id),)),
        record(span(0, 19, "event", fragments=((0, 3), (11, 19))), span(4, 10, "claim")),
        record(span(0, 3, attributes={"kind": "civilian", "entity": "anything"})),
    ],
)
def test_what_is_fine(made: Record, scheme: Scheme) -> None:
    assert found(made, scheme) == []


def test_nesting_is_free_where_the_scheme_says_nothing(scheme: Scheme) -> None:
    free = scheme.model_copy(update={"nesting": None})
    assert found(record(span(4, 19, "event"), TEL_AVIV), free) == []


def test_a_symmetric_relation_goes_both_ways(scheme: Scheme) -> None:
    [kind] = [r for r in scheme.relations if r.name == "place"]
    both = scheme.model_copy(update={"relations": (kind.model_copy(update={"symmetric": True}),)})
    turned = record(BOMBED, TEL_AVIV, relations=(relation("place", TEL_AVIV.id, BOMBED.id),))
    assert found(turned, both) == []


def test_one_text_in_two_groups(scheme: Scheme) -> None:
    def problems(*groups: str | None) -> list[str]:
        made = [record(id=f"x{number}", group=group) for number, group in enumerate(groups)]
        return [problem.kind for problem in check(Bundle(lambda: iter(made), scheme), scheme)]

    assert problems(None, None) == ["split.same_text"]
    assert problems("g", "g") == []
    assert problems("g", "h", "g") == ["split.same_text"]


def test_messages_are_one_line_and_say_what_to_do(scheme: Scheme) -> None:
    for _, _, made in SLIPS:
        for problem in check(Bundle(lambda made=made: iter([made]), scheme), scheme):
            assert "\n" not in problem.message
            assert "; " in problem.message
            assert problem.article == "x"


def test_the_reference_spans_have_no_error_and_no_warning(reference: Bundle, scheme: Scheme) -> None:
    assert Counter(problem.severity for problem in check(reference, scheme)).keys() <= {"note"}


def test_a_large_article_is_checked_quickly(strategies: ModuleType, scheme: Scheme) -> None:
    text = "Ana met Ben. " * 5_000
    spans = [
        strategies.span(text, "actor", "Ana", id=f"s{n}")
        if n == 0
        else strategies.RawSpan("actor", ((13 * n, 13 * n + 3),), "", id=f"s{n}")
        for n in range(5_000)
    ]
    assert list(check(strategies.bundle([strategies.article(text, *spans)], scheme), scheme)) == []
